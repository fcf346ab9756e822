//! Publishing, finding, listing and searching on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

use catalog::{Audience, Filter, Pack, find, list, migration, pack, publish, search, version};
use harness::TestGround;
use kernel::{ActorRef, Failure, Lang};
use std::path::Path;

fn rooms() -> Vec<store::Migrations> {
    vec![trace::MIGRATIONS, identity::MIGRATIONS, catalog::MIGRATIONS]
}

fn real() -> Pack {
    pack::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")).unwrap()
}

async fn put(t: &TestGround, pack: &Pack) -> Result<Vec<catalog::ItemVersionId>, Failure> {
    store::command!(t.ground, Lang::En, ActorRef::system(), |cx| publish(&mut cx, pack).await)
}

harness::both!(the_same_content_is_published_once, &rooms(), |t| async move {
    let mut pack = real();
    let first = put(&t, &pack).await.unwrap();
    assert_eq!(put(&t, &pack).await.unwrap(), first);
    let bus = find(&t.store, "charter-bus-sticker").await.unwrap().unwrap();
    assert_eq!(
        (bus.version, bus.item.as_ref()),
        (1, pack.items.iter().find(|i| i.key == "charter-bus-sticker").unwrap())
    );
    assert!(bus.item.process[0].checks[0].rule.rule().is_some(), "rules are compiled");
    assert!(bus.shared.register("vehicle").is_some());
    assert_eq!(find(&t.store, &bus.item.code).await.unwrap().unwrap().id, bus.id);

    let item = pack.items.iter_mut().find(|i| i.key == "charter-bus-sticker").unwrap();
    item.name.zh = "旅游客车通行贴".to_owned();
    let second = put(&t, &pack).await.unwrap();
    let new = find(&t.store, "charter-bus-sticker").await.unwrap().unwrap();
    assert_eq!((new.version, second.contains(&new.id)), (2, true));
    assert_eq!(first.iter().filter(|id| second.contains(id)).count(), pack.items.len() - 1);
    let old = version(&t.store, bus.id).await.unwrap().unwrap();
    assert_eq!((old.version, &old.item.name), (1, &bus.item.name));
    assert_eq!(search(&t.store, "通行贴", 10).await.unwrap().len(), 1);
    assert!(find(&t.store, "nothing").await.unwrap().is_none());

    let taken = pack.items.iter().find(|i| i.key == "home-purchase-proof").unwrap().code.clone();
    pack.items.iter_mut().find(|i| i.key == "charter-bus-sticker").unwrap().code = taken;
    let refused = put(&t, &pack).await.unwrap_err();
    assert!(matches!(refused, Failure::Refused(r) if r.code == "catalog.code-taken"));
});

harness::both!(found_as_people_ask, &rooms(), |t| async move {
    put(&t, &real()).await.unwrap();
    for (q, key) in [
        ("包车", "charter-bus-sticker"),
        ("我要办包车证", "charter-bus-sticker"),
        ("lybc", "charter-bus-sticker"),
        ("baoche", "charter-bus-sticker"),
        ("BUS", "charter-bus-sticker"),
        ("coach", "charter-bus-sticker"),
        ("gfzm", "home-purchase-proof"),
        ("goufang", "home-purchase-proof"),
        ("home purchase", "home-purchase-proof"),
        ("11999999000000203D3322018001000", "charter-bus-sticker"),
    ] {
        let found = search(&t.store, q, 10).await.unwrap();
        assert_eq!(found.first().map(|l| l.key.as_str()), Some(key), "{q}");
    }
    // Whoever buys a home needs the proof and the trade; neither word is nearer to the one than to the other.
    let buying = search(&t.store, "买房", 2).await.unwrap();
    assert!(buying.iter().any(|l| l.key == "home-purchase-proof"), "买房");
    // One character finds all that have it, whichever stands first.
    let house = search(&t.store, "房", 50).await.unwrap();
    assert!(house.iter().any(|l| l.key == "home-purchase-proof") && house.len() > 1);
    for q in ["", "  ", "xyzzy", "'; DROP TABLE catalog_item; --", "%", "_", "鑫"] {
        assert!(search(&t.store, q, 10).await.unwrap().is_empty(), "{q}");
    }
});

