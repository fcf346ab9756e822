//! Who may take what out, the file as it is sent, and the operator's dry run.

use crate::common::shelf::Shelf;
use crate::common::{Browser, ROOMS, town};
use kernel::{ActorRef, AgencyCode, Lang, Text};
use page::House;
use procedure::archive::{self, Entry, NewPackage};
use records::CaseRecord;
use std::sync::Arc;

fn case(number: &str, agency: &str, filed: &str) -> CaseRecord {
    CaseRecord {
        number: number.to_owned(),
        item: "charter-bus-sticker".to_owned(),
        item_name: Text::same("包车标贴"),
        agency: agency.to_owned(),
        division: "320100".to_owned(),
        state: "accepted".to_owned(),
        state_name: Text::same("已受理"),
        outcome: None,
        applicant: "张*".to_owned(),
        filed_at: filed.parse().unwrap(),
        due: None,
        promised: None,
        statutory: None,
        closed_at: None,
        late: false,
        acts: Vec::new(),
    }
}

fn shelf() -> Shelf {
    let shelf = Shelf::default();
    shelf.put(case("PASSENGER-1", "nanjing.transport.passenger", "2026-11-20T02:00:00Z"));
    shelf.put(case("PASSENGER-2", "nanjing.transport.passenger", "2026-11-21T17:00:00Z"));
    shelf.put(case("HOUSING-1", "nanjing.housing", "2026-11-20T02:00:00Z"));
    shelf
}

async fn staff(house: &House, account: &str) -> Browser {
    let routes = records::routes(house.clone(), Arc::new(shelf()));
    Browser::signed_in(house, routes, account).await
}

harness::both!(each_takes_out_what_is_theirs, ROOMS, |t| async move {
    let house = town(&t).await;
    let mut examiner = staff(&house, "examiner").await;
    let form = examiner.get("/desk/records").await;
    assert!(form.status.is_success() && form.text.contains("客运管理处"), "{}", form.text);
    assert!(!form.text.contains("nanjing.housing"), "agencies beyond the right are not offered");
    let all = "/desk/records/file?format=csv&columns=number&columns=applicant&item=&agency=";
    let table = examiner.get(all).await;
    assert_eq!(table.kind, "text/csv; charset=utf-8");
    assert_eq!(table.name, "attachment; filename=\"cases-20261123-100000.csv\"");
    assert_eq!(table.text, "办件编号,申请人\r\nPASSENGER-1,张*\r\nPASSENGER-2,张*\r\n");
    // Filed at 01:00 on the 22nd in Beijing.
    let day = examiner.get(&format!("{all}&filed_from=2026-11-22&filed_to=2026-11-22&excel=yes")).await;
    assert_eq!(day.text, "\u{FEFF}办件编号,申请人\r\nPASSENGER-2,张*\r\n");
    let foreign = examiner.get("/desk/records/file?format=xes&agency=nanjing.housing").await;
    assert!(
        foreign.kind.starts_with("application/xml") && !foreign.text.contains("HOUSING"),
        "{}",
        foreign.text
    );
    let mut supervisor = staff(&house, "supervisor").await;
    let log = supervisor.get("/desk/records/file?format=xes").await;
    assert_eq!(log.text.matches("<trace>").count(), 3);
    for account in ["operator", "clerk", "citizen"] {
        let answer = staff(&house, account).await.get(all).await;
        assert_eq!(answer.status.as_u16(), 403, "{account}");
    }
    let taken = examiner.get("/desk/records").await;
    assert_eq!(
        taken.text.matches("2026-11-22&#34;").count() + taken.text.matches("2026-11-22&quot;").count(),
        2,
        "{}",
        taken.text
    );
});

