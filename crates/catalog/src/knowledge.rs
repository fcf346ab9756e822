//! The dictionary of papers (材料类型): one word for one paper in all items, what it proves, and what may stand for it.

use forms::TextShape;
use kernel::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a paper or a register can prove about its holder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Stable.
    pub id: String,
    /// Its name.
    #[schemars(with = "TextShape")]
    pub name: Text,
}

/// On what basis a written declaration may stand for a paper (告知承诺).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KindDeclaration {
    /// The law or rule.
    #[schemars(with = "TextShape")]
    pub basis: Text,
}

/// One kind of paper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MaterialKind {
    /// The word that items use.
    pub kind: String,
    /// Its name.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// The same paper under other names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The claims it proves about its holder; nothing but itself when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proves: Vec<String>,
    /// Who issues it: the function of an agency (`police`), or `applicant`, `notary`, `bank`, `employer`, `hospital` …
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub issuer: String,
    /// The electronic certificate that equals it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Whether a written declaration may stand for it; it may not when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<KindDeclaration>,
    /// Whether it is an application form: the one form stands for it, and it is never asked as a paper.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub form: bool,
    /// What it costs to bring: 1 at hand, 2 to be written or copied, 3 to be fetched, 5 to be paid for.
    #[serde(default = "at_hand")]
    pub effort: u8,
    /// So many days after its issue it may be used again; without end when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_days: Option<u32>,
}

fn at_hand() -> u8 {
    1
}

/// Whose papers are: a word of `materials[].holder`, where no role of an item or a matter says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// The word.
    pub id: String,
    /// Its name.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// The data elements by which one is told from another: a dwelling by `house.title_no`. A party, and whoever has a number of
    /// their own (`child.citizen_id`), needs none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// Whether it is always that of whoever applies: their household.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
}

/// All claims and kinds of paper.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Knowledge {
    /// The claims.
    pub claims: Vec<Claim>,
    /// The kinds of paper.
    pub materials: Vec<MaterialKind>,
    /// Whose papers are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holders: Vec<Holder>,
    /// Where a kind stands in `materials`.
    #[serde(skip)]
    index: BTreeMap<String, usize>,
}

/// `knowledge.yaml` as it is written.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    #[serde(default)]
    claims: Vec<Claim>,
    #[serde(default)]
    materials: Vec<MaterialKind>,
    #[serde(default)]
    holders: Vec<Holder>,
}

impl From<Written> for Knowledge {
    fn from(written: Written) -> Self {
        Self { holders: written.holders, ..Self::new(written.claims, written.materials) }
    }
}

impl Knowledge {
    /// The dictionary of these.
    pub fn new(claims: Vec<Claim>, materials: Vec<MaterialKind>) -> Self {
        let index = materials.iter().enumerate().map(|(i, m)| (m.kind.clone(), i)).collect();
        Self { claims, materials, holders: Vec::new(), index }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.claims.is_empty() && self.materials.is_empty() && self.holders.is_empty()
    }

    /// The kind of paper that this word names.
    pub fn material(&self, kind: &str) -> Option<&MaterialKind> {
        self.materials.get(*self.index.get(kind)?)
    }

    /// The claim with this id.
    pub fn claim(&self, id: &str) -> Option<&Claim> {
        self.claims.iter().find(|c| c.id == id)
    }

    /// The name of a claim; its id when nobody named it.
    pub fn claim_name(&self, id: &str) -> Text {
        self.claim(id).map_or_else(|| Text::same(id), |c| c.name.clone())
    }

    /// What a holder is called; its word when nobody named it.
    pub fn holder_name(&self, id: &str) -> Text {
        let known = self.holders.iter().find(|h| h.id == id);
        known.map_or_else(|| Text::same(id), |h| h.name.clone())
    }

    /// The kinds of paper that the electronic certificate `certificate` equals.
    pub fn equal_to<'a>(&'a self, certificate: &'a str) -> impl Iterator<Item = &'a MaterialKind> {
        self.materials.iter().filter(move |m| m.certificate.as_deref() == Some(certificate))
    }

    /// This dictionary with what `other` says: in place of what is here when `replaces`, else only where nothing is.
    #[must_use]
    pub fn with(&self, other: &Knowledge, replaces: bool) -> Self {
        let claims = joined(&self.claims, &other.claims, |c| &c.id, replaces);
        let materials = joined(&self.materials, &other.materials, |m| &m.kind, replaces);
        let holders = joined(&self.holders, &other.holders, |h| &h.id, replaces);
        Self { holders, ..Self::new(claims, materials) }
    }
}

/// What is here and what another says of it.
fn joined<T: Clone>(here: &[T], other: &[T], id: fn(&T) -> &String, replaces: bool) -> Vec<T> {
    let mut all = here.to_vec();
    for one in other {
        match all.iter_mut().find(|a| id(a) == id(one)) {
            Some(here) if replaces => *here = one.clone(),
            Some(_) => {}
            None => all.push(one.clone()),
        }
    }
    all
}
