//! The pages as their holder, others, staff and visitors meet them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use common::{ROOMS, applicant, card, keep, settle, token, upload};
use harness::{Browser, TestGround};
use http::StatusCode;
use image::{Rgb, RgbImage};
use kernel::{Fault, Press, PressJob};
use page::{House, Site};
use std::sync::Arc;

struct NoPress;

impl Press for NoPress {
    fn pdf(&self, _: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("no press here"))
    }
}

async fn browser(t: &TestGround, account: &str) -> Browser {
    let calendar = Arc::new(kernel::Calendar::official());
    let house =
        House { ground: t.ground.clone(), site: Arc::new(Site::demo()), press: Arc::new(NoPress), calendar };
    let app = page::layer(identity::layer(page::inner(proofs::routes(house.clone())), &house), &house);
    let browser = Browser::new(app);
    if account.is_empty() {
        browser
    } else {
        browser.with_cookie("yimen_session", &token(&t.ground, account).await)
    }
}

fn photo() -> Vec<u8> {
    let mut out = Vec::new();
    let image =
        RgbImage::from_fn(900, 560, |x, _| if x < 450 { Rgb([200, 220, 240]) } else { Rgb([250, 250, 250]) });
    image.write_with_encoder(image::codecs::jpeg::JpegEncoder::new(&mut out)).unwrap();
    out
}

harness::both!(only_its_holder_opens_a_paper, ROOMS, |t| async move {
    settle(&t).await;
    let who = applicant(&t, "citizen").await;
    let file = upload(&t.ground, &who, "身份证.jpg", photo()).await;
    let id = keep(&t.ground, card(who.subject(), &[file], "CASE-1")).await.unwrap();
    let at = format!("/space/papers/{id}");
    let mut mine = browser(&t, "citizen").await;
    let list = mine.get("/space/papers").await;
    assert_eq!(list.status, StatusCode::OK);
    for shown in ["居民身份证", "存量房交易", "2026年11月22日", "您上传的", at.as_str()] {
        assert!(list.html.contains(shown), "{shown} is missing: {}", list.html);
    }
    let paper = mine.get(&at).await;
    for shown in ["C级", "/cases/CASE-1", "身份证.jpg", "files/0/preview", "2026-12-22"] {
        assert!(paper.html.contains(shown), "{shown} is missing: {}", paper.html);
    }
    let preview = mine.get(&format!("{at}/files/0/preview")).await;
    assert_eq!((preview.status, preview.kind.as_str()), (StatusCode::OK, "image/jpeg"));
    let small = image::load_from_memory(&preview.bytes).unwrap();
    assert_eq!((small.width(), small.height()), (480, 299));
    assert_eq!(mine.get(&format!("{at}/files/0")).await.bytes, photo());
    assert_eq!(mine.get(&format!("{at}/files/1")).await.status, StatusCode::NOT_FOUND);
    let paths = [at.clone(), format!("{at}/files/0"), format!("{at}/files/0/preview")];
    for (account, status) in [
        ("citizen2", StatusCode::NOT_FOUND),
        ("examiner", StatusCode::FORBIDDEN),
        ("clerk", StatusCode::FORBIDDEN),
    ] {
        let mut other = browser(&t, account).await;
        for path in &paths {
            assert_eq!(other.get(path).await.status, status, "{account} {path}");
        }
    }
    let mut visitor = browser(&t, "").await;
    for path in &paths {
        let page = visitor.get(path).await;
        assert!(page.status == StatusCode::SEE_OTHER && page.to.starts_with("/login?next="), "{path}");
    }
});

harness::both!(a_copy_says_what_it_is_for_and_withdrawing_ends_it, ROOMS, |t| async move {
    settle(&t).await;
    let who = applicant(&t, "citizen").await;
    let file = upload(&t.ground, &who, "身份证.jpg", photo()).await;
    let id = keep(&t.ground, card(who.subject(), &[file], "CASE-1")).await.unwrap();
    let at = format!("/space/papers/{id}");
    let mut mine = browser(&t, "citizen").await;
    let copy = format!("{at}/copy");
    let wrong = mine.submit(&at, &copy, &[("purpose", ""), ("until", "2028-01-01")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.html.contains("#f-purpose")
            && wrong.html.contains("#f-until")
            && wrong.html.contains("2028-01-01")
    );
    let wrong = mine.submit(&at, &copy, &[("purpose", "租房"), ("until", "soon")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.html.contains("请选择日期"));
    let made = mine.submit(&at, &copy, &[("purpose", "给房东租房备案"), ("until", "2026-12-01")]).await;
    assert_eq!((made.status, made.kind.as_str()), (StatusCode::OK, "image/jpeg"), "{}", made.html);
    let marked = image::load_from_memory(&made.bytes).unwrap().into_rgb8();
    let reddish = marked.pixels().filter(|p| p.0[0] > p.0[1].saturating_add(30)).count();
    assert!(reddish > 5_000, "{reddish} points of the watermark");
    let (_, events) = trace::history::<proofs::ProofEvent>(&t.store, &proofs::subject(id)).await.unwrap();
    let last = &events.last().unwrap().event;
    assert!(
        matches!(last, proofs::ProofEvent::Copied { until, .. } if *until == jiff::civil::date(2026, 12, 1))
    );
    let gone = mine.submit(&at, &format!("{at}/withdraw"), &[]).await;
    assert_eq!((gone.status, gone.to.as_str()), (StatusCode::SEE_OTHER, "/space/papers?withdrawn=yes"));
    assert!(mine.get(&gone.to).await.html.contains("已经撤回"));
    assert_eq!(mine.get(&at).await.status, StatusCode::NOT_FOUND);
    assert_eq!(mine.get(&format!("{at}/files/0")).await.status, StatusCode::NOT_FOUND);
});
