//! Bags between halls: listed, sealed, sent, opened by whoever they are for, and what differs told to both.

use crate::town::{CASE, ROOMS, Town, code, session};
use delivery::BagId;
use delivery::bag::{self, BagState, Found};
use delivery::stand_in::Mood;
use identity::Staff;
use kernel::{Lang, Outcome};
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
