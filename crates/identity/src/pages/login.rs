//! `/login` and `/logout`.

use crate::layer::{give, take};
use crate::model::SessionKind;
use crate::rights::SignedIn;
use crate::{DEMO_PASSWORD, DemoAccount, Origin, WORDS, demo_accounts, sign_in_from, sign_out};
use axum::Extension;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use kernel::{Failure, Lang};
use page::{Answer, Ctx, FormState, House, Say, Shell, Submitted};
use std::net::SocketAddr;

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    next: String,
}

#[derive(askama::Template)]
#[template(path = "login.html")]
struct LoginPage {
    shell: Shell,
    w: Say,
    form: FormState,
    next: String,
    demo: Vec<DemoAccount>,
    demo_password: &'static str,
    signed_in_as: Option<String>,
}

/// The page with the form; in demo mode with the accounts of the demonstration, each a button that signs in.
async fn page_of(
    house: &House,
    ctx: &Ctx,
    form: FormState,
    next: &str,
    who: Option<&SignedIn>,
) -> Result<LoginPage, kernel::Fault> {
    let w = WORDS.say(ctx.lang);
    let demo = if house.site.demo { demo_accounts(&house.ground.store).await? } else { Vec::new() };
    Ok(LoginPage {
        shell: Shell::new(ctx, w.t("login-title")),
        w,
        form,
        next: next.to_owned(),
        demo_password: if demo.is_empty() { "" } else { DEMO_PASSWORD },
        demo,
        signed_in_as: who.map(|s| s.session().person_name().to_owned()),
    })
}

pub(super) async fn get(
    State(house): State<House>,
    who: Option<SignedIn>,
    ctx: Ctx,
    Query(asked): Query<Asked>,
) -> Answer {
    Ok(page::render(&page_of(&house, &ctx, FormState::new(), &asked.next, who.as_ref()).await?))
}

pub(super) async fn post(
    State(house): State<House>,
    who: Option<SignedIn>,
    ctx: Ctx,
    headers: HeaderMap,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    sent: Submitted,
) -> Answer {
    let device = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (account, password) = (sent.get("account"), sent.get("password"));
    let origin = Origin { device, address: peer.map(|Extension(ConnectInfo(peer))| peer.ip()) };
    match sign_in_from(&house.ground, account, password, SessionKind::Cookie, &origin).await {
        Ok(new) => {
            if let Some(old) = who {
                sign_out(&house.ground, old.session()).await?;
            }
            let session = crate::session(&house.ground, &new.token).await?;
            let home = if session.is_some_and(|s| s.is_staff()) { "/desk" } else { "/" };
            let next = if sent.get("next").is_empty() { home } else { sent.get("next") };
            let mut response = page::see_other(next);
            give(response.headers_mut(), &house, &new.token, new.expires_at);
            Ok(response)
        }
        Err(Failure::Refused(refusal)) => {
            let mut form = FormState::new().with("account", account);
            let status = if refusal.code == "identity.locked" {
                StatusCode::TOO_MANY_REQUESTS
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            form.fail("account", refusal.sentence(Lang::ZhCn), refusal.sentence(Lang::En));
            let page = page_of(&house, &ctx, form, sent.get("next"), who.as_ref()).await?;
            Ok(page::render_with(status, &page))
        }
        Err(fault) => Err(fault.into()),
    }
}

pub(super) async fn logout(State(house): State<House>, who: Option<SignedIn>, _: Submitted) -> Answer {
    if let Some(who) = who {
        sign_out(&house.ground, who.session()).await?;
    }
    let mut response = page::see_other("/");
    take(response.headers_mut(), &house);
    Ok(response)
}
