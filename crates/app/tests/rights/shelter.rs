//! An address under protection reaches neither spouse nor parent: a mark stands where a mother and her child live, in the register of
//! persons and in that of households, and everybody near looks for it before, while and after it is protected. A guardian sees the
//! child's looks and uses the child's rights, but for that.

use crate::city::{City, PDF};
use crate::near::choice;
use crate::owner::Owner;
use crate::plant::{applicant, last};
use crate::routes::{self, Route};
use crate::somebody::Somebody;
use crate::tries::Seat;
use axum::http::StatusCode;
use harness::Backend;
use kernel::{AgencyCode, Failure, Lang, SubjectId, Text};
use serde_json::json;
use std::path::Path;
use store::command;
use trace::{Look, Purpose};

/// Where mother and child live.
const HOME: &str = "庇护记号路77号";
/// Where the husband of somebody who registers a birth lives.
const ELSEWHERE: &str = "隐居记号巷88号";
const MOTHER: &str = "999999198603121026";
const CHILD: &str = "999999201509180315";
const FATHER: &str = "99999919840705011X";
/// The spouse of somebody who registers a birth.
const SPOUSE: &str = "999999199107221110";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_protected_address_reaches_neither_spouse_nor_parent_on_sqlite() {
    reaches_neither_spouse_nor_parent(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_protected_address_reaches_neither_spouse_nor_parent_on_postgres() {
    reaches_neither_spouse_nor_parent(Backend::Postgres).await;
}

/// The city with the marks, and a second clerk in its hall.
async fn city(backend: Backend, folder: &Path) -> City {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    copied(&all, folder);
    let file = folder.join("demo/city.yaml");
    let mut moved = String::new();
    let mut whose = "";
    for line in std::fs::read_to_string(&file).unwrap().lines() {
        whose = match line {
            "  - id: wang-xiuying" | "  - id: zhang-zixuan" => HOME,
            l if l.starts_with("  - id: ") => "",
            _ => whose,
        };
        let own = |number: &str| line.starts_with(&format!("    - {{citizen_id: \"{number}\""));
        let to = match line {
            _ if line.starts_with("    address: ") && !whose.is_empty() => whose,
            _ if own(MOTHER) && line.contains("address") => HOME,
            _ if own(SPOUSE) && line.contains("address") => ELSEWHERE,
            _ => "",
        };
        moved += &match to {
            "" => line.to_owned(),
            to if line.starts_with("    address: ") => format!("    address: 南京市{to}"),
            to => {
                let (before, rest) = line.split_once("address: ").unwrap();
                format!("{before}address: 南京市{to},{}", rest.split_once(',').unwrap().1)
            }
        };
        moved.push('\n');
        if line == "accounts:" {
            moved += "  - {name: clerk-second, person: tang-li, listed: false, note: {zh-CN: 窗口, en: window}, \
                      staff: [{role: clerk, agency: nanjing.gov.hall, window: A04}]}\n";
        }
    }
    std::fs::write(&file, moved).unwrap();
    City::with(backend, |config| config.packs = folder.to_owned()).await
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), &to).unwrap();
        }
    }
}

/// Everything of the mother's and the child's in which the address stands, made before anybody protects it.
struct Planted {
    mother: Somebody,
    /// The mother as the child's guardian.
    with_child: Somebody,
    /// The father as the child's guardian, since before.
    guardian: Somebody,
    /// The husband under a mandate that his wife once gave him.
    agent: Somebody,
    husband: Somebody,
    /// The mother's case: a register told where she lives.
    case: String,
    /// The child's: the mother wrote it down.
    of_child: String,
    /// What the husband has begun under the mandate.
    draft: String,
    certificate: String,
    token: String,
    /// The case of the mother of a newborn child: a register told where the father lives.
    birth: String,
    newborn: Somebody,
}

