//! What the pages say of levels, states, waits and hours.

use crate::model::{Equipment, Equipped, Level, Priority, TicketEvent, TicketState, WindowKind};
use crate::rules::estimate::Wait;
use crate::rules::hours::Standing;
use crate::rules::report::Spread;
use crate::settings::Settings;
use crate::store::Business;
use ::store::Store;
use catalog::agreement::{Across, Agreement};
use identity::Directory;
use jiff::civil::{Date, Time};
use kernel::{Fault, Lang, Text, Timestamp, clock};
use page::{Html, Say, TimelineEntry, format};
use trace::Recorded;

pub(super) fn level(level: Level, w: Say) -> String {
    match level {
        Level::City => w.t("level-city"),
        Level::County => w.t("level-county"),
        Level::Town => w.t("level-town"),
        Level::Village => w.t("level-village"),
    }
    .into_owned()
}

pub(super) fn kind(kind: WindowKind, w: Say) -> String {
    match kind {
        WindowKind::Comprehensive => w.t("window-comprehensive"),
        WindowKind::Named => w.t("window-named"),
        WindowKind::Issuing => w.t("window-issuing"),
        WindowKind::Agent => w.t("window-agent"),
    }
    .into_owned()
}

pub(super) fn priority(priority: Priority, w: Say) -> String {
    match priority {
        Priority::Ordinary => w.t("priority-ordinary"),
        Priority::Appointment => w.t("priority-appointment"),
        Priority::Elder => w.t("priority-elder"),
        Priority::Disabled => w.t("priority-disabled"),
        Priority::Soldier => w.t("priority-soldier"),
    }
    .into_owned()
}

pub(super) fn equipment(one: Equipment, w: Say) -> String {
    match one {
        Equipment::SelfService => w.t("with-self-service"),
        Equipment::AllNight => w.t("with-all-night"),
        Equipment::Wheelchair => w.t("with-wheelchair"),
        Equipment::Toilet => w.t("with-toilet"),
        Equipment::Sign => w.t("with-sign"),
        Equipment::Printer => w.t("with-printer"),
        Equipment::Photo => w.t("with-photo"),
        Equipment::Nursing => w.t("with-nursing"),
        Equipment::Parking => w.t("with-parking"),
    }
    .into_owned()
}

/// All that a hall is equipped with, in a line.
pub(super) fn equipped(all: Equipped, w: Say) -> String {
    listed(&all.iter().map(|one| equipment(one, w)).collect::<Vec<_>>(), w.lang)
}

/// Words in a line.
pub(super) fn listed(words: &[String], lang: Lang) -> String {
    words.join(if lang == Lang::ZhCn { "、" } else { ", " })
}

/// What is accepted for another place: for whom, what becomes of the papers and from when terms run, and on what it rests.
pub(super) fn elsewhere(one: &Agreement, agencies: &Directory, w: Say) -> Vec<String> {
    let how = match one.mode {
        Across::Agent => "elsewhere-agent",
        Across::Online => "elsewhere-online",
        Across::Joint => "elsewhere-joint",
    };
    let basis = one.basis.get(w.lang).to_owned();
    let day = |day: Option<Date>| day.map(|day| format::date(w.lang, day));
    let basis = match (day(one.since), day(one.until)) {
        (None, None) => w.with("elsewhere-basis", &[("basis", basis)]),
        (Some(since), None) => w.with("elsewhere-basis-since", &[("basis", basis), ("since", since)]),
        (None, Some(until)) => w.with("elsewhere-basis-until", &[("basis", basis), ("until", until)]),
        (Some(since), Some(until)) => {
            w.with("elsewhere-basis-days", &[("basis", basis), ("since", since), ("until", until)])
        }
    };
    vec![
        w.with("elsewhere-for", &[("agency", agencies.name(&one.decides, w.lang))]),
        w.with(how, &[("term", w.t("elsewhere-term").into_owned())]),
        basis,
    ]
}

/// The rule of turns in one sentence.
pub(super) fn fairness(terms: &Settings, w: Say) -> String {
    w.with("fairness", &[("n", terms.overtakings.to_string())])
}

/// What one may claim oneself; an appointment is known or is not.
pub(super) fn claims(w: Say) -> Vec<(String, String)> {
    [Priority::Ordinary, Priority::Elder, Priority::Disabled, Priority::Soldier]
        .into_iter()
        .map(|p| (p.to_string(), priority(p, w)))
        .collect()
}

pub(super) fn state(state: TicketState, w: Say) -> String {
    match state {
        TicketState::Waiting => w.t("state-waiting"),
        TicketState::Called => w.t("state-called"),
        TicketState::Serving => w.t("state-serving"),
        TicketState::Passed => w.t("state-passed"),
        TicketState::Ended => w.t("state-ended"),
        TicketState::Lapsed => w.t("state-lapsed"),
    }
    .into_owned()
}

pub(super) fn wait(wait: Wait, w: Say) -> String {
    match wait {
        Wait::NoWindow => w.t("wait-no-window").into_owned(),
        Wait::Unknown => w.t("wait-unknown").into_owned(),
        Wait::Minutes(_, 0) => w.t("wait-none").into_owned(),
        Wait::Minutes(low, high) => {
            w.with("wait-minutes", &[("low", low.to_string()), ("high", high.to_string())])
        }
    }
}

