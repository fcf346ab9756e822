//! Away and stood in for: an examiner names a colleague for some days; it ends by itself.

use crate::demo::demo_runs;
use crate::events::{self, AccountEvent};
use crate::model::{DelegationId, Role};
use crate::people::colleagues;
use crate::rights::Examiner;
use crate::store::{self, DelegationRow, NewDelegation, also};
use ::store::{Cx, Store};
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::{AccountId, AgencyCode, Fault, Outcome, Refusal, RefusalKind, clock};

/// How many days one time away may last.
const DAYS_MAX: i32 = 366;
/// How many times away one account may have before it.
const AHEAD_MAX: usize = 20;
/// How long an ended time away is kept beside the trace.
const KEPT_DAYS: i64 = 30;

/// One time away, for which a colleague stands in (外出期间委托同事代办).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// Its id.
    pub id: DelegationId,
    /// Who is away.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Who stands in.
    pub to: AccountId,
    /// Their name.
    pub to_name: String,
    /// In which agency.
    pub agency: AgencyCode,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
}

/// The times away that concern an account and have not ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delegations {
    /// Its own.
    pub away: Vec<Delegation>,
    /// Those in which it stands in.
    pub standing_in: Vec<Delegation>,
}

/// A day as the table keeps it: 20261122 sorts alike in every database.
fn number(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

fn day(number: i64) -> Result<Date, Fault> {
    let part = |n: i64| i8::try_from(n % 100).unwrap_or(0);
    let year = i16::try_from(number / 10_000).unwrap_or(0);
    Date::new(year, part(number / 100), part(number)).map_err(|e| Fault::from("reading a day away", e))
}

fn delegation(row: DelegationRow) -> Result<Delegation, Fault> {
    Ok(Delegation {
        id: row.id,
        account: row.account,
        name: row.name,
        to: row.delegate,
        to_name: row.delegate_name,
        agency: AgencyCode::parse(&row.agency)
            .ok_or_else(|| Fault::new("an agency's code cannot be read"))?,
        from: day(row.from_day)?,
        until: day(row.until_day)?,
    })
}

/// Names `to`, an examiner of the same agency, to stand in from the first day to the last, both included. Whoever stands
/// in does so with their own name, and does not hand it on to those who stand in for them.
///
/// # Errors
/// `identity.away-*` refusals: days in the past or in the wrong order, too long, not a colleague, days that overlap.
pub async fn delegate(
    cx: &mut Cx,
    who: &Examiner,
    to: AccountId,
    from: Date,
    until: Date,
) -> Outcome<DelegationId> {
    let today = clock::legal_date(cx.now);
    days_fit(today, from, until)?;
    let mut others = colleagues(cx.store(), who.agency()).await?.into_iter();
    if to == who.account() || !others.any(|c| c.account == to && c.role == Role::Examiner) {
        return Err(no(
            "identity.away-not-a-colleague",
            "to",
            "请在本部门的审查人员中选择代办人。",
            "Choose another examiner of your own agency.",
        )
        .into());
    }
    let ahead = store::away_of(cx.store(), who.account(), number(today)).await?;
    let overlaps = |d: &DelegationRow| {
        d.agency == who.agency().as_str() && d.from_day <= number(until) && number(from) <= d.until_day
    };
    if ahead.iter().any(overlaps) {
        return Err(no(
            "identity.away-overlap",
            "from",
            "这段时间与您已经登记的外出时间重叠。",
            "These days overlap with a time away you have entered already.",
        )
        .into());
    }
    if ahead.len() >= AHEAD_MAX {
        return Err(no(
            "identity.away-too-many",
            "from",
            "您登记的外出时间太多了。",
            "You have entered too many times away.",
        )
        .into());
    }
    let id: DelegationId = cx.new_id();
    let (account, agency) = (who.account(), who.agency());
    let row = NewDelegation {
        id,
        account,
        delegate: to,
        agency,
        from_day: number(from),
        until_day: number(until),
        at: cx.now,
    };
    store::insert_delegation(&mut cx.commit, &row);
    let event = AccountEvent::Delegated { delegation: id, to, agency: agency.clone(), from, until };
    events::note(cx, account, &event).await?;
    Ok(id)
}

fn no(code: &'static str, field: &str, zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Invalid, code, zh, en).field(field, zh, en)
}

fn days_fit(today: Date, from: Date, until: Date) -> Outcome<()> {
    let refusal = if from < today {
        no("identity.away-past", "from", "第一天不能早于今天。", "The first day cannot be before today.")
    } else if until < from {
        no(
            "identity.away-order",
            "until",
            "最后一天不能早于第一天。",
            "The last day cannot be before the first.",
        )
    } else if from.until(until).map_or(i32::MAX, |span| span.get_days()) >= DAYS_MAX {
        no("identity.away-too-long", "until", "一次外出最长登记一年。", "One time away lasts a year at most.")
    } else {
        return Ok(());
    };
    Err(refusal.into())
}

/// Ends one's own time away at once, or takes it back before it begins.
///
/// # Errors
/// Not found when it is not one's own, or has ended.
pub async fn end_delegation(cx: &mut Cx, who: &Examiner, id: DelegationId) -> Outcome<()> {
    let today = number(clock::legal_date(cx.now));
    let own = store::away_of(cx.store(), who.account(), today).await?;
    if !own.iter().any(|d| d.id == id) {
        return Err(Refusal::not_found().into());
    }
    store::delete_delegation(&mut cx.commit, id, who.account());
    events::note(cx, who.account(), &AccountEvent::DelegationEnded { delegation: id }).await
}

/// The times away of `account`, and those in which it stands in, that have not ended on `today`.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn delegations(store: &Store, account: AccountId, today: Date) -> Result<Delegations, Fault> {
    let read = |rows: Vec<DelegationRow>| rows.into_iter().map(delegation).collect::<Result<Vec<_>, Fault>>();
    Ok(Delegations {
        away: read(store::away_of(store, account, number(today)).await?)?,
        standing_in: read(store::standing_in(store, account, number(today)).await?)?,
    })
}

/// Who stands in for `account` on a day: those who still hold a post of an examiner in the same agency.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn delegates_of(store: &Store, account: AccountId, on: Date) -> Result<Vec<AccountId>, Fault> {
    store::delegates_of(store, account, number(on), also(demo_runs())).await
}

/// For whom `account` stands in on a day, as long as both hold a post of an examiner in that agency.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn acting_for(store: &Store, account: AccountId, on: Date) -> Result<Vec<AccountId>, Fault> {
    let rows = store::acting_for(store, account, number(on)).await?;
    Ok(rows.into_iter().map(|(account, ..)| account).collect())
}

/// Whether `who` may act as a person in charge of their agency on a day: being one, or standing in for one.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn head_on(store: &Store, who: &Examiner, on: Date) -> Result<bool, Fault> {
    if who.is_head() {
        return Ok(true);
    }
    let rows = store::acting_for(store, who.account(), number(on)).await?;
    Ok(rows.iter().any(|(_, agency, head)| *head && agency == who.agency().as_str()))
}

/// Adds to the commit that times away are forgotten a month after their end.
pub(crate) fn sweep(cx: &mut Cx) {
    let before = clock::legal_date(cx.now).checked_sub(KEPT_DAYS.days());
    if let Ok(before) = before {
        store::sweep_delegations(&mut cx.commit, number(before));
    }
}
