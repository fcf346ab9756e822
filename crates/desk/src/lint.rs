//! `/desk/lint`: what the linter finds in everything that is published — circular and odd proofs, terms beyond the law and so on, each
//! with its place, why, and what to do.

use crate::asked::escape;
use crate::{Room, WORDS};
use axum::extract::{Query, State};
use catalog::{Filter, Item, Listed, MatterTheme, Shared};
use identity::Operator;
use kernel::{AgencyCode, Fault, Lang, Outcome, Text};
use linter::{Finding, Rule, Severity, Stock};
use page::{Answer, Ctx, Html, Say, Shell};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// How many findings a page has.
const LINES: usize = 50;
/// How many items are listed at once.
const ITEMS: usize = 500;

struct Line {
    severity: Html,
    rule: String,
    item: String,
    href: Option<String>,
    agency: String,
    path: String,
    why: String,
    fix: String,
    circle: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "lint.html")]
struct Page {
    shell: Shell,
    w: Say,
    counts: Vec<(String, String)>,
    rules: Vec<(&'static str, String, bool)>,
    agencies: Vec<(String, String, bool)>,
    lines: Vec<Line>,
    filtered: bool,
    none_at_all: bool,
    older: Option<String>,
    newer: Option<String>,
}

/// What was found in one state of the catalogue.
struct Found {
    findings: Vec<Finding>,
    /// The name and agency of each item that is published.
    items: BTreeMap<String, (Text, Option<AgencyCode>)>,
}

/// The last state that was looked at: whoever goes through its pages does not have it linted again for each.
static LAST: LazyLock<Mutex<Last>> = LazyLock::new(Mutex::default);

/// A state of the catalogue and what was found in it.
type Last = Option<(u64, Arc<Found>)>;

pub(super) async fn get(
    State(room): State<Room>,
    Query(query): Query<Vec<(String, String)>>,
    ctx: Ctx,
    _: Operator,
) -> Answer {
    let get = |name: &str| query.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let found = found(&room).await?;
    let rule = Rule::ALL.into_iter().find(|r| r.word() == get("rule"));
    let agency = AgencyCode::parse(get("agency"));
    let agency_of = |f: &Finding| found.items.get(&f.item).and_then(|(_, agency)| agency.clone());
    let wanted: Vec<&Finding> = found
        .findings
        .iter()
        .filter(|f| rule.is_none_or(|r| f.rule == r))
        .filter(|f| agency.as_ref().is_none_or(|a| agency_of(f).is_some_and(|of| a.contains(&of))))
        .collect();
    let from = get("after").parse().ok().filter(|n| *n < wanted.len()).unwrap_or(0);
    let names = identity::directory(&room.house.ground.store).await?;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let here = address(rule, agency.as_ref());
    let mut agencies: BTreeMap<AgencyCode, String> = BTreeMap::new();
    for of in found.findings.iter().filter_map(agency_of) {
        let name = names.name(&of, lang);
        agencies.insert(of, name);
    }
    let line = |f: &&Finding| {
        let agency = agency_of(f).map(|a| names.name(&a, lang)).unwrap_or_default();
        line(f, &found, agency, lang)
    };
    Ok(page::render(&Page {
        shell: Shell::new(&ctx, w.t("lint-title")).desk(),
        w,
        counts: counts(&wanted, lang),
        rules: rules(&found, rule, lang),
        agencies: agencies
            .into_iter()
            .map(|(code, name)| (code.to_string(), name, agency.as_ref() == Some(&code)))
            .collect(),
        lines: wanted.iter().skip(from).take(LINES).map(line).collect(),
        filtered: rule.is_some() || agency.is_some(),
        none_at_all: found.findings.is_empty(),
        older: (from + LINES < wanted.len()).then(|| format!("{here}&after={}", from + LINES)),
        newer: (from > 0).then(|| format!("{here}&after={}", from.saturating_sub(LINES))),
    }))
}

fn address(rule: Option<Rule>, agency: Option<&AgencyCode>) -> String {
    let rule = rule.map_or("", Rule::word);
    let agency = agency.map(|a| escape(a.as_str())).unwrap_or_default();
    format!("/desk/lint?rule={rule}&agency={agency}")
}

fn counts(wanted: &[&Finding], lang: Lang) -> Vec<(String, String)> {
    let all = [Severity::Error, Severity::Warning, Severity::Note];
    let count = |s: Severity| wanted.iter().filter(|f| f.severity == s).count().to_string();
    all.into_iter().map(|s| (count(s), s.name().get(lang).to_owned())).collect()
}

/// The rules that found something, and the one that is chosen.
fn rules(found: &Found, chosen: Option<Rule>, lang: Lang) -> Vec<(&'static str, String, bool)> {
    let there = |r: &Rule| Some(*r) == chosen || found.findings.iter().any(|f| f.rule == *r);
    let rule = |r: Rule| (r.word(), r.name().get(lang).to_owned(), Some(r) == chosen);
    Rule::ALL.into_iter().filter(there).map(rule).collect()
}

fn line(f: &Finding, found: &Found, agency: String, lang: Lang) -> Line {
    let kind = match f.severity {
        Severity::Error => "bad",
        Severity::Warning => "wait",
        Severity::Note => "info",
    };
    let name =
        |key: &String| found.items.get(key).map_or_else(|| key.clone(), |(n, _)| n.get(lang).to_owned());
    let known = found.items.get(&f.item).is_some_and(|(_, agency)| agency.is_some());
    let circle: Vec<String> = f.circle.iter().map(name).collect();
    Line {
        severity: page::badge(kind, f.severity.name().get(lang)),
        rule: f.rule.name().get(lang).to_owned(),
        item: name(&f.item),
        href: known.then(|| format!("/items/{}", f.item)),
        agency,
        path: format!("{} {}", f.item, f.path),
        why: f.why.get(lang).to_owned(),
        fix: f.fix.get(lang).to_owned(),
        circle: (!circle.is_empty()).then(|| circle.join(" → ")),
    }
}

/// Everything that is looked at together.
struct Shelf {
    items: Vec<Item>,
    themes: Vec<MatterTheme>,
    shared: Arc<Shared>,
    agencies: Vec<(AgencyCode, Option<String>)>,
}

/// What is found in the catalogue as it stands.
async fn found(room: &Room) -> Outcome<Arc<Found>> {
    let store = &room.house.ground.store;
    let listed = listed(store).await?;
    let themes: Vec<MatterTheme> =
        catalog::themes(store).await?.iter().map(|theme| theme.as_ref().clone()).collect();
    let shared = catalog::shared(store).await?;
    let directory = identity::directory(store).await?;
    let agencies = directory.agencies().map(|a| (a.code.clone(), a.function.clone())).collect();
    let mut state = DefaultHasher::new();
    listed.iter().for_each(|l| l.id.to_string().hash(&mut state));
    format!("{themes:?}{:?}{agencies:?}", shared.registers).hash(&mut state);
    format!("{:?}", shared.knowledge).hash(&mut state);
    let state = state.finish();
    let last = LAST.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((_, found)) = last.filter(|(of, _)| *of == state) {
        return Ok(found);
    }
    let mut names: BTreeMap<String, (Text, Option<AgencyCode>)> =
        themes.iter().map(|t| (t.id.clone(), (t.name.clone(), None))).collect();
    let mut items = Vec::with_capacity(listed.len());
    for l in listed {
        if let Some(published) = catalog::find(store, &l.key).await? {
            items.push(published.item.as_ref().clone());
        }
        names.insert(l.key, (l.name, Some(l.agency)));
    }
    let findings = look(Shelf { items, themes, shared, agencies }).await?;
    let found = Arc::new(Found { findings, items: names });
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some((state, found.clone()));
    Ok(found)
}

/// Every item that is published.
async fn listed(store: &::store::Store) -> Result<Vec<Listed>, Fault> {
    let mut all: Vec<Listed> = Vec::new();
    loop {
        let after = all.last().map(|l| l.key.clone());
        let page = catalog::list(store, &Filter { after, limit: ITEMS, ..Filter::default() }).await?;
        let full = page.len() >= ITEMS;
        all.extend(page);
        if !full {
            return Ok(all);
        }
    }
}

/// Work of up to a second for a large catalogue: it holds up nobody else.
async fn look(shelf: Shelf) -> Result<Vec<Finding>, Fault> {
    let look = move || {
        linter::lint(&Stock {
            items: &shelf.items,
            themes: &shelf.themes,
            knowledge: &shelf.shared.knowledge,
            registers: &shelf.shared.registers,
            elements: &shelf.shared.elements,
            agencies: Some(&shelf.agencies),
        })
    };
    tokio::task::spawn_blocking(look).await.map_err(|e| Fault::from("linting the catalogue", e))
}