async fn planted(city: &City) -> Planted {
    let mother = Somebody::new(city, "citizen").await;
    let body = json!({"item": "home-purchase-proof", "answers": {"kind": "stock", "district": "320105", "consent": true}});
    let case = filed(city, &mother, &body).await;
    let clerk = Somebody::browser(city, "clerk").await;
    let paper = [("child", CHILD), ("guardian", FATHER), ("evidence", "户口簿")];
    clerk.post(city, "/desk/guardians", &paper).await;
    let husband = Somebody::new(city, "spouse").await;
    let child = choice(city, &husband, "张子轩").await;
    let guardian = Somebody::acting(city, "spouse", "father as a guardian", &child, true).await;
    let until = crate::city::day(city, 300);
    let fields = [
        ("kind", "person"),
        ("number", FATHER),
        ("name", "张伟"),
        ("scope", "all"),
        ("powers", "everything"),
        ("until", until.as_str()),
        ("sign", "yes"),
    ];
    let mandate = last(&mother.post(city, "/space/mandates/new", &fields).await);
    husband.post(city, &format!("/space/mandates/{mandate}"), &[("do", "accept")]).await;
    let under = format!("mandate:{mandate}");
    let agent = Somebody::acting(city, "spouse", "husband under a mandate", &under, true).await;
    let draft = agent.post(city, "/apply/elderly-allowance", &[]).await;
    let (certificate, token) = certificate(city, &mother).await;
    let own = choice(city, &mother, "张子轩").await;
    let with_child = Somebody::acting(city, "citizen", "mother as a guardian", &own, true).await;
    let answers = json!({"town": "440604012", "address": format!("南京市{HOME}"), "bank": "示范银行", "other": "no",
        "card": "6200009999990000041", "consent": true, "phone": "13900000001"});
    let of_child = filed(city, &with_child, &json!({"item": "elderly-allowance", "answers": answers})).await;
    let newborn = Somebody::new(city, "citizen-chancheng").await;
    let birth = birth(city, &newborn).await;
    Planted {
        mother,
        with_child,
        guardian,
        agent,
        husband,
        case,
        of_child,
        draft,
        certificate,
        token,
        birth,
        newborn,
    }
}

async fn filed(city: &City, who: &Somebody, body: &serde_json::Value) -> String {
    let answered =
        city.call_keyed("POST", "/api/v1/cases", Some(&who.token), Some(body), body["item"].as_str()).await;
    assert_eq!(answered.0, StatusCode::CREATED, "{}", answered.1);
    answered.1["number"].as_str().unwrap().to_owned()
}

/// A birth is registered by the mother; the father's household is asked for.
async fn birth(city: &City, newborn: &Somebody) -> String {
    let token = city.token("citizen-chancheng").await;
    let (_, file) = city.upload(&token, "a.pdf", PDF.as_bytes()).await;
    let item = catalog::find(&city.wired.house.ground.store, "birth-registration").await.unwrap().unwrap();
    let mut answers = item.item.examples[0].given.answers.clone();
    answers.insert("due".to_owned(), json!(crate::city::day(city, 180)));
    for value in answers.values_mut() {
        if let Some(first) =
            value.as_array_mut().and_then(|all| all.first_mut()).filter(|v| v.get("file").is_some())
        {
            first["file"] = file["id"].clone();
        }
    }
    filed(city, newborn, &json!({"item": "birth-registration", "answers": answers})).await
}

/// A certificate on which the mother's address stands for everybody who has it in hand.
async fn certificate(city: &City, mother: &Somebody) -> (String, String) {
    let me = applicant(city, mother).await;
    let ground = &city.wired.house.ground;
    let today = kernel::clock::legal_date(ground.clock.now());
    let new = certificates::NewCertificate {
        kind: "residence".into(),
        type_code: "11100000000013338W032".into(),
        name: Text::same("居住证明"),
        holder: me.subject(),
        holder_name: "王秀英".into(),
        holder_number_masked: "999***********1026".into(),
        issuer: AgencyCode::parse("nanjing.police").unwrap(),
        issuer_name: Text::same("南京市公安局"),
        issuer_code: "119999990000004062".into(),
        valid_from: today,
        valid_until: None,
        fields: vec![certificates::CertField {
            key: "address".into(),
            label: Text::same("住址"),
            value: format!("南京市{HOME}"),
            public: true,
        }],
        template: "= #json(\"data.json\").fields.address".into(),
        case_number: "x".into(),
    };
    let id = command!(ground, Lang::ZhCn, kernel::ActorRef::system(), |cx| {
        certificates::issue(&mut cx, new.clone()).await
    })
    .unwrap();
    let held = certificates::get(&ground.store, id).await.unwrap().unwrap();
    (id.to_string(), held.token)
}

