//! `yimen payment reconcile FILE` compares a statement with our books; `yimen gateway-stand-in` is a payment gateway for
//! demonstrations and tests.

use crate::config::Config;
use crate::partner::ByHttp;
use crate::payments::key_of;
use crate::post::Web;
use crate::wiring;
use clap::{Args, Subcommand};
use kernel::{Clock, Failure, Fault, Lang, Rng, SystemClock, SystemRng};
use payment::stand_in::{Mood, StandIn, router};
use payment::statement::Statement;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// What to do about payments.
#[derive(Subcommand)]
pub enum PaymentCommand {
    /// Compare a statement of the gateway with our books and say what to do about each difference; ends with 1 when there is one.
    Reconcile {
        /// The language of the report, `zh-CN` or `en`.
        #[arg(long, default_value = "zh-CN")]
        lang: String,
        /// The statement (CSV as `payment::statement` declares it).
        file: PathBuf,
    },
}

/// Runs the command; answers whether everything agrees.
///
/// # Errors
/// A [`Fault`] when the file cannot be read or is not whole.
pub async fn run(config: &Config, what: PaymentCommand) -> Result<bool, Fault> {
    let PaymentCommand::Reconcile { lang, file } = what;
    let lang = super::lang(&lang)?;
    let text = std::fs::read_to_string(&file)
        .map_err(|e| Fault::from(format!("reading the statement {}", file.display()), e))?;
    let said = |failure: Failure| match failure {
        Failure::Fault(fault) => fault,
        Failure::Refused(no) => Fault::new(no.sentence(lang)),
    };
    let statement = Statement::read(&text).map_err(|no| said(no.into()))?;
    let wired = wiring::wire(config).await?;
    let done = payment::verbs::reconcile(&wired.payments.room, &statement).await.map_err(said)?;
    let mut kinds: BTreeMap<_, usize> = BTreeMap::new();
    for d in &done.differences {
        *kinds.entry(d.kind).or_default() += 1;
        let money = |m: Option<kernel::Money>| m.map_or_else(|| "—".to_owned(), |m| m.to_string());
        println!(
            "{} {} {} {} {} / {}",
            d.kind,
            d.trade,
            d.refund,
            d.gateway_no,
            money(d.ours),
            money(d.theirs)
        );
    }
    for (kind, count) in kinds {
        println!("{kind}: {count}. {}", kind.what_to_do().get(lang));
    }
    let (lines, agree, all) = (done.lines, done.agree, done.differences.len());
    match lang {
        Lang::ZhCn => println!("{}：共{lines}行，相符{agree}行，差异{all}处。", statement.day),
        Lang::En => println!("{}: {lines} lines, {agree} agree, {all} differences.", statement.day),
    }
    Ok(all == 0)
}

/// How the stand-in is run.
#[derive(Args)]
pub struct StandInArgs {
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:8091")]
    listen: SocketAddr,
    /// Where payers reach it; the address it listens on when absent.
    #[arg(long)]
    url: Option<String>,
    /// Where the platform is, to call back.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    platform: String,
    /// The name of the key that signs both ways.
    #[arg(long, default_value = "stand-in")]
    key_id: String,
    /// A file with its secret, 32 bytes or more.
    #[arg(long)]
    secret_file: PathBuf,
    /// The seed of its chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How long a call-back takes at most, in milliseconds.
    #[arg(long, default_value_t = 500)]
    delay_ms: u64,
    /// How many call-backs in a hundred are lost.
    #[arg(long, default_value_t = 0)]
    lose: u8,
    /// How many in a hundred come twice.
    #[arg(long, default_value_t = 0)]
    double: u8,
    /// How many refunds in a hundred fail at the first try.
    #[arg(long, default_value_t = 0)]
    refuse: u8,
    /// The file in which it keeps its book.
    #[arg(long)]
    book: Option<PathBuf>,
}

/// Runs the stand-in until it is stopped.
///
/// # Errors
/// A [`Fault`] when it cannot listen, or the secret or the book cannot be read.
pub async fn stand_in(args: StandInArgs) -> Result<(), Fault> {
    let (clock, rng): (Arc<dyn Clock>, Arc<dyn Rng>) = (Arc::new(SystemClock), Arc::new(SystemRng));
    let mood = Mood {
        seed: args.seed,
        delay_ms: args.delay_ms,
        lose: args.lose,
        double: args.double,
        refuse: args.refuse,
    };
    let key = key_of(&args.key_id, &args.secret_file)?;
    let listener = tokio::net::TcpListener::bind(args.listen)
        .await
        .map_err(|e| Fault::from(format!("listening on {}", args.listen), e))?;
    let address = listener.local_addr().map_err(|e| Fault::from("reading the address", e))?;
    let url = args.url.unwrap_or_else(|| format!("http://{address}"));
    let gateway = StandIn::new(clock, mood, &url, args.book)?;
    let platform = args.platform.trim_end_matches('/').to_owned();
    let web = Web::of_the_system(platform.starts_with("https://"))?;
    let site = router(gateway, key, Arc::new(ByHttp { platform, web }), rng);
    tracing::info!(%address, "the stand-in for a payment gateway is ready; no money moves here");
    axum::serve(listener, site).await.map_err(|e| Fault::from("serving", e))
}
