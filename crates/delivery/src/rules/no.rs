//! What is refused, and what to do instead.

use crate::model::Paper;
use kernel::{Refusal, RefusalKind};

fn conflict(code: &'static str, zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Conflict, code, zh, en)
}

pub(crate) fn invalid(
    code: &'static str,
    field: &str,
    zh: impl Into<String>,
    en: impl Into<String>,
) -> Refusal {
    let (zh, en) = (zh.into(), en.into());
    Refusal::new(RefusalKind::Invalid, code, zh.clone(), en.clone()).field(field, zh, en)
}

/// No parcel that whoever asks may see.
pub(crate) fn no_parcel() -> Refusal {
    Refusal::not_found()
}

pub(crate) fn packed() -> Refusal {
    conflict("delivery.packed", "这件快件已经封装。", "This parcel is packed already.")
        .next("要改送达方式，请与窗口联系。", "Ask the window if it has to go another way.")
}

pub(super) fn still_gathering() -> Refusal {
    conflict(
        "delivery.gathering",
        "这件事还有办件没有办完，一并寄送的材料没有齐。",
        "Cases of this matter still run: not everything that goes together is here.",
    )
    .next("等齐后再封装，或者写明理由先寄一部分。", "Wait, or say why a part goes first.")
}

pub(super) fn nothing_yet() -> Refusal {
    conflict("delivery.nothing", "还没有要寄送的纸质材料。", "There is nothing on paper to be handed over.")
        .next("结果出来后会通知您。", "You will be told when there is.")
}

pub(super) fn all_there() -> Refusal {
    conflict(
        "delivery.all-there",
        "材料已经齐了，不用分开寄。",
        "Everything is here: no part has to go first.",
    )
    .next("请直接封装。", "Pack it.")
}

pub(super) fn missing(papers: &[&Paper]) -> Refusal {
    let list = |name: fn(&Paper) -> String, between: &str| {
        papers.iter().map(|p| name(p)).collect::<Vec<_>>().join(between)
    };
    let zh = list(|p| format!("《{}》（{}）", p.title.zh, p.number), "、");
    let en = list(|p| format!("{} ({})", p.title.en, p.number), ", ");
    invalid("delivery.missing", "paper", format!("还缺：{zh}。"), format!("Missing: {en}."))
}

pub(super) fn not_of_this(numbers: &[&str]) -> Refusal {
    let all = numbers.join(", ");
    invalid(
        "delivery.not-of-this",
        "scan",
        format!("这些编号不属于这件快件，请取出：{all}。"),
        format!("These belong to another parcel, take them out: {all}."),
    )
}

pub(super) fn not_packed() -> Refusal {
    conflict("delivery.not-packed", "还没有封装。", "It is not packed yet.")
}

pub(super) fn not_by_courier() -> Refusal {
    conflict("delivery.not-by-courier", "由本人领取，不交寄。", "It is collected in person, not sent.")
}

pub(super) fn scanned_twice() -> Refusal {
    conflict("delivery.scanned-twice", "已经在这张清单上。", "It is on this list already.")
}

pub(super) fn on_another_list() -> Refusal {
    conflict("delivery.on-another-list", "已经在另一张清单上。", "It is on another list.")
}

pub(super) fn handed_over_before() -> Refusal {
    conflict("delivery.handed-over", "已经交寄。", "It was handed over before.")
}

pub(super) fn no_order() -> Refusal {
    Refusal::new(RefusalKind::NotFound, "delivery.no-order", "没有这个寄递单。", "There is no such order.")
}

pub(super) fn not_on_its_way() -> Refusal {
    conflict("delivery.not-on-its-way", "这件快件不在途中。", "This parcel is not on its way.")
        .next("请刷新页面查看进展。", "Load the page anew.")
}

pub(super) fn not_returned() -> Refusal {
    conflict("delivery.not-returned", "这件快件没有退回。", "This parcel did not come back.")
        .next("请刷新页面查看进展。", "Load the page anew.")
}

pub(super) fn sent_twice() -> Refusal {
    conflict("delivery.sent-twice", "已经寄过两次，不再寄送。", "It was sent twice and is not sent again.")
        .next("请转为窗口领取。", "Keep it to be collected.")
}

pub(crate) fn no_address() -> Refusal {
    invalid("delivery.no-address", "address", "请选择收件地址。", "Choose an address.")
}

pub(super) fn say_why(field: &str) -> Refusal {
    invalid("delivery.say-why", field, "请写明理由。", "Say why.")
}

pub(super) fn collected() -> Refusal {
    conflict("delivery.collected", "已经领取过。", "It was collected before.")
        .next("请核对领取记录。", "Look at who took it and when.")
}

pub(super) fn not_here() -> Refusal {
    conflict("delivery.not-here", "这件快件不在窗口。", "This parcel does not lie at the window.")
}

pub(super) fn see_identity() -> Refusal {
    invalid(
        "delivery.see-identity",
        "seen",
        "请先核验领取人的身份证件。",
        "See the identity document of whoever takes it first.",
    )
}

pub(super) fn who_took_it() -> Refusal {
    invalid("delivery.who-took-it", "name", "请填写领取人姓名。", "Write down who takes it.")
}

/// A code that opens nothing: unknown, used, or of another city.
pub(crate) fn no_code() -> Refusal {
    Refusal::new(RefusalKind::NotFound, "delivery.no-code", "没有这个取件码。", "There is no such code.")
        .field(
            "code",
            "没有可领取的快件，请核对8位取件码。",
            "Nothing waits under this code; compare the 8 digits.",
        )
}
