//! What one room needs and another has: adapters between their sockets.

use certificates::Signer;
use certificates::sign::{Seal, seal};
use kernel::Fault;
use procedure::About;
use std::sync::Arc;

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
