//! Who takes part in a case, and whether its decision is open to the public.

use crate::paper::{Objected, objections};
use crate::received;
use ::store::Store;
use cases::CaseView;
use cases::show::{self, Names, PartyLine};
use identity::Staff;
use kernel::{Lang, Outcome};

/// The parties with capacity, share and proof; and how open the decision is, with its ground.
pub(crate) struct About {
    pub parties: Vec<PartyLine>,
    /// The attribute and the ground; none while nothing is decided.
    pub openness: Option<(String, String)>,
    /// What was objected while steps were public.
    pub objections: Vec<Objected>,
    /// Where it was received, when that was in another place, and where its originals are.
    pub received: Option<(String, Vec<String>)>,
}

pub(crate) async fn about(
    store: &Store,
    view: &CaseView,
    staff: &Staff,
    (names, lang): (&Names, Lang),
) -> Outcome<About> {
    let masked = matches!(staff, Staff::Supervisor(_));
    let told =
        |o: &catalog::Openness| (o.attribute.name().get(lang).to_owned(), o.ground.get(lang).to_owned());
    Ok(About {
        received: received::at(store, view, (names, lang)).await?,
        parties: show::parties_for_staff(view, masked, lang),
        openness: view.openness().map(told),
        objections: objections(view, masked, lang),
    })
}
