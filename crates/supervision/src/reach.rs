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
            Staff::Supervisor(who) => Ok(Self::Division(prefix(who.division()).ok_or_else(no_right)?)),
            Staff::Examiner(who) => Ok(Self::Agency(who.agency().clone())),
            Staff::Clerk(who) => Ok(Self::Agency(who.agency().clone())),
            Staff::Operator(_) => Err(no_right().into()),
        }
    }
}

/// The codes go in pairs, from province to county; pairs of noughts at the end mean all below.
pub(crate) fn prefix(code: &str) -> Option<String> {
    let mut prefix = code;
    while let Some(shorter) = prefix.strip_suffix("00").filter(|p| p.len() % 2 == 0) {
        prefix = shorter;
    }
    let fine = !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_digit());
    fine.then(|| prefix.to_owned())
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
