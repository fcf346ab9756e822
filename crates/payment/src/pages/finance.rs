//! `/desk/finance`: what differs from the gateway's statements, with what to do; refunds that wait for somebody.

use super::view::means;
use super::{id_of, status_of, told_on_page};
use crate::model::{RefundId, RefundState};
use crate::room::{Payments, no_right};
use crate::store::{BillRow, DifferenceId, DifferenceRow, RefundRow};
use crate::verbs::{self, decides};
use crate::{WORDS, store as rows};
use ::store::command;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use identity::Staff;
use jiff::civil::Date;
use kernel::{Failure, Lang, Outcome, clock};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted, badge, format};

const LINES: i64 = 50;

struct Waiting {
    at: String,
    /// What for: the bill's title and the line.
    title: String,
    line: String,
    payer: String,
    reason: String,
    asked_by: String,
    bill: String,
    amount: String,
    means: String,
    asked: String,
    state: Html,
    decide: bool,
    /// Whether it may be refused: not what was paid in excess.
    refuse: bool,
    again: bool,
    pay_out: bool,
}

struct Differing {
    at: String,
    day: String,
    kind: String,
    todo: String,
    trade: String,
    gateway_no: String,
    ours: String,
    theirs: String,
    state: Html,
    note: String,
    open: bool,
}

#[derive(askama::Template)]
#[template(path = "finance.html")]
struct FinancePage {
    shell: Shell,
    w: Say,
    form: FormState,
    /// The chosen day, or empty: then the open ones of all days are listed.
    day: String,
    day_shown: String,
    compared: bool,
    waiting: Vec<Waiting>,
    /// Bills with a large reduction that waits for a second person: where, and whose.
    reducing: Vec<(String, String)>,
    waiting_first: Option<String>,
    waiting_next: Option<String>,
    differing: Vec<Differing>,
    newest: Option<String>,
    older: Option<String>,
}

/// Which day, and where the lists go on.
#[derive(serde::Deserialize, Default)]
pub(super) struct From {
    day: Option<String>,
    after: Option<String>,
    refunds: Option<String>,
}

pub(super) async fn get(
    State(room): State<Payments>,
    ctx: Ctx,
    who: Staff,
    Query(from): Query<From>,
) -> Answer {
    page_of(&room, &ctx, &who, FormState::new(), from, StatusCode::OK).await
}

async fn page_of(
    room: &Payments,
    ctx: &Ctx,
    who: &Staff,
    form: FormState,
    from: From,
    status: StatusCode,
) -> Answer {
    let (store, w, reach) = (&room.house.ground.store, WORDS.say(ctx.lang), room.reach(who).await?);
    let today = clock::legal_date(ctx.now);
    let day = from.day.as_deref().and_then(|d| d.parse::<Date>().ok());
    let chosen = day.map(|d| d.to_string());
    // Without a chosen day it is told whether yesterday's statement was compared.
    let looked_at = day.unwrap_or_else(|| today.yesterday().unwrap_or(today));
    let finance = matches!(who, Staff::Examiner(_) | Staff::Supervisor(_));
    let mut found = Vec::new();
    if finance {
        let after = from.after.clone().unwrap_or_default();
        found = rows::differences(store, chosen.as_deref(), &reach, &after, LINES + 1).await?;
    }
    let more = cut(&mut found);
    let base = chosen.as_ref().map_or("/desk/finance".to_owned(), |day| format!("/desk/finance?day={day}"));
    let on = |place: String| format!("{base}{}{place}", if chosen.is_some() { '&' } else { '?' });
    let older = found.last().filter(|_| more).map(|d| on(format!("after={}", d.id)));
    let decide = decides(store, who, ctx.now).await?;
    let mut waiting = rows::refunds_waiting(store, &reach, place(from.refunds.as_deref()), LINES + 1).await?;
    let more = cut(&mut waiting);
    let next = waiting.last().filter(|_| more);
    let reducing = rows::bills_asked(store, &reach, LINES).await?;
    let page = FinancePage {
        shell: Shell::new(ctx, w.t("finance-title")).desk(),
        w,
        form: form.with("day", chosen.clone().unwrap_or_default()),
        compared: rows::statement_known(store, &looked_at.to_string()).await?,
        day_shown: format::date(w.lang, looked_at),
        waiting_next: next.map(|r| on(format!("refunds={}.{}.{}", r.rank, r.at.as_microsecond(), r.id))),
        waiting_first: from.refunds.map(|_| base.clone()),
        waiting: waiting.iter().map(|r| refund(r, who, decide, w)).collect(),
        reducing: reducing.iter().map(|row| reducing_line(row, w)).collect(),
        differing: found.iter().map(|d| difference(d, finance, w)).collect(),
        newest: from.after.map(|_| base),
        older,
        day: chosen.unwrap_or_default(),
    };
    Ok(page::render_with(status, &page))
}

