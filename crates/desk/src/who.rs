//! Whoever handles tasks here, with the rights of those for whom they stand in.

use crate::Room;
use cases::Handler;
use cases::rules::Doer;
use identity::Staff;
use kernel::{AccountId, Outcome, Refusal, RefusalKind, Timestamp, clock};

/// An examiner or a clerk at work.
pub(crate) struct Who {
    pub handler: Handler,
    /// As the rules know them.
    pub doer: Doer,
    pub account: AccountId,
    pub clerk: bool,
}

/// Whoever handles tasks; none for those who only watch or run the program.
pub(crate) async fn handler(room: &Room, staff: &Staff, now: Timestamp) -> Outcome<Option<Who>> {
    let store = &room.house.ground.store;
    let account = staff.account();
    let (handler, stands_for) = match staff {
        Staff::Examiner(who) => {
            let handler = Handler::standing_in(store, who, now).await?;
            (handler, identity::acting_for(store, account, clock::legal_date(now)).await?)
        }
        Staff::Clerk(who) => (Handler::from(who), Vec::new()),
        Staff::Supervisor(_) | Staff::Operator(_) => return Ok(None),
    };
    let (head, agency) = (handler.is_head(), Some(handler.agency().clone()));
    let doer = Doer { account: Some(account), head, stands_for, agency, ..Doer::default() };
    Ok(Some(Who { handler, doer, account, clerk: matches!(staff, Staff::Clerk(_)) }))
}

/// As [`handler`]; others are told who does tasks.
pub(crate) async fn must_handle(room: &Room, staff: &Staff, now: Timestamp) -> Outcome<Who> {
    handler(room, staff, now).await?.ok_or_else(|| no_right().into())
}

fn no_right() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "desk.no-right",
        "您的岗位不能办理待办。",
        "Your post does not do tasks.",
    )
    .next("请由办理机关的审查人员办理。", "An examiner of the agency does it.")
}
