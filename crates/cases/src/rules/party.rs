//! What the parties do and what is done with what they said: confirmations, promises, declarations, disputes, objections.

use super::advance::advance;
use super::decide::{Run, said};
use super::sibling::{by_rule, go_on};
use super::{Command, exits, no, terms};
use crate::event::{CaseEvent, PaperWanted, PersonWanted, SaidAtWindow};
use crate::model::*;
use catalog::{Item, Original};
use kernel::{FileId, Refusal, SubjectId};
use procedure::RunningTerm;
use serde_json::Value;

pub(super) fn command(run: &mut Run<'_>, case: &Case, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Confirm { subject, paper, capacity } => confirm(run, case, *subject, (*paper, *capacity)),
        Command::ConfirmAtWindow { role, found, witness } => at_window(run, case, role, *found, witness),
        Command::KeepPromise { materials } => keep(run, case, materials),
        Command::CheckDeclaration { ok, text } => check(run, case, *ok, text),
        Command::Dispute { path, claim, proof } => dispute(run, case, path, claim, *proof),
        Command::SettleDispute { path, upheld, text, value } => {
            settle(run, case, path, *upheld, text, value.as_ref())
        }
        Command::SeePaper { demand, original } => see_paper(run, case, demand, *original),
        Command::Object { step, reason, by, on_paper } => {
            object(run, case, (step, reason), *by, on_paper.as_deref())
        }
        Command::WantPerson { reason } => want_person(run, case, reason.as_deref()),
        Command::WantPaper { subject } => want_paper(run, case, *subject),
        _ => Ok(()),
    }
}

/// A party says that they take part; steps that need it may begin.
fn confirm(
    run: &mut Run<'_>,
    case: &Case,
    subject: SubjectId,
    (paper, capacity): (bool, Option<Capacity>),
) -> Result<(), Refusal> {
    may_confirm(case)?;
    if !case.parties.iter().any(|p| p.subject == subject && p.confirmed_at.is_none()) {
        return Err(no::nothing_to_confirm());
    }
    spoke(run, case, subject, (paper, capacity, None));
    Ok(())
}

fn may_confirm(case: &Case) -> Result<(), Refusal> {
    if case.state.works() || matches!(case.state, CaseState::Supplement { .. }) {
        return Ok(());
    }
    Err(no::wrong_state(&case.state, "cases.cannot-confirm", "确认", "confirmed"))
}

/// The word of a party who stands at a window: their identity document names them, they signed, and the ground says why they do
/// not confirm by themselves (不动产登记暂行条例第十四条: both apply; 国办发〔2020〕45号: nobody is kept out for want of a phone).
fn at_window(
    run: &mut Run<'_>,
    case: &Case,
    role: &str,
    found: Option<SubjectId>,
    witness: &Witness,
) -> Result<(), Refusal> {
    may_confirm(case)?;
    let named: Vec<&Party> = case.parties.iter().filter(|p| p.role == role).collect();
    if named.is_empty() {
        return Err(no::no_such_party());
    }
    if named.iter().all(|p| matches!(p.subject, SubjectId::Organisation(_))) {
        return Err(no::firm_at_window());
    }
    let party = named.iter().find(|p| Some(p.subject) == found).ok_or_else(no::not_their_number)?;
    if party.confirmed_at.is_some() {
        return Err(no::confirmed_before());
    }
    let witness = signed(witness)?;
    // Whoever comes to a window for this is served on paper.
    spoke(run, case, party.subject, (true, None, Some(witness)));
    Ok(())
}

/// The witness of a word, with the ground and with what was signed.
fn signed(witness: &Witness) -> Result<Witness, Refusal> {
    let reference = witness.reference.as_deref().map(str::trim).filter(|r| !r.is_empty());
    let ground = witness.ground.trim();
    if ground.is_empty() {
        return Err(no::ground_unsaid());
    }
    if witness.paper.is_none() && reference.is_none() {
        return Err(no::nothing_signed());
    }
    let (ground, reference) = (ground.to_owned(), reference.map(str::to_owned));
    Ok(Witness { ground, reference, ..witness.clone() })
}

