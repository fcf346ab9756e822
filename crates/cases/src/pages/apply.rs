//! `/apply/…`: what is needed, and the button that begins — or goes on with the draft there is; for one item, for a theme
//! (`/apply/themes/{id}`), and for any set of items (`/apply?item=a&item=b`).

use super::Room;
use super::fields::{Spared as Paper, line};
use crate::bundle::{Asked, Bundle};
use crate::things::Things;
use crate::wallet::Wallet;
use crate::{WORDS, store as rows, verbs};
use axum::extract::{Path, Query, State};
use catalog::planner::Plan;
use forms::Answers;
use identity::Applicant;
use kernel::{Failure, Outcome, Refusal, Timestamp};
use page::{Answer, Ctx, Say, Shell, Submitted, format};
use serde_json::Map;
use std::collections::BTreeSet;

#[derive(askama::Template)]
#[template(path = "apply.html")]
struct Apply {
    shell: Shell,
    w: Say,
    key: String,
    what: String,
    name: String,
    subject: String,
    papers: Vec<Paper>,
    steps: Vec<String>,
    promised: String,
    statutory: String,
    draft: Option<(String, String)>,
    refused: Option<String>,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(item): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let store = &room.house.ground.store;
    let published = catalog::find(store, &item).await?.ok_or_else(Refusal::not_found)?;
    let (item, lang, w) = (&published.item, ctx.lang, WORDS.say(ctx.lang));
    let refused = verbs::for_whom(&who, item).err().map(|r| r.sentence(lang));
    let about = verbs::about(item);
    let draft = rows::find_draft(store, who.person(), who.subject(), &about).await?;
    let bundle = Bundle::of(store, None, vec![published.clone()]).await?;
    let plan = plan(store, &who, &bundle, &Answers::new(), ctx.now).await?;
    let name = item.name.get(lang).to_owned();
    let page = Apply {
        shell: Shell::new(&ctx, w.with("apply-title", &[("item", name.clone())]))
            .crumb(name.clone(), format!("/items/{}", item.key)),
        w,
        key: item.key.clone(),
        what: item.what.get(lang).to_owned(),
        name,
        subject: who.subject_name().to_owned(),
        papers: plan.papers.iter().map(|p| line(p, lang)).collect(),
        steps: item.form.sections.iter().map(|s| s.title.get(lang).to_owned()).collect(),
        promised: item.terms.promised.text().get(lang).to_owned(),
        statutory: item.terms.statutory.text().get(lang).to_owned(),
        draft: draft.map(|d| (d.id.to_string(), format::moment(lang, d.saved_at))),
        refused,
    };
    Ok(page::render(&page))
}

/// The plan for somebody of whom is known what they hold here.
async fn plan(
    store: &store::Store,
    who: &Applicant,
    bundle: &Bundle,
    answers: &Answers,
    now: Timestamp,
) -> Outcome<Plan> {
    let things = Things::of(bundle, answers, Vec::new());
    let wallet = Wallet::load(store, who.subject(), now, BTreeSet::new(), things).await?;
    let (known, unproven, holds) = (Map::new(), BTreeSet::new(), wallet.holds());
    let facts = std::collections::BTreeMap::new();
    Ok(bundle.plan(&Asked { answers, known: &known, holds: &holds, unproven: &unproven, facts: &facts, now }))
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(item): Path<String>,
    ctx: Ctx,
    who: Applicant,
    _sent: Submitted,
) -> Answer {
    let ground = &room.house.ground;
    let published = catalog::find(&ground.store, &item).await?.ok_or_else(Refusal::not_found)?;
    let started: Result<verbs::Started, Failure> =
        store::command!(ground, ctx.lang, who.actor_ref(), |cx| verbs::start(&mut cx, &who, &published)
            .await);
    let started = started?;
    Ok(page::see_other(format!("/drafts/{}/{}", started.matter, started.section)))
}

/// What stands in the address: items, and answers to situations.
type Asks = Vec<(String, String)>;

