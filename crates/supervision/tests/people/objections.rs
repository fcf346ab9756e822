//! A look, an objection to it, the ground of the agency, the answer, and terms that pass.

use crate::town::{ROOMS, Town, holds};
use http::StatusCode;

harness::both!(an_objection_is_heard_answered_and_seen_by_both_sides, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let me = town.person("citizen").await;
    let look = town.look("examiner", me, None).await;
    let mut mine = town.browser("citizen").await;
    let form = format!("/space/looks/{look}/object");
    let page = mine.get(&form).await;
    holds(
        &page,
        &["南京市交通运输局客运管理处审查人员（编号", "行政许可法第三十四条", "15个工作日", "5个工作日"],
    );
    let name = town.staff("examiner").await.name().to_owned();
    assert!(!page.html.contains(&name), "staff appear by number");
    let wrong = mine.submit(&form, &form, &[("text", " ")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&wrong, &["#f-text"]);
    let sent = mine.submit(&form, &form, &[("text", "我没有办过<这件事>")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    let shown = sent.to.clone();
    // 15 working days from Monday, 23 November.
    holds(
        &mine.get(&shown).await,
        &["2026年12月14日", "怎么算的", "&#60;这件事&#62;", "没有对应办件", "办理中"],
    );
    assert_eq!(mine.get(&form).await.status, StatusCode::SEE_OTHER, "it is objected to once");
    let id = shown.split(['/', '?']).nth(3).unwrap().to_owned();

    // Nobody else sees it: another person, another agency, supervision of another division, the operator.
    let desk = format!("/desk/objections/{id}");
    for (account, path, status) in [
        ("citizen2", format!("/space/objections/{id}"), StatusCode::NOT_FOUND),
        ("citizen2", form.clone(), StatusCode::NOT_FOUND),
        ("examiner2", desk.clone(), StatusCode::NOT_FOUND),
        ("supervisor2", desk.clone(), StatusCode::NOT_FOUND),
        ("operator", desk.clone(), StatusCode::FORBIDDEN),
    ] {
        assert_eq!(town.browser(account).await.get(&path).await.status, status, "{account} {path}");
    }

    let mut supervisor = town.browser("supervisor").await;
    holds(&supervisor.get("/desk/objections").await, &[&desk, "对查看的异议"]);
    let waits = supervisor.get(&desk).await;
    holds(&waits, &["等待查看机关说明理由", "2026年11月30日"]);
    let (answer, ground) = (format!("{desk}/answer"), format!("{desk}/ground"));
    let early = [("upheld", "yes"), ("reason", "没有依据"), ("measures", "收回权限")];
    let mut agency = town.browser("examiner").await;
    let csrf = agency.get(&desk).await.csrf();
    let refused = agency.post(&answer, &[("_csrf", &csrf), ("upheld", "no"), ("reason", "x")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "the agency does not answer for itself");
    let given = agency.submit(&desk, &ground, &[("text", "办理投诉，依据行政许可法第六十一条")]).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.html);
    let half = supervisor.submit(&desk, &answer, &[("upheld", "yes"), ("reason", "没有依据")]).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&half, &["#f-measures", "没有依据"]);
    let done = supervisor.submit(&desk, &answer, &early).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    holds(
        &mine.get(&shown).await,
        &["您的请求成立", "收回权限", "办理投诉，依据行政许可法第六十一条", "答复：成立"],
    );
    holds(&agency.get(&desk).await, &["答复：成立"]);
    // Each opening by staff is itself a look at the person, for the objection.
    let looks = trace::looks_of(&town.t.store, me, None, 50).await.unwrap();
    let read: Vec<_> = looks.iter().filter(|l| l.purpose.ground == "objection").collect();
    assert!(read.len() >= 4 && read.iter().all(|l| !l.stray), "{}", read.len());
});

harness::both!(terms_pass_once_and_a_refusal_names_the_remedies, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let me = town.person("citizen").await;
    let look = town.look("examiner", me, Some("CASE-1")).await;
    let mut mine = town.browser("citizen").await;
    let form = format!("/space/looks/{look}/object");
    let shown = mine.submit(&form, &form, &[("text", "与办件无关")]).await.to;
    let id = shown.split(['/', '?']).nth(3).unwrap().to_owned();
    assert_eq!(town.sweep().await, 0);
    town.t.clock.set("2026-12-20T02:00:00Z".parse().unwrap());
    // Two servers sweep at once: each term is written down once.
    let (a, b) = tokio::join!(town.sweep(), town.sweep());
    assert!(a + b >= 1);
    assert_eq!(town.sweep().await, 0);
    let mut mine = town.browser("citizen").await;
    let page = mine.get(&shown).await;
    holds(&page, &["超期未答复", "查看机关逾期未说明理由"]);
    assert_eq!(page.html.matches("逾期未答复，已记录").count(), 1);
    let mut supervisor = town.browser("supervisor").await;
    let desk = format!("/desk/objections/{id}");
    let no = [("upheld", "no"), ("reason", "查看有依据")];
    let done = supervisor.submit(&desk, &format!("{desk}/answer"), &no).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    holds(&mine.get(&shown).await, &["不成立", "六十日内申请行政复议", "2027年2月18日", "第六十五条"]);
    let list = mine.get("/space/objections").await;
    holds(&list, &[&format!("/space/objections/{id}")]);
});

harness::both!(staff_see_what_is_recorded_of_them, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let me = town.person("citizen").await;
    town.look("examiner", me, Some("CASE-1")).await;
    town.look("examiner", me, None).await;
    let number = supervision::plain::staff_number(town.staff("examiner").await.account());
    let page = town.browser("examiner").await.get("/desk/my-looks").await;
    holds(&page, &[&number, "CASE-1", "没有对应办件", "办件内容、手机号码"]);
    let other = town.browser("examiner2").await.get("/desk/my-looks").await;
    holds(&other, &["还没有记录"]);
    for (account, status) in [("", StatusCode::SEE_OTHER), ("citizen", StatusCode::FORBIDDEN)] {
        assert_eq!(town.browser(account).await.get("/desk/my-looks").await.status, status);
    }
    // What one looked at oneself is nothing to object to, and what is not there cannot be.
    let mut mine = town.browser("citizen").await;
    let gone = mine.get("/space/looks/1/object").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let filter = trace::LookFilter { stray: true, ..trace::LookFilter::default() };
    let now = kernel::Clock::now(&town.t.clock);
    let stray = trace::looks(&town.t.store, me, &filter, now, None, 9).await.unwrap();
    assert_eq!((stray.len(), stray[0].purpose.case.as_deref()), (1, None));
    let filter = trace::LookFilter { agency: stray[0].actor.agency.clone(), ..filter };
    assert_eq!(trace::looks(&town.t.store, me, &filter, now, None, 9).await.unwrap().len(), 1);
    let start = Some("2026-11-23T02:00:00Z".parse().unwrap());
    let later = trace::LookFilter { from: start, ..trace::LookFilter::default() };
    assert_eq!(trace::looks(&town.t.store, me, &later, now, None, 9).await.unwrap().len(), 2);
    let before = trace::LookFilter { until: start, ..trace::LookFilter::default() };
    assert!(trace::looks(&town.t.store, me, &before, now, None, 9).await.unwrap().is_empty());
    assert_eq!(trace::lookers(&town.t.store, me, now).await.unwrap().len(), 1);
    assert_eq!(trace::grounds(&town.t.store, me, now).await.unwrap(), ["examine"]);
});
