//! Who is plugged into whom: sockets, routes, and which room hears which message.

use crate::clock::ShiftedClock;
use crate::config::{Config, Hash, Pem};
use crate::deliveries;
use crate::lines;
use crate::metrics::Metrics;
use crate::outside;
use crate::payments::{self, Till};
use crate::plugs::{CaseFilings, CatalogItems, NoticeSigner, TimeStamps};
use crate::post::Web;
use crate::proxies::{self, Proxies};
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use certificates::Signer;
use certificates::keys::{self, KeyFiles};
use delivery::Deliveries;
use exchange::{DemoLines, LineSystems, Post, Sources};
use identity::letters::{self, PostOffice};
use identity::national::National;
use kernel::{Calendar, Clock, Fault, Press, Rng, SystemClock, SystemRng};
use page::{House, Site};
use records::{CaseDossiers, CaseHoldings, Dossiers, Holdings};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::outbox::Courier;
use store::{Ground, Migrations, Store, StoreConfig};
use trace::RootKey;

/// A program that is plugged together and ready to serve.
#[derive(Clone)]
pub struct Wired {
    /// What every room gets.
    pub house: House,
    /// The data sources of other agencies.
    pub sources: Sources,
    /// The line systems that take steps of cases.
    pub lines: Lines,
    /// Who signs certificates and notices.
    pub signer: Arc<Signer>,
    /// Who signs the roots of the trace.
    pub root_key: RootKey,
    /// Whose word about a request's origin is taken.
    pub proxies: Proxies,
    /// Bills, and who takes money on line.
    pub payments: Till,
    /// Parcels, and who carries them.
    pub deliveries: Deliveries,
    /// The terms of supervision.
    pub supervision: supervision::Settings,
    /// The terms of ratings.
    pub ratings: ratings::Settings,
    /// The terms of appointments.
    pub appointments: appointments::Settings,
    /// The terms of halls.
    pub hall: hall::Settings,
    /// The national identity service by which citizens sign in.
    pub national: Option<Arc<National>>,
    /// Who carries letters.
    pub letters: PostOffice,
    /// Described halls and matters, to try another arrangement on.
    pub described: whatif::Described,
}

/// The line systems, and how one speaks to them.
#[derive(Clone)]
pub enum Lines {
    /// Stand-ins inside the program.
    Demo(DemoLines),
    /// Programs elsewhere, by configuration.
    Real {
        /// Which.
        systems: LineSystems,
        /// How HTTP is spoken.
        post: Arc<dyn Post>,
    },
}

impl Lines {
    /// Those that may report.
    pub fn systems(&self) -> LineSystems {
        match self {
            Self::Demo(demo) => demo.systems().clone(),
            Self::Real { systems, .. } => systems.clone(),
        }
    }

    fn courier(&self, courier: Courier) -> Courier {
        match self {
            Self::Demo(demo) => demo.courier(courier),
            Self::Real { systems, post } => exchange::courier(courier, systems.clone(), Arc::clone(post)),
        }
    }
}

/// The migrations of all rooms, in floor order.
pub const ROOMS: &[Migrations] = &[
    trace::MIGRATIONS,
    identity::MIGRATIONS,
    exchange::MIGRATIONS,
    catalog::MIGRATIONS,
    procedure::MIGRATIONS,
    certificates::MIGRATIONS,
    proofs::MIGRATIONS,
    hall::MIGRATIONS,
    payment::MIGRATIONS,
    delivery::MIGRATIONS,
    cases::MIGRATIONS,
    appointments::MIGRATIONS,
    ratings::MIGRATIONS,
    records::MIGRATIONS,
    supervision::MIGRATIONS,
    portal::MIGRATIONS,
    desk::MIGRATIONS,
];

/// Opens the ground: database, keys, files; migrated.
///
/// # Errors
/// A [`Fault`] that says what cannot be opened.
pub async fn ground(config: &Config) -> Result<Ground, Fault> {
    ground_at(config, clock(config)).await
}

async fn ground_at(config: &Config, clock: Arc<dyn Clock>) -> Result<Ground, Fault> {
    let rng: Arc<dyn Rng> = Arc::new(SystemRng);
    let store = Store::open(store_config(config), rng.clone(), clock.clone()).await?;
    store.migrate(ROOMS).await?;
    Ok(Ground { store, clock, rng })
}

/// The machine's clock; in a demonstration it may run ahead.
fn clock(config: &Config) -> Arc<dyn Clock> {
    let machine: Arc<dyn Clock> = Arc::new(SystemClock);
    if config.demo_ahead.is_zero() || !config.demo {
        return machine;
    }
    let clock = ShiftedClock::new(machine, config.demo_ahead);
    tracing::warn!(now = %clock.now(), "the demonstration's clock runs ahead");
    Arc::new(clock)
}

