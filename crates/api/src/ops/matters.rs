//! Matters (一件事): file several items as one, and follow them as one.

mod window;

use crate::input::{Caller, Json};
use crate::ops::cases::{CaseDetail, NewMaterial, NewParty, case_detail, read};
use crate::ops::items::Both;
use crate::ops::seen;
use crate::ops::term::TermView;
use crate::problem::{Answer, ProblemBody};
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use cases::bundle::Bundle;
use cases::model::Dispute;
use cases::{DocumentNumber, Filed, FiledMatter, MatterFiling, MatterMember, MatterView, Standing};
use exchange::Sources;
use identity::{Applicant, Clerk, Staff};
use kernel::{AccountId, FieldError, Lang, Refusal, RefusalKind, Text, clock};
use page::House;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::files;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(file)).routes(routes!(one))
}

/// A matter: a theme or items, handed in as one.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMatter {
    /// A theme's id; its situations are among the answers.
    #[serde(default)]
    #[schema(example = "stock-house")]
    theme: Option<String>,
    /// Items by key or implementation code, when it is no theme.
    #[serde(default)]
    items: Vec<String>,
    /// Kept papers that are used again (一证通), by id.
    #[serde(default)]
    proofs: Vec<String>,
    /// Who takes part beside those whom the answers name; nobody named means whoever files.
    #[serde(default)]
    parties: Vec<NewParty>,
    /// The answers, by the fields of the one form; what government already knows may be left out.
    #[schema(value_type = Object)]
    answers: Map<String, Value>,
    /// The papers beside the form's own file fields: each by the id of a paper of the plan, or by a demand's.
    #[serde(default)]
    materials: Vec<NewMaterial>,
    /// The papers promised for later (容缺受理): ids of papers of the plan, or of demands.
    #[serde(default)]
    promises: Vec<String>,
    /// Whether the applicant declares instead of proving (告知承诺), where an item offers it.
    #[serde(default)]
    declares: bool,
    /// Whether notices are to be served on paper instead of electronically.
    #[serde(default)]
    paper: bool,
    /// Whether every original was compared and whoever stands at the window was seen, for an item that both places handle; a clerk's to say.
    #[serde(default)]
    compared: bool,
    /// What the applicant says is wrong in what government knows (现场纠错): the agency that keeps it is asked to correct it.
    #[serde(default)]
    disputes: Vec<NewDispute>,
    /// Which of the parties whoever files is (`seller`): what is known of them then stands in that party's fields.
    #[serde(default)]
    #[schema(example = "seller")]
    role: Option<String>,
    /// For whom a clerk at a window files: the citizen identity number of whoever stands there. Nobody else may say it.
    #[serde(default)]
    citizen_id: Option<String>,
    /// The credit code of the firm for which whoever stands at the window acts as one of its people. A clerk's to say.
    #[serde(default)]
    for_organisation: Option<String>,
    /// The mandate under which they act for somebody else, in the place of `for_organisation`. A clerk's to say.
    #[serde(default)]
    under_mandate: Option<String>,
    /// Who else stands at the window and confirms at once, after a clerk checked their identity card. A clerk's to say.
    #[serde(default)]
    present: Vec<NewStanding>,
    /// When it happened in law, RFC 3339; now when absent. Only a clerk may record late.
    #[serde(default)]
    occurred_at: Option<String>,
    /// Why a clerk records it late, and what proves the moment.
    #[serde(default)]
    late: Option<NewLate>,
}

/// An entry that is wrong, and what is so.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDispute {
    /// The data element, or the entry of a register as the item names it.
    #[schema(example = "person.name")]
    path: String,
    /// What is so.
    claim: String,
    /// A file uploaded before that shows it.
    #[serde(default)]
    proof: Option<String>,
}

/// Somebody who confirms at the window (窗口代录确认).
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewStanding {
    /// In which role they take part.
    #[schema(example = "buyer")]
    role: String,
    /// The citizen identity number, as it was read from their card.
    citizen_id: String,
    /// Why they do not confirm by themselves.
    ground: String,
    /// The signed paper, uploaded before.
    #[serde(default)]
    paper: Option<String>,
    /// Where the signed paper is kept, when no copy was uploaded.
    #[serde(default)]
    reference: Option<String>,
}

