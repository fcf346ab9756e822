//! Accepted here, decided there: a window accepts for another place what is agreed and nothing else; it sees how that stands and where
//! its papers are, and no more.

use crate::common::{ALLOWANCE, ROOMS, Town};
use catalog::agreement::Across;
use delivery::bag::{self, Found};
use harness::Browser;
use identity::Staff;
use kernel::{Failure, Lang, RefusalKind};

const ELDER: &str = "999999194306101151";
const SELLER: &str = "999999198405127021";

async fn comes(clerk: &mut Browser, number: &str) -> String {
    clerk.submit("/desk/window", "/desk/window", &[("citizen_id", number)]).await.to
}

/// The allowance of Chancheng, chosen at a window of Nanjing; where its form is.
async fn chosen(clerk: &mut Browser) -> String {
    let at = comes(clerk, ELDER).await;
    let found = clerk.get(&format!("{at}?q=高龄")).await;
    assert!(found.html.contains("本窗口代收：由"), "{}", found.html);
    clerk.submit(&at, &at, &[("pick", "item:elderly-allowance")]).await.to
}

/// The form as it is filled in, with more beside.
async fn filled(clerk: &mut Browser, form: &str, more: &[(&str, &str)]) -> harness::browser::Page {
    let page = clerk.get(form).await;
    let (csrf, rev) = (page.csrf(), page.hidden("rev").unwrap());
    let mut fields = vec![
        ("_csrf", csrf.as_str()),
        ("rev", rev.as_str()),
        ("town", "440604012"),
        ("address", "祖庙街道示范巷3号"),
        ("bank", "示范银行"),
        ("other", "no"),
        ("card", "6200009999990000041"),
        ("consent", "yes"),
        ("phone", "13900000035"),
    ];
    fields.extend_from_slice(more);
    clerk.post(form, &fields).await
}

/// What the receipt says, and the number on it.
async fn receipt(clerk: &mut Browser, at: &str) -> (String, String) {
    let receipt = clerk.get(at).await.html;
    let number = receipt.split("small number\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    (number, receipt)
}

async fn staff(town: &Town, account: &str) -> Staff {
    town.session(account).await.staff().unwrap()
}

/// The allowance of Chancheng, handed in at a window of Nanjing; its number.
async fn handed_in(clerk: &mut Browser) -> (String, String) {
    let form = chosen(clerk).await;
    let filed = filled(clerk, &form, &[]).await;
    assert!(filed.to.ends_with("/receipt?print"), "{}", filed.html);
    receipt(clerk, &filed.to).await
}

harness::both!(a_window_accepts_for_another_place_what_is_agreed, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk").await;
    let (number, receipt) = handed_in(&mut clerk).await;
    for text in [
        "交给南京市政务服务中心；由禅城区民政局决定",
        "按“南京代收禅城民政事项”代收",
        "2026年11月23日(周一)起算，不等材料送到",
    ] {
        assert!(receipt.contains(text), "{text}: {receipt}");
    }
    let view = cases::view(&town.house.ground.store, &number.parse().unwrap(), &cases::Scope::program())
        .await
        .unwrap();
    let received = view.case.received.as_ref().unwrap();
    assert_eq!((received.agency.as_str(), received.mode), ("nanjing.gov.hall", Across::Agent));
    assert_eq!(view.case.agency.as_str(), "chancheng.civil-affairs");
    // Whoever holds the receipt asks with its code and reads the same; so does the applicant on the case's page.
    let code = receipt.split("<strong>").find_map(|part| part.get(..11).filter(|c| c.as_bytes()[5] == b'-'));
    let mut anybody = town.browser("citizen").await;
    let asked = [("number", number.as_str()), ("code", code.unwrap())];
    let seen = anybody.submit("/query", "/query", &asked).await.html;
    assert!(seen.contains("交给南京市政务服务中心；由禅城区民政局决定"), "{seen}");
    // The accepting end sees that it is there and how it stands, and nothing of what it holds.
    let list = clerk.get("/desk/received").await;
    let none = "没有要寄的原件";
    assert!(list.html.contains(&number) && list.html.contains(none), "{}", list.html);
    assert!(!list.html.contains("/desk/bags?receiver"), "no paper is made up for the list: {}", list.html);
    assert!(!list.html.contains(&view.row.subject_name), "{}", list.html);
    assert_eq!(clerk.get(&format!("/desk/cases/{number}")).await.status, 404);
    let mut other = town.browser("clerk2").await;
    assert!(!other.get("/desk/received").await.html.contains(&number), "another window's");
    for account in ["examiner", "supervisor", "operator", "citizen"] {
        assert_eq!(town.browser(account).await.get("/desk/received").await.status, 403, "{account}");
    }
    town.replay().await;
});

