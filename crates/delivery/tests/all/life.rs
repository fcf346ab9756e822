//! Gathering, choosing, packing, handing over, collecting.

use crate::town::{CASE, ROOMS, Town, code, paper};
use delivery::stand_in::Mood;
use delivery::verbs::{self, SIGNED};
use delivery::{How, State};
use identity::Staff;
use kernel::{Lang, Outcome};
use store::command;

harness::both!(who_chooses_nothing_gets_everything_on_line, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    town.gather(&town.matter("m1", &[paper("A", false)], true)).await;
    let mine = verbs::mine(&town.t.store, &town.me, (i64::MAX, String::new()), 10).await.unwrap();
    assert!(mine.is_empty(), "no parcel where nothing has to be on paper");
    // What has to be served on paper begins one by itself, to be collected.
    let must = town.matter("m2", &[paper("A", false), paper("D", true)], true);
    town.gather(&must).await;
    town.gather(&must).await;
    let mine = verbs::mine(&town.t.store, &town.me, (i64::MAX, String::new()), 10).await.unwrap();
    assert_eq!(mine.len(), 1, "the same picture twice is one parcel");
    let id = mine[0].id;
    assert_eq!(town.parcel(id).await.papers.len(), 2);
    assert_eq!(town.pack(id, &["D"]).await.unwrap().state(), State::Collectable);
});

harness::both!(one_parcel_waits_for_all_and_a_part_goes_first_when_asked, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    let address = town.address(true).await.to_string();
    let id = town.start(&town.matter("m1", &[], false), "courier", &address).await.unwrap();
    town.gather(&town.matter("m1", &[paper("A", false)], false)).await;
    assert_eq!(town.parcel(id).await.state(), State::Gathering);
    assert_eq!(code(town.pack(id, &["A"]).await), "delivery.gathering");
    let done: Outcome<_> = command!(town.t.ground, Lang::ZhCn, town.me.actor_ref(), |cx| {
        verbs::part(&mut cx, &town.room, &town.me, id, "急用").await
    });
    assert_eq!(done.unwrap().state(), State::Ready);
    // What comes later goes into a second parcel, by the same way; nothing lies in both.
    town.gather(&town.matter("m1", &[paper("A", false), paper("B", false)], true)).await;
    let mine = verbs::mine(&town.t.store, &town.me, (i64::MAX, String::new()), 10).await.unwrap();
    assert_eq!(mine.iter().map(|r| r.nth).collect::<Vec<_>>().len(), 2);
    let second = mine.iter().find(|r| r.nth == 2).unwrap().id;
    let second = town.parcel(second).await;
    assert_eq!((second.papers.len(), second.papers[0].number.as_str()), (1, "B"));
    assert!(matches!(second.how, How::Courier { .. }));
    assert_eq!(code(town.pack(id, &["A", "B"]).await), "delivery.not-of-this");
    town.pack(id, &["A"]).await.unwrap();
    assert_eq!(town.told("delivery.owes").await, 1, "the courier's charge is told, once");
});

harness::both!(what_the_courier_asks_is_paid_with_the_other_fees_of_the_matter, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    let address = town.address(true).await.to_string();
    let matter = town.matter("m1", &[], false);
    let id = town.start(&matter, "courier", &address).await.unwrap();
    assert_eq!(town.told("delivery.owes").await, 0, "nothing is due before something else is");
    let due = async || -> Outcome<()> {
        command!(town.t.ground, Lang::ZhCn, kernel::ActorRef::system(), |cx| {
            verbs::fees_due(&mut cx, &town.room, "m1", town.me.subject()).await
        })
    };
    due().await.unwrap();
    due().await.unwrap();
    assert_eq!(town.told("delivery.owes").await, 1);
    let charged = town.parcel(id).await.charge.unwrap();
    // Collected after all: nothing is owed; and sent after all, while the other fees are open: owed at once.
    town.start(&matter, "collect", "").await.unwrap();
    assert_eq!((town.told("delivery.spared").await, town.parcel(id).await.charge), (1, None));
    town.around.2.store(true, std::sync::atomic::Ordering::Relaxed);
    town.start(&matter, "courier", &address).await.unwrap();
    let again = town.parcel(id).await.charge.unwrap();
    assert_eq!((town.told("delivery.owes").await, again.amount), (2, charged.amount));
    // Another address at the same price, written down at the window, is the same order.
    let typed = crate::town::typed("示范路9号", false);
    let written: Outcome<_> = command!(town.t.ground, Lang::ZhCn, town.clerk.actor_ref(), |cx| {
        verbs::write_at_window(&mut cx, &town.room, &town.clerk, id, &typed).await
    });
    assert_eq!(written.unwrap().charge.map(|c| c.order), Some(again.order));
    town.gather(&town.matter("m1", &[paper("A", false)], true)).await;
    let packed = town.pack(id, &["A"]).await.unwrap();
    assert_eq!(packed.attempt().map(|a| a.order), Some(again.order));
    assert_eq!(town.told("delivery.owes").await, 2, "what was asked before is not asked again");
    // Chosen with the first word of the matter, where something is open already.
    let second = town.start(&town.matter("m2", &[], false), "courier", &address).await.unwrap();
    assert!(town.parcel(second).await.charge.is_some());
});

