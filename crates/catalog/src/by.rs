//! Who takes a step: the program, the window, an agency by code or by function and level, a line system, or several
//! agencies that sign one opinion.

use kernel::AgencyCode;
use schemars::JsonSchema;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A level of government below the centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// 镇街: towns and sub-districts.
    Town,
    /// 县区.
    County,
    /// 市.
    City,
    /// 省.
    Province,
}

impl Level {
    /// The word packs use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Town => "town",
            Self::County => "county",
            Self::City => "city",
            Self::Province => "province",
        }
    }

    /// The level that `word` names.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Town, Self::County, Self::City, Self::Province].into_iter().find(|l| l.word() == word)
    }
}

/// Who takes a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// The program, by `rule`.
    Automatic,
    /// The window.
    Clerk,
    /// Examiners of an agency.
    Agency(AgencyCode),
    /// Examiners of the agency that has this function at this level where the case belongs: `civil-affairs@town`.
    Level {
        /// What the agency does: `civil-affairs`.
        function: String,
        /// At which level.
        level: Level,
    },
    /// A line system of a department (业务专网), by its id: `external:fire-line`.
    External(String),
    /// Several agencies that sign one opinion (联合审查); none of them joint, automatic or external itself.
    Joint(Vec<By>),
}

impl By {
    /// Who takes the step, each one: the members of a joint review, else itself.
    pub fn each(&self) -> &[By] {
        match self {
            Self::Joint(members) => members,
            one => std::slice::from_ref(one),
        }
    }

    /// Whether examiners take it: an agency, a function at a level, or several of them.
    pub fn examined(&self) -> bool {
        matches!(self, Self::Agency(_) | Self::Level { .. } | Self::Joint(_))
    }

    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "automatic" => return Ok(Self::Automatic),
            "clerk" => return Ok(Self::Clerk),
            _ => {}
        }
        if let Some(system) = text.strip_prefix("external:") {
            return if is_word(system) {
                Ok(Self::External(system.to_owned()))
            } else {
                Err(format!("`{text}` names no line system: write external:fire-line"))
            };
        }
        if let Some((function, level)) = text.split_once('@') {
            return match Level::parse(level).filter(|_| is_word(function)) {
                Some(level) => Ok(Self::Level { function: function.to_owned(), level }),
                None => Err(format!(
                    "`{text}` is no function at a level: write civil-affairs@town, @county, @city or @province"
                )),
            };
        }
        let agency = AgencyCode::parse(text).filter(|_| text.contains('.')).map(Self::Agency);
        agency.ok_or_else(|| {
            format!(
                "`{text}` takes no step: write automatic, clerk, an agency's code such as nanjing.transport, \
                 civil-affairs@county, external:fire-line, or a list of agencies"
            )
        })
    }
}

/// Whether `word` may name a function or a line system: lower-case letters, digits and hyphens, a letter first.
fn is_word(word: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let first = word.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
    first && word.len() <= 40 && !word.ends_with('-') && word.bytes().all(fits)
}

impl std::fmt::Display for By {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Automatic => f.write_str("automatic"),
            Self::Clerk => f.write_str("clerk"),
            Self::Agency(code) => write!(f, "{code}"),
            Self::Level { function, level } => write!(f, "{function}@{}", level.word()),
            Self::External(system) => write!(f, "external:{system}"),
            Self::Joint(members) => {
                let members: Vec<String> = members.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", members.join(", "))
            }
        }
    }
}

impl Serialize for By {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Joint(members) => to.collect_seq(members),
            one => to.collect_str(one),
        }
    }
}

impl<'de> Deserialize<'de> for By {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = By;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("who takes the step, or a list of agencies")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<By, E> {
                By::parse(text).map_err(E::custom)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<By, A::Error> {
                let mut members = Vec::new();
                while let Some(text) = seq.next_element::<String>()? {
                    members.push(By::parse(&text).map_err(A::Error::custom)?);
                }
                Ok(By::Joint(members))
            }
        }
        from.deserialize_any(V)
    }
}

impl JsonSchema for By {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "By".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Who takes the step: automatic, clerk, an agency's code (nanjing.transport), a function at a \
                level (civil-affairs@town), a line system (external:fire-line), or a list of agencies that sign one opinion.",
            "anyOf": [
                {"type": "string", "pattern": "^(automatic|clerk|external:[a-z][a-z0-9-]*|[a-z][a-z0-9-]*@(town|county|city|province)|[a-z0-9-]+(\\.[a-z0-9-]+)+)$"},
                {"type": "array", "minItems": 2, "items": {"type": "string"}}
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_written_back() {
        for text in [
            r#""automatic""#,
            r#""clerk""#,
            r#""nanjing.transport""#,
            r#""civil-affairs@town""#,
            r#""external:fire-line""#,
            r#"["nanjing.transport","fire@county"]"#,
        ] {
            let by: By = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&by).unwrap(), text);
        }
        for text in
            ["", "nanjing", "x@village", "@town", "external:", "external:Fire", "external:a-", "a@b@town"]
        {
            assert!(serde_json::from_value::<By>(text.into()).is_err(), "{text}");
        }
    }
}
