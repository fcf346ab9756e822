//! What may become of the protection of an address: pure decisions, each with its refusal.

use super::event::ProtectionEvent;
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::{AccountId, PersonId, Refusal, RefusalKind, Timestamp, clock};
use serde::{Deserialize, Serialize};

/// Papers are named in so many characters at most, reasons too.
const TEXT_MAX: usize = 200;

/// Why an address is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// A personal safety protection order of a court (人身安全保护令, Anti-Domestic Violence Law art. 23–32).
    Order,
    /// A written admonition of the police (告诫书, Anti-Domestic Violence Law art. 16–17).
    Admonition,
    /// Where somebody lives is sensitive: its leak endangers them (Personal Information Protection Law art. 28).
    Sensitive,
}

impl Ground {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Order, Self::Admonition, Self::Sensitive];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Admonition => "admonition",
            Self::Sensitive => "sensitive",
        }
    }

    /// The ground of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.word() == word)
    }

    /// The last day it may reach from `today`: an order holds for six months (art. 30) and is renewed by the court; the others are looked at
    /// again after a year.
    fn latest(self, today: Date) -> Date {
        let months = if self == Self::Order { 6 } else { 12 };
        today.checked_add(months.months()).unwrap_or(today)
    }
}

/// How a protection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Asked for; it does not hold yet.
    Asked,
    /// It holds.
    Holds,
    /// It holds, and somebody asks that it end.
    Lifting,
    /// A second clerk did not agree.
    Refused,
    /// It was ended before its day.
    Lifted,
    /// Its last day has passed.
    Over,
}

impl State {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Holds => "holds",
            Self::Lifting => "lifting",
            Self::Refused => "refused",
            Self::Lifted => "lifted",
            Self::Over => "over",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Asked, Self::Holds, Self::Lifting, Self::Refused, Self::Lifted, Self::Over]
            .into_iter()
            .find(|s| s.word() == word)
    }

    /// Whether the address is kept.
    pub fn keeps(self) -> bool {
        matches!(self, Self::Holds | Self::Lifting)
    }
}

/// What a clerk asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// Whose address.
    pub person: PersonId,
    /// Who lives with them and may go on seeing it.
    pub with: Option<PersonId>,
    /// On which ground.
    pub ground: Ground,
    /// Which paper was shown.
    pub paper: String,
    /// The last day.
    pub until: Date,
}

/// What somebody wants done with a protection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The second clerk agrees with what was asked, or does not.
    Decide {
        /// Whether.
        agree: bool,
    },
    /// It is to end before its day.
    Lift {
        /// Why.
        reason: String,
    },
    /// Its time has come.
    Expire,
}

fn wrong(code: &'static str, field: &str, zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Invalid, code, zh, en).field(field, zh, en)
}

fn text(field: &str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > TEXT_MAX {
        let (zh, en) = ("请填写，不超过200字。", "Say it in 200 characters at most.");
        return Err(wrong("identity.protection-text", field, zh, en));
    }
    Ok(text.to_owned())
}

/// Asks for a protection.
///
/// # Errors
/// `identity.protection-text`, `identity.protection-day`, `identity.protection-with`.
pub(crate) fn ask(asking: &Asking, by: AccountId, now: Timestamp) -> Result<ProtectionEvent, Refusal> {
    let today = clock::legal_date(now);
    let paper = text("paper", &asking.paper)?;
    if asking.with == Some(asking.person) {
        let (zh, en) = ("请填写另一个人，没有的留空。", "Name somebody else, or nobody.");
        return Err(wrong("identity.protection-with", "with", zh, en));
    }
    if asking.until < today || asking.until > asking.ground.latest(today) {
        return Err(wrong(
            "identity.protection-day",
            "until",
            "请选今天起的日期：保护令最长六个月，其他最长一年。",
            "Choose a day from today: six months at most under an order, else a year.",
        ));
    }
    let Asking { person, with, ground, until, .. } = asking.clone();
    Ok(ProtectionEvent::Asked { person, with, ground, paper, until, by })
}

