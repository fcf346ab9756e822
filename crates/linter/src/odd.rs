//! 奇葩证明: papers nobody is responsible for, papers that prove what government holds, certificates nobody issues.

use crate::index::{self, Index};
use crate::{Report, Rule, Severity};
use catalog::{Instead, Item, Material, MaterialKind};
use kernel::Text;

/// Looks at every demand.
pub(crate) fn check(index: &Index<'_>, report: &mut Report) {
    for item in index.stock.items {
        for (m, material) in item.materials.iter().enumerate() {
            let path = format!("materials[{m}]");
            nobody(index, item, material, &path, report);
            held(index, item, material, &path, report);
            certificates(index, item, material, &path, report);
        }
    }
    for (k, kind) in index.stock.knowledge.materials.iter().enumerate() {
        let Some(certificate) = &kind.certificate else { continue };
        if index.issuers(certificate).is_empty() && !index.by_agency(&kind.issuer) {
            let at = ("knowledge", format!("materials[{k}].certificate"));
            report.add(Rule::CertificateNobodyIssues, Severity::Error, at, unissued(certificate), issue_it());
        }
    }
}

/// Nobody is responsible: no agency has the function, no item issues it.
fn nobody(index: &Index<'_>, item: &Item, material: &Material, path: &str, report: &mut Report) {
    let name = &material.name;
    if let (Some(issuer), Some(agencies)) = (&material.issuer, index.stock.agencies)
        && !agencies.iter().any(|(code, _)| code == issuer)
    {
        report.add(
            Rule::OddProofNobody,
            Severity::Error,
            (&item.key, format!("{path}.issuer")),
            Text::new(
                format!("“{}”写明由 {issuer} 出具，但没有这个部门。", name.zh),
                format!("“{}” is to come from {issuer}, but there is no such agency.", name.en),
            ),
            Text::new(
                "请改成现有的部门；职权已转移的，写承接的部门。",
                "Name an agency that exists; where powers have passed on, the one that took them over.",
            ),
        );
    }
    let Some(kind) = index.kind(&material.kind) else { return };
    let spared = index::replaced(material) || proven(index, item, material, kind);
    if spared || index.responsible(&kind.issuer) || !index.issuers_of(material).is_empty() {
        return;
    }
    report.add(
        Rule::OddProofNobody,
        Severity::Error,
        (&item.key, path.to_owned()),
        Text::new(
            format!("没有单位负责出具“{}”：字典里写的是“{}”，哪个部门都没有这项职能。", name.zh, kind.issuer),
            format!("Nobody is responsible for issuing “{}”: the dictionary says `{}`, which no agency does.", name.en, kind.issuer),
        ),
        Text::new(
            "请取消这份证明，或者改为书面承诺；确有单位负责的，在 knowledge.yaml 里改正 issuer。",
            "Drop it or let a declaration stand for it; where somebody does issue it, correct `issuer` in knowledge.yaml.",
        ),
    );
}

/// Whether the registers that the item asks prove all that the paper proves.
fn proven(index: &Index<'_>, item: &Item, material: &Material, kind: &MaterialKind) -> bool {
    let asked = index.asked(item);
    !index::physical(material)
        && !kind.proves.is_empty()
        && kind.proves.iter().all(|c| asked.contains(c.as_str()))
}

/// Government holds it already (国务院令第716号: what can be had by sharing is not asked again).
fn held(index: &Index<'_>, item: &Item, material: &Material, path: &str, report: &mut Report) {
    let Some(kind) = index.kind(&material.kind) else { return };
    let asked_otherwise = material.instead.contains(&Instead::Source) || proven(index, item, material, kind);
    if index::physical(material) || asked_otherwise {
        return;
    }
    let registers = index.proving(&kind.proves);
    if registers.is_empty() {
        return;
    }
    let zh: Vec<&str> = registers.iter().map(|r| r.name.zh.as_str()).collect();
    let en: Vec<&str> = registers.iter().map(|r| r.name.en.as_str()).collect();
    report.add(
        Rule::OddProofHeld,
        Severity::Error,
        (&item.key, path.to_owned()),
        Text::new(
            format!("“{}”证明的，政府的“{}”里都有，却要申请人自己交。", material.name.zh, zh.join("”“")),
            format!("What “{}” proves stands in “{}” already, yet the applicant is asked for it.", material.name.en, en.join("”, “")),
        ),
        Text::new(
            "请在 sources 里查询该登记，并写 instead: [source]（国务院令第716号第十二条）。",
            "Ask that register under `sources` and write `instead: [source]` (State Council Decree 716, article 12).",
        ),
    );
}

/// What is to be held or produced as a certificate must be issued by somebody.
fn certificates(index: &Index<'_>, item: &Item, material: &Material, path: &str, report: &mut Report) {
    if let Some(certificate) = &material.certificate
        && index.issuers(certificate).is_empty()
    {
        let known = index.kind(&material.kind).filter(|k| k.certificate.as_ref() == Some(certificate));
        let at = (item.key.as_str(), format!("{path}.certificate"));
        match known.filter(|k| index.by_agency(&k.issuer)) {
            Some(kind) => report.add(
                Rule::CertificateNobodyIssues,
                Severity::Note,
                at,
                Text::new(
                    format!(
                        "电子证照“{certificate}”不由这里的事项核发，由“{}”部门在别处核发。",
                        catalog::function_name(&kind.issuer).zh
                    ),
                    format!(
                        "The certificate `{certificate}` is issued by no item here, but elsewhere by {}.",
                        catalog::function_name(&kind.issuer).en
                    ),
                ),
                Text::new(
                    "接通该部门的证照库之前，申请人仍要交纸质的。",
                    "Until that agency's certificates are joined, people bring it on paper.",
                ),
            ),
            None => report.add(
                Rule::CertificateNobodyIssues,
                Severity::Error,
                at,
                unissued(certificate),
                issue_it(),
            ),
        }
    }
    if let Some(produced) = material.produced_by.as_ref().filter(|c| index.issuers(c).is_empty()) {
        let at = (item.key.as_str(), format!("{path}.produced_by"));
        report.add(Rule::CertificateNobodyIssues, Severity::Error, at, unissued(produced), issue_it());
    }
}

fn unissued(certificate: &str) -> Text {
    Text::new(
        format!("没有事项核发证照“{certificate}”，谁也拿不出来。"),
        format!("No item issues the certificate `{certificate}`, so that nobody can have it."),
    )
}

fn issue_it() -> Text {
    Text::new(
        "请改正证照的名称，或者补上核发它的事项。",
        "Correct the certificate's name, or add the item that issues it.",
    )
}
