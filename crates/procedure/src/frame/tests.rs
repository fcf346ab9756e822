//! The frames as a lawyer reads them, and that none borrows another's law.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::SuspensionKind;
use catalog::ItemKind;
use jiff::civil::date;
use kernel::Term;

fn term(t: Option<(Term, Law)>) -> String {
    t.map_or_else(|| "依该事项自身的法律".to_owned(), |(t, law)| format!("{} {}", t.text().zh, law.cite().zh))
}

fn more(t: Option<MoreTime>) -> String {
    t.map_or_else(
        || "依该事项自身的法律".to_owned(),
        |m| format!("{} 经{}批准 {}", m.term.text().zh, m.leave.zh, m.law.cite().zh),
    )
}

/// No working days: by the end of the working day on which it comes.
fn accepted((term, law): (Term, Law)) -> String {
    let within = if term.count == 0 { "当场（收件当日）".to_owned() } else { term.text().zh };
    format!("{within}，逾期视为受理 {}", law.cite().zh)
}

fn review(frame: Frame) -> String {
    frame.review().map_or_else(
        || if frame.pays() { "依该事项自身的规定".to_owned() } else { "—".to_owned() },
        |r| format!("每{}个月 {}", r.months, r.law.cite().zh),
    )
}

fn inquiry(frame: Frame) -> String {
    frame.inquiry().map_or_else(
        || "—".to_owned(),
        |i| {
            let (consent, visit, law) = (i.consent.cite().zh, i.visit.cite().zh, i.law.cite().zh);
            format!("经家庭授权查询 {consent}；入户调查 {visit}；公示{} {law}", i.publicity.text().zh)
        },
    )
}

fn exits(frame: Frame) -> String {
    let one = |why: Exit| {
        let rule = frame.exit(why, date(2026, 11, 22))?;
        let mut out = format!("{}：自{}起停发", why.name().zh, rule.from);
        for (says, text) in [(rule.reasoned, "书面说明理由"), (rule.shown, "公示"), (rule.repaid, "追回")]
        {
            if says {
                out.push_str(&format!("，{text}"));
            }
        }
        out.extend(rule.law.map(|l| format!(" {}", l.cite().zh)));
        Some(out)
    };
    let all: Vec<String> = Exit::ALL.into_iter().filter_map(one).collect();
    if all.is_empty() { "—".to_owned() } else { all.join("；") }
}

fn rows(frame: Frame) -> Vec<(&'static str, String)> {
    let none = || "—".to_owned();
    let hearing = frame.hearing().map_or_else(none, |h| {
        format!(
            "告知后{}内申请，申请后{}内举行，举行{}前通知 {}、{}",
            h.request.text().zh,
            h.hold.text().zh,
            h.announce.text().zh,
            h.law.cite().zh,
            h.conduct.cite().zh
        )
    });
    let renewal = frame.renewal().map_or_else(none, |r| {
        let silence = if r.silence_renews { "，逾期未决定视为准予延续" } else { "" };
        format!("届满{}前{silence} {}", r.before.text().zh, r.law.cite().zh)
    });
    let excluded = SuspensionKind::ALL.into_iter().filter(|k| frame.exclusion(*k).is_some());
    let excluded: Vec<String> = excluded.map(|k| k.name().zh).collect();
    let excluded = if excluded.is_empty() { none() } else { excluded.join("、") };
    vec![
        ("依据", frame.law().cite().zh),
        ("网上预审", frame.precheck().text().zh),
        ("受理", frame.acceptance().map_or_else(|| "当场；完备即受理".to_owned(), accepted)),
        ("决定", term(frame.decision(false))),
        ("联合办理的决定", term(frame.decision(true))),
        ("延长", more(frame.extension(false))),
        ("联合办理的延长", more(frame.extension(true))),
        ("下级初审", frame.preliminary_review().map_or_else(none, |a| term(Some(a)))),
        ("不计入期限", excluded),
        ("听证", hearing),
        ("制证送达", frame.issue().map_or_else(none, |a| term(Some(a)))),
        ("延续", renewal),
        ("补正依据", frame.supplement_law().cite().zh),
        ("受理后可补正", if frame.supplement_after_acceptance() { "可以" } else { "不可以" }.to_owned()),
        (
            "撤回申请",
            frame.withdrawal_law().map_or_else(String::new, |l| format!("{} ", l.cite().zh))
                + &frame.withdrawal().zh,
        ),
        ("不予受理", frame.not_accepted_law().cite().zh),
        ("准予", frame.grant_law().map_or_else(none, |l| l.cite().zh)),
        ("说明理由", frame.refusal_law().cite().zh),
        ("告知利害关系人", frame.interested_law().map_or_else(none, |l| l.cite().zh)),
        ("定期核查", review(frame)),
        ("家庭状况", inquiry(frame)),
        ("退出", exits(frame)),
        ("撤销", frame.revocation_law().map_or_else(none, |l| l.cite().zh)),
        ("救济", frame.remedies().iter().map(|r| r.law.cite().zh).collect::<Vec<_>>().join("、")),
        ("不作为", frame.remedies_against_silence().iter().map(|r| r.law.cite().zh).collect()),
    ]
}

