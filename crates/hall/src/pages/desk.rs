//! `/desk/hall`: the clerk's window — on duty, call, serve, hand on, and the outcome.

use super::{Room, search, view};
use crate::model::{Hall, HallCode, Priority, TicketState};
use crate::rules::codes;
use crate::store::{self as rows, TicketRow};
use crate::verbs::day_of;
use crate::{Today, WORDS, token};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use identity::Clerk;
use kernel::{Outcome, Refusal};
use page::{Answer, Ctx, FormState, Say, Shell, format};

/// The ticket in hand.
pub(super) struct Hand {
    number: String,
    business: String,
    state: String,
    serving: bool,
    /// The priority that was claimed and is to be shown.
    claim: String,
    priority: String,
    taken: String,
    since: String,
    calls: String,
}

struct Passed {
    id: String,
    number: String,
    window: String,
}

#[derive(askama::Template)]
#[template(path = "desk.html")]
struct DeskPage {
    shell: Shell,
    w: Say,
    form: FormState,
    /// Windows one may go to, `hall/number` with words.
    free: Vec<(String, String)>,
    /// What was looked for among many halls.
    asked: Option<FormState>,
    next: Option<String>,
    post: Option<Post>,
    notice: Option<String>,
    head: bool,
}

struct Post {
    window: String,
    hall: String,
    screen: String,
    queue: Vec<(String, String)>,
    hand: Option<Hand>,
    passed: Vec<Passed>,
    /// The code by which a tablet is paired, while it holds.
    tablet: bool,
    /// From when on a card on the reader is this page's, in microseconds; `None` without a reader.
    reads: Option<i64>,
    pairing: Option<String>,
    others: Vec<(String, String)>,
    letters: Vec<(String, String)>,
    claims: Vec<(String, String)>,
}

/// What was just made, and which halls are looked for.
#[derive(Default, serde::Deserialize)]
pub(super) struct Just {
    pub(super) notice: Option<String>,
    /// The code by which a tablet is paired.
    #[serde(skip)]
    pub(super) pairing: Option<String>,
    #[serde(flatten)]
    pub(super) asked: search::Asked,
}

pub(super) async fn get(State(room): State<Room>, ctx: Ctx, who: Clerk, Query(just): Query<Just>) -> Answer {
    let form = super::take::fresh(&room);
    show(&room, &ctx, &who, form, (StatusCode::OK, just)).await
}

pub(super) async fn show(
    room: &Room,
    ctx: &Ctx,
    who: &Clerk,
    form: FormState,
    (status, just): (StatusCode, Just),
) -> Answer {
    let (store, w) = (room.store(), WORDS.say(ctx.lang));
    let duty = rows::duty(store, who.account()).await?;
    let (halls, next, many) = match &duty {
        // The ticket in hand comes along within the hall only.
        Some((hall, _)) => (rows::hall(store, hall).await?.into_iter().collect(), None, false),
        None => {
            let (q, agency) = (just.asked.q.trim(), who.agency().as_str());
            let found = rows::halls_like(store, agency, q, &just.asked.after, search::limit()).await?;
            let (mut halls, next) = search::turned(found, &just.asked, "/desk/hall");
            halls.extend(search::admitted(room, who, &just.asked).await?);
            let many = search::many(&halls, next.as_deref(), &just.asked);
            (halls, next, many)
        }
    };
    let free = free(room, ctx, &halls, w).await?;
    // What was typed and what is wrong stay; the form for a ticket needs its secret all the same.
    let form = match form.value("token") {
        "" => form.with("token", token(room.house.ground.rng.as_ref())),
        _ => form,
    };
    let page = DeskPage {
        shell: Shell::new(ctx, w.t("desk-title")).desk(),
        w,
        form,
        free,
        asked: many.then(|| search::form(&just.asked)),
        next,
        post: match duty {
            Some(duty) => Some(post(room, ctx, who, (duty, just.pairing), w).await?),
            None => None,
        },
        notice: just.notice,
        head: who.is_head(),
    };
    Ok(page::render_with(status, &page))
}

/// The windows of these halls that are open and where nobody is.
async fn free(room: &Room, ctx: &Ctx, halls: &[Hall], w: Say) -> Outcome<Vec<(String, String)>> {
    let codes: Vec<HallCode> = halls.iter().map(|h| h.code.clone()).collect();
    let windows = rows::windows_of(room.store(), &codes).await?;
    let mut free = Vec::new();
    for hall in halls {
        for window in windows.get(&hall.code).into_iter().flatten().filter(|x| x.open && x.clerk.is_none()) {
            free.push((format!("{}/{}", hall.code, window.number), words(hall, &window.number, ctx, w)));
        }
    }
    Ok(free)
}

fn words(hall: &Hall, number: &str, ctx: &Ctx, w: Say) -> String {
    let hall = hall.name.get(ctx.lang).to_owned();
    w.with("desk-window-of", &[("hall", hall), ("window", number.to_owned())])
}

/// What the clerk sees who is on duty.
async fn post(
    room: &Room,
    ctx: &Ctx,
    who: &Clerk,
    ((code, number), pairing): ((HallCode, String), Option<String>),
    w: Say,
) -> Outcome<Post> {
    let store = room.store();
    let hall = rows::hall(store, &code).await?.ok_or_else(Refusal::not_found)?;
    let today = Today::read(store, &code, ctx.now).await?;
    let letters = rows::businesses(store, &code).await?;
    let name = |row: &TicketRow| {
        let own = letters.iter().find(|b| b.letter == row.letter);
        own.map(|b| view::business(b, ctx.lang)).unwrap_or_default()
    };
    let hand = rows::held_by(store, who.account()).await?.map(|row| hand(&row, name(&row), w));
    let queue = letters.iter().map(|b| {
        (format!("{} {}", b.letter, view::business(b, ctx.lang)), today.waiting_for(b.letter).to_string())
    });
    let passed = rows::in_state(store, &code, &day_of(ctx.now), TicketState::Passed).await?;
    let others = today.windows().iter().filter(|x| x.open && x.clerk.is_some() && x.number != number);
    Ok(Post {
        tablet: rows::has_tablet(store, &code, &number).await?,
        reads: rows::has_reader(store, &code, &number).await?.then(|| ctx.now.as_microsecond()),
        pairing: pairing.as_deref().map(codes::shown),
        window: number.clone(),
        hall: hall.name.get(ctx.lang).to_owned(),
        screen: format!("/screen/{code}"),
        queue: queue.collect(),
        hand,
        passed: passed
            .into_iter()
            .map(|t| Passed {
                id: t.id.to_string(),
                number: t.number(),
                window: t.window.unwrap_or_default(),
            })
            .collect(),
        others: others
            .map(|x| (x.number.clone(), w.with("window-number", &[("window", x.number.clone())])))
            .collect(),
        letters: view::choices(&letters, ctx.lang),
        claims: view::claims(w),
    })
}

fn hand(row: &TicketRow, business: String, w: Say) -> Hand {
    let claimed = row.priority != Priority::Ordinary;
    let priority = if claimed { view::priority(row.priority, w) } else { String::new() };
    Hand {
        number: row.number(),
        business,
        state: view::state(row.state, w),
        serving: row.state == TicketState::Serving,
        claim: if row.sure { String::new() } else { priority.clone() },
        priority,
        taken: format::time(row.taken_at),
        since: row.started_at.or(row.called_at).map(format::time).unwrap_or_default(),
        calls: row.calls.to_string(),
    }
}
