//! Acts: what staff and applicants do with a case after it was filed, each under its own word.

use crate::input::{Caller, Json};
use crate::ops::cases::{Done, NewMaterial, materials, number_of};
use crate::problem::{Answer, Problem, ProblemBody};
use axum::extract::{Extension, Path, State};
use cases::{APPLICANT_VERBS, ApplicantAct, Handler, Late, STAFF_VERBS, StaffAct, Target};
use exchange::Sources;
use identity::{Applicant, Staff};
use kernel::codes::CaseNumber;
use kernel::{Lang, Refusal, RefusalKind, Timestamp};
use page::House;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use store::command;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(verb))
}

/// What every act may say beside its own fields.
struct About {
    rev: Option<i64>,
    late: Option<(Timestamp, Late)>,
}

/// Why an act is recorded later than it happened, and how one knows when that was (补录).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLate {
    at: Timestamp,
    reason: String,
    evidence: String,
}

/// Takes what every act may say out of the body; what remains is the act's own.
fn about(body: &mut Map<String, Value>) -> Result<About, Refusal> {
    let rev = match body.remove("rev") {
        None | Some(Value::Null) => None,
        Some(value) => Some(value.as_i64().ok_or_else(|| unreadable("rev is a whole number"))?),
    };
    let late = match body.remove("late") {
        None | Some(Value::Null) => None,
        Some(value) => {
            let late: NewLate =
                serde_json::from_value(value).map_err(|e| unreadable(&format!("late: {e}")))?;
            Some((late.at, Late { reason: late.reason, evidence: late.evidence }))
        }
    };
    Ok(About { rev, late })
}

/// Reads an act by its word and its own fields.
fn read<T: DeserializeOwned>(verb: &str, mut body: Map<String, Value>) -> Result<T, Refusal> {
    body.insert("verb".to_owned(), Value::from(verb));
    serde_json::from_value(Value::Object(body)).map_err(|e| unreadable(&e.to_string()))
}

fn unreadable(why: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "api.bad-act",
        format!("这个操作的内容有误：{why}。"),
        format!("What was sent with this act cannot be read: {why}."),
    )
    .next("请对照 /api/v1/openapi.json。", "Compare with /api/v1/openapi.json.")
}

fn no_such_verb(verbs: &[&str]) -> Refusal {
    let list = verbs.join(", ");
    Refusal::new(RefusalKind::NotFound, "api.no-such-verb", "没有这种操作。", "There is no such verb.")
        .next(format!("现有操作：{list}。"), format!("There are: {list}."))
}

/// Whoever has tasks: a clerk, or an examiner with the rights of those for whom they stand in.
pub(crate) async fn handler(house: &House, caller: &Caller) -> Answer<Handler> {
    match caller.session.staff().map_err(|_| not_staff())? {
        Staff::Examiner(who) => {
            Ok(Handler::standing_in(&house.ground.store, &who, house.ground.clock.now()).await?)
        }
        Staff::Clerk(who) => Ok((&who).into()),
        Staff::Supervisor(_) | Staff::Operator(_) => Err(not_staff().into()),
    }
}

fn not_staff() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "api.not-a-handler",
        "只有窗口人员和审查人员有待办。",
        "Only clerks and examiners have tasks.",
    )
}

/// Does a staff member's act on a task or a case.
pub(crate) async fn by_staff(
    house: &House,
    caller: &Caller,
    target: Target,
    verb: &str,
    mut body: Map<String, Value>,
) -> Answer<Done> {
    let handler = handler(house, caller).await?;
    let said = about(&mut body)?;
    if !STAFF_VERBS.contains(&verb) {
        return Err(no_such_verb(STAFF_VERBS).into());
    }
    let act: StaffAct = read(verb, body)?;
    let done = command!(house.ground, caller.lang, handler.actor_ref(), |cx| {
        match said.late.clone() {
            None => cases::act(&mut cx, house, &handler, target.clone(), act.clone(), said.rev).await,
            Some(late) => {
                cases::record_late(&mut cx, house, &handler, target.clone(), act.clone(), late).await
            }
        }
    })?;
    Ok(done.into())
}

