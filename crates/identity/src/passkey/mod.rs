//! Passkeys (通行密钥): a key in a telephone, a computer or a stick, that shows a finger, a face or a PIN by itself. One signs in with
//! it alone, uses it instead of the six digits, and confirms with it what matters.

mod answer;
mod cose;

pub(crate) use answer::Place;

use crate::confirm::{self, Confirmed};
use crate::demo::demo_runs;
use crate::events::{self, AccountEvent};
use crate::letters::{self, Letter};
use crate::model::{NewSession, PasskeyId, Session, SessionId, SessionKind};
use crate::once::{self, Back};
use crate::settings::settings;
use crate::sign_in::{self, Origin, Through};
use crate::store::{self, NewPasskey, PasskeyRow};
use crate::verbs::token_hash;
use ::store::{Cx, command};
use answer::{Shown, Wrong, made};
use axum::http::{HeaderMap, Uri};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{AccountId, Fault, Lang, Outcome, Refusal, RefusalKind, rng};
use page::House;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The cookie that holds the question.
const COOKIE: &str = "passkey";
/// So long an answer is waited for.
const MINUTES: i64 = 5;
/// The most passkeys of an account.
const MOST: usize = 20;
/// The most characters of a passkey's name.
const LABEL_MAX: usize = 40;

/// What a question is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Purpose {
    Make,
    Show,
}

/// The question, as the browser keeps it sealed.
#[derive(Serialize, Deserialize)]
struct Question {
    challenge: Vec<u8>,
    purpose: Purpose,
    /// In which session it was asked.
    session: Option<SessionId>,
}

/// For whom passkeys are good here: the domain of the configuration, else the host of the site's address. A bare number (as of a
/// machine on one's desk) can have none.
pub(crate) fn place(house: &House) -> Option<Place> {
    let base = &house.site.base_url;
    let uri: Uri = base.parse().ok()?;
    let host = uri.host()?;
    if host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[') {
        return None;
    }
    let own = settings().passkey_domain.as_str();
    let below = host == own || host.ends_with(&format!(".{own}"));
    let domain = if own.is_empty() { host } else { Some(own).filter(|_| below)? };
    Some(Place { domain: domain.to_owned(), origin: base.clone() })
}

fn none_here() -> Refusal {
    Refusal::new(
        RefusalKind::NotFound,
        "identity.no-passkeys",
        "本站现在的网址不能使用通行密钥。",
        "Passkeys do not work at this address of the site.",
    )
}

fn wrong(why: Wrong) -> Refusal {
    tracing::info!(?why, "a passkey's answer was not taken");
    let (zh, en) = match why {
        Wrong::Counter => (
            "这把通行密钥可能被复制过，不能再用。请用别的方式登录后把它删除。",
            "There may be two of this passkey, so it is no longer good. Sign in another way and remove it.",
        ),
        Wrong::Unverified => (
            "设备没有核验您本人（指纹、面容或密码）。",
            "The device did not check that it was you (finger, face or PIN).",
        ),
        Wrong::Algorithm => ("不支持这种通行密钥。", "This kind of passkey is not supported."),
        _ => ("通行密钥核对不上。", "The passkey did not check out."),
    };
    Refusal::new(RefusalKind::Invalid, "identity.passkey-wrong", zh, en)
        .next("请再试一次，或用别的方式。", "Try again, or another way.")
}

fn unknown() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "identity.passkey-unknown",
        "这里没有登记这把通行密钥。",
        "This passkey is not known here.",
    )
    .next("可能已经被删除，请用别的方式登录。", "It may have been removed; please sign in another way.")
}

fn late() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "identity.passkey-late",
        "等待时间过长，或者不是在这个浏览器里开始的。",
        "That took too long, or was not begun in this browser.",
    )
    .next("请再按一次按钮。", "Press the button once more.")
}

fn ask(
    headers: &mut HeaderMap,
    house: &House,
    purpose: Purpose,
    session: Option<&Session>,
) -> Result<String, Fault> {
    let challenge = rng::bytes::<32>(house.ground.rng.as_ref()).to_vec();
    let text = URL_SAFE_NO_PAD.encode(&challenge);
    let question = Question { challenge, purpose, session: session.map(|s| s.id) };
    once::hand(headers, house, COOKIE, &question, MINUTES)?;
    Ok(text)
}

/// The question to show a passkey, for the browser; of somebody who is signed in also how many they have.
///
/// # Errors
/// `identity.no-passkeys` where the site's address can have none.
pub(crate) async fn ask_to_show(
    headers: &mut HeaderMap,
    house: &House,
    session: Option<&Session>,
) -> Outcome<Value> {
    let Some(place) = place(house) else {
        // Every page that confirms asks whether somebody has one: where there are none, nobody has.
        return if session.is_some() { Ok(json!({ "have": 0 })) } else { Err(none_here().into()) };
    };
    let have = match session {
        Some(session) => store::passkeys(&house.ground.store, session.account).await?.len(),
        None => 0,
    };
    let challenge = ask(headers, house, Purpose::Show, session)?;
    Ok(json!({
        "have": have,
        "options": {
            "challenge": challenge,
            "rpId": place.domain,
            "userVerification": "required",
            "timeout": MINUTES * 60_000,
        },
    }))
}