/// What the store needs to know.
pub fn store_config(config: &Config) -> StoreConfig {
    StoreConfig {
        data: config.data.clone(),
        database: config.database.clone(),
        pool: config.pool,
        shared_files: config.shared_files || config.demo,
    }
}

/// Plugs the program together.
///
/// # Errors
/// A [`Fault`] that says which part is missing.
pub async fn wire(config: &Config) -> Result<Wired, Fault> {
    wire_at(config, clock(config)).await
}

/// The same by another clock.
///
/// # Errors
/// As [`wire`].
pub async fn wire_at(config: &Config, clock: Arc<dyn Clock>) -> Result<Wired, Fault> {
    settle(config);
    let ground = ground_at(config, clock).await?;
    let site = Site {
        name: config.site.name.clone(),
        demo: config.demo,
        demo_ahead: config.demo && !config.demo_ahead.is_zero(),
        base_url: config.base_url(),
        organiser: config.site.organiser.clone(),
        phone: config.site.phone.clone(),
        site_id: config.site.site_id.clone(),
        icp: config.site.icp.clone(),
        police: config.site.police.clone(),
    };
    let calendar = Arc::new(calendar(&config.data)?);
    let house = House { ground: ground.clone(), site: Arc::new(site), press: press(), calendar };
    let sources = sources(config, &ground)?;
    let signer = Arc::new(signer(config, &ground)?);
    let contact = house.site.base_url.clone();
    procedure::plug_signer(Arc::new(NoticeSigner { signer: Arc::clone(&signer), contact }));
    identity::mandate::plug_items(Arc::new(CatalogItems));
    hall::plug_filings(Arc::new(CaseFilings));
    let lines = line_systems(config, &ground)?;
    let root_key = RootKey::load_or_make(&config.data.join("roots.pem"), ground.rng.as_ref())?;
    let (proxies, supervision, ratings) = (config.proxies(), config.supervision, config.ratings);
    let (appointments, hall) = (config.appointments, config.hall);
    let national = config.national.as_ref().map(|own| own.load(config.demo)).transpose()?.map(Arc::new);
    let carriers = config.letters.carriers(&config.data, config.demo, &ground.clock, &ground.rng)?;
    let letters = outside::post_office(&house.site, carriers);
    let payments = Till::load(config, &house)?;
    catalog::agreement::agree(deliveries::agreements(config)?);
    let deliveries = deliveries::load(config, &house)?;
    Ok(Wired {
        house,
        sources,
        lines,
        signer,
        root_key,
        proxies,
        payments,
        deliveries,
        supervision,
        ratings,
        appointments,
        hall,
        national,
        letters,
        described: whatif::Described::of(&config.packs),
    })
}

/// What holds for the whole process.
fn settle(config: &Config) {
    if !identity::configure(config.identity.clone()) {
        tracing::debug!("the settings of identity are those of the process's first start");
    }
    procedure::law::configure(config.law);
    proofs::scan::configure(config.scan);
    trace::use_algorithm(match config.trace.hash {
        Hash::Sha256 => trace::Algorithm::Sha256,
        Hash::Sm3 => trace::Algorithm::Sm3,
    });
}

/// The official calendar, or the operator's own table `holidays.toml` in the data folder.
pub(crate) fn calendar(data: &Path) -> Result<Calendar, Fault> {
    let own = data.join("holidays.toml");
    match std::fs::read_to_string(&own) {
        Ok(text) => {
            Calendar::from_toml(&text).map_err(|e| Fault::from(format!("the calendar {}", own.display()), e))
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Calendar::official()),
        Err(e) => Err(Fault::from(format!("reading the calendar {}", own.display()), e)),
    }
}

fn press() -> Arc<dyn Press> {
    #[cfg(feature = "paper")]
    {
        let paper = Arc::new(paper::Paper::new());
        tokio::spawn(let_rest(Arc::downgrade(&paper)));
        paper
    }
    #[cfg(not(feature = "paper"))]
    return Arc::new(NoPress);
}

/// Fonts take some 20 MB each: they are given back when nothing was printed for a minute.
#[cfg(feature = "paper")]
async fn let_rest(paper: std::sync::Weak<paper::Paper>) {
    let mut clock = tokio::time::interval(PAPER_LOOKED_AFTER);
    loop {
        clock.tick().await;
        let Some(paper) = paper.upgrade() else { return };
        if paper.rest_when_idle(PAPER_RESTS_AFTER) {
            tracing::debug!("the press rests");
        }
    }
}

