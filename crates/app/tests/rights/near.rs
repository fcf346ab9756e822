//! Those who are near: agents, a guardian, spouses, parties to the same sale, people of the same firm, colleagues, agencies above and
//! below. Each is shown their part, and of the marks only what is named here.

use crate::city::{self, City, PDF};
use crate::owner::Owner;
use crate::plant::{applicant, last};
use crate::somebody::Somebody;
use crate::tries::Seat;
use axum::http::StatusCode;
use serde_json::json;

/// Makes all of them, and the owners of whom only those who are near know: a child, and the seller of a dwelling.
pub async fn near(city: &City, person: &Somebody, firm: &Somebody, owners: &mut Vec<Owner>) -> Vec<Seat> {
    let mut seats = Vec::new();
    seats.push(agent_with_another_item(city, owners).await);
    seats.extend(agent_after_revocation(city, person).await);
    seats.extend(family(city, person, owners).await);
    seats.extend(sale(city, owners).await);
    seats.extend(of_the_firm(city, firm, owners).await);
    seats.extend(agencies(city).await);
    seats
}

/// A mandate of the person for another item, accepted: of the person he knows the name and the mandate.
async fn agent_with_another_item(city: &City, owners: &[Owner]) -> Seat {
    let mandate = owners.iter().find(|o| o.key == "person").unwrap().get("mandate").to_owned();
    accept(city, "citizen3", &mandate).await;
    let under = format!("mandate:{mandate}");
    let who = Somebody::acting(city, "citizen3", "agent with another item", &under, true).await;
    Seat::new(who, &["person"], &["person: the name", "person: mandate"])
}

async fn accept(city: &City, account: &'static str, mandate: &str) {
    let agent = Somebody::browser(city, account).await;
    agent.post(city, &format!("/space/mandates/{mandate}"), &[("do", "accept")]).await;
}

/// Everything was theirs to do until the person took it back: in the session that still acts, and for themselves again.
async fn agent_after_revocation(city: &City, person: &Somebody) -> [Seat; 2] {
    let until = city::day(city, 300);
    let fields = [
        ("kind", "person"),
        ("number", "999999199504250193"),
        ("name", "赵䶮"),
        ("scope", "all"),
        ("powers", "everything"),
        ("until", until.as_str()),
        ("sign", "yes"),
    ];
    let mandate = last(&person.post(city, "/space/mandates/new", &fields).await);
    accept(city, "citizen4", &mandate).await;
    let under = format!("mandate:{mandate}");
    let acting = Somebody::acting(city, "citizen4", "agent after revocation", &under, true).await;
    let (status, page) = acting.ask(city, "GET", "/space", "").await;
    assert!(status.is_success() && page.contains("王秀英"), "they could: {status} {page}");
    person.post(city, &format!("/space/mandates/{mandate}"), &[("do", "revoke")]).await;
    let again = Somebody::acting(city, "citizen4", "the same for themselves", "self", true).await;
    let may = &["person: the name"];
    [Seat::new(acting, &["person"], may), Seat::new(again, &["person"], may)]
}

/// The spouse lives at the same address and knows their own number; as the child's guardian as well, but not the child's things
/// before that is recorded.
async fn family(city: &City, person: &Somebody, owners: &mut Vec<Owner>) -> [Seat; 2] {
    let child =
        Somebody::acting(city, "citizen", "mother", &choice(city, person, "张子轩").await, false).await;
    let mut own = Owner::part("child", "张子轩", "999999201509180315");
    let to = child.post(city, "/apply/home-purchase-proof", &[]).await;
    own.id("draft", to.split('/').nth(2).unwrap());
    own.id("section", to.split('/').nth(3).unwrap());
    let mother = applicant(city, &child).await;
    let hers = &owners[0];
    let of = (hers.get("case"), hers.get("file"));
    own.id("paper", crate::plant::paper(city, &mother, "材料记号child7Q2X", of).await);
    own.mark("the text", "材料记号child7Q2X");
    own.mark("the identity number", own.number);
    owners.push(own);
    // The account goes on as itself.
    Somebody::acting(city, "citizen", "mother", "self", false).await;
    let alone = Somebody::new(city, "spouse").await;
    let clerk = Somebody::browser(city, "clerk").await;
    let paper = [("child", "999999201006010429"), ("guardian", "99999919840705011X"), ("evidence", "户口簿")];
    clerk.post(city, "/desk/guardians", &paper).await;
    let other = choice(city, &alone, "陈思雨").await;
    let guardian = Somebody::acting(city, "spouse", "spouse as a guardian", &other, true).await;
    let may = &["person: the address", "person: the spouse's number"];
    [Seat::new(alone, &["person", "child"], may), Seat::new(guardian, &["person", "child"], may)]
}

