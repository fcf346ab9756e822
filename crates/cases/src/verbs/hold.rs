//! A case in hand during one command: loaded with its history, moved on by acts, written back with events, rows and
//! messages in one commit.

use super::{complete, follow, halted, owes, relied, sibling, talk, watch};
use crate::event::CaseEvent;
use crate::model::*;
use crate::projection::{Line, Projection, project};
use crate::rules::{self, Act, Command, Doer};
use crate::scope::Scope;
use crate::store as rows;
use ::store::{Cx, Store};
use catalog::Published;
use identity::letters::{self, Letter};
use kernel::codes::CaseNumber;
use kernel::{Fault, Outcome, Refusal, Timestamp};
use page::House;
use procedure::NoticeKind;
use serde::{Deserialize, Serialize};
use trace::{Head, Subject};

/// Told when a notice goes to somebody on paper, was handed over, or is wanted on paper from now on: whoever carries letters looks again.
pub const TOLD: &str = "cases.told";

/// What messages about a case say.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseNews {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// Its item.
    pub item_key: String,
    /// Its state now.
    pub state: String,
    /// What came of it, once something did: `approved`, `refused`, or the state that ended it otherwise.
    pub outcome: Option<String>,
}

/// What the retry job is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Retry {
    pub number: CaseNumber,
    pub attempt: u32,
}

/// A case in hand.
pub(crate) struct Hold {
    pub item: Published,
    pub case: Option<Case>,
    pub head: Head,
    before: Option<Projection>,
    history: Vec<Line>,
    fresh: usize,
    told: usize,
}

/// The subject of a case in the trace.
pub(crate) fn subject_of(case: CaseId) -> Subject {
    Subject::new("case", case)
}

impl Hold {
    /// A case that is about to be filed.
    pub fn new(item: Published) -> Self {
        Self { item, case: None, head: Head::start(), before: None, history: Vec::new(), fresh: 0, told: 0 }
    }

    /// The case with this number, within the scope, folded from its events.
    pub async fn load(store: &Store, number: &CaseNumber, scope: &Scope) -> Outcome<Self> {
        let line = rows::the_case(store, &number.to_string(), scope).await?;
        let line = line.ok_or_else(Refusal::not_found)?;
        let item = item_version(store, line.item_version).await?;
        let (head, events) = trace::history::<CaseEvent>(store, &subject_of(line.id)).await?;
        let history: Vec<Line> = events.into_iter().map(|e| (e.event, e.occurred_at)).collect();
        let (case, before) = project(&history, &item.item)?;
        let fresh = history.len();
        Ok(Self { item, case: Some(case), head, before: Some(before), history, fresh, told: 0 })
    }

    /// The version that a form was made on.
    pub fn rev(&self) -> i64 {
        self.head.seq
    }

    /// Decides and applies one act.
    pub fn act(&mut self, house: &House, now: Timestamp, act: &Act) -> Outcome<()> {
        let events = rules::decide(self.case.as_ref(), act, now, &house.calendar, &self.item.item)?;
        for event in events {
            self.case = Some(rules::apply(self.case.take(), &event, act.at)?);
            self.history.push((event, act.at));
        }
        Ok(())
    }

    /// One act of the program, of this moment.
    pub fn act_now(&mut self, house: &House, cx: &Cx, command: Command) -> Outcome<()> {
        self.act(house, cx.now, &Act::now(command, cx.now))
    }

    /// One act of somebody, of this moment.
    pub fn act_by(&mut self, house: &House, cx: &Cx, command: Command, by: &Doer) -> Outcome<()> {
        self.act(house, cx.now, &Act::now(command, cx.now).by(by.clone()))
    }

    /// What has happened here in this command so far; the past that another system told is not ours to announce.
    pub fn fresh(&self) -> &[Line] {
        self.history.get(self.fresh.max(self.told)..).unwrap_or_default()
    }

    /// Writes an event of another hand straight into the history: an import's own past.
    pub fn past(&mut self, event: CaseEvent, at: Timestamp) -> Outcome<()> {
        self.case = Some(rules::apply(self.case.take(), &event, at)?);
        self.history.push((event, at));
        self.told = self.history.len();
        Ok(())
    }

    /// The tasks of line systems that were open before this command and are not any more.
    pub fn dropped_external(&self) -> Vec<(String, TaskId)> {
        let (Some(before), Some(case)) = (&self.before, &self.case) else { return Vec::new() };
        let gone = |t: &&crate::projection::TaskProjection| {
            t.state == "open"
                && !t.external.is_empty()
                && case.open_seats().all(|(_, seat)| seat.task != t.id || seat.external.is_none())
        };
        before.tasks.iter().filter(gone).map(|t| (t.external.clone(), t.id)).collect()
    }

    /// The case goes on under another version of its item.
    pub fn under(&mut self, item: Published) {
        self.item = item;
    }

