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

/// Of an item whose pre-check stands before everything.
fn prechecked() -> Life {
    let mut checked = item("permit", usual());
    checked.precheck = Some(kernel::Term::working_days(1));
    file(checked, procedure::Frame::Licence)
}

fn file(item: catalog::Item, frame: procedure::Frame) -> Life {
    let mut life = Life::new(item);
    life.act(Command::File(Box::new(application(frame, vec![found(true)])))).unwrap();
    life
}

/// Public for five working days.
fn public() -> Life {
    let process = serde_json::json!([
        {"id": "public", "title": text("公示"), "by": "nanjing.transport", "publicity": "5wd"}
    ]);
    Life::filed("benefit", process, vec![found(true)])
}

/// Handed in with a paper promised for later, or declared instead of proved.
fn eased(promises: &[&str], declares: bool) -> Life {
    let mut life = Life::new(rich("public-service"));
    let promises = promises.iter().map(|p| (*p).to_owned()).collect();
    let application = application(procedure::Frame::PublicService, vec![found(true)]);
    let application = crate::rules::Application { promises, declares, ..application };
    life.act(Command::File(Box::new(application))).unwrap();
    life
}

/// Asked for, promised or awaited, and it never came.
fn lapsed() -> Life {
    let mut life = supplement();
    life.now += jiff::SignedDuration::from_hours(24 * 60);
    life.sweep();
    life
}

/// A remedy against a refusal, under way.
fn remedied() -> Life {
    let open = Command::OpenRemedy {
        remedy: id(80),
        kind: RemedyKind::Reconsideration,
        body: "省交通运输厅".to_owned(),
        ground: "认定事实错误".to_owned(),
    };
    let deliver = Command::Deliver { service: Service::Electronic, effective_at: None };
    then(decided(false), vec![deliver, Command::Close, open])
}

fn end_remedy(outcome: RemedyOutcome) -> Command {
    Command::EndRemedy { remedy: id(80), outcome, text: "复议决定".to_owned(), changed: None }
}

