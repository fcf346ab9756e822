//! The address book: sealed, one's own, and what is wrong said at its field.

use crate::town::{ROOMS, Town, code, paper, session, typed};
use delivery::stand_in::Mood;
use delivery::verbs::{self, Typed};
use kernel::{Failure, Lang, Outcome};
use store::command;

harness::both!(an_address_is_kept_sealed_and_its_owners_alone, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    let first = town.address(false).await;
    let second = town.try_address(&typed("示范里9号", true)).await.unwrap();
    let mine = verbs::entries(&town.t.store, &town.me, Lang::ZhCn).await.unwrap();
    assert_eq!(mine.iter().map(|e| (e.id, e.usual)).collect::<Vec<_>>(), [(second, true), (first, false)]);
    assert_eq!(mine[1].place, "江苏省南京市玄武区");
    let rows: Vec<(Vec<u8>,)> = town.t.store.rows("SELECT told FROM delivery_address", vec![]).await.unwrap();
    let plain = |(told,): &(Vec<u8>,)| String::from_utf8_lossy(told).contains("示范");
    assert!(rows.len() == 2 && !rows.iter().any(plain));
    let other = session(&town.t, "citizen2").await.applicant().unwrap();
    assert_eq!(code(verbs::entry(&town.t.store, &other, first, Lang::ZhCn).await), "not-found");
});

harness::both!(whoever_has_no_telephone_is_sent_to_all_the_same, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    let mut without = typed("示范里12号", true);
    without.told.phone = "  ".to_owned();
    let id = town.try_address(&without).await.unwrap();
    let kept = verbs::entry(&town.t.store, &town.me, id, Lang::ZhCn).await.unwrap();
    assert_eq!(kept.told.unwrap().phone, "");
    // The courier takes the order, and its stand-in brings it to the door.
    let parcel =
        town.start(&town.matter("m1", &[paper("A", false)], true), "courier", &id.to_string()).await.unwrap();
    town.pack(parcel, &["A"]).await.unwrap();
    town.rounds(3, 60).await;
    let packed = town.parcel(parcel).await;
    assert!(packed.attempt().unwrap().tracking.is_some(), "the courier gave no number");
});

harness::both!(what_is_wrong_is_said_at_its_field, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    let mut bad = Typed { division: "320000".to_owned(), ..typed("x", false) };
    bad.told.phone = "一三九".to_owned();
    bad.told.recipient = "  ".to_owned();
    let Err(Failure::Refused(no)) = town.try_address(&bad).await else { panic!("taken") };
    let fields: Vec<&str> = no.fields.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(fields, ["division", "street", "recipient", "phone"]);
    // The address of a parcel that is not packed yet stays; a stale change is not written over.
    let id = town.address(true).await;
    town.start(&town.matter("m1", &[paper("A", false)], true), "courier", &id.to_string()).await.unwrap();
    let drop = async |rev| -> Outcome<()> {
        command!(town.t.ground, Lang::ZhCn, town.me.actor_ref(), |cx| {
            verbs::remove(&mut cx, town.me.subject(), id, rev).await
        })
    };
    assert_eq!(code(drop(1).await), "delivery.address-wanted");
    assert_eq!(code(drop(7).await), "delivery.address-stale");
    let change: Outcome<_> = command!(town.t.ground, Lang::ZhCn, town.me.actor_ref(), |cx| {
        verbs::put(&mut cx, town.me.subject(), Some((id, 9)), &typed("示范路2号", false)).await
    });
    assert_eq!(code(change), "delivery.address-stale");
});
