//! `/desk/hall/notices/{notice}`: the one complete notice on paper (一次性告知单), for whoever has no telephone.

use super::Room;
use super::ticket::{NoticeShown, notice_of};
use crate::WORDS;
use crate::model::ticket_subject;
use crate::rules::ticket as rules;
use crate::store as rows;
use crate::verbs::{Manager, Worker};
use axum::extract::{Path, State};
use identity::Staff;
use kernel::{Refusal, clock};
use page::{Answer, Ctx, Say, Shell, format};

#[derive(askama::Template)]
#[template(path = "notice.html")]
struct NoticePage {
    shell: Shell,
    w: Say,
    hall: String,
    phone: String,
    ticket: String,
    date: String,
    after: String,
    n: NoticeShown,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(number): Path<String>,
    ctx: Ctx,
    who: Staff,
) -> Answer {
    let (store, w) = (room.store(), WORDS.say(ctx.lang));
    let notice = rows::notice(store, &number).await?.ok_or_else(Refusal::not_found)?;
    let (_, events) = trace::history(store, &ticket_subject(notice.ticket)).await?;
    let ticket = rules::fold(&events)?;
    let hall = rows::hall(store, &ticket.hall).await?.ok_or_else(Refusal::not_found)?;
    let (title, back) = match &who {
        Staff::Clerk(clerk) => {
            Worker::of(store, clerk, &hall.code).await?;
            (w.t("desk-title"), "/desk/hall".to_owned())
        }
        // Supervision comes from the hall's day, where reports are linked.
        other => {
            Manager::of(store, other, &hall.code).await?;
            (w.t("day-title"), format!("/desk/hall/day?hall={}", hall.code))
        }
    };
    let n = notice_of(&ticket).ok_or_else(Refusal::not_found)?;
    let heading = w.with("notice-title", &[("number", n.number.clone())]);
    Ok(page::render(&NoticePage {
        shell: Shell::new(&ctx, heading).desk().crumb(title, back),
        w,
        hall: hall.name.get(ctx.lang).to_owned(),
        phone: hall.phone,
        ticket: ticket.number(),
        date: format::date(ctx.lang, clock::legal_date(notice.at)),
        after: notice.after.unwrap_or_default(),
        n,
    }))
}
