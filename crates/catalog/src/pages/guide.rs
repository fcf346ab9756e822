//! `/items/{key}`: the guide (办事指南), everything an applicant asks.

use super::extra::{self, Extra};
use super::process::{self, Map};
use super::{Pair, WORDS};
use crate::agreement::{self, Across, Agreement};
use crate::planner::{self, How, Plan, PlannedPaper, Question};
use crate::{Audience, Item, Original, Published, store};
use askama::Template;
use axum::extract::{Path, State};
use jiff::civil::Date;
use kernel::{AgencyCode, Lang, Refusal, clock};
use page::{Answer, Ctx, House, Say, Shell};
use std::collections::{BTreeMap, BTreeSet};

/// One of the four facts at a glance.
struct Glance {
    label: String,
    value: String,
    note: String,
}

/// A paper in the table.
struct Paper {
    name: String,
    note: String,
    kind: &'static str,
    how: String,
    why: String,
    issuer: String,
    optional: bool,
    later: String,
    original: String,
}

/// Where one can go.
struct PlaceView {
    name: String,
    address: String,
    hours: String,
    phone: String,
}

#[derive(Template)]
#[template(path = "guide.html")]
struct Guide {
    shell: Shell,
    w: Say,
    key: String,
    code: String,
    what: String,
    who: String,
    audience: String,
    agency: String,
    agency_phone: String,
    glance: Vec<Glance>,
    papers: Vec<Paper>,
    registers: Vec<String>,
    map: Map,
    extra: Extra,
    discretion: String,
    places: Vec<PlaceView>,
    /// Who accepts it in other places: who, and under what.
    elsewhere: Vec<(String, String)>,
    phone: String,
    fees: Vec<Pair>,
    basis: Vec<Pair>,
    questions: Vec<Pair>,
    complain: String,
    reconstructed: bool,
    version: String,
    since: String,
}

/// The guide of one item.
pub async fn get(State(house): State<House>, ctx: Ctx, Path(key): Path<String>) -> Answer {
    let published = store::find(&house.ground.store, &key).await?.ok_or_else(Refusal::not_found)?;
    if published.item.key != key {
        return Ok(page::see_other(format!("/items/{}", published.item.key)));
    }
    let agencies = identity::agencies(&house.ground.store).await?;
    let named = |code: &AgencyCode| agencies.iter().find(|a| a.code == *code);
    let names: BTreeMap<&str, &str> =
        agencies.iter().map(|a| (a.code.as_str(), a.name.get(ctx.lang))).collect();
    let agency = named(&published.item.agency);
    let phone = agency.map(|a| a.phone.clone()).unwrap_or_default();
    // Planned as a matter of one, with the dictionary as it is today.
    let knowledge = store::knowledge(&house.ground.store).await?;
    let members = [published.item.as_ref()];
    let plan = planner::plan(&Question::of(&members, &knowledge, &published.shared.registers));
    Ok(page::render(&guide(&ctx, &published, &plan, &names, phone)))
}

fn guide(
    ctx: &Ctx,
    published: &Published,
    plan: &Plan,
    names: &BTreeMap<&str, &str>,
    agency_phone: String,
) -> Guide {
    let (item, lang, w) = (&published.item, ctx.lang, WORDS.say(ctx.lang));
    let name_of =
        |code: &AgencyCode| names.get(code.as_str()).map_or_else(|| code.to_string(), |n| (*n).to_owned());
    let pair = |head: String, text: &kernel::Text| Pair { head, text: text.get(lang).to_owned() };
    let fee = |f: &crate::Fee| {
        let amount = f.fixed().map(|m| m.to_string());
        let how = f.formula().map(|t| t.get(lang).to_owned());
        let head = format!("{} {}", f.name.get(lang), amount.or(how).unwrap_or_default());
        pair(head.trim_end().to_owned(), &f.basis)
    };
    Guide {
        shell: Shell::new(ctx, item.name.get(lang)).crumb(w.t("items-title"), "/items"),
        w,
        key: item.key.clone(),
        code: item.code.clone(),
        what: item.what.get(lang).to_owned(),
        who: item.who.get(lang).to_owned(),
        audience: audiences(item, w),
        agency: name_of(&item.agency),
        agency_phone,
        glance: glance(item, lang, w),
        papers: papers(item, plan, lang, w, &name_of),
        registers: registers(published, lang, &name_of),
        map: process::map(item, plan, lang, w, &name_of),
        extra: extra::extra(item, lang, w),
        discretion: item.decision.discretion.as_ref().map(|d| d.get(lang).to_owned()).unwrap_or_default(),
        places: item.places.iter().map(|p| place(p, lang)).collect(),
        elsewhere: elsewhere(item, clock::legal_date(ctx.now), w, &name_of),
        phone: item.phone.clone(),
        fees: item.fees.iter().map(fee).collect(),
        basis: item
            .basis
            .iter()
            .map(|b| pair(format!("{} {}", b.law.get(lang), b.article), &b.text))
            .collect(),
        questions: item.questions.iter().map(|q| pair(q.ask.get(lang).to_owned(), &q.answer)).collect(),
        complain: item.complain.get(lang).to_owned(),
        reconstructed: item.reconstructed.is_some(),
        version: published.version.to_string(),
        since: page::format::date(lang, clock::legal_date(published.published_at)),
    }
}

