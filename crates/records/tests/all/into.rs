//! What comes in: problems with their lines, the dry run, once and not twice, by two servers at once.

use crate::common::shelf::Shelf;
use harness::TestGround;
use kernel::{ActorRef, Lang};
use records::{Mapping, Order, Report, import};
use std::fmt::Write as _;
use std::io::Cursor;
use store::Ground;

const TABLE: &str = "
source: old-approval-system
format: csv
dates: ['%Y年%m月%d日 %H:%M', '%Y/%m/%d']
case:
  number: 编号
  item: {column: 事项, values: {包车标贴: charter-bus-sticker, 旧事项: gone}}
  state: {column: 状态, values: {办结: closed, 在办: accepted}}
  outcome: {column: 结果, values: {准予: approved, 不准予: refused}}
  applicant: 申请人
  filed_at: 收件
  closed_at: 办结
acts:
  - {name: accepted, at: 受理, agency: {always: nanjing.transport.passenger}}
";
const HEAD: &str = "编号,事项,状态,结果,申请人,收件,受理,办结\r\n";
const ACTS: &str = "
source: old-approval-system
format: csv
layout: acts
encoding: gb18030
delimiter: ';'
case:
  number: 编号
  item: {always: charter-bus-sticker}
  state: {column: 状态, values: {办结: closed}, otherwise: accepted}
act:
  name: {column: 环节, values: {收件: filed, 审批: approve, 领导阅示: ''}}
  at: 时间
  agency: {column: 部门, values: {客运处: nanjing.transport.passenger}, otherwise: applicant}
";

fn order(mapping: &str, dry: bool) -> Order {
    let mapping = Mapping::read(mapping).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    Order { mapping, file: "old.csv".to_owned(), dry, actor: ActorRef::system(), lang: Lang::ZhCn }
}

async fn run(ground: &Ground, shelf: &Shelf, order: &Order, file: impl Into<Vec<u8>>) -> Report {
    import(ground, shelf, order, Cursor::new(file.into())).await.unwrap()
}

fn many(from: usize, to: usize) -> String {
    let mut table = HEAD.to_owned();
    for n in from..=to {
        // Accepted on a day only: its beginning, so the filing must lie before it.
        let line =
            format!("A-{n},包车标贴,办结,准予,张三,2025年3月3日 09:{:02},2025/3/4,2025/3/6\r\n", n % 60);
        table.push_str(&line);
    }
    table
}

harness::both!(problems_have_lines_and_sentences, crate::common::ROOMS, |t| async move {
    let house = crate::common::town(&t).await;
    let shelf = Shelf { refuses: Some("A-12".to_owned()), ..Shelf::default() };
    let table = [
        HEAD,
        "A-1,包车标贴,办结,准予,张三,2025-03-03 09:00,2025/3/4,2025/3/6\r\n",
        "A-2,包车标贴,注销,准予,张三,2025-03-03 09:00,2025/3/4,2025/3/6\r\n",
        "A-3,旧事项,办结,准予,张三,2025-03-03 09:00,2025/3/4,2025/3/6\r\n",
        "A-4,包车标贴,办结,准予,\"李四\r\n(原名李五)\",2025-03-03 09:00,2025/3/4,2025/3/6\r\n",
        ",包车标贴,办结,准予,张三,2025-03-03 09:00,2025/3/4,2025/3/6\r\n",
        "A-6,包车标贴,办结,准予,张三,03.03.2025,2025/3/4,2025/3/6\r\n",
        "A-7,包车标贴,办结,准予,张三,2025-03-08 09:00,,2025/3/6\r\n",
        "A-8,包车标贴,办结,准予,张三,2035-03-03 09:00,,2035/3/6\r\n",
        "A-9,包车标贴,在办,,张三,2025-03-03 09:00,2025/3/1,2025/3/6\r\n",
        "A-1,包车标贴,办结,准予,张三,2025-03-03 09:00,2025/3/4,2025/3/6\r\n",
        "\r\n",
        "A-10,包车标贴,办结,准予,张三,2025-03-03 09:00,2025/3/4,\r\n",
        "A-11,包车标贴,在办,,张三,李四,2025-03-03 09:00,2025/3/4,\r\n",
        "A-12,包车标贴,在办,,张三,2025-03-03 09:00,2025/3/4,\r\n",
        "NO-1,包车标贴,在办,,张三,2025-03-03 09:00,2025/3/4,\r\n",
        "A-14,包车标贴,办结,准予,张三,2025-03-03 09:00,2025/3/7,2025/3/6\r\n",
        "A-15,包\0车标贴,在办,,张三,2025-03-03 09:00,2025/3/4,\r\n",
        "A-16,包车标贴,在办,,\0,0025-03-03 09:00,2025/3/4,\r\n",
        "A-13,包车标贴,在办,,'=HYPERLINK(1),2025-03-03 09:00,2025/3/4,\r\n",
    ]
    .concat();
    let report = run(&house.ground, &shelf, &order(TABLE, false), table).await;
    assert_eq!((report.created, report.bad, report.there), (4, 14, 0), "{}", report.text(Lang::En));
    insta::assert_snapshot!("problems", format!("{}\n{}", report.text(Lang::ZhCn), report.text(Lang::En)));
    let names: Vec<String> = shelf.cases.lock().unwrap().values().map(|c| c.applicant.clone()).collect();
    assert!(names.iter().any(|n| n.starts_with('=')), "the guard of a cell is taken off: {names:?}");
});

