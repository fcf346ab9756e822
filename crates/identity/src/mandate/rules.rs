//! What may become of a mandate: pure decisions, each with its refusal.

use super::event::MandateEvent;
use super::model::{Basis, Cause, Mandate, MandateId, MandateState, Matters, Powers, end_of};
use jiff::civil::Date;
use kernel::{Refusal, RefusalKind, SubjectId, Timestamp, clock};

/// So many items one mandate names at most; for more there is "all".
pub(crate) const ITEMS_MAX: usize = 200;

/// How far mandates may reach, by configuration.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Links from the principal to the last agent.
    pub links: i64,
    /// Days from today to the last day.
    pub days: i64,
}

/// A mandate as somebody wants to give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Who may act.
    pub agent: SubjectId,
    /// Their name.
    pub agent_name: String,
    /// In which matters.
    pub matters: Matters,
    /// What they may do there.
    pub powers: Powers,
    /// The last day.
    pub until: Date,
    /// Whether they may hand it on.
    pub hand_on: bool,
    /// The mandate that is handed on by this.
    pub under: Option<MandateId>,
    /// Whether the giver has signed the letter that the page showed (Civil Code art. 165).
    pub signed: bool,
}

/// What somebody wants done with a mandate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    Accept,
    Refuse,
    Revoke,
    Renounce,
    Expire,
    End(Cause),
}

fn wrong(code: &'static str, field: &str, zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Invalid, code, zh, en).field(field, zh, en)
}

/// Whether the offer may be made by `giver`, on the day of `now`; `parent` is the mandate that is handed on.
pub(crate) fn offer(
    offer: &Offer,
    giver: SubjectId,
    parent: Option<&Mandate>,
    limits: Limits,
    now: Timestamp,
) -> Result<(), Refusal> {
    let principal = parent.map_or(giver, |p| p.principal);
    if offer.agent == giver || offer.agent == principal {
        return Err(wrong(
            "identity.mandate-self",
            "number",
            "不能委托给自己或委托人本人，请填写另一个人或单位。",
            "A mandate cannot be given to yourself or to the principal; name somebody else.",
        ));
    }
    match &offer.matters {
        Matters::Items(items) if items.is_empty() => {
            return Err(wrong(
                "identity.mandate-no-items",
                "items",
                "请至少选择一个事项，或选择“所有事项”。",
                "Choose one item at least, or all of them.",
            ));
        }
        Matters::Items(items) if items.len() > ITEMS_MAX => {
            return Err(wrong(
                "identity.mandate-too-many-items",
                "items",
                "一份委托最多选200个事项。",
                "One mandate names 200 items at most.",
            ));
        }
        _ => {}
    }
    days(offer.until, limits, now)?;
    if let Some(parent) = parent {
        handed_on(offer, parent, limits, now)?;
    }
    if !offer.signed {
        return Err(wrong(
            "identity.mandate-unsigned",
            "sign",
            "请阅读委托内容，并勾选签署。",
            "Read what the mandate says, then tick that you sign it.",
        ));
    }
    Ok(())
}

fn days(until: Date, limits: Limits, now: Timestamp) -> Result<(), Refusal> {
    let today = clock::legal_date(now);
    if until < today {
        return Err(wrong(
            "identity.mandate-past",
            "until",
            "截止日期不能早于今天。",
            "The last day cannot be before today.",
        ));
    }
    let far = today.until(until).map_or(i64::MAX, |span| i64::from(span.get_days()));
    if far > limits.days {
        let years = limits.days / 365;
        let zh = format!("委托期限最长{years}年，请改为更早的日期。");
        let en = format!("A mandate lasts {years} years at most; choose an earlier day.");
        return Err(wrong("identity.mandate-too-long", "until", &zh, &en));
    }
    Ok(())
}

/// Sub-agency needs the principal's consent and never reaches further than what was given (Civil Code art. 169).
fn handed_on(offer: &Offer, parent: &Mandate, limits: Limits, now: Timestamp) -> Result<(), Refusal> {
    if !parent.in_force(now) {
        return Err(no_longer());
    }
    if !parent.hand_on {
        return Err(Refusal::new(
            RefusalKind::Forbidden,
            "identity.mandate-not-to-hand-on",
            "委托人没有同意转委托，您不能把这份委托交给别人办理。",
            "The principal has not agreed that this mandate be handed on.",
        )
        .next("请联系委托人重新委托，并同意转委托。", "Ask the principal for a mandate that allows it."));
    }
    if parent.links >= limits.links {
        return Err(Refusal::new(
            RefusalKind::Forbidden,
            "identity.mandate-chain",
            format!("委托最多可以转{}层，这份委托不能再转。", limits.links),
            format!("A mandate passes through {} links at most; this one cannot be handed on.", limits.links),
        )
        .next("请由委托人直接委托。", "Ask the principal to mandate them directly."));
    }
    if !parent.matters.hold(&offer.matters)
        || (parent.powers, offer.powers) == (Powers::Filing, Powers::Everything)
    {
        return Err(wrong(
            "identity.mandate-wider",
            "items",
            "转委托的事项和权限不能超过原委托。",
            "What is handed on cannot reach further than the mandate itself.",
        ));
    }
    if end_of(offer.until) > parent.until_at {
        return Err(wrong(
            "identity.mandate-longer",
            "until",
            "转委托的截止日期不能晚于原委托。",
            "What is handed on cannot last longer than the mandate itself.",
        ));
    }
    Ok(())
}

