//! `/desk`: what waits for this member of staff, the most urgent first; for supervisors every running case, for operators the
//! back office.

use crate::asked::{Asked, Col, escape};
use crate::choices::{Choices, Options};
use crate::fields::{self, Cells};
use crate::who::{self, Who};
use crate::{Room, WORDS, store as rows, supervise};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use cases::show::Names;
use cases::{Handler, InboxRow};
use identity::{Operator, Staff};
use kernel::{AccountId, Failure, Lang, Outcome, Timestamp};
use page::{Answer, Ctx, FormState, Html, Say, Shell, format, parts};
use std::collections::BTreeMap;

pub(super) struct Line {
    task: String,
    href: String,
    item: String,
    number: String,
    mark: String,
    urgency: Html,
    late: bool,
    step: String,
    subject: String,
    state: Html,
    division: String,
    filed: String,
    opened: String,
    holder: String,
    mine: bool,
    absent: i64,
    external: String,
    /// That it belongs to a matter of several.
    joint: String,
    /// Where it was received, when that was in another place.
    received: String,
    /// What it says in the fields that are columns.
    fields: Vec<String>,
}

pub(super) struct CountLine {
    href: String,
    n: String,
    word: String,
    here: bool,
}

pub(super) struct ViewLink {
    name: String,
    href: String,
    query: String,
    star: bool,
    here: bool,
}

#[derive(askama::Template)]
#[template(path = "inbox.html")]
struct Inbox {
    shell: Shell,
    w: Say,
    form: FormState,
    who: String,
    clerk: bool,
    done: Option<String>,
    counts: Vec<CountLine>,
    views: Vec<ViewLink>,
    asked: Asked,
    choices: Choices,
    /// Fields of the form that may be columns: id, name, whether it is one.
    fields: Vec<(String, String, bool)>,
    /// The names of those that are.
    heads: Vec<String>,
    lines: Vec<Line>,
    colleagues: Options,
    filtered: bool,
    older: Option<String>,
    newer: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "back-office.html")]
struct BackOffice {
    shell: Shell,
    w: Say,
    who: String,
}

pub(super) async fn get(
    State(room): State<Room>,
    Query(query): Query<Vec<(String, String)>>,
    ctx: Ctx,
    staff: Staff,
) -> Answer {
    match &staff {
        Staff::Supervisor(who) => supervise::get(&room, &ctx, who, &query).await,
        Staff::Operator(who) => Ok(back_office(&ctx, who)),
        Staff::Examiner(_) | Staff::Clerk(_) => {
            let who = who::must_handle(&room, &staff, ctx.now).await?;
            let mut asked = Asked::read(&query);
            if query.is_empty() {
                let views = rows::views(&room.house.ground.store, who.account).await?;
                asked = views.iter().find(|v| v.star).map_or(asked, |v| Asked::parse(&v.query));
            }
            let done = done_of(&query, ctx.lang);
            page_of(&room, &ctx, &who, asked, FormState::new(), done, StatusCode::OK).await
        }
    }
}

/// What was just done, told on the page one comes back to.
pub(super) fn done_of(query: &[(String, String)], lang: Lang) -> Option<String> {
    let get = |name: &str| query.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let w = WORDS.say(lang);
    let key = format!("act-{}", get("done").replace('_', "-"));
    let number = get("case");
    if get("done").is_empty() || !w.has(&key) || !number.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    Some(w.with("done-said", &[("act", w.t(&key).into_owned()), ("number", number.to_owned())]))
}

fn back_office(ctx: &Ctx, who: &Operator) -> axum::response::Response {
    let w = WORDS.say(ctx.lang);
    page::render(&BackOffice {
        shell: Shell::new(ctx, w.t("office-title")).desk(),
        w,
        who: who.name().to_owned(),
    })
}

