//! Appointments.

use crate::model::{Appointment, AppointmentId, Channel, Code, Place, Slot, State};
use ::store::{Commit, Sealed, Sealer, Store, ToValue, Value, params, row};
use hall::model::{HallCode, Letter};
use kernel::{Fault, PersonId, SubjectId, Text, Timestamp};
use std::collections::BTreeSet;

/// What a sealed telephone number is sealed for.
const PHONE: &str = "appointments_appointment.phone";

row! {
    /// An appointment's row.
    pub struct AppointmentRow {
        /// Its id.
        pub id: AppointmentId,
        /// Its code.
        pub code: Code,
        /// The hall.
        pub hall: HallCode,
        /// The business.
        pub letter: Letter,
        /// The item's key; empty when booked for a business only.
        pub item_key: String,
        item_zh: String,
        item_en: String,
        /// The day.
        pub day: String,
        /// From when.
        pub starts_at: Timestamp,
        /// Until when.
        pub ends_at: Timestamp,
        /// Where it stands.
        pub state: State,
        /// Who comes: `person:<id>`, `phone:<blind index>`, `number:<blind index>`.
        pub visitor: String,
        /// In whose name: a subject, or the visitor.
        pub party: String,
        /// The name of who comes.
        pub name: String,
        /// The name of whoever they come for; empty when for themselves.
        pub for_name: String,
        /// The telephone number that a clerk was told, masked; else empty.
        pub phone_masked: String,
        /// How it was booked.
        pub channel: Channel,
        /// When it was booked.
        pub booked_at: Timestamp,
        /// Why the hall has closed its time since.
        pub closed: Option<String>,
        /// When its reminder is due; none when there is none, or it was sent.
        pub remind_at: Option<Timestamp>,
        /// The ticket it was exchanged for.
        pub ticket: Option<String>,
    }
}

impl AppointmentRow {
    /// The time.
    pub fn slot(&self) -> Slot {
        Slot { starts_at: self.starts_at, ends_at: self.ends_at }
    }

    /// What it is for.
    pub fn item(&self) -> Text {
        Text::new(self.item_zh.clone(), self.item_en.clone())
    }

    /// The person who comes, when they have an account.
    pub fn person(&self) -> Option<PersonId> {
        match self.visitor.parse() {
            Ok(SubjectId::Person(person)) => Some(person),
            _ => None,
        }
    }
}

const ROW: &str = "SELECT id, code, hall, letter, item_key, item_zh, item_en, day, starts_at, ends_at, state, visitor, party, name, \
    for_name, phone_masked, channel, booked_at, closed, remind_at, ticket FROM appointments_appointment";

pub(crate) async fn appointment(store: &Store, id: AppointmentId) -> Result<Option<AppointmentRow>, Fault> {
    store.row(&format!("{ROW} WHERE id = $1"), params![id]).await
}

pub(crate) fn insert(
    (commit, sealer): (&mut Commit, &Sealer),
    id: AppointmentId,
    a: &Appointment,
    (called, remind_at): (Option<String>, Option<Timestamp>),
) -> Result<(), Fault> {
    let (v, p) = (&a.visitor, &a.place);
    let phone = v.phone.as_ref().map(|phone| Sealed::seal(sealer, PHONE, &phone.0)).transpose()?;
    commit.exec(
        "INSERT INTO appointments_appointment (id, code, hall, letter, item_key, item_zh, item_en, day, starts_at, ends_at, state, visitor,
             party, name, for_name, phone, called, phone_masked, channel, booked_at, remind_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        params![
            id,
            a.code,
            p.hall,
            p.letter,
            a.matter.key,
            a.matter.name.zh,
            a.matter.name.en,
            p.slot.day().to_string(),
            p.slot.starts_at,
            p.slot.ends_at,
            a.state,
            v.key,
            v.party_key(),
            v.name,
            v.for_name,
            phone,
            called,
            v.phone.as_ref().map(|phone| phone.masked()).unwrap_or_default(),
            a.channel,
            a.booked_at,
            remind_at
        ],
    );
    Ok(())
}

/// The row as its events have it now.
pub(crate) fn update(commit: &mut Commit, id: AppointmentId, a: &Appointment, remind_at: Option<Timestamp>) {
    let p = &a.place;
    commit.exec(
        "UPDATE appointments_appointment SET code = $2, hall = $3, letter = $4, day = $5, starts_at = $6, ends_at = $7, state = $8,
             closed = $9, remind_at = $10, ticket = $11
         WHERE id = $1",
        params![
            id,
            a.code,
            p.hall,
            p.letter,
            p.slot.day().to_string(),
            p.slot.starts_at,
            p.slot.ends_at,
            a.state,
            a.closed,
            remind_at,
            a.ticket
        ],
    );
}

/// The reminder goes out with this commit, and with no other.
pub(crate) fn reminded(commit: &mut Commit, id: AppointmentId, remind_at: Timestamp) {
    commit.exec(
        "UPDATE appointments_appointment SET remind_at = NULL WHERE id = $1 AND remind_at = $2 AND state = 'booked'",
        params![id, remind_at],
    );
}

/// The places `$n`, … of a list's values, which are added to `params`.
fn places(values: &[String], params: &mut Vec<Value>) -> String {
    let place = |value: &String| {
        params.push(value.to_value());
        format!("${}", params.len())
    };
    values.iter().map(place).collect::<Vec<_>>().join(", ")
}

