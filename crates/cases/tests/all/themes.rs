//! The other themes as they are shipped, filed on the real path: a child is born, a firm is started, a family needs help. One matter with a
//! case at each agency's own inbox, papers kept once, and a refusal that means for the others what the theme says. On both databases.

use crate::common::{ROOMS, Town};
use cases::{FiledMatter, Handler, MatterFiling, Scope, StaffAct, Target, Visit};
use forms::Answers;
use identity::Applicant;
use kernel::{Lang, Money};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

async fn file(town: &Town, who: &Applicant, theme: &str, answers: Answers) -> FiledMatter {
    let filing = MatterFiling {
        key: theme.to_owned(),
        theme: Some(theme.to_owned()),
        answers,
        ..MatterFiling::default()
    };
    let filed = cases::file_matter_now(&town.house, &town.sources, Lang::ZhCn, who, filing).await;
    filed.unwrap_or_else(|why| panic!("{theme}: {why:#?}"))
}

fn with(mut answers: Answers, more: &Value) -> Answers {
    answers.extend(more.as_object().unwrap().clone());
    answers
}

/// Everybody does what lies with them until nothing does; the tasks of `refuse` are refused. Answers which agency did something in
/// which item.
async fn work(town: &Town, staff: &[&str], refuse: &str) -> BTreeSet<(String, String)> {
    let mut did = BTreeSet::new();
    // So many rounds: a publication is over when its days have passed.
    for _ in 0..40 {
        town.settle().await;
        cases::sweep(&town.house).await.unwrap();
        town.settle().await;
        let mut idle = true;
        for account in staff {
            let examiner = town.session(account).await.examiner().unwrap();
            let Some(row) = town.inbox(&examiner).await.into_iter().next() else { continue };
            idle = false;
            did.insert(((*account).to_owned(), row.item_key.clone()));
            one(town, &examiner, &row, row.item_key == refuse).await;
        }
        if idle {
            town.t.clock.advance_seconds(2 * 86_400);
        }
    }
    did
}

/// One task, by what it asks for: accepted, looked at on site, approved with the amount of its band.
async fn one(town: &Town, examiner: &identity::Examiner, row: &cases::InboxRow, refuse: bool) {
    let handler = Handler::from(examiner);
    let visit = Visit {
        at: town.t.ground.clock.now(),
        place: "住处".to_owned(),
        officers: vec!["甲".to_owned(), "乙".to_owned()],
        record: "情况属实".to_owned(),
        evidence: Vec::new(),
    };
    let approve = |amount: Option<i64>| StaffAct::Approve {
        reason: None,
        amount: amount.and_then(Money::yuan),
        deviation: None,
    };
    let no = || "不符合条件".to_owned();
    let tries = if refuse {
        vec![StaffAct::RecordVisit { visit }, StaffAct::Refuse { reason: no(), deviation: Some(no()) }]
    } else {
        vec![
            StaffAct::RecordVisit { visit },
            StaffAct::Accept,
            approve(None),
            approve(Some(1000)),
            approve(Some(24_000)),
        ]
    };
    let mut last = String::new();
    for act in tries {
        let again = matches!(act, StaffAct::RecordVisit { .. });
        let done = store::command!(town.house.ground, Lang::ZhCn, handler.actor_ref(), |cx| {
            cases::act(&mut cx, &town.house, &handler, Target::Task(row.task), act.clone(), None).await
        });
        match done {
            Ok(_) if !again => return,
            Ok(_) => {}
            Err(why) => last = format!("{why:?}"),
        }
    }
    panic!("{} {} {}: {last}", row.item_key, row.number, examiner.agency());
}

/// How each member stands: its state and what came of it.
async fn members(town: &Town, filed: &FiledMatter, who: &Applicant) -> BTreeMap<String, (String, String)> {
    let view = cases::matter_view(town.store(), filed.matter, &Scope::from(who)).await.unwrap();
    let state = |m: &cases::MatterMember| (m.state.clone(), m.outcome.clone().unwrap_or_default());
    view.members.iter().map(|m| (m.item_key.clone(), state(m))).collect()
}

/// No paper is kept twice.
async fn kept_once(town: &Town, who: &Applicant) {
    let today = kernel::clock::legal_date(town.t.ground.clock.now());
    let kept = proofs::find(town.store(), who.subject(), today).await.unwrap();
    let distinct: BTreeSet<_> = kept.iter().map(|p| (p.kind.clone(), p.holder.clone())).collect();
    assert_eq!(distinct.len(), kept.len(), "{kept:#?}");
}

async fn in_inbox(town: &Town, account: &str) -> Vec<String> {
    let examiner = town.session(account).await.examiner().unwrap();
    town.inbox(&examiner).await.into_iter().map(|row| row.item_key).collect()
}

fn closed(outcome: &str) -> (String, String) {
    ("closed".to_owned(), outcome.to_owned())
}

const BIRTH: [&str; 4] = ["hospital", "police-chancheng", "healthcare", "health"];

async fn birth(town: &Town) -> (Applicant, FiledMatter) {
    let mother = town.applicant("newborn").await;
    // The father of the examples is another one than hers.
    let father = [("梁志强", "何志鹏"), ("999999199107221110", "999999199308141731")];
    let mut answers = town.answers_of(&mother, "newborn", &[]).await;
    for value in answers.values_mut() {
        if let Some((_, own)) = father.iter().find(|(other, _)| value == other) {
            *value = json!(own);
        }
    }
    let own = json!({"register_here": "yes"});
    let filed = file(town, &mother, "newborn", with(answers, &own)).await;
    town.settle().await;
    (mother, filed)
}

