//! Sessions while they last, and for whom they act.

use crate::demo::demo_runs;
use crate::events::{self, AccountEvent};
use crate::mandate::{self, InForce, Mandate, MandateId};
use crate::model::{Acting, Membership, Post, Role, Session, SessionId, SessionKind, SessionLine};
use crate::rights::{Applicant, SignedIn, forbidden};
use crate::settings::settings;
use crate::store::{self, SessionRow};
use ::store::{Cx, Ground, Store, command};
use kernel::{
    ActorRef, AgencyCode, Fault, Lang, OrganisationId, Outcome, PersonId, Refusal, RefusalKind, SubjectId,
    Timestamp,
};
use sha2::{Digest as _, Sha256};

pub(crate) const MINUTE: i64 = 60_000_000;

pub(crate) fn later(at: Timestamp, micros: i64) -> Timestamp {
    kernel::clock::from_micros(at.as_microsecond().saturating_add(micros))
}

pub(crate) fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// The session of `token`, if it is valid now: one indexed read; its last use is written at most once a minute.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn session(ground: &Ground, token: &str) -> Result<Option<Session>, Fault> {
    session_of(ground, token, true).await
}

/// The same; what a page asks by itself (`used` = false) is no use by a person, and keeps no session alive.
pub(crate) async fn session_of(ground: &Ground, token: &str, used: bool) -> Result<Option<Session>, Fault> {
    if token.len() != 64 || !token.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(None);
    }
    let now = ground.clock.now();
    let rows = store::session(&ground.store, token_hash(token), now, demo_runs()).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let (id, kind, idle_until, expires_at) = (first.id, first.kind, first.idle_until, first.expires_at);
    let session = assemble(rows, now);
    if kind == SessionKind::Cookie && used {
        let next = later(now, settings().idle_minutes * MINUTE).min(expires_at);
        if next.as_microsecond() - idle_until.as_microsecond() >= MINUTE {
            let mut cx = ground.begin(Lang::default(), ActorRef::system());
            store::touch(&mut cx.commit, id, now, next);
            if let Err(error) = cx.finish().await {
                tracing::warn!(%error, "the last use of a session could not be written");
            }
        }
    }
    Ok(session)
}

/// For whom the session of this row acts, if the person still may.
fn acting_of(row: &SessionRow) -> Acting {
    match (row.acting, &row.acting_name, row.acting_role, row.chosen_mandate) {
        (_, _, _, Some(_)) => under(row).map_or(Acting::Ended, |m| Acting::Under(Box::new(m))),
        (None, ..) => Acting::Myself,
        (Some(id), Some(name), Some(role), None) => Acting::Firm { id, name: name.clone(), role },
        (Some(_), ..) => Acting::Ended,
    }
}

/// The mandate of the row, if the person is the agent or one of the agent firm's people.
fn under(row: &SessionRow) -> Option<InForce> {
    let through = match row.agent? {
        SubjectId::Person(person) if person == row.person => None,
        SubjectId::Person(_) => return None,
        SubjectId::Organisation(_) => Some(row.through?),
    };
    Some(InForce {
        id: row.mandate?,
        basis: row.basis?,
        principal: row.principal?,
        principal_name: row.principal_name.clone()?,
        through,
        matters: row.matters.clone()?,
        powers: row.powers?,
    })
}

fn assemble(rows: Vec<SessionRow>, at: Timestamp) -> Option<Session> {
    let post = |r: &SessionRow| {
        Some(Post {
            role: r.role?,
            agency: AgencyCode::parse(r.agency.as_deref()?)?,
            window: r.window.clone(),
            division: r.division.clone(),
            head: r.head.unwrap_or(false),
        })
    };
    let mut posts: Vec<Post> = rows.iter().filter_map(post).collect();
    let row = rows.into_iter().next()?;
    // The post that was chosen comes first, then the others in the order of the roles.
    posts.sort_by_key(|p| (row.chosen.as_deref() != Some(p.key().as_str()), p.role));
    Some(Session {
        acting: acting_of(&row),
        id: row.id,
        kind: row.kind,
        csrf: row.csrf,
        account: row.account,
        account_name: row.account_name,
        person: row.person,
        person_name: row.person_name,
        mandates: row.mandates,
        confirmed_at: row.confirmed_at,
        at,
        posts,
        expires_at: row.expires_at,
    })
}

