//! Cases: file, follow, supplement nothing behind anybody's back, withdraw, take the trace along.

use crate::input::{Caller, Json};
use crate::ops::items::Both;
use crate::ops::seen::{self, scope_of};
use crate::ops::term::TermView;
use crate::problem::{Answer, ProblemBody};
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cases::{Capacity, CaseRow, CaseView, Filing, Given, GivenParty, Material, PartyRef};
use exchange::Sources;
use kernel::codes::CaseNumber;
use kernel::{FieldError, Lang, Refusal, RefusalKind, Text, Timestamp};
use page::House;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(file, list)).routes(routes!(one)).routes(routes!(trace))
}

const PAGE: i64 = 50;
const PAGE_MAX: i64 = 100;

/// A filing.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCase {
    /// The item, by implementation code or key.
    #[schema(example = "charter-bus-sticker")]
    item: String,
    /// Who takes part; nobody named means whoever files, or the firm they act for.
    #[serde(default)]
    parties: Vec<NewParty>,
    /// The answers, by the form's field ids; what government already knows may be left out.
    #[schema(value_type = Object)]
    answers: Map<String, Value>,
    /// The papers.
    #[serde(default)]
    materials: Vec<NewMaterial>,
    /// Ids of the demands whose papers are promised for later (容缺受理), where the item lets them come later.
    #[serde(default)]
    promises: Vec<String>,
    /// Whether the applicant declares instead of proving (告知承诺), where the item offers it.
    #[serde(default)]
    declares: bool,
    /// Whether notices are to be served on paper instead of electronically.
    #[serde(default)]
    paper: bool,
    /// When it happened in law, RFC 3339; now when absent. Only a clerk may record late.
    #[serde(default)]
    occurred_at: Option<String>,
}

/// A party.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewParty {
    /// `me`, `organisation` (the firm acted for), `person:<id>` or `organisation:<id>`.
    #[schema(example = "me")]
    subject: String,
    /// The item's word: `applicant`, `buyer`, `seller`.
    #[serde(default)]
    role: String,
    /// Their share, `1/2`.
    #[serde(default)]
    share: Option<String>,
    /// `self`, `agent`, `guardian`, `heir`, `liquidator`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    capacity: Capacity,
    /// What proves the capacity: a file uploaded before.
    #[serde(default)]
    proof: Option<String>,
}

/// A paper: exactly one of file and certificate.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMaterial {
    /// The id of the item's demand.
    demand: String,
    /// A file uploaded before.
    #[serde(default)]
    file: Option<String>,
    /// A certificate kept here.
    #[serde(default)]
    certificate: Option<String>,
}

/// A filed case.
#[derive(Serialize, utoipa::ToSchema)]
struct FiledCase {
    /// Its number (31+8+4).
    number: String,
    /// Its state.
    state: String,
    /// The term that ends first.
    #[serde(skip_serializing_if = "Option::is_none")]
    term: Option<TermView>,
    /// Whether this key had been filed before, so that nothing was done anew.
    repeated: bool,
}

/// File a case. The same `Idempotency-Key` with the same content is the same case, however often it is sent.
#[utoipa::path(post, path = "/cases", tag = "cases", request_body = NewCase,
    params(("Idempotency-Key" = String, Header, description = "1 to 200 visible characters, new for each filing")),
    responses((status = 201, body = FiledCase), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
              (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn file(
    State(house): State<House>,
    Extension(sources): Extension<Sources>,
    caller: Caller,
    headers: HeaderMap,
    Json(sent): Json<NewCase>,
) -> Answer<(StatusCode, [(header::HeaderName, String); 1], axum::Json<FiledCase>)> {
    let applicant = caller.applicant()?;
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let filed = cases::file_now(&house, &sources, caller.lang, &applicant, filing(sent, key)?).await?;
    let body = FiledCase {
        number: filed.number.to_string(),
        state: filed.state,
        term: filed.term.as_ref().map(|t| TermView::of(t, caller.lang)),
        repeated: filed.again,
    };
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, format!("/api/v1/cases/{}", body.number))],
        axum::Json(body),
    ))
}

