//! Packs an OFD and signs it (GB/T 33190-2016, 18): a list of digests over every file of the package, and a CMS over the list.

use super::cms;
use super::pdf::Seal;
use crate::keys::{Algorithm, Signer};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::{Fault, Timestamp, clock};
use sha2::{Digest as _, Sha256};
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The root of the package.
pub(super) const ROOT: &str = "OFD.xml";
/// The list of signatures: one, and no other may come beside it.
const LIST: &str = "Doc_0/Signs/Signatures.xml";
/// The digests of all files, and what else is signed.
pub(super) const SIGNED: &str = "Doc_0/Signs/Sign_0/Signature.xml";
/// The CMS over [`SIGNED`].
pub(super) const VALUE: &str = "Doc_0/Signs/Sign_0/SignedValue.dat";
/// Under which name the certificate's identifier is signed.
pub(super) const IDENTIFIER: &str = "YIMEN_Identifier";

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";

/// How the moment of signing is written.
pub(super) const MOMENT: &str = "%Y-%m-%dT%H:%M:%S+08:00";

/// Packs the files of a document, and signs all of them.
///
/// # Errors
/// A [`Fault`] when it cannot be signed or packed.
pub fn seal_ofd(
    mut parts: Vec<(String, Vec<u8>)>,
    signer: &Signer,
    title: &str,
    about: &Seal<'_>,
) -> Result<Vec<u8>, Fault> {
    parts.insert(0, (ROOT.to_owned(), root(title, about).into_bytes()));
    let list = format!(
        "{HEAD}<ofd:Signatures {NAMESPACE}><ofd:MaxSignId>1</ofd:MaxSignId>\
         <ofd:Signature ID=\"1\" Type=\"Sign\" BaseLoc=\"/{SIGNED}\"/></ofd:Signatures>"
    );
    parts.push((LIST.to_owned(), list.into_bytes()));
    let algorithm = signer.algorithm();
    let signed = signed(&parts, algorithm, about).into_bytes();
    let value = cms::sign(&signer.documents, &algorithm.digest(&[&signed]))?;
    parts.push((SIGNED.to_owned(), signed));
    parts.push((VALUE.to_owned(), value));
    pack(&parts, about.at)
}

/// `OFD.xml`: what it is, and where the document begins.
fn root(title: &str, about: &Seal<'_>) -> String {
    let id: String = Sha256::digest(about.identifier).iter().take(16).map(|b| format!("{b:02x}")).collect();
    let (title, issuer, identifier) = (escape(title), escape(about.issuer), escape(about.identifier));
    let (day, contact) = (clock::legal_date(about.at), escape(about.contact));
    format!(
        "{HEAD}<ofd:OFD {NAMESPACE} Version=\"1.1\" DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{id}</ofd:DocID>\
         <ofd:Title>{title}</ofd:Title><ofd:Author>{issuer}</ofd:Author><ofd:CreationDate>{day}</ofd:CreationDate>\
         <ofd:Creator>Yimen</ofd:Creator><ofd:CustomDatas><ofd:CustomData Name=\"{IDENTIFIER}\">{identifier}</ofd:CustomData>\
         <ofd:CustomData Name=\"verify_url\">{contact}</ofd:CustomData></ofd:CustomDatas></ofd:DocInfo>\
         <ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Signatures>{LIST}</ofd:Signatures></ofd:DocBody></ofd:OFD>"
    )
}

/// `Signature.xml`: by whom, when, how, for which certificate, and the digest of each file.
fn signed(parts: &[(String, Vec<u8>)], algorithm: Algorithm, about: &Seal<'_>) -> String {
    let references: String = parts
        .iter()
        .map(|(path, bytes)| {
            let value = STANDARD.encode(algorithm.digest(&[bytes]));
            format!(
                "<ofd:Reference FileRef=\"/{path}\"><ofd:CheckValue>{value}</ofd:CheckValue></ofd:Reference>"
            )
        })
        .collect();
    let at = about.at.to_zoned(clock::legal_zone()).strftime(MOMENT);
    let parameters: String =
        [(IDENTIFIER, about.identifier), ("issuer", about.issuer), ("reason", about.reason)]
            .map(|(name, text)| format!("<ofd:Parameter Name=\"{name}\">{}</ofd:Parameter>", escape(text)))
            .concat();
    format!(
        "{HEAD}<ofd:Signature {NAMESPACE}><ofd:SignedInfo><ofd:Provider ProviderName=\"Yimen\" Version=\"1\" Company=\"Yimen\"/>\
         <ofd:SignatureMethod>{}</ofd:SignatureMethod><ofd:SignatureDateTime>{at}</ofd:SignatureDateTime>\
         <ofd:Parameters>{parameters}</ofd:Parameters><ofd:References CheckMethod=\"{}\">{references}</ofd:References>\
         </ofd:SignedInfo><ofd:SignedValue>/{VALUE}</ofd:SignedValue></ofd:Signature>",
        algorithm.signature().oid,
        algorithm.hash().oid
    )
}

fn pack(parts: &[(String, Vec<u8>)], at: Timestamp) -> Result<Vec<u8>, Fault> {
    let doing = "packing an OFD";
    let day = clock::legal_date(at);
    let stamp = (u16::try_from(day.year()), u8::try_from(day.month()), u8::try_from(day.day()));
    let stamp = match stamp {
        (Ok(y), Ok(m), Ok(d)) => DateTime::from_date_and_time(y, m, d, 0, 0, 0).unwrap_or_default(),
        _ => DateTime::default(),
    };
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(stamp)
        .unix_permissions(0o444);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in parts {
        zip.start_file(path, options).map_err(|e| Fault::from(doing, e))?;
        zip.write_all(bytes).map_err(|e| Fault::from(doing, e))?;
    }
    zip.finish().map(Cursor::into_inner).map_err(|e| Fault::from(doing, e))
}

fn escape(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
