//! What one party sees of a case that others take part in: never another's household, marriage, papers or numbers. Done where a case
//! is read, so that no page, no API and no export can forget it.

use crate::event::{CaseEvent, FeesTold, Heard, HearingOf};
use crate::model::*;
use catalog::{APPLICANT, Published};
use kernel::{Money, SubjectId};
use trace::Recorded;

/// Holders that are persons of a party's family, not things that everybody in the matter knows.
const FAMILY: [&str; 5] = ["spouse", "child", "parent", "household", "family"];

/// Whether this subject may see everything: whoever filed it, and those of old cases that do not say who did.
pub(crate) fn sees_all(case: &Case, subject: SubjectId) -> bool {
    case.by.is_none_or(|by| by == subject) || !case.parties.iter().any(|p| p.subject == subject)
}

/// The aliases under which rules read what is known of whoever applies.
const KNOWN: [&str; 2] = ["person", "organisation"];

struct Eyes<'a> {
    item: &'a Published,
    subject: SubjectId,
    /// The roles of whoever looks.
    own: Vec<&'a str>,
    /// Everybody's roles.
    all: Vec<&'a str>,
    /// Whether whoever looks handed the case in: what was written is theirs, what registers say of another party is not.
    filed: bool,
}

/// Takes out what is not for this subject's eyes.
pub(crate) fn redact(
    case: &mut Case,
    events: &mut [Recorded<CaseEvent>],
    item: &Published,
    subject: SubjectId,
) {
    objectors(case, events, |o| {
        o.by = o.by.filter(|by| *by == subject);
        o.on_paper = None;
    });
    halts(case, events, |of| of == subject);
    events.iter_mut().for_each(|recorded| hearing_files(&mut recorded.event));
    let filed = sees_all(case, subject);
    if !filed {
        proofs(case, events, |p| p.subject == subject);
    }
    // Where the item names no other party, everything a register says was asked about whoever applies.
    if filed && case.parties.len() < 2 && item.item.roles.iter().all(|r| r.person.is_none()) {
        return;
    }
    let parties = case.parties.clone();
    let roles = |own: bool| {
        let mine = move |p: &&Party| !own || p.subject == subject;
        parties.iter().filter(mine).map(|p| p.role.as_str()).collect::<Vec<_>>()
    };
    let all = roles(false).into_iter().chain(item.item.roles.iter().map(|r| r.id.as_str())).collect();
    let eyes = Eyes { item, subject, own: roles(true), all, filed };
    if !filed {
        case.answers.retain(|field, _| eyes.field(field));
        case.materials.retain(|m| eyes.paper(&m.demand));
    }
    case.facts.retain(|f| eyes.fact(&f.alias));
    fees(case, events, Some(subject));
    case.disputes.retain(|d| eyes.fact(d.alias()));
    for recorded in events {
        eyes.event(&mut recorded.event);
    }
}

/// How much another has to pay tells of what it was worked out from: that they have not paid yet is all that the others learn, and
/// agencies that only take a step.
pub(super) fn fees(case: &mut Case, events: &mut [Recorded<CaseEvent>], own: Option<SubjectId>) {
    let late = crate::rules::unpaid_by(case);
    if let Some(owes) = &mut case.owes {
        owes.fees.retain(|f| own == Some(f.payer) || late.contains(&f.payer));
        owes.fees.iter_mut().filter(|f| own != Some(f.payer)).for_each(|f| f.amount = Money::fen(1));
    }
    let told = |f: &mut FeesTold| {
        if own.is_none() || f.payer != own {
            let (bill, page) = (String::new(), String::new());
            *f = FeesTold { bill, page, amount: Money::ZERO, owed: None, ..f.clone() };
        }
    };
    case.fees.iter_mut().for_each(told);
    for recorded in events {
        match &mut recorded.event {
            CaseEvent::FeesOwed(owes) => owes.fees.retain(|f| own == Some(f.payer)),
            CaseEvent::FeesTold(bill) => told(bill),
            _ => {}
        }
    }
}

/// Whoever objects while a case is public is named to nobody but those who handle the case: `hide` takes the name out.
pub(super) fn objectors(case: &mut Case, events: &mut [Recorded<CaseEvent>], hide: impl Fn(&mut Objection)) {
    case.objections.iter_mut().for_each(&hide);
    for recorded in events {
        if let CaseEvent::Objected { objection } = &mut recorded.event {
            hide(objection);
        }
    }
}

/// How the body knows that a party cannot act, and what came of it, is theirs and their family's: it stays only where `for_these`
/// says so. That it is so the others have to know.
pub(super) fn halts(
    case: &mut Case,
    events: &mut [Recorded<CaseEvent>],
    for_these: impl Fn(SubjectId) -> bool,
) {
    case.halts.iter_mut().filter(|h| !for_these(h.subject)).for_each(|h| h.text.clear());
    for recorded in events {
        match &mut recorded.event {
            CaseEvent::PartyHalted(halt) if !for_these(halt.subject) => halt.text.clear(),
            CaseEvent::HaltEnded(ended) => {
                let heir = match &mut ended.how {
                    HaltOutcome::TakenOver { party } => Some(party),
                    _ => None,
                };
                if !for_these(ended.subject) && !heir.as_ref().is_some_and(|p| for_these(p.subject)) {
                    ended.text.clear();
                    heir.into_iter().for_each(|p| p.proof = None);
                }
            }
            _ => {}
        }
    }
}

/// What proves a neighbour's interest, and the record of a hearing as everybody signed it, are for those who handle the case.
pub(super) fn hearing_files(event: &mut CaseEvent) {
    match event {
        CaseEvent::HearingHeld { evidence, .. }
        | CaseEvent::HearingOf(HearingOf { heard: Heard::Found { evidence, .. }, .. }) => evidence.clear(),
        _ => {}
    }
}

