//! `/matters/{id}`: one thing somebody wants done on one page (一件事) — its cases, who holds each and until when, what waits for
//! what, one bill, the results together, the papers once.

use super::beside::paying;
use super::fields::{Spared, line};
use super::progress::Beside;
use super::{Room, from_path};
use crate::WORDS;
use crate::gantt::{Brush, Lane, gantt};
use crate::model::*;
use crate::queries::{Bar, CaseView, MatterMember, MatterView, matter_view};
use crate::scope::Scope;
use crate::show::{self, Names};
use crate::verbs::{ApplicantAct, ask};
use axum::extract::{Path, State};
use catalog::planner::How;
use identity::Applicant;
use kernel::{Failure, Lang, Outcome};
use page::{Answer, Ctx, Html, Say, Shell, Submitted, format};

struct Member {
    number: String,
    name: String,
    badge: Html,
    holder: String,
    until: String,
    waits: Vec<String>,
}

/// Somebody who takes part, and whether they have confirmed it.
struct Taking {
    role: String,
    name: String,
    badge: Html,
    /// Who wrote it down, when they confirmed at a window.
    note: String,
}

struct Paper {
    name: String,
    how: String,
    used: String,
    href: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "matter.html")]
struct MatterPage {
    shell: Shell,
    w: Say,
    id: String,
    filed: bool,
    filed_at: String,
    done: usize,
    until: Option<String>,
    unconfirmed: bool,
    /// What is to be paid now, case by case.
    pay: Vec<Beside>,
    parties: Vec<Taking>,
    answers: Vec<(String, String)>,
    members: Vec<Member>,
    way: Option<Html>,
    fees: Vec<(String, String, String)>,
    total: String,
    results: Vec<(String, Option<String>)>,
    papers: Vec<Paper>,
    /// What the plan said on filing: in one sentence, and paper by paper with the reason.
    planned: String,
    reasons: Vec<Spared>,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(text): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let store = &room.house.ground.store;
    let view = matter_view(store, from_path(&text)?, &Scope::from(&who)).await?;
    let names = Names::load(store).await?;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let bars = view.bars(&room.house.calendar, ctx.now);
    let last = bars.iter().flat_map(|(_, bars)| bars).map(|b| b.to.unwrap_or(b.planned_to)).max();
    let running = view.members.iter().any(|m| m.running);
    let page = MatterPage {
        shell: Shell::new(&ctx, view.name.get(lang)).crumb(w.t("my-space"), "/space"),
        w,
        id: view.id.to_string(),
        filed: ctx.query.split('&').any(|q| q == "filed=1"),
        filed_at: format::moment(lang, view.filed_at),
        done: view.members.iter().filter(|m| !m.running).count(),
        until: last.filter(|_| running).map(|at| format::moment(lang, at)),
        unconfirmed: view.cases.iter().any(|c| unconfirmed(c, &who)),
        pay: view.cases.iter().filter_map(|c| paying(c, who.subject(), lang, true)).collect(),
        parties: parties(&view, &names, &who, lang),
        answers: answers(&view, lang),
        members: view.members.iter().map(|m| member(m, &names, lang)).collect(),
        way: way(&view, &bars, &names, &ctx),
        fees: view
            .plan
            .fees
            .iter()
            .map(|f| {
                let notes: Vec<String> = f.notes().iter().map(|n| n.get(lang).to_owned()).collect();
                (f.name.get(lang).to_owned(), f.says().get(lang).to_owned(), notes.join(" "))
            })
            .collect(),
        total: view.plan.bill().get(lang).to_owned(),
        results: results(&view, lang),
        papers: papers(&view, lang),
        planned: planned(&view, lang),
        reasons: view.plan.papers.iter().map(|p| line(p, lang)).collect(),
    };
    Ok(page::render(&page))
}

/// What the plan said on filing, in numbers.
fn planned(view: &MatterView, lang: Lang) -> String {
    let asked = view.plan.asked().count();
    let told = [
        ("asked", asked.to_string()),
        ("spared", view.plan.papers.iter().filter(|p| p.how != How::Asked).count().to_string()),
        ("days", view.plan.days().to_string()),
    ];
    WORDS.say(lang).with("matter-planned-text", &told)
}

/// One confirmation for every case of the matter that waits for it.
pub(super) async fn confirm(
    State(room): State<Room>,
    Path(text): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let store = &room.house.ground.store;
    let id: MatterId = from_path(&text)?;
    let view = matter_view(store, id, &Scope::from(&who)).await?;
    let waiting: Vec<_> = view
        .cases
        .iter()
        .filter(|c| unconfirmed(c, &who) && c.row.running)
        .map(|c| c.case.number.clone())
        .collect();
    let paper = sent.get("paper") == "yes";
    let done: Result<(), Failure> = store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        async {
            for number in &waiting {
                ask(&mut cx, &room.house, &who, number, ApplicantAct::Confirm { paper }, None).await?;
            }
            Outcome::Ok(())
        }
        .await
    });
    done?;
    Ok(page::see_other(format!("/matters/{id}")))
}

