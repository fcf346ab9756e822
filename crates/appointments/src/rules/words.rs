//! What a short message to a bare number says of an appointment: when, and whom to call. No name, no business and no hall's name: the
//! number may be somebody else's, and a telephone is read by a whole family.

use crate::model::Slot;
use kernel::{Lang, Text};
use page::format;

/// What has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// It is tomorrow.
    Tomorrow,
    /// It was moved to this time.
    Moved,
    /// It was called off.
    Cancelled,
    /// The hall has closed its time.
    Closed,
    /// The hall has opened its time again.
    Opened,
}

/// The message; `call` is the hall's telephone number.
pub fn to_number(news: News, slot: &Slot, call: &str) -> Text {
    let (zh, en) = (format::moment(Lang::ZhCn, slot.starts_at), format::moment(Lang::En, slot.starts_at));
    match news {
        News::Tomorrow => Text::new(
            format!("您预约了{zh}来大厅办事。来不了请拨打{call}取消，让给别人。"),
            format!(
                "You have booked a visit to the hall: {en}. If you cannot come, call {call} to cancel it for others."
            ),
        ),
        News::Moved => Text::new(
            format!("您在大厅的预约改到了{zh}。有疑问请拨打{call}。"),
            format!("Your visit to the hall was moved to {en}. Questions: call {call}."),
        ),
        News::Cancelled => Text::new(
            format!("您{zh}在大厅的预约已经取消。不是您要求的，请拨打{call}。"),
            format!(
                "Your visit to the hall on {en} was cancelled. If you did not ask for that, call {call}."
            ),
        ),
        News::Closed => Text::new(
            format!("大厅关闭了您预约的时段：{zh}。请拨打{call}改期；照常来的，仍按预约办理。"),
            format!(
                "The hall has closed the time you booked: {en}. Call {call} to move it; if you come all the same, you are served as booked."
            ),
        ),
        News::Opened => Text::new(
            format!("大厅恢复了您预约的时段：{zh}。请按原来的时间来。"),
            format!("The hall has opened the time you booked again: {en}. Come at that time."),
        ),
    }
}