/// What becomes of a protection in `state`, of which `first` asked what is open now; `by` is who wants it, nobody the program itself.
///
/// # Errors
/// `identity.protection-same` for whoever asked, `identity.protection-over` when nothing is open.
pub(crate) fn decide(
    state: State,
    first: AccountId,
    by: Option<AccountId>,
    command: &Command,
) -> Result<ProtectionEvent, Refusal> {
    match (command, state, by) {
        (Command::Expire, state, None) if state.keeps() => Ok(ProtectionEvent::Expired),
        (Command::Decide { .. }, State::Asked | State::Lifting, Some(by)) if by == first => {
            Err(Refusal::new(
                RefusalKind::Forbidden,
                "identity.protection-same",
                "须由另一位工作人员决定。",
                "Somebody else must decide this.",
            )
            .next("请同事用自己的账号办理。", "Ask a colleague to do it with their own account."))
        }
        (Command::Decide { agree }, State::Asked, Some(by)) => {
            Ok(if *agree { ProtectionEvent::Granted { by } } else { ProtectionEvent::Refused { by } })
        }
        (Command::Decide { agree }, State::Lifting, Some(by)) => {
            Ok(if *agree { ProtectionEvent::Lifted { by } } else { ProtectionEvent::Kept { by } })
        }
        (Command::Lift { reason }, State::Holds, Some(by)) => {
            Ok(ProtectionEvent::LiftAsked { by, reason: text("reason", reason)? })
        }
        _ => Err(Refusal::new(
            RefusalKind::Conflict,
            "identity.protection-over",
            "这件保护的状态已经变化，不能再这样办理。",
            "The protection stands otherwise by now; that can no longer be done.",
        )
        .next("请刷新页面查看。", "Open the page again to see how it stands.")),
    }
}

/// The state after an event.
pub(crate) fn after(event: &ProtectionEvent) -> State {
    match event {
        ProtectionEvent::Asked { .. } => State::Asked,
        ProtectionEvent::Granted { .. } | ProtectionEvent::Kept { .. } => State::Holds,
        ProtectionEvent::Refused { .. } => State::Refused,
        ProtectionEvent::LiftAsked { .. } => State::Lifting,
        ProtectionEvent::Lifted { .. } => State::Lifted,
        ProtectionEvent::Expired => State::Over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(n: u128) -> AccountId {
        format!("019a0000-0000-7000-8000-{n:012}").parse().unwrap()
    }

    fn person(n: u128) -> PersonId {
        format!("019a0000-0000-7000-8000-{n:012}").parse().unwrap()
    }

    fn code(result: Result<ProtectionEvent, Refusal>) -> String {
        result.unwrap_err().code.into_owned()
    }

    fn asking(ground: Ground, until: &str) -> Asking {
        Asking {
            person: person(1),
            with: None,
            ground,
            paper: "（2026）苏民保令1号".to_owned(),
            until: until.parse().unwrap(),
        }
    }

    #[test]
    fn an_order_protects_for_six_months_and_the_rest_for_a_year() {
        let now: Timestamp = "2026-11-22T02:00:00Z".parse().unwrap();
        let ask = |asking: &Asking| ask(asking, account(1), now);
        for (ground, last, beyond) in [
            (Ground::Order, "2027-05-22", "2027-05-23"),
            (Ground::Admonition, "2027-11-22", "2027-11-23"),
            (Ground::Sensitive, "2027-11-22", "2027-11-23"),
        ] {
            assert!(ask(&asking(ground, last)).is_ok(), "{ground:?}");
            assert_eq!(code(ask(&asking(ground, beyond))), "identity.protection-day");
        }
        assert_eq!(code(ask(&asking(Ground::Order, "2026-11-21"))), "identity.protection-day");
        let bare = Asking { paper: " ".to_owned(), ..asking(Ground::Order, "2026-12-01") };
        assert_eq!(code(ask(&bare)), "identity.protection-text");
        let own = Asking { with: Some(person(1)), ..asking(Ground::Order, "2026-12-01") };
        assert_eq!(code(ask(&own)), "identity.protection-with");
    }

    #[test]
    fn two_set_it_and_two_lift_it() {
        let (one, two) = (account(1), account(2));
        let yes = Command::Decide { agree: true };
        assert_eq!(code(decide(State::Asked, one, Some(one), &yes)), "identity.protection-same");
        let granted = decide(State::Asked, one, Some(two), &yes).unwrap();
        assert!(after(&granted).keeps() && !State::Asked.keeps());
        let lift = Command::Lift { reason: "法院撤销".to_owned() };
        let asked = decide(State::Holds, one, Some(two), &lift).unwrap();
        assert!(after(&asked).keeps(), "until a second person agrees it holds");
        assert_eq!(code(decide(State::Lifting, two, Some(two), &yes)), "identity.protection-same");
        assert!(!after(&decide(State::Lifting, two, Some(one), &yes).unwrap()).keeps());
        let no = Command::Decide { agree: false };
        assert!(after(&decide(State::Lifting, two, Some(one), &no).unwrap()).keeps());
        assert!(!after(&decide(State::Asked, one, Some(two), &no).unwrap()).keeps());
        for (state, command) in
            [(State::Holds, &yes), (State::Asked, &lift), (State::Lifted, &lift), (State::Over, &yes)]
        {
            assert_eq!(code(decide(state, one, Some(two), command)), "identity.protection-over");
        }
        assert!(decide(State::Holds, one, None, &Command::Expire).is_ok());
        assert!(
            decide(State::Holds, one, Some(two), &Command::Expire).is_err(),
            "time ends it, nobody else alone"
        );
        assert!(decide(State::Asked, one, None, &Command::Expire).is_err());
    }
}
