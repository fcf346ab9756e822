//! The window: an identity number, whoever stands there, what they want, one form on one page, a receipt. What is typed is kept with the
//! visit, sealed, so that neither an error nor a lost session costs anybody a word.

mod choose;
mod fill;
mod form;
mod paper;
mod query;
mod receipt;
mod scan;
mod start;

pub(crate) use fill::{keep, late_of};

use crate::{Room, store as rows};
use axum::Router;
use axum::routing::{get, post};
use forms::Answers;
use identity::Clerk;
use kernel::{Outcome, Refusal, Text};
use proofs::ProofId;
use rows::Visit;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use trace::Purpose;

kernel::typed_id! {
    /// Somebody's visit at a window.
    VisitId;
}
::store::text_column!(VisitId);

/// What was said at the window so far.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Said {
    /// The number under which whoever stands there was found.
    pub citizen_id: String,
    /// Their name, masked, for the clerk's own list.
    pub name: String,
    /// What they want: a theme, or items by key.
    pub theme: Option<String>,
    pub items: Vec<String>,
    /// What that is called.
    pub what: Text,
    pub answers: Answers,
    /// What is known of them, as it was opened once for the form.
    pub known: Option<Map<String, Value>>,
    pub kept: BTreeSet<ProofId>,
    pub unproven: BTreeSet<String>,
    /// The papers whose originals the clerk has compared, by the plan's id.
    pub seen: BTreeSet<String>,
    /// Whether all of them were, and the clerk has seen who it is: what an item that two places handle asks for.
    pub compared: bool,
    /// Whether something of what they want asks for that.
    pub compares: bool,
    /// Whether all of it does: no original travels then.
    pub compares_all: bool,
    pub promises: BTreeSet<String>,
    pub declares: bool,
    pub paper: bool,
    /// Who else stands there, by role: the number on their card; why they confirm here, and where what they signed is kept.
    pub present: BTreeMap<String, String>,
    pub present_ground: String,
    pub present_paper: String,
    pub late_at: String,
    pub late_reason: String,
    pub late_evidence: String,
    /// The form on which it was accepted while the network was away.
    pub paper_form: String,
    /// The numbers of what was filed, and the papers that came with it.
    pub filed: Vec<String>,
    pub papers: Vec<(Text, bool)>,
}

impl std::fmt::Debug for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Said(sealed)")
    }
}

/// The pages of the window, and where anybody asks for a case by its number and the code of the receipt.
pub(crate) fn routes() -> Router<Room> {
    Router::new()
        .route("/desk/window", get(start::get).post(start::post))
        .route("/desk/window/{visit}", get(choose::get).post(choose::post))
        .route("/desk/window/{visit}/form", get(form::get).post(form::post))
        .route("/desk/window/{visit}/form/autosave", post(form::autosave))
        .route("/desk/window/{visit}/scan/{field}", get(scan::get).post(scan::post))
        .route("/desk/window/{visit}/scan/{field}/{page}", get(scan::picture))
        .route("/desk/window/{visit}/receipt", get(receipt::get))
        .route("/query", get(query::get).post(query::post))
}

/// Why a clerk looks: to accept what somebody at the window wants.
fn purpose() -> Purpose {
    Purpose::new("accept")
}

/// The visit, if it is this clerk's.
async fn visit(room: &Room, who: &Clerk, id: &str) -> Outcome<Visit> {
    let id: VisitId = id.parse().map_err(|_| Refusal::not_found())?;
    let found = rows::visit(&room.house.ground.store, id, who.account()).await?;
    found.ok_or_else(|| Refusal::not_found().into())
}

/// Keeps what was said; answers its new version.
async fn save(room: &Room, who: &Clerk, visit: &Visit) -> Outcome<i64> {
    ::store::command!(room.house.ground, kernel::Lang::default(), who.actor_ref(), |cx| {
        let sealer = cx.store().sealer().clone();
        rows::save_visit(&mut cx.commit, &sealer, visit).map_err(kernel::Failure::from)
    })?;
    Ok(visit.rev + 1)
}
