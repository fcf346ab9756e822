//! The pages as payer, clerk, finance and strangers meet them.

use crate::town::{LIST, ROOMS, Town, token};
use harness::Browser;
use harness::browser::Page;
use http::StatusCode;
use kernel::SubjectId;
use payment::{BillId, BillState, FeeList, Means, verbs};

const LINES: [(&str, i64); 2] = [("registration-dwelling", 8_000), ("deed-tax", 1_500_000)];

async fn browser(town: &Town, account: &str) -> Browser {
    let house = &town.p.house;
    let app = page::layer(identity::layer(page::inner(payment::routes(town.p.clone())), house), house);
    let browser = Browser::new(app);
    if account.is_empty() {
        return browser;
    }
    browser.with_cookie("yimen_session", &token(&town.t, account).await)
}

fn holds(page: &Page, words: &[&str]) {
    for word in words {
        assert!(page.html.contains(word), "{word} is missing: {}", page.html);
    }
}

harness::both!(a_payer_pays_by_one_act_and_is_told_what_is_known, ROOMS, |t| async move {
    let town = Town::new(t, 0, 1).await;
    let id = town.raise("case:1", &LINES).await;
    let at = format!("/payments/{id}");
    let mut me = browser(&town, "citizen").await;
    holds(&me.get("/space/payments").await, &[&at, "存量房转移登记", "待缴款", "15,080.00"]);
    holds(&me.get(&at).await, &["¥15,080.00", "国家金库", "非税收入专户", "2026年12月14日"]);
    for stranger in ["citizen2", ""] {
        let page = browser(&town, stranger).await.get(&at).await;
        assert!(matches!(page.status, StatusCode::NOT_FOUND | StatusCode::SEE_OTHER), "{}", page.status);
    }
    let paid = me.submit(&at, &format!("{at}/pay"), &[]).await;
    assert_eq!(paid.to, format!("{at}/result"));
    holds(
        &me.get(&format!("{at}/result")).await,
        &["还不知道有没有缴成", "http://gateway/pay/", "不要另行缴款"],
    );
    holds(&me.get(&at).await, &["有一笔缴款正在进行"]);
    let trade = town.bill(id).await.underway().unwrap().id;
    town.call_back(&town.gateway.pay(trade, false).unwrap()).await.unwrap();
    holds(&me.get(&format!("{at}/result")).await, &["但还不能确定"]);
    let again = me.submit(&format!("{at}/result"), &format!("{at}/again"), &[]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    holds(&me.get(&format!("{at}/result")).await, &["没有缴成，也没有扣款"]);
    me.submit(&at, &format!("{at}/pay"), &[]).await;
    let trade = town.bill(id).await.underway().unwrap().id;
    town.gateway.pay(trade, true).unwrap();
    // No call-back came: whoever comes back is told all the same.
    holds(&me.get(&format!("{at}/result")).await, &["已经缴清"]);
    let bill = me.get(&at).await;
    holds(&bill, &["税收完税证明", "非税收入统一票据"]);
    let receipt = town.bill(id).await.orders[0].paid.as_ref().unwrap().receipt.clone();
    let sheet = format!("/space/payments/receipts/{receipt}");
    holds(&me.get(&sheet).await, &[&receipt, "¥80.00", "不动产登记费"]);
    let other = browser(&town, "citizen2").await.get(&sheet).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
});

/// Two bills of one matter, the older one first.
async fn house(town: &Town) -> [BillId; 2] {
    let older = town.raise("house/case:1", &LINES).await;
    town.t.clock.advance_seconds(1);
    [older, town.raise("house/case:2", &[("courier-parcel", 1_200)]).await]
}

harness::both!(a_matter_stands_together_and_is_paid_by_one_act, ROOMS, |t| async move {
    let town = Town::new(t, 0, 8).await;
    let [a, b] = house(&town).await;
    let alone = town.raise("case:3", &[("deed-tax", 7)]).await;
    let mut me = browser(&town, "citizen").await;
    let list = me.get("/space/payments").await;
    let together = "同一件事有2张缴款单待缴，共 ¥15,092.00";
    holds(&list, &[together, &format!("/payments/{b}/matter"), &format!("/payments/{alone}")]);
    assert_eq!(
        list.html.matches("/matter\"").count(),
        1,
        "one button for the matter, none for what stands alone"
    );
    holds(&me.get(&format!("/payments/{a}")).await, &[together, &format!("/payments/{a}/matter")]);
    assert!(!me.get(&format!("/payments/{alone}")).await.html.contains("/matter"));
    let at = format!("/payments/{a}/matter");
    let stranger = browser(&town, "citizen2").await.get(&at).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
    let page = me.get(&at).await;
    holds(&page, &["2张缴款单", "国家金库", "非税收入专户", "¥12.00", "一键缴清 ¥15,092.00"]);

    // What was raised since the page was shown is not paid unseen.
    let c = town.raise("house/case:4", &[("deed-tax", 100)]).await;
    let changed = me.submit(&at, &format!("{at}/pay"), &[("seen", "15092.00")]).await;
    assert_eq!(changed.status, StatusCode::CONFLICT);
    holds(&changed, &["应缴金额刚刚变成了¥15,093.00", "3张缴款单"]);
    let paid = me.submit(&at, &format!("{at}/pay"), &[]).await;
    assert_eq!(paid.to, format!("/payments/{a}/result"));
    let result = format!("/payments/{c}/result");
    holds(
        &me.get(&result).await,
        &["还不知道有没有缴成", &format!("/payments/{a}"), &format!("/payments/{b}")],
    );
    let pressed_again = me.submit(&format!("/payments/{a}"), &format!("{at}/pay"), &[]).await;
    assert_eq!(pressed_again.to, format!("/payments/{a}/result"));
    holds(&me.get(&at).await, &["有一笔缴款正在进行", &format!("/payments/{a}/result")]);
    let trade = town.bill(b).await.underway().unwrap().id;
    town.call_back(&town.gateway.pay(trade, true).unwrap()).await.unwrap();
    holds(&me.get(&result).await, &["已经缴清", "税收完税证明", "非税收入统一票据", "发票"]);
    holds(&me.get(&at).await, &["已经全部缴清"]);
    let english = me.with_cookie("yimen_lang", "en").get(&at).await;
    holds(&english, &["Everything is paid"]);
});

harness::both!(a_cashier_takes_a_matter_at_once_and_prints_all, ROOMS, |t| async move {
    let town = Town::new(t, 0, 10).await;
    let [a, b] = house(&town).await;
    let (mut clerk, at) = (browser(&town, "clerk").await, format!("/desk/cashier/{a}/matter"));
    holds(
        &clerk.get(&format!("/desk/cashier/{b}")).await,
        &["共 ¥15,092.00", &format!("/desk/cashier/{b}/matter")],
    );
    let page = clerk.get(&at).await;
    holds(&page, &["一次收齐", "15,092.00", "王*"]);
    assert!(!page.html.contains(town.payer.subject_name()), "the payer stands masked");
    assert_eq!(clerk.get(&format!("{at}/receipts")).await.status, StatusCode::NOT_FOUND, "none was given");
    let less = clerk.submit(&at, &format!("{at}/take"), &[("means", "cash"), ("amount", "12")]).await;
    assert_eq!(less.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&less, &["应收¥15,092.00", "value=\"12\""]);
    let mut examiner = browser(&town, "examiner").await;
    assert!(!examiner.get(&at).await.html.contains("/take\""), "only a window takes money");
    let done = clerk.submit(&at, &format!("{at}/take"), &[("means", "card"), ("amount", "15092")]).await;
    assert_eq!((done.status, done.to.as_str()), (StatusCode::SEE_OTHER, at.as_str()), "{}", done.html);
    for id in [a, b] {
        assert_eq!(town.bill(id).await.state(), BillState::Settled);
    }
    let taken = clerk.get(&at).await;
    holds(&taken, &["已经全部缴清", "打印全部收据", "税收完税证明"]);
    let printed = clerk.get(&format!("{at}/receipts")).await;
    holds(&printed, &["税收完税证明", "非税收入统一票据", "发票", "刷卡", town.payer.subject_name()]);
    assert_eq!(printed.html.matches("class=\"sheet\"").count(), 3);
    let other = examiner.get(&format!("{at}/receipts")).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "printed where they were given");
});

