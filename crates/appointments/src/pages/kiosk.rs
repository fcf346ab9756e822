//! `/kiosk/{hall}/arrive`: reporting for an appointment at a kiosk, by its code or one's number (预约报到).

use super::{Room, hall_of, is, told};
use crate::WORDS;
use crate::rules::refuse;
use crate::verbs::{self, Arriving};
use ::store::command;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use hall::model::Hall;
use kernel::{ActorRef, Outcome};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};

#[derive(askama::Template)]
#[template(path = "kiosk_arrive.html")]
struct KioskPage {
    shell: Shell,
    w: Say,
    form: FormState,
    at: String,
    kiosk: String,
    back: String,
    /// Whether an ordinary ticket is offered, since it is too late for the other.
    late: bool,
    early: String,
    late_minutes: String,
}

/// The secret of the kiosk.
#[derive(serde::Deserialize)]
pub(super) struct Secret {
    #[serde(default)]
    k: String,
}

/// The hall, for a kiosk that is registered there.
async fn known(room: &Room, code: &str, secret: &str) -> Outcome<Hall> {
    let hall = hall_of(room.store(), code).await?;
    let known = hall::is_kiosk(room.store(), &hall.code, secret).await?;
    if known { Ok(hall) } else { Err(refuse::no_kiosk().into()) }
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(code): Path<String>,
    ctx: Ctx,
    Query(secret): Query<Secret>,
) -> Answer {
    let hall = known(&room, &code, &secret.k).await?;
    Ok(page_of(&room, &ctx, &hall, &secret.k, (FormState::new(), StatusCode::OK, false)))
}

fn page_of(
    room: &Room,
    ctx: &Ctx,
    hall: &Hall,
    secret: &str,
    (form, status, late): (FormState, StatusCode, bool),
) -> axum::response::Response {
    let w = WORDS.say(ctx.lang);
    let page = KioskPage {
        shell: Shell::new(ctx, w.t("arrive-title")).alone(),
        w,
        form,
        at: format!("/kiosk/{}/arrive", hall.code),
        kiosk: secret.to_owned(),
        back: format!("/kiosk/{}?k={secret}", hall.code),
        late,
        early: room.terms.early_minutes.to_string(),
        late_minutes: room.terms.late_minutes.to_string(),
    };
    page::render_with(status, &page)
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(code): Path<String>,
    ctx: Ctx,
    sent: Submitted,
) -> Answer {
    let secret = sent.get("kiosk").to_owned();
    let hall = known(&room, &code, &secret).await?;
    let (calendar, terms) = (room.house.calendar.as_ref(), (&room.terms, &room.queue));
    let token = hall::token(room.house.ground.rng.as_ref());
    let how = Arriving { by: None, kiosk: Some(&secret), late: sent.get("late") == "yes", token: &token };
    let done = async {
        let row = verbs::find(room.store(), &hall.code, sent.get("code"), ctx.now, &room.terms).await?;
        command!(room.house.ground, ctx.lang, ActorRef::visitor(), |cx| {
            verbs::arrive(&mut cx, calendar, terms, row.id, &how).await
        })
    };
    match done.await {
        Ok(_) => Ok(page::see_other(format!("/tickets/{token}?kiosk={secret}"))),
        Err(failure) => {
            let late = is(&failure, "appointments.late");
            let (form, status) = told(failure, FormState::of(&sent))?;
            Ok(page_of(&room, &ctx, &hall, &secret, (form, status, late)))
        }
    }
}