/// Why something is recorded late (补录).
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewLate {
    /// Why.
    reason: String,
    /// What proves when it happened.
    evidence: String,
    /// The number of the emergency form (应急受理单) on which it was accepted while the network was away; this filing takes it, once.
    #[serde(default)]
    form: Option<String>,
}

/// One case of a filed matter.
#[derive(Serialize, utoipa::ToSchema)]
struct FiledMember {
    /// Its number.
    number: String,
    /// The item's name.
    item: Both,
    /// Its state.
    state: String,
    /// The term that ends first.
    #[serde(skip_serializing_if = "Option::is_none")]
    term: Option<TermView>,
}

/// A filed matter.
#[derive(Serialize, utoipa::ToSchema)]
struct MatterFiled {
    /// The matter.
    matter: String,
    /// Its cases, each decided by its own agency on its own terms.
    cases: Vec<FiledMember>,
    /// Whether this key had been filed before, so that nothing was done anew.
    repeated: bool,
}

impl MatterFiled {
    fn of(filed: &FiledMatter, lang: Lang) -> Self {
        let member = |f: &Filed| FiledMember {
            number: f.number.to_string(),
            item: (&f.item_name).into(),
            state: f.state.clone(),
            term: f.term.as_ref().map(|t| TermView::of(t, lang)),
        };
        Self {
            matter: filed.matter.to_string(),
            cases: filed.cases.iter().map(member).collect(),
            repeated: filed.again,
        }
    }
}

/// File several items as one matter: all of its cases, or none. The same `Idempotency-Key` with the same content is the same matter.
/// A clerk at a window files for whoever stands there, named by `citizen_id`.
#[utoipa::path(post, path = "/matters", tag = "matters", request_body = NewMatter,
    params(("Idempotency-Key" = String, Header, description = "1 to 200 visible characters, new for each filing")),
    responses((status = 201, body = MatterFiled), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
              (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
              (status = 422, body = ProblemBody)))]
async fn file(
    State(house): State<House>,
    Extension(sources): Extension<Sources>,
    caller: Caller,
    headers: HeaderMap,
    Json(sent): Json<NewMatter>,
) -> Answer<(StatusCode, [(header::HeaderName, String); 1], axum::Json<MatterFiled>)> {
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let filed = match filer(&caller, &sent)? {
        Filer::Own(applicant) => {
            let filing = filing(&house, applicant.account(), sent, key).await?;
            cases::file_matter_now(&house, &sources, caller.lang, &applicant, filing).await?
        }
        Filer::Window(clerk, number) => {
            let whom = window::for_whom(&house, &sent).await?;
            window::at_window(&house, &sources, caller.lang, (&clerk, (&number, whom)), sent, key).await?
        }
    };
    let body = MatterFiled::of(&filed, caller.lang);
    let place = format!("/api/v1/matters/{}", body.matter);
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], axum::Json(body)))
}

/// Who files: somebody for themselves, or a clerk for whoever stands at the window.
enum Filer {
    Own(Box<Applicant>),
    Window(Box<Clerk>, String),
}

fn filer(caller: &Caller, sent: &NewMatter) -> Answer<Filer> {
    let number = sent.citizen_id.as_deref().map(str::trim).filter(|n| !n.is_empty());
    if let Ok(Staff::Clerk(clerk)) = caller.session.staff() {
        let zh = "窗口代办须写明当事人的公民身份号码。";
        let number = number.ok_or_else(|| {
            bad().field(
                "citizen_id",
                zh,
                "At a window the citizen identity number of whoever applies is needed.",
            )
        })?;
        return Ok(Filer::Window(Box::new(clerk), number.to_owned()));
    }
    let applicant = caller.applicant()?;
    let (zh, en) = ("只有窗口人员可以代人提交。", "Only a clerk at a window files for somebody else.");
    if sent.citizen_id.is_some() {
        return Err(bad().field("citizen_id", zh, en).into());
    }
    for (field, given) in
        [("for_organisation", &sent.for_organisation), ("under_mandate", &sent.under_mandate)]
    {
        if given.is_some() {
            return Err(bad().field(field, zh, en).into());
        }
    }
    if !sent.present.is_empty() {
        let (zh, en) = ("当事人当场确认由窗口人员记录。", "A word given at a window is recorded by a clerk.");
        return Err(bad().field("present", zh, en).into());
    }
    if sent.late.is_some() {
        return Err(bad().field("late", "只有窗口人员可以补录。", "Only a clerk records late.").into());
    }
    Ok(Filer::Own(Box::new(applicant)))
}

