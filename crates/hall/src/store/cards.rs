//! Readers of identity cards, and the card that lies on one.

use super::HallCode;
use crate::model::{Card, CardId};
use ::store::{Commit, Sealed, Sealer, Store, params, row};
use kernel::{Fault, Timestamp};

const CARD: &str = "hall_card.card";

row! {
    struct CardRow {
        id: CardId,
        card: Sealed<Card>,
    }
}

/// The reader at a window from now on; the code is used up, once.
pub(crate) fn set_reader(commit: &mut Commit, code: &str, token: &str, hall: &HallCode, number: &str) {
    commit.exec("DELETE FROM hall_pairing WHERE code = $1", params![code]);
    commit.exec_any("DELETE FROM hall_reader WHERE hall = $1 AND number = $2", params![hall, number]);
    commit.exec(
        "INSERT INTO hall_reader (token, hall, number) VALUES ($1, $2, $3)",
        params![token, hall, number],
    );
}

/// The window of a reader, by the blind index of its secret.
pub(crate) async fn reader(store: &Store, token: &str) -> Result<Option<(HallCode, String)>, Fault> {
    store.row("SELECT hall, number FROM hall_reader WHERE token = $1", params![token]).await
}

/// Whether a window has a reader.
pub(crate) async fn has_reader(store: &Store, hall: &HallCode, number: &str) -> Result<bool, Fault> {
    let sql = "SELECT token FROM hall_reader WHERE hall = $1 AND number = $2";
    let found: Option<(String,)> = store.row(sql, params![hall, number]).await?;
    Ok(found.is_some())
}

/// A card was put on the reader of a window; what lay there before is forgotten.
pub(crate) fn put_card(
    commit: &mut Commit,
    sealer: &Sealer,
    (hall, number): (&HallCode, &str),
    (id, card): (CardId, &Card),
) -> Result<(), Fault> {
    let (at, sealed) = (commit.at, Sealed::seal(sealer, CARD, card)?);
    commit.exec_any("DELETE FROM hall_card WHERE hall = $1 AND number = $2", params![hall, number]);
    commit.exec(
        "INSERT INTO hall_card (hall, number, id, at, card) VALUES ($1, $2, $3, $4, $5)",
        params![hall, number, id, at, sealed],
    );
    Ok(())
}

/// The card on the reader of a window, put there after `since`.
pub(crate) async fn card_at(
    store: &Store,
    (hall, number): (&HallCode, &str),
    since: Timestamp,
) -> Result<Option<(CardId, Sealed<Card>)>, Fault> {
    let sql = "SELECT id, card FROM hall_card WHERE hall = $1 AND number = $2 AND at > $3";
    let row: Option<CardRow> = store.row(sql, params![hall, number, since]).await?;
    Ok(row.map(|r| (r.id, r.card)))
}

/// Opens a card that was found.
pub(crate) fn open_card(store: &Store, card: &Sealed<Card>) -> Result<Card, Fault> {
    card.open(store.sealer(), CARD)
}

/// The card is used up: of two who use it one does.
pub(crate) fn use_card(commit: &mut Commit, id: CardId) {
    commit.exec("DELETE FROM hall_card WHERE id = $1", params![id]);
}

/// Whoever comes next to a window, or whichever clerk, finds no card of somebody before.
pub(crate) fn clear_reader(commit: &mut Commit, hall: &HallCode, number: &str) {
    commit.exec_any("DELETE FROM hall_card WHERE hall = $1 AND number = $2", params![hall, number]);
}

/// Cards that nobody used are forgotten.
pub(crate) fn forget_cards(commit: &mut Commit, before: Timestamp) {
    commit.exec_any("DELETE FROM hall_card WHERE at < $1", params![before]);
}
