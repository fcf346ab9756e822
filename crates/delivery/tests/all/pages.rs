//! The pages as recipient, clerk and strangers meet them.

use crate::town::{CASE, ROOMS, Town, paper, token};
use delivery::State;
use delivery::stand_in::Mood;
use delivery::verbs;
use harness::Browser;
use harness::browser::Page;
use http::StatusCode;

pub async fn browser(town: &Town, account: &str) -> Browser {
    let house = &town.room.house;
    let app = page::layer(identity::layer(page::inner(delivery::routes(town.room.clone())), house), house);
    let browser = Browser::new(app);
    if account.is_empty() {
        return browser;
    }
    browser.with_cookie("yimen_session", &token(&town.t, account).await)
}

fn holds(page: &Page, words: &[&str]) {
    for word in words {
        assert!(page.html.contains(word), "{word} is missing: {}", page.html);
    }
}

harness::both!(a_recipient_writes_an_address_chooses_and_follows, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    town.matter("m1", &[paper("A", false)], true);
    let mut me = browser(&town, "citizen").await;
    holds(&me.get("/space/deliveries").await, &["还没有快件"]);
    let start = format!("/space/deliveries/case/{CASE}");
    holds(&me.get(&start).await, &["只要电子结果", "市民中心", "先添加一个地址"]);
    let bad = me
        .submit(
            "/space/addresses",
            "/space/addresses",
            &[("street", "x"), ("recipient", "王"), ("phone", "12")],
        )
        .await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&bad, &["请选择所在的县", "value=\"王\"", "f-phone-error"]);
    let fields = [
        ("division", "320102"),
        ("street", "示范路1号2幢301室"),
        ("recipient", "王秀英"),
        ("phone", "13900000001"),
    ];
    let added = me.submit("/space/addresses", "/space/addresses", &fields).await;
    assert_eq!(added.to, "/space/addresses");
    holds(&me.get("/space/addresses").await, &["南京市玄武区示范路1号2幢301室", "139****0001", "常用"]);
    let page = me.get(&start).await;
    holds(&page, &["资费 ¥8.00"]);
    let address =
        verbs::entries(&town.t.store, &town.me, kernel::Lang::ZhCn).await.unwrap()[0].id.to_string();
    let none = me.submit(&start, &start, &[("how", "courier")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&none, &["请选择收件地址"]);
    let chosen = me.submit(&start, &start, &[("how", "courier"), ("address", &address)]).await;
    let at = chosen.to.clone();
    assert!(at.starts_with("/space/deliveries/"), "{at}");
    holds(&me.get(&at).await, &["待封装", "材料已经齐了", "不动产权证书", "选择：快递到地址"]);
    assert_eq!(me.get(&start).await.to, at, "the same matter leads to its parcel");
    holds(&me.get(&format!("{at}?lang=en")).await, &["To be packed", "Title"]);
    for stranger in ["citizen2", ""] {
        let page = browser(&town, stranger).await.get(&at).await;
        assert!(matches!(page.status, StatusCode::NOT_FOUND | StatusCode::SEE_OTHER), "{}", page.status);
    }
    assert_eq!(browser(&town, "citizen2").await.get(&start).await.status, StatusCode::NOT_FOUND);
    let book = format!("/space/addresses/{address}");
    assert_eq!(browser(&town, "citizen2").await.get(&book).await.status, StatusCode::NOT_FOUND);
});

