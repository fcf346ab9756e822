//! Save a draft: on the version it was typed on, never over somebody else's newer text.

use crate::draft::{Draft, SEAL};
use crate::model::{Dispute, FactAnswer, MatterId};
use crate::store::{self as rows, MatterLine};
use ::store::{Cx, Sealed, Store};
use forms::Answers;
use identity::Applicant;
use kernel::{Outcome, Refusal, RefusalKind, Timestamp};
use proofs::ProofId;
use std::collections::{BTreeMap, BTreeSet};

/// A draft that was saved.
#[derive(Debug, Clone, Copy)]
pub struct Saved {
    /// Its version now.
    pub rev: i64,
    /// When.
    pub saved_at: Timestamp,
}

/// Saves `answers` as the draft of `matter`, typed on version `rev`.
///
/// # Errors
/// `cases.draft-stale` when the draft has moved on (both texts can then be shown), `cases.draft-filed` when it is filed.
pub async fn save(
    cx: &mut Cx,
    who: &Applicant,
    matter: MatterId,
    answers: Answers,
    rev: i64,
) -> Outcome<Saved> {
    save_with(cx, who, matter, Change { answers, ..Change::default() }, rev).await
}

/// What of a draft changes beside its answers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Change {
    pub answers: Answers,
    /// The kept papers that are ticked now.
    pub kept: Option<BTreeSet<ProofId>>,
    /// The fields of papers that a register should have proved and could not.
    pub unproven: BTreeSet<String>,
    /// What the applicant says is wrong in a register; another word about the same entry takes the place of the first.
    pub dispute: Option<Dispute>,
    /// The entry about which they take their word back.
    pub undisputed: Option<String>,
    /// Which of the parties whoever applies is, when it is said now; nobody when it is taken back.
    pub role: Option<Option<String>>,
    /// What registers have answered so far.
    pub asked: Option<BTreeMap<String, FactAnswer>>,
}

/// As [`save`], with what else changes.
pub(crate) async fn save_with(
    cx: &mut Cx,
    who: &Applicant,
    matter: MatterId,
    change: Change,
    rev: i64,
) -> Outcome<Saved> {
    let answers = change.answers;
    let store = cx.store().clone();
    let line = open_draft(&store, who, matter).await?;
    if line.rev != rev {
        return Err(stale().into());
    }
    let size = serde_json::to_string(&answers).map_or(usize::MAX, |t| t.len());
    if size > forms::ANSWERS_MAX {
        return Err(Refusal::new(
            RefusalKind::TooLarge,
            "cases.draft-too-large",
            "填写的内容太多了。",
            "What was typed is too long.",
        )
        .next("请把长篇内容作为附件上传。", "Please upload long texts as files.")
        .into());
    }
    let old = draft_of(&store, &line)?;
    keep_files(cx, &store, who, &old.answers, &answers).await?;
    let mut draft = Draft { answers, ..old };
    draft.kept = change.kept.unwrap_or(draft.kept);
    draft.unproven.extend(change.unproven);
    draft.role = change.role.unwrap_or(draft.role);
    draft.asked = change.asked.unwrap_or(draft.asked);
    if let Some(path) = change.undisputed {
        draft.disputes.retain(|d| d.path != path);
    }
    if let Some(dispute) = change.dispute {
        super::materials::attach(cx, dispute.proof);
        draft.disputes.retain(|d| d.path != dispute.path);
        draft.disputes.push(dispute);
    }
    let sealed = Sealed::seal(store.sealer(), SEAL, &draft)?;
    rows::save_draft(&mut cx.commit, matter, &sealed, rev, cx.now);
    Ok(Saved { rev: rev + 1, saved_at: cx.now })
}

/// The applicant's own uploads that this version names for the first time are kept from now on; whether the others may be used
/// is told when it is handed in.
async fn keep_files(
    cx: &mut Cx,
    store: &Store,
    who: &Applicant,
    old: &Answers,
    new: &Answers,
) -> Outcome<()> {
    let before = super::materials::files_in(old);
    for file in super::materials::files_in(new) {
        if before.contains(&file) {
            continue;
        }
        let info = ::store::files::info(store, file).await?;
        if info.is_some_and(|i| i.owner == Some(who.account())) {
            super::materials::attach(cx, [file]);
        }
    }
    Ok(())
}

/// The refusal for a draft that has moved on.
pub(crate) fn stale() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.draft-stale",
        "这份草稿刚在别处修改过，您这次填写的内容没有覆盖它。",
        "This draft was changed elsewhere meanwhile; what you typed has not overwritten it.",
    )
    .next("请对照两份内容，选择保留哪一份。", "Compare the two and choose which to keep.")
}

/// The draft, if it is this applicant's and still a draft.
pub(crate) async fn open_draft(store: &Store, who: &Applicant, matter: MatterId) -> Outcome<MatterLine> {
    let line = rows::matter(store, matter, who.subject()).await?;
    let line = line.filter(|l| l.person == who.person()).ok_or_else(Refusal::not_found)?;
    if line.state == "draft" {
        return Ok(line);
    }
    Err(Refusal::new(
        RefusalKind::Conflict,
        "cases.draft-filed",
        "这份申请已经提交，不能再修改。",
        "This application was handed in and cannot be changed any more.",
    )
    .next("请在“我的办件”中查看进度。", "See its progress under “My cases”.")
    .into())
}

/// Opens the sealed draft.
pub(crate) fn draft_of(store: &Store, line: &MatterLine) -> Result<Draft, kernel::Fault> {
    line.draft.as_ref().map_or_else(|| Ok(Draft::default()), |d| d.open(store.sealer(), SEAL))
}
