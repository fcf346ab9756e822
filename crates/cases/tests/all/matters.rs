//! A flat is sold in one matter (一件事): one filing, four agencies' cases, what one produces another waits for, both sides confirm,
//! and nobody sees the other side's family. On both databases.

use crate::common::{ROOMS, Town};
use cases::bundle::Bundle;
use cases::model::FactAnswer;
use cases::{ApplicantAct, Given, Handler, MatterFiling, Scope, StaffAct, Target};
use forms::Answers;
use identity::Applicant;
use kernel::codes::CaseNumber;
use kernel::{Failure, Lang};
use procedure::TermKind;
use serde_json::json;

const THEME: &str = "stock-house";
const EXAMINERS: [&str; 6] = ["housing-clerk", "tax-nj", "land", "finance", "police", "marriage"];

pub(crate) fn code(failure: Failure) -> String {
    match failure {
        Failure::Refused(refusal) => refusal.code.into_owned(),
        Failure::Fault(fault) => panic!("{fault}"),
    }
}

async fn applicant(town: &Town, account: &str) -> Applicant {
    town.applicant(account).await
}

pub(crate) async fn sale(town: &Town, seller: &Applicant) -> Answers {
    let mut all = town.answers_of(seller, THEME, &[]).await;
    all.insert("mortgage".to_owned(), json!("no"));
    all
}

pub(crate) async fn file(town: &Town, who: &Applicant, key: &str, answers: Answers) -> cases::FiledMatter {
    let filing = MatterFiling {
        key: key.to_owned(),
        theme: Some(THEME.to_owned()),
        answers,
        ..MatterFiling::default()
    };
    let filed = cases::file_matter_now(&town.house, &town.sources, Lang::ZhCn, who, filing).await;
    filed.unwrap_or_else(|why| panic!("{why:#?}"))
}

async fn drain(town: &Town) {
    town.settle().await;
}

/// Every examiner does what lies with them, until nothing does; `refuse` names the item whose tasks are refused.
async fn work(town: &Town, refuse: &str) -> usize {
    work_as(town, refuse, true).await
}

/// The same, and nobody pays anything.
pub(crate) async fn work_unpaid(town: &Town) -> usize {
    work_as(town, "", false).await
}

async fn work_as(town: &Town, refuse: &str, pays: bool) -> usize {
    let mut done = 0;
    loop {
        if pays {
            town.settle().await
        } else {
            town.settle_unpaid().await
        }
        let before = done;
        for account in EXAMINERS {
            let examiner = town.session(account).await.examiner().unwrap();
            let handler = Handler::from(&examiner);
            // One at a time: what an act has moved on is looked at anew.
            if let Some(row) = town.inbox(&examiner).await.into_iter().next() {
                let act = if row.item_key == refuse {
                    StaffAct::Refuse {
                        reason: "合同与登记簿不符".to_owned(),
                        deviation: Some("不符".to_owned()),
                    }
                } else {
                    StaffAct::Approve { reason: None, amount: None, deviation: None }
                };
                assert_eq!(row.members, 4, "the inbox says that it is one of four");
                store::command!(town.house.ground, Lang::ZhCn, handler.actor_ref(), |cx| {
                    let target = Target::Task(row.task);
                    cases::act(&mut cx, &town.house, &handler, target, act.clone(), Some(row.rev)).await
                })
                .unwrap_or_else(|why| panic!("{account} {}: {why:#?}", row.item_key));
                done += 1;
            }
        }
        if done == before {
            return done;
        }
    }
}

pub(crate) async fn confirm(town: &Town, who: &Applicant, filed: &cases::FiledMatter) {
    for case in &filed.cases {
        let view = town.view(&case.number, &Scope::from(who)).await;
        if view.case.parties.iter().any(|p| p.subject == who.subject() && p.confirmed_at.is_none()) {
            ask(town, who, &case.number, ApplicantAct::Confirm { paper: false }).await.unwrap();
        }
    }
}

pub(crate) async fn ask(
    town: &Town,
    who: &Applicant,
    number: &CaseNumber,
    act: ApplicantAct,
) -> Result<cases::OutcomeDone, Failure> {
    store::command!(town.house.ground, Lang::ZhCn, who.actor_ref(), |cx| {
        cases::ask(&mut cx, &town.house, who, number, act.clone(), None).await
    })
}

pub(crate) fn number<'a>(filed: &'a cases::FiledMatter, words: &str) -> &'a CaseNumber {
    let found = filed.cases.iter().find(|c| c.item_name.en.contains(words) || c.item_name.zh.contains(words));
    &found.unwrap_or_else(|| panic!("{words}: {filed:#?}")).number
}

