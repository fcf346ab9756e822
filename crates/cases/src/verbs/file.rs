//! File: checks what was filled in, asks the sources, and hands the case in — once per key, in one commit.

use super::hold::Hold;
use super::start::{for_whom, new_matter};
use super::{facts, materials, places};
use crate::model::*;
use crate::rules::{Act, Application, Command, Doer, facts_value};
use crate::scope::{Reach, Scope};
use crate::store::{self as rows, KeyRow};
use ::store::{Cx, Ground, Store, serial};
use catalog::{Item, Published};
use exchange::Sources;
use forms::Answers;
use identity::Applicant;
use kernel::codes::{CaseNumber, ImplementationCode};
use kernel::{AgencyCode, Fault, Lang, Outcome, Refusal, RefusalKind, SubjectId, Text, Timestamp, clock};
use page::House;
use procedure::{Frame, RunningTerm};
use std::collections::BTreeMap;
use trace::Purpose;

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
pub struct Prepared {
    filing: Filing,
    digest: String,
    ready: Option<Box<Ready>>,
}

#[derive(Debug)]
struct Ready {
    item: Published,
    division: String,
    agencies: BTreeMap<String, Vec<AgencyCode>>,
    frame: Frame,
    number: CaseNumber,
    parties: Vec<Party>,
    answers: Answers,
    materials: Vec<Material>,
    facts: Vec<Fact>,
}

/// Checks a filing, asks the sources (each look is committed first) and reserves the number. Nothing is filed yet.
///
/// # Errors
/// A refusal that names the fields; `cases.key-reused` when the key was used for something else.
pub async fn prepare(house: &House, sources: &Sources, who: &Applicant, filing: Filing) -> Outcome<Prepared> {
    check_key(&filing.key)?;
    let digest = digest(&filing);
    let store = &house.ground.store;
    if let Some(row) = rows::key_row(store, who.account(), &filing.key).await? {
        same_filing(&row, &digest)?;
        return Ok(Prepared { filing, digest, ready: None });
    }
    let item = catalog::find(store, &filing.item).await?.ok_or_else(no_item)?;
    for_whom(who, &item.item)?;
    let frame = Frame::of(item.item.kind).ok_or_else(no_frame)?;
    if let Some(matter) = filing.matter {
        super::save::open_draft(store, who, matter).await?;
    }
    let checked = check(house, sources, who, &item, &filing).await?;
    let parties = parties(house, who, &filing.parties).await?;
    let number = number(&house.ground, &item.item).await?;
    let agency = identity::agency(store, &item.item.agency).await?;
    let division = agency.map(|a| a.division).unwrap_or_default();
    let ready = Ready {
        agencies: places::agencies(store, &item.item, &checked.answers, &division).await?,
        division,
        item,
        frame,
        number,
        parties,
        answers: checked.answers,
        materials: checked.materials,
        facts: checked.facts,
    };
    Ok(Prepared { filing, digest, ready: Some(Box::new(ready)) })
}

/// Hands the case in. Filing twice with the same key gives the same case.
///
/// # Errors
/// A refusal of the rules.
pub async fn file(cx: &mut Cx, house: &House, who: &Applicant, prepared: &Prepared) -> Outcome<Filed> {
    let store = cx.store().clone();
    if let Some(row) = rows::key_row(&store, who.account(), &prepared.filing.key).await? {
        same_filing(&row, &prepared.digest)?;
        return again(house, &row).await;
    }
    let Some(ready) = prepared.ready.as_deref() else {
        return Err(Fault::new("a filing key was there and is gone").into());
    };
    let mut matter = prepared.filing.matter;
    if matter.is_none() {
        let line = new_matter(cx, who, &ready.item.item, None, "filed");
        rows::add_matter(&mut cx.commit, &line, &[(ready.item.item.key.clone(), ready.item.id)]);
        matter = Some(line.id);
    } else if let Some(id) = matter {
        rows::file_matter(&mut cx.commit, id, cx.now);
    }
    let matter = matter.ok_or_else(|| Fault::new("a filing without a matter"))?;
    let application = application(cx, matter, ready, &prepared.filing);
    let key = KeyRow {
        digest: prepared.digest.clone(),
        case: application.case,
        number: application.number.to_string(),
    };
    rows::add_key(&mut cx.commit, who.account(), &prepared.filing.key, &key);
    identity::guard_mandate(cx, who);
    materials::rely(cx, &ready.materials).await?;
    materials::attach(
        cx,
        materials::files_in(&ready.answers).into_iter().chain(materials::files_of(&ready.materials)),
    );
    let mut hold = Hold::new(ready.item.clone());
    let at = prepared.filing.occurred_at.map_or(cx.now, clock::truncate);
    let by = Doer { account: Some(who.account()), subject: Some(who.subject()), ..Doer::default() };
    let act = Act { command: Command::File(Box::new(application)), at, late: None, by };
    hold.act(house, cx.now, &act)?;
    let (case, _) = hold.finish(house, cx).await?;
    Ok(answer(&case, &ready.item.item.name, false))
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
    Ok(rows::key_row(store, who.account(), key).await?.map(|row| row.number))
}

