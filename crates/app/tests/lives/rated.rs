//! 好差评: rated once at its end by each party, answered by the head of the agency, published as counts; who is not named stays so.

use crate::on_both;
use crate::town::Town;
use axum::http::StatusCode;
use harness::Browser;
use harness::browser::Page;
use serde_json::{Value, json};

async fn browser(town: &Town, account: &str) -> Browser {
    let ground = &town.city.wired.house.ground;
    let kind = identity::SessionKind::Cookie;
    let signed = identity::sign_in(ground, account, identity::DEMO_PASSWORD, kind).await.unwrap();
    Browser::new(town.city.router.clone()).with_cookie("yimen_session", &signed.token)
}

#[track_caller]
fn holds(page: &Page, words: &[&str]) {
    for word in words {
        assert!(page.html.contains(word), "{word} is missing: {}", page.html);
    }
}

#[track_caller]
fn lacks(page: &Page, words: &[&str]) {
    for word in words {
        assert!(!page.html.contains(word), "{word} stands there: {}", page.html);
    }
}

/// The case of a firm, refused and closed.
async fn refused(town: &Town) -> String {
    let number = town.file_case("restaurant", &town.small_restaurant().await).await;
    town.act("inspector", &number, "accept", json!({})).await;
    let reason = json!({"outcome": "refuse", "reason": "洗消设施不足", "deviation": "现场与申报不一致"});
    town.inspect(&number, reason).await;
    town.settle().await;
    number
}

async fn rate(town: &Town, account: &str, number: &str, body: Value) -> (u16, String) {
    let path = format!("/api/v1/cases/{number}/rating");
    let (status, answer) = town.call(account, "POST", &path, Some(&body)).await;
    (status.as_u16(), answer["code"].as_str().or(answer["id"].as_str()).unwrap_or_default().to_owned())
}

