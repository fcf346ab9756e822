//! The hall without network: blocks never overlap, every number is used once and accounted for, what was done on paper counts at its true time.

use crate::pages::{browser, shows};
use crate::town::{ROOMS, Town, first, refused};
use hall::model::*;
use hall::rules::paper::NewBlock;
use hall::verbs::paper::{self, Recorder};
use hall::{BlockRow, PaperRow, Settings};
use harness::browser::Page;
use http::StatusCode;
use identity::{Clerk, Staff};
use kernel::codes::PaperNumber;
use kernel::{Lang, Outcome, Timestamp};
use std::collections::BTreeSet;
use store::{Ground, command};

const CASE: &str = "12441500196720244T3442199806003202206230068";
const OTHER_CASE: &str = "12441500196720244T3442199806003202206230069";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn recorder(town: &Town, account: &str) -> Recorder {
    let staff: Staff = town.session(account).await.staff().unwrap();
    Recorder::of(&town.t.store, &staff, &first()).await.unwrap()
}

/// What a head asks for: forms, and slips of A.
async fn wanted(town: &Town, day: Option<&str>, forms: i64, slips: i64) -> NewBlock {
    let keeper = town.clerk("c1").await.account().to_string();
    let slips = vec![("A".parse().unwrap(), slips)];
    NewBlock { day: day.map(|d| d.parse().unwrap()), keeper, forms, slips }
}

async fn issue_at(ground: &Ground, head: &Recorder, new: &NewBlock) -> Outcome<BlockId> {
    let actor = kernel::ActorRef::system();
    command!(ground, Lang::ZhCn, actor, |cx| {
        paper::issue(&mut cx, &Settings::default(), head.manager().unwrap(), new).await
    })
}

async fn issued(town: &Town, day: Option<&str>, forms: i64, slips: i64) -> (BlockRow, Vec<PaperRow>) {
    let head = recorder(town, "head").await;
    let id = issue_at(&town.t.ground, &head, &wanted(town, day, forms, slips).await).await.unwrap();
    paper::block(&town.t.store, &first(), id).await.unwrap()
}

fn numbers(papers: &[PaperRow], kind: PaperKind) -> Vec<String> {
    papers.iter().filter(|p| p.kind == kind).map(|p| p.number.clone()).collect()
}

async fn file(
    ground: &Ground,
    town: &Town,
    clerk: &Clerk,
    number: &str,
    when: &str,
    case: &str,
) -> Outcome<()> {
    let number: PaperNumber = number.parse().unwrap();
    let (cases, terms, actor) = (vec![case.to_owned()], Settings::default(), clerk.actor_ref());
    let calendar = town.calendar.clone();
    command!(ground, Lang::ZhCn, actor, |cx| {
        paper::file_form(&mut cx, (&calendar, &terms), clerk, (&number, at(when)), &cases).await
    })
}

async fn state_of(town: &Town, block: BlockId, number: &str) -> PaperState {
    let (_, papers) = paper::block(&town.t.store, &first(), block).await.unwrap();
    papers.iter().find(|p| p.number == number).unwrap().state
}

harness::both!(blocks_issued_at_once_never_overlap, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let second = town.second().await;
    let head = recorder(&town, "head").await;
    let new = wanted(&town, None, 3, 2).await;
    let tasks = (0..8_u32).map(|n| {
        let ground = if n.is_multiple_of(2) { town.t.ground.clone() } else { second.clone() };
        let (head, new) = (head.clone(), new.clone());
        tokio::spawn(async move { issue_at(&ground, &head, &new).await.unwrap() })
    });
    let (mut forms, mut slips) = (BTreeSet::new(), BTreeSet::new());
    for task in tasks.collect::<Vec<_>>() {
        let (_, papers) = paper::block(&town.t.store, &first(), task.await.unwrap()).await.unwrap();
        for number in numbers(&papers, PaperKind::Form) {
            assert!(forms.insert(number.parse::<PaperNumber>().unwrap().serial()), "{number} twice");
        }
        for number in numbers(&papers, PaperKind::Slip) {
            assert!(slips.insert(number.clone()), "{number} twice");
        }
    }
    // Dense: what was not given to one was given to another.
    assert_eq!(forms, (1..=24).collect());
    assert_eq!(slips, (1..=16).map(|n| format!("YA{n:03}")).collect());
    // The queue's own numbers go on without a gap.
    assert_eq!(town.take(&town.taking("A")).await.unwrap().number, "A001");
});

