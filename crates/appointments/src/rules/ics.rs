//! The file by which an appointment is put into a calendar (RFC 5545): one event, times in UTC, a reminder an hour before.

use kernel::Timestamp;

/// What stands in it.
pub struct Entry<'a> {
    /// Its name in the world: the appointment's id and the site's host.
    pub uid: String,
    /// When it was last changed: a calendar takes a later one for the same `uid` in the place of the earlier.
    pub stamp: Timestamp,
    /// How often it was changed.
    pub sequence: i64,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// The title.
    pub title: &'a str,
    /// Where.
    pub location: &'a str,
    /// What else to know.
    pub description: &'a str,
    /// Whether it was called off.
    pub cancelled: bool,
}

/// The file, lines ended by CRLF and folded at 75 octets.
pub fn file(entry: &Entry<'_>) -> String {
    let utc = |at: Timestamp| at.strftime("%Y%m%dT%H%M%SZ").to_string();
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Yimen//appointments//ZH".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", escaped(&entry.uid)),
        format!("DTSTAMP:{}", utc(entry.stamp)),
        format!("SEQUENCE:{}", entry.sequence),
        format!("DTSTART:{}", utc(entry.starts_at)),
        format!("DTEND:{}", utc(entry.ends_at)),
        format!("SUMMARY:{}", escaped(entry.title)),
        format!("LOCATION:{}", escaped(entry.location)),
        format!("DESCRIPTION:{}", escaped(entry.description)),
        format!("STATUS:{}", if entry.cancelled { "CANCELLED" } else { "CONFIRMED" }),
        "BEGIN:VALARM".to_owned(),
        "ACTION:DISPLAY".to_owned(),
        "TRIGGER:-PT1H".to_owned(),
        format!("DESCRIPTION:{}", escaped(entry.title)),
        "END:VALARM".to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().map(|line| folded(line)).collect()
}

/// Text as a value (RFC 5545, 3.3.11): nothing in it ends the line or the value.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A line of at most 75 octets, the rest on lines that begin with a space (3.1); no character is cut.
fn folded(line: &str) -> String {
    let (mut out, mut width) = (String::with_capacity(line.len() + 2), 0);
    for c in line.chars() {
        if width + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
    out
}
