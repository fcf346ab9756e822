//! The case number (办件编号): implementation code, day, serial of at least four digits.

use super::{CodeError, ImplementationCode, Warning, characters, code_text, compact_date, tidy};
use crate::Text;
use jiff::civil::Date;

/// A case number; the serial has four digits and grows when a day has more cases.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseNumber(String);

code_text!(CaseNumber);

/// Where the serial begins.
const SERIAL: usize = 39;

impl CaseNumber {
    /// The number of a day's case.
    ///
    /// # Errors
    /// When the serial is negative or has more than eleven digits, or the year not four.
    pub fn new(item: &ImplementationCode, date: Date, serial: i64) -> Result<Self, CodeError> {
        let day = date.strftime("%Y%m%d");
        format!("{item}{day}{serial:04}").parse()
    }

    /// Reads a number kept elsewhere; wrong check characters inside are warnings.
    ///
    /// # Errors
    /// When it has not its parts in their places.
    pub fn import(text: &str) -> Result<(Self, Vec<Warning>), CodeError> {
        let (text, mut warnings) = tidy(text);
        form(&text)?;
        warnings.extend(ImplementationCode::import(text.get(..31).unwrap_or(""))?.1);
        Ok((Self(text), warnings))
    }

    /// The implementation code, as text.
    pub fn implementation(&self) -> &str {
        self.0.get(..31).unwrap_or("")
    }

    /// The day.
    pub fn date(&self) -> Date {
        self.0.get(31..SERIAL).and_then(compact_date).unwrap_or(Date::ZERO)
    }

    /// The day's serial.
    pub fn serial(&self) -> i64 {
        self.0.get(SERIAL..).and_then(|serial| serial.parse().ok()).unwrap_or(0)
    }
}

fn form(text: &str) -> Result<(), CodeError> {
    let name = Text::new("办件编号", "case number");
    characters(text, &name, |c| c.is_ascii_digit() || c.is_ascii_uppercase())?;
    if !(SERIAL + 4..=50).contains(&text.len()) {
        return Err(CodeError::new(
            format!("办件编号应为43至50位，现为{}位。", text.len()),
            format!("A case number has 43 to 50 characters; this has {}.", text.len()),
        ));
    }
    let day = text.get(31..SERIAL).unwrap_or("");
    if !day.bytes().all(|b| b.is_ascii_digit()) || compact_date(day).is_none() {
        return Err(CodeError::new(
            format!("办件编号第32至39位“{day}”不是日期。"),
            format!("Characters 32 to 39 of the case number, `{day}`, are no date."),
        ));
    }
    let serial = text.get(SERIAL..).unwrap_or("");
    if !serial.bytes().all(|b| b.is_ascii_digit()) || (serial.len() > 4 && serial.starts_with('0')) {
        return Err(CodeError::new(
            format!("办件编号的流水号“{serial}”应为数字，超过四位时不以0开头。"),
            format!(
                "The serial `{serial}` of the case number must be digits, without a leading 0 beyond four."
            ),
        ));
    }
    Ok(())
}

impl std::str::FromStr for CaseNumber {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        form(text)?;
        text.get(..31).unwrap_or("").parse::<ImplementationCode>()?;
        Ok(Self(text.to_owned()))
    }
}
