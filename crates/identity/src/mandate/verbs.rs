//! What is done with mandates: given, answered, taken back, relied upon, ended with their time or with one side.

use super::event::MandateEvent;
use super::model::{Act, Basis, Cause, Mandate, MandateId, MandateState, Matters, Powers, UseId, end_of};
use super::rules::{self, Command, Limits, Offer};
use super::speaker;
use crate::at_window::AtWindow;
use crate::confirm::Confirmed;
use crate::model::{Acting, ProfileKind};
use crate::rights::{Applicant, Clerk, mandate_ended};
use crate::settings::settings;
use crate::store::{self, NewUse};
use crate::{organisation_by_code, person_by_citizen_id, profile};
use ::store::{Cx, Ground, Store, command};
use jiff::ToSpan as _;
use kernel::codes::CitizenId;
use kernel::{ActorRef, Fault, Lang, Outcome, PersonId, Refusal, RefusalKind, SubjectId, clock};
use trace::{Head, Subject};

/// So many mandates may be handed on from one at a time: ending it ends them in one commit.
pub(super) const HANDED_ON_MAX: i64 = 50;
/// So many mandates are looked at in one turn of the sweep.
const SWEEP_MAX: i64 = 200;
/// From this age on nobody is a minor (Civil Code art. 17).
const OF_AGE: i32 = 18;

fn subject_of(id: MandateId) -> Subject {
    Subject::new("mandate", id)
}

fn limits() -> Limits {
    Limits { links: settings().mandate_links_max, days: settings().mandate_days_max }
}

/// The person or firm that a mandate shall be given to: a person by identity number and name, a firm by its credit code.
///
/// # Errors
/// `identity.mandate-nobody`, whether the number is unknown or the name is another: who is registered here is nobody's business.
pub async fn find_agent(
    store: &Store,
    kind: ProfileKind,
    number: &str,
    name: &str,
) -> Outcome<(SubjectId, String)> {
    let number = number.trim();
    let found = match kind {
        ProfileKind::Person => person_by_citizen_id(store, number).await?.map(SubjectId::Person),
        ProfileKind::Organisation => organisation_by_code(store, number).await?.map(SubjectId::Organisation),
    };
    let profile = match found {
        Some(subject) => profile(store, subject).await?.map(|p| (subject, p.name)),
        None => None,
    };
    let fits = |found: &(SubjectId, String)| kind == ProfileKind::Organisation || same_name(&found.1, name);
    profile.filter(fits).ok_or_else(|| nobody(kind).into())
}

/// Names are compared without spaces and middle dots: they are typed in many ways.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    let bare = |name: &str| -> String {
        let letters =
            name.chars().filter(|c| !c.is_whitespace() && !matches!(c, '·' | '•' | '‧' | '．' | '.'));
        letters.flat_map(char::to_lowercase).collect()
    };
    !bare(other).is_empty() && bare(one) == bare(other)
}

fn nobody(kind: ProfileKind) -> Refusal {
    let (zh, en) = match kind {
        ProfileKind::Person => (
            "没有查到姓名和身份证号都相符的人，请核对后重新填写。",
            "Nobody registered here has this name and this identity number; check both.",
        ),
        ProfileKind::Organisation => (
            "没有查到这个统一社会信用代码，请核对后重新填写。",
            "No organisation registered here has this credit code; check it.",
        ),
    };
    Refusal::new(RefusalKind::Invalid, "identity.mandate-nobody", zh, en).field("number", zh, en)
}

/// Gives a mandate, or hands one on; it is in force when the agent has accepted it.
///
/// # Errors
/// The refusals `identity.mandate-*` of the rules, each with its field.
pub async fn offer(cx: &mut Cx, who: &Applicant, sure: &Confirmed, offer: &Offer) -> Outcome<MandateId> {
    sure.of(who.account())?;
    let giver = speaker(who)?;
    let parent = match offer.under {
        None => None,
        Some(id) => {
            let found = store::mandate(cx.store(), id).await?.filter(|m| m.agent == giver);
            Some(found.ok_or_else(Refusal::not_found)?)
        }
    };
    rules::offer(offer, giver, parent.as_ref(), limits(), cx.now)?;
    relies_on_firm(cx, who).await?;
    let (principal, principal_name) = match &parent {
        Some(parent) => (parent.principal, parent.principal_name.clone()),
        None => (giver, who.subject_name().to_owned()),
    };
    let id: MandateId = cx.new_id();
    let mandate = Mandate {
        id,
        basis: Basis::Given,
        principal,
        principal_name,
        giver,
        giver_name: who.subject_name().to_owned(),
        agent: offer.agent,
        agent_name: offer.agent_name.clone(),
        matters: offer.matters.clone(),
        powers: offer.powers,
        hand_on: offer.hand_on,
        parent: offer.under,
        links: parent.as_ref().map_or(0, |p| p.links) + 1,
        state: MandateState::Offered,
        offered_at: cx.now,
        until_at: end_of(offer.until),
        ended_at: None,
        rev: 1,
    };
    if let Some(parent) = &parent {
        let open = store::handed_on(cx.store(), parent.id, HANDED_ON_MAX * 4).await?;
        let open = open.iter().filter(|m| m.state.open()).count();
        if i64::try_from(open).is_ok_and(|n| n >= HANDED_ON_MAX) {
            return Err(too_many().into());
        }
        happen(cx, parent, &MandateEvent::HandedOn { to: id }).await?;
    }
    begin(cx, &mandate, &offered(&mandate))?;
    Ok(id)
}

