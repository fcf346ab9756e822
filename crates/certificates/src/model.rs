//! A certificate (电子证照) as this room knows it: what is asked for, what is kept, and the states it can be in.

use crate::grounds::Ground;
use jiff::civil::Date;
use kernel::{AgencyCode, FileId, SubjectId, Text, Timestamp, clock};
use serde::{Deserialize, Serialize};
use std::fmt;

kernel::typed_id! {
    /// One certificate.
    CertificateId;
}
store::text_column!(CertificateId);

/// One line on a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertField {
    /// The stable name that the template reads: `plate`.
    pub key: String,
    /// What stands before the value on pages.
    pub label: Text,
    /// The value as printed.
    pub value: String,
    /// Whether anybody who verifies the certificate may see it.
    pub public: bool,
}

/// Everything that a decision says about the certificate to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCertificate {
    /// The kind, the pack's word: `charter-bus-sticker`.
    pub kind: String,
    /// The type code of GB/T 36904: credit code of the defining body (18) and a serial (3).
    pub type_code: String,
    /// The name on top: 旅游包车标贴.
    pub name: Text,
    /// Whose it is.
    pub holder: SubjectId,
    /// The holder's name as printed.
    pub holder_name: String,
    /// The holder's number, already masked.
    pub holder_number_masked: String,
    /// Who issues it.
    pub issuer: AgencyCode,
    /// The issuer's name as printed.
    pub issuer_name: Text,
    /// The issuer's unified social credit code.
    pub issuer_code: String,
    /// The first day of validity.
    pub valid_from: Date,
    /// The last day of validity; none when it does not end.
    pub valid_until: Option<Date>,
    /// The lines.
    pub fields: Vec<CertField>,
    /// The typst source that lays it out.
    pub template: String,
    /// The case it comes from.
    pub case_number: String,
}

/// The state of a certificate with what belongs to it; the codes of the national scheme stand beside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// 有效 (01).
    Valid,
    /// 暂扣 (02): does not hold until given back.
    Suspended {
        /// Since when.
        at: Timestamp,
        /// Why.
        why: String,
        /// On which ground; certificates of before grounds were kept have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<Ground>,
    },
    /// 撤销 (03): was wrongly given.
    Revoked {
        /// Since when.
        at: Timestamp,
        /// Why.
        why: String,
        /// On which ground; certificates of before grounds were kept have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<Ground>,
    },
    /// 注销 (04): given up or ended.
    Cancelled {
        /// Since when.
        at: Timestamp,
        /// Why.
        why: String,
        /// On which ground; certificates of before grounds were kept have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<Ground>,
    },
    /// 吊销 (07): forfeited as a penalty.
    Forfeited {
        /// Since when.
        at: Timestamp,
        /// Why.
        why: String,
        /// On which ground; those taken over from an old register have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<Ground>,
    },
    /// 转出 (06): another body keeps it now.
    Transferred {
        /// Since when.
        at: Timestamp,
        /// Where to, and why.
        why: String,
        /// On which ground; those taken over from an old register have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<Ground>,
    },
    /// 失效 (05): its last day has passed. Never stored; follows from the date.
    Expired {
        /// The last day on which it was valid.
        on: Date,
    },
    /// 已换发: another one stands in its place.
    Replaced {
        /// Since when.
        at: Timestamp,
        /// By which.
        by: CertificateId,
    },
}

impl State {
    /// The stable word for rows, the API and CSS classes.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Suspended { .. } => "suspended",
            Self::Revoked { .. } => "revoked",
            Self::Cancelled { .. } => "cancelled",
            Self::Forfeited { .. } => "forfeited",
            Self::Transferred { .. } => "transferred",
            Self::Expired { .. } => "expired",
            Self::Replaced { .. } => "replaced",
        }
    }

    /// The code of the national scheme.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Valid => "01",
            Self::Suspended { .. } => "02",
            Self::Revoked { .. } => "03",
            Self::Cancelled { .. } => "04",
            Self::Expired { .. } => "05",
            Self::Transferred { .. } => "06",
            Self::Forfeited { .. } => "07",
            Self::Replaced { .. } => "99",
        }
    }

    /// What a verifier reads of it in a status list (IETF Token Status List §7.1): 0 valid, 1 invalid, 2 suspended. That a
    /// certificate expires stands in the certificate itself.
    pub(crate) fn status(&self) -> u8 {
        match self {
            Self::Valid | Self::Expired { .. } => 0,
            Self::Revoked { .. }
            | Self::Cancelled { .. }
            | Self::Forfeited { .. }
            | Self::Transferred { .. }
            | Self::Replaced { .. } => 1,
            Self::Suspended { .. } => 2,
        }
    }

    /// The state as it is on `today`: a valid certificate past its last day has expired.
    #[must_use]
    pub fn on(self, today: Date, until: Option<Date>) -> Self {
        match (self, until) {
            (Self::Valid, Some(last)) if last < today => Self::Expired { on: last },
            (state, _) => state,
        }
    }
}

