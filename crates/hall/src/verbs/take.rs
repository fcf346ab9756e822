//! Taking a number (取号): at a kiosk, on line, or by a clerk.

use super::day_of;
use crate::Today;
use crate::model::{HallCode, Letter, Priority, TicketEvent, TicketId, Via, ticket_subject};
use crate::rules::codes;
use crate::rules::estimate::Wait;
use crate::rules::hours::Hours;
use crate::rules::refuse;
use crate::rules::ticket as rules;
use crate::rules::turn::SPACING;
use crate::settings::Settings;
use crate::store as rows;
use ::store::{Cx, Store};
use kernel::{ActorRef, Calendar, Failure, Fault, Outcome, PersonId, Refusal, Text};
use trace::Head;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Taking {
    /// Where.
    pub hall: HallCode,
    /// For which business.
    pub letter: Letter,
    /// How.
    pub via: Via,
    /// The priority that is claimed.
    pub priority: Priority,
    /// Whose it is ([`blind_person`], [`blind_phone`]); nobody must say.
    pub who: Option<String>,
    /// The secret part of the ticket's address, made by [`crate::token`] with the form: sent twice, it is one ticket.
    pub token: String,
    /// The secret of the kiosk, when it is taken at one.
    pub kiosk: Option<String>,
}

/// A ticket that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its id.
    pub id: TicketId,
    /// `A005`.
    pub number: String,
}

/// The blind index of a person.
pub fn blind_person(store: &Store, person: PersonId) -> String {
    store.sealer().blind("hall_ticket.who", &format!("person:{person}"))
}

/// The blind index of a telephone number; `None` for text that is none.
///
/// # Errors
/// `hall.phone` for something that is no mobile number of 11 digits.
pub fn blind_phone(store: &Store, phone: &str) -> Result<Option<String>, Refusal> {
    let phone: String = phone.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if phone.is_empty() {
        return Ok(None);
    }
    let fine = phone.len() == 11 && phone.starts_with('1') && phone.bytes().all(|b| b.is_ascii_digit());
    if !fine {
        let say = Text::new(
            "请填写11位手机号码，或者不填。",
            "Give a mobile number of 11 digits, or leave it empty.",
        );
        return Err(refuse::field("hall.phone", "phone", say));
    }
    Ok(Some(store.sealer().blind("hall_ticket.who", &format!("phone:{phone}"))))
}

/// The blind index of a secret in an address.
pub(crate) fn blind_token(store: &Store, token: &str) -> String {
    store.sealer().blind("hall_ticket.token", token)
}

/// The blind index of a short code.
pub(crate) fn blind_code(store: &Store, code: &str) -> String {
    store.sealer().blind("hall_ticket.code", code)
}

/// The short code of a ticket on paper: nobody works it out who has not the key.
pub(crate) fn paper_code(store: &Store, id: TicketId) -> String {
    let drawn = store.sealer().blind("hall_ticket.paper", &id.to_string());
    codes::code(drawn.get(..10).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or_default())
}

/// The secret of the address to which the short code of a ticket leads, and the tablet at the window: 128 bits.
pub(crate) fn address(store: &Store, id: TicketId) -> String {
    let drawn = store.sealer().blind("hall_ticket.address", &id.to_string());
    drawn.get(..32).unwrap_or_default().to_owned()
}

/// Gives one's own ticket a fresh address, `token`; the former one leads nowhere from then on.
///
/// # Errors
/// Not found when they (`who` is [`blind_person`]) have none of today that is not finished, `hall.form-old` for an address that is taken.
pub async fn readdress(cx: &mut Cx, hall: &HallCode, letter: Letter, who: &str, token: &str) -> Outcome<()> {
    let day = day_of(cx.now);
    let row = rows::ticket_of(cx.store(), hall, &day, letter, who).await?.ok_or_else(Refusal::not_found)?;
    let token = blind_token(cx.store(), token);
    match rows::by_token(cx.store(), &token).await? {
        Some(other) if other.id == row.id => {} // sent twice
        Some(_) => return Err(refuse::form_old().into()),
        None => rows::set_token(&mut cx.commit, row.id, &token),
    }
    Ok(())
}

