//! A paper's life: handed in, found, used, compared, replaced, withdrawn; twice at once; on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use common::{ROOMS, applicant, card, clerk, keep, pdf, settle, upload, used};
use harness::TestGround;
use identity::Applicant;
use jiff::civil::date;
use kernel::{ActorRef, AgencyCode, Failure, Lang, Outcome, Text};
use proofs::{Compared, Grade, NewProof, Proof, ProofEvent, ProofId, State, Use};
use store::{Ground, command};

const TODAY: jiff::civil::Date = date(2026, 11, 22);

async fn raise(ground: &Ground, case: &str) -> Outcome<usize> {
    let (actor, by) = (ActorRef::system(), AgencyCode::parse("nanjing.housing").unwrap());
    command!(ground, Lang::ZhCn, actor, |cx| proofs::raise(
        &mut cx,
        case,
        &["card", "other"],
        Grade::Checked,
        &by
    )
    .await)
}

async fn reuse(t: &TestGround, who: &Applicant, id: ProofId, case: &str) -> Outcome<Proof> {
    let (actor, uses) = (who.actor_ref(), [used(case)]);
    command!(t.ground, Lang::ZhCn, actor, |cx| proofs::use_again(&mut cx, who, id, &uses).await)
}

async fn withdraw(t: &TestGround, who: &Applicant, id: ProofId) -> Outcome<()> {
    let actor = who.actor_ref();
    command!(t.ground, Lang::ZhCn, actor, |cx| proofs::withdraw(&mut cx, who, id).await)
}

fn code<T: std::fmt::Debug>(refused: Outcome<T>) -> String {
    match refused.unwrap_err() {
        Failure::Refused(refusal) => refusal.code.into_owned(),
        Failure::Fault(fault) => panic!("{fault}"),
    }
}

async fn kinds(t: &TestGround, id: ProofId) -> Vec<&'static str> {
    let (_, events) = trace::history::<ProofEvent>(&t.store, &proofs::subject(id)).await.unwrap();
    events.iter().map(|e| trace::Event::kind(&e.event)).collect()
}

async fn found(t: &TestGround, who: &Applicant) -> Vec<(ProofId, Grade)> {
    let all = proofs::find(&t.store, who.subject(), TODAY).await.unwrap();
    all.iter().map(|p| (p.id, p.grade)).collect()
}

harness::both!(a_paper_is_handed_in_once, ROOMS, |t| async move {
    settle(&t).await;
    let who = applicant(&t, "citizen").await;
    let file = upload(&t.ground, &who, "身份证.pdf", pdf("front")).await;
    let mut new = card(who.subject(), &[file], "CASE-1");
    new.uses.push(Use { demand: "seller-card".into(), ..used("CASE-2") });
    let id = keep(&t.ground, new).await.unwrap();
    // the next case finds it with its date and grade, and uses it
    let offered = proofs::find(&t.store, who.subject(), TODAY).await.unwrap();
    let [one] = &offered[..] else { panic!("{offered:?}") };
    assert_eq!(
        (one.id, one.grade, one.name.zh.as_str(), &one.files[..]),
        (id, Grade::Uploaded, "居民身份证", &[file][..])
    );
    assert_eq!(reuse(&t, &who, id, "CASE-3").await.unwrap().files, [file]);
    // the same pages uploaded again are the same proof
    let again = upload(&t.ground, &who, "IMG_1.pdf", pdf("front")).await;
    assert_eq!(keep(&t.ground, card(who.subject(), &[again], "CASE-4")).await.unwrap(), id);
    let uses = proofs::uses(&t.store, id, 9).await.unwrap();
    let cases: Vec<_> = uses.iter().map(|u| u.what.case.as_str()).collect();
    assert_eq!(cases, ["CASE-1", "CASE-2", "CASE-3", "CASE-4"]);
    assert_eq!(kinds(&t, id).await, ["kept", "used_again", "used_again"]);
    // an examiner of any of these cases compares it: C becomes B, once
    assert_eq!(raise(&t.ground, "CASE-3").await.unwrap(), 1);
    assert_eq!(raise(&t.ground, "CASE-1").await.unwrap(), 0);
    assert_eq!(raise(&t.ground, "CASE-2").await.unwrap(), 0, "that case knows it by another name");
    let kept = proofs::get(&t.store, id).await.unwrap().unwrap();
    assert_eq!((kept.grade, kept.checked.unwrap().by.as_str()), (Grade::Checked, "nanjing.housing"));
    // nobody else's
    let other = applicant(&t, "citizen2").await;
    assert!(found(&t, &other).await.is_empty());
    assert_eq!(code(reuse(&t, &other, id, "CASE-9").await), "not-found");
    assert_eq!(code(withdraw(&t, &other, id).await), "not-found");
});