    /// Writes everything that has happened into the commit, first completing a decided case.
    pub async fn finish(mut self, house: &House, cx: &mut Cx) -> Outcome<(Case, i64)> {
        // What a remedy undid falls before what is granted instead is made.
        follow::take_back(&self, cx).await?;
        relied::at_decision(&self, cx).await?;
        complete::complete(&mut self, house, cx).await?;
        follow::follow(&mut self, house, cx).await?;
        complete::close(&mut self, house, cx)?;
        let (case, after) = project(&self.history, &self.item.item)?;
        let subject = subject_of(case.id);
        let fresh: Vec<Line> = self.history.get(self.fresh..).unwrap_or_default().to_vec();
        for (event, at) in &fresh {
            trace::record(cx, &mut self.head, &subject, event, *at)?;
        }
        match &self.before {
            Some(before) if after.rev == before.rev => rows::set_next(&mut cx.commit, &after),
            None => rows::add_case(&mut cx.commit, &after),
            Some(before) => rows::change_case(&mut cx.commit, before, &after),
        }
        // After the case's own row, which these rows hang from.
        let first = self.head.seq - i64::try_from(fresh.len()).unwrap_or(0);
        for (place, (event, at)) in fresh.iter().enumerate() {
            let next = fresh.get(place + 1).map(|(event, _)| event);
            let seq = first + 1 + i64::try_from(place).unwrap_or(0);
            watch::watch(&self, cx, &case, &watch::Seen { event, next, seq, at: *at })?;
        }
        self.tell(cx, &case, &after)?;
        self.write_home(cx, &case)?;
        Ok((case, after.rev))
    }

    /// A letter to every party for each notice from which something begins for them: what was decided, what is asked of them,
    /// what is served with proof.
    fn write_home(&self, cx: &mut Cx, case: &Case) -> Result<(), Fault> {
        for (event, at) in self.fresh() {
            if let CaseEvent::WithdrawalSought(sought) = event {
                let others = case.applicants(&self.item.item).into_iter().filter(|a| *a != sought.by);
                for other in others {
                    letters::tell_subject(cx, other, Letter::Asked)?;
                }
            }
            let CaseEvent::NoticeIssued { notice, kind, outside, .. } = event else { continue };
            if !outside {
                talk::notice_reached(cx, case, (*notice, kind.name(case.frame)), *at);
            }
            let letter = match kind {
                kind if kind.decides() => Letter::Decided,
                NoticeKind::Supplement => Letter::Asked,
                // Told to neighbours on paper, not to the parties.
                NoticeKind::Interested => continue,
                kind if kind.proven() => Letter::Served,
                _ => continue,
            };
            for party in &case.parties {
                letters::tell_subject(cx, party.subject, letter)?;
            }
        }
        Ok(())
    }

    /// Whether something was told, or served by hand, to somebody who is to have it on paper.
    fn posts(&self, case: &Case) -> bool {
        let told = |(event, _): &Line| match event {
            CaseEvent::NoticeIssued { outside, .. } => !outside,
            CaseEvent::Served(_) | CaseEvent::PaperWanted(_) => true,
            _ => false,
        };
        self.fresh().iter().any(told) && case.recipients().iter().any(|p| case.wants_paper(p.subject))
    }

    /// The messages that leave with the commit.
    fn tell(&self, cx: &mut Cx, case: &Case, after: &Projection) -> Result<(), Fault> {
        let news = CaseNews {
            case: case.id,
            number: case.number.clone(),
            item_key: case.item_key.clone(),
            state: case.state.word().to_owned(),
            outcome: after.outcome.map(str::to_owned),
        };
        let subject = format!("case:{}", case.id);
        let (mut learned, mut spoke) = (false, false);
        for (event, _) in self.fresh() {
            let topic = match event {
                CaseEvent::Filed(_) => "cases.filed",
                CaseEvent::Decided { .. } => "cases.decided",
                CaseEvent::Closed => "cases.closed",
                CaseEvent::RecordedLate { .. } => "cases.recorded-late",
                CaseEvent::FactsSeen { .. } => {
                    learned = true;
                    continue;
                }
                CaseEvent::PartyConfirmed { .. } => {
                    spoke = true;
                    continue;
                }
                _ if event.ends_otherwise() => "cases.closed",
                _ => continue,
            };
            cx.commit.emit(topic, &subject, &news)?;
        }
        if self.posts(case) {
            cx.commit.emit(TOLD, &subject, &news)?;
        }
        owes::tell(self, cx, case)?;
        sibling::tell(self, cx, case)?;
        halted::tell(self, cx, case)?;
        let answer = |want: fn(&FactAnswer) -> bool| case.facts.iter().any(|f| want(&f.answer));
        if spoke && after.running && answer(|a| matches!(a, FactAnswer::Withheld(_))) {
            ask_now(cx, &case.number)?;
        } else if learned && after.running && answer(|a| matches!(a, FactAnswer::Absent(_))) {
            ask_again(cx, &case.number, 1)?;
        }
        Ok(())
    }
}

/// Sees to it that absent facts are fetched later; on a subject of its own, so that it holds up no other message.
pub(crate) fn ask_again(cx: &mut Cx, number: &CaseNumber, attempt: u32) -> Result<(), Fault> {
    let pause = 15i64.saturating_mul(1 << attempt.min(6)).min(600);
    let due = kernel::clock::from_micros(cx.now.as_microsecond() + pause * 1_000_000);
    let retry = Retry { number: number.clone(), attempt };
    cx.commit.emit_at("cases.retry", &format!("case-facts:{number}"), &retry, due)?;
    Ok(())
}

/// Sees to it that what was withheld is fetched at once, now that its party has spoken.
fn ask_now(cx: &mut Cx, number: &CaseNumber) -> Result<(), Fault> {
    let retry = Retry { number: number.clone(), attempt: 0 };
    cx.commit.emit("cases.retry", &format!("case-facts:{number}"), &retry)?;
    Ok(())
}

/// The version of an item that a case was filed under.
pub(crate) async fn item_version(store: &Store, id: catalog::ItemVersionId) -> Result<Published, Fault> {
    let found = catalog::version(store, id).await?;
    found.ok_or_else(|| Fault::new(format!("the item version {id} of a case is gone")))
}
