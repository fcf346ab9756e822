//! The unified social credit code (统一社会信用代码), GB 32100-2015.

use super::{CodeError, Warning, check, code_text, shape, tidy};
use crate::Text;

/// A unified social credit code: authority, class, division, organisation code (GB 11714), check character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CreditCode(String);

code_text!(CreditCode);

fn name() -> Text {
    Text::new("统一社会信用代码", "unified social credit code")
}

impl CreditCode {
    /// Reads a code kept elsewhere; wrong check characters are warnings.
    ///
    /// # Errors
    /// When it has not 18 of the permitted characters.
    pub fn import(text: &str) -> Result<(Self, Vec<Warning>), CodeError> {
        let (text, mut warnings) = tidy(text);
        form(&text)?;
        warnings.extend(division(&text).err().map(Warning::from));
        warnings.extend(outer(&text).err().map(Warning::from));
        warnings.extend(inner(&text).err().map(Warning::from));
        Ok((Self(text), warnings))
    }

    /// Who keeps the register: 机构编制, 民政, 市场监管 …; `None` for a code that the standard's first edition does not name.
    pub fn authority(&self) -> Option<Text> {
        let (zh, en) = match self.0.chars().next()? {
            '1' => ("机构编制", "Establishment administration"),
            '2' => ("外交", "Foreign affairs"),
            '3' => ("司法行政", "Judicial administration"),
            '4' => ("文化", "Culture"),
            '5' => ("民政", "Civil affairs"),
            '6' => ("旅游", "Tourism"),
            '7' => ("宗教", "Religious affairs"),
            '8' => ("工会", "Trade unions"),
            '9' => ("市场监督管理", "Market regulation"),
            'A' => ("中央军委改革和编制办公室", "Military establishment"),
            'N' => ("农业农村", "Agriculture"),
            'Y' => ("其他", "Other"),
            _ => return None,
        };
        Some(Text::new(zh, en))
    }

    /// The first two characters: authority and class (91 enterprise, 92 individual business, 11 government body …).
    pub fn class(&self) -> &str {
        self.0.get(..2).unwrap_or("")
    }

    /// Whether it is a government body's or public institution's (机关、事业单位、群团).
    pub fn is_public_body(&self) -> bool {
        self.0.starts_with('1')
    }

    /// The six digits of the registering authority's division.
    pub fn division(&self) -> &str {
        self.0.get(2..8).unwrap_or("")
    }

    /// The organisation code inside, nine characters.
    pub fn organisation_code(&self) -> &str {
        self.0.get(8..17).unwrap_or("")
    }
}

fn form(text: &str) -> Result<(), CodeError> {
    if let Some(c) = text.chars().find(|c| matches!(c, 'I' | 'O' | 'S' | 'V' | 'Z')) {
        return Err(CodeError::new(
            format!("统一社会信用代码不使用字母{c}（I、O、S、V、Z均不用），请核对是否为数字。"),
            format!(
                "A unified social credit code has no letter {c} (nor I, O, S, V, Z): perhaps it is a digit."
            ),
        ));
    }
    shape(text, &name(), 18, |c| check::CREDIT_CHARACTERS.contains(c))
}

fn division(text: &str) -> Result<(), CodeError> {
    let division = text.get(2..8).unwrap_or("");
    if division.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    Err(CodeError::new(
        format!("统一社会信用代码第3至8位“{division}”应为数字（登记机关行政区划）。"),
        format!("Characters 3 to 8, `{division}`, must be digits: the registering authority's division."),
    ))
}

fn outer(text: &str) -> Result<(), CodeError> {
    if text.get(..17).and_then(check::credit) == text.chars().last() {
        return Ok(());
    }
    Err(CodeError::new(
        "统一社会信用代码有误：最后一位校验码不符，请逐位核对。",
        "The unified social credit code is mistyped: its last character does not fit. Compare it character by character.",
    ))
}

fn inner(text: &str) -> Result<(), CodeError> {
    let expected = text.get(8..16).and_then(check::organisation);
    if expected.is_some() && expected == text.chars().nth(16) {
        return Ok(());
    }
    Err(CodeError::new(
        "统一社会信用代码有误：第9至17位组织机构代码的校验码不符，请逐位核对。",
        "The unified social credit code is mistyped: the organisation code inside (characters 9 to 17) does not fit.",
    ))
}

impl std::str::FromStr for CreditCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let text = text.to_ascii_uppercase();
        form(&text)?;
        division(&text)?;
        outer(&text)?;
        inner(&text)?;
        Ok(Self(text))
    }
}