harness::both!(a_wrong_choice_comes_back_with_what_was_chosen, ROOMS, |t| async move {
    let house = town(&t).await;
    let mut examiner = staff(&house, "examiner").await;
    for (query, part) in [
        ("format=csv&columns=number&filed_from=22.11.2026&state=accepted", "22.11.2026"),
        ("format=ods", "请选择文件格式"),
        ("format=csv", "请至少选择一列"),
        ("format=csv&columns=phone", "phone"),
    ] {
        let page = examiner.get(&format!("/desk/records/file?{query}")).await;
        assert_eq!(page.status.as_u16(), 422, "{query}");
        assert!(page.text.contains("error-summary") && page.text.contains(part), "{query}: {}", page.text);
    }
});

harness::both!(the_transfer_list_is_of_ones_own_agency, ROOMS, |t| async move {
    let house = town(&t).await;
    let package = |agency: &str| NewPackage {
        subject: format!("case:{agency}"),
        reference: format!("NO-{agency}"),
        agency: AgencyCode::parse(agency).unwrap(),
        title: "旅游包车标贴核发".to_owned(),
        retention: catalog::Retention { years: Some(10), basis: Text::same("档案法") },
        openness: catalog::Openness {
            attribute: catalog::Publicity::OnRequest,
            ground: Text::same("政府信息公开条例"),
        },
        closed_at: "2026-11-20T02:00:00Z".parse().unwrap(),
        entries: vec![Entry { name: "case.json".to_owned(), media: "text/plain".to_owned(), bytes: vec![1] }],
    };
    let actor = ActorRef::system();
    for agency in ["nanjing.transport.passenger", "nanjing.housing"] {
        store::command!(house.ground, Lang::ZhCn, actor, |cx| archive::package(&mut cx, package(agency))
            .await)
        .unwrap();
    }
    let mut examiner = staff(&house, "examiner").await;
    let list = examiner.get("/desk/records/transfer?year=2026&agency=nanjing.transport.passenger").await;
    assert!(list.name.contains("transfer-nanjing.transport.passenger-2026.csv"), "{}", list.name);
    assert_eq!(list.text.lines().count(), 2, "{}", list.text);
    assert!(list.text.contains("NO-nanjing.transport.passenger"));
    let empty = examiner.get("/desk/records/transfer?year=2025").await;
    assert_eq!(empty.text.lines().count(), 1);
    for (query, status) in
        [("year=2026&agency=nanjing.housing", 404), ("year=abc", 422), ("agency=&year=", 422)]
    {
        let answer = examiner.get(&format!("/desk/records/transfer?{query}")).await;
        assert!(
            answer.status.as_u16() == status || (status == 422 && answer.status.as_u16() == 400),
            "{query}: {}",
            answer.status
        );
    }
    let mut supervisor = staff(&house, "supervisor").await;
    let all = supervisor.get("/desk/records/transfer?year=2026&agency=nanjing.housing").await;
    assert!(all.text.contains("NO-nanjing.housing"), "{}", all.text);
});

harness::both!(an_operator_tries_an_import, ROOMS, |t| async move {
    let house = town(&t).await;
    let mut operator = staff(&house, "operator").await;
    assert!(operator.get("/desk/records").await.text.contains("/desk/records/import"));
    let form = operator.get("/desk/records/import").await;
    let mapping = "source: old\nformat: csv\ncase: {number: 编号, item: 事项, state: 状态, filed_at: 收件}\n";
    let table = "编号,事项,状态,收件\n1,charter-bus-sticker,accepted,2025-03-03\n2,<b>,accepted,2025-03-03\n";
    let files: &[(&str, &str, &[u8])] =
        &[("mapping", "old.yaml", mapping.as_bytes()), ("file", "old.csv", table.as_bytes())];
    let tried = operator.upload("/desk/records/import", &form.csrf(), files).await;
    assert!(tried.status.is_success(), "{}", tried.text);
    assert!(tried.text.contains("old.csv:3") && tried.text.contains("将新建1个"), "{}", tried.text);
    assert!(!tried.text.contains("<b>"), "what stands in a file is text");
    let wrong: &[(&str, &str, &[u8])] =
        &[("mapping", "old.yaml", b"source: old\nformat: ods\n"), ("file", "a", b"")];
    let wrong = operator.upload("/desk/records/import", &form.csrf(), wrong).await;
    assert_eq!(wrong.status.as_u16(), 422);
    let none = operator.upload("/desk/records/import", &form.csrf(), &[]).await;
    assert!(none.status.as_u16() == 422 && none.text.contains("请选择映射文件"), "{}", none.text);
    let mut examiner = staff(&house, "examiner").await;
    assert_eq!(examiner.get("/desk/records/import").await.status.as_u16(), 403);
});

