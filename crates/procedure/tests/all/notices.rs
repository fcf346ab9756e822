//! Notices under their seals: issued, refused, numbered, laid out once; service and remedies that start there.
use crate::common::*;
use jiff::ToSpan as _;
use kernel::{ActorRef, Calendar, Fault, Lang, Press, PressJob, SubjectId};
use page::{House, Site};
use procedure::{
    Frame, NewRemedy, NewService, NoticeKind, RemedyKind, RemedyOutcome, SealKind, SealState, Way,
    end_remedy, notice, notice_pdf, notice_pdf_in, notices, open_remedy, remedy, seal, serve, services,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::command;

harness::both!(a_notice_bears_the_nearest_seal_and_its_use_is_recorded, ROOMS, |t| async move {
    let city = city(&t).await;
    let store = &t.ground.store;
    let id = issue(&t, &city.examiner, new(NoticeKind::Supplement, Frame::Licence)).await.unwrap();
    let kept = notice(store, id).await.unwrap().unwrap();
    let imprint = kept.seal.clone().unwrap();
    // the division has no seal of its own: the bureau's stands there, and the notice speaks in the bureau's name
    assert_eq!((imprint.ring.as_str(), imprint.legend.as_str()), ("南京市交通运输局", "受理专用章"));
    assert_eq!(kept.body().zh, "南京市交通运输局");
    assert_eq!(kept.addressee, "王䶮");
    assert_eq!(kept.number, format!("{NUMBER}-BZ1"));
    assert_eq!(kept.content.laws[0].cite().zh, "《中华人民共和国行政许可法》第32条");
    let uses = seal::uses(store, imprint.seal, None, 9).await.unwrap();
    assert_eq!(uses.len(), 1);
    assert_eq!((uses[0].account, &uses[0].document), (city.examiner.account, &format!("notice:{id}")));
    t.clock.advance_seconds(1);
    let again = issue(&t, &city.clerk, new(NoticeKind::Supplement, Frame::Licence)).await.unwrap();
    assert_eq!(notice(store, again).await.unwrap().unwrap().number, format!("{NUMBER}-BZ2"));
    let lines = notices(store, CASE).await.unwrap();
    assert_eq!(lines.iter().map(|l| l.id).collect::<Vec<_>>(), [id, again]);
    assert_eq!(lines[0].name.zh, "行政许可申请材料补正告知书");
});

harness::both!(the_licence_frame_numbers_its_acts_one_after_another, ROOMS, |t| async move {
    let city = city(&t).await;
    let mut numbers = Vec::new();
    for _ in 0..3 {
        let id = issue(&t, &city.examiner, new(NoticeKind::Refusal, Frame::Licence)).await.unwrap();
        let kept = notice(&t.ground.store, id).await.unwrap().unwrap();
        assert_eq!(
            kept.content.remedies.len(),
            2,
            "a refusal names its remedies though the caller named none"
        );
        numbers.push(kept.number);
    }
    assert_eq!(numbers, ["不许〔2026〕第1号", "不许〔2026〕第2号", "不许〔2026〕第3号"]);
    let id = issue(&t, &city.examiner, new(NoticeKind::Refusal, Frame::Benefit)).await.unwrap();
    assert_eq!(notice(&t.ground.store, id).await.unwrap().unwrap().number, format!("{NUMBER}-BY4"));
});

harness::both!(without_seal_right_or_reason_nothing_is_issued, ROOMS, |t| async move {
    let city = city(&t).await;
    let grant = || new(NoticeKind::Grant, Frame::Licence);
    // a stranger's examiner, a window clerk without the decision seal, the program under a seal it may not apply
    assert_eq!(code(issue(&t, &city.other, grant()).await), "procedure.seal-right");
    assert_eq!(code(issue(&t, &city.clerk, grant()).await), "procedure.seal-right");
    assert_eq!(code(issue(&t, &ActorRef::system(), grant()).await), "procedure.seal-right");
    let mut silent = new(NoticeKind::Refusal, Frame::Licence);
    silent.content.reasons.clear();
    assert_eq!(code(issue(&t, &city.examiner, silent).await), "procedure.reasons-missing");
    let mut idle = new(NoticeKind::Supplement, Frame::Benefit);
    idle.content.demands.clear();
    assert_eq!(code(issue(&t, &city.examiner, idle).await), "procedure.demands-missing");
    // the right is taken away, and given again
    let account = city.examiner.account.unwrap();
    let decision = the_seal(&t, "nanjing.transport", SealKind::Decision).await;
    let official = the_seal(&t, "nanjing.transport", SealKind::Official).await;
    let actor = city.operator.actor_ref();
    for id in [decision.id, official.id] {
        command!(t.ground, Lang::ZhCn, actor, |cx| seal::revoke(&mut cx, &city.operator, id, account).await)
            .unwrap();
    }
    assert_eq!(code(issue(&t, &city.examiner, grant()).await), "procedure.seal-right");
    command!(t.ground, Lang::ZhCn, actor, |cx| seal::grant(&mut cx, &city.operator, decision.id, account)
        .await)
    .unwrap();
    issue(&t, &city.examiner, grant()).await.unwrap();
    // out of use: the agency's own seal may stand for a decision, but the special one of acceptance is not replaced
    let auto = |kind| {
        let mut new = new(kind, Frame::Licence);
        new.auto = true;
        new
    };
    issue(&t, &ActorRef::system(), auto(NoticeKind::Acceptance)).await.unwrap();
    let acceptance = the_seal(&t, "nanjing.transport", SealKind::Acceptance).await;
    for id in [acceptance.id, decision.id] {
        command!(t.ground, Lang::ZhCn, actor, |cx| {
            seal::set_state(&mut cx, &city.operator, id, SealState::Retired).await
        })
        .unwrap();
    }
    assert_eq!(code(issue(&t, &city.clerk, auto(NoticeKind::Acceptance)).await), "procedure.seal-missing");
    // the program may not apply the agency's own seal
    assert_eq!(code(issue(&t, &city.clerk, auto(NoticeKind::Grant)).await), "procedure.seal-right");
    assert_eq!(
        code(command!(t.ground, Lang::ZhCn, actor, |cx| {
            seal::grant(&mut cx, &city.operator, decision.id, account).await
        })),
        "procedure.seal-retired"
    );
    // its whole life stands in its chain
    let (_, events) =
        trace::history::<seal::SealEvent>(&t.ground.store, &seal::subject(decision.id)).await.unwrap();
    let kinds: Vec<&str> = events.iter().map(|e| trace::Event::kind(&e.event)).collect();
    assert_eq!(kinds.first().copied(), Some("registered"));
    assert_eq!(kinds[kinds.len() - 3..], ["right", "right", "put"]);
});

/// Counts what it prints; typst itself is linked by app alone.
struct Counting(AtomicUsize);

impl Press for Counting {
    fn pdf(&self, job: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        self.0.fetch_add(1, Ordering::SeqCst);
        assert!(job.template.contains("parts.typ"));
        assert!(job.files.iter().any(|(name, _)| name == "seal.typ"));
        assert_eq!(job.data["seal"]["legend"], "受理专用章");
        Ok(include_bytes!("../../../certificates/tests/printed.pdf").to_vec())
    }
}

harness::both!(a_notice_is_laid_out_once_for_each_reader, ROOMS, |t| async move {
    let city = city(&t).await;
    let press = Arc::new(Counting(AtomicUsize::new(0)));
    let house = House {
        ground: t.ground.clone(),
        site: Arc::new(Site::demo()),
        press: press.clone(),
        calendar: Arc::new(Calendar::official()),
    };
    let id = issue(&t, &city.clerk, new(NoticeKind::Supplement, Frame::Licence)).await.unwrap();
    assert_eq!(press.0.load(Ordering::SeqCst), 0, "nothing is laid out before somebody asks");
    let first = notice_pdf(&house, id).await.unwrap();
    assert_eq!(notice_pdf(&house, id).await.unwrap(), first);
    assert_eq!(press.0.load(Ordering::SeqCst), 1);
    notice_pdf_in(&house, id, Lang::En).await.unwrap();
    notice_pdf_in(&house, id, Lang::En).await.unwrap();
    assert_eq!(press.0.load(Ordering::SeqCst), 2);
});

harness::both!(service_starts_the_time_for_remedies, ROOMS, |t| async move {
    let city = city(&t).await;
    let store = &t.ground.store;
    let calendar = Calendar::official();
    let refusal = issue(&t, &city.examiner, new(NoticeKind::Refusal, Frame::Licence)).await.unwrap();
    let recipient: SubjectId = "person:019aa000-0000-7000-8000-000000000001".parse().unwrap();
    let service = |way: Way, when: &str| NewService {
        subject: CASE.to_owned(),
        notice: refusal,
        recipient,
        recipient_name: "王䶮".to_owned(),
        way,
        at: at(when),
        evidence: None,
    };
    let run = async |new: NewService| {
        command!(t.ground, Lang::ZhCn, city.examiner, |cx| serve(&mut cx, new.clone()).await)
    };
    let early = run(service(Way::Electronic, "2026-11-21T02:00:00Z")).await;
    assert_eq!(code(early), "procedure.service-early");
    let unproven = run(service(Way::Post { tracking: " ".to_owned() }, "2026-11-22T02:00:00Z")).await;
    assert_eq!(code(unproven), "procedure.service-proof");
    let posted = Way::Post { tracking: "EX123456789CN".to_owned() };
    let served = run(service(posted, "2026-11-22T02:00:00Z")).await.unwrap();
    assert_eq!(served.effective_at, at("2026-11-22T02:00:00Z"));
    let proof = notice(store, served.proof).await.unwrap().unwrap();
    assert_eq!((proof.kind, proof.seal), (NoticeKind::Service, None));
    assert!(proof.content.facts.iter().any(|(_, value)| value == "EX123456789CN"));
    assert_eq!(services(store, CASE).await.unwrap()[0].recipient_name, "王䶮");
    // 60 days later is 21 January 2027, six months later 22 May 2027, a Saturday: the Monday after counts
    let last = remedy::last_moment(RemedyKind::Reconsideration, served.effective_at, &calendar);
    assert_eq!(kernel::clock::legal_date(last), jiff::civil::date(2027, 1, 21));
    let suit = remedy::last_moment(RemedyKind::Suit, served.effective_at, &calendar);
    assert_eq!(kernel::clock::legal_date(suit), jiff::civil::date(2027, 5, 24));
    let seek = |filed_at, late: Option<&str>| NewRemedy {
        subject: CASE.to_owned(),
        kind: RemedyKind::Reconsideration,
        filed_at,
        body: "南京市人民政府".to_owned(),
        ground: "检验合格证明已经提交。".to_owned(),
        against: Some(refusal),
        late_reason: late.map(str::to_owned),
    };
    let open = async |new: NewRemedy| {
        command!(t.ground, Lang::ZhCn, city.clerk, |cx| open_remedy(&mut cx, &calendar, new.clone()).await)
    };
    let one_too_many = last.checked_add(1.microsecond()).unwrap();
    assert_eq!(code(open(seek(one_too_many, None)).await), "procedure.remedy-late");
    open(seek(one_too_many, Some("地震，道路中断。"))).await.unwrap();
    t.clock.advance_seconds(1);
    let id = open(seek(last, Some("不需要的理由"))).await.unwrap();
    let kept = remedy::of(store, CASE).await.unwrap();
    assert_eq!(kept[0].late_reason.as_deref(), Some("地震，道路中断。"));
    assert_eq!(kept[1].late_reason, None, "what came in time is not marked late");
    let end = async |when| {
        command!(t.ground, Lang::ZhCn, city.clerk, |cx| {
            end_remedy(&mut cx, id, RemedyOutcome::AnnulledRedo, when, "撤销，30日内重新作出。").await
        })
    };
    assert_eq!(
        code(end(at("2026-12-01T00:00:00Z")).await),
        "procedure.remedy-ended",
        "not before it was filed"
    );
    assert!(end(one_too_many).await.unwrap().ended.unwrap().0.reopens());
    assert_eq!(code(end(one_too_many).await), "procedure.remedy-ended");
});

harness::both!(a_public_notice_counts_after_its_time, ROOMS, |t| async move {
    let city = city(&t).await;
    let refusal = issue(&t, &city.examiner, new(NoticeKind::Refusal, Frame::Licence)).await.unwrap();
    let new = NewService {
        subject: CASE.to_owned(),
        notice: refusal,
        recipient: "person:019aa000-0000-7000-8000-000000000001".parse().unwrap(),
        recipient_name: "王䶮".to_owned(),
        way: Way::PublicNotice { where_: "南京日报".to_owned() },
        at: at("2026-11-22T02:00:00Z"),
        evidence: None,
    };
    let served = command!(t.ground, Lang::ZhCn, city.clerk, |cx| serve(&mut cx, new.clone()).await).unwrap();
    assert_eq!(kernel::clock::legal_date(served.effective_at), jiff::civil::date(2026, 12, 22));
});
