//! `/space/papers/{id}`: one paper, a copy of it to be handed on, and its withdrawal.

use super::file;
use super::view::{state, title, until};
use crate::model::{Compared, Proof, ProofId, State as Standing};
use crate::verbs::Asked;
use crate::{WORDS, store as rows, verbs};
use ::store::command;
use ::store::files::{self, FileKind};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use identity::Applicant;
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::{Failure, Lang, Outcome, Refusal, clock};
use page::{Answer, Ctx, FormState, House, Say, Shell, Submitted, format};

/// How long a copy is good unless its maker says otherwise.
const DAYS_USUAL: i32 = 30;
const USES: i64 = 50;

#[derive(askama::Template)]
#[template(path = "paper.html")]
struct Paper {
    shell: Shell,
    w: Say,
    form: FormState,
    badge: (&'static str, String),
    facts: Vec<(String, String)>,
    newer: String,
    pages: Vec<Page>,
    choices: Vec<(String, String)>,
    uses: Vec<UsedLine>,
    law: String,
    at: String,
}

/// A file of the paper.
struct Page {
    name: String,
    size: String,
    href: String,
    /// Where its preview is; empty when it has none.
    preview: String,
    alt: String,
}

struct UsedLine {
    href: String,
    title: String,
    day: String,
}

/// The paper of the address, when it is one of `who`.
pub(super) async fn found(house: &House, who: &Applicant, id: &str) -> Outcome<Proof> {
    who.must_see_all()?;
    let Ok(id) = id.parse::<ProofId>() else { return Err(Refusal::not_found().into()) };
    let proof = rows::get(&house.ground.store, id).await?;
    proof
        .filter(|p| p.subject == who.subject() && p.state != Standing::Withdrawn)
        .ok_or_else(|| Refusal::not_found().into())
}

/// GET /space/papers/{id}.
pub(super) async fn get(
    State(house): State<House>,
    ctx: Ctx,
    who: Applicant,
    Path(id): Path<String>,
) -> Answer {
    let proof = found(&house, &who, &id).await?;
    let today = clock::legal_date(house.ground.clock.now());
    let until = today.checked_add(DAYS_USUAL.days()).unwrap_or(today);
    let form = FormState::new().with("until", until.to_string()).with("file", "0");
    shown(&house, &ctx, &proof, form, StatusCode::OK).await
}

async fn shown(house: &House, ctx: &Ctx, proof: &Proof, form: FormState, status: StatusCode) -> Answer {
    let w = WORDS.say(ctx.lang);
    let today = clock::legal_date(house.ground.clock.now());
    let pages = pages(house, proof, w).await?;
    let can_copy = |kind: FileKind| !matches!(kind, FileKind::Ofd | FileKind::Heic);
    let choices = pages.iter().enumerate().filter(|(_, (_, kind))| can_copy(*kind));
    let choices = choices.map(|(at, (page, _))| (at.to_string(), page.name.clone())).collect();
    let used = rows::uses(&house.ground.store, proof.id, USES).await?;
    let uses = used.into_iter().map(|u| UsedLine {
        // A paper for a request about one's own data leads to the request.
        href: match u.what.case.strip_prefix("request:") {
            Some(request) => format!("/space/objections/{request}"),
            None => format!("/cases/{}", u.what.case),
        },
        title: u.what.item.get(ctx.lang).to_owned(),
        day: format::date(ctx.lang, clock::legal_date(u.at)),
    });
    Ok(page::render_with(
        status,
        &Paper {
            shell: Shell::new(ctx, title(proof, w))
                .crumb(w.t("space"), "/space")
                .crumb(w.t("papers-title"), "/space/papers"),
            w,
            form,
            badge: state(proof, today, w),
            facts: facts(house, proof, w).await?,
            newer: proof.replaced_by.map(|id| format!("/space/papers/{id}")).unwrap_or_default(),
            pages: pages.into_iter().map(|(page, _)| page).collect(),
            choices,
            uses: uses.collect(),
            law: proof.kept_by_law.as_ref().map(|law| law.get(ctx.lang).to_owned()).unwrap_or_default(),
            at: format!("/space/papers/{}", proof.id),
        },
    ))
}

async fn facts(house: &House, proof: &Proof, w: Say) -> Outcome<Vec<(String, String)>> {
    let fact = |key: &str, value: String| (w.t(key).into_owned(), value);
    let mut facts = vec![
        fact("fact-grade", w.t(&format!("grade-{}-text", proof.grade)).into_owned()),
        fact("fact-at", format::moment(w.lang, proof.at)),
        fact("fact-for", proof.purpose.get(w.lang).to_owned()),
    ];
    if let Some(check) = &proof.checked {
        let agency = identity::agency(&house.ground.store, &check.by).await?;
        let name = agency.map_or_else(|| check.by.to_string(), |a| a.name.get(w.lang).to_owned());
        let day = format::date(w.lang, clock::legal_date(check.at));
        let key = match check.how {
            Some(Compared::OnScreen) => "checked-on-screen",
            Some(Compared::Original) | None => "checked-by",
        };
        facts.push(fact("fact-checked", w.with(key, &[("agency", name), ("day", day)])));
    }
    facts.push(fact("fact-until", until(proof, w)));
    Ok(facts)
}

async fn pages(house: &House, proof: &Proof, w: Say) -> Outcome<Vec<(Page, FileKind)>> {
    let mut pages = Vec::new();
    for (at, id) in proof.files.iter().enumerate() {
        let Some(info) = files::info(&house.ground.store, *id).await? else { continue };
        let href = format!("/space/papers/{}/files/{at}", proof.id);
        let picture = file::is_picture(info.kind);
        let page = Page {
            preview: if picture { format!("{href}/preview") } else { String::new() },
            alt: w.with("preview-of", &[("name", info.name.clone())]),
            name: info.name,
            size: format::size(info.size),
            href,
        };
        pages.push((page, info.kind));
    }
    Ok(pages)
}

/// POST /space/papers/{id}/copy: the copy, or the page with what is wrong.
pub(super) async fn copied(
    State(house): State<House>,
    ctx: Ctx,
    who: Applicant,
    Path(id): Path<String>,
    sent: Submitted,
) -> Answer {
    let proof = found(&house, &who, &id).await?;
    let mut form = FormState::of(&sent);
    let Ok(until) = sent.get("until").trim().parse::<Date>() else {
        let (zh, en) = (WORDS.say(Lang::ZhCn), WORDS.say(Lang::En));
        form.fail("until", zh.t("until-wrong"), en.t("until-wrong"));
        return shown(&house, &ctx, &proof, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let file = sent.get("file").parse().unwrap_or(0);
    let asked = Asked { id: proof.id, file, purpose: sent.get("purpose").to_owned(), until };
    let site = house.site.name.get(ctx.lang);
    match verbs::copy(&house.ground, &who, &asked, site, ctx.lang).await {
        Ok(copy) => Ok(made(&copy, WORDS.say(ctx.lang))),
        Err(Failure::Refused(refusal)) if refusal.kind == kernel::RefusalKind::Invalid => {
            form.refuse(&refusal);
            shown(&house, &ctx, &proof, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(failure) => Err(failure.into()),
    }
}

fn made(copy: &verbs::Copy, w: Say) -> Response {
    let bare = copy.name.rsplit_once('.').map_or(copy.name.as_str(), |(bare, _)| bare);
    let name = w.with("copy-name", &[("name", bare.to_owned())]);
    file::sent(copy.kind.mime(), Some(&format!("{name}.{}", copy.kind.extension())), copy.bytes.clone())
}

/// POST /space/papers/{id}/withdraw.
pub(super) async fn withdrawn(
    State(house): State<House>,
    ctx: Ctx,
    who: Applicant,
    Path(id): Path<String>,
    _: Submitted,
) -> Answer {
    let id = found(&house, &who, &id).await?.id;
    let actor = who.actor_ref();
    command!(house.ground, ctx.lang, actor, |cx| verbs::withdraw(&mut cx, &who, id).await)?;
    Ok(page::see_other("/space/papers?withdrawn=yes"))
}