#[cfg(feature = "paper")]
const PAPER_RESTS_AFTER: Duration = Duration::from_secs(60);
#[cfg(feature = "paper")]
const PAPER_LOOKED_AFTER: Duration = Duration::from_secs(15);

#[cfg(not(feature = "paper"))]
struct NoPress;

#[cfg(not(feature = "paper"))]
impl Press for NoPress {
    fn pdf(&self, _job: &kernel::PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("this build has no typesetter (feature `paper`)"))
    }
}

/// In demo mode the demonstration registers; real sources come by configuration with their rooms.
fn sources(config: &Config, ground: &Ground) -> Result<Sources, Fault> {
    if !config.demo {
        return Ok(Sources::new(Vec::new()));
    }
    exchange::demo_sources_with(
        &demo_city(config)?,
        ground.clone(),
        Duration::from_millis(config.demo_latency_ms),
    )
}

/// The programs of the configuration; in demo mode without any, stand-ins that report after a while by the same way.
pub(crate) fn line_systems(config: &Config, ground: &Ground) -> Result<Lines, Fault> {
    if config.demo && config.line_systems.is_empty() {
        let delay = Duration::from_millis(config.demo_latency_ms);
        return exchange::demo_line_systems(&demo_city(config)?, ground, delay).map(Lines::Demo);
    }
    let systems = lines::load(&config.line_systems, config.demo)?;
    let https = config.line_systems.iter().any(lines::LineConfig::secure);
    Ok(Lines::Real { systems, post: Arc::new(Web::of_the_system(https)?) })
}

/// The text of the demonstration city.
///
/// # Errors
/// A [`Fault`] that says where it was looked for.
pub fn demo_city(config: &Config) -> Result<String, Fault> {
    demo_text(config, "city.yaml")
}

/// A text of the demonstration.
///
/// # Errors
/// A [`Fault`] that says where it was looked for.
pub fn demo_text(config: &Config, name: &str) -> Result<String, Fault> {
    let path = config.packs.join("demo").join(name);
    std::fs::read_to_string(&path).map_err(|e| {
        Fault::from(format!("reading the demonstration city {} (say --packs FOLDER)", path.display()), e)
    })
}

fn signer(config: &Config, ground: &Ground) -> Result<Signer, Fault> {
    let own = config.signing.clone().unwrap_or_default();
    let files = |pem: Pem| KeyFiles { certificate: pem.certificate, key: pem.key, authority: pem.authority };
    let mut signer = match own.files()? {
        Some(pem) => keys::load(&files(pem))?,
        None => keys::load_or_make(
            &config.data.join("signing"),
            own.algorithm,
            ground.rng.as_ref(),
            ground.clock.now(),
            config.demo,
        )?,
    };
    if let Some(tokens) = own.tokens {
        signer = signer.with_tokens_of(&keys::load(&files(tokens))?)?;
    }
    signer.must_sign_tokens()?;
    for former in &own.former {
        signer = signer.with_former(&read(former)?)?;
    }
    let Some(tsa) = own.tsa else { return Ok(signer) };
    let web = Web::of_the_system(tsa.url.starts_with("https://"))?;
    let authority = read(&tsa.authority)?;
    signer.with_clock(&authority, Arc::new(TimeStamps { web, url: tsa.url }))
}

fn read(path: &Path) -> Result<String, Fault> {
    std::fs::read_to_string(path).map_err(|e| Fault::from(format!("reading {}", path.display()), e))
}

/// All pages and operations, with their layers.
pub fn router(wired: &Wired) -> Router {
    let Wired { house, sources, signer, .. } = wired;
    let holdings: Arc<dyn Holdings> = Arc::new(CaseHoldings::new(house.clone()));
    let pages = Router::new()
        .merge(portal::routes(house.clone(), sources.clone()))
        .merge(identity::routes_with(house.clone(), wired.national.clone(), wired.letters.mail.is_some()))
        .merge(catalog::routes(house.clone()))
        .merge(certificates::routes(house.clone(), signer.clone()))
        .merge(proofs::routes(house.clone()))
        .merge(payment::routes(wired.payments.room.clone()))
        .merge(delivery::routes(wired.deliveries.clone()))
        .merge(cases::routes(house.clone(), sources.clone()))
        .merge(hall::routes(house.clone(), wired.hall))
        .merge(appointments::routes(house.clone(), wired.appointments, wired.hall))
        .merge(procedure::routes(house.clone()))
        .merge(records::routes(house.clone(), holdings))
        .merge(ratings::routes(house.clone(), wired.ratings))
        .merge(supervision::routes(house.clone(), wired.supervision))
        .merge(whatif::routes(house.clone(), wired.described.clone()))
        .merge(desk::printing_routes(house.clone(), sources.clone(), Arc::clone(signer)))
        .merge(desk::routes_with(house.clone(), sources.clone(), wired.lines.systems(), wired.hall));
    let pages = page::layer(identity::layer(page::inner(pages), house), house);
    let site = pages
        .merge(
            api::routes(
                house.clone(),
                sources.clone(),
                wired.lines.systems(),
                signer.clone(),
                wired.ratings,
                wired.deliveries.clone(),
                wired.appointments,
            )
            .layer(axum::Extension(wired.payments.room.clone()))
            .layer(axum::Extension(wired.described.clone())),
        )
        .merge(payment::callback_routes(wired.payments.room.clone()))
        .merge(delivery::callback_routes(wired.deliveries.clone()))
        .merge(crate::health::routes(house.clone()));
    let proxies = from_fn_with_state(wired.proxies.clone(), proxies::believe);
    Metrics::new().layer(site.layer(from_fn(no_zero_character)).layer(proxies))
}

