//! From the ticket to its outcome at one window: the card on the reader begins, the registers answer, both sides sign one sheet, what was
//! filed is the outcome. Whoever is not known is registered; whoever lacks something goes with one complete notice.

use crate::common::{PNG, ROOMS, Town};
use crate::window::{send, take};
use harness::Browser;
use harness::browser::{Chosen, Page};
use kernel::SubjectId;
use serde_json::{Value, json};

const HALLS: &str = include_str!("../../../../packs/demo/halls.csv");
const SELLER: &str = "999999198405127021";
const BUYER: &str = "999999199203187055";
/// Known to nobody here.
const STRANGER: &str = "999999194803120441";
/// A flat that the register holds as mortgaged.
const MORTGAGED: &str = "苏(2016)宁鼓不动产权第9999001号";

/// A clerk on duty at window 2, whose reader is paired; the reader's address.
async fn on_duty(town: &Town) -> (Browser, String) {
    assert!(hall::import(&town.t.ground, HALLS, false).await.unwrap().bad.is_empty());
    let mut clerk = town.browser("clerk").await;
    let begun = clerk.submit("/desk/hall", "/desk/hall/duty", &[("window", "nanjing-public/2")]).await;
    assert!(begun.status.is_redirection(), "{}", begun.html);
    let shown = clerk.submit("/desk/hall", "/desk/hall/tablet", &[]).await;
    let code = shown.html.split("yimen reader --pair ").nth(1).unwrap().split('，').next().unwrap();
    let (status, told) = clerk.tell("/readers", &json!({ "code": code })).await;
    assert!(status.is_success(), "{told}");
    (clerk, format!("/readers/{}", told["reader"].as_str().unwrap()))
}

/// Somebody takes a ticket and is called.
async fn called(clerk: &mut Browser) {
    let page = clerk.get("/desk/hall").await;
    let (csrf, token) = (page.csrf(), page.hidden("token").unwrap());
    let fields = [("_csrf", csrf.as_str()), ("token", token.as_str()), ("letter", "A")];
    let taken = clerk.post("/desk/hall/ticket", &fields).await;
    assert!(taken.to.starts_with("/tickets/"), "{}", taken.html);
    let called = clerk.submit("/desk/hall", "/desk/hall/act", &[("act", "call")]).await;
    assert!(called.status.is_redirection(), "{}", called.html);
}

fn card(name: &str, number: &str) -> Value {
    json!({"name": name, "number": number, "address": "示范路9号3幢1204室", "issuer": "示范市公安局", "from": "2019-05-12"})
}

/// A card is put on the reader, and the page takes it.
async fn begins(clerk: &mut Browser, reader: &str, card: &Value) -> Page {
    assert!(clerk.tell(reader, card).await.0.is_success());
    clerk.submit("/desk/hall", "/desk/window", &[("_card", "yes"), ("_since", "0")]).await
}

fn sale() -> Vec<(&'static str, &'static str)> {
    vec![
        ("house_title_no", "苏(2018)宁玄不动产权第9999101号"),
        ("only_home", "yes"),
        ("buyer_home", "first"),
        ("trade_price", "2600000"),
        ("trade_contract_date", "2026-11-18"),
        ("trade_payment", "once"),
        ("trade_handover", "2026-12-31"),
        ("registration_sharing", "sole"),
    ]
}

/// Which answer of a question is ticked.
fn ticked(page: &Page, name: &str) -> Option<String> {
    let inputs = page.html.split("<input").filter(|i| i.contains(&format!("name=\"{name}\"")));
    let on = inputs.map(|i| i.split('>').next().unwrap()).find(|i| i.contains(" checked"))?;
    Some(on.split("value=\"").nth(1)?.split('"').next()?.to_owned())
}

