//! The citizen identity number (公民身份号码), GB 11643-1999.

use super::{CodeError, Warning, check, code_text, compact_date, province, shape, tidy};
use crate::Text;
use jiff::civil::Date;

/// A citizen identity number: six characters of division, birth date, sequence, check character.
///
/// The division is that of first issue: counties dissolved since are accepted, only the province is looked at.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CitizenId(String);

code_text!(CitizenId);

/// Shows the mask: the number itself must not slip into a log.
impl std::fmt::Debug for CitizenId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CitizenId({})", self.mask())
    }
}

/// The sex that a number states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Male (男), odd sequence.
    Male,
    /// Female (女), even sequence.
    Female,
}

/// Whose number it is, as its first characters say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holder {
    /// A citizen with a household register on the mainland.
    Citizen,
    /// A resident of Hong Kong, Macao or Taiwan with a residence card (810000, 820000, 830000).
    ResidenceCard,
    /// A foreigner with a permanent-residence card (first character 9).
    PermanentResident,
    /// Nobody: an example of division 999999, as in demonstrations.
    Example,
}

/// The division of numbers made up for demonstrations.
const EXAMPLE: &str = "999999";

fn name() -> Text {
    Text::new("身份证号码", "identity number")
}

impl CitizenId {
    /// Reads a number kept elsewhere; a wrong check character is a warning.
    ///
    /// # Errors
    /// When it has not 18 characters, or no such birth date.
    pub fn import(text: &str) -> Result<(Self, Vec<Warning>), CodeError> {
        let (text, mut warnings) = tidy(text);
        form(&text)?;
        warnings.extend(sound(&text).err().map(Warning::from));
        Ok((Self(text), warnings))
    }

    /// The six characters of the division of first issue (of a permanent-residence card: province and country).
    pub fn division(&self) -> &str {
        self.0.get(..6).unwrap_or("")
    }

    /// The birth date.
    pub fn birth(&self) -> Date {
        self.0.get(6..14).and_then(compact_date).unwrap_or(Date::ZERO)
    }

    /// The sex.
    pub fn sex(&self) -> Sex {
        match self.0.as_bytes().get(16) {
            Some(digit) if digit % 2 == 1 => Sex::Male,
            _ => Sex::Female,
        }
    }

    /// Whole years of age on a day; negative before birth. Who is born on 29 February ages on 1 March.
    pub fn age_on(&self, day: Date) -> i32 {
        let birth = self.birth();
        let before = (day.month(), day.day()) < (birth.month(), birth.day());
        i32::from(day.year()) - i32::from(birth.year()) - i32::from(before)
    }

    /// Whether the birth date can be that of somebody living: not after `today`, not more than 130 years before it.
    pub fn plausible_on(&self, today: Date) -> bool {
        self.birth() <= today && self.age_on(today) <= 130
    }

    /// Whose number it is.
    pub fn holder(&self) -> Holder {
        match self.division() {
            EXAMPLE => Holder::Example,
            "810000" | "820000" | "830000" => Holder::ResidenceCard,
            division if division.starts_with('9') => Holder::PermanentResident,
            _ => Holder::Citizen,
        }
    }

    /// As shown to those who need not know: `320***********1234`.
    pub fn mask(&self) -> String {
        let (head, tail) = (self.0.get(..3).unwrap_or(""), self.0.get(14..).unwrap_or(""));
        format!("{head}***********{tail}")
    }
}

/// Length, characters and birth date.
fn form(text: &str) -> Result<(), CodeError> {
    if text.len() == 15 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(CodeError::new(
            "这是15位旧号码，第一代居民身份证已于2013年1月1日停止使用，请填写18位号码。",
            "This is an old number of 15 digits; first-generation cards ended on 1 January 2013. Write the 18-character one.",
        ));
    }
    shape(text, &name(), 18, |c| c.is_ascii_digit() || c == 'X')?;
    if let Some(at) = text.find('X').filter(|at| *at != 17) {
        return Err(CodeError::new(
            format!("身份证号码第{}位不能是X，只有最后一位可以。", at + 1),
            format!("Character {} of the identity number cannot be X: only the last one can.", at + 1),
        ));
    }
    let birth = text.get(6..14).unwrap_or("");
    if compact_date(birth).is_none_or(|date| date.year() < 1) {
        return Err(CodeError::new(
            format!("身份证号码第7至14位“{birth}”不是有效的出生日期。"),
            format!("Characters 7 to 14 of the identity number, `{birth}`, are no birth date."),
        ));
    }
    Ok(())
}

/// Province and check character.
fn sound(text: &str) -> Result<(), CodeError> {
    let head = text.get(..2).unwrap_or("");
    let other = head == "83" || (head.starts_with('9') && head != "99") || text.starts_with(EXAMPLE);
    if province(head).is_none() && !other {
        return Err(CodeError::new(
            format!("身份证号码开头“{head}”不是任何省份的代码。"),
            format!("The identity number begins with `{head}`, which is no province's code."),
        ));
    }
    if text.get(..17).and_then(check::mod_11_2) != text.chars().last() {
        return Err(CodeError::new(
            "身份证号码有误：校验码不符，请逐位核对。",
            "The identity number is mistyped: its check character does not fit. Compare it digit by digit.",
        ));
    }
    Ok(())
}

impl std::str::FromStr for CitizenId {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let text = match text.strip_suffix('x') {
            Some(head) => format!("{head}X"),
            None => text.to_owned(),
        };
        form(&text)?;
        sound(&text)?;
        Ok(Self(text))
    }
}