harness::both!(a_child_is_born, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (mother, filed) = birth(&town).await;
    assert_eq!(filed.cases.len(), 4, "{filed:#?}");
    assert_eq!(in_inbox(&town, "hospital").await, ["birth-certificate"], "the hospital issues first");
    assert!(
        in_inbox(&town, "police-chancheng").await.is_empty(),
        "the registration waits for the certificate"
    );
    assert!(in_inbox(&town, "healthcare").await.is_empty(), "the insurance waits for the number");
    let did = work(&town, &BIRTH, "").await;
    for (account, item) in [
        ("hospital", "birth-certificate"),
        ("police-chancheng", "newborn-household"),
        ("healthcare", "newborn-medical-insurance"),
    ] {
        assert!(did.contains(&(account.to_owned(), item.to_owned())), "{account} does {item}: {did:?}");
    }
    for (item, state) in members(&town, &filed, &mother).await {
        assert_eq!(state, closed("approved"), "{item}");
    }
    kept_once(&town, &mother).await;
    town.replay().await;
});

harness::both!(a_birth_that_is_not_registered_here, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (mother, filed) = birth(&town).await;
    work(&town, &BIRTH, "newborn-household").await;
    let members = members(&town, &filed, &mother).await;
    assert_eq!(members["newborn-household"], closed("refused"), "{members:?}");
    assert_eq!(
        members["newborn-medical-insurance"].0, "returned",
        "the theme says that it ends: {members:?}"
    );
    assert_eq!(members["birth-certificate"], closed("approved"), "{members:?}");
    assert_eq!(members["vaccination-record"], closed("approved"), "no refusal of another's: {members:?}");
    town.replay().await;
});

const FIRM: [&str; 7] =
    ["head", "police-chancheng", "tax-officer", "social-insurance", "housing-fund", "bank", "inspector"];

async fn firm(town: &Town) -> (Applicant, FiledMatter) {
    let founder =
        town.session("studio").await.acting_as(town.store(), None).await.unwrap().applicant().unwrap();
    let answers = town.answers_of(&founder, "start-firm", &[]).await;
    let own = json!({"staff": "yes", "fund": "yes", "bank": "yes"});
    let filed = file(town, &founder, "start-firm", with(answers, &own)).await;
    town.settle().await;
    (founder, filed)
}

harness::both!(a_firm_is_started, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (founder, filed) = firm(&town).await;
    assert_eq!(filed.cases.len(), 6, "{filed:#?}");
    assert_eq!(in_inbox(&town, "inspector").await, ["firm-registration"]);
    let did = work(&town, &FIRM, "").await;
    let items: BTreeSet<&str> = did.iter().map(|(_, item)| item.as_str()).collect();
    assert_eq!(items.len(), 6, "each at its own agency: {did:?}");
    for (item, state) in members(&town, &filed, &founder).await {
        assert_eq!(state, closed("approved"), "{item}");
    }
    kept_once(&town, &founder).await;
    town.replay().await;
});

harness::both!(a_tax_office_that_refuses_sinks_no_firm, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (founder, filed) = firm(&town).await;
    work(&town, &FIRM, "tax-registration").await;
    for (item, state) in members(&town, &filed, &founder).await {
        let expected = if item == "tax-registration" { "refused" } else { "approved" };
        assert_eq!(state, closed(expected), "{item}");
    }
    town.replay().await;
});

harness::both!(a_firm_that_is_not_registered_ends_what_rests_on_it, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (founder, filed) = firm(&town).await;
    work(&town, &FIRM, "firm-registration").await;
    for (item, state) in members(&town, &filed, &founder).await {
        let expected = if item == "firm-registration" { "closed" } else { "returned" };
        assert_eq!(state.0, expected, "{item}: {state:?}");
    }
    town.replay().await;
});

const HELP: [&str; 3] = ["town", "civil", "veterans"];
const ITEMS: [&str; 3] = ["minimum-living-allowance", "temporary-relief", "conscript-family-allowance"];

async fn help(town: &Town) -> (Applicant, FiledMatter) {
    let mother = town.applicant("hardship").await;
    let answers = town.answers_of(&mother, "civil-affairs", &ITEMS).await;
    let own = json!({"child": ["none"], "elder": ["none"], "veteran": ["serving"], "disability": ["none"],
        "hardship": ["low", "sudden"], "disaster": ["none"]});
    let filed = file(town, &mother, "civil-affairs", with(answers, &own)).await;
    town.settle().await;
    (mother, filed)
}

harness::both!(a_family_in_need_files_three_items_of_twenty_eight, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (mother, filed) = help(&town).await;
    assert_eq!(filed.cases.len(), 3, "{filed:#?}");
    let at_town: BTreeSet<String> = in_inbox(&town, "town").await.into_iter().collect();
    assert_eq!(at_town.len(), 2, "the sub-district visits for both: {at_town:?}");
    assert_eq!(in_inbox(&town, "veterans").await, ["conscript-family-allowance"]);
    work(&town, &HELP, "").await;
    for (item, state) in members(&town, &filed, &mother).await {
        assert_eq!(state, closed("approved"), "{item}");
    }
    kept_once(&town, &mother).await;
    town.replay().await;
});

harness::both!(one_refusal_of_help_is_no_refusal_of_the_others, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (mother, filed) = help(&town).await;
    work(&town, &HELP, "minimum-living-allowance").await;
    for (item, state) in members(&town, &filed, &mother).await {
        let expected = if item == "minimum-living-allowance" { "refused" } else { "approved" };
        assert_eq!(state, closed(expected), "{item}");
    }
    town.replay().await;
});
