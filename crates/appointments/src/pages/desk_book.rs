//! `/desk/appointments/book`: a clerk books for somebody at the telephone or the window. Whether they have an account is not shown.

use super::{Room, desk, moment_of, told, view};
use crate::WORDS;
use crate::offer;
use crate::rules::refuse;
use crate::verbs::{self, Called, DeskHall};
use ::store::command;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use hall::model::Letter;
use identity::Staff;
use kernel::Failure;
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};

#[derive(askama::Template)]
#[template(path = "desk_book.html")]
struct BookPage {
    shell: Shell,
    w: Say,
    form: FormState,
    hall: String,
    hall_name: String,
    letters: Vec<(String, String, bool)>,
    letter: String,
    d: Option<view::Days>,
}

/// What is chosen so far.
#[derive(serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    hall: String,
    #[serde(default)]
    letter: String,
    #[serde(default)]
    day: String,
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Staff,
    Query(asked): Query<Asked>,
) -> Answer {
    let (desk, _) = desk::desk_of(&room, &who, &asked.hall).await?;
    page_of(&room, &ctx, &desk, (&asked.letter, &asked.day), (FormState::new(), StatusCode::OK)).await
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    desk: &DeskHall,
    (letter, day): (&str, &str),
    (form, status): (FormState, StatusCode),
) -> Answer {
    let (store, w, hall) = (room.store(), WORDS.say(ctx.lang), desk.hall());
    let letters = hall::businesses(store, &hall.code).await?;
    let chosen: Option<Letter> = letter.parse().ok().or_else(|| letters.first().map(|b| b.letter));
    let base = format!("/desk/appointments/book?hall={}", hall.code);
    let mut d = None;
    if let Some(letter) = chosen {
        let calendar = room.house.calendar.as_ref();
        d = match offer::offered(store, calendar, &room.terms, (hall, letter), ctx.now).await {
            Ok(offered) => Some(view::days(&offered, &format!("{base}&letter={letter}&"), day, w)),
            Err(Failure::Refused(_)) => None,
            Err(failure) => return Err(failure.into()),
        };
    }
    let page = BookPage {
        shell: Shell::new(ctx, w.t("book-title"))
            .desk()
            .crumb(w.t("desk-title"), format!("/desk/appointments?hall={}", hall.code)),
        w,
        form,
        hall: hall.code.to_string(),
        hall_name: hall.name.get(ctx.lang).to_owned(),
        letters: letters
            .iter()
            .map(|b| {
                (format!("{base}&letter={}", b.letter), view::business(b, ctx.lang), Some(b.letter) == chosen)
            })
            .collect(),
        letter: chosen.map(|l| l.to_string()).unwrap_or_default(),
        d,
    };
    Ok(page::render_with(status, &page))
}

pub(super) async fn post(State(room): State<Room>, ctx: Ctx, who: Staff, sent: Submitted) -> Answer {
    let (desk, _) = desk::desk_of(&room, &who, sent.get("hall")).await?;
    let (calendar, actor) = (room.house.calendar.as_ref(), who.actor_ref());
    let done = async {
        let letter: Letter = sent.get("letter").parse().map_err(|_| refuse::not_here())?;
        let starts_at = moment_of(sent.get("at")).ok_or_else(refuse::no_slot)?;
        let typed = |field: &str| sent.get(field).to_owned();
        let called = Called { name: typed("name"), phone: typed("phone"), number: typed("number") };
        command!(room.house.ground, ctx.lang, actor, |cx| {
            verbs::book_for(&mut cx, calendar, &room.terms, (&desk, &called), (letter, starts_at)).await
        })
    };
    match done.await {
        Ok(id) => Ok(page::see_other(format!("/desk/appointments/{id}"))),
        Err(failure) => {
            let state = told(failure, FormState::of(&sent))?;
            page_of(&room, &ctx, &desk, (sent.get("letter"), sent.get("day")), state).await
        }
    }
}