harness::both!(listed_by_audience_theme_and_agency, &rooms(), |t| async move {
    put(&t, &real()).await.unwrap();
    let keys = |filter: Filter| {
        let store = t.store.clone();
        async move { list(&store, &filter).await.unwrap().into_iter().map(|l| l.key).collect::<Vec<_>>() }
    };
    let all = keys(Filter { limit: 200, ..Filter::default() }).await;
    assert_eq!(keys(Filter::default()).await, all[..50], "fifty lines a page");
    assert!(all.len() >= 2 && all.is_sorted());
    let person = Filter { audience: Some(Audience::Person), ..Filter::default() };
    assert!(!keys(person).await.contains(&"charter-bus-sticker".to_owned()));
    let city = Filter {
        agency: kernel::AgencyCode::parse("nanjing"),
        theme: Some("tourism".to_owned()),
        ..Filter::default()
    };
    assert_eq!(keys(city).await, ["charter-bus-sticker"]);
    let none = Filter {
        agency: kernel::AgencyCode::parse("nanjing.transport"),
        q: Some("买房".to_owned()),
        ..Filter::default()
    };
    assert!(keys(none).await.is_empty());
    let first = keys(Filter { limit: 1, ..Filter::default() }).await;
    let rest = keys(Filter { after: first.first().cloned(), limit: 200, ..Filter::default() }).await;
    assert_eq!([first, rest].concat(), all);
    let themes = catalog::tags_in_use(&t.store, "theme").await.unwrap();
    let housing = real().items.iter().filter(|i| i.themes.iter().any(|t| t == "housing")).count();
    assert!(themes.contains(&("housing".to_owned(), i64::try_from(housing).unwrap())), "{themes:?}");
});

/// The elderly allowance as its next version: a step and a field are called something else, and running cases of version 1
/// move over.
fn next_version() -> Pack {
    let read = |name: &str| {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/foshan/elderly-allowance").join(name);
        std::fs::read_to_string(path).unwrap()
    };
    let yaml = read("item.yaml")
        .replace("id: visit\n", "id: home_visit\n")
        .replace("after: [visit]", "after: [home_visit]")
        .replace("{step: visit,", "{step: home_visit,")
        .replace("agencies: {visit:", "agencies: {home_visit:")
        .replace("open: [visit]", "open: [home_visit]")
        .replace("id: bank\n", "id: bank_name\n")
        .replace("address, bank, card,", "address, bank_name, card,")
        .replace("bank: 示范银行佛山分行", "bank_name: 示范银行佛山分行")
        + "migration: {from: [1], steps: {visit: home_visit}, fields: {bank: bank_name}}\n";
    let said =
        |c: Vec<catalog::Complaint>| panic!("{:#?}", c.iter().map(ToString::to_string).collect::<Vec<_>>());
    pack::load_files(vec![("elderly-allowance/item.yaml".to_owned(), yaml.into_bytes())]).unwrap_or_else(said)
}

harness::both!(a_new_version_takes_running_cases_over_only_where_it_says_how, &rooms(), |t| async move {
    put(&t, &real()).await.unwrap();
    let first = find(&t.store, "elderly-allowance").await.unwrap().unwrap();
    assert!(migration(&t.store, "elderly-allowance", 1).await.unwrap().is_none());
    let mut pack = next_version();
    put(&t, &pack).await.unwrap();
    let second = find(&t.store, "elderly-allowance").await.unwrap().unwrap();
    let path = migration(&t.store, "elderly-allowance", 1).await.unwrap().unwrap();
    assert_eq!((path.to, path.version), (second.id, 2));
    assert_eq!(
        (path.step("visit"), path.step("publish"), path.field("bank")),
        ("home_visit", "publish", "bank_name")
    );
    // A third one that says nothing leaves everybody where they are; a fourth takes version 2 over, and 1 by way of it.
    let item = pack.items.first_mut().unwrap();
    let old = item.migration.take();
    item.what.zh.push('。');
    put(&t, &pack).await.unwrap();
    assert_eq!(migration(&t.store, "elderly-allowance", 1).await.unwrap().unwrap().version, 2);
    assert!(migration(&t.store, "elderly-allowance", 2).await.unwrap().is_none());
    let item = pack.items.first_mut().unwrap();
    let mut again = old.unwrap();
    (again.from, again.fields) = (vec![2], [("card".to_owned(), "bank_name".to_owned())].into());
    again.steps.clear();
    item.migration = Some(again);
    put(&t, &pack).await.unwrap();
    let path = migration(&t.store, "elderly-allowance", 1).await.unwrap().unwrap();
    assert_eq!((path.version, path.step("visit"), path.field("card")), (4, "home_visit", "bank_name"));
    assert!(migration(&t.store, "elderly-allowance", 4).await.unwrap().is_none());
    let kept = version(&t.store, first.id).await.unwrap().unwrap();
    assert_eq!((kept.version, kept.item.process[1].id.as_str()), (1, "visit"), "earlier versions stay");
});

