//! The refusals of what comes after the decision: service, renewal.

use crate::model::Case;
use jiff::civil::Date;
use kernel::{Refusal, RefusalKind};

/// The decision has not reached everybody.
pub(in crate::rules) fn not_served_on_all(case: &Case) -> Refusal {
    let names: Vec<&str> =
        case.unserved().filter(|(i, _)| i.kind.decides()).map(|(_, p)| p.name.as_str()).collect();
    let names = names.join("、");
    Refusal::new(
        RefusalKind::Conflict,
        "cases.not-served-on-all",
        format!("决定还没有送达：{names}。"),
        format!("The decision has not been served on {names}."),
    )
    .next("请先向其送达并填写送达情况。", "Serve it on them and record how.")
}

/// What has ended cannot be prolonged.
pub(in crate::rules) fn renewal_ended(expired: Date) -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.renewal-ended",
        format!("证照的有效期已于{expired}届满，不能延续。"),
        format!("The certificate ended on {expired} and cannot be renewed."),
    )
    .next("请按新申请办理。", "Please apply for a new one.")
}
