//! A section's fields as HTML: plain form controls that work without JavaScript.

use crate::{Answers, DivisionLevel, Evaluation, Field, FieldType, Section, division, read, summary, value};
use askama::Template;
use kernel::{FieldError, Lang, Text};
use page::parts::Html;
use page::{Say, Words};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static WORDS: LazyLock<Words> = page::words!("forms");

/// A value that is known, and from where.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The value, as the answer would be.
    pub value: Value,
    /// Who says so.
    pub source: Text,
}

/// The fields of `section` as HTML, escaped; `known` by field id. Names of the inputs are the field paths. Fields that
/// are not shown are there and hidden, so that the browser's script can show them.
pub fn fields_html(
    section: &Section,
    answers: &Answers,
    known: &BTreeMap<String, Known>,
    evaluation: &Evaluation,
    errors: &[FieldError],
    lang: Lang,
) -> String {
    let page = Page { answers, known, evaluation, errors, lang, w: WORDS.say(lang) };
    let values = Values::Top(answers);
    let fields = section.fields.iter().map(|f| page.field(f, &f.id, &values)).collect();
    let mut levels = BTreeSet::new();
    for field in section.fields.iter().chain(section.fields.iter().flat_map(|f| &f.fields)) {
        if field.kind() == FieldType::Division {
            levels.insert((field.level.unwrap_or(DivisionLevel::City), field.within.clone()));
        }
    }
    let list = |(level, within): (DivisionLevel, Option<String>)| {
        let places = division::of_level(level, within.as_deref().unwrap_or_default());
        (list_id(level, within.as_deref()), places.map(|p| p.full.as_str()).collect())
    };
    let lists = levels.into_iter().map(list).collect();
    shown(&SectionView { id: &section.id, fields, lists })
}

fn shown(template: &impl Template) -> String {
    template.render().unwrap_or_else(|error| {
        tracing::error!(%error, "a section of a form could not be rendered");
        String::new()
    })
}

fn list_id(level: DivisionLevel, within: Option<&str>) -> String {
    let level = match level {
        DivisionLevel::Province => "divisions-province",
        DivisionLevel::City => "divisions-city",
        DivisionLevel::County => "divisions-county",
        DivisionLevel::Town => "divisions-town",
    };
    within.map_or_else(|| level.to_owned(), |within| format!("{level}-{within}"))
}

#[derive(Template)]
#[template(path = "section.html")]
struct SectionView<'a> {
    id: &'a str,
    fields: Vec<Html>,
    lists: Vec<(String, Vec<&'static str>)>,
}

/// One option to choose from.
struct Opt<'a> {
    value: &'a str,
    label: &'a str,
    chosen: bool,
}

/// A row of a repeating group.
struct RowView {
    n: String,
    path: String,
    fields: Vec<Html>,
}

/// What the control is.
enum Control<'a> {
    Line {
        kind: &'static str,
        mode: &'static str,
        list: String,
        width: &'static str,
        unit: String,
        auto: &'static str,
    },
    Long,
    Choices {
        several: bool,
        options: Vec<Opt<'a>>,
    },
    Select {
        options: Vec<Opt<'a>>,
    },
    Tick,
    Files {
        kept: Vec<(String, String)>,
        /// Whether the form leads to the camera: `_scan` is sent with the field, and the room takes it from there.
        scan: bool,
    },
    Rows {
        rows: Vec<RowView>,
    },
    Known {
        printed: String,
        source: &'a str,
    },
}

#[derive(Template)]
#[template(path = "field.html")]
struct FieldView<'a> {
    path: &'a str,
    label: &'a str,
    hint: String,
    must: bool,
    shown: bool,
    error: Option<&'a str>,
    value: String,
    control: Control<'a>,
    w: Say,
}

