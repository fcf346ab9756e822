//! What an operator may set: one TOML file, then environment variables, then flags; later ones win.

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
    /// `text` or `json` log lines.
    pub log: LogFormat,
    /// TLS; none means that a proxy does it.
    pub tls: Option<Tls>,
    /// Who signs certificates; none is allowed in demo mode only, which makes its own.
    pub signing: Option<Signing>,
    /// Name, address and marks of the site.
    pub site: SiteConfig,
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

/// Certificate chain and key that sign electronic certificates, PEM.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signing {
    /// The signer's certificate.
    pub certificate: PathBuf,
    /// The signer's private key (P-256, PKCS#8).
    pub key: PathBuf,
    /// The certificate of the authority that vouches for it.
    pub authority: PathBuf,
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
            log: LogFormat::Text,
            tls: None,
            signing: None,
            site: SiteConfig::default(),
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
}

impl Config {
    /// Reads the file, if one is named, and lays the overrides over it.
    ///
    /// # Errors
    /// A [`Fault`] that names the file, line and column.
    pub fn load(over: &Overrides) -> Result<Self, Fault> {
        let mut config = match &over.config {
            Some(path) => Self::read(path)?,
            None => Self::default(),
        };
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
        config.check()?;
        Ok(config)
    }

    fn read(path: &Path) -> Result<Self, Fault> {
        let text = std::fs::read_to_string(path)
            .map_err(|e| Fault::from(format!("reading the configuration {}", path.display()), e))?;
        toml::from_str(&text).map_err(|e| Fault::from(format!("the configuration {}", path.display()), e))
    }

    fn check(&self) -> Result<(), Fault> {
        if self.signing.is_none() && !self.demo {
            return Err(Fault::new(
                "[signing] is missing: outside demo mode certificates need a real key (certificate, key, authority)",
            ));
        }
        if self.pool > 1_000 {
            return Err(Fault::new(format!(
                "pool = {}: at most 1000 connections; 0 is a good default",
                self.pool
            )));
        }
        Ok(())
    }

    /// The address that stands in QR codes and messages.
    pub fn base_url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let own = || format!("{scheme}://{}", self.listen);
        self.site.base_url.as_ref().map_or_else(own, |u| u.trim_end_matches('/').to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let error = toml::from_str::<Config>("demo = true\nlissten = \"x\"\n").unwrap_err().to_string();
        assert!(error.contains("lissten") && error.contains("line 2"), "{error}");
    }

    #[test]
    fn real_service_needs_real_keys() {
        assert!(Config::default().check().is_err());
        assert!(Config { demo: true, ..Config::default() }.check().is_ok());
        assert!(Config { demo: true, pool: 2_000, ..Config::default() }.check().is_err());
    }
}
