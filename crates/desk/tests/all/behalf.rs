//! Somebody comes to the window for a firm, or under a mandate: what the registers know of that is chosen by one press, the case is the
//! principal's, and who stood there is written down.

use crate::common::{ALLOWANCE, PNG, ROOMS, STICKER, Town};
use crate::window::{comes, send, take};
use cases::model::{Agent, Capacity};
use cases::{CaseView, Scope};
use harness::Browser;
use harness::browser::{Chosen, Page};
use kernel::{ActorRef, Lang, OrganisationId, PersonId, SubjectId};

/// The coach company's administrator, and a clerk of its agent firm.
const ADMINISTRATOR: &str = "999999198001170330";
const AGENT: &str = "999999199511037227";
const FIRM: &str = "南京金陵旅行客运有限公司";

/// The button by which this principal is chosen.
fn choice(page: &Page, of: &str) -> String {
    let buttons = page.html.split("name=\"whom\" value=\"").skip(1);
    let own = buttons.map(|rest| rest.split_once('"').unwrap()).find(|(value, rest)| {
        value.starts_with(of) && rest.split("</button>").next().is_some_and(|inner| inner.contains(FIRM))
    });
    own.unwrap_or_else(|| panic!("no {of} in {}", page.html)).0.to_owned()
}

/// A trip, as the clerk types it; the answer of the page.
async fn hands_in(clerk: &mut Browser, form: &str) -> Page {
    let trip = [
        ("from", "320100"),
        ("to", "341000"),
        ("via", "马鞍山市、芜湖市"),
        ("starts", "2026-11-26"),
        ("ends", "2026-11-28"),
        ("plate", "苏A90001"),
        ("driver", "99999919790401051X"),
        ("contract_no", "JL-2026-1126"),
        ("promise", "yes"),
    ];
    let contract = Chosen { field: "contract_file", name: "包车合同.png", bytes: PNG };
    send(clerk, form, &trip, &[contract]).await
}

async fn case_on(town: &Town, receipt: &Page) -> CaseView {
    let number = receipt.html.split("small number\">").nth(1).unwrap().split('<').next().unwrap();
    cases::view(&town.house.ground.store, &number.parse().unwrap(), &Scope::program()).await.unwrap()
}

async fn person(town: &Town, number: &str) -> PersonId {
    identity::person_by_citizen_id(&town.house.ground.store, number).await.unwrap().unwrap()
}

/// The register says that somebody is none of the firm's people any more.
async fn leaves(town: &Town, person: PersonId, firm: OrganisationId) {
    store::command!(town.house.ground, Lang::ZhCn, ActorRef::system(), |cx| {
        identity::end_membership(&mut cx, person, firm).await
    })
    .unwrap();
}

