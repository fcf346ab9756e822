//! Who works at a hall's windows: its own clerks, and those of other agencies whom its head has admitted; and what they are trained for.

use super::{Manager, prefix, stir, tell_hall_all, works_in};
use crate::model::{Hall, HallCode, HallEvent, Letters};
use crate::rules::refuse;
use crate::rules::training::{covered, named_items};
use crate::store::{self as rows, Change, Guest, StaffChange, Training};
use ::store::{Cx, Store};
use identity::{Agency, Clerk, Colleague, Role};
use kernel::{AccountId, AgencyCode, Outcome, Refusal};

/// Somebody who may be on duty at the windows of a hall. Made by [`Worker::of`] only.
#[derive(Debug, Clone)]
pub struct Worker {
    hall: Hall,
}

impl Worker {
    /// The right of a clerk to the windows of a hall: of its own agency, or admitted by its head for the agency whose post they act in.
    ///
    /// # Errors
    /// Not found for a hall that is none, or is somebody else's.
    pub async fn of(store: &Store, clerk: &Clerk, hall: &HallCode) -> Outcome<Self> {
        let hall = rows::hall(store, hall).await?.ok_or_else(Refusal::not_found)?;
        if works_in(clerk.agency(), &hall.agency) {
            return Ok(Self { hall });
        }
        let guest = rows::guest(store, &hall.code, clerk.account()).await?;
        let admitted = guest.is_some_and(|g| g.agency == clerk.agency().as_str());
        if admitted { Ok(Self { hall }) } else { Err(Refusal::not_found().into()) }
    }

    /// The hall.
    pub fn hall(&self) -> &Hall {
        &self.hall
    }
}

/// A clerk of a hall.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    /// The agency that sends them; none for the hall's own.
    pub(crate) sent_by: Option<AgencyCode>,
}

/// The clerks of an agency.
pub(crate) async fn clerks_of(store: &Store, agency: &AgencyCode) -> Outcome<Vec<Colleague>> {
    let mut all = identity::colleagues(store, agency).await?;
    all.retain(|c| c.role == Role::Clerk);
    all.dedup_by_key(|c| c.account);
    Ok(all)
}

/// Whether an agency may send clerks to a hall: another one of the hall's division, of one above it or in it.
pub(crate) fn may_send(agency: &Agency, hall: &Hall) -> bool {
    let (theirs, ours) = (prefix(&agency.division), prefix(&hall.division));
    let near = theirs.starts_with(ours) || ours.starts_with(theirs);
    near && !works_in(&agency.code, &hall.agency)
}

/// Everybody who may be on duty in a hall: its own clerks, then those who were admitted.
pub(crate) async fn members(store: &Store, hall: &Hall) -> Outcome<Vec<Member>> {
    let directory = identity::directory(store).await?;
    let mut members: Vec<Member> = Vec::new();
    for agency in directory.agencies().filter(|a| works_in(&a.code, &hall.agency)) {
        for clerk in clerks_of(store, &agency.code).await? {
            if members.iter().all(|m| m.account != clerk.account) {
                members.push(Member { account: clerk.account, name: clerk.name, sent_by: None });
            }
        }
    }
    for guest in rows::guests(store, &hall.code).await? {
        let Some(agency) = AgencyCode::parse(&guest.agency) else { continue };
        let own = clerks_of(store, &agency).await?;
        // Whoever has left the agency has no name here any more; the admission may be ended all the same.
        let name =
            own.into_iter().find(|c| c.account == guest.clerk).map_or_else(|| "—".to_owned(), |c| c.name);
        members.push(Member { account: guest.clerk, name, sent_by: Some(agency) });
    }
    Ok(members)
}

async fn member(cx: &Cx, who: &Manager, clerk: AccountId) -> Outcome<Member> {
    let all = members(cx.store(), who.hall()).await?;
    Ok(all.into_iter().find(|m| m.account == clerk).ok_or_else(Refusal::not_found)?)
}

/// What is written of a training, when the hall has all of it.
async fn learnt(
    cx: &Cx,
    hall: &HallCode,
    clerk: AccountId,
    (letters, items): (&Letters, &[String]),
) -> Outcome<Training> {
    let businesses = rows::businesses(cx.store(), hall).await?;
    let named = named_items(&businesses);
    let known = letters.0.iter().all(|l| businesses.iter().any(|b| b.letter == *l))
        && items.iter().all(|item| named.contains(item));
    if !known || (letters.0.is_empty() && items.is_empty()) {
        return Err(refuse::no_training().into());
    }
    Ok(Training {
        hall: hall.clone(),
        clerk,
        letters: letters.clone(),
        items: items.join(" "),
        covers: covered(&businesses, letters, items),
    })
}

