//! `/desk/records/archive`: what an agency closed in a year and is archived, and whether it is still authentic, complete, usable
//! and safe (真实 完整 可用 安全, GB/T 18894-2016); `…/{id}` is the check of one package in full.

use super::{Room, may_take, reaches};
use crate::WORDS;
use axum::extract::{Path, Query, State};
use identity::{Agency, Staff};
use kernel::{AgencyCode, Fault, Lang, Refusal, clock};
use page::{Answer, Ctx, Html, Say, Shell, format};
use procedure::archive::{self, Finding, Package, PackageCursor, PackageId, Property};
use std::collections::HashMap;
use store::Store;

/// So many packages a page, for each may be 64 MB and all of a page may be checked at once.
const LINES: i64 = 20;

struct Line {
    href: String,
    reference: String,
    title: String,
    closed: String,
    keep: String,
    size: String,
    /// What the check found; nothing before it is asked for.
    found: Option<Html>,
}

#[derive(askama::Template)]
#[template(path = "archive.html")]
struct ListPage {
    shell: Shell,
    w: Say,
    agencies: Vec<(String, String, bool)>,
    year: i64,
    lines: Vec<Line>,
    checked: Option<String>,
    check: String,
    newer: Option<String>,
    older: Option<String>,
}

struct PropertyLine {
    name: String,
    badge: Html,
    says: Vec<String>,
}

