//! Terms that stand still, are extended and say so; the standing words of every notice as a lawyer reads them.
use crate::common::at;
use jiff::civil::date;
use kernel::{Calendar, Lang, Term, Text};
use procedure::wording::{Consequence, Granted, Matter, moved, standard};
use procedure::{
    Exclusion, Exit, Extension, Frame, Notice, NoticeKind, RemedyKind, RunningTerm, SuspensionKind, TermKind,
    TermState, lines,
};

fn statutory() -> RunningTerm {
    let (term, law) = Frame::Licence.decision(false).unwrap();
    RunningTerm::start(
        TermKind::Statutory,
        at("2026-09-21T02:00:00Z"),
        term,
        Some(law),
        &Calendar::official(),
    )
}

fn exclusion(kind: SuspensionKind, from: &str) -> Exclusion {
    let law = Frame::Licence.exclusion(kind);
    Exclusion { kind, from: at(from), to: None, reason: "消防检验需要现场进行。".to_owned(), law }
}

#[test]
fn a_suspended_and_extended_term_tells_its_whole_reckoning() {
    let calendar = Calendar::official();
    let mut term = statutory();
    let mut told = vec!["## 开始".to_owned()];
    told.extend(term.explain(Lang::ZhCn));
    term.pause(exclusion(SuspensionKind::Inspection, "2026-10-12T03:00:00Z"));
    told.push("## 检验期间".to_owned());
    told.extend(term.explain(Lang::ZhCn));
    term.resume(at("2026-10-16T08:00:00Z"), &calendar);
    told.push("## 检验结束".to_owned());
    told.extend(term.explain(Lang::ZhCn));
    let more = Frame::Licence.extension(false).unwrap();
    let extension = Extension {
        by: more.term,
        law: more.law,
        reason: "需要征求上级意见。".to_owned(),
        at: at("2026-10-22T02:00:00Z"),
    };
    term.extend(extension, &calendar);
    for (title, lang) in [("## 延长", Lang::ZhCn), ("## In English", Lang::En)] {
        told.push(title.to_owned());
        told.extend(term.explain(lang));
    }
    assert_eq!(term.earlier.len(), 2);
    // what a notice says of every term that got a new end
    let moves = moved(&[term.clone(), statutory()]);
    assert_eq!(moves.len(), 1, "a term that runs as it was told is not named");
    assert_eq!(
        (moves[0].0.zh.as_str(), moves[0].1.as_str()),
        ("法定办结时限", "原2026年10月30日，现2026年11月13日")
    );
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_term_that_stands_still_does_not_pass_and_gets_its_days_back() {
    let calendar = Calendar::official();
    let mut term = statutory();
    let due = term.due.clone();
    // it stands still on its very last day: the agency keeps that one day
    let last = due.at.checked_sub(jiff::SignedDuration::from_hours(10)).unwrap();
    term.pause(Exclusion { from: last, ..exclusion(SuspensionKind::Hearing, "2026-10-12T03:00:00Z") });
    let much_later = at("2027-03-01T02:00:00Z");
    assert!(!term.passed(much_later) && term.deadline().is_none() && term.paused().is_some());
    term.resume(much_later, &calendar);
    assert_eq!(term.due.date, date(2027, 3, 1));
    assert!(!term.passed(much_later) && term.passed(at("2027-03-02T02:00:00Z")));
    assert_eq!(term.earlier, [due]);
    // an ordinary suspension stops nothing, and what was late stays late
    let mut term = statutory();
    term.pause(exclusion(SuspensionKind::Ordinary, "2026-10-12T03:00:00Z"));
    assert!(term.passed(much_later));
    let mut late = statutory();
    late.pause(Exclusion { from: much_later, ..exclusion(SuspensionKind::Testing, "2026-10-12T03:00:00Z") });
    assert!(late.passed(much_later));
    late.meet(much_later);
    assert_eq!(late.state, TermState::MetLate(much_later));
}

#[test]
fn office_hours_stand_still_by_the_minute() {
    let calendar = Calendar::official();
    let start = at("2026-11-23T01:00:00Z");
    let mut term = RunningTerm::start(TermKind::Promised, start, Term::office_hours(4), None, &calendar);
    assert_eq!(term.due.at, at("2026-11-23T06:30:00Z"), "9:00 to 14:30, with the break at noon");
    term.pause(exclusion(SuspensionKind::Testing, "2026-11-23T02:00:00Z"));
    term.resume(at("2026-11-23T07:00:00Z"), &calendar);
    assert_eq!(
        term.due.at,
        at("2026-11-24T01:30:00Z"),
        "one hour before, two and a half after, half the next morning"
    );
    term.extend(
        Extension {
            by: Term::working_days(1),
            law: procedure::law::licensing(42),
            reason: "会商".to_owned(),
            at: start,
        },
        &calendar,
    );
    assert_eq!(term.due.date, date(2026, 11, 25), "more time in days follows on the day of the hours");
}

#[test]
fn terms_of_older_events_still_read() {
    let term = statutory();
    let mut old = serde_json::to_value(&term).unwrap();
    let fields = old.as_object().unwrap();
    assert!(!["excluded", "earlier", "extended"].iter().any(|new| fields.contains_key(*new)));
    assert_eq!(serde_json::from_value::<RunningTerm>(old.take()).unwrap(), term);
}

fn matter() -> Matter {
    Matter {
        item: Text::new("旅游包车标贴核发", "charter-bus sticker"),
        received: Some(date(2026, 11, 20)),
        granted: Some(Granted::certificate(at("2026-11-21T02:00:00Z"), "准许〔2026〕第12号")),
        applicant: Some("南京市金陵旅游客运有限公司".to_owned()),
        due: Some(date(2026, 12, 18)),
        before: Some(date(2026, 12, 4)),
        term: Some(Term::working_days(10)),
        procedure: Some(SuspensionKind::Inspection),
        body: Some(Text::new("江苏省交通运输厅", "the Jiangsu Transport Department")),
        at: Some(at("2026-12-10T01:30:00Z")),
        place: Some("政务服务中心三楼听证室".to_owned()),
        chair: Some("李和".to_owned()),
        consequence: Some(Consequence::Refuse),
        decide_by: Some(date(2026, 12, 30)),
        remedy: Some(RemedyKind::Reconsideration),
        from: None,
        exit: None,
    }
}

/// One notice as its lines.
fn told(kind: NoticeKind, frame: Frame, lang: Lang, matter: &Matter) -> String {
    let new = crate::common::new(kind, frame);
    let mut content = standard(kind, frame, matter);
    if kind.needs_reasons() {
        content.reasons = new.content.reasons;
    }
    if kind.needs_demands() {
        content.demands = new.content.demands;
    }
    let notice = Notice {
        id: "019aa000-0000-7000-8000-000000000002".parse().unwrap(),
        kind,
        frame,
        subject: new.subject,
        reference: new.reference,
        number: "1".to_owned(),
        agency: new.agency,
        agency_name: Text::new("南京市交通运输局", "Nanjing Transport Bureau"),
        addressee: new.addressee,
        content,
        at: new.at,
        recorded_at: new.at,
        seal: None,
        auto: false,
        file: None,
    };
    let text = lines(&notice, lang);
    assert!(!text.iter().any(|l| l.contains("……") || l.contains('{')), "{kind}: {text:?}");
    format!("{}\n\n", text.join("\n"))
}

/// From when something runs that is not said of every notice.
fn with_from(kind: NoticeKind) -> Matter {
    let from = match kind {
        NoticeKind::DeemedRenewal => Some(date(2026, 12, 1)),
        NoticeKind::Stop => Some(date(2027, 1, 1)),
        _ => None,
    };
    Matter { from, ..matter() }
}

#[test]
fn every_notice_as_a_lawyer_reads_it() {
    let mut all = String::new();
    for (frame, lang) in
        [(Frame::Licence, Lang::ZhCn), (Frame::Licence, Lang::En), (Frame::PublicService, Lang::ZhCn)]
    {
        for kind in NoticeKind::ALL {
            all.push_str(&told(kind, frame, lang, &with_from(kind)));
        }
    }
    insta::assert_snapshot!(all);
}

#[test]
fn each_frame_names_its_own_law() {
    use NoticeKind as K;
    let mut all = String::new();
    let kinds: [(Frame, &[K]); 4] = [
        (Frame::RealEstate, &[K::Receipt, K::Acceptance, K::NotAccepted, K::Refusal, K::Withdrawal]),
        (Frame::MarketEntity, &[K::Supplement, K::Extension, K::Grant, K::Refusal, K::Revocation]),
        (Frame::SocialRelief, &[K::Grant, K::Refusal, K::Stop]),
        (Frame::Filing, &[K::Supplement, K::Grant, K::Refusal]),
    ];
    for (frame, kinds) in kinds {
        for kind in kinds {
            let exit = (*kind == K::Stop).then_some(Exit::Fraud);
            let text = told(*kind, frame, Lang::ZhCn, &Matter { exit, ..with_from(*kind) });
            assert!(!text.contains("行政许可"), "{frame} borrows from the Licensing Law: {text}");
            all.push_str(&text);
        }
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_revocation_never_names_the_day_of_the_application() {
    let (when, number) = (at("2026-11-21T02:00:00Z"), "准许〔2026〕第12号");
    assert_eq!(
        Granted::told(NoticeKind::Acceptance, when, number),
        None,
        "only a decision can be taken back"
    );
    assert_eq!(Granted::told(NoticeKind::Grant, when, number), matter().granted);
    let unknown = Matter { granted: None, ..matter() };
    for frame in Frame::ALL {
        let text = told(NoticeKind::Revocation, frame, Lang::ZhCn, &matter());
        assert!(text.contains("本机关2026年11月21日") && text.contains("准许〔2026〕第12号"), "{text}");
        let text = told(NoticeKind::Revocation, frame, Lang::ZhCn, &unknown);
        assert!(!text.contains("11月20日") && text.contains("作出的准予决定"), "{text}");
    }
}

#[test]
fn a_promised_paper_that_does_not_come_has_one_typed_consequence() {
    let lapse = Matter { consequence: Some(Consequence::Lapse), ..matter() };
    let text = told(NoticeKind::Conditional, Frame::Licence, Lang::ZhCn, &lapse);
    assert!(text.contains("逾期未补交的，终止办理") && text.contains("先予受理"), "{text}");
    let text = told(NoticeKind::Conditional, Frame::Licence, Lang::ZhCn, &matter());
    assert!(text.contains("逾期未补交的，不予行政许可") && text.contains("2026年12月30日前"), "{text}");
    assert_eq!("lapse".parse(), Ok(Consequence::Lapse));
}