/// The choice by which somebody acts for a principal of this name.
pub async fn choice(city: &City, who: &Somebody, name: &str) -> String {
    let ground = &city.wired.house.ground;
    let person = identity::session(ground, &who.session).await.unwrap().unwrap().person();
    let now = ground.clock.now();
    let found = identity::mandate::in_force(&ground.store, person, now, name, 9).await.unwrap();
    format!("mandate:{}", found.first().expect("a mandate in force").id)
}

/// A dwelling is sold: the buyer has confirmed, and sees the sale, not the seller's family, papers and numbers.
async fn sale(city: &City, owners: &mut Vec<Owner>) -> [Seat; 4] {
    let seller = city.token("seller").await;
    let (contract, consent) = (paper(city, &seller, "contract").await, paper(city, &seller, "consent").await);
    let store = &city.wired.house.ground.store;
    let item = catalog::find(store, "house-trade").await.unwrap().unwrap();
    let mut answers = item.item.examples[0].given.answers.clone();
    for (field, value) in &mut answers {
        if let Some(first) = value.as_array_mut().and_then(|all| all.first_mut()) {
            first["file"] = json!(if field == "consent_file" { &consent } else { &contract });
        }
    }
    for (field, value) in [
        ("mortgage", "no".to_owned()),
        ("trade_contract_date", city::day(city, -3)),
        ("trade_handover", city::day(city, 30)),
    ] {
        answers.insert(field.to_owned(), json!(value));
    }
    let body = json!({"items": ["house-trade"], "answers": answers, "role": "seller"});
    let (status, filed) =
        city.call_keyed("POST", "/api/v1/matters", Some(&seller), Some(&body), Some("sale")).await;
    assert_eq!(status, StatusCode::CREATED, "{filed}");
    let number = filed["cases"][0]["number"].as_str().unwrap();
    let buyer = city.token("buyer").await;
    let confirm = format!("/api/v1/cases/{number}/confirm");
    let (status, done) = city.call("POST", &confirm, Some(&buyer), Some(&json!({}))).await;
    assert_eq!(status, StatusCode::OK, "{done}");
    let mut own = Owner::part("seller", "许静怡", "999999198405127021");
    own.id("case", number);
    own.id("case file", &consent);
    own.mark("the contract", &contract);
    own.mark("the name", "许静怡");
    own.mark("the identity number", own.number);
    own.mark("the telephone number", "13900000071");
    own.mark("the address", "示范路9号3幢1204室");
    own.mark("the spouse's number", "99999919820909703X");
    owners.push(own);
    let party: &'static [&'static str] = &["seller: case", "seller: the name", "seller: the contract"];
    let buyer = Somebody::new(city, "buyer").await;
    let mut buyer = Seat::new(buyer, &["seller"], party);
    buyer.theirs = &["/cases/{number}", "/api/v1/cases/{number}"];
    let married = Seat::new(Somebody::new(city, "buyer-spouse").await, &["seller"], &[]);
    let home: &'static [&'static str] = &["seller: the address", "seller: the spouse's number"];
    let spouse = Seat::new(Somebody::new(city, "seller-spouse").await, &["seller"], home);
    // A part of the agency that examines the sale, with no task of it.
    let part = Seat::new(Somebody::new(city, "examiner2").await, &["seller"], &["person:"]);
    [buyer, married, spouse, part]
}

async fn paper(city: &City, token: &str, text: &str) -> String {
    let bytes = PDF.replacen('\n', &format!("\n% {text}\n"), 1);
    let (status, file) = city.upload(token, &format!("{text}.pdf"), bytes.as_bytes()).await;
    assert_eq!(status, StatusCode::CREATED, "{file}");
    file["id"].as_str().unwrap().to_owned()
}

