//! A place is booked: by the person, or by a clerk for somebody at the telephone or the window.

use super::letter::{Said, tell};
use super::whose::{Called, Whose, phone_key, visitor_of};
use super::{DeskHall, code_for, remind_at};
use crate::model::{AppointmentEvent, AppointmentId, Booked, Channel, Matter, Place, Visitor};
use crate::queries;
use crate::rules::{book as rules, capacity, life, refuse, slots};
use crate::settings::Settings;
use crate::store as rows;
use ::store::{Cx, Store};
use hall::model::{Hall, HallCode, Letter};
use hall::rules::hours::Hours;
use identity::Applicant;
use identity::mandate::Act;
use kernel::{Calendar, Fault, Outcome, Refusal, SubjectId, Text, Timestamp, clock};
use trace::Head;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The item's key.
    pub item: String,
    /// Where.
    pub hall: HallCode,
    /// The beginning of the slot.
    pub starts_at: Timestamp,
}

/// Books for whoever `who` acts for; `who` comes. Sent twice, it is one appointment.
///
/// # Errors
/// `appointments.no-item`, `appointments.not-here`, a refusal of [`rules::free`], [`rules::one_more`], [`rules::not_paused`] or of the mandate.
pub async fn book(
    cx: &mut Cx,
    calendar: &Calendar,
    terms: &Settings,
    (who, channel): (&Applicant, Channel),
    asked: &Asking,
) -> Outcome<AppointmentId> {
    let item = catalog::find(cx.store(), &asked.item).await?.ok_or_else(refuse::no_item)?.item;
    let hall = hall::hall(cx.store(), &asked.hall).await?.ok_or_else(Refusal::not_found)?;
    let letter = letter_of(cx.store(), &hall, &item.key).await?;
    let matter = Matter { key: item.key.clone(), name: item.name.clone() };
    let (person, party) = (SubjectId::Person(who.person()), who.subject());
    let visitor = Visitor {
        key: person.to_string(),
        person: Some(who.person()),
        party: Some(party),
        name: who.person_name().to_owned(),
        for_name: if party == person { String::new() } else { who.subject_name().to_owned() },
        phone: None,
    };
    let wanted = (&hall, letter, asked.starts_at);
    let id = keep(cx, calendar, terms, (visitor, matter, channel), wanted).await?;
    identity::mandate::rely(cx, who, Act::Write, &[&item.key], "").await?;
    Ok(id)
}

/// The business of a hall for an item that it can do.
///
/// # Errors
/// `appointments.not-here` for one that it cannot; a fault of the store.
pub async fn letter_of(store: &Store, hall: &Hall, item: &str) -> Outcome<Letter> {
    let can = hall.offers.split(' ').any(|o| o == "*" || o == item);
    let letters = hall::businesses(store, &hall.code).await?;
    let letter = hall::letter_for(&letters, item).filter(|_| can);
    Ok(letter.ok_or_else(refuse::not_here)?)
}

/// A clerk books for somebody at the telephone or the window. Whoever that is by [`visitor_of`], they have it; what comes back, and what
/// the desk shows of it, is the same whether they have an account or not.
///
/// # Errors
/// As [`visitor_of`], `appointments.not-here`, or a refusal as [`book`].
pub async fn book_for(
    cx: &mut Cx,
    calendar: &Calendar,
    terms: &Settings,
    (desk, called): (&DeskHall, &Called),
    (letter, starts_at): (Letter, Timestamp),
) -> Outcome<AppointmentId> {
    let visitor = visitor_of(cx.store(), called).await?;
    let letters = hall::businesses(cx.store(), &desk.hall().code).await?;
    let business = letters.into_iter().find(|b| b.letter == letter).ok_or_else(refuse::not_here)?;
    let matter = Matter { key: String::new(), name: Text::new(business.name_zh, business.name_en) };
    keep(cx, calendar, terms, (visitor, matter, Channel::Clerk), (desk.hall(), letter, starts_at)).await
}

