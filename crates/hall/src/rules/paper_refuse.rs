//! The considered refusals about numbers on paper, each with what to do next.

use super::refuse::field;
use crate::settings::Settings;
use crate::store::{BlockRow, PaperRow};
use kernel::{FieldError, Refusal, RefusalKind, Text, Timestamp, clock};

fn conflict(code: &'static str, zh: String, en: String) -> Refusal {
    Refusal::new(RefusalKind::Conflict, code, zh, en)
}

/// A block of no numbers.
pub(crate) fn nothing() -> Refusal {
    let say = Text::new("请填写要多少张受理单或排队号。", "Say how many forms or slips are needed.");
    field("hall.paper-none", "forms", say)
}

/// More than a block holds.
pub(crate) fn too_many(terms: &Settings) -> Refusal {
    let (forms, slips) = (terms.paper_forms, terms.paper_slips);
    let say = Text::new(
        format!("一个号段最多{forms}张受理单、{slips}张排队号；还要的，请再发一段。"),
        format!("A block has {forms} forms and {slips} slips at most; issue another one for more."),
    );
    field("hall.paper-many", "forms", say)
}

/// A day that is over, or too far ahead.
pub(crate) fn wrong_day(terms: &Settings) -> Refusal {
    let days = terms.paper_ahead_days;
    let say = Text::new(
        format!("请选择今天起{days}天以内的日期，或者作为备用。"),
        format!("Choose a day from today on, {days} days ahead at most, or issue it for stock."),
    );
    field("hall.paper-day", "day", say)
}

/// The keeper is no clerk of the hall.
pub(crate) fn no_keeper() -> Refusal {
    let say = Text::new("请选择本大厅的一名窗口人员保管。", "Choose a clerk of this hall as its keeper.");
    field("hall.paper-keeper", "keeper", say)
}

/// No such number in the hall, or in the block.
pub(crate) fn no_number(name: &str) -> Refusal {
    let say = Text::new("本大厅没有发过这个号码。", "This hall has not issued this number.");
    field("hall.paper-no-number", name, say)
        .next("请对照纸上的编号再输一次。", "Compare it with the number on the paper and type it again.")
}

/// Nothing in the range is out.
pub(crate) fn nothing_out() -> Refusal {
    let say = Text::new("这一段号码都已经登记过了。", "All numbers of this range are accounted for.");
    field("hall.paper-nothing-out", "from", say)
}

/// The number was recorded before.
pub(crate) fn recorded(paper: &PaperRow) -> Refusal {
    let of = paper.reference.as_deref().unwrap_or("—");
    let number = &paper.number;
    conflict(
        "hall.paper-recorded",
        format!("编号{number}已经补录过了（{of}），没有再录一次。"),
        format!("Number {number} was recorded before ({of}) and was not recorded again."),
    )
    .next("请核对纸上的编号；同一张单只补录一次。", "Check the number on the paper: each is recorded once.")
}

/// The number was declared void.
pub(crate) fn void(number: &str) -> Refusal {
    conflict(
        "hall.paper-void",
        format!("编号{number}已登记作废。"),
        format!("Number {number} was declared void."),
    )
    .next(
        "有人持有这张单的，请大厅负责人在号段页面恢复这个编号。",
        "If somebody holds this paper, the head of the hall can restore the number on the block's page.",
    )
}

/// The moment is still to come.
pub(crate) fn future() -> Refusal {
    let say = Text::new("收件时间不能晚于现在。", "The time on the paper cannot be later than now.");
    field("hall.paper-future", "late_at", say)
}

/// The block was not issued yet.
pub(crate) fn before_issue(at: Timestamp) -> Refusal {
    let at = at.to_zoned(clock::legal_zone()).strftime("%Y-%m-%d %H:%M");
    let say = Text::new(
        format!("这个号段{at}才发放，收件时间不能早于它。"),
        format!("The block was issued at {at}; nothing was accepted on it before."),
    );
    field("hall.paper-before", "late_at", say)
}

