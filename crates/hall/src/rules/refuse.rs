//! The room's considered refusals, each with what to do next.

use crate::model::{Letter, Letters};
use crate::settings::Settings;
use kernel::{Refusal, RefusalKind, Text};

fn conflict(code: &'static str, zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Conflict, code, zh, en)
}

/// Something is wrong in the field `name`.
pub(crate) fn field(code: &'static str, name: &str, say: Text) -> Refusal {
    Refusal::new(RefusalKind::Invalid, code, say.zh.clone(), say.en.clone()).field(name, say.zh, say.en)
}

/// The ticket is not in a state in which this can be done.
pub(crate) fn not_now() -> Refusal {
    conflict(
        "hall.not-now",
        "这个号的状态已经变了，不能这样办。",
        "This ticket has moved on; that cannot be done with it now.",
    )
    .next("请刷新页面，看看它现在到哪一步。", "Reload the page to see where it stands.")
}

/// Another clerk has the ticket.
pub(crate) fn not_yours() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "hall.not-yours",
        "这个号正由别的窗口办理。",
        "Another window has this ticket.",
    )
    .next("需要接手时，请对方把它转到您的窗口。", "To take it over, ask them to move it to your window.")
}

/// Passed too early.
pub(crate) fn call_again(terms: &Settings) -> Refusal {
    conflict(
        "hall.call-again",
        &format!("叫满{}次仍无人应答，才能作过号处理。", terms.calls),
        &format!("A number counts as passed after it was called {} times.", terms.calls),
    )
    .next("请再叫一次。", "Call it again first.")
}

/// Passed while they may still be on the way.
pub(crate) fn on_the_way(terms: &Settings, left: i64) -> Refusal {
    conflict(
        "hall.on-the-way",
        &format!("刚刚才叫过，离上一次叫号满{}秒才能作过号处理，来人可能正走过来。", terms.pass_seconds),
        &format!(
            "It was called just now: a number counts as passed {} seconds after its last call, for whoever it is may be on the way.",
            terms.pass_seconds
        ),
    )
    .next(format!("请再等{left}秒。"), format!("Wait {left} seconds more."))
}

/// Came back too often.
pub(crate) fn too_often(terms: &Settings) -> Refusal {
    conflict(
        "hall.too-often",
        &format!("同一个号最多可重新排队{}次。", terms.returns),
        &format!("A ticket can come back {} times at most.", terms.returns),
    )
    .next("请重新取号。", "Please take a new ticket.")
}

/// Serving is under way and needs an outcome.
pub(crate) fn still_serving() -> Refusal {
    conflict(
        "hall.still-serving",
        "您手上的号还没有办理结果，不能叫下一个，也不能离岗。",
        "The ticket you have has no outcome yet, so you cannot call the next or leave.",
    )
    .next(
        "请先填写结果：已收件、已办完，或者一次性告知单。",
        "Give its outcome first: filed, done, or one complete notice of what is missing.",
    )
}

/// There is no case of the number that was typed.
pub(crate) fn no_such_case() -> Refusal {
    let say = Text::new(
        "没有这个编号的办件，请对照回执核对。",
        "There is no case of this number; compare it with the receipt.",
    );
    field("hall.outcome", "case", say)
}

/// No card lies on the reader, or it was used.
pub(crate) fn no_card() -> Refusal {
    conflict("hall.no-card", "读卡器上没有刚放上的身份证。", "No card was put on the reader just now.")
        .next("请重新放置证件，或者对照证件输入号码。", "Put the card on again, or type its number.")
}

/// Nobody is waiting for this window.
pub(crate) fn nobody() -> Refusal {
    conflict("hall.nobody", "现在没有您这个窗口能办的号在等候。", "Nobody waits whom your window can serve.")
        .next("有人取号后再叫。", "Call when somebody has taken a ticket.")
}

/// Letters with what stands between them.
fn listed(letters: &Letters, between: &str) -> String {
    letters.0.iter().map(Letter::to_string).collect::<Vec<_>>().join(between)
}

/// The clerk is trained for nothing that the window takes.
pub(crate) fn untrained(takes: &Letters, known: &Letters) -> Refusal {
    let (zh, en) = match known.0.is_empty() {
        true => ("还没有哪类业务是您全部学会的".to_owned(), "no whole business yet".to_owned()),
        false => (format!("登记可办的业务是{}", listed(known, "、")), listed(known, ", ")),
    };
    conflict(
        "hall.untrained",
        &format!("这个窗口办理{}类业务；您在本大厅{zh}，不能在这个窗口叫号。", listed(takes, "、")),
        &format!(
            "This window takes {}; in this hall you are down as trained for {en}, so nobody can be called to you here.",
            listed(takes, ", ")
        ),
    )
    .field(
        "window",
        "您没有登记为可办这个窗口的业务。",
        "You are not down as trained for what this window takes.",
    )
    .next(
        "请换一个窗口；学会了新业务的，请大厅负责人登记。",
        "Choose another window; if you have learnt more, ask the head of the hall to write it down.",
    )
}

