//! The window: a number, whoever stands there, one form on one page, a receipt; nothing typed is lost, every look is recorded.

use crate::common::{PNG, ROOMS, Town};
use cases::Scope;
use harness::Browser;
use harness::browser::{Chosen, Page};
use proofs::{Compared, Grade};

const ELDER: &str = "999999194306101151";

/// Somebody with this number comes to the window; where the clerk goes on.
pub async fn comes(clerk: &mut Browser, number: &str) -> String {
    let found = clerk.submit("/desk/window", "/desk/window", &[("citizen_id", number)]).await;
    assert!(found.status.is_redirection() && found.to.starts_with("/desk/window/"), "{}", found.html);
    assert!(!found.to.contains(number), "no number in an address");
    found.to
}

pub async fn take(clerk: &mut Browser, at: &str, pick: &str) -> String {
    let taken = clerk.submit(at, at, &[("pick", pick)]).await;
    assert_eq!(taken.to, format!("{at}/form"), "{}", taken.html);
    taken.to
}

/// The fields of an allowance, with the bank card left to the caller.
fn allowance(card: &str) -> Vec<(&str, &str)> {
    vec![
        ("town", "440604012"),
        ("address", "祖庙街道示范巷3号"),
        ("bank", "示范银行"),
        ("other", "no"),
        ("card", card),
        ("consent", "yes"),
        ("phone", "13900000035"),
    ]
}

