//! One datum asked once and in one way: elements, situations, and fields that ask for what is known.

use crate::index::Index;
use crate::{Report, Rule, Severity};
use catalog::{Item, Situation};
use forms::{Field, FieldType};
use kernel::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Looks at every form.
pub(crate) fn check(index: &Index<'_>, report: &mut Report) {
    elements(index, report);
    situations(index, report);
    for item in index.stock.items {
        needless(index, item, report);
    }
}

/// Every field outside groups with its path.
fn fields(item: &Item) -> impl Iterator<Item = (String, &Field)> {
    item.form.sections.iter().enumerate().flat_map(|(s, section)| {
        section.fields.iter().enumerate().map(move |(f, field)| (format!("form[{s}].fields[{f}]"), field))
    })
}

/// Of several ways, the one most items use; of equally many, the first.
fn usual<W: Ord + Clone>(ways: impl Iterator<Item = W>) -> Option<W> {
    let mut count: BTreeMap<W, usize> = BTreeMap::new();
    for way in ways {
        *count.entry(way).or_default() += 1;
    }
    let most = count.values().max().copied()?;
    count.into_iter().find(|(_, n)| *n == most).map(|(way, _)| way)
}

/// What makes two questions for one element the same.
fn way(field: &Field) -> (&'static str, Vec<&str>) {
    let mut options: Vec<&str> = field.options.iter().map(|o| o.value.as_str()).collect();
    options.sort_unstable();
    (field.kind().word(), options)
}

fn elements(index: &Index<'_>, report: &mut Report) {
    let mut asked: BTreeMap<&str, Vec<(&Item, String, &Field)>> = BTreeMap::new();
    for item in index.stock.items {
        for (path, field) in fields(item) {
            if let Some(element) = &field.element {
                asked.entry(element).or_default().push((item, path, field));
            }
        }
    }
    for (element, places) in asked {
        let Some(usual) = usual(places.iter().map(|(_, _, f)| way(f))) else { continue };
        let kind = index.stock.elements.get(element).map(|e| e.kind.word());
        for (item, path, field) in &places {
            let own = way(field);
            if own == usual && kind.is_none_or(|k| k == own.0) {
                continue;
            }
            report.add(
                Rule::ElementAskedDifferently,
                Severity::Warning,
                (&item.key, path.clone()),
                Text::new(
                    format!("数据元“{element}”在这里的问法（类型或选项）和别的事项不同，合并表单时只能分开问两次。"),
                    format!("The element `{element}` is asked here with another type or other options than elsewhere, so that one form must ask it twice."),
                ),
                Text::new(
                    "请改成同样的类型和选项；内容确实不同的，请用另一个数据元。",
                    "Use the same type and options; where it is another datum, use another element.",
                ),
            );
        }
    }
}

fn situations(index: &Index<'_>, report: &mut Report) {
    let of_items = index.stock.items.iter().map(|i| (i.key.as_str(), &i.situations));
    let of_themes = index.stock.themes.iter().map(|t| (t.id.as_str(), &t.situations));
    let mut asked: BTreeMap<&str, Vec<(&str, usize, &Situation)>> = BTreeMap::new();
    for (key, situations) in of_items.chain(of_themes) {
        for (s, situation) in situations.iter().enumerate() {
            asked.entry(&situation.id).or_default().push((key, s, situation));
        }
    }
    let way = |s: &Situation| {
        let options: Vec<String> = s.options.iter().map(|o| o.value.clone()).collect();
        (options, s.several, s.ask.zh.trim().to_owned())
    };
    for (id, places) in asked {
        let Some(usual) = usual(places.iter().map(|(_, _, s)| way(s))) else { continue };
        for (key, s, _) in places.iter().filter(|(_, _, s)| way(s) != usual) {
            report.add(
                Rule::SituationDiffers,
                Severity::Warning,
                (key, format!("situations[{s}]")),
                Text::new(
                    format!("情形“{id}”的问题或选项和别处不同，一起办时却只问一次。"),
                    format!("The situation `{id}` has another question or other answers than elsewhere, but is asked once for all."),
                ),
                Text::new(
                    "请用同样的问题和选项；问的不是一回事的，请换一个 id。",
                    "Use the same question and answers; where another thing is asked, give it another id.",
                ),
            );
        }
    }
}

fn needless(index: &Index<'_>, item: &Item, report: &mut Report) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (path, field) in fields(item) {
        let why = match &field.element {
            Some(element) if !seen.insert(element) && field.show.is_none() => Some(Text::new(
                format!("同一张表里把“{}”问了两遍。", field.label.zh),
                format!("The same form asks for “{}” twice.", field.label.en),
            )),
            Some(_) => None,
            None => known(index, field).or_else(|| answered(index, item, field)),
        };
        let Some(why) = why else { continue };
        report.add(
            Rule::NeedlessField,
            Severity::Warning,
            (&item.key, path),
            why,
            Text::new(
                "请写 element，由系统带出；或者删去这个字段。",
                "Name the `element`, so that it is filled in by itself; or drop the field.",
            ),
        );
    }
}

/// A field that asks in its own words for what the dictionary has as a datum.
fn known(index: &Index<'_>, field: &Field) -> Option<Text> {
    if matches!(field.kind(), FieldType::File | FieldType::Declaration | FieldType::Group) {
        return None;
    }
    let same = |e: &&forms::Element| e.kind == field.kind() && e.name.zh.trim() == field.label.zh.trim();
    let element = index.stock.elements.iter().find(same)?;
    Some(Text::new(
        format!("“{}”就是数据元 {}，不写 element 就会当作新问题再问一遍。", field.label.zh, element.id),
        format!(
            "“{}” is the element {}; without `element` it is asked again as something new.",
            field.label.en, element.id
        ),
    ))
}

/// A field that asks for what a register, which the item asks by other keys, answers.
fn answered(index: &Index<'_>, item: &Item, field: &Field) -> Option<Text> {
    let own = format!("form.{}", field.id);
    for source in &item.sources {
        let by_it = source
            .keys
            .values()
            .any(|k| k.rule().map_or_else(|| k.source.contains(&own), |rule| rule.paths().contains(&own)));
        let register = index.register(&source.source).filter(|_| !by_it)?;
        let same = |f: &&catalog::RegisterField| {
            f.name.zh.trim() == field.label.zh.trim() && f.kind.rule_type() == field.kind().rule_type()
        };
        if register.fields.values().any(|f| same(&f)) {
            return Some(Text::new(
                format!("“{}”已经由“{}”答复，不用再问。", field.label.zh, register.name.zh),
                format!("“{}” is answered by “{}” already.", field.label.en, register.name.en),
            ));
        }
    }
    None
}
