//! `/space/facts`: what government knows of the reader, with the register each fact is in and the way to have it corrected.

use super::Room;
use crate::WORDS;
use crate::facts::{Register, Said, ask, registers};
use axum::extract::State;
use identity::Applicant;
use jiff::civil::Date;
use kernel::codes::CitizenId;
use kernel::{Outcome, SubjectId};
use page::{Answer, Ctx, Say, Shell, Submitted, format};
use serde_json::{Map, Value};

/// One source with what it says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Block {
    pub(crate) name: String,
    /// Who keeps it, and when it was asked.
    pub(crate) notes: Vec<String>,
    pub(crate) rows: Vec<(String, String)>,
    /// Said instead of rows.
    pub(crate) instead: String,
    /// Where a correction is asked for; empty where it cannot be from here.
    pub(crate) correct: String,
}

#[derive(askama::Template)]
#[template(path = "facts.html")]
pub(crate) struct FactsPage {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    /// Whose they are.
    pub(crate) name: String,
    pub(crate) own: Block,
    pub(crate) registers: Vec<Block>,
    /// Whether they were asked.
    pub(crate) asked: bool,
}

pub(super) async fn get(State(room): State<Room>, ctx: Ctx, who: Applicant) -> Answer {
    who.must_see_all()?;
    let w = WORDS.say(ctx.lang);
    let all = list(&room, &who).await?;
    let shelf = room.shelves.get(&room.house).await?;
    let blocks = all.iter().map(|r| Block {
        name: r.name.get(w.lang).to_owned(),
        notes: vec![w.with("facts-by", &[("agency", shelf.agency(&r.agency, w.lang))])],
        ..Block::default()
    });
    let registers = blocks.collect();
    let profile = identity::profile(&room.house.ground.store, who.subject()).await?;
    let rows = profile.map_or_else(Vec::new, |p| {
        vec![
            (w.t("facts-name").into_owned(), p.name),
            (w.t("facts-number").into_owned(), p.number_masked),
            (
                w.t("facts-phone").into_owned(),
                p.phone_masked.unwrap_or_else(|| w.t("facts-empty").into_owned()),
            ),
        ]
    });
    Ok(page::render(&page_of(&ctx, &who, w, rows, (registers, false))))
}

pub(super) async fn post(State(room): State<Room>, ctx: Ctx, who: Applicant, _: Submitted) -> Answer {
    who.must_see_all()?;
    let w = WORDS.say(ctx.lang);
    let all = list(&room, &who).await?;
    let (known, said) = ask(&room.house, &room.sources, &who, &all).await?;
    let shelf = room.shelves.get(&room.house).await?;
    let at = w.with("facts-asked", &[("at", format::moment(w.lang, ctx.now))]);
    let mut blocks = Vec::with_capacity(all.len());
    for (register, said) in all.iter().zip(&said) {
        let agency = shelf.agency(&register.agency, w.lang);
        let (rows, instead) = told(register, said, &agency, w);
        blocks.push(Block {
            name: register.name.get(w.lang).to_owned(),
            notes: vec![w.with("facts-by", &[("agency", agency)]), at.clone()],
            rows,
            instead,
            correct: correct(&who, &register.id),
        });
    }
    Ok(page::render(&page_of(&ctx, &who, w, own_rows(&known, w), (blocks, true))))
}

async fn list(room: &Room, who: &Applicant) -> Outcome<Vec<Register>> {
    let shared = catalog::shared(&room.house.ground.store).await?;
    Ok(registers(&shared, who.subject()))
}

fn page_of(
    ctx: &Ctx,
    who: &Applicant,
    w: Say,
    rows: Vec<(String, String)>,
    (registers, asked): (Vec<Block>, bool),
) -> FactsPage {
    let own = Block {
        name: w.t("facts-here").into_owned(),
        notes: vec![w.t("facts-here-by").into_owned()],
        rows,
        correct: correct(who, "account"),
        ..Block::default()
    };
    FactsPage {
        shell: Shell::new(ctx, w.t("facts-title")).crumb(w.t("space-title"), "/space"),
        w,
        name: who.subject_name().to_owned(),
        own,
        registers,
        asked,
    }
}

/// A person asks for themselves; what a register says of a firm is corrected where the firm is registered.
fn correct(who: &Applicant, what: &str) -> String {
    if who.subject() == SubjectId::Person(who.person()) {
        format!("/space/rights/correct?what={what}")
    } else {
        String::new()
    }
}

fn own_rows(known: &Map<String, Value>, w: Say) -> Vec<(String, String)> {
    let labels = [
        ("name", "facts-name"),
        ("citizen_id", "facts-number"),
        ("credit_code", "facts-number"),
        ("legal_representative", "facts-representative"),
        ("phone", "facts-phone"),
        ("address", "facts-address"),
    ];
    let firm = known.keys().any(|key| key.starts_with("organisation."));
    let room = if firm { "organisation" } else { "person" };
    let row = |(key, label): &(&str, &str)| {
        let value = known.get(&format!("{room}.{key}"))?.as_str()?;
        let shown = match *key {
            "citizen_id" | "credit_code" => format::mask_id(value),
            "phone" => format::mask_phone(value),
            _ => value.to_owned(),
        };
        Some((w.t(label).into_owned(), shown))
    };
    labels.iter().filter_map(row).collect()
}

/// The rows of a record, or what is said instead.
fn told(register: &Register, said: &Said, agency: &str, w: Say) -> (Vec<(String, String)>, String) {
    let record = match said {
        Said::Record(record) => record,
        Said::Nothing => return (Vec::new(), w.t("facts-record-none").into_owned()),
        Said::Down => return (Vec::new(), w.t("facts-down").into_owned()),
        Said::Closed => return (Vec::new(), w.with("facts-closed", &[("agency", agency.to_owned())])),
    };
    let row = |(key, name): &(String, kernel::Text)| {
        Some((name.get(w.lang).to_owned(), value(record.get(key)?, w)))
    };
    (register.fields.iter().filter_map(row).collect(), String::new())
}

/// A value in words; whole identity numbers, also of others in the record, are shown in part.
fn value(value: &Value, w: Say) -> String {
    match value {
        Value::Null => w.t("facts-empty").into_owned(),
        Value::Bool(yes) => w.t(if *yes { "facts-yes" } else { "facts-no" }).into_owned(),
        Value::String(text) if text.parse::<CitizenId>().is_ok() => format::mask_id(text),
        Value::String(text) => match text.parse::<Date>() {
            Ok(day) if text.len() == 10 => format::date(w.lang, day),
            _ => text.clone(),
        },
        Value::Array(all) => {
            let all: Vec<String> = all.iter().map(|one| self::value(one, w)).collect();
            all.join(&w.t("list-between"))
        }
        other => other.to_string(),
    }
}
