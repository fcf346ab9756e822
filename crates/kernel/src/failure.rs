//! The two audiences of every error: a [`Refusal`] speaks to the person, a [`Fault`] to whoever reads the log.

use crate::{Lang, Text};
use std::borrow::Cow;

/// What a verb returns.
pub type Outcome<T> = Result<T, Failure>;

/// What sort of no it is; doors turn it into a status code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// What was sent is wrong in form or content (400/422).
    Invalid,
    /// Nobody is signed in (401).
    SignIn,
    /// Signed in, but without the right (403).
    Forbidden,
    /// There is no such thing, or none that this person may know of (404).
    NotFound,
    /// The state of the matter does not allow it, or it changed meanwhile (409).
    Conflict,
    /// Too large (413).
    TooLarge,
    /// Too often, or locked out (429).
    TooMany,
    /// Not at the moment, through no fault of the person's (503).
    Unavailable,
}

/// One wrong field: its path and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// The field's path, `route.to` or `vehicles[2].plate`.
    pub field: String,
    /// What is wrong and what to do.
    pub say: Text,
}

/// A considered no: a stable code, a sentence for the person, and what to do next; both languages by construction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {}", say.en)]
pub struct Refusal {
    /// What sort of no.
    pub kind: RefusalKind,
    /// `room.reason-in-words`, stable: clients may match it.
    pub code: Cow<'static, str>,
    /// What is wrong.
    pub say: Text,
    /// What the person can do now.
    pub next: Option<Text>,
    /// Wrong fields, when it is about fields.
    pub fields: Vec<FieldError>,
}

impl Refusal {
    /// A refusal with its sentence in both languages.
    pub fn new(kind: RefusalKind, code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, code: Cow::Borrowed(code), say: Text::new(zh, en), next: None, fields: Vec::new() }
    }

    /// Adds what the person can do now.
    #[must_use]
    pub fn next(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.next = Some(Text::new(zh, en));
        self
    }

    /// Adds a wrong field.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.fields.push(FieldError { field: field.into(), say: Text::new(zh, en) });
        self
    }

    /// There is no such thing, or none this person may know of; the two must not be told apart.
    pub fn not_found() -> Self {
        Self::new(RefusalKind::NotFound, "not-found", "没有找到您要的内容。", "There is nothing here.")
            .next("请检查网址，或从首页重新查找。", "Check the address, or start again from the home page.")
    }

    /// The sentence and the advice in one language.
    pub fn sentence(&self, lang: Lang) -> String {
        match (&self.next, lang) {
            (Some(next), Lang::ZhCn) => format!("{}{}", self.say.zh, next.zh),
            (Some(next), Lang::En) => format!("{} {}", self.say.en, next.en),
            (None, _) => self.say.get(lang).to_owned(),
        }
    }
}

/// Something broke: context for the log; the person is told only a reference number.
#[derive(Debug)]
pub struct Fault {
    /// What was being done, outermost first.
    pub context: Vec<String>,
    /// What went wrong underneath.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
    /// Whether trying again later may help (a database that is away or full).
    pub transient: bool,
}

impl Fault {
    /// A fault without an underlying error.
    pub fn new(context: impl Into<String>) -> Self {
        Self { context: vec![context.into()], source: None, transient: false }
    }

    /// A fault caused by `source` while doing `context`.
    pub fn from(
        context: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { context: vec![context.into()], source: Some(source.into()), transient: false }
    }

    /// Adds what was being done around it.
    #[must_use]
    pub fn while_doing(mut self, context: impl Into<String>) -> Self {
        self.context.insert(0, context.into());
        self
    }

    /// Marks it as one that may pass by itself.
    #[must_use]
    pub fn transient(mut self) -> Self {
        self.transient = true;
        self
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.context.join(": "))?;
        if let Some(source) = &self.source {
            write!(f, ": {source}")?;
            let mut inner = source.source();
            while let Some(cause) = inner {
                write!(f, ": {cause}")?;
                inner = cause.source();
            }
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}

/// Why a verb did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A considered no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Something broke.
    #[error(transparent)]
    Fault(#[from] Fault),
}
