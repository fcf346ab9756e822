//! The second factor: six digits of the moment (RFC 6238, SHA-1, 30 seconds), and ten codes for when the telephone is gone.

use crate::confirm::Confirmed;
use crate::events::{self, AccountEvent};
use crate::letters::{self, Letter};
use crate::model::Session;
use crate::store;
use ::store::{Cx, Sealed, Store};
use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::{AccountId, Fault, Outcome, Refusal, RefusalKind, Timestamp, rng};
use sha1::Sha1;

const SECRET: &str = "identity_factor.secret";
/// The seconds for which a code is good.
const SECONDS: i64 = 30;
/// A code before and after is good too: clocks differ (RFC 6238, 5.2).
const DRIFT: i64 = 1;
/// How many recovery codes there are.
const CODES: usize = 10;
/// RFC 4648, and what is left of it when look-alikes are read as one.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The code of one step (RFC 4226, 5.3).
fn code_at(secret: &[u8], step: i64) -> Result<String, Fault> {
    let mut mac =
        Hmac::<Sha1>::new_from_slice(secret).map_err(|e| Fault::from("a second factor's secret", e))?;
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = digest.last().map_or(0, |b| usize::from(b & 15));
    let four = digest.get(at..at + 4).and_then(|four| <[u8; 4]>::try_from(four).ok()).unwrap_or_default();
    Ok(format!("{:06}", (u32::from_be_bytes(four) & 0x7FFF_FFFF) % 1_000_000))
}

/// Compared in the same time wherever they differ.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |diff, (a, b)| diff | (a ^ b)) == 0
}

/// The step whose code was typed, if it is one of now and was not used.
fn step_of(secret: &[u8], typed: &str, now: Timestamp, last: i64) -> Result<Option<i64>, Fault> {
    let middle = now.as_second().div_euclid(SECONDS);
    for step in (middle - DRIFT..=middle + DRIFT).filter(|step| *step > last) {
        if same(&code_at(secret, step)?, typed) {
            return Ok(Some(step));
        }
    }
    Ok(None)
}

fn base32(bytes: &[u8]) -> String {
    let mut out = String::new();
    let (mut held, mut bits) = (0u32, 0u32);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            let at = usize::try_from((held >> bits) & 31).unwrap_or(0);
            out.push(char::from(BASE32.get(at).copied().unwrap_or(b'A')));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        let at = usize::try_from((held << (5 - bits)) & 31).unwrap_or(0);
        out.push(char::from(BASE32.get(at).copied().unwrap_or(b'A')));
    }
    out
}

/// A secret that is set up and waits for its first code.
#[derive(Clone)]
pub(crate) struct Setup {
    /// To be typed, in groups of four.
    pub(crate) text: String,
    /// To be photographed (`otpauth://`).
    pub(crate) uri: String,
}

/// A part of an address, with everything escaped that could end it (RFC 3986).
pub(crate) fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn active_already() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "identity.factor-active",
        "动态口令已经开通。",
        "The second factor is set up already.",
    )
    .next("如需更换手机，请先关闭再重新开通。", "To change telephones, turn it off and set it up again.")
}

fn wrong_code() -> Refusal {
    let (zh, en) = ("动态口令不正确或已过期。", "The code is not right, or is over.");
    Refusal::new(RefusalKind::Invalid, "identity.wrong-code", zh, en).field("code", zh, en)
}

/// Begins to set a second factor up: a new secret, in force when its first code is typed.
///
/// # Errors
/// `identity.factor-active` when there is one; `identity.demo-fixed` for accounts that everybody uses.
pub(crate) async fn begin(cx: &mut Cx, session: &Session, sure: &Confirmed) -> Outcome<()> {
    sure.of(session.account)?;
    crate::secrets::own_account(cx.store(), session.account).await?;
    if store::factor(cx.store(), session.account).await?.is_some_and(|f| f.state == "active") {
        return Err(active_already().into());
    }
    let secret = rng::bytes::<20>(cx.ground.rng.as_ref()).to_vec();
    let sealed = Sealed::seal(cx.ground.store.sealer(), SECRET, &secret)?;
    let now = cx.now;
    store::put_pending(&mut cx.commit, session.account, &sealed, now);
    Ok(())
}

/// The secret that waits for its first code.
///
/// # Errors
/// A fault when it cannot be opened.
pub(crate) async fn setup(store: &Store, session: &Session, site: &str) -> Result<Option<Setup>, Fault> {
    let found = store::factor(store, session.account).await?.filter(|f| f.state == "pending");
    let Some(found) = found else { return Ok(None) };
    let secret = base32(&found.secret.open(store.sealer(), SECRET)?);
    let groups: Vec<String> =
        secret.as_bytes().chunks(4).map(|g| String::from_utf8_lossy(g).into_owned()).collect();
    let (site, name) = (encoded(site), encoded(&session.account_name));
    let uri = format!(
        "otpauth://totp/{site}:{name}?secret={secret}&issuer={site}&algorithm=SHA1&digits=6&period=30"
    );
    Ok(Some(Setup { text: groups.join(" "), uri }))
}

