//! Tables of halls, and the nearest one at the scale of a province.

use crate::town::{ROOMS, Town, first};
use hall::{Near, Settings, nearest};
use kernel::Lang;
use std::sync::{Arc, Mutex};
use store::{Store, Value};

harness::both!(a_table_with_mistakes_names_each_line, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let heading = hall::COLUMNS.join(",");
    let fine =
        "ok,town,990101,town.hall,甲,,乙,,12345,118.1,32.5,1-5 09:00-12:00,*,A:综合:General:*,1:named:A";
    let text = format!(
        "{heading}\n{fine}\nOK!,town,9,x y,,,乙,,1,200,abc,never,,B,1:named:A\n{fine}\n\
         w,town,990101,town.hall,甲,,乙,,1,118.1,32.5,1 09:00-10:00,*,A:综合:General:*,1:named:B\n"
    );
    let report = hall::import(&town.t.ground, &text, false).await.unwrap();
    let bad: Vec<(usize, &str)> = report.bad.iter().map(|b| (b.line, b.column)).collect();
    let third = ["code", "division", "agency", "name", "latitude", "hours", "offers", "businesses"];
    let mut expected: Vec<(usize, &str)> = third.iter().map(|c| (3, *c)).collect();
    expected.extend([(4, "code"), (5, "windows")]);
    assert_eq!((bad, report.halls), (expected, 0));
    assert!(
        report.text(Lang::ZhCn).contains("第3行 hours：") && report.text(Lang::En).contains("line 4, code:")
    );
    assert!(hall::hall(&town.t.store, &"ok".parse().unwrap()).await.unwrap().is_none(), "nothing half done");
    let short = hall::import(&town.t.ground, "code,level\n", false).await.unwrap();
    assert_eq!(short.bad.len(), hall::COLUMNS.len() - 2, "each column that the heading lacks");
    let good = format!("{heading}\n{fine}\n");
    for _ in 0..2 {
        assert_eq!(hall::import(&town.t.ground, &good, false).await.unwrap().halls, 1, "again is no harm");
    }
    assert_eq!(hall::windows(&town.t.store, &"ok".parse().unwrap()).await.unwrap().len(), 1);
    // What left the file goes.
    let other =
        format!("{heading}\n{}\n", fine.replace("A:综合", "B:综合").replace("1:named:A", "2:named:B"));
    assert_eq!(hall::import(&town.t.ground, &other, false).await.unwrap().halls, 1);
    let (windows, letters) = (
        hall::windows(&town.t.store, &"ok".parse().unwrap()).await.unwrap(),
        hall::businesses(&town.t.store, &"ok".parse().unwrap()).await.unwrap(),
    );
    assert_eq!((windows.len(), windows[0].number.as_str()), (1, "2"));
    assert_eq!((letters.len(), letters[0].letter.to_string().as_str()), (1, "B"));
});

async fn near(town: &Town, item: &str, at: (i64, i64), count: usize) -> Vec<Near> {
    use kernel::Clock as _;
    let now = town.t.clock.now();
    nearest(&town.t.store, &town.calendar, &Settings::default(), item, at, (now, count)).await.unwrap()
}

harness::both!(open_ones_come_before_nearer_ones_that_are_shut, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let at = (118_700_000, 32_000_000);
    let found = near(&town, "stock-house", at, 5).await;
    assert_eq!(found.iter().map(|n| n.hall.code.as_str()).collect::<Vec<_>>(), ["first", "second"]);
    assert!(found[0].metres < 1.0 && (2_000.0..2_500.0).contains(&found[1].metres));
    assert_eq!(found[0].letter.unwrap().to_string(), "B", "the letter that names the item");
    let all = near(&town, "anything", at, 5).await;
    assert_eq!(all.len(), 1, "only one does everything");
    town.t.clock.set("2026-11-22T02:00:00Z".parse().unwrap());
    let found = near(&town, "stock-house", at, 5).await;
    assert_eq!(found[0].hall.code.as_str(), "second", "the first is shut on Sundays");
});

