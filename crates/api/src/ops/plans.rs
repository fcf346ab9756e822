//! Plans: what a joint matter or a set of items takes, before anybody applies; with a token, for whoever asks.

use crate::input::{Caller, Json, caller_of};
use crate::problem::{Answer, Problem, ProblemBody};
use axum::extract::State;
use axum::http::HeaderMap;
use catalog::planner::{self, HeldAs, Holding, Plan, ProofGrade, Question, Reform};
use catalog::{Item, Knowledge, MatterTheme, Merged, Published, Register, Sharing};
use forms::Answers;
use identity::Applicant;
use kernel::{FieldError, Lang, Refusal, RefusalKind, Text, clock};
use page::House;
use proofs::Grade;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::command;
use trace::Purpose;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(make))
}

/// More items than this are no matter of one person.
const ITEMS_MAX: usize = 100;

/// What is to be planned: a theme, or items.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPlan {
    /// A theme's id.
    #[serde(default)]
    #[schema(example = "stock-house")]
    theme: Option<String>,
    /// Items by key or implementation code, when it is no theme; 100 at most.
    #[serde(default)]
    items: Vec<String>,
    /// Answers to situations: question → answer; where several may be given, with commas between them.
    #[serde(default)]
    situations: BTreeMap<String, String>,
    /// What the agencies share: a sharing of the theme; its last one, which is today's, when absent.
    #[serde(default)]
    #[schema(example = "today")]
    sharing: Option<String>,
    /// `me`: with what whoever holds the token has at hand and what is known of them. Nobody in particular when absent.
    #[serde(default)]
    applicant: Option<String>,
}

/// What it takes, beside what was asked before.
#[derive(Serialize, utoipa::ToSchema)]
struct PlanView {
    /// The theme, when it is one.
    theme: Option<String>,
    /// The items, in their order.
    items: Vec<String>,
    /// Under which sharing.
    sharing: Option<String>,
    /// Before and after: `papers_before`, `papers_after`, `fields_before`, `fields_after`, `days_serial`, `days_critical` …, and
    /// in `fallen` each paper that is no longer asked, with its reason.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    reform: Reform,
    /// The plan: members, fields, papers, steps, fees, results, each with why.
    #[schema(value_type = Object)]
    plan: Plan,
}

