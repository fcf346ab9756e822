//! `/desk/window/{visit}/missing`: the one complete notice of what is missing (一次性告知), begun from the plan of what they want; the ticket
//! ends with it, and it is kept as theirs.

use super::{Said, fill, hand_in, ticket, visit};
use crate::store::Visit;
use crate::{Room, WORDS};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cases::DraftView;
use catalog::planner::How;
use hall::model::Outcome as Ended;
use hall::verbs::{self, Ending, Noticed};
use identity::Clerk;
use kernel::{Failure, Lang, Outcome, Timestamp};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};

#[derive(askama::Template)]
#[template(path = "window-missing.html")]
struct MissingPage {
    shell: Shell,
    w: Say,
    form: FormState,
    path: String,
    name: String,
    ticket: String,
    /// The notice that they got for the same before, and when.
    before: Option<(String, String)>,
    back: String,
}

/// The form may be opened, and so has a plan; the ticket is in hand.
async fn opened(room: &Room, who: &Clerk, id: &str) -> Outcome<Result<(Visit, DraftView, String), String>> {
    let mut visit = visit(room, who, id).await?;
    if let Some(elsewhere) = super::form::elsewhere(room, who, &visit).await? {
        return Ok(Err(elsewhere));
    }
    let Some(hand) = ticket::in_hand(room, who, &visit.said).await? else {
        return Ok(Err(format!("/desk/window/{id}/form")));
    };
    let view = fill::open(room, who, &mut visit).await?;
    Ok(Ok((visit, view, hand.number)))
}

/// What a notice is for: of somebody who came for another, with whose it is, so that two principals' are two.
fn matter(said: &Said) -> String {
    matter_in(said, Lang::ZhCn)
}

fn matter_in(said: &Said, lang: Lang) -> String {
    let what = said.what.get(lang);
    match (said.behalf.as_str(), lang) {
        ("", _) => what.to_owned(),
        (whose, Lang::ZhCn) => format!("{what}（{whose}）"),
        (whose, Lang::En) => format!("{what} ({whose})"),
    }
}

/// Everything that is still missing: the papers that have to be brought and were not, and what has to be known and is not. What the applicants
/// declare is said by whoever signs the sheet; nobody has to bring it.
fn lines(view: &DraftView, now: Timestamp, lang: Lang) -> Vec<String> {
    let w = WORDS.say(lang);
    let given = |field: &String| view.answers.get(field).is_some_and(|v| !v.is_null());
    let asked = view.plan.papers.iter().filter(|p| p.how == How::Asked && !p.optional);
    let papers = asked.filter(|p| !p.field.as_ref().is_some_and(given)).map(|p| {
        let original = p.original.map(|_| w.t("missing-original").into_owned()).unwrap_or_default();
        format!("{}{original}", p.name.get(lang))
    });
    let evaluation = cases::window_evaluation(view, now);
    let files: Vec<&String> = view.plan.papers.iter().filter_map(|p| p.field.as_ref()).collect();
    let declared = hand_in::declarations(view);
    let known = |id: &String| given(id) || files.contains(&id) || declared.contains(id);
    let form = view.bundle.form();
    let open = form.fields().filter(|f| evaluation.require.contains(&f.id) && !known(&f.id));
    let facts = open.map(|f| w.with("missing-fact", &[("what", f.label.get(lang).to_owned())]));
    papers.chain(facts).collect()
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    who: &Clerk,
    (visit, form, ticket): (&Visit, FormState, String),
    status: StatusCode,
) -> Answer {
    let (w, lang, place) = (WORDS.say(ctx.lang), ctx.lang, format!("/desk/window/{}", visit.id));
    let told = |n: Noticed| (n.number, format::moment(lang, n.at));
    let page = MissingPage {
        shell: Shell::new(ctx, w.t("missing-title"))
            .desk()
            .crumb(w.t("window-title"), "/desk/window")
            .crumb(w.t("window-choose"), place.clone()),
        w,
        form,
        path: format!("{place}/missing"),
        name: visit.said.for_whom().to_owned(),
        ticket,
        before: before(room, ctx, who, visit).await?.map(told),
        back: format!("{place}/form"),
    };
    Ok(page::render_with(status, &page))
}

/// The notice that they got here for the same before.
pub(super) async fn before(room: &Room, ctx: &Ctx, who: &Clerk, visit: &Visit) -> Outcome<Option<Noticed>> {
    let matter = matter(&visit.said);
    let asked = (visit.person, matter.as_str());
    Ok(verbs::noticed_before(&room.house.ground.store, &room.hall, who, asked, ctx.now).await?)
}

pub(super) async fn get(State(room): State<Room>, Path(id): Path<String>, ctx: Ctx, who: Clerk) -> Answer {
    let (visit, view, ticket) = match opened(&room, &who, &id).await? {
        Ok(opened) => opened,
        Err(elsewhere) => return Ok(page::see_other(elsewhere)),
    };
    let form = FormState::new()
        .with("matter", matter_in(&visit.said, ctx.lang))
        .with("lines", lines(&view, ctx.now, ctx.lang).join("\n"));
    page_of(&room, &ctx, &who, (&visit, form, ticket), StatusCode::OK).await
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Clerk,
    sent: Submitted,
) -> Answer {
    let (visit, _, number) = match opened(&room, &who, &id).await? {
        Ok(opened) => opened,
        Err(elsewhere) => return Ok(page::see_other(elsewhere)),
    };
    let lines = sent.get("lines").lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned);
    // The matter is that of the visit, in the words by which another notice for it is found.
    let ending = Ending::Missing(matter(&visit.said), lines.collect());
    let Some((ticket, _)) = visit.said.ticket else { return Ok(page::see_other("/desk/hall")) };
    let done = ::store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        verbs::end_visit(&mut cx, &room.hall, &who, (ticket, visit.person), &ending).await
    });
    match done {
        Ok(ended) => Ok(page::see_other(match ended.outcome {
            Some(Ended::Missing { notice, .. }) => format!("/desk/hall/notices/{notice}"),
            _ => "/desk/hall".to_owned(),
        })),
        Err(Failure::Refused(no)) if no.code == "hall.outcome" => {
            let mut form = FormState::of(&sent);
            form.refuse(&no);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            page_of(&room, &ctx, &who, (&visit, form, number), status).await
        }
        Err(other) => Err(other.into()),
    }
}
