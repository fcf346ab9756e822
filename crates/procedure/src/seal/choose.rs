//! Which seal a notice bears, and whether whoever issues it may apply it.

use super::{Imprint, NewUse, Seal, SealState, UseId};
use crate::NoticeKind;
use crate::store::seals::{self as rows, Candidate};
use ::store::Cx;
use kernel::{AccountId, AgencyCode, Outcome, Refusal, RefusalKind, clock};

/// A seal that may be applied, and by whose right.
#[derive(Debug)]
pub(crate) struct Chosen {
    pub(crate) seal: Seal,
    account: Option<AccountId>,
    instead_of: Option<AccountId>,
}

impl Chosen {
    /// What stands on the paper.
    pub(crate) fn imprint(&self) -> Imprint {
        Imprint {
            seal: self.seal.id,
            name: self.seal.name.clone(),
            ring: self.seal.agency_name.zh.clone(),
            ring_en: self.seal.agency_name.en.clone(),
            legend: self.seal.kind.legend().to_owned(),
        }
    }

    /// Records the use on `document`, and relies on the seal and the right until the commit happens.
    pub(crate) fn apply(&self, cx: &mut Cx, document: String, number: String) {
        rows::guard(&mut cx.commit, &self.seal);
        if let Some(holder) = self.instead_of.or(self.account) {
            rows::guard_right(&mut cx.commit, self.seal.id, holder);
        }
        let id: UseId = cx.new_id();
        let new = NewUse {
            id,
            seal: self.seal.id,
            account: self.account,
            instead_of: self.instead_of,
            document,
            number,
            at: cx.now,
        };
        rows::insert_use(&mut cx.commit, &new);
    }
}

/// The seal for a notice of this kind: of the agency itself, else of the nearest body above it that has one in use; the
/// kinds in the notice's own order. `None` when the notice needs no seal.
///
/// # Errors
/// `procedure.seal-missing` when no body has one; `procedure.seal-right` when whoever acts may not apply it.
pub(crate) async fn choose(
    cx: &Cx,
    kind: NoticeKind,
    agency: &AgencyCode,
    auto: bool,
) -> Outcome<Option<Chosen>> {
    if kind.seals().is_empty() {
        return Ok(None);
    }
    let account = if auto { None } else { cx.actor.account };
    let found = rows::candidates(cx.store(), agency, account).await?;
    let usable = nearest(found, kind);
    if usable.is_empty() {
        return Err(missing(kind).into());
    }
    if auto {
        let seal = usable.into_iter().map(|c| c.seal).find(|s| s.automatic);
        let chosen = seal.map(|seal| Chosen { seal, account: None, instead_of: None });
        return chosen.map(Some).ok_or_else(|| not_automatic(kind).into());
    }
    let Some(account) = account else { return Err(no_right().into()) };
    if let Some(c) = usable.iter().find(|c| c.right) {
        return Ok(Some(Chosen { seal: c.seal.clone(), account: Some(account), instead_of: None }));
    }
    let others = identity::acting_for(cx.store(), account, clock::legal_date(cx.now)).await?;
    for candidate in usable {
        let seal = candidate.seal;
        if let Some(holder) = rows::holder(cx.store(), seal.id, &others).await? {
            return Ok(Some(Chosen { seal, account: Some(account), instead_of: Some(holder) }));
        }
    }
    Err(no_right().into())
}

/// The usable seals of the nearest body that has any, in the notice's order of kinds.
fn nearest(found: Vec<Candidate>, kind: NoticeKind) -> Vec<Candidate> {
    let place = |c: &Candidate| kind.seals().iter().position(|k| *k == c.seal.kind);
    let mut usable: Vec<Candidate> =
        found.into_iter().filter(|c| c.seal.state == SealState::InUse && place(c).is_some()).collect();
    let depth = |c: &Candidate| c.seal.agency.as_str().len();
    let deepest = usable.iter().map(depth).max().unwrap_or(0);
    usable.retain(|c| depth(c) == deepest);
    usable.sort_by_key(place);
    usable
}

fn names(kind: NoticeKind) -> (String, String) {
    let names: Vec<_> = kind.seals().iter().map(|k| k.name()).collect();
    let zh = names.iter().map(|n| n.zh.as_str()).collect::<Vec<_>>().join("或");
    let en = names.iter().map(|n| n.en.as_str()).collect::<Vec<_>>().join(" or ");
    (zh, en)
}

fn missing(kind: NoticeKind) -> Refusal {
    let (zh, en) = names(kind);
    Refusal::new(
        RefusalKind::Unavailable,
        "procedure.seal-missing",
        format!("本机关没有在用的{zh}，文书不能出具。"),
        format!("The agency has no {en} in use, so the notice cannot be issued."),
    )
    .next("请联系平台运维人员登记或启用印章。", "Ask the platform's operator to register or enable one.")
}

fn not_automatic(kind: NoticeKind) -> Refusal {
    let (zh, en) = names(kind);
    Refusal::new(
        RefusalKind::Forbidden,
        "procedure.seal-right",
        format!("{zh}不允许由系统自动加盖。"),
        format!("The program may not apply the {en} by rule."),
    )
    .next("请由有用印权限的工作人员办理。", "Let a member of staff with the right to it act.")
}

fn no_right() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "procedure.seal-right",
        "您没有加盖该印章的权限，文书没有出具。",
        "You may not apply this seal; the notice was not issued.",
    )
    .next(
        "请由有用印权限的同事办理，或申请用印权限。",
        "Let a colleague with the right act, or ask for the right.",
    )
}
