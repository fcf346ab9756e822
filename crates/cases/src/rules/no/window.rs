//! The refusals of a word that is given at a window.

use kernel::{Refusal, RefusalKind};

pub(in crate::rules) fn no_such_party() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.no-such-party",
        "这个办件里没有这样的当事人。",
        "Nobody takes part in this case in that role.",
    )
    .field("role", "请从本办件的当事人中选择。", "Choose one of the parties of this case.")
}

pub(in crate::rules) fn firm_at_window() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.firm-at-window",
        "这位当事人是单位，须由其法定代表人或者经办人登录后确认。",
        "This party is an organisation; its legal representative or its agent signs in and confirms.",
    )
    .field("role", "请选择到场的自然人。", "Choose the natural person who stands there.")
}

/// Whoever knows no number learns none: a number of nobody and one of somebody else are answered alike.
pub(in crate::rules) fn not_their_number() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.not-their-number",
        "证件号码与这位当事人不符，不能记录确认。",
        "The number of the document is not this party's; their word cannot be recorded.",
    )
    .field(
        "citizen_id",
        "请对照到场人的身份证重新输入；不是本人的，不能代为确认。",
        "Type it anew from the card of whoever stands there; nobody confirms for somebody else.",
    )
}

pub(in crate::rules) fn confirmed_before() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.confirmed-before",
        "这位当事人已经确认过，不用再记录。",
        "This party has confirmed already; nothing is to be recorded.",
    )
    .next("请刷新页面，查看最新进度。", "Reload the page to see where it stands.")
}

pub(in crate::rules) fn ground_unsaid() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.window-ground-missing",
        "请写明当事人为什么在窗口确认。",
        "Say why the party confirms at a window.",
    )
    .field(
        "ground",
        "例如：本人没有智能手机。当事人会看到。",
        "Such as: has no smartphone. The party reads it.",
    )
}

pub(in crate::rules) fn nothing_signed() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.nothing-signed",
        "当事人在窗口确认，须有其签字的确认书。",
        "A word given at a window needs the paper that the party signed.",
    )
    .field(
        "paper",
        "请上传签字的确认书，或者写明它的存放编号。",
        "Upload the signed paper, or write the number under which it is kept.",
    )
}
