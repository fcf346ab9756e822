//! A parcel in words, for its recipient and for the desk.

use crate::event::ParcelEvent;
use crate::model::*;
use crate::store::ParcelRow;
use kernel::{Lang, Timestamp};
use page::{Html, Say, TimelineEntry, badge, format};
use trace::Recorded;

/// Where a parcel stands, in one word.
pub(super) fn state(state: State, w: Say) -> Html {
    let (kind, key) = match state {
        State::Gathering => ("info", "state-gathering"),
        State::Ready => ("info", "state-ready"),
        State::Nothing => ("neutral", "state-nothing"),
        State::Packed => ("info", "state-packed"),
        State::Listed => ("info", "state-listed"),
        State::HandedOver => ("info", "state-handed-over"),
        State::Moving => ("info", "state-moving"),
        State::Deposited => ("wait", "state-deposited"),
        State::Refused => ("bad", "state-refused"),
        State::Returned => ("bad", "state-returned"),
        State::Collectable => ("wait", "state-collectable"),
        State::Lapsed => ("bad", "state-lapsed"),
        State::Signed => ("good", "state-signed"),
        State::Collected => ("good", "state-collected"),
    };
    badge(kind, &w.t(key))
}

/// What that means for its recipient, and what to do.
pub(super) fn lead(state: State, w: Say) -> String {
    let key = match state {
        State::Gathering => "lead-gathering",
        State::Ready => "lead-ready",
        State::Nothing => "lead-nothing",
        State::Packed | State::Listed => "lead-packed",
        State::HandedOver | State::Moving => "lead-moving",
        State::Deposited => "lead-deposited",
        State::Refused => "lead-refused",
        State::Returned => "lead-returned",
        State::Collectable => "lead-collectable",
        State::Lapsed => "lead-lapsed",
        State::Signed => "lead-signed",
        State::Collected => "lead-collected",
    };
    w.t(key).into_owned()
}

/// What it is called: its matter, and whether it is a letter.
pub(super) fn titled(begun: &Begun, w: Say) -> String {
    let title = begun.title.get(w.lang).to_owned();
    if begun.letter { w.with("letter-of", &[("title", title)]) } else { title }
}

/// Where a parcel stands, as a badge.
pub fn state_badge(of: State, lang: Lang) -> Html {
    state(of, crate::WORDS.say(lang))
}

pub(super) fn how(how: &How, w: Say) -> String {
    match how {
        How::Electronic => w.t("how-electronic").into_owned(),
        How::Courier { .. } => w.t("how-courier").into_owned(),
        How::Collect { name, .. } => w.with("how-collect-at", &[("place", name.get(w.lang).to_owned())]),
    }
}

/// A line of a list of parcels.
pub(super) struct Line {
    pub href: String,
    pub title: String,
    pub notes: Vec<String>,
    pub state: Html,
}

pub(super) fn line(row: &ParcelRow, base: &str, masked: bool, w: Say) -> Line {
    let title = if w.lang == Lang::ZhCn { &row.title_zh } else { &row.title_en };
    let mut notes = vec![row.number.clone()];
    if masked {
        notes.push(format::mask_name(&row.recipient_name));
    }
    if row.nth > 1 {
        notes.push(w.with("nth", &[("n", row.nth.to_string())]));
    }
    notes.push(w.with("since", &[("at", format::moment(w.lang, row.since))]));
    let title = if row.letter { w.with("letter-of", &[("title", title.clone())]) } else { title.clone() };
    Line { href: format!("{base}/{}", row.id), title, notes, state: state(row.state, w) }
}

/// What happened, the earliest first, in plain words.
pub(super) fn timeline(events: &[Recorded<ParcelEvent>], w: Say) -> Vec<TimelineEntry> {
    events.iter().filter_map(|e| entry(&e.event, e.occurred_at, w)).collect()
}

