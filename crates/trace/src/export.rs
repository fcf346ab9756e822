//! A subject's trace as JSON lines that anybody can check without a server.

use crate::canon;
use crate::model::{Algorithm, Subject};
use crate::record::open_body;
use crate::root;
use crate::store::{self, EventRow, LeafRow, RootRow};
use ::store::Store;
use kernel::{Fault, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A moment with exactly six decimals, in UTC.
pub(crate) fn moment(t: Timestamp) -> String {
    t.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

/// The last line: how many lines stand above it, and the digest of all of them.
pub(crate) fn end_line(lines: usize, above: &str) -> Value {
    json!({"end": {"lines": lines, "digest": hex::encode(Algorithm::Sha256.digest(above.as_bytes()))}})
}

fn push(out: &mut String, line: &Value) {
    out.push_str(&canon::json(line));
    out.push('\n');
}

fn finish(mut out: String) -> String {
    let end = end_line(out.lines().count(), &out);
    push(&mut out, &end);
    out
}

/// The trace of `subject` with its bodies and salts, and the last signed root that covers it. Whoever gets the export gets
/// the bodies: the caller has checked the right to them and recorded the look.
///
/// # Errors
/// A [`Fault`] when the database does not answer or a body cannot be opened.
pub async fn export(store: &Store, subject: &Subject) -> Result<String, Fault> {
    export_without(store, subject, &BTreeSet::new()).await
}

/// As [`export`], but the events whose numbers stand in `withheld` come without body and salt: what they say is not for whoever
/// takes the export, and the chain can be checked all the same, as after a legal deletion.
///
/// # Errors
/// As [`export`].
pub async fn export_without(
    store: &Store,
    subject: &Subject,
    withheld: &BTreeSet<i64>,
) -> Result<String, Fault> {
    let mut out = String::new();
    push(&mut out, &json!({"yimen-trace": 1, "subject": subject.as_str()}));
    for row in store::events(store, subject.as_str()).await? {
        let seq = row.seq;
        let mut line = event_line(store, row)?;
        if let Some(map) = line.as_object_mut().filter(|_| withheld.contains(&seq)) {
            map.shift_remove("salt");
            map.shift_remove("body");
        }
        push(&mut out, &line);
    }
    if let Some(number) = store::root_of(store, subject.as_str()).await?
        && let Some(root) = store::root(store, number).await?
    {
        let leaves = store::leaves(store, number).await?;
        if let Some(index) = leaves.iter().position(|l| l.subject == subject.as_str()) {
            push(&mut out, &proof_line(&root, &leaves, index));
        }
    }
    Ok(finish(out))
}

fn event_line(store: &Store, row: EventRow) -> Result<Value, Fault> {
    let bad = |e| Fault::from(format!("reading event {}", row.seq), e);
    let (salt, body) = match open_body(store.sealer(), &row)? {
        Some((salt, body)) => {
            (Some(hex::encode(salt)), Some(serde_json::from_str::<Value>(&body).map_err(bad)?))
        }
        None => (None, None),
    };
    let mut line = json!({
        "seq": row.seq,
        "v": row.v,
        "kind": row.kind,
        "occurred_at": moment(row.occurred_at),
        "recorded_at": moment(row.recorded_at),
        "actor": serde_json::from_str::<Value>(&row.actor).map_err(bad)?,
        "algorithm": row.algorithm.name(),
        "commitment": hex::encode(row.commitment),
        "prev": hex::encode(row.prev),
        "hash": hex::encode(row.hash),
    });
    if let (Some(salt), Some(body), Some(map)) = (salt, body, line.as_object_mut()) {
        map.insert("salt".into(), salt.into());
        map.insert("body".into(), body);
    }
    Ok(line)
}

fn root_value(root: &RootRow) -> Value {
    json!({
        "number": root.number,
        "at": moment(root.at),
        "algorithm": root.algorithm.name(),
        "leaves": root.leaves,
        "merkle": hex::encode(root.merkle),
        "prev": hex::encode(root.prev),
        "key": root.key_id,
        "public_key": root.public_key,
        "signature": hex::encode(&root.signature),
    })
}

fn proof_line(root: &RootRow, leaves: &[LeafRow], index: usize) -> Value {
    let path: Vec<Value> = root::path(root.algorithm, leaves, index)
        .into_iter()
        .map(|other| other.map_or(Value::Null, |hash| hex::encode(hash).into()))
        .collect();
    let seq = leaves.get(index).map_or(0, |l| l.seq);
    json!({"root": root_value(root), "proof": {"seq": seq, "index": index, "path": path}})
}

/// All roots after number `after` with their heads, at most `limit`: what is published or kept elsewhere, so that a later
/// export can be compared with it. Subjects stand there as digests.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn export_roots(store: &Store, after: i64, limit: i64) -> Result<String, Fault> {
    let mut out = String::new();
    push(&mut out, &json!({"yimen-roots": 1}));
    for root in store::roots_after(store, after, limit).await? {
        let heads: Vec<Value> = store::leaves(store, root.number)
            .await?
            .iter()
            .map(|l| json!([hex::encode(l.digest), l.seq, hex::encode(l.hash)]))
            .collect();
        push(&mut out, &json!({"root": root_value(&root), "heads": heads}));
    }
    Ok(finish(out))
}
