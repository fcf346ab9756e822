//! What an operator may set: one TOML file, then environment variables, then flags; later ones win.

use crate::clock::Ahead;
use crate::deliveries::DeliveryConfig;
use crate::environment;
use crate::lines::{self, LineConfig};
use crate::outside::{self, LettersConfig, NationalConfig};
use crate::payments::PaymentConfig;
use crate::proxies::{Network, Proxies};
use kernel::{Fault, Text};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The configuration of a server. `yimen.example.toml` at the project's root explains every line.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where SQLite, files and keys live.
    pub data: PathBuf,
    /// A PostgreSQL URL; none means SQLite inside the program.
    pub database: Option<String>,
    /// Connections to PostgreSQL, or reading connections to SQLite; 0 is a good default.
    pub pool: usize,
    /// On PostgreSQL: whether `data` is a folder that all servers share.
    pub shared_files: bool,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The folder of item packs that are published at start when newer.
    pub packs: PathBuf,
    /// A demonstration city with its people and accounts; never for real data.
    pub demo: bool,
    /// How long a demonstration register takes to answer, in milliseconds.
    pub demo_latency_ms: u64,
    /// How far the demonstration's clock runs ahead of the machine's.
    pub demo_ahead: Ahead,
    /// `text` or `json` log lines.
    pub log: LogFormat,
    /// TLS; none means that a proxy does it.
    pub tls: Option<Tls>,
    /// Who signs certificates; none is allowed in demo mode only, which makes its own.
    pub signing: Option<Signing>,
    /// The proxies whose word about a request's origin is taken; none is believed unless it is named.
    pub trusted_proxies: Vec<Network>,
    /// How hard passwords are to guess, how long a sign-in lasts.
    pub identity: identity::Settings,
    /// How the trace is written.
    pub trace: TraceConfig,
    /// What the law leaves to places.
    pub law: procedure::law::Practice,
    /// Who takes money on line, and the terms of bills.
    pub payment: PaymentConfig,
    /// Who carries parcels, how long they wait, and whose signature counts.
    pub delivery: DeliveryConfig,
    /// The terms in which objections and requests about one's own data are answered.
    pub supervision: supervision::Settings,
    /// The terms of ratings.
    pub ratings: ratings::Settings,
    /// The terms of appointments.
    pub appointments: appointments::Settings,
    /// The terms of halls.
    pub hall: hall::Settings,
    /// How papers are photographed.
    pub scan: proofs::scan::Settings,
    /// Name, address and marks of the site.
    pub site: SiteConfig,
    /// The programs of other agencies that take steps of cases; in demo mode without any, stand-ins inside the program.
    pub line_systems: Vec<LineConfig>,
    /// The national identity service; none, and everybody signs in by what they have here.
    pub national: Option<NationalConfig>,
    /// How letters leave the house.
    pub letters: LettersConfig,
}

/// How the trace is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TraceConfig {
    /// The hash function of new records; every record names its own.
    pub hash: Hash,
}

/// A hash function.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hash {
    /// SHA-256 (FIPS 180-4).
    #[default]
    Sha256,
    /// SM3 (GB/T 32905).
    Sm3,
}

/// Certificate chain and key of the site, PEM.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The certificate chain.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// Who signs electronic certificates.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Signing {
    /// How the key signs that a demonstration makes for itself; a key in a file says it itself.
    pub algorithm: certificates::Algorithm,
    /// The signer's certificate, followed by those between it and the authority (PEM).
    pub certificate: Option<PathBuf>,
    /// The signer's private key (P-256 or SM2, PKCS #8 in PEM).
    pub key: Option<PathBuf>,
    /// The certificate of the authority that vouches for it (PEM).
    pub authority: Option<PathBuf>,
    /// A P-256 key for wallets and status lists, which know no SM2; needed when `key` is SM2.
    pub tokens: Option<Pem>,
    /// Authorities whose signers signed here before (PEM): what they signed stays good.
    pub former: Vec<PathBuf>,
    /// An authority of time stamps (RFC 3161).
    pub tsa: Option<Tsa>,
}

/// A certificate, its key and its authority, PEM.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pem {
    /// The certificate, followed by those between it and the authority.
    pub certificate: PathBuf,
    /// The private key (PKCS #8).
    pub key: PathBuf,
    /// The certificate of the authority that vouches for it.
    pub authority: PathBuf,
}

/// An authority of time stamps.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tsa {
    /// Where it is asked.
    pub url: String,
    /// The certificates of those who vouch for it (PEM).
    pub authority: PathBuf,
}

