//! Signed roots over all heads: only against them can a cut-off tail be seen.

use crate::canon;
use crate::model::Algorithm;
use crate::store::{self, LeafRow, RootRow};
use crate::verify::Trust;
use ::store::{Ground, Store, command};
use kernel::{ActorRef, Fault, Lang, Outcome, Rng, rng};
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _, LineEnding,
};
use std::collections::BTreeMap;
use std::path::Path;

/// How many subjects one root covers at most; what remains is taken by the next.
const LEAVES: usize = 500;
/// How many events are read for one root.
const EVENTS: i64 = 2_000;

/// The P-256 key that signs roots.
#[derive(Clone)]
pub struct RootKey(SigningKey);

impl std::fmt::Debug for RootKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RootKey({})", key_id(self.0.verifying_key()))
    }
}

impl RootKey {
    /// The key in `path` (PKCS #8 PEM), or a new one written there, readable by its owner only.
    ///
    /// # Errors
    /// A [`Fault`] when the file cannot be read, written or understood.
    pub fn load_or_make(path: &Path, rng: &dyn Rng) -> Result<Self, Fault> {
        let doing = || format!("the key of the trace's roots, {}", path.display());
        match std::fs::read_to_string(path) {
            Ok(pem) => Self::from_pem(&pem).map_err(|f| f.while_doing(doing())),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let key = Self::make(rng)?;
                let pem = key.0.to_pkcs8_pem(LineEnding::LF).map_err(|e| Fault::from(doing(), e))?;
                write_once(path, pem.as_bytes(), rng.next_u64()).map_err(|e| Fault::from(doing(), e))?;
                // Another server may have been faster: the key that lies there is everybody's.
                let pem = std::fs::read_to_string(path).map_err(|e| Fault::from(doing(), e))?;
                Self::from_pem(&pem).map_err(|f| f.while_doing(doing()))
            }
            Err(e) => Err(Fault::from(doing(), e)),
        }
    }

    /// The key in a PKCS #8 PEM text.
    ///
    /// # Errors
    /// A [`Fault`] when it is none.
    pub fn from_pem(pem: &str) -> Result<Self, Fault> {
        SigningKey::from_pkcs8_pem(pem)
            .map(Self)
            .map_err(|e| Fault::new(format!("no P-256 key in PKCS #8 PEM: {e}")))
    }

    /// A new key.
    ///
    /// # Errors
    /// A [`Fault`] when chance gives no valid key, which does not happen.
    pub fn make(rng: &dyn Rng) -> Result<Self, Fault> {
        for _ in 0..64 {
            if let Ok(key) = SigningKey::from_slice(&rng::bytes::<32>(rng)) {
                return Ok(Self(key));
            }
        }
        Err(Fault::new("chance gave no valid P-256 key"))
    }

    /// Trust in this key: what a server checks its own roots against ([`check_roots`], `yimen doctor`).
    ///
    /// # Errors
    /// A [`Fault`] when the public key cannot be written.
    pub fn trust(&self) -> Result<Trust, Fault> {
        Trust::default().key(&self.public_pem()?).map_err(|say| Fault::new(say.en))
    }

    /// The public key in PEM: what a stranger needs to check roots.
    ///
    /// # Errors
    /// A [`Fault`] when it cannot be written.
    pub fn public_pem(&self) -> Result<String, Fault> {
        self.0
            .verifying_key()
            .to_public_key_pem(LineEnding::LF)
            .map_err(|e| Fault::new(format!("writing a public key: {e}")))
    }
}

/// Puts the whole file where none is, or leaves the one that is there: half a key is never seen at `path`.
fn write_once(path: &Path, bytes: &[u8], chance: u64) -> std::io::Result<()> {
    let beside = path.with_extension(format!("{chance:016x}"));
    write_private(&beside, bytes)?;
    let linked = std::fs::hard_link(&beside, path);
    std::fs::remove_file(&beside)?;
    match linked {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(e),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(not(unix))]
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::write(path, bytes)
}

/// The short name of a public key: the first eight bytes of the SHA-256 of its compressed point, in hexadecimal.
pub(crate) fn key_id(key: &VerifyingKey) -> String {
    hex::encode(&Algorithm::Sha256.digest(&key.to_sec1_bytes())[..8])
}

/// Reads a public key in PEM.
pub(crate) fn public_key(pem: &str) -> Option<VerifyingKey> {
    VerifyingKey::from_public_key_pem(pem).ok()
}

/// Whether `signature` (r and s, 64 bytes) over `statement` is by `key`.
pub(crate) fn signed_by(key: &VerifyingKey, statement: &[u8], signature: &[u8]) -> bool {
    Signature::from_slice(signature).is_ok_and(|s| key.verify(statement, &s).is_ok())
}

/// The statement of a root.
pub(crate) fn statement(r: &RootRow) -> Vec<u8> {
    canon::root_statement(r.algorithm, r.number, r.at, r.leaves, &r.merkle, &r.prev)
}

/// The levels of the tree over `leaves`, from the leaves up; an odd node goes up as it is.
fn levels(algorithm: Algorithm, leaves: Vec<[u8; 32]>) -> Vec<Vec<[u8; 32]>> {
    let mut all = vec![leaves];
    while let Some(last) = all.last().filter(|l| l.len() > 1) {
        let next = last
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => canon::node_hash(algorithm, left, right),
                [one, ..] => *one,
                [] => [0; 32],
            })
            .collect();
        all.push(next);
    }
    all
}

fn leaf_hashes(algorithm: Algorithm, leaves: &[LeafRow]) -> Vec<[u8; 32]> {
    leaves.iter().map(|l| canon::leaf_hash(algorithm, &l.digest, l.seq, &l.hash)).collect()
}

