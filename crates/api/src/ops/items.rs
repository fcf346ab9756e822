//! The catalogue: lists of items and one item whole.

use super::halls::AgreementLine;
use crate::problem::{Answer, ProblemBody};
use axum::Json;
use axum::extract::{Path, Query, State};
use catalog::{Audience, Filter, Listed, Published};
use jiff::civil::Date;
use kernel::{AgencyCode, Refusal, RefusalKind, Text, clock};
use page::House;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one))
}

/// The longest page of a list.
const PAGE_MAX: usize = 100;
const PAGE: usize = 50;

/// A name or sentence in both languages.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Both {
    /// Chinese.
    #[serde(rename = "zh-CN")]
    zh: String,
    /// English.
    en: String,
}

impl From<&Text> for Both {
    fn from(text: &Text) -> Self {
        Self { zh: text.zh.clone(), en: text.en.clone() }
    }
}

/// What part of the catalogue is wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// `person` or `organisation`.
    audience: Option<String>,
    /// A theme's key.
    theme: Option<String>,
    /// An agency's code; its parts are included.
    agency: Option<String>,
    /// Words searched for: Chinese, pinyin, initials, code.
    q: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// How many, 100 at most; 50 when not said.
    limit: Option<usize>,
}

/// An item in a list.
#[derive(Serialize, utoipa::ToSchema)]
struct ItemLine {
    /// Its key.
    key: String,
    /// Its implementation code (GB/T 39554), 31 characters.
    code: String,
    /// Its name.
    name: Both,
    /// What it is.
    what: Both,
    /// The agency responsible.
    agency: String,
}

impl From<&Listed> for ItemLine {
    fn from(listed: &Listed) -> Self {
        Self {
            key: listed.key.clone(),
            code: listed.code.clone(),
            name: (&listed.name).into(),
            what: (&listed.what).into(),
            agency: listed.agency.to_string(),
        }
    }
}

/// A page of items.
#[derive(Serialize, utoipa::ToSchema)]
struct ItemPage {
    /// The items.
    items: Vec<ItemLine>,
    /// Send it as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// List items.
#[utoipa::path(get, path = "/items", tag = "items", params(Wanted), security(()),
    responses((status = 200, body = ItemPage), (status = 422, body = ProblemBody)))]
async fn list(
    State(house): State<House>,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Answer<Json<ItemPage>> {
    let Query(wanted) = wanted.map_err(|e| bad_query(&e.body_text()))?;
    let limit = wanted.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let filter = filter(wanted, limit + 1)?;
    let mut found = catalog::list(&house.ground.store, &filter).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = if more { found.last().map(|l| l.key.clone()) } else { None };
    Ok(Json(ItemPage { items: found.iter().map(ItemLine::from).collect(), next }))
}

fn filter(wanted: Wanted, limit: usize) -> Result<Filter, Refusal> {
    let audience = wanted
        .audience
        .map(|word| serde_json::from_value::<Audience>(serde_json::Value::String(word)))
        .transpose()
        .map_err(|_| {
            bad_query("audience").field(
                "audience",
                "只能是 person 或 organisation。",
                "person or organisation.",
            )
        })?;
    let agency = wanted
        .agency
        .map(|code| AgencyCode::parse(&code).ok_or(()))
        .transpose()
        .map_err(|()| bad_query("agency").field("agency", "不是机构代码。", "This is no agency code."))?;
    Ok(Filter { audience, theme: wanted.theme, agency, q: wanted.q, after: wanted.after, limit })
}

/// The refusal for a query string that cannot be read.
pub(crate) fn bad_query(what: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "api.bad-query",
        format!("查询参数不对:{what}。"),
        format!("The query cannot be read: {what}."),
    )
}

/// An item whole, as published. Rules, templates and the pack's own examples are left out.
#[derive(Serialize, utoipa::ToSchema)]
struct ItemDetail {
    /// Its key.
    key: String,
    /// Its implementation code, 31 characters.
    code: String,
    /// 1, 2, 3 …
    version: i64,
    /// Since when, RFC 3339.
    published_at: String,
    /// Its name.
    name: Both,
    /// What it is.
    what: Both,
    /// Who may apply.
    who: Both,
    /// The agency responsible.
    agency: String,
    /// The statutory term (`20wd`).
    statutory: String,
    /// The promised term (`1wd`).
    promised: String,
    /// Visits needed.
    visits: u8,
    /// The sort of power.
    #[serde(rename = "type")]
    kind: serde_json::Value,
    /// Whom it serves.
    audience: serde_json::Value,
    /// `instant` or `promised`.
    handling: serde_json::Value,
    /// Legal basis.
    basis: serde_json::Value,
    /// The form: sections with their fields; field ids are the keys of `answers`.
    form: serde_json::Value,
    /// The papers; their ids are the `demand` of materials.
    materials: serde_json::Value,
    /// What it costs.
    fees: serde_json::Value,
    /// The agreements under which other places accept it today; decided by `agency` all the same.
    accepted: Vec<AgreementLine>,
    /// Where this text comes from, when it is not an agency's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    reconstructed: Option<String>,
}

/// One item, by key or implementation code.
#[utoipa::path(get, path = "/items/{code}", tag = "items", params(("code" = String, Path, description = "Key or code")), security(()),
    responses((status = 200, body = ItemDetail), (status = 404, body = ProblemBody)))]
async fn one(State(house): State<House>, Path(code): Path<String>) -> Answer<Json<ItemDetail>> {
    let published = catalog::find(&house.ground.store, &code).await?.ok_or_else(Refusal::not_found)?;
    let today = clock::legal_date(house.ground.clock.now());
    Ok(Json(detail(&published, today)))
}

fn detail(published: &Published, today: Date) -> ItemDetail {
    let item = &published.item;
    let json = |value: Result<serde_json::Value, serde_json::Error>| value.unwrap_or(serde_json::Value::Null);
    ItemDetail {
        key: item.key.clone(),
        code: item.code.clone(),
        version: published.version,
        published_at: published.published_at.to_string(),
        name: (&item.name).into(),
        what: (&item.what).into(),
        who: (&item.who).into(),
        agency: item.agency.to_string(),
        statutory: item.terms.statutory.to_string(),
        promised: item.terms.promised.to_string(),
        visits: item.visits,
        kind: json(serde_json::to_value(item.kind)),
        audience: json(serde_json::to_value(&item.audience)),
        handling: json(serde_json::to_value(item.handling)),
        basis: json(serde_json::to_value(&item.basis)),
        form: json(serde_json::to_value(&item.form)),
        materials: json(serde_json::to_value(&item.materials)),
        fees: json(serde_json::to_value(&item.fees)),
        accepted: catalog::agreement::agreements()
            .naming(&item.key, &item.agency, today)
            .map(AgreementLine::from)
            .collect(),
        reconstructed: item.reconstructed.clone(),
    }
}
