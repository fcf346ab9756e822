//! Whoever only takes a step sees what that step needs, and is never told to approve what still waits for somebody else.

use crate::common::{ROOMS, Town};
use cases::{ApplicantAct, CaseView, FiledMatter};
use kernel::FileId;

/// The case whose item's name holds these words, whole.
async fn case(town: &Town, filed: &FiledMatter, words: &str) -> CaseView {
    let found = filed.cases.iter().find(|c| c.item_name.zh.contains(words));
    town.view(found.unwrap_or_else(|| panic!("{words}: {filed:#?}"))).await
}

fn file_of(view: &CaseView, field: &str) -> FileId {
    view.case.answers[field][0]["file"].as_str().unwrap().parse().unwrap()
}

/// The buyer confirms every case of the sale: before that nobody examines anything.
async fn confirmed(town: &Town, filed: &FiledMatter) {
    let buyer = town.applicant("buyer").await;
    for case in &filed.cases {
        let done: Result<cases::OutcomeDone, kernel::Failure> =
            store::command!(town.house.ground, kernel::Lang::ZhCn, buyer.actor_ref(), |cx| {
                cases::ask(
                    &mut cx,
                    &town.house,
                    &buyer,
                    &case.number,
                    ApplicantAct::Confirm { paper: false },
                    None,
                )
                .await
            });
        done.unwrap_or_else(|why| panic!("{why:#?}"));
    }
    town.settle().await;
}

harness::both!(whoever_only_looks_at_a_marriage_does_not_learn_the_price, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = town.sold("k").await;
    confirmed(&town, &filed).await;
    let trade = case(&town, &filed, "交易").await;
    let path = format!("/desk/cases/{}", trade.row.number);
    let price = page::format::money(trade.case.answers["trade_price"].as_i64().unwrap());
    let (consent, contract) = (file_of(&trade, "consent_file"), file_of(&trade, "contract_file"));
    let mut marriage = town.browser("marriage").await;
    let page = marriage.get(&path).await;
    assert!(page.status.is_success(), "{}", page.html);
    for shown in ["许静怡", "沈浩", "只显示您办理的环节", &consent.to_string()] {
        assert!(page.html.contains(shown), "{shown} is missing: {}", page.html);
    }
    for hidden in [price.as_str(), &contract.to_string(), "13900000071", "999999198405127021", "示范路9号3幢"]
    {
        assert!(!page.html.contains(hidden), "{hidden} is not for these eyes: {}", page.html);
    }
    assert!(marriage.get(&format!("{path}/files/{consent}")).await.status.is_success());
    assert_eq!(marriage.get(&format!("{path}/files/{contract}")).await.status.as_u16(), 404);
    let whole = town.browser("housing-clerk").await.get(&path).await;
    assert!(whole.html.contains(&price) && !whole.html.contains("只显示您办理的环节"), "{}", whole.html);
    let examiner = town.session("marriage").await.examiner().unwrap();
    let scope = cases::Scope::from(&examiner);
    let store = &town.house.ground.store;
    let trace = cases::trace_of(store, &trade.row.number, &scope).await.unwrap();
    assert!(!trace.contains("260000000") && trace::verify(&trace).is_ok(), "{trace}");
});

harness::both!(nobody_is_told_to_approve_what_waits, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = town.sold("k").await;
    confirmed(&town, &filed).await;
    // The registration waits for what the trade and the taxes bring.
    let waits = case(&town, &filed, "登记").await;
    let path = format!("/desk/cases/{}", waits.row.number);
    let page = town.browser("land").await.get(&path).await;
    assert!(page.html.contains("请审查您负责的部分"), "{}", page.html);
    assert!(!page.html.contains("建议核对材料后同意"), "{}", page.html);
    let mut english = town.browser("land").await.with_cookie("yimen_lang", "en");
    assert!(english.get(&path).await.html.contains("Examine your part"));
    let sticker = town.filed("alone").await;
    let page = town.browser("examiner").await.get(&format!("/desk/cases/{}", sticker.number)).await;
    assert!(
        page.html.contains("建议核对材料后同意"),
        "what waits for nobody is advised as before: {}",
        page.html
    );
});
