//! Mandates from the offer to their end, handed on, by law for a child; the people of firms; on both databases.
use crate::common::{ROOMS, seed, session};
use harness::{TestGround, both};
use identity::mandate::{
    Act, Answer, Cause, Guardianship, MandateId, MandateState, Matters, Offer, Powers, Side, answer,
    end_all_of, find_agent, mandate_of, mandates_of, offer, record_guardian, rely, uses_of,
};
use identity::{
    Applicant, Confirmed, MemberRole, NewStaff, ProfileKind, Session, Whom, remove_staff, set_staff, staff_of,
};
use kernel::{ActorRef, Failure, Lang, Outcome, PersonId, Refusal, SubjectId};
use store::{CommitError, command, params};

const LI: (&str, &str) = ("999999198001170330", "李国强");
const CHEN: &str = "999999197511220153";
const SIYU: &str = "999999201006010429";
const HOME: &str = "home-purchase-proof";
const STICKER: &str = "charter-bus-sticker";

fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(Failure::Refused(Refusal { code, .. })) => code.into_owned(),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

/// Somebody who has just signed in.
struct Somebody {
    session: Session,
    sure: Confirmed,
}

impl Somebody {
    async fn of(t: &TestGround, account: &str) -> Self {
        let session = session(t, account).await;
        let sure = session.confirmed(t.ground.clock.now()).unwrap();
        Self { session, sure }
    }

    async fn as_whom(&self, t: &TestGround, whom: Whom) -> Applicant {
        self.session.acting_for(&t.store, whom).await.unwrap().applicant().unwrap()
    }

    async fn myself(&self, t: &TestGround) -> Applicant {
        self.as_whom(t, Whom::Myself).await
    }

    fn now(&self) -> Applicant {
        self.session.applicant().unwrap()
    }
}

async fn give(t: &TestGround, who: &Applicant, sure: &Confirmed, wanted: &Offer) -> Outcome<MandateId> {
    command!(t.ground, Lang::ZhCn, who.actor_ref(), |cx| offer(&mut cx, who, sure, wanted).await)
}

async fn say(t: &TestGround, who: &Applicant, sure: &Confirmed, id: MandateId, what: Answer) -> Outcome<()> {
    command!(t.ground, Lang::ZhCn, who.actor_ref(), |cx| answer(&mut cx, who, sure, id, what).await)
}

async fn done(t: &TestGround, who: &Applicant, act: Act, item: &str) -> Outcome<()> {
    command!(t.ground, Lang::ZhCn, who.actor_ref(), |cx| rely(&mut cx, who, act, &[item], "N1").await)
}

async fn to(t: &TestGround, (number, name): (&str, &str), items: &[&str]) -> Offer {
    let (agent, agent_name) = find_agent(&t.store, ProfileKind::Person, number, name).await.unwrap();
    Offer {
        agent,
        agent_name,
        matters: Matters::Items(items.iter().map(|i| (*i).to_owned()).collect()),
        powers: Powers::Filing,
        until: "2026-12-31".parse().unwrap(),
        hand_on: false,
        under: None,
        signed: true,
    }
}

