//! What a parcel costs: a published tariff by zone (`packs/courier-tariff.yaml`), and who pays.

use ::store::words;
use kernel::{Fault, Money, Text};
use serde::Deserialize;

words! {
    /// How far a parcel goes.
    pub enum Zone {
        /// Within the city that packed it.
        City = "city",
        /// Within its province.
        Province = "province",
        /// Elsewhere.
        Elsewhere = "elsewhere",
    }
}

words! {
    /// Who pays for it.
    pub enum Payer {
        /// Whoever gets it.
        Recipient = "recipient",
        /// The office: the recipient is not billed.
        Office = "office",
    }
}

/// The price of a zone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Which.
    pub zone: Zone,
    /// Its code in the list of fees.
    pub fee: String,
    /// How much, in yuan.
    pub amount: String,
}

/// The tariff.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    /// What it is called.
    pub name: Text,
    /// Who pays.
    pub payer: Payer,
    /// A price for each zone.
    pub prices: Vec<Price>,
}

/// What one parcel costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// How far it goes.
    pub zone: Zone,
    /// Its code in the list of fees.
    pub fee: String,
    /// How much.
    pub amount: Money,
    /// Who pays.
    pub payer: Payer,
}

impl Tariff {
    /// A tariff from its text.
    ///
    /// # Errors
    /// A [`Fault`] that says what is wrong: a zone without a price, an amount that is none.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let doing = "reading the courier's tariff";
        let tariff: Self = serde_saphyr::from_str(text).map_err(|e| Fault::from(doing, e))?;
        for zone in Zone::ALL {
            let price = tariff.prices.iter().find(|p| p.zone == *zone);
            let price = price.ok_or_else(|| Fault::new(format!("{doing}: no price for {zone}")))?;
            if price.amount.parse::<Money>().is_err() {
                return Err(Fault::new(format!("{doing}: {} is no amount", price.amount)));
            }
        }
        Ok(tariff)
    }

    /// Where there is none: nothing is asked for.
    pub fn free() -> Self {
        Self { name: Text::default(), payer: Payer::Office, prices: Vec::new() }
    }

    /// What a parcel costs from one division to another.
    pub fn cost(&self, from: &str, to: &str) -> Option<Cost> {
        let zone = zone(from, to);
        let price = self.prices.iter().find(|p| p.zone == zone)?;
        let amount = price.amount.parse().ok()?;
        Some(Cost { zone, fee: price.fee.clone(), amount, payer: self.payer })
    }
}

/// How far it is: the codes go in pairs, province before city.
pub fn zone(from: &str, to: &str) -> Zone {
    let same = |digits: usize| from.get(..digits).is_some_and(|start| to.get(..digits) == Some(start));
    match (same(4), same(2)) {
        (true, _) => Zone::City,
        (_, true) => Zone::Province,
        _ => Zone::Elsewhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parcel_costs_what_the_published_tariff_says() {
        let tariff = Tariff::parse(include_str!("../../../packs/courier-tariff.yaml")).unwrap();
        let fee = |to: &str| tariff.cost("320100", to).map(|c| (c.zone, c.fee)).unwrap();
        assert_eq!(fee("320104"), (Zone::City, "courier-city".to_owned()));
        assert_eq!(fee("320500"), (Zone::Province, "courier-parcel".to_owned()));
        assert_eq!(fee("440604010"), (Zone::Elsewhere, "courier-far".to_owned()));
        assert_eq!(Tariff::free().cost("320100", "320104"), None);
        assert!(Tariff::parse("name: {zh-CN: a, en: b}\npayer: recipient\nprices: []").is_err());
    }
}
