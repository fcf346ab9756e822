//! Building the one form: its sections, its fields, and for each member the way there and back.

use super::shape::{self, Columns};
use super::weave::{SITUATION, Weave, Woven};
use super::{Member, Merged, known, paper_id, paper_of};
use crate::{Item, Situation};
use forms::{Answers, Bound, Elements, Field, FieldType, Form, RAW, Section};
use kernel::Text;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where a member's own field goes.
#[derive(Debug, Clone)]
pub(super) struct To {
    /// The field of the one form.
    pub id: String,
    /// The columns, when it is a merged group.
    pub columns: Option<Columns>,
}

/// A form's question of a situation.
pub(crate) fn situation_field(situation: &Situation) -> Field {
    Field {
        id: situation.id.clone(),
        label: situation.ask.clone(),
        declared: Some(if situation.several { FieldType::Several } else { FieldType::Choice }),
        required: true,
        options: situation.options.clone(),
        help: None,
        element: None,
        show: None,
        require: None,
        checks: Vec::new(),
        min: None,
        max: None,
        decimals: 0,
        unit: None,
        level: None,
        within: None,
        fields: Vec::new(),
        readonly_when_known: false,
        secret: false,
    }
}

/// The section that asks the situations.
pub(crate) fn situation_section(fields: Vec<Field>) -> Section {
    Section {
        id: SITUATION.to_owned(),
        title: Text::new("您的情形", "Your situation"),
        help: Some(Text::new(
            "先回答这几个问题，用不着的就不会再问。",
            "Answer these first; what does not concern you is not asked.",
        )),
        fields,
    }
}

pub(super) fn merged(weave: &Weave<'_>, given: &[&Item], elements: &Elements) -> Merged {
    let place = |item: &&Item| weave.items.iter().position(|i| i.key == item.key).unwrap_or(0);
    let given: Vec<usize> = given.iter().map(place).collect();
    let asked = |w: &&Woven<'_>| w.theme;
    let own = weave.fields.iter().filter(asked).filter_map(|w| w.situation).map(situation_field);
    let own = situation_section(own.collect());
    let form = if weave.alone { alone(weave) } else { together(weave, elements) };
    let own = Form { sections: if own.fields.is_empty() { Vec::new() } else { vec![own] } };
    let members = (0..weave.items.len()).filter_map(|m| member(weave, m)).map(Arc::new).collect();
    let first = |m: usize| given.iter().position(|g| *g == m);
    let asked_by = weave.fields.iter().map(|w| {
        let who = w.asked.iter().filter_map(|(m, f)| Some((first(*m)?, f.id.clone())));
        (w.id.clone(), who.collect())
    });
    let papers: BTreeSet<String> = weave.items.iter().flat_map(|i| papers(i)).collect();
    let asked_by = asked_by.collect();
    Merged { form, own, members, given, asked_by, papers: papers.into_iter().collect() }
}

fn papers(item: &Item) -> impl Iterator<Item = String> + '_ {
    (0..item.materials.len()).filter_map(|m| paper_of(item, m)).map(paper_id)
}

/// One item's own form, behind the questions that only the theme asks.
fn alone(weave: &Weave<'_>) -> Form {
    let mut form = weave.items.first().map(|i| i.form.clone()).unwrap_or_default();
    let theme_only = weave.fields.iter().filter(|w| w.asked.is_empty());
    let own: Vec<Field> = theme_only.filter_map(|w| w.situation).map(situation_field).collect();
    if own.is_empty() {
        return form;
    }
    match form.sections.iter_mut().find(|s| s.id == SITUATION) {
        Some(section) => section.fields.splice(0..0, own).for_each(drop),
        None => form.sections.insert(0, situation_section(own)),
    }
    form
}

