//! Coming: early, in time, late, not at all — and what follows.

use crate::town::{ROOMS, Town, at, code, refused};
use appointments::model::{AppointmentId, State};
use appointments::verbs::{self, Arriving, By};
use hall::model::Priority;
use identity::Applicant;
use kernel::{ActorRef, Lang, Outcome};
use store::command;

async fn arrive(town: &Town, who: &Applicant, id: AppointmentId, late: bool) -> Outcome<String> {
    let token = hall::token(town.t.rng.as_ref());
    let how = Arriving { by: Some(By::Holder(who)), kiosk: None, late, token: &token };
    let (terms, actor) = ((&town.terms, &hall::Settings::default()), who.actor_ref());
    command!(town.t.ground, Lang::ZhCn, actor, |cx| {
        verbs::arrive(&mut cx, &town.calendar, terms, id, &how).await
    })?;
    Ok(token)
}

harness::both!(who_comes_in_time_has_priority_in_the_halls_queue, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (one, two) = (town.person("p3").await, town.person("p4").await);
    let id = town.book(&one, "first", "2026-11-24 09:00").await.unwrap();
    let other = town.book(&two, "first", "2026-11-24 09:00").await.unwrap();
    assert_eq!(refused(arrive(&town, &one, id, false).await), "appointments.early");
    town.t.clock.set(at("2026-11-24 08:29"));
    assert_eq!(refused(arrive(&town, &one, id, true).await), "appointments.early");
    town.t.clock.set(at("2026-11-24 08:30"));
    assert_eq!(refused(arrive(&town, &two, id, false).await), "not-found");
    let token = arrive(&town, &one, id, false).await.unwrap();
    let ticket = hall::ticket(&town.t.store, &token).await.unwrap().unwrap();
    assert_eq!((ticket.priority, ticket.sure, ticket.number()), (Priority::Appointment, true, "B001".into()));
    assert_eq!(town.mine(&one).await[0].ticket.as_deref(), Some("B001"));
    assert_eq!(refused(arrive(&town, &one, id, false).await), "appointments.arrived");
    assert_eq!(refused(town.cancel(&one, id).await), "appointments.arrived");
    // Whose the ticket is stands in the hall only as a blind index, and not in its trace.
    let events = trace::outline(&town.t.store, &hall::model::ticket_subject(ticket.id)).await.unwrap();
    assert_eq!(events[0].actor, ActorRef::visitor());
    town.t.clock.set(at("2026-11-24 09:16"));
    assert_eq!(refused(arrive(&town, &two, other, false).await), "appointments.late");
    let token = arrive(&town, &two, other, true).await.unwrap();
    let ticket = hall::ticket(&town.t.store, &token).await.unwrap().unwrap();
    assert_eq!(ticket.priority, Priority::Ordinary);
    town.t.clock.set(at("2026-11-25 01:00"));
    assert_eq!(verbs::sweep(&town.t.ground, &town.terms).await.unwrap(), 0);
    assert_eq!((town.states(&one).await, town.states(&two).await), (vec![State::Arrived], vec![State::Late]));
});

harness::both!(found_by_code_telephone_and_identity_number, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let one = town.person("p1").await;
    let id = town.book(&one, "first", "2026-11-24 09:00").await.unwrap();
    let called = town.book_for("13900000001", "A", "2026-11-24 10:00").await.unwrap();
    let row = town.mine(&one).await.remove(0);
    let found = async |typed: &str| {
        let now = town.t.ground.clock.now();
        verbs::find(&town.t.store, &code("first"), typed, now, &town.terms).await.map(|r| r.id)
    };
    assert_eq!(found(&row.code.spoken()).await.unwrap(), id, "also before its day: one is told when to come");
    town.t.clock.set(at("2026-11-24 08:50"));
    assert_eq!(found(&row.code.to_string()).await.unwrap(), id);
    assert_eq!(found("999999198603121026").await.unwrap(), id);
    assert_eq!(found("139-0000-0001").await.unwrap(), called);
    assert_eq!(refused(found("13900000002").await), "appointments.unknown");
    assert_eq!(refused(found("").await), "appointments.no-code");
    // A digit that is wrong is no code.
    let slip: String = row.code.to_string().chars().rev().collect();
    let slip = if slip == row.code.to_string() { "000000".to_owned() } else { slip };
    assert!(["appointments.no-code", "appointments.unknown"].contains(&refused(found(&slip).await).as_str()));
    // Two of one person on one day: the one that is in time, else the code says which.
    town.book_for("13900000001", "B", "2026-11-24 15:00").await.unwrap();
    assert_eq!(refused(found("13900000001").await), "appointments.which");
    town.t.clock.set(at("2026-11-24 09:45"));
    assert_eq!(found("13900000001").await.unwrap(), called);
});

