//! The refusals of the rules: each with what is wrong and what the person can do now.

mod hearing;
mod later;
mod special;
mod window;

pub(in crate::rules) use hearing::*;
pub(crate) use later::relied_fell_at_once;
pub(in crate::rules) use later::*;
pub(in crate::rules) use special::*;
pub(in crate::rules) use window::*;

use crate::model::CaseState;
use kernel::{Refusal, RefusalKind};

/// `what` cannot be done in this state.
pub(in crate::rules) fn wrong_state(state: &CaseState, code: &'static str, zh: &str, en: &str) -> Refusal {
    let name = state.name();
    let refusal = Refusal::new(
        RefusalKind::Conflict,
        code,
        format!("该办件当前状态为“{}”，不能{zh}。", name.zh),
        format!("The case is in the state “{}”; it cannot be {en}.", name.en),
    );
    if state.ended() {
        refusal.next(
            "办件已经结束；如有异议，请按决定书载明的途径提出。",
            "The case has ended; the decision says what can be done against it.",
        )
    } else {
        refusal.next("请刷新页面，查看最新进度。", "Reload the page to see where it stands.")
    }
}

pub(in crate::rules) fn already_filed() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.already-filed",
        "该申请已经提交过。",
        "This application was already handed in.",
    )
    .next("请在“我的办件”中查看进度。", "See its progress under “My cases”.")
}

pub(in crate::rules) fn not_filed() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.not-filed",
        "该申请尚未提交。",
        "This application has not been handed in yet.",
    )
    .next("请先填写并提交申请。", "Fill it in and hand it in first.")
}

pub(in crate::rules) fn nothing_awaited() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.nothing-awaited",
        "该办件没有在等这个关联事项的结果。",
        "The case does not wait for a result of that one.",
    )
    .next("请刷新页面，查看最新进度。", "Reload the page to see where it stands.")
}

pub(in crate::rules) fn reason_missing() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.reason-missing",
        "不予办理必须说明理由。",
        "A negative decision must give its reasons.",
    )
    .field("reason", "请写明理由，申请人会看到它。", "State the reasons; the applicant will read them.")
}

pub(in crate::rules) fn no_task() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.task-done",
        "这项待办已经办过，或者已被收回。",
        "This task was already done, or was called back.",
    )
    .next("请刷新页面，查看最新进度。", "Reload the page to see where it stands.")
}

pub(in crate::rules) fn supplement_once() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.supplement-once",
        "补正要求已经一次性告知过，不得再次要求补正。",
        "The applicant was already told once what to supply; nothing more may be demanded.",
    )
    .next("请按现有材料受理、决定或者不予受理。", "Accept, decide or do not accept on what is there.")
}

pub(in crate::rules) fn supplement_too_late() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.supplement-after-acceptance",
        "许可申请受理后不得再要求补正（行政许可法第三十二条）。",
        "After a licence application is accepted nothing more may be demanded (Administrative Licensing Law, article 32).",
    )
    .next("请按现有材料作出决定。", "Decide on what is there.")
}

pub(in crate::rules) fn supplement_empty() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.supplement-empty",
        "补正告知必须一次列明全部需要补正的内容。",
        "The notice must name everything that is to be supplied, at once.",
    )
    .field(
        "fields",
        "请选择需要补正的栏目，并说明问题。",
        "Choose what must be supplied and say what is wrong.",
    )
}

pub(in crate::rules) fn supplement_unknown(field: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.supplement-unknown-field",
        format!("该事项的表单中没有“{field}”这一栏。"),
        format!("The form of this item has no field “{field}”."),
    )
    .field("fields", "请从表单的栏目中选择。", "Choose from the fields of the form.")
}

pub(in crate::rules) fn in_future() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.in-future",
        "发生时间不能晚于现在。",
        "The moment it happened cannot lie in the future.",
    )
    .field("occurred_at", "请核对日期和时间。", "Check the date and the time.")
}

pub(in crate::rules) fn late_needs_reason() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.late-needs-reason",
        "补录以前发生的事，须由窗口人员写明原因并附证明。",
        "What happened earlier is recorded by a clerk, with the reason and the evidence.",
    )
    .field(
        "occurred_at",
        "请不要填写发生时间，或到窗口办理补录。",
        "Leave the moment out, or have a clerk record it.",
    )
}

pub(in crate::rules) fn before_filing() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.before-filing",
        "发生时间不能早于收件时间。",
        "The moment it happened cannot lie before the application was received.",
    )
    .field("occurred_at", "请核对日期和时间。", "Check the date and the time.")
}

pub(in crate::rules) fn no_parties() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.no-parties",
        "申请至少要有一位当事人。",
        "An application needs at least one party.",
    )
    .field("parties", "请写明申请人。", "Say who applies.")
}

pub(in crate::rules) fn party_twice() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.party-twice",
        "同一当事人以同一身份出现了两次。",
        "The same party stands there twice in the same role.",
    )
    .field("parties", "请删去重复的一项。", "Remove one of the two.")
}

pub(in crate::rules) fn certificate_missing() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.certificate-missing",
        "准予的证照尚未制作，不能送达。",
        "What was granted has not been made yet, so it cannot be served.",
    )
    .next("请稍后再试。", "Try again in a moment.")
}
