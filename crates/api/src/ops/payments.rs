//! What somebody has to pay, what they paid, and the way to pay it.

use super::cases::Place;
use crate::input::Caller;
use crate::problem::{Answer, ProblemBody};
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use kernel::{Money, Refusal, RefusalKind};
use page::House;
use payment::verbs::{self, OwnBill, Paying};
use payment::{BillId, Payments, ReceiptRow};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(pay))
        .routes(routes!(matter))
        .routes(routes!(pay_matter))
}

/// A receipt.
#[derive(Serialize, utoipa::ToSchema)]
struct ReceiptBody {
    /// Its number.
    number: String,
    /// How much, in fen; negative where it takes another back.
    amount_fen: i64,
    /// `gateway`, `cash` or `card`.
    means: String,
    /// When it was paid.
    at: String,
    /// The receipt that it takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    takes_back: Option<String>,
}

/// A bill of the caller's.
#[derive(Serialize, utoipa::ToSchema)]
struct BillBody {
    /// Its id.
    id: String,
    /// The number to pay by, twenty digits.
    code: String,
    /// The number of the case it is for.
    case: String,
    /// What it belongs to: bills with the same `matter` are paid by one act (`POST /payments/{id}/matter/pay`).
    matter: String,
    /// What for.
    title: String,
    /// `open`, `settled` or `cancelled`.
    state: String,
    /// The whole, in fen.
    total_fen: i64,
    /// What is still to be paid, in fen.
    owed_fen: i64,
    /// When it was raised.
    at: String,
    /// Until when it is to be paid.
    due_at: String,
    /// Whether that passed; it can still be paid.
    overdue: bool,
    /// What was given for money.
    receipts: Vec<ReceiptBody>,
}

/// The caller's bills.
#[derive(Serialize, utoipa::ToSchema)]
struct BillsPage {
    /// The newest first.
    payments: Vec<BillBody>,
    /// Send it as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// What one act pays: the caller's open bills of one matter.
#[derive(Serialize, utoipa::ToSchema)]
struct MatterBody {
    /// The bills, the oldest first; none once everything is paid.
    payments: Vec<BillBody>,
    /// What they come to, in fen.
    owed_fen: i64,
}

/// What the caller has seen.
#[derive(serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Seen {
    /// What the caller was shown as the whole, in fen: when it comes to something else by now, nothing is begun. Left out, whatever it
    /// comes to is paid.
    owed_fen: Option<i64>,
}