harness::both!(a_firm_is_served_at_the_window, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk").await;
    let at = comes(&mut clerk, ADMINISTRATOR).await;
    let page = clerk.get(&at).await;
    assert!(page.html.contains("为谁办") && page.html.contains("单位管理员"), "{}", page.html);
    // What firms apply for is not taken for the person.
    let pick = format!("item:{STICKER}");
    let wrong = clerk.submit(&at, &at, &[("pick", &pick)]).await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert!(
        wrong.html.contains("由企业等单位办理") && wrong.html.contains("请先选“为谁办”"),
        "{}",
        wrong.html
    );
    let firm = choice(&page, "firm:");
    for nonsense in ["firm:x", "else", "under:01a", "firm:01900000-0000-7000-8000-000000000000"] {
        let no = clerk.submit(&at, &at, &[("whom", nonsense)]).await;
        assert!(matches!(no.status.as_u16(), 403 | 404), "{nonsense}: {}", no.status);
    }
    assert_eq!(clerk.submit(&at, &at, &[("whom", &firm)]).await.to, at);
    let page = clerk.get(&at).await;
    assert!(
        page.html.contains(&format!("<h1>{FIRM}")) && page.html.contains("窗口经办人：李国强"),
        "{}",
        page.html
    );
    let person_only = clerk.submit(&at, &at, &[("pick", &format!("item:{ALLOWANCE}"))]).await;
    assert!(person_only.html.contains("由个人办理"), "{}", person_only.html);
    let form = take(&mut clerk, &at, &pick).await;
    let filed = hands_in(&mut clerk, &form).await;
    assert_eq!(filed.to, format!("{at}/receipt?print"), "{}", filed.html);
    let receipt = clerk.get(&filed.to).await;
    assert!(receipt.html.contains(FIRM) && receipt.html.contains("窗口经办人"), "{}", receipt.html);
    assert!(receipt.html.contains("李*强") && !receipt.html.contains("李国强"), "masked: {}", receipt.html);
    assert!(receipt.html.contains("class=\"qr-code\""), "where it stands is scanned: {}", receipt.html);
    let view = case_on(&town, &receipt).await;
    let party = &view.case.parties[0];
    let administrator = person(&town, ADMINISTRATOR).await;
    assert!(matches!(party.subject, SubjectId::Organisation(_)) && party.name == FIRM);
    assert_eq!(party.capacity, Capacity::Oneself);
    assert_eq!(view.case.agent, Some(Agent { person: administrator, name: "李国强".to_owned() }));
    assert!(!view.case.paper, "its people read it on line");
    // The firm finds it in its own space, whoever of its people looks.
    let own = town.firm().await;
    let seen = cases::view(&town.house.ground.store, &view.case.number, &Scope::from(&own)).await.unwrap();
    assert_eq!(seen.case.number, view.case.number);
    town.replay().await;
});

harness::both!(an_agent_files_under_a_mandate, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk").await;
    let at = comes(&mut clerk, AGENT).await;
    let page = clerk.get(&at).await;
    assert!(page.html.contains("受委托（部分事项）"), "{}", page.html);
    let under = choice(&page, "under:");
    assert_eq!(clerk.submit(&at, &at, &[("whom", &under)]).await.to, at);
    let form = take(&mut clerk, &at, &format!("item:{STICKER}")).await;
    let receipt = {
        let filed = hands_in(&mut clerk, &form).await;
        assert_eq!(filed.to, format!("{at}/receipt?print"), "{}", filed.html);
        clerk.get(&filed.to).await
    };
    let view = case_on(&town, &receipt).await;
    assert_eq!((view.case.parties[0].name.as_str(), view.case.parties[0].capacity), (FIRM, Capacity::Agent));
    // The principal reads of it where the uses of the mandate stand.
    let id = under.trim_start_matches("under:").parse().unwrap();
    let (store, own) = (&town.house.ground.store, town.firm().await);
    let uses = identity::mandate::uses_of(store, &own, id, None, 10).await.unwrap();
    let used: Vec<_> =
        uses.iter().map(|u| (u.act.as_str(), u.person_name.as_str(), u.about.as_str())).collect();
    assert_eq!(used, [("file", "严晓雨", view.case.number.to_string().as_str())]);
    // With some matters only, nothing else of the principal's drawer is shown, on no page.
    let page = clerk.get(&at).await;
    assert!(page.to.is_empty() || page.to.ends_with("/receipt"), "{}", page.to);
    // Somebody who has left the agent firm stands for themselves again, and nothing of the principal stays on the page.
    let again = comes(&mut clerk, AGENT).await;
    clerk.submit(&again, &again, &[("whom", &under)]).await;
    let form = take(&mut clerk, &again, &format!("item:{STICKER}")).await;
    let agents = town.session("agent").await.memberships(store).await.unwrap();
    leaves(&town, person(&town, AGENT).await, agents[0].organisation).await;
    assert_eq!(clerk.get(&form).await.to, again, "the form of whom they may not act for");
    let page = clerk.get(&again).await;
    assert!(page.html.contains("代办的权限已经失效") && !page.html.contains(FIRM), "{}", page.html);
    assert!(!clerk.get(&again).await.html.contains("已经失效"), "told once, and chosen anew");
    town.replay().await;
});

