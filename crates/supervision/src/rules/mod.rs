//! What the room decides, and nothing else decides: pure, so that tests and replay read the same rules.

pub mod seal;

use crate::model::{Answer, Kind, LookSaid, Raised, Request, RequestEvent, State, Whose};
use crate::settings::Settings;
use kernel::{AgencyCode, Calendar, Fault, FileId, PersonId, Refusal, RefusalKind, Term, Timestamp, clock};
use trace::Recorded;

/// The longest text of a person or an answer, in characters.
pub const TEXT_MAX: usize = 2_000;

/// What a person asks.
#[derive(Debug, Clone)]
pub struct New {
    /// What.
    pub kind: Kind,
    /// Who.
    pub person: PersonId,
    /// The look objected to.
    pub look: Option<LookSaid>,
    /// The register or entry.
    pub what: String,
    /// In their own words.
    pub text: String,
    /// Papers that show it.
    pub papers: Vec<FileId>,
    /// The agency that looked, or keeps the entry.
    pub asked: Option<AgencyCode>,
    /// The division whose supervision answers.
    pub division: String,
}

/// What may be done with a request that was raised.
#[derive(Debug, Clone)]
pub enum Command {
    /// The agency says why it looked.
    GiveGround {
        /// Which agency.
        agency: AgencyCode,
        /// Its ground.
        text: String,
    },
    /// Whoever must answer does.
    Answer {
        /// Whether the request was right.
        upheld: bool,
        /// Why.
        reason: String,
        /// What is done about it.
        measures: String,
    },
    /// The person takes it back.
    Withdraw,
    /// Time has passed.
    Sweep,
}

fn no(code: &'static str, zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Conflict, code, zh, en)
}

/// A text that must be there and not too long.
pub(crate) fn written(field: &'static str, text: &str, zh: &str, en: &str) -> Result<String, Refusal> {
    let (text, long) = (text.trim(), text.chars().count() > TEXT_MAX);
    if !text.is_empty() && !long {
        return Ok(text.to_owned());
    }
    let (zh, en) = if long {
        (
            format!("最多{TEXT_MAX}字，请写短一些。"),
            format!("At most {TEXT_MAX} characters: please make it shorter."),
        )
    } else {
        (zh.to_owned(), en.to_owned())
    };
    Err(Refusal::new(RefusalKind::Invalid, "supervision.text", zh.clone(), en.clone()).field(field, zh, en))
}

/// Raises a request: a copy is owed at once, everything else within its term, which runs from receipt.
///
/// # Errors
/// `supervision.own-look` for a look of one's own, `supervision.text` when nothing is said.
pub fn raise(
    new: New,
    now: Timestamp,
    calendar: &Calendar,
    terms: &Settings,
) -> Result<RequestEvent, Refusal> {
    if new.look.as_ref().is_some_and(|look| look.actor.person == Some(new.person)) {
        return Err(no(
            "supervision.own-look",
            "这一次是您本人查看的，不需要提异议。",
            "You looked at this yourself; there is nothing to object to.",
        )
        .next(
            "如果不是您本人操作，请到“账号”页结束其他登录并修改密码。",
            "If it was not you, end the other sign-ins on the account page and change your password.",
        ));
    }
    let text = match new.kind {
        Kind::Copy => String::new(),
        _ => written("text", &new.text, "请写明理由和您的要求。", "Say why, and what you ask for.")?,
    };
    let objection = new.kind == Kind::Objection;
    let due = calendar.due(now, if objection { terms.objection } else { terms.request });
    let ground_due = (objection && new.asked.is_some()).then(|| calendar.due(now, terms.ground));
    Ok(RequestEvent::Raised(Box::new(Raised {
        kind: new.kind,
        person: new.person,
        look: new.look,
        what: new.what,
        text,
        papers: new.papers,
        asked: new.asked,
        division: new.division,
        due,
        ground_due,
    })))
}

/// What `command` leads to.
///
/// # Errors
/// A [`Refusal`] that says why not and what to do instead.
pub fn decide(
    request: &Request,
    command: &Command,
    now: Timestamp,
    calendar: &Calendar,
) -> Result<Vec<RequestEvent>, Refusal> {
    if matches!(command, Command::Sweep) {
        return Ok(passed(request, now));
    }
    if request.state() != State::Open {
        return Err(no(
            "supervision.closed",
            "这件事已经办结，不能再改。",
            "This is closed and cannot be changed any more.",
        )
        .next("请刷新页面查看结果。", "Reload the page to see what came of it."));
    }
    match command {
        Command::GiveGround { agency, text } => give_ground(request, agency, text),
        Command::Answer { upheld, reason, measures } => {
            answer(request, *upheld, reason, measures, now, calendar)
        }
        Command::Withdraw => Ok(vec![RequestEvent::Withdrawn {}]),
        Command::Sweep => Ok(Vec::new()),
    }
}

