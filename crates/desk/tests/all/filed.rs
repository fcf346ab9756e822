//! Filed at our window: the windows of a hall follow what was filed at them, hand over what was told, and take in what is asked for; they
//! see nothing of what is examined, and no other window and no other post sees anything of it.

use crate::common::{ROOMS, Town};
use cases::model::{Demand, NoticeKind};
use cases::{CaseView, Handler, Scope, StaffAct, Target};
use harness::Browser;
use identity::Staff;
use kernel::Lang;
use kernel::codes::CaseNumber;

/// She has no telephone and no account.
const GRANDMOTHER: &str = "999999193602081269";
const STRANGER: &str = "999999194306101151";
/// Where the window keeps what she signed.
const KEPT: &str = "送达登记簿2026年第7页";

/// The allowance of an old woman without a telephone, handed in at a window of Chancheng's hall: its number, and the receipt's code.
async fn handed_in(clerk: &mut Browser) -> (String, String) {
    let at = clerk.submit("/desk/window", "/desk/window", &[("citizen_id", GRANDMOTHER)]).await.to;
    let form = clerk.submit(&at, &at, &[("pick", "item:elderly-allowance")]).await.to;
    let page = clerk.get(&form).await;
    let (csrf, rev) = (page.csrf(), page.hidden("rev").unwrap());
    let fields = [
        ("_csrf", csrf.as_str()),
        ("rev", rev.as_str()),
        ("phone", ""),
        ("town", "440604010"),
        ("address", "石湾镇街道示范巷5号"),
        ("bank", "示范银行"),
        ("other", "no"),
        ("card", "6200009999990000058"),
        ("consent", "yes"),
    ];
    let filed = clerk.post(&form, &fields).await;
    assert!(filed.to.ends_with("/receipt?print"), "{} {}", filed.to, filed.html);
    let receipt = clerk.get(&filed.to).await.html;
    assert!(
        receipt.contains("会寄信告诉您") && !receipt.contains("登录后"),
        "nothing on line is for her: {receipt}"
    );
    let number = receipt.split("small number\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let code = receipt.split("<strong>").find_map(|p| p.get(..11).filter(|c| c.as_bytes()[5] == b'-'));
    (number, code.unwrap().to_owned())
}

async fn view(town: &Town, number: &str) -> CaseView {
    let number: CaseNumber = number.parse().unwrap();
    cases::view(&town.house.ground.store, &number, &Scope::program()).await.unwrap()
}

/// The body responsible asks for what is missing, once.
async fn ask(town: &Town, number: &str) {
    let Staff::Examiner(who) = town.session("civil").await.staff().unwrap() else { panic!("no examiner") };
    let handler = Handler::from(&who);
    let demands = vec![Demand { field: "bank".to_owned(), say: "请写明开户支行".to_owned() }];
    store::command!(town.house.ground, Lang::ZhCn, handler.actor_ref(), |cx| {
        let target = Target::Case(number.parse().unwrap());
        let act = StaffAct::AskSupplement { demands: demands.clone() };
        cases::act(&mut cx, &town.house, &handler, target, act, None).await
    })
    .unwrap();
}

/// Sends one of the forms of the case's page.
async fn send(
    clerk: &mut Browser,
    page: &str,
    form: &str,
    fields: &[(&str, &str)],
) -> harness::browser::Page {
    let csrf = clerk.get(page).await.csrf();
    let mut all = vec![("_csrf", csrf.as_str())];
    all.extend_from_slice(fields);
    clerk.post(&format!("{page}/{form}"), &all).await
}

harness::both!(a_window_follows_what_was_filed_at_it_and_nobody_elses, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk2").await;
    let (number, code) = handed_in(&mut clerk).await;
    let page = format!("/desk/filed/{number}");
    assert_eq!(clerk.get(&format!("/desk/cases/{number}")).await.status, 404, "it is another agency's");
    let list = clerk.get("/desk/filed").await.html;
    assert!(list.contains(&page) && list.contains("禅城区民政局"), "{list}");
    assert!(!list.contains("梁秀英"), "{list}");
    for asked in [number.clone(), code.to_lowercase(), code.replace('-', " ")] {
        assert_eq!(
            clerk.get(&format!("/desk/filed?q={}", asked.replace(' ', "+"))).await.to,
            page,
            "{asked}"
        );
    }
    assert_eq!(clerk.get("/desk/filed?q=00000-00000").await.status, 404);
    // Looked for from further back than it lies.
    let back = format!("/desk/filed?q={}&from=0.0", code.replace('-', ""));
    assert_eq!(clerk.get(&back).await.status, 404);
    let shown = clerk.get(&page).await.html;
    for text in [code.as_str(), "上门核实", "梁*英"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    for text in ["6200009999990000058", "示范巷5号", "梁秀英"] {
        assert!(!shown.contains(text), "{text} is not for a window: {shown}");
    }
    let english = clerk.get(&format!("{page}?lang=en")).await.html;
    assert!(english.contains("Notices") && english.contains("Parcels and letters"), "{english}");
    // Another hall's window, and every other post.
    let mut other = town.browser("clerk").await;
    assert!(!other.get("/desk/filed").await.html.contains(&number));
    for path in [page.clone(), format!("{page}/supplement")] {
        assert_eq!(other.get(&path).await.status, 404, "{path}");
    }
    for account in ["examiner", "supervisor", "operator", "citizen", "civil"] {
        let mut somebody = town.browser(account).await;
        assert_eq!(somebody.get("/desk/filed").await.status, 403, "{account}");
        assert_eq!(somebody.get(&page).await.status, 403, "{account}");
    }
    // What she is told of who looked.
    let person = view(&town, &number).await.case.parties[0].subject;
    let kernel::SubjectId::Person(person) = person else { panic!("a firm") };
    let looks = trace::looks_of(&town.house.ground.store, person, None, 50).await.unwrap();
    let of_case: Vec<&str> =
        looks.iter().filter(|l| l.fields == ["case"]).map(|l| l.purpose.ground.as_str()).collect();
    assert!(
        !of_case.is_empty() && of_case.iter().all(|g| *g == "accept"),
        "a window examines nothing: {looks:?}"
    );
    town.replay().await;
});

harness::both!(a_notice_is_handed_over_and_what_was_asked_for_is_taken_in, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk2").await;
    let (number, _) = handed_in(&mut clerk).await;
    let page = format!("/desk/filed/{number}");
    // No telephone and no account: nobody is served where they cannot read.
    assert!(view(&town, &number).await.case.paper, "nothing on line reaches her");
    ask(&town, &number).await;
    let case = view(&town, &number).await.case;
    let asked = case.notices.iter().find(|i| i.kind == NoticeKind::Supplement).unwrap().clone();
    assert!(case.unserved().any(|(i, _)| i.notice == asked.notice), "it is not served by itself");
    let shown = clerk.get(&page).await.html;
    assert!(shown.contains("请写明开户支行") && shown.contains("待送达"), "{shown}");
    let pdf = clerk.get(&format!("{page}/notices/{}", asked.notice)).await;
    assert_eq!(pdf.status, 200);
    let what = asked.notice.to_string();
    let wrong =
        [("form", "hand"), ("hand.what", what.as_str()), ("hand.citizen_id", STRANGER), ("hand.kept", KEPT)];
    let refused = send(&mut clerk, &page, "hand-over", &wrong).await;
    assert!(refused.status == 422 && refused.html.contains("不是该当事人的"), "{}", refused.html);
    let nowhere = [("form", "hand"), ("hand.what", what.as_str()), ("hand.citizen_id", GRANDMOTHER)];
    let refused = send(&mut clerk, &page, "hand-over", &nowhere).await;
    assert!(refused.status == 422 && refused.html.contains("请填写签收联存放在哪里"), "{}", refused.html);
    let right = [
        ("form", "hand"),
        ("hand.what", what.as_str()),
        ("hand.citizen_id", GRANDMOTHER),
        ("hand.kept", KEPT),
    ];
    let done = send(&mut clerk, &page, "hand-over", &right).await;
    assert_eq!(done.to, format!("{page}?done=handed"), "{}", done.html);
    let again = send(&mut clerk, &page, "hand-over", &right).await;
    assert!(again.status == 422 && again.html.contains("已经送达"), "{}", again.html);
    let case = view(&town, &number).await.case;
    assert!(!case.unserved().any(|(i, _)| i.notice == asked.notice));
    assert!(clerk.get(&page).await.html.contains("直接送达 · 梁*英"));
    let services =
        procedure::services(&town.house.ground.store, &format!("case:{}", view(&town, &number).await.row.id))
            .await
            .unwrap();
    let way = services.iter().find(|s| s.notice == asked.notice).unwrap().way.clone();
    assert_eq!(way, procedure::Way::InPerson { signed_by: "梁秀英".to_owned(), kept: Some(KEPT.to_owned()) });
    let kernel::SubjectId::Person(person) = case.parties[0].subject else { panic!("a firm") };
    let looks = trace::looks_of(&town.house.ground.store, person, None, 50).await.unwrap();
    for fields in [["notice"], ["person.citizen_id"]] {
        assert!(looks.iter().any(|l| l.fields == fields && l.purpose.ground == "deliver"), "{looks:?}");
    }
    // The supplement, at the same window.
    let supply = format!("{page}/supplement");
    let csrf = clerk.get(&supply).await.csrf();
    let fields = [
        ("_csrf", csrf.as_str()),
        ("bank", "示范银行石湾支行"),
        ("citizen_id", GRANDMOTHER),
        ("ground", "没有智能手机"),
        ("reference", "收件登记簿第3页"),
    ];
    let handed = clerk.post(&supply, &fields).await;
    assert!(handed.to.starts_with(&format!("{page}?done=for_party")), "{}", handed.html);
    let after = view(&town, &number).await;
    assert_eq!(after.case.answers["bank"], "示范银行石湾支行");
    assert_eq!(after.case.answers["card"], case.answers["card"], "nothing else changed");
    // What was asked for is in: the form is closed, and the answers are out of sight again.
    assert_eq!(clerk.get(&supply).await.status, 409);
    assert!(!clerk.get(&page).await.html.contains("示范银行"));
    town.replay().await;
});
