//! What happens to accounts, as the strongroom keeps it.

use crate::model::{DelegationId, Role, SessionId};
use jiff::civil::Date;
use kernel::{AccountId, AgencyCode, OrganisationId, Outcome, PersonId};
use serde::{Deserialize, Serialize};
use store::Cx;
use trace::{Event, Subject};

/// Something that happened to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum AccountEvent {
    /// It was made.
    Created,
    /// Somebody signed in with it.
    SignedIn {
        /// The session that began.
        session: SessionId,
        /// `cookie` or `token`.
        by: String,
        /// How many wrong passwords were tried just before.
        wrong_before: i64,
    },
    /// A session was ended.
    SignedOut {
        /// Which.
        session: SessionId,
    },
    /// All sessions but one were ended.
    OthersSignedOut {
        /// The one that went on.
        kept: SessionId,
    },
    /// It was chosen for whom to act.
    ActingChosen {
        /// The firm, or nothing for oneself.
        organisation: Option<OrganisationId>,
    },
    /// A member of staff chose in which post to work.
    PostChosen {
        /// Its role.
        role: Role,
        /// Its agency.
        agency: AgencyCode,
    },
    /// Somebody will stand in while its holder is away.
    Delegated {
        /// The time away.
        delegation: DelegationId,
        /// Who stands in.
        to: AccountId,
        /// In which agency.
        agency: AgencyCode,
        /// The first day.
        from: Date,
        /// The last day.
        until: Date,
    },
    /// A time away was ended before its last day, or before it began.
    DelegationEnded {
        /// Which.
        delegation: DelegationId,
    },
}

impl Event for AccountEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::SignedIn { .. } => "signed-in",
            Self::SignedOut { .. } => "signed-out",
            Self::OthersSignedOut { .. } => "others-signed-out",
            Self::ActingChosen { .. } => "acting-chosen",
            Self::PostChosen { .. } => "post-chosen",
            Self::Delegated { .. } => "delegated",
            Self::DelegationEnded { .. } => "delegation-ended",
        }
    }
}

/// Something that happened to an organisation's mandates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum OrganisationEvent {
    /// Somebody may no longer act for it.
    MandateEnded {
        /// Who.
        person: PersonId,
    },
}

impl Event for OrganisationEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::MandateEnded { .. } => "mandate-ended",
        }
    }
}

/// Adds `event` to the account's trace.
pub(crate) async fn note(cx: &mut Cx, account: AccountId, event: &AccountEvent) -> Outcome<()> {
    let subject = Subject::new("account", account);
    let mut head = trace::head(cx.store(), &subject).await?;
    let now = cx.now;
    trace::record(cx, &mut head, &subject, event, now)
}
