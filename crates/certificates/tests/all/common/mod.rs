//! A house with a press of one page, a signer and one kind of certificate.
#![allow(dead_code, reason = "each test file uses its part")]

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use certificates::{Act, CertField, CertificateId, Ground, NewCertificate, Signer, State, Why};
use harness::TestGround;
use identity::{SessionKind, Settings};
use jiff::civil::date;
use kernel::{
    ActorRef, AgencyCode, Fault, FileId, Lang, Outcome, PersonId, Press, PressJob, SubjectId, Text,
};
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
        assert!(job.template.contains("#pdf.attach("), "the data is attached");
        let (_, attached) = job.files.iter().find(|(name, _)| name == "certificate.json").unwrap();
        Ok(with_data(attached))
    }

    fn ofd(&self, job: &PressJob<'_>) -> Result<Vec<(String, Vec<u8>)>, Fault> {
        let (name, attached) = job.files.iter().find(|(name, _)| name == "certificate.json").unwrap();
        let page = format!("<page>{}</page>", job.data["number"].as_str().unwrap());
        Ok(vec![
            ("Doc_0/Document.xml".to_owned(), b"<document/>".to_vec()),
            ("Doc_0/Pages/Page_0/Content.xml".to_owned(), page.into_bytes()),
            (format!("Doc_0/Attachs/{name}"), attached.clone()),
        ])
    }

    fn picture(&self, _job: &PressJob<'_>, width: u32) -> Result<Vec<u8>, Fault> {
        Ok([b"\x89PNG\r\n\x1a\n".as_slice(), &width.to_be_bytes()].concat())
    }
}

/// The page with `attached` as its associated file, as the press embeds it.
pub fn with_data(attached: &[u8]) -> Vec<u8> {
    use lopdf::{Document, Object, Stream, dictionary};
    let mut page = Document::load_mem(include_bytes!("../../printed.pdf")).unwrap();
    let stream = page.add_object(Stream::new(dictionary! { "Type" => "EmbeddedFile" }, attached.to_vec()));
    let file = page.add_object(dictionary! {
        "Type" => "Filespec",
        "F" => Object::string_literal("certificate.json"),
        "AFRelationship" => "Data",
        "EF" => dictionary! { "F" => stream },
    });
    page.catalog_mut().unwrap().set("AF", vec![Object::Reference(file)]);
    let mut out = Vec::new();
    page.save_to(&mut out).unwrap();
    out
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

/// 暂扣 by a penalty.
pub fn suspend(why: &str) -> Act {
    Act::Suspend(Why::new(Ground::Penalty, why))
}

/// 撤销 for deceit.
pub fn revoke(why: &str) -> Act {
    Act::Revoke { why: Why::new(Ground::Fraud, why), weighed: true }
}

/// 注销 because it is given up.
pub fn cancel(why: &str) -> Act {
    Act::Cancel(Why::new(Ground::GivenUp, why))
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
        Self::signing(t, Signer::demo(&t.data, t.ground.rng.as_ref(), now).unwrap())
    }

    pub fn signing(t: &TestGround, signer: Signer) -> Self {
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

const CITY: &str = include_str!("../../../../../packs/demo/city.yaml");

pub async fn cookie(t: &TestGround, account: &str) -> String {
    let signed_in = identity::sign_in(&t.ground, account, identity::DEMO_PASSWORD, SessionKind::Cookie).await;
    format!("yimen_session={}", signed_in.unwrap().token)
}

pub async fn somebody(t: &TestGround, account: &str) -> PersonId {
    let signed_in = identity::sign_in(&t.ground, account, identity::DEMO_PASSWORD, SessionKind::Cookie).await;
    identity::session(&t.ground, &signed_in.unwrap().token).await.unwrap().unwrap().person()
}

pub async fn stage(t: &TestGround) -> (Stage, PersonId, CertificateId) {
    identity::configure(Settings::cheap());
    identity::seed_demo(&t.ground, CITY).await.unwrap();
    let stage = Stage::new(t);
    let citizen = somebody(t, "citizen").await;
    let mut new = sticker();
    new.holder = SubjectId::Person(citizen);
    let id = stage.issue(new).await;
    (stage, citizen, id)
}

pub async fn ask(stage: &Stage, path: &str, cookie: &str) -> (StatusCode, Vec<u8>) {
    let request = Request::get(path).header(header::COOKIE, cookie).header("accept-language", "zh-CN");
    stage.send(request.body(Body::empty()).unwrap()).await
}

/// Sends a form from the page at `from`, as a browser does: with the token that stands in it.
pub async fn send_form(
    stage: &Stage,
    from: &str,
    to: &str,
    cookie: &str,
    fields: &[(&str, &str)],
) -> (StatusCode, String, String) {
    let (_, html) = ask(stage, from, cookie).await;
    let html = String::from_utf8(html).unwrap();
    let csrf = html.split("name=\"_csrf\" value=\"").nth(1).unwrap_or_else(|| panic!("no form: {html}"));
    let csrf = csrf.split('"').next().unwrap();
    let encode = |text: &str| text.bytes().map(|b| format!("%{b:02x}")).collect::<String>();
    let mut sent = format!("_csrf={csrf}");
    for (name, value) in fields {
        sent.push_str(&format!("&{}={}", encode(name), encode(value)));
    }
    let request = Request::post(to)
        .header(header::COOKIE, cookie)
        .header(header::HOST, "127.0.0.1:8080")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("accept-language", "zh-CN");
    let response = stage.raw(request.body(Body::from(sent)).unwrap()).await;
    let location = response.headers().get(header::LOCATION).map(|v| v.to_str().unwrap().to_owned());
    let status = response.status();
    (status, location.unwrap_or_default(), String::from_utf8(self::body(response).await).unwrap())
}

/// Sends `bytes` as the file of the form on /verify.
pub async fn upload(stage: &Stage, bytes: &[u8]) -> (StatusCode, String) {
    let form = stage.raw(Request::get("/verify").body(Body::empty()).unwrap()).await;
    let cookie = form.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let html = String::from_utf8(self::body(form).await).unwrap();
    let csrf = html.split("name=\"_csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut sent = format!(
        "--x\r\ncontent-disposition: form-data; name=\"_csrf\"\r\n\r\n{csrf}\r\n--x\r\n\
         content-disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\ncontent-type: application/pdf\r\n\r\n"
    )
    .into_bytes();
    sent.extend_from_slice(bytes);
    sent.extend_from_slice(b"\r\n--x--\r\n");
    let request = Request::post("/verify")
        .header(header::COOKIE, cookie)
        .header(header::HOST, "127.0.0.1:8080")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .header("accept-language", "zh-CN");
    let (status, html) = stage.send(request.body(Body::from(sent)).unwrap()).await;
    (status, String::from_utf8(html).unwrap())
}
