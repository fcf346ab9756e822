//! Secrets: sealed in the database, found by blind index, opened only with a look.
use crate::common::{CITY, ROOMS, seed, session};
use harness::both;
use kernel::codes::{CitizenId, CreditCode};
use kernel::{Lang, SubjectId};
use std::path::Path;
use store::{Value, command, params};
use trace::Purpose;

/// Every number of the city that is a secret of a person.
fn planted() -> Vec<String> {
    let quoted = CITY.split('"').skip(1).step_by(2);
    let mut all: Vec<String> = quoted
        .filter(|q| q.parse::<CitizenId>().is_ok() || (q.len() == 11 && q.starts_with("139")))
        .map(str::to_owned)
        .collect();
    all.sort();
    all.dedup();
    assert!(all.len() > 30, "{}", all.len());
    all
}

fn search(folder: &Path, planted: &[String], files: &mut usize) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(&path, planted, files);
        } else {
            *files += 1;
            let bytes = std::fs::read(&path).unwrap();
            for secret in planted {
                let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
                assert!(!found, "{secret} stands in {}", path.display());
            }
        }
    }
}

both!(no_planted_number_stands_in_the_database, ROOMS, |t| async move {
    seed(&t).await;
    let applicant = session(&t, "citizen").await.applicant().unwrap();
    command!(t.ground, Lang::ZhCn, applicant.actor_ref(), |cx| {
        identity::known_facts(&mut cx, applicant.subject(), applicant.person(), &Purpose::new("prefill"))
            .await
    })
    .unwrap();
    let planted = planted();
    let mut files = 0;
    search(&t.data, &planted, &mut files);
    assert!(files > 0);
    for table in ["person", "document", "organisation", "account", "session", "lockout"] {
        let rows: Vec<AllColumns> =
            t.store.rows(&format!("SELECT * FROM identity_{table}"), params![]).await.unwrap();
        for value in rows.into_iter().flat_map(|r| r.0) {
            let bytes = match value {
                Value::Text(text) => text.into_bytes(),
                Value::Bytes(bytes) => bytes,
                Value::Int(_) | Value::Null => continue,
            };
            assert!(planted.iter().all(|p| !bytes.windows(p.len()).any(|w| w == p.as_bytes())), "{table}");
        }
    }
});

struct AllColumns(Vec<Value>);

impl store::FromRow for AllColumns {
    fn from_row(row: store::Row) -> Result<Self, kernel::Fault> {
        Ok(Self(row.0))
    }
}

both!(facts_are_opened_with_a_look_and_masks_without, ROOMS, |t| async move {
    seed(&t).await;
    let applicant = session(&t, "firm").await.applicant().unwrap();
    let (person, subject) = (applicant.person(), applicant.subject());
    let masked = identity::profile(&t.store, SubjectId::Person(person)).await.unwrap().unwrap();
    assert_eq!((masked.name_masked.as_str(), masked.number_masked.as_str()), ("李*强", "999***********0330"));
    assert_eq!(masked.phone_masked.as_deref(), Some("139****0007"));
    assert!(trace::looks_of(&t.store, person, None, 10).await.unwrap().is_empty());
    let facts = command!(t.ground, Lang::ZhCn, applicant.actor_ref(), |cx| {
        identity::known_facts(&mut cx, subject, person, &Purpose::new("prefill")).await
    })
    .unwrap();
    let keys: Vec<&str> = facts.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "person.name",
            "person.citizen_id",
            "person.phone",
            "person.address",
            "organisation.name",
            "organisation.credit_code",
            "organisation.legal_representative",
            "organisation.phone",
            "organisation.address"
        ]
    );
    assert!(facts["organisation.credit_code"].as_str().unwrap().parse::<CreditCode>().is_ok());
    let number = facts["person.citizen_id"].as_str().unwrap();
    assert!(number.parse::<CitizenId>().is_ok());
    let looks = trace::looks_of(&t.store, person, None, 10).await.unwrap();
    assert_eq!((looks.len(), looks[0].purpose.ground.as_str()), (1, "prefill"));
    assert_eq!(looks[0].fields, ["person.name", "person.citizen_id", "person.phone", "person.address"]);
    assert_eq!(looks[0].actor, applicant.actor_ref());
    let spaced = format!(" {} ", number.to_lowercase());
    assert_eq!(identity::person_by_citizen_id(&t.store, &spaced).await.unwrap(), Some(person));
    let code = facts["organisation.credit_code"].as_str().unwrap();
    assert_eq!(identity::organisation_by_code(&t.store, code).await.unwrap(), applicant.acting());
});

both!(people_are_not_identity_numbers, ROOMS, |t| async move {
    seed(&t).await;
    let who = session(&t, "citizen5").await;
    assert_eq!(who.person_name().chars().count(), 60);
    let documents = identity::documents(&t.store, who.person()).await.unwrap();
    assert_eq!(documents.iter().map(|d| d.kind.as_str()).collect::<Vec<_>>(), ["553", "414"]);
    let passport = identity::person_by_document(&t.store, "414", "DEU", "c0demo999").await.unwrap();
    assert_eq!(passport, Some(who.person()));
    assert_eq!(identity::person_by_document(&t.store, "414", "FRA", "C0DEMO999").await.unwrap(), None);
    assert_eq!(session(&t, "citizen3").await.person_name(), "买买提·艾力");
    assert_eq!(session(&t, "citizen4").await.person_name(), "赵䶮");
    let passenger = kernel::AgencyCode::parse("nanjing.transport.passenger").unwrap();
    let agency = identity::agency(&t.store, &passenger).await.unwrap().unwrap();
    assert!(agency.credit_code.parse::<CreditCode>().is_ok());
    assert_eq!(session(&t, "examiner").await.examiner().unwrap().agency(), &passenger);
    assert_eq!(identity::division(&t.store, "320102").await.unwrap().unwrap().zh, "玄武区");
    assert!(identity::agencies(&t.store).await.unwrap().len() >= 9);
});
