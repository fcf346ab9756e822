//! For whom somebody came (为谁办): themselves, a firm as one of its people, or somebody under a mandate. What the registers know of that is
//! chosen by one press; nobody brings a paper for it.

use super::{Said, save};
use crate::store::Visit;
use crate::{Room, WORDS};
use identity::mandate::{Basis, Matters};
use identity::{AtWindow, Clerk, MemberRole, Principal, Tie, Whom};
use kernel::{Failure, Lang, Outcome, Refusal, SubjectId};
use page::{Say, Submitted, format};

/// Somebody for whom they may act, to choose.
pub(super) struct Choice {
    /// `myself`, `firm:…`, `under:…`.
    pub value: String,
    pub name: String,
    /// By what: legal representative, mandate for some matters.
    pub tie: String,
    pub chosen: bool,
}

/// Whoever stands there, with the right to act for whom they act.
///
/// # Errors
/// `identity.no-mandate` when that has ended since it was chosen.
pub(super) async fn there(room: &Room, who: &Clerk, visit: &Visit) -> Outcome<AtWindow> {
    let ground = &room.house.ground;
    AtWindow::of(&ground.store, who, visit.person, visit.said.whom, ground.clock.now()).await
}

/// Whether that right has ended since it was chosen: then nothing goes on but choosing anew.
pub(super) async fn ended(room: &Room, who: &Clerk, visit: &Visit) -> Outcome<bool> {
    match there(room, who, visit).await {
        Err(Failure::Refused(no)) if no.code == "identity.no-mandate" => Ok(true),
        found => found.map(|_| false),
    }
}

/// What had been begun for somebody for whom they may not act any more is put away.
pub(super) async fn put_away(room: &Room, who: &Clerk, visit: &mut Visit) -> Outcome<()> {
    set(&mut visit.said, Whom::Myself);
    visit.rev = save(room, who, visit).await?;
    Ok(())
}

/// Whether a sent page was opened for whom the visit is now; one that does not say is taken as it is.
pub(super) fn same(visit: &Visit, sent: &Submitted) -> bool {
    !sent.has("_whom") || sent.get("_whom") == word(visit.said.whom)
}

/// What a filing of this visit is known by: handed in twice for the same is once, for somebody else it is another.
pub(super) fn key(visit: &Visit) -> String {
    match visit.said.whom {
        Whom::Myself => format!("window:{}", visit.id),
        other => format!("window:{}:{}", visit.id, word(other)),
    }
}

/// For whom they may act; empty when for nobody but themselves.
pub(super) async fn choices(room: &Room, who: &Clerk, visit: &Visit, w: Say) -> Outcome<Vec<Choice>> {
    let ground = &room.house.ground;
    let all = identity::principals(&ground.store, who, visit.person, ground.clock.now()).await?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let chosen = |whom: Whom| visit.said.whom == whom;
    let oneself = Choice {
        value: "myself".to_owned(),
        name: w.t("behalf-oneself").into_owned(),
        tie: String::new(),
        chosen: chosen(Whom::Myself),
    };
    let one = |p: Principal| Choice {
        value: word(p.whom),
        tie: tie(&p.tie, w),
        name: p.name,
        chosen: chosen(p.whom),
    };
    Ok(std::iter::once(oneself).chain(all.into_iter().map(one)).collect())
}

/// As a page names it.
pub(super) fn word(whom: Whom) -> String {
    match whom {
        Whom::Myself => "myself".to_owned(),
        Whom::Firm(id) => format!("firm:{id}"),
        Whom::Under(id) => format!("under:{id}"),
    }
}

fn tie(tie: &Tie, w: Say) -> String {
    let key = match tie {
        Tie::Member(MemberRole::LegalRepresentative) => "behalf-representative",
        Tie::Member(MemberRole::Administrator) => "behalf-administrator",
        Tie::Member(MemberRole::Agent) => "behalf-agent",
        Tie::Mandate(Basis::Guardian, _) => "behalf-guardian",
        Tie::Mandate(Basis::Given, Matters::All) => "behalf-mandate",
        Tie::Mandate(Basis::Given, Matters::Items(_)) => "behalf-mandate-some",
    };
    w.t(key).into_owned()
}

/// Chooses; what was begun for somebody else is begun anew.
///
/// # Errors
/// `identity.no-mandate`; not found for a word that names nobody.
pub(super) async fn choose(room: &Room, who: &Clerk, visit: &mut Visit, value: &str) -> Outcome<()> {
    let whom = match value.split_once(':') {
        None if value == "myself" => Whom::Myself,
        Some(("firm", id)) => Whom::Firm(id.parse().map_err(|_| Refusal::not_found())?),
        Some(("under", id)) => Whom::Under(id.parse().map_err(|_| Refusal::not_found())?),
        _ => return Err(Refusal::not_found().into()),
    };
    if visit.said.whom == whom {
        return Ok(());
    }
    set(&mut visit.said, whom);
    let there = there(room, who, visit).await?;
    if there.for_another() {
        visit.said.behalf = match there.subject() {
            SubjectId::Person(_) => format::mask_name(there.subject_name()),
            SubjectId::Organisation(_) => there.subject_name().to_owned(),
        };
    }
    visit.rev = save(room, who, visit).await?;
    Ok(())
}

/// Everything but who stands there belongs to whom it was said for.
fn set(said: &mut Said, whom: Whom) {
    let before = std::mem::take(said);
    *said = Said {
        citizen_id: before.citizen_id,
        by_card: before.by_card,
        name: before.name,
        ticket: before.ticket,
        paper_form: before.paper_form,
        late_at: before.late_at,
        late_reason: before.late_reason,
        late_evidence: before.late_evidence,
        whom,
        ..Said::default()
    };
}

/// Who stands there for somebody, in words; empty when they stand for themselves.
pub(super) fn agent(there: &AtWindow, lang: Lang) -> String {
    if !there.for_another() {
        return String::new();
    }
    WORDS.say(lang).with("behalf-by", &[("name", there.person_name().to_owned())])
}
