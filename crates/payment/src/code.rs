//! The number by which a bill is found and paid (缴款识别码): 20 digits, the last one a check digit.

use std::fmt;
use std::str::FromStr;

/// Division (6) · year (2) · running number (11) · check digit (Luhn, ISO/IEC 7812-1). The national code has 20 digits too; its inner
/// make-up is each province's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PayCode(String);

const DIGITS: usize = 20;

impl PayCode {
    /// The code of the `number`-th bill of a division in a year.
    pub fn new(division: &str, year: i16, number: i64) -> Self {
        let (digits, year) = (Self::division(division), year.rem_euclid(100));
        let number = number.rem_euclid(100_000_000_000);
        let body = format!("{digits}{year:02}{number:011}");
        let check = luhn(&body);
        Self(format!("{body}{check}"))
    }

    /// The six digits a code begins with. Divisions that share them (a county's townships) share one series of running numbers.
    pub(crate) fn division(division: &str) -> String {
        let digits: String = division.chars().filter(char::is_ascii_digit).take(6).collect();
        format!("{digits:0<6}")
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups of four, as it is read aloud.
    pub fn grouped(&self) -> String {
        let digits: Vec<char> = self.0.chars().collect();
        digits.chunks(4).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }
}

/// The number of a receipt: series of the account (4) · year (2) · running number (8) · check digit.
pub(crate) fn receipt_number(series: &str, year: i16, number: i64) -> String {
    let body = format!("{series}{:02}{number:08}", year.rem_euclid(100));
    let check = luhn(&body);
    format!("{body}{check}")
}

/// The digit that makes the Luhn sum a multiple of ten.
fn luhn(body: &str) -> u32 {
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b.saturating_sub(b'0'));
            let d = if i % 2 == 0 { d * 2 } else { d };
            d / 10 + d % 10
        })
        .sum();
    (10 - sum % 10) % 10
}

impl fmt::Display for PayCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<PayCode> for String {
    fn from(code: PayCode) -> Self {
        code.0
    }
}

impl TryFrom<String> for PayCode {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Reads what people type: spaces and hyphens are passed over.
impl FromStr for PayCode {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if digits.len() != DIGITS || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err("not 20 digits".to_owned());
        }
        let (body, check) = digits.split_at(DIGITS - 1);
        if check != luhn(body).to_string() {
            return Err("the check digit is another".to_owned());
        }
        Ok(Self(digits))
    }
}

store::text_column!(PayCode);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_digit_and_two_that_changed_places_are_seen() {
        let code = PayCode::new("320100", 2026, 12_345);
        assert_eq!(code.as_str().len(), 20);
        assert_eq!(code.grouped().parse::<PayCode>(), Ok(code.clone()));
        for at in 0..DIGITS {
            let mut digits: Vec<u8> = code.as_str().bytes().collect();
            digits[at] = b'0' + (digits[at] - b'0' + 1) % 10;
            assert!(String::from_utf8(digits).unwrap().parse::<PayCode>().is_err(), "digit {at}");
        }
        let mut swapped: Vec<u8> = code.as_str().bytes().collect();
        swapped.swap(15, 16);
        assert!(String::from_utf8(swapped).unwrap().parse::<PayCode>().is_err());
        assert_eq!(PayCode::new("", 2100, i64::MAX).as_str().len(), 20);
    }
}
