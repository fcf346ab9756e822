//! Service on every party: electronic only with consent, in the commit of the decision or later; each party's own time for remedies.
use crate::common::*;
use kernel::{Calendar, Lang, Outcome, SubjectId, Timestamp};
use procedure::{
    Excuse, Frame, NewConsent, NewRemedy, NewService, NoticeKind, Recipient, RemedyKind, Seeker, Way,
    consent, consented, consents, issue_and_serve, notice, notices, open_remedy_by, remedy, serve, served_on,
    services, withdraw_consent,
};
use store::command;

fn person(n: u8) -> SubjectId {
    format!("person:019aa000-0000-7000-8000-00000000000{n}").parse().unwrap()
}

const NOW: &str = "2026-11-22T02:00:00Z";

async fn agree(t: &harness::TestGround, city: &City, party: SubjectId, when: &str) -> Outcome<()> {
    let new = NewConsent {
        subject: CASE.to_owned(),
        party,
        at: at(when),
        system: "本平台账户 wang@example.cn".to_owned(),
    };
    command!(t.ground, Lang::ZhCn, city.clerk, |cx| consent(&mut cx, new.clone()).await.map(|_| ()))
}

fn electronic(notice: procedure::NoticeId, recipient: SubjectId, when: Timestamp) -> NewService {
    NewService {
        subject: CASE.to_owned(),
        notice,
        recipient,
        recipient_name: "王䶮".to_owned(),
        way: Way::Electronic,
        at: when,
        evidence: None,
    }
}

harness::both!(an_electronic_service_rests_on_a_consent, ROOMS, |t| async move {
    let city = city(&t).await;
    let store = &t.ground.store;
    let refusal = issue(&t, &city.examiner, new(NoticeKind::Refusal, Frame::Licence)).await.unwrap();
    let go = async |new: NewService| {
        command!(t.ground, Lang::ZhCn, city.clerk, |cx| serve(&mut cx, new.clone()).await)
    };
    let (wang, li) = (person(1), person(2));
    assert_eq!(code(go(electronic(refusal, wang, at(NOW))).await), "procedure.service-consent");
    assert_eq!(code(agree(&t, &city, wang, "2026-11-23T02:00:00Z").await), "procedure.consent-early");
    agree(&t, &city, wang, "2026-11-20T02:00:00Z").await.unwrap();
    agree(&t, &city, wang, "2026-11-21T02:00:00Z").await.unwrap();
    assert_eq!(consents(store, CASE).await.unwrap().len(), 1, "the same consent is kept once");
    let kept = consented(store, CASE, wang, at(NOW)).await.unwrap().unwrap();
    assert_eq!(
        (kept.given_at, kept.system.as_str()),
        (at("2026-11-20T02:00:00Z"), "本平台账户 wang@example.cn")
    );
    assert_eq!(consented(store, CASE, wang, at("2026-11-19T02:00:00Z")).await.unwrap(), None, "not before");
    assert_eq!(
        code(go(electronic(refusal, li, at(NOW))).await),
        "procedure.service-consent",
        "each for itself"
    );
    let served = go(electronic(refusal, wang, at(NOW))).await.unwrap();
    let proof = notice(store, served.proof).await.unwrap().unwrap();
    let facts: Vec<&str> = proof.content.facts.iter().map(|(label, _)| label.zh.as_str()).collect();
    assert!(facts.contains(&"同意电子送达的时间"), "{facts:?}");
    command!(t.ground, Lang::ZhCn, city.clerk, |cx| withdraw_consent(&mut cx, CASE, wang).await).unwrap();
    t.clock.advance_seconds(60);
    let later = at("2026-11-22T02:01:00Z");
    assert_eq!(code(go(electronic(refusal, wang, later)).await), "procedure.service-consent");
    let again = command!(t.ground, Lang::ZhCn, city.clerk, |cx| withdraw_consent(&mut cx, CASE, wang).await);
    assert_eq!(code(again), "procedure.no-consent");
    assert_eq!(services(store, CASE).await.unwrap().len(), 1, "what was served stays served");
    // where it is served stands nowhere in plain
    let rows: Vec<(Vec<u8>,)> = store.rows("SELECT body FROM procedure_consent", Vec::new()).await.unwrap();
    assert!(rows.iter().all(|(body,)| !String::from_utf8_lossy(body).contains("wang@example.cn")));
});