harness::both!(a_newer_one_takes_its_place, ROOMS, |t| async move {
    settle(&t).await;
    let who = applicant(&t, "citizen").await;
    let first = upload(&t.ground, &who, "a.pdf", pdf("2025")).await;
    let old = keep(&t.ground, card(who.subject(), &[first], "CASE-1")).await.unwrap();
    raise(&t.ground, "CASE-1").await.unwrap();
    // an upload does not push aside what was compared; both stay, the better one is offered
    let second = upload(&t.ground, &who, "b.pdf", pdf("2026")).await;
    let new = keep(&t.ground, card(who.subject(), &[second], "CASE-2")).await.unwrap();
    assert_eq!(found(&t, &who).await, [(old, Grade::Checked)]);
    // until it is compared itself
    raise(&t.ground, "CASE-2").await.unwrap();
    assert_eq!(found(&t, &who).await, [(new, Grade::Checked)]);
    let replaced = proofs::get(&t.store, old).await.unwrap().unwrap();
    assert_eq!((replaced.state, replaced.replaced_by), (State::Replaced, Some(new)));
    assert_eq!(kinds(&t, old).await, ["kept", "raised", "replaced"]);
    assert_eq!(code(reuse(&t, &who, old, "CASE-3").await), "proofs.replaced");
    // what is past its day is not offered, and gives way to anything
    let third = upload(&t.ground, &who, "c.pdf", pdf("household")).await;
    let mut ageing = card(who.subject(), &[third], "CASE-3");
    ageing.kind = "household-register".into();
    ageing.valid_until = Some(date(2026, 11, 21));
    let expired = keep(&t.ground, ageing.clone()).await.unwrap();
    assert_eq!(found(&t, &who).await, [(new, Grade::Checked)]);
    assert_eq!(code(reuse(&t, &who, expired, "CASE-4").await), "proofs.expired");
    ageing.files = vec![upload(&t.ground, &who, "d.pdf", pdf("household 2")).await];
    ageing.grade = Grade::Declared;
    ageing.valid_until = Some(TODAY);
    let declared = keep(&t.ground, ageing).await.unwrap();
    assert!(found(&t, &who).await.contains(&(declared, Grade::Declared)));
    let listed = proofs::list(&t.store, who.subject(), None, 2).await.unwrap();
    let rest = proofs::list(&t.store, who.subject(), Some(&listed[1].cursor()), 9).await.unwrap();
    assert_eq!((listed.len(), rest.len()), (2, 2), "the drawer shows old ones too, page by page");
});

harness::both!(its_holder_takes_it_back, ROOMS, |t| async move {
    settle(&t).await;
    let who = applicant(&t, "citizen").await;
    let file = upload(&t.ground, &who, "a.pdf", pdf("a")).await;
    let id = keep(&t.ground, card(who.subject(), &[file], "CASE-1")).await.unwrap();
    withdraw(&t, &who, id).await.unwrap();
    assert!(found(&t, &who).await.is_empty());
    assert_eq!(code(withdraw(&t, &who, id).await), "not-found");
    assert_eq!(code(reuse(&t, &who, id, "CASE-2").await), "not-found");
    let gone = proofs::get(&t.store, id).await.unwrap().unwrap();
    assert!(gone.files.is_empty() && gone.name.zh.is_empty(), "what it was about is forgotten");
    assert_eq!(raise(&t.ground, "CASE-1").await.unwrap(), 0);
    assert!(
        store::files::info(&t.store, file).await.unwrap().is_some(),
        "the case's file stays with the case"
    );
    // handed in again it is a new one
    let again = keep(&t.ground, card(who.subject(), &[file], "CASE-2")).await.unwrap();
    assert_ne!(again, id);
    let mut lawful = card(who.subject(), &[file], "CASE-3");
    lawful.kind = "deed".into();
    lawful.kept_by_law =
        Some(Text::new("《不动产登记暂行条例》第九条", "Real Estate Registration Regulation art. 9"));
    let kept = keep(&t.ground, lawful).await.unwrap();
    assert_eq!(code(withdraw(&t, &who, kept).await), "proofs.kept-by-law");
});

