//! `yimen records export|import`: cases leave and enter as files of any size.

use crate::config::Config;
use crate::wiring;
use clap::{Args, Subcommand, ValueEnum};
use kernel::{Failure, Fault, Lang};
use records::{CaseHoldings, Column, Csv, Selection, cli};
use std::path::{Path, PathBuf};

/// What to do with records.
#[derive(Subcommand)]
pub enum RecordsCommand {
    /// Write cases as XES (an event log that pm4py and ProM read) or CSV; what it holds of persons is a masked name.
    Export(Export),
    /// Take over cases of another system, as a mapping file says; what cannot be taken is named with file and line.
    Import(Import),
}

/// What is exported, and how.
#[derive(Args)]
pub struct Export {
    /// The kind of file.
    #[arg(long, value_enum)]
    format: Format,
    /// The file to write; it must not be there yet.
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    selection: Wanted,
    /// CSV: the columns, with commas between them; all when absent.
    #[arg(long, value_delimiter = ',')]
    columns: Vec<String>,
    /// CSV: with the mark by which Excel knows UTF-8.
    #[arg(long)]
    excel: bool,
    /// CSV: the language of the headings, `zh-CN` or `en`.
    #[arg(long, default_value = "zh-CN")]
    lang: String,
}

/// A kind of file.
#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// XES 1.0 (IEEE 1849).
    Xes,
    /// CSV (RFC 4180).
    Csv,
}

/// Which cases; what is not said selects nothing out.
#[derive(Args)]
struct Wanted {
    /// Of this item.
    #[arg(long)]
    item: Option<String>,
    /// Of this agency, its parts included.
    #[arg(long)]
    agency: Option<String>,
    /// In this state.
    #[arg(long)]
    state: Option<String>,
    /// Filed on this day or later.
    #[arg(long)]
    filed_from: Option<String>,
    /// Filed on this day or earlier.
    #[arg(long)]
    filed_to: Option<String>,
    /// Closed on this day or later.
    #[arg(long)]
    closed_from: Option<String>,
    /// Closed on this day or earlier.
    #[arg(long)]
    closed_to: Option<String>,
}

impl Wanted {
    fn get(&self, name: &str) -> &str {
        let field = match name {
            "item" => &self.item,
            "agency" => &self.agency,
            "state" => &self.state,
            "filed_from" => &self.filed_from,
            "filed_to" => &self.filed_to,
            "closed_from" => &self.closed_from,
            "closed_to" => &self.closed_to,
            _ => &None,
        };
        field.as_deref().unwrap_or("")
    }
}

/// What is imported.
#[derive(Args)]
pub struct Import {
    /// The mapping file (YAML).
    #[arg(long)]
    mapping: PathBuf,
    /// Only tell what would happen.
    #[arg(long)]
    dry_run: bool,
    /// The language of the report, `zh-CN` or `en`.
    #[arg(long, default_value = "zh-CN")]
    lang: String,
    /// The file: CSV or XES.
    file: PathBuf,
}

/// Runs it; answers whether all is well.
///
/// # Errors
/// A [`Fault`] that says what is wrong.
pub async fn run(config: &Config, what: RecordsCommand) -> Result<bool, Fault> {
    let wired = wiring::wire(config).await?;
    let holdings = CaseHoldings::new(wired.house.clone());
    let ground = &wired.house.ground;
    match what {
        RecordsCommand::Export(order) => export(ground, &holdings, &order).await.map(|()| true),
        RecordsCommand::Import(order) => {
            let lang = lang(&order.lang)?;
            let report = cli::import(ground, &holdings, &order.mapping, &order.file, order.dry_run, lang);
            let report = report.await.map_err(|failure| told(failure, lang))?;
            println!("{}", report.text(lang));
            Ok(report.fine())
        }
    }
}

async fn export(ground: &store::Ground, holdings: &CaseHoldings, order: &Export) -> Result<(), Fault> {
    let lang = lang(&order.lang)?;
    let refused = |refusal: kernel::Refusal| Fault::new(refusal.sentence(lang));
    let selection = Selection::read(|name| order.selection.get(name)).map_err(refused)?;
    let columns: Result<Vec<_>, _> = order.columns.iter().map(|word| Column::read(word.trim())).collect();
    let mut columns = columns.map_err(refused)?;
    if columns.is_empty() {
        columns = Column::ALL.to_vec();
    }
    let out = create(&order.out).await?;
    let written = match order.format {
        Format::Xes => cli::export_xes(ground, holdings, selection, out).await,
        Format::Csv => {
            let csv = Csv { columns, excel: order.excel, lang };
            cli::export_csv(ground, holdings, selection, csv, out).await
        }
    };
    let meter = written.map_err(|failure| told(failure, lang))?;
    println!("{}: {} cases, {} acts", order.out.display(), meter.cases(), meter.acts());
    Ok(())
}

/// A new file: what lies there already may be somebody's only copy.
async fn create(path: &Path) -> Result<tokio::fs::File, Fault> {
    let made = tokio::fs::OpenOptions::new().write(true).create_new(true).open(path).await;
    made.map_err(|e| Fault::from(format!("making the file {}", path.display()), e))
}

fn lang(text: &str) -> Result<Lang, Fault> {
    Lang::from_tag(text).ok_or_else(|| Fault::new(format!("{text:?}: zh-CN or en")))
}

fn told(failure: Failure, lang: Lang) -> Fault {
    match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(refusal) => Fault::new(refusal.sentence(lang)),
    }
}