/// The question to make a passkey, for the browser.
///
/// # Errors
/// `identity.no-passkeys`, `identity.demo-fixed` for accounts that everybody uses, `identity.passkeys-many`.
pub(crate) async fn ask_to_make(
    headers: &mut HeaderMap,
    house: &House,
    session: &Session,
    sure: &Confirmed,
) -> Outcome<Value> {
    sure.of(session.account)?;
    let place = place(house).ok_or_else(none_here)?;
    crate::secrets::own_account(&house.ground.store, session.account).await?;
    let own = store::passkeys(&house.ground.store, session.account).await?;
    not_too_many(own.len())?;
    let challenge = ask(headers, house, Purpose::Make, Some(session))?;
    let named = |credential: &[u8]| json!({ "type": "public-key", "id": URL_SAFE_NO_PAD.encode(credential) });
    let kinds: Vec<Value> =
        cose::ALGORITHMS.iter().map(|alg| json!({ "type": "public-key", "alg": alg })).collect();
    Ok(json!({
        "options": {
            "challenge": challenge,
            "rp": { "id": place.domain, "name": house.site.name.get(Lang::ZhCn) },
            "user": {
                "id": URL_SAFE_NO_PAD.encode(session.account.uuid().as_bytes()),
                "name": session.account_name,
                "displayName": session.account_name,
            },
            "pubKeyCredParams": kinds,
            "excludeCredentials": own.iter().map(|p| named(&p.credential)).collect::<Vec<_>>(),
            "authenticatorSelection": { "residentKey": "required", "userVerification": "required" },
            "attestation": "none",
            "timeout": MINUTES * 60_000,
        },
    }))
}

fn not_too_many(count: usize) -> Result<(), Refusal> {
    if count < MOST {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::Conflict,
        "identity.passkeys-many",
        format!("一个账号最多{MOST}把通行密钥。"),
        format!("An account has {MOST} passkeys at most."),
    )
    .next("请先删除不用的。", "Remove those that you do not use."))
}

fn label_of(text: &str) -> Result<String, Refusal> {
    let label = text.trim();
    if !label.is_empty() && label.chars().count() <= LABEL_MAX && !label.chars().any(char::is_control) {
        return Ok(label.to_owned());
    }
    let (zh, en) = ("请起个名字，最多40个字。", "Give it a name of at most 40 characters.");
    Err(Refusal::new(RefusalKind::Invalid, "identity.passkey-label", zh, en).field("label", zh, en))
}

/// The question that this browser was asked in this session.
fn asked(
    house: &House,
    headers: &HeaderMap,
    purpose: Purpose,
    session: Option<&Session>,
) -> Outcome<Back<Question>> {
    let back = once::back::<Question>(house, headers, COOKIE).ok_or_else(late)?;
    let ours = back.what.purpose == purpose && back.what.session == session.map(|s| s.id);
    if ours { Ok(back) } else { Err(late().into()) }
}

/// Adds the passkey that the browser has just made.
///
/// # Errors
/// `identity.passkey-label`, `identity.passkey-wrong`, `identity.passkey-late`, `identity.passkey-twice`.
pub(crate) async fn add(
    house: &House,
    headers: &HeaderMap,
    session: &Session,
    sure: &Confirmed,
    label: &str,
    answer: &str,
) -> Outcome<()> {
    sure.of(session.account)?;
    let place = place(house).ok_or_else(none_here)?;
    crate::secrets::own_account(&house.ground.store, session.account).await?;
    let label = label_of(label)?;
    let question = asked(house, headers, Purpose::Make, Some(session))?;
    let made = made(answer, &question.what.challenge, &place).map_err(wrong)?;
    command!(house.ground, Lang::default(), session.actor_ref(), |cx| {
        once::spend(&mut cx, &question).await?;
        if store::passkey(cx.store(), &made.credential).await?.is_some() {
            return Err(Refusal::new(
                RefusalKind::Conflict,
                "identity.passkey-twice",
                "这把通行密钥已经登记过。",
                "This passkey is known here already.",
            )
            .into());
        }
        not_too_many(store::passkeys(cx.store(), session.account).await?.len())?;
        let id: PasskeyId = cx.new_id();
        let row = NewPasskey {
            id,
            account: session.account,
            credential: &made.credential,
            public_key: &made.public_key,
            label: &label,
            counter: made.counter,
            synced: made.synced,
            at: cx.now,
        };
        store::insert_passkey(&mut cx.commit, &row);
        letters::tell(&mut cx, session.account, Letter::WaysChanged)?;
        events::note(&mut cx, session.account, &AccountEvent::PasskeyAdded { passkey: id }).await
    })
}

