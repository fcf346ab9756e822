//! The window: an identity number, whoever stands there, what they want, one form on one page, a receipt. What is typed is kept with the
//! visit, sealed, so that neither an error nor a lost session costs anybody a word.

mod attach;
mod begin;
mod behalf;
mod cards;
mod choose;
mod fill;
mod form;
mod hand_in;
mod missing;
mod paper;
mod plan;
mod query;
mod receipt;
mod scan;
mod sheet;
mod start;
mod ticket;

pub(crate) use fill::{keep, late_of};
pub(crate) use query::{CODE_LONG, address as query_address, code as query_code};

use crate::{Room, WORDS, store as rows};
use axum::Router;
use axum::routing::{get, post};
use forms::Answers;
use hall::model::TicketId;
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
    /// Whether a reader told it from the card.
    pub by_card: bool,
    /// Their name, masked, for the clerk's own list.
    pub name: String,
    /// The ticket with which they were called.
    pub ticket: Option<(TicketId, String)>,
    /// Which of the parties they are: `seller`.
    pub role: Option<String>,
    /// For whom they came.
    pub whom: identity::Whom,
    /// Their name, as the clerk's own pages show it; empty when they came for themselves.
    pub behalf: String,
    /// What they want: a theme, or items by key.
    pub theme: Option<String>,
    pub items: Vec<String>,
    /// What that is called.
    pub what: Text,
    pub answers: Answers,
    /// What registers put into the form, by field.
    pub told: Answers,
    /// What registers answered while the form was filled in.
    pub learned: cases::Learned,
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
    /// Whose card a reader told, by role: the number and the name on it.
    pub read: BTreeMap<String, (String, String)>,
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

impl Said {
    /// For whom it is, in a name: the principal's, else that of whoever came.
    fn for_whom(&self) -> &str {
        if self.behalf.is_empty() { &self.name } else { &self.behalf }
    }

    /// Those whose card was read and who still stand in the form with its number, by role.
    fn standing(&self) -> BTreeMap<String, String> {
        let same =
            |(role, (number, _)): &(&String, &(String, String))| self.present.get(*role) == Some(number);
        self.read.iter().filter(same).map(|(role, (number, _))| (role.clone(), number.clone())).collect()
    }

    /// The name on the card of a party who still stands there with its number.
    fn name_on_card(&self, role: &str) -> Option<&str> {
        let (number, name) = self.read.get(role)?;
        (self.present.get(role) == Some(number)).then_some(name.as_str())
    }
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
        .route("/desk/window/{visit}/plan", get(plan::get))
        .route("/desk/window/{visit}/sheet", get(sheet::get).post(sheet::post))
        .route("/desk/window/{visit}/end", post(ticket::end))
        .route("/desk/window/{visit}/missing", get(missing::get).post(missing::post))
        .route("/query", get(query::get).post(query::post))
}

/// Whether a page prints itself: it was made to be signed or taken along.
#[derive(serde::Deserialize)]
struct Printing {
    print: Option<String>,
}

/// Why a clerk looks: to accept what somebody at the window wants.
fn purpose() -> Purpose {
    Purpose::new("accept")
}

/// From when on a card on the reader of the clerk's window is this page's, in microseconds; `None` where there is no reader.
async fn reads(room: &Room, ctx: &page::Ctx, who: &Clerk) -> Outcome<Option<i64>> {
    let there = hall::verbs::has_reader(&room.house.ground.store, who).await?;
    Ok(there.then(|| ctx.now.as_microsecond()))
}

/// Where this is: the agency, and the window when the clerk has one.
async fn place_of(room: &Room, who: &Clerk, lang: kernel::Lang) -> Outcome<String> {
    let place = cases::show::Names::load(&room.house.ground.store).await?.of(who.agency(), lang);
    Ok(match who.window() {
        None => place,
        Some(window) => {
            WORDS.say(lang).with("window-place", &[("place", place), ("window", window.to_owned())])
        }
    })
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
