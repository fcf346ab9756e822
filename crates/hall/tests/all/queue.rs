//! Tickets from the taking to the outcome.

use crate::act;
use crate::town::{ROOMS, Town, call_at, first, refused, take_at};
use hall::model::*;
use hall::verbs::{self, Ending};
use hall::{Settings, Today};
use kernel::{ActorRef, Lang};
use std::collections::BTreeSet;
use store::command;

fn missing(matter: &str, lines: &[&str]) -> Ending {
    Ending::Missing(matter.to_owned(), lines.iter().map(|l| (*l).to_owned()).collect())
}

harness::both!(numbers_are_dense_whoever_takes_them_at_once, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let second = town.second().await;
    let takings: Vec<_> = (0..16).map(|n| town.taking(if n % 4 == 0 { "B" } else { "A" })).collect();
    let tasks = takings.iter().enumerate().map(|(n, taking)| {
        let ground = if n % 2 == 0 { town.t.ground.clone() } else { second.clone() };
        let calendar = town.calendar.clone();
        let taking = taking.clone();
        tokio::spawn(async move { take_at(&ground, &calendar, &taking).await.unwrap().number })
    });
    let mut numbers = BTreeSet::new();
    for task in tasks.collect::<Vec<_>>() {
        assert!(numbers.insert(task.await.unwrap()), "a number twice");
    }
    let expected: BTreeSet<String> =
        (1..=12).map(|n| format!("A{n:03}")).chain((1..=4).map(|n| format!("B{n:03}"))).collect();
    assert_eq!(numbers, expected);
    // Sent again after the network was away: the same ticket.
    let again = town.take(&takings[3]).await.unwrap();
    assert!(numbers.contains(&again.number));
    let today = Today::read(&town.t.store, &first(), town.t.ground.clock.now()).await.unwrap();
    assert_eq!(today.waiting().len(), 16);
});

harness::both!(one_person_one_ticket_for_one_business, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let who = verbs::blind_phone(&town.t.store, "139 0000 0001").unwrap();
    assert!(who.as_ref().is_some_and(|w| !w.contains("139")));
    assert_eq!(verbs::blind_phone(&town.t.store, "12").unwrap_err().code, "hall.phone");
    let taking = |letter: &str| verbs::Taking { who: who.clone(), ..town.taking(letter) };
    let (one, two) = (taking("A"), taking("A"));
    let (one, two) = tokio::join!(town.take(&one), town.take(&two));
    let refusals = [one, two].into_iter().filter_map(Result::err).count();
    assert_eq!(refusals, 1, "two at once are one");
    assert_eq!(refused(town.take(&taking("A")).await), "hall.one-ticket");
    town.take(&taking("B")).await.unwrap();
    assert_eq!(refused(town.take(&town.taking("C")).await), "hall.no-business");
    town.t.clock.set("2026-11-22T02:00:00Z".parse().unwrap());
    assert_eq!(refused(town.take(&town.taking("A")).await), "hall.closed", "a Sunday");
});

harness::both!(a_kiosk_is_registered_and_slow, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let head = town.session("head").await.staff().unwrap();
    let manager = verbs::Manager::of(&town.t.store, &head, &first()).await.unwrap();
    let secret = hall::token(town.t.rng.as_ref());
    let actor = head.actor_ref();
    command!(town.t.ground, Lang::ZhCn, actor, |cx| {
        verbs::set_kiosk(&mut cx, &manager, "一楼1号机", &secret).await
    })
    .unwrap();
    let at = |kiosk: &str| verbs::Taking {
        via: Via::Kiosk,
        priority: Priority::Elder,
        kiosk: Some(kiosk.to_owned()),
        ..town.taking("A")
    };
    assert_eq!(refused(town.take(&at("guessed")).await), "hall.no-kiosk");
    for _ in 0..Settings::default().kiosk_minute {
        town.take(&at(&secret)).await.unwrap();
    }
    assert_eq!(refused(town.take(&at(&secret)).await), "hall.kiosk-busy");
    town.t.clock.advance_seconds(60);
    town.take(&at(&secret)).await.unwrap();
    let elsewhere = "second".parse().unwrap();
    assert_eq!(refused(verbs::Manager::of(&town.t.store, &head, &elsewhere).await), "hall.not-your-hall");
    let clerk = town.session("c1").await.staff().unwrap();
    assert_eq!(refused(verbs::Manager::of(&town.t.store, &clerk, &first()).await), "hall.not-your-hall");
});

