//! Passkeys: made, used alone, as second factor and to confirm, removed; and everything that is not taken. On both databases.
use crate::common::{Browser, PASSWORD, ROOMS, dressed, house, second_factor, seed, token};
use axum::Router;
use harness::browser::Page;
use harness::passkey::Passkey;
use harness::{TestGround, both};
use serde_json::Value;

const SITE: &str = "http://localhost:8080";
const SECURITY: &str = "/account/security";

fn app(t: &TestGround) -> Router {
    let house = house(t, SITE, true);
    dressed(identity::routes(house.clone()), &house)
}

async fn browser(t: &TestGround, account: &str) -> Browser {
    Browser::new(app(t)).with_cookie("yimen_session", &token(t, account).await)
}

fn key() -> Passkey {
    Passkey::new(SITE, "localhost")
}

async fn ask(b: &mut Browser, kind: &str) -> Value {
    let page = b.get(&format!("/login/passkey?for={kind}")).await;
    serde_json::from_str(&page.html).unwrap_or_else(|e| panic!("{e}: {}", page.html))
}

async fn add(b: &mut Browser, key: &mut Passkey, label: &str) -> Page {
    let csrf = b.get(SECURITY).await.csrf();
    let made = key.make(&ask(b, "new").await);
    b.post(SECURITY, &[("_csrf", &csrf), ("do", "passkey"), ("label", label), ("made", &made)]).await
}

async fn enter(b: &mut Browser, key: &mut Passkey) -> Page {
    let csrf = b.get("/login").await.csrf();
    let shown = key.show(&ask(b, "in").await);
    b.post("/login/passkey", &[("_csrf", &csrf), ("passkey", &shown), ("next", "/account")]).await
}

both!(a_passkey_signs_in_alone_and_is_removed, ROOMS, |t| async move {
    seed(&t).await;
    let (mut b, mut one) = (browser(&t, "citizen2").await, key());
    let page = add(&mut b, &mut one, " ").await;
    assert!(page.status == 422 && page.html.contains("请起个名字"), "{}", page.html);
    assert_eq!(add(&mut b, &mut one, "我的手机").await.to, SECURITY);
    let page = b.get(SECURITY).await;
    assert!(page.html.contains("我的手机") && page.html.contains("只在一台设备"), "{}", page.html);
    assert!(page.html.contains("还没有用过"));
    let again = add(&mut b, &mut one, "第二次").await;
    assert!(again.html.contains("已经登记过"), "{} {}", again.status, again.html);
    let mut fresh = Browser::new(app(&t));
    let page = enter(&mut fresh, &mut one).await;
    assert_eq!((page.status.as_u16(), page.to.as_str()), (303, "/account"), "{}", page.html);
    assert!(fresh.get("/account").await.html.contains("citizen2"));
    assert!(!b.get(SECURITY).await.html.contains("还没有用过"));
    // Whoever has none of their own cannot remove it.
    let id = b.get(SECURITY).await.hidden("id").unwrap();
    let mut stranger = browser(&t, "citizen").await;
    let csrf = stranger.get("/account").await.csrf();
    let sent = [("_csrf", &*csrf), ("do", "passkey-remove"), ("id", &*id)];
    assert_eq!(stranger.post(SECURITY, &sent).await.status, 404);
    let csrf = b.get(SECURITY).await.csrf();
    let sent = [("_csrf", &*csrf), ("do", "passkey-remove"), ("id", &*id)];
    assert_eq!(b.post(SECURITY, &sent).await.to, SECURITY);
    let page = enter(&mut Browser::new(app(&t)), &mut one).await;
    assert!(page.status == 422 && page.html.contains("没有登记这把"), "{}", page.html);
    let waiting = store::outbox::counts(&t.store).await.unwrap();
    assert_eq!(
        waiting,
        (4, 0),
        "the holder is written to when one is added and when one is removed, each by either way"
    );
});