/// The refusal for a mandate that has ended meanwhile.
pub(crate) fn no_longer() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "identity.mandate-over",
        "这份委托已经结束，不能再这样操作。",
        "This mandate has ended; that can no longer be done.",
    )
    .next("已经办理的事项不受影响。", "What was done under it stands.")
}

fn forbidden(zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Forbidden, "identity.mandate-not-yours", zh, en)
        .next("请由委托关系中的另一方操作。", "The other side of the mandate can do it.")
}

/// What `me` may do with a mandate; `None` is the program itself.
pub(crate) fn decide(
    mandate: &Mandate,
    me: Option<SubjectId>,
    command: &Command,
    now: Timestamp,
) -> Result<MandateEvent, Refusal> {
    let (agent, giver) =
        (me == Some(mandate.agent), me == Some(mandate.principal) || me == Some(mandate.giver));
    if !mandate.state.open() {
        return Err(no_longer());
    }
    if *command == Command::Expire {
        return if mandate.until_at <= now { Ok(MandateEvent::Expired) } else { Err(no_longer()) };
    }
    if mandate.until_at <= now {
        return Err(no_longer());
    }
    let by_law = mandate.basis == Basis::Guardian;
    match (command, mandate.state) {
        (Command::End(cause), _) if me.is_none() => Ok(MandateEvent::Ended { cause: *cause }),
        _ if by_law => Err(forbidden(
            "监护关系由法律规定，不能在这里变更。",
            "Guardianship rests on the law and is not changed here.",
        )),
        (Command::Accept, MandateState::Offered) if agent => Ok(MandateEvent::Accepted),
        (Command::Refuse, MandateState::Offered) if agent => Ok(MandateEvent::Refused),
        (Command::Renounce, MandateState::Accepted) if agent => Ok(MandateEvent::Renounced),
        (Command::Revoke, _) if giver => Ok(MandateEvent::Revoked),
        (Command::Accept | Command::Refuse | Command::Renounce, _) if agent => Err(Refusal::new(
            RefusalKind::Conflict,
            "identity.mandate-answered",
            "这份委托已经答复过了。",
            "This mandate has been answered already.",
        )
        .next("请刷新页面查看。", "Open the page again to see how it stands.")),
        _ => Err(forbidden("您不能这样处理这份委托。", "You cannot do this with this mandate.")),
    }
}