harness::both!(whoever_holds_only_the_receipt_of_the_case_is_found_by_its_number, ROOMS, |t| async move {
    let town = Town::new(t, 0, 9).await;
    let older = town.raise("house/case:1", &LINES).await;
    let mut clerk = browser(&town, "clerk").await;
    let number = "32010020261123000001";
    let found = clerk.get("/desk/cashier?number=3201+0020+2611+2300+0001").await;
    assert_eq!(found.to, format!("/desk/cashier/{older}"), "the only one is opened at once");
    town.t.clock.advance_seconds(1);
    let newer = town.raise("house/case:2", &[("courier-parcel", 1_200)]).await;
    let listed = clerk.get(&format!("/desk/cashier?number={number}")).await;
    holds(
        &listed,
        &["同一件事的缴款单", &format!("/desk/cashier/{older}"), &format!("/desk/cashier/{newer}"), "王*"],
    );
    assert!(!listed.html.contains(town.payer.subject_name()), "the payer stands masked");
    let english = clerk.get(&format!("/desk/cashier?number={number}&lang=en")).await;
    holds(&english, &["Bills of this matter", "Payment number or case number"]);
    // Another city's window does not find it.
    let mut elsewhere = browser(&town, "clerk2").await;
    let none = elsewhere.get(&format!("/desk/cashier?number={number}")).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
});

