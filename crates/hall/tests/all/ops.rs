//! What the head of a hall runs it by, paper and tablets: the report of a day, the big screen, the effect of a change, short codes.

use crate::act;
use crate::pages::{between, browser, kiosk, shows, take};
use crate::town::{ROOMS, Town, call_at, first};
use hall::verbs::{self, Ending};
use http::StatusCode;
use identity::Clerk;
use kernel::{Lang, Outcome};
use std::fmt::Write as _;
use store::command;

fn at(town: &Town, time: &str) {
    town.t.clock.set(time.parse().unwrap());
}

async fn leave(town: &Town, clerk: &Clerk) {
    let actor = clerk.actor_ref();
    let done: Outcome<()> =
        command!(town.t.ground, Lang::ZhCn, actor, |cx| verbs::end_duty(&mut cx, clerk).await);
    done.unwrap();
}

harness::both!(a_day_is_counted_once_and_stays, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let clerk = town.on_duty("c1", "3").await;
    for letter in ["A", "A", "A", "B"] {
        town.take(&town.taking(letter)).await.unwrap();
    }
    town.t.clock.advance_seconds(600);
    call_at(&town.t.ground, &clerk).await.unwrap();
    act!(town.t.ground, clerk, start).unwrap();
    town.t.clock.advance_seconds(300);
    act!(town.t.ground, clerk, end, &Ending::Done("办完".to_owned())).unwrap();
    // Idle for ten minutes while two wait whom it takes; then one does not come.
    town.t.clock.advance_seconds(600);
    call_at(&town.t.ground, &clerk).await.unwrap();
    act!(town.t.ground, clerk, recall).unwrap();
    town.t.clock.advance_seconds(20);
    act!(town.t.ground, clerk, pass).unwrap();
    let runs = browser(&town, "head").await.get("/desk/hall/report").await;
    shows(&runs, &["未定稿", "10:00", "1号窗口".replace('1', "3").as_str()]);
    leave(&town, &clerk).await;
    at(&town, "2026-11-24T02:00:00Z");
    let terms = hall::Settings::default();
    assert_eq!(verbs::sweep(&town.t.ground, &terms).await.unwrap(), 3);
    let mut head = browser(&town, "head").await;
    let day = head.get("/desk/hall/report?hall=first&day=2026-11-23").await;
    shows(&day, &["定稿", "A002", "叫号未到", "A003", "到当天结束都没有叫到", "B001", "一半在10分钟以内"]);
    let file = head.get("/desk/hall/report.csv?hall=first&day=2026-11-23").await;
    assert_eq!(file.kind, "text/csv; charset=utf-8");
    shows(
        &file,
        &[
            "day,2026-11-23,4,2,1,2,1,600,1500,300,300,,,,,,",
            "hour,10:00,4,2,1,2,1,",
            "business,B,1,0,0,1,0,",
            "window,3,2,2,1,0,1,600,1500,300,300,25,5,20,,,",
            "business_window,A 3,2,2,1,0,1,",
            "left,A002 10:00,,,,,,,,,,,,,,,no_show",
        ],
    );
    // It was counted: what is swept again, or taken afterwards, changes nothing.
    assert_eq!(verbs::sweep(&town.t.ground, &terms).await.unwrap(), 0);
    at(&town, "2026-11-30T02:00:00Z");
    town.take(&town.taking("A")).await.unwrap();
    let mut head = browser(&town, "head").await;
    let week = head.get("/desk/hall/report?hall=first&day=2026-11-30").await;
    shows(&week, &["取号4，办结1"]);
    assert_eq!(head.get("/desk/hall/report?hall=first&day=2026-12-01").await.status, StatusCode::NOT_FOUND);
    let mut clerk = browser(&town, "c1").await;
    assert_eq!(clerk.get("/desk/hall/report?hall=first").await.status, StatusCode::FORBIDDEN);
    assert_eq!(clerk.get("/desk/hall/board?hall=first").await.status, StatusCode::FORBIDDEN);
});

