//! Who files: somebody for themselves or their firm, or a clerk at the window for somebody who stands there, for themselves or for another.

use crate::model::{Agent, Capacity, Case};
use ::store::{Cx, Store};
use catalog::{Audience, Item};
use identity::mandate::{Act, Basis, InForce};
use identity::{Applicant, AtWindow, Clerk, Whom};
use kernel::{
    AccountId, ActorRef, AgencyCode, Outcome, PersonId, Refusal, RefusalKind, SubjectId, Timestamp,
};

/// Whoever files, with the right they have to.
#[derive(Debug, Clone)]
pub(crate) struct Filer {
    pub subject: SubjectId,
    pub person: PersonId,
    pub name: String,
    /// Whose uploads count as their own, and under which account the filing's key is kept.
    pub account: AccountId,
    pub actor: ActorRef,
    /// Whose window it is, when a clerk files.
    pub window: Option<AgencyCode>,
    /// Whether nothing on line reaches the subject: there is no account here.
    pub unreached: bool,
    /// Whether the clerk says that every original was compared.
    pub compared: bool,
    firm: bool,
    right: Right,
}

#[derive(Debug, Clone)]
enum Right {
    Own(Applicant),
    Window(AtWindow),
}

impl From<&Applicant> for Filer {
    fn from(who: &Applicant) -> Self {
        Self {
            subject: who.subject(),
            person: who.person(),
            name: who.subject_name().to_owned(),
            account: who.account(),
            actor: who.actor_ref(),
            window: None,
            unreached: false,
            compared: false,
            firm: who.acting().is_some(),
            right: Right::Own(who.clone()),
        }
    }
}

impl Filer {
    /// A clerk for the person with this identity number, who stands at the window, for themselves or for somebody else.
    pub async fn at_window(
        store: &Store,
        clerk: &Clerk,
        (citizen_id, whom): (&str, Whom),
        now: Timestamp,
    ) -> Outcome<Self> {
        let person = identity::person_by_citizen_id(store, citizen_id.trim()).await?.ok_or_else(nobody)?;
        Self::there(store, clerk, AtWindow::of(store, clerk, person, whom, now).await?, now).await
    }

    /// The same for the party of a case that they are or may act for; for themselves when they are none, which the rules refuse.
    pub async fn as_party(
        store: &Store,
        clerk: &Clerk,
        (citizen_id, case): (&str, &Case),
        now: Timestamp,
    ) -> Outcome<Self> {
        let person = identity::person_by_citizen_id(store, citizen_id.trim()).await?.ok_or_else(nobody)?;
        let parties: Vec<SubjectId> = case.parties.iter().map(|p| p.subject).collect();
        let there = match identity::as_party(store, person, (&parties, &case.item_key), now).await? {
            Some(there) => there,
            None => AtWindow::of(store, clerk, person, Whom::Myself, now).await?,
        };
        Self::there(store, clerk, there, now).await
    }

    async fn there(store: &Store, clerk: &Clerk, there: AtWindow, now: Timestamp) -> Outcome<Self> {
        let subject = there.subject();
        Ok(Self {
            subject,
            person: there.person(),
            name: there.subject_name().to_owned(),
            account: clerk.account(),
            actor: clerk.actor_ref(),
            window: Some(clerk.agency().clone()),
            unreached: !identity::letters::reached(store, subject, now).await?,
            compared: false,
            firm: matches!(subject, SubjectId::Organisation(_)),
            right: Right::Window(there),
        })
    }

    /// The applicant who files for themselves.
    pub fn own(&self) -> Option<&Applicant> {
        match &self.right {
            Right::Own(who) => Some(who),
            Right::Window(_) => None,
        }
    }

    /// What the commit relies on: that they may still act for whom they act, in these items; `about` are the numbers of the
    /// cases.
    pub async fn rely(&self, cx: &mut Cx, act: Act, items: &[&str], about: &str) -> Outcome<()> {
        match &self.right {
            Right::Own(who) => identity::mandate::rely(cx, who, act, items, about).await,
            Right::Window(there) => identity::mandate::rely_at_window(cx, there, act, items, about).await,
        }
    }