fn filing(sent: NewCase, key: String) -> Result<Filing, Refusal> {
    let who_and_what = read(sent.parties, sent.materials, sent.occurred_at)?;
    Ok(Filing {
        key,
        item: sent.item,
        matter: None,
        parties: who_and_what.parties,
        answers: sent.answers,
        materials: who_and_what.materials,
        occurred_at: who_and_what.occurred_at,
        promises: sent.promises,
        declares: sent.declares,
        paper: sent.paper,
    })
}

/// What of a filing has to be read before it is one.
pub(crate) struct Read {
    pub parties: Vec<GivenParty>,
    pub materials: Vec<Material>,
    pub occurred_at: Option<Timestamp>,
}

/// Reads parties, papers and the moment, or names every field that is wrong.
pub(crate) fn read(
    sent_parties: Vec<NewParty>,
    sent_materials: Vec<NewMaterial>,
    occurred_at: Option<String>,
) -> Result<Read, Refusal> {
    let mut wrong = Refusal::new(
        RefusalKind::Invalid,
        "api.bad-filing",
        "提交的内容有误。",
        "What was sent cannot be filed as it is.",
    );
    let parties = parties(sent_parties, &mut wrong);
    let materials = materials(sent_materials, &mut wrong);
    let occurred_at = occurred_at.and_then(|text| {
        let read = text.parse::<Timestamp>().ok();
        if read.is_none() {
            complain(
                &mut wrong,
                "occurred_at".to_owned(),
                "请写成 2026-11-22T09:00:00+08:00。",
                "Write it as 2026-11-22T09:00:00+08:00.",
            );
        }
        read
    });
    if wrong.fields.is_empty() { Ok(Read { parties, materials, occurred_at }) } else { Err(wrong) }
}

fn complain(wrong: &mut Refusal, field: String, zh: &str, en: &str) {
    wrong.fields.push(FieldError { field, say: Text::new(zh, en) });
}

fn parties(sent: Vec<NewParty>, wrong: &mut Refusal) -> Vec<GivenParty> {
    let mut parties = Vec::with_capacity(sent.len());
    for (i, party) in sent.into_iter().enumerate() {
        let Some(subject) = party_ref(&party.subject) else {
            complain(
                wrong,
                format!("parties[{i}].subject"),
                "请写 me、organisation、person:编号或 organisation:编号。",
                "me, organisation, person:<id> or organisation:<id>.",
            );
            continue;
        };
        let proof = party.proof.as_deref().map(str::parse).transpose();
        let Ok(proof) = proof else {
            complain(wrong, format!("parties[{i}].proof"), "请给出文件编号。", "Give the id of a file.");
            continue;
        };
        let (role, share, capacity) = (party.role, party.share, party.capacity);
        parties.push(GivenParty { subject, role, share, capacity, proof });
    }
    parties
}

pub(crate) fn materials(sent: Vec<NewMaterial>, wrong: &mut Refusal) -> Vec<Material> {
    let mut materials = Vec::with_capacity(sent.len());
    for (i, material) in sent.into_iter().enumerate() {
        let Some(given) = given(&material) else {
            complain(
                wrong,
                format!("materials[{i}]"),
                "请给出文件编号或证照编号，二者之一。",
                "Give the id of a file or of a certificate, one of them.",
            );
            continue;
        };
        materials.push(Material { demand: material.demand, given });
    }
    materials
}

fn party_ref(text: &str) -> Option<PartyRef> {
    match text {
        "me" => Some(PartyRef::Me),
        "organisation" => Some(PartyRef::Organisation),
        other => other.parse().ok().map(PartyRef::Subject),
    }
}

fn given(material: &NewMaterial) -> Option<Given> {
    match (&material.file, &material.certificate) {
        (Some(file), None) => file.parse().ok().map(Given::File),
        (None, Some(certificate)) => certificate.parse().ok().map(Given::Certificate),
        _ => None,
    }
}

/// A case in a list.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CaseLine {
    /// Its number.
    number: String,
    /// The item's key.
    item: String,
    /// The item's name.
    name: String,
    /// Its state.
    state: String,
    /// The agency responsible.
    agency: String,
    /// Who holds it now; absent when it waits for the applicant or is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
    /// When it was filed.
    filed_at: String,
    /// Until when it must be decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at: Option<String>,
}

