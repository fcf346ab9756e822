//! `/tickets/{ticket}`: one's own ticket, for whoever has its address.

use super::{Room, view};
use crate::live::Moment;
use crate::model::{Outcome as Ended, Ticket, TicketEvent, TicketId, TicketState, Via, ticket_subject};
use crate::rules::codes;
use crate::rules::ticket as rules;
use crate::store::{self as rows, TicketRow};
use crate::verbs;
use crate::{Today, WORDS};
use ::store::{Cx, command};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use kernel::{ActorRef, Fault, Outcome, Refusal};
use page::{Answer, Ctx, Html, Say, Shell, TimelineEntry};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A telephone is told of changes no faster than this.
const GAP: Duration = Duration::from_secs(3);

#[derive(askama::Template)]
#[template(path = "ticket.html")]
struct TicketPage {
    shell: Shell,
    w: Say,
    at: String,
    hall: String,
    hall_href: String,
    part: Html,
    /// Where a kiosk goes on by itself.
    kiosk: String,
    /// What stands on paper: the short code, the address as a picture, and where the code is typed.
    paper: Option<(String, Html, String)>,
}

#[derive(askama::Template)]
#[template(path = "parts_ticket.html")]
struct TicketPart {
    shell: Shell,
    w: Say,
    at: String,
    number: String,
    state: String,
    waiting: bool,
    called: String,
    passed: bool,
    behind: String,
    fairness: String,
    lapsed: bool,
    ended: bool,
    ahead: String,
    wait: String,
    done: String,
    case: String,
    notice: Option<NoticeShown>,
    timeline: Vec<TimelineEntry>,
}

/// A notice as it is shown.
pub(super) struct NoticeShown {
    pub(super) number: String,
    pub(super) matter: String,
    pub(super) lines: Vec<String>,
    pub(super) reported: bool,
}

pub(super) fn notice_of(ticket: &Ticket) -> Option<NoticeShown> {
    let Some(Ended::Missing { notice, matter, lines, .. }) = &ticket.outcome else { return None };
    Some(NoticeShown {
        number: notice.clone(),
        matter: matter.clone(),
        lines: lines.clone(),
        reported: ticket.reported,
    })
}

/// Whether a kiosk shows it.
#[derive(serde::Deserialize)]
pub(super) struct Shown {
    #[serde(default)]
    kiosk: String,
}

async fn row_of(room: &Room, secret: &str) -> Outcome<TicketRow> {
    Ok(crate::ticket(room.store(), secret).await?.ok_or_else(Refusal::not_found)?)
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(secret): Path<String>,
    ctx: Ctx,
    Query(shown): Query<Shown>,
) -> Answer {
    let row = row_of(&room, &secret).await?;
    let w = WORDS.say(ctx.lang);
    let hall = rows::hall(room.store(), &row.hall).await?.ok_or_else(Refusal::not_found)?;
    let today = match row.state {
        TicketState::Waiting => Some(Today::read(room.store(), &row.hall, ctx.now).await?),
        _ => None,
    };
    let told = Told::read(room.store(), row.id).await?;
    let part = part(&room, &ctx, (&row, &told), today.as_ref(), &secret).await?;
    let kiosk = match shown.kiosk.as_str() {
        k if k.len() == 32 && k.bytes().all(|b| b.is_ascii_hexdigit()) => {
            // Whoever comes next reads Chinese until they choose otherwise.
            format!("/kiosk/{}?k={k}&lang=zh-CN", hall.code)
        }
        _ => String::new(),
    };
    let shell = Shell::new(&ctx, w.with("ticket-title", &[("number", row.number())]));
    Ok(page::render(&TicketPage {
        // A kiosk goes on to the next person, not to the rest of the site.
        shell: if kiosk.is_empty() { shell } else { shell.alone() },
        w,
        at: format!("/tickets/{secret}"),
        hall: hall.name.get(ctx.lang).to_owned(),
        hall_href: format!("/halls/{}", hall.code),
        part: Html(part),
        kiosk,
        paper: paper(&room, &told.ticket, &row, &secret)?,
    }))
}

/// For a ticket that was printed: nobody who was given it on paper has its address.
fn paper(
    room: &Room,
    ticket: &Ticket,
    row: &TicketRow,
    secret: &str,
) -> Result<Option<(String, Html, String)>, Fault> {
    let open = matches!(row.state, TicketState::Waiting | TicketState::Called | TicketState::Passed);
    if ticket.via == Via::Phone || !open {
        return Ok(None);
    }
    let base = &room.house.site.base_url;
    let code = codes::shown(&verbs::paper_code(room.store(), row.id));
    Ok(Some((code, page::qr(&format!("{base}/tickets/{secret}"))?, format!("{base}/halls"))))
}

/// What happened to a ticket.
struct Told {
    ticket: Ticket,
    events: Vec<trace::Recorded<TicketEvent>>,
}

impl Told {
    async fn read(store: &::store::Store, id: TicketId) -> Outcome<Self> {
        let (_, events) = trace::history(store, &ticket_subject(id)).await?;
        Ok(Self { ticket: rules::fold(&events)?, events })
    }
}

