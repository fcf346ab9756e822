//! The guide to a joint matter and to one's own set of items, and what is due to one: as a browser meets them.

use axum::http::StatusCode;
use catalog::Pack;
use exchange::Sources;
use harness::{Browser, Migrations, TestGround, both};
use identity::{SessionKind, Settings};
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
    cases::MIGRATIONS,
    ratings::MIGRATIONS,
    portal::MIGRATIONS,
];
const CITIZEN: &str = "999999198603121026";
const CITY: &str = include_str!("../../../../packs/demo/city.yaml");

/// The city of the demonstration, where one family more is known to be in hardship.
fn city() -> String {
    let known = "  civil-aid:\n";
    assert!(CITY.contains(known));
    let more = "    - {citizen_id: \"999999198409251687\", category: low-income, since: \"2026-01-05\"}\n";
    CITY.replacen(known, &format!("{known}{more}"), 1)
}

/// Two items of two agencies as one matter; the second only for those who say so.
const THEME: &str = "id: grown-old
name: {zh-CN: 老有所居一件事, en: Old and at home}
what: {zh-CN: 津贴和住房一起办。, en: Allowance and dwelling together.}
who: {zh-CN: 年满80周岁的老人。, en: Persons of eighty and older.}
icon: home
audience: [person]
aliases: [养老一件事]
roles: [{id: owner, name: {zh-CN: 老人, en: The old}, confirm: true, person: form.person_citizen_id}]
situations:
  - id: child
    ask: {zh-CN: 家里有没有需要帮助的孩子？, en: Is there a child who needs help?}
    several: true
    options:
      - {value: none, label: {zh-CN: 没有, en: None}}
      - {value: orphan, label: {zh-CN: 孤儿, en: An orphan}}
      - {value: ill, label: {zh-CN: 重病或重残, en: Severely ill}}
  - id: moving
    ask: {zh-CN: 是否打算买房？, en: Do you want to buy a dwelling?}
    options:
      - {value: \"yes\", label: {zh-CN: 打算, en: \"Yes\"}}
      - {value: \"no\", label: {zh-CN: 不打算, en: \"No\"}}
members:
  - item: elderly-allowance
  - {item: orphan-allowance, when: \"'orphan' in form.child\"}
  - {item: hardship-child-allowance, when: \"'ill' in form.child\"}
  - {item: home-purchase-proof, when: \"form.moving == 'yes'\"}
";

/// Whom the allowance comes to without applying.
const ENTITLEMENT: &str = "
entitlement:
  when: age(household.birth_date) >= 80 && household.division == '440604'
  why: {zh-CN: 您已年满80周岁且户籍在禅城区。, en: You are eighty or older and registered in Chancheng.}
";

struct NoPress;

impl Press for NoPress {
    fn pdf(&self, _: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("no press here"))
    }
}

fn pack() -> Pack {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for name in ["sources.yaml", "elements.yaml", "knowledge.yaml"] {
        files.push((name.to_owned(), std::fs::read(packs.join(name)).unwrap()));
    }
    let mut allowance = std::fs::read_to_string(packs.join("foshan/elderly-allowance/item.yaml")).unwrap();
    if !allowance.contains("\nentitlement:") {
        allowance.push_str(ENTITLEMENT);
    }
    files.push(("foshan/elderly-allowance/item.yaml".to_owned(), allowance.into_bytes()));
    for name in ["orphan-allowance", "hardship-child-allowance"] {
        let path = format!("foshan/civil-affairs/{name}/item.yaml");
        files.push((path.clone(), std::fs::read(packs.join(path)).unwrap()));
    }
    for name in ["item.yaml", "proof.typ"] {
        let path = format!("nanjing/home-purchase-proof/{name}");
        files.push((path.clone(), std::fs::read(packs.join(path)).unwrap()));
    }
    files.push(("themes/grown-old/theme.yaml".to_owned(), THEME.as_bytes().to_vec()));
    catalog::pack::load_files(files).unwrap_or_else(|wrong| panic!("{wrong:#?}"))
}

struct Town {
    ground: store::Ground,
    sources: Sources,
}

impl Town {
    async fn new(t: &TestGround) -> Self {
        identity::configure(Settings::cheap());
        identity::seed_demo(&t.ground, &city()).await.unwrap();
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
            calendar: Arc::new(kernel::Calendar::official()),
        };
        let routes = portal::routes(house.clone(), self.sources.clone());
        let browser = Browser::new(page::layer(identity::layer(page::inner(routes), &house), &house));
        if account.is_empty() {
            return browser;
        }
        let kind = SessionKind::Cookie;
        let signed_in =
            identity::sign_in(&self.ground, account, identity::DEMO_PASSWORD, kind).await.unwrap();
        browser.with_cookie("yimen_session", &signed_in.token)
    }
}

/// The papers that are counted in the guide: `4份材料，只要带3份` gives 4 and 3.
fn counted(html: &str) -> (usize, usize) {
    let line = html.split("id=\"guide-count\"").nth(1).unwrap().split("</strong>").next().unwrap();
    let number = |from: &str| {
        let behind = line.split(from).nth(1)?;
        behind.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty())?.parse().ok()
    };
    (number("<strong>").unwrap(), number("只要带").unwrap_or(0))
}

both!(the_guide_answers_as_one_answers, ROOMS, |t| async move {
    let town = Town::new(&t).await;
    let mut visitor = town.browser("").await;
    let home = visitor.get("/").await;
    assert!(home.html.contains("/themes/grown-old") && home.html.contains("老有所居一件事"), "{}", home.html);
    let open = visitor.get("/themes/grown-old").await;
    assert_eq!(open.status, StatusCode::OK, "{}", open.html);
    for shown in ["是否打算买房？", "还有2个问题", "高龄津贴", "购房", "最费时间的是"]
    {
        assert!(open.html.contains(shown), "{shown}: {}", open.html);
    }
    // less is asked of whoever does not want the second; the address carries the answer, so it can be kept and printed
    let no = visitor.get("/themes/grown-old?moving=no").await;
    assert!(no.html.contains("不用办，因为：是否打算买房？——不打算"), "{}", no.html);
    // several answers to one question are kept, and each counts
    let several = visitor.get("/themes/grown-old?moving=no&child=orphan&child=ill").await;
    for chosen in
        ["type=\"checkbox\" name=\"child\" value=\"orphan\" checked", "name=\"child\" value=\"ill\" checked"]
    {
        assert!(several.html.contains(chosen), "{chosen}: {}", several.html);
    }
    assert!(
        several.html.contains("要办，因为：家里有没有需要帮助的孩子？——孤儿、重病或重残"),
        "{}",
        several.html
    );
    let none = visitor.get("/themes/grown-old?moving=no&child=none").await;
    assert!(
        none.html.contains("——没有") && !none.html.contains("看情况") && !none.html.contains("个问题没有")
    );
    assert!(open.html.contains("看情况") && no.html.contains("看情况"));
    assert!(no.html.contains("value=\"no\" checked") && no.html.contains("还有1个问题"));
    let (all, bring) = counted(&open.html);
    assert!(counted(&no.html) <= (all, bring) && bring <= all, "an answer never adds");
    assert!(
        no.html.contains("/login?next=%2Fthemes%2Fgrown-old%3Fmoving%3Dno"),
        "signing in comes back here"
    );
    // what is no answer is none; what is no matter is none
    let wrong = visitor.get("/themes/grown-old?moving=%3Cscript%3E&else=1").await;
    assert!(
        wrong.status == StatusCode::OK
            && !wrong.html.contains("<script>1")
            && wrong.html.contains("还有2个问题")
    );
    assert_eq!(visitor.get("/themes/nothing").await.status, StatusCode::NOT_FOUND);
    // somebody signed in applies for all of it with what was answered
    let mut citizen = town.browser("citizen").await;
    let mine = citizen.get("/themes/grown-old?moving=yes&child=orphan&child=ill").await;
    assert!(mine.html.contains("action=\"/apply/themes/grown-old\""));
    assert!(mine.html.contains("<input type=\"hidden\" name=\"moving\" value=\"yes\">"), "{}", mine.html);
    for child in ["orphan", "ill"] {
        assert!(mine.html.contains(&format!("<input type=\"hidden\" name=\"child\" value=\"{child}\">")));
    }
    // what is known of whoever is signed in is shown, not asked, and looking at the guide is no look at them
    let asked = |html: &str| {
        html.split("您填").nth(1).and_then(|t| t.split('栏').next()?.parse::<usize>().ok()).unwrap()
    };
    let stranger = visitor.get("/themes/grown-old?moving=yes&child=orphan&child=ill").await;
    assert!(asked(&mine.html) < asked(&stranger.html), "{} {}", asked(&mine.html), asked(&stranger.html));
    // whoever is signed in may say which side is theirs
    let sided = citizen.get("/themes/grown-old?moving=yes&as=owner").await;
    assert!(sided.html.contains("您是哪一方") && sided.html.contains("name=\"as\" value=\"owner\" checked"));
    assert!(!stranger.html.contains("您是哪一方") && !sided.html.contains("type=\"hidden\" name=\"as\""));
    let staff = town.browser("examiner").await.get("/themes/grown-old").await;
    assert!(!staff.html.contains("/apply/themes") && !staff.html.contains("全部一起办"));
});

both!(any_items_make_a_matter, ROOMS, |t| async move {
    let town = Town::new(&t).await;
    let mut citizen = town.browser("citizen").await;
    assert_eq!(citizen.get("/plan").await.to, "/plan/choose");
    let found = citizen.get("/plan/choose?q=%E6%B4%A5%E8%B4%B4&item=home-purchase-proof").await;
    let ticked = "value=\"home-purchase-proof\" checked";
    assert!(
        found.html.contains("value=\"elderly-allowance\"") && found.html.contains(ticked),
        "{}",
        found.html
    );
    let both = "/plan?item=home-purchase-proof&item=elderly-allowance&item=home-purchase-proof&item=nothing";
    let page = citizen.get(both).await;
    assert_eq!(page.status, StatusCode::OK);
    for shown in [
        "高龄津贴",
        "购房",
        "action=\"/apply\"",
        "还没有开通",
        "/plan/choose?item=home-purchase-proof&#38;item=elderly-allowance",
    ] {
        assert!(page.html.contains(shown), "{shown}: {}", page.html);
    }
    assert_eq!(
        page.html.matches("name=\"item\" value=\"elderly-allowance\"").count(),
        2,
        "asked again and carried on"
    );
    assert_eq!(citizen.get("/plan?item=nothing").await.status, StatusCode::NOT_FOUND);
    // the order in which they were chosen does not matter
    let other = citizen.get("/plan?item=elderly-allowance&item=home-purchase-proof").await;
    assert_eq!(counted(&page.html), counted(&other.html));
});

both!(nothing_is_looked_up_without_consent, ROOMS, |t| async move {
    let town = Town::new(&t).await;
    let mut old = town.browser(OLD).await;
    let asked = old.get("/due").await;
    assert!(asked.status == StatusCode::OK && asked.html.contains("户籍"), "{}", asked.html);
    let session = old_session(&t).await;
    let looks = || async { trace::looks_of(&t.store, session, None, 50).await.unwrap() };
    let refused = old.submit("/due", "/due", &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(looks().await.is_empty(), "nothing was asked");
    let told = old.submit("/due", "/due", &[("consent", "yes")]).await;
    assert_eq!(told.status, StatusCode::OK);
    for shown in ["高龄津贴", "可以享受", "80周岁", "action=\"/due/elderly-allowance\""] {
        assert!(told.html.contains(shown), "{shown}: {}", told.html);
    }
    let seen = looks().await;
    assert!(!seen.is_empty() && seen.iter().all(|l| l.purpose.ground == "entitled"), "{seen:?}");
    assert!(seen.iter().any(|l| l.fields == ["household"]), "{seen:?}");
    // a younger person of another city is told that there is nothing
    let none = town.browser("citizen").await.submit("/due", "/due", &[("consent", "yes")]).await;
    assert!(none.html.contains("目前没有查到") && !none.html.contains("高龄津贴"), "{}", none.html);
    let visitor = town.browser("").await.get("/due").await;
    assert_eq!((visitor.status, visitor.to.as_str()), (StatusCode::SEE_OTHER, "/login?next=/due"));
    assert_eq!(town.browser("examiner").await.get("/due").await.status, StatusCode::FORBIDDEN);
});

both!(a_person_reads_what_registers_say_and_where_to_correct_it, ROOMS, |t| async move {
    let town = Town::new(&t).await;
    let mut citizen = town.browser("citizen").await;
    let page = citizen.get("/space/facts").await;
    assert!(page.html.contains("户籍与婚姻登记") && !page.html.contains("户籍地址"), "{}", page.html);
    let me = identity::person_by_citizen_id(&t.store, CITIZEN).await.unwrap().unwrap();
    let looks = || async { trace::looks_of(&t.store, me, None, 50).await.unwrap() };
    assert!(looks().await.is_empty(), "nothing is asked before the person says so");
    let said = citizen.submit("/space/facts", "/space/facts", &[]).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.html);
    for words in ["户籍地址", "南京市", "/space/rights/correct?what=household", "没有关于您的登记"]
    {
        assert!(said.html.contains(words), "{words}: {}", said.html);
    }
    assert!(!said.html.contains(CITIZEN), "numbers are shown in part: {}", said.html);
    let asked = looks().await;
    assert!(!asked.is_empty() && asked.iter().all(|l| l.purpose.ground == "profile"), "{asked:?}");
    // A firm's own registers, and no form of a person's rights.
    let firm = town.browser("firm").await.submit("/space/facts", "/space/facts", &[]).await;
    assert!(firm.html.contains("南京金陵旅行客运有限公司"), "{}", firm.html);
    assert!(!firm.html.contains("/space/rights/correct"), "{}", firm.html);
});

/// The account of somebody of eighty-three.
const OLD: &str = "elder";

async fn old_session(t: &TestGround) -> kernel::PersonId {
    let kind = SessionKind::Cookie;
    let token = identity::sign_in(&t.ground, OLD, identity::DEMO_PASSWORD, kind).await.unwrap().token;
    identity::session(&t.ground, &token).await.unwrap().unwrap().person()
}

both!(what_is_due_to_ones_children_is_told_by_their_numbers, ROOMS, |t| async move {
    let town = Town::new(&t).await;
    let mut mother = town.browser("hardship").await;
    let asked = mother.get("/due").await;
    assert!(asked.html.contains("未满18周岁的孩子"), "{}", asked.html);
    let told = mother.submit("/due", "/due", &[("consent", "yes")]).await;
    assert_eq!(told.status, StatusCode::OK);
    for shown in ["给孩子冯子轩", "困境儿童", "action=\"/due/hardship-child-allowance\""] {
        assert!(told.html.contains(shown), "{shown}: {}", told.html);
    }
    // his father is dead, but she lives: what is due to orphans is not offered, nor anything to her grown-up son
    assert!(!told.html.contains("/due/orphan-allowance") && !told.html.contains("冯子豪"), "{}", told.html);
    let child = identity::person_by_citizen_id(&t.store, "999999201806121637").await.unwrap().unwrap();
    let looks = trace::looks_of(&t.store, child, None, 50).await.unwrap();
    assert!(looks.iter().any(|l| l.fields == ["parents"] && l.purpose.ground == "entitled"), "{looks:?}");
});