harness::both!(a_form_is_recorded_once_whoever_records_it, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let second = town.second().await;
    let (block, papers) = issued(&town, Some("2026-11-24"), 2, 0).await;
    let forms = numbers(&papers, PaperKind::Form);
    town.t.clock.set(at("2026-11-25T02:00:00Z"));
    let when = "2026-11-24T02:00:00Z";
    let (one, two) = (town.clerk("c1").await, town.clerk("c2").await);
    let (mine, yours) = tokio::join!(
        file(&town.t.ground, &town, &one, &forms[0], when, CASE),
        file(&second, &town, &two, &forms[0], when, OTHER_CASE),
    );
    let (won, lost) = if mine.is_ok() { (CASE, yours) } else { (OTHER_CASE, mine) };
    assert_eq!(refused(lost), "hall.paper-recorded");
    let number: PaperNumber = forms[0].parse().unwrap();
    let code = paper::form_code(&town.t.store, &number);
    let found = paper::standing(&town.t.store, &number, &code.to_lowercase()).await.unwrap().unwrap();
    assert_eq!((found.state, found.cases), (PaperState::Filed, vec![won.to_owned()]));
    assert!(paper::standing(&town.t.store, &number, "0000-0000").await.unwrap().is_none());
    // The answer was lost and it is sent again: nothing changes.
    let winner = if won == CASE { &one } else { &two };
    file(&town.t.ground, &town, winner, &forms[0], when, won).await.unwrap();
    // Times that cannot be.
    for (wrong, code) in [
        ("2026-11-25T03:00:00Z", "hall.paper-future"),
        ("2026-11-20T03:00:00Z", "hall.paper-before"),
        ("2026-11-25T01:00:00Z", "hall.paper-not-its-time"),
    ] {
        assert_eq!(refused(file(&town.t.ground, &town, &one, &forms[1], wrong, CASE).await), code);
    }
    assert_eq!(state_of(&town, block.id, &forms[1]).await, PaperState::Out);
});

harness::both!(too_late_is_for_the_head_to_allow, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (block, papers) = issued(&town, Some("2026-11-24"), 2, 0).await;
    let (forms, clerk, head) =
        (numbers(&papers, PaperKind::Form), town.clerk("c2").await, recorder(&town, "head").await);
    // Five working days after Tuesday end on Tuesday.
    town.t.clock.set(at("2026-12-02T01:00:00Z"));
    let when = "2026-11-24T02:00:00Z";
    assert_eq!(refused(file(&town.t.ground, &town, &clerk, &forms[0], when, CASE).await), "hall.paper-late");
    let manager = head.manager().unwrap();
    let actor = kernel::ActorRef::system();
    let allow = |last: &str, why: &str| {
        let (last, why) = (last.parse().ok(), why.to_owned());
        let (ground, actor) = (town.t.ground.clone(), actor.clone());
        async move {
            let done: Outcome<()> = command!(ground, Lang::ZhCn, actor, |cx| {
                paper::extend(&mut cx, &Settings::default(), (manager, block.id), last, &why).await
            });
            done
        }
    };
    assert_eq!(refused(allow("2027-12-01", "网络未恢复").await), "hall.paper-until");
    assert_eq!(refused(allow("2026-12-04", " ").await), "hall.paper-why");
    allow("2026-12-04", "网络未恢复").await.unwrap();
    file(&town.t.ground, &town, &clerk, &forms[0], when, CASE).await.unwrap();
});