impl CaseLine {
    pub(crate) fn of(row: &CaseRow, lang: Lang) -> Self {
        Self {
            number: row.number.to_string(),
            item: row.item_key.clone(),
            name: row.item_name.get(lang).to_owned(),
            state: row.state.clone(),
            agency: row.agency.to_string(),
            holder: row.holder.as_ref().map(ToString::to_string),
            filed_at: row.filed_at.to_string(),
            due_at: row.due_at.map(|t| t.to_string()),
            closed_at: row.closed_at.map(|t| t.to_string()),
        }
    }
}

/// A page of cases.
#[derive(Serialize, utoipa::ToSchema)]
struct CasePage {
    /// The cases.
    cases: Vec<CaseLine>,
    /// Send it as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Where a list begins and how long a page is.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Place {
    /// The `next` of the page before.
    pub after: Option<String>,
    /// How many, 100 at most; 50 when not said.
    pub limit: Option<i64>,
}

impl Place {
    pub(crate) fn limit(&self) -> i64 {
        self.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX)
    }
}

/// The caller's own cases, the last filed first.
#[utoipa::path(get, path = "/cases", tag = "cases", params(Place),
    responses((status = 200, body = CasePage), (status = 401, body = ProblemBody)))]
async fn list(
    State(house): State<House>,
    caller: Caller,
    place: Result<Query<Place>, axum::extract::rejection::QueryRejection>,
) -> Answer<axum::Json<CasePage>> {
    let Query(place) = place.map_err(|e| super::items::bad_query(&e.body_text()))?;
    let applicant = caller.applicant()?;
    let page =
        cases::my_cases(&house.ground.store, &applicant, place.after.as_deref(), place.limit()).await?;
    let cases = page.rows.iter().map(|row| CaseLine::of(row, caller.lang)).collect();
    Ok(axum::Json(CasePage { cases, next: page.next }))
}

/// A case.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CaseDetail {
    /// What stands in lists.
    #[serde(flatten)]
    line: CaseLine,
    /// Its version: send it back with an outcome, so that nothing newer is overwritten.
    rev: i64,
    /// The parties: who, in which role and capacity.
    #[schema(value_type = Vec<Object>)]
    parties: Value,
    /// What was filed: to an agency that only takes a step, what that step needs; to staff, secret fields masked.
    #[schema(value_type = Object)]
    answers: Value,
    /// The papers.
    #[schema(value_type = Vec<Object>)]
    materials: Value,
    /// The steps and where each stands.
    #[schema(value_type = Vec<Object>)]
    steps: Value,
    /// The terms with their reckoning.
    terms: Vec<TermView>,
    /// Certificates issued, by id.
    certificates: Vec<String>,
    /// The decision with reasons and remedies, once there is one.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Value::is_null")]
    decision: Value,
    /// Whether the decision is open to the public and on what ground; the hearing, promises, disputes, objections, remedies, the
    /// services of notices, where it was `received` for the body of another place and under which agreement, what it renews, parties who cannot act (`halts`), certificates it relies on whose state changed
    /// (`relied`), later looks at a benefit (`reviews`), what is paid now (`paid_now`) and how it ended (`stopped`), each when there are any; to staff `duties`: what the body owes
    /// beside its tasks; `silence`: what the agency let pass and what can be done
    /// about it, in sentences.
    #[schema(value_type = Object)]
    #[serde(flatten)]
    side: Map<String, Value>,
}

/// One case, for its parties and for the agencies that handle it.
#[utoipa::path(get, path = "/cases/{number}", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = CaseDetail), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn one(
    State(house): State<House>,
    caller: Caller,
    Path(number): Path<String>,
) -> Answer<axum::Json<CaseDetail>> {
    let view = reached(&house, &caller, &number).await?;
    seen::record(&house, &caller, &[&view]).await?;
    let mut detail = case_detail(&view, seen::is_staff(&caller), caller.lang);
    let (case, now) = (&view.case, house.ground.clock.now());
    let silence = procedure::silence(case.frame, &case.terms, now, &house.calendar);
    if let Some(silence) = silence.filter(|_| case.state.works()) {
        detail.side.insert("silence".to_owned(), silence.explain(caller.lang).into());
    }
    if seen::is_staff(&caller) {
        let one = |d: &cases::rules::Duty| json!({"kind": d.kind.word(), "since": d.since, "due": d.due});
        let duties: Vec<Value> = cases::rules::duties(case).iter().map(one).collect();
        detail.side.insert("duties".to_owned(), duties.into());
    }
    Ok(axum::Json(detail))
}

