//! What is done with a block: printed, its slips recorded, numbers declared void or restored, late recording allowed, given back.

use super::paper_block::{Forms, reached, show};
use super::{Room, told};
use crate::model::{BlockId, PaperState};
use crate::rules::paper::SlipEnd;
use crate::rules::{paper_refuse, refuse};
use crate::store::BlockRow;
use crate::verbs::paper::{self as verbs, Recorder};
use crate::verbs::{DAY_BEGINS, Manager};
use ::store::{Cx, command};
use axum::extract::{Path, State};
use identity::Staff;
use jiff::ToSpan as _;
use jiff::civil::{Date, Time};
use kernel::{Failure, FieldError, Outcome, Refusal, Timestamp, clock};
use page::{Answer, Ctx, FormState, Submitted};

pub(super) async fn post(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    let (right, block) = reached(&room, &who, &id).await?;
    let act = sent.get("act").to_owned();
    let actor = who.actor_ref();
    let done: Outcome<()> = match slips_of(&act, &block, &sent) {
        Err(no) => Err(no.into()),
        Ok(ends) => command!(room.house.ground, ctx.lang, actor, |cx| {
            carry_out(&mut cx, &room, &right, block.id, (&act, &sent, &ends)).await
        }),
    };
    let page = format!("/desk/hall/paper/{}", block.id);
    match done {
        Ok(()) if act == "print" => Ok(page::see_other(format!("{page}/print"))),
        Ok(()) => Ok(page::see_other(page)),
        Err(failure) => {
            let (form, status) = told(at_its_form(failure, &act), FormState::of(&sent))?;
            show(&room, &ctx, &who, (&right, &block), Forms { act, form }, status).await
        }
    }
}

async fn carry_out(
    cx: &mut Cx,
    room: &Room,
    right: &Recorder,
    id: BlockId,
    (act, sent, ends): (&str, &Submitted, &[SlipEnd]),
) -> Outcome<()> {
    let field = |name: &str| sent.get(&format!("{act}_{name}")).trim();
    let rules = (room.house.calendar.as_ref(), &room.terms);
    match act {
        "print" => verbs::print(cx, manager(right)?, id).await.map(|_| ()),
        "slips" => verbs::end_slips(cx, rules, right, id, ends).await,
        "void" => verbs::void(cx, right, id, (field("from"), field("to")), field("why")).await.map(|_| ()),
        "restore" => verbs::restore(cx, manager(right)?, id, field("number"), field("why")).await,
        "extend" => {
            let last = field("until").parse().ok();
            verbs::extend(cx, &room.terms, (manager(right)?, id), last, field("why")).await
        }
        "return" => verbs::give_back(cx, manager(right)?, id, (field("sure") == "yes", field("why"))).await,
        _ => Err(Refusal::not_found().into()),
    }
}

fn manager(right: &Recorder) -> Result<&Manager, Refusal> {
    right.manager().ok_or_else(refuse::not_your_hall)
}

/// The fields of each form bear its name.
fn at_its_form(failure: Failure, act: &str) -> Failure {
    match failure {
        Failure::Refused(mut no) if act != "slips" => {
            no.fields.iter_mut().for_each(|e| e.field = format!("{act}_{}", e.field));
            Failure::Refused(no)
        }
        other => other,
    }
}

/// The lines of the control sheet that were filled in.
fn slips_of(act: &str, block: &BlockRow, sent: &Submitted) -> Result<Vec<SlipEnd>, Refusal> {
    if act != "slips" {
        return Ok(Vec::new());
    }
    let date: Option<Date> = block.day.as_deref().unwrap_or(sent.get("date")).trim().parse().ok();
    let Some(date) = date else {
        let say = kernel::Text::new("请填写是哪一天用的。", "Say on which day they were used.");
        return Err(refuse::field("hall.paper-date", "date", say));
    };
    let (mut ends, mut wrong) = (Vec::new(), Vec::new());
    for (name, how) in sent.fields() {
        let Some(number) = name.strip_prefix("how.").filter(|_| !how.is_empty()) else { continue };
        let of = |name: &str| sent.get(&format!("{name}.{number}")).trim();
        let field = |name: &str, say| FieldError { field: format!("{name}.{number}"), say };
        let Ok(how) = how.parse::<PaperState>() else {
            wrong.push(field("how", paper_refuse::say_how()));
            continue;
        };
        let Some(at) = moment(date, of("time")) else {
            wrong.push(field("time", paper_refuse::say_time()));
            continue;
        };
        let window = Some(of("window").to_owned()).filter(|w| !w.is_empty());
        ends.push(SlipEnd { number: number.to_owned(), at, window, how, what: of("what").to_owned() });
    }
    if wrong.is_empty() { Ok(ends) } else { Err(paper_refuse::lines(wrong)) }
}

/// A time of a queue's day.
fn moment(day: Date, time: &str) -> Option<Timestamp> {
    let time: Time = time.parse().ok()?;
    let date = if time.hour() < DAY_BEGINS { day.checked_add(1.days()).ok()? } else { day };
    Some(date.to_datetime(time).to_zoned(clock::legal_zone()).ok()?.timestamp())
}
