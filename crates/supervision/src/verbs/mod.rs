//! What can be done, one verb per file; each adds to the caller's commit.

mod answer;
mod request;
mod seal;
mod sweep;

pub(crate) use answer::answers;
pub use answer::{answer, give_ground, withdraw};
pub use request::{Asking, copied, object, request};
pub use seal::{SealAsked, ask_seal, decide_seal, end_seal};
pub use sweep::{Swept, sweep};

use crate::model::{Request, RequestEvent, RequestId};
use crate::rules::{self, Command};
use crate::store as rows;
use ::store::Cx;
use kernel::{Calendar, Outcome, Timestamp};
use trace::Subject;

/// Decides `command` on the request as it stands, and writes what follows.
pub(crate) async fn carry_out(
    cx: &mut Cx,
    calendar: &Calendar,
    subject: &Subject,
    id: RequestId,
    command: &Command,
) -> Outcome<Request> {
    let (mut head, events) = trace::history::<RequestEvent>(cx.store(), subject).await?;
    let mut request = rules::fold(&events)?;
    let now: Timestamp = cx.now;
    let happened = rules::decide(&request, command, now, calendar)?;
    for event in &happened {
        trace::record(cx, &mut head, subject, event, now)?;
        rules::apply(&mut request, event, now);
    }
    if !happened.is_empty() {
        rows::update(&mut cx.commit, id, &request, now);
    }
    Ok(request)
}
