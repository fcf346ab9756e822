//! `/feedback-site`: report an error of the site, look up the answer; operators answer.

use super::Room;
use crate::WORDS;
use crate::feedback::{self, KINDS, NewReport};
use crate::store::{self as rows, ReportLine};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use identity::Operator;
use kernel::{ActorRef, Failure, Refusal};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};
use std::borrow::Cow;
use store::command;

#[derive(askama::Template)]
#[template(path = "feedback.html")]
pub(crate) struct FeedbackPage {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    pub(crate) form: FormState,
    pub(crate) kinds: Vec<(&'static str, Cow<'static, str>)>,
}

/// A report as shown.
pub(crate) struct Report {
    pub(crate) number: String,
    pub(crate) at: String,
    pub(crate) kind: String,
    pub(crate) place: String,
    pub(crate) text: String,
    pub(crate) reply: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "feedback_answer.html")]
pub(crate) struct AnswerPage {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    pub(crate) thanks: bool,
    pub(crate) report: Report,
}

#[derive(askama::Template)]
#[template(path = "feedback_list.html")]
pub(crate) struct ListPage {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    pub(crate) reports: Vec<Report>,
    pub(crate) newest: Option<String>,
    pub(crate) older: Option<String>,
}

pub(crate) fn page_of(ctx: &Ctx, form: FormState) -> FeedbackPage {
    let say = WORDS.say(ctx.lang);
    FeedbackPage {
        shell: Shell::new(ctx, say.t("feedback-title")),
        w: say,
        form,
        kinds: KINDS.iter().map(|kind| (*kind, say.t(&format!("kind-{kind}")))).collect(),
    }
}

pub(super) async fn form(ctx: Ctx) -> Answer {
    Ok(page::render(&page_of(&ctx, FormState::new())))
}

pub(super) async fn send(State(room): State<Room>, ctx: Ctx, sent: Submitted) -> Answer {
    let text = |name| sent.get(name).trim().to_owned();
    let new =
        NewReport { kind: text("kind"), place: text("place"), text: text("text"), contact: text("contact") };
    // Whoever reports an error need not say who they are, signed in or not.
    match command!(room.house.ground, ctx.lang, ActorRef::visitor(), |cx| feedback::report(&mut cx, &new)) {
        Ok(number) => Ok(page::see_other(format!("/feedback-site/answer?number={number}&new=1"))),
        Err(Failure::Refused(refusal)) if !refusal.fields.is_empty() => {
            let mut form = FormState::of(&sent);
            form.refuse(&refusal);
            Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &page_of(&ctx, form)))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// Which report.
#[derive(serde::Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    number: String,
    new: Option<u8>,
}

pub(super) async fn answer(State(room): State<Room>, ctx: Ctx, Query(wanted): Query<Wanted>) -> Answer {
    let say = WORDS.say(ctx.lang);
    let number = wanted.number.trim().to_ascii_uppercase();
    let found = rows::find(&room.house.ground.store, &number).await?.ok_or_else(Refusal::not_found)?;
    Ok(page::render(&AnswerPage {
        shell: Shell::new(&ctx, say.t("feedback-answer-title"))
            .crumb(say.t("feedback-title"), "/feedback-site"),
        w: say,
        thanks: wanted.new.is_some(),
        report: shown(found, say),
    }))
}

/// Where the list goes on.
#[derive(serde::Deserialize)]
pub(super) struct From {
    before: Option<String>,
}

pub(super) async fn received(
    State(room): State<Room>,
    ctx: Ctx,
    _who: Operator,
    Query(from): Query<From>,
) -> Answer {
    let say = WORDS.say(ctx.lang);
    let (lines, next) = feedback::page_of(&room.house.ground.store, from.before.as_deref()).await?;
    Ok(page::render(&ListPage {
        shell: Shell::new(&ctx, say.t("feedback-received")).crumb(say.t("feedback-title"), "/feedback-site"),
        w: say,
        reports: lines.into_iter().map(|line| shown(line, say)).collect(),
        newest: from.before.map(|_| "/feedback-site/received".to_owned()),
        older: next.map(|next| format!("/feedback-site/received?before={next}")),
    }))
}

pub(super) async fn reply(
    State(room): State<Room>,
    ctx: Ctx,
    who: Operator,
    Path(number): Path<String>,
    sent: Submitted,
) -> Answer {
    let actor = who.actor_ref();
    command!(room.house.ground, ctx.lang, actor, |cx| {
        feedback::reply(&mut cx, &who, &number, sent.get("reply")).await
    })?;
    Ok(page::see_other("/feedback-site/received"))
}

fn shown(line: ReportLine, say: Say) -> Report {
    Report {
        number: line.number,
        at: format::moment(say.lang, line.reported_at),
        kind: say.t(&format!("kind-{}", line.kind)).into_owned(),
        place: line.place,
        text: line.text,
        reply: line.reply,
    }
}
