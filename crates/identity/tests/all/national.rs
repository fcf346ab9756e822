//! Signing in by a national identity service: over real HTTP with a stand-in, that lies when told to; on both databases.
use crate::common::{Browser, PASSWORD, ROOMS, digits, dressed, house, second_factor, seed};
use async_trait::async_trait;
use axum::Router;
use harness::browser::Page;
use harness::provider::{Bent, CLIENT, Person, Provider, SECRET, provider};
use harness::{TestGround, both, http};
use identity::AccountEvent;
use identity::national::{ClientSecret, National, NationalService, Web};
use kernel::{AccountId, ActorRef, Lang, Text};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{command, params};
use trace::Subject;

const HTTP: &str = "http://127.0.0.1:8080";
const NEXT: &str = "/space/mandates?a=1";
const FREE: &str = "127.0.0.1:0";

/// HTTP by hand, as `app` has it by a library.
struct ByHand;

#[async_trait]
impl Web for ByHand {
    async fn get(&self, url: &str) -> Result<(u16, Vec<u8>), String> {
        let read = http::get(url).await?;
        Ok((http::status(&read)?, read.body))
    }

    async fn post(
        &self,
        url: &str,
        headers: &BTreeMap<String, String>,
        body: &[u8],
    ) -> Result<(u16, Vec<u8>), String> {
        http::post(url, headers, body).await
    }
}

fn person(id: &str, name: &str, number: &str, phone: Option<&str>) -> Person {
    Person { id: id.into(), name: name.into(), number: number.into(), phone: phone.map(str::to_owned) }
}

fn people() -> Vec<Person> {
    vec![
        person("wang", "王秀英", "999999198603121026", Some("13905140001")),
        person("stranger", "欧阳·一鸣", "999999199001010016", Some("+86 139-0514-9999")),
        person("thief", "王大盗", "999999198603121026", None),
        person("typo", "王秀英", "999999198603121027", None),
    ]
}

async fn stand_in(t: &TestGround) -> Provider {
    provider(FREE.parse().unwrap(), t.ground.clock.clone(), people()).await
}

fn site(t: &TestGround, provider: &Provider) -> Router {
    let name = Text::new("国家身份认证", "the national identity service");
    let mut service = NationalService::new(name, &provider.issuer, CLIENT, ClientSecret::new(SECRET));
    service.assurance = vec!["high".to_owned()];
    let house = house(t, HTTP, true);
    let national = Arc::new(National::new(service, Arc::new(ByHand)));
    dressed(identity::routes_with(house.clone(), Some(national), false), &house)
}

/// Goes there, presses a name, and answers the address that the browser is sent back to.
async fn there(b: &mut Browser, provider: &Provider, who: &str) -> String {
    let page = b.get(&format!("/login/national?next={}", NEXT.replace('?', "%3F").replace('=', "%3D"))).await;
    assert_eq!(page.status, 303, "{}", page.html);
    assert!(page.to.starts_with(&format!("{}/authorize?", provider.issuer)), "{}", page.to);
    for part in ["code_challenge_method=S256", "response_type=code", "state=", "nonce=", "acr_values=high"] {
        assert!(page.to.contains(part), "{part}: {}", page.to);
    }
    let back = provider.press(&page.to, who).await;
    back.strip_prefix(HTTP).unwrap_or_else(|| panic!("{back}")).to_owned()
}

async fn sign_in(b: &mut Browser, provider: &Provider, who: &str) -> Page {
    let back = there(b, provider, who).await;
    b.get(&back).await
}

async fn count(t: &TestGround, table: &str) -> i64 {
    let row: Option<(i64,)> =
        t.store.row(&format!("SELECT COUNT(*) FROM identity_{table}"), params![]).await.unwrap();
    row.unwrap().0
}

async fn all(t: &TestGround) -> [i64; 4] {
    [count(t, "account").await, count(t, "person").await, count(t, "joined").await, count(t, "session").await]
}

