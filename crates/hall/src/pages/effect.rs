//! What opening or shutting a window, or letting it take something else, does to the waits: before and after, side by side.

use super::{Room, view};
use crate::Today;
use crate::model::Letters;
use crate::store::Business;
use kernel::Outcome;
use page::{Ctx, Say};

/// The effect of a change at one window.
pub(super) struct Effect {
    pub(super) title: String,
    pub(super) lines: Vec<Line>,
}

/// A business: the range of minutes for somebody who takes a ticket now, before and after.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) changes: bool,
}

/// How a window is, or shall be: whether it is open, and what it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) number: String,
    pub(super) open: bool,
    pub(super) letters: Letters,
}

impl Setting {
    /// As it stands in an address: `3.open.AB`.
    pub(super) fn text(&self) -> String {
        let open = if self.open { "open" } else { "shut" };
        format!("{}.{open}.{}", self.number, self.letters)
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (number, open, letters) = (parts.next()?, parts.next()? == "open", parts.next()?.parse().ok()?);
        Some(Self { number: number.to_owned(), open, letters })
    }

    /// As the window is now.
    pub(super) fn of(today: &Today, number: &str) -> Option<Self> {
        let window = today.windows().iter().find(|w| w.number == number)?;
        Some(Self { number: window.number.clone(), open: window.open, letters: window.letters.clone() })
    }
}

/// The waits by both settings of the same window; somebody is taken to be there where it is opened.
pub(super) async fn effect(
    room: &Room,
    ctx: &Ctx,
    today: &Today,
    letters: &[Business],
    (before, after): (&Setting, &Setting),
    w: Say,
) -> Outcome<Effect> {
    let with = |s: &Setting, manned| today.with_window(&s.number, (s.open, manned), &s.letters);
    let (was, will) = (with(before, false), with(after, after.open && !before.open));
    let mut lines = Vec::with_capacity(letters.len());
    for b in letters {
        let was = was.wait_for_next(room.store(), b.letter, &room.terms).await?;
        let will = will.wait_for_next(room.store(), b.letter, &room.terms).await?;
        lines.push(Line {
            name: format!("{} {}", b.letter, view::business(b, ctx.lang)),
            before: view::wait(was, w),
            after: view::wait(will, w),
            changes: was != will,
        });
    }
    let title = w.with("effect-title", &[("window", after.number.clone())]);
    Ok(Effect { title, lines })
}
