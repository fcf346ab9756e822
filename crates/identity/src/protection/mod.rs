//! Addresses under protection (受保护的住址): where somebody lives is told to nobody but themselves and whoever shelters them, for a time, on
//! a ground that two members of staff have seen. Staff who handle a case go on seeing what they need.

mod event;
mod rules;

pub use event::ProtectionEvent;
pub use rules::{Asking, Command, Ground, State};

use crate::rights::Clerk;
use crate::store::{self, ProtectionRow};
use crate::{person_by_citizen_id, profile};
use ::store::{Cx, Ground as House, Store, command};
use jiff::civil::Date;
use kernel::{
    AccountId, ActorKind, ActorRef, Fault, Lang, Outcome, PersonId, Refusal, RefusalKind, SubjectId,
    Timestamp,
};
use trace::{Head, Subject};

kernel::typed_id! {
    /// The protection of an address.
    ProtectionId;
}
::store::text_column!(ProtectionId);

/// So many are shown, and swept in one turn.
const MANY: i64 = 200;

/// A protection as staff of its agency read it.
#[derive(Debug, Clone)]
pub struct Protection {
    /// Its id.
    pub id: ProtectionId,
    /// Whose address: the name, masked.
    pub person: String,
    /// On which ground.
    pub ground: Ground,
    /// How it stands.
    pub state: State,
    /// The moment after its last day.
    pub until_at: Timestamp,
    /// Whether whoever asks has asked for what is open now.
    pub own: bool,
}

/// What a clerk typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The number of whose address it is.
    pub number: String,
    /// The number of whoever shelters them; empty when there is nobody.
    pub with: String,
    /// On which ground.
    pub ground: Ground,
    /// Which paper was shown.
    pub paper: String,
    /// The last day.
    pub until: Date,
}

fn subject_of(id: ProtectionId) -> Subject {
    Subject::new("protection", id)
}

async fn named(cx: &Cx, field: &str, number: &str) -> Outcome<PersonId> {
    let (zh, en) = ("没有查到这个身份证号对应的人。", "Nobody here has this identity number.");
    person_by_citizen_id(cx.store(), number.trim()).await?.ok_or_else(|| {
        Refusal::new(RefusalKind::Invalid, "identity.protection-nobody", zh, en).field(field, zh, en).into()
    })
}

/// A clerk who saw the paper asks that an address be protected; it is when a second clerk of the agency agrees.
///
/// # Errors
/// `identity.protection-nobody`, `identity.protection-known` when it is protected or asked for already, or a refusal of the rules.
pub async fn ask_protection(cx: &mut Cx, clerk: &Clerk, typed: &Typed) -> Outcome<ProtectionId> {
    let person = named(cx, "number", &typed.number).await?;
    let with = match typed.with.trim() {
        "" => None,
        number => Some(named(cx, "with", number).await?),
    };
    if store::open_protection(cx.store(), person).await? {
        let (zh, en) = (
            "此人的住址已经受保护，或者正在等待决定。",
            "This address is protected, or waits for a decision.",
        );
        return Err(Refusal::new(RefusalKind::Conflict, "identity.protection-known", zh, en)
            .field("number", zh, en)
            .into());
    }
    let asking =
        Asking { person, with, ground: typed.ground, paper: typed.paper.clone(), until: typed.until };
    let event = rules::ask(&asking, clerk.account(), cx.now)?;
    let (id, now): (ProtectionId, _) = (cx.new_id(), cx.now);
    trace::record(cx, &mut Head::start(), &subject_of(id), &event, now)?;
    let row = store::NewProtection {
        id,
        person,
        with,
        ground: typed.ground.word(),
        agency: clerk.agency().as_str(),
        by: clerk.account(),
        at: now,
        until_at: crate::mandate::end_of(typed.until),
    };
    store::insert_protection(&mut cx.commit, &row);
    Ok(id)
}

