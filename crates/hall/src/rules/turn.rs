//! Whose turn it is. In one sentence: everybody is served in the order of coming, but those with priority go first — past the same
//! person without priority twice at most.

use crate::model::{Letter, Letters};
use std::collections::BTreeSet;

/// Room between two places in the queue, so that whoever comes back fits in between.
pub const SPACING: i64 = 1 << 20;

/// Somebody who waits, as the rule sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Where in the queue: smaller came earlier.
    pub place: i64,
    /// The business.
    pub letter: Letter,
    /// Whether they have priority.
    pub first: bool,
    /// The window they were handed on to.
    pub reserved: Option<String>,
    /// How many later ones with priority went before them.
    pub overtaken: i64,
}

/// The window that asks for the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Its number.
    pub number: String,
    /// What it takes.
    pub letters: Letters,
}

impl Window {
    /// Whether `one` may be called here. Whoever was handed on waits for that window, or for any that takes the business once nobody
    /// is on duty there.
    pub fn may_call(&self, one: &Waiting, staffed: &BTreeSet<String>) -> bool {
        match &one.reserved {
            Some(window) if *window == self.number => true,
            Some(window) if staffed.contains(window) => false,
            _ => self.letters.has(one.letter),
        }
    }
}

/// Whose turn it is among `waiting`, as an index; `None` when nobody waits for this window.
///
/// Those handed on to this very window come first. Then those with priority, unless that would let more than `overtakings` of them
/// past somebody without; then whoever came first.
pub fn next(
    waiting: &[Waiting],
    window: &Window,
    staffed: &BTreeSet<String>,
    overtakings: i64,
) -> Option<usize> {
    let mut queue: Vec<(usize, &Waiting)> =
        waiting.iter().enumerate().filter(|(_, one)| window.may_call(one, staffed)).collect();
    queue.sort_by_key(|(_, one)| one.place);
    let reserved = queue.iter().find(|(_, one)| one.reserved.as_deref() == Some(window.number.as_str()));
    if let Some((index, _)) = reserved {
        return Some(*index);
    }
    let priority = queue.iter().find(|(_, one)| one.first).or(queue.first())?;
    let patient = |one: &&(usize, &Waiting)| {
        !one.1.first && one.1.place < priority.1.place && one.1.overtaken >= overtakings
    };
    Some(queue.iter().find(patient).unwrap_or(priority).0)
}

/// Those of `waiting` who are overtaken when `called` is called at this window.
pub fn overtaken<'a>(
    waiting: &'a [Waiting],
    called: &'a Waiting,
    window: &'a Window,
    staffed: &'a BTreeSet<String>,
) -> impl Iterator<Item = usize> + 'a {
    let passes = move |one: &Waiting| {
        called.first && !one.first && one.place < called.place && window.may_call(one, staffed)
    };
    waiting.iter().enumerate().filter(move |(_, one)| passes(one)).map(|(index, _)| index)
}

/// The place of somebody who was passed and came back: directly behind somebody who waits for the same windows, so that `behind` of them
/// are called before; behind the last with fewer waiting, and behind those who came back to the same place before. `last` when nobody
/// waits.
pub fn place_again(waiting: &[Waiting], behind: usize, overtakings: i64, last: i64) -> i64 {
    // Places below nought are of those who come first in any case; nobody is put in between.
    let places: BTreeSet<i64> = waiting.iter().map(|one| one.place).filter(|place| *place >= 0).collect();
    let before_all = places.first().map(|first| first - 1);
    let free = places.iter().map(|place| place + 1).filter(|spot| !places.contains(spot));
    let spots: Vec<i64> = before_all.into_iter().chain(free).collect();
    let far_enough = |spot: &&i64| called_before(waiting, **spot, behind, overtakings) >= behind;
    spots.iter().find(far_enough).or(spots.last()).copied().unwrap_or(last)
}

/// How many one window that takes everybody calls before an ordinary ticket at `place`; it is enough to count to `enough`.
fn called_before(waiting: &[Waiting], place: i64, enough: usize, overtakings: i64) -> usize {
    let Some(letter) = waiting.first().map(|one| one.letter) else { return 0 };
    let foremost = |one: &Waiting| match one.reserved {
        Some(_) => Waiting { first: true, place: one.place.min(0) - SPACING, ..one.clone() },
        None => one.clone(),
    };
    let mut left: Vec<Waiting> = waiting.iter().map(foremost).collect();
    let letters = left.iter().map(|one| one.letter).collect();
    let (window, nobody) = (Window { number: String::new(), letters: Letters(letters) }, BTreeSet::new());
    left.push(Waiting { place, letter, first: false, reserved: None, overtaken: 0 });
    for called in 0..enough {
        let chosen = next(&left, &window, &nobody, overtakings);
        let Some((index, one)) = chosen.and_then(|index| Some((index, left.get(index)?.clone()))) else {
            return called;
        };
        if one.place == place {
            return called;
        }
        for passed in overtaken(&left, &one, &window, &nobody).collect::<Vec<_>>() {
            if let Some(passed) = left.get_mut(passed) {
                passed.overtaken += 1;
            }
        }
        left.remove(index);
    }
    enough
}

/// How many would be called before `mine` by windows that take `letters`, if nobody else came: those who came before, and those with
/// priority whom the rule lets past.
pub fn ahead(waiting: &[Waiting], mine: &Waiting, overtakings: i64) -> usize {
    let before = waiting.iter().filter(|one| one.place < mine.place);
    if mine.first {
        // Ordinary ones who have been overtaken often enough stay before.
        return before.filter(|one| one.first || one.overtaken >= overtakings).count();
    }
    let past = waiting.iter().filter(|one| one.place > mine.place && one.first).count();
    let room = usize::try_from(overtakings - mine.overtaken).unwrap_or(0);
    before.count() + past.min(room)
}
