//! The issuing agency's desk on both databases: acts with their grounds, versions of one certificate, what a status list tells.

use crate::common::{Now as _, Stage, ask, cookie, send_form, sticker, suspend};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use certificates::{
    CertificateEvent, CertificateId, MIGRATIONS, NewVersion, Stage as Reckoned, VersionKind, reissue,
    renewal, subject,
};
use harness::{Migrations, TestGround};
use jiff::civil::date;
use kernel::{ActorRef, Failure, Lang, Outcome, SubjectId};
use std::io::Read as _;
use store::command;

const ROOMS: &[Migrations] = &[trace::MIGRATIONS, identity::MIGRATIONS, MIGRATIONS];

/// A list as a verifier reads it: all its values.
async fn list(stage: &Stage, number: i64) -> Vec<u8> {
    let (status, token) = stage.get(&format!("/status/{number}")).await;
    assert_eq!(status, StatusCode::OK, "{token}");
    let part = |n: usize| -> serde_json::Value {
        let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(n).unwrap()).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    assert_eq!(part(0)["typ"], "statuslist+jwt");
    let body = part(1);
    assert!(body["sub"].as_str().unwrap().ends_with(&format!("/status/{number}")), "{body}");
    assert_eq!((&body["ttl"], &body["status_list"]["bits"]), (&300.into(), &2.into()));
    let packed = URL_SAFE_NO_PAD.decode(body["status_list"]["lst"].as_str().unwrap()).unwrap();
    let mut bytes = Vec::new();
    flate2::read::ZlibDecoder::new(packed.as_slice()).read_to_end(&mut bytes).unwrap();
    bytes.iter().flat_map(|b| (0..4).map(move |n| (b >> (2 * n)) & 3)).collect()
}

/// How many places of the first list tell each value but "valid".
async fn told(stage: &Stage) -> (usize, usize) {
    let values = list(stage, 0).await;
    let count = |value| values.iter().filter(|v| **v == value).count();
    (count(1), count(2))
}

fn change(lines: &[(&str, &str)]) -> NewVersion {
    NewVersion {
        kind: VersionKind::Change,
        why: "车辆更新".into(),
        holder_name: None,
        lines: lines.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        valid_until: None,
        applied_on: None,
    }
}

async fn remake(t: &TestGround, id: CertificateId, want: &NewVersion) -> Outcome<CertificateId> {
    let actor = ActorRef::system();
    command!(t.ground, Lang::ZhCn, actor, |cx| reissue(&mut cx, id, want).await)
}

fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.code.into_owned(),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

harness::both!(a_new_version_takes_the_place_of_the_old_one_at_once, ROOMS, |t| async move {
    let stage = Stage::new(&t);
    let id = stage.issue(sticker()).await;
    let store = &t.ground.store;
    let old = certificates::get(store, id).await.unwrap().unwrap();
    assert_eq!(told(&stage).await, (0, 0));
    assert_eq!(
        code(remake(&t, id, &change(&[("plate", "苏A·99123")])).await),
        "certificates.nothing-changed"
    );
    let want = change(&[("plate", "苏A·10086"), ("no-such-line", "x")]);
    let (a, b) = tokio::join!(remake(&t, id, &want), remake(&t, id, &want));
    let made: Vec<_> = [a, b].into_iter().filter_map(Result::ok).collect();
    let [new] = made.as_slice() else { panic!("exactly one of two at once: {made:?}") };
    let new = certificates::get(store, *new).await.unwrap().unwrap();
    let old = (old, certificates::get(store, id).await.unwrap().unwrap());
    // the same number but for version and check character; each leads to the other
    let (before, after): (Vec<&str>, Vec<&str>) =
        (old.0.identifier.split('.').collect(), new.identifier.split('.').collect());
    assert_eq!((before[..8].to_vec(), before[8], after[8]), (after[..8].to_vec(), "001", "002"));
    assert!(new.identifier.parse::<kernel::CertificateIdentifier>().is_ok(), "{}", new.identifier);
    assert_eq!((old.1.replaced_by(), new.replaces), (Some(new.id), Some(id)));
    assert_eq!((old.1.state(t.clock_now()).word(), new.fields[0].value.as_str()), ("replaced", "苏A·10086"));
    assert_eq!(told(&stage).await, (1, 0), "whoever fetches the list sees that the old one ended");
    // the trace says why, and what differs
    let (_, events) = trace::history::<CertificateEvent>(store, &subject(id)).await.unwrap();
    let CertificateEvent::Replaced { because, differs, .. } = &events.last().unwrap().event else { panic!() };
    assert_eq!((*because, differs.as_slice()), (Some(VersionKind::Change), &["plate".to_owned()][..]));
    assert_eq!(events.last().unwrap().event.operation(), "09");
    assert_eq!(code(remake(&t, id, &want).await), "certificates.wrong-state", "a version has one successor");
});

