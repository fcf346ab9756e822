//! The word of a party who does not use the platform: given at a window, with their identity document and a signed paper, written down
//! by a clerk of the body that has the case; one word counts in the whole matter, and everybody sees of it what is theirs. On both
//! databases.

use crate::common::{PNG, ROOMS, Town};
use cases::model::{FactAnswer, HaltCause};
use cases::{
    AfterHalt, ApplicantAct, Capacity, CaseEvent, DocumentNumber, FiledMatter, Handler, MatterFiling,
    OutcomeDone, Scope, StaffAct, Standing, Target, Witness,
};
use identity::{Applicant, Clerk, Staff};
use kernel::codes::CaseNumber;
use kernel::{Failure, FileId, Lang, Outcome};
use serde_json::json;
use store::files::{self, Limits, Upload};

const THEME: &str = "stock-house";
const SELLER: &str = "999999198405127021";
const BUYER: &str = "999999199203187055";

fn code(failure: Failure) -> String {
    match failure {
        Failure::Refused(refusal) => {
            assert!(!refusal.sentence(Lang::ZhCn).is_empty() && !refusal.sentence(Lang::En).is_empty());
            refusal.code.into_owned()
        }
        Failure::Fault(fault) => panic!("{fault}"),
    }
}

async fn clerk(town: &Town, account: &str) -> Clerk {
    let Staff::Clerk(clerk) = town.session(account).await.staff().unwrap() else { panic!("{account}") };
    clerk
}

async fn filing(town: &Town, seller: &Applicant) -> MatterFiling {
    let mut answers = town.answers_of(seller, THEME, &[]).await;
    answers.insert("mortgage".to_owned(), json!("no"));
    MatterFiling { key: "sale".to_owned(), theme: Some(THEME.to_owned()), answers, ..MatterFiling::default() }
}

async fn sold(town: &Town, seller: &Applicant) -> FiledMatter {
    let filing = filing(town, seller).await;
    let filed = cases::file_matter_now(&town.house, &town.sources, Lang::ZhCn, seller, filing).await;
    filed.unwrap_or_else(|why| panic!("{why:#?}"))
}

fn trade(filed: &FiledMatter) -> &CaseNumber {
    &filed.cases.iter().find(|c| c.item_name.zh.contains("交易")).expect("the trade").number
}

fn word(role: &str, number: &str) -> StaffAct {
    StaffAct::ConfirmParty {
        role: role.to_owned(),
        citizen_id: DocumentNumber(number.to_owned()),
        ground: "本人没有智能手机".to_owned(),
        paper: None,
        reference: Some("收件登记簿第12页".to_owned()),
    }
}

async fn act(town: &Town, handler: &Handler, number: &CaseNumber, act: StaffAct) -> Outcome<OutcomeDone> {
    store::command!(town.house.ground, Lang::ZhCn, handler.actor_ref(), |cx| {
        cases::act(&mut cx, &town.house, handler, Target::Case(number.clone()), act.clone(), None).await
    })
}

/// How the buyer's word stands in the case, for these eyes.
async fn witness(town: &Town, number: &CaseNumber, scope: &Scope) -> Option<Witness> {
    let view = town.view(number, scope).await;
    view.events.iter().find_map(|e| match &e.event {
        CaseEvent::PartyConfirmed { role, witness, .. } if role == "buyer" => witness.clone(),
        _ => None,
    })
}

async fn signed(town: &Town, clerk: &Clerk) -> FileId {
    let bytes = bytes::Bytes::from_static(PNG);
    store::command!(town.house.ground, Lang::ZhCn, clerk.actor_ref(), |cx| {
        let upload = Upload { name: "确认书.png".to_owned(), bytes: bytes.clone() };
        files::keep_loose(&mut cx, upload, &Limits::default()).await
    })
    .unwrap()
    .id
}

