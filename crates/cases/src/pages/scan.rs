//! `/drafts/{matter}/scan/{field}` and `/cases/{number}/supplement/scan/{field}`: a paper photographed page by page with a telephone, put
//! into the draft, or waiting for the form of the supplement.

use super::{Room, draft, from_path, number};
use crate::WORDS;
use crate::model::MatterId;
use crate::queries::{DraftView, draft_at, view};
use crate::scope::Scope;
use crate::supply;
use crate::verbs::{Change, save_with};
use ::store::Cx;
use axum::extract::{Path, State};
use forms::FieldType;
use identity::Applicant;
use kernel::{Failure, Lang, Outcome, Refusal, RefusalKind};
use page::{Answer, Ctx, Submitted};
use proofs::scan::{self, Bound, Received, Spot};

/// A field of the draft that takes files, if it is this applicant's draft.
async fn in_draft<'a>(
    room: &Room,
    ctx: &Ctx,
    who: &Applicant,
    (matter, field): (&str, &'a str),
) -> Outcome<(DraftView, Spot<'a>)> {
    let view = draft_at(&room.house.ground.store, who, from_path(matter)?, Some(ctx.now)).await?;
    let form = view.bundle.form();
    let spec = form.field(field).filter(|f| f.kind() == FieldType::File).ok_or_else(Refusal::not_found)?;
    let section =
        form.sections.iter().find(|s| draft::in_section(s, field)).ok_or_else(Refusal::not_found)?;
    let base = format!("/drafts/{}", view.matter);
    let spot = Spot {
        account: who.account(),
        actor: who.actor_ref(),
        place: format!("draft:{}", view.matter),
        field,
        title: spec.label.get(ctx.lang).to_owned(),
        here: format!("{base}/scan/{field}"),
        back: (
            format!("{base}/{}#{}", section.id, page::id_of(field)),
            view.bundle.name().get(ctx.lang).to_owned(),
        ),
        desk: false,
    };
    Ok((view, spot))
}

pub(super) async fn draft(
    State(room): State<Room>,
    Path((matter, field)): Path<(String, String)>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let (_, spot) = in_draft(&room, &ctx, &who, (&matter, &field)).await?;
    scan::show(&room.house, &ctx, &spot).await
}

pub(super) async fn draft_picture(
    State(room): State<Room>,
    Path((matter, field, file)): Path<(String, String, String)>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let (_, spot) = in_draft(&room, &ctx, &who, (&matter, &field)).await?;
    scan::picture(&room.house, &spot, &file).await
}

pub(super) async fn draft_post(
    State(room): State<Room>,
    Path((matter, field)): Path<(String, String)>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let (view, spot) = in_draft(&room, &ctx, &who, (&matter, &field)).await?;
    if let Received::Page(page) = scan::receive(&room.house, &ctx, &spot, &sent).await? {
        return Ok(page);
    }
    let done = finish(&room, ctx.lang, &who, view.matter, &spot).await;
    ended(&room, &ctx, &spot, done).await
}

/// On to the form, or the page again with why not.
async fn ended(room: &Room, ctx: &Ctx, spot: &Spot<'_>, done: Outcome<()>) -> Answer {
    match done {
        Ok(()) => Ok(page::see_other(&spot.back.0)),
        Err(Failure::Refused(no)) if no.kind != RefusalKind::NotFound => {
            scan::refused(&room.house, ctx, spot, &no).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Bound, kept, and in its field: one commit.
async fn finish(room: &Room, lang: Lang, who: &Applicant, matter: MatterId, spot: &Spot<'_>) -> Outcome<()> {
    let bound = scan::bind(&room.house.ground, spot).await?;
    ::store::command!(room.house.ground, lang, who.actor_ref(), |cx| {
        put(&mut cx, who, matter, (spot, &bound)).await
    })
}

async fn put(
    cx: &mut Cx,
    who: &Applicant,
    matter: MatterId,
    (spot, bound): (&Spot<'_>, &Bound),
) -> Outcome<()> {
    let store = cx.store().clone();
    // Read anew: the draft may have been saved since.
    let view = draft_at(&store, who, matter, Some(cx.now)).await?;
    let mut answers = view.answers.clone();
    let info = scan::close(cx, spot, bound, false).await?;
    // The draft names it for the first time in this very commit, which a look at the files kept so far cannot see.
    ::store::files::attach(cx, info.id);
    if !view.bundle.form().attach(&mut answers, spot.field, info.id, &info.name) {
        return Err(full().into());
    }
    save_with(cx, who, matter, Change { answers, ..Change::default() }, view.rev).await?;
    Ok(())
}

fn full() -> Refusal {
    let (zh, en) = ("这一栏不能再添加文件了。", "This field takes no more files.");
    Refusal::new(RefusalKind::Invalid, "cases.field-full", zh, en)
        .next("请先在表单上移除一份。", "Remove one on the form first.")
}

/// A field of the case's supplement that takes files.
async fn in_case<'a>(
    room: &Room,
    lang: Lang,
    who: &Applicant,
    (text, field): (&str, &'a str),
) -> Outcome<Spot<'a>> {
    let (ground, number) = (&room.house.ground, number(text)?);
    let mut view = view(&ground.store, &number, &Scope::from(who)).await?;
    let open = supply::open(ground, &mut view, who.account()).await?;
    let title = open.takes(field).ok_or_else(Refusal::not_found)?.label.get(lang).to_owned();
    let base = format!("/cases/{number}/supplement");
    Ok(Spot {
        account: who.account(),
        actor: who.actor_ref(),
        place: open.place,
        field,
        title,
        here: format!("{base}/scan/{field}"),
        back: (base, WORDS.say(lang).t("supplement-title").into_owned()),
        desk: false,
    })
}

pub(super) async fn supplement(
    State(room): State<Room>,
    Path((number, field)): Path<(String, String)>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let spot = in_case(&room, ctx.lang, &who, (&number, &field)).await?;
    scan::show(&room.house, &ctx, &spot).await
}

pub(super) async fn supplement_picture(
    State(room): State<Room>,
    Path((number, field, file)): Path<(String, String, String)>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let spot = in_case(&room, ctx.lang, &who, (&number, &field)).await?;
    scan::picture(&room.house, &spot, &file).await
}

pub(super) async fn supplement_post(
    State(room): State<Room>,
    Path((number, field)): Path<(String, String)>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let spot = in_case(&room, ctx.lang, &who, (&number, &field)).await?;
    if let Received::Page(page) = scan::receive(&room.house, &ctx, &spot, &sent).await? {
        return Ok(page);
    }
    let done = scan::finish_waiting(&room.house.ground, &spot).await;
    ended(&room, &ctx, &spot, done).await
}