harness::both!(every_number_is_accounted_for_before_it_goes_back, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (block, papers) = issued(&town, Some("2026-11-23"), 4, 0).await;
    let (forms, head) = (numbers(&papers, PaperKind::Form), recorder(&town, "head").await);
    let (keeper, other) = (recorder(&town, "c1").await, recorder(&town, "c2").await);
    let ground = town.t.ground.clone();
    let actor = kernel::ActorRef::system();
    let void = |who: &Recorder, from: &str, to: &str, why: &str| {
        let (who, from, to, why) = (who.clone(), from.to_owned(), to.to_owned(), why.to_owned());
        let (ground, actor) = (ground.clone(), actor.clone());
        async move {
            let done: Outcome<usize> = command!(ground, Lang::ZhCn, actor, |cx| {
                paper::void(&mut cx, &who, block.id, (&from, &to), &why).await
            });
            done
        }
    };
    assert_eq!(refused(void(&other, &forms[0], "", "写错").await), "hall.paper-for-keeper");
    assert_eq!(void(&keeper, &forms[0], &forms[1], "写错").await.unwrap(), 2);
    assert_eq!(refused(void(&keeper, &forms[0], "", "写错").await), "hall.paper-nothing-out");
    assert_eq!(refused(void(&keeper, &forms[2], &forms[0], "写错").await), "hall.paper-no-number");
    let clerk = town.clerk("c2").await;
    let when = "2026-11-23T02:00:00Z";
    assert_eq!(refused(file(&ground, &town, &clerk, &forms[0], when, CASE).await), "hall.paper-void");
    let manager = head.manager().unwrap();
    let back = |sure: bool| {
        let (ground, actor) = (ground.clone(), actor.clone());
        async move {
            let done: Outcome<()> = command!(ground, Lang::ZhCn, actor, |cx| {
                paper::give_back(&mut cx, manager, block.id, (sure, "没有使用")).await
            });
            done
        }
    };
    assert_eq!(refused(back(false).await), "hall.paper-not-accounted");
    back(true).await.unwrap();
    assert_eq!(refused(back(true).await), "hall.paper-returned");
    // Somebody turns out to hold one of them.
    let done: Outcome<()> = command!(ground, Lang::ZhCn, actor, |cx| {
        paper::restore(&mut cx, manager, block.id, &forms[3], "群众持单来问").await
    });
    done.unwrap();
    file(&ground, &town, &clerk, &forms[3], when, CASE).await.unwrap();
    let (_, after) = paper::block(&town.t.store, &first(), block.id).await.unwrap();
    assert!(after.iter().all(|p| p.state != PaperState::Out), "{after:?}");
    let subject = block_subject(block.id);
    let (_, events) = trace::history::<PaperEvent>(&town.t.store, &subject).await.unwrap();
    let told: Vec<&str> = events.iter().map(|e| trace::Event::kind(&e.event)).collect();
    assert_eq!(told, ["issued", "voided", "voided", "returned", "restored", "filed"]);
});