/// Outside of the time for which the block holds.
pub(crate) fn not_its_time(block: &BlockRow) -> Refusal {
    let say = match &block.day {
        Some(day) => Text::new(
            format!("这个号段只在{day}使用，请核对收件时间。"),
            format!("This block holds for {day} only: check the time on the paper."),
        ),
        None => {
            let until = block.hand_out_until.to_zoned(clock::legal_zone()).strftime("%Y-%m-%d");
            Text::new(
                format!("这个号段用到{until}为止，请核对收件时间。"),
                format!("This block could be used until {until}: check the time on the paper."),
            )
        }
    };
    field("hall.paper-not-its-time", "late_at", say)
}

/// Recorded too late.
pub(crate) fn too_late(terms: &Settings) -> Refusal {
    let days = terms.paper_record_days;
    let say = Text::new(
        format!("应在{days}个工作日内补录，已经超过期限。"),
        format!("It has to be recorded within {days} working days, and these are over."),
    );
    field("hall.paper-late", "late_at", say).next(
        "请大厅负责人在号段页面批准延期补录后再录。",
        "Ask the head of the hall to allow late recording on the block's page, then record it.",
    )
}

/// Numbers are out.
pub(crate) fn not_accounted(count: usize) -> Refusal {
    let say = Text::new(
        format!("还有{count}个号没有登记。没用的，请清点后勾选并写明原因，一并作废。"),
        format!(
            "{count} numbers are not accounted for. Count what was not used, tick it and say why: they become void."
        ),
    );
    field("hall.paper-not-accounted", "sure", say)
}

/// It was given back.
pub(crate) fn returned() -> Refusal {
    conflict("hall.paper-returned", "这个号段已经交回。".to_owned(), "This block was given back.".to_owned())
        .next(
            "需要更正的，请先恢复作废的编号。",
            "If something has to be put right, restore the void number first.",
        )
}

/// The number is not void.
pub(crate) fn not_void() -> Refusal {
    let say = Text::new("这个编号没有作废，不用恢复。", "This number is not void.");
    field("hall.paper-not-void", "number", say)
}

/// Printing what may not be handed out any more.
pub(crate) fn lapsed() -> Refusal {
    conflict(
        "hall.paper-lapsed",
        "这个号段已过使用期限，不能再打印。".to_owned(),
        "This block's time is over; it cannot be printed any more.".to_owned(),
    )
    .next("请发一个新的号段。", "Issue a new block.")
}

/// A last day that is none, or too far away.
pub(crate) fn wrong_until(terms: &Settings) -> Refusal {
    let days = terms.paper_late_days;
    let say = Text::new(
        format!("请选择今天起{days}天以内的日期。"),
        format!("Choose a day within {days} days from today."),
    );
    field("hall.paper-until", "until", say)
}

/// Only for the head of the hall, or the keeper.
pub(crate) fn for_keeper() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "hall.paper-for-keeper",
        "作废由号段保管人或大厅负责人登记。",
        "The keeper of the block, or the head of the hall, declares numbers void.",
    )
    .next("请找保管人登记。", "Ask the keeper.")
}

/// What is wrong in the lines of a control sheet.
pub(crate) fn lines(errors: Vec<FieldError>) -> Refusal {
    let mut refusal = Refusal::new(
        RefusalKind::Invalid,
        "hall.paper-lines",
        "登记表里有几处需要改，全部都还没有保存。",
        "Some lines of the sheet need a correction; nothing of it was saved yet.",
    );
    refusal.fields = errors;
    refusal
}

/// Nothing was filled in.
pub(crate) fn no_lines() -> Refusal {
    let say = Text::new("请至少填写一个号的结果。", "Give the outcome of one slip at least.");
    field("hall.paper-no-lines", "date", say)
}

pub(crate) fn say_reference() -> Text {
    Text::new("请填写应急受理编号或办件编号。", "Give the number of the emergency form, or the case number.")
}

pub(crate) fn say_what() -> Text {
    Text::new(
        "请写明办了什么或还缺什么（500字以内）。",
        "Say what was done, or what is missing, in 500 characters.",
    )
}

pub(crate) fn say_how() -> Text {
    Text::new("请选择结果。", "Choose the outcome.")
}

pub(crate) fn say_why() -> Text {
    Text::new("请写明原因（500字以内）。", "Say why, in 500 characters.")
}

pub(crate) fn say_time() -> Text {
    Text::new("请填写时间，例如09:40。", "Give the time, such as 09:40.")
}

pub(crate) fn say_window() -> Text {
    Text::new("大厅没有这个窗口。", "The hall has no such window.")
}
