//! An old register is taken over on both databases: rehearsed, taken in batches, read again after it was cut off.

use crate::common::{ISSUER, Now as _};
use certificates::{Grade, MIGRATIONS, Register, import};
use harness::Migrations;
use kernel::{AgencyCode, CertificateIdentifier, Text};

const ROOMS: &[Migrations] = &[trace::MIGRATIONS, identity::MIGRATIONS, MIGRATIONS];
const HEADING: &str =
    "identifier,holder_number,holder_name,valid_from,valid_until,issued_on,state,reason,line:plate:车牌号";

/// The number of the demonstration's citizen.
const CITIZEN: &str = "999999198603121026";

fn register() -> Register {
    Register {
        kind: "old-sticker".into(),
        name: Text::new("旧标贴", "Old sticker"),
        issuer: AgencyCode::parse("nanjing.transport").unwrap(),
        issuer_name: Text::new("南京市交通运输局", "Nanjing Transport Bureau"),
        template: "= #json(\"data.json\").number".into(),
        public: vec!["plate".into()],
    }
}

fn number(n: u32) -> String {
    let made = CertificateIdentifier::new("11100000000013338W032", ISSUER, &format!("OLD{n:06}"), 1);
    made.unwrap().to_string()
}

harness::both!(an_old_register_is_taken_over, ROOMS, |t| async move {
    let (stage, citizen, _) = crate::common::stage(&t).await;
    let known = CITIZEN;
    let mut file = HEADING.to_owned();
    for n in 0..450 {
        file.push_str(&format!(
            "\n{},{known},王 公民,2020-01-01,2030-01-01,2020-01-02,01,,苏A·{n:05}",
            number(n)
        ));
    }
    let wrong_check = format!("{}0", &number(900)[..number(900).len() - 1]);
    for row in [
        format!("{},{known},甲,2020-01-01,2019-01-01,2020-01-02,01,,x", number(901)),
        format!("{},{known},甲,yesterday,,2020-01-02,01,,x", number(902)),
        format!("{},110105194912310021,甲,2020-01-01,,2020-01-02,01,,x", number(903)),
        format!("{},11010519491231002X,甲,2020-01-01,,2020-01-02,01,,x", number(904)),
        format!("{},{known},甲,2020-01-01,,2020-01-02,77,,x", number(905)),
        format!("{},{known},甲,2020-01-01,,2020-01-02,01,,x", number(7)),
        format!("{},{known},\"甲,乙\",2020-01-01,,2020-01-02,03,\"材料\"\"虚假\"\"\",x", number(906)),
        format!("{},{known},乙,2020-01-01,,2020-01-02,07,罚,x", number(908)),
        format!("{},{known},丙,2020-01-01,,2020-01-02,06,转,x", number(909)),
        format!("{wrong_check},{known},甲,2020-01-01,,2020-01-02,01,,x"),
        "no-number".to_owned(),
    ] {
        file.push('\n');
        file.push_str(&row);
    }
    let register = register();
    let run = |rehearse| import(&t.ground, &register, file.as_bytes(), rehearse);
    let rehearsed = run(true).await.unwrap();
    assert_eq!((rehearsed.rows, rehearsed.taken, rehearsed.known, rehearsed.refused), (461, 454, 0, 7));
    for word in ["validity", "date", "holder-number", "holder-unknown", "state", "twice", "identifier"] {
        assert_eq!(rehearsed.counts.get(word), Some(&1), "{word}: {}", rehearsed.text(kernel::Lang::ZhCn));
    }
    assert_eq!(rehearsed.counts.get("check-character"), Some(&1));
    assert_eq!(rehearsed.problems[0].line, 452, "named with its line");
    assert!(certificates::find(&t.ground.store, &number(3)).await.unwrap().is_none(), "nothing was written");
    assert_eq!(run(false).await.unwrap(), rehearsed);
    let again = run(false).await.unwrap();
    assert_eq!((again.taken, again.known), (0, 454), "read again, nothing is done twice");
    let one = certificates::find(&t.ground.store, &number(3)).await.unwrap().unwrap();
    assert_eq!((one.holder, one.holder_name.as_str()), (kernel::SubjectId::Person(citizen), "王 公民"));
    assert_ne!(one.holder_masked, one.holder_name);
    assert!(one.is_valid(t.clock_now()) && one.issued_at.to_string().starts_with("2020-01-01T16:00"));
    let ended = certificates::find(&t.ground.store, &number(906)).await.unwrap().unwrap();
    assert_eq!((ended.state(t.clock_now()).word(), ended.holder_name.as_str()), ("revoked", "甲,乙"));
    for (n, state, grade) in [(908, "forfeited", Grade::Imported), (909, "transferred", Grade::Imported)] {
        let ended = certificates::find(&t.ground.store, &number(n)).await.unwrap().unwrap();
        assert_eq!((ended.state(t.clock_now()).word(), ended.grade), (state, grade));
    }
    let odd = certificates::find(&t.ground.store, &wrong_check).await.unwrap().unwrap();
    assert_eq!(odd.grade, Grade::ImportedOdd, "to be compared with the paper");
    // staff who open it leave a look, and one without a case stands out
    let (examiner, page) =
        (crate::common::cookie(&t, "examiner").await, format!("/desk/certificates/{}", one.id));
    assert_eq!(crate::common::ask(&stage, &page, &examiner).await.0, axum::http::StatusCode::OK);
    let looks = trace::looks_of(&t.ground.store, citizen, None, 9).await.unwrap();
    assert!(looks[0].stray && looks[0].purpose.case.is_none(), "{looks:?}");
    // it verifies like any other, and a new version can take its place
    let (_, page) = stage.get(&format!("/verify/{}", one.token)).await;
    assert!(page.contains("苏A·00003") && page.contains("旧标贴"), "{page}");
});