both!(a_question_is_answered_once_by_who_was_asked, ROOMS, |t| async move {
    seed(&t).await;
    let (mut b, mut one) = (browser(&t, "citizen2").await, key());
    assert_eq!(add(&mut b, &mut one, "一").await.to, SECURITY);
    let mut v = Browser::new(app(&t));
    let csrf = v.get("/login").await.csrf();
    let post = |b: &Browser, csrf: &str, shown: String| {
        let (mut b, csrf) = (b.clone(), csrf.to_owned());
        async move { b.post("/login/passkey", &[("_csrf", &csrf), ("passkey", &shown)]).await }
    };
    let question = ask(&mut v, "in").await;
    let shown = one.show(&question);
    assert_eq!(post(&v, &csrf, shown.clone()).await.to, "/");
    let page = post(&v, &csrf, shown).await;
    assert!(page.status == 422, "a second time: {}", page.html);
    // Used after five minutes, in another browser, and in a session that did not ask.
    let shown = one.show(&ask(&mut v, "in").await);
    let mut other = Browser::new(app(&t));
    let theirs = other.get("/login").await.csrf();
    assert!(post(&other, &theirs, shown.clone()).await.html.contains("不是在这个浏览器里开始的"));
    t.clock.advance_seconds(301);
    assert!(post(&v, &csrf, shown).await.html.contains("等待时间过长"));
    for (what, change, says) in [
        (
            "another site",
            (|k: &mut Passkey| k.origin = "http://localhost:9999".into()) as fn(&mut Passkey),
            "核对不上",
        ),
        ("a site that looks alike", |k| k.origin = "http://localhost.evil.example:8080".into(), "核对不上"),
        ("another domain", |k| k.domain = "evil.example".into(), "核对不上"),
        ("nobody was checked", |k| k.flags = 0, "没有核验您本人"),
        ("kept by many, which it may not", |k| k.flags = 0x14, "核对不上"),
        ("another holder", |k| k.holder = Some("AAAA".into()), "没有登记"),
    ] {
        let (origin, domain, flags, holder) =
            (one.origin.clone(), one.domain.clone(), one.flags, one.holder.clone());
        change(&mut one);
        let page = enter(&mut Browser::new(app(&t)), &mut one).await;
        assert!(page.status == 422 && page.html.contains(says), "{what}: {}", page.html);
        (one.origin, one.domain, one.flags, one.holder) = (origin, domain, flags, holder);
    }
    // A question to make one is no question to show one.
    let mut b = browser(&t, "citizen2").await;
    let made = key().make(&ask(&mut b, "new").await);
    let shown = one.show(&ask(&mut v, "in").await);
    for odd in ["", "{}", "[]", "null", &made, &shown[..40], &shown.replace("signature", "signed")] {
        let page = enter_with(&mut v, odd).await;
        assert_eq!(page.status, 422, "{odd}: {}", page.html);
    }
    let forged = shown.replacen("\"signature\":\"M", "\"signature\":\"N", 1);
    assert_eq!(enter_with(&mut v, &forged).await.status, 422);
    assert!(!v.has_cookie("yimen_session"));
});

async fn enter_with(b: &mut Browser, shown: &str) -> Page {
    let csrf = b.get("/login").await.csrf();
    b.post("/login/passkey", &[("_csrf", &csrf), ("passkey", shown)]).await
}

both!(a_copy_of_a_passkey_is_seen, ROOMS, |t| async move {
    seed(&t).await;
    let (mut b, mut one) = (browser(&t, "citizen2").await, key());
    assert_eq!(add(&mut b, &mut one, "一").await.to, SECURITY);
    assert_eq!(enter(&mut Browser::new(app(&t)), &mut one).await.to, "/account");
    let mut v = Browser::new(app(&t));
    let copied = one.show_again(&ask(&mut v, "in").await);
    let page = enter_with(&mut v, &copied).await;
    assert!(page.status == 422 && page.html.contains("可能被复制过"), "{}", page.html);
    assert_eq!(enter(&mut Browser::new(app(&t)), &mut one).await.to, "/account", "it goes on counting");
});

