//! Bags between halls: listed, sealed, sent, opened by whoever they are for, and what differs told to both.

use crate::pages::browser;
use crate::town::{AWAY, CASE, ROOMS, Town, code, paper, session};
use delivery::bag::{self, BagState, Found};
use delivery::stand_in::Mood;
use delivery::verbs;
use delivery::{BagId, State};
use identity::Staff;
use kernel::{AgencyCode, Lang, Outcome};
use store::command;

const THERE: &str = "nanjing.transport.passenger";

async fn seal(town: &Town, receiver: &str, number: &str, list: &str) -> Outcome<BagId> {
    command!(town.t.ground, Lang::ZhCn, town.clerk.actor_ref(), |cx| {
        bag::seal(&mut cx, &town.clerk, receiver, (number, list)).await
    })
}

async fn send(town: &Town, staff: &Staff, id: BagId, carrier: &str) -> Outcome<()> {
    command!(town.t.ground, Lang::ZhCn, staff.actor_ref(), |cx| bag::send(&mut cx, staff, id, carrier).await)
}

async fn open(town: &Town, staff: &Staff, id: BagId, found: &Found) -> Outcome<BagState> {
    command!(town.t.ground, Lang::ZhCn, staff.actor_ref(), |cx| {
        bag::open(&mut cx, staff, id, found.clone()).await
    })
}

harness::both!(a_bag_is_opened_at_its_end_and_what_differs_is_told_to_both, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    let there = session(&town.t, "examiner").await.staff().unwrap();
    let stranger = session(&town.t, "examiner2").await.staff().unwrap();
    let list = format!("{CASE}, 身份证复印件\n\n{CASE}，合同原件");
    assert_eq!(code(seal(&town, "nowhere", "FQ-0001", &list).await), "delivery.bag-receiver");
    assert_eq!(code(seal(&town, THERE, "1", &list).await), "delivery.bag-seal");
    assert_eq!(code(seal(&town, THERE, "FQ-0001", "合同").await), "delivery.bag-papers");
    let id = seal(&town, THERE, "fq-0001", &list).await.unwrap();
    assert_eq!(code(seal(&town, THERE, "FQ-0001", &list).await), "delivery.bag-seal");
    let found = Found { seal_whole: true, there: vec![0], extra: "户口簿".to_owned() };
    assert_eq!(code(open(&town, &there, id, &found).await), "delivery.bag-moved-on");
    assert_eq!(code(send(&town, &there, id, "专车").await), "delivery.bag-not-yours");
    assert_eq!(code(send(&town, &town.clerk, id, "").await), "delivery.bag-carrier");
    send(&town, &town.clerk, id, "专车").await.unwrap();
    assert_eq!(code(open(&town, &town.clerk, id, &found).await), "delivery.bag-not-yours");
    assert_eq!(code(open(&town, &stranger, id, &found).await), "not-found");
    assert_eq!(open(&town, &there, id, &found).await.unwrap(), BagState::Differs);
    assert_eq!(code(open(&town, &there, id, &found).await), "delivery.bag-moved-on");
    for (end, account) in [(&town.clerk, "clerk"), (&there, "examiner")] {
        assert_eq!(bag::bag(&town.t.store, end, id).await.unwrap().missing().len(), 1);
        let page = crate::pages::browser(&town, account).await.get(&format!("/desk/bags/{id}")).await;
        assert!(page.html.contains("缺少：合同原件") && page.html.contains("多出：户口簿"), "{}", page.html);
    }
});

async fn receive(town: &Town, staff: &Staff, id: BagId, there: &[usize]) -> Outcome<BagState> {
    let found = Found { seal_whole: true, there: there.to_vec(), extra: String::new() };
    command!(town.t.ground, Lang::ZhCn, staff.actor_ref(), |cx| {
        bag::receive(&mut cx, &town.room, staff, id, found.clone()).await
    })
}