pub async fn send(clerk: &mut Browser, form: &str, fields: &[(&str, &str)], files: &[Chosen<'_>]) -> Page {
    let page = clerk.get(form).await;
    assert!(page.status.is_success(), "{}", page.html);
    let (csrf, rev) = (page.csrf(), page.hidden("rev").unwrap());
    let mut all = vec![("_csrf", csrf.as_str()), ("rev", rev.as_str())];
    all.extend_from_slice(fields);
    clerk.post_files(form, &all, files).await
}

harness::both!(a_clerk_files_in_a_few_steps_and_nothing_is_lost, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk2").await;
    assert!(clerk.get("/desk").await.html.contains("/desk/window"));
    for (number, said) in
        [("", "请输入"), ("999999194306101152", "校验码不对"), ("110101199003070003", "核对")]
    {
        let wrong = clerk.submit("/desk/window", "/desk/window", &[("citizen_id", number)]).await;
        assert!(wrong.status.as_u16() == 422 && wrong.html.contains(said), "{number}: {}", wrong.html);
        assert!(wrong.html.contains(&format!("value=\"{number}\"")), "what was typed stays: {}", wrong.html);
    }
    let at = comes(&mut clerk, ELDER).await;
    let found = clerk.get(&format!("{at}?q=高龄")).await;
    assert!(found.html.contains("item:elderly-allowance") && !found.html.contains(ELDER), "{}", found.html);
    let form = take(&mut clerk, &at, "item:elderly-allowance").await;
    let wrong = send(&mut clerk, &form, &allowance(""), &[]).await;
    assert_eq!(wrong.status.as_u16(), 422, "{}", wrong.html);
    assert!(
        wrong.html.contains("id=\"f-card-error\"") && wrong.html.contains("祖庙街道示范巷3号"),
        "{}",
        wrong.html
    );
    // The session ends, the machine restarts: the visit is there with everything typed.
    let mut again = town.browser("clerk2").await;
    let list = again.get("/desk/window").await;
    assert!(list.html.contains(&form) && list.html.contains("没填完"), "{}", list.html);
    assert!(again.get(&form).await.html.contains("祖庙街道示范巷3号"));
    let filed = send(&mut again, &form, &allowance("6200009999990000041"), &[]).await;
    assert_eq!(filed.to, format!("{at}/receipt?print"), "{}", filed.html);
    let twice = again.get(&form).await;
    assert_eq!(twice.to, format!("{at}/receipt"), "handed in is handed in");
    let receipt = again.get(&filed.to).await;
    let number = receipt.html.split("small number\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let code = receipt.html.split("<strong>").find(|p| p.get(5..6) == Some("-")).unwrap()[..11].to_owned();
    let row =
        cases::progress(&town.house.ground.store, &number.parse().unwrap(), &Scope::program()).await.unwrap();
    assert!(row.natural && row.item_key == "elderly-allowance");
    // Whoever holds the receipt sees how it stands, and nothing of the person.
    let mut anybody = town.browser("citizen").await;
    let asked = [("number", number.as_str()), ("code", code.as_str())];
    let seen = anybody.submit("/query", "/query", &asked).await;
    assert!(seen.html.contains("高龄") && !seen.html.contains(&row.subject_name), "{}", seen.html);
    let guess = anybody.submit("/query", "/query", &[("number", &number), ("code", "00000-00000")]).await;
    assert!(guess.status.as_u16() == 422 && !guess.html.contains("高龄"), "{}", guess.html);
    let elder = town.applicant("elder").await;
    let looks = trace::looks_of(&town.house.ground.store, elder.person(), None, 50).await.unwrap();
    assert!(looks.iter().any(|l| l.fields.iter().any(|f| f == "proofs")), "{looks:?}");
});

harness::both!(an_original_in_hand_makes_a_paper_believed, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk").await;
    let number = "999999198405127021";
    let at = comes(&mut clerk, number).await;
    let form = take(&mut clerk, &at, "item:house-trade").await;
    let page = clerk.get(&form).await;
    assert!(page.html.contains("name=\"_seen\"") && !page.html.contains(number), "masked: {}", page.html);
    let papers: Vec<String> = page
        .html
        .split("name=\"_seen\" value=\"")
        .skip(1)
        .map(|p| p.split('"').next().unwrap().to_owned())
        .collect();
    let fields = [
        ("mortgage", "no"),
        ("seller_name", "许静怡"),
        ("seller_citizen_id", number),
        ("seller_phone", "13900000071"),
        ("buyer_name", "林子豪"),
        ("buyer_citizen_id", "999999199203187055"),
        ("buyer_phone", "13900000073"),
        ("house_title_no", "苏(2018)宁玄不动产权第9999101号"),
        ("trade_price", "2600000"),
        ("trade_contract_date", "2026-11-18"),
        ("trade_payment", "once"),
        ("trade_handover", "2026-12-31"),
        ("trade_declared", "yes"),
    ];
    let mut all: Vec<(&str, &str)> = fields.to_vec();
    all.extend(papers.iter().filter(|p| p.starts_with("sale-contract")).map(|p| ("_seen", p.as_str())));
    assert!(all.iter().any(|(n, _)| *n == "_seen"), "{papers:?}");
    let files = [
        Chosen { field: "contract_file", name: "合同.png", bytes: PNG },
        Chosen { field: "consent_file", name: "同意书.png", bytes: PNG },
    ];
    let heic =
        Chosen { field: "contract_file", name: "IMG.heic", bytes: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" };
    let refused = send(&mut clerk, &form, &all, &[heic]).await;
    assert!(refused.status.as_u16() == 422 && refused.html.contains("HEIC"), "{}", refused.html);
    let filed = send(&mut clerk, &form, &all, &files).await;
    assert_eq!(filed.to, format!("{at}/receipt?print"), "{}", filed.html);
    let receipt = clerk.get(&filed.to).await;
    assert!(receipt.html.contains("已核对原件") && receipt.html.contains("复印件"), "{}", receipt.html);
    let seller = town.applicant("seller").await;
    let kept = proofs::list(&town.house.ground.store, seller.subject(), None, 20).await.unwrap();
    let grade =
        |words: &str| kept.iter().find(|p| p.name.zh.contains(words)).map(|p| (p.grade, p.checked.clone()));
    let (contract, check) = grade("合同").unwrap_or_else(|| panic!("{kept:?}"));
    assert_eq!((contract, check.unwrap().how), (Grade::Checked, Some(Compared::Original)));
    assert_eq!(grade("同意").unwrap().0, Grade::Uploaded, "what was not compared stays an upload");
    // Next time the paper is there, and that it is used again is written down.
    let contract = kept.iter().find(|p| p.name.zh.contains("合同")).unwrap().id;
    let at = comes(&mut clerk, number).await;
    let form = take(&mut clerk, &at, "item:house-trade").await;
    let id = contract.to_string();
    let offer = format!("name=\"_keep\" value=\"{id}\"");
    assert!(!clerk.get(&form).await.html.contains(&offer), "of which flat it is about nothing is said yet");
    let asked = send(&mut clerk, &form, &fields, &files[1..]).await;
    assert!(asked.status.as_u16() == 422 && asked.html.contains(&offer), "it is offered: {}", asked.html);
    let mut again = fields.to_vec();
    again.extend([("_keep_shown", id.as_str()), ("_keep", id.as_str())]);
    let filed = send(&mut clerk, &form, &again, &files[1..]).await;
    assert_eq!(filed.to, format!("{at}/receipt?print"), "{}", filed.html);
    assert_eq!(proofs::uses(&town.house.ground.store, contract, 9).await.unwrap().len(), 2);
});

harness::both!(the_window_is_for_its_clerk_alone, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk2").await;
    let at = comes(&mut clerk, ELDER).await;
    let form = take(&mut clerk, &at, "item:elderly-allowance").await;
    let mut other = town.browser("clerk").await;
    for page in [at.as_str(), &form, &format!("{at}/receipt")] {
        assert_eq!(other.get(page).await.status.as_u16(), 404, "another clerk: {page}");
        for account in ["examiner", "supervisor", "operator", "citizen"] {
            assert_eq!(town.browser(account).await.get(page).await.status.as_u16(), 403, "{account} {page}");
        }
    }
    town.t.clock.set("2026-11-25T02:00:00Z".parse().unwrap());
    let mut later = town.browser("clerk2").await;
    comes(&mut later, ELDER).await;
    assert_eq!(later.get(&at).await.status.as_u16(), 404, "a visit of days before is forgotten");
});

