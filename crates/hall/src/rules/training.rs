//! Which businesses a clerk is trained for, and which nobody on duty can serve.

use crate::model::{Letter, Letters};
use crate::store::{Business, WindowRow};

/// The letters that somebody can serve who is trained for `letters` and `items`: those letters, and each whose items are all among `items`.
/// A letter for everything is learnt as a letter only.
pub fn covered(businesses: &[Business], letters: &Letters, items: &[String]) -> Letters {
    let all_known = |b: &Business| {
        let mut own = b.items.split(' ').filter(|item| !item.is_empty()).peekable();
        own.peek().is_some() && own.all(|item| item != "*" && items.iter().any(|known| known == item))
    };
    let covered = businesses.iter().filter(|b| letters.has(b.letter) || all_known(b));
    Letters(covered.map(|b| b.letter).collect())
}

/// The items that are named by businesses: what can be learnt one by one.
pub fn named_items(businesses: &[Business]) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for item in businesses.iter().flat_map(|b| b.items.split(' ')) {
        if !item.is_empty() && item != "*" && !items.iter().any(|known| known == item) {
            items.push(item.to_owned());
        }
    }
    items
}

/// The letters that no window on duty serves now, because nobody is there or nobody there is trained for them.
pub fn uncovered(businesses: &[Business], windows: &[WindowRow]) -> Vec<Letter> {
    let served = |letter| windows.iter().any(|w| w.open && w.clerk.is_some() && w.takes(letter));
    businesses.iter().map(|b| b.letter).filter(|letter| !served(*letter)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn business(letter: &str, items: &str) -> Business {
        let name = String::new();
        Business {
            letter: letter.parse().unwrap(),
            name_zh: name.clone(),
            name_en: name,
            items: items.into(),
        }
    }

    #[test]
    fn a_letter_is_covered_by_itself_or_by_all_of_its_items() {
        let all = [business("A", "*"), business("B", "x y"), business("C", "z"), business("D", "")];
        let covers = |letters: &str, items: &[&str]| {
            let items: Vec<String> = items.iter().map(|i| (*i).to_owned()).collect();
            covered(&all, &letters.parse().unwrap(), &items).to_string()
        };
        assert_eq!(covers("A", &[]), "A");
        assert_eq!(covers("", &["x"]), "", "half of what one may come for");
        assert_eq!(covers("", &["x", "y", "z"]), "BC");
        assert_eq!(covers("ABZ", &["*"]), "AB", "a letter that the hall has not is none");
        assert_eq!(named_items(&all), ["x", "y", "z"]);
    }
}
