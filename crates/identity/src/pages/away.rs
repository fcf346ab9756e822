//! `/account/away`: who stands in for me while I am away, and for whom I stand in.

use crate::away::{Delegation, delegate, delegations, end_delegation};
use crate::model::{DelegationId, Role};
use crate::people::colleagues;
use crate::rights::Examiner;
use crate::{WORDS, agency};
use ::store::command;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use kernel::{AccountId, Failure, Fault, Refusal, clock};
use page::{Answer, Ctx, FormState, House, Say, Shell, Submitted, format};

/// A time away, in words.
struct Line {
    id: DelegationId,
    name: String,
    from: String,
    until: String,
    running: bool,
}

#[derive(askama::Template)]
#[template(path = "away.html")]
struct AwayPage {
    shell: Shell,
    w: Say,
    form: FormState,
    agency: String,
    options: Vec<(String, String)>,
    away: Vec<Line>,
    standing_in: Vec<Line>,
}

async fn page_of(house: &House, ctx: &Ctx, who: &Examiner, form: FormState) -> Result<AwayPage, Fault> {
    let (w, store) = (WORDS.say(ctx.lang), &house.ground.store);
    let today = clock::legal_date(house.ground.clock.now());
    let line = |d: &Delegation, name: &String| Line {
        id: d.id,
        name: name.clone(),
        from: format::date(ctx.lang, d.from),
        until: format::date(ctx.lang, d.until),
        running: d.from <= today,
    };
    let found = delegations(store, who.account(), today).await?;
    let others = colleagues(store, who.agency()).await?;
    let options = others
        .into_iter()
        .filter(|c| c.role == Role::Examiner && c.account != who.account())
        .map(|c| {
            let name = if c.head { w.with("away-head", &[("name", c.name)]) } else { c.name };
            (c.account.to_string(), name)
        })
        .collect();
    let agency = agency(store, who.agency()).await?;
    Ok(AwayPage {
        shell: Shell::new(ctx, w.t("away-title")).desk().crumb(w.t("account-title"), "/account"),
        w,
        form,
        agency: agency.map_or_else(|| who.agency().to_string(), |a| a.name.get(ctx.lang).to_owned()),
        options,
        away: found.away.iter().map(|d| line(d, &d.to_name)).collect(),
        standing_in: found.standing_in.iter().map(|d| line(d, &d.name)).collect(),
    })
}

pub(super) async fn get(State(house): State<House>, who: Examiner, ctx: Ctx) -> Answer {
    let today = clock::legal_date(house.ground.clock.now()).to_string();
    let form = FormState::new().with("from", today);
    Ok(page::render(&page_of(&house, &ctx, &who, form).await?))
}

/// What was sent, or the form with what is wrong in it.
fn read(sent: &Submitted) -> Result<(AccountId, Date, Date), Box<FormState>> {
    let to: Option<AccountId> = sent.get("to").parse().ok();
    let (from, until) = (sent.get("from").trim().parse::<Date>(), sent.get("until").trim().parse::<Date>());
    if let (Some(to), Ok(from), Ok(until)) = (to, &from, &until) {
        return Ok((to, *from, *until));
    }
    let mut form = FormState::of(sent);
    if to.is_none() {
        form.fail("to", "请选择代办人。", "Choose who stands in.");
    }
    for (name, day) in [("from", from), ("until", until)] {
        if day.is_err() {
            form.fail(name, "请填写日期，如2026-11-23。", "Enter a date such as 2026-11-23.");
        }
    }
    Err(Box::new(form))
}

pub(super) async fn post(State(house): State<House>, who: Examiner, ctx: Ctx, sent: Submitted) -> Answer {
    let form = match read(&sent) {
        Err(form) => *form,
        Ok((to, from, until)) => {
            let made = command!(house.ground, ctx.lang, who.actor_ref(), |cx| {
                delegate(&mut cx, &who, to, from, until).await
            });
            match made {
                Ok(_) => return Ok(page::see_other("/account/away")),
                Err(Failure::Refused(refusal)) if !refusal.fields.is_empty() => {
                    let mut form = FormState::of(&sent);
                    for wrong in refusal.fields {
                        form.fail(wrong.field, wrong.say.zh, wrong.say.en);
                    }
                    form
                }
                Err(failure) => return Err(failure.into()),
            }
        }
    };
    let page = page_of(&house, &ctx, &who, form).await?;
    Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn end(
    State(house): State<House>,
    who: Examiner,
    ctx: Ctx,
    Path(id): Path<String>,
    _: Submitted,
) -> Answer {
    let id: DelegationId = id.parse().map_err(|_| Refusal::not_found())?;
    command!(house.ground, ctx.lang, who.actor_ref(), |cx| end_delegation(&mut cx, &who, id).await)?;
    Ok(page::see_other("/account/away"))
}
