//! The head of a hall: capacity, share, days and slots that are closed — and whoever is booked there.

use crate::town::{ROOMS, Town, at, code, refused};
use appointments::model::{Closing, Offer, State};
use appointments::verbs::{self, PlanAsked};
use hall::verbs::Manager;
use kernel::{Lang, Outcome};
use store::command;

async fn head(town: &Town) -> Manager {
    Manager::of(&town.t.store, &town.staff("head").await, &code("first")).await.unwrap()
}

async fn set(town: &Town, head: &Manager, asked: &PlanAsked) -> Outcome<()> {
    let actor = town.staff("head").await.actor_ref();
    command!(town.t.ground, Lang::ZhCn, actor, |cx| verbs::set_plan(&mut cx, head, asked).await)
}

async fn close(town: &Town, head: &Manager, closing: &Closing) -> Outcome<()> {
    let actor = town.staff("head").await.actor_ref();
    command!(town.t.ground, Lang::ZhCn, actor, |cx| {
        verbs::close(&mut cx, &town.calendar, &town.terms, head, closing).await
    })
}

async fn open(town: &Town, head: &Manager, closing: &Closing) -> Outcome<()> {
    let actor = town.staff("head").await.actor_ref();
    command!(town.t.ground, Lang::ZhCn, actor, |cx| verbs::open(&mut cx, head, closing).await)
}

fn whole(day: &str) -> Closing {
    Closing { day: day.parse().unwrap(), letter: None, starts_at: None, why: "停电检修".into() }
}

harness::both!(the_head_sets_how_many_may_book, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let head = head(&town).await;
    let none = Manager::of(&town.t.store, &town.staff("c1").await, &code("first")).await;
    assert_eq!(refused(none.map(|_| ())), "hall.not-your-hall");
    let who = town.person("p3").await;
    town.book(&who, "first", "2026-11-24 09:00").await.unwrap();
    let offer = |persons, windows| Offer { letter: "B".parse().unwrap(), offered: true, persons, windows };
    let asked = |rev, walk_in, offer| PlanAsked { rev, walk_in, offers: vec![offer] };
    assert_eq!(refused(set(&town, &head, &asked(1, 101, offer(None, None))).await), "appointments.number");
    assert_eq!(refused(set(&town, &head, &asked(1, 0, offer(Some(0), None))).await), "appointments.number");
    assert_eq!(refused(set(&town, &head, &asked(7, 0, offer(None, None))).await), "appointments.plan-moved");
    set(&town, &head, &asked(1, 0, offer(Some(2), Some(2)))).await.unwrap();
    assert_eq!(town.free("first", "B", "2026-11-24 09:00").await, 3, "2 windows × 2 persons, one is taken");
    assert_eq!(town.free("first", "A", "2026-11-24 09:00").await, 4, "1.5 × 3, nothing kept");
    set(&town, &head, &asked(2, 50, offer(Some(1), Some(2)))).await.unwrap();
    assert_eq!(town.free("first", "B", "2026-11-24 09:00").await, 0);
    assert_eq!(town.states(&who).await, [State::Booked], "who is booked stays booked");
    let shut = Offer { offered: false, ..offer(None, None) };
    set(&town, &head, &asked(3, 50, shut)).await.unwrap();
    assert_eq!(
        refused(town.book(&town.person("p4").await, "first", "2026-11-24 10:00").await),
        "appointments.not-here"
    );
});

harness::both!(whoever_is_booked_on_a_closed_day_is_told_and_served, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let head = head(&town).await;
    let (one, two) = (town.person("p3").await, town.person("p4").await);
    let id = town.book(&one, "first", "2026-11-24 09:00").await.unwrap();
    town.book(&two, "first", "2026-11-24 14:00").await.unwrap();
    town.letters().await;
    assert_eq!(refused(close(&town, &head, &whole("2026-11-29")).await), "appointments.no-day");
    assert_eq!(refused(close(&town, &head, &whole("2026-11-20")).await), "appointments.no-day");
    assert_eq!(
        refused(close(&town, &head, &Closing { why: String::new(), ..whole("2026-11-24") }).await),
        "appointments.why"
    );
    let slot = Closing {
        letter: Some("B".parse().unwrap()),
        starts_at: Some(at("2026-11-24 09:00")),
        ..whole("2026-11-24")
    };
    close(&town, &head, &slot).await.unwrap();
    assert_eq!(refused(close(&town, &head, &slot).await), "appointments.closed-before");
    assert_eq!(town.letters().await, ["appointment-changed"], "only who is booked there");
    let third = town.person("p5").await;
    assert_eq!(refused(town.book(&third, "first", "2026-11-24 09:00").await), "appointments.closed");
    close(&town, &head, &whole("2026-11-24")).await.unwrap();
    assert_eq!(town.letters().await, ["appointment-changed"], "who was told is not told again");
    assert_eq!(refused(town.book(&third, "first", "2026-11-24 10:00").await), "appointments.closed");
    let page = town.browser("p3").await.get(&format!("/appointments/{id}")).await;
    for text in ["停电检修", "大厅关闭了这个时段", "改到2026年11月25日(周三) 09:00–09:30", "照常来"]
    {
        assert!(page.html.contains(text), "{text}: {}", page.html);
    }
    // One tap.
    let mut phone = town.browser("p3").await;
    let at_ = at("2026-11-25 09:00").as_microsecond().to_string();
    let done = phone
        .submit(&format!("/appointments/{id}"), &format!("/appointments/{id}/move"), &[("at", &at_)])
        .await;
    assert_eq!(done.to, format!("/appointments/{id}"), "{}", done.html);
    assert_eq!(town.mine(&one).await[0].closed, None);
    // Opened again: whoever is still there is told that too. Nobody who stays away from a closed time is written down.
    open(&town, &head, &whole("2026-11-24")).await.unwrap();
    assert_eq!(
        town.letters().await,
        ["appointment-changed", "appointment-changed"],
        "the move, and the opening"
    );
    assert_eq!(town.mine(&two).await[0].closed, None);
    close(&town, &head, &whole("2026-11-24")).await.unwrap();
    town.letters().await;
    town.t.clock.set(at("2026-11-25 01:00"));
    assert_eq!(verbs::sweep(&town.t.ground, &town.terms).await.unwrap(), 1);
    assert_eq!(town.states(&two).await, [State::Dropped]);
});

// A booking and a closure at the same moment: either it is refused, or whoever booked is told.
harness::both!(nobody_slips_into_a_day_that_is_being_closed, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (head, who) = (head(&town).await, town.person("p3").await);
    for day in ["2026-11-24", "2026-11-25", "2026-11-26"] {
        let when = format!("{day} 09:00");
        let closing = whole(day);
        let (closed, booked) = tokio::join!(close(&town, &head, &closing), town.book(&who, "first", &when));
        closed.unwrap();
        town.letters().await;
        match booked {
            Ok(id) => {
                let row = town.mine(&who).await.into_iter().find(|r| r.id == id).unwrap();
                assert_eq!(row.closed.as_deref(), Some("停电检修"));
            }
            other => assert_eq!(refused(other), "appointments.closed"),
        }
    }
});
