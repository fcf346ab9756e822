//! A firm's people (企业办事人员): added, changed and removed by whoever manages it; never without somebody who does.

use crate::confirm::Confirmed;
use crate::events::OrganisationEvent;
use crate::mandate::find_agent;
use crate::model::{MemberRole, ProfileKind};
use crate::rights::{Applicant, mandate_ended};
use crate::store::{self, StaffRow};
use ::store::{Cx, Store};
use jiff::civil::Date;
use kernel::{OrganisationId, Outcome, PersonId, Refusal, RefusalKind, SubjectId, Timestamp, clock};
use trace::Subject;

/// How many of a firm's people stand on one page.
pub const STAFF_LINES: i64 = 50;

/// Somebody who acts for a firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they are to it.
    pub role: MemberRole,
    /// Since when.
    pub since: Timestamp,
    /// The last day; none for as long as it lasts.
    pub until: Option<Date>,
}

/// Somebody to be added, by their identity number and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStaff {
    /// The identity number.
    pub number: String,
    /// The name that belongs to it.
    pub name: String,
    /// What they shall be.
    pub role: MemberRole,
    /// The last day; none for as long as it lasts.
    pub until: Option<Date>,
}

pub(crate) fn not_an_administrator() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "identity.staff-not-administrator",
        "只有单位的法定代表人或管理员才能办理。",
        "Only the organisation's legal representative or an administrator can do this.",
    )
    .next(
        "请让单位的管理员办理；个人事项请先切换回本人。",
        "Ask an administrator; for your own matters, switch back to yourself.",
    )
}

/// The firm that `who` manages.
fn managed(who: &Applicant) -> Result<OrganisationId, Refusal> {
    who.acting().filter(|_| who.manages()).ok_or_else(not_an_administrator)
}

/// The people of the firm that `who` manages, by id, after `after`.
///
/// # Errors
/// `identity.staff-not-administrator` when they manage none.
pub async fn staff_of(
    store: &Store,
    who: &Applicant,
    now: Timestamp,
    after: Option<PersonId>,
) -> Outcome<Vec<StaffMember>> {
    let firm = managed(who)?;
    let after = after.map_or_else(String::new, |id| id.to_string());
    let rows = store::staff(store, firm, now, &after, STAFF_LINES).await?;
    Ok(rows.into_iter().map(member).collect())
}

/// One of the people of the firm that `who` manages.
///
/// # Errors
/// Not found when they are none of them; `identity.staff-not-administrator`.
pub(crate) async fn staff_member(
    store: &Store,
    who: &Applicant,
    now: Timestamp,
    person: PersonId,
) -> Outcome<StaffMember> {
    let found = store::staff_member(store, managed(who)?, person, now).await?;
    Ok(member(found.ok_or_else(Refusal::not_found)?))
}

fn member(r: StaffRow) -> StaffMember {
    StaffMember {
        person: r.person,
        name: r.name,
        role: r.role,
        since: r.since,
        until: r.ends_at.map(crate::mandate::last_day),
    }
}

fn wrong(code: &'static str, field: &str, zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Invalid, code, zh, en).field(field, zh, en)
}

/// Adds somebody to the people of the firm that `who` manages, or changes their role or last day.
///
/// # Errors
/// `identity.staff-*` and `identity.mandate-nobody` refusals, each with its field.
pub async fn set_staff(cx: &mut Cx, who: &Applicant, sure: &Confirmed, new: &NewStaff) -> Outcome<PersonId> {
    sure.of(who.account())?;
    let firm = managed(who)?;
    if new.role == MemberRole::LegalRepresentative {
        return Err(from_the_register().into());
    }
    if new.until.is_some_and(|day| day < clock::legal_date(cx.now)) {
        let (zh, en) = ("截止日期不能早于今天。", "The last day cannot be before today.");
        return Err(wrong("identity.staff-past", "until", zh, en).into());
    }
    let found = find_agent(cx.store(), ProfileKind::Person, &new.number, &new.name).await?;
    let SubjectId::Person(person) = found.0 else { return Err(Refusal::not_found().into()) };
    rely(cx, who.person(), firm).await?;
    let was = store::staff_member(cx.store(), firm, person, cx.now).await?;
    if was.as_ref().is_some_and(|w| w.role == MemberRole::LegalRepresentative) {
        return Err(from_the_register().into());
    }
    let stays = new.role.manages() && new.until.is_none();
    if was.is_some_and(|w| w.role.manages()) && !stays {
        somebody_stays(cx, firm, person).await?;
    }
    let since = cx.now;
    store::set_membership(
        &mut cx.commit,
        person,
        firm,
        new.role,
        since,
        new.until.map(crate::mandate::end_of),
    );
    note(cx, firm, &OrganisationEvent::StaffSet { person, role: new.role, until: new.until }).await?;
    Ok(person)
}

