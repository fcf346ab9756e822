//! The refusals of what comes after the decision: service, renewal.

use crate::model::{Case, HaltCause};
use jiff::civil::Date;
use kernel::{Refusal, RefusalKind, Text};

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

fn refusal(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
    Refusal::new(RefusalKind::Conflict, code, zh.into(), en.into())
}

/// Only what is paid is looked at again, and ends.
pub(in crate::rules) fn pays_nothing() -> Refusal {
    refusal(
        "cases.pays-nothing",
        "该事项不是给付事项，没有复核和停发。",
        "Nothing is paid here, so nothing is reviewed or stopped.",
    )
    .next("如需收回准予决定，请使用“撤销”。", "To take back a grant, use \u{201c}revoke\u{201d}.")
}

/// It has ended already.
pub(in crate::rules) fn stopped_before() -> Refusal {
    refusal("cases.stopped-before", "该待遇已经停发。", "This benefit has been stopped already.").next(
        "需要恢复的，请当事人重新申请，或按救济结果办理。",
        "To begin again, the person applies anew, or a remedy says so.",
    )
}

/// No amount was granted, so none can be changed.
pub(in crate::rules) fn sets_no_amount() -> Refusal {
    refusal(
        "cases.no-amount",
        "该决定没有核定金额，不能调整。",
        "The decision sets no amount that could change.",
    )
    .field("amount", "请留空。", "Leave it empty.")
}

/// The party cannot act at present.
pub(in crate::rules) fn halted(cause: HaltCause) -> Refusal {
    let name = cause.name();
    refusal(
        "cases.party-halted",
        format!("{}，以该当事人名义的办理已经中止。", name.zh),
        format!("Nothing is done in the name of this party: {}.", name.en),
    )
    .next(
        "请由继承人、监护人等持证明到窗口办理。",
        "An heir, a guardian or the like comes to a window with the proof.",
    )
}

/// It is written down already.
pub(in crate::rules) fn halted_before(name: &str) -> Refusal {
    refusal(
        "cases.halted-before",
        format!("“{name}”的中止已经登记。"),
        format!("That \u{201c}{name}\u{201d} cannot act is written down already."),
    )
    .next("请登记由谁承受，或者终止办理。", "Record who takes the place, or end the case.")
}

/// Persons die, organisations end.
pub(in crate::rules) fn not_of_this_kind() -> Refusal {
    refusal(
        "cases.wrong-halt",
        "中止原因与当事人不符：自然人没有“终止”，单位没有“死亡”。",
        "A person is not dissolved, and an organisation does not die.",
    )
    .field("cause", "请重新选择原因。", "Choose another cause.")
}

/// Nobody is halted.
pub(in crate::rules) fn not_halted() -> Refusal {
    refusal("cases.not-halted", "该当事人没有中止。", "This party is not halted.")
        .next("请刷新页面。", "Reload the page.")
}

/// Whoever takes the place is in the case already.
pub(in crate::rules) fn party_already(name: &str) -> Refusal {
    refusal(
        "cases.party-already",
        format!("“{name}”已经是本办件的当事人。"),
        format!("\u{201c}{name}\u{201d} is a party to this case already."),
    )
    .next("请终止办理，由其单独重新申请。", "End the case; they apply anew alone.")
}

/// Not an applicant.
pub(in crate::rules) fn applicants_withdraw() -> Refusal {
    refusal(
        "cases.applicants-withdraw",
        "撤回由申请人提出，您不是本办件的申请人。",
        "Only those who applied take it back.",
    )
    .next("如有异议，请给承办单位留言。", "Write to the body that handles it.")
}

/// Said already.
pub(in crate::rules) fn withdrawal_sought() -> Refusal {
    refusal(
        "cases.withdrawal-sought",
        "您已经提出撤回，还需其他申请人同意。",
        "You have asked to take it back; the others have to agree.",
    )
    .next(
        "请联系其他申请人到办件页面点“撤回”。",
        "Ask them to press \u{201c}withdraw\u{201d} on the page of the case.",
    )
}

/// A certificate fell on which the case relies.
pub(in crate::rules) fn fell(name: &Text) -> Text {
    Text::new(
        format!("申请人使用的“{}”已经失去效力。", name.zh),
        format!("“{}”, on which the application relies, is no longer in force.", name.en),
    )
}

/// Nothing is granted on it without a reason.
pub(in crate::rules) fn relied_fell(why: &Text) -> Refusal {
    refusal("cases.relied-fell", why.zh.clone(), why.en.clone())
        .field("reason", "仍要通过的，请写明理由。", "To approve all the same, say why.")
        .next(
            "可以要求补正或不予通过；仍要通过的，请写明理由。",
            "Ask for a supplement or refuse; to approve all the same, say why.",
        )
}

/// The same, where it fell this moment and the page could not say so yet.
pub(crate) fn relied_fell_at_once(name: &Text) -> Refusal {
    relied_fell(&fell(name))
}

/// Said already.
pub(in crate::rules) fn paper_already() -> Refusal {
    refusal("cases.paper-already", "已经改用纸质送达。", "You are served on paper already.")
        .next("请刷新页面。", "Reload the page.")
}