async fn account(t: &TestGround, name: &str) -> AccountId {
    let sql = "SELECT id FROM identity_account WHERE name = $1";
    let row: Option<(AccountId,)> = t.store.row(sql, params![name]).await.unwrap();
    row.unwrap().0
}

async fn trace_of(t: &TestGround, account: AccountId) -> Vec<AccountEvent> {
    let (_, found) =
        trace::history::<AccountEvent>(&t.store, &Subject::new("account", account)).await.unwrap();
    found.into_iter().map(|recorded| recorded.event).collect()
}

both!(whom_the_register_knows_joins_their_own_account, ROOMS, |t| async move {
    seed(&t).await;
    let provider = stand_in(&t).await;
    let before = all(&t).await;
    let mut b = Browser::new(site(&t, &provider));
    let page = b.get("/login").await;
    assert!(page.html.contains("用国家身份认证登录"), "{}", page.html);
    let page = sign_in(&mut b, &provider, "wang").await;
    assert_eq!(
        (page.status.as_u16(), page.to.as_str()),
        (303, NEXT),
        "where one wanted to go: {}",
        page.html
    );
    assert!(b.get("/account").await.html.contains("王*英"));
    assert_eq!(all(&t).await, [before[0], before[1], before[2] + 1, before[3] + 1], "no second account");
    let mut again = Browser::new(site(&t, &provider));
    assert_eq!(sign_in(&mut again, &provider, "wang").await.to, NEXT);
    assert_eq!(count(&t, "joined").await, 1);
    let events = trace_of(&t, account(&t, "citizen").await).await;
    let joined = |e: &&AccountEvent| matches!(e, AccountEvent::Joined { issuer, assurance } if *issuer == provider.issuer && assurance == "high");
    let by = |e: &&AccountEvent| matches!(e, AccountEvent::SignedIn { through: Some(way), .. } if way == "national");
    assert_eq!(events.iter().filter(joined).count(), 1, "{events:?}");
    assert_eq!(events.iter().filter(by).count(), 2, "{events:?}");
});

both!(a_stranger_is_registered_with_what_the_service_vouches_for, ROOMS, |t| async move {
    seed(&t).await;
    let provider = stand_in(&t).await;
    let before = all(&t).await;
    let mut b = Browser::new(site(&t, &provider));
    let page = sign_in(&mut b, &provider, "stranger").await;
    assert_eq!(page.to, NEXT, "{}", page.html);
    assert_eq!(all(&t).await, [before[0] + 1, before[1] + 1, before[2] + 1, before[3] + 1]);
    let page = b.get("/account").await;
    assert!(page.html.contains("999***********0016") && page.html.contains("139****9999"), "{}", page.html);
    // Within the first minutes a password may be set, to sign in without the service.
    let sent = [("do", "password"), ("new", "我家门前有两棵枣树"), ("again", "我家门前有两棵枣树")];
    let page = b.submit("/account/security", "/account/security", &sent).await;
    assert!(page.status == 200 && page.html.contains("密码已经修改"), "{}", page.html);
    // Two who come at once are one.
    let mut twice = (Browser::new(site(&t, &provider)), Browser::new(site(&t, &provider)));
    let one = there(&mut twice.0, &provider, "stranger").await;
    let two = there(&mut twice.1, &provider, "stranger").await;
    let (one, two) = tokio::join!(twice.0.get(&one), twice.1.get(&two));
    assert_eq!((one.to.as_str(), two.to.as_str()), (NEXT, NEXT));
    assert_eq!(all(&t).await[..3], [before[0] + 1, before[1] + 1, before[2] + 1]);
});

