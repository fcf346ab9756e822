//! Who takes part in a case, told to people: role, name, in what capacity, with which share, what proves it.

use crate::WORDS;
use crate::model::*;
use crate::queries::CaseView;
use kernel::{FileId, Lang, SubjectId};
use page::{Say, format};

/// A party as somebody sees it.
#[derive(Debug, Clone)]
pub struct PartyLine {
    /// In which role.
    pub role: String,
    /// The name, masked where it is not for these eyes.
    pub name: String,
    /// The capacity, the share, and that their word is outstanding; each in words, none where there is nothing to say.
    pub facts: Vec<String>,
    /// The proof of the capacity, where it is for these eyes.
    pub proof: Option<FileId>,
}

/// The role and name of a party as `who` sees them: one's own name in full, others' masked.
pub fn party(view: &CaseView, party: &Party, who: &identity::Applicant, lang: Lang) -> (String, String) {
    let own = party.subject == who.subject();
    let name = if own { party.name.clone() } else { format::mask_name(&party.name) };
    (role(view, &party.role, lang), name)
}

/// All parties as one of them sees them. What proves another's capacity was taken out where the case was read.
pub fn parties(view: &CaseView, who: &identity::Applicant, lang: Lang) -> Vec<PartyLine> {
    let line = |p: &Party| {
        let (role, name) = party(view, p, who, lang);
        told(view, p, (role, name), lang)
    };
    view.case.parties.iter().map(line).collect()
}

/// All parties as staff see them; whoever only supervises reads the names of persons masked and opens no proof.
pub fn parties_for_staff(view: &CaseView, masked: bool, lang: Lang) -> Vec<PartyLine> {
    let line = |p: &Party| {
        let natural = matches!(p.subject, SubjectId::Person(_));
        let name = if masked && natural { format::mask_name(&p.name) } else { p.name.clone() };
        let told = told(view, p, (role(view, &p.role, lang), name), lang);
        PartyLine { proof: told.proof.filter(|_| !masked), ..told }
    };
    let agent = view.case.agent.as_ref().map(|agent| {
        let name = if masked { format::mask_name(&agent.name) } else { agent.name.clone() };
        let (role, facts) = (WORDS.say(lang).t("party-at-window").into_owned(), Vec::new());
        PartyLine { role, name, facts, proof: None }
    });
    view.case.parties.iter().map(line).chain(agent).collect()
}

fn told(view: &CaseView, party: &Party, (role, name): (String, String), lang: Lang) -> PartyLine {
    let w = WORDS.say(lang);
    let mut facts = vec![capacity(party.capacity, w)];
    facts.extend(party.share.as_ref().map(|share| w.with("party-share", &[("share", share.clone())])));
    if party.confirmed_at.is_none() && !view.case.state.ended() {
        facts.push(w.t("party-unconfirmed").into_owned());
    }
    PartyLine { role, name, facts, proof: party.proof }
}

fn capacity(capacity: Capacity, w: Say) -> String {
    let key = match capacity {
        Capacity::Oneself => "capacity-self",
        Capacity::Agent => "capacity-agent",
        Capacity::Guardian => "capacity-guardian",
        Capacity::Heir => "capacity-heir",
        Capacity::Liquidator => "capacity-liquidator",
    };
    w.t(key).into_owned()
}

/// What a role is called in this item.
pub fn role(view: &CaseView, role: &str, lang: Lang) -> String {
    let w = WORDS.say(lang);
    let key = format!("role-{role}");
    let own = view.item.item.roles.iter().find(|r| r.id == role).map(|r| r.name.get(lang).to_owned());
    let own = own.or_else(|| w.has(&key).then(|| w.t(&key).into_owned()));
    own.unwrap_or_else(|| role.to_owned())
}
