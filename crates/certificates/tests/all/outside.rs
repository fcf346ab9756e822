//! What a certificate says outside of the platform: its data for machines, its status off line, and a time stamp of somebody else.

use crate::common::{Now as _, Stage, ask, cancel, cookie, sticker, suspend, upload, with_data};
use async_trait::async_trait;
use axum::http::StatusCode;
use certificates::sign::{Seal, seal};
use certificates::{
    Algorithm, MIGRATIONS, Signer, Silent, Standing, TimeAuthority, Trust, check_file, check_pdf, keys,
    read_status, stamp_waiting, status_place,
};
use harness::{Migrations, TestGround};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const ROOMS: &[Migrations] = &[trace::MIGRATIONS, identity::MIGRATIONS, MIGRATIONS];

harness::both!(the_data_inside_is_read_out_and_compared, ROOMS, |t| async move {
    let stage = Stage::new(&t);
    let id = stage.issue(sticker()).await;
    let pdf = certificates::pdf(&stage.house, &stage.signer, id).await.unwrap();
    let checked = check_pdf(&pdf, &stage.signer.trust()).unwrap();
    let data = checked.data.unwrap();
    let certificate = certificates::get(&t.ground.store, id).await.unwrap().unwrap();
    assert_eq!(data["identifier"], certificate.identifier.as_str());
    assert_eq!(data["fields"][0]["value"], "苏A·99123");
    assert_eq!(
        (data["valid"]["until"].as_str(), data["kind"].as_str()),
        (Some("2026-11-28"), Some("charter-bus-sticker"))
    );
    let (_, html) = upload(&stage, &pdf).await;
    assert!(html.contains("文件内的数据与登记一致") && !html.contains("赵六秘密"), "{html}");
    // signed by us, and not what the register says
    let mut other = data.clone();
    other["fields"][0]["value"] = "苏A·00000".into();
    other["valid"]["until"] = "2036-11-28".into();
    let sealed = |data: &Value| {
        let about = Seal {
            at: t.clock_now(),
            reason: "签发电子证照",
            issuer: "南京市交通运输局",
            identifier: &certificate.identifier,
            contact: "http://127.0.0.1:8080/verify",
        };
        seal(&with_data(data.to_string().as_bytes()), &stage.signer, &about).unwrap()
    };
    let (_, html) = upload(&stage, &sealed(&other)).await;
    for said in ["文件内的数据与登记不一致", "<li>车牌号</li>", "<li>有效期止</li>"] {
        assert!(html.contains(said), "{said} is missing in {html}");
    }
    let broken = Seal {
        at: t.clock_now(),
        reason: "r",
        issuer: "i",
        identifier: &certificate.identifier,
        contact: "c",
    };
    let broken = seal(&with_data(b"{no json"), &stage.signer, &broken).unwrap();
    assert_eq!(check_pdf(&broken, &stage.signer.trust()), Err(certificates::Doubt::BrokenData));
});

harness::both!(an_ofd_is_for_its_holder_and_verified_as_the_pdf_is, ROOMS, |t| async move {
    let (stage, _, id) = crate::common::stage(&t).await;
    let (ofd, picture) = (format!("/certificates/{id}/ofd"), format!("/certificates/{id}/picture"));
    for path in [&ofd, &picture] {
        assert!(stage.get(path).await.0.is_redirection(), "a passer-by is asked who it is");
        assert_eq!(ask(&stage, path, &cookie(&t, "firm").await).await.0, StatusCode::NOT_FOUND);
    }
    let holder = cookie(&t, "citizen").await;
    let (status, drawn) = ask(&stage, &picture, &holder).await;
    assert!(status.is_success() && drawn.starts_with(b"\x89PNG"), "{status}");
    let (status, package) = ask(&stage, &ofd, &holder).await;
    assert!(status.is_success(), "{status}");
    let certificate = certificates::get(&t.ground.store, id).await.unwrap().unwrap();
    let checked = check_file(&package, &stage.signer.trust()).unwrap();
    assert_eq!(checked.identifier, certificate.identifier);
    let told = checked.data.unwrap();
    let (_, pdf) = ask(&stage, &format!("/certificates/{id}/pdf"), &holder).await;
    assert_eq!(
        Some(told.clone()),
        check_pdf(&pdf, &stage.signer.trust()).unwrap().data,
        "one and the same data"
    );
    assert!(status_place(&told).is_some());
    let (status, html) = upload(&stage, &package).await;
    assert!(status.is_success() && html.contains("文件内的数据与登记一致"), "{html}");
    let mut changed = package.clone();
    let at = changed.windows(3).position(|w| w == b"OFD").unwrap();
    changed[at] = b'X';
    assert_eq!(upload(&stage, &changed).await.0, StatusCode::UNPROCESSABLE_ENTITY);
});

