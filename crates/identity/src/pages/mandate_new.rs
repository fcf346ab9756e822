//! `/space/mandates/new`: gives a mandate, or hands one on (`?under=`). What was typed stays until it is signed.

use super::common::{Peer, asks, sure, tell};
use crate::WORDS;
use crate::mandate::{
    ItemName, Mandate, MandateId, Matters, Offer, Powers, find_agent, find_items, last_day, mandate_of,
    name_items, offer, speaker,
};
use crate::model::ProfileKind;
use crate::rights::{Applicant, SignedIn};
use crate::settings::settings;
use ::store::{Store, command};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::{Outcome, Refusal, RefusalKind, clock};
use page::{Answer, Ctx, FormState, House, Say, Shell, Submitted, format};
use std::collections::BTreeSet;

/// How many items a search shows.
const FOUND: usize = 20;
/// For how long a mandate is proposed, in days.
const USUAL_DAYS: i64 = 182;

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    under: String,
}

#[derive(askama::Template)]
#[template(path = "mandate_new.html")]
struct NewPage {
    shell: Shell,
    w: Say,
    form: FormState,
    under: String,
    principal: String,
    handed_on: bool,
    kinds: Vec<(String, String)>,
    scopes: Vec<(String, String)>,
    items: Vec<(String, String)>,
    powers: Vec<(String, String)>,
    may_hand_on: bool,
    latest: String,
    asks: bool,
}

/// The mandate that is handed on, when one is.
async fn parent(store: &Store, who: &Applicant, under: &str) -> Outcome<Option<Mandate>> {
    if under.is_empty() {
        return Ok(None);
    }
    let id: MandateId = under.parse().map_err(|_| Refusal::not_found())?;
    let (mandate, _) = mandate_of(store, who, id).await?;
    if mandate.agent != speaker(who)? {
        return Err(Refusal::not_found().into());
    }
    Ok(Some(mandate))
}

/// The items to choose from: those that were chosen, then what the search finds; of a mandate that is handed on, its own.
async fn items(store: &Store, form: &FormState, parent: Option<&Mandate>) -> Outcome<Vec<ItemName>> {
    if let Some(Matters::Items(own)) = parent.map(|p| &p.matters) {
        let keys: Vec<String> = own.iter().cloned().collect();
        return Ok(name_items(store, &keys).await?);
    }
    let chosen = form.all("items");
    let mut items = name_items(store, chosen).await?;
    let found = find_items(store, form.value("q").trim(), FOUND).await?;
    items.extend(found.into_iter().filter(|i| !chosen.contains(&i.key)));
    Ok(items)
}

async fn page_of(
    house: &House,
    ctx: &Ctx,
    (who, signed): (&Applicant, &SignedIn),
    under: &str,
    form: FormState,
) -> Outcome<NewPage> {
    let (w, store) = (WORDS.say(ctx.lang), &house.ground.store);
    let parent = parent(store, who, under).await?;
    let words = |keys: &[(&str, &str)]| -> Vec<(String, String)> {
        keys.iter().map(|(value, key)| ((*value).to_owned(), w.t(key).into_owned())).collect()
    };
    let item = |i: ItemName| {
        let (name, agency) = (i.name.get(ctx.lang).to_owned(), i.agency.get(ctx.lang).to_owned());
        let word = if agency.is_empty() {
            name
        } else {
            w.with("mandate-item", &[("name", name), ("agency", agency)])
        };
        (i.key, word)
    };
    let scopes: &[_] = match parent.as_ref().map(|p| &p.matters) {
        Some(Matters::Items(_)) => &[("items", "mandate-scope-items")],
        _ => &[("items", "mandate-scope-items"), ("all", "mandate-scope-all")],
    };
    let powers: &[_] = match parent.as_ref().map(|p| p.powers) {
        Some(Powers::Filing) => &[("filing", "mandate-powers-filing")],
        _ => &[("filing", "mandate-powers-filing"), ("everything", "mandate-powers-everything")],
    };
    let limit = settings();
    let today = clock::legal_date(ctx.now);
    let latest = today.checked_add(limit.mandate_days_max.days()).unwrap_or(today);
    let latest = parent.as_ref().map_or(latest, |p| last_day(p.until_at).min(latest));
    let links = parent.as_ref().map_or(0, |p| p.links) + 1;
    Ok(NewPage {
        shell: Shell::new(
            ctx,
            w.t(if parent.is_some() { "mandate-pass-title" } else { "mandate-new-title" }),
        )
        .crumb(w.t("space"), "/space")
        .crumb(w.t("mandates-title"), "/space/mandates"),
        w,
        items: items(store, &form, parent.as_ref()).await?.into_iter().map(item).collect(),
        form,
        under: under.to_owned(),
        principal: parent
            .as_ref()
            .map_or_else(|| who.subject_name().to_owned(), |p| p.principal_name.clone()),
        handed_on: parent.is_some(),
        kinds: words(&[("person", "mandate-kind-person"), ("firm", "mandate-kind-firm")]),
        scopes: words(scopes),
        powers: words(powers),
        may_hand_on: links < limit.mandate_links_max,
        latest: format::date(ctx.lang, latest),
        asks: asks(signed, ctx.now),
    })
}