on_both!(a_bad_rating_is_answered_by_the_head_and_counted, |backend| {
    let town = Town::new(backend).await;
    let running = town.file_case("restaurant", &town.small_restaurant().await).await;
    let too_soon = rate(&town, "restaurant", &running, json!({"level": 1})).await;
    assert_eq!(too_soon, (409, "ratings.running".into()));
    let number = refused(&town).await;
    let form = format!("/cases/{number}/rate");
    let mut firm = browser(&town, "restaurant").await;
    holds(&firm.get("/space").await, &["1件可评价"]);
    holds(&firm.get("/space/ratings").await, &[&form, "2026年12月20日"]);
    holds(&firm.get(&format!("/cases/{number}")).await, &[&form]);
    for (level, wrong) in [("", "#f-level"), ("6", "#f-level")] {
        let sent = [("level", level), ("reasons", "late"), ("text", "等了<两周>")];
        let page = firm.submit(&form, &form, &sent).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        holds(&page, &[wrong, "等了&#60;两周&#62;", "value=\"late\" checked"]);
    }
    for stranger in ["citizen", "elder"] {
        assert_eq!(rate(&town, stranger, &number, json!({"level": 1})).await.0, 404);
        assert_eq!(browser(&town, stranger).await.get(&form).await.status, StatusCode::NOT_FOUND);
    }
    let bad = [("level", "5"), ("reasons", "late"), ("reasons", "piecemeal"), ("text", "等了<两周>")];
    let sent = firm.submit(&form, &form, &bad).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    let mine = firm.get(&sent.to).await;
    // Five working days from Friday, 20 November.
    holds(&mine, &["2026年11月27日", "等了&#60;两周&#62;", "超过了承诺的时间", "等待答复", "怎么算的"]);
    assert_eq!(firm.get(&form).await.to, sent.to.split('?').next().unwrap(), "what was said stands");
    assert_eq!(rate(&town, "restaurant", &number, json!({"level": 1})).await, (409, "ratings.once".into()));
    lacks(&firm.get("/space").await, &["件可评价"]);

    // The agency sees what, and not who.
    let id = sent.to.split(['/', '?']).nth(3).unwrap().to_owned();
    let desk = format!("/desk/ratings/{id}");
    let mut inspector = browser(&town, "inspector").await;
    holds(&inspector.get("/desk/ratings").await, &[&desk, "未留名", "非常不满意"]);
    let shown = inspector.get(&desk).await;
    holds(&shown, &["等了&#60;两周&#62;", "等待负责人答复"]);
    lacks(&shown, &[&number, "食养", "潘"]);
    for (account, status) in [
        ("civil", StatusCode::NOT_FOUND),
        ("supervisor", StatusCode::NOT_FOUND),
        ("supervisor2", StatusCode::OK),
        ("operator", StatusCode::FORBIDDEN),
    ] {
        assert_eq!(browser(&town, account).await.get(&desk).await.status, status, "{account}");
    }
    let answer = format!("{desk}/answer");
    let csrf = shown.csrf();
    let told = inspector.post(&answer, &[("_csrf", &csrf), ("text", "已整改")]).await;
    assert_eq!(told.status, StatusCode::FORBIDDEN, "only a person in charge answers");
    let mut head = browser(&town, "head").await;
    let empty = head.submit(&desk, &answer, &[("text", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&empty, &["#f-text"]);
    let done = head.submit(&desk, &answer, &[("text", "核实属实，已改为当日告知。")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    holds(&firm.get(&sent.to).await, &["核实属实，已改为当日告知。", "已答复"]);
    holds(&head.get("/desk/ratings").await, &["没有差评"]);
    holds(&head.get("/desk/ratings?list=all").await, &[&desk, "已答复"]);
    // A month that runs is not published, and few are not told apart.
    lacks(&head.get("/openness/ratings").await, &["禅城区市场监督管理局"]);
    let list = town.get("restaurant", "/api/v1/ratings").await;
    assert_eq!(list["ratings"][0]["answer"], "核实属实，已改为当日告知。", "{list}");
    assert_eq!(list["open"], json!([]));
    town.at("2026-12-01T02:00:00Z");
    let mut anybody = Browser::new(town.city.router.clone());
    let counts = anybody.get("/openness/ratings").await;
    holds(&counts, &["禅城区市场监督管理局", "少于5件", "2026年11月30日"]);
    lacks(&counts, &["0%"]);
    holds(&anybody.get("/openness/ratings?agency=chancheng.market").await, &["/items/catering-permit"]);
});

on_both!(a_named_person_sees_who_read_it_and_two_at_once_count_once, |backend| {
    let town = Town::new(backend).await;
    let body = json!({
        "item": "elderly-allowance",
        "answers": {
            "phone": "13900000035", "town": "440604012", "address": "佛山市禅城区祖庙街道示范巷3号",
            "bank": "示范银行佛山分行", "card": "6200009999990000041", "other": "no", "consent": true
        }
    });
    let number = town.file_case("elder", &body).await;
    let (status, _) =
        town.call("elder", "POST", &format!("/api/v1/cases/{number}/withdraw"), Some(&json!({}))).await;
    assert_eq!(status, StatusCode::OK);
    // Not delivered yet that it has ended: the case itself says so.
    let words = json!({"level": 4, "reasons": ["visits"], "text": "跑了三趟", "named": true});
    let (one, two) = tokio::join!(
        rate(&town, "elder", &number, words.clone()),
        rate(&town, "elder", &number, words.clone())
    );
    let mut both = [one, two];
    both.sort();
    assert_eq!((both[0].0, &both[1]), (201, &(409, "ratings.once".to_owned())), "{both:?}");
    town.settle().await;
    let list = town.get("elder", "/api/v1/ratings").await;
    assert_eq!((&list["open"], list["ratings"].as_array().unwrap().len()), (&json!([]), 1), "{list}");
    let desk = format!("/desk/ratings/{}", both[0].1);
    let agency = town.case("elder", &number).await["agency"].as_str().unwrap().to_owned();
    let reader = if agency == "chancheng.civil-affairs" { "civil" } else { "town" };
    let shown = browser(&town, reader).await.get(&desk).await;
    holds(&shown, &[&number, "跑了三趟", "关*年"]);
    let mut mine = browser(&town, "elder").await;
    holds(&mine.get("/space/looks").await, &["处理您的评价", "您的服务评价"]);
    // The days to rate are over, and nobody is asked any more.
    let other = town.file_case("elder", &body).await;
    town.call("elder", "POST", &format!("/api/v1/cases/{other}/withdraw"), Some(&json!({}))).await;
    town.settle().await;
    holds(&mine.get("/space/ratings").await, &[&format!("/cases/{other}/rate")]);
    town.clock.advance_seconds(31 * 86_400);
    assert_eq!(rate(&town, "elder", &other, json!({"level": 1})).await, (409, "ratings.over".into()));
    assert_eq!(town.get("elder", "/api/v1/ratings").await["open"], json!([]));
});
