//! `/desk/seals/{id}`: one seal, who may apply it, and its use.

use super::seals::badge;
use super::{LINES, People};
use crate::WORDS;
use crate::seal::{self, RightState, Seal, SealId, SealRight, SealState, UseCursor};
use ::store::command;
use axum::extract::{Path, Query, State};
use identity::Operator;
use kernel::{AccountId, Lang, Outcome, Refusal, RefusalKind, clock};
use page::{Answer, Ctx, House, Html, Say, Shell, Submitted, format};
use std::collections::HashMap;

struct Right {
    account: String,
    name: String,
    agency: String,
    badge: Html,
    since: String,
    held: bool,
    suspended: bool,
}

struct Use {
    number: String,
    who: String,
    instead_of: Option<String>,
    at: String,
}

struct Next {
    state: &'static str,
    word: &'static str,
    danger: bool,
}

#[derive(askama::Template)]
#[template(path = "seal.html")]
struct SealPage {
    shell: Shell,
    w: Say,
    id: String,
    kind: String,
    agency: String,
    badge: Html,
    automatic: bool,
    retired: bool,
    next: Vec<Next>,
    rights: Vec<Right>,
    candidates: Vec<(String, String)>,
    uses: Vec<Use>,
    newer: Option<String>,
    older: Option<String>,
    form: page::FormState,
}

async fn find(house: &House, id: &str) -> Outcome<Seal> {
    let id: SealId = id.parse().map_err(|_| Refusal::not_found())?;
    Ok(seal::get(&house.ground.store, id).await?.ok_or_else(Refusal::not_found)?)
}

/// `micros~id`, as the address carries it.
fn cursor(text: &str) -> Option<UseCursor> {
    let (at, id) = text.split_once('~')?;
    Some(UseCursor { at: clock::from_micros(at.parse().ok()?), id: id.parse().ok()? })
}

fn next(state: SealState) -> Vec<Next> {
    let to = |state: SealState, word, danger| Next { state: state.word(), word, danger };
    match state {
        SealState::InUse => {
            vec![to(SealState::Suspended, "seal-suspend", false), to(SealState::Retired, "seal-retire", true)]
        }
        SealState::Suspended => {
            vec![to(SealState::InUse, "seal-enable", false), to(SealState::Retired, "seal-retire", true)]
        }
        SealState::Retired => Vec::new(),
    }
}

fn holder(r: SealRight, people: &People, lang: Lang) -> Right {
    let w = WORDS.say(lang);
    let (name, agency) = people.of(r.account);
    let (kind, word) = match r.state {
        RightState::Held => ("good", "right-held"),
        RightState::Suspended => ("wait", "right-suspended"),
        RightState::Revoked => ("neutral", "right-revoked"),
    };
    Right {
        account: r.account.to_string(),
        name,
        agency,
        badge: page::badge(kind, &w.t(word)),
        since: format::moment(lang, r.since),
        held: r.state == RightState::Held,
        suspended: r.state == RightState::Suspended,
    }
}

pub(super) async fn get(
    State(house): State<House>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    ctx: Ctx,
    _: Operator,
) -> Answer {
    let one = find(&house, &id).await?;
    let store = &house.ground.store;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let people = People::load(store, &one.agency, lang).await?;
    let rights = seal::rights(store, one.id).await?;
    let after = query.get("after").and_then(|text| cursor(text));
    let mut uses = seal::uses(store, one.id, after.as_ref(), LINES + 1).await?;
    let shown = usize::try_from(LINES).unwrap_or(usize::MAX);
    let more = uses.len() > shown;
    uses.truncate(shown);
    let older = uses.last().filter(|_| more);
    let older = older.map(|u| format!("/desk/seals/{}?after={}~{}", one.id, u.at.as_microsecond(), u.id));
    let candidates = people.0.iter().filter(|(account, _)| {
        !rights.iter().any(|r| r.account == **account && r.state != RightState::Revoked)
    });
    let candidates =
        candidates.map(|(a, (name, agency))| (a.to_string(), format!("{name} · {agency}"))).collect();
    let rights = rights.into_iter().map(|r| holder(r, &people, lang));
    let uses = uses.into_iter().map(|u| Use {
        number: u.number,
        who: u.account.map_or_else(|| w.t("by-program").into_owned(), |a| people.of(a).0),
        instead_of: u.instead_of.map(|a| people.of(a).0),
        at: format::moment(lang, u.at),
    });
    let shell = Shell::new(&ctx, one.name.clone()).desk().crumb(w.t("seals-title"), "/desk/seals");
    Ok(page::render(&SealPage {
        rights: rights.collect(),
        uses: uses.collect(),
        shell,
        w,
        id: one.id.to_string(),
        kind: one.kind.name().get(lang).to_owned(),
        agency: one.agency_name.get(lang).to_owned(),
        badge: badge(one.state, lang),
        automatic: one.automatic,
        retired: one.state == SealState::Retired,
        next: next(one.state),
        candidates,
        newer: after.map(|_| format!("/desk/seals/{}", one.id)),
        older,
        form: page::FormState::new(),
    }))
}

fn back(id: SealId) -> axum::response::Response {
    page::see_other(format!("/desk/seals/{id}"))
}

fn odd() -> Refusal {
    Refusal::new(RefusalKind::Invalid, "procedure.seal-choice", "没有这个选项。", "There is no such choice.")
        .next("请返回印章页面重新选择。", "Go back to the seal and choose again.")
}

/// POST …/state: in use, suspended, retired.
pub(super) async fn state(
    State(house): State<House>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Operator,
    sent: Submitted,
) -> Answer {
    let one = find(&house, &id).await?;
    let state: SealState = sent.get("state").parse().map_err(|_| odd())?;
    let actor = who.actor_ref();
    let done: Outcome<()> =
        command!(house.ground, ctx.lang, actor, |cx| seal::set_state(&mut cx, &who, one.id, state).await);
    done?;
    Ok(back(one.id))
}

/// POST …/automatic: whether the program may apply it.
pub(super) async fn automatic(
    State(house): State<House>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Operator,
    sent: Submitted,
) -> Answer {
    let one = find(&house, &id).await?;
    let yes = sent.get("automatic") == "yes";
    let actor = who.actor_ref();
    let done: Outcome<()> =
        command!(house.ground, ctx.lang, actor, |cx| seal::set_automatic(&mut cx, &who, one.id, yes).await);
    done?;
    Ok(back(one.id))
}

/// POST …/rights: grant, suspend, revoke.
pub(super) async fn right(
    State(house): State<House>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Operator,
    sent: Submitted,
) -> Answer {
    let one = find(&house, &id).await?;
    let account: AccountId = sent.get("account").parse().map_err(|_| odd())?;
    let act = sent.get("act").to_owned();
    if act == "grant" {
        let people = People::load(&house.ground.store, &one.agency, ctx.lang).await?;
        if !people.0.contains_key(&account) {
            return Err(odd().into());
        }
    }
    let actor = who.actor_ref();
    let done: Outcome<()> = command!(house.ground, ctx.lang, actor, |cx| match act.as_str() {
        "grant" => seal::grant(&mut cx, &who, one.id, account).await,
        "suspend" => seal::suspend(&mut cx, &who, one.id, account).await,
        "revoke" => seal::revoke(&mut cx, &who, one.id, account).await,
        _ => Err(odd().into()),
    });
    done?;
    Ok(back(one.id))
}
