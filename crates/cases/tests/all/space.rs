//! What somebody finds in their own space over all of their cases: what waits for them, what reached them; and certificates that fall
//! while a case relies on them. On both databases.

use crate::common::{ROOMS, Town};
use crate::matters::{ask, code, confirm, file, number, sale};
use cases::model::Relied;
use cases::rules::OutstandingKind;
use cases::{ApplicantAct, CaseEvent, Given, Handler, MessageOf, OutcomeWord, Scope, StaffAct, Target};
use identity::Applicant;
use kernel::codes::CaseNumber;
use kernel::{ActorRef, Failure, Lang, Outcome};

async fn waits(town: &Town, who: &Applicant) -> Vec<(OutstandingKind, CaseNumber)> {
    let page = cases::outstanding(town.store(), who, None, 50).await.unwrap();
    page.rows.into_iter().map(|row| (row.kind, row.case.number)).collect()
}

harness::both!(a_word_that_is_asked_for_waits_until_it_is_given, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (seller, buyer) = (town.applicant("seller").await, town.applicant("buyer").await);
    let filed = file(&town, &seller, "sale", sale(&town, &seller).await).await;
    assert_eq!(waits(&town, &seller).await, [], "who has applied waits for others");
    let asked = waits(&town, &buyer).await;
    assert!(!asked.is_empty() && asked.iter().all(|(kind, _)| *kind == OutstandingKind::Confirmation));
    let due: Vec<_> = cases::outstanding(town.store(), &buyer, None, 50)
        .await
        .unwrap()
        .rows
        .iter()
        .map(|r| r.due_at)
        .collect();
    assert!(due.iter().all(Option::is_some) && due.is_sorted(), "{due:?}");
    // Page after page by key, each once.
    let (mut paged, mut cursor) = (Vec::new(), None);
    loop {
        let page = cases::outstanding(town.store(), &buyer, cursor.as_deref(), 1).await.unwrap();
        paged.extend(page.rows.into_iter().map(|row| (row.kind, row.case.number)));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(paged, asked);
    let wrong = cases::outstanding(town.store(), &buyer, Some("x.y"), 1).await;
    assert_eq!(code(wrong.unwrap_err()), "cases.no-place");
    confirm(&town, &buyer, &filed).await;
    assert_eq!(waits(&town, &buyer).await, []);
    town.replay().await;
});

harness::both!(what_is_to_be_supplied_waits_with_its_last_day, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (firm, examiner) = (town.firm().await, town.examiner().await);
    let answers = town.trip(&firm).await;
    let filed = town.file(&firm, "one", crate::common::STICKER, answers).await.unwrap();
    town.settle().await;
    let task = town.inbox(&examiner).await.into_iter().find(|row| row.number == filed.number);
    let Some(task) = task else { panic!("nobody examines {}", filed.number) };
    town.judge(&examiner, task.task, OutcomeWord::Supplement, "补正").await.unwrap();
    assert_eq!(waits(&town, &firm).await, [(OutstandingKind::Supplement, filed.number.clone())]);
    let row = cases::outstanding(town.store(), &firm, None, 5).await.unwrap().rows.remove(0);
    let view = town.view(&filed.number, &Scope::from(&firm)).await;
    let due = view.case.running(&procedure::TermKind::Supplement).map(|t| t.due.at);
    assert_eq!(row.due_at, due, "its last day, where the law sets one");
    let back = ApplicantAct::Withdraw { reason: None };
    ask(&town, &firm, &filed.number, back).await.unwrap();
    assert_eq!(waits(&town, &firm).await, [], "nothing waits in a case that is over");
    town.replay().await;
});

