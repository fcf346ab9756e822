//! The published list of fees (收费目录): what may be taken, on what basis, how much of what unit, with which reductions, and whose
//! account gets it. Data, read when the program starts; what is not in it may not be taken.

use crate::model::FeeKind;
use crate::rules::not_listed;
use kernel::{Fault, Money, Outcome, Text};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// An account that money goes to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayeeAccount {
    /// Its code, as fees name it: `nanjing.non-tax`.
    pub code: String,
    /// Whose it is.
    pub name: Text,
    /// Four digits that begin its receipts' numbers.
    pub series: String,
    /// Its number at the gateway.
    pub number: String,
}

/// A reduction that the list knows (减免).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reduction {
    /// Its id within the fee.
    pub id: String,
    /// For whom.
    pub name: Text,
    /// By what law or notice.
    pub basis: Text,
    /// How much falls away, in hundredths: 100 is all of it.
    pub percent: u8,
}

/// A fee that may be taken.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedFee {
    /// Its code: the non-tax item code, the tax code.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// What it is.
    pub kind: FeeKind,
    /// For each what.
    pub unit: Text,
    /// How much for each, in yuan; absent where a law's rule works it out.
    #[serde(default)]
    pub amount: Option<String>,
    /// By what law or notice.
    pub basis: Text,
    /// Which account gets it.
    pub account: String,
    /// The reductions.
    #[serde(default)]
    pub reductions: Vec<Reduction>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Text,
    published: String,
    accounts: Vec<PayeeAccount>,
    fees: Vec<ListedFee>,
}

/// The list.
#[derive(Debug, Clone, Default)]
pub struct FeeList {
    /// Its name.
    pub name: Text,
    /// When it was published.
    pub published: String,
    fees: BTreeMap<String, ListedFee>,
    accounts: BTreeMap<String, PayeeAccount>,
}

impl ListedFee {
    /// The amount for one unit, where it is fixed.
    pub fn fixed(&self) -> Option<Money> {
        self.amount.as_ref().and_then(|text| text.parse().ok())
    }
}

impl Reduction {
    /// What falls away of `amount`, to the payer's favour where it does not come out even.
    pub fn of(&self, amount: Money) -> Money {
        let whole = i128::from(amount.as_fen()) * i128::from(self.percent);
        let up = (whole + 99).div_euclid(100);
        Money::fen(i64::try_from(up).unwrap_or(amount.as_fen())).min(amount)
    }
}

impl FeeList {
    /// Reads the list (YAML; `packs/fee-list.yaml` is one).
    ///
    /// # Errors
    /// A [`Fault`] that says what is wrong and where.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let file: File =
            serde_saphyr::from_str(text).map_err(|e| Fault::from("reading the list of fees", e))?;
        let wrong = |what: String| Fault::new(format!("the list of fees: {what}"));
        let mut list = Self { name: file.name, published: file.published, ..Self::default() };
        let mut series = BTreeSet::new();
        for account in file.accounts {
            if account.series.len() != 4 || !account.series.bytes().all(|b| b.is_ascii_digit()) {
                return Err(wrong(format!("the series of {} is not four digits", account.code)));
            }
            if !series.insert(account.series.clone()) {
                return Err(wrong(format!("the series {} stands twice", account.series)));
            }
            if let Some(twice) = list.accounts.insert(account.code.clone(), account) {
                return Err(wrong(format!("the account {} stands twice", twice.code)));
            }
        }
        for fee in file.fees {
            if !list.accounts.contains_key(&fee.account) {
                return Err(wrong(format!(
                    "{} goes to the account {}, which is not listed",
                    fee.code, fee.account
                )));
            }
            if fee.amount.is_some() && fee.fixed().is_none_or(|m| m < Money::ZERO) {
                return Err(wrong(format!("the amount of {} is none", fee.code)));
            }
            if fee.basis.zh.trim().is_empty() || fee.basis.en.trim().is_empty() {
                return Err(wrong(format!("{} has no basis", fee.code)));
            }
            if let Some(odd) = fee.reductions.iter().find(|r| !(1..=100).contains(&r.percent)) {
                return Err(wrong(format!(
                    "the reduction {} of {} is not 1 to 100 hundredths",
                    odd.id, fee.code
                )));
            }
            if let Some(twice) = list.fees.insert(fee.code.clone(), fee) {
                return Err(wrong(format!("the fee {} stands twice", twice.code)));
            }
        }
        Ok(list)
    }

    /// A fee that may be taken at this amount.
    ///
    /// # Errors
    /// `payment.not-listed` for what is not listed, or not at this rate.
    pub fn take(&self, code: &str, amount: Money) -> Outcome<&ListedFee> {
        let fee = self.fees.get(code).ok_or_else(|| not_listed(code))?;
        let each = fee.fixed().map_or(1, |m| m.as_fen().max(1));
        // So many units of a fixed amount, and never anything but whole ones.
        if amount < Money::ZERO || amount.as_fen() % each != 0 {
            return Err(not_listed(code).into());
        }
        Ok(fee)
    }

    /// A fee.
    pub fn fee(&self, code: &str) -> Option<&ListedFee> {
        self.fees.get(code)
    }

    /// All fees, by code.
    pub fn fees(&self) -> impl Iterator<Item = &ListedFee> {
        self.fees.values()
    }

    /// An account.
    pub fn account(&self, code: &str) -> Option<&PayeeAccount> {
        self.accounts.get(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = include_str!("../../../packs/fee-list.yaml");

    #[test]
    fn takes_what_is_listed_at_its_rate_and_nothing_else() {
        let list = FeeList::parse(LIST).unwrap();
        assert!(list.take("registration-dwelling", Money::fen(8_000)).is_ok());
        assert!(list.take("registration-dwelling", Money::fen(16_000)).is_ok(), "two of them");
        for (code, fen) in [("registration-dwelling", 8_001), ("sealing-wax", 100), ("deed-tax", -1)] {
            assert!(list.take(code, Money::fen(fen)).is_err(), "{code} {fen}");
        }
        assert!(list.take("deed-tax", Money::fen(1_234_567)).is_ok());
        for fee in list.fees() {
            assert!(list.account(&fee.account).is_some());
        }
    }

    #[test]
    fn what_is_wrong_in_a_list_is_said() {
        for (from, to, says) in [
            ("account: nanjing.courier", "account: nowhere", "which is not listed"),
            ("series: \"0102\"", "series: \"0101\"", "stands twice"),
            ("amount: \"80.00\"", "amount: \"much\"", "amount"),
            ("percent: 100", "percent: 0", "hundredths"),
        ] {
            assert!(LIST.contains(from), "{from}");
            let wrong = FeeList::parse(&LIST.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(wrong.contains(says), "{wrong}");
        }
    }

    #[test]
    fn a_reduction_favours_the_payer_and_never_takes_more_than_all() {
        let half =
            Reduction { id: "half".into(), name: Text::default(), basis: Text::default(), percent: 50 };
        assert_eq!(half.of(Money::fen(101)), Money::fen(51));
        assert_eq!(Reduction { percent: 100, ..half }.of(Money::fen(i64::MAX)), Money::fen(i64::MAX));
    }
}