both!(a_mandate_is_given_accepted_used_and_taken_back, ROOMS, |t| async move {
    seed(&t).await;
    let (one, two) = (Somebody::of(&t, "citizen").await, Somebody::of(&t, "firm").await);
    let (wang, li) = (one.now(), two.myself(&t).await);
    for (number, name) in [(LI.0, "李国"), (LI.0, ""), ("999999197511220153", "李国强"), ("x", "李国强")]
    {
        let found = find_agent(&t.store, ProfileKind::Person, number, name).await;
        assert_eq!(code(found), "identity.mandate-nobody", "{number} {name}");
    }
    let wanted = to(&t, LI, &[HOME]).await;
    assert_eq!(
        code(give(&t, &wang, &two.sure, &wanted).await),
        "identity.confirm-first",
        "another's password"
    );
    let id = give(&t, &wang, &one.sure, &wanted).await.unwrap();
    assert_eq!(code(two.session.acting_for(&t.store, Whom::Under(id)).await), "identity.no-mandate");
    let stranger = Somebody::of(&t, "citizen2").await;
    assert_eq!(code(say(&t, &stranger.now(), &stranger.sure, id, Answer::Accept).await), "not-found");
    assert_eq!(code(say(&t, &wang, &one.sure, id, Answer::Accept).await), "identity.mandate-not-yours");
    say(&t, &li, &two.sure, id, Answer::Accept).await.unwrap();

    let agent = two.as_whom(&t, Whom::Under(id)).await;
    assert_eq!(
        (agent.subject(), agent.subject_name(), agent.person()),
        (wang.subject(), "王秀英", li.person())
    );
    assert!(agent.covers(HOME) && !agent.covers(STICKER) && !agent.sees_all() && agent.acting().is_none());
    assert_eq!(code(mandates_of(&t.store, &agent, Side::Held, None, 9).await), "identity.mandate-speak");
    assert_eq!(code(stranger.session.acting_for(&t.store, Whom::Under(id)).await), "identity.no-mandate");
    done(&t, &agent, Act::File, HOME).await.unwrap();
    assert_eq!(code(done(&t, &agent, Act::File, STICKER).await), "identity.mandate-powers");
    assert_eq!(code(done(&t, &agent, Act::Withdraw, HOME).await), "identity.mandate-powers");

    // An act that is decided before the mandate is taken back, and committed after, does not happen.
    let mut late = t.ground.begin(Lang::ZhCn, agent.actor_ref());
    rely(&mut late, &agent, Act::File, &[HOME], "N2").await.unwrap();
    say(&t, &wang, &one.sure, id, Answer::Revoke).await.unwrap();
    assert!(matches!(late.finish().await, Err(CommitError::Conflict(_))));
    assert_eq!(code(done(&t, &agent, Act::File, HOME).await), "identity.mandate-ended");
    for who in [&wang, &li] {
        let used = uses_of(&t.store, who, id, None, 9).await.unwrap();
        let told: Vec<_> = used.iter().map(|u| (&*u.person_name, &*u.act, &*u.about)).collect();
        assert_eq!(told, [("李国强", "file", "N1")], "what was done stands, and both see it");
    }
    let kinds = trace::outline(&t.store, &trace::Subject::new("mandate", id)).await.unwrap();
    let kinds: Vec<_> = kinds.into_iter().map(|e| e.kind).collect();
    assert_eq!(kinds, ["offered", "accepted", "revoked"]);
    assert_eq!(code(say(&t, &li, &two.sure, id, Answer::Renounce).await), "identity.mandate-over");
    t.clock.advance_seconds(1);
    let second = give(&t, &wang, &one.sure, &wanted).await.unwrap();
    let given = mandates_of(&t.store, &wang, Side::Given, None, 1).await.unwrap();
    assert_eq!(given.iter().map(|m| m.id).collect::<Vec<_>>(), [second]);
    let older = mandates_of(&t.store, &wang, Side::Given, Some(second), 9).await.unwrap();
    assert_eq!(older.iter().map(|m| (m.id, m.state)).collect::<Vec<_>>(), [(id, MandateState::Revoked)]);
    t.clock.advance_seconds(300);
    assert!(one.session.confirmed(t.ground.clock.now()).is_err(), "five minutes are over");
});

both!(a_mandate_handed_on_ends_with_the_one_it_came_from, ROOMS, |t| async move {
    seed(&t).await;
    let (agency, clerk, firm) =
        (Somebody::of(&t, "agency").await, Somebody::of(&t, "agent").await, Somebody::of(&t, "firm").await);
    let held = mandates_of(&t.store, &agency.now(), Side::Held, None, 9).await.unwrap();
    let root = held[0].id;
    // A clerk of the agent firm acts under its mandate, and does not deal with mandates.
    let acting = clerk.as_whom(&t, Whom::Under(root)).await;
    assert_eq!((acting.subject_name(), acting.acting()), ("南京金陵旅行客运有限公司", firm.now().acting()));
    done(&t, &acting, Act::File, STICKER).await.unwrap();
    let refused = mandates_of(&t.store, &clerk.now(), Side::Held, None, 9).await;
    assert_eq!(code(refused), "identity.staff-not-administrator");

    let wanted = Offer { under: Some(root), ..to(&t, (CHEN, "陈建国"), &[STICKER]).await };
    assert_eq!(code(give(&t, &clerk.now(), &clerk.sure, &wanted).await), "identity.staff-not-administrator");
    let wider = Offer { matters: Matters::All, ..wanted.clone() };
    assert_eq!(code(give(&t, &agency.now(), &agency.sure, &wider).await), "identity.mandate-wider");
    let child = give(&t, &agency.now(), &agency.sure, &wanted).await.unwrap();
    let chen = Somebody::of(&t, "citizen2").await;
    say(&t, &chen.now(), &chen.sure, child, Answer::Accept).await.unwrap();
    let sub = chen.as_whom(&t, Whom::Under(child)).await;
    done(&t, &sub, Act::File, STICKER).await.unwrap();
    for (id, uses) in [(root, 2), (child, 1)] {
        let seen = uses_of(&t.store, &firm.now(), id, None, 9).await.unwrap();
        assert_eq!(seen.len(), uses, "the principal sees every use, also two links away");
    }
    let (_, below) = mandate_of(&t.store, &firm.now(), root).await.unwrap();
    assert_eq!(
        (below[0].id, below[0].links, below[0].giver_name.as_str()),
        (child, 2, "南京示范企业代办服务有限公司")
    );

    // Whoever leaves the agent firm can no longer act at once; the firm's mandate stands.
    let person = clerk.now().person();
    command!(t.ground, Lang::ZhCn, agency.now().actor_ref(), |cx| {
        remove_staff(&mut cx, &agency.now(), &agency.sure, person).await
    })
    .unwrap();
    assert_eq!(code(done(&t, &acting, Act::File, STICKER).await), "identity.mandate-ended");

    say(&t, &firm.now(), &firm.sure, root, Answer::Revoke).await.unwrap();
    let (ended, _) = mandate_of(&t.store, &firm.now(), child).await.unwrap();
    assert_eq!(ended.state, MandateState::Ended);
    assert_eq!(code(done(&t, &sub, Act::File, STICKER).await), "identity.mandate-ended");
    let again = give(&t, &agency.now(), &agency.sure, &wanted).await;
    assert_eq!(code(again), "identity.mandate-over");
});

