//! Keeping a paper that was handed in.

use super::{record, replace};
use crate::event::ProofEvent;
use crate::model::{Grade, NewProof, Proof, ProofId, State, Use, about_of};
use crate::rules::{self, Coming, Kept};
use crate::store as rows;
use ::store::{Cx, files};
use kernel::{Fault, FileId, Outcome, clock};

/// Keeps a paper with the commit of the case that it was handed in for, and answers which proof it is: the same pages are the same
/// proof, used once more. Once per kind and holder and commit: name all cases of a matter in `uses`. Its files are kept for good.
///
/// # Errors
/// A fault of the database, or when kind, holder or use are missing.
pub async fn keep(cx: &mut Cx, new: NewProof) -> Outcome<ProofId> {
    keep_about(cx, new, None).await
}

/// The same for a paper about a thing: `thing` is the number by which everybody knows it — of a house its title number, of a child
/// its identity number. It is found again for that thing only.
///
/// # Errors
/// As [`keep`].
pub async fn keep_about(cx: &mut Cx, new: NewProof, thing: Option<&str>) -> Outcome<ProofId> {
    let about = about_of(cx.store().sealer(), thing);
    let Some(first) = new.uses.first().cloned().filter(|_| !new.kind.is_empty() && !new.holder.is_empty())
    else {
        return Err(Fault::new("a proof is kept with its kind, its holder and its case").into());
    };
    let digests = digests(cx, &new.files).await?;
    let offered = rows::same(cx.store(), new.subject, &new.kind, &new.holder, &about).await?;
    let coming = Coming { grade: new.grade, digests: &digests, case: &first.case };
    for file in &new.files {
        files::attach(cx, *file);
    }
    match rules::keep(&offered, &coming, clock::legal_date(cx.now)) {
        Kept::Same(at, better) => {
            let old = offered.get(at).ok_or_else(|| Fault::new("a kept proof went away"))?;
            again(cx, old, better, &new).await?;
            Ok(old.id)
        }
        Kept::New(gives_way) => {
            let id: ProofId = cx.new_id();
            for old in gives_way.into_iter().filter_map(|at| offered.get(at)) {
                replace(cx, old, id).await?;
            }
            insert(cx, id, new, first, (digests, about)).await?;
            Ok(id)
        }
    }
}

/// The digests of the files; one that is written by this very commit stands for itself.
async fn digests(cx: &Cx, ids: &[FileId]) -> Outcome<Vec<String>> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let info = files::info(cx.store(), *id).await?;
        found.push(info.map_or_else(|| id.to_string(), |i| i.digest));
    }
    Ok(found)
}

async fn insert(
    cx: &mut Cx,
    id: ProofId,
    new: NewProof,
    first: Use,
    (digests, about): (Vec<String>, String),
) -> Outcome<()> {
    let event = ProofEvent::Kept {
        subject: new.subject,
        kind: new.kind.clone(),
        holder: new.holder.clone(),
        grade: new.grade,
        uses: new.uses.clone(),
        files: new.files.clone(),
        valid_until: new.valid_until,
    };
    let proof = Proof {
        id,
        subject: new.subject,
        kind: new.kind,
        holder: new.holder,
        name: new.name,
        grade: new.grade,
        purpose: new.purpose,
        case: first.case,
        item: first.item,
        files: new.files,
        at: cx.now,
        issued: new.issued,
        valid_until: new.valid_until,
        state: State::Kept,
        kept_by_law: new.kept_by_law,
        checked: None,
        replaced_by: None,
        digests,
        about,
        rev: 1,
    };
    let sealer = cx.ground.store.sealer().clone();
    rows::insert(&mut cx.commit, &sealer, &proof)?;
    rows::insert_uses(cx, id, &new.uses);
    record(cx, id, &event).await
}

/// The same paper for further cases; its last day stays, for it is no younger than it was. What one of these cases has kept by law
/// is kept.
async fn again(cx: &mut Cx, old: &Proof, better: Option<Grade>, new: &NewProof) -> Outcome<()> {
    let uses = &new.uses;
    rows::insert_uses(cx, old.id, uses);
    let mut head = trace::head(cx.store(), &crate::subject(old.id)).await?;
    let now = cx.now;
    let subject = crate::subject(old.id);
    trace::record(cx, &mut head, &subject, &ProofEvent::UsedAgain { uses: uses.clone() }, now)?;
    let law = new.kept_by_law.clone().filter(|_| old.kept_by_law.is_none());
    if let Some(law) = &law {
        trace::record(cx, &mut head, &subject, &ProofEvent::BoundByLaw { law: law.clone() }, now)?;
    }
    if let Some(to) = better {
        let case = uses.first().map(|u| u.case.clone()).unwrap_or_default();
        let others = rows::same(cx.store(), old.subject, &old.kind, &old.holder, &old.about).await?;
        for other in rules::give_way(&others, old, to).into_iter().filter_map(|at| others.get(at)) {
            replace(cx, other, old.id).await?;
        }
        trace::record(cx, &mut head, &subject, &ProofEvent::Raised { to, by: None, case }, now)?;
    }
    if law.is_none() && better.is_none() {
        return Ok(());
    }
    let sealer = cx.ground.store.sealer().clone();
    let kept_by_law = law.or_else(|| old.kept_by_law.clone());
    let changed = Proof { grade: better.unwrap_or(old.grade), kept_by_law, ..old.clone() };
    Ok(rows::update(&mut cx.commit, &sealer, &changed)?)
}
