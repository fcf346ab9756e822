//! The kinds of tampering that every verifier is tried with: those that need a verifier of signatures, and those that already break
//! the file's structure.

use super::tests::{Desk, about, make, now, printed};
use super::*;
use kernel::SeededRng;

/// How many hexadecimal digits a signature has room for.
const HOLE: usize = 2 * 8192;

/// One tampered file, and what our own check may say of it.
pub(super) struct Kind {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub ours: Vec<Doubt>,
}

fn kind(name: &'static str, bytes: Vec<u8>, ours: &[Doubt]) -> Kind {
    Kind { name, bytes, ours: ours.to_vec() }
}

/// Tampering that leaves a file which can be opened.
pub(super) fn forged(desk: &Desk) -> Vec<Kind> {
    use Doubt::{BrokenSignature, Changed, NotAPdf, NotCovered, NotSigned, UnknownSigner};
    let pdf = &desk.pdf;
    let hole = rfind(pdf, b"/Contents <") + b"/Contents <".len();
    let other = make(&desk.folder.path().join("other"), desk.signer.algorithm(), &SeededRng::new(9), now());
    let trailing = [pdf.as_slice(), b"\n% more\n"].concat();
    vec![
        kind("content", flip(pdf, find(pdf, b"stream\n") + 20), &[Changed]),
        kind("date", flip(pdf, rfind(pdf, b"D:20261122") + 9), &[Changed]),
        kind("trailer", flip(pdf, rfind(pdf, b"/ID") + 12), &[Changed]),
        kind("end", flip(pdf, pdf.len() - 2), &[NotAPdf]),
        kind("appended", trailing, &[NotCovered]),
        kind("updated", updated(pdf), &[NotCovered]),
        // a byte range that leaves something out, and bytes hidden behind the signature
        kind("range", widened(pdf), &[Changed, NotCovered]),
        kind("padding", flip(pdf, hole + HOLE - 10), &[NotCovered]),
        kind("value", flip(pdf, signature_value(pdf)), &[BrokenSignature]),
        kind(
            "certificate",
            flip(pdf, hole + 400),
            &[BrokenSignature, Changed, NotCovered, NotSigned, UnknownSigner],
        ),
        kind("foreign", seal(&printed(), &other, &about()).unwrap(), &[UnknownSigner]),
        kind("transplanted", transplanted(desk), &[Changed]),
        kind("unsigned", printed(), &[NotSigned]),
    ]
}

/// Damage to the structure: a reader that repairs it shows something else than was signed.
pub(super) fn broken(desk: &Desk) -> Vec<Kind> {
    let pdf = &desk.pdf;
    let put = |what: &[u8], by: &[u8]| {
        let at = find(pdf, what);
        [&pdf[..at], by, &pdf[at + what.len()..]].concat()
    };
    let table = rfind(pdf, b"startxref\n") + b"startxref\n".len();
    let mut astray = pdf.clone();
    astray[table..table + 5].fill(b'9');
    let files = [
        ("cut", pdf[..pdf.len() - 300].to_vec()),
        ("half", pdf[..pdf.len() / 2].to_vec()),
        ("no head", put(b"%PDF", b"%QQQ")),
        ("shifted", [&pdf[..9], b"% put in\n", &pdf[9..]].concat()),
        ("table astray", astray),
        ("no object", put(b"\n4 0 obj", b"\n4 0 bjo")),
        ("no end of a stream", put(b"endstream", b"endstraem")),
        ("length", lengthened(pdf)),
        ("open dictionary", put(b"/Type/Page", b"/Type>>age")),
        ("no root", replaced(pdf, b"/Root", b"/Rxot")),
    ];
    // our own check never repairs: what it says first depends on where it stumbles
    files.map(|(name, bytes)| Kind { name, bytes, ours: Vec::new() }).into()
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|w| w == what).unwrap()
}

fn rfind(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).rposition(|w| w == what).unwrap()
}

pub(super) fn flip(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[at] ^= 1;
    changed
}

/// Every `what` by something of the same length.
fn replaced(bytes: &[u8], what: &[u8], by: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for at in 0..=out.len() - what.len() {
        if out[at..].starts_with(what) {
            out[at..at + what.len()].copy_from_slice(by);
        }
    }
    out
}

/// The last stream says that it is longer than it is.
fn lengthened(pdf: &[u8]) -> Vec<u8> {
    let mut out = pdf.to_vec();
    let at = rfind(pdf, b"/Length ") + b"/Length ".len();
    let digits = out[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    out[at..at + digits].fill(b'9');
    out
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
    out[to..to + HOLE].copy_from_slice(&other[from..from + HOLE]);
    out
}

/// A hexadecimal digit inside the value of the signature, which is the last thing in the CMS.
fn signature_value(pdf: &[u8]) -> usize {
    let hole = rfind(pdf, b"/Contents <") + b"/Contents <".len();
    let length = pdf[hole..hole + HOLE].iter().rposition(|b| *b != b'0').unwrap();
    hole + length - 20
}

#[test]
fn ten_kinds_of_tampering_are_refused() {
    refused(&super::tests::desk_by(crate::Algorithm::P256));
}

#[test]
fn ten_kinds_of_tampering_are_refused_with_sm2() {
    refused(&super::tests::desk_by(crate::Algorithm::Sm2));
}

fn refused(desk: &Desk) {
    let trust = desk.signer.trust();
    assert!(check_pdf(&desk.pdf, &trust).is_ok());
    for Kind { name, bytes, ours } in forged(desk).into_iter().chain(broken(desk)) {
        let doubt = check_pdf(&bytes, &trust).expect_err(name);
        assert!(ours.is_empty() || ours.contains(&doubt), "{name}: {doubt:?}");
    }
    assert_eq!(check_pdf(b"hello", &trust), Err(Doubt::NotAPdf));
}