pub(super) async fn get(
    State(house): State<House>,
    who: Applicant,
    signed: SignedIn,
    ctx: Ctx,
    Query(asked): Query<Asked>,
) -> Answer {
    let parent = parent(&house.ground.store, &who, &asked.under).await?;
    let today = clock::legal_date(ctx.now);
    let usual = today.checked_add(USUAL_DAYS.days()).unwrap_or(today);
    let until = parent.map_or(usual, |p| p.until().min(usual));
    let form = FormState::new()
        .with("kind", "person")
        .with("scope", "items")
        .with("powers", "filing")
        .with("until", until.to_string());
    Ok(page::render(&page_of(&house, &ctx, (&who, &signed), &asked.under, form).await?))
}

/// What was typed, or what is wrong with it.
async fn read(store: &Store, sent: &Submitted) -> Outcome<Offer> {
    let kind = match sent.get("kind") {
        "firm" => ProfileKind::Organisation,
        _ => ProfileKind::Person,
    };
    let (agent, agent_name) = find_agent(store, kind, sent.get("number"), sent.get("name")).await?;
    let (zh, en) = ("请填写日期，如2026-11-23。", "Enter a date such as 2026-11-23.");
    let no_day = || Refusal::new(RefusalKind::Invalid, "identity.mandate-day", zh, en).field("until", zh, en);
    let until: Date = sent.get("until").trim().parse().map_err(|_| no_day())?;
    let matters = match sent.get("scope") {
        "all" => Matters::All,
        _ => {
            let chosen: Vec<String> = sent.all("items").into_iter().map(str::to_owned).collect();
            let known = name_items(store, &chosen).await?;
            let known: BTreeSet<String> =
                known.into_iter().filter(|i| !i.agency.zh.is_empty()).map(|i| i.key).collect();
            Matters::Items(known)
        }
    };
    Ok(Offer {
        agent,
        agent_name,
        matters,
        powers: sent.get("powers").parse().unwrap_or(Powers::Filing),
        until,
        hand_on: sent.get("hand_on") == "yes",
        under: sent.get("under").parse().ok(),
        signed: sent.get("sign") == "yes",
    })
}

async fn give(
    house: &House,
    ctx: &Ctx,
    (who, signed): (&Applicant, &SignedIn),
    sent: &Submitted,
    (headers, peer): (&HeaderMap, &Peer),
) -> Outcome<MandateId> {
    let wanted = read(&house.ground.store, sent).await?;
    let sure = sure(house, signed, sent, headers, peer).await?;
    command!(house.ground, ctx.lang, who.actor_ref(), |cx| offer(&mut cx, who, &sure, &wanted).await)
}

pub(super) async fn post(
    State(house): State<House>,
    who: Applicant,
    signed: SignedIn,
    ctx: Ctx,
    headers: HeaderMap,
    peer: Peer,
    sent: Submitted,
) -> Answer {
    parent(&house.ground.store, &who, sent.get("under")).await?;
    speaker(&who)?;
    let mut form = FormState::of(&sent);
    let mut status = StatusCode::OK;
    // The search of items has a button of its own: nothing is given by it.
    if !sent.has("find") {
        match give(&house, &ctx, (&who, &signed), &sent, (&headers, &peer)).await {
            Ok(id) => return Ok(page::see_other(format!("/space/mandates/{id}"))),
            Err(failure) => tell(&mut form, failure)?,
        }
        status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    let page = page_of(&house, &ctx, (&who, &signed), sent.get("under"), form).await?;
    Ok(page::render_with(status, &page))
}
