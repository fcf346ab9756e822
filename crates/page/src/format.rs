//! How dates, moments, sums and masked particulars are printed in both languages.

use jiff::civil::{Date, Weekday};
use kernel::{Lang, Timestamp, clock};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `2026年11月22日(周日)` or `Sun 22 Nov 2026`.
pub fn date(lang: Lang, date: Date) -> String {
    let day = weekday(lang, date.weekday());
    match lang {
        Lang::ZhCn => format!("{}年{}月{}日({day})", date.year(), date.month(), date.day()),
        Lang::En => format!("{day} {} {} {}", date.day(), month(date), date.year()),
    }
}

/// `11月27日` or `27 Nov`.
pub fn day(lang: Lang, date: Date) -> String {
    match lang {
        Lang::ZhCn => format!("{}月{}日", date.month(), date.day()),
        Lang::En => format!("{} {}", date.day(), month(date)),
    }
}

/// The date and time of day in the legal zone: `2026年11月22日(周日) 10:05` or `Sun 22 Nov 2026, 10:05`.
pub fn moment(lang: Lang, at: Timestamp) -> String {
    let local = at.to_zoned(clock::legal_zone());
    let comma = if lang == Lang::En { "," } else { "" };
    format!("{}{comma} {:02}:{:02}", date(lang, local.date()), local.hour(), local.minute())
}

/// The time of day in the legal zone: `10:05`.
pub fn time(at: Timestamp) -> String {
    let local = at.to_zoned(clock::legal_zone());
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// A sum of fen: `¥1,234.50`.
pub fn money(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let whole = fen.unsigned_abs();
    format!("{sign}¥{}.{:02}", grouped(whole / 100), whole % 100)
}

/// A number with thousands set apart: `3,510,000`.
pub fn number(n: i64) -> String {
    let sign = if n < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(n.unsigned_abs()))
}

/// A file's size: `812 KB`, `3.4 MB`.
pub fn size(bytes: i64) -> String {
    match bytes {
        b if b < 1_024 => format!("{b} B"),
        b if b < 1_048_576 => format!("{} KB", b / 1_024),
        b => format!("{}.{} MB", b / 1_048_576, (b % 1_048_576) * 10 / 1_048_576),
    }
}

/// A number that identifies somebody: `320***********1234`. Short ones keep only their last character.
pub fn mask_id(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    let (head, tail) = if chars.len() >= 12 { (3, 4) } else { (0, chars.len().min(1)) };
    let stars = chars.len() - head - tail;
    let shown = |part: &[char]| part.iter().collect::<String>();
    format!(
        "{}{}{}",
        shown(chars.get(..head).unwrap_or_default()),
        "*".repeat(stars),
        shown(chars.get(head + stars..).unwrap_or_default())
    )
}

/// A telephone number: `138****1234`.
pub fn mask_phone(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    if chars.len() < 8 {
        return mask_id(number);
    }
    let keep = |i: usize| i < 3 || i + 4 >= chars.len();
    chars.iter().enumerate().map(|(i, c)| if keep(i) { *c } else { '*' }).collect()
}

/// A person's name: `张*`, `张*三`, `欧**三`, `买**·艾**`, `J*** S***`.
pub fn mask_name(name: &str) -> String {
    if name.contains(['·', '•', '‧', ' ']) || name.bytes().any(|b| b.is_ascii_alphabetic()) {
        return mask_words(name);
    }
    let chars: Vec<char> = name.chars().collect();
    match chars.as_slice() {
        [] => String::new(),
        [_] => "*".to_owned(),
        [first, _] => format!("{first}*"),
        [first, middle @ .., last] => format!("{first}{}{last}", "*".repeat(middle.len().min(2))),
    }
}

fn mask_words(name: &str) -> String {
    let mut out = String::new();
    let mut at_start = true;
    for c in name.chars() {
        if matches!(c, '·' | '•' | '‧' | ' ' | '-') {
            out.push(c);
            at_start = true;
        } else if at_start {
            out.push(c);
            out.push_str(if c.is_ascii() { "***" } else { "**" });
            at_start = false;
        }
    }
    out
}

fn month(date: Date) -> &'static str {
    usize::try_from(date.month() - 1).ok().and_then(|i| MONTHS.get(i)).copied().unwrap_or_default()
}

/// `周日` or `Sun`.
pub fn weekday(lang: Lang, day: Weekday) -> &'static str {
    let (zh, en) = match day {
        Weekday::Monday => ("周一", "Mon"),
        Weekday::Tuesday => ("周二", "Tue"),
        Weekday::Wednesday => ("周三", "Wed"),
        Weekday::Thursday => ("周四", "Thu"),
        Weekday::Friday => ("周五", "Fri"),
        Weekday::Saturday => ("周六", "Sat"),
        Weekday::Sunday => ("周日", "Sun"),
    };
    if lang == Lang::En { en } else { zh }
}

fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_sums_read_as_people_write_them() {
        let at: Timestamp = "2026-11-22T02:05:00Z".parse().unwrap();
        assert_eq!(moment(Lang::ZhCn, at), "2026年11月22日(周日) 10:05");
        assert_eq!(moment(Lang::En, at), "Sun 22 Nov 2026, 10:05");
        assert_eq!(day(Lang::ZhCn, jiff::civil::date(2026, 11, 27)), "11月27日");
        let sums: Vec<_> = [0, 5, 123_450, -100_000_000, i64::MIN].into_iter().map(money).collect();
        assert_eq!(sums[..4], ["¥0.00", "¥0.05", "¥1,234.50", "-¥1,000,000.00"]);
        assert_eq!(size(3_565_158), "3.3 MB");
    }

    #[test]
    fn masks_show_what_one_recognises_and_no_more() {
        assert_eq!(mask_id("320102199001011234"), "320***********1234");
        assert_eq!(mask_id("E12345678"), "********8");
        assert_eq!(mask_phone("13800001234"), "138****1234");
        let names = ["张三", "张小三", "欧阳小三", "买买提·艾力", "John Smith", "𠮷", ""].map(mask_name);
        assert_eq!(names, ["张*", "张*三", "欧**三", "买**·艾**", "J*** S***", "*", ""]);
    }
}
