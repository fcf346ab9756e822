//! Somebody's account, their telephone number and their identity number are one visitor, whichever of them is said — and whoever asks
//! learns nothing that was not said.

use crate::town::{ITEM, ROOMS, Town, at, called, code, refused};
use appointments::model::{AppointmentEvent, AppointmentId, Channel, State};
use appointments::verbs::{self, Asking};
use harness::browser::Page;
use identity::Applicant;
use kernel::{Failure, Lang, Outcome};
use store::{CommitError, Cx, Ground};

/// The telephone of p3's account; p4 and p5 share another.
const THEIRS: &str = "13900000003";
const SHARED: &str = "13900000045";
/// The identity number of p1's account, and one that is nobody's.
const OF_P1: &str = "999999198603121026";
const OF_NOBODY: &str = "999999199001010016";

async fn by_telephone(
    town: &Town,
    (name, phone, number): (&str, &str, &str),
    letter: &str,
    when: &str,
) -> Outcome<AppointmentId> {
    town.book_called(&town.t.ground, &called(name, phone, number), (letter, when)).await
}

async fn has(town: &Town, account: &str, id: AppointmentId) -> bool {
    let who = town.person(account).await;
    town.mine(&who).await.iter().any(|row| row.id == id)
}

harness::both!(an_account_and_its_telephone_are_one, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let who = town.person("p3").await;
    town.book(&who, "first", "2026-11-24 09:00").await.unwrap();
    // By telephone, in their name or another: the same business on that day and the same time are theirs already.
    for name in ["某p3", "某 p3 ", "旁人"] {
        let whose = (name, THEIRS, "");
        assert_eq!(
            refused(by_telephone(&town, whose, "B", "2026-11-24 10:00").await),
            "appointments.one-a-day"
        );
        assert_eq!(
            refused(by_telephone(&town, whose, "A", "2026-11-24 09:00").await),
            "appointments.overlap"
        );
    }
    // What is booked so is the account's, stands in their space, and can be moved there; and it stops a booking on line.
    let id = by_telephone(&town, ("某p3", "139 0000 0003", ""), "B", "2026-11-25 09:00").await.unwrap();
    assert!(has(&town, "p3", id).await);
    assert_eq!(refused(town.book(&who, "first", "2026-11-25 10:00").await), "appointments.one-a-day");
    assert_eq!(refused(town.book(&who, "second", "2026-11-25 09:00").await), "appointments.overlap");
    town.change(&who, id, "2026-11-25 11:00").await.unwrap();
    town.cancel(&who, id).await.unwrap();
    town.book(&who, "first", "2026-11-25 10:00").await.unwrap();
    // Under another name it stands in nobody's space: the number may have a slip. It stops them all the same, until it is called off.
    let other = by_telephone(&town, ("旁人", THEIRS, ""), "B", "2026-11-26 09:00").await.unwrap();
    assert!(!has(&town, "p3", other).await);
    assert_eq!(refused(town.book(&who, "first", "2026-11-26 10:00").await), "appointments.one-a-day");
    let moved = town.book(&who, "first", "2026-11-27 09:00").await.unwrap();
    assert_eq!(refused(town.change(&who, moved, "2026-11-26 10:00").await), "appointments.one-a-day");
    // Who acts for a firm comes themselves, but what is the firm's is not theirs.
    let boss = town.for_firm("p1").await;
    town.book(&boss, "first", "2026-11-24 14:00").await.unwrap();
    let theirs = ("某p1", "13900000099", OF_P1);
    assert_eq!(refused(by_telephone(&town, theirs, "A", "2026-11-24 14:00").await), "appointments.overlap");
    let id = by_telephone(&town, theirs, "B", "2026-11-24 15:00").await.unwrap();
    assert!(has(&town, "p1", id).await, "by the identity number");
});