both!(a_guardian_acts_for_a_child_until_it_comes_of_age, ROOMS, |t| async move {
    seed(&t).await;
    let clerk = session(&t, "clerk").await.clerk().unwrap();
    let record = async |child: &str, guardian: &str, evidence: &str| {
        let known =
            Guardianship { child: child.into(), guardian: guardian.into(), evidence: evidence.into() };
        command!(t.ground, Lang::ZhCn, clerk.actor_ref(), |cx| record_guardian(&mut cx, &clerk, &known).await)
    };
    for (child, guardian, evidence, expected) in [
        (LI.0, CHEN, "户口簿", "identity.guardian-of-age"),
        (SIYU, "999999201509180315", "户口簿", "identity.guardian-minor"),
        (SIYU, CHEN, " ", "identity.guardian-unproven"),
        ("1", CHEN, "户口簿", "identity.guardian-number"),
        (SIYU, "11010519491231002X", "户口簿", "identity.guardian-unknown"),
    ] {
        assert_eq!(code(record(child, guardian, evidence).await), expected);
    }
    let id = record(SIYU, CHEN, "出生医学证明").await.unwrap();
    assert_eq!(code(record(SIYU, CHEN, "户口簿").await), "identity.guardian-known");
    let chen = Somebody::of(&t, "citizen2").await;
    let father = chen.as_whom(&t, Whom::Under(id)).await;
    assert_eq!((father.subject_name(), father.sees_all()), ("陈思雨", true));
    done(&t, &father, Act::Withdraw, HOME).await.unwrap();
    let facts = command!(t.ground, Lang::ZhCn, father.actor_ref(), |cx| {
        let purpose = trace::Purpose::new("prefill");
        identity::known_facts(&mut cx, father.subject(), father.person(), &purpose).await
    });
    assert_eq!(facts.unwrap()["person.citizen_id"], SIYU, "the form is about the child");
    assert_eq!(
        code(say(&t, &chen.now(), &chen.sure, id, Answer::Renounce).await),
        "identity.mandate-not-yours"
    );
    // He may let somebody else act for her, once.
    let aunt = Offer { under: Some(id), ..to(&t, LI, &[HOME]).await };
    let aunt = give(&t, &chen.now(), &chen.sure, &aunt).await.unwrap();
    t.clock.set("2028-05-31T15:59:59Z".parse().unwrap());
    assert!(rely_now(&t, &father).await.is_ok(), "the last day counts");
    t.clock.advance_seconds(1);
    assert_eq!(code(rely_now(&t, &father).await), "identity.mandate-ended");
    identity::sweep(&t.ground).await.unwrap();
    identity::sweep(&t.ground).await.unwrap();
    for (id, kinds) in [(id, &["guardian", "handed-on", "expired"][..]), (aunt, &["offered", "expired"][..])]
    {
        let told = trace::outline(&t.store, &trace::Subject::new("mandate", id)).await.unwrap();
        assert_eq!(told.into_iter().map(|e| e.kind).collect::<Vec<_>>(), kinds);
    }
});