#[derive(askama::Template)]
#[template(path = "package.html")]
struct PackagePage {
    shell: Shell,
    w: Say,
    verdict: (&'static str, String),
    properties: Vec<PropertyLine>,
    facts: Vec<(String, String)>,
    digest: String,
    back: String,
}

pub(super) async fn get(
    State(room): State<Room>,
    Query(query): Query<HashMap<String, String>>,
    ctx: Ctx,
    who: Staff,
) -> Answer {
    may_take(&who)?;
    let text = |name: &str| query.get(name).map_or("", |v| v.trim());
    let this_year = i64::from(clock::legal_date(ctx.now).year());
    let year = text("year").parse().ok().filter(|y| (1949..=9999).contains(y)).unwrap_or(this_year);
    let store = &room.house.ground.store;
    let reached = reached(store, &who).await?;
    let code = match text("agency") {
        "" => reached.iter().find(|a| a.code == *who.agency()).or_else(|| reached.first()),
        code => Some(reached.iter().find(|a| a.code.as_str() == code).ok_or_else(Refusal::not_found)?),
    };
    let code = code.map_or_else(|| who.agency().clone(), |a| a.code.clone());
    let after = text("after").parse::<PackageId>().ok().map(PackageCursor);
    let packages = archive::transfer_list(store, &code, year, after.as_ref(), LINES + 1).await?;
    let mut packages: Vec<Package> = packages.into_iter().map(|l| l.package).collect();
    let shown = usize::try_from(LINES).unwrap_or(usize::MAX);
    let more = packages.len() > shown;
    packages.truncate(shown);
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let (mut lines, mut sound, asked) = (Vec::new(), 0, text("check") == "yes");
    for package in &packages {
        let found = if asked { Some(archive::check(store, package.id).await?) } else { None };
        sound += usize::from(found.as_ref().is_some_and(|f| f.iter().all(|f| f.ok)));
        lines.push(line(package, found.as_deref(), lang, w));
    }
    let here = format!("/desk/records/archive?agency={code}&year={year}");
    let last = packages.last().filter(|_| more);
    let place = after.map_or_else(String::new, |at| format!("&after={}", at.0));
    let numbers = [("sound", sound.to_string()), ("all", packages.len().to_string())];
    Ok(page::render(&ListPage {
        shell: Shell::new(&ctx, w.t("archive-title")).desk().crumb(w.t("title"), "/desk/records"),
        w,
        agencies: reached
            .iter()
            .map(|a| (a.code.to_string(), a.name.get(lang).to_owned(), a.code == code))
            .collect(),
        year,
        checked: asked.then(|| w.with("archive-checked", &numbers)),
        check: format!("{here}{place}&check=yes"),
        older: last.map(|p| format!("{here}&after={}", p.id)),
        newer: after.map(|_| here.clone()),
        lines,
    }))
}

/// The agencies whose archive lies within the right.
async fn reached(store: &Store, who: &Staff) -> Result<Vec<Agency>, Fault> {
    let all = identity::directory(store).await?;
    Ok(all.agencies().filter(|a| reaches(who, a)).cloned().collect())
}

fn line(package: &Package, found: Option<&[Finding]>, lang: Lang, w: Say) -> Line {
    Line {
        href: format!("/desk/records/archive/{}", package.id),
        reference: package.reference.clone(),
        title: package.title.clone(),
        closed: format::date(lang, clock::legal_date(package.closed_at)),
        keep: keep(package, lang, w),
        size: format::size(package.size),
        found: found.map(|f| verdict(f, lang, w).1),
    }
}

fn keep(package: &Package, lang: Lang, w: Say) -> String {
    match package.until {
        None => w.t("archive-forever").into_owned(),
        Some(day) => w.with("archive-until", &[("day", format::date(lang, day))]),
    }
}

/// Good when all four hold; else which do not.
fn verdict(found: &[Finding], lang: Lang, w: Say) -> (&'static str, Html) {
    let bad = Property::ALL.into_iter().filter(|p| found.iter().any(|f| f.property == *p && !f.ok));
    let bad: Vec<String> = bad.map(|p| p.name().get(lang).to_owned()).collect();
    if bad.is_empty() {
        return ("good", page::badge("good", &w.t("archive-sound")));
    }
    let which = bad.join(if lang == Lang::ZhCn { "、" } else { ", " });
    ("bad", page::badge("bad", &w.with("archive-unsound", &[("which", which)])))
}

pub(super) async fn package(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
) -> Answer {
    may_take(&who)?;
    let id: PackageId = id.parse().map_err(|_| Refusal::not_found())?;
    let store = &room.house.ground.store;
    let package = archive::get(store, id).await?.ok_or_else(Refusal::not_found)?;
    let keeper = agency(store, &package.agency).await?.filter(|a| reaches(&who, a));
    let keeper = keeper.ok_or_else(Refusal::not_found)?;
    let found = archive::check(store, id).await?;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let sound = found.iter().all(|f| f.ok);
    let say = if sound { w.t("archive-all-sound") } else { w.t("archive-not-sound") };
    let back = format!("/desk/records/archive?agency={}&year={}", package.agency, package.year);
    Ok(page::render(&PackagePage {
        shell: Shell::new(&ctx, package.reference.clone())
            .desk()
            .crumb(w.t("title"), "/desk/records")
            .crumb(w.t("archive-title"), back.clone()),
        w,
        verdict: (if sound { "good" } else { "bad" }, say.into_owned()),
        properties: properties(&found, lang, w),
        facts: facts(&package, &keeper, lang, w),
        digest: package.digest.clone(),
        back,
    }))
}

async fn agency(store: &Store, code: &AgencyCode) -> Result<Option<Agency>, Fault> {
    Ok(identity::directory(store).await?.get(code).cloned())
}

fn properties(found: &[Finding], lang: Lang, w: Say) -> Vec<PropertyLine> {
    let line = |property: Property| {
        let of = || found.iter().filter(move |f| f.property == property);
        let (kind, word) =
            if of().all(|f| f.ok) { ("good", "property-holds") } else { ("bad", "property-fails") };
        PropertyLine {
            name: property.name().get(lang).to_owned(),
            badge: page::badge(kind, &w.t(word)),
            says: of().map(|f| f.say.get(lang).to_owned()).collect(),
        }
    };
    Property::ALL.into_iter().map(line).collect()
}

fn facts(package: &Package, keeper: &Agency, lang: Lang, w: Say) -> Vec<(String, String)> {
    let say = |key: &str| w.t(key).into_owned();
    let open = package.openness.attribute.name();
    vec![
        (say("archive-what"), package.title.clone()),
        (say("agency"), keeper.name.get(lang).to_owned()),
        (say("archive-closed"), format::date(lang, clock::legal_date(package.closed_at))),
        (say("archive-packed"), format::moment(lang, package.packed_at)),
        (say("archive-keep"), keep(package, lang, w)),
        (say("archive-basis"), package.retention.basis.get(lang).to_owned()),
        (say("archive-openness"), format!("{} · {}", open.get(lang), package.openness.ground.get(lang))),
        (say("archive-entries"), package.entries.to_string()),
        (say("archive-size"), format::size(package.size)),
    ]
}
