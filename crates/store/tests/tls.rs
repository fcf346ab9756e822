//! TLS to a PostgreSQL server that speaks it: who is believed, who is refused, and what is said then.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

use kernel::{SeededRng, SystemClock};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use store::{Store, StoreConfig};

/// An authority of the test's own.
fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server with TLS, which ends with the test.
struct Server {
    folder: tempfile::TempDir,
    bin: PathBuf,
    port: u16,
}

impl Server {
    /// Starts one whose certificate is for `localhost` only.
    fn start(authority: &CertifiedIssuer<'static, KeyPair>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { folder, bin: binaries(), port };
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, authority).unwrap();
        let path = |name: &str| server.folder.path().join(name);
        std::fs::write(path("server.crt"), certificate.pem()).unwrap();
        std::fs::write(path("server.key"), key.serialize_pem()).unwrap();
        std::fs::write(path("ca.pem"), authority.pem()).unwrap();
        run(Command::new("chmod").arg("600").arg(path("server.key")));
        if is_root() {
            run(Command::new("chown").args(["-R", "postgres"]).arg(server.folder.path()));
        }
        let data = path("data").display().to_string();
        server.run(
            "initdb",
            &["-D", &data, "-U", "yimen", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        );
        let (crt, key) = (path("server.crt"), path("server.key"));
        let options = format!(
            "-c listen_addresses=localhost -c port={port} -c unix_socket_directories='' -c fsync=off -c ssl=on \
             -c ssl_cert_file={} -c ssl_key_file={}",
            crt.display(),
            key.display()
        );
        let log = path("log").display().to_string();
        server.run("pg_ctl", &["-D", &data, "-l", &log, "-o", &options, "-w", "start"]);
        server
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.bin.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        run(command.args(arguments).env("LC_ALL", "C.UTF-8").current_dir("/"));
    }

    fn url(&self, host: &str, query: &str) -> String {
        format!("postgres://yimen@{host}:{}/postgres?{query}", self.port)
    }

    async fn open(&self, url: &str) -> Result<Store, kernel::Fault> {
        let data = tempfile::tempdir().unwrap();
        let config = StoreConfig {
            data: data.path().to_owned(),
            database: Some(url.to_owned()),
            pool: 1,
            shared_files: true,
        };
        Store::open(config, Arc::new(SeededRng::new(1)), Arc::new(SystemClock)).await
    }

    /// Whether the line is encrypted, or why there is none.
    async fn encrypted(&self, host: &str, query: &str) -> Result<bool, String> {
        let store = self.open(&self.url(host, query)).await.map_err(|fault| fault.to_string())?;
        let sql = "SELECT CASE WHEN ssl THEN 1::BIGINT ELSE 0::BIGINT END FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        let row: Option<(i64,)> = store.row(sql, vec![]).await.map_err(|fault| fault.to_string())?;
        Ok(row.unwrap().0 == 1)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.path().join("data").display().to_string();
        self.run("pg_ctl", &["-D", &data, "-m", "immediate", "-w", "stop"]);
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    String::from_utf8_lossy(&id.stdout).trim() == "0"
}

fn binaries() -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin"))))
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin).expect("this test needs PostgreSQL: apt-get install postgresql")
}

fn run(command: &mut Command) {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.as_ref().is_ok_and(std::process::ExitStatus::success), "{command:?}: {status:?}");
}

fn root(path: &Path) -> String {
    format!("sslrootcert={}", path.display())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_line_is_as_safe_as_was_asked_for() {
    let server = Server::start(&authority("The city's own authority"));
    let other = server.folder.path().join("other.pem");
    std::fs::write(&other, authority("Somebody else's authority").pem()).unwrap();
    let (ours, theirs) = (root(&server.folder.path().join("ca.pem")), root(&other));
    let ask = async |host: &str, query: String| server.encrypted(host, &query).await;

    assert_eq!(ask("localhost", "sslmode=disable".to_owned()).await, Ok(false));
    assert_eq!(ask("localhost", String::new()).await, Ok(true), "TLS is preferred when nothing is said");
    assert_eq!(ask("localhost", "sslmode=require".to_owned()).await, Ok(true));
    assert_eq!(ask("localhost", format!("sslmode=verify-full&{ours}")).await, Ok(true));

    let wrong = ask("localhost", format!("sslmode=verify-full&{theirs}")).await.unwrap_err();
    assert!(wrong.contains("certificate is not accepted") && wrong.contains("UnknownIssuer"), "{wrong}");
    let named = ask("127.0.0.1", format!("sslmode=verify-full&{ours}")).await.unwrap_err();
    assert!(named.contains("not valid for"), "{named}");
    assert_eq!(ask("127.0.0.1", format!("sslmode=verify-ca&{ours}")).await, Ok(true), "any name will do");
    let required = ask("localhost", format!("sslmode=require&{theirs}")).await.unwrap_err();
    assert!(required.contains("UnknownIssuer"), "with a root certificate `require` verifies too: {required}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_refused_when_tls_is_asked_for() {
    let admin = harness::cluster::admin_url();
    let server = |query: &str| format!("{admin}?{query}");
    let folder = tempfile::tempdir().unwrap();
    let open = async |url: String| {
        let data = folder.path().join("data");
        let config = StoreConfig { data, database: Some(url), pool: 1, shared_files: true };
        Store::open(config, Arc::new(SeededRng::new(1)), Arc::new(SystemClock)).await.map(|_| ())
    };
    open(server("sslmode=prefer")).await.unwrap();
    let fault = open(server("sslmode=require")).await.unwrap_err();
    assert!(fault.to_string().contains("offers no TLS") && !fault.transient, "{fault}");
}