/// Cuts a list that was read by one too many to what a page shows; answers whether there is more.
fn cut<T>(found: &mut Vec<T>) -> bool {
    let most = usize::try_from(LINES).unwrap_or(0);
    let more = found.len() > most;
    found.truncate(most);
    more
}

/// Where the list of refunds goes on; what is no place is its beginning.
fn place(cursor: Option<&str>) -> (i64, i64, String) {
    let parsed = cursor.and_then(|cursor| {
        let mut parts = cursor.splitn(3, '.');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.to_owned()))
    });
    parsed.unwrap_or((-1, 0, String::new()))
}

fn reducing_line(row: &BillRow, w: Say) -> (String, String) {
    let title = if w.lang == Lang::ZhCn { &row.title_zh } else { &row.title_en };
    let name = format::mask_name(&row.payer_name);
    (format!("/desk/cashier/{}", row.id), format!("{title} · {name} · {}", format::money(row.owed)))
}

fn refund(row: &RefundRow, who: &Staff, decide: bool, w: Say) -> Waiting {
    let counter = row.means != crate::model::Means::Gateway;
    let (kind, key) = match row.state {
        RefundState::Asked => ("wait", "refund-state-asked"),
        RefundState::Failed => ("bad", "refund-state-failed"),
        _ => ("info", "refund-state-approved"),
    };
    let zh = w.lang == Lang::ZhCn;
    let line = if zh { &row.line_zh } else { &row.line_en };
    Waiting {
        at: format!("/desk/finance/refunds/{}", row.id),
        title: if zh { row.title_zh.clone() } else { row.title_en.clone() },
        line: if row.excess { w.t("excess").into_owned() } else { line.clone() },
        payer: format::mask_name(&row.payer_name),
        reason: row.reason.clone(),
        asked_by: row.asked_by.map_or_else(|| w.t("asked-by-program").into_owned(), identity::staff_number),
        bill: format!("/desk/cashier/{}", row.bill),
        amount: format::money(row.amount),
        means: means(row.means, w),
        asked: format::moment(w.lang, row.at),
        state: badge(kind, &w.t(key)),
        decide: decide && row.state == RefundState::Asked,
        refuse: !row.excess,
        again: decide && row.state == RefundState::Failed,
        pay_out: counter && row.state == RefundState::Approved && matches!(who, Staff::Clerk(_)),
    }
}

fn difference(row: &DifferenceRow, finance: bool, w: Say) -> Differing {
    let money = |fen: Option<i64>| fen.map_or_else(|| "—".to_owned(), format::money);
    let open = row.state == "open";
    let state =
        if open { badge("wait", &w.t("difference-open")) } else { badge("good", &w.t("difference-settled")) };
    Differing {
        at: format!("/desk/finance/differences/{}", row.id),
        day: row.day.parse::<Date>().map_or_else(|_| row.day.clone(), |day| format::date(w.lang, day)),
        kind: w.t(&row.kind.key()).into_owned(),
        todo: row.kind.what_to_do().get(w.lang).to_owned(),
        trade: if row.refund.is_empty() { row.trade.clone() } else { row.refund.clone() },
        gateway_no: row.gateway_no.clone(),
        ours: money(row.ours),
        theirs: money(row.theirs),
        state,
        note: row.note.clone().unwrap_or_default(),
        open: open && finance,
    }
}

async fn answer(room: &Payments, ctx: &Ctx, who: &Staff, sent: &Submitted, done: Outcome<()>) -> Answer {
    let day = sent.get("day").parse::<Date>().ok().map(|d| d.to_string());
    match done {
        Ok(()) => {
            Ok(page::see_other(day.map_or("/desk/finance".to_owned(), |d| format!("/desk/finance?day={d}"))))
        }
        Err(Failure::Refused(no)) if told_on_page(&no) => {
            let mut form = FormState::of(sent);
            form.refuse(&no);
            page_of(room, ctx, who, form, From { day, ..From::default() }, status_of(&no)).await
        }
        Err(failure) => Err(failure.into()),
    }
}

pub(super) async fn decide(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    let (id, actor): (RefundId, _) = (id_of(&id)?, who.actor_ref());
    let approve = sent.get("approve") == "yes";
    let done = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::decide_refund(&mut cx, &room, &who, id, approve, sent.get("reason")).await
    });
    answer(&room, &ctx, &who, &sent, done).await
}

pub(super) async fn paid_out(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    let (id, actor): (RefundId, _) = (id_of(&id)?, who.actor_ref());
    let Staff::Clerk(clerk) = &who else { return Err(no_right().into()) };
    let done = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::pay_out(&mut cx, &room, clerk, id).await
    });
    answer(&room, &ctx, &who, &sent, done).await
}

pub(super) async fn settle(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    let (id, actor): (DifferenceId, _) = (id_of(&id)?, who.actor_ref());
    let done = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::settle_difference(&mut cx, &room, &who, id, sent.get("note")).await
    });
    answer(&room, &ctx, &who, &sent, done).await
}
