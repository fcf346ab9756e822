//! Remedies: reconsideration and suit, opened, in time or late with a reason, and ended with an outcome.

use crate::late::{Act, Admission, Excuse, judge, late};
use crate::law::{self, practice};
use crate::store::{notices, remedies as rows, services};
use crate::{Frame, NoticeId};
use ::store::{Cx, Store};
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::{Calendar, Fault, Lang, Outcome, Refusal, RefusalKind, SubjectId, Text, Timestamp, clock};
use serde::{Deserialize, Serialize};

kernel::typed_id! {
    /// A remedy sought against an act.
    RemedyId;
}

/// Which way somebody goes against an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemedyKind {
    /// 行政复议.
    Reconsideration,
    /// 行政诉讼.
    Suit,
}

/// How a remedy ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemedyOutcome {
    /// 维持: the act stands.
    Upheld,
    /// 变更: the act was changed.
    Changed,
    /// 撤销并责令重作: annulled and to be done again.
    AnnulledRedo,
    /// 撤销: annulled.
    Annulled,
    /// 确认违法: unlawful, but not annulled.
    Unlawful,
    /// 责令履行: ordered to act.
    OrderedToAct,
    /// 撤回: withdrawn by whoever sought it.
    Withdrawn,
    /// 驳回: dismissed or not admitted.
    Dismissed,
}

/// A remedy to be recorded.
#[derive(Debug, Clone)]
pub struct NewRemedy {
    /// What the act is about: `case:ID`.
    pub subject: String,
    /// Which way.
    pub kind: RemedyKind,
    /// When it was filed, in law.
    pub filed_at: Timestamp,
    /// Which body or court it was filed with.
    pub body: String,
    /// What is held against the act.
    pub ground: String,
    /// Against which notice; `None` against silence or an act without one.
    pub against: Option<NoticeId>,
    /// Why it comes after the time for it (不可抗力、其他正当理由); needed when it does.
    pub late_reason: Option<String>,
}

/// A recorded remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemedyRecord {
    /// Which.
    pub id: RemedyId,
    /// What the act is about.
    pub subject: String,
    /// Which way.
    pub kind: RemedyKind,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// Which body or court it was filed with.
    pub body: String,
    /// What is held against the act.
    pub ground: String,
    /// Against which notice.
    pub against: Option<NoticeId>,
    /// Why it came late, when it did, in words.
    pub late_reason: Option<String>,
    /// Why it came late, as the law knows it.
    pub excuse: Option<Excuse>,
    /// What was reckoned when it was recorded; none where nobody was served.
    pub admission: Option<Admission>,
    /// Who sought it.
    pub party: Option<SubjectId>,
    /// How and when it ended, with the words of the outcome.
    pub ended: Option<(RemedyOutcome, Timestamp, String)>,
}

impl RemedyOutcome {
    /// Every outcome.
    pub const ALL: [Self; 8] = [
        Self::Upheld,
        Self::Changed,
        Self::AnnulledRedo,
        Self::Annulled,
        Self::Unlawful,
        Self::OrderedToAct,
        Self::Withdrawn,
        Self::Dismissed,
    ];

    /// A stable word for rows and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Changed => "changed",
            Self::AnnulledRedo => "annulled-redo",
            Self::Annulled => "annulled",
            Self::Unlawful => "unlawful",
            Self::OrderedToAct => "ordered-to-act",
            Self::Withdrawn => "withdrawn",
            Self::Dismissed => "dismissed",
        }
    }

    /// The outcome that rows and forms write so.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.word() == word)
    }

    /// Whether the agency has to act anew, under a term of its own.
    pub fn reopens(self) -> bool {
        matches!(self, Self::AnnulledRedo | Self::OrderedToAct)
    }

    /// Whether what was decided no longer stands.
    pub fn undoes(self) -> bool {
        matches!(self, Self::Changed | Self::AnnulledRedo | Self::Annulled)
    }

    /// Its name.
    pub fn name(self) -> Text {
        match self {
            Self::Upheld => Text::new("维持", "upheld"),
            Self::Changed => Text::new("变更", "changed"),
            Self::AnnulledRedo => Text::new("撤销并责令重新作出", "annulled and to be done again"),
            Self::Annulled => Text::new("撤销", "annulled"),
            Self::Unlawful => Text::new("确认违法", "declared unlawful"),
            Self::OrderedToAct => Text::new("责令履行", "ordered to act"),
            Self::Withdrawn => Text::new("撤回", "withdrawn"),
            Self::Dismissed => Text::new("驳回", "dismissed"),
        }
    }
}

crate::words!(RemedyKind);

impl RemedyKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Reconsideration, Self::Suit];

    /// A stable word for rows and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reconsideration => "reconsideration",
            Self::Suit => "suit",
        }
    }

    /// Its name.
    pub fn name(self) -> Text {
        match self {
            Self::Reconsideration => Text::new("行政复议", "administrative reconsideration"),
            Self::Suit => Text::new("行政诉讼", "administrative suit"),
        }
    }
}

/// The last moment at which a remedy is in time against what was served at `from`: 60 days for reconsideration
/// (Reconsideration Law art. 20), six months for a suit (Litigation Law art. 46).
pub fn last_moment(kind: RemedyKind, from: Timestamp, calendar: &Calendar) -> Timestamp {
    let last = in_full(kind, clock::legal_date(from));
    let moves = practice().last_day_moves && !calendar.is_working_day(last);
    let last = if moves { calendar.next_working_day(last) } else { last };
    // a term of no days from a day ends with the end of that day
    let plain = calendar.clone().after_hours_next_day(false).last_day_off_moves(false);
    plain.due_from_date(last, kernel::Term::days(0)).at
}

