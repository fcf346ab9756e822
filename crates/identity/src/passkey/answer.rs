//! What an authenticator answers, checked as W3C Web Authentication (Level 2) says in 7.1 and 7.2; pure. No attestation is asked for:
//! whoever made the authenticator is nobody's affair, so none is checked (its 5.4.7, `none`).

use super::cose::PublicKey;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// The longest answer that is looked at.
const LONGEST: usize = 65_536;
/// The longest name that an authenticator gives a credential (7.1, step 25).
const CREDENTIAL_MAX: usize = 1_023;

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const MAY_SYNC: u8 = 0x08;
const SYNCED: u8 = 0x10;
const ATTESTED: u8 = 0x40;
const EXTENDED: u8 = 0x80;

/// For whom passkeys of this site are good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The domain (relying party id).
    pub(crate) domain: String,
    /// The address of the site, as a browser names it.
    pub(crate) origin: String,
}

/// Why an answer is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// It cannot be read.
    Unreadable,
    /// It answers another kind of question.
    Kind,
    /// It answers another question.
    Challenge,
    /// It was given to another site, or inside of one.
    Origin,
    /// It is another site's passkey.
    Domain,
    /// Nobody was there, or nobody showed who they are (finger, face, PIN).
    Unverified,
    /// Its kind of key is not taken.
    Algorithm,
    /// It is not signed with the passkey's key.
    Signature,
    /// It was used more often than we know: there are two of it.
    Counter,
}

/// A passkey that was just made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) credential: Vec<u8>,
    /// As the authenticator wrote it (COSE).
    pub(crate) public_key: Vec<u8>,
    pub(crate) counter: i64,
    /// Whether it is kept by more than one device.
    pub(crate) synced: bool,
}

#[derive(Deserialize)]
struct Created {
    response: CreatedParts,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreatedParts {
    #[serde(rename = "clientDataJSON")]
    client: String,
    attestation_object: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asserted {
    id: String,
    response: AssertedParts,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssertedParts {
    #[serde(rename = "clientDataJSON")]
    client: String,
    authenticator_data: String,
    signature: String,
    user_handle: Option<String>,
}

/// What the browser says of the question.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// What an authenticator says of itself (6.1).
struct Authenticator<'a> {
    flags: u8,
    counter: i64,
    rest: &'a [u8],
}

/// An answer to signing in, taken apart; nothing in it is believed before [`Shown::check`].
pub(crate) struct Shown {
    pub(crate) credential: Vec<u8>,
    /// Whose it says it is.
    pub(crate) holder: Option<Vec<u8>>,
    client: Vec<u8>,
    authenticator: Vec<u8>,
    signature: Vec<u8>,
}

fn decode(text: &str) -> Result<Vec<u8>, Wrong> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| Wrong::Unreadable)
}

fn check_client(bytes: &[u8], kind: &str, challenge: &[u8], place: &Place) -> Result<(), Wrong> {
    let client: ClientData = serde_json::from_slice(bytes).map_err(|_| Wrong::Unreadable)?;
    if client.kind != kind {
        return Err(Wrong::Kind);
    }
    if decode(&client.challenge)? != challenge {
        return Err(Wrong::Challenge);
    }
    if client.origin != place.origin || client.cross_origin {
        return Err(Wrong::Origin);
    }
    Ok(())
}

fn authenticator<'a>(bytes: &'a [u8], place: &Place) -> Result<Authenticator<'a>, Wrong> {
    let (Some(hash), Some([flags, count @ ..]), Some(rest)) =
        (bytes.get(..32), bytes.get(32..37), bytes.get(37..))
    else {
        return Err(Wrong::Unreadable);
    };
    if hash != Sha256::digest(place.domain.as_bytes()).as_slice() {
        return Err(Wrong::Domain);
    }
    if flags & PRESENT == 0 || flags & VERIFIED == 0 {
        return Err(Wrong::Unverified);
    }
    if flags & SYNCED != 0 && flags & MAY_SYNC == 0 {
        return Err(Wrong::Unreadable);
    }
    let counter = count.iter().fold(0i64, |sum, byte| (sum << 8) | i64::from(*byte));
    Ok(Authenticator { flags: *flags, counter, rest })
}

