//! What goes out is written down before its first byte: who, which cases, in which form.

use crate::model::{LeavingId, Selection};
use crate::store;
use ::store::Cx;
use kernel::{Fault, Outcome};
use serde::{Deserialize, Serialize};
use trace::{Head, Subject};

/// What happens to a file that goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum LeavingEvent {
    /// It was asked for and begun.
    Left {
        /// `xes` or `csv`.
        format: String,
        /// Which cases.
        selection: Selection,
        /// Which columns, of a table.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        columns: Vec<String>,
    },
}

impl trace::Event for LeavingEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        "left"
    }
}

/// Writes down that cases leave as a file. Whoever sends the file does so after this commit: what cannot be written down does
/// not leave.
///
/// # Errors
/// A fault of the trace.
pub fn leave(cx: &mut Cx, format: &str, selection: &Selection, columns: &[&str]) -> Outcome<LeavingId> {
    let id: LeavingId = cx.new_id();
    let event = LeavingEvent::Left {
        format: format.to_owned(),
        selection: selection.clone(),
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
    };
    let at = cx.now;
    trace::record(cx, &mut Head::start(), &Subject::new("records", id), &event, at)?;
    let chosen = serde_json::to_string(selection).map_err(|e| Fault::from("writing a selection", e))?;
    let account = cx.actor.account.map(|a| a.to_string()).unwrap_or_default();
    let agency = cx.actor.agency.as_ref().map(ToString::to_string).unwrap_or_default();
    store::add_leaving(&mut cx.commit, id, &account, &agency, format, &chosen);
    Ok(id)
}
