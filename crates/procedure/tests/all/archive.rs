//! Archive packages: packed, checked, tampered with, listed, held.
use crate::common::*;
use catalog::{Openness, Publicity, Retention};
use kernel::{ActorRef, Lang, Text};
use procedure::archive::{self, PackageCursor, csv_head};
use procedure::{Entry, NewPackage, PackageId, Property, package};
use store::command;

fn entry(name: &str, media: &str, bytes: &[u8]) -> Entry {
    Entry { name: name.to_owned(), media: media.to_owned(), bytes: bytes.to_vec() }
}

fn sound() -> Vec<Entry> {
    vec![
        entry("事件链.json", "application/json", br#"{"events":[]}"#),
        entry("../../etc/passwd", "text/plain", "路径被改写".as_bytes()),
        entry("决定书.pdf", "application/pdf", include_bytes!("../../../certificates/tests/printed.pdf")),
    ]
}

fn closed_case(subject: &str, years: Option<u16>, entries: Vec<Entry>) -> NewPackage {
    NewPackage {
        subject: subject.to_owned(),
        reference: NUMBER.to_owned(),
        agency: agency("nanjing.transport"),
        title: "=王䶮旅游包车标贴核发".to_owned(),
        retention: Retention {
            years, basis: Text::new("机关文件材料归档范围规定", "Rule on filing")
        },
        openness: Openness {
            attribute: Publicity::OnRequest, ground: Text::new("涉及个人隐私", "Privacy")
        },
        closed_at: at("2026-11-20T02:00:00Z"),
        entries,
    }
}

async fn pack(t: &harness::TestGround, new: NewPackage) -> PackageId {
    let actor = ActorRef::system();
    command!(t.ground, Lang::ZhCn, actor, |cx| package(&mut cx, new.clone()).await).unwrap()
}

async fn broken(t: &harness::TestGround, id: PackageId) -> Vec<Property> {
    let found = archive::check(&t.ground.store, id).await.unwrap();
    for property in Property::ALL {
        assert!(found.iter().any(|f| f.property == property), "nothing was said about {property:?}");
    }
    let mut bad: Vec<Property> = found.into_iter().filter(|f| !f.ok).map(|f| f.property).collect();
    bad.dedup();
    bad
}

harness::both!(a_package_is_checked_listed_and_held, ROOMS, |t| async move {
    let store = &t.ground.store;
    let id = pack(&t, closed_case(CASE, Some(30), sound())).await;
    assert_eq!(broken(&t, id).await, []);
    // parts in both databases: more than one, and put together again
    let mut large = sound();
    let mut noise = vec![0; 900_000];
    t.ground.rng.fill(&mut noise);
    large.push(entry("附图.jpg", "image/jpeg", &[&[0xff, 0xd8, 0xff][..], &noise].concat()));
    t.clock.advance_seconds(1);
    let second = pack(&t, closed_case("case:2", None, large)).await;
    assert_eq!(broken(&t, second).await, []);
    assert!(archive::get(store, second).await.unwrap().unwrap().size > 600_000);
    let lines = archive::transfer_list(store, &agency("nanjing.transport"), 2026, None, 1).await.unwrap();
    assert_eq!(lines.len(), 1);
    let next = PackageCursor(lines[0].id());
    let rest =
        archive::transfer_list(store, &agency("nanjing.transport"), 2026, Some(&next), 9).await.unwrap();
    assert_eq!(rest.iter().map(archive::TransferLine::id).collect::<Vec<_>>(), [second]);
    let csv = lines[0].csv();
    assert!(csv.starts_with(NUMBER) && csv.contains("'=王䶮") && csv.contains("30年"), "{csv}");
    assert_eq!(csv.split(',').count(), csv_head().split(',').count());
    // kept until the end of the thirtieth year after it was closed; what is kept for ever is held for ever
    let hold = archive::holds(store, CASE).await.unwrap().unwrap();
    assert_eq!(hold.until, Some(jiff::civil::date(2056, 12, 31)));
    assert!(hold.stands(jiff::civil::date(2056, 12, 31)) && !hold.stands(jiff::civil::date(2057, 1, 1)));
    let no = hold.refusal();
    assert_eq!(no.code, "procedure.archive-holds");
    assert!(no.say.zh.contains(NUMBER) && no.say.zh.contains("2056") && no.say.en.contains(NUMBER), "{no:?}");
    assert_eq!(archive::holds(store, "case:2").await.unwrap().unwrap().until, None);
    assert_eq!(archive::holds(store, "case:none").await.unwrap(), None);
});

harness::both!(a_package_that_was_meddled_with_fails, ROOMS, |t| async move {
    use Property::{Authentic, Complete, Safe, Usable};
    let store = &t.ground.store;
    let id = pack(&t, closed_case(CASE, Some(30), sound())).await;
    // the register says something else than the package does
    let meddle = format!("UPDATE procedure_package SET reference = 'X' WHERE id = '{id}'");
    store.meddle(&meddle).await.unwrap();
    assert_eq!(broken(&t, id).await, [Authentic]);
    let meddle =
        format!("UPDATE procedure_package SET reference = '{NUMBER}', entries = 4 WHERE id = '{id}'");
    store.meddle(&meddle).await.unwrap();
    assert_eq!(broken(&t, id).await, [Complete]);
    let meddle = format!("UPDATE procedure_package SET entries = 3, digest = 'ff' WHERE id = '{id}'");
    store.meddle(&meddle).await.unwrap();
    assert_eq!(broken(&t, id).await, [Authentic]);
    // its bytes are gone
    store.meddle(&format!("DELETE FROM procedure_package_part WHERE package = '{id}'")).await.unwrap();
    assert_eq!(broken(&t, id).await, [Authentic, Complete, Usable]);
    // another package's bytes under its name do not open
    let other = pack(&t, closed_case("case:2", Some(30), sound())).await;
    let meddle = format!("UPDATE procedure_package_part SET package = '{id}' WHERE package = '{other}'");
    store.meddle(&meddle).await.unwrap();
    assert_eq!(broken(&t, id).await, [Authentic, Complete, Usable, Safe]);
    // what cannot be kept for long, and what acts by itself
    let odd = vec![
        entry("旧表.doc", "application/msword", b"\xd0\xcf\x11\xe0"),
        entry("动作.pdf", "application/pdf", b"%PDF-1.7 /OpenAction /JavaScript %%EOF"),
    ];
    let id = pack(&t, closed_case("case:3", Some(10), odd)).await;
    assert_eq!(broken(&t, id).await, [Usable, Safe]);
});
