//! The network of halls as a table: reading it, and a made-up one at the scale of a province.

use crate::csv;
use crate::model::{Hall, HallCode, Letters, Level, WindowKind};
use crate::rules::cells;
use crate::rules::hours::Hours;
use crate::store::{Business, WindowRow};
use kernel::{AgencyCode, Text};
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

/// The columns, in any order: `longitude` and `latitude` in degrees, `offers` item keys with spaces between or `*`, `businesses` as
/// `A:综合业务:General:*|B:…:…:item item`, `windows` as `1:comprehensive:AB|2:issuing:C`.
pub const COLUMNS: [&str; 15] = [
    "code",
    "level",
    "division",
    "agency",
    "name",
    "name_en",
    "address",
    "address_en",
    "phone",
    "longitude",
    "latitude",
    "hours",
    "offers",
    "businesses",
    "windows",
];

/// Something that is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Its line in the file, from 1.
    pub line: usize,
    /// The column.
    pub column: &'static str,
    /// What is wrong.
    pub say: Text,
}

/// A hall with its letters and windows.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) hall: Hall,
    pub(crate) businesses: Vec<Business>,
    pub(crate) windows: Vec<WindowRow>,
}

/// Reads the table; the second part names every line that cannot be taken.
pub(crate) fn read(text: &str) -> (Vec<Line>, Vec<BadLine>) {
    let mut records = csv::records(text).into_iter();
    let heading = records.next().map(|(_, names)| names).unwrap_or_default();
    let places: BTreeMap<&'static str, usize> =
        COLUMNS.into_iter().filter_map(|c| Some((c, heading.iter().position(|h| h.trim() == c)?))).collect();
    let absent = COLUMNS.into_iter().filter(|c| !places.contains_key(c));
    let mut bad: Vec<BadLine> =
        absent.map(|column| wrong(1, column, "表头缺少这一列", "the heading lacks this column")).collect();
    let (mut lines, mut seen) = (Vec::new(), HashSet::new());
    if bad.is_empty() {
        for (line, fields) in records {
            let mut reader = Reader { line, fields: &fields, places: &places, bad: &mut bad };
            let Some(read) = reader.hall() else { continue };
            if seen.insert(read.hall.code.clone()) {
                lines.push(read);
            } else {
                bad.push(wrong(line, "code", "这个编码在前面出现过", "this code stands further up already"));
            }
        }
    }
    (lines, bad)
}

fn wrong(line: usize, column: &'static str, zh: impl Into<String>, en: impl Into<String>) -> BadLine {
    BadLine { line, column, say: Text::new(zh, en) }
}

struct Reader<'a> {
    line: usize,
    fields: &'a [String],
    places: &'a BTreeMap<&'static str, usize>,
    bad: &'a mut Vec<BadLine>,
}

impl Reader<'_> {
    fn get(&self, column: &'static str) -> &str {
        self.places.get(column).and_then(|i| self.fields.get(*i)).map_or("", |f| f.trim())
    }

    /// The field as `read` has it; what it says against it goes into the report.
    fn read<T>(
        &mut self,
        column: &'static str,
        read: impl Fn(&str) -> Result<T, (String, String)>,
    ) -> Option<T> {
        match read(self.get(column)) {
            Ok(value) => Some(value),
            Err((zh, en)) => {
                self.bad.push(wrong(self.line, column, zh, en));
                None
            }
        }
    }

    fn text(&mut self, column: &'static str) -> Option<String> {
        self.read(column, |t| {
            if t.is_empty() { Err(say("不能为空", "must not be empty")) } else { Ok(t.to_owned()) }
        })
    }

    fn word<T: std::str::FromStr>(&mut self, column: &'static str) -> Option<T> {
        self.read(column, |t| t.parse().map_err(|_| say("不是规定的写法", "is not written as it must be")))
    }

    /// Every field is read before the first error gives up, so that a report names them all.
    fn hall(&mut self) -> Option<Line> {
        let (code, level) = (self.word::<HallCode>("code"), self.word::<Level>("level"));
        let division = self.read("division", division);
        let agency = self.read("agency", |t| {
            AgencyCode::parse(t)
                .map(|a| a.to_string())
                .ok_or_else(|| say("不是机构代码", "is no agency's code"))
        });
        let (name, address) = (self.text("name"), self.text("address"));
        let (lon, lat) = (self.read("longitude", degrees), self.read("latitude", degrees));
        let hours = self.read("hours", |t| match Hours::parse(t) {
            Ok(_) => Ok(t.to_owned()),
            Err(why) => Err((format!("开放时间读不懂：{why}"), why)),
        });
        let offers = self.read("offers", offers);
        let (businesses, windows) = (self.read("businesses", businesses), self.read("windows", windows));
        let (lon, lat) = (lon?, lat?);
        if !cells::on_earth(lon, lat) {
            self.bad.push(wrong(self.line, "longitude", "经纬度超出范围", "lies nowhere on the earth"));
            return None;
        }
        let (name, address) = (name?, address?);
        let name = Text::new(name.clone(), or(self.get("name_en"), &name));
        let address = Text::new(address.clone(), or(self.get("address_en"), &address));
        let hall = Hall {
            code: code?,
            level: level?,
            division: division?,
            agency: agency?,
            name,
            address,
            phone: self.get("phone").to_owned(),
            lon,
            lat,
            hours: hours?,
            offers: offers?,
        };
        let line = Line { hall, businesses: businesses?, windows: windows? };
        let known = |l: &crate::model::Letter| line.businesses.iter().any(|b| b.letter == *l);
        if !line.windows.iter().all(|w| w.letters.0.iter().all(known)) {
            self.bad.push(wrong(
                self.line,
                "windows",
                "窗口办的业务没有列出",
                "a window takes a letter that is not told",
            ));
            return None;
        }
        Some(line)
    }
}