pub(crate) fn number_of(text: &str) -> Result<CaseNumber, Refusal> {
    text.parse().map_err(|_| Refusal::not_found())
}

/// The case, if the caller is a party or works in an agency that handles it; otherwise there is none. That staff open it is
/// recorded before it is handed out, as on the desk.
pub(crate) async fn reached(house: &House, caller: &Caller, number: &str) -> Answer<CaseView> {
    let number = number_of(number)?;
    let view = cases::view(&house.ground.store, &number, &scope_of(caller)?).await?;
    super::look::at_case(house, caller, &view).await?;
    Ok(view)
}

/// A case as callers see it; staff see secret fields masked.
pub(crate) fn case_detail(view: &CaseView, staff: bool, lang: Lang) -> CaseDetail {
    let json = |value: Result<Value, serde_json::Error>| value.unwrap_or(Value::Null);
    let case = &view.case;
    CaseDetail {
        line: CaseLine::of(&view.row, lang),
        rev: view.rev,
        parties: json(serde_json::to_value(&case.parties)),
        answers: seen::answers(view, staff, lang),
        materials: json(serde_json::to_value(&case.materials)),
        steps: json(serde_json::to_value(&case.steps)),
        terms: case.terms.iter().map(|t| TermView::of(t, lang)).collect(),
        certificates: case.certificates.iter().map(ToString::to_string).collect(),
        decision: json(serde_json::to_value(case.state.decision())),
        side: side(view),
    }
}

/// Whose window received a case for the agency that decides it, and under which agreement.
#[derive(Serialize)]
struct Received<'a> {
    #[serde(flatten)]
    received: &'a cases::Received,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Both>,
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<Both>,
}

impl<'a> Received<'a> {
    fn of(received: &'a cases::Received) -> Self {
        let agreements = catalog::agreement::agreements();
        let one = agreements.get(&received.agreement);
        Self { received, name: one.map(|a| (&a.name).into()), basis: one.map(|a| (&a.basis).into()) }
    }
}

/// What only some cases have.
fn side(view: &CaseView) -> Map<String, Value> {
    let case = &view.case;
    let all = [
        ("openness", serde_json::to_value(view.openness())),
        ("hearing", serde_json::to_value(&case.hearing)),
        ("promises", serde_json::to_value(&case.promises)),
        ("disputes", serde_json::to_value(&case.disputes)),
        ("objections", serde_json::to_value(&case.objections)),
        ("remedies", serde_json::to_value(&case.remedies)),
        ("served", serde_json::to_value(&case.served)),
        ("received", serde_json::to_value(case.received.as_ref().map(Received::of))),
        ("renews", serde_json::to_value(&case.renews)),
        ("seen", serde_json::to_value(&case.seen)),
        ("declared", serde_json::to_value(&case.declared)),
        ("suspensions", serde_json::to_value(&case.suspensions)),
        ("halts", serde_json::to_value(&case.halts)),
        ("relied", serde_json::to_value(&case.relied)),
        ("reviews", serde_json::to_value(&case.reviews)),
        ("stopped", serde_json::to_value(&case.stopped)),
        ("paid_now", serde_json::to_value(case.paid_now())),
    ];
    let some = |value: &Value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty());
    let named = all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.ok()?)));
    named.filter(|(_, value)| some(value)).collect()
}

/// The case's trace as JSON lines, which `yimen verify` checks without any server.
#[utoipa::path(get, path = "/cases/{number}/trace", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, content_type = "application/x-ndjson"), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn trace(State(house): State<House>, caller: Caller, Path(number): Path<String>) -> Answer<Response> {
    let view = reached(&house, &caller, &number).await?;
    let text = cases::trace_of(&house.ground.store, &view.case.number, &scope_of(&caller)?).await?;
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], text).into_response())
}

/// Where the case stands after a deed.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Done {
    /// The case's number.
    pub number: String,
    /// Its state now.
    pub state: String,
    /// Its version now.
    pub rev: i64,
}

impl From<cases::OutcomeDone> for Done {
    fn from(done: cases::OutcomeDone) -> Self {
        Self { number: done.number.to_string(), state: done.state, rev: done.rev }
    }
}
