//! 免申即享: one tap on what is due hands it in when nothing is missing, and asks only the rest when something is. On both databases.

use axum::http::StatusCode;
use catalog::Pack;
use exchange::Sources;
use harness::browser::Page;
use harness::{Browser, Migrations, TestGround, both};
use identity::{Applicant, SessionKind, Settings};
use kernel::{ActorRef, Fault, Lang, Press, PressJob};
use page::{House, Site};
use std::path::Path;
use std::sync::Arc;
use store::command;

const ROOMS: &[Migrations] = &[
    trace::MIGRATIONS,
    identity::MIGRATIONS,
    exchange::MIGRATIONS,
    catalog::MIGRATIONS,
    certificates::MIGRATIONS,
    proofs::MIGRATIONS,
    procedure::MIGRATIONS,
    cases::MIGRATIONS,
    ratings::MIGRATIONS,
    portal::MIGRATIONS,
];
const CITY: &str = include_str!("../../../../packs/demo/city.yaml");
const CARD: &str = "elderly-card";
/// The same once more under another name: what was said for the one is known for the other.
const PASS: &str = "elderly-pass";
const CHILD: &str = "hardship-child-allowance";
const TOWN: &str = "440604012";

struct NoPress;

impl Press for NoPress {
    fn pdf(&self, _: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("no press here"))
    }
}

/// The city of the demonstration, where one family more is known to be in hardship.
fn city() -> String {
    let known = "  civil-aid:\n";
    let more = "    - {citizen_id: \"999999198409251687\", category: low-income, since: \"2026-01-05\"}\n";
    CITY.replacen(known, &format!("{known}{more}"), 1)
}

fn pack() -> Pack {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for name in ["sources.yaml", "elements.yaml", "knowledge.yaml"] {
        files.push((name.to_owned(), std::fs::read(packs.join(name)).unwrap()));
    }
    for name in [CARD, CHILD] {
        let path = format!("foshan/civil-affairs/{name}/item.yaml");
        files.push((path.clone(), std::fs::read(packs.join(path)).unwrap()));
    }
    let card = std::fs::read_to_string(packs.join(format!("foshan/civil-affairs/{CARD}/item.yaml"))).unwrap();
    let code = card.split("code: \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (head, last) = code.split_at(code.len() - 3);
    assert_ne!(last, "907");
    let pass = card.replacen(&code, &format!("{head}907"), 1);
    files.push((format!("foshan/civil-affairs/{PASS}/item.yaml"), pass.into_bytes()));
    catalog::pack::load_files(files).unwrap_or_else(|wrong| panic!("{wrong:#?}"))
}

struct Town {
    ground: store::Ground,
    sources: Sources,
}

impl Town {
    async fn new(t: &TestGround) -> Self {
        // Monday, 23 November 2026, 10:00 in Beijing.
        t.clock.set("2026-11-23T02:00:00Z".parse().unwrap());
        identity::configure(Settings::cheap());
        identity::seed_demo(&t.ground, &city()).await.unwrap();
        procedure::seed_demo_seals(&t.ground).await.unwrap();
        let pack = pack();
        command!(t.ground, Lang::En, ActorRef::system(), |cx| catalog::publish(&mut cx, &pack).await)
            .unwrap();
        let sources = exchange::demo_sources(&city(), t.ground.clone()).unwrap();
        Self { ground: t.ground.clone(), sources }
    }

    async fn browser(&self, account: &str) -> Browser {
        let house = House {
            ground: self.ground.clone(),
            site: Arc::new(Site::demo()),
            press: Arc::new(NoPress),
            calendar: Arc::new(kernel::Calendar::official().clone()),
        };
        let routes = portal::routes(house.clone(), self.sources.clone())
            .merge(cases::routes(house.clone(), self.sources.clone()));
        let browser = Browser::new(page::layer(identity::layer(page::inner(routes), &house), &house));
        browser.with_cookie("yimen_session", &self.token(account).await)
    }

    async fn token(&self, account: &str) -> String {
        let kind = SessionKind::Cookie;
        identity::sign_in(&self.ground, account, identity::DEMO_PASSWORD, kind).await.unwrap().token
    }

    async fn applicant(&self, account: &str) -> Applicant {
        let token = self.token(account).await;
        identity::session(&self.ground, &token).await.unwrap().unwrap().applicant().unwrap()
    }

    async fn switch(&self, register: &str, down: bool) {
        command!(self.ground, Lang::En, ActorRef::system(), |cx| exchange::set_down(&mut cx, register, down))
            .unwrap();
    }

    /// The cases of this item that somebody has.
    async fn cases(&self, account: &str, item: &str) -> Vec<cases::CaseRow> {
        let who = self.applicant(account).await;
        let all = cases::my_cases(&self.ground.store, &who, None, 50).await.unwrap().rows;
        all.into_iter().filter(|c| c.item_key == item).collect()
    }
}

/// What is due, with consent.
async fn due(browser: &mut Browser) -> Page {
    browser.submit("/due", "/due", &[("consent", "yes")]).await
}

/// The hidden fields of the button for an item.
fn button(html: &str, item: &str) -> Vec<(String, String)> {
    let form = html.split(&format!("action=\"/due/{item}\"")).nth(1).unwrap_or_else(|| panic!("{html}"));
    let form = form.split("</form>").next().unwrap();
    let field = |part: &str| {
        let name = part.split('"').next()?.to_owned();
        let value = part.split("value=\"").nth(1)?.split('"').next()?.to_owned();
        Some((name, value))
    };
    form.split("name=\"").skip(1).filter_map(field).collect()
}

async fn tap(browser: &mut Browser, item: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post(&format!("/due/{item}"), &fields).await
}

/// Fills in a section of a draft and goes on.
async fn fill(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.html);
    let section = path.rsplit('/').next().unwrap();
    let (csrf, rev) = (page.csrf(), page.hidden("rev").unwrap());
    let mut all = vec![("_csrf", csrf.as_str()), ("rev", rev.as_str()), ("_section", section)];
    all.extend_from_slice(fields);
    browser.post(path, &all).await
}

