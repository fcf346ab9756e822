//! `/desk/records/file`: the chosen cases as a file, sent while it is written; nothing is buffered whole.

use super::{Room, choose, may_take};
use crate::csv::{Column, Csv};
use crate::model::Selection;
use crate::stream::{Meter, Shape, export};
use crate::{leave, xes::Xes};
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::TryStreamExt as _;
use identity::Staff;
use kernel::{Failure, Lang, Refusal, RefusalKind, Timestamp, clock};
use page::{Answer, Ctx};
use std::sync::Arc;

pub(super) async fn get(
    State(room): State<Room>,
    Query(query): Query<Vec<(String, String)>>,
    ctx: Ctx,
    who: Staff,
) -> Answer {
    may_take(&who)?;
    let (selection, form) = match asked(&query, ctx.lang) {
        Ok(asked) => asked,
        Err(refusal) => return choose::again(&room, &ctx, &who, &query, &refusal).await,
    };
    let columns: Vec<&str> = match &form {
        Form::Xes => Vec::new(),
        Form::Csv(csv) => csv.columns.iter().map(|c| c.word()).collect(),
    };
    let written: Result<_, Failure> = ::store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        leave(&mut cx, form.word(), &selection, &columns)
    });
    written?;
    let feed = room.holdings.within(&who, selection);
    let name = file_name(form.word(), ctx.now);
    let (kind, shape): (_, Arc<dyn Shape>) = match form {
        Form::Xes => ("application/xml; charset=utf-8", Arc::new(Xes)),
        Form::Csv(csv) => ("text/csv; charset=utf-8", Arc::new(csv)),
    };
    let request = ctx.request_id.clone();
    let bytes = export(feed, shape, Arc::new(Meter::default())).map_err(move |failure| {
        // The head is sent already: the connection is cut, so that the browser says that the file is not whole.
        tracing::error!(request, %failure, "a file could not be written to its end");
        std::io::Error::other("the file could not be written to its end")
    });
    Ok(sent(kind, &name, Body::from_stream(bytes)))
}

enum Form {
    Xes,
    Csv(Csv),
}

impl Form {
    fn word(&self) -> &'static str {
        match self {
            Self::Xes => "xes",
            Self::Csv(_) => "csv",
        }
    }
}

fn asked(query: &[(String, String)], lang: Lang) -> Result<(Selection, Form), Refusal> {
    let get = |name: &str| query.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let selection = Selection::read(get)?;
    let form = match get("format") {
        "xes" => Form::Xes,
        "csv" => {
            let chosen = query.iter().filter(|(n, _)| n == "columns").map(|(_, word)| Column::read(word));
            let columns: Vec<Column> = chosen.collect::<Result<_, _>>()?;
            if columns.is_empty() {
                return Err(no_column());
            }
            Form::Csv(Csv { columns, excel: get("excel") == "yes", lang })
        }
        _ => return Err(no_format()),
    };
    Ok((selection, form))
}

fn no_format() -> Refusal {
    let (zh, en) = ("请选择文件格式。", "Choose the form of the file.");
    Refusal::new(RefusalKind::Invalid, "records.no-format", zh, en).field("format", zh, en)
}

fn no_column() -> Refusal {
    let (zh, en) = ("请至少选择一列。", "Choose at least one column.");
    Refusal::new(RefusalKind::Invalid, "records.no-columns", zh, en).field("columns", zh, en)
}

fn file_name(form: &str, now: Timestamp) -> String {
    let at = now.to_zoned(clock::legal_zone());
    format!("cases-{}.{form}", at.strftime("%Y%m%d-%H%M%S"))
}

/// A file to be kept, sent while its body is written; no cache keeps it.
pub fn sent(kind: &'static str, name: &str, body: Body) -> Response {
    let attached = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let heads = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, attached),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (heads, body).into_response()
}
