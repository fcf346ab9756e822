//! `/desk/cases/{number}`: the case on one page — form and papers side by side, at the right what to do now.

use crate::{Room, WORDS};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cases::rules::{CheckDone, checks, facts_of};
use cases::show::{self, ActLine, Names, PaperLine, TermLine};
use cases::{CaseState, CaseView, Scope, TaskId};
use catalog::By;
use identity::Staff;
use kernel::codes::CaseNumber;
use kernel::rules::Verdict;
use kernel::{ActorRef, Failure, Lang, Outcome, Refusal, SubjectId};
use page::{Answer, Ctx, FormState, Html, Say, Shell, TimelineEntry, format};
use procedure::{RunningTerm, TermKind};
use serde_json::Value;
use trace::{Look, Purpose};

pub(super) struct CheckLine {
    badge: Html,
    say: String,
    facts: Vec<(String, String)>,
}

/// What the handler can do now.
pub(super) struct Act {
    task: TaskId,
    title: String,
    guide: Option<String>,
    advice: String,
    advice_kind: &'static str,
    can_accept: bool,
    can_decline: bool,
    can_supplement: bool,
    term: Option<TermLine>,
}

#[derive(askama::Template)]
#[template(path = "case.html")]
struct CasePage {
    shell: Shell,
    w: Say,
    form: FormState,
    number: String,
    item_name: String,
    subject: String,
    badge: Html,
    rev: i64,
    answers: Vec<(String, Vec<(String, String)>)>,
    papers: Vec<PaperLine>,
    checks: Vec<CheckLine>,
    act: Option<Act>,
    holder: Option<String>,
    fields: Vec<(String, String)>,
    timeline: Vec<TimelineEntry>,
    terms: Vec<TermLine>,
    acts: Vec<ActLine>,
    notice: Option<String>,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(number): Path<String>,
    ctx: Ctx,
    staff: Staff,
) -> Answer {
    let number = number.parse().map_err(|_| Refusal::not_found())?;
    page_of(&room, &ctx, &staff, &number, FormState::new(), None, StatusCode::OK).await
}

/// Records that a member of staff looks at the data of every natural person in the case; without it nothing is shown.
pub(super) async fn look(room: &Room, view: &CaseView, actor: &ActorRef, what: &str) -> Outcome<()> {
    let people: Vec<_> = view
        .case
        .parties
        .iter()
        .filter_map(|p| match p.subject {
            SubjectId::Person(person) => Some(person),
            SubjectId::Organisation(_) => None,
        })
        .collect();
    if people.is_empty() {
        return Ok(());
    }
    store::command!(room.house.ground, Lang::default(), actor, |cx| {
        people.iter().try_for_each(|person| {
            let purpose = Purpose::in_case("examine", &view.case.number);
            trace::look(&mut cx, &Look { person: *person, fields: vec![what.to_owned()], purpose })
                .map_err(Failure::from)
        })
    })
}

pub(super) async fn page_of(
    room: &Room,
    ctx: &Ctx,
    staff: &Staff,
    number: &CaseNumber,
    form: FormState,
    notice: Option<String>,
    status: StatusCode,
) -> Answer {
    let store = &room.house.ground.store;
    let view = cases::view(store, number, &Scope::from(staff)).await?;
    look(room, &view, &staff.actor_ref(), "case").await?;
    let names = Names::load(store).await?;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let item_name = view.item.item.name.get(lang).to_owned();
    let checks = check_lines(&view, ctx, w);
    let handles = matches!(staff, Staff::Examiner(_) | Staff::Clerk(_));
    let page = CasePage {
        shell: Shell::new(ctx, item_name.clone()).desk(),
        w,
        form,
        number: number.to_string(),
        item_name,
        subject: subject(&view, staff),
        badge: show::badge(&view.row.state, view.row.outcome.as_deref(), lang),
        rev: view.rev,
        answers: answers(&view, lang),
        papers: show::papers(&view, lang),
        checks,
        act: if handles { act(&view, staff, ctx, w) } else { None },
        holder: view.row.holder.as_ref().map(|a| names.of(a, lang)),
        fields: view.item.item.form.fields().map(|f| (f.id.clone(), f.label.get(lang).to_owned())).collect(),
        timeline: show::timeline(&view, &names, lang),
        terms: show::terms(&view.case, ctx.now, lang),
        acts: show::acts(&view, &names, lang),
        notice,
    };
    Ok(page::render_with(status, &page))
}

