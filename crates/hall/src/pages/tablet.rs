//! `/tablet`: the tablet at a window, turned to the person (评价器): whose number is served, what came of it, and the way to rate it. It is
//! paired by a code that the clerk's page shows; afterwards its address holds a secret, and it goes on by itself.

use super::code::place_of;
use super::ticket::{NoticeShown, notice_of};
use super::{Room, told, view};
use crate::live::Moment;
use crate::model::{HallCode, Outcome as Ended, TicketState, ticket_subject};
use crate::rules::ticket as rules;
use crate::store::TicketRow;
use crate::verbs;
use crate::{WORDS, token};
use axum::Extension;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, StatusCode};
use identity::staff_number;
use kernel::{Fault, Outcome, Refusal};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

const GAP: Duration = Duration::from_millis(500);
/// What came of it is shown for so long after its end, unless the next is called: it is nobody else's business.
const SHOWN_SECONDS: i64 = 180;

#[derive(askama::Template)]
#[template(path = "tablet_pair.html")]
struct PairPage {
    shell: Shell,
    w: Say,
    form: FormState,
}

#[derive(askama::Template)]
#[template(path = "tablet.html")]
struct TabletPage {
    shell: Shell,
    at: String,
    part: Html,
}

#[derive(askama::Template)]
#[template(path = "parts_tablet.html")]
struct TabletPart {
    w: Say,
    window: String,
    clerk: String,
    number: String,
    state: String,
    done: String,
    notice: Option<NoticeShown>,
    rate: String,
}

pub(super) async fn pairing(ctx: Ctx) -> Answer {
    Ok(pair_page(&ctx, FormState::new(), StatusCode::OK))
}

fn pair_page(ctx: &Ctx, form: FormState, status: StatusCode) -> axum::response::Response {
    let w = WORDS.say(ctx.lang);
    page::render_with(status, &PairPage { shell: Shell::new(ctx, w.t("tablet-title")).alone(), w, form })
}

pub(super) async fn pair(
    State(room): State<Room>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    ctx: Ctx,
    sent: Submitted,
) -> Answer {
    let ground = &room.house.ground;
    let secret = token(ground.rng.as_ref());
    match verbs::pair(ground, verbs::Device::Tablet, sent.get("code"), &secret, &place_of(peer)).await {
        Ok(()) => Ok(page::see_other(format!("/tablet/{secret}"))),
        Err(failure) => {
            let (form, status) = told(failure, FormState::of(&sent))?;
            Ok(pair_page(&ctx, form, status))
        }
    }
}

pub(super) async fn get(State(room): State<Room>, Path(secret): Path<String>, ctx: Ctx) -> Answer {
    let (hall, number) = verbs::tablet(room.store(), &secret).await?.ok_or_else(Refusal::not_found)?;
    let w = WORDS.say(ctx.lang);
    let moment = Moment::read(&room.house.ground, &hall).await?;
    Ok(page::render(&TabletPage {
        shell: Shell::new(&ctx, w.with("window-number", &[("window", number.clone())])).alone(),
        at: format!("/tablet/{secret}/live"),
        part: Html(part(&room, &moment, &number, &secret, w).await?),
    }))
}

pub(super) async fn live(
    State(room): State<Room>,
    Path(secret): Path<String>,
    ctx: Ctx,
    headers: HeaderMap,
) -> Answer {
    let (hall, number): (HallCode, String) =
        verbs::tablet(room.store(), &secret).await?.ok_or_else(Refusal::not_found)?;
    let (w, live) = (WORDS.say(ctx.lang), room.live.clone());
    let shared = Arc::new((room, number, secret));
    let render = Box::new(move |moment: Arc<Moment>| {
        let shared = Arc::clone(&shared);
        let again: futures::future::BoxFuture<'static, Option<Arc<str>>> = Box::pin(async move {
            let (room, number, secret) = shared.as_ref();
            part(room, &moment, number, secret, w).await.ok().map(Arc::from)
        });
        again
    });
    Ok(live.stream(&headers, &hall, GAP, render))
}

/// The ticket that this window has, or has just ended.
fn present<'a>(moment: &'a Moment, number: &str, now: i64) -> Option<&'a TicketRow> {
    let here = |t: &&TicketRow| t.window.as_deref() == Some(number);
    let busy = moment.today.busy().iter().find(here);
    let ended = moment.calls.iter().find(here).filter(|t| {
        t.state == TicketState::Ended && t.ended_at.is_some_and(|at| now - at.as_second() <= SHOWN_SECONDS)
    });
    busy.or(ended)
}

async fn part(room: &Room, moment: &Moment, number: &str, secret: &str, w: Say) -> Outcome<String> {
    let (store, now) = (room.store(), room.house.ground.clock.now().as_second());
    let window = moment.today.windows().iter().find(|x| x.number == number);
    let clerk = window.and_then(|x| x.clerk).map(staff_number).unwrap_or_default();
    let mut page = TabletPart {
        w,
        window: number.to_owned(),
        state: if clerk.is_empty() { w.t("tablet-nobody") } else { w.t("tablet-free") }.into_owned(),
        clerk,
        number: String::new(),
        done: String::new(),
        notice: None,
        rate: String::new(),
    };
    if let Some(row) = present(moment, number, now) {
        page.number = row.number();
        page.state = view::state(row.state, w);
        if row.state == TicketState::Ended {
            let (_, events) = trace::history(store, &ticket_subject(row.id)).await?;
            let ticket = rules::fold(&events)?;
            page.done = match &ticket.outcome {
                Some(Ended::Done { what }) => what.clone(),
                Some(Ended::Filed { case }) => w.with("tablet-filed", &[("case", case.clone())]),
                _ => String::new(),
            };
            page.notice = notice_of(&ticket);
            page.rate = format!("/tickets/{}/rate?tablet={secret}", verbs::address(store, row.id));
        }
    }
    Ok(askama::Template::render(&page).map_err(|e| Fault::from("rendering a tablet", e))?)
}
