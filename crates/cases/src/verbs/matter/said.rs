//! What a key stands for, and the sentences of whoever files wrongly.

use super::prepare::{MatterFiling, ReadyMember};
use crate::model::Dispute;
use crate::store::KeyRow;
use crate::verbs::at_window::Standing;
use crate::verbs::file::GivenParty;
use kernel::{Refusal, RefusalKind};

pub(super) fn check_key(key: &str) -> Result<(), Refusal> {
    let fine = (1..=200).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    if fine {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::Invalid,
        "cases.key-missing",
        "提交时须附一个幂等键(1至200个可见字符)。",
        "A filing needs an idempotency key of 1 to 200 visible characters.",
    )
    .field("Idempotency-Key", "请为每次提交生成一个新的键。", "Make a new key for each filing."))
}

/// What two filings with the same key must agree on; for one item alone as it always was, so that a key of yesterday is known.
pub(super) fn digest(filing: &MatterFiling) -> String {
    let party = |p: &GivenParty| {
        let proof = p.proof.map(|file| file.to_string()).unwrap_or_default();
        format!("{:?}{proof}", (&p.subject, &p.role, &p.share, p.capacity))
    };
    let parties: Vec<String> = filing.parties.iter().map(party).collect();
    let (matter, rest) =
        (filing.matter.map(|m| m.to_string()), (&filing.promises, filing.declares, filing.paper));
    let alone = filing.theme.is_none() && filing.proofs.is_empty() && filing.disputes.is_empty();
    let said = match filing.items.as_slice() {
        [item] if alone => {
            serde_json::json!([item, matter, filing.answers, filing.materials, rest, parties])
        }
        items => serde_json::json!([
            (&filing.theme, items),
            matter,
            filing.answers,
            filing.materials,
            rest,
            parties,
            (&filing.proofs, &filing.disputes),
        ]),
    };
    let word = |p: &Standing| serde_json::json!([p.role, p.citizen_id.0, p.ground, p.paper, p.reference]);
    let said = match filing.present.as_slice() {
        [] => said,
        present => serde_json::json!([said, present.iter().map(word).collect::<Vec<_>>()]),
    };
    let said = if filing.compared { serde_json::json!([said, "compared"]) } else { said };
    hex::encode(trace::Algorithm::Sha256.digest(said.to_string().as_bytes()))
}

pub(super) fn same_filing(row: &KeyRow, digest: &str) -> Result<(), Refusal> {
    if row.digest == digest {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::Conflict,
        "cases.key-reused",
        "这个幂等键已经用于另一次提交。",
        "This idempotency key was already used for a different filing.",
    )
    .next("请为新的申请换一个键。", "Use a new key for a new application."))
}

pub(super) fn no_frame() -> Refusal {
    Refusal::new(
        RefusalKind::Unavailable,
        "cases.no-frame",
        "这一类事项尚未开通网上办理。",
        "Items of this kind cannot be applied for on line yet.",
    )
    .next("请到办事大厅办理。", "Please go to a service hall.")
}

pub(super) fn no_certificate_to_renew() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.no-certificate-to-renew",
        "没有找到可以延续的证照：它要由您持有、在本平台有记录、并且有有效期。",
        "There is no certificate to renew: it must be yours, be known here, and have an end.",
    )
    .next("证照是旧系统发的，请到窗口办理。", "If an older system issued it, please go to a window.")
}

pub(super) fn not_acting() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "cases.not-acting",
        "您现在没有代表任何单位。",
        "You are not acting for any organisation.",
    )
    .next("请先选择代表的单位。", "Choose the organisation first.")
}

pub(super) fn no_party() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.party-unknown",
        "当事人不明，或者您本人不在其中。",
        "A party is not known, or you are not among them.",
    )
    .field("parties", "请核对当事人。", "Check the parties.")
}

/// Somebody named by a number whom nobody here knows: they could not confirm.
pub(super) fn not_registered(field: &str, zh: &str, en: &str) -> Refusal {
    let (zh, en) = (
        format!("没有查到这个号码对应的{zh}，请核对；对方须先在平台实名登记，才能在自己的空间里确认。"),
        format!(
            "The {en} with this number is not known here. Check it; they register first, so that they can confirm."
        ),
    );
    Refusal::new(RefusalKind::Invalid, "cases.party-not-registered", zh.clone(), en.clone())
        .field(field, zh, en)
}

/// What is disputed must be something that a case of the matter rests on: what nobody would look into is not taken in silence.
pub(super) fn disputes_known(disputes: &[Dispute], members: &[ReadyMember]) -> Result<(), Refusal> {
    let known = |d: &Dispute| members.iter().any(|m| m.facts.iter().any(|f| f.alias == d.alias()));
    let unknown = disputes.iter().enumerate().filter(|(_, d)| !known(d));
    let mut refusal = None;
    for (i, dispute) in unknown {
        let path = &dispute.path;
        let (zh, en) = (
            format!("这件事没有用到“{path}”这条信息，不能就它提出更正。"),
            format!("Nothing in this matter rests on “{path}”; no correction of it can be asked for here."),
        );
        let first = refusal.take().unwrap_or_else(|| {
            Refusal::new(RefusalKind::Invalid, "cases.dispute-unknown", zh.clone(), en.clone()).next(
                "请去掉这一条，或者向数据的来源部门提出。",
                "Leave it out, or turn to whoever keeps that data.",
            )
        });
        refusal = Some(first.field(format!("disputes[{i}].path"), zh, en));
    }
    refusal.map_or(Ok(()), Err)
}

pub(super) fn no_proof() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.proof-gone",
        "您勾选的一份已存材料已经过期、撤回或被更新，请重新选择。",
        "A kept paper you ticked has expired, was withdrawn or replaced; choose again.",
    )
    .field("proofs", "请重新选择或上传。", "Choose again, or upload it.")
}

pub(super) fn nothing_taken() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.nothing-to-file",
        "按您的回答，没有需要办理的事项。",
        "By your answers nothing has to be applied for.",
    )
    .next("请核对情形问题的回答。", "Check what you answered about your situation.")
}

/// Whoever applies as an heir or a liquidator shows that they are.
pub(super) fn capacity_unproven() -> Refusal {
    let (zh, en) = ("请上传证明该身份的材料。", "Upload the paper that proves this capacity.");
    Refusal::new(RefusalKind::Invalid, "cases.capacity-unproven", zh, en).field("proof", zh, en)
}
