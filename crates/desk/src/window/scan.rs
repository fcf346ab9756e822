//! `/desk/window/{visit}/scan/{field}`: the pages of one paper under the document camera, put into the form of the visit.

use super::{fill, form, visit};
use crate::store::{self as rows};
use crate::{Room, window::VisitId};
use ::store::Cx;
use axum::extract::{Path, State};
use cases::bundle::Bundle;
use forms::FieldType;
use identity::Clerk;
use kernel::{Failure, Lang, Outcome, Refusal, RefusalKind};
use page::{Answer, Ctx, Submitted};
use proofs::scan::{self, Bound, Received, Spot};

/// The place of a visit that is still being filled in, with its form.
async fn at<'a>(
    room: &Room,
    lang: Lang,
    who: &Clerk,
    (id, field): (&str, &'a str),
) -> Outcome<(VisitId, Bundle, Spot<'a>)> {
    let mut visit = visit(room, who, id).await?;
    if form::elsewhere(room, who, &visit).await?.is_some() {
        return Err(Refusal::not_found().into());
    }
    let bundle = fill::open(room, who, &mut visit).await?.bundle;
    let spec = bundle.form().field(field).filter(|f| f.kind() == FieldType::File);
    let title = spec.ok_or_else(Refusal::not_found)?.label.get(lang).to_owned();
    let base = format!("/desk/window/{}", visit.id);
    let spot = Spot {
        account: who.account(),
        actor: who.actor_ref(),
        place: format!("window:{}", visit.id),
        field,
        title,
        here: format!("{base}/scan/{field}"),
        back: (format!("{base}/form#{}", page::id_of(field)), visit.said.what.get(lang).to_owned()),
        desk: true,
    };
    Ok((visit.id, bundle, spot))
}

pub(super) async fn get(
    State(room): State<Room>,
    Path((id, field)): Path<(String, String)>,
    ctx: Ctx,
    who: Clerk,
) -> Answer {
    let (.., spot) = at(&room, ctx.lang, &who, (&id, &field)).await?;
    scan::show(&room.house, &ctx, &spot).await
}

pub(super) async fn picture(
    State(room): State<Room>,
    Path((id, field, file)): Path<(String, String, String)>,
    ctx: Ctx,
    who: Clerk,
) -> Answer {
    let (.., spot) = at(&room, ctx.lang, &who, (&id, &field)).await?;
    scan::picture(&room.house, &spot, &file).await
}

pub(super) async fn post(
    State(room): State<Room>,
    Path((id, field)): Path<(String, String)>,
    ctx: Ctx,
    who: Clerk,
    sent: Submitted,
) -> Answer {
    let (visit, bundle, spot) = at(&room, ctx.lang, &who, (&id, &field)).await?;
    if let Received::Page(page) = scan::receive(&room.house, &ctx, &spot, &sent).await? {
        return Ok(page);
    }
    match finish(&room, &who, visit, (&bundle, &spot)).await {
        Ok(()) => Ok(page::see_other(&spot.back.0)),
        Err(Failure::Refused(no)) if no.kind != RefusalKind::NotFound => {
            scan::refused(&room.house, &ctx, &spot, &no).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Bound, kept, and in its field: one commit.
async fn finish(room: &Room, who: &Clerk, id: VisitId, (bundle, spot): (&Bundle, &Spot<'_>)) -> Outcome<()> {
    let bound = scan::bind(&room.house.ground, spot).await?;
    ::store::command!(room.house.ground, Lang::default(), who.actor_ref(), |cx| {
        put(&mut cx, who, id, (bundle, spot, &bound)).await
    })
}

async fn put(
    cx: &mut Cx,
    who: &Clerk,
    id: VisitId,
    (bundle, spot, bound): (&Bundle, &Spot<'_>, &Bound),
) -> Outcome<()> {
    let store = cx.store().clone();
    // Read anew: another page may have written the visit since.
    let mut visit = rows::visit(&store, id, who.account()).await?.ok_or_else(Refusal::not_found)?;
    let info = scan::close(cx, spot, bound, false).await?;
    if !bundle.form().attach(&mut visit.said.answers, spot.field, info.id, &info.name) {
        return Err(full().into());
    }
    rows::save_visit(&mut cx.commit, store.sealer(), &visit)?;
    Ok(())
}

/// The field has as many files as it may have.
pub(crate) fn full() -> Refusal {
    let (zh, en) = ("这一栏不能再添加文件了。", "This field takes no more files.");
    Refusal::new(RefusalKind::Invalid, "desk.field-full", zh, en)
        .next("请先在表单上移除一份。", "Remove one on the form first.")
}