harness::both!(a_sale_for_two_from_two_cards_and_one_sheet, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (mut clerk, reader) = on_duty(&town).await;
    called(&mut clerk).await;
    let begun = begins(&mut clerk, &reader, &card("许静怡", SELLER)).await;
    assert!(begun.to.starts_with("/desk/window/"), "{}", begun.html);
    let at = begun.to;
    assert!(clerk.get("/desk/hall").await.html.contains("办理中"), "serving has begun with the card");
    let chosen = clerk.get(&at).await;
    assert!(chosen.html.contains("theme:stock-house@seller"), "which side they are: {}", chosen.html);
    let form = take(&mut clerk, &at, "theme:stock-house@seller").await;
    let page = clerk.get(&form).await;
    assert!(page.html.contains("许静怡"), "the seller's own data stand there: {}", page.html);
    // The buyer's card, with what was typed so far.
    assert!(clerk.tell(&reader, &card("林子豪", BUYER)).await.0.is_success());
    let mut with_card = sale();
    with_card.extend([("_card", "next"), ("_since", "0")]);
    let read = send(&mut clerk, &form, &with_card, &[]).await;
    assert!(read.html.contains("已读卡") && read.html.contains("林子豪"), "{}: {}", read.status, read.html);
    // What registers know of the flat and of both who stand there was not asked.
    assert_eq!(ticked(&read, "mortgage").as_deref(), Some("no"), "{}", read.html);
    assert_eq!(ticked(&read, "buyer_married").as_deref(), Some("yes"), "{}", read.html);
    // Asked about another flat, the registers' answer goes with it; what a person chose would stay.
    let mut other = sale();
    other[0].1 = MORTGAGED;
    other.extend([("mortgage", "no"), ("_add", "")]);
    let anew = send(&mut clerk, &form, &other, &[]).await;
    assert_eq!(ticked(&anew, "mortgage").as_deref(), Some("yes"), "{}: {}", anew.status, anew.html);
    let mut chosen = sale();
    chosen[0].1 = MORTGAGED;
    chosen.extend([("mortgage", "no"), ("_add", "")]);
    let kept = send(&mut clerk, &form, &chosen, &[]).await;
    assert_eq!(ticked(&kept, "mortgage").as_deref(), Some("no"), "{}: {}", kept.status, kept.html);
    let files = [
        Chosen { field: "_files", name: "扫描1.png", bytes: PNG },
        Chosen { field: "_files", name: "权属证书.png", bytes: PNG },
        Chosen { field: "_files", name: "扫描2.png", bytes: PNG },
    ];
    let mut signing = sale();
    signing.extend([("mortgage", "no"), ("buyer_married", "yes"), ("_sheet", "yes")]);
    signing.extend([("seller_name", "许静怡"), ("buyer_name", "林子豪"), ("buyer_citizen_id", BUYER)]);
    signing.extend([("present.buyer", BUYER), ("present_ground", "本人到窗口，读卡核验身份")]);
    let to_sign = send(&mut clerk, &form, &signing, &files).await;
    assert_eq!(to_sign.to, format!("{at}/sheet?print"), "{}", to_sign.html);
    let sheet = clerk.get(&to_sign.to).await;
    for text in
        ["许静怡", "林子豪", "双方自愿交易", "签名", "存量房买卖合同", "原房屋权属证书", "data-print-now"]
    {
        assert!(sheet.html.contains(text), "{text}: {}", sheet.html);
    }
    let sheet_at = format!("{at}/sheet");
    // What was changed after it was printed is not what was signed.
    let rev = sheet.hidden("rev").unwrap();
    let stale = (rev.parse::<i64>().unwrap() - 1).to_string();
    let changed = clerk.submit(&sheet_at, &sheet_at, &[("originals", "compared"), ("rev", &stale)]).await;
    assert!(
        changed.status.as_u16() == 409 && changed.html.contains("打印之后内容又改过"),
        "{}",
        changed.html
    );
    let filed = clerk.submit(&sheet_at, &sheet_at, &[("originals", "compared"), ("rev", &rev)]).await;
    assert_eq!(filed.to, format!("{at}/receipt?print"), "{}", filed.html);
    let receipt = clerk.get(&filed.to).await;
    assert!(
        receipt.html.contains("办结，叫下一位") && receipt.html.contains("已核对原件"),
        "{}",
        receipt.html
    );
    let end = format!("{at}/end");
    let ended = clerk.submit(&filed.to, &end, &[("next", "yes")]).await;
    assert_eq!(ended.to, "/desk/hall", "{}", ended.html);
    assert!(clerk.get("/desk/hall").await.html.contains("叫下一位"), "the ticket has its outcome");
    // Both have given their word, on the sheet that was printed.
    let buyer = town.applicant("buyer").await;
    let filed = cases::my_cases(&town.t.store, &buyer, None, 9).await.unwrap();
    let view = cases::view(&town.t.store, &filed.rows[0].number, &cases::Scope::program()).await.unwrap();
    assert!(
        format!("{:?}", view.events).contains("\"S-"),
        "the sheet's number stands behind the buyer's word"
    );
    // The next time the clerk sees what runs for the seller, and what was handed in and may be used again.
    let again = clerk.submit("/desk/window", "/desk/window", &[("citizen_id", SELLER)]).await;
    let seen = clerk.get(&again.to).await;
    for text in [filed.rows[0].number.to_string().as_str(), "存量房买卖合同", "已核对原件"] {
        assert!(seen.html.contains(text), "{text}: {}", seen.html);
    }
    let looks = trace::looks_of(&town.t.store, buyer.person(), None, 50).await.unwrap();
    assert!(!looks.is_empty(), "reading the card is a look the buyer sees");
});

