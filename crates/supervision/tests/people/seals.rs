//! A look that the law keeps secret: two persons, a bounded time, never unrecorded, told afterwards, published as a count.

use crate::town::{NUMBER, ROOMS, Town, holds};
use http::StatusCode;
use kernel::{Clock as _, PersonId, Timestamp};

async fn seen(town: &Town, person: PersonId) -> Vec<(i64, Option<Timestamp>)> {
    let now = town.t.clock.now();
    let looks = trace::looks(&town.t.store, person, &trace::LookFilter::default(), now, None, 50).await;
    looks.unwrap().into_iter().map(|l| (l.id, l.sealed_until)).collect()
}

harness::both!(a_look_is_hidden_by_two_persons_for_a_time_and_then_told, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let me = town.person("citizen").await;
    let before = town.look("examiner", me, Some("CASE-1")).await;
    let mut examiner = town.browser("examiner").await;
    let page = "/desk/sealed-looks";
    let ask = [("number", NUMBER), ("ground", "duty"), ("reason", "核查举报"), ("until", "2026-12-31")];
    let wrong = examiner
        .submit(
            page,
            page,
            &[("number", NUMBER), ("until", "2028-01-01"), ("ground", "duty"), ("reason", "x")],
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&wrong, &["#f-until", "180"]);
    let asked = examiner.submit(page, page, &ask).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.html);
    let list = examiner.get(page).await;
    holds(&list, &["999***********1026", "待批准"]);
    assert!(!list.html.contains(NUMBER), "the number stands masked");
    let in_between = town.look("examiner", me, Some("CASE-2")).await;

    // A head of the agency is the second person; whoever asked is not, nor another agency's.
    let mut head = town.browser("examiner-head").await;
    let page_of_head = head.get(page).await;
    let at = page_of_head.html.split("action=\"/desk/sealed-looks/").nth(1).unwrap();
    let id = at.split('/').next().unwrap().to_owned();
    let decide = format!("{page}/{id}/decide");
    let csrf = examiner.get(page).await.csrf();
    let own = examiner.post(&decide, &[("_csrf", &csrf), ("approve", "yes")]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    let mut other = town.browser("examiner2").await;
    let csrf = other.get(page).await.csrf();
    assert_eq!(
        other.post(&decide, &[("_csrf", &csrf), ("approve", "yes")]).await.status,
        StatusCode::NOT_FOUND
    );
    let yes = head.submit(page, &decide, &[("approve", "yes")]).await;
    assert_eq!(yes.status, StatusCode::SEE_OTHER, "{}", yes.html);
    let again = head.submit(page, &decide, &[("approve", "yes")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);

    let hidden = town.look("examiner", me, Some("CASE-3")).await;
    let open = town.look("examiner-head", me, Some("CASE-3")).await;
    let mut wanted = vec![before, in_between, open];
    wanted.sort_unstable_by(|a, b| b.cmp(a));
    let ids: Vec<i64> = seen(&town, me).await.into_iter().map(|l| l.0).collect();
    assert_eq!(ids, wanted, "only looks of that account made under the order are hidden");
    let mut mine = town.browser("citizen").await;
    assert_eq!(mine.get(&format!("/space/looks/{hidden}/object")).await.status, StatusCode::NOT_FOUND);
    assert!(trace::looks_of(&town.t.store, me, None, 50).await.unwrap().iter().all(|l| l.id != hidden));
    // It is on record meanwhile, for whoever looked and for the count.
    holds(&examiner.get("/desk/my-looks").await, &["CASE-3", "依法暂不告知本人"]);
    assert_eq!(trace::sealed_looks(&town.t.store, &id).await.unwrap(), 1);
    let counts = town.browser("").await.get("/openness/sealed-looks").await;
    holds(&counts, &["还没有可公布的数字"]);

    town.t.clock.set("2027-01-04T02:00:00Z".parse().unwrap());
    assert!(seen(&town, me).await.contains(&(hidden, Some("2026-12-31T16:00:00Z".parse().unwrap()))));
    assert_eq!((town.sweep().await, town.sweep().await), (1, 0));
    let mut mine = town.browser("citizen").await;
    holds(&mine.get(&format!("/space/looks/{hidden}/object")).await, &["CASE-3"]);
    let counts = town.browser("").await.get("/openness/sealed-looks").await;
    holds(&counts, &["2026年下半年", "南京市交通运输局客运管理处", "个人信息保护法第三十五条"]);
    assert!(!counts.html.contains("1026"), "figures name nobody");
});

harness::both!(an_order_may_be_refused_or_end_early, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let me = town.person("citizen").await;
    let (page, mut examiner) = ("/desk/sealed-looks", town.browser("examiner").await);
    let ask = [("number", NUMBER), ("ground", "confidential"), ("reason", "保密"), ("until", "2026-12-31")];
    let nobody =
        [("number", "999999199001019999"), ("ground", "duty"), ("reason", "x"), ("until", "2026-12-31")];
    assert_eq!(examiner.submit(page, page, &nobody).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut supervisor = town.browser("supervisor").await;
    for approve in ["no", "yes"] {
        assert_eq!(examiner.submit(page, page, &ask).await.status, StatusCode::SEE_OTHER);
        let list = supervisor.get(page).await;
        let id = list
            .html
            .split("action=\"/desk/sealed-looks/")
            .nth(1)
            .unwrap()
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        let decide = format!("{page}/{id}/decide");
        let done = supervisor.submit(page, &decide, &[("approve", approve), ("reason", "理由不足")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
        town.t.clock.advance_seconds(60);
    }
    assert_eq!(examiner.submit(page, page, &ask).await.status, StatusCode::CONFLICT, "one holds already");
    let hidden = town.look("examiner", me, None).await;
    assert!(seen(&town, me).await.is_empty());
    assert!(trace::lookers(&town.t.store, me, town.t.clock.now()).await.unwrap().is_empty());
    let list = examiner.get(page).await;
    let end = list.html.split("action=\"/desk/sealed-looks/").find(|p| p.contains("/end\"")).unwrap();
    let id = end.split('/').next().unwrap().to_owned();
    let ended = examiner.submit(page, &format!("{page}/{id}/end"), &[]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.html);
    assert_eq!(seen(&town, me).await.iter().map(|l| l.0).collect::<Vec<_>>(), [hidden]);
    let open = town.look("examiner", me, None).await;
    assert_eq!(seen(&town, me).await.len(), 2, "an order that has ended hides nothing more: {open}");
});
