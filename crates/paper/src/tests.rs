//! Real PDFs, looked at with poppler's tools.

use super::*;
use serde_json::json;
use std::process::Command;

fn tool(name: &str, args: &[&std::ffi::OsStr]) -> String {
    let out = Command::new(name)
        .args(args)
        .output()
        .unwrap_or_else(|e| panic!("{name} is missing ({e}): apt install poppler-utils"));
    assert!(out.status.success(), "{name}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

fn job<'a>(template: &'a str, data: &'a serde_json::Value) -> PressJob<'a> {
    PressJob { template, data, files: &[], date: jiff::civil::date(2026, 11, 22) }
}

const NAMES: &str = r#"
#let d = json("data.json")
#set document(title: d.title)
#set text(lang: "zh", region: "cn", font: ("Noto Serif CJK SC",))
= #d.title
#for name in d.names [ #name \ ]
"#;

#[test]
fn rare_characters_of_names_survive() {
    let names = ["䶮", "𠮷", "买买提·艾力", "㛃", "𬱖", "ÅSA Müller"];
    let data = json!({"title": "证明", "names": names});
    let pdf = Paper::new().pdf(&job(NAMES, &data)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.pdf");
    std::fs::write(&file, &pdf).unwrap();
    let text = tool("pdftotext", &[file.as_os_str(), "-".as_ref()]);
    for name in names {
        assert!(text.contains(name), "{name} is lost in {text}");
    }
    let fonts = tool("pdffonts", &[file.as_os_str()]);
    assert!(fonts.contains("NotoSerifCJKsc"), "{fonts}");
    for line in fonts.lines().skip(2) {
        assert!(line.contains(" yes yes yes "), "embedded, subset and with a map to Unicode: {line}");
    }
    assert!(pdf.windows(8).any(|w| w == b"pdfaid:p"), "says that it is PDF/A");
}

#[test]
fn the_same_job_gives_the_same_bytes() {
    let data = json!({"title": "证明", "names": ["张三"]});
    let paper = Paper::new();
    let first = paper.pdf(&job(NAMES, &data)).unwrap();
    paper.rest();
    assert_eq!(first, paper.pdf(&job(NAMES, &data)).unwrap());
}

#[test]
fn complaints_name_the_line() {
    let data = json!({});
    let paper = Paper::new();
    let say = |template: &str| paper.pdf(&job(template, &data)).map(|_| ()).unwrap_err().to_string();
    let missing = say("#set text(lang: \"zh\")\n#let d = json(\"data.json\")\n一 #d.plate");
    assert!(missing.contains("template line 3, column"), "{missing}");
    let broken = say("一\n#let x = (");
    assert!(broken.contains("template line 2"), "{broken}");
    let endless = say("#let f(n) = f(n + 1)\n#f(0)");
    assert!(endless.contains("depth exceeded"), "{endless}");
}

#[test]
fn a_template_reads_nothing_but_its_job() {
    let data = json!({});
    let paper = Paper::new();
    for template in [
        "#read(\"/etc/passwd\")",
        "#read(\"../Cargo.toml\")",
        "#image(\"other.svg\")",
        "#import \"@preview/cetz:0.3.0\"",
        "#include \"lib.rs\"",
    ] {
        let fault = paper.pdf(&job(template, &data)).map(|_| ()).unwrap_err().to_string();
        assert!(fault.contains("template line 1"), "{template}: {fault}");
        assert!(!fault.contains("root:"), "{fault}");
    }
}

#[test]
fn without_a_font_it_says_what_to_install() {
    let folder = tempfile::tempdir().unwrap();
    let paper = Paper::with_folders(vec![folder.path().to_owned()]);
    assert!(paper.fonts_found().is_empty());
    let data = json!({"title": "证明", "names": []});
    let fault = paper.pdf(&job(NAMES, &data)).unwrap_err();
    assert!(fault.transient && fault.to_string().contains("fonts-noto-cjk"), "{fault}");
}

#[test]
fn a_character_that_no_font_has_is_named_not_dropped() {
    let data = json!({"title": "证明", "names": ["张\u{31350}"]});
    let fault = Paper::new().pdf(&job(NAMES, &data)).map(|_| ()).unwrap_err().to_string();
    assert!(fault.contains("\u{31350}") && fault.contains("U+31350"), "{fault}");
}

#[test]
fn it_rests_once_when_nothing_is_printed() {
    let data = json!({"title": "证明", "names": ["张三"]});
    let paper = Paper::new();
    let now = Duration::ZERO;
    assert!(!paper.rest_when_idle(now), "nothing was printed, nothing is kept");
    paper.pdf(&job(NAMES, &data)).unwrap();
    let shelf = paper.fonts.shelf().unwrap();
    assert!(shelf.loaded() > 0 && !paper.rest_when_idle(Duration::from_secs(3_600)));
    let printing = paper.begin();
    assert!(!paper.rest_when_idle(now) && shelf.loaded() > 0, "not in the middle of a job");
    drop(printing);
    assert!(paper.rest_when_idle(now) && shelf.loaded() == 0);
    assert!(!paper.rest_when_idle(now), "once is enough");
    paper.pdf(&job(NAMES, &data)).unwrap();
    assert!(shelf.loaded() > 0, "the next job loads them again");
}
