//! Divisions of the country (GB/T 2260) by code and by name. The table holds facts as of 2026; a code that it does not
//! hold is still a code when its form is right, for identity numbers and old papers name dissolved ones. Towns (GB/T
//! 10114, nine digits) are those of the cities served, so that a form offers no list of forty thousand.

use crate::DivisionLevel;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// One division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its six digits; nine for a town.
    pub code: &'static str,
    /// Its own name.
    pub name: &'static str,
    /// Its name with those above it: 江苏省南京市玄武区.
    pub full: String,
}

static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| {
    let lines = include_str!("../data/divisions.txt").lines().filter_map(|line| line.split_once(' '));
    let mut places: Vec<Place> = Vec::with_capacity(3_800);
    let (mut province, mut city) = ("", "");
    for (code, name) in lines {
        let above = match level(code) {
            DivisionLevel::Province => {
                (province, city) = (name, "");
                ["", ""]
            }
            DivisionLevel::City => {
                city = if name == province { "" } else { name };
                [if name == province { "" } else { province }, ""]
            }
            // Counties right below a province (429004) have no city above them.
            DivisionLevel::County if code.get(2..4).is_some_and(|c| c >= "90") => [province, ""],
            DivisionLevel::County | DivisionLevel::Town => [province, city],
        };
        places.push(Place { code, name, full: format!("{}{}{name}", above[0], above[1]) });
    }
    let towns = include_str!("../data/towns.txt").lines().filter_map(|line| line.split_once(' '));
    let towns: Vec<Place> = towns
        .filter_map(|(code, name)| {
            let county = places.iter().find(|p| Some(p.code) == code.get(..6))?;
            Some(Place { code, name, full: format!("{}{name}", county.full) })
        })
        .collect();
    places.extend(towns);
    places.sort_by_key(|p| p.code);
    places
});

/// Divisions by everything they are called.
static NAMES: LazyLock<HashMap<String, Vec<&'static Place>>> = LazyLock::new(|| {
    let mut names: HashMap<String, Vec<&'static Place>> = HashMap::new();
    for place in PLACES.iter() {
        let called = [place.full.clone(), place.name.to_owned(), short(place.name), short_full(place)];
        for name in called.into_iter().collect::<BTreeSet<_>>() {
            names.entry(name).or_default().push(place);
        }
    }
    names
});

/// How deep a code goes.
pub fn level(code: &str) -> DivisionLevel {
    match (code.get(2..4), code.get(4..6)) {
        _ if code.len() > 6 => DivisionLevel::Town,
        (Some("00"), _) => DivisionLevel::Province,
        (_, Some("00")) => DivisionLevel::City,
        _ => DivisionLevel::County,
    }
}

/// The division with this code.
pub fn by_code(code: &str) -> Option<&'static Place> {
    let found = PLACES.binary_search_by_key(&code, |p| p.code).ok()?;
    PLACES.get(found)
}

/// All divisions of one level inside `within` (a code; empty = everywhere), in the order of their codes.
pub fn of_level(wanted: DivisionLevel, within: &str) -> impl Iterator<Item = &'static Place> {
    PLACES.iter().filter(move |p| level(p.code) == wanted && inside(p.code, within))
}

/// Whether a division is `within` or a part of it.
pub fn inside(code: &str, within: &str) -> bool {
    let part = match within.as_bytes() {
        [a, b, b'0', b'0', b'0', b'0'] => std::str::from_utf8(&[*a, *b]).is_ok_and(|p| code.starts_with(p)),
        [.., b'0', b'0'] if within.len() == 6 => within.get(..4).is_some_and(|p| code.starts_with(p)),
        _ => code.starts_with(within),
    };
    part || within.is_empty()
}

