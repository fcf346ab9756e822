//! `/items` by audience, theme and agency, and `/search`.

use super::WORDS;
use crate::{Audience, Filter, Listed, MatterTheme, store, theme_name};
use askama::Template;
use axum::extract::{Query, State};
use kernel::{AgencyCode, Lang};
use page::{Answer, Ctx, FormState, House, Say, Shell};
use std::collections::{BTreeMap, HashMap};

const PAGE: usize = 20;
/// So many joint matters stand above what a search finds.
const JOINT: usize = 3;

/// One item of the list.
struct Row {
    href: String,
    name: String,
    what: String,
    agency: String,
}

/// One thing to narrow the list by; no question, so nothing about it is optional or required.
struct FilterView {
    name: &'static str,
    label: String,
    options: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "items.html")]
struct Items {
    shell: Shell,
    w: Say,
    form: FormState,
    q: String,
    search: bool,
    filters: Vec<FilterView>,
    /// The joint matters that fit the question, above the items.
    joint: Vec<Row>,
    rows: Vec<Row>,
    newer: Option<String>,
    older: Option<String>,
}

type Asked = Result<Query<HashMap<String, String>>, axum::extract::rejection::QueryRejection>;

/// The list of items.
pub async fn items(State(house): State<House>, ctx: Ctx, asked: Asked) -> Answer {
    shown(&house, &ctx, asked, false).await
}

/// The search.
pub async fn search(State(house): State<House>, ctx: Ctx, asked: Asked) -> Answer {
    shown(&house, &ctx, asked, true).await
}

async fn shown(house: &House, ctx: &Ctx, asked: Asked, search: bool) -> Answer {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    let one = |name: &str| asked.get(name).map(|v| v.trim()).filter(|v| !v.is_empty() && v.len() <= 300);
    let store = &house.ground.store;
    let filter = Filter {
        audience: one("audience").and_then(audience),
        theme: one("theme").map(str::to_owned),
        agency: one("agency").and_then(AgencyCode::parse),
        q: one("q").map(str::to_owned),
        after: one("after").map(str::to_owned),
        limit: PAGE + 1,
    };
    let mut found =
        if search && filter.q.is_none() { Vec::new() } else { store::list(store, &filter).await? };
    let joint = match &filter.q {
        Some(q) if search => store::search_themes(store, q, JOINT).await?,
        _ => Vec::new(),
    };
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let names = agency_names(house, ctx.lang).await?;
    let w = WORDS.say(ctx.lang);
    let title = if search { w.t("search-title") } else { w.t("items-title") };
    let (newer, older) = links(&filter, more, found.last(), search);
    let mut form = FormState::new();
    for name in ["audience", "theme", "agency", "q"] {
        form = form.with(name, one(name).unwrap_or_default());
    }
    let audiences = vec![
        ("person".to_owned(), w.t("for-person").into_owned()),
        ("organisation".to_owned(), w.t("for-organisation").into_owned()),
    ];
    let filter_of = |name, label, options| FilterView { name, label: w.t(label).into_owned(), options };
    let filters = vec![
        filter_of("audience", "filter-audience", audiences),
        filter_of("theme", "filter-theme", themes(house, ctx.lang).await?),
        filter_of("agency", "filter-agency", agencies(house, &names).await?),
    ];
    let page = Items {
        shell: Shell::new(ctx, title).wide(),
        w,
        form,
        q: filter.q.clone().unwrap_or_default(),
        search,
        filters,
        joint: joint.iter().map(|theme| joint_row(theme, ctx.lang)).collect(),
        rows: found.into_iter().map(|listed| row(listed, &names, ctx.lang)).collect(),
        newer,
        older,
    };
    Ok(page::render(&page))
}

fn audience(word: &str) -> Option<Audience> {
    match word {
        "person" => Some(Audience::Person),
        "organisation" => Some(Audience::Organisation),
        _ => None,
    }
}

fn row(listed: Listed, names: &BTreeMap<String, String>, lang: Lang) -> Row {
    Row {
        href: format!("/items/{}", listed.key),
        name: listed.name.get(lang).to_owned(),
        what: listed.what.get(lang).to_owned(),
        agency: names.get(listed.agency.as_str()).cloned().unwrap_or_default(),
    }
}

fn joint_row(theme: &MatterTheme, lang: Lang) -> Row {
    Row {
        href: format!("/themes/{}", theme.id),
        name: theme.name.get(lang).to_owned(),
        what: theme.what.get(lang).to_owned(),
        agency: String::new(),
    }
}

/// The names of all agencies, by code.
async fn agency_names(house: &House, lang: Lang) -> Result<BTreeMap<String, String>, kernel::Fault> {
    let agencies = identity::agencies(&house.ground.store).await?;
    Ok(agencies.into_iter().map(|a| (a.code.to_string(), a.name.get(lang).to_owned())).collect())
}

async fn themes(house: &House, lang: Lang) -> Result<Vec<(String, String)>, kernel::Fault> {
    let used = store::tags_in_use(&house.ground.store, "theme").await?;
    Ok(used.into_iter().map(|(id, n)| (id.clone(), format!("{} ({n})", theme_name(&id).get(lang)))).collect())
}

async fn agencies(
    house: &House,
    names: &BTreeMap<String, String>,
) -> Result<Vec<(String, String)>, kernel::Fault> {
    let used = store::tags_in_use(&house.ground.store, "agency").await?;
    Ok(used
        .into_iter()
        .filter_map(|(code, n)| Some((code.clone(), format!("{} ({n})", names.get(&code)?))))
        .collect())
}

/// Links to the first page and to the one after `last`.
fn links(
    filter: &Filter,
    more: bool,
    last: Option<&Listed>,
    search: bool,
) -> (Option<String>, Option<String>) {
    let audience = filter.audience.map(|a| match a {
        Audience::Person => "person".to_owned(),
        Audience::Organisation => "organisation".to_owned(),
    });
    let kept = [
        ("audience", audience),
        ("theme", filter.theme.clone()),
        ("agency", filter.agency.as_ref().map(ToString::to_string)),
        ("q", filter.q.clone()),
    ];
    let base: Vec<String> =
        kept.into_iter().filter_map(|(k, v)| Some(format!("{k}={}", escape(&v?)))).collect();
    let link = |after: Option<&str>| {
        let after = after.map(|key| format!("after={}", escape(key)));
        format!("/items?{}", base.iter().cloned().chain(after).collect::<Vec<_>>().join("&"))
    };
    let newer = filter.after.as_ref().filter(|_| !search).map(|_| link(None));
    let older = last.filter(|_| more && filter.q.is_none()).map(|l| link(Some(&l.key)));
    (newer, older)
}

/// Percent-encodes everything but letters, digits and `-._`.
fn escape(text: &str) -> String {
    let byte = |b: u8| {
        if b.is_ascii_alphanumeric() || b"-._".contains(&b) {
            char::from(b).to_string()
        } else {
            format!("%{b:02X}")
        }
    };
    text.bytes().map(byte).collect()
}
