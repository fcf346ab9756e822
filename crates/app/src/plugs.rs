//! What one room needs and another has: adapters between their sockets.

use crate::post::Web;
use async_trait::async_trait;
use certificates::sign::{Seal, seal};
use certificates::{Signer, TimeAuthority};
use exchange::Post as _;
use identity::mandate::{ItemName, Items};
use kernel::{Failure, Fault};
use procedure::About;
use std::sync::Arc;

/// The cases, for tickets that end with one.
pub struct CaseFilings;

#[async_trait]
impl hall::Filings for CaseFilings {
    async fn filed(&self, store: &store::Store, number: &kernel::codes::CaseNumber) -> Result<bool, Fault> {
        match cases::progress(store, number, &cases::Scope::program()).await {
            Ok(_) => Ok(true),
            Err(Failure::Refused(_)) => Ok(false),
            Err(Failure::Fault(fault)) => Err(fault),
        }
    }
}

/// The names of service items for mandates, as the catalogue has them.
pub struct CatalogItems;

#[async_trait]
impl Items for CatalogItems {
    async fn find(&self, store: &store::Store, q: &str, limit: usize) -> Result<Vec<ItemName>, Fault> {
        let q = (!q.is_empty()).then(|| q.to_owned());
        let found = catalog::list(store, &catalog::Filter { q, limit, ..Default::default() }).await?;
        let directory = identity::directory(store).await?;
        let one =
            |i: catalog::Listed| ItemName { agency: directory.text(&i.agency), key: i.key, name: i.name };
        Ok(found.into_iter().map(one).collect())
    }

    async fn named(&self, store: &store::Store, keys: &[String]) -> Result<Vec<ItemName>, Fault> {
        let directory = identity::directory(store).await?;
        let mut named = Vec::with_capacity(keys.len());
        for key in keys {
            let Some(found) = catalog::find(store, key).await?.filter(|p| p.item.key == *key) else {
                continue;
            };
            let (name, agency) = (found.item.name.clone(), directory.text(&found.item.agency));
            named.push(ItemName { key: key.clone(), name, agency });
        }
        Ok(named)
    }
}

/// Signs notices with the key that signs certificates.
pub struct NoticeSigner {
    /// Who signs.
    pub signer: Arc<Signer>,
    /// Where a notice can be asked after.
    pub contact: String,
}

impl procedure::Signer for NoticeSigner {
    fn sign(&self, pdf: &[u8], about: &About) -> Result<Vec<u8>, Fault> {
        let seal_of = Seal {
            at: about.at,
            reason: &about.title,
            issuer: &about.body,
            identifier: &about.number,
            contact: &self.contact,
        };
        seal(pdf, &self.signer, &seal_of)
    }
}

/// An authority of time stamps, asked over HTTP (RFC 3161 §3.4).
pub struct TimeStamps {
    /// How HTTP is spoken.
    pub web: Web,
    /// Where it is asked.
    pub url: String,
}

#[async_trait]
impl TimeAuthority for TimeStamps {
    async fn ask(&self, request: Vec<u8>) -> Result<Vec<u8>, String> {
        let kind = ("content-type".to_owned(), "application/timestamp-query".to_owned());
        match self.web.post(&self.url, &[kind].into(), &request).await? {
            (200, answer) => Ok(answer),
            (status, _) => Err(format!("it answers {status}")),
        }
    }
}
