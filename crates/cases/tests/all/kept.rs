//! 一证通: what is kept of a case's papers, for which thing, as what, until when and by which law; and who sees a register asked by a
//! thing's number. On both databases.

use crate::common::{ROOMS, STICKER, Town};
use cases::{ApplicantAct, Demand, Filing, Given, Handler, Judgement, Material, OutcomeWord};
use forms::Answers;
use identity::Applicant;
use jiff::civil::{Date, date};
use kernel::{ActorRef, Failure, FileId, Lang, clock};
use proofs::{Grade, Proof, State};
use serde_json::json;
use store::files::{self, Limits, Upload};

const TRADE: &str = "house-trade";
const HOME: &str = "public-nursing-home-place";
const FLAT: &str = "苏(2018)宁玄不动产权第9999101号";
const OTHER_FLAT: &str = "苏(2012)宁秦不动产权第9999003号";

async fn applicant(town: &Town, account: &str) -> Applicant {
    town.session(account).await.applicant().unwrap()
}

/// A small PDF that says `text`; different texts are different papers.
async fn paper(town: &Town, who: &Applicant, text: &str) -> FileId {
    let bytes = format!("%PDF-1.7\n% {text}\nstartxref\n9\n%%EOF\n").into_bytes();
    store::command!(town.house.ground, Lang::ZhCn, who.actor_ref(), |cx| {
        let upload = Upload { name: format!("{text}.pdf"), bytes: bytes.clone().into() };
        files::keep(&mut cx, upload, &Limits::default()).await
    })
    .unwrap()
    .id
}

/// What lies in somebody's drawer and is not replaced.
async fn drawer(town: &Town, who: &Applicant) -> Vec<Proof> {
    let all = proofs::list(town.store(), who.subject(), None, 100).await.unwrap();
    all.into_iter().filter(|p| p.state == State::Kept).collect()
}

async fn offered(town: &Town, who: &Applicant, kind: &str) -> Vec<Proof> {
    let today = clock::legal_date(town.t.ground.clock.now());
    let all = proofs::find(town.store(), who.subject(), today).await.unwrap();
    all.into_iter().filter(|p| p.kind == kind).collect()
}

/// The answers of an item's first example, with real files and as `change` has them.
async fn example(town: &Town, who: &Applicant, item: &str, change: serde_json::Value) -> Answers {
    let published = catalog::find(town.store(), item).await.unwrap().unwrap();
    let mut answers = published.item.examples[0].given.answers.clone();
    answers.extend(change.as_object().unwrap().clone());
    for (field, value) in &mut answers {
        if let Some(first) = value.as_array_mut().and_then(|all| all.first_mut())
            && first.get("file").is_some()
        {
            first["file"] = json!(paper(town, who, field).await);
        }
    }
    answers
}

harness::both!(a_paper_of_a_supplement_is_kept_like_one_filed_at_first, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (firm, examiner) = (town.firm().await, town.examiner().await);
    let filed = town.file(&firm, "k", STICKER, town.trip(&firm).await).await.unwrap();
    let first = offered(&town, &firm, "charter-contract").await.remove(0);
    let handler = Handler::from(&examiner);
    let task = town.inbox(&examiner).await[0].task;
    let judgement = Judgement {
        outcome: OutcomeWord::Supplement,
        reason: Some("看不清".to_owned()),
        right_body: None,
        fields: vec![Demand { field: "contract_file".to_owned(), say: "看不清".to_owned() }],
        rev: None,
    };
    store::command!(town.house.ground, Lang::ZhCn, handler.actor_ref(), |cx| {
        cases::outcome(&mut cx, &town.house, &handler, task, &judgement).await
    })
    .unwrap();
    let file = paper(&town, &firm, "清楚的合同").await;
    let answers: Answers =
        serde_json::from_value(json!({"contract_file": [{"file": file, "name": "合同.pdf"}]})).unwrap();
    let number = filed.number.clone();
    let supplied =
        cases::prepare_supplement(&town.house, &town.sources, &firm, &number, &answers, &[]).await.unwrap();
    store::command!(town.house.ground, Lang::ZhCn, firm.actor_ref(), |cx| {
        cases::supplement(&mut cx, &town.house, &firm, &number, &supplied).await
    })
    .unwrap();
    let now = offered(&town, &firm, "charter-contract").await;
    assert_eq!(now.len(), 1, "the clear one stands in the place of the other: {now:?}");
    assert!(now[0].id != first.id && now[0].files == [file], "{now:?}");
    assert_eq!((now[0].grade, now[0].case.clone()), (Grade::Uploaded, number.to_string()));
    let old = proofs::get(town.store(), first.id).await.unwrap().unwrap();
    assert_eq!((old.state, old.replaced_by), (State::Replaced, Some(now[0].id)));
    town.replay().await;
});

