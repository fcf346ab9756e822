//! `POST /desk/cases/{number}/talk`: a message to the applicant, or a note among staff.

use crate::Room;
use crate::asked::{Asked, escape};
use crate::case::{Again, page_of};
use crate::who::must_handle;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use identity::Staff;
use kernel::codes::CaseNumber;
use kernel::{Failure, FieldError, Outcome, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Submitted};

pub(super) async fn post(
    State(room): State<Room>,
    Path(number): Path<String>,
    ctx: Ctx,
    staff: Staff,
    sent: Submitted,
) -> Answer {
    let number: CaseNumber = number.parse().map_err(|_| Refusal::not_found())?;
    let who = must_handle(&room, &staff, ctx.now).await?;
    // Which of the two is meant is told by the form that was sent, never by what stands in it.
    let field = if sent.get("kind") == "note" { "note" } else { "message" };
    let handler = &who.handler;
    let done: Outcome<i64> = ::store::command!(room.house.ground, ctx.lang, handler.actor_ref(), |cx| {
        if field == "note" {
            cases::note(&mut cx, handler, &number, sent.get(field)).await
        } else {
            cases::say(&mut cx, handler, &number, sent.get(field)).await
        }
    });
    match done {
        Ok(_) => {
            let from = Asked::parse(sent.get("from")).query();
            let from = if from.is_empty() { String::new() } else { format!("?from={}", escape(&from)) };
            Ok(page::see_other(format!("/desk/cases/{number}{from}#talk")))
        }
        Err(Failure::Refused(no)) if no.kind == RefusalKind::Invalid => {
            let mut form = FormState::of(&sent);
            let say = no.fields.first().map_or_else(|| no.say.clone(), |f| f.say.clone());
            let fields = vec![FieldError { field: field.to_owned(), say }];
            form.refuse(&Refusal { fields, ..no });
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            page_of(&room, &ctx, &staff, &number, Again { form, status, ..Again::default() }).await
        }
        Err(other) => Err(other.into()),
    }
}
