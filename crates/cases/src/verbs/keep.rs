//! 一证通: papers that were handed in are kept in the same commit, once for the whole matter; those that were ticked are used again.

use super::filer::Filer;
use super::matter::{MatterFiling, Ready};
use crate::model::*;
use ::store::Cx;
use catalog::planner::{How, PlannedPaper};
use kernel::codes::CaseNumber;
use kernel::{AgencyCode, Outcome, Text, clock};
use proofs::{Grade, NewProof, Use};

/// The cases that were filed, each with its item's key.
type Numbers = [(String, CaseNumber)];

/// Keeps what was handed in, and writes down what was used again.
pub(crate) async fn keep(
    cx: &mut Cx,
    filer: &Filer,
    ready: &Ready,
    filing: &MatterFiling,
    numbers: &Numbers,
) -> Outcome<()> {
    let mut kept: Vec<(String, String)> = Vec::new();
    for paper in &ready.plan.papers {
        let uses = uses(ready, paper, numbers);
        if uses.is_empty() {
            continue;
        }
        let files = paper.field.as_ref().and_then(|f| ready.answers.get(f)).map(super::files_of_value);
        let files = files.unwrap_or_default();
        let (kind, holder) = (paper.kind.clone(), ready.wallet.own(&paper.holder));
        let twice = kept.contains(&(kind.clone(), holder.clone()));
        match paper.how {
            How::Asked if !files.is_empty() && !twice => {
                kept.push((kind.clone(), holder.clone()));
                let days = ready.bundle.kind(&paper.kind).and_then(|k| k.valid_days);
                let valid_until = days.and_then(|days| {
                    let span = jiff::Span::new().try_days(i64::from(days)).ok()?;
                    clock::legal_date(cx.now).checked_add(span).ok()
                });
                let new = NewProof {
                    subject: filer.subject,
                    kind,
                    holder,
                    name: paper.name.clone(),
                    grade: Grade::Uploaded,
                    purpose: purpose(ready),
                    uses,
                    files,
                    valid_until,
                    kept_by_law: None,
                };
                proofs::keep(cx, new).await?;
            }
            How::Kept => {
                let offer = ready.wallet.offer(&paper.kind, &paper.holder).map(|p| p.id);
                let used = offer.filter(|id| filing.proofs.contains(id));
                // Also at a window: whoever stands there has chosen it, and the commit relies on it.
                if let Some(id) = used {
                    proofs::use_again_for(cx, filer.subject, id, &uses).await?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn purpose(ready: &Ready) -> Text {
    let name = ready.bundle.name();
    Text::new(format!("办理{}", name.zh), format!("Applying for: {}", name.en))
}

/// Where a paper of the plan stands: every demand of every case that was filed.
fn uses(ready: &Ready, paper: &PlannedPaper, numbers: &Numbers) -> Vec<Use> {
    let one = |(item, demand): &(String, String)| {
        let (_, number) = numbers.iter().find(|(key, _)| key == item)?;
        let member = ready.members.iter().find(|m| m.item.item.key == *item)?;
        let name = member.item.item.name.clone();
        Some(Use { case: number.to_string(), demand: demand.clone(), item: name })
    };
    paper.demands.iter().filter_map(one).collect()
}

/// A paper that was seen in the original is better believed from now on (C → B). Approval on a screen raises nothing: nobody had the
/// original in hand.
pub(crate) async fn raise(cx: &mut Cx, case: &Case, demands: &[&str], by: &AgencyCode) -> Outcome<()> {
    if !demands.is_empty() {
        proofs::raise(cx, &case.number.to_string(), demands, Grade::Checked, by).await?;
    }
    Ok(())
}