harness::both!(a_code_opens_once_with_an_identity_seen, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    let id = town.start(&town.matter("m1", &[paper("A", false)], true), "collect", "").await.unwrap();
    town.pack(id, &["A"]).await.unwrap();
    let html =
        crate::pages::browser(&town, "citizen").await.get(&format!("/space/deliveries/{id}")).await.html;
    let shown = html.split("id=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let collect = async |staff: &Staff, code: &str, seen| -> Outcome<_> {
        command!(town.t.ground, Lang::ZhCn, staff.actor_ref(), |cx| {
            verbs::collect(&mut cx, &town.room, staff, (code, "王秀英"), seen).await
        })
    };
    assert_eq!(code(collect(&town.clerk, "00000000x", true).await), "delivery.no-code");
    let examiner = crate::town::session(&town.t, "examiner").await.staff().unwrap();
    assert_eq!(code(collect(&examiner, &shown, true).await), "delivery.no-right");
    assert_eq!(code(collect(&town.clerk, &shown, false).await), "delivery.see-identity");
    let (a, b) = tokio::join!(collect(&town.clerk, &shown, true), collect(&town.clerk, &shown, true));
    assert!(a.is_ok() != b.is_ok(), "one of two: {a:?} {b:?}");
    assert_eq!(code(collect(&town.clerk, &shown, true).await), "delivery.no-code");
    assert_eq!((town.parcel(id).await.state(), town.told(SIGNED).await), (State::Collected, 1));
});

harness::both!(a_village_station_hands_out_what_was_filed_there, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    let id = town.start(&town.matter("m1", &[paper("A", false)], true), "collect", "").await.unwrap();
    town.pack(id, &["A"]).await.unwrap();
    let html =
        crate::pages::browser(&town, "citizen").await.get(&format!("/space/deliveries/{id}")).await.html;
    let shown = html.split("id=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let station = crate::town::session(&town.t, "village-agent").await.staff().unwrap();
    let mut desk = crate::pages::browser(&town, "village-agent").await;
    let collect = async || -> Outcome<_> {
        command!(town.t.ground, Lang::ZhCn, station.actor_ref(), |cx| {
            verbs::collect(&mut cx, &town.room, &station, (&shown, "王秀英"), true).await
        })
    };
    let at = format!("/desk/parcels/{id}");
    assert_eq!(desk.get(&at).await.status.as_u16(), 404, "filed elsewhere, packed elsewhere");
    assert_eq!(code(collect().await), "delivery.no-code");
    *town.around.3.lock().unwrap() = Some(station.agency().clone());
    assert!(desk.get(&at).await.status.is_success(), "filed at its window");
    collect().await.unwrap();
    assert_eq!(town.parcel(id).await.state(), State::Collected);
});

harness::both!(a_list_takes_what_is_packed_once_and_says_what_it_refuses, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    let address = town.address(true).await.to_string();
    let mut labels = Vec::new();
    for (nth, number) in ["A", "B", "C"].into_iter().enumerate() {
        let matter = town.matter(&format!("m{nth}"), &[paper(number, false)], true);
        let id = town.start(&matter, "courier", &address).await.unwrap();
        if number != "C" {
            town.pack(id, &[number]).await.unwrap();
        }
        labels.push((id, town.parcel(id).await.begun.number));
    }
    let (first, other) = (town.list().await, town.list().await);
    let typed = format!("{}\n{}\n{}\n\n{}\nK1", labels[0].1, labels[0].1, labels[2].1, labels[1].1);
    let scanned = verbs::scan(&town.room, Lang::ZhCn, &town.clerk, first, &typed).await.unwrap();
    let codes: Vec<String> =
        scanned.iter().map(|s| s.no.as_ref().map(|n| n.code.to_string()).unwrap_or_default()).collect();
    assert_eq!(codes, ["", "delivery.scanned-twice", "delivery.not-packed", "", "delivery.no-number"]);
    let again = verbs::scan(&town.room, Lang::ZhCn, &town.clerk, other, &labels[0].1).await.unwrap();
    assert_eq!(again[0].no.as_ref().unwrap().code, "delivery.on-another-list");
    assert_eq!(code(town.close(other, "李").await), "delivery.list-empty");
    assert_eq!(code(town.close(first, " ").await), "delivery.who-signed");
    town.close(first, "李师傅").await.unwrap();
    assert_eq!(code(town.close(first, "李师傅").await), "delivery.list-closed");
    let late = verbs::scan(&town.room, Lang::ZhCn, &town.clerk, first, &labels[2].1).await;
    assert_eq!(code(late), "delivery.list-closed");
    let states = [town.parcel(labels[0].0).await.state(), town.parcel(labels[1].0).await.state()];
    assert_eq!(states, [State::HandedOver, State::HandedOver]);
    let row: Option<(String,)> = town
        .t
        .store
        .row("SELECT number FROM delivery_list WHERE id = $1", store::params![other])
        .await
        .unwrap();
    assert!(row.unwrap().0.ends_with("-0002"), "numbers are dense");
});

harness::both!(looks_at_an_address_are_told_to_whose_it_is, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    let address = town.address(true).await.to_string();
    let id = town.start(&town.matter("m1", &[paper("A", false)], true), "courier", &address).await.unwrap();
    let page = crate::pages::browser(&town, "clerk").await.get(&format!("/desk/parcels/{id}")).await;
    assert!(page.html.contains("示范路1号2幢301室"), "whoever packs sees it: {}", page.html);
    let looks = trace::looks_of(&town.t.store, town.me.person(), None, 10).await.unwrap();
    assert!(looks.iter().any(|l| l.purpose.ground == "deliver" && l.purpose.case.as_deref() == Some(CASE)));
    // Once the courier has it, nobody needs it here any more.
    town.pack(id, &["A"]).await.unwrap();
    let list = town.list().await;
    let label = town.parcel(id).await.begun.number;
    verbs::scan(&town.room, Lang::ZhCn, &town.clerk, list, &label).await.unwrap();
    town.close(list, "李").await.unwrap();
    let page = crate::pages::browser(&town, "clerk").await.get(&format!("/desk/parcels/{id}")).await;
    assert!(!page.html.contains("示范路1号2幢301室"));
});
