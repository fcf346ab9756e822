//! Others whose major interests an application touches (利害关系人; Licensing Law arts 36, 46, 47): each is told, each may ask for
//! a hearing within five working days of being told, and the decision waits for the last of them.

use crate::{Frame, HearingTerms, RunningTerm, TermKind};
use kernel::{Calendar, Refusal, RefusalKind, Timestamp};
use serde::{Deserialize, Serialize};

/// Somebody who was told of their right to a hearing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Who, by the caller's own word: a subject, or the place in a list where they have no account.
    pub who: String,
    /// Their time to ask, from the moment at which the notice counts as served on them.
    pub term: RunningTerm,
    /// What they did.
    #[serde(default)]
    pub answer: Answer,
}

/// What somebody did who was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "did", content = "at")]
pub enum Answer {
    /// Nothing yet.
    #[default]
    None,
    /// Asked for a hearing.
    Asked(Timestamp),
    /// Gave it up in writing.
    Waived(Timestamp),
}

/// Everybody who was told about one case, the applicant among them where told too.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Round {
    /// In the order they were told.
    pub told: Vec<Told>,
}

impl Round {
    /// Somebody is told: their own five working days run from `served`. Told once only: who stands in it already stays as they
    /// are. Nothing happens in frames that know no hearing.
    pub fn tell(&mut self, frame: Frame, who: &str, served: Timestamp, calendar: &Calendar) {
        let Some(HearingTerms { request, law, .. }) = frame.hearing() else { return };
        if self.told.iter().any(|t| t.who == who) {
            return;
        }
        let kind = TermKind::InterestedRequest(who.to_owned());
        let term = RunningTerm::start(kind, served, request, Some(law), calendar);
        self.told.push(Told { who: who.to_owned(), term, answer: Answer::None });
    }

    /// They ask for a hearing; answers the body's time to hold it, which runs from the first who asks.
    ///
    /// # Errors
    /// `procedure.hearing-not-told`, `procedure.hearing-answered`, `procedure.hearing-over`.
    pub fn ask(
        &mut self,
        frame: Frame,
        who: &str,
        at: Timestamp,
        calendar: &Calendar,
    ) -> Result<RunningTerm, Refusal> {
        let terms = frame.hearing().ok_or_else(not_told)?;
        let told = self.answerable(who, at)?;
        told.answer = Answer::Asked(at);
        told.term.meet(at);
        let first = self.asked().map(|(_, at)| at).min().unwrap_or(at);
        Ok(RunningTerm::start(TermKind::HearingHold, first, terms.hold, Some(terms.law), calendar))
    }

    /// They give it up; whoever has asked may do so until it is held.
    ///
    /// # Errors
    /// As [`Round::ask`].
    pub fn waive(&mut self, who: &str, at: Timestamp) -> Result<(), Refusal> {
        let asked = |t: &&mut Told| t.who == who && matches!(t.answer, Answer::Asked(_));
        if let Some(told) = self.told.iter_mut().find(asked) {
            told.answer = Answer::Waived(at);
            return Ok(());
        }
        let told = self.answerable(who, at)?;
        told.answer = Answer::Waived(at);
        told.term.stop(at);
        Ok(())
    }

    fn answerable(&mut self, who: &str, at: Timestamp) -> Result<&mut Told, Refusal> {
        let told = self.told.iter_mut().find(|t| t.who == who).ok_or_else(not_told)?;
        if told.answer != Answer::None {
            return Err(answered());
        }
        if told.term.passed(at) || !told.term.runs() {
            return Err(over(&told.term));
        }
        Ok(told)
    }

    /// Who asked, and when.
    pub fn asked(&self) -> impl Iterator<Item = (&str, Timestamp)> {
        self.told.iter().filter_map(|t| match t.answer {
            Answer::Asked(at) => Some((t.who.as_str(), at)),
            Answer::None | Answer::Waived(_) => None,
        })
    }

    /// Until when somebody may still ask: the latest end of those who have done nothing; `None` when nobody may any more.
    pub fn open_until(&self, now: Timestamp) -> Option<Timestamp> {
        let open = self.told.iter().filter(|t| t.answer == Answer::None && !t.term.passed(now));
        open.filter_map(|t| t.term.deadline()).max()
    }

    /// Whether the decision may be made as far as hearings go: nobody asked, and nobody may any more.
    pub fn free(&self, now: Timestamp) -> bool {
        self.asked().next().is_none() && self.open_until(now).is_none()
    }
}

fn not_told() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "procedure.hearing-not-told",
        "尚未向该利害关系人告知听证权利。",
        "Nobody has told this person yet of the right to a hearing.",
    )
    .next("请先送达告知书。", "Serve the notice of the right first.")
}

fn answered() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "procedure.hearing-answered",
        "已经申请过听证，或者已经放弃。",
        "The hearing was asked for or given up already.",
    )
}

fn over(term: &RunningTerm) -> Refusal {
    let day = |lang| crate::running::day(term.due.date, lang);
    let (zh, en) = (day(kernel::Lang::ZhCn), day(kernel::Lang::En));
    Refusal::new(
        RefusalKind::Conflict,
        "procedure.hearing-over",
        format!("申请听证的期限已于{zh}届满。"),
        format!("The time to ask for a hearing ended on {en}."),
    )
    .next("仍可以书面陈述意见。", "A written statement is still possible.")
}
