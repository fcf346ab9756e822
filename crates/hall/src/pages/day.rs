//! `/desk/hall/day`: the day of whoever runs a hall — load, waiting and serving, windows to open and shut, kiosks, reports.

use super::effect::{self, Effect, Setting};
use super::{Room, desk_act, paper, search, told, view};
use crate::model::{Hall, HallCode, Letters, Outcome as Ended, Ticket, TicketId};
use crate::rules::day::{self, Figures};
use crate::rules::hours::Standing;
use crate::rules::refuse;
use crate::rules::report::spread;
use crate::rules::training;
use crate::store::{self as rows, Business};
use crate::verbs::{self, Manager, day_of};
use crate::{Today, WORDS, token};
use ::store::{Cx, Store, command};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use identity::Staff;
use kernel::{Fault, Outcome, Refusal};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};

/// Reports that are listed.
const LISTED: i64 = 50;

struct HourLine {
    hour: String,
    taken: usize,
}

struct FigureLine {
    name: String,
    served: usize,
    wait: String,
    service: String,
}

struct WindowLine {
    number: String,
    kind: String,
    open: bool,
    staffed: bool,
    /// Nobody is there, or somebody is and has nobody while people wait.
    idle: String,
    letters: Vec<(String, String, bool)>,
}

struct ReportLine {
    href: String,
    number: String,
    matter: String,
    after: String,
    at: String,
}

#[derive(askama::Template)]
#[template(path = "day.html")]
struct DayPage {
    shell: Shell,
    w: Say,
    form: FormState,
    hall: String,
    name: String,
    found: search::Found,
    effect: Option<Effect>,
    taken: usize,
    ended: usize,
    waiting: usize,
    lost: usize,
    most: usize,
    hours: Vec<HourLine>,
    businesses: Vec<FigureLine>,
    by_window: Vec<FigureLine>,
    by_item: Vec<FigureLine>,
    windows: Vec<WindowLine>,
    reports: Vec<ReportLine>,
    /// Tickets of former days that need an outcome.
    unfinished: Vec<(String, String)>,
    kiosks: Vec<(String, String)>,
    kiosk_at: Option<String>,
    /// Numbers on paper that were used and are not recorded.
    unrecorded: usize,
    /// Businesses that nobody on duty serves, while the hall is open or somebody waits for them.
    uncovered: String,
}

/// Which hall, and which others are looked for.
#[derive(serde::Deserialize)]
pub(super) struct Which {
    hall: Option<String>,
    /// The secret of a kiosk that was registered just now.
    kiosk: Option<String>,
    /// How a window was that was changed just now.
    was: Option<String>,
    #[serde(flatten)]
    asked: search::Asked,
}

/// The right over the hall that is named, or over the first that is theirs.
///
/// # Errors
/// As [`Manager::of`].
pub(super) async fn chosen(room: &Room, who: &Staff, hall: Option<&str>) -> Outcome<Manager> {
    manager_of(room.store(), who, hall).await
}

/// The right of a member of staff over the hall that is named, or over the first that is theirs.
///
/// # Errors
/// As [`Manager::of`].
pub async fn manager_of(store: &Store, who: &Staff, hall: Option<&str>) -> Outcome<Manager> {
    let code = match hall {
        Some(code) => code.parse().map_err(|_| Refusal::not_found())?,
        None => {
            let found = search::of_staff(store, who, &search::Asked::default()).await?;
            found.first().map(|h| h.code.clone()).ok_or_else(Refusal::not_found)?
        }
    };
    Manager::of(store, who, &code).await
}

/// What a page shows of what was done just now.
#[derive(Default)]
struct Just {
    kiosk_at: Option<String>,
    /// A window's setting before and after; either is as it is now when absent.
    change: Option<(Option<Setting>, Option<Setting>)>,
    asked: search::Asked,
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Staff,
    Query(which): Query<Which>,
) -> Answer {
    // First, so that whoever runs no hall is told so.
    let manager = chosen(&room, &who, which.hall.as_deref()).await?;
    let secret = which.kiosk.unwrap_or_default();
    let shown = verbs::is_new_kiosk(room.store(), &manager, &secret, ctx.now).await?;
    let kiosk_at = shown.then(|| format!("/kiosk/{}?k={secret}", manager.hall().code));
    let change = which.was.as_deref().and_then(Setting::parse).map(|was| (Some(was), None));
    let just = Just { kiosk_at, change, asked: which.asked };
    show(&room, &ctx, &who, &manager, FormState::new(), (StatusCode::OK, just)).await
}

