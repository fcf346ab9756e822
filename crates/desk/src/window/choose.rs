//! `/desk/window/{visit}`: whoever stands there, with what runs for them and what they handed in before; and what they want.

use super::{behalf, purpose, save, visit};
use crate::{Room, WORDS};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use cases::bundle::Bundle;
use cases::show::{self, Names};
use cases::{CaseRow, Taking, Wanted};
use identity::{AtWindow, Clerk};
use kernel::{Lang, Outcome, Refusal, Timestamp, clock};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted, format};
use std::collections::BTreeSet;

/// So many running cases are shown.
const CASES: i64 = 50;
/// So many services are offered at once.
const OFFERED: usize = 12;

struct CaseLine {
    item: String,
    number: String,
    badge: Html,
    holder: String,
    due: String,
}

struct PaperLine {
    name: String,
    how: String,
}

struct Offer {
    /// `theme:stock-house`, `item:elderly-allowance`.
    pick: String,
    name: String,
    what: String,
    joint: bool,
    /// Which of the parties whoever stands there may be.
    parties: Vec<(String, String)>,
    /// Of another place: for whom it is accepted here, or that it is not.
    elsewhere: String,
}

#[derive(askama::Template)]
#[template(path = "window-choose.html")]
struct ChoosePage {
    shell: Shell,
    w: Say,
    form: FormState,
    action: String,
    name: String,
    number: String,
    /// That they may not act any more for whom they came.
    ended: bool,
    /// Who stands there for them; empty when they came themselves.
    agent: String,
    /// For whom they may act; empty when for nobody else.
    whom: Vec<behalf::Choice>,
    q: String,
    lines: Vec<CaseLine>,
    papers: Vec<PaperLine>,
    offers: Vec<Offer>,
    going_on: Option<(String, String)>,
}

/// What was searched for.
#[derive(serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    ctx: Ctx,
    who: Clerk,
) -> Answer {
    page_of(&room, &ctx, &who, (&id, &asked.q), FormState::new(), StatusCode::OK).await
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    who: &Clerk,
    (id, q): (&str, &str),
    form: FormState,
    status: StatusCode,
) -> Answer {
    let mut visit = visit(room, who, id).await?;
    let ended = behalf::ended(room, who, &visit).await?;
    if ended {
        behalf::put_away(room, who, &mut visit).await?;
    }
    let there = behalf::there(room, who, &visit).await?;
    let (ground, lang, w) = (&room.house.ground, ctx.lang, WORDS.say(ctx.lang));
    // The look is recorded before anything of the person is read.
    let kept = proofs::find_at_window(ground, who, &there, &purpose()).await?;
    let subject = identity::profile(&ground.store, there.subject()).await?.ok_or_else(Refusal::not_found)?;
    let found = cases::window_cases(&ground.store, who, there.subject(), CASES).await?;
    let running = found.rows.iter().filter(|row| row.running && there.covers(&row.item_key));
    let names = Names::load(&ground.store).await?;
    let line = |row: &CaseRow| CaseLine {
        item: row.item_name.get(lang).to_owned(),
        number: row.number.to_string(),
        badge: show::badge(&row.state, row.outcome.as_deref(), lang),
        holder: row.holder.as_ref().map_or_else(|| w.t("with-applicant").into_owned(), |a| names.of(a, lang)),
        due: row.due_at.map(|due| format::moment(lang, due)).unwrap_or_default(),
    };
    let paper = |p: &proofs::Proof| {
        let grade = w.t(&format!("grade-{}", p.grade.word())).into_owned();
        let told = [("at", format::date(lang, clock::legal_date(p.at))), ("grade", grade)];
        PaperLine { name: p.name.get(lang).to_owned(), how: w.with("window-kept-line", &told) }
    };
    let what = visit.said.what.get(lang).to_owned();
    let going_on =
        (!what.is_empty() && visit.said.filed.is_empty()).then(|| (format!("/desk/window/{id}/form"), what));
    let page = ChoosePage {
        shell: Shell::new(ctx, w.t("window-choose")).desk().crumb(w.t("window-title"), "/desk/window"),
        w,
        form,
        action: format!("/desk/window/{id}"),
        name: subject.name,
        number: subject.number_masked,
        ended,
        agent: behalf::agent(&there, lang),
        whom: behalf::choices(room, who, &visit, w).await?,
        q: q.to_owned(),
        lines: running.map(line).collect(),
        papers: kept.iter().map(paper).collect(),
        offers: offers(room, who, q, lang).await?,
        going_on,
    };
    Ok(page::render_with(status, &page))
}