impl Signing {
    /// The signer's files; `None` when none is named.
    ///
    /// # Errors
    /// A [`Fault`] when some are named and others are not.
    pub fn files(&self) -> Result<Option<Pem>, Fault> {
        match (&self.certificate, &self.key, &self.authority) {
            (None, None, None) => Ok(None),
            (Some(certificate), Some(key), Some(authority)) => Ok(Some(Pem {
                certificate: certificate.clone(),
                key: key.clone(),
                authority: authority.clone(),
            })),
            _ => Err(Fault::new("[signing] names some of certificate, key and authority: all three or none")),
        }
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For eyes.
    #[default]
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// The site's name and the marks that stand at the foot of every page (国办发〔2017〕47号).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SiteConfig {
    /// The site's name.
    pub name: Text,
    /// Who runs it (主办单位).
    pub organiser: Text,
    /// The address that stands in QR codes, without a slash at the end; none means `http://<listen>`.
    pub base_url: Option<String>,
    /// Telephone.
    pub phone: String,
    /// 政府网站标识码.
    pub site_id: String,
    /// ICP备案号.
    pub icp: String,
    /// 公安备案号.
    pub police: String,
}

impl Default for SiteConfig {
    fn default() -> Self {
        Self {
            name: Text::new("一门政务服务", "Yimen Government Services"),
            organiser: Text::new("市政务服务管理办公室", "City Office of Government Services"),
            base_url: None,
            phone: "12345".to_owned(),
            site_id: "0000000000".to_owned(),
            icp: String::new(),
            police: String::new(),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            database: None,
            pool: 0,
            shared_files: false,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            packs: PathBuf::from("packs"),
            demo: false,
            demo_latency_ms: 20,
            demo_ahead: Ahead::default(),
            log: LogFormat::Text,
            tls: None,
            signing: None,
            trusted_proxies: Vec::new(),
            identity: identity::Settings::default(),
            trace: TraceConfig::default(),
            law: procedure::law::Practice::default(),
            payment: PaymentConfig::default(),
            delivery: DeliveryConfig::default(),
            supervision: supervision::Settings::default(),
            ratings: ratings::Settings::default(),
            appointments: appointments::Settings::default(),
            hall: hall::Settings::default(),
            scan: proofs::scan::Settings::default(),
            site: SiteConfig::default(),
            line_systems: Vec::new(),
            national: None,
            letters: LettersConfig::default(),
        }
    }
}

/// What the command line may override.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Overrides {
    /// The configuration file (TOML).
    #[arg(long, env = "YIMEN_CONFIG")]
    pub config: Option<PathBuf>,
    /// A PostgreSQL URL; without it SQLite under the data folder is used.
    #[arg(long, env = "YIMEN_DATABASE")]
    pub database: Option<String>,
    /// The data folder: database, files, keys.
    #[arg(long, env = "YIMEN_DATA")]
    pub data: Option<PathBuf>,
    /// The address to listen on.
    #[arg(long, env = "YIMEN_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// The folder of item packs.
    #[arg(long, env = "YIMEN_PACKS")]
    pub packs: Option<PathBuf>,
    /// Serve the demonstration city.
    #[arg(long)]
    pub demo: bool,
    /// How long a demonstration register takes to answer, in milliseconds.
    #[arg(long, env = "YIMEN_DEMO_LATENCY_MS", hide = true)]
    pub demo_latency_ms: Option<u64>,
    /// Demonstration only: run the clock so far ahead (30d, 12h), to see what passes by itself. Not less than before on the same data.
    #[arg(long, env = "YIMEN_DEMO_AHEAD")]
    pub demo_ahead: Option<Ahead>,
}

impl Config {
    /// Reads the file, if one is named, and lays the overrides over it.
    ///
    /// # Errors
    /// A [`Fault`] that names the file, line and column.
    pub fn load(over: &Overrides) -> Result<Self, Fault> {
        Self::load_with(
            over,
            std::env::vars_os().filter_map(|(n, v)| Some((n.into_string().ok()?, v.into_string().ok()?))),
        )
    }

    fn load_with(over: &Overrides, variables: impl Iterator<Item = (String, String)>) -> Result<Self, Fault> {
        let mut config = Self::read(over.config.as_deref(), variables)?;
        if over.database.is_some() {
            config.database.clone_from(&over.database);
        }
        if let Some(data) = &over.data {
            config.data.clone_from(data);
        }
        if let Some(listen) = over.listen {
            config.listen = listen;
        }
        if let Some(packs) = &over.packs {
            config.packs.clone_from(packs);
        }
        config.demo |= over.demo;
        config.demo_latency_ms = over.demo_latency_ms.unwrap_or(config.demo_latency_ms);
        config.demo_ahead = over.demo_ahead.unwrap_or(config.demo_ahead);
        config.check()?;
        Ok(config)
    }

