//! `yimen courier-stand-in`: a courier for demonstrations and tests.

use crate::deliveries::key_of;
use crate::partner::ByHttp;
use crate::post::Web;
use clap::Args;
use delivery::stand_in::{Mood, StandIn, router};
use kernel::{Clock, Fault, Rng, SystemClock, SystemRng};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// How the stand-in is run.
#[derive(Args)]
pub struct StandInArgs {
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:8092")]
    listen: SocketAddr,
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
    /// How long each leg of the way takes, in milliseconds.
    #[arg(long, default_value_t = 2_000)]
    pace_ms: u64,
    /// How much later a call-back comes at most, in milliseconds.
    #[arg(long, default_value_t = 500)]
    delay_ms: u64,
    /// How many call-backs in a hundred are lost.
    #[arg(long, default_value_t = 0)]
    lose: u8,
    /// How many in a hundred come twice.
    #[arg(long, default_value_t = 0)]
    double: u8,
    /// How many parcels in a hundred are refused at the door.
    #[arg(long, default_value_t = 0)]
    refuse: u8,
    /// How many in a hundred find nobody.
    #[arg(long, default_value_t = 0)]
    absent: u8,
    /// How many in a hundred are laid into a locker.
    #[arg(long, default_value_t = 0)]
    locker: u8,
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
        pace_ms: args.pace_ms,
        delay_ms: args.delay_ms,
        lose: args.lose,
        double: args.double,
        refuse: args.refuse,
        absent: args.absent,
        locker: args.locker,
    };
    let key = key_of(&args.key_id, &args.secret_file)?;
    let courier = StandIn::new(clock, mood, args.book)?;
    let listener = tokio::net::TcpListener::bind(args.listen)
        .await
        .map_err(|e| Fault::from(format!("listening on {}", args.listen), e))?;
    let address = listener.local_addr().map_err(|e| Fault::from("reading the address", e))?;
    let platform = args.platform.trim_end_matches('/').to_owned();
    let web = Web::of_the_system(platform.starts_with("https://"))?;
    let site = router(courier, key, Arc::new(ByHttp { platform, web }), rng);
    tracing::info!(%address, "the stand-in for a courier is ready; nothing is carried");
    axum::serve(listener, site).await.map_err(|e| Fault::from("serving", e))
}
