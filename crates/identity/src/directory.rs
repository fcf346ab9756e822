//! The directory of agencies: who is called what, and who took over whose powers (职权承继). Pages name several agencies each, so
//! it is kept in memory and read anew only when it has changed, on whatever server.

use crate::model::Agency;
use crate::people::agency_of;
use crate::store::{self, PredecessorRow};
use ::store::Store;
use jiff::civil::Date;
use kernel::{AgencyCode, Fault, Lang, Text};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// So many directories are kept; a process serves one, tests serve many.
const KEPT_MAX: usize = 16;
/// So many successions are followed one after another; more would be a circle.
const CHAIN_MAX: usize = 16;

static KEPT: LazyLock<Mutex<HashMap<String, Arc<Directory>>>> = LazyLock::new(Mutex::default);

/// An office whose powers another took over (职权承继): it decides nothing any more, and what it once decided stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// The office of then.
    pub code: AgencyCode,
    /// Its name.
    pub name: Text,
    /// Who took over its powers; may have been succeeded in turn.
    pub successor: AgencyCode,
    /// Since when, where it is known.
    pub since: Option<Date>,
    /// By which decision; empty where it is not known.
    pub basis: Text,
}

/// All agencies, and the offices of then.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    agencies: BTreeMap<AgencyCode, Agency>,
    gone: BTreeMap<AgencyCode, Succession>,
}

impl Directory {
    /// The directory of these agencies and successions.
    pub fn of(agencies: Vec<Agency>, gone: Vec<Succession>) -> Self {
        Self {
            agencies: agencies.into_iter().map(|a| (a.code.clone(), a)).collect(),
            gone: gone.into_iter().map(|s| (s.code.clone(), s)).collect(),
        }
    }

    /// Every agency, by code; offices of then only where they still have a row.
    pub fn agencies(&self) -> impl Iterator<Item = &Agency> {
        self.agencies.values()
    }

    /// One agency.
    pub fn get(&self, code: &AgencyCode) -> Option<&Agency> {
        self.agencies.get(code)
    }

    /// Who took over this office's powers, and since when; `None` for one that is still in charge.
    pub fn succession(&self, code: &AgencyCode) -> Option<&Succession> {
        self.gone.get(code)
    }

    /// Whose powers an agency took over itself, by code.
    pub fn predecessors(&self, code: &AgencyCode) -> impl Iterator<Item = &Succession> {
        self.gone.values().filter(move |s| s.successor == *code)
    }

    /// Who is in charge today of what this office did: the last of those who succeeded each other; the office itself when nobody
    /// did.
    pub fn in_charge(&self, code: &AgencyCode) -> AgencyCode {
        let mut last = code;
        for _ in 0..CHAIN_MAX {
            match self.gone.get(last) {
                Some(succession) => last = &succession.successor,
                None => break,
            }
        }
        last.clone()
    }

    /// As people know it: the name; of an office of then `原…，现…`; the code of one that is not known.
    pub fn name(&self, code: &AgencyCode, lang: Lang) -> String {
        self.text(code).get(lang).to_owned()
    }

    /// As [`name`](Self::name), in both languages.
    pub fn text(&self, code: &AgencyCode) -> Text {
        let Some(then) = self.gone.get(code) else {
            return self.agencies.get(code).map_or_else(|| Text::same(code.as_str()), |a| a.name.clone());
        };
        let now = self.in_charge(code);
        let now = self.agencies.get(&now).map_or_else(|| Text::same(now.as_str()), |a| a.name.clone());
        formerly(&then.name, &now)
    }
}

/// `原南京市国土资源局，现南京市规划和自然资源局`; a name that did not change stands alone.
pub fn formerly(then: &Text, now: &Text) -> Text {
    if then == now {
        return now.clone();
    }
    Text::new(format!("原{}，现{}", then.zh, now.zh), format!("{} (now {})", then.en, now.en))
}

fn succession_of(row: PredecessorRow) -> Option<Succession> {
    Some(Succession {
        code: AgencyCode::parse(&row.code)?,
        name: Text::new(row.name_zh, row.name_en),
        successor: AgencyCode::parse(&row.successor)?,
        since: row.since.and_then(|day| day.parse().ok()),
        basis: Text::new(row.basis_zh, row.basis_en),
    })
}

async fn read(store: &Store) -> Result<Directory, Fault> {
    let agencies = store::agencies(store).await?.into_iter().filter_map(agency_of).collect();
    let gone = store::predecessors(store).await?.into_iter().filter_map(succession_of).collect();
    Ok(Directory::of(agencies, gone))
}

/// The directory as it stands. One row tells whether the kept one is still right.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn directory(store: &Store) -> Result<Arc<Directory>, Fault> {
    // The mark is read first: what changes after it has a mark of its own, and nobody asks for the old one again.
    let Some(mark) = store::directory_mark(store).await? else { return Ok(Arc::new(read(store).await?)) };
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner).get(&mark).cloned();
    if let Some(kept) = kept {
        return Ok(kept);
    }
    let read = Arc::new(read(store).await?);
    let mut all = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= KEPT_MAX {
        all.clear();
    }
    all.insert(mark, read.clone());
    Ok(read)
}

/// Who took over the powers of an office of then, its name then and by which decision; `None` for one that is still in charge or
/// was never known. Who is in charge today, should that one have been succeeded too, tells [`Directory::in_charge`].
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn successor(store: &Store, code: &AgencyCode) -> Result<Option<Succession>, Fault> {
    Ok(directory(store).await?.succession(code).cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> AgencyCode {
        AgencyCode::parse(text).unwrap()
    }

    fn gone(from: &str, name: &str, to: &str) -> Succession {
        let (name, basis) = (Text::new(name, from), Text::default());
        Succession { code: code(from), name, successor: code(to), since: None, basis }
    }

    fn agency(of: &str, name: &str) -> Agency {
        Agency {
            code: code(of),
            name: Text::new(name, of),
            credit_code: String::new(),
            division: "320100".to_owned(),
            function: None,
            level: None,
            phone: String::new(),
            address: Text::default(),
        }
    }

    #[test]
    fn successions_are_followed_to_whoever_is_in_charge() {
        let all = Directory::of(
            vec![agency("n.resources", "南京市规划和自然资源局"), agency("n.land", "南京市国土资源局")],
            vec![
                gone("n.soil", "南京市土地管理局", "n.land"),
                gone("n.land", "南京市国土资源局", "n.resources"),
                gone("n.plan", "南京市规划局", "n.resources"),
            ],
        );
        assert_eq!(all.in_charge(&code("n.soil")), code("n.resources"));
        assert_eq!(all.in_charge(&code("n.resources")), code("n.resources"));
        assert_eq!(all.name(&code("n.soil"), Lang::ZhCn), "原南京市土地管理局，现南京市规划和自然资源局");
        assert_eq!(all.name(&code("n.land"), Lang::En), "n.land (now n.resources)");
        assert_eq!(all.name(&code("n.resources"), Lang::ZhCn), "南京市规划和自然资源局");
        assert_eq!(all.name(&code("n.unknown"), Lang::ZhCn), "n.unknown");
        let before: Vec<&str> = all.predecessors(&code("n.resources")).map(|s| s.code.as_str()).collect();
        assert_eq!(before, ["n.land", "n.plan"]);
    }

    #[test]
    fn a_circle_in_the_data_hangs_nothing() {
        let all = Directory::of(Vec::new(), vec![gone("a", "甲", "b"), gone("b", "乙", "a")]);
        assert!(all.name(&code("a"), Lang::ZhCn).starts_with("原甲"));
    }
}
