//! Service of documents (送达): how, to whom, when, with which proof, and from when it counts.

use crate::NoticeId;
use kernel::{AgencyCode, FileId, SubjectId, Timestamp};
use serde::{Deserialize, Serialize};

kernel::typed_id! {
    /// One service of one notice to one recipient.
    ServiceId;
}

/// How a notice was served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "way")]
pub enum Way {
    /// 电子送达, with the recipient's consent.
    Electronic,
    /// 直接送达.
    InPerson {
        /// Who signed for it.
        signed_by: String,
    },
    /// 邮寄送达.
    Post {
        /// The carrier's number.
        tracking: String,
    },
    /// 留置送达: left, since signing was refused.
    Left {
        /// Who witnessed it.
        witnesses: Vec<String>,
    },
    /// 委托送达: by another agency.
    Entrusted {
        /// Which.
        agency: AgencyCode,
    },
    /// 公告送达.
    PublicNotice {
        /// Where it was published.
        where_: String,
    },
}

/// A service to be recorded.
#[derive(Debug, Clone)]
pub struct NewService {
    /// What the notice is about: `case:ID`.
    pub subject: String,
    /// Which notice.
    pub notice: NoticeId,
    /// To whom.
    pub recipient: SubjectId,
    /// The recipient's name.
    pub recipient_name: String,
    /// How.
    pub way: Way,
    /// When it reached the recipient, was left or was published.
    pub at: Timestamp,
    /// The proof on file.
    pub evidence: Option<FileId>,
}

/// A recorded service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    /// Which.
    pub id: ServiceId,
    /// From when it counts; remedy terms start here.
    pub effective_at: Timestamp,
    /// The proof of service (送达回证).
    pub proof: NoticeId,
}
