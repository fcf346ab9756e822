//! Signed PDFs before other people's eyes (poppler, pyHanko), and tampering before our own.

use super::*;
use crate::keys::{self, Algorithm};
use kernel::{SeededRng, Timestamp};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) fn now() -> Timestamp {
    "2026-11-22T02:00:00Z".parse().unwrap()
}

/// A page as the press prints it (PDF/A-2a); `crates/paper/tests/packs.rs` makes it anew with YIMEN_SHOW set.
fn printed() -> Vec<u8> {
    include_bytes!("../../tests/printed.pdf").to_vec()
}

pub(super) fn about() -> Seal<'static> {
    Seal {
        at: now(),
        reason: "签发电子证照",
        issuer: "南京市交通运输局",
        identifier: "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
        contact: "http://127.0.0.1:8080/verify",
    }
}

struct Desk {
    folder: tempfile::TempDir,
    signer: keys::Signer,
    pdf: Vec<u8>,
}

pub(super) fn make(folder: &Path, algorithm: Algorithm, rng: &SeededRng, now: Timestamp) -> keys::Signer {
    keys::load_or_make(folder, algorithm, rng, now, true).unwrap()
}

fn desk() -> Desk {
    desk_by(Algorithm::P256)
}

fn desk_by(algorithm: Algorithm) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let signer = make(&folder.path().join("keys"), algorithm, &SeededRng::new(1), now());
    let pdf = seal(&printed(), &signer, &about()).unwrap();
    std::fs::write(folder.path().join("a.pdf"), &pdf).unwrap();
    Desk { folder, signer, pdf }
}

pub(super) fn run(program: impl AsRef<OsStr>, args: &[&OsStr]) -> (bool, String) {
    let program = program.as_ref();
    let out = Command::new(program)
        .args(args)
        .output()
        .unwrap_or_else(|e| panic!("{program:?} cannot be run: {e}"));
    let said = [out.stdout, out.stderr].concat();
    (out.status.success(), String::from_utf8_lossy(&said).into_owned())
}

fn pyhanko() -> PathBuf {
    let path = std::env::var_os("YIMEN_PYHANKO").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/venv/bin/pyhanko"),
        PathBuf::from,
    );
    assert!(
        path.exists(),
        "pyHanko is missing at {}: python3 -m venv target/venv && target/venv/bin/pip install pyhanko pyhanko-cli, \
         or name it in YIMEN_PYHANKO (cargo xtask test does both)",
        path.display()
    );
    path
}

#[test]
fn pdfsig_says_valid_and_whole() {
    let desk = desk();
    let file = desk.folder.path().join("a.pdf");
    let (_, said) = run("pdfsig", &[file.as_os_str()]);
    for line in ["Signature is Valid", "Total document signed", "ETSI.CAdES.detached", "SHA-256"] {
        assert!(said.contains(line), "{line} is missing in {said}");
    }
}

#[test]
fn pyhanko_says_valid_trusted_and_certified() {
    let desk = desk();
    let file = desk.folder.path().join("a.pdf");
    let ca = desk.folder.path().join("keys/ca.pem");
    let args = ["sign", "validate", "--pretty-print", "--no-revocation-check", "--trust-replace", "--trust"];
    let mut args: Vec<&OsStr> = args.iter().map(OsStr::new).collect();
    args.extend([ca.as_os_str(), file.as_os_str()]);
    let (good, said) = run(pyhanko(), &args);
    assert!(good, "{said}");
    for line in ["is cryptographically sound", "trusted", "The signature is judged VALID"] {
        assert!(said.contains(line), "{line} is missing in {said}");
    }
}

#[test]
fn our_own_check_says_who_when_and_which() {
    let desk = desk();
    let checked = check_pdf(&desk.pdf, &desk.signer.trust()).unwrap();
    assert_eq!(checked.signer, "电子证照签章(演示)");
    assert_eq!((checked.signed_at, checked.identifier.as_str()), (now(), about().identifier));
}

