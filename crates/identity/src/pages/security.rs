//! `/account/security`: the password, the second factor, recovery codes. All of it only after showing again who one is.

use super::common::{Peer, asks, sure, tell};
use super::doors::Doors;
use crate::model::PasskeyId;
use crate::rights::SignedIn;
use crate::second::{self, Setup};
use crate::store::{self, StandingRow};
use crate::{WORDS, change_password, mail, national, passkey};
use ::store::command;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::{Outcome, Refusal};
use page::{Answer, Ctx, FormState, House, Html, Say, Shell, Submitted, format};

#[derive(askama::Template)]
#[template(path = "security.html")]
struct SecurityPage {
    shell: Shell,
    w: Say,
    form: FormState,
    facts: Vec<(String, String)>,
    asks: bool,
    shared: bool,
    factor: bool,
    setup: Option<(String, Html)>,
    codes: Vec<String>,
    changed: bool,
    /// The name of the national identity service, for whoever is joined with it and may confirm by it.
    national: Option<String>,
    passkeys: Vec<PasskeyLine>,
    /// Whether the site's address can have passkeys.
    may_passkey: bool,
    /// The e-mail address; none where nobody carries e-mail.
    mail: Option<Mail>,
}

/// The e-mail address in words.
struct Mail {
    /// The confirmed one and since when; empty for none.
    confirmed: String,
    /// The one that waits for its code.
    asked: Option<String>,
}

/// A passkey in words.
struct PasskeyLine {
    id: PasskeyId,
    label: String,
    kept: String,
    made: String,
    used: String,
}

fn passkey_line(w: Say, p: passkey::Line) -> PasskeyLine {
    let at = |at| format::moment(w.lang, at);
    PasskeyLine {
        id: p.id,
        label: p.label,
        kept: w.t(if p.synced { "passkey-synced" } else { "passkey-here" }).into_owned(),
        made: at(p.made_at),
        used: p.used_at.map_or_else(|| w.t("passkey-unused").into_owned(), at),
    }
}

fn facts(
    standing: &StandingRow,
    since: Option<String>,
    joined: Option<String>,
    w: Say,
) -> Vec<(String, String)> {
    let mut facts = vec![
        ("security-factor", since.unwrap_or_else(|| w.t("security-off").into_owned())),
        ("security-codes-left", standing.codes.to_string()),
    ];
    if let Some(joined) = joined {
        facts.push(("security-national", joined));
    }
    if let Some(at) = standing.password_at {
        facts.push(("security-password-at", format::moment(w.lang, at)));
    }
    if let Some(at) = standing.recovered_at {
        let by = if standing.recovered_by.as_deref() == Some("window") {
            "security-by-window"
        } else {
            "security-by-code"
        };
        facts.push(("security-recovered", w.with(by, &[("at", format::moment(w.lang, at))])));
    }
    facts.into_iter().map(|(key, value)| (w.t(key).into_owned(), value)).collect()
}

async fn page_of(doors: &Doors, ctx: &Ctx, who: &SignedIn, form: FormState) -> Outcome<SecurityPage> {
    let house = &doors.house;
    let (w, store, session) = (WORDS.say(ctx.lang), &house.ground.store, who.session());
    let standing = store::standing(store, session.account).await?.ok_or_else(Refusal::not_found)?;
    let factor = store::factor(store, session.account).await?.filter(|f| f.state == "active");
    let asks = asks(who, ctx.now);
    let site = house.site.name.get(ctx.lang);
    let setup = match asks {
        true => None,
        false => second::setup(store, session, site).await?,
    };
    let picture = |Setup { text, uri }: Setup| page::qr(&uri).map(|picture| (text, picture));
    let since =
        factor.as_ref().map(|f| w.with("security-since", &[("at", format::moment(ctx.lang, f.since))]));
    let joined = match doors.national.as_deref() {
        Some(service) => national::joined_since(store, service, session.account)
            .await?
            .map(|at| (service.service.name.get(ctx.lang).to_owned(), format::moment(ctx.lang, at))),
        None => None,
    };
    let national = joined.as_ref().map(|(name, _)| w.with("confirm-national", &[("name", name.clone())]));
    let joined = joined.map(|(name, at)| w.with("security-joined", &[("name", name), ("at", at)]));
    let own = passkey::list(store, session.account).await?;
    let mut shell = Shell::new(ctx, w.t("security-title")).crumb(w.t("account-title"), "/account");
    if session.is_staff() {
        shell = shell.desk();
    }
    Ok(SecurityPage {
        shell,
        w,
        form,
        facts: facts(&standing, since, joined, w),
        asks,
        shared: standing.listed.is_some(),
        factor: factor.is_some(),
        setup: setup.map(picture).transpose()?,
        codes: Vec::new(),
        changed: false,
        national,
        passkeys: own.into_iter().map(|p| passkey_line(w, p)).collect(),
        may_passkey: passkey::place(house).is_some(),
        mail: if doors.mail { Some(mail_lines(store, who, w).await?) } else { None },
    })
}

