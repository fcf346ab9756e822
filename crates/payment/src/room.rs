//! What every verb and page of the room needs, and whom a member of staff reaches.

use crate::gateway::Gateway;
use crate::list::FeeList;
use crate::settings::Settings;
use crate::sign::Key;
use crate::store::Reach;
use identity::Staff;
use kernel::{Outcome, Refusal, RefusalKind};
use page::House;
use std::sync::Arc;

/// The room as app plugs it together; cheap to clone.
#[derive(Clone)]
pub struct Payments {
    /// Ground, site, calendar.
    pub house: House,
    /// What may be taken.
    pub list: Arc<FeeList>,
    /// Who takes it on line.
    pub gateway: Arc<dyn Gateway>,
    /// The key that signs call-backs.
    pub key: Key,
    /// The terms.
    pub terms: Settings,
}

impl Payments {
    /// Which bills a member of staff reaches: a window those of its whole city, an agency its own, supervision its division's.
    ///
    /// # Errors
    /// `payment.no-right` for those who only run the program.
    pub(crate) async fn reach(&self, staff: &Staff) -> Outcome<Reach> {
        match staff {
            Staff::Clerk(clerk) => {
                let own = identity::agency(&self.house.ground.store, clerk.agency()).await?;
                let division = own.map(|a| a.division).ok_or_else(no_right)?;
                Ok(Reach::Division(prefix(&division).ok_or_else(no_right)?))
            }
            Staff::Examiner(who) => Ok(Reach::Agency(who.agency().clone())),
            Staff::Supervisor(who) => Ok(Reach::Division(prefix(who.division()).ok_or_else(no_right)?)),
            Staff::Operator(_) => Err(no_right().into()),
        }
    }
}

/// The codes go in pairs, from province to county; pairs of noughts at the end mean all below.
fn prefix(code: &str) -> Option<String> {
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
        "payment.no-right",
        "您的岗位不能办理这件事。",
        "Your post does not deal with this.",
    )
    .next("请由窗口人员或收费单位的人员办理。", "A clerk or the agency that collects deals with it.")
}
