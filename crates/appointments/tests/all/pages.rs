//! The pages as people at home, in the hall and at its desk meet them.

use crate::town::{ITEM, ROOMS, Town, at};
use harness::browser::Page;
use http::StatusCode;

fn shows(page: &Page, texts: &[&str]) {
    for text in texts {
        assert!(page.html.contains(text), "{text} is missing ({}): {}", page.status, page.html);
    }
}

fn lacks(page: &Page, texts: &[&str]) {
    for text in texts {
        assert!(!page.html.contains(text), "{text} stands there: {}", page.html);
    }
}

fn slot(when: &str) -> String {
    at(when).as_microsecond().to_string()
}

harness::both!(from_the_item_to_the_ticket, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut visitor = town.browser("").await;
    shows(&visitor.get("/appointments/new").await, &["要办什么事", "示范市政务服务中心"]);
    let found = visitor.get("/appointments/new?q=购房证明&near=990100").await;
    let href = format!("/appointments/new?item={ITEM}&#38;hall=first");
    shows(&found, &[&href, "最早11月23日有空", "示范镇便民服务中心"]);
    shows(&visitor.get("/appointments/new?q=没有这件事吧").await, &["没有找到这件事"]);
    assert_eq!(
        visitor.get("/appointments/new?q=购房证明&hall=first").await.to,
        format!("/appointments/new?item={ITEM}&hall=first"),
        "who came from a hall's page has chosen it"
    );
    assert_eq!(visitor.get("/appointments/new?item=none&hall=first").await.status, StatusCode::NOT_FOUND);
    let base = format!("/appointments/new?item={ITEM}&hall=first");
    let looked = visitor.get(&format!("{base}&day=2026-11-24")).await;
    shows(
        &looked,
        &["09:00–09:30", "余2个", "登录后预约", "每个时段可约2人，另有40%", "周六", "最迟提前60分钟"],
    );
    lacks(&looked, &["name=\"at\"", "12:00–12:30", "11月29日"]);

    let mut phone = town.browser("p3").await;
    let page = format!("{base}&day=2026-11-24");
    shows(&phone.get(&page).await, &["name=\"at\""]);
    let fields = |when: &'static str| {
        vec![
            ("item", ITEM.to_owned()),
            ("hall", "first".into()),
            ("day", "2026-11-24".into()),
            ("at", slot(when)),
        ]
    };
    let send = async |phone: &mut harness::Browser, page: &str, fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        phone.submit(page, "/appointments/new", &fields).await
    };
    let mut wrong = fields("2026-11-24 09:00");
    wrong[3].1 = "x".into();
    let wrong = send(&mut phone, &page, wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&wrong, &["#f-at", "请选择列出的一个时段"]);
    let booked = send(&mut phone, &page, fields("2026-11-24 09:00")).await;
    assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.html);
    let mine = booked.to.split('?').next().unwrap().to_owned();
    let row = town.mine(&town.person("p3").await).await.remove(0);
    let shown = phone.get(&booked.to).await;
    shows(
        &shown,
        &[
            "预约成功",
            &row.code.spoken(),
            "示范路1号",
            "025-11110000",
            &format!("/items/{ITEM}"),
            "加到日历",
            "08:30以后可以报到",
        ],
    );
    shows(&phone.get("/appointments").await, &["2026年11月24日(周二) 09:00–09:30", &mine]);
    let again = send(&mut phone, &page, fields("2026-11-24 10:00")).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    shows(&again, &["同一天已有一个同样业务的预约", "11月24日"]);
    let file = phone.get(&format!("{mine}/calendar")).await;
    assert_eq!(file.kind, "text/calendar; charset=utf-8");
    shows(
        &file,
        &["BEGIN:VEVENT\r\n", "DTSTART:20261124T010000Z\r\n", "DTEND:20261124T013000Z\r\n", "SEQUENCE:0\r\n"],
    );
    assert!(file.html.split("\r\n").all(|line| line.len() <= 75), "{}", file.html);
    for foreign in [mine.clone(), format!("{mine}/calendar"), format!("{mine}/move")] {
        assert_eq!(town.browser("p4").await.get(&foreign).await.status, StatusCode::NOT_FOUND, "{foreign}");
    }
    shows(
        &phone.get(&format!("{mine}/move?day=2026-11-25")).await,
        &["现在是2026年11月24日(周二) 09:00–09:30", "2026年11月25日(周三)，选择时段"],
    );
    let early = phone.submit(&mine, &format!("{mine}/arrive"), &[]).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    shows(&early, &["还没到报到时间", "08:30以后再来"]);

    // At the kiosk.
    let mut head = town.browser("head").await;
    let made =
        head.submit("/desk/hall/day", "/desk/hall/day/kiosk", &[("hall", "first"), ("name", "一号机")]).await;
    let shown = head.get(made.to.split('#').next().unwrap()).await;
    let secret = shown.html.split_once("/kiosk/first?k=").unwrap().1.split('"').next().unwrap().to_owned();
    let kiosk_at = format!("/kiosk/first/arrive?k={secret}");
    let mut kiosk = town.browser("").await;
    assert_eq!(kiosk.get("/kiosk/first/arrive?k=guessed").await.status, StatusCode::FORBIDDEN);
    shows(&kiosk.get(&format!("/kiosk/first?k={secret}")).await, &["/kiosk/first/arrive?k="]);
    let code = row.code.spoken();
    let typed = |code: &str| vec![("kiosk", secret.clone()), ("code", code.to_owned())];
    let send = async |kiosk: &mut harness::Browser, fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        kiosk.submit(&kiosk_at, "/kiosk/first/arrive", &fields).await
    };
    let none = send(&mut kiosk, typed("")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&none, &["#f-code"]);
    shows(&send(&mut kiosk, typed(&code)).await, &["还没到报到时间"]);
    town.t.clock.set(at("2026-11-24 09:20"));
    let late = send(&mut kiosk, typed(&code)).await;
    shows(&late, &["已过15分钟", "取普通号", "name=\"late\""]);
    town.t.clock.set(at("2026-11-24 08:45"));
    let there = send(&mut kiosk, typed(&code)).await;
    assert_eq!(there.status, StatusCode::SEE_OTHER, "{}", there.html);
    shows(&kiosk.get(&there.to).await, &["B001", "等候中"]);
    // The sign-in of the day before is over.
    shows(&town.browser("p3").await.get(&mine).await, &["已报到", "B001"]);
});

