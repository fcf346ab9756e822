//! Every reckoning of the law as a lawyer reads it: how long, from when, which days, until when, by which article.
use crate::common::at;
use jiff::civil::date;
use kernel::{Calendar, Lang, Term, clock};
use procedure::{
    Act, Admission, AskedFor, Excuse, Extension, Frame, Law, RemedyKind, RenewalWindow, Round, RunningTerm,
    TermKind, TermState, judge, late, law, remedy, silence,
};

/// A page of reckonings.
struct Page(String);

impl Page {
    fn title(&mut self, title: &str) {
        self.0.push_str(&format!("\n## {title}\n"));
    }

    fn lines(&mut self, lines: impl IntoIterator<Item = String>) {
        lines.into_iter().for_each(|l| self.0.push_str(&format!("{l}\n")));
    }

    fn term(&mut self, title: &str, term: &RunningTerm) {
        self.title(title);
        self.lines([format!("{}：至{}", term.kind.name().zh, term.due.date)]);
        self.lines(term.explain(Lang::ZhCn));
    }
}

fn run(kind: TermKind, from: &str, term: Option<(Term, Law)>) -> RunningTerm {
    let (term, law) = term.unwrap();
    RunningTerm::start(kind, at(from), term, Some(law), &Calendar::official())
}

fn promised(kind: TermKind, from: &str, term: Term) -> RunningTerm {
    RunningTerm::start(kind, at(from), term, None, &Calendar::official())
}

/// 16:20 on a Monday before the holidays of October.
const RECEIVED: &str = "2026-09-21T08:20:00Z";
/// The next morning.
const ACCEPTED: &str = "2026-09-22T01:30:00Z";
/// A decision, on a Thursday.
const DECIDED: &str = "2026-11-19T03:00:00Z";

#[test]
fn the_terms_of_a_licence() {
    let (frame, calendar) = (Frame::Licence, Calendar::official());
    let mut page = Page(String::new());
    page.term("受理：五个工作日", &run(TermKind::Acceptance, RECEIVED, frame.acceptance()));
    let supply = promised(TermKind::Supplement, "2026-09-24T02:00:00Z", Term::working_days(10));
    page.term("补正：申请人的期限", &supply);
    page.term(
        "补正之后：重新计算五个工作日",
        &run(TermKind::Acceptance, "2026-09-29T07:00:00Z", frame.acceptance()),
    );
    page.term("决定：二十个工作日", &run(TermKind::Statutory, ACCEPTED, frame.decision(false)));
    let mut joint = run(TermKind::Statutory, ACCEPTED, frame.decision(true));
    page.term("联合办理：四十五个工作日", &joint);
    let more = frame.extension(true).unwrap();
    let (reason, granted) = ("涉及五个部门，意见尚未齐备".to_owned(), at("2026-11-20T02:00:00Z"));
    joint.extend(Extension { by: more.term, law: more.law, reason, at: granted }, &calendar);
    page.term("联合办理：再延长十五个工作日", &joint);
    page.term("承诺时限：与法定时限并列", &promised(TermKind::Promised, ACCEPTED, Term::working_days(10)));
    page.term("下级初审：二十个工作日", &frame.start_preliminary_review(at(ACCEPTED), &calendar).unwrap());
    page.term("制证送达：十个工作日", &run(TermKind::Issue, DECIDED, frame.issue()));
    page.term(
        "容缺补交：申请人的承诺",
        &promised(TermKind::Promise("lease".to_owned()), ACCEPTED, Term::working_days(5)),
    );
    page.term("告知承诺：事后核查", &promised(TermKind::Check, DECIDED, Term::working_days(20)));
    insta::assert_snapshot!(page.0.trim_start());
}

#[test]
fn the_terms_of_registration() {
    let calendar = Calendar::official();
    let mut page = Page(String::new());
    let (estate, market) = (Frame::RealEstate, Frame::MarketEntity);
    page.term("不动产登记：当场告知", &run(TermKind::Acceptance, RECEIVED, estate.acceptance()));
    page.term("不动产登记：三十个工作日", &run(TermKind::Statutory, ACCEPTED, estate.decision(false)));
    let mut term = run(TermKind::Statutory, RECEIVED, market.decision(false));
    page.term("市场主体登记：三个工作日", &term);
    let more = market.extension(false).unwrap();
    let (reason, granted) = ("经营范围情形复杂".to_owned(), at("2026-09-23T02:00:00Z"));
    term.extend(Extension { by: more.term, law: more.law, reason, at: granted }, &calendar);
    page.term("市场主体登记：再延长三个工作日", &term);
    insta::assert_snapshot!(page.0.trim_start());
}