/// The sections of several items: situations, what several ask, then each item's own, then the papers.
fn together(weave: &Weave<'_>, elements: &Elements) -> Form {
    let mut situations = Vec::new();
    let mut shared = Vec::new();
    let mut papers = Vec::new();
    let mut own: Vec<(usize, &Section, Vec<Field>)> = Vec::new();
    for woven in &weave.fields {
        let field = field(woven, weave, elements);
        match (woven.situation, woven.asked.first()) {
            (Some(_), _) => situations.push(field),
            (None, Some(_)) if woven.paper => papers.push(field),
            (None, Some(_)) if woven.asked.len() > 1 => shared.push(field),
            (None, Some((m, first))) => {
                let Some(section) = section_of(weave, *m, first) else { continue };
                match own.iter_mut().find(|(n, s, _)| n == m && s.id == section.id) {
                    Some((_, _, fields)) => fields.push(field),
                    None => own.push((*m, section, vec![field])),
                }
            }
            (None, None) => {}
        }
    }
    let mut sections = Vec::new();
    let mut add = |section: Section| {
        if !section.fields.is_empty() {
            sections.push(section);
        }
    };
    add(situation_section(situations));
    add(named("shared", Text::new("共用的信息", "What several items need"), shared));
    let titles: Vec<Text> = own.iter().map(|(_, s, _)| s.title.clone()).collect();
    for (n, (m, section, fields)) in own.into_iter().enumerate() {
        let alike = titles.iter().filter(|t| **t == section.title).count() > 1;
        let item = weave.items.get(m).map(|i| i.name.clone()).unwrap_or_default();
        let title = if alike {
            Text::new(
                format!("{}：{}", item.zh, section.title.zh),
                format!("{}: {}", item.en, section.title.en),
            )
        } else {
            section.title.clone()
        };
        let help = section.help.clone();
        add(Section { id: format!("part_{}", n + 1), title, help, fields });
    }
    add(named("papers", Text::new("要交的材料", "Papers to hand in"), papers));
    Form { sections }
}

fn named(id: &str, title: Text, fields: Vec<Field>) -> Section {
    Section { id: id.to_owned(), title, help: None, fields }
}

fn section_of<'a>(weave: &Weave<'a>, m: usize, field: &Field) -> Option<&'a Section> {
    weave.items.get(m)?.form.sections.iter().find(|s| s.fields.iter().any(|f| f.id == field.id))
}

/// A field of the one form: as the first who asks it has it, without rules, with the widest bounds.
fn field(woven: &Woven<'_>, weave: &Weave<'_>, elements: &Elements) -> Field {
    let Some((m, first)) = woven.asked.first() else {
        return woven.situation.map(situation_field).unwrap_or_else(|| situation_field(&nothing()));
    };
    let mut field = (*first).clone();
    field.id.clone_from(&woven.id);
    field.required = woven.asked.iter().any(|(_, f)| f.required) && !woven.paper;
    field.secret = woven.asked.iter().any(|(_, f)| f.secret);
    field.readonly_when_known = woven.asked.iter().any(|(_, f)| f.readonly_when_known);
    for (_, other) in woven.asked.iter().skip(1) {
        field.min = wider(field.min.take(), other.min.as_ref(), f64::min);
        field.max = wider(field.max.take(), other.max.as_ref(), f64::max);
        if field.help != other.help {
            field.help = None;
        }
    }
    if let (true, Some(element)) =
        (woven.asked.len() > 1, first.element.as_ref().and_then(|e| elements.get(e)))
    {
        field.label = element.name.clone();
    }
    if woven.paper && woven.asked.len() > 1 {
        let item = weave.items.get(*m);
        let material = item.and_then(|i| super::papers_in(i, &first.id).next());
        field.label = material.map_or(field.label, |(_, m)| m.name.clone());
    }
    if woven.merged_group {
        field.fields = columns(woven);
    }
    bare(&mut field);
    field
}

fn nothing() -> Situation {
    Situation { id: String::new(), ask: Text::default(), options: Vec::new(), several: false, known: None }
}

/// The columns of a merged group: those of everyone, each once.
fn columns(woven: &Woven<'_>) -> Vec<Field> {
    let mut all: Vec<Field> = Vec::new();
    for child in woven.asked.iter().flat_map(|(_, f)| &f.fields) {
        let name = shape::column(child);
        match all.iter_mut().find(|f| f.id == name) {
            Some(column) => {
                // What one member needs of its rows, another may not; each one's own rules say so.
                column.required &= child.required;
                column.min = wider(column.min.take(), child.min.as_ref(), f64::min);
                column.max = wider(column.max.take(), child.max.as_ref(), f64::max);
            }
            None => all.push(Field { id: name, ..child.clone() }),
        }
    }
    all
}

