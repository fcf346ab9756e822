//! The pool: so many connections and no more; the one used last is used first; dead ones are let go.

use super::connection::Connection;
use kernel::Fault;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::Config;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long to wait for a connection to come free, and for a new one to be made.
const WAIT: Duration = Duration::from_secs(10);

pub(crate) struct Pool {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    permits: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Pool {
    pub fn new(mut config: Config, tls: Option<MakeRustlsConnect>, size: usize) -> Self {
        let wanted = "-c lock_timeout=5s -c synchronous_commit=on -c client_min_messages=warning";
        let options = config.get_options().map_or_else(|| wanted.to_owned(), |own| format!("{wanted} {own}"));
        config.options(options);
        config.application_name("yimen");
        config.connect_timeout(WAIT);
        config.tcp_user_timeout(Duration::from_secs(20));
        config.keepalives_idle(Duration::from_secs(30));
        let idle = Arc::new(Mutex::new(Vec::new()));
        Self { config, tls, permits: Arc::new(Semaphore::new(size)), idle }
    }

    /// A connection outside the pool.
    pub async fn connect(&self) -> Result<Connection, Fault> {
        match tokio::time::timeout(WAIT, Connection::open(&self.config, self.tls.clone())).await {
            Ok(result) => result,
            Err(_) => Err(Fault::new("the database is away: it does not answer").transient()),
        }
    }

    /// A connection of the pool; waits for one to come free.
    pub async fn get(&self) -> Result<Pooled, Fault> {
        let permit = tokio::time::timeout(WAIT, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|_| Fault::new("all connections to the database are busy").transient())?
            .map_err(|e| Fault::from("the pool is closed", e))?;
        let kept = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.retain(|connection| !connection.client.is_closed());
            idle.pop()
        };
        let connection = match kept {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        Ok(Pooled {
            connection: Some(connection),
            home: Arc::clone(&self.idle),
            usable: true,
            _permit: permit,
        })
    }
}

/// A borrowed connection; goes back when dropped, unless it is closed or was marked unusable.
pub(crate) struct Pooled {
    connection: Option<Connection>,
    home: Arc<Mutex<Vec<Connection>>>,
    usable: bool,
    _permit: OwnedSemaphorePermit,
}

impl Pooled {
    /// While false, dropping it closes it: a future that is dropped in the middle of a transaction must not leave
    /// that transaction to the next.
    pub fn set_usable(&mut self, usable: bool) {
        self.usable = usable;
    }
}

impl Deref for Pooled {
    type Target = Connection;
    #[allow(clippy::expect_used, reason = "only drop takes it out")]
    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("a borrowed connection is there")
    }
}

impl DerefMut for Pooled {
    #[allow(clippy::expect_used, reason = "only drop takes it out")]
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("a borrowed connection is there")
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take()
            && self.usable
            && !connection.client.is_closed()
        {
            self.home.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}
