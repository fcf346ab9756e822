//! All SQL of the room.

use kernel::{Fault, Timestamp};
use store::{Cx, Store, params};

/// Adds the row of a new subject to the command's commit.
pub fn insert(cx: &mut Cx, id: &str, title: &str) {
    let begun_at: Timestamp = cx.now;
    cx.commit.exec("INSERT INTO NAME_NAME (id, title, begun_at) VALUES ($1, $2, $3)", params![id, title, begun_at]);
}

/// The title of `id`.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn title(store: &Store, id: &str) -> Result<Option<String>, Fault> {
    let row = store.row::<(String,)>("SELECT title FROM NAME_NAME WHERE id = $1", params![id]).await?;
    Ok(row.map(|(title,)| title))
}
