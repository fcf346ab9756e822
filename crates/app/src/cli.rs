//! The command line.

use crate::commands;
use crate::config::{Config, LogFormat, Overrides};
use clap::{Parser, Subcommand};
use kernel::Fault;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "yimen", version, about = "一门: government services, one door, one network")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site and the API.
    Serve(Overrides),
    /// Look for what is wrong with an installation, or what could become so.
    Doctor {
        #[command(flatten)]
        over: Overrides,
        /// Also compare every case's rows with its events.
        #[arg(long)]
        replay: bool,
    },
    /// Write a consistent copy of database, files and keys into an empty folder, while the server runs.
    Backup {
        #[command(flatten)]
        over: Overrides,
        /// The folder to make.
        to: PathBuf,
    },
    /// Bring a backup back into an empty data folder or database.
    Restore {
        #[command(flatten)]
        over: Overrides,
        /// The folder that `backup` made.
        from: PathBuf,
        /// The key file that `backup` put beside it, when it lies elsewhere now.
        #[arg(long)]
        keys: Option<PathBuf>,
    },
    /// Check an exported trace or an electronic certificate, without a server.
    Verify {
        /// The trace (`.jsonl`) or certificate (`.pdf`).
        file: PathBuf,
        /// The certificate authority to trust for PDFs (PEM), or the key of signed roots.
        #[arg(long)]
        trust: Option<PathBuf>,
        /// Also look a certificate's status up: in a status list that was saved before, at another address, or, without a word, at
        /// the address that the certificate names. The whole list is fetched, so nobody learns which certificate is checked.
        #[arg(long, num_args = 0..=1, value_name = "FILE|URL")]
        status: Option<Option<String>>,
        /// The authority of time stamps to believe (PEM).
        #[arg(long)]
        tsa: Option<PathBuf>,
    },
    /// Check, test or describe item packs.
    Pack {
        #[command(subcommand)]
        what: commands::pack::PackCommand,
    },
    /// Take cases out as files, or take them over from another system.
    Records {
        #[command(flatten)]
        over: Overrides,
        #[command(subcommand)]
        what: commands::records::RecordsCommand,
    },
    /// Take certificates over from an old register, or issue many from a list.
    Certificates {
        #[command(flatten)]
        over: Overrides,
        #[command(subcommand)]
        what: commands::certificates::CertificatesCommand,
    },
    /// Take a network of halls over from a table, or print a made-up one at the scale of a province.
    Hall {
        #[command(flatten)]
        over: Overrides,
        #[command(subcommand)]
        what: commands::hall::HallCommand,
    },
    /// Compare a statement of the payment gateway with our books: `yimen payment reconcile FILE`.
    Payment {
        #[command(flatten)]
        over: Overrides,
        #[command(subcommand)]
        what: commands::payment::PaymentCommand,
    },
    /// A stand-in for a payment gateway, for demonstrations and tests; no money moves.
    GatewayStandIn(commands::payment::StandInArgs),
    /// A stand-in for a courier, for demonstrations and tests; nothing is carried.
    CourierStandIn(commands::courier::StandInArgs),
    /// Tell the platform of identity cards on a reader: `makers-program | yimen reader --pair CODE`.
    Reader(commands::reader::ReaderArgs),
    /// A stand-in for a reader of identity cards, for demonstrations and tests.
    ReaderStandIn(commands::reader::StandInArgs),
    /// What a joint matter or a set of items takes, and what fell away: `yimen plan stock-house --sharing today`.
    Plan(commands::plan::PlanArgs),
    /// What other windows, or steps side by side, would bring: `yimen whatif packs/demo/whatif/hall-27.yaml`.
    Whatif(commands::whatif::WhatifArgs),
    /// When does a term end, and why: `yimen due 2026-02-09 5wd`.
    Due {
        /// The first day, which is not counted.
        from: String,
        /// `5wd` working days, `4wh` office hours, `30d` calendar days.
        term: String,
        /// The language of the reckoning: `zh-CN` or `en`.
        #[arg(long, default_value = "zh-CN")]
        lang: String,
    },
}

/// Runs the command line; every error is one clear line on standard error and exit code 1.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(code) => code,
        Err(fault) => {
            eprintln!("yimen: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Fault> {
    match command {
        Command::Serve(over) => {
            let config = Config::load(&over)?;
            start_log(config.log);
            runtime()?.block_on(crate::serve::run(config))?;
        }
        Command::Doctor { over, replay } => {
            start_log(LogFormat::Text);
            let config = Config::load(&over)?;
            return runtime()?.block_on(commands::doctor::run(&config, replay)).map(exit_code);
        }
        Command::Backup { over, to } => {
            start_log(LogFormat::Text);
            runtime()?.block_on(commands::backup::backup(&Config::load(&over)?, &to))?;
        }
        Command::Restore { over, from, keys } => {
            start_log(LogFormat::Text);
            runtime()?.block_on(commands::backup::restore(&Config::load(&over)?, &from, keys.as_deref()))?;
        }
        Command::Verify { file, trust, status, tsa } => {
            let order = commands::verify::Order { file, trust, status, tsa };
            return runtime()?.block_on(commands::verify::run(&order)).map(exit_code);
        }
        Command::Records { over, what } => {
            start_log(LogFormat::Text);
            let config = Config::load(&over)?;
            return runtime()?.block_on(commands::records::run(&config, what)).map(exit_code);
        }
        Command::Certificates { over, what } => {
            start_log(LogFormat::Text);
            let config = Config::load(&over)?;
            return runtime()?.block_on(commands::certificates::run(&config, what)).map(exit_code);
        }
        Command::Hall { over, what } => {
            start_log(LogFormat::Text);
            return runtime()?.block_on(commands::hall::run(&over, what)).map(exit_code);
        }
        Command::Payment { over, what } => {
            start_log(LogFormat::Text);
            let config = Config::load(&over)?;
            return runtime()?.block_on(commands::payment::run(&config, what)).map(exit_code);
        }
        Command::GatewayStandIn(args) => beside(commands::payment::stand_in(args))?,
        Command::CourierStandIn(args) => beside(commands::courier::stand_in(args))?,
        Command::Reader(args) => beside(commands::reader::run(args))?,
        Command::ReaderStandIn(args) => beside(commands::reader::stand_in(args))?,
        Command::Pack { what } => return commands::pack::run(&what).map(exit_code),
        Command::Plan(args) => commands::plan::run(&args)?,
        Command::Whatif(args) => commands::whatif::run(&args)?,
        Command::Due { from, term, lang } => {
            commands::due::run(&from, &term, commands::lang(&lang)?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn exit_code(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A thread's stack. A verb of a case is a tree of futures in one piece, and a build without optimisation keeps every branch of it apart: two
/// megabytes, the usual, are not far enough away. Only what is used is taken.
const STACK_BYTES: usize = 8 * 1024 * 1024;

fn runtime() -> Result<tokio::runtime::Runtime, Fault> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()
        .map_err(|e| Fault::from("starting the threads", e))
}

/// A program beside the platform, until it ends.
fn beside(program: impl Future<Output = Result<(), Fault>>) -> Result<(), Fault> {
    start_log(LogFormat::Text);
    runtime()?.block_on(program)
}

fn start_log(format: LogFormat) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("YIMEN_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().init(),
    }
}
