//! `/desk/lines`: steps that lie with line systems, those that are stuck first, and another try.

use crate::asked::{escape, pairs};
use crate::{Room, WORDS};
use axum::extract::{Path, State};
use cases::Scope;
use exchange::{DispatchId, DispatchLine, DispatchState};
use identity::Operator;
use kernel::{Failure, Lang, Outcome, Refusal};
use page::{Answer, Ctx, Html, Say, Shell, Submitted, format};

/// How many dispatches a page looks at.
const LINES: i64 = 50;

pub(super) struct Line {
    pub id: String,
    pub href: String,
    pub number: String,
    pub system: String,
    pub state: Html,
    pub tries: i64,
    pub error: String,
    pub since: String,
    pub open: bool,
}

#[derive(askama::Template)]
#[template(path = "lines.html")]
struct Page {
    shell: Shell,
    w: Say,
    lines: Vec<Line>,
    /// Whether those are listed that were taken and not answered yet.
    sent: bool,
    older: Option<String>,
    newer: Option<String>,
}

/// A dispatch as a line.
pub(super) fn line(room: &Room, d: &DispatchLine, lang: Lang, w: Say) -> Line {
    let (kind, word) = match d.state {
        DispatchState::Waiting => ("info", "line-waiting"),
        DispatchState::Sent => ("info", "line-sent"),
        DispatchState::Answered => ("good", "line-answered"),
        DispatchState::Stuck => ("bad", "line-stuck"),
        DispatchState::Cancelled => ("neutral", "line-cancelled"),
    };
    Line {
        id: d.id.to_string(),
        href: format!("/desk/cases/{}", d.number),
        number: d.number.clone(),
        system: room.system(&d.system, lang),
        state: page::badge(kind, &w.t(word)),
        tries: d.tries,
        error: d.error.clone().unwrap_or_default(),
        since: format::moment(lang, d.answered_at.or(d.sent_at).unwrap_or(d.created_at)),
        open: !matches!(d.state, DispatchState::Answered | DispatchState::Cancelled),
    }
}

/// Dispatches that are stuck, the newest first; with a scope those of its cases only, each looked up within it.
pub(super) async fn stuck(
    room: &Room,
    scope: Option<&Scope>,
    before: Option<&str>,
    lang: Lang,
    w: Say,
) -> Outcome<(Vec<Line>, Option<String>)> {
    listed(room, DispatchState::Stuck, scope, before, (lang, w)).await
}

async fn listed(
    room: &Room,
    state: DispatchState,
    scope: Option<&Scope>,
    before: Option<&str>,
    (lang, w): (Lang, Say),
) -> Outcome<(Vec<Line>, Option<String>)> {
    let store = &room.house.ground.store;
    let before: Option<DispatchId> = before.and_then(|b| b.parse().ok());
    let found = exchange::dispatches(store, state, before, LINES).await?;
    let full = i64::try_from(found.len()).unwrap_or(0) == LINES;
    let next = found.last().filter(|_| full).map(|d| d.id.to_string());
    let mut shown = Vec::new();
    for d in &found {
        let within = match (scope, d.number.parse()) {
            (None, _) => true,
            (Some(scope), Ok(number)) => match cases::progress(store, &number, scope).await {
                Ok(_) => true,
                Err(Failure::Refused(_)) => false,
                Err(fault) => return Err(fault),
            },
            (Some(_), Err(_)) => false,
        };
        if within {
            shown.push(line(room, d, lang, w));
        }
    }
    Ok((shown, next))
}

pub(super) async fn get(State(room): State<Room>, ctx: Ctx, _: Operator) -> Answer {
    let query = pairs(&ctx.query);
    let before = query.iter().find(|(n, _)| n == "after").map(|(_, v)| v.as_str());
    // What a line system took and never answered may be lost there: it is sent anew from the other list.
    let sent = query.iter().any(|(n, v)| n == "state" && v == "sent");
    let (state, own) = if sent {
        (DispatchState::Sent, "/desk/lines?state=sent&")
    } else {
        (DispatchState::Stuck, "/desk/lines?")
    };
    let w = WORDS.say(ctx.lang);
    let (lines, next) = listed(&room, state, None, before, (ctx.lang, w)).await?;
    Ok(page::render(&Page {
        shell: Shell::new(&ctx, w.t("lines-title")).desk(),
        w,
        lines,
        sent,
        older: next.map(|next| format!("{own}after={}", escape(&next))),
        newer: before.map(|_| own.trim_end_matches(['?', '&']).to_owned()),
    }))
}

pub(super) async fn resend(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Operator,
    _sent: Submitted,
) -> Answer {
    let id: DispatchId = id.parse().map_err(|_| Refusal::not_found())?;
    let done: Result<(), Failure> = ::store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        exchange::resend(&mut cx, id).await
    });
    done?;
    Ok(page::see_other("/desk/lines"))
}