/// Puts the second factor in force with its first code; answers the recovery codes, told once.
///
/// # Errors
/// `identity.wrong-code`.
pub(crate) async fn activate(
    cx: &mut Cx,
    session: &Session,
    sure: &Confirmed,
    typed: &str,
) -> Outcome<Vec<String>> {
    sure.of(session.account)?;
    let found = store::factor(cx.store(), session.account).await?.filter(|f| f.state == "pending");
    let found = found.ok_or_else(Refusal::not_found)?;
    let secret = found.secret.open(cx.ground.store.sealer(), SECRET)?;
    let step = step_of(&secret, &digits(typed), cx.now, 0)?.ok_or_else(wrong_code)?;
    let now = cx.now;
    store::activate(&mut cx.commit, session.account, now, step);
    let codes = new_codes(cx, session.account);
    letters::tell(cx, session.account, Letter::WaysChanged)?;
    events::note_all(cx, session.account, &[AccountEvent::FactorAdded, AccountEvent::CodesMade]).await?;
    Ok(codes)
}

/// Turns the second factor off.
///
/// # Errors
/// A fault when the database does not answer.
pub(crate) async fn remove(cx: &mut Cx, session: &Session, sure: &Confirmed) -> Outcome<()> {
    sure.of(session.account)?;
    store::delete_factor(&mut cx.commit, session.account);
    letters::tell(cx, session.account, Letter::WaysChanged)?;
    events::note(cx, session.account, &AccountEvent::FactorRemoved).await
}

/// Makes ten recovery codes in the place of the old ones; told once.
///
/// # Errors
/// `identity.demo-fixed` for accounts that everybody uses.
pub(crate) async fn make_codes(cx: &mut Cx, session: &Session, sure: &Confirmed) -> Outcome<Vec<String>> {
    sure.of(session.account)?;
    crate::secrets::own_account(cx.store(), session.account).await?;
    let codes = new_codes(cx, session.account);
    letters::tell(cx, session.account, Letter::WaysChanged)?;
    events::note(cx, session.account, &AccountEvent::CodesMade).await?;
    Ok(codes)
}

fn new_codes(cx: &mut Cx, account: AccountId) -> Vec<String> {
    store::delete_codes(&mut cx.commit, account);
    let codes: Vec<String> = (0..CODES).map(|_| code_of(cx)).collect();
    let now = cx.now;
    for code in &codes {
        let blind = blind(cx.store(), account, code);
        store::insert_code(&mut cx.commit, account, &blind, now);
    }
    codes
}

/// A code of 80 bits in four groups of four.
pub(crate) fn code_of(cx: &Cx) -> String {
    let text = base32(&rng::bytes::<10>(cx.ground.rng.as_ref()));
    let groups: Vec<String> =
        text.as_bytes().chunks(4).map(|g| String::from_utf8_lossy(g).into_owned()).collect();
    groups.join("-")
}

/// Under which index a recovery code is found; how it was typed does not matter.
pub(crate) fn blind(store: &Store, account: AccountId, typed: &str) -> String {
    let bare: String =
        typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    store.sealer().blind("identity.recovery", &format!("{account}\n{bare}"))
}

/// The digits of what was typed, full-width ones too.
fn digits(typed: &str) -> String {
    let one = |c: char| match c {
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        c if c.is_ascii_digit() => Some(c),
        _ => None,
    };
    typed.chars().filter_map(one).collect()
}

/// Whether what was typed is six digits.
pub(crate) fn looks_like_code(typed: &str) -> bool {
    let bare: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    bare.chars().count() == 6 && digits(&bare).len() == 6
}

/// Adds to the commit that a code of the second factor is used up; a recovery code is one too. False when it is neither.
pub(crate) async fn use_up(cx: &mut Cx, account: AccountId, typed: &str) -> Outcome<bool> {
    let found = store::factor(cx.store(), account).await?.filter(|f| f.state == "active");
    if let Some(found) = found.filter(|_| looks_like_code(typed)) {
        let secret = found.secret.open(cx.ground.store.sealer(), SECRET)?;
        let step = step_of(&secret, &digits(typed), cx.now, found.last_step)?;
        if let Some(step) = step {
            store::use_step(&mut cx.commit, account, step);
        }
        return Ok(step.is_some());
    }
    use_recovery(cx, account, typed).await
}

/// Adds to the commit that a recovery code is used up; false when it is none.
pub(crate) async fn use_recovery(cx: &mut Cx, account: AccountId, typed: &str) -> Outcome<bool> {
    let blind = blind(cx.store(), account, typed);
    let known = store::has_code(cx.store(), account, &blind).await?;
    if known {
        let now = cx.now;
        store::use_code(&mut cx.commit, account, &blind, now);
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B (SHA-1), the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(secret, second / SECONDS).unwrap(), code, "{second}");
        }
        assert_eq!(base32(b"12345678901234567890"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
    }

    #[test]
    fn a_code_is_good_once_and_near_its_time() {
        let secret = b"12345678901234567890";
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        assert_eq!(step_of(secret, "287082", at(59), 0).unwrap(), Some(1));
        assert_eq!(step_of(secret, "287082", at(89), 0).unwrap(), Some(1), "one step late");
        assert_eq!(step_of(secret, "287082", at(120), 0).unwrap(), None, "two steps late");
        assert_eq!(step_of(secret, "287082", at(59), 1).unwrap(), None, "used");
        assert!(looks_like_code("287 082") && looks_like_code("２８７０８２") && !looks_like_code("28708"));
        assert_eq!(digits("２８7 082"), "287082");
    }
}
