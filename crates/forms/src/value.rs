//! One value: read from what was typed, printed so that it can be typed again.

use crate::{DivisionLevel, Field, FieldType, division};
use jiff::civil::Date;
use kernel::codes::{CitizenId, CreditCode};
use kernel::{Money, Text};
use serde_json::{Number, Value, json};

/// The characters a one-line answer may have.
pub const LINE_MAX: usize = 200;
/// The characters a longer answer may have.
pub const TEXT_MAX: usize = 5_000;

/// Reads what was typed; `Ok(None)` when nothing was.
///
/// # Errors
/// What is wrong and what to write.
pub fn parse(field: &Field, typed: &str) -> Result<Option<Value>, Text> {
    let text = tidy(field.kind(), typed);
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(bad) = text.chars().find(|c| c.is_control() && *c != '\n') {
        return Err(Text::new(
            format!("这里有一个无法保存的字符（U+{:04X}），请删去后重新填写。", u32::from(bad)),
            format!("There is a character here that cannot be kept (U+{:04X}); take it out.", u32::from(bad)),
        ));
    }
    too_long(field, &text)?;
    match field.kind() {
        FieldType::Text | FieldType::LongText => Ok(Some(Value::String(text))),
        FieldType::Number => number(field, &text).map(Some),
        FieldType::Date => date(&text).map(|d| Some(json!(d.to_string()))).ok_or_else(|| {
            Text::new("请填写一个真实的日期，例如 2026-11-22。", "Write a real date, such as 2026-11-22.")
        }),
        FieldType::Choice => choice(field, &text).map(Some),
        FieldType::Division => division(field, &text).map(Some),
        FieldType::Plate => plate(&text).map(Some),
        FieldType::CitizenId => {
            text.parse::<CitizenId>().map(|id| Some(json!(id.as_str()))).map_err(|e| e.say)
        }
        FieldType::CreditCode => {
            text.parse::<CreditCode>().map(|c| Some(json!(c.as_str()))).map_err(|e| e.say)
        }
        FieldType::Money => text.parse::<Money>().map(|m| Some(json!(m.as_fen()))).map_err(|e| e.say),
        FieldType::Phone => phone(&text).map(Some),
        FieldType::Declaration => {
            Ok(matches!(text.as_str(), "yes" | "true" | "on" | "1").then_some(json!(true)))
        }
        FieldType::Several | FieldType::File | FieldType::Group => Ok(None),
    }
}

/// The value as it would be typed; what [`parse`] reads back to the same value.
pub fn typed(value: &Value, kind: FieldType) -> String {
    match (kind, value) {
        (FieldType::Money, Value::Number(n)) => {
            n.as_i64().map_or_else(String::new, |fen| Money::fen(fen).plain().replace(',', ""))
        }
        (FieldType::Division, Value::String(code)) => {
            division::by_code(code).map_or_else(|| code.clone(), |place| place.full.clone())
        }
        (FieldType::Declaration, Value::Bool(true)) => "yes".to_owned(),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Number(n)) => n.to_string(),
        _ => String::new(),
    }
}