harness::both!(notices_and_messages_of_all_cases_stand_in_one_list, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (firm, examiner) = (town.firm().await, town.examiner().await);
    let answers = town.trip(&firm).await;
    let filed = town.file(&firm, "one", crate::common::STICKER, answers).await.unwrap();
    town.settle().await;
    let list = || async { cases::messages(town.store(), &firm, None, 50).await.unwrap().rows };
    let first = list().await;
    assert!(!first.is_empty() && first.iter().all(|m| m.read_at.is_none() && !m.title.zh.is_empty()));
    let MessageOf::Notice(id) = first[0].of.clone() else { panic!("{first:?}") };
    assert_eq!(cases::unread(town.store(), &firm).await.unwrap(), i64::try_from(first.len()).unwrap());
    let handler = Handler::from(&examiner);
    store::command!(town.house.ground, Lang::ZhCn, handler.actor_ref(), |cx| {
        cases::say(&mut cx, &handler, &filed.number, "请确认车牌。").await
    })
    .unwrap();
    store::command!(town.house.ground, Lang::ZhCn, handler.actor_ref(), |cx| {
        cases::note(&mut cx, &handler, &filed.number, "内部备注").await
    })
    .unwrap();
    let said = list().await;
    assert_eq!(said.len(), first.len() + 1, "a note among staff reaches nobody: {said:?}");
    assert_eq!(said[0].of, MessageOf::Talk, "the latest first");
    let stranger = town.citizen().await;
    assert!(cases::messages(town.store(), &stranger, None, 50).await.unwrap().rows.is_empty());
    let notice = id.parse().unwrap();
    let denied: Outcome<()> = store::command!(town.house.ground, Lang::ZhCn, stranger.actor_ref(), |cx| {
        cases::read_notice(&mut cx, &stranger, &filed.number, notice).await
    });
    assert!(matches!(denied, Err(Failure::Refused(_))));
    store::command!(town.house.ground, Lang::ZhCn, firm.actor_ref(), |cx| {
        cases::read_notice(&mut cx, &firm, &filed.number, notice).await
    })
    .unwrap();
    store::command!(town.house.ground, Lang::ZhCn, firm.actor_ref(), |cx| {
        cases::read_talk(&mut cx, &firm, &filed.number, 1).await
    })
    .unwrap();
    let read = list().await;
    let open: Vec<_> = read.iter().filter(|m| m.read_at.is_none()).collect();
    assert_eq!(open.len(), first.len() - 1, "{read:?}");
    assert_eq!(cases::unread(town.store(), &firm).await.unwrap(), i64::try_from(open.len()).unwrap());
});

harness::both!(consent_to_electronic_service_is_taken_back, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let firm = town.firm().await;
    let answers = town.trip(&firm).await;
    let filed = town.file(&firm, "one", crate::common::STICKER, answers).await.unwrap();
    let view = town.view(&filed.number, &Scope::from(&firm)).await;
    let subject = format!("case:{}", view.case.id);
    let stands = || async {
        let now = town.t.ground.clock.now();
        let found = procedure::consented(town.store(), &subject, firm.subject(), now).await.unwrap();
        found.is_some_and(|c| c.withdrawn_at.is_none())
    };
    assert!(stands().await && !view.case.wants_paper(firm.subject()));
    ask(&town, &firm, &filed.number, ApplicantAct::WantPaper).await.unwrap();
    assert!(!stands().await);
    let view = town.view(&filed.number, &Scope::from(&firm)).await;
    assert!(view.case.wants_paper(firm.subject()), "and it stands in the trace: {:?}", view.case.parties);
    let again = ask(&town, &firm, &filed.number, ApplicantAct::WantPaper).await;
    assert_eq!(code(again.unwrap_err()), "cases.paper-already");
    town.replay().await;
});

/// These examiners do what lies with them, until nothing does.
async fn approve(town: &Town, accounts: &[&str]) {
    loop {
        town.settle().await;
        let mut idle = true;
        for account in accounts {
            let examiner = town.session(account).await.examiner().unwrap();
            let Some(row) = town.inbox(&examiner).await.into_iter().next() else { continue };
            sign(town, account, Target::Task(row.task), None).await.unwrap();
            idle = false;
        }
        if idle {
            return;
        }
    }
}