harness::both!(a_list_saved_before_tells_the_status_off_line, ROOMS, |t| async move {
    let now = t.clock_now();
    let sm2 =
        keys::load_or_make(&t.data.join("k"), Algorithm::Sm2, t.ground.rng.as_ref(), now, true).unwrap();
    let stage = Stage::signing(&t, sm2);
    let id = stage.issue(sticker()).await;
    let pdf = certificates::pdf(&stage.house, &stage.signer, id).await.unwrap();
    let trust = Trust::from_pem(&stage.signer.authority_pem().unwrap()).unwrap();
    let checked = check_pdf(&pdf, &trust).unwrap();
    assert_eq!(checked.algorithm, Algorithm::Sm2);
    let data = checked.data.unwrap();
    let (uri, index) = status_place(&data).unwrap();
    let path = uri.strip_prefix(stage.house.site.base_url.trim_end_matches('/')).unwrap().to_owned();
    let (_, saved) = stage.get(&path).await;
    let told = read_status(&saved, &trust, uri, index, now).unwrap();
    assert_eq!((told.standing, told.age, told.fresh), (Standing::Valid, 0, true));
    t.clock.advance_seconds(301);
    stage.act(id, suspend("违规")).await.unwrap();
    let later = t.clock_now();
    let old = read_status(&saved, &trust, uri, index, later).unwrap();
    assert_eq!(
        (old.standing, old.age, old.fresh),
        (Standing::Valid, 301, false),
        "an old list, and it says so"
    );
    let list = stage.get(&path).await.1;
    assert_eq!(read_status(&list, &trust, uri, index, later).unwrap().standing, Standing::Suspended);
    stage.act(id, cancel("已停用")).await.unwrap();
    let list = stage.get(&path).await.1;
    assert_eq!(read_status(&list, &trust, uri, index, later).unwrap().standing, Standing::Ended);
    // what is no word about this certificate
    let stranger = Signer::demo(&t.data.join("other"), t.ground.rng.as_ref(), now).unwrap().trust();
    assert_eq!(read_status(&list, &stranger, uri, index, later), Err(Silent::UnknownSigner));
    let changed = list.replacen("..", ".", 1).replacen('e', "f", 1);
    assert!(read_status(&changed, &trust, uri, index, later).is_err());
    assert!(matches!(
        read_status(&list, &trust, "https://else/status/0", index, later),
        Err(Silent::AnotherList { .. })
    ));
    assert_eq!(read_status(&list, &trust, uri, 70_000, later), Err(Silent::NoSuchPlace));
    assert_eq!(read_status("hello", &trust, uri, index, later), Err(Silent::NotAList));
});

/// A stand-in for an authority of time stamps: OpenSSL's own, which answers by RFC 3161 with a key made for the test.
struct OpenSslClock {
    folder: PathBuf,
    up: AtomicBool,
}

fn openssl(folder: &Path, words: &[&str]) -> String {
    let done = Command::new("openssl")
        .args(words)
        .current_dir(folder)
        .output()
        .expect("openssl is needed (apt install openssl)");
    let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
    assert!(done.status.success(), "openssl {words:?}: {said}");
    said
}

impl OpenSslClock {
    fn new(folder: PathBuf) -> Self {
        std::fs::create_dir_all(&folder).unwrap();
        let run = |line: &str| openssl(&folder, &line.split(' ').collect::<Vec<_>>());
        run(
            "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 9000 -subj /CN=Clock-CA/O=Stand-in",
        );
        run("req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=Clock/O=Stand-in");
        let may = "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n";
        std::fs::write(folder.join("ext"), may).unwrap();
        run(
            "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 9000 -extfile ext -out tsa.pem",
        );
        std::fs::write(folder.join("serial"), "01\n").unwrap();
        std::fs::write(
            folder.join("tsa.cnf"),
            "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\ncrypto_device = builtin\nsigner_cert = tsa.pem\nsigner_key = tsa.key\n\
             signer_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\naccuracy = secs:1\ness_cert_id_chain = no\n\
             ess_cert_id_alg = sha256\n",
        )
        .unwrap();
        Self { folder, up: AtomicBool::new(false) }
    }
}

/// The clock's handle for the signer and the test.
struct Asked(Arc<OpenSslClock>);

#[async_trait]
impl TimeAuthority for Asked {
    async fn ask(&self, request: Vec<u8>) -> Result<Vec<u8>, String> {
        if !self.0.up.load(Ordering::SeqCst) {
            return Err("could not connect: connection refused".to_owned());
        }
        std::fs::write(self.0.folder.join("q"), request).unwrap();
        openssl(&self.0.folder, &["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q", "-out", "r"]);
        Ok(std::fs::read(self.0.folder.join("r")).unwrap())
    }
}