#[test]
fn the_frames_as_a_lawyer_reads_them() {
    let mut table = String::new();
    for frame in Frame::ALL {
        table.push_str(&format!("## {}\n", frame.name().zh));
        for (label, value) in rows(frame) {
            table.push_str(&format!("{label}：{value}\n"));
        }
        table.push('\n');
    }
    insta::assert_snapshot!(table);
}

#[test]
fn the_licensing_law_binds_licences_only() {
    for frame in Frame::ALL.into_iter().filter(|f| *f != Frame::Licence) {
        let table: String = rows(frame).into_iter().map(|(_, value)| value).collect();
        assert!(!table.contains("行政许可法"), "{frame:?} borrows from the Licensing Law");
    }
}

#[test]
fn an_item_names_the_law_of_its_kind() {
    let frame = |kind, law| Frame::under(kind, law);
    assert_eq!(frame(ItemKind::Registration, None), Ok(Frame::Registration));
    assert_eq!(frame(ItemKind::Registration, Some("real-estate")), Ok(Frame::RealEstate));
    assert_eq!(frame(ItemKind::Registration, Some("market-entity")), Ok(Frame::MarketEntity));
    assert_eq!(frame(ItemKind::Benefit, Some("social-relief")), Ok(Frame::SocialRelief));
    assert_eq!(frame(ItemKind::Adjudication, None), Err(NoFrame::Kind));
    let wrong = frame(ItemKind::Registration, Some("social-relief")).unwrap_err();
    assert_eq!(
        wrong.say().en,
        "There is no law `social-relief` for it; write one of: real-estate, market-entity."
    );
    let none = frame(ItemKind::Permit, Some("real-estate")).unwrap_err();
    assert_eq!(none.say().zh, "这类事项没有可选的程序法，不应写“real-estate”。");
    for frame in Frame::ALL {
        assert_eq!(frame.word().parse(), Ok(frame));
        assert_eq!(serde_json::to_value(frame).unwrap(), frame.word(), "rows and events write one word");
    }
}

#[test]
fn a_benefit_is_looked_at_again() {
    let review = Frame::SocialRelief.review().unwrap();
    assert_eq!(review.next(date(2026, 2, 28)), date(2027, 2, 28));
    assert_eq!(Review { months: 6, ..review.clone() }.next(date(2026, 8, 31)), date(2027, 2, 28));
    assert!(
        !review.overdue(date(2026, 2, 28), date(2027, 2, 28))
            && review.overdue(date(2026, 2, 28), date(2027, 3, 1))
    );
    assert!(Frame::Licence.exit(Exit::Death, date(2026, 1, 1)).is_none());
}
