//! What a page of a draft shows beside its fields: papers that need not be brought and why, kept papers to tick, what is known.

use crate::WORDS;
use crate::draft::{as_party, known_answers};
use crate::queries::DraftView;
use catalog::planner::{How, Plan, PlannedPaper};
use forms::{Answers, Evaluation, Known, Section};
use kernel::{Lang, Text, Timestamp, clock};
use page::{Html, format};
use std::collections::BTreeMap;

/// A paper that need not be brought.
pub(super) struct Spared {
    pub name: String,
    pub how: Html,
    pub why: String,
}

/// A kept paper that may be used again.
pub(super) struct Offer {
    pub id: String,
    pub text: String,
    pub used: bool,
}

/// The state of the one form under these answers.
pub(super) fn evaluation(view: &DraftView, answers: &Answers, plan: &Plan, now: Timestamp) -> Evaluation {
    view.bundle.merged.evaluate(answers, &view.facts_for(answers, now), plan)
}

/// What is known of whoever applies and what registers have answered, without what the applicant says is wrong.
pub(super) fn known(view: &DraftView, now: Timestamp) -> BTreeMap<String, Known> {
    let mut known = view.bundle.fetched(&view.fetched(&view.answers, now));
    known.extend(own(view));
    known.retain(|id, _| !view.disputed(id));
    known
}

/// What is known of whoever applies, without what they say is wrong.
pub(super) fn own(view: &DraftView) -> BTreeMap<String, Known> {
    let mut known = known_answers(view.bundle.form(), &view.known);
    known.retain(|id, _| !view.disputed(id));
    known
}

fn of_section<'a>(plan: &'a Plan, section: &'a Section) -> impl Iterator<Item = &'a PlannedPaper> {
    let here =
        |p: &&PlannedPaper| p.field.as_ref().is_some_and(|id| section.fields.iter().any(|f| f.id == *id));
    plan.papers.iter().filter(here)
}

/// The papers of this section that nobody has to bring, each with its reason.
pub(super) fn spared(plan: &Plan, section: &Section, lang: Lang) -> Vec<Spared> {
    let told = |p: &&PlannedPaper| !matches!(p.how, How::Asked | How::Declared);
    of_section(plan, section).filter(told).map(|p| line(p, lang)).collect()
}

/// A paper of the plan as a line: its name, how it comes in, and why.
pub(super) fn line(paper: &PlannedPaper, lang: Lang) -> Spared {
    let (kind, word) = match paper.how {
        How::Asked => ("wait", "how-asked"),
        How::Held => ("good", "how-held"),
        How::Kept => ("good", "how-kept"),
        How::Fetched => ("good", "how-fetched"),
        How::SameAs => ("good", "how-same"),
        How::ProducedBy => ("good", "how-produced"),
        How::Declared => ("info", "how-declared"),
    };
    Spared {
        name: paper.name.get(lang).to_owned(),
        how: page::badge(kind, &WORDS.say(lang).t(word)),
        why: paper.why.get(lang).to_owned(),
    }
}

/// The kept papers that may stand for papers of this section (一证通), with date and grade.
pub(super) fn offers(view: &DraftView, section: &Section, lang: Lang) -> Vec<Offer> {
    let w = WORDS.say(lang);
    let wanted = of_section(&view.plan, section).filter(|p| matches!(p.how, How::Asked | How::Kept));
    let mut offers: Vec<Offer> = Vec::new();
    for paper in wanted {
        let Some(proof) = view.wallet.offer(&paper.kind, &paper.holder) else { continue };
        let id = proof.id.to_string();
        if offers.iter().any(|o| o.id == id) {
            continue;
        }
        let told = [
            ("name", proof.name.get(lang).to_owned()),
            ("at", format::date(lang, clock::legal_date(proof.at))),
            ("grade", w.t(&format!("grade-{}", proof.grade.word())).into_owned()),
        ];
        let used = view.wallet.used.contains(&proof.id);
        offers.push(Offer { id, text: w.with("keep-offer", &told), used });
    }
    offers
}

/// A party of the matter whose fields stand in this section, for whoever applies to say that it is they.
pub(super) struct Me {
    pub role: String,
    pub text: String,
    /// Whether they have said so.
    pub chosen: bool,
}

/// The parties that whoever applies may say they are, by whose fields stand in this section; none once it is said elsewhere.
pub(super) fn me(view: &DraftView, section: &Section, lang: Lang) -> Vec<Me> {
    let w = WORDS.say(lang);
    let filled = |role: &str| {
        let own = as_party(&view.known, Some(role));
        let of = |f: &forms::Field| {
            let element =
                f.element.as_deref().filter(|e| e.split_once('.').is_some_and(|(of, _)| of == role));
            element.is_some_and(|e| own.contains_key(e))
        };
        section.fields.iter().any(of)
    };
    let line = |(role, name): (String, Text)| {
        let chosen = view.role.as_deref() == Some(&role);
        let word = if chosen { "me-chosen" } else { "me-choose" };
        let text = w.with(word, &[("role", name.get(lang).to_owned())]);
        Me { role, text, chosen }
    };
    let open = |role: &str| view.role.as_deref().is_none_or(|mine| mine == role);
    let roles = view.bundle.parties().into_iter().filter(|(role, _)| open(role) && filled(role));
    roles.map(line).collect()
}
