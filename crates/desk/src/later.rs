//! What the body does after a grant of a benefit, and when a party cannot act: the forms, and how they are read.

use crate::acts::{ActForm, Kind, Offer, Options};
use crate::read_act::{Form, amount};
use cases::model::{Exit, HaltCause, HaltOutcome};
use cases::rules::Command;
use cases::{AfterHalt, Capacity, DocumentNumber, StaffAct};

/// Every form of these that the rules would take now.
pub(crate) fn forms(offer: &Offer<'_>, all: &mut Vec<ActForm>) {
    let can = offer.can;
    let case = &can.view.case;
    let outside = case.open_seats().filter(|(_, seat)| seat.external.is_some());
    let may = |step: &str| can.said(|reason| Command::TakeBack { step: step.to_owned(), reason });
    let steps: Options = outside
        .filter(|(step, _)| may(&step.id))
        .map(|(step, _)| (step.id.clone(), offer.step_title(&step.id)))
        .collect();
    if !steps.is_empty() {
        let fields = vec![
            offer.field("take_back", "step", Kind::Select(steps), true),
            offer.field("take_back", "reason", Kind::Long, true),
        ];
        all.push(offer.form("take_back", None, fields));
    }
    if can.said(|reason| Command::OrderHearing { reason }) {
        let reason = offer.field("order_hearing", "reason", Kind::Long, true);
        all.push(offer.form("order_hearing", None, vec![reason]));
    }
    benefit(offer, all);
    halt(offer, all);
}

fn benefit(offer: &Offer<'_>, all: &mut Vec<ActForm>) {
    let can = offer.can;
    if can.said(|text| Command::Review { text, amount: None }) {
        let mut fields = vec![offer.field("review", "text", Kind::Long, true)];
        if can.view.case.paid_now().is_some() {
            fields.push(offer.field("review", "amount", Kind::Text, false));
        }
        all.push(offer.form("review", None, fields));
    }
    let may = |why: &Exit| can.said(|text| Command::StopBenefit { why: *why, text });
    let reasons: Options = Exit::ALL
        .iter()
        .filter(|why| may(why))
        .map(|why| (why.word().to_owned(), why.name().get(offer.lang).to_owned()))
        .collect();
    if !reasons.is_empty() {
        let fields = vec![
            offer.field("stop_benefit", "why", Kind::Select(reasons), true),
            offer.field("stop_benefit", "text", Kind::Long, true),
        ];
        all.push(offer.form("stop_benefit", None, fields));
    }
}

fn halt(offer: &Offer<'_>, all: &mut Vec<ActForm>) {
    let (can, case) = (offer.can, &offer.can.view.case);
    let named = |subject: kernel::SubjectId| {
        let name = case.parties.iter().find(|p| p.subject == subject).map(|p| p.name.clone());
        (subject.to_string(), name.unwrap_or_default())
    };
    let halted: Options = case
        .halts
        .iter()
        .filter(|h| can.said(|text| Command::EndHalt { subject: h.subject, how: HaltOutcome::GoesOn, text }))
        .map(|h| named(h.subject))
        .collect();
    if !halted.is_empty() {
        let ways = [("goes-on", "halt-goes-on"), ("taken-over", "halt-taken-over"), ("ends", "halt-ends")];
        let as_what =
            [("heir", "halt-heir"), ("guardian", "halt-guardian"), ("liquidator", "halt-liquidator")];
        let fields = vec![
            offer.field("end_halt", "party", Kind::Select(halted), true),
            offer.field("end_halt", "how", Kind::Select(offer.words(&ways)), true),
            offer.field("end_halt", "text", Kind::Long, true),
            offer.field("end_halt", "citizen_id", Kind::Text, false),
            offer.field("end_halt", "capacity", Kind::Select(offer.words(&as_what)), false),
            offer.files("end_halt", "proof"),
        ];
        all.push(offer.form("end_halt", None, fields));
    }
    let may = |subject, cause: HaltCause| can.said(|text| Command::HaltParty { subject, cause, text });
    let mut parties = Options::new();
    for party in &case.parties {
        let any = HaltCause::ALL.into_iter().any(|cause| may(party.subject, cause));
        let option = named(party.subject);
        if any && !parties.contains(&option) {
            parties.push(option);
        }
    }
    if !parties.is_empty() {
        let causes =
            HaltCause::ALL.iter().map(|c| (c.word().to_owned(), c.name().get(offer.lang).to_owned()));
        let fields = vec![
            offer.field("halt_party", "party", Kind::Select(parties), true),
            offer.field("halt_party", "cause", Kind::Select(causes.collect()), true),
            offer.field("halt_party", "text", Kind::Long, true),
        ];
        all.push(offer.form("halt_party", None, fields));
    }
}

/// The act that a sent form is; none when it is none of these, or something is missing.
pub(crate) fn read(form: &mut Form<'_>) -> Option<StaffAct> {
    Some(match form.verb() {
        "take_back" => {
            let step = form.pick("step", |v| Some(v.to_owned()));
            StaffAct::TakeBack { reason: form.must("reason"), step: step? }
        }
        "order_hearing" => StaffAct::OrderHearing { reason: form.must("reason") },
        "review" => StaffAct::Review { text: form.must("text"), amount: amount(form) },
        "stop_benefit" => {
            let why = form.pick("why", |word| Exit::ALL.into_iter().find(|e| e.word() == word));
            StaffAct::StopBenefit { text: form.must("text"), why: why? }
        }
        "halt_party" => {
            let party = form.pick("party", |v| v.parse().ok());
            let cause = form.pick("cause", |word| HaltCause::ALL.into_iter().find(|c| c.word() == word));
            StaffAct::HaltParty { text: form.must("text"), party: party?, cause: cause? }
        }
        "end_halt" => {
            let party = form.pick("party", |v| v.parse().ok());
            let how = form.pick("how", after);
            let citizen_id = form.opt("citizen_id").map(DocumentNumber);
            let capacity = form.opt("capacity").and_then(|word| capacity(&word));
            let proof = form.files("proof").into_iter().next();
            let text = form.must("text");
            StaffAct::EndHalt { party: party?, how: how?, text, citizen_id, capacity, proof }
        }
        _ => return None,
    })
}

fn after(word: &str) -> Option<AfterHalt> {
    match word {
        "goes-on" => Some(AfterHalt::GoesOn),
        "taken-over" => Some(AfterHalt::TakenOver),
        "ends" => Some(AfterHalt::Ends),
        _ => None,
    }
}

fn capacity(word: &str) -> Option<Capacity> {
    match word {
        "heir" => Some(Capacity::Heir),
        "guardian" => Some(Capacity::Guardian),
        "liquidator" => Some(Capacity::Liquidator),
        _ => None,
    }
}