/// Takes a ticket. Its number is the next of its hall, day and letter: without a gap, and never given twice.
///
/// # Errors
/// `hall.closed` outside of the hall's hours (a clerk may always take one), `hall.one-ticket` when the same person waits for the same
/// business, `hall.no-open-window` and `hall.too-late` when nobody could serve it before the hall closes, `hall.form-used` for a kiosk's
/// form that made a ticket before, `hall.no-kiosk` and `hall.kiosk-busy` at a kiosk, `hall.no-business` for a letter that the hall has not.
pub async fn take(cx: &mut Cx, calendar: &Calendar, terms: &Settings, t: &Taking) -> Outcome<Taken> {
    let token = blind_token(cx.store(), &t.token);
    let day = day_of(cx.now);
    // First of all: whatever changes the queue after this is a conflict.
    let rev = rows::rev(cx.store(), &t.hall, &day).await?;
    if t.via == Via::Phone {
        // Whose the ticket is stands nowhere, not in its trace either.
        cx.actor = ActorRef::visitor();
    }
    if let Some(row) = rows::by_token(cx.store(), &token).await? {
        // On one's own telephone it is the same ticket, sent twice; at a kiosk it may be somebody else's.
        if t.via == Via::Kiosk {
            return Err(refuse::form_used().into());
        }
        return Ok(Taken { id: row.id, number: row.number() });
    }
    allowed(cx, calendar, terms, t, &day).await?;
    let serial = rows::last_serial(cx.store(), &t.hall, &day, t.letter).await? + 1;
    let event = TicketEvent::Taken {
        hall: t.hall.clone(),
        day: day.clone(),
        letter: t.letter,
        serial,
        place: (rev + 1) * SPACING,
        priority: t.priority,
        // Nobody claims an appointment: it was found.
        sure: matches!(t.priority, Priority::Ordinary | Priority::Appointment) || t.via == Via::Clerk,
        via: t.via,
    };
    let (id, now): (TicketId, _) = (cx.new_id(), cx.now);
    let ticket = rules::begun(&event, now).ok_or_else(|| Fault::new("a taking begins a ticket"))?;
    trace::record(cx, &mut Head::start(), &ticket_subject(id), &event, now)?;
    let code = (t.via != Via::Phone).then(|| blind_code(cx.store(), &paper_code(cx.store(), id)));
    let ways = rows::Ways { address: blind_token(cx.store(), &address(cx.store(), id)), token, code };
    rows::insert(&mut cx.commit, id, &ways, t.who.as_deref(), &ticket);
    rows::advance(&mut cx.commit, &t.hall, &day, rev);
    Ok(Taken { id, number: ticket.number() })
}

async fn allowed(cx: &mut Cx, calendar: &Calendar, terms: &Settings, t: &Taking, day: &str) -> Outcome<()> {
    let hall = rows::hall(cx.store(), &t.hall).await?.ok_or_else(Refusal::not_found)?;
    let letters = rows::businesses(cx.store(), &t.hall).await?;
    if !letters.iter().any(|b| b.letter == t.letter) {
        return Err(refuse::no_business().into());
    }
    let hours = Hours::parse(&hall.hours).map_err(Fault::new)?;
    // Who has an appointment is served, however many wait.
    if t.via != Via::Clerk && t.priority != Priority::Appointment {
        in_time(cx, calendar, terms, t, &hours).await?;
    }
    if t.via == Via::Kiosk {
        count(cx, terms, t).await?;
    }
    if let Some(who) = &t.who
        && let Some(other) = rows::ticket_of(cx.store(), &t.hall, day, t.letter, who).await?
    {
        return Err(refuse::one_ticket(&other.number()).into());
    }
    Ok(())
}

/// Whether it may be hoped that the ticket is called today: the hall gives tickets, a window for the business is open, and even the low
/// end of the estimate lies before closing.
async fn in_time(cx: &Cx, calendar: &Calendar, terms: &Settings, t: &Taking, hours: &Hours) -> Outcome<()> {
    if !hours.gives_tickets(calendar, cx.now, terms.early_minutes) {
        return Err(refuse::closed().into());
    }
    let today = Today::read(cx.store(), &t.hall, cx.now).await?;
    if !today.windows().iter().any(|w| w.open && w.letters.has(t.letter)) {
        return Err(refuse::no_open_window().into());
    }
    let first = t.priority != Priority::Ordinary;
    let wait = today.wait_for(cx.store(), t.letter, first, terms).await?;
    match (wait, hours.minutes_left(calendar, cx.now)) {
        (Wait::Minutes(low, _), Some(left)) if low >= left.max(1) => Err(refuse::too_late(low).into()),
        _ => Ok(()),
    }
}

/// A kiosk gives so many tickets in a minute and no more.
async fn count(cx: &mut Cx, terms: &Settings, t: &Taking) -> Outcome<()> {
    let token = blind_token(cx.store(), t.kiosk.as_deref().unwrap_or_default());
    let kiosk = rows::kiosk(cx.store(), &token).await?.filter(|k| k.hall == t.hall);
    let kiosk = kiosk.ok_or_else(|| Failure::from(refuse::no_kiosk()))?;
    let minute = cx.now.as_second() / 60;
    let taken = if kiosk.minute == minute { kiosk.taken + 1 } else { 1 };
    if taken > terms.kiosk_minute {
        return Err(refuse::kiosk_busy().into());
    }
    rows::count_kiosk(&mut cx.commit, &token, &kiosk, minute, taken);
    Ok(())
}
