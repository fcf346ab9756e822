//! Measures the platform beside its floor: what the bare database does with the very same writes, in the same run.

mod catalogue;
#[cfg(feature = "paper")]
mod certificates;
mod door;
mod file_case;
mod floor;
mod halls;
mod life;
mod lifecycle;
mod million;
mod place;
mod record;
mod server;
mod space;
mod stats;
mod table;

use clap::{Parser, Subcommand};
use door::Trouble;
use std::path::PathBuf;
use std::process::ExitCode;

/// The allocator that the program itself has.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[derive(Parser)]
#[command(name = "bench", about = "Figures, each beside its floor")]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Args)]
struct Databases {
    /// `sqlite`, `postgres` or both.
    #[arg(long, value_delimiter = ',', default_values_t = ["sqlite".to_owned(), "postgres".to_owned()])]
    databases: Vec<String>,
}

#[derive(clap::Args)]
struct City {
    /// The folder of the synthetic city.
    #[arg(long, default_value = "crates/bench/city")]
    city: PathBuf,
}

#[derive(Subcommand)]
enum What {
    /// Cases filed per second over HTTP at 1, 8 and 32 at once, on both databases, beside the floor.
    FileCase {
        /// Seconds for each figure.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
        #[command(flatten)]
        on: Databases,
        /// The folder of item packs.
        #[arg(long, default_value = "packs")]
        packs: PathBuf,
    },
    /// Whole lives per second (filed, accepted, six steps side by side, decided, certificate), beside the floor.
    Lifecycle {
        /// Seconds for each figure.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
        #[command(flatten)]
        on: Databases,
        #[command(flatten)]
        city: City,
    },
    /// Inbox, case page and progress at ten thousand and at a million cases: times and query plans.
    Million {
        /// How many cases in the end.
        #[arg(long, default_value_t = 1_000_000)]
        cases: usize,
        #[command(flatten)]
        on: Databases,
        #[command(flatten)]
        city: City,
    },
    /// My space, who looked, and certificates at eight thousand persons and at a city's: loading, times and query plans.
    Space {
        #[command(flatten)]
        size: space::Size,
        #[command(flatten)]
        on: Databases,
        #[command(flatten)]
        city: City,
    },
    /// Halls: tickets and calls of four hundred windows, calling screens that are watched, and the nearest of 21,404 halls.
    Hall {
        #[command(flatten)]
        size: halls::Size,
        #[command(flatten)]
        on: Databases,
    },
    /// The planner and the linter over a thousand synthetic items.
    Catalogue(catalogue::Size),
    /// Certificates laid out and signed per second of a core, beside the bare layout and the bare signature.
    #[cfg(feature = "paper")]
    Certificates(certificates::Size),
    /// The server under measurement, started as its own process.
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
            let mut source = trouble.source();
            while let Some(why) = source {
                eprintln!("  because: {why}");
                source = why.source();
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(what: What) -> Result<(), Trouble> {
    match what {
        What::FileCase { seconds, on, packs } => file_case::run(seconds, &on.databases, &packs).await,
        What::Lifecycle { seconds, on, city } => lifecycle::run(seconds, &on.databases, &city.city).await,
        What::Million { cases, on, city } => million::run(cases, &on.databases, &city.city).await,
        What::Space { size, on, city } => space::run(&size, &on.databases, &city.city).await,
        What::Hall { size, on } => halls::run(&size, &on.databases).await,
        What::Catalogue(size) => catalogue::run(&size),
        #[cfg(feature = "paper")]
        What::Certificates(size) => certificates::run(&size).await,
        What::ServeChild(over) => server::serve(&over).await,
    }
}