/// Refused by rule, and a person is wanted.
fn by_rule() -> Life {
    Life::filed("confirmation", instant(), vec![found(false)])
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

/// The states beside the plain way, and those of other frames.
fn more_states() -> Vec<(&'static str, Life)> {
    let ordinary = || Command::Suspend {
        kind: SuspensionKind::Ordinary,
        reason: "等候当事人".to_owned(),
        expected: None,
    };
    vec![
        ("submitted, pre-check (licence)", prechecked()),
        ("returned", then(prechecked(), vec![Command::Return { reason: "图片不清".to_owned() }])),
        ("lapsed", lapsed()),
        ("suspended: ordinary", then(filed("permit"), vec![Command::Accept, ordinary()])),
        ("public, before the end (benefit)", public()),
        ("a paper promised (public service)", eased(&["lease"], false)),
        ("declared (public service)", eased(&[], true)),
        ("several agencies, a line system (public service)", eased(&[], false)),
        ("closed: refused by rule", {
            let mut life = by_rule();
            life.complete();
            life
        }),
        ("reconsideration under way", remedied()),
        ("done again after reconsideration", then(remedied(), vec![end_remedy(RemedyOutcome::AnnulledRedo)])),
        ("submitted (registration)", filed("registration")),
        ("accepted (benefit)", filed("benefit")),
        ("submitted (filing)", filed("filing")),
        ("submitted (confirmation)", filed("confirmation")),
    ]
}

fn nose() -> Demand {
    Demand { field: "nose".to_owned(), say: "x".to_owned() }
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
        ("ask supplement of a field that is none", Command::AskSupplement { demands: vec![nose()] }),
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
    .into_iter()
    .chain(hearings().into_iter().chain(more(task)).chain(said()))
    .collect()
}

fn hearings() -> Vec<(&'static str, Command)> {
    vec![
        ("offer a hearing", Command::OfferHearing { reason: "关系他人重大利益".to_owned() }),
        (
            "tell somebody concerned",
            Command::FindInterested {
                name: "邻居".to_owned(),
                interest: "共用楼道".to_owned(),
                evidence: Vec::new(),
            },
        ),
        (
            "record the service on them",
            Command::TellInterested {
                who: "interested-1".to_owned(),
                served: noon(),
                proof: "回证1".to_owned(),
            },
        ),
        ("ask for a hearing", Command::RequestHearing),
        ("give the hearing up", Command::WaiveHearing),
        (
            "record a hearing that was not held",
            Command::RecordHearing { record: "笔录".to_owned(), evidence: Vec::new() },
        ),
    ]
}

/// What else is done with tasks, papers, parties, other cases and remedies.
fn more(task: TaskId) -> Vec<(&'static str, Command)> {
    let visit = Visit {
        at: noon(),
        place: "现场".to_owned(),
        officers: vec!["甲".to_owned(), "乙".to_owned()],
        record: "已核查".to_owned(),
        evidence: Vec::new(),
    };
    vec![
        ("pass the pre-check", Command::Precheck { ok: true, reason: String::new() }),
        ("fail the pre-check", Command::Precheck { ok: false, reason: "图片不清".to_owned() }),
        ("record a visit", Command::Visit { task, visit }),
        (
            "a line system reports",
            Command::Report { task, system: "fire-line".to_owned(), pass: true, text: "合格".to_owned() },
        ),
        ("release", Command::Release { task }),
        ("hand over", Command::HandOver { task, to: id(71), note: String::new() }),
        ("recall", Command::Recall { task }),
        ("send back", Command::SendBack { task, to: "qualify".to_owned(), reason: "再核".to_owned() }),
        (
            "set a hearing",
            Command::SetHearing {
                on: noon() + jiff::SignedDuration::from_hours(24 * 20),
                place: "听证室".to_owned(),
                chair: id(75),
                chair_name: "李主持".to_owned(),
            },
        ),
    ]
}

/// What parties say and what is done with it, remedies, and what is served once more.
fn said() -> Vec<(&'static str, Command)> {
    let object = |on_paper: Option<&str>| Command::Object {
        step: "public".to_owned(),
        reason: "已搬离".to_owned(),
        by: None,
        on_paper: on_paper.map(str::to_owned),
    };
    let lease = || Material { demand: "lease".to_owned(), given: Given::Declared };
    vec![
        ("confirm as a party", Command::Confirm { subject: party().subject, paper: false, capacity: None }),
        ("hand in what was promised", Command::KeepPromise { materials: vec![lease()] }),
        ("check a declaration: true", Command::CheckDeclaration { ok: true, text: "属实".to_owned() }),
        ("check a declaration: false", Command::CheckDeclaration { ok: false, text: "不符".to_owned() }),
        (
            "settle a dispute",
            Command::SettleDispute {
                path: "vehicle.fit".to_owned(),
                upheld: false,
                text: "登记无误".to_owned(),
                value: None,
            },
        ),
        ("see a paper", Command::SeePaper { demand: "lease".to_owned(), original: catalog::Original::Look }),
        ("object on line", object(None)),
        ("object on paper", object(Some("李四"))),
        ("object on paper without a name", object(Some(" "))),
        (
            "open a remedy",
            Command::OpenRemedy {
                remedy: id(81),
                kind: RemedyKind::Suit,
                body: "人民法院".to_owned(),
                ground: "程序违法".to_owned(),
            },
        ),
        ("end a remedy: upheld", end_remedy(RemedyOutcome::Upheld)),
        ("end a remedy: to be done again", end_remedy(RemedyOutcome::AnnulledRedo)),
        (
            "take back from a line system",
            Command::TakeBack { step: "fire".to_owned(), reason: "没有回传".to_owned() },
        ),
        ("hold a hearing in public", Command::OrderHearing { reason: "涉及公共利益".to_owned() }),
        ("review a benefit", Command::Review { text: "条件仍具备".to_owned(), amount: None }),
        ("stop a benefit", Command::StopBenefit { why: Exit::MovedAway, text: "户籍迁出".to_owned() }),
        ("halt a party", halt(HaltCause::Death)),
        ("halt a person as an organisation", halt(HaltCause::Dissolved)),
        (
            "settle a halt",
            Command::EndHalt {
                subject: party().subject,
                how: HaltOutcome::Ends,
                text: "无人承受".to_owned(),
            },
        ),
        (
            "serve once more",
            Command::Serve { notice: None, way: Service::Electronic, effective_at: noon(), party: None },
        ),
    ]
}

fn halt(cause: HaltCause) -> Command {
    Command::HaltParty { subject: party().subject, cause, text: "死亡医学证明".to_owned() }
}

fn word_at_window() -> Command {
    let witness = Witness {
        agency: kernel::AgencyCode::parse("nanjing.transport").unwrap(),
        number: "0000007Z".to_owned(),
        ground: "没有智能手机".to_owned(),
        paper: None,
        reference: Some("登记簿第12页".to_owned()),
        agent: None,
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
    for (name, life) in states().into_iter().chain(more_states()) {
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
