//! Arrows run only downwards, and every one stands in `docs/FLOORPLAN.txt`.

use super::{Report, line_starting};
use crate::Res;
use crate::house::{Floor, House, Room};
use crate::tree;
use std::fmt::Write;

/// The order inside floor 0.
const GROUND: [&str; 3] = ["kernel", "store", "page"];
const PLAN: &str = "docs/FLOORPLAN.txt";

/// Every arrow of every room.
pub fn check(house: &House, report: &mut Report<'_>) {
    for room in &house.rooms {
        let manifest = room.dir.join("Cargo.toml");
        if room.floor.is_none() {
            let cure = "add [package.metadata.house] with floor = N (DESIGN §2), \"beside\" or \"yard\"";
            report.add(&manifest, 1, format!("{} stands on no floor", room.name), cure);
            continue;
        }
        if room.dir.file_name().is_some_and(|n| n.to_string_lossy() != room.name.as_str()) {
            report.add(
                &manifest,
                1,
                format!("folder and crate {} have two names", room.name),
                "use one word for both",
            );
        }
        for (calls, tests_only) in [(&room.calls, false), (&room.test_calls, true)] {
            for called in calls.iter().filter_map(|name| house.room(name)) {
                if let Some(wrong) = wrong(room, called, tests_only) {
                    let line = line_starting(&tree::text(&manifest), &called.name);
                    let what = format!("{} → {}: {wrong}", room.name, called.name);
                    let cure = "speak upwards by an event, across through app or a socket (DESIGN §2)";
                    report.add(&manifest, line, what, cure);
                }
            }
        }
    }
}

/// Why the arrow from `room` to `called` may not be.
fn wrong(room: &Room, called: &Room, tests_only: bool) -> Option<String> {
    let (from, to) = (room.floor?, called.floor?);
    if from == Floor::Yard {
        return None; // tools may look at everything
    }
    match to {
        Floor::Yard if tests_only && called.name == "harness" => None,
        Floor::Yard if called.name == "harness" => Some("harness is for tests: a dev-dependency".to_owned()),
        Floor::Yard => Some(format!("{} stands in the yard; nobody builds on it", called.name)),
        Floor::Beside if room.name == "app" => None,
        Floor::Beside => Some(format!("{} is heavy; only app links it, behind a socket", called.name)),
        Floor::Number(to) => match from {
            Floor::Number(0) if to == 0 && place(&room.name) > place(&called.name) => None,
            Floor::Number(0) if to == 0 => {
                Some(format!("inside floor 0 the order is {}", GROUND.join(" < ")))
            }
            Floor::Number(from) if from > to => None,
            Floor::Beside if called.name == "kernel" => None,
            Floor::Beside => Some("what stands beside may use kernel only".to_owned()),
            Floor::Number(from) => {
                Some(format!("floor {from} may not call floor {to}; only strictly lower ones"))
            }
            Floor::Yard => None,
        },
    }
}

fn place(name: &str) -> Option<usize> {
    GROUND.iter().position(|g| *g == name)
}

/// Compares the floor plan with the checked-in one, or writes it.
pub fn floor_plan(house: &House, bless: bool, report: &mut Report<'_>) -> Res<()> {
    let path = house.root.join(PLAN);
    let (now, kept) = (draw(house), tree::text(&path));
    if bless && now != kept {
        std::fs::create_dir_all(house.root.join("docs")).map_err(|e| format!("making docs: {e}"))?;
        return std::fs::write(&path, now).map_err(|e| format!("writing {PLAN}: {e}"));
    }
    if now == kept {
        return Ok(());
    }
    let cure = "if the change is meant, run `cargo xtask tidy --bless` and show the new line in the review";
    for (line, gone) in kept.lines().enumerate().filter(|(_, l)| !now.lines().any(|n| n == *l)) {
        report.add(&path, line + 1, format!("no longer so: {}", gone.trim()), cure);
    }
    for new in now.lines().filter(|l| !kept.lines().any(|k| k == *l)) {
        report.add(&path, 1, format!("not in the floor plan: {}", new.trim()), cure);
    }
    Ok(())
}

/// The plan as text: rooms from the roof down, a line for each arrow.
fn draw(house: &House) -> String {
    let mut rooms: Vec<&Room> = house.rooms.iter().collect();
    let key = |r: &&Room| {
        (std::cmp::Reverse(r.floor.filter(|f| matches!(f, Floor::Number(_)))), r.floor, place(&r.name))
    };
    rooms.sort_by(|a, b| key(a).cmp(&key(b)).then(a.name.cmp(&b.name)));
    let mut text = String::from(
        "Who calls whom. Written by `cargo xtask tidy --bless`; a new line here is a new arrow.\n",
    );
    for room in rooms {
        let floor = room.floor.map_or("?".to_owned(), |f| f.to_string());
        let _ = write!(text, "\n{floor} {}\n", room.name);
        for call in &room.calls {
            let _ = writeln!(text, "    {} -> {call}", room.name);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::yard::{Plot, said};

    #[test]
    fn arrows_run_only_downwards() {
        let plot = Plot::new("arrows")
            .room("kernel", Floor::Number(0), &["store"])
            .room("store", Floor::Number(0), &["kernel"])
            .room("identity", Floor::Number(2), &["kernel", "store", "exchange", "cases"])
            .room("exchange", Floor::Number(2), &["paper", "harness"])
            .room("cases", Floor::Number(5), &["identity"])
            .room("paper", Floor::Beside, &["kernel", "store"])
            .room("harness", Floor::Yard, &["cases"])
            .room("app", Floor::Number(9), &["cases", "paper"])
            .file(
                "crates/identity/Cargo.toml",
                "[dependencies]\nkernel.workspace = true\ncases.workspace = true\n",
            );
        let found = plot.complaints(check);
        said(&found, "crates/kernel/Cargo.toml", 1, "kernel → store: inside floor 0");
        said(&found, "crates/identity/Cargo.toml", 3, "floor 2 may not call floor 5");
        said(&found, "crates/identity/Cargo.toml", 1, "floor 2 may not call floor 2");
        said(&found, "crates/exchange/Cargo.toml", 1, "only app links it");
        said(&found, "crates/exchange/Cargo.toml", 1, "a dev-dependency");
        said(&found, "crates/paper/Cargo.toml", 1, "kernel only");
        assert_eq!(found.len(), 6, "{found:#?}");
    }

    #[test]
    fn a_new_arrow_is_seen_until_it_is_blessed() {
        let plot = Plot::new("plan").room("kernel", Floor::Number(0), &[]).room(
            "store",
            Floor::Number(0),
            &["kernel"],
        );
        let compare = |house: &House, report: &mut Report<'_>| floor_plan(house, false, report).unwrap();
        said(&plot.complaints(compare), PLAN, 1, "store -> kernel");
        plot.complaints(|house, report| floor_plan(house, true, report).unwrap());
        assert_eq!(plot.complaints(compare), []);
    }
}
