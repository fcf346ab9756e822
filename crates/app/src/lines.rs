//! Line systems by configuration: who takes external steps, where, and with which secret.

use exchange::{LineKey, LineSystem, LineSystems, Secret};
use kernel::{AgencyCode, Fault, Text};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// `[[line_systems]]`: a program of another agency that takes steps of cases.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineConfig {
    /// Its id, as packs name it: `by: external:fire-line`.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Whose it is.
    pub agency: AgencyCode,
    /// Where dispatches are posted.
    pub url: String,
    /// The name of the key in use.
    pub key_id: String,
    /// Its secret, 32 bytes or more; or [`LineConfig::secret_file`].
    #[serde(default)]
    pub secret: Option<Secret>,
    /// A file that holds the secret.
    #[serde(default)]
    pub secret_file: Option<PathBuf>,
    /// The other key that reports may be signed with while keys are changed.
    #[serde(default)]
    pub previous: Option<KeyConfig>,
    /// After how many failures a dispatch counts as stuck.
    #[serde(default)]
    pub tries: Option<i64>,
    /// How many seconds it may take to take a dispatch.
    #[serde(default)]
    pub timeout_seconds: Option<u64>,
}

/// A key by its name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyConfig {
    /// Its name.
    pub key_id: String,
    /// Its secret; or [`KeyConfig::secret_file`].
    #[serde(default)]
    pub secret: Option<Secret>,
    /// A file that holds the secret.
    #[serde(default)]
    pub secret_file: Option<PathBuf>,
}

impl LineConfig {
    /// Whether TLS is spoken to it.
    pub fn secure(&self) -> bool {
        self.url.starts_with("https://")
    }

    /// What is dispatched tells of people: it leaves this machine in TLS only, in a demonstration only people are invented.
    fn check_url(&self, demo: bool) -> Result<(), Fault> {
        let wrong = |what: &str| Err(Fault::new(format!("[[line_systems]] {:?}: its url {what}", self.id)));
        let Ok(url) = self.url.parse::<axum::http::Uri>() else { return wrong("cannot be read") };
        let Some(host) = url.host() else { return wrong("names no host") };
        match url.scheme_str() {
            Some("https") => Ok(()),
            Some("http") if demo || here(host) => Ok(()),
            Some("http") => wrong("must be https://: what is dispatched tells of people"),
            _ => wrong("must be https://"),
        }
    }

    fn load(&self, demo: bool) -> Result<LineSystem, Fault> {
        self.check_url(demo)?;
        let key = LineKey {
            key_id: self.key_id.clone(),
            secret: self.secret(&self.secret, self.secret_file.as_deref())?,
        };
        let mut system = LineSystem::new(&self.id, self.name.clone(), self.agency.clone(), &self.url, key);
        if let Some(old) = &self.previous {
            let secret = self.secret(&old.secret, old.secret_file.as_deref())?;
            system.previous = Some(LineKey { key_id: old.key_id.clone(), secret });
        }
        system.tries = self.tries.unwrap_or(system.tries);
        system.timeout_seconds = self.timeout_seconds.unwrap_or(system.timeout_seconds);
        Ok(system)
    }

    fn secret(&self, plain: &Option<Secret>, file: Option<&Path>) -> Result<Secret, Fault> {
        match (plain, file) {
            (Some(secret), None) => Ok(secret.clone()),
            (None, Some(file)) => {
                std::fs::read_to_string(file).map(|text| Secret::new(text.trim_end())).map_err(|e| {
                    Fault::from(format!("reading the secret {} of a line system", file.display()), e)
                })
            }
            _ => Err(Fault::new(format!(
                "[[line_systems]] {:?}: each key has either secret or secret_file",
                self.id
            ))),
        }
    }
}

/// Whether the host is this machine, where a proxy may speak TLS for us.
pub(crate) fn here(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// All line systems of the configuration.
///
/// # Errors
/// A [`Fault`] that names the line system and what does not fit.
pub fn load(all: &[LineConfig], demo: bool) -> Result<LineSystems, Fault> {
    LineSystems::new(all.iter().map(|line| line.load(demo)).collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loaded(url: &str, more: &str, demo: bool) -> Result<LineSystems, String> {
        let text = format!(
            "id = \"fire-line\"\nname = {{ \"zh-CN\" = \"消防\", en = \"Fire\" }}\nagency = \"chancheng.fire\"\n\
             url = \"{url}\"\nkey_id = \"fire-1\"\n{more}"
        );
        let line: LineConfig = toml::from_str(&text).map_err(|e| e.to_string())?;
        load(&[line], demo).map_err(|fault| fault.to_string())
    }

    const SECRET: &str = "secret = \"0123456789abcdef0123456789abcdef\"\n";

    #[test]
    fn a_secret_stands_there_or_in_a_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "fedcba9876543210fedcba9876543210\n").unwrap();
        let both = format!(
            "secret_file = {:?}\nprevious = {{ key_id = \"fire-0\", {} }}\ntries = 3\ntimeout_seconds = 30\n",
            file.path(),
            SECRET.trim_end()
        );
        let systems = loaded("https://fire.example/tasks", &both, false).unwrap();
        let fire = systems.get("fire-line").unwrap();
        assert_eq!(fire.secret, Secret::new("fedcba9876543210fedcba9876543210"));
        assert_eq!((fire.tries, fire.timeout_seconds), (3, 30));
        assert_eq!(fire.previous.as_ref().unwrap().key_id, "fire-0");
        assert!(!format!("{fire:?}").contains("fedcba"), "a secret is printed nowhere");
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let https = "https://fire.example/tasks";
        for (url, more, demo, say) in [
            (https, "", false, "either secret or secret_file"),
            (https, "secret = \"short\"\n", false, "32 bytes"),
            (https, "secret_file = \"/no/such/file\"\n", false, "/no/such/file"),
            (https, &format!("{SECRET}secret_file = \"x\"\n"), false, "either secret or secret_file"),
            (https, &format!("{SECRET}secrett = \"x\"\n"), false, "secrett"),
            ("http://fire.example/tasks", SECRET, false, "must be https"),
            ("ftp://fire.example/tasks", SECRET, true, "must be https"),
            ("demo:fire-line", SECRET, true, "url"),
            ("nonsense", SECRET, true, "url"),
        ] {
            let error = loaded(url, more, demo).unwrap_err();
            assert!(error.contains(say), "{url} {more}: {error}");
        }
        for (url, demo) in [
            ("http://127.0.0.1:9000/tasks", false),
            ("http://[::1]:9000/tasks", false),
            ("http://fire.example/tasks", true),
        ] {
            loaded(url, SECRET, demo).unwrap();
        }
    }
}
