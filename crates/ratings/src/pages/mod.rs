//! The pages, one file each, and their routes.

mod desk;
mod mine;
mod openness;
mod rate;
mod view;

use crate::settings::Settings;
use axum::Router;
use axum::routing::{get, post};
use kernel::{Outcome, Refusal, RefusalKind, Timestamp};
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
        .route("/cases/{number}/rate", get(rate::case_form).post(rate::case_rated))
        .route("/tickets/{ticket}/rate", get(rate::visit_form).post(rate::visit_rated))
        .route("/space/ratings", get(mine::list))
        .route("/space/ratings/{id}", get(mine::show))
        .route("/desk/ratings", get(desk::list))
        .route("/desk/ratings/{id}", get(desk::show))
        .route("/desk/ratings/{id}/answer", post(desk::answer))
        .route("/openness/ratings", get(openness::get))
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
            "ratings.bad-cursor",
            "翻页位置不对。",
            "That is no place in this list.",
        )
        .next("请从第一页重新开始。", "Start again from the first page.")
    })
}

/// The place in a list of ratings, the latest first, that `after` names; the beginning where it names none.
///
/// # Errors
/// `ratings.bad-cursor`.
pub fn place_before(after: Option<&str>) -> Result<(i64, String), Refusal> {
    place(after, i64::MAX)
}

/// The address of the next page of `base`, when `rows` filled this one.
pub(crate) fn next_of<T>(
    rows: &mut Vec<T>,
    lines: i64,
    base: &str,
    key: impl Fn(&T) -> (Timestamp, String),
) -> Option<String> {
    let most = usize::try_from(lines).unwrap_or(0);
    let more = rows.len() > most;
    rows.truncate(most);
    let (at, id) = rows.last().map(key)?;
    let mark = if base.contains('?') { '&' } else { '?' };
    more.then(|| format!("{base}{mark}before={}.{id}", at.as_microsecond()))
}
