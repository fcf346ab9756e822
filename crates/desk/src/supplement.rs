//! `/desk/cases/{number}/supplement`: somebody stands at the window with what was asked for, and a clerk hands it in for them. The same at
//! the windows where the case was filed, whoever decides it: `/desk/filed/{number}/supplement`.

use crate::evidence::Kept;
use crate::{Room, WORDS, case, window};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cases::{CaseView, DocumentNumber, FiledHere, Late, Scope, supply};
use forms::Answers;
use identity::Clerk;
use kernel::codes::CaseNumber;
use kernel::{Failure, FieldError, FileId, Outcome, Refusal, RefusalKind, Timestamp};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted};
use store::files::{self, Upload};

/// The field of the paper that was signed, and where an earlier try has kept it.
const PAPER: &str = "signed";
const KEPT: &str = "signed.kept";
/// What is typed beside the demanded fields.
const TYPED: [&str; 6] = ["citizen_id", "ground", "reference", LATE[0], LATE[1], LATE[2]];
/// What was received earlier (补录): when, why it is entered now, and what proves it.
const LATE: [&str; 3] = ["late_at", "late_reason", "late_evidence"];

/// Where a clerk takes something in: at the body that has the case, or at the windows where it was filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Desk,
    Filed,
}

impl At {
    /// The page of a case.
    pub(super) fn page(self, number: &CaseNumber) -> String {
        match self {
            Self::Desk => format!("/desk/cases/{number}"),
            Self::Filed => format!("/desk/filed/{number}"),
        }
    }

    /// What the clerk reaches there.
    pub(super) fn scope(self, clerk: &Clerk) -> Scope {
        match self {
            Self::Desk => Scope::from(clerk),
            Self::Filed => Scope::from(&FiledHere::from(clerk)),
        }
    }
}

#[derive(askama::Template)]
#[template(path = "supplement_window.html")]
struct SupplementPage {
    shell: Shell,
    w: Say,
    form: FormState,
    back: String,
    demands: Vec<(String, String)>,
    fields: Html,
    kept: Option<(String, String)>,
}

/// What was sent, to be shown again.
struct Again<'a> {
    answers: &'a Answers,
    errors: Vec<FieldError>,
    sent: Option<&'a Submitted>,
    kept: Option<Kept>,
    status: StatusCode,
}

fn page_of(ctx: &Ctx, at: At, view: &CaseView, again: Again<'_>) -> Answer {
    let w = WORDS.say(ctx.lang);
    let demands = supply::demands(view)?;
    let html = supply::html(view, &demands, again.answers, &again.errors, (ctx.now, ctx.lang));
    let mut form = FormState::new();
    for name in TYPED {
        form = form.with(name, again.sent.map_or("", |sent| sent.get(name)));
    }
    for error in again.errors {
        form.fail(error.field, error.say.zh, error.say.en);
    }
    let back = at.page(&view.case.number);
    let page = SupplementPage {
        shell: Shell::new(ctx, w.t("supplement-window-title"))
            .desk()
            .crumb(view.item.item.name.get(ctx.lang), back.clone()),
        w,
        form,
        back,
        demands: supply::lines(view, &demands, ctx.lang),
        fields: Html(html),
        kept: again.kept.map(|k| (k.file.to_string(), k.name)),
    };
    Ok(page::render_with(again.status, &page))
}

/// The case, once it is written down that a clerk looks at it.
async fn opened(room: &Room, at: At, clerk: &Clerk, number: &str) -> Outcome<CaseView> {
    let number: CaseNumber = number.parse().map_err(|_| Refusal::not_found())?;
    let view = cases::view(&room.house.ground.store, &number, &at.scope(clerk)).await?;
    case::look_for(room, &view, &clerk.actor_ref(), ("accept", "case")).await?;
    Ok(view)
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(number): Path<String>,
    ctx: Ctx,
    clerk: Clerk,
) -> Answer {
    shown(&room, (At::Desk, &number), &ctx, &clerk).await
}

/// The form, as it was left.
pub(super) async fn shown(room: &Room, (at, number): (At, &str), ctx: &Ctx, clerk: &Clerk) -> Answer {
    let mut view = opened(room, at, clerk, number).await?;
    let open = supply::open(&room.house.ground, &mut view, clerk.account()).await?;
    let pairs: Vec<(&str, &str)> = open.typed.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    // Whoever comes back from the camera finds the form as it was left.
    let (answers, typed) = if pairs.is_empty() {
        (view.case.answers.clone(), None)
    } else {
        (supply::read(&view, &open.demands, &open.typed).1, Some(Submitted::of(&pairs)))
    };
    let sent = typed.as_ref();
    let again = Again { answers: &answers, errors: Vec::new(), sent, kept: None, status: StatusCode::OK };
    page_of(ctx, at, &view, again)
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(number): Path<String>,
    ctx: Ctx,
    clerk: Clerk,
    sent: Submitted,
) -> Answer {
    sent_in(&room, (At::Desk, &number), &ctx, &clerk, &sent).await
}

