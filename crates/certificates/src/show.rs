//! Showing a certificate on a phone: the holder chooses what is seen, the other side sees it once, with a code that lives two minutes.

use crate::event::{CertificateEvent, subject};
use crate::issue::token;
use crate::model::{Certificate, CertificateId};
use crate::store as rows;
use ::store::{Cx, Ground, command};
use identity::Applicant;
use kernel::{ActorRef, Lang, Outcome, Refusal, RefusalKind, Rng, Timestamp, rng};
use serde::{Deserialize, Serialize};

kernel::typed_id! {
    /// One showing of a certificate (出示).
    PresentationId;
}
::store::text_column!(PresentationId);

/// How long a code lives.
pub const SECONDS: i64 = 120;
/// The letters of a short code: none that is mistaken for another (no I, L, O, U).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Eight of them are 40 bits.
const CODE_LENGTH: usize = 8;
/// Short codes tried from one place in a minute.
const TRIES_HERE: i64 = 10;
/// Short codes tried from everywhere in a minute: with a thousand codes alive, one is hit in 3,000 years.
const TRIES_ALL: i64 = 600;
const MINUTE: i64 = 60_000_000;

/// What is kept sealed of a showing.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Body {
    pub token: String,
    pub code: String,
    /// Keys of lines, `number`, `holder`.
    pub keys: Vec<String>,
}

/// One showing.
#[derive(Clone)]
pub struct Presentation {
    /// Its id.
    pub id: PresentationId,
    /// Of which certificate.
    pub certificate: CertificateId,
    pub(crate) body: Body,
    /// When the holder made it.
    pub made_at: Timestamp,
    /// When its code ends.
    pub ends_at: Timestamp,
    /// When the other side saw it.
    pub seen_at: Option<Timestamp>,
}

impl std::fmt::Debug for Presentation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Presentation({})", self.id)
    }
}

impl Presentation {
    /// What was chosen to be seen: keys of lines, `number`, `holder`.
    pub fn keys(&self) -> &[String] {
        &self.body.keys
    }

    /// The short code as it is read out: `7K3M-9Q2P`.
    pub fn code(&self) -> String {
        let (front, back) = self.body.code.split_at_checked(4).unwrap_or((&self.body.code, ""));
        format!("{front}-{back}")
    }

    /// The word in the QR code's address.
    pub fn token(&self) -> &str {
        &self.body.token
    }
}

/// Whether it can be seen at `now`: once, and in time.
///
/// # Errors
/// `certificates.shown-already` or `certificates.show-ended`.
pub(crate) fn can_be_seen(p: &Presentation, now: Timestamp) -> Result<(), Refusal> {
    if p.seen_at.is_some() {
        return Err(Refusal::new(
            RefusalKind::Conflict,
            "certificates.shown-already",
            "这次出示已经被查看过了，每次出示只能查看一次。",
            "This was looked at already; what is shown can be seen once.",
        )
        .next("请让持证人重新出示。", "Ask the holder to show it again."));
    }
    if p.ends_at <= now { Err(ended()) } else { Ok(()) }
}

/// The same for a code that ended and one that never was.
fn ended() -> Refusal {
    let (zh, en) = ("出示码不对，或者已经过了两分钟。", "The code is wrong, or its two minutes have passed.");
    Refusal::new(RefusalKind::NotFound, "certificates.show-ended", zh, en).field("code", zh, en).next(
        "请对照持证人的手机再输一遍，或者让持证人重新出示。",
        "Compare it with the holder’s phone, or ask to have it shown again.",
    )
}

/// Shows `id`, a certificate of `who`, with the lines `keys`; keys of no line are left out.
///
/// # Errors
/// Not found when it is not theirs.
pub async fn present(
    cx: &mut Cx,
    who: &Applicant,
    id: CertificateId,
    keys: &[String],
) -> Outcome<PresentationId> {
    let found = rows::get(cx.store(), id).await?.filter(|c| c.holder == who.subject());
    let certificate = found.ok_or_else(Refusal::not_found)?;
    crate::shelter::may_take(cx.store(), who, &certificate).await?;
    let known = |key: &&String| {
        ["number", "holder"].contains(&key.as_str()) || certificate.fields.iter().any(|f| f.key == **key)
    };
    let body = Body {
        token: token(cx),
        code: short(cx.ground.rng.as_ref()),
        keys: keys.iter().filter(known).cloned().collect(),
    };
    let ends_at = kernel::clock::from_micros(cx.now.as_microsecond() + SECONDS * 1_000_000);
    let shown =
        Presentation { id: cx.new_id(), certificate: id, body, made_at: cx.now, ends_at, seen_at: None };
    let sealer = cx.ground.store.sealer().clone();
    rows::insert_presentation(&mut cx.commit, &sealer, &shown)?;
    Ok(shown.id)
}

