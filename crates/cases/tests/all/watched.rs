//! A clerk files for somebody at the window, also what came earlier (补录); and what supervision reads: who kept away from a
//! standard, what was recorded late, which entries are disputed — within its own division only.

use crate::common::{ROOMS, Town};
use cases::{
    ApplicantAct, FiledMatter, Handler, Late, MatterFiling, Scope, StaffAct, Target, Visit, Watch,
    WatchFilter, WatchRow,
};
use identity::{Applicant, Clerk, Staff};
use kernel::codes::CaseNumber;
use kernel::{Failure, Lang, Money, Outcome, Timestamp};
use serde_json::json;

const ALLOWANCE: &str = "elderly-allowance";
/// Two old people of Chancheng.
const ELDERS: [(&str, &str); 2] = [("999999194306101151", "440604012"), ("999999193602081269", "440604010")];

fn code(failure: Failure) -> String {
    match failure {
        Failure::Refused(refusal) => refusal.code.into_owned(),
        Failure::Fault(fault) => panic!("{fault}"),
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn clerk(town: &Town) -> Clerk {
    let Staff::Clerk(clerk) = town.session("clerk2").await.staff().unwrap() else { panic!("a clerk") };
    clerk
}

async fn supervisor(town: &Town, account: &str) -> Scope {
    let Staff::Supervisor(who) = town.session(account).await.staff().unwrap() else { panic!("{account}") };
    Scope::from(&who)
}

fn late(reason: &str) -> Option<Late> {
    Some(Late { reason: reason.to_owned(), evidence: "收件登记簿第12页".to_owned() })
}

/// The clerk files an allowance for one of them.
async fn at_window(
    town: &Town,
    elder: usize,
    when: Option<&str>,
    late: Option<Late>,
) -> Outcome<FiledMatter> {
    let (citizen_id, place) = ELDERS[elder];
    let answers = json!({"town": place, "address": "示范巷", "bank": "示范银行", "other": "no",
        "card": "6200009999990000041", "consent": true, "phone": "13900000035"});
    let filing = MatterFiling {
        key: format!("{citizen_id}-{}-{}", when.unwrap_or("now"), late.is_some()),
        items: vec![ALLOWANCE.to_owned()],
        answers: serde_json::from_value(answers).unwrap(),
        occurred_at: when.map(at),
        ..MatterFiling::default()
    };
    let clerk = clerk(town).await;
    cases::file_at_window(&town.house, &town.sources, Lang::ZhCn, &clerk, citizen_id, filing, late).await
}

async fn acts(town: &Town, account: &str, all: Vec<StaffAct>) {
    let examiner = town.session(account).await.examiner().unwrap();
    let handler = Handler::from(&examiner);
    for act in all {
        let row = town.inbox(&examiner).await.into_iter().next().expect("a task lies here");
        store::command!(town.house.ground, Lang::ZhCn, handler.actor_ref(), |cx| {
            let target = Target::Task(row.task);
            cases::act(&mut cx, &town.house, &handler, target, act.clone(), Some(row.rev)).await
        })
        .unwrap_or_else(|why| panic!("{account} {act:?}: {why:#?}"));
    }
}

async fn list(town: &Town, scope: &Scope, kind: Watch, filter: &WatchFilter) -> Vec<WatchRow> {
    cases::watch_list(town.store(), scope, kind, filter, None, 10).await.unwrap().rows
}

harness::both!(a_clerk_files_for_whoever_stands_at_the_window, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let earlier = "2026-11-20T02:00:00Z";
    let silent = at_window(&town, 0, Some(earlier), None).await;
    assert_eq!(code(silent.unwrap_err()), "cases.late-needs-reason");
    let blank = at_window(&town, 0, Some(earlier), late(" ")).await;
    assert_eq!(code(blank.unwrap_err()), "cases.late-unproven");
    let tomorrow = at_window(&town, 0, Some("2026-11-24T02:00:00Z"), late("停电")).await;
    assert_eq!(code(tomorrow.unwrap_err()), "cases.in-future");
    let elder = town.session("elder").await.applicant().unwrap();
    assert!(cases::my_cases(town.store(), &elder, None, 10).await.unwrap().rows.is_empty());
    let filed = at_window(&town, 0, Some(earlier), late("窗口停电，当日纸质收件")).await.unwrap();
    let view = town.view(&filed.cases[0].number, &Scope::from(&elder)).await;
    assert_eq!(view.case.parties[0].subject, elder.subject(), "it is the old man's case, not the clerk's");
    assert_eq!(view.case.filed_at, at(earlier), "terms run from the day it was received");
    let first = &view.events[0];
    assert_eq!((first.occurred_at, first.recorded_at), (at(earlier), at("2026-11-23T02:00:00Z")));
    let today = at_window(&town, 1, None, None).await.unwrap();
    let row = cases::progress(town.store(), &today.cases[0].number, &Scope::program()).await.unwrap();
    assert_eq!(row.filed_at, at("2026-11-23T02:00:00Z"), "what comes today needs no reason");
    let own = supervisor(&town, "supervisor2").await;
    let lates = list(&town, &own, Watch::Late, &WatchFilter::default()).await;
    assert_eq!(lates.len(), 1, "{lates:?}");
    assert_eq!(lates[0].evidence.as_deref(), Some("收件登记簿第12页"));
    assert_eq!(lates[0].agency.as_str(), "chancheng.gov.hall", "whoever recorded it answers for it");
    town.replay().await;
});

harness::both!(supervision_pages_through_what_was_recorded_late, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let first = at_window(&town, 0, Some("2026-11-19T02:00:00Z"), late("停电")).await.unwrap();
    let second = at_window(&town, 1, Some("2026-11-20T02:00:00Z"), late("停网")).await.unwrap();
    let own = supervisor(&town, "supervisor2").await;
    let all = WatchFilter::default();
    let page = cases::watch_list(town.store(), &own, Watch::Late, &all, None, 1).await.unwrap();
    assert_eq!(page.rows[0].number, second.cases[0].number, "the newest first");
    let next = page.next.expect("there is another");
    let rest = cases::watch_list(town.store(), &own, Watch::Late, &all, Some(&next), 1).await.unwrap();
    assert_eq!((rest.rows[0].number.clone(), rest.next), (first.cases[0].number.clone(), None));
    let from = WatchFilter { from: Some(at("2026-11-20T00:00:00Z")), ..WatchFilter::default() };
    let until = WatchFilter { until: from.from, ..WatchFilter::default() };
    assert_eq!(list(&town, &own, Watch::Late, &from).await[0].reason, "停网");
    assert_eq!(list(&town, &own, Watch::Late, &until).await[0].reason, "停电");
    for (agency, item, found) in [
        ("chancheng.gov.hall", ALLOWANCE, 2),
        ("chancheng.gov.hall", "tax-clearance", 0),
        ("chancheng.civil-affairs", ALLOWANCE, 0),
    ] {
        let agency = kernel::AgencyCode::parse(agency);
        let filter = WatchFilter { agency, item: Some(item.to_owned()), ..WatchFilter::default() };
        assert_eq!(list(&town, &own, Watch::Late, &filter).await.len(), found, "{filter:?}");
    }
    let other = supervisor(&town, "supervisor").await;
    assert!(list(&town, &other, Watch::Late, &all).await.is_empty(), "another city's");
    let bad = cases::watch_list(town.store(), &own, Watch::Late, &all, Some("x"), 1).await;
    assert_eq!(code(bad.unwrap_err()), "cases.bad-cursor");
});

