//! Somebody without the platform stands at the window and does what a party may do: withdraws, or brings what was asked for. A clerk
//! enters it, with the document and the signature behind it; and what no register holds is stated before a certificate says it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may fail"
)]

mod common;

use cases::CaseEvent;
use common::{ROOMS, STICKER, Town, act};
use kernel::Clock as _;
use serde_json::json;

const SELLER: &str = "999999198405127021";
const BUYER: &str = "999999199203187055";

fn trade(filed: &cases::FiledMatter) -> &cases::Filed {
    filed.cases.iter().find(|c| c.item_name.zh.contains("交易")).unwrap()
}

harness::both!(a_party_withdraws_at_the_window, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let matter = town.sold("k").await;
    let filed = trade(&matter);
    let path = format!("/desk/cases/{}", filed.number);
    let mut clerk = town.browser("housing-window").await;
    let page = clerk.get(&path).await;
    assert!(page.html.contains("value=\"for_party\"") && page.html.contains("撤回申请"), "{}", page.html);
    let mut examiner = town.browser("housing-clerk").await;
    assert!(!examiner.get(&path).await.html.contains("value=\"for_party\""), "a clerk's to do");
    let said = |number: &'static str, ground: &'static str, reference: &'static str| {
        vec![
            ("verb", "for_party"),
            ("for_party.act", "withdraw"),
            ("for_party.reason", "不卖了"),
            ("for_party.citizen_id", number),
            ("for_party.ground", ground),
            ("for_party.reference", reference),
        ]
    };
    let wrong = |field: &str| format!("id=\"f-for-party-{field}-error\"");
    let nobody = act(&mut clerk, &path, &said("999999198603121026", "没有手机", "撤回书1")).await;
    assert!(nobody.html.contains(&wrong("citizen-id")), "no party: {}", nobody.html);
    let unsigned = act(&mut clerk, &path, &said(SELLER, "没有手机", "")).await;
    assert!(unsigned.html.contains(&wrong("paper")) && unsigned.html.contains("不卖了"), "{}", unsigned.html);
    // The buyer was named by the seller, and has not said yet that they take part.
    let early = act(&mut clerk, &path, &said(BUYER, "没有手机", "撤回书1")).await;
    assert!(early.html.contains("还没有确认参加"), "{}", early.html);
    assert_eq!(town.view(filed).await.row.state, "submitted", "nothing happened so far");
    let done = act(&mut clerk, &path, &said(SELLER, "没有手机", "撤回书1")).await;
    assert!(done.status.is_redirection(), "{}", done.html);
    let view = town.view(filed).await;
    assert_eq!(view.row.state, "withdrawn");
    let words: Vec<&str> = view.events.iter().map(|e| e.event.word()).collect();
    let said = words.iter().position(|w| *w == "said_at_window").unwrap();
    assert_eq!(words[said + 1], "withdrawn", "{words:?}");
    let witness = view.events[said].event.witness().unwrap();
    assert_eq!((witness.ground.as_str(), witness.reference.as_deref()), ("没有手机", Some("撤回书1")));
    let page = clerk.get(&path).await;
    assert!(page.html.contains("当事人到窗口办理") && page.html.contains("撤回书1"), "{}", page.html);
    town.replay().await;
});

