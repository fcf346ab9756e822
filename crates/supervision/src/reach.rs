//! Which requests and orders a member of staff reaches: part of every query, made from a right only.

use identity::Staff;
use kernel::{AgencyCode, Outcome, Refusal, RefusalKind};

/// What somebody reaches.
#[derive(Debug, Clone)]
pub(crate) enum Reach {
    /// What lies in divisions with this beginning (GB/T 2260): supervision.
    Division(String),
    /// What is asked of this agency or its parts.
    Agency(AgencyCode),
}

impl Reach {
    /// Of a member of staff.
    ///
    /// # Errors
    /// `supervision.no-right` for those who only run the program.
    pub(crate) fn of(staff: &Staff) -> Outcome<Self> {
        match staff {
            Staff::Supervisor(who) => Ok(Self::Division(who.divisions().ok_or_else(no_right)?.to_owned())),
            Staff::Examiner(who) => Ok(Self::Agency(who.agency().clone())),
            Staff::Clerk(who) => Ok(Self::Agency(who.agency().clone())),
            Staff::Operator(_) => Err(no_right().into()),
        }
    }
}

pub(crate) fn no_right() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "supervision.no-right",
        "您的岗位不能办理这件事。",
        "Your post does not deal with this.",
    )
    .next("请由监督人员或有关机关的人员办理。", "Supervision or the agency concerned deals with it.")
}
