//! What the configuration says of services beyond the house: the national identity service, and who carries letters.

use crate::lines::here;
use crate::post::Web;
use identity::letters::{Carrier, Gateway, GatewayKey, OutboxFolder, PostOffice};
use identity::national::{ClientSecret, National, NationalService};
use kernel::{Clock, Fault, Rng, Text};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// `[national]`: the national identity service (统一身份认证) by which citizens sign in, an OpenID provider.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NationalConfig {
    /// Its name, as it stands on the button.
    pub name: Text,
    /// Its issuer address.
    pub issuer: String,
    /// What it calls this program.
    pub client_id: String,
    /// Its secret; or [`NationalConfig::client_secret_file`].
    #[serde(default)]
    pub client_secret: Option<ClientSecret>,
    /// A file that holds the secret.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// What is asked for; `openid profile` when nothing stands here.
    #[serde(default)]
    pub scope: Option<String>,
    /// The claim with the citizen identity number; `citizen_id`.
    #[serde(default)]
    pub number_claim: Option<String>,
    /// The claim that is `true` when the service vouches for it; `citizen_id_verified`.
    #[serde(default)]
    pub verified_claim: Option<String>,
    /// The claim with the name on the identity card; `name`.
    #[serde(default)]
    pub name_claim: Option<String>,
    /// The levels of assurance (`acr`) that are enough; none takes every one.
    #[serde(default)]
    pub assurance: Vec<String>,
}

/// `[letters]`: how short texts to the holders of accounts leave the house; nothing means that they do not.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LettersConfig {
    /// A folder that letters are written to instead of being sent: for demonstrations, which have one without asking.
    pub folder: Option<PathBuf>,
    /// The SMS gateway.
    pub gateway: Option<GatewayConfig>,
    /// The e-mail gateway.
    pub mail: Option<GatewayConfig>,
}

/// `[letters.gateway]` and `[letters.mail]`: a gateway for short messages (短信网关) or e-mail, or the adapter before one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayConfig {
    /// Where letters are posted.
    pub url: String,
    /// The name of the key they are signed with.
    pub key_id: String,
    /// Its secret, 32 bytes or more; or [`GatewayConfig::secret_file`].
    #[serde(default)]
    pub secret: Option<ClientSecret>,
    /// A file that holds the secret.
    #[serde(default)]
    pub secret_file: Option<PathBuf>,
}

/// Names, numbers and telephones go out in TLS only; in plain to this machine itself, or in a demonstration, whose people are invented.
fn check_address(place: &str, url: &str, demo: bool) -> Result<bool, Fault> {
    let wrong = |what: &str| Err(Fault::new(format!("{place}: {url:?} {what}")));
    let Ok(uri) = url.parse::<axum::http::Uri>() else { return wrong("cannot be read") };
    let Some(host) = uri.host() else { return wrong("names no host") };
    match uri.scheme_str() {
        Some("https") => Ok(true),
        Some("http") if demo || here(host) => Ok(false),
        _ => wrong("must be https://: what is sent tells of people"),
    }
}

/// A domain that is not the site's own or above it would turn every passkey off without a word.
pub(crate) fn check_passkeys(domain: &str, base_url: &str) -> Result<(), Fault> {
    let uri = base_url.parse::<axum::http::Uri>().ok();
    let host = uri.as_ref().and_then(|uri| uri.host()).unwrap_or_default();
    if domain.is_empty() || host == domain || host.ends_with(&format!(".{domain}")) {
        return Ok(());
    }
    Err(Fault::new(format!(
        "[identity] passkey_domain = {domain:?}: {base_url} lies neither at it nor below it"
    )))
}

fn secret_of(place: &str, plain: Option<&ClientSecret>, file: Option<&Path>) -> Result<ClientSecret, Fault> {
    match (plain, file) {
        (Some(secret), None) => Ok(secret.clone()),
        (None, Some(file)) => std::fs::read_to_string(file)
            .map(|text| ClientSecret::new(text.trim_end()))
            .map_err(|e| Fault::from(format!("{place}: reading the secret {}", file.display()), e)),
        _ => Err(Fault::new(format!("{place} has either the secret or its file"))),
    }
}