harness::both!(a_ticket_from_the_call_to_its_notice, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let clerk = town.clerk("c1").await;
    assert_eq!(refused(call_at(&town.t.ground, &clerk).await), "hall.off-duty");
    town.duty(&clerk, "1").await.unwrap();
    let other = town.clerk("c2").await;
    assert_eq!(refused(town.duty(&other, "1").await), "hall.window-taken");
    assert_eq!(refused(call_at(&town.t.ground, &clerk).await), "hall.nobody");
    let who = verbs::blind_phone(&town.t.store, "13900000001").unwrap();
    let mine = verbs::Taking { who, ..town.taking("A") };
    let first_ticket = town.take(&mine).await.unwrap();
    for _ in 0..4 {
        town.take(&town.taking("A")).await.unwrap();
    }
    assert_eq!(call_at(&town.t.ground, &clerk).await.unwrap().number, "A001");
    assert_eq!(refused(call_at(&town.t.ground, &clerk).await), "hall.still-serving");
    assert_eq!(refused(act!(town.t.ground, clerk, pass)), "hall.call-again");
    act!(town.t.ground, clerk, recall).unwrap();
    town.t.clock.advance_seconds(20);
    act!(town.t.ground, clerk, pass).unwrap();
    let actor = ActorRef::visitor();
    let back = command!(town.t.ground, Lang::ZhCn, actor, |cx| {
        verbs::requeue(&mut cx, &Settings::default(), first_ticket.id).await
    });
    back.unwrap();
    let mut order = Vec::new();
    for _ in 0..5 {
        order.push(call_at(&town.t.ground, &clerk).await.unwrap().number);
        act!(town.t.ground, clerk, start).unwrap();
        assert_eq!(refused(act!(town.t.ground, clerk, end, &missing("存量房交易", &[]))), "hall.outcome");
        act!(town.t.ground, clerk, end, &missing("存量房交易", &["身份证", "婚姻证明"])).unwrap();
    }
    assert_eq!(order, ["A002", "A003", "A004", "A001", "A005"], "behind three");
    // Another visit for the same matter: more is asked for, and that shows.
    let again = verbs::Taking { token: hall::token(town.t.rng.as_ref()), ..mine };
    town.take(&again).await.unwrap();
    call_at(&town.t.ground, &clerk).await.unwrap();
    act!(town.t.ground, clerk, start).unwrap();
    let ended = act!(town.t.ground, clerk, end, &missing("存量房交易", &["户口簿"])).unwrap();
    let Some(Outcome::Missing { notice, after, .. }) = ended.outcome else { panic!("a notice") };
    assert_eq!((notice.as_str(), after.as_deref()), ("first-2026-0006", Some("first-2026-0004")));
    let report = |id| {
        let (ground, actor) = (town.t.ground.clone(), ActorRef::visitor());
        async move {
            command!(ground, Lang::ZhCn, actor, |cx| {
                verbs::report_extra(&mut cx, &Settings::default(), id).await
            })
        }
    };
    report(first_ticket.id).await.unwrap();
    assert_eq!(refused(report(first_ticket.id).await), "hall.nothing-to-report");
});