harness::both!(the_head_sees_the_hall_and_what_a_change_does, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let clerk = town.on_duty("c1", "3").await;
    for _ in 0..9 {
        town.take(&town.taking("A")).await.unwrap();
        call_at(&town.t.ground, &clerk).await.unwrap();
        act!(town.t.ground, clerk, start).unwrap();
        town.t.clock.advance_seconds(300);
        act!(town.t.ground, clerk, end, &Ending::Done("办完".to_owned())).unwrap();
    }
    for _ in 0..4 {
        town.take(&town.taking("A")).await.unwrap();
    }
    let mut head = browser(&town, "head").await;
    let board = head.get("/desk/hall/board?hall=first").await;
    shows(
        &board,
        &[
            "10点取号最多：13个",
            "等候最久：A 综合业务",
            "<rect class=\"board-bar\"",
            "board-idle",
            "<caption>",
        ],
    );
    let live = head.get("/desk/hall/board/live?hall=first").await;
    assert_eq!(live.kind, "text/event-stream");
    shows(&live, &["event: html", "board-range"]);
    // Two windows more that take A: first it is only looked at.
    let fields = [
        ("hall", "first"),
        ("window", "4"),
        ("open", "yes"),
        ("letters", "A"),
        ("letters", "B"),
        ("try", "yes"),
    ];
    let tried = head.submit("/desk/hall/day", "/desk/hall/day/window", &fields).await;
    assert_eq!(tried.status, StatusCode::OK);
    shows(&tried, &["4号窗口调整的效果"]);
    let fields = [("hall", "first"), ("window", "3"), ("open", "yes"), ("letters", "B"), ("try", "yes")];
    let tried = head.submit("/desk/hall/day", "/desk/hall/day/window", &fields).await;
    shows(&tried, &["3号窗口调整的效果", "约20至20分钟", "暂无窗口办理"]);
    let day = head.get("/desk/hall/day").await;
    assert!(!day.html.contains("调整的效果"));
    let shut = [("hall", "first"), ("window", "2"), ("letters", "A"), ("letters", "B")];
    let shut = head.submit("/desk/hall/day", "/desk/hall/day/window", &shut).await;
    shows(&head.get(shut.to.split('#').next().unwrap()).await, &["2号窗口调整的效果", "不变"]);
    let open = [("hall", "first"), ("window", "2"), ("open", "yes"), ("letters", "A"), ("letters", "B")];
    let open = head.submit("/desk/hall/day", "/desk/hall/day/window", &open).await;
    shows(
        &head.get(open.to.split('#').next().unwrap()).await,
        &["约20至20分钟", "<strong>约10至10分钟</strong>"],
    );
});