harness::both!(what_was_asked_for_is_brought_to_the_window, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let matter = town.sold("k").await;
    let filed = trade(&matter);
    let (path, page_of) =
        (format!("/desk/cases/{}", filed.number), format!("/desk/cases/{}/supplement", filed.number));
    let mut clerk = town.browser("housing-window").await;
    assert_eq!(clerk.get(&page_of).await.status, 409, "nothing was asked for");
    let asked = [("verb", "ask_supplement"), ("ask_supplement.say.trade_price", "与合同不符")];
    let asked = act(&mut clerk, &path, &asked).await;
    assert!(asked.status.is_redirection(), "{}", asked.html);
    let page = clerk.get(&path).await;
    assert!(page.html.contains(&page_of) && page.html.contains("当事人到窗口补正"), "{}", page.html);
    assert!(!town.browser("housing-clerk").await.get(&path).await.html.contains(&page_of), "a clerk's to do");
    let page = clerk.get(&page_of).await;
    assert!(page.html.contains("与合同不符") && page.html.contains("name=\"trade_price\""), "{}", page.html);
    assert!(!page.html.contains("name=\"trade_handover\""), "only what was asked for: {}", page.html);
    let before = town.view(filed).await.case.answers.clone();
    let sent = |number: &'static str, reference: &'static str| {
        vec![
            ("trade_price", "2580000"),
            ("trade_handover", "2030-01-01"),
            ("citizen_id", number),
            ("ground", "不会上网"),
            ("reference", reference),
        ]
    };
    let wrong = clerk.submit(&page_of, &page_of, &sent(BUYER, "补正书1")).await;
    assert!(wrong.status == 422 && wrong.html.contains("补正由提交申请的人办理"), "{}", wrong.html);
    let unsigned = clerk.submit(&page_of, &page_of, &sent(SELLER, "")).await;
    assert!(unsigned.status == 422 && unsigned.html.contains("id=\"f-signed-error\""), "{}", unsigned.html);
    assert!(unsigned.html.contains("2580000") && unsigned.html.contains("不会上网"), "what was typed stays");
    let done = clerk.submit(&page_of, &page_of, &sent(SELLER, "补正书1")).await;
    assert!(done.status.is_redirection() && done.to.starts_with(&path), "{} {}", done.status, done.html);
    let view = town.view(filed).await;
    assert_eq!(view.row.state, "submitted");
    assert_eq!(view.case.answers["trade_price"], 258_000_000, "in fen");
    assert_eq!(
        view.case.answers["trade_handover"], before["trade_handover"],
        "what was not asked for stays as filed"
    );
    let supplied =
        view.events.iter().position(|e| matches!(e.event, CaseEvent::Supplemented { .. })).unwrap();
    assert_eq!(view.events[supplied - 1].event.word(), "said_at_window");
    town.replay().await;
});

harness::both!(what_no_register_holds_is_stated_before_it_is_certified, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let firm = town.firm().await;
    let mut trip = town.trip(&firm).await;
    // A driver whom the register does not hold.
    trip.insert("driver".to_owned(), json!("999999198603121026"));
    let filed = town.file(&firm, "k", STICKER, trip).await;
    let path = format!("/desk/cases/{}", filed.number);
    let mut examiner = town.browser("examiner").await;
    let page = examiner.get(&path).await;
    assert!(page.html.contains("登记系统中没有"), "{}", page.html);
    // What the program could not check a person checks; the certificate still has nobody's name to say.
    let checked = act(&mut examiner, &path, &[("verb", "approve")]).await;
    assert!(checked.status.is_redirection(), "{}", checked.html);
    let early = act(&mut examiner, &path, &[("verb", "approve")]).await;
    assert_eq!(early.status, 409, "{}", early.html);
    assert!(early.html.contains("没有查到证照上要写的内容"), "{}", early.html);
    let unknown = [
        ("verb", "settle_dispute"),
        ("settle_dispute.path", "vehicle.seats"),
        ("settle_dispute.upheld", "yes"),
        ("settle_dispute.value", "99"),
        ("settle_dispute.text", "看过"),
    ];
    let held = act(&mut examiner, &path, &unknown).await;
    assert!(held.status.is_client_error(), "what a register holds is not stated anew: {}", held.html);
    let view = town.view(&filed).await;
    for path_of in cases::rules::lacking(&view.case, &view.item.item, town.t.clock.now()) {
        let stated = [
            ("verb", "settle_dispute"),
            ("settle_dispute.path", path_of.as_str()),
            ("settle_dispute.upheld", "yes"),
            ("settle_dispute.value", "周建国"),
            ("settle_dispute.text", "看过从业资格证原件"),
        ];
        let done = act(&mut examiner, &path, &stated).await;
        assert!(done.status.is_redirection(), "{path_of}: {}", done.html);
    }
    let done = act(&mut examiner, &path, &[("verb", "approve")]).await;
    assert!(done.status.is_redirection(), "{}", done.html);
    let view = town.view(&filed).await;
    assert_eq!(view.row.outcome.as_deref(), Some("approved"));
    let certificate =
        certificates::get(&town.house.ground.store, view.case.certificates[0]).await.unwrap().unwrap();
    assert!(certificate.fields.iter().any(|f| f.value == "周建国"), "{:?}", certificate.fields);
});
