//! What is refused, and what to do instead.

use kernel::{Money, Refusal, RefusalKind};

fn conflict(code: &'static str, zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Conflict, code, zh, en)
}

fn invalid(code: &'static str, field: &str, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
    let (zh, en) = (zh.into(), en.into());
    Refusal::new(RefusalKind::Invalid, code, zh.clone(), en.clone()).field(field, zh, en)
}

pub(super) fn settled() -> Refusal {
    conflict("payment.settled", "这里已经没有要缴的费用。", "Nothing is to be paid here any more.")
        .next("请查看收据。", "Look at the receipts.")
}

pub(super) fn cancelled() -> Refusal {
    conflict("payment.cancelled", "这张缴款单已经取消。", "This bill was called off.")
        .next("无需缴款。", "Nothing is to be paid.")
}

pub(super) fn underway() -> Refusal {
    conflict(
        "payment.underway",
        "有一笔缴款正在进行，结果还不知道。",
        "A payment is under way and its outcome is not known yet.",
    )
    .next(
        "请先查询结果；确定没有缴成后才能重新缴款，以免重复扣款。",
        "Ask for its outcome first; only when it is certain that it was not paid can one pay again, so that nothing is paid twice.",
    )
}

pub(super) fn no_trade() -> Refusal {
    Refusal::new(RefusalKind::NotFound, "payment.no-trade", "没有这笔缴款。", "There is no such payment.")
}

pub(crate) fn amount_differs() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "payment.amount-differs",
        "金额与我方记录不一致。",
        "The amount is not the one we have.",
    )
    .next("已记入差异，由财务人员核对。", "It is noted as a difference; finance looks at it.")
}

pub(super) fn no_means() -> Refusal {
    invalid("payment.no-means", "means", "请选择现金或刷卡。", "Choose cash or card.")
}

pub(super) fn not_the_amount(owed: Money) -> Refusal {
    invalid(
        "payment.not-the-amount",
        "amount",
        format!("应收{owed}，请核对。"),
        format!("It comes to {owed}; please compare."),
    )
}

/// Something was raised, corrected or paid since the page was shown: nobody pays another amount than they have seen.
pub(super) fn changed(owed: Money) -> Refusal {
    conflict(
        "payment.changed",
        &format!("应缴金额刚刚变成了{owed}，还没有付款。"),
        &format!("What is to be paid has just become {owed}; nothing was paid."),
    )
    .next("请核对以下明细，再次点击缴款。", "Compare what stands below, and pay once more.")
}

pub(super) fn no_order() -> Refusal {
    Refusal::new(
        RefusalKind::NotFound,
        "payment.no-order",
        "缴款单上没有这一项。",
        "The bill has no such line.",
    )
}

pub(super) fn no_evidence() -> Refusal {
    invalid("payment.no-evidence", "evidence", "请写明凭什么减免。", "Say what was shown for it.")
}

pub(super) fn granted_before() -> Refusal {
    conflict("payment.granted-before", "这项减免已经给过。", "This reduction was granted before.")
}

pub(super) fn no_reduction() -> Refusal {
    invalid(
        "payment.no-reduction",
        "reduction",
        "收费目录没有为这一项规定这种减免。",
        "The list of fees knows no such reduction for this line.",
    )
}

pub(super) fn too_much(left: Money) -> Refusal {
    invalid(
        "payment.too-much",
        "amount",
        format!("最多可退{left}。"),
        format!("At most {left} can be given back."),
    )
}

pub(super) fn no_reason() -> Refusal {
    invalid("payment.no-reason", "reason", "请写明理由。", "Say why.")
}

pub(super) fn no_refund() -> Refusal {
    Refusal::new(RefusalKind::NotFound, "payment.no-refund", "没有这笔退付。", "There is no such refund.")
}

pub(super) fn refund_moved_on() -> Refusal {
    conflict("payment.refund-moved-on", "这笔退付已经有人处理。", "Somebody has dealt with this refund.")
        .next("请刷新页面。", "Load the page anew.")
}

pub(super) fn second_person() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "payment.second-person",
        "退付和大额减免由申请人以外的第二人审批。",
        "Refunds and large reductions are decided by a second person, not by whoever asked.",
    )
}

pub(super) fn reduction_moved_on() -> Refusal {
    conflict(
        "payment.reduction-moved-on",
        "这项减免已经有人处理，或者不再需要。",
        "Somebody has dealt with this reduction, or it is needed no more.",
    )
    .next("请刷新页面。", "Load the page anew.")
}

/// Whoever has money without a ground gives it back (民法典第九百八十五条).
pub(super) fn excess_goes_back() -> Refusal {
    conflict(
        "payment.excess-goes-back",
        "这笔钱是缴款人多缴的，不能不退。",
        "This money was paid in excess and belongs to the payer: giving it back cannot be refused.",
    )
    .next("请核对渠道流水后同意退付。", "Compare it with the gateway's statement and agree to it.")
}

pub(super) fn by_gateway() -> Refusal {
    conflict(
        "payment.by-gateway",
        "这笔钱从缴款渠道原路退回，不在窗口支付。",
        "This goes back the way it came, not over the counter.",
    )
}

/// No bill that whoever asks may see.
pub(crate) fn no_bill() -> Refusal {
    Refusal::not_found()
}

/// Nobody takes money on line here.
pub(crate) fn no_gateway() -> Refusal {
    conflict("payment.no-gateway", "本平台还没有开通网上缴款。", "Nobody takes money on line here yet.")
        .next("请凭缴款识别码到窗口缴纳。", "Pay at a window by the payment number.")
}

/// What is not in the published list may not be taken (价格法第八条、收费目录清单).
pub(crate) fn not_listed(fee: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "payment.not-listed",
        format!("收费目录中没有“{fee}”，或者标准不一致，不得收取。"),
        format!("“{fee}” is not in the published list of fees, or not at this rate: it may not be taken."),
    )
    .next("请先核对事项的收费代码与收费目录。", "Compare the item's fee code with the list.")
}