harness::both!(priority_is_called_first_and_shown_or_lost, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let clerk = town.on_duty("c1", "1").await;
    town.take(&town.taking("A")).await.unwrap();
    for _ in 0..4 {
        town.take(&verbs::Taking { priority: Priority::Elder, ..town.taking("B") }).await.unwrap();
    }
    let end = Ending::Done("已领取".to_owned());
    assert_eq!(call_at(&town.t.ground, &clerk).await.unwrap().number, "B001");
    act!(town.t.ground, clerk, deny_priority).unwrap();
    let mut order = Vec::new();
    for _ in 0..5 {
        order.push(call_at(&town.t.ground, &clerk).await.unwrap().number);
        act!(town.t.ground, clerk, start).unwrap();
        act!(town.t.ground, clerk, end, &end).unwrap();
    }
    // B001 went before A001 once when it was called; so did B002; then A001 is not let wait any more.
    assert_eq!(order, ["B002", "A001", "B003", "B001", "B004"]);
});

harness::both!(a_clerk_goes_on_at_another_window, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (one, two) = (town.on_duty("c1", "1").await, town.on_duty("c2", "2").await);
    town.take(&town.taking("A")).await.unwrap();
    call_at(&town.t.ground, &one).await.unwrap();
    act!(town.t.ground, one, start).unwrap();
    let left = act!(town.t.ground, one, recall);
    assert_eq!(refused(left), "hall.not-now");
    let actor = one.actor_ref();
    let leave = command!(town.t.ground, Lang::ZhCn, actor, |cx| verbs::end_duty(&mut cx, &one).await);
    assert_eq!(refused(leave), "hall.still-serving");
    town.duty(&one, "5").await.unwrap();
    let today = Today::read(&town.t.store, &first(), town.t.ground.clock.now()).await.unwrap();
    assert_eq!(today.busy()[0].window.as_deref(), Some("5"), "the ticket went along");
    assert!(today.windows()[0].clerk.is_none(), "the first window is free");
    assert_eq!(refused(act!(town.t.ground, one, move_on, "4", "不动产")), "hall.no-window");
    act!(town.t.ground, one, move_on, "2", "不动产").unwrap();
    assert_eq!(refused(call_at(&town.t.ground, &one).await), "hall.nobody", "it waits for window 2");
    assert_eq!(call_at(&town.t.ground, &two).await.unwrap().number, "A001");
});

harness::both!(what_is_left_lapses_but_not_whom_one_serves, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let clerk = town.on_duty("c1", "1").await;
    let served = town.take(&town.taking("A")).await.unwrap();
    for _ in 0..2 {
        town.take(&town.taking("A")).await.unwrap();
    }
    call_at(&town.t.ground, &clerk).await.unwrap();
    act!(town.t.ground, clerk, start).unwrap();
    let terms = Settings::default();
    assert_eq!(verbs::sweep(&town.t.ground, &terms).await.unwrap(), 0);
    town.t.clock.set("2026-11-23T19:59:00Z".parse().unwrap());
    assert_eq!(verbs::sweep(&town.t.ground, &terms).await.unwrap(), 0, "until four it is the same day");
    town.t.clock.set("2026-11-24T02:00:00Z".parse().unwrap());
    let second = town.second().await;
    let (a, b) = tokio::join!(verbs::sweep(&town.t.ground, &terms), verbs::sweep(&second, &terms));
    assert_eq!(a.unwrap() + b.unwrap(), 2, "each once");
    assert!(hall::windows(&town.t.store, &first()).await.unwrap()[0].clerk.is_none(), "gone home");
    assert_eq!(refused(act!(town.t.ground, clerk, end, &Ending::Done("补记".to_owned()))), "hall.not-now");
    // Today it waits with a number of today, before all others.
    assert_eq!(town.take(&town.taking("A")).await.unwrap().number, "A001", "a new day");
    let manager = manager(&town).await;
    let actor = ActorRef::system();
    let carried = command!(town.t.ground, Lang::ZhCn, actor, |cx| {
        verbs::carry_over(&mut cx, &terms, &manager, served.id).await
    });
    assert_eq!(carried.unwrap().number(), "A002");
    town.duty(&clerk, "2").await.unwrap();
    assert_eq!(call_at(&town.t.ground, &clerk).await.unwrap().number, "A002");
    act!(town.t.ground, clerk, start).unwrap();
    act!(town.t.ground, clerk, end, &Ending::Done("补记".to_owned())).unwrap();
    assert_eq!(call_at(&town.t.ground, &clerk).await.unwrap().number, "A001");
});

