//! More time for a joint procedure: asked for with the leave of the head of the government, which is kept with its document.

use crate::common::{ROOMS, Town, act};
use cases::{CaseEvent, CaseState, Filed, Handler, StaffAct, Target};
use harness::browser::Chosen;
use kernel::{Failure, Lang};
use serde_json::{Value, json};

const PERMIT: &str = "catering-permit";
const PDF: &[u8] = b"%PDF-1.4\nstartxref\n9\n%%EOF\n";

/// A restaurant asks for its permit; market regulation, fire, drainage and signboard handle it together.
async fn filed(town: &Town) -> Filed {
    let (session, store) = (town.session("restaurant").await, &town.house.ground.store);
    let firms = session.memberships(store).await.unwrap();
    let firm = session.acting_as(store, Some(firms[0].organisation)).await.unwrap().applicant().unwrap();
    let file = town.upload(&firm).await;
    let published = catalog::find(store, PERMIT).await.unwrap().unwrap();
    let mut answers = published.item.examples[0].given.answers.clone();
    for value in answers.values_mut().filter_map(Value::as_array_mut).flatten() {
        if value.get("file").is_some() {
            *value = json!({"file": file, "name": "材料.png"});
        }
    }
    town.file(&firm, "k", PERMIT, answers).await
}

harness::both!(a_joint_extension_keeps_the_leave_and_its_document, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = filed(&town).await;
    let path = format!("/desk/cases/{}", filed.number);
    let mut head = town.browser("head").await;
    let accepted = act(&mut head, &path, &[("verb", "accept")]).await;
    assert!(accepted.to.starts_with(&path), "{}", accepted.html);
    let page = head.get(&path).await;
    assert!(page.html.contains("extend.leave_evidence"), "the form asks for the document: {}", page.html);
    let (csrf, rev) = (page.csrf(), page.hidden("rev").unwrap());
    let mut fields = vec![
        ("_csrf", csrf.as_str()),
        ("rev", rev.as_str()),
        ("verb", "extend"),
        ("extend.reason", "需要会同现场核查"),
        ("extend.leave_body", "佛山市禅城区人民政府"),
        ("extend.leave_signer", "区长"),
        ("extend.leave_on", "2026-11-23"),
    ];
    let document = Chosen { field: "extend.leave_evidence", name: "批复.pdf", bytes: PDF };
    let missing = head.post_files(&format!("{path}/acts"), &fields, &[document]).await;
    assert_eq!(missing.status.as_u16(), 422, "{}", missing.html);
    assert!(missing.html.contains("id=\"f-extend-leave-number-error\""), "{}", missing.html);
    let kept = missing.hidden("extend.leave_evidence.kept").expect("the document is not chosen twice");
    fields.extend([
        ("extend.leave_number", "禅府批〔2026〕7号"),
        ("extend.leave_evidence.kept", kept.as_str()),
    ]);
    let done = head.post_files(&format!("{path}/acts"), &fields, &[]).await;
    assert!(done.to.starts_with(&path), "{}", done.html);
    let view = town.view(&filed).await;
    let leave = view.events.iter().find_map(|e| match &e.event {
        CaseEvent::Extended { leave, reason, .. } => Some((leave.clone().unwrap(), reason.clone())),
        _ => None,
    });
    let (leave, reason) = leave.expect("more time was given");
    assert_eq!((leave.number.as_str(), reason.as_str()), ("禅府批〔2026〕7号", "需要会同现场核查"));
    assert_eq!(leave.evidence.map(|f| f.to_string()), Some(kept.clone()));
    let file = format!("{path}/files/{kept}");
    let case = head.get(&path).await;
    assert!(case.html.contains("批准延期") && case.html.contains(&file), "{}", case.html);
    assert_eq!(head.get(&file).await.bytes.as_ref(), PDF);
    assert_eq!(town.browser("examiner").await.get(&file).await.status.as_u16(), 404, "another agency's case");
    town.replay().await;
});

harness::both!(without_the_leave_there_is_no_more_time, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = filed(&town).await;
    let mut browser = town.browser("head").await;
    act(&mut browser, &format!("/desk/cases/{}", filed.number), &[("verb", "accept")]).await;
    assert!(matches!(town.view(&filed).await.case.state, CaseState::Accepted { .. }));
    let examiner = town.session("head").await.examiner().unwrap();
    let head = Handler::from(&examiner);
    let read = |leave: Value| -> StaffAct {
        serde_json::from_value(json!({"verb": "extend", "reason": "需要会同现场核查", "leave": leave}))
            .unwrap()
    };
    let foreign = town.upload(&town.firm().await).await;
    let whole = json!({"body": "佛山市禅城区人民政府", "signer": "区长", "number": "禅府批〔2026〕7号",
        "on": "2026-11-20", "evidence": foreign});
    for (leave, code) in [(Value::Null, "cases.leave-of-government"), (whole, "cases.unknown-file")] {
        let act = read(leave);
        let done = store::command!(town.house.ground, Lang::ZhCn, head.actor_ref(), |cx| {
            let target = Target::Case(filed.number.clone());
            cases::act(&mut cx, &town.house, &head, target, act.clone(), None).await
        });
        let Err(Failure::Refused(refusal)) = done else { panic!("{done:?}") };
        assert_eq!(refusal.code, code);
    }
    town.replay().await;
});
