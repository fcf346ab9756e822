//! Programs that others wrote before our signatures: each must accept what is right, and refuse every kind of tampering that it can see.
//! Which it cannot see stands in `blind` here, and in the table of decision 0030.

use super::tampering::{Kind, broken, flip, forged};
use super::tests::{Desk, desk_by, run};
use super::tests_ofd::{Parts, forged_packages, sealed, unpack};
use super::*;
use crate::keys::Algorithm;
use ::cms::content_info::ContentInfo;
use ::cms::signed_data::SignedData;
use der::asn1::OctetString;
use der::oid::db::rfc5911;
use der::{Decode as _, Encode as _};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

fn pyhanko() -> PathBuf {
    let path = std::env::var_os("YIMEN_PYHANKO").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/venv/bin/pyhanko"),
        PathBuf::from,
    );
    assert!(
        path.exists(),
        "pyHanko is missing at {}: python3 -m venv target/venv && target/venv/bin/pip install -r e2e/requirements.txt, \
         or name it in YIMEN_PYHANKO (cargo xtask test does both)",
        path.display()
    );
    path
}

/// Everything that was tampered with but what the verifier is blind to; at least ten kinds.
fn seen(kinds: Vec<Kind>, blind: &[&str]) -> Vec<Kind> {
    let (unseen, seen): (Vec<Kind>, Vec<Kind>) = kinds.into_iter().partition(|k| blind.contains(&k.name));
    assert_eq!(unseen.len(), blind.len(), "all that it is blind to is tried");
    assert!(seen.len() >= 10, "ten kinds of tampering, not {}", seen.len());
    seen
}

#[test]
fn pdfsig_accepts_what_is_right_and_refuses_what_was_tampered_with() {
    let desk = desk_by(Algorithm::P256);
    let file = desk.folder.path().join("judged.pdf");
    let judged = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        run("pdfsig", &[file.as_os_str()]).1
    };
    let said = judged(&desk.pdf);
    for line in ["Signature is Valid", "Total document signed", "ETSI.CAdES.detached", "SHA-256"] {
        assert!(said.contains(line), "{line} is missing in {said}");
    }
    // it has no list of authorities here, so that a stranger's signature is as good to it
    let kinds = forged(&desk).into_iter().chain(broken(&desk)).collect();
    for Kind { name, bytes, .. } in seen(kinds, &["foreign"]) {
        let said = judged(&bytes);
        let good = said.contains("Signature is Valid") && said.contains("Total document signed");
        assert!(!good, "{name}: {said}");
    }
}

#[test]
fn pyhanko_says_valid_trusted_and_certified() {
    let desk = desk_by(Algorithm::P256);
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
fn pyhanko_refuses_what_was_tampered_with() {
    let desk = desk_by(Algorithm::P256);
    let folder = desk.folder.path().join("judged");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("right.pdf"), &desk.pdf).unwrap();
    // a remark after the end changes nothing that is shown; zeros behind a signature are read as part of it
    let kinds = forged(&desk).into_iter().chain(broken(&desk)).collect();
    let kinds = seen(kinds, &["appended", "padding"]);
    for Kind { name, bytes, .. } in &kinds {
        std::fs::write(folder.join(format!("{name}.pdf")), bytes).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pyhanko_judge.py");
    let python = pyhanko().with_file_name("python");
    let ca = desk.folder.path().join("keys/ca.pem");
    let (_, said) = run(python, &[script.as_os_str(), ca.as_os_str(), folder.as_os_str()]);
    let verdict = |name: &str| {
        let found = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('\t'));
        found.unwrap_or_else(|| panic!("no word about {name} in {said}")).to_owned()
    };
    assert!(verdict("right").starts_with("VALID\t"), "{said}");
    for Kind { name, .. } in &kinds {
        assert!(verdict(name).starts_with("INVALID\t"), "{name}: {said}");
    }
}

/// qpdf knows nothing of signatures: it says whether the file is whole as a file, without repairing anything.
#[test]
fn qpdf_finds_the_structure_sound_and_every_damage_to_it() {
    for algorithm in [Algorithm::P256, Algorithm::Sm2] {
        let desk = desk_by(algorithm);
        let file = desk.folder.path().join("judged.pdf");
        let judged = |bytes: &[u8]| {
            std::fs::write(&file, bytes).unwrap();
            run("qpdf", &[OsStr::new("--check"), file.as_os_str()])
        };
        let (good, said) = judged(&desk.pdf);
        assert!(good && !said.contains("WARNING"), "{said}");
        for Kind { name, bytes, .. } in seen(broken(&desk), &[]) {
            let (good, said) = judged(&bytes);
            assert!(!good, "{name}: {said}");
        }
    }
}

fn openssl(line: &str) -> (bool, String) {
    run("openssl", &line.split(' ').map(OsStr::new).collect::<Vec<_>>())
}

/// One who verifies with OpenSSL alone, and whom they trust.
struct Stranger {
    folder: tempfile::TempDir,
    algorithm: Algorithm,
}