/// What whoever comes and the party have before them, from a moment on; each by their keys, of which there is one at least.
pub(crate) async fn living(
    store: &Store,
    visitors: &[String],
    parties: &[String],
    from: Timestamp,
) -> Result<Vec<AppointmentRow>, Fault> {
    let mut params = params![from];
    let (visitors, parties) = (places(visitors, &mut params), places(parties, &mut params));
    let sql = format!(
        "{ROW} WHERE visitor IN ({visitors}) AND starts_at >= $1 AND state = 'booked'
         UNION {ROW} WHERE party IN ({parties}) AND starts_at >= $1 AND state = 'booked'"
    );
    store.rows(&sql, params).await
}

/// When the appointments began to which somebody did not come, since a moment; not the excused ones.
pub(crate) async fn missed(
    store: &Store,
    visitor: &str,
    since: Timestamp,
) -> Result<Vec<AppointmentRow>, Fault> {
    let sql =
        format!("{ROW} WHERE visitor = $1 AND starts_at >= $2 AND state = 'missed' ORDER BY starts_at, id");
    store.rows(&sql, params![visitor, since]).await
}

/// The part of a condition that keeps rows to these items, all where there are none; its values are added to `params`.
fn of_items(items: Option<&BTreeSet<String>>, params: &mut Vec<Value>) -> String {
    let Some(items) = items else { return String::new() };
    if items.is_empty() {
        return " AND 1 = 0".to_owned();
    }
    let items: Vec<String> = items.iter().cloned().collect();
    format!(" AND item_key IN ({})", places(&items, params))
}

/// One appointment of a party.
pub(crate) async fn of_party(
    store: &Store,
    party: SubjectId,
    items: Option<&BTreeSet<String>>,
    id: AppointmentId,
) -> Result<Option<AppointmentRow>, Fault> {
    let mut params = params![id, party];
    let items = of_items(items, &mut params);
    store.row(&format!("{ROW} WHERE id = $1 AND party = $2{items}"), params).await
}

/// The appointments of a party, the last to begin at the top, before `before`.
pub(crate) async fn list_of(
    store: &Store,
    party: SubjectId,
    items: Option<&BTreeSet<String>>,
    before: &(i64, String),
    limit: i64,
) -> Result<Vec<AppointmentRow>, Fault> {
    let mut params = params![party, before.0, before.1, limit];
    let items = of_items(items, &mut params);
    let sql = format!(
        "{ROW} WHERE party = $1 AND (starts_at, id) < ($2, $3){items} ORDER BY starts_at DESC, id DESC LIMIT $4"
    );
    store.rows(&sql, params).await
}

/// The appointments of a hall's day in order of time, after `after`.
pub(crate) async fn of_day(
    store: &Store,
    hall: &HallCode,
    day: &str,
    after: &(i64, String),
    limit: i64,
) -> Result<Vec<AppointmentRow>, Fault> {
    let sql = format!(
        "{ROW} WHERE hall = $1 AND day = $2 AND (starts_at, id) > ($3, $4) ORDER BY starts_at, id LIMIT $5"
    );
    store.rows(&sql, params![hall, day, after.0, after.1, limit]).await
}

/// The next appointment of a hall with a code, from a day on.
pub(crate) async fn by_code(
    store: &Store,
    hall: &HallCode,
    from: &str,
    code: &Code,
) -> Result<Option<AppointmentRow>, Fault> {
    let sql = format!("{ROW} WHERE hall = $1 AND day >= $2 AND code = $3 ORDER BY day LIMIT 1");
    store.row(&sql, params![hall, from, code]).await
}

/// What somebody has on a hall's day and has not ended, by the keys of their identity number.
pub(crate) async fn of_visitor(
    store: &Store,
    (hall, day): (&HallCode, &str),
    keys: &[String],
) -> Result<Vec<AppointmentRow>, Fault> {
    let mut params = params![hall, day];
    let keys = places(keys, &mut params);
    let sql = format!(
        "{ROW} WHERE visitor IN ({keys}) AND hall = $1 AND day = $2 AND state = 'booked' ORDER BY starts_at, id"
    );
    store.rows(&sql, params).await
}

/// The same by the telephone number that a clerk was told.
pub(crate) async fn of_called(
    store: &Store,
    (hall, day): (&HallCode, &str),
    called: &str,
) -> Result<Vec<AppointmentRow>, Fault> {
    let sql = format!(
        "{ROW} WHERE called = $3 AND hall = $1 AND day = $2 AND state = 'booked' ORDER BY starts_at, id"
    );
    store.rows(&sql, params![hall, day, called]).await
}

/// Those whose reminder is due, after the one named.
pub(crate) async fn to_remind(
    store: &Store,
    now: Timestamp,
    after: &(i64, String),
    limit: i64,
) -> Result<Vec<AppointmentRow>, Fault> {
    let sql = format!(
        "{ROW} WHERE remind_at IS NOT NULL AND remind_at <= $1 AND (remind_at, id) > ($2, $3) ORDER BY remind_at, id LIMIT $4"
    );
    store.rows(&sql, params![now, after.0, after.1, limit]).await
}

/// Those of days before `day` that have not ended, after the one named (day and id).
pub(crate) async fn left_over(
    store: &Store,
    day: &str,
    after: &(String, String),
    limit: i64,
) -> Result<Vec<(String, AppointmentId)>, Fault> {
    let sql = "SELECT day, id FROM appointments_appointment WHERE state = 'booked' AND day < $1 AND (day, id) > ($2, $3)
         ORDER BY day, id LIMIT $4";
    store.rows(sql, params![day, after.0, after.1, limit]).await
}

/// Whether a code is free on the day of a place.
pub(crate) async fn code_free(store: &Store, place: &Place, code: &Code) -> Result<bool, Fault> {
    let sql = "SELECT id FROM appointments_appointment WHERE hall = $1 AND day = $2 AND code = $3";
    let found: Option<(AppointmentId,)> =
        store.row(sql, params![place.hall, place.slot.day().to_string(), code]).await?;
    Ok(found.is_none())
}
