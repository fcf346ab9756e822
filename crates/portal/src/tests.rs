//! Every page in both languages, with plenty and with nothing, and hostile words in every place.

use crate::pages::samples;
use kernel::Lang;
use page::Ctx;

const HOSTILE: &str = "\"><script>alert(1)</script>'{{7*7}}";

fn pages(lang: Lang, word: &str) -> Vec<(&'static str, String)> {
    let ctx = Ctx::sample(lang).signed_in("张三", Some("南京金陵旅行客运有限公司"), false);
    samples::all(&ctx, word)
}

#[test]
fn every_page_renders_in_both_languages_without_a_missing_text() {
    for lang in [Lang::ZhCn, Lang::En] {
        for (name, html) in pages(lang, "旅游包车标贴核发") {
            assert!(html.contains(&format!("<html lang=\"{}\"", lang.tag())), "{name}");
            assert_eq!(html.matches("<h1>").count(), 1, "{name}: one heading");
            assert!(!html.contains(" style=") && !html.contains("<style"), "{name}");
            for key in page::words::keys(include_str!("../locales/en/portal.ftl")).keys() {
                assert!(!html.contains(&format!(">{key}<")), "{name}: `{key}` is shown instead of its text");
            }
        }
    }
}

#[test]
fn hostile_words_are_escaped_on_every_page() {
    for (name, html) in pages(Lang::ZhCn, HOSTILE) {
        assert!(!html.contains("<script>alert"), "{name}");
        assert!(!html.contains("49</"), "{name}");
    }
}

#[test]
fn both_files_say_the_same_things() {
    let zh = include_str!("../locales/zh-CN/portal.ftl");
    page::words::same_keys(zh, include_str!("../locales/en/portal.ftl")).unwrap();
}

#[test]
fn every_kind_of_report_has_its_words() {
    for lang in [Lang::ZhCn, Lang::En] {
        let say = crate::WORDS.say(lang);
        assert!(crate::feedback::KINDS.iter().all(|kind| say.has(&format!("kind-{kind}"))));
    }
}
