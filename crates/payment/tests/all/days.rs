//! Statements day by day: one that cannot be read holds up no other, and nothing is ended before every day since was compared.

use crate::town::{ROOMS, Town, code};
use jiff::civil::{Date, date};
use payment::statement::Statement;
use payment::{OrderState, TradeState, verbs};

const TAX: [(&str, i64); 1] = [("deed-tax", 500)];

harness::both!(a_bad_file_stops_no_other_day_and_ends_nothing, ROOMS, |t| async move {
    let town = Town::new(t, 0, 21).await;
    let (failed, sent) = (town.raise("case:1", &TAX).await, town.raise("case:2", &TAX).await);
    let (a, b) = (town.begin(failed).await, town.begin(sent).await);
    town.call_back(&town.gateway.pay(a, false).unwrap()).await.unwrap();
    let state = |id, trade| {
        let town = &town;
        async move { town.bill(id).await.trade(trade).unwrap().state }
    };
    town.t.clock.set("2026-11-25T02:00:00Z".parse().unwrap());
    let day = date(2026, 11, 23);
    let spoil = |day: Date, text: String| {
        let mut lies = town.lies.lock().unwrap();
        (lies.silent, lies.statement) = (true, Some((day, text)));
    };
    for text in
        ["no statement".to_owned(), Statement { day: day.yesterday().unwrap(), lines: vec![] }.write()]
    {
        spoil(day, text);
        let fetched = verbs::fetch(&town.p).await.unwrap();
        assert_eq!(fetched.failed.len(), 1, "{fetched:?}");
        assert!(fetched.failed[0].starts_with("2026-11-23"), "{fetched:?}");
        assert_eq!(state(failed, a).await, TradeState::Failed, "its own day was not compared");
        assert_eq!(state(sent, b).await, TradeState::Sent);
    }
    assert_eq!(code(verbs::pay(&town.p, kernel::Lang::En, &town.payer, sent).await), "payment.underway");
    town.lies.lock().unwrap().statement = None;
    let fetched = verbs::fetch(&town.p).await.unwrap();
    assert_eq!((fetched.done.len(), fetched.done[0].closed), (1, 2), "{fetched:?}");
    assert_eq!((state(failed, a).await, state(sent, b).await), (TradeState::Closed, TradeState::Closed));
    assert_eq!(town.bill(sent).await.orders[0].state, OrderState::Open, "it can be paid anew");

    // The server sleeps for three weeks: every day since is asked for, none twice.
    town.t.clock.set("2026-12-16T02:00:00Z".parse().unwrap());
    assert_eq!(verbs::fetch(&town.p).await.unwrap().done.len(), 21);
    assert_eq!(verbs::fetch(&town.p).await.unwrap().done.len(), 0);
});

harness::both!(a_payment_of_just_now_is_not_ended_by_the_day_that_was, ROOMS, |t| async move {
    let town = Town::new(t, 0, 22).await;
    town.t.clock.set("2026-11-23T15:59:00Z".parse().unwrap());
    let id = town.raise("case:1", &TAX).await;
    let trade = town.begin(id).await;
    town.t.clock.set("2026-11-23T16:05:00Z".parse().unwrap());
    verbs::fetch(&town.p).await.unwrap();
    assert_eq!(town.bill(id).await.trade(trade).unwrap().state, TradeState::Sent, "its payer is at it");
    let news = town.gateway.pay(trade, true).unwrap();
    town.call_back(&news).await.unwrap();
    assert_eq!(town.books("clearing").await, 500);
});

harness::both!(townships_of_one_county_share_a_series_of_numbers, ROOMS, |t| async move {
    let town = Town::new(t, 0, 23).await;
    let mut codes = std::collections::BTreeSet::new();
    for n in 0..6 {
        let agency = ["chancheng.shiwan.civil-affairs", "chancheng.zhangcha.civil-affairs"][n % 2];
        let id = town.raise_at(agency, &format!("case:{n}"), &TAX).await.unwrap().unwrap();
        let raised = town.bill(id).await.raised;
        assert_eq!(raised.division, ["440604010", "440604011"][n % 2]);
        assert!(codes.insert(raised.code.to_string()), "{codes:?}");
    }
});
