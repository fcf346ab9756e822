//! XES read: trace by trace, attribute by attribute; nested attributes, lists and everything of the log itself are passed over.

use super::decode::Counting;
use super::{ACTS_MAX, Raw, RawAct, Rows, Spoilt};
use crate::report::Problem;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::BufRead;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Outside,
    Log,
    Trace,
    Act,
}

/// The traces of a log.
pub(crate) struct XesRows<R> {
    from: Reader<Counting<R>>,
    buffer: Vec<u8>,
    level: Level,
    /// Elements that are being passed over, one within the other.
    skipping: usize,
    case: Raw,
    act: RawAct,
    over: bool,
    seen: bool,
}

/// What an event of the file led to.
enum Step {
    On,
    Case,
    End,
}

impl<R: BufRead + Send> XesRows<R> {
    pub fn new(from: R) -> Self {
        Self {
            from: Reader::from_reader(Counting::new(from)),
            buffer: Vec::new(),
            level: Level::Outside,
            skipping: 0,
            case: Raw::default(),
            act: RawAct::default(),
            over: false,
            seen: false,
        }
    }

    fn step(&mut self) -> Result<Step, Problem> {
        self.buffer.clear();
        self.from.get_mut().begin();
        let line = self.from.get_ref().line;
        let mut buffer = std::mem::take(&mut self.buffer);
        let result = match self.from.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => self.start(&tag, line, false),
            Ok(Event::Empty(tag)) => self.start(&tag, line, true),
            Ok(Event::End(_)) => Ok(self.end()),
            Ok(Event::Eof) => self.eof(line),
            Ok(_) => Ok(Step::On),
            Err(error) => Err(broken(line, &error.to_string())),
        };
        self.buffer = buffer;
        result
    }

    fn start(&mut self, tag: &BytesStart<'_>, line: u64, empty: bool) -> Result<Step, Problem> {
        if self.skipping > 0 {
            self.skipping += usize::from(!empty);
            return Ok(Step::On);
        }
        let name = tag.local_name();
        let name: &str = name.as_ref();
        match (self.level, name) {
            (Level::Outside, "log") => {
                (self.level, self.seen) = (Level::Log, true);
            }
            (Level::Log, "trace") => {
                self.level = Level::Trace;
                self.case = Raw { line, rows: 1, ..Raw::default() };
            }
            (Level::Trace, "event") => {
                self.level = Level::Act;
                self.act = RawAct { line, ..RawAct::default() };
            }
            (Level::Trace | Level::Act, "string" | "date" | "int" | "float" | "boolean" | "id") => {
                self.attribute(tag, line)?;
                self.skipping = usize::from(!empty);
                return Ok(Step::On);
            }
            _ => {
                self.skipping = usize::from(!empty);
                return Ok(Step::On);
            }
        }
        Ok(if empty { self.end() } else { Step::On })
    }

    fn attribute(&mut self, tag: &BytesStart<'_>, line: u64) -> Result<(), Problem> {
        let (mut key, mut value) = (String::new(), String::new());
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|e| broken(line, &e.to_string()))?;
            let text = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            let text = text.map_err(|e| broken(line, &e.to_string()))?;
            match attribute.key.as_ref() {
                "key" => key = text.into_owned(),
                "value" => value = text.into_owned(),
                _ => {}
            }
        }
        let fields = if self.level == Level::Act { &mut self.act.fields } else { &mut self.case.fields };
        fields.insert(key, value);
        Ok(())
    }

    fn end(&mut self) -> Step {
        if self.skipping > 0 {
            self.skipping -= 1;
            return Step::On;
        }
        match self.level {
            Level::Act => {
                self.level = Level::Trace;
                if self.case.acts.len() <= ACTS_MAX {
                    self.case.acts.push(std::mem::take(&mut self.act));
                }
                Step::On
            }
            Level::Trace => {
                self.level = Level::Log;
                Step::Case
            }
            Level::Log | Level::Outside => {
                self.level = Level::Outside;
                Step::On
            }
        }
    }

    fn eof(&self, line: u64) -> Result<Step, Problem> {
        match (self.seen, self.level) {
            (true, Level::Outside) => Ok(Step::End),
            (false, _) => Err(Problem::new(
                line,
                "records.no-log",
                "这不是XES文件：里面没有log。",
                "This is no XES file: it holds no log.",
            )),
            (true, _) => Err(Problem::new(
                line,
                "records.cut-off",
                "文件没有写完：log没有结束。",
                "The file is cut off: its log does not end.",
            )),
        }
    }
}

fn broken(line: u64, why: &str) -> Problem {
    Problem::new(
        line,
        "records.broken-xml",
        format!("从这里起不是正确的XML：{why}。"),
        format!("From here on it is not proper XML: {why}."),
    )
}

impl<R: BufRead + Send> Rows for XesRows<R> {
    fn next(&mut self) -> Option<Result<Raw, Spoilt>> {
        while !self.over {
            match self.step() {
                Ok(Step::On) => {}
                Ok(Step::Case) => {
                    let case = std::mem::take(&mut self.case);
                    if case.acts.len() > ACTS_MAX {
                        return Some(Err(Spoilt::here(Problem::new(
                            case.line,
                            "records.too-many-acts",
                            format!("这个办件的环节超过{ACTS_MAX}个，没有导入。"),
                            format!("This case has more than {ACTS_MAX} acts and is left out."),
                        ))));
                    }
                    return Some(Ok(case));
                }
                Ok(Step::End) => self.over = true,
                Err(problem) => {
                    self.over = true;
                    return Some(Err(Spoilt::fatal(problem)));
                }
            }
        }
        None
    }
}
