//! Both sides speak: the agency gives its ground, whoever must answer does, the person may take it back.

use super::carry_out;
use crate::kept;
use crate::model::{Kind, RequestEvent, RequestId};
use crate::reach::{Reach, no_right};
use crate::rules::{self, Command};
use crate::store::{self as rows, RequestRow};
use ::store::Cx;
use cases::Scope;
use identity::{Applicant, Staff};
use kernel::{Calendar, Outcome, Refusal, RefusalKind, clock};

async fn reached(cx: &Cx, who: &Staff, id: RequestId) -> Outcome<RequestRow> {
    let reach = Reach::of(who)?;
    rows::for_desk(cx.store(), id, &reach).await?.ok_or_else(|| Refusal::not_found().into())
}

/// The agency that looked says why it did, and by which law; a person of that agency, or of one above it.
///
/// # Errors
/// Not found outside of the agency, `supervision.no-right` for others, or a refusal of the rules.
pub async fn give_ground(
    cx: &mut Cx,
    calendar: &Calendar,
    who: &Staff,
    id: RequestId,
    text: &str,
) -> Outcome<()> {
    let row = reached(cx, who, id).await?;
    if !matches!(who, Staff::Examiner(_) | Staff::Clerk(_)) {
        return Err(no_right().into());
    }
    let command = Command::GiveGround { agency: who.agency().clone(), text: text.to_owned() };
    carry_out(cx, calendar, &row.kind.subject(id), id, &command).await.map(|_| ())
}

/// Answers: supervision an objection or a deletion, the agency that keeps an entry a correction.
///
/// # Errors
/// Not found outside of one's reach, `supervision.no-right` for whoever does not answer, `supervision.own-case` for whoever looked,
/// `procedure.archive-holds` for a deletion that the archive does not allow, or a refusal of the rules.
pub async fn answer(
    cx: &mut Cx,
    calendar: &Calendar,
    who: &Staff,
    id: RequestId,
    (upheld, reason, measures): (bool, &str, &str),
) -> Outcome<()> {
    let row = reached(cx, who, id).await?;
    if !answers(who, &row) {
        return Err(no_right().into());
    }
    let own = who.actor_ref().person;
    if let Some(look) = row.look {
        // Whatever is kept secret meanwhile: whoever answers must not have looked.
        let look = trace::look_at(cx.store(), row.person, look, cx.now).await?;
        if look.is_some_and(|l| l.actor.person == own) {
            return Err(own_case().into());
        }
    }
    if own == Some(row.person) {
        return Err(own_case().into());
    }
    if upheld && row.kind == Kind::Delete {
        kept_case(cx, &row).await?;
    }
    let command = Command::Answer { upheld, reason: reason.to_owned(), measures: measures.to_owned() };
    carry_out(cx, calendar, &row.kind.subject(id), id, &command).await.map(|_| ())
}

/// A case that has been archived since it was asked for is not promised to be deleted.
async fn kept_case(cx: &Cx, row: &RequestRow) -> Outcome<()> {
    let (_, events) = trace::history::<RequestEvent>(cx.store(), &row.kind.subject(row.id)).await?;
    let what = rules::fold(&events)?.raised.what;
    if what.is_empty() {
        return Ok(());
    }
    kept::refuse(cx.store(), &Scope::program(), &what, clock::legal_date(cx.now)).await
}

/// Whether it is for `who` to answer.
pub(crate) fn answers(who: &Staff, row: &RequestRow) -> bool {
    let supervision = matches!(who, Staff::Supervisor(_));
    let agency = matches!(who, Staff::Examiner(_) | Staff::Clerk(_));
    match row.kind {
        Kind::Objection | Kind::Delete => supervision,
        Kind::Correct if row.agency.is_some() => agency,
        Kind::Correct => supervision,
        Kind::Copy => false,
    }
}

fn own_case() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "supervision.own-case",
        "这件事与您本人有关，您应当回避。",
        "This concerns yourself: somebody else must answer it.",
    )
    .next("请由别的监督人员答复。", "Another supervisor answers it.")
}

/// The person takes it back.
///
/// # Errors
/// Not found for others', `supervision.closed` when it is over.
pub async fn withdraw(cx: &mut Cx, calendar: &Calendar, who: &Applicant, id: RequestId) -> Outcome<()> {
    let row = rows::of_person(cx.store(), who.data_subject(), id).await?.ok_or_else(Refusal::not_found)?;
    carry_out(cx, calendar, &row.kind.subject(id), id, &Command::Withdraw).await.map(|_| ())
}
