//! Staff who open a case or a certificate through the API leave a look, as on the desk; if it cannot be recorded, nothing opens.

use crate::input::Caller;
use cases::CaseView;
use certificates::Certificate;
use kernel::{Failure, Lang, Outcome, PersonId, SubjectId};
use page::House;
use store::command;
use trace::{Look, Purpose};

fn person(subject: SubjectId) -> Option<PersonId> {
    match subject {
        SubjectId::Person(person) => Some(person),
        SubjectId::Organisation(_) => None,
    }
}

/// A look at every natural person who takes part in the case; none when it is the caller's own.
pub(crate) async fn at_case(house: &House, caller: &Caller, view: &CaseView) -> Outcome<()> {
    let people = view.case.parties.iter().filter_map(|p| person(p.subject)).collect();
    record(house, caller, people, "case", Purpose::in_case("examine", &view.case.number)).await
}

/// A look at the holder of a certificate.
pub(crate) async fn at_certificate(house: &House, caller: &Caller, seen: &Certificate) -> Outcome<()> {
    record(house, caller, person(seen.holder).into_iter().collect(), "certificate", seen.purpose()).await
}

async fn record(
    house: &House,
    caller: &Caller,
    people: Vec<PersonId>,
    what: &str,
    purpose: Purpose,
) -> Outcome<()> {
    if !caller.session.is_staff() || people.is_empty() {
        return Ok(());
    }
    let actor = caller.session.staff()?.actor_ref();
    command!(house.ground, Lang::default(), actor, |cx| {
        people
            .iter()
            .try_for_each(|person| {
                let look = Look { person: *person, fields: vec![what.to_owned()], purpose: purpose.clone() };
                trace::look(&mut cx, &look)
            })
            .map_err(Failure::from)
    })
}
