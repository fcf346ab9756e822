//! `/space/looks`: who looked at my data, when, at what and why.

use super::Room;
use crate::WORDS;
use crate::shelf::Shelf;
use crate::view::LookLine;
use axum::extract::{Query, State};
use identity::Applicant;
use kernel::{ActorKind, PersonId};
use page::{Answer, Ctx, Say, Shell, format};
use trace::LookRow;

/// How many looks stand on a page.
const LINES: i64 = 50;

#[derive(askama::Template)]
#[template(path = "looks.html")]
pub(crate) struct LooksPage {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    pub(crate) looks: Vec<LookLine>,
    pub(crate) newest: Option<String>,
    pub(crate) older: Option<String>,
}

/// Where the list goes on.
#[derive(serde::Deserialize)]
pub(super) struct From {
    before: Option<i64>,
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Query(from): Query<From>,
) -> Answer {
    let say = WORDS.say(ctx.lang);
    let shelf = room.shelves.get(&room.house).await?;
    let rows = trace::looks_of(&room.house.ground.store, who.person(), from.before, LINES).await?;
    let full = i64::try_from(rows.len()).unwrap_or(0) == LINES;
    Ok(page::render(&LooksPage {
        shell: Shell::new(&ctx, say.t("looks-title")).crumb(say.t("space-title"), "/space"),
        w: say,
        looks: rows.iter().map(|row| line(row, who.person(), &shelf, say)).collect(),
        newest: from.before.map(|_| "/space/looks".to_owned()),
        older: rows.last().filter(|_| full).map(|row| format!("/space/looks?before={}", row.id)),
    }))
}

/// A look in plain words.
pub(super) fn line(row: &LookRow, me: PersonId, shelf: &Shelf, say: Say) -> LookLine {
    let fields: Vec<String> = row.fields.iter().map(|field| what(field, shelf, say)).collect();
    LookLine {
        at: format::moment(say.lang, row.at),
        who: who(row, me, shelf, say),
        what: fields.join(&say.t("list-between")),
        why: plain(say, &format!("ground-{}", slug(&row.purpose.ground)), &row.purpose.ground),
        case: row.purpose.case.clone().unwrap_or_default(),
    }
}

/// `person.citizen_id` as it stands in a text's key: `person-citizen-id`.
fn slug(word: &str) -> String {
    word.replace(['.', '_'], "-")
}

/// What a field is called: our own words, else the register's or the element's name.
fn what(field: &str, shelf: &Shelf, say: Say) -> String {
    let key = format!("field-{}", slug(field));
    match shelf.words.get(field) {
        Some(name) if !say.has(&key) => name.get(say.lang).to_owned(),
        _ => plain(say, &key, field),
    }
}

/// The words for a machine word; an unknown one stands as it is.
fn plain(say: Say, key: &str, word: &str) -> String {
    if say.has(key) { say.t(key).into_owned() } else { word.to_owned() }
}

fn who(row: &LookRow, me: PersonId, shelf: &Shelf, say: Say) -> String {
    let own = row.actor.person == Some(me);
    let agency = row.actor.agency.as_ref().map(|code| shelf.agency(code, say.lang)).unwrap_or_default();
    let (key, args) = match row.actor.kind {
        ActorKind::Applicant if own => ("who-you", vec![]),
        ActorKind::Applicant => ("who-applicant", vec![]),
        ActorKind::System => ("who-system", vec![]),
        ActorKind::Visitor => ("who-visitor", vec![]),
        ActorKind::Clerk => ("who-clerk", vec![("agency", agency)]),
        ActorKind::Examiner => ("who-examiner", vec![("agency", agency)]),
        ActorKind::Supervisor => ("who-supervisor", vec![("agency", agency)]),
        ActorKind::Operator => ("who-operator", vec![("agency", agency)]),
    };
    say.with(key, &args)
}
