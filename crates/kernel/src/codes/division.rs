//! Administrative divisions (行政区划代码), GB/T 2260 and GB/T 10114: 6, 9 or 12 digits.

use super::{CodeError, Warning, code_text, province, tidy};

/// A division's code: 6 digits to the county, 9 to the township, 12 to the village.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Division(String);

code_text!(Division);

/// How far down a division stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DivisionLevel {
    /// 省级.
    Province,
    /// 地级.
    City,
    /// 县级.
    County,
    /// 乡级.
    Township,
    /// 村级.
    Village,
}

impl Division {
    /// Reads a code kept elsewhere: 9 or 12 digits padded with zeros are shortened.
    ///
    /// # Errors
    /// When it is no division's code.
    pub fn import(text: &str) -> Result<(Self, Vec<Warning>), CodeError> {
        let (text, mut warnings) = tidy(text);
        let short = shortened(&text);
        if short != text {
            warnings.push(CodeError::new("已去除末尾补的零。", "Padding zeros were taken off.").into());
        }
        Ok((short.parse()?, warnings))
    }

    /// How far down it stands.
    pub fn level(&self) -> DivisionLevel {
        match (self.0.len(), self.0.get(2..4), self.0.get(4..6)) {
            (12, ..) => DivisionLevel::Village,
            (9, ..) => DivisionLevel::Township,
            (_, Some("00"), _) => DivisionLevel::Province,
            (_, _, Some("00")) => DivisionLevel::City,
            _ => DivisionLevel::County,
        }
    }

    /// The division it is a part of; a township of a city without counties is a part of the city.
    pub fn parent(&self) -> Option<Self> {
        match self.level() {
            DivisionLevel::Village => self.0.get(..9).map(|code| Self(code.to_owned())),
            DivisionLevel::Township => self.0.get(..6).map(|code| Self(code.to_owned())),
            DivisionLevel::County => self.0.get(..4).map(|code| Self(format!("{code}00"))),
            DivisionLevel::City => self.0.get(..2).map(|code| Self(format!("{code}0000"))),
            DivisionLevel::Province => None,
        }
    }

    /// Whether `other` is this division or a part of it.
    pub fn contains(&self, other: &Division) -> bool {
        let significant = match self.level() {
            DivisionLevel::Province => 2,
            DivisionLevel::City => 4,
            _ => self.0.len(),
        };
        other.0.get(..significant) == self.0.get(..significant)
    }

    /// The code padded with zeros to 12 digits, as many exchange tables want it.
    pub fn padded(&self) -> String {
        format!("{:0<12}", self.0)
    }
}

/// Without the zeros that stand for "no township" and "no village".
fn shortened(text: &str) -> &str {
    let twelve = if text.len() == 12 { text.strip_suffix("000").unwrap_or(text) } else { text };
    if twelve.len() == 9 { twelve.strip_suffix("000").unwrap_or(twelve) } else { twelve }
}

impl std::str::FromStr for Division {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        if !matches!(text.len(), 6 | 9 | 12) || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(CodeError::new(
                "行政区划代码应为6位、9位或12位数字。",
                "A division's code has 6, 9 or 12 digits.",
            ));
        }
        let (head, city, county) = (&text[..2], &text[2..4], &text[4..6]);
        if province(head).is_none() {
            return Err(CodeError::new(
                format!("行政区划代码开头“{head}”不是任何省份的代码。"),
                format!("The division's code begins with `{head}`, which is no province's code."),
            ));
        }
        if city == "00" && (county != "00" || text.len() > 6) {
            return Err(CodeError::new(
                format!("行政区划代码“{text}”缺少地级：第3、4位为00，其后不应再有数字。"),
                format!("The division's code `{text}` has no city (00) but goes on below it."),
            ));
        }
        if shortened(text) != text {
            return Err(CodeError::new(
                format!("行政区划代码末尾不必补零，请写“{}”。", shortened(text)),
                format!("A division's code is not padded with zeros: write `{}`.", shortened(text)),
            ));
        }
        Ok(Self(text.to_owned()))
    }
}
