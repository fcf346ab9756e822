//! Rights over routes over whose data: what belongs to one person is planted in every room, and every route of the wired program
//! is asked by everybody who may not see it — pages, lists, searches, files, the API, and every act. Nothing of it comes back.
//! `table.txt` names every route with what each of them is answered; a route that is not there fails the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

#[path = "../city/mod.rs"]
mod city;
mod plant;
mod routes;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use city::City;
use plant::Planted;
use routes::Route;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

/// Everybody who may see nothing of it: a visitor, another person, a firm, the hall's clerk, another agency's examiner, supervision
/// of another division, the operator.
const STRANGERS: [&str; 7] =
    ["", "citizen-chancheng", "firm", "clerk", "examiner", "supervisor2", "operator"];
/// Acts that would end the session with which the others are tried.
const NOT_SENT: [&str; 3] = ["/logout", "/account/sessions", "/api/v1/sessions"];
/// A page or a file is answered within so long, or it is a stream that must not have begun.
const PATIENCE: Duration = Duration::from_secs(20);

const TABLE: &str = include_str!("table.txt");

/// Somebody with what they are known by: a cookie for pages, a token for the API, the proof that a form is ours.
struct Stranger {
    name: &'static str,
    session: String,
    token: String,
    csrf: String,
}

impl Stranger {
    async fn new(city: &City, name: &'static str) -> Self {
        if name.is_empty() {
            return Self { name, session: String::new(), token: String::new(), csrf: String::new() };
        }
        let ground = &city.wired.house.ground;
        let kind = identity::SessionKind::Cookie;
        let session = identity::sign_in(ground, name, identity::DEMO_PASSWORD, kind).await.unwrap().token;
        let mut stranger = Self { name, session, token: city.token(name).await, csrf: String::new() };
        let (_, home) = stranger.ask(city, "GET", "/help", "").await;
        let from = home.split_once("name=\"_csrf\" value=\"").expect("a page with a form").1;
        stranger.csrf = from.split_once('"').unwrap().0.to_owned();
        stranger
    }

    async fn ask(&self, city: &City, method: &str, path: &str, body: &str) -> (StatusCode, String) {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:8080");
        let api = path.starts_with("/api/");
        if api && !self.token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        }
        if !api {
            request = request
                .header(header::ACCEPT, "text/html")
                .header(header::COOKIE, format!("yimen_session={}; yimen_lang=zh-CN", self.session));
        }
        let kind = if api { "application/json" } else { "application/x-www-form-urlencoded" };
        let request = request.header(header::CONTENT_TYPE, kind).body(Body::from(body.to_owned())).unwrap();
        let answered = tokio::time::timeout(PATIENCE, city.send(request)).await;
        let (head, bytes) = answered.unwrap_or_else(|_| panic!("{} {method} {path} does not end", self.name));
        let headers: String = head
            .headers()
            .values()
            .map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned() + "\n")
            .collect();
        (head.status(), headers + &String::from_utf8_lossy(&bytes))
    }
}

/// The tries of one route: bare, and as a search for what one wants to see.
fn tries(path: &str, planted: &Planted) -> Vec<String> {
    let mut tries = vec![path.to_owned()];
    if path.starts_with("/api/") {
        tries.push(format!("{path}?limit=100"));
    } else {
        let all = "list=all&all=1&lines=200&kind=dispute&item=home-purchase-proof";
        let name = routes::escaped(&planted.name);
        tries.push(format!("{path}?q={name}&text={name}&{all}"));
        let (number, id) = (&planted.case, &planted.number);
        tries.push(format!("{path}?q={number}&text={number}&number={number}&case={number}&{all}"));
        tries.push(format!("{path}?q={id}&text={id}&number={id}&citizen_id={id}"));
    }
    tries
}