/// The inbox as asked for.
pub(super) async fn page_of(
    room: &Room,
    ctx: &Ctx,
    who: &Who,
    mut asked: Asked,
    mut form: FormState,
    done: Option<String>,
    mut status: StatusCode,
) -> Answer {
    let store = &room.house.ground.store;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let (handler, now) = (&who.handler, ctx.now);
    let choices = Choices::load(room, handler, &mut asked, lang).await?;
    let columns = columns(room, &asked, (&mut form, &mut status)).await?;
    let (filter, after) = (asked.filter(), asked.after.as_deref());
    let page = cases::inbox_at(store, handler, &filter, Some(now), after, asked.lines()).await?;
    let counts = cases::inbox_counts(store, handler, filter.unit.as_ref(), now).await?;
    let saved = rows::views(store, who.account).await?;
    let names = Names::load(store).await?;
    let people = colleagues(room, handler).await?;
    let cells = Cells::open(room, handler, (&columns, &page.rows), (lang, false)).await?;
    let divisions = divisions(room, &asked, &page.rows, lang).await?;
    let context = LineContext {
        room,
        names: &names,
        people: &people,
        divisions: &divisions,
        cells: &cells,
        asked: &asked,
        me: who.account,
        now,
    };
    let lines: Vec<Line> = page.rows.iter().map(|row| context.line(row, lang, w)).collect();
    let chosen = Chosen { room, handler, asked: &asked, rows: &page.rows, columns: &columns };
    let shown = Inbox {
        shell: Shell::new(ctx, w.t("inbox-title")).desk(),
        w,
        who: format!("{} · {}", names.of(handler.agency(), lang), handler.name()),
        clerk: who.clerk,
        done,
        counts: count_lines(&counts, &asked, w),
        views: saved.into_iter().map(|v| view_link(v, &asked.query())).collect(),
        choices,
        fields: chosen.offered(lang).await?,
        heads: columns.iter().map(|f| f.label.get(lang).to_owned()).collect(),
        lines,
        colleagues: others(&people, who.account),
        filtered: asked.filters(),
        older: page.next.map(|next| format!("{}&after={}", asked.href(), escape(&next))),
        newer: asked.after.as_ref().map(|_| asked.href()),
        asked,
        form,
    };
    Ok(page::render_with(status, &shown))
}

/// The fields that are columns; what is wrong with the choice is told on the page, which then has none.
async fn columns(
    room: &Room,
    asked: &Asked,
    (form, status): (&mut FormState, &mut StatusCode),
) -> Outcome<Vec<forms::Field>> {
    match fields::columns(room, asked).await {
        Err(Failure::Refused(no)) => {
            form.refuse(&no);
            *status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(Vec::new())
        }
        columns => columns,
    }
}

/// Those who work here, by account.
async fn colleagues(room: &Room, handler: &Handler) -> Result<BTreeMap<AccountId, String>, kernel::Fault> {
    let all = identity::colleagues(&room.house.ground.store, handler.agency()).await?;
    Ok(all.into_iter().map(|c| (c.account, c.name)).collect())
}

fn others(people: &BTreeMap<AccountId, String>, me: AccountId) -> Options {
    let others = people.iter().filter(|(account, _)| **account != me);
    others.map(|(account, name)| (account.to_string(), name.clone())).collect()
}

/// The fields of the chosen item's form that are or may be columns.
struct Chosen<'a> {
    room: &'a Room,
    handler: &'a Handler,
    asked: &'a Asked,
    rows: &'a [InboxRow],
    columns: &'a [forms::Field],
}

impl Chosen<'_> {
    /// Id, name, and whether it is a column. A field that is one stays on offer while no line needs it.
    async fn offered(&self, lang: Lang) -> Result<Vec<(String, String, bool)>, kernel::Fault> {
        if self.asked.item.is_empty() {
            return Ok(Vec::new());
        }
        let Some(published) = catalog::find(&self.room.house.ground.store, &self.asked.item).await? else {
            return Ok(Vec::new());
        };
        let here = |id: &str| self.columns.iter().any(|f| f.id == id);
        let mut all = cases::fields_offered(&published.item, self.handler, self.rows);
        all.extend(self.columns.iter().filter(|c| all.iter().all(|f| f.id != c.id)).collect::<Vec<_>>());
        Ok(all.iter().map(|f| (f.id.clone(), f.label.get(lang).to_owned(), here(&f.id))).collect())
    }
}

fn view_link(view: rows::ViewLine, here: &str) -> ViewLink {
    let asked = Asked::parse(&view.query);
    ViewLink {
        href: asked.href(),
        here: asked.query() == here,
        name: view.name,
        query: view.query,
        star: view.star,
    }
}