/// Removes somebody from the people of the firm that `who` manages: their sessions that act for it stop being able to at once.
///
/// # Errors
/// Not found when they are none of them; `identity.staff-last` for the last who manages it; `identity.staff-register` for the
/// legal representative.
pub async fn remove_staff(cx: &mut Cx, who: &Applicant, sure: &Confirmed, person: PersonId) -> Outcome<()> {
    sure.of(who.account())?;
    let firm = managed(who)?;
    rely(cx, who.person(), firm).await?;
    let found =
        store::staff_member(cx.store(), firm, person, cx.now).await?.ok_or_else(Refusal::not_found)?;
    if found.role == MemberRole::LegalRepresentative {
        return Err(from_the_register().into());
    }
    if found.role.manages() {
        somebody_stays(cx, firm, person).await?;
    }
    end(cx, firm, person).await
}

/// Ends what `person` is to `firm`, whoever they are: for registers that say so.
///
/// # Errors
/// Not found when they are nothing to it.
pub async fn end_membership(cx: &mut Cx, person: PersonId, firm: OrganisationId) -> Outcome<()> {
    store::staff_member(cx.store(), firm, person, cx.now).await?.ok_or_else(Refusal::not_found)?;
    end(cx, firm, person).await
}

async fn end(cx: &mut Cx, firm: OrganisationId, person: PersonId) -> Outcome<()> {
    let at = cx.now;
    store::end_membership(&mut cx.commit, person, firm, at);
    note(cx, firm, &OrganisationEvent::MandateEnded { person }).await
}

/// Every change stands in the firm's own trace, so that two administrators who remove each other cannot both succeed.
async fn note(cx: &mut Cx, firm: OrganisationId, event: &OrganisationEvent) -> Outcome<()> {
    let (subject, now) = (Subject::new("organisation", firm), cx.now);
    let mut head = trace::head(cx.store(), &subject).await?;
    trace::record(cx, &mut head, &subject, event, now)
}

async fn somebody_stays(cx: &Cx, firm: OrganisationId, but: PersonId) -> Outcome<()> {
    if store::managers(cx.store(), firm, but).await? > 0 {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::Conflict,
        "identity.staff-last",
        "这是单位最后一位长期有效的管理员，不能移除、改任或设截止日期。",
        "This is the last lasting administrator of the organisation and cannot be removed, changed or given a last day.",
    )
    .next("请先添加另一位管理员。", "Add another administrator first.")
    .into())
}

fn from_the_register() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "identity.staff-register",
        "法定代表人以登记机关的登记为准，不能在这里变更。",
        "The legal representative is as registered and is not changed here.",
    )
    .next("请到登记机关办理变更登记。", "Have the change registered with the registration authority.")
}

/// Adds to the commit that `person` must still be one of `firm`'s people when it happens.
///
/// # Errors
/// `identity.mandate-ended` when they are not any more.
pub(crate) async fn rely(cx: &mut Cx, person: PersonId, firm: OrganisationId) -> Outcome<()> {
    let now = cx.now;
    if store::staff_member(cx.store(), firm, person, now).await?.is_none() {
        return Err(mandate_ended().into());
    }
    store::guard_membership(&mut cx.commit, person, firm, now);
    Ok(())
}
