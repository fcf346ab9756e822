//! A firm's branches: who manages the head office acts for them, and nobody else does; on both databases.
use crate::common::{Browser, ROOMS, dressed, house, seed, session, token};
use harness::{TestGround, both};
use identity::{Applicant, Branch, MemberRole, NewStaff, Whom, branches, remove_staff, set_staff};
use kernel::{Failure, Lang, OrganisationId, Outcome};
use store::command;

const LIUHE: &str = "南京金陵旅行客运有限公司六合分公司";
const CHEN: &str = "999999197511220153";

fn refused<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(Failure::Refused(no)) => no.code.into_owned(),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

async fn seen(t: &TestGround, who: &Applicant) -> Vec<Branch> {
    branches(&t.store, who, None, 50).await.unwrap()
}

async fn liuhe(t: &TestGround) -> OrganisationId {
    let head = session(t, "firm").await.applicant().unwrap();
    let all = seen(t, &head).await;
    all.iter().find(|b| b.name() == LIUHE).expect("a branch").id()
}

/// A browser in which the branch was chosen, with its token.
async fn chosen(t: &TestGround, account: &str, branch: OrganisationId) -> (Browser, String) {
    let house = house(t, "http://127.0.0.1:8080", true);
    let token = token(t, account).await;
    let app = dressed(identity::routes(house.clone()), &house);
    let mut b = Browser::new(app).with_cookie("yimen_session", &token);
    let done = b.submit("/acting", "/acting", &[("whom", &branch.to_string()), ("next", "/account")]).await;
    assert_eq!(done.to, "/account", "{}", done.html);
    (b, token)
}

both!(who_manages_the_head_office_acts_for_its_branches, ROOMS, |t| async move {
    seed(&t).await;
    let manager = session(&t, "firm").await;
    let head = manager.applicant().unwrap();
    let all = seen(&t, &head).await;
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(all.iter().all(|b| b.code_masked().contains('*')), "{all:?}");
    let first = branches(&t.store, &head, None, 1).await.unwrap();
    let rest = branches(&t.store, &head, Some(first[0].id()), 5).await.unwrap();
    assert_eq!([first, rest].concat(), all, "page after page by id");
    let branch = all.iter().find(|b| b.name() == LIUHE).expect("a branch");
    let there = manager.acting_for(&t.store, Whom::Firm(branch.id())).await.unwrap().applicant().unwrap();
    assert_eq!((there.subject(), there.manages()), (head.in_branch(branch).subject(), true));
    // Chosen for the session, it holds with the next request too.
    let (_, kept) = chosen(&t, "firm", branch.id()).await;
    let now = identity::session(&t.ground, &kept).await.unwrap().unwrap();
    assert_eq!(now.acting_name(), Some(LIUHE));
    assert!(seen(&t, &now.applicant().unwrap()).await.is_empty(), "a branch has none of its own");
});

both!(nobody_else_does, ROOMS, |t| async move {
    seed(&t).await;
    let branch = liuhe(&t).await;
    for account in ["firm2", "citizen", "agent"] {
        let other = session(&t, account).await;
        let tried = other.acting_for(&t.store, Whom::Firm(branch)).await.map(|_| ());
        assert_eq!(refused(tried), "identity.no-mandate", "{account}");
        assert!(seen(&t, &other.applicant().unwrap()).await.is_empty(), "{account}");
    }
});

both!(who_is_removed_at_the_head_office_is_out_of_the_branch, ROOMS, |t| async move {
    seed(&t).await;
    let branch = liuhe(&t).await;
    let manager = session(&t, "firm").await;
    let (head, sure) = (manager.applicant().unwrap(), manager.confirmed(t.ground.clock.now()).unwrap());
    let citizen = session(&t, "citizen2").await;
    let new = NewStaff {
        number: CHEN.to_owned(),
        name: citizen.person_name().to_owned(),
        role: MemberRole::Agent,
        until: None,
    };
    let mut set = new.clone();
    command!(t.ground, Lang::ZhCn, head.actor_ref(), |cx| set_staff(&mut cx, &head, &sure, &set).await)
        .unwrap();
    let tried = citizen.acting_for(&t.store, Whom::Firm(branch)).await.map(|_| ());
    assert_eq!(refused(tried), "identity.no-mandate", "an agent of the head office does not manage it");
    set.role = MemberRole::Administrator;
    command!(t.ground, Lang::ZhCn, head.actor_ref(), |cx| set_staff(&mut cx, &head, &sure, &set).await)
        .unwrap();
    let (_, kept) = chosen(&t, "citizen2", branch).await;
    let person = citizen.person();
    command!(t.ground, Lang::ZhCn, head.actor_ref(), |cx| remove_staff(&mut cx, &head, &sure, person).await)
        .unwrap();
    let after = identity::session(&t.ground, &kept).await.unwrap().unwrap();
    assert!(after.applicant().is_err(), "nothing is done for the branch any more");
});