/// The root of the tree over `leaves`.
pub(crate) fn merkle(algorithm: Algorithm, leaves: &[LeafRow]) -> [u8; 32] {
    levels(algorithm, leaf_hashes(algorithm, leaves))
        .last()
        .and_then(|l| l.first())
        .copied()
        .unwrap_or([0; 32])
}

/// The way from leaf `index` to the root: at each level the other node, `None` where there is none.
pub(crate) fn path(algorithm: Algorithm, leaves: &[LeafRow], index: usize) -> Vec<Option<[u8; 32]>> {
    let levels = levels(algorithm, leaf_hashes(algorithm, leaves));
    let climbed = levels.len().saturating_sub(1);
    levels
        .iter()
        .take(climbed)
        .scan(index, |at, level| {
            let other = level.get(*at ^ 1).copied();
            *at /= 2;
            Some(other)
        })
        .collect()
}

/// Climbs `path` from a leaf.
pub(crate) fn climb(
    algorithm: Algorithm,
    leaf: [u8; 32],
    mut index: usize,
    path: &[Option<[u8; 32]>],
) -> [u8; 32] {
    path.iter().fold(leaf, |node, other| {
        let up = match other {
            None => node,
            Some(other) if index.is_multiple_of(2) => canon::node_hash(algorithm, &node, other),
            Some(other) => canon::node_hash(algorithm, other, &node),
        };
        index /= 2;
        up
    })
}

/// Signs roots until every event is covered; run on a schedule. Returns how many roots were signed.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn sign_roots(ground: &Ground, key: &RootKey) -> Outcome<usize> {
    let mut signed = 0;
    while command!(ground, Lang::default(), ActorRef::system(), |cx| sign_one(&mut cx, key).await)? {
        signed += 1;
    }
    Ok(signed)
}

async fn sign_one(cx: &mut ::store::Cx, key: &RootKey) -> Outcome<bool> {
    let mut heads: BTreeMap<String, (i64, [u8; 32])> = BTreeMap::new();
    for row in store::unsigned(cx.store(), EVENTS).await? {
        if heads.len() == LEAVES && !heads.contains_key(&row.subject) {
            break;
        }
        heads.insert(row.subject, (row.seq, row.hash));
    }
    if heads.is_empty() {
        return Ok(false);
    }
    let algorithm = Algorithm::chosen();
    let mut leaves: Vec<LeafRow> = heads
        .into_iter()
        .map(|(subject, (seq, hash))| LeafRow {
            digest: canon::subject_digest(algorithm, &subject),
            subject,
            seq,
            hash,
        })
        .collect();
    leaves.sort_by_key(|l| l.digest);
    let last = store::last_root(cx.store()).await?;
    let mut root = RootRow {
        number: last.as_ref().map_or(0, |r| r.number) + 1,
        at: cx.now,
        algorithm,
        leaves: i64::try_from(leaves.len()).unwrap_or(i64::MAX),
        merkle: merkle(algorithm, &leaves),
        prev: last.map_or([0; 32], |r| r.hash),
        hash: [0; 32],
        key_id: key_id(key.0.verifying_key()),
        public_key: key.public_pem()?,
        signature: Vec::new(),
    };
    let statement = statement(&root);
    root.hash = algorithm.digest(&statement);
    let signature: Signature = key.0.sign(&statement);
    root.signature = signature.to_bytes().to_vec();
    store::insert_root(&mut cx.commit, &root, &leaves);
    Ok(true)
}

/// What [`check_roots`] found.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// How many roots were looked at.
    pub roots: usize,
    /// How many heads they cover.
    pub heads: usize,
    /// What does not fit: cut-off tails, rewritten events, false signatures, missing roots.
    pub problems: Vec<String>,
}

/// Compares the log with every signed root (`yimen doctor`): a tail that was cut off, or a chain rewritten, shows here.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn check_roots(store: &Store, trust: &Trust) -> Result<Checked, Fault> {
    let mut found = Checked::default();
    let (mut number, mut prev) = (0, [0; 32]);
    loop {
        let roots = store::roots_after(store, number, 100).await?;
        if roots.is_empty() {
            return Ok(found);
        }
        for root in roots {
            if root.number != number + 1 || root.prev != prev {
                found.problems.push(format!("root {} is missing or was replaced", number + 1));
            }
            check_root(store, trust, &root, &mut found).await?;
            (number, prev) = (root.number, root.hash);
        }
    }
}

async fn check_root(store: &Store, trust: &Trust, root: &RootRow, found: &mut Checked) -> Result<(), Fault> {
    let statement = statement(root);
    if root.algorithm.digest(&statement) != root.hash
        || !trust.accepts(&root.key_id, &statement, &root.signature)
    {
        found.problems.push(format!("root {} is not signed by a trusted key", root.number));
    }
    let leaves = store::leaves(store, root.number).await?;
    if merkle(root.algorithm, &leaves) != root.merkle {
        found.problems.push(format!("the heads under root {} were changed", root.number));
    }
    for leaf in &leaves {
        match store::hash_at(store, &leaf.subject, leaf.seq).await? {
            Some(hash) if hash == leaf.hash => {}
            Some(_) => found.problems.push(format!(
                "{}: event {} is not the one that root {} covers",
                leaf.subject, leaf.seq, root.number
            )),
            None => found.problems.push(format!(
                "{}: event {} is gone; root {} covers it",
                leaf.subject, leaf.seq, root.number
            )),
        }
    }
    found.roots += 1;
    found.heads += leaves.len();
    Ok(())
}
