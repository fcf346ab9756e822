//! What an agent does with cases: files in the principal's name within the mandate, and sees no more than that; on both databases.

use crate::common::{PROOF, ROOMS, STICKER, Town};
use cases::{Capacity, Scope};
use identity::mandate::{
    Answer, MandateId, Matters, Offer, Powers, Side, answer, find_agent, mandates_of, offer, uses_of,
};
use identity::{Applicant, Confirmed, ProfileKind, Session, Whom};
use kernel::{Failure, Lang, Outcome};

fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.code.into_owned(),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

async fn sure(town: &Town, account: &str) -> (Session, Confirmed) {
    let session = town.session(account).await;
    let sure = session.confirmed(town.house.ground.clock.now()).unwrap();
    (session, sure)
}

/// A mandate of the citizen to citizen2 for one item, accepted; and citizen2 acting under it.
async fn agent(town: &Town, item: &str, powers: Powers) -> (MandateId, Applicant) {
    let ((wang, wang_sure), (chen, chen_sure)) = (sure(town, "citizen").await, sure(town, "citizen2").await);
    let (wang, own) = (wang.applicant().unwrap(), chen.applicant().unwrap());
    let (agent, agent_name) =
        find_agent(town.store(), ProfileKind::Person, "999999197511220153", "陈建国").await.unwrap();
    let wanted = Offer {
        agent,
        agent_name,
        matters: Matters::Items([item.to_owned()].into()),
        powers,
        until: "2027-11-22".parse().unwrap(),
        hand_on: false,
        under: None,
        signed: true,
    };
    let ground = &town.house.ground;
    let id = store::command!(ground, Lang::ZhCn, wang.actor_ref(), |cx| {
        offer(&mut cx, &wang, &wang_sure, &wanted).await
    })
    .unwrap();
    store::command!(ground, Lang::ZhCn, own.actor_ref(), |cx| {
        answer(&mut cx, &own, &chen_sure, id, Answer::Accept).await
    })
    .unwrap();
    (id, chen.acting_for(town.store(), Whom::Under(id)).await.unwrap().applicant().unwrap())
}

harness::both!(an_agent_files_within_the_mandate_and_sees_no_more, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let wang = town.citizen().await;
    let published = catalog::find(town.store(), PROOF).await.unwrap().unwrap();
    let answers = || {
        let mut answers = published.item.examples[0].given.answers.clone();
        answers.retain(|id, _| published.item.form.field(id).is_some_and(|f| f.element.is_none()));
        answers
    };
    let own = town.file(&wang, "own", PROOF, answers()).await.unwrap();

    let (_, other) = agent(&town, "house-funds", Powers::Filing).await;
    assert_eq!(code(town.file(&other, "k", PROOF, answers()).await), "cases.outside-mandate");
    assert_eq!(
        code(cases::view(town.store(), &own.number, &Scope::from(&other)).await.map(|_| ())),
        "not-found"
    );
    assert!(cases::my_cases(town.store(), &other, None, 9).await.unwrap().rows.is_empty());

    let (id, agent) = agent(&town, PROOF, Powers::Filing).await;
    let seen = cases::my_cases(town.store(), &agent, None, 9).await.unwrap().rows;
    assert_eq!(seen.iter().map(|r| r.number.to_string()).collect::<Vec<_>>(), [own.number.to_string()]);
    let filed = town.file(&agent, "agent", PROOF, answers()).await.unwrap();
    let view = town.view(&filed.number, &Scope::from(&wang)).await;
    let party = &view.case.parties[0];
    assert_eq!(
        (party.subject, party.name.as_str(), party.capacity),
        (wang.subject(), "王秀英", Capacity::Agent)
    );
    let used = uses_of(town.store(), &wang, id, None, 9).await.unwrap();
    assert_eq!(used.len(), 1);
    assert_eq!((used[0].act.as_str(), used[0].about.as_str()), ("file", filed.number.to_string().as_str()));
    assert_eq!(used[0].person_name, "陈建国");

    let (session, sure) = sure(&town, "citizen").await;
    let principal = session.applicant().unwrap();
    store::command!(town.house.ground, Lang::ZhCn, principal.actor_ref(), |cx| {
        answer(&mut cx, &principal, &sure, id, Answer::Revoke).await
    })
    .unwrap();
    assert_eq!(code(town.file(&agent, "late", PROOF, answers()).await), "identity.mandate-ended");
    assert_eq!(
        town.view(&filed.number, &Scope::from(&wang)).await.case.parties.len(),
        1,
        "what was done stands"
    );
    town.replay().await;
});

harness::both!(a_clerk_of_an_agent_firm_files_for_its_principal, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (session, _) = sure(&town, "agent").await;
    let agency = town.session("agency").await.applicant().unwrap();
    let id = mandates_of(town.store(), &agency, Side::Held, None, 9).await.unwrap()[0].id;
    let clerk = session.acting_for(town.store(), Whom::Under(id)).await.unwrap().applicant().unwrap();
    let filed = town.file(&clerk, "a", STICKER, town.trip(&clerk).await).await.unwrap();
    let firm = town.firm().await;
    let seen = cases::my_cases(town.store(), &firm, None, 9).await.unwrap().rows;
    assert_eq!(seen[0].number.to_string(), filed.number.to_string(), "the principal has the case");
    let withdrawn = store::command!(town.house.ground, Lang::ZhCn, clerk.actor_ref(), |cx| {
        cases::withdraw(&mut cx, &town.house, &clerk, &filed.number, None).await.map(|_| ())
    });
    assert_eq!(code(withdrawn), "identity.mandate-powers", "ordinary powers do not reach so far");
    // In the agency's own name none of it is to be seen.
    let own = session.applicant().unwrap();
    assert!(cases::my_cases(town.store(), &own, None, 9).await.unwrap().rows.is_empty());
});