harness::both!(joint_matters_and_the_dictionary_stand_on_the_shelf, &rooms(), |t| async move {
    assert!(catalog::knowledge(&t.store).await.unwrap().is_empty());
    let pack = real();
    put(&t, &pack).await.unwrap();
    let shared = catalog::shared(&t.store).await.unwrap();
    assert_eq!(shared.knowledge, pack.shared.knowledge);
    assert_eq!(shared.registers, pack.shared.registers);
    let themes = catalog::themes(&t.store).await.unwrap();
    assert_eq!(themes.len(), pack.themes.len());
    let house = catalog::find_theme(&t.store, "stock-house").await.unwrap().unwrap();
    assert_eq!(house.as_ref(), pack.themes.iter().find(|t| t.id == "stock-house").unwrap());
    assert!(
        house.members.iter().any(|m| m.when.as_ref().is_some_and(|w| w.rule().is_some())),
        "rules are compiled"
    );
    assert!(catalog::find_theme(&t.store, "nothing").await.unwrap().is_none());

    // A pack that brings no dictionary of its own changes nothing in it; one that does replaces what it names.
    let mut other = pack.clone();
    other.items.truncate(1);
    other.themes.clear();
    let mut known = pack.shared.knowledge.materials.clone();
    known.truncate(1);
    known[0].name.zh = "换了名字".to_owned();
    other.shared.knowledge = std::sync::Arc::new(catalog::Knowledge::new(Vec::new(), known));
    put(&t, &other).await.unwrap();
    let now = catalog::knowledge(&t.store).await.unwrap();
    assert_eq!(now.materials.len(), pack.shared.knowledge.materials.len());
    assert_eq!(now.materials[0].name.zh, "换了名字");

    // A theme that changes leaves the one that matters were filed under readable; going back makes no third.
    let first = catalog::current_theme(&t.store, "stock-house").await.unwrap().unwrap();
    let mut changed = pack.clone();
    changed.items.clear();
    changed.themes.retain(|t| t.id == "stock-house");
    changed.themes[0].depends.clear();
    put(&t, &changed).await.unwrap();
    let second = catalog::current_theme(&t.store, "stock-house").await.unwrap().unwrap();
    assert!(second.hash != first.hash && second.theme.depends.is_empty());
    let then = catalog::find_theme_version(&t.store, "stock-house", &first.hash).await.unwrap().unwrap();
    assert_eq!(then, house);
    changed.themes[0] = house.as_ref().clone();
    put(&t, &changed).await.unwrap();
    let third = catalog::current_theme(&t.store, "stock-house").await.unwrap().unwrap();
    assert_eq!(third.hash, first.hash);
    let versions: Vec<(String,)> = t
        .store
        .rows("SELECT hash FROM catalog_theme_version WHERE id = 'stock-house'", Vec::new())
        .await
        .unwrap();
    assert_eq!(versions.len(), 2);
    assert!(catalog::find_theme_version(&t.store, "stock-house", "no").await.unwrap().is_none());

    // A search finds the joint matter by its other names, by sound and in part, and nothing by what it is not.
    for (q, id) in [
        ("二手房过户", "stock-house"),
        ("卖房", "stock-house"),
        ("csyjs", "newborn"),
        ("低保", "civil-affairs"),
        ("开公司 企业", "start-firm"),
    ] {
        let found = catalog::search_themes(&t.store, q, 3).await.unwrap();
        assert_eq!(found.first().map(|t| t.id.as_str()), Some(id), "{q}");
    }
    assert!(catalog::search_themes(&t.store, "包车标贴", 3).await.unwrap().is_empty());
    assert!(catalog::search_themes(&t.store, " ", 3).await.unwrap().is_empty());

    let mut theme = house.as_ref().clone();
    theme.members[0].item = "gone".to_owned();
    let refused = store::command!(t.ground, Lang::En, ActorRef::system(), |cx| {
        catalog::publish_theme(&mut cx, &theme).await
    });
    assert!(matches!(refused.unwrap_err(), Failure::Refused(r) if r.code == "catalog.theme-member-unknown"));
});
