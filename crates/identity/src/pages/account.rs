//! `/account`: my masked profile and my sessions.

use crate::layer::take;
use crate::model::{Profile, SessionId, SessionKind};
use crate::rights::SignedIn;
use crate::{WORDS, documents, end_other_sessions, end_session, profile, sessions};
use axum::extract::{Path, State};
use kernel::{Refusal, SubjectId};
use page::{Answer, Ctx, House, Say, Shell, Submitted, format};

/// A session in the list, in words.
struct Line {
    id: SessionId,
    device: String,
    since: String,
    seen: String,
    this: bool,
}

#[derive(askama::Template)]
#[template(path = "account.html")]
struct AccountPage {
    shell: Shell,
    w: Say,
    account: String,
    profile: Profile,
    documents: Vec<(String, String)>,
    acting: Option<String>,
    can_switch: bool,
    lines: Vec<Line>,
}

/// The word for a document's type.
fn document_key(kind: &str) -> &'static str {
    match kind {
        "111" => "document-111",
        "113" => "document-113",
        "414" => "document-414",
        "511" => "document-511",
        "516" => "document-516",
        "553" => "document-553",
        "554" => "document-554",
        _ => "document-other",
    }
}

/// A browser by the names it gives itself; the whole text is of no use to people.
fn device_of(w: Say, kind: SessionKind, text: &str) -> String {
    if kind == SessionKind::Token {
        return w.t("device-program").into_owned();
    }
    let browser = [
        ("MicroMessenger", "WeChat"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let system = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("HarmonyOS", "HarmonyOS"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| text.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&browser), find(&system)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => w.t("device-unknown").into_owned(),
    }
}

pub(super) async fn get(State(house): State<House>, who: SignedIn, ctx: Ctx) -> Answer {
    let (w, session, store) = (WORDS.say(ctx.lang), who.session(), &house.ground.store);
    let profile =
        profile(store, SubjectId::Person(session.person())).await?.ok_or_else(Refusal::not_found)?;
    let documents = documents(store, session.person())
        .await?
        .into_iter()
        .map(|d| (w.t(document_key(&d.kind)).into_owned(), d.number_masked))
        .collect();
    let lines = sessions(&house.ground, &who)
        .await?
        .into_iter()
        .map(|s| Line {
            device: device_of(w, s.kind, &s.device),
            since: format::moment(ctx.lang, s.created_at),
            seen: format::moment(ctx.lang, s.seen_at),
            this: s.id == session.id(),
            id: s.id,
        })
        .collect();
    let mut shell = Shell::new(&ctx, w.t("account-title"));
    if session.is_staff() {
        shell = shell.desk();
    }
    Ok(page::render(&AccountPage {
        shell,
        w,
        account: session.account_name().to_owned(),
        profile,
        documents,
        acting: session.acting_name().map(str::to_owned),
        can_switch: session.can_switch(),
        lines,
    }))
}

pub(super) async fn end(
    State(house): State<House>,
    who: SignedIn,
    Path(id): Path<String>,
    _: Submitted,
) -> Answer {
    let id: SessionId = id.parse().map_err(|_| Refusal::not_found())?;
    end_session(&house.ground, &who, id).await?;
    if id != who.session().id() {
        return Ok(page::see_other("/account"));
    }
    let mut response = page::see_other("/");
    take(response.headers_mut(), &house);
    Ok(response)
}

pub(super) async fn end_others(State(house): State<House>, who: SignedIn, _: Submitted) -> Answer {
    end_other_sessions(&house.ground, &who).await?;
    Ok(page::see_other("/account"))
}