impl NationalConfig {
    /// The service, ready to be asked.
    ///
    /// # Errors
    /// A [`Fault`] that names what does not fit.
    pub fn load(&self, demo: bool) -> Result<National, Fault> {
        let https = check_address("[national] issuer", &self.issuer, demo)?;
        let (plain, file) = (self.client_secret.as_ref(), self.client_secret_file.as_deref());
        let secret = secret_of("[national]", plain, file)?;
        let mut service = NationalService::new(self.name.clone(), &self.issuer, &self.client_id, secret);
        for (set, own) in [
            (&self.scope, &mut service.scope),
            (&self.number_claim, &mut service.number_claim),
            (&self.verified_claim, &mut service.verified_claim),
            (&self.name_claim, &mut service.name_claim),
        ] {
            if let Some(set) = set {
                own.clone_from(set);
            }
        }
        service.assurance.clone_from(&self.assurance);
        Ok(National::new(service, Arc::new(Web::of_the_system(https)?)))
    }
}

/// Who carries letters: to telephones, and by e-mail.
pub type Carriers = (Option<Arc<dyn Carrier>>, Option<Arc<dyn Carrier>>);

impl LettersConfig {
    /// Who carries letters; `data` is the folder of a demonstration.
    ///
    /// # Errors
    /// A [`Fault`] that names what does not fit.
    pub fn carriers(
        &self,
        data: &Path,
        demo: bool,
        clock: &Arc<dyn Clock>,
        chance: &Arc<dyn Rng>,
    ) -> Result<Carriers, Fault> {
        let demo_folder = || demo.then(|| data.join("letters"));
        let gateways = self.gateway.is_some() || self.mail.is_some();
        let folder = match &self.folder {
            Some(_) if gateways => return Err(Fault::new("[letters] has either a folder or gateways")),
            Some(folder) => Some(folder.clone()),
            None if gateways => None,
            None => demo_folder(),
        };
        if let Some(folder) = folder {
            let carrier: Arc<dyn Carrier> = Arc::new(OutboxFolder::new(&folder));
            return Ok((Some(carrier.clone()), Some(carrier)));
        }
        let gateway = |way: &'static str, place: &str, config: &Option<GatewayConfig>| {
            let load = |config: &GatewayConfig| config.load(way, place, demo, (clock, chance));
            config.as_ref().map(load).transpose()
        };
        Ok((
            gateway("sms", "[letters.gateway]", &self.gateway)?,
            gateway("mail", "[letters.mail]", &self.mail)?,
        ))
    }
}

impl GatewayConfig {
    fn load(
        &self,
        way: &'static str,
        place: &str,
        demo: bool,
        (clock, chance): (&Arc<dyn Clock>, &Arc<dyn Rng>),
    ) -> Result<Arc<dyn Carrier>, Fault> {
        let https = check_address(&format!("{place} url"), &self.url, demo)?;
        let secret = secret_of(place, self.secret.as_ref(), self.secret_file.as_deref())?;
        let key = GatewayKey { key_id: self.key_id.clone(), secret };
        let web = Arc::new(Web::of_the_system(https)?);
        Ok(Arc::new(Gateway::new(way, &self.url, key, web, clock.clone(), chance.clone())?))
    }
}

