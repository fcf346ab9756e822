//! `/certificates/{id}/copies`: annotated copies, made and withdrawn by the holder.

use super::certificate::held;
use super::{Room, download};
use crate::copy::{self, AnnotatedCopy, Annotation, CopyId, CopyState};
use crate::model::Certificate;
use crate::{WORDS, store as rows};
use ::store::{command, files};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use identity::Applicant;
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::{Failure, Lang, Outcome, Refusal, RefusalKind, Timestamp, clock};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};

/// How long a copy is good unless its maker says otherwise, in days.
const DAYS_USUAL: i32 = 30;
const SHOWN_MAX: i64 = 50;

#[derive(askama::Template)]
#[template(path = "copies.html")]
struct CopiesPage {
    shell: Shell,
    w: Say,
    form: FormState,
    here: String,
    back: String,
    lines: Vec<Line>,
    valid: bool,
}

struct Line {
    href: String,
    public: String,
    whom: String,
    purpose: String,
    until: String,
    made: String,
    state: (&'static str, String),
    good: bool,
}

/// The badge of a copy's state.
pub(super) fn badge(w: Say, copy: &AnnotatedCopy, now: Timestamp) -> (&'static str, String) {
    let (kind, word) = match copy.state(now) {
        CopyState::Good => ("good", "copy-good"),
        CopyState::Ended => ("neutral", "copy-ended"),
        CopyState::Withdrawn => ("bad", "copy-withdrawn"),
    };
    (kind, w.t(word).into_owned())
}

/// GET /certificates/{id}/copies.
pub(crate) async fn list(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Path(id): Path<String>,
) -> Answer {
    let c = held(&room, &who, &id).await?;
    let today = clock::legal_date(room.house.ground.clock.now());
    let usual = today.checked_add(DAYS_USUAL.days()).unwrap_or(today);
    let until = c.valid_until.map_or(usual, |end| end.min(usual));
    let form = FormState::new().with("until", until.to_string());
    shown(&room, &ctx, &c, form, StatusCode::OK).await
}

async fn shown(room: &Room, ctx: &Ctx, c: &Certificate, form: FormState, status: StatusCode) -> Answer {
    let w = WORDS.say(ctx.lang);
    let (store, now) = (&room.house.ground.store, room.house.ground.clock.now());
    let back = format!("/certificates/{}", c.id);
    let here = format!("{back}/copies");
    let line = |copy: &AnnotatedCopy| Line {
        href: format!("{here}/{}", copy.id),
        public: format!("/verify/{}", copy.token),
        whom: copy.annotation.whom.clone(),
        purpose: copy.annotation.purpose.clone(),
        until: format::date(w.lang, copy.last_day),
        made: format::moment(w.lang, copy.made_at),
        state: badge(w, copy, now),
        good: copy.state(now) == CopyState::Good,
    };
    let lines = rows::copies_of(store, c.id, SHOWN_MAX).await?.iter().map(line).collect();
    let shell = Shell::new(ctx, w.t("copies-title")).crumb(c.name.get(ctx.lang), back.as_str());
    let valid = c.state(now) == crate::State::Valid;
    Ok(page::render_with(status, &CopiesPage { shell, w, form, here, back, lines, valid }))
}

/// POST /certificates/{id}/copies.
pub(crate) async fn make(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Path(id): Path<String>,
    sent: Submitted,
) -> Answer {
    let c = held(&room, &who, &id).await?;
    let asked = Annotation { whom: sent.get("whom").to_owned(), purpose: sent.get("purpose").to_owned() };
    // a day that cannot be read is outside every bound, and is refused at its field with the others
    let until = sent.get("until").trim().parse::<Date>().unwrap_or(Date::MIN);
    match copy::copy(&room.house, &room.signer, &who, c.id, &asked, until).await {
        Ok(_) => Ok(page::see_other(format!("/certificates/{}/copies", c.id))),
        Err(Failure::Refused(refusal))
            if matches!(refusal.kind, RefusalKind::Invalid | RefusalKind::Conflict) =>
        {
            let mut form = FormState::of(&sent);
            form.refuse(&refusal);
            shown(&room, &ctx, &c, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn own(room: &Room, who: &Applicant, id: &str, copy: &str) -> Outcome<AnnotatedCopy> {
    let c = held(room, who, id).await?;
    let Ok(copy) = copy.parse::<CopyId>() else { return Err(Refusal::not_found().into()) };
    let found = rows::copy(&room.house.ground.store, copy).await?;
    found.filter(|found| found.certificate == c.id).ok_or_else(|| Refusal::not_found().into())
}

/// GET /certificates/{id}/copies/{copy}: its PDF.
pub(crate) async fn pdf(
    State(room): State<Room>,
    who: Applicant,
    Path((id, copy)): Path<(String, String)>,
) -> Answer {
    let copy = own(&room, &who, &id, &copy).await?;
    let (info, bytes) = files::read(&room.house.ground.store, copy.file).await?;
    let bare = info.name.strip_suffix(".pdf").unwrap_or("certificate");
    Ok(download("application/pdf", &format!("{bare}-copy.pdf"), bytes))
}

/// POST /certificates/{id}/copies/{copy}.
pub(crate) async fn withdraw(
    State(room): State<Room>,
    who: Applicant,
    Path((id, copy)): Path<(String, String)>,
    _: Submitted,
) -> Answer {
    let copy = own(&room, &who, &id, &copy).await?;
    let (actor, certificate, id) = (who.actor_ref(), copy.certificate, copy.id);
    command!(room.house.ground, Lang::ZhCn, actor, |cx| {
        copy::withdraw(&mut cx, &who, certificate, id).await
    })?;
    Ok(page::see_other(format!("/certificates/{certificate}/copies")))
}