/// What fits the words, joint matters first; without words, all joint matters and what is asked for most.
async fn offers(room: &Room, who: &Clerk, q: &str, lang: Lang) -> Outcome<Vec<Offer>> {
    let store = &room.house.ground.store;
    let words = q.trim().to_lowercase();
    let fits = |text: &kernel::Text| {
        let all = format!("{} {}", text.zh, text.en).to_lowercase();
        words.split_whitespace().all(|word| all.contains(word))
    };
    let themes = catalog::themes(store).await?;
    let mut offers: Vec<Offer> = themes
        .iter()
        .filter(|t| fits(&t.name))
        .map(|t| Offer {
            pick: format!("theme:{}", t.id),
            name: t.name.get(lang).to_owned(),
            what: t.what.get(lang).to_owned(),
            joint: true,
            parties: parties(&t.roles, lang),
            elsewhere: String::new(),
        })
        .collect();
    let keys: Vec<String> = if words.is_empty() {
        let most = cases::most_filed(store, i64::try_from(OFFERED).unwrap_or(12)).await?;
        most.into_iter().map(|(key, _)| key).collect()
    } else {
        catalog::search(store, q, OFFERED).await?.into_iter().map(|i| i.key).collect()
    };
    let names = Names::load(store).await?;
    for key in keys {
        let Some(published) = catalog::find(store, &key).await? else { continue };
        let item = &published.item;
        offers.push(Offer {
            pick: format!("item:{key}"),
            name: item.name.get(lang).to_owned(),
            what: item.what.get(lang).to_owned(),
            joint: false,
            parties: parties(&item.roles, lang),
            elsewhere: elsewhere(room, who, item, (&names, lang)).await?,
        });
    }
    Ok(offers)
}

/// The parties that a field names by number, when there are several.
fn parties(roles: &[catalog::PartyRole], lang: Lang) -> Vec<(String, String)> {
    let named = roles.iter().filter(|r| r.person.is_some());
    let all: Vec<_> = named.map(|r| (r.id.clone(), r.name.get(lang).to_owned())).collect();
    if all.len() > 1 { all } else { Vec::new() }
}

/// What of another place this window accepts, and for whom; what it does not.
async fn elsewhere(
    room: &Room,
    who: &Clerk,
    item: &catalog::Item,
    (names, lang): (&Names, Lang),
) -> Outcome<String> {
    let (ground, w) = (&room.house.ground, WORDS.say(lang));
    Ok(match cases::taking(&ground.store, who, item, ground.clock.now()).await? {
        Taking::Here => String::new(),
        Taking::For(_) => w.with("window-for-elsewhere", &[("agency", names.of(&item.agency, lang))]),
        Taking::Not => w.with("window-not-here", &[("agency", names.of(&item.agency, lang))]),
    })
}

/// What was typed for the same matter stays; for another one, or another part in it, it is begun anew.
fn begin_anew(said: &mut super::Said, (theme, items, role): (&Option<String>, &[String], Option<String>)) {
    if (&said.theme, said.items.as_slice(), &said.role) == (theme, items, &role) {
        return;
    }
    said.known = said.known.take().filter(|_| said.role == role);
    let Wanted { answers, kept, unproven, learned, told, .. } = Wanted::default();
    (said.answers, said.kept, said.unproven) = (answers, kept, unproven);
    (said.learned, said.told, said.role) = (learned, told, role);
    said.seen.clear();
    said.promises.clear();
    said.present.clear();
    said.read.clear();
    said.present_ground.clear();
    said.present_paper.clear();
}

