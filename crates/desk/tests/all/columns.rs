//! Fields of a form as columns of the inbox: within one item, few at once, kept in a view, masked, cut to what a step needs.

use crate::common::{ROOMS, STICKER, Town, act};
use cases::ApplicantAct;

harness::both!(a_form_field_is_a_column_of_the_inbox_its_view_and_its_file, ROOMS, |t| async move {
    let town = Town::new(t).await;
    town.filed("a").await;
    let mut browser = town.browser("examiner").await;
    let hint = browser.get("/desk?all=1").await;
    assert!(hint.html.contains("先在上面选择一个事项"), "{}", hint.html);
    let item = format!("/desk?item={STICKER}");
    let offered = browser.get(&item).await;
    assert!(offered.html.contains("name=\"field\" value=\"contract_no\""), "{}", offered.html);
    assert!(!offered.html.contains("value=\"contract_file\""), "a file says nothing in a table");
    assert!(!offered.html.contains("JL-2026-1126"), "nothing is opened before it is asked for");
    let chosen = format!("item={STICKER}&field=contract_no&field=driver&field=from&fields_of={STICKER}");
    let shown = browser.get(&format!("/desk?{chosen}")).await;
    assert!(shown.status.is_success(), "{}", shown.html);
    assert!(shown.html.contains(">合同编号</th>") && shown.html.contains("JL-2026-1126"), "{}", shown.html);
    assert!(shown.html.contains("南京市"), "printed as the case page prints it: {}", shown.html);
    assert!(!shown.html.contains("99999919790401051X"), "a driver's number is masked");
    // Kept in a view, and told where the choice is none.
    let fields = [("do", "save"), ("query", chosen.as_str()), ("name", "合同"), ("star", "yes")];
    let saved = browser.submit("/desk?all=1", "/desk/views", &fields).await;
    assert_eq!(saved.to, format!("/desk?item={STICKER}&field=contract_no&field=driver&field=from"));
    assert!(browser.get("/desk").await.html.contains("JL-2026-1126"), "the start view has its columns");
    let file = browser.get(&format!("/desk/file?{chosen}&col=number")).await;
    assert!(file.html.contains("合同编号") && file.html.contains("JL-2026-1126"), "{}", file.html);
    assert!(!file.html.contains("99999919790401051X"), "{}", file.html);
    let many =
        ["from", "to", "via", "starts", "ends", "plate", "driver"].map(|f| format!("&field={f}")).concat();
    for (query, part) in [
        (format!("item={STICKER}&field=nonsense"), "“nonsense”"),
        (format!("item={STICKER}&field=contract_file"), "“contract_file”"),
        ("field=contract_no".to_owned(), "先选择一个事项"),
        (format!("item={STICKER}{many}"), "最多选6个"),
    ] {
        let page = browser.get(&format!("/desk?{query}")).await;
        assert_eq!(page.status.as_u16(), 422, "{query}");
        assert!(page.html.contains(part) && !page.html.contains("JL-2026"), "{query}: {}", page.html);
        let file = browser.get(&format!("/desk/file?{query}")).await;
        assert_eq!(file.status.as_u16(), 422, "{query}: {}", file.html);
        let wrong = [("do", "save"), ("query", query.as_str()), ("name", "不行")];
        let kept = browser.submit("/desk?all=1", "/desk/views", &wrong).await;
        assert_eq!(kept.status.as_u16(), 422, "{query}");
    }
    // Ticks that stood beside another item fall away with it.
    let other = browser.get(&format!("/desk?item={STICKER}&field=trade_price&fields_of=house-trade")).await;
    assert!(other.status.is_success(), "{}", other.html);
    let mut english = browser.clone().with_cookie("yimen_lang", "en");
    let page = english.get(&format!("/desk?item={STICKER}&field=nonsense")).await;
    assert!(page.html.contains("has no field `nonsense`"), "{}", page.html);
});

harness::both!(a_column_holds_what_the_step_needs_and_is_a_look, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = town.sold("k").await;
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
    let trade = filed.cases.iter().find(|c| c.item_name.zh.contains("交易")).unwrap();
    let view = town.view(trade).await;
    let price = page::format::money(view.case.answers["trade_price"].as_i64().unwrap());
    let path = "/desk?item=house-trade&field=trade_price";
    let mut marriage = town.browser("marriage").await;
    let offered = marriage.get("/desk?item=house-trade").await;
    assert!(offered.html.contains("name=\"field\""), "{}", offered.html);
    assert!(!offered.html.contains("value=\"trade_price\""), "{}", offered.html);
    let page = marriage.get(path).await;
    assert!(page.status.is_success() && !page.html.contains(&price), "{}", page.html);
    let csv = marriage.get("/desk/file?item=house-trade&field=trade_price").await;
    assert!(csv.status.is_success() && !csv.html.contains(&price), "{}", csv.html);
    let done = act(&mut marriage, &format!("/desk/cases/{}", trade.number), &[("verb", "approve")]).await;
    assert!(done.status.is_redirection(), "{}", done.html);
    let store = &town.house.ground.store;
    let before = trace::looks_of(store, buyer.person(), None, 50).await.unwrap().len();
    let whole = town.browser("housing-clerk").await.get(path).await;
    assert!(whole.html.contains(&price), "{}", whole.html);
    let after = trace::looks_of(store, buyer.person(), None, 50).await.unwrap();
    assert_eq!(after.len(), before + 1, "who takes part sees that it was looked at");
    let number = view.row.number.to_string();
    let price = |l: &trace::LookRow| l.fields.iter().any(|f| f == "trade.price");
    assert!(after.iter().any(|l| l.purpose.case.as_ref() == Some(&number) && price(l)), "{after:?}");
});