harness::both!(from_paper_to_the_page_and_no_further, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let machine = kiosk(&town).await;
    let mut person = browser(&town, "").await;
    let taken = take(&mut person, &machine, &[("letter", "A")]).await;
    let printed = person.get(&taken.to).await;
    shows(&printed, &["<svg class=\"qr-code\"", "扫码在手机上跟进这个号"]);
    let code = between(&printed.html, "paper-code num\">", '<').to_owned();
    assert_eq!(code.len(), 9, "{code}");
    let mut phone = browser(&town, "").await;
    let found = phone.submit("/halls", "/tickets", &[("code", &code.to_lowercase().replace('-', " "))]).await;
    assert_eq!(found.status, StatusCode::SEE_OTHER, "{}", found.html);
    assert!(found.to.starts_with("/tickets/") && found.to != taken.to.split('?').next().unwrap());
    shows(&phone.get(&found.to).await, &["A001", "等候中"]);
    assert!(
        hall::ticket(&town.t.store, found.to.strip_prefix("/tickets/").unwrap()).await.unwrap().is_some()
    );
    let short = phone.submit("/halls", "/tickets", &[("code", "7K3M")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&short, &["#f-code", "value=\"7K3M\""]);
    for _ in 0..9 {
        let guessed = phone.submit("/halls", "/tickets", &[("code", "7K3M-9Q2P")]).await;
        assert_eq!(guessed.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let many = phone.submit("/halls", "/tickets", &[("code", &code)]).await;
    assert_eq!(many.status, StatusCode::TOO_MANY_REQUESTS, "not even the right one");
    at(&town, "2026-11-24T02:00:00Z");
    let late = phone.submit("/halls", "/tickets", &[("code", &code)]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "of its day only");
});

harness::both!(the_tablet_at_the_window, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = browser(&town, "c1").await;
    let off = clerk.submit("/desk/hall", "/desk/hall/tablet", &[]).await;
    assert_eq!(off.status, StatusCode::CONFLICT);
    clerk.submit("/desk/hall", "/desk/hall/duty", &[("window", "first/3")]).await;
    let shown = clerk.submit("/desk/hall", "/desk/hall/tablet", &[]).await;
    let code = between(&shown.html, "<p class=\"big-number num\">", '<').to_owned();
    let mut tablet = browser(&town, "").await;
    let wrong = tablet.submit("/tablet", "/tablet", &[("code", "00000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let paired = tablet.submit("/tablet", "/tablet", &[("code", &code)]).await;
    assert_eq!(paired.status, StatusCode::SEE_OTHER, "{}", paired.html);
    shows(&tablet.get(&paired.to).await, &["欢迎您", "工号", "http-equiv=\"refresh\""]);
    let again = tablet.submit("/tablet", "/tablet", &[("code", &code)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a code pairs once");
    town.take(&town.taking("A")).await.unwrap();
    for act in ["call", "start"] {
        clerk.submit("/desk/hall", "/desk/hall/act", &[("act", act)]).await;
    }
    shows(&tablet.get(&paired.to).await, &["A001", "办理中"]);
    let serving = clerk.get("/desk/hall").await;
    shows(&serving, &["class=\"outcome\"", "<div class=\"for-missing\">", "这个窗口已有平板"]);
    let fields = [("outcome", "missing"), ("matter", "存量房交易"), ("lines", "身份证")];
    clerk.submit("/desk/hall", "/desk/hall/end", &fields).await;
    let ended = tablet.get(&paired.to).await;
    shows(
        &ended,
        &["<li>身份证</li>", "评价这次服务", &format!("?tablet={}", &paired.to["/tablet/".len()..])],
    );
    let live = tablet.get(&format!("{}/live", paired.to)).await;
    shows(&live, &["event: html", "<li>身份证</li>"]);
    let secret = between(&ended.html, "href=\"/tickets/", '/').to_owned();
    shows(&tablet.get(&format!("/tickets/{secret}")).await, &["A001"]);
    // It is nobody else's business for long.
    town.t.clock.advance_seconds(200);
    assert!(!tablet.get(&paired.to).await.html.contains("身份证"));
    // Another tablet takes its place; a code that is old pairs none.
    let shown = clerk.submit("/desk/hall", "/desk/hall/tablet", &[]).await;
    let code = between(&shown.html, "<p class=\"big-number num\">", '<').to_owned();
    let other = tablet.submit("/tablet", "/tablet", &[("code", &code)]).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER);
    assert_eq!(tablet.get(&paired.to).await.status, StatusCode::NOT_FOUND);
    let shown = clerk.submit("/desk/hall", "/desk/hall/tablet", &[]).await;
    let code = between(&shown.html, "<p class=\"big-number num\">", '<').to_owned();
    town.t.clock.advance_seconds(301);
    let late = tablet.submit("/tablet", "/tablet", &[("code", &code)]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
});

harness::both!(one_hall_among_many_is_found, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut table = format!("{}\n", hall::COLUMNS.join(","));
    for n in 0..45 {
        let _ = writeln!(
            table,
            "many-{n:02},village,990100,town.hall,第{n:02}村站_x,Station {n:02},路,Road,12345,118.70,32.00,1-5 09:00-12:00,*,A:综合:General:*,1:comprehensive:A"
        );
    }
    let report = hall::import(&town.t.ground, &table, false).await.unwrap();
    assert_eq!(report.bad, Vec::new());
    let mut head = browser(&town, "head").await;
    let all = head.get("/desk/hall/day?hall=first").await;
    shows(&all, &["示范市政务服务中心", "第18村站", "after=many-18"]);
    assert!(!all.html.contains("第19村站"));
    let next = head.get("/desk/hall/day?hall=first&after=many-18").await;
    shows(&next, &["第19村站", "第38村站"]);
    let found = head.get("/desk/hall/day?hall=first&q=44村").await;
    shows(&found, &["第44村站", "value=\"44村\""]);
    assert!(!found.html.contains("第18村站"));
    assert!(
        !head.get("/desk/hall/day?hall=first&q=4%25村").await.html.contains("第44村站"),
        "a percent sign is one"
    );
    let mut clerk = browser(&town, "c1").await;
    let listed = clerk.get("/desk/hall?q=station+33").await;
    shows(&listed, &["many-33/1"]);
    assert!(!listed.html.contains("many-34/1"));
    clerk.submit("/desk/hall", "/desk/hall/duty", &[("window", "first/2")]).await;
    let on = clerk.get("/desk/hall").await;
    shows(&on, &["first/4"]);
    assert!(!on.html.contains("many-01/1"), "only the hall where one is on duty");
    assert!(hall::hall(&town.t.store, &first()).await.unwrap().is_some());
});

harness::both!(times_are_told_by_item_as_far_as_the_outcome_names_one, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let clerk = town.on_duty("c1", "1").await;
    let code: kernel::codes::ImplementationCode = "1199999900000030XK3322017002000".parse().unwrap();
    let case = kernel::codes::CaseNumber::new(&code, jiff::civil::date(2026, 11, 23), 1).unwrap();
    let endings = [
        ("A", 240, Ending::Filed(case.to_string())),
        ("A", 360, Ending::Filed(case.to_string())),
        ("A", 60, Ending::Done("办完".to_owned())),
        ("A", 60, Ending::Missing("说不清的事".to_owned(), vec!["x".to_owned()])),
        ("B", 600, Ending::Done("办完".to_owned())),
    ];
    for (letter, seconds, ending) in &endings {
        town.take(&town.taking(letter)).await.unwrap();
        call_at(&town.t.ground, &clerk).await.unwrap();
        act!(town.t.ground, clerk, start).unwrap();
        town.t.clock.advance_seconds(*seconds);
        act!(town.t.ground, clerk, end, ending).unwrap();
    }
    let mut head = browser(&town, "head").await;
    let day = head.get("/desk/hall/day").await;
    let part = day.html.split("id=\"by-item\"").nth(1).unwrap();
    let place = |text: &str| part.find(text).unwrap_or_else(|| panic!("{text}: {part}"));
    // The most served first, and last those of whom nobody told it.
    assert!(place(code.as_str()) < place("stock-house") && place("stock-house") < place("结果没有写明事项"));
    assert!(part.contains("一半在4分钟以内，九成在6分钟以内"), "{part}");
    let report = head.get("/desk/hall/report?hall=first").await;
    shows(&report, &["按事项", code.as_str(), "stock-house", "结果没有写明事项"]);
    let file = head.get("/desk/hall/report.csv?hall=first").await;
    shows(&file, &[&format!("item,{code},2,2,2,0,0,"), "item,stock-house,1,1,1,0,0,", "item,,2,2,2,0,0,"]);
    // It is kept with the day.
    leave(&town, &clerk).await;
    at(&town, "2026-11-24T02:00:00Z");
    verbs::sweep(&town.t.ground, &hall::Settings::default()).await.unwrap();
    // The session of the day before is over.
    let mut head = browser(&town, "head").await;
    let kept = head.get("/desk/hall/report?hall=first&day=2026-11-23").await;
    shows(&kept, &["定稿", "按事项", code.as_str(), "结果没有写明事项"]);
});
