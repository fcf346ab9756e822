//! `POST /desk/tasks/{id}`: does a task; a refusal comes back on the case page with everything that was typed.

use super::{Desk, case};
use axum::extract::{Path, State};
use cases::{Demand, Handler, Judgement, OutcomeWord, TaskId};
use identity::Staff;
use kernel::{Failure, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Submitted};
use store::command;

pub(crate) async fn post(
    ctx: Ctx,
    State(desk): State<Desk>,
    staff: Staff,
    Path(id): Path<String>,
    sent: Submitted,
) -> Answer {
    let handler: Handler = match &staff {
        Staff::Examiner(who) => who.into(),
        Staff::Clerk(who) => who.into(),
        Staff::Supervisor(_) | Staff::Operator(_) => return Err(only_handlers().into()),
    };
    let task: TaskId = id.parse().map_err(|_| Refusal::not_found())?;
    let number = cases::task(&desk.house.ground.store, &handler, task).await?.number;
    let judgement = judgement(&sent)?;
    let actor = handler.actor_ref();
    let done = command!(desk.house.ground, ctx.lang, actor, |cx| {
        cases::outcome(&mut cx, &desk.house, &handler, task, &judgement).await
    });
    match done {
        Ok(done) => Ok(page::see_other(format!("/desk/cases/{}?done={}", done.number, done.state))),
        Err(Failure::Refused(refusal)) if refusal.kind != RefusalKind::NotFound => {
            let mut form = FormState::of(&sent);
            form.refuse(&refusal);
            case::refused(&ctx, &desk, &staff, &number, form, &refusal).await
        }
        Err(failure) => Err(failure.into()),
    }
}

fn judgement(sent: &Submitted) -> Result<Judgement, Refusal> {
    let outcome: OutcomeWord = sent.get("outcome").parse()?;
    let fields = if outcome == OutcomeWord::Supplement { demands(sent) } else { Vec::new() };
    Ok(Judgement {
        outcome,
        reason: text(sent, "reason"),
        right_body: text(sent, "right_body"),
        fields,
        rev: sent.get("rev").parse().ok(),
    })
}

/// The fields that are ticked, each with what is wrong.
fn demands(sent: &Submitted) -> Vec<Demand> {
    let ticked = sent.all("demand");
    ticked
        .iter()
        .map(|field| Demand {
            field: (*field).to_owned(),
            say: sent.get(&format!("say-{field}")).trim().to_owned(),
        })
        .collect()
}

fn text(sent: &Submitted, name: &str) -> Option<String> {
    Some(sent.get(name).trim().to_owned()).filter(|t| !t.is_empty())
}

fn only_handlers() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "desk.only-handlers",
        "只有窗口人员和审查人员可以办理。",
        "Only clerks and examiners may do tasks.",
    )
}