harness::both!(two_hand_in_at_once, ROOMS, |t| async move {
    settle(&t).await;
    let who = applicant(&t, "citizen").await;
    let far = t.second(2).await;
    let one = upload(&t.ground, &who, "a.pdf", pdf("a")).await;
    let two = upload(&far, &who, "b.pdf", pdf("b")).await;
    let (first, second) = tokio::join!(
        keep(&t.ground, card(who.subject(), &[one], "CASE-1")),
        keep(&far, card(who.subject(), &[two], "CASE-2"))
    );
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_ne!(first, second);
    let offered = found(&t, &who).await;
    assert_eq!(offered.len(), 1, "one of them stands in the other's place");
    // two examiners raise the same one at once: it happens once
    let case = if offered[0].0 == first { "CASE-1" } else { "CASE-2" };
    let (a, b) = tokio::join!(raise(&t.ground, case), raise(&far, case));
    assert_eq!(a.unwrap() + b.unwrap(), 1);
    assert_eq!(found(&t, &who).await, [(offered[0].0, Grade::Checked)]);
});

harness::both!(a_clerk_finds_papers_by_number_and_is_seen, ROOMS, |t| async move {
    settle(&t).await;
    let (who, clerk) = (applicant(&t, "citizen").await, clerk(&t).await);
    let file = upload(&t.ground, &who, "a.pdf", pdf("a")).await;
    let id = keep(&t.ground, card(who.subject(), &[file], "CASE-1")).await.unwrap();
    let purpose = trace::Purpose::in_case("accept", "CASE-2");
    let found = proofs::find_by_citizen_id(&t.ground, &clerk, NUMBER, &purpose).await.unwrap();
    assert_eq!(found.iter().map(|p| p.id).collect::<Vec<_>>(), [id]);
    let looks = trace::looks_of(&t.store, who.person(), None, 9).await.unwrap();
    let [look] = &looks[..] else { panic!("{looks:?}") };
    assert_eq!((look.fields[0].as_str(), look.purpose.case.as_deref()), ("proofs", Some("CASE-2")));
    assert_eq!(look.actor.account, Some(clerk.account()));
    let nobody = proofs::find_by_citizen_id(&t.ground, &clerk, "999999199001019999", &purpose).await;
    assert_eq!(code(nobody), "proofs.nobody");
});

/// The number of the account `citizen` of the demonstration.
const NUMBER: &str = "999999198603121026";

harness::both!(a_look_at_the_screen_is_not_the_original, ROOMS, |t| async move {
    settle(&t).await;
    let who = applicant(&t, "citizen").await;
    let file = upload(&t.ground, &who, "a.pdf", pdf("a")).await;
    let id = keep(&t.ground, card(who.subject(), &[file], "CASE-1")).await.unwrap();
    let look = async |how: Compared| {
        let (actor, by) = (ActorRef::system(), AgencyCode::parse("nanjing.housing").unwrap());
        command!(t.ground, Lang::ZhCn, actor, |cx| {
            proofs::compared(&mut cx, "CASE-1", &["card"], how, &by).await
        })
        .unwrap()
    };
    assert_eq!((look(Compared::OnScreen).await, look(Compared::OnScreen).await), (1, 0), "noted once");
    assert_eq!(found(&t, &who).await, [(id, Grade::Uploaded)], "it stays an upload");
    assert_eq!((look(Compared::Original).await, look(Compared::Original).await), (1, 0));
    let kept = proofs::get(&t.store, id).await.unwrap().unwrap();
    assert_eq!((kept.grade, kept.checked.unwrap().how), (Grade::Checked, Some(Compared::Original)));
    assert_eq!(look(Compared::OnScreen).await, 0, "a look takes nothing away");
    assert_eq!(kinds(&t, id).await, ["kept", "looked", "raised"]);
});