/// What a party does who stands at a window: their document names them, they take part, and they signed; the act follows in their
/// name.
pub(super) fn say_at_window(
    run: &mut Run<'_>,
    case: &Case,
    (found, act): (Option<SubjectId>, &str),
    witness: &Witness,
) -> Result<(), Refusal> {
    let party = case.parties.iter().find(|p| Some(p.subject) == found).ok_or_else(no::not_their_number)?;
    let takes_part = case.filer() == found
        || case.parties.iter().any(|p| Some(p.subject) == found && p.confirmed_at.is_some());
    if !takes_part {
        return Err(no::word_first());
    }
    let (subject, act, witness) = (party.subject, act.to_owned(), signed(witness)?);
    run.push(CaseEvent::SaidAtWindow(SaidAtWindow { subject, act, witness }));
    Ok(())
}

/// The party takes part in every role they have; with the last word that was awaited it is an application of all of them.
fn spoke(
    run: &mut Run<'_>,
    case: &Case,
    subject: SubjectId,
    (paper, capacity, witness): (bool, Option<Capacity>, Option<Witness>),
) {
    for party in case.parties.iter().filter(|p| p.subject == subject && p.confirmed_at.is_none()) {
        let (role, witness) = (party.role.clone(), witness.clone());
        run.push(CaseEvent::PartyConfirmed { subject, role, paper, capacity, witness });
    }
    let spoken = run.case.as_ref().is_some_and(|now| !unspoken(run.item, &now.parties));
    if spoken && unspoken(run.item, &case.parties) {
        run.push(CaseEvent::AllConfirmed { terms: from_receipt(run, case) });
    }
    go_on(run);
}

/// Whether a party whose word the item needs has not given it yet.
pub(super) fn unspoken(item: &Item, parties: &[Party]) -> bool {
    parties.iter().any(|p| p.confirmed_at.is_none() && item.needs_word(&p.role))
}

/// An application of several counts as received when the last of them has applied: the time to accept runs from there.
fn from_receipt(run: &Run<'_>, case: &Case) -> Vec<RunningTerm> {
    let waits = matches!(case.state, CaseState::Submitted { .. });
    if !waits || case.waits() || by_rule(run, case) {
        return Vec::new();
    }
    terms::from_receipt(case.frame, run.at, run.calendar)
}

/// What a party does at a window in their own name: a confirmation and an objection have words of their own.
pub(super) fn theirs(command: &Command) -> Result<(), Refusal> {
    use Command as C;
    match command {
        C::Withdraw { .. }
        | C::Supplement { .. }
        | C::KeepPromise { .. }
        | C::RequestHearing
        | C::WaiveHearing
        | C::WantPaper { .. }
        | C::WantPerson { .. }
        | C::Dispute { .. } => Ok(()),
        _ => Err(no::not_so_at_window()),
    }
}

/// 容缺后补: what was promised came.
fn keep(run: &mut Run<'_>, case: &Case, materials: &[Material]) -> Result<(), Refusal> {
    if case.state.ended() {
        return Err(no::wrong_state(
            &case.state,
            "cases.cannot-keep-promise",
            "补交材料",
            "given what was promised",
        ));
    }
    let open = |m: &&Material| case.promises.iter().any(|p| p.material == m.demand && p.open());
    if materials.is_empty() || !materials.iter().all(|m| open(&m)) {
        return Err(no::nothing_promised());
    }
    let named: std::collections::BTreeSet<&str> = materials.iter().map(|m| m.demand.as_str()).collect();
    for material in named {
        let given = materials.iter().filter(|m| m.demand == material).map(|m| m.given.clone()).collect();
        run.push(CaseEvent::PromiseKept { material: material.to_owned(), given });
    }
    advance(run);
    Ok(())
}