harness::both!(renewal_follows_the_thirty_days, ROOMS, |t| async move {
    let stage = Stage::new(&t);
    let mut new = sticker();
    new.valid_until = Some(date(2027, 1, 31));
    let id = stage.issue(new).await;
    let certificate = certificates::get(&t.ground.store, id).await.unwrap().unwrap();
    let reckoned = |now| renewal(&certificate, now).map(|r| (r.apply_by, r.days, r.stage));
    assert_eq!(reckoned(t.clock_now()), Some((date(2027, 1, 1), 40, Reckoned::Open)));
    let renew = |applied| NewVersion {
        kind: VersionKind::Renewal,
        valid_until: Some(date(2028, 1, 31)),
        applied_on: Some(applied),
        ..change(&[])
    };
    t.clock.advance_seconds(41 * 86_400);
    assert_eq!(reckoned(t.clock_now()), Some((date(2027, 1, 1), -1, Reckoned::Late)));
    t.clock.advance_seconds(40 * 86_400);
    assert_eq!(reckoned(t.clock_now()), None, "what has ended is not renewed by itself");
    // not decided in time: renewed for an application in time, and for no other
    assert_eq!(code(remake(&t, id, &renew(date(2027, 1, 2))).await), "certificates.renewal-late");
    let early = NewVersion { valid_until: Some(date(2026, 12, 1)), ..renew(date(2027, 1, 1)) };
    assert_eq!(code(remake(&t, id, &early).await), "certificates.version");
    let renewed = remake(&t, id, &renew(date(2027, 1, 1))).await.unwrap();
    let renewed = certificates::get(&t.ground.store, renewed).await.unwrap().unwrap();
    assert!(renewed.is_valid(t.clock_now()) && renewed.valid_until == Some(date(2028, 1, 31)));
    // one that holds a week has no thirty days
    let week = stage.issue(sticker()).await;
    let week = certificates::get(&t.ground.store, week).await.unwrap().unwrap();
    assert_eq!(renewal(&week, "2026-11-22T02:00:00Z".parse().unwrap()), None);
});

harness::both!(the_list_tells_a_suspension_while_it_lasts, ROOMS, |t| async move {
    let stage = Stage::new(&t);
    assert_eq!(stage.get("/status/0").await.0, StatusCode::NOT_FOUND, "no list before its first certificate");
    let id = stage.issue(sticker()).await;
    stage.issue(sticker()).await;
    stage.act(id, suspend("检查")).await.unwrap();
    assert_eq!(told(&stage).await, (0, 1));
    let back =
        certificates::Act::Restore(certificates::Why::new(certificates::Ground::SuspensionOver, "期满"));
    stage.act(id, back).await.unwrap();
    assert_eq!(told(&stage).await, (0, 0));
    for wrong in ["/status/1", "/status/-1", "/status/x", "/status/99999999999999999999"] {
        assert_eq!(stage.get(wrong).await.0, StatusCode::NOT_FOUND, "{wrong}");
    }
});

