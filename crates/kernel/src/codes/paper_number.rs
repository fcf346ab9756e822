//! The number of a form that is handed out on paper while the network is away (应急受理编号): `YJ`, division, year, serial, check character.

use super::{CodeError, characters, check, code_text};
use crate::Text;
use jiff::civil::Date;

/// The number of an emergency acceptance form: `YJ` (应急), six digits of the division (GB/T 2260), four of the year, a serial of at least
/// five digits, and a check character (GB/T 17710, MOD 37,36). It is no case number: which item it is for is not known when it is printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PaperNumber(String);

code_text!(PaperNumber);

/// What every number begins with.
const MARK: &str = "YJ";
/// Where the serial begins.
const SERIAL: usize = 12;
/// A serial is as long as this at least.
const SERIAL_MIN: usize = 5;
const LENGTH_MAX: usize = 24;

impl PaperNumber {
    /// The number of a division's `serial`-th form of a year; of a longer code of a division the first six digits count.
    ///
    /// # Errors
    /// When the division has fewer than six digits, the year not four, or the serial is negative or too long.
    pub fn new(division: &str, date: Date, serial: i64) -> Result<Self, CodeError> {
        let division = division.get(..6).unwrap_or(division);
        let text = format!("{MARK}{division}{:04}{serial:05}", date.year());
        match check::mod_37_36(&text) {
            Some(last) => format!("{text}{last}").parse(),
            None => Err(form_wrong()),
        }
    }

    /// As people and readers give it: a printed number with blanks, hyphens or small letters, or the whole address of its QR code.
    ///
    /// # Errors
    /// When no number is in it, or the check character says that it was misread.
    pub fn read(text: &str) -> Result<Self, CodeError> {
        let text =
            text.split_once("number=").map_or(text, |(_, rest)| rest.split('&').next().unwrap_or(rest));
        let plain: String = text.chars().filter(char::is_ascii_alphanumeric).take(LENGTH_MAX + 1).collect();
        plain.to_ascii_uppercase().parse()
    }

    /// Whether a text is meant as such a number, right or wrong.
    pub fn meant(text: &str) -> bool {
        text.trim_start().get(..MARK.len()).is_some_and(|head| head.eq_ignore_ascii_case(MARK))
    }

    /// As it is printed: `YJ 320100 2026 00001 X`.
    pub fn printed(&self) -> String {
        let part = |from: usize, to: usize| self.0.get(from..to).unwrap_or("");
        let last = self.0.len().saturating_sub(1);
        [part(0, 2), part(2, 8), part(8, SERIAL), part(SERIAL, last), part(last, self.0.len())].join(" ")
    }

    /// The serial within division and year.
    pub fn serial(&self) -> i64 {
        let end = self.0.len().saturating_sub(1);
        self.0.get(SERIAL..end).and_then(|serial| serial.parse().ok()).unwrap_or(0)
    }
}

fn form_wrong() -> CodeError {
    CodeError::new(
        "应急受理编号应为“YJ”、6位区划、4位年份、5位以上流水号和1位校验码，请照受理单输入。",
        "The number of an emergency form is YJ, six digits of the division, four of the year, five or more of the serial and a \
         check character: copy it from the form.",
    )
}

impl std::str::FromStr for PaperNumber {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let name = Text::new("应急受理编号", "number of the emergency form");
        characters(text, &name, |c| c.is_ascii_digit() || c.is_ascii_uppercase())?;
        let long = (SERIAL + SERIAL_MIN + 1..=LENGTH_MAX).contains(&text.len());
        let body = text.get(..text.len().saturating_sub(1)).filter(|_| long).ok_or_else(form_wrong)?;
        let digits = body.strip_prefix(MARK).ok_or_else(form_wrong)?;
        let serial = body.get(SERIAL..).unwrap_or("");
        if !digits.bytes().all(|b| b.is_ascii_digit())
            || (serial.len() > SERIAL_MIN && serial.starts_with('0'))
        {
            return Err(form_wrong());
        }
        if check::mod_37_36(body) != text.chars().last() {
            return Err(CodeError::new(
                "应急受理编号的校验码不对，可能看错或输错了一位，请对照受理单再输。",
                "The check character of the form's number does not fit: a character was misread. Compare it with the form.",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests only")]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_number_is_read_as_people_and_readers_give_it() {
        let number = PaperNumber::new("320102001", date(2026, 11, 23), 7).unwrap();
        assert!(number.as_str().starts_with("YJ320102202600007"), "{number}");
        assert_eq!((number.as_str().len(), number.serial()), (18, 7));
        assert_eq!(PaperNumber::read(&number.printed().to_lowercase()).unwrap(), number);
        let scanned = format!("https://example.test/query?number={number}&code=1");
        assert_eq!(PaperNumber::read(&scanned).unwrap(), number);
        assert_eq!(PaperNumber::new("320102", date(2026, 1, 1), 123_456).unwrap().serial(), 123_456);
        assert!(PaperNumber::new("32", date(2026, 1, 1), 1).is_err());
        assert!(PaperNumber::meant(" yj32") && !PaperNumber::meant("1234"));
        assert!(PaperNumber::read(&"9".repeat(10_000)).is_err());
    }

    #[test]
    fn one_wrong_character_or_two_exchanged_are_found() {
        let right = PaperNumber::new("320102", date(2026, 11, 23), 1234).unwrap().to_string();
        for at in 2..right.len() - 1 {
            for digit in '0'..='9' {
                let wrong: String =
                    right.chars().enumerate().map(|(i, c)| if i == at { digit } else { c }).collect();
                assert_eq!(wrong.parse::<PaperNumber>().is_ok(), wrong == right, "{wrong}");
            }
        }
        assert!(right.replace("1234", "1324").parse::<PaperNumber>().is_err());
    }
}