    /// The file first, by itself, so that its mistakes are named with line and column; then the variables over it.
    fn read(path: Option<&Path>, variables: impl Iterator<Item = (String, String)>) -> Result<Self, Fault> {
        let text = match path {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|e| Fault::from(format!("reading the configuration {}", path.display()), e))?,
            None => String::new(),
        };
        let named = || path.map_or_else(String::new, |p| p.display().to_string());
        let doing = || format!("the configuration {}", named());
        let alone: Self = toml::from_str(&text).map_err(|e| Fault::from(doing(), e))?;
        let mut table: toml::Table = toml::from_str(&text).map_err(|e| Fault::from(doing(), e))?;
        if !environment::overlay(&mut table, variables)? {
            return Ok(alone);
        }
        let doing =
            || format!("the environment ({}…) over the configuration {}", environment::PREFIX, named());
        table.try_into().map_err(|e| Fault::from(doing(), e))
    }

    pub(crate) fn check(&self) -> Result<(), Fault> {
        let files = self.signing.as_ref().map(Signing::files).transpose()?.flatten();
        if files.is_none() && !self.demo {
            return Err(Fault::new(
                "[signing] is missing: outside demo mode certificates need a real key (certificate, key, authority)",
            ));
        }
        self.law.check()?;
        if self.pool > 1_000 {
            return Err(Fault::new(format!(
                "pool = {}: at most 1000 connections; 0 is a good default",
                self.pool
            )));
        }
        if !self.demo_ahead.is_zero() && !self.demo {
            return Err(Fault::new(
                "demo_ahead moves the clock of a demonstration only: with real cases every date would be false",
            ));
        }
        lines::load(&self.line_systems, self.demo)?;
        self.national.as_ref().map(|national| national.load(self.demo)).transpose()?;
        outside::check_passkeys(&self.identity.passkey_domain, &self.base_url())?;
        self.appointments
            .wrong()
            .or_else(|| self.hall.wrong())
            .map_or(Ok(()), |wrong| Err(Fault::new(wrong)))?;
        check_identity(&self.identity)
    }

    /// Whose word about a request's origin is taken.
    pub fn proxies(&self) -> Proxies {
        let https = Some(self.base_url()).filter(|url| url.starts_with("https://"));
        Proxies { trusted: self.trusted_proxies.clone(), https }
    }

    /// The address that stands in QR codes and messages.
    pub fn base_url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let own = || format!("{scheme}://{}", self.listen);
        self.site.base_url.as_ref().map_or_else(own, |u| u.trim_end_matches('/').to_owned())
    }
}