both!(an_account_never_changes_hands, ROOMS, |t| async move {
    seed(&t).await;
    let provider = stand_in(&t).await;
    let before = all(&t).await;
    let mut b = Browser::new(site(&t, &provider));
    // The number is known, the name is another's.
    let page = sign_in(&mut b, &provider, "thief").await;
    assert!(page.status == 422 && page.html.contains("不一致"), "{}", page.html);
    assert!(
        page.html.contains("value=\"/space/mandates?a=1\""),
        "where one wanted to go is kept: {}",
        page.html
    );
    assert_eq!(all(&t).await, before);
    // Somebody who was joined comes under another number: neither account opens.
    assert_eq!(sign_in(&mut b, &provider, "stranger").await.to, NEXT);
    let before = all(&t).await;
    provider.says(|claims| {
        claims.insert("citizen_id".into(), json!("999999198603121026"));
        claims.insert("name".into(), json!("王秀英"));
    });
    let mut other = Browser::new(site(&t, &provider));
    let page = sign_in(&mut other, &provider, "stranger").await;
    assert!(page.status == 422 && page.html.contains("不一致"), "{}", page.html);
    // The same number under another name of the service's.
    provider.says(|claims| {
        claims.insert("sub".into(), json!("somebody new"));
    });
    let page = sign_in(&mut other, &provider, "stranger").await;
    assert!(page.status == 422 && page.html.contains("不一致"), "{}", page.html);
    assert_eq!(all(&t).await, before);
    // Staff do not come in by it: their number has no account of its own, so it gets one without a post.
    assert!(!other.has_cookie("yimen_session"));
});

both!(an_answer_that_does_not_check_out_lets_nobody_in, ROOMS, |t| async move {
    seed(&t).await;
    let provider = stand_in(&t).await;
    let before = all(&t).await;
    let set = |name: &'static str, value: serde_json::Value| {
        let change = move |claims: &mut serde_json::Map<String, serde_json::Value>| {
            claims.insert(name.to_owned(), value.clone());
        };
        Bent { claims: Some(Arc::new(change)), ..Bent::default() }
    };
    let now = t.ground.clock.now().as_second();
    let odd = "核对不上";
    for (what, bent, says) in [
        ("another nonce", set("nonce", json!("another")), odd),
        ("no nonce", set("nonce", json!(null)), odd),
        ("another audience", set("aud", json!("another program")), odd),
        ("two audiences", set("aud", json!([CLIENT, "another program"])), odd),
        ("another party", set("azp", json!("another program")), odd),
        ("another issuer", set("iss", json!("https://evil.example")), odd),
        ("over", set("exp", json!(now - 61)), odd),
        ("made tomorrow", set("iat", json!(now + 86_400)), odd),
        ("made yesterday", set("iat", json!(now - 86_400)), odd),
        ("nobody", set("sub", json!("")), odd),
        ("another key", Bent { other_key: true, ..Bent::default() }, odd),
        ("an unknown key", Bent { other_kid: true, ..Bent::default() }, odd),
        ("no signature", Bent { unsigned: true, ..Bent::default() }, odd),
        ("mixed up", Bent { iss: Some("https://evil.example".into()), ..Bent::default() }, odd),
        ("not sure enough", set("acr", json!("low")), "认证级别不够"),
        ("number not vouched for", set("citizen_id_verified", json!(false)), "没有核实您的身份证号"),
        ("vouched for by a word", set("citizen_id_verified", json!("true")), "没有核实您的身份证号"),
        ("no number", set("citizen_id", json!(null)), "没有核实您的身份证号"),
        ("no name", set("name", json!("")), "没有核实您的身份证号"),
    ] {
        provider.bend(bent);
        let mut b = Browser::new(site(&t, &provider));
        let page = sign_in(&mut b, &provider, "wang").await;
        assert!(page.status == 422 && page.html.contains(says), "{what}: {} {}", page.status, page.html);
        assert!(page.html.contains("value=\"/space/mandates?a=1\""), "{what}: the way is kept");
        assert!(
            !b.has_cookie("yimen_session") && !b.has_cookie("yimen_national"),
            "{what}: {:?}",
            b.last_cookies
        );
    }
    provider.bend(Bent::default());
    let mut b = Browser::new(site(&t, &provider));
    let page = sign_in(&mut b, &provider, "typo").await;
    assert!(page.html.contains("没有核实您的身份证号"), "a wrong check character: {}", page.html);
    assert_eq!(all(&t).await, before, "nothing was written");
});