fn give_ground(request: &Request, agency: &AgencyCode, text: &str) -> Result<Vec<RequestEvent>, Refusal> {
    if request.raised.kind != Kind::Objection || request.ground.is_some() {
        return Err(no(
            "supervision.ground-given",
            "查看理由已经说明过了。",
            "The ground has been given already.",
        ));
    }
    let text =
        written("text", text, "请写明为什么查看、依据什么。", "Say why you looked, and by which law.")?;
    Ok(vec![RequestEvent::GroundGiven { agency: agency.clone(), text }])
}

/// Both sides are heard: as long as the agency may still give its ground, there is no answer.
fn answer(
    request: &Request,
    upheld: bool,
    reason: &str,
    measures: &str,
    now: Timestamp,
    calendar: &Calendar,
) -> Result<Vec<RequestEvent>, Refusal> {
    let awaited = request.raised.ground_due.as_ref().is_some_and(|due| now <= due.at);
    if awaited && request.ground.is_none() {
        return Err(no(
            "supervision.ground-awaited",
            "查看机关还在说明理由的期限内，请等它说明后再答复。",
            "The agency that looked may still give its ground; wait for it, or for the end of its term.",
        ));
    }
    let reason = written("reason", reason, "请写明理由。", "Give your reasons.")?;
    let measures = if upheld {
        written("measures", measures, "请写明怎么处理。", "Say what is done about it.")?
    } else {
        measures.trim().chars().take(TEXT_MAX).collect()
    };
    let remedy = calendar.due_from_date(clock::legal_date(now), Term::days(60)).date;
    let remedy_until = (!upheld).then_some(remedy);
    Ok(vec![RequestEvent::Answered { upheld, reason, measures, remedy_until }])
}

/// The terms that have passed and are not written down yet, in the order in which they ended.
fn passed(request: &Request, now: Timestamp) -> Vec<RequestEvent> {
    let ends = pending(request);
    let over = ends.into_iter().filter(|(at, _)| *at < now);
    over.map(|(_, whose)| RequestEvent::TermPassed { whose }).collect()
}

/// The ends of terms that still run or have not been written down, the first one first.
fn pending(request: &Request) -> Vec<(Timestamp, Whose)> {
    if request.state() != State::Open {
        return Vec::new();
    }
    let mut ends = Vec::new();
    if let Some(due) =
        request.raised.ground_due.as_ref().filter(|_| request.ground.is_none() && !request.agency_late)
    {
        ends.push((due.at, Whose::Agency));
    }
    if !request.late {
        ends.push((request.raised.due.at, Whose::Decider));
    }
    ends.sort_by_key(|(at, _)| *at);
    ends
}

/// When the sweeper must look at it next.
pub fn next_at(request: &Request) -> Option<Timestamp> {
    pending(request).first().map(|(at, _)| *at)
}

/// What the events add up to.
///
/// # Errors
/// A [`Fault`] when the first one does not raise it.
pub fn fold(events: &[Recorded<RequestEvent>]) -> Result<Request, Fault> {
    let (first, rest) = events.split_first().ok_or_else(|| Fault::new("a request has no events"))?;
    let mut request = begun(&first.event, first.recorded_at)?;
    for event in rest {
        apply(&mut request, &event.event, event.recorded_at);
    }
    Ok(request)
}

/// A request that was raised just now.
pub(crate) fn begun(event: &RequestEvent, at: Timestamp) -> Result<Request, Fault> {
    let RequestEvent::Raised(raised) = event else {
        return Err(Fault::new("a request does not begin with being raised"));
    };
    Ok(Request {
        raised: raised.as_ref().clone(),
        at,
        ground: None,
        agency_late: false,
        late: false,
        answer: None,
        withdrawn: false,
    })
}

/// Takes one more event in.
pub fn apply(request: &mut Request, event: &RequestEvent, at: Timestamp) {
    match event {
        RequestEvent::Raised(_) => {}
        RequestEvent::GroundGiven { agency, text } => {
            request.ground = Some((agency.clone(), text.clone(), at));
        }
        RequestEvent::TermPassed { whose: Whose::Agency } => request.agency_late = true,
        RequestEvent::TermPassed { whose: Whose::Decider } => request.late = true,
        RequestEvent::Answered { upheld, reason, measures, remedy_until } => {
            request.answer = Some(Answer {
                upheld: *upheld,
                reason: reason.clone(),
                measures: measures.clone(),
                remedy_until: *remedy_until,
                at,
            });
        }
        RequestEvent::Withdrawn {} => request.withdrawn = true,
    }
}

#[cfg(test)]
mod tests;
