//! `yimen pack check|lint|test|schema`: what a pack author works with.

use catalog::pack;
use clap::Subcommand;
use kernel::Fault;
use std::path::{Path, PathBuf};

/// What to do with packs.
#[derive(Subcommand)]
pub enum PackCommand {
    /// Check a folder of packs; every complaint names file, line and column.
    Check {
        /// The folder.
        dir: PathBuf,
    },
    /// Look at all packs of a folder together: circular and odd proofs, terms beyond the law, what is never reached.
    Lint {
        /// The folder.
        dir: PathBuf,
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// The language of the findings: `zh-CN` or `en`.
        #[arg(long, default_value = "zh-CN")]
        lang: String,
    },
    /// Run the packs' own example cases through the real rules.
    Test {
        /// The folder.
        dir: PathBuf,
    },
    /// Print the JSON Schema of `item.yaml`, for editors.
    Schema,
}

/// Runs it; answers whether all is well.
///
/// # Errors
/// A [`Fault`] when the schema cannot be printed, or the language is none of ours.
pub fn run(what: &PackCommand) -> Result<bool, Fault> {
    match what {
        PackCommand::Check { dir } => Ok(check(dir).is_some()),
        PackCommand::Lint { dir, json, lang } => super::lint::run(dir, super::lang(lang)?, *json),
        PackCommand::Test { dir } => Ok(check(dir).is_some_and(|pack| test(&pack))),
        PackCommand::Schema => {
            let text = serde_json::to_string_pretty(&pack::schema())
                .map_err(|e| Fault::from("printing the schema", e))?;
            println!("{text}");
            Ok(true)
        }
    }
}

fn check(dir: &Path) -> Option<pack::Pack> {
    match pack::load(dir) {
        Ok(pack) => {
            println!("{}: {} items, no complaints", dir.display(), pack.items.len());
            Some(pack)
        }
        Err(complaints) => {
            for complaint in &complaints {
                println!("{complaint}");
            }
            println!("{}: {} complaints", dir.display(), complaints.len());
            None
        }
    }
}

fn test(pack: &pack::Pack) -> bool {
    let reports = cases::examples::run(pack);
    let failed = reports.iter().filter(|r| !r.differences.is_empty()).count();
    for report in &reports {
        let mark = if report.differences.is_empty() { "ok  " } else { "FAIL" };
        println!("{mark} {}: {}", report.item, report.name);
        for difference in &report.differences {
            println!("       {difference}");
        }
    }
    println!("{} passed, {failed} failed", reports.len() - failed);
    failed == 0
}