/// An address with a zero character names nothing: PostgreSQL keeps none in text, so it must not reach a query.
async fn no_zero_character(request: Request, next: Next) -> Response {
    if request.uri().to_string().contains("%00") {
        return (StatusCode::BAD_REQUEST, "zero character in the address\n").into_response();
    }
    next.run(request).await
}

/// How often the roots over all heads of the trace are signed; what is cut off after the last one cannot be seen.
const ROOTS_EVERY: Duration = Duration::from_secs(60);
/// How often an authority of time stamps that did not answer is asked again.
const STAMPS_EVERY: Duration = Duration::from_secs(300);
const SWEEP_EVERY: Duration = Duration::from_secs(3_600);

/// How many days a case that has ended waits before it is packed for the archive: until then a supplement to the file may come.
const ARCHIVED_AFTER_DAYS: u16 = 30;

/// Which room hears which message, and what is done again and again.
pub fn courier(wired: &Wired) -> Courier {
    let Wired { house, sources, .. } = wired;
    let printing = wired.clone();
    let roots = wired.root_key.clone();
    let courier = Courier::new(house.ground.clone())
        .on("certificates.issued", move |_, message| {
            let Wired { house, signer, .. } = printing.clone();
            async move { certificates::on_issued(&house, &signer, &message).await }
        })
        .every("trace.roots", ROOTS_EVERY, move |ground| {
            let roots = roots.clone();
            async move { trace::sign_roots(&ground, &roots).await.map(|_| ()) }
        })
        .every("identity.sweep", SWEEP_EVERY, |ground| async move { identity::sweep(&ground).await });
    let stamping = wired.clone();
    let courier = courier.every("certificates.stamp", STAMPS_EVERY, move |_| {
        let Wired { house, signer, .. } = stamping.clone();
        async move { certificates::stamp_waiting(&house, &signer).await.map(|_| ()) }
    });
    let courier = courier.every("certificates.remind", SWEEP_EVERY, |ground| async move {
        certificates::remind(&ground).await.map(|_| ())
    });
    let courier = archive(wired.lines.courier(courier), wired);
    // What nobody listens to yet: the rooms that will are not built.
    let courier = UNHEARD.iter().fold(courier, |courier, topic| courier.ignore(topic));
    let courier = letters::courier(courier, wired.letters.clone());
    let courier = supervision::courier(courier, house.clone());
    let courier = ratings::courier(courier, wired.ratings, house.clone());
    let courier = hall::courier(courier);
    let courier = appointments::courier(courier, wired.appointments);
    let courier = payments::courier(courier, &wired.payments.room);
    let courier = deliveries::courier(courier, &wired.deliveries, &wired.payments.room);
    cases::courier(courier, house.clone(), sources.clone())
}

/// Cases that have ended wait some days and become archive packages.
fn archive(courier: Courier, wired: &Wired) -> Courier {
    let dossiers: Arc<dyn Dossiers> =
        Arc::new(CaseDossiers::new(wired.house.clone(), Arc::clone(&wired.signer)));
    courier
        .on("cases.closed", |ground, message| async move { records::on_closed(&ground, &message).await })
        .every("records.archive", SWEEP_EVERY, move |ground| {
            let dossiers = Arc::clone(&dossiers);
            async move {
                records::archive_closed(&ground, dossiers.as_ref(), ARCHIVED_AFTER_DAYS).await.map(|_| ())
            }
        })
}

const UNHEARD: &[&str] = &["cases.filed", "cases.recorded-late", "delivery.returned"];
