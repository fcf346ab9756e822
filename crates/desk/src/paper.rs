//! What came on paper and is recorded by staff: an objection while a step is public, with the name under it.

use crate::acts::{ActForm, Kind, Offer};
use cases::rules::Command;
use cases::{CaseView, StepState};
use kernel::Lang;
use page::format;

/// The form by which an objection on paper is recorded; none while nothing is public or for whom it is not.
pub(crate) fn objection(offer: &Offer<'_>) -> Option<ActForm> {
    let said = || "…".to_owned();
    let object = |step: &str| Command::Object {
        step: step.to_owned(),
        reason: said(),
        by: None,
        on_paper: Some(said()),
    };
    let steps = offer.can.view.case.steps.iter().filter(|s| matches!(s.state, StepState::Open { .. }));
    let public: Vec<(String, String)> = steps
        .filter(|s| offer.can.ok(object(&s.id)))
        .map(|s| (s.id.clone(), offer.step_title(&s.id)))
        .collect();
    if public.is_empty() {
        return None;
    }
    let fields = vec![
        offer.field("object", "step", Kind::Select(public), true),
        offer.field("object", "reason", Kind::Long, true),
        offer.field("object", "name", Kind::Text, true),
    ];
    Some(offer.form("object", None, fields))
}

/// An objection as those who handle the case read it.
pub(crate) struct Objected {
    pub at: String,
    pub reason: String,
    /// The name, where it came on paper.
    pub name: Option<String>,
}

/// What was objected while steps were public; whoever only supervises reads no names.
pub(crate) fn objections(view: &CaseView, masked: bool, lang: Lang) -> Vec<Objected> {
    let line = |o: &cases::model::Objection| Objected {
        at: format::moment(lang, o.at),
        reason: o.reason.clone(),
        name: o.on_paper.as_ref().map(|name| if masked { format::mask_name(name) } else { name.clone() }),
    };
    view.case.objections.iter().map(line).collect()
}
