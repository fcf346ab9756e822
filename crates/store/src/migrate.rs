//! Numbered steps, forward only, one text for both databases.

use crate::handle::Engine;
use crate::{Store, params};
use kernel::Fault;
use sha2::{Digest, Sha256};

/// The steps of one room: `("V1__cases", include_str!("../migrations/V1__cases.sql"))`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrations {
    /// The room.
    pub room: &'static str,
    /// Name and text of each step, in order; a text may hold several statements.
    pub steps: &'static [(&'static str, &'static str)],
}

/// The store's own tables.
pub const MIGRATIONS: Migrations = Migrations {
    room: "store",
    steps: &[
        ("V1__store", include_str!("../migrations/V1__store.sql")),
        ("V2__loose_files", include_str!("../migrations/V2__loose_files.sql")),
    ],
};

/// The table that remembers what was applied, and with which text (from which a restore makes the tables again).
pub(crate) const LEDGER: &str = "CREATE TABLE IF NOT EXISTS store_migration (room TEXT NOT NULL, step TEXT NOT NULL, \
     checksum TEXT NOT NULL, text TEXT NOT NULL, place BIGINT NOT NULL, applied_at BIGINT NOT NULL, \
     PRIMARY KEY (room, step))";

/// Writes an applied step down; `$5` is where it stands in the order of all.
pub(crate) const APPLIED: &str = "INSERT INTO store_migration (room, step, checksum, text, place, applied_at) \
     SELECT $1, $2, $3, $4, COUNT(*) + 1, $5 FROM store_migration";

/// One step to be applied.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub room: String,
    pub name: String,
    pub text: String,
    pub checksum: String,
    pub at: i64,
}

/// The checksum by which a changed text is noticed.
pub fn checksum(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

pub(crate) async fn run(store: &Store, rooms: &[Migrations]) -> Result<(), Fault> {
    let at = store.inner().clock.now().as_microsecond();
    let own = [MIGRATIONS];
    let mut steps = Vec::new();
    for room in own.iter().chain(rooms.iter().filter(|r| r.room != MIGRATIONS.room)) {
        for (name, text) in room.steps {
            steps.push(Step {
                room: room.room.to_owned(),
                name: (*name).to_owned(),
                text: (*text).to_owned(),
                checksum: checksum(text),
                at,
            });
        }
    }
    apply(store, steps).await?;
    for room in rooms {
        refuse_newer(store, room).await?;
    }
    check_keys(store).await
}

/// Applies `steps` in order, each in one transaction; those already applied are compared and skipped.
pub(crate) async fn apply(store: &Store, steps: Vec<Step>) -> Result<(), Fault> {
    match &store.inner().engine {
        Engine::Sqlite(sqlite) => sqlite.migrate(steps).await,
        Engine::Postgres(postgres) => postgres.migrate(&steps).await,
    }
}

/// Whether a step with this checksum needs to be applied.
pub(crate) fn needed(step: &Step, applied: Option<&str>) -> Result<bool, Fault> {
    match applied {
        None => Ok(true),
        Some(checksum) if checksum == step.checksum => Ok(false),
        Some(_) => Err(Fault::new(format!(
            "the step {} of {} was changed after it had been applied: write a new step instead",
            step.name, step.room
        ))),
    }
}

/// A database with steps this program does not know belongs to a newer program.
async fn refuse_newer(store: &Store, room: &Migrations) -> Result<(), Fault> {
    let applied: Vec<(String,)> =
        store.rows("SELECT step FROM store_migration WHERE room = $1", params![room.room]).await?;
    match applied.iter().find(|(step,)| !room.steps.iter().any(|(name, _)| name == step)) {
        Some((step,)) => Err(Fault::new(format!(
            "the database is newer than this program: it has the step {step} of {}",
            room.room
        ))),
        None => Ok(()),
    }
}

/// Refuses a key file that is not the one the database was sealed with, before anything is sealed with it.
async fn check_keys(store: &Store) -> Result<(), Fault> {
    let mine = store.sealer().blind("store.keys", "check");
    let mut commit = crate::Commit::housekeeping(store.inner().clock.now());
    commit.exec_any(
        "INSERT INTO store_setting (key, value) VALUES ('keys.check', $1) ON CONFLICT (key) DO NOTHING",
        params![mine],
    );
    store.submit(commit).await.map_err(crate::commit::broken)?;
    let kept: Option<(String,)> =
        store.row("SELECT value FROM store_setting WHERE key = $1", params!["keys.check"]).await?;
    if kept.is_some_and(|(kept,)| kept == mine) {
        return Ok(());
    }
    Err(Fault::new(format!(
        "{} is not the key file that this database was sealed with: put the right one there",
        store.inner().data.join("keys.toml").display()
    )))
}