async fn show(
    room: &Room,
    ctx: &Ctx,
    who: &Staff,
    manager: &Manager,
    form: FormState,
    (status, just): (StatusCode, Just),
) -> Answer {
    let (store, w, hall) = (room.store(), WORDS.say(ctx.lang), manager.hall());
    let letters = rows::businesses(store, &hall.code).await?;
    let today = Today::read(store, &hall.code, ctx.now).await?;
    let tickets = rows::of_day(store, &hall.code, &day_of(ctx.now)).await?;
    let figures = day::figures(&tickets);
    let found = search::Found::of(room, ctx, who, &just.asked).await?;
    let effect = effect_of(room, ctx, &today, &letters, just.change).await?;
    let businesses = letters.iter().filter_map(|b| {
        Some(figure(
            format!("{} {}", b.letter, view::business(b, ctx.lang)),
            figures.businesses.get(&b.letter)?,
            w,
        ))
    });
    let page = DayPage {
        shell: Shell::new(ctx, w.t("day-title")).desk(),
        w,
        form,
        hall: hall.code.to_string(),
        name: hall.name.get(ctx.lang).to_owned(),
        found,
        effect,
        taken: figures.taken,
        ended: figures.ended,
        waiting: today.waiting().len(),
        lost: figures.lost,
        most: figures.hours.values().copied().max().unwrap_or(1),
        hours: figures
            .hours
            .iter()
            .map(|(h, n)| HourLine { hour: format!("{h:02}:00"), taken: *n })
            .collect(),
        businesses: businesses.collect(),
        by_window: figures.windows.iter().map(|(n, f)| figure(n.clone(), f, w)).collect(),
        by_item: by_item(room, &tickets, &letters, w).await?,
        windows: windows(&today, &letters, ctx, w),
        reports: reports(room, &hall.code, ctx).await?,
        unfinished: unfinished(room, &hall.code, &letters, ctx).await?,
        kiosks: rows::kiosks(store, &hall.code).await?,
        kiosk_at: just.kiosk_at,
        uncovered: uncovered(room, hall, &today, &letters, ctx)?,
        unrecorded: paper::waiting(store, &hall.code, ctx.now).await?,
    };
    Ok(page::render_with(status, &page))
}

/// Businesses that nobody on duty serves, in a line; nothing while the hall is shut and nobody waits for them.
fn uncovered(
    room: &Room,
    hall: &Hall,
    today: &Today,
    letters: &[Business],
    ctx: &Ctx,
) -> Result<String, Fault> {
    let open = matches!(super::hall::standing(room, hall, ctx.now)?, Standing::Open(_));
    let bare = training::uncovered(letters, today.windows());
    let told =
        letters.iter().filter(|b| bare.contains(&b.letter) && (open || today.waiting_for(b.letter) > 0));
    let names: Vec<String> = told.map(|b| format!("{} {}", b.letter, view::business(b, ctx.lang))).collect();
    Ok(view::listed(&names, ctx.lang))
}

fn figure(name: String, f: &Figures, w: Say) -> FigureLine {
    let minutes = |times| spread(times).map_or_else(|| "—".to_owned(), |s| view::spread(s, w));
    FigureLine { name, served: f.services.count(), wait: minutes(&f.waits), service: minutes(&f.services) }
}

/// Those who were served, by item; last those of whom the outcome names none.
async fn by_item(
    room: &Room,
    tickets: &[rows::TicketRow],
    letters: &[Business],
    w: Say,
) -> Outcome<Vec<FigureLine>> {
    let items = verbs::items_of(room.store(), tickets, letters).await?;
    let mut lines = Vec::new();
    let mut counted: Vec<(String, Figures)> = day::by_item(tickets, &items).into_iter().collect();
    counted.sort_by_key(|(key, f)| (key.is_empty(), std::cmp::Reverse(f.services.count())));
    for (key, figures) in &counted {
        lines.push(figure(view::item(room.store(), key, w).await?, figures, w));
    }
    Ok(lines)
}