/// Adds to the list of changes.
async fn note(
    cx: &mut Cx,
    hall: &HallCode,
    clerk: AccountId,
    what: StaffChange,
    t: Option<&Training>,
) -> Outcome<()> {
    let last = rows::changes(cx.store(), hall, 1).await?.first().map_or(0, |c| c.nth);
    let change = Change {
        nth: last + 1,
        at: cx.now,
        clerk,
        head: cx.actor.account,
        what,
        letters: t.map(|t| t.letters.clone()).unwrap_or_default(),
        items: t.map(|t| t.items.clone()).unwrap_or_default(),
    };
    rows::add_change(&mut cx.commit, hall, &change);
    Ok(())
}

/// Says what a clerk of the hall is trained for: businesses, and items that businesses of the hall name.
///
/// # Errors
/// Not found for somebody who is no clerk here, `hall.no-training` for nothing at all or what the hall has not.
pub async fn set_training(
    cx: &mut Cx,
    who: &Manager,
    clerk: AccountId,
    (letters, items): (&Letters, &[String]),
) -> Outcome<()> {
    let hall = &who.hall().code;
    member(cx, who, clerk).await?;
    let training = learnt(cx, hall, clerk, (letters, items)).await?;
    rows::put_training(&mut cx.commit, &training);
    note(cx, hall, clerk, StaffChange::Trained, Some(&training)).await?;
    let event = HallEvent::TrainingSet { clerk, letters: letters.clone(), items: items.to_vec() };
    tell_hall_all(cx, hall, &[event]).await?;
    stir(cx, hall).await
}

/// Nothing is kept any more of what one of the hall's own clerks is trained for: they do whatever their window takes.
///
/// # Errors
/// Not found for somebody who is no clerk of the hall's own.
pub async fn untie(cx: &mut Cx, who: &Manager, clerk: AccountId) -> Outcome<()> {
    let hall = &who.hall().code;
    if member(cx, who, clerk).await?.sent_by.is_some() {
        return Err(Refusal::not_found().into());
    }
    rows::drop_training(&mut cx.commit, hall, clerk);
    note(cx, hall, clerk, StaffChange::Untied, None).await?;
    tell_hall_all(cx, hall, &[HallEvent::TrainingEnded { clerk }]).await?;
    stir(cx, hall).await
}

/// Admits a clerk of another agency to the windows, for what they are trained for.
///
/// # Errors
/// `hall.no-guest` for somebody who is no clerk of that agency, one of an agency of another place, is one of the hall's own or was admitted before; `hall.no-training` as for
/// [`set_training`].
pub async fn admit(
    cx: &mut Cx,
    who: &Manager,
    agency: &AgencyCode,
    clerk: AccountId,
    (letters, items): (&Letters, &[String]),
) -> Outcome<()> {
    let hall = &who.hall().code;
    let directory = identity::directory(cx.store()).await?;
    let sends = directory.get(agency).is_some_and(|a| may_send(a, who.hall()));
    let theirs = sends && clerks_of(cx.store(), agency).await?.iter().any(|c| c.account == clerk);
    let here = members(cx.store(), who.hall()).await?.iter().any(|m| m.account == clerk);
    if !theirs || here {
        return Err(refuse::no_guest().into());
    }
    let training = learnt(cx, hall, clerk, (letters, items)).await?;
    rows::put_training(&mut cx.commit, &training);
    let guest = Guest { clerk, agency: agency.to_string(), since: cx.now };
    rows::add_guest(&mut cx.commit, hall, &guest);
    note(cx, hall, clerk, StaffChange::Admitted, Some(&training)).await?;
    let events = [
        HallEvent::GuestAdmitted { clerk, agency: agency.clone() },
        HallEvent::TrainingSet { clerk, letters: letters.clone(), items: items.to_vec() },
    ];
    tell_hall_all(cx, hall, &events).await
}

/// Ends an admission.
///
/// # Errors
/// Not found for somebody who was not admitted, `hall.guest-on-duty` while they are at a window of the hall.
pub async fn dismiss(cx: &mut Cx, who: &Manager, clerk: AccountId) -> Outcome<()> {
    let hall = &who.hall().code;
    rows::guest(cx.store(), hall, clerk).await?.ok_or_else(Refusal::not_found)?;
    if let Some((there, number)) = rows::duty(cx.store(), clerk).await?
        && there == *hall
    {
        return Err(refuse::guest_on_duty(&number).into());
    }
    rows::drop_training(&mut cx.commit, hall, clerk);
    rows::drop_guest(&mut cx.commit, hall, clerk);
    note(cx, hall, clerk, StaffChange::Dismissed, None).await?;
    tell_hall_all(cx, hall, &[HallEvent::GuestDismissed { clerk }]).await?;
    // Whoever goes on duty at this moment decides again.
    stir(cx, hall).await
}