harness::both!(families_share_a_telephone, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (p4, p5) = (town.person("p4").await, town.person("p5").await);
    let id = by_telephone(&town, ("某p4", SHARED, ""), "B", "2026-11-24 09:00").await.unwrap();
    assert!(has(&town, "p4", id).await && !has(&town, "p5", id).await, "the name says whose it is");
    town.book(&p5, "first", "2026-11-24 09:00").await.unwrap();
    // Somebody else of the family without an account: by the number alone they are one with both …
    let whose = ("某祖母", SHARED, "");
    assert_eq!(refused(by_telephone(&town, whose, "B", "2026-11-24 10:00").await), "appointments.one-a-day");
    // … and with an identity number themselves.
    assert_eq!(
        refused(by_telephone(&town, ("某祖母", SHARED, "12"), "B", "2026-11-24 10:00").await),
        "appointments.citizen-id"
    );
    let own = ("某祖母", SHARED, OF_NOBODY);
    let id = by_telephone(&town, own, "B", "2026-11-24 10:00").await.unwrap();
    assert_eq!(by_telephone(&town, own, "B", "2026-11-24 10:00").await.unwrap(), id, "sent twice, it is one");
    assert_eq!(refused(by_telephone(&town, own, "B", "2026-11-24 11:00").await), "appointments.one-a-day");
    town.cancel(&p4, town.mine(&p4).await[0].id).await.unwrap();
    town.t.clock.set(at("2026-11-24 09:50"));
    let found = async |typed: &str| {
        let now = town.t.ground.clock.now();
        verbs::find(&town.t.store, &code("first"), typed, now, &town.terms).await.map(|r| r.id)
    };
    assert_eq!(found(OF_NOBODY).await.unwrap(), id);
    assert_eq!(found(SHARED).await.unwrap(), id, "the telephone that was said, not that of accounts");
});

/// A booking that has read and decided, and is not written yet.
async fn on_line(town: &Town, ground: &Ground, who: &Applicant, (hall, when): (&str, &str)) -> Cx {
    let asked = Asking { item: ITEM.into(), hall: code(hall), starts_at: at(when) };
    let mut cx = ground.begin(Lang::ZhCn, who.actor_ref());
    let booked = verbs::book(&mut cx, &town.calendar, &town.terms, (who, Channel::Online), &asked).await;
    booked.unwrap();
    cx
}

async fn at_desk(
    town: &Town,
    ground: &Ground,
    (name, phone, number): (&str, &str, &str),
    (letter, when): (&str, &str),
) -> Cx {
    let (desk, actor) = (town.desk().await, town.staff("c1").await.actor_ref());
    let mut cx = ground.begin(Lang::ZhCn, actor);
    let wanted = (letter.parse().unwrap(), at(when));
    let whose = called(name, phone, number);
    verbs::book_for(&mut cx, &town.calendar, &town.terms, (&desk, &whose), wanted).await.unwrap();
    cx
}

/// Of two that have decided on the same state only the first is written, in whichever order they come.
async fn only_one(one: Cx, two: Cx, first: bool, why: &str) {
    let (one, two) = if first { (one, two) } else { (two, one) };
    one.finish().await.unwrap();
    let late = two.finish().await;
    assert!(matches!(late, Err(CommitError::Conflict(_))), "{why}, {first}: {late:?}");
}

// Two servers that have both read that nothing is booked, as exactly as it can be had: each has decided, then both write. Without the
// rows that all of them raise, both would be booked.
harness::both!(nobody_is_booked_twice_by_telephone_and_on_line, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (second, boss) = (town.second().await, town.for_firm("p1").await);
    // The plan's row and those of the visitors are there: what conflicts below is nothing that is made for the first time.
    for (account, time) in [("p1", "08:00"), ("p3", "08:30"), ("p4", "09:00")] {
        town.book(&town.person(account).await, "second", &format!("2026-12-01 {time}")).await.unwrap();
    }
    let cases = [
        ("p3", ("某p3", THEIRS, ""), "telephone and name", ["09:00", "10:00", "14:00"]),
        ("p3", ("旁人", THEIRS, ""), "telephone alone", ["09:30", "10:30", "14:30"]),
        ("p4", ("某祖母", SHARED, ""), "a shared telephone", ["11:00", "11:30", "15:00"]),
        ("p1", ("某p1", "13900000098", OF_P1), "identity number", ["13:30", "16:30", "15:30"]),
    ];
    for (account, whose, why, [on, off, both]) in cases {
        let who = town.person(account).await;
        for (first, day, next) in [(true, "2026-11-24", "2026-11-26"), (false, "2026-11-25", "2026-11-27")] {
            let one = on_line(&town, &town.t.ground, &who, ("first", &format!("{day} {on}"))).await;
            let two = at_desk(&town, &second, whose, ("B", &format!("{day} {off}"))).await;
            only_one(one, two, first, why).await;
            // Two halls at the same time.
            let late = format!("{next} {both}");
            let one = on_line(&town, &town.t.ground, &who, ("second", &late)).await;
            let two = at_desk(&town, &second, whose, ("A", &late)).await;
            only_one(one, two, !first, why).await;
        }
        for row in town.mine(&who).await.iter().filter(|row| row.state == State::Booked) {
            town.cancel(&who, row.id).await.unwrap();
        }
    }
    // Not because everything conflicts: the firm's is not the person's, nor one family's another's.
    let one = on_line(&town, &town.t.ground, &boss, ("first", "2026-11-30 09:00")).await;
    let two = at_desk(&town, &second, ("旁人", SHARED, ""), ("B", "2026-11-30 10:00")).await;
    one.finish().await.unwrap();
    two.finish().await.unwrap();
});

