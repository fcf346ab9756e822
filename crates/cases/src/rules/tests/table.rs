//! Every state against every command: the whole table, as a lawyer could read it.

use super::sample::*;
use crate::model::*;
use crate::rules::{Choice, Command};

fn supplement() -> Life {
    let mut life = Life::filed("permit", usual(), vec![found(true)]);
    life.act(Command::AskSupplement { demands: vec![demand()] }).unwrap();
    life
}

fn decided(approve: bool) -> Life {
    let mut life = Life::filed("public-service", usual(), vec![found(true)]);
    let task = life.task();
    let command = if approve {
        Command::Approve { task, reason: None, choice: Choice::default() }
    } else {
        Command::Refuse { task, reason: "合同不真实".to_owned(), choice: Choice::default() }
    };
    life.act(command).unwrap();
    life
}

fn then(mut life: Life, commands: Vec<Command>) -> Life {
    for command in commands {
        life.act(command).unwrap();
    }
    life
}

fn filed(kind: &str) -> Life {
    Life::filed(kind, usual(), vec![found(true)])
}

fn states() -> Vec<(&'static str, Life)> {
    let certify = || Command::Certify { certificates: vec![id(50)] };
    let deliver = || Command::Deliver { service: Service::Electronic, effective_at: None };
    let suspend = || Command::Suspend {
        kind: SuspensionKind::Testing,
        reason: "检测".to_owned(),
        expected: Some(kernel::Term::working_days(10)),
    };
    let offer = || Command::OfferHearing { reason: "关系他人重大利益".to_owned() };
    let not_accept = || Command::NotAccept {
        reason: "不属于本机关职权".to_owned(),
        right_body: Some("交警支队".to_owned()),
    };
    vec![
        ("none yet", Life::new(item("permit", usual()))),
        ("submitted (licence)", filed("permit")),
        ("supplement (licence)", supplement()),
        ("accepted by person (licence)", then(filed("permit"), vec![Command::Accept])),
        ("accepted by rule (public service)", filed("public-service")),
        ("accepted, fact absent", Life::filed("public-service", usual(), vec![absent()])),
        ("decided: approved", decided(true)),
        ("decided: refused", decided(false)),
        ("certified", then(decided(true), vec![certify()])),
        ("delivered", then(decided(true), vec![certify(), deliver()])),
        ("closed", then(decided(true), vec![certify(), deliver(), Command::Close])),
        ("not accepted", then(filed("permit"), vec![not_accept()])),
        ("withdrawn", then(filed("permit"), vec![Command::Withdraw { reason: None }])),
        ("suspended: testing (licence)", then(filed("permit"), vec![Command::Accept, suspend()])),
        ("hearing offered (licence)", then(filed("permit"), vec![Command::Accept, offer()])),
        (
            "hearing asked for (licence)",
            then(filed("permit"), vec![Command::Accept, offer(), Command::RequestHearing]),
        ),
        ("void", then(filed("permit"), vec![Command::Void { reason: "重复录入".to_owned() }])),
        (
            "forwarded",
            then(
                filed("permit"),
                vec![Command::Forward { to: "省厅".to_owned(), reason: "权限在上级".to_owned() }],
            ),
        ),
        (
            "revoked",
            then(
                decided(true),
                vec![
                    certify(),
                    deliver(),
                    Command::Close,
                    Command::Revoke { ground: "以欺骗手段取得".to_owned() },
                ],
            ),
        ),
    ]
}