/// What a theme or a set of items takes in a situation. Open to everybody; only `applicant` needs a token.
#[utoipa::path(post, path = "/plans", tag = "matters", request_body = NewPlan, security((), ("bearer" = [])),
    responses((status = 200, body = PlanView), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
              (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn make(
    State(house): State<House>,
    headers: HeaderMap,
    Json(sent): Json<NewPlan>,
) -> Answer<axum::Json<PlanView>> {
    let mine = match sent.applicant.as_deref() {
        None => Mine::default(),
        Some("me") => Mine::of(&house, &caller_of(&headers, &house).await?).await?,
        Some(_) => return Err(wrong("applicant", "只能写 me。", "`me` and nothing else.").into()),
    };
    let matter = Matter::find(&house, &sent).await?;
    Ok(axum::Json(matter.view(&house, &sent, &mine)?))
}

fn wrong(field: &str, zh: &str, en: &str) -> Refusal {
    let zh_all = "要规划的内容有误。";
    Refusal::new(RefusalKind::Invalid, "api.bad-plan", zh_all, "What is to be planned cannot be read.")
        .field(field, zh, en)
}

/// What whoever asks has at hand.
#[derive(Default)]
struct Mine {
    known: Map<String, Value>,
    holds: Vec<Holding>,
}

impl Mine {
    /// Reads it; that somebody's data were looked at is recorded, as whenever they are.
    async fn of(house: &House, caller: &Caller) -> Result<Self, Problem> {
        let who = caller.applicant()?;
        let (subject, store) = (who.subject(), &house.ground.store);
        if !who.sees_all() {
            return Ok(Self::default());
        }
        let now = house.ground.clock.now();
        let known = known(house, caller.lang, &who).await?;
        let mut holds = Vec::new();
        for certificate in certificates::held_by(store, subject, None, 100).await? {
            if certificate.is_valid(now) {
                holds.push(Holding {
                    kind: certificate.kind.clone(),
                    holder: catalog::APPLICANT.to_owned(),
                    by: HeldAs::Certificate,
                    since: Some(certificate.valid_from),
                    reference: certificate.id.to_string(),
                });
            }
        }
        for proof in proofs::find(store, subject, clock::legal_date(now)).await? {
            holds.push(Holding {
                kind: proof.kind,
                holder: proof.holder,
                by: HeldAs::Proof(grade(proof.grade)),
                since: Some(clock::legal_date(proof.at)),
                reference: proof.id.to_string(),
            });
        }
        Ok(Self { known, holds })
    }
}

async fn known(house: &House, lang: Lang, who: &Applicant) -> Result<Map<String, Value>, Problem> {
    let purpose = Purpose::new("prefill");
    Ok(command!(house.ground, lang, who.actor_ref(), |cx| {
        identity::known_facts(&mut cx, who.subject(), who.person(), &purpose).await
    })?)
}

fn grade(grade: Grade) -> ProofGrade {
    match grade {
        Grade::Issued => ProofGrade::Issued,
        Grade::Checked => ProofGrade::Checked,
        Grade::Uploaded => ProofGrade::Uploaded,
        Grade::Declared => ProofGrade::Declared,
    }
}

/// The items that are planned together.
struct Matter {
    theme: Option<Arc<MatterTheme>>,
    items: Vec<Published>,
    knowledge: Arc<Knowledge>,
}

impl Matter {
    async fn find(house: &House, sent: &NewPlan) -> Result<Self, Problem> {
        let store = &house.ground.store;
        let theme = match (&sent.theme, sent.items.is_empty()) {
            (Some(id), true) => {
                let found = catalog::find_theme(store, id).await?;
                Some(found.ok_or_else(|| none("theme", "没有这个主题。", "There is no such theme."))?)
            }
            (None, false) => None,
            _ => {
                return Err(wrong(
                    "items",
                    "请写 theme 或 items，二者之一。",
                    "A theme or items, one of them.",
                )
                .into());
            }
        };
        let names: Vec<String> = match &theme {
            Some(theme) => theme.members.iter().map(|m| m.item.clone()).collect(),
            None => sent.items.clone(),
        };
        if names.len() > ITEMS_MAX {
            return Err(wrong("items", "一次最多100个事项。", "100 items at most.").into());
        }
        let mut items: Vec<Published> = Vec::with_capacity(names.len());
        for (i, name) in names.iter().enumerate() {
            let found = catalog::find(store, name).await?;
            let field = format!("items[{i}]");
            let found = found.ok_or_else(|| none(&field, "没有这个事项。", "There is no such item."))?;
            if items.iter().all(|known| known.item.key != found.item.key) {
                items.push(found);
            }
        }
        Ok(Self { theme, items, knowledge: catalog::knowledge(store).await? })
    }

    fn view(&self, house: &House, sent: &NewPlan, mine: &Mine) -> Result<PlanView, Refusal> {
        let members: Vec<&Item> = self.items.iter().map(|p| &*p.item).collect();
        let theme = self.theme.as_deref();
        let mut registers: BTreeMap<&str, &Register> = BTreeMap::new();
        registers.extend(self.items.iter().flat_map(|p| &p.shared.registers).map(|r| (r.id.as_str(), r)));
        let registers: Vec<Register> = registers.into_values().cloned().collect();
        let answers = answers(theme, &members, &sent.situations)?;
        let sharing = sharing(theme, sent.sharing.as_deref())?;
        let plan = planner::plan(&Question {
            theme,
            answers: &answers,
            known: &mine.known,
            holds: &mine.holds,
            sharing,
            today: Some(clock::legal_date(house.ground.clock.now())),
            ..Question::of(&members, &self.knowledge, &registers)
        });
        let elements = self.items.first().map(|p| &p.shared.elements);
        let merged = Merged::of(&members, theme, elements.unwrap_or(&forms::Elements::default()));
        let reform = match theme {
            Some(theme) => planner::compare(theme, &plan, &merged),
            None => planner::compare_items(&members, &plan, &merged),
        };
        Ok(PlanView {
            theme: theme.map(|t| t.id.clone()),
            items: plan.members.iter().map(|m| m.item.clone()).collect(),
            sharing: sharing.map(|s| s.id.clone()),
            reform,
            plan,
        })
    }
}

fn none(field: &str, zh: &str, en: &str) -> Refusal {
    let mut refusal = Refusal::not_found();
    refusal.fields.push(FieldError { field: field.to_owned(), say: Text::new(zh, en) });
    refusal
}

fn sharing<'t>(theme: Option<&'t MatterTheme>, wanted: Option<&str>) -> Result<Option<&'t Sharing>, Refusal> {
    let Some(wanted) = wanted else { return Ok(theme.and_then(|t| t.sharing.last())) };
    let known: Vec<&str> = theme.into_iter().flat_map(|t| &t.sharing).map(|s| s.id.as_str()).collect();
    theme.and_then(|t| t.sharing(wanted)).map(Some).ok_or_else(|| {
        let list = known.join("、");
        wrong(
            "sharing",
            &format!("没有这种共享；现有：{list}。"),
            &format!("There is no such sharing; there are: {list}."),
        )
    })
}

/// The answers to situations, each one that is asked and each an answer that there is.
fn answers(
    theme: Option<&MatterTheme>,
    members: &[&Item],
    given: &BTreeMap<String, String>,
) -> Result<Answers, Refusal> {
    let of_items = members.iter().flat_map(|i| &i.situations);
    let asked: Vec<&catalog::Situation> =
        theme.into_iter().flat_map(|t| &t.situations).chain(of_items).collect();
    let mut answers = Answers::new();
    for (id, value) in given {
        let Some(situation) = asked.iter().find(|s| s.id == *id) else {
            let field = format!("situations.{id}");
            return Err(wrong(&field, "这里不问这个情形。", "This situation is not asked here."));
        };
        let Some(answer) = situation.answer(value.split(',')) else {
            let options: Vec<&str> = situation.options.iter().map(|o| o.value.as_str()).collect();
            let list = options.join("、");
            let (zh, en) = (format!("只能回答：{list}。"), format!("One of: {list}."));
            return Err(wrong(&format!("situations.{id}"), &zh, &en));
        };
        answers.insert(id.clone(), answer);
    }
    Ok(answers)
}
