//! HTTP/1.1 by hand, one request a connection: enough for tests, and nothing that could hide a mistake of the program's.

use std::collections::BTreeMap;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

const PATIENCE: Duration = Duration::from_secs(30);

/// The first line, the headers (names in lower case) and the body of a request or an answer.
#[derive(Debug, Clone)]
pub struct Read {
    /// The first line.
    pub first: String,
    /// The headers.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Reads one request or answer.
///
/// # Errors
/// When the connection breaks.
pub async fn read(stream: impl AsyncRead + Unpin) -> std::io::Result<Read> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).await?;
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).await? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    let mut body = Vec::new();
    match headers.get("content-length").and_then(|n| n.parse::<u64>().ok()) {
        Some(length) => reader.take(length).read_to_end(&mut body).await?,
        None if first.starts_with("HTTP/") => reader.read_to_end(&mut body).await?,
        None => 0,
    };
    Ok(Read { first: first.trim().to_owned(), headers, body })
}

/// Fetches an `http://host:port/path`; follows no redirects.
///
/// # Errors
/// Why there was no answer.
pub async fn get(url: &str) -> Result<Read, String> {
    let ask = async {
        let (mut stream, host, path) = open(url).await?;
        let head = format!("GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.map_err(|e| e.to_string())?;
        read(stream).await.map_err(|e| e.to_string())
    };
    tokio::time::timeout(PATIENCE, ask).await.map_err(|_| "no answer in time".to_owned())?
}

/// The status of an answer.
///
/// # Errors
/// When it is none.
pub fn status(answer: &Read) -> Result<u16, String> {
    let status = answer.first.split(' ').nth(1).and_then(|s| s.parse().ok());
    status.ok_or_else(|| format!("no HTTP answer: {:?}", answer.first))
}

async fn open(url: &str) -> Result<(TcpStream, &str, &str), String> {
    let rest = url.strip_prefix("http://").ok_or_else(|| format!("{url} is not http://"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let stream = TcpStream::connect(host).await.map_err(|e| e.to_string())?;
    Ok((stream, host, path))
}

/// Posts `body` to an `http://host:port/path` and answers status and body.
///
/// # Errors
/// Why there was no answer.
pub async fn post(
    url: &str,
    headers: &BTreeMap<String, String>,
    body: &[u8],
) -> Result<(u16, Vec<u8>), String> {
    tokio::time::timeout(PATIENCE, send(url, headers, body))
        .await
        .map_err(|_| "no answer in time".to_owned())?
}

async fn send(url: &str, headers: &BTreeMap<String, String>, body: &[u8]) -> Result<(u16, Vec<u8>), String> {
    let (mut stream, host, path) = open(url).await?;
    let mut head = format!(
        "POST /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await.map_err(|e| e.to_string())?;
    stream.write_all(body).await.map_err(|e| e.to_string())?;
    let answer = read(stream).await.map_err(|e| e.to_string())?;
    Ok((status(&answer)?, answer.body))
}