harness::both!(the_papers_travel_by_sealed_list_and_both_ends_know, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk").await;
    let (number, _) = handed_in(&mut clerk).await;
    let (here, there) = (staff(&town, "clerk").await, staff(&town, "civil").await);
    let ground = town.house.ground.clone();
    let papers = format!("{number}，身份证\n{number}，户口簿");
    let receiver = there.agency().to_string();
    let id = store::command!(ground, Lang::ZhCn, here.actor_ref(), |cx| {
        bag::seal(&mut cx, &here, &receiver, ("SEAL-0001", &papers)).await
    })
    .unwrap();
    let list = clerk.get("/desk/received").await.html;
    assert!(list.contains("身份证：已封袋（封签SEAL-0001）"), "{list}");
    store::command!(ground, Lang::ZhCn, here.actor_ref(), |cx| bag::send(&mut cx, &here, id, "机要通信")
        .await)
    .unwrap();
    assert!(clerk.get("/desk/received").await.html.contains("身份证：在路上"));
    let found = Found { seal_whole: true, there: vec![0], extra: String::new() };
    store::command!(ground, Lang::ZhCn, there.actor_ref(), |cx| {
        bag::open(&mut cx, &there, id, found.clone()).await
    })
    .unwrap();
    let mut decides = town.browser("civil").await;
    for html in
        [clerk.get("/desk/received").await.html, decides.get(&format!("/desk/cases/{number}")).await.html]
    {
        assert!(html.contains("身份证：已到") && html.contains("户口簿：启封时不在袋内"), "{html}");
    }
    let page = decides.get(&format!("/desk/cases/{number}")).await.html;
    assert!(page.contains("由南京市政务服务中心代收"), "{page}");
});

harness::both!(nothing_is_accepted_for_another_place_without_an_agreement, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk2").await;
    let at = comes(&mut clerk, SELLER).await;
    let found = clerk.get(&format!("{at}?q=交易")).await;
    assert!(found.html.contains("本窗口没有代收协议"), "{}", found.html);
    let no = clerk.submit(&at, &at, &[("pick", "item:house-trade")]).await;
    assert!(no.status == 422 && no.html.contains("没有代收它的协议"), "{}", no.html);
    // Whoever comes past the page is refused as well, and nothing is filed.
    let right = town.session("clerk2").await.clerk().unwrap();
    let filing = cases::MatterFiling {
        key: "k".to_owned(),
        items: vec!["home-purchase-proof".to_owned()],
        ..cases::MatterFiling::default()
    };
    town.t.clock.set("2025-11-23T02:00:00Z".parse().unwrap());
    let early =
        cases::file_at_window(&town.house, &town.sources, Lang::ZhCn, &right, SELLER, filing, None).await;
    match early {
        Err(Failure::Refused(no)) if no.kind == RefusalKind::Forbidden => {
            assert_eq!(no.code, "cases.not-taken-here")
        }
        other => panic!("before the agreement began: {other:?}"),
    }
    // At its own place a window accepts what it always did.
    assert!(catalog::find(&town.house.ground.store, ALLOWANCE).await.unwrap().is_some());
});

harness::both!(where_both_places_handle_it_the_window_compares_and_nothing_travels, ROOMS, |t| async move {
    let joint = include_str!("../../../../packs/agreements.yaml").replace("mode: agent", "mode: joint");
    catalog::agreement::agree(catalog::agreement::Agreements::parse(&joint).unwrap());
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk").await;
    let form = chosen(&mut clerk).await;
    assert!(clerk.get(&form).await.html.contains("name=\"_compared\""), "the window is asked to compare");
    let no = filled(&mut clerk, &form, &[]).await;
    assert!(no.status == 422 && no.html.contains("请核对全部原件和本人身份"), "{} {}", no.status, no.html);
    let filed = filled(&mut clerk, &form, &[("_compared", "yes")]).await;
    assert!(filed.to.ends_with("/receipt?print"), "{}", filed.html);
    let (number, receipt) = receipt(&mut clerk, &filed.to).await;
    let compared = "南京市政务服务中心于2026年11月23日(周一)核对原件和本人身份";
    assert!(receipt.contains(compared), "{receipt}");
    let list = clerk.get("/desk/received").await.html;
    assert!(list.contains("原件已在这里核对") && !list.contains("放进封袋"), "{list}");
    let page = town.browser("civil").await.get(&format!("/desk/cases/{number}")).await.html;
    assert!(
        page.contains(compared) && page.contains("多地联办") && !page.contains("原件还没有寄出"),
        "{page}"
    );
    town.replay().await;
});
