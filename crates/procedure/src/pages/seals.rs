//! `/desk/seals`: every seal, by agency.

use super::LINES;
use crate::WORDS;
use crate::seal::{self, Seal, SealCursor, SealState};
use axum::extract::{Query, State};
use identity::Operator;
use kernel::{AgencyCode, Lang};
use page::{Answer, Ctx, House, Html, Say, Shell};
use std::collections::HashMap;

struct Line {
    id: String,
    name: String,
    agency: String,
    kind: String,
    badge: Html,
    automatic: bool,
}

#[derive(askama::Template)]
#[template(path = "seals.html")]
struct SealsPage {
    shell: Shell,
    w: Say,
    lines: Vec<Line>,
    newer: Option<String>,
    older: Option<String>,
}

pub(super) fn badge(state: SealState, lang: Lang) -> Html {
    let kind = match state {
        SealState::InUse => "good",
        SealState::Suspended => "wait",
        SealState::Retired => "neutral",
    };
    page::badge(kind, state.name().get(lang))
}

/// `agency~kind~id`, as the address carries it.
fn cursor(text: &str) -> Option<SealCursor> {
    let mut parts = text.split('~');
    let agency = AgencyCode::parse(parts.next()?)?;
    let (kind, id) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(SealCursor { agency, kind, id })
}

pub(super) async fn get(
    State(house): State<House>,
    Query(query): Query<HashMap<String, String>>,
    ctx: Ctx,
    _: Operator,
) -> Answer {
    let after = query.get("after").and_then(|text| cursor(text));
    let mut seals = seal::list(&house.ground.store, after.as_ref(), LINES + 1).await?;
    let shown = usize::try_from(LINES).unwrap_or(usize::MAX);
    let more = seals.len() > shown;
    seals.truncate(shown);
    let older =
        seals.last().filter(|_| more).map(|s| format!("/desk/seals?after={}~{}~{}", s.agency, s.kind, s.id));
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let line = |s: Seal| Line {
        id: s.id.to_string(),
        name: s.name,
        agency: s.agency_name.get(lang).to_owned(),
        kind: s.kind.name().get(lang).to_owned(),
        badge: badge(s.state, lang),
        automatic: s.automatic,
    };
    let lines = seals.into_iter().map(line).collect();
    let shell = Shell::new(&ctx, w.t("seals-title")).desk();
    let newer = after.map(|_| "/desk/seals".to_owned());
    Ok(page::render(&SealsPage { shell, w, lines, newer, older }))
}