/// Removes a passkey.
///
/// # Errors
/// Not found when the account has no such passkey.
pub(crate) async fn remove(cx: &mut Cx, session: &Session, sure: &Confirmed, id: PasskeyId) -> Outcome<()> {
    sure.of(session.account)?;
    let own = store::passkeys(cx.store(), session.account).await?;
    if !own.iter().any(|p| p.id == id) {
        return Err(Refusal::not_found().into());
    }
    store::delete_passkey(&mut cx.commit, session.account, id);
    letters::tell(cx, session.account, Letter::WaysChanged)?;
    events::note(cx, session.account, &AccountEvent::PasskeyRemoved { passkey: id }).await
}

/// A passkey that answered the question of this browser.
struct Proof {
    question: Back<Question>,
    row: PasskeyRow,
    counter: i64,
}

impl Proof {
    /// Adds to the commit that the question is answered, and how often the passkey was used.
    async fn use_up(&self, cx: &mut Cx) -> Outcome<()> {
        once::spend(cx, &self.question).await?;
        store::use_passkey(&mut cx.commit, self.row.id, self.row.counter, self.counter, cx.now);
        Ok(())
    }
}

async fn proof(
    house: &House,
    headers: &HeaderMap,
    session: Option<&Session>,
    answer: &str,
) -> Outcome<Proof> {
    let place = place(house).ok_or_else(none_here)?;
    let question = asked(house, headers, Purpose::Show, session)?;
    let shown = Shown::read(answer).map_err(wrong)?;
    let row = store::passkey(&house.ground.store, &shown.credential).await?.ok_or_else(unknown)?;
    if shown.holder.as_ref().is_some_and(|holder| holder != row.account.uuid().as_bytes()) {
        return Err(unknown().into());
    }
    let challenge = &question.what.challenge;
    let counter = shown.check(challenge, &place, &row.public_key, row.counter).map_err(wrong)?;
    Ok(Proof { question, row, counter })
}

/// Signs in with a passkey alone: the device has checked who holds it, so that it is two factors in one.
///
/// # Errors
/// `identity.passkey-*` refusals.
pub(crate) async fn sign_in(
    house: &House,
    headers: &HeaderMap,
    session: Option<&Session>,
    answer: &str,
    origin: &Origin<'_>,
) -> Outcome<NewSession> {
    let proof = proof(house, headers, session, answer).await?;
    enter(house, &proof, None, origin).await
}

/// The second step of signing in, by a passkey instead of the six digits.
///
/// # Errors
/// `identity.half-over` when the first step is too long ago; `identity.passkey-*` refusals.
pub(crate) async fn sign_in_half(
    house: &House,
    headers: &HeaderMap,
    session: Option<&Session>,
    (half, answer): (&str, &str),
    origin: &Origin<'_>,
) -> Outcome<NewSession> {
    let (ground, hash) = (&house.ground, token_hash(half));
    let found = store::half(&ground.store, hash, ground.clock.now()).await?;
    let name = found.ok_or_else(sign_in::half_over)?;
    let row = store::account(&ground.store, &name, demo_runs()).await?.ok_or_else(sign_in::half_over)?;
    let proof = proof(house, headers, session, answer).await?;
    if proof.row.account != row.id {
        return Err(unknown().into());
    }
    enter(house, &proof, Some((hash, &name)), origin).await
}

async fn enter(
    house: &House,
    proof: &Proof,
    half: Option<([u8; 32], &str)>,
    origin: &Origin<'_>,
) -> Outcome<NewSession> {
    let ground = &house.ground;
    let found = store::account_by_id(&ground.store, proof.row.account, demo_runs()).await?;
    let (row, _) = found.ok_or_else(unknown)?;
    command!(ground, Lang::default(), sign_in::actor_of(&row), |cx| {
        proof.use_up(&mut cx).await?;
        if let Some((hash, name)) = half {
            store::end_half(&mut cx.commit, hash);
            sign_in::forgive(&mut cx, name, origin);
        }
        sign_in::begin(&mut cx, &row, (0, Through::Passkey), SessionKind::Cookie, origin.device).await
    })
}

/// Confirms a session by a passkey of its own account.
///
/// # Errors
/// `identity.passkey-*` refusals.
pub(crate) async fn confirm(
    house: &House,
    headers: &HeaderMap,
    session: &Session,
    answer: &str,
    origin: &Origin<'_>,
) -> Outcome<Confirmed> {
    let proof = proof(house, headers, Some(session), answer).await?;
    if proof.row.account != session.account {
        return Err(unknown().into());
    }
    command!(house.ground, Lang::default(), session.actor_ref(), |cx| {
        proof.use_up(&mut cx).await?;
        confirm::shown(&mut cx, session, origin).await
    })
}

/// A passkey as its holder sees it.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) id: PasskeyId,
    pub(crate) label: String,
    pub(crate) synced: bool,
    pub(crate) made_at: kernel::Timestamp,
    pub(crate) used_at: Option<kernel::Timestamp>,
}

/// The passkeys of an account, the oldest first.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub(crate) async fn list(store: &::store::Store, account: AccountId) -> Result<Vec<Line>, Fault> {
    let one = |p: store::PasskeyLineRow| Line {
        id: p.id,
        label: p.label,
        synced: p.synced,
        made_at: p.made_at,
        used_at: p.used_at,
    };
    Ok(store::passkeys(store, account).await?.into_iter().map(one).collect())
}