async fn rely_now(t: &TestGround, who: &Applicant) -> Outcome<()> {
    command!(t.ground, Lang::ZhCn, who.actor_ref(), |cx| rely(&mut cx, who, Act::File, &[], "").await)
}

both!(a_death_ends_every_mandate_of_somebody, ROOMS, |t| async move {
    seed(&t).await;
    let wang = Somebody::of(&t, "citizen").await;
    let wanted = to(&t, LI, &[HOME]).await;
    let id = give(&t, &wang.now(), &wang.sure, &wanted).await.unwrap();
    let subject = wang.now().subject();
    // The mandate she gave, and her son's that she holds.
    assert_eq!(end_all_of(&t.ground, subject, Cause::Death).await.unwrap(), 2);
    assert_eq!(end_all_of(&t.ground, subject, Cause::Death).await.unwrap(), 0);
    let (ended, _) = mandate_of(&t.store, &wang.now(), id).await.unwrap();
    assert_eq!(ended.state, MandateState::Ended);
});

async fn put(t: &TestGround, who: &Somebody, new: &NewStaff) -> Outcome<PersonId> {
    let applicant = who.now();
    command!(t.ground, Lang::ZhCn, applicant.actor_ref(), |cx| {
        set_staff(&mut cx, &applicant, &who.sure, new).await
    })
}

async fn off(t: &TestGround, who: &Somebody, person: PersonId) -> Outcome<()> {
    let applicant = who.now();
    command!(t.ground, Lang::ZhCn, applicant.actor_ref(), |cx| {
        remove_staff(&mut cx, &applicant, &who.sure, person).await
    })
}

both!(a_firm_adds_and_removes_its_people_and_keeps_one_who_manages, ROOMS, |t| async move {
    seed(&t).await;
    let firm = Somebody::of(&t, "firm").await;
    let new = |role, until: Option<&str>| NewStaff {
        number: CHEN.to_owned(),
        name: "陈 建国".to_owned(),
        role,
        until: until.map(|d| d.parse().unwrap()),
    };
    let wrong = NewStaff { name: "陈建".to_owned(), ..new(MemberRole::Agent, None) };
    assert_eq!(code(put(&t, &firm, &wrong).await), "identity.mandate-nobody");
    assert_eq!(
        code(put(&t, &firm, &new(MemberRole::Agent, Some("2026-11-21"))).await),
        "identity.staff-past"
    );
    let register = put(&t, &firm, &new(MemberRole::LegalRepresentative, None)).await;
    assert_eq!(code(register), "identity.staff-register");
    let chen = put(&t, &firm, &new(MemberRole::Agent, Some("2026-11-22"))).await.unwrap();
    let house = firm.now().acting().unwrap();
    let one = Somebody::of(&t, "citizen2").await;
    let acting = one.as_whom(&t, Whom::Firm(house)).await;
    assert!(!acting.manages());
    assert_eq!(
        code(staff_of(&t.store, &acting, t.ground.clock.now(), None).await),
        "identity.staff-not-administrator"
    );
    t.clock.set("2026-11-22T16:00:00Z".parse().unwrap());
    let late = session(&t, "citizen2").await.acting_for(&t.store, Whom::Firm(house)).await;
    assert_eq!(code(late), "identity.no-mandate", "the last day is over");

    let firm = Somebody::of(&t, "firm").await;
    put(&t, &firm, &new(MemberRole::Administrator, None)).await.unwrap();
    let all = staff_of(&t.store, &firm.now(), t.ground.clock.now(), None).await.unwrap();
    assert_eq!(all.len(), 3);
    let register = all.iter().find(|m| m.role == MemberRole::LegalRepresentative).unwrap().person;
    assert_eq!(code(off(&t, &firm, register).await), "identity.staff-register");
    off(&t, &firm, chen).await.unwrap();
    assert_eq!(code(off(&t, &firm, chen).await), "not-found");
    // Without a legal representative on record, the last administrator stays.
    let mut cx = t.ground.begin(Lang::ZhCn, ActorRef::system());
    cx.commit.exec("DELETE FROM identity_membership WHERE person = $1", params![register]);
    cx.finish().await.unwrap();
    let own = firm.now().person();
    assert_eq!(code(off(&t, &firm, own).await), "identity.staff-last");
    let second = put(&t, &firm, &new(MemberRole::Administrator, None)).await.unwrap();
    let SubjectId::Organisation(id) = firm.now().subject() else { panic!() };
    let other = Somebody::of(&t, "citizen2").await;
    let other = Somebody {
        session: other.session.acting_for(&t.store, Whom::Firm(id)).await.unwrap(),
        sure: other.sure,
    };
    let (a, b) = tokio::join!(off(&t, &firm, second), off(&t, &other, own));
    assert!(a.is_ok() != b.is_ok(), "of two who remove each other one stays: {a:?} {b:?}");
});