harness::both!(a_promised_paper_is_kept_and_registers_leave_records, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let elder = applicant(&town, "elder").await;
    let mut answers = example(&town, &elder, HOME, json!({})).await;
    answers.shift_remove("health_file");
    let filing = Filing {
        key: "home".to_owned(),
        item: HOME.to_owned(),
        answers,
        promises: vec!["health".to_owned()],
        ..Filing::default()
    };
    let filed = cases::file_now(&town.house, &town.sources, Lang::ZhCn, &elder, filing).await.unwrap();
    // What registers said is written down as A, without pages, and stands for no paper elsewhere.
    let known = drawer(&town, &elder).await;
    let grades: Vec<(&str, Grade, bool)> =
        known.iter().map(|p| (p.kind.as_str(), p.grade, p.has_pages())).collect();
    assert!(grades.contains(&("citizen-card", Grade::Issued, false)), "{grades:?}");
    assert!(offered(&town, &elder, "citizen-card").await.is_empty());
    assert!(offered(&town, &elder, "health-check").await.is_empty(), "it is promised, not there");
    let file = paper(&town, &elder, "体检").await;
    let given = Material { demand: "health".to_owned(), given: Given::File(file) };
    let act = ApplicantAct::KeepPromise { materials: vec![given] };
    store::command!(town.house.ground, Lang::ZhCn, elder.actor_ref(), |cx| {
        cases::ask(&mut cx, &town.house, &elder, &filed.number, act.clone(), None).await
    })
    .unwrap();
    let kept = offered(&town, &elder, "health-check").await.remove(0);
    assert_eq!((kept.grade, kept.files.clone(), kept.issued), (Grade::Uploaded, vec![file], None));
    assert_eq!(kept.valid_until, Some(date(2027, 2, 21)), "ninety days from the day it was handed in");
    // The archive keeps it with the case: its holder is told why it cannot be taken back.
    let law = kept.kept_by_law.clone().expect("the item says how long its cases are kept");
    assert!(law.zh.contains("保存30年") && law.en.contains("30 years"), "{law:?}");
    let done: Result<(), Failure> = store::command!(town.house.ground, Lang::ZhCn, elder.actor_ref(), |cx| {
        proofs::withdraw(&mut cx, &elder, kept.id).await
    });
    let Err(Failure::Refused(refused)) = done else { panic!("{done:?}") };
    assert_eq!(refused.code, "proofs.kept-by-law");
    assert!(refused.say.zh.contains("保存30年"), "{refused:?}");
    town.replay().await;
});

