//! The password changed, and an account found again: by a code kept for it, or at a window by two clerks who saw the document.

use crate::confirm::Confirmed;
use crate::demo::demo_runs;
use crate::events::{self, AccountEvent};
use crate::letters::{self, Letter};
use crate::mandate::same_name;
use crate::model::{RenewalId, Session};
use crate::rights::{Clerk, SignedIn};
use crate::sign_in::{self, Origin};
use crate::store::{self, NewRenewal, RenewalRow, also};
use crate::verbs::{MINUTE, later};
use crate::{password, person_by_citizen_id, profile, second};
use ::store::{Cx, Ground, Store, command};
use kernel::{
    AccountId, ActorKind, ActorRef, Fault, Lang, Outcome, Refusal, RefusalKind, SubjectId, Timestamp,
};

/// A recovery at a window waits so long for the second clerk, and its code so long for the holder.
const RENEWAL_HOURS: i64 = 24;

/// Refuses what would lock others out of an account that the demonstration lends to everybody.
pub(crate) async fn own_account(store: &Store, account: AccountId) -> Outcome<()> {
    let standing = store::standing(store, account).await?.ok_or_else(Refusal::not_found)?;
    if standing.listed.is_none() {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::Forbidden,
        "identity.demo-fixed",
        "这是登录页上公用的演示账号，登录方式不能更改。",
        "This is a demonstration account that everybody uses; how one signs in with it stays as it is.",
    )
    .next(
        "可以用没有列出的演示账号（如 citizen2）试用。",
        "Try it with one that is not listed, such as citizen2.",
    )
    .into())
}

/// What is known of somebody and makes a poor password: the account's name, their name.
fn own<'a>(account: &'a str, person: &'a str) -> [&'a str; 3] {
    [account, person, "yimen"]
}

/// Changes the password; all other sign-ins of the account end.
///
/// # Errors
/// `identity.password-*` and `identity.demo-fixed` refusals.
pub async fn change_password(
    ground: &Ground,
    who: &SignedIn,
    sure: &Confirmed,
    new: &str,
    again: &str,
) -> Outcome<()> {
    let session = who.session();
    sure.of(session.account)?;
    let normal = password::new(new, again, &own(&session.account_name, &session.person_name))?;
    password::not_breached(&normal).await?;
    own_account(&ground.store, session.account).await?;
    not_a_number_of(&ground.store, session, &normal).await?;
    let row = store::account(&ground.store, &session.account_name, demo_runs()).await?;
    let was = row.ok_or_else(Refusal::not_found)?.password;
    let hash = password::hash(&normal, ground.rng.as_ref()).await?;
    command!(ground, Lang::default(), session.actor_ref(), |cx| {
        let now = cx.now;
        store::set_password(&mut cx.commit, session.account, &hash, &was, now);
        store::end_other_sessions(&mut cx.commit, session.account, session.id);
        letters::tell(&mut cx, session.account, Letter::WaysChanged)?;
        events::note(&mut cx, session.account, &AccountEvent::PasswordChanged).await
    })
}

/// An identity number is no secret: it is found by its index, so that nothing is opened for this.
async fn not_a_number_of(store: &Store, session: &Session, password: &str) -> Outcome<()> {
    let chars: Vec<char> = password.chars().collect();
    for part in chars.windows(18) {
        let part: String = part.iter().collect();
        let number = part.bytes().all(|b| b.is_ascii_alphanumeric());
        if number && person_by_citizen_id(store, &part).await? == Some(session.person) {
            let (zh, en) = (
                "密码里有您的身份证号，请换一个。",
                "This password holds your identity number; choose another.",
            );
            return Err(Refusal::new(RefusalKind::Invalid, "identity.password-own", zh, en)
                .field("new", zh, en)
                .into());
        }
    }
    Ok(())
}

/// What somebody types to find their account again.
#[derive(Clone)]
pub struct Found<'a> {
    /// The account's name.
    pub account: &'a str,
    /// A recovery code, or the code from a window.
    pub code: &'a str,
    /// The six digits of the second factor, when it has one and the code is one's own.
    pub second: &'a str,
    /// The new password.
    pub new: &'a str,
    /// The same again.
    pub again: &'a str,
}

fn wrong() -> Refusal {
    let (zh, en) = (
        "账号、恢复码或动态口令不正确。",
        "The account, the recovery code or the code of the second factor is not right.",
    );
    Refusal::new(RefusalKind::SignIn, "identity.recovery-wrong", zh, en)
        .field("account", zh, en)
        .next("请核对后再试，或带身份证件到窗口办理。", "Check them, or come to a window with your document.")
}

/// Sets a new password by a code; every sign-in of the account ends. A code of one's own does not do away with the second
/// factor, one from a window does. Attempts are counted as those of signing in.
///
/// # Errors
/// `identity.recovery-wrong`, `identity.locked`, `identity.password-*`.
pub async fn recover(ground: &Ground, typed: &Found<'_>, origin: &Origin<'_>) -> Outcome<()> {
    let name = typed.account.trim();
    if name.is_empty() || name.len() > 100 || name.chars().any(char::is_control) || typed.code.len() > 100 {
        return Err(wrong().into());
    }
    let normal = password::new(typed.new, typed.again, &own(name, name))?;
    password::not_breached(&normal).await?;
    sign_in::try_name(ground, name, origin).await?;
    let row = store::account(&ground.store, name, demo_runs()).await?.ok_or_else(wrong)?;
    own_account(&ground.store, row.id).await?;
    let hash = password::hash(&normal, ground.rng.as_ref()).await?;
    let actor = ActorRef {
        kind: ActorKind::Applicant,
        account: Some(row.id),
        person: Some(row.person),
        ..ActorRef::system()
    };
    command!(ground, Lang::default(), actor, |cx| {
        let by = proven(&mut cx, row.id, typed).await?;
        let now = cx.now;
        store::set_password(&mut cx.commit, row.id, &hash, &row.password, now);
        store::recovered(&mut cx.commit, row.id, by, now);
        store::delete_passkeys(&mut cx.commit, row.id);
        sign_in::forgive(&mut cx, name, origin);
        letters::tell(&mut cx, row.id, Letter::Recovered)?;
        events::note(&mut cx, row.id, &AccountEvent::Recovered { by: by.to_owned() }).await
    })
}

