//! `yimen hall import` takes a table of halls over; `yimen hall generate` prints a made-up network.

use crate::config::{Config, Overrides};
use crate::wiring;
use clap::Subcommand;
use kernel::{Failure, Fault};
use std::path::PathBuf;

/// What to do with halls.
#[derive(Subcommand)]
pub enum HallCommand {
    /// Take halls over from a CSV file (UTF-8; `generate` shows its columns). One line that is wrong stops all, and each is named.
    Import {
        /// Only tell what would happen.
        #[arg(long)]
        dry_run: bool,
        /// The language of the report, `zh-CN` or `en`.
        #[arg(long, default_value = "zh-CN")]
        lang: String,
        /// The file.
        file: PathBuf,
    },
    /// Print a made-up network of 21,404 halls and stations in four levels.
    Generate,
}

/// Runs it; answers whether every line was taken.
///
/// # Errors
/// A [`Fault`] that says what cannot be read or written.
pub async fn run(over: &Overrides, what: HallCommand) -> Result<bool, Fault> {
    let HallCommand::Import { dry_run, lang, file } = what else {
        print!("{}", ::hall::generated());
        return Ok(true);
    };
    let lang = super::lang(&lang)?;
    let text =
        std::fs::read_to_string(&file).map_err(|e| Fault::from(format!("reading {}", file.display()), e))?;
    let ground = wiring::ground(&Config::load(over)?).await?;
    let report = ::hall::import(&ground, &text, dry_run).await.map_err(|failure| match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(refusal) => Fault::new(refusal.sentence(lang)),
    })?;
    print!("{}", report.text(lang));
    Ok(report.bad.is_empty())
}