/// What was sent is handed in, or waits for what is missing.
pub(super) async fn sent_in(
    room: &Room,
    (at, number): (At, &str),
    ctx: &Ctx,
    clerk: &Clerk,
    sent: &Submitted,
) -> Answer {
    let mut view = opened(room, at, clerk, number).await?;
    let open = supply::open(&room.house.ground, &mut view, clerk.account()).await?;
    let (answers, mut errors, kept, late) = brought(room, clerk, (&view, &open), sent).await?;
    let paper = kept.as_ref().map(|k| k.file);
    if errors.is_empty() && !["_add", "_remove", supply::SCAN].iter().any(|name| sent.has(name)) {
        match hand_in(room, ctx, clerk, &view, (&answers, sent, paper), late).await {
            Ok(()) => {
                let number = &view.case.number;
                return Ok(page::see_other(format!("{}?done=for_party&case={number}", at.page(number))));
            }
            Err(Failure::Refused(refusal)) if refusal.kind != RefusalKind::NotFound => {
                errors = wrong(&refusal);
            }
            Err(other) => return Err(other.into()),
        }
    }
    open.wait(&room.house.ground, (clerk.account(), clerk.actor_ref()), &answers, sent).await?;
    let field = sent.get(supply::SCAN);
    if open.takes(field).is_some() && errors.iter().all(|e| sent.files().iter().all(|f| f.field != e.field)) {
        return Ok(page::see_other(format!("{}/supplement/scan/{field}", at.page(&view.case.number))));
    }
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    page_of(ctx, at, &view, Again { answers: &answers, errors, sent: Some(sent), kept, status })
}

/// What a form brought, over what waited for it: its answers, what is wrong, the signed paper, and when it was received.
async fn brought(
    room: &Room,
    clerk: &Clerk,
    (view, open): (&CaseView, &supply::Opened),
    sent: &Submitted,
) -> Outcome<(Answers, Vec<FieldError>, Option<Kept>, Option<(Timestamp, Late)>)> {
    let (asked, mut answers, mut errors) = supply::read(view, &open.demands, sent.fields());
    let (late, wrong) = window::late_of(LATE.map(|name| sent.get(name)));
    errors.extend(wrong);
    let mut kept = earlier(room, clerk, sent).await?;
    for upload in sent.files() {
        let file = Upload { name: upload.name.clone(), bytes: upload.bytes.clone() };
        match window::keep(room, clerk, file).await {
            Ok(info) if upload.field == PAPER => {
                kept = Some(Kept { field: PAPER.to_owned(), file: info.id, name: info.name });
            }
            Ok(info) => {
                asked.attach(&mut answers, &upload.field, info.id, &upload.name);
            }
            Err(Failure::Refused(refusal)) => errors.push(supply::unkept(&upload.field, &refusal)),
            Err(fault) => return Err(fault),
        }
    }
    Ok((answers, errors, kept, late))
}

/// What was refused, at the fields of this page.
fn wrong(refusal: &Refusal) -> Vec<FieldError> {
    let mut errors = supply::wrong(refusal);
    for error in &mut errors {
        match error.field.as_str() {
            "paper" => PAPER.clone_into(&mut error.field),
            "occurred_at" => LATE[0].clone_into(&mut error.field),
            _ => {}
        }
    }
    errors
}

/// The signed paper of an earlier try, if it was this clerk's.
async fn earlier(room: &Room, clerk: &Clerk, sent: &Submitted) -> Outcome<Option<Kept>> {
    let Ok(id) = sent.get(KEPT).parse::<FileId>() else { return Ok(None) };
    let info = files::info(&room.house.ground.store, id).await?;
    let own = info.filter(|info| info.owner == Some(clerk.account()));
    Ok(own.map(|info| Kept { field: PAPER.to_owned(), file: id, name: info.name }))
}

async fn hand_in(
    room: &Room,
    ctx: &Ctx,
    clerk: &Clerk,
    view: &CaseView,
    (answers, sent, paper): (&Answers, &Submitted, Option<FileId>),
    late: Option<(Timestamp, Late)>,
) -> Outcome<()> {
    let (number, citizen_id) = (&view.case.number, DocumentNumber(sent.get("citizen_id").to_owned()));
    let (own, given) = supply::papers(view, answers);
    let who = (number, &citizen_id);
    let supplied =
        cases::prepare_supplement_at_window(&room.house, &room.sources, clerk, who, &own, &given).await?;
    let reference = Some(sent.get("reference").trim().to_owned()).filter(|r| !r.is_empty());
    store::command!(room.house.ground, ctx.lang, clerk.actor_ref(), |cx| {
        let signed = (&citizen_id, sent.get("ground"), paper, reference.clone());
        let late = late.clone();
        proofs::scan::clear(&mut cx, clerk.account(), &supply::place(number));
        cases::supplement_at_window(&mut cx, &room.house, clerk, number, &supplied, signed, late).await
    })?;
    Ok(())
}
