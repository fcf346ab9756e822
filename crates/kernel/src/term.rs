//! Terms as laws and guides state them: `5wd` working days, `4wh` office hours, `30d` calendar days.

use crate::Text;

/// What a term is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TermUnit {
    /// Working days (工作日), `wd`.
    WorkingDays,
    /// Office hours (工作小时), `wh`.
    OfficeHours,
    /// Calendar days (自然日), `d`.
    Days,
}

/// A length of time in law, written `5wd`, `4wh` or `30d`, in data as that text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Term {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: TermUnit,
}

/// Text that is no term.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", say.en)]
pub struct TermError {
    /// What is wrong and what to write.
    pub say: Text,
}

impl Term {
    /// The longest term there is, in its own unit.
    pub const MAX: u32 = 3_650;

    /// So many working days.
    pub const fn working_days(count: u32) -> Self {
        Self { count, unit: TermUnit::WorkingDays }
    }

    /// So many office hours.
    pub const fn office_hours(count: u32) -> Self {
        Self { count, unit: TermUnit::OfficeHours }
    }

    /// So many calendar days.
    pub const fn days(count: u32) -> Self {
        Self { count, unit: TermUnit::Days }
    }

    /// As people say it: 5个工作日, 5 working days.
    pub fn text(self) -> Text {
        let (n, s) = (self.count, if self.count == 1 { "" } else { "s" });
        match self.unit {
            TermUnit::WorkingDays => Text::new(format!("{n}个工作日"), format!("{n} working day{s}")),
            TermUnit::OfficeHours => Text::new(format!("{n}个工作小时"), format!("{n} office hour{s}")),
            TermUnit::Days => Text::new(format!("{n}日（自然日）"), format!("{n} calendar day{s}")),
        }
    }
}

impl std::fmt::Display for Term {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = match self.unit {
            TermUnit::WorkingDays => "wd",
            TermUnit::OfficeHours => "wh",
            TermUnit::Days => "d",
        };
        write!(f, "{}{unit}", self.count)
    }
}

impl std::str::FromStr for Term {
    type Err = TermError;

    fn from_str(text: &str) -> Result<Self, TermError> {
        let wrong = |zh: String, en: String| TermError { say: Text::new(zh, en) };
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (count, unit) = text.split_at(digits);
        let unit = match unit {
            "wd" => TermUnit::WorkingDays,
            "wh" => TermUnit::OfficeHours,
            "d" => TermUnit::Days,
            _ => {
                return Err(wrong(
                    format!("“{text}”不是期限：请写 5wd（工作日）、4wh（工作小时）或 30d（自然日）。"),
                    format!(
                        "`{text}` is no term: write 5wd (working days), 4wh (office hours) or 30d (days)."
                    ),
                ));
            }
        };
        match count.parse::<u32>() {
            Ok(n) if n <= Self::MAX && (digits == 1 || !count.starts_with('0')) => {
                Ok(Self { count: n, unit })
            }
            _ => Err(wrong(
                format!("期限“{text}”的数目应在 0 到 {} 之间。", Self::MAX),
                format!("The number in the term `{text}` must lie between 0 and {}.", Self::MAX),
            )),
        }
    }
}

impl TryFrom<String> for Term {
    type Error = TermError;
    fn try_from(text: String) -> Result<Self, TermError> {
        text.parse()
    }
}

impl From<Term> for String {
    fn from(term: Term) -> String {
        term.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_and_prints() {
        for text in ["5wd", "4wh", "30d", "0wd", "3650d"] {
            assert_eq!(text.parse::<Term>().unwrap().to_string(), text);
        }
        for text in
            ["", "5", "wd", "5 wd", "-5wd", "05wd", "5WD", "3651d", "99999999999d", "5wd ", "\u{ff15}wd"]
        {
            assert!(text.parse::<Term>().is_err(), "{text}");
        }
        assert_eq!(serde_json::to_string(&Term::office_hours(4)).unwrap(), "\"4wh\"");
        assert_eq!(Term::working_days(1).text(), Text::new("1个工作日", "1 working day"));
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in ".{0,12}") {
            let _ = text.parse::<Term>();
        }
    }
}