#[test]
fn keys_are_kept_protected_and_renewed_under_the_same_authority() {
    let folder = tempfile::tempdir().unwrap();
    let rng = SeededRng::new(2);
    let first = make(folder.path(), Algorithm::P256, &rng, now());
    let again = make(folder.path(), Algorithm::P256, &rng, now());
    assert_eq!(first.documents.certificate, again.documents.certificate);
    let later = now() + jiff::SignedDuration::from_hours(24 * 365 * 3);
    let renewed = make(folder.path(), Algorithm::P256, &rng, later);
    assert_ne!(first.documents.certificate, renewed.documents.certificate);
    assert_eq!(first.documents.authority, renewed.documents.authority);
    let old = seal(&printed(), &first, &about()).unwrap();
    assert!(check_pdf(&old, &renewed.trust()).is_ok(), "what was signed before stays good");
    #[cfg(unix)]
    for name in ["ca.key", "signer.key"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name} may be read by its owner only");
    }
    let foreign = tempfile::tempdir().unwrap();
    make(foreign.path(), Algorithm::P256, &rng, now());
    std::fs::copy(foreign.path().join("signer.key"), folder.path().join("signer.key")).unwrap();
    let fault =
        keys::load_or_make(folder.path(), Algorithm::P256, &rng, later, true).unwrap_err().to_string();
    assert!(fault.contains("does not belong"), "{fault}");
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|w| w == what).unwrap()
}

fn rfind(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).rposition(|w| w == what).unwrap()
}

fn flip(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[at] ^= 1;
    changed
}

#[test]
fn ten_kinds_of_tampering_are_refused() {
    tampered(&desk());
}

#[test]
fn ten_kinds_of_tampering_are_refused_with_sm2() {
    tampered(&desk_by(Algorithm::Sm2));
}

fn tampered(desk: &Desk) {
    let pdf = &desk.pdf;
    let trust = desk.signer.trust();
    let doubt = |name: &str, bytes: &[u8]| {
        let doubt = check_pdf(bytes, &trust).expect_err(name);
        if bytes.starts_with(b"%PDF-") && bytes.len() > 2_000 {
            let file = desk.folder.path().join("bad.pdf");
            std::fs::write(&file, bytes).unwrap();
            let (_, said) = run("pdfsig", &[file.as_os_str()]);
            let fooled = said.contains("Signature is Valid") && said.contains("Total document signed");
            assert!(!fooled || doubt == Doubt::UnknownSigner, "{name}: pdfsig would say good");
        }
        doubt
    };
    // 1 a byte of the content, 2 of the signature's own dictionary, 3 of the trailer
    assert_eq!(doubt("content", &flip(pdf, find(pdf, b"stream\n") + 20)), Doubt::Changed);
    assert_eq!(doubt("date", &flip(pdf, rfind(pdf, b"D:20261122") + 9)), Doubt::Changed);
    assert_eq!(doubt("trailer", &flip(pdf, rfind(pdf, b"/ID") + 12)), Doubt::Changed);
    assert_eq!(doubt("end", &flip(pdf, pdf.len() - 2)), Doubt::NotAPdf);
    // 4 something appended, 5 an update that replaces the page, 6 the end cut off
    assert_eq!(doubt("appended", &[pdf.as_slice(), b"\n% more\n"].concat()), Doubt::NotCovered);
    assert_eq!(doubt("updated", &updated(pdf)), Doubt::NotCovered);
    doubt("cut", &pdf[..pdf.len() - 300]);
    // 7 a byte range that leaves something out, 8 bytes hidden behind the signature
    assert!(matches!(doubt("range", &widened(pdf)), Doubt::Changed | Doubt::NotCovered));
    let hole = rfind(pdf, b"/Contents <") + b"/Contents <".len();
    assert_eq!(doubt("padding", &flip(pdf, hole + 2 * 8192 - 10)), Doubt::NotCovered);
    // 9 the signature value, 10 the certificate inside it
    assert!(matches!(doubt("value", &flip(pdf, signature_value(pdf))), Doubt::BrokenSignature));
    assert_ne!(doubt("certificate", &flip(pdf, hole + 400)), Doubt::NotAPdf);
    // 11 signed by somebody else, 12 signature taken from another file, 13 not signed, 14 not a PDF
    let other = make(&desk.folder.path().join("other"), desk.signer.algorithm(), &SeededRng::new(9), now());
    assert_eq!(doubt("foreign", &seal(&printed(), &other, &about()).unwrap()), Doubt::UnknownSigner);
    assert_eq!(doubt("transplanted", &transplanted(desk)), Doubt::Changed);
    assert_eq!(doubt("unsigned", &printed()), Doubt::NotSigned);
    assert_eq!(doubt("no PDF", b"hello"), Doubt::NotAPdf);
}

