//! The templates of the shipped packs, printed with ordinary and with extreme values; YIMEN_SHOW=folder keeps what is made.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use kernel::{Press as _, PressJob};
use paper::Paper;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// One press for all: looking for fonts takes longer than printing.
static PAPER: std::sync::LazyLock<Paper> = std::sync::LazyLock::new(Paper::new);

const QR: &[u8] = br##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h3v3h-3zM5 0h3v3h-3zM0 5h3v3h-3zM4 4h1v1h-1zM6 6h1v1h-1z" fill="#000"/></svg>"##;

fn template(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn common(name: [&str; 2], issuer: [&str; 2], holder: &str) -> Value {
    json!({
        "number": "1.2.156.3005.2.11320100MB1234567X001.11320100MB1234567X.20260000001.001.K",
        "kind": "charter-bus-sticker",
        "name": {"zh-CN": name[0], "en": name[1]},
        "holder": {"name": holder, "number_masked": "320***********1234"},
        "issuer": {"name": {"zh-CN": issuer[0], "en": issuer[1]}, "code": "11320100MB1234567X"},
        "valid": {"from": "2026-11-28", "until": "2026-11-30"},
        "issued": "2026-11-22",
        "case": "X",
        "fields": {}, "lines": [],
        "verify_url": "https://yimen.example.gov.cn/verify/ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "site": "示例市政务服务网",
        "demo": true,
    })
}

fn print(name: &str, template: &str, data: &Value) {
    let files = [("qr.svg".to_owned(), QR.to_vec())];
    let job = PressJob { template, data, files: &files, date: jiff::civil::date(2026, 11, 22) };
    let pdf = PAPER.pdf(&job).unwrap_or_else(|fault| panic!("{name}: {fault}"));
    let parts = PAPER.ofd(&job).unwrap_or_else(|fault| panic!("{name} as OFD: {fault}"));
    let picture = PAPER.picture(&job, 1_600).unwrap_or_else(|fault| panic!("{name} as a picture: {fault}"));
    if let Some(folder) = std::env::var_os("YIMEN_SHOW") {
        let folder = PathBuf::from(folder);
        std::fs::write(folder.join(format!("{name}.pdf")), &pdf).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), &picture).unwrap();
        for (path, bytes) in &parts {
            let path = folder.join(name).join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    assert_eq!(picture.get(16..20), Some(&1_600_u32.to_be_bytes()[..]), "{name} is as wide as was asked");
    as_ofd(name, data, &parts);
    at_home(name, &pdf, &parts);
    let pages = String::from_utf8_lossy(&pdf).matches("/Type/Page/").count();
    assert_eq!(pages, 1, "{name} stands on one page");
}

/// Paper that a home printer takes: A4, either way, in millimetres.
const A4: [f64; 2] = [210.0, 297.0];
/// What it leaves white at each edge, in millimetres.
const EDGE: f64 = 5.0;

/// It prints on a home printer: the page is A4, and text and code keep off the edges that such a printer cannot reach. What lies under them
/// (waves, a sample's mark across the page) may be cut off.
fn at_home(name: &str, pdf: &[u8], parts: &[(String, Vec<u8>)]) {
    let numbers = |text: &str| text.split_whitespace().map(|n| n.parse().unwrap()).collect::<Vec<f64>>();
    let points = String::from_utf8_lossy(pdf);
    let points = numbers(all(&points, "/MediaBox[", "]")[0]);
    let [_, _, wide, high] = points[..] else { panic!("{name}: {points:?}") };
    let millimetres = [wide, high].map(|length| length / 72.0 * 25.4);
    let a4 = |[wide, high]: [f64; 2]| (wide - A4[0]).abs() < 0.5 && (high - A4[1]).abs() < 0.5;
    let [wide, high] = millimetres;
    assert!(a4([wide, high]) || a4([high, wide]), "{name} is {wide} by {high} mm");
    let page = parts.iter().find(|(path, _)| path == "Doc_0/Pages/Page_0/Content.xml").unwrap();
    let page = std::str::from_utf8(&page.1).unwrap();
    let upright = all(page, "<ofd:TextObject ", ">").into_iter().filter(|head| !head.contains(" CTM="));
    let heads: Vec<&str> = upright.chain(all(page, "<ofd:ImageObject ", ">")).collect();
    assert!(!heads.is_empty(), "{name} has text");
    for head in heads {
        let place = numbers(all(head, "Boundary=\"", "\"")[0]);
        let [x, y, width, height] = place[..] else { panic!("{name}: {head}") };
        let inside = x >= EDGE && y >= EDGE && x + width <= wide - EDGE && y + height <= high - EDGE;
        assert!(inside, "{name}: something at {x} {y}, {width} by {height} mm, would be cut off");
    }
}

/// What stands between `before` and `after`, each time.
fn all<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before).skip(1).map(|rest| rest.split(after).next().unwrap()).collect()
}

