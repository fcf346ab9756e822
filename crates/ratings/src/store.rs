//! All SQL of the room.

use crate::model::{Channel, Level, Of, Rated, Rating, RatingId, Service, State, Tally, month};
use crate::reach::Reach;
use ::store::{Commit, Store, ToValue, Value, params, row};
use kernel::{AccountId, Fault, SubjectId, Text, Timestamp, clock};
use std::collections::BTreeSet;

row! {
    /// A service that a party is asked to rate.
    pub struct InvitationRow {
        /// What tables call the service: `case:…`.
        pub service: String,
        /// The item's key.
        pub item_key: String,
        item_zh: String,
        item_en: String,
        /// The agency responsible.
        pub agency: String,
        /// When it ended.
        pub ended_at: Timestamp,
        /// Until when it may be rated.
        pub until: Timestamp,
    }
}

row! {
    /// A rating as it stands in lists; what was written is sealed in the trace.
    pub struct RatingRow {
        /// Its id.
        pub id: RatingId,
        /// What tables call the service: `case:…`, `visit:…`.
        pub service: String,
        party: String,
        /// Their name, masked; empty when they did not want to be named.
        pub name_masked: String,
        /// The item's key.
        pub item_key: String,
        item_zh: String,
        item_en: String,
        /// The agency responsible.
        pub agency: String,
        level: i64,
        /// The way it came.
        pub channel: Channel,
        /// The window, of a visit.
        pub at_window: Option<String>,
        /// Who served there.
        pub clerk: Option<AccountId>,
        /// Where it stands.
        pub state: State,
        /// When it was given.
        pub at: Timestamp,
        /// When it must be answered.
        pub due_at: Option<Timestamp>,
        /// When it was answered.
        pub answered_at: Option<Timestamp>,
    }
}

impl InvitationRow {
    /// The item's name.
    pub fn item(&self) -> Text {
        Text::new(self.item_zh.clone(), self.item_en.clone())
    }

    /// The case's number.
    pub fn case(&self) -> &str {
        self.service.strip_prefix("case:").unwrap_or(&self.service)
    }
}

impl RatingRow {
    /// The item's name.
    pub fn item(&self) -> Text {
        Text::new(self.item_zh.clone(), self.item_en.clone())
    }

    /// The case's number, of a case.
    pub fn case(&self) -> Option<&str> {
        self.service.strip_prefix("case:")
    }

    /// Who rated it; nobody who is known, at a window.
    pub fn party(&self) -> Option<SubjectId> {
        self.party.parse().ok()
    }

    /// How satisfied the rater was.
    ///
    /// # Errors
    /// A [`Fault`] when the table holds another number.
    pub fn level(&self) -> Result<Level, Fault> {
        Level::try_from(self.level).map_err(Fault::new)
    }
}

const INVITATION: &str =
    "SELECT service, item_key, item_zh, item_en, agency, ended_at, until FROM ratings_invitation";
const RATING: &str = "SELECT id, service, party, name_masked, item_key, item_zh, item_en, agency, level, channel, \
    at_window, clerk, state, at, due_at, answered_at FROM ratings_rating";

/// Asks a party to rate a service; what ended anew may be rated from its last end on.
pub(crate) fn invite(
    commit: &mut Commit,
    s: &Service,
    party: SubjectId,
    (ended, until): (Timestamp, Timestamp),
) {
    commit.exec(
        "INSERT INTO ratings_invitation (service, party, item_key, item_zh, item_en, agency, ended_at, until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (service, party) DO UPDATE SET ended_at = excluded.ended_at, until = excluded.until",
        params![
            s.of.key(),
            party,
            s.item_key,
            s.item_name.zh,
            s.item_name.en,
            s.agency.as_str(),
            ended,
            until
        ],
    );
}