/// What was typed without what does not matter: blanks around, full-width letters in codes, blanks inside codes.
fn tidy(kind: FieldType, typed: &str) -> String {
    let narrow = |c: char| match u32::from(c) {
        n @ 0xFF01..=0xFF5E => char::from_u32(n - 0xFEE0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    };
    let narrowed = || typed.chars().map(narrow);
    match kind {
        FieldType::Text => typed.trim().to_owned(),
        FieldType::LongText => typed.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned(),
        FieldType::Plate | FieldType::CitizenId | FieldType::CreditCode => {
            let dots = ['·', '•', '.', '-', '・'];
            let kept =
                narrowed().filter(|c| !(c.is_whitespace() || kind == FieldType::Plate && dots.contains(c)));
            kept.collect::<String>().to_uppercase()
        }
        FieldType::Phone => narrowed().filter(|c| !c.is_whitespace() && !"()".contains(*c)).collect(),
        FieldType::Number | FieldType::Money | FieldType::Date => {
            narrowed().collect::<String>().trim().to_owned()
        }
        _ => typed.trim().to_owned(),
    }
}

fn too_long(field: &Field, text: &str) -> Result<(), Text> {
    let given = field.max.as_ref().and_then(|b| b.0.parse::<usize>().ok());
    let most = match field.kind() {
        FieldType::Text => given.unwrap_or(LINE_MAX),
        FieldType::LongText => given.unwrap_or(TEXT_MAX),
        _ => LINE_MAX,
    };
    let length = text.chars().count();
    if length <= most {
        return Ok(());
    }
    Err(Text::new(
        format!("最多{most}个字，现在有{length}个，请缩短。"),
        format!("At most {most} characters; there are {length}. Please shorten it."),
    ))
}

fn number(field: &Field, text: &str) -> Result<Value, Text> {
    let plain = text.replace(',', "");
    let wrong = || {
        if field.decimals == 0 {
            Text::new("请填写一个整数，例如 12。", "Write a whole number, such as 12.")
        } else {
            let n = field.decimals;
            Text::new(
                format!("请填写一个数，最多{n}位小数，例如 12.5。"),
                format!("Write a number with at most {n} decimal places, such as 12.5."),
            )
        }
    };
    if let Ok(whole) = plain.parse::<i64>() {
        let sane = plain.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit()) && whole.abs() < 1 << 53;
        return if sane { Ok(json!(whole)) } else { Err(wrong()) };
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (whole, parts) = plain.trim_start_matches('-').split_once('.').ok_or_else(wrong)?;
    if !digits(whole) || !digits(parts) || whole.len() > 15 || parts.len() > usize::from(field.decimals) {
        return Err(wrong());
    }
    let parsed = plain.parse::<f64>().map_err(|_| wrong())?;
    if parsed.fract() == 0.0 {
        return whole_part(&plain).map(|n| json!(n)).ok_or_else(wrong);
    }
    Number::from_f64(parsed).map(Value::Number).ok_or_else(wrong)
}

fn whole_part(plain: &str) -> Option<i64> {
    plain.split('.').next()?.parse().ok()
}

/// Reads `2026-11-22`, `2026/11/22`, `2026.11.22`, `2026年11月22日` and `20261122`; years 1880 to 2200.
pub fn date(text: &str) -> Option<Date> {
    let text = text.trim_end_matches('日').replace(['年', '月', '/', '.'], "-");
    let parts: Vec<&str> = match text.len() {
        8 if text.bytes().all(|b| b.is_ascii_digit()) => {
            vec![text.get(..4)?, text.get(4..6)?, text.get(6..)?]
        }
        _ => text.split('-').map(str::trim).collect(),
    };
    let [year, month, day] = parts.as_slice() else { return None };
    let digits =
        |t: &str, most: usize| !t.is_empty() && t.len() <= most && t.bytes().all(|b| b.is_ascii_digit());
    if year.len() != 4 || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    (1880..=2200).contains(&date.year()).then_some(date)
}

fn choice(field: &Field, text: &str) -> Result<Value, Text> {
    if field.options.iter().any(|o| o.value == text) {
        return Ok(json!(text));
    }
    Err(Text::new("请从列出的选项中选择一项。", "Choose one of the answers listed."))
}

fn division(field: &Field, text: &str) -> Result<Value, Text> {
    let least = field.level.unwrap_or(DivisionLevel::Province);
    match division::look_up(text, least, field.within.as_deref().unwrap_or_default()) {
        division::Meant::One(place) => Ok(json!(place.code)),
        division::Meant::Several(places) => {
            let names: Vec<_> = places.iter().map(|p| p.full.as_str()).collect();
            Err(Text::new(
                format!("有多个同名的地方，请写全称，例如：{}。", names.join("、")),
                format!("Several places have this name; write it in full, such as {}.", names.join(", ")),
            ))
        }
        division::Meant::None => {
            let (zh, en) = match least {
                DivisionLevel::Province => ("省、市或区县", "province, city or county"),
                DivisionLevel::City => ("城市或区县", "city or county"),
                DivisionLevel::County => ("区县", "county or district"),
                DivisionLevel::Town => ("镇街", "town or sub-district"),
            };
            let within = field.within.as_deref().unwrap_or_default();
            let example = division::of_level(least, within).next().filter(|_| !within.is_empty());
            let example = example.map_or("江苏省南京市", |p| p.full.as_str());
            Err(Text::new(
                format!("没有找到这个{zh}，请写名称或区划代码，例如“{example}”。"),
                format!("No such {en} was found; write its name or code, such as {example}."),
            ))
        }
    }
}

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// Reads a vehicle plate (GA 36): one character for the province, a letter, then five, or six of new energy.
fn plate(text: &str) -> Result<Value, Text> {
    let wrong = || {
        Text::new(
            "号牌号码不对：应为省份简称、一个字母和5位（新能源6位）字母或数字，例如 苏A12345 或 苏AD12345。",
            "This is no plate number: the province's character, a letter, then 5 letters or digits (6 for new energy), such as 苏A12345 or 苏AD12345.",
        )
    };
    let mut chars = text.chars();
    let (province, city) = (chars.next().ok_or_else(wrong)?, chars.next().ok_or_else(wrong)?);
    let serial: Vec<char> = chars.collect();
    let plain = |c: &char| c.is_ascii_digit() || (c.is_ascii_uppercase() && !matches!(c, 'I' | 'O'));
    let digits = |cs: &[char]| cs.iter().all(char::is_ascii_digit);
    let energy = |c: &char| matches!(c, 'A'..='H' | 'J' | 'K');
    let fits = match serial.as_slice() {
        [first @ .., last] if first.len() == 4 => {
            first.iter().all(plain) && (plain(last) || "挂学警港澳".contains(*last))
        }
        [kind, second, rest @ ..] if rest.len() == 4 && energy(kind) => plain(second) && digits(rest),
        [rest @ .., kind] if rest.len() == 5 => energy(kind) && digits(rest),
        _ => false,
    };
    let known = PROVINCES.contains(province) && city.is_ascii_uppercase() && city != 'I';
    if known && fits { Ok(json!(text)) } else { Err(wrong()) }
}

fn phone(text: &str) -> Result<Value, Text> {
    let text = text.strip_prefix("+86").or_else(|| text.strip_prefix("0086")).unwrap_or(text);
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    let numeric = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let mobile = digits.len() == 11 && digits.starts_with('1') && digits.get(1..2).is_some_and(|d| d >= "3");
    if numeric && mobile {
        return Ok(json!(digits));
    }
    let area = if digits.starts_with("01") || digits.starts_with("02") { 3 } else { 4 };
    let local = digits.get(area..).unwrap_or_default();
    if numeric && digits.starts_with('0') && matches!(local.len(), 7 | 8) && !local.starts_with(['0', '1']) {
        return Ok(json!(format!("{}-{local}", digits.get(..area).unwrap_or_default())));
    }
    Err(Text::new(
        "请填写11位手机号码，或带区号的固定电话，例如 025-83630000。",
        "Write a mobile number of 11 digits, or a fixed line with its area code, such as 025-83630000.",
    ))
}
