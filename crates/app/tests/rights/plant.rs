//! One person's data in every room, each with a mark by which it is recognised wherever it appears.

use crate::Stranger;
use crate::city::{City, PDF};
use axum::http::StatusCode;
use identity::{Applicant, SessionKind};
use kernel::{Failure, Lang, Text};
use serde_json::json;
use store::command;
use trace::{Look, Purpose};

const TALK: &str = "口信记号7Q2X";
const OBJECTION: &str = "异议记号9K3Z";
const CORRECTION: &str = "更正记号4M8W";
const PAPER: &str = "材料记号5T1V";

/// What was planted.
pub struct Planted {
    /// The person's name, as it stands in searches.
    pub name: String,
    /// Their identity number.
    pub number: String,
    /// The number of their case.
    pub case: String,
    certificate: String,
    token: String,
    draft: String,
    file: String,
    paper: String,
    look: String,
    objection: String,
    matter: String,
    seal: String,
    /// What must not be seen, with what it is.
    pub marks: Vec<(&'static str, String)>,
}

/// Plants the data of the account `citizen`.
pub async fn plant(city: &City) -> Planted {
    let ground = &city.wired.house.ground;
    let token = city.token("citizen").await;
    let body = json!({"item": "home-purchase-proof", "answers": {"kind": "stock", "district": "320105", "consent": true}});
    let (status, filed) =
        city.call_keyed("POST", "/api/v1/cases", Some(&token), Some(&body), Some("p")).await;
    assert_eq!(status, StatusCode::CREATED, "{filed}");
    let case = filed["number"].as_str().unwrap().to_owned();
    let (_, detail) = city.call("GET", &format!("/api/v1/cases/{case}"), Some(&token), None).await;
    let certificate = detail["certificates"][0].as_str().unwrap().to_owned();
    let talk = format!("/api/v1/cases/{case}/messages");
    let (status, said) = city.call("POST", &talk, Some(&token), Some(&json!({"text": TALK}))).await;
    assert_eq!(status, StatusCode::CREATED, "{said}");
    let (status, file) = city.upload(&token, "a.pdf", PDF.as_bytes()).await;
    assert_eq!(status, StatusCode::CREATED, "{file}");
    let file = file["id"].as_str().unwrap().to_owned();

    let signed =
        identity::sign_in(ground, "citizen", identity::DEMO_PASSWORD, SessionKind::Cookie).await.unwrap();
    let me = identity::session(ground, &signed.token).await.unwrap().unwrap().applicant().unwrap();
    let item = catalog::find(&ground.store, "home-purchase-proof").await.unwrap().unwrap();
    let draft = command!(ground, Lang::ZhCn, me.actor_ref(), |cx| cases::start(&mut cx, &me, &item).await);
    let draft = draft.unwrap().matter.to_string();
    let held = certificates::get(&ground.store, certificate.parse().unwrap()).await.unwrap().unwrap();
    let paper = paper(city, &me, &case, &file).await;
    let (look, objection) = objected(city, &me, &case).await;
    let seal = sealed(city).await;
    let rows = cases::my_cases(&ground.store, &me, None, 1).await.unwrap().rows;
    let mut planted = Planted {
        name: me.person_name().to_owned(),
        number: "999999198603121026".to_owned(),
        case,
        certificate,
        token: held.token.clone(),
        draft,
        file,
        paper,
        look,
        objection,
        matter: rows[0].matter.to_string(),
        seal,
        marks: Vec::new(),
    };
    planted.marks = marks(&planted, held.identifier);
    planted
}

/// What must not be seen, with what it is.
fn marks(planted: &Planted, identifier: String) -> Vec<(&'static str, String)> {
    vec![
        ("the name", planted.name.clone()),
        ("the identity number", planted.number.clone()),
        ("the telephone number", "13900000001".to_owned()),
        ("the address", "示范路1号2幢301室".to_owned()),
        ("the spouse's number", "99999919840705011X".to_owned()),
        ("the case number", planted.case.clone()),
        ("the certificate", planted.certificate.clone()),
        ("the certificate's identifier", identifier),
        ("the certificate's token", planted.token.clone()),
        ("the draft", planted.draft.clone()),
        ("the file", planted.file.clone()),
        ("the paper", planted.paper.clone()),
        ("the paper's name", PAPER.to_owned()),
        ("the objection", planted.objection.clone()),
        ("the objection's text", OBJECTION.to_owned()),
        ("the correction's text", CORRECTION.to_owned()),
        ("what was said", TALK.to_owned()),
    ]
}

async fn paper(city: &City, me: &Applicant, case: &str, file: &str) -> String {
    let new = proofs::NewProof {
        issued: None,
        subject: me.subject(),
        kind: "citizen-card".into(),
        holder: "applicant".into(),
        name: Text::same(PAPER),
        grade: proofs::Grade::Uploaded,
        purpose: Text::same(PAPER),
        uses: vec![proofs::Use { case: case.to_owned(), demand: "card".into(), item: Text::same(PAPER) }],
        files: vec![file.parse().unwrap()],
        valid_until: None,
        kept_by_law: None,
    };
    let ground = &city.wired.house.ground;
    command!(ground, Lang::ZhCn, me.actor_ref(), |cx| proofs::keep(&mut cx, new.clone()).await)
        .unwrap()
        .to_string()
}

/// An examiner of the agency that keeps the case looks; the person objects, and asks for a correction beside.
async fn objected(city: &City, me: &Applicant, case: &str) -> (String, String) {
    let (ground, house) = (&city.wired.house.ground, &city.wired.house);
    let token = city.token("examiner2").await;
    let staff = identity::session(ground, &token).await.unwrap().unwrap().staff().unwrap();
    let purpose = Purpose::in_case("examine", case);
    let look = Look { person: me.person(), fields: vec!["case".into()], purpose };
    let actor = staff.actor_ref();
    command!(ground, Lang::ZhCn, actor, |cx| trace::look(&mut cx, &look).map_err(Failure::from)).unwrap();
    let look = trace::looks_by(&ground.store, staff.account(), None, 1).await.unwrap()[0].id;
    let (calendar, terms) = (house.calendar.as_ref(), supervision::Settings::default());
    let objection = command!(ground, Lang::ZhCn, me.actor_ref(), |cx| {
        supervision::verbs::object(&mut cx, calendar, &terms, me, look, OBJECTION).await
    })
    .unwrap();
    let asking = supervision::verbs::Asking {
        kind: supervision::Kind::Correct,
        what: "household".into(),
        text: CORRECTION.into(),
        papers: Vec::new(),
    };
    command!(ground, Lang::ZhCn, me.actor_ref(), |cx| {
        supervision::verbs::request(&mut cx, calendar, &terms, me, &asking).await
    })
    .unwrap();
    (look.to_string(), objection.to_string())
}

/// An order about the person, which waits for its second person in an agency of its own.
async fn sealed(city: &City) -> String {
    let ground = &city.wired.house.ground;
    let token = city.token("examiner2").await;
    let session = identity::session(ground, &token).await.unwrap().unwrap();
    let examiner = session.examiner().unwrap();
    let now = kernel::clock::legal_date(ground.clock.now());
    let asking = supervision::verbs::SealAsked {
        number: "999999198603121026".into(),
        ground: supervision::rules::seal::Ground::Duty,
        reason: "x".into(),
        until: now.checked_add(jiff::ToSpan::days(9)).unwrap(),
    };
    let terms = supervision::Settings::default();
    command!(ground, Lang::ZhCn, examiner.actor_ref(), |cx| {
        supervision::verbs::ask_seal(&mut cx, &terms, &examiner, &asking).await
    })
    .unwrap()
    .to_string()
}

impl Planted {
    /// The address of what is theirs under a pattern.
    pub fn fill(&self, pattern: &str) -> String {
        let id = match pattern {
            p if p.contains("/certificates/") => &self.certificate,
            p if p.contains("/space/papers/") => &self.paper,
            p if p.contains("/looks/{id}") => &self.look,
            p if p.contains("sealed-looks") => &self.seal,
            p if p.contains("objections/") => &self.objection,
            p if p.contains("/matters/") => &self.matter,
            _ => &self.draft,
        };
        pattern
            .split('/')
            .map(|part| match part {
                "{number}" | "{case}" => &*self.case,
                "{matter}" | "{draft}" => &*self.draft,
                "{token}" => &*self.token,
                "{file}" if pattern.contains("/space/papers/") => "0",
                "{file}" => &*self.file,
                "{id}" => id,
                "{item}" | "{key}" => "home-purchase-proof",
                "{verb}" => "withdraw",
                "{section}" => "check",
                other => other,
            })
            .collect::<Vec<_>>()
            .join("/")
            .replace(['{', '}', '*'], "x")
    }

