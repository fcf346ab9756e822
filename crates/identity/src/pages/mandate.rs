//! `/space/mandates/{id}`: one mandate, what may be done with it, and everything that was done under it.

use super::common::{Peer, asks, sure, tell};
use super::mandates::{Line, kind, line};
use crate::WORDS;
use crate::mandate::{
    Answer as Reply, Basis, Mandate, MandateId, MandateState, Matters, Side, UseId, Used, answer, mandate_of,
    name_items, speaker, uses_of,
};
use crate::rights::{Applicant, SignedIn};
use ::store::command;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use kernel::{Outcome, Refusal, SubjectId};
use page::{Answer, Ctx, FormState, House, Say, Shell, Submitted, format};

const LINES: i64 = 20;

/// A use in words.
struct UseLine {
    at: String,
    who: String,
    what: String,
    cases: Vec<String>,
}

/// What the reader may do with it.
#[derive(Default)]
struct May {
    accept: bool,
    revoke: bool,
    renounce: bool,
    act: bool,
    hand_on: bool,
}

impl May {
    fn any(&self) -> bool {
        self.accept || self.revoke || self.renounce
    }

    fn of(m: &Mandate, me: SubjectId, ctx: &Ctx) -> Self {
        let state = m.state_at(ctx.now);
        let (agent, given) = (m.agent == me, m.basis == Basis::Given);
        let giver = m.principal == me || m.giver == me;
        Self {
            accept: agent && state == MandateState::Offered,
            revoke: giver && given && state.open(),
            renounce: agent && given && state == MandateState::Accepted,
            act: agent && state == MandateState::Accepted,
            hand_on: agent
                && m.hand_on
                && state == MandateState::Accepted
                && m.links < crate::settings::settings().mandate_links_max,
        }
    }
}

#[derive(askama::Template)]
#[template(path = "mandate.html")]
struct MandatePage {
    shell: Shell,
    w: Say,
    form: FormState,
    id: MandateId,
    kind: &'static str,
    word: String,
    facts: Vec<(String, String)>,
    items: Vec<(String, String)>,
    may: May,
    asks: bool,
    below: Vec<Line>,
    uses: Vec<UseLine>,
    newest: Option<String>,
    older: Option<String>,
}

fn facts(m: &Mandate, w: Say) -> Vec<(String, String)> {
    let yes = |yes: bool| w.t(if yes { "yes" } else { "no" }).into_owned();
    let mut facts = vec![
        ("mandate-principal", m.principal_name.clone()),
        ("mandate-agent", m.agent_name.clone()),
        ("mandate-powers", w.t(&format!("mandate-powers-{}", m.powers)).into_owned()),
        ("mandate-until", format::date(w.lang, m.until())),
        ("mandate-hand-on", yes(m.hand_on)),
        ("mandate-basis", w.t(&format!("mandate-basis-{}", m.basis)).into_owned()),
        ("mandate-signed", format::moment(w.lang, m.offered_at)),
    ];
    if m.parent.is_some() {
        facts.insert(2, ("mandate-giver", m.giver_name.clone()));
    }
    if let Some(at) = m.ended_at {
        facts.push(("mandate-ended", format::moment(w.lang, at)));
    }
    facts.into_iter().map(|(key, value)| (w.t(key).into_owned(), value)).collect()
}

fn use_line(used: &Used, w: Say) -> UseLine {
    let cases = used.about.split(',').filter(|n| !n.is_empty()).map(str::to_owned).collect();
    UseLine {
        at: format::moment(w.lang, used.at),
        who: used.person_name.clone(),
        what: w.t(&format!("use-{}", used.act)).into_owned(),
        cases,
    }
}

async fn page_of(
    house: &House,
    ctx: &Ctx,
    (who, signed): (&Applicant, &SignedIn),
    id: MandateId,
    form: FormState,
    before: Option<UseId>,
) -> Outcome<MandatePage> {
    let (w, store) = (WORDS.say(ctx.lang), &house.ground.store);
    let me = speaker(who)?;
    let (mandate, below) = mandate_of(store, who, id).await?;
    let used = uses_of(store, who, id, before, LINES + 1).await?;
    let more = i64::try_from(used.len()).is_ok_and(|n| n > LINES);
    let shown: Vec<&Used> = used.iter().take(usize::try_from(LINES).unwrap_or(0)).collect();
    let keys: Vec<String> = match &mandate.matters {
        Matters::All => Vec::new(),
        Matters::Items(items) => items.iter().cloned().collect(),
    };
    let items = name_items(store, &keys).await?;
    let state = mandate.state_at(ctx.now);
    let base = format!("/space/mandates/{id}");
    Ok(MandatePage {
        shell: Shell::new(ctx, w.t("mandate-title"))
            .crumb(w.t("space"), "/space")
            .crumb(w.t("mandates-title"), "/space/mandates"),
        w,
        form,
        id,
        kind: kind(state),
        word: w.t(&format!("mandate-state-{state}")).into_owned(),
        facts: facts(&mandate, w),
        items: items
            .into_iter()
            .map(|i| (i.name.get(ctx.lang).to_owned(), i.agency.get(ctx.lang).to_owned()))
            .collect(),
        may: May::of(&mandate, me, ctx),
        asks: asks(signed, ctx.now),
        below: below.iter().map(|m| line(m, Side::Given, ctx.now, w)).collect(),
        uses: shown.iter().map(|u| use_line(u, w)).collect(),
        newest: before.map(|_| base.clone()),
        older: shown.last().filter(|_| more).map(|u| format!("{base}?before={}", u.id)),
    })
}

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    before: Option<String>,
}

fn id_of(text: &str) -> Result<MandateId, Refusal> {
    text.parse().map_err(|_| Refusal::not_found())
}

pub(super) async fn get(
    State(house): State<House>,
    who: Applicant,
    signed: SignedIn,
    ctx: Ctx,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let before = asked.before.as_deref().and_then(|id| id.parse().ok());
    let page = page_of(&house, &ctx, (&who, &signed), id_of(&id)?, FormState::new(), before).await?;
    Ok(page::render(&page))
}

pub(super) async fn post(
    State(house): State<House>,
    who: Applicant,
    signed: SignedIn,
    ctx: Ctx,
    Path(id): Path<String>,
    headers: HeaderMap,
    peer: Peer,
    sent: Submitted,
) -> Answer {
    let id = id_of(&id)?;
    let reply = match sent.get("do") {
        "accept" => Reply::Accept,
        "refuse" => Reply::Refuse,
        "revoke" => Reply::Revoke,
        "renounce" => Reply::Renounce,
        _ => return Err(Refusal::not_found().into()),
    };
    let done = match sure(&house, &signed, &sent, &headers, &peer).await {
        Ok(sure) => {
            command!(house.ground, ctx.lang, who.actor_ref(), |cx| {
                answer(&mut cx, &who, &sure, id, reply).await
            })
        }
        Err(failure) => Err(failure),
    };
    let Err(failure) = done else { return Ok(page::see_other(format!("/space/mandates/{id}"))) };
    let mut form = FormState::of(&sent);
    tell(&mut form, failure)?;
    let page = page_of(&house, &ctx, (&who, &signed), id, form, None).await?;
    Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