fn count_lines(c: &cases::Counts, asked: &Asked, w: Say) -> Vec<CountLine> {
    let line = |n: i64, key: &str, urgency: &str, claimed: &str| {
        let only = asked.only(urgency, claimed);
        CountLine {
            href: only.href(),
            n: if n >= 1_000 { "1000+".to_owned() } else { n.to_string() },
            word: w.t(key).into_owned(),
            here: only.query() == asked.query(),
        }
    };
    vec![
        line(c.all, "count-all", "", ""),
        line(c.overdue, "count-late", "overdue", ""),
        line(c.soon, "count-soon", "soon", ""),
        line(c.mine, "count-mine", "", "me"),
        line(c.free, "count-free", "", "free"),
    ]
}

/// The names of the divisions on the page, when they are shown.
pub(super) async fn divisions(
    room: &Room,
    asked: &Asked,
    rows: &[InboxRow],
    lang: Lang,
) -> Result<BTreeMap<String, String>, kernel::Fault> {
    let mut found = BTreeMap::new();
    if !asked.shows(Col::Division) {
        return Ok(found);
    }
    for row in rows {
        if !found.contains_key(&row.division) {
            let name = identity::division(&room.house.ground.store, &row.division).await?;
            let name = name.map_or_else(|| row.division.clone(), |n| n.get(lang).to_owned());
            found.insert(row.division.clone(), name);
        }
    }
    Ok(found)
}

struct LineContext<'a> {
    room: &'a Room,
    names: &'a Names,
    people: &'a BTreeMap<AccountId, String>,
    divisions: &'a BTreeMap<String, String>,
    cells: &'a Cells,
    asked: &'a Asked,
    me: AccountId,
    now: Timestamp,
}

impl LineContext<'_> {
    fn line(&self, row: &InboxRow, lang: Lang, w: Say) -> Line {
        let from = self.asked.query();
        let from = if from.is_empty() { String::new() } else { format!("?from={}", escape(&from)) };
        let holder =
            row.holder.map(|h| self.people.get(&h).cloned().unwrap_or_else(|| w.t("someone").into()));
        Line {
            task: row.task.to_string(),
            href: format!("/desk/cases/{}{from}", row.number),
            item: row.item_name.get(lang).to_owned(),
            number: row.number.to_string(),
            mark: if row.absent > 0 { w.t("mark-absent").into_owned() } else { String::new() },
            urgency: urgency(row.opened_at, row.due_at, self.now, w),
            late: row.due_at.is_some_and(|due| due < self.now),
            step: row.title.get(lang).to_owned(),
            subject: row.subject_name.clone(),
            state: cases::show::badge(&row.state, None, lang),
            division: self.divisions.get(&row.division).cloned().unwrap_or_else(|| row.division.clone()),
            filed: format::moment(lang, row.filed_at),
            opened: format::moment(lang, row.opened_at),
            mine: row.holder == Some(self.me),
            holder: holder.unwrap_or_default(),
            absent: row.absent,
            joint: if row.members > 1 {
                w.with("mark-joint", &[("n", row.members.to_string())])
            } else {
                String::new()
            },
            received: row.received.as_ref().map_or_else(String::new, |agency| {
                w.with("mark-received", &[("agency", self.names.of(agency, lang))])
            }),
            external: row.external.as_ref().map(|id| self.room.system(id, lang)).unwrap_or_default(),
            fields: self.cells.of(row),
        }
    }
}

/// The time that is left of a term as a thin bar with words.
pub(super) fn urgency(from: Timestamp, due: Option<Timestamp>, now: Timestamp, w: Say) -> Html {
    let Some(due) = due else { return Html::text(&w.t("no-term")) };
    let minutes = |a: Timestamp, b: Timestamp| (b.as_microsecond() - a.as_microsecond()) / 60_000_000;
    let (left, total) = (minutes(now, due), minutes(from, due).max(1));
    let hours = left.abs() / 60;
    let text = match (left < 0, hours) {
        (true, 0..48) => w.with("late-hours", &[("n", hours.max(1).to_string())]),
        (true, _) => w.with("late-days", &[("n", (hours / 24).to_string())]),
        (false, 0) => w.with("left-minutes", &[("n", left.to_string())]),
        (false, 1..48) => w.with("left-hours", &[("n", hours.to_string())]),
        (false, _) => w.with("left-days", &[("n", (hours / 24).to_string())]),
    };
    parts::urgency(left.to_string(), total.to_string(), text)
}
