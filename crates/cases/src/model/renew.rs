//! What an application to renew is about (延续; 行政许可法第五十条).

use super::CertificateId;
use jiff::civil::Date;
use kernel::{Calendar, Term};
use procedure::{Frame, RenewalWindow};
use serde::{Deserialize, Serialize};

/// The certificate whose time is to be prolonged, as it stood on the day of filing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewing {
    /// Which.
    pub certificate: CertificateId,
    /// Its first day.
    pub began: Date,
    /// Its last day.
    pub expires: Date,
    /// For how many years it is prolonged.
    pub years: u8,
    /// How long before its end the item has it asked for, where that is not the law's own time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Term>,
    /// The last day of the renewed validity, once it counts as renewed because nobody decided in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deemed_until: Option<Date>,
}

impl Renewing {
    /// Until when to ask and to decide; `None` in frames whose law knows no renewal.
    pub fn window(&self, frame: Frame, calendar: &Calendar) -> Option<RenewalWindow> {
        RenewalWindow::of(frame, self.expires, self.before, calendar)
    }

    /// The last day of the renewed validity: by the law where it counts as renewed, else so many years from the present end, so
    /// that whoever asks early loses nothing.
    pub fn until(&self) -> Date {
        let years = jiff::Span::new().try_years(i64::from(self.years));
        let granted = years.ok().and_then(|span| self.expires.checked_add(span).ok());
        self.deemed_until.or(granted).unwrap_or(self.expires)
    }
}
