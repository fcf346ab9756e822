//! What ends soon, and what is offered: certificates by their last day, papers promised, mandates on either side, offers that wait for an
//! answer.

use super::{Room, outstanding};
use crate::WORDS;
use crate::view::{Line, Offer};
use cases::OutstandingRow;
use identity::Applicant;
use identity::mandate::{Basis, Mandate, Matters, Side};
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::{Outcome, Timestamp, clock};
use page::{Ctx, Say, format};

/// What ends within so many days is told: an extension is asked for thirty days before the end (行政许可法第五十条), and whoever asks
/// needs to know before that.
pub(super) const DAYS: i32 = 60;
/// How many of each kind are shown.
const LINES: i64 = 10;

/// What ends within the next days and what was promised, the first at the top, and the offers.
pub(super) async fn gather(
    room: &Room,
    who: &Applicant,
    ctx: &Ctx,
    promised: &[&OutstandingRow],
) -> Outcome<(Vec<Line>, Vec<Offer>)> {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let today = clock::legal_date(ctx.now);
    let last = today.saturating_add(DAYS.days());
    let mut ending: Vec<(Date, Line)> = Vec::new();
    if who.sees_all() {
        for held in certificates::ending(store, who.subject(), (today, last), LINES).await? {
            let Some(until) = held.valid_until else { continue };
            let line = Line {
                href: format!("/certificates/{}", held.id),
                title: held.name.get(ctx.lang).to_owned(),
                notes: vec![until_note(until, today, w), held.issuer_name.get(ctx.lang).to_owned()],
                ..Line::default()
            };
            ending.push((until, line));
        }
    }
    for promise in promised {
        let until = promise.due_at.map_or(Date::MAX, clock::legal_date);
        ending.push((until, outstanding::line(promise, w)));
    }
    let end = last.to_zoned(clock::legal_zone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp());
    let standing = identity::mandate::standing(store, who, (ctx.now, end), LINES).await?;
    for (side, mandate) in &standing.ending {
        ending.push((mandate.until(), mandate_line(*side, mandate, today, w)));
    }
    ending.sort_by_key(|(until, _)| *until);
    let offers = standing.offers.iter().map(|mandate| offer(mandate, w)).collect();
    Ok((ending.into_iter().map(|(_, line)| line).collect(), offers))
}

fn until_note(until: Date, today: Date, w: Say) -> String {
    let days = today.until(until).map_or(0, |span| span.get_days());
    w.with("soon-until", &[("until", format::date(w.lang, until)), ("days", days.to_string())])
}

fn mandate_line(side: Side, mandate: &Mandate, today: Date, w: Say) -> Line {
    let (key, name) = match (side, mandate.basis) {
        (Side::Given, Basis::Given) => ("soon-mandate-to", &mandate.agent_name),
        (Side::Given, Basis::Guardian) => ("soon-guardian", &mandate.agent_name),
        (Side::Held, Basis::Given) => ("soon-mandate-from", &mandate.principal_name),
        (Side::Held, Basis::Guardian) => ("soon-child", &mandate.principal_name),
    };
    Line {
        href: format!("/space/mandates/{}", mandate.id),
        title: w.with(key, &[("name", name.clone())]),
        notes: vec![until_note(mandate.until(), today, w)],
        ..Line::default()
    }
}

fn offer(mandate: &Mandate, w: Say) -> Offer {
    let matters = match &mandate.matters {
        Matters::All => w.t("offer-all").into_owned(),
        Matters::Items(items) => w.with("offer-items", &[("n", items.len().to_string())]),
    };
    Offer {
        href: format!("/space/mandates/{}", mandate.id),
        title: w.with("offer-from", &[("name", mandate.principal_name.clone())]),
        notes: vec![matters, w.with("offer-until", &[("until", format::date(w.lang, mandate.until()))])],
    }
}
