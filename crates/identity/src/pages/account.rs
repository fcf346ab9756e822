//! `/account`: my masked profile, the post I work in, and my sessions.

use crate::layer::take;
use crate::model::{Profile, Role, Session, SessionId, SessionKind};
use crate::rights::{SignedIn, forbidden};
use crate::{WORDS, agency, choose_post, documents, end_other_sessions, end_session, profile, sessions};
use axum::extract::{Path, State};
use kernel::{AgencyCode, Fault, Lang, Refusal, SubjectId};
use page::{Answer, Ctx, FormState, House, Say, Shell, Submitted, format};

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
    applies: bool,
    manages: bool,
    clerk: bool,
    form: FormState,
    posts: Vec<(String, String)>,
    away: bool,
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

/// The posts of the account, the one in use first, as a choice.
async fn posts_of(
    house: &House,
    w: Say,
    lang: Lang,
    session: &Session,
) -> Result<Vec<(String, String)>, Fault> {
    let mut posts = Vec::new();
    for post in session.posts.iter().filter(|_| session.posts.len() > 1) {
        let found = agency(&house.ground.store, &post.agency).await?;
        let name = found.map_or_else(|| post.agency.to_string(), |a| a.name.get(lang).to_owned());
        let word = match (post.role, post.head) {
            (Role::Clerk, _) => "post-clerk",
            (Role::Examiner, false) => "post-examiner",
            (Role::Examiner, true) => "post-examiner-head",
            (Role::Supervisor, _) => "post-supervisor",
            (Role::Operator, _) => "post-operator",
        };
        posts.push((post.key(), w.with(word, &[("agency", name)])));
    }
    Ok(posts)
}

pub(super) async fn choose(State(house): State<House>, who: SignedIn, sent: Submitted) -> Answer {
    let post = sent
        .get("post")
        .split_once('@')
        .and_then(|(role, agency)| Some((role.parse::<Role>().ok()?, AgencyCode::parse(agency)?)));
    let (role, agency) = post.ok_or_else(forbidden)?;
    choose_post(&house.ground, &who, role, &agency).await?;
    Ok(page::see_other("/account"))
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
    let posts = posts_of(&house, w, ctx.lang, session).await?;
    let form = FormState::new().with("post", posts.first().map_or("", |(key, _)| key));
    Ok(page::render(&AccountPage {
        shell,
        w,
        account: session.account_name().to_owned(),
        profile,
        documents,
        acting: session.acting_name().map(str::to_owned),
        can_switch: session.can_switch(),
        applies: session.applicant().is_ok_and(|a| a.mandate().is_none()),
        manages: session.applicant().is_ok_and(|a| a.manages()),
        clerk: session.clerk().is_ok(),
        form,
        posts,
        away: session.examiner().is_ok(),
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