/// Somebody of the firm who manages nothing, the clerk of its agent firm under the mandate, and the same without it.
async fn of_the_firm(city: &City, firm: &Somebody, owners: &mut [Owner]) -> [Seat; 3] {
    let ground = &city.wired.house.ground;
    let fields = [("number", "999999195508011650"), ("name", "陈国雄"), ("role", "agent"), ("until", "")];
    firm.post(city, "/space/staff", &fields).await;
    let member = identity::person_by_citizen_id(&ground.store, fields[0].1).await.unwrap().unwrap();
    let own = owners.iter_mut().find(|o| o.key == "firm").unwrap();
    own.id("member", member);
    let id = applicant(city, firm).await.acting().unwrap().to_string();
    let staff = Somebody::acting(city, "veteran", "ordinary staff of the firm", &id, true).await;
    let mut staff = Seat::new(staff, &["firm"], OF_THE_FIRM);
    staff.theirs = &[
        "/cases/",
        "/api/v1/cases/",
        "/certificates/",
        "/drafts/",
        "/space/papers/",
        "/matters/",
        "/appointments/",
        "/api/v1/appointments/",
    ];
    let alone = Somebody::new(city, "agent").await;
    let under = choice(city, &alone, "").await;
    let agent = Somebody::acting(city, "agent", "clerk of the agent firm", &under, true).await;
    let mut agent = Seat::new(agent, &["firm"], OF_THE_ITEM);
    agent.theirs = &["/cases/", "/api/v1/cases/", "/matters/", "/appointments/", "/api/v1/appointments/"];
    [staff, agent, Seat::new(alone, &["firm"], &[])]
}

/// Who belongs to the agency that keeps the case, without a task of it; and a part of it, which may look a certificate of the whole up, and
/// answers for the look of one of its own. Whether an act of theirs fits is for its rules (`refusals.rs`).
async fn agencies(city: &City) -> [Seat; 3] {
    let reads = |who, tries, may| Seat { acts: false, ..Seat::new(who, tries, may) };
    [
        reads(Somebody::new(city, "housing-clerk").await, &["person"], HANDLES_PERSON),
        reads(Somebody::new(city, "examiner2-head").await, &["person"], PART_OF_THE_AGENCY),
        reads(Somebody::new(city, "examiner-head").await, &["firm"], HANDLES_FIRM),
    ]
}

/// The case, what came of it, and what the person objected to; not their drafts, papers, mandates, requests, copies or visits elsewhere.
const HANDLES_PERSON: &[&str] = &[
    "seller:",
    "person: case",
    "person: case id",
    "person: waiting case",
    "person: matter",
    "person: the name",
    "person: the identity number",
    "person: the telephone number",
    "person: the address",
    "person: the spouse's number",
    "person: the text 口信",
    "person: the text 评价",
    "person: rating",
    "person: certificate",
    "person: the certificate's identifier",
    "person: objection",
    "person: the text 异议",
    "child: the identity number",
];
const PART_OF_THE_AGENCY: &[&str] = &[
    "person: case",
    "person: the name",
    "person: the certificate's identifier",
    "person: objection",
    "person: the text 异议",
];
const HANDLES_FIRM: &[&str] = &[
    "firm: case",
    "firm: case id",
    "firm: waiting case",
    "firm: matter",
    "firm: task",
    "firm: the name",
    "firm: the identity number",
    "firm: the telephone number",
    "firm: the address",
    "firm: the firm's code",
    "firm: the driver's number",
    "firm: file",
    "firm: case file",
    "firm: the text 口信",
    "firm: the text 评价",
    "firm: rating",
    "firm: notice",
    "firm: certificate",
    "firm: the certificate's identifier",
    "firm: objection",
    "firm: the text 异议",
];
/// What the firm has handed in and got, and nothing of those who manage it: neither mandates nor people, nor who they are at home.
const OF_THE_FIRM: &[&str] = &[
    "firm: appointment",
    "firm: case",
    "firm: case id",
    "firm: waiting case",
    "firm: matter",
    "firm: the firm's code",
    "firm: the driver's number",
    "firm: file",
    "firm: case file",
    "firm: the text 口信",
    "firm: the text 评价",
    "firm: rating",
    "firm: notice",
    "firm: certificate",
    "firm: the certificate's identifier",
    "firm: copy",
    "firm: the text 收件人",
    "firm: paper",
    "firm: picture",
    "firm: the text 材料",
];
/// Cases of the item that the mandate names.
const OF_THE_ITEM: &[&str] = &[
    "firm: appointment",
    "firm: case",
    "firm: case id",
    "firm: waiting case",
    "firm: matter",
    "firm: the firm's code",
    "firm: the driver's number",
    "firm: file",
    "firm: case file",
    "firm: the text 口信",
    "firm: the text 评价",
    "firm: rating",
    "firm: notice",
    "firm: certificate",
];
