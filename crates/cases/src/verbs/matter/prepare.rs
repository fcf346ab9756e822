//! Before the commit: what is filed is checked member by member, the registers are asked once, and the numbers are reserved.

use super::check::{Checked, Checking};
use super::said::{self, digest, same_filing};
use super::{parties, ties};
use crate::bundle::{Asked, Bundle};
use crate::draft::{as_known, as_party, known_answers};
use crate::model::*;
use crate::store::{self as rows, KeyRow};
use crate::things::Things;
use crate::verbs::at_window::Standing;
use crate::verbs::facts::{self, Seen};
use crate::verbs::file::{Filed, GivenParty};
use crate::verbs::filer::Filer;
use crate::verbs::{elsewhere, materials, places};
use crate::wallet::Wallet;
use ::store::{Ground, serial};
use catalog::planner::Plan;
use catalog::{Item, Published};
use exchange::Sources;
use forms::Answers;
use identity::Applicant;
use kernel::codes::{CaseNumber, ImplementationCode};
use kernel::{AgencyCode, Fault, Lang, Outcome, Refusal, Timestamp, clock};
use page::House;
use procedure::Frame;
use proofs::ProofId;
use std::collections::{BTreeMap, BTreeSet};
use trace::Purpose;

/// What somebody hands in: a theme or any set of items.
#[derive(Debug, Clone, Default)]
pub struct MatterFiling {
    /// The key of this filing, unique per account: the same key is the same filing.
    pub key: String,
    /// The theme, whose members the answers choose.
    pub theme: Option<String>,
    /// The items, by key or code, when it is no theme.
    pub items: Vec<String>,
    /// The draft it comes from.
    pub matter: Option<MatterId>,
    /// The answers, by the fields of the one form.
    pub answers: Answers,
    /// Who takes part beside those whom the answers name; nobody named means whoever files.
    pub parties: Vec<GivenParty>,
    /// The papers handed in beside the form's own file fields: each by a demand's id, or by the id of a paper of the plan.
    pub materials: Vec<Material>,
    /// The kept papers that are used again (一证通).
    pub proofs: Vec<ProofId>,
    /// What the applicant says is wrong in a register (现场纠错).
    pub disputes: Vec<Dispute>,
    /// The papers promised for later (容缺受理): ids of demands, or of papers of the plan.
    pub promises: Vec<String>,
    /// Whether the applicant declares instead of proving (告知承诺), where an item offers it.
    pub declares: bool,
    /// Whether the papers are wanted in another way than electronically.
    pub paper: bool,
    /// Which of the parties whoever files is: their own data stand in that party's fields.
    pub role: Option<String>,
    /// When it happened in law; now when absent.
    pub occurred_at: Option<Timestamp>,
    /// Who else stands at the window and confirms at once; a clerk's to say.
    pub present: Vec<Standing>,
    /// Whether every original was compared with what is handed in, and whoever stands there was seen (多地联办); a clerk's to say.
    pub compared: bool,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct FiledMatter {
    /// The matter.
    pub matter: MatterId,
    /// Its cases, in the order of the matter.
    pub cases: Vec<Filed>,
    /// Whether this key had been filed before: nothing was done anew.
    pub again: bool,
}

/// A filing that is checked and ready to be committed.
#[derive(Debug)]
pub struct PreparedMatter {
    pub(super) filing: MatterFiling,
    pub(super) digest: String,
    pub(super) ready: Option<Box<Ready>>,
}

/// Everything that the commit needs.
pub(crate) struct Ready {
    pub bundle: Bundle,
    pub plan: Plan,
    pub wallet: Wallet,
    pub members: Vec<ReadyMember>,
    /// The persons who were named by a number, for the record of the look.
    pub named: Vec<kernel::PersonId>,
}

impl std::fmt::Debug for Ready {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} cases ready", self.members.len())
    }
}

