//! A stand-in for the demonstration city's line systems: takes dispatches within this program and reports back after a
//! while, by the same signed way as a real one. What it has taken lies in the outbox, so that it survives a restart and
//! is answered once by many servers.

use super::send::Outgoing;
use super::sign::{self, Way};
use super::{LineKey, LineSystem, LineSystems, Post, Secret, Verdict, courier, receive};
use crate::store;
use ::store::outbox::{Courier, Message};
use ::store::{CommitError, Ground};
use async_trait::async_trait;
use kernel::id::TypedId as _;
use kernel::{ActorRef, AgencyCode, CommandId, Failure, Fault, Lang, RefusalKind, Text, clock, rng};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

const TAKEN: &str = "exchange.demo-line-taken";

/// A dispatch with this word in one of its texts is answered with a failure.
pub const FAILS_ON: &str = "不通过";

#[derive(Deserialize)]
struct City {
    #[serde(default)]
    line_systems: Vec<CityLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CityLine {
    id: String,
    name: Text,
    agency: AgencyCode,
}

/// The stand-in line systems of the demonstration city.
#[derive(Clone)]
pub struct DemoLines {
    systems: LineSystems,
    post: Arc<DemoPost>,
}

/// The line systems of the demonstration city (the text of `packs/demo/city.yaml`), which report `delay` after they have
/// taken a dispatch: a failure when a text in it holds [`FAILS_ON`], else a pass. The operator's switch
/// ([`crate::set_down`]) takes one away by its id.
///
/// # Errors
/// A [`Fault`] that says what in the file cannot be read.
pub fn demo_line_systems(city: &str, ground: &Ground, delay: Duration) -> Result<DemoLines, Fault> {
    let city: City = serde_saphyr::from_str(city)
        .map_err(|e| Fault::from("reading the line systems of the demonstration city", e))?;
    let sealer = ground.store.sealer();
    let line = |line: CityLine| {
        // Made from the data's own keys: the same on every server and after every start, and told nobody.
        let secret = Secret::new(sealer.blind("exchange.demo-line", &line.id));
        let key = LineKey { key_id: format!("demo.{}", line.id), secret };
        let url = format!("demo:{}", line.id);
        LineSystem::new(&line.id, line.name, line.agency, &url, key)
    };
    let systems = LineSystems::new(city.line_systems.into_iter().map(line).collect())?;
    let post = Arc::new(DemoPost { ground: ground.clone(), systems: systems.clone(), delay });
    Ok(DemoLines { systems, post })
}

impl DemoLines {
    /// The line systems.
    pub fn systems(&self) -> &LineSystems {
        &self.systems
    }

    /// Subscribes the way out ([`super::courier`]) and the stand-in itself.
    pub fn courier(&self, outer: Courier) -> Courier {
        let (systems, post) = (self.systems.clone(), Arc::clone(&self.post));
        courier(outer, self.systems.clone(), post).on(TAKEN, move |ground, message| {
            let systems = systems.clone();
            async move { report(&ground, &systems, &message).await }
        })
    }
}

/// What the stand-in has taken and will report.
#[derive(Serialize, Deserialize)]
struct Taken {
    system: String,
    task: String,
    outcome: Verdict,
}

struct DemoPost {
    ground: Ground,
    systems: LineSystems,
    delay: Duration,
}

#[async_trait]
impl Post for DemoPost {
    async fn post(
        &self,
        url: &str,
        headers: &BTreeMap<String, String>,
        body: &[u8],
    ) -> Result<(u16, Vec<u8>), String> {
        let id = url.strip_prefix("demo:").unwrap_or_default();
        match store::down(&self.ground.store, id).await {
            Ok(false) => {}
            Ok(true) => return Err("switched off by the operator".to_owned()),
            Err(fault) => return Err(fault.to_string()),
        }
        let now = self.ground.clock.now();
        let Ok(signed) = sign::check(&self.systems, Way::Dispatch, headers, body, now) else {
            return Ok((401, Vec::new()));
        };
        let Ok(outgoing) = serde_json::from_slice::<Outgoing>(body) else { return Ok((400, Vec::new())) };
        self.take(&signed.system.id, outgoing).await.map_err(|fault| fault.to_string())
    }
}

impl DemoPost {
    /// Takes a dispatch once, whichever server it is posted by.
    async fn take(&self, system: &str, outgoing: Outgoing) -> Result<(u16, Vec<u8>), Fault> {
        let id = CommandId::from_uuid(outgoing.dispatch.uuid());
        let mut cx = self.ground.begin_as(id, Lang::default(), ActorRef::system());
        let outcome = if mentions(&outgoing.body, FAILS_ON) { Verdict::Fail } else { Verdict::Pass };
        let delay = i64::try_from(self.delay.as_micros()).unwrap_or(i64::MAX);
        let due = clock::from_micros(cx.now.as_microsecond().saturating_add(delay));
        let taken = Taken { system: system.to_owned(), task: outgoing.task, outcome };
        cx.commit.emit_at(TAKEN, &format!("demo-line:{}", outgoing.dispatch), &taken, due)?;
        match cx.finish().await {
            Ok(()) => Ok((202, Vec::new())),
            Err(CommitError::AlreadyDone) => Ok((409, Vec::new())),
            Err(error) => Err(Fault::from("the stand-in takes a dispatch", error)),
        }
    }
}

fn mentions(value: &Value, word: &str) -> bool {
    match value {
        Value::String(text) => text.contains(word),
        Value::Array(all) => all.iter().any(|v| mentions(v, word)),
        Value::Object(all) => all.values().any(|v| mentions(v, word)),
        _ => false,
    }
}

/// Reports as a line system does: signed, through [`receive`].
async fn report(ground: &Ground, systems: &LineSystems, message: &Message) -> Result<(), Failure> {
    let taken: Taken = message.parse()?;
    let Some(system) = systems.get(&taken.system) else { return Ok(()) };
    let text = match taken.outcome {
        Verdict::Pass => "演示系统自动答复：符合要求。",
        Verdict::Fail => "演示系统自动答复：现场不符合要求。",
    };
    let now = ground.clock.now();
    let body = json!({"task": taken.task, "outcome": taken.outcome, "text": text, "at": now}).to_string();
    let nonce = hex::encode(rng::bytes::<16>(ground.rng.as_ref()));
    let headers = sign::headers(Way::Report, &system.key_id, &system.secret, now, &nonce, body.as_bytes())?;
    match receive(ground, systems, &headers, body.as_bytes()).await {
        // Called back meanwhile, or answered by somebody at a keyboard: there is nothing left to say.
        Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Conflict => Ok(()),
        other => other.map(|_| ()),
    }
}
