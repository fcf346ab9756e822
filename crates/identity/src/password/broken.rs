//! Passwords that are tried first by whoever guesses (NIST SP 800-63B, 3.1.1.2): refused whatever they are made of, while nothing
//! is asked of how a password is made.

use std::collections::HashSet;
use std::sync::LazyLock;

static WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../../data/broken-words.txt").lines();
    lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

/// Rows of keys, and the orders that everybody knows; read in both directions.
const ROWS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "!@#$%^&*()",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp",
];

/// Digits alone that are shorter are all tried in an hour.
const DIGITS_MIN: usize = 14;

/// Why a password is one of those.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is made of words that everybody takes.
    Usual,
    /// It is a run of keys, a repetition, or digits alone.
    Pattern,
    /// It is made of what is known of the person.
    Own,
}

/// Whether a password (already in NFKC) is one that is tried first; `own` is what is known of its holder: names, numbers.
pub(crate) fn broken(password: &str, own: &[&str]) -> Option<Why> {
    let lower: String = password.chars().flat_map(char::to_lowercase).collect();
    let chars: Vec<char> = lower.chars().collect();
    if repeats(&chars)
        || is_keys(&chars)
        || (chars.len() < DIGITS_MIN && chars.iter().all(char::is_ascii_digit))
    {
        return Some(Why::Pattern);
    }
    if own.iter().any(|known| is_own(&lower, known)) {
        return Some(Why::Own);
    }
    let read = [lower.clone(), unwritten(&lower)];
    read.iter().any(|text| is_usual(text)).then_some(Why::Usual)
}

/// The same four characters or fewer again and again.
fn repeats(chars: &[char]) -> bool {
    (1..=4).any(|n| {
        chars
            .get(..n)
            .is_some_and(|block| chars.len() >= 2 * n && chars.chunks(n).all(|c| block.starts_with(c)))
    })
}

/// Whether it consists of runs of three or more neighbouring keys (or the same one), whatever their order.
fn is_keys(chars: &[char]) -> bool {
    let mut rest = chars;
    while !rest.is_empty() {
        let longest = ROWS.iter().map(|row| run(rest, row)).max().unwrap_or(0).max(same(rest));
        if longest < 3 {
            return false;
        }
        rest = rest.get(longest..).unwrap_or_default();
    }
    true
}

fn same(chars: &[char]) -> usize {
    chars.iter().take_while(|c| Some(*c) == chars.first()).count()
}

/// How many characters from the start follow each other in a row, forwards or backwards.
fn run(chars: &[char], row: &str) -> usize {
    let keys: Vec<char> = row.chars().collect();
    let back: Vec<char> = row.chars().rev().collect();
    let longest = |keys: &[char]| {
        let starts = (0..keys.len()).filter_map(|at| keys.get(at..));
        starts.map(|keys| keys.iter().zip(chars).take_while(|(a, b)| a == b).count()).max().unwrap_or(0)
    };
    longest(&keys).max(longest(&back))
}

/// Made of something known of the person and little else.
fn is_own(lower: &str, known: &str) -> bool {
    let known: String = known.chars().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).collect();
    let (all, part) = (lower.chars().count(), known.chars().count());
    part >= 2 && lower.contains(&known) && all.saturating_sub(part) <= 8
}

/// Letters that were written as digits and signs, read as letters.
fn unwritten(text: &str) -> String {
    let letter = |c: char| match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '5' | '$' => 's',
        '7' => 't',
        '8' => 'b',
        other => other,
    };
    text.chars().map(letter).collect()
}

/// One or two words of the list, with anything but letters around and between.
fn is_usual(text: &str) -> bool {
    let parts: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|p| !p.is_empty()).collect();
    match parts.as_slice() {
        [one] => WORDS.contains(one) || two(one),
        [one, other] => WORDS.contains(one) && WORDS.contains(other),
        _ => false,
    }
}

fn two(text: &str) -> bool {
    let cuts = text.char_indices().map(|(at, _)| at).filter(|at| *at > 0);
    cuts.map(|at| text.split_at(at)).any(|(a, b)| WORDS.contains(a) && WORDS.contains(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_first_is_refused() {
        for (password, why) in [
            ("password", Why::Usual),
            ("P@ssw0rd", Why::Usual),
            ("woaini1314", Why::Usual),
            ("Wang19840512", Why::Usual),
            ("beijing2008!", Why::Usual),
            ("iloveyou123", Why::Usual),
            ("123admin456", Why::Usual),
            ("wodemima", Why::Usual),
            ("12345678", Why::Pattern),
            ("87654321", Why::Pattern),
            ("11111111", Why::Pattern),
            ("abcabcabc", Why::Pattern),
            ("qwertyuiop", Why::Pattern),
            ("1qaz2wsx", Why::Pattern),
            ("asdf1234", Why::Pattern),
            ("13905147788", Why::Pattern),
            ("王秀英1985", Why::Own),
            ("citizen2026", Why::Own),
        ] {
            assert_eq!(broken(password, &["citizen", "王秀英"]), Some(why), "{password}");
        }
    }

    #[test]
    fn what_is_long_and_ones_own_is_not() {
        for password in [
            "correct horse battery",
            "春眠不觉晓处处闻啼鸟",
            "t7#kQm2xLp",
            "nine green umbrellas",
            "82736491827364",
            "我家门前有两棵枣树",
        ] {
            assert_eq!(broken(password, &["citizen", "王秀英"]), None, "{password}");
        }
        assert!(WORDS.len() > 500);
    }
}
