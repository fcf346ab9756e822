//! Hearings and those concerned who are no party: the forms, and how they are read.

use crate::acts::{ActForm, Kind, Offer, Options};
use crate::read_act::Form;
use cases::rules::Command;
use cases::{Hearing, StaffAct};

/// Every form of a hearing that the rules would take now.
pub(crate) fn forms(offer: &Offer<'_>, all: &mut Vec<ActForm>) {
    let can = offer.can;
    if can.said(|reason| Command::OfferHearing { reason }) {
        let reason = offer.field("offer_hearing", "reason", Kind::Long, true);
        all.push(offer.form("offer_hearing", None, vec![reason]));
    }
    if can.said(|said| Command::FindInterested { name: said.clone(), interest: said }) {
        let fields = vec![
            offer.field("find_interested", "name", Kind::Text, true),
            offer.field("find_interested", "interest", Kind::Long, true),
        ];
        all.push(offer.form("find_interested", None, fields));
    }
    let others = offer.others();
    if can.view.case.hearing.as_ref().is_some_and(Hearing::wanted) && !others.is_empty() {
        let fields = vec![
            offer.field("set_hearing", "at", Kind::Moment, true),
            offer.field("set_hearing", "place", Kind::Text, true),
            offer.field("set_hearing", "chair", Kind::Select(others), true),
        ];
        all.push(offer.form("set_hearing", None, fields));
    }
    if can.said(|record| Command::RecordHearing { record }) {
        let record = offer.field("record_hearing", "record", Kind::Long, true);
        all.push(offer.form("record_hearing", None, vec![record]));
    }
    if let Some(hearing) = &can.view.case.hearing {
        interested(offer, hearing, all);
    }
}

/// What those concerned were served with and what they answered; both come on paper.
fn interested(offer: &Offer<'_>, hearing: &Hearing, all: &mut Vec<ActForm>) {
    let can = offer.can;
    let tell =
        |who: &str| Command::TellInterested { who: who.to_owned(), served: can.now, proof: "…".to_owned() };
    let untold: Options =
        hearing.untold().filter(|i| can.ok(tell(&i.who))).map(|i| (i.who.clone(), i.name.clone())).collect();
    if !untold.is_empty() {
        let fields = vec![
            offer.field("tell_interested", "who", Kind::Select(untold), true),
            offer.field("tell_interested", "served", Kind::Moment, true),
            offer.field("tell_interested", "proof", Kind::Text, true),
        ];
        all.push(offer.form("tell_interested", None, fields));
    }
    let answer =
        |who: &str| Command::AnswerOfInterested { who: who.to_owned(), asks: false, proof: "…".to_owned() };
    let open: Options = hearing
        .interested
        .iter()
        .filter(|i| can.ok(answer(&i.who)))
        .map(|i| (i.who.clone(), i.name.clone()))
        .collect();
    if !open.is_empty() {
        let words = offer.words(&[("yes", "interested-asks"), ("no", "interested-forgoes")]);
        let fields = vec![
            offer.field("answer_of_interested", "who", Kind::Select(open), true),
            offer.field("answer_of_interested", "asks", Kind::Select(words), true),
            offer.field("answer_of_interested", "proof", Kind::Text, true),
        ];
        all.push(offer.form("answer_of_interested", None, fields));
    }
}

/// The act that a sent form is; none when it is no act of a hearing, or something is missing.
pub(crate) fn read(form: &mut Form<'_>) -> Option<StaffAct> {
    Some(match form.verb() {
        "offer_hearing" => StaffAct::OfferHearing { reason: form.must("reason") },
        "find_interested" => {
            StaffAct::FindInterested { name: form.must("name"), interest: form.must("interest") }
        }
        "tell_interested" => {
            let who = form.pick("who", |v| Some(v.to_owned()));
            let served = form.must_moment("served");
            let proof = form.must("proof");
            StaffAct::TellInterested { who: who?, served: served?, proof }
        }
        "answer_of_interested" => {
            let who = form.pick("who", |v| Some(v.to_owned()));
            let asks = form.pick("asks", crate::read_act::yes_no);
            let proof = form.must("proof");
            StaffAct::AnswerOfInterested { who: who?, asks: asks?, proof }
        }
        "set_hearing" => {
            let at = form.must_moment("at");
            let place = form.must("place");
            let chair = form.pick("chair", |v| v.parse().ok());
            StaffAct::SetHearing { at: at?, place, chair: chair? }
        }
        "record_hearing" => StaffAct::RecordHearing { record: form.must("record") },
        _ => return None,
    })
}
