//! A case that belongs to a matter of several: what its examiner sees of the others.

use crate::common::{ROOMS, STICKER, Town};
use cases::{FiledMatter, MatterFiling};
use kernel::Lang;
use serde_json::json;

const TAX: &str = "tax-clearance";

/// A firm files for a sticker and a proof of taxes paid in one matter.
async fn matter(town: &Town) -> FiledMatter {
    let (firm, store) = (town.firm().await, &town.house.ground.store);
    let sticker = catalog::find(store, STICKER).await.unwrap().unwrap();
    let tax = catalog::find(store, TAX).await.unwrap().unwrap();
    let shared = catalog::shared(store).await.unwrap();
    let merged = catalog::Merged::of(&[&sticker.item, &tax.item], None, &shared.elements);
    let mut answers = merged.lift(0, &town.trip(&firm).await);
    let own = serde_json::from_value(json!({"for": "firm", "purpose": "loan"})).unwrap();
    answers.extend(merged.lift(1, &own));
    let items = vec![STICKER.to_owned(), TAX.to_owned()];
    let filing = MatterFiling { key: "k".to_owned(), items, answers, ..MatterFiling::default() };
    cases::file_matter_now(&town.house, &town.sources, Lang::ZhCn, &firm, filing).await.unwrap()
}

harness::both!(the_others_of_a_matter_are_seen_and_no_more, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let alone = town.filed("alone").await;
    let filed = matter(&town).await;
    let number = |prefix: &str| {
        let store = &town.house.ground.store;
        let cases = filed.cases.clone();
        let prefix = prefix.to_owned();
        async move {
            for case in cases {
                let row = cases::progress(store, &case.number, &cases::Scope::program()).await.unwrap();
                if row.item_key == prefix {
                    return case.number;
                }
            }
            panic!("no case of {prefix}")
        }
    };
    let (sticker, tax) = (number(STICKER).await, number(TAX).await);
    let mut examiner = town.browser("examiner").await;
    let inbox = examiner.get("/desk").await;
    assert_eq!(inbox.html.matches("一件事（2件）").count(), 1, "{}", inbox.html);
    let case = examiner.get(&format!("/desk/cases/{sticker}")).await;
    assert!(
        case.html.contains("同一件事的其他办件") && case.html.contains(&tax.to_string()),
        "{}",
        case.html
    );
    assert!(
        !case.html.contains(&format!("/desk/cases/{tax}\"")),
        "another agency's case is not opened from here"
    );
    let other = examiner.get(&format!("/desk/cases/{}", alone.number)).await;
    assert!(!other.html.contains("同一件事的其他办件"), "{}", other.html);
});

harness::both!(what_was_said_is_read_once, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = town.filed("k").await;
    let firm = town.firm().await;
    let path = format!("/desk/cases/{}", filed.number);
    store::command!(town.house.ground, Lang::ZhCn, firm.actor_ref(), |cx| {
        cases::say_to_staff(&mut cx, &firm, &filed.number, "合同稍后补传").await
    })
    .unwrap();
    let mut examiner = town.browser("examiner").await;
    let first = examiner.get(&path).await;
    assert!(
        first.html.contains("合同稍后补传") && first.html.contains("<strong>新</strong>"),
        "{}",
        first.html
    );
    let again = examiner.get(&path).await;
    assert!(!again.html.contains("<strong>新</strong>"), "it has been read: {}", again.html);
    let said = [("kind", "message"), ("message", "请今天补传"), ("from", "")];
    examiner.submit(&path, &format!("{path}/talk"), &said).await;
    assert!(examiner.get(&path).await.html.contains("申请人未读"));
    store::command!(town.house.ground, Lang::ZhCn, firm.actor_ref(), |cx| {
        cases::read_talk(&mut cx, &firm, &filed.number, 2).await
    })
    .unwrap();
    assert!(examiner.get(&path).await.html.contains("申请人已读"));
});
