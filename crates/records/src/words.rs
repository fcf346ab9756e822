//! The acts of a case by their stable words, with names for people and whether the applicant does them.

use kernel::Text;

/// An act that is no step of an item.
struct Act(&'static str, &'static str, &'static str, bool);

const ACTS: &[Act] = &[
    Act("filed", "收件", "Filed", true),
    Act("accepted", "受理", "Accepted", false),
    Act("not_accepted", "不予受理", "Not accepted", false),
    Act("returned", "退件", "Returned", false),
    Act("supplement_asked", "补正告知", "Supplement asked for", false),
    Act("supplemented", "补正", "Supplemented", true),
    Act("suspended", "特别程序", "Suspended", false),
    Act("resumed", "恢复办理", "Resumed", false),
    Act("extended", "延期", "Extended", false),
    Act("hearing_offered", "听证告知", "Hearing offered", false),
    Act("hearing_requested", "申请听证", "Hearing requested", true),
    Act("hearing_waived", "放弃听证", "Hearing waived", true),
    Act("interested_found", "利害关系人告知", "Somebody concerned told", false),
    Act("hearing_told", "听证告知送达", "Told of a hearing", false),
    Act("hearing_asked", "要求听证", "One asks for a hearing", true),
    Act("hearing_forgone", "一方放弃听证", "One gives a hearing up", true),
    Act("hearing_set", "听证通知", "Hearing set", false),
    Act("hearing_held", "听证", "Hearing held", false),
    Act("task_claimed", "签收", "Task claimed", false),
    Act("task_released", "退回待办", "Task released", false),
    Act("task_handed_over", "转办", "Task handed over", false),
    Act("step_recalled", "取回", "Step recalled", false),
    Act("sent_back", "退回上一环节", "Sent back", false),
    Act("visited", "现场核查", "Visited", false),
    Act("party_confirmed", "当事人确认", "Party confirmed", true),
    Act("all_confirmed", "共同申请齐全", "All parties have applied", true),
    Act("promise_kept", "容缺材料补交", "Promise kept", true),
    Act("promise_broken", "容缺材料逾期", "Promise broken", false),
    Act("declaration_checked", "承诺核查", "Declaration checked", false),
    Act("disputed", "对数据提出异议", "Disputed", true),
    Act("dispute_settled", "异议处理", "Dispute settled", false),
    Act("paper_seen", "验原件", "Original seen", false),
    Act("objected", "公示异议", "Objected", false),
    Act("person_wanted", "要求人工办理", "Person wanted", true),
    Act("term_passed", "期限届满", "Term passed", false),
    Act("lapsed", "终止办理", "Lapsed", false),
    Act("forwarded", "转报", "Forwarded", false),
    Act("voided", "作废", "Voided", false),
    Act("revoked", "撤销", "Revoked", false),
    Act("seat_recalled", "取回会签意见", "Opinion called back", false),
    Act("taken_back", "收回专线任务", "Taken back from a line system", false),
    Act("hearing_ordered", "决定公开听证", "Public hearing ordered", false),
    Act("reviewed", "定期核查", "Reviewed", false),
    Act("stopped", "停止发放", "Stopped", false),
    Act("party_halted", "当事人中止", "Party halted", false),
    Act("halt_ended", "中止了结", "Halt settled", false),
    Act("withdrawal_sought", "提出撤回", "Withdrawal sought", true),
    Act("paper_wanted", "改用纸质送达", "Paper service asked for", true),
    Act("fees_billed", "开具缴款单", "Bill raised", false),
    Act("fees_settled", "费用缴清", "Fees settled", false),
    Act("relied_changed", "所用证照状态变化", "A certificate relied on changed", false),
    Act("served", "送达回证", "Served", false),
    Act("remedy_opened", "复议或诉讼", "Remedy opened", true),
    Act("remedy_ended", "复议或诉讼结案", "Remedy ended", false),
    Act("reopened", "重新办理", "Reopened", false),
    Act("deemed_renewed", "视为准予延续", "Counts as renewed", false),
    Act("sent_up", "初审上报", "Sent up", false),
    Act("decided", "决定", "Decided", false),
    Act("certified", "制证", "Certificate made", false),
    Act("delivered", "送达", "Delivered", false),
    Act("closed", "办结", "Closed", false),
    Act("withdrawn", "撤回", "Withdrawn", true),
];

/// What is written down about a case and is no act of anybody: it does not leave.
const NO_ACTS: &[&str] = &[
    "facts_seen",
    "step_held",
    "step_skipped",
    "recorded_late",
    "said_at_window",
    "notice_issued",
    "moved_on",
];

/// The words of all acts.
pub(crate) fn words() -> &'static [&'static str] {
    static WORDS: std::sync::LazyLock<Vec<&'static str>> =
        std::sync::LazyLock::new(|| ACTS.iter().map(|a| a.0).collect());
    &WORDS
}

/// The act's name for people.
pub(crate) fn name(word: &str) -> Text {
    ACTS.iter().find(|a| a.0 == word).map_or_else(|| Text::same(word), |a| Text::new(a.1, a.2))
}

/// Whether it is an act at all.
pub(crate) fn is_act(word: &str) -> bool {
    !NO_ACTS.contains(&word)
}

/// Whether the applicant does it.
pub(crate) fn by_applicant(word: &str) -> bool {
    ACTS.iter().any(|a| a.0 == word && a.3)
}