harness::both!(the_desk_acts_by_right_and_ground, ROOMS, |t| async move {
    let (stage, citizen, id) = crate::common::stage(&t).await;
    let c = certificates::get(&t.ground.store, id).await.unwrap().unwrap();
    let page = format!("/desk/certificates/{id}");
    let (acts, versions) = (format!("{page}/acts"), format!("{page}/versions"));
    let find = format!("/desk/certificates?number={}", c.identifier);
    let examiner = cookie(&t, "examiner").await;
    // who may not see it cannot tell it from one that is not there
    for account in ["examiner2", "operator"] {
        let other = cookie(&t, account).await;
        assert_eq!(ask(&stage, &page, &other).await.0, StatusCode::NOT_FOUND, "{account}");
        assert_eq!(ask(&stage, &find, &other).await.0, StatusCode::UNPROCESSABLE_ENTITY, "{account}");
        let (status, ..) = send_form(&stage, "/verify", &acts, &other, &[("do", "suspend")]).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{account}");
    }
    for (account, status) in [("citizen", StatusCode::FORBIDDEN), ("supervisor", StatusCode::OK)] {
        assert_eq!(ask(&stage, &page, &cookie(&t, account).await).await.0, status, "{account}");
    }
    let supervisor = cookie(&t, "supervisor").await;
    let (status, ..) = send_form(&stage, "/verify", &acts, &supervisor, &[("do", "suspend")]).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "supervision reads");
    // found by its number; the look is there before the page
    assert_eq!(ask(&stage, &find, &examiner).await.0, StatusCode::SEE_OTHER);
    let looks = trace::looks_of(&t.ground.store, citizen, None, 9).await.unwrap().len();
    let (status, html) = ask(&stage, &format!("{page}?do=suspend"), &examiner).await;
    let html = String::from_utf8(html).unwrap();
    assert_eq!(status, StatusCode::OK, "{html}");
    for shown in ["状态代码 01", "《行政处罚法》第九条第三项", "赵六秘密", "操作代码 01"]
    {
        assert!(html.contains(shown), "{shown} is missing in {html}");
    }
    assert!(!html.contains("?do=revoke"), "revoking is for the head");
    assert_eq!(trace::looks_of(&t.ground.store, citizen, None, 9).await.unwrap().len(), looks + 1);
    // a reason is missing: nothing happens and nothing typed is lost
    let rev = c.rev.to_string();
    let mut form = vec![("do", "suspend"), ("rev", rev.as_str()), ("ground", "penalty"), ("why", " ")];
    let (status, _, html) = send_form(&stage, &page, &acts, &examiner, &form).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("请写明理由") && html.contains("value=\"penalty\" checked"), "{html}");
    form[3].1 = "宁交罚〔2026〕7号";
    let (status, to, html) = send_form(&stage, &page, &acts, &examiner, &form).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, page.as_str()), "{html}");
    let (status, _, html) = send_form(&stage, &page, &acts, &examiner, &form).await;
    assert!(
        status == StatusCode::CONFLICT && html.contains("又有了新的办理"),
        "a stale page acts on nothing"
    );
    let html = String::from_utf8(ask(&stage, &page, &examiner).await.1).unwrap();
    assert!(
        html.contains("状态代码 02") && html.contains("宁交罚〔2026〕7号") && html.contains("操作代码 03")
    );
    let holder = cookie(&t, "citizen").await;
    let html = String::from_utf8(ask(&stage, &format!("/certificates/{id}"), &holder).await.1).unwrap();
    assert!(
        html.contains("依行政处罚决定暂扣") && html.contains("第九条第三项"),
        "the holder reads the ground"
    );
    let revoke = [("do", "revoke"), ("rev", "2"), ("ground", "fraud"), ("why", "x"), ("weighed", "yes")];
    let (status, ..) = send_form(&stage, &page, &acts, &examiner, &revoke).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    // given back and corrected: the browser is led to the new version
    let back = [("do", "restore"), ("rev", "2"), ("ground", "suspension-over"), ("why", "期满")];
    assert_eq!(send_form(&stage, &page, &acts, &examiner, &back).await.0, StatusCode::SEE_OTHER);
    let want = [
        ("do", "correction"),
        ("rev", "3"),
        ("holder_name", "王䶮仁义"),
        ("line.plate", "苏A·10086"),
        ("why", "录入错误"),
    ];
    let (status, to, html) = send_form(&stage, &page, &versions, &examiner, &want).await;
    assert!(status == StatusCode::SEE_OTHER && to != page, "{status} {to} {html}");
    let html = String::from_utf8(ask(&stage, &to, &examiner).await.1).unwrap();
    assert!(html.contains("苏A·10086") && html.contains(&page) && html.contains(">002<"), "{html}");
});