/// Whether nothing happened to a ticket between two rows of it, but that others have overtaken it.
fn same(a: &TicketRow, b: &TicketRow) -> bool {
    let mark = |r: &TicketRow| (r.place, r.serial, r.state, r.priority, r.sure, r.calls, r.called_at);
    mark(a) == mark(b)
        && (a.started_at, a.clerk) == (b.started_at, b.clerk)
        && (&a.window, &a.reserved) == (&b.window, &b.reserved)
}

/// The part of the page that changes; `today` while it waits.
async fn part(
    room: &Room,
    ctx: &Ctx,
    (row, told): (&TicketRow, &Told),
    today: Option<&Today>,
    secret: &str,
) -> Outcome<String> {
    let (store, w) = (room.store(), WORDS.say(ctx.lang));
    let Told { ticket, events } = told;
    let waiting = row.state == TicketState::Waiting;
    let (ahead, wait) = match today.filter(|_| waiting) {
        Some(today) => {
            let (ahead, wait) = today.wait_of(store, row, &room.terms).await?;
            (ahead.to_string(), view::wait(wait, w))
        }
        None => Default::default(),
    };
    let called = matches!(row.state, TicketState::Called | TicketState::Serving);
    let (done, case) = match &ticket.outcome {
        Some(Ended::Done { what }) => (what.clone(), String::new()),
        Some(Ended::Filed { case }) => (String::new(), case.clone()),
        _ => Default::default(),
    };
    let page = TicketPart {
        shell: Shell::new(ctx, ""),
        w,
        at: format!("/tickets/{secret}"),
        number: row.number(),
        state: view::state(row.state, w),
        waiting,
        called: row.window.clone().filter(|_| called).unwrap_or_default(),
        passed: row.state == TicketState::Passed,
        behind: room.terms.behind.to_string(),
        fairness: view::fairness(&room.terms, w),
        lapsed: row.state == TicketState::Lapsed,
        ended: row.state == TicketState::Ended,
        ahead,
        wait,
        done,
        case,
        notice: notice_of(ticket),
        timeline: view::timeline(events, w),
    };
    Ok(askama::Template::render(&page).map_err(|e| Fault::from("rendering a ticket", e))?)
}

pub(super) async fn live(
    State(room): State<Room>,
    Path(secret): Path<String>,
    ctx: Ctx,
    headers: HeaderMap,
) -> Answer {
    let row = row_of(&room, &secret).await?;
    let (hall, live) = (row.hall.clone(), room.live.clone());
    let watched = Arc::new(Watched { room, ctx, secret, id: row.id, last: Mutex::default() });
    let render = Box::new(move |moment: Arc<Moment>| {
        let watched = Arc::clone(&watched);
        let again: futures::future::BoxFuture<'static, Option<Arc<str>>> =
            Box::pin(async move { watched.part(&moment).await.ok() });
        again
    });
    Ok(live.stream(&headers, &hall, GAP, render))
}

/// A ticket that somebody watches.
struct Watched {
    room: Room,
    ctx: Ctx,
    secret: String,
    id: TicketId,
    /// What was shown last: read again only when something happened to it.
    last: Mutex<Option<(TicketRow, Arc<Told>)>>,
}

impl Watched {
    async fn part(&self, moment: &Moment) -> Outcome<Arc<str>> {
        let row = match moment.today.ticket(self.id) {
            Some(row) => row.clone(),
            // Passed, ended, or of another day.
            None => row_of(&self.room, &self.secret).await?,
        };
        let told = self.told(&row).await?;
        let part = part(&self.room, &self.ctx, (&row, &told), Some(&moment.today), &self.secret).await?;
        Ok(part.into())
    }

    async fn told(&self, row: &TicketRow) -> Outcome<Arc<Told>> {
        let last = || self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let held = matches!(row.state, TicketState::Waiting | TicketState::Called | TicketState::Serving);
        if let Some((_, told)) = last().as_ref().filter(|(was, _)| held && same(was, row)) {
            return Ok(Arc::clone(told));
        }
        let told = Arc::new(Told::read(self.room.store(), row.id).await?);
        *last() = Some((row.clone(), Arc::clone(&told)));
        Ok(told)
    }
}

/// Whoever was passed is there after all.
pub(super) async fn come_back(
    State(room): State<Room>,
    Path(secret): Path<String>,
    ctx: Ctx,
    _sent: page::Submitted,
) -> Answer {
    act(&room, &ctx, &secret, Act::Return).await
}

/// More was asked for after the notice: one tap.
pub(super) async fn extra(
    State(room): State<Room>,
    Path(secret): Path<String>,
    ctx: Ctx,
    _sent: page::Submitted,
) -> Answer {
    act(&room, &ctx, &secret, Act::Extra).await
}

#[derive(Clone, Copy)]
enum Act {
    Return,
    Extra,
}

async fn act(room: &Room, ctx: &Ctx, secret: &str, what: Act) -> Answer {
    let row = row_of(room, secret).await?;
    let (id, actor) = (row.id, ActorRef::visitor());
    let _turn = crate::turn(&row.hall).await;
    command!(room.house.ground, ctx.lang, actor, |cx| carry_out(&mut cx, room, id, what).await)?;
    Ok(page::see_other(format!("/tickets/{secret}")))
}

async fn carry_out(cx: &mut Cx, room: &Room, id: TicketId, what: Act) -> Outcome<()> {
    match what {
        Act::Return => verbs::requeue(cx, &room.terms, id).await.map(|_| ()),
        Act::Extra => verbs::report_extra(cx, &room.terms, id).await,
    }
}
