//! Words for the index: Chinese bigrams and single characters, pinyin in full and by initials, Latin words by their
//! beginnings. One namespace: what is typed in Latin letters may be any of the last three.

use crate::{Item, MatterTheme};
use kernel::Text;
use pinyin::ToPinyin;
use std::collections::BTreeMap;

/// Latin words and pinyin are known by this many letters.
const LETTERS_MAX: usize = 14;
/// So many words of a question count.
const WORDS_MAX: usize = 24;

/// The words under which an item is found, with their weights.
pub fn index(item: &Item) -> BTreeMap<String, i64> {
    words_of(&item.name, &item.aliases, &item.keywords, &item.what)
}

/// How well a joint matter fits the words of a question: how many of them it holds, and with what weight.
pub fn fit(theme: &MatterTheme, question: &[String]) -> (usize, i64) {
    let words = words_of(&theme.name, &theme.aliases, &theme.keywords, &theme.what);
    let held: Vec<i64> = question.iter().filter_map(|word| words.get(word).copied()).collect();
    (held.len(), held.iter().sum())
}

fn words_of(name: &Text, aliases: &[String], keywords: &[String], what: &Text) -> BTreeMap<String, i64> {
    let mut words = BTreeMap::new();
    let mut add = |text: &str, weight: i64, sounds: bool| {
        for word in written(text) {
            let known: &mut i64 = words.entry(word).or_default();
            *known = weight.max(*known);
        }
        for word in if sounds { spoken(text) } else { Vec::new() } {
            let known: &mut i64 = words.entry(word).or_default();
            *known = (weight - 1).max(*known);
        }
    };
    add(&name.zh, 8, true);
    add(&name.en, 8, false);
    aliases.iter().for_each(|alias| add(alias, 6, true));
    keywords.iter().for_each(|keyword| add(keyword, 4, true));
    add(&what.zh, 1, false);
    words
}

/// The words of a question.
pub fn question(q: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for run in runs(q).into_iter().take(WORDS_MAX) {
        let found = match run {
            Run::Latin(word) => vec![word.chars().take(LETTERS_MAX).collect()],
            Run::Han(chars) => grams(&chars),
        };
        for word in found {
            if !words.contains(&word) && words.len() < WORDS_MAX {
                words.push(word);
            }
        }
    }
    words
}

enum Run {
    Han(Vec<char>),
    Latin(String),
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    for c in text.chars().take(400) {
        match (c, runs.last_mut()) {
            (c, Some(Run::Latin(word))) if c.is_ascii_alphanumeric() => word.push(c.to_ascii_lowercase()),
            (c, _) if c.is_ascii_alphanumeric() => runs.push(Run::Latin(c.to_ascii_lowercase().to_string())),
            // Pinyin is typed with and without an apostrophe or a blank between syllables; a blank begins a new word.
            ('\'', Some(Run::Latin(_))) => {}
            (c, Some(Run::Han(chars))) if !c.is_ascii() && c.is_alphanumeric() => chars.push(c),
            (c, _) if !c.is_ascii() && c.is_alphanumeric() => runs.push(Run::Han(vec![c])),
            _ => runs.push(Run::Latin(String::new())),
        }
    }
    runs.retain(|run| !matches!(run, Run::Latin(word) if word.is_empty()));
    runs
}

/// Pairs of neighbours; a single character stays one.
fn grams(chars: &[char]) -> Vec<String> {
    match chars {
        [one] => vec![one.to_string()],
        _ => chars.windows(2).map(|pair| pair.iter().collect()).collect(),
    }
}

/// Every word as it is written: characters and pairs of Chinese, beginnings of Latin words.
fn written(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for run in runs(text) {
        match run {
            Run::Han(chars) => {
                words.extend(grams(&chars));
                words.extend(chars.iter().map(char::to_string));
            }
            Run::Latin(word) => {
                let letters = word.chars().count().min(LETTERS_MAX);
                words.extend((2..=letters).map(|n| word.chars().take(n).collect::<String>()));
            }
        }
    }
    words
}

/// The beginnings of the pinyin and of the initials, from every character on: 包车 in 旅游包车 is found by `bc` and `baoch`.
fn spoken(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for run in runs(text) {
        let Run::Han(chars) = run else { continue };
        let sounds: Vec<&str> =
            chars.iter().map(|c| c.to_pinyin().map_or("", pinyin::Pinyin::plain)).collect();
        for from in 0..sounds.len() {
            let rest = sounds.get(from..).unwrap_or_default();
            let initials: String = rest.iter().filter_map(|s| s.chars().next()).take(LETTERS_MAX).collect();
            let full: String = rest.concat().replace('ü', "v").chars().take(LETTERS_MAX).collect();
            for (word, least) in [(initials, 2), (full, 3)] {
                let letters = word.chars().count();
                words.extend((least..=letters).map(|n| word.chars().take(n).collect::<String>()));
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_as_written_and_as_spoken() {
        let words: Vec<String> = written("旅游包车").into_iter().chain(spoken("旅游包车")).collect();
        for q in ["包车", "车", "bc", "lybc", "lvyou", "baoche", "lvyoubao", "lvyoubaoche"] {
            let asked = question(q);
            assert!(!asked.is_empty() && asked.iter().all(|w| words.contains(w)), "{q}: {asked:?}");
        }
        assert!(question("  ,。! ").is_empty());
        assert_eq!(question("Bus 包车"), ["bus", "包车"]);
        assert_eq!(question("xi'an"), ["xian"]);
        assert!(question(&"包车".repeat(5_000)).len() <= WORDS_MAX);
    }
}
