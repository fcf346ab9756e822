//! `/space/mandates`: what I gave and what was given to me.

use crate::WORDS;
use crate::mandate::{Basis, Mandate, MandateId, MandateState, Matters, Side, mandates_of, speaker};
use crate::rights::Applicant;
use axum::extract::{Query, State};
use kernel::Timestamp;
use page::{Answer, Ctx, House, Say, Shell, format};

const LINES: i64 = 20;

/// A mandate in a list, in words.
pub(super) struct Line {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) matters: String,
    pub(super) until: String,
    pub(super) kind: &'static str,
    pub(super) word: String,
}

/// How a mandate is said in one line, as seen from one side.
pub(super) fn line(m: &Mandate, side: Side, now: Timestamp, w: Say) -> Line {
    let (key, name) = match (side, m.basis) {
        (Side::Given, Basis::Given) => ("mandate-to", &m.agent_name),
        (Side::Given, Basis::Guardian) => ("mandate-guardian", &m.agent_name),
        (Side::Held, Basis::Given) => ("mandate-from", &m.principal_name),
        (Side::Held, Basis::Guardian) => ("mandate-child", &m.principal_name),
    };
    let state = m.state_at(now);
    Line {
        href: format!("/space/mandates/{}", m.id),
        title: w.with(key, &[("name", name.clone())]),
        matters: matters(&m.matters, w),
        until: format::date(w.lang, m.until()),
        kind: kind(state),
        word: w.t(&format!("mandate-state-{state}")).into_owned(),
    }
}

/// The matters in few words.
pub(super) fn matters(matters: &Matters, w: Say) -> String {
    match matters {
        Matters::All => w.t("mandate-all").into_owned(),
        Matters::Items(items) => w.with("mandate-items-count", &[("n", items.len().to_string())]),
    }
}

/// The look of a state.
pub(super) fn kind(state: MandateState) -> &'static str {
    match state {
        MandateState::Offered => "wait",
        MandateState::Accepted => "good",
        MandateState::Refused | MandateState::Revoked | MandateState::Renounced => "bad",
        MandateState::Expired | MandateState::Ended => "neutral",
    }
}

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    side: String,
    before: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "mandates.html")]
struct MandatesPage {
    shell: Shell,
    w: Say,
    name: String,
    held: bool,
    waiting: Vec<Line>,
    lines: Vec<Line>,
    newest: Option<String>,
    older: Option<String>,
}

pub(super) async fn get(
    State(house): State<House>,
    who: Applicant,
    ctx: Ctx,
    Query(asked): Query<Asked>,
) -> Answer {
    let (w, store) = (WORDS.say(ctx.lang), &house.ground.store);
    let me = speaker(&who)?;
    let held = asked.side == "held";
    let side = if held { Side::Held } else { Side::Given };
    let before = asked.before.as_deref().and_then(|id| id.parse::<MandateId>().ok());
    let found = mandates_of(store, &who, side, before, LINES + 1).await?;
    let more = i64::try_from(found.len()).is_ok_and(|n| n > LINES);
    let shown: Vec<&Mandate> = found.iter().take(usize::try_from(LINES).unwrap_or(0)).collect();
    let base = if held { "/space/mandates?side=held" } else { "/space/mandates?side=given" };
    let (waiting, lines): (Vec<&&Mandate>, _) =
        shown.iter().partition(|m| m.agent == me && m.state_at(ctx.now) == MandateState::Offered);
    let words = |some: Vec<&&Mandate>| some.into_iter().map(|m| line(m, side, ctx.now, w)).collect();
    Ok(page::render(&MandatesPage {
        shell: Shell::new(&ctx, w.t("mandates-title")).crumb(w.t("space"), "/space"),
        w,
        name: who.subject_name().to_owned(),
        held,
        waiting: words(waiting),
        lines: words(lines),
        newest: before.map(|_| base.to_owned()),
        older: shown.last().filter(|_| more).map(|m| format!("{base}&before={}", m.id)),
    }))
}
