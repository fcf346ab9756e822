//! Service of documents (送达): how, to whom, when, with which proof, and from when it counts (Civil Procedure Law arts 87–95,
//! followed by analogy where no law of the procedure says otherwise).

mod consent;

pub use consent::{Consent, ConsentId, NewConsent, agreed, consent, consented, consents, withdraw_consent};

use crate::law::practice;
use crate::notice::{make_notice, proof};
use crate::store::{notices, services as rows};
use crate::{NewNotice, Notice, NoticeId, NoticeKind};
use ::store::{Cx, Store};
use kernel::{
    AgencyCode, Calendar, Fault, FileId, Outcome, Refusal, RefusalKind, SubjectId, Text, Timestamp,
};
use serde::{Deserialize, Serialize};

kernel::typed_id! {
    /// One service of one notice to one recipient.
    ServiceId;
}

/// How a notice was served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "way")]
pub enum Way {
    /// 电子送达, with the recipient's consent ([`consent`]); it counts from the day it reaches the recipient's system.
    Electronic,
    /// 直接送达.
    InPerson {
        /// Who signed for it.
        signed_by: String,
        /// Where the copy they signed is kept, when a window handed it over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kept: Option<String>,
    },
    /// 邮寄送达.
    Post {
        /// The carrier's number.
        tracking: String,
    },
    /// 留置送达: left, since signing was refused; witnessed, or recorded by pictures on file.
    Left {
        /// Who witnessed it; nobody where the evidence on file shows it.
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

/// Somebody on whom a notice is served as it is issued.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// Who.
    pub party: SubjectId,
    /// Their name.
    pub name: String,
    /// How.
    pub way: Way,
    /// When it reached them; the notice's own moment when absent.
    pub at: Option<Timestamp>,
    /// The proof on file.
    pub evidence: Option<FileId>,
}

/// A notice that was issued and served at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedServed {
    /// The notice.
    pub notice: NoticeId,
    /// Its number.
    pub number: String,
    /// The services, in the order of the recipients.
    pub served: Vec<Served>,
}

/// A recorded service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    /// Which.
    pub id: ServiceId,
    /// On whom.
    pub recipient: SubjectId,
    /// From when it counts; remedy terms start here.
    pub effective_at: Timestamp,
    /// The proof of service (送达回证).
    pub proof: NoticeId,
}

/// A service as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Which.
    pub id: ServiceId,
    /// What the notice is about.
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
    /// From when it counts.
    pub effective_at: Timestamp,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The proof on file.
    pub evidence: Option<FileId>,
    /// The proof of service (送达回证).
    pub proof: NoticeId,
}

impl Way {
    /// A stable word for rows and forms.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Electronic => "electronic",
            Self::InPerson { .. } => "in-person",
            Self::Post { .. } => "post",
            Self::Left { .. } => "left",
            Self::Entrusted { .. } => "entrusted",
            Self::PublicNotice { .. } => "public-notice",
        }
    }

    /// Its name.
    pub fn name(&self) -> Text {
        match self {
            Self::Electronic => Text::new("电子送达", "electronic service"),
            Self::InPerson { .. } => Text::new("直接送达", "service in person"),
            Self::Post { .. } => Text::new("邮寄送达", "service by post"),
            Self::Left { .. } => Text::new("留置送达", "service by leaving"),
            Self::Entrusted { .. } => Text::new("委托送达", "service by another agency"),
            Self::PublicNotice { .. } => Text::new("公告送达", "service by public notice"),
        }
    }

    /// What proves it, in a line.
    pub fn proof(&self) -> Option<(Text, String)> {
        match self {
            Self::Electronic => None,
            Self::InPerson { signed_by, kept } => {
                let place = kept.as_ref().map(|kept| format!("（{kept}）")).unwrap_or_default();
                Some((Text::new("签收人", "Signed for by"), format!("{signed_by}{place}")))
            }
            Self::Post { tracking } => Some((Text::new("邮件号", "Carrier's number"), tracking.clone())),
            Self::Left { witnesses } => Some((Text::new("见证人", "Witnesses"), witnesses.join("、"))),
            Self::Entrusted { agency } => Some((Text::new("受托机关", "Served by"), agency.to_string())),
            Self::PublicNotice { where_ } => Some((Text::new("公告载体", "Published in"), where_.clone())),
        }
    }

    /// From when a service at `at` counts; a public notice counts only after its time.
    pub fn effective(&self, at: Timestamp) -> Timestamp {
        match self {
            Self::PublicNotice { .. } => Calendar::weekends_only().due(at, practice().public_notice).at,
            _ => at,
        }
    }
}