/// What proves a party's capacity tells of a family or an estate: it stays only where `for_these` says so.
pub(super) fn proofs(
    case: &mut Case,
    events: &mut [Recorded<CaseEvent>],
    for_these: impl Fn(&Party) -> bool,
) {
    let hide = |p: &mut Party| {
        if !for_these(p) {
            p.proof = None;
        }
    };
    case.parties.iter_mut().for_each(hide);
    for recorded in events {
        if let CaseEvent::Filed(filed) | CaseEvent::Imported(filed) = &mut recorded.event {
            filed.parties.iter_mut().for_each(hide);
        }
    }
}

impl Eyes<'_> {
    fn is_own(&self, word: &str) -> bool {
        self.own.contains(&word)
    }

    /// Whether a word names somebody else, or a family that is not one's own: it belongs to whoever filed.
    fn others(&self, word: &str) -> bool {
        let somebody = self.all.contains(&word) || word == APPLICANT || word == "person";
        (somebody || FAMILY.contains(&word)) && !self.is_own(word)
    }

    /// One's own fields, and those of things that are nobody's alone; of others only the name.
    fn field(&self, id: &str) -> bool {
        let Some(field) = self.item.item.form.field(id) else { return false };
        let paper = self.item.item.materials.iter().find(|m| m.field.as_deref() == Some(id));
        if let Some(paper) = paper {
            return self.paper(&paper.id);
        }
        match field.element.as_deref().and_then(|e| e.split_once('.')) {
            Some((root, leaf)) if self.others(root) => leaf == "name",
            Some((root, _)) if self.is_own(root) => true,
            // A number that names a party without saying by an element whose it is.
            _ => {
                let path = format!("form.{id}");
                let named = self.item.item.roles.iter().find(|r| r.person.as_deref() == Some(&path));
                named.map_or(!field.secret, |role| self.is_own(&role.id))
            }
        }
    }

    fn paper(&self, demand: &str) -> bool {
        let spec = self.item.item.materials.iter().find(|m| m.id == demand);
        spec.is_some_and(|m| !self.others(&m.holder))
    }

    /// A register that holds data about persons is for whom it was asked about; one about things is for all.
    fn fact(&self, alias: &str) -> bool {
        let Some(source) = self.item.item.sources.iter().find(|s| s.id == alias) else {
            // What the platform itself knows is known of whoever filed.
            return self.filed && KNOWN.contains(&alias);
        };
        if self.item.shared.register(&source.source).is_some_and(|r| !r.personal) {
            return true;
        }
        let keys: Vec<&str> = source.keys.values().map(|k| k.source.trim()).collect();
        if self.filed {
            return !keys.iter().any(|key| self.about_another(key));
        }
        let mut roles = self.item.item.roles.iter().filter(|r| self.is_own(&r.id));
        roles.any(|r| r.person.as_deref().is_some_and(|path| keys.contains(&path)))
    }

    /// Whether a register is asked about another party: by the path that names it, or by what such a register answered.
    fn about_another(&self, key: &str) -> bool {
        let words = key.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.'));
        words.filter(|w| w.contains('.')).any(|word| {
            let named = self.item.item.roles.iter().find(|r| r.person.as_deref() == Some(word));
            let alias = word.split('.').next().unwrap_or_default();
            let register = self.item.item.sources.iter().any(|s| s.id == alias);
            named.is_some_and(|role| !self.is_own(&role.id)) || register && !self.fact(alias)
        })
    }

    fn event(&self, event: &mut CaseEvent) {
        match event {
            CaseEvent::Filed(_)
            | CaseEvent::Imported(_)
            | CaseEvent::Supplemented { .. }
            | CaseEvent::SupplementAsked { .. }
            | CaseEvent::PromiseKept { .. }
                if self.filed => {}
            CaseEvent::Filed(filed) | CaseEvent::Imported(filed) => {
                filed.agent = None;
                filed.answers.retain(|field, _| self.field(field));
                filed.materials.retain(|m| self.paper(&m.demand));
            }
            CaseEvent::Supplemented { answers, materials, .. } => {
                answers.retain(|field, _| self.field(field));
                materials.retain(|m| self.paper(&m.demand));
            }
            // The paper that somebody signed at a window, and why, is theirs.
            CaseEvent::PartyConfirmed { subject, witness: Some(witness), .. } if *subject != self.subject => {
                witness.cut();
            }
            CaseEvent::WithdrawalSought(sought) if sought.by != self.subject => sought.reason = None,
            CaseEvent::SaidAtWindow(said) if said.subject != self.subject => said.witness.cut(),
            CaseEvent::FactsSeen { facts } => facts.retain(|f| self.fact(&f.alias)),
            CaseEvent::Disputed { dispute } if !self.fact(dispute.alias()) => {
                (dispute.claim, dispute.proof) = (String::new(), None);
            }
            CaseEvent::DisputeSettled { text, fact, path, .. } => {
                let alias = path.split(['.', '[']).next().unwrap_or_default();
                if !self.fact(alias) {
                    (*text, *fact) = (String::new(), None);
                }
            }
            CaseEvent::SupplementAsked { demands, .. } => demands.retain(|d| self.demand(&d.field)),
            CaseEvent::PromiseKept { material, given } if !self.paper(material) => given.clear(),
            _ => {}
        }
    }

    fn demand(&self, field: &str) -> bool {
        field.strip_prefix("materials.").map_or_else(|| self.field(field), |paper| self.paper(paper))
    }
}
