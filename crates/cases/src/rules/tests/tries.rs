//! What is tried in random lives: every command, with its parts chosen by three numbers.

use super::sample::*;
use crate::model::*;
use crate::rules::{Choice, Command, Doer};
use catalog::Item;
use kernel::{AccountId, PersonId, SubjectId, Term};

/// Something that is tried: which command, and three numbers that choose its parts.
pub(super) type Try = (u8, u8, u8, u8);

pub(super) const KINDS: u8 = 64;

pub(super) fn answer(n: u8) -> Fact {
    match n % 4 {
        0 => found(true),
        1 => found(false),
        2 => fact(FactAnswer::NotFound),
        _ => absent(),
    }
}

pub(super) fn account(n: u8) -> AccountId {
    id(70 + u64::from(n % 3))
}

fn task(life: &Life, n: u8) -> TaskId {
    let open: Vec<TaskId> = life.case().open_tasks().map(|(_, task, _)| task).collect();
    let done = life
        .case()
        .steps
        .iter()
        .find(|s| s.by_person())
        .map(|s| crate::rules::task_id(life.case().id, &s.id, s.round, 0));
    match n % 8 {
        7 => id(98),
        6 => done.unwrap_or_else(|| id(98)),
        n => open.get(usize::from(n) % open.len().max(1)).copied().unwrap_or_else(|| id(98)),
    }
}

fn reason(n: u8) -> String {
    if n.is_multiple_of(8) { "  ".to_owned() } else { "理由".to_owned() }
}

fn choice(n: u8) -> Choice {
    Choice {
        amount: n.is_multiple_of(5).then(|| kernel::Money::yuan(i64::from(n)).unwrap()),
        deviation: n.is_multiple_of(3).then(|| "特殊情况".to_owned()),
    }
}

pub(super) fn command(life: &Life, (kind, a, b, c): Try) -> Command {
    let task = task(life, a);
    match kind {
        0 | 1 => Command::Learn { facts: vec![answer(a)] },
        2 => Command::Accept,
        3 => Command::NotAccept { reason: reason(b), right_body: None },
        4 => Command::Return { reason: reason(b) },
        5..=10 => Command::Approve { task, reason: None, choice: choice(c) },
        11 => Command::Refuse { task, reason: reason(b), choice: choice(c) },
        12 | 13 => {
            Command::Report { task, system: "fire-line".to_owned(), pass: c % 5 != 0, text: reason(b) }
        }
        14 => {
            let officers = (0..c % 4).map(|n| format!("核查员{n}")).collect();
            let (place, record) = ("现场".to_owned(), reason(b));
            Command::Visit {
                task,
                visit: Visit { at: life.now, place, officers, record, evidence: Vec::new() },
            }
        }
        15 => Command::Claim { task },
        16 => Command::Release { task },
        17 => Command::HandOver { task, to: account(c), note: String::new() },
        18 => Command::Recall { task },
        19 => {
            let to = life.item.process.get(usize::from(c) % life.item.process.len()).unwrap().id.clone();
            Command::SendBack { task, to, reason: reason(b) }
        }
        20 => Command::AskSupplement { demands: if b % 4 == 0 { Vec::new() } else { vec![demand()] } },
        21 | 22 => {
            let answers =
                serde_json::from_value(serde_json::json!({"plate": "苏A00001", "seats": c})).unwrap();
            Command::Supplement { answers, materials: Vec::new(), facts: vec![answer(a)] }
        }
        23 => {
            let kind = SuspensionKind::ALL[usize::from(c) % 9];
            let expected = (b % 3 > 0).then(|| Term::working_days(u32::from(b) % 40 + 1));
            Command::Suspend { kind, reason: reason(a), expected }
        }
        24 | 25 => Command::Resume { result: reason(b) },
        26 => Command::Extend { reason: reason(b), leave: (c % 2 == 0).then(leave) },
        _ => beside(life, (kind, a, b, c)),
    }
}

/// On line, or on paper with a name or without one.
fn object(b: u8) -> Command {
    let on_paper = b.is_multiple_of(3).then(|| reason(b));
    Command::Object { step: "public".to_owned(), reason: reason(b), by: None, on_paper }
}

/// One of those concerned, if they were found.
fn concerned(c: u8) -> String {
    format!("interested-{}", c % 3 + 1)
}