fn say(zh: &str, en: &str) -> (String, String) {
    (zh.to_owned(), en.to_owned())
}

fn or(text: &str, other: &str) -> String {
    if text.is_empty() { other } else { text }.to_owned()
}

fn division(text: &str) -> Result<String, (String, String)> {
    let fine = matches!(text.len(), 6 | 9 | 12) && text.bytes().all(|b| b.is_ascii_digit());
    if fine {
        Ok(text.to_owned())
    } else {
        Err(say("应为6、9或12位数字", "must be 6, 9 or 12 digits"))
    }
}

/// Degrees with up to six decimals, as millionths.
fn degrees(text: &str) -> Result<i64, (String, String)> {
    let read = || {
        let (sign, rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, part) = rest.split_once('.').unwrap_or((rest, ""));
        let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || part.len() > 6 || !digits(whole) || !digits(part) {
            return None;
        }
        let part: i64 = format!("{part:0<6}").parse().ok()?;
        Some(sign * (whole.parse::<i64>().ok()? * 1_000_000 + part))
    };
    read().ok_or_else(|| say("应为度数，小数不超过六位", "must be degrees with six decimals at most"))
}

fn offers(text: &str) -> Result<String, (String, String)> {
    let items: Vec<&str> = text.split_whitespace().collect();
    let unique: HashSet<&&str> = items.iter().collect();
    if items.is_empty() || unique.len() < items.len() {
        return Err(say("请列出事项，每项一次，或写 *", "name the items, each once, or write *"));
    }
    Ok(items.join(" "))
}

fn businesses(text: &str) -> Result<Vec<Business>, (String, String)> {
    let one = |part: &str| {
        let mut parts = part.split(':');
        let letter = parts.next()?.trim().parse().ok()?;
        let (zh, en, items) = (parts.next()?, parts.next()?, parts.next()?);
        let fine = parts.next().is_none() && !zh.is_empty() && !items.is_empty();
        fine.then(|| Business {
            letter,
            name_zh: zh.to_owned(),
            name_en: or(en, zh),
            items: items.to_owned(),
        })
    };
    let parts = text.split('|').filter(|p| !p.is_empty());
    parts
        .map(|p| {
            one(p).ok_or_else(|| say("应为 字母:名称:英文名:事项", "must be letter:name:English name:items"))
        })
        .collect()
}

fn windows(text: &str) -> Result<Vec<WindowRow>, (String, String)> {
    let one = |part: &str| {
        let mut parts = part.split(':');
        let number = parts.next()?.trim().to_owned();
        let (kind, letters): (WindowKind, Letters) =
            (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let short =
            (1..=8).contains(&number.chars().count()) && number.bytes().all(|b| b.is_ascii_alphanumeric());
        let fine = parts.next().is_none() && short && !letters.0.is_empty();
        fine.then_some(WindowRow { number, kind, letters, open: true, clerk: None, since: None })
    };
    let parts = text.split('|').filter(|p| !p.is_empty());
    parts
        .map(|p| one(p).ok_or_else(|| say("应为 窗口号:类型:业务字母", "must be number:kind:letters")))
        .collect()
}

/// A made-up network at the scale of Guangdong: 28 city halls, 130 of counties, 1,323 of towns and 19,923 village stations. These parts were
/// published beside a sum of 21,396; they add to 21,404, and the parts are what is made here.
///
/// City and county halls do everything, towns everything of a comprehensive window, village stations two items each. The places are
/// spread over the province's rectangle around county seats, always the same.
pub fn generated() -> String {
    let mut text = COLUMNS.join(",");
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
    let (offers, letters, windows) = match level {
        Level::City | Level::County => {
            ("*".to_owned(), "A:综合业务:General:*", "1:comprehensive:A|2:comprehensive:A")
        }
        Level::Town => ("*".to_owned(), "A:综合业务:General:*", "1:comprehensive:A"),
        Level::Village => {
            let nth =
                |n: u64| VILLAGE_ITEMS.get(usize::try_from(n % 4).unwrap_or(0)).copied().unwrap_or_default();
            (format!("{} {}", nth(n), nth(n + 1)), "", "")
        }
    };
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
         \"{hours}\",{offers},{letters},{windows}",
        degrees(lon),
        degrees(lat)
    );
}
