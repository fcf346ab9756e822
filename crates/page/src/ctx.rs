//! What a page knows about the request: language, print size, who is signed in, the form token.

use crate::layer::Basics;
use crate::{CsrfToken, Site};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use kernel::{Lang, Timestamp};
use std::convert::Infallible;
use std::sync::Arc;

/// Who is signed in, as shown at the top of the page; put into the request's extensions by identity's layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// The person's name.
    pub name: String,
    /// The firm acted for, when one is.
    pub acting: Option<String>,
    /// Whether it is a member of staff.
    pub staff: bool,
    /// Whether there is another capacity to switch to.
    pub can_switch: bool,
}

/// What a page knows about the request.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// The reader's language.
    pub lang: Lang,
    /// Big-print mode (长者模式).
    pub big: bool,
    /// The path asked for.
    pub path: String,
    /// The query asked with, without the question mark; may be empty.
    pub query: String,
    /// Who is signed in.
    pub badge: Option<Badge>,
    /// The form token, masked for this page.
    pub csrf: String,
    /// The site's particulars.
    pub site: Arc<Site>,
    /// The request's reference number.
    pub request_id: String,
    /// The moment of the request.
    pub now: Timestamp,
    /// Whether a script asked (autosave) and wants JSON instead of a page.
    pub json: bool,
}

impl Ctx {
    /// A context for render tests and examples.
    pub fn sample(lang: Lang) -> Self {
        Self {
            lang,
            big: false,
            path: "/".to_owned(),
            query: String::new(),
            badge: None,
            csrf: "sample".to_owned(),
            site: Arc::new(Site::demo()),
            request_id: "7K3M9Q2PXA".to_owned(),
            now: kernel::clock::from_micros(1_795_312_800_000_000),
            json: false,
        }
    }

    /// The same with somebody signed in.
    #[must_use]
    pub fn signed_in(mut self, name: &str, acting: Option<&str>, staff: bool) -> Self {
        self.badge = Some(Badge {
            name: name.to_owned(),
            acting: acting.map(str::to_owned),
            staff,
            can_switch: !staff,
        });
        self
    }
}

/// The token that a form of this request must carry: the session's, else the visitor's.
pub(crate) fn token_of(parts: &Parts, basics: &Basics) -> String {
    parts.extensions.get::<CsrfToken>().map_or_else(|| basics.visitor.clone(), |t| t.0.clone())
}

impl<S: Send + Sync> FromRequestParts<S> for Ctx {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(match parts.extensions.get::<Basics>() {
            Some(basics) => basics.ctx(basics.see(parts)),
            None => {
                tracing::error!("a page was asked for outside of page::layer");
                Self::sample(Lang::default())
            }
        })
    }
}