/// How a window stands, as a word for styles and as words: nobody is there, or somebody is and has nobody while people wait.
pub(super) fn state_of(today: &Today, x: &rows::WindowRow, w: Say) -> (&'static str, String) {
    let busy = today.busy().iter().any(|t| t.window.as_deref() == Some(x.number.as_str()));
    let waits = today.waiting().iter().any(|t| x.takes(t.letter));
    let (state, words) = match (x.open, x.clerk, busy) {
        (false, _, _) => ("shut", w.t("window-shut")),
        (true, None, _) => ("empty", w.t("window-empty")),
        (true, Some(_), true) => ("busy", w.t("window-busy")),
        (true, Some(_), false) if waits => ("idle", w.t("window-idle")),
        (true, Some(_), false) => ("free", w.t("window-free")),
    };
    (state, words.into_owned())
}

fn windows(today: &Today, letters: &[Business], ctx: &Ctx, w: Say) -> Vec<WindowLine> {
    let line = |x: &rows::WindowRow| {
        let taken = |b: &Business| {
            let name = format!("{} {}", b.letter, view::business(b, ctx.lang));
            (b.letter.to_string(), name, x.letters.has(b.letter))
        };
        WindowLine {
            number: x.number.clone(),
            kind: view::kind(x.kind, w),
            open: x.open,
            staffed: x.clerk.is_some(),
            idle: state_of(today, x, w).1,
            letters: letters.iter().map(taken).collect(),
        }
    };
    today.windows().iter().map(line).collect()
}

/// What a change of a window does, when it is of a window of this hall and changes anything.
async fn effect_of(
    room: &Room,
    ctx: &Ctx,
    today: &Today,
    letters: &[Business],
    change: Option<(Option<Setting>, Option<Setting>)>,
) -> Outcome<Option<Effect>> {
    let Some((before, after)) = change else { return Ok(None) };
    let number = before.as_ref().or(after.as_ref()).map(|s| s.number.clone()).unwrap_or_default();
    let Some(now) = Setting::of(today, &number) else { return Ok(None) };
    let (before, after) = (before.unwrap_or_else(|| now.clone()), after.unwrap_or(now));
    if before == after {
        return Ok(None);
    }
    effect::effect(room, ctx, today, letters, (&before, &after), WORDS.say(ctx.lang)).await.map(Some)
}

async fn reports(room: &Room, hall: &HallCode, ctx: &Ctx) -> Outcome<Vec<ReportLine>> {
    let found = rows::reported(room.store(), hall, LISTED).await?.into_iter();
    Ok(found
        .map(|n| ReportLine {
            href: format!("/desk/hall/notices/{}", n.number),
            number: n.number,
            matter: n.matter,
            after: n.after.unwrap_or_default(),
            at: format::moment(ctx.lang, n.reported_at.unwrap_or(n.at)),
        })
        .collect())
}

async fn unfinished(
    room: &Room,
    hall: &HallCode,
    letters: &[Business],
    ctx: &Ctx,
) -> Outcome<Vec<(String, String)>> {
    let found = rows::unfinished(room.store(), hall, &day_of(ctx.now)).await?;
    let line = |t: &rows::TicketRow| {
        let business = letters.iter().find(|b| b.letter == t.letter);
        let business = business.map(|b| view::business(b, ctx.lang)).unwrap_or_default();
        (t.id.to_string(), format!("{} {} · {business}", t.day, t.number()))
    };
    Ok(found.iter().map(line).collect())
}