    fn mandate(&self) -> Option<&InForce> {
        match &self.right {
            Right::Own(who) => who.mandate(),
            Right::Window(there) => there.mandate(),
        }
    }

    /// Who stands at the window for the subject, when that is somebody else (经办人).
    pub fn agent(&self) -> Option<Agent> {
        let Right::Window(there) = &self.right else { return None };
        let (person, name) = (there.person(), there.person_name().to_owned());
        (self.subject != SubjectId::Person(person)).then_some(Agent { person, name })
    }

    /// In what capacity they act for the subject.
    pub fn capacity(&self) -> Capacity {
        match self.mandate().map(|m| m.basis) {
            None => Capacity::Oneself,
            Some(basis) => by_mandate(basis),
        }
    }

    /// Refuses when the item lies outside the mandate, or is not for persons, or not for firms, and says how to switch.
    pub fn may_apply(&self, item: &Item) -> Result<(), Refusal> {
        if let Right::Window(there) = &self.right {
            return may_at_window(there, item);
        }
        if self.mandate().is_some_and(|m| !m.matters.cover(&item.key)) {
            return Err(outside_mandate(&self.name, item));
        }
        let (needed, zh, en) = if self.firm {
            (
                Audience::Organisation,
                "该事项由个人办理，您现在代表单位。",
                "This is for persons; you are acting for a firm.",
            )
        } else {
            (
                Audience::Person,
                "该事项由企业等单位办理，您现在以个人身份登录。",
                "This is for firms; you are acting for yourself.",
            )
        };
        if item.audience.is_empty() || item.audience.contains(&needed) {
            return Ok(());
        }
        Err(Refusal::new(RefusalKind::Forbidden, "cases.wrong-audience", zh, en)
            .next("请在页面顶部切换办事身份后再试。", "Switch at the top of the page and try again."))
    }
}

/// Whether this item may be applied for by whoever stands at the window, for whom they do: it lies in their mandate, and is for persons or for
/// firms as those are.
///
/// # Errors
/// `cases.outside-mandate`, `cases.wrong-audience`.
pub fn may_at_window(there: &AtWindow, item: &Item) -> Result<(), Refusal> {
    if !there.covers(&item.key) {
        let next = (
            "请另选要办的事，或让委托人在“授权委托”里加上这个事项。",
            "Choose something else, or ask the principal for a mandate that names it.",
        );
        return Err(outside_mandate(there.subject_name(), item).next(next.0, next.1));
    }
    let (needed, zh, en) = match there.subject() {
        SubjectId::Organisation(_) => (
            Audience::Organisation,
            format!("“{}”由个人办理，不能为单位办。", item.name.zh),
            format!("“{}” is for persons, not for a firm.", item.name.en),
        ),
        SubjectId::Person(_) => (
            Audience::Person,
            format!("“{}”由企业等单位办理，不能为个人办。", item.name.zh),
            format!("“{}” is for firms, not for a person.", item.name.en),
        ),
    };
    if item.audience.is_empty() || item.audience.contains(&needed) {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::Forbidden, "cases.wrong-audience", zh, en)
        .next("请先选“为谁办”，再选要办的事。", "Choose for whom it is first, then what is wanted."))
}

fn outside_mandate(principal: &str, item: &Item) -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "cases.outside-mandate",
        format!("{principal}没有委托您办理“{}”。", item.name.zh),
        format!("{principal} has given you no mandate for “{}”.", item.name.en),
    )
    .next(
        "请让对方在“授权委托”里加上这个事项，或在页面顶部切换办事身份。",
        "Ask them for a mandate that names it, or switch at the top of the page.",
    )
}

fn nobody() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.person-unknown",
        "没有查到这个身份证号对应的人。",
        "Nobody here has this identity number.",
    )
    .field("citizen_id", "请核对身份证号码。", "Check the identity number.")
}

/// In what capacity somebody speaks for another by this kind of mandate.
pub(super) fn by_mandate(basis: Basis) -> Capacity {
    match basis {
        Basis::Given => Capacity::Agent,
        Basis::Guardian => Capacity::Guardian,
    }
}
