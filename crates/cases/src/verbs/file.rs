//! File one item: a matter of one, handed in by the same way as a matter of several.

use super::matter::{MatterFiling, PreparedMatter, file_matter, prepare_matter};
use crate::model::*;
use ::store::{Cx, Store};
use exchange::Sources;
use forms::Answers;
use identity::Applicant;
use kernel::codes::CaseNumber;
use kernel::{Fault, FileId, Lang, Outcome, SubjectId, Text, Timestamp};
use page::House;
use procedure::RunningTerm;

/// What somebody hands in.
#[derive(Debug, Clone, Default)]
pub struct Filing {
    /// The key of this filing, unique per account: the same key is the same filing.
    pub key: String,
    /// The item, by key or code.
    pub item: String,
    /// The draft it comes from.
    pub matter: Option<MatterId>,
    /// Who takes part; nobody named means whoever files.
    pub parties: Vec<GivenParty>,
    /// The answers.
    pub answers: Answers,
    /// The papers handed in beside the form's own file fields.
    pub materials: Vec<Material>,
    /// When it happened in law; now when absent.
    pub occurred_at: Option<Timestamp>,
    /// The papers promised for later (容缺受理), where the item lets them come later.
    pub promises: Vec<String>,
    /// Whether the applicant declares instead of proving (告知承诺), where the item offers it.
    pub declares: bool,
    /// Whether the papers are wanted in another way than electronically.
    pub paper: bool,
}

/// A party as named by whoever files.
#[derive(Debug, Clone, Default)]
pub struct GivenParty {
    /// Who.
    pub subject: PartyRef,
    /// The pack's word; `applicant` when empty.
    pub role: String,
    /// Their share.
    pub share: Option<String>,
    /// In what capacity.
    pub capacity: Capacity,
    /// What proves it: a file that whoever files uploaded.
    pub proof: Option<FileId>,
}

/// How a party is named.
#[derive(Debug, Clone, Default)]
pub enum PartyRef {
    /// Whoever files, or the firm they act for.
    #[default]
    Me,
    /// The firm they act for; refused when there is none.
    Organisation,
    /// Somebody known.
    Subject(SubjectId),
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Filed {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// Its state.
    pub state: String,
    /// The running term that ends first.
    pub term: Option<RunningTerm>,
    /// The item's name.
    pub item_name: Text,
    /// Whether this key had been filed before: nothing was done anew.
    pub again: bool,
}

/// A filing that is checked and ready to be committed.
#[derive(Debug)]
pub struct Prepared(PreparedMatter);

impl From<Filing> for MatterFiling {
    fn from(one: Filing) -> Self {
        Self {
            key: one.key,
            theme: None,
            items: vec![one.item],
            matter: one.matter,
            parties: one.parties,
            answers: one.answers,
            materials: one.materials,
            occurred_at: one.occurred_at,
            promises: one.promises,
            declares: one.declares,
            paper: one.paper,
            ..Self::default()
        }
    }
}

/// Checks a filing, asks the sources (each look is committed first) and reserves the number. Nothing is filed yet.
///
/// # Errors
/// A refusal that names the fields; `cases.key-reused` when the key was used for something else.
pub async fn prepare(house: &House, sources: &Sources, who: &Applicant, filing: Filing) -> Outcome<Prepared> {
    Ok(Prepared(prepare_matter(house, sources, who, filing.into()).await?))
}

/// Hands the case in. Filing twice with the same key gives the same case.
///
/// # Errors
/// A refusal of the rules.
pub async fn file(cx: &mut Cx, house: &House, who: &Applicant, prepared: &Prepared) -> Outcome<Filed> {
    let filed = file_matter(cx, house, who, &prepared.0).await?;
    filed.cases.into_iter().next().ok_or_else(|| Fault::new("a filing without a case").into())
}

/// Checks, asks and files in one go: what pages and the API call.
///
/// # Errors
/// As [`prepare`] and [`file`].
pub async fn file_now(
    house: &House,
    sources: &Sources,
    lang: Lang,
    who: &Applicant,
    filing: Filing,
) -> Outcome<Filed> {
    let prepared = prepare(house, sources, who, filing).await?;
    store::command!(house.ground, lang, who.actor_ref(), |cx| file(&mut cx, house, who, &prepared).await)
}

/// The number of the case that was filed under this key, if one was.
pub(crate) async fn filed_number(store: &Store, who: &Applicant, key: &str) -> Outcome<Option<String>> {
    Ok(crate::store::key_row(store, who.account(), key).await?.map(|row| row.number))
}
