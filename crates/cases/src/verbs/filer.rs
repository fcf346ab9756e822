//! Who files: somebody for themselves or their firm, or a clerk at the window for somebody who stands there.

use crate::model::Capacity;
use ::store::{Cx, Store};
use catalog::{Audience, Item};
use identity::mandate::{Act, Basis};
use identity::{Applicant, Clerk};
use kernel::{AccountId, ActorRef, AgencyCode, Outcome, PersonId, Refusal, RefusalKind, SubjectId};

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
    /// Whether nothing on line reaches them: they have no account here.
    pub unreached: bool,
    /// Whether the clerk says that every original was compared.
    pub compared: bool,
    firm: bool,
    right: Right,
}

#[derive(Debug, Clone)]
enum Right {
    Own(Applicant),
    Window,
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
    /// A clerk for the person with this identity number, who stands at the window.
    pub async fn at_window(store: &Store, clerk: &Clerk, citizen_id: &str) -> Outcome<Self> {
        let person = identity::person_by_citizen_id(store, citizen_id.trim()).await?.ok_or_else(nobody)?;
        let account = identity::account_by_citizen_id(store, citizen_id.trim()).await?;
        let profile = identity::profile(store, SubjectId::Person(person)).await?.ok_or_else(nobody)?;
        Ok(Self {
            subject: SubjectId::Person(person),
            person,
            name: profile.name,
            account: clerk.account(),
            actor: clerk.actor_ref(),
            window: Some(clerk.agency().clone()),
            unreached: account.is_none(),
            compared: false,
            firm: false,
            right: Right::Window,
        })
    }

    /// The applicant who files for themselves.
    pub fn own(&self) -> Option<&Applicant> {
        match &self.right {
            Right::Own(who) => Some(who),
            Right::Window => None,
        }
    }

    /// What the commit relies on: that they may still act for whom they act, in these items; `about` are the numbers of the
    /// cases.
    pub async fn rely(&self, cx: &mut Cx, act: Act, items: &[&str], about: &str) -> Outcome<()> {
        match &self.right {
            Right::Own(who) => identity::mandate::rely(cx, who, act, items, about).await,
            Right::Window => Ok(()),
        }
    }

    /// In what capacity they act for the subject.
    pub fn capacity(&self) -> Capacity {
        match self.own().and_then(Applicant::mandate).map(|m| m.basis) {
            None => Capacity::Oneself,
            Some(basis) => by_mandate(basis),
        }
    }

    /// Refuses when the item lies outside the mandate, or is not for persons, or not for firms, and says how to switch.
    pub fn may_apply(&self, item: &Item) -> Result<(), Refusal> {
        if self.own().is_some_and(|who| !who.covers(&item.key)) {
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
