//! What came of reading a file: what was there, what was made of it, and every problem with its line and a sentence.

use kernel::{Lang, Text};
use serde::Serialize;

/// Something wrong on a line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The line, from 1.
    pub line: u64,
    /// A stable code.
    pub code: String,
    /// What is wrong, and where it helps, what to do.
    pub say: Text,
}

impl Problem {
    /// A problem with its sentence in both languages.
    pub fn new(line: u64, code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { line, code: code.to_owned(), say: Text::new(zh, en) }
    }
}

/// So many problems are kept; the others are counted.
pub const PROBLEMS_MAX: usize = 500;

/// What came of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The file's name, for the lines of problems.
    pub file: String,
    /// Whether it was only tried.
    pub dry: bool,
    /// How many rows were read (traces, in XES).
    pub rows: u64,
    /// How many cases stand in them.
    pub cases: u64,
    /// How many were created, or would be.
    pub created: u64,
    /// How many were skipped because they came in before.
    pub there: u64,
    /// How many were left out because something is wrong with them.
    pub bad: u64,
    /// The first problems.
    pub problems: Vec<Problem>,
    /// How many problems there are.
    pub problem_count: u64,
    /// Whether reading stopped before the end of the file.
    pub stopped: bool,
}

impl Report {
    /// Adds a problem.
    pub fn add(&mut self, problem: Problem) {
        self.problem_count += 1;
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(problem);
        }
    }

    /// Whether nothing is wrong.
    pub fn fine(&self) -> bool {
        self.problem_count == 0
    }

    /// The report as lines of text.
    pub fn text(&self, lang: Lang) -> String {
        let mut lines = vec![self.summary().get(lang).to_owned()];
        if self.stopped {
            lines.push(stopped().get(lang).to_owned());
        }
        for problem in &self.problems {
            lines.push(format!("{}:{}: {}", self.file, problem.line, problem.say.get(lang)));
        }
        let more = self.problem_count.saturating_sub(self.problems.len() as u64);
        if more > 0 {
            let text = Text::new(
                format!("另有{more}个问题没有列出。"),
                format!("{more} more problems are not listed."),
            );
            lines.push(text.get(lang).to_owned());
        }
        lines.join("\n") + "\n"
    }

    /// What came of it in one sentence.
    pub fn summary(&self) -> Text {
        let Self { rows, cases, created, there, bad, problem_count, .. } = self;
        let (zh, en) = if self.dry { ("将新建", "would be created") } else { ("已新建", "created") };
        Text::new(
            format!(
                "读了{rows}行、{cases}个办件：{zh}{created}个，此前已导入{there}个，有问题而未导入{bad}个；问题共{problem_count}处。"
            ),
            format!(
                "{rows} rows and {cases} cases read: {created} {en}, {there} here already, {bad} left out; {problem_count} problems."
            ),
        )
    }
}

/// The sentence for a file that could not be read to its end.
pub fn stopped() -> Text {
    Text::new(
        "文件没有读到末尾；改正后再导入一次，已导入的不会重复。",
        "The file was not read to its end; correct it and import it again: what is here already is not doubled.",
    )
}
