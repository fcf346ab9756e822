//! `POST /desk/cases/{number}/acts`: any act of staff, made on the version that was looked at.

use crate::Room;
use crate::asked::Asked;
use crate::case::{Again, NotTaken, page_of};
use crate::evidence::{self, Kept};
use crate::leave;
use crate::read_act::{place, read};
use crate::who::{Who, must_handle};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cases::{OutcomeDone, StaffAct, Target};
use identity::Staff;
use kernel::codes::CaseNumber;
use kernel::{Failure, FieldError, Outcome, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Submitted};

/// After these the case needs nothing more of whoever did them: they go back to the inbox.
const LEAVES: [&str; 9] = [
    "approve",
    "refuse",
    "ask_supplement",
    "not_accept",
    "return",
    "hand_over",
    "send_back",
    "forward",
    "void",
];

pub(super) async fn post(
    State(room): State<Room>,
    Path(number): Path<String>,
    ctx: Ctx,
    staff: Staff,
    sent: Submitted,
) -> Answer {
    let number: CaseNumber = number.parse().map_err(|_| Refusal::not_found())?;
    let who = must_handle(&room, &staff, ctx.now).await?;
    let verb = sent.get("verb");
    let (kept, done) = match evidence::keep(&room, &ctx, &who, &sent).await {
        Ok(kept) => {
            let done = act(&room, &ctx, &who, &number, &sent, &kept).await;
            (kept, done)
        }
        Err(failure) => (Vec::new(), Err(failure)),
    };
    let refusal = match done {
        Ok(_) => return Ok(page::see_other(onward(verb, &number, &Asked::parse(sent.get("from")).query()))),
        Err(Failure::Refused(refusal)) => refusal,
        Err(fault) => return Err(fault.into()),
    };
    if refusal.kind == RefusalKind::NotFound {
        return Err(refusal.into());
    }
    let form = FormState::of(&sent);
    let mut again = Again { form, not_taken: None, status: StatusCode::CONFLICT, kept };
    if refusal.kind == RefusalKind::Conflict {
        again.not_taken = Some(NotTaken { say: refusal.sentence(ctx.lang), since: Vec::new() });
    } else {
        again.status = StatusCode::UNPROCESSABLE_ENTITY;
        let fields = refusal.fields.iter();
        let known = |f: &FieldError| f.field.contains('.') || f.field.contains("late_");
        let placed = fields.map(|f| {
            let field = if known(f) { f.field.clone() } else { place(verb, &f.field) };
            FieldError { field, say: f.say.clone() }
        });
        let fields = placed.collect();
        again.form.refuse(&Refusal { fields, ..refusal });
    }
    page_of(&room, &ctx, &staff, &number, again).await
}

/// Where it goes on: to the inbox as it was filtered, or back to the case.
fn onward(verb: &str, number: &CaseNumber, from: &str) -> String {
    let from = if from.is_empty() { String::new() } else { format!("&{from}") };
    if LEAVES.contains(&verb) {
        format!("/desk?done={verb}&case={number}{from}")
    } else {
        let from =
            if from.is_empty() { String::new() } else { format!("&from={}", crate::asked::escape(&from)) };
        format!("/desk/cases/{number}?done={verb}&case={number}{from}")
    }
}

async fn act(
    room: &Room,
    ctx: &Ctx,
    who: &Who,
    number: &CaseNumber,
    sent: &Submitted,
    kept: &[Kept],
) -> Outcome<OutcomeDone> {
    let (act, late) = read(sent, kept)?;
    let act = leave::with_leave(room, who, number, (sent, kept), act, ctx.now).await?;
    let target = match sent.get("task") {
        "" => Target::Case(number.clone()),
        task => Target::Task(task.parse().map_err(|_| Refusal::not_found())?),
    };
    let (handler, house) = (&who.handler, &room.house);
    // What leaves the version alone of a case that somebody reads needs no version of it.
    let free = matches!(act, StaffAct::Claim | StaffAct::Release);
    let rev: Option<i64> = sent.get("rev").parse().ok().filter(|_| !free);
    ::store::command!(room.house.ground, ctx.lang, handler.actor_ref(), |cx| {
        match &late {
            Some(late) => {
                let (target, act) = (target.clone(), act.clone());
                cases::record_late(&mut cx, house, handler, target, act, late.clone()).await
            }
            None => cases::act(&mut cx, house, handler, target.clone(), act.clone(), rev).await,
        }
    })
}