harness::both!(what_is_decided_is_served_on_every_party_at_once, ROOMS, |t| async move {
    let city = city(&t).await;
    let store = &t.ground.store;
    let (wang, li) = (person(1), person(2));
    let to =
        |party, name: &str, way| Recipient { party, name: name.to_owned(), way, at: None, evidence: None };
    let both = || {
        vec![
            to(wang, "王䶮", Way::Electronic),
            to(li, "李和", Way::InPerson { signed_by: "李和".to_owned(), kept: None }),
        ]
    };
    let go = async |with_consent: bool| {
        command!(t.ground, Lang::ZhCn, city.examiner, |cx| {
            if with_consent {
                let system = "本平台账户".to_owned();
                let new = NewConsent { subject: CASE.to_owned(), party: wang, at: at(NOW), system };
                consent(&mut cx, new).await?;
            }
            issue_and_serve(&mut cx, new(NoticeKind::Grant, Frame::Licence), both()).await
        })
    };
    assert_eq!(code(go(false).await), "procedure.service-consent");
    assert!(notices(store, CASE).await.unwrap().is_empty(), "nothing is issued when one service cannot be");
    // a consent given in the very same commit counts
    let done = go(true).await.unwrap();
    assert_eq!(done.served.iter().map(|s| s.recipient).collect::<Vec<_>>(), [wang, li]);
    let kinds: Vec<NoticeKind> = notices(store, CASE).await.unwrap().iter().map(|n| n.kind).collect();
    assert_eq!(kinds, [NoticeKind::Grant, NoticeKind::Service, NoticeKind::Service]);
    assert_eq!(served_on(store, done.notice).await.unwrap(), [(wang, at(NOW)), (li, at(NOW))]);
});

harness::both!(each_party_has_its_own_time_for_remedies, ROOMS, |t| async move {
    let city = city(&t).await;
    let store = &t.ground.store;
    let calendar = Calendar::official();
    let refusal = issue(&t, &city.examiner, new(NoticeKind::Refusal, Frame::Licence)).await.unwrap();
    let (wang, li) = (person(1), person(2));
    let signed = Way::InPerson { signed_by: "王䶮".to_owned(), kept: Some("登记簿7页".to_owned()) };
    let by_hand = NewService { way: signed, ..electronic(refusal, wang, at(NOW)) };
    let published = Way::PublicNotice { where_: "南京日报".to_owned() };
    let by_paper = NewService { way: published, ..electronic(refusal, li, at(NOW)) };
    for new in [by_hand, by_paper] {
        command!(t.ground, Lang::ZhCn, city.clerk, |cx| serve(&mut cx, new.clone()).await).unwrap();
    }
    let moments = served_on(store, refusal).await.unwrap();
    assert_eq!(kernel::clock::legal_date(moments[1].1), jiff::civil::date(2026, 12, 22));
    let seek = |by: Seeker| {
        let new = NewRemedy {
            subject: CASE.to_owned(),
            kind: RemedyKind::Reconsideration,
            filed_at: at("2027-01-25T02:00:00Z"),
            body: "南京市人民政府".to_owned(),
            ground: "事实不清".to_owned(),
            against: Some(refusal),
            late_reason: None,
        };
        (new, by)
    };
    let open = async |(new, by): (NewRemedy, Seeker)| {
        command!(t.ground, Lang::ZhCn, city.clerk, |cx| {
            open_remedy_by(&mut cx, &calendar, new.clone(), by.clone()).await
        })
    };
    let late = Seeker { party: Some(wang), excuse: None };
    assert_eq!(code(open(seek(late)).await), "procedure.remedy-late");
    let (from, to) = (jiff::civil::date(2027, 1, 4), jiff::civil::date(2027, 1, 8));
    let excuse = Excuse::GoodReason { from, to, what: "住院".to_owned() };
    open(seek(Seeker { party: Some(wang), excuse: Some(excuse.clone()) })).await.unwrap();
    t.clock.advance_seconds(1);
    open(seek(Seeker { party: Some(li), excuse: None })).await.unwrap();
    let kept = remedy::of(store, CASE).await.unwrap();
    assert_eq!((kept[0].party, kept[0].excuse.as_ref()), (Some(wang), Some(&excuse)));
    assert!(
        matches!(kept[0].admission, Some(procedure::Admission::Excused { .. })),
        "{:?}",
        kept[0].admission
    );
    assert!(kept[1].admission.as_ref().unwrap().in_time(), "served by public notice, a month later");
});
