//! The texts of a room in both languages (Fluent), and the check that both files say the same things.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use kernel::Lang;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The texts of a room: `static WORDS: LazyLock<Words> = page::words!("cases");`
pub struct Words {
    room: &'static str,
    zh: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
}

/// Reads `locales/zh-CN/ROOM.ftl` and `locales/en/ROOM.ftl` of the calling crate into the program.
#[macro_export]
macro_rules! words {
    ($room:literal) => {
        ::std::sync::LazyLock::new(|| {
            $crate::Words::new(
                $room,
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/locales/zh-CN/", $room, ".ftl")),
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/locales/en/", $room, ".ftl")),
            )
        })
    };
}

impl Words {
    /// The texts of `room` from the two files' contents.
    pub fn new(room: &'static str, zh: &'static str, en: &'static str) -> Self {
        Self { room, zh: bundle(room, Lang::ZhCn, zh), en: bundle(room, Lang::En, en) }
    }

    /// The texts in one language.
    pub fn say(&'static self, lang: Lang) -> Say {
        Say { words: self, lang }
    }

    fn bundle(&self, lang: Lang) -> &FluentBundle<FluentResource> {
        match lang {
            Lang::ZhCn => &self.zh,
            Lang::En => &self.en,
        }
    }
}

fn bundle(room: &str, lang: Lang, text: &str) -> FluentBundle<FluentResource> {
    let id = lang.tag().parse::<unic_langid::LanguageIdentifier>().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(partial, errors)| {
        tracing::error!(room, lang = lang.tag(), ?errors, "a text file has errors");
        partial
    });
    if let Err(errors) = bundle.add_resource(resource) {
        tracing::error!(room, lang = lang.tag(), ?errors, "a text file says something twice");
    }
    bundle
}

/// A room's texts in the reader's language; in templates `w.t("key")`.
#[derive(Clone, Copy)]
pub struct Say {
    words: &'static Words,
    /// The language.
    pub lang: Lang,
}

impl Say {
    /// The text `key`. A missing one shows its key and is logged; a test keeps that from happening.
    pub fn t(&self, key: &str) -> Cow<'static, str> {
        self.format(key, None)
    }

    /// The text `key` with values set in: `w.with("count", &[("n", n.to_string())])`. Whole numbers select plurals.
    pub fn with(&self, key: &str, args: &[(&str, String)]) -> String {
        let mut set = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            set.set((*name).to_owned(), argument(value));
        }
        self.format(key, Some(&set)).into_owned()
    }

    /// Whether there is a text `key`.
    pub fn has(&self, key: &str) -> bool {
        self.words.bundle(self.lang).has_message(key)
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let words: &'static Words = self.words;
        let bundle = words.bundle(self.lang);
        let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else {
            tracing::error!(room = words.room, lang = self.lang.tag(), key, "a text is missing");
            return Cow::Owned(key.to_owned());
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors);
        if !errors.is_empty() {
            tracing::error!(room = words.room, lang = self.lang.tag(), key, ?errors, "a text lacks a value");
        }
        text
    }
}

/// Small whole numbers go in as numbers, so that English can choose its plural; everything else stays text.
fn argument(value: &str) -> FluentValue<'static> {
    match value.parse::<i64>() {
        Ok(n) if value.len() <= 9 && n.to_string() == value => FluentValue::from(n),
        _ => FluentValue::String(Cow::Owned(value.to_owned())),
    }
}

/// Checks that both files have the same keys with the same values set in; for a test in every room:
/// `page::words::same_keys(include_str!("../locales/zh-CN/x.ftl"), include_str!("../locales/en/x.ftl"))`.
///
/// # Errors
/// One line for every difference.
pub fn same_keys(zh: &str, en: &str) -> Result<(), Vec<String>> {
    let (zh, en) = (keys(zh), keys(en));
    let mut complaints = Vec::new();
    for (key, values) in &zh {
        match en.get(key) {
            None => complaints.push(format!("`{key}` is missing in English")),
            Some(other) if other != values => {
                complaints.push(format!("`{key}` sets in {values:?} in Chinese but {other:?} in English"));
            }
            Some(_) => {}
        }
    }
    complaints
        .extend(en.keys().filter(|k| !zh.contains_key(*k)).map(|k| format!("`{k}` is missing in Chinese")));
    if complaints.is_empty() { Ok(()) } else { Err(complaints) }
}

/// The message keys of a Fluent file, each with the names of the values it sets in.
pub fn keys(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = None;
    for line in text.lines() {
        let starts = line.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
        if starts && let Some((key, _)) = line.split_once('=') {
            let key = key.trim().to_owned();
            found.entry(key.clone()).or_default();
            current = Some(key);
        }
        if let Some(values) = current.as_ref().and_then(|key| found.get_mut(key)) {
            for piece in line.split('$').skip(1) {
                let name: String = piece
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-')
                    .collect();
                values.insert(name);
            }
        }
    }
    found
}
