//! The pages as people in the hall, at home and at the windows meet them.

use crate::town::{ROOMS, Town};
use harness::Browser;
use harness::browser::Page;
use http::StatusCode;

pub async fn browser(town: &Town, account: &str) -> Browser {
    let house = town.house();
    let routes = hall::routes(house.clone(), hall::Settings::default());
    let app = page::layer(identity::layer(page::inner(routes), &house), &house);
    let browser = Browser::new(app);
    if account.is_empty() {
        browser
    } else {
        browser.with_cookie("yimen_session", &town.token(account).await)
    }
}

pub fn shows(page: &Page, texts: &[&str]) {
    for text in texts {
        assert!(page.html.contains(text), "{text} is missing ({}): {}", page.status, page.html);
    }
}

pub fn between<'a>(html: &'a str, from: &str, to: char) -> &'a str {
    html.split_once(from).unwrap_or_else(|| panic!("no {from}: {html}")).1.split(to).next().unwrap()
}

/// The head of the hall registers a kiosk; its address.
pub async fn kiosk(town: &Town) -> String {
    let mut head = browser(town, "head").await;
    let nameless =
        head.submit("/desk/hall/day", "/desk/hall/day/kiosk", &[("hall", "first"), ("name", "")]).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&nameless, &["#f-name"]);
    let made =
        head.submit("/desk/hall/day", "/desk/hall/day/kiosk", &[("hall", "first"), ("name", "一号机")]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "a reload registers no second one");
    let made = head.get(made.to.split('#').next().unwrap()).await;
    shows(&made, &["取号机已登记", "一号机"]);
    let secret = between(&made.html, "/kiosk/first?k=", '"').to_owned();
    assert!(!head.get("/desk/hall/day").await.html.contains(&secret), "shown once");
    format!("/kiosk/first?k={secret}")
}

/// Takes a ticket at a kiosk; the address of the ticket.
pub async fn take(kiosk: &mut Browser, at: &str, fields: &[(&str, &str)]) -> Page {
    let shown = kiosk.get(at).await;
    let (token, secret) = (shown.hidden("token").unwrap(), shown.hidden("kiosk").unwrap());
    let csrf = shown.csrf();
    let mut all = vec![("_csrf", csrf.as_str()), ("token", token.as_str()), ("kiosk", secret.as_str())];
    all.extend_from_slice(fields);
    kiosk.post(at, &all).await
}

