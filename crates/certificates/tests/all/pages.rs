//! The pages as browsers meet them: holder, staff, strangers, uploads; and the courier that has certificates printed.

use crate::common::{Stage, ask, cancel, cookie, revoke, sticker, upload};
use axum::http::StatusCode;
use certificates::MIGRATIONS;
use harness::Migrations;
use kernel::{OrganisationId, SubjectId};
use store::outbox::Courier;

const ROOMS: &[Migrations] = &[trace::MIGRATIONS, identity::MIGRATIONS, MIGRATIONS];

harness::both!(the_holder_and_the_issuer_and_nobody_else, ROOMS, |t| async move {
    let (stage, citizen, id) = crate::common::stage(&t).await;
    let (page, pdf) = (format!("/certificates/{id}"), format!("/certificates/{id}/pdf"));
    let holder = cookie(&t, "citizen").await;
    let (status, html) = ask(&stage, &page, &holder).await;
    let html = String::from_utf8(html).unwrap();
    assert_eq!(status, StatusCode::OK, "{html}");
    for shown in [
        "有效",
        "王䶮仁义",
        "赵六秘密",
        "320***********1234",
        "class=\"qr-code\"",
        "CASE-1",
        "签发",
        pdf.as_str(),
    ] {
        assert!(html.contains(shown), "{shown} is missing");
    }
    assert!(!html.contains(" style="), "the content policy forbids styles in attributes");
    let (status, bytes) = ask(&stage, &pdf, &holder).await;
    assert!(status == StatusCode::OK && certificates::check_pdf(&bytes, &stage.signer.trust()).is_ok());
    // whoever it is not for cannot tell it from one that does not exist
    let missing = format!("/certificates/{}", id.to_string().replace(&id.to_string()[..8], "00000000"));
    for account in ["citizen2", "firm", "examiner2", "clerk", "supervisor", "operator"] {
        let other = cookie(&t, account).await;
        assert_eq!(ask(&stage, &pdf, &other).await.0, StatusCode::NOT_FOUND, "{account}");
        assert_ne!(ask(&stage, &page, &other).await.0, StatusCode::OK, "{account}");
        assert_eq!(
            ask(&stage, &format!("{missing}/pdf"), &other).await.0,
            StatusCode::NOT_FOUND,
            "{account}"
        );
    }
    assert_eq!(ask(&stage, &pdf, "").await.0, StatusCode::SEE_OTHER);
    assert!(
        trace::looks_of(&t.ground.store, citizen, None, 9).await.unwrap().is_empty(),
        "nobody looked so far"
    );
    // the issuing agency may, and the person sees it
    let examiner = cookie(&t, "examiner").await;
    assert_eq!(ask(&stage, &pdf, &examiner).await.0, StatusCode::OK);
    let looks = trace::looks_of(&t.ground.store, citizen, None, 9).await.unwrap();
    assert_eq!((looks.len(), looks[0].purpose.case.as_deref()), (1, Some("CASE-1")));
    // the reason of an end is told to the holder, not to the world
    stage.act(id, revoke("使用虚假合同")).await.unwrap();
    let html = String::from_utf8(ask(&stage, &page, &holder).await.1).unwrap();
    assert!(html.contains("已撤销") && html.contains("使用虚假合同"));
    let token = certificates::get(&t.ground.store, id).await.unwrap().unwrap().token;
    let html = String::from_utf8(ask(&stage, &format!("/verify/{token}"), "").await.1).unwrap();
    assert!(html.contains("已撤销") && !html.contains("使用虚假合同"));
});

harness::both!(a_firm_is_named_in_full, ROOMS, |t| async move {
    let stage = Stage::new(&t);
    let mut new = sticker();
    let firm: OrganisationId = "019aa000-0000-7000-8000-0000000000aa".parse().unwrap();
    new.holder = SubjectId::Organisation(firm);
    new.holder_name = "南京金陵旅行客运有限公司".into();
    let id = stage.issue(new).await;
    let c = certificates::get(&t.ground.store, id).await.unwrap().unwrap();
    let html = String::from_utf8(ask(&stage, &format!("/verify/{}", c.token), "").await.1).unwrap();
    assert!(html.contains("南京金陵旅行客运有限公司"));
});

harness::both!(an_uploaded_file_is_believed_only_whole, ROOMS, |t| async move {
    let stage = Stage::new(&t);
    let id = stage.issue(sticker()).await;
    let pdf = certificates::pdf(&stage.house, &stage.signer, id).await.unwrap();
    let (status, html) = upload(&stage, &pdf).await;
    assert!(status == StatusCode::OK && html.contains("有效") && html.contains("没有被改动过"), "{html}");
    stage.act(id, cancel("已停用")).await.unwrap();
    assert!(upload(&stage, &pdf).await.1.contains("已注销"), "a good file of a cancelled certificate");
    let mut changed = pdf.clone();
    let at = changed.windows(7).position(|w| w == b"stream\n").unwrap() + 20;
    changed[at] ^= 1;
    let (status, html) = upload(&stage, &changed).await;
    assert!(
        status == StatusCode::UNPROCESSABLE_ENTITY && html.contains("被改动过") && !html.contains("王**义")
    );
    let (status, html) = upload(&stage, b"").await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && html.contains("请选择要核验的PDF或OFD文件"));
});

harness::both!(the_courier_has_them_printed, ROOMS, |t| async move {
    let stage = Stage::new(&t);
    let (house, signer) = (stage.house.clone(), stage.signer.clone());
    let courier = Courier::new(t.ground.clone())
        .on("certificates.issued", move |_, message| {
            let (house, signer) = (house.clone(), signer.clone());
            async move { certificates::on_issued(&house, &signer, &message).await }
        })
        .ignore("certificates.changed");
    let id = stage.issue(sticker()).await;
    let drained = courier.drain().await.unwrap();
    assert_eq!((drained.delivered, drained.failed.len()), (1, 0), "{drained:?}");
    assert!(certificates::get(&t.ground.store, id).await.unwrap().unwrap().file.is_some());
});
