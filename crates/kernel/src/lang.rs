//! The two languages of the house, and sentences that exist in both.

use serde::{Deserialize, Serialize};

/// A language of pages, notices and refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Lang {
    /// Simplified Chinese, the first language.
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// English, complete.
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// The BCP 47 tag: `zh-CN` or `en`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// Reads a tag such as `zh`, `zh-CN`, `en-GB`; `None` when it is neither Chinese nor English.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.trim().to_ascii_lowercase().as_str() {
            "zh" => Some(Self::ZhCn),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

/// One sentence or name in both languages; in packs `{zh-CN: …, en: …}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The Chinese sentence.
    #[serde(rename = "zh-CN")]
    pub zh: String,
    /// The English sentence.
    pub en: String,
}

impl Text {
    /// A sentence in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The same characters in both languages (a number, a name).
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { zh: text.clone(), en: text }
    }

    /// The sentence in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::ZhCn => &self.zh,
            Lang::En => &self.en,
        }
    }
}