/// The state after an event.
pub(crate) fn state_after(event: &MandateEvent) -> Option<MandateState> {
    Some(match event {
        MandateEvent::Offered { .. } => MandateState::Offered,
        MandateEvent::Guardian { .. } | MandateEvent::Accepted => MandateState::Accepted,
        MandateEvent::Refused => MandateState::Refused,
        MandateEvent::Revoked => MandateState::Revoked,
        MandateEvent::Renounced => MandateState::Renounced,
        MandateEvent::Expired => MandateState::Expired,
        MandateEvent::Ended { .. } => MandateState::Ended,
        MandateEvent::HandedOn { .. } => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::PersonId;

    const LIMITS: Limits = Limits { links: 2, days: 1096 };

    fn person(n: u128) -> SubjectId {
        let id: PersonId = format!("019a0000-0000-7000-8000-{n:012}").parse().unwrap();
        SubjectId::Person(id)
    }

    fn now() -> Timestamp {
        "2026-11-22T02:00:00Z".parse().unwrap()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn items(keys: &[&str]) -> Matters {
        Matters::Items(keys.iter().map(|k| (*k).to_owned()).collect())
    }

    fn mandate(state: MandateState) -> Mandate {
        Mandate {
            id: "019a0000-0000-7000-8000-00000000000a".parse().unwrap(),
            basis: Basis::Given,
            principal: person(1),
            principal_name: "甲".to_owned(),
            giver: person(1),
            giver_name: "甲".to_owned(),
            agent: person(2),
            agent_name: "乙".to_owned(),
            matters: items(&["a", "b"]),
            powers: Powers::Filing,
            hand_on: true,
            parent: None,
            links: 1,
            state,
            offered_at: now(),
            until_at: end_of(day("2026-12-31")),
            ended_at: None,
            rev: 1,
        }
    }

    fn offered() -> Offer {
        Offer {
            agent: person(3),
            agent_name: "丙".to_owned(),
            matters: items(&["a"]),
            powers: Powers::Filing,
            until: day("2026-12-31"),
            hand_on: false,
            under: None,
            signed: true,
        }
    }

    fn code(result: Result<impl std::fmt::Debug, Refusal>) -> String {
        result.unwrap_err().code.into_owned()
    }

    #[test]
    fn a_mandate_says_what_the_law_wants_said() {
        let direct = |o: &Offer| offer(o, person(1), None, LIMITS, now());
        assert_eq!(direct(&offered()), Ok(()));
        for (change, expected) in [
            (Offer { agent: person(1), ..offered() }, "identity.mandate-self"),
            (Offer { matters: items(&[]), ..offered() }, "identity.mandate-no-items"),
            (Offer { until: day("2026-11-21"), ..offered() }, "identity.mandate-past"),
            (Offer { until: day("2029-12-31"), ..offered() }, "identity.mandate-too-long"),
            (Offer { signed: false, ..offered() }, "identity.mandate-unsigned"),
        ] {
            assert_eq!(code(direct(&change)), expected);
        }
        let many: Vec<String> = (0..201).map(|n| format!("i{n}")).collect();
        let many = Matters::Items(many.into_iter().collect());
        assert_eq!(code(direct(&Offer { matters: many, ..offered() })), "identity.mandate-too-many-items");
        assert_eq!(direct(&Offer { until: day("2026-11-22"), ..offered() }), Ok(()), "today is a day");
    }

    #[test]
    fn what_is_handed_on_reaches_no_further() {
        let parent = mandate(MandateState::Accepted);
        let on = |o: &Offer, p: &Mandate| offer(o, person(2), Some(p), LIMITS, now());
        assert_eq!(on(&offered(), &parent), Ok(()));
        let kept = Mandate { hand_on: false, ..parent.clone() };
        assert_eq!(code(on(&offered(), &kept)), "identity.mandate-not-to-hand-on");
        let last = Mandate { links: 2, ..parent.clone() };
        assert_eq!(code(on(&offered(), &last)), "identity.mandate-chain");
        for state in [MandateState::Offered, MandateState::Revoked] {
            assert_eq!(code(on(&offered(), &mandate(state))), "identity.mandate-over");
        }
        for (change, expected) in [
            (Offer { matters: Matters::All, ..offered() }, "identity.mandate-wider"),
            (Offer { matters: items(&["c"]), ..offered() }, "identity.mandate-wider"),
            (Offer { powers: Powers::Everything, ..offered() }, "identity.mandate-wider"),
            (Offer { until: day("2027-01-01"), ..offered() }, "identity.mandate-longer"),
            (Offer { agent: person(1), ..offered() }, "identity.mandate-self"),
        ] {
            assert_eq!(code(on(&change, &parent)), expected);
        }
    }

    #[test]
    fn each_side_does_its_own_and_only_once() {
        let (one, two, other) = (Some(person(1)), Some(person(2)), Some(person(9)));
        let open = mandate(MandateState::Offered);
        let running = mandate(MandateState::Accepted);
        let ok = |m: &Mandate, me, c: Command| decide(m, me, &c, now()).is_ok();
        assert!(ok(&open, two, Command::Accept) && ok(&open, two, Command::Refuse));
        assert!(ok(&open, one, Command::Revoke) && ok(&running, one, Command::Revoke));
        assert!(ok(&running, two, Command::Renounce));
        assert!(ok(&running, None, Command::End(Cause::Death)));
        for (m, me, command) in [
            (&open, one, Command::Accept),
            (&open, other, Command::Accept),
            (&running, two, Command::Revoke),
            (&running, other, Command::Revoke),
            (&running, one, Command::Renounce),
            (&running, one, Command::End(Cause::Death)),
        ] {
            assert_eq!(code(decide(m, me, &command, now())), "identity.mandate-not-yours", "{command:?}");
        }
        assert_eq!(code(decide(&running, two, &Command::Accept, now())), "identity.mandate-answered");
        let after = end_of(day("2026-12-31"));
        assert_eq!(code(decide(&running, one, &Command::Revoke, after)), "identity.mandate-over");
        assert_eq!(decide(&running, None, &Command::Expire, after), Ok(MandateEvent::Expired));
        assert!(decide(&running, None, &Command::Expire, now()).is_err());
        for state in [MandateState::Refused, MandateState::Revoked, MandateState::Renounced] {
            assert_eq!(code(decide(&mandate(state), one, &Command::Revoke, now())), "identity.mandate-over");
        }
        let law = Mandate { basis: Basis::Guardian, ..running };
        for (me, command) in [(one, Command::Revoke), (two, Command::Renounce)] {
            assert_eq!(code(decide(&law, me, &command, now())), "identity.mandate-not-yours");
        }
    }

    #[test]
    fn the_last_day_counts_whole() {
        let m = mandate(MandateState::Accepted);
        let last: Timestamp = "2026-12-31T15:59:59Z".parse().unwrap();
        let over: Timestamp = "2026-12-31T16:00:00Z".parse().unwrap();
        assert!(m.in_force(last) && !m.in_force(over));
        assert_eq!((m.state_at(over), m.until()), (MandateState::Expired, day("2026-12-31")));
    }
}
