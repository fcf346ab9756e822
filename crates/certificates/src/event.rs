//! What can happen to a certificate, as written into the trace.

use crate::copy::CopyId;
use crate::grounds::Ground;
use crate::model::CertificateId;
use crate::version::VersionKind;
use jiff::civil::Date;
use kernel::{FileId, SubjectId, Timestamp};
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
        /// The version whose place it takes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<CertificateId>,
        /// Why there is a new version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        because: Option<VersionKind>,
    },
    /// 接收: taken over from an old register.
    Imported {
        /// The identifier by GB/T 36904, as it stood there.
        identifier: String,
        /// The kind, the pack's word.
        kind: String,
        /// Whose it is.
        holder: SubjectId,
        /// Its state there, by the code of the national scheme.
        state: String,
    },
    /// 制证: laid out, signed and kept.
    Printed {
        /// The signed PDF.
        file: FileId,
        /// Its SHA-256.
        sha256: String,
    },
    /// 加盖时间戳: an authority of time saw the signature after it was printed.
    Stamped {
        /// The PDF with the time stamp.
        file: FileId,
        /// Its SHA-256.
        sha256: String,
    },
    /// 暂扣.
    Suspended {
        /// Why.
        why: String,
        /// On which ground.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<Ground>,
    },
    /// 暂扣发还.
    Restored {
        /// Why.
        #[serde(default)]
        why: String,
        /// On which ground.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<Ground>,
    },
    /// 撤销.
    Revoked {
        /// Why.
        why: String,
        /// On which ground.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<Ground>,
    },
    /// 注销.
    Cancelled {
        /// Why.
        why: String,
        /// On which ground.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<Ground>,
    },
    /// 吊销.
    Forfeited {
        /// Why.
        why: String,
        /// On which ground.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<Ground>,
    },
    /// 转出.
    Transferred {
        /// Where to, and why.
        why: String,
        /// On which ground.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<Ground>,
    },
    /// 换发.
    Replaced {
        /// By which.
        by: CertificateId,
        /// Why there is a new version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        because: Option<VersionKind>,
        /// In the agency's words.
        #[serde(default)]
        why: String,
        /// What differs: keys of lines, `holder`, `valid_until`.
        #[serde(default)]
        differs: Vec<String>,
    },
    /// 到期提醒: the holder was told that it ends.
    Reminded {
        /// So many days before its last one.
        days: u32,
    },
    /// 出示: the holder showed it, and somebody looked.
    Shown {
        /// What was seen: keys of lines, `number`, `holder`.
        keys: Vec<String>,
        /// When the holder made the code.
        made_at: Timestamp,
    },
    /// 加注件: a copy for one purpose.
    Copied {
        /// Which.
        copy: CopyId,
        /// The last day on which it is good.
        last_day: Date,
    },
    /// 放进数字钱包: a credential was made of it.
    Taken {
        /// The thumbprint of the wallet's key (RFC 7638).
        key: String,
    },
    /// 加注件收回.
    CopyWithdrawn {
        /// Which.
        copy: CopyId,
    },
}

impl trace::Event for CertificateEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Issued { .. } => "issued",
            Self::Imported { .. } => "imported",
            Self::Printed { .. } => "printed",
            Self::Stamped { .. } => "stamped",
            Self::Suspended { .. } => "suspended",
            Self::Restored { .. } => "restored",
            Self::Revoked { .. } => "revoked",
            Self::Cancelled { .. } => "cancelled",
            Self::Forfeited { .. } => "forfeited",
            Self::Transferred { .. } => "transferred",
            Self::Replaced { .. } => "replaced",
            Self::Reminded { .. } => "reminded",
            Self::Shown { .. } => "shown",
            Self::Copied { .. } => "copied",
            Self::Taken { .. } => "taken",
            Self::CopyWithdrawn { .. } => "copy-withdrawn",
        }
    }
}

impl CertificateEvent {
    /// The code of the operation in the national scheme (证书操作类型); `07` is 其他.
    pub fn operation(&self) -> &'static str {
        match self {
            Self::Issued { because: None, .. } => "01",
            Self::Issued { because: Some(VersionKind::Renewal), .. }
            | Self::Replaced { because: Some(VersionKind::Renewal), .. } => "02",
            Self::Issued { .. } | Self::Replaced { .. } => "09",
            Self::Suspended { .. } => "03",
            Self::Cancelled { .. } => "05",
            Self::Restored { .. } => "06",
            Self::Imported { .. } => "08",
            Self::Printed { .. }
            | Self::Stamped { .. }
            | Self::Revoked { .. }
            | Self::Forfeited { .. }
            | Self::Transferred { .. }
            | Self::Reminded { .. }
            | Self::Shown { .. }
            | Self::Copied { .. }
            | Self::Taken { .. }
            | Self::CopyWithdrawn { .. } => "07",
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
