//! Which act may follow on which state; nothing else decides.

use crate::event::CertificateEvent;
use crate::grounds::{ActKind, Ground};
use crate::model::{CertificateId, State};
use crate::version::VersionKind;
use kernel::{Refusal, RefusalKind, Timestamp};

/// The ground of an act, and the facts in the agency's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// On which ground.
    pub ground: Ground,
    /// In the agency's words.
    pub reason: String,
}

impl Why {
    /// A ground with its reason.
    pub fn new(ground: Ground, reason: impl Into<String>) -> Self {
        Self { ground, reason: reason.into() }
    }
}

/// An act on an issued certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// 暂扣.
    Suspend(Why),
    /// 暂扣发还.
    Restore(Why),
    /// 撤销: it was wrongly given.
    Revoke {
        /// Why.
        why: Why,
        /// It was weighed that revoking does no great harm to the public interest (Licensing Law art. 69 para. 3).
        weighed: bool,
    },
    /// 注销: given up or ended.
    Cancel(Why),
    /// 吊销: taken away as a penalty.
    Forfeit {
        /// Why.
        why: Why,
        /// The holder was told of the right to a hearing, and it was held when asked for (Penalties Law art. 63 no. 3).
        heard: bool,
    },
    /// 转出: another body keeps it now; the reason says which.
    Transfer(Why),
    /// 换发: a new version takes its place.
    Replace {
        /// Which.
        by: CertificateId,
        /// Why there is one.
        because: VersionKind,
        /// In the agency's words.
        why: String,
        /// What differs.
        differs: Vec<String>,
    },
}

/// Who acts for the issuing agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// At the window (窗口人员).
    Clerk,
    /// An examiner (审查人员).
    Examiner,
    /// A person in charge (负责人), or who stands in for one.
    Head,
}

impl Power {
    /// Whether the act, on this ground when one is chosen, may be done: a window takes back what is given up; to revoke, and to
    /// forfeit (Penalties Law art. 57), is for the head of the agency.
    pub fn may(self, act: ActKind, ground: Option<Ground>) -> bool {
        match self {
            Self::Clerk => act == ActKind::Cancel && ground.is_none_or(|g| g == Ground::GivenUp),
            Self::Examiner => !matches!(act, ActKind::Revoke | ActKind::Forfeit),
            Self::Head => true,
        }
    }

    /// Whether a new version may be made: a window corrects slips of the pen, what has changed is examined.
    pub fn may_reissue(self, kind: VersionKind) -> bool {
        self != Self::Clerk || kind == VersionKind::Correction
    }
}

/// The longest reason, in characters.
const WHY_MAX: usize = 500;

/// Decides `act` on a certificate that is in `state` at `now`.
///
/// # Errors
/// A refusal when the state or the ground does not allow it, or the reason is missing or too long.
pub fn decide(state: &State, act: Act, now: Timestamp) -> Result<(State, CertificateEvent), Refusal> {
    let standing = matches!(state, State::Valid | State::Suspended { .. } | State::Expired { .. });
    match act {
        Act::Suspend(why) if *state == State::Valid => {
            let (why, ground) = sound(why, ActKind::Suspend)?;
            Ok((
                State::Suspended { at: now, why: why.clone(), ground },
                CertificateEvent::Suspended { why, ground },
            ))
        }
        Act::Restore(why) if matches!(state, State::Suspended { .. }) => {
            let (why, ground) = sound(why, ActKind::Restore)?;
            Ok((State::Valid, CertificateEvent::Restored { why, ground }))
        }
        // wrongly given is wrongly given, even when its time has passed
        Act::Revoke { why, weighed } if standing => {
            let (why, ground) = sound(why, ActKind::Revoke)?;
            if !weighed {
                return Err(unweighed());
            }
            Ok((
                State::Revoked { at: now, why: why.clone(), ground },
                CertificateEvent::Revoked { why, ground },
            ))
        }
        // a penalty falls on what one holds; what has ended holds nothing that could be taken away
        Act::Forfeit { why, heard } if matches!(state, State::Valid | State::Suspended { .. }) => {
            forfeit(why, heard, now)
        }
        Act::Transfer(why) if *state == State::Valid => {
            let (why, ground) = sound(why, ActKind::Transfer)?;
            Ok((
                State::Transferred { at: now, why: why.clone(), ground },
                CertificateEvent::Transferred { why, ground },
            ))
        }
        // what was revoked or forfeited is struck from the register afterwards (art. 70 no. 4)
        Act::Cancel(why) if standing || taken_away_before(state, &why) => {
            let (why, ground) = sound(why, ActKind::Cancel)?;
            if ground == Some(Ground::NotRenewed) && !matches!(state, State::Expired { .. }) {
                return Err(not_ended());
            }
            Ok((
                State::Cancelled { at: now, why: why.clone(), ground },
                CertificateEvent::Cancelled { why, ground },
            ))
        }
        Act::Replace { by, because, why, differs } if replaceable(state, because) => {
            let why = reason(&why)?;
            Ok((
                State::Replaced { at: now, by },
                CertificateEvent::Replaced { by, because: Some(because), why, differs },
            ))
        }
        _ => Err(wrong_state()),
    }
}

