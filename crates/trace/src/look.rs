//! Looks at personal data: who opened what of whom, when, on which ground and for which case; shown to the person concerned, and to
//! whoever looked.

use crate::store::{self, LookFound, LookLine, Wanted};
use ::store::{Commit, Cx, Store};
use kernel::{AccountId, ActorRef, AgencyCode, Fault, PersonId, Timestamp};

/// Why a secret is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// The ground, a stable machine word: `prefill`, `examine`, `verify`.
    pub ground: String,
    /// The number of the case it is for.
    pub case: Option<String>,
}

impl Purpose {
    /// A purpose without a case.
    pub fn new(ground: &str) -> Self {
        Self { ground: ground.to_owned(), case: None }
    }

    /// A purpose within a case.
    pub fn in_case(ground: &str, case: impl std::fmt::Display) -> Self {
        Self { ground: ground.to_owned(), case: Some(case.to_string()) }
    }
}

/// One look at data about one person.
#[derive(Debug, Clone)]
pub struct Look {
    /// Whose data.
    pub person: PersonId,
    /// Which fields, by element or register name; never their content.
    pub fields: Vec<String>,
    /// Why.
    pub purpose: Purpose,
}

/// A look as it was recorded.
#[derive(Debug, Clone)]
pub struct LookRow {
    /// The cursor for the next page, and with the person the look's name.
    pub id: i64,
    /// Whose data.
    pub person: PersonId,
    /// When.
    pub at: Timestamp,
    /// Who looked.
    pub actor: ActorRef,
    /// Which fields.
    pub fields: Vec<String>,
    /// Why.
    pub purpose: Purpose,
    /// Whether somebody else looked, and for no case.
    pub stray: bool,
    /// Until when it was or is kept from the person concerned, when the law wanted that.
    pub sealed_until: Option<Timestamp>,
}

/// Which looks are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookFilter {
    /// By this agency or division.
    pub agency: Option<AgencyCode>,
    /// On this ground.
    pub ground: Option<String>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Only those of others that name no case.
    pub stray: bool,
}

/// An order by which looks of one account at data of one person are kept from that person for a time (PIPL articles 18 and 35).
/// The looks themselves are recorded as all others are.
#[derive(Debug, Clone)]
pub struct SealOrder {
    /// The order's id.
    pub id: String,
    /// Whose data.
    pub person: PersonId,
    /// Whose looks.
    pub account: AccountId,
    /// From when on.
    pub starts: Timestamp,
    /// Until when; from then on the person sees them.
    pub until: Timestamp,
}

/// Every look's id begins with its moment; the last ten bits are chance, and a clash is an ordinary conflict that is run again.
fn id_at(at: Timestamp) -> i64 {
    at.as_microsecond().saturating_mul(1024)
}

/// Adds the record of a look to the commit; open the data only in a command whose commit carries the look. Whether an order keeps it
/// from the person for a time is found out by the same statement: the record itself is never left out.
///
/// # Errors
/// A [`Fault`] when the look cannot be written.
pub fn look(cx: &mut Cx, look: &Look) -> Result<(), Fault> {
    let doing = |e| Fault::from("recording a look", e);
    let own = cx.actor.person == Some(look.person);
    let staff = cx.actor.agency.is_some();
    let line = LookLine {
        id: id_at(cx.now) | i64::try_from(cx.ground.rng.next_u64() % 1024).unwrap_or(0),
        at: cx.now,
        actor: serde_json::to_string(&cx.actor).map_err(doing)?,
        agency: cx.actor.agency.as_ref().map(|a| a.as_str().to_owned()),
        fields: serde_json::to_string(&look.fields).map_err(doing)?,
        ground: look.purpose.ground.clone(),
        case: look.purpose.case.clone(),
        account: cx.actor.account.filter(|_| staff),
        stray: look.purpose.case.is_none() && !own,
    };
    store::insert_look(&mut cx.commit, look.person, line);
    Ok(())
}

/// From now on the looks of an order are kept from the person until its end.
pub fn seal(commit: &mut Commit, order: &SealOrder) {
    store::insert_seal(commit, order);
}

/// Ends an order early: what was kept from the person is shown from `now` on.
pub fn unseal(commit: &mut Commit, order: &str, now: Timestamp) {
    store::end_seal(commit, order, now);
}

/// How many looks an order has kept from the person.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn sealed_looks(store: &Store, order: &str) -> Result<i64, Fault> {
    store::sealed_looks(store, order).await
}

fn row(found: LookFound) -> Result<LookRow, Fault> {
    let doing = |e| Fault::from("reading a look", e);
    Ok(LookRow {
        id: found.id,
        person: found.person,
        at: found.at,
        actor: serde_json::from_str(&found.actor).map_err(doing)?,
        fields: serde_json::from_str(&found.fields).map_err(doing)?,
        purpose: Purpose { ground: found.ground, case: found.case },
        stray: found.stray,
        sealed_until: found.sealed_until,
    })
}

/// The looks at data about `person`, newest first, before the cursor `before`; those that ever were under an order are left out, since
/// there is no saying without the time whether it has ended: a page asks [`looks`].
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn looks_of(
    store: &Store,
    person: PersonId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<LookRow>, Fault> {
    looks(store, person, &LookFilter::default(), Timestamp::MIN, before, limit).await
}

/// The looks at data about `person` that `filter` wants and the person may see at `now`, newest first, before the cursor `before`.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn looks(
    store: &Store,
    person: PersonId,
    filter: &LookFilter,
    now: Timestamp,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<LookRow>, Fault> {
    let before = filter.until.map_or(i64::MAX, id_at).min(before.unwrap_or(i64::MAX));
    let wanted = Wanted {
        agency: filter.agency.as_ref().map(AgencyCode::as_str),
        ground: filter.ground.as_deref(),
        stray: filter.stray,
        from: filter.from.map_or(i64::MIN, id_at),
        before,
        now,
    };
    store::looks(store, person, &wanted, limit.clamp(1, 200)).await?.into_iter().map(row).collect()
}

/// One look at data about `person`, if there is one and the person may see it at `now`.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn look_at(
    store: &Store,
    person: PersonId,
    id: i64,
    now: Timestamp,
) -> Result<Option<LookRow>, Fault> {
    store::look_at(store, person, id, now).await?.map(row).transpose()
}

/// The agencies that looked at data about `person`, as far as the person may know at `now`; by code.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn lookers(store: &Store, person: PersonId, now: Timestamp) -> Result<Vec<AgencyCode>, Fault> {
    let codes = store::distinct(store, "agency", person, now).await?;
    Ok(codes.iter().filter_map(|code| AgencyCode::parse(code)).collect())
}

/// The grounds on which somebody looked at data about `person`, as far as the person may know at `now`.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn grounds(store: &Store, person: PersonId, now: Timestamp) -> Result<Vec<String>, Fault> {
    store::distinct(store, "ground", person, now).await
}

/// The looks of one account of staff, newest first, before the cursor `before`: what is recorded of oneself.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn looks_by(
    store: &Store,
    account: AccountId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<LookRow>, Fault> {
    let found = store::looks_by(store, account, before.unwrap_or(i64::MAX), limit.clamp(1, 200)).await?;
    found.into_iter().map(row).collect()
}