fn answer(case: &Case, item_name: &Text, again: bool) -> Filed {
    Filed {
        case: case.id,
        number: case.number.clone(),
        state: case.state.word().to_owned(),
        term: case.term().cloned(),
        item_name: item_name.clone(),
        again,
    }
}

async fn again(house: &House, row: &KeyRow) -> Outcome<Filed> {
    let number = row.number.parse().map_err(|e| Fault::from("reading a case number", format!("{e:?}")))?;
    let hold = Hold::load(&house.ground.store, &number, &Scope(Reach::All)).await?;
    let case = hold.case.as_ref().ok_or_else(|| Fault::new("a filed case has no history"))?;
    Ok(answer(case, &hold.item.item.name, true))
}

fn application(cx: &Cx, matter: MatterId, ready: &Ready, filing: &Filing) -> Application {
    let confirmed =
        |party: &Party| Party { confirmed_at: party.confirmed_at.map(|_| cx.now), ..party.clone() };
    Application {
        case: cx.new_id(),
        number: ready.number.clone(),
        matter,
        item: ready.item.id,
        frame: ready.frame,
        agency: ready.item.item.agency.clone(),
        division: ready.division.clone(),
        parties: ready.parties.iter().map(confirmed).collect(),
        answers: ready.answers.clone(),
        materials: ready.materials.clone(),
        facts: ready.facts.clone(),
        agencies: ready.agencies.clone(),
        promises: filing.promises.clone(),
        declares: filing.declares,
        paper: filing.paper,
    }
}

/// What checking a filing yields.
pub(crate) struct Checked {
    pub answers: Answers,
    pub materials: Vec<Material>,
    pub facts: Vec<Fact>,
}

async fn check(
    house: &House,
    sources: &Sources,
    who: &Applicant,
    item: &Published,
    filing: &Filing,
) -> Outcome<Checked> {
    let known = store::command!(house.ground, Lang::default(), who.actor_ref(), |cx| {
        identity::known_facts(&mut cx, who.subject(), who.person(), &Purpose::new("file")).await
    })?;
    let mut answers = filing.answers.clone();
    item.item.form.prefill(&mut answers, &crate::draft::known_answers(&item.item, &known));
    let given = materials::merge(&item.item, &mut answers, &filing.materials)?;
    let later = &filing.promises;
    check_answers(house, sources, who, item, answers, given, facts::known(&known), (None, later)).await
}

/// Checks answers and papers against the form, before and after the sources were asked.
#[allow(clippy::too_many_arguments, reason = "filing and supplementing share every part of it")]
pub(crate) async fn check_answers(
    house: &House,
    sources: &Sources,
    who: &Applicant,
    item: &Published,
    answers: Answers,
    given: Vec<Material>,
    mut facts: Vec<Fact>,
    (case, later): (Option<String>, &[String]),
) -> Outcome<Checked> {
    let now = house.ground.clock.now();
    let form = &item.item.form;
    complain(form.check_answers(&answers))?;
    let first = form.evaluate(&answers, &facts_value(&answers, &facts, now));
    complain(first.errors)?;
    materials::owned(&house.ground.store, who, &answers).await?;
    let actor = who.actor_ref();
    let asking = facts::Asking {
        ground: &house.ground,
        sources,
        actor: &actor,
        purpose: Purpose { ground: "file".to_owned(), case },
    };
    facts::ask(&asking, &item.item, &answers, &mut facts, now).await?;
    let env = facts_value(&answers, &facts, now);
    let evaluation = form.evaluate(&answers, &env);
    complain(evaluation.errors.clone())?;
    let answers = form.prune(&answers, &evaluation);
    let materials = materials::meet(house, who, &item.item, &answers, (given, later), &facts, &env).await?;
    Ok(Checked { answers, materials, facts })
}

