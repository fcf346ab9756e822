//! `cargo xtask demo` and `cargo xtask screenshots`.

use crate::{Res, house, tools};
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const FIRST_PAGE_TRIES_MAX: u32 = 1_200;
const PAUSE: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(5);
const ACCOUNTS: &str = "  citizen     a citizen: gets a home-purchase proof at once
  firm        a coach firm's manager: applies for a charter-bus sticker
  clerk       at the window
  examiner    of the transport authority: decides
  supervisor  watches terms
  operator    of the platform";

/// Serves the demonstration city until it is stopped.
pub fn run(listen: &str) -> Res<bool> {
    let begun = Instant::now();
    let address: SocketAddr =
        listen.parse().map_err(|_| format!("--listen {listen:?}: write 127.0.0.1:8080"))?;
    let house = house::survey(&house::root()?)?;
    if let Err(say) = tools::ensure(tools::FONTS) {
        println!("{say}\n  without a Chinese font certificates cannot be printed; everything else works");
    }
    println!("building (the first time takes minutes) …");
    let mut cargo = house::cargo();
    if !cargo
        .args(["build", "--package", "app", "--package", "harness", "--locked"])
        .current_dir(&house.root)
        .status()
        .is_ok_and(|s| s.success())
    {
        return Err("the program could not be built".to_owned());
    }
    let provider = if address.ip().is_loopback() { Some(identity_provider(&house)?) } else { None };
    let started = Instant::now();
    let mut server = serve(&house, listen, provider.as_ref().map(|(_, issuer)| issuer.as_str()))?;
    let page = first_page(&mut server, address)?;
    println!("\n  http://{listen}\n\naccounts, all with the password yimen-demo:\n{ACCOUNTS}\n");
    println!(
        "first page {:.1} s after start, {:.0} s after this command began; data in demo-data/ is kept; stop with Ctrl-C",
        page.duration_since(started).as_secs_f64(),
        page.duration_since(begun).as_secs_f64()
    );
    if let Some((_, issuer)) = &provider {
        println!(
            "a stand-in for the national identity service runs beside it at {issuer}; letters to telephones are written to demo-data/letters"
        );
    }
    let ended = server.wait().map_err(|e| format!("waiting for the server: {e}"))?;
    if let Some((mut stand_in, _)) = provider {
        let _ = stand_in.kill();
    }
    Ok(ended.success())
}

/// Starts the stand-in for the national identity service; answers where it is.
fn identity_provider(house: &house::House) -> Res<(Child, String)> {
    let failed = |e: std::io::Error| format!("starting the stand-in for the national identity service: {e}");
    let mut stand_in = tools::tethered(&house.target.join("debug/identity-provider"));
    stand_in.arg("127.0.0.1:0").arg(house.root.join("packs/demo/city.yaml"));
    let mut child = stand_in.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(failed)?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::new(out).read_line(&mut line).map_err(failed)?;
    }
    let issuer = line.trim().to_owned();
    if issuer.is_empty() {
        Err("the stand-in for the national identity service ended at once".to_owned())
    } else {
        Ok((child, issuer))
    }
}

fn serve(house: &house::House, listen: &str, issuer: Option<&str>) -> Res<Child> {
    let mut server = tools::tethered(&house.target.join("debug/yimen"));
    server.args(["serve", "--demo", "--listen", listen, "--data"]).arg(house.root.join("demo-data"));
    server.arg("--packs").arg(house.root.join("packs"));
    if let Some(issuer) = issuer {
        server.env("YIMEN__NATIONAL__NAME", "{ \"zh-CN\" = \"国家身份认证（本地替身）\", en = \"the national identity service (local stand-in)\" }");
        server.env("YIMEN__NATIONAL__ISSUER", issuer).env("YIMEN__NATIONAL__CLIENT_ID", "yimen");
        server.env("YIMEN__NATIONAL__CLIENT_SECRET", "stand-in secret: known to everybody");
    }
    server
        .current_dir(&house.root)
        .stdin(Stdio::null())
        .spawn()
        .map_err(|e| format!("starting the program: {e}"))
}

/// Waits until the home page comes.
fn first_page(server: &mut Child, address: SocketAddr) -> Res<Instant> {
    for _ in 0..FIRST_PAGE_TRIES_MAX {
        if home(address).is_some_and(|answer| answer.starts_with("HTTP/1.1 200")) {
            return Ok(Instant::now());
        }
        if let Ok(Some(status)) = server.try_wait() {
            return Err(format!("the program stopped: {status}; its last words stand above"));
        }
        std::thread::sleep(PAUSE);
    }
    let _ = server.kill();
    Err("no page after a minute".to_owned())
}

fn home(address: SocketAddr) -> Option<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    write!(stream, "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    Some(String::from_utf8_lossy(&answer).into_owned())
}

/// Makes the pictures of the READMEs anew.
pub fn screenshots() -> Res<bool> {
    let house = house::survey(&house::root()?)?;
    tools::ensure(tools::BROWSER)?;
    tools::node_packages(&house.root)?;
    let mut cargo = house::cargo();
    if !cargo
        .args(["build", "--package", "app", "--locked"])
        .current_dir(&house.root)
        .status()
        .is_ok_and(|s| s.success())
    {
        return Err("the program could not be built".to_owned());
    }
    let mut node = Command::new("node");
    node.arg(house.root.join("e2e/screenshots.mjs")).current_dir(&house.root);
    node.env("YIMEN_BIN", house.target.join("debug/yimen")).env_remove("YIMEN_DATABASE");
    Ok(node.status().is_ok_and(|s| s.success()))
}
