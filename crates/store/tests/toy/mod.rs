//! A toy room for the store's tests: events with (subject, seq), and things with a state.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]
#![allow(dead_code, reason = "not every test file uses all of it")]

use kernel::{ActorRef, Lang};
use store::{Commit, Cx, Ground, Migrations, params};

/// The toy room's tables.
pub const TOY: Migrations = Migrations {
    room: "toy",
    steps: &[(
        "V1__toy",
        "CREATE TABLE toy_event (subject TEXT NOT NULL, seq BIGINT NOT NULL, body BYTEA, PRIMARY KEY (subject, seq));\n\
         CREATE TABLE toy_thing (id TEXT PRIMARY KEY NOT NULL, state TEXT NOT NULL, rev BIGINT NOT NULL);",
    )],
};

/// A command of the program itself.
pub fn begin(ground: &Ground) -> Cx {
    ground.begin(Lang::En, ActorRef::system())
}

/// Adds event `seq` of `subject`.
pub fn event(commit: &mut Commit, subject: &str, seq: i64) {
    commit.exec(
        "INSERT INTO toy_event (subject, seq, body) VALUES ($1, $2, $3)",
        params![subject, seq, vec![1u8, 2, 3]],
    );
}

/// How many events `subject` has.
pub async fn events(ground: &Ground, subject: &str) -> i64 {
    let row: Option<(i64,)> = ground
        .store
        .row("SELECT COUNT(*) FROM toy_event WHERE subject = $1", params![subject])
        .await
        .unwrap();
    row.unwrap().0
}
