//! `/login/recover`: a new password by a recovery code. `/desk/recoveries`: two clerks help somebody who has none.

use super::common::{Peer, origin_of, tell};
use crate::rights::Clerk;
use crate::secrets::{Found, Renewal, begin_renewal, finish_renewal, recover, renewals};
use crate::{RenewalId, WORDS};
use ::store::command;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::{Outcome, Refusal};
use page::{Answer, Ctx, FormState, House, Say, Shell, Submitted, format};

#[derive(askama::Template)]
#[template(path = "recover.html")]
struct RecoverPage {
    shell: Shell,
    w: Say,
    form: FormState,
    done: bool,
}

fn page_of(ctx: &Ctx, form: FormState, done: bool) -> RecoverPage {
    let w = WORDS.say(ctx.lang);
    RecoverPage {
        shell: Shell::new(ctx, w.t("recover-title")).crumb(w.t("login-title"), "/login"),
        w,
        form,
        done,
    }
}

pub(super) async fn get(ctx: Ctx) -> Answer {
    Ok(page::render(&page_of(&ctx, FormState::new(), false)))
}

pub(super) async fn post(
    State(house): State<House>,
    ctx: Ctx,
    headers: HeaderMap,
    peer: Peer,
    sent: Submitted,
) -> Answer {
    let typed = Found {
        account: sent.get("account"),
        code: sent.get("code"),
        second: sent.get("second"),
        new: sent.get("new"),
        again: sent.get("again"),
    };
    match recover(&house.ground, &typed, &origin_of(&headers, &peer)).await {
        Ok(()) => Ok(page::render(&page_of(&ctx, FormState::new(), true))),
        Err(kernel::Failure::Refused(refusal)) => {
            let mut form = FormState::new().with("account", sent.get("account"));
            form.refuse(&refusal);
            let status = match refusal.kind {
                kernel::RefusalKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            Ok(page::render_with(status, &page_of(&ctx, form, false)))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// A recovery that waits, in words.
struct Line {
    id: RenewalId,
    account: String,
    person: String,
    first: String,
    at: String,
    own: bool,
}

#[derive(askama::Template)]
#[template(path = "recoveries.html")]
struct RecoveriesPage {
    shell: Shell,
    w: Say,
    form: FormState,
    lines: Vec<Line>,
    code: Option<String>,
    site: String,
}

async fn desk_of(house: &House, ctx: &Ctx, who: &Clerk, form: FormState) -> Outcome<RecoveriesPage> {
    let w = WORDS.say(ctx.lang);
    let found = renewals(&house.ground.store, who, ctx.now).await?;
    let line = |r: Renewal| Line {
        id: r.id,
        account: r.account,
        person: r.person_name,
        first: r.first_name,
        at: format::moment(ctx.lang, r.made_at),
        own: r.own,
    };
    Ok(RecoveriesPage {
        shell: Shell::new(ctx, w.t("recoveries-title")).desk(),
        w,
        form,
        lines: found.into_iter().map(line).collect(),
        code: None,
        site: format!("{}/login/recover", house.site.base_url),
    })
}

pub(super) async fn desk(State(house): State<House>, who: Clerk, ctx: Ctx) -> Answer {
    Ok(page::render(&desk_of(&house, &ctx, &who, FormState::new()).await?))
}

pub(super) async fn begin(State(house): State<House>, who: Clerk, ctx: Ctx, sent: Submitted) -> Answer {
    let (number, name) = (sent.get("number"), sent.get("name"));
    let begun = command!(house.ground, ctx.lang, who.actor_ref(), |cx| {
        begin_renewal(&mut cx, &who, number, name).await
    });
    let Err(failure) = begun else { return Ok(page::see_other("/desk/recoveries")) };
    let mut form = FormState::of(&sent);
    tell(&mut form, failure)?;
    Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &desk_of(&house, &ctx, &who, form).await?))
}

pub(super) async fn finish(
    State(house): State<House>,
    who: Clerk,
    ctx: Ctx,
    Path(id): Path<String>,
    sent: Submitted,
) -> Answer {
    let id: RenewalId = id.parse().map_err(|_| Refusal::not_found())?;
    let told = command!(house.ground, ctx.lang, who.actor_ref(), |cx| {
        finish_renewal(&mut cx, &who, id, sent.get("shown")).await
    });
    match told {
        Ok(code) => {
            let page = desk_of(&house, &ctx, &who, FormState::new()).await?;
            let mut response = page::render(&RecoveriesPage { code: Some(code), ..page });
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok(response)
        }
        Err(failure) => {
            let mut form = FormState::new();
            tell(&mut form, failure)?;
            Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &desk_of(&house, &ctx, &who, form).await?))
        }
    }
}
