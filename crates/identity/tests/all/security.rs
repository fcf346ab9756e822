//! The password changed, the second factor, an account found again: as a browser meets them; on both databases.
use crate::common::{Browser, PASSWORD, ROOMS, between, digits, dressed, house, seed, token};
use axum::Router;
use harness::browser::Page;
use harness::{TestGround, both};
use identity::{SessionKind, sign_in};
use kernel::{ActorRef, Failure, Lang};
use store::params;

const HTTP: &str = "http://127.0.0.1:8080";
const TREES: &str = "我家门前有两棵枣树";
const SECURITY: &str = "/account/security";

fn app(t: &TestGround) -> Router {
    let house = house(t, HTTP, true);
    dressed(identity::routes(house.clone()), &house)
}

async fn browser(t: &TestGround, account: &str) -> Browser {
    Browser::new(app(t)).with_cookie("yimen_session", &token(t, account).await)
}

async fn code_of(t: &TestGround, account: &str, password: &str) -> String {
    match sign_in(&t.ground, account, password, SessionKind::Token).await {
        Ok(_) => "in".to_owned(),
        Err(Failure::Refused(refusal)) => refusal.code.into_owned(),
        Err(fault) => panic!("{fault}"),
    }
}

fn codes(page: &Page) -> Vec<String> {
    page.html
        .split("<li class=\"num\"><code>")
        .skip(1)
        .map(|c| c.split_once('<').unwrap().0.to_owned())
        .collect()
}

async fn enter(t: &TestGround, account: &str, password: &str) -> (Browser, Page) {
    let mut b = Browser::new(app(t));
    let page = b.submit("/login", "/login", &[("account", account), ("password", password)]).await;
    (b, page)
}

both!(a_password_is_changed_for_one_that_is_not_guessed_first, ROOMS, |t| async move {
    seed(&t).await;
    let mut b = browser(&t, "citizen2").await;
    let mut elsewhere = browser(&t, "citizen2").await;
    let change =
        |new: &'static str, again: &'static str| [("do", "password"), ("new", new), ("again", again)];
    for (new, again, says) in [
        ("枣树", "枣树", "至少8个字符"),
        ("woaini1314", "woaini1314", "很多人在用"),
        ("1qaz2wsx", "1qaz2wsx", "连续、重复"),
        ("陈建国202611", "陈建国202611", "您的账号或姓名"),
        ("x 999999197511220153 y", "x 999999197511220153 y", "身份证号"),
        (TREES, "我家门前有一棵枣树", "不一样"),
    ] {
        let page = b.submit(SECURITY, SECURITY, &change(new, again)).await;
        assert!(page.status == 422 && page.html.contains(says), "{new}: {}", page.html);
        assert!(!page.html.contains(new), "what was typed is not sent back");
    }
    let page = b.submit(SECURITY, SECURITY, &change(TREES, TREES)).await;
    assert!(page.status == 200 && page.html.contains("密码已经修改"), "{}", page.html);
    assert_eq!(elsewhere.get("/account").await.status, 303, "other devices are signed out");
    assert_eq!(b.get("/account").await.status, 200);
    assert_eq!(code_of(&t, "citizen2", PASSWORD).await, "identity.wrong-credentials");
    assert_eq!(code_of(&t, "citizen2", TREES).await, "in");
    // After five minutes the password is asked for first; wrong ones are counted like those of signing in.
    t.clock.advance_seconds(301);
    let gate = b.get(SECURITY).await;
    assert!(gate.html.contains("先确认是您本人") && !gate.html.contains("name=\"new\""));
    let page = b.submit(SECURITY, SECURITY, &change("nine green umbrellas", "nine green umbrellas")).await;
    assert!(page.status == 422 && page.html.contains("请输入登录密码"), "{}", page.html);
    let page = b.submit(SECURITY, SECURITY, &[("do", "confirm"), ("confirm", "no")]).await;
    assert!(page.status == 422 && page.html.contains("密码或动态口令不正确"));
    assert_eq!(b.submit(SECURITY, SECURITY, &[("do", "confirm"), ("confirm", TREES)]).await.to, SECURITY);
    assert!(b.get(SECURITY).await.html.contains("name=\"new\""));
    for _ in 0..5 {
        b.submit(SECURITY, "/account/security", &[("do", "confirm"), ("confirm", "no")]).await;
    }
    let page = b.submit(SECURITY, SECURITY, &[("do", "confirm"), ("confirm", TREES)]).await;
    assert!(page.status == 422 && page.html.contains("须再等"), "{}", page.html);
    // What everybody uses in the demonstration stays as it is.
    let mut shared = browser(&t, "citizen").await;
    let csrf = shared.get("/account").await.csrf();
    let sent = [("_csrf", &*csrf), ("do", "password"), ("new", TREES), ("again", TREES)];
    let page = shared.post(SECURITY, &sent).await;
    assert!(page.status == 422 && page.html.contains("演示账号"), "{}", page.html);
});

