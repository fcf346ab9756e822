//! Which ratings a member of staff reaches: part of every query, made from a right only.

use identity::Staff;
use kernel::{AgencyCode, Outcome, Refusal, RefusalKind};

/// What somebody reaches.
#[derive(Debug, Clone)]
pub(crate) enum Reach {
    /// Ratings of agencies that work for divisions with this beginning (GB/T 2260): supervision.
    Division(String),
    /// Ratings of this agency or its parts, and of what they did for another.
    Agency(AgencyCode),
}

impl Reach {
    /// Of a member of staff.
    ///
    /// # Errors
    /// `ratings.no-right` for those who only run the program, and for clerks who are not in charge of the hall.
    pub(crate) fn of(staff: &Staff) -> Outcome<Self> {
        match staff {
            Staff::Supervisor(who) => Ok(Self::Division(who.divisions().ok_or_else(no_right)?.to_owned())),
            Staff::Examiner(who) => Ok(Self::Agency(who.agency().clone())),
            // Whoever serves at a window might work out who rated it.
            Staff::Clerk(who) if who.is_head() => Ok(Self::Agency(who.agency().clone())),
            Staff::Clerk(_) => Err(no_right().into()),
            Staff::Operator(_) => Err(no_right().into()),
        }
    }
}

pub(crate) fn no_right() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "ratings.no-right",
        "您的岗位不能办理这件事。",
        "Your post does not deal with this.",
    )
    .next("差评由被评价机关的负责人答复。", "A person in charge of the agency that was rated answers.")
}