fn forfeit(why: Why, heard: bool, now: Timestamp) -> Result<(State, CertificateEvent), Refusal> {
    let (why, ground) = sound(why, ActKind::Forfeit)?;
    if !heard {
        return Err(unheard());
    }
    Ok((State::Forfeited { at: now, why: why.clone(), ground }, CertificateEvent::Forfeited { why, ground }))
}

/// Whether `act` may follow on `state` on any ground that staff can choose.
pub(crate) fn possible(state: &State, act: ActKind, now: Timestamp) -> bool {
    Ground::choices(act).any(|ground| {
        let why = Why::new(ground, "…");
        let trial = match act {
            ActKind::Suspend => Act::Suspend(why),
            ActKind::Restore => Act::Restore(why),
            ActKind::Revoke => Act::Revoke { why, weighed: true },
            ActKind::Cancel => Act::Cancel(why),
            ActKind::Forfeit => Act::Forfeit { why, heard: true },
            ActKind::Transfer => Act::Transfer(why),
        };
        decide(state, trial, now).is_ok()
    })
}

/// A suspended certificate gets no new version, which would hold at once; an expired one only by its renewal.
pub(crate) fn replaceable(state: &State, because: VersionKind) -> bool {
    *state == State::Valid || (because == VersionKind::Renewal && matches!(state, State::Expired { .. }))
}

fn taken_away_before(state: &State, why: &Why) -> bool {
    matches!(state, State::Revoked { .. } | State::Forfeited { .. }) && why.ground == Ground::TakenBack
}

pub(crate) fn wrong_state() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "certificates.wrong-state",
        "证照现在的状态不允许这样办理。",
        "The certificate is in a state that does not allow this.",
    )
    .next("请先查看证照的当前状态和办理记录。", "Look at its present state and history first.")
}

fn unweighed() -> Refusal {
    let (zh, en) = (
        "请先核查：撤销可能对公共利益造成重大损害的，不予撤销。",
        "Weigh it first: what would do great harm to the public interest is not revoked.",
    );
    Refusal::new(RefusalKind::Invalid, "certificates.public-interest", zh, en).field("weighed", zh, en)
}

fn unheard() -> Refusal {
    let (zh, en) = (
        "请先告知持证人有权要求听证；要求听证的，应当组织听证。",
        "Tell the holder of the right to a hearing first, and hold it when it is asked for.",
    );
    Refusal::new(RefusalKind::Invalid, "certificates.hearing", zh, en).field("heard", zh, en)
}

fn not_ended() -> Refusal {
    let (zh, en) = ("证照还在有效期内，请选择其他事由。", "Its time has not passed; choose another ground.");
    Refusal::new(RefusalKind::Invalid, "certificates.not-ended", zh, en).field("ground", zh, en)
}

fn sound(why: Why, act: ActKind) -> Result<(String, Option<Ground>), Refusal> {
    if why.ground.act() != act {
        let (zh, en) = ("请选择这项办理的事由。", "Choose a ground of this act.");
        return Err(Refusal::new(RefusalKind::Invalid, "certificates.ground", zh, en).field("ground", zh, en));
    }
    Ok((reason(&why.reason)?, Some(why.ground)))
}