/// Whoever handles it reads the name; whoever only supervises reads it masked.
fn subject(view: &CaseView, staff: &Staff) -> String {
    let name = view.case.first_party().map(|p| p.name.clone()).unwrap_or_default();
    if matches!(staff, Staff::Supervisor(_)) { format::mask_name(&name) } else { name }
}

/// The answers by section, secrets masked.
fn answers(view: &CaseView, lang: Lang) -> Vec<(String, Vec<(String, String)>)> {
    let form = &view.item.item.form;
    let rows = |section: &forms::Section| {
        forms::section_rows(section, &view.case.answers, lang)
            .into_iter()
            .map(|(label, value, path)| {
                let field = form.field(&path).filter(|f| f.secret);
                let masked =
                    field.zip(view.case.answers.get(&path)).map(|(f, v)| forms::print_masked(f, v, lang));
                (label, masked.unwrap_or(value))
            })
            .collect()
    };
    form.sections.iter().map(|s| (s.title.get(lang).to_owned(), rows(s))).collect()
}

/// Every check of the automatic steps with the facts it rests on.
fn check_lines(view: &CaseView, ctx: &Ctx, w: Say) -> Vec<CheckLine> {
    let facts = facts_of(&view.case, ctx.now);
    let automatic = view.item.item.process.iter().filter(|s| s.by == By::Automatic);
    automatic
        .flat_map(|step| {
            let conditions = step.rule.iter().chain(step.checks.iter().map(|c| &c.rule));
            let paths: Vec<Vec<String>> =
                conditions.map(|c| c.rule().map(|r| r.paths().to_vec()).unwrap_or_default()).collect();
            let done = checks(step, &facts).into_iter().zip(paths);
            done.map(|(done, paths)| {
                let words = step.checks.iter().find(|c| c.id == done.id).and_then(|c| c.holds.as_ref());
                let holds = words.map_or_else(|| done.rule.clone(), |words| words.get(ctx.lang).to_owned());
                check_line(&done, holds, &paths, &facts, ctx.lang, w)
            })
            .collect::<Vec<_>>()
        })
        .collect()
}

fn check_line(
    done: &CheckDone,
    holds: String,
    paths: &[String],
    facts: &Value,
    lang: Lang,
    w: Say,
) -> CheckLine {
    let (kind, word) = match &done.verdict {
        Verdict::Yes => ("good", "check-yes"),
        Verdict::No => ("bad", "check-no"),
        Verdict::Absent(_) => ("wait", "check-absent"),
    };
    let fact = |path: &String| {
        let value = path.split('.').try_fold(facts, |at, key| at.get(key));
        let text = match value {
            None | Some(Value::Null) => w.t("fact-absent").into_owned(),
            Some(Value::String(text)) if path.ends_with("citizen_id") => format::mask_id(text),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        (path.clone(), text)
    };
    let say = match done.verdict {
        Verdict::Yes => holds,
        _ => done.say.get(lang).to_owned(),
    };
    CheckLine { badge: page::badge(kind, &w.t(word)), say, facts: paths.iter().map(fact).collect() }
}

/// The open task of this agency, and the one action that is advised.
fn act(view: &CaseView, staff: &Staff, ctx: &Ctx, w: Say) -> Option<Act> {
    let case = &view.case;
    let (step, task, _) = case.open_tasks().find(|(_, _, agency)| *agency == staff.agency())?;
    let spec = view.item.item.process.iter().find(|s| s.id == step.id)?;
    let referred = match &step.state {
        cases::model::StepState::Open { referred: Some(referral), .. } => Some(referral),
        _ => None,
    };
    let lang = ctx.lang;
    let (advice, advice_kind) = match referred {
        Some(referral) => (referral.why.get(lang).to_owned(), "wait"),
        None if !case.absent().is_empty() => (w.t("advice-absent").into_owned(), "wait"),
        None => (w.t("advice-approve").into_owned(), "good"),
    };
    let submitted = matches!(case.state, CaseState::Submitted { .. });
    let before_decision = submitted || case.frame.supplement_after_acceptance();
    let own = |t: &&RunningTerm| t.runs() && t.kind == TermKind::Step(step.id.clone());
    let term = case.terms.iter().find(own).or_else(|| case.term());
    Some(Act {
        task,
        title: spec.title.get(lang).to_owned(),
        guide: spec.guide.as_ref().map(|g| g.get(lang).to_owned()),
        advice,
        advice_kind,
        can_accept: submitted,
        can_decline: before_decision,
        can_supplement: before_decision && case.supplements == 0,
        term: term.map(|t| show::term(case, t, ctx.now, lang)),
    })
}