/// What of it stands in `body` and was not sent by whoever asked.
fn leaks<'a>(planted: &'a Planted, body: &str, sent: &str) -> Vec<&'a str> {
    // Whoever was handed the token is told which certificate it is: that is what it is for.
    let by_token = ["/verify/", "/api/v1/verifications/"].iter().any(|at| sent.starts_with(at));
    let told = |what: &str| by_token && what == "the certificate's identifier";
    let shown = |m: &&(&'static str, String)| {
        body.contains(&m.1) && !sent.contains(&routes::escaped(&m.1)) && !told(m.0)
    };
    planted.marks.iter().filter(shown).map(|(what, _)| *what).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_shown_what_is_not_theirs() {
    let city = City::new(harness::Backend::Sqlite).await;
    let planted = plant::plant(&city).await;
    let all = routes::of(&city.router);
    let before = planted.state(&city).await;
    planted.owner_sees(&city, &Stranger::new(&city, "citizen").await).await;
    let mut strangers = Vec::new();
    for name in STRANGERS {
        strangers.push(Stranger::new(&city, name).await);
    }
    let (mut table, mut wrong) = (BTreeMap::<Route, Vec<String>>::new(), Vec::new());
    // Reading first, for acts may change what there is to read.
    for reading in [true, false] {
        for route in all.iter().filter(|r| (r.method == "GET") == reading) {
            let path = planted.fill(&route.path);
            let mut line = Vec::new();
            for stranger in &strangers {
                line.push(tried(&city, stranger, route, &path, &planted, &mut wrong).await);
            }
            table.insert(route.clone(), line);
        }
    }
    assert_eq!(planted.state(&city).await, before, "what is theirs was changed by others");
    compare(&table, &mut wrong);
    assert!(wrong.is_empty(), "{} of {} routes:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

/// Asks one route as one stranger; answers the status of the bare request.
async fn tried(
    city: &City,
    stranger: &Stranger,
    route: &Route,
    path: &str,
    planted: &Planted,
    wrong: &mut Vec<String>,
) -> String {
    if route.method != "GET" && NOT_SENT.iter().any(|p| path.starts_with(p)) {
        return "-".to_owned();
    }
    let reading = route.method == "GET";
    let form = format!("_csrf={}&approve=yes&upheld=yes&reason=x&measures=x&text=x", stranger.csrf);
    let body = match (reading, path.starts_with("/api/")) {
        (true, _) => String::new(),
        (false, true) => "{}".to_owned(),
        (false, false) => form,
    };
    let mut first = None;
    let asked = if reading { tries(path, planted) } else { vec![path.to_owned()] };
    for path in asked {
        let (status, answer) = stranger.ask(city, &route.method, &path, &body).await;
        let found = leaks(planted, &answer, &path);
        if !found.is_empty() || status.is_server_error() {
            let who = if stranger.name.is_empty() { "a visitor" } else { stranger.name };
            wrong.push(format!("{who} {} {path}: {status} shows {found:?}", route.method));
        }
        first.get_or_insert(status);
    }
    first.map_or_else(String::new, |s| s.as_u16().to_string())
}

/// What is answered is what the table says; what it does not name is printed as it would stand there.
fn compare(table: &BTreeMap<Route, Vec<String>>, wrong: &mut Vec<String>) {
    let said: BTreeMap<String, &str> = TABLE
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .filter_map(|l| {
            let (route, answers) = l.rsplit_once(" | ")?;
            Some((route.trim().to_owned(), answers.trim()))
        })
        .collect();
    let mut whole = String::new();
    for (route, answers) in table {
        let (name, answers) = (format!("{} {}", route.method, route.path), answers.join(" "));
        let _ = writeln!(whole, "{name} | {answers}");
        match said.get(&name) {
            None => wrong.push(format!("not in table.txt: {name} | {answers}")),
            Some(wanted) if *wanted != answers => {
                wrong.push(format!("{name}: answered {answers}, and the table says {wanted}"));
            }
            Some(_) => {}
        }
    }
    let known = |name: &String| table.keys().any(|r| format!("{} {}", r.method, r.path) == **name);
    for name in said.keys().filter(|name| !known(name)) {
        wrong.push(format!("in table.txt, but no route any more: {name}"));
    }
    if let Ok(path) = std::env::var("YIMEN_RIGHTS_TABLE") {
        std::fs::write(path, whole).unwrap();
    }
}
