//! `/apply/{item}`: what is needed, and the button that begins — or goes on with the draft there is.

use super::Room;
use crate::verbs;
use crate::{WORDS, store as rows};
use axum::extract::{Path, State};
use catalog::How;
use identity::Applicant;
use kernel::{Failure, Refusal};
use page::{Answer, Ctx, Html, Say, Shell, Submitted, format};
use std::collections::BTreeSet;

struct Paper {
    name: String,
    how: Html,
    why: String,
}

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
    let held: BTreeSet<String> = certificates::held_by(store, who.subject(), None, 100)
        .await?
        .into_iter()
        .filter(|c| c.is_valid(ctx.now))
        .map(|c| c.kind)
        .collect();
    let plan = catalog::plan(item, &forms::Answers::new(), &held, &serde_json::Map::new());
    let paper = |m: catalog::PlannedMaterial| {
        let (kind, word) = match m.how {
            How::Asked => ("wait", "how-asked"),
            How::Held => ("good", "how-held"),
            How::Fetched => ("good", "how-fetched"),
            How::Declared => ("info", "how-declared"),
        };
        Paper {
            name: m.name.get(lang).to_owned(),
            how: page::badge(kind, &w.t(word)),
            why: m.why.get(lang).to_owned(),
        }
    };
    let name = item.name.get(lang).to_owned();
    let page = Apply {
        shell: Shell::new(&ctx, w.with("apply-title", &[("item", name.clone())]))
            .crumb(name.clone(), format!("/items/{}", item.key)),
        w,
        key: item.key.clone(),
        what: item.what.get(lang).to_owned(),
        name,
        subject: who.subject_name().to_owned(),
        papers: plan.materials.into_iter().map(paper).collect(),
        steps: item.form.sections.iter().map(|s| s.title.get(lang).to_owned()).collect(),
        promised: item.terms.promised.text().get(lang).to_owned(),
        statutory: item.terms.statutory.text().get(lang).to_owned(),
        draft: draft.map(|d| (d.id.to_string(), format::moment(lang, d.saved_at))),
        refused,
    };
    Ok(page::render(&page))
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