fn unconfirmed(view: &CaseView, who: &Applicant) -> bool {
    let mut own = view.case.parties.iter().filter(|p| p.subject == who.subject());
    !view.case.state.ended() && own.any(|p| p.confirmed_at.is_none())
}

/// Everybody who takes part, once.
fn parties(view: &MatterView, names: &Names, who: &Applicant, lang: Lang) -> Vec<Taking> {
    let w = WORDS.say(lang);
    let mut seen = Vec::new();
    let mut all = Vec::new();
    for case in &view.cases {
        let witnessed = show::witnessed(case, names, lang);
        for party in &case.case.parties {
            if seen.contains(&(party.subject, &party.role)) {
                continue;
            }
            seen.push((party.subject, &party.role));
            let (role, name) = show::party(case, party, who, lang);
            let badge = match party.confirmed_at {
                Some(_) => page::badge("good", &w.t("matter-confirmed")),
                None => page::badge("wait", &w.t("matter-unconfirmed")),
            };
            let line = witnessed.iter().find(|l| l.subject == party.subject);
            let note = line.map(|l| l.text.clone()).unwrap_or_default();
            all.push(Taking { role, name, badge, note });
        }
    }
    all
}

/// What was filled in, as far as it is for these eyes; what several cases share stands once.
fn answers(view: &MatterView, lang: Lang) -> Vec<(String, String)> {
    let mut rows: Vec<(String, String)> = Vec::new();
    for case in &view.cases {
        for section in &case.item.item.form.sections {
            for (label, value, _) in forms::section_rows(section, &case.case.answers, lang) {
                if !value.is_empty() && !rows.contains(&(label.clone(), value.clone())) {
                    rows.push((label, value));
                }
            }
        }
    }
    rows
}

fn member(m: &MatterMember, names: &Names, lang: Lang) -> Member {
    let until = m.due_at.filter(|_| m.running).or(m.closed_at);
    let money = m.unpaid.then(|| WORDS.say(lang).t("now-payment").into_owned());
    Member {
        number: m.number.to_string(),
        name: m.item_name.get(lang).to_owned(),
        badge: show::badge(&m.state, m.outcome.as_deref(), lang),
        holder: m.holder.as_ref().map(|a| names.of(a, lang)).unwrap_or_default(),
        until: until.map(|at| format::moment(lang, at)).unwrap_or_default(),
        waits: m.waits_for.iter().map(|(_, why)| why.get(lang).to_owned()).chain(money).collect(),
    }
}

/// The steps of all cases side by side; the chain that ends last is the one that decides the whole.
fn way(view: &MatterView, bars: &[(String, Vec<Bar>)], names: &Names, ctx: &Ctx) -> Option<Html> {
    let decisive = view.decisive(bars);
    let critical = |item: &str, bar: &Bar| {
        bar.state != "passed" && decisive.contains(&(item.to_owned(), bar.id.clone()))
    };
    fn lane<'a>(case: &'a CaseView, bars: &'a [(String, Vec<Bar>)]) -> Option<Lane<'a>> {
        let (_, bars) = bars.iter().find(|(item, _)| *item == case.case.item_key)?;
        Some(Lane { view: case, bars })
    }
    let lanes: Vec<Lane<'_>> = view.cases.iter().filter_map(|case| lane(case, bars)).collect();
    let brush =
        Brush { names, system: &|_| String::new(), critical: &critical, now: ctx.now, lang: ctx.lang };
    gantt(&lanes, &brush)
}

fn results(view: &MatterView, lang: Lang) -> Vec<(String, Option<String>)> {
    let of = |case: &CaseView| {
        let made = case.case.certificates.iter().map(|id| format!("/certificates/{id}"));
        let running = case.row.running;
        let names = case.item.item.results.iter().map(|r| r.name.get(lang).to_owned());
        let made: Vec<Option<String>> =
            made.map(Some).chain(std::iter::repeat(None)).take(names.len()).collect();
        names.zip(made).filter(move |(_, href)| href.is_some() || running).collect::<Vec<_>>()
    };
    view.cases.iter().flat_map(of).collect()
}

/// Every paper once, with the cases that use it.
fn papers(view: &MatterView, lang: Lang) -> Vec<Paper> {
    let w = WORDS.say(lang);
    let between = w.t("list-between");
    let mut all: Vec<(Given, Paper)> = Vec::new();
    for case in &view.cases {
        let item = case.item.item.name.get(lang);
        for (material, line) in case.case.materials.iter().zip(show::papers(case, lang)) {
            let same = |(given, paper): &&mut (Given, Paper)| {
                *given == material.given && (material.given.file().is_some() || paper.name == line.name)
            };
            if let Some((_, known)) = all.iter_mut().find(same) {
                if !known.used.contains(item) {
                    known.used = format!("{}{between}{item}", known.used);
                }
                continue;
            }
            let href = match (line.file, line.certificate) {
                (Some(file), _) => Some(format!("/cases/{}/files/{file}", case.case.number)),
                (None, Some(id)) => Some(format!("/certificates/{id}")),
                (None, None) => None,
            };
            let paper = Paper { name: line.name, how: line.how, used: item.to_owned(), href };
            all.push((material.given.clone(), paper));
        }
    }
    all.into_iter().map(|(_, paper)| paper).collect()
}
