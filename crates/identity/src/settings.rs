//! What the operator may set: how hard passwords are to guess, how long a sign-in lasts.

use std::sync::OnceLock;

/// The room's configuration.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// argon2id: memory in KiB.
    pub argon2_memory_kib: u32,
    /// argon2id: passes.
    pub argon2_passes: u32,
    /// argon2id: lanes.
    pub argon2_lanes: u32,
    /// Minutes without a request after which a browser's sign-in ends.
    pub idle_minutes: i64,
    /// Hours after which any sign-in ends.
    pub absolute_hours: i64,
    /// How many wrong passwords from one place are free before the growing delay begins there.
    pub free_attempts: i64,
    /// How many from all places together are free before it begins everywhere (NIST SP 800-63B: 100 at most).
    pub free_attempts_anywhere: i64,
    /// The first delay in seconds; it doubles with every further wrong password.
    pub first_delay_seconds: i64,
    /// The longest delay in seconds.
    pub longest_delay_seconds: i64,
    /// How many links a mandate may pass through from the principal to the last agent: 2 lets an agent hand it on once.
    pub mandate_links_max: i64,
    /// How many days ahead the last day of a mandate may lie.
    pub mandate_days_max: i64,
    /// Minutes after which somebody shows again who they are before something that matters.
    pub confirm_minutes: i64,
    /// The domain that passkeys are made for; empty is the host of the site's address. It cannot change later without every
    /// passkey being made anew.
    pub passkey_domain: String,
    /// A file of passwords known from leaks, a line `SHA-1[:count]` for each in the order of the hashes; empty is none: then only
    /// what is usually guessed is refused.
    pub breached_passwords: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            argon2_memory_kib: 19_456,
            argon2_passes: 2,
            argon2_lanes: 1,
            idle_minutes: 60,
            absolute_hours: 12,
            free_attempts: 5,
            free_attempts_anywhere: 100,
            first_delay_seconds: 30,
            longest_delay_seconds: 900,
            mandate_links_max: 2,
            mandate_days_max: 1_096,
            confirm_minutes: 5,
            passkey_domain: String::new(),
            breached_passwords: String::new(),
        }
    }
}

impl Settings {
    /// What is wrong with the list of leaked passwords that is named, if one is.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn check_breached(&self) -> Result<(), String> {
        crate::password::check_breached(&self.breached_passwords)
    }

    /// Passwords as cheap as argon2 allows: for tests only.
    pub fn cheap() -> Self {
        Self { argon2_memory_kib: 8, argon2_passes: 1, ..Self::default() }
    }
}

static CHOSEN: OnceLock<Settings> = OnceLock::new();

/// Sets the configuration; the first call of the process counts. Answers whether it was the first.
pub fn configure(settings: Settings) -> bool {
    CHOSEN.set(settings).is_ok()
}

/// The configuration.
pub(crate) fn settings() -> &'static Settings {
    CHOSEN.get_or_init(Settings::default)
}
