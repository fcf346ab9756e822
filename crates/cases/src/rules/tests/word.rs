//! The word of a party who stands at a window: whose it is, whose act it is, what it needs, and what it brings about.

use super::sample::*;
use crate::CaseEvent;
use crate::model::*;
use crate::rules::{Command, Doer};
use kernel::{AgencyCode, Lang, OrganisationId, PersonId, SubjectId};
use procedure::{Frame, TermKind};
use serde_json::json;

fn buyer() -> SubjectId {
    SubjectId::Person(id::<PersonId>(6))
}

fn party_of(subject: SubjectId, role: &str) -> Party {
    Party { subject, name: "李四".to_owned(), role: role.to_owned(), confirmed_at: None, ..party() }
}

/// An application of two, of which one has applied; a firm takes part without having to say so.
fn joint() -> Life {
    let mut item = item("permit", usual());
    let role = |id: &str, confirm: bool| json!({"id": id, "name": text(id), "confirm": confirm});
    item.roles = serde_json::from_value(json!([role("buyer", true), role("agent", false)])).unwrap();
    let mut life = Life::new(item);
    let firm = SubjectId::Organisation(id::<OrganisationId>(8));
    let mut application = application(Frame::Licence, vec![found(true)]);
    application.parties.extend([party_of(buyer(), "buyer"), party_of(firm, "agent")]);
    life.act(Command::File(Box::new(application))).unwrap();
    life
}

fn agency(code: &str) -> AgencyCode {
    AgencyCode::parse(code).unwrap()
}

fn witness() -> Witness {
    Witness {
        agency: agency("nanjing.transport"),
        number: "0000007Z".to_owned(),
        ground: " 没有智能手机 ".to_owned(),
        paper: None,
        reference: Some("登记簿第12页".to_owned()),
        agent: None,
        through: None,
    }
}

fn word(role: &str, found: Option<SubjectId>, witness: Witness) -> Command {
    Command::ConfirmAtWindow { role: role.to_owned(), found, witness }
}

fn clerk(of: &str) -> Doer {
    Doer { account: Some(id(71)), agency: Some(agency(of)), ..Doer::default() }
}

fn refused(life: &mut Life, command: Command, by: Doer) -> String {
    let no = life.act_as(command, by).unwrap_err();
    for lang in [Lang::ZhCn, Lang::En] {
        assert!(!no.sentence(lang).trim().is_empty());
    }
    no.code.into_owned()
}

#[test]
fn the_last_word_makes_it_an_application_of_both() {
    let mut life = joint();
    let events = life.act_as(word("buyer", Some(buyer()), witness()), clerk("nanjing.transport")).unwrap();
    let CaseEvent::PartyConfirmed { witness: Some(told), .. } = &events[0] else { panic!("{events:?}") };
    assert_eq!((told.ground.as_str(), told.number.as_str()), ("没有智能手机", "0000007Z"), "without blanks");
    assert!(events.iter().any(|e| matches!(e, CaseEvent::AllConfirmed { terms } if !terms.is_empty())));
    assert!(life.case().running(&TermKind::Confirmation).is_none(), "nobody is waited for any more");
    assert!(life.case().running(&TermKind::Acceptance).is_some(), "the time to accept runs from here");
    life.act(Command::Accept).unwrap();
}

#[test]
fn whose_word_it_is_and_whose_act() {
    let mut life = joint();
    let own = || clerk("nanjing.transport");
    let said = |role: &str, found| word(role, found, witness());
    assert_eq!(refused(&mut life, said("owner", Some(buyer())), own()), "cases.no-such-party");
    assert_eq!(refused(&mut life, said("agent", Some(buyer())), own()), "cases.firm-at-window");
    assert_eq!(refused(&mut life, said("buyer", None), own()), "cases.not-their-number");
    assert_eq!(refused(&mut life, said("buyer", Some(party().subject)), own()), "cases.not-their-number");
    assert_eq!(refused(&mut life, said("applicant", Some(party().subject)), own()), "cases.confirmed-before");
    // A body that has no right in the whole case, also one that only gives an opinion in it.
    for other in ["nanjing.police", "nanjing.water", "nanjing.gov.hall"] {
        assert_eq!(
            refused(&mut life, said("buyer", Some(buyer())), clerk(other)),
            "cases.not-responsible",
            "{other}"
        );
    }
    let silent = Witness { ground: "  ".to_owned(), ..witness() };
    assert_eq!(
        refused(&mut life, word("buyer", Some(buyer()), silent), own()),
        "cases.window-ground-missing"
    );
    for reference in [None, Some("  ".to_owned())] {
        let unsigned = Witness { reference, ..witness() };
        assert_eq!(refused(&mut life, word("buyer", Some(buyer()), unsigned), own()), "cases.nothing-signed");
    }
    assert_eq!(life.events.len(), joint().events.len(), "what is refused changes nothing");
    // A division of the body, and what is passed on from another case of the matter, are fine.
    let through = Some(number());
    life.clone()
        .act_as(word("buyer", Some(buyer()), Witness { through, ..witness() }), clerk("nanjing.housing"))
        .unwrap();
    life.act_as(said("buyer", Some(buyer())), clerk("nanjing.transport.passenger")).unwrap();
    assert_eq!(refused(&mut life, said("buyer", Some(buyer())), own()), "cases.confirmed-before");
}

#[test]
fn after_ten_days_it_is_too_late() {
    let mut life = joint();
    life.now = "2026-12-20T02:00:00Z".parse().unwrap();
    life.sweep();
    assert!(matches!(life.case().state, CaseState::Lapsed { .. }), "{:?}", life.case().state);
    let said = word("buyer", Some(buyer()), witness());
    assert_eq!(refused(&mut life, said, clerk("nanjing.transport")), "cases.cannot-confirm");
}
