//! A passkey in software, for tests: makes its key, answers questions as a browser with an authenticator does, and lies when told to.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const PRESENT: u8 = 0x01;
const ATTESTED: u8 = 0x40;

/// An authenticator with one passkey.
pub struct Passkey {
    key: EcdsaKeyPair,
    credential: Vec<u8>,
    /// How often it was used; the next answer says one more, unless it is kept at nothing.
    pub counter: u32,
    /// Whose it says it is.
    pub holder: Option<String>,
    /// The site it thinks it is on.
    pub origin: String,
    /// The domain it was made for.
    pub domain: String,
    /// What it says of itself beside that somebody was there: 0x04 that it checked who.
    pub flags: u8,
}

impl Passkey {
    /// A passkey for a site, that checks who holds it.
    ///
    /// # Panics
    /// When there is no chance to make a key of.
    pub fn new(origin: &str, domain: &str) -> Self {
        let (kind, chance) = (&ECDSA_P256_SHA256_ASN1_SIGNING, SystemRandom::new());
        let bytes = EcdsaKeyPair::generate_pkcs8(kind, &chance).unwrap_or_else(|e| panic!("a passkey: {e}"));
        let key = EcdsaKeyPair::from_pkcs8(kind, bytes.as_ref(), &chance);
        let key = key.unwrap_or_else(|e| panic!("a passkey: {e}"));
        let credential = Sha256::digest(key.public_key().as_ref()).to_vec();
        let (origin, domain) = (origin.to_owned(), domain.to_owned());
        Self { key, credential, counter: 0, holder: None, origin, domain, flags: 0x04 }
    }

    fn client(&self, kind: &str, challenge: &str) -> Vec<u8> {
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn authenticator(&self, more: u8) -> Vec<u8> {
        let mut data = Sha256::digest(self.domain.as_bytes()).to_vec();
        data.push(PRESENT | self.flags | more);
        data.extend_from_slice(&self.counter.to_be_bytes());
        data
    }

    /// Its public key (COSE, ES256).
    fn cose(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let mut out = vec![0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01];
        for (label, from) in [(0x21, 1), (0x22, 33)] {
            out.extend_from_slice(&[label, 0x58, 0x20]);
            out.extend_from_slice(point.get(from..from + 32).unwrap_or_default());
        }
        out
    }

    /// What a browser brings when it was made for this question (the answer of `/login/passkey?for=new`).
    pub fn make(&mut self, question: &Value) -> String {
        let options = &question["options"];
        self.holder = options["user"]["id"].as_str().map(str::to_owned);
        let challenge = options["challenge"].as_str().unwrap_or_default();
        let mut data = self.authenticator(ATTESTED);
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&[0, 32]);
        data.extend_from_slice(&self.credential);
        data.extend_from_slice(&self.cose());
        // {"fmt": "none", "attStmt": {}, "authData": …}
        let mut object = vec![0xA3, 0x63];
        object.extend_from_slice(b"fmt\x64none\x67attStmt\xA0\x68authData\x58");
        object.push(u8::try_from(data.len()).unwrap_or(0));
        object.extend_from_slice(&data);
        json!({
            "id": URL_SAFE_NO_PAD.encode(&self.credential),
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(self.client("webauthn.create", challenge)),
                "attestationObject": URL_SAFE_NO_PAD.encode(object),
            },
        })
        .to_string()
    }

    /// What a browser brings when it was shown for this question.
    ///
    /// # Panics
    /// When it cannot sign.
    pub fn show(&mut self, question: &Value) -> String {
        self.counter += 1;
        self.show_again(question)
    }

    /// The same without counting: as a copy of it would.
    ///
    /// # Panics
    /// When it cannot sign.
    pub fn show_again(&self, question: &Value) -> String {
        let challenge = question["options"]["challenge"].as_str().unwrap_or_default();
        let (client, data) = (self.client("webauthn.get", challenge), self.authenticator(0));
        let message = [data.as_slice(), Sha256::digest(&client).as_slice()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &message);
        let signature = signature.unwrap_or_else(|e| panic!("a passkey signs: {e}"));
        json!({
            "id": URL_SAFE_NO_PAD.encode(&self.credential),
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(client),
                "authenticatorData": URL_SAFE_NO_PAD.encode(data),
                "signature": URL_SAFE_NO_PAD.encode(signature),
                "userHandle": self.holder,
            },
        })
        .to_string()
    }
}
