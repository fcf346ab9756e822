//! The demonstration registers: what `packs/demo/city.yaml` says they hold, in the shapes of `packs/sources.yaml`.

use crate::fetch::texts;
use crate::store;
use crate::{Query, SharingClass, Source, SourceDown, Sources};
use ::store::Ground;
use async_trait::async_trait;
use kernel::{AgencyCode, Fault, Text};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// How long a demonstration register takes to answer, unless told otherwise.
pub const LATENCY: Duration = Duration::from_millis(20);

/// The shapes of the registers, whose rows the city brings: name, agency, sharing class and keys are said once, there.
const SHAPES: &str = include_str!("../../../packs/sources.yaml");

#[derive(Deserialize)]
struct City {
    /// Rows by register.
    registers: BTreeMap<String, Vec<Value>>,
}

/// What is read of a register's shape.
#[derive(Deserialize)]
struct Shape {
    id: String,
    name: Text,
    agency: String,
    sharing: SharingClass,
    keys: BTreeMap<String, Value>,
}

/// A dwelling and who owns it, alone or together.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dwelling {
    owners: Vec<String>,
    certificate: String,
    address: String,
}

/// What a register holds.
enum Holding {
    /// Records found by their keys, all of them.
    Records { keys: Vec<String>, records: Vec<Value> },
    /// Dwellings, counted over one or several people.
    Dwellings(Vec<Dwelling>),
    /// Payments: of several people the one who has paid most.
    Payments(Vec<Value>),
}

struct Register {
    id: String,
    name: Text,
    agency: AgencyCode,
    sharing: SharingClass,
    holding: Holding,
    latency: Duration,
    ground: Ground,
}

/// The registers of the demonstration city (the text of `packs/demo/city.yaml`), with the usual stand-in latency.
///
/// # Errors
/// A [`Fault`] that says what in the file cannot be read.
pub fn demo_sources(city: &str, ground: Ground) -> Result<Sources, Fault> {
    demo_sources_with(city, ground, LATENCY)
}

/// As [`demo_sources`], answering after `latency`; tests give none.
///
/// # Errors
/// A [`Fault`] that says what in the file cannot be read.
pub fn demo_sources_with(city: &str, ground: Ground, latency: Duration) -> Result<Sources, Fault> {
    let doing = "reading the registers of the demonstration city";
    let City { mut registers } = serde_saphyr::from_str(city).map_err(|e| Fault::from(doing, e))?;
    let shapes: Vec<Shape> = serde_saphyr::from_str(SHAPES).map_err(|e| Fault::from(doing, e))?;
    let mut sources: Vec<Arc<dyn Source>> = Vec::new();
    for Shape { id, name, agency, sharing, keys } in shapes {
        let agency =
            AgencyCode::parse(&agency).ok_or_else(|| Fault::new(format!("no agency code: {agency}")))?;
        let rows = registers.remove(&id).unwrap_or_default();
        let holding =
            Holding::of(&id, keys.into_keys().collect(), rows).map_err(|e| Fault::from(doing, e))?;
        sources.push(Arc::new(Register {
            id,
            name,
            agency,
            sharing,
            holding,
            latency,
            ground: ground.clone(),
        }));
    }
    match registers.into_keys().next() {
        Some(id) => Err(Fault::new(format!("the demonstration city has rows of {id}, which is no register"))),
        None => Ok(Sources::new(sources)),
    }
}

#[async_trait]
impl Source for Register {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> Text {
        self.name.clone()
    }

    fn agency(&self) -> AgencyCode {
        self.agency.clone()
    }

    fn sharing(&self) -> SharingClass {
        self.sharing
    }

    async fn fetch(&self, q: &Query) -> Result<Option<Value>, SourceDown> {
        match store::down(&self.ground.store, &self.id).await {
            Ok(false) => {}
            Ok(true) => return Err(SourceDown { why: "switched off by the operator".to_owned() }),
            Err(fault) => return Err(SourceDown { why: fault.to_string() }),
        }
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        Ok(self.holding.answer(q))
    }
}

impl Holding {
    /// Two registers count; all others hand out the record.
    fn of(id: &str, keys: Vec<String>, rows: Vec<Value>) -> Result<Self, serde_json::Error> {
        Ok(match id {
            "housing" => {
                Self::Dwellings(rows.into_iter().map(serde_json::from_value).collect::<Result<_, _>>()?)
            }
            "social-insurance" => Self::Payments(rows),
            _ => Self::Records { keys, records: rows },
        })
    }

    fn answer(&self, q: &Query) -> Option<Value> {
        match self {
            Self::Records { keys, records } => {
                let asked: Option<Vec<(&str, String)>> =
                    keys.iter().map(|key| Some((key.as_str(), texts(q, key).into_iter().next()?))).collect();
                let asked = asked.filter(|a| !a.is_empty())?;
                let is = |r: &&Value| asked.iter().all(|(key, value)| text(r, key) == Some(value.trim()));
                records.iter().find(is).cloned()
            }
            Self::Dwellings(all) => {
                let people = texts(q, "citizen_id");
                if people.is_empty() {
                    return None;
                }
                let owned: Vec<String> = all
                    .iter()
                    .filter(|d| d.owners.iter().any(|o| people.contains(o)))
                    .map(|d| format!("{} {}", d.certificate, d.address))
                    .collect();
                Some(json!({"dwellings": owned.len(), "list": owned}))
            }
            Self::Payments(all) => {
                let people = texts(q, "citizen_id");
                all.iter()
                    .filter(|r| text(r, "citizen_id").is_some_and(|c| people.iter().any(|p| p == c)))
                    .max_by_key(|r| r.get("months_paid_last_24").and_then(Value::as_i64))
                    .map(|r| {
                        let mut answer = r.clone();
                        answer.as_object_mut().map(|m| m.remove("citizen_id"));
                        answer
                    })
            }
        }
    }
}

fn text<'a>(record: &'a Value, key: &str) -> Option<&'a str> {
    record.get(key).and_then(Value::as_str)
}
