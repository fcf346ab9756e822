//! `/desk/cases/{number}/supplement/scan/{field}`: what was asked for, taken page by page at the window; it waits for the form of the
//! supplement, which hands it in.

use crate::supplement::At;
use crate::{Room, WORDS};
use axum::extract::{Path, State};
use cases::supply;
use identity::Clerk;
use kernel::codes::CaseNumber;
use kernel::{Failure, Lang, Outcome, Refusal, RefusalKind};
use page::{Answer, Ctx, Submitted};
use proofs::scan::{self, Received, Spot};

/// The field of a case's supplement, if it is asked for and takes files. Only the paper's name is shown of the case: no look.
async fn at<'a>(
    room: &Room,
    lang: Lang,
    clerk: &Clerk,
    (here, number, field): (At, &str, &'a str),
) -> Outcome<Spot<'a>> {
    let number: CaseNumber = number.parse().map_err(|_| Refusal::not_found())?;
    let ground = &room.house.ground;
    let mut view = cases::view(&ground.store, &number, &here.scope(clerk)).await?;
    let open = supply::open(ground, &mut view, clerk.account()).await?;
    let title = open.takes(field).ok_or_else(Refusal::not_found)?.label.get(lang).to_owned();
    let base = format!("{}/supplement", here.page(&number));
    Ok(Spot {
        account: clerk.account(),
        actor: clerk.actor_ref(),
        place: open.place,
        field,
        title,
        here: format!("{base}/scan/{field}"),
        back: (base, WORDS.say(lang).t("supplement-window-title").into_owned()),
        desk: true,
    })
}

pub(crate) async fn get(
    State(room): State<Room>,
    Path((number, field)): Path<(String, String)>,
    ctx: Ctx,
    clerk: Clerk,
) -> Answer {
    let spot = at(&room, ctx.lang, &clerk, (At::Desk, &number, &field)).await?;
    scan::show(&room.house, &ctx, &spot).await
}

pub(crate) async fn picture(
    State(room): State<Room>,
    Path((number, field, file)): Path<(String, String, String)>,
    ctx: Ctx,
    clerk: Clerk,
) -> Answer {
    let spot = at(&room, ctx.lang, &clerk, (At::Desk, &number, &field)).await?;
    scan::picture(&room.house, &spot, &file).await
}

pub(crate) async fn post(
    State(room): State<Room>,
    Path((number, field)): Path<(String, String)>,
    ctx: Ctx,
    clerk: Clerk,
    sent: Submitted,
) -> Answer {
    taken(&room, &ctx, &at(&room, ctx.lang, &clerk, (At::Desk, &number, &field)).await?, &sent).await
}

pub(crate) async fn get_filed(
    State(room): State<Room>,
    Path((number, field)): Path<(String, String)>,
    ctx: Ctx,
    clerk: Clerk,
) -> Answer {
    let spot = at(&room, ctx.lang, &clerk, (At::Filed, &number, &field)).await?;
    scan::show(&room.house, &ctx, &spot).await
}

pub(crate) async fn picture_filed(
    State(room): State<Room>,
    Path((number, field, file)): Path<(String, String, String)>,
    ctx: Ctx,
    clerk: Clerk,
) -> Answer {
    let spot = at(&room, ctx.lang, &clerk, (At::Filed, &number, &field)).await?;
    scan::picture(&room.house, &spot, &file).await
}

pub(crate) async fn post_filed(
    State(room): State<Room>,
    Path((number, field)): Path<(String, String)>,
    ctx: Ctx,
    clerk: Clerk,
    sent: Submitted,
) -> Answer {
    taken(&room, &ctx, &at(&room, ctx.lang, &clerk, (At::Filed, &number, &field)).await?, &sent).await
}

/// A page that came from the camera, or the end of a paper.
async fn taken(room: &Room, ctx: &Ctx, spot: &Spot<'_>, sent: &Submitted) -> Answer {
    if let Received::Page(page) = scan::receive(&room.house, ctx, spot, sent).await? {
        return Ok(page);
    }
    match scan::finish_waiting(&room.house.ground, spot).await {
        Ok(()) => Ok(page::see_other(&spot.back.0)),
        Err(Failure::Refused(no)) if no.kind != RefusalKind::NotFound => {
            scan::refused(&room.house, ctx, spot, &no).await
        }
        Err(other) => Err(other.into()),
    }
}
