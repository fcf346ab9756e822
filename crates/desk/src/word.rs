//! The word of a party who stands at the window (窗口代录确认): the form for it, offered to clerks as long as somebody's word is awaited.

use crate::acts::{ActForm, Kind, Offer};
use cases::model::Party;
use cases::rules::Command;
use cases::{CaseView, Witness};
use kernel::{Lang, SubjectId};
use page::format;

const VERB: &str = "confirm_party";

/// The form, when a clerk of this body may write down somebody's word now.
pub(crate) fn form(offer: &Offer<'_>) -> Option<ActForm> {
    let view = offer.can.view;
    let waits = |p: &&Party| p.confirmed_at.is_none() && matches!(p.subject, SubjectId::Person(_));
    let may = |p: &&Party| {
        let witness = Witness {
            agency: offer.can.agency.clone(),
            number: String::new(),
            ground: "…".to_owned(),
            paper: None,
            reference: Some("…".to_owned()),
            through: None,
        };
        let (role, found) = (p.role.clone(), Some(p.subject));
        offer.can.ok(Command::ConfirmAtWindow { role, found, witness })
    };
    let waiting: Vec<&Party> = view.case.parties.iter().filter(waits).filter(may).collect();
    if !offer.clerk || waiting.is_empty() {
        return None;
    }
    let fields = vec![
        offer.field(VERB, "role", Kind::Select(roles(view, &waiting, offer.lang)), true),
        offer.field(VERB, "citizen_id", Kind::Text, true),
        offer.field(VERB, "ground", Kind::Text, true),
        offer.files(VERB, "paper"),
        offer.field(VERB, "reference", Kind::Text, false),
    ];
    Some(offer.form(VERB, None, fields))
}

/// Each role once, with the masked names of those whose word is awaited in it.
fn roles(view: &CaseView, waiting: &[&Party], lang: Lang) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for party in waiting {
        let name = format::mask_name(&party.name);
        match all.iter_mut().find(|(role, _)| *role == party.role) {
            Some((_, label)) => label.push_str(&format!(" / {name}")),
            None => {
                let role = cases::show::role(view, &party.role, lang);
                all.push((party.role.clone(), format!("{role} · {name}")));
            }
        }
    }
    all
}