// The last place of a slot, decided on by two: the statement that takes it counts.
harness::both!(the_last_place_is_given_once, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let second = town.second().await;
    let (one, two, three) = (town.person("p3").await, town.person("p4").await, town.person("p6").await);
    for (who, time) in [(&one, "08:00"), (&two, "08:30"), (&three, "09:00")] {
        town.book(who, "second", &format!("2026-12-01 {time}")).await.unwrap();
    }
    town.book(&one, "first", "2026-11-24 09:00").await.unwrap();
    let last = on_line(&town, &town.t.ground, &two, ("first", "2026-11-24 09:00")).await;
    let late = on_line(&town, &second, &three, ("first", "2026-11-24 09:00")).await;
    only_one(last, late, true, "the last place").await;
    assert_eq!(town.free("first", "B", "2026-11-24 09:00").await, 0);
});

fn sentence(outcome: Outcome<AppointmentId>) -> String {
    match outcome {
        Err(Failure::Refused(refusal)) => format!("{refusal:?}"),
        other => panic!("not refused: {other:?}"),
    }
}

harness::both!(the_clerk_learns_nothing_that_was_not_said, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let who = town.person("p3").await;
    town.book(&who, "first", "2026-11-24 09:00").await.unwrap();
    town.book(&who, "second", "2026-11-25 09:30").await.unwrap();
    // That something is booked has to be said; when, where and whose not.
    for (letter, when) in [("B", "2026-11-24 10:00"), ("A", "2026-11-25 09:30")] {
        let told = sentence(by_telephone(&town, ("旁人", THEIRS, ""), letter, when).await);
        for secret in ["某p3", "11月2", "24 Nov", "25 Nov", "09:30", "09:00", "second"] {
            assert!(!told.contains(secret), "{secret}: {told}");
        }
    }
    // The page of one that is an account's and the page of one that is nobody's are the same.
    let id = by_telephone(&town, ("某p3", THEIRS, ""), "B", "2026-11-26 09:00").await.unwrap();
    // A number with another name is no way to that page: it is not the same booking sent again.
    let again = by_telephone(&town, ("旁人", THEIRS, ""), "B", "2026-11-26 09:00").await;
    assert_eq!(refused(again), "appointments.one-a-day");
    let nobody = by_telephone(&town, ("某p3", "13900000007", ""), "B", "2026-11-26 09:00").await.unwrap();
    assert!(has(&town, "p3", id).await && !has(&town, "p3", nobody).await);
    town.messages().await;
    town.t.clock.set(at("2026-11-25 09:00"));
    assert_eq!(verbs::remind(&town.t.ground).await.unwrap(), 3);
    assert_eq!(town.messages().await.len(), 3, "that on line to the account");
    let mut clerk = town.browser("c1").await;
    let mut pages = Vec::new();
    for id in [id, nobody] {
        let at = format!("/desk/appointments/{id}");
        pages.push(plain(&clerk.get(&at).await, id));
        pages.push(
            plain(&clerk.submit(&at, &at, &[("act", "phone")]).await, id).replace(THEIRS, "13900000007"),
        );
    }
    assert!(pages[0].replace("139****0003", "139****0007") == pages[2], "{}\n\n{}", pages[0], pages[2]);
    assert!(pages[1] == pages[3], "{}\n\n{}", pages[1], pages[3]);
    assert!(pages[0].contains("已发短信") && pages[0].contains("来人如有账号"), "{}", pages[0]);
    // Whose account it is sees who looked, and at what.
    let looks = trace::looks_of(&town.t.store, who.person(), None, 9).await.unwrap();
    assert!(
        looks.iter().any(|l| l.fields == ["phone"]) && looks.iter().any(|l| l.fields == ["name"]),
        "{looks:?}"
    );
});