fn offered(m: &Mandate) -> MandateEvent {
    MandateEvent::Offered {
        principal: m.principal,
        giver: m.giver,
        agent: m.agent,
        matters: m.matters.clone(),
        powers: m.powers,
        until: m.until(),
        hand_on: m.hand_on,
        under: m.parent,
    }
}

fn too_many() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "identity.mandate-handed-on-often",
        "这份委托已经转给太多人了。",
        "This mandate has been handed on to too many already.",
    )
    .next("请先撤销不再需要的转委托。", "Take back those that are no longer needed.")
}

/// Writes a new mandate with its first event.
fn begin(cx: &mut Cx, mandate: &Mandate, event: &MandateEvent) -> Outcome<()> {
    let now = cx.now;
    trace::record(cx, &mut Head::start(), &subject_of(mandate.id), event, now)?;
    store::insert_mandate(&mut cx.commit, mandate);
    Ok(())
}

/// Writes what happened to a mandate, event and row.
async fn happen(cx: &mut Cx, was: &Mandate, event: &MandateEvent) -> Outcome<()> {
    let (subject, now) = (subject_of(was.id), cx.now);
    let mut head = trace::head(cx.store(), &subject).await?;
    trace::record(cx, &mut head, &subject, event, now)?;
    let state = rules::state_after(event).unwrap_or(was.state);
    let ended_at = (!state.open()).then_some(now);
    store::move_mandate(&mut cx.commit, was, state, ended_at, head.seq);
    Ok(())
}

/// What a side of a mandate wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The agent accepts it.
    Accept,
    /// The agent does not want it.
    Refuse,
    /// The principal or the giver takes it back.
    Revoke,
    /// The agent gives it up.
    Renounce,
}

/// Answers, takes back or gives up a mandate; what was handed on from it ends with it.
///
/// # Errors
/// Not found when `who` is no side of it; the refusals `identity.mandate-*` of the rules.
pub async fn answer(
    cx: &mut Cx,
    who: &Applicant,
    sure: &Confirmed,
    id: MandateId,
    answer: Answer,
) -> Outcome<()> {
    sure.of(who.account())?;
    let (mandate, _) = super::mandate_of(cx.store(), who, id).await?;
    let command = match answer {
        Answer::Accept => Command::Accept,
        Answer::Refuse => Command::Refuse,
        Answer::Revoke => Command::Revoke,
        Answer::Renounce => Command::Renounce,
    };
    let event = rules::decide(&mandate, Some(speaker(who)?), &command, cx.now)?;
    relies_on_firm(cx, who).await?;
    if let (MandateEvent::Accepted, Some(parent)) = (&event, mandate.parent) {
        store::guard_in_force(&mut cx.commit, parent, cx.now);
    }
    happen(cx, &mandate, &event).await?;
    end_below(cx, &mandate, &event).await
}

/// Ends what was handed on from a mandate that has ended (Civil Code art. 173: no agency without its ground).
async fn end_below(cx: &mut Cx, mandate: &Mandate, event: &MandateEvent) -> Outcome<()> {
    if rules::state_after(event).is_none_or(MandateState::open) {
        return Ok(());
    }
    let mut open = vec![mandate.id];
    while let Some(id) = open.pop() {
        let below = store::handed_on(cx.store(), id, HANDED_ON_MAX * 20).await?;
        for child in below.iter().filter(|m| m.state.open()) {
            happen(cx, child, &MandateEvent::Ended { cause: Cause::Chain }).await?;
            open.push(child.id);
        }
    }
    Ok(())
}

/// When `who` acts for a firm as one of its people, the commit relies on their still being one.
async fn relies_on_firm(cx: &mut Cx, who: &Applicant) -> Outcome<()> {
    as_member(cx, &who.acting, who.person()).await
}

async fn as_member(cx: &mut Cx, acting: &Acting, person: PersonId) -> Outcome<()> {
    match acting {
        Acting::Firm { id, .. } => crate::staff::rely(cx, person, *id).await,
        _ => Ok(()),
    }
}

