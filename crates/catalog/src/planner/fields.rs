//! The fields of the one form: each once, and where its value comes from.

use super::{FieldHow, How, Matter, PlannedField, PlannedPaper};
use crate::merged::{Weave, Woven, fits, holder_of, holders, own, papers_in};
use crate::{ItemSource, Register};
use forms::{Field, FieldType};
use kernel::Text;
use std::collections::{BTreeMap, BTreeSet};

/// By holder, the registers that answer about them.
type Answering<'a> = BTreeMap<String, BTreeSet<&'a str>>;

pub(super) fn fields(matter: &Matter<'_>, weave: &Weave<'_>, papers: &[PlannedPaper]) -> Vec<PlannedField> {
    let registers = answering(matter);
    let declared: BTreeSet<&str> =
        papers.iter().filter(|p| p.how == How::Declared).filter_map(|p| p.field.as_deref()).collect();
    let mut out = Vec::with_capacity(weave.fields.len());
    for woven in &weave.fields {
        let asked: Vec<&(usize, &Field)> = woven.asked.iter().filter(|a| wanted(matter, a)).collect();
        if asked.is_empty() && !woven.theme || is_paper(matter, woven, &declared) {
            continue;
        }
        let label = asked.first().map(|(_, f)| f.label.clone());
        let label = label.or_else(|| woven.situation.map(|s| s.ask.clone())).unwrap_or_default();
        let (how, why) = how(matter, &registers, woven, &asked);
        let who = |(m, f): &&(usize, &Field)| Some((matter.items.get(*m)?.key.clone(), f.id.clone()));
        let asked_by = asked.iter().filter_map(who).collect();
        out.push(PlannedField { id: woven.id.clone(), label, how, why, asked_by });
    }
    out
}

/// Whether a member that is part of the matter asks it, or may.
fn wanted(matter: &Matter<'_>, (m, field): &(usize, &Field)) -> bool {
    matter.takes(*m) && matter.may(*m, field.show.as_ref())
}

/// Whether the field is a paper's: its file, or a declaration that does not stand for it here.
fn is_paper(matter: &Matter<'_>, woven: &Woven<'_>, declared: &BTreeSet<&str>) -> bool {
    if woven.paper {
        return true;
    }
    let Some((m, field)) = woven.asked.first() else { return false };
    let of = matter.items.get(*m).is_some_and(|item| papers_in(item, &field.id).next().is_some());
    match field.kind() {
        FieldType::File => of,
        FieldType::Declaration => of && !declared.contains(woven.id.as_str()),
        _ => false,
    }
}

fn answering<'a>(matter: &Matter<'a>) -> Answering<'a> {
    let mut out = Answering::new();
    for (m, item) in matter.each() {
        let may = |s: &&'a ItemSource| {
            matter.shares(&s.source) && !matter.q.down.contains(&s.source) && matter.may(m, s.when.as_ref())
        };
        // What a personal register says of another party is not shown to whoever files: it stays asked.
        let shown =
            |s: &&'a ItemSource| matter.register(&s.source).is_some_and(|r| !r.personal) || own(item, s);
        for source in item.sources.iter().filter(may).filter(shown) {
            for holder in holders(item, source) {
                out.entry(holder).or_default().insert(&source.source);
            }
        }
    }
    out
}

fn how(
    matter: &Matter<'_>,
    registers: &Answering<'_>,
    woven: &Woven<'_>,
    asked: &[&(usize, &Field)],
) -> (FieldHow, Text) {
    let first = asked.first().map(|(_, f)| *f);
    if let Some(element) = first.and_then(|f| f.element.as_deref()) {
        if matter.q.known.contains_key(element) {
            let why = Text::new("已经知道，给您看，不用填。", "It is known already; it is shown, not asked.");
            return (FieldHow::Known, why);
        }
        if let Some(register) = first.and_then(|f| fetched(matter, registers, element, f)) {
            let why = Text::new(
                format!("由“{}”提供，给您看，不用填。", register.name.zh),
                format!("The {} says it; it is shown, not asked.", register.name.en),
            );
            return (FieldHow::Fetched, why);
        }
    }
    let why = match (woven.situation, asked.len()) {
        (Some(_), _) => Text::new(
            "您的回答决定要办什么、交什么。",
            "Your answer decides what is done and what is handed in.",
        ),
        (None, n @ 2..) => Text::new(
            format!("{n}个事项都要，只填一次。"),
            format!("{n} items need it; it is filled in once."),
        ),
        _ => Text::new("只有您知道。", "Only you know it."),
    };
    (FieldHow::Asked, why)
}

fn fetched<'a>(
    matter: &Matter<'a>,
    registers: &Answering<'_>,
    element: &str,
    field: &Field,
) -> Option<&'a Register> {
    let (holder, datum) = holder_of(element)?;
    let asked = registers.get(holder)?.iter().filter_map(|id| matter.register(id));
    let mut answers = asked.filter(|r| !r.keys.contains_key(datum));
    answers.find(|r| r.fields.get(datum).is_some_and(|f| fits(f.kind, field.kind())))
}
