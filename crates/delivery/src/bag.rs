//! Papers that travel between halls by sealed list (封袋清单): accepted here, decided there. A bag has a numbered seal and a list; it is opened
//! at its end by whoever it is for, each paper ticked, and what differs is named to both.
//!
//! **Invariant:** only the two ends see a bag, and only the receiving end opens it, once.

use crate::model::BagId;
use crate::room::Deliveries;
use crate::rules::{Command, invalid};
use crate::store::{self as rows, BagRow};
use crate::verbs;
use ::store::words;
use ::store::{Cx, Store};
use identity::Staff;
use kernel::{AccountId, AgencyCode, Fault, Outcome, Refusal, RefusalKind, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use trace::{Event, Head, Subject};

/// So many papers a bag has at most.
pub const PAPERS_MAX: usize = 100;

words! {
    /// Where a bag stands.
    pub enum BagState {
        /// Listed and sealed here.
        Sealed = "sealed",
        /// On its way.
        Sent = "sent",
        /// Opened at its end; everything as listed.
        Whole = "whole",
        /// Opened at its end; something differs.
        Differs = "differs",
    }
}

/// One paper of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The number of its case.
    pub case: String,
    /// What it is.
    pub what: String,
}

/// What was found when it was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Whether the seal was whole and its number the listed one.
    pub seal_whole: bool,
    /// Which papers were there, by their place in the list.
    pub there: Vec<usize>,
    /// What was there and is not listed; empty when nothing.
    pub extra: String,
}

/// One thing that happened to a bag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum BagEvent {
    /// It was listed and sealed.
    Sealed {
        /// The number of the seal.
        seal: String,
        /// Who sends it.
        sender: AgencyCode,
        /// Who gets it.
        receiver: AgencyCode,
        /// What is in it.
        papers: Vec<Listed>,
        /// By whom.
        by: AccountId,
    },
    /// It left.
    Sent {
        /// By whom.
        by: AccountId,
        /// Who carries it.
        carrier: String,
    },
    /// It was opened at its end.
    Opened {
        /// By whom.
        by: AccountId,
        /// What was found.
        found: Found,
    },
}

impl Event for BagEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Sealed { .. } => "sealed",
            Self::Sent { .. } => "sent",
            Self::Opened { .. } => "opened",
        }
    }
}

/// A bag as its events have it.
#[derive(Debug, Clone)]
pub struct Bag {
    /// Where it stands.
    pub row: BagRow,
    /// The list.
    pub papers: Vec<Listed>,
    /// Who carries it; empty until it left.
    pub carrier: String,
    /// When it left.
    pub sent_at: Option<Timestamp>,
    /// What was found, and when.
    pub found: Option<(Found, Timestamp)>,
}

impl Bag {
    /// The papers that were not there.
    pub fn missing(&self) -> Vec<&Listed> {
        let Some((found, _)) = &self.found else { return Vec::new() };
        let gone = |(nth, _): &(usize, &Listed)| !found.there.contains(nth);
        self.papers.iter().enumerate().filter(gone).map(|(_, paper)| paper).collect()
    }

    fn state(&self) -> BagState {
        match (&self.found, self.sent_at) {
            (Some((found, _)), _) => after(&self.papers, found),
            (None, Some(_)) => BagState::Sent,
            (None, None) => BagState::Sealed,
        }
    }
}

/// Whether what was found is what was listed.
pub fn after(papers: &[Listed], found: &Found) -> BagState {
    let all = (0..papers.len()).all(|nth| found.there.contains(&nth));
    let whole = found.seal_whole && all && found.extra.trim().is_empty();
    if whole { BagState::Whole } else { BagState::Differs }
}

fn subject(id: BagId) -> Subject {
    Subject::new("bag", id)
}

