//! The way there and back. Nothing is written before somebody has come back with an answer that checks out; each answer is
//! good once. An account is joined by the identity number and the name, and never changes hands.

use super::National;
use super::rules::{Expected, Vouched, vouched};
use super::service::{challenge, odd};
use crate::demo::demo_runs;
use crate::events::{self, AccountEvent};
use crate::letters::{self, Letter};
use crate::mandate::same_name;
use crate::model::{Session, SessionId, SessionKind};
use crate::once::{self, Back};
use crate::register;
use crate::sign_in::{self, Entered, Origin, Through};
use crate::store::{self, NewAccount, NewJoined, also};
use crate::{Confirmed, confirm, password, person_by_citizen_id, profile, second};
use ::store::{Cx, Ground, Store, command};
use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{
    AccountId, ActorRef, Fault, Lang, Outcome, PersonId, Refusal, RefusalKind, SubjectId, Timestamp, rng,
};
use page::House;
use serde::{Deserialize, Serialize};

/// The cookie that waits for the answer.
const COOKIE: &str = "national";
/// So long somebody may take there.
const MINUTES: i64 = 10;
/// A longer address to come back to is not kept.
const NEXT_MAX: usize = 1_000;
const CODE_MAX: usize = 4_096;

/// What is kept in the browser while somebody is there.
#[derive(Serialize, Deserialize)]
struct Visit {
    state: String,
    nonce: String,
    verifier: String,
    next: String,
    /// The session that shall be confirmed, when it is not for signing in.
    confirms: Option<SessionId>,
    since: i64,
}

/// What the service's answer came to.
pub(crate) enum Came {
    /// Somebody is in, or half in.
    In(Entered),
    /// Somebody who was in has shown again who they are.
    Sure,
}

/// What comes with the address that the service sends a browser back to.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Answer {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    iss: Option<String>,
    error: Option<String>,
}

fn back_to(house: &House) -> String {
    format!("{}/login/national/back", house.site.base_url)
}

/// Where the browser goes to; what it brings back is kept in a cookie of its own.
///
/// # Errors
/// `identity.national-away`.
pub(crate) async fn begin(
    headers: &mut HeaderMap,
    house: &House,
    national: &National,
    next: &str,
    confirms: Option<&Session>,
    lang: Lang,
) -> Outcome<String> {
    let (chance, now) = (house.ground.rng.as_ref(), house.ground.clock.now());
    let secret = || URL_SAFE_NO_PAD.encode(rng::bytes::<32>(chance));
    let visit = Visit {
        state: secret(),
        nonce: secret(),
        verifier: secret(),
        next: if next.len() > NEXT_MAX { String::new() } else { next.to_owned() },
        confirms: confirms.map(|session| session.id),
        since: now.as_microsecond(),
    };
    let (service, back, challenge) = (&national.service, back_to(house), challenge(&visit.verifier));
    let levels = service.assurance.join(" ");
    let mut asked = vec![
        ("response_type", "code"),
        ("client_id", &*service.client_id),
        ("redirect_uri", &back),
        ("scope", &service.scope),
        ("state", &visit.state),
        ("nonce", &visit.nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("ui_locales", lang.tag()),
    ];
    if !levels.is_empty() {
        asked.push(("acr_values", &levels));
    }
    if confirms.is_some() {
        // Whoever sits there shows anew who they are: that somebody was signed in there is not enough.
        asked.extend([("prompt", "login"), ("max_age", "0")]);
    }
    let door = national.door(now, &asked).await?;
    once::hand(headers, house, COOKIE, &visit, MINUTES)?;
    Ok(door)
}

fn lost() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "identity.national-lost",
        "这次身份认证不是从这个浏览器发起的，或者已经超过10分钟，没有登录。",
        "This was not begun in this browser, or more than ten minutes ago; you are not signed in.",
    )
    .next("请在这里重新登录。", "Please begin again here.")
}

fn broken_off() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "identity.national-broken-off",
        "您没有完成身份认证，没有登录。",
        "You did not finish there; you are not signed in.",
    )
    .next("可以再试一次，或用账号密码登录。", "Try again, or sign in with account and password.")
}

