//! A commit on PostgreSQL: BEGIN, the statements, the command's id and COMMIT leave together; the answers are read after.
//!
//! **Invariant:** success is said only when COMMIT and everything before it was answered without an error; when the
//! connection is lost after sending, the server's process is ended first and the command's id looked up then, so that
//! nothing can still happen behind the answer.

use super::connection::{Connection, Shape};
use super::value::declared;
use super::{PATIENCE, Postgres, errors};
use crate::commit::{Batch, COMMAND};
use crate::{CommitError, Expect, ToValue, Value};
use futures::future::BoxFuture;
use kernel::{CommandId, Fault};
use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;
use tokio_postgres::{Error, Statement};

/// How often a commit is sent when connections break under it.
const SENDS_MAX: u32 = 3;
/// How often, and at which distance, the fate of a commit is asked for.
const LOOKUPS_MAX: u32 = 10;
const LOOKUP_PAUSE: Duration = Duration::from_millis(300);

/// What became of a commit that was sent.
enum Sent {
    Committed,
    /// It did not happen.
    Refused(CommitError),
    /// The connection broke before anything was sent, or its prepared statements were outdated: nothing happened.
    Unsent(Fault),
    /// The connection broke after sending.
    Lost(Fault),
}

impl Postgres {
    pub async fn submit(&self, batch: &Batch) -> Result<(), CommitError> {
        let mut last = Fault::new("the database is away").transient();
        for send in 0..SENDS_MAX {
            let mut connection = self.get().await?;
            let process = connection.process;
            connection.set_usable(false);
            let sent = match tokio::time::timeout(PATIENCE, send_all(&mut connection, batch)).await {
                Ok(sent) => sent,
                Err(_) => Sent::Lost(Fault::new("the database does not answer").transient()),
            };
            connection.set_usable(matches!(sent, Sent::Committed | Sent::Refused(_)));
            drop(connection);
            match sent {
                Sent::Committed => return Ok(()),
                // Sent before and lost: what is found now is that one.
                Sent::Refused(CommitError::AlreadyDone) if send > 0 => return Ok(()),
                Sent::Refused(error) => return Err(error),
                Sent::Unsent(fault) => last = fault,
                Sent::Lost(fault) => match self.fate(batch.id, process).await {
                    Some(true) => return Ok(()),
                    Some(false) => last = fault,
                    None => return Err(CommitError::Unknown(fault)),
                },
            }
        }
        Err(CommitError::Fault(last))
    }

    /// Whether command `id`, sent to a lost `process`, has happened; `None` when that cannot be learnt.
    async fn fate(&self, id: Option<CommandId>, process: (i64, i64)) -> Option<bool> {
        let id = id?;
        for attempt in 0..LOOKUPS_MAX {
            match self.look_up(id, process).await {
                Ok(Some(fate)) => {
                    tracing::warn!(%id, fate, "the connection was lost during a commit; its fate is known");
                    return Some(fate);
                }
                Ok(None) => {}
                Err(fault) => {
                    tracing::warn!(%id, attempt, %fault, "the fate of a commit cannot be looked up yet")
                }
            }
            tokio::time::sleep(LOOKUP_PAUSE).await;
        }
        None
    }

    /// Ends the process if it is still there, and looks the id up once it is gone.
    async fn look_up(&self, id: CommandId, (pid, since): (i64, i64)) -> Result<Option<bool>, Fault> {
        const END: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE pid = $1 AND (EXTRACT(EPOCH FROM backend_start) * 1000000)::BIGINT = $2";
        let mut connection = self.connect().await?;
        if !connection
            .query(END, &[pid.to_value(), since.to_value()])
            .await
            .map_err(errors::fault)?
            .is_empty()
        {
            return Ok(None);
        }
        let found = connection
            .query("SELECT 1 FROM store_command WHERE id = $1", &[id.to_value()])
            .await
            .map_err(errors::fault)?;
        Ok(Some(!found.is_empty()))
    }
}

async fn send_all(connection: &mut Connection, batch: &Batch) -> Sent {
    let prepared = match prepare(connection, batch).await {
        Ok(prepared) => prepared,
        Err(error) if errors::lost(&error) => return Sent::Unsent(errors::fault(error)),
        Err(error) => return Sent::Refused(errors::commit_error(error)),
    };
    let client = &connection.client;
    let command = batch.command().map(|(_, params)| params);
    let mut steps: Vec<BoxFuture<'_, Result<u64, Error>>> = Vec::with_capacity(prepared.len() + 2);
    steps.push(Box::pin(async { client.batch_execute("BEGIN").await.map(|()| 0) }));
    let all = command.iter().chain(batch.statements.iter().map(|s| &s.params));
    for (statement, params) in prepared.iter().zip(all) {
        steps.push(Box::pin(client.execute_raw(statement, params)));
    }
    steps.push(Box::pin(async { client.batch_execute("COMMIT").await.map(|()| 0) }));
    let answers = in_order(steps).await;
    judge(connection, answers)
}

/// The answers in the order of sending: the first error is the reason. An error that is not a lost connection means that
/// COMMIT was answered by ROLLBACK.
fn judge(connection: &mut Connection, answers: Vec<Result<u64, Error>>) -> Sent {
    let mut lost = None;
    for answer in answers {
        match answer {
            Ok(_) => {}
            Err(error) if errors::lost(&error) => lost = lost.or(Some(error)),
            Err(error) => {
                if errors::outdated(&error) {
                    connection.forget();
                    return Sent::Unsent(errors::fault(error));
                }
                return Sent::Refused(errors::commit_error(error));
            }
        }
    }
    match lost {
        Some(error) => Sent::Lost(errors::fault(error)),
        None => Sent::Committed,
    }
}

/// All statements of the batch, the command's id first; at their first use on a connection this asks the server.
async fn prepare(connection: &mut Connection, batch: &Batch) -> Result<Vec<Statement>, Error> {
    let mut prepared = Vec::with_capacity(batch.statements.len() + 1);
    if let Some((sql, params)) = batch.command() {
        prepared.push(connection.prepare(sql, shape(None, false, &params)).await?);
        debug_assert_eq!(sql, COMMAND);
    }
    for statement in &batch.statements {
        let rows = match statement.expect {
            Expect::Rows(rows) => Some(rows),
            Expect::Any => None,
        };
        let shape = shape(rows, statement.guard, &statement.params);
        prepared.push(connection.prepare(&statement.sql, shape).await?);
    }
    Ok(prepared)
}

fn shape(rows: Option<u64>, guard: bool, params: &[Value]) -> Shape {
    Shape { rows, guard, types: params.iter().map(declared).collect() }
}

/// Polls all futures until each is done; the first round is in order, and the driver sends in the order of first polls.
async fn in_order<T>(mut futures: Vec<BoxFuture<'_, T>>) -> Vec<T> {
    let mut done: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    let mut first_open = 0;
    poll_fn(|cx| {
        let mut first_round_done = true;
        for (future, slot) in futures.iter_mut().zip(done.iter_mut()).skip(first_open) {
            if slot.is_none() {
                match future.as_mut().poll(cx) {
                    Poll::Ready(value) => *slot = Some(value),
                    Poll::Pending => first_round_done = false,
                }
            }
        }
        while done.get(first_open).is_some_and(Option::is_some) {
            first_open += 1;
        }
        if first_round_done { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}