/// The old man says that the register has his address wrong, and the town office sees him at home and is in favour.
async fn disputed_and_visited(town: &Town, elder: &Applicant, number: &CaseNumber) {
    let dispute = ApplicantAct::Dispute {
        path: "household.address".to_owned(),
        claim: "已搬到示范巷9号".to_owned(),
        proof: None,
    };
    store::command!(town.house.ground, Lang::ZhCn, elder.actor_ref(), |cx| {
        cases::ask(&mut cx, &town.house, elder, number, dispute.clone(), None).await
    })
    .unwrap();
    let visit = Visit {
        at: at("2026-11-23T01:30:00Z"),
        place: "示范巷9号".to_owned(),
        officers: vec!["甲".to_owned(), "乙".to_owned()],
        record: "本人在家".to_owned(),
        evidence: Vec::new(),
    };
    let plain = || StaffAct::Approve { reason: None, amount: None, deviation: None };
    acts(town, "town", vec![StaffAct::RecordVisit { visit }, plain()]).await;
}

harness::both!(supervision_reads_deviations_and_disputes_of_its_division, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = at_window(&town, 0, None, None).await.unwrap();
    let number = &filed.cases[0].number;
    let elder = town.session("elder").await.applicant().unwrap();
    disputed_and_visited(&town, &elder, number).await;
    town.t.clock.set(at("2026-12-07T02:00:00Z"));
    cases::sweep(&town.house).await.unwrap();
    let own = supervisor(&town, "supervisor2").await;
    let all = WatchFilter::default();
    assert!(list(&town, &own, Watch::Deviations, &all).await.is_empty(), "nobody has kept away from it yet");
    let settle = StaffAct::SettleDispute {
        path: "household.address".to_owned(),
        upheld: true,
        text: "已核实".to_owned(),
        value: Some(json!("示范巷9号")),
    };
    let amount = Money::yuan(200);
    let more = StaffAct::Approve { reason: None, amount, deviation: Some("区里另有文件".to_owned()) };
    let (open, settled) = (
        WatchFilter { open: Some(true), ..WatchFilter::default() },
        WatchFilter { open: Some(false), ..WatchFilter::default() },
    );
    assert_eq!(list(&town, &own, Watch::Disputes, &open).await.len(), 1);
    acts(&town, "civil", vec![settle, more]).await;
    assert!(list(&town, &own, Watch::Disputes, &open).await.is_empty());
    let disputes = list(&town, &own, Watch::Disputes, &settled).await;
    assert_eq!((disputes.len(), disputes[0].reason.as_str()), (1, "已搬到示范巷9号"));
    assert!(disputes[0].outcome.as_ref().unwrap().zh.contains("属实"), "{disputes:?}");
    let deviations = list(&town, &own, Watch::Deviations, &all).await;
    assert_eq!((deviations.len(), deviations[0].reason.as_str()), (1, "区里另有文件"));
    assert!(deviations[0].outcome.as_ref().unwrap().zh.contains("200"), "{deviations:?}");
    let other = supervisor(&town, "supervisor").await;
    for kind in Watch::ALL {
        assert!(list(&town, &other, kind, &all).await.is_empty(), "another city's: {kind:?}");
        assert!(list(&town, &Scope::from(&elder), kind, &all).await.is_empty(), "no applicant's: {kind:?}");
    }
    town.replay().await;
});
