//! XES 1.0 (IEEE 1849) written: a trace per case, an event per act, nothing about persons.

use crate::feed::Depth;
use crate::model::{ActRecord, CaseRecord};
use crate::stream::Shape;
use kernel::{Fault, Timestamp, clock};
use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesEnd, BytesStart, Event};
use quick_xml::name::QName;
use std::borrow::Cow;

/// The writer of XES.
#[derive(Debug, Clone, Copy, Default)]
pub struct Xes;

const EXTENSIONS: &[(&str, &str, &str)] = &[
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
];
const NEVER: &str = "1970-01-01T00:00:00.000+00:00";

type Sink<'a> = Writer<&'a mut Vec<u8>>;

impl Shape for Xes {
    fn depth(&self) -> Depth {
        Depth::History
    }

    fn head(&self, out: &mut Vec<u8>) -> Result<(), Fault> {
        out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let mut to = Writer::new(out);
        open(
            &mut to,
            "log",
            &[("xes.version", "1.0"), ("xes.features", ""), ("xmlns", "http://www.xes-standard.org/")],
        )?;
        for (name, prefix, uri) in EXTENSIONS {
            empty(&mut to, "extension", &[("name", name), ("prefix", prefix), ("uri", uri)])?;
        }
        open(&mut to, "global", &[("scope", "trace")])?;
        string(&mut to, "concept:name", "UNKNOWN")?;
        close(&mut to, "global")?;
        open(&mut to, "global", &[("scope", "event")])?;
        string(&mut to, "concept:name", "UNKNOWN")?;
        string(&mut to, "lifecycle:transition", "complete")?;
        string(&mut to, "org:resource", "UNKNOWN")?;
        empty(&mut to, "date", &[("key", "time:timestamp"), ("value", NEVER)])?;
        close(&mut to, "global")?;
        empty(&mut to, "classifier", &[("name", "Activity"), ("keys", "concept:name")])?;
        let keys = "concept:name lifecycle:transition";
        empty(&mut to, "classifier", &[("name", "Activity and lifecycle"), ("keys", keys)])?;
        string(&mut to, "lifecycle:model", "standard")?;
        line(to);
        Ok(())
    }

    fn case(&self, out: &mut Vec<u8>, case: &CaseRecord) -> Result<(), Fault> {
        let mut to = Writer::new(out);
        open(&mut to, "trace", &[])?;
        string(&mut to, "concept:name", &case.number)?;
        string(&mut to, "item", &case.item)?;
        string(&mut to, "item_name", &case.item_name.zh)?;
        string(&mut to, "agency", &case.agency)?;
        string(&mut to, "division", &case.division)?;
        string(&mut to, "state", &case.state)?;
        if let Some(outcome) = &case.outcome {
            string(&mut to, "outcome", outcome)?;
        }
        date(&mut to, "filed_at", Some(case.filed_at))?;
        date(&mut to, "promised_due", case.promised)?;
        date(&mut to, "statutory_due", case.statutory)?;
        date(&mut to, "closed_at", case.closed_at)?;
        let late = if case.late { "true" } else { "false" };
        empty(&mut to, "boolean", &[("key", "late"), ("value", late)])?;
        for act in &case.acts {
            event(&mut to, act)?;
        }
        close(&mut to, "trace")?;
        line(to);
        Ok(())
    }

    fn tail(&self, out: &mut Vec<u8>) -> Result<(), Fault> {
        let mut to = Writer::new(out);
        close(&mut to, "log")?;
        line(to);
        Ok(())
    }
}

fn event(to: &mut Sink<'_>, act: &ActRecord) -> Result<(), Fault> {
    open(to, "event", &[])?;
    string(to, "concept:name", &act.name)?;
    string(to, "label", &act.label.zh)?;
    date(to, "time:timestamp", Some(act.at))?;
    string(to, "org:resource", &act.resource)?;
    string(to, "lifecycle:transition", act.transition.word())?;
    close(to, "event")
}

/// A line end after each case: the file can be looked at, and a problem in it has a line of its own.
fn line(to: Sink<'_>) {
    to.into_inner().push(b'\n');
}

fn string(to: &mut Sink<'_>, key: &str, value: &str) -> Result<(), Fault> {
    empty(to, "string", &[("key", key), ("value", value)])
}

fn date(to: &mut Sink<'_>, key: &str, at: Option<Timestamp>) -> Result<(), Fault> {
    let Some(at) = at else { return Ok(()) };
    empty(to, "date", &[("key", key), ("value", &moment(at))])
}

/// A moment in the legal zone, to the microsecond: readers of XES keep the offset.
pub(crate) fn moment(at: Timestamp) -> String {
    at.to_zoned(clock::legal_zone()).strftime("%Y-%m-%dT%H:%M:%S.%6f+08:00").to_string()
}

fn tag<'a>(name: &'a str, attributes: &[(&'a str, &'a str)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        start.push_attribute(Attribute { key: QName(key), value: value_of(value) });
    }
    start
}

/// Escapes an attribute's value. Characters that XML 1.0 cannot hold at all are left out; line ends and tabs are written
/// as references, since readers turn bare ones into spaces.
fn value_of(text: &str) -> Cow<'_, str> {
    if !text.contains(|c: char| c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}')) {
        return escape(text);
    }
    let held = |c: &char| match c {
        '\t' | '\n' | '\r' => true,
        c => *c >= ' ' && !matches!(c, '\u{FFFE}' | '\u{FFFF}'),
    };
    let kept: String = text.chars().filter(held).collect();
    let escaped = escape(kept).replace('\n', "&#10;").replace('\t', "&#9;");
    Cow::Owned(escaped)
}

fn open(to: &mut Sink<'_>, name: &str, attributes: &[(&str, &str)]) -> Result<(), Fault> {
    write(to, Event::Start(tag(name, attributes)))
}

fn empty(to: &mut Sink<'_>, name: &str, attributes: &[(&str, &str)]) -> Result<(), Fault> {
    write(to, Event::Empty(tag(name, attributes)))
}

fn close(to: &mut Sink<'_>, name: &str) -> Result<(), Fault> {
    write(to, Event::End(BytesEnd::new(name)))
}

fn write(to: &mut Sink<'_>, event: Event<'_>) -> Result<(), Fault> {
    to.write_event(event).map_err(|e| Fault::from("writing XES", e))
}
