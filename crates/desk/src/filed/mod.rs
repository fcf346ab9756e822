//! `/desk/filed`: what was filed at the windows of this clerk's agency, whoever decides it (综合受理、统一出件): how it stands, what was told,
//! what is asked for, and what came of it. Nothing of what is examined or noted in a case is shown here.

mod acts;
mod list;
mod page_of;
mod slip;

use crate::supplement::{self, At};
use crate::{Room, case, files, supplement_scan};
use ::store::Store;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use cases::{CaseView, FiledHere, Scope};
use certificates::Signer;
use identity::Clerk;
use kernel::codes::CaseNumber;
use kernel::{Outcome, Refusal};
use page::{Answer, Ctx, Problem, Submitted};
use procedure::NoticeId;
use std::sync::Arc;

/// What these pages need beside the room: whoever signs certificates, for printing them.
#[derive(Clone)]
pub(crate) struct Filed {
    room: Room,
    signer: Arc<Signer>,
}

/// The routes that print certificates.
pub(crate) fn printing(room: Room, signer: Arc<Signer>) -> Router {
    Router::new()
        .route("/desk/filed/{number}/certificate", post(acts::certificate))
        .with_state(Filed { room, signer })
}

/// All others.
pub(crate) fn routes() -> Router<Room> {
    Router::new()
        .route("/desk/filed", get(list::get))
        .route("/desk/filed/{number}", get(page_of::get))
        .route("/desk/filed/{number}/hand-over", post(acts::hand_over))
        .route("/desk/filed/{number}/slip", post(slip::post))
        .route("/desk/filed/{number}/notices/{id}", get(notice))
        .route("/desk/filed/{number}/supplement", get(supply).post(supplied))
        .route(
            "/desk/filed/{number}/supplement/scan/{field}",
            get(supplement_scan::get_filed).post(supplement_scan::post_filed),
        )
        .route("/desk/filed/{number}/supplement/scan/{field}/{page}", get(supplement_scan::picture_filed))
}

/// A case that was filed here, without a look: for what is written down otherwise.
async fn of(store: &Store, clerk: &Clerk, number: &str) -> Outcome<CaseView> {
    let number: CaseNumber = number.parse().map_err(|_| Refusal::not_found())?;
    cases::view(store, &number, &Scope::from(&FiledHere::from(clerk))).await
}

/// The same, once it is written down that a clerk looks at it, and for what.
async fn opened(room: &Room, clerk: &Clerk, number: &str, why: (&str, &str)) -> Outcome<CaseView> {
    let view = of(&room.house.ground.store, clerk, number).await?;
    case::look_for(room, &view, &clerk.actor_ref(), why).await?;
    Ok(view)
}

async fn notice(
    State(room): State<Room>,
    Path((number, id)): Path<(String, String)>,
    ctx: Ctx,
    clerk: Clerk,
) -> Result<Response, Problem> {
    let id: NoticeId = id.parse().map_err(|_| Refusal::not_found())?;
    let view = opened(&room, &clerk, &number, ("deliver", "notice")).await?;
    let found = procedure::notice(&room.house.ground.store, id).await?;
    let notice = found.filter(|n| n.subject == format!("case:{}", view.row.id)).filter(|n| own(&view, n.id));
    let notice = notice.ok_or_else(Refusal::not_found)?;
    let bytes = procedure::notice_pdf_in(&room.house, id, ctx.lang).await?;
    Ok(files::inline("application/pdf", &format!("{}-{}.pdf", view.row.number, notice.kind.word()), bytes))
}

/// Whether it goes to a party: what neighbours were told is not for this window. Proofs of service belong to what they prove.
fn own(view: &CaseView, id: NoticeId) -> bool {
    view.case.notices.iter().all(|i| i.notice != id || !i.outside)
}

async fn supply(State(room): State<Room>, Path(number): Path<String>, ctx: Ctx, clerk: Clerk) -> Answer {
    supplement::shown(&room, (At::Filed, &number), &ctx, &clerk).await
}

async fn supplied(
    State(room): State<Room>,
    Path(number): Path<String>,
    ctx: Ctx,
    clerk: Clerk,
    sent: Submitted,
) -> Answer {
    supplement::sent_in(&room, (At::Filed, &number), &ctx, &clerk, &sent).await
}