    /// How far what is theirs has come: the heads of its chains.
    pub async fn state(&self, city: &City) -> Vec<i64> {
        let store = &city.wired.house.ground.store;
        let mut heads = Vec::new();
        let number = self.case.parse().unwrap();
        let row = cases::progress(store, &number, &cases::Scope::program()).await.unwrap();
        for subject in [
            trace::Subject::new("case", row.id),
            trace::Subject::new("certificate", &self.certificate),
            trace::Subject::new("proof", &self.paper),
            trace::Subject::new("objection", &self.objection),
            trace::Subject::new("seal", &self.seal),
        ] {
            heads.push(trace::head(store, &subject).await.unwrap().seq);
        }
        heads
    }

    /// The marks are there to be found: the person sees what is theirs.
    pub async fn owner_sees(&self, city: &City, owner: &Stranger) {
        for (path, marks) in [
            ("/space".to_owned(), vec![&self.case, &self.certificate, &self.name]),
            (format!("/cases/{}", self.case), vec![&self.case]),
            (format!("/space/papers/{}", self.paper), vec![&self.paper]),
            (format!("/space/objections/{}", self.objection), vec![&self.objection]),
            ("/space/looks".to_owned(), vec![&self.look]),
            (format!("/certificates/{}", self.certificate), vec![&self.token]),
        ] {
            let (status, body) = owner.ask(city, "GET", &path, "").await;
            assert!(status.is_success(), "{path}: {status} {body}");
            let missing: Vec<_> = marks.iter().filter(|m| !body.contains(m.as_str())).collect();
            assert!(missing.is_empty(), "{path} lacks {missing:?}: {body}");
        }
        let all: Vec<&str> = self.marks.iter().map(|m| m.1.as_str()).collect();
        assert!(all.iter().all(|m| m.len() > 5), "a mark too short finds itself everywhere: {all:?}");
    }
}
