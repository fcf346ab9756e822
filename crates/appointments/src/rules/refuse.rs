//! The room's considered refusals, each with what to do next.

use crate::model::Slot;
use crate::settings::Settings;
use crate::store::AppointmentRow;
use kernel::{Lang, Refusal, RefusalKind, Timestamp};
use page::format;

fn conflict(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
    Refusal::new(RefusalKind::Conflict, code, zh, en)
}

/// Something is wrong in the field `name`.
pub(crate) fn field(code: &'static str, name: &str, zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Invalid, code, zh, en).field(name, zh, en)
}

/// The item that is asked for is none.
pub(crate) fn no_item() -> Refusal {
    field("appointments.no-item", "item", "请先选择要办的事项。", "Choose first what you want to do.")
}

/// The hall cannot do the item, or gives no appointments for it.
pub(crate) fn not_here() -> Refusal {
    conflict(
        "appointments.not-here",
        "这个大厅不能预约办理这件事。",
        "This hall gives no appointments for that.",
    )
    .next("请选择另一个大厅，或直接到大厅取号。", "Choose another hall, or come and take a ticket.")
}

/// No such slot.
pub(crate) fn no_slot() -> Refusal {
    field("appointments.no-slot", "at", "请选择列出的一个时段。", "Choose one of the times that are listed.")
}

/// The slot begins too soon.
pub(crate) fn too_soon(terms: &Settings) -> Refusal {
    let n = terms.latest_minutes;
    conflict(
        "appointments.too-soon",
        format!("这个时段马上开始，最迟要提前{n}分钟预约。"),
        format!("That time begins too soon: book {n} minutes before at the latest."),
    )
    .next("请选择后面的时段，或直接到大厅取号。", "Choose a later time, or come and take a ticket.")
}

/// The slot was closed.
pub(crate) fn closed(why: &str) -> Refusal {
    conflict(
        "appointments.closed",
        format!("大厅关闭了这个时段：{why}。"),
        format!("The hall has closed that time: {why}."),
    )
    .next("请选择别的时段。", "Choose another time.")
}

/// Nothing is left of the slot.
pub(crate) fn full() -> Refusal {
    conflict("appointments.full", "这个时段刚刚约满了。", "That time is full now.").next(
        "请选择别的时段；当天也可以直接到大厅取号，每个时段都给现场留了名额。",
        "Choose another time, or come without an appointment: part of every slot is kept for that.",
    )
}

fn when(row: &AppointmentRow, lang: Lang) -> String {
    format::moment(lang, row.starts_at)
}

/// One of a business on a day. A clerk is not told which: a number that somebody says opens nobody's appointments.
pub(crate) fn one_a_day(other: Option<&AppointmentRow>) -> Refusal {
    let Some(other) = other else {
        return conflict(
            "appointments.one-a-day",
            "用这个手机号码或身份证号码，当天已约了同样的业务。",
            "With this telephone or identity number the same is booked on that day already.",
        )
        .next(
            "来人说出预约码，就可以在原来的预约上改期。家人共用一个手机号码的，请填写来人的身份证号码。",
            "With its code that appointment can be moved. Where a family shares a telephone, give the identity number of who comes.",
        );
    };
    conflict(
        "appointments.one-a-day",
        format!("同一天已有一个同样业务的预约：{}。", when(other, Lang::ZhCn)),
        format!("There is an appointment for the same on that day: {}.", when(other, Lang::En)),
    )
    .next(
        "需要换时间的，请在原来的预约上改期；电话预约的，可以打电话请大厅改。",
        "To change the time, move that appointment; one booked by telephone the hall moves for you.",
    )
}

/// Two at once; as [`one_a_day`].
pub(crate) fn overlap(other: Option<&AppointmentRow>) -> Refusal {
    let next = (
        "请选择别的时段，或先改动原来的预约。",
        "Choose another time, or change the other appointment first.",
    );
    let Some(other) = other else {
        return conflict(
            "appointments.overlap",
            "用这个手机号码或身份证号码，同一时间已有别的预约。",
            "With this telephone or identity number something else is booked at that time.",
        )
        .next(next.0, next.1);
    };
    conflict(
        "appointments.overlap",
        format!("这个时段与您另一个预约重叠：{}。", when(other, Lang::ZhCn)),
        format!("That time overlaps another of your appointments: {}.", when(other, Lang::En)),
    )
    .next(next.0, next.1)
}