/// Where the payer goes on.
#[derive(Serialize, utoipa::ToSchema)]
struct PayAt {
    /// The gateway's page; absent while it does not answer: nothing is known yet then, and the bill says later what came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

fn receipt(row: &ReceiptRow) -> ReceiptBody {
    ReceiptBody {
        number: row.number.clone(),
        amount_fen: row.amount,
        means: row.means.word().to_owned(),
        at: row.at.to_string(),
        takes_back: row.red_of.clone(),
    }
}

fn body(bill: &OwnBill, lang: kernel::Lang) -> BillBody {
    let row = &bill.row;
    BillBody {
        id: row.id.to_string(),
        code: row.code.to_string(),
        case: row.number.clone(),
        matter: row.matter.clone(),
        title: if lang == kernel::Lang::ZhCn { row.title_zh.clone() } else { row.title_en.clone() },
        state: row.state.word().to_owned(),
        total_fen: row.total,
        owed_fen: row.owed,
        at: row.at.to_string(),
        due_at: row.due_at.to_string(),
        overdue: row.overdue,
        receipts: bill.receipts.iter().map(receipt).collect(),
    }
}

/// The caller's bills, the newest first.
#[utoipa::path(get, path = "/payments", tag = "payments", params(Place),
    responses((status = 200, body = BillsPage), (status = 401, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn list(
    State(house): State<House>,
    caller: Caller,
    asked: Result<Query<Place>, QueryRejection>,
) -> Answer<axum::Json<BillsPage>> {
    let Query(place) = asked.map_err(|e| super::items::bad_query(&e.body_text()))?;
    let (who, limit) = (caller.applicant()?, place.limit());
    who.must_see_all()?;
    let before = verbs::place(place.after.as_deref())?;
    let mut found = verbs::own_bills(&house.ground.store, &who, before, limit + 1).await?;
    let more = i64::try_from(found.len()).is_ok_and(|n| n > limit);
    found.truncate(usize::try_from(limit).unwrap_or(0));
    let next = found.last().filter(|_| more).map(|b| format!("{}.{}", b.row.at.as_microsecond(), b.row.id));
    Ok(axum::Json(BillsPage { payments: found.iter().map(|b| body(b, caller.lang)).collect(), next }))
}

/// One bill of the caller's.
#[utoipa::path(get, path = "/payments/{id}", tag = "payments", params(("id" = String, Path)),
    responses((status = 200, body = BillBody), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn one(
    State(house): State<House>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<axum::Json<BillBody>> {
    let who = caller.applicant()?;
    who.must_see_all()?;
    let id: BillId = id.parse().map_err(|_| Refusal::not_found())?;
    let bill = verbs::own_bill(&house.ground.store, &who, id).await?;
    Ok(axum::Json(body(&bill, caller.lang)))
}

/// Set out to pay everything that is open of a bill, by one act at the gateway.
#[utoipa::path(post, path = "/payments/{id}/pay", tag = "payments", params(("id" = String, Path)),
    responses((status = 200, body = PayAt), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
              (status = 409, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn pay(
    room: Option<Extension<Payments>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<axum::Json<PayAt>> {
    let who = caller.applicant()?;
    who.must_see_all()?;
    let id: BillId = id.parse().map_err(|_| Refusal::not_found())?;
    let Extension(room) = room.ok_or_else(nobody_takes)?;
    let url = match verbs::pay(&room, caller.lang, &who, id).await? {
        Paying::At(url) => Some(url),
        Paying::Unknown => None,
    };
    Ok(axum::Json(PayAt { url }))
}

/// The caller's open bills of the matter of one of them, which one act pays.
#[utoipa::path(get, path = "/payments/{id}/matter", tag = "payments", params(("id" = String, Path)),
    responses((status = 200, body = MatterBody), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn matter(
    State(house): State<House>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<axum::Json<MatterBody>> {
    let who = caller.applicant()?;
    who.must_see_all()?;
    let id: BillId = id.parse().map_err(|_| Refusal::not_found())?;
    let bills = verbs::own_matter(&house.ground.store, &who, id).await?;
    let owed_fen = bills.iter().map(|b| b.row.owed).sum();
    Ok(axum::Json(MatterBody { payments: bills.iter().map(|b| body(b, caller.lang)).collect(), owed_fen }))
}

/// Set out to pay everything that is open of a matter by one act at the gateway: all of its bills, or none.
#[utoipa::path(post, path = "/payments/{id}/matter/pay", tag = "payments", params(("id" = String, Path), Seen),
    responses((status = 200, body = PayAt), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
              (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn pay_matter(
    room: Option<Extension<Payments>>,
    caller: Caller,
    Path(id): Path<String>,
    seen: Result<Query<Seen>, QueryRejection>,
) -> Answer<axum::Json<PayAt>> {
    let who = caller.applicant()?;
    who.must_see_all()?;
    let id: BillId = id.parse().map_err(|_| Refusal::not_found())?;
    let Query(seen) = seen.map_err(|e| super::items::bad_query(&e.body_text()))?;
    let Extension(room) = room.ok_or_else(nobody_takes)?;
    let url = match verbs::pay_all(&room, caller.lang, &who, id, seen.owed_fen.map(Money::fen)).await? {
        Paying::At(url) => Some(url),
        Paying::Unknown => None,
    };
    Ok(axum::Json(PayAt { url }))
}

fn nobody_takes() -> Refusal {
    Refusal::new(
        RefusalKind::Unavailable,
        "payment.not-here",
        "这里暂时不能缴款。",
        "Nothing can be paid here at the moment.",
    )
    .next("请凭缴款识别码到窗口缴纳。", "Pay at a window by the payment number.")
}