/// Whoever has OpenSSL checks an SM2 signature so: the digest of what the byte range covers, the signature over the attributes, and the
/// signer's certificate under the authority's.
#[test]
fn openssl_says_that_an_sm2_signature_is_good_and_a_changed_one_is_not() {
    let desk = desk_by(Algorithm::Sm2);
    assert_eq!(check_pdf(&desk.pdf, &desk.signer.trust()).unwrap().algorithm, Algorithm::Sm2);
    let folder = desk.folder.path();
    let at = |name: &str| folder.join(name).display().to_string();
    let openssl = |line: &str| run("openssl", &line.split(' ').map(OsStr::new).collect::<Vec<_>>());
    let hole = rfind(&desk.pdf, b"/Contents <") + b"/Contents ".len();
    let after = hole + 2 + 2 * 8192;
    std::fs::write(folder.join("covered"), [&desk.pdf[..hole], &desk.pdf[after..]].concat()).unwrap();
    let (good, digest) = openssl(&format!("dgst -sm3 -r {}", at("covered")));
    assert!(good, "{digest}");
    let document = lopdf::Document::load_mem(&desk.pdf).unwrap();
    let der = check::contents(&desk.pdf, check::only_signature(&document).unwrap()).unwrap();
    std::fs::write(folder.join("cms"), &der).unwrap();
    let (_, shown) = openssl(&format!("cms -cmsout -print -noout -inform DER -in {}", at("cms")));
    for named in ["pkcs7-signedData", "digestAlgorithm", "sm3", "SM2-with-SM3"] {
        assert!(shown.contains(named), "{named} is missing in {shown}");
    }
    let hex: String = shown.split("messageDigest").nth(1).unwrap().split("OCTET STRING:").nth(1).unwrap()
        [..260]
        .lines()
        .filter_map(|line| line.split_once(" - "))
        .flat_map(|(_, bytes)| {
            bytes.split("   ").next().unwrap_or_default().chars().filter(char::is_ascii_hexdigit)
        })
        .collect();
    assert!(hex.starts_with(digest.split(' ').next().unwrap()), "{hex} is not {digest}");
    let info = signed_by_sm2(&der);
    std::fs::write(folder.join("attributes"), &info.0).unwrap();
    std::fs::write(folder.join("value"), &info.1).unwrap();
    let (_, key) = openssl(&format!("x509 -in {} -noout -pubkey", at("keys/sm2/signer.pem")));
    std::fs::write(folder.join("key"), key).unwrap();
    let verify = |message: &str| {
        openssl(&format!(
            "dgst -sm3 -verify {} -signature {} -sigopt distid:1234567812345678 {}",
            at("key"),
            at("value"),
            at(message)
        ))
    };
    assert_eq!((true, "Verified OK\n".to_owned()), verify("attributes"));
    std::fs::write(folder.join("changed"), flip(&info.0, info.0.len() - 1)).unwrap();
    assert!(!verify("changed").0, "a changed digest");
    let (good, said) = openssl(&format!(
        "verify -vfyopt distid:1234567812345678 -CAfile {} {}",
        at("keys/sm2/ca.pem"),
        at("keys/sm2/signer.pem")
    ));
    assert!(good, "{said}");
}