/// What an answer of the service comes to, and where the person had wanted to go.
pub(crate) async fn came_back(
    house: &House,
    national: &National,
    headers: &HeaderMap,
    answer: &Answer,
    who: Option<&Session>,
    origin: &Origin<'_>,
) -> (String, Outcome<Came>) {
    let Some(back) = once::back::<Visit>(house, headers, COOKIE) else {
        return (String::new(), Err(lost().into()));
    };
    let came = check(house, national, answer, &back, who, origin).await;
    (back.what.next, came)
}

/// Takes the cookie away: its answer has come.
pub(crate) fn leave(headers: &mut HeaderMap, house: &House) {
    once::clear(headers, house, COOKIE);
}

async fn check(
    house: &House,
    national: &National,
    answer: &Answer,
    back: &Back<Visit>,
    who: Option<&Session>,
    origin: &Origin<'_>,
) -> Outcome<Came> {
    let (ground, visit) = (&house.ground, &back.what);
    if !second::same(&answer.state, &visit.state) {
        return Err(lost().into());
    }
    // Before the service is asked: an address that is opened twice asks it once.
    once::spend_now(ground, back).await?;
    let now = ground.clock.now();
    national.answers_itself(now, answer.iss.as_deref()).await?;
    match answer.error.as_deref() {
        None => {}
        Some("access_denied") => return Err(broken_off().into()),
        Some(error) => {
            let error: String = error.chars().filter(|c| !c.is_control()).take(60).collect();
            tracing::warn!(issuer = national.service.issuer, error, "the national identity service refused");
            return Err(broken_off().into());
        }
    }
    if answer.code.is_empty() || answer.code.len() > CODE_MAX {
        return Err(odd().into());
    }
    let claims = national.claims(now, &answer.code, &visit.verifier, &back_to(house)).await?;
    let expected = Expected {
        service: &national.service,
        nonce: &visit.nonce,
        now: ground.clock.now(),
        since: kernel::clock::from_micros(visit.since),
        anew: visit.confirms.is_some(),
    };
    let person = vouched(&claims, &expected).map_err(|defect| refused(national, defect))?;
    match visit.confirms {
        Some(session) => {
            let who = who.filter(|who| who.id == session).ok_or_else(lost)?;
            sure(ground, national, &person, who, origin).await?;
            Ok(Came::Sure)
        }
        None => enter(ground, national, &person, origin).await.map(Came::In),
    }
}

fn refused(national: &National, defect: super::rules::Defect) -> Refusal {
    use super::rules::Defect;
    tracing::warn!(issuer = national.service.issuer, ?defect, "a token was not taken");
    let window = |refusal: Refusal| {
        refusal.next(
            "请用账号密码登录，或带身份证件到政务服务窗口办理。",
            "Sign in with account and password, or come to a service window with your document.",
        )
    };
    match defect {
        Defect::Unverified | Defect::Person => window(Refusal::new(
            RefusalKind::Forbidden,
            "identity.national-unverified",
            "认证服务没有核实您的身份证号，不能用来登录。",
            "The service does not vouch for your identity number, so it cannot sign you in here.",
        )),
        Defect::Assurance => window(Refusal::new(
            RefusalKind::Forbidden,
            "identity.national-assurance",
            "您在认证服务的认证级别不够，不能用来登录。",
            "The service is not sure enough of who you are to sign you in here.",
        )),
        Defect::Stale => Refusal::new(
            RefusalKind::Forbidden,
            "identity.national-stale",
            "认证服务没有重新核验您本人。",
            "The service did not ask you anew who you are.",
        )
        .next("请再试一次，或输入登录密码。", "Try again, or enter your password."),
        _ => odd(),
    }
}

fn subject_blind(store: &Store, national: &National, person: &Vouched) -> String {
    store.sealer().blind("identity.joined", &format!("{}\n{}", national.service.issuer, person.subject))
}

/// Confirms a session: the account must be joined with whoever came back.
async fn sure(
    ground: &Ground,
    national: &National,
    person: &Vouched,
    who: &Session,
    origin: &Origin<'_>,
) -> Outcome<Confirmed> {
    let blind = subject_blind(&ground.store, national, person);
    let joined = store::joined(&ground.store, &national.service.issuer, &blind).await?;
    if joined.map(|(account, ..)| account) != Some(who.account) {
        return Err(somebody_else().into());
    }
    command!(ground, Lang::default(), who.actor_ref(), |cx| confirm::shown(&mut cx, who, origin).await)
}

