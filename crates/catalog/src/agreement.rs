//! Agreements by which a hall of one place accepts what an agency of another decides (跨域通办、就近代办; modes of 国办发〔2020〕35号, recalled):
//! data beside the packs, `agreements.yaml`. Without one nothing is accepted for another place.

use jiff::civil::Date;
use kernel::{AgencyCode, Fault, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// How a place serves for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Across {
    /// 全程网办: the hall helps to file on line; no paper travels.
    Online,
    /// 异地代收代办: the hall accepts for the agency there; originals travel to it.
    Agent,
    /// 多地联办: both places take steps of it. The hall compares the originals with what is handed in and sees who stands there, the
    /// agency relies on that, and the originals stay with the applicant.
    Joint,
}

impl Across {
    /// Whether originals travel.
    pub fn sends_papers(self) -> bool {
        self == Self::Agent
    }

    /// Whether the window that accepts compares the originals, and says so when it files.
    pub fn compares(self) -> bool {
        self == Self::Joint
    }
}

/// Whether one division lies in the other (GB/T 2260: what ends in zeros holds what begins alike); what is not known divides nobody.
pub fn same_place(a: &str, b: &str) -> bool {
    let (a, b) = (significant(a), significant(b));
    a.starts_with(b) || b.starts_with(a)
}

/// A division's code without the pairs of noughts that mean all below it.
pub fn significant(division: &str) -> &str {
    let mut whole = division;
    while let Some(shorter) = whole.strip_suffix("00").filter(|p| p.len() % 2 == 0) {
        whole = shorter;
    }
    whole
}

/// One agreement.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Its id; what was accepted under it names it.
    pub id: String,
    /// What it is called.
    pub name: Text,
    /// How.
    pub mode: Across,
    /// Whose windows accept, with their parts.
    pub takes: AgencyCode,
    /// Whose items, with their parts.
    pub decides: AgencyCode,
    /// Which of them, by key; `*` is all.
    pub items: Vec<String>,
    /// On what it rests.
    pub basis: Text,
    /// The first day.
    #[serde(default)]
    pub since: Option<Date>,
    /// The last day.
    #[serde(default)]
    pub until: Option<Date>,
}

impl Agreement {
    /// Whether these windows accept under it on that day.
    pub fn binds(&self, takes: &AgencyCode, on: Date) -> bool {
        self.runs(on) && self.takes.contains(takes)
    }

    /// Whether it holds on that day.
    pub fn runs(&self, on: Date) -> bool {
        self.since.is_none_or(|day| day <= on) && self.until.is_none_or(|day| on <= day)
    }

    /// Whether this item of this agency is among what it names.
    pub fn names(&self, item: &str, decides: &AgencyCode) -> bool {
        self.decides.contains(decides) && self.items.iter().any(|key| key == "*" || key == item)
    }
}

/// All agreements of a platform.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agreements(Vec<Agreement>);

impl Agreements {
    /// Reads them (YAML; `packs/agreements.yaml` is one).
    ///
    /// # Errors
    /// A [`Fault`] that says which line cannot be read, or which agreement makes no sense.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let doing = || "reading the agreements with other places";
        let all: Vec<Agreement> = serde_saphyr::from_str(text).map_err(|e| Fault::from(doing(), e))?;
        let mut ids = BTreeSet::new();
        for one in &all {
            let wrong = |what: &str| Fault::new(format!("{}: {}: {what}", doing(), one.id));
            if !ids.insert(one.id.as_str()) {
                return Err(wrong("it is there twice"));
            }
            if one.items.is_empty() {
                return Err(wrong("it names no item"));
            }
            if one.takes.contains(&one.decides) || one.decides.contains(&one.takes) {
                return Err(wrong("nobody accepts for themselves"));
            }
            if one.until.zip(one.since).is_some_and(|(until, since)| until < since) {
                return Err(wrong("it ends before it begins"));
            }
        }
        Ok(Self(all))
    }

    /// The agreement under which these windows accept this item of this agency on that day.
    pub fn find(&self, takes: &AgencyCode, item: &str, decides: &AgencyCode, on: Date) -> Option<&Agreement> {
        self.0.iter().find(|one| one.binds(takes, on) && one.names(item, decides))
    }

    /// What these windows accept for other places on that day.
    pub fn of(&self, takes: &AgencyCode, on: Date) -> impl Iterator<Item = &Agreement> {
        self.0.iter().filter(move |one| one.binds(takes, on))
    }

    /// Under which of them this item of this agency is accepted in other places on that day.
    pub fn naming(&self, item: &str, decides: &AgencyCode, on: Date) -> impl Iterator<Item = &Agreement> {
        self.0.iter().filter(move |one| one.runs(on) && one.names(item, decides))
    }

    /// One of them by its id.
    pub fn get(&self, id: &str) -> Option<&Agreement> {
        self.0.iter().find(|one| one.id == id)
    }
}

