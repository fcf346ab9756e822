//! `/desk/cases/{number}`: form and papers on the left, what is to be done now on the right.

use super::inbox::{kind_of, urgency};
use super::{Desk, shell};
use crate::WORDS;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use cases::{CaseView, Handler, Scope, TaskView, state_name};
use forms::{Answers, Field, FieldType};
use identity::Staff;
use kernel::codes::CaseNumber;
use kernel::rules::Verdict;
use kernel::{FileId, Outcome, Refusal, SubjectId, Timestamp};
use page::{Answer, Ctx, FormState, Html, Say, Shell, TimelineEntry};
use serde::Deserialize;
use serde_json::Value;
use store::{command, files};
use trace::{Look, Purpose};

#[derive(Deserialize, Default)]
pub(crate) struct Wanted {
    #[serde(default)]
    done: String,
}

#[derive(askama::Template)]
#[template(path = "case.html")]
struct CasePage {
    shell: Shell,
    w: Say,
    form: FormState,
    number: String,
    item: String,
    badge: Html,
    absent: Vec<String>,
    parties: Vec<String>,
    sections: Vec<Section>,
    papers: Vec<Paper>,
    checks: Vec<Check>,
    terms: Vec<Term>,
    task: Option<Task>,
    decision: Option<String>,
    acts: Vec<TimelineEntry>,
    certificates: Vec<String>,
    done: Option<String>,
    fresh: Option<String>,
    rev: i64,
}

struct Section {
    title: String,
    rows: Vec<(String, String)>,
}

struct Paper {
    name: String,
    href: String,
}

struct Check {
    kind: &'static str,
    say: String,
    word: String,
}

struct Term {
    name: String,
    bar: Html,
    why: Vec<String>,
}

struct Task {
    id: String,
    title: String,
    guide: String,
    referred: String,
    accepted: bool,
    demands: Vec<Asked>,
}

/// A field that a supplement can ask for, with the name of the input that says what is wrong with it.
struct Asked {
    field: String,
    say: String,
    label: String,
}

impl Asked {
    fn of(field: &Field, w: Say) -> Self {
        Self {
            field: field.id.clone(),
            say: format!("say-{}", field.id),
            label: field.label.get(w.lang).to_owned(),
        }
    }
}

pub(crate) async fn get(
    ctx: Ctx,
    State(desk): State<Desk>,
    staff: Staff,
    Path(number): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let number: CaseNumber = number.parse().map_err(|_| Refusal::not_found())?;
    let view = open(&ctx, &desk, &staff, &number).await?;
    let mut page = page(&ctx, &desk, &staff, &view, FormState::new()).await?;
    page.done = super::inbox::some(&wanted.done).map(|state| state_name(&state).get(ctx.lang).to_owned());
    Ok(page::render(&page))
}

