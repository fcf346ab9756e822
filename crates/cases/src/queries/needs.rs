//! What an agency sees of a case in which it only takes a step: what the steps need that lay or lie with it (最小必要; 个人信息保护法第六条),
//! and who takes part. Done where a case is read, so that no page, no file, no API and no trace can forget it.

use super::CaseView;
use crate::event::CaseEvent;
use crate::model::*;
use crate::rules::takes;
use catalog::{Item, Needs};
use kernel::AgencyCode;
use trace::Recorded;

/// What of a case this agency needs to see; none where that is everything: it is responsible for the case, it decides, or one of its
/// steps says nothing of what it needs.
pub fn needs_of(view: &CaseView, agency: &AgencyCode) -> Option<Needs> {
    needed(&view.case, &view.events, &view.item.item, agency)
}

/// Whether a field of the form is for this agency's eyes as far as a line of its inbox tells: by the step that lies there now.
pub(crate) fn shows(item: &Item, row: &super::InboxRow, agency: &AgencyCode, field: &str) -> bool {
    let decides = item.decision.after.len() == 1 && item.decision.after.contains(&row.step);
    let spec = item.process.iter().find(|s| s.id == row.step);
    match spec.filter(|_| !decides && !kin(agency, &row.agency)).and_then(|s| s.needs.clone()) {
        Some(needs) => Eyes { item, needs }.field(field),
        None => true,
    }
}

/// Takes out what is not for this agency's eyes.
pub(crate) fn cut(case: &mut Case, events: &mut [Recorded<CaseEvent>], item: &Item, agency: &AgencyCode) {
    let Some(needs) = needed(case, events, item, agency) else { return };
    let eyes = Eyes { item, needs };
    super::redact::proofs(case, events, |_| false);
    super::redact::halts(case, events, |_| false);
    super::redact::fees(case, events, None);
    findings(case, events);
    let others: Vec<&str> = item.process.iter().map(|s| s.id.as_str()).collect();
    let others: Vec<&str> = others.into_iter().filter(|s| !takes(case, item, agency, s)).collect();
    super::redact::objectors(case, events, |o| {
        if others.contains(&o.step.as_str()) {
            (o.by, o.on_paper) = (None, None);
        }
    });
    case.answers.retain(|field, _| eyes.field(field));
    case.materials.retain(|m| eyes.paper(&m.demand));
    case.facts.retain(|f| eyes.fact(&f.alias));
    case.disputes.retain(|d| eyes.entry(&d.path));
    if let CaseState::Supplement { demands, .. } = &mut case.state {
        demands.retain(|d| eyes.demand(&d.field));
    }
    for recorded in events {
        eyes.event(&mut recorded.event);
    }
}

/// What the body found about a household when it looked again is for the body.
fn findings(case: &mut Case, events: &mut [Recorded<CaseEvent>]) {
    case.reviews.iter_mut().for_each(|r| r.text.clear());
    case.stopped.iter_mut().for_each(|s| s.text.clear());
    for recorded in events {
        match &mut recorded.event {
            CaseEvent::Reviewed(review) => review.text.clear(),
            CaseEvent::Stopped(stopped) => stopped.text.clear(),
            _ => {}
        }
    }
}

/// Whether one of the two is part of the other, or they are the same.
fn kin(one: &AgencyCode, other: &AgencyCode) -> bool {
    part(one, other) || part(other, one)
}

fn part(part: &AgencyCode, whole: &AgencyCode) -> bool {
    let rest = part.as_str().strip_prefix(whole.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn needed(case: &Case, events: &[Recorded<CaseEvent>], item: &Item, agency: &AgencyCode) -> Option<Needs> {
    if kin(agency, &case.agency) {
        return None;
    }
    let mut all = Needs::default();
    for recorded in events {
        let CaseEvent::StepOpened { step, seats, .. } = &recorded.event else { continue };
        if !seats.iter().any(|seat| part(&seat.agency, agency)) {
            continue;
        }
        // Whoever decides answers for the whole of it; the pre-check looks at the whole form.
        let decides = item.decision.after.len() == 1 && item.decision.after.contains(step);
        let spec = item.process.iter().find(|s| s.id == *step);
        let needs = spec.filter(|_| !decides).and_then(|s| s.needs.as_ref())?;
        all.fields.extend(needs.fields.iter().cloned());
        all.papers.extend(needs.papers.iter().cloned());
        all.facts.extend(needs.facts.iter().cloned());
    }
    for list in [&mut all.fields, &mut all.papers, &mut all.facts] {
        list.sort();
        list.dedup();
    }
    Some(all)
}

struct Eyes<'a> {
    item: &'a Item,
    needs: Needs,
}

impl Eyes<'_> {
    /// A paper's own field comes with the paper.
    fn field(&self, id: &str) -> bool {
        let mut papers = self.item.materials.iter().filter(|m| m.field.as_deref() == Some(id));
        self.needs.fields.iter().any(|f| f == id) || papers.any(|m| self.paper(&m.id))
    }

    fn paper(&self, demand: &str) -> bool {
        self.needs.papers.iter().any(|p| p == demand)
    }

    fn fact(&self, alias: &str) -> bool {
        self.needs.facts.iter().any(|f| f == alias)
    }

    /// An entry of a register, or of what is known of somebody as a field of the form has it.
    fn entry(&self, path: &str) -> bool {
        let alias = path.split(['.', '[']).next().unwrap_or(path);
        let element = |f: &&forms::Field| f.element.as_deref() == Some(path);
        self.fact(alias) || self.item.form.fields().filter(element).any(|f| self.field(&f.id))
    }

    fn demand(&self, field: &str) -> bool {
        let root = field.split(['.', '[']).next().unwrap_or(field);
        field.strip_prefix("materials.").map_or_else(|| self.field(root), |paper| self.paper(paper))
    }

    fn event(&self, event: &mut CaseEvent) {
        match event {
            CaseEvent::Filed(filed) | CaseEvent::Imported(filed) => {
                filed.agent = None;
                filed.answers.retain(|field, _| self.field(field));
                filed.materials.retain(|m| self.paper(&m.demand));
            }
            CaseEvent::Supplemented { answers, materials, .. } => {
                answers.retain(|field, _| self.field(field));
                materials.retain(|m| self.paper(&m.demand));
            }
            CaseEvent::PartyConfirmed { witness: Some(witness), .. } => witness.cut(),
            CaseEvent::SaidAtWindow(said) => said.witness.cut(),
            CaseEvent::HearingHeld { .. } | CaseEvent::HearingOf(_) => super::redact::hearing_files(event),
            CaseEvent::FactsSeen { facts } => facts.retain(|f| self.fact(&f.alias)),
            CaseEvent::Disputed { dispute } if !self.entry(&dispute.path) => {
                (dispute.claim, dispute.proof) = (String::new(), None);
            }
            CaseEvent::DisputeSettled { text, fact, path, .. } if !self.entry(path) => {
                (*text, *fact) = (String::new(), None);
            }
            CaseEvent::SupplementAsked { demands, .. } => demands.retain(|d| self.demand(&d.field)),
            CaseEvent::PromiseKept { material, given } if !self.paper(material) => given.clear(),
            CaseEvent::SiblingGranted { papers, .. } => papers.retain(|(demand, _)| self.paper(demand)),
            _ => {}
        }
    }
}
