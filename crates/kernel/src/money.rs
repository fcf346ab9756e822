//! Amounts of money in fen: whole numbers, checked arithmetic, never a float.

use crate::Text;
use serde::{Deserialize, Serialize};

/// An amount of renminbi in fen (分); in JSON and in rows a plain whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// Text that is no amount, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", say.en)]
pub struct MoneyError {
    /// What is wrong and what to write.
    pub say: Text,
}

impl MoneyError {
    fn new(zh: &str, en: &str) -> Self {
        Self { say: Text::new(zh, en) }
    }
}

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// So many fen.
    pub const fn fen(fen: i64) -> Self {
        Self(fen)
    }

    /// So many yuan, when that fits.
    pub fn yuan(yuan: i64) -> Option<Self> {
        yuan.checked_mul(100).map(Self)
    }

    /// The amount in fen.
    pub const fn as_fen(self) -> i64 {
        self.0
    }

    /// The sum, when it fits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, when it fits.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// So many times the amount, when it fits.
    pub fn checked_mul(self, times: i64) -> Option<Self> {
        self.0.checked_mul(times).map(Self)
    }

    /// The sum of all, when it fits.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// The amount in `parts` shares that differ by one fen at most and add up to it again; `None` for no parts.
    pub fn split(self, parts: u32) -> Option<Vec<Self>> {
        let n = i64::from(parts);
        let (each, rest) = (self.0.checked_div_euclid(n)?, self.0.checked_rem_euclid(n)?);
        Some((0..n).map(|i| Self(each + i64::from(i < rest))).collect())
    }

    /// Without the currency sign: `1,234.50`.
    pub fn plain(self) -> String {
        let digits = self.0.unsigned_abs();
        let (yuan, fen) = ((digits / 100).to_string(), digits % 100);
        let mut out = String::from(if self.0 < 0 { "-" } else { "" });
        for (i, digit) in yuan.chars().enumerate() {
            if i > 0 && (yuan.len() - i).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        format!("{out}.{fen:02}")
    }
}

/// `¥1,234.50`, `-¥0.05`.
impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plain = self.plain();
        match plain.strip_prefix('-') {
            Some(amount) => write!(f, "-¥{amount}"),
            None => write!(f, "¥{plain}"),
        }
    }
}

/// Reads what people type: `1234.5`, `1,234.50`, `¥1,234`, `-¥0.05`, `1234.50元`; not `1,23`, `1.234` or `1e3`.
impl std::str::FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let none = || MoneyError::new("请填写金额，例如 1234.50。", "Write an amount, such as 1234.50.");
        let text = text.trim();
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let text = text.strip_prefix(['¥', '\u{ffe5}']).unwrap_or(text);
        let text = text.strip_suffix('元').unwrap_or(text).trim();
        let (yuan, fen) = text.split_once('.').unwrap_or((text, "0"));
        if yuan.is_empty() || fen.is_empty() || !fen.bytes().all(|b| b.is_ascii_digit()) {
            return Err(none());
        }
        if fen.len() > 2 {
            return Err(MoneyError::new(
                "金额最多两位小数（分）。",
                "An amount has two decimal places (fen) at most.",
            ));
        }
        let yuan = ungroup(yuan).ok_or_else(none)?;
        let fen = if fen.len() == 1 { format!("{fen}0") } else { fen.to_owned() };
        let sign = if negative { "-" } else { "" };
        format!("{sign}{yuan}{fen}")
            .parse::<i64>()
            .map(Self)
            .map_err(|_| MoneyError::new("金额太大。", "The amount is too large."))
    }
}

/// The digits of `1234` or `1,234`; `None` when something else stands there or the groups are not of three.
fn ungroup(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split(',').collect();
    let digits = groups.iter().all(|g| !g.is_empty() && g.bytes().all(|b| b.is_ascii_digit()));
    let three = groups.len() == 1
        || (groups.first().is_some_and(|g| g.len() <= 3) && groups.iter().skip(1).all(|g| g.len() == 3));
    (digits && three).then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_people_type_and_prints_it_one_way() {
        for (typed, fen) in [
            ("1,234.50", 123_450),
            ("1234.5", 123_450),
            ("¥1,234,567", 123_456_700),
            ("-¥0.05", -5),
            ("0", 0),
            (" 88元 ", 8_800),
        ] {
            assert_eq!(typed.parse::<Money>().unwrap().as_fen(), fen, "{typed}");
        }
        assert_eq!(Money::fen(123_450).to_string(), "¥1,234.50");
        assert_eq!(Money::fen(-5).to_string(), "-¥0.05");
        assert_eq!(Money::fen(i64::MIN).to_string(), "-¥92,233,720,368,547,758.08");
        let bad = ["", "-", ".5", "5.", "1,23", "1,2345", ",123", "1.234", "1e3", "12a", "--1", "1 2"];
        for typed in bad.into_iter().chain(["99999999999999999999", "+5", "¥"]) {
            assert!(typed.parse::<Money>().is_err(), "{typed}");
        }
    }

    #[test]
    fn never_wraps() {
        assert_eq!(Money::fen(i64::MAX).checked_add(Money::fen(1)), None);
        assert_eq!(Money::fen(i64::MAX).checked_mul(2), None);
        assert_eq!(Money::sum([Money::fen(1), Money::fen(2)]), Some(Money::fen(3)));
        assert_eq!(Money::fen(100).split(3).unwrap(), [Money::fen(34), Money::fen(33), Money::fen(33)]);
        assert_eq!(Money::fen(100).split(0), None);
    }

    proptest! {
        #[test]
        fn printed_is_read_back(fen in any::<i64>()) {
            prop_assert_eq!(Money::fen(fen).to_string().parse::<Money>().unwrap(), Money::fen(fen));
        }

        #[test]
        fn any_text_is_answered(text in ".{0,20}") {
            let _ = text.parse::<Money>();
        }
    }
}