async fn sign(
    town: &Town,
    account: &str,
    target: Target,
    reason: Option<&str>,
) -> Outcome<cases::OutcomeDone> {
    let handler = Handler::from(&town.session(account).await.examiner().unwrap());
    let act = StaffAct::Approve { reason: reason.map(str::to_owned), amount: None, deviation: None };
    store::command!(town.house.ground, Lang::ZhCn, handler.actor_ref(), |cx| {
        cases::act(&mut cx, &town.house, &handler, target.clone(), act.clone(), None).await
    })
}

/// The registration's one open task, once everything before its last step is done.
async fn last_task(town: &Town, number: &CaseNumber) -> cases::TaskId {
    let land = town.session("land").await.examiner().unwrap();
    loop {
        town.settle().await;
        let row = town.inbox(&land).await.into_iter().find(|row| row.number == *number).expect("a task");
        let case = town.view(number, &Scope::program()).await.case;
        if case.steps.iter().filter(|step| !step.passed()).count() == 1 {
            return row.task;
        }
        sign(town, "land", Target::Task(row.task), None).await.unwrap();
    }
}

async fn change(town: &Town, id: cases::CertificateId, act: certificates::Act) {
    let done: Outcome<certificates::State> =
        store::command!(town.house.ground, Lang::ZhCn, ActorRef::system(), |cx| {
            certificates::act(&mut cx, id, act.clone()).await
        });
    done.unwrap();
}

async fn known(town: &Town, number: &CaseNumber) -> Vec<Relied> {
    town.view(number, &Scope::program()).await.case.relied
}

harness::both!(a_certificate_that_falls_is_told_and_weighed, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (seller, buyer) = (town.applicant("seller").await, town.applicant("buyer").await);
    let filed = file(&town, &seller, "sale", sale(&town, &seller).await).await;
    confirm(&town, &buyer, &filed).await;
    approve(&town, &["housing-clerk", "tax-nj", "police", "marriage"]).await;
    let registration = number(&filed, "登记").clone();
    let task = last_task(&town, &registration).await;
    let case = town.view(&registration, &Scope::program()).await.case;
    let relies: Vec<cases::CertificateId> = case
        .materials
        .iter()
        .filter_map(|m| match &m.given {
            Given::Certificate(id) => Some(*id),
            _ => None,
        })
        .collect();
    assert!(!relies.is_empty() && case.state.decision().is_none(), "{:?}", case.state);
    let suspend =
        || certificates::Act::Suspend(certificates::Why::new(certificates::Ground::Penalty, "核查中"));
    let restore =
        || certificates::Act::Restore(certificates::Why::new(certificates::Ground::SuspensionLifted, "查清"));
    change(&town, relies[0], suspend()).await;
    // The news has not come yet, and still nothing is granted on it.
    let early = sign(&town, "land", Target::Task(task), Some("已看过")).await;
    assert_eq!(code(early.unwrap_err()), "cases.relied-fell");
    town.settle().await;
    let told = known(&town, &registration).await;
    assert!(
        matches!(&told[..], [Relied { stands: false, weighed: false, state, .. }] if state == "suspended")
    );
    let silent = sign(&town, "land", Target::Task(task), None).await;
    assert_eq!(code(silent.unwrap_err()), "cases.relied-fell");
    change(&town, relies[0], restore()).await;
    town.settle().await;
    assert!(matches!(&known(&town, &registration).await[..], [Relied { stands: true, .. }]));
    change(&town, relies[0], suspend()).await;
    town.settle().await;
    sign(&town, "land", Target::Task(task), Some("原件已当场核对，交易确认的事实不受影响")).await.unwrap();
    town.settle().await;
    let view = town.view(&registration, &Scope::program()).await;
    assert!(view.case.state.decision().is_some_and(|d| d.approved()), "{:?}", view.case.state);
    let news = view.events.iter().filter(|e| matches!(e.event, CaseEvent::ReliedChanged(_))).count();
    assert_eq!(news, 3, "fell, stood again, fell: each once");
    town.replay().await;
});
