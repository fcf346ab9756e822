//! Where a case was handed in, when that was in another place, as far as everybody may know who may see the case.

use super::Names;
use crate::WORDS;
use crate::queries::CaseView;
use kernel::{Lang, clock};
use page::format;

/// Where it was handed in, who decides, under what, and what the window did.
#[derive(Debug, Clone)]
pub struct ReceivedLine {
    /// Handed in here, decided there.
    pub place: String,
    /// The agreement and what it rests on; from when terms run; who compared the originals.
    pub notes: Vec<String>,
}

/// What is told of it; nothing of a case that was handed in where it is decided.
pub fn received(view: &CaseView, names: &Names, lang: Lang) -> Option<ReceivedLine> {
    let (received, w) = (view.case.received.as_ref()?, WORDS.say(lang));
    let (here, there) = (names.of(&received.agency, lang), names.of(&view.row.agency, lang));
    let agreements = catalog::agreement::agreements();
    let under = agreements.get(&received.agreement).map(|one| {
        let told = [("name", one.name.get(lang).to_owned()), ("basis", one.basis.get(lang).to_owned())];
        w.with("received-under", &told)
    });
    let day = format::date(lang, clock::legal_date(view.case.filed_at));
    let compared = received
        .compared
        .then(|| w.with("received-compared", &[("here", here.clone()), ("day", day.clone())]));
    let term = w.with("received-term", &[("day", day.clone())]);
    Some(ReceivedLine {
        place: w.with("received-place", &[("here", here.clone()), ("there", there)]),
        notes: under.into_iter().chain(compared).chain([term]).collect(),
    })
}