harness::both!(a_clerk_writes_down_the_word_of_whoever_stands_at_the_window, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (seller, buyer) = (town.applicant("seller").await, town.applicant("buyer").await);
    let filed = sold(&town, &seller).await;
    let clerk = clerk(&town, "housing-window").await;
    let paper = signed(&town, &clerk).await;
    let mut said = word("buyer", BUYER);
    if let StaffAct::ConfirmParty { paper: own, reference, .. } = &mut said {
        (*own, *reference) = (Some(paper), None);
    }
    act(&town, &Handler::from(&clerk), trade(&filed), said).await.unwrap();
    let number = identity::staff_number(clerk.account());
    for case in &filed.cases {
        let view = town.view(&case.number, &Scope::program()).await;
        assert!(
            view.case.parties.iter().all(|p| p.confirmed_at.is_some()),
            "{}: {:?}",
            case.item_name.zh,
            view.case.parties
        );
        let told = witness(&town, &case.number, &Scope::from(&buyer)).await.expect("it was at a window");
        assert_eq!((told.agency.as_str(), &told.number), ("nanjing.housing", &number));
        assert_eq!((told.ground.as_str(), told.paper), ("本人没有智能手机", Some(paper)), "theirs to read");
        let through = (case.number != *trade(&filed)).then(|| trade(&filed).clone());
        assert_eq!(told.through, through, "given in one case, counted in all");
        let other = witness(&town, &case.number, &Scope::from(&seller)).await.expect("seen, and no more");
        assert_eq!((other.number, other.ground.as_str(), other.paper), (number.clone(), "", None));
    }
    // What was withheld is asked now, and the body has it on its desk.
    town.settle().await;
    let view = town.view(trade(&filed), &Scope::program()).await;
    assert!(
        !view.case.facts.iter().any(|f| matches!(f.answer, FactAnswer::Withheld(_))),
        "{:?}",
        view.case.facts
    );
    assert_ne!(view.row.state, "submitted", "{:?}", view.row);
    let twice = act(&town, &Handler::from(&clerk), trade(&filed), word("buyer", BUYER)).await;
    assert_eq!(code(twice.unwrap_err()), "cases.confirmed-before");
    // The comparison of the card is a look that the buyer reads.
    let looks = trace::looks_of(town.store(), buyer.person(), None, 50).await.unwrap();
    let compared = |l: &trace::LookRow| l.fields == ["person.citizen_id"] && l.purpose.ground == "accept";
    assert!(looks.iter().any(compared), "{looks:?}");
    town.replay().await;
});

harness::both!(a_word_that_is_not_theirs_is_not_taken, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let seller = town.applicant("seller").await;
    let filed = sold(&town, &seller).await;
    let number = trade(&filed);
    let clerk = Handler::from(&clerk(&town, "housing-window").await);
    let refused = async |act_: StaffAct| code(act(&town, &clerk, number, act_).await.unwrap_err());
    assert_eq!(refused(word("buyer", "999999199203187056")).await, "cases.identity-number-wrong");
    assert_eq!(refused(word("buyer", SELLER)).await, "cases.not-their-number", "somebody else's card");
    assert_eq!(refused(word("buyer", "999999198709237086")).await, "cases.not-their-number");
    assert_eq!(refused(word("witness", BUYER)).await, "cases.no-such-party");
    assert_eq!(refused(word("seller", SELLER)).await, "cases.confirmed-before", "the seller has applied");
    let mut silent = word("buyer", BUYER);
    if let StaffAct::ConfirmParty { ground, .. } = &mut silent {
        *ground = " ".to_owned();
    }
    assert_eq!(refused(silent).await, "cases.window-ground-missing");
    let mut unsigned = word("buyer", BUYER);
    if let StaffAct::ConfirmParty { reference, .. } = &mut unsigned {
        *reference = None;
    }
    assert_eq!(refused(unsigned).await, "cases.nothing-signed");
    let mut foreign = word("buyer", BUYER);
    if let StaffAct::ConfirmParty { paper, .. } = &mut foreign {
        *paper = Some(town.upload(&seller).await);
    }
    assert_eq!(refused(foreign).await, "cases.unknown-file", "a paper of somebody else's");
    // Whoever examines does not stand at a window; a hall that has no part in the case does not find it.
    let examiner = Handler::from(&town.session("housing-clerk").await.examiner().unwrap());
    assert_eq!(
        code(act(&town, &examiner, number, word("buyer", BUYER)).await.unwrap_err()),
        "cases.word-by-clerk"
    );
    let hall = Handler::from(&self::clerk(&town, "clerk").await);
    let nowhere = act(&town, &hall, number, word("buyer", BUYER)).await;
    assert_eq!(code(nowhere.unwrap_err()), "not-found");
    for case in &filed.cases {
        let view = town.view(&case.number, &Scope::program()).await;
        assert!(view.case.parties.iter().any(|p| p.confirmed_at.is_none()), "nothing of it was written down");
    }
    // The time for it is over.
    town.t.clock.advance_seconds(21 * 86_400);
    cases::sweep(&town.house).await.unwrap();
    assert_eq!(refused(word("buyer", BUYER)).await, "cases.cannot-confirm");
    town.replay().await;
});

