//! Which agency is responsible where, who is in charge, several posts, and who stands in; on both databases.
use crate::common::{Browser, ROOMS, dressed, house, seed, session, token};
use harness::{TestGround, both};
use identity::{
    AccountEvent, Examiner, Level, acting_for, agency_for, colleagues, delegate, delegates_of, delegations,
    end_delegation, head_on,
};
use jiff::civil::{Date, date};
use kernel::{AccountId, ActorRef, AgencyCode, Failure, Lang, Outcome};
use store::{command, params};

const HTTP: &str = "http://127.0.0.1:8080";

both!(an_office_is_found_by_what_it_does_how_high_and_where, ROOMS, |t| async move {
    seed(&t).await;
    // A city without counties, a village in no table, a county that the province leads itself.
    let mut cx = t.ground.begin(Lang::ZhCn, ActorRef::system());
    for (code, parent) in
        [("441900", "440000"), ("441900003", "441900"), ("429004", "420000"), ("420000", "")]
    {
        let parent = Some(parent).filter(|p| !p.is_empty()).map(str::to_owned);
        cx.commit.exec(
            "INSERT INTO identity_division (code, parent, name_zh, name_en) VALUES ($1, $2, $1, $1)",
            params![code, parent],
        );
    }
    for (code, division) in [("dongguan.civil-affairs", "441900"), ("hubei.civil-affairs", "420000")] {
        cx.commit.exec(
            "INSERT INTO identity_agency (code, name_zh, name_en, credit_code, division, function, phone, address_zh, address_en)
             VALUES ($1, '', '', '', $2, 'civil-affairs', '', '', '')",
            params![code, division],
        );
    }
    cx.finish().await.unwrap();
    for (level, place, expected) in [
        (Level::Town, "440604012", Some("chancheng.zumiao.civil-affairs")),
        (Level::Town, "440604012001", Some("chancheng.zumiao.civil-affairs")),
        (Level::Town, "440604012000", Some("chancheng.zumiao.civil-affairs")),
        (Level::County, "440604012", Some("chancheng.civil-affairs")),
        (Level::County, "440604", Some("chancheng.civil-affairs")),
        (Level::County, "440604199", Some("chancheng.civil-affairs")),
        (Level::City, "440604100", Some("foshan.civil-affairs")),
        (Level::Province, "440604100", None),
        (Level::Town, "440604", None),
        (Level::Town, "440604199", None),
        (Level::County, "320102", None),
        (Level::County, "441900003", Some("dongguan.civil-affairs")),
        (Level::Town, "441900", None),
        (Level::City, "429004", Some("hubei.civil-affairs")),
        (Level::County, "", None),
        (Level::County, "990000", None),
        (Level::County, "44' OR", None),
    ] {
        let found = agency_for(&t.store, "civil-affairs", level, place).await.unwrap();
        assert_eq!(found.as_ref().map(AgencyCode::as_str), expected, "{level} of {place}");
    }
    assert!(agency_for(&t.store, "customs", Level::County, "440604").await.unwrap().is_none());
    let chain = identity::division_chain(&t.store, "440604012").await.unwrap();
    let names: Vec<&str> = chain.iter().map(|(_, name)| name.zh.as_str()).collect();
    assert_eq!(names, ["祖庙街道", "禅城区", "佛山市", "广东省"]);
    assert_eq!(identity::divisions_below(&t.store, Some("440604")).await.unwrap().len(), 4);
    assert!(identity::divisions_below(&t.store, None).await.unwrap().len() >= 3);
    let town = AgencyCode::parse("chancheng.zumiao.civil-affairs").unwrap();
    let town = identity::agency(&t.store, &town).await.unwrap().unwrap();
    assert_eq!((town.level, town.function.as_deref()), (Some(Level::Town), Some("civil-affairs")));
});

async fn examiner(t: &TestGround, account: &str) -> Examiner {
    session(t, account).await.examiner().unwrap()
}

async fn go(
    t: &TestGround,
    who: &Examiner,
    to: AccountId,
    from: Date,
    until: Date,
) -> Outcome<identity::DelegationId> {
    command!(t.ground, Lang::ZhCn, who.actor_ref(), |cx| delegate(&mut cx, who, to, from, until).await)
}

fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.code.into_owned(),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

