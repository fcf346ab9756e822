//! The demonstration registers: what `packs/demo/city.yaml` says they hold, in the shapes of `packs/sources.yaml`.

use crate::fetch::texts;
use crate::store;
use crate::{Query, SharingClass, Source, SourceDown, Sources};
use ::store::Ground;
use async_trait::async_trait;
use kernel::{AgencyCode, Fault, Text};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// How long a demonstration register takes to answer, unless told otherwise.
pub const LATENCY: Duration = Duration::from_millis(20);

#[derive(Deserialize)]
struct City {
    registers: Registers,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Registers {
    vehicle: Vec<Value>,
    driver: Vec<Value>,
    household: Vec<Value>,
    housing: Vec<Dwelling>,
    social_insurance: Vec<Value>,
    #[serde(default)]
    market_entity: Vec<Value>,
    #[serde(default)]
    tax: Vec<Value>,
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
    /// Records found by one key.
    Records { key: &'static str, records: Vec<Value> },
    /// Dwellings, counted over one or several people.
    Dwellings(Vec<Dwelling>),
    /// Payments: of several people the one who has paid most.
    Payments(Vec<Value>),
}

struct Register {
    id: &'static str,
    name: Text,
    agency: AgencyCode,
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
    let city: City = serde_saphyr::from_str(city)
        .map_err(|e| Fault::from("reading the registers of the demonstration city", e))?;
    let r = city.registers;
    let by = |key, records| Holding::Records { key, records };
    let registers = [
        (
            "vehicle",
            "nanjing.transport",
            "道路运输车辆登记",
            "Register of road-transport vehicles",
            by("plate", r.vehicle),
        ),
        (
            "driver",
            "nanjing.transport",
            "道路旅客运输驾驶员登记",
            "Register of passenger-transport drivers",
            by("citizen_id", r.driver),
        ),
        (
            "household",
            "nanjing.police",
            "户籍与婚姻登记",
            "Household and marriage register",
            by("citizen_id", r.household),
        ),
        (
            "housing",
            "nanjing.housing",
            "不动产登记（住房）",
            "Property register (dwellings)",
            Holding::Dwellings(r.housing),
        ),
        (
            "social-insurance",
            "nanjing.social-insurance",
            "社会保险缴费记录",
            "Social-insurance payments",
            Holding::Payments(r.social_insurance),
        ),
        (
            "market-entity",
            "nanjing.market",
            "经营主体登记",
            "Register of market entities",
            by("credit_code", r.market_entity),
        ),
        ("tax", "chancheng.tax", "税收征管记录", "Tax accounts", by("taxpayer", r.tax)),
    ];
    let mut sources: Vec<Arc<dyn Source>> = Vec::new();
    for (id, agency, zh, en, holding) in registers {
        let agency =
            AgencyCode::parse(agency).ok_or_else(|| Fault::new(format!("no agency code: {agency}")))?;
        let (name, ground) = (Text::new(zh, en), ground.clone());
        sources.push(Arc::new(Register { id, name, agency, holding, latency, ground }));
    }
    Ok(Sources::new(sources))
}

#[async_trait]
impl Source for Register {
    fn id(&self) -> &str {
        self.id
    }

    fn name(&self) -> Text {
        self.name.clone()
    }

    fn agency(&self) -> AgencyCode {
        self.agency.clone()
    }

    fn sharing(&self) -> SharingClass {
        SharingClass::Conditional
    }

    async fn fetch(&self, q: &Query) -> Result<Option<Value>, SourceDown> {
        match store::down(&self.ground.store, self.id).await {
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
    fn answer(&self, q: &Query) -> Option<Value> {
        match self {
            Self::Records { key, records } => {
                let asked = texts(q, key).into_iter().next()?;
                records.iter().find(|r| text(r, key) == Some(asked.trim())).cloned()
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