/// What is read of the slot that is wanted, and the decision on it. Whatever is read of the plan, the commit relies on.
pub(crate) async fn place_for(
    cx: &mut Cx,
    calendar: &Calendar,
    terms: &Settings,
    (hall, letter, starts_at): (&Hall, Letter, Timestamp),
) -> Outcome<Taking> {
    let plan = rows::plan(cx.store(), &hall.code).await?;
    let windows = hall::windows(cx.store(), &hall.code).await?;
    let places = capacity::of(&windows, letter, plan.offer(letter), plan.walk_in, terms).places;
    if places == 0 {
        return Err(refuse::not_here().into());
    }
    let hours = Hours::parse(&hall.hours).map_err(Fault::new)?;
    let day = clock::legal_date(starts_at);
    let day_slots = slots::of_day(&hours, calendar, day, terms);
    let slot = day_slots.iter().find(|s| s.starts_at == starts_at).ok_or_else(refuse::no_slot)?;
    let place = Place { hall: hall.code.clone(), letter, slot: *slot };
    let was = rows::taken_of(cx.store(), &place).await?;
    let closed = rows::closures(cx.store(), &hall.code, (day, day)).await?;
    let wanted = rules::Wanted {
        letter,
        starts_at,
        slots: &day_slots,
        last_day: slots::last_day(calendar, clock::legal_date(cx.now), terms),
        closed: &closed,
        places,
        taken: was.unwrap_or(0),
    };
    rules::free(&wanted, cx.now, terms)?;
    Ok(Taking { place, was, places, rev: plan.rev })
}

/// A place that may be taken.
pub(crate) struct Taking {
    pub(crate) place: Place,
    pub(crate) was: Option<i64>,
    pub(crate) places: i64,
    pub(crate) rev: Option<i64>,
}

async fn keep(
    cx: &mut Cx,
    calendar: &Calendar,
    terms: &Settings,
    (visitor, matter, channel): (Visitor, Matter, Channel),
    wanted: (&Hall, Letter, Timestamp),
) -> Outcome<AppointmentId> {
    let whose = Whose::of(cx.store(), &visitor).await?;
    let others = whose.living(cx.store(), day_begins(cx.now)?).await?;
    // The name too: whoever types a number and a name of their own must not be shown whose number it is.
    let whom = (&visitor.key, &visitor.party_key(), &visitor.name, &matter.key);
    let same = |o: &&rows::AppointmentRow| {
        (&o.hall, o.letter, o.starts_at) == (&wanted.0.code, wanted.1, wanted.2)
            && (&o.visitor, &o.party, &o.name, &o.item_key) == whom
    };
    if let Some(same) = others.iter().find(same) {
        return Ok(same.id); // sent twice
    }
    let (_, pause) = queries::paused_of(cx.store(), &visitor.key, cx.now, terms).await?;
    rules::not_paused(pause, channel, terms)?;
    let taking = place_for(cx, calendar, terms, wanted).await?;
    let place = taking.place;
    let own = whose.own(channel == Channel::Clerk);
    rules::one_more(&own, &matter, (&place.hall, place.letter, &place.slot), &others, terms)?;
    let code = code_for(cx, &place, None).await?;
    let event = AppointmentEvent::Booked(Box::new(Booked { place, code, matter, visitor, channel }));
    let (id, now): (AppointmentId, _) = (cx.new_id(), cx.now);
    let one = life::begun(&event, now).ok_or_else(|| Fault::new("a booking begins an appointment"))?;
    rows::rely_on_plan(&mut cx.commit, &one.place.hall, taking.rev);
    whose.advance(&mut cx.commit);
    rows::take_place(&mut cx.commit, &one.place, taking.was, taking.places);
    let (remind, sealer) = (remind_at(cx, &one, terms), cx.ground.store.sealer().clone());
    let called = one.visitor.phone.as_ref().map(|phone| phone_key(cx.store(), &phone.0));
    rows::insert((&mut cx.commit, &sealer), id, &one, (called, remind))?;
    trace::record(cx, &mut Head::start(), &id.subject(), &event, now)?;
    tell(cx, (id, &one), Said::Booked).await?;
    Ok(id)
}

/// When the day of a moment began.
pub(crate) fn day_begins(now: Timestamp) -> Result<Timestamp, Fault> {
    let begins = clock::legal_date(now).to_zoned(clock::legal_zone());
    Ok(begins.map_err(|e| Fault::from("the beginning of the day", e))?.timestamp())
}
