//! Secrets at rest: AES-256-GCM under a key ring outside the database, and keyed blind indexes to find them by.

use crate::keys::{Ring, SECRET_LEN};
use crate::{FromValue, ToValue, Value};
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use hmac::{Hmac, Mac};
use kernel::{Fault, Rng, rng};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use zeroize::Zeroizing;

/// First byte of everything sealed; then the key's id (4 bytes), the nonce (12 bytes), the text and its tag (16 bytes).
const FORMAT: u8 = 1;
const HEAD_LEN: usize = 17;

/// Seals with the newest key, opens with any key of the ring; cheap to clone. Nonces are random, so a key is good for
/// 2^32 values (NIST SP 800-38D): rotate before that.
#[derive(Clone)]
pub struct Sealer {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    rng: Arc<dyn Rng>,
    ring: RwLock<Ring>,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

impl Sealer {
    /// Loads the key ring; makes one when there is no file.
    pub(crate) fn load(path: &Path, rng: Arc<dyn Rng>) -> Result<Self, Fault> {
        let ring = Ring::load_or_make(path, rng.as_ref())?;
        Ok(Self { shared: Arc::new(Shared { path: path.to_owned(), rng, ring: RwLock::new(ring) }) })
    }

    /// Encrypts `plain`; `context` (`identity_document.number`) is authenticated and must be given again to open it.
    ///
    /// # Errors
    /// A [`Fault`] when the cipher refuses (never for ordinary sizes).
    pub fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, Fault> {
        let ring = self.shared.ring.read().unwrap_or_else(PoisonError::into_inner);
        let (id, secret) = ring.newest();
        let nonce: [u8; 12] = rng::bytes(self.shared.rng.as_ref());
        let text = cipher(secret)?
            .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: context.as_bytes() })
            .map_err(|_| Fault::new(format!("{context} cannot be sealed")))?;
        let mut out = Vec::with_capacity(HEAD_LEN + text.len());
        out.push(FORMAT);
        out.extend_from_slice(&id.to_be_bytes());
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&text);
        Ok(out)
    }

    /// Decrypts what [`Sealer::seal`] made.
    ///
    /// # Errors
    /// A [`Fault`] when the key is unknown, the context is another, or a bit has changed.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, Fault> {
        let id =
            key_id(sealed).ok_or_else(|| Fault::new(format!("{context} does not hold a sealed value")))?;
        let head = (sealed.get(5..HEAD_LEN), sealed.get(HEAD_LEN..));
        let (Some(nonce), Some(text)) = head else {
            return Err(Fault::new(format!("{context} holds a sealed value that was cut off")));
        };
        let nonce = <[u8; 12]>::try_from(nonce).map_err(|e| Fault::from("reading a nonce", e))?;
        let secret = self.secret(id).ok_or_else(|| {
            Fault::new(format!(
                "{context} was sealed with key {id}, which is not in {}",
                self.shared.path.display()
            ))
        })?;
        cipher(&secret)?
            .decrypt(&Nonce::from(nonce), Payload { msg: text, aad: context.as_bytes() })
            .map_err(|_| Fault::new(format!("{context} does not open: it was changed, or belongs elsewhere")))
    }

    /// The key `id`; another server may have added it to the shared file, so the file is read again when it is unknown.
    fn secret(&self, id: u32) -> Option<Zeroizing<[u8; SECRET_LEN]>> {
        let find = || self.shared.ring.read().unwrap_or_else(PoisonError::into_inner).get(id);
        find().or_else(|| {
            let again = Ring::load(&self.shared.path).ok()?;
            *self.shared.ring.write().unwrap_or_else(PoisonError::into_inner) = again;
            find()
        })
    }

    /// The keyed index of `text` within `domain`, in hex: equal texts give equal indexes, and nothing else is learnt.
    pub fn blind(&self, domain: &str, text: &str) -> String {
        self.blind_bytes(domain, text.as_bytes())
    }

    /// As [`Sealer::blind`], for bytes.
    pub fn blind_bytes(&self, domain: &str, bytes: &[u8]) -> String {
        let ring = self.shared.ring.read().unwrap_or_else(PoisonError::into_inner);
        let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(ring.index()) else {
            // HMAC takes keys of every length: this cannot be reached, and must not stop the program if it is.
            return String::new();
        };
        mac.update(domain.as_bytes());
        mac.update(&[0]);
        mac.update(bytes);
        hex::encode(mac.finalize().into_bytes())
    }

    /// Adds a new key to the ring and its file; from now on it seals, and the older ones go on opening.
    ///
    /// # Errors
    /// A [`Fault`] when the file cannot be written; the ring is unchanged then.
    pub fn rotate(&self) -> Result<u32, Fault> {
        let mut ring = self.shared.ring.write().unwrap_or_else(PoisonError::into_inner);
        let grown = Ring::load(&self.shared.path)?.grown(self.shared.rng.as_ref());
        grown.save(&self.shared.path)?;
        *ring = grown;
        Ok(ring.newest().0)
    }

    /// Whether `sealed` was made with an older key than the newest.
    pub fn stale(&self, sealed: &[u8]) -> bool {
        let ring = self.shared.ring.read().unwrap_or_else(PoisonError::into_inner);
        key_id(sealed) != Some(ring.newest().0)
    }

    /// `sealed` under the newest key, or `None` when it is already. A room's re-sealing job walks its rows keyset by
    /// keyset and writes `UPDATE … SET number = $new WHERE id = $id AND number = $old`.
    ///
    /// # Errors
    /// As [`Sealer::open`].
    pub fn reseal(&self, context: &str, sealed: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        if !self.stale(sealed) {
            return Ok(None);
        }
        let plain = Zeroizing::new(self.open(context, sealed)?);
        self.seal(context, &plain).map(Some)
    }

    /// The key file's text, for the backup.
    pub(crate) fn key_file(&self) -> Result<Zeroizing<String>, Fault> {
        std::fs::read_to_string(&self.shared.path)
            .map(Zeroizing::new)
            .map_err(|e| Fault::from("reading the key file", e))
    }
}