impl Stranger {
    fn trusting(desk: &Desk) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), desk.signer.authority_pem().unwrap()).unwrap();
        Self { folder, algorithm: desk.signer.algorithm() }
    }

    fn keep(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    fn at(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// The digest of `bytes`, in hexadecimal digits.
    fn digest(&self, bytes: &[u8]) -> String {
        let how = if self.algorithm == Algorithm::Sm2 { "sm3" } else { "sha256" };
        let (good, said) = openssl(&format!("dgst -{how} -r {}", self.keep("digested", bytes)));
        assert!(good, "{said}");
        said.split(' ').next().unwrap().to_owned()
    }

    /// Whether the CMS `der` signs `message`, by somebody whom the authority vouches for.
    fn verify(&self, message: &[u8], der: &[u8]) -> Result<(), String> {
        match self.algorithm {
            Algorithm::P256 => self.verify_cms(message, der),
            Algorithm::Sm2 => self.verify_steps(message, der),
        }
    }

    fn verify_cms(&self, message: &[u8], der: &[u8]) -> Result<(), String> {
        let (message, der) = (self.keep("message", message), self.keep("cms", der));
        let (ca, out) = (self.at("ca.pem"), self.at("out"));
        let (good, said) = openssl(&format!(
            "cms -verify -binary -purpose any -inform DER -in {der} -content {message} -CAfile {ca} -out {out}"
        ));
        if good { Ok(()) } else { Err(said) }
    }

    /// `openssl cms` knows no SM2: the digest, the signature over the attributes, and the signer's certificate one by one.
    fn verify_steps(&self, message: &[u8], der: &[u8]) -> Result<(), String> {
        let signed = Signed::read(der).ok_or("no CMS that can be read")?;
        if hex(&signed.digest) != self.digest(message) {
            return Err("another digest".to_owned());
        }
        let certificate = self.keep("signer.der", &signed.certificate);
        let (good, key) = openssl(&format!("x509 -inform DER -in {certificate} -noout -pubkey"));
        if !good {
            return Err(key);
        }
        let (key, value) = (self.keep("key", key.as_bytes()), self.keep("value", &signed.value));
        let attributes = self.keep("attributes", &signed.attributes);
        let id = "distid:1234567812345678";
        let (good, said) =
            openssl(&format!("dgst -sm3 -verify {key} -signature {value} -sigopt {id} {attributes}"));
        if !good {
            return Err(said);
        }
        let (good, pem) = openssl(&format!("x509 -inform DER -in {certificate}"));
        assert!(good, "{pem}");
        let (pem, ca) = (self.keep("signer.pem", pem.as_bytes()), self.at("ca.pem"));
        let (good, said) = openssl(&format!("verify -vfyopt {id} -CAfile {ca} {pem}"));
        if good { Ok(()) } else { Err(said) }
    }

    /// What the byte range covers is signed by what lies in its hole.
    fn verify_pdf(&self, pdf: &[u8]) -> Result<(), String> {
        let (covered, der) = signed_range(pdf).ok_or("no signature")?;
        self.verify(&covered, &der)
    }

    /// The list is signed, and every file in it has the digest that it says.
    fn verify_ofd(&self, parts: &Parts) -> Result<(), String> {
        let part = |path: &str| {
            let found = parts.iter().find(|(name, _)| name == path.trim_start_matches('/'));
            found.map(|(_, bytes)| bytes.as_slice()).ok_or(format!("{path} is missing"))
        };
        let list = part("Doc_0/Signs/Sign_0/Signature.xml")?;
        self.verify(list, part("Doc_0/Signs/Sign_0/SignedValue.dat")?)?;
        let text = String::from_utf8_lossy(list).into_owned();
        for reference in text.split("FileRef=\"").skip(1) {
            let path = reference.split('"').next().unwrap();
            let told = reference.split("CheckValue>").nth(1).unwrap().trim_end_matches("</ofd:");
            let told = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, told)
                .map_err(|e| e.to_string())?;
            if hex(&told) != self.digest(part(path)?) {
                return Err(format!("{path} has another digest"));
            }
        }
        Ok(())
    }
}

/// The parts of a CMS that OpenSSL is asked about one by one.
struct Signed {
    digest: Vec<u8>,
    attributes: Vec<u8>,
    value: Vec<u8>,
    certificate: Vec<u8>,
}