harness::both!(both_sides_stand_at_the_window, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let hall = clerk(&town, "clerk").await;
    let standing = |role: &str, number: &str| Standing {
        role: role.to_owned(),
        citizen_id: DocumentNumber(number.to_owned()),
        ground: "与出卖人一同到场".to_owned(),
        paper: None,
        reference: Some("确认书2026-118".to_owned()),
    };
    let file = async |key: &str, present: Vec<Standing>| {
        // The papers are uploads of whoever files: at a window the clerk's.
        let mut filing = filing(&town, &town.applicant("seller").await).await;
        let paper = signed(&town, &hall).await;
        for value in filing.answers.values_mut().filter_map(serde_json::Value::as_array_mut) {
            for entry in value.iter_mut().filter(|v| v.get("file").is_some()) {
                entry["file"] = json!(paper);
            }
        }
        let filing = MatterFiling { key: key.to_owned(), present, ..filing };
        cases::file_at_window(&town.house, &town.sources, Lang::ZhCn, &hall, SELLER, filing, None).await
    };
    for (standing, field, expected) in [
        (standing("buyer", SELLER), "present.buyer.citizen_id", "cases.not-their-number"),
        (standing("buyer", "1"), "present.buyer.citizen_id", "cases.identity-number-wrong"),
        (standing("lender", BUYER), "present.lender.role", "cases.no-such-party"),
    ] {
        let Failure::Refused(no) = file("wrong", vec![standing]).await.unwrap_err() else {
            panic!("a fault")
        };
        assert_eq!((no.code.as_ref(), no.fields[0].field.as_str()), (expected, field));
    }
    let filed = file("both", vec![standing("buyer", BUYER)]).await.unwrap();
    assert_eq!(filed.cases.len(), 4);
    for case in &filed.cases {
        let view = town.view(&case.number, &Scope::program()).await;
        assert!(view.case.parties.iter().all(|p| p.confirmed_at.is_some()), "{:?}", view.case.parties);
        let told = witness(&town, &case.number, &Scope::program()).await.expect("it was at a window");
        assert_eq!((told.agency.as_str(), told.through), ("nanjing.gov.hall", None));
    }
    town.settle().await;
    let view = town.view(trade(&filed), &Scope::program()).await;
    assert_ne!(view.row.state, "submitted", "complete at once");
    // Nobody says of themselves that somebody else stands there.
    let seller = town.applicant("seller").await;
    let own = MatterFiling {
        key: "own".to_owned(),
        present: vec![standing("buyer", BUYER)],
        ..self::filing(&town, &seller).await
    };
    let own = cases::file_matter_now(&town.house, &town.sources, Lang::ZhCn, &seller, own).await;
    assert_eq!(code(own.unwrap_err()), "cases.word-by-clerk");
    town.replay().await;
});

harness::both!(the_party_reads_on_their_pages_who_wrote_it_down, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let seller = town.applicant("seller").await;
    let filed = sold(&town, &seller).await;
    let clerk = clerk(&town, "housing-window").await;
    let paper = signed(&town, &clerk).await;
    let mut said = word("buyer", BUYER);
    if let StaffAct::ConfirmParty { paper: own, .. } = &mut said {
        *own = Some(paper);
    }
    act(&town, &Handler::from(&clerk), trade(&filed), said).await.unwrap();
    let number = identity::staff_number(clerk.account());
    let routes = || cases::routes(town.house.clone(), town.sources.clone());
    let (case, matter) = (format!("/cases/{}", trade(&filed)), format!("/matters/{}", filed.matter));
    let file = format!("{case}/files/{paper}");
    let mut buyer = town.browser(routes(), "buyer").await;
    let page = buyer.get(&case).await;
    for told in [number.as_str(), "南京市住房保障和房产局", "本人没有智能手机", file.as_str()]
    {
        assert!(page.html.contains(told), "{told} is missing: {}", page.html);
    }
    assert!(!page.html.contains("金凤仪"), "no name of staff");
    assert!(buyer.get(&matter).await.html.contains(&number));
    assert!(buyer.get(&file).await.status.is_success(), "what they signed is theirs to see");
    let english = buyer.get(&format!("{case}?lang=en")).await;
    assert!(english.html.contains("recorded by staff member"), "{}", english.html);
    let mut seller = town.browser(routes(), "seller").await;
    let page = seller.get(&case).await;
    assert!(page.html.contains(&number) && !page.html.contains("本人没有智能手机"), "{}", page.html);
    assert_eq!(seller.get(&file).await.status.as_u16(), 404, "what the other side signed is not");
});

/// What one of two does through the platform.
async fn ask(town: &Town, who: &Applicant, number: &CaseNumber, act: ApplicantAct) -> Outcome<OutcomeDone> {
    store::command!(town.house.ground, Lang::ZhCn, who.actor_ref(), |cx| {
        cases::ask(&mut cx, &town.house, who, number, act.clone(), None).await
    })
}

