//! What happens to accounts, as the strongroom keeps it.

use crate::letters::Letter;
use crate::mandate::MandateId;
use crate::model::{DelegationId, MemberRole, PasskeyId, RenewalId, Role, SessionId};
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
        /// By which way, when it was not the password: `national`, `passkey`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        through: Option<String>,
    },
    /// It was joined with whom a national identity service vouches for.
    Joined {
        /// The service.
        issuer: String,
        /// How sure it was (`acr`).
        assurance: String,
    },
    /// A passkey was added.
    PasskeyAdded {
        /// Which.
        passkey: PasskeyId,
    },
    /// A passkey was removed.
    PasskeyRemoved {
        /// Which.
        passkey: PasskeyId,
    },
    /// Its holder was written to.
    WrittenTo {
        /// What about.
        letter: Letter,
        /// By which way it left the house.
        way: String,
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
        /// The mandate under which it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mandate: Option<MandateId>,
    },
    /// Its holder showed again who they are, for something that matters.
    Confirmed {
        /// In which session.
        session: SessionId,
    },
    /// Its password was changed by its holder.
    PasswordChanged,
    /// A second factor came into force.
    FactorAdded,
    /// The second factor was turned off.
    FactorRemoved,
    /// New recovery codes were made.
    CodesMade,
    /// A clerk saw the holder's document and began a recovery.
    RecoveryBegun {
        /// Which.
        renewal: RenewalId,
        /// The clerk's account.
        clerk: AccountId,
    },
    /// A second clerk saw it too, and the code was told.
    RecoveryTold {
        /// Which.
        renewal: RenewalId,
        /// The clerk's account.
        clerk: AccountId,
    },
    /// An e-mail address was confirmed by the code sent to it.
    MailConfirmed {
        /// The address, shown in part.
        mask: String,
    },
    /// The e-mail address was forgotten.
    MailRemoved,
    /// A new password was set by a code.
    Recovered {
        /// `code`, or `window`.
        by: String,
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
            Self::Confirmed { .. } => "confirmed",
            Self::Joined { .. } => "joined",
            Self::PasskeyAdded { .. } => "passkey-added",
            Self::PasskeyRemoved { .. } => "passkey-removed",
            Self::WrittenTo { .. } => "written-to",
            Self::PasswordChanged => "password-changed",
            Self::FactorAdded => "factor-added",
            Self::FactorRemoved => "factor-removed",
            Self::CodesMade => "codes-made",
            Self::RecoveryBegun { .. } => "recovery-begun",
            Self::RecoveryTold { .. } => "recovery-told",
            Self::MailConfirmed { .. } => "mail-confirmed",
            Self::MailRemoved => "mail-removed",
            Self::Recovered { .. } => "recovered",
            Self::PostChosen { .. } => "post-chosen",
            Self::Delegated { .. } => "delegated",
            Self::DelegationEnded { .. } => "delegation-ended",
        }
    }
}

/// Something that happened to those who act for an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum OrganisationEvent {
    /// Somebody may no longer act for it.
    MandateEnded {
        /// Who.
        person: PersonId,
    },
    /// Somebody may act for it, or in another role or until another day than before.
    StaffSet {
        /// Who.
        person: PersonId,
        /// What they are to it.
        role: MemberRole,
        /// The last day; none for as long as it lasts.
        until: Option<Date>,
    },
}

impl Event for OrganisationEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::MandateEnded { .. } => "mandate-ended",
            Self::StaffSet { .. } => "staff-set",
        }
    }
}

/// Adds `event` to the account's trace.
pub(crate) async fn note(cx: &mut Cx, account: AccountId, event: &AccountEvent) -> Outcome<()> {
    note_all(cx, account, std::slice::from_ref(event)).await
}

/// Adds these events to the account's trace.
pub(crate) async fn note_all(cx: &mut Cx, account: AccountId, events: &[AccountEvent]) -> Outcome<()> {
    let subject = Subject::new("account", account);
    let mut head = trace::head(cx.store(), &subject).await?;
    let now = cx.now;
    for event in events {
        trace::record(cx, &mut head, &subject, event, now)?;
    }
    Ok(())
}
