//! `yimen reader` stands on the clerk's computer between a reader of identity cards and the platform. What drives the reader is a program
//! of its maker that prints each card as one line of JSON; `yimen reader-stand-in` is such a program without a device.
//!
//! ```text
//! makers-program | yimen reader --platform https://zwfw.example.gov.cn --pair 123456
//! ```

use crate::partner::checked;
use crate::post::Web;
use axum::Router;
use axum::extract::{Path as InPath, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use clap::Args;
use exchange::Post as _;
use hall::model::Card;
use kernel::Fault;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt as _, BufReader};

/// How a reader is run.
#[derive(Args)]
pub struct ReaderArgs {
    /// Where the platform is.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    platform: String,
    /// The code that the page of the window shows; needed once.
    #[arg(long)]
    pair: Option<String>,
    /// Where the secret of a paired reader is kept: readable for whoever runs it only.
    #[arg(long, default_value = "yimen-reader.secret")]
    keep: PathBuf,
}

/// Tells the platform of each card that comes in on standard input, until that ends.
///
/// # Errors
/// A [`Fault`] when the reader is not paired and cannot be.
pub async fn run(args: ReaderArgs) -> Result<(), Fault> {
    let platform = checked("--platform", &args.platform, false)?;
    let web = Web::of_the_system(platform.starts_with("https://"))?;
    let secret = match &args.pair {
        Some(code) => pair(&web, &platform, code, &args.keep).await?,
        None => std::fs::read_to_string(&args.keep)
            .map_err(|e| Fault::from("this reader is not paired yet (--pair CODE)", e))?,
    };
    let address = format!("{platform}/readers/{}", secret.trim());
    println!("ready / 就绪");
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = lines.next_line().await.map_err(|e| Fault::from("reading a card", e))? {
        if !line.trim().is_empty() {
            println!("{}", told(&web, &address, &line).await);
        }
    }
    Ok(())
}

/// What became of a card, for whoever stands beside the reader; nothing of what it says.
async fn told(web: &Web, address: &str, line: &str) -> String {
    if serde_json::from_str::<Card>(line).is_err() {
        return "not a card: one line of JSON with name, number, from / 不是一张证件".to_owned();
    }
    match web.post(address, &json_body(), line.as_bytes()).await {
        Ok((200, _)) => "read / 已读取".to_owned(),
        Ok((404, _)) => "this reader is paired no longer: --pair CODE / 读卡器已不再配对".to_owned(),
        Ok((_, body)) => said(&body),
        Err(why) => format!("the platform does not answer: {why} / 平台没有应答"),
    }
}

fn json_body() -> BTreeMap<String, String> {
    BTreeMap::from([("content-type".to_owned(), "application/json".to_owned())])
}

/// What the platform says that it refuses.
fn said(body: &[u8]) -> String {
    let no: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |lang: &str| no.pointer(&format!("/say/{lang}")).and_then(Value::as_str).unwrap_or("?");
    format!("{} / {}", text("en"), text("zh-CN"))
}

async fn pair(web: &Web, platform: &str, code: &str, keep: &Path) -> Result<String, Fault> {
    let body = json!({"code": code}).to_string();
    let answer = web.post(&format!("{platform}/readers"), &json_body(), body.as_bytes()).await;
    let (status, body) = answer.map_err(|why| Fault::new(format!("the platform does not answer: {why}")))?;
    let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
    let secret = answer.get("reader").and_then(Value::as_str).filter(|_| status == 200);
    let secret = secret.ok_or_else(|| Fault::new(said(&body)))?;
    write_secret(keep, secret).map_err(|e| Fault::from(format!("keeping {}", keep.display()), e))?;
    Ok(secret.to_owned())
}

fn write_secret(keep: &Path, secret: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(keep)?;
    // One that lay there before keeps its rights when it is opened.
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    file.write_all(secret.as_bytes())
}

/// How the stand-in is run.
#[derive(Args)]
pub struct StandInArgs {
    /// Where its page is: a card is put on by a press there.
    #[arg(long, default_value = "127.0.0.1:8093")]
    listen: SocketAddr,
    /// The cards, as a list of JSON.
    #[arg(long, default_value = "packs/demo/cards.json")]
    cards: PathBuf,
}

/// Runs the stand-in until it is stopped; a card that is put on goes to standard output.
///
/// # Errors
/// A [`Fault`] when the cards cannot be read, or it cannot listen.
pub async fn stand_in(args: StandInArgs) -> Result<(), Fault> {
    let text = std::fs::read_to_string(&args.cards)
        .map_err(|e| Fault::from(format!("reading the cards {}", args.cards.display()), e))?;
    let cards: Vec<Card> = serde_json::from_str(&text)
        .map_err(|e| Fault::from(format!("reading the cards {}", args.cards.display()), e))?;
    let listener = tokio::net::TcpListener::bind(args.listen)
        .await
        .map_err(|e| Fault::from(format!("listening on {}", args.listen), e))?;
    let address = listener.local_addr().map_err(|e| Fault::from("reading the address", e))?;
    eprintln!("the stand-in for a card reader is at http://{address}; no card is read here");
    axum::serve(listener, router(cards)).await.map_err(|e| Fault::from("serving", e))
}

fn router(cards: Vec<Card>) -> Router {
    Router::new().route("/", get(page)).route("/put/{card}", post(put)).with_state(Arc::new(cards))
}

async fn page(State(cards): State<Arc<Vec<Card>>>) -> Html<String> {
    let plain = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let line = |(place, card): (usize, &Card)| {
        let until = card.until.map_or_else(|| "长期".to_owned(), |d| d.to_string());
        format!(
            "<li><form method=post action=/put/{place}><button>{}</button> {until}</form></li>",
            plain(&card.name)
        )
    };
    let lines: String = cards.iter().enumerate().map(line).collect();
    Html(format!(
        "<!doctype html><html lang=zh-CN><meta charset=utf-8><title>读卡器（演示）</title><h1>读卡器（演示）</h1>\
         <p>点一个名字，就像把这张身份证放到读卡器上。</p><ul>{lines}</ul></html>"
    ))
}

async fn put(State(cards): State<Arc<Vec<Card>>>, InPath(place): InPath<usize>) -> Response {
    let Some(card) = cards.get(place) else { return StatusCode::NOT_FOUND.into_response() };
    match serde_json::to_string(card) {
        Ok(line) => {
            println!("{line}");
            Redirect::to("/").into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
