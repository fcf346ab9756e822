//! Secrets at rest: AES-256-GCM under a key ring outside the database, and keyed blind indexes to find them by.

use crate::{FromValue, ToValue, Value};
use kernel::Fault;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// Seals with the newest key, opens with any key of the ring; cheap to clone.
#[derive(Clone)]
pub struct Sealer;

impl Sealer {
    /// Encrypts `plain`; `context` (`identity_document.number`) is authenticated and must be given again to open it.
    ///
    /// # Errors
    /// A [`Fault`] when the cipher refuses (never for ordinary sizes).
    pub fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, Fault> {
        let _ = (context, plain);
        Err(Fault::new("not built yet"))
    }

    /// Decrypts what [`Sealer::seal`] made.
    ///
    /// # Errors
    /// A [`Fault`] when the key is unknown, the context is another, or a bit has changed.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, Fault> {
        let _ = (context, sealed);
        Err(Fault::new("not built yet"))
    }

    /// The keyed index of `text` within `domain`, in hex: equal texts give equal indexes, and nothing else is learnt.
    pub fn blind(&self, domain: &str, text: &str) -> String {
        let _ = (domain, text);
        String::new()
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
        let plain =
            zeroize::Zeroizing::new(serde_json::to_vec(value).map_err(|e| Fault::from("sealing a value", e))?);
        Ok(Self(sealer.seal(context, &plain)?, PhantomData))
    }

    /// Opens it.
    ///
    /// # Errors
    /// As [`Sealer::open`], or when it is no `T`.
    pub fn open(&self, sealer: &Sealer, context: &str) -> Result<T, Fault> {
        let plain = zeroize::Zeroizing::new(sealer.open(context, &self.0)?);
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