harness::both!(a_stranger_is_registered_and_goes_with_one_complete_notice, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (mut clerk, reader) = on_duty(&town).await;
    called(&mut clerk).await;
    // Typed: a number that nobody has is registered on the same page, with the document that was seen.
    let unknown = clerk.submit("/desk/window", "/desk/window", &[("citizen_id", STRANGER)]).await;
    assert!(
        unknown.status.as_u16() == 422 && unknown.html.contains("name=\"_register\""),
        "{}",
        unknown.html
    );
    for (fields, said) in [
        (vec![("name", "赵桂芳")], "请选择看了什么证件"),
        (vec![("name", " "), ("document", "户口簿")], "请照证件填写姓名"),
        (vec![("name", "赵桂芳"), ("document", "户口簿"), ("phone", "123")], "11位数字"),
    ] {
        let mut all = vec![("citizen_id", STRANGER), ("_register", "yes")];
        all.extend(fields);
        let no = clerk.submit("/desk/window", "/desk/window", &all).await;
        assert!(no.status.as_u16() == 422 && no.html.contains(said), "{said}: {}", no.html);
        assert!(no.html.contains(STRANGER), "what was typed stays");
    }
    assert_eq!(
        identity::person_by_citizen_id(&town.t.store, STRANGER).await.unwrap(),
        None,
        "nothing half-written"
    );
    // Typed wrongly once, the card puts the name right; a name that an account stands on is not changed in passing.
    let typed = [("citizen_id", STRANGER), ("_register", "yes"), ("name", "赵贵方"), ("document", "户口簿")];
    let begun = clerk.submit("/desk/window", "/desk/window", &typed).await;
    assert!(begun.to.starts_with("/desk/window/"), "{}", begun.html);
    let differs = begins(&mut clerk, &reader, &card("许静怡怡", SELLER)).await;
    assert!(differs.status.as_u16() == 409 && differs.html.contains("不一致"), "{}", differs.html);
    let begun = begins(&mut clerk, &reader, &card("赵桂芳", STRANGER)).await;
    assert!(begun.to.starts_with("/desk/window/"), "{}", begun.html);
    let person = identity::person_by_citizen_id(&town.t.store, STRANGER).await.unwrap().expect("registered");
    let profile = identity::profile(&town.t.store, SubjectId::Person(person)).await.unwrap().unwrap();
    assert_eq!((profile.name.as_str(), profile.phone_masked), ("赵桂芳", None));
    let at = begun.to;
    let form = take(&mut clerk, &at, "item:house-trade").await;
    let plan = clerk.get(&format!("{at}/plan")).await;
    assert!(plan.html.contains("要带的材料") && plan.html.contains("存量房买卖合同"), "{}", plan.html);
    let missing = format!("{at}/missing");
    let list = clerk.get(&missing).await;
    assert!(
        list.html.contains("存量房买卖合同") && clerk.get(&form).await.html.contains(&missing),
        "{}",
        list.html
    );
    let empty = clerk.submit(&missing, &missing, &[("matter", "x"), ("lines", "  ")]).await;
    assert_eq!(empty.status.as_u16(), 422, "{}", empty.html);
    let given =
        clerk.submit(&missing, &missing, &[("matter", "x"), ("lines", "存量房买卖合同（原件）")]).await;
    assert!(given.to.starts_with("/desk/hall/notices/"), "{}", given.html);
    let notice = clerk.get(&given.to).await;
    assert!(notice.html.contains("存量房买卖合同（原件）"), "{}", notice.html);
    // The next time the clerk sees what was asked for before, though nobody has left a telephone.
    called(&mut clerk).await;
    let again = begins(&mut clerk, &reader, &card("赵桂芳", STRANGER)).await;
    let form = take(&mut clerk, &again.to, "item:house-trade").await;
    let number = given.to.rsplit('/').next().unwrap();
    assert!(clerk.get(&form).await.html.contains(number), "the notice is remembered");
    let end = clerk.submit(&form, &format!("{}/end", again.to), &[]).await;
    assert_eq!(end.status.as_u16(), 409, "nothing was filed: {}", end.html);
});
