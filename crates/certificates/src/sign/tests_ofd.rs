//! Signed OFDs before OpenSSL's eyes, and tampering before our own.

use super::tests::{about, make, now, run, signed_by_sm2};
use super::*;
use crate::keys::{Algorithm, Signer};
use kernel::SeededRng;
use std::ffi::OsStr;
use std::io::{Cursor, Read as _, Write as _};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

type Parts = Vec<(String, Vec<u8>)>;

fn parts() -> Parts {
    let part = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
    vec![
        part("Doc_0/Document.xml", "<document/>"),
        part("Doc_0/Pages/Page_0/Content.xml", "<page>旅游包车标贴</page>"),
        part("Doc_0/Attachs/certificate.json", "{\"kind\": \"charter-bus-sticker\"}"),
    ]
}

fn sealed(signer: &Signer) -> Vec<u8> {
    seal_ofd(parts(), signer, "旅游包车标贴 <A&B>", &about()).unwrap()
}

fn unpack(ofd: &[u8]) -> Parts {
    let mut zip = ZipArchive::new(Cursor::new(ofd)).unwrap();
    let one = |n: usize| {
        let mut file = zip.by_index(n).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().to_owned(), bytes)
    };
    (0..zip_len(ofd)).map(one).collect()
}

fn zip_len(ofd: &[u8]) -> usize {
    ZipArchive::new(Cursor::new(ofd)).unwrap().len()
}

fn pack(parts: &Parts) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in parts {
        zip.start_file(path, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn openssl(line: &str) -> (bool, String) {
    run("openssl", &line.split(' ').map(OsStr::new).collect::<Vec<_>>())
}

/// Writes the parts of `ofd` into `folder` under their last names.
fn spread(ofd: &[u8], folder: &std::path::Path) {
    for (path, bytes) in unpack(ofd) {
        std::fs::write(folder.join(path.rsplit('/').next().unwrap()), bytes).unwrap();
    }
}

#[test]
fn openssl_says_that_the_list_is_signed_and_the_digests_are_right() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let signer = make(&folder.path().join("keys"), Algorithm::P256, &SeededRng::new(1), now());
    let ofd = sealed(&signer);
    let checked = check_file(&ofd, &signer.trust()).unwrap();
    assert_eq!((checked.identifier.as_str(), checked.signed_at), (about().identifier, now()));
    assert_eq!(checked.data.unwrap()["kind"], "charter-bus-sticker");
    spread(&ofd, folder.path());
    std::fs::write(folder.path().join("ca.pem"), signer.authority_pem().unwrap()).unwrap();
    let verify = |content: &str| {
        openssl(&format!(
            "cms -verify -binary -purpose any -inform DER -in {} -content {} -CAfile {} -out {}",
            at("SignedValue.dat"),
            at(content),
            at("ca.pem"),
            at("out")
        ))
    };
    let (good, said) = verify("Signature.xml");
    assert!(good && said.contains("successful"), "{said}");
    assert!(!verify("OFD.xml").0, "another file than was signed");
    let (_, digest) = openssl(&format!("dgst -sha256 -r {}", at("Content.xml")));
    let list = std::fs::read_to_string(at("Signature.xml")).unwrap();
    let value = list.split("Content.xml\"><ofd:CheckValue>").nth(1).unwrap().split('<').next().unwrap();
    let value = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, value).unwrap();
    let hex: String = value.iter().map(|b| format!("{b:02x}")).collect();
    assert!(digest.starts_with(&hex), "{hex} is not {digest}");
    assert!(std::fs::read_to_string(at("OFD.xml")).unwrap().contains("旅游包车标贴 &lt;A&amp;B&gt;"));
}