/// A package of an agency with one entry.
async fn packed(house: &House, agency: &str, text: &[u8]) -> procedure::PackageId {
    let new = NewPackage {
        subject: format!("case:{agency}"),
        reference: format!("NO-{agency}"),
        agency: AgencyCode::parse(agency).unwrap(),
        title: "旅游包车标贴核发".to_owned(),
        retention: catalog::Retention { years: Some(10), basis: Text::same("档案法") },
        openness: catalog::Openness {
            attribute: catalog::Publicity::OnRequest,
            ground: Text::same("政府信息公开条例"),
        },
        closed_at: "2026-11-20T02:00:00Z".parse().unwrap(),
        entries: vec![Entry {
            name: "case.json".to_owned(),
            media: "application/json".to_owned(),
            bytes: text.to_vec(),
        }],
    };
    let actor = ActorRef::system();
    store::command!(house.ground, Lang::ZhCn, actor, |cx| archive::package(&mut cx, new.clone()).await)
        .unwrap()
}

harness::both!(what_is_archived_is_checked_by_whoever_may_see_it, ROOMS, |t| async move {
    let house = town(&t).await;
    let sound = packed(&house, "nanjing.transport.passenger", b"{}").await;
    let broken = packed(&house, "nanjing.transport.passenger", b"no json").await;
    let foreign = packed(&house, "nanjing.housing", b"{}").await;
    let mut examiner = staff(&house, "examiner").await;
    let list = examiner.get("/desk/records/archive").await;
    assert_eq!(list.text.matches("/desk/records/archive/01").count(), 2, "{}", list.text);
    assert!(list.text.contains("至2036年12月31日") && list.text.contains("未检验"), "{}", list.text);
    let own = "/desk/records/archive?agency=nanjing.transport.passenger&year=2026&check=yes";
    let all = examiner.get(own).await;
    assert!(all.text.contains("本页2个归档包，1个四性齐备"), "{}", all.text);
    assert!(all.text.contains("可用性不符"), "{}", all.text);
    let one = examiner.get(&format!("/desk/records/archive/{sound}")).await;
    assert_eq!(one.text.matches("state-good").count(), 4, "{}", one.text);
    let bad = examiner.get(&format!("/desk/records/archive/{broken}")).await;
    assert!(bad.text.contains("这个归档包有问题") && bad.text.contains("case.json"), "{}", bad.text);
    assert!(examiner.get("/desk/records/archive?year=2025").await.text.contains("这个年度没有归档的办件"));
    for path in [format!("/desk/records/archive/{foreign}"), "/desk/records/archive/x".to_owned()] {
        assert_eq!(examiner.get(&path).await.status.as_u16(), 404, "{path}");
    }
    let other = examiner.get("/desk/records/archive?agency=nanjing.housing").await;
    assert_eq!(other.status.as_u16(), 404);
    let mut supervisor = staff(&house, "supervisor").await;
    assert!(supervisor.get(&format!("/desk/records/archive/{foreign}")).await.status.is_success());
    for account in ["operator", "clerk", "citizen"] {
        let mut nobody = staff(&house, account).await;
        for path in ["/desk/records/archive".to_owned(), format!("/desk/records/archive/{sound}")] {
            assert_eq!(nobody.get(&path).await.status.as_u16(), 403, "{account} {path}");
        }
    }
});

#[test]
fn both_languages_say_the_same_things() {
    let zh = include_str!("../../locales/zh-CN/records.ftl");
    let en = include_str!("../../locales/en/records.ftl");
    page::words::same_keys(zh, en).unwrap();
}