harness::both!(an_agency_answers_for_its_register, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (filed, seller) = (town.sold("k").await, town.applicant("seller").await);
    let trade = filed.cases.iter().find(|c| c.item_name.zh.contains("交易")).unwrap();
    let (path, claim) = ("dwelling.area".to_owned(), "产权证上是89平方米".to_owned());
    let act = cases::ApplicantAct::Dispute { path, claim, proof: Some(town.upload(&seller).await) };
    store::command!(town.house.ground, kernel::Lang::ZhCn, seller.actor_ref(), |cx| {
        cases::ask(&mut cx, &town.house, &seller, &trade.number, act.clone(), None).await
    })
    .unwrap();
    // The agency that keeps the register has no part in this case, and sees of it the request alone.
    let mut land = town.browser("land").await;
    assert_eq!(land.get(&format!("/desk/cases/{}", trade.number)).await.status.as_u16(), 404);
    assert!(land.get("/desk").await.html.contains("/desk/corrections"));
    let list = land.get("/desk/corrections").await;
    assert!(
        list.html.contains("产权证上是89平方米") && !list.html.contains("dwelling.area"),
        "{}",
        list.html
    );
    let path = list.html.split("href=\"").find(|p| p.starts_with("/desk/corrections/")).unwrap();
    let path = path.split('"').next().unwrap().to_owned();
    let page = land.get(&path).await;
    assert!(
        page.status.is_success() && page.html.contains("88"),
        "what the register says now: {}",
        page.html
    );
    assert!(!page.html.contains("dwelling.area") && !page.html.contains("2,600,000"), "{}", page.html);
    assert!(land.get(&format!("{path}/proof")).await.status.is_success());
    let wrong = land.submit(&path, &path, &[("upheld", "yes"), ("text", "核对了登记簿")]).await;
    assert!(wrong.status.as_u16() == 422 && wrong.html.contains("f-value-error"), "{}", wrong.html);
    assert!(wrong.html.contains("核对了登记簿"), "what was typed stays");
    let told = [("upheld", "yes"), ("value", "89"), ("text", "已核对登记簿，登记有误，现已更正")];
    let done = land.submit(&path, &path, &told).await;
    assert!(done.status.is_redirection(), "{}", done.html);
    assert!(land.get("/desk/corrections?list=answered").await.html.contains("现已更正"));
    assert!(!land.get("/desk/corrections").await.html.contains("产权证上是89平方米"));
    let view = town.view(trade).await;
    assert!(
        view.case.disputes[0].settled.is_some_and(|(upheld, _)| upheld),
        "the case goes on with what is so"
    );
    let talk = cases::talk(&town.house.ground.store, &seller, &trade.number, 0).await.unwrap();
    assert!(talk.iter().any(|line| line.text.contains("现已更正")), "the person is told: {talk:?}");
    for (other, status) in [("marriage", 404), ("clerk", 403), ("citizen", 403)] {
        assert_eq!(town.browser(other).await.get(&path).await.status.as_u16(), status, "{other}");
    }
    let looks = trace::looks_of(&town.house.ground.store, seller.person(), None, 50).await.unwrap();
    assert!(looks.iter().any(|l| l.fields.contains(&"dwelling.area".to_owned())), "{looks:?}");
    town.replay().await;
});
