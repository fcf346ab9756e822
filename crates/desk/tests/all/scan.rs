//! The document camera at the window: pages lie in a tray on the server, in order and turned, and become one PDF of the form; what is no
//! picture is refused at its place.

use crate::common::{ROOMS, Town, act};
use harness::Browser;
use harness::browser::{Chosen, Page};
use std::io::Write as _;

const SELLER: &str = "999999198405127021";
/// A picture of 200 × 200 points.
const PHOTO: &[u8] = include_bytes!("../../../app/tests/city/page.png");

fn chosen<'a>(field: &'a str, name: &'a str, bytes: &'a [u8]) -> Chosen<'a> {
    Chosen { field, name, bytes }
}

/// The ids of the pages in the order shown.
fn sheets(page: &Page, here: &str) -> Vec<String> {
    let start = format!("src=\"{here}/");
    let links = page.html.split(&start).skip(1);
    links.map(|rest| rest.split('?').next().unwrap().to_owned()).collect()
}

async fn send(browser: &mut Browser, here: &str, wanted: &str, files: &[Chosen<'_>]) -> Page {
    let csrf = browser.get(here).await.csrf();
    browser.post_files(here, &[("_csrf", &csrf), ("do", wanted)], files).await
}

async fn added(browser: &mut Browser, here: &str, files: &[Chosen<'_>]) -> Vec<String> {
    let done = send(browser, here, "add", files).await;
    assert_eq!(done.to, format!("{here}#scan-pages"), "{}", done.html);
    sheets(&browser.get(here).await, here)
}

/// A visit of the seller with the form of the sale, and the field of its first paper.
async fn begun(clerk: &mut Browser) -> (String, String) {
    let found = clerk.submit("/desk/window", "/desk/window", &[("citizen_id", SELLER)]).await;
    let taken = clerk.submit(&found.to, &found.to, &[("pick", "item:house-trade")]).await;
    let page = clerk.get(&taken.to).await;
    let field = page.html.split("name=\"_scan\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    (taken.to, field.to_owned())
}

fn pages_of(pdf: &[u8]) -> String {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    let run = |arg: &str| std::process::Command::new("qpdf").arg(arg).arg(file.path()).output().unwrap();
    assert!(run("--check").status.success());
    String::from_utf8(run("--show-npages").stdout).unwrap().trim().to_owned()
}

harness::both!(pages_are_taken_put_in_order_and_bound_into_the_form, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut clerk = town.browser("clerk").await;
    let (form, field) = begun(&mut clerk).await;
    let (csrf, rev) = {
        let page = clerk.get(&form).await;
        (page.csrf(), page.hidden("rev").unwrap())
    };
    let left =
        [("_csrf", csrf.as_str()), ("rev", rev.as_str()), ("seller_name", "许静怡"), ("_scan", &field)];
    let led = clerk.post(&form, &left).await;
    let here = format!("{}/scan/{field}", form.trim_end_matches("/form"));
    assert_eq!(led.to, here, "{}", led.html);
    let empty = send(&mut clerk, &here, "finish", &[]).await;
    assert!(empty.status == 422 && empty.html.contains("请先拍一页"), "{}", empty.html);
    let none = send(&mut clerk, &here, "add", &[]).await;
    assert!(none.status == 422 && none.html.contains("id=\"f-pages-error\""), "{}", none.html);
    // What is no picture is refused by name, and the others are kept.
    let files = [
        chosen("pages", "a.png", PHOTO),
        chosen("pages", "合同.pdf", b"%PDF-1.7\n"),
        chosen("pages", "b.png", PHOTO),
    ];
    let some = send(&mut clerk, &here, "add", &files).await;
    assert!(some.status == 422 && some.html.contains("合同.pdf：这不是照片"), "{}", some.html);
    let two = sheets(&some, &here);
    assert_eq!(two.len(), 2, "{}", some.html);
    let broken = send(&mut clerk, &here, "add", &[chosen("pages", "c.png", &PHOTO[..150])]).await;
    assert!(broken.status == 422 && broken.html.contains("打不开"), "{}", broken.html);
    // The machine dies; at another one the same clerk goes on, and nobody else sees it.
    let mut again = town.browser("clerk").await;
    let three = added(&mut again, &here, &[chosen("pages", "c.png", PHOTO)]).await;
    assert_eq!(three[..2], two);
    assert_eq!(town.browser("clerk2").await.get(&here).await.status, 404);
    assert_eq!(town.browser("clerk2").await.get(&format!("{here}/{}", two[0])).await.status, 404);
    for wanted in ["up", "right"] {
        send(&mut again, &here, &format!("{wanted}:{}", three[2]), &[]).await;
    }
    let page = again.get(&here).await;
    assert_eq!(sheets(&page, &here), [&three[0], &three[2], &three[1]].map(String::as_str));
    assert!(page.html.contains(&format!("{here}/{}?turn=1", three[2])), "{}", page.html);
    let small = again.get(&format!("{here}/{}", three[2])).await;
    assert_eq!((small.status.as_u16(), small.kind.as_str()), (200, "image/jpeg"));

    let name = format!("again:{}", three[0]);
    let after = added(&mut again, &here, &[chosen(&name, "d.png", PHOTO)]).await;
    assert!(after.len() == 3 && after[0] != three[0] && after[1..] == [three[2].clone(), three[1].clone()]);
    assert_eq!(again.get(&format!("{here}/{}", three[0])).await.status, 404, "what was taken again is gone");
    send(&mut again, &here, &format!("delete:{}", three[1]), &[]).await;
    let done = send(&mut again, &here, "finish", &[]).await;
    assert!(done.to.starts_with(&form), "{} {}", done.to, done.html);
    let page = again.get(&form).await;
    assert!(page.html.contains(".pdf") && page.html.contains("许静怡"), "{}", page.html);
    assert!(sheets(&again.get(&here).await, &here).is_empty(), "the tray is empty");
    assert_eq!(again.get(&format!("{form}/../scan/nothing")).await.status, 404);
    for account in ["examiner", "citizen", "operator"] {
        assert_eq!(town.browser(account).await.get(&here).await.status, 403, "{account}");
    }
});

harness::both!(what_was_asked_for_is_photographed_and_waits_for_its_form, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let matter = town.sold("k").await;
    let filed = matter.cases.iter().find(|c| c.item_name.zh.contains("交易")).unwrap();
    let path = format!("/desk/cases/{}", filed.number);
    let mut clerk = town.browser("housing-window").await;
    let field = "contract_file";
    let ask = format!("ask_supplement.say.{field}");
    let asked = [("verb", "ask_supplement"), (ask.as_str(), "有几页不清楚")];
    let asked = act(&mut clerk, &path, &asked).await;
    assert!(asked.status.is_redirection(), "{}", asked.html);
    let form = format!("{path}/supplement");
    let page = clerk.get(&form).await;
    assert!(page.html.contains(&format!("name=\"_scan\" value=\"{field}\"")), "{}", page.html);
    let typed = [("citizen_id", SELLER), ("ground", "不会上网"), ("reference", "补正书1")];
    let mut left = typed.to_vec();
    left.push(("_scan", field));
    let led = clerk.submit(&form, &form, &left).await;
    let here = format!("{form}/scan/{field}");
    assert_eq!(led.to, here, "{}", led.html);
    added(&mut clerk, &here, &[chosen("pages", "a.png", PHOTO), chosen("pages", "b.png", PHOTO)]).await;
    let done = send(&mut clerk, &here, "finish", &[]).await;
    assert_eq!(done.to, form, "{}", done.html);
    let page = clerk.get(&form).await;
    assert!(page.html.contains("不会上网") && page.html.contains("补正书1"), "as it was left: {}", page.html);
    assert!(page.html.contains(".pdf"), "{}", page.html);
    let before = town.view(filed).await.case.answers[field].as_array().unwrap().len();
    let wrong = clerk.submit(&form, &form, &[("citizen_id", SELLER), ("ground", "不会上网")]).await;
    assert!(wrong.status == 422 && wrong.html.contains(".pdf"), "it waits on: {}", wrong.html);
    let done = clerk.submit(&form, &form, &typed).await;
    assert!(done.status.is_redirection() && done.to.starts_with(&path), "{} {}", done.status, done.html);
    let view = town.view(filed).await;
    let files = view.case.answers[field].as_array().unwrap();
    assert_eq!(files.len(), before + 1);
    let id = files[before]["file"].as_str().unwrap().parse().unwrap();
    // It is kept for good from then on, and what is left of the tray is nobody's.
    town.t.clock.set("2026-11-27T02:00:00Z".parse().unwrap());
    store::files::sweep(town.house.ground.clone()).await.unwrap();
    let (info, bytes) = store::files::read(&town.house.ground.store, id).await.unwrap();
    assert_eq!((info.kind, pages_of(&bytes).as_str()), (store::files::FileKind::Pdf, "2"));
    let mut clerk = town.browser("housing-window").await;
    assert_eq!(clerk.get(&here).await.status, 409, "nothing is to be supplied any more");
    town.replay().await;
});

harness::both!(a_tray_is_forgotten_after_a_day, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let matter = town.sold("k").await;
    let filed = matter.cases.iter().find(|c| c.item_name.zh.contains("交易")).unwrap();
    let path = format!("/desk/cases/{}", filed.number);
    let mut clerk = town.browser("housing-window").await;
    let asked = [("verb", "ask_supplement"), ("ask_supplement.say.contract_file", "有几页不清楚")];
    act(&mut clerk, &path, &asked).await;
    let here = format!("{path}/supplement/scan/contract_file");
    assert_eq!(added(&mut clerk, &here, &[chosen("pages", "a.png", PHOTO)]).await.len(), 1);
    town.t.clock.set("2026-11-24T01:00:00Z".parse().unwrap());
    let mut clerk = town.browser("housing-window").await;
    assert_eq!(sheets(&clerk.get(&here).await, &here).len(), 1, "23 hours");
    town.t.clock.set("2026-11-24T03:00:00Z".parse().unwrap());
    let mut clerk = town.browser("housing-window").await;
    assert!(sheets(&clerk.get(&here).await, &here).is_empty());
    assert_eq!(added(&mut clerk, &here, &[chosen("pages", "a.png", PHOTO)]).await.len(), 1, "begun anew");
});
