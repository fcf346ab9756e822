//! The hall without network (断网应急): blocks of numbers issued beforehand, and what became of each number.
//!
//! Forms have a series of their own for each division and year, slips one for each hall and letter; both are taken by the commit that
//! issues the block, so that blocks never overlap and no number is given on line.

mod account;
mod issue;
mod record;
mod remind;

pub use account::{extend, give_back, print, restore, void};
pub use issue::issue;
pub use record::{check_form, end_slips, file_form};
pub(crate) use remind::remind;

use super::{Manager, works_in};
use crate::model::{BlockId, BlockState, Hall, HallCode, PaperEvent, PaperState, block_subject};
use crate::rules::codes;
use crate::rules::paper_refuse as refuse;
use crate::rules::refuse::not_your_hall;
use crate::store::{self as rows, BlockRow, PaperRow};
use ::store::{Cx, Store};
use identity::Staff;
use kernel::codes::PaperNumber;
use kernel::{AccountId, Outcome, Refusal, Text, Timestamp};

/// Somebody who may record what happened on paper in a hall: its clerks, and whoever runs it. Made by [`Recorder::of`] only.
#[derive(Debug, Clone)]
pub struct Recorder {
    hall: Hall,
    account: AccountId,
    manager: Option<Manager>,
}

impl Recorder {
    /// The right of `staff` over what is on paper in the hall.
    ///
    /// # Errors
    /// Not found for a hall that is none, `hall.not-your-hall` for one that is somebody else's.
    pub async fn of(store: &Store, staff: &Staff, hall: &HallCode) -> Outcome<Self> {
        let hall = rows::hall(store, hall).await?.ok_or_else(Refusal::not_found)?;
        let manager = Manager::of(store, staff, &hall.code).await.ok();
        let clerk = matches!(staff, Staff::Clerk(who) if works_in(who.agency(), &hall.agency));
        if manager.is_none() && !clerk {
            return Err(not_your_hall().into());
        }
        Ok(Self { hall, account: staff.account(), manager })
    }

    /// The hall.
    pub fn hall(&self) -> &Hall {
        &self.hall
    }

    /// The right of whoever runs the hall, if this is somebody who does.
    pub fn manager(&self) -> Option<&Manager> {
        self.manager.as_ref()
    }
}

/// A block of a hall with its numbers.
///
/// # Errors
/// Not found for one that is none of this hall.
pub async fn block(store: &Store, hall: &HallCode, id: BlockId) -> Outcome<(BlockRow, Vec<PaperRow>)> {
    let block = rows::block(store, id).await?.filter(|b| b.hall == *hall).ok_or_else(Refusal::not_found)?;
    let papers = rows::papers(store, id).await?;
    Ok((block, papers))
}

/// The code on a form under which whoever holds it asks how it stands: keyed, so that nobody reckons it from the number.
pub fn form_code(store: &Store, number: &PaperNumber) -> String {
    let drawn = store.sealer().blind("hall_paper.code", number.as_str());
    codes::shown(&codes::code(drawn.get(..10).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or(0)))
}

/// What whoever holds a form may know of it.
#[derive(Debug, Clone)]
pub struct FormStanding {
    /// What became of the number.
    pub state: PaperState,
    /// The hall.
    pub hall: Text,
    /// Its telephone.
    pub phone: String,
    /// The cases that were filed with it.
    pub cases: Vec<String>,
}

/// How a form stands, for whoever holds it: its number and its code; `None` when they do not belong together.
///
/// # Errors
/// A fault of the store.
pub async fn standing(store: &Store, number: &PaperNumber, code: &str) -> Outcome<Option<FormStanding>> {
    if codes::whole(code) != codes::whole(&form_code(store, number)) {
        return Ok(None);
    }
    let Some(form) = rows::form(store, number.as_str()).await? else { return Ok(None) };
    let hall = rows::hall(store, &form.hall).await?.ok_or_else(Refusal::not_found)?;
    let cases = form.reference.as_deref().unwrap_or_default().split(' ').filter(|c| !c.is_empty());
    let cases = cases.map(str::to_owned).collect();
    Ok(Some(FormStanding { state: form.state, hall: hall.name, phone: hall.phone, cases }))
}

/// Writes down what happened to a block, at `at`.
async fn tell(cx: &mut Cx, block: BlockId, event: &PaperEvent, at: Timestamp) -> Outcome<()> {
    let subject = block_subject(block);
    let mut head = trace::head(cx.store(), &subject).await?;
    trace::record(cx, &mut head, &subject, event, at)
}

/// A block that was not given back.
fn with_keeper(block: &BlockRow) -> Result<(), Refusal> {
    if block.state == BlockState::Returned { Err(refuse::returned()) } else { Ok(()) }
}