// The clock stands on 2026-11-22, a Sunday.
both!(a_colleague_stands_in_from_the_first_day_to_the_last, ROOMS, |t| async move {
    seed(&t).await;
    let (head, inspector) = (examiner(&t, "head").await, examiner(&t, "inspector").await);
    assert!(head.is_head() && !inspector.is_head());
    let market = colleagues(&t.store, head.agency()).await.unwrap();
    assert_eq!(
        market.iter().map(|c| (c.name.as_str(), c.head)).collect::<Vec<_>>(),
        [("邓伟杰", false), ("邝佩珊", true)]
    );
    let (from, until) = (date(2026, 11, 24), date(2026, 11, 26));
    let id = go(&t, &head, inspector.account(), from, until).await.unwrap();
    for (day, stands_in) in [(23, false), (24, true), (26, true), (27, false)] {
        let on = date(2026, 11, day);
        let expected = if stands_in { vec![inspector.account()] } else { Vec::new() };
        assert_eq!(delegates_of(&t.store, head.account(), on).await.unwrap(), expected, "{on}");
        assert_eq!(
            acting_for(&t.store, inspector.account(), on).await.unwrap().len(),
            expected.len(),
            "{on}"
        );
        assert_eq!(head_on(&t.store, &inspector, on).await.unwrap(), stands_in, "{on}");
        assert!(head_on(&t.store, &head, on).await.unwrap());
    }
    assert!(acting_for(&t.store, head.account(), from).await.unwrap().is_empty(), "not the other way round");

    let other = examiner(&t, "examiner").await;
    let refused = |to, from, until| go(&t, &head, to, from, until);
    let (d, to) = (|day| date(2026, 11, day), inspector.account());
    assert_eq!(code(refused(other.account(), d(28), d(28)).await), "identity.away-not-a-colleague");
    assert_eq!(code(refused(head.account(), d(28), d(28)).await), "identity.away-not-a-colleague");
    assert_eq!(code(refused(to, d(21), d(28)).await), "identity.away-past");
    assert_eq!(code(refused(to, d(28), d(27)).await), "identity.away-order");
    assert_eq!(code(refused(to, d(28), date(2027, 11, 29)).await), "identity.away-too-long");
    assert_eq!(code(refused(to, d(22), d(24)).await), "identity.away-overlap");
    assert_eq!(code(refused(to, d(26), d(30)).await), "identity.away-overlap");
    go(&t, &head, to, d(27), d(27)).await.unwrap();

    let own = delegations(&t.store, head.account(), d(22)).await.unwrap();
    assert_eq!((own.away.len(), own.standing_in.len()), (2, 0));
    assert_eq!((own.away[0].id, own.away[0].from, own.away[0].until), (id, from, until));
    assert_eq!(delegations(&t.store, to, d(22)).await.unwrap().standing_in.len(), 2);
    let stolen =
        command!(t.ground, Lang::ZhCn, inspector.actor_ref(), |cx| end_delegation(&mut cx, &inspector, id)
            .await);
    assert_eq!(code(stolen), "not-found");
    command!(t.ground, Lang::ZhCn, head.actor_ref(), |cx| end_delegation(&mut cx, &head, id).await).unwrap();
    assert!(delegates_of(&t.store, head.account(), from).await.unwrap().is_empty());
    let subject = trace::Subject::new("account", head.account());
    let (_, events) = trace::history::<AccountEvent>(&t.store, &subject).await.unwrap();
    assert!(
        matches!(events.last().unwrap().event, AccountEvent::DelegationEnded { delegation } if delegation == id)
    );

    t.clock.advance_seconds(20 * 86_400);
    identity::sweep(&t.ground).await.unwrap();
    let all = "SELECT COUNT(*) FROM identity_delegation";
    assert_eq!(t.store.row::<(i64,)>(all, params![]).await.unwrap(), Some((1,)), "ended fifteen days ago");
    t.clock.advance_seconds(20 * 86_400);
    identity::sweep(&t.ground).await.unwrap();
    assert_eq!(t.store.row::<(i64,)>(all, params![]).await.unwrap(), Some((0,)));
});

both!(whoever_leaves_the_agency_stands_in_no_more, ROOMS, |t| async move {
    seed(&t).await;
    let (head, inspector) = (examiner(&t, "head").await, examiner(&t, "inspector").await);
    let day = date(2026, 11, 22);
    go(&t, &head, inspector.account(), day, day).await.unwrap();
    assert_eq!(acting_for(&t.store, inspector.account(), day).await.unwrap(), [head.account()]);
    let mut cx = t.ground.begin(Lang::ZhCn, ActorRef::system());
    cx.commit.exec("DELETE FROM identity_post WHERE account = $1", params![inspector.account()]);
    cx.finish().await.unwrap();
    assert!(acting_for(&t.store, inspector.account(), day).await.unwrap().is_empty());
    assert!(delegates_of(&t.store, head.account(), day).await.unwrap().is_empty());
});

