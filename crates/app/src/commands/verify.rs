//! `yimen verify FILE`: checks an exported trace or a certificate without any server, and a certificate's status if one wants.

use crate::post::Web;
use certificates::{Checked, Standing, Trust};
use kernel::{Clock as _, Fault, Lang, SystemClock};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What is to be checked, and against what.
#[derive(Debug, Clone)]
pub struct Order {
    /// The trace or the certificate.
    pub file: PathBuf,
    /// The authority to trust, or the key of signed roots.
    pub trust: Option<PathBuf>,
    /// Whether the status is looked up, and where when not at the address that the certificate names.
    pub status: Option<Option<String>>,
    /// The authority of time stamps to believe.
    pub tsa: Option<PathBuf>,
}

/// Checks the file; answers whether it is sound, and holds when the status was asked for, and prints what was found.
///
/// # Errors
/// A [`Fault`] when a file cannot be read or a status list cannot be fetched.
pub async fn run(order: &Order) -> Result<bool, Fault> {
    let (file, trust) = (&order.file, order.trust.as_deref());
    let bytes = std::fs::read(file).map_err(|e| Fault::from(format!("reading {}", file.display()), e))?;
    if bytes.starts_with(b"%PDF") || bytes.starts_with(b"PK") {
        return certificate(&bytes, order).await;
    }
    let text =
        String::from_utf8(bytes).map_err(|e| Fault::from(format!("{} is not text", file.display()), e))?;
    let checked = match trust {
        Some(path) => trace::verify_with(&text, &root_trust(path)?),
        None => trace::verify(&text),
    };
    match checked {
        Ok(sound) => {
            println!("sound: {sound}");
            Ok(true)
        }
        Err(broken) => {
            println!("BROKEN at line {}: {}", broken.line, broken.say.get(Lang::En));
            Ok(false)
        }
    }
}

fn root_trust(path: &Path) -> Result<trace::Trust, Fault> {
    let pem =
        std::fs::read_to_string(path).map_err(|e| Fault::from(format!("reading {}", path.display()), e))?;
    trace::Trust::default()
        .key(&pem)
        .map_err(|say| Fault::new(format!("{}: {}", path.display(), say.get(Lang::En))))
}

fn read(path: &Path) -> Result<String, Fault> {
    std::fs::read_to_string(path).map_err(|e| Fault::from(format!("reading {}", path.display()), e))
}

async fn certificate(bytes: &[u8], order: &Order) -> Result<bool, Fault> {
    let path =
        order.trust.as_deref().ok_or_else(|| Fault::new("name the authority to trust: --trust ca.pem"))?;
    let mut trust = Trust::from_pem(&read(path)?)?;
    if let Some(tsa) = &order.tsa {
        trust = trust.with_clocks(&read(tsa)?)?;
    }
    let sound = match certificates::check_file(bytes, &trust) {
        Ok(sound) => sound,
        Err(broken) => {
            println!("BROKEN: {broken}");
            return Ok(false);
        }
    };
    println!("sound: {sound}");
    if let Some(data) = &sound.data {
        lines("", data);
    }
    match &order.status {
        None => Ok(true),
        Some(place) => status(&sound, &trust, place.as_deref()).await,
    }
}

/// The data inside, one line each.
fn lines(before: &str, data: &Value) {
    match data {
        Value::Object(members) => {
            for (key, value) in members {
                let name = if before.is_empty() { key.clone() } else { format!("{before}.{key}") };
                lines(&name, value);
            }
        }
        Value::Array(items) => {
            for item in items {
                match (item["label"]["zh-CN"].as_str(), item["value"].as_str()) {
                    (Some(label), Some(value)) => println!("  {before}: {label} = {value}"),
                    _ => lines(before, item),
                }
            }
        }
        Value::String(text) => println!("  {before}: {text}"),
        Value::Null => println!("  {before}: -"),
        other => println!("  {before}: {other}"),
    }
}

/// Looks the status up: in a file or at an address, otherwise at the address that the certificate names.
async fn status(sound: &Checked, trust: &Trust, place: Option<&str>) -> Result<bool, Fault> {
    let named = sound.data.as_ref().and_then(certificates::status_place);
    let Some((uri, index)) = named else {
        println!("status: UNKNOWN, the certificate names no status list");
        return Ok(false);
    };
    let from = place.unwrap_or(uri);
    let token = if from.starts_with("http://") || from.starts_with("https://") {
        fetch(from).await?
    } else {
        read(Path::new(from))?
    };
    match certificates::read_status(&token, trust, uri, index, SystemClock.now()) {
        Ok(told) => {
            let word = match told.standing {
                Standing::Valid => "VALID",
                Standing::Ended => "ENDED (revoked, cancelled or replaced)",
                Standing::Suspended => "SUSPENDED",
                Standing::Other(_) => "UNKNOWN to this program",
            };
            let old = if told.fresh { "" } else { ", older than it may be believed: fetch it again" };
            println!("status: {word} by the list of {} ({} s old{old})", told.at, told.age);
            Ok(told.standing == Standing::Valid && told.fresh)
        }
        Err(silent) => {
            println!("status: UNKNOWN, {}", silent.say().en);
            Ok(false)
        }
    }
}

async fn fetch(url: &str) -> Result<String, Fault> {
    let failed = |why: String| Fault::new(format!("fetching the status list {url}: {why}"));
    let (status, body) = Web::of_the_system(url.starts_with("https://"))?.get(url).await.map_err(failed)?;
    if status != 200 {
        return Err(failed(format!("the answer is {status}")));
    }
    String::from_utf8(body).map_err(|_| failed("the answer is no text".to_owned()))
}