harness::both!(the_head_revokes_after_weighing, ROOMS, |t| async move {
    let (stage, _, id) = crate::common::stage(&t).await;
    let head = cookie(&t, "examiner-head").await;
    let page = format!("/desk/certificates/{id}");
    let acts = format!("{page}/acts");
    let mut form =
        vec![("do", "revoke"), ("rev", "1"), ("ground", "fraud"), ("why", "使用虚假合同"), ("weighed", "")];
    let (status, _, html) = send_form(&stage, &page, &acts, &head, &form).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && html.contains("请先核查"), "{status} {html}");
    form[4].1 = "yes";
    assert_eq!(send_form(&stage, &page, &acts, &head, &form).await.0, StatusCode::SEE_OTHER);
    let c = certificates::get(&t.ground.store, id).await.unwrap().unwrap();
    assert_eq!(c.state(t.clock_now()).code(), "03");
    // what was revoked is struck from the register afterwards
    let strike = [("do", "cancel"), ("rev", "2"), ("ground", "taken-back"), ("why", "撤销后注销")];
    assert_eq!(send_form(&stage, &page, &acts, &head, &strike).await.0, StatusCode::SEE_OTHER);
    let c = certificates::get(&t.ground.store, id).await.unwrap().unwrap();
    assert!(matches!(c.holder, SubjectId::Person(_)) && c.state(t.clock_now()).code() == "04");
});

harness::both!(the_head_forfeits_after_the_hearing, ROOMS, |t| async move {
    let (stage, _, id) = crate::common::stage(&t).await;
    let page = format!("/desk/certificates/{id}");
    let acts = format!("{page}/acts");
    let mut form =
        vec![("do", "forfeit"), ("rev", "1"), ("ground", "forfeiture"), ("why", "严重违法"), ("heard", "")];
    let examiner = cookie(&t, "examiner").await;
    let (status, ..) = send_form(&stage, &page, &acts, &examiner, &form).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "an examiner forfeits nothing");
    let head = cookie(&t, "examiner-head").await;
    let (_, html) = ask(&stage, &format!("{page}?do=forfeit"), &head).await;
    let html = String::from_utf8(html).unwrap();
    assert!(html.contains("name=\"heard\"") && html.contains("《行政处罚法》第九条第三项"), "{html}");
    let (status, _, html) = send_form(&stage, &page, &acts, &head, &form).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && html.contains("有权要求听证"), "{status} {html}");
    form[4].1 = "yes";
    assert_eq!(send_form(&stage, &page, &acts, &head, &form).await.0, StatusCode::SEE_OTHER);
    let c = certificates::get(&t.ground.store, id).await.unwrap().unwrap();
    assert_eq!((c.state(t.clock_now()).code(), c.is_valid(t.clock_now())), ("07", false));
    let (_, html) = stage.get(&format!("/verify/{}", c.token)).await;
    assert!(html.contains("已吊销") && !html.contains("严重违法"), "{html}");
    assert_eq!(told(&stage).await, (1, 0), "the status list tells an end");
    let (_, events) = trace::history::<CertificateEvent>(&t.ground.store, &subject(id)).await.unwrap();
    assert!(
        matches!(&events.last().unwrap().event, CertificateEvent::Forfeited { why, ground: Some(_) } if why == "严重违法")
    );
    // what was forfeited is struck from the register afterwards, and by no other ground
    let mut strike = vec![("do", "cancel"), ("rev", "2"), ("ground", "given-up"), ("why", "吊销后注销")];
    assert_eq!(send_form(&stage, &page, &acts, &head, &strike).await.0, StatusCode::CONFLICT);
    strike[2].1 = "taken-back";
    assert_eq!(send_form(&stage, &page, &acts, &head, &strike).await.0, StatusCode::SEE_OTHER);
});

harness::both!(what_moves_to_another_body_ends_here, ROOMS, |t| async move {
    let (stage, _, id) = crate::common::stage(&t).await;
    let page = format!("/desk/certificates/{id}");
    let form = [("do", "transfer"), ("rev", "1"), ("ground", "moved"), ("why", "转入镇江市交通运输局")];
    let examiner = cookie(&t, "examiner").await;
    let (status, ..) = send_form(&stage, &page, &format!("{page}/acts"), &examiner, &form).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let c = certificates::get(&t.ground.store, id).await.unwrap().unwrap();
    assert_eq!(c.state(t.clock_now()).code(), "06");
    assert!(stage.get(&format!("/verify/{}", c.token)).await.1.contains("已转出"));
    let holder = cookie(&t, "citizen").await;
    let (_, own) = ask(&stage, &format!("/certificates/{id}"), &holder).await;
    let own = String::from_utf8(own).unwrap();
    assert!(own.contains("转入镇江市交通运输局") && own.contains("本平台签发"), "{own}");
    assert_eq!(code(stage.act(id, suspend("检查")).await), "certificates.wrong-state");
});