harness::both!(a_firms_notice_is_handed_to_whoever_acts_for_it, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk").await;
    let at = comes(&mut clerk, ADMINISTRATOR).await;
    let page = clerk.get(&at).await;
    clerk.submit(&at, &at, &[("whom", &choice(&page, "firm:"))]).await;
    let form = take(&mut clerk, &at, &format!("item:{STICKER}")).await;
    let filed = hands_in(&mut clerk, &form).await;
    let view = case_on(&town, &clerk.get(&filed.to).await).await;
    let filed = format!("/desk/filed/{}", view.case.number);
    // The firm's people; not a stranger, and not an agent whose mandate says file and no more.
    for (number, may, said) in [
        (ADMINISTRATOR, true, "查询码"),
        (AGENT, false, "您的委托不包括这项操作"),
        ("999999194306101151", false, "不是该当事人的"),
    ] {
        let answer = clerk.submit(&filed, &format!("{filed}/slip"), &[("slip.citizen_id", number)]).await;
        assert_eq!(answer.status.is_success(), may, "{number}: {}", answer.html);
        assert!(answer.html.contains(said), "{number}: {}", answer.html);
    }
    let notice = view.case.notices.iter().find(|n| !n.outside).unwrap().notice;
    let what = notice.to_string();
    let hand =
        [("hand.what", what.as_str()), ("hand.citizen_id", ADMINISTRATOR), ("hand.kept", "送达回证第2号")];
    let handed = clerk.submit(&filed, &format!("{filed}/hand-over"), &hand).await;
    assert_eq!(handed.to, format!("{filed}?done=handed"), "{}", handed.html);
    let services =
        procedure::services(&town.house.ground.store, &format!("case:{}", view.row.id)).await.unwrap();
    let way = &services.iter().find(|s| s.notice == notice).unwrap().way;
    let kept = Some("送达回证第2号".to_owned());
    assert_eq!(
        *way,
        procedure::Way::InPerson { signed_by: "李国强".to_owned(), kept },
        "who signed, for the firm"
    );
    town.replay().await;
});

/// A mother of the demonstration city, and her son.
const MOTHER: &str = "999999198603121026";
const SON: &str = "张子轩";

harness::both!(a_guardian_stands_for_a_child_and_pages_keep_them_apart, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk").await;
    let at = comes(&mut clerk, MOTHER).await;
    let page = clerk.get(&at).await;
    let under = page.html.split("value=\"under:").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(page.html.contains(SON) && page.html.contains("监护人"), "{}", page.html);
    let own = take(&mut clerk, &at, "item:home-purchase-proof").await;
    let before = clerk.get(&own).await;
    assert!(before.html.contains("为王*英办理"), "{}", before.html);
    // In another tab the clerk turns to the child; what the first one still sends is the mother's, and goes nowhere.
    clerk.submit(&at, &at, &[("whom", &format!("under:{under}"))]).await;
    let form = take(&mut clerk, &at, "item:home-purchase-proof").await;
    let page = clerk.get(&form).await;
    assert!(page.html.contains("为张*轩办理 · 窗口经办人：王*英"), "{}", page.html);
    assert!(page.html.contains(SON) && !page.html.contains(MOTHER), "the child's own data: {}", page.html);
    let (csrf, rev) = (before.csrf(), before.hidden("rev").unwrap());
    let stale =
        [("_csrf", csrf.as_str()), ("rev", rev.as_str()), ("_whom", "myself"), ("project", "母亲的花园")];
    assert_eq!(clerk.post_files(&form, &stale, &[]).await.to, form);
    assert!(!clerk.get(&form).await.html.contains("母亲的花园"));
});