/// The last day of a remedy's term from the day `from`, before a day off moves it.
pub(crate) fn in_full(kind: RemedyKind, from: Date) -> Date {
    let span = match kind {
        RemedyKind::Reconsideration => i64::from(law::RECONSIDERATION.count).days(),
        RemedyKind::Suit => i32::from(practice().suit_months).months(),
    };
    from.checked_add(span).unwrap_or(from)
}

/// The last moments of each remedy for whoever was served at `from`, in the order they are told.
pub fn last_moments(from: Timestamp, calendar: &Calendar) -> [(RemedyKind, Timestamp); 2] {
    RemedyKind::ALL.map(|kind| (kind, last_moment(kind, from, calendar)))
}

/// Who seeks a remedy, and why they come late.
#[derive(Debug, Clone, Default)]
pub struct Seeker {
    /// Who; their own term runs from their own service. Nobody named: from the first service on anybody.
    pub party: Option<SubjectId>,
    /// Why it comes after the term, as the law knows it.
    pub excuse: Option<Excuse>,
}

/// Records that somebody seeks a remedy. Its time starts where the notice was first served; a late one needs a reason,
/// which the body or court judges, not the agency.
///
/// # Errors
/// `procedure.remedy-late` without a reason, `procedure.remedy-ground` without a ground.
pub async fn open_remedy(cx: &mut Cx, calendar: &Calendar, new: NewRemedy) -> Outcome<RemedyId> {
    open_remedy_by(cx, calendar, new, Seeker::default()).await
}

/// As [`open_remedy`], for one party: by the service on that party, with the reason that the law knows for coming late. What is
/// reckoned is kept with it ([`RemedyRecord::admission`]).
///
/// # Errors
/// `procedure.remedy-late` without a reason, `procedure.remedy-ground` without a ground.
pub async fn open_remedy_by(
    cx: &mut Cx,
    calendar: &Calendar,
    new: NewRemedy,
    by: Seeker,
) -> Outcome<RemedyId> {
    if new.ground.trim().is_empty() || new.body.trim().is_empty() {
        return Err(groundless().into());
    }
    let act = match new.against {
        Some(notice) => act(cx, notice, by.party).await?,
        None => None,
    };
    let late_reason = new.late_reason.filter(|reason| !reason.trim().is_empty());
    let late = act.and_then(|act| late(act.known, new.filed_at, new.kind, calendar));
    if let Some(late) = late
        && late_reason.is_none()
        && by.excuse.is_none()
    {
        return Err(too_late(new.kind, late.last).into());
    }
    let admission = act.map(|act| judge(&act, new.filed_at, new.kind, by.excuse.as_ref(), calendar));
    let remedy = RemedyRecord {
        id: cx.new_id(),
        subject: new.subject,
        kind: new.kind,
        filed_at: new.filed_at,
        body: new.body,
        ground: new.ground,
        against: new.against,
        late_reason: late.and(late_reason),
        excuse: late.and(by.excuse),
        admission,
        party: by.party,
        ended: None,
    };
    let sealer = cx.store().sealer().clone();
    rows::insert(&mut cx.commit, &sealer, &remedy)?;
    Ok(remedy.id)
}

/// The act that a notice tells, as the party knows it; `None` where it was not served on them.
async fn act(cx: &Cx, notice: NoticeId, party: Option<SubjectId>) -> Outcome<Option<Act>> {
    let Some(known) = services::effective(cx.store(), notice, party).await? else { return Ok(None) };
    let kept = notices::get(cx.store(), notice).await?.ok_or_else(Refusal::not_found)?.notice;
    let real_estate = kept.frame == Frame::RealEstate;
    Ok(Some(Act { known, made: clock::legal_date(kept.at), real_estate }))
}

fn groundless() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "procedure.remedy-ground",
        "请写明受理机关和请求的理由。",
        "Name the body it was filed with and the ground.",
    )
}

fn too_late(kind: RemedyKind, last: Timestamp) -> Refusal {
    let (name, last) = (kind.name(), clock::legal_date(last));
    let day = |lang| crate::running::day(last, lang);
    Refusal::new(
        RefusalKind::Invalid,
        "procedure.remedy-late",
        format!("{}的期限至{}届满。", name.zh, day(Lang::ZhCn)),
        format!("The time for {} ended on {}.", name.en, day(Lang::En)),
    )
    .next(
        "因不可抗力或者其他正当理由耽误的，请写明理由。",
        "Where force majeure or another good reason delayed it, state that reason.",
    )
}

/// Records how a remedy ended, and answers it as it now stands.
///
/// # Errors
/// Not found; `procedure.remedy-ended` when it has ended already or would end before it began.
pub async fn end_remedy(
    cx: &mut Cx,
    id: RemedyId,
    outcome: RemedyOutcome,
    at: Timestamp,
    text: &str,
) -> Outcome<RemedyRecord> {
    let mut remedy = rows::get(cx.store(), id).await?.ok_or_else(Refusal::not_found)?;
    if remedy.ended.is_some() || at < remedy.filed_at {
        return Err(Refusal::new(
            RefusalKind::Conflict,
            "procedure.remedy-ended",
            "该救济已有结果，或者结果早于提出之日。",
            "It has ended already, or the end lies before the day it was filed.",
        )
        .next("请核对日期。", "Check the date.")
        .into());
    }
    remedy.ended = Some((outcome, at, text.to_owned()));
    let sealer = cx.store().sealer().clone();
    rows::end(&mut cx.commit, &sealer, &remedy)?;
    Ok(remedy)
}

/// The remedies sought about a subject, in the order they were recorded.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn of(store: &Store, subject: &str) -> Result<Vec<RemedyRecord>, Fault> {
    rows::of(store, subject).await
}