both!(a_second_factor_is_asked_for_and_each_code_is_good_once, ROOMS, |t| async move {
    seed(&t).await;
    let mut b = browser(&t, "citizen2").await;
    assert_eq!(b.submit(SECURITY, SECURITY, &[("do", "begin")]).await.to, SECURITY);
    let page = b.get(SECURITY).await;
    let secret = between(&page, "<code class=\"num\">", "</code>").to_owned();
    assert!(page.html.contains("<svg") && secret.len() == 39, "{secret}");
    let kept: Vec<(Vec<u8>,)> = t.store.rows("SELECT secret FROM identity_factor", params![]).await.unwrap();
    assert!(!kept[0].0.windows(4).any(|w| w == &secret.as_bytes()[..4]), "sealed");
    assert_eq!(b.submit(SECURITY, SECURITY, &[("do", "activate"), ("code", "000000")]).await.status, 422);
    let now = digits(&t, &secret);
    let page = b.submit(SECURITY, SECURITY, &[("do", "activate"), ("code", &now)]).await;
    let recovery = codes(&page);
    assert_eq!(recovery.len(), 10, "{}", page.html);
    assert!(codes(&b.get(SECURITY).await).is_empty(), "told once");

    assert_eq!(code_of(&t, "citizen2", PASSWORD).await, "identity.code-needed");
    let (mut c, page) = enter(&t, "citizen2", PASSWORD).await;
    let half = page.hidden("half").unwrap();
    let send = |code: &str| [("half".to_owned(), half.clone()), ("code".to_owned(), code.to_owned())];
    let post = async |c: &mut Browser, code: &str| {
        let csrf = c.get("/login").await.csrf();
        let mut fields = vec![("_csrf".to_owned(), csrf)];
        fields.extend(send(code));
        let fields: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        c.post("/login/code", &fields).await
    };
    assert_eq!(post(&mut c, &now).await.status, 422, "that code was used to turn it on");
    t.clock.advance_seconds(30);
    let next = digits(&t, &secret);
    assert_eq!(post(&mut c, &next).await.to, "/");
    assert_eq!(c.get("/account").await.status, 200);
    assert_eq!(post(&mut c, &next).await.status, 422, "neither the token nor the code is good twice");

    let (mut d, page) = enter(&t, "citizen2", PASSWORD).await;
    let half = page.hidden("half").unwrap();
    for (code, status) in [(&recovery[0], 303), (&recovery[0], 422)] {
        let csrf = d.get("/login").await.csrf();
        let page =
            d.post("/login/code", &[("_csrf", &csrf), ("half", &half), ("code", &code.to_lowercase())]).await;
        assert_eq!(page.status, status, "{code}");
    }
    // Knowing the password is no way to try codes without end.
    let mut locked = false;
    for _ in 0..8 {
        let (mut e, page) = enter(&t, "citizen2", PASSWORD).await;
        let Some(half) = page.hidden("half") else {
            locked = true;
            break;
        };
        e.submit("/login", "/login/code", &[("half", &half), ("code", "000000")]).await;
    }
    assert!(locked);
    t.clock.advance_seconds(3_600);
    let (_, page) = enter(&t, "citizen2", PASSWORD).await;
    let half = page.hidden("half").unwrap();
    t.clock.advance_seconds(300);
    let mut late = Browser::new(app(&t));
    let page = late.submit("/login", "/login/code", &[("half", &half), ("code", &digits(&t, &secret))]).await;
    assert!(page.status == 422 && page.html.contains("请重新登录"), "{}", page.html);
});