/// Adds to the commit that `who` may still act for whom they act when it happens, and writes the use into the list of every
/// mandate on the way from the principal to them. `items` are the keys of what it is about, `about` the numbers of the cases
/// with a comma between.
///
/// # Errors
/// `identity.mandate-ended` when they may not any more, `identity.mandate-powers` when the act or the item is not theirs.
pub async fn rely(cx: &mut Cx, who: &Applicant, act: Act, items: &[&str], about: &str) -> Outcome<()> {
    rely_as(cx, (who.person(), who.person_name(), &who.acting), act, items, about).await
}

/// The same for whoever stands at a window.
///
/// # Errors
/// As [`rely`].
pub async fn rely_at_window(
    cx: &mut Cx,
    who: &AtWindow,
    act: Act,
    items: &[&str],
    about: &str,
) -> Outcome<()> {
    rely_as(cx, (who.person, &who.person_name, &who.acting), act, items, about).await
}

async fn rely_as(
    cx: &mut Cx,
    (person, person_name, acting): (PersonId, &str, &Acting),
    act: Act,
    items: &[&str],
    about: &str,
) -> Outcome<()> {
    let Acting::Under(mandate) = acting else { return as_member(cx, acting, person).await };
    if !mandate.powers.allow(act) || items.iter().any(|item| !mandate.matters.cover(item)) {
        return Err(not_in_powers().into());
    }
    if let Some(firm) = mandate.through {
        crate::staff::rely(cx, person, firm).await?;
    }
    let chain = store::mandate_chain(cx.store(), mandate.id).await?;
    if chain.is_empty() || chain.iter().any(|m| !m.in_force(cx.now)) {
        return Err(mandate_ended().into());
    }
    let (id, at): (UseId, _) = (cx.new_id(), cx.now);
    for link in &chain {
        store::guard_in_force(&mut cx.commit, link.id, at);
        let used = NewUse { mandate: link.id, id, at, person, person_name, act: act.word(), about };
        store::insert_use(&mut cx.commit, &used);
    }
    Ok(())
}

fn not_in_powers() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "identity.mandate-powers",
        "您的委托不包括这项操作。",
        "Your mandate does not reach this.",
    )
    .next("请由委托人本人办理，或请其重新委托。", "The principal can do it, or give you a wider mandate.")
}

/// Somebody under 18 and a guardian of theirs, as a clerk records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guardianship {
    /// The child's identity number.
    pub child: String,
    /// The guardian's identity number.
    pub guardian: String,
    /// Which paper was shown (birth certificate, household register, judgment).
    pub evidence: String,
}

/// Records a guardian of a child: a mandate by law until the day before the child comes of age.
///
/// # Errors
/// `identity.guardian-*` refusals: a number that is wrong or unknown, a child that is none, a guardian who is a minor, no
/// paper, a guardian who is recorded already.
pub async fn record_guardian(cx: &mut Cx, _clerk: &Clerk, known: &Guardianship) -> Outcome<MandateId> {
    let (child, guardian) = (number("child", &known.child)?, number("guardian", &known.guardian)?);
    let today = clock::legal_date(cx.now);
    let wrong = |code: &'static str, field: &str, zh: &str, en: &str| {
        Refusal::new(RefusalKind::Invalid, code, zh, en).field(field, zh, en)
    };
    if child.age_on(today) >= OF_AGE {
        let (zh, en) = ("被监护人已满18周岁。", "The child has come of age.");
        return Err(wrong("identity.guardian-of-age", "child", zh, en).into());
    }
    if guardian.age_on(today) < OF_AGE {
        let (zh, en) = ("监护人应年满18周岁。", "A guardian must be of age.");
        return Err(wrong("identity.guardian-minor", "guardian", zh, en).into());
    }
    if known.evidence.trim().is_empty() {
        let (zh, en) = ("请填写核验了哪份证明。", "Say which paper was shown.");
        return Err(wrong("identity.guardian-unproven", "evidence", zh, en).into());
    }
    let child_person = person(cx, "child", &child).await?;
    let guardian_person = person(cx, "guardian", &guardian).await?;
    let (of, by) = (SubjectId::Person(child_person), SubjectId::Person(guardian_person));
    if store::guardians(cx.store(), of, cx.now).await?.iter().any(|m| m.agent == by) {
        let (zh, en) = ("这位监护人已经登记过了。", "This guardian is recorded already.");
        return Err(wrong("identity.guardian-known", "guardian", zh, en).into());
    }
    let (child_name, guardian_name) = (name_of(cx, of).await?, name_of(cx, by).await?);
    guardian_now(
        cx,
        (child_person, &child_name, &child),
        (guardian_person, &guardian_name),
        known.evidence.trim(),
    )
}