/// Whoever handed the matter in does not learn from it what registers say of the other side's family; those who examine it do.
async fn families_stay_apart(town: &Town, filed: &cases::FiledMatter, seller: &Applicant, buyer: &Applicant) {
    let (wife, husband) = ("顾雨晴", "沈浩");
    let land = town.session("tax-nj").await.examiner().unwrap();
    let taxed = number(filed, "纳税");
    let whole = cases::trace_of(town.store(), taxed, &Scope::from(&land)).await.unwrap();
    assert!(whole.contains(wife) && whole.contains(husband), "who examines reads both");
    let own = cases::trace_of(town.store(), taxed, &Scope::from(seller)).await.unwrap();
    assert!(own.lines().count() == whole.lines().count() && !own.contains(wife), "{own}");
    assert!(trace::verify(&own).is_ok(), "what is withheld leaves the chain whole");
    for case in &filed.cases {
        let view = town.view(&case.number, &Scope::from(seller)).await;
        assert!(!format!("{:?}{:?}", view.events, view.case.facts).contains(wife), "{}", case.number);
    }
    let other = cases::trace_of(town.store(), taxed, &Scope::from(buyer)).await;
    assert_eq!(code(other.unwrap_err()), "cases.trace-of-filer");
}

/// One side's word is no application of two: nothing is accepted or examined, and no register is asked about the other.
async fn nobody_is_looked_up_before_confirming(town: &Town, filed: &cases::FiledMatter) {
    for case in &filed.cases {
        let view = town.view(&case.number, &Scope::program()).await;
        assert_eq!(view.row.state, "submitted", "{}", case.item_name.zh);
        assert!(view.row.holder.is_none() && view.tasks.is_empty(), "nobody has it yet: {:?}", view.row);
        assert!(view.case.running(&TermKind::Confirmation).is_some(), "until when the other may confirm");
        let told = format!("{:?}{:?}", view.events, view.case.facts);
        assert!(!told.contains("顾雨晴"), "the buyer's wife is not looked up: {told}");
    }
    let taxed = town.view(number(filed, "纳税"), &Scope::program()).await;
    let withheld =
        |f: &cases::model::Fact| matches!(&f.answer, FactAnswer::Withheld(role) if role == "buyer");
    assert!(taxed.case.facts.iter().any(withheld), "{:?}", taxed.case.facts);
    for account in EXAMINERS {
        let examiner = town.session(account).await.examiner().unwrap();
        assert!(town.inbox(&examiner).await.is_empty(), "{account}");
    }
}

harness::both!(a_sale_that_the_buyer_never_confirms_ends, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let seller = applicant(&town, "seller").await;
    let filed = file(&town, &seller, "alone", sale(&town, &seller).await).await;
    town.t.clock.advance_seconds(21 * 86_400);
    cases::sweep(&town.house).await.unwrap();
    drain(&town).await;
    for case in &filed.cases {
        let row = cases::progress(town.store(), &case.number, &Scope::from(&seller)).await.unwrap();
        assert!(!row.running && ["lapsed", "returned"].contains(&row.state.as_str()), "{row:?}");
    }
    town.replay().await;
});

harness::both!(what_concerns_the_whole_case_is_for_the_body_responsible, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (seller, buyer) = (applicant(&town, "seller").await, applicant(&town, "buyer").await);
    let filed = file(&town, &seller, "whose", sale(&town, &seller).await).await;
    confirm(&town, &buyer, &filed).await;
    drain(&town).await;
    // Civil affairs has a step in the trade; the trade is the housing bureau's.
    let examiner = town.session("marriage").await.examiner().unwrap();
    let row = town.inbox(&examiner).await.into_iter().next().expect("the check of the marriage");
    let handler = Handler::from(&examiner);
    let said = || "与本单位无关".to_owned();
    let acts = [
        StaffAct::NotAccept { reason: said(), right_body: None },
        StaffAct::Suspend { kind: cases::model::SuspensionKind::Ordinary, reason: said(), expected: None },
        StaffAct::Forward { to: said(), reason: said() },
        StaffAct::Void { reason: said() },
        StaffAct::Extend { reason: said(), leave: None },
        StaffAct::OfferHearing { reason: said() },
    ];
    for act in acts {
        let target = || Target::Case(row.number.clone());
        let done: Result<cases::OutcomeDone, Failure> =
            store::command!(town.house.ground, Lang::ZhCn, handler.actor_ref(), |cx| {
                cases::act(&mut cx, &town.house, &handler, target(), act.clone(), None).await
            });
        assert_eq!(code(done.unwrap_err()), "cases.not-responsible", "{act:?}");
    }
});