harness::both!(a_day_without_network_counts_as_it_was, ROOMS, |t| async move {
    let town = Town::new(t).await;
    // Monday: a block for Tuesday. On Tuesday somebody takes a ticket before the network goes away.
    let (block, papers) = issued(&town, Some("2026-11-24"), 2, 4).await;
    let (forms, slips) = (numbers(&papers, PaperKind::Form), numbers(&papers, PaperKind::Slip));
    town.t.clock.set(at("2026-11-24T01:30:00Z"));
    town.take(&town.taking("A")).await.unwrap();
    let terms = Settings::default();
    // Nobody reaches the server; its clock and its sweeps go on. The day is counted without what nobody could tell it.
    for hour in
        ["2026-11-24T08:00:00Z", "2026-11-24T20:30:00Z", "2026-11-25T00:10:00Z", "2026-11-25T00:20:00Z"]
    {
        town.t.clock.set(at(hour));
        hall::verbs::sweep(&town.t.ground, &terms).await.unwrap();
    }
    let mut head = browser(&town, "head").await;
    let report = "/desk/hall/report?hall=first&day=2026-11-24";
    assert!(!head.get(report).await.html.contains("断网期间"));
    shows(&head.get("/desk/hall/day").await, &["还有6个没有补录"]);
    let (_, events) = trace::history::<PaperEvent>(&town.t.store, &block_subject(block.id)).await.unwrap();
    let reminded =
        |e: &PaperEvent| matches!(e, PaperEvent::Reminded { count: 6, since } if since == "2026-11-24");
    assert_eq!(events.iter().filter(|e| reminded(&e.event)).count(), 1, "once a morning: {events:?}");
    // Wednesday: everything is recorded at its true time.
    let clerk = town.clerk("c2").await;
    file(&town.t.ground, &town, &clerk, &forms[0], "2026-11-24T02:15:00Z", CASE).await.unwrap();
    let mut c2 = browser(&town, "c2").await;
    let sheet = format!("/desk/hall/paper/{}", block.id);
    let send = |c2: &mut harness::Browser, fields: Vec<(String, String)>| {
        let sheet = sheet.clone();
        let mut all = fields;
        all.push(("act".to_owned(), "slips".to_owned()));
        let mut browser = c2.clone();
        async move {
            let all: Vec<(&str, &str)> = all.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            browser.submit(&sheet, &sheet, &all).await
        }
    };
    let line = |n: usize, how: &str, time: &str, what: &str| {
        let of = |name: &str| format!("{name}.{}", slips[n]);
        [(of("how"), how), (of("time"), time), (of("window"), "3"), (of("what"), what)]
            .map(|(name, value)| (name, value.to_owned()))
    };
    let wrong = [line(0, "filed", "10:20", &forms[0]), line(1, "done", "", ""), line(2, "left", "11:00", "")]
        .concat();
    let told: Page = send(&mut c2, wrong).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", told.html);
    shows(&told, &["请填写时间", "value=\"10:20\"", &forms[0]]);
    let right = [
        line(0, "filed", "10:20", &forms[0]),
        line(1, "done", "14:05", "咨询答复"),
        line(2, "left", "11:00", ""),
    ]
    .concat();
    let done = send(&mut c2, right).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    let day = head.get(report).await;
    shows(&day, &["纸质号3人、办结2人", "受理单收件1件", "断网时领了纸质号", "定稿"]);
    let csv = head.get("/desk/hall/report.csv?hall=first&day=2026-11-24").await;
    shows(
        &csv,
        &[
            "day,2026-11-24,4,2,2,2,0,",
            "hour,09:00,1,0,0,1,0,",
            "hour,10:00,1,1,1,0,0,",
            "hour,14:00,1,1,1,0,0,",
            "paper,slips,3,2,2,1,0,",
            "paper,forms,,,1,",
            &format!("left,{} 11:00", slips[2]),
        ],
    );
    // What is left over stays before the head's eyes until it is accounted for.
    let list = head.get("/desk/hall/paper?hall=first").await;
    shows(&list, &["还有2个号没有补录，已经1天", &forms[1], &slips[3], "已用3，作废0，未登记1"]);
});

