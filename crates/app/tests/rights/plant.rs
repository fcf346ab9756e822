//! The data of one person and of one firm in every room, each with a mark by which it is recognised wherever it appears; of their
//! child and of a party to a sale what those who are near might reach.

use crate::city::{self, City, PAGE, PDF, PICTURE};
use crate::owner::Owner;
use crate::somebody::Somebody;
use axum::http::StatusCode;
use identity::{Applicant, Examiner, SessionKind};
use kernel::{Failure, Lang, Text};
use serde_json::{Value, json};
use store::command;
use trace::{Look, Purpose};

/// Who plants, and what is theirs by the demonstration city.
pub struct Plan {
    pub key: &'static str,
    pub account: &'static str,
    /// The natural person's number; it finds them at windows.
    pub number: &'static str,
    pub name: &'static str,
    pub item: &'static str,
    /// Who examines it: she looks, and puts a look under seal.
    pub examiner: &'static str,
    /// A colleague, by name.
    pub colleague: &'static str,
    /// What else identity knows of them, with what it is.
    pub known: &'static [(&'static str, &'static str)],
    /// Who is given a mandate: kind, number, name, item.
    pub agent: [&'static str; 4],
}

pub const PERSON: Plan = Plan {
    key: "person",
    account: "citizen",
    number: "999999198603121026",
    name: "王秀英",
    item: "home-purchase-proof",
    examiner: "examiner2",
    colleague: "邵云",
    known: &[
        ("the telephone number", "13900000001"),
        ("the address", "示范路1号2幢301室"),
        ("the spouse's number", "99999919840705011X"),
    ],
    agent: ["person", "999999199208080177", "买买提·艾力", "elderly-allowance"],
};

pub const FIRM: Plan = Plan {
    key: "firm",
    account: "firm",
    number: "999999198001170330",
    name: "李国强",
    item: "charter-bus-sticker",
    examiner: "examiner",
    colleague: "孟庆华",
    known: &[
        ("the telephone number", "13900000007"),
        ("the address", "示范里3号4幢502室"),
        ("the firm's code", "91999999MA0DEM013K"),
        ("the driver's number", "99999919790401051X"),
    ],
    agent: ["person", "999999199001011334", "霍国栋", "charter-bus-sticker"],
};

/// Which mark stands for what of an owner: a word, and the tail that makes it theirs.
fn mark(plan: &Plan, what: &str) -> String {
    format!("{what}记号{}7Q2X", plan.key)
}

/// Plants everything of one owner, but for what waits for the messages: see [`finish`].
pub async fn plant(city: &City, plan: &Plan) -> (Owner, Somebody) {
    let me = Somebody::new(city, plan.account).await;
    let mut own = Owner::new(plan.key, plan.name, plan.number);
    let who = applicant(city, &me).await;
    own.id("session", identity_session(city, &me).await);
    let file = file(city, plan.account).await;
    own.id("file", &file);
    if plan.key == "firm" {
        own.id("case file", &file);
    }
    cases_of(city, plan, &mut own).await;
    drafts(city, plan, &me, &mut own).await;
    let picture = city.upload(&city.token(plan.account).await, "a.png", PICTURE).await.1;
    own.id("picture", picture["id"].as_str().unwrap());
    let paper = paper(city, &who, &mark(plan, "材料"), (own.get("case"), own.get("picture"))).await;
    own.id("paper", paper);
    supervised(city, plan, &who, &mut own, &file).await;
    crate::bills::plant(city, plan, &who, &mut own).await;
    crate::parcels::plant(city, plan, &who, &mut own).await;
    at_windows(city, plan, &mut own).await;
    in_the_hall(city, &who, &mut own).await;
    appointed(city, plan, &who, &mut own).await;
    let [kind, number, name, item] = plan.agent;
    let until = city::day(city, 300);
    let fields = [
        ("kind", kind),
        ("number", number),
        ("name", name),
        ("scope", "items"),
        ("items", item),
        ("powers", "filing"),
        ("until", until.as_str()),
        ("sign", "yes"),
    ];
    let to = me.post(city, "/space/mandates/new", &fields).await;
    own.id("mandate", last(&to));
    let report = [("kind", "wrong"), ("place", "/"), ("text", "x"), ("contact", "")];
    let to = me.post(city, "/feedback-site", &report).await;
    own.id("report", to.split_once("number=").unwrap().1.split('&').next().unwrap());
    for (what, text) in plan.known {
        own.mark(what, text);
    }
    own.mark("the name", plan.name);
    own.mark("the identity number", plan.number);
    for what in ["口信", "异议", "更正", "材料", "收件人", "评价"] {
        own.mark(&format!("the text {what}"), &mark(plan, what));
    }
    (own, me)
}

/// What can be planted when all messages are delivered and the certificate is printed.
pub async fn finish(city: &City, plan: &Plan, me: &Somebody, own: &mut Owner) {
    let token = city.token(plan.account).await;
    let (number, waiting) = (own.get("case").to_owned(), own.get("waiting case").to_owned());
    let (_, detail) = city.call("GET", &format!("/api/v1/cases/{number}"), Some(&token), None).await;
    own.id("certificate", detail["certificates"][0].as_str().expect("a certificate"));
    let (_, notices) =
        city.call("GET", &format!("/api/v1/cases/{waiting}/notices"), Some(&token), None).await;
    let (_, older) = city.call("GET", &format!("/api/v1/cases/{number}/notices"), Some(&token), None).await;
    let notice = older[0]["id"].as_str().or_else(|| notices[0]["id"].as_str());
    if let Some(notice) = notice {
        own.id("notice", notice);
    }
    let store = &city.wired.house.ground.store;
    let held = certificates::get(store, own.get("certificate").parse().unwrap()).await.unwrap().unwrap();
    own.id("token", &held.token);
    own.mark("the certificate's identifier", &held.identifier);
    let at = format!("/certificates/{}", held.id);
    let until = city::day(city, 2);
    let whom = mark(plan, "收件人");
    let copy = [("whom", whom.as_str()), ("purpose", "x"), ("until", until.as_str())];
    let list = me.post(city, &format!("{at}/copies"), &copy).await;
    own.id("copy", after(&me.page(city, &list).await, &format!("{at}/copies/")));
    let shown = me.post(city, &format!("{at}/present"), &[("line", "holder")]).await;
    own.id("presentation", last(&shown));
    let offer = me.post(city, &format!("{at}/wallet"), &[]).await;
    own.id("offer", last(&offer));
    own.id("offer code", after(&me.page(city, &offer).await, "%2Fcredential%2Foffer%2F"));
    let words = json!({"level": 5, "reasons": ["late"], "text": mark(plan, "评价")});
    let (status, rating) =
        city.call("POST", &format!("/api/v1/cases/{number}/rating"), Some(&token), Some(&words)).await;
    assert_eq!(status, StatusCode::CREATED, "{rating}");
    own.id("rating", rating["id"].as_str().unwrap());
    let subject = format!("case:{}", own.get("case id"));
    let packages = procedure::archive::of(store, &subject).await.unwrap();
    own.id("package", packages.first().expect("the closed case is in the archive").id);
}

/// Two cases: one that is done, with its certificate, and one that waits with an entry in dispute.
async fn cases_of(city: &City, plan: &Plan, own: &mut Owner) {
    let token = city.token(plan.account).await;
    let examiner = city.token(plan.examiner).await;
    let (body, dispute) = match plan.key {
        "firm" => (city::sticker(city, own.get("file")), "driver.licence_class"),
        _ => (
            json!({"item": plan.item, "answers": {"kind": "stock", "district": "320105", "consent": true}}),
            "household.division",
        ),
    };
    let number = filed(city, &token, &body, "one").await;
    if let Some(task) = task_of(city, &examiner, &number).await {
        let path = format!("/api/v1/tasks/{task}/outcome");
        let (status, done) =
            city.call("POST", &path, Some(&examiner), Some(&json!({"outcome": "approve"}))).await;
        assert_eq!(status, StatusCode::OK, "{done}");
    }
    own.id("case", &number);
    let waiting = disputed(
        city,
        &token,
        &body,
        json!({"path": dispute, "claim": mark(plan, "异议"), "proof": own.get("file")}),
    )
    .await;
    own.id("waiting case", &waiting);
    // What is decided by rule at once leaves nobody a task, disputed or not.
    if let Some(task) = task_of(city, &examiner, &waiting).await {
        own.id("task", task);
    }
    let store = &city.wired.house.ground.store;
    for (what, number) in [("case id", &number), ("waiting case id", &waiting)] {
        let row = cases::progress(store, &number.parse().unwrap(), &cases::Scope::program()).await.unwrap();
        own.id(what, row.id);
    }
    let view = cases::view(store, &waiting.parse().unwrap(), &cases::Scope::program()).await.unwrap();
    let dispute = view.events.iter().find(|e| e.event.word() == "disputed").expect("a dispute");
    own.id("seq", dispute.seq);
    let talk = format!("/api/v1/cases/{number}/messages");
    let said = json!({"text": mark(plan, "口信")});
    let (status, answer) = city.call("POST", &talk, Some(&token), Some(&said)).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
}

/// Files the same as a matter, with an entry of a register in dispute.
async fn disputed(city: &City, token: &str, body: &Value, dispute: Value) -> String {
    let matter = json!({"items": [body["item"]], "answers": body["answers"], "disputes": [dispute]});
    let (status, answer) =
        city.call_keyed("POST", "/api/v1/matters", Some(token), Some(&matter), Some("two")).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    answer["cases"][0]["number"].as_str().unwrap().to_owned()
}

async fn filed(city: &City, token: &str, body: &Value, key: &str) -> String {
    let (status, answer) = city.call_keyed("POST", "/api/v1/cases", Some(token), Some(body), Some(key)).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    answer["number"].as_str().unwrap().to_owned()
}

async fn task_of(city: &City, examiner: &str, case: &str) -> Option<String> {
    let (_, tasks) = city.call("GET", "/api/v1/tasks", Some(examiner), None).await;
    let found = tasks["tasks"].as_array().unwrap().iter().find(|t| t["case"] == case).cloned();
    found.map(|t| t["id"].as_str().unwrap().to_owned())
}

async fn drafts(city: &City, plan: &Plan, me: &Somebody, own: &mut Owner) {
    let to = me.post(city, &format!("/apply/{}", plan.item), &[]).await;
    let mut parts = to.split('/').skip(2);
    let (draft, section) = (parts.next().unwrap().to_owned(), parts.next().unwrap().to_owned());
    if plan.key == "firm" {
        let at = format!("/drafts/{draft}/contract");
        me.post_picture(city, &at, "contract_file", &[("go", "leave")]).await;
        own.id("draft file", after(&me.page(city, &at).await, &format!("/drafts/{draft}/files/")));
        let scan = format!("/drafts/{draft}/scan/contract_file");
        me.post_file(city, &scan, "pages", PAGE, &[("do", "add")]).await;
        own.id("scan field", "contract_file");
        own.id("scan page", after(&me.page(city, &scan).await, &format!("{scan}/")));
    }
    own.id("draft", draft);
    own.id("section", section);
    let store = &city.wired.house.ground.store;
    let rows = cases::my_cases(store, &applicant(city, me).await, None, 9).await.unwrap().rows;
    let row = rows.iter().find(|r| r.number.to_string() == own.get("case")).unwrap();
    own.id("matter", row.matter);
}

/// A paper that is kept, of this name.
pub async fn paper(city: &City, who: &Applicant, name: &str, (case, file): (&str, &str)) -> String {
    let new = proofs::NewProof {
        issued: None,
        subject: who.subject(),
        kind: "citizen-card".into(),
        holder: "applicant".into(),
        name: Text::same(name),
        grade: proofs::Grade::Uploaded,
        purpose: Text::same(name),
        uses: vec![used(case, name)],
        files: vec![file.parse().unwrap()],
        valid_until: None,
        kept_by_law: None,
    };
    let ground = &city.wired.house.ground;
    command!(ground, Lang::ZhCn, who.actor_ref(), |cx| proofs::keep(&mut cx, new.clone()).await)
        .unwrap()
        .to_string()
}

fn used(case: &str, name: &str) -> proofs::Use {
    proofs::Use { case: case.to_owned(), demand: "card".into(), item: Text::same(name) }
}

/// An examiner of the agency that keeps the case looks; the person objects, asks for a correction beside, and a look is under seal.
async fn supervised(city: &City, plan: &Plan, me: &Applicant, own: &mut Owner, file: &str) {
    let (ground, house) = (&city.wired.house.ground, &city.wired.house);
    let examiner = examiner(city, plan.examiner).await;
    let purpose = Purpose::in_case("examine", own.get("case"));
    let look = Look { person: me.person(), fields: vec!["case".into()], purpose };
    let actor = examiner.actor_ref();
    command!(ground, Lang::ZhCn, actor, |cx| trace::look(&mut cx, &look).map_err(Failure::from)).unwrap();
    let look = trace::looks_by(&ground.store, examiner.account(), None, 1).await.unwrap()[0].id;
    let (calendar, terms) = (house.calendar.as_ref(), supervision::Settings::default());
    let text = mark(plan, "异议");
    let objection = command!(ground, Lang::ZhCn, me.actor_ref(), |cx| {
        supervision::verbs::object(&mut cx, calendar, &terms, me, look, &text).await
    });
    let asking = supervision::verbs::Asking {
        kind: supervision::Kind::Correct,
        what: "household".into(),
        text: mark(plan, "更正"),
        papers: vec![file.parse().unwrap()],
    };
    let request = command!(ground, Lang::ZhCn, me.actor_ref(), |cx| {
        supervision::verbs::request(&mut cx, calendar, &terms, me, &asking).await
    });
    let now = kernel::clock::legal_date(ground.clock.now());
    let sealing = supervision::verbs::SealAsked {
        number: plan.number.into(),
        ground: supervision::rules::seal::Ground::Duty,
        reason: "x".into(),
        until: now.checked_add(jiff::ToSpan::days(9)).unwrap(),
    };
    let seal = command!(ground, Lang::ZhCn, examiner.actor_ref(), |cx| {
        supervision::verbs::ask_seal(&mut cx, &terms, &examiner, &sealing).await
    });
    own.id("look", look);
    own.id("objection", objection.unwrap());
    own.id("request", request.unwrap());
    own.id("seal", seal.unwrap());
}

/// A visit at another agency's window, a recovery and a protection that wait there for their second clerk, an examiner's time away.
async fn at_windows(city: &City, plan: &Plan, own: &mut Owner) {
    let clerk = Somebody::browser(city, "housing-window").await;
    let to = clerk.post(city, "/desk/window", &[("citizen_id", plan.number)]).await;
    own.id("visit", last(&to));
    clerk.post(city, &to, &[("pick", "item:home-purchase-proof")]).await;
    let ground = &city.wired.house.ground;
    let session = identity::session(ground, &clerk.session).await.unwrap().unwrap();
    let right = session.clerk().unwrap();
    // Accounts that the sign-in page lists are found again by nobody.
    let (number, name) = match plan.key {
        "firm" => ("999999197511220153", "陈建国"),
        _ => ("999999199409031240", "陈晓彤"),
    };
    let recovery = command!(ground, Lang::ZhCn, right.actor_ref(), |cx| {
        identity::begin_renewal(&mut cx, &right, number, name).await
    });
    own.id("recovery", recovery.unwrap());
    let protection = command!(ground, Lang::ZhCn, right.actor_ref(), |cx| {
        let wanted = identity::protection::Typed {
            number: plan.number.into(),
            with: String::new(),
            ground: identity::protection::Ground::Sensitive,
            paper: "x".into(),
            until: kernel::clock::legal_date(cx.now),
        };
        identity::protection::ask_protection(&mut cx, &right, &wanted).await
    });
    own.id("protection", protection.unwrap());
    let examiner = examiner(city, plan.examiner).await;
    let others = identity::colleagues(&ground.store, examiner.agency()).await.unwrap();
    let other = others.into_iter().find(|c| c.name == plan.colleague).unwrap().account;
    let today = kernel::clock::legal_date(ground.clock.now());
    let away = command!(ground, Lang::ZhCn, examiner.actor_ref(), |cx| {
        identity::delegate(&mut cx, &examiner, other, today, today).await
    });
    own.id("away", away.unwrap());
}

/// A ticket of the hall that is always open, served with a notice of what is missing.
async fn in_the_hall(city: &City, me: &Applicant, own: &mut Owner) {
    use hall::verbs as hall_verbs;
    let (ground, terms) = (&city.wired.house.ground, hall::Settings::default());
    let code: hall::model::HallCode = "nanjing-public".parse().unwrap();
    let secret = hall::token(ground.rng.as_ref());
    let taking = hall_verbs::Taking {
        hall: code.clone(),
        letter: "A".parse().unwrap(),
        via: hall::model::Via::Phone,
        priority: hall::model::Priority::Ordinary,
        who: Some(hall_verbs::blind_person(&ground.store, me.person())),
        token: secret.clone(),
        kiosk: None,
    };
    let calendar = city.wired.house.calendar.as_ref();
    let taken = command!(ground, Lang::ZhCn, me.actor_ref(), |cx| {
        hall_verbs::take(&mut cx, calendar, &terms, &taking).await
    });
    let clerk = Somebody::browser(city, "clerk").await;
    clerk.post(city, "/desk/hall/duty", &[("window", "nanjing-public/1")]).await;
    for act in ["call", "start"] {
        clerk.post(city, "/desk/hall/act", &[("act", act)]).await;
    }
    let fields = [("outcome", "missing"), ("matter", "x"), ("lines", "x")];
    let to = clerk.post(city, "/desk/hall/end", &fields).await;
    clerk.post(city, "/desk/hall/duty", &[("leave", "yes")]).await;
    own.id("ticket", secret);
    taken.unwrap();
    own.id("hall notice", to.split_once("notice=").unwrap().1);
    own.id("block", numbers_on_paper(city).await);
}

/// A printed block of numbers of the same hall, for a time without network.
async fn numbers_on_paper(city: &City) -> String {
    let agency = kernel::AgencyCode::parse("nanjing.gov.hall").unwrap();
    let staff = identity::colleagues(&city.wired.house.ground.store, &agency).await.unwrap();
    let keeper = staff.iter().find(|c| c.role == identity::Role::Clerk).unwrap().account.to_string();
    let head = Somebody::browser(city, "supervisor").await;
    let asked = [("hall", "nanjing-public"), ("for", "stock"), ("keeper", &keeper), ("forms", "1")];
    let to = head.post(city, "/desk/hall/paper", &asked).await;
    head.post(city, &to, &[("act", "print")]).await;
    last(&to)
}

/// A hall whose clerks are not among the strangers.
const HALL: &str = "code,level,division,agency,name,name_en,address,address_en,phone,longitude,latitude,hours,offers,businesses,windows
nanjing-housing,town,320105001,nanjing.housing,房产便民服务点,Housing point,示范路5号,5 Demonstration Road,12345,118.70,32.00,* 1-7 00:00-24:00,*,A:综合业务:General:*,1:comprehensive:A|2:comprehensive:A|3:comprehensive:A
";

/// An appointment there.
async fn appointed(city: &City, plan: &Plan, me: &Applicant, own: &mut Owner) {
    use appointments::verbs::{self, Asking};
    let house = &city.wired.house;
    let (ground, calendar, terms) = (&house.ground, house.calendar.as_ref(), city.wired.appointments);
    assert!(hall::import(ground, HALL, false).await.unwrap().bad.is_empty());
    let code: hall::model::HallCode = "nanjing-housing".parse().unwrap();
    let hall = hall::hall(&ground.store, &code).await.unwrap().unwrap();
    let of = (&hall, "A".parse().unwrap());
    let offered =
        appointments::offered(&ground.store, calendar, &terms, of, ground.clock.now()).await.unwrap();
    let slots = offered.days.iter().skip(1).flat_map(|d| &d.slots);
    let starts_at = slots.map(|s| s.slot.starts_at).next().unwrap();
    let asked = Asking { item: plan.item.into(), hall: code, starts_at };
    let by = (me, appointments::model::Channel::Online);
    let id = command!(ground, Lang::ZhCn, me.actor_ref(), |cx| {
        verbs::book(&mut cx, calendar, &terms, by, &asked).await
    });
    own.id("appointment", id.unwrap());
}

/// What the owner's examiner has done to several tasks at once.
pub async fn bulk(city: &City, examiner: &Somebody, own: &mut Owner) {
    let Some(task) = own.has("task") else { return };
    let to = examiner.post(city, "/desk/bulk", &[("act", "claim"), ("task", task)]).await;
    own.id("bulk", last(&to));
}

pub async fn applicant(city: &City, who: &Somebody) -> Applicant {
    session(city, who).await.applicant().unwrap()
}

async fn session(city: &City, who: &Somebody) -> identity::Session {
    identity::session(&city.wired.house.ground, &who.session).await.unwrap().unwrap()
}

async fn identity_session(city: &City, who: &Somebody) -> String {
    session(city, who).await.id().to_string()
}

async fn examiner(city: &City, account: &str) -> Examiner {
    let ground = &city.wired.house.ground;
    let kind = SessionKind::Cookie;
    let signed = identity::sign_in(ground, account, identity::DEMO_PASSWORD, kind).await.unwrap();
    identity::session(ground, &signed.token).await.unwrap().unwrap().examiner().unwrap()
}

async fn file(city: &City, account: &str) -> String {
    let token = city.token(account).await;
    let (status, file) = city.upload(&token, "a.pdf", PDF.as_bytes()).await;
    assert_eq!(status, StatusCode::CREATED, "{file}");
    file["id"].as_str().unwrap().to_owned()
}

/// The last part of an address.
pub fn last(path: &str) -> String {
    path.split(['?', '#']).next().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// What stands in a page after `before`, up to the end of an address.
fn after(page: &str, before: &str) -> String {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split(['"', '?', '/', '&']).next().unwrap().to_owned()
}