harness::both!(a_paper_about_one_flat_is_never_offered_for_another, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let seller = applicant(&town, "seller").await;
    let answers = example(&town, &seller, TRADE, json!({})).await;
    town.file(&seller, "first", TRADE, answers).await.unwrap();
    let contract = offered(&town, &seller, "sale-contract").await.remove(0);
    assert!(contract.kept_by_law.is_some(), "house trades are kept for ever");
    let published = catalog::find(town.store(), TRADE).await.unwrap().unwrap();
    let started = store::command!(town.house.ground, Lang::ZhCn, seller.actor_ref(), |cx| {
        cases::start(&mut cx, &seller, &published).await
    })
    .unwrap();
    let mut rev = cases::draft(town.store(), &seller, started.matter).await.unwrap().rev;
    let mut seen = Vec::new();
    for flat in ["", OTHER_FLAT, "苏 (2018)宁玄不动产权第9999101号"] {
        let answers = example(&town, &seller, TRADE, json!({"house_title_no": flat})).await;
        rev = store::command!(town.house.ground, Lang::ZhCn, seller.actor_ref(), |cx| {
            cases::save(&mut cx, &seller, started.matter, answers.clone(), rev).await
        })
        .unwrap()
        .rev;
        let view = cases::draft(town.store(), &seller, started.matter).await.unwrap();
        let offer = view.wallet.offer("sale-contract", "dwelling").map(|p| p.id);
        // What is the seller's own goes with them to every flat.
        assert!(view.wallet.offer("co-owner-consent", "seller").is_some(), "{flat}");
        seen.push(offer);
    }
    assert_eq!(seen, [None, None, Some(contract.id)], "for its own flat, however it is written");
    // Named by its id for another flat, it is refused.
    let mut answers = example(&town, &seller, TRADE, json!({"house_title_no": OTHER_FLAT})).await;
    answers.shift_remove("contract_file");
    let filing = cases::MatterFiling {
        key: "second".to_owned(),
        items: vec![TRADE.to_owned()],
        answers,
        proofs: vec![contract.id],
        ..cases::MatterFiling::default()
    };
    let refused =
        cases::file_matter_now(&town.house, &town.sources, Lang::ZhCn, &seller, filing).await.unwrap_err();
    let Failure::Refused(refused) = refused else { panic!("{refused:?}") };
    assert_eq!(refused.code, "cases.proof-gone");
    town.replay().await;
});

/// The item with a day of issue in its form.
async fn with_a_day_of_issue(town: &Town) {
    let packs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let path = format!("foshan/civil-affairs/{HOME}/item.yaml");
    let text = std::fs::read_to_string(packs.join(&path)).unwrap();
    let field = "      - id: health_file\n";
    let day =
        "      - {id: health_date, label: {zh-CN: 体检日期, en: Day of the check}, type: date, max: today}\n";
    let text = text.replacen(field, &format!("{day}{field}"), 1);
    let text =
        text.replacen("    field: health_file\n", "    field: health_file\n    issued: health_date\n", 1);
    assert!(text.contains("issued: health_date"));
    let mut files: Vec<(String, Vec<u8>)> = vec![(path, text.into_bytes())];
    for name in ["sources.yaml", "elements.yaml", "knowledge.yaml"] {
        files.push((name.to_owned(), std::fs::read(packs.join(name)).unwrap()));
    }
    let pack = catalog::pack::load_files(files).unwrap_or_else(|wrong| panic!("{wrong:#?}"));
    let actor = ActorRef::system();
    store::command!(town.house.ground, Lang::ZhCn, actor, |cx| catalog::publish(&mut cx, &pack).await)
        .unwrap();
}

harness::both!(the_age_of_a_paper_is_counted_from_its_day_of_issue, ROOMS, |t| async move {
    let town = Town::new(t).await;
    with_a_day_of_issue(&town).await;
    let elder = applicant(&town, "elder").await;
    let answers = example(&town, &elder, HOME, json!({"health_date": "2026-10-01"})).await;
    town.file(&elder, "home", HOME, answers).await.unwrap();
    let kept = offered(&town, &elder, "health-check").await.remove(0);
    assert_eq!(kept.issued, Some(date(2026, 10, 1)));
    assert_eq!(kept.valid_until, Some(date(2026, 12, 30)), "ninety days from the day of issue");
    assert_eq!(kept.since(), Date::constant(2026, 10, 1));
    let mut browser = town.browser(proofs::routes(town.house.clone()), "elder").await;
    let page = browser.get(&format!("/space/papers/{}", kept.id)).await;
    assert!(page.html.contains("从签发的2026年10月1日"), "{}", page.html);
});

