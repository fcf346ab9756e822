//! What the holder hands on, on both databases: lines shown once by a code, annotated copies, and who learns what.

use crate::common::{Now as _, Stage, ask, cancel, cookie, revoke, send_form};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use certificates::{CertificateEvent, CertificateId, MIGRATIONS, subject};
use harness::{Migrations, TestGround};

const ROOMS: &[Migrations] = &[trace::MIGRATIONS, identity::MIGRATIONS, MIGRATIONS];

/// A browser of nobody, with the cookie that its forms need.
async fn visitor(stage: &Stage) -> String {
    let form = stage.raw(Request::get("/present").body(Body::empty()).unwrap()).await;
    form.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned()
}

async fn text(stage: &Stage, path: &str, cookie: &str) -> String {
    String::from_utf8(ask(stage, path, cookie).await.1).unwrap()
}

/// Shows the certificate: the page with the code, the short code, and the word of the QR code.
async fn show(t: &TestGround, stage: &Stage, id: CertificateId, lines: &[&str]) -> (String, String) {
    let holder = cookie(t, "citizen").await;
    let choose = format!("/certificates/{id}/present");
    let fields: Vec<_> = lines.iter().map(|line| ("line", *line)).collect();
    let (status, page, html) = send_form(stage, &choose, &choose, &holder, &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{html}");
    let html = text(stage, &page, &holder).await;
    let code = html.split("<strong class=\"num\">").nth(1).unwrap_or_else(|| panic!("no code: {html}"));
    (page, code.split('<').next().unwrap().to_owned())
}

harness::both!(shown_once_and_only_what_was_chosen, ROOMS, |t| async move {
    let (stage, _, id) = crate::common::stage(&t).await;
    let guest = visitor(&stage).await;
    let (page, code) = show(&t, &stage, id, &["driver", "no-such-line"]).await;
    assert_eq!(code.len(), 9, "{code}");
    let typed = code.to_lowercase().replace('-', " ");
    let (one, other) = ([("code", typed.as_str())], [("code", code.as_str())]);
    let (a, b) = tokio::join!(
        send_form(&stage, "/present", "/present", &guest, &one),
        send_form(&stage, "/present", "/present", &guest, &other),
    );
    let (seen, late) = if a.0 == StatusCode::OK { (a, b) } else { (b, a) };
    assert_eq!((seen.0, late.0), (StatusCode::OK, StatusCode::CONFLICT), "one of two at once");
    for shown in ["有效", "赵六秘密", "南京市交通运输局", "旅游包车标贴"] {
        assert!(seen.2.contains(shown), "{shown} is missing in {}", seen.2);
    }
    let c = certificates::get(&t.ground.store, id).await.unwrap().unwrap();
    for hidden in ["苏A·99123", "王䶮仁义", "王**义", "320***********1234", &c.identifier, "CASE-1"] {
        assert!(!seen.2.contains(hidden), "{hidden} was not chosen");
    }
    // the holder sees when and what; the trace keeps it
    let holder = cookie(&t, "citizen").await;
    assert!(text(&stage, &page, &holder).await.contains("对方已经查看"));
    let html = text(&stage, &format!("/certificates/{id}"), &holder).await;
    assert!(html.contains("出示记录") && html.contains("驾驶员"), "{html}");
    let (_, events) = trace::history::<CertificateEvent>(&t.ground.store, &subject(id)).await.unwrap();
    let CertificateEvent::Shown { keys, .. } = &events.last().unwrap().event else { panic!("{events:?}") };
    assert_eq!(keys, &["driver".to_owned()]);
    // nobody else's page of codes
    let other = cookie(&t, "citizen2").await;
    assert_eq!(ask(&stage, &page, &other).await.0, StatusCode::NOT_FOUND);
});

harness::both!(a_code_ends_after_two_minutes_and_guessing_is_slow, ROOMS, |t| async move {
    let (stage, _, id) = crate::common::stage(&t).await;
    let guest = visitor(&stage).await;
    let (page, code) = show(&t, &stage, id, &[]).await;
    let holder = cookie(&t, "citizen").await;
    assert!(text(&stage, &page, &holder).await.contains("class=\"qr-code\""));
    // an unknown word; what opens addresses ahead of people learns nothing
    let path = format!("/present/{}", "A".repeat(26));
    assert_eq!(ask(&stage, &path, &guest).await.0, StatusCode::OK);
    assert_eq!(send_form(&stage, &path, &path, &guest, &[]).await.0, StatusCode::NOT_FOUND);
    t.clock.advance_seconds(120);
    let (status, _, html) = send_form(&stage, "/present", "/present", &guest, &[("code", &code)]).await;
    assert!(status == StatusCode::NOT_FOUND && html.contains("已经过了两分钟") && html.contains(&code));
    let mut last = status;
    for n in 0..10 {
        let guess = format!("0000-000{n}");
        last = send_form(&stage, "/present", "/present", &guest, &[("code", &guess)]).await.0;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS, "the eleventh try in a minute");
    t.clock.advance_seconds(60);
    let (_, code) = show(&t, &stage, id, &[]).await;
    assert_eq!(send_form(&stage, "/present", "/present", &guest, &[("code", &code)]).await.0, StatusCode::OK);
});

harness::both!(a_copy_says_for_whom_until_it_is_withdrawn, ROOMS, |t| async move {
    let (stage, _, id) = crate::common::stage(&t).await;
    let holder = cookie(&t, "citizen").await;
    let here = format!("/certificates/{id}/copies");
    let mut form = vec![("whom", "金陵租车公司"), ("purpose", " "), ("until", "2026-12-24")];
    let (status, _, html) = send_form(&stage, &here, &here, &holder, &form).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        html.contains("金陵租车公司") && html.contains("不超过40字") && html.contains("证照有效期之内"),
        "{html}"
    );
    form[1].1 = "办理租车合同";
    form[2].1 = "2026-11-27";
    let (status, to, html) = send_form(&stage, &here, &here, &holder, &form).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, here.as_str()), "{html}");
    let html = text(&stage, &here, &holder).await;
    let between = |front: &str| html.split(front).nth(1).unwrap_or_else(|| panic!("{front}: {html}"));
    let pdf_path = format!("{here}/{}", between(&format!("href=\"{here}/")).split('"').next().unwrap());
    let public = format!("/verify/{}", between("href=\"/verify/").split('"').next().unwrap());
    // by its QR code: for whom, for what, until when, and the certificate itself
    let (status, page) = stage.get(&public).await;
    assert_eq!(status, StatusCode::OK);
    for shown in ["有效", "金陵租车公司", "办理租车合同", "2026年11月27日", "加注件", "苏A·99123"]
    {
        assert!(page.contains(shown), "{shown} is missing in {page}");
    }
    assert!(!page.contains("赵六秘密"));
    // by its file: signed, and known as this copy
    let (status, pdf) = ask(&stage, &pdf_path, &holder).await;
    assert_eq!(status, StatusCode::OK);
    let checked = certificates::check_pdf(&pdf, &stage.signer.trust()).unwrap();
    let c = certificates::get(&t.ground.store, id).await.unwrap().unwrap();
    assert!(checked.identifier.starts_with(&format!("{}/", c.identifier)), "{checked}");
    let (status, page) = crate::common::upload(&stage, &pdf).await;
    assert!(
        status == StatusCode::OK && page.contains("办理租车合同") && page.contains("没有被改动过"),
        "{page}"
    );
    // not for others
    let other = cookie(&t, "citizen2").await;
    assert_eq!(ask(&stage, &pdf_path, &other).await.0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&stage, &here, &other).await.0, StatusCode::NOT_FOUND);
    // withdrawn, once
    assert_eq!(send_form(&stage, &here, &pdf_path, &holder, &[]).await.0, StatusCode::SEE_OTHER);
    assert!(stage.get(&public).await.1.contains("加注件已收回"));
    assert_eq!(send_form(&stage, &here, &pdf_path, &holder, &[]).await.0, StatusCode::CONFLICT);
    // a copy of what is revoked says so; after its day it has ended
    t.clock.advance_seconds(1);
    assert_eq!(send_form(&stage, &here, &here, &holder, &form).await.0, StatusCode::SEE_OTHER);
    let html = text(&stage, &here, &holder).await;
    let second = html.split("href=\"/verify/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    stage.act(id, revoke("材料虚假")).await.unwrap();
    assert!(stage.get(&format!("/verify/{second}")).await.1.contains("已撤销"));
    t.clock.advance_seconds(6 * 86_400);
    let holder = cookie(&t, "citizen").await;
    assert!(stage.get(&format!("/verify/{second}")).await.1.contains("加注件已过期"));
    assert_eq!(
        send_form(&stage, "/present", &here, &holder, &form).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let state = certificates::get(&t.ground.store, id).await.unwrap().unwrap().state(t.clock_now());
    assert_eq!(state.word(), "revoked");
    assert!(stage.act(id, cancel("x")).await.is_err());
});
