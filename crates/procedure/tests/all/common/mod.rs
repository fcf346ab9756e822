//! The demonstration city with its seals, and notices about one case.
#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test file uses its part"
)]

use harness::{Migrations, TestGround};
use identity::{Operator, Session, SessionKind, Settings};
use kernel::{ActorRef, AgencyCode, Failure, Lang, Outcome, Text, Timestamp};
use procedure::{
    Frame, MIGRATIONS, NewNotice, NoticeContent, NoticeId, NoticeKind, Seal, SealKind, issue_notice, seal,
};
use store::command;

pub const ROOMS: &[Migrations] = &[trace::MIGRATIONS, identity::MIGRATIONS, MIGRATIONS];
const CITY: &str = include_str!("../../../../../packs/demo/city.yaml");
pub const CASE: &str = "case:019aa000-0000-7000-8000-000000000001";
pub const NUMBER: &str = "11320100012947ABCD3320180001000202611220001";

pub struct City {
    pub examiner: ActorRef,
    pub other: ActorRef,
    pub clerk: ActorRef,
    pub operator: Operator,
}

pub async fn session(t: &TestGround, account: &str) -> Session {
    let signed = identity::sign_in(&t.ground, account, identity::DEMO_PASSWORD, SessionKind::Cookie).await;
    identity::session(&t.ground, &signed.unwrap().token).await.unwrap().unwrap()
}

pub async fn city(t: &TestGround) -> City {
    identity::configure(Settings::cheap());
    identity::seed_demo(&t.ground, CITY).await.unwrap();
    procedure::seed_demo_seals(&t.ground).await.unwrap();
    City {
        examiner: session(t, "examiner").await.examiner().unwrap().actor_ref(),
        other: session(t, "examiner2").await.examiner().unwrap().actor_ref(),
        clerk: session(t, "clerk").await.clerk().unwrap().actor_ref(),
        operator: session(t, "operator").await.operator().unwrap(),
    }
}

pub fn agency(code: &str) -> AgencyCode {
    AgencyCode::parse(code).unwrap()
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn new(kind: NoticeKind, frame: Frame) -> NewNotice {
    NewNotice {
        kind,
        frame,
        subject: CASE.to_owned(),
        reference: NUMBER.to_owned(),
        agency: agency("nanjing.transport.passenger"),
        agency_name: Text::new("南京市交通运输局客运管理处", "Passenger Division"),
        addressee: "王䶮".to_owned(),
        content: NoticeContent {
            item: Text::new("旅游包车标贴核发", "Charter-bus sticker"),
            reasons: vec![Text::new("车辆检验已过期。", "The vehicle's inspection has expired.")],
            demands: vec![("道路运输证".to_owned(), "照片不清楚，请重拍".to_owned())],
            ..NoticeContent::default()
        },
        at: at("2026-11-22T02:00:00Z"),
        auto: false,
    }
}

pub async fn issue(t: &TestGround, who: &ActorRef, new: NewNotice) -> Outcome<NoticeId> {
    command!(t.ground, Lang::ZhCn, who, |cx| issue_notice(&mut cx, new.clone()).await)
}

pub fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.code.into_owned(),
        other => panic!("expected a refusal, found {other:?}"),
    }
}

pub async fn the_seal(t: &TestGround, of: &str, kind: SealKind) -> Seal {
    let seals = seal::of_agency(&t.ground.store, &agency(of)).await.unwrap();
    seals.into_iter().find(|s| s.kind == kind).unwrap()
}
