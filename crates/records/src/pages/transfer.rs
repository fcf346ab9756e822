//! `/desk/records/transfer`: the transfer list (移交清单) of an agency and a year, sent while it is written.

use super::file::sent;
use super::{Room, may_take, reaches};
use crate::leave;
use crate::model::Selection;
use axum::body::Body;
use axum::extract::{Query, State};
use bytes::Bytes;
use futures::{Stream, TryStreamExt as _};
use identity::Staff;
use kernel::{AgencyCode, Failure, Fault, Refusal, RefusalKind};
use page::{Answer, Ctx};
use procedure::archive::{PackageCursor, csv_head, transfer_list};
use std::collections::HashMap;
use store::Store;

const LINES: i64 = 200;

pub(super) async fn get(
    State(room): State<Room>,
    Query(query): Query<HashMap<String, String>>,
    ctx: Ctx,
    who: Staff,
) -> Answer {
    may_take(&who)?;
    let text = |name: &str| query.get(name).map_or("", |v| v.trim());
    let year: i64 = text("year").parse().ok().filter(|y| (1949..=9999).contains(y)).ok_or_else(no_year)?;
    let code = match text("agency") {
        "" => who.agency().clone(),
        code => AgencyCode::parse(code).ok_or_else(Refusal::not_found)?,
    };
    let store = &room.house.ground.store;
    let agency = identity::agency(store, &code).await?.ok_or_else(Refusal::not_found)?;
    if !reaches(&who, &agency) {
        return Err(Refusal::not_found().into());
    }
    let selection = Selection { agency: Some(code.clone()), ..Selection::default() };
    let columns = format!("year {year}");
    let written: Result<_, Failure> = ::store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        leave(&mut cx, "transfer", &selection, &[&columns])
    });
    written?;
    let name = format!("transfer-{code}-{year}.csv");
    let lines = lines(store.clone(), code, year).map_err(|fault| {
        tracing::error!(%fault, "a transfer list could not be written to its end");
        std::io::Error::other("the list could not be written to its end")
    });
    Ok(sent("text/csv; charset=utf-8", &name, Body::from_stream(lines)))
}

enum Place {
    Head,
    After(Option<PackageCursor>),
    End,
}

fn lines(store: Store, agency: AgencyCode, year: i64) -> impl Stream<Item = Result<Bytes, Fault>> + Send {
    futures::stream::try_unfold(Place::Head, move |place| {
        let (store, agency) = (store.clone(), agency.clone());
        async move {
            let after = match place {
                Place::Head => return Ok(Some((Bytes::from(csv_head()), Place::After(None)))),
                Place::After(after) => after,
                Place::End => return Ok(None),
            };
            let page = transfer_list(&store, &agency, year, after.as_ref(), LINES).await?;
            let text: String = page.iter().map(procedure::archive::TransferLine::csv).collect();
            let full = i64::try_from(page.len()).is_ok_and(|n| n == LINES);
            let next = page.last().filter(|_| full).map(|line| PackageCursor(line.id()));
            let place = next.map_or(Place::End, |next| Place::After(Some(next)));
            Ok(Some((Bytes::from(text), place)))
        }
    })
}

fn no_year() -> Refusal {
    let (zh, en) = ("请填写四位数的年度。", "Give the year in four digits.");
    Refusal::new(RefusalKind::Invalid, "records.no-year", zh, en).field("year", zh, en)
}