fn field<'a>(page: &'a str, from: &str) -> &'a str {
    page.split_once(from).unwrap_or_else(|| panic!("no {from}: {page}")).1.split_once('"').unwrap().0
}

both!(mandates_are_given_answered_and_used_in_the_browser, ROOMS, |t| async move {
    seed(&t).await;
    let house = crate::common::house(&t, "http://127.0.0.1:8080", true);
    let app = crate::common::dressed(identity::routes(house.clone()), &house);
    let browser = async |account: &str| {
        crate::common::Browser::new(app.clone())
            .with_cookie("yimen_session", &crate::common::token(&t, account).await)
    };
    let (mut wang, mut li) = (browser("citizen").await, browser("firm").await);
    const NEW: &str = "/space/mandates/new";
    let page = wang.get(NEW).await;
    assert!(
        page.html.contains("第一百六十五条")
            && page.html.contains("2027-05-23")
            && !page.html.contains("f-confirm")
    );
    assert!(wang.get(&format!("{NEW}?lang=en")).await.html.contains("New mandate"));
    wang.get(&format!("{NEW}?lang=zh-CN")).await;
    let base = [("kind", "person"), ("number", LI.0), ("name", LI.1), ("scope", "all"), ("powers", "filing")];
    let with = |more: &[(&'static str, &'static str)]| [&base[..], more].concat();
    let found = wang.submit(NEW, NEW, &with(&[("find", "yes"), ("q", "x")])).await;
    assert!(found.status == 200 && found.html.contains(LI.0), "searching keeps what was typed");
    let unsigned = wang.submit(NEW, NEW, &with(&[("until", "2026-12-31")])).await;
    assert!(unsigned.status == 422 && unsigned.html.contains("勾选签署") && unsigned.html.contains(LI.0));
    let odd = wang.submit(NEW, NEW, &with(&[("until", "never"), ("sign", "yes")])).await;
    assert!(odd.status == 422 && odd.html.contains("请填写日期"));
    t.clock.advance_seconds(301);
    let signed = with(&[("until", "2026-12-31"), ("sign", "yes")]);
    let asked = wang.submit(NEW, NEW, &signed).await;
    assert!(
        asked.status == 422 && asked.html.contains("f-confirm") && asked.html.contains(LI.0),
        "{}",
        asked.html
    );
    let sure = [&signed[..], &[("confirm", crate::common::PASSWORD)]].concat();
    let given = wang.submit(NEW, NEW, &sure).await;
    assert!(given.status == 303 && given.to.starts_with("/space/mandates/"), "{}", given.html);
    let page = wang.get(&given.to).await;
    for words in ["等待接受", "所有事项", "一般办理", "还没有使用过", "撤销委托"] {
        assert!(page.html.contains(words), "{words}: {}", page.html);
    }
    // The agent stands in his firm's place: he must switch to himself to answer.
    assert_eq!(li.get(&given.to).await.status, 404);
    li.submit("/acting", "/acting", &[("whom", "self")]).await;
    assert!(li.get("/space/mandates?side=held").await.html.contains("等您答复"));
    let answer = [("do", "accept"), ("confirm", crate::common::PASSWORD)];
    assert_eq!(li.submit(&given.to, &given.to, &answer).await.to, given.to);
    let acting = li.get("/acting").await;
    let id = given.to.rsplit('/').next().unwrap();
    assert!(acting.html.contains("受其委托") && acting.html.contains(&format!("mandate:{id}")));
    li.submit("/acting", "/acting", &[("whom", &format!("mandate:{id}"))]).await;
    let badge = li.get("/account").await;
    assert!(badge.html.contains("王秀英"), "the badge says for whom: {}", badge.html);
    assert_eq!(li.get("/space/mandates").await.status, 403);
    // Revoked: the next page leads to the choice.
    wang.submit(&given.to, &given.to, &[("do", "revoke")]).await;
    assert!(wang.get(&given.to).await.html.contains("已撤销"));
    assert_eq!(li.get("/space/mandates").await.to, "/acting?next=/space/mandates");
    assert!(li.get("/acting").await.html.contains("您已不能代表原来选择的人或单位"));
    // A mother finds her son under the choice.
    assert!(wang.get("/acting").await.html.contains("我是其监护人"));
    for (path, status) in
        [("/space/mandates/x", 404), ("/space/mandates/019a0000-0000-7000-8000-000000000001", 404)]
    {
        assert_eq!(wang.get(path).await.status, status, "{path}");
    }
    assert!(wang.get("/space/mandates?before=x&side=odd").await.html.contains("李国强"));
});