/// Who writes letters, and who carries them.
pub(crate) fn post_office(site: &page::Site, (carrier, mail): Carriers) -> PostOffice {
    PostOffice { site: site.name.clone(), hotline: site.phone.clone(), carrier, mail }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use kernel::{SystemClock, SystemRng};

    const NAME: &str = "name = { \"zh-CN\" = \"国家身份认证\", en = \"the national identity service\" }\nclient_id = \"yimen\"\n";

    fn service(text: &str, demo: bool) -> Result<National, String> {
        let config: NationalConfig = toml::from_str(&format!("{NAME}{text}")).map_err(|e| e.to_string())?;
        config.load(demo).map_err(|fault| fault.to_string())
    }

    fn letters(text: &str, demo: bool) -> Result<(Option<&'static str>, Option<&'static str>), String> {
        let config: LettersConfig = toml::from_str(text).map_err(|e| e.to_string())?;
        let (clock, chance): (Arc<dyn Clock>, Arc<dyn Rng>) = (Arc::new(SystemClock), Arc::new(SystemRng));
        let way = |c: Option<Arc<dyn Carrier>>| c.map(|c| c.way());
        let carriers = config.carriers(Path::new("data"), demo, &clock, &chance);
        carriers.map(|(sms, mail)| (way(sms), way(mail))).map_err(|fault| fault.to_string())
    }

    #[test]
    fn a_service_that_does_not_fit_is_named() {
        let issuer = "issuer = \"https://sso.example.gov.cn\"\n";
        for (text, demo, say) in [
            (issuer, false, "either the secret or its file"),
            ("issuer = \"http://sso.example.gov.cn\"\nclient_secret = \"x\"\n", false, "must be https"),
            ("issuer = \"sso\"\nclient_secret = \"x\"\n", true, "[national] issuer"),
            (&format!("{issuer}client_secret_file = \"/no/such/file\"\n"), false, "/no/such/file"),
            (&format!("{issuer}client_secret = \"x\"\nacr = 3\n"), false, "acr"),
        ] {
            let error = service(text, demo).err().unwrap();
            assert!(error.contains(say), "{text}: {error}");
        }
        let own = "issuer = \"http://127.0.0.1:9\"\nclient_secret = \"x\"\nnumber_claim = \"sfzh\"\nassurance = [\"3\"]\n";
        let found = service(own, false).unwrap().service;
        assert_eq!((found.number_claim.as_str(), found.name_claim.as_str()), ("sfzh", "name"));
        assert_eq!((found.assurance, found.scope.as_str()), (vec!["3".to_owned()], "openid profile"));
    }

    #[test]
    fn letters_go_to_one_place() {
        let gateway = "[gateway]\nurl = \"https://sms.example\"\nkey_id = \"sms\"\nsecret = \"0123456789abcdef0123456789abcdef\"\n";
        assert_eq!(letters("", false), Ok((None, None)));
        let folder = Some("outbox-folder");
        assert_eq!(letters("", true), Ok((folder, folder)));
        assert_eq!(letters("folder = \"out\"\n", false), Ok((folder, folder)));
        assert_eq!(letters(gateway, false), Ok((Some("sms"), None)));
        let mail = gateway.replace("gateway", "mail");
        assert_eq!(letters(&mail, true), Ok((None, Some("mail"))), "no stand-in beside what is real");
        assert_eq!(letters(&format!("{gateway}{mail}"), false), Ok((Some("sms"), Some("mail"))));
        for (text, say) in [
            (format!("folder = \"out\"\n{gateway}"), "either a folder or gateways"),
            (gateway.replace("https", "http"), "must be https"),
            (gateway.replace("0123456789abcdef0123456789abcdef", "short"), "less than 32 bytes"),
        ] {
            let error = letters(&text, false).unwrap_err();
            assert!(error.contains(say), "{text}: {error}");
        }
    }

    #[test]
    fn passkeys_are_made_for_the_site_or_above_it() {
        for domain in ["", "zwfw.example.gov.cn", "example.gov.cn"] {
            assert!(check_passkeys(domain, "https://zwfw.example.gov.cn").is_ok(), "{domain}");
        }
        for domain in ["example.com", "fw.example.gov.cn", "https://zwfw.example.gov.cn"] {
            assert!(check_passkeys(domain, "https://zwfw.example.gov.cn").is_err(), "{domain}");
        }
    }

    #[test]
    fn a_start_says_what_does_not_fit() {
        let text = format!("demo = true\n[national]\n{NAME}issuer = \"https://sso.example\"\n");
        let config: Config = toml::from_str(&text).unwrap();
        assert!(config.check().unwrap_err().to_string().contains("[national]"));
    }
}