async fn manager(town: &Town) -> verbs::Manager {
    let head = town.session("head").await.staff().unwrap();
    verbs::Manager::of(&town.t.store, &head, &first()).await.unwrap()
}

harness::both!(a_window_whose_clerk_is_gone_is_given_up, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (gone, there) = (town.on_duty("c1", "1").await, town.on_duty("c2", "2").await);
    for _ in 0..2 {
        town.take(&town.taking("A")).await.unwrap();
        town.take(&verbs::Taking { priority: Priority::Elder, ..town.taking("A") }).await.unwrap();
    }
    assert_eq!(call_at(&town.t.ground, &gone).await.unwrap().number, "A002");
    act!(town.t.ground, gone, start).unwrap();
    let (manager, terms) = (manager(&town).await, Settings::default());
    let release = || {
        let (ground, actor, manager) = (town.t.ground.clone(), ActorRef::system(), manager.clone());
        async move {
            command!(ground, Lang::ZhCn, actor, |cx| verbs::release(&mut cx, &terms, &manager, "1").await)
        }
    };
    release().await.unwrap();
    assert_eq!(refused(release().await), "hall.nobody-there");
    assert_eq!(refused(call_at(&town.t.ground, &gone).await), "hall.off-duty");
    assert_eq!(call_at(&town.t.ground, &there).await.unwrap().number, "A002", "it comes first");
    // The last open window of a business stays while people wait; one that is shut calls nobody.
    let set = |number: &'static str, letters: &'static str| {
        let (ground, actor, manager) = (town.t.ground.clone(), ActorRef::system(), manager.clone());
        async move {
            let letters: Letters = letters.parse().unwrap();
            command!(ground, Lang::ZhCn, actor, |cx| {
                verbs::set_window(&mut cx, &manager, number, !letters.has("B".parse().unwrap()), &letters)
                    .await
            })
        }
    };
    for number in ["1", "3", "5", "6"] {
        set(number, "B").await.unwrap();
    }
    assert_eq!(refused(set("2", "B").await), "hall.people-wait");
    set("1", "A").await.unwrap();
    set("2", "B").await.unwrap();
    act!(town.t.ground, there, start).unwrap();
    act!(town.t.ground, there, end, &Ending::Done("已领取".to_owned())).unwrap();
    assert_eq!(refused(call_at(&town.t.ground, &there).await), "hall.window-shut");
    set("4", "B").await.unwrap();
    assert_eq!(refused(town.take(&town.taking("B")).await), "hall.no-open-window");
});

harness::both!(who_took_another_ticket_does_not_come_back_with_the_first, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let clerk = town.on_duty("c1", "1").await;
    let who = verbs::blind_phone(&town.t.store, "13900000002").unwrap();
    let taking = || verbs::Taking { who: who.clone(), ..town.taking("A") };
    let passed = town.take(&taking()).await.unwrap();
    call_at(&town.t.ground, &clerk).await.unwrap();
    act!(town.t.ground, clerk, recall).unwrap();
    town.t.clock.advance_seconds(20);
    act!(town.t.ground, clerk, pass).unwrap();
    town.take(&taking()).await.unwrap();
    let back = || {
        let (ground, actor) = (town.t.ground.clone(), ActorRef::visitor());
        async move {
            command!(ground, Lang::ZhCn, actor, |cx| {
                verbs::requeue(&mut cx, &Settings::default(), passed.id).await
            })
        }
    };
    assert_eq!(refused(back().await), "hall.one-ticket");
    call_at(&town.t.ground, &clerk).await.unwrap();
    act!(town.t.ground, clerk, start).unwrap();
    assert_eq!(refused(back().await), "hall.one-ticket", "while it is being served too");
    assert_eq!(refused(town.take(&taking()).await), "hall.one-ticket");
    act!(town.t.ground, clerk, end, &Ending::Done("已领取".to_owned())).unwrap();
    back().await.unwrap();
});