both!(of_several_posts_one_is_chosen_and_kept, ROOMS, |t| async move {
    seed(&t).await;
    let now = session(&t, "town2").await;
    assert_eq!(now.examiner().unwrap().agency().as_str(), "chancheng.nanzhuang.civil-affairs");
    let house = house(&t, HTTP, true);
    let app = dressed(identity::routes(house.clone()), &house);
    let mut b = Browser::new(app.clone()).with_cookie("yimen_session", &token(&t, "town2").await);
    let page = b.get("/account").await;
    assert!(page.html.contains("张槎街道公共服务办公室审查人员"), "{}", page.html);
    let chosen = [("post", "examiner@chancheng.shiwan.civil-affairs")];
    assert_eq!(b.submit("/account", "/account/post", &chosen).await.to, "/account");
    let later = session(&t, "town2").await;
    assert_eq!(later.examiner().unwrap().agency().as_str(), "chancheng.shiwan.civil-affairs");
    assert_eq!(later.staff().unwrap().agency().as_str(), "chancheng.shiwan.civil-affairs");
    for foreign in ["examiner@chancheng.market", "clerk@chancheng.shiwan.civil-affairs", "examiner", "@", ""]
    {
        let page = b.submit("/account", "/account/post", &[("post", foreign)]).await;
        assert_eq!(page.status, 403, "{foreign}");
    }
    let mut citizen = Browser::new(app).with_cookie("yimen_session", &token(&t, "citizen").await);
    assert!(!citizen.get("/account").await.html.contains("/account/away"));
});

both!(a_time_away_is_entered_and_ended_on_a_page_of_its_own, ROOMS, |t| async move {
    seed(&t).await;
    let house = house(&t, HTTP, true);
    let app = dressed(identity::routes(house.clone()), &house);
    let inspector = examiner(&t, "inspector").await.account().to_string();
    let mut b = Browser::new(app.clone()).with_cookie("yimen_session", &token(&t, "head").await);
    assert!(b.get("/account").await.html.contains("/account/away"));
    let page = b.get("/account/away").await;
    assert!(
        page.html.contains("还没有登记")
            && page.html.contains("邓伟杰")
            && page.html.contains("value=\"2026-11-22\"")
    );
    assert!(b.get("/account/away?lang=en").await.html.contains("Away and stood in for"));
    let sent = |from: &'static str, until: &'static str| {
        [("to", inspector.clone()), ("from", from.into()), ("until", until.into())]
    };
    for (from, until, says) in [
        ("", "2026-11-23", "Enter a date"),
        ("2026-11-20", "2026-11-23", "before today"),
        ("2026-11-24", "2026-11-23", "before the first"),
    ] {
        let fields = sent(from, until);
        let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let page = b.submit("/account/away", "/account/away", &fields).await;
        assert_eq!(page.status, 422);
        assert!(page.html.contains(says), "{says}: {}", page.html);
    }
    let none = b.submit("/account/away", "/account/away", &[]).await;
    assert!(none.status == 422 && none.html.contains("Choose who stands in"));
    let fields = sent("2026-11-22", "2026-11-23");
    let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(b.submit("/account/away", "/account/away", &fields).await.to, "/account/away");
    let page = b.get("/account/away").await;
    let mut other = Browser::new(app.clone()).with_cookie("yimen_session", &token(&t, "inspector").await);
    assert!(other.get("/account/away").await.html.contains("由我代办"));
    let end = page.html.split_once("action=\"/account/away/").unwrap().1.split_once('"').unwrap().0;
    let end = format!("/account/away/{end}");
    assert_eq!(other.submit("/account/away", &end, &[]).await.status, 404, "it is not theirs to end");
    assert_eq!(b.submit("/account/away", &end, &[]).await.to, "/account/away");
    assert!(!other.get("/account/away").await.html.contains("由我代办"));
    let mut clerk = Browser::new(app).with_cookie("yimen_session", &token(&t, "clerk").await);
    assert_eq!(clerk.get("/account/away").await.status, 403);
});
