//! The public key of a passkey, as authenticators write it (COSE, RFC 9052 and 9053).

use ciborium::Value;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};

/// The kinds that are asked for, the best liked first (IANA COSE algorithms): ES256, `EdDSA`, RS256.
pub(crate) const ALGORITHMS: [i64; 3] = [-7, -8, -257];

/// A public key.
pub(crate) enum PublicKey {
    /// ES256: P-256 and SHA-256.
    P256(Vec<u8>),
    /// `EdDSA`: Ed25519.
    Ed25519(Vec<u8>),
    /// RS256: PKCS #1 1.5 and SHA-256.
    Rsa {
        /// The modulus.
        n: Vec<u8>,
        /// The exponent.
        e: Vec<u8>,
    },
}

impl PublicKey {
    /// Reads a key; nothing when it is of another kind.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let value: Value = ciborium::from_reader(bytes).ok()?;
        let parts = value.as_map()?;
        let part = |label: i64| {
            let named = |(name, _): &&(Value, Value)| name.as_integer() == Some(label.into());
            parts.iter().find(named).map(|(_, value)| value)
        };
        let number = |label: i64| part(label)?.as_integer().and_then(|n| i64::try_from(n).ok());
        let bytes = |label: i64| part(label)?.as_bytes().cloned();
        match (number(1)?, number(3)?) {
            (2, -7) if number(-1)? == 1 => {
                let (x, y) = (bytes(-2)?, bytes(-3)?);
                (x.len() == 32 && y.len() == 32).then(|| Self::P256([vec![4], x, y].concat()))
            }
            (1, -8) if number(-1)? == 6 => bytes(-2).filter(|x| x.len() == 32).map(Self::Ed25519),
            (3, -257) => Some(Self::Rsa { n: bytes(-1)?, e: bytes(-2)? }),
            _ => None,
        }
    }

    /// Whether it signed the message.
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature).is_ok()
            }
            Self::Ed25519(point) => {
                UnparsedPublicKey::new(&ED25519, point).verify(message, signature).is_ok()
            }
            Self::Rsa { n, e } => RsaPublicKeyComponents { n, e }
                .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
                .is_ok(),
        }
    }
}
