//! What is looked up again and again: kinds of paper, registers, who issues what, who is responsible.

use crate::Stock;
use catalog::{APPLICANT, Instead, Item, Material, MaterialKind, Need, Original, Register};
use forms::Sharing;
use kernel::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Who issues papers without being an agency of the government.
const OUTSIDE: [&str; 17] = [
    APPLICANT,
    "bank",
    "buyer",
    "court",
    "developer",
    "employer",
    "expert",
    "hospital",
    "insurer",
    "intermediary",
    "landlord",
    "notary",
    "school",
    "seller",
    "surveyor",
    "university",
    "village",
];

/// The stock with its look-ups.
pub(crate) struct Index<'a> {
    /// What is looked at.
    pub stock: &'a Stock<'a>,
    kinds: BTreeMap<&'a str, &'a MaterialKind>,
    registers: BTreeMap<&'a str, &'a Register>,
    issuers: BTreeMap<&'a str, Vec<usize>>,
    functions: Option<BTreeSet<&'a str>>,
}

impl<'a> Index<'a> {
    pub fn new(stock: &'a Stock<'a>) -> Self {
        let mut issuers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, item) in stock.items.iter().enumerate() {
            for result in &item.results {
                let of = issuers.entry(&result.certificate).or_default();
                if of.last() != Some(&i) {
                    of.push(i);
                }
            }
        }
        Self {
            stock,
            kinds: stock.knowledge.materials.iter().map(|k| (k.kind.as_str(), k)).collect(),
            registers: stock.registers.iter().map(|r| (r.id.as_str(), r)).collect(),
            issuers,
            functions: stock.agencies.map(|all| all.iter().filter_map(|(_, f)| f.as_deref()).collect()),
        }
    }

    /// The dictionary's entry.
    pub fn kind(&self, kind: &str) -> Option<&'a MaterialKind> {
        self.kinds.get(kind).copied()
    }

    /// The register with this id.
    pub fn register(&self, id: &str) -> Option<&'a Register> {
        self.registers.get(id).copied()
    }

    /// The items whose result is this certificate.
    pub fn issuers(&self, certificate: &str) -> &[usize] {
        self.issuers.get(certificate).map_or(&[], Vec::as_slice)
    }

    /// The items whose result is the demanded paper, under its kind, its certificate or the dictionary's.
    pub fn issuers_of(&self, material: &Material) -> BTreeSet<usize> {
        let in_dictionary = self.kind(&material.kind).and_then(|k| k.certificate.as_deref());
        let names = [
            Some(material.kind.as_str()),
            material.certificate.as_deref(),
            material.produced_by.as_deref(),
            in_dictionary,
        ];
        let names: Vec<&str> = names.into_iter().flatten().collect();
        let its_own = |i: &usize| {
            let results = self.stock.items.get(*i).into_iter().flat_map(|item| &item.results);
            results
                .filter(|r| names.contains(&r.certificate.as_str()))
                .any(|r| is_whose(r.holder.as_deref(), material))
        };
        names.iter().flat_map(|name| self.issuers(name)).copied().filter(its_own).collect()
    }

    /// What the registers that this item asks prove.
    pub fn asked(&self, item: &'a Item) -> BTreeSet<&'a str> {
        let registers = item.sources.iter().filter_map(|s| self.register(&s.source));
        registers.flat_map(|r| r.proves.iter().map(String::as_str)).collect()
    }

    /// The registers that may be asked and prove at least one of these claims, if together they prove all.
    pub fn proving(&self, claims: &[String]) -> Vec<&'a Register> {
        let proves =
            |r: &&Register| r.sharing != Sharing::Never && r.proves.iter().any(|c| claims.contains(c));
        let found: Vec<&Register> = self.stock.registers.iter().filter(proves).collect();
        let all = claims.iter().all(|c| found.iter().any(|r| r.proves.contains(c)));
        if all && !claims.is_empty() { found } else { Vec::new() }
    }

    /// Whether somebody is responsible for issuing such papers: an agency with this function or code, or one of those
    /// outside the government who issue papers of their own.
    pub fn responsible(&self, issuer: &str) -> bool {
        if OUTSIDE.contains(&issuer) {
            return true;
        }
        match (&self.functions, self.stock.agencies) {
            (Some(functions), Some(agencies)) => {
                functions.contains(issuer) || agencies.iter().any(|(code, _)| code.as_str() == issuer)
            }
            _ => issuer.contains('.') || catalog::function_name(issuer) != Text::same(issuer),
        }
    }

    /// Whether it is an agency that issues it, and one that exists.
    pub fn by_agency(&self, issuer: &str) -> bool {
        !OUTSIDE.contains(&issuer) && self.responsible(issuer)
    }
}

/// Whether a result of this holder may be the demanded paper; a result without a holder may be anybody's.
fn is_whose(holder: Option<&str>, material: &Material) -> bool {
    holder.is_none_or(|h| h == material.holder)
}

/// Whether the item itself lets a register or a declaration stand for the paper.
pub(crate) fn replaced(material: &Material) -> bool {
    material.instead.iter().any(|i| matches!(i, Instead::Source | Instead::Declaration))
}

/// Whether it must come sooner or later.
pub(crate) fn demanded(material: &Material) -> bool {
    material.need != Need::Optional
}

/// Whether the original itself is needed: no datum can take its place.
pub(crate) fn physical(material: &Material) -> bool {
    matches!(material.original, Some(Original::Keep | Original::TakeBack))
}