/// Some wait whom the window would take, and the clerk is not trained for their business.
pub(crate) fn nobody_trained(letters: &Letters) -> Refusal {
    conflict(
        "hall.nobody-trained",
        &format!("现在等候的是{}类业务，您没有登记为可办这些业务。", listed(letters, "、")),
        &format!(
            "Those who wait have come for {}, which you are not down as trained for.",
            listed(letters, ", ")
        ),
    )
    .next(
        "请告诉大厅负责人，让会办的人上岗；学会了的，请负责人登记。",
        "Tell the head of the hall, who can put somebody on duty who is; or write down what you have learnt.",
    )
}

/// Whoever is at the window that a ticket is handed on to is not trained for it.
pub(crate) fn untrained_there(letter: Letter) -> Refusal {
    let say = Text::new(
        format!("那个窗口的人员没有登记为可办{letter}类业务。"),
        format!("Whoever is at that window is not down as trained for {letter}."),
    );
    field("hall.untrained-there", "to", say).next("请转到别的窗口。", "Hand it on to another window.")
}

/// Nothing was chosen that a clerk is trained for.
pub(crate) fn no_training() -> Refusal {
    let say = Text::new(
        "请至少选一类本大厅的业务或一个事项。",
        "Choose at least one business or item of this hall.",
    );
    field("hall.no-training", "letters", say)
}

/// Nobody who can be admitted.
pub(crate) fn no_guest() -> Refusal {
    let say = Text::new(
        "请选择一位其他单位的窗口人员；本大厅的人员和已经接纳的不用再接纳。",
        "Choose a clerk of another agency; the hall's own, and those admitted before, need no admission.",
    );
    field("hall.no-guest", "clerk", say)
}

/// The admission of somebody who is at a window.
pub(crate) fn guest_on_duty(window: &str) -> Refusal {
    conflict(
        "hall.guest-on-duty",
        &format!("此人现在在{window}号窗口上岗。"),
        &format!("They are on duty at window {window} now."),
    )
    .next(
        "请等其离岗，或者先在“大厅一天”里请其下岗，再结束接纳。",
        "Wait until they leave, or free the window on the hall's day page, and end the admission then.",
    )
}

/// The hall is closed.
pub(crate) fn closed() -> Refusal {
    conflict(
        "hall.closed",
        "大厅现在不在服务时间，不能取号。",
        "The hall is closed now; no ticket can be taken.",
    )
    .next("请在服务时间再来取号。", "Please come back in its opening hours.")
}

/// One waiting ticket per person and business.
pub(crate) fn one_ticket(number: &str) -> Refusal {
    conflict(
        "hall.one-ticket",
        &format!("您这项业务已有{number}号，还没有办完。"),
        &format!("You already have ticket {number} for this business, and it is not finished."),
    )
    .next("请用原来的号等候叫号。", "Please wait with the ticket that you have.")
}

/// The kiosk's form made a ticket before, perhaps somebody else's.
pub(crate) fn form_used() -> Refusal {
    conflict(
        "hall.form-used",
        "刚才这一页已经取过号了。",
        "A ticket was already taken with the page that was here.",
    )
    .next("还要取号的，请再选一次业务。", "If you need a ticket, choose your business again.")
}

/// No window that takes the business is open.
pub(crate) fn no_open_window() -> Refusal {
    conflict(
        "hall.no-open-window",
        "这项业务现在没有开放的窗口，不能取号。",
        "No window for this business is open now, so no ticket can be taken.",
    )
    .next("请向大厅工作人员咨询，或拨打大厅电话。", "Ask the staff of the hall, or call the hall.")
}

/// One would wait until the hall is closed.
pub(crate) fn too_late(minutes: i64) -> Refusal {
    conflict(
        "hall.too-late",
        &format!("这项业务现在至少要等{minutes}分钟，轮到时大厅已经关门，不能再取号。"),
        &format!(
            "The wait is {minutes} minutes at least, and the hall closes before: no more tickets today."
        ),
    )
    .next(
        "请下一个工作日再来；有急事请告诉工作人员。",
        "Come on the next working day; if it is urgent, tell the staff.",
    )
}

/// The clerk's window was shut by the head of the hall.
pub(crate) fn window_shut() -> Refusal {
    conflict(
        "hall.window-shut",
        "您的窗口已被大厅负责人关闭，不能再叫号。",
        "Your window was shut by the head of the hall; nobody can be called to it.",
    )
    .next("请换到别的窗口上岗，或者离岗。", "Go on duty at another window, or leave.")
}

/// None of the tickets of former days was chosen.
pub(crate) fn no_ticket() -> Refusal {
    field("hall.no-ticket", "ticket", Text::new("请选择一个号。", "Choose a ticket."))
}

/// Nobody is on duty at the window.
pub(crate) fn nobody_there() -> Refusal {
    conflict("hall.nobody-there", "这个窗口现在没有人在岗。", "Nobody is on duty at this window.")
        .next("请刷新页面。", "Reload the page.")
}

