//! What can be done, one verb per file. Everything that happens to a parcel goes through [`carry_out`]: decided by the rules, written to
//! trace, rows, orders and messages in one commit.

mod at_window;
mod book;
mod callback;
mod charge;
mod choose;
mod collect;
mod gather;
mod handover;
mod home;
mod mine;
mod pack;
mod signed;
mod sweep;

pub use at_window::{ToCollect, of_matter, to_collect};
pub(crate) use book::masked;
pub use book::{ADDRESSES_MAX, Entry, Typed, entries, entry, put, remove};
pub use callback::{CALLBACK, callback};
pub use charge::{Spared, fees_due};
pub use choose::{
    Choice, choose, choose_at_window, confirm, part, part_at_desk, start, start_at_window, write_at_window,
};
pub use collect::{collect, waiting};
pub use gather::{gather, letters};
pub(crate) use handover::reached;
pub use handover::{Scanned, close, open, scan, take_off};
pub use mine::{mine, my_parcel, place};
pub use pack::{Label, again, keep, label, look_at_label, pack, take_back};
pub use signed::{Owes, RETURNED, Returned, SIGNED, Signed};
pub use sweep::{Swept, poll, sweep};

use crate::event::ParcelEvent;
use crate::model::*;
use crate::room::Deliveries;
use crate::rules::{self, Command, Law};
use crate::store as rows;
use ::store::{Cx, Store};
use identity::letters::{Letter, tell_subject};
use kernel::{Fault, Outcome, SubjectId, rng};
use trace::{Head, Recorded, Subject};

pub(crate) fn subject(id: ParcelId) -> Subject {
    Subject::new("parcel", id)
}

/// A parcel as its events have it.
///
/// # Errors
/// Not found.
pub async fn parcel(store: &Store, id: ParcelId) -> Outcome<Parcel> {
    Ok(load(store, id).await?.1)
}

/// What happened to a parcel, for those who may see it.
pub(crate) async fn history(store: &Store, id: ParcelId) -> Outcome<Vec<Recorded<ParcelEvent>>> {
    Ok(trace::history::<ParcelEvent>(store, &subject(id)).await?.1)
}

async fn load(store: &Store, id: ParcelId) -> Outcome<(Head, Parcel)> {
    let (head, events) = trace::history::<ParcelEvent>(store, &subject(id)).await?;
    if events.is_empty() {
        return Err(rules::no_parcel().into());
    }
    Ok((head, rules::fold(&events)?))
}

