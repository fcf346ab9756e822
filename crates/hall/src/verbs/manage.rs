//! What the head of a hall changes: windows and kiosks.

use super::{Queue, day_of, tell_hall, works_in};
use crate::model::{Hall, HallCode, HallEvent, Letters};
use crate::rules::refuse;
use crate::store as rows;
use crate::verbs::take::blind_token;
use ::store::{Cx, Store};
use identity::Staff;
use kernel::{Outcome, Refusal, Text, Timestamp};

/// Somebody who may run a hall: its head, or supervision of its division. Made by [`Manager::of`] only.
#[derive(Debug, Clone)]
pub struct Manager {
    hall: Hall,
}

impl Manager {
    /// The right of `staff` over a hall.
    ///
    /// # Errors
    /// Not found for a hall that is none, `hall.not-your-hall` for one that is somebody else's.
    pub async fn of(store: &Store, staff: &Staff, hall: &HallCode) -> Outcome<Self> {
        let hall = rows::hall(store, hall).await?.ok_or_else(Refusal::not_found)?;
        let yours = match staff {
            Staff::Clerk(who) => who.is_head() && works_in(who.agency(), &hall.agency),
            Staff::Supervisor(who) => below(&hall.division, who.division()),
            Staff::Examiner(_) | Staff::Operator(_) => false,
        };
        if yours { Ok(Self { hall }) } else { Err(refuse::not_your_hall().into()) }
    }

    /// The hall.
    pub fn hall(&self) -> &Hall {
        &self.hall
    }
}

/// Whether `division` is `top` or lies in it: codes go in pairs, and pairs of noughts at the end mean all below.
fn below(division: &str, top: &str) -> bool {
    let top = prefix(top);
    !top.is_empty() && division.starts_with(top)
}

pub(crate) fn prefix(code: &str) -> &str {
    let mut prefix = code;
    while let Some(shorter) = prefix.strip_suffix("00").filter(|p| p.len() % 2 == 0 && p.len() < 6) {
        prefix = shorter;
    }
    prefix
}

/// Opens or shuts a window, and says what it takes. Shut, nobody is called to it any more; who is there keeps the ticket in hand.
///
/// # Errors
/// Not found for a window that is none, `hall.no-letters` for letters that the hall has not, `hall.people-wait` when it is the last open
/// window of a business for which people wait.
pub async fn set_window(
    cx: &mut Cx,
    who: &Manager,
    number: &str,
    open: bool,
    letters: &Letters,
) -> Outcome<()> {
    let hall = &who.hall.code;
    let windows = rows::windows(cx.store(), hall).await?;
    if !windows.iter().any(|w| w.number == number) {
        return Err(Refusal::not_found().into());
    }
    let known = rows::businesses(cx.store(), hall).await?;
    if letters.0.is_empty() || !letters.0.iter().all(|l| known.iter().any(|b| b.letter == *l)) {
        let say = Text::new("请至少选一项本大厅的业务。", "Choose at least one business of this hall.");
        return Err(refuse::field("hall.no-letters", "letters", say).into());
    }
    let day = day_of(cx.now);
    let queue = Queue::read(cx.store(), hall, &day).await?;
    let left = |w: &rows::WindowRow, letter| {
        if w.number == number { open && letters.has(letter) } else { w.open && w.letters.has(letter) }
    };
    let now = queue.windows.iter().find(|w| w.number == number && w.open).map(|w| w.letters.0.clone());
    for letter in now.unwrap_or_default() {
        let waiting = queue.waiting.iter().filter(|t| t.letter == letter).count();
        if waiting > 0 && !queue.windows.iter().any(|w| left(w, letter)) {
            return Err(refuse::people_wait(letter, waiting).into());
        }
    }
    // Whoever calls or takes a ticket by what the window was decides again.
    rows::advance(&mut cx.commit, hall, &day, queue.rev);
    rows::set_window(&mut cx.commit, hall, number, open, letters);
    let event = HallEvent::WindowSet { window: number.to_owned(), open, letters: letters.clone() };
    tell_hall(cx, hall, &event).await
}

/// Registers a kiosk; `token` ([`crate::token`]) is the secret of its address and is shown once.
///
/// # Errors
/// `hall.kiosk-name` without a name.
pub async fn set_kiosk(cx: &mut Cx, who: &Manager, name: &str, token: &str) -> Outcome<()> {
    let name = name.trim();
    if !(1..=40).contains(&name.chars().count()) {
        let say =
            Text::new("请给取号机起个名字（40字以内）。", "Give the kiosk a name of 40 characters at most.");
        return Err(refuse::field("hall.kiosk-name", "name", say).into());
    }
    let token = blind_token(cx.store(), token);
    let minute = cx.now.as_second() / 60;
    rows::add_kiosk(&mut cx.commit, &token, &who.hall.code, name, minute);
    tell_hall(cx, &who.hall.code, &HallEvent::KioskSet { name: name.to_owned() }).await
}

/// Minutes for which the address of a new kiosk is shown to whoever registered it, unless it gave a ticket before.
const NEW_FOR: i64 = 5;

/// Whether `token` is the secret of a kiosk of this hall that was registered just now.
///
/// # Errors
/// A fault of the store.
pub(crate) async fn is_new_kiosk(store: &Store, who: &Manager, token: &str, now: Timestamp) -> Outcome<bool> {
    let kiosk = rows::kiosk(store, &blind_token(store, token)).await?;
    let fresh = |k: &rows::Kiosk| k.taken == 0 && now.as_second() / 60 - k.minute <= NEW_FOR;
    Ok(kiosk.filter(|k| k.hall == who.hall.code).as_ref().is_some_and(fresh))
}

/// Takes a kiosk's address away; `token` is the blind index by which the list of kiosks names it.
///
/// # Errors
/// Not found for a kiosk that is none of this hall.
pub async fn revoke_kiosk(cx: &mut Cx, who: &Manager, token: &str) -> Outcome<()> {
    let kiosk = rows::kiosk(cx.store(), token).await?.filter(|k| k.hall == who.hall.code);
    let name = kiosk.ok_or_else(Refusal::not_found)?.name;
    rows::drop_kiosk(&mut cx.commit, token);
    tell_hall(cx, &who.hall.code, &HallEvent::KioskRevoked { name }).await
}
