//! `/desk/messages`: what could not be delivered, why, and the button to try again.

use super::{Desk, shell};
use crate::WORDS;
use axum::extract::State;
use identity::Operator;
use kernel::{CommandId, Refusal, Timestamp};
use page::{Answer, Ctx, Say, Shell, Submitted, format};
use store::{command, outbox};

#[derive(askama::Template)]
#[template(path = "messages.html")]
struct Messages {
    shell: Shell,
    w: Say,
    waiting: i64,
    lines: Vec<Line>,
}

struct Line {
    id: String,
    topic: String,
    subject: String,
    attempts: u32,
    error: String,
    at: String,
}

pub(crate) async fn get(ctx: Ctx, State(desk): State<Desk>, _operator: Operator) -> Answer {
    let w = WORDS.say(ctx.lang);
    let store = &desk.house.ground.store;
    let (waiting, _) = outbox::counts(store).await?;
    let when = |at: Timestamp| format::moment(ctx.lang, at);
    let lines = outbox::dead(store).await?.into_iter().map(|dead| Line {
        id: dead.id.to_string(),
        topic: dead.topic,
        subject: dead.subject,
        attempts: dead.attempts,
        error: dead.error,
        at: when(dead.emitted_at),
    });
    Ok(page::render(&Messages {
        shell: shell(&ctx, w, w.t("messages-title")),
        w,
        waiting,
        lines: lines.collect(),
    }))
}

pub(crate) async fn post(ctx: Ctx, State(desk): State<Desk>, operator: Operator, sent: Submitted) -> Answer {
    let id: CommandId = sent.get("id").parse().map_err(|_| Refusal::not_found())?;
    let actor = operator.actor_ref();
    command!(desk.house.ground, ctx.lang, actor, |cx| {
        outbox::retry(&mut cx, id);
        Ok::<_, kernel::Failure>(())
    })?;
    Ok(page::see_other("/desk/messages"))
}
