//! What can happen to a certificate, as written into the trace.

use crate::model::CertificateId;
use jiff::civil::Date;
use kernel::{FileId, SubjectId};
use serde::{Deserialize, Serialize};

/// One act on a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum CertificateEvent {
    /// 签发.
    Issued {
        /// The identifier by GB/T 36904.
        identifier: String,
        /// The kind, the pack's word.
        kind: String,
        /// Whose it is.
        holder: SubjectId,
        /// The first day of validity.
        valid_from: Date,
        /// The last day of validity.
        valid_until: Option<Date>,
        /// The case it comes from.
        case_number: String,
    },
    /// 制证: laid out, signed and kept.
    Printed {
        /// The signed PDF.
        file: FileId,
        /// Its SHA-256.
        sha256: String,
    },
    /// 暂扣.
    Suspended {
        /// Why.
        why: String,
    },
    /// 暂扣发还.
    Restored,
    /// 撤销.
    Revoked {
        /// Why.
        why: String,
    },
    /// 注销.
    Cancelled {
        /// Why.
        why: String,
    },
    /// 换发.
    Replaced {
        /// By which.
        by: CertificateId,
    },
}

impl trace::Event for CertificateEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Issued { .. } => "issued",
            Self::Printed { .. } => "printed",
            Self::Suspended { .. } => "suspended",
            Self::Restored => "restored",
            Self::Revoked { .. } => "revoked",
            Self::Cancelled { .. } => "cancelled",
            Self::Replaced { .. } => "replaced",
        }
    }
}

/// The subject of a certificate's trace.
pub fn subject(id: CertificateId) -> trace::Subject {
    trace::Subject::new("certificate", id)
}

/// The body of the message `certificates.issued`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// Which certificate.
    pub id: CertificateId,
    /// The case it comes from.
    pub case_number: String,
}

/// The body of the message `certificates.changed`: its state is another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Which certificate.
    pub id: CertificateId,
    /// The word of the new state.
    pub state: String,
    /// The case it comes from.
    pub case_number: String,
}