/// Too many ahead.
pub(crate) fn ahead(terms: &Settings) -> Refusal {
    let n = terms.ahead;
    conflict(
        "appointments.ahead",
        format!("每人最多同时有{n}个未到时间的预约。"),
        format!("One person may have {n} appointments ahead of them."),
    )
    .next("请先取消不去的预约。", "Cancel those you will not come to first.")
}

/// Did not come too often.
pub(crate) fn paused(until: Timestamp, terms: &Settings) -> Refusal {
    let (days, n) = (terms.miss_days, terms.misses);
    let day = |lang| format::moment(lang, until);
    conflict(
        "appointments.paused",
        format!("您在{days}日内{n}次预约后没有来，{}之前不能网上预约。", day(Lang::ZhCn)),
        format!("You did not come to {n} appointments within {days} days: nothing can be booked on line before {}.", day(Lang::En)),
    )
    .next(
        "随时可以直接到大厅取号，也可以打电话请大厅代约。认为记错了的，请在“我的预约”里看记录并提出。",
        "You can come and take a ticket at any time, or have the hall book for you by telephone. If an absence is wrong, see “My appointments” for what to do.",
    )
}

/// Came too early.
pub(crate) fn early(slot: &Slot, opens: Timestamp) -> Refusal {
    let (at, opens_zh) = (slot.starts_at, format::moment(Lang::ZhCn, opens));
    conflict(
        "appointments.early",
        format!("您的预约是{}，还没到报到时间。", format::moment(Lang::ZhCn, at)),
        format!("Your appointment is at {}; it is too early to report.", format::moment(Lang::En, at)),
    )
    .next(
        format!("请在{opens_zh}以后再来报到。"),
        format!("Come back from {} on.", format::moment(Lang::En, opens)),
    )
}

/// Came too late for priority.
pub(crate) fn late(slot: &Slot, terms: &Settings) -> Refusal {
    let (at, n) = (format::time(slot.starts_at), terms.late_minutes);
    conflict(
        "appointments.late",
        format!("您预约的是{at}，已过{n}分钟，预约的优先不再保留。"),
        format!("Your appointment was at {at}, more than {n} minutes ago: its priority is gone."),
    )
    .next(
        "您可以取一个普通号排队办理，不算爽约。",
        "You can take an ordinary ticket and wait; it does not count as an absence.",
    )
}

/// Its day is over.
pub(crate) fn over() -> Refusal {
    conflict("appointments.over", "这个预约的日子已经过了。", "The day of this appointment is over.")
        .next("请重新预约，或直接到大厅取号。", "Book again, or come and take a ticket.")
}

/// It was called off.
pub(crate) fn cancelled() -> Refusal {
    conflict("appointments.cancelled", "这个预约已经取消。", "This appointment was cancelled.")
        .next("请重新预约，或直接到大厅取号。", "Book again, or come and take a ticket.")
}

/// There is a ticket for it.
pub(crate) fn arrived(ticket: &str) -> Refusal {
    conflict(
        "appointments.arrived",
        format!("这个预约已经报到，号码是{ticket}。"),
        format!("You have reported for this appointment: the ticket is {ticket}."),
    )
    .next("请等候叫号。", "Wait until it is called.")
}

/// Its time has begun.
pub(crate) fn begun() -> Refusal {
    conflict(
        "appointments.begun",
        "预约的时段已经开始，不能再改期或取消。",
        "Its time has begun: it can no longer be moved or cancelled.",
    )
    .next(
        "到了请报到；来不了的，请打电话告诉大厅。",
        "Report when you are there; if you cannot come, call the hall.",
    )
}

/// Moved to where it is.
pub(crate) fn same() -> Refusal {
    field(
        "appointments.same",
        "at",
        "这就是原来的时段，请选择别的。",
        "That is its time already; choose another.",
    )
}

/// No absence to excuse.
pub(crate) fn not_missed() -> Refusal {
    conflict(
        "appointments.not-missed",
        "这个预约没有记爽约。",
        "No absence is written down of this appointment.",
    )
    .next("请刷新页面。", "Reload the page.")
}

