//! What those concerned hand in to prove their interest: uploaded with the act, kept with the case, and for those who handle it only.
//! On both databases.

use crate::common::{ROOMS, Town, act};
use cases::{CaseEvent, Filed, Heard, HearingOf, Scope};
use harness::browser::Chosen;
use serde_json::{Value, json};

const PERMIT: &str = "catering-permit";
const PDF: &[u8] = b"%PDF-1.4\nstartxref\n9\n%%EOF\n";
const FIELD: &str = "find_interested.evidence";

/// A restaurant's firm, and its application for a permit.
async fn filed(town: &Town) -> (identity::Applicant, Filed) {
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
    let filed = town.file(&firm, "k", PERMIT, answers).await;
    (firm, filed)
}

/// The files that prove the one interest that was found, as whoever has this scope reads the case.
async fn proofs(town: &Town, filed: &Filed, scope: &Scope) -> Vec<kernel::FileId> {
    let view = cases::view(&town.house.ground.store, &filed.number, scope).await.unwrap();
    let found = view.events.into_iter().find_map(|e| match e.event {
        CaseEvent::HearingOf(HearingOf { heard: Heard::Found { evidence, .. }, .. }) => Some(evidence),
        _ => None,
    });
    found.expect("somebody concerned was found")
}

harness::both!(a_neighbour_proves_their_interest, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (firm, filed) = filed(&town).await;
    let path = format!("/desk/cases/{}", filed.number);
    let mut desk = town.browser("head").await;
    assert!(act(&mut desk, &path, &[("verb", "accept")]).await.to.starts_with(&path));
    let page = desk.get(&path).await;
    assert!(page.html.contains(FIELD) && page.html.contains("利害关系的证明"), "{}", page.html);
    let (csrf, rev) = (page.csrf(), page.hidden("rev").unwrap());
    let mut fields = vec![
        ("_csrf", csrf.as_str()),
        ("rev", rev.as_str()),
        ("verb", "find_interested"),
        ("find_interested.interest", "油烟井紧邻其住宅窗户"),
    ];
    // Without a name it is not taken; the deed is not chosen a second time.
    let deed = Chosen { field: FIELD, name: "不动产权证.pdf", bytes: PDF };
    let missing = desk.post_files(&format!("{path}/acts"), &fields, &[deed]).await;
    assert_eq!(missing.status.as_u16(), 422, "{}", missing.html);
    assert!(missing.html.contains("id=\"f-find-interested-name-error\""), "{}", missing.html);
    let kept = missing.hidden("find_interested.evidence.kept").expect("the deed is kept for another try");
    fields.extend([("find_interested.name", "翟翊宸"), ("find_interested.evidence.kept", kept.as_str())]);
    let done = desk.post_files(&format!("{path}/acts"), &fields, &[]).await;
    assert!(done.to.starts_with(&path), "{}", done.html);
    let file = format!("{path}/files/{kept}");
    let case = desk.get(&path).await;
    assert!(case.html.contains("利害关系的证明：翟翊宸") && case.html.contains(&file), "{}", case.html);
    assert_eq!(desk.get(&file).await.bytes.as_ref(), PDF);
    assert_eq!(town.browser("examiner").await.get(&file).await.status.as_u16(), 404, "another agency's case");
    // Who only takes a step, and whoever applies, read that there is a neighbour, and not what they handed in.
    assert_eq!(proofs(&town, &filed, &Scope::program()).await.len(), 1);
    assert!(proofs(&town, &filed, &Scope::from(&firm)).await.is_empty());
    let fire = town.session("signboard").await.examiner().unwrap();
    assert!(proofs(&town, &filed, &Scope::from(&fire)).await.is_empty());
    assert_eq!(town.browser("signboard").await.get(&file).await.status.as_u16(), 404);
    // It stays when what nobody used is swept away.
    town.t.clock.advance_seconds(store::files::LOOSE_SECONDS + 86_400);
    store::files::sweep(town.t.ground.clone()).await.unwrap();
    assert_eq!(town.browser("head").await.get(&file).await.bytes.as_ref(), PDF);
    town.replay().await;
});
