//! Signing in: every attempt is counted before it is made, from one place and from anywhere.

use crate::demo::demo_runs;
use crate::events::{self, AccountEvent};
use crate::model::{NewSession, SessionId, SessionKind};
use crate::password;
use crate::settings::settings;
use crate::store::{self, AccountRow, LockoutRow, NewRow};
use crate::verbs::{MINUTE, later, token_hash};
use ::store::{Cx, Ground, Sealer, command};
use kernel::{ActorKind, ActorRef, Lang, Outcome, Refusal, RefusalKind, Timestamp, rng};
use std::net::IpAddr;

/// Where a sign-in comes from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin<'a> {
    /// What the browser or program calls itself.
    pub device: &'a str,
    /// The client's address as the server sees it; behind a proxy that is the proxy's, and all clients are one place.
    pub address: Option<IpAddr>,
}

impl Origin<'_> {
    /// The place that attempts are counted by: one address, of IPv6 the /64 that one subscriber has.
    fn place(&self) -> String {
        match self.address.map(|address| address.to_canonical()) {
            None => String::new(),
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        }
    }
}

/// Under which keys the attempts with a name are counted. From one place few are free, so that nobody elsewhere can lock
/// the owner out; from anywhere together more are, so that many places are no way to guess.
struct Counters {
    here: String,
    anywhere: String,
}

impl Counters {
    fn of(sealer: &Sealer, name: &str, origin: &Origin<'_>) -> Self {
        Self {
            here: sealer.blind("identity.lockout.place", &format!("{name}\n{}", origin.place())),
            anywhere: sealer.blind("identity.lockout", name),
        }
    }

    fn each(&self) -> [(&str, i64); 2] {
        [(&self.here, settings().free_attempts), (&self.anywhere, settings().free_attempts_anywhere)]
    }
}

fn wrong() -> Refusal {
    Refusal::new(
        RefusalKind::SignIn,
        "identity.wrong-credentials",
        "账号或密码不正确。",
        "The account or the password is not right.",
    )
    .next(
        "请检查后再试；多次输错后需要等待。",
        "Check both and try again; after several mistakes you will have to wait.",
    )
}

fn locked(until: Timestamp, now: Timestamp) -> Refusal {
    let seconds = (until.as_microsecond() - now.as_microsecond()).max(0) / 1_000_000 + 1;
    let (zh, en) = if seconds <= 90 {
        (format!("{seconds}秒"), format!("{seconds} seconds"))
    } else {
        (format!("{}分钟", (seconds + 59) / 60), format!("{} minutes", (seconds + 59) / 60))
    };
    Refusal::new(
        RefusalKind::TooMany,
        "identity.locked",
        format!("这个账号连续输错密码，须再等{zh}才能登录。"),
        format!("Too many wrong passwords for this account: wait another {en}."),
    )
    .next("忘记密码请拨打服务热线。", "If you have forgotten the password, call the hotline.")
}

/// Signs in; the answer's token is told once. Unknown accounts and wrong passwords are answered alike, in the same time.
///
/// # Errors
/// `identity.wrong-credentials`, or `identity.locked` while the growing delay after wrong passwords lasts.
pub async fn sign_in(
    ground: &Ground,
    account: &str,
    password: &str,
    kind: SessionKind,
) -> Outcome<NewSession> {
    sign_in_from(ground, account, password, kind, &Origin::default()).await
}

/// As [`sign_in`], with where it comes from.
///
/// # Errors
/// As [`sign_in`].
pub async fn sign_in_from(
    ground: &Ground,
    account: &str,
    password: &str,
    kind: SessionKind,
    origin: &Origin<'_>,
) -> Outcome<NewSession> {
    let name = account.trim();
    let odd = |text: &str, longest: usize| text.is_empty() || text.len() > longest;
    if odd(name, 100) || odd(password, password::LONGEST) || name.chars().any(char::is_control) {
        return Err(wrong().into());
    }
    let counters = Counters::of(ground.store.sealer(), name, origin);
    let tried =
        command!(ground, Lang::default(), ActorRef::visitor(), |cx| try_once(&mut cx, &counters).await)?;
    let row = store::account(&ground.store, name, demo_runs()).await?;
    let fits = password::verify(password, row.as_ref().map(|a| a.password.clone())).await?;
    let Some(row) = row.filter(|_| fits) else {
        tracing::info!(failures = tried, "a sign-in failed");
        return Err(wrong().into());
    };
    let actor = ActorRef {
        kind: ActorKind::Applicant,
        account: Some(row.id),
        person: Some(row.person),
        ..ActorRef::system()
    };
    command!(ground, Lang::default(), actor, |cx| {
        for (key, _) in counters.each() {
            store::clear_lockout(&mut cx.commit, key);
        }
        begin(&mut cx, &row, tried - 1, kind, origin.device).await
    })
}

/// Counts an attempt before it is made, so that many at once are no way round the delay; answers how many there were.
async fn try_once(cx: &mut Cx, counters: &Counters) -> Outcome<i64> {
    let mut tried = 0;
    for (key, free) in counters.each() {
        let old = store::lockout(cx.store(), key).await?;
        if let Some(old) = old.as_ref().filter(|o| o.locked_until > cx.now) {
            return Err(locked(old.locked_until, cx.now).into());
        }
        let new = failed_once_more(old.as_ref(), free, cx.now);
        store::put_lockout(&mut cx.commit, key, old.as_ref(), &new);
        tried = new.failures;
    }
    Ok(tried)
}

/// The next state of a counter; a day without an attempt is forgotten.
fn failed_once_more(old: Option<&LockoutRow>, free: i64, now: Timestamp) -> LockoutRow {
    let s = settings();
    let forgotten = later(now, -24 * 60 * MINUTE);
    let failures = old.filter(|o| o.last_at > forgotten).map_or(0, |o| o.failures) + 1;
    let over = failures - free;
    let delay = if over < 0 {
        0
    } else {
        let doublings = u32::try_from(over.min(20)).unwrap_or(0);
        s.first_delay_seconds.saturating_mul(1 << doublings).min(s.longest_delay_seconds)
    };
    LockoutRow { failures, last_at: now, locked_until: later(now, delay * 1_000_000) }
}

async fn begin(
    cx: &mut Cx,
    account: &AccountRow,
    wrong_before: i64,
    kind: SessionKind,
    device: &str,
) -> Outcome<NewSession> {
    let s = settings();
    let chance = cx.ground.rng.as_ref();
    let token = hex::encode(rng::bytes::<32>(chance));
    let csrf = hex::encode(rng::bytes::<16>(chance));
    let expires_at = later(cx.now, s.absolute_hours * 60 * MINUTE);
    let idle_until = match kind {
        SessionKind::Cookie => later(cx.now, s.idle_minutes * MINUTE).min(expires_at),
        SessionKind::Token => expires_at,
    };
    let device: String = device.chars().filter(|c| !c.is_control()).take(200).collect();
    let id: SessionId = cx.new_id();
    let row = NewRow {
        token_hash: token_hash(&token),
        id,
        account: account.id,
        kind,
        csrf,
        acting: account.acting,
        post: account.post.as_deref(),
        device: &device,
        at: cx.now,
        idle_until,
        expires_at,
    };
    store::insert_session(&mut cx.commit, &row);
    let event = AccountEvent::SignedIn { session: id, by: kind.to_string(), wrong_before };
    events::note(cx, account.id, &event).await?;
    Ok(NewSession { token, expires_at })
}
