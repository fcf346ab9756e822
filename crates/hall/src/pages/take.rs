//! `/halls/{hall}/ticket`: a ticket on one's own telephone (手机取号), for whoever is signed in.

use super::{Room, hall_of, told, view};
use crate::model::{Hall, Letter, Priority, Via};
use crate::rules::refuse;
use crate::store as rows;
use crate::verbs::{self, Taken, Taking, day_of};
use crate::{Today, WORDS, token};
use ::store::command;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use identity::Applicant;
use kernel::{ActorRef, Lang, Outcome, Refusal};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};

#[derive(askama::Template)]
#[template(path = "take.html")]
struct TakePage {
    shell: Shell,
    w: Say,
    form: FormState,
    at: String,
    sign_in: Option<String>,
    letters: Vec<(String, String)>,
    claims: Vec<(String, String)>,
    fairness: String,
    mine: Vec<Mine>,
}

/// A ticket that the person has.
struct Mine {
    letter: String,
    title: String,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(code): Path<String>,
    ctx: Ctx,
    who: Option<Applicant>,
) -> Answer {
    let hall = hall_of(room.store(), &code).await?;
    let form = fresh(&room);
    page_of(&room, &ctx, &hall, who.as_ref(), form, StatusCode::OK).await
}

/// An empty form with the secret of the ticket that it will make.
pub(super) fn fresh(room: &Room) -> FormState {
    let secret = token(room.house.ground.rng.as_ref());
    FormState::new().with("token", secret).with("priority", Priority::Ordinary.word())
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    hall: &Hall,
    who: Option<&Applicant>,
    form: FormState,
    status: StatusCode,
) -> Answer {
    let (w, store) = (WORDS.say(ctx.lang), room.store());
    let letters = rows::businesses(store, &hall.code).await?;
    let today = Today::read(store, &hall.code, ctx.now).await?;
    let (mut choices, mut mine) = (Vec::new(), Vec::new());
    for b in &letters {
        let wait = view::wait(today.wait_for_next(store, b.letter, &room.terms).await?, w);
        choices
            .push((b.letter.to_string(), format!("{} {} · {wait}", b.letter, view::business(b, ctx.lang))));
        let Some(who) = who else { continue };
        let blind = verbs::blind_person(store, who.person());
        if let Some(row) = rows::ticket_of(store, &hall.code, &day_of(ctx.now), b.letter, &blind).await? {
            let words = [("number", row.number()), ("state", view::state(row.state, w))];
            mine.push(Mine { letter: b.letter.to_string(), title: w.with("take-mine", &words) });
        }
    }
    let at = format!("/halls/{}/ticket", hall.code);
    let page = TakePage {
        shell: Shell::new(ctx, w.t("take-title"))
            .crumb(w.t("halls-title"), "/halls")
            .crumb(hall.name.get(ctx.lang), format!("/halls/{}", hall.code)),
        w,
        form,
        sign_in: who.is_none().then(|| page::problem::sign_in_path(&at)),
        at,
        letters: choices,
        claims: view::claims(w),
        fairness: view::fairness(&room.terms, w),
        mine,
    };
    Ok(page::render_with(status, &page))
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(code): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let hall = hall_of(room.store(), &code).await?;
    // Whose the ticket is stands nowhere: it is taken as by a visitor.
    let (blind, actor) = (verbs::blind_person(room.store(), who.person()), ActorRef::visitor());
    let done = async {
        if let Ok(letter) = sent.get("mine").parse::<Letter>() {
            let secret = secret_of(&sent)?;
            return command!(room.house.ground, ctx.lang, actor, |cx| {
                verbs::readdress(&mut cx, &hall.code, letter, &blind, secret).await
            });
        }
        let mut taking = taking_of(&hall, Via::Phone, &sent)?;
        taking.who = Some(blind.clone());
        take(&room, ctx.lang, &taking, actor).await.map(|_| ())
    };
    match done.await {
        Ok(()) => Ok(page::see_other(format!("/tickets/{}", sent.get("token")))),
        Err(failure) => {
            let (form, status) = told(failure, FormState::of(&sent))?;
            page_of(&room, &ctx, &hall, Some(&who), form, status).await
        }
    }
}

/// What a form asks for.
///
/// # Errors
/// `hall.no-business`, or `hall.form-old` without the secret that the form was made with.
pub(super) fn taking_of(hall: &Hall, via: Via, sent: &Submitted) -> Result<Taking, Refusal> {
    let letter: Letter = sent.get("letter").parse().map_err(|_| refuse::no_business())?;
    let claims = [Priority::Ordinary, Priority::Elder, Priority::Disabled, Priority::Soldier];
    let priority = sent.get("priority").parse().ok().filter(|p| claims.contains(p));
    let token = secret_of(sent)?;
    Ok(Taking {
        hall: hall.code.clone(),
        letter,
        via,
        priority: priority.unwrap_or(Priority::Ordinary),
        who: None,
        token: token.to_owned(),
        kiosk: None,
    })
}

/// The secret that the form was made with.
fn secret_of(sent: &Submitted) -> Result<&str, Refusal> {
    let token = sent.get("token");
    let whole = token.len() == 32 && token.bytes().all(|b| b.is_ascii_hexdigit());
    if whole { Ok(token) } else { Err(refuse::form_old()) }
}

/// Takes it.
pub(super) async fn take(room: &Room, lang: Lang, taking: &Taking, actor: ActorRef) -> Outcome<Taken> {
    let calendar = room.house.calendar.as_ref();
    let _turn = crate::turn(&taking.hall).await;
    command!(room.house.ground, lang, actor, |cx| verbs::take(&mut cx, calendar, &room.terms, taking).await)
}