harness::both!(a_flat_is_sold_in_one_matter, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (seller, buyer) = (applicant(&town, "seller").await, applicant(&town, "buyer").await);
    let answers = sale(&town, &seller).await;
    let filed = file(&town, &seller, "sale", answers.clone()).await;
    assert_eq!(filed.cases.len(), 4, "no mortgage, so that nothing is released: {filed:#?}");
    let again = file(&town, &seller, "sale", answers).await;
    assert!(again.again);
    let numbers = |f: &cases::FiledMatter| {
        f.cases.iter().map(|c| c.number.to_string()).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!((numbers(&filed), filed.matter), (numbers(&again), again.matter), "one key, one matter");
    let registration = number(&filed, "登记").clone();
    let view = town.view(&registration, &Scope::from(&seller)).await;
    assert!(view.case.waits(), "{:?}", view.case.awaits);
    assert!(view.case.materials.iter().any(|m| matches!(m.given, Given::Sibling { .. })));
    // The other side sees where it stands, and nothing of the seller's family, papers or numbers.
    let theirs = town.view(&registration, &Scope::from(&buyer)).await;
    let text = serde_json::to_string(&theirs.case.answers).unwrap();
    assert!(text.contains("林子豪") && !text.contains("999999198405127021"), "{text}");
    assert!(view.case.facts.iter().any(|f| f.alias == "seller_marriage"));
    assert!(theirs.case.facts.iter().all(|f| f.alias != "seller_marriage" && f.alias != "seller_identity"));
    assert!(!format!("{:?}", theirs.events).contains("沈浩"), "the seller's husband is nobody's business");
    nobody_is_looked_up_before_confirming(&town, &filed).await;
    let early = ask(&town, &buyer, &registration, ApplicantAct::Withdraw { reason: None }).await;
    assert_eq!(code(early.unwrap_err()), "cases.confirm-first");
    confirm(&town, &buyer, &filed).await;
    drain(&town).await;
    families_stay_apart(&town, &filed, &seller, &buyer).await;
    assert!(work(&town, "").await >= 4);
    let matter = cases::matter_view(town.store(), filed.matter, &Scope::from(&seller)).await.unwrap();
    for member in &matter.members {
        let case = town.view(&member.number, &Scope::program()).await.case;
        assert_eq!(
            (member.state.as_str(), member.outcome.as_deref()),
            ("closed", Some("approved")),
            "{member:?} {:?} {:?}",
            case.steps,
            case.facts
        );
    }
    assert_eq!(matter.bars(&town.house.calendar, town.t.ground.clock.now()).len(), 4);
    let view = town.view(&registration, &Scope::from(&seller)).await;
    let came = view.case.materials.iter().filter(|m| matches!(m.given, Given::Certificate(_))).count();
    assert_eq!(came, 2, "confirmation and tax certificate came by themselves: {:?}", view.case.materials);
    let title = certificates::get(town.store(), view.case.certificates[0]).await.unwrap().unwrap();
    assert_eq!(title.holder, buyer.subject(), "the title is the buyer's");
    let today = kernel::clock::legal_date(town.t.ground.clock.now());
    let kept = proofs::find(town.store(), seller.subject(), today).await.unwrap();
    let contract = kept.iter().find(|p| p.kind == "sale-contract").expect("handed in once, kept once");
    assert_eq!(
        contract.grade,
        proofs::Grade::Uploaded,
        "approved on a screen: nobody had the original in hand"
    );
    town.replay().await;
});

harness::both!(a_refusal_means_for_the_others_what_the_theme_says, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (seller, buyer) = (applicant(&town, "seller").await, applicant(&town, "buyer").await);
    let filed = file(&town, &seller, "sale", sale(&town, &seller).await).await;
    confirm(&town, &buyer, &filed).await;
    work(&town, "house-trade").await;
    let matter = cases::matter_view(town.store(), filed.matter, &Scope::from(&seller)).await.unwrap();
    let states: Vec<(&str, &str)> =
        matter.members.iter().map(|m| (m.item_key.as_str(), m.state.as_str())).collect();
    assert!(states.contains(&("house-trade", "closed")), "{states:?}");
    assert!(states.contains(&("house-tax", "returned")), "ends with the trade: {states:?}");
    assert!(states.contains(&("house-registration", "returned")), "ends with the trade: {states:?}");
    assert!(states.contains(&("house-funds", "returned")), "ends with the registration: {states:?}");
    let row = cases::progress(town.store(), number(&filed, "维修资金"), &Scope::from(&seller)).await.unwrap();
    assert!(!row.running);
    town.replay().await;
});