/// The commands of a hearing.
fn hearing(life: &Life, (kind, b, c): (u8, u8, u8)) -> Command {
    match kind {
        27 => Command::OfferHearing { reason: reason(b) },
        28 if b % 4 == 0 => {
            let name = format!("邻居{}", c % 3);
            Command::FindInterested { name, interest: reason(b), evidence: Vec::new() }
        }
        28 => Command::RequestHearing,
        29 if b % 4 == 0 => Command::TellInterested { who: concerned(c), served: life.now, proof: reason(b) },
        29 if b % 4 == 1 => {
            Command::AnswerOfInterested { who: concerned(c), asks: c % 2 == 0, proof: reason(b) }
        }
        29 => Command::WaiveHearing,
        30 => {
            let on = life.now + jiff::SignedDuration::from_hours(24 * i64::from(c % 40));
            let (place, chair_name) = ("听证室".to_owned(), "主持人".to_owned());
            Command::SetHearing { on, place, chair: account(b), chair_name }
        }
        _ => Command::RecordHearing { record: reason(b), evidence: Vec::new() },
    }
}

/// The commands beside the plain way.
fn beside(life: &Life, (kind, a, b, c): Try) -> Command {
    match kind {
        27..=31 => hearing(life, (kind, b, c)),
        32 => {
            let given = Given::File(id(60));
            Command::KeepPromise { materials: vec![Material { demand: paper(life), given }] }
        }
        33 => Command::CheckDeclaration { ok: b % 2 == 0, text: reason(c) },
        34 => Command::Dispute { path: "vehicle.fit".to_owned(), claim: reason(b), proof: None },
        35 => {
            let value = (c % 2 == 0).then(|| serde_json::json!(true));
            Command::SettleDispute {
                path: "vehicle.fit".to_owned(),
                upheld: b % 2 == 0,
                text: reason(a),
                value,
            }
        }
        36 => object(b),
        37 => Command::WantPerson { reason: None },
        38 => Command::Withdraw { reason: None },
        44.. => later(life, (kind, a, b, c)),
        39 => Command::Forward { to: reason(b), reason: reason(c) },
        40 => Command::Void { reason: reason(b) },
        41 => Command::Revoke { ground: reason(b) },
        42 => Command::OpenRemedy {
            remedy: id(80 + u64::from(c % 4)),
            kind: RemedyKind::Reconsideration,
            body: reason(a),
            ground: reason(b),
        },
        _ => {
            let refused = Decision::Refused {
                reason: kernel::Text::same("变更"),
                remedies: vec![kernel::Text::same("诉讼")],
            };
            let changed = (b % 2 == 0).then_some(if c % 2 == 0 {
                refused
            } else {
                Decision::Approved { reason: None, amount: None }
            });
            let outcome = RemedyOutcome::ALL[usize::from(a) % 8];
            Command::EndRemedy {
                remedy: id(80 + u64::from(c % 4)),
                outcome,
                text: reason(a / 8 + 1),
                changed,
            }
        }
    }
}

/// The paper that the item asks for, as it is called now.
fn paper(life: &Life) -> String {
    life.item.materials.first().map_or_else(|| "lease".to_owned(), |m| m.id.clone())
}

/// The other of two who apply together.
pub(super) fn partner() -> Party {
    let subject = SubjectId::Person(id::<PersonId>(6));
    Party { subject, name: "李四".to_owned(), role: "partner".to_owned(), confirmed_at: None, ..party() }
}

fn somebody(n: u8) -> SubjectId {
    match n % 4 {
        0 | 1 => party().subject,
        2 => partner().subject,
        _ => SubjectId::Person(id::<PersonId>(7)),
    }
}

/// Who does it: a party where it is theirs to do, else somebody of the body, every second time its head.
pub(super) fn who(kind: u8, a: u8, b: u8, c: u8) -> Doer {
    if matches!(kind, 21 | 22 | 32 | 34 | 37 | 38 | 48 | 49) {
        return Doer { account: Some(account(c)), subject: Some(somebody(b)), ..Doer::default() };
    }
    Doer { head: a.is_multiple_of(2), ..Doer::head(account(c)) }
}

fn witness(b: u8) -> Witness {
    Witness {
        agency: kernel::AgencyCode::parse("nanjing.transport").unwrap(),
        number: "0000007Z".to_owned(),
        ground: reason(b),
        paper: None,
        reference: Some("登记簿第12页".to_owned()),
        agent: None,
        through: None,
    }
}