/// A clerk of the same agency decides what another has asked for, or asks that it end before its day.
///
/// # Errors
/// Not found outside of the agency; the refusals of the rules.
pub async fn decide_protection(
    cx: &mut Cx,
    clerk: &Clerk,
    id: ProtectionId,
    command: &Command,
) -> Outcome<()> {
    let found = store::protection(cx.store(), id).await?;
    let row = found.filter(|r| r.agency == clerk.agency().as_str()).ok_or_else(Refusal::not_found)?;
    move_on(cx, &row, Some(clerk.account()), command).await
}

async fn move_on(cx: &mut Cx, row: &ProtectionRow, by: Option<AccountId>, command: &Command) -> Outcome<()> {
    let state = State::from_word(&row.state).ok_or_else(|| Fault::new("a protection in no state"))?;
    let event = rules::decide(state, row.asked_by, by, command)?;
    let (subject, now) = (subject_of(row.id), cx.now);
    let mut head = trace::head(cx.store(), &subject).await?;
    trace::record(cx, &mut head, &subject, &event, now)?;
    let asked_by = match &event {
        ProtectionEvent::LiftAsked { by, .. } => *by,
        _ => row.asked_by,
    };
    store::move_protection(&mut cx.commit, row, rules::after(&event), asked_by, head.seq);
    Ok(())
}

/// The protections of the clerk's agency that are open or hold, the newest first.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn protections(store: &Store, clerk: &Clerk) -> Result<Vec<Protection>, Fault> {
    let mut all = Vec::new();
    for row in store::protections(store, clerk.agency().as_str(), MANY).await? {
        let (Some(state), Some(ground)) = (State::from_word(&row.state), Ground::from_word(&row.ground))
        else {
            continue;
        };
        let who = profile(store, SubjectId::Person(row.person)).await?;
        let person = who.map(|p| p.name_masked).unwrap_or_default();
        let own = row.asked_by == clerk.account();
        all.push(Protection { id: row.id, person, ground, state, until_at: row.until_at, own });
    }
    Ok(all)
}

/// Whether the address of `person` is kept from `eyes`: it is under protection, and they are neither the person nor whoever shelters them.
///
/// # Errors
/// A [`Fault`] when the database does not answer: then nothing is shown.
pub async fn address_kept(store: &Store, person: PersonId, eyes: PersonId) -> Result<bool, Fault> {
    if person == eyes {
        return Ok(false);
    }
    let holds = store::protected_with(store, person).await?;
    Ok(!holds.is_empty() && !holds.contains(&Some(eyes)))
}

/// Whether any address is under protection: where none is, nothing has to be looked for.
///
/// # Errors
/// As [`address_kept`].
pub async fn any_address_kept(store: &Store) -> Result<bool, Fault> {
    store::any_protection(store).await
}

/// The same for everybody in the world: what stands on a public page.
///
/// # Errors
/// As [`address_kept`].
pub async fn address_public(store: &Store, subject: SubjectId) -> Result<bool, Fault> {
    match subject {
        SubjectId::Person(person) => Ok(store::protected_with(store, person).await?.is_empty()),
        SubjectId::Organisation(_) => Ok(true),
    }
}

/// The same for whoever acts: staff and the program handle the case and see it.
///
/// # Errors
/// As [`address_kept`].
pub(crate) async fn kept_from(store: &Store, person: PersonId, actor: &ActorRef) -> Result<bool, Fault> {
    match (actor.kind, actor.person) {
        (ActorKind::Applicant, Some(eyes)) => address_kept(store, person, eyes).await,
        _ => Ok(false),
    }
}

/// Writes down which protections have run out.
///
/// # Errors
/// A fault when the database does not answer.
pub(crate) async fn sweep(ground: &House) -> Outcome<()> {
    for id in store::protections_run_out(&ground.store, ground.clock.now(), MANY).await? {
        command!(ground, Lang::default(), ActorRef::system(), |cx| {
            match store::protection(cx.store(), id).await? {
                Some(row) => move_on(&mut cx, &row, None, &Command::Expire).await,
                None => Ok(()),
            }
        })?;
    }
    Ok(())
}