/// Records that a notice was served on one party, with its proof of service (送达回证), and answers from when it counts: the
/// party's time for remedies starts there.
///
/// # Errors
/// Not found when the notice is not about that subject; `procedure.service-early` when it was served before it was issued or
/// later than now; `procedure.service-proof` when what proves the way is missing; `procedure.service-consent` when an electronic
/// service has no consent.
pub async fn serve(cx: &mut Cx, new: NewService) -> Outcome<Served> {
    let kept = notices::get(cx.store(), new.notice).await?.map(|k| k.notice);
    let notice = kept.filter(|n| n.subject == new.subject).ok_or_else(Refusal::not_found)?;
    if notice.kind == NoticeKind::Service {
        return Err(Refusal::not_found().into());
    }
    record(cx, &notice, new).await
}

/// Issues a notice and serves it on every party in the same commit: what is decided and told in one breath.
///
/// # Errors
/// As [`crate::issue_notice`] and [`serve`]; nothing is issued when one of the services cannot be recorded.
pub async fn issue_and_serve(cx: &mut Cx, new: NewNotice, to: Vec<Recipient>) -> Outcome<IssuedServed> {
    let notice = make_notice(cx, new).await?;
    let mut served = Vec::with_capacity(to.len());
    for recipient in to {
        let new = NewService {
            subject: notice.subject.clone(),
            notice: notice.id,
            recipient: recipient.party,
            recipient_name: recipient.name,
            way: recipient.way,
            at: recipient.at.unwrap_or(notice.at),
            evidence: recipient.evidence,
        };
        served.push(record(cx, &notice, new).await?);
    }
    Ok(IssuedServed { notice: notice.id, number: notice.number, served })
}

async fn record(cx: &mut Cx, notice: &Notice, new: NewService) -> Outcome<Served> {
    if new.at < notice.at || new.at > cx.now {
        return Err(early().into());
    }
    let shown = new.evidence.is_some() && matches!(new.way, Way::Left { .. });
    if !shown && new.way.proof().is_some_and(|(_, value)| value.trim().is_empty()) {
        return Err(unproven(&new.way).into());
    }
    let consent = match new.way {
        Way::Electronic => Some(consent::relied_on(cx, &new.subject, new.recipient, new.at).await?),
        _ => None,
    };
    let effective_at = new.way.effective(new.at);
    let proof = proof::issue(cx, notice, &new, consent, effective_at).await?;
    let service = Service {
        id: cx.new_id(),
        subject: new.subject,
        notice: new.notice,
        recipient: new.recipient,
        recipient_name: new.recipient_name,
        way: new.way,
        at: new.at,
        effective_at,
        recorded_at: cx.now,
        evidence: new.evidence,
        proof,
    };
    let sealer = cx.store().sealer().clone();
    let id = rows::insert(&mut cx.commit, &sealer, &service)?;
    Ok(Served { id, recipient: service.recipient, effective_at, proof })
}

/// From when a notice counts as served on each party, by its first service there: their times for remedies start then. Who is not
/// in it was not served.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn served_on(store: &Store, notice: NoticeId) -> Result<Vec<(SubjectId, Timestamp)>, Fault> {
    rows::by_recipient(store, notice).await
}

fn early() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "procedure.service-early",
        "送达时间应在文书作出之后、现在之前。",
        "A notice is served after it was issued and not in the future.",
    )
    .next("请核对送达时间。", "Check when it was served.")
}

fn unproven(way: &Way) -> Refusal {
    let label = way.proof().map(|(label, _)| label).unwrap_or_default();
    Refusal::new(
        RefusalKind::Invalid,
        "procedure.service-proof",
        format!("{}需要填写{}。", way.name().zh, label.zh),
        format!("For {}, fill in: {}.", way.name().en, label.en),
    )
}

/// The services of a subject's notices, in the order they were recorded.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn services(store: &Store, subject: &str) -> Result<Vec<Service>, Fault> {
    rows::of(store, subject).await
}