harness::both!(the_dry_run_tells_what_the_run_does, crate::common::ROOMS, |t| async move {
    let house = crate::common::town(&t).await;
    let shelf = Shelf::default();
    let first = run(&house.ground, &shelf, &order(TABLE, false), many(1, 30)).await;
    assert_eq!((first.created, first.there), (30, 0), "{}", first.text(Lang::En));
    // The file has grown, as it does when a run was broken off and is started again.
    let file = many(1, 75);
    let tried = run(&house.ground, &shelf, &order(TABLE, true), file.clone()).await;
    assert_eq!((tried.created, tried.there, shelf.len()), (45, 30, 30), "a dry run writes nothing");
    let done = run(&house.ground, &shelf, &order(TABLE, false), file.clone()).await;
    assert_eq!(Report { dry: true, ..done }, tried);
    let again = run(&house.ground, &shelf, &order(TABLE, false), file).await;
    assert_eq!((again.created, again.there, shelf.len()), (0, 75, 75));
    let other = TABLE.replace("old-approval-system", "another");
    let other = run(&house.ground, &shelf, &order(&other, false), many(1, 3)).await;
    assert_eq!(other.created, 3, "the numbers of another source are other cases");
});

harness::both!(two_servers_import_the_same_file, crate::common::ROOMS, |t| async move {
    let house = crate::common::town(&t).await;
    let second = TestGround::second(&t, 7).await;
    let shelf = Shelf::default();
    let order = order(TABLE, false);
    let (one, two) = tokio::join!(
        run(&house.ground, &shelf, &order, many(1, 200)),
        run(&second, &shelf, &order, many(1, 200))
    );
    assert_eq!((one.created + two.created, shelf.len()), (200, 200));
    assert_eq!((one.there + two.there, one.problem_count + two.problem_count), (200, 0));
});

harness::both!(rows_of_acts_become_cases, crate::common::ROOMS, |t| async move {
    let house = crate::common::town(&t).await;
    let shelf = Shelf::default();
    let text = "编号;状态;环节;时间;部门\n\
        B-1;办结;收件;2025-03-03 09:00;\n\
        B-1;办结;领导阅示;2025-03-03 10:00;客运处\n\
        B-1;办结;审批;2025-03-04 09:30;客运处\n\
        B-2;在办;收件;2025-03-05 09:00;\n\
        B-3;在办;收件;2025-03-05 09:00;\n\
        B-3;在办;会签;2025-03-05 09:00;客运处\n\
        B-1;办结;审批;2025-03-06 09:30;客运处\n";
    let file = encoding_rs::GB18030.encode(text).0.into_owned();
    let report = run(&house.ground, &shelf, &order(ACTS, false), file).await;
    assert_eq!((report.rows, report.cases, report.created), (7, 4, 2), "{}", report.text(Lang::En));
    let codes: Vec<(u64, &str)> = report.problems.iter().map(|p| (p.line, p.code.as_str())).collect();
    assert_eq!(codes, [(7, "records.unmapped"), (8, "records.twice")]);
    let case = shelf.cases.lock().unwrap().values().next().cloned().unwrap();
    let acts: Vec<_> = case.acts.iter().map(|a| (a.name.as_str(), a.resource.as_str())).collect();
    assert_eq!(acts, [("filed", "applicant"), ("approve", "nanjing.transport.passenger")]);
    assert_eq!(case.closed_at.map(|at| at.to_string()).as_deref(), Some("2025-03-04T01:30:00Z"));
});

harness::both!(files_that_cannot_be_read_to_their_end, crate::common::ROOMS, |t| async move {
    let house = crate::common::town(&t).await;
    let shelf = Shelf::default();
    let xes = "source: x\nformat: xes\n";
    let mut open = many(1, 25);
    let _ = write!(open, "A-26,\"包车标贴,办结\r\n{}", "x\r\n".repeat(700_000));
    let trace = "<trace><string key='concept:name' value='1'/><string key='item' value='charter-bus-sticker'/>\
        <string key='state' value='closed'/><event><string key='concept:name' value='closed'/>\
        <date key='time:timestamp' value='2025-03-03T09:00:00+08:00'/></event></trace>";
    for (mapping, file, code, created) in [
        (TABLE, String::new(), "records.empty", 0),
        (TABLE, "编号,事项\r\n".to_owned(), "records.no-column", 0),
        (TABLE, open, "records.quote-open", 25),
        (xes, "<html></html>".to_owned(), "records.no-log", 0),
        (xes, format!("<log>{trace}<trace><event></log>"), "records.broken-xml", 1),
        (xes, format!("<log>{}", trace.replace("'1'", "'2'")), "records.cut-off", 1),
        (
            xes,
            format!("<!DOCTYPE log [<!ENTITY a 'b'>]><log>{}", trace.replace("'1'", "'&a;'")),
            "records.broken-xml",
            0,
        ),
        (
            xes,
            format!("<log><trace><string key='{}'/></trace></log>", "x".repeat(1 << 22)),
            "records.broken-xml",
            0,
        ),
    ] {
        let start: String = file.chars().take(60).collect();
        let report = run(&house.ground, &shelf, &order(mapping, false), file).await;
        let last = report.problems.last().map(|p| p.code.clone());
        assert_eq!((last.as_deref(), report.stopped, report.created), (Some(code), true, created), "{start}");
    }
});