harness::both!(a_clerk_packs_lists_and_hands_over, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    let address = town.address(true).await.to_string();
    let matter = town.matter("m1", &[paper("A", false), paper("B", false)], true);
    let id = town.start(&matter, "courier", &address).await.unwrap();
    let mut clerk = browser(&town, "clerk").await;
    let (list, at) = (clerk.get("/desk/parcels").await, format!("/desk/parcels/{id}"));
    holds(&list, &[&at, "王*英"]);
    assert!(!list.html.contains("王秀英") && !list.html.contains("示范路"), "lists are masked");
    let act = format!("{at}/act");
    let missing = clerk.submit(&at, &act, &[("act", "pack"), ("paper", "A")]).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&missing, &["还缺：《不动产权证书》（B）", "value=\"A\" checked"]);
    let packed = clerk.submit(&at, &act, &[("act", "pack"), ("paper", "A"), ("scan", "B\n")]).await;
    assert_eq!((packed.to.as_str(), town.parcel(id).await.state()), (at.as_str(), State::Packed));
    let begun = clerk.submit("/desk/handovers", "/desk/handovers", &[]).await;
    let label = town.parcel(id).await.begun.number;
    let numbers = format!("{label}\nK20260000000");
    let scanned = clerk.submit(&begun.to, &begun.to, &[("act", "scan"), ("numbers", &numbers)]).await;
    assert_eq!(scanned.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&scanned, &["1个编号没有列入，其余1个已列入", &label, "K20260000000"]);
    let closed = clerk.submit(&begun.to, &begun.to, &[("act", "close"), ("courier", "李师傅")]).await;
    assert_eq!(closed.to, begun.to);
    holds(&clerk.get(&begun.to).await, &["李师傅", "已签收"]);
    town.rounds_until(id, State::Signed).await;
    let mut me = browser(&town, "citizen").await;
    holds(&me.get(&format!("/space/deliveries/{id}")).await, &["自此时送达", "快递单号SC", "王*英本人签收"]);
    for (account, path) in
        [("examiner", at.as_str()), ("operator", "/desk/parcels"), ("citizen", "/desk/parcels")]
    {
        let page = browser(&town, account).await.get(path).await;
        assert!(
            matches!(page.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN),
            "{account}: {}",
            page.status
        );
    }
});

harness::both!(the_window_writes_down_takes_back_keeps_and_hands_out, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    town.matter("m1", &[paper("A", false)], true);
    let mut clerk = browser(&town, "clerk").await;
    let start = format!("/desk/parcels/case/{CASE}");
    let saved = clerk.submit(&start, &start, &[("how", "electronic")]).await;
    let (at, act) = (saved.to.clone(), format!("{}/act", saved.to));
    let id: delivery::ParcelId = at.rsplit('/').next().unwrap().parse().unwrap();
    let fields = [
        ("act", "write"),
        ("division", "440604"),
        ("street", "示范街8号"),
        ("recipient", "王秀英"),
        ("phone", "13900000001"),
    ];
    assert_eq!(clerk.submit(&at, &act, &fields).await.to, at);
    holds(&clerk.get(&at).await, &["在窗口登记", "禅城区示范街8号"]);
    clerk.submit(&at, &act, &[("act", "pack"), ("paper", "A")]).await;
    let list = town.list().await;
    let label = town.parcel(id).await.begun.number;
    verbs::scan(&town.room, kernel::Lang::ZhCn, &town.clerk, list, &label).await.unwrap();
    town.close(list, "李").await.unwrap();
    let silent = clerk.submit(&at, &act, &[("act", "take-back")]).await;
    holds(&silent, &["请写明理由"]);
    clerk.submit(&at, &act, &[("act", "take-back"), ("reason", "查无此人")]).await;
    holds(&clerk.get("/desk/parcels?list=returned").await, &[&at]);
    let mut me = browser(&town, "citizen").await;
    holds(&me.get(&format!("/space/deliveries/{id}")).await, &["已退回", "查无此人"]);
    clerk.submit(&at, &act, &[("act", "keep")]).await;
    let html = me.get(&format!("/space/deliveries/{id}")).await.html;
    let code = html.split("id=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let wrong = clerk.submit("/desk/collect", "/desk/collect", &[("act", "find"), ("code", "1234")]).await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
    holds(&wrong, &["请核对8位取件码"]);
    let found = clerk.submit("/desk/collect", "/desk/collect", &[("act", "find"), ("code", &code)]).await;
    holds(&found, &["不动产权证书", &label]);
    let unseen = clerk
        .submit("/desk/collect", "/desk/collect", &[("act", "hand-out"), ("code", &code), ("name", "王秀英")])
        .await;
    holds(&unseen, &["请先核验领取人的身份证件"]);
    let done = clerk
        .submit(
            "/desk/collect",
            "/desk/collect",
            &[("act", "hand-out"), ("code", &code), ("name", "王秀英"), ("seen", "yes")],
        )
        .await;
    assert_eq!(done.to, "/desk/collect?done=1");
    assert_eq!(town.parcel(id).await.state(), State::Collected);
});