/// By what somebody has shown that the account is theirs; adds to the commit that it is used up.
async fn proven(cx: &mut Cx, account: AccountId, typed: &Found<'_>) -> Outcome<&'static str> {
    let blind = second::blind(cx.store(), account, typed.code);
    if let Some(renewal) = store::told_renewal(cx.store(), account, &blind, cx.now).await? {
        store::use_renewal(&mut cx.commit, renewal);
        store::delete_factor(&mut cx.commit, account);
        store::delete_codes(&mut cx.commit, account);
        return Ok("window");
    }
    if !second::use_recovery(cx, account, typed.code).await? {
        return Err(wrong().into());
    }
    let factor = store::factor(cx.store(), account).await?.is_some_and(|f| f.state == "active");
    // Two recovery codes are no two factors: the digits of the telephone are asked for.
    if factor && !(second::looks_like_code(typed.second) && second::use_up(cx, account, typed.second).await?)
    {
        return Err(wrong().into());
    }
    Ok("code")
}

/// A recovery that waits for a second clerk.
#[derive(Debug, Clone)]
pub struct Renewal {
    /// Its id.
    pub id: RenewalId,
    /// The account's name.
    pub account: String,
    /// Whose it is.
    pub person_name: String,
    /// The clerk who saw the document first.
    pub first_name: String,
    /// Whether that is whoever asks.
    pub own: bool,
    /// When.
    pub made_at: Timestamp,
}

fn nobody() -> Refusal {
    let (zh, en) = (
        "没有查到姓名和身份证号都相符、有账号的人。",
        "Nobody with this name and this identity number has an account here.",
    );
    Refusal::new(RefusalKind::Invalid, "identity.renewal-nobody", zh, en).field("number", zh, en)
}

/// A clerk begins a recovery for somebody who stands at the window with their document; nothing changes until a second clerk
/// has seen it too.
///
/// # Errors
/// `identity.renewal-nobody`, whether the number, the name or the account is not known.
pub async fn begin_renewal(cx: &mut Cx, clerk: &Clerk, number: &str, name: &str) -> Outcome<RenewalId> {
    let person = person_by_citizen_id(cx.store(), number.trim()).await?.ok_or_else(nobody)?;
    let known = profile(cx.store(), SubjectId::Person(person)).await?.ok_or_else(nobody)?;
    if !same_name(&known.name, name) {
        return Err(nobody().into());
    }
    let found = store::account_of(cx.store(), person, also(demo_runs())).await?;
    let (account, _) = found.ok_or_else(nobody)?;
    own_account(cx.store(), account).await?;
    let (id, at): (RenewalId, _) = (cx.new_id(), cx.now);
    let row = NewRenewal {
        id,
        account,
        agency: clerk.agency().as_str(),
        first: clerk.account(),
        at,
        expires_at: later(at, RENEWAL_HOURS * 60 * MINUTE),
    };
    store::insert_renewal(&mut cx.commit, &row);
    letters::tell(cx, account, Letter::RecoveryBegun)?;
    events::note(cx, account, &AccountEvent::RecoveryBegun { renewal: id, clerk: clerk.account() }).await?;
    Ok(id)
}

/// The recoveries of the clerk's agency that wait for a second clerk.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn renewals(store: &Store, clerk: &Clerk, now: Timestamp) -> Result<Vec<Renewal>, Fault> {
    let rows = store::renewals(store, clerk.agency().as_str(), now).await?;
    let one = |r: RenewalRow| Renewal {
        id: r.id,
        account: r.account_name,
        person_name: r.person_name,
        first_name: r.first_name,
        own: r.first == clerk.account(),
        made_at: r.made_at,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// The second clerk has seen the document too: the code is told once, to be handed to the holder, who sets a new password with it.
///
/// # Errors
/// Not found when nothing waits; `identity.renewal-same` for whoever began it; `identity.renewal-nobody` when the number is not
/// the holder's.
pub async fn finish_renewal(cx: &mut Cx, clerk: &Clerk, id: RenewalId, number: &str) -> Outcome<String> {
    let waiting = store::renewals(cx.store(), clerk.agency().as_str(), cx.now).await?;
    let found = waiting.into_iter().find(|r| r.id == id).ok_or_else(Refusal::not_found)?;
    if found.first == clerk.account() {
        return Err(Refusal::new(
            RefusalKind::Forbidden,
            "identity.renewal-same",
            "须由另一位窗口人员核验。",
            "Another clerk must look too.",
        )
        .next("请同事用自己的账号核验。", "Ask a colleague to do it with their own account.")
        .into());
    }
    if person_by_citizen_id(cx.store(), number.trim()).await? != Some(found.person) {
        return Err(nobody().into());
    }
    let code = second::code_of(cx);
    let blind = second::blind(cx.store(), found.account, &code);
    let until = later(cx.now, RENEWAL_HOURS * 60 * MINUTE);
    store::tell_renewal(&mut cx.commit, id, clerk.account(), &blind, until);
    let event = AccountEvent::RecoveryTold { renewal: id, clerk: clerk.account() };
    events::note(cx, found.account, &event).await?;
    Ok(code)
}