static AGREEMENTS: OnceLock<Arc<Agreements>> = OnceLock::new();

/// Sets the platform's agreements; the first call counts, later ones change nothing.
pub fn agree(agreements: Agreements) {
    let _ = AGREEMENTS.set(Arc::new(agreements));
}

/// The platform's agreements.
pub fn agreements() -> Arc<Agreements> {
    AGREEMENTS.get().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const LIST: &str = include_str!("../../../packs/agreements.yaml");

    #[test]
    fn what_is_agreed_holds_for_its_items_and_days_only() {
        let list = Agreements::parse(LIST).unwrap();
        let code = |text: &str| AgencyCode::parse(text).unwrap();
        let (here, there) = (code("chancheng.gov.hall"), code("nanjing.housing"));
        let tax = code("nanjing.tax");
        let on = |day| list.find(&here, "home-purchase-proof", &there, day).map(|a| a.mode);
        assert_eq!(on(date(2026, 11, 23)), Some(Across::Agent));
        assert_eq!(on(date(2020, 1, 1)), None, "before it began");
        let day = date(2026, 11, 23);
        assert!(list.find(&here, "house-trade", &there, day).is_none(), "not among the items");
        assert!(list.find(&there, "home-purchase-proof", &here, day).is_none(), "not the other way round");
        let (of, naming) = (list.of(&here, day).count(), list.naming("house-tax", &tax, day));
        assert_eq!((of, naming.map(|a| a.mode.compares()).collect::<Vec<_>>()), (2, vec![true]));
    }

    #[test]
    fn a_city_and_its_districts_are_one_place() {
        for (a, b) in [
            ("320100", "320100"),
            ("320100", "320104"),
            ("440604", "440604012"),
            ("320000", "320104"),
            ("", "320100"),
        ] {
            assert!(same_place(a, b) && same_place(b, a), "{a} {b}");
        }
        for (a, b) in [
            ("440604100", "440604101"),
            ("320100", "440604"),
            ("320102", "320104"),
            ("440604010", "440604011"),
        ] {
            assert!(!same_place(a, b) && !same_place(b, a), "{a} {b}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let with = |takes: &str, items: &str, days: &str| {
            let text = format!(
                "- {{id: a, name: {{zh-CN: x, en: x}}, mode: agent, takes: {takes}, decides: nanjing.tax, items: [{items}], basis: {{zh-CN: x, en: x}}{days}}}"
            );
            Agreements::parse(&text).map_err(|e| e.to_string())
        };
        assert!(with("foshan.gov", "x", "").is_ok());
        assert!(with("nanjing.tax", "x", "").unwrap_err().contains("themselves"));
        assert!(with("foshan.gov", "", "").unwrap_err().contains("no item"));
        let days = ", since: \"2027-01-01\", until: \"2026-01-01\"";
        assert!(with("foshan.gov", "x", days).unwrap_err().contains("before"));
    }
}
