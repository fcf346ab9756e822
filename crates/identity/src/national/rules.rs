//! Whether a token of the national identity service says who somebody is (OpenID Connect Core 1.0, 3.1.3.7); pure.

use super::NationalService;
use crate::phones;
use kernel::Timestamp;
use kernel::codes::CitizenId;
use serde_json::{Map, Value};

/// Clocks differ by so many seconds.
const DRIFT: i64 = 60;
/// A token is taken so many seconds after it was made: it comes straight from the service.
const FRESH: i64 = 600;

/// What was asked for, that the token must answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'a> {
    /// The service that was asked.
    pub(crate) service: &'a NationalService,
    /// The chance that was sent along.
    pub(crate) nonce: &'a str,
    /// The moment.
    pub(crate) now: Timestamp,
    /// When it was asked.
    pub(crate) since: Timestamp,
    /// Whether they must have shown who they are since then: before something that matters.
    pub(crate) anew: bool,
}

/// Whom the service vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Vouched {
    /// Its name for the person, which never changes hands.
    pub(crate) subject: String,
    /// The citizen identity number (公民身份号码), checked by its check character.
    pub(crate) number: CitizenId,
    /// The name on the identity card.
    pub(crate) name: String,
    /// The telephone number, if the service vouches for that too.
    pub(crate) phone: Option<String>,
    /// How sure it is (`acr`).
    pub(crate) assurance: String,
    /// Whether they showed who they are since it was asked, and were not just signed in there still.
    pub(crate) anew: bool,
}

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defect {
    /// It is another service's.
    Issuer,
    /// It was made for another program.
    Audience,
    /// It is over, or from the future, or too old.
    Time,
    /// It answers another question.
    Nonce,
    /// It names nobody.
    Subject,
    /// The person did not show anew who they are.
    Stale,
    /// How sure the service is, is not enough here.
    Assurance,
    /// The service does not vouch for the identity number.
    Unverified,
    /// The identity number or the name is missing or no such thing.
    Person,
}

/// Whom the token vouches for.
///
/// # Errors
/// The first [`Defect`].
pub(crate) fn vouched(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<Vouched, Defect> {
    let service = expected.service;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let second = |name: &str| claims.get(name).and_then(Value::as_i64);
    if text("iss") != service.issuer {
        return Err(Defect::Issuer);
    }
    if !for_us(claims, &service.client_id) {
        return Err(Defect::Audience);
    }
    let now = expected.now.as_second();
    let made = second("iat").ok_or(Defect::Time)?;
    let ends = second("exp").ok_or(Defect::Time)?;
    let early = second("nbf").is_some_and(|at| at > now + DRIFT);
    if ends.saturating_add(DRIFT) <= now || made > now + DRIFT || made < now - FRESH - DRIFT || early {
        return Err(Defect::Time);
    }
    if expected.nonce.is_empty() || text("nonce") != expected.nonce {
        return Err(Defect::Nonce);
    }
    let subject = text("sub");
    if subject.is_empty() || subject.len() > 255 {
        return Err(Defect::Subject);
    }
    // Without `auth_time` nothing is said of when: it may be an old sign-in there.
    let anew = second("auth_time").is_some_and(|at| at >= expected.since.as_second() - DRIFT);
    if expected.anew && !anew {
        return Err(Defect::Stale);
    }
    let assurance = text("acr");
    if !service.assurance.is_empty() && !service.assurance.iter().any(|level| level == assurance) {
        return Err(Defect::Assurance);
    }
    if claims.get(&service.verified_claim) != Some(&Value::Bool(true)) {
        return Err(Defect::Unverified);
    }
    let number: CitizenId = text(&service.number_claim).trim().parse().map_err(|_| Defect::Person)?;
    let name = text(&service.name_claim).trim();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(Defect::Person);
    }
    Ok(Vouched {
        subject: subject.to_owned(),
        number,
        name: name.to_owned(),
        phone: phone(claims),
        assurance: assurance.to_owned(),
        anew,
    })
}

/// Whether the token was made for this program, and for no other that could have handed it on.
fn for_us(claims: &Map<String, Value>, client: &str) -> bool {
    let party = claims.get("azp").and_then(Value::as_str);
    let named = match claims.get("aud") {
        Some(Value::String(one)) => one == client,
        Some(Value::Array(all)) => all.len() == 1 && all.first().and_then(Value::as_str) == Some(client),
        _ => false,
    };
    named && party.is_none_or(|party| party == client)
}

/// The mobile number, when the service vouches for it.
fn phone(claims: &Map<String, Value>) -> Option<String> {
    let sure = claims.get("phone_number_verified") == Some(&Value::Bool(true));
    let text = claims.get("phone_number").and_then(Value::as_str).filter(|_| sure)?;
    let bare = phones::digits(text);
    let bare = bare.strip_prefix("+86").unwrap_or(&bare);
    phones::is_mobile(bare).then(|| bare.to_owned())
}