harness::both!(who_stays_away_too_often_is_told_why_and_until_when, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let who = town.person("p3").await;
    let mut missed = Vec::new();
    for day in ["24", "25", "26"] {
        missed.push(town.book(&who, "first", &format!("2026-11-{day} 09:00")).await.unwrap());
    }
    town.t.clock.set(at("2026-11-26 23:59"));
    assert_eq!(verbs::sweep(&town.t.ground, &town.terms).await.unwrap(), 2, "its day is not over");
    let next = town.book(&who, "first", "2026-11-30 09:00").await.unwrap();
    town.t.clock.set(at("2026-11-27 00:10"));
    let second = town.second().await;
    let (a, b) = tokio::join!(verbs::sweep(&town.t.ground, &town.terms), verbs::sweep(&second, &town.terms));
    assert_eq!(a.unwrap() + b.unwrap(), 1, "written down once, however many servers sweep");
    assert_eq!(town.letters().await.iter().filter(|l| *l == "appointment-missed").count(), 3);
    assert_eq!(refused(town.book(&who, "first", "2026-12-01 09:00").await), "appointments.paused");
    town.change(&who, next, "2026-11-30 10:00").await.unwrap();
    let (list, until) =
        appointments::paused(&town.t.store, &who, town.t.ground.clock.now(), &town.terms).await.unwrap();
    assert_eq!((list.len(), until), (3, Some(at("2026-12-26 09:00"))));
    let page = town.browser("p3").await.get("/appointments").await;
    for text in [
        "2026年12月26日(周六) 09:00之前不能网上预约",
        "在180日内约了没有来满3次",
        "025-11110000",
        "/space/rights",
    ] {
        assert!(page.html.contains(text), "{text}: {}", page.html);
    }
    // One is excused: it no longer counts, and the reason is kept.
    let (desk, staff) = (town.desk().await, town.staff("c1").await);
    let excuse = async |why: &str| {
        let actor = staff.actor_ref();
        let done: Outcome<()> = command!(town.t.ground, Lang::ZhCn, actor, |cx| {
            verbs::excuse(&mut cx, &town.terms, (&desk, missed[0]), why).await
        });
        done
    };
    assert_eq!(refused(excuse(" ").await), "appointments.why");
    excuse("住院，有证明").await.unwrap();
    assert_eq!(refused(excuse("住院").await), "appointments.not-missed");
    town.book(&who, "first", "2026-12-01 09:00").await.unwrap();
});

harness::both!(reminded_once_on_the_day_before, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (one, two) = (town.person("p3").await, town.person("p4").await);
    town.book(&one, "first", "2026-11-25 09:00").await.unwrap();
    let moved = town.book(&two, "first", "2026-11-25 09:00").await.unwrap();
    town.book(&two, "first", "2026-11-24 09:00").await.unwrap(); // nearer than its reminder
    town.change(&two, moved, "2026-11-27 09:00").await.unwrap();
    let reminders = async || town.letters().await.iter().filter(|l| *l == "appointment-tomorrow").count();
    town.t.clock.set(at("2026-11-24 08:59"));
    assert_eq!(verbs::remind(&town.t.ground).await.unwrap(), 0);
    town.t.clock.set(at("2026-11-24 09:00"));
    let second = town.second().await;
    let (a, b) = tokio::join!(verbs::remind(&town.t.ground), verbs::remind(&second));
    assert_eq!((a.unwrap() + b.unwrap(), reminders().await), (1, 1));
    assert_eq!(verbs::remind(&second).await.unwrap(), 0);
    town.t.clock.set(at("2026-11-26 09:00"));
    assert_eq!((verbs::remind(&second).await.unwrap(), reminders().await), (1, 1));
});
