//! Codes of service items, GB/T 39554.1-2020: basic (12), implementation (31) and handling item (33).

use super::{CodeError, CreditCode, Warning, code_text, province, shape, tidy};
use crate::Text;

/// A basic item code (基本编码): `2` province or 00, `2` type, `5` main item, `3` sub-item (000: none).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BasicItemCode(String);

code_text!(BasicItemCode);

impl BasicItemCode {
    /// Reads a code kept elsewhere.
    ///
    /// # Errors
    /// When it has not 12 digits.
    pub fn import(text: &str) -> Result<(Self, Vec<Warning>), CodeError> {
        let (text, mut warnings) = tidy(text);
        digits(&text)?;
        warnings.extend(region(&text).err().map(Warning::from));
        Ok((Self(text), warnings))
    }

    /// `00` for the whole country, or the province.
    pub fn region(&self) -> &str {
        self.0.get(..2).unwrap_or("")
    }

    /// The type of item (`01` licence, `05` benefit, …; some provinces differ from 20 on).
    pub fn kind(&self) -> &str {
        self.0.get(2..4).unwrap_or("")
    }

    /// The main item, five digits.
    pub fn main(&self) -> &str {
        self.0.get(4..9).unwrap_or("")
    }

    /// The sub-item, when there is one.
    pub fn sub(&self) -> Option<&str> {
        self.0.get(9..).filter(|sub| *sub != "000")
    }
}

fn digits(text: &str) -> Result<(), CodeError> {
    shape(text, &Text::new("事项基本编码", "basic item code"), 12, |c| c.is_ascii_digit())
}

fn region(text: &str) -> Result<(), CodeError> {
    let head = text.get(..2).unwrap_or("");
    if head == "00" || province(head).is_some() {
        return Ok(());
    }
    Err(CodeError::new(
        format!("事项基本编码开头“{head}”应为00（国家）或省份代码。"),
        format!(
            "The basic item code begins with `{head}`: it must be 00 (the whole country) or a province's code."
        ),
    ))
}

impl std::str::FromStr for BasicItemCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        digits(text)?;
        region(text)?;
        Ok(Self(text.to_owned()))
    }
}

/// An implementation code (实施编码): credit code of the body, level of exercise, basic item code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImplementationCode(String);

code_text!(ImplementationCode);

impl ImplementationCode {
    /// The implementation code of a body's item at a level (1 country … 6 village).
    ///
    /// # Errors
    /// When the level is none.
    pub fn new(body: &CreditCode, level: u8, item: &BasicItemCode) -> Result<Self, CodeError> {
        format!("{body}{level}{item}").parse()
    }

    /// Reads a code kept elsewhere; wrong check characters inside are warnings.
    ///
    /// # Errors
    /// When it has not the 31 characters in their places.
    pub fn import(text: &str) -> Result<(Self, Vec<Warning>), CodeError> {
        let (text, mut warnings) = tidy(text);
        implementation_form(&text)?;
        let (body, level, item) = parts(&text);
        warnings.extend(CreditCode::import(body)?.1);
        warnings.extend(exercise(level).err().map(Warning::from));
        warnings.extend(BasicItemCode::import(item)?.1);
        Ok((Self(text), warnings))
    }

    /// The credit code of the implementing body, as text.
    pub fn body(&self) -> &str {
        parts(&self.0).0
    }

    /// The level of exercise: 1 country, 2 province, 3 city, 4 county, 5 township, 6 village.
    pub fn level(&self) -> u8 {
        parts(&self.0).1.parse().unwrap_or(0)
    }

    /// The basic item code, as text.
    pub fn basic(&self) -> &str {
        parts(&self.0).2
    }
}

/// Credit code, level and basic code; empty parts when the text is too short.
fn parts(text: &str) -> (&str, &str, &str) {
    (text.get(..18).unwrap_or(""), text.get(18..19).unwrap_or(""), text.get(19..31).unwrap_or(""))
}

fn implementation_form(text: &str) -> Result<(), CodeError> {
    let name = Text::new("事项实施编码", "implementation code");
    shape(text, &name, 31, |c| c.is_ascii_digit() || c.is_ascii_uppercase())
}

fn exercise(level: &str) -> Result<(), CodeError> {
    if matches!(level, "1" | "2" | "3" | "4" | "5" | "6") {
        return Ok(());
    }
    Err(CodeError::new(
        format!("事项实施编码第19位“{level}”不是行使层级（1国家至6村）。"),
        format!(
            "Character 19 of the implementation code, `{level}`, is no level of exercise (1 country to 6 village)."
        ),
    ))
}

impl std::str::FromStr for ImplementationCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        implementation_form(text)?;
        let (body, level, item) = parts(text);
        body.parse::<CreditCode>()?;
        exercise(level)?;
        item.parse::<BasicItemCode>()?;
        Ok(Self(text.to_owned()))
    }
}

/// A handling-item code (业务办理项编码): implementation code and two digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HandlingCode(String);

code_text!(HandlingCode);

impl HandlingCode {
    /// The code of an item's handling item.
    ///
    /// # Errors
    /// When the serial has more than two digits.
    pub fn new(item: &ImplementationCode, serial: u8) -> Result<Self, CodeError> {
        format!("{item}{serial:02}").parse()
    }

    /// Reads a code kept elsewhere; wrong check characters inside are warnings.
    ///
    /// # Errors
    /// When it has not the 33 characters in their places.
    pub fn import(text: &str) -> Result<(Self, Vec<Warning>), CodeError> {
        let (text, mut warnings) = tidy(text);
        handling_form(&text)?;
        warnings.extend(ImplementationCode::import(text.get(..31).unwrap_or(""))?.1);
        Ok((Self(text), warnings))
    }

    /// The implementation code, as text.
    pub fn implementation(&self) -> &str {
        self.0.get(..31).unwrap_or("")
    }

    /// The serial.
    pub fn serial(&self) -> u32 {
        super::number(self.0.get(31..).unwrap_or(""))
    }
}

fn handling_form(text: &str) -> Result<(), CodeError> {
    let name = Text::new("业务办理项编码", "handling-item code");
    shape(text, &name, 33, |c| c.is_ascii_digit() || c.is_ascii_uppercase())?;
    match text.get(31..) {
        Some(serial) if serial.bytes().all(|b| b.is_ascii_digit()) => Ok(()),
        _ => Err(CodeError::new(
            "业务办理项编码最后两位应为数字。",
            "The last two characters of the handling-item code must be digits.",
        )),
    }
}

impl std::str::FromStr for HandlingCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        handling_form(text)?;
        text.get(..31).unwrap_or("").parse::<ImplementationCode>()?;
        Ok(Self(text.to_owned()))
    }
}