/// What a browser brings after a passkey was made.
///
/// # Errors
/// [`Wrong`].
pub(crate) fn made(answer: &str, challenge: &[u8], place: &Place) -> Result<Made, Wrong> {
    if answer.len() > LONGEST {
        return Err(Wrong::Unreadable);
    }
    let created: Created = serde_json::from_str(answer).map_err(|_| Wrong::Unreadable)?;
    check_client(&decode(&created.response.client)?, "webauthn.create", challenge, place)?;
    let object = decode(&created.response.attestation_object)?;
    let object: Value = ciborium::from_reader(object.as_slice()).map_err(|_| Wrong::Unreadable)?;
    let parts = object.as_map().ok_or(Wrong::Unreadable)?;
    let bytes =
        parts.iter().find(|(name, _)| name.as_text() == Some("authData")).and_then(|p| p.1.as_bytes());
    let seen = authenticator(bytes.ok_or(Wrong::Unreadable)?, place)?;
    if seen.flags & ATTESTED == 0 {
        return Err(Wrong::Unreadable);
    }
    // The make of the authenticator (16 bytes), then the credential's name with its length, then its key.
    let length = seen.rest.get(16..18).ok_or(Wrong::Unreadable)?;
    let length = length.iter().fold(0usize, |sum, byte| (sum << 8) | usize::from(*byte));
    let credential = seen.rest.get(18..18 + length).ok_or(Wrong::Unreadable)?;
    if credential.is_empty() || length > CREDENTIAL_MAX {
        return Err(Wrong::Unreadable);
    }
    let tail = seen.rest.get(18 + length..).ok_or(Wrong::Unreadable)?;
    let mut left = tail;
    let _: Value = ciborium::from_reader(&mut left).map_err(|_| Wrong::Unreadable)?;
    if !left.is_empty() && seen.flags & EXTENDED == 0 {
        return Err(Wrong::Unreadable);
    }
    let public_key = tail.get(..tail.len() - left.len()).ok_or(Wrong::Unreadable)?.to_vec();
    PublicKey::read(&public_key).ok_or(Wrong::Algorithm)?;
    Ok(Made {
        credential: credential.to_vec(),
        public_key,
        counter: seen.counter,
        synced: seen.flags & SYNCED != 0,
    })
}

impl Shown {
    /// Takes an answer apart.
    ///
    /// # Errors
    /// [`Wrong::Unreadable`].
    pub(crate) fn read(answer: &str) -> Result<Self, Wrong> {
        if answer.len() > LONGEST {
            return Err(Wrong::Unreadable);
        }
        let asserted: Asserted = serde_json::from_str(answer).map_err(|_| Wrong::Unreadable)?;
        let parts = asserted.response;
        Ok(Self {
            credential: decode(&asserted.id)?,
            holder: parts.user_handle.filter(|h| !h.is_empty()).map(|h| decode(&h)).transpose()?,
            client: decode(&parts.client)?,
            authenticator: decode(&parts.authenticator_data)?,
            signature: decode(&parts.signature)?,
        })
    }

    /// Whether it answers this question with this passkey; the new counter.
    ///
    /// # Errors
    /// [`Wrong`].
    pub(crate) fn check(
        &self,
        challenge: &[u8],
        place: &Place,
        public_key: &[u8],
        counter: i64,
    ) -> Result<i64, Wrong> {
        check_client(&self.client, "webauthn.get", challenge, place)?;
        let seen = authenticator(&self.authenticator, place)?;
        let key = PublicKey::read(public_key).ok_or(Wrong::Algorithm)?;
        let message = [self.authenticator.as_slice(), Sha256::digest(&self.client).as_slice()].concat();
        if !key.signed(&message, &self.signature) {
            return Err(Wrong::Signature);
        }
        // Those that are kept by several devices do not count.
        if (seen.counter != 0 || counter != 0) && seen.counter <= counter {
            return Err(Wrong::Counter);
        }
        Ok(seen.counter)
    }
}
