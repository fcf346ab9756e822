//! A copy to be handed on: it bears what for and until when, so that it is of no use for anything else.

use super::{own, record};
use crate::event::ProofEvent;
use crate::model::ProofId;
use crate::picture;
use ::store::files::{self, FileKind};
use ::store::{Ground, command};
use identity::Applicant;
use jiff::civil::Date;
use kernel::{Lang, Outcome, Refusal, RefusalKind, clock};
use page::format;

/// What the holder says about a copy.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Of which paper.
    pub id: ProofId,
    /// Of which of its files, counted from 0.
    pub file: usize,
    /// What the copy is for; stands on it.
    pub purpose: String,
    /// The last day on which the copy is good.
    pub until: Date,
}

/// A copy with a watermark.
#[derive(Debug, Clone)]
pub struct Copy {
    /// The name of the file it was made from.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The most characters of a purpose: longer ones would not be read on the copy.
const PURPOSE_MAX: usize = 40;
/// How long a copy is good at most.
const DAYS_MAX: i32 = 366;

/// Makes a copy of a paper of `who` with purpose, last day and day of making on it, and notes in the paper's history that one was
/// made. `site` is the name of the site it comes from.
///
/// # Errors
/// Not found when it is not theirs; refusals about purpose, day, or a file that cannot bear a watermark.
pub async fn copy(ground: &Ground, who: &Applicant, asked: &Asked, site: &str, lang: Lang) -> Outcome<Copy> {
    who.must_see_all()?;
    let proof = own(&ground.store, who, asked.id).await?;
    let today = clock::legal_date(ground.clock.now());
    let purpose = checked(asked, today)?;
    let file = *proof.files.get(asked.file).ok_or_else(Refusal::not_found)?;
    let (info, bytes) = files::read(&ground.store, file).await?;
    let lines = lines(&purpose, asked.until, today, site, lang);
    let kind = info.kind;
    let marked = picture::apart(move || picture::watermark(&bytes, kind, &lines)).await?;
    let (actor, id, until) = (who.actor_ref(), asked.id, asked.until);
    let event = ProofEvent::Copied { file, until };
    command!(ground, lang, actor, |cx| record(&mut cx, id, &event).await)?;
    Ok(Copy { name: info.name, kind, bytes: marked })
}

fn lines(purpose: &str, until: Date, today: Date, site: &str, lang: Lang) -> Vec<String> {
    let (until, today) = (format::date(lang, until), format::date(lang, today));
    match lang {
        Lang::ZhCn => vec![
            format!("仅限用于：{purpose}"),
            format!("有效期至{until}，他用无效"),
            format!("{today} {site}"),
        ],
        Lang::En => vec![
            format!("Only for: {purpose}"),
            format!("Valid until {until}, for nothing else"),
            format!("{today} {site}"),
        ],
    }
}

fn checked(asked: &Asked, today: Date) -> Outcome<String> {
    let purpose: String = asked.purpose.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut refusal = Refusal::new(
        RefusalKind::Invalid,
        "proofs.copy",
        "请核对副本的用途和日期。",
        "Check what the copy is for and until when.",
    );
    if purpose.is_empty() || purpose.chars().count() > PURPOSE_MAX {
        refusal = refusal.field(
            "purpose",
            format!("请写明副本给谁、用来办什么，不超过{PURPOSE_MAX}字。"),
            format!("Say for whom and for what the copy is, in {PURPOSE_MAX} characters at most."),
        );
    }
    let days = today.until(asked.until).map_or(-1, |span| span.get_days());
    if !(0..=DAYS_MAX).contains(&days) {
        refusal =
            refusal.field("until", "请选今天起一年之内的日期。", "Choose a day within a year from today.");
    }
    if refusal.fields.is_empty() { Ok(purpose) } else { Err(refusal.into()) }
}