/// 事后核查: what was declared is checked; when it was false, what was granted is taken back (国办发〔2020〕42号; 行政许可法第六十九
/// 条第二款, by the body that granted it: its head).
fn check(run: &mut Run<'_>, case: &Case, ok: bool, text: &str) -> Result<(), Refusal> {
    let open = case.declared.as_ref().is_some_and(|d| d.checked.is_none());
    if !open || case.state.decision().is_none_or(|d| !d.approved()) {
        return Err(no::nothing_declared());
    }
    let text = said(text)?;
    if !ok && !run.by.head {
        return Err(no::head_only(&kernel::Text::new("本行政机关负责人", "the head of the agency")));
    }
    run.push(CaseEvent::DeclarationChecked { ok, text: text.clone() });
    if !ok {
        exits::revoke(run, text)?;
    }
    Ok(())
}

/// A register may err: the applicant says so, hands in a paper, and a person looks. The case goes on meanwhile.
fn dispute(
    run: &mut Run<'_>,
    case: &Case,
    path: &str,
    claim: &str,
    proof: Option<FileId>,
) -> Result<(), Refusal> {
    if !case.state.works() && !matches!(case.state, CaseState::Supplement { .. }) {
        return Err(no::wrong_state(&case.state, "cases.cannot-dispute", "对数据提出异议", "disputed"));
    }
    let claim = said(claim)?;
    let dispute = Dispute { path: path.to_owned(), claim, proof, at: run.at, settled: None };
    let known = case.facts.iter().any(|f| f.alias == dispute.alias());
    // Said once; what proves it may come, or come better, as long as nobody has looked.
    let twice = case.disputes.iter().any(|d| d.path == path && d.settled.is_none());
    if !known || (twice && proof.is_none()) {
        return Err(no::no_such_fact(path));
    }
    run.push(CaseEvent::Disputed { dispute });
    advance(run);
    Ok(())
}

/// A person has looked at the proof; when the register was wrong, what is so takes the place of its entry in this case.
fn settle(
    run: &mut Run<'_>,
    case: &Case,
    path: &str,
    upheld: bool,
    text: &str,
    value: Option<&Value>,
) -> Result<(), Refusal> {
    let disputed = case.disputes.iter().any(|d| d.path == path && d.settled.is_none());
    // What no register holds is stated from a paper: nobody need have said that an entry is wrong which is not there.
    let stated = || {
        upheld && value.is_some() && super::papers::lacking(case, run.item, run.at).iter().any(|p| p == path)
    };
    if !disputed && !stated() {
        return Err(no::no_such_fact(path));
    }
    let text = said(text)?;
    let fact = value.filter(|_| upheld).map(|value| corrected(case, path, value.clone()));
    run.push(CaseEvent::DisputeSettled { path: path.to_owned(), upheld, text, fact });
    if case.state.works() {
        advance(run);
    }
    Ok(())
}

fn corrected(case: &Case, path: &str, value: Value) -> Fact {
    let alias = path.split(['.', '[']).next().unwrap_or_default().to_owned();
    let known = case.facts.iter().find(|f| f.alias == alias);
    let mut record = match known.map(|f| &f.answer) {
        Some(FactAnswer::Found(record)) => record.clone(),
        _ => Value::Object(serde_json::Map::new()),
    };
    match path.split_once('.') {
        None => record = value,
        Some((_, rest)) => put(&mut record, rest, value),
    }
    let source = known.map_or_else(|| "paper".to_owned(), |f| f.source.clone());
    Fact { alias, source, answer: FactAnswer::Found(record) }
}

fn put(record: &mut Value, path: &str, value: Value) {
    let (head, rest) = path.split_once('.').map_or((path, None), |(h, r)| (h, Some(r)));
    let Value::Object(fields) = record else { return };
    let entry = fields.entry(head.to_owned()).or_insert_with(|| Value::Object(serde_json::Map::new()));
    match rest {
        None => *entry = value,
        Some(rest) => put(entry, rest, value),
    }
}