/// Rules are asked of the members.
fn bare(field: &mut Field) {
    field.show = None;
    field.require = None;
    field.checks = Vec::new();
    field.fields.iter_mut().for_each(bare);
}

/// The wider of two bounds; none where one has none, or where they cannot be compared here.
fn wider(a: Option<Bound>, b: Option<&Bound>, pick: fn(f64, f64) -> f64) -> Option<Bound> {
    let (a, b) = (a?, b?);
    if a == *b {
        return Some(a);
    }
    let (x, y) = (a.0.parse::<f64>().ok()?, b.0.parse::<f64>().ok()?);
    Some(if pick(x, y).total_cmp(&x).is_eq() { a } else { b.clone() })
}

fn member(weave: &Weave<'_>, m: usize) -> Option<Member> {
    let item = weave.items.get(m)?;
    let mut fields = BTreeMap::new();
    for field in item.form.fields() {
        let woven = weave.woven(m, &field.id)?;
        let columns = woven.merged_group.then(|| shape::columns(field));
        fields.insert(field.id.clone(), To { id: woven.id.clone(), columns });
    }
    let mut papers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (n, material) in item.materials.iter().enumerate() {
        if let (Some(field), Some(paper)) = (&material.field, paper_of(item, n)) {
            papers.entry(field.clone()).or_default().push(paper_id(paper));
        }
    }
    Some(Member {
        item: item.key.clone(),
        form: item.form.clone(),
        fields,
        papers,
        sources: known::asks(item),
        alone: weave.alone,
    })
}

/// `owners[1].name` → `owners`, `[1].name`.
fn split(path: &str) -> (&str, &str) {
    path.split_at(path.find(['[', '.']).unwrap_or(path.len()))
}

impl Member {
    pub(super) fn project(&self, answers: &Answers) -> Answers {
        let raw = answers.get(RAW).and_then(Value::as_object);
        let mut out = Answers::new();
        let mut own_raw = Map::new();
        for (own, to) in &self.fields {
            if let Some(value) = answers.get(&to.id) {
                out.insert(own.clone(), to.columns.as_ref().map_or_else(|| value.clone(), |c| c.down(value)));
            }
            for (path, typed) in raw.into_iter().flatten() {
                let (root, rest) = split(path);
                if root == to.id {
                    let rest = to.columns.as_ref().map_or_else(|| rest.to_owned(), |c| c.path(rest, false));
                    own_raw.insert(format!("{own}{rest}"), typed.clone());
                }
            }
        }
        if !own_raw.is_empty() {
            out.insert(RAW.to_owned(), Value::Object(own_raw));
        }
        out
    }

    pub(super) fn lift(&self, answers: &Answers) -> Answers {
        if self.alone {
            return answers.clone();
        }
        let mut out = Answers::new();
        let mut raw = Map::new();
        for (own, value) in answers {
            if own == RAW {
                for (path, typed) in value.as_object().into_iter().flatten() {
                    raw.extend(self.path_up(path).map(|path| (path, typed.clone())));
                }
            } else if let Some(to) = self.fields.get(own) {
                out.insert(to.id.clone(), to.columns.as_ref().map_or_else(|| value.clone(), |c| c.up(value)));
            }
        }
        if !raw.is_empty() {
            out.insert(RAW.to_owned(), Value::Object(raw));
        }
        out
    }

    /// The path in the one form of a path in the member's own.
    pub(super) fn path_up(&self, path: &str) -> Option<String> {
        let (root, rest) = split(path);
        let to = self.fields.get(root)?;
        let rest = to.columns.as_ref().map_or_else(|| rest.to_owned(), |c| c.path(rest, true));
        Some(format!("{}{rest}", to.id))
    }
}

/// The field in front of a path's row and column.
pub(super) fn root(path: &str) -> &str {
    split(path).0
}