harness::both!(whose_flat_a_register_was_asked_about_sees_it, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (seller, buyer) = (applicant(&town, "seller").await, applicant(&town, "buyer").await);
    let looks = || async { trace::looks_of(town.store(), seller.person(), None, 50).await.unwrap() };
    let of = |register: &'static str| move |l: &trace::LookRow| l.fields == [register];
    assert!(!looks().await.iter().any(of("dwelling")));
    // The buyer hands it in: the seller's number is withheld until they confirm, the registry is asked by the title's number.
    let answers = example(&town, &buyer, "house-tax", json!({"house_title_no": FLAT})).await;
    town.file(&buyer, "bought", "house-tax", answers).await.unwrap();
    let seen = looks().await;
    assert!(seen.iter().any(of("dwelling")), "the owner named in the answer sees it: {seen:?}");
    assert!(seen.iter().any(of("dwelling-tax")), "and what else was asked about the flat: {seen:?}");
    assert!(seen.iter().filter(|l| l.fields == ["dwelling"]).all(|l| l.purpose.ground == "file"), "{seen:?}");
    assert!(!seen.iter().any(of("maintenance-fund")), "what is about no person is no look");
    // A register keyed by a taxpayer's number leaves the look with the taxpayer.
    let citizen = town.citizen().await;
    let said = json!({"for": "person", "purpose": "loan"});
    let answers: Answers = serde_json::from_value(said).unwrap();
    town.file(&citizen, "tax", "tax-clearance", answers).await.unwrap();
    let own = trace::looks_of(town.store(), citizen.person(), None, 50).await.unwrap();
    assert!(own.iter().any(|l| l.fields == ["tax"]), "{own:?}");
});

harness::both!(a_register_that_is_down_asks_nobody_for_a_paper, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let seller = applicant(&town, "seller").await;
    let mut answers = example(&town, &seller, TRADE, json!({})).await;
    // Whether the spouse's consent is needed, only the register of marriages tells: it is up, and says so.
    answers.shift_remove("consent_file");
    let asked = town.file(&seller, "up", TRADE, answers.clone()).await.unwrap_err();
    let Failure::Refused(asked) = asked else { panic!("{asked:?}") };
    assert_eq!(asked.code, "cases.material-missing");
    let system = ActorRef::system();
    store::command!(town.house.ground, Lang::ZhCn, system, |cx| exchange::set_down(
        &mut cx, "marriage", true
    ))
    .unwrap();
    let filed = town.file(&seller, "down", TRADE, answers).await.unwrap();
    let view = town.view(&filed.number, &cases::Scope::from(&seller)).await;
    assert!(view.case.absent().contains(&"seller_marriage"), "it goes on, marked: {:?}", view.case.facts);
    assert!(view.case.materials.iter().all(|m| m.demand != "consent"), "{:?}", view.case.materials);
    town.replay().await;
});

harness::both!(every_holder_is_told_apart_by_its_own_number, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let knowledge = catalog::shared(town.store()).await.unwrap().knowledge.clone();
    let by = |field: &str| catalog::Whose::By(field.to_owned());
    let cases = [
        (STICKER, "vehicle", by("plate")),
        (STICKER, "driver", by("driver")),
        ("house-registration", "dwelling", by("house_title_no")),
        ("house-registration", "seller", by("seller_citizen_id")),
        ("hardship-child-allowance", "child", by("child_id")),
        ("hardship-child-allowance", "household", catalog::Whose::Own),
        ("hardship-child-allowance", "applicant", catalog::Whose::Own),
        // A child that has no number yet is asked for by its mother's: her next child is another one.
        ("newborn-household", "child", catalog::Whose::Unknown),
    ];
    for (key, holder, wanted) in cases {
        let item = catalog::find(town.store(), key).await.unwrap().unwrap();
        assert_eq!(catalog::whose(&item.item, &knowledge, holder), wanted, "{key} {holder}");
    }
});
