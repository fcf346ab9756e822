//! The server under measurement, in its own process, so that its processor time can be told apart.

use crate::door::{Caller, Trouble};
use crate::place::Site;
use crate::stats::{cpu_seconds, resident_mib};
use app::config::{Config, Overrides};
use kernel::{Fault, Press, PressJob};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A one-page PDF.
pub const SMALL_PDF: &str = include_str!("small.pdf");

/// Tells the child to do nothing by itself.
const STILL: &str = "YIMEN_BENCH_STILL";

/// A running server.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts it and waits until it listens.
    ///
    /// # Errors
    /// When it does not start within a minute.
    pub async fn start(site: &Site) -> Result<Self, Trouble> {
        Self::started(site, false).await
    }

    /// As [`Server::start`], but without courier and jobs: it does nothing by itself.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub async fn start_still(site: &Site) -> Result<Self, Trouble> {
        Self::started(site, true).await
    }

    async fn started(site: &Site, still: bool) -> Result<Self, Trouble> {
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = Command::new(std::env::current_exe()?);
        command
            .arg("serve-child")
            .arg("--demo")
            .arg("--data")
            .arg(&site.data)
            .arg("--packs")
            .arg(&site.packs);
        command.arg("--listen").arg(address.to_string()).env("YIMEN_DEMO_LATENCY_MS", "0");
        if still {
            command.env(STILL, "1");
        }
        if let Some(url) = site.url() {
            command.arg("--database").arg(url);
        }
        let child = command.stdout(Stdio::null()).spawn()?;
        let server = Self { child, address };
        let until = Instant::now() + Duration::from_secs(60);
        while tokio::net::TcpStream::connect(address).await.is_err() {
            if Instant::now() > until {
                return Err("the server under measurement did not start".into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(server)
    }

    /// A new connection.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn caller(&self) -> Result<Caller, Trouble> {
        Caller::connect(self.address).await
    }

    /// Processor time used so far.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn cpu(&self) -> Result<f64, Trouble> {
        Ok(cpu_seconds(self.child.id())?)
    }

    /// Resident memory in MiB.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn memory(&self) -> Result<f64, Trouble> {
        Ok(resident_mib(self.child.id())?)
    }
}

/// Lays out nothing: a build without typesetter still signs and keeps a PDF for each certificate.
struct BlankPress;

impl Press for BlankPress {
    fn pdf(&self, _job: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Ok(SMALL_PDF.into())
    }
}

/// What the child process does: serves until it is killed.
///
/// # Errors
/// When it cannot be opened or cannot listen.
pub async fn serve(over: &Overrides) -> Result<(), Trouble> {
    let config = Config::load(over)?;
    let mut wired = app::wiring::wire(&config).await?;
    wired.house.press = Arc::new(BlankPress);
    app::serve::prepare(&config, &wired).await?;
    let _courier = std::env::var_os(STILL).is_none().then(|| app::wiring::courier(&wired).start());
    let router = app::wiring::router(&wired).into_make_service_with_connect_info::<SocketAddr>();
    Ok(axum::serve(tokio::net::TcpListener::bind(config.listen).await?, router).await?)
}
