//! The refusals of hearings (行政许可法第四十六至四十八条).

use jiff::civil::Date;
use kernel::{Refusal, RefusalKind};

pub(in crate::rules) fn hearing_first() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.hearing-first",
        "听证结束并形成笔录后自动恢复办理。",
        "It goes on by itself once the hearing is held and recorded.",
    )
    .next("请先登记听证笔录。", "Record the hearing first.")
}

pub(in crate::rules) fn no_hearing() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.no-hearing",
        "该类程序没有听证的规定。",
        "The law of this procedure knows no hearing.",
    )
    .next("请按一般程序办理。", "Go on in the ordinary way.")
}

pub(in crate::rules) fn hearing_once() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.hearing-once",
        "已经告知过听证权利。",
        "A hearing was offered already.",
    )
    .next("请查看听证进展。", "See how it stands.")
}

pub(in crate::rules) fn no_hearing_offer() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.no-hearing-offer",
        "目前没有可以申请的听证，或者申请期限已过。",
        "There is no hearing to ask for now, or the time for asking has passed.",
    )
    .next("请查看办理进度。", "See how the case stands.")
}

pub(in crate::rules) fn hearing_announced() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.hearing-announced",
        "听证的时间和地点已经通知，不必再申请；可以直接到场陈述意见。",
        "The hearing is announced already: there is nothing to ask for; come and speak there.",
    )
    .next("请查看听证通知上的时间和地点。", "See the notice for day and place.")
}

pub(in crate::rules) fn interested_unnamed() -> Refusal {
    let (zh, en) = ("请填写利害关系人的姓名或者名称。", "Write the name of whoever is concerned.");
    Refusal::new(RefusalKind::Invalid, "cases.interested-unnamed", zh, en).field("name", zh, en)
}

pub(in crate::rules) fn interested_twice(name: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.interested-twice",
        format!("已经把“{name}”列为利害关系人。"),
        format!("\u{201c}{name}\u{201d} is among those concerned already."),
    )
    .field("name", "请核对姓名。", "Check the name.")
}

pub(in crate::rules) fn no_such_interested() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.no-such-interested",
        "没有这一利害关系人，或者已经登记过送达。",
        "There is nobody of that name among those concerned, or the service on them is recorded already.",
    )
    .field("who", "请从名单中选择。", "Choose from the list.")
}

pub(in crate::rules) fn served_before_found() -> Refusal {
    let (zh, en) = ("送达日期不能早于告知书的日期。", "It cannot be served before the day of the notice.");
    Refusal::new(RefusalKind::Invalid, "cases.served-before-found", zh, en).field("served", zh, en)
}

pub(in crate::rules) fn no_hearing_asked() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.no-hearing-asked",
        "当事人尚未申请听证。",
        "Nobody has asked for a hearing.",
    )
    .next("请先等待当事人申请。", "Wait until somebody does.")
}

pub(in crate::rules) fn hearing_too_soon(date: Date) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.hearing-too-soon",
        format!("应当于举行听证的七个工作日前通知，最早可定于{date}。"),
        format!("It is announced seven working days before; the first day possible is {date}."),
    )
    .field("at", "请改期。", "Choose a later day.")
}

pub(in crate::rules) fn hearing_too_late(date: Date) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.hearing-too-late",
        format!("应当在二十个工作日内组织听证，最迟{date}。"),
        format!("It is held within twenty working days, on {date} at the latest."),
    )
    .field("at", "请改期。", "Choose an earlier day.")
}

pub(in crate::rules) fn hearing_not_held() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.hearing-not-held",
        "听证尚未举行。",
        "The hearing has not been held.",
    )
    .next("请在听证之后登记笔录。", "Record it after it was held.")
}

pub(in crate::rules) fn chair_examined() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.chair-examined",
        "听证主持人应当是审查该申请以外的人员（行政许可法第四十八条）。",
        "Whoever presides has not examined the case (Administrative Licensing Law, article 48).",
    )
    .field("chair", "请另选主持人。", "Choose somebody else.")
}