/// Ends the session itself.
///
/// # Errors
/// A fault when the database does not answer.
pub async fn sign_out(ground: &Ground, session: &Session) -> Outcome<()> {
    command!(ground, Lang::default(), session.actor_ref(), |cx| end(&mut cx, session, session.id).await)
}

/// Ends one session of the account, this one or another.
///
/// # Errors
/// A refusal when the account has no such session.
pub async fn end_session(ground: &Ground, who: &SignedIn, id: SessionId) -> Outcome<()> {
    let session = who.session();
    let now = ground.clock.now();
    let own = store::sessions_of(&ground.store, session.account, now).await?;
    if !own.iter().any(|s| s.id == id) {
        return Err(Refusal::not_found().into());
    }
    command!(ground, Lang::default(), session.actor_ref(), |cx| end(&mut cx, session, id).await)
}

async fn end(cx: &mut Cx, session: &Session, id: SessionId) -> Outcome<()> {
    store::end_session(&mut cx.commit, session.account, id);
    events::note(cx, session.account, &AccountEvent::SignedOut { session: id }).await
}

/// Ends all other sessions of the account.
///
/// # Errors
/// A fault when the database does not answer.
pub async fn end_other_sessions(ground: &Ground, who: &SignedIn) -> Outcome<()> {
    let session = who.session();
    command!(ground, Lang::default(), session.actor_ref(), |cx| {
        store::end_other_sessions(&mut cx.commit, session.account, session.id);
        events::note(&mut cx, session.account, &AccountEvent::OthersSignedOut { kept: session.id }).await
    })
}

/// The account's sessions, newest first.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn sessions(ground: &Ground, who: &SignedIn) -> Result<Vec<SessionLine>, Fault> {
    let rows = store::sessions_of(&ground.store, who.session().account, ground.clock.now()).await?;
    Ok(rows
        .into_iter()
        .map(|r| SessionLine {
            id: r.id,
            kind: r.kind,
            device: r.device,
            created_at: r.created_at,
            seen_at: r.seen_at,
        })
        .collect())
}

fn no_mandate() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "identity.no-mandate",
        "您没有代表对方办事的权限。",
        "You may not act for this person or organisation.",
    )
    .next(
        "请让单位的管理员把您加为经办人，或请对方办理授权委托。",
        "Ask the organisation's administrator to add you, or the person for a mandate.",
    )
}

/// For whom somebody wants to act.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Whom {
    /// For themselves.
    #[default]
    Myself,
    /// For a firm, as one of its people.
    Firm(OrganisationId),
    /// Under a mandate.
    Under(MandateId),
}

