//! The writer thread: waiting commits share one transaction and one fsync, each within a savepoint.
//!
//! **Invariant:** a commit is answered only after COMMIT has returned, and a group that is lost as a whole (a full disk
//! undoes released savepoints too) is re-run member by member.

use super::errors;
use super::link::{self, Link};
use super::queue::Queue;
use super::turns::Turns;
use crate::commit::Batch;
use crate::{CommitError, Expect};
use kernel::Fault;
use rusqlite::Connection;
use std::sync::Arc;
use tokio::sync::oneshot;

/// A commit and whoever waits for it.
pub(crate) struct Waiting {
    pub batch: Batch,
    pub answer: oneshot::Sender<Result<(), CommitError>>,
}

/// What the writer thread can be asked.
pub(crate) enum Job {
    /// A commit: may share a transaction.
    Commit(Waiting),
    /// Anything else that writes: runs alone.
    Work(Box<dyn FnOnce(&mut Link) + Send>),
}

pub(crate) struct Writer {
    link: Link,
    turns: Arc<Turns>,
    group_max: usize,
}

/// How one transaction ended.
enum Ended {
    /// COMMIT returned: each member's own result.
    Done(Vec<Result<(), CommitError>>),
    /// It could not even begin, for all members alike.
    NotBegun(Fault),
    /// All of it was undone by this error of one member or of COMMIT.
    Lost(CommitError),
}

impl Writer {
    pub fn new(link: Link, turns: Arc<Turns>, group_max: usize) -> Self {
        Self { link, turns, group_max: group_max.max(1) }
    }

    pub fn run(mut self, jobs: &Queue<Job>) {
        while let Some(job) = jobs.take() {
            match job {
                Job::Work(work) => {
                    let _turn = self.turns.take();
                    work(&mut self.link);
                }
                Job::Commit(first) => {
                    // First of all: whoever comes while one waits for the turn goes along.
                    let _turn = self.turns.take();
                    let mut group = vec![first];
                    while group.len() < self.group_max
                        && let Some(Job::Commit(next)) = jobs.take_if(|j| matches!(j, Job::Commit(_)))
                    {
                        group.push(next);
                    }
                    self.commit(group);
                }
            }
        }
    }

    fn commit(&mut self, group: Vec<Waiting>) {
        let all: Vec<&Batch> = group.iter().map(|w| &w.batch).collect();
        match self.transaction(&all) {
            Ended::Done(results) => {
                for (waiting, result) in group.into_iter().zip(results) {
                    let _ = waiting.answer.send(result);
                }
            }
            Ended::NotBegun(fault) => {
                let (words, transient) = (fault.to_string(), fault.transient);
                for waiting in group {
                    let mut fault = Fault::new(words.clone());
                    fault.transient = transient;
                    let _ = waiting.answer.send(Err(CommitError::Fault(fault)));
                }
            }
            Ended::Lost(error) => self.one_by_one(group, error),
        }
    }

    /// Re-runs the members of a lost group, each in a transaction of its own.
    fn one_by_one(&mut self, group: Vec<Waiting>, error: CommitError) {
        if group.len() > 1 {
            tracing::warn!(members = group.len(), %error, "a group of commits was undone; running them one by one");
        }
        let mut alone = (group.len() == 1).then_some(error);
        for waiting in group {
            let result = match alone.take() {
                Some(error) => Err(error),
                None => match self.transaction(&[&waiting.batch]) {
                    Ended::Done(mut results) => results.pop().unwrap_or(Ok(())),
                    Ended::NotBegun(fault) => Err(CommitError::Fault(fault)),
                    Ended::Lost(error) => Err(error),
                },
            };
            let _ = waiting.answer.send(result);
        }
    }

    fn transaction(&mut self, members: &[&Batch]) -> Ended {
        let connection = match self.link.connection() {
            Ok(connection) => connection,
            Err(fault) => return Ended::NotBegun(fault),
        };
        if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
            undo(connection);
            self.link.after(&error);
            return Ended::NotBegun(errors::fault(error));
        }
        let mut results = Vec::with_capacity(members.len());
        for batch in members {
            match member(connection, batch) {
                Ok(result) => results.push(result),
                Err(error) => {
                    undo(connection);
                    return Ended::Lost(error);
                }
            }
        }
        match run(connection, "COMMIT") {
            Ok(()) => Ended::Done(results),
            Err(error) => {
                undo(connection);
                let unsure = errors::spoils(&error);
                self.link.after(&error);
                let fault = errors::fault(error);
                Ended::Lost(if unsure { CommitError::Unknown(fault) } else { CommitError::Fault(fault) })
            }
        }
    }
}

/// Runs one member within its savepoint. The outer error means that the whole transaction is gone.
fn member(connection: &Connection, batch: &Batch) -> Result<Result<(), CommitError>, CommitError> {
    let marked = run(connection, "SAVEPOINT member").map_err(errors::commit_error);
    let result = marked.and_then(|()| statements(connection, batch));
    match result {
        Ok(()) => run(connection, "RELEASE member").map(Ok).map_err(errors::commit_error),
        Err(error) if connection.is_autocommit() => Err(error),
        Err(error) => {
            let back = run(connection, "ROLLBACK TO member").and_then(|()| run(connection, "RELEASE member"));
            if back.is_err() || connection.is_autocommit() { Err(error) } else { Ok(Err(error)) }
        }
    }
}

fn statements(connection: &Connection, batch: &Batch) -> Result<(), CommitError> {
    if let Some((sql, params)) = batch.command() {
        link::execute(connection, sql, &params).map_err(|error| match errors::commit_error(error) {
            CommitError::Conflict(_) => CommitError::AlreadyDone,
            other => other,
        })?;
    }
    for statement in &batch.statements {
        let touched = match statement.expect {
            Expect::Rows(wanted) if statement.guard => {
                link::count(connection, &statement.sql, &statement.params, wanted)
            }
            _ => link::execute(connection, &statement.sql, &statement.params),
        };
        let touched = touched.map_err(|error| match errors::commit_error(error) {
            CommitError::Fault(fault) => CommitError::Fault(fault.while_doing(statement.label())),
            other => other,
        })?;
        if let Expect::Rows(wanted) = statement.expect
            && touched != wanted
        {
            return Err(CommitError::Conflict(statement.label()));
        }
    }
    Ok(())
}

fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.raw_execute().map(|_| ())
}

fn undo(connection: &Connection) {
    if !connection.is_autocommit()
        && let Err(error) = connection.execute_batch("ROLLBACK")
    {
        tracing::error!(%error, "a transaction could not be rolled back");
    }
}