fn entry(event: &ParcelEvent, at: Timestamp, w: Say) -> Option<TimelineEntry> {
    let (kind, title, detail) = match event {
        ParcelEvent::Begun(_) | ParcelEvent::Listed { .. } | ParcelEvent::Unlisted { .. } => return None,
        // Who signed is told by the event that follows.
        ParcelEvent::Moved { leg, .. } if leg.said == Said::Signed => return None,
        ParcelEvent::PaperCame { paper } => (
            "done",
            w.with("tl-paper", &[("what", paper.title.get(w.lang).to_owned())]),
            paper.number.clone(),
        ),
        ParcelEvent::PaperGone { paper } => ("done", w.t("tl-gone").into_owned(), paper.clone()),
        ParcelEvent::CaseOver { case } => {
            ("done", w.with("tl-over", &[("case", case.clone())]), String::new())
        }
        ParcelEvent::Chosen { how: chosen, by } => {
            let by = if *by == By::Recipient { String::new() } else { w.t("tl-at-window").into_owned() };
            ("done", w.with("tl-chosen", &[("how", how(chosen, w))]), by)
        }
        ParcelEvent::Charged { charge } => {
            let amount = charge.amount.to_string();
            ("done", w.with("tl-charged", &[("amount", amount)]), String::new())
        }
        ParcelEvent::Spared { .. } => ("done", w.t("tl-spared").into_owned(), String::new()),
        ParcelEvent::Parted { why, .. } => ("done", w.t("tl-parted").into_owned(), why.clone()),
        ParcelEvent::Packed { papers, .. } => {
            ("done", w.with("tl-packed", &[("n", papers.len().to_string())]), String::new())
        }
        ParcelEvent::Placed { tracking, .. } => {
            ("done", w.with("tl-placed", &[("tracking", tracking.clone())]), String::new())
        }
        ParcelEvent::HandedOver { .. } => ("done", w.t("tl-handed-over").into_owned(), String::new()),
        ParcelEvent::Moved { leg, .. } => moved(leg, w),
        ParcelEvent::Contradicted { leg, .. } => {
            ("stop", w.t("tl-contradicted").into_owned(), moved(leg, w).1)
        }
        ParcelEvent::Signed { reached } => {
            let served = if reached.counts { "tl-served" } else { "tl-not-served" };
            let name = format::mask_name(&reached.name);
            ("done", w.with(signer(reached.signer), &[("name", name)]), w.t(served).into_owned())
        }
        ParcelEvent::Kept { until, .. } => {
            let day = format::date(w.lang, until.date);
            ("done", w.with("tl-kept", &[("day", day)]), String::new())
        }
        ParcelEvent::SentAgain { .. } => ("done", w.t("tl-again").into_owned(), String::new()),
        ParcelEvent::Collected { reached, .. } => {
            let name = format::mask_name(&reached.name);
            ("done", w.with("tl-collected", &[("name", name)]), w.t("tl-served").into_owned())
        }
        ParcelEvent::Reminded => ("done", w.t("tl-reminded").into_owned(), String::new()),
        ParcelEvent::Lapsed => ("stop", w.t("tl-lapsed").into_owned(), String::new()),
    };
    Some(TimelineEntry { kind, at: format::moment(w.lang, at), title, who: String::new(), detail })
}

fn moved(leg: &Leg, w: Say) -> (&'static str, String, String) {
    let (kind, key) = match leg.said {
        Said::PickedUp => ("done", "tl-picked-up"),
        Said::InTransit => ("done", "tl-in-transit"),
        Said::OutForDelivery => ("done", "tl-out"),
        Said::Signed => ("done", "tl-signed"),
        Said::Refused => ("stop", "tl-refused"),
        Said::Returned => ("stop", "tl-returned"),
    };
    (kind, w.t(key).into_owned(), leg.note.clone())
}

fn signer(signer: Signer) -> &'static str {
    match signer {
        Signer::Oneself => "signed-oneself",
        Signer::Family => "signed-family",
        Signer::Mailroom => "signed-mailroom",
        Signer::Locker => "signed-locker",
        Signer::Other => "signed-other",
    }
}