/// The elder applies for the card: one tap leads to the one question that is left.
async fn the_card(town: &Town, elder: &mut Browser) {
    let told = due(elder).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.html);
    assert!(told.html.contains("只要您再补充") && !told.html.contains("一键办理"), "{}", told.html);
    let led = tap(elder, CARD, &button(&told.html, CARD)).await;
    assert!(led.to.starts_with("/drafts/") && led.to.ends_with("/person"), "{} {}", led.to, led.html);
    assert!(town.cases("elder", CARD).await.is_empty(), "nothing is handed in unseen");
    let said = [
        ("_known", "person_name"),
        ("_known", "person_citizen_id"),
        ("town", TOWN),
        ("phone", "13900000035"),
        ("address", "佛山市禅城区祖庙街道示范巷3号"),
    ];
    let next = fill(elder, &led.to, &said).await;
    assert!(next.to.ends_with("/promise"), "only what is missing is asked: {} {}", next.to, next.html);
    let check = fill(elder, &next.to, &[("truth", "yes")]).await;
    assert!(check.to.ends_with("/check"), "{} {}", check.to, check.html);
    let page = elder.get(&check.to).await;
    let done = elder.post(&check.to, &[("_csrf", &page.csrf()), ("declare", "yes")]).await;
    assert!(done.to.ends_with("/filed"), "{} {}", done.to, done.html);
}

both!(one_tap_hands_in_what_lacks_nothing, ROOMS, |t| async move {
    let town = Town::new(&t).await;
    let mut elder = town.browser("elder").await;
    the_card(&town, &mut elder).await;
    // What was said then is known now: nothing is missing, and what is declared stands beside the button.
    let told = due(&mut elder).await;
    for shown in ["一键办理", "以上内容属实", "同意部门为办理这个事项核对登记数据", "要提交的内容", "祖庙"]
    {
        assert!(told.html.contains(shown), "{shown}: {}", told.html);
    }
    assert!(told.html.contains("已经申请过"), "the card is there: it is not offered twice");
    // The register is down when the button is tapped; a second tap comes at the same moment from another window.
    town.switch("household", true).await;
    let mut other = town.browser("elder").await;
    let own = button(&told.html, PASS);
    let mut same = own.clone();
    let csrf = other.get("/due").await.csrf();
    same.iter_mut().filter(|(name, _)| name == "_csrf").for_each(|(_, value)| value.clone_from(&csrf));
    let (first, second) = futures::join!(tap(&mut elder, PASS, &own), tap(&mut other, PASS, &same));
    assert!(first.to.starts_with("/cases/") && first.to.ends_with("/filed"), "{} {}", first.to, first.html);
    assert_eq!(first.to, second.to, "{}", second.html);
    let third = tap(&mut elder, PASS, &own).await;
    assert_eq!(third.to, first.to, "one tap, one case");
    let filed = town.cases("elder", PASS).await;
    assert_eq!(filed.len(), 1, "{filed:?}");
    assert!(filed[0].running && filed[0].absent == 1, "it goes on, marked, and is not decided: {filed:?}");
    assert_eq!(elder.get(&first.to).await.status, StatusCode::OK);
    let who = town.applicant("elder").await;
    let view = cases::view(&town.ground.store, &filed[0].number, &cases::Scope::from(&who)).await.unwrap();
    assert_eq!(view.case.answers["town"], TOWN);
    assert_eq!(view.case.answers["truth"], true, "what stood beside the button was declared");
    assert!(cases::my_drafts(&town.ground.store, &who).await.unwrap().is_empty(), "no draft is left over");
});

both!(a_tap_for_a_child_leads_to_its_form, ROOMS, |t| async move {
    let town = Town::new(&t).await;
    let mut mother = town.browser("hardship").await;
    let told = due(&mut mother).await;
    let number = "999999201806121637";
    assert!(!told.html.contains(number), "the child's number stands in no page");
    let fields = button(&told.html, CHILD);
    let led = tap(&mut mother, CHILD, &fields).await;
    assert!(led.to.starts_with("/drafts/"), "{} {}", led.to, led.html);
    let id = led.to.split('/').nth(2).unwrap().parse().unwrap();
    let who = town.applicant("hardship").await;
    let draft = cases::draft(&town.ground.store, &who, id).await.unwrap();
    assert_eq!(draft.answers["child_id"], number);
    let again = tap(&mut mother, CHILD, &fields).await;
    assert_eq!(again.to.split('/').nth(2), led.to.split('/').nth(2), "the same draft");
    // What is sealed for her is nobody else's.
    let mut elder = town.browser("elder").await;
    let csrf = elder.get("/due").await.csrf();
    let mut stolen = fields.clone();
    stolen.iter_mut().filter(|(name, _)| name == "_csrf").for_each(|(_, value)| value.clone_from(&csrf));
    assert_eq!(tap(&mut elder, CHILD, &stolen).await.status, StatusCode::NOT_FOUND);
    // What nobody is entitled to by rule is not applied for like this.
    let none = elder.post("/due/nothing", &[("_csrf", &csrf)]).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
});