#[test]
fn openssl_says_the_same_of_sm2_and_sm3() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let signer = make(&folder.path().join("keys"), Algorithm::Sm2, &SeededRng::new(1), now());
    let ofd = sealed(&signer);
    assert_eq!(check_ofd(&ofd, &signer.trust()).unwrap().algorithm, Algorithm::Sm2);
    spread(&ofd, folder.path());
    let list = std::fs::read_to_string(at("Signature.xml")).unwrap();
    assert!(list.contains("CheckMethod=\"1.2.156.10197.1.401\"") && list.contains(">1.2.156.10197.1.501<"));
    let (attributes, value) = signed_by_sm2(&std::fs::read(at("SignedValue.dat")).unwrap());
    let (_, digest) = openssl(&format!("dgst -sm3 -r {}", at("Signature.xml")));
    let hex: String = attributes.iter().map(|b| format!("{b:02x}")).collect();
    assert!(hex.contains(digest.split(' ').next().unwrap()), "the attributes carry the digest of the list");
    std::fs::write(at("attributes"), attributes).unwrap();
    std::fs::write(at("value"), value).unwrap();
    let (_, key) = openssl(&format!("x509 -in {} -noout -pubkey", at("keys/sm2/signer.pem")));
    std::fs::write(at("key"), key).unwrap();
    let said = openssl(&format!(
        "dgst -sm3 -verify {} -signature {} -sigopt distid:1234567812345678 {}",
        at("key"),
        at("value"),
        at("attributes")
    ));
    assert_eq!(said, (true, "Verified OK\n".to_owned()));
}

#[test]
fn what_is_changed_added_taken_away_or_signed_by_others_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let signer = make(folder.path(), Algorithm::P256, &SeededRng::new(1), now());
    let (ofd, trust) = (sealed(&signer), signer.trust());
    let good = unpack(&ofd);
    assert!(check_ofd(&pack(&good), &trust).is_ok(), "packed anew it is the same");
    let doubt = |change: &dyn Fn(&mut Parts)| {
        let mut parts = good.clone();
        change(&mut parts);
        check_ofd(&pack(&parts), &trust).unwrap_err()
    };
    let index = |name: &str| good.iter().position(|(path, _)| path.ends_with(name)).unwrap();
    assert_eq!(doubt(&|p| p[index("Content.xml")].1.push(b' ')), Doubt::Changed);
    assert_eq!(doubt(&|p| p[index("OFD.xml")].1.push(b' ')), Doubt::Changed);
    assert_eq!(doubt(&|p| p.push(("Doc_0/Annots.xml".to_owned(), Vec::new()))), Doubt::NotCovered);
    assert_eq!(doubt(&|p| drop(p.remove(index("certificate.json")))), Doubt::Changed);
    assert_eq!(doubt(&|p| drop(p.remove(index("SignedValue.dat")))), Doubt::NotSigned);
    assert_eq!(doubt(&|p| p[index("Signature.xml")].1.push(b' ')), Doubt::Changed);
    assert_eq!(doubt(&|p| p.retain(|(path, _)| path != "OFD.xml")), Doubt::NotAnOfd);
    let other = make(&folder.path().join("other"), Algorithm::P256, &SeededRng::new(2), now());
    assert_eq!(check_ofd(&sealed(&other), &trust), Err(Doubt::UnknownSigner));
    let value = unpack(&sealed(&other)).pop().unwrap();
    assert_eq!(doubt(&|p| p[index("SignedValue.dat")] = value.clone()), Doubt::UnknownSigner);
}

#[test]
fn no_broken_package_makes_it_panic_or_say_something_else() {
    let folder = tempfile::tempdir().unwrap();
    let signer = make(folder.path(), Algorithm::P256, &SeededRng::new(1), now());
    let (ofd, trust) = (sealed(&signer), signer.trust());
    let whole = check_ofd(&ofd, &trust).unwrap();
    for at in (0..ofd.len()).step_by(7) {
        assert!(check_ofd(&ofd[..at], &trust).is_err(), "cut at {at}");
        let mut flipped = ofd.clone();
        flipped[at] ^= 0x15;
        // what is about the package and not in it (dates, rights) may differ
        assert!(
            check_ofd(&flipped, &trust).is_ok_and(|c| c == whole) || check_ofd(&flipped, &trust).is_err()
        );
    }
    assert_eq!(check_ofd(b"PK", &trust), Err(Doubt::NotAnOfd));
}