async fn reaches_neither_spouse_nor_parent(backend: Backend) {
    let folder = tempfile::tempdir().unwrap();
    let city = city(backend, folder.path()).await;
    let p = planted(&city).await;
    let seen = |text: String, mark: &str| text.contains(mark);
    // Unprotected it is where the marks are looked for.
    for (who, path, mark) in [
        (&p.agent, format!("/api/v1/cases/{}/trace", p.case), HOME),
        (&p.agent, p.draft.clone(), HOME),
        (&p.agent, format!("/certificates/{}", p.certificate), HOME),
        (&p.guardian, format!("/cases/{}", p.of_child), HOME),
        (&p.husband, format!("/verify/{}", p.token), HOME),
    ] {
        assert!(seen(who.page(&city, &path).await, mark), "{} {path} before it is protected", who.name);
    }
    protect(&city).await;
    let wrong = nobody_finds(&city, &p).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Those who live there, and whoever handles the case, go on seeing it.
    let examiner = Somebody::new(&city, "housing-clerk").await;
    for (who, path) in [
        (&p.mother, format!("/api/v1/cases/{}/trace", p.case)),
        (&p.mother, format!("/certificates/{}", p.certificate)),
        (&p.with_child, format!("/cases/{}", p.of_child)),
        (&examiner, format!("/api/v1/cases/{}/trace", p.case)),
    ] {
        assert!(seen(who.page(&city, &path).await, HOME), "{} {path} still", who.name);
    }
    let own = p.mother.ask(&city, "POST", "/space/rights/copy", &format!("_csrf={}", p.mother.csrf)).await.1;
    assert!(own.contains(HOME), "her own copy says where she lives");
    guardians(&city, &p).await;
    lift(&city).await;
    assert!(
        seen(p.agent.page(&city, &format!("/api/v1/cases/{}/trace", p.case)).await, HOME),
        "it was lifted"
    );
    assert!(p.guardian.ask(&city, "GET", "/api/v1/cases", "").await.0.is_success(), "he may act again");
}

/// One clerk asks, who may not decide; a second one does.
async fn protect(city: &City) {
    let (first, second) =
        (Somebody::browser(city, "clerk").await, Somebody::browser(city, "clerk-second").await);
    let until = crate::city::day(city, 100);
    for (number, with) in [(MOTHER, ""), (CHILD, MOTHER), (SPOUSE, "")] {
        let fields = [
            ("number", number),
            ("ground", "order"),
            ("paper", "（2026）苏0104民保令1号"),
            ("until", until.as_str()),
            ("with", with),
        ];
        first.post(city, "/desk/protections", &fields).await;
        let list = first.page(city, "/desk/protections").await;
        assert!(!list.contains(number) && !list.contains("value=\"agree\""), "{list}");
        let open = second.page(city, "/desk/protections").await;
        let id = waiting(&open);
        let form = format!("_csrf={}&do=agree", first.csrf);
        let (status, _) = first.ask(city, "POST", &format!("/desk/protections/{id}"), &form).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "whoever asked does not decide");
        second.post(city, &format!("/desk/protections/{id}"), &[("do", "agree")]).await;
    }
    let again =
        [("number", MOTHER), ("ground", "order"), ("paper", "x"), ("until", until.as_str()), ("with", "")];
    let pairs: Vec<String> = again.iter().map(|(n, v)| format!("{n}={}", routes::escaped(v))).collect();
    let body = format!("_csrf={}&{}", first.csrf, pairs.join("&"));
    let (status, _) = first.ask(city, "POST", "/desk/protections", &body).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "protected already");
}

/// The protection whose row offers to agree.
fn waiting(page: &str) -> String {
    let before = page.split_once("value=\"agree\"").expect("something to agree to").0;
    let at = before.rsplit_once("action=\"/desk/protections/").unwrap().1;
    at.split('"').next().unwrap().to_owned()
}

async fn lift(city: &City) {
    let (first, second) =
        (Somebody::browser(city, "clerk").await, Somebody::browser(city, "clerk-second").await);
    for _ in 0..3 {
        let page = second.page(city, "/desk/protections").await;
        let before = page.split_once("value=\"lift\"").expect("one that holds").0;
        let id = before.rsplit_once("action=\"/desk/protections/").unwrap().1.split('"').next().unwrap();
        let at = format!("/desk/protections/{id}");
        second.post(city, &at, &[("do", "lift"), ("reason", "法院撤销")]).await;
        first.post(city, &at, &[("do", "agree")]).await;
    }
}

