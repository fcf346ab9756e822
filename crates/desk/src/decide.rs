//! `POST /desk/tasks/{task}/outcome`: the decision, made on the version that was looked at.

use crate::Room;
use crate::case::page_of;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cases::{Demand, Handler, Judgement, OutcomeDone, OutcomeWord, TaskId};
use identity::Staff;
use kernel::{Failure, Outcome, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Submitted};

pub(super) async fn post(
    State(room): State<Room>,
    Path(task): Path<String>,
    ctx: Ctx,
    staff: Staff,
    sent: Submitted,
) -> Answer {
    let task: TaskId = task.parse().map_err(|_| Refusal::not_found())?;
    let handler = match &staff {
        Staff::Examiner(who) => Handler::from(who),
        Staff::Clerk(who) => Handler::from(who),
        Staff::Supervisor(_) | Staff::Operator(_) => return Err(no_right().into()),
    };
    let done = match judgement(&sent) {
        Ok(judgement) => judge(&room, &ctx, &handler, task, &judgement).await,
        Err(refusal) => Err(refusal.into()),
    };
    let refusal = match done {
        Ok(_) => return Ok(page::see_other("/desk")),
        Err(Failure::Refused(refusal)) => refusal,
        Err(fault) => return Err(fault.into()),
    };
    let shown = matches!(refusal.kind, RefusalKind::Invalid | RefusalKind::Conflict);
    let Some(number) = sent.get("number").parse().ok().filter(|_| shown) else { return Err(refusal.into()) };
    let mut form = FormState::of(&sent);
    let (notice, status) = if refusal.kind == RefusalKind::Conflict {
        (Some(refusal.sentence(ctx.lang)), StatusCode::CONFLICT)
    } else {
        form.refuse(&refusal);
        (None, StatusCode::UNPROCESSABLE_ENTITY)
    };
    page_of(&room, &ctx, &staff, &number, form, notice, status).await
}

async fn judge(
    room: &Room,
    ctx: &Ctx,
    handler: &Handler,
    task: TaskId,
    judgement: &Judgement,
) -> Outcome<OutcomeDone> {
    store::command!(room.house.ground, ctx.lang, handler.actor_ref(), |cx| {
        cases::outcome(&mut cx, &room.house, handler, task, judgement).await
    })
}

fn judgement(sent: &Submitted) -> Result<Judgement, Refusal> {
    let outcome: OutcomeWord = sent.get("outcome").parse()?;
    let text = |name: &str| Some(sent.get(name).trim().to_owned()).filter(|t| !t.is_empty());
    let demand = |n: u8| {
        let (field, say) = (text(&format!("field-{n}")), text(&format!("say-{n}")));
        (field.is_some() || say.is_some())
            .then(|| Demand { field: field.unwrap_or_default(), say: say.unwrap_or_default() })
    };
    Ok(Judgement {
        outcome,
        reason: text("reason"),
        right_body: text("right_body"),
        fields: (1..=3).filter_map(demand).collect(),
        rev: sent.get("rev").parse().ok(),
    })
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
