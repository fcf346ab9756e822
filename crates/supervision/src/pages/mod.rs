//! The pages, one file each, and their routes.

mod copy;
mod desk;
mod mine;
mod my_looks;
mod object;
mod openness;
mod papers;
mod rights;
mod seals;
mod view;

use crate::settings::Settings;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use kernel::{Outcome, Refusal, RefusalKind};
use page::House;
use std::str::FromStr;

/// What every page of the room needs.
#[derive(Clone)]
pub(crate) struct Room {
    pub house: House,
    pub terms: Settings,
}

/// The room's pages.
pub fn routes(house: House, terms: Settings) -> Router {
    Router::new()
        .route("/space/looks/{id}/object", get(object::get).post(object::post))
        .route("/space/objections", get(mine::list))
        .route("/space/objections/{id}", get(mine::show))
        .route("/space/objections/{id}/withdraw", post(mine::withdraw))
        .route("/space/objections/{id}/papers/{nth}", get(papers::own))
        .route("/space/rights", get(rights::get))
        .route("/space/rights/copy", post(copy::post))
        .route("/space/rights/correct", get(rights::correct_form).post(rights::correct))
        .route("/space/rights/delete", get(rights::delete_form).post(rights::delete))
        .route("/space/rights/papers", post(rights::papers))
        .route("/desk/my-looks", get(my_looks::get))
        .route("/desk/objections", get(desk::list))
        .route("/desk/objections/{id}", get(desk::show))
        .route("/desk/objections/{id}/papers/{nth}", get(papers::of_desk))
        .route("/desk/objections/{id}/ground", post(desk::ground))
        .route("/desk/objections/{id}/answer", post(desk::answer))
        .route("/desk/sealed-looks", get(seals::list).post(seals::ask))
        .route("/desk/sealed-looks/{id}/decide", post(seals::decide))
        .route("/desk/sealed-looks/{id}/end", post(seals::end))
        .route("/openness/sealed-looks", get(openness::get))
        .with_state(Room { house, terms })
}

/// An id of the address; what is none names nothing.
pub(crate) fn id_of<T: FromStr>(text: &str) -> Outcome<T> {
    text.parse().map_err(|_| Refusal::not_found().into())
}

/// A place in a list ordered by a moment and an id; `start` is the beginning.
pub(crate) fn place(cursor: Option<&str>, start: i64) -> Result<(i64, String), Refusal> {
    let Some(cursor) = cursor.filter(|c| !c.is_empty()) else { return Ok((start, String::new())) };
    let parsed = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    parsed.ok_or_else(|| {
        Refusal::new(
            RefusalKind::Invalid,
            "supervision.bad-cursor",
            "翻页位置不对。",
            "That is no place in this list.",
        )
        .next("请从第一页重新开始。", "Start again from the first page.")
    })
}

/// The address of the next page of `base`, when `rows` filled this one.
pub(crate) fn next_of<T>(
    rows: &mut Vec<T>,
    lines: i64,
    base: &str,
    key: impl Fn(&T) -> (kernel::Timestamp, String),
) -> Option<String> {
    let most = usize::try_from(lines).unwrap_or(0);
    let more = rows.len() > most;
    rows.truncate(most);
    let (at, id) = rows.last().map(key)?;
    let mark = if base.contains('?') { '&' } else { '?' };
    more.then(|| format!("{base}{mark}before={}.{id}", at.as_microsecond()))
}

/// Whether a refusal is told on the page from which the request came: something is wrong with it, or the archive's duty to keep stands
/// against it.
fn told_on_page(refusal: &Refusal) -> bool {
    refusal.kind == RefusalKind::Invalid || refusal.code == "procedure.archive-holds"
}

fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal.kind {
        RefusalKind::Conflict => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}