/// A bag, for a member of staff of one of its two ends.
///
/// # Errors
/// Not found for anybody else.
pub async fn bag(store: &Store, staff: &Staff, id: BagId) -> Outcome<Bag> {
    Ok(load(store, staff, id).await?.1)
}

async fn load(store: &Store, staff: &Staff, id: BagId) -> Outcome<(Head, Bag)> {
    let row = rows::bag_of(store, id, staff.agency()).await?.ok_or_else(Refusal::not_found)?;
    let (head, events) = trace::history::<BagEvent>(store, &subject(id)).await?;
    let mut bag = Bag { row, papers: Vec::new(), carrier: String::new(), sent_at: None, found: None };
    for recorded in events {
        match recorded.event {
            BagEvent::Sealed { papers, .. } => bag.papers = papers,
            BagEvent::Sent { carrier, .. } => {
                (bag.carrier, bag.sent_at) = (carrier, Some(recorded.occurred_at));
            }
            BagEvent::Opened { found, .. } => bag.found = Some((found, recorded.occurred_at)),
        }
    }
    Ok((head, bag))
}

/// Lists papers and seals a bag for another agency. A line of the list is `case number, what it is`.
///
/// # Errors
/// `delivery.bag-receiver`, `delivery.bag-seal` when it is missing or was used before, `delivery.bag-papers` at the line that is wrong.
pub async fn seal(cx: &mut Cx, staff: &Staff, receiver: &str, (seal, list): (&str, &str)) -> Outcome<BagId> {
    let receiver = receiver_of(cx, staff, receiver).await?;
    let seal = seal.trim().to_uppercase();
    let fine = (4..=32).contains(&seal.len()) && seal.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !fine {
        let (zh, en) =
            ("请填写封签号，4到32位字母和数字。", "Write the seal's number: 4 to 32 letters and digits.");
        return Err(invalid("delivery.bag-seal", "seal", zh, en).into());
    }
    if rows::seal_used(cx.store(), &seal).await? {
        let (zh, en) = ("这个封签号已经用过，请核对。", "This seal was used before; compare its number.");
        return Err(invalid("delivery.bag-seal", "seal", zh, en).into());
    }
    let papers = listed(list)?;
    let (id, now): (BagId, _) = (cx.new_id(), cx.now);
    let row = BagRow {
        id,
        seal: seal.clone(),
        sender: staff.agency().to_string(),
        receiver: receiver.to_string(),
        state: BagState::Sealed.word().to_owned(),
        papers: i64::try_from(papers.len()).unwrap_or(i64::MAX),
        at: now,
    };
    rows::insert_bag(&mut cx.commit, &row);
    for (nth, paper) in papers.iter().enumerate() {
        rows::insert_bag_paper(&mut cx.commit, id, nth, &paper.case, &paper.what);
    }
    let event =
        BagEvent::Sealed { seal, sender: staff.agency().clone(), receiver, papers, by: staff.account() };
    trace::record(cx, &mut Head::start(), &subject(id), &event, now)?;
    Ok(id)
}

/// Where one paper of a case is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whereabouts {
    /// What it is.
    pub what: String,
    /// The bag on whose list it stands.
    pub bag: BagId,
    /// The number of its seal.
    pub seal: String,
    /// Who sends it.
    pub sender: AgencyCode,
    /// Who gets it.
    pub receiver: AgencyCode,
    /// Where the bag stands.
    pub state: BagState,
    /// Whether the paper was in it when it was opened; unsaid until then.
    pub there: Option<bool>,
}

