//! Sessions while they last, and for whom they act.

use crate::demo::demo_runs;
use crate::events::{self, AccountEvent, OrganisationEvent};
use crate::model::{Acting, Mandate, Post, Role, Session, SessionId, SessionKind, SessionLine};
use crate::rights::{SignedIn, forbidden};
use crate::settings::settings;
use crate::store::{self, SessionRow};
use ::store::{Cx, Ground, Store, command};
use kernel::{
    ActorRef, AgencyCode, Fault, Lang, OrganisationId, Outcome, PersonId, Refusal, RefusalKind, Timestamp,
};
use sha2::{Digest as _, Sha256};
use trace::Subject;

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
    if token.len() != 64 || !token.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(None);
    }
    let now = ground.clock.now();
    let rows = store::session(&ground.store, token_hash(token), now, demo_runs()).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let (id, kind, idle_until, expires_at) = (first.id, first.kind, first.idle_until, first.expires_at);
    let session = assemble(rows);
    if kind == SessionKind::Cookie {
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

fn assemble(rows: Vec<SessionRow>) -> Option<Session> {
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
    let acting = match (row.acting, row.acting_name) {
        (None, _) => Acting::Myself,
        (Some(id), Some(name)) => Acting::For(id, name),
        (Some(_), None) => Acting::Ended,
    };
    Some(Session {
        id: row.id,
        kind: row.kind,
        csrf: row.csrf,
        account: row.account,
        account_name: row.account_name,
        person: row.person,
        person_name: row.person_name,
        acting,
        mandates: row.mandates,
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

/// The organisations that `person` may act for.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn mandates(store: &Store, person: PersonId) -> Result<Vec<Mandate>, Fault> {
    Ok(store::mandates(store, person)
        .await?
        .into_iter()
        .map(|m| Mandate {
            organisation: m.organisation,
            name: m.name,
            code_masked: m.code_mask,
            role: m.role,
        })
        .collect())
}

fn no_mandate() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "identity.no-mandate",
        "您没有代表这家单位办事的权限。",
        "You may not act for this organisation.",
    )
    .next("请让单位的管理员把您加为经办人。", "Ask the organisation's administrator to add you.")
}

impl Session {
    /// The same session acting for `organisation`, or for the person itself; for doors that name whom they act for in each
    /// request (the API). What is stored stays as it is.
    ///
    /// # Errors
    /// `identity.no-mandate` when the person may not act for it.
    pub async fn acting_as(&self, store: &Store, organisation: Option<OrganisationId>) -> Outcome<Session> {
        let mut session = self.clone();
        session.acting = match organisation {
            None => Acting::Myself,
            Some(id) => {
                let mandates = mandates(store, self.person).await?;
                let found = mandates.into_iter().find(|m| m.organisation == id).ok_or_else(no_mandate)?;
                Acting::For(id, found.name)
            }
        };
        Ok(session)
    }
}

/// Chooses for whom the session acts from now on; the account's next session begins with it too.
///
/// # Errors
/// `identity.no-mandate` when the person may not act for it; `identity.staff-account` for staff.
pub async fn choose_acting(
    ground: &Ground,
    who: &SignedIn,
    organisation: Option<OrganisationId>,
) -> Outcome<()> {
    let session = who.session();
    let chosen = session.acting_as(&ground.store, organisation).await?;
    chosen.applicant()?;
    command!(ground, Lang::default(), session.actor_ref(), |cx| {
        if let Some(organisation) = organisation {
            store::guard_mandate(&mut cx.commit, session.person, organisation);
        }
        store::set_acting(&mut cx.commit, session.id, session.account, organisation);
        events::note(&mut cx, session.account, &AccountEvent::ActingChosen { organisation }).await
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

/// Adds to the commit that `applicant`'s mandate must still stand when it happens: what is filed for a firm is filed by
/// somebody who could.
pub fn guard_mandate(cx: &mut Cx, applicant: &crate::Applicant) {
    if let Some(organisation) = applicant.acting() {
        store::guard_mandate(&mut cx.commit, applicant.person(), organisation);
    }
}

/// Ends the mandate of `person` to act for `organisation`: sessions that act for it stop being able to at once.
///
/// # Errors
/// `identity.no-mandate` when there is none.
pub async fn end_mandate(cx: &mut Cx, person: PersonId, organisation: OrganisationId) -> Outcome<()> {
    if !mandates(cx.store(), person).await?.iter().any(|m| m.organisation == organisation) {
        return Err(no_mandate().into());
    }
    let at = cx.now;
    store::end_mandate(&mut cx.commit, person, organisation, at);
    let subject = Subject::new("organisation", organisation);
    let mut head = trace::head(cx.store(), &subject).await?;
    trace::record(cx, &mut head, &subject, &OrganisationEvent::MandateEnded { person }, at)
}

/// Removes what has run out: sessions past their end, lock-outs older than a day, times away a month after their end. Run
/// on a schedule.
///
/// # Errors
/// A fault when the database does not answer.
pub async fn sweep(ground: &Ground) -> Outcome<()> {
    command!(ground, Lang::default(), ActorRef::system(), |cx| {
        let now = cx.now;
        store::sweep(&mut cx.commit, now, later(now, -24 * 60 * MINUTE));
        crate::away::sweep(&mut cx);
        Outcome::Ok(())
    })
}
