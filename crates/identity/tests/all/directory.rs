//! The directory of agencies: kept until it changes, and who took over whose powers; on both databases.
use crate::common::ROOMS;
use harness::{TestGround, both};
use identity::{Level, Settings, agency_for, directory, successor};
use jiff::civil::date;
use kernel::{AgencyCode, Failure, Lang};
use std::sync::Arc;

const CITY: &str = r#"
divisions:
  - {code: "320000", name: {zh-CN: 江苏省, en: Jiangsu}}
  - {code: "320100", name: {zh-CN: 南京市, en: Nanjing}, parent: "320000"}
agencies:
  - code: nanjing.land
    name: {zh-CN: 南京市国土资源局, en: "Nanjing Land Bureau"}
    credit_code: "119999990000030011"
    division: "320100"
    function: land
    phone: "025-99990300"
    address: {zh-CN: 示范路300号, en: "300 Demonstration Road"}
  - code: nanjing.resources
    name: {zh-CN: 南京市规划和自然资源局, en: "Nanjing Planning and Natural Resources Bureau"}
    credit_code: "119999990000030022"
    division: "320100"
    phone: "025-99990301"
    address: {zh-CN: 示范路301号, en: "301 Demonstration Road"}
    succeeds: [SUCCEEDS]
persons: []
organisations: []
accounts: []
"#;
const LAND: &str =
    "{code: nanjing.land, since: \"2019-01-10\", basis: {zh-CN: 机构改革方案, en: Reform plan}}";

fn code(text: &str) -> AgencyCode {
    AgencyCode::parse(text).unwrap()
}

async fn seed(t: &TestGround, succeeds: &str) -> Result<(), Failure> {
    identity::configure(Settings::cheap());
    identity::seed_demo(&t.ground, &CITY.replace("SUCCEEDS", succeeds)).await
}

both!(it_is_kept_until_agencies_change, ROOMS, |t| async move {
    assert_eq!(directory(&t.store).await.unwrap().agencies().count(), 0);
    seed(&t, "").await.unwrap();
    let first = directory(&t.store).await.unwrap();
    assert_eq!(first.agencies().count(), 2);
    assert!(Arc::ptr_eq(&first, &directory(&t.store).await.unwrap()), "nothing has changed: nothing is read");
    assert_eq!(first.name(&code("nanjing.land"), Lang::ZhCn), "南京市国土资源局");
    assert!(successor(&t.store, &code("nanjing.land")).await.unwrap().is_none());
    seed(&t, LAND).await.unwrap();
    let now = directory(&t.store).await.unwrap();
    assert!(!Arc::ptr_eq(&first, &now));
    assert_eq!(now.name(&code("nanjing.land"), Lang::ZhCn), "原南京市国土资源局，现南京市规划和自然资源局");
});

both!(powers_go_over, ROOMS, |t| async move {
    let more = format!(
        "{LAND}, {{code: nanjing.planning, name: {{zh-CN: 南京市规划局, en: Nanjing Planning Bureau}}}}"
    );
    seed(&t, &more).await.unwrap();
    let land = successor(&t.store, &code("nanjing.land")).await.unwrap().unwrap();
    assert_eq!((land.successor, land.since), (code("nanjing.resources"), Some(date(2019, 1, 10))));
    assert_eq!((land.name.zh.as_str(), land.basis.zh.as_str()), ("南京市国土资源局", "机构改革方案"));
    let planning = successor(&t.store, &code("nanjing.planning")).await.unwrap().unwrap();
    assert_eq!((planning.name.en.as_str(), planning.since), ("Nanjing Planning Bureau", None));
    assert!(successor(&t.store, &code("nanjing.resources")).await.unwrap().is_none());
    // What an office did falls to whoever took over its powers.
    let found = agency_for(&t.store, "land", Level::City, "320100").await.unwrap();
    assert_eq!(found, Some(code("nanjing.resources")));
});

both!(what_cannot_be_is_refused_by_name, ROOMS, |t| async move {
    for (succeeds, what) in [
        ("{code: nanjing.resources, name: {zh-CN: 甲, en: A}}", "which is itself"),
        ("{code: nanjing.planning}", "which has no name"),
        ("{code: \"no code\", name: {zh-CN: 甲, en: A}}", "no agency code"),
        (&format!("{LAND}, {LAND}"), "as another agency does"),
        ("{code: nanjing.land, sicne: \"2019-01-10\"}", "sicne"),
    ] {
        let Err(Failure::Fault(fault)) = seed(&t, succeeds).await else { panic!("{succeeds} was taken") };
        assert!(format!("{fault:?}{fault}").contains(what), "{succeeds}: {fault:?}");
    }
});
