//! National codes with their check characters: strict for what people type now, lenient with warnings for imports.
//!
//! `FromStr`, `TryFrom<String>` and serde are strict. `import` is for history kept elsewhere: it tidies blanks and
//! widths, and turns a failed check character into a [`Warning`]; what it returns prints as kept, and must be read by
//! `import` again.

mod case_number;
mod certificate;
mod check;
mod citizen;
mod credit;
mod division;
mod item;
mod paper_number;
#[cfg(test)]
mod tests;

pub use case_number::CaseNumber;
pub use certificate::CertificateIdentifier;
pub use citizen::{CitizenId, Holder, Sex};
pub use credit::CreditCode;
pub use division::{Division, DivisionLevel};
pub use item::{BasicItemCode, HandlingCode, ImplementationCode};
pub use paper_number::PaperNumber;

use crate::{Failure, FieldError, Refusal, RefusalKind, Text};

/// What is wrong with a code, for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", say.en)]
pub struct CodeError {
    /// What is wrong and what to do.
    pub say: Text,
}

impl CodeError {
    /// An error with its sentence in both languages.
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { say: Text::new(zh, en) }
    }

    /// The error as one of a form's field.
    pub fn field(self, path: impl Into<String>) -> FieldError {
        FieldError { field: path.into(), say: self.say }
    }
}

impl From<CodeError> for Refusal {
    fn from(error: CodeError) -> Self {
        Refusal::new(RefusalKind::Invalid, "kernel.code", error.say.zh, error.say.en)
    }
}

impl From<CodeError> for Failure {
    fn from(error: CodeError) -> Self {
        Failure::Refused(error.into())
    }
}

/// What is doubtful about an imported code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What is doubtful.
    pub say: Text,
}

impl From<CodeError> for Warning {
    fn from(error: CodeError) -> Self {
        Self { say: error.say }
    }
}

/// Text as old systems keep it: without blanks, full-width characters made narrow, letters made capital; and whether
/// that changed anything.
fn tidy(text: &str) -> (String, Vec<Warning>) {
    let narrow = |c: char| match u32::from(c) {
        n @ 0xFF01..=0xFF5E => char::from_u32(n - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    let tidied: String = text
        .chars()
        .map(narrow)
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{feff}' | '\u{200b}' | '-'))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let warnings = if tidied == text {
        Vec::new()
    } else {
        vec![Warning {
            say: Text::new("已去除空格、连字符并统一为半角大写。", "Blanks, hyphens and widths were tidied."),
        }]
    };
    (tidied, warnings)
}

/// `Ok` when the text has exactly this many characters, all of them accepted; the error names the first bad place.
fn shape(text: &str, name: &Text, length: usize, ok: fn(char) -> bool) -> Result<(), CodeError> {
    if text.is_empty() {
        return Err(CodeError::new(format!("请填写{}。", name.zh), format!("Write the {}.", name.en)));
    }
    characters(text, name, ok)?;
    let count = text.chars().count();
    if count != length {
        return Err(CodeError::new(
            format!("{}应为{length}位，现为{count}位。", name.zh),
            format!("The {} has {length} characters; this has {count}.", name.en),
        ));
    }
    Ok(())
}

/// `Ok` when all characters are accepted; the error names the first that is not.
fn characters(text: &str, name: &Text, ok: fn(char) -> bool) -> Result<(), CodeError> {
    match text.chars().enumerate().find(|(_, c)| !ok(*c)) {
        None => Ok(()),
        Some((i, c)) if c.is_whitespace() => Err(CodeError::new(
            format!("{}第{}位是空格，请去掉。", name.zh, i + 1),
            format!("Character {} of the {} is a blank: leave it out.", i + 1, name.en),
        )),
        Some((i, c)) => Err(CodeError::new(
            format!("{}第{}位的“{c}”不可用。", name.zh, i + 1),
            format!("Character {} of the {}, `{c}`, cannot stand there.", i + 1, name.en),
        )),
    }
}

/// Digits as a number; 0 for anything else (callers have checked).
fn number(text: &str) -> u32 {
    text.parse().unwrap_or(0)
}

/// The date `YYYYMMDD`, when there is such a day.
fn compact_date(text: &str) -> Option<jiff::civil::Date> {
    let part = |range| text.get(range).and_then(|t: &str| t.parse::<i8>().ok());
    let year = text.get(..4)?.parse::<i16>().ok()?;
    (text.len() == 8).then(|| jiff::civil::Date::new(year, part(4..6)?, part(6..8)?).ok())?
}

/// Province-level codes of GB/T 2260, with their names.
const PROVINCES: [(&str, &str, &str); 34] = [
    ("11", "北京市", "Beijing"),
    ("12", "天津市", "Tianjin"),
    ("13", "河北省", "Hebei"),
    ("14", "山西省", "Shanxi"),
    ("15", "内蒙古自治区", "Inner Mongolia"),
    ("21", "辽宁省", "Liaoning"),
    ("22", "吉林省", "Jilin"),
    ("23", "黑龙江省", "Heilongjiang"),
    ("31", "上海市", "Shanghai"),
    ("32", "江苏省", "Jiangsu"),
    ("33", "浙江省", "Zhejiang"),
    ("34", "安徽省", "Anhui"),
    ("35", "福建省", "Fujian"),
    ("36", "江西省", "Jiangxi"),
    ("37", "山东省", "Shandong"),
    ("41", "河南省", "Henan"),
    ("42", "湖北省", "Hubei"),
    ("43", "湖南省", "Hunan"),
    ("44", "广东省", "Guangdong"),
    ("45", "广西壮族自治区", "Guangxi"),
    ("46", "海南省", "Hainan"),
    ("50", "重庆市", "Chongqing"),
    ("51", "四川省", "Sichuan"),
    ("52", "贵州省", "Guizhou"),
    ("53", "云南省", "Yunnan"),
    ("54", "西藏自治区", "Tibet"),
    ("61", "陕西省", "Shaanxi"),
    ("62", "甘肃省", "Gansu"),
    ("63", "青海省", "Qinghai"),
    ("64", "宁夏回族自治区", "Ningxia"),
    ("65", "新疆维吾尔自治区", "Xinjiang"),
    ("71", "台湾省", "Taiwan"),
    ("81", "香港特别行政区", "Hong Kong"),
    ("82", "澳门特别行政区", "Macao"),
];

/// The name of a province-level code.
pub fn province(code: &str) -> Option<Text> {
    PROVINCES.iter().find(|p| p.0 == code).map(|p| Text::new(p.1, p.2))
}

/// What every code has alike: text, printing, strict reading from text and from data.
macro_rules! code_text {
    ($name:ident) => {
        impl $name {
            /// The code as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::codes::CodeError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> String {
                code.0
            }
        }
    };
}
pub(crate) use code_text;