both!(an_answer_is_good_once_in_the_browser_that_asked, ROOMS, |t| async move {
    seed(&t).await;
    let provider = stand_in(&t).await;
    let mut b = Browser::new(site(&t, &provider));
    let back = there(&mut b, &provider, "wang").await;
    let mut copy = b.clone();
    // Another browser, or one that has begun nothing.
    let mut other = Browser::new(site(&t, &provider));
    let page = other.get(&back).await;
    assert!(page.status == 422 && page.html.contains("不是从这个浏览器发起的"), "{}", page.html);
    let mine = there(&mut other, &provider, "stranger").await;
    let page = other.get(&back).await;
    assert!(page.status == 422 && page.html.contains("不是从这个浏览器发起的"), "another's state");
    assert!(mine.contains("code="));
    let asked = provider.tokens();
    assert_eq!(b.get(&back).await.to, NEXT);
    assert_eq!(provider.tokens(), asked + 1);
    let page = copy.get(&back).await;
    assert!(page.status == 422 && page.html.contains("已经用过一次"), "{}", page.html);
    assert_eq!(provider.tokens(), asked + 1, "the service is not asked again");
    // A code that the service gave out is spent there too.
    let mut late = Browser::new(site(&t, &provider));
    let fresh = there(&mut late, &provider, "wang").await;
    let spent = back.split('&').next().unwrap().split_once("code=").unwrap().1;
    let code = fresh.split('&').next().unwrap().split_once("code=").unwrap().1;
    let page = late.get(&fresh.replace(code, spent)).await;
    assert!(page.status == 422 && page.html.contains("核对不上"), "{}", page.html);
    // After ten minutes, and when somebody has changed their mind.
    let old = there(&mut late, &provider, "wang").await;
    t.clock.advance_seconds(601);
    assert!(late.get(&old).await.html.contains("超过10分钟"));
    let page = sign_in(&mut late, &provider, "nobody").await;
    assert!(page.status == 422 && page.html.contains("没有完成身份认证"), "{}", page.html);
    assert!(late.get(&format!("{back}&code=x")).await.status == 400, "a field twice");
    assert!(late.get("/login/national/back").await.status == 422, "nothing at all");
});

both!(a_service_that_is_away_stops_nobody_else, ROOMS, |t| async move {
    seed(&t).await;
    let provider = stand_in(&t).await;
    provider.bend(Bent { away: true, ..Bent::default() });
    let mut b = Browser::new(site(&t, &provider));
    let page = b.get("/login/national?next=/space/mandates").await;
    assert!(page.status == 503 && page.html.contains("暂时没有回应"), "{}", page.html);
    assert!(page.html.contains("name=\"password\"") && page.html.contains("value=\"/space/mandates\""));
    let sent = [("_csrf", page.csrf()), ("account", "citizen2".into()), ("password", PASSWORD.into())];
    let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(b.post("/login", &sent).await.to, "/");
    // It is asked again after some seconds, and keys that it changed are fetched when they are needed.
    provider.bend(Bent::default());
    t.clock.advance_seconds(11);
    assert_eq!(sign_in(&mut b, &provider, "wang").await.to, NEXT);
    let none = house(&t, HTTP, true);
    let mut b = Browser::new(dressed(identity::routes(none.clone()), &none));
    assert_eq!(b.get("/login/national").await.status, 404);
    assert!(!b.get("/login").await.html.contains("/login/national"));
});

both!(whoever_was_still_signed_in_there_shows_who_they_are_before_what_matters, ROOMS, |t| async move {
    seed(&t).await;
    let provider = stand_in(&t).await;
    let mut b = Browser::new(site(&t, &provider));
    assert_eq!(sign_in(&mut b, &provider, "stranger&ago=3600").await.to, NEXT);
    let gate = b.get("/account/security").await;
    assert!(gate.html.contains("先确认是您本人") && !gate.html.contains("name=\"new\""), "{}", gate.html);
    let sent = [("do", "password"), ("new", "我家门前有两棵枣树"), ("again", "我家门前有两棵枣树")];
    assert_eq!(b.submit("/account/security", "/account/security", &sent).await.status, 422);
    let door = b.get("/login/national?for=sure&next=/account/security").await.to;
    let back = provider.press(&door, "stranger&ago=3600").await;
    assert_eq!(b.get(back.strip_prefix(HTTP).unwrap()).await.to, "/account/security", "asked anew");
    assert_eq!(b.submit("/account/security", "/account/security", &sent).await.status, 200);
});

