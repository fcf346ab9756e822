//! Measures the platform beside its floor: what the bare database does with the very same writes, in the same run.

mod file_case;
mod floor;
mod load;
mod stats;

use clap::{Parser, Subcommand};
use load::Trouble;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "bench", about = "Figures, each beside its floor")]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Cases filed per second over HTTP at 1, 8 and 32 at once, on both databases, beside the floor.
    FileCase {
        /// Seconds for each figure.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
        /// `sqlite`, `postgres` or both.
        #[arg(long, value_delimiter = ',', default_values_t = ["sqlite".to_owned(), "postgres".to_owned()])]
        databases: Vec<String>,
        /// The folder of item packs.
        #[arg(long, default_value = "packs")]
        packs: PathBuf,
    },
    /// The server under measurement; `file-case` starts it as its own process.
    #[command(hide = true)]
    ServeChild(app::config::Overrides),
}

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("bench: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(Cli::parse().what)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("bench: {trouble}");
            ExitCode::FAILURE
        }
    }
}

async fn run(what: What) -> Result<(), Trouble> {
    match what {
        What::FileCase { seconds, databases, packs } => file_case::run(seconds, &databases, &packs).await,
        What::ServeChild(over) => {
            let config = app::config::Config::load(&over)?;
            Ok(app::serve::run(config).await?)
        }
    }
}