/// Where the papers of a case are that travel or have travelled, by the newest list first. Whoever asks has the right to the case: of the
/// bag only this case's own papers are told.
///
/// # Errors
/// A fault of the store.
pub async fn of_case(store: &Store, case: &str) -> Outcome<Vec<Whereabouts>> {
    let code =
        |text: &str| AgencyCode::parse(text).ok_or_else(|| Fault::new(format!("{text:?} is no agency code")));
    let mut all = Vec::new();
    let mut opened: Option<(BagId, Option<Found>)> = None;
    for row in rows::papers_of_case(store, case).await? {
        let state: BagState =
            row.state.parse().map_err(|_| Fault::new(format!("{:?} is no state of a bag", row.state)))?;
        if opened.as_ref().is_none_or(|(bag, _)| *bag != row.bag) {
            opened = Some((row.bag, found_in(store, row.bag, state).await?));
        }
        let nth = usize::try_from(row.nth).map_err(|e| Fault::from("counting papers", e))?;
        let found = opened.as_ref().and_then(|(_, found)| found.as_ref());
        all.push(Whereabouts {
            what: row.what,
            bag: row.bag,
            seal: row.seal,
            sender: code(&row.sender)?,
            receiver: code(&row.receiver)?,
            state,
            there: found.map(|found| found.there.contains(&nth)),
        });
    }
    Ok(all)
}

/// What was found in a bag, once it was opened.
async fn found_in(store: &Store, id: BagId, state: BagState) -> Outcome<Option<Found>> {
    if !matches!(state, BagState::Whole | BagState::Differs) {
        return Ok(None);
    }
    let (_, events) = trace::history::<BagEvent>(store, &subject(id)).await?;
    Ok(events.into_iter().find_map(|e| match e.event {
        BagEvent::Opened { found, .. } => Some(found),
        _ => None,
    }))
}

async fn receiver_of(cx: &Cx, staff: &Staff, typed: &str) -> Outcome<AgencyCode> {
    let no = || {
        let (zh, en) =
            ("请选择收件单位，不能是本单位。", "Choose who gets it, another agency than your own.");
        invalid("delivery.bag-receiver", "receiver", zh, en)
    };
    let code = AgencyCode::parse(typed).ok_or_else(no)?;
    let known = identity::agency(cx.store(), &code).await?.is_some();
    if known && code != *staff.agency() { Ok(code) } else { Err(no().into()) }
}

fn listed(text: &str) -> Result<Vec<Listed>, Refusal> {
    let mut papers = Vec::new();
    for (nth, line) in text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty()) {
        let split = line.split_once([',', '，', '\t']).map(|(case, what)| (case.trim(), what.trim()));
        let fine = |(case, what): &(&str, &str)| {
            kernel::CaseNumber::import(case).is_ok() && (1..=100).contains(&what.chars().count())
        };
        let Some((case, what)) = split.filter(fine) else {
            let nth = nth + 1;
            return Err(invalid(
                "delivery.bag-papers",
                "papers",
                format!("第{nth}行应为“办件编号，材料名称”，请核对：{line}"),
                format!("Line {nth} should be “case number, what it is”: {line}"),
            ));
        };
        papers.push(Listed { case: case.to_owned(), what: what.to_owned() });
    }
    if papers.is_empty() || papers.len() > PAPERS_MAX {
        let (zh, en) =
            ("请列出袋内材料，每行一份，最多100份。", "List what is in it, a line each, at most 100.");
        return Err(invalid("delivery.bag-papers", "papers", zh, en));
    }
    Ok(papers)
}

/// The bag leaves.
///
/// # Errors
/// Not found; `delivery.bag-moved-on`; `delivery.say-why` without a carrier.
pub async fn send(cx: &mut Cx, staff: &Staff, id: BagId, carrier: &str) -> Outcome<()> {
    let (head, bag) = load(cx.store(), staff, id).await?;
    if bag.row.sender != staff.agency().as_str() {
        return Err(not_yours().into());
    }
    if bag.state() != BagState::Sealed {
        return Err(moved_on().into());
    }
    if carrier.trim().is_empty() {
        let (zh, en) = ("请填写由谁运送。", "Write down who carries it.");
        return Err(invalid("delivery.bag-carrier", "carrier", zh, en).into());
    }
    let event = BagEvent::Sent { by: staff.account(), carrier: carrier.trim().to_owned() };
    write(cx, id, head, &event, BagState::Sent)
}

