//! Status lists (IETF Token Status List): whoever verifies fetches a whole list, so nobody learns which certificate is looked at.

use crate::jose;
use crate::keys::Signer;
use crate::model::Certificate;
use crate::store as rows;
use ::store::{Cx, Sealer, Store, serial};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use kernel::{Fault, Timestamp};
use serde_json::json;
use std::io::Write as _;

/// Bits of a place in a list's number: 2^16 certificates share a list, 16 KiB before compression.
const PLACE_BITS: u32 = 16;
const PLACES: i64 = 1 << PLACE_BITS;
/// Bits of a status (draft-ietf-oauth-status-list §4): valid, invalid and suspended need two.
const BITS: usize = 2;
/// How long a fetched list may be believed, in seconds: a revocation is seen by everybody after this time.
pub const TTL_SECONDS: i64 = 300;
/// A list older than this is not to be believed at all.
const LIFE_SECONDS: i64 = 86_400;
/// One number for all lists of the platform: certificates of all kinds and agencies share them.
const SERIES: &str = "certificates:status";

/// Where the status of something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The list.
    pub list: i64,
    /// The index in it.
    pub index: i64,
}

/// What a place tells about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// The signed document; its data names the place.
    Document,
    /// A credential in a wallet.
    Credential,
}

/// Takes an unused place and writes the present status of `certificate` there, in the same commit. Places do not follow each
/// other, so that neighbours in a list tell nothing about each other.
///
/// # Errors
/// A [`Fault`] when no number can be had.
pub(crate) async fn give(cx: &mut Cx, certificate: &Certificate, of: Of) -> Result<Place, Fault> {
    let number = serial::block(&cx.ground, SERIES).await?;
    let place = place_of(number, cx.ground.store.sealer());
    rows::put_status(&mut cx.commit, place, certificate.id, of == Of::Document, certificate.stored.status());
    Ok(place)
}

/// The place of the `number`th certificate: a permutation of its list, keyed so that outsiders cannot undo it.
fn place_of(number: i64, sealer: &Sealer) -> Place {
    let list = number / PLACES;
    let mut halves = ((number % PLACES) >> 8, (number % PLACES) & 0xff);
    for round in 0..4 {
        let mark = sealer.blind("certificates.status", &format!("{list}:{round}:{}", halves.1));
        let mixed = i64::from_str_radix(mark.get(..2).unwrap_or("0"), 16).unwrap_or(0);
        halves = (halves.1, halves.0 ^ mixed);
    }
    Place { list, index: (halves.0 << 8) | halves.1 }
}

/// The address of a list.
pub fn list_url(base_url: &str, list: i64) -> String {
    format!("{}/status/{list}", base_url.trim_end_matches('/'))
}

/// The status list as a signed token; `None` when there is no such list yet.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn token(
    store: &Store,
    signer: &Signer,
    base_url: &str,
    list: i64,
    now: Timestamp,
) -> Result<Option<String>, Fault> {
    if !rows::status_list_exists(store, list).await? {
        return Ok(None);
    }
    let told = rows::told(store, list).await?;
    let body = json!({
        "sub": list_url(base_url, list),
        "iss": base_url.trim_end_matches('/'),
        "iat": now.as_second(),
        "exp": now.as_second() + LIFE_SECONDS,
        "ttl": TTL_SECONDS,
        "status_list": {"bits": BITS, "lst": jose::base64url(&compressed(&packed(&told))?)},
    });
    jose::sign(signer, "statuslist+jwt", &body).map(Some)
}

/// Two bits each, the lowest first.
fn packed(told: &[(i64, i64)]) -> Vec<u8> {
    let mut bytes = vec![0_u8; usize::try_from(PLACES).unwrap_or(0) * BITS / 8];
    for (place, value) in told {
        let at = usize::try_from(*place).unwrap_or(usize::MAX);
        let value = u8::try_from(*value & 0b11).unwrap_or(0);
        if let Some(byte) = bytes.get_mut(at / 4) {
            *byte |= value << (2 * (at % 4));
        }
    }
    bytes
}

fn compressed(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let doing = |e| Fault::from("compressing a status list", e);
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).map_err(doing)?;
    encoder.finish().map_err(doing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn values_lie_where_the_standard_puts_them() {
        let bytes = packed(&[(0, 1), (1, 2), (3, 3), (4, 1), (PLACES - 1, 2), (PLACES, 3), (-1, 3)]);
        assert_eq!((bytes.len(), bytes[0], bytes[1]), (16_384, 0b1100_1001, 0b0000_0001));
        assert_eq!(bytes[16_383], 0b1000_0000, "the last place; what lies outside is left out");
        assert!(compressed(&bytes).unwrap().len() < 200, "an almost empty list is short");
    }

    #[test]
    fn places_of_a_list_are_each_used_once_and_not_in_order() {
        harness::run(harness::Backend::Sqlite, &[], |t| async move {
            let sealer = t.ground.store.sealer();
            let all: BTreeSet<i64> = (0..PLACES).map(|n| place_of(n, sealer).index).collect();
            assert_eq!(all.len(), 65_536);
            assert_eq!((all.first().copied(), all.last().copied()), (Some(0), Some(PLACES - 1)));
            let first: Vec<i64> = (1..6).map(|n| place_of(n, sealer).index).collect();
            assert!(first.windows(2).any(|w| w[0].abs_diff(w[1]) > 256), "{first:?}");
            assert_eq!(place_of(PLACES + 3, sealer).list, 1);
        });
    }
}
