//! `/desk/protections`: a clerk asks that an address be protected, or that it no longer be; a second one decides.

use super::common::tell;
use crate::WORDS;
use crate::mandate::last_day;
use crate::protection::{
    Command, Ground, Protection, ProtectionId, State as Standing, Typed, ask_protection, decide_protection,
    protections,
};
use crate::rights::Clerk;
use ::store::command;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use kernel::{Outcome, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, House, Say, Shell, Submitted, format};

/// A protection in words.
struct Line {
    id: ProtectionId,
    person: String,
    ground: String,
    state: String,
    until: String,
    /// Whether something is open that somebody else than whoever asked decides.
    open: bool,
    own: bool,
    /// What was typed for lifting it, where that was refused.
    typed: Option<String>,
}

/// The field in which a form that comes back keeps the reason that was typed for one of them.
fn reason_of(id: ProtectionId) -> String {
    format!("reason-{id}")
}

#[derive(askama::Template)]
#[template(path = "protections.html")]
struct ProtectionsPage {
    shell: Shell,
    w: Say,
    form: FormState,
    lines: Vec<Line>,
    grounds: Vec<(&'static str, String)>,
}

async fn page_of(house: &House, ctx: &Ctx, who: &Clerk, form: FormState) -> Outcome<ProtectionsPage> {
    let w = WORDS.say(ctx.lang);
    let all = protections(&house.ground.store, who).await?;
    let line = |p: Protection| Line {
        id: p.id,
        person: p.person,
        ground: w.t(&format!("protection-{}", p.ground.word())).into_owned(),
        state: w.t(&format!("protection-is-{}", p.state.word())).into_owned(),
        until: format::date(ctx.lang, last_day(p.until_at)),
        open: matches!(p.state, Standing::Asked | Standing::Lifting),
        own: p.own,
        typed: form.all(&reason_of(p.id)).first().cloned(),
    };
    let ground = |g: Ground| (g.word(), w.t(&format!("protection-{}", g.word())).into_owned());
    let lines = all.into_iter().map(line).collect();
    Ok(ProtectionsPage {
        shell: Shell::new(ctx, w.t("protections-title")).desk(),
        w,
        lines,
        form,
        grounds: Ground::ALL.map(ground).into(),
    })
}

pub(super) async fn get(State(house): State<House>, who: Clerk, ctx: Ctx) -> Answer {
    let form = FormState::new().with("ground", Ground::Order.word());
    Ok(page::render(&page_of(&house, &ctx, &who, form).await?))
}

fn typed(sent: &Submitted) -> Result<Typed, Refusal> {
    let no = |code: &'static str, field: &str, zh: &str, en: &str| {
        Refusal::new(RefusalKind::Invalid, code, zh, en).field(field, zh, en)
    };
    let ground = Ground::from_word(sent.get("ground"));
    let ground = ground
        .ok_or_else(|| no("identity.protection-ground", "ground", "请选择依据。", "Choose the ground."))?;
    let until: Date = sent.get("until").trim().parse().map_err(|_| {
        let (zh, en) = ("请填写日期，如2026-11-23。", "Enter a date such as 2026-11-23.");
        no("identity.protection-day", "until", zh, en)
    })?;
    let text = |name: &str| sent.get(name).to_owned();
    Ok(Typed { number: text("number"), with: text("with"), ground, paper: text("paper"), until })
}

async fn begin(house: &House, ctx: &Ctx, who: &Clerk, sent: &Submitted) -> Outcome<ProtectionId> {
    let wanted = typed(sent)?;
    command!(house.ground, ctx.lang, who.actor_ref(), |cx| ask_protection(&mut cx, who, &wanted).await)
}

pub(super) async fn post(State(house): State<House>, who: Clerk, ctx: Ctx, sent: Submitted) -> Answer {
    let Err(failure) = begin(&house, &ctx, &who, &sent).await else {
        return Ok(page::see_other("/desk/protections"));
    };
    let mut form = FormState::of(&sent);
    tell(&mut form, failure)?;
    Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &page_of(&house, &ctx, &who, form).await?))
}

/// POST /desk/protections/{id}: `do` is `agree`, `refuse` or `lift` with a reason.
pub(super) async fn decide(
    State(house): State<House>,
    who: Clerk,
    ctx: Ctx,
    Path(id): Path<String>,
    sent: Submitted,
) -> Answer {
    let id: ProtectionId = id.parse().map_err(|_| Refusal::not_found())?;
    let command = match sent.get("do") {
        "lift" => Command::Lift { reason: sent.get("reason").to_owned() },
        "agree" => Command::Decide { agree: true },
        "refuse" => Command::Decide { agree: false },
        _ => return Err(Refusal::not_found().into()),
    };
    let done = command!(house.ground, ctx.lang, who.actor_ref(), |cx| {
        decide_protection(&mut cx, &who, id, &command).await
    });
    let Err(failure) = done else { return Ok(page::see_other("/desk/protections")) };
    let mut form = FormState::new().with(reason_of(id), sent.get("reason"));
    tell(&mut form, failure)?;
    Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &page_of(&house, &ctx, &who, form).await?))
}