fn number(field: &str, text: &str) -> Result<CitizenId, Refusal> {
    let (zh, en) = ("身份证号码不对，请核对。", "This is no identity number; check it.");
    let wrong =
        || Refusal::new(RefusalKind::Invalid, "identity.guardian-number", zh, en).field(field, zh, en);
    text.trim().to_uppercase().parse().map_err(|_| wrong())
}

async fn person(cx: &Cx, field: &str, number: &CitizenId) -> Outcome<PersonId> {
    let (zh, en) = ("没有查到这个身份证号对应的人。", "Nobody here has this identity number.");
    person_by_citizen_id(cx.store(), &number.to_string()).await?.ok_or_else(|| {
        Refusal::new(RefusalKind::Invalid, "identity.guardian-unknown", zh, en).field(field, zh, en).into()
    })
}

/// Writes the guardianship of two known persons, each with their name.
pub(crate) fn guardian_now(
    cx: &mut Cx,
    (child, child_name, number): (PersonId, &str, &CitizenId),
    (guardian, guardian_name): (PersonId, &str),
    evidence: &str,
) -> Outcome<MandateId> {
    let (child, guardian) = (SubjectId::Person(child), SubjectId::Person(guardian));
    let come_of_age = number.birth().checked_add(OF_AGE.years());
    let until = come_of_age.and_then(|day| day.checked_sub(1.day()));
    let until = until.map_err(|e| Fault::from("reckoning when a child comes of age", e))?;
    let mandate = Mandate {
        id: cx.new_id(),
        basis: Basis::Guardian,
        principal: child,
        principal_name: child_name.to_owned(),
        giver: child,
        giver_name: child_name.to_owned(),
        agent: guardian,
        agent_name: guardian_name.to_owned(),
        matters: Matters::All,
        powers: Powers::Everything,
        hand_on: true,
        parent: None,
        links: 0,
        state: MandateState::Accepted,
        offered_at: cx.now,
        until_at: end_of(until),
        ended_at: None,
        rev: 1,
    };
    begin(cx, &mandate, &MandateEvent::Guardian { child, guardian, until, evidence: evidence.to_owned() })?;
    Ok(mandate.id)
}

async fn name_of(cx: &Cx, subject: SubjectId) -> Outcome<String> {
    Ok(profile(cx.store(), subject).await?.ok_or_else(Refusal::not_found)?.name)
}

/// Writes a mandate of the demonstration, accepted already.
pub(crate) fn seed_given(cx: &mut Cx, mandate: Mandate) -> Outcome<()> {
    let mut head = Head::start();
    let (subject, now) = (subject_of(mandate.id), cx.now);
    trace::record(cx, &mut head, &subject, &offered(&mandate), now)?;
    trace::record(cx, &mut head, &subject, &MandateEvent::Accepted, now)?;
    store::insert_mandate(
        &mut cx.commit,
        &Mandate { state: MandateState::Accepted, rev: head.seq, ..mandate },
    );
    Ok(())
}

/// Ends every open mandate on either side of a subject: they died, were wound up, or have another guardian. For whoever hears
/// of it; doing it twice does nothing more.
///
/// # Errors
/// A fault when the database does not answer.
pub async fn end_all_of(ground: &Ground, subject: SubjectId, cause: Cause) -> Outcome<usize> {
    let mut ended = 0;
    loop {
        let open = store::open_of(&ground.store, subject, SWEEP_MAX).await?;
        if open.is_empty() {
            return Ok(ended);
        }
        for id in open {
            ended += usize::from(end_one(ground, id, &Command::End(cause)).await?);
        }
    }
}

/// Ends one mandate on the program's own account, if it is still open.
async fn end_one(ground: &Ground, id: MandateId, command: &Command) -> Outcome<bool> {
    command!(ground, Lang::default(), ActorRef::system(), |cx| end_now(&mut cx, id, command).await)
}

async fn end_now(cx: &mut Cx, id: MandateId, command: &Command) -> Outcome<bool> {
    let found = store::mandate(cx.store(), id).await?.filter(|m| m.state.open());
    let Some(mandate) = found else { return Ok(false) };
    // What was to end of something else has run out meanwhile: that is written down instead.
    let event = rules::decide(&mandate, None, command, cx.now)
        .or_else(|_| rules::decide(&mandate, None, &Command::Expire, cx.now))?;
    happen(cx, &mandate, &event).await?;
    end_below(cx, &mandate, &event).await?;
    Ok(true)
}

/// Writes down which mandates have run out.
///
/// # Errors
/// A fault when the database does not answer.
pub(crate) async fn sweep(ground: &Ground) -> Outcome<()> {
    for id in store::run_out(&ground.store, ground.clock.now(), SWEEP_MAX).await? {
        end_one(ground, id, &Command::Expire).await?;
    }
    Ok(())
}