/// The text of an OFD is text, every character is in its font under the number that the page names, and only the code is a picture.
fn as_ofd(name: &str, data: &Value, parts: &[(String, Vec<u8>)]) {
    let part =
        |path: &str| &parts.iter().find(|(p, _)| p == path).unwrap_or_else(|| panic!("{name}: {path}")).1;
    let text = |path: &str| std::str::from_utf8(part(path)).unwrap();
    assert_eq!(parts.first().map(|(path, _)| path.as_str()), Some("Doc_0/Document.xml"));
    let page = text("Doc_0/Pages/Page_0/Content.xml");
    assert_eq!(
        parts.iter().filter(|(p, _)| p.ends_with("/Content.xml")).count(),
        1,
        "{name} stands on one page"
    );
    let objects = all(page, "<ofd:TextObject ", "</ofd:TextObject>");
    let said: String =
        objects.iter().map(|o| all(o, "<ofd:TextCode ", "<")[0].split_once('>').unwrap().1).collect();
    let holder = data["holder"]["name"].as_str().unwrap_or("有效");
    assert!(
        said.chars().filter(|c| !c.is_whitespace()).collect::<String>().contains(holder),
        "{holder} in {said}"
    );
    for object in objects {
        let value = |key: &str| all(object, &format!(" {key}=\""), "\"")[0];
        let font = part(&format!("Doc_0/Res/font_{}.otf", value("Font")));
        let face = ttf_parser::Face::parse(font, 0).unwrap_or_else(|e| panic!("{name}: {e}"));
        let glyphs: Vec<u16> =
            all(object, "<ofd:Glyphs>", "<")[0].split(' ').map(|g| g.parse().unwrap()).collect();
        let code = all(object, "<ofd:TextCode ", "<")[0].split_once('>').unwrap().1;
        let code =
            code.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        assert!(!code.is_empty() && glyphs.iter().all(|g| *g < face.number_of_glyphs()), "{name}: {object}");
        let steps = all(object, " DeltaX=\"", "\"").first().map_or(0, |d| d.split(' ').count());
        assert_eq!(steps, glyphs.len() - 1, "{name}: {object}");
        if code.chars().count() == glyphs.len() {
            let known = code.chars().all(|c| face.glyph_index(c).is_some());
            assert!(known, "{name}: a character of {code} is not in its font");
        }
    }
    let codes = usize::from(data["verify_url"].is_string());
    assert!(page.matches("<ofd:ImageObject ").count() <= codes, "{name}: only the code is a picture");
}

#[test]
fn the_charter_bus_sticker_prints() {
    let source = template("nanjing/charter-bus-sticker/sticker.typ");
    let issuer = ["南京市交通运输局", "Nanjing Transport Bureau"];
    let mut data = common(["旅游包车标贴", "Charter-bus sticker"], issuer, "南京金陵旅行客运有限公司");
    data["fields"] = json!({
        "from": "南京", "to": "黄山", "plate": "苏A·99123", "driver": "张三、李四", "signatory": "王五",
        "via": "马鞍山、芜湖、宣城、绩溪", "seats": "45",
    });
    print("sticker", &source, &data);
    data["holder"]["name"] = json!("名".repeat(60));
    data["fields"] = json!({
        "from": "南京市江宁区东山街道上元大街三百六十九号", "to": "黄山市黟县西递宏村风景名胜区游客集散中心停车场",
        "plate": "苏AD12345", "driver": "买买提·艾力·买买提明、䶮𠮷", "via": "途".repeat(60),
    });
    print("sticker-long", &source, &data);
}

#[test]
fn the_home_purchase_proof_prints() {
    let source = template("nanjing/home-purchase-proof/proof.typ");
    let issuer = ["南京市住房保障和房产局", "Nanjing Housing Bureau"];
    let mut data = common(["购房证明", "Home-purchase proof"], issuer, "王䶮");
    let line = |zh: &str, value: &str| json!({"key": "k", "label": {"zh-CN": zh, "en": "x"}, "value": value});
    let lines = [
        ("家庭成员", "王䶮、李𠮷、王小明"),
        ("户籍所在地", "南京市玄武区"),
        ("本市已有住房", "0套"),
        ("可购套数", "1套"),
    ];
    data["lines"] = lines.iter().map(|(zh, value)| line(zh, value)).collect();
    print("proof", &source, &data);
    data["lines"] = (0..6).map(|n| line(&format!("第{n}项信息"), &"值".repeat(60))).collect();
    data["valid"]["until"] = Value::Null;
    print("proof-long", &source, &data);
}

/// The page that the tests of certificates sign: copy it to `crates/certificates/tests/printed.pdf` when it should change.
#[test]
fn a_plain_page_prints() {
    let template =
        "#set document(title: \"证明\")\n#set text(lang: \"zh\", font: \"Noto Sans CJK SC\")\n= 证明\n有效";
    print("printed", template, &json!({}));
}

/// The certificates that list their fields as lines, with short values and with six lines of sixty characters.
#[test]
fn the_listing_certificates_of_foshan_print() {
    let shown = [
        ("permit", "foshan/catering-permit/permit.typ", "食品经营许可证", "Food business permit"),
        ("registration", "foshan/birth-registration/record.typ", "生育登记凭证", "Birth registration"),
        ("clearance", "foshan/tax-clearance/receipt.typ", "完税证明", "Tax certificate"),
    ];
    for (name, path, zh, en) in shown {
        let source = template(path);
        let mut data = common([zh, en], ["佛山市禅城区示范局", "Chancheng Demonstration Bureau"], "王䶮");
        let line = |n: usize, value: &str| json!({"key": "k", "label": {"zh-CN": format!("第{n}项"), "en": "x"}, "value": value});
        data["lines"] = (1..5).map(|n| line(n, "示例内容")).collect();
        print(name, &source, &data);
        data["holder"]["name"] = json!("名".repeat(60));
        data["lines"] = (1..7).map(|n| line(n, &"值".repeat(60))).collect();
        data["valid"]["until"] = Value::Null;
        print(&format!("{name}-long"), &source, &data);
    }
}
