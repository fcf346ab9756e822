//! E-mail beside the telephone: an address is written to only after its holder has typed the code that was sent to it. It serves letters
//! and nothing else: nobody signs in or finds an account again by it, so that whoever reads somebody's mail gains nothing here.

use crate::confirm::Confirmed;
use crate::events::{self, AccountEvent};
use crate::letters::{self, Letter};
use crate::model::Session;
use crate::second::same;
use crate::store::{self, ASKED, CONFIRMED, MailRow};
use ::store::{Cx, Sealed, Store};
use kernel::{Fault, Outcome, Refusal, RefusalKind, Timestamp, rng};

/// The context under which addresses are sealed.
pub(crate) const MAIL: &str = "identity_mail.address";
/// The context under which codes are sealed.
pub(crate) const CODE: &str = "identity_mail.code";
/// How long a code is good.
const MINUTES: i64 = 30;
/// How often it may be typed wrongly.
const TRIES: i64 = 5;
/// The longest address (RFC 5321, 4.5.3.1.3: 256 with the angle brackets).
const LONGEST: usize = 254;

/// What stands about an account's address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MailStanding {
    /// The confirmed address, shown in part, and since when.
    pub confirmed: Option<(String, Timestamp)>,
    /// The one that waits for its code, shown in part.
    pub asked: Option<String>,
}

/// What stands about it now.
pub(crate) async fn standing(store: &Store, session: &Session) -> Result<MailStanding, Fault> {
    let confirmed = store::mail(store, session.account, CONFIRMED).await?.map(|m| (m.mask, m.since));
    let asked = store::mail(store, session.account, ASKED).await?;
    let asked = asked.filter(|m| m.until_at.is_some_and(|until| until > session.at)).map(|m| m.mask);
    Ok(MailStanding { confirmed, asked })
}

/// Sends a code to an address.
///
/// # Errors
/// `identity.mail-wrong` when it is none.
pub(crate) async fn ask(cx: &mut Cx, session: &Session, sure: &Confirmed, typed: &str) -> Outcome<()> {
    sure.of(session.account)?;
    let address = normal(typed).ok_or_else(no_address)?;
    let sealer = cx.store().sealer().clone();
    let code = u64::from_be_bytes(rng::bytes::<8>(cx.ground.rng.as_ref())) % 100_000_000;
    let row = MailRow {
        mask: mask(&address),
        address: Sealed::seal(&sealer, MAIL, &address)?,
        code: Some(Sealed::seal(&sealer, CODE, &format!("{code:08}"))?),
        tries: 0,
        until_at: Some(kernel::clock::from_micros(cx.now.as_microsecond() + MINUTES * 60_000_000)),
        since: cx.now,
    };
    store::put_mail(&mut cx.commit, session.account, ASKED, &row);
    letters::tell(cx, session.account, Letter::MailCode)
}

/// Confirms the address by its code. Answers whether it fits: a wrong one is counted, which is a commit too.
///
/// # Errors
/// `identity.mail-over` when none waits, its time is over, or it was typed wrongly too often.
pub(crate) async fn confirm(cx: &mut Cx, session: &Session, typed: &str) -> Outcome<bool> {
    let waits = store::mail(cx.store(), session.account, ASKED).await?;
    let waits = waits.filter(|m| m.tries < TRIES && m.until_at.is_some_and(|until| until > cx.now));
    let Some(waits) = waits else { return Err(over().into()) };
    let code = waits.code.as_ref().map(|c| c.open(cx.store().sealer(), CODE)).transpose()?;
    let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
    if !code.is_some_and(|code| same(&code, &typed)) {
        store::mail_tried(&mut cx.commit, session.account, waits.tries);
        return Ok(false);
    }
    let now = cx.now;
    let row = MailRow { code: None, until_at: None, tries: 0, since: now, ..waits };
    store::put_mail(&mut cx.commit, session.account, CONFIRMED, &row);
    store::forget_mail(&mut cx.commit, session.account, ASKED);
    letters::tell(cx, session.account, Letter::WaysChanged)?;
    events::note(cx, session.account, &AccountEvent::MailConfirmed { mask: row.mask }).await?;
    Ok(true)
}

/// Forgets the address.
///
/// # Errors
/// A fault when it cannot be written.
pub(crate) async fn remove(cx: &mut Cx, session: &Session, sure: &Confirmed) -> Outcome<()> {
    sure.of(session.account)?;
    store::forget_mail(&mut cx.commit, session.account, CONFIRMED);
    store::forget_mail(&mut cx.commit, session.account, ASKED);
    events::note(cx, session.account, &AccountEvent::MailRemoved).await
}

/// The address as it is written to: one `@`, a domain with a dot, nothing that could begin another header.
fn normal(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let (local, domain) = typed.rsplit_once('@')?;
    let plain = |c: char| c.is_ascii_graphic() && !"<>()[]\\,;:\"@".contains(c);
    let host = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !part.starts_with('-')
    };
    let fits = typed.len() <= LONGEST
        && !local.is_empty()
        && local.len() <= 64
        && local.chars().all(plain)
        && domain.contains('.')
        && domain.split('.').all(host);
    fits.then(|| format!("{local}@{}", domain.to_ascii_lowercase()))
}

/// An address shown in part: `w***@example.cn`.
pub(crate) fn mask(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    format!("{}***@{domain}", local.chars().next().map_or_else(String::new, String::from))
}

fn no_address() -> Refusal {
    let (zh, en) =
        ("请填写电子邮箱地址，例如 name@example.cn。", "Give an e-mail address, such as name@example.cn.");
    Refusal::new(RefusalKind::Invalid, "identity.mail-wrong", zh, en).field("mail", zh, en)
}

fn over() -> Refusal {
    let (zh, en) = ("验证码已经失效。", "The code is no longer good.");
    Refusal::new(RefusalKind::Invalid, "identity.mail-over", zh, en)
        .field("mail_code", zh, en)
        .next("请重新填写邮箱，再发一次验证码。", "Give the address again to get another code.")
}

/// The code does not fit.
pub(crate) fn wrong_code() -> Refusal {
    let (zh, en) = ("验证码不对，请对照邮件再输一次。", "That is not the code; compare it with the mail.");
    Refusal::new(RefusalKind::Invalid, "identity.mail-code", zh, en).field("mail_code", zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_none() {
        for good in ["a@b.cn", " wang.xiuying+gov@Example.COM ", "x_1@mail.example.com.cn"] {
            assert!(normal(good).is_some(), "{good}");
        }
        assert_eq!(normal("A@Example.CN").as_deref(), Some("A@example.cn"));
        for bad in [
            "",
            "a",
            "a@b",
            "@b.cn",
            "a@.cn",
            "a@b..cn",
            "a b@c.cn",
            "a@b.cn\r\nBcc: x@y.cn",
            "a@b.cn,x@y.cn",
            "<a@b.cn>",
            "a@-b.cn",
            "王@例子.cn",
        ] {
            assert_eq!(normal(bad), None, "{bad:?}");
        }
        assert_eq!(normal(&format!("a@{}.cn", "b".repeat(260))), None);
        assert_eq!(mask("wang@example.cn"), "w***@example.cn");
    }
}
