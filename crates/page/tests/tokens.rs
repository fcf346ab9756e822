//! The colours of `tokens.css`: 4.5:1 everywhere, 7:1 in big print, light and dark; controls' edges 3:1.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../assets/tokens.css");

type Palette = BTreeMap<String, String>;

/// The declarations of the first block that opens with `head` after `from`.
fn block(text: &str, head: &str) -> Palette {
    let start = text.find(head).unwrap() + head.len();
    let body = &text[start..start + text[start..].find('}').unwrap()];
    let pairs = body.split(';').filter_map(|line| line.split_once(':'));
    pairs
        .map(|(n, v)| (n.trim().to_owned(), v.trim().to_owned()))
        .filter(|(_, v)| v.starts_with('#'))
        .collect()
}

fn over(base: &Palette, more: Palette) -> Palette {
    let mut all = base.clone();
    all.extend(more);
    all
}

fn luminance(hex: &str) -> f64 {
    let part = |at: usize| {
        let c = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn check(name: &str, palette: &Palette, least: f64) {
    let pairs = [
        ("--ink", &["--surface", "--soft", "--blue-tint", "--amber-tint", "--red-tint"][..]),
        ("--muted", &["--surface", "--soft", "--blue-tint"]),
        ("--blue", &["--surface", "--soft", "--blue-tint"]),
        ("--blue-deep", &["--surface", "--blue-tint"]),
        ("--red", &["--surface", "--red-tint"]),
        ("--amber", &["--surface", "--amber-tint"]),
        ("--on-blue", &["--blue", "--blue-deep"]),
    ];
    for (fore, backs) in pairs {
        for back in backs {
            let found = contrast(&palette[fore], &palette[*back]);
            assert!(found >= least, "{name}: {fore} on {back} is {found:.2}, wanted {least}");
        }
    }
    assert!(contrast("#ffffff", &palette["--band"]) >= least, "{name}: white on the band");
    for fore in ["--board-ink", "--board-bar", "--board-warn", "--board-edge"] {
        assert!(contrast(&palette[fore], &palette["--board"]) >= least, "{name}: {fore} on the board");
    }
    for back in ["--surface", "--soft"] {
        assert!(contrast(&palette["--edge"], &palette[back]) >= 3.0, "{name}: edge on {back}");
    }
}

#[test]
fn every_pair_of_colours_can_be_read() {
    let dark_text = &TOKENS[TOKENS.find("prefers-color-scheme").unwrap()..];
    let light = block(TOKENS, ":root {");
    let dark = over(&light, block(dark_text, ":root {"));
    check("light", &light, 4.5);
    check("light, big print", &over(&light, block(TOKENS, ":root.big {")), 7.0);
    check("dark", &dark, 4.5);
    check("dark, big print", &over(&dark, block(dark_text, ":root.big {")), 7.0);
}

#[test]
fn colours_stand_nowhere_but_in_the_tokens() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/assets")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "css") || path.ends_with("tokens.css") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines().filter(|l| l.contains('#') && l.contains(':') && l.ends_with(';')) {
            assert!(line.contains("#ffffff"), "{}: {line}", path.display());
        }
        assert!(text.lines().count() <= 500, "{} is too long", path.display());
        // A rule that is never closed swallows those after it without a word.
        let (opened, closed) = (text.matches('{').count(), text.matches('}').count());
        assert_eq!(opened, closed, "{}: what is opened is closed", path.display());
    }
}
