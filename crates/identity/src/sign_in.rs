//! Signing in: every attempt is counted before it is made, from one place and from anywhere.

use crate::demo::demo_runs;
use crate::events::{self, AccountEvent};
use crate::model::{NewSession, SessionId, SessionKind};
use crate::password;
use crate::second;
use crate::settings::settings;
use crate::store::{self, AccountRow, LockoutRow, NewRow};
use crate::verbs::{MINUTE, later, token_hash};
use ::store::{Cx, Ground, Sealer, command};
use kernel::{ActorKind, ActorRef, Lang, Outcome, Refusal, RefusalKind, Timestamp, rng};
use std::net::IpAddr;

/// So long the code of the second factor is waited for.
const HALF_MINUTES: i64 = 5;

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

/// What came of a name and a password.
#[derive(Clone)]
pub enum Entered {
    /// Signed in.
    In(NewSession),
    /// The password was right and the account has a second factor: its code is asked for with this token, for a few minutes.
    Half(String),
}

/// As [`sign_in`], with where it comes from. An account with a second factor is not let in this way.
///
/// # Errors
/// As [`sign_in`]; `identity.code-needed`.
pub async fn sign_in_from(
    ground: &Ground,
    account: &str,
    password: &str,
    kind: SessionKind,
    origin: &Origin<'_>,
) -> Outcome<NewSession> {
    match enter(ground, account, password, kind, origin).await? {
        Entered::In(session) => Ok(session),
        Entered::Half(_) => Err(code_needed().into()),
    }
}

fn code_needed() -> Refusal {
    let (zh, en) = (
        "这个账号已开通动态口令，请输入6位动态口令。",
        "This account has a second factor: six digits are needed.",
    );
    Refusal::new(RefusalKind::SignIn, "identity.code-needed", zh, en).field("code", zh, en)
}

fn wrong_code() -> Refusal {
    let (zh, en) = ("动态口令或恢复码不正确，或已用过。", "The code is not right, or was used before.");
    Refusal::new(RefusalKind::SignIn, "identity.wrong-code", zh, en).field("code", zh, en)
}

/// The first step of signing in: name and password.
///
/// # Errors
/// As [`sign_in`].
pub async fn enter(
    ground: &Ground,
    account: &str,
    password: &str,
    kind: SessionKind,
    origin: &Origin<'_>,
) -> Outcome<Entered> {
    let name = account.trim();
    let odd = |text: &str, longest: usize| text.is_empty() || text.len() > longest;
    if odd(name, 100) || odd(password, password::LONGEST) || name.chars().any(char::is_control) {
        return Err(wrong().into());
    }
    let tried = try_name(ground, name, origin).await?;
    let row = store::account(&ground.store, name, demo_runs()).await?;
    let fits = password::verify(password, row.as_ref().map(|a| a.password.clone())).await?;
    let Some(row) = row.filter(|_| fits) else {
        tracing::info!(failures = tried, "a sign-in failed");
        return Err(wrong().into());
    };
    let actor = actor_of(&row);
    if row.factors > 0 {
        // The attempts are not forgotten yet: knowing the password is no way to try codes without end.
        return command!(ground, Lang::default(), actor, |cx| half(&mut cx, &row).await);
    }
    let new = command!(ground, Lang::default(), actor, |cx| {
        forgive(&mut cx, name, origin);
        begin(&mut cx, &row, (tried - 1, Through::Password), kind, origin.device).await
    })?;
    Ok(Entered::In(new))
}

/// By what somebody has shown who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Through {
    /// The password, and the second factor if there is one.
    Password,
    /// The national identity service; `anew` when they showed it who they are just now. Whoever was still signed in there may
    /// look, and shows it before something that matters.
    National {
        /// Whether they did.
        anew: bool,
    },
    /// A passkey, which asked for a finger, a face or a PIN itself.
    Passkey,
}

impl Through {
    fn word(self) -> Option<&'static str> {
        match self {
            Self::Password => None,
            Self::National { .. } => Some("national"),
            Self::Passkey => Some("passkey"),
        }
    }
}