async fn collect(town: &Town, staff: &Staff, code: &str) -> Outcome<()> {
    command!(town.t.ground, Lang::ZhCn, staff.actor_ref(), |cx| {
        verbs::collect(&mut cx, &town.room, staff, (code, "王秀英"), true).await.map(|_| ())
    })
}

harness::both!(a_result_goes_back_to_where_it_was_handed_in, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    let there = session(&town.t, "clerk2").await.staff().unwrap();
    let matter = town.matter("m1", &[paper("A", true)], true);
    assert_eq!(code(town.start_at(&matter, "collect", ("", AWAY)).await), "delivery.no-place");
    *town.around.1.lock().unwrap() = AgencyCode::parse("chancheng.gov.hall");
    // Whoever handed it in there may collect it there: the page offers it.
    let mut me = browser(&town, "citizen").await;
    let start = me.get(&format!("/space/deliveries/case/{CASE}")).await;
    assert!(start.html.contains("您交件的大厅，由封袋送去"), "{}", start.html);
    let id = town.start_at(&matter, "collect", ("", AWAY)).await.unwrap();
    assert_eq!(town.pack(id, &["A"]).await.unwrap().state(), State::Packed, "it is not there yet");
    let mine = format!("/space/deliveries/{id}");
    assert!(me.get(&mine).await.html.contains("由封袋送到禅城大厅"), "no code yet");
    // The packing desk begins the list; the line names the parcel by its label.
    let desk = format!("/desk/parcels/{id}");
    let mut clerk = browser(&town, "clerk").await;
    let page = clerk.get(&desk).await.html;
    assert!(page.contains("/desk/bags?receiver=chancheng.gov.hall&#38;papers="), "{page}");
    let number = town.parcel(id).await.begun.number;
    let list = format!("{CASE}，快件 {number}");
    let lost = seal(&town, "chancheng.gov.hall", "FQ-0002", &list).await.unwrap();
    send(&town, &town.clerk, lost, "专车").await.unwrap();
    assert!(clerk.get(&desk).await.html.contains("在封签FQ-0002的封袋里"));
    // What was not in the bag is not there.
    assert_eq!(receive(&town, &there, lost, &[]).await.unwrap(), BagState::Differs);
    assert_eq!(town.parcel(id).await.state(), State::Packed);
    let bag = seal(&town, "chancheng.gov.hall", "FQ-0003", &list).await.unwrap();
    send(&town, &town.clerk, bag, "专车").await.unwrap();
    assert_eq!(receive(&town, &there, bag, &[0]).await.unwrap(), BagState::Whole);
    assert_eq!(town.parcel(id).await.state(), State::Collectable);
    let html = me.get(&mine).await.html;
    let shown: String =
        html.split("id=\"code\">").nth(1).unwrap().chars().take(9).filter(char::is_ascii_digit).collect();
    assert!(html.contains("禅城大厅") && shown.len() == 8, "{html}");
    assert_eq!(code(collect(&town, &town.clerk, &shown).await), "delivery.no-code", "it lies elsewhere");
    collect(&town, &there, &shown).await.unwrap();
    assert_eq!(town.parcel(id).await.state(), State::Collected);
    assert_eq!(town.told("delivery.signed").await, 1, "handed out there, it is served");
});

harness::both!(a_parcel_arrives_only_where_it_is_to_be_collected, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    let examiner = session(&town.t, "examiner").await.staff().unwrap();
    let matter = town.matter("m1", &[paper("A", true)], true);
    *town.around.1.lock().unwrap() = AgencyCode::parse("chancheng.gov.hall");
    let id = town.start_at(&matter, "collect", ("", AWAY)).await.unwrap();
    town.pack(id, &["A"]).await.unwrap();
    let number = town.parcel(id).await.begun.number;
    let bag = seal(&town, THERE, "FQ-0004", &format!("{CASE}，快件 {number}")).await.unwrap();
    send(&town, &town.clerk, bag, "专车").await.unwrap();
    assert_eq!(receive(&town, &examiner, bag, &[0]).await.unwrap(), BagState::Whole);
    assert_eq!(town.parcel(id).await.state(), State::Packed, "that is another agency");
});
