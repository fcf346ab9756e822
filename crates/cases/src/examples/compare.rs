//! Compares what an example came to with what it expects: what it does not speak of may be anything.

use super::play::Got;
use catalog::Example;
use kernel::Money;
use std::collections::{BTreeMap, BTreeSet};

/// One line for each difference; the agencies are compared only where they are known.
pub(super) fn compare(example: &Example, got: &Got, placed: bool) -> Vec<String> {
    let want = &example.expect;
    let mut all = Differences(Vec::new());
    let state = got.state.clone().unwrap_or_else(|| "not filed".to_owned());
    if let Some(wanted) = &want.state {
        all.differ("state", wanted, &state);
    } else if !want.errors.is_empty() {
        all.differ("state", "not filed", &state);
    }
    if let Some(certificates) = want.certificates {
        all.differ("certificates", &certificates.to_string(), &got.certificates.to_string());
    }
    if let Some(asked) = want.asked {
        all.differ("asked", &asked.to_string(), &got.asked.to_string());
    }
    all.sets("errors", &want.errors, &got.errors.iter().cloned().collect());
    all.sets("reasons", &want.reasons, &got.reasons);
    all.sets("degraded", &want.degraded, &got.degraded);
    if !want.open.is_empty() {
        all.sets("open", &want.open, &got.open);
    }
    all.sets("unpaid", &want.unpaid, &got.unpaid);
    for (code, amount) in &want.owes {
        let is = got.owes.get(code);
        if is.is_none() || amount.parse::<Money>().ok().as_ref() != is {
            all.differ(
                &format!("owes.{code}"),
                amount,
                &is.map_or_else(|| "none".to_owned(), Money::to_string),
            );
        }
    }
    let dates = |terms: &BTreeMap<String, jiff::civil::Date>| -> BTreeMap<String, String> {
        terms.iter().map(|(name, date)| (name.clone(), date.to_string())).collect()
    };
    all.named("terms", &dates(&want.terms), &dates(&got.terms));
    all.named("bands", &want.bands, &got.bands);
    if placed {
        all.named("agencies", &want.agencies, &got.agencies);
    }
    if let Some(amount) = &want.amount {
        let same = amount.parse::<Money>().ok().is_some_and(|a| Some(a) == got.amount);
        let is = got.amount.map_or_else(|| "none".to_owned(), |a| a.to_string());
        if !same {
            all.differ("amount", amount, &is);
        }
    }
    let told: Vec<String> = got.notices.iter().map(word).collect();
    let mut rest = told.iter();
    if !want.notices.iter().all(|kind| rest.any(|told| told == kind)) {
        all.differ("notices", &want.notices.join(", "), &told.join(", "));
    }
    all.0
}

/// The kebab-case word of a kind of notice.
fn word(kind: &crate::model::NoticeKind) -> String {
    let value = serde_json::to_value(kind).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

struct Differences(Vec<String>);

impl Differences {
    fn differ(&mut self, what: &str, wanted: &str, is: &str) {
        if wanted != is {
            self.0.push(format!("{what}: expected {wanted}, came to {is}"));
        }
    }

    fn sets(&mut self, what: &str, wanted: &[String], is: &BTreeSet<String>) {
        let wanted: BTreeSet<String> = wanted.iter().cloned().collect();
        self.differ(what, &format!("{wanted:?}"), &format!("{is:?}"));
    }

    fn named(&mut self, what: &str, wanted: &BTreeMap<String, String>, is: &BTreeMap<String, String>) {
        for (name, wanted) in wanted {
            let is = is.get(name).map_or("none", String::as_str);
            self.differ(&format!("{what}.{name}"), wanted, is);
        }
    }
}