/// One member, checked.
pub(crate) struct ReadyMember {
    pub item: Published,
    pub division: String,
    pub agencies: BTreeMap<String, Vec<AgencyCode>>,
    pub frame: Frame,
    pub number: CaseNumber,
    pub parties: Vec<Party>,
    pub answers: Answers,
    pub materials: Vec<Material>,
    pub facts: Vec<Fact>,
    pub promises: Vec<String>,
    pub awaits: Vec<Awaited>,
    pub awaited_by: Vec<CaseNumber>,
    pub renews: Option<Renewing>,
    /// Whose window receives it for another place.
    pub received: Option<Received>,
}

/// Checks a filing, asks the sources (each look is committed first) and reserves the numbers. Nothing is filed yet.
///
/// # Errors
/// A refusal that names the fields of the one form; `cases.key-reused` when the key was used for something else.
pub async fn prepare_matter(
    house: &House,
    sources: &Sources,
    who: &Applicant,
    filing: MatterFiling,
) -> Outcome<PreparedMatter> {
    prepare_by(house, sources, &Filer::from(who), filing).await
}

pub(crate) async fn prepare_by(
    house: &House,
    sources: &Sources,
    filer: &Filer,
    mut filing: MatterFiling,
) -> Outcome<PreparedMatter> {
    said::check_key(&filing.key)?;
    let digest = digest(&filing);
    let store = &house.ground.store;
    if let Some(row) = rows::key_row(store, filer.account, &filing.key).await? {
        same_filing(&row, &digest)?;
        return Ok(PreparedMatter { filing, digest, ready: None });
    }
    let bundle = Bundle::load(store, filing.theme.as_deref(), &filing.items).await?;
    for item in &bundle.items {
        filer.may_apply(&item.item)?;
        frame_of(&item.item)?;
        // Of a theme only what its answers take is filed: that is asked of each member when it is ready.
        if filing.theme.is_none() {
            elsewhere::received(store, filer, &item.item, house.ground.clock.now()).await?;
        }
    }
    if let (Some(matter), Some(who)) = (filing.matter, filer.own()) {
        crate::verbs::save::open_draft(store, who, matter).await?;
    }
    let ready = ready(house, sources, filer, bundle, &mut filing).await?;
    Ok(PreparedMatter { filing, digest, ready: Some(Box::new(ready)) })
}

async fn ready(
    house: &House,
    sources: &Sources,
    filer: &Filer,
    bundle: Bundle,
    filing: &mut MatterFiling,
) -> Outcome<Ready> {
    let known = store::command!(house.ground, Lang::default(), filer.actor, |cx| {
        identity::known_facts(&mut cx, filer.subject, filer.person, &Purpose::new("file")).await
    })?;
    let mut answers = filing.answers.clone();
    let said = as_party(&known, filing.role.as_deref());
    let mut shown = known_answers(bundle.form(), &said);
    // What the applicant says is wrong is not put back in its place.
    shown.retain(|id, _| !disputed(&bundle, id, &filing.disputes));
    bundle.form().prefill(&mut answers, &shown);
    for dispute in &mut filing.disputes {
        dispute.path = as_known(&known, filing.role.as_deref(), &dispute.path);
    }
    let now = house.ground.clock.now();
    let roles = parties::roles_of_filer(&bundle, &answers, &known);
    let used: BTreeSet<ProofId> = filing.proofs.iter().copied().collect();
    let things = Things::of(&bundle, &answers, roles.clone());
    let wallet = Wallet::load(&house.ground.store, filer.subject, now, used, things).await?;
    if wallet.used.len() < filing.proofs.len() {
        return Err(said::no_proof().into());
    }
    let (holds, unproven, facts) = (wallet.holds(), BTreeSet::new(), BTreeMap::new());
    let asked = |answers: &Answers| {
        bundle.plan(&Asked { answers, known: &said, holds: &holds, unproven: &unproven, facts: &facts, now })
    };
    let plan = asked(&answers);
    filing.materials = materials::place(&bundle, &plan, &mut answers, &filing.materials)?;
    let plan = asked(&answers);
    let checking = Checking {
        house,
        sources,
        filer,
        bundle: &bundle,
        plan: &plan,
        wallet: &wallet,
        answers: &answers,
        known: facts::known(&known),
        filing,
        seen: Seen::default(),
        mine: &roles,
    };
    let mut members = checking.all().await?;
    said::disputes_known(&filing.disputes, &members)?;
    let (named, people) = parties::resolve(house, filer, &bundle, &answers, filing, &members).await?;
    for (ready, parties) in members.iter_mut().zip(people) {
        ready.parties = parties;
    }
    ties::tie(&bundle, &plan, &mut members);
    Ok(Ready { plan, wallet, members, named, bundle })
}

