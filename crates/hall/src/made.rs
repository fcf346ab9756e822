//! A network of halls at the scale of a province, as a table.

use crate::model::Level;
use crate::network::{COLUMNS, EQUIPMENT};
use std::fmt::Write as _;

/// A made-up network at the scale of Guangdong: 28 city halls, 130 of counties, 1,323 of towns and 19,923 village stations. These parts were
/// published beside a sum of 21,396; they add to 21,404, and the parts are what is made here.
///
/// City and county halls do everything, towns everything of a comprehensive window and social benefits at a window of their own; a village
/// station does two items at the one window of its agent (帮办代办员). The places are spread over the province's rectangle around county
/// seats, always the same.
pub fn generated() -> String {
    let mut text = COLUMNS.join(",");
    let _ = write!(text, ",{EQUIPMENT}");
    text.push('\n');
    let mut chance = 0x2545_F491_4F6C_DD1D_u64;
    let counts = [(Level::City, 28), (Level::County, 130), (Level::Town, 1_323), (Level::Village, 19_923)];
    for (level, count) in counts {
        for n in 0..count {
            hall_line(&mut text, level, n, &mut chance);
        }
    }
    text
}

/// Items that village stations do, by their keys in the catalogue.
const VILLAGE_ITEMS: [&str; 4] =
    ["elderly-allowance", "residence-permit", "medical-insurance", "disability-card"];

fn hall_line(text: &mut String, level: Level, n: u64, chance: &mut u64) {
    let county = match level {
        Level::City => n * 5,
        Level::County => n,
        _ => n % 130,
    };
    // County seats on a grid of 13 by 10 over the rectangle; what belongs to them lies around.
    let seat = (109_800_000 + (county % 13) * 560_000, 20_400_000 + (county / 13) * 480_000);
    let spread = match level {
        Level::City | Level::County => 20_000,
        Level::Town => 300_000,
        Level::Village => 400_000,
    };
    let mut apart = || {
        *chance ^= *chance << 13;
        *chance ^= *chance >> 7;
        *chance ^= *chance << 17;
        *chance % (2 * spread)
    };
    let (lon, lat) = (seat.0 + apart(), seat.1 + apart());
    let division = match level {
        Level::City => format!("44{n:02}00"),
        Level::County => format!("44{:02}{:02}", n / 7, n % 7 + 1),
        Level::Town => format!("44{:02}{:02}{:03}", county / 7, county % 7 + 1, n / 130 + 1),
        Level::Village => {
            format!("44{:02}{:02}{:03}{:03}", county / 7, county % 7 + 1, n / 130 % 11 + 1, n / 1_430 + 1)
        }
    };
    let ((offers, letters, windows), equipment) = (does(level, n), equipment(level, n));
    let (zh, hours) = match level {
        Level::City => ("市政务服务中心", "1-5 09:00-12:00,13:30-17:30; 6 09:00-12:00"),
        Level::County => ("县政务服务中心", "1-5 09:00-12:00,13:30-17:30"),
        Level::Town => ("镇便民服务中心", "1-5 09:00-12:00,14:00-17:30"),
        Level::Village => ("村便民服务站", "1-5 09:00-11:30,14:30-17:00"),
    };
    let degrees = |v: u64| format!("{}.{:06}", v / 1_000_000, v % 1_000_000);
    let _ = writeln!(
        text,
        "{level}-{n},{level},{division},province.gov.hall,第{n}{zh},{level} hall {n},示范路{n}号,{n} Demonstration Road,12345,{},{},\
         \"{hours}\",{offers},{letters},{windows},{equipment}",
        degrees(lon),
        degrees(lat)
    );
}

/// What a hall does: its offers, letters and windows.
fn does(level: Level, n: u64) -> (String, String, &'static str) {
    match level {
        Level::City | Level::County => {
            ("*".to_owned(), "A:综合业务:General:*".to_owned(), "1:comprehensive:A|2:comprehensive:A")
        }
        Level::Town => {
            let social = format!(
                "A:综合业务:General:*|B:社会救助和保障:Benefits and insurance:{}",
                VILLAGE_ITEMS.join(" ")
            );
            ("*".to_owned(), social, "1:comprehensive:AB|2:named:B")
        }
        Level::Village => {
            let nth =
                |n: u64| VILLAGE_ITEMS.get(usize::try_from(n % 4).unwrap_or(0)).copied().unwrap_or_default();
            let items = format!("{} {}", nth(n), nth(n + 1));
            (items.clone(), format!("A:帮办代办:Help and filing for you:{items}"), "1:agent:A")
        }
    }
}

/// What it is equipped with.
fn equipment(level: Level, n: u64) -> &'static str {
    match (level, n % 4) {
        (Level::City, _) => {
            "self-service all-night wheelchair accessible-toilet sign-language printer photo-booth nursing-room parking"
        }
        (Level::County, _) => {
            "self-service wheelchair accessible-toilet printer photo-booth nursing-room parking"
        }
        (Level::Town, 0) => "self-service wheelchair printer parking",
        (Level::Town, _) => "wheelchair printer",
        (Level::Village, 0) => "self-service wheelchair",
        (Level::Village, 1) => "wheelchair",
        (Level::Village, _) => "",
    }
}
