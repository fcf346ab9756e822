//! The word of a party who stands at the window, as a clerk writes it down: offered while it is awaited, refused at its field, kept with
//! the paper that was signed; and both sides at once as the application is filed.

use crate::common::{ROOMS, Town, act};
use harness::browser::Chosen;

const SELLER: &str = "999999198405127021";
const BUYER: &str = "999999199203187055";
const PDF: &[u8] = b"%PDF-1.4\nstartxref\n9\n%%EOF\n";

harness::both!(the_word_of_the_buyer_is_written_down_on_the_desk, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = town.sold("k").await;
    let trade = filed.cases.iter().find(|c| c.item_name.zh.contains("交易")).unwrap();
    let path = format!("/desk/cases/{}", trade.number);
    let mut clerk = town.browser("housing-window").await;
    let page = clerk.get(&path).await;
    assert!(page.html.contains("value=\"confirm_party\"") && !page.html.contains(BUYER), "{}", page.html);
    let mut examiner = town.browser("housing-clerk").await;
    assert!(!examiner.get(&path).await.html.contains("value=\"confirm_party\""), "a clerk's to do");
    let empty = act(&mut clerk, &path, &[("verb", "confirm_party")]).await;
    assert_eq!(empty.status.as_u16(), 422, "{}", empty.html);
    for field in ["role", "citizen-id", "ground"] {
        assert!(
            empty.html.contains(&format!("id=\"f-confirm-party-{field}-error\"")),
            "{field}: {}",
            empty.html
        );
    }
    let said = |number: &'static str| {
        vec![
            ("verb", "confirm_party"),
            ("confirm_party.role", "buyer"),
            ("confirm_party.citizen_id", number),
            ("confirm_party.ground", "没有智能手机"),
        ]
    };
    let unsigned = act(&mut clerk, &path, &said(BUYER)).await;
    assert!(unsigned.html.contains("id=\"f-confirm-party-paper-error\""), "{}", unsigned.html);
    let page = clerk.get(&path).await;
    let (csrf, rev) = (page.csrf(), page.hidden("rev").unwrap());
    let base = [("_csrf", csrf.as_str()), ("rev", rev.as_str())];
    let signed = Chosen { field: "confirm_party.paper", name: "确认书.pdf", bytes: PDF };
    let all = [base.to_vec(), said(SELLER)].concat();
    let wrong = clerk.post_files(&format!("{path}/acts"), &all, &[signed]).await;
    assert!(wrong.html.contains("id=\"f-confirm-party-citizen-id-error\""), "{}", wrong.html);
    let kept = wrong.hidden("confirm_party.paper.kept").expect("the paper is not chosen twice");
    let all = [base.to_vec(), said(BUYER), vec![("confirm_party.paper.kept", kept.as_str())]].concat();
    let done = clerk.post_files(&format!("{path}/acts"), &all, &[]).await;
    assert!(done.to.starts_with(&path), "{}", done.html);
    let page = clerk.get(&path).await;
    let file = format!("{path}/files/{kept}");
    assert!(page.html.contains("在窗口确认") && page.html.contains(&file), "{}", page.html);
    assert!(!page.html.contains("value=\"confirm_party\""), "said once: {}", page.html);
    assert_eq!(clerk.get(&file).await.bytes.as_ref(), PDF);
    let english = clerk.get(&format!("{path}?lang=en")).await;
    assert!(
        english.html.contains("at the window") && english.html.contains("Recorded by staff member"),
        "{}",
        english.html
    );
    for case in &filed.cases {
        let view = town.view(case).await;
        assert!(view.case.parties.iter().all(|p| p.confirmed_at.is_some()), "{}", case.item_name.zh);
    }
    town.replay().await;
});

harness::both!(both_sides_stand_at_the_window, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk").await;
    let at = clerk.submit("/desk/window", "/desk/window", &[("citizen_id", SELLER)]).await.to;
    let form = clerk.submit(&at, &at, &[("pick", "item:house-trade")]).await.to;
    let page = clerk.get(&form).await;
    assert!(page.html.contains("name=\"present.buyer\""), "the buyer may stand here too: {}", page.html);
    let fields = |number: &'static str, paper: &'static str| {
        vec![
            ("mortgage", "no"),
            ("seller_name", "许静怡"),
            ("seller_citizen_id", SELLER),
            ("seller_phone", "13900000071"),
            ("buyer_name", "林子豪"),
            ("buyer_citizen_id", BUYER),
            ("buyer_phone", "13900000073"),
            ("house_title_no", "苏(2018)宁玄不动产权第9999101号"),
            ("trade_price", "2600000"),
            ("trade_contract_date", "2026-11-18"),
            ("trade_payment", "once"),
            ("trade_handover", "2026-12-31"),
            ("trade_declared", "yes"),
            ("present.buyer", number),
            ("present_ground", "与出卖人一同到场"),
            ("present_paper", paper),
        ]
    };
    let files = [
        Chosen { field: "contract_file", name: "合同.pdf", bytes: PDF },
        Chosen { field: "consent_file", name: "同意书.pdf", bytes: PDF },
    ];
    let send = async |clerk: &mut harness::Browser, fields: Vec<(&str, &str)>, files: &[Chosen<'_>]| {
        let page = clerk.get(&form).await;
        let (csrf, rev) = (page.csrf(), page.hidden("rev").unwrap());
        let all = [vec![("_csrf", csrf.as_str()), ("rev", rev.as_str())], fields].concat();
        clerk.post_files(&form, &all, files).await
    };
    let wrong = send(&mut clerk, fields(SELLER, "确认书1"), &files).await;
    assert!(wrong.html.contains("id=\"f-present-buyer-error\""), "{}", wrong.html);
    let unsigned = send(&mut clerk, fields(BUYER, ""), &[]).await;
    assert!(unsigned.html.contains("id=\"f-present-paper-error\""), "{}", unsigned.html);
    let filed = send(&mut clerk, fields(BUYER, "确认书1"), &[]).await;
    assert_eq!(filed.to, format!("{at}/receipt?print"), "{}", filed.html);
    let buyer = town.applicant("buyer").await;
    let rows = cases::my_cases(&town.house.ground.store, &buyer, None, 9).await.unwrap().rows;
    let view =
        cases::view(&town.house.ground.store, &rows[0].number, &cases::Scope::program()).await.unwrap();
    assert!(view.case.parties.iter().all(|p| p.confirmed_at.is_some()), "{:?}", view.case.parties);
    town.replay().await;
});