pub(crate) async fn memberships_of(
    store: &Store,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<Membership>, Fault> {
    let rows = store::memberships(store, person, now).await?;
    let one = |m: store::MembershipRow| Membership {
        organisation: m.organisation,
        name: m.name,
        code_masked: m.code_mask,
        role: m.role,
    };
    Ok(rows.into_iter().map(one).collect())
}

impl Applicant {
    /// The organisations of which the person is one of the people at `now`.
    ///
    /// # Errors
    /// A [`Fault`] when the database does not answer.
    pub async fn memberships(&self, store: &Store, now: Timestamp) -> Result<Vec<Membership>, Fault> {
        memberships_of(store, self.person(), now).await
    }
}

impl Session {
    /// The organisations of which its holder is one of the people.
    ///
    /// # Errors
    /// A [`Fault`] when the database does not answer.
    pub async fn memberships(&self, store: &Store) -> Result<Vec<Membership>, Fault> {
        memberships_of(store, self.person, self.at).await
    }

    /// The same session acting for `organisation`, or for the person itself; for doors that name whom they act for in each
    /// request (the API). What is stored stays as it is.
    ///
    /// # Errors
    /// `identity.no-mandate` when the person may not act for it.
    pub async fn acting_as(&self, store: &Store, organisation: Option<OrganisationId>) -> Outcome<Session> {
        self.acting_for(store, organisation.map_or(Whom::Myself, Whom::Firm)).await
    }

    /// The same session acting for somebody else. What is stored stays as it is.
    ///
    /// # Errors
    /// `identity.no-mandate` when the person may not act for them.
    pub async fn acting_for(&self, store: &Store, whom: Whom) -> Outcome<Session> {
        let mut session = self.clone();
        session.acting = right_to_act(store, self.person, whom, self.at).await?;
        Ok(session)
    }
}

/// The right of a person to act for somebody at `at`.
///
/// # Errors
/// `identity.no-mandate`.
pub(crate) async fn right_to_act(
    store: &Store,
    person: PersonId,
    whom: Whom,
    at: Timestamp,
) -> Outcome<Acting> {
    Ok(match whom {
        Whom::Myself => Acting::Myself,
        Whom::Firm(id) => {
            let own = memberships_of(store, person, at).await?.into_iter().find(|m| m.organisation == id);
            let (name, role) = match own {
                Some(own) => (own.name, own.role),
                None => store::branch_role(store, id, person, at).await?.ok_or_else(no_mandate)?,
            };
            Acting::Firm { id, name, role }
        }
        Whom::Under(id) => {
            let found = store::mandate(store, id).await?.filter(|m| m.in_force(at));
            let found = found.ok_or_else(no_mandate)?;
            if !store::not_barred(store, id).await? {
                return Err(no_mandate().into());
            }
            Acting::Under(Box::new(in_force(store, person, found, at).await?))
        }
    })
}

async fn in_force(store: &Store, person: PersonId, mandate: Mandate, at: Timestamp) -> Outcome<InForce> {
    let through = match mandate.agent {
        SubjectId::Person(agent) if agent == person => None,
        SubjectId::Person(_) => return Err(no_mandate().into()),
        SubjectId::Organisation(firm) => {
            let found = store::staff_member(store, firm, person, at).await?;
            Some(found.map(|_| firm).ok_or_else(no_mandate)?)
        }
    };
    Ok(InForce {
        id: mandate.id,
        basis: mandate.basis,
        principal: mandate.principal,
        principal_name: mandate.principal_name,
        through,
        matters: mandate.matters,
        powers: mandate.powers,
    })
}

/// Chooses for whom the session acts from now on; the account's next session begins with it too.
///
/// # Errors
/// `identity.no-mandate` when the person may not act for them; `identity.staff-account` for staff.
pub async fn choose_acting(ground: &Ground, who: &SignedIn, whom: Whom) -> Outcome<()> {
    let session = who.session();
    let chosen = session.acting_for(&ground.store, whom).await?;
    chosen.applicant()?;
    let (firm, mandate) = match whom {
        Whom::Myself => (None, None),
        Whom::Firm(id) => (Some(id), None),
        Whom::Under(id) => (None, Some(id)),
    };
    command!(ground, Lang::default(), session.actor_ref(), |cx| {
        let now = cx.now;
        if let Some(firm) = firm {
            store::guard_membership(&mut cx.commit, session.person, firm, now);
        }
        if let Some(mandate) = mandate {
            store::guard_in_force(&mut cx.commit, mandate, now);
        }
        store::set_acting(&mut cx.commit, session.id, session.account, firm, mandate);
        let event = AccountEvent::ActingChosen { organisation: firm, mandate };
        events::note(&mut cx, session.account, &event).await
    })
}

/// Chooses in which of their posts a member of staff works from now on; the account's next session begins with it too.
///
/// # Errors
/// `identity.forbidden` when the account holds no such post.
pub async fn choose_post(ground: &Ground, who: &SignedIn, role: Role, agency: &AgencyCode) -> Outcome<()> {
    let session = who.session();
    let chosen = session.posts.iter().find(|p| p.role == role && p.agency == *agency);
    let key = chosen.ok_or_else(forbidden)?.key();
    command!(ground, Lang::default(), session.actor_ref(), |cx| {
        store::set_post(&mut cx.commit, session.id, session.account, &key);
        let event = AccountEvent::PostChosen { role, agency: agency.clone() };
        events::note(&mut cx, session.account, &event).await
    })
}

/// Removes what has run out: sessions past their end, lock-outs older than a day, times away a month after their end; and writes
/// down which mandates have; telephone numbers of earlier builds get their index. Run on a schedule.
///
/// # Errors
/// A fault when the database does not answer.
pub async fn sweep(ground: &Ground) -> Outcome<()> {
    command!(ground, Lang::default(), ActorRef::system(), |cx| {
        let now = cx.now;
        store::sweep(&mut cx.commit, now, later(now, -24 * 60 * MINUTE));
        store::sweep_halves(&mut cx.commit, now);
        store::sweep_spent(&mut cx.commit, now);
        crate::away::sweep(&mut cx);
        Outcome::Ok(())
    })?;
    crate::protection::sweep(ground).await?;
    mandate::sweep(ground).await?;
    crate::phones::index_earlier(ground).await
}
