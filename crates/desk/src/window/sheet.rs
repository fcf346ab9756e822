//! `/desk/window/{visit}/sheet`: the application as it was filled in, with what is declared, for signing by everybody who stands there
//! (申请表). Signed, it is handed in with one press.

use super::form::Page;
use super::{behalf, fill, hand_in, save, visit};
use crate::store::Visit;
use crate::{Room, WORDS};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use cases::DraftView;
use identity::Clerk;
use kernel::clock;
use page::{Answer, Ctx, Say, Shell, Submitted, format};

/// So many characters of a visit's id stand on its sheet: they tell the sheets of a window apart.
const NUMBER: usize = 8;

/// The number of the sheet of a visit as it stands: printed anew after a change, it has another.
fn number(visit: &Visit) -> String {
    let id = visit.id.to_string();
    let tail: String = id.chars().filter(char::is_ascii_alphanumeric).rev().take(NUMBER).collect();
    format!("S-{}-{}", tail.chars().rev().collect::<String>().to_uppercase(), visit.rev)
}

struct Part {
    title: String,
    /// The question and its answer.
    rows: Vec<(String, String)>,
}

#[derive(askama::Template)]
#[template(path = "window-sheet.html")]
struct SheetPage {
    shell: Shell,
    w: Say,
    path: String,
    back: String,
    what: String,
    number: String,
    /// The version that is printed: what is signed is what is handed in.
    rev: i64,
    /// Whether it was changed after it was printed.
    changed: bool,
    place: String,
    date: String,
    parts: Vec<Part>,
    declared: Vec<String>,
    /// What is declared instead of proven, and what follows when it is false.
    declarations: Vec<(String, String)>,
    papers: Vec<String>,
    /// Whose originals are to be compared: then handing in says whether they were.
    originals: bool,
    /// Who signs: in which role, by which name.
    signers: Vec<(String, String)>,
    print: bool,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(id): Path<String>,
    Query(asked): Query<super::Printing>,
    ctx: Ctx,
    who: Clerk,
) -> Answer {
    let mut visit = visit(&room, &who, &id).await?;
    if let Some(elsewhere) = super::form::elsewhere(&room, &who, &visit).await? {
        return Ok(page::see_other(elsewhere));
    }
    let view = fill::open(&room, &who, &mut visit).await?;
    let page = Page { room: &room, ctx: &ctx, who: &who };
    page_of(&page, &visit, &view, (asked.print.is_some(), false)).await
}

async fn page_of(
    Page { room, ctx, who }: &Page<'_>,
    visit: &Visit,
    view: &DraftView,
    (print, changed): (bool, bool),
) -> Answer {
    let (lang, w, said) = (ctx.lang, WORDS.say(ctx.lang), &visit.said);
    let (form, declared) = (view.bundle.form(), hand_in::declarations(view));
    let evaluation = cases::window_evaluation(view, ctx.now);
    // What is not asked any more is not signed.
    let (answers, shown) = (form.prune(&view.answers, &evaluation), &evaluation.show);
    let files = |id: &String| view.plan.papers.iter().any(|p| p.field.as_ref() == Some(id));
    let part = |section: &forms::Section| Part {
        title: section.title.get(lang).to_owned(),
        rows: forms::section_rows(section, &answers, lang)
            .into_iter()
            .filter(|(_, _, field)| !declared.contains(field) && !files(field))
            .map(|(label, value, _)| (label, value))
            .collect(),
    };
    let statements = form.fields().filter(|f| declared.contains(&f.id) && shown.contains(&f.id));
    let others = cases::window_others(view).into_iter().filter(|(role, _)| said.present.contains_key(role));
    let there = behalf::there(room, who, visit).await?;
    // Whoever is not there does not sign: their agent does, in their name.
    let applicant = match there.for_another() {
        true => w.with("sheet-for", &[("name", there.subject_name().to_owned())]),
        false => w.t("sheet-applicant").into_owned(),
    };
    let mut signers = vec![(applicant, there.person_name().to_owned())];
    signers.extend(others.map(|(role, name)| {
        (name.get(lang).to_owned(), said.name_on_card(&role).unwrap_or_default().to_owned())
    }));
    let given = |p: &&catalog::planner::PlannedPaper| {
        p.field.as_ref().is_some_and(|f| view.answers.get(f).is_some_and(|v| !v.is_null()))
    };
    let place = format!("/desk/window/{}", visit.id);
    let page = SheetPage {
        shell: Shell::new(ctx, w.t("sheet-title"))
            .desk()
            .crumb(w.t("window-title"), "/desk/window")
            .crumb(w.t("window-choose"), place.clone()),
        w,
        path: format!("{place}/sheet"),
        back: format!("{place}/form"),
        what: view.bundle.name().get(lang).to_owned(),
        number: number(visit),
        rev: visit.rev,
        changed,
        place: super::place_of(room, who, lang).await?,
        date: format::date(lang, clock::legal_date(ctx.now)),
        parts: form.sections.iter().map(part).filter(|p| !p.rows.is_empty()).collect(),
        declared: statements.map(|f| f.label.get(lang).to_owned()).collect(),
        declarations: if said.declares { fill::declarations(view, lang) } else { Vec::new() },
        papers: view.plan.papers.iter().filter(given).map(|p| p.name.get(lang).to_owned()).collect(),
        originals: !said.compares_all && !fill::originals(view, said, lang).is_empty(),
        signers,
        print,
    };
    let status = if changed { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(page::render_with(status, &page))
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Clerk,
    sent: Submitted,
) -> Answer {
    let mut visit = visit(&room, &who, &id).await?;
    if let Some(elsewhere) = super::form::elsewhere(&room, &who, &visit).await? {
        return Ok(page::see_other(elsewhere));
    }
    let view = fill::open(&room, &who, &mut visit).await?;
    let page = Page { room: &room, ctx: &ctx, who: &who };
    if sent.get("rev").parse() != Ok(visit.rev) {
        return page_of(&page, &visit, &view, (false, true)).await;
    }
    if visit.said.present_paper.is_empty() {
        visit.said.present_paper = number(&visit);
    }
    let shown = cases::window_evaluation(&view, ctx.now).show;
    for field in hand_in::declarations(&view).into_iter().filter(|f| shown.contains(f)) {
        visit.said.answers.insert(field, true.into());
    }
    if sent.get("originals") == "compared" {
        visit.said.seen = fill::originals(&view, &visit.said, ctx.lang).into_iter().map(|o| o.0).collect();
    }
    visit.rev = save(&room, &who, &visit).await?;
    let view = fill::open(&room, &who, &mut visit).await?;
    page.signed(visit, view).await
}