impl FieldView<'_> {
    fn id(&self) -> String {
        page::id_of(self.path)
    }

    fn described(&self) -> Html {
        let id = self.id();
        let mut by = Vec::new();
        if self.error.is_some() {
            by.push(format!("{id}-error"));
        }
        if !self.hint.is_empty() {
            by.push(format!("{id}-hint"));
        }
        let invalid = if self.error.is_some() { r#" aria-invalid="true""# } else { "" };
        if by.is_empty() {
            return Html(invalid.to_owned());
        }
        Html(format!(r#"{invalid} aria-describedby="{}""#, by.join(" ")))
    }
}

enum Values<'a> {
    Top(&'a Answers),
    Row(&'a Value),
}

impl<'a> Values<'a> {
    fn get(&self, id: &str) -> Option<&'a Value> {
        match self {
            Self::Top(answers) => answers.get(id),
            Self::Row(row) => row.get(id),
        }
    }
}

struct Page<'a> {
    answers: &'a Answers,
    known: &'a BTreeMap<String, Known>,
    evaluation: &'a Evaluation,
    errors: &'a [FieldError],
    lang: Lang,
    w: Say,
}

impl Page<'_> {
    fn field(&self, field: &Field, path: &str, values: &Values<'_>) -> Html {
        let answer = values.get(&field.id);
        let typed = read::raw(self.answers, path).map(str::to_owned);
        let value = typed.or_else(|| answer.map(|v| value::typed(v, field.kind()))).unwrap_or_default();
        let known = self.known.get(path).filter(|_| matches!(values, Values::Top(_)));
        let control = match known {
            Some(known) if field.readonly_when_known => Control::Known {
                printed: summary::print(field, &known.value, self.lang),
                source: known.source.get(self.lang),
            },
            _ => self.control(field, path, (answer, &value), matches!(values, Values::Top(_))),
        };
        let view = FieldView {
            path,
            label: field.label.get(self.lang),
            hint: self.hint(field, known, answer),
            must: self.evaluation.require.contains(path),
            shown: self.evaluation.show.contains(path),
            error: self.errors.iter().find(|e| e.field == path).map(|e| e.say.get(self.lang)),
            value,
            control,
            w: self.w,
        };
        Html(shown(&view))
    }

    fn hint(&self, field: &Field, known: Option<&Known>, answer: Option<&Value>) -> String {
        let own = field.help.as_ref().map(|h| h.get(self.lang).to_owned());
        let kind = match field.kind() {
            FieldType::Division if own.is_none() && field.within.is_some() => {
                Some(self.w.t("division-hint-within").into_owned())
            }
            FieldType::Division if own.is_none() => Some(self.w.t("division-hint").into_owned()),
            FieldType::File if own.is_none() => Some(self.w.t("file-hint").into_owned()),
            _ => None,
        };
        let filled = known.filter(|k| !field.readonly_when_known && answer == Some(&k.value));
        let filled =
            filled.map(|k| self.w.with("known-edit", &[("source", k.source.get(self.lang).to_owned())]));
        [filled, own, kind].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn control<'f>(
        &self,
        field: &'f Field,
        path: &str,
        (answer, value): (Option<&Value>, &str),
        top: bool,
    ) -> Control<'f> {
        let line = |kind, mode, width, auto| Control::Line {
            kind,
            mode,
            list: String::new(),
            width,
            unit: String::new(),
            auto,
        };
        let options = |chosen: &dyn Fn(&str) -> bool| {
            let option = |o: &'f crate::Choice| Opt {
                value: &o.value,
                label: o.label.get(self.lang),
                chosen: chosen(&o.value),
            };
            field.options.iter().map(option).collect::<Vec<_>>()
        };
        let ticked = |v: &str| {
            answer.and_then(Value::as_array).is_some_and(|a| a.iter().any(|x| x.as_str() == Some(v)))
        };
        match field.kind() {
            FieldType::LongText => Control::Long,
            FieldType::Choice if field.options.len() > 7 => {
                Control::Select { options: options(&|v| v == value) }
            }
            FieldType::Choice => Control::Choices { several: false, options: options(&|v| v == value) },
            FieldType::Several => Control::Choices { several: true, options: options(&ticked) },
            FieldType::Declaration => Control::Tick,
            FieldType::File => Control::Files { kept: kept_files(path, answer), scan: top },
            FieldType::Group => Control::Rows { rows: self.rows(field, path, answer) },
            FieldType::Date => line("date", "", "short", "off"),
            FieldType::Number => amount(
                if field.decimals == 0 { "numeric" } else { "decimal" },
                field.unit.as_ref().map(|u| u.get(self.lang).to_owned()).unwrap_or_default(),
            ),
            FieldType::Money => amount("decimal", self.w.t("money-unit").into_owned()),
            FieldType::Division => Control::Line {
                kind: "text",
                mode: "",
                list: list_id(field.level.unwrap_or(DivisionLevel::City), field.within.as_deref()),
                width: "medium",
                unit: String::new(),
                auto: "off",
            },
            FieldType::Phone => line("tel", "", "medium", "tel"),
            FieldType::Plate => line("text", "", "short", "off"),
            FieldType::CitizenId | FieldType::CreditCode => line("text", "", "medium", "off"),
            FieldType::Text => line("text", "", "", "off"),
        }
    }

    fn rows(&self, field: &Field, path: &str, answer: Option<&Value>) -> Vec<RowView> {
        let rows = answer.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let row = |(r, row): (usize, &Value)| {
            let values = Values::Row(row);
            let fields =
                field.fields.iter().map(|f| self.field(f, &format!("{path}[{r}].{}", f.id), &values));
            RowView { n: (r + 1).to_string(), path: format!("{path}[{r}]"), fields: fields.collect() }
        };
        rows.iter().enumerate().map(row).collect()
    }
}

/// A short line for a number with its unit.
fn amount(mode: &'static str, unit: String) -> Control<'static> {
    Control::Line { kind: "text", mode, list: String::new(), width: "short", unit, auto: "off" }
}

fn kept_files(path: &str, answer: Option<&Value>) -> Vec<(String, String)> {
    let files = answer.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let kept = |(i, file): (usize, &Value)| {
        let name = file.get("name").and_then(Value::as_str).unwrap_or("?");
        (format!("{path}[{i}]"), name.to_owned())
    };
    files.iter().enumerate().map(kept).collect()
}
