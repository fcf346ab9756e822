//! What stands in the address: hall, input, and the question as it was typed.

use crate::asked::{Asked, AskedMatter, Group};
use crate::question::{Basis, no_such_day};
use kernel::{FieldError, Outcome, Text};
use page::FormState;

/// Rows of windows that are read.
const ROWS_MAX: usize = 60;

/// The pairs of an address.
pub(super) struct Sent(pub(super) Vec<(String, String)>);

impl Sent {
    /// The first value of this name, without space around it.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.trim())
    }

    /// The hall that is named.
    pub(super) fn hall(&self) -> Option<&str> {
        self.get("hall").filter(|h| !h.is_empty())
    }

    /// Which input; none when none was chosen yet.
    ///
    /// # Errors
    /// A refusal at the field `day` for what is no date.
    pub(super) fn basis(&self) -> Outcome<Option<Basis>> {
        if let Some(file) = self.get("file").filter(|f| !f.is_empty()) {
            return Ok(Some(Basis::File(file.to_owned())));
        }
        match self.get("day").filter(|d| !d.is_empty()) {
            Some(day) => Ok(Some(Basis::Day(day.parse().map_err(|_| no_such_day())?))),
            None => Ok(None),
        }
    }

    /// Which described matter, when it is one that is asked.
    pub(super) fn matter(&self) -> Option<&str> {
        self.get("matter").filter(|m| !m.is_empty())
    }

    /// What is asked of a matter with these units, and what of it is no number; what is not sent stays as described.
    pub(super) fn asked_matter(&self, units: &[&str]) -> (AskedMatter, Vec<FieldError>) {
        let (mut wrong, mut asked) = (Vec::new(), AskedMatter::default());
        match self.get("seeds").unwrap_or_default().parse() {
            Ok(seeds) => asked.seeds = seeds,
            Err(_) => not_a_number(&mut wrong, "seeds"),
        }
        match self.get("starts").map(str::parse).transpose() {
            Ok(starts) => asked.starts = starts,
            Err(_) => not_a_number(&mut wrong, "starts"),
        }
        match self.get("others").map(str::parse).transpose() {
            Ok(others) => asked.others = others.unwrap_or(asked.others),
            Err(_) => not_a_number(&mut wrong, "others"),
        }
        for unit in units {
            let field = format!("examiners.{unit}");
            match self.get(&field).map(str::parse).transpose() {
                Ok(n) => asked.examiners.extend(n.map(|n| ((*unit).to_owned(), n))),
                Err(_) => not_a_number(&mut wrong, &field),
            }
        }
        (asked, wrong)
    }

    /// Whether something was asked, or the form is shown the first time.
    pub(super) fn asks(&self) -> bool {
        self.get("seeds").is_some()
    }

    /// The form as it was typed.
    pub(super) fn form(&self) -> FormState {
        self.0
            .iter()
            .fold(FormState::new(), |form, (name, value)| form.with_also(name.clone(), value.clone()))
    }

    /// What is asked, and what of it is no number.
    pub(super) fn asked(&self) -> (Asked, Vec<FieldError>) {
        let mut wrong = Vec::new();
        let mut asked = Asked { with: self.all("with"), ..Asked::default() };
        match self.get("seeds").unwrap_or_default().parse() {
            Ok(seeds) => asked.seeds = seeds,
            Err(_) => not_a_number(&mut wrong, "seeds"),
        }
        match self.get("training").unwrap_or_default().parse() {
            Ok(training) => asked.training = training,
            Err(_) => not_a_number(&mut wrong, "training"),
        }
        for row in 0..ROWS_MAX {
            let (units, count) = (format!("windows[{row}].units"), format!("windows[{row}].count"));
            let (typed, many) = (self.get(&units).unwrap_or_default(), self.get(&count).unwrap_or_default());
            if typed.is_empty() && many.is_empty() {
                continue;
            }
            let Ok(count) = many.parse::<u16>() else {
                not_a_number(&mut wrong, &count);
                continue;
            };
            let words = typed.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、'));
            let units = words.filter(|w| !w.is_empty()).map(str::to_owned).collect();
            asked.windows.push(Group { row, units, count: usize::from(count) });
        }
        (asked, wrong)
    }

    fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(n, _)| n == name).map(|(_, value)| value.clone()).collect()
    }
}

fn not_a_number(wrong: &mut Vec<FieldError>, field: &str) {
    let say = Text::new("请填数字，例如 2。", "Write a number, such as 2.");
    wrong.push(FieldError { field: field.to_owned(), say });
}