/// Ends a ticket of a former day, or lets it wait today.
pub(super) async fn ticket(State(room): State<Room>, ctx: Ctx, who: Staff, sent: Submitted) -> Answer {
    let manager = manager(&room, &who, &sent).await?;
    let actor = who.actor_ref();
    let done: Outcome<Ticket> =
        command!(room.house.ground, ctx.lang, actor, |cx| { settle(&mut cx, &room, &manager, &sent).await });
    match done {
        Ok(ticket) => Ok(page::see_other(match ticket.outcome.as_ref() {
            Some(Ended::Missing { notice, .. }) => format!("/desk/hall/notices/{notice}"),
            _ => format!("/desk/hall/day?hall={}", manager.hall().code),
        })),
        Err(failure) => {
            let (form, status) = told(failure, FormState::of(&sent))?;
            show(&room, &ctx, &who, &manager, form, (status, Just::default())).await
        }
    }
}

async fn settle(cx: &mut Cx, room: &Room, manager: &Manager, sent: &Submitted) -> Outcome<Ticket> {
    let id: TicketId = sent.get("ticket").parse().map_err(|_| refuse::no_ticket())?;
    if sent.get("outcome") == "today" {
        return verbs::carry_over(cx, &room.terms, manager, id).await;
    }
    let ending = desk_act::ending_of(sent)?;
    verbs::close(cx, &room.terms, manager, id, &ending).await
}

async fn manager(room: &Room, who: &Staff, sent: &Submitted) -> Outcome<Manager> {
    let code: HallCode = sent.get("hall").parse().map_err(|_| Refusal::not_found())?;
    Manager::of(room.store(), who, &code).await
}

/// Opens or shuts a window and says what it takes, or shows what that would do; or gives up one whose clerk is gone.
pub(super) async fn window(State(room): State<Room>, ctx: Ctx, who: Staff, sent: Submitted) -> Answer {
    let manager = manager(&room, &who, &sent).await?;
    let letters: Letters = sent.all("letters").concat().parse().unwrap_or_default();
    let (open, number, actor) = (sent.get("open") == "yes", sent.get("window"), who.actor_ref());
    if sent.get("try") == "yes" {
        let after = Setting { number: number.to_owned(), open, letters };
        let just = Just { change: Some((None, Some(after))), ..Just::default() };
        return show(&room, &ctx, &who, &manager, FormState::new(), (StatusCode::OK, just)).await;
    }
    let code = &manager.hall().code;
    let was = Setting::of(&Today::read(room.store(), code, ctx.now).await?, number);
    let done: Outcome<()> = command!(room.house.ground, ctx.lang, actor, |cx| {
        match sent.get("release") {
            "yes" => verbs::release(&mut cx, &room.terms, &manager, number).await,
            _ => verbs::set_window(&mut cx, &manager, number, open, &letters).await,
        }
    });
    match done {
        Ok(()) => {
            let was = was.map(|was| format!("&was={}#effect", was.text())).unwrap_or_default();
            Ok(page::see_other(format!("/desk/hall/day?hall={code}{was}")))
        }
        Err(failure) => {
            let (form, status) = told(failure, FormState::of(&sent))?;
            show(&room, &ctx, &who, &manager, form, (status, Just::default())).await
        }
    }
}

/// Registers a kiosk, and goes on to where its address is shown; or takes one's address away.
pub(super) async fn kiosk(State(room): State<Room>, ctx: Ctx, who: Staff, sent: Submitted) -> Answer {
    let manager = manager(&room, &who, &sent).await?;
    let (secret, actor) = (token(room.house.ground.rng.as_ref()), who.actor_ref());
    let revoked = sent.get("revoke");
    let done: Outcome<()> = command!(room.house.ground, ctx.lang, actor, |cx| {
        match revoked {
            "" => verbs::set_kiosk(&mut cx, &manager, sent.get("name"), &secret).await,
            kiosk => verbs::revoke_kiosk(&mut cx, &manager, kiosk).await,
        }
    });
    let day = format!("/desk/hall/day?hall={}", manager.hall().code);
    match done {
        Ok(()) if revoked.is_empty() => Ok(page::see_other(format!("{day}&kiosk={secret}#kiosks"))),
        Ok(()) => Ok(page::see_other(day)),
        Err(failure) => {
            let (form, status) = told(failure, FormState::of(&sent))?;
            show(&room, &ctx, &who, &manager, form, (status, Just::default())).await
        }
    }
}
