//! The operator publishes a pack from a folder, as a browser sends it, and is told every mistake with its place.

use crate::city::City;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use std::path::Path;

/// A signed-in operator: one cookie line and the form's token.
struct Operator {
    cookies: Vec<String>,
    csrf: String,
}

impl Operator {
    async fn at(city: &City) -> Self {
        let mut operator = Self { cookies: Vec::new(), csrf: String::new() };
        operator.open(city, "/login").await;
        let form = format!("_csrf={}&account=operator&password={}", operator.csrf, identity::DEMO_PASSWORD);
        let kind = "application/x-www-form-urlencoded";
        let (status, _) =
            operator.send(city, Request::post("/login").header("content-type", kind), form.into()).await;
        assert!(status.is_redirection());
        operator.open(city, "/desk/packs").await;
        operator
    }

    async fn open(&mut self, city: &City, path: &str) -> String {
        let (status, html) = self.send(city, Request::get(path), Body::empty()).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        let token = html.split("name=\"_csrf\" value=\"").nth(1).unwrap();
        self.csrf = token.split('"').next().unwrap().to_owned();
        html
    }

    async fn send(
        &mut self,
        city: &City,
        request: axum::http::request::Builder,
        body: Body,
    ) -> (StatusCode, String) {
        let request =
            request.header(header::COOKIE, self.cookies.join("; ")).header(header::ACCEPT, "text/html");
        let (head, bytes) = city.send(request.body(body).unwrap()).await;
        for cookie in head.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
            let name = format!("{}=", pair.split('=').next().unwrap());
            self.cookies.retain(|c| !c.starts_with(&name));
            self.cookies.push(pair);
        }
        (head.status(), String::from_utf8(bytes.to_vec()).unwrap())
    }

    /// Sends these files as the folder that was chosen.
    async fn publish(&mut self, city: &City, key: &str, files: &[(String, Vec<u8>)]) -> (StatusCode, String) {
        let field = |name: &str, value: &str| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes()
        };
        let mut body = [field("_csrf", &self.csrf), field("key", key)].concat();
        for (path, bytes) in files {
            let head = format!(
                "--b\r\nContent-Disposition: form-data; name=\"folder\"; filename=\"{path}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--b--\r\n");
        let request = Request::post("/desk/packs").header("content-type", "multipart/form-data; boundary=b");
        self.send(city, request, Body::from(body)).await
    }
}

/// The sticker's folder with another item's name in it, so that it is a new version.
fn folder(prefix: &str) -> Vec<(String, Vec<u8>)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/nanjing/charter-bus-sticker");
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(dir)
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().is_file())
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (format!("{prefix}{name}"), std::fs::read(entry.path()).unwrap())
        })
        .collect();
    let item = files.iter_mut().find(|(path, _)| path.ends_with("item.yaml")).unwrap();
    let text = String::from_utf8(item.1.clone()).unwrap();
    item.1 = text.replace("旅游包车标贴核发", "旅游包车电子标贴核发").into_bytes();
    files.push((format!("{prefix}.DS_Store"), vec![0, 1, 2]));
    files.push((format!("{prefix}读我.txt"), b"not part of it".to_vec()));
    files
}

in_both_cities!(a_folder_becomes_the_next_version, |city| {
    let mut operator = Operator::at(&city).await;
    let (status, html) = operator.publish(&city, "", &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("请选择事项文件夹"), "{html}");

    let mut broken = folder("charter-bus-sticker/");
    let item = broken.iter_mut().find(|(path, _)| path.ends_with("item.yaml")).unwrap();
    let text = String::from_utf8(item.1.clone()).unwrap();
    item.1 = text.replacen("audience:", "audiense:", 1).into_bytes();
    let line = text.lines().position(|l| l.starts_with("audience:")).unwrap() + 1;
    let (status, html) = operator.publish(&city, "", &broken).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let place = format!("charter-bus-sticker/item.yaml:{line}:");
    assert!(html.contains(&place), "{place} is not in {html}");

    let (status, html) = operator.publish(&city, "", &folder("charter-bus-sticker/")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{html}");
    assert!(operator.open(&city, "/desk/packs").await.contains("旅游包车电子标贴核发"));
    let shown = operator.open(&city, "/items/charter-bus-sticker").await;
    assert!(shown.contains("旅游包车电子标贴核发"), "the guide page shows the new version");
});

#[tokio::test(flavor = "multi_thread")]
async fn single_files_need_the_name_of_their_folder() {
    let city = City::new(harness::Backend::Sqlite).await;
    let mut operator = Operator::at(&city).await;
    let (status, html) = operator.publish(&city, "", &folder("")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("文件夹的名称"), "{html}");
    let (status, html) = operator.publish(&city, "charter-bus-sticker", &folder("")).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{html}");
}

/// What may be taken stands in the published list, at its rate: a pack that names something else would be refused when its bill is raised.
#[test]
fn every_fee_of_a_pack_with_a_code_is_in_the_list() {
    let packs = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs"));
    let list =
        payment::FeeList::parse(&std::fs::read_to_string(packs.join("fee-list.yaml")).unwrap()).unwrap();
    let pack = catalog::pack::load(packs).unwrap();
    let coded =
        pack.items.iter().flat_map(|i| &i.fees).filter_map(|fee| Some((fee.code.as_deref()?, fee.fixed())));
    let mut count = 0;
    for (code, fixed) in coded {
        assert!(list.take(code, fixed.unwrap_or_default()).is_ok(), "{code} {fixed:?}");
        count += 1;
    }
    assert_eq!(count, 5, "the taxes and the registration of a sale");
}