/// A reason is needed.
pub(crate) fn why() -> Refusal {
    field(
        "appointments.why",
        "why",
        "请写明原因（200字以内）。",
        "Give the reason, in 200 characters at most.",
    )
}

/// No code or number.
pub(crate) fn no_code() -> Refusal {
    field(
        "appointments.no-code",
        "code",
        "请填写6位预约码，或预约时用的手机号码、身份证号码。",
        "Give the code of six digits, or the telephone or identity number it was booked with.",
    )
}

/// The code or number finds nothing here today.
pub(crate) fn unknown() -> Refusal {
    field(
        "appointments.unknown",
        "code",
        "今天在这个大厅没有找到您的预约，请核对。没有预约的，请直接取号。",
        "No appointment of yours is found here today: check it. Without one, take a ticket.",
    )
}

/// Several appointments of the same person today: the code says which.
pub(crate) fn which() -> Refusal {
    field(
        "appointments.which",
        "code",
        "您今天在这里有几个预约，请用预约码报到。",
        "You have several appointments here today: use the code of the one you have come for.",
    )
}

/// A name is needed.
pub(crate) fn name() -> Refusal {
    field(
        "appointments.name",
        "name",
        "请填写来人的姓名（60字以内）。",
        "Give the name of who comes, in 60 characters at most.",
    )
}

/// A telephone number is needed.
pub(crate) fn phone() -> Refusal {
    field(
        "appointments.phone",
        "phone",
        "请填写11位手机号码：有变动时要打电话告知。",
        "Give a mobile number of 11 digits: if something changes, that is where they are called.",
    )
}

/// An identity number that is none.
pub(crate) fn citizen_id() -> Refusal {
    field(
        "appointments.citizen-id",
        "number",
        "身份证号码不对，请逐位核对，或者不填。",
        "That is no identity number: check it digit by digit, or leave it empty.",
    )
}

/// A number of the plan is out of range.
pub(crate) fn number(field_name: &str, from: i64, to: i64) -> Refusal {
    let (zh, en) =
        (format!("请填写{from}到{to}之间的整数。"), format!("A whole number from {from} to {to}."));
    Refusal::new(RefusalKind::Invalid, "appointments.number", zh.clone(), en.clone())
        .field(field_name, zh, en)
}

/// The plan was changed by somebody else.
pub(crate) fn plan_moved() -> Refusal {
    conflict(
        "appointments.plan-moved",
        "这份计划刚被别人改过，您的改动没有保存。",
        "Somebody else has changed this plan: yours was not saved.",
    )
    .next("请看现在的计划，需要时再改。", "See the plan as it is now, and change it again if need be.")
}

/// Closed before, or no such slot.
pub(crate) fn closed_before() -> Refusal {
    conflict("appointments.closed-before", "这个时段已经关闭。", "That time is closed already.")
        .next("需要改原因的，请先恢复再关闭。", "To change the reason, open it and close it again.")
}

/// A day that is none, or not ahead.
pub(crate) fn no_day() -> Refusal {
    field(
        "appointments.no-day",
        "day",
        "请选择今天或以后开放的一天。",
        "Choose a day from today on, on which the hall is open.",
    )
}

/// Not one's hall.
pub(crate) fn not_your_hall() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "appointments.not-your-hall",
        "这不是您所在的大厅。",
        "This hall is not yours.",
    )
    .next("请联系该大厅的工作人员。", "Ask the staff of that hall.")
}

/// The kiosk's address is not one that was given out.
pub(crate) fn no_kiosk() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "appointments.no-kiosk",
        "这台设备还没有登记为本大厅的取号机。",
        "This device is not registered as a kiosk of this hall.",
    )
    .next(
        "请到窗口报到；手机请从“我的预约”报到。",
        "Report at a window, or on your telephone from “My appointments”.",
    )
}

/// No button of the page.
pub(crate) fn no_act() -> Refusal {
    Refusal::new(RefusalKind::Invalid, "appointments.no-act", "没有这个操作。", "There is no such action.")
        .next("请刷新页面再试。", "Reload the page and try again.")
}

/// A time at which no slot of that day begins.
pub(crate) fn no_time() -> Refusal {
    field("appointments.no-time", "time", "这一天没有这个时段。", "No slot of that day begins then.")
}
