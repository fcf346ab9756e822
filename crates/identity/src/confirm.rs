//! Shown again who one is: before something that matters, the password or a code within the last minutes.

use crate::demo::demo_runs;
use crate::events::{self, AccountEvent};
use crate::model::Session;
use crate::password;
use crate::rights::SignedIn;
use crate::second;
use crate::settings::settings;
use crate::sign_in::{self, Origin};
use crate::store;
use crate::verbs::{MINUTE, later};
use ::store::{Cx, Ground, command};
use kernel::{AccountId, Lang, Outcome, Refusal, RefusalKind, Timestamp};

/// That the holder of an account has shown lately who they are; an argument of everything that matters.
#[derive(Debug, Clone)]
pub struct Confirmed {
    account: AccountId,
}

impl Confirmed {
    /// Whether it is about this account.
    ///
    /// # Errors
    /// `identity.confirm-first` when it is another's.
    pub(crate) fn of(&self, account: AccountId) -> Result<(), Refusal> {
        if self.account == account { Ok(()) } else { Err(confirm_first()) }
    }
}

fn confirm_first() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "identity.confirm-first",
        "这项操作比较重要，请先输入登录密码确认是您本人。",
        "This matters: please enter your password first, to confirm that it is you.",
    )
    .field(
        "confirm",
        "请输入登录密码；没有密码的，请先到“登录与安全”用别的方式确认。",
        "Enter your password. Without one, confirm another way under “Sign-in and security” first.",
    )
}

fn wrong() -> Refusal {
    let (zh, en) = ("密码或动态口令不正确。", "The password or the code is not right.");
    Refusal::new(RefusalKind::Invalid, "identity.confirm-wrong", zh, en).field("confirm", zh, en)
}

impl Session {
    /// Whether whoever holds it has shown lately who they are.
    ///
    /// # Errors
    /// `identity.confirm-first` when that is too long ago.
    pub fn confirmed(&self, now: Timestamp) -> Result<Confirmed, Refusal> {
        let minutes = settings().confirm_minutes;
        let fresh = self.confirmed_at.is_some_and(|at| at <= now && now < later(at, minutes * MINUTE));
        if fresh { Ok(Confirmed { account: self.account }) } else { Err(confirm_first()) }
    }
}

/// Confirms by the password, unless that was done within the last minutes; attempts are counted as those of signing in.
///
/// # Errors
/// `identity.confirm-first` when nothing was typed and it is too long ago, `identity.confirm-wrong`, `identity.locked`.
pub async fn confirm(
    ground: &Ground,
    who: &SignedIn,
    password: &str,
    origin: &Origin<'_>,
) -> Outcome<Confirmed> {
    let session = who.session();
    if password.is_empty() {
        return Ok(session.confirmed(ground.clock.now())?);
    }
    sign_in::try_name(ground, &session.account_name, origin).await?;
    if second::looks_like_code(password) {
        return by_code(ground, session, password, origin).await;
    }
    let row = store::account(&ground.store, &session.account_name, demo_runs()).await?;
    if password.len() > password::LONGEST || !password::verify(password, row.map(|a| a.password)).await? {
        return Err(wrong().into());
    }
    command!(ground, Lang::default(), session.actor_ref(), |cx| shown(&mut cx, session, origin).await)
}

/// Six digits are those of the second factor: no password is so short.
async fn by_code(ground: &Ground, session: &Session, code: &str, origin: &Origin<'_>) -> Outcome<Confirmed> {
    command!(ground, Lang::default(), session.actor_ref(), |cx| {
        if second::use_up(&mut cx, session.account, code).await? {
            shown(&mut cx, session, origin).await
        } else {
            Err(wrong().into())
        }
    })
}

/// Adds to the commit that the holder of a session has shown who they are.
pub(crate) async fn shown(cx: &mut Cx, session: &Session, origin: &Origin<'_>) -> Outcome<Confirmed> {
    let now = cx.now;
    sign_in::forgive(cx, &session.account_name, origin);
    store::set_confirmed(&mut cx.commit, session.id, now);
    events::note(cx, session.account, &AccountEvent::Confirmed { session: session.id }).await?;
    Ok(Confirmed { account: session.account })
}