fn somebody_else() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "identity.national-other",
        "认证的身份与这里登记的不一致，没有登录，也没有改动任何账号。",
        "Whom the service names is not whom we have on record; you are not signed in, and no account was changed.",
    )
    .next(
        "请用账号密码登录，或带身份证件到政务服务窗口核对登记信息。",
        "Sign in with account and password, or come to a service window with your document to have the record checked.",
    )
}

/// Lets in whom the service vouches for; an account with a second factor still asks for its code.
async fn enter(
    ground: &Ground,
    national: &National,
    person: &Vouched,
    origin: &Origin<'_>,
) -> Outcome<Entered> {
    let account =
        command!(ground, Lang::default(), ActorRef::visitor(), |cx| settle(&mut cx, national, person).await)?;
    let found = store::account_by_id(&ground.store, account, demo_runs()).await?;
    let (row, _) = found.ok_or_else(somebody_else)?;
    let through = Through::National { anew: person.anew };
    sign_in::enter_proven(ground, &row, SessionKind::Cookie, origin, through).await
}

/// The account of whom the service vouches for: joined before, joined now, or made now.
async fn settle(cx: &mut Cx, national: &National, person: &Vouched) -> Outcome<AccountId> {
    let issuer = &national.service.issuer;
    let blind = subject_blind(cx.store(), national, person);
    let holder = person_by_citizen_id(cx.store(), person.number.as_str()).await?;
    if let Some((account, owner, posts)) = store::joined(cx.store(), issuer, &blind).await? {
        // Whoever has got a post since then signs in as staff do: the service vouches for a citizen.
        return if holder == Some(owner) && posts == 0 { Ok(account) } else { Err(somebody_else().into()) };
    }
    let mut noted = Vec::new();
    let own = match holder {
        Some(holder) => known(cx, person, holder).await?.ok_or(holder),
        None => Err(register::insert(cx, person.name.clone(), &person.number, (person.phone.clone(), None))?),
    };
    let account = match own {
        Ok(account) => account,
        Err(holder) => {
            noted.push(AccountEvent::Created);
            open_account(cx, holder).await?
        }
    };
    if store::joined_since(cx.store(), account, issuer).await?.is_some() {
        // The same number under another name of the service's: one of the two is not theirs.
        return Err(somebody_else().into());
    }
    let joined = NewJoined { issuer, blind: &blind, account, assurance: &person.assurance, at: cx.now };
    store::insert_joined(&mut cx.commit, &joined);
    noted.push(AccountEvent::Joined { issuer: issuer.clone(), assurance: person.assurance.clone() });
    events::note_all(cx, account, &noted).await?;
    letters::tell(cx, account, Letter::Joined)?;
    Ok(account)
}

/// The account of somebody whom the register knows, if the name is theirs too; none when they never had one.
async fn known(cx: &Cx, person: &Vouched, holder: PersonId) -> Outcome<Option<AccountId>> {
    let profile = profile(cx.store(), SubjectId::Person(holder)).await?.ok_or_else(somebody_else)?;
    if !same_name(&profile.name, &person.name) {
        return Err(somebody_else().into());
    }
    match store::account_of(cx.store(), holder, also(demo_runs())).await? {
        Some((account, _)) => Ok(Some(account)),
        // Whose account was closed does not get a new one by another door.
        None if store::had_account(cx.store(), holder).await? => Err(somebody_else().into()),
        None => Ok(None),
    }
}

/// An account with a password that nobody knows; its holder sets one when they want to sign in with one too.
async fn open_account(cx: &mut Cx, person: PersonId) -> Outcome<AccountId> {
    let chance = cx.ground.rng.clone();
    let secret = hex::encode(rng::bytes::<32>(chance.as_ref()));
    let password = password::hash(&secret, chance.as_ref()).await?;
    let id: AccountId = cx.new_id();
    let name = format!("u{:09}", u32::from_be_bytes(rng::bytes::<4>(chance.as_ref())) % 1_000_000_000);
    let (note, at) = (kernel::Text::default(), cx.now);
    let account = NewAccount {
        id,
        name: &name,
        person,
        password: &password,
        state: also(demo_runs()),
        acting: None,
        place: None,
        note: &note,
        at,
    };
    store::insert_account(&mut cx.commit, &account);
    Ok(id)
}

/// Since when an account is joined with the service.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub(crate) async fn joined_since(
    store: &Store,
    national: &National,
    account: AccountId,
) -> Result<Option<Timestamp>, Fault> {
    store::joined_since(store, account, &national.service.issuer).await
}
