//! `/desk/messages`: messages that could not be delivered, and another try.

use crate::{Room, WORDS};
use axum::extract::{Path, State};
use identity::Operator;
use kernel::{CommandId, Failure, Refusal};
use page::{Answer, Ctx, Say, Shell, Submitted, format};
use store::outbox;

struct Line {
    id: String,
    topic: String,
    subject: String,
    attempts: u32,
    error: String,
    at: String,
}

#[derive(askama::Template)]
#[template(path = "messages.html")]
struct Messages {
    shell: Shell,
    w: Say,
    lines: Vec<Line>,
}

pub(super) async fn get(State(room): State<Room>, ctx: Ctx, _: Operator) -> Answer {
    let dead = outbox::dead(&room.house.ground.store).await?;
    let w = WORDS.say(ctx.lang);
    let lines = dead
        .into_iter()
        .map(|d| Line {
            id: d.id.to_string(),
            topic: d.topic,
            subject: d.subject,
            attempts: d.attempts,
            error: d.error,
            at: format::moment(ctx.lang, d.emitted_at),
        })
        .collect();
    let shell = Shell::new(&ctx, w.t("messages-title")).desk();
    Ok(page::render(&Messages { shell, w, lines }))
}

pub(super) async fn retry(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Operator,
    _sent: Submitted,
) -> Answer {
    let id: CommandId = id.parse().map_err(|_| Refusal::not_found())?;
    let done: Result<(), Failure> = ::store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        outbox::retry(&mut cx, id);
        Ok(())
    });
    done?;
    Ok(page::see_other("/desk/messages"))
}
