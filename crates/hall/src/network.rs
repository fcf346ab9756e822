//! The network of halls as a table: reading it.

use crate::csv;
use crate::model::{Equipment, Equipped, Hall, HallCode, Letters, Level, WindowKind};
use crate::rules::cells;
use crate::rules::hours::Hours;
use crate::store::{Business, WindowRow};
use kernel::{AgencyCode, Text};
use std::collections::{BTreeMap, HashSet};

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

/// A column that may be missing: then what a hall is equipped with stays as it is. Words of [`crate::model::Equipment`] with spaces between.
pub const EQUIPMENT: &str = "equipment";

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
    /// Whether the table has a column for what it is equipped with.
    pub(crate) equipped: bool,
}

/// Reads the table; the second part names every line that cannot be taken.
pub(crate) fn read(text: &str) -> (Vec<Line>, Vec<BadLine>) {
    let mut records = csv::records(text).into_iter();
    let heading = records.next().map(|(_, names)| names).unwrap_or_default();
    let named = |c| Some((c, heading.iter().position(|h| h.trim() == c)?));
    let places: BTreeMap<&'static str, usize> =
        COLUMNS.into_iter().chain([EQUIPMENT]).filter_map(named).collect();
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
        let equipment = self.read(EQUIPMENT, |t| {
            let words = || Equipment::ALL.iter().map(|e| e.word()).collect::<Vec<_>>().join(" ");
            t.parse::<Equipped>()
                .map_err(|_| say(&format!("只能写：{}", words()), &format!("may be: {}", words())))
        });
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
            equipment: equipment?,
        };
        let equipped = self.places.contains_key(EQUIPMENT);
        let line = Line { hall, businesses: businesses?, windows: windows?, equipped };
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
        fine.then_some(WindowRow {
            number,
            kind,
            letters,
            open: true,
            clerk: None,
            since: None,
            trained: None,
        })
    };
    let parts = text.split('|').filter(|p| !p.is_empty());
    parts
        .map(|p| one(p).ok_or_else(|| say("应为 窗口号:类型:业务字母", "must be number:kind:letters")))
        .collect()
}
