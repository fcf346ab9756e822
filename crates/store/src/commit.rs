//! One command, one commit: the list of writes that go to the database together, or not at all (DESIGN §3).

use crate::outbox::Emission;
use crate::{ToValue, Value};
use kernel::{CommandId, Fault, Timestamp};
use serde::Serialize;
use std::borrow::Cow;

/// How many rows a statement must touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// Exactly so many; anything else is a conflict.
    Rows(u64),
    /// Any number.
    Any,
}

/// One write.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The SQL, `$1` parameters; an INSERT, UPDATE or DELETE without RETURNING.
    pub sql: Cow<'static, str>,
    /// The parameters.
    pub params: Vec<Value>,
    /// How many rows it must touch.
    pub expect: Expect,
    /// Whether this is a guard: something read and relied on, not written.
    pub guard: bool,
}

/// The writes of one command. No statement sees another's result.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The command's id: written with the commit, so that an unknown fate can be looked up and a command is done once.
    pub id: CommandId,
    /// When the command was decided.
    pub at: Timestamp,
    /// The writes, in order.
    pub statements: Vec<Statement>,
    /// The messages that leave with it, sealed when it is sent.
    pub(crate) messages: Vec<Emission>,
    /// Whether the id is written with it; the store's own housekeeping does without.
    pub(crate) remembered: bool,
}

/// Why a commit did not happen, or may not have.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Somebody else was faster, or something relied on has changed: read again and decide again.
    #[error("conflict: {0}")]
    Conflict(String),
    /// This command id is already committed: the work is done.
    #[error("this command is already done")]
    AlreadyDone,
    /// The connection was lost after sending and the id could not be looked up: it may or may not have happened.
    #[error("fate unknown: {0}")]
    Unknown(Fault),
    /// It did not happen, and something is broken.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Commit {
    /// An empty commit for command `id`, decided at `at`.
    pub fn new(id: CommandId, at: Timestamp) -> Self {
        Self { id, at, statements: Vec::new(), messages: Vec::new(), remembered: true }
    }

    /// A commit of the store's own housekeeping: repeating it does no harm, so its id is not kept.
    pub(crate) fn housekeeping(at: Timestamp) -> Self {
        let id = kernel::id::TypedId::from_uuid(uuid::Uuid::nil());
        Self { remembered: false, ..Self::new(id, at) }
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty() && self.messages.is_empty()
    }

    /// A write that must touch exactly one row.
    pub fn exec(&mut self, sql: impl Into<Cow<'static, str>>, params: Vec<Value>) -> &mut Self {
        self.push(sql.into(), params, Expect::Rows(1), false)
    }

    /// A write that may touch any number of rows.
    pub fn exec_any(&mut self, sql: impl Into<Cow<'static, str>>, params: Vec<Value>) -> &mut Self {
        self.push(sql.into(), params, Expect::Any, false)
    }

    /// Relies on `SELECT 1 FROM table WHERE …` still finding exactly one row when the commit happens, e.g.
    /// `guard("SELECT 1 FROM certificates_certificate WHERE id = $1 AND state = 'valid'", …)`; the row is locked
    /// `FOR SHARE` on PostgreSQL until the commit ends.
    pub fn guard(&mut self, select: impl Into<Cow<'static, str>>, params: Vec<Value>) -> &mut Self {
        self.push(select.into(), params, Expect::Rows(1), true)
    }

    fn push(&mut self, sql: Cow<'static, str>, params: Vec<Value>, expect: Expect, guard: bool) -> &mut Self {
        self.statements.push(Statement { sql, params, expect, guard });
        self
    }

    /// Puts a message into the outbox: delivered at least once after the commit, in order per `subject`.
    /// `topic` is `room.what-happened`; `id` is derived from the command, so a receiver's commit happens once.
    ///
    /// # Errors
    /// A [`Fault`] when `body` cannot be written as JSON.
    pub fn emit(
        &mut self,
        topic: &'static str,
        subject: &str,
        body: &impl Serialize,
    ) -> Result<&mut Self, Fault> {
        crate::outbox::emit(self, topic, subject, body, self.at)
    }

    /// As [`Commit::emit`], but delivered no earlier than `due`.
    ///
    /// # Errors
    /// A [`Fault`] when `body` cannot be written as JSON.
    pub fn emit_at(
        &mut self,
        topic: &'static str,
        subject: &str,
        body: &impl Serialize,
        due: Timestamp,
    ) -> Result<&mut Self, Fault> {
        crate::outbox::emit(self, topic, subject, body, due)
    }
}

impl Statement {
    /// The beginning of the SQL, on one line: what a conflict is reported by.
    pub fn label(&self) -> String {
        label(&self.sql)
    }
}

/// The beginning of `sql`, on one line.
pub(crate) fn label(sql: &str) -> String {
    sql.split_whitespace().take(8).collect::<Vec<_>>().join(" ")
}

/// The fault behind a commit of housekeeping, which nobody can conflict with.
pub(crate) fn broken(error: CommitError) -> Fault {
    match error {
        CommitError::Fault(fault) | CommitError::Unknown(fault) => fault,
        other => Fault::from("housekeeping", other).transient(),
    }
}

/// A commit as the databases run it: everything is a statement now.
pub(crate) struct Batch {
    pub id: Option<CommandId>,
    pub at: Timestamp,
    pub statements: Vec<Statement>,
}

/// The row that makes a command happen once.
pub(crate) const COMMAND: &str = "INSERT INTO store_command (id, at) VALUES ($1, $2)";

impl Batch {
    /// The statement that writes down the command's id.
    pub fn command(&self) -> Option<(&'static str, Vec<Value>)> {
        self.id.map(|id| (COMMAND, vec![id.to_value(), self.at.to_value()]))
    }
}

/// The writes of a commit as they reach the database, the command's own row among them.
pub(crate) fn shown(id: Option<CommandId>, at: Timestamp, statements: &[Statement]) -> Vec<Statement> {
    let command = id.map(|id| Statement {
        sql: Cow::Borrowed(COMMAND),
        params: crate::params![id, at],
        expect: Expect::Rows(1),
        guard: false,
    });
    statements.iter().cloned().chain(command).collect()
}