/// How far what stands in the register is this house's own word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// Issued here, on a decision.
    Issued,
    /// Taken over from an old register, with a sound number.
    Imported,
    /// Taken over with a number whose check character does not fit: to be compared with the paper.
    ImportedOdd,
}

impl Grade {
    /// The stable word for rows and the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Imported => "imported",
            Self::ImportedOdd => "imported-odd",
        }
    }

    /// The grade called `word`.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Self::Issued, Self::Imported, Self::ImportedOdd].into_iter().find(|grade| grade.word() == word)
    }
}

/// The body that is kept sealed: all fields and the names as printed.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Body {
    pub holder_name: String,
    pub holder_number_masked: String,
    pub fields: Vec<CertField>,
}

/// A certificate as it stands.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// Its id.
    pub id: CertificateId,
    /// Its identifier by GB/T 36904: `1.2.156.3005.2.….U`.
    pub identifier: String,
    /// The kind, the pack's word.
    pub kind: String,
    /// The name on top.
    pub name: Text,
    /// Whose it is.
    pub holder: SubjectId,
    /// The holder's name for those who verify: a person's is masked, a firm's is public.
    pub holder_masked: String,
    /// The holder's name as printed; for the holder and the issuing agency only.
    pub holder_name: String,
    /// The holder's number as printed, masked.
    pub holder_number_masked: String,
    /// Who issued it.
    pub issuer: AgencyCode,
    /// The issuer's name as printed.
    pub issuer_name: Text,
    /// The issuer's unified social credit code.
    pub issuer_code: String,
    /// The first day of validity.
    pub valid_from: Date,
    /// The last day of validity.
    pub valid_until: Option<Date>,
    /// The state as stored; ask [`Certificate::state`].
    pub(crate) stored: State,
    /// All lines; for the holder and the issuing agency only.
    pub fields: Vec<CertField>,
    /// The digest of the template that lays it out.
    pub(crate) template: String,
    /// The case it comes from.
    pub case_number: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// How far it is this house's own word.
    pub grade: Grade,
    /// The version before this one.
    pub replaces: Option<CertificateId>,
    /// The random word in the QR code's address.
    pub token: String,
    /// The signed PDF, once printed.
    pub file: Option<FileId>,
    /// The version of the row, for guards.
    pub rev: i64,
}

impl Certificate {
    /// The state at `now`.
    pub fn state(&self, now: Timestamp) -> State {
        self.stored.clone().on(clock::legal_date(now), self.valid_until)
    }

    /// The version that took this one's place.
    pub fn replaced_by(&self) -> Option<CertificateId> {
        match &self.stored {
            State::Replaced { by, .. } => Some(*by),
            _ => None,
        }
    }

    /// The lines that anybody who verifies may see.
    pub fn public_fields(&self) -> impl Iterator<Item = &CertField> {
        self.fields.iter().filter(|f| f.public)
    }

    /// For what staff open it: its case, or none, so that a look at one that came without a case stands out.
    pub fn purpose(&self) -> trace::Purpose {
        match self.case_number.as_str() {
            "" => trace::Purpose::new("examine"),
            case => trace::Purpose::in_case("examine", case),
        }
    }

    /// Where a list goes on after this one.
    pub fn cursor(&self) -> Cursor {
        Cursor { issued_at: self.issued_at, id: self.id }
    }

    /// Whether one may rely on it at `now`.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.state(now) == State::Valid && self.valid_from <= clock::legal_date(now)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body(sealed)")
    }
}

/// Where a page of certificates goes on: the last row of the page before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// When that certificate was issued.
    pub issued_at: Timestamp,
    /// Its id.
    pub id: CertificateId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.issued_at.as_microsecond(), self.id)
    }
}

impl std::str::FromStr for Cursor {
    type Err = NotACursor;
    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (at, id) = text.split_once('.').ok_or(NotACursor)?;
        Ok(Self {
            issued_at: clock::from_micros(at.parse().map_err(|_| NotACursor)?),
            id: id.parse().map_err(|_| NotACursor)?,
        })
    }
}

/// Text that is no cursor of this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a list of certificates")]
pub struct NotACursor;
