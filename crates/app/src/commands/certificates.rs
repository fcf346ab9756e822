//! `yimen certificates import` takes an old register over from a CSV file, `yimen certificates issue` issues many from a list.

use crate::config::Config;
use crate::wiring;
use ::certificates::{Issuing, Register, Report};
use clap::{Args, Subcommand};
use identity::Agency;
use kernel::{AgencyCode, Failure, Fault, Lang, Outcome, Text};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use store::Ground;

/// What to do with certificates.
#[derive(Subcommand)]
pub enum CertificatesCommand {
    /// Take over the certificates of one kind from an old register; what cannot be taken is named with its line. A file that was cut off
    /// is read again: what is there already is left alone.
    Import(Import),
    /// Issue many certificates of one kind from a list; what cannot be issued is named with its line. A list that was cut off is read
    /// again: what was issued is left alone.
    Issue(Issue),
}

/// What is imported. The heading of the file names its columns: identifier, holder_number, holder_name, valid_from, issued_on; if wanted
/// valid_until, state (national code), reason, case; and `line:key:label` for each line of the certificate.
#[derive(Args)]
pub struct Import {
    /// The kind, as packs call it.
    #[arg(long)]
    kind: String,
    /// The name on top, Chinese.
    #[arg(long)]
    name: String,
    /// The name on top, English.
    #[arg(long)]
    name_en: String,
    /// The agency that issued them, by its code here: `nanjing.transport`.
    #[arg(long)]
    issuer: String,
    /// The template (typst) that lays them out.
    #[arg(long)]
    template: PathBuf,
    /// The keys of lines that anybody who verifies may see, with commas between them.
    #[arg(long, value_delimiter = ',')]
    public: Vec<String>,
    /// Only tell what would happen.
    #[arg(long)]
    dry_run: bool,
    /// The language of the report, `zh-CN` or `en`.
    #[arg(long, default_value = "zh-CN")]
    lang: String,
    /// The file (CSV, UTF-8).
    file: PathBuf,
}

/// What is issued. The heading of the file names its columns: reference (the number of the decision, once in its kind), holder_number,
/// valid_from; if wanted valid_until and holder_name, which is compared with the register; and `line:key:label` for each line.
#[derive(Args)]
pub struct Issue {
    /// The kind, as packs call it.
    #[arg(long)]
    kind: String,
    /// The type code (GB/T 36904): credit code of the defining body and a serial, 21 characters.
    #[arg(long)]
    type_code: String,
    /// The name on top, Chinese.
    #[arg(long)]
    name: String,
    /// The name on top, English.
    #[arg(long)]
    name_en: String,
    /// The agency that issues them, by its code here: `nanjing.transport`.
    #[arg(long)]
    issuer: String,
    /// The template (typst) that lays them out.
    #[arg(long)]
    template: PathBuf,
    /// The keys of lines that anybody who verifies may see, with commas between them.
    #[arg(long, value_delimiter = ',')]
    public: Vec<String>,
    /// Only tell what would happen.
    #[arg(long)]
    dry_run: bool,
    /// The language of the report, `zh-CN` or `en`.
    #[arg(long, default_value = "zh-CN")]
    lang: String,
    /// The file (CSV, UTF-8).
    file: PathBuf,
}

/// Runs it; answers whether every row was taken or known.
///
/// # Errors
/// A [`Fault`] that says what is wrong.
pub async fn run(config: &Config, what: CertificatesCommand) -> Result<bool, Fault> {
    match what {
        CertificatesCommand::Import(order) => import(config, order).await,
        CertificatesCommand::Issue(order) => issue(config, order).await,
    }
}

async fn import(config: &Config, order: Import) -> Result<bool, Fault> {
    let lang = super::lang(&order.lang)?;
    let ground = wiring::ground(config).await?;
    let agency = agency(&ground, &order.issuer).await?;
    let (template, file) = files(&order.template, &order.file)?;
    let register = Register {
        kind: order.kind,
        name: Text::new(order.name, order.name_en),
        issuer: agency.code,
        issuer_name: agency.name,
        template,
        public: order.public,
    };
    tell(::certificates::import(&ground, &register, file, order.dry_run).await, lang)
}

async fn issue(config: &Config, order: Issue) -> Result<bool, Fault> {
    let lang = super::lang(&order.lang)?;
    let ground = wiring::ground(config).await?;
    let agency = agency(&ground, &order.issuer).await?;
    let (template, file) = files(&order.template, &order.file)?;
    let issuing = Issuing {
        kind: order.kind,
        type_code: order.type_code,
        name: Text::new(order.name, order.name_en),
        issuer: agency.code,
        issuer_name: agency.name,
        issuer_code: agency.credit_code,
        template,
        public: order.public,
    };
    tell(::certificates::issue_list(&ground, &issuing, file, order.dry_run).await, lang)
}

async fn agency(ground: &Ground, code: &str) -> Result<Agency, Fault> {
    let code = AgencyCode::parse(code).ok_or_else(|| Fault::new("the issuer is no code of an agency"))?;
    let found = identity::agency(&ground.store, &code).await?;
    found.ok_or_else(|| Fault::new(format!("there is no agency {code}")))
}

fn files(template: &Path, file: &Path) -> Result<(String, BufReader<File>), Fault> {
    let text = std::fs::read_to_string(template)
        .map_err(|e| Fault::from(format!("reading {}", template.display()), e))?;
    let file = File::open(file).map_err(|e| Fault::from(format!("reading {}", file.display()), e))?;
    Ok((text, BufReader::new(file)))
}

/// Prints the report; answers whether every row was taken or known.
fn tell(report: Outcome<Report>, lang: Lang) -> Result<bool, Fault> {
    let report = report.map_err(|failure| match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(refusal) => Fault::new(refusal.sentence(lang)),
    })?;
    print!("{}", report.text(lang));
    Ok(report.refused == 0)
}