both!(an_account_is_found_again_by_a_code_or_by_two_clerks, ROOMS, |t| async move {
    seed(&t).await;
    let mut b = browser(&t, "citizen2").await;
    let mine = codes(&b.submit(SECURITY, SECURITY, &[("do", "codes")]).await);
    let recover = async |account: &str, code: &str, new: &str| {
        let fields = [("account", account), ("code", code), ("new", new), ("again", new)];
        Browser::new(app(&t)).submit("/login/recover", "/login/recover", &fields).await
    };
    for (account, code) in [("citizen2", "AAAA-BBBB-CCCC-DDDD"), ("nobody", &mine[0]), ("citizen3", &mine[0])]
    {
        let page = recover(account, code, TREES).await;
        assert!(
            page.status == 422 && page.html.contains("恢复码或动态口令不正确"),
            "{account}: {}",
            page.html
        );
    }
    assert_eq!(recover("citizen2", &mine[0], "12345678").await.status, 422, "a weak one uses no code up");
    let page = recover("citizen2", &mine[0].replace('-', " ").to_lowercase(), TREES).await;
    assert!(page.status == 200 && page.html.contains("新密码已经设置"), "{}", page.html);
    assert_eq!(b.get("/account").await.status, 303, "every sign-in has ended");
    assert_eq!(recover("citizen2", &mine[0], "nine green umbrellas").await.status, 422, "used");
    assert_eq!(code_of(&t, "citizen2", TREES).await, "in");

    // A second clerk of the same hall.
    let mut cx = t.ground.begin(Lang::ZhCn, ActorRef::system());
    cx.commit.exec(
        "INSERT INTO identity_post (account, role, agency, head)
         SELECT id, 'clerk', 'nanjing.gov.hall', 0 FROM identity_account WHERE name = 'clerk2'",
        params![],
    );
    let post = "UPDATE identity_account SET post = 'clerk@nanjing.gov.hall' WHERE name = 'clerk2'";
    cx.commit.exec(post, params![]);
    cx.finish().await.unwrap();
    let (mut one, mut two) = (browser(&t, "clerk").await, browser(&t, "clerk2").await);
    const DESK: &str = "/desk/recoveries";
    let number = "999999197511220153";
    let wrong = one.submit(DESK, DESK, &[("number", number), ("name", "陈建军")]).await;
    assert!(wrong.status == 422 && wrong.html.contains("没有查到"));
    assert_eq!(one.submit(DESK, DESK, &[("number", number), ("name", "陈建国")]).await.to, DESK);
    assert!(one.get(DESK).await.html.contains("须由另一位同事核验"));
    let waiting = two.get(DESK).await;
    let path = format!("{DESK}/{}", between(&waiting, "action=\"/desk/recoveries/", "\""));
    assert_eq!(one.submit(DESK, &path, &[("shown", number)]).await.status, 422, "not by the same clerk");
    assert_eq!(
        two.submit(DESK, &path, &[("shown", "999999198001170330")]).await.status,
        422,
        "another's document"
    );
    let told = two.submit(DESK, &path, &[("shown", number)]).await;
    let code = between(&told, "<p class=\"num\"><code>", "</code>").to_owned();
    assert_eq!(two.submit(DESK, &path, &[("shown", number)]).await.status, 404, "told once");
    assert_eq!(recover("citizen2", &code, "nine green umbrellas").await.status, 200);
    assert_eq!(recover("citizen2", &code, "three red umbrellas").await.status, 422, "used");
    let token =
        sign_in(&t.ground, "citizen2", "nine green umbrellas", SessionKind::Cookie).await.unwrap().token;
    let mut b = Browser::new(app(&t)).with_cookie("yimen_session", &token);
    assert!(b.get(SECURITY).await.html.contains("经窗口核验证件后设置了新密码"), "the holder is told");
    assert!(b.get(SECURITY).await.html.contains("<dd class=\"num\">0</dd>"), "the old codes are gone");
    let subject = trace::Subject::new(
        "account",
        identity::session(&t.ground, &token).await.unwrap().unwrap().account(),
    );
    let kinds: Vec<_> =
        trace::outline(&t.store, &subject).await.unwrap().into_iter().map(|e| e.kind).collect();
    for kind in ["codes-made", "recovery-begun", "recovery-told", "recovered"] {
        assert!(kinds.iter().any(|k| k == kind), "{kind}: {kinds:?}");
    }
    let mut citizen = browser(&t, "citizen3").await;
    assert_eq!(citizen.get(DESK).await.status, 403);
});

both!(what_matters_asks_once_more_who_one_is_and_leads_back, ROOMS, |t| async move {
    seed(&t).await;
    const CONFIRM: &str = "/account/confirm?next=/space";
    let mut b = browser(&t, "citizen2").await;
    assert_eq!(b.get(CONFIRM).await.to, "/space", "whoever has just signed in is not asked");
    t.clock.advance_seconds(301);
    let asked = b.get(CONFIRM).await;
    assert!(asked.status == 200 && asked.html.contains("确认后会回到刚才的页面"), "{}", asked.html);
    let next = ("next", "/space");
    let wrong = b.submit(CONFIRM, "/account/confirm", &[next, ("confirm", "wrong")]).await;
    assert!(wrong.status == 422 && wrong.html.contains("不正确"), "{}", wrong.html);
    let empty = b.submit(CONFIRM, "/account/confirm", &[next]).await;
    assert!(empty.status == 422, "{}", empty.html);
    let right = [("next", "//evil.example"), ("confirm", crate::common::PASSWORD)];
    assert_eq!(b.submit(CONFIRM, "/account/confirm", &right).await.to, "/", "no way out of the site");
    assert_eq!(b.get(CONFIRM).await.to, "/space");
});
