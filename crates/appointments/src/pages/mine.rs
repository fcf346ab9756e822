//! `/appointments`: what I have booked, what has become of it, and, when I did not come too often, why I cannot book on line now.

use super::{Room, place, view};
use crate::WORDS;
use crate::model::State as Standing;
use crate::queries;
use crate::store::AppointmentRow;
use axum::extract::{Query, State};
use identity::Applicant;
use page::{Answer, Ctx, Html, Say, Shell, format};

const LINES: i64 = 20;

struct Line {
    href: String,
    when: String,
    matter: String,
    hall: String,
    state: Html,
}

struct Missed {
    when: String,
    hall: String,
    phone: String,
}

#[derive(askama::Template)]
#[template(path = "mine.html")]
struct MinePage {
    shell: Shell,
    w: Say,
    name: String,
    ahead: Vec<Line>,
    past: Vec<Line>,
    missed: Vec<Missed>,
    paused: Option<String>,
    rule: String,
    newest: Option<String>,
    older: Option<String>,
}

/// Where the list goes on.
#[derive(serde::Deserialize)]
pub(super) struct From {
    before: Option<String>,
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Query(from): Query<From>,
) -> Answer {
    let (store, w) = (room.store(), WORDS.say(ctx.lang));
    let mut found = queries::mine(store, &who, &place(from.before.as_deref(), i64::MAX)?, LINES + 1).await?;
    let most = usize::try_from(LINES).unwrap_or(0);
    let more = found.len() > most;
    found.truncate(most);
    let older = found.last().filter(|_| more);
    let older = older.map(|r| format!("/appointments?before={}.{}", r.starts_at.as_microsecond(), r.id));
    let (mut ahead, mut past) = (Vec::new(), Vec::new());
    for row in &found {
        let hall = hall::hall(store, &row.hall).await?;
        let hall = hall.map(|h| h.name.get(ctx.lang).to_owned()).unwrap_or_default();
        let line = line(row, hall, &ctx, w);
        if row.state == Standing::Booked { ahead.push(line) } else { past.push(line) }
    }
    // What is next comes first.
    ahead.reverse();
    let (absences, paused) = queries::paused(store, &who, ctx.now, &room.terms).await?;
    let mut missed = Vec::with_capacity(absences.len());
    for row in absences.iter().rev() {
        let hall = hall::hall(store, &row.hall).await?;
        missed.push(Missed {
            when: view::when(&row.slot(), ctx.lang),
            hall: hall.as_ref().map(|h| h.name.get(ctx.lang).to_owned()).unwrap_or_default(),
            phone: hall.map(|h| h.phone).unwrap_or_default(),
        });
    }
    Ok(page::render(&MinePage {
        shell: Shell::new(&ctx, w.t("mine-title")).crumb(w.t("space"), "/space"),
        w,
        name: who.subject_name().to_owned(),
        ahead,
        past,
        missed,
        paused: paused.map(|until| w.with("paused-until", &[("day", format::moment(ctx.lang, until))])),
        rule: w.with(
            "rule-misses",
            &[
                ("n", room.terms.misses.to_string()),
                ("days", room.terms.miss_days.to_string()),
                ("pause", room.terms.pause_days.to_string()),
            ],
        ),
        newest: from.before.map(|_| "/appointments".to_owned()),
        older,
    }))
}

fn line(row: &AppointmentRow, hall: String, ctx: &Ctx, w: Say) -> Line {
    Line {
        href: format!("/appointments/{}", row.id),
        when: view::when(&row.slot(), ctx.lang),
        matter: row.item().get(ctx.lang).to_owned(),
        hall,
        state: view::state(row, w),
    }
}