/// The main part without what is anybody's own: the id, the code, the form's token.
fn plain(page: &Page, id: AppointmentId) -> String {
    let main = page.html.split_once("<main").unwrap().1.split_once("</main>").unwrap().0;
    let mut out = String::new();
    let mut rest = main.replace(&id.to_string(), "ID");
    while let Some((before, after)) = rest.split_once("name=\"_csrf\" value=\"") {
        out.push_str(before);
        rest = after.split_once('"').unwrap().1.to_owned();
    }
    out.push_str(&rest);
    let code =
        out.split_once("预约码").map(|(_, after)| after.split_once("num\">").unwrap().1[..7].to_owned());
    code.map_or(out.clone(), |code| out.replace(&code, "CODE"))
}

harness::both!(who_gave_a_telephone_is_told_there, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let masked = "139****0007".to_owned();
    let id = by_telephone(&town, ("来电某", "13900000007", ""), "B", "2026-11-26 09:00").await.unwrap();
    assert_eq!(town.messages().await, [], "whoever calls hears it at once");
    let theirs = by_telephone(&town, ("某p3", THEIRS, ""), "B", "2026-11-26 09:00").await.unwrap();
    let told = town.messages().await;
    assert_eq!(
        (told.len(), told[0].1.as_str()),
        (1, "appointment-booked"),
        "the account hears of it: {told:?}"
    );
    // The day before, once, however many servers.
    town.t.clock.set(at("2026-11-25 09:00"));
    let second = town.second().await;
    let (a, b) = tokio::join!(verbs::remind(&town.t.ground), verbs::remind(&second));
    assert_eq!(a.unwrap() + b.unwrap(), 2);
    let told = town.messages().await;
    let text =
        "【示范市】您预约了2026年11月26日(周四) 09:00来大厅办事。来不了请拨打025-11110000取消，让给别人。";
    let one = |phone: &str| (phone.to_owned(), "appointment-tomorrow".to_owned(), text.to_owned());
    assert_eq!(told, [one("139****0003"), one(&masked)], "one to each, to the number that was said");
    assert!(!format!("{told:?}").contains("来电某") && !text.contains("不动产"), "neither name nor business");
    // Moved and called off by the hall, a closed day and one that is opened again.
    let (mut clerk, at_) = (town.browser("c1").await, format!("/desk/appointments/{id}"));
    let when = at("2026-11-27 09:00").as_microsecond().to_string();
    assert_eq!(clerk.submit(&at_, &at_, &[("act", "move"), ("at", &when)]).await.to, at_);
    let mut head = town.browser("head").await;
    let plan = "/desk/appointments/plan";
    for act in ["", "open"] {
        let fields =
            [("hall", "first"), ("day", "2026-11-27"), ("business", ""), ("why", "停电"), ("act", act)];
        let sent = head.submit(plan, "/desk/appointments/plan/closures", &fields).await;
        assert_eq!(sent.status, http::StatusCode::SEE_OTHER, "{}", sent.html);
        let told = town.messages().await;
        let news = if act == "open" {
            "大厅恢复了"
        } else {
            "大厅关闭了您预约的时段：2026年11月27日"
        };
        assert!(told.iter().any(|(to, _, text)| *to == masked && text.contains(news)), "{told:?}");
    }
    assert_eq!(clerk.submit(&at_, &at_, &[("act", "cancel")]).await.to, at_);
    let told = town.messages().await;
    assert!(
        told.len() == 1 && told[0].2.contains("已经取消") && told[0].1 == "appointment-changed",
        "{told:?}"
    );
    // What was sent is written down, and the number stands in plain nowhere.
    let (_, events) = trace::history::<AppointmentEvent>(&town.t.store, &id.subject()).await.unwrap();
    let sent = events
        .iter()
        .filter(|e| matches!(&e.event, AppointmentEvent::WrittenTo { way, .. } if way == "basket"));
    assert_eq!(sent.count(), 5);
    // Told too late, it says nothing any more: nobody hears of a visit that has begun.
    town.t.clock.set(at("2026-11-26 08:59"));
    let who = town.person("p3").await;
    town.change(&who, theirs, "2026-11-26 15:00").await.unwrap();
    town.t.clock.set(at("2026-11-26 15:31"));
    assert_eq!(town.messages().await, []);
});
