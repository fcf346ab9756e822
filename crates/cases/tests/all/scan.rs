//! A paper photographed page by page with a telephone: into a draft, for good, and only by whoever the draft is of.

use crate::common::browser::Chosen;
use crate::common::{ROOMS, STICKER, Town, fill, firm};

/// A picture of 200 × 200 points.
const PHOTO: &[u8] = include_bytes!("../../../app/tests/city/page.png");

harness::both!(a_telephone_photographs_a_paper_into_the_draft, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut browser = firm(&town).await;
    let apply = browser.get(&format!("/apply/{STICKER}")).await;
    let started = browser.post(&format!("/apply/{STICKER}"), &[("_csrf", &apply.csrf())]).await;
    let base = started.to.rsplit_once('/').unwrap().0.to_owned();
    let section = format!("{base}/contract");
    let typed = [("contract_no", "JL-1"), ("_scan", "contract_file")];
    let here = format!("{base}/scan/contract_file");
    let led = fill(&mut browser, &section, &typed).await;
    assert_eq!(led.to, here, "{}", led.html);
    let csrf = browser.get(&here).await.csrf();
    let two: Vec<Chosen<'_>> =
        ["a.png", "b.png"].iter().map(|name| Chosen { field: "pages", name, bytes: PHOTO }).collect();
    let all = browser.post_files(&here, &[("_csrf", &csrf), ("do", "finish")], &two).await;
    assert!(all.to.starts_with(&section), "added and finished at one press: {} {}", all.to, all.html);
    let page = browser.get(&section).await;
    assert!(page.html.contains(".pdf") && page.html.contains("JL-1"), "{}", page.html);
    for other in
        ["/drafts/01890000-0000-7000-8000-000000000001/scan/contract_file", &format!("{base}/scan/plate")]
    {
        assert_eq!(browser.get(other).await.status.as_u16(), 404, "{other}");
    }
    // The draft is finished a week later: the file is there.
    let firm = town.firm().await;
    let draft =
        cases::draft(&town.house.ground.store, &firm, base.rsplit('/').next().unwrap().parse().unwrap());
    let answers = draft.await.unwrap().answers;
    let file = answers["contract_file"][0]["file"].as_str().unwrap().parse().unwrap();
    town.t.clock.set("2026-11-30T02:00:00Z".parse().unwrap());
    store::files::sweep(town.house.ground.clone()).await.unwrap();
    let (info, _) = store::files::read(&town.house.ground.store, file).await.unwrap();
    assert_eq!(info.kind, store::files::FileKind::Pdf);
    assert!(info.name.ends_with(".pdf"), "{}", info.name);
});
