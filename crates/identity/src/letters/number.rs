//! A letter to a telephone number that is no account's: somebody asked at a telephone or a window to be told there. It says when, and
//! whom to call, because they cannot sign in to read; it says no name, no matter and no code, for the number may be somebody else's.

use super::{DAYS, Letter, LetterId, Outgoing, PostOffice, To};
use ::store::outbox::Message;
use ::store::{Cx, Ground, receive};
use kernel::id::TypedId as _;
use kernel::{Failure, Fault, Text, Timestamp, clock};
use serde::{Deserialize, Serialize};
use trace::Subject;

pub(super) const TOPIC: &str = "identity.letter-number";
/// Such a letter has left: the body is [`Carried`]. Whoever had it sent writes it down.
pub const CARRIED: &str = "identity.letter-carried";

/// What is to be sent.
pub struct ToNumber<'a> {
    /// A mobile number, 11 digits. It stands in the message, which the store seals, and nowhere else.
    pub phone: &'a str,
    /// What it is about.
    pub about: Letter,
    /// What it says, without who writes: that stands before it.
    pub text: Text,
    /// From then on it says nothing any more.
    pub until: Timestamp,
    /// Whose it is, as [`Carried`] says it back: `appointment:<id>`.
    pub of: Subject,
}

/// A letter to a bare number has left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// Whose it was: [`ToNumber::of`].
    pub of: String,
    /// What it was about.
    pub about: Letter,
    /// By which way it left: `sms`, `outbox-folder`.
    pub way: String,
}

#[derive(Serialize, Deserialize)]
struct Told {
    id: LetterId,
    phone: String,
    about: Letter,
    zh: String,
    en: String,
    at: i64,
    until: i64,
    of: String,
}

/// Adds to the commit that a number is written to. Each letter is a subject of its own, so that one that does not get away holds up
/// no other.
///
/// # Errors
/// A fault when it cannot be written.
pub fn tell_number(cx: &mut Cx, letter: ToNumber<'_>) -> Result<(), Fault> {
    let id = LetterId::new_at(cx.now, cx.ground.rng.as_ref());
    let told = Told {
        id,
        phone: letter.phone.to_owned(),
        about: letter.about,
        zh: letter.text.zh,
        en: letter.text.en,
        at: cx.now.as_microsecond(),
        until: letter.until.as_microsecond(),
        of: letter.of.to_string(),
    };
    cx.commit.emit(TOPIC, &format!("letter:{id}"), &told)?;
    Ok(())
}

/// Carries one; without a carrier, or when it says nothing any more, it is dropped.
pub(super) async fn on_told(ground: &Ground, office: &PostOffice, message: &Message) -> Result<(), Failure> {
    let Some(carrier) = &office.carrier else { return Ok(()) };
    let told: Told = message.parse()?;
    let (at, now) = (clock::from_micros(told.at), ground.clock.now());
    if now.as_microsecond() >= told.until || now.as_second() - at.as_second() > DAYS * 86_400 {
        return Ok(());
    }
    let text =
        Text::new(format!("【{}】{}", office.site.zh, told.zh), format!("[{}] {}", office.site.en, told.en));
    let outgoing = Outgoing { id: told.id, to: To::Phone(told.phone), about: told.about, text, at };
    if let Err(why) = carrier.carry(&outgoing).await {
        tracing::warn!(letter = %told.id, way = carrier.way(), why, "a letter did not get away");
        return Err(Fault::new(format!("a letter did not get away: {why}")).transient().into());
    }
    let carried = Carried { of: told.of, about: told.about, way: carrier.way().to_owned() };
    receive!(ground, message, |cx| {
        let said = cx.commit.emit(CARRIED, &format!("letter:{}", told.id), &carried).map(|_| ());
        async { said }.await
    })
}