/// The bag is opened at its end; what differs is written down for both. [`receive`] also takes in the parcels in it.
///
/// # Errors
/// Not found; `delivery.bag-not-yours` for the sending end; `delivery.bag-moved-on` when it did not leave yet or was opened before.
pub async fn open(cx: &mut Cx, staff: &Staff, id: BagId, found: Found) -> Outcome<BagState> {
    let (head, bag) = load(cx.store(), staff, id).await?;
    if bag.row.receiver != staff.agency().as_str() {
        return Err(not_yours().into());
    }
    if bag.state() != BagState::Sent {
        return Err(moved_on().into());
    }
    let state = after(&bag.papers, &found);
    write(cx, id, head, &BagEvent::Opened { by: staff.account(), found }, state)?;
    Ok(state)
}

/// The bag is opened at its end, and the parcels in it that are to be collected there wait from now on: whose they are gets the code.
///
/// # Errors
/// As [`open`].
pub async fn receive(
    cx: &mut Cx,
    room: &Deliveries,
    staff: &Staff,
    id: BagId,
    found: Found,
) -> Outcome<BagState> {
    let papers = bag(cx.store(), staff, id).await?.papers;
    let there: Vec<usize> = found.there.clone();
    let state = open(cx, staff, id, found).await?;
    // A parcel may stand on the list twice; it arrives once.
    let mut arrived = BTreeSet::new();
    for paper in there.into_iter().filter_map(|nth| papers.get(nth)) {
        let words = paper.what.split(|c: char| !c.is_ascii_alphanumeric());
        for number in words.filter_map(verbs::read_label) {
            let Some(parcel) = rows::parcel_numbered(cx.store(), &number).await? else { continue };
            let known = verbs::parcel(cx.store(), parcel).await?;
            let own = known.cases.iter().any(|case| case.number == paper.case);
            let here = known.how.away().is_some_and(|away| away.contains(staff.agency()));
            if own && here && arrived.insert(parcel) {
                room.carry_out(cx, parcel, &Command::Arrive).await?;
            }
        }
    }
    Ok(state)
}

fn write(cx: &mut Cx, id: BagId, mut head: Head, event: &BagEvent, state: BagState) -> Outcome<()> {
    let now = cx.now;
    trace::record(cx, &mut head, &subject(id), event, now)?;
    rows::move_bag(&mut cx.commit, id, state.word());
    Ok(())
}

fn not_yours() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "delivery.bag-not-yours",
        "寄出由封袋单位办理，启封由收件单位办理。",
        "Whoever sealed it sends it; whoever it is for opens it.",
    )
}

fn moved_on() -> Refusal {
    let (zh, en) = ("这个封袋已经有了新进展。", "This bag has moved on.");
    Refusal::new(RefusalKind::Conflict, "delivery.bag-moved-on", zh, en)
        .next("请刷新页面查看。", "Load the page anew.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_extra_or_broken_is_seen() {
        let paper = |what: &str| Listed { case: "1".to_owned(), what: what.to_owned() };
        let papers = [paper("a"), paper("b")];
        let found = |seal_whole, there: &[usize], extra: &str| Found {
            seal_whole,
            there: there.to_vec(),
            extra: extra.to_owned(),
        };
        assert_eq!(after(&papers, &found(true, &[1, 0], "")), BagState::Whole);
        for odd in [found(false, &[0, 1], ""), found(true, &[1], ""), found(true, &[0, 1], "c")] {
            assert_eq!(after(&papers, &odd), BagState::Differs);
        }
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        let code = |text: &str| listed(text).unwrap_err().code.into_owned();
        assert_eq!(code(""), "delivery.bag-papers");
        let no = listed("x, 身份证").unwrap_err();
        assert!(no.say.zh.contains("第1行"), "{no}");
    }
}
