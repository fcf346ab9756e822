//! Who takes part in a case, and whether its decision is open to the public.

use crate::paper::{Objected, objections};
use cases::CaseView;
use cases::show::{self, PartyLine};
use identity::Staff;
use kernel::Lang;

/// The parties with capacity, share and proof; and how open the decision is, with its ground.
pub(crate) struct About {
    pub parties: Vec<PartyLine>,
    /// The attribute and the ground; none while nothing is decided.
    pub openness: Option<(String, String)>,
    /// What was objected while steps were public.
    pub objections: Vec<Objected>,
}

pub(crate) fn about(view: &CaseView, staff: &Staff, lang: Lang) -> About {
    let masked = matches!(staff, Staff::Supervisor(_));
    let told =
        |o: &catalog::Openness| (o.attribute.name().get(lang).to_owned(), o.ground.get(lang).to_owned());
    About {
        parties: show::parties_for_staff(view, masked, lang),
        openness: view.openness().map(told),
        objections: objections(view, masked, lang),
    }
}
