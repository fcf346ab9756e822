//! Who is told of an appointment, and how. Booked on line: a letter to the account. Booked by a clerk: a short message to the number she
//! was told, whether it is an account's or not — so that what the desk sees of it is the same — and the account hears that it was booked.

use super::read;
use crate::model::{Appointment, AppointmentEvent, AppointmentId, Visitor};
use crate::rules::words::{self, News};
use ::store::outbox::Message;
use ::store::{Cx, Ground, receive};
use identity::letters::{self, Carried, Letter, ToNumber};
use kernel::{Fault, Outcome, SubjectId};

/// What is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    Booked,
    Moved,
    Cancelled,
    Closed,
    Opened,
    Tomorrow,
    Missed,
    Excused,
}

impl Said {
    /// What a number is told of it: whoever books hears it at once, and an absence has no consequence without an account.
    fn news(self) -> Option<News> {
        match self {
            Self::Moved => Some(News::Moved),
            Self::Cancelled => Some(News::Cancelled),
            Self::Closed => Some(News::Closed),
            Self::Opened => Some(News::Opened),
            Self::Tomorrow => Some(News::Tomorrow),
            Self::Booked | Self::Missed | Self::Excused => None,
        }
    }

    fn letter(self) -> Letter {
        match self {
            Self::Booked => Letter::AppointmentBooked,
            Self::Tomorrow => Letter::AppointmentTomorrow,
            Self::Missed => Letter::AppointmentMissed,
            Self::Moved | Self::Cancelled | Self::Closed | Self::Opened | Self::Excused => {
                Letter::AppointmentChanged
            }
        }
    }
}

/// Tells whoever comes, and whoever they come for.
pub(crate) async fn tell(
    cx: &mut Cx,
    (id, one): (AppointmentId, &Appointment),
    said: Said,
) -> Result<(), Fault> {
    let phone = one.visitor.phone.as_ref();
    let Some((phone, news)) = phone.zip(said.news()) else {
        return tell_accounts(cx, &one.visitor, said.letter());
    };
    let hall = hall::hall(cx.store(), &one.place.hall).await?;
    let (call, slot) = (hall.map(|hall| hall.phone).unwrap_or_default(), &one.place.slot);
    let letter = ToNumber {
        phone: &phone.0,
        about: said.letter(),
        text: words::to_number(news, slot, &call),
        // The reminder until it begins; what has changed is worth knowing until it is over.
        until: if said == Said::Tomorrow { slot.starts_at } else { slot.ends_at },
        of: id.subject(),
    };
    letters::tell_number(cx, letter)
}

fn tell_accounts(cx: &mut Cx, visitor: &Visitor, letter: Letter) -> Result<(), Fault> {
    let person = visitor.person.map(SubjectId::Person);
    if let Some(person) = person {
        letters::tell_subject(cx, person, letter)?;
    }
    match visitor.party.filter(|party| Some(*party) != person) {
        Some(party) => letters::tell_subject(cx, party, letter),
        None => Ok(()),
    }
}

/// Hears that a short message has left (`identity.letter-carried`), and writes it down in the appointment's trace.
///
/// # Errors
/// A fault of the store.
pub async fn on_carried(ground: &Ground, message: &Message) -> Outcome<()> {
    let Carried { of, about, way } = message.parse()?;
    let Some(id) = of.strip_prefix("appointment:").and_then(|id| id.parse::<AppointmentId>().ok()) else {
        return Ok(());
    };
    let event = AppointmentEvent::WrittenTo { about, way };
    receive!(ground, message, |cx| note(&mut cx, id, &event).await)
}

async fn note(cx: &mut Cx, id: AppointmentId, event: &AppointmentEvent) -> Outcome<()> {
    let (mut head, _) = read(cx.store(), id).await?;
    let now = cx.now;
    trace::record(cx, &mut head, &id.subject(), event, now)
}
