//! Moments as offices write them, and words of a file as a sentence can quote them.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use kernel::Timestamp;

/// A word of the file as a sentence can quote it.
pub(crate) fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).take(60).collect()
}

/// A moment as written: ISO 8601 with or without a zone, a day (its beginning), or one of the given formats.
pub(crate) fn moment(text: &str, formats: &[String], zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    let at = |civil: DateTime| civil.to_zoned(zone.clone()).ok().map(|z| z.timestamp());
    let written = |format: &String| {
        let parsed = strtime::parse(format, text).ok()?;
        if let Ok(moment) = parsed.to_timestamp() {
            return Some(moment);
        }
        parsed.to_datetime().ok().or_else(|| Some(parsed.to_date().ok()?.at(0, 0, 0, 0))).and_then(at)
    };
    // What the mapping says goes first: it knows better than we do what `03/04/2025` is.
    formats
        .iter()
        .find_map(written)
        .or_else(|| text.parse::<Timestamp>().ok())
        .or_else(|| text.parse::<DateTime>().ok().and_then(at))
        .or_else(|| text.parse::<Date>().ok().and_then(|d| at(d.at(0, 0, 0, 0))))
        .map(kernel::clock::truncate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_as_offices_write_them() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let formats = ["%Y年%m月%d日 %H:%M".to_owned(), "%Y/%m/%d".to_owned()];
        for (text, expected) in [
            ("2026-11-22T10:00:00+08:00", "2026-11-22T02:00:00Z"),
            ("2026-11-22 10:00:00", "2026-11-22T02:00:00Z"),
            ("2026-11-22", "2026-11-21T16:00:00Z"),
            ("2026年11月22日 10:05", "2026-11-22T02:05:00Z"),
            ("2026/1/2", "2026-01-01T16:00:00Z"),
            // Beijing had summer time then, an hour ahead.
            ("1988-07-01 10:00:00", "1988-07-01T01:00:00Z"),
        ] {
            assert_eq!(
                moment(text, &formats, &zone).map(|t| t.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        for text in ["", "gestern", "2026-13-01", "44887.5"] {
            assert_eq!(moment(text, &formats, &zone), None, "{text}");
        }
    }
}
