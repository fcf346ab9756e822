//! One private PostgreSQL cluster: made, started as an ordinary user on a free port, stopped and removed.

use crate::{Res, tools};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const START_TRIES_MAX: u32 = 300;
const STOP_TRIES_MAX: u32 = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// A running cluster; dropping it stops and removes it.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    server: Child,
}

/// Whether the cluster waits for the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durable {
    /// As in production.
    Yes,
    /// For tests, which never cut the cluster's own power.
    No,
}

impl Cluster {
    /// Makes and starts a cluster with the superuser `yimen` and no password, on 127.0.0.1 only.
    pub fn start(durable: Durable) -> Res<Self> {
        let programs = tools::postgres_programs().ok_or("PostgreSQL 15 or newer is not installed")?;
        let folder = std::env::temp_dir().join(format!("yimen-postgres-{}", std::process::id()));
        sweep();
        make_folder(&folder)?;
        let data = folder.join("data");
        let mut initdb = as_ordinary_user(&programs.join("initdb"));
        initdb
            .args(["-U", "yimen", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "--no-sync", "-D"])
            .arg(&data);
        let made = initdb.current_dir("/").output().map_err(|e| format!("initdb: {e}"))?;
        if !made.status.success() {
            let _ = std::fs::remove_dir_all(&folder);
            return Err(format!("initdb: {}", String::from_utf8_lossy(&made.stderr).trim()));
        }
        let port = free_port()?;
        let server = serve(&programs, &folder, &data, port, durable)?;
        let mut cluster = Self { programs, folder, port, server };
        cluster.wait()?;
        Ok(cluster)
    }

    /// The address of a database of the cluster.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://yimen@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes an empty database.
    pub fn create(&self, database: &str) -> Res<String> {
        let made = self.client("createdb").arg(database).status();
        if made.is_ok_and(|s| s.success()) {
            Ok(self.url(database))
        } else {
            Err(format!("createdb {database} failed"))
        }
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.args(["-h", "127.0.0.1", "-U", "yimen", "-p"]).arg(self.port.to_string()).current_dir("/");
        command.stdin(Stdio::null());
        command
    }

    fn wait(&mut self) -> Res<()> {
        for _ in 0..START_TRIES_MAX {
            let ready = self.client("pg_isready").arg("-q").status();
            if ready.is_ok_and(|s| s.success()) {
                return Ok(());
            }
            if let Ok(Some(status)) = self.server.try_wait() {
                let log = crate::tree::text(&self.folder.join("log"));
                return Err(format!("PostgreSQL stopped at once ({status}): {}", log.trim()));
            }
            std::thread::sleep(PAUSE);
        }
        Err("PostgreSQL is not ready after 30 s".to_owned())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown; it goes to this one process, by its id.
        let _ = Command::new("kill").args(["-INT", &self.server.id().to_string()]).status();
        for _ in 0..STOP_TRIES_MAX {
            if matches!(self.server.try_wait(), Ok(Some(_))) {
                break;
            }
            std::thread::sleep(PAUSE);
        }
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn serve(programs: &Path, folder: &Path, data: &Path, port: u16, durable: Durable) -> Res<Child> {
    let log = std::fs::File::create(folder.join("log")).map_err(|e| format!("making the log: {e}"))?;
    let errors = log.try_clone().map_err(|e| format!("making the log: {e}"))?;
    let mut postgres = as_ordinary_user(&programs.join("postgres"));
    postgres.arg("-D").arg(data).args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
    postgres.arg("-c").arg(format!("unix_socket_directories={}", folder.display()));
    postgres.args([
        "-c",
        "max_connections=300",
        "-c",
        "shared_buffers=128MB",
        "-c",
        "log_min_messages=error",
    ]);
    if durable == Durable::No {
        postgres.args(["-c", "fsync=off", "-c", "full_page_writes=off"]);
    }
    postgres.current_dir("/").stdin(Stdio::null()).stdout(log).stderr(errors);
    postgres.spawn().map_err(|e| format!("starting PostgreSQL: {e}"))
}

/// Runs `program` as `postgres` when we are root, and lets it end when we end, however we end.
fn as_ordinary_user(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if tools::is_root() {
        command.args(["--reuid", "postgres", "--regid", "postgres", "--init-groups"]);
    }
    command.args(["--pdeathsig", "INT", "--"]).arg(program);
    command
}

fn make_folder(folder: &Path) -> Res<()> {
    let mut install = Command::new("install");
    install.args(["-d", "-m", "700"]);
    if tools::is_root() {
        install.args(["-o", "postgres", "-g", "postgres"]);
    }
    let made = install.arg(folder).status();
    if made.is_ok_and(|s| s.success()) { Ok(()) } else { Err(format!("making {} failed", folder.display())) }
}

/// Removes what runs left behind that were cut off in the middle.
fn sweep() {
    for entry in std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(owner) = name.strip_prefix("yimen-postgres-") else { continue };
        if owner.parse::<u32>().is_ok() && !Path::new("/proc").join(owner).exists() {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// A port that nobody listens on at this moment.
pub fn free_port() -> Res<u16> {
    let listener =
        std::net::TcpListener::bind(("127.0.0.1", 0)).map_err(|e| format!("looking for a port: {e}"))?;
    listener.local_addr().map(|a| a.port()).map_err(|e| format!("looking for a port: {e}"))
}
