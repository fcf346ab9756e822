//! What was handed in once is used again (一证通), and what a register has wrong does not stop an application (现场纠错).

use crate::common::browser::Browser;
use crate::common::{ROOMS, STICKER, Town, fill, firm};
use cases::{Given, OutcomeWord, Scope, Watch, WatchFilter};
use forms::Answers;
use identity::Staff;
use kernel::codes::CaseNumber;
use kernel::{Lang, clock};
use proofs::{Grade, Proof};

/// A draft of the firm with these answers, saved as if the pages before had been filled in: its address.
async fn begun(town: &Town, browser: &mut Browser, answers: Answers) -> String {
    let apply = browser.get(&format!("/apply/{STICKER}")).await;
    let started = browser.post(&format!("/apply/{STICKER}"), &[("_csrf", &apply.csrf())]).await;
    let base = started.to.rsplit_once('/').unwrap().0.to_owned();
    let who = town.firm().await;
    let id: cases::MatterId = base.rsplit('/').next().unwrap().parse().unwrap();
    let view = cases::draft(town.store(), &who, id).await.unwrap();
    let mut all = view.answers;
    all.extend(answers);
    store::command!(town.house.ground, Lang::ZhCn, who.actor_ref(), |cx| {
        cases::save(&mut cx, &who, id, all.clone(), view.rev).await
    })
    .unwrap();
    base
}

/// Hands the draft in.
async fn handed_in(browser: &mut Browser, base: &str) -> CaseNumber {
    let check = browser.get(&format!("{base}/check")).await;
    assert!(!check.html.contains(" disabled"), "{}", check.html);
    let fields = [("_csrf", check.csrf()), ("declare", "yes".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let filed = browser.post(&format!("{base}/check"), &fields).await;
    assert!(filed.to.ends_with("/filed"), "{} {}", filed.to, filed.html);
    filed.to.trim_end_matches("/filed").trim_start_matches("/cases/").parse().unwrap()
}

/// The contract that the firm has in its drawer.
async fn contract(town: &Town) -> Proof {
    let today = clock::legal_date(town.t.ground.clock.now());
    let kept = proofs::find(town.store(), town.firm().await.subject(), today).await.unwrap();
    kept.into_iter().find(|p| p.kind == "charter-contract").expect("handed in once, kept once")
}

harness::both!(a_paper_handed_in_once_is_ticked_and_not_uploaded, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let who = town.firm().await;
    town.file(&who, "first", STICKER, town.trip(&who).await).await.unwrap();
    let kept = contract(&town).await;
    assert_eq!(kept.grade, Grade::Uploaded, "nobody has looked at it yet");
    let mut answers = town.trip(&who).await;
    answers.shift_remove("contract_file");
    let mut browser = firm(&town).await;
    let base = begun(&town, &mut browser, answers).await;
    let path = format!("{base}/contract");
    let page = browser.get(&path).await;
    let day = page::format::date(Lang::ZhCn, clock::legal_date(kept.at));
    assert!(page.html.contains(&day) && page.html.contains("您上传的，待核对"), "{}", page.html);
    let bare = browser.get(&format!("{base}/check")).await;
    assert!(bare.html.contains(" disabled"), "it is offered, and not taken unless it is ticked");
    let id = kept.id.to_string();
    let said = [("contract_no", "JL-2"), ("promise", "yes"), ("_keep_shown", &id), ("keep", &id)];
    let done = fill(&mut browser, &path, &said).await;
    assert_eq!(done.to, format!("{base}/check"), "{}", done.html);
    let number = handed_in(&mut browser, &base).await;
    let view = town.view(&number, &Scope::from(&who)).await;
    let given = &view.case.materials.iter().find(|m| m.demand == "contract").unwrap().given;
    assert!(matches!(given, Given::Kept { proof, file: Some(_) } if *proof == kept.id), "{given:?}");
    assert!(!view.case.answers.contains_key("contract_file"), "nothing was uploaded again");
    let examiner = town.examiner().await;
    let row = town.inbox(&examiner).await.into_iter().find(|r| r.number == number).unwrap();
    town.judge(&examiner, row.task, OutcomeWord::Approve, "").await.unwrap();
    let now = contract(&town).await;
    assert_eq!(
        (now.id, now.grade),
        (kept.id, Grade::Uploaded),
        "approved on a screen is not seen in the original"
    );
    town.replay().await;
});

harness::both!(a_known_fact_that_is_wrong_does_not_stop_the_application, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let who = town.firm().await;
    let trip = town.trip(&who).await;
    let mut browser = firm(&town).await;
    let base = begun(&town, &mut browser, trip).await;
    let path = format!("{base}/dispute");
    let page = browser.get(&path).await;
    assert!(page.html.contains("organisation.name"), "{}", page.html);
    let csrf = page.csrf();
    let unknown = [("_csrf", csrf.as_str()), ("path", "organisation.colour"), ("claim", "红")];
    assert_eq!(browser.post(&path, &unknown).await.status.as_u16(), 422, "only what is known can be wrong");
    let claim = "江苏示范旅游客运有限公司（已更名）";
    let said = [("_csrf", csrf.as_str()), ("path", "organisation.name"), ("claim", claim)];
    let done = browser.post(&path, &said).await;
    assert!(done.status.is_redirection(), "{}", done.html);
    let number = handed_in(&mut browser, &base).await;
    let view = town.view(&number, &Scope::from(&who)).await;
    assert_eq!(view.case.state.word(), "accepted", "the case goes on");
    assert_eq!(view.case.answers["organisation_name"], claim, "with what the firm says");
    assert_eq!(view.case.disputes.len(), 1, "{:?}", view.case.disputes);
    let Staff::Supervisor(supervisor) = town.session("supervisor").await.staff().unwrap() else { panic!() };
    let (scope, open) =
        (Scope::from(&supervisor), WatchFilter { open: Some(true), ..WatchFilter::default() });
    let list = cases::watch_list(town.store(), &scope, Watch::Disputes, &open, None, 10).await.unwrap();
    assert_eq!(list.rows.len(), 1);
    assert_eq!((&list.rows[0].number, list.rows[0].reason.as_str()), (&number, claim));
    assert!(list.rows[0].outcome.is_none(), "nobody has looked at it yet");
    town.replay().await;
});