both!(a_second_factor_is_asked_for_all_the_same, ROOMS, |t| async move {
    seed(&t).await;
    let provider = stand_in(&t).await;
    let mut b = Browser::new(site(&t, &provider));
    assert_eq!(sign_in(&mut b, &provider, "stranger").await.to, NEXT);
    let secret = second_factor(&t, &mut b).await;
    t.clock.advance_seconds(30);
    let mut other = Browser::new(site(&t, &provider));
    let page = sign_in(&mut other, &provider, "stranger").await;
    assert!(page.status == 200 && page.html.contains("name=\"code\""), "{}", page.html);
    assert!(!other.has_cookie("yimen_session") && !other.has_cookie("yimen_national"));
    let (half, csrf) = (page.hidden("half").unwrap(), page.csrf());
    let send = async |b: &mut Browser, code: &str| {
        b.post("/login/code", &[("_csrf", &csrf), ("half", &half), ("next", NEXT), ("code", code)]).await
    };
    assert_eq!(send(&mut other, "000000").await.status, 422);
    assert_eq!(send(&mut other, &digits(&t, &secret)).await.to, NEXT);
});

both!(whoever_has_got_a_post_comes_in_as_staff_do, ROOMS, |t| async move {
    seed(&t).await;
    let provider = stand_in(&t).await;
    let mut b = Browser::new(site(&t, &provider));
    assert_eq!(sign_in(&mut b, &provider, "wang").await.to, NEXT);
    let sql = "UPDATE identity_post SET account = $1 WHERE account = $2";
    let (citizen, clerk) = (account(&t, "citizen").await, account(&t, "clerk").await);
    command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| async {
        cx.commit.exec(sql, params![citizen, clerk]);
        kernel::Outcome::Ok(())
    }
    .await)
    .unwrap();
    let mut other = Browser::new(site(&t, &provider));
    let page = sign_in(&mut other, &provider, "wang").await;
    assert!(page.status == 422 && !other.has_cookie("yimen_session"), "{}", page.html);
});

both!(whoever_is_in_shows_again_who_they_are, ROOMS, |t| async move {
    seed(&t).await;
    let provider = stand_in(&t).await;
    let mut b = Browser::new(site(&t, &provider));
    assert_eq!(sign_in(&mut b, &provider, "stranger").await.to, NEXT);
    t.clock.advance_seconds(301);
    let gate = b.get("/account/security").await;
    assert!(gate.html.contains("先确认是您本人") && gate.html.contains("for=sure"), "{}", gate.html);
    let door = "/login/national?for=sure&next=/account/security";
    let again = b.get(door).await.to;
    assert!(again.contains("prompt=login") && again.contains("max_age=0"), "{again}");
    // Somebody else, and somebody who was signed in there all along.
    let back = provider.press(&again, "wang").await;
    let page = b.get(back.strip_prefix(HTTP).unwrap()).await;
    assert!(page.status == 422 && page.html.contains("不一致"), "{}", page.html);
    let long_ago = t.ground.clock.now().as_second() - 3_600;
    provider.says(move |claims| {
        claims.insert("auth_time".into(), json!(long_ago));
    });
    let again = b.get(door).await.to;
    let back = provider.press(&again, "stranger").await;
    let page = b.get(back.strip_prefix(HTTP).unwrap()).await;
    assert!(page.status == 422 && page.html.contains("没有重新核验"), "{}", page.html);
    provider.bend(Bent::default());
    let again = b.get(door).await.to;
    let back = provider.press(&again, "stranger").await;
    assert_eq!(b.get(back.strip_prefix(HTTP).unwrap()).await.to, "/account/security");
    assert!(b.get("/account/security").await.html.contains("name=\"new\""));
});
