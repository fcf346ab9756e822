//! A sale waits for its tax: nothing is certified, nobody has a task, it is nobody's lateness, and everybody is told what for.

use crate::common::*;
use crate::matters::{confirm, file, number, sale, work_unpaid};
use cases::{FeesTold, Scope};
use kernel::Money;

harness::both!(nothing_is_certified_before_the_tax_is_paid, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (seller, buyer) = (town.applicant("seller").await, town.applicant("buyer").await);
    let filed = file(&town, &seller, "sale", sale(&town, &seller).await).await;
    confirm(&town, &buyer, &filed).await;
    work_unpaid(&town).await;
    let tax = number(&filed, "纳税").clone();
    let view = town.view(&tax, &Scope::from(&buyer)).await;
    assert!(view.case.unpaid.is_some() && view.case.certificates.is_empty(), "{:?}", view.case.state);
    assert_eq!((view.row.holder.clone(), view.row.due_at), (None, None), "it lies with no agency");
    let owed = view.case.owes.clone().unwrap().fees;
    let own = Money::sum(owed.iter().filter(|f| f.payer == buyer.subject()).map(|f| f.amount)).unwrap();
    let matter = cases::matter_view(town.store(), filed.matter, &Scope::from(&seller)).await.unwrap();
    let waits: Vec<&str> = matter.members.iter().filter(|m| m.unpaid).map(|m| m.item_key.as_str()).collect();
    assert_eq!(waits, ["house-tax"], "the registration waits for the tax first");
    let told = |rev: i64, settled: bool, overdue: bool| FeesTold {
        bill: "32010026000000000017".to_owned(),
        amount: own,
        settled,
        payer: Some(buyer.subject()),
        owed: Some(if settled { Money::ZERO } else { own }),
        overdue,
        page: "/payments/01930000-0000-7000-8000-000000000009".to_owned(),
        rev,
        ..FeesTold::default()
    };
    cases::fees_told(&town.house, &tax, &told(1, false, false)).await.unwrap();
    let page = format!("/cases/{tax}");
    let routes = || cases::routes(town.house.clone(), town.sources.clone());
    let mut browser = town.browser(routes(), "buyer").await;
    let mine = browser.get(&page).await.html;
    for part in ["等待缴费", &own.to_string(), "/payments/01930000", "不计入办理时限"] {
        assert!(mine.contains(part), "{part}");
    }
    let matter_page = browser.get(&format!("/matters/{}", filed.matter)).await.html;
    assert!(matter_page.contains("/payments/01930000"), "the way to the bill");
    let mut other = town.browser(routes(), "seller").await;
    let theirs = other.get(&page).await.html;
    assert!(
        theirs.contains("还要等买受人缴费") && !theirs.contains("/payments/"),
        "another's bill is not shown"
    );
    cases::fees_told(&town.house, &tax, &told(3, false, true)).await.unwrap();
    assert!(browser.get(&page).await.html.contains("缴费期限已过"));
    cases::fees_told(&town.house, &tax, &told(5, true, false)).await.unwrap();
    let view = town.view(&tax, &Scope::from(&buyer)).await;
    assert_eq!((view.row.state.as_str(), view.case.certificates.len()), ("closed", 1));
    town.replay().await;
});