async fn filing(house: &House, account: AccountId, sent: NewMatter, key: String) -> Answer<MatterFiling> {
    if sent.theme.is_none() == sent.items.is_empty() {
        let zh = "请写 theme 或 items，二者之一。";
        return Err(bad().field("items", zh, "A theme or items, one of them.").into());
    }
    let disputes = disputes(house, account, &sent).await?;
    let parts = read(sent.parties, sent.materials, sent.occurred_at)?;
    let mut wrong = bad();
    let mut proofs = Vec::with_capacity(sent.proofs.len());
    for (i, id) in sent.proofs.iter().enumerate() {
        match id.parse() {
            Ok(id) => proofs.push(id),
            Err(_) => wrong.fields.push(FieldError {
                field: format!("proofs[{i}]"),
                say: Text::new("不是存证编号。", "This is no kept paper's id."),
            }),
        }
    }
    let mut present = Vec::with_capacity(sent.present.len());
    for (i, one) in sent.present.into_iter().enumerate() {
        let paper = one.paper.map(|p| p.parse::<kernel::FileId>());
        if let Some(Err(_)) = paper {
            let say = Text::new("不是文件编号。", "This is no file's id.");
            wrong.fields.push(FieldError { field: format!("present[{i}].paper"), say });
        }
        present.push(Standing {
            role: one.role,
            citizen_id: DocumentNumber(one.citizen_id),
            ground: one.ground,
            paper: paper.and_then(Result::ok),
            reference: one.reference,
        });
    }
    if !wrong.fields.is_empty() {
        return Err(wrong.into());
    }
    Ok(MatterFiling {
        key,
        theme: sent.theme,
        items: sent.items,
        matter: None,
        answers: sent.answers,
        parties: parts.parties,
        materials: parts.materials,
        proofs,
        disputes,
        promises: sent.promises,
        declares: sent.declares,
        paper: sent.paper,
        role: sent.role,
        occurred_at: parts.occurred_at,
        present,
        compared: sent.compared,
    })
}

/// The longest claim, in characters, as on the page.
const CLAIM_MAX: usize = 2_000;

/// What the caller says is wrong: each about something that this matter knows, and with a paper of the caller's own.
async fn disputes(house: &House, account: AccountId, sent: &NewMatter) -> Answer<Vec<Dispute>> {
    if sent.disputes.is_empty() {
        return Ok(Vec::new());
    }
    // The rules write down the moment of filing; here it would make another filing of the same content under the same key.
    let (store, at) = (&house.ground.store, clock::from_micros(0));
    let bundle = Bundle::load(store, sent.theme.as_deref(), &sent.items).await?;
    let known = |path: &str| {
        let alias = path.split(['.', '[']).next().unwrap_or_default();
        let register = bundle.items.iter().flat_map(|p| &p.item.sources).any(|s| s.id == alias);
        register || bundle.form().fields().any(|f| f.element.as_deref() == Some(path))
    };
    let (mut wrong, mut all) = (bad(), Vec::with_capacity(sent.disputes.len()));
    let mut complain = |i: usize, field: &str, zh: &str, en: &str| {
        wrong.fields.push(FieldError { field: format!("disputes[{i}].{field}"), say: Text::new(zh, en) });
    };
    for (i, said) in sent.disputes.iter().enumerate() {
        let (path, claim) = (said.path.trim().to_owned(), said.claim.trim().to_owned());
        if !known(&path) {
            complain(i, "path", "这件事不用这条数据。", "This matter does not use that entry.");
        }
        if claim.is_empty() || claim.chars().count() > CLAIM_MAX {
            complain(
                i,
                "claim",
                "请写明实际情况，不超过2000字。",
                "Say what is so, in 2000 characters at most.",
            );
        }
        let mut proof = None;
        if let Some(id) = &said.proof {
            let found = match id.parse() {
                Ok(id) => files::info(store, id).await?.filter(|info| info.owner == Some(account)),
                Err(_) => None,
            };
            match found {
                Some(info) => proof = Some(info.id),
                None => complain(i, "proof", "没有您上传的这个文件。", "You have uploaded no such file."),
            }
        }
        all.push(Dispute { path, claim, proof, at, settled: None });
    }
    if wrong.fields.is_empty() { Ok(all) } else { Err(wrong.into()) }
}