fn with_clock(t: &TestGround) -> (Arc<OpenSslClock>, Stage) {
    let clock = Arc::new(OpenSslClock::new(t.data.join("clock")));
    let pem = std::fs::read_to_string(clock.folder.join("ca.pem")).unwrap();
    let signer = Signer::demo(&t.data, t.ground.rng.as_ref(), t.clock_now()).unwrap();
    let signer = signer.with_clock(&pem, Arc::new(Asked(clock.clone()))).unwrap();
    (clock, Stage::signing(t, signer))
}

/// The only signature of a PDF: its octets, and the token beside it.
fn signature_and_token(pdf: &[u8]) -> (Vec<u8>, Option<Vec<u8>>) {
    use der::{Decode as _, Encode as _};
    let at = pdf.windows(11).rposition(|w| w == b"/Contents <").unwrap() + 11;
    let hex: Vec<u8> = pdf[at..].iter().copied().take_while(|b| *b != b'>').collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    let bytes: Vec<u8> = hex.chunks(2).map(byte).collect();
    let long = 4 + usize::from(u16::from_be_bytes([bytes[2], bytes[3]]));
    let outer = cms::content_info::ContentInfo::from_der(&bytes[..long]).unwrap();
    let signed: cms::signed_data::SignedData = outer.content.decode_as().unwrap();
    let info = signed.signer_infos.0.get(0).unwrap();
    let token =
        info.unsigned_attrs.as_ref().map(|a| a.get(0).unwrap().values.get(0).unwrap().to_der().unwrap());
    (info.signature.as_bytes().to_vec(), token)
}

harness::both!(a_time_stamp_comes_at_once_or_later_and_openssl_believes_it, ROOMS, |t| async move {
    let (clock, stage) = with_clock(&t);
    let trust = stage.signer.trust();
    // nobody answers: the certificate is good without
    let id = stage.issue(sticker()).await;
    let plain = certificates::pdf(&stage.house, &stage.signer, id).await.unwrap();
    assert_eq!(check_pdf(&plain, &trust).unwrap().stamp, None);
    assert_eq!(stamp_waiting(&stage.house, &stage.signer).await.unwrap(), 0, "still nobody");
    clock.up.store(true, Ordering::SeqCst);
    assert_eq!(stamp_waiting(&stage.house, &stage.signer).await.unwrap(), 1);
    assert_eq!(stamp_waiting(&stage.house, &stage.signer).await.unwrap(), 0, "once");
    let late = certificates::pdf(&stage.house, &stage.signer, id).await.unwrap();
    assert_ne!(late, plain);
    let other = stage.issue(sticker()).await;
    let at_once = certificates::pdf(&stage.house, &stage.signer, other).await.unwrap();
    for pdf in [&late, &at_once] {
        let stamp = check_pdf(pdf, &trust).unwrap().stamp.unwrap();
        assert_eq!((stamp.by.as_str(), stamp.known), ("Clock", true));
        let (signature, token) = signature_and_token(pdf);
        std::fs::write(clock.folder.join("signature"), signature).unwrap();
        std::fs::write(clock.folder.join("token"), token.unwrap()).unwrap();
        let said = openssl(
            &clock.folder,
            &["ts", "-verify", "-token_in", "-in", "token", "-data", "signature", "-CAfile", "ca.pem"],
        );
        assert!(said.contains("Verification: OK"), "{said}");
    }
    let (_, html) = upload(&stage, &late).await;
    assert!(html.contains("时间戳：Clock"), "{html}");
    // whoever does not know the clock is told of it, and one that belongs to another signature is refused
    let without = Trust::from_pem(&stage.signer.authority_pem().unwrap()).unwrap();
    assert!(!check_pdf(&late, &without).unwrap().stamp.unwrap().known);
    let (_, token) = signature_and_token(&at_once);
    let token: String = token.unwrap().iter().map(|b| format!("{b:02x}")).collect();
    let (_, own) = signature_and_token(&late);
    let own: String = own.unwrap().iter().map(|b| format!("{b:02x}")).collect();
    let text = late.clone();
    let at = text.windows(own.len()).position(|w| w == own.as_bytes()).unwrap();
    if token.len() == own.len() {
        let mut swapped = late.clone();
        swapped[at..at + own.len()].copy_from_slice(token.as_bytes());
        assert_eq!(check_pdf(&swapped, &trust), Err(certificates::Doubt::BrokenStamp));
    }
    let mut flipped = late.clone();
    let last = at + own.len() - 9;
    flipped[last] = if flipped[last] == b'0' { b'1' } else { b'0' };
    assert_eq!(check_pdf(&flipped, &trust), Err(certificates::Doubt::BrokenStamp));
});
