//! Which act may follow on which state; nothing else decides.

use crate::event::CertificateEvent;
use crate::model::{CertificateId, State};
use kernel::{Refusal, RefusalKind, Timestamp};

/// An act on an issued certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// 暂扣.
    Suspend(String),
    /// 暂扣发还.
    Restore,
    /// 撤销: it was wrongly given.
    Revoke(String),
    /// 注销: given up or ended.
    Cancel(String),
    /// 换发: another one takes its place.
    Replace(CertificateId),
}

/// The longest reason, in characters.
const WHY_MAX: usize = 500;

/// Decides `act` on a certificate that is in `state` at `now`.
///
/// # Errors
/// A refusal when the state does not allow it, or the reason is missing or too long.
pub fn decide(state: &State, act: Act, now: Timestamp) -> Result<(State, CertificateEvent), Refusal> {
    let standing = matches!(state, State::Valid | State::Suspended { .. } | State::Expired { .. });
    let in_use = matches!(state, State::Valid | State::Suspended { .. });
    match act {
        Act::Suspend(why) if *state == State::Valid => {
            let why = reason(why)?;
            Ok((State::Suspended { at: now, why: why.clone() }, CertificateEvent::Suspended { why }))
        }
        Act::Restore if matches!(state, State::Suspended { .. }) => {
            Ok((State::Valid, CertificateEvent::Restored))
        }
        // wrongly given is wrongly given, even when its time has passed
        Act::Revoke(why) if standing => {
            let why = reason(why)?;
            Ok((State::Revoked { at: now, why: why.clone() }, CertificateEvent::Revoked { why }))
        }
        Act::Cancel(why) if standing => {
            let why = reason(why)?;
            Ok((State::Cancelled { at: now, why: why.clone() }, CertificateEvent::Cancelled { why }))
        }
        Act::Replace(by) if in_use => {
            Ok((State::Replaced { at: now, by }, CertificateEvent::Replaced { by }))
        }
        _ => Err(wrong_state()),
    }
}

fn wrong_state() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "certificates.wrong-state",
        "证照现在的状态不允许这样办理。",
        "The certificate is in a state that does not allow this.",
    )
    .next("请先查看证照的当前状态和办理记录。", "Look at its present state and history first.")
}

fn reason(why: String) -> Result<String, Refusal> {
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

    #[test]
    fn acts_follow_only_on_states_that_allow_them() {
        let why = || "理由".to_owned();
        let at = now();
        let id: CertificateId = "019aa000-0000-7000-8000-000000000000".parse().unwrap();
        let suspended = State::Suspended { at, why: why() };
        let states = [
            State::Valid,
            suspended,
            State::Revoked { at, why: why() },
            State::Cancelled { at, why: why() },
            State::Expired { on: date(2026, 1, 1) },
            State::Replaced { at, by: id },
        ];
        let allowed = |act: &dyn Fn() -> Act| -> Vec<&str> {
            states.iter().filter(|s| decide(s, act(), at).is_ok()).map(State::word).collect()
        };
        assert_eq!(allowed(&|| Act::Suspend(why())), ["valid"]);
        assert_eq!(allowed(&|| Act::Restore), ["suspended"]);
        assert_eq!(allowed(&|| Act::Revoke(why())), ["valid", "suspended", "expired"]);
        assert_eq!(allowed(&|| Act::Cancel(why())), ["valid", "suspended", "expired"]);
        assert_eq!(allowed(&|| Act::Replace(id)), ["valid", "suspended"]);
    }

    #[test]
    fn a_reason_is_needed_and_bounded() {
        for bad in ["", "  ", &"长".repeat(501)] {
            let refused = decide(&State::Valid, Act::Revoke(bad.to_owned()), now()).unwrap_err();
            assert_eq!(refused.code, "certificates.reason");
        }
    }

    #[test]
    fn a_valid_certificate_expires_on_the_day_after_its_last() {
        let last = date(2026, 11, 22);
        assert_eq!(State::Valid.on(last, Some(last)), State::Valid);
        assert_eq!(State::Valid.on(date(2026, 11, 23), Some(last)), State::Expired { on: last });
        let revoked = State::Revoked { at: now(), why: "x".into() };
        assert_eq!(revoked.clone().on(date(2027, 1, 1), Some(last)), revoked, "revoked stays revoked");
        assert_eq!(State::Valid.on(date(2027, 1, 1), None), State::Valid);
    }
}
