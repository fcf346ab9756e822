//! What the command line calls: files of any size out and in. Whoever runs the program reaches every case.

use crate::csv::Csv;
use crate::feed::Holdings;
use crate::import::{self, Order};
use crate::leaving::leave;
use crate::mapping::Mapping;
use crate::model::Selection;
use crate::report::Report;
use crate::stream::{self, Meter, Shape};
use crate::xes::Xes;
use ::store::Ground;
use futures::StreamExt as _;
use kernel::{ActorKind, ActorRef, Failure, Fault, Lang, Outcome, Refusal, RefusalKind};
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

/// Whoever runs the program at its command line.
fn operator() -> ActorRef {
    ActorRef { kind: ActorKind::Operator, ..ActorRef::system() }
}

/// Writes the selected cases as XES to `out`; gives how many there were.
///
/// # Errors
/// A fault of the store or of writing.
pub async fn export_xes(
    ground: &Ground,
    holdings: &dyn Holdings,
    selection: Selection,
    out: impl AsyncWrite + Unpin + Send,
) -> Outcome<Arc<Meter>> {
    send(ground, holdings, ("xes", &[]), selection, Arc::new(Xes), out).await
}

/// Writes the selected cases as CSV to `out`; gives how many there were.
///
/// # Errors
/// A fault of the store or of writing.
pub async fn export_csv(
    ground: &Ground,
    holdings: &dyn Holdings,
    selection: Selection,
    csv: Csv,
    out: impl AsyncWrite + Unpin + Send,
) -> Outcome<Arc<Meter>> {
    let columns: Vec<&str> = csv.columns.iter().map(|c| c.word()).collect();
    send(ground, holdings, ("csv", &columns), selection, Arc::new(csv), out).await
}

async fn send(
    ground: &Ground,
    holdings: &dyn Holdings,
    (form, columns): (&str, &[&str]),
    selection: Selection,
    shape: Arc<dyn Shape>,
    mut out: impl AsyncWrite + Unpin + Send,
) -> Outcome<Arc<Meter>> {
    let written: Result<_, Failure> = ::store::command!(ground, Lang::default(), operator(), |cx| leave(
        &mut cx, form, &selection, columns
    ));
    written?;
    let meter = Arc::new(Meter::default());
    let mut bytes = std::pin::pin!(stream::export(holdings.all(selection), shape, meter.clone()));
    while let Some(chunk) = bytes.next().await {
        out.write_all(&chunk?).await.map_err(|e| Fault::from("writing the file", e))?;
    }
    out.flush().await.map_err(|e| Fault::from("writing the file", e))?;
    Ok(meter)
}

/// Imports the file at `file` as the mapping at `mapping` says, or with `dry` only tries.
///
/// # Errors
/// A refusal when one of the files cannot be opened or the mapping is wrong; what is wrong with the cases stands in the report.
pub async fn import(
    ground: &Ground,
    holdings: &dyn Holdings,
    mapping: &Path,
    file: &Path,
    dry: bool,
    lang: Lang,
) -> Outcome<Report> {
    let text = tokio::fs::read_to_string(mapping).await.map_err(|e| cannot_open(mapping, &e))?;
    let mapping = Mapping::read(text.trim_start_matches('\u{FEFF}'))?;
    let opened = tokio::fs::File::open(file).await.map_err(|e| cannot_open(file, &e))?;
    let order = Order { mapping, file: file.display().to_string(), dry, actor: operator(), lang };
    import::import(ground, holdings.intake().as_ref(), &order, opened.into_std().await).await
}

fn cannot_open(path: &Path, error: &std::io::Error) -> Refusal {
    let path = path.display();
    Refusal::new(
        RefusalKind::Invalid,
        "records.cannot-open",
        format!("文件{path}打不开：{error}。"),
        format!("The file {path} cannot be opened: {error}."),
    )
    .next("请检查路径和权限。", "Check the path and who may read it.")
}