async fn mail_lines(store: &::store::Store, who: &SignedIn, w: Say) -> Outcome<Mail> {
    let standing = mail::standing(store, who.session()).await?;
    let line = |(address, since)| {
        w.with("mail-since", &[("address", address), ("at", format::moment(w.lang, since))])
    };
    Ok(Mail { confirmed: standing.confirmed.map(line).unwrap_or_default(), asked: standing.asked })
}

/// What stands here is kept by no browser and no proxy.
fn unkept(status: StatusCode, page: &SecurityPage) -> Answer {
    let mut response = page::render_with(status, page);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

pub(super) async fn get(State(doors): State<Doors>, who: SignedIn, ctx: Ctx) -> Answer {
    unkept(StatusCode::OK, &page_of(&doors, &ctx, &who, FormState::new()).await?)
}

/// What came of a form: recovery codes to be told once.
async fn act(
    house: &House,
    ctx: &Ctx,
    who: &SignedIn,
    sent: &Submitted,
    (headers, peer): (&HeaderMap, &Peer),
) -> Outcome<Vec<String>> {
    let (sure, session) = (sure(house, who, sent, headers, peer).await?, who.session());
    let (ground, actor, lang) = (&house.ground, session.actor_ref(), ctx.lang);
    match sent.get("do") {
        "confirm" => Ok(Vec::new()),
        "password" => {
            change_password(ground, who, &sure, sent.get("new"), sent.get("again")).await?;
            Ok(Vec::new())
        }
        "begin" => {
            command!(ground, lang, actor, |cx| second::begin(&mut cx, session, &sure).await)?;
            Ok(Vec::new())
        }
        "activate" => {
            command!(ground, lang, actor, |cx| {
                second::activate(&mut cx, session, &sure, sent.get("code")).await
            })
        }
        "remove" => {
            command!(ground, lang, actor, |cx| second::remove(&mut cx, session, &sure).await)?;
            Ok(Vec::new())
        }
        "passkey" => {
            let (label, answer) = (sent.get("label"), sent.get("made"));
            passkey::add(house, headers, session, &sure, label, answer).await?;
            Ok(Vec::new())
        }
        "passkey-remove" => {
            let id: PasskeyId = sent.get("id").parse().map_err(|_| Refusal::not_found())?;
            command!(ground, lang, actor, |cx| passkey::remove(&mut cx, session, &sure, id).await)?;
            Ok(Vec::new())
        }
        "mail" => {
            command!(ground, lang, actor, |cx| mail::ask(&mut cx, session, &sure, sent.get("mail")).await)?;
            Ok(Vec::new())
        }
        "mail-confirm" => {
            let code = sent.get("mail_code");
            match command!(ground, lang, actor, |cx| mail::confirm(&mut cx, session, code).await)? {
                true => Ok(Vec::new()),
                false => Err(mail::wrong_code().into()),
            }
        }
        "mail-remove" => {
            command!(ground, lang, actor, |cx| mail::remove(&mut cx, session, &sure).await)?;
            Ok(Vec::new())
        }
        "codes" => command!(ground, lang, actor, |cx| second::make_codes(&mut cx, session, &sure).await),
        _ => Err(Refusal::not_found().into()),
    }
}

pub(super) async fn post(
    State(doors): State<Doors>,
    who: SignedIn,
    ctx: Ctx,
    headers: HeaderMap,
    peer: Peer,
    sent: Submitted,
) -> Answer {
    match act(&doors.house, &ctx, &who, &sent, (&headers, &peer)).await {
        Ok(codes) if codes.is_empty() && sent.get("do") != "password" => {
            Ok(page::see_other("/account/security"))
        }
        Ok(codes) => {
            let changed = codes.is_empty();
            let page = page_of(&doors, &ctx, &who, FormState::new()).await?;
            unkept(StatusCode::OK, &SecurityPage { codes, changed, ..page })
        }
        Err(failure) => {
            // A password that was typed is not sent back.
            let mut form = FormState::new().with("label", sent.get("label")).with("mail", sent.get("mail"));
            tell(&mut form, failure)?;
            unkept(StatusCode::UNPROCESSABLE_ENTITY, &page_of(&doors, &ctx, &who, form).await?)
        }
    }
}