#[test]
fn the_times_of_a_hearing() {
    let (frame, calendar) = (Frame::Licence, Calendar::official());
    let terms = frame.hearing().unwrap();
    let mut round = Round::default();
    let mut page = Page(String::new());
    // the applicant is told on line on Friday, one neighbour by hand on Monday, one by post after the holidays
    for (who, served) in [
        ("申请人", "2026-09-18T02:00:00Z"),
        ("二楼住户", "2026-09-21T02:00:00Z"),
        ("三楼住户", "2026-10-09T02:00:00Z"),
    ] {
        round.tell(frame, who, at(served), &calendar);
        page.term(&format!("{who}：五个工作日"), &round.told.last().unwrap().term);
    }
    let now = at("2026-09-23T02:00:00Z");
    assert_eq!(
        clock::legal_date(round.open_until(now).unwrap()),
        date(2026, 10, 15),
        "the last of them decides"
    );
    round.waive("申请人", now).unwrap();
    assert!(!round.free(now), "the neighbours may still ask");
    assert_eq!(round.ask(frame, "四楼住户", now, &calendar).unwrap_err().code, "procedure.hearing-not-told");
    assert_eq!(round.ask(frame, "申请人", now, &calendar).unwrap_err().code, "procedure.hearing-answered");
    let hold = round.ask(frame, "二楼住户", now, &calendar).unwrap();
    page.term("组织听证：二十个工作日，自最先提出之日起", &hold);
    let again = round.ask(frame, "三楼住户", at("2026-10-12T02:00:00Z"), &calendar).unwrap();
    assert_eq!(again.due, hold.due, "a second request does not move the hearing");
    assert!(!round.free(at("2027-01-01T02:00:00Z")), "somebody asked");
    let mut silent = Round::default();
    silent.tell(frame, "二楼住户", at("2026-09-21T02:00:00Z"), &calendar);
    let over = at("2026-09-30T02:00:00Z");
    assert_eq!(silent.ask(frame, "二楼住户", over, &calendar).unwrap_err().code, "procedure.hearing-over");
    assert!(silent.free(over));
    let announced = calendar.due(at("2026-10-08T02:00:00Z"), terms.announce);
    page.title("举行的七个工作日前通知");
    page.lines(announced.explain(Lang::ZhCn));
    page.lines([format!("依据：{}。", terms.conduct.cite().zh)]);
    insta::assert_snapshot!(page.0.trim_start());
}

#[test]
fn renewal_is_asked_for_before_the_end_and_silence_renews() {
    let calendar = Calendar::official();
    let window = RenewalWindow::of(Frame::Licence, date(2026, 12, 31), None, &calendar).unwrap();
    let mut page = Page(String::new());
    page.title("延续");
    page.lines(window.explain(Lang::ZhCn));
    page.lines(window.explain(Lang::En));
    assert_eq!(window.ask_by, date(2026, 12, 1));
    assert_eq!(window.asked(date(2026, 12, 1)), AskedFor::InTime);
    assert_eq!(window.asked(date(2026, 12, 2)), AskedFor::Late);
    assert_eq!(window.asked(date(2027, 1, 1)), AskedFor::Ended);
    // on a Friday evening after office hours: the licence ends on its day all the same
    let filed = at("2026-11-27T11:00:00Z");
    let term = window.to_decide(filed, &calendar).unwrap();
    page.term("决定延续的期限", &term);
    assert_eq!(term.due.date, date(2026, 12, 31));
    assert!(window.to_decide(at("2027-01-01T02:00:00Z"), &calendar).is_none());
    let (began, over) = (date(2022, 1, 1), at("2027-01-01T00:00:00Z"));
    let deemed = window.deemed(began, filed, None, over).unwrap();
    page.title("视为准予延续");
    page.lines([format!("{}至{}（{}）", deemed.from, deemed.to, deemed.law.cite().zh)]);
    assert_eq!((deemed.from, deemed.to), (date(2027, 1, 1), date(2031, 12, 31)));
    assert!(
        window.deemed(began, filed, None, at("2026-12-31T15:59:59Z")).is_none(),
        "the last day is not over"
    );
    assert!(window.deemed(began, filed, Some(at("2026-12-31T09:00:00Z")), over).is_none(), "it was decided");
    assert!(
        window.deemed(began, filed, Some(at("2027-01-04T02:00:00Z")), over).is_some(),
        "decided too late"
    );
    assert!(window.deemed(began, at("2026-12-10T02:00:00Z"), None, over).is_none(), "asked for too late");
    // a rule of its own, in working days
    let own = RenewalWindow::of(Frame::Licence, date(2026, 10, 12), Some(Term::working_days(5)), &calendar)
        .unwrap();
    assert_eq!(own.ask_by, date(2026, 9, 29), "the holidays of October do not count");
    assert!(RenewalWindow::of(Frame::MarketEntity, date(2026, 12, 31), None, &calendar).is_none());
    insta::assert_snapshot!(page.0.trim_start());
}

fn span(from: (i8, i8), to: (i8, i8)) -> Excuse {
    let day = |(month, day): (i8, i8)| date(2027, month, day);
    Excuse::ForceMajeure { from: day(from), to: day(to), what: "地震，道路中断".to_owned() }
}

