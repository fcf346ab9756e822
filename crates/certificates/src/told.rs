//! Reading a status list as a verifier does, off line: whose it is, how old, and what it tells about one certificate. Pure.

use crate::jose;
use crate::keys::Trust;
use crate::sign::chain;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use der::Decode as _;
use flate2::read::ZlibDecoder;
use kernel::{Text, Timestamp};
use std::io::Read as _;
use std::time::Duration;
use x509_cert::Certificate;

/// A longer token is no status list of ours.
const TOKEN_MAX: usize = 256 * 1024;
/// A longer list is not unpacked.
const LIST_MAX: u64 = 1024 * 1024;

/// What a status list tells about one place (IETF Token Status List §7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Valid; whether it has expired stands in the certificate itself.
    Valid,
    /// Revoked, cancelled or replaced.
    Ended,
    /// Suspended.
    Suspended,
    /// A word that this program does not know.
    Other(u8),
}

/// A status, and how old the list is that tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// What is told.
    pub standing: Standing,
    /// When the list was signed.
    pub at: Timestamp,
    /// How old it is, in seconds.
    pub age: i64,
    /// Whether the list may still be believed by its own words.
    pub fresh: bool,
}

/// Why a status list says nothing about a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Silent {
    /// It is no status list that can be read.
    NotAList,
    /// It is not signed by somebody whom the trusted authorities vouch for.
    UnknownSigner,
    /// It is another list than the certificate names.
    AnotherList {
        /// Which it is.
        this: String,
    },
    /// The place lies outside of it.
    NoSuchPlace,
}

impl Silent {
    /// What to tell the person.
    pub fn say(&self) -> Text {
        match self {
            Self::NotAList => {
                Text::new("这不是可以读取的状态列表。", "This is no status list that can be read.")
            }
            Self::UnknownSigner => Text::new(
                "状态列表不是由您信任的签发机构签发的。",
                "The status list is not signed by an authority that you trust.",
            ),
            Self::AnotherList { this } => Text::new(
                format!("这份状态列表是{this}，证照的状态不在其中。"),
                format!("This status list is {this}; the certificate’s status stands in another one."),
            ),
            Self::NoSuchPlace => Text::new(
                "状态列表中没有这张证照的位置。",
                "The status list has no place for this certificate.",
            ),
        }
    }
}

/// Reads the status at `index` of the list `uri` from the token of a list.
///
/// # Errors
/// Why it says nothing.
pub fn read_status(
    token: &str,
    trust: &Trust,
    uri: &str,
    index: u64,
    now: Timestamp,
) -> Result<Told, Silent> {
    let read = jose::read_up_to(token.trim(), TOKEN_MAX).ok_or(Silent::NotAList)?;
    if read.head["typ"] != "statuslist+jwt" || read.head["alg"] != "ES256" {
        return Err(Silent::NotAList);
    }
    let number = |name: &str| read.body[name].as_i64().ok_or(Silent::NotAList);
    let (signed, ends) = (number("iat")?, read.body["exp"].as_i64());
    let at = Timestamp::from_second(signed).map_err(|_| Silent::NotAList)?;
    let signer = certificates(&read.head).ok_or(Silent::UnknownSigner)?;
    let (own, between) = signer.split_first().ok_or(Silent::UnknownSigner)?;
    let moment = Duration::from_secs(u64::try_from(signed).unwrap_or(0));
    let vouched = chain::check(own, between, &trust.roots).is_ok() && chain::in_force(own, moment);
    if !vouched || !read.signed_by_certificate(own) {
        return Err(Silent::UnknownSigner);
    }
    let this = read.body["sub"].as_str().unwrap_or_default();
    if this != uri {
        return Err(Silent::AnotherList { this: this.to_owned() });
    }
    let list = &read.body["status_list"];
    let value = value(list["lst"].as_str(), list["bits"].as_u64(), index)?;
    let standing = match value {
        0 => Standing::Valid,
        1 => Standing::Ended,
        2 => Standing::Suspended,
        other => Standing::Other(other),
    };
    let age = now.as_second() - signed;
    let ttl = read.body["ttl"].as_i64();
    let fresh = ttl.is_none_or(|ttl| age <= ttl) && ends.is_none_or(|end| now.as_second() < end);
    Ok(Told { standing, at, age, fresh })
}

/// The signer's certificate and those between it and the authority (RFC 7515 §4.1.6).
fn certificates(head: &serde_json::Value) -> Option<Vec<Certificate>> {
    let one = |text: &serde_json::Value| {
        let der = STANDARD.decode(text.as_str()?).ok()?;
        Certificate::from_der(&der).ok()
    };
    head["x5c"].as_array()?.iter().map(one).collect()
}

/// The value at `index` of a compressed list of `bits` a place (Token Status List §4.1).
fn value(list: Option<&str>, bits: Option<u64>, index: u64) -> Result<u8, Silent> {
    let bits = bits.filter(|b| [1, 2, 4, 8].contains(b)).ok_or(Silent::NotAList)?;
    let packed = list.and_then(jose::from_base64url).ok_or(Silent::NotAList)?;
    let mut bytes = Vec::new();
    ZlibDecoder::new(packed.as_slice())
        .take(LIST_MAX)
        .read_to_end(&mut bytes)
        .map_err(|_| Silent::NotAList)?;
    let at = index.checked_mul(bits).ok_or(Silent::NoSuchPlace)?;
    let byte = usize::try_from(at / 8).ok().and_then(|n| bytes.get(n)).ok_or(Silent::NoSuchPlace)?;
    let mask = u8::try_from((1_u16 << bits) - 1).unwrap_or(u8::MAX);
    Ok((byte >> (at % 8)) & mask)
}