fn commands(life: &Life) -> Vec<(&'static str, Command)> {
    let task = if life.case.is_some() { life.task() } else { id(99) };
    let file = || Command::File(Box::new(application(procedure::Frame::Licence, vec![found(true)])));
    let answers = || serde_json::from_value(serde_json::json!({"plate": "苏A54321", "seats": 45})).unwrap();
    vec![
        ("file", file()),
        ("learn", Command::Learn { facts: vec![found(true)] }),
        ("accept", Command::Accept),
        ("not accept", Command::NotAccept { reason: "不属于本机关职权".to_owned(), right_body: None }),
        ("not accept without reason", Command::NotAccept { reason: " ".to_owned(), right_body: None }),
        ("approve", Command::Approve { task, reason: None, choice: Choice::default() }),
        (
            "approve a task that is gone",
            Command::Approve { task: id(98), reason: None, choice: Choice::default() },
        ),
        ("refuse", Command::Refuse { task, reason: "合同不真实".to_owned(), choice: Choice::default() }),
        ("refuse without reason", Command::Refuse { task, reason: String::new(), choice: Choice::default() }),
        ("ask supplement", Command::AskSupplement { demands: vec![demand()] }),
        ("ask supplement of nothing", Command::AskSupplement { demands: Vec::new() }),
        (
            "ask supplement of a field that is none",
            Command::AskSupplement {
                demands: vec![Demand { field: "nose".to_owned(), say: "x".to_owned() }],
            },
        ),
        (
            "supplement",
            Command::Supplement { answers: answers(), materials: Vec::new(), facts: vec![found(true)] },
        ),
        ("certify", Command::Certify { certificates: vec![id(50)] }),
        ("certify nothing", Command::Certify { certificates: Vec::new() }),
        ("deliver", Command::Deliver { service: Service::Electronic, effective_at: None }),
        ("close", Command::Close),
        ("withdraw", Command::Withdraw { reason: Some("不去了".to_owned()) }),
        ("return", Command::Return { reason: "图片不清".to_owned() }),
        ("claim", Command::Claim { task }),
        ("suspend for testing", suspend(SuspensionKind::Testing, Some(10))),
        ("suspend for testing without a time", suspend(SuspensionKind::Testing, None)),
        ("suspend for a hearing by hand", suspend(SuspensionKind::Hearing, Some(10))),
        ("suspend, ordinary", suspend(SuspensionKind::Ordinary, None)),
        ("resume", Command::Resume { result: "合格".to_owned() }),
        ("extend", Command::Extend { reason: "案情复杂".to_owned(), leave: None }),
        ("offer a hearing", Command::OfferHearing { reason: "关系他人重大利益".to_owned() }),
        ("ask for a hearing", Command::RequestHearing),
        ("give the hearing up", Command::WaiveHearing),
        ("record a hearing that was not held", Command::RecordHearing { record: "笔录".to_owned() }),
        ("a person instead of the program", Command::WantPerson { reason: None }),
        (
            "dispute an entry",
            Command::Dispute { path: "vehicle.fit".to_owned(), claim: "已检验".to_owned(), proof: None },
        ),
        ("a party's word at a window", word_at_window()),
        ("forward", Command::Forward { to: "省厅".to_owned(), reason: "权限在上级".to_owned() }),
        ("void", Command::Void { reason: "重复录入".to_owned() }),
        ("revoke", Command::Revoke { ground: "以欺骗手段取得".to_owned() }),
        ("time passes", Command::Pass),
    ]
}

fn word_at_window() -> Command {
    let witness = Witness {
        agency: kernel::AgencyCode::parse("nanjing.transport").unwrap(),
        number: "0000007Z".to_owned(),
        ground: "没有智能手机".to_owned(),
        paper: None,
        reference: Some("登记簿第12页".to_owned()),
        through: None,
    };
    Command::ConfirmAtWindow { role: "applicant".to_owned(), found: Some(party().subject), witness }
}

fn suspend(kind: SuspensionKind, days: Option<u32>) -> Command {
    Command::Suspend { kind, reason: "检测".to_owned(), expected: days.map(kernel::Term::working_days) }
}

#[test]
fn every_state_answers_every_command() {
    let mut table = String::new();
    for (name, life) in states() {
        table.push_str(&format!("## {name}\n"));
        for (word, command) in commands(&life) {
            let mut fresh = life.clone();
            let line = match fresh.act(command) {
                Ok(events) => {
                    let words: Vec<&str> = events.iter().map(crate::CaseEvent::word).collect();
                    format!("{} -> {}", words.join(", "), fresh.case().state.word())
                }
                Err(refusal) => format!("✗ {} {}", refusal.code, refusal.say.zh),
            };
            table.push_str(&format!("{word}: {line}\n"));
        }
        table.push('\n');
    }
    insta::assert_snapshot!(table);
}