/// The signed attributes as they were signed, and the signature.
pub(super) fn signed_by_sm2(der: &[u8]) -> (Vec<u8>, Vec<u8>) {
    use der::{Decode as _, Encode as _};
    let outer = ::cms::content_info::ContentInfo::from_der(der).unwrap();
    let signed: ::cms::signed_data::SignedData = outer.content.decode_as().unwrap();
    let info = signed.signer_infos.0.get(0).unwrap();
    (info.signed_attrs.to_der().unwrap(), info.signature.as_bytes().to_vec())
}

#[test]
fn what_was_signed_before_the_change_to_sm2_and_back_stays_good() {
    let desk = desk();
    let folder = desk.folder.path().join("keys");
    let sm2 = make(&folder, Algorithm::Sm2, &SeededRng::new(3), now());
    assert_eq!(check_pdf(&desk.pdf, &sm2.trust()).unwrap().algorithm, Algorithm::P256);
    let new = seal(&printed(), &sm2, &about()).unwrap();
    assert_eq!(
        check_pdf(&new, &desk.signer.trust()),
        Err(Doubt::UnknownSigner),
        "one who knows the old only"
    );
    let public = keys::Trust::from_pem(&sm2.authority_pem().unwrap()).unwrap();
    assert!(check_pdf(&new, &public).is_ok() && check_pdf(&desk.pdf, &public).is_ok());
    let back = make(&folder, Algorithm::P256, &SeededRng::new(4), now());
    assert!(check_pdf(&new, &back.trust()).is_ok() && back.algorithm() == Algorithm::P256);
    sm2.must_sign_tokens().unwrap();
    let alone = keys::Signer::from_pem(
        &folder.join("sm2/signer.pem"),
        &folder.join("sm2/signer.key"),
        &folder.join("sm2/ca.pem"),
    );
    let fault = alone.unwrap().must_sign_tokens().unwrap_err().to_string();
    assert!(fault.contains("[signing.tokens]"), "{fault}");
}

#[test]
fn every_truncation_and_many_flips_are_refused_without_panic() {
    let desk = desk();
    let trust = desk.signer.trust();
    let step = desk.pdf.len() / 97;
    for at in (0..desk.pdf.len()).step_by(step) {
        assert!(check_pdf(&desk.pdf[..at], &trust).is_err(), "cut at {at}");
        assert!(check_pdf(&flip(&desk.pdf, at), &trust).is_err(), "flipped at {at}");
    }
}

/// An incremental update that puts another page in place of the signed one.
fn updated(pdf: &[u8]) -> Vec<u8> {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let mut update = lopdf::IncrementalDocument::create_from(pdf.to_vec(), document);
    let page = update.get_prev_documents().page_iter().next().unwrap();
    update.opt_clone_object_to_new_document(page).unwrap();
    let page = update.new_document.get_object_mut(page).unwrap().as_dict_mut().unwrap();
    page.set("MediaBox", vec![0.into(), 0.into(), 100.into(), 100.into()]);
    let mut out = Vec::new();
    update.save_to(&mut out).unwrap();
    out
}

/// A second hole over the content, so that a change there would go unseen.
fn widened(pdf: &[u8]) -> Vec<u8> {
    let mut out = pdf.to_vec();
    let at = rfind(pdf, b"/ByteRange [") + b"/ByteRange [".len();
    out[at..at + 10].copy_from_slice(b"100       ");
    out
}

/// A good signature over another document.
fn transplanted(desk: &Desk) -> Vec<u8> {
    let another = Seal {
        identifier: "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F",
        ..about()
    };
    let other = seal(&printed(), &desk.signer, &another).unwrap();
    let mut out = desk.pdf.clone();
    let hole = |pdf: &[u8]| rfind(pdf, b"/Contents <") + b"/Contents <".len();
    let (to, from) = (hole(&out), hole(&other));
    out[to..to + 2 * 8192].copy_from_slice(&other[from..from + 2 * 8192]);
    out
}

/// A hexadecimal digit inside the ECDSA value, which is the last thing in the CMS.
fn signature_value(pdf: &[u8]) -> usize {
    let hole = rfind(pdf, b"/Contents <") + b"/Contents <".len();
    let length = pdf[hole..hole + 2 * 8192].iter().rposition(|b| *b != b'0').unwrap();
    hole + length - 20
}