/// Half of them took this long at most, nine of ten that long; in seconds.
pub(super) fn spread((half, nine): Spread, w: Say) -> String {
    w.with("day-minutes", &[("half", (half / 60).to_string()), ("nine", ((nine + 59) / 60).to_string())])
}

fn hour(time: Time) -> String {
    if time == Time::MAX { "24:00".to_owned() } else { format!("{:02}:{:02}", time.hour(), time.minute()) }
}

pub(super) fn span((from, to): &(Time, Time)) -> String {
    format!("{}–{}", hour(*from), hour(*to))
}

pub(super) fn standing(standing: Standing, now: Timestamp, w: Say) -> Html {
    match standing {
        Standing::Open(until) => page::badge("good", &w.with("open-until", &[("time", hour(until))])),
        Standing::Shut(date, time) if date == clock::legal_date(now) => {
            page::badge("wait", &w.with("opens-today", &[("time", hour(time))]))
        }
        Standing::Shut(date, time) => {
            let day = format::date(w.lang, date);
            page::badge("neutral", &w.with("opens-on", &[("day", day), ("time", hour(time))]))
        }
        Standing::ShutLong => page::badge("neutral", &w.t("shut-long")),
    }
}

/// A moment at which a hall opens.
pub(super) fn opening(at: Timestamp, now: Timestamp, w: Say) -> String {
    let local = at.to_zoned(clock::legal_zone());
    if local.date() == clock::legal_date(now) {
        w.with("at-today", &[("time", hour(local.time()))])
    } else {
        let day = format::date(w.lang, local.date());
        w.with("at-day", &[("day", day), ("time", hour(local.time()))])
    }
}

pub(super) fn business(b: &Business, lang: Lang) -> String {
    Text::new(b.name_zh.clone(), b.name_en.clone()).get(lang).to_owned()
}

/// The choice of businesses, with the letter before each.
pub(super) fn choices(letters: &[Business], lang: Lang) -> Vec<(String, String)> {
    letters.iter().map(|b| (b.letter.to_string(), format!("{} {}", b.letter, business(b, lang)))).collect()
}

/// The name of an item by its key or code; that it is not known, where there is none.
pub(super) async fn item(store: &Store, key: &str, w: Say) -> Result<String, Fault> {
    if key.is_empty() {
        return Ok(w.t("item-unknown").into_owned());
    }
    let found = catalog::find(store, key).await?;
    Ok(found.map_or_else(|| key.to_owned(), |p| p.item.name.get(w.lang).to_owned()))
}

pub(super) fn distance(metres: f64, w: Say) -> String {
    if metres < 950.0 {
        w.with("metres", &[("n", format!("{:.0}", (metres / 50.0).round() * 50.0))])
    } else {
        w.with("kilometres", &[("n", format!("{:.1}", metres / 1_000.0))])
    }
}

/// What happened to a ticket, for whoever holds it: windows, never names.
pub(super) fn timeline(events: &[Recorded<TicketEvent>], w: Say) -> Vec<TimelineEntry> {
    let last = events.len().saturating_sub(1);
    let entry = |(n, e): (usize, &Recorded<TicketEvent>)| TimelineEntry {
        kind: if n == last { "now" } else { "done" },
        at: format::time(e.occurred_at),
        title: happened(&e.event, w),
        who: String::new(),
        detail: match &e.event {
            TicketEvent::Moved { why, .. } => why.clone(),
            _ => String::new(),
        },
    };
    events.iter().enumerate().map(entry).collect()
}

fn happened(event: &TicketEvent, w: Say) -> String {
    let window = |key: &'static str, window: &str| match key {
        "called" => w.with("did-called", &[("window", window.to_owned())]),
        "moved" => w.with("did-moved", &[("window", window.to_owned())]),
        _ => w.with("did-along", &[("window", window.to_owned())]),
    };
    match event {
        TicketEvent::Taken { .. } => w.t("did-taken").into_owned(),
        TicketEvent::Called { window: number, .. } => window("called", number),
        TicketEvent::Recalled {} => w.t("did-recalled").into_owned(),
        TicketEvent::Passed {} => w.t("did-passed").into_owned(),
        TicketEvent::Requeued { .. } => w.t("did-requeued").into_owned(),
        TicketEvent::PriorityDenied {} => w.t("did-denied").into_owned(),
        TicketEvent::Started {} => w.t("did-started").into_owned(),
        TicketEvent::Moved { to, .. } => window("moved", to),
        TicketEvent::TakenAlong { window: number } => window("along", number),
        TicketEvent::Released {} => w.t("did-released").into_owned(),
        TicketEvent::CarriedOver { serial, .. } => w.with("did-carried", &[("serial", serial.to_string())]),
        TicketEvent::Ended(_) => w.t("did-ended").into_owned(),
        TicketEvent::Lapsed {} => w.t("did-lapsed").into_owned(),
        TicketEvent::ExtraReported {} => w.t("did-reported").into_owned(),
    }
}
