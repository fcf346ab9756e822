//! One private PostgreSQL cluster for all tests of this machine: started by the first that needs it, left running for
//! the next, and stopped by its own watchman when nobody has come for a while.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Names a server whose databases we may make and drop, instead of starting one.
pub const ADMIN_VARIABLE: &str = "YIMEN_TEST_POSTGRES";

/// The settings of a server that need not survive anything; the tests of lost connections need no disk.
const SETTINGS: &[&str] = &[
    "fsync=off",
    "full_page_writes=off",
    "max_connections=400",
    "shared_buffers=64MB",
    "max_wal_size=512MB",
    "autovacuum=off",
    "jit=off",
    "logging_collector=off",
];

/// The URL of an administrator's connection (without a database's name at its end).
///
/// # Panics
/// With a sentence that says what to do, when there is no PostgreSQL: a test that needs it must fail, not pass silently.
pub fn admin_url() -> String {
    if let Ok(url) = std::env::var(ADMIN_VARIABLE) {
        return url;
    }
    match start() {
        Ok(url) => url,
        Err(why) => panic!(
            "this test needs PostgreSQL 15 or newer and cannot have it: {why}\n\
             Install it (Debian: apt-get install postgresql), or set {ADMIN_VARIABLE}=postgres://user@host:port/postgres"
        ),
    }
}

/// The folder of this machine's and this user's test cluster.
fn home() -> PathBuf {
    let user = whoami();
    std::env::temp_dir().join(format!("yimen-test-postgres-{user}"))
}

fn whoami() -> String {
    let id = Command::new("id").arg("-u").output().ok().and_then(|o| String::from_utf8(o.stdout).ok());
    id.map_or_else(|| "user".to_owned(), |id| id.trim().to_owned())
}

fn start() -> Result<String, String> {
    let home = home();
    std::fs::create_dir_all(&home).map_err(|e| format!("{}: {e}", home.display()))?;
    let lock = File::create(home.join("lock")).map_err(|e| format!("the lock file: {e}"))?;
    lock.lock().map_err(|e| format!("the lock file: {e}"))?;
    let url_file = home.join("url");
    touch(&home);
    if let Ok(url) = std::fs::read_to_string(&url_file)
        && home.join("server/data/postmaster.pid").exists()
        && answers(&url)
    {
        return Ok(url);
    }
    let server = Server { bin: binaries()?, user: ordinary_user()?, home };
    let url = server.begin()?;
    std::fs::write(&url_file, &url).map_err(|e| e.to_string())?;
    server.watch()?;
    Ok(url)
}

/// Tells the watchman that somebody was here.
fn touch(home: &Path) {
    let _ = std::fs::write(home.join("used"), "");
}

fn answers(url: &str) -> bool {
    port_of(url).is_some_and(|port| std::net::TcpStream::connect(("127.0.0.1", port)).is_ok())
}

fn port_of(url: &str) -> Option<u16> {
    url.rsplit_once(':')?.1.split('/').next()?.parse().ok()
}

/// The folder of initdb and postgres: the newest that Debian has, or wherever pg_config says.
fn binaries() -> Result<PathBuf, String> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    found.sort();
    if let Some((_, bin)) = found.pop() {
        return Ok(bin);
    }
    let asked = Command::new("pg_config").arg("--bindir").output().map_err(|_| "initdb is not installed")?;
    let bin = PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim());
    if bin.join("initdb").exists() { Ok(bin) } else { Err("initdb is not installed".to_owned()) }
}

/// PostgreSQL refuses to run as root: then an ordinary user runs it.
fn ordinary_user() -> Result<Option<&'static str>, String> {
    if whoami() != "0" {
        return Ok(None);
    }
    let exists = |user: &&&str| {
        Command::new("id")
            .arg(user)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|s| s.success())
    };
    let user = ["postgres", "nobody"].iter().find(exists);
    user.copied().map(Some).ok_or_else(|| "there is neither a user postgres nor nobody to run it".to_owned())
}

struct Server {
    bin: PathBuf,
    user: Option<&'static str>,
    home: PathBuf,
}

impl Server {
    fn data(&self) -> PathBuf {
        self.home.join("server").join("data")
    }

    /// A command that runs as the ordinary user, apart from the test's own terminal and pipes.
    fn command(&self, program: &Path) -> Command {
        let mut command = match self.user {
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).arg(program);
                command
            }
            None => Command::new(program),
        };
        command.env("LC_ALL", "C.UTF-8").current_dir("/");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        command
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Result<(), String> {
        let log = self.home.join("server").join("setup.log");
        let output = File::create(&log).map_err(|e| e.to_string())?;
        let mut command = self.command(&self.bin.join(program));
        command.args(arguments).stdout(output.try_clone().map_err(|e| e.to_string())?).stderr(output);
        let status = command.status().map_err(|e| format!("{program}: {e}"))?;
        if status.success() {
            return Ok(());
        }
        Err(format!("{program} failed: {}", std::fs::read_to_string(&log).unwrap_or_default()))
    }

    /// Makes the cluster anew and starts it on a free port.
    fn begin(&self) -> Result<String, String> {
        let folder = self.home.join("server");
        let data = self.data().display().to_string();
        if folder.exists() {
            let _ = self.run("pg_ctl", &["-D", &data, "-m", "immediate", "-w", "stop"]);
            std::fs::remove_dir_all(&folder).map_err(|e| e.to_string())?;
        }
        std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
        if let Some(user) = self.user {
            let owned = Command::new("chown").arg(user).arg(&folder).status();
            owned.map_err(|e| format!("chown: {e}"))?;
        }
        self.run(
            "initdb",
            &["-D", &data, "-U", "yimen", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        )?;
        let port = free_port()?;
        let mut options =
            format!("-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories=''");
        for setting in SETTINGS {
            options.push_str(&format!(" -c {setting}"));
        }
        let log = folder.join("server.log").display().to_string();
        self.run("pg_ctl", &["-D", &data, "-l", &log, "-o", &options, "-w", "start"])?;
        Ok(format!("postgres://yimen@127.0.0.1:{port}/postgres"))
    }

    /// Stops the cluster when no test has come for ten minutes.
    fn watch(&self) -> Result<(), String> {
        let home = self.home.display();
        let (data, ctl) = (self.data().display().to_string(), self.bin.join("pg_ctl").display().to_string());
        let script = format!(
            "while [ -n \"$(find '{home}/used' -mmin -10 2>/dev/null)\" ] && [ -f '{data}/postmaster.pid' ]; \
             do sleep 20; done; exec '{ctl}' -D '{data}' -m immediate stop"
        );
        let mut command = self.command(Path::new("/bin/sh"));
        command.args(["-c", &script]).spawn().map(|_| ()).map_err(|e| format!("the watchman: {e}"))
    }
}

fn free_port() -> Result<u16, String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
    listener.local_addr().map(|a| a.port()).map_err(|e| e.to_string())
}