/// What a typed name may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// This one.
    One(&'static Place),
    /// Several, of which the first few.
    Several(Vec<&'static Place>),
    /// None.
    None,
}

/// Looks up what was typed: six or nine digits, or a name with or without those above it and with or without 省 市 区 县.
/// Only divisions inside `within` (empty = everywhere) and at least as deep as `least` count, of them the shallowest;
/// towns only where a town is asked for.
pub fn look_up(typed: &str, least: DivisionLevel, within: &str) -> Meant {
    let fits = |code: &str| {
        let deep = level(code);
        deep >= least && inside(code, within) && (deep < DivisionLevel::Town || least == DivisionLevel::Town)
    };
    if let Some(place) = by_code(typed) {
        return if fits(place.code) { Meant::One(place) } else { Meant::None };
    }
    let wanted = short(typed);
    let named = |name: &str| NAMES.get(name).into_iter().flatten().copied().collect::<Vec<_>>();
    let mut found: Vec<&'static Place> = named(typed);
    found.extend(named(&wanted));
    found.retain(|p| fits(p.code));
    found.sort_by_key(|p| p.code);
    found.dedup();
    if let Some(exact) = found.iter().find(|p| p.full == typed) {
        return Meant::One(exact);
    }
    if let Some(top) = found.iter().map(|p| level(p.code)).min() {
        found.retain(|p| level(p.code) == top);
    }
    match found.as_slice() {
        [] => Meant::None,
        [one] => Meant::One(one),
        _ => {
            found.truncate(4);
            Meant::Several(found)
        }
    }
}

const ENDINGS: [&str; 15] = [
    "街道办事处",
    "街道",
    "特别行政区",
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "自治州",
    "自治县",
    "地区",
    "省",
    "市",
    "区",
    "县",
    "镇",
];

/// A name without its ending, when two characters stay.
fn short(name: &str) -> String {
    let cut = ENDINGS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    if cut.chars().count() >= 2 { cut.to_owned() } else { name.to_owned() }
}

/// The full name with every ending left out: 江苏南京玄武.
fn short_full(place: &Place) -> String {
    let above = |code: String| by_code(&code).map(|p| p.name);
    let province = above(format!("{}0000", place.code.get(..2).unwrap_or_default()));
    let city = above(format!("{}00", place.code.get(..4).unwrap_or_default()));
    let county = place.code.get(..6).filter(|_| place.code.len() > 6);
    let county = above(county.unwrap_or_default().to_owned());
    let mut parts: Vec<&str> = [province, city, county, Some(place.name)].into_iter().flatten().collect();
    parts.dedup();
    parts.into_iter().map(short).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use DivisionLevel::{City, County, Province, Town};

    fn code(typed: &str, least: DivisionLevel) -> Option<&'static str> {
        match look_up(typed, least, "") {
            Meant::One(place) => Some(place.code),
            _ => None,
        }
    }

    #[test]
    fn the_table_is_in_order_and_every_full_name_leads_back() {
        assert!(PLACES.is_sorted_by(|a, b| a.code < b.code));
        for place in PLACES.iter().filter(|p| level(p.code) != Province) {
            let found = look_up(&place.full, level(place.code), "");
            assert!(matches!(&found, Meant::One(p) if p.full == place.full), "{place:?} {found:?}");
        }
    }

    #[test]
    fn people_leave_endings_and_upper_levels_out() {
        assert_eq!(code("320100", City), Some("320100"));
        for typed in ["南京", "南京市", "江苏省南京市", "江苏南京"] {
            assert_eq!(code(typed, City), Some("320100"), "{typed}");
        }
        assert_eq!(code("江苏省南京市玄武区", City), Some("320102"));
        assert_eq!(code("北京", City), Some("110100"));
        assert_eq!(code("仙桃市", City), Some("429004"));
        assert_eq!(by_code("429004").map(|p| p.full.as_str()), Some("湖北省仙桃市"));
        assert!(matches!(look_up("鼓楼区", City, ""), Meant::Several(found) if found.len() == 4));
        assert_eq!(look_up("320000", City, ""), Meant::None);
        assert_eq!(look_up("", County, ""), Meant::None);
    }
    #[test]
    fn towns_are_found_where_a_town_is_asked_for() {
        for typed in ["440604012", "祖庙街道", "祖庙", "广东省佛山市禅城区祖庙街道", "广东佛山禅城祖庙"]
        {
            assert_eq!(code(typed, Town), Some("440604012"), "{typed}");
        }
        assert_eq!(code("祖庙街道", County), None);
        assert_eq!(code("禅城区", Town), None);
        assert!(matches!(look_up("南庄镇", Town, "440604"), Meant::One(p) if p.code == "440604100"));
        assert_eq!(look_up("祖庙街道", Town, "320100"), Meant::None);
        assert_eq!(of_level(Town, "440604").count(), 4);
        assert!(of_level(County, "440600").count() == 5 && inside("440604012", "440000") && inside("1", ""));
    }
}
