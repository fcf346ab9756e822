//! Passwords: argon2id on threads of their own, as slow for a name that does not exist as for one that does.

mod breached;
mod broken;
mod rules;

pub(crate) use rules::new;

use crate::settings::settings;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::{Fault, Outcome, Refusal, RefusalKind, Rng, rng};
use std::sync::OnceLock;
use tokio::sync::Semaphore;

/// The longest password looked at, in bytes: 128 characters of any script. Hashing more would be free work for a stranger.
pub(crate) const LONGEST: usize = 1_024;

/// How many are hashed at a time: each takes its memory.
static AT_ONCE: Semaphore = Semaphore::const_new(4);
static DUMMY: OnceLock<String> = OnceLock::new();

fn hasher() -> Result<Argon2<'static>, Fault> {
    let s = settings();
    let params = Params::new(s.argon2_memory_kib, s.argon2_passes, s.argon2_lanes, None)
        .map_err(|e| Fault::new(format!("the settings of argon2: {e}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str, salt: &[u8]) -> Result<String, Fault> {
    hasher()?
        .hash_password_with_salt(password.as_bytes(), salt)
        .map(|hash| hash.to_string())
        .map_err(|e| Fault::new(format!("hashing a password: {e}")))
}

fn verify_now(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    let _turn = AT_ONCE.acquire().await.map_err(|e| Fault::from("waiting to hash a password", e))?;
    tokio::task::spawn_blocking(work).await.map_err(|e| Fault::from("hashing a password", e))
}

/// What is wrong with the operator's list of passwords known from leaks; nothing where none is named.
pub(crate) fn check_breached(list: &str) -> Result<(), String> {
    if list.is_empty() { Ok(()) } else { breached::check(std::path::Path::new(list)) }
}

/// Refuses a password (in its normal form) that the operator's list knows from leaks.
pub(crate) async fn not_breached(password: &str) -> Outcome<()> {
    let list = settings().breached_passwords.clone();
    if list.is_empty() {
        return Ok(());
    }
    let asked = password.to_owned();
    let found = aside(move || breached::holds(std::path::Path::new(&list), &asked)).await?;
    if found.map_err(|e| Fault::from("asking the list of leaked passwords", e))? {
        let (zh, en) = (
            "这个密码在已经泄露的密码名单里，请换一个。",
            "This password is known from a leak; choose another.",
        );
        return Err(Refusal::new(RefusalKind::Invalid, "identity.password-breached", zh, en)
            .field("new", zh, en)
            .into());
    }
    Ok(())
}

/// The argon2id hash of `password` with a fresh salt, in the PHC form.
pub(crate) async fn hash(password: &str, chance: &dyn Rng) -> Result<String, Fault> {
    let (password, salt) = (rules::normal(password), rng::bytes::<16>(chance));
    aside(move || hash_now(&password, &salt)).await?
}

/// Whether `password` fits `hash`; without a hash the same work is done and the answer is no.
pub(crate) async fn verify(password: &str, hash: Option<String>) -> Result<bool, Fault> {
    let password = rules::normal(password);
    aside(move || {
        // Made at the first attempt of the process whoever it is, so that it does not single out an unknown name.
        let dummy = match DUMMY.get() {
            Some(dummy) => dummy,
            None => {
                let made = hash_now("nobody's password", &[7; 16])?;
                DUMMY.get_or_init(|| made)
            }
        };
        let fits = verify_now(&password, hash.as_deref().unwrap_or(dummy));
        Ok(fits && hash.is_some())
    })
    .await?
}