harness::both!(at_the_desk, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let who = town.person("p3").await;
    let id = town.book(&who, "first", "2026-11-24 09:00").await.unwrap();
    let mut clerk = town.browser("c1").await;
    let mut stranger = town.browser("stranger").await;
    assert_eq!(stranger.get("/desk/appointments?hall=first").await.status, StatusCode::FORBIDDEN);
    assert_eq!(stranger.get(&format!("/desk/appointments/{id}")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(clerk.get("/desk/appointments/plan?hall=first").await.status, StatusCode::FORBIDDEN);
    // Booked for somebody at the telephone: what is wrong stands at its field, and what was typed stays.
    let book = "/desk/appointments/book?hall=first&letter=B&day=2026-11-24";
    let (time, at_) = (slot("2026-11-24 09:00"), "/desk/appointments/book");
    let fields = |name: &'static str, phone: &'static str| {
        [("hall", "first"), ("letter", "B"), ("day", "2026-11-24"), ("name", name), ("phone", phone)]
    };
    let with = |all: [(&'static str, &'static str); 5]| -> Vec<(&'static str, String)> {
        all.iter().map(|(k, v)| (*k, (*v).to_owned())).chain([("at", time.clone())]).collect()
    };
    let send = async |clerk: &mut harness::Browser, fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        clerk.submit(book, at_, &fields).await
    };
    let wrong = send(&mut clerk, with(fields("王小明", "12"))).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&wrong, &["#f-phone", "value=\"王小明\""]);
    let booked = send(&mut clerk, with(fields("王小明", "13900000001"))).await;
    assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.html);
    let theirs = booked.to.clone();
    let one = clerk.get(&theirs).await;
    shows(&one, &["王小明", "139****0001", "查看号码"]);
    lacks(&one, &["13900000001"]);
    let opened = clerk.submit(&theirs, &theirs, &[("act", "phone")]).await;
    shows(&opened, &["13900000001"]);
    shows(&clerk.get(&theirs).await, &["工作人员查看了手机号码"]);
    // The list is masked; opening a name is a look that the person sees.
    let list = clerk.get("/desk/appointments?hall=first&day=2026-11-24").await;
    shows(&list, &["王*明", "09:00–09:30", "还有2人没有到"]);
    lacks(&list, &["王小明", "13900000001", "某p3"]);
    let before = trace::looks_of(&town.t.store, who.person(), None, 9).await.unwrap().len();
    shows(&clerk.get(&format!("/desk/appointments/{id}")).await, &["某p3", "已记录，当事人可以看到"]);
    let looks = trace::looks_of(&town.t.store, who.person(), None, 9).await.unwrap();
    assert_eq!((looks.len(), looks[0].purpose.ground.as_str()), (before + 1, "appointment"));
    // Moved for the caller, then they come.
    let moved = clerk.submit(&theirs, &theirs, &[("act", "move"), ("at", &slot("2026-11-24 10:00"))]).await;
    assert_eq!(moved.to, theirs, "{}", moved.html);
    town.t.clock.set(at("2026-11-24 09:50"));
    let mut clerk = town.browser("c1").await; // the sign-in of the day before is over
    let list = clerk.get("/desk/appointments?hall=first").await;
    shows(&list, &["value=\"arrive\"", "value=\"late\""]);
    let unknown = clerk
        .submit(
            "/desk/appointments?hall=first",
            "/desk/appointments",
            &[("hall", "first"), ("code", "13911111111")],
        )
        .await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&unknown, &["#f-code", "value=\"13911111111\""]);
    let there = clerk
        .submit(
            "/desk/appointments?hall=first",
            "/desk/appointments",
            &[("hall", "first"), ("code", "13900000001")],
        )
        .await;
    assert!(there.to.starts_with("/tickets/"), "{}", there.html);
    shows(&clerk.get(&there.to).await, &["B001"]);
    let late = clerk
        .submit("/desk/appointments?hall=first", &format!("/desk/appointments/{id}"), &[("act", "late")])
        .await;
    assert!(late.to.starts_with("/tickets/"), "{}", late.html);
    let done = clerk.submit(book, &theirs, &[("act", "cancel")]).await;
    assert_eq!(done.status, StatusCode::CONFLICT);
    shows(&done, &["已经报到"]);
});