/// Lets in whoever has shown by another way than the password whose account it is. The service says who somebody is, not that
/// they hold the telephone: a second factor is asked for all the same. A passkey is two factors in one.
///
/// # Errors
/// A fault when the database does not answer.
pub(crate) async fn enter_proven(
    ground: &Ground,
    row: &AccountRow,
    kind: SessionKind,
    origin: &Origin<'_>,
    through: Through,
) -> Outcome<Entered> {
    let actor = actor_of(row);
    if row.factors > 0 && through != Through::Passkey {
        return command!(ground, Lang::default(), actor, |cx| half(&mut cx, row).await);
    }
    command!(ground, Lang::default(), actor, |cx| {
        begin(&mut cx, row, (0, through), kind, origin.device).await.map(Entered::In)
    })
}

pub(crate) fn actor_of(row: &AccountRow) -> ActorRef {
    ActorRef {
        kind: ActorKind::Applicant,
        account: Some(row.id),
        person: Some(row.person),
        ..ActorRef::system()
    }
}

async fn half(cx: &mut Cx, row: &AccountRow) -> Outcome<Entered> {
    let token = hex::encode(rng::bytes::<32>(cx.ground.rng.as_ref()));
    let until = later(cx.now, HALF_MINUTES * MINUTE);
    store::insert_half(&mut cx.commit, token_hash(&token), row.id, until);
    Ok(Entered::Half(token))
}

/// The second step: the code of the second factor, or a recovery code; each is good once.
///
/// # Errors
/// `identity.half-over` when the first step is too long ago, `identity.wrong-code`, `identity.locked`.
pub async fn enter_code(
    ground: &Ground,
    half: &str,
    code: &str,
    kind: SessionKind,
    origin: &Origin<'_>,
) -> Outcome<NewSession> {
    let hash = token_hash(half);
    let name = store::half(&ground.store, hash, ground.clock.now()).await?.ok_or_else(half_over)?;
    let tried = try_name(ground, &name, origin).await?;
    let row = store::account(&ground.store, &name, demo_runs()).await?.ok_or_else(half_over)?;
    command!(ground, Lang::default(), actor_of(&row), |cx| {
        if code.len() > 100 || !second::use_up(&mut cx, row.id, code).await? {
            return Err(wrong_code().into());
        }
        store::end_half(&mut cx.commit, hash);
        forgive(&mut cx, &name, origin);
        begin(&mut cx, &row, (tried - 1, Through::Password), kind, origin.device).await
    })
}

pub(crate) fn half_over() -> Refusal {
    Refusal::new(
        RefusalKind::SignIn,
        "identity.half-over",
        "等待时间过长，请重新登录。",
        "That took too long; please sign in again.",
    )
}

/// Counts an attempt with a name before it is made.
///
/// # Errors
/// `identity.locked` while the growing delay lasts.
pub(crate) async fn try_name(ground: &Ground, name: &str, origin: &Origin<'_>) -> Outcome<i64> {
    let counters = Counters::of(ground.store.sealer(), name, origin);
    command!(ground, Lang::default(), ActorRef::visitor(), |cx| try_once(&mut cx, &counters).await)
}

/// Adds to the commit that the attempts with a name are forgotten: one of them was right.
pub(crate) fn forgive(cx: &mut Cx, name: &str, origin: &Origin<'_>) {
    let counters = Counters::of(cx.ground.store.sealer(), name, origin);
    for (key, _) in counters.each() {
        store::clear_lockout(&mut cx.commit, key);
    }
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

pub(crate) async fn begin(
    cx: &mut Cx,
    account: &AccountRow,
    (wrong_before, through): (i64, Through),
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
        mandate: account.mandate,
        post: account.post.as_deref(),
        device: &device,
        at: cx.now,
        confirmed_at: Some(cx.now).filter(|_| through != Through::National { anew: false }),
        idle_until,
        expires_at,
    };
    store::insert_session(&mut cx.commit, &row);
    let event = AccountEvent::SignedIn {
        session: id,
        by: kind.to_string(),
        wrong_before,
        through: through.word().map(str::to_owned),
    };
    events::note(cx, account.id, &event).await?;
    Ok(NewSession { token, expires_at })
}
