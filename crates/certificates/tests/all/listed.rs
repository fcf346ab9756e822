//! Many certificates are issued from a list, on both databases: rehearsed, issued in batches, and once only.

use crate::common::{ISSUER, Now as _};
use certificates::{Grade, Issuing, MIGRATIONS, Report, State, issue_list};
use harness::{Migrations, TestGround};
use kernel::{AgencyCode, Failure, Lang, SubjectId, Text};

const ROOMS: &[Migrations] = &[trace::MIGRATIONS, identity::MIGRATIONS, MIGRATIONS];
const HEADING: &str = "reference,holder_number,holder_name,valid_from,valid_until,line:plate:车牌号";
/// The number of the demonstration's citizen.
const CITIZEN: &str = "999999198603121026";

fn issuing() -> Issuing {
    Issuing {
        kind: "listed-sticker".into(),
        type_code: "11100000000013338W032".into(),
        name: Text::new("名录标贴", "Listed sticker"),
        issuer: AgencyCode::parse("nanjing.transport").unwrap(),
        issuer_name: Text::new("南京市交通运输局", "Nanjing Transport Bureau"),
        issuer_code: ISSUER.into(),
        template: "= #json(\"data.json\").number".into(),
        public: vec!["plate".into()],
    }
}

async fn run(t: &TestGround, file: &str, rehearse: bool) -> Report {
    issue_list(&t.ground, &issuing(), file.as_bytes(), rehearse).await.unwrap()
}

harness::both!(a_list_is_issued_once_and_what_cannot_be_is_named, ROOMS, |t| async move {
    let (stage, citizen, _) = crate::common::stage(&t).await;
    let holder = SubjectId::Person(citizen);
    let mut file = HEADING.to_owned();
    for n in 0..205 {
        file.push_str(&format!("\n宁交〔2026〕{n}号,{CITIZEN},,2026-11-22,2027-11-21,苏A·{n:05}"));
    }
    let good = file.clone();
    for row in [
        format!("a,{CITIZEN},别人,2026-11-22,,x"),
        format!(",{CITIZEN},,2026-11-22,,x"),
        format!("b,{CITIZEN},,2026-11-22,2026-11-21,x"),
        format!("c,{CITIZEN},,2025-11-22,2026-11-21,x"),
        format!("d,{CITIZEN},,2026-11-22,,"),
        "e,110105194912310021,,2026-11-22,,x".to_owned(),
        "f,11010519491231002X,,2026-11-22,,x".to_owned(),
        format!("宁交〔2026〕7号,{CITIZEN},,2026-11-22,,x"),
        format!("g,{CITIZEN},,soon,,x"),
    ] {
        file.push('\n');
        file.push_str(&row);
    }
    let rehearsed = run(&t, &file, true).await;
    assert_eq!((rehearsed.rows, rehearsed.taken, rehearsed.known, rehearsed.refused), (214, 205, 0, 9));
    let words = [
        (207, "holder-name"),
        (208, "reference"),
        (209, "validity"),
        (210, "ended"),
        (211, "line"),
        (212, "holder-number"),
        (213, "holder-unknown"),
        (214, "twice"),
        (215, "date"),
    ];
    let named: Vec<_> = rehearsed.problems.iter().map(|p| (p.line, p.word)).collect();
    assert_eq!(named, words, "line by line");
    assert!(rehearsed.text(Lang::En).contains("! 214: twice"), "{}", rehearsed.text(Lang::En));
    assert_eq!(
        certificates::held_by(&t.ground.store, holder, None, 100).await.unwrap().len(),
        1,
        "nothing was issued"
    );
    assert_eq!(run(&t, &file, false).await, rehearsed);
    let again = run(&t, &good, false).await;
    assert_eq!((again.taken, again.known), (0, 205), "read again, nothing is issued twice");
    let found = certificates::for_case(&t.ground.store, "宁交〔2026〕3号").await.unwrap();
    let [one] = found.as_slice() else { panic!("exactly one: {found:?}") };
    assert_eq!((one.holder, one.grade, one.state(t.clock_now())), (holder, Grade::Issued, State::Valid));
    assert!(one.identifier.parse::<kernel::CertificateIdentifier>().is_ok() && !one.holder_name.is_empty());
    let (_, page) = stage.get(&format!("/verify/{}", one.token)).await;
    assert!(page.contains("苏A·00003") && page.contains("名录标贴"), "{page}");
});

harness::both!(two_who_read_the_same_list_issue_it_once, ROOMS, |t| async move {
    let (_, citizen, _) = crate::common::stage(&t).await;
    let file = format!("{HEADING}\nx,{CITIZEN},,2026-11-22,,苏A·1\ny,{CITIZEN},,2026-11-22,,苏A·2");
    let (a, b) = tokio::join!(run(&t, &file, false), run(&t, &file, false));
    assert_eq!((a.taken + b.taken, a.known + b.known), (2, 2));
    let held = certificates::held_by(&t.ground.store, SubjectId::Person(citizen), None, 100).await.unwrap();
    assert_eq!(held.len(), 3);
});

harness::both!(a_list_with_another_heading_is_refused, ROOMS, |t| async move {
    for heading in ["reference,holder_number", "reference,holder_number,valid_from,colour", ""] {
        let refused = issue_list(&t.ground, &issuing(), heading.as_bytes(), false).await;
        let Err(Failure::Refused(refusal)) = refused else { panic!("{heading}: {refused:?}") };
        assert_eq!(refusal.code, "certificates.import-heading");
    }
});