/// What would make passwords easy to guess, or lock everybody out.
fn check_identity(own: &identity::Settings) -> Result<(), Fault> {
    let within = |key: &str, value: i64, least: i64, most: i64, why: &str| {
        if (least..=most).contains(&value) {
            return Ok(());
        }
        Err(Fault::new(format!("[identity] {key} = {value}: from {least} to {most} ({why})")))
    };
    let list = |what: String| {
        Fault::new(format!("[identity] breached_passwords = {:?}: {what}", own.breached_passwords))
    };
    own.check_breached().map_err(list)?;
    let argon2 = "OWASP asks for 19456 KiB and 2 passes, or 7168 KiB and 5";
    within("argon2_memory_kib", own.argon2_memory_kib.into(), 7_168, 4_194_304, argon2)?;
    let passes = if own.argon2_memory_kib < 19_456 { 5 } else { 2 };
    within("argon2_passes", own.argon2_passes.into(), passes, 100, argon2)?;
    within("argon2_lanes", own.argon2_lanes.into(), 1, 16, "threads of one hash")?;
    within("absolute_hours", own.absolute_hours, 1, 720, "thirty days at most")?;
    let whole = own.absolute_hours.saturating_mul(60);
    within("idle_minutes", own.idle_minutes, 1, whole, "not beyond absolute_hours")?;
    within(
        "free_attempts",
        own.free_attempts,
        1,
        own.free_attempts_anywhere,
        "not beyond free_attempts_anywhere",
    )?;
    within("free_attempts_anywhere", own.free_attempts_anywhere, 1, 100, "NIST SP 800-63B")?;
    within(
        "first_delay_seconds",
        own.first_delay_seconds,
        1,
        own.longest_delay_seconds,
        "not beyond the longest",
    )?;
    within("longest_delay_seconds", own.longest_delay_seconds, 1, 86_400, "a day at most")?;
    within("mandate_links_max", own.mandate_links_max, 1, 5, "from the principal to the last agent")?;
    within("mandate_days_max", own.mandate_days_max, 1, 36_500, "a hundred years at most")?;
    within("confirm_minutes", own.confirm_minutes, 1, 60, "an hour at most")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let error = toml::from_str::<Config>("demo = true\nlissten = \"x\"\n").unwrap_err().to_string();
        assert!(error.contains("lissten") && error.contains("line 2"), "{error}");
    }

    fn load(variables: &[(&str, &str)]) -> Result<Config, String> {
        let over = Overrides { demo: true, ..Overrides::default() };
        let variables = variables.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        Config::load_with(&over, variables).map_err(|fault| fault.to_string())
    }

    #[test]
    fn the_example_shows_the_defaults() {
        let text = include_str!("../../../yimen.example.toml");
        let example: Config = toml::from_str(text).unwrap();
        assert_eq!(format!("{example:?}"), format!("{:?}", Config::default()));
        // Lines that are commented out count as well; prose does not.
        let key = |line: &str| {
            line.split_once(" = ").is_some_and(|(k, _)| k.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        };
        let lines = text.lines().map(|l| l.strip_prefix("# ").unwrap_or(l));
        let all: Vec<&str> = lines.filter(|l| key(l) || l.starts_with('[')).collect();
        let all = all.join("\n");
        let all: Config = toml::from_str(&all)
            .unwrap_or_else(|e| panic!("a line that is commented out is wrong too: {e}\n{all}"));
        assert!(all.tls.is_some() && all.signing.is_some() && !all.trusted_proxies.is_empty());
        assert!(matches!(&*all.line_systems, [one] if one.previous.is_some() && one.secure()));
    }

    #[test]
    fn the_environment_says_everything_that_the_file_can() {
        let config = load(&[
            ("YIMEN__TRACE__HASH", "sm3"),
            ("YIMEN__TRUSTED_PROXIES", "[\"10.0.0.0/8\", \"::1\"]"),
            ("YIMEN__IDENTITY__IDLE_MINUTES", "15"),
            ("YIMEN__LAW__RENEWAL", "30wd"),
        ]);
        let config = config.unwrap();
        assert_eq!(config.law.renewal.to_string(), "30wd");
        assert_eq!(
            (config.trace.hash, config.trusted_proxies.len(), config.identity.idle_minutes),
            (Hash::Sm3, 2, 15)
        );
        let say = |name: &str, value: &str| load(&[(name, value)]).unwrap_err();
        assert!(say("YIMEN__TRACE__HASH", "md5").contains("sm3"));
        assert!(say("YIMEN__TRUSTED_PROXIES", "[\"10.1.2.3/8\"]").contains("10.0.0.0/8"));
        assert!(say("YIMEN__IDENTITY__IDEL_MINUTES", "15").contains("idel_minutes"));
        assert!(say("YIMEN__IDENTITY__FREE_ATTEMPTS_ANYWHERE", "1000").contains("from 1 to 100"));
        assert!(say("YIMEN__IDENTITY__ARGON2_MEMORY_KIB", "8192").contains("argon2_passes = 2: from 5"));
        assert!(say("YIMEN__LAW__RENEWAL", "soon").contains("30d"));
        assert!(say("YIMEN__LAW__SUIT_MONTHS", "0").contains("law.suit_months = 0"));
        assert!(say("YIMEN__IDENTITY__IDLE_MINUTES", "0").contains("idle_minutes = 0"));
        assert!(say("YIMEN__APPOINTMENTS__WALK_IN", "101").contains("appointments.walk_in = 101"));
        assert!(say("YIMEN__HALL__PAPER_FORMS", "0").contains("hall.paper_forms = 0: from 1 to 1000"));
        assert!(say("YIMEN__HALL__OVERTAKINGS", "0").contains("overtakings"), "the same everywhere");
    }

    #[test]
    fn only_a_demonstration_runs_ahead() {
        let ahead = load(&[("YIMEN__DEMO_AHEAD", "30d")]).unwrap().demo_ahead;
        assert_eq!(ahead, "30d".parse().unwrap());
        assert!(load(&[("YIMEN__DEMO_AHEAD", "soon")]).unwrap_err().contains("30d"));
        let signing = || Path::new("signer.pem").to_path_buf();
        let file = || Some(signing());
        let signing = Signing { certificate: file(), key: file(), authority: file(), ..Signing::default() };
        let real = Config { signing: Some(signing), ..Config::default() };
        assert!(real.check().is_ok());
        let error = Config { demo_ahead: ahead, ..real }.check().unwrap_err().to_string();
        assert!(error.contains("demo_ahead"), "{error}");
    }

    #[test]
    fn real_service_needs_real_keys() {
        assert!(Config::default().check().is_err());
        assert!(Config { demo: true, ..Config::default() }.check().is_ok());
        assert!(Config { demo: true, pool: 2_000, ..Config::default() }.check().is_err());
    }
}