both!(a_firm_keeps_its_people_in_the_browser, ROOMS, |t| async move {
    seed(&t).await;
    let house = crate::common::house(&t, "http://127.0.0.1:8080", true);
    let app = crate::common::dressed(identity::routes(house.clone()), &house);
    let token = crate::common::token(&t, "firm").await;
    let mut b = crate::common::Browser::new(app.clone()).with_cookie("yimen_session", &token);
    const STAFF: &str = "/space/staff";
    let page = b.get(STAFF).await;
    assert!(page.html.contains("周明") && page.html.contains("以登记为准") && page.html.contains("李国强"));
    let odd = b
        .submit(STAFF, STAFF, &[("number", CHEN), ("name", "陈建国"), ("until", "x"), ("role", "agent")])
        .await;
    assert!(odd.status == 422 && odd.html.contains("请填写日期") && odd.html.contains(CHEN));
    let added = [("number", CHEN), ("name", "陈建国"), ("role", "agent")];
    assert_eq!(b.submit(STAFF, STAFF, &added).await.to, STAFF);
    let page = b.get(STAFF).await;
    assert!(page.html.contains("陈建国"));
    let mut chen = crate::common::Browser::new(app)
        .with_cookie("yimen_session", &crate::common::token(&t, "citizen2").await);
    let firm = session(&t, "firm").await.acting().unwrap().to_string();
    chen.submit("/acting", "/acting", &[("whom", &firm)]).await;
    assert_eq!(chen.get(STAFF).await.status, 403, "an agent does not manage");
    let row = page.html.split("陈建国").nth(1).unwrap();
    let person = field(row, "href=\"/space/staff/");
    let path = format!("{STAFF}/{person}");
    assert!(b.get(&path).await.html.contains("移除后"));
    t.clock.advance_seconds(301);
    assert_eq!(b.submit(&path, &path, &[]).await.status, 422, "the password is asked for");
    assert_eq!(b.submit(&path, &path, &[("confirm", crate::common::PASSWORD)]).await.to, STAFF);
    assert_eq!(chen.get(STAFF).await.to, "/acting?next=/space/staff", "at once");
});

both!(where_a_protected_person_lives_is_told_to_no_agent_at_a_window, ROOMS, |t| async move {
    use identity::protection::{Command, Ground, Typed, ask_protection, decide_protection};
    seed(&t).await;
    let person =
        async |number: &str| identity::person_by_citizen_id(&t.ground.store, number).await.unwrap().unwrap();
    let (principal, agent) = (person(CHEN).await, person(LI.0).await);
    let (clerk, head) = (session(&t, "clerk").await, session(&t, "hall-head").await);
    let (clerk, head) = (clerk.clerk().unwrap(), head.clerk().unwrap());
    let known = async |by: PersonId| {
        command!(t.ground, Lang::ZhCn, clerk.actor_ref(), |cx| {
            let purpose = trace::Purpose::new("accept");
            identity::known_facts(&mut cx, SubjectId::Person(principal), by, &purpose).await
        })
        .unwrap()
    };
    assert!(known(agent).await.contains_key("person.address"), "not kept yet");
    let wanted = Typed {
        number: CHEN.to_owned(),
        with: String::new(),
        ground: Ground::Sensitive,
        paper: "（2026）苏0104民保令1号".to_owned(),
        until: "2026-11-30".parse().unwrap(),
    };
    let asked = command!(t.ground, Lang::ZhCn, clerk.actor_ref(), |cx| {
        ask_protection(&mut cx, &clerk, &wanted).await
    })
    .unwrap();
    command!(t.ground, Lang::ZhCn, head.actor_ref(), |cx| {
        decide_protection(&mut cx, &head, asked, &Command::Decide { agree: true }).await
    })
    .unwrap();
    assert!(!known(agent).await.contains_key("person.address"), "an agent stands there");
    assert!(known(principal).await.contains_key("person.address"), "they themselves do");
});