harness::both!(the_heads_plan_page, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut head = town.browser("head").await;
    let plan = "/desk/appointments/plan";
    let page = head.get(plan).await;
    shows(
        &page,
        &[
            "value=\"40\"",
            "1号（2项业务共用）、2号",
            "合计1.50个",
            "可约2人",
            "每个时段30分钟",
            "今后10个工作日",
        ],
    );
    let rev = page.hidden("rev").unwrap();
    let fields = |share: &'static str, rev: &str| -> Vec<(&'static str, String)> {
        [
            ("hall", "first"),
            ("walk_in", share),
            ("letter", "B"),
            ("offered", "B"),
            ("persons-B", "4"),
            ("windows-B", ""),
        ]
        .map(|(k, v)| (k, v.to_owned()))
        .into_iter()
        .chain([("rev", rev.to_owned())])
        .collect()
    };
    let send = async |head: &mut harness::Browser, fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        head.submit(plan, plan, &fields).await
    };
    let wrong = send(&mut head, fields("一半", &rev)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&wrong, &["#f-walk-in", "value=\"一半\"", "0到100"]);
    assert_eq!(send(&mut head, fields("20", &rev)).await.to, format!("{plan}?hall=first"));
    shows(&head.get(plan).await, &["value=\"20\"", "每窗口每时段4人", "可约4人"]);
    let stale = send(&mut head, fields("10", &rev)).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    shows(&stale, &["刚被别人改过"]);
    let closures = "/desk/appointments/plan/closures";
    let no_time = head
        .submit(plan, closures, &[("hall", "first"), ("day", "2026-11-24"), ("time", "03:00"), ("why", "x")])
        .await;
    assert_eq!(no_time.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&no_time, &["#f-time"]);
    let fields =
        [("hall", "first"), ("day", "2026-11-24"), ("business", "B"), ("time", "09:00"), ("why", "停电")];
    assert_eq!(head.submit(plan, closures, &fields).await.status, StatusCode::SEE_OTHER);
    shows(&head.get(plan).await, &["· 停电 ", "2026年11月24日(周二) 09:00", "B 不动产登记"]);
    shows(
        &head.get("/appointments/new?item=home-purchase-proof&hall=first&day=2026-11-24").await,
        &["已关闭：停电"],
    );
    let time = slot("2026-11-24 09:00");
    let fields =
        [("hall", "first"), ("day", "2026-11-24"), ("business", "B"), ("at", &time), ("act", "open")];
    assert_eq!(head.submit(plan, closures, &fields).await.status, StatusCode::SEE_OTHER);
    lacks(&head.get(plan).await, &["· 停电 "]);
});