async fn by_applicant(
    house: &House,
    caller: &Caller,
    number: &str,
    verb: &str,
    mut body: Map<String, Value>,
    sources: &Sources,
) -> Answer<Done> {
    let applicant = caller.applicant()?;
    if verb == "supplement" {
        return supply(house, sources, caller.lang, &applicant, &number_of(number)?, body).await;
    }
    let said = about(&mut body)?;
    let act = if verb == "keep_promise" {
        ApplicantAct::KeepPromise { materials: promised(body)? }
    } else if APPLICANT_VERBS.contains(&verb) {
        read(verb, body)?
    } else {
        let all: Vec<&str> = APPLICANT_VERBS.iter().copied().chain(["supplement"]).collect();
        return Err(no_such_verb(&all).into());
    };
    let number = number_of(number)?;
    let done = command!(house.ground, caller.lang, applicant.actor_ref(), |cx| {
        cases::ask(&mut cx, house, &applicant, &number, act.clone(), said.rev).await
    })?;
    Ok(done.into())
}

/// What was asked for, and nothing else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSupplement {
    #[serde(default)]
    answers: Map<String, Value>,
    #[serde(default)]
    materials: Vec<NewMaterial>,
}

/// 补正: those fields and papers change that were asked for; everything else stays as filed.
async fn supply(
    house: &House,
    sources: &Sources,
    lang: Lang,
    who: &Applicant,
    number: &CaseNumber,
    body: Map<String, Value>,
) -> Answer<Done> {
    let sent: NewSupplement =
        serde_json::from_value(Value::Object(body)).map_err(|e| unreadable(&e.to_string()))?;
    let papers = papers(sent.materials)?;
    let supplied = cases::prepare_supplement(house, sources, who, number, &sent.answers, &papers).await?;
    let done = command!(house.ground, lang, who.actor_ref(), |cx| {
        cases::supplement(&mut cx, house, who, number, &supplied).await
    })?;
    Ok(done.into())
}

/// The promised papers, named as in a filing.
fn promised(mut body: Map<String, Value>) -> Result<Vec<cases::Material>, Problem> {
    let sent: Vec<NewMaterial> = serde_json::from_value(body.remove("materials").unwrap_or_default())
        .map_err(|e| unreadable(&format!("materials: {e}")))?;
    papers(sent)
}

fn papers(sent: Vec<NewMaterial>) -> Result<Vec<cases::Material>, Problem> {
    let mut wrong =
        Refusal::new(RefusalKind::Invalid, "api.bad-materials", "材料有误。", "The papers cannot be taken.");
    let materials = materials(sent, &mut wrong);
    if wrong.fields.is_empty() { Ok(materials) } else { Err(wrong.into()) }
}

/// Do something with a case. For its parties: `supplement {answers, materials}`, `withdraw`, `confirm`, `request_hearing`, `waive_hearing`, `dispute`,
/// `keep_promise`, `want_person`, `want_paper`, `object`; for the agencies that handle it what the law lets them do: `accept`, `suspend`,
/// `resume`, `extend {reason, leave}`, `forward`, `serve`, … In a joint procedure `extend` needs `leave {body, signer, number, on,
/// evidence}`: the leave of the head of the people's government (Administrative Licensing Law art. 42), with its document. `confirm_party
/// {role, citizen_id, ground, paper | reference}` records the word of a party who stands at a clerk's window and does not use the
/// platform: for the body responsible or the one that accepts; it counts in every case of the matter. Those concerned who are no party:
/// `find_interested {name, interest, evidence}` makes their notice, `tell_interested {who, served, proof}` records its service, `answer_of_interested {who,
/// asks, proof}` what they answered (`who` stands in the case's `hearing.interested`). A word that does not exist is answered with the list. Beside an act's own fields stand `rev` (the version that was looked at) and, for clerks, `late {at, reason, evidence}`.
#[utoipa::path(post, path = "/cases/{number}/{verb}", tag = "cases", request_body = Object,
    params(("number" = String, Path), ("verb" = String, Path, description = "the act, in snake_case")),
    responses((status = 200, body = Done), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
              (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
              (status = 422, body = ProblemBody)))]
async fn verb(
    State(house): State<House>,
    Extension(sources): Extension<Sources>,
    caller: Caller,
    Path((number, verb)): Path<(String, String)>,
    Json(body): Json<Map<String, Value>>,
) -> Answer<axum::Json<Done>> {
    let done = if caller.session.is_staff() {
        by_staff(&house, &caller, Target::Case(number_of(&number)?), &verb, body).await?
    } else {
        by_applicant(&house, &caller, &number, &verb, body, &sources).await?
    };
    Ok(axum::Json(done))
}