/// The ticket is of a former day.
pub(crate) fn former_day() -> Refusal {
    conflict(
        "hall.former-day",
        "这是以前日子的号，不能转到别的窗口。",
        "This ticket is of a former day and cannot be handed on.",
    )
    .next("请填写办理结果。", "Give its outcome.")
}

/// People wait for whom there would be no window.
pub(crate) fn people_wait(letter: Letter, count: usize) -> Refusal {
    conflict(
        "hall.people-wait",
        &format!("{letter}类业务还有{count}人在等，这是最后一个能办的窗口。"),
        &format!(
            "{count} people wait for business {letter}, and this is the last open window that takes it."
        ),
    )
    .next("请先开放别的窗口办理这项业务。", "Open another window for that business first.")
}

/// A kiosk gave too many tickets.
pub(crate) fn kiosk_busy() -> Refusal {
    Refusal::new(
        RefusalKind::TooMany,
        "hall.kiosk-busy",
        "这台取号机取号太快了。",
        "This kiosk gave too many tickets in a minute.",
    )
    .next("请稍等一分钟，或请窗口人员代取。", "Wait a minute, or ask a clerk for a ticket.")
}

/// The kiosk's address is not one that was given out.
pub(crate) fn no_kiosk() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "hall.no-kiosk",
        "这台设备还没有登记为本大厅的取号机。",
        "This device is not registered as a kiosk of this hall.",
    )
    .next(
        "请大厅负责人在“大厅一天”里登记取号机；手机取号请从大厅页面进入。",
        "The head of the hall registers kiosks on the hall's day page; on a telephone, start from the hall's page.",
    )
}

/// There is no such business here.
pub(crate) fn no_business() -> Refusal {
    let say = Text::new("请选择要办的业务。", "Choose what you have come for.");
    field("hall.no-business", "letter", say)
}

/// The window is somebody else's or is shut.
pub(crate) fn window_taken() -> Refusal {
    let say = Text::new("这个窗口有人在岗，或者没有开放。", "This window is staffed by somebody or is shut.");
    field("hall.window-taken", "window", say)
}

/// No window was chosen to go on duty at.
pub(crate) fn which_window() -> Refusal {
    field("hall.which-window", "window", Text::new("请选择一个窗口。", "Choose a window."))
}

/// There is no such window, or it cannot take this.
pub(crate) fn no_window() -> Refusal {
    let say = Text::new("请选择另一个有人在岗的窗口。", "Choose another window where somebody is on duty.");
    field("hall.no-window", "to", say)
}

/// Not on duty.
pub(crate) fn off_duty() -> Refusal {
    conflict("hall.off-duty", "您还没有在窗口上岗。", "You are not on duty at a window.")
        .next("请先选择窗口上岗。", "Choose a window first.")
}

/// What is needed of an outcome.
pub(crate) fn outcome_needed(name: &str, zh: &str, en: &str) -> Refusal {
    field("hall.outcome", name, Text::new(zh, en))
}

/// No notice, or reported before.
pub(crate) fn nothing_to_report() -> Refusal {
    conflict(
        "hall.nothing-to-report",
        "这个号没有一次性告知单，或者已经反映过了。",
        "This ticket has no notice of what is missing, or it was reported before.",
    )
    .next("如有其他问题，请拨打12345。", "For anything else, please call 12345.")
}

/// Not one's hall.
pub(crate) fn not_your_hall() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "hall.not-your-hall",
        "这不是您管理的大厅。",
        "This hall is not yours to run.",
    )
    .next("请由大厅负责人或本级监督人员办理。", "Its head, or supervision of its division, can do this.")
}

/// The form was not made by this site, or is very old.
pub(crate) fn form_old() -> Refusal {
    conflict("hall.form-old", "这一页打开得太久了。", "This page was opened too long ago.")
        .next("请重新打开取号页面再取号。", "Open the page for tickets again.")
}

/// No ticket of today has this code.
pub(crate) fn no_code() -> Refusal {
    let say = Text::new("今天没有这个短码的号。", "No ticket of today has this code.");
    field("hall.no-code", "code", say).next(
        "请对照纸上的8位短码再输一次；号码只当天有效。",
        "Type the eight letters on the paper again; a ticket holds for its day.",
    )
}

/// Too many codes were tried.
pub(crate) fn too_many_codes() -> Refusal {
    Refusal::new(
        RefusalKind::TooMany,
        "hall.too-many-codes",
        "这一分钟里试的次数太多了。",
        "Too many codes were tried in this minute.",
    )
    .next("请一分钟后再试，或者扫描纸上的二维码。", "Try again in a minute, or scan the code on the paper.")
}

/// No window waits for a tablet with this code.
pub(crate) fn no_pairing() -> Refusal {
    let say = Text::new("没有窗口在等这个配对码。", "No window waits for a tablet with this code.");
    field("hall.no-pairing", "code", say).next(
        "请窗口人员重新显示配对码；它5分钟内有效。",
        "Ask the clerk to show a new code; it holds for five minutes.",
    )
}
