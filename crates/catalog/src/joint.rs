//! Joint matters (一件事): which items make one matter, in which situations, what they share, and what the refusal of one
//! means for another.

use crate::{Audience, Before, PartyRole, Situation, SourceGrade};
use forms::{Condition, TextShape};
use kernel::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Another member whose decision must be there before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberAfter {
    /// Which member.
    pub item: String,
    /// By which law or rule.
    #[schemars(with = "TextShape")]
    pub basis: Text,
}

/// One item of a joint matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThemeMember {
    /// The item's key.
    pub item: String,
    /// Taken only when this holds; it reads the situations (`form.<id>`) and nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// The members whose decision it needs by law, beside those whose certificate it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<MemberAfter>,
}

/// What becomes of a member when another one is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Then {
    /// It ends too, with the reason.
    Ends,
    /// It waits; whoever examines it sees why.
    Waits,
}

/// What the refusal of one member means for another; a member not named here goes on alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Depends {
    /// The member it is about.
    pub item: String,
    /// The member that was refused.
    pub on: String,
    /// What follows.
    pub then: Then,
    /// For [`Then::Waits`]: the step of `item` that is not ended before `on` is decided; the last one that people take
    /// ([`crate::planner::last_by_people`]) when absent. A paper that `on` makes is waited for where that paper is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The reason, for the applicant.
    #[schemars(with = "TextShape")]
    pub say: Text,
}

/// Which registers may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SharedSources {
    /// All that the items name (`all`).
    All,
    /// These.
    Only(Vec<String>),
}

impl SharedSources {
    /// Whether the register `id` may be asked.
    pub fn has(&self, id: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(some) => some.iter().any(|s| s == id),
        }
    }
}

impl Serialize for SharedSources {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => to.serialize_str("all"),
            Self::Only(some) => some.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for SharedSources {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> serde::de::Visitor<'de> for V {
            type Value = SharedSources;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("`all` or a sequence of registers")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<SharedSources, E> {
                match text {
                    "all" => Ok(SharedSources::All),
                    other => Err(E::invalid_value(serde::de::Unexpected::Str(other), &self)),
                }
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<SharedSources, A::Error> {
                let mut some = Vec::new();
                while let Some(id) = seq.next_element()? {
                    some.push(id);
                }
                Ok(SharedSources::Only(some))
            }
        }
        from.deserialize_any(V)
    }
}

impl JsonSchema for SharedSources {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SharedSources".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "The registers that may be asked: `all`, or their ids.",
            "anyOf": [{"const": "all"}, {"type": "array", "items": {"type": "string"}}]
        })
    }
}

/// What the agencies share at a time: the same matter is planned under each, and the difference is the reform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sharing {
    /// Stable: `2016`, `today`.
    pub id: String,
    /// Its name.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// The registers that may be asked.
    pub sources: SharedSources,
    /// Whether electronic certificates and kept proofs count.
    #[serde(default)]
    pub certificates: bool,
    /// Whether declarations stand for papers.
    #[serde(default)]
    pub declarations: bool,
    /// How well it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<SourceGrade>,
    /// What to mind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<TextShape>")]
    pub note: Option<Text>,
}

/// How the results come (一并快递).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// In so many parcels.
    pub parcels: u8,
}

impl Default for Delivery {
    fn default() -> Self {
        Self { parcels: 1 }
    }
}

impl Delivery {
    fn is_one(&self) -> bool {
        *self == Self::default()
    }
}

/// Why a paper of the past is asked by no member any more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoLonger {
    /// Its kind.
    pub kind: String,
    /// Whose it was; anybody's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// Why: the law that changed.
    #[schemars(with = "TextShape")]
    pub why: Text,
}

/// A joint matter as a pack describes it (一件事).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MatterTheme {
    /// The folder's name.
    pub id: String,
    /// Its name.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// What it is, in one or two sentences.
    #[schemars(with = "TextShape")]
    pub what: Text,
    /// Who may apply.
    #[schemars(with = "TextShape")]
    pub who: Text,
    /// Its icon.
    #[serde(default = "folder")]
    pub icon: String,
    /// Whom it serves.
    pub audience: Vec<Audience>,
    /// Themes it is listed under.
    #[serde(default)]
    pub themes: Vec<String>,
    /// Other names people use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Words people search with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// The guide's questions in their order; an id that an item also has is the same question.
    #[serde(default)]
    pub situations: Vec<Situation>,
    /// The items, in the order in which everything of them is shown.
    pub members: Vec<ThemeMember>,
    /// What the refusal of one means for another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends: Vec<Depends>,
    /// What is shared, then and now; the last one is today's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sharing: Vec<Sharing>,
    /// Parties beside whoever files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<PartyRole>,
    /// How the results come.
    #[serde(default, skip_serializing_if = "Delivery::is_one")]
    pub delivery: Delivery,
    /// Why papers of the past are asked by no member any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_longer: Vec<NoLonger>,
    /// What each department asked before; from `before.yaml` beside it, not written here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub before: Option<Before>,
    /// Why and from what it was reconstructed, when it is not an agency's own text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconstructed: Option<String>,
    /// Where what it says was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
}

fn folder() -> String {
    "folder".to_owned()
}

impl MatterTheme {
    /// The sharing with this id.
    pub fn sharing(&self, id: &str) -> Option<&Sharing> {
        self.sharing.iter().find(|s| s.id == id)
    }

    /// The member that is this item.
    pub fn member(&self, item: &str) -> Option<&ThemeMember> {
        self.members.iter().find(|m| m.item == item)
    }

    /// Where an item stands among the members.
    pub fn place(&self, item: &str) -> Option<usize> {
        self.members.iter().position(|m| m.item == item)
    }

    /// What becomes of `item` when `refused` is refused; `None` = it goes on alone.
    pub fn on_refusal(&self, item: &str, refused: &str) -> Option<&Depends> {
        self.depends.iter().find(|d| d.item == item && d.on == refused)
    }
}
