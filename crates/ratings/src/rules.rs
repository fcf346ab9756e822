//! What the room decides, and nothing else decides: pure, so that tests and replay read the same rules.

use crate::model::{Channel, Level, Of, Rated, Rating, RatingEvent, Reason, Service, State};
use crate::settings::Settings;
use jiff::ToSpan;
use kernel::{Calendar, Fault, Refusal, RefusalKind, SubjectId, Timestamp, clock};
use trace::Recorded;

/// The longest text of a person or an answer, in characters.
pub const TEXT_MAX: usize = 1_000;

/// What somebody says, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The level's code.
    pub level: String,
    /// Reasons, by their words; those of a good rating are dropped.
    pub reasons: Vec<String>,
    /// In their own words.
    pub text: String,
    /// Whether the agency may see who says so.
    pub named: bool,
}

/// The last moment at which what ended at `ended` may be rated: the end of the last day, in the legal zone.
pub fn until(ended: Timestamp, terms: &Settings) -> Timestamp {
    let after = clock::legal_date(ended).checked_add((i64::from(terms.rate_days) + 1).days());
    let end = after.ok().and_then(|day| day.to_zoned(clock::legal_zone()).ok());
    end.map_or(Timestamp::MAX, |end| clock::from_micros(end.timestamp().as_microsecond() - 1))
}

/// Whether a service may be rated now.
///
/// # Errors
/// `ratings.running` before its end, `ratings.over` when the days to rate it are over.
pub fn may_rate(service: &Service, now: Timestamp, terms: &Settings) -> Result<(), Refusal> {
    let Some(ended) = service.ended_at else {
        if matches!(service.of, Of::Visit(_)) {
            return Err(Refusal::new(
                RefusalKind::Conflict,
                "ratings.running",
                "还没有办完，办完后才能评价。",
                "This has not ended yet; it can be rated when it has.",
            )
            .next("请先到窗口办理。", "Go to the window first."));
        }
        return Err(Refusal::new(
            RefusalKind::Conflict,
            "ratings.running",
            "这件事还在办理，办结后才能评价。",
            "This is still in hand; it can be rated when it has ended.",
        )
        .next(
            "办理中有意见，可以在办件页留言。",
            "Until then you can write to the agency on the case's page.",
        ));
    };
    if now <= until(ended, terms) {
        return Ok(());
    }
    let days = terms.rate_days;
    Err(Refusal::new(
        RefusalKind::Conflict,
        "ratings.over",
        format!("办完已超过{days}日，不能再评价。"),
        format!("It ended more than {days} days ago and can no longer be rated."),
    )
    .next("有意见仍可通过“网站反馈”提出。", "You can still tell us by “Feedback on this site”."))
}

/// Rates a service.
///
/// # Errors
/// Those of [`may_rate`]; `ratings.level`, `ratings.reason` or `ratings.text` for what was typed.
pub fn rate(
    service: &Service,
    (party, channel): (Option<SubjectId>, Channel),
    said: &Said,
    now: Timestamp,
    calendar: &Calendar,
    terms: &Settings,
) -> Result<Rated, Refusal> {
    may_rate(service, now, terms)?;
    let level = said.level.parse::<i64>().ok().and_then(|code| Level::try_from(code).ok());
    let level = level.ok_or_else(|| {
        wrong("ratings.level", "level", "请选择满意程度。", "Choose how satisfied you were.")
    })?;
    let mut reasons = Vec::new();
    for word in said.reasons.iter().filter(|_| level.is_bad()) {
        let reason = Reason::ALL.into_iter().find(|r| r.word() == word).ok_or_else(|| {
            wrong("ratings.reason", "reasons", "请从列出的原因中选择。", "Choose from the reasons listed.")
        })?;
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    let text = said.text.trim();
    if text.chars().count() > TEXT_MAX {
        return Err(too_long());
    }
    Ok(Rated {
        of: service.of.clone(),
        party,
        level,
        reasons,
        text: text.to_owned(),
        named: said.named && party.is_some(),
        channel,
        served: service.served.clone(),
        due: level.is_bad().then(|| calendar.due(now, terms.answer)),
    })
}

/// Answers a bad rating, once.
///
/// # Errors
/// `ratings.no-answer` where none is due, `ratings.text` for what was typed.
pub fn answer(rating: &Rating, text: &str) -> Result<RatingEvent, Refusal> {
    if rating.state() != State::Open {
        return Err(Refusal::new(
            RefusalKind::Conflict,
            "ratings.no-answer",
            "这条评价不需要答复，或者已经答复。",
            "This rating asks for no answer, or has one.",
        )
        .next("请刷新页面查看。", "Reload the page."));
    }
    let text = text.trim();
    if text.is_empty() {
        return Err(wrong(
            "ratings.text",
            "text",
            "请写明核实到什么、怎么改。",
            "Say what you found, and what is done about it.",
        ));
    }
    if text.chars().count() > TEXT_MAX {
        return Err(too_long());
    }
    Ok(RatingEvent::Answered { text: text.to_owned() })
}

fn too_long() -> Refusal {
    wrong(
        "ratings.text",
        "text",
        &format!("最多{TEXT_MAX}字，请写短一些。"),
        &format!("At most {TEXT_MAX} characters: please make it shorter."),
    )
}

fn wrong(code: &'static str, field: &'static str, zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Invalid, code, zh, en).field(field, zh, en)
}

/// What the events add up to.
///
/// # Errors
/// A [`Fault`] when they do not begin with a rating.
pub fn fold(events: &[Recorded<RatingEvent>]) -> Result<Rating, Fault> {
    let mut rating: Option<Rating> = None;
    for event in events {
        match (&event.event, &mut rating) {
            (RatingEvent::Rated(said), None) => {
                rating = Some(Rating { said: (**said).clone(), at: event.recorded_at, answer: None });
            }
            (RatingEvent::Answered { text }, Some(rating)) => {
                rating.answer = Some((text.clone(), event.recorded_at));
            }
            _ => return Err(Fault::new("the events of a rating are out of order")),
        }
    }
    rating.ok_or_else(|| Fault::new("a rating without events"))
}

#[cfg(test)]
mod tests;
