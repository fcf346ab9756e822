//! The pages of the catalog, asked for as a browser does, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use catalog::{pack, publish};
use harness::TestGround;
use kernel::{ActorRef, Fault, Lang, Press, PressJob};
use page::{House, Site};
use std::path::Path;
use std::sync::Arc;
use tower::ServiceExt;

struct NoPress;
impl Press for NoPress {
    fn pdf(&self, _: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("no press here"))
    }
}

async fn shop(t: &TestGround) -> Router {
    let packs = pack::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")).unwrap();
    store::command!(t.ground, Lang::En, ActorRef::system(), |cx| publish(&mut cx, &packs).await).unwrap();
    let house = House {
        ground: t.ground.clone(),
        site: Arc::new(Site::demo()),
        press: Arc::new(NoPress),
        calendar: Arc::new(kernel::Calendar::official().clone()),
    };
    page::layer(page::inner(catalog::routes(house.clone())), &house)
}

async fn get(app: &Router, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).header("accept", "text/html").body(Body::empty()).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), 4 << 20).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

harness::both!(
    the_guide_answers_what_an_applicant_asks,
    &[trace::MIGRATIONS, identity::MIGRATIONS, catalog::MIGRATIONS],
    |t| async move {
        let app = shop(&t).await;
        let (status, zh) = get(&app, "/items/charter-bus-sticker?lang=zh-CN").await;
        assert_eq!(status, StatusCode::OK);
        for says in [
            "旅游包车标贴核发",
            "/apply/charter-bus-sticker",
            "1个工作日",
            "法定20个工作日",
            "0次",
            "免费",
            "包车合同",
            "您提供",
            "我们核对，不用交",
            "资质核验",
            "4个工作小时",
            "第五十七条",
            "12345",
            "行政复议",
            "要去窗口吗",
            "11999999000000203D3322018001000",
        ] {
            assert!(zh.contains(says), "{says}");
        }
        let (_, en) = get(&app, "/items/home-purchase-proof?lang=en").await;
        for says in [
            "Home-purchase proof",
            "At once",
            "by law: 5 working days",
            "We check it; nothing to hand in",
            "Apply now",
        ] {
            assert!(en.contains(says), "{says}");
        }
        let (_, permit) = get(&app, "/items/catering-permit?lang=zh-CN").await;
        for says in [
            "4个环节同时办",
            "最长一路7个工作日；一个一个办要17个工作日",
            "决定总时长",
            "区县市场监督管理部门",
            "联合审查",
            "验原件",
            "容缺受理",
            "受理后5个工作日内补交",
            "不适用告知承诺",
            "听证",
            "检测（不计入期限）",
            "到期前30日申请延续",
            "“现场核查”的裁量基准",
            "主动公开",
        ] {
            assert!(permit.contains(says), "{says}");
        }
        let (_, allowance) = get(&app, "/items/elderly-allowance?lang=en").await;
        for says in
            ["civil affairs office of the town", "7 working days", "nobody objects", "500 yuan a month"]
        {
            assert!(allowance.contains(says), "{says}");
        }
        assert!(!zh.contains("style=") && !en.contains("<script>"));
        assert_eq!(get(&app, "/items/none").await.0, StatusCode::NOT_FOUND);
        assert_eq!(get(&app, "/items/11999999000000203D3322018001000").await.0, StatusCode::SEE_OTHER);
    }
);

harness::both!(
    lists_and_searches_are_answered_whatever_is_asked,
    &[trace::MIGRATIONS, identity::MIGRATIONS, catalog::MIGRATIONS],
    |t| async move {
        let app = shop(&t).await;
        let (_, all) = get(&app, "/items?lang=en").await;
        let (_, homes) = get(&app, "/items?lang=en&theme=housing").await;
        assert!(all.contains("/items/charter-bus-sticker") && homes.contains("/items/home-purchase-proof"));
        let (_, plain) = get(&app, "/items?lang=zh-CN").await;
        assert!(!plain.contains("选填") && plain.contains("不限"));
        let (_, firms) = get(&app, "/items?lang=en&audience=organisation&theme=transport").await;
        assert!(
            firms.contains("/items/charter-bus-sticker") && !firms.contains("/items/home-purchase-proof")
        );
        let (_, found) = get(&app, "/search?q=gfzm").await;
        assert!(found.contains("/items/home-purchase-proof"));
        // 二手房过户: the joint matter stands above the items.
        let (_, joint) =
            get(&app, "/search?q=%E4%BA%8C%E6%89%8B%E6%88%BF%E8%BF%87%E6%88%B7&lang=zh-CN").await;
        let place = |href: &str| joint.find(href).unwrap_or_else(|| panic!("{href}: {joint}"));
        assert!(place("/themes/stock-house") < place("/items/house-registration"), "{joint}");
        let (status, nothing) = get(&app, "/search?q=%3Cscript%3Ealert(1)%3C/script%3E&lang=zh-CN").await;
        assert!(
            status == StatusCode::OK
                && nothing.contains("没有找到相符的事项")
                && !nothing.contains("<script>alert")
        );
        for odd in [
            "/items?q=%00",
            "/items?theme=%00&after=%00&agency=%00",
            "/items?q=%FF%FE",
            "/items/%00",
            "/items/%F0%9F%9A%8C",
            "/search?q=%25%27;--",
            "/items?after=zzz",
            "/items?audience=cat",
        ] {
            let (status, _) = get(&app, odd).await;
            assert!(!status.is_server_error(), "{odd}: {status}");
        }
    }
);
