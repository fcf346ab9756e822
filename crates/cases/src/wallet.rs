//! What whoever applies has at hand already: certificates kept here, and papers handed in once (一证通) that they ticked.

use crate::model::{CertificateId, Given};
use crate::things::Things;
use catalog::planner::{HeldAs, Holding, ProofGrade};
use certificates::Certificate;
use kernel::{Outcome, SubjectId, Timestamp, clock};
use proofs::{Grade, Proof, ProofId};
use std::collections::BTreeSet;

/// Certificates and kept papers of one subject.
#[derive(Clone, Default)]
pub struct Wallet {
    certificates: Vec<Certificate>,
    /// The kept papers that may be used again, the best of each kind and holder.
    pub proofs: Vec<Proof>,
    /// Those that are used.
    pub used: BTreeSet<ProofId>,
    /// Whom and what the papers of this matter are about.
    things: Things,
}

impl Wallet {
    /// Opens it for a matter: what is kept about another flat, child or vehicle stays in the drawer.
    ///
    /// # Errors
    /// A fault of the store.
    pub(crate) async fn load(
        store: &::store::Store,
        subject: SubjectId,
        now: Timestamp,
        used: BTreeSet<ProofId>,
        things: Things,
    ) -> Outcome<Self> {
        let held = certificates::held_by(store, subject, None, 100).await?;
        let mut proofs = proofs::find(store, subject, clock::legal_date(now)).await?;
        proofs.retain(|p| things.fit(store.sealer(), p));
        Ok(Self {
            certificates: held.into_iter().filter(|c| c.is_valid(now)).collect(),
            used: used.into_iter().filter(|id| proofs.iter().any(|p| p.id == *id)).collect(),
            proofs,
            things,
        })
    }

    /// Whom and what the papers of this matter are about.
    pub(crate) fn things(&self) -> &Things {
        &self.things
    }

    /// The holder as the drawer of the subject knows it: what is their own is the applicant's.
    pub(crate) fn own(&self, holder: &str) -> String {
        self.things.own(holder)
    }

    /// What the planner reckons with.
    pub(crate) fn holds(&self) -> Vec<Holding> {
        let mut all = Vec::new();
        for certificate in &self.certificates {
            all.extend(self.things.words().iter().map(|word| Holding {
                kind: certificate.kind.clone(),
                holder: word.clone(),
                by: HeldAs::Certificate,
                since: Some(certificate.valid_from),
                reference: certificate.id.to_string(),
            }));
        }
        for proof in self.proofs.iter().filter(|p| self.used.contains(&p.id)) {
            let words: Vec<String> = if proof.holder == catalog::APPLICANT {
                self.things.words().to_vec()
            } else {
                vec![proof.holder.clone()]
            };
            all.extend(words.into_iter().map(|holder| Holding {
                kind: proof.kind.clone(),
                holder,
                by: HeldAs::Proof(grade(proof.grade)),
                since: Some(proof.since()),
                reference: proof.id.to_string(),
            }));
        }
        all
    }

    /// A certificate of this kind.
    pub(crate) fn certificate(&self, kind: &str) -> Option<CertificateId> {
        self.certificates.iter().find(|c| c.kind == kind).map(|c| c.id)
    }

    /// The certificate of this kind that ends first.
    pub(crate) fn next_to_end(&self, kind: &str) -> Option<CertificateId> {
        let own = self.certificates.iter().filter(|c| c.kind == kind);
        own.filter_map(|c| Some((c.valid_until?, c.id))).min_by_key(|(until, _)| *until).map(|(_, id)| id)
    }

    /// The kept paper that may stand for one of this kind and holder, whether it is used or not.
    pub fn offer(&self, kind: &str, holder: &str) -> Option<&Proof> {
        let holder = self.own(holder);
        self.proofs.iter().find(|p| p.kind == kind && p.holder == holder)
    }

    /// The used kept paper of this kind and holder, as it is handed in.
    pub(crate) fn given(&self, kind: &str, holder: &str) -> Vec<Given> {
        let Some(proof) = self.offer(kind, holder).filter(|p| self.used.contains(&p.id)) else {
            return Vec::new();
        };
        let one = |file| Given::Kept { proof: proof.id, file };
        if proof.files.is_empty() {
            return vec![one(None)];
        }
        proof.files.iter().map(|file| one(Some(*file))).collect()
    }
}

/// How well a kept paper is proven, as the planner has it.
fn grade(grade: Grade) -> ProofGrade {
    match grade {
        Grade::Issued => ProofGrade::Issued,
        Grade::Checked => ProofGrade::Checked,
        Grade::Uploaded => ProofGrade::Uploaded,
        Grade::Declared => ProofGrade::Declared,
    }
}
