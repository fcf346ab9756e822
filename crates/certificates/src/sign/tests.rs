//! Signed PDFs before our own eyes; what other people's programs say of them stands in `tests_outside.rs`.

use super::tampering::flip;
use super::*;
use crate::keys::{self, Algorithm};
use kernel::{SeededRng, Timestamp};
use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

pub(crate) fn now() -> Timestamp {
    "2026-11-22T02:00:00Z".parse().unwrap()
}

/// A page as the press prints it (PDF/A-2a); `crates/paper/tests/packs.rs` makes it anew with YIMEN_SHOW set.
pub(super) fn printed() -> Vec<u8> {
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

pub(super) struct Desk {
    pub folder: tempfile::TempDir,
    pub signer: keys::Signer,
    pub pdf: Vec<u8>,
}

pub(super) fn make(folder: &Path, algorithm: Algorithm, rng: &SeededRng, now: Timestamp) -> keys::Signer {
    keys::load_or_make(folder, algorithm, rng, now, true).unwrap()
}

fn desk() -> Desk {
    desk_by(Algorithm::P256)
}

pub(super) fn desk_by(algorithm: Algorithm) -> Desk {
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