/// The commands of what comes later: parties who speak at windows or cannot act, benefits that go on or end, new versions, services.
fn later(life: &Life, (kind, a, b, c): Try) -> Command {
    match kind {
        44 => Command::HaltParty {
            subject: somebody(b),
            cause: HaltCause::ALL[usize::from(c) % 4],
            text: reason(a),
        },
        45 | 46 => {
            let heir = SubjectId::Person(id::<PersonId>(90 + u64::from(a % 3)));
            let how = match c % 3 {
                0 => HaltOutcome::GoesOn,
                1 => HaltOutcome::TakenOver {
                    party: Box::new(Party { subject: heir, capacity: Capacity::Heir, ..party() }),
                },
                _ => HaltOutcome::Ends,
            };
            Command::EndHalt { subject: somebody(b), how, text: reason(a) }
        }
        47 => {
            let amount = (c % 2 == 0).then(|| kernel::Money::yuan(i64::from(c)).unwrap());
            Command::Review { text: reason(b), amount }
        }
        48 | 49 => Command::Confirm {
            subject: somebody(b),
            paper: c % 3 == 0,
            capacity: (c % 2 == 0).then_some(Capacity::Agent),
        },
        50 => {
            let role = if a % 2 == 0 { "partner" } else { "applicant" }.to_owned();
            Command::ConfirmAtWindow { role, found: (c % 5 > 0).then(|| somebody(b)), witness: witness(a) }
        }
        _ => beyond(life, (kind, a, b, c)),
    }
}

/// The rest of them.
fn beyond(life: &Life, (kind, a, b, c): Try) -> Command {
    match kind {
        51 => {
            let does = match c % 5 {
                0 => Command::Withdraw { reason: None },
                1 => Command::RequestHearing,
                2 => Command::WaiveHearing,
                3 => Command::WantPerson { reason: None },
                _ => Command::Accept,
            };
            let (act, does) = ("act".to_owned(), Box::new(does));
            Command::SayAtWindow { found: Some(somebody(b)), act, witness: witness(a), does }
        }
        52 => Command::StopBenefit { why: Exit::ALL[usize::from(c) % 5], text: reason(b) },
        53 => Command::MoveOn {
            to: id(300 + u64::from(a)),
            from: i64::from(b % 2) + 1,
            agencies: std::collections::BTreeMap::new(),
        },
        54 => Command::SeePaper { demand: paper(life), original: catalog::Original::Look },
        55 => {
            let kind = NoticeKind::ALL[usize::from(c) % NoticeKind::ALL.len()];
            let (notice, number, outside, at) =
                (id(400 + u64::from(a)), "N".to_owned(), b % 7 == 0, life.now);
            Command::Issued { issued: Issued { notice, kind, number, outside, at }, seal: None }
        }
        56 => {
            let known = life.case().notices.get(usize::from(a) % life.case().notices.len().max(1));
            let notice = known.map(|n| n.notice);
            Command::Serve {
                notice,
                way: Service::Electronic,
                effective_at: life.now,
                party: Some(somebody(b)),
            }
        }
        57 => Command::TakeBack { step: "fire".to_owned(), reason: reason(b) },
        58 => Command::OrderHearing { reason: reason(b) },
        60..=63 => Command::FeesTold(crate::event::FeesTold {
            bill: format!("{}", a % 4),
            amount: kernel::Money::fen(8_000 * i64::from(b % 3)),
            settled: c % 3 > 0,
            payer: Some(if c % 7 == 0 { somebody(b) } else { party().subject }),
            cancelled: c % 11 == 0,
            rev: i64::from(c % 8),
            ..crate::event::FeesTold::default()
        }),
        _ => Command::Precheck { ok: c % 3 > 0, reason: reason(b) },
    }
}

/// The item under its next version: the last step and the paper are called something else.
pub(super) fn next_version(item: &Item, to: &catalog::ItemVersionId) -> Item {
    let mark = &to.to_string()[30..];
    let renamed = |id: &str| format!("{}-{mark}", id.split('-').next().unwrap_or(id));
    let mut next = item.clone();
    let last = next.process.last().unwrap().id.clone();
    next.process.last_mut().unwrap().id = renamed(&last);
    for step in &mut next.process {
        step.after.iter_mut().filter(|id| **id == last).for_each(|id| *id = renamed(&last));
    }
    let materials = next.materials.iter().map(|m| (m.id.clone(), renamed(&m.id))).collect();
    next.materials.iter_mut().for_each(|m| m.id = renamed(&m.id));
    let steps = [(last.clone(), renamed(&last))].into();
    next.migration =
        Some(catalog::Migration { from: vec![1], steps, materials, ..catalog::Migration::default() });
    next
}
