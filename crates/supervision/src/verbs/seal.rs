//! Orders that keep looks from the person for a time: asked for by an examiner, decided by a second person, ended by time or before.

use crate::model::SealId;
use crate::reach::{Reach, no_right};
use crate::rules::seal::{self as rules, Asked, Ground, Order, SealCommand, SealEvent, SealState};
use crate::settings::Settings;
use crate::store as rows;
use ::store::Cx;
use identity::{Examiner, Staff};
use jiff::civil::Date;
use kernel::{Outcome, Refusal, RefusalKind, Timestamp, clock};
use trace::{Head, SealOrder, Subject};

/// What an examiner asks for.
#[derive(Debug, Clone)]
pub struct SealAsked {
    /// The person's citizen identity number; found by its blind index, opened by nobody.
    pub number: String,
    /// On which ground.
    pub ground: Ground,
    /// Why.
    pub reason: String,
    /// The last day.
    pub until: Date,
}

pub(crate) fn subject(id: SealId) -> Subject {
    Subject::new("seal", id)
}

/// The moment after the last moment of a day.
fn end_of(day: Date) -> Option<Timestamp> {
    Some(day.tomorrow().ok()?.to_zoned(clock::legal_zone()).ok()?.timestamp())
}

/// Asks that one's own looks at a person's data be kept from that person for a time. Nothing is kept before a second person agrees.
///
/// # Errors
/// `supervision.no-such-person`, `supervision.seal-holds` when such an order holds already, or a refusal of the rules.
pub async fn ask_seal(cx: &mut Cx, terms: &Settings, who: &Examiner, asking: &SealAsked) -> Outcome<SealId> {
    let number: String = asking.number.chars().filter(|c| !c.is_whitespace()).collect();
    let person = identity::person_by_citizen_id(cx.store(), &number).await?;
    let person = person.filter(|p| *p != who.person()).ok_or_else(no_such_person)?;
    if rows::holding(cx.store(), person, who.account(), cx.now).await? {
        return Err(holds().into());
    }
    let division = identity::agency(cx.store(), who.agency()).await?.map(|a| a.division).unwrap_or_default();
    let asked = Asked {
        person,
        account: who.account(),
        by: who.person(),
        agency: who.agency().clone(),
        ground: asking.ground,
        reason: asking.reason.clone(),
        until: end_of(asking.until).unwrap_or(cx.now),
    };
    let (id, now): (SealId, _) = (cx.new_id(), cx.now);
    let event = rules::ask(asked, now, terms)?;
    trace::record(cx, &mut Head::start(), &subject(id), &event, now)?;
    let order = rules::begun(&event, now)?;
    rows::insert_seal(&mut cx.commit, id, &page::format::mask_id(&number), &division, &order);
    Ok(id)
}

fn no_such_person() -> Refusal {
    let (zh, en) =
        ("没有找到这个号码对应的人，或者是您本人。", "Nobody is known by this number, or it is your own.");
    Refusal::new(RefusalKind::Invalid, "supervision.no-such-person", zh, en).field("number", zh, en)
}

fn holds() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "supervision.seal-holds",
        "您对此人已有一件生效的申请。",
        "An order of yours about this person holds already.",
    )
    .next("请等它到期，或者先结束它。", "Wait for its end, or end it first.")
}

/// Whether `who` may decide on orders within their reach: a person in charge of the agency, or supervision.
pub(crate) async fn decides(cx: &Cx, who: &Staff) -> Outcome<bool> {
    Ok(match who {
        Staff::Supervisor(_) => true,
        Staff::Examiner(who) => identity::head_on(cx.store(), who, clock::legal_date(cx.now)).await?,
        Staff::Clerk(_) | Staff::Operator(_) => false,
    })
}

async fn load(cx: &Cx, id: SealId) -> Outcome<(Head, Order)> {
    let (head, events) = trace::history::<SealEvent>(cx.store(), &subject(id)).await?;
    Ok((head, rules::fold(&events)?))
}

fn write(cx: &mut Cx, id: SealId, mut head: Head, mut order: Order, event: &SealEvent) -> Outcome<Order> {
    let (before, now) = (order.state, cx.now);
    trace::record(cx, &mut head, &subject(id), event, now)?;
    rules::apply(&mut order, event, now);
    rows::update_seal(&mut cx.commit, id, before, &order);
    Ok(order)
}

/// A second person agrees or does not: a person in charge of the agency, or supervision of its division.
///
/// # Errors
/// Not found outside of one's reach, `supervision.no-right`, or a refusal of the rules.
pub async fn decide_seal(cx: &mut Cx, who: &Staff, id: SealId, approve: bool, reason: &str) -> Outcome<()> {
    let reach = Reach::of(who)?;
    rows::seal_within(cx.store(), id, &reach).await?.ok_or_else(Refusal::not_found)?;
    if !decides(cx, who).await? {
        return Err(no_right().into());
    }
    let by = who.actor_ref().person.ok_or_else(no_right)?;
    let (head, order) = load(cx, id).await?;
    let event =
        rules::decide(&order, &SealCommand::Decide { by, approve, reason: reason.to_owned() }, cx.now)?;
    let order = write(cx, id, head, order, &event)?;
    if order.state == SealState::Approved {
        let Asked { person, account, until, .. } = order.asked;
        trace::seal(
            &mut cx.commit,
            &SealOrder { id: id.to_string(), person, account, starts: cx.now, until },
        );
    }
    Ok(())
}

/// Ends an order before its time: whoever asked, or whoever may decide on it. The person sees the looks from now on.
///
/// # Errors
/// Not found outside of one's reach, `supervision.no-right`, or `supervision.seal-closed`.
pub async fn end_seal(cx: &mut Cx, who: &Staff, id: SealId) -> Outcome<()> {
    let reach = Reach::of(who)?;
    let row = rows::seal_within(cx.store(), id, &reach).await?.ok_or_else(Refusal::not_found)?;
    if row.account != who.account() && !decides(cx, who).await? {
        return Err(no_right().into());
    }
    let (head, order) = load(cx, id).await?;
    let looks = trace::sealed_looks(cx.store(), &id.to_string()).await?;
    let event = rules::decide(&order, &SealCommand::End { looks, early: true }, cx.now)?;
    write(cx, id, head, order, &event)?;
    let now = cx.now;
    trace::unseal(&mut cx.commit, &id.to_string(), now);
    Ok(())
}

/// An order whose time has ended.
pub(super) async fn ran_out(cx: &mut Cx, id: SealId) -> Outcome<()> {
    let (head, order) = load(cx, id).await?;
    let looks = trace::sealed_looks(cx.store(), &id.to_string()).await?;
    let event = rules::decide(&order, &SealCommand::End { looks, early: false }, cx.now)?;
    write(cx, id, head, order, &event)?;
    Ok(())
}