/// Whether something, and whether all of it, asks the window to compare originals; or why it is not taken here, or not for whom they came.
async fn taken(
    room: &Room,
    who: &Clerk,
    there: &AtWindow,
    (bundle, now): (&Bundle, Timestamp),
) -> Outcome<Result<(bool, bool), Refusal>> {
    let (mut compares, mut compares_all) = (false, true);
    for published in &bundle.items {
        if let Err(no) = cases::may_at_window(there, &published.item) {
            return Ok(Err(no));
        }
        match cases::taking(&room.house.ground.store, who, &published.item, now).await? {
            Taking::Here => compares_all = false,
            Taking::For(received) => {
                compares |= received.mode.compares();
                compares_all &= received.mode.compares();
            }
            Taking::Not => return Ok(Err(cases::not_taken(&published.item))),
        }
    }
    Ok(Ok((compares, compares && compares_all)))
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Clerk,
    sent: Submitted,
) -> Answer {
    let mut visit = visit(&room, &who, &id).await?;
    if !visit.said.filed.is_empty() {
        return Ok(page::see_other(format!("/desk/window/{id}/receipt")));
    }
    if sent.has("whom") {
        behalf::choose(&room, &who, &mut visit, sent.get("whom")).await?;
        return Ok(page::see_other(format!("/desk/window/{id}")));
    }
    // The button of one service, or the ticks of several.
    let picks = match sent.get("pick") {
        "" | "several" => sent.all("tick"),
        one => vec![one],
    };
    // Which of the parties they are stands behind the service.
    let role = picks.iter().find_map(|p| p.split_once('@')).map(|(_, role)| role.to_owned());
    let picks: Vec<&str> = picks.iter().map(|p| p.split_once('@').map_or(*p, |(what, _)| what)).collect();
    let theme = picks.iter().find_map(|p| p.strip_prefix("theme:")).map(str::to_owned);
    let items: BTreeSet<String> =
        picks.iter().filter_map(|p| p.strip_prefix("item:")).map(str::to_owned).collect();
    if theme.is_none() && items.is_empty() || theme.is_some() && picks.len() > 1 {
        let mut form = FormState::of(&sent);
        form.fail(
            "q",
            "请选择要办的事：一件事只能选一个，单个事项可以选几个。",
            "Choose what is wanted: one joint matter, or one service or several.",
        );
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return page_of(&room, &ctx, &who, (&id, sent.get("q")), form, status).await;
    }
    let items: Vec<String> = if theme.is_some() { Vec::new() } else { items.into_iter().collect() };
    let bundle = Bundle::load(&room.house.ground.store, theme.as_deref(), &items).await?;
    if behalf::ended(&room, &who, &visit).await? {
        let form = FormState::of(&sent);
        return page_of(&room, &ctx, &who, (&id, sent.get("q")), form, StatusCode::CONFLICT).await;
    }
    let there = behalf::there(&room, &who, &visit).await?;
    match taken(&room, &who, &there, (&bundle, ctx.now)).await? {
        Ok(compares) => (visit.said.compares, visit.said.compares_all) = compares,
        Err(no) => {
            let mut form = FormState::of(&sent);
            form.fail("q", no.sentence(Lang::ZhCn), no.sentence(Lang::En));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return page_of(&room, &ctx, &who, (&id, sent.get("q")), form, status).await;
        }
    }
    begin_anew(&mut visit.said, (&theme, &items, role));
    (visit.said.theme, visit.said.items, visit.said.what) = (theme, items, bundle.name());
    save(&room, &who, &visit).await?;
    Ok(page::see_other(format!("/desk/window/{id}/form")))
}
