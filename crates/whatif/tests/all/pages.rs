//! The pages, from the queue of a Monday to the figures on Tuesday.

use hall::Settings;
use hall::model::{HallCode, Priority, Via};
use hall::verbs::{self, Ending, Taking};
use harness::browser::Page;
use harness::{Browser, TestGround};
use http::StatusCode;
use identity::{Clerk, SessionKind};
use kernel::{ActorRef, Calendar, Fault, Lang, Outcome, Press, PressJob};
use page::{House, Site};
use std::path::Path;
use std::sync::Arc;
use store::{Migrations, command};
use whatif::{Described, File, compare};

const ROOMS: &[Migrations] =
    &[trace::MIGRATIONS, identity::MIGRATIONS, catalog::MIGRATIONS, hall::MIGRATIONS];

const HALLS: &str = "code,level,division,agency,name,name_en,address,address_en,phone,longitude,latitude,hours,offers,businesses,windows
first,city,990100,town.hall,示范市政务服务中心,City Hall,示范路1号,1 Road,12345,118.70,32.00,\"1-5 09:00-12:00,13:30-17:00\",*,A:综合业务:General:*|B:不动产登记:Real estate:*,1:named:A|2:named:B
second,town,980101,other.hall,别处便民服务中心,Elsewhere,示范路2号,2 Road,12345,118.72,32.01,* 1-7 00:00-24:00,*,A:综合业务:General:*,1:comprehensive:A
";

