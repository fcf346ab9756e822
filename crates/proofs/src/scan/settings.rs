//! How pages are taken: a place's own choice.

use serde::Deserialize;
use std::sync::OnceLock;

/// How pages are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Dots to the inch of a page of A4: 100 to 400.
    pub dpi: u32,
    /// The most pages of one file: 1 to 200.
    pub pages_max: u16,
    /// So many hours a tray that nobody bound is kept from its first page on: 1 to 47, for the pages themselves are kept two days
    /// (`store::files::LOOSE_SECONDS`).
    pub keep_hours: u32,
}

impl Settings {
    /// What holds where nothing is configured.
    pub const USUAL: Self = Self { dpi: 200, pages_max: 40, keep_hours: 24 };

    /// Each number within what makes sense.
    #[must_use]
    pub fn sound(self) -> Self {
        Self {
            dpi: self.dpi.clamp(100, 400),
            pages_max: self.pages_max.clamp(1, 200),
            keep_hours: self.keep_hours.clamp(1, 47),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::USUAL
    }
}

static SETTINGS: OnceLock<Settings> = OnceLock::new();

/// Sets the place's choice; the first call counts, later ones change nothing.
pub fn configure(settings: Settings) {
    let _ = SETTINGS.set(settings.sound());
}

pub(crate) fn settings() -> Settings {
    SETTINGS.get().copied().unwrap_or(Settings::USUAL)
}
