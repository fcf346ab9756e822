//! One's parcels, how they are handed over, and one's address book.

use super::cases::Place;
use crate::input::{Caller, Json};
use crate::problem::{Answer, ProblemBody};
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use delivery::model::Told;
use delivery::verbs::{self, Choice, Entry, Typed};
use delivery::{Deliveries, ParcelRow};
use kernel::{Lang, Refusal};
use page::House;
use serde::{Deserialize, Serialize};
use store::command;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(choose))
        .routes(routes!(addresses))
        .routes(routes!(add_address))
}

/// A parcel of the caller's.
#[derive(Serialize, utoipa::ToSchema)]
struct ParcelBody {
    /// Its id.
    id: String,
    /// The number on its label.
    number: String,
    /// The matter's name.
    title: String,
    /// The first of its cases.
    case: String,
    /// `gathering`, `ready`, `nothing`, `packed`, `listed`, `handed-over`, `moving`, `deposited`, `refused`, `returned`, `collectable`,
    /// `lapsed`, `signed` or `collected`.
    state: String,
    /// `electronic`, `courier` or `collect`.
    how: String,
    /// Since when it stands so.
    since: String,
}

/// Parcels, the newest first.
#[derive(Serialize, utoipa::ToSchema)]
struct ParcelsPage {
    /// The parcels.
    parcels: Vec<ParcelBody>,
    /// Send it as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

fn body(row: &ParcelRow, lang: Lang) -> ParcelBody {
    let title = if lang == Lang::ZhCn { &row.title_zh } else { &row.title_en };
    ParcelBody {
        id: row.id.to_string(),
        number: row.number.clone(),
        title: title.clone(),
        case: row.case_no.clone(),
        state: row.state.to_string(),
        how: row.how.clone(),
        since: row.since.to_string(),
    }
}

/// The caller's parcels.
#[utoipa::path(get, path = "/deliveries", tag = "deliveries", params(Place),
    responses((status = 200, body = ParcelsPage), (status = 401, body = ProblemBody)))]
async fn list(
    State(house): State<House>,
    caller: Caller,
    asked: Result<Query<Place>, QueryRejection>,
) -> Answer<axum::Json<ParcelsPage>> {
    let Query(place) = asked.map_err(|e| super::items::bad_query(&e.body_text()))?;
    let (who, limit) = (caller.applicant()?, place.limit());
    let before = verbs::place(place.after.as_deref(), i64::MAX)?;
    let mut found = verbs::mine(&house.ground.store, &who, before, limit + 1).await?;
    let more = i64::try_from(found.len()).is_ok_and(|n| n > limit);
    found.truncate(usize::try_from(limit).unwrap_or(0));
    let next = found.last().filter(|_| more).map(|r| format!("{}.{}", r.at.as_microsecond(), r.id));
    let parcels = found.iter().map(|row| body(row, caller.lang)).collect();
    Ok(axum::Json(ParcelsPage { parcels, next }))
}

/// How a parcel is to be handed over.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewChoice {
    /// `electronic`, `courier` or `collect`.
    how: String,
    /// The address's id, for a courier.
    #[serde(default)]
    address: String,
    /// The hall's code, for collecting.
    #[serde(default)]
    place: String,
}

/// Choose how a parcel is handed over, any time before it is packed.
#[utoipa::path(post, path = "/deliveries/{id}/choice", tag = "deliveries", request_body = NewChoice,
    params(("id" = String, Path)),
    responses((status = 200, body = ParcelBody), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
              (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn choose(
    State(house): State<House>,
    Extension(room): Extension<Deliveries>,
    caller: Caller,
    Path(id): Path<String>,
    Json(sent): Json<NewChoice>,
) -> Answer<axum::Json<ParcelBody>> {
    let who = caller.applicant()?;
    who.must_see_all()?;
    let id = id.parse().map_err(|_| Refusal::not_found())?;
    let NewChoice { how, address, place } = sent;
    let choice = Choice { how, address, place };
    command!(house.ground, caller.lang, who.actor_ref(), |cx| {
        verbs::choose(&mut cx, &room, &who, id, &choice).await
    })?;
    let row = verbs::my_parcel(&house.ground.store, &who, id).await?;
    Ok(axum::Json(body(&row, caller.lang)))
}

/// An address of the caller's book.
#[derive(Serialize, utoipa::ToSchema)]
struct AddressBody {
    /// Its id.
    id: String,
    /// The administrative division (GB/T 2260).
    division: String,
    /// Its name.
    place: String,
    /// Street, house, flat.
    street: String,
    /// Who takes it.
    recipient: String,
    /// Their telephone, masked.
    phone: String,
    /// Whether it is offered first.
    usual: bool,
}

fn address_body(entry: &Entry) -> Option<AddressBody> {
    let told = entry.told.as_ref()?;
    Some(AddressBody {
        id: entry.id.to_string(),
        division: entry.division.clone(),
        place: entry.place.clone(),
        street: told.street.clone(),
        recipient: told.recipient.clone(),
        phone: page::format::mask_phone(&told.phone),
        usual: entry.usual,
    })
}

/// The caller's address book, the usual address first; 20 at most.
#[utoipa::path(get, path = "/addresses", tag = "deliveries",
    responses((status = 200, body = Vec<AddressBody>), (status = 401, body = ProblemBody)))]
async fn addresses(State(house): State<House>, caller: Caller) -> Answer<axum::Json<Vec<AddressBody>>> {
    let who = caller.applicant()?;
    who.must_see_all()?;
    let entries = verbs::entries(&house.ground.store, &who, caller.lang).await?;
    Ok(axum::Json(entries.iter().filter_map(address_body).collect()))
}

/// An address to be kept.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAddress {
    /// The administrative division of the county or district (GB/T 2260).
    division: String,
    /// Street, house, flat.
    street: String,
    /// Who takes it.
    recipient: String,
    /// Their telephone, 7 to 16 digits; left out where there is none.
    #[serde(default)]
    phone: String,
    /// Whether it is offered first.
    #[serde(default)]
    usual: bool,
}

/// The address that was kept.
#[derive(Serialize, utoipa::ToSchema)]
struct KeptAddress {
    /// Its id.
    id: String,
}

/// Keep an address.
#[utoipa::path(post, path = "/addresses", tag = "deliveries", request_body = NewAddress,
    responses((status = 201, body = KeptAddress), (status = 401, body = ProblemBody), (status = 409, body = ProblemBody),
              (status = 422, body = ProblemBody)))]
async fn add_address(
    State(house): State<House>,
    caller: Caller,
    Json(sent): Json<NewAddress>,
) -> Answer<(StatusCode, axum::Json<KeptAddress>)> {
    let who = caller.applicant()?;
    who.must_see_all()?;
    let NewAddress { division, street, recipient, phone, usual } = sent;
    let typed = Typed { division, told: Told { street, recipient, phone }, usual };
    let id = command!(house.ground, caller.lang, who.actor_ref(), |cx| {
        verbs::put(&mut cx, who.subject(), None, &typed).await
    })?;
    Ok((StatusCode::CREATED, axum::Json(KeptAddress { id: id.to_string() })))
}
