//! `/space/rights`: the rights over one's own data (PIPL articles 15, 24, 45 to 47) — a copy, a correction, a deletion, a person
//! instead of a program — and what the law keeps, by which law and until when.

use super::Room;
use super::copy::as_person;
use super::mine::{Line, line};
use super::papers as evidence;
use crate::model::{Kind, RequestId};
use crate::{WORDS, kept, store as rows, verbs};
use ::store::command;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use identity::Applicant;
use kernel::{Failure, Lang, Outcome};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};
use procedure::archive::Hold;

/// So many of the latest requests stand on the page.
const LATEST: i64 = 10;
/// So many papers are taken back at once; more are rare, and the button stays.
const PAPERS: i64 = 100;
/// What the law keeps: the words' keys.
const KEPT: [&str; 4] = ["cases", "certificates", "trace", "account"];

#[derive(askama::Template)]
#[template(path = "rights.html")]
struct RightsPage {
    shell: Shell,
    w: Say,
    acting: bool,
    papers: usize,
    papers_by_law: usize,
    removed: Option<String>,
    kept: Vec<(String, String, String)>,
    latest: Vec<Line>,
    term: String,
}

/// What was just done.
#[derive(serde::Deserialize)]
pub(super) struct From {
    removed: Option<String>,
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Query(from): Query<From>,
) -> Answer {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let acting = !who.as_person();
    // A firm's papers are not its agent's.
    let papers = if acting { Vec::new() } else { proofs::list(store, who.subject(), None, PAPERS).await? };
    let by_law = papers.iter().filter(|p| p.kept_by_law.is_some()).count();
    let latest = rows::list_of(store, who.data_subject(), (i64::MAX, String::new()), LATEST).await?;
    let by_law_kept = KEPT.map(|key| {
        let text = |part: &str| w.t(&format!("kept-{key}-{part}")).into_owned();
        (text("what"), text("law"), text("until"))
    });
    Ok(page::render(&RightsPage {
        shell: Shell::new(&ctx, w.t("rights-title")).crumb(w.t("space"), "/space"),
        w,
        acting,
        papers: papers.len() - by_law,
        papers_by_law: by_law,
        removed: from.removed.filter(|n| n.len() < 5 && n.bytes().all(|b| b.is_ascii_digit())),
        kept: by_law_kept.into_iter().chain(archived(&room, &who, ctx.lang, w).await?).collect(),
        latest: latest.iter().map(|row| line(row, w)).collect(),
        term: room.terms.request.text().get(ctx.lang).to_owned(),
    }))
}

