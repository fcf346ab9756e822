//! Signed OFDs and tampered ones before our own eyes; what OpenSSL says of them stands in `tests_outside.rs`.

use super::tests::{about, make, now};
use super::*;
use crate::keys::{Algorithm, Signer};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::SeededRng;
use std::io::{Cursor, Read as _, Write as _};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

pub(super) type Parts = Vec<(String, Vec<u8>)>;

fn parts() -> Parts {
    let part = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
    vec![
        part("Doc_0/Document.xml", "<document/>"),
        part("Doc_0/Pages/Page_0/Content.xml", "<page>旅游包车标贴</page>"),
        part("Doc_0/Attachs/certificate.json", "{\"kind\": \"charter-bus-sticker\"}"),
    ]
}

pub(super) fn sealed(signer: &Signer) -> Vec<u8> {
    seal_ofd(parts(), signer, "旅游包车标贴 <A&B>", &about()).unwrap()
}

pub(super) fn unpack(ofd: &[u8]) -> Parts {
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

#[test]
fn our_own_check_says_which_and_reads_the_data() {
    let folder = tempfile::tempdir().unwrap();
    let signer = make(folder.path(), Algorithm::P256, &SeededRng::new(1), now());
    let ofd = sealed(&signer);
    let checked = check_file(&ofd, &signer.trust()).unwrap();
    assert_eq!((checked.identifier.as_str(), checked.signed_at), (about().identifier, now()));
    assert_eq!(checked.data.unwrap()["kind"], "charter-bus-sticker");
    let root = unpack(&ofd).into_iter().find(|(path, _)| path == "OFD.xml").unwrap().1;
    assert!(String::from_utf8(root).unwrap().contains("旅游包车标贴 &lt;A&amp;B&gt;"));
}

/// Packages that were tampered with, by name; the keys of another signer are made in `other`.
pub(super) fn forged_packages(signer: &Signer, other: &std::path::Path) -> Vec<(&'static str, Parts)> {
    let good = unpack(&sealed(signer));
    let index = |name: &str| good.iter().position(|(path, _)| path.ends_with(name)).unwrap();
    let with = |change: &dyn Fn(&mut Parts)| {
        let mut parts = good.clone();
        change(&mut parts);
        parts
    };
    let (page, root, data) = (index("Content.xml"), index("OFD.xml"), index("certificate.json"));
    let (list, value) = (index("Signature.xml"), index("SignedValue.dat"));
    let inside = |from: &str, to: &str| {
        let text = String::from_utf8(good[list].1.clone()).unwrap();
        assert!(text.contains(from), "{from} in {text}");
        with(&|p| p[list].1 = text.replacen(from, to, 1).into_bytes())
    };
    let stranger = make(other, signer.algorithm(), &SeededRng::new(2), now());
    let foreign = unpack(&sealed(&stranger));
    let about = Seal {
        identifier: "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F",
        ..about()
    };
    let another = unpack(&seal_ofd(parts(), signer, "another", &about).unwrap());
    let digest = |bytes: &[u8]| STANDARD.encode(signer.algorithm().digest(&[bytes]));
    let mut fitted = inside(&digest(&good[page].1), &digest(b"<page>1</page>"));
    fitted[page].1 = b"<page>1</page>".to_vec();
    vec![
        ("page", with(&|p| p[page].1.push(b' '))),
        ("root", with(&|p| p[root].1.push(b' '))),
        ("data", with(&|p| p[data].1 = b"{}".to_vec())),
        ("taken away", with(&|p| drop(p.remove(data)))),
        ("no signature", with(&|p| drop(p.remove(value)))),
        ("no list", with(&|p| drop(p.remove(list)))),
        ("list", with(&|p| p[list].1.push(b' '))),
        ("another moment", inside("<ofd:SignatureDateTime>2026", "<ofd:SignatureDateTime>2025")),
        ("page and list", fitted),
        ("value", with(&|p| *p[value].1.last_mut().unwrap() ^= 1)),
        ("certificate", with(&|p| p[value].1[200] ^= 1)),
        ("foreign value", with(&|p| p[value] = foreign[value].clone())),
        ("foreign", foreign.clone()),
        ("transplanted", with(&|p| p[value] = another[value].clone())),
        ("added", with(&|p| p.push(("Doc_0/Annots.xml".to_owned(), Vec::new())))),
    ]
}

#[test]
fn every_kind_of_tampering_is_refused_with_both_algorithms() {
    for algorithm in [Algorithm::P256, Algorithm::Sm2] {
        let folder = tempfile::tempdir().unwrap();
        let signer = make(folder.path(), algorithm, &SeededRng::new(1), now());
        let trust = signer.trust();
        for (name, parts) in forged_packages(&signer, &folder.path().join("other")) {
            assert!(check_ofd(&pack(&parts), &trust).is_err(), "{algorithm:?}: {name}");
        }
    }
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
