//! Tables of halls, and the nearest one at the scale of a province.

use crate::town::{ROOMS, Town, first};
use hall::model::{Equipped, HallCode, WindowKind};
use hall::rules::estimate::Wait;
use hall::rules::near::{Desk, Group};
use hall::{Near, Settings, Wanted, nearest};
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
    near_with(town, item, at, count, "").await
}

async fn near_with(town: &Town, item: &str, at: (i64, i64), count: usize, with: &str) -> Vec<Near> {
    use kernel::Clock as _;
    let (now, terms) = (town.t.clock.now(), Settings::default());
    let with: Equipped = with.parse().unwrap();
    let wanted = Wanted { item, at, count, within_km: terms.near_km, with };
    nearest(&town.t.store, &town.calendar, &terms, &wanted, now).await.unwrap()
}

/// A table of town halls that do one item, with letters and windows: code, longitude, latitude, hours, businesses, windows, equipment.
fn table(halls: &[[&str; 7]]) -> String {
    let mut text = format!("{},{}\n", hall::COLUMNS.join(","), hall::EQUIPMENT);
    for [code, lon, lat, hours, businesses, windows, equipment] in halls {
        text.push_str(&format!(
            "{code},town,990101,town.hall,{code},,乙,,1,{lon},{lat},\"{hours}\",licence,{businesses},{windows},{equipment}\n"
        ));
    }
    text
}

fn codes(found: &[Near], group: Group) -> Vec<&str> {
    found.iter().filter(|n| n.when.group == group).map(|n| n.hall.code.as_str()).collect()
}

harness::both!(open_ones_come_before_nearer_ones_that_are_shut, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let at = (118_700_000, 32_000_000);
    let found = near(&town, "stock-house", at, 5).await;
    assert_eq!(found.iter().map(|n| n.hall.code.as_str()).collect::<Vec<_>>(), ["first", "second"]);
    assert!(found[0].metres < 1.0 && (2_000.0..2_500.0).contains(&found[1].metres));
    assert_eq!(found[0].desk.letter().unwrap().to_string(), "B", "the letter that names the item");
    let all = near(&town, "anything", at, 5).await;
    assert_eq!(all.len(), 1, "only one does everything");
    town.t.clock.set("2026-11-22T02:00:00Z".parse().unwrap());
    let found = near(&town, "stock-house", at, 5).await;
    assert_eq!(found[0].hall.code.as_str(), "second", "the first is shut on Sundays");
    assert_eq!((codes(&found, Group::Now), codes(&found, Group::Later)), (vec!["second"], vec!["first"]));
});

const WEEK: &str = "1-5 09:00-12:00,13:30-17:00";
const ALWAYS: &str = "* 1-7 00:00-24:00";

harness::both!(on_a_saturday_an_open_one_is_found_behind_ten_that_are_shut, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (a, w) = ("A:综合:General:*", "1:comprehensive:A");
    let names: Vec<(String, String)> =
        (0..12).map(|n| (format!("shut-{n:02}"), format!("118.{:06}", 700_000 + 500 * n))).collect();
    let mut halls: Vec<[&str; 7]> =
        names.iter().map(|(code, lon)| [code.as_str(), lon, "45.00", WEEK, a, w, ""]).collect();
    // 16 km and 190 km away, open day and night; and one that is 750 km away and shut.
    halls.push(["open", "118.90", "45.00", ALWAYS, a, w, ""]);
    halls.push(["far", "121.15", "45.00", ALWAYS, a, w, ""]);
    halls.push(["farther", "128.30", "45.00", WEEK, a, w, ""]);
    assert!(hall::import(&town.t.ground, &table(&halls), false).await.unwrap().bad.is_empty());
    let at = (118_700_000, 45_000_000);
    // Saturday, 28 November 2026, 10:00.
    town.t.clock.set("2026-11-28T02:00:00Z".parse().unwrap());
    let found = near(&town, "licence", at, 10).await;
    assert_eq!(
        (found.len(), codes(&found, Group::Now), codes(&found, Group::Today)),
        (10, vec!["open"], vec![])
    );
    let later = codes(&found, Group::Later);
    assert!(later.iter().all(|code| code.starts_with("shut")), "{later:?}");
    assert_eq!(later[0], "shut-00", "open at the same time: the nearest first");
    // Whoever is far from any is told of what there is, the near one first although it is shut.
    let found = near(&town, "licence", (128_200_000, 45_000_000), 3).await;
    assert_eq!(found.iter().map(|n| n.hall.code.as_str()).next(), Some("farther"), "a shut one 8 km away");
    assert!(codes(&found, Group::Now).is_empty(), "nobody drives through the night to one that is open");
    // On Monday morning those nearby are open.
    town.t.clock.set("2026-11-30T02:00:00Z".parse().unwrap());
    let found = near(&town, "licence", at, 10).await;
    assert_eq!(found[0].hall.code.as_str(), "shut-00");
    assert!(!found.iter().any(|n| n.hall.code.as_str() == "far"));
    // In the break at noon they open later today; the open one stands above.
    town.t.clock.set("2026-11-30T04:30:00Z".parse().unwrap());
    let found = near(&town, "licence", at, 10).await;
    assert_eq!((codes(&found, Group::Now), codes(&found, Group::Today).len()), (vec!["open"], 9));
    assert_eq!(found[1].when.soonest.unwrap().to_string(), "2026-11-30T05:30:00Z", "at 13:30");
    // Ten minutes before midnight one is on the way to it past midnight: it never shuts.
    town.t.clock.set("2026-11-30T15:50:00Z".parse().unwrap());
    let found = near(&town, "licence", at, 10).await;
    assert_eq!(codes(&found, Group::Now), vec!["open"]);
    // Ten minutes before closing an open one that is 6 km away is reached too late.
    town.t.clock.set("2026-11-30T08:50:00Z".parse().unwrap());
    let found = near(&town, "licence", (118_780_000, 45_000_000), 10).await;
    let edge = found.iter().find(|n| n.hall.code.as_str() == "shut-11").unwrap();
    assert_eq!((edge.when.group, edge.when.too_late), (Group::Later, true), "open, and 6 km away");
    assert_eq!(edge.when.soonest.unwrap().to_string(), "2026-12-01T01:00:00Z", "tomorrow at nine");
});