/// Everybody near asks every route that reads: pages, lists, searches, files, the API.
async fn nobody_finds(city: &City, p: &Planted) -> Vec<String> {
    let mut own = Owner::part("mother", "王秀英", MOTHER);
    own.id("case", &p.case);
    own.id("certificate", &p.certificate);
    own.id("token", &p.token);
    own.id("draft", p.draft.split('/').nth(2).unwrap());
    own.id("section", p.draft.split('/').nth(3).unwrap());
    let mut child = Owner::part("child", "张子轩", CHILD);
    child.id("case", &p.of_child);
    let mut born = Owner::part("newborn", "梁志强", SPOUSE);
    born.id("case", &p.birth);
    for owner in [&mut own, &mut child, &mut born] {
        owner.marks.clear();
        owner.mark("where they live", HOME);
    }
    born.mark("where he lives", ELSEWHERE);
    let owners = vec![own, child, born];
    let all: Vec<Route> = routes::of(&city.router).into_iter().collect();
    let mut wrong = Vec::new();
    let names: [(&'static str, &'static [&'static str]); 5] = [
        ("husband", &["mother", "child"]),
        ("father as a guardian", &["mother", "child"]),
        ("husband under a mandate", &["mother", "child"]),
        ("newborn", &["newborn"]),
        ("a visitor", &["mother"]),
    ];
    let seats = [&p.husband, &p.guardian, &p.agent, &p.newborn];
    let visitor = Somebody::new(city, "").await;
    for (who, (_, tries)) in seats.into_iter().chain([&visitor]).zip(names) {
        let seat = Seat::new(who.again(), tries, &[]);
        wrong.extend(seat.tries(city, &all, &owners, true).await.wrong);
        // What they begin now is not filled in with it, and a copy of what is held about them says nothing of it.
        for (path, follow) in [("/apply/elderly-allowance", true), ("/space/rights/copy", false)] {
            let body = format!("_csrf={}", who.csrf);
            let (status, answer) = who.ask(city, "POST", path, &body).await;
            let next = answer.lines().find(|l| l.starts_with("/drafts/")).filter(|_| follow);
            let page = match next {
                Some(next) => who.page(city, next).await,
                None => answer.clone(),
            };
            if [&answer, &page].iter().any(|text| text.contains(HOME)) {
                wrong.push(format!("{} POST {path}: {status} shows it", who.name));
            }
        }
    }
    let (status, _) = p.guardian.ask(city, "GET", "/api/v1/cases", "").await;
    if status != StatusCode::FORBIDDEN {
        wrong.push(format!("the father still acts for the child: {status}"));
    }
    let (status, _) = p.agent.ask(city, "GET", &format!("/certificates/{}/pdf", p.certificate), "").await;
    if status != StatusCode::FORBIDDEN {
        wrong.push(format!("the husband takes the certificate along: {status}"));
    }
    wrong
}

/// The mother sees who looked at the child's data, and uses the child's rights; a look of an agent names the agent.
async fn guardians(city: &City, p: &Planted) {
    let ground = &city.wired.house.ground;
    let child = identity::person_by_citizen_id(&ground.store, CHILD).await.unwrap().unwrap();
    let kind = identity::SessionKind::Cookie;
    let signed = identity::sign_in(ground, "examiner2", identity::DEMO_PASSWORD, kind).await.unwrap();
    let staff = identity::session(ground, &signed.token).await.unwrap().unwrap().examiner().unwrap();
    let look = Look {
        person: child,
        fields: vec!["case".into()],
        purpose: Purpose::in_case("examine", &p.of_child),
    };
    let actor = staff.actor_ref();
    command!(ground, Lang::ZhCn, actor, |cx| trace::look(&mut cx, &look).map_err(Failure::from)).unwrap();
    let id = trace::looks_by(&ground.store, staff.account(), None, 1).await.unwrap()[0].id;
    let object = format!("/space/looks/{id}/object");
    let shown = p.with_child.page(city, "/space/looks").await;
    assert!(shown.contains(&object), "{shown}");
    assert!(!p.mother.page(city, "/space/looks").await.contains(&object), "it is the child's, not her own");
    let (status, _) = p.mother.ask(city, "GET", &object, "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let file = p.with_child.page(city, "/space/looks/file").await;
    assert!(file.contains(&p.of_child), "{file}");
    let raised = p.with_child.post(city, &object, &[("text", "为什么看孩子的材料")]).await;
    let at = raised.split('?').next().unwrap();
    assert!(p.with_child.page(city, at).await.contains("为什么看孩子的材料"));
    assert_eq!(p.mother.ask(city, "GET", at, "").await.0, StatusCode::NOT_FOUND, "the child's as well");
    let correct = [("what", "household"), ("text", "出生日期有误")];
    p.with_child.post(city, "/space/rights/correct", &correct).await;
    let body = format!("_csrf={}", p.with_child.csrf);
    let (status, copy) = p.with_child.ask(city, "POST", "/space/rights/copy", &body).await;
    assert!(status.is_success() && copy.contains(CHILD) && copy.contains(HOME), "{status}");
    // What the husband began under the mandate was a look at hers.
    let hers = p.mother.page(city, "/space/looks").await;
    assert!(hers.contains("您的受托人或监护人张伟"), "the agent is named: {hers}");
    let subject = SubjectId::Person(child);
    let name = identity::mandate::agent_name(&ground.store, subject, staff.person()).await.unwrap();
    assert_eq!(name, None, "no agent of the child's");
}
