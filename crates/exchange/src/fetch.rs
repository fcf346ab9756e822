//! Asking a source: the look is committed first, then the question is asked, once, in its time.

use crate::store::{self, CircuitRow, FetchLine};
use crate::{Fetched, Query, SharingClass, Source, SourceDown, Sources};
use ::store::{Cx, Ground, command};
use kernel::{ActorRef, Fault, Lang, Outcome, PersonId, Refusal, RefusalKind, Timestamp};
use serde_json::Value;
use trace::{Look, Purpose};

/// The first pause after a failure, in seconds; it doubles up to [`PAUSE_MAX`].
const PAUSE: i64 = 5;
/// The longest pause.
const PAUSE_MAX: i64 = 300;
/// How many failures in a row open the circuit.
const PATIENCE: i64 = 2;

/// Asks `source`. The record of the question, and a look at `concerns` when it is about a person, is committed before; if it
/// cannot be recorded, nothing is asked.
///
/// # Errors
/// A refusal when there is no such source or its data may not be shared for this purpose; a fault when the record cannot be made.
/// A source that does not answer is no error: [`Fetched::Down`].
pub async fn fetch(
    ground: &Ground,
    actor: &ActorRef,
    sources: &Sources,
    source: &str,
    query: Query,
    concerns: Option<PersonId>,
    purpose: &Purpose,
) -> Outcome<Fetched> {
    let asked = sources.get(source).ok_or_else(|| no_such_source(source))?;
    may_ask(asked.as_ref(), purpose)?;
    let circuit = match command!(ground, Lang::default(), actor, |cx| {
        begin(&mut cx, asked.as_ref(), &query, concerns, purpose).await
    })? {
        Begun::Asking(circuit) => circuit,
        Begun::Open { since } => return Ok(Fetched::Down { source: source.to_owned(), since }),
    };
    let answer = match tokio::time::timeout(asked.timeout(), asked.fetch(&query)).await {
        Ok(answer) => answer,
        Err(_) => Err(SourceDown { why: format!("no answer within {} ms", asked.timeout().as_millis()) }),
    };
    match answer {
        Ok(found) => {
            if circuit.is_some() {
                remember(ground, source, None).await;
            }
            Ok(found.map_or(Fetched::NotFound, Fetched::Found))
        }
        Err(down) => {
            tracing::warn!(source, why = %down, "a source does not answer");
            let failed = failed(circuit, ground.clock.now(), down);
            let since = failed.since;
            remember(ground, source, Some(failed)).await;
            Ok(Fetched::Down { source: source.to_owned(), since })
        }
    }
}

fn no_such_source(source: &str) -> Refusal {
    Refusal::new(
        RefusalKind::NotFound,
        "exchange.no-such-source",
        format!("没有接入“{source}”这个数据源。"),
        format!("No source called {source:?} is plugged in."),
    )
}

fn may_ask(source: &dyn Source, purpose: &Purpose) -> Outcome<()> {
    let name = source.name();
    let refusal = match source.sharing() {
        SharingClass::Free => return Ok(()),
        SharingClass::Conditional if !purpose.ground.is_empty() => return Ok(()),
        SharingClass::Conditional => Refusal::new(
            RefusalKind::Forbidden,
            "exchange.purpose-needed",
            format!("“{}”须说明用途方可查询。", name.zh),
            format!("{} may be asked for a stated purpose only.", name.en),
        ),
        SharingClass::Never => Refusal::new(
            RefusalKind::Forbidden,
            "exchange.not-shared",
            format!("“{}”依法不予共享。", name.zh),
            format!("{} is not shared by law.", name.en),
        ),
    };
    Err(refusal.into())
}

/// Whether the question may be put.
enum Begun {
    /// It is noted; how the source did before.
    Asking(Option<CircuitRow>),
    /// The circuit is open: nothing is noted and nothing asked.
    Open { since: Timestamp },
}

/// Notes the question, unless the circuit is open. After the pause one question takes the try for itself by moving the
/// next one on; whoever wanted it too conflicts, decides anew, and finds the circuit open.
async fn begin(
    cx: &mut Cx,
    source: &dyn Source,
    query: &Query,
    concerns: Option<PersonId>,
    purpose: &Purpose,
) -> Outcome<Begun> {
    let circuit = store::circuit(cx.store(), source.id()).await?;
    if let Some(broken) = circuit.as_ref().filter(|c| c.failures >= PATIENCE) {
        if cx.now < broken.retry_at {
            return Ok(Begun::Open { since: broken.since });
        }
        let answered_by = i64::try_from(source.timeout().as_micros()).unwrap_or(PAUSE_MAX * 1_000_000);
        let next = kernel::clock::from_micros(cx.now.as_microsecond().saturating_add(answered_by.max(1)));
        store::take_try(&mut cx.commit, source.id(), broken.retry_at, next);
    }
    note(cx, source, query, concerns, purpose)?;
    Ok(Begun::Asking(circuit))
}

/// Adds the record of the question to the commit.
fn note(
    cx: &mut Cx,
    source: &dyn Source,
    query: &Query,
    concerns: Option<PersonId>,
    purpose: &Purpose,
) -> Outcome<()> {
    let doing = |e| Fault::from("recording a question", e);
    let keys: Vec<&String> = query.keys.keys().collect();
    let line = FetchLine {
        id: cx.new_id(),
        at: cx.now,
        actor: serde_json::to_string(&cx.actor).map_err(doing)?,
        person: concerns,
        ground: purpose.ground.clone(),
        case: purpose.case.clone(),
        keys: serde_json::to_string(&keys).map_err(doing)?,
    };
    store::insert_fetch(&mut cx.commit, source.id(), &line);
    if let Some(person) = concerns {
        trace::look(cx, &Look { person, fields: vec![source.id().to_owned()], purpose: purpose.clone() })?;
    }
    Ok(())
}

fn failed(before: Option<CircuitRow>, now: Timestamp, down: SourceDown) -> CircuitRow {
    let failures = before.as_ref().map_or(0, |c| c.failures) + 1;
    let doublings = u32::try_from((failures - PATIENCE).clamp(0, 10)).unwrap_or(0);
    let pause = PAUSE.saturating_mul(1 << doublings).min(PAUSE_MAX);
    CircuitRow {
        failures,
        since: before.map_or(now, |c| c.since),
        retry_at: kernel::clock::from_micros(now.as_microsecond() + pause * 1_000_000),
        why: down.why.chars().take(500).collect(),
    }
}

/// Remembers how the source is doing; that this cannot be written is no reason to withhold an answer.
async fn remember(ground: &Ground, source: &str, circuit: Option<CircuitRow>) {
    let mut cx = ground.begin(Lang::default(), ActorRef::system());
    match &circuit {
        Some(circuit) => store::put_circuit(&mut cx.commit, source, circuit),
        None => store::close_circuit(&mut cx.commit, source),
    }
    if let Err(error) = cx.finish().await {
        tracing::warn!(source, %error, "the state of a source could not be remembered");
    }
}

/// The texts under `key`: one text or a list.
pub(crate) fn texts(query: &Query, key: &str) -> Vec<String> {
    match query.keys.get(key) {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}
