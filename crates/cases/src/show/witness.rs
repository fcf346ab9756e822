//! Words and acts of parties at a window, as far as they are shown.

use super::Names;
use crate::WORDS;
use crate::event::CaseEvent;
use crate::model::Witness;
use crate::queries::CaseView;
use kernel::{Lang, SubjectId};

/// A word that was given at a window: who wrote it down, and why there, as far as that is for these eyes.
pub(super) fn at_window(witness: &Witness, lang: Lang) -> String {
    let w = WORDS.say(lang);
    let told = w.with("confirmed-at-window", &[("number", witness.number.clone())]);
    if witness.ground.is_empty() { told } else { format!("{told} · {}", witness.ground) }
}

/// How the word of a party was given who was at a window.
#[derive(Debug, Clone)]
pub struct WitnessLine {
    /// The party.
    pub subject: SubjectId,
    /// The body, who wrote it down, and why there.
    pub text: String,
    /// The paper they signed, for themselves and for whoever handles the case.
    pub paper: Option<kernel::FileId>,
}

/// The words that were given at a window, each once.
pub fn witnessed(view: &CaseView, names: &Names, lang: Lang) -> Vec<WitnessLine> {
    let mut all: Vec<WitnessLine> = Vec::new();
    for e in &view.events {
        let CaseEvent::PartyConfirmed { subject, witness: Some(witness), .. } = &e.event else { continue };
        if all.iter().all(|line| line.subject != *subject) {
            let text = format!("{} · {}", names.of(&witness.agency, lang), at_window(witness, lang));
            all.push(WitnessLine { subject: *subject, text, paper: witness.paper });
        }
    }
    all
}
