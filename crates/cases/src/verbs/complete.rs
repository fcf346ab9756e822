//! What follows a decision in the same commit: certificates are issued, the decision is served, the case is closed.

use super::hold::Hold;
use crate::event::CaseEvent;
use crate::labels;
use crate::model::*;
use crate::rules::{self, Command, facts_of};
use ::store::Cx;
use catalog::facts::PrintedField;
use certificates::{CertField, NewCertificate, NewVersion, VersionKind};
use kernel::{Fault, Lang, Outcome, Refusal, RefusalKind, clock};
use page::House;

/// Makes the certificates of a case that has just been granted; does nothing in any other state, and not before what stands before
/// the grant is paid, where somebody else granted it (a changed decision).
pub(crate) async fn complete(hold: &mut Hold, house: &House, cx: &mut Cx) -> Outcome<()> {
    let Some(CaseState::Decided { decision, .. }) = hold.case.as_ref().map(|c| c.state.clone()) else {
        return Ok(());
    };
    let (at, item) = (cx.now, &hold.item.item);
    // Silence has granted for good (行政许可法第五十条第二款).
    let deemed = |case: &Case| case.renews.as_ref().is_some_and(|r| r.deemed_until.is_some());
    let unpaid = |case: &Case| rules::awaited(case, item, catalog::DECISION, at) && !deemed(case);
    if hold.case.as_ref().is_some_and(unpaid) {
        return Ok(());
    }
    let renews = hold.case.as_ref().and_then(|c| c.renews.clone());
    if let Some(renews) = renews.filter(|_| decision.approved()) {
        let certificates = vec![prolong(hold, cx, &renews).await?];
        hold.act_now(house, cx, Command::Certify { certificates })?;
    } else if decision.approved() && !hold.item.item.results.is_empty() {
        let certificates = certify(hold, cx).await?;
        hold.act_now(house, cx, Command::Certify { certificates })?;
    }
    Ok(())
}

/// Ends a case whose decision has just been made and has reached everybody by itself. Who did not agree to electronic service gets
/// it at the window or by post, and a clerk records that.
pub(crate) fn close(hold: &mut Hold, house: &House, cx: &Cx) -> Outcome<()> {
    let Some(case) = hold.case.as_ref() else { return Ok(()) };
    let decided = match &case.state {
        CaseState::Decided { decision, .. } => !decision.approved() || !hold.item.item.certifies(),
        state => matches!(state, CaseState::Certified { .. }),
    };
    let decides = |event: &CaseEvent| {
        let changed = matches!(event, CaseEvent::RemedyEnded { changed: Some(_), .. });
        changed || matches!(event, CaseEvent::Decided { .. } | CaseEvent::Certified { .. })
    };
    let fresh = hold.fresh().iter().any(|(event, _)| decides(event));
    let waits = case.recipients().iter().any(|p| case.wants_paper(p.subject))
        || case.unserved().any(|(notice, _)| notice.kind.decides());
    if !decided || !fresh || waits {
        return Ok(());
    }
    hold.act_now(house, cx, Command::Deliver { service: Service::Electronic, effective_at: None })?;
    hold.act_now(house, cx, Command::Close)
}

/// 延续: the held certificate goes on under its number, with a new last day.
async fn prolong(hold: &Hold, cx: &mut Cx, renews: &Renewing) -> Outcome<CertificateId> {
    let case = hold.case.as_ref().ok_or_else(|| Fault::new("nothing is decided"))?;
    let new = NewVersion {
        kind: VersionKind::Renewal,
        why: format!("准予延续（{}）", case.number),
        holder_name: None,
        lines: Vec::new(),
        valid_until: Some(renews.until()),
        applied_on: Some(clock::legal_date(case.filed_at)),
    };
    certificates::reissue(cx, renews.certificate, &new).await
}

/// Issues every certificate of the item within this commit.
async fn certify(hold: &Hold, cx: &mut Cx) -> Outcome<Vec<CertificateId>> {
    let case = hold.case.as_ref().ok_or_else(|| Fault::new("nothing is decided"))?;
    let item = &hold.item.item;
    let store = cx.store().clone();
    let agency = identity::agency(&store, &item.agency).await?;
    let agency = agency.ok_or_else(|| Fault::new(format!("the agency {} is not known", item.agency)))?;
    let mut issued = Vec::with_capacity(item.results.len());
    let (facts, today) = (facts_of(case, cx.now), clock::legal_date(cx.now));
    for spec in &item.results {
        let party = holder(case, spec).ok_or_else(|| Fault::new("the case has no party"))?.clone();
        let profile = identity::profile(&store, party.subject).await?;
        let profile = profile.ok_or_else(|| unknown(&party.name))?;
        let printed = spec.print(item, &facts, today, Lang::ZhCn).map_err(|missing| lacks(hold, &missing))?;
        let new = NewCertificate {
            kind: spec.certificate.clone(),
            type_code: spec.type_code.clone(),
            name: spec.name.clone(),
            holder: party.subject,
            holder_name: party.name.clone(),
            holder_number_masked: profile.number_masked.clone(),
            issuer: item.agency.clone(),
            issuer_name: agency.name.clone(),
            issuer_code: agency.credit_code.to_string(),
            valid_from: printed.valid_from,
            valid_until: printed.valid_until,
            fields: printed.fields.into_iter().map(line).collect(),
            template: spec.source.clone(),
            case_number: case.number.to_string(),
        };
        issued.push(certificates::issue(cx, new).await?);
    }
    Ok(issued)
}

/// The certificate says something that no register holds: whoever examines states it first.
fn lacks(hold: &Hold, missing: &[String]) -> Refusal {
    let named = |lang: Lang, between: &str| {
        let all: Vec<String> = missing.iter().map(|path| labels::entry(&hold.item, path, lang)).collect();
        all.join(between)
    };
    Refusal::new(
        RefusalKind::Conflict,
        "cases.result-lacks",
        format!("登记系统中没有查到证照上要写的内容（{}），暂时不能准予。", named(Lang::ZhCn, "、")),
        format!(
            "No register holds what the certificate says ({}); it cannot be granted yet.",
            named(Lang::En, ", ")
        ),
    )
    .next(
        "请凭申请人的材料核实，在“核实登记信息”中填写后再通过。",
        "Check the applicant's papers, state it under “look into a register entry”, then approve.",
    )
}

/// A certificate is somebody's whom the registers know; of an imported case only a name may be known.
fn unknown(name: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.holder-unknown",
        format!("“{name}”还没有身份登记，不能制发证照。"),
        format!("\u{201c}{name}\u{201d} is in no register of persons or organisations; no certificate can be made."),
    )
    .next("请先核对当事人的身份信息。", "Have the party's identity looked into first.")
}

/// Whose it is: the party whom the item names as the holder of this result, else the first.
fn holder<'a>(case: &'a Case, spec: &catalog::ResultSpec) -> Option<&'a Party> {
    let named = spec.holder.as_ref().and_then(|role| case.parties.iter().find(|p| p.role == *role));
    named.or_else(|| case.first_party())
}

fn line(field: PrintedField) -> CertField {
    CertField { key: field.key, label: field.label, value: field.value, public: field.public }
}
