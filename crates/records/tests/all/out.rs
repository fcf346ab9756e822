//! What goes out: the shape of the files, their memory, their way back in.

use crate::common::shelf::Shelf;
use async_trait::async_trait;
use futures::StreamExt as _;
use kernel::{ActorRef, Failure, Fault, Lang, Outcome, Text, Timestamp};
use records::model::{ActRecord, Transition};
use records::{
    CaseRecord, Column, Csv, Depth, Feed, FeedPage, Holdings, Mapping, Meter, Order, PAGE, Selection, Shape,
    Xes, export,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn act(name: &str, when: &str, resource: &str, transition: Transition) -> ActRecord {
    ActRecord {
        name: name.to_owned(),
        label: Text::same(name),
        at: at(when),
        resource: resource.to_owned(),
        transition,
    }
}

/// A case with everything that files find hard.
fn hard(n: usize) -> CaseRecord {
    let passenger = "nanjing.transport.passenger";
    CaseRecord {
        number: format!("1132010000000000-{n:06}"),
        item: "charter-bus-sticker".to_owned(),
        item_name: Text::new("旅游<包车>\"标贴\"&\u{1}核发\n𠮷", "Charter-bus sticker"),
        agency: passenger.to_owned(),
        division: "320100".to_owned(),
        state: "closed".to_owned(),
        state_name: Text::new("已办结", "Closed"),
        outcome: Some("approved".to_owned()),
        applicant: "=买**·艾**".to_owned(),
        filed_at: at("2026-11-22T02:00:00.123456Z"),
        due: Some(at("2026-11-23T09:30:00Z")),
        promised: Some(at("2026-11-23T09:30:00Z")),
        statutory: Some(at("2026-12-18T09:30:00Z")),
        closed_at: Some(at("2026-11-24T02:00:00Z")),
        late: true,
        acts: vec![
            act("filed", "2026-11-22T02:00:00.123456Z", "applicant", Transition::Complete),
            act("qualify", "2026-11-22T02:00:01Z", "automatic", Transition::Complete),
            act("approve", "2026-11-22T02:00:01Z", passenger, Transition::Start),
            act("approve", "2026-11-24T01:59:00Z", passenger, Transition::Complete),
            act("closed", "2026-11-24T02:00:00Z", "automatic", Transition::Complete),
        ],
    }
}

async fn written(feed: Arc<dyn Feed>, shape: Arc<dyn Shape>) -> String {
    let mut out = Vec::new();
    let mut bytes = std::pin::pin!(export(feed, shape, Arc::new(Meter::default())));
    while let Some(chunk) = bytes.next().await {
        out.extend_from_slice(&chunk.unwrap());
    }
    String::from_utf8(out).unwrap()
}

#[tokio::test]
async fn a_log_is_xes() {
    let shelf = Shelf::default();
    shelf.put(hard(1));
    shelf.put(CaseRecord {
        number: "2".to_owned(),
        outcome: None,
        closed_at: None,
        promised: None,
        state: "accepted".to_owned(),
        acts: Vec::new(),
        ..hard(2)
    });
    let text = written(shelf.all(Selection::default()), Arc::new(Xes)).await;
    insta::assert_snapshot!(text.replace("/><", "/>\n<").replace("><event", ">\n<event"));
}

#[tokio::test]
async fn a_table_is_csv() {
    let shelf = Shelf::default();
    shelf.put(hard(1));
    let plain = Csv { columns: Column::ALL.to_vec(), excel: false, lang: Lang::En };
    assert_eq!(plain.depth(), Depth::History);
    let usual = Csv::usual(Lang::ZhCn);
    assert_eq!(usual.depth(), Depth::Row, "what is usually taken out opens no history");
    let plain = written(shelf.all(Selection::default()), Arc::new(plain)).await;
    let usual = written(shelf.all(Selection::default()), Arc::new(usual)).await;
    assert!(usual.starts_with('\u{FEFF}') && !plain.starts_with('\u{FEFF}'));
    insta::assert_snapshot!(format!("{plain}\n{}", usual.trim_start_matches('\u{FEFF}')));
}

/// Many cases that exist only while their page is read, and the tally of how many pages were asked for.
struct Endless {
    cases: usize,
    asked: AtomicUsize,
    breaks_at: Option<usize>,
}

#[async_trait]
impl Feed for Endless {
    async fn page(&self, cursor: Option<&str>, _: Depth) -> Outcome<FeedPage> {
        let from: usize = cursor.map_or(0, |c| c.parse().unwrap());
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.breaks_at.is_some_and(|at| from >= at) {
            return Err(Failure::Fault(Fault::new("the database is away").transient()));
        }
        let to = (from + PAGE).min(self.cases);
        let cases = (from..to).map(|n| CaseRecord { acts: Vec::new(), ..hard(n) }).collect();
        Ok(FeedPage { cases, next: (to < self.cases).then(|| to.to_string()) })
    }
}

#[tokio::test]
async fn however_many_cases_take_one_page_of_memory() {
    let feed = Arc::new(Endless { cases: 50_000, asked: AtomicUsize::new(0), breaks_at: None });
    let meter = Arc::new(Meter::default());
    let shape = Arc::new(Csv::usual(Lang::ZhCn));
    let mut bytes = std::pin::pin!(export(feed.clone(), shape, meter.clone()));
    let (mut lines, mut taken, mut chunks) = (0, 0, 0);
    while let Some(chunk) = bytes.next().await {
        let chunk = chunk.unwrap();
        lines += chunk.iter().filter(|b| **b == b'\r').count();
        taken += chunk.len();
        chunks += 1;
        // The head is the first chunk, so as many pages were asked for as chunks were taken, less one: nothing runs ahead.
        assert_eq!(feed.asked.load(Ordering::SeqCst), chunks - 1);
    }
    assert_eq!((lines, meter.cases()), (50_001, 50_000));
    assert_eq!(meter.largest_page(), PAGE);
    assert!(meter.largest_chunk() <= taken / 200, "{} of {taken}", meter.largest_chunk());
}

#[tokio::test]
async fn a_file_that_breaks_off_is_seen_to_be_broken() {
    let feed = Arc::new(Endless { cases: 1_000, asked: AtomicUsize::new(0), breaks_at: Some(PAGE) });
    let bytes: Vec<_> = export(feed, Arc::new(Xes), Arc::new(Meter::default())).collect().await;
    assert_eq!(bytes.len(), 3, "the head, a page, the failure, and no end");
    assert!(bytes.last().unwrap().is_err());
}

harness::both!(what_goes_out_comes_in_the_same, crate::common::ROOMS, |t| async move {
    let house = crate::common::town(&t).await;
    let (old, new) = (Shelf::default(), Shelf::default());
    for n in 1..=25 {
        let late = n % 2 == 0;
        let case = hard(n);
        // Ids and names are the new house's own.
        let item_name = Text::same("charter-bus-sticker");
        let closed_at = if late { at("2026-11-23T01:00:00Z") } else { at("2026-11-22T08:00:00Z") };
        let promised = Some(at("2026-11-22T09:30:00Z"));
        let acts = vec![
            act("filed", "2026-11-22T02:00:00.123456Z", "applicant", Transition::Complete),
            act("approve", "2026-11-22T02:00:01Z", "nanjing.transport.passenger", Transition::Start),
            act("approve", "2026-11-22T07:59:00Z", "nanjing.transport.passenger", Transition::Complete),
            act("closed", "2026-11-22T07:59:00Z", "automatic", Transition::Complete),
        ];
        old.put(CaseRecord { item_name, late, acts, promised, closed_at: Some(closed_at), ..case });
    }
    let log = written(old.all(Selection::default()), Arc::new(Xes)).await;
    let order = Order {
        mapping: Mapping::read("source: the-other-house\nformat: xes\n").unwrap(),
        file: "cases.xes".to_owned(),
        dry: false,
        actor: ActorRef::system(),
        lang: Lang::En,
    };
    let report =
        records::import(&house.ground, &new, &order, std::io::Cursor::new(log.clone())).await.unwrap();
    assert!(report.fine(), "{}", report.text(Lang::En));
    assert_eq!((report.cases, report.created), (25, 25));
    let back = written(new.all(Selection::default()), Arc::new(Xes)).await;
    assert_eq!(back.replace("value=\"N1132", "value=\"1132"), log);
});