/// Whether somebody says that the register errs about this field.
fn disputed(bundle: &Bundle, id: &str, disputes: &[Dispute]) -> bool {
    let element = bundle.form().field(id).and_then(|f| f.element.as_deref());
    disputes.iter().any(|d| element == Some(d.path.as_str()))
}

/// A member that is checked: its number, and who takes its steps.
pub(super) async fn finish_member(
    (house, filer): (&House, &Filer),
    item: &Published,
    checked: Checked,
    promises: Vec<String>,
) -> Outcome<ReadyMember> {
    let store = &house.ground.store;
    let renews = renewing(store, &item.item, &checked.materials).await?;
    let received = elsewhere::received(store, filer, &item.item, house.ground.clock.now()).await?;
    let agency = identity::agency(store, &item.item.agency).await?;
    let division = agency.map(|a| a.division).unwrap_or_default();
    Ok(ReadyMember {
        agencies: places::agencies(store, &item.item, &checked.answers, &division).await?,
        division,
        item: item.clone(),
        frame: frame_of(&item.item)?,
        number: number(&house.ground, &item.item).await?,
        parties: Vec::new(),
        answers: checked.answers,
        materials: checked.materials,
        facts: checked.facts,
        promises,
        awaits: Vec::new(),
        awaited_by: Vec::new(),
        renews,
        received,
    })
}

/// The certificate that the item prolongs: the one that stands for the paper of that kind.
async fn renewing(store: &::store::Store, item: &Item, papers: &[Material]) -> Outcome<Option<Renewing>> {
    let Some(spec) = &item.renews else { return Ok(None) };
    let demand = item.materials.iter().find(|m| m.kind == spec.certificate);
    let given = papers.iter().find(|p| demand.is_some_and(|d| d.id == p.demand));
    let Some(Given::Certificate(id)) = given.map(|p| &p.given) else {
        return Err(said::no_certificate_to_renew().into());
    };
    let held = certificates::get(store, *id).await?.ok_or_else(said::no_certificate_to_renew)?;
    let expires = held.valid_until.ok_or_else(said::no_certificate_to_renew)?;
    Ok(Some(Renewing {
        certificate: held.id,
        began: held.valid_from,
        expires,
        years: spec.years,
        before: spec.before,
        deemed_until: None,
    }))
}

/// The frame of the item, by its kind and the law it names.
fn frame_of(item: &Item) -> Result<Frame, kernel::Refusal> {
    Frame::under(item.kind, item.law.as_deref()).map_err(|_| said::no_frame())
}

/// The next number of the item on this day; gaps are allowed, the same number twice is not.
async fn number(ground: &Ground, item: &Item) -> Outcome<CaseNumber> {
    let broken = |e: kernel::codes::CodeError| Fault::new(format!("numbering a case of {}: {e:?}", item.key));
    let code: ImplementationCode = item.code.parse().map_err(broken)?;
    let date = clock::legal_date(ground.clock.now());
    let serial = serial::block(ground, &format!("case:{code}:{date}")).await?;
    Ok(CaseNumber::new(&code, date, serial).map_err(broken)?)
}

/// The rows that say what a key was used for.
pub(super) fn key_row(digest: &str, case: CaseId, number: &CaseNumber) -> KeyRow {
    KeyRow { digest: digest.to_owned(), case, number: number.to_string() }
}

/// A refusal of one member whose fields are told by the ids of the one form.
pub(super) fn lift(bundle: &Bundle, member: usize, mut refusal: Refusal) -> Refusal {
    for error in &mut refusal.fields {
        error.field = bundle.lifted(member, &error.field);
    }
    refusal
}