harness::both!(each_house_has_its_own_deed, ROOMS, |t| async move {
    settle(&t).await;
    let who = applicant(&t, "citizen").await;
    let deed = async |text: &str, title: Option<&str>, case: &str| {
        let file = upload(&t.ground, &who, "证.pdf", pdf(text)).await;
        let new = NewProof {
            issued: None,
            kind: "title-certificate".to_owned(),
            holder: "dwelling".to_owned(),
            ..card(who.subject(), &[file], case)
        };
        let actor = ActorRef::system();
        command!(t.ground, Lang::ZhCn, actor, |cx| proofs::keep_about(&mut cx, new.clone(), title).await)
            .unwrap()
    };
    let (first, second) = ("苏（2019）宁鼓不动产权第0001号", "苏（2021）宁玄不动产权第0002号");
    let one = deed("one", Some(first), "CASE-1").await;
    let two = deed("two", Some(second), "CASE-2").await;
    let bare = deed("which", None, "CASE-3").await;
    let all = proofs::find(&t.store, who.subject(), TODAY).await.unwrap();
    assert_eq!(all.len(), 3, "none stands in another's place: {all:?}");
    let fitting = |thing: Option<&str>| {
        let fits = all.iter().filter(|p| p.fits(t.store.sealer(), thing));
        fits.map(|p| p.id).collect::<Vec<_>>()
    };
    assert_eq!(fitting(Some(first)), [one]);
    assert_eq!(fitting(Some(" 苏（2021）宁玄不动产权第 0002 号")), [two], "spaces do not matter");
    assert!(fitting(Some("苏（2022）宁玄不动产权第0003号")).is_empty(), "no other house has it offered");
    assert_eq!(fitting(None), [bare]);
    let newer = deed("one, renewed", Some(first), "CASE-4").await;
    let old = proofs::get(&t.store, one).await.unwrap().unwrap();
    assert_eq!((old.state, old.replaced_by), (State::Replaced, Some(newer)));
    withdraw(&t, &who, newer).await.unwrap();
    let gone = proofs::get(&t.store, newer).await.unwrap().unwrap();
    assert!(gone.fits(t.store.sealer(), None), "which house it was about is forgotten");
});

harness::both!(what_one_case_keeps_by_law_is_kept, ROOMS, |t| async move {
    settle(&t).await;
    let who = applicant(&t, "citizen").await;
    let file = upload(&t.ground, &who, "a.pdf", pdf("a")).await;
    let id = keep(&t.ground, card(who.subject(), &[file], "CASE-1")).await.unwrap();
    let mut lawful = card(who.subject(), &[file], "CASE-2");
    lawful.kept_by_law =
        Some(Text::new("《不动产登记暂行条例》第九条", "Real Estate Registration Regulation art. 9"));
    assert_eq!(keep(&t.ground, lawful.clone()).await.unwrap(), id);
    assert_eq!(code(withdraw(&t, &who, id).await), "proofs.kept-by-law");
    assert_eq!(keep(&t.ground, lawful).await.unwrap(), id);
    assert_eq!(kinds(&t, id).await, ["kept", "used_again", "bound_by_law", "used_again"], "said once");
});

harness::both!(a_clerk_uses_a_paper_for_whoever_stands_there, ROOMS, |t| async move {
    settle(&t).await;
    let (who, other) = (applicant(&t, "citizen").await, applicant(&t, "citizen2").await);
    let file = upload(&t.ground, &who, "a.pdf", pdf("a")).await;
    let id = keep(&t.ground, card(who.subject(), &[file], "CASE-1")).await.unwrap();
    let used_for = async |subject: kernel::SubjectId, case: &str| {
        let (actor, uses) = (ActorRef::system(), [used(case)]);
        command!(t.ground, Lang::ZhCn, actor, |cx| proofs::use_again_for(&mut cx, subject, id, &uses).await)
    };
    assert_eq!(code(used_for(other.subject(), "CASE-2").await), "not-found");
    assert_eq!(used_for(who.subject(), "CASE-2").await.unwrap().id, id);
    assert_eq!(proofs::uses(&t.store, id, 9).await.unwrap().len(), 2);
});