fn bad() -> Refusal {
    let zh = "提交的内容有误。";
    Refusal::new(RefusalKind::Invalid, "api.bad-filing", zh, "What was sent cannot be filed as it is.")
}

/// A case of a matter, as everybody concerned with the matter may know it.
#[derive(Serialize, utoipa::ToSchema)]
struct MemberLine {
    /// Its number.
    number: String,
    /// The item's key.
    item: String,
    /// The item's name.
    name: Both,
    /// The agency responsible.
    agency: String,
    /// Who holds it now.
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
    /// Its state.
    state: String,
    /// What came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<String>,
    /// Whether it still runs.
    running: bool,
    /// Until when it must be decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at: Option<String>,
    /// What it waits for: the other's item, and why.
    waits_for: Vec<Waiting>,
    /// Whether nothing but a payment is missing.
    waits_for_payment: bool,
}

/// What a case waits for.
#[derive(Serialize, utoipa::ToSchema)]
struct Waiting {
    /// The item of the other case.
    item: String,
    /// Why.
    why: Both,
}

impl From<&MatterMember> for MemberLine {
    fn from(member: &MatterMember) -> Self {
        let waits = |(item, why): &(String, Text)| Waiting { item: item.clone(), why: why.into() };
        Self {
            number: member.number.to_string(),
            item: member.item_key.clone(),
            name: (&member.item_name).into(),
            agency: member.agency.to_string(),
            holder: member.holder.as_ref().map(ToString::to_string),
            state: member.state.clone(),
            outcome: member.outcome.clone(),
            running: member.running,
            due_at: member.due_at.map(|t| t.to_string()),
            closed_at: member.closed_at.map(|t| t.to_string()),
            waits_for: member.waits_for.iter().map(waits).collect(),
            waits_for_payment: member.unpaid,
        }
    }
}

/// A matter.
#[derive(Serialize, utoipa::ToSchema)]
struct MatterDetail {
    /// The matter.
    matter: String,
    /// What it is called.
    name: Both,
    /// When it was filed.
    filed_at: String,
    /// Its cases; staff of one of them see of the others where they stand, and nothing else.
    members: Vec<MemberLine>,
    /// The cases within the caller's right, whole.
    cases: Vec<CaseDetail>,
    /// The plan as it was filed: bill, results, steps, papers with why.
    #[schema(value_type = Object)]
    plan: Value,
}

/// One matter, for its parties and for the agencies that handle one of its cases.
#[utoipa::path(get, path = "/matters/{id}", tag = "matters", params(("id" = String, Path)),
    responses((status = 200, body = MatterDetail), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn one(
    State(house): State<House>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<axum::Json<MatterDetail>> {
    let id = id.parse().map_err(|_| Refusal::not_found())?;
    let view: MatterView = cases::matter_view(&house.ground.store, id, &seen::scope_of(&caller)?).await?;
    seen::record(&house, &caller, &view.cases.iter().collect::<Vec<_>>()).await?;
    let staff = seen::is_staff(&caller);
    Ok(axum::Json(MatterDetail {
        matter: view.id.to_string(),
        name: (&view.name).into(),
        filed_at: view.filed_at.to_string(),
        members: view.members.iter().map(MemberLine::from).collect(),
        cases: view.cases.iter().map(|case| case_detail(case, staff, caller.lang)).collect(),
        plan: serde_json::to_value(&view.plan).unwrap_or(Value::Null),
    }))
}