fn short(rng: &dyn Rng) -> String {
    let pick = |b: u8| LETTERS.get(usize::from(b & 31)).copied().map_or('0', char::from);
    rng::bytes::<CODE_LENGTH>(rng).into_iter().map(pick).collect()
}

/// The code as typed: without blanks and hyphens, and with what is mistaken for a figure set right.
pub(crate) fn tidy(typed: &str) -> String {
    let right = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    typed.chars().filter(|c| !c.is_whitespace() && *c != '-').take(64).map(right).collect()
}

/// How a showing is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum By<'a> {
    /// With the word of the QR code: 128 bits.
    Token(&'a str),
    /// With the short code, typed by somebody at `place`.
    Code(&'a str, &'a str),
}

/// Looks at what is shown; from now on nobody can look again. The holder finds the moment and the lines beside the certificate.
///
/// # Errors
/// `certificates.show-ended`, `certificates.shown-already`, or `certificates.too-many-codes`.
pub(crate) async fn look(ground: &Ground, by: By<'_>) -> Outcome<(Certificate, Presentation)> {
    if let By::Code(_, place) = by {
        count(ground, place).await?;
    }
    let actor = ActorRef::system();
    command!(ground, Lang::ZhCn, actor, |cx| look_once(&mut cx, by).await)
}

async fn look_once(cx: &mut Cx, by: By<'_>) -> Outcome<(Certificate, Presentation)> {
    let shown = match by {
        By::Token(token) => rows::presentation_by_token(cx.store(), &token.to_ascii_uppercase()).await?,
        By::Code(code, _) => rows::presentation_by_code(cx.store(), &tidy(code)).await?,
    };
    let shown = shown.ok_or_else(ended)?;
    can_be_seen(&shown, cx.now)?;
    let certificate = rows::get(cx.store(), shown.certificate).await?.ok_or_else(Refusal::not_found)?;
    rows::see_presentation(&mut cx.commit, shown.id, cx.now);
    let mut head = trace::head(cx.store(), &subject(certificate.id)).await?;
    let event = CertificateEvent::Shown { keys: shown.body.keys.clone(), made_at: shown.made_at };
    let now = cx.now;
    trace::record(cx, &mut head, &subject(certificate.id), &event, now)?;
    Ok((certificate, shown))
}

/// A try is counted before it is made, so that many at once are no way round.
async fn count(ground: &Ground, place: &str) -> Outcome<()> {
    let minute = ground.clock.now().as_microsecond().div_euclid(MINUTE);
    let here = ground.store.sealer().blind("certificates.guess", place);
    let actor = ActorRef::system();
    let counted: Outcome<()> = command!(ground, Lang::ZhCn, actor, |cx| {
        rows::count_guess(&mut cx.commit, &here, minute);
        rows::count_guess(&mut cx.commit, "all", minute);
        rows::forget_guesses(&mut cx.commit, minute - 1);
        Outcome::Ok(())
    });
    counted?;
    let tries = |of: String| async move { rows::guesses(&ground.store, &of, minute).await };
    if tries(here).await? > TRIES_HERE || tries("all".to_owned()).await? > TRIES_ALL {
        return Err(Refusal::new(
            RefusalKind::TooMany,
            "certificates.too-many-codes",
            "这一分钟里试的次数太多了。",
            "Too many codes were tried in this minute.",
        )
        .next(
            "请一分钟后再试，或者扫描持证人手机上的二维码。",
            "Try again in a minute, or scan the code on the holder’s phone.",
        )
        .into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_understood_as_people_type_it() {
        assert_eq!(tidy(" 7k3m-9q2p "), "7K3M9Q2P");
        assert_eq!(tidy("oIl0 0000"), "01100000");
        assert!(tidy(&"x".repeat(10_000)).len() <= 64);
    }
}