fn cipher(secret: &[u8; SECRET_LEN]) -> Result<Aes256Gcm, Fault> {
    Aes256Gcm::new_from_slice(secret).map_err(|_| Fault::new("a key has the wrong length"))
}

fn key_id(sealed: &[u8]) -> Option<u32> {
    match sealed {
        [FORMAT, a, b, c, d, ..] => Some(u32::from_be_bytes([*a, *b, *c, *d])),
        _ => None,
    }
}

/// A sealed `T` as it lies in a BYTEA column; prints as `sealed`.
pub struct Sealed<T>(Vec<u8>, PhantomData<fn() -> T>);

impl<T> Clone for Sealed<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<T> PartialEq for Sealed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> std::fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("sealed")
    }
}

impl<T: Serialize + DeserializeOwned> Sealed<T> {
    /// Seals `value` (as JSON) under `context`.
    ///
    /// # Errors
    /// A [`Fault`] when it cannot be written as JSON.
    pub fn seal(sealer: &Sealer, context: &str, value: &T) -> Result<Self, Fault> {
        let plain = Zeroizing::new(serde_json::to_vec(value).map_err(|e| Fault::from("sealing a value", e))?);
        Ok(Self(sealer.seal(context, &plain)?, PhantomData))
    }

    /// Opens it.
    ///
    /// # Errors
    /// As [`Sealer::open`], or when it is no `T`.
    pub fn open(&self, sealer: &Sealer, context: &str) -> Result<T, Fault> {
        let plain = Zeroizing::new(sealer.open(context, &self.0)?);
        serde_json::from_slice(&plain).map_err(|_| Fault::new(format!("{context} holds another type")))
    }
}

impl<T> ToValue for Sealed<T> {
    fn to_value(&self) -> Value {
        Value::Bytes(self.0.clone())
    }
}

impl<T> FromValue for Sealed<T> {
    fn from_value(value: Value) -> Result<Self, String> {
        Vec::<u8>::from_value(value).map(|bytes| Self(bytes, PhantomData))
    }
}
