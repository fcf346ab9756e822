//! `yimen plan` and `yimen pack lint` as somebody at a terminal meets them.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn packs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

fn yimen(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_yimen")).args(args).arg("--packs").arg(packs()).output().unwrap()
}

fn json(args: &[&str]) -> Value {
    let out = yimen(&[args, &["--json"]].concat());
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

fn count(plan: &Value, key: &str) -> u64 {
    plan[key].as_u64().unwrap_or_else(|| panic!("{key} is no number in {plan}"))
}

#[test]
fn every_paper_that_fell_away_says_why_and_none_is_lost() {
    for theme in ["stock-house", "civil-affairs"] {
        for sharing in ["2016", "today"] {
            let plan = json(&["plan", theme, "--sharing", sharing]);
            assert_eq!((plan["theme"].as_str(), plan["sharing"].as_str()), (Some(theme), Some(sharing)));
            let (before, after) = (count(&plan, "papers_before"), count(&plan, "papers_after"));
            assert!(before > after && after > 0, "{theme} {sharing}: {before} → {after}");
            assert!(count(&plan, "fields_before") > count(&plan, "fields_after"), "{theme} {sharing}");
            assert!(count(&plan, "days_serial") >= count(&plan, "days_critical"), "{theme} {sharing}");
            for paper in plan["fallen"].as_array().unwrap() {
                for lang in ["zh-CN", "en"] {
                    assert!(!paper["why"][lang].as_str().unwrap().is_empty(), "{theme} {sharing}: {paper}");
                    assert!(!paper["department"][lang].as_str().unwrap().is_empty(), "{paper}");
                }
            }
        }
        let then = count(&json(&["plan", theme, "--sharing", "2016"]), "papers_after");
        let now = count(&json(&["plan", theme, "--sharing", "today"]), "papers_after");
        assert!(now <= then, "{theme}: what is shared today asks for no more than in 2016");
    }
}

#[test]
fn a_situation_changes_the_plan_and_a_wrong_one_is_refused_in_words() {
    let all = json(&["plan", "stock-house"]);
    let none = json(&["plan", "stock-house", "--situation", "mortgage=no"]);
    let taken = |plan: &Value| {
        let members = plan["plan"]["members"].as_array().unwrap().clone();
        members.iter().filter(|m| m["taken"] == true).count()
    };
    assert!(taken(&none) < taken(&all), "without a mortgage none is struck out");
    for (args, said) in [
        (&["plan", "stock-house", "--situation", "mortgage=perhaps"][..], "no, yes"),
        (&["plan", "stock-house", "--situation", "weather=fine"], "nobody asks"),
        (&["plan", "stock-house", "--situation", "mortgage"], "mortgage=yes"),
        (&["plan", "stock-house", "--sharing", "2099"], "2016, today"),
        (&["plan", "no-such-thing"], "stock-house"),
        (&["plan", "charter-bus-sticker", "--sharing", "today"], "belongs to a theme"),
    ] {
        let out = yimen(args);
        let error = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(!out.status.success() && error.contains(said), "{args:?}: {error}");
    }
}

#[test]
fn items_without_a_theme_are_planned_together_too() {
    let both = json(&["plan", "charter-bus-sticker", "home-purchase-proof"]);
    assert!(both["theme"].is_null());
    assert_eq!(both["items"].as_array().unwrap().len(), 2);
    let alone = |item: &str| count(&json(&["plan", item]), "papers_before");
    assert_eq!(
        count(&both, "papers_before"),
        alone("charter-bus-sticker") + alone("home-purchase-proof"),
        "before means each by itself"
    );
}

#[test]
fn the_table_speaks_both_languages() {
    for (lang, said) in [("zh-CN", "从前要交、现在不用的"), ("en", "Asked before and no longer")] {
        let out = yimen(&["plan", "stock-house", "--lang", lang]);
        let text = String::from_utf8(out.stdout).unwrap();
        assert!(out.status.success() && text.contains(said), "{text}");
    }
}

fn lint(dir: &Path, more: &[&str]) -> (bool, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_yimen"))
        .args(["pack", "lint"])
        .arg(dir)
        .args(more)
        .output()
        .unwrap();
    let text = [out.stdout, out.stderr].concat();
    (out.status.success(), String::from_utf8(text).unwrap())
}

#[test]
fn the_shipped_packs_lint_clean_with_the_citys_agencies() {
    let (fine, text) = lint(&packs(), &["--json"]);
    let found: Value = serde_json::from_str(&text).unwrap();
    assert!(fine, "{found:#}");
    assert_eq!((&found["errors"], &found["warnings"]), (&0.into(), &0.into()), "{found:#}");
}

#[test]
fn what_is_planted_is_shown_at_its_line_and_the_command_fails() {
    let folder = tempfile::tempdir().unwrap();
    let item = packs().join("nanjing/charter-bus-sticker");
    let to = folder.path().join("charter-bus-sticker");
    std::fs::create_dir(&to).unwrap();
    for file in ["item.yaml", "sticker.typ"] {
        std::fs::copy(item.join(file), to.join(file)).unwrap();
    }
    for file in ["knowledge.yaml", "sources.yaml", "elements.yaml"] {
        std::fs::copy(packs().join(file), folder.path().join(file)).unwrap();
    }
    let text = std::fs::read_to_string(to.join("item.yaml")).unwrap();
    let planted = "\nfees:\n  - {name: {zh-CN: 手续费, en: Handling}, amount: \"5.00\", basis: {zh-CN: \" \", en: \" \"}}\n";
    let text = text.replacen("\nfees: []\n", planted, 1);
    let line = text.lines().position(|l| l.contains("手续费")).unwrap() + 1;
    std::fs::write(to.join("item.yaml"), text).unwrap();
    let (fine, said) = lint(folder.path(), &[]);
    assert!(!fine, "{said}");
    assert!(said.contains(&format!("charter-bus-sticker/item.yaml:{line}:")), "{line}: {said}");
    assert!(said.contains("fee-without-basis") && said.contains("没有写收费依据"), "{said}");
}

/// Runs `yimen certificates issue` on the data of `city`; answers whether all was issued, and what it said.
fn issue(city: &crate::city::City, list: &Path, more: &[&str]) -> (bool, String) {
    let template = packs().join("nanjing/charter-bus-sticker/sticker.typ");
    let out = Command::new(env!("CARGO_BIN_EXE_yimen"))
        .args(["certificates", "--data"])
        .arg(&city.config.data)
        .args(["--demo", "issue"])
        .args([
            "--kind",
            "charter-bus-sticker",
            "--type-code",
            "11100000000013338W032",
            "--name",
            "旅游包车标贴",
        ])
        .args([
            "--name-en",
            "Charter-bus sticker",
            "--issuer",
            "nanjing.transport",
            "--public",
            "plate",
            "--lang",
            "en",
        ])
        .arg("--template")
        .arg(template)
        .args(more)
        .arg(list)
        .output()
        .unwrap();
    let said = [out.stdout, out.stderr].concat();
    (out.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn many_certificates_are_issued_from_a_list() {
    let city = crate::city::City::new(harness::Backend::Sqlite).await;
    let list = city.config.data.join("list.csv");
    let row = |n: u8, holder: &str| format!("宁交〔2026〕{n}号,{holder},2026-11-22,苏A·9900{n},南京,黄山\n");
    let heading = "reference,holder_number,valid_from,line:plate:车牌号,line:from:起点,line:to:讫点\n";
    let good = [heading.to_owned(), row(1, "999999198603121026"), row(2, "999999198603121026")].concat();
    std::fs::write(&list, format!("{good}{}", row(3, "11010519491231002X"))).unwrap();
    let (all, said) = issue(&city, &list, &["--dry-run"]);
    assert!(!all && said.contains("3 rows: 2 taken, 0 there already, 1 refused"), "{said}");
    assert!(said.contains("! 4: holder-unknown"), "{said}");
    let store = &city.wired.house.ground.store;
    assert!(certificates::for_case(store, "宁交〔2026〕1号").await.unwrap().is_empty(), "a rehearsal");
    std::fs::write(&list, good).unwrap();
    assert!(issue(&city, &list, &[]).0);
    let (all, said) = issue(&city, &list, &[]);
    assert!(all && said.contains("2 rows: 0 taken, 2 there already, 0 refused"), "{said}");
    let issued = certificates::for_case(store, "宁交〔2026〕2号").await.unwrap();
    assert!(issued.len() == 1 && issued[0].issuer_name.zh == "南京市交通运输局", "{issued:?}");
    let (all, said) = issue(&city, &packs().join("no-such-list.csv"), &[]);
    assert!(!all && said.contains("no-such-list.csv"), "{said}");
}
