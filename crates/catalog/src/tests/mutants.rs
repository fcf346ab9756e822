//! 1,000 mutated packs: never a panic, always complaints or a pack that compiles again.

use super::packs::text;
use crate::pack;
use kernel::{Rng, SeededRng};
use std::collections::BTreeMap;

fn below(rng: &SeededRng, n: usize) -> usize {
    usize::try_from(rng.next_u64() % u64::try_from(n.max(1)).unwrap()).unwrap()
}

/// Values that hardly fit anywhere.
const VALUES: &[&str] = &[
    "",
    "null",
    "~",
    "[]",
    "{}",
    "1e999",
    "-1",
    "0x10",
    "true",
    "2026-02-30",
    "'",
    "*none",
    "&a [*a]",
    "!!binary x",
    "99999999999999999999999",
    "form",
    "a.b.c(",
    "size(form)",
    "1/0 == 1",
];

/// Characters that mean something to YAML, or are rare.
const ODD: &[char] = &[
    '{', '}', '[', ']', '\'', '"', ':', '&', '*', '!', '|', '>', '-', '#', '%', '@', '`', '\0', '𠮷', '\t',
    '9', '.', '(',
];

/// One wrong thing, of the kinds that hands, editors and enemies make.
fn mutate(source: &str, rng: &SeededRng) -> Vec<u8> {
    let mut lines: Vec<String> = source.lines().map(str::to_owned).collect();
    let (a, b) = (below(rng, lines.len()), below(rng, lines.len()));
    match below(rng, 10) {
        0 => drop(lines.remove(a)),
        1 => lines.insert(a, lines[b].clone()),
        2 => lines.swap(a, b),
        3 => lines[a].insert(0, ' '),
        4 => lines[a] = lines[a].trim_start().to_owned(),
        5 => {
            let words: Vec<&str> = lines[b].split([' ', ',', ':']).filter(|w| !w.is_empty()).collect();
            let word = words.get(below(rng, words.len())).copied().unwrap_or("null").to_owned();
            let old = lines[a].split([' ', ',', ':']).rfind(|w| !w.is_empty()).unwrap_or(" ").to_owned();
            lines[a] = lines[a].replacen(&old, &word, 1);
        }
        6 => {
            let chars: Vec<char> = lines[a].chars().collect();
            let at = below(rng, chars.len());
            let mut changed: String = chars.iter().take(at).collect();
            changed.push(ODD[below(rng, ODD.len())]);
            changed.extend(chars.iter().skip(at + below(rng, 2)));
            lines[a] = changed;
        }
        7 => lines.truncate(a),
        8 => {
            let at = lines[a].find(": ").map_or(lines[a].len(), |i| i + 2);
            lines[a].truncate(at);
            lines[a].push_str(VALUES[below(rng, VALUES.len())]);
        }
        _ => {
            let mut bytes = lines.join("\n").into_bytes();
            for _ in 0..=below(rng, 4) {
                let at = below(rng, bytes.len());
                bytes[at] = u8::try_from(rng.next_u64() % 256).unwrap();
            }
            return bytes;
        }
    }
    lines.join("\n").into_bytes()
}

#[test]
fn a_thousand_mutants_are_answered() {
    let rng = SeededRng::new(20_261_122);
    let sources = super::packs::ALL.map(|path| text(&format!("{path}/item.yaml")));
    let (mut valid, mut wrong) = (0, 0);
    for n in 0..1_000 {
        let mut mutant = mutate(&sources[n % sources.len()], &rng);
        if below(&rng, 4) == 0 {
            mutant = mutate(&String::from_utf8_lossy(&mutant), &rng);
        }
        let files = BTreeMap::from([
            ("x/item.yaml".to_owned(), mutant),
            ("x/sticker.typ".to_owned(), b"x".to_vec()),
            ("x/proof.typ".to_owned(), b"x".to_vec()),
            ("x/record.typ".to_owned(), b"x".to_vec()),
            ("x/receipt.typ".to_owned(), b"x".to_vec()),
            ("x/permit.typ".to_owned(), b"x".to_vec()),
        ]);
        match pack::read(&files, "") {
            Ok(pack) => {
                valid += 1;
                let body = serde_json::to_string(&pack.items).unwrap();
                let mut again: Vec<crate::Item> = serde_json::from_str(&body).unwrap();
                for item in &mut again {
                    pack::recompile(item, &pack.shared).unwrap();
                }
                assert_eq!(again, pack.items);
            }
            Err(complaints) => {
                wrong += 1;
                assert!(!complaints.is_empty());
                assert!(
                    complaints.iter().all(|c| !c.say.zh.is_empty() && !c.say.en.is_empty() && c.line > 0),
                    "{complaints:?}"
                );
            }
        }
    }
    assert!(valid > 50 && wrong > 500, "{valid} valid, {wrong} wrong");
}

#[test]
fn shared_lists_may_be_wrong_too() {
    let rng = SeededRng::new(7);
    let item = text("nanjing/charter-bus-sticker/item.yaml");
    for n in 0..100 {
        let name = ["sources.yaml", "elements.yaml"][n % 2];
        let files = BTreeMap::from([
            ("x/item.yaml".to_owned(), item.clone().into_bytes()),
            ("x/sticker.typ".to_owned(), b"x".to_vec()),
            (name.to_owned(), mutate(&text(name), &rng)),
        ]);
        let _ = pack::read(&files, "");
    }
}