harness::both!(a_window_that_is_shut_and_a_letter_that_is_not_there_are_told, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let halls = [
        [
            "one",
            "118.701",
            "45.00",
            WEEK,
            "A:综合:General:*|B:许可:Licences:licence",
            "1:comprehensive:A|2:named:B",
            "wheelchair",
        ],
        ["two", "118.71", "45.00", WEEK, "A:别的:Other:another", "1:comprehensive:A", "wheelchair parking"],
        ["three", "118.72", "45.00", WEEK, "", "", ""],
        ["four", "118.73", "45.00", WEEK, "A:综合:General:*", "1:comprehensive:A", "parking"],
    ];
    assert!(hall::import(&town.t.ground, &table(&halls), false).await.unwrap().bad.is_empty());
    let at = (118_700_000, 45_000_000);
    let (head, number) = (town.session("head").await.staff().unwrap(), "2");
    let manager = hall::verbs::Manager::of(&town.t.store, &head, &"one".parse().unwrap()).await.unwrap();
    let (actor, letters) = (head.actor_ref(), "B".parse().unwrap());
    let done: kernel::Outcome<()> = store::command!(town.t.ground, Lang::ZhCn, actor, |cx| {
        hall::verbs::set_window(&mut cx, &manager, number, false, &letters).await
    });
    done.unwrap();
    let found = near(&town, "licence", at, 10).await;
    let desks: Vec<(&str, Desk, Group)> =
        found.iter().map(|n| (n.hall.code.as_str(), n.desk, n.when.group)).collect();
    let letter = |text: &str| text.parse().unwrap();
    assert_eq!(
        desks[..4],
        [
            // Served as one comes before asking first, and before a window where nobody is.
            ("three", Desk::NoTickets, Group::Now),
            ("two", Desk::NoLetter, Group::Now),
            ("four", Desk::Queue(letter("A"), Wait::NoWindow), Group::Now),
            ("one", Desk::WindowShut(letter("B")), Group::Later),
        ]
    );
    assert_eq!(found[3].when.soonest.unwrap().to_string(), "2026-11-24T01:00:00Z", "not before tomorrow");
    let with = near_with(&town, "licence", at, 10, "wheelchair").await;
    assert_eq!(with.iter().map(|n| n.hall.code.as_str()).collect::<Vec<_>>(), ["two", "one"]);
    let both = near_with(&town, "licence", at, 10, "parking,wheelchair").await;
    assert_eq!(both.iter().map(|n| n.hall.code.as_str()).collect::<Vec<_>>(), ["two"]);
    // A table without the column leaves what is there; one with it says all.
    let plain = table(&halls[..2])
        .lines()
        .map(|l| l.rsplit_once(',').unwrap().0.to_owned() + "\n")
        .collect::<String>();
    assert!(hall::import(&town.t.ground, &plain, false).await.unwrap().bad.is_empty());
    assert_eq!(near_with(&town, "licence", at, 10, "wheelchair").await.len(), 2);
    let wrong = table(&[["five", "118.7", "45.00", WEEK, "", "", "lift"]]);
    let report = hall::import(&town.t.ground, &wrong, false).await.unwrap();
    assert_eq!((report.bad[0].line, report.bad[0].column), (2, "equipment"));
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
    tickets_in_town_and_village(&town).await;
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

/// A town gives tickets of two letters, a village those of its agent's one window; and both are told when one looks for them.
async fn tickets_in_town_and_village(town: &Town) {
    for (code, letters, kinds) in [
        ("town-0", "AB", vec![WindowKind::Comprehensive, WindowKind::Named]),
        ("village-0", "A", vec![WindowKind::Agent]),
    ] {
        let hall: HallCode = code.parse().unwrap();
        let windows = hall::windows(&town.t.store, &hall).await.unwrap();
        assert_eq!(windows.iter().map(|w| w.kind).collect::<Vec<_>>(), kinds);
        for letter in letters.chars() {
            let letter = letter.to_string();
            let taking = hall::verbs::Taking { hall: hall.clone(), ..town.taking(&letter) };
            assert_eq!(town.take(&taking).await.unwrap().number, format!("{letter}001"), "{code}");
        }
    }
    let village = hall::hall(&town.t.store, &"village-0".parse().unwrap()).await.unwrap().unwrap();
    let found = near(town, "elderly-allowance", (village.lon, village.lat), 10).await;
    assert_eq!(
        (found[0].hall.code.as_str(), found[0].desk.letter().unwrap().to_string().as_str()),
        ("village-0", "A")
    );
    let with =
        near_with(town, "elderly-allowance", (village.lon, village.lat), 10, "self-service wheelchair").await;
    assert!(
        with.len() == 10
            && with.iter().all(|n| n.hall.equipment.covers("self-service wheelchair".parse().unwrap()))
    );
}

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
    assert!(
        lines.iter().all(|l| !l.contains("USING INDEX hall_offer")),
        "read from the index alone: {lines:#?}"
    );
    assert_eq!(ranges, 8, "four squares, for the item and for everything: {lines:#?}");
    assert!(!lines.iter().any(|l| l.contains("SCAN hall_")), "{lines:#?}");
    seen.lock().unwrap().clear();
}
