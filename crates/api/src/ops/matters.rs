//! Matters (一件事): file several items as one, and follow them as one.

use crate::input::{Caller, Json};
use crate::ops::cases::{CaseDetail, NewMaterial, NewParty, case_detail, read};
use crate::ops::items::Both;
use crate::ops::term::TermView;
use crate::problem::{Answer, ProblemBody};
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use cases::{Filed, FiledMatter, MatterFiling, MatterMember, MatterView, Scope};
use exchange::Sources;
use kernel::{FieldError, Lang, Refusal, RefusalKind, Text};
use page::House;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
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
    /// When it happened in law, RFC 3339; now when absent.
    #[serde(default)]
    occurred_at: Option<String>,
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
    let applicant = caller.applicant()?;
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let filing = filing(sent, key)?;
    let filed = cases::file_matter_now(&house, &sources, caller.lang, &applicant, filing).await?;
    let body = MatterFiled::of(&filed, caller.lang);
    let place = format!("/api/v1/matters/{}", body.matter);
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], axum::Json(body)))
}

fn filing(sent: NewMatter, key: String) -> Result<MatterFiling, Refusal> {
    if sent.theme.is_none() == sent.items.is_empty() {
        let zh = "请写 theme 或 items，二者之一。";
        return Err(bad().field("items", zh, "A theme or items, one of them."));
    }
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
    if !wrong.fields.is_empty() {
        return Err(wrong);
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
        disputes: Vec::new(),
        promises: sent.promises,
        declares: sent.declares,
        paper: sent.paper,
        occurred_at: parts.occurred_at,
    })
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
    let scope = match caller.session.staff() {
        Ok(staff) => Scope::from(&staff),
        Err(_) => Scope::from(&caller.applicant()?),
    };
    let view: MatterView = cases::matter_view(&house.ground.store, id, &scope).await?;
    Ok(axum::Json(MatterDetail {
        matter: view.id.to_string(),
        name: (&view.name).into(),
        filed_at: view.filed_at.to_string(),
        members: view.members.iter().map(MemberLine::from).collect(),
        cases: view.cases.iter().map(|case| case_detail(case, caller.lang)).collect(),
        plan: serde_json::to_value(&view.plan).unwrap_or(Value::Null),
    }))
}
