//! At the windows where a case was filed (统一出件): a notice is handed over to whoever stands there and signs for it, and what was asked
//! for is taken in. The windows decide nothing; what they hand over is served by the signature (直接送达, 民事诉讼法第八十八条).

use super::at_window::Stands;
use super::command::{Serving, serve};
use super::hold::Hold;
use super::staff::DocumentNumber;
use crate::model::*;
use crate::rules::Doer;
use crate::scope::{FiledHere, Handler, Scope};
use ::store::{Cx, Store};
use identity::Clerk;
use identity::mandate::Act;
use kernel::codes::{CaseNumber, CitizenId};
use kernel::{Failure, Outcome, PersonId, Refusal, RefusalKind, SubjectId};
use page::House;

/// A notice that is handed over at a window.
#[derive(Debug, Clone)]
pub struct HandedOver {
    /// Which.
    pub notice: NoticeId,
    /// The number, as it was read from their identity document.
    pub citizen_id: DocumentNumber,
    /// Where the copy they signed is kept, as the window files it.
    pub kept: String,
}

/// Where something is kept is said in so many characters at most.
const KEPT_MAX: usize = 200;

/// The case that a clerk may take something in for: of their own body, else one that was filed at their windows.
pub(super) async fn taken_in(store: &Store, number: &CaseNumber, clerk: &Clerk) -> Outcome<Hold> {
    match Hold::load(store, number, &Handler::from(clerk).scope()).await {
        Err(Failure::Refused(no)) if no.kind == RefusalKind::NotFound => {
            Hold::load(store, number, &Scope::from(&FiledHere::from(clerk))).await
        }
        found => found,
    }
}

/// Hands a notice over to the party it is for, who stands at the window and signed for it on the printed copy; when it is the decision and
/// nobody else waits for it, the case is served and closed.
///
/// # Errors
/// Not found for a case that was filed elsewhere, or a notice that is not of it; `cases.handed-over` when it was served before;
/// `cases.not-their-paper` when the number is not the party's; `cases.where-kept` when it is not said where the signed copy is.
pub async fn hand_over(
    cx: &mut Cx,
    house: &House,
    who: &FiledHere,
    number: &CaseNumber,
    told: &HandedOver,
) -> Outcome<()> {
    let store = cx.store().clone();
    let mut hold = Hold::load(&store, number, &Scope::from(who)).await?;
    let case = hold.case.clone().ok_or_else(Refusal::not_found)?;
    let issued = case.notices.iter().find(|i| i.notice == told.notice && !i.outside);
    issued.ok_or_else(Refusal::not_found)?;
    let person = at_window(&store, &told.citizen_id).await?;
    let (subject, agent) = received_by(cx, &case, person).await?;
    let party = case.recipients().into_iter().find(|p| p.subject == subject);
    let party = party.cloned().ok_or_else(not_theirs)?;
    if case.served.iter().any(|s| s.notice == told.notice && s.party == subject) {
        return Err(before().into());
    }
    let kept = Some(kept(&told.kept)?);
    let signed_by = agent.map_or_else(|| party.name.clone(), |agent| agent.name);
    let way = Service::InPerson { signed_by, kept };
    let (notice, at) = (Some(told.notice), cx.now);
    let serving = Serving { notice, party: Some(subject), way: &way, at, evidence: None };
    // The window is no body that decides: what follows the service is the program's.
    serve(&mut hold, house, cx, serving, (at, None, &Doer::default())).await?;
    hold.finish(house, cx).await?;
    Ok(())
}

/// The party whose papers this person may be handed: they themselves, else one for whom they act. They were compared with their card: a look
/// they read of.
async fn received_by(cx: &mut Cx, case: &Case, person: PersonId) -> Outcome<Stands> {
    let found = super::at_window::as_party(cx, case, (person, None), ("deliver", Act::Receive)).await?;
    Ok(found.ok_or_else(not_theirs)?)
}

/// Whom a number that was read from a card names.
async fn at_window(store: &Store, number: &DocumentNumber) -> Outcome<PersonId> {
    let typed: String = number.0.split_whitespace().collect::<String>().to_uppercase();
    typed.parse::<CitizenId>().map_err(|_| not_theirs())?;
    Ok(identity::person_by_citizen_id(store, &typed).await?.ok_or_else(not_theirs)?)
}

/// The party of this case as which somebody stands here by the number on their card, and whether they are it themselves: who may be handed the
/// slip with the code, say. An agent's right is for this case. The look is part of the commit.
///
/// # Errors
/// Not found for a case that was filed elsewhere; `cases.not-their-paper`.
pub async fn stands_at_window(
    cx: &mut Cx,
    who: &FiledHere,
    number: &CaseNumber,
    citizen_id: &DocumentNumber,
) -> Outcome<(SubjectId, bool)> {
    let store = cx.store().clone();
    let hold = Hold::load(&store, number, &Scope::from(who)).await?;
    let case = hold.case.ok_or_else(Refusal::not_found)?;
    let person = at_window(&store, citizen_id).await?;
    let (subject, agent) = received_by(cx, &case, person).await?;
    Ok((subject, agent.is_none()))
}

/// The signature is the proof of the service: where it lies is written down with it.
fn kept(typed: &str) -> Result<String, Refusal> {
    let kept = typed.trim();
    let count = kept.chars().count();
    if count == 0 || count > KEPT_MAX || kept.chars().any(char::is_control) {
        let (zh, en) = (
            "请填写签收联存放在哪里（卷宗或登记簿编号，200字以内）。",
            "Write down where the signed copy is kept (file or register, 200 characters at most).",
        );
        return Err(Refusal::new(RefusalKind::Invalid, "cases.where-kept", zh, en).field("kept", zh, en));
    }
    Ok(kept.to_owned())
}

fn before() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.handed-over",
        "这份文书已经送达该当事人。",
        "This notice was served on them before.",
    )
    .next("需要时可以再打印一份。", "Print another copy if they need one.")
}

fn not_theirs() -> Refusal {
    let (zh, en) = (
        "证件号码不是该当事人的，请对照证件重新输入。",
        "This is not the number of that party: compare it with the card.",
    );
    Refusal::new(RefusalKind::Invalid, "cases.not-their-paper", zh, en).field("citizen_id", zh, en)
}
