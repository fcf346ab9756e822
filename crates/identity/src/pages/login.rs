//! `/login` and `/logout`.

use super::common::{Peer, origin_of};
use super::doors::Doors;
use crate::layer::{give, take};
use crate::model::{NewSession, SessionKind};
use crate::passkey;
use crate::rights::SignedIn;
use crate::{DEMO_PASSWORD, DemoAccount, Entered, WORDS, demo_accounts, enter, enter_code, sign_out};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use kernel::{Failure, Lang, RefusalKind};
use page::{Answer, Ctx, FormState, House, Say, Shell, Submitted};

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    next: String,
}

#[derive(askama::Template)]
#[template(path = "login.html")]
pub(super) struct LoginPage {
    shell: Shell,
    w: Say,
    form: FormState,
    /// Why another way in came to nothing, and what to do.
    said: Option<(String, String)>,
    next: String,
    demo: Vec<DemoAccount>,
    demo_password: &'static str,
    signed_in_as: Option<String>,
    national: Option<String>,
    passkeys: bool,
}

/// The page with the form; in demo mode with the accounts of the demonstration, each a button that signs in.
pub(super) async fn page_of(
    doors: &Doors,
    ctx: &Ctx,
    form: FormState,
    next: &str,
    who: Option<&SignedIn>,
) -> Result<LoginPage, kernel::Fault> {
    let (w, house) = (WORDS.say(ctx.lang), &doors.house);
    let national = doors.national.as_ref().map(|n| n.service.name.get(ctx.lang));
    let demo = if house.site.demo { demo_accounts(&house.ground.store).await? } else { Vec::new() };
    Ok(LoginPage {
        shell: Shell::new(ctx, w.t("login-title")),
        w,
        form,
        said: None,
        next: next.to_owned(),
        demo_password: if demo.is_empty() { "" } else { DEMO_PASSWORD },
        demo,
        signed_in_as: who.map(|s| s.session().person_name().to_owned()),
        national: national.map(|name| w.with("login-national", &[("name", name.to_owned())])),
        passkeys: passkey::place(house).is_some(),
    })
}

pub(super) async fn get(
    State(doors): State<Doors>,
    who: Option<SignedIn>,
    ctx: Ctx,
    Query(asked): Query<Asked>,
) -> Answer {
    Ok(page::render(&page_of(&doors, &ctx, FormState::new(), &asked.next, who.as_ref()).await?))
}

pub(super) async fn post(
    State(doors): State<Doors>,
    who: Option<SignedIn>,
    ctx: Ctx,
    headers: HeaderMap,
    peer: Peer,
    sent: Submitted,
) -> Answer {
    let (account, password) = (sent.get("account"), sent.get("password"));
    let origin = origin_of(&headers, &peer);
    match enter(&doors.house.ground, account, password, SessionKind::Cookie, &origin).await {
        Ok(Entered::In(new)) => let_in(&doors.house, who, &new, sent.get("next")).await,
        Ok(Entered::Half(half)) => {
            Ok(page::render(&code_page(&doors, &ctx, FormState::new(), half, sent.get("next").to_owned())))
        }
        Err(Failure::Refused(refusal)) => {
            let mut form = FormState::new().with("account", account);
            let status = if refusal.code == "identity.locked" {
                StatusCode::TOO_MANY_REQUESTS
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            form.fail("account", refusal.sentence(Lang::ZhCn), refusal.sentence(Lang::En));
            let page = page_of(&doors, &ctx, form, sent.get("next"), who.as_ref()).await?;
            Ok(page::render_with(status, &page))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// The page that says why somebody is not in by another way than the password, and where one can go on. A fault belongs on a page
/// of its own, and so does what is not there.
pub(super) async fn refused(
    doors: &Doors,
    ctx: &Ctx,
    failure: Failure,
    next: &str,
    who: Option<&SignedIn>,
) -> Answer {
    let refusal = match failure {
        Failure::Refused(refusal) if refusal.kind != RefusalKind::NotFound => refusal,
        other => return Err(other.into()),
    };
    let status = match refusal.kind {
        RefusalKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        RefusalKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let more = refusal.next.as_ref().map(|next| next.get(ctx.lang).to_owned()).unwrap_or_default();
    let mut page = page_of(doors, ctx, FormState::new(), next, who).await?;
    page.said = Some((refusal.say.get(ctx.lang).to_owned(), more));
    Ok(page::render_with(status, &page))
}

/// Gives the browser its session, and leads it on.
pub(super) async fn let_in(house: &House, before: Option<SignedIn>, new: &NewSession, next: &str) -> Answer {
    if let Some(old) = before {
        sign_out(&house.ground, old.session()).await?;
    }
    let session = crate::session(&house.ground, &new.token).await?;
    let home = if session.is_some_and(|s| s.is_staff()) { "/desk" } else { "/" };
    let mut response = page::see_other(if next.is_empty() { home } else { next });
    give(response.headers_mut(), house, &new.token, new.expires_at);
    Ok(response)
}

#[derive(askama::Template)]
#[template(path = "login_code.html")]
pub(super) struct CodePage {
    shell: Shell,
    w: Say,
    form: FormState,
    half: String,
    next: String,
    passkeys: bool,
}

pub(super) fn code_page(doors: &Doors, ctx: &Ctx, form: FormState, half: String, next: String) -> CodePage {
    let w = WORDS.say(ctx.lang);
    CodePage {
        shell: Shell::new(ctx, w.t("login-code-title")).crumb(w.t("login-title"), "/login"),
        w,
        form,
        half,
        next,
        passkeys: passkey::place(&doors.house).is_some(),
    }
}

pub(super) async fn code(
    State(doors): State<Doors>,
    who: Option<SignedIn>,
    ctx: Ctx,
    headers: HeaderMap,
    peer: Peer,
    sent: Submitted,
) -> Answer {
    let (half, next, origin) = (sent.get("half"), sent.get("next"), origin_of(&headers, &peer));
    let house = &doors.house;
    let entered = if sent.get("passkey").is_empty() {
        enter_code(&house.ground, half, sent.get("code"), SessionKind::Cookie, &origin).await
    } else {
        let session = who.as_ref().map(SignedIn::session);
        passkey::sign_in_half(house, &headers, session, (half, sent.get("passkey")), &origin).await
    };
    match entered {
        Ok(new) => let_in(&doors.house, who, &new, next).await,
        Err(Failure::Refused(refusal)) if refusal.code == "identity.half-over" => {
            refused(&doors, &ctx, refusal.into(), next, who.as_ref()).await
        }
        Err(Failure::Refused(refusal)) => {
            let mut form = FormState::new();
            form.refuse(&refusal);
            let status = if refusal.code == "identity.locked" {
                StatusCode::TOO_MANY_REQUESTS
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            Ok(page::render_with(status, &code_page(&doors, &ctx, form, half.to_owned(), next.to_owned())))
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