fn complain(errors: Vec<kernel::FieldError>) -> Result<(), Refusal> {
    if errors.is_empty() {
        return Ok(());
    }
    let mut refusal = Refusal::new(
        RefusalKind::Invalid,
        "cases.form-wrong",
        "有些内容需要修改后才能提交。",
        "Some answers must be corrected before this can be handed in.",
    )
    .next("请按每一栏下面的提示修改。", "Follow the hint at each field.");
    refusal.fields = errors;
    Err(refusal)
}

async fn parties(house: &House, who: &Applicant, given: &[GivenParty]) -> Outcome<Vec<Party>> {
    let me = [GivenParty::default()];
    let given = if given.is_empty() { &me } else { given };
    let now = house.ground.clock.now();
    let mut parties = Vec::with_capacity(given.len());
    for party in given {
        let subject = match &party.subject {
            PartyRef::Me => who.subject(),
            PartyRef::Organisation => SubjectId::Organisation(who.acting().ok_or_else(not_acting)?),
            PartyRef::Subject(subject) => *subject,
        };
        let own = subject == who.subject();
        let name = if own {
            who.subject_name().to_owned()
        } else {
            identity::profile(&house.ground.store, subject).await?.ok_or_else(no_party)?.name
        };
        parties.push(Party {
            subject,
            name,
            role: if party.role.is_empty() { "applicant".to_owned() } else { party.role.clone() },
            share: party.share.clone(),
            capacity: party.capacity,
            proof: None,
            confirmed_at: own.then_some(now),
        });
    }
    if parties.iter().all(|p| p.subject != who.subject()) {
        return Err(no_party().into());
    }
    Ok(parties)
}

/// The next number of the item on this day; gaps are allowed, the same number twice is not.
async fn number(ground: &Ground, item: &Item) -> Outcome<CaseNumber> {
    let broken = |e: kernel::codes::CodeError| Fault::new(format!("numbering a case of {}: {e:?}", item.key));
    let code: ImplementationCode = item.code.parse().map_err(broken)?;
    let date = clock::legal_date(ground.clock.now());
    let serial = serial::block(ground, &format!("case:{code}:{date}")).await?;
    Ok(CaseNumber::new(&code, date, serial).map_err(broken)?)
}

fn check_key(key: &str) -> Result<(), Refusal> {
    let fine = (1..=200).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    if fine {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::Invalid,
        "cases.key-missing",
        "提交时须附一个幂等键(1至200个可见字符)。",
        "A filing needs an idempotency key of 1 to 200 visible characters.",
    )
    .field("Idempotency-Key", "请为每次提交生成一个新的键。", "Make a new key for each filing."))
}

/// What two filings with the same key must agree on.
fn digest(filing: &Filing) -> String {
    let said = serde_json::json!([
        filing.item,
        filing.matter.map(|m| m.to_string()),
        filing.answers,
        filing.materials,
        (&filing.promises, filing.declares, filing.paper),
        filing
            .parties
            .iter()
            .map(|p| format!("{:?}", (&p.subject, &p.role, &p.share, p.capacity)))
            .collect::<Vec<_>>(),
    ]);
    hex::encode(trace::Algorithm::Sha256.digest(said.to_string().as_bytes()))
}

fn same_filing(row: &KeyRow, digest: &str) -> Result<(), Refusal> {
    if row.digest == digest {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::Conflict,
        "cases.key-reused",
        "这个幂等键已经用于另一次提交。",
        "This idempotency key was already used for a different filing.",
    )
    .next("请为新的申请换一个键。", "Use a new key for a new application."))
}

fn no_item() -> Refusal {
    Refusal::new(RefusalKind::NotFound, "cases.no-item", "没有这个事项。", "There is no such item.").field(
        "item",
        "请填写事项的编码或标识。",
        "Give the item's code or key.",
    )
}

fn no_frame() -> Refusal {
    Refusal::new(
        RefusalKind::Unavailable,
        "cases.no-frame",
        "这一类事项尚未开通网上办理。",
        "Items of this kind cannot be applied for on line yet.",
    )
    .next("请到办事大厅办理。", "Please go to a service hall.")
}

fn not_acting() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "cases.not-acting",
        "您现在没有代表任何单位。",
        "You are not acting for any organisation.",
    )
    .next("请先选择代表的单位。", "Choose the organisation first.")
}

fn no_party() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.party-unknown",
        "当事人不明，或者您本人不在其中。",
        "A party is not known, or you are not among them.",
    )
    .field("parties", "请核对当事人。", "Check the parties.")
}
