//! Discretion as data (裁量基准): which band of a step's standard applies, and whether a choice keeps to it.

use super::{Choice, env, no};
use crate::model::{Case, Discretion};
use catalog::{Band, BandOutcome};
use kernel::{Money, Refusal, Text, Timestamp};

/// The band that applies, for whoever examines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandShown {
    /// Its id.
    pub id: String,
    /// Whether it comes to a grant.
    pub pass: bool,
    /// Between which amounts, in yuan.
    pub amount: Option<(String, String)>,
    /// In words.
    pub say: Text,
    /// When it applies, as written.
    pub when: String,
    /// Where the standard is laid down.
    pub basis: Text,
}

/// The band of the step's standard that applies to this case; `Err` names the facts without which it cannot be told.
///
/// # Errors
/// The paths that are missing.
pub fn band(case: &Case, spec: &catalog::Step, at: Timestamp) -> Result<Option<BandShown>, Vec<String>> {
    let Some(standard) = &spec.standard else { return Ok(None) };
    let show = |band: &Band| BandShown {
        id: band.id.clone(),
        pass: band.outcome == BandOutcome::Pass,
        amount: band.amount.as_ref().map(|a| (a.min.clone(), a.max.clone())),
        say: band.say.clone(),
        when: band.when.source.clone(),
        basis: standard.basis.clone(),
    };
    Ok(standard.band(&env::facts_of(case, at))?.map(show))
}

/// What is written down of a choice; keeping away from the band that applies needs a reason (行政处罚法, 优化营商环境条例:
/// discretion follows published standards).
pub(super) fn used(
    case: &Case,
    spec: Option<&catalog::Step>,
    pass: bool,
    choice: &Choice,
    at: Timestamp,
) -> Result<Discretion, Refusal> {
    let said = choice.deviation.as_deref().map(str::trim).filter(|d| !d.is_empty()).map(str::to_owned);
    let amount = choice.amount.filter(|_| pass);
    // Facts that are missing leave it to the examiner: the standard cannot be put to them.
    let band = spec.and_then(|spec| band(case, spec, at).ok().flatten());
    let Some(band) = band else { return Ok(Discretion { band: None, deviation: None, amount }) };
    let keeps = band.pass == pass && within(&band, pass, amount)?;
    match (keeps, said) {
        (true, _) => Ok(Discretion { band: Some(band.id), deviation: None, amount }),
        (false, Some(why)) => Ok(Discretion { band: Some(band.id), deviation: Some(why), amount }),
        (false, None) => Err(no::deviation_unsaid(&band.say)),
    }
}

fn within(band: &BandShown, pass: bool, amount: Option<Money>) -> Result<bool, Refusal> {
    let (Some((min, max)), true) = (&band.amount, pass && band.pass) else { return Ok(true) };
    let amount = amount.ok_or_else(|| no::amount_missing(min, max))?;
    let bound = |text: &str| text.parse::<Money>().ok();
    Ok(bound(min).is_none_or(|min| amount >= min) && bound(max).is_none_or(|max| amount <= max))
}