harness::both!(from_the_kiosk_to_the_outcome, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let at = kiosk(&town).await;
    let mut person = browser(&town, "").await;
    assert_eq!(person.get("/kiosk/first?k=guessed").await.status, StatusCode::FORBIDDEN);
    shows(&person.get(&at).await, &["请选择业务", "不动产登记", "暂无窗口办理"]);
    let wrong = take(&mut person, &at, &[("letter", "A"), ("phone", "12")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&wrong, &["#f-phone", "value=\"12\""]);
    let taken =
        take(&mut person, &at, &[("letter", "A"), ("priority", "elder"), ("phone", "13900000001")]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.html);
    let mine = taken.to.split('?').next().unwrap().to_owned();
    shows(
        &person.get(&taken.to).await,
        &["A001", "等候中", &at, "data-print", "data-onward", "20; url=/kiosk/first"],
    );
    shows(&person.get(&mine).await, &["前面还有", "http-equiv=\"refresh\"", &format!("{mine}/live")]);
    // A form that made a ticket never answers with that ticket to the next person.
    let (csrf, secret) = (person.get(&at).await.csrf(), between(&at, "?k=", '&').to_owned());
    let used = mine.strip_prefix("/tickets/").unwrap();
    let fields = [
        ("_csrf", csrf.as_str()),
        ("token", used),
        ("kiosk", &secret),
        ("letter", "A"),
        ("phone", "13800000000"),
    ];
    let next = person.post(&at, &fields).await;
    assert_eq!(next.status, StatusCode::CONFLICT);
    assert!(!next.html.contains(used) && !next.html.contains("13800000000"), "{}", next.html);
    let again = take(&mut person, &at, &[("letter", "A"), ("phone", "13900000001")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    shows(&again, &["已有A001号"]);

    let mut clerk = browser(&town, "c1").await;
    shows(&clerk.get("/desk/hall").await, &["first/1", "first/6", "上岗"]);
    let none = clerk.submit("/desk/hall", "/desk/hall/duty", &[]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&none, &["请选择一个窗口"]);
    let on = clerk.submit("/desk/hall", "/desk/hall/duty", &[("window", "first/3")]).await;
    assert_eq!((on.status, on.to.as_str()), (StatusCode::SEE_OTHER, "/desk/hall"));
    clerk.submit("/desk/hall", "/desk/hall/act", &[("act", "call")]).await;
    shows(&clerk.get("/desk/hall").await, &["A001", "请核对优先条件：60岁以上老年人", "开始办理"]);
    let early = clerk.submit("/desk/hall", "/desk/hall/act", &[("act", "pass")]).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    shows(&early, &["叫满2次"]);
    let screen = person.get("/screen/first").await;
    shows(&screen, &["A001", "3号窗口", "请A001号到3号窗口办理", "/screen/first/live"]);
    let first_call = between(&screen.html, "data-call=\"", '"').to_owned();
    town.t.clock.advance_seconds(20);
    clerk.submit("/desk/hall", "/desk/hall/act", &[("act", "recall")]).await;
    let screen = person.get("/screen/first").await;
    assert_ne!(between(&screen.html, "data-call=\"", '"'), first_call, "called again is a new call");
    let live = person.get("/screen/first/live").await;
    assert_eq!(live.kind, "text/event-stream");
    shows(&live, &["event: html", "data: <p class=\"hall-called num\">A001</p>"]);
    shows(&person.get(&mine).await, &["请到3号窗口"]);
    clerk.submit("/desk/hall", "/desk/hall/act", &[("act", "start")]).await;
    let empty = clerk.submit("/desk/hall", "/desk/hall/end", &[("outcome", "")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&empty, &["#f-outcome"]);
    let fields = [("outcome", "missing"), ("matter", "存量房交易"), ("lines", "")];
    let empty = clerk.submit("/desk/hall", "/desk/hall/end", &fields).await;
    shows(&empty, &["#f-lines", "value=\"存量房交易\""]);
    let fields = [("outcome", "missing"), ("matter", "存量房交易"), ("lines", "身份证\n\n婚姻证明\n")];
    let ended = clerk.submit("/desk/hall", "/desk/hall/end", &fields).await;
    assert_eq!(ended.to, "/desk/hall?notice=first-2026-0001", "{}", ended.html);
    let paper = clerk.get("/desk/hall/notices/first-2026-0001").await;
    shows(
        &paper,
        &["一次性告知单 first-2026-0001", "<li>身份证</li>", "<li>婚姻证明</li>", "2026年11月23日"],
    );
    assert_eq!(clerk.get("/desk/hall/notices/first-2026-0002").await.status, StatusCode::NOT_FOUND);
    shows(&person.get(&mine).await, &["<li>婚姻证明</li>", "一键反映"]);
    person.submit(&mine, &format!("{mine}/extra"), &[]).await;
    shows(&person.get(&mine).await, &["已反映给大厅负责人"]);
    let screen = person.get("/screen/first").await;
    shows(&screen, &["暂无叫号", "A001"]);
    assert!(!screen.html.contains("data-call"), "who has gone is not called");
    let mut head = browser(&town, "head").await;
    shows(&head.get("/desk/hall/notices/first-2026-0001").await, &["<li>身份证</li>"]);
    shows(&head.get("/desk/hall/day").await, &["first-2026-0001", "存量房交易", "10:00", "在岗，无人等候"]);
});

harness::both!(a_telephone_takes_waits_and_comes_back, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut visitor = browser(&town, "").await;
    shows(&visitor.get("/halls/first/ticket").await, &["/login?next="]);
    shows(&visitor.get("/halls").await, &["示范市政务服务中心", "示范镇便民服务中心", "开放中，至12:00"]);
    shows(
        &visitor.get("/halls/first?lang=en").await,
        &["Real estate", "no window takes it now", "13:30–17:00"],
    );
    assert_eq!(visitor.get("/halls/nowhere").await.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.get("/tickets/nobody").await.status, StatusCode::NOT_FOUND);
    let mut me = browser(&town, "citizen").await;
    let form = me.get("/halls/first/ticket").await;
    let (token, csrf) = (form.hidden("token").unwrap(), form.csrf());
    let fields = [("_csrf", csrf.as_str()), ("token", token.as_str()), ("letter", "B")];
    let taken = me.post("/halls/first/ticket", &fields).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.html);
    let again = me.post("/halls/first/ticket", &fields).await;
    assert_eq!(again.to, taken.to, "sent twice is one ticket");
    // Whoever lost the page gets a new address for the same ticket.
    let lost = me.get("/halls/first/ticket").await;
    shows(&lost, &["您已有B001号：等候中", "暂无窗口办理"]);
    let fresh = lost.hidden("token").unwrap();
    let found = me.post("/halls/first/ticket", &[("_csrf", &csrf), ("token", &fresh), ("mine", "B")]).await;
    assert_eq!((found.status, &found.to), (StatusCode::SEE_OTHER, &format!("/tickets/{fresh}")));
    shows(&me.get(&found.to).await, &["B001"]);
    assert_eq!(me.get(&taken.to).await.status, StatusCode::NOT_FOUND, "the former address leads nowhere");
    let none = me.post("/halls/first/ticket", &[("_csrf", &csrf), ("token", &token), ("mine", "A")]).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let taken = found;
    let fields = [("_csrf", csrf.as_str()), ("token", token.as_str())];
    assert_eq!(me.post("/halls/first/ticket", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut clerk = browser(&town, "c2").await;
    clerk.submit("/desk/hall", "/desk/hall/duty", &[("window", "first/4")]).await;
    for act in ["call", "recall", "pass"] {
        if act == "pass" {
            let early = clerk.submit("/desk/hall", "/desk/hall/act", &[("act", act)]).await;
            shows(&early, &["离上一次叫号满20秒", "请再等20秒"]);
            town.t.clock.advance_seconds(20);
        }
        let done = clerk.submit("/desk/hall", "/desk/hall/act", &[("act", act)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{act}: {}", done.html);
    }
    shows(&me.get(&taken.to).await, &["您过号了", "我到了"]);
    shows(&me.get(&format!("{}/live", taken.to)).await, &["event: html", "您过号了"]);
    let back = me.submit(&taken.to, &format!("{}/return", taken.to), &[]).await;
    assert_eq!(back.to, taken.to);
    shows(&me.get(&taken.to).await, &["等候中", "重新排队"]);
    // The window goes on elsewhere, hands on, and the head shuts a window.
    clerk.submit("/desk/hall", "/desk/hall/act", &[("act", "call")]).await;
    clerk.submit("/desk/hall", "/desk/hall/duty", &[("window", "first/5")]).await;
    shows(&clerk.get("/desk/hall").await, &["5号窗口", "B001"]);
    let gone = clerk.submit("/desk/hall", "/desk/hall/duty", &[("leave", "yes")]).await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    let mut other = browser(&town, "c3").await;
    other.submit("/desk/hall", "/desk/hall/duty", &[("window", "first/1")]).await;
    let moved = clerk.submit("/desk/hall", "/desk/hall/move", &[("to", "1"), ("why", "税")]).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.html);
    shows(&me.get(&taken.to).await, &["转到1号窗口", "税"]);
    let mut head = browser(&town, "head").await;
    let fields = [("hall", "first"), ("window", "6"), ("letters", "B")];
    head.submit("/desk/hall/day", "/desk/hall/day/window", &fields).await;
    shows(&head.get("/desk/hall/day").await, &["未开放"]);
    assert_eq!(clerk.get("/desk/hall/day").await.status, StatusCode::FORBIDDEN);
    assert_eq!(me.get("/desk/hall").await.status, StatusCode::FORBIDDEN);
});

harness::both!(the_head_gives_a_window_up_and_closes_what_is_left, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let at = kiosk(&town).await;
    let mut person = browser(&town, "").await;
    let taken = take(&mut person, &at, &[("letter", "A")]).await;
    let mut clerk = browser(&town, "c1").await;
    clerk.submit("/desk/hall", "/desk/hall/duty", &[("window", "first/1")]).await;
    for act in ["call", "start"] {
        clerk.submit("/desk/hall", "/desk/hall/act", &[("act", act)]).await;
    }
    let mut head = browser(&town, "head").await;
    shows(&head.get("/desk/hall/day").await, &["人员已离开，收回窗口"]);
    let fields = [("hall", "first"), ("window", "1"), ("release", "yes")];
    let done = head.submit("/desk/hall/day", "/desk/hall/day/window", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    let day = head.get("/desk/hall/day").await;
    assert!(!day.html.contains("人员已离开，收回窗口<") && !day.html.contains("没有办理结果的号"));
    shows(&person.get(taken.to.split('?').next().unwrap()).await, &["等候中", "窗口人员离开，回到队列"]);
    // The next day it is still there, until it has an outcome.
    town.t.clock.set("2026-11-24T02:00:00Z".parse().unwrap());
    let mut head = browser(&town, "head").await;
    let day = head.get("/desk/hall/day").await;
    shows(&day, &["没有办理结果的号", "2026-11-23 A001"]);
    let id = between(&day.html, "name=\"ticket\" value=\"", '"').to_owned();
    let fields = [("hall", "first"), ("ticket", &id), ("outcome", "done")];
    let empty = head.submit("/desk/hall/day", "/desk/hall/day/ticket", &fields).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&empty, &["#f-what"]);
    let fields = [("hall", "first"), ("ticket", &id), ("outcome", "done"), ("what", "电话办结")];
    let done = head.submit("/desk/hall/day", "/desk/hall/day/ticket", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    let day = head.get("/desk/hall/day").await;
    assert!(!day.html.contains("2026-11-23 A001"));
    // A kiosk that was stolen gives no more tickets.
    let kiosk = between(&day.html, "name=\"revoke\" value=\"", '"').to_owned();
    head.submit("/desk/hall/day", "/desk/hall/day/kiosk", &[("hall", "first"), ("revoke", &kiosk)]).await;
    assert_eq!(person.get(&at).await.status, StatusCode::FORBIDDEN);
});

harness::both!(where_somebody_is_stands_in_no_address, ROOMS, |t| async move {
    let town = Town::demo(t).await;
    let mut person = browser(&town, "").await;
    let asked = person.get("/halls?q=home-purchase-proof&near=320100&place=建邺").await;
    assert_eq!(asked.status, StatusCode::OK);
    shows(&asked, &["现在开放", "没有找到这个地方", "data-locate", "hidden", "无障碍通道"]);
    let named = person.get("/halls?q=home-purchase-proof&place=禅城").await;
    shows(&named, &["距离从佛山市禅城区行政服务中心大厅算起"]);
    let several = person.get("/halls?q=home-purchase-proof&place=大厅&with=parking").await;
    shows(&several, &["您说的是哪一处", "at=chancheng-hall&#38;with=parking"]);
    let csrf = asked.csrf();
    let fields =
        [("_csrf", csrf.as_str()), ("q", "home-purchase-proof"), ("lat", "32.003"), ("lon", "118.735")];
    let found = person.post("/halls", &fields).await;
    assert_eq!(found.status, StatusCode::OK);
    shows(&found, &["从您现在的位置算起", "0 米", "南京市行政审批大厅"]);
    assert!(
        !found.html.contains("32.003") && !found.html.contains("118.735"),
        "it is forgotten with the answer"
    );
    let nowhere = person.post("/halls", &[("_csrf", csrf.as_str()), ("lat", "x"), ("lon", "999")]).await;
    assert_eq!(nowhere.status, StatusCode::OK);
});