/// POST /space/rights/papers: takes back every paper that no law keeps.
pub(super) async fn papers(State(room): State<Room>, ctx: Ctx, who: Applicant, _: Submitted) -> Answer {
    if !who.as_person() {
        return Err(as_person().into());
    }
    let ground = &room.house.ground;
    let (all, actor) = (proofs::list(&ground.store, who.subject(), None, PAPERS).await?, who.actor_ref());
    let mut removed = 0;
    for paper in all.iter().filter(|p| p.kept_by_law.is_none()) {
        let done: Outcome<()> =
            command!(ground, ctx.lang, actor, |cx| proofs::withdraw(&mut cx, &who, paper.id).await);
        match done {
            Ok(()) => removed += 1,
            // Gone already, in another window.
            Err(Failure::Refused(_)) => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    Ok(page::see_other(format!("/space/rights?removed={removed}")))
}

#[derive(askama::Template)]
#[template(path = "ask.html")]
struct AskPage {
    shell: Shell,
    w: Say,
    form: FormState,
    lead: String,
    action: &'static str,
    choices: Vec<(String, String)>,
    text_label: String,
    text_hint: String,
    papers: bool,
}

/// The word for what the platform itself keeps, in the choice of what is wrong.
const ACCOUNT: &str = "account";

pub(super) async fn correct_form(State(room): State<Room>, ctx: Ctx, who: Applicant) -> Answer {
    ask(&room, &ctx, &who, Kind::Correct, FormState::new(), StatusCode::OK).await
}

pub(super) async fn delete_form(State(room): State<Room>, ctx: Ctx, who: Applicant) -> Answer {
    ask(&room, &ctx, &who, Kind::Delete, FormState::new(), StatusCode::OK).await
}

async fn ask(
    room: &Room,
    ctx: &Ctx,
    who: &Applicant,
    kind: Kind,
    form: FormState,
    status: StatusCode,
) -> Answer {
    let w = WORDS.say(ctx.lang);
    let choices = match kind {
        Kind::Correct => choices(room, ctx.lang, w).await?,
        _ => own_cases(room, who, ctx.lang, w).await?,
    };
    let text = |part: &str| w.t(&format!("ask-{kind}-{part}")).into_owned();
    let page = AskPage {
        shell: Shell::new(ctx, text("title"))
            .crumb(w.t("space"), "/space")
            .crumb(w.t("rights-title"), "/space/rights"),
        w,
        form,
        lead: w.with(
            &format!("ask-{kind}-lead"),
            &[("term", room.terms.request.text().get(ctx.lang).to_owned())],
        ),
        action: if kind == Kind::Correct { "/space/rights/correct" } else { "/space/rights/delete" },
        choices,
        text_label: text("label"),
        text_hint: text("hint"),
        papers: kind == Kind::Correct,
    };
    Ok(page::render_with(status, &page))
}

/// What can be meant by a deletion: something else, or a case of one's own that has ended; nothing to choose where there is none.
async fn own_cases(room: &Room, who: &Applicant, lang: Lang, w: Say) -> Outcome<Vec<(String, String)>> {
    let ended = kept::ended(&room.house.ground.store, who).await?;
    if ended.is_empty() {
        return Ok(Vec::new());
    }
    let case = |(row, hold): &(cases::CaseRow, Option<Hold>)| {
        let told = [("item", row.item_name.get(lang).to_owned()), ("number", row.number.to_string())];
        let key = if hold.is_some() { "what-case-kept" } else { "what-case" };
        (row.number.to_string(), w.with(key, &told))
    };
    let other = (ACCOUNT.to_owned(), w.t("what-other").into_owned());
    Ok(std::iter::once(other).chain(ended.iter().map(case)).collect())
}

/// The archived cases of whoever asks: which, by which rule, until when.
async fn archived(
    room: &Room,
    who: &Applicant,
    lang: Lang,
    w: Say,
) -> Outcome<Vec<(String, String, String)>> {
    let ended = kept::ended(&room.house.ground.store, who).await?;
    let line = |(row, hold): (cases::CaseRow, Option<Hold>)| {
        let hold = hold?;
        let told = [("item", row.item_name.get(lang).to_owned()), ("number", row.number.to_string())];
        let until = match hold.until {
            Some(day) => format::date(lang, day),
            None => w.t("kept-for-ever").into_owned(),
        };
        Some((w.with("kept-case", &told), hold.ground.get(lang).to_owned(), until))
    };
    Ok(ended.into_iter().filter_map(line).collect())
}

/// What can be wrong: what the platform itself keeps, and every register about persons, with the agency that keeps it.
async fn choices(room: &Room, lang: Lang, w: Say) -> Outcome<Vec<(String, String)>> {
    let store = &room.house.ground.store;
    let (shared, directory) = (catalog::shared(store).await?, identity::directory(store).await?);
    let personal = shared.registers.iter().filter(|r| r.personal).map(|r| {
        let agency = directory.name(&r.agency, lang);
        (r.id.clone(), w.with("register-of", &[("name", r.name.get(lang).to_owned()), ("agency", agency)]))
    });
    Ok(std::iter::once((ACCOUNT.to_owned(), w.t("what-account").into_owned())).chain(personal).collect())
}

pub(super) async fn correct(state: State<Room>, ctx: Ctx, who: Applicant, sent: Submitted) -> Answer {
    let what = match sent.get("what") {
        ACCOUNT => String::new(),
        // Nothing chosen is no register either.
        "" => "-".to_owned(),
        id => id.to_owned(),
    };
    send(&state.0, &ctx, &who, Kind::Correct, what, &sent).await
}

pub(super) async fn delete(state: State<Room>, ctx: Ctx, who: Applicant, sent: Submitted) -> Answer {
    let what = Some(sent.get("what").trim()).filter(|what| *what != ACCOUNT).unwrap_or_default().to_owned();
    send(&state.0, &ctx, &who, Kind::Delete, what, &sent).await
}

async fn send(room: &Room, ctx: &Ctx, who: &Applicant, kind: Kind, what: String, sent: &Submitted) -> Answer {
    match asked(room, ctx, who, kind, what, sent).await {
        Ok(id) => Ok(page::see_other(format!("/space/objections/{id}?done=1"))),
        Err(Failure::Refused(refusal)) if super::told_on_page(&refusal) => {
            let mut form = FormState::of(sent);
            form.refuse(&refusal);
            ask(room, ctx, who, kind, form, super::status_of(&refusal)).await
        }
        Err(failure) => Err(failure.into()),
    }
}

/// The papers are kept first, then the request takes them in.
async fn asked(
    room: &Room,
    ctx: &Ctx,
    who: &Applicant,
    kind: Kind,
    what: String,
    sent: &Submitted,
) -> Outcome<RequestId> {
    let papers =
        if kind == Kind::Correct { evidence::uploaded(room, ctx.lang, who, sent).await? } else { Vec::new() };
    let asking = verbs::Asking { kind, what, text: sent.get("text").to_owned(), papers };
    let (calendar, actor) = (room.house.calendar.as_ref(), who.actor_ref());
    command!(room.house.ground, ctx.lang, actor, |cx| {
        match verbs::request(&mut cx, calendar, &room.terms, who, &asking).await {
            Ok(id) => evidence::keep(&mut cx, who, id, &asking.papers).await.map(|()| id),
            Err(failure) => Err(failure),
        }
    })
}