fn reason(why: &str) -> Result<String, Refusal> {
    let why = why.trim();
    if why.is_empty() || why.chars().count() > WHY_MAX {
        return Err(Refusal::new(
            RefusalKind::Invalid,
            "certificates.reason",
            "请写明理由，不超过500字。",
            "Give the reason, in 500 characters at most.",
        )
        .field("why", "请写明理由，不超过500字。", "Give the reason, in 500 characters at most."));
    }
    Ok(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn now() -> Timestamp {
        "2026-11-22T02:00:00Z".parse().unwrap()
    }

    fn because(ground: Ground) -> Why {
        Why::new(ground, "理由")
    }

    #[test]
    fn acts_follow_only_on_states_that_allow_them() {
        let why = || "理由".to_owned();
        let (at, ground) = (now(), None);
        let id: CertificateId = "019aa000-0000-7000-8000-000000000000".parse().unwrap();
        let suspended = State::Suspended { at, why: why(), ground };
        let states = [
            State::Valid,
            suspended,
            State::Revoked { at, why: why(), ground },
            State::Cancelled { at, why: why(), ground },
            State::Forfeited { at, why: why(), ground },
            State::Transferred { at, why: why(), ground },
            State::Expired { on: date(2026, 1, 1) },
            State::Replaced { at, by: id },
        ];
        let allowed = |act: &dyn Fn() -> Act| -> Vec<&str> {
            states.iter().filter(|s| decide(s, act(), at).is_ok()).map(State::word).collect()
        };
        let replace =
            |because| Act::Replace { by: id, because, why: why(), differs: vec!["plate".to_owned()] };
        assert_eq!(allowed(&|| Act::Suspend(because(Ground::Penalty))), ["valid"]);
        assert_eq!(allowed(&|| Act::Restore(because(Ground::SuspensionOver))), ["suspended"]);
        let revoke = || Act::Revoke { why: because(Ground::Fraud), weighed: true };
        assert_eq!(allowed(&revoke), ["valid", "suspended", "expired"]);
        assert_eq!(allowed(&|| Act::Cancel(because(Ground::GivenUp))), ["valid", "suspended", "expired"]);
        assert_eq!(allowed(&|| Act::Cancel(because(Ground::NotRenewed))), ["expired"]);
        let forfeit = || Act::Forfeit { why: because(Ground::Forfeiture), heard: true };
        assert_eq!(allowed(&forfeit), ["valid", "suspended"]);
        assert_eq!(allowed(&|| Act::Transfer(because(Ground::Moved))), ["valid"]);
        let taken = ["valid", "suspended", "revoked", "forfeited", "expired"];
        assert_eq!(allowed(&|| Act::Cancel(because(Ground::TakenBack))), taken);
        assert_eq!(allowed(&|| replace(VersionKind::Correction)), ["valid"]);
        assert_eq!(allowed(&|| replace(VersionKind::Renewal)), ["valid", "expired"]);
    }

    #[test]
    fn a_ground_of_the_act_and_a_reason_are_needed() {
        let code = |act| decide(&State::Valid, act, now()).unwrap_err().code.into_owned();
        for bad in ["", "  ", &"长".repeat(501)] {
            assert_eq!(code(Act::Cancel(Why::new(Ground::GivenUp, bad))), "certificates.reason");
        }
        assert_eq!(code(Act::Suspend(because(Ground::Fraud))), "certificates.ground");
        let revoke = Act::Revoke { why: because(Ground::Fraud), weighed: false };
        assert_eq!(code(revoke), "certificates.public-interest");
        let forfeit = Act::Forfeit { why: because(Ground::Forfeiture), heard: false };
        assert_eq!(code(forfeit), "certificates.hearing");
    }

    #[test]
    fn a_window_takes_back_what_is_given_up_and_the_head_revokes() {
        let acts = |power: Power| ActKind::ALL.map(|act| power.may(act, None));
        assert_eq!(acts(Power::Clerk), [false, false, false, true, false, false]);
        assert!(!Power::Clerk.may(ActKind::Cancel, Some(Ground::Dissolved)));
        assert_eq!(acts(Power::Examiner), [true, true, false, true, false, true]);
        assert_eq!(acts(Power::Head), [true; 6]);
        assert_eq!(VersionKind::ALL.map(|k| Power::Clerk.may_reissue(k)), [true, false, false]);
    }

    #[test]
    fn a_valid_certificate_expires_on_the_day_after_its_last() {
        let last = date(2026, 11, 22);
        assert_eq!(State::Valid.on(last, Some(last)), State::Valid);
        assert_eq!(State::Valid.on(date(2026, 11, 23), Some(last)), State::Expired { on: last });
        let revoked = State::Revoked { at: now(), why: "x".into(), ground: None };
        assert_eq!(revoked.clone().on(date(2027, 1, 1), Some(last)), revoked, "revoked stays revoked");
        assert_eq!(State::Valid.on(date(2027, 1, 1), None), State::Valid);
    }
}
