//! Consent to electronic service (电子送达确认): given by each party for itself, kept with its moment, and withdrawn at any time
//! (Civil Procedure Law art. 90, followed by analogy; whoever was served so may still ask for paper).

use crate::store::consents as rows;
use ::store::{Cx, Store};
use kernel::{Fault, Outcome, Refusal, RefusalKind, SubjectId, Timestamp};

kernel::typed_id! {
    /// One party's consent to electronic service about one subject.
    ConsentId;
}

/// A consent to be recorded.
#[derive(Debug, Clone)]
pub struct NewConsent {
    /// What it is about: `case:ID`.
    pub subject: String,
    /// Whose it is.
    pub party: SubjectId,
    /// When it was given.
    pub at: Timestamp,
    /// Where it is served: the account on this site, an address, a number; as the party confirmed it.
    pub system: String,
}

/// A consent as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Which.
    pub id: ConsentId,
    /// What it is about.
    pub subject: String,
    /// Whose it is.
    pub party: SubjectId,
    /// When it was given.
    pub given_at: Timestamp,
    /// Since when it no longer stands.
    pub withdrawn_at: Option<Timestamp>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Where it is served.
    pub system: String,
}

/// Records that a party agrees to be served electronically. Where its consent stands already and says the same, nothing happens.
///
/// # Errors
/// `procedure.consent-system` without a place to serve at; `procedure.consent-early` when it would lie in the future.
pub async fn consent(cx: &mut Cx, new: NewConsent) -> Outcome<ConsentId> {
    let system = new.system.trim().to_owned();
    if system.is_empty() {
        return Err(Refusal::new(
            RefusalKind::Invalid,
            "procedure.consent-system",
            "请确认电子送达的地址。",
            "Confirm where you want to be served.",
        )
        .field("system", "请填写账户、邮箱或者手机号码。", "Give the account, address or number.")
        .into());
    }
    if new.at > cx.now {
        return Err(early().into());
    }
    let standing = rows::standing(cx.store(), &new.subject, new.party, new.at).await?;
    if let Some(standing) = standing.filter(|c| c.system == system && c.withdrawn_at.is_none()) {
        return Ok(standing.id);
    }
    let consent = Consent {
        id: cx.new_id(),
        subject: new.subject,
        party: new.party,
        given_at: new.at,
        withdrawn_at: None,
        recorded_at: cx.now,
        system,
    };
    let sealer = cx.store().sealer().clone();
    rows::insert(&mut cx.commit, &sealer, &consent)?;
    Ok(consent.id)
}

/// Records that a party no longer agrees; what was served before stays served.
///
/// # Errors
/// `procedure.no-consent` when none stands.
pub async fn withdraw_consent(cx: &mut Cx, subject: &str, party: SubjectId) -> Outcome<()> {
    let all = rows::of(cx.store(), subject).await?;
    let standing: Vec<ConsentId> =
        all.into_iter().filter(|c| c.party == party && c.withdrawn_at.is_none()).map(|c| c.id).collect();
    if standing.is_empty() {
        return Err(Refusal::new(
            RefusalKind::Conflict,
            "procedure.no-consent",
            "没有有效的电子送达同意。",
            "There is no consent to electronic service to withdraw.",
        )
        .into());
    }
    let now = cx.now;
    for id in standing {
        rows::withdraw(&mut cx.commit, id, now);
    }
    Ok(())
}

/// The consent of a party that stood at `at`; `None` when it had given none.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn consented(
    store: &Store,
    subject: &str,
    party: SubjectId,
    at: Timestamp,
) -> Result<Option<Consent>, Fault> {
    rows::standing(store, subject, party, at).await
}

/// Every consent about a subject, those withdrawn among them.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn consents(store: &Store, subject: &str) -> Result<Vec<Consent>, Fault> {
    rows::of(store, subject).await
}

/// Whether an electronic service on the party at `at` has a consent to rest on, one given in the same commit among them.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn agreed(cx: &Cx, subject: &str, party: SubjectId, at: Timestamp) -> Result<bool, Fault> {
    let now = rows::pending(&cx.commit, subject, party, at).is_some();
    Ok(now || rows::standing(cx.store(), subject, party, at).await?.is_some())
}

/// Since when the party has agreed, which an electronic service relies on; a consent of this very commit counts.
///
/// # Errors
/// `procedure.service-consent` when it has not.
pub(super) async fn relied_on(
    cx: &mut Cx,
    subject: &str,
    party: SubjectId,
    at: Timestamp,
) -> Outcome<Timestamp> {
    if let Some(given) = rows::pending(&cx.commit, subject, party, at) {
        return Ok(given);
    }
    let Some(consent) = rows::standing(cx.store(), subject, party, at).await? else {
        return Err(missing().into());
    };
    if consent.withdrawn_at.is_none() {
        rows::guard(&mut cx.commit, consent.id);
    }
    Ok(consent.given_at)
}

fn missing() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "procedure.service-consent",
        "受送达人没有同意电子送达。",
        "The recipient has not agreed to electronic service.",
    )
    .next("请取得其同意，或者采用其他方式送达。", "Ask for the consent, or serve it in another way.")
}

fn early() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "procedure.consent-early",
        "同意的时间不能晚于现在。",
        "A consent cannot lie in the future.",
    )
    .next("请核对时间。", "Check the moment.")
}