harness::both!(the_pages_of_a_matter_without_scripts, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let seller = applicant(&town, "seller").await;
    let routes = cases::routes(town.house.clone(), town.sources.clone());
    let mut browser = town.browser(routes, "seller").await;
    let start = browser.get(&format!("/apply/themes/{THEME}?mortgage=no")).await;
    assert!(start.status.is_success() && start.html.contains("二手房买卖"), "{}", start.html);
    let csrf = start.csrf();
    let begun =
        browser.post(&format!("/apply/themes/{THEME}"), &[("_csrf", &csrf), ("mortgage", "no")]).await;
    assert!(begun.to.starts_with("/drafts/"), "{} {}", begun.to, begun.html);
    let base = begun.to.rsplit_once('/').unwrap().0.to_owned();
    let id: cases::MatterId = base.rsplit('/').next().unwrap().parse().unwrap();
    let view = cases::draft(town.store(), &seller, id).await.unwrap();
    assert_eq!(view.answers.get("mortgage"), Some(&json!("no")), "what the guide asked is not asked again");
    let answers = sale(&town, &seller).await;
    store::command!(town.house.ground, Lang::ZhCn, seller.actor_ref(), |cx| {
        cases::save(&mut cx, &seller, id, answers.clone(), view.rev).await
    })
    .unwrap();
    let view = cases::draft(town.store(), &seller, id).await.unwrap();
    let mut spared = false;
    for section in &view.bundle.form().sections {
        let page = browser.get(&format!("{base}/{}", section.id)).await;
        assert!(page.status.is_success(), "{}: {}", section.id, page.html);
        spared |= page.html.contains("这些材料不用交");
    }
    assert!(spared, "what nobody has to bring is said with its reason");
    let check = browser.get(&format!("{base}/check")).await;
    assert!(!check.html.contains(" disabled"), "{}", check.html);
    let done = browser.post(&format!("{base}/check"), &[("_csrf", &check.csrf()), ("declare", "yes")]).await;
    assert!(done.to.starts_with("/matters/"), "{} {}", done.to, done.html);
    for lang in ["zh-CN", "en"] {
        let page = browser.get(&format!("{}&lang={lang}", done.to)).await;
        assert!(page.status.is_success(), "{}", page.html);
        let bill = if lang == "en" { "One bill" } else { "一张账单" };
        assert!(page.html.contains(bill) && page.html.contains("/cases/"), "{}", page.html);
    }
    let again = browser.get(&format!("{base}/check")).await;
    assert!(again.to.starts_with("/matters/"), "handed in once");
    town.replay().await;
});

harness::both!(what_was_filed_stays_as_planned_when_its_theme_changes, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (seller, buyer) = (applicant(&town, "seller").await, applicant(&town, "buyer").await);
    let filed = file(&town, &seller, "plan", sale(&town, &seller).await).await;
    let plan = |who: &Applicant| {
        let scope = Scope::from(who);
        let town = &town;
        async move { cases::matter_view(town.store(), filed.matter, &scope).await.unwrap().plan }
    };
    let (own, theirs) = (plan(&seller).await, plan(&buyer).await);
    assert!(own.papers.iter().any(|p| !p.why.zh.is_empty()) && own.hours > 0, "{own:#?}");
    // The other side sees the same bill, but no amount that rests on what they may not read.
    let named = |plan: &catalog::Plan| plan.fees.iter().map(|f| f.name.zh.clone()).collect::<Vec<_>>();
    assert_eq!(named(&own), named(&theirs));
    for (mine, yours) in own.fees.iter().zip(&theirs.fees) {
        assert!(yours.amount.is_none() || yours.amount == mine.amount, "{mine:?} {yours:?}");
    }
    let mut theme = (*catalog::find_theme(town.store(), THEME).await.unwrap().unwrap()).clone();
    for situation in &mut theme.situations {
        situation.ask.zh = format!("新问法：{}", situation.ask.zh);
    }
    theme.roles = vec![];
    theme.delivery.parcels = 3;
    theme.members.reverse();
    store::command!(town.house.ground, Lang::ZhCn, kernel::ActorRef::system(), |cx| {
        catalog::publish_theme(&mut cx, &theme).await
    })
    .unwrap();
    assert_eq!(plan(&seller).await, own, "what was told on filing is what is shown");
    let routes = cases::routes(town.house.clone(), town.sources.clone());
    let mut browser = town.browser(routes, "seller").await;
    let page = browser.get(&format!("/matters/{}", filed.matter)).await;
    for shown in ["提交时的方案", "直接核对，不用提交"] {
        assert!(page.html.contains(shown), "{shown}: {}", page.html);
    }
    let bundle = Bundle::load(town.store(), Some(THEME), &[]).await.unwrap();
    assert_eq!(bundle.theme.unwrap().delivery.parcels, 3, "the theme is another one now");
    // It lies sealed: nobody who reads the table reads the plan.
    let rows: Vec<(Option<Vec<u8>>,)> =
        town.store().rows("SELECT plan FROM cases_matter", Vec::new()).await.unwrap();
    let sealed = rows.into_iter().find_map(|(plan,)| plan).expect("a plan");
    assert!(!String::from_utf8_lossy(&sealed).contains("papers"));
});