#[derive(askama::Template)]
#[template(path = "apply-several.html")]
struct Several {
    shell: Shell,
    w: Say,
    what: String,
    action: String,
    hidden: Vec<(String, String)>,
    members: Vec<(String, String)>,
    papers: Vec<Paper>,
    refused: Option<String>,
}

/// `/apply/themes/{id}`; answers to its situations may stand in the address.
pub(super) async fn theme(
    State(room): State<Room>,
    Path(id): Path<String>,
    Query(asked): Query<Asks>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let bundle = Bundle::load(&room.house.ground.store, Some(&id), &[]).await?;
    several_of(&room, &ctx, &who, &bundle, (format!("/apply/themes/{id}"), asked)).await
}

/// `/apply?item=a&item=b`: any set of items.
pub(super) async fn several(
    State(room): State<Room>,
    Query(asked): Query<Asks>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let items: Vec<String> =
        asked.iter().filter(|(name, _)| name == "item").map(|(_, value)| value.clone()).collect();
    let bundle = Bundle::load(&room.house.ground.store, None, &items).await?;
    several_of(&room, &ctx, &who, &bundle, ("/apply".to_owned(), asked)).await
}

async fn several_of(
    room: &Room,
    ctx: &Ctx,
    who: &Applicant,
    bundle: &Bundle,
    (action, asked): (String, Asks),
) -> Answer {
    let store = &room.house.ground.store;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let hidden: Vec<(String, String)> =
        asked.into_iter().filter(|(name, _)| !matches!(name.as_str(), "lang" | "_csrf")).collect();
    let plan = plan(store, who, bundle, &answers_of(bundle, &hidden), ctx.now).await?;
    let names = crate::show::Names::load(store).await?;
    let taken = bundle.items.iter().filter(|p| plan.takes(&p.item.key));
    let refused = taken.clone().find_map(|p| verbs::for_whom(who, &p.item).err()).map(|r| r.sentence(lang));
    let what = bundle.theme.as_ref().map_or_else(
        || w.with("apply-several", &[("n", bundle.items.len().to_string())]),
        |theme| theme.what.get(lang).to_owned(),
    );
    let name = bundle.name().get(lang).to_owned();
    let page = Several {
        shell: Shell::new(ctx, w.with("apply-title", &[("item", name)])),
        w,
        what,
        action,
        hidden,
        members: taken.map(|p| (p.item.name.get(lang).to_owned(), names.of(&p.item.agency, lang))).collect(),
        papers: plan.papers.iter().map(|p| line(p, lang)).collect(),
        refused,
    };
    Ok(page::render(&page))
}

/// The answers to situations among what was sent.
fn answers_of(bundle: &Bundle, sent: &[(String, String)]) -> Answers {
    let own: Vec<(String, String)> =
        sent.iter().filter(|(name, _)| bundle.form().field(name).is_some()).cloned().collect();
    bundle.form().read(&own, &Answers::new()).0
}

pub(super) async fn start_theme(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let bundle = Bundle::load(&room.house.ground.store, Some(&id), &[]).await?;
    begin(&room, &ctx, &who, &bundle, &sent).await
}

pub(super) async fn start_several(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let items: Vec<String> = sent.all("item").into_iter().map(str::to_owned).collect();
    let bundle = Bundle::load(&room.house.ground.store, None, &items).await?;
    begin(&room, &ctx, &who, &bundle, &sent).await
}

async fn begin(room: &Room, ctx: &Ctx, who: &Applicant, bundle: &Bundle, sent: &Submitted) -> Answer {
    let answers = answers_of(bundle, sent.fields());
    let started: Result<verbs::Started, Failure> =
        store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
            verbs::start_with(&mut cx, who, bundle.theme.as_deref(), &bundle.items, &answers).await
        });
    let started = started?;
    Ok(page::see_other(format!("/drafts/{}/{}", started.matter, started.section)))
}