/// The case page again, with what was typed and why it was refused; a newer version of the case is shown beside it.
pub(crate) async fn refused(
    ctx: &Ctx,
    desk: &Desk,
    staff: &Staff,
    number: &CaseNumber,
    form: FormState,
    refusal: &Refusal,
) -> Answer {
    let view = open(ctx, desk, staff, number).await?;
    let mut page = page(ctx, desk, staff, &view, form).await?;
    page.fresh = Some(refusal.sentence(ctx.lang));
    Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// A paper of the case; opening it is a look.
pub(crate) async fn file(
    ctx: Ctx,
    State(desk): State<Desk>,
    staff: Staff,
    Path((number, id)): Path<(String, String)>,
) -> Answer {
    let number: CaseNumber = number.parse().map_err(|_| Refusal::not_found())?;
    let id: FileId = id.parse().map_err(|_| Refusal::not_found())?;
    let view = cases::view(&desk.house.ground.store, &number, &Scope::from(&staff)).await?;
    let (_, name) = files_of(&view.case.answers)
        .into_iter()
        .find(|(file, _)| *file == id)
        .ok_or_else(Refusal::not_found)?;
    looked(&ctx, &desk, &staff, &view, &format!("file.{name}")).await?;
    let (info, bytes) = files::read(&desk.house.ground.store, id).await?;
    let headers = [
        (header::CONTENT_TYPE, info.kind.mime().to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{id}.{}\"", info.kind)),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok::<Response, _>((headers, bytes).into_response())
}

async fn open(ctx: &Ctx, desk: &Desk, staff: &Staff, number: &CaseNumber) -> Outcome<CaseView> {
    let view = cases::view(&desk.house.ground.store, number, &Scope::from(staff)).await?;
    looked(ctx, desk, staff, &view, "case.answers").await?;
    Ok(view)
}

/// Records the look for every person the case is about, before anything is shown.
async fn looked(ctx: &Ctx, desk: &Desk, staff: &Staff, view: &CaseView, field: &str) -> Outcome<()> {
    let persons: Vec<_> = view
        .case
        .parties
        .iter()
        .filter_map(|party| match party.subject {
            SubjectId::Person(person) => Some(person),
            SubjectId::Organisation(_) => None,
        })
        .collect();
    let purpose = Purpose::in_case("examine", &view.case.number);
    command!(desk.house.ground, ctx.lang, staff.actor_ref(), |cx| {
        let looks = persons.iter().map(|person| Look {
            person: *person,
            fields: vec![field.to_owned()],
            purpose: purpose.clone(),
        });
        looks
            .map(|look| trace::look(&mut cx, &look))
            .collect::<Result<(), _>>()
            .map_err(kernel::Failure::from)
    })
}

async fn page(ctx: &Ctx, desk: &Desk, staff: &Staff, view: &CaseView, form: FormState) -> Outcome<CasePage> {
    let w = WORDS.say(ctx.lang);
    let case = &view.case;
    let item = &view.item.item;
    let now = desk.house.ground.clock.now();
    let names = cases::show::Names::load(&desk.house.ground.store).await?;
    let name = item.name.get(ctx.lang).to_owned();
    Ok(CasePage {
        shell: shell(ctx, w, w.with("case-title", &[("item", name.clone())]))
            .crumb(w.t("inbox-title"), "/desk"),
        w,
        form,
        number: case.number.to_string(),
        item: name,
        badge: page::badge(kind_of(case.state.word()), case.state.name().get(ctx.lang)),
        absent: case.absent().into_iter().map(str::to_owned).collect(),
        parties: case.parties.iter().map(|p| p.name.clone()).collect(),
        sections: sections(view, w),
        papers: papers(view),
        checks: checks(view, now, w),
        terms: terms(view, desk, now, w),
        task: handler(staff).and_then(|handler| task(view, &handler, w)),
        decision: decision(view, w),
        acts: cases::show::timeline(view, &names, ctx.lang),
        certificates: case.certificates.iter().map(ToString::to_string).collect(),
        done: None,
        fresh: None,
        rev: view.rev,
    })
}

fn handler(staff: &Staff) -> Option<Handler> {
    match staff {
        Staff::Examiner(who) => Some(who.into()),
        Staff::Clerk(who) => Some(who.into()),
        Staff::Supervisor(_) | Staff::Operator(_) => None,
    }
}

fn sections(view: &CaseView, w: Say) -> Vec<Section> {
    let sections = view.item.item.form.sections.iter();
    let filled = sections.map(|section| Section {
        title: section.title.get(w.lang).to_owned(),
        rows: section.fields.iter().flat_map(|field| rows(field, &view.case.answers, w)).collect(),
    });
    filled.filter(|section| !section.rows.is_empty()).collect()
}

/// The printed lines of a field; secrets stay masked, also inside groups.
fn rows(field: &Field, answers: &Answers, w: Say) -> Vec<(String, String)> {
    let label = field.label.get(w.lang).to_owned();
    match (field.kind(), answers.get(&field.id)) {
        (_, None) | (FieldType::File, _) => Vec::new(),
        (FieldType::Group, Some(Value::Array(members))) => {
            let member = |(i, row): (usize, &Value)| {
                let cells: Vec<(String, String)> = field
                    .fields
                    .iter()
                    .filter_map(|f| Some((f, row.get(&f.id)?)))
                    .map(|(f, v)| {
                        (
                            format!("{label} {} · {}", i + 1, f.label.get(w.lang)),
                            forms::print_masked(f, v, w.lang),
                        )
                    })
                    .collect();
                cells
            };
            members.iter().enumerate().flat_map(member).collect()
        }
        (_, Some(value)) => vec![(label, forms::print_masked(field, value, w.lang))],
    }
}

/// Every file named in the answers, with the name it had on the applicant's device.
fn files_of(answers: &Answers) -> Vec<(FileId, String)> {
    fn walk(value: &Value, found: &mut Vec<(FileId, String)>) {
        match value {
            Value::Array(values) => values.iter().for_each(|v| walk(v, found)),
            Value::Object(map) => {
                let id = map.get("file").and_then(Value::as_str).and_then(|id| id.parse().ok());
                match (id, map.get("name").and_then(Value::as_str)) {
                    (Some(id), Some(name)) => found.push((id, name.to_owned())),
                    _ => map.values().for_each(|v| walk(v, found)),
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    answers.values().for_each(|value| walk(value, &mut found));
    found
}

fn papers(view: &CaseView) -> Vec<Paper> {
    let href = |id: FileId| format!("/desk/cases/{}/files/{id}", view.case.number);
    files_of(&view.case.answers).into_iter().map(|(id, name)| Paper { href: href(id), name }).collect()
}

/// What the item's automatic steps check, each with what came out on this case's facts.
fn checks(view: &CaseView, now: Timestamp, w: Say) -> Vec<Check> {
    let facts = cases::rules::facts_of(&view.case, now);
    let automatic = view.item.item.process.iter().filter(|step| matches!(step.by, catalog::By::Automatic));
    let done = automatic
        .flat_map(|step| cases::rules::checks(step, &facts).into_iter().map(move |check| (step, check)));
    done.map(|(step, check)| {
        let title = step.title.get(w.lang);
        let (kind, word) = match check.verdict {
            Verdict::Yes => ("good", w.t("check-yes").into_owned()),
            Verdict::No => ("bad", check.say.get(w.lang).to_owned()),
            Verdict::Absent(_) => ("wait", w.t("check-absent").into_owned()),
        };
        Check { kind, say: format!("{title} · {}", check.id), word }
    })
    .collect()
}

fn terms(view: &CaseView, desk: &Desk, now: Timestamp, w: Say) -> Vec<Term> {
    let running = view.case.terms.iter().filter(|t| t.runs());
    running
        .map(|term| Term {
            name: term.kind.name().get(w.lang).to_owned(),
            bar: urgency(&desk.house.calendar, term.from, Some(term.due.at), now, w),
            why: term.due.explain(w.lang),
        })
        .collect()
}

fn task(view: &CaseView, handler: &Handler, w: Say) -> Option<Task> {
    let mine = |task: &&TaskView| task.state == "open" && handler.agency().contains(&task.agency);
    let task = view.tasks.iter().find(mine)?;
    let item = &view.item.item;
    let step = item.process.iter().find(|s| s.id == task.step);
    let referred = view.case.step(&task.step).and_then(|s| match &s.state {
        cases::model::StepState::Open { referred, .. } => {
            referred.as_ref().map(|r| r.why.get(w.lang).to_owned())
        }
        _ => None,
    });
    let fields = item.form.fields();
    Some(Task {
        id: task.id.to_string(),
        title: step.map_or_else(|| w.t("task-accept").into_owned(), |s| s.title.get(w.lang).to_owned()),
        guide: step.and_then(|s| s.guide.as_ref()).map_or_else(String::new, |g| g.get(w.lang).to_owned()),
        referred: referred.unwrap_or_default(),
        accepted: view.case.state.word() != "submitted",
        demands: fields.map(|f| Asked::of(f, w)).collect(),
    })
}

fn decision(view: &CaseView, w: Say) -> Option<String> {
    Some(match view.case.state.decision()? {
        cases::Decision::Approved { reason } => {
            let reason = reason.as_ref().map_or("", |r| r.get(w.lang));
            w.with("decision-approved", &[("reason", reason.to_owned())]).trim().to_owned()
        }
        cases::Decision::Refused { reason, .. } => {
            w.with("decision-refused", &[("reason", reason.get(w.lang).to_owned())])
        }
    })
}