fn audiences(item: &Item, w: Say) -> String {
    let word = |a: &Audience| match a {
        Audience::Person => w.t("for-person").into_owned(),
        Audience::Organisation => w.t("for-organisation").into_owned(),
    };
    item.audience.iter().map(word).collect::<Vec<_>>().join(w.t("and").as_ref())
}

fn glance(item: &Item, lang: Lang, w: Say) -> Vec<Glance> {
    let promised = if item.terms.promised.count == 0 {
        w.t("at-once").into_owned()
    } else {
        item.terms.promised.text().get(lang).to_owned()
    };
    let law = w.with("by-law", &[("term", item.terms.statutory.text().get(lang).to_owned())]);
    let visits = w.with("visits", &[("n", item.visits.to_string())]);
    let total = kernel::Money::sum(item.fees.iter().filter_map(crate::Fee::fixed));
    let fee = match total.filter(|m| *m != kernel::Money::ZERO) {
        Some(total) => total.to_string(),
        None if item.fees.iter().all(|f| f.fixed().is_some()) => w.t("free").into_owned(),
        None => w.t("fee-by-rule").into_owned(),
    };
    let results: Vec<&str> = item.results.iter().map(|r| r.name.get(lang)).collect();
    let one =
        |label: &str, value: String, note: String| Glance { label: w.t(label).into_owned(), value, note };
    vec![
        one("glance-term", promised, law),
        one("glance-visits", visits, String::new()),
        one("glance-fee", fee, String::new()),
        if results.is_empty() {
            one("glance-result", w.t("glance-decision").into_owned(), String::new())
        } else {
            one("glance-result", results.join(w.t("and").as_ref()), w.t("glance-electronic").into_owned())
        },
    ]
}

fn papers(
    item: &Item,
    plan: &Plan,
    lang: Lang,
    w: Say,
    name_of: &impl Fn(&AgencyCode) -> String,
) -> Vec<Paper> {
    let paper = |planned: &PlannedPaper| {
        let (_, id) = planned.demands.first()?;
        let material = item.materials.iter().find(|m| m.id == *id)?;
        let (kind, how) = match planned.how {
            How::Asked => ("wait", "how-asked"),
            How::SameAs => ("good", "how-same-as"),
            How::Held => ("good", "how-held"),
            How::Kept => ("good", "how-kept"),
            How::Fetched => ("good", "how-fetched"),
            How::ProducedBy => ("good", "how-produced"),
            How::Declared => ("info", "how-declared"),
        };
        Some(Paper {
            name: planned.name.get(lang).to_owned(),
            note: material.note.as_ref().map(|n| n.get(lang).to_owned()).unwrap_or_default(),
            kind,
            how: w.t(how).into_owned(),
            why: planned.why.get(lang).to_owned(),
            issuer: material.issuer.as_ref().map(name_of).unwrap_or_default(),
            optional: planned.optional,
            later: material.tolerable.as_ref().map_or_else(String::new, |t| {
                w.with("paper-later", &[("term", t.within.text().get(lang).to_owned())])
            }),
            original: material.original.map(|o| w.t(original(o)).into_owned()).unwrap_or_default(),
        })
    };
    plan.papers.iter().filter_map(paper).collect()
}

fn original(original: Original) -> &'static str {
    match original {
        Original::Look => "original-look",
        Original::Keep => "original-keep",
        Original::TakeBack => "original-take-back",
    }
}

fn registers(published: &Published, lang: Lang, name_of: &impl Fn(&AgencyCode) -> String) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let sources = published.item.sources.iter().filter(|s| seen.insert(s.source.clone()));
    let line = |r: &crate::Register| format!("{} · {}", r.name.get(lang), name_of(&r.agency));
    sources.filter_map(|s| published.shared.register(&s.source).map(line)).collect()
}

fn place(place: &crate::Place, lang: Lang) -> PlaceView {
    PlaceView {
        name: place.name.get(lang).to_owned(),
        address: place.address.get(lang).to_owned(),
        hours: place.hours.get(lang).to_owned(),
        phone: place.phone.clone(),
    }
}

/// Who accepts it in other places on that day, for whoever decides it: who, and under which agreement.
fn elsewhere(
    item: &Item,
    on: Date,
    w: Say,
    name_of: &impl Fn(&AgencyCode) -> String,
) -> Vec<(String, String)> {
    let agreements = agreement::agreements();
    let one = |one: &Agreement| {
        let how = match one.mode {
            Across::Agent => "accepted-agent",
            Across::Online => "accepted-online",
            Across::Joint => "accepted-joint",
        };
        let until = one.until.map(|day| page::format::date(w.lang, day));
        let basis = one.basis.get(w.lang).to_owned();
        let basis = match until {
            Some(until) => w.with("accepted-basis-until", &[("basis", basis), ("until", until)]),
            None => w.with("accepted-basis", &[("basis", basis)]),
        };
        (name_of(&one.takes), w.with(how, &[("basis", basis)]))
    };
    agreements.naming(&item.key, &item.agency, on).map(one).collect()
}