harness::both!(a_clerk_finds_takes_and_prints_and_two_give_back, ROOMS, |t| async move {
    let town = Town::new(t, 0, 2).await;
    let id = town.raise("case:1", &LINES).await;
    let code = town.bill(id).await.raised.code;
    let mut clerk = browser(&town, "clerk").await;
    let wrong = clerk.get("/desk/cashier?number=12345").await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
    holds(&wrong, &["请核对20位缴款识别码", "12345"]);
    let found = clerk.get(&format!("/desk/cashier?number={}", code.grouped().replace(' ', "+"))).await;
    let at = format!("/desk/cashier/{id}");
    assert_eq!(found.to, at);
    let page = clerk.get(&at).await;
    holds(&page, &["15,080.00", "王*"]);
    assert!(!page.html.contains(town.payer.subject_name()), "the payer stands masked");
    let less = clerk.submit(&at, &format!("{at}/take"), &[("means", "cash"), ("amount", "1.00")]).await;
    assert_eq!(less.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&less, &["应收¥15,080.00", "value=\"1.00\""]);
    let odd = clerk.submit(&at, &format!("{at}/take"), &[("means", "cash"), ("amount", "all")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = clerk.submit(&at, &format!("{at}/take"), &[("means", "cash"), ("amount", "15080")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    assert_eq!(town.bill(id).await.state(), BillState::Settled);
    let bill = town.bill(id).await;
    let receipt = bill.orders[1].paid.as_ref().unwrap().receipt.clone();
    let printed = clerk.get(&format!("{at}/receipts/{receipt}")).await;
    holds(&printed, &["税收完税证明", "现金", "data-print", town.payer.subject_name()]);
    let SubjectId::Person(person) = town.payer.subject() else { panic!("a person pays") };
    let looks = trace::looks_of(&town.t.store, person, None, 50).await.unwrap();
    assert!(looks.iter().any(|look| look.purpose.ground == "window"), "and the look is written down");
    let order = bill.orders[1].line.order.to_string();
    let ask = [("order", order.as_str()), ("amount", "5000"), ("reason", "税款重新核定")];
    assert_eq!(clerk.submit(&at, &format!("{at}/refund"), &ask).await.status, StatusCode::SEE_OTHER);

    let mut head = browser(&town, "examiner-head").await;
    let by = identity::staff_number(town.clerk.account());
    let waiting = head.get("/desk/finance").await;
    holds(&waiting, &["¥5,000.00", "待审批", "税款重新核定", "存量房转移登记", "契税", "王*", &by]);
    let refund = town.bill(id).await.refunds[0].id;
    let decide = format!("/desk/finance/refunds/{refund}/decide");
    let no = head.submit("/desk/finance", &decide, &[("approve", "no")]).await;
    assert_eq!(no.status, StatusCode::UNPROCESSABLE_ENTITY, "a refusal has a reason");
    let yes = head.submit("/desk/finance", &decide, &[("approve", "yes")]).await;
    assert_eq!(yes.status, StatusCode::SEE_OTHER, "{}", yes.html);
    let out = format!("/desk/finance/refunds/{refund}/paid-out");
    assert_eq!(clerk.submit("/desk/finance", &out, &[]).await.status, StatusCode::SEE_OTHER);
    holds(&clerk.get(&at).await, &["已退 ¥5,000.00", "红字"]);
    let red = town.bill(id).await.refunds[0].receipt.clone().unwrap();
    let red = clerk.get(&format!("{at}/receipts/{red}")).await;
    holds(&red, &["契税", "退付时间", &receipt]);
    assert!(!red.html.contains("不动产登记费"), "only what was given back");
});

harness::both!(a_large_reduction_waits_on_the_desk_of_a_second_person, ROOMS, |t| async move {
    let town = Town::new(t, 0, 9).await;
    let id = town.raise("case:1", &LINES).await;
    let (at, order) = (format!("/desk/cashier/{id}"), town.bill(id).await.orders[0].line.order.to_string());
    let mut examiner = browser(&town, "examiner").await;
    let which = format!("{order} small-firm");
    let ask = [("reduction", which.as_str()), ("evidence", "营业执照 3201")];
    assert_eq!(examiner.submit(&at, &format!("{at}/reduce"), &ask).await.status, StatusCode::SEE_OTHER);
    let waiting = examiner.get(&at).await;
    holds(&waiting, &["等第二人审批的减免", "营业执照 3201", "¥80.00"]);
    assert!(!waiting.html.contains(&format!("{at}/reduction")), "not by whoever may not decide");
    let mut head = browser(&town, "examiner-head").await;
    holds(&head.get("/desk/finance").await, &["等第二人审批的减免", &at, "王*"]);
    let decide = format!("{at}/reduction");
    let no = head.submit(&at, &decide, &[("which", which.as_str()), ("approve", "no")]).await;
    assert_eq!(no.status, StatusCode::UNPROCESSABLE_ENTITY, "a refusal has a reason");
    let yes = head.submit(&at, &decide, &[("which", which.as_str()), ("approve", "yes")]).await;
    assert_eq!(yes.status, StatusCode::SEE_OTHER, "{}", yes.html);
    assert_eq!(town.bill(id).await.owed().as_fen(), 1_500_000);
    assert!(!head.get("/desk/finance").await.html.contains("等第二人审批的减免"));
});

harness::both!(finance_sees_what_differs_and_says_what_was_done, ROOMS, |t| async move {
    let town = Town::new(t, 0, 3).await;
    let id = town.raise("case:1", &LINES).await;
    let trade = town.begin(id).await;
    town.call_back(&town.gateway.pay(trade, true).unwrap()).await.unwrap();
    let mut statement = town.gateway.statement_of(town.today());
    statement.lines[0].account = "elsewhere".into();
    verbs::reconcile(&town.p, &statement).await.unwrap();
    let mut examiner = browser(&town, "examiner").await;
    let page = format!("/desk/finance?day={}", town.today());
    let shown = examiner.get(&page).await;
    let words = ["入账账户不一致", "请渠道把款项划转到正确的账户", "待处理"];
    holds(&shown, &words);
    holds(&examiner.get("/desk/finance").await, &words);
    let settle = shown.html.split("action=\"").find(|a| a.contains("/settle\"")).unwrap();
    let settle = settle.split('"').next().unwrap().to_owned();
    assert_eq!(
        examiner.submit(&page, &settle, &[("note", " ")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let stranger = browser(&town, "examiner2").await.submit(&page, &settle, &[("note", "x")]).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
    let day = town.today().to_string();
    let done = examiner.submit(&page, &settle, &[("note", "渠道已划转"), ("day", &day)]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    holds(&examiner.get(&page).await, &["已处理", "渠道已划转"]);
    holds(&examiner.get("/desk/finance?day=2026-11-01").await, &["2026年11月1日(周日)的对账单还没有核对"]);
    holds(&examiner.get("/desk/finance").await, &["没有待处理的差异"]);
});

harness::both!(money_paid_twice_and_a_silent_gateway_are_told, ROOMS, |t| async move {
    let town = Town::new(t, 0, 5).await;
    let id = town.raise("case:1", &LINES).await;
    let (at, desk) = (format!("/payments/{id}"), format!("/desk/cashier/{id}"));
    let (mut me, mut clerk) = (browser(&town, "citizen").await, browser(&town, "clerk").await);
    holds(&me.get(&at).await, &["怎么算的", "<details"]);
    let trade = town.begin(id).await;
    town.lies.lock().unwrap().silent = true;
    let asked = "已在 2026年11月23日(周一) 10:00 询问缴款渠道，渠道没有回应";
    holds(&me.get(&format!("{at}/result")).await, &[asked]);
    holds(&clerk.submit(&desk, &format!("{desk}/check"), &[]).await, &[asked, "cashier"]);
    town.lies.lock().unwrap().silent = false;
    // It is closed there and taken at the window; the money comes all the same, a day later than it was paid.
    let paid = town.gateway.pay(trade, true).unwrap();
    let closed = payment::gateway::News { state: payment::gateway::GatewayState::Closed, ..paid.clone() };
    town.call_back(&closed).await.unwrap();
    town.take(id, Means::Cash, 1_508_000).await.unwrap();
    town.t.clock.advance_seconds(86_400);
    town.call_back(&paid).await.unwrap();
    let (mut me, mut clerk) = (browser(&town, "citizen").await, browser(&town, "clerk").await);
    let twice = ["2026年11月23日(周一)多缴 ¥15,080.00", "已申请退 ¥15,080.00，待审批"];
    holds(&me.get(&at).await, &twice);
    holds(&clerk.get(&desk).await, &twice);
    let mut head = browser(&town, "examiner-head").await;
    let list = head.get("/desk/finance").await;
    holds(&list, &["多缴的钱", "系统"]);
    assert!(!list.html.contains("不同意的理由"), "what is the payer's cannot be refused");
    // A refund that was refused says why, to the payer too.
    let order = town.bill(id).await.orders[0].line.order;
    let refund = town.ask_refund(id, order, 100).await.unwrap();
    town.decide(&town.head, refund, false).await.unwrap();
    holds(&me.get(&at).await, &["退付 ¥1.00 未获批准：材料不足"]);
});

harness::both!(refunds_to_decide_come_first_and_none_is_cut_off, ROOMS, |t| async move {
    let town = Town::new(t, 0, 7).await;
    let id = town.raise("case:1", &LINES).await;
    town.take(id, Means::Cash, 1_508_000).await.unwrap();
    let order = town.bill(id).await.orders[1].line.order;
    let first = town.ask_refund(id, order, 77).await.unwrap();
    town.decide(&town.head, first, true).await.unwrap();
    for fen in 1..=50 {
        town.ask_refund(id, order, 100 * fen).await.unwrap();
    }
    let mut head = browser(&town, "examiner-head").await;
    let page = head.get("/desk/finance").await;
    assert!(!page.html.contains("已批准，办理中"), "those to decide come first");
    let next = page.html.split("href=\"").find(|a| a.contains("refunds=")).unwrap();
    let next = next.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    let page = head.get(&next).await;
    holds(&page, &["已批准，办理中", "¥0.77"]);
    assert!(!page.html.contains("rel=\"next\""), "it is the last page");
});

harness::both!(a_receipt_is_of_the_moment_of_payment, ROOMS, |t| async move {
    let town = Town::new(t, 0, 6).await;
    let id = town.raise("case:1", &LINES).await;
    let trade = town.begin(id).await;
    let paid = town.gateway.pay(trade, true).unwrap();
    town.t.clock.advance_seconds(86_400);
    town.call_back(&paid).await.unwrap();
    let receipt = town.bill(id).await.orders[0].paid.as_ref().unwrap().receipt.clone();
    let mut me = browser(&town, "citizen").await;
    holds(&me.get(&format!("/space/payments/receipts/{receipt}")).await, &["2026年11月23日(周一) 10:00"]);
});

harness::both!(every_page_is_there_in_english, ROOMS, |t| async move {
    let town = Town::new(t, 0, 4).await;
    let id = town.raise("case:1", &LINES).await;
    town.take(id, Means::Card, 1_508_000).await.unwrap();
    let receipt = town.bill(id).await.orders[0].paid.as_ref().unwrap().receipt.clone();
    assert!(FeeList::parse(LIST).is_ok());
    for (account, path, word) in [
        ("citizen", "/space/payments".to_owned(), "My payments"),
        ("citizen", format!("/payments/{id}"), "Settled"),
        ("citizen", format!("/payments/{id}/result"), "the case goes on"),
        ("citizen", format!("/space/payments/receipts/{receipt}"), "Receipt for a public fee"),
        ("clerk", "/desk/cashier".to_owned(), "Type or scan"),
        ("clerk", format!("/desk/cashier/{id}"), "Ask for a refund"),
        ("examiner", "/desk/finance".to_owned(), "Differences"),
    ] {
        let page = browser(&town, account).await.with_cookie("yimen_lang", "en").get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.html);
        holds(&page, &[word]);
    }
    let operator = browser(&town, "operator").await.get("/desk/finance").await;
    assert_eq!(operator.status, StatusCode::FORBIDDEN);
});