/// 验原件, 收原件, 收回注销: a clerk had the original in hand.
fn see_paper(run: &mut Run<'_>, case: &Case, demand: &str, original: Original) -> Result<(), Refusal> {
    let spec = run.item.materials.iter().find(|m| m.id == demand).ok_or_else(|| no::no_such_paper(demand))?;
    // What the item only has looked at is not kept: nothing beyond its guide may be asked for (优化营商环境条例第三十五条).
    if spec.original.is_some_and(|asked| asked == Original::Look && original != Original::Look) {
        return Err(no::original_beyond(&spec.name));
    }
    if matches!(case.state, CaseState::Void { .. }) {
        return Err(no::wrong_state(&case.state, "cases.cannot-see-paper", "登记原件", "given an original"));
    }
    run.push(CaseEvent::PaperSeen { demand: demand.to_owned(), original });
    Ok(())
}

/// An objection while a step is public: at its end a person looks, and the step does not pass by itself. One that came on paper is
/// recorded by the body whose step it is, with the name that stands under it (社会救助暂行办法第十一条: publication in the community).
fn object(
    run: &mut Run<'_>,
    case: &Case,
    (step, reason): (&str, &str),
    by: Option<SubjectId>,
    on_paper: Option<&str>,
) -> Result<(), Refusal> {
    let public =
        case.running(&procedure::TermKind::Publicity(step.to_owned())).is_some_and(|t| run.at <= t.due.at);
    if !public || !case.state.works() {
        return Err(no::not_public());
    }
    let on_paper = on_paper
        .map(|name| Some(name.trim().to_owned()).filter(|n| !n.is_empty()).ok_or_else(no::name_missing));
    let (reason, on_paper) = (said(reason)?, on_paper.transpose()?);
    let objection = Objection { step: step.to_owned(), reason, by, on_paper, at: run.at };
    run.push(CaseEvent::Objected { objection });
    Ok(())
}

/// Nobody has to put up with a decision by automation alone (个人信息保护法第二十四条第三款): while it runs, a person does what a
/// rule would have refused; a refusal by rule is examined anew by a person, once.
fn want_person(run: &mut Run<'_>, case: &Case, reason: Option<&str>) -> Result<(), Refusal> {
    if case.wants_person {
        return Err(no::person_once());
    }
    let reason = reason.map(str::trim).filter(|r| !r.is_empty()).map(str::to_owned);
    if case.state.works() {
        let (again, terms) = (Vec::new(), Vec::new());
        run.push(CaseEvent::PersonWanted(PersonWanted { reason, again, terms }));
        return Ok(());
    }
    let refused = case.state.decision().is_some_and(|d| !d.approved());
    let by_rule = |s: &&Step| matches!(s.state, StepState::Failed { by: DoneBy::Rule { .. }, .. });
    let again: Vec<String> = case.steps.iter().filter(by_rule).map(|s| s.id.clone()).collect();
    if !refused || again.is_empty() {
        return Err(no::not_automatic());
    }
    let terms = terms::from_acceptance(case.frame, run.item, run.at, run.calendar);
    run.push(CaseEvent::PersonWanted(PersonWanted { reason, again, terms }));
    advance(run);
    Ok(())
}

/// A party takes its consent to electronic service back; what was served stays served. Nothing is served after the end.
fn want_paper(run: &mut Run<'_>, case: &Case, by: SubjectId) -> Result<(), Refusal> {
    if case.state.ended() {
        return Err(no::wrong_state(
            &case.state,
            "cases.cannot-want-paper",
            "改用纸质送达",
            "served on paper",
        ));
    }
    if case.wants_paper(by) {
        return Err(no::paper_already());
    }
    run.push(CaseEvent::PaperWanted(PaperWanted { by }));
    Ok(())
}
