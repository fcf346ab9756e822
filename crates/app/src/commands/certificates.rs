//! `yimen certificates import`: an old register of certificates is taken over from a CSV file.

use crate::config::Config;
use crate::wiring;
use ::certificates::Register;
use clap::{Args, Subcommand};
use kernel::{AgencyCode, Failure, Fault, Text};
use std::io::BufReader;
use std::path::PathBuf;

/// What to do with certificates.
#[derive(Subcommand)]
pub enum CertificatesCommand {
    /// Take over the certificates of one kind from an old register; what cannot be taken is named with its line. A file that was cut off
    /// is read again: what is there already is left alone.
    Import(Import),
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

/// Runs it; answers whether every row was taken or known.
///
/// # Errors
/// A [`Fault`] that says what is wrong.
pub async fn run(config: &Config, what: CertificatesCommand) -> Result<bool, Fault> {
    let CertificatesCommand::Import(order) = what;
    let lang = super::lang(&order.lang)?;
    let ground = wiring::ground(config).await?;
    let code =
        AgencyCode::parse(&order.issuer).ok_or_else(|| Fault::new("the issuer is no code of an agency"))?;
    let agency = identity::agency(&ground.store, &code).await?;
    let agency = agency.ok_or_else(|| Fault::new(format!("there is no agency {code}")))?;
    let template = std::fs::read_to_string(&order.template)
        .map_err(|e| Fault::from(format!("reading {}", order.template.display()), e))?;
    let file = std::fs::File::open(&order.file)
        .map_err(|e| Fault::from(format!("reading {}", order.file.display()), e))?;
    let register = Register {
        kind: order.kind,
        name: Text::new(order.name, order.name_en),
        issuer: code,
        issuer_name: agency.name,
        template,
        public: order.public,
    };
    let report = ::certificates::import(&ground, &register, BufReader::new(file), order.dry_run).await;
    let report = report.map_err(|failure| match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(refusal) => Fault::new(refusal.sentence(lang)),
    })?;
    print!("{}", report.text(lang));
    Ok(report.refused == 0)
}