const CITY: &str = "divisions:
  - {code: \"990000\", name: {zh-CN: 示范省, en: Province}}
  - {code: \"990100\", name: {zh-CN: 示范市, en: City}, parent: \"990000\"}
agencies:
  - {code: town.hall, name: {zh-CN: 政务服务中心, en: Hall}, credit_code: \"11999999000000115Y\", division: \"990100\", phone: \"12345\", address: {zh-CN: 示范路, en: Road}}
organisations: []
persons:
  - {id: clerk, name: 某甲, documents: []}
  - {id: head, name: 某乙, documents: []}
accounts:
  - {name: clerk, person: clerk, listed: false, note: {zh-CN: x, en: x}, staff: [{role: clerk, agency: town.hall, head: false}]}
  - {name: head, person: head, listed: false, note: {zh-CN: x, en: x}, staff: [{role: clerk, agency: town.hall, head: true}]}
";

struct NoPress;

impl Press for NoPress {
    fn pdf(&self, _: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("no press here"))
    }
}

struct Town {
    t: TestGround,
    calendar: Calendar,
}

impl Town {
    /// Tuesday, after a Monday on which five came for A; one of them did not come when called.
    async fn new(t: TestGround) -> Self {
        t.clock.set("2026-11-23T02:00:00Z".parse().unwrap());
        identity::configure(identity::Settings::cheap());
        identity::seed_demo(&t.ground, CITY).await.unwrap();
        assert!(hall::import(&t.ground, HALLS, false).await.unwrap().bad.is_empty());
        let town = Self { t, calendar: Calendar::official() };
        let clerk = town.clerk().await;
        town.act(async |cx, terms| verbs::begin_duty(cx, terms, &clerk, &town.first(), "1").await).await;
        for _ in 0..5 {
            town.take().await;
            town.t.clock.advance_seconds(61);
        }
        for served in [true, true, false, true, true] {
            town.act(async |cx, terms| verbs::call_next(cx, terms, &clerk).await.map(|_| ())).await;
            if served {
                town.act(async |cx, terms| verbs::start(cx, terms, &clerk).await.map(|_| ())).await;
                town.t.clock.advance_seconds(431);
                let done = Ending::Done("办完".to_owned());
                town.act(async |cx, terms| verbs::end(cx, terms, &clerk, &done).await.map(|_| ())).await;
            } else {
                town.act(async |cx, terms| verbs::recall(cx, terms, &clerk).await.map(|_| ())).await;
                town.t.clock.advance_seconds(20);
                town.act(async |cx, terms| verbs::pass(cx, terms, &clerk).await.map(|_| ())).await;
            }
        }
        town.act(async |cx, _| verbs::end_duty(cx, &clerk).await).await;
        town.t.clock.set("2026-11-24T02:00:00Z".parse().unwrap());
        town
    }

    fn first(&self) -> HallCode {
        "first".parse().unwrap()
    }

    async fn token(&self, account: &str) -> String {
        let password = identity::DEMO_PASSWORD;
        identity::sign_in(&self.t.ground, account, password, SessionKind::Cookie).await.unwrap().token
    }

    async fn clerk(&self) -> Clerk {
        let token = self.token("clerk").await;
        identity::session(&self.t.ground, &token).await.unwrap().unwrap().clerk().unwrap()
    }

    async fn act(&self, verb: impl AsyncFn(&mut store::Cx, &Settings) -> Outcome<()>) {
        let terms = Settings::default();
        let actor = self.clerk().await.actor_ref();
        let done: Outcome<()> = command!(self.t.ground, Lang::ZhCn, actor, |cx| verb(&mut cx, &terms).await);
        done.unwrap();
    }

    async fn take(&self) {
        let taking = Taking {
            hall: self.first(),
            letter: "A".parse().unwrap(),
            via: Via::Phone,
            priority: Priority::Ordinary,
            who: None,
            token: hall::token(self.t.rng.as_ref()),
            kiosk: None,
        };
        let terms = Settings::default();
        let taken: Outcome<_> = command!(self.t.ground, Lang::ZhCn, ActorRef::visitor(), |cx| {
            verbs::take(&mut cx, &self.calendar, &terms, &taking).await
        });
        taken.unwrap();
    }

    async fn browser(&self, account: &str) -> Browser {
        let calendar = Arc::new(self.calendar.clone());
        let site = Arc::new(Site::demo());
        let house = House { ground: self.t.ground.clone(), site, press: Arc::new(NoPress), calendar };
        let packs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs");
        let routes = whatif::routes(house.clone(), Described::of(Path::new(packs)));
        let app = page::layer(identity::layer(page::inner(routes), &house), &house);
        Browser::new(app).with_cookie("yimen_session", &self.token(account).await)
    }
}

fn shows(page: &Page, texts: &[&str]) {
    for text in texts {
        assert!(page.html.contains(text), "{text} is missing ({}): {}", page.status, page.html);
    }
}

const DAY: &str = "hall=first&day=2026-11-23";
const ONE_MORE: &str = "seeds=10&training=15&windows%5B0%5D.units=A&windows%5B0%5D.count=2&windows%5B1%5D.units=&windows%5B1%5D.count=";

harness::both!(the_head_tries_one_window_more_on_monday, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut head = town.browser("head").await;
    let choose = head.get("/desk/hall/whatif?hall=first").await;
    shows(&choose, &["2026年11月23日", "取号5个", "day=2026-11-23", "file=hall-27", "二十七个部门"]);
    // A matter is no hall: it is asked another way.
    shows(
        &choose,
        &["matter=stock-house-desks", "二手房买卖一件事：加上审查人员处的排队", "matter=stock-house\""],
    );
    assert!(!choose.html.contains("file=stock-house"));
    let ask = head.get(&format!("/desk/hall/whatif?{DAY}")).await;
    // Window 1 alone was manned. What it takes is all there is, so that nothing else is offered.
    shows(
        &ask,
        &["记录：4个号", "叫了没来的1个号", "A</span> 综合业务", "name=\"windows[0].count\"", "value=\"20\""],
    );
    let address = format!("/desk/hall/whatif/run?{DAY}&{ONE_MORE}");
    let run = head.get(&address).await;
    shows(
        &run,
        &[
            "推演结果",
            "改动后的窗口：平均等候",
            "分钟，少",
            "<svg",
            "whatif-range",
            "等候，九成不超过",
            "叫号所用的那条规则",
            "种子1至10",
        ],
    );
    assert!(!run.html.contains("假设变了会怎样"), "nothing hangs on training here");
    let main = |page: &Page| page.html.split_once("<main").unwrap().1.to_owned();
    assert_eq!(main(&head.get(&address).await), main(&run), "the same seeds give the same figures");
    let file = head.get(&address.replace("/run?", "/input.yaml?")).await;
    assert_eq!(file.kind, "application/yaml; charset=utf-8");
    let hall = File::read(&file.html).unwrap().hall.unwrap();
    let compared = compare(&hall, 10).unwrap();
    let wait = compared.rows[1].figures[2];
    shows(&run, &[&format!("{:.2} ± {:.2}", wait.mean, wait.half)]);
    // Nobody stands in it: no number, no person, no clerk.
    assert!(
        !["A00", "某", "clerk", "who", "token"].iter().any(|word| file.html.contains(word)),
        "{}",
        file.html
    );
});

harness::both!(who_runs_no_hall_tries_nothing, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk").await;
    let mut head = town.browser("head").await;
    for path in ["", "/run", "/input.yaml"] {
        let own = format!("/desk/hall/whatif{path}?{DAY}&{ONE_MORE}");
        assert_eq!(clerk.get(&own).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(head.get(&own.replace("first", "second")).await.status, StatusCode::FORBIDDEN, "{path}");
        let described = own.replace("day=2026-11-23", "file=hall-27").replace("first", "second");
        assert_eq!(head.get(&described).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(head.get(&own.replace("first", "third")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let nowhere = head.get("/desk/hall/whatif?hall=first&file=..%2F..%2Fcity").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
});

harness::both!(what_is_wrong_is_said_at_its_field_and_kept, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut head = town.browser("head").await;
    for day in ["2026-11-24", "2026-11-20", "2027-01-01", "yesterday"] {
        let refused = head.get(&format!("/desk/hall/whatif?hall=first&day={day}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        shows(&refused, &["#f-day", &format!("value=\"{day}\""), "还没有过完"]);
    }
    let run = |query: &str| format!("/desk/hall/whatif/run?{DAY}&{query}");
    let refused = head.get(&run(&ONE_MORE.replace("seeds=10", "seeds=500"))).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(
        &refused,
        &["#f-seeds", "value=\"500\"", "5到50之间", "name=\"windows[0].count\" type=\"text\" value=\"2\""],
    );
    let refused = head.get(&run(&ONE_MORE.replace("units=A", "units=AX"))).await;
    shows(&refused, &["#f-windows-0--units", "value=\"AX\"", "没有“AX”这项"]);
    let refused = head.get(&run(&ONE_MORE.replace("count=2", "count=many"))).await;
    shows(&refused, &["#f-windows-0--count", "value=\"many\""]);
    let refused = head.get(&run(&ONE_MORE.replace("count=2", "count=1"))).await;
    shows(&refused, &["#f-windows", "没有可对比的"]);
    let english = head.get(&format!("{}&lang=en", run(&ONE_MORE.replace("training=15", "training=")))).await;
    shows(&english, &["#f-training", "Write a number"]);
    // The file is refused as the page is.
    let file = head.get(&format!("/desk/hall/whatif/input.yaml?{DAY}&seeds=1&training=1")).await;
    assert_eq!(file.status, StatusCode::UNPROCESSABLE_ENTITY);
});

const MATTER: &str = "hall=first&matter=stock-house-desks";
/// Without other work, so that it is soon done; one examiner at the registry, one at the tax.
const FEWER: &str = "seeds=5&starts=3&others=0&examiners.registry=1&examiners.tax=1";

harness::both!(the_head_tries_a_matter_at_desks, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut head = town.browser("head").await;
    let ask = head.get(&format!("/desk/hall/whatif?{MATTER}")).await;
    shows(
        &ask,
        &[
            "共14个环节，其中9个有时限",
            "name=\"starts\" type=\"text\" value=\"20\"",
            "name=\"examiners.registry\" type=\"text\" value=\"6\"",
            "不动产登记",
            "value=\"10\"",
            "一件事在这里有3个环节，经手共约55分钟；每天另有60件其他工作",
            "一件事推演",
        ],
    );
    let address = format!("/desk/hall/whatif/run?{MATTER}&{FEWER}");
    let run = head.get(&address).await;
    shows(
        &run,
        &[
            "并联平均要",
            "最忙的是",
            "<svg",
            "whatif-range",
            "种子1至5",
            "全部来件×1.15",
            "只算工作时间，不算排队",
        ],
    );
    // Three steps at the registry and three matters a day: a second examiner is more than enough, one fewer than one is none.
    shows(&run, &["不动产登记：+1人", "越积越多"]);
    let main = |page: &Page| page.html.split_once("<main").unwrap().1.to_owned();
    assert_eq!(main(&head.get(&address).await), main(&run), "the same seeds give the same figures");
    let file = head.get(&address.replace("/run?", "/input.yaml?")).await;
    assert_eq!(file.kind, "application/yaml; charset=utf-8");
    let matter = File::read(&file.html).unwrap().matter.unwrap();
    let packs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs");
    let pack = catalog::pack::load(Path::new(packs)).unwrap();
    let planned = whatif::planned(&pack, &matter.plan).unwrap();
    let found = whatif::desked(matter.desks.as_ref().unwrap(), &planned, 5).unwrap();
    for row in &found.rows {
        let days = row.figures[1];
        shows(&run, &[&format!("{:.3} ± {:.3}", days.mean, days.half)]);
    }
    // Working time only, where no desks are described.
    let bare = head.get("/desk/hall/whatif?hall=first&matter=stock-house").await;
    assert!(!bare.html.contains("name=\"starts\""));
    let bare = head.get("/desk/hall/whatif/run?hall=first&matter=stock-house&seeds=5").await;
    shows(&bare, &["并联平均要", "3.25", "2.00", "<svg"]);
    assert!(!bare.html.contains("最忙的是"));
    let english = head.get(&format!("{address}&lang=en")).await;
    shows(&english, &["Side by side a matter takes", "Property registry: -1", "more work than hands"]);
});

harness::both!(a_matter_is_asked_by_a_head_and_in_numbers, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk").await;
    let mut head = town.browser("head").await;
    for path in ["", "/run", "/input.yaml"] {
        let own = format!("/desk/hall/whatif{path}?{MATTER}&{FEWER}");
        assert_eq!(clerk.get(&own).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(head.get(&own.replace("first", "second")).await.status, StatusCode::FORBIDDEN, "{path}");
        let nowhere = own.replace("stock-house-desks", "..%2Fhall-27");
        assert_eq!(head.get(&nowhere).await.status, StatusCode::NOT_FOUND, "{path}");
        let hall = own.replace("stock-house-desks", "hall-27");
        assert_eq!(head.get(&hall).await.status, StatusCode::NOT_FOUND, "a hall is no matter: {path}");
    }
    let run = |from: &str, to: &str| format!("/desk/hall/whatif/run?{MATTER}&{}", FEWER.replace(from, to));
    let mut refused = async |from: &str, to: &str, says: &[&str]| {
        let page = head.get(&run(from, to)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{to}");
        shows(&page, says);
    };
    refused("seeds=5", "seeds=31", &["#f-seeds", "value=\"31\"", "5到30之间"]).await;
    refused("seeds=5", "seeds=", &["#f-seeds", "请填数字"]).await;
    refused("starts=3", "starts=many", &["#f-starts", "value=\"many\"", "请填数字"]).await;
    refused("starts=3", "starts=NaN", &["#f-starts", "0.1到500之间"]).await;
    refused("others=0", "others=-1", &["#f-others", "0到300之间"]).await;
    refused("tax=1", "tax=0", &["#f-examiners-tax", "1到200之间"]).await;
    // More than one can do: said at the unit, with how many it needs.
    refused(
        "starts=3",
        "starts=20",
        &["#f-examiners-tax", "至少要2人", "#f-examiners-registry", "至少要3人"],
    )
    .await;
    let bare = head.get("/desk/hall/whatif/run?hall=first&matter=stock-house&seeds=5&starts=7").await;
    shows(&bare, &["没有审查人员可改"]);
});