/// The part of a condition that keeps rows to these items, all where there are none; its values are added to `params`.
fn of_items(items: Option<&BTreeSet<String>>, params: &mut Vec<Value>) -> String {
    let Some(items) = items else { return String::new() };
    if items.is_empty() {
        return " AND 1 = 0".to_owned();
    }
    let places: Vec<String> = items
        .iter()
        .map(|item| {
            params.push(item.to_value());
            format!("${}", params.len())
        })
        .collect();
    format!(" AND item_key IN ({})", places.join(", "))
}

/// What a party may still rate, what ended last at the top.
pub(crate) async fn invitations(
    store: &Store,
    party: SubjectId,
    items: Option<&BTreeSet<String>>,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<InvitationRow>, Fault> {
    let mut params = params![party, now, limit];
    let items = of_items(items, &mut params);
    let sql = format!(
        "{INVITATION} WHERE party = $1 AND until >= $2{items} ORDER BY ended_at DESC, service DESC LIMIT $3"
    );
    store.rows(&sql, params).await
}

/// Takes away what nobody may rate any more.
pub(crate) fn sweep(commit: &mut Commit, now: Timestamp) {
    commit.exec_any("DELETE FROM ratings_invitation WHERE until < $1", params![now]);
}

/// Keeps a rating; the party is asked no more, and the published count grows by one.
pub(crate) fn insert(commit: &mut Commit, id: RatingId, s: &Service, name_masked: &str, r: &Rating) {
    let (said, key, party) = (&r.said, s.of.key(), party_key(r.said.party));
    commit.exec(
        "INSERT INTO ratings_rating (id, service, party, name_masked, item_key, item_zh, item_en, agency, handled, division, level,
             channel, at_window, clerk, state, at, due_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        params![
            id,
            key,
            party,
            name_masked,
            s.item_key,
            s.item_name.zh,
            s.item_name.en,
            s.agency.as_str(),
            s.handled.as_str(),
            s.division,
            said.level.code(),
            said.channel,
            said.served.as_ref().map(|served| served.window.clone()),
            said.served.as_ref().map(|served| served.clerk),
            r.state(),
            r.at,
            said.due.as_ref().map(|due| due.at)
        ],
    );
    commit.exec_any("DELETE FROM ratings_invitation WHERE service = $1 AND party = $2", params![key, party]);
    count(commit, s, said, r.at);
}

fn count(commit: &mut Commit, s: &Service, said: &Rated, at: Timestamp) {
    commit.exec(
        "INSERT INTO ratings_count (month, agency, item_key, level, n) VALUES ($1, $2, $3, $4, 1)
         ON CONFLICT (agency, month, item_key, level) DO UPDATE SET n = ratings_count.n + 1",
        params![month(clock::legal_date(at)), s.agency.as_str(), s.item_key, said.level.code()],
    );
}

/// A rating was answered.
pub(crate) fn answered(commit: &mut Commit, id: RatingId, at: Timestamp) {
    commit.exec(
        "UPDATE ratings_rating SET state = 'answered', answered_at = $2 WHERE id = $1 AND state = 'open'",
        params![id, at],
    );
}

/// What tables call who rated: the party, or that it was whoever had the ticket.
fn party_key(party: Option<SubjectId>) -> String {
    party.map_or_else(|| "visitor".to_owned(), |party| party.to_string())
}

/// What a party said of a service, or whoever had the ticket.
pub(crate) async fn by_service(
    store: &Store,
    of: &Of,
    party: Option<SubjectId>,
) -> Result<Option<RatingRow>, Fault> {
    let sql = format!("{RATING} WHERE service = $1 AND party = $2");
    store.row(&sql, params![of.key(), party_key(party)]).await
}

/// One rating of a party's.
pub(crate) async fn of_party(
    store: &Store,
    party: SubjectId,
    items: Option<&BTreeSet<String>>,
    id: RatingId,
) -> Result<Option<RatingRow>, Fault> {
    let mut params = params![id, party];
    let items = of_items(items, &mut params);
    store.row(&format!("{RATING} WHERE id = $1 AND party = $2{items}"), params).await
}

/// The ratings of a party, the latest first, before `before`.
pub(crate) async fn list_of(
    store: &Store,
    party: SubjectId,
    items: Option<&BTreeSet<String>>,
    before: (i64, String),
    limit: i64,
) -> Result<Vec<RatingRow>, Fault> {
    let mut params = params![party, before.0, before.1, limit];
    let items = of_items(items, &mut params);
    let sql = format!(
        "{RATING} WHERE party = $1 AND (at, id) < ($2, $3){items} ORDER BY at DESC, id DESC LIMIT $4"
    );
    store.rows(&sql, params).await
}

/// The part of a condition that keeps rows within a reach; its values are added to `params`.
fn within(reach: &Reach, params: &mut Vec<Value>) -> String {
    let mut put = |text: String| {
        params.push(Value::Text(text));
        format!("${}", params.len())
    };
    match reach {
        Reach::Division(prefix) => format!("division LIKE {}", put(format!("{prefix}%"))),
        // Agency codes hold neither `%` nor `_`, so the part pattern is exact.
        Reach::Agency(agency) => {
            let (own, parts) = (put(agency.to_string()), put(format!("{agency}.%")));
            format!("(agency = {own} OR agency LIKE {parts} OR handled = {own} OR handled LIKE {parts})")
        }
    }
}

/// One rating within a reach.
pub(crate) async fn for_desk(store: &Store, id: RatingId, reach: &Reach) -> Result<Option<RatingRow>, Fault> {
    let mut params = params![id];
    let within = within(reach, &mut params);
    store.row(&format!("{RATING} WHERE id = $1 AND {within}"), params).await
}

/// Bad ratings within a reach that wait for their answer, the one due first at the top, after `after`.
pub(crate) async fn open(
    store: &Store,
    reach: &Reach,
    after: (i64, String),
    limit: i64,
) -> Result<Vec<RatingRow>, Fault> {
    let mut params = params![after.0, after.1, limit];
    let within = within(reach, &mut params);
    let sql = format!(
        "{RATING} WHERE state = 'open' AND (due_at, id) > ($1, $2) AND {within} ORDER BY due_at, id LIMIT $3"
    );
    store.rows(&sql, params).await
}

/// All bad ratings within a reach, the latest first, before `before`.
pub(crate) async fn bad(
    store: &Store,
    reach: &Reach,
    before: (i64, String),
    limit: i64,
) -> Result<Vec<RatingRow>, Fault> {
    let mut params = params![before.0, before.1, limit];
    let within = within(reach, &mut params);
    let sql = format!(
        "{RATING} WHERE level >= 4 AND (at, id) < ($1, $2) AND {within} ORDER BY at DESC, id DESC LIMIT $3"
    );
    store.rows(&sql, params).await
}

/// How many ratings each agency or, of one agency, each item has in the months from one up to another: `(key, tally)`, the most first.
pub(crate) async fn tallies(
    store: &Store,
    (since, before): (&str, &str),
    agency: Option<&str>,
) -> Result<Vec<(String, Tally)>, Fault> {
    let rows: Vec<(String, i64, i64)> = match agency {
        None => {
            let sql = "SELECT agency, level, CAST(SUM(n) AS BIGINT) FROM ratings_count WHERE month >= $1 AND month < $2 \
                       GROUP BY agency, level ORDER BY agency, level";
            store.rows(sql, params![since, before]).await?
        }
        Some(agency) => {
            let sql = "SELECT item_key, level, CAST(SUM(n) AS BIGINT) FROM ratings_count WHERE agency = $3 AND month >= $1 AND month < $2 \
                       GROUP BY item_key, level ORDER BY item_key, level";
            store.rows(sql, params![since, before, agency]).await?
        }
    };
    let mut all: Vec<(String, Tally)> = Vec::new();
    for (key, level, n) in rows {
        let level = Level::try_from(level).map_err(Fault::new)?;
        if all.last().is_none_or(|(last, _)| *last != key) {
            all.push((key, Tally::default()));
        }
        if let Some((_, tally)) = all.last_mut() {
            tally.add(level, n);
        }
    }
    all.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.total()));
    Ok(all)
}