impl Deliveries {
    fn law(&self, now: kernel::Timestamp) -> Law<'_> {
        Law { terms: &self.terms, calendar: &self.house.calendar, now }
    }

    /// Decides `command` on the parcel as it stands, and writes what follows; answers the parcel and whether anything happened.
    pub(crate) async fn carry_out(
        &self,
        cx: &mut Cx,
        id: ParcelId,
        command: &Command,
    ) -> Outcome<(Parcel, bool)> {
        let (mut head, mut parcel) = load(cx.store(), id).await?;
        let happened = rules::decide(&parcel, command, self.law(cx.now))?;
        let any = !happened.is_empty();
        for event in &happened {
            let at = event.occurred().unwrap_or(cx.now);
            trace::record(cx, &mut head, &subject(id), event, at)?;
            rules::apply(&mut parcel, event, at);
            self.follow(cx, id, &parcel, event).await?;
        }
        if any {
            let (now, next) = (cx.now, rules::next(&parcel, self.law(cx.now)));
            rows::update_parcel(&mut cx.commit, id, &parcel, now, next);
        }
        Ok((parcel, any))
    }

    /// What one event brings with it: rows, letters, messages.
    async fn follow(&self, cx: &mut Cx, id: ParcelId, parcel: &Parcel, event: &ParcelEvent) -> Outcome<()> {
        let (to, now) = (parcel.begun.recipient, cx.now);
        match event {
            ParcelEvent::PaperCame { paper } => rows::insert_paper(&mut cx.commit, id, to, &paper.number),
            ParcelEvent::PaperGone { paper } => rows::drop_paper(&mut cx.commit, to, paper),
            ParcelEvent::Charged { charge } => signed::owes(cx, id, parcel, charge)?,
            ParcelEvent::Spared { order } => charge::spared(cx, id, *order)?,
            ParcelEvent::Packed { order: Some(order), .. } | ParcelEvent::SentAgain { order, .. } => {
                self.order(cx, id, parcel, *order).await?;
            }
            ParcelEvent::Placed { order, tracking } => {
                rows::order_placed(&mut cx.commit, *order, tracking);
            }
            ParcelEvent::Listed { list } => rows::insert_entry(&mut cx.commit, *list, id),
            ParcelEvent::Unlisted { list } => rows::drop_entry(&mut cx.commit, *list, id),
            ParcelEvent::HandedOver { .. } => {
                if let Some(attempt) = parcel.attempt() {
                    rows::order_handed(&mut cx.commit, attempt.order, now);
                }
                tell_subject(cx, to, Letter::ParcelAway)?;
            }
            ParcelEvent::Moved { order, leg } => {
                if leg.said == Said::Returned {
                    signed::returned(cx, id, parcel, leg)?;
                    tell_subject(cx, to, Letter::ParcelReturned)?;
                }
                if leg.ends() {
                    rows::order_ended(&mut cx.commit, *order);
                }
            }
            ParcelEvent::Kept { .. } => {
                let code =
                    format!("{:08}", u64::from_be_bytes(rng::bytes(cx.ground.rng.as_ref())) % 100_000_000);
                let sealer = cx.store().sealer().clone();
                rows::put_code(&mut cx.commit, &sealer, id, &code)?;
                tell_subject(cx, to, Letter::ParcelReady)?;
            }
            ParcelEvent::Signed { reached } | ParcelEvent::Collected { reached, .. } => {
                if reached.at_window {
                    rows::drop_code(&mut cx.commit, id);
                }
                if reached.counts {
                    signed::signed(cx, id, parcel, reached)?;
                }
            }
            ParcelEvent::Reminded | ParcelEvent::Lapsed => tell_subject(cx, to, Letter::ParcelReady)?,
            _ => {}
        }
        Ok(())
    }

    /// The order at the courier with the address as it is now, and what it costs.
    async fn order(&self, cx: &mut Cx, id: ParcelId, parcel: &Parcel, order: OrderId) -> Outcome<()> {
        let address = parcel.how.address().ok_or_else(rules::no_address)?;
        let found = rows::address(cx.store(), address, parcel.begun.recipient).await?;
        let found = found.ok_or_else(rules::no_address)?;
        let sealer = cx.store().sealer().clone();
        let (told, now) = (found.open(&sealer)?, cx.now);
        rows::insert_order(&mut cx.commit, &sealer, (order, id), (&found.division, &told), now)?;
        // What is told officially is brought at the office's cost.
        if parcel.begun.letter || parcel.charge.as_ref().is_some_and(|c| c.order == order) {
            return Ok(());
        }
        let asked = charge::asked(self, &parcel.begun.division, &found.division, order);
        asked.map_or(Ok(()), |charge| Ok(signed::owes(cx, id, parcel, &charge)?))
    }

    /// A fresh parcel, begun in this commit.
    pub(crate) async fn begin(&self, cx: &mut Cx, begun: Begun) -> Outcome<(ParcelId, Head, Parcel)> {
        let (id, now): (ParcelId, _) = (cx.new_id(), cx.now);
        let mut head = Head::start();
        let parcel = rules::fresh(&begun, now);
        let event = ParcelEvent::Begun(Box::new(begun));
        trace::record(cx, &mut head, &subject(id), &event, now)?;
        rows::insert_parcel(&mut cx.commit, id, &parcel);
        Ok((id, head, parcel))
    }

    /// Further events of a parcel that was begun in this commit.
    pub(crate) async fn go_on(
        &self,
        cx: &mut Cx,
        (id, head, parcel): (ParcelId, &mut Head, &mut Parcel),
        commands: &[Command],
    ) -> Outcome<()> {
        for command in commands {
            for event in rules::decide(parcel, command, self.law(cx.now))? {
                let now = cx.now;
                trace::record(cx, head, &subject(id), &event, now)?;
                rules::apply(parcel, &event, now);
                self.follow(cx, id, parcel, &event).await?;
            }
        }
        let (now, next) = (cx.now, rules::next(parcel, self.law(cx.now)));
        rows::update_parcel(&mut cx.commit, id, parcel, now, next);
        Ok(())
    }
}

/// One's own parcel.
pub(crate) async fn own(store: &Store, id: ParcelId, who: SubjectId) -> Outcome<()> {
    rows::parcel_of(store, id, who).await?.ok_or_else(rules::no_parcel)?;
    Ok(())
}

/// The number of a parcel's label: `K`, the year, a growing number of at least six digits, and a check digit (Luhn).
pub(crate) async fn label_number(cx: &Cx) -> Result<String, Fault> {
    let year = kernel::clock::legal_date(cx.now).year();
    let next = ::store::serial::block(&cx.ground, &format!("delivery.parcel.{year}")).await?;
    let body = format!("{year}{next:06}");
    Ok(format!("K{body}{}", luhn(&body)))
}

fn luhn(digits: &str) -> u32 {
    let sum: u32 = digits
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(place, digit)| match (place % 2 == 0, digit * 2) {
            (false, _) => digit,
            (true, twice) => twice / 10 + twice % 10,
        })
        .sum();
    (10 - sum % 10) % 10
}

/// Reads a number that was typed or scanned: spaces and hyphens are passed over; none where the check digit is another.
pub(crate) fn read_label(typed: &str) -> Option<String> {
    let text: String =
        typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    let digits = text.strip_prefix('K').filter(|d| d.len() > 10 && d.bytes().all(|b| b.is_ascii_digit()))?;
    let (body, check) = digits.split_at(digits.len() - 1);
    (check == luhn(body).to_string()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_a_label_is_seen() {
        let body = "2026000017";
        let number = format!("K{body}{}", luhn(body));
        assert_eq!(read_label(&format!(" k{body} {}", luhn(body))), Some(number.clone()));
        assert_eq!(read_label(&number.replace("17", "18")), None);
        assert_eq!(read_label("K1"), None);
        assert_eq!(read_label("王秀英"), None);
    }
}
