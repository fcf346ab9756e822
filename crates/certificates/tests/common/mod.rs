//! A house with a press of one page, a signer and one kind of certificate.
#![allow(dead_code, reason = "each test file uses its part")]

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use certificates::{Act, CertField, CertificateId, NewCertificate, Signer, State};
use harness::TestGround;
use jiff::civil::date;
use kernel::{ActorRef, AgencyCode, Fault, FileId, Lang, Outcome, Press, PressJob, SubjectId, Text};
use page::{House, Site};
use std::sync::Arc;
use store::command;
use tower::ServiceExt as _;

/// A sound credit code of an invented body.
pub const ISSUER: &str = "11100000000013338W";

/// Answers every job with the same page; typst itself is linked by app alone, whose tests print for real.
struct OnePage;

impl Press for OnePage {
    fn pdf(&self, job: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        let data = job.data;
        for key in ["number", "verify_url", "issued"] {
            assert!(data[key].is_string(), "the template's data has {key}: {data}");
        }
        assert_eq!(data["fields"]["plate"], "苏A·99123");
        assert!(job.files.iter().any(|(name, svg)| name == "qr.svg" && svg.starts_with(b"<svg")));
        Ok(include_bytes!("../printed.pdf").to_vec())
    }
}

pub fn person(n: u8) -> SubjectId {
    format!("person:019aa000-0000-7000-8000-0000000000{n:02}").parse().unwrap()
}

pub fn sticker() -> NewCertificate {
    let field = |key: &str, zh: &str, value: &str, public| CertField {
        key: key.to_owned(),
        label: Text::new(zh, key),
        value: value.to_owned(),
        public,
    };
    NewCertificate {
        kind: "charter-bus-sticker".into(),
        type_code: "11100000000013338W032".into(),
        name: Text::new("旅游包车标贴", "Charter-bus sticker"),
        holder: person(1),
        holder_name: "王䶮仁义".into(),
        holder_number_masked: "320***********1234".into(),
        issuer: AgencyCode::parse("nanjing.transport").unwrap(),
        issuer_name: Text::new("南京市交通运输局", "Nanjing Transport Bureau"),
        issuer_code: ISSUER.into(),
        valid_from: date(2026, 11, 22),
        valid_until: Some(date(2026, 11, 28)),
        fields: vec![field("plate", "车牌号", "苏A·99123", true), field("driver", "驾驶员", "赵六秘密", false)],
        template: "#let d = json(\"data.json\")\n#set document(title: d.name.zh-CN)\n\
                   #set text(lang: \"zh\", font: \"Noto Sans CJK SC\")\n= #d.name.zh-CN\n#d.holder.name #d.fields.plate\n\
                   #image(\"qr.svg\", width: 4cm, alt: \"QR\")"
            .into(),
        case_number: "CASE-1".into(),
    }
}

/// The moment on the test's clock.
pub trait Now {
    fn clock_now(&self) -> kernel::Timestamp;
}

impl Now for TestGround {
    fn clock_now(&self) -> kernel::Timestamp {
        self.ground.clock.now()
    }
}

pub struct Stage {
    pub house: House,
    pub signer: Arc<Signer>,
}

impl Stage {
    pub fn new(t: &TestGround) -> Self {
        let now = t.ground.clock.now();
        let signer = Signer::demo(&t.data, t.ground.rng.as_ref(), now).unwrap();
        let house = House {
            ground: t.ground.clone(),
            site: Arc::new(Site::demo()),
            press: Arc::new(OnePage),
            calendar: Arc::new(kernel::Calendar::official()),
        };
        Self { house, signer: Arc::new(signer) }
    }

    pub async fn issue(&self, new: NewCertificate) -> CertificateId {
        let actor = ActorRef::system();
        command!(self.house.ground, Lang::ZhCn, actor, |cx| certificates::issue(&mut cx, new.clone()).await)
            .unwrap()
    }

    pub async fn act(&self, id: CertificateId, act: Act) -> Outcome<State> {
        let actor = ActorRef::system();
        command!(self.house.ground, Lang::ZhCn, actor, |cx| certificates::act(&mut cx, id, act.clone()).await)
    }

    pub async fn print(&self, id: CertificateId) -> Outcome<FileId> {
        certificates::print(&self.house, &self.signer, id).await
    }

    pub async fn get(&self, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).header("accept-language", "zh-CN").body(Body::empty()).unwrap();
        let (status, bytes) = self.send(request).await;
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    pub async fn send(&self, request: Request<Body>) -> (StatusCode, Vec<u8>) {
        let response = self.raw(request).await;
        (response.status(), body(response).await)
    }

    pub async fn raw(&self, request: Request<Body>) -> Response {
        let routes = certificates::routes(self.house.clone(), self.signer.clone());
        let app = page::layer(identity::layer(page::inner(routes), &self.house), &self.house);
        app.oneshot(request).await.unwrap()
    }
}

pub async fn body(response: Response) -> Vec<u8> {
    axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap().to_vec()
}