harness::both!(two_who_applied_together_take_it_back_together, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (seller, buyer) = (town.applicant("seller").await, town.applicant("buyer").await);
    let filed = sold(&town, &seller).await;
    let number = trade(&filed);
    ask(&town, &buyer, number, ApplicantAct::Confirm { paper: false }).await.unwrap();
    let withdraw = || ApplicantAct::Withdraw { reason: Some("价格没谈拢".to_owned()) };
    let done = ask(&town, &seller, number, withdraw()).await.unwrap();
    assert_ne!(done.state, "withdrawn", "one alone does not take back what both applied for");
    assert_eq!(code(ask(&town, &seller, number, withdraw()).await.unwrap_err()), "cases.withdrawal-sought");
    // The other reads that it was asked for, and not why.
    let view = town.view(number, &Scope::from(&buyer)).await;
    let reasons = view.events.iter().filter_map(|e| match &e.event {
        CaseEvent::WithdrawalSought(sought) => Some(sought.reason.clone()),
        _ => None,
    });
    assert_eq!(reasons.collect::<Vec<_>>(), [None]);
    assert_eq!(ask(&town, &buyer, number, withdraw()).await.unwrap().state, "withdrawn");
    town.replay().await;
});

harness::both!(a_death_halts_what_was_still_to_do_in_every_case, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (seller, buyer) = (town.applicant("seller").await, town.applicant("buyer").await);
    let filed = sold(&town, &seller).await;
    let number = trade(&filed);
    let examiner = Handler::from(&town.session("housing-clerk").await.examiner().unwrap());
    let dead = |subject| StaffAct::HaltParty {
        party: subject,
        cause: HaltCause::Death,
        text: "死亡医学证明（推断）书".to_owned(),
    };
    let firm =
        StaffAct::HaltParty {
            party: buyer.subject(), cause: HaltCause::Dissolved, text: "注销".to_owned()
        };
    assert_eq!(code(act(&town, &examiner, number, firm).await.unwrap_err()), "cases.wrong-halt");
    act(&town, &examiner, number, dead(buyer.subject())).await.unwrap();
    town.settle().await;
    for case in &filed.cases {
        let view = town.view(&case.number, &Scope::program()).await;
        let takes_part = view.case.parties.iter().any(|p| p.subject == buyer.subject());
        assert_eq!(view.case.halts.len(), usize::from(takes_part), "{}: halted in each", case.item_name.zh);
    }
    let confirm = ApplicantAct::Confirm { paper: false };
    assert_eq!(code(ask(&town, &buyer, number, confirm).await.unwrap_err()), "cases.party-halted");
    let window = clerk(&town, "housing-window").await;
    let spoken = act(&town, &Handler::from(&window), number, word("buyer", BUYER)).await;
    assert_eq!(code(spoken.unwrap_err()), "cases.party-halted", "nor for them at a window");
    // The time to confirm is over, and nothing has run out: nobody could.
    town.t.clock.advance_seconds(30 * 86_400);
    cases::sweep(&town.house).await.unwrap();
    let examiner = Handler::from(&town.session("housing-clerk").await.examiner().unwrap());
    assert_eq!(town.view(number, &Scope::program()).await.row.state, "submitted");
    let settle = |how, citizen_id: Option<&str>| StaffAct::EndHalt {
        party: buyer.subject(),
        how,
        text: "继承公证书".to_owned(),
        citizen_id: citizen_id.map(|n| DocumentNumber(n.to_owned())),
        capacity: Some(Capacity::Heir),
        proof: None,
    };
    let unnamed = act(&town, &examiner, number, settle(AfterHalt::TakenOver, None)).await;
    assert_eq!(code(unnamed.unwrap_err()), "cases.successor-unnamed");
    let party = act(&town, &examiner, number, settle(AfterHalt::TakenOver, Some(SELLER))).await;
    assert_eq!(code(party.unwrap_err()), "cases.party-already", "nobody sells to themselves");
    let heir = "999999198709237086";
    act(&town, &examiner, number, settle(AfterHalt::TakenOver, Some(heir))).await.unwrap();
    let view = town.view(number, &Scope::program()).await;
    let place = view.case.parties.iter().find(|p| p.role == "buyer").unwrap();
    assert_eq!((place.capacity, place.confirmed_at), (Capacity::Heir, None), "their own word is needed");
    assert_ne!(place.subject, buyer.subject());
    let theirs = cases::my_cases(town.store(), &buyer, None, 50).await.unwrap().rows;
    assert!(theirs.iter().all(|r| r.number != *number), "it is the heir's case now");
    // They have the whole time to confirm, from this day.
    let window = clerk(&town, "housing-window").await;
    act(&town, &Handler::from(&window), number, word("buyer", heir)).await.unwrap();
    town.settle().await;
    assert_ne!(town.view(number, &Scope::program()).await.row.state, "submitted", "it goes on");
    // In another case of the two it is found that nobody takes the place.
    let other = filed.cases.iter().find(|c| c.number != *number);
    let others = other.map(|c| c.number.clone()).unwrap();
    let view = town.view(&others, &Scope::program()).await;
    assert_eq!(view.case.halts.len(), 1, "each is settled by its own body");
    town.replay().await;
});
