//! A small town with its accounts, and papers to hand in.
#![allow(dead_code, reason = "each test file uses its part")]

use harness::TestGround;
use identity::{Applicant, Clerk, Session, SessionKind, Settings};
use kernel::{ActorRef, FileId, Lang, Outcome, SubjectId, Text};
use proofs::{Grade, NewProof, ProofId, Use};
use store::files::{Limits, Upload, keep_loose};
use store::{Ground, Migrations, command};

pub const ROOMS: &[Migrations] = &[trace::MIGRATIONS, identity::MIGRATIONS, proofs::MIGRATIONS];
const CITY: &str = include_str!("../../../../packs/demo/city.yaml");

pub async fn settle(t: &TestGround) {
    identity::configure(Settings::cheap());
    identity::seed_demo(&t.ground, CITY).await.unwrap();
}

pub async fn token(ground: &Ground, account: &str) -> String {
    identity::sign_in(ground, account, identity::DEMO_PASSWORD, SessionKind::Cookie).await.unwrap().token
}

async fn session(ground: &Ground, account: &str) -> Session {
    let token = token(ground, account).await;
    identity::session(ground, &token).await.unwrap().unwrap()
}

pub async fn applicant(t: &TestGround, account: &str) -> Applicant {
    session(&t.ground, account).await.applicant().unwrap()
}

pub async fn clerk(t: &TestGround) -> Clerk {
    session(&t.ground, "clerk").await.clerk().unwrap()
}

/// A small PDF that says `text`; different texts are different papers.
pub fn pdf(text: &str) -> Vec<u8> {
    format!("%PDF-1.7\n% {text}\nstartxref\n9\n%%EOF\n").into_bytes()
}

/// Uploads a file as `who` would, before anything uses it.
pub async fn upload(ground: &Ground, who: &Applicant, name: &str, bytes: Vec<u8>) -> FileId {
    let actor = who.actor_ref();
    let upload = Upload { name: name.to_owned(), bytes: bytes.into() };
    command!(ground, Lang::ZhCn, actor, |cx| keep_loose(&mut cx, upload.clone(), &Limits::default()).await)
        .unwrap()
        .id
}

pub fn used(case: &str) -> Use {
    Use { case: case.to_owned(), demand: "card".to_owned(), item: Text::new("存量房交易", "House sale") }
}

pub fn card(subject: SubjectId, files: &[FileId], case: &str) -> NewProof {
    NewProof {
        subject,
        kind: "citizen-card".to_owned(),
        holder: "applicant".to_owned(),
        name: Text::new("居民身份证", "Citizen card"),
        grade: Grade::Uploaded,
        purpose: Text::new("办理存量房交易确认", "Confirming the sale of a house"),
        uses: vec![used(case)],
        files: files.to_vec(),
        issued: None,
        valid_until: None,
        kept_by_law: None,
    }
}

pub async fn keep(ground: &Ground, new: NewProof) -> Outcome<ProofId> {
    let actor = ActorRef::system();
    command!(ground, Lang::ZhCn, actor, |cx| proofs::keep(&mut cx, new.clone()).await)
}