type Seen = Arc<Mutex<Vec<(String, Vec<Value>)>>>;

/// Reads that look for halls in squares, as they were made.
fn watch(store: &Store) -> Seen {
    let seen: Seen = Arc::default();
    let into = Arc::clone(&seen);
    store.observe_reads(Box::new(move |sql, params| {
        if sql.contains("cell <") {
            into.lock().unwrap().push((sql.to_owned(), params.to_vec()));
        }
    }));
    seen
}

harness::both!(the_nearest_of_twenty_thousand_by_few_lookups, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let table = hall::generated();
    assert_eq!(table.lines().count() - 1, 21_404);
    let at = (113_260_000, 23_130_000);
    let seen = watch(&town.t.store);
    near(&town, "elderly-allowance", at, 10).await;
    let few = std::mem::take(&mut *seen.lock().unwrap()).len();
    let report = hall::import(&town.t.ground, &table, false).await.unwrap();
    assert_eq!((report.halls, report.bad.len()), (21_404, 0));
    for (item, at) in
        [("elderly-allowance", at), ("anything", at), ("elderly-allowance", (118_700_000, 32_000_000))]
    {
        let found = near(&town, item, at, 10).await;
        assert!(!found.is_empty());
        let looked = std::mem::take(&mut *seen.lock().unwrap());
        assert!(looked.len() <= few.max(12), "{} look-ups for {item}", looked.len());
        let mut rows = 0;
        for (sql, params) in &looked {
            let read: Vec<(String, i64)> = town.t.store.rows(sql, params.clone()).await.unwrap();
            rows += read.len();
        }
        seen.lock().unwrap().clear();
        assert!(rows <= 1_000, "{rows} rows read for {item}");
    }
    explained(&town, &seen, at).await;
    // The nearest is the nearest.
    let found = near(&town, "anything", at, 10).await;
    let mut all = Vec::new();
    let mut after = (String::new(), String::new());
    loop {
        let part = hall::halls_below(&town.t.store, "44", (&after.0, &after.1), 2_000).await.unwrap();
        let Some(last) = part.last() else { break };
        after = (last.division.clone(), last.code.to_string());
        all.extend(part.into_iter().filter(|h| h.offers == "*"));
    }
    let metres = |h: &hall::model::Hall| hall::rules::cells::metres(at, (h.lon, h.lat));
    all.sort_by(|a, b| metres(a).total_cmp(&metres(b)));
    let mut codes: Vec<&str> = found.iter().map(|n| n.hall.code.as_str()).collect();
    let mut right: Vec<&str> = all.iter().take(10).map(|h| h.code.as_str()).collect();
    codes.sort_unstable();
    right.sort_unstable();
    assert_eq!(codes, right);
    assert!(hall::hall(&town.t.store, &first()).await.unwrap().is_some());
});

/// On SQLite the plan says so: ranges of the index, and no walk through a table.
async fn explained(town: &Town, seen: &Seen, at: (i64, i64)) {
    if town.t.store.backend() != harness::Backend::Sqlite {
        return;
    }
    near(town, "elderly-allowance", at, 10).await;
    let (sql, params) = seen.lock().unwrap().pop().unwrap();
    let plan: Vec<(i64, i64, i64, String)> =
        town.t.store.rows(&format!("EXPLAIN QUERY PLAN {sql}"), params).await.unwrap();
    let lines: Vec<&str> = plan.iter().map(|p| p.3.as_str()).collect();
    let ranges = lines.iter().filter(|l| l.contains("item=? AND cell>? AND cell<?")).count();
    assert_eq!(ranges, 8, "four squares, for the item and for everything: {lines:#?}");
    assert!(!lines.iter().any(|l| l.contains("SCAN hall_")), "{lines:#?}");
    seen.lock().unwrap().clear();
}