harness::both!(the_papers_are_printed_and_counted, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut head = browser(&town, "head").await;
    let keeper = town.clerk("c1").await.account().to_string();
    let page = "/desk/hall/paper";
    let asked = |forms: &'static str, day: &'static str, keeper: &str| {
        vec![
            ("hall", "first".to_owned()),
            ("for", "day".to_owned()),
            ("day", day.to_owned()),
            ("keeper", keeper.to_owned()),
            ("forms", forms.to_owned()),
            ("slips.A", "3".to_owned()),
        ]
    };
    for (fields, said) in [
        (asked("2", "2026-11-20", &keeper), "30天以内"),
        (asked("200", "2026-11-24", &keeper), "最多100张"),
        (asked("two", "2026-11-24", &keeper), "请填写数字"),
        (asked("2", "2026-11-24", "nobody"), "请选择本大厅的一名窗口人员"),
    ] {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let no = head.submit(page, page, &fields).await;
        assert_eq!(no.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}: {}", no.html);
        shows(&no, &[said, "value=\"3\""]);
    }
    let fields = asked("2", "2026-11-24", &keeper);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let made = head.submit(page, page, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.html);
    let block = made.to.clone();
    shows(&head.get(page).await, &["A类（综合业务）排队号", "B类（不动产登记）排队号"]);
    shows(&head.get(&block).await, &["已发放，未打印", "YJ990100202600001", "YA003", "某c1"]);
    assert_eq!(head.get(&format!("{block}/print")).await.to, block, "nothing is printed unseen");
    let print = head.submit(&block, &block, &[("act", "print")]).await;
    assert_eq!(print.to, format!("{block}/print"));
    let sheets = head.get(&print.to).await;
    shows(
        &sheets,
        &["断网应急登记表", "第一联", "第二联", "qr-code", "YJ 990100 2026 00001", "YA001", "查询码"],
    );
    assert!(!sheets.html.contains("次打印："), "the first print is no second one");
    head.submit(&block, &block, &[("act", "print")]).await;
    shows(&head.get(&print.to).await, &["第2次打印"]);
    shows(&head.get(&format!("{}?lang=en", print.to)).await, &["html"]);
    // A clerk of the hall sees and records; only the head issues, prints and takes back.
    let mut clerk = browser(&town, "c2").await;
    shows(&clerk.get(page).await, &["已打印，在保管人手里"]);
    for act in ["print", "return", "extend", "restore"] {
        let no = clerk.submit(&block, &block, &[("act", act)]).await;
        assert_eq!(no.status, StatusCode::FORBIDDEN, "{act}: {}", no.html);
    }
    let no = clerk.submit(&block, page, &fields).await;
    assert_eq!(no.status, StatusCode::FORBIDDEN, "{}", no.html);
    let mut citizen = browser(&town, "citizen").await;
    for path in [page.to_owned(), block.clone(), format!("{block}/print")] {
        assert_eq!(citizen.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let void =
        head.submit(&block, &block, &[("act", "void"), ("void_from", "YA001"), ("void_to", "YA003")]).await;
    assert_eq!(void.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&void, &["f-void-why-error", "value=\"YA003\""]);
    // After its day nothing of it can be printed any more.
    town.t.clock.set(at("2026-11-25T01:00:00Z"));
    let mut head = browser(&town, "head").await;
    let late = head.submit(&block, &block, &[("act", "print")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.html);
});

/// So many acts of a random day.
const ACTS: u64 = 40;

harness::both!(whatever_happens_every_number_is_accounted_for_once, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (head, clerk) = (recorder(&town, "head").await, town.clerk("c1").await);
    let keeper = recorder(&town, "c1").await;
    let (ground, actor, manager) =
        (town.t.ground.clone(), kernel::ActorRef::system(), head.manager().unwrap());
    let mut drawn: u64 = 20_261_123;
    let mut draw = |most: usize| {
        drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(drawn >> 33).unwrap() % most
    };
    let mut blocks: Vec<BlockId> = Vec::new();
    let mut filed = BTreeSet::new();
    for n in 0..ACTS {
        if blocks.is_empty() || draw(8) == 0 {
            let new = wanted(&town, None, i64::try_from(1 + draw(4)).unwrap(), 1).await;
            blocks.push(issue_at(&ground, &head, &new).await.unwrap());
            continue;
        }
        let id = blocks[draw(blocks.len())];
        let (_, papers) = paper::block(&town.t.store, &first(), id).await.unwrap();
        let number = papers[draw(papers.len())].number.clone();
        let was = state_of(&town, id, &number).await;
        let done: Outcome<()> = match draw(5) {
            0 | 1 if number.parse::<PaperNumber>().is_ok() => {
                let case = format!("{}{:04}", &CASE[..CASE.len() - 4], n);
                let done = file(&ground, &town, &clerk, &number, "2026-11-23T02:00:00Z", &case).await;
                if done.is_ok() {
                    assert!(filed.insert(number.clone()), "{number} was filed twice");
                }
                done
            }
            2 => command!(ground, Lang::ZhCn, actor, |cx| {
                paper::void(&mut cx, &keeper, id, (&number, ""), "写错").await.map(|_| ())
            }),
            3 => command!(ground, Lang::ZhCn, actor, |cx| {
                paper::restore(&mut cx, manager, id, &number, "持单来问").await
            }),
            _ => command!(ground, Lang::ZhCn, actor, |cx| {
                paper::give_back(&mut cx, manager, id, (draw_even(n), "没有使用")).await
            }),
        };
        let is = state_of(&town, id, &number).await;
        assert!(was != PaperState::Filed || is == PaperState::Filed, "{number}: what was filed stays");
        assert!(done.is_ok() || is == was, "{number}: a refusal changes nothing");
    }
    // All series together are dense, and each number is in one state of one block.
    let (mut serials, mut all) = (BTreeSet::new(), 0);
    for id in blocks {
        let (block, papers) = paper::block(&town.t.store, &first(), id).await.unwrap();
        for p in papers.iter().filter(|p| p.kind == PaperKind::Form) {
            all += 1;
            assert!(serials.insert(p.serial), "{} is given twice", p.number);
            assert_eq!(filed.contains(&p.number), p.state == PaperState::Filed, "{}", p.number);
            assert!(block.state != BlockState::Returned || p.state != PaperState::Out, "{}", p.number);
        }
    }
    assert_eq!(serials, (1..=all).collect());
});

fn draw_even(n: u64) -> bool {
    n.is_multiple_of(2)
}
