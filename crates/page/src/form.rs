//! The state of a form: what was typed, and what is wrong with it, so that a page can be shown again as it was left.

use crate::Submitted;
use kernel::{FieldError, Lang, Refusal, Text};
use std::collections::BTreeMap;

/// What was typed and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormState {
    values: BTreeMap<String, Vec<String>>,
    /// What is wrong, in the order of the page.
    pub errors: Vec<FieldError>,
}

/// One line of the error summary at the top of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryLine {
    /// The anchor of the field, `#f-name`.
    pub href: String,
    /// What is wrong and what to do.
    pub text: String,
}

/// The HTML id of a field's control: `f-` and the path with everything but letters and digits turned into hyphens.
/// Its hint has `-hint` after it, its error `-error`.
pub fn id_of(name: &str) -> String {
    let mut id = String::with_capacity(name.len() + 2);
    id.push_str("f-");
    id.extend(name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }));
    while id.ends_with('-') {
        id.pop();
    }
    id
}

impl FormState {
    /// An empty form.
    pub fn new() -> Self {
        Self::default()
    }

    /// The form as it was sent.
    pub fn of(sent: &Submitted) -> Self {
        let mut state = Self::default();
        for (name, value) in sent.fields() {
            state.values.entry(name.clone()).or_default().push(value.clone());
        }
        state
    }

    /// Sets a field's value, as when a form is shown the first time.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.insert(name.into(), vec![value.into()]);
        self
    }

    /// Adds a value to a field that may have several.
    #[must_use]
    pub fn with_also(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.entry(name.into()).or_default().push(value.into());
        self
    }

    /// Says that a field is wrong.
    pub fn fail(&mut self, name: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) {
        self.errors.push(FieldError { field: name.into(), say: Text::new(zh, en) });
    }

    /// Takes over what a refusal says about fields; a refusal without fields stands at the top by itself.
    pub fn refuse(&mut self, refusal: &Refusal) {
        if refusal.fields.is_empty() {
            let say = Text::new(refusal.sentence(Lang::ZhCn), refusal.sentence(Lang::En));
            self.errors.push(FieldError { field: String::new(), say });
        } else {
            self.errors.extend(refusal.fields.iter().cloned());
        }
    }

    /// Whether nothing is wrong.
    pub fn ok(&self) -> bool {
        self.errors.is_empty()
    }

    /// What was typed into the field, or nothing.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|v| v.first()).map_or("", String::as_str)
    }

    /// Everything chosen in the field.
    pub fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether `value` is chosen in the field.
    pub fn checked(&self, name: &str, value: &str) -> bool {
        self.all(name).iter().any(|v| v == value)
    }

    /// What is wrong with the field.
    pub fn error(&self, name: &str, lang: Lang) -> Option<&str> {
        self.errors.iter().find(|e| e.field == name).map(|e| e.say.get(lang))
    }

    /// The lines of the error summary, each leading to its field.
    pub fn summary(&self, lang: Lang) -> Vec<SummaryLine> {
        let line = |e: &FieldError| SummaryLine {
            href: if e.field.is_empty() { String::new() } else { format!("#{}", id_of(&e.field)) },
            text: e.say.get(lang).to_owned(),
        };
        self.errors.iter().map(line).collect()
    }
}