both!(it_stands_in_for_the_six_digits, ROOMS, |t| async move {
    seed(&t).await;
    let (mut b, mut one, mut theirs) = (browser(&t, "citizen2").await, key(), key());
    assert_eq!(add(&mut b, &mut one, "一").await.to, SECURITY);
    second_factor(&t, &mut b).await;
    assert_eq!(add(&mut browser(&t, "firm2").await, &mut theirs, "别人的").await.to, SECURITY);
    let mut v = Browser::new(app(&t));
    let page = v.submit("/login", "/login", &[("account", "citizen2"), ("password", PASSWORD)]).await;
    let half = page.hidden("half").unwrap();
    assert!(page.html.contains("改用通行密钥") && !v.has_cookie("yimen_session"), "{}", page.html);
    let shown = theirs.show(&ask(&mut v, "in").await);
    let send = async |v: &mut Browser, half: &str, shown: &str| {
        let csrf = v.get("/login").await.csrf();
        v.post("/login/code", &[("_csrf", &csrf), ("half", half), ("passkey", shown)]).await
    };
    let page = send(&mut v, &half, &shown).await;
    assert!(page.status == 422 && page.html.contains("没有登记"), "another's passkey: {}", page.html);
    assert!(!v.has_cookie("yimen_session"));
    let shown = one.show(&ask(&mut v, "in").await);
    let page = send(&mut v, "0123456789abcdef", &shown).await;
    assert!(page.status == 422 && page.html.contains("请重新登录"), "no first step: {}", page.html);
    let shown = one.show(&ask(&mut v, "in").await);
    assert_eq!(send(&mut v, &half, &shown).await.to, "/");
    assert!(v.get("/account").await.html.contains("citizen2"));
    // The first step is used up with it.
    let mut w = Browser::new(app(&t));
    let shown = one.show(&ask(&mut w, "in").await);
    assert_eq!(send(&mut w, &half, &shown).await.status, 422);
});

both!(it_confirms_what_matters, ROOMS, |t| async move {
    seed(&t).await;
    let (mut b, mut one, mut theirs) = (browser(&t, "citizen2").await, key(), key());
    assert_eq!(add(&mut b, &mut one, "一").await.to, SECURITY);
    let mut firm = browser(&t, "firm2").await;
    let added = add(&mut firm, &mut theirs, "别人的").await;
    assert_eq!(added.to, SECURITY, "{}", added.html);
    assert_eq!(ask(&mut b, "sure").await["have"], 1);
    t.clock.advance_seconds(301);
    let gate = b.get(SECURITY).await;
    assert!(gate.html.contains("data-passkey=\"sure\"") && !gate.html.contains("name=\"new\""));
    let page = b.get("/login/passkey?for=new").await;
    assert_eq!(page.status, 403, "a passkey is made after confirming only: {}", page.html);
    let shown = theirs.show(&ask(&mut b, "sure").await);
    let page = b.submit(SECURITY, SECURITY, &[("do", "confirm"), ("passkey", &shown)]).await;
    assert!(page.status == 422 && page.html.contains("没有登记"), "{}", page.html);
    let shown = one.show(&ask(&mut b, "sure").await);
    assert_eq!(b.submit(SECURITY, SECURITY, &[("do", "confirm"), ("passkey", &shown)]).await.to, SECURITY);
    assert!(b.get(SECURITY).await.html.contains("name=\"new\""));
});

both!(what_everybody_uses_and_a_bare_number_have_none, ROOMS, |t| async move {
    seed(&t).await;
    let mut shared = browser(&t, "citizen").await;
    let page = shared.get("/login/passkey?for=new").await;
    assert!(page.status == 403 && page.html.contains("公用的演示账号"), "{}", page.html);
    let mut visitor = Browser::new(app(&t));
    assert_eq!(visitor.get("/login/passkey?for=new").await.status, 401);
    let bare = house(&t, "http://127.0.0.1:8080", true);
    let mut b = Browser::new(dressed(identity::routes(bare.clone()), &bare));
    assert_eq!(b.get("/login/passkey").await.status, 404);
    let mut inside = Browser::new(dressed(identity::routes(bare.clone()), &bare))
        .with_cookie("yimen_session", &token(&t, "citizen2").await);
    assert_eq!(ask(&mut inside, "sure").await["have"], 0, "what a page that confirms asks is no mistake");
    assert!(!b.get("/login").await.html.contains("data-passkey"));
});