impl Signed {
    fn read(der: &[u8]) -> Option<Self> {
        let outer = ContentInfo::from_der(der).ok()?;
        let signed: SignedData = outer.content.decode_as().ok()?;
        let info = signed.signer_infos.0.get(0)?;
        let certificates = check::certificates_of(&signed);
        let certificate = certificates.iter().find(|c| check::is_signer(info, c))?.to_der().ok()?;
        let digest = check::attribute(info, rfc5911::ID_MESSAGE_DIGEST).ok()?;
        Some(Self {
            digest: digest.decode_as::<OctetString>().ok()?.as_bytes().to_vec(),
            attributes: info.signed_attrs.to_der().ok()?,
            value: info.signature.as_bytes().to_vec(),
            certificate,
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// What the last byte range of a PDF covers, and the DER in its hole, read as text and not by our own check.
fn signed_range(pdf: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mark = b"/ByteRange [";
    let at = pdf.windows(mark.len()).rposition(|w| w == mark)? + mark.len();
    let text = String::from_utf8_lossy(pdf.get(at..at + 60)?).into_owned();
    let numbers = text.split(']').next()?.split_whitespace().map(|n| n.parse().ok());
    let numbers: Vec<usize> = numbers.collect::<Option<_>>()?;
    let &[from, first, second, rest] = numbers.as_slice() else { return None };
    let covered = [pdf.get(from..from + first)?, pdf.get(second..second + rest)?].concat();
    let digits = String::from_utf8(pdf.get(first + 1..second - 1)?.to_vec()).ok()?;
    let bytes = (0..digits.len() / 2).map(|n| u8::from_str_radix(digits.get(2 * n..2 * n + 2)?, 16).ok());
    let mut bytes: Vec<u8> = bytes.collect::<Option<_>>()?;
    let length = 4 + usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]));
    bytes.truncate(length);
    Some((covered, bytes))
}

/// Attributes or value of the signature exchanged: the CMS alone, with the file left as it is.
fn forged_cms(pdf: &[u8]) -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let (covered, der) = signed_range(pdf).unwrap();
    let signed = Signed::read(&der).unwrap();
    let start = |part: &[u8]| der.windows(part.len()).position(|w| w == part).unwrap();
    let digest = start(&signed.digest);
    let own = Algorithm::Sm2.digest(&[b"another text"]);
    let mut another = der.clone();
    another[digest..digest + own.len()].copy_from_slice(&own);
    vec![
        ("a changed attribute", covered.clone(), flip(&der, start(&signed.attributes[4..]) + 20)),
        ("the digest of another text, and that text", b"another text".to_vec(), another),
        ("no value", covered, der[..start(&signed.value)].to_vec()),
    ]
}

#[test]
fn openssl_accepts_our_pdf_and_refuses_what_was_tampered_with() {
    for algorithm in [Algorithm::P256, Algorithm::Sm2] {
        let desk = desk_by(algorithm);
        let stranger = Stranger::trusting(&desk);
        assert_eq!(stranger.verify_pdf(&desk.pdf), Ok(()), "{algorithm:?}");
        // it is shown what the range names and no more: that this is the whole file, others must say
        for Kind { name, bytes, .. } in seen(forged(&desk), &["appended", "updated", "padding"]) {
            assert!(stranger.verify_pdf(&bytes).is_err(), "{algorithm:?}: {name}");
        }
        for (name, message, der) in forged_cms(&desk.pdf) {
            assert!(stranger.verify(&message, &der).is_err(), "{algorithm:?}: {name}");
        }
    }
}

#[test]
fn openssl_accepts_our_ofd_and_refuses_what_was_tampered_with() {
    for algorithm in [Algorithm::P256, Algorithm::Sm2] {
        let desk = desk_by(algorithm);
        let stranger = Stranger::trusting(&desk);
        let right = unpack(&sealed(&desk.signer));
        assert_eq!(stranger.verify_ofd(&right), Ok(()), "{algorithm:?}");
        // it goes by the list: a file that nobody listed is nobody's to check
        let blind = "added";
        let kinds = forged_packages(&desk.signer, &desk.folder.path().join("other"));
        assert!(kinds.len() > 10 && kinds.iter().any(|(name, _)| *name == blind));
        for (name, parts) in kinds.iter().filter(|(name, _)| *name != blind) {
            assert!(stranger.verify_ofd(parts).is_err(), "{algorithm:?}: {name}");
        }
    }
}

/// What the signature says of itself is read by OpenSSL as it was meant.
#[test]
fn openssl_reads_the_names_of_the_national_algorithms() {
    let desk = desk_by(Algorithm::Sm2);
    let stranger = Stranger::trusting(&desk);
    let (_, der) = signed_range(&desk.pdf).unwrap();
    let (_, shown) =
        openssl(&format!("cms -cmsout -print -noout -inform DER -in {}", stranger.keep("cms", &der)));
    for named in ["pkcs7-signedData", "digestAlgorithm", "sm3", "SM2-with-SM3"] {
        assert!(shown.contains(named), "{named} is missing in {shown}");
    }
    let list = unpack(&sealed(&desk.signer))
        .into_iter()
        .find(|(path, _)| path.ends_with("Signature.xml"))
        .unwrap()
        .1;
    let list = String::from_utf8(list).unwrap();
    assert!(list.contains("CheckMethod=\"1.2.156.10197.1.401\"") && list.contains(">1.2.156.10197.1.501<"));
    assert_eq!(check_pdf(&desk.pdf, &desk.signer.trust()).unwrap().algorithm, Algorithm::Sm2);
}