#[test]
fn remedies_in_time_and_late_with_the_reasons_of_the_law() {
    let calendar = Calendar::official();
    let served = at("2026-11-22T02:00:00Z");
    let act = Act { known: served, made: date(2026, 11, 20), real_estate: false };
    let mut page = Page(String::new());
    page.title("送达之日：2026年11月22日");
    for (kind, last) in remedy::last_moments(served, &calendar) {
        page.lines([format!("{}：至{}", kind.name().zh, clock::legal_date(last))]);
    }
    let (first, second) = (RemedyKind::Reconsideration, RemedyKind::Suit);
    assert_eq!(late(served, at("2027-01-21T15:59:59Z"), first, &calendar), None);
    assert_eq!(late(served, at("2027-01-21T16:00:00Z"), first, &calendar).unwrap().days, 1);
    let mut say = |title: &str, kind, filed: &str, excuse: Option<&Excuse>| {
        let admission = judge(&act, at(filed), kind, excuse, &calendar);
        page.title(title);
        page.lines([admission.explain(Lang::ZhCn), admission.explain(Lang::En)]);
        admission
    };
    say("复议：第六十日", first, "2027-01-21T02:00:00Z", None);
    assert!(matches!(
        say("复议：第六十一日", first, "2027-01-22T02:00:00Z", None),
        Admission::Late { days: 1, .. }
    ));
    // ten days were lost: the term goes on when the obstacle is gone
    let flood = span((1, 10), (1, 19));
    let excused = say("复议：不可抗力，障碍消除后继续计算", first, "2027-02-01T02:00:00Z", Some(&flood));
    assert!(matches!(excused, Admission::Excused { last, .. } if last == date(2027, 2, 1)), "{excused:?}");
    let after = span((1, 25), (1, 30));
    let idle = say("复议：障碍发生在期限之后", first, "2027-02-01T02:00:00Z", Some(&after));
    assert!(matches!(idle, Admission::Late { .. }));
    let untold = Excuse::NotTold { learned: date(2027, 3, 1) };
    say("复议：未告知救济途径", first, "2027-04-30T02:00:00Z", Some(&untold));
    let never = Excuse::NotTold { learned: date(2028, 3, 1) };
    let year = say("复议：未告知，最长一年", first, "2028-03-02T02:00:00Z", Some(&never));
    assert!(matches!(year, Admission::Late { last, .. } if last == date(2027, 11, 22)), "{year:?}");
    say("诉讼：六个月届满于休息日，顺延", second, "2027-05-24T02:00:00Z", None);
    say("诉讼：不可抗力的时间不计算在内", second, "2027-06-01T02:00:00Z", Some(&flood));
    let special = Excuse::Special { ended: date(2027, 6, 20), what: "长期住院".to_owned() };
    say("诉讼：其他特殊情况，由法院决定", second, "2027-06-28T02:00:00Z", Some(&special));
    say("复议：其他特殊情况不是法定理由", first, "2027-06-28T02:00:00Z", Some(&special));
    say("最长五年", second, "2031-11-21T02:00:00Z", Some(&special));
    let home = Act { real_estate: true, ..act };
    assert!(matches!(
        judge(&home, at("2031-11-21T02:00:00Z"), second, None, &calendar),
        Admission::Late { .. }
    ));
    insta::assert_snapshot!(page.0.trim_start());
}

#[test]
fn silence_beyond_a_term_of_the_law_is_told_with_its_remedy() {
    let calendar = Calendar::official();
    let mut statutory = run(TermKind::Statutory, ACCEPTED, Frame::Licence.decision(false));
    let promise = promised(TermKind::Promised, ACCEPTED, Term::working_days(5));
    let terms = |s: &RunningTerm| vec![promise.clone(), s.clone()];
    let before = at("2026-10-20T02:00:00Z");
    assert_eq!(
        silence(Frame::Licence, &terms(&statutory), before, &calendar),
        None,
        "a promise is not the law"
    );
    let after = at("2026-11-02T02:00:00Z");
    let silent = silence(Frame::Licence, &terms(&statutory), after, &calendar).unwrap();
    insta::assert_snapshot!([silent.explain(Lang::ZhCn), silent.explain(Lang::En)].concat().join("\n"));
    statutory.meet(after);
    assert!(matches!(statutory.state, TermState::MetLate(_)));
    assert_eq!(
        silence(Frame::Licence, &terms(&statutory), after, &calendar),
        None,
        "late, but no longer silent"
    );
}

#[test]
fn what_a_place_may_set_is_read_from_its_configuration() {
    let set: law::Practice = serde_json::from_str(r#"{"renewal": "30wd", "suit_months": 6}"#).unwrap();
    assert_eq!(set, law::Practice { renewal: Term::working_days(30), ..law::Practice::USUAL });
    assert!(serde_json::from_str::<law::Practice>(r#"{"renewals": "30d"}"#).is_err(), "a slip is told");
}
