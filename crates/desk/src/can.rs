//! What somebody can do with a case now: the rules themselves are asked, with everything said that they would ask for, so what
//! a page offers and what the rules allow never differ.

use crate::Room;
use crate::who::Who;
use cases::model::SuspensionKind;
use cases::rules::{Act, BandShown, Choice, Command, Doer, band, decide};
use cases::{CaseView, Seat, Step, StepState, TaskId, Visit};
use kernel::{AccountId, AgencyCode, Calendar, Money, Refusal, Term, Text, Timestamp};

/// Words where the rules only ask whether there are any.
const SAID: &str = "…";

/// The question of what somebody can do with a case.
pub(crate) struct Can<'a> {
    pub view: &'a CaseView,
    calendar: &'a Calendar,
    doer: &'a Doer,
    pub me: AccountId,
    pub agency: &'a AgencyCode,
    pub now: Timestamp,
}

impl<'a> Can<'a> {
    pub fn new(room: &'a Room, view: &'a CaseView, who: &'a Who, now: Timestamp) -> Self {
        let (calendar, agency) = (&*room.house.calendar, who.handler.agency());
        Self { view, calendar, doer: &who.doer, me: who.account, agency, now }
    }

    /// What the rules say to the command.
    pub fn ask(&self, command: Command) -> Result<(), Refusal> {
        let act = Act { command, at: self.now, late: None, by: self.doer.clone() };
        decide(Some(&self.view.case), &act, self.now, self.calendar, &self.view.item.item).map(|_| ())
    }

    pub fn ok(&self, command: Command) -> bool {
        self.ask(command).is_ok()
    }

    /// The open task that lies with this agency and not with a line system; one in my own hands first.
    pub fn seat(&self) -> Option<(&'a Step, &'a Seat)> {
        let here = |(_, seat): &(&Step, &Seat)| seat.agency == *self.agency && seat.external.is_none();
        let mine = |(_, seat): &(&Step, &Seat)| seat.holder == Some(self.me);
        let all: Vec<_> = self.view.case.open_seats().filter(here).collect();
        all.iter().copied().find(mine).or_else(|| all.first().copied())
    }

    pub fn spec(&self, step: &str) -> Option<&'a catalog::Step> {
        self.view.item.item.process.iter().find(|s| s.id == step)
    }

    /// The band of the step's standard; `Err` names the facts that are missing.
    pub fn band(&self, step: &str) -> Result<Option<BandShown>, Vec<String>> {
        self.spec(step).map_or(Ok(None), |spec| band(&self.view.case, spec, self.now))
    }

    /// Whether the task can be approved at all, with everything said that may be asked for.
    pub fn approve(&self, task: TaskId) -> Result<(), Refusal> {
        let amount = Money::yuan(1);
        let choice = Choice { amount, deviation: Some(SAID.to_owned()) };
        // After a certificate fell it takes a reason, and the form has a field for one.
        let reason = self.view.case.fallen().next().map(|_| SAID.to_owned());
        self.ask(Command::Approve { task, reason, choice })
    }

    pub fn refuse(&self, task: TaskId) -> Result<(), Refusal> {
        let choice = Choice { amount: None, deviation: Some(SAID.to_owned()) };
        self.ask(Command::Refuse { task, reason: SAID.to_owned(), choice })
    }

    /// Whether nothing has to be weighed in approving the task, so that it may be done with others: its step's title; else why
    /// it is to be looked at alone.
    pub fn in_bulk(&self, task: TaskId) -> Result<Text, Text> {
        let case = &self.view.case;
        let alone = |zh: &str, en: &str| Err(Text::new(zh, en));
        let Some((step, seat)) = case.open_seats().find(|(_, seat)| seat.task == task) else {
            return alone(
                "这项待办已经办过，或者已被收回。",
                "This task was already done, or was called back.",
            );
        };
        if seat.external.is_some() {
            return alone("由专线系统办理。", "A line system does it.");
        }
        if let StepState::Open { referred: Some(why), .. } = &step.state {
            return Err(why.why.clone());
        }
        if case.disputes.iter().any(|d| d.settled.is_none()) {
            return alone(
                "申请人对数据有异议，请单独核实。",
                "The applicant disputes an entry: look at it alone.",
            );
        }
        match self.band(&step.id) {
            Err(_) => {
                return alone("缺少判断裁量基准所需的数据。", "Facts that the standard needs are missing.");
            }
            Ok(Some(band)) if !band.pass || band.amount.is_some() => return Err(band.say),
            Ok(_) => {}
        }
        let choice = Choice::default();
        match self.ask(Command::Approve { task, reason: None, choice }) {
            Ok(()) => {
                let precheck = || Text::new("预审", "Pre-check");
                Ok(self.spec(&step.id).map_or_else(precheck, |s| s.title.clone()))
            }
            Err(no) => Err(Text::new(no.sentence(kernel::Lang::ZhCn), no.sentence(kernel::Lang::En))),
        }
    }

    /// Whether an inspection on site may be recorded.
    pub fn visit(&self, task: TaskId) -> bool {
        let officers = vec!["甲".to_owned(), "乙".to_owned()];
        let (place, record) = (SAID.to_owned(), SAID.to_owned());
        let visit = Visit { at: self.now, place, officers, record, evidence: Vec::new() };
        self.ok(Command::Visit { task, visit })
    }

    /// The special procedures that may begin now.
    pub fn suspensions(&self) -> Vec<SuspensionKind> {
        let may = |kind: &SuspensionKind| {
            let expected = Some(Term::working_days(1));
            self.ok(Command::Suspend { kind: *kind, reason: SAID.to_owned(), expected })
        };
        SuspensionKind::ALL.into_iter().filter(may).collect()
    }

    /// Whether the decision still waits to be served.
    pub fn unserved(&self) -> bool {
        use cases::model::CaseState;
        let state = &self.view.case.state;
        matches!(state, CaseState::Decided { .. } | CaseState::Certified { .. })
    }

    /// My tasks that are done and may be taken back.
    pub fn recalls(&self) -> Vec<TaskId> {
        let mine = |t: &&cases::TaskView| t.state == "done" && t.agency == *self.agency;
        let may = |task: &TaskId| self.ok(Command::Recall { task: *task });
        self.view.tasks.iter().filter(mine).map(|t| t.id).filter(may).collect()
    }

    /// Whether a command that asks for nothing but a reason may be given.
    pub fn said(&self, command: impl FnOnce(String) -> Command) -> bool {
        self.ok(command(SAID.to_owned()))
    }
}
