//! `/desk/hall/report`: a hall's day counted, on paper and as CSV, beside the same day of the week before.

use super::{Room, day, view};
use crate::WORDS;
use crate::rules::report::{Left, Manned, Report, Spread, Sum, Why};
use crate::rules::report_paper::OnPaper;
use crate::store::{self as rows, Business};
use crate::verbs::{self, Manager, day_of};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::IntoResponse as _;
use identity::Staff;
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::{Outcome, Refusal, Timestamp, clock};
use page::{Answer, Ctx, Say, Shell, format};

/// Who left is listed up to here on the page; the file has all.
const LEFT_LISTED: usize = 200;

/// A line of figures, with those of the week before.
struct Line {
    name: String,
    sum: Sum,
    wait: String,
    service: String,
    before: String,
}

struct WindowLine {
    line: Line,
    manned: Manned,
}

struct LeftLine {
    number: String,
    taken: String,
    called: String,
    why: String,
}

#[derive(askama::Template)]
#[template(path = "report.html")]
struct ReportPage {
    shell: Shell,
    w: Say,
    name: String,
    date: String,
    /// When it was made final.
    kept: Option<String>,
    file: String,
    earlier: String,
    later: Option<String>,
    before_day: String,
    all: Line,
    hours: Vec<Line>,
    businesses: Vec<Line>,
    windows: Vec<WindowLine>,
    pairs: Vec<Line>,
    /// By item; what is not known is called so.
    items: Vec<Line>,
    left: Vec<LeftLine>,
    /// What of it happened on paper.
    paper: Option<String>,
}

/// Which hall and day; today when none is named.
#[derive(serde::Deserialize)]
pub(super) struct Which {
    hall: Option<String>,
    day: Option<String>,
}

/// A day with the one a week before.
struct Both {
    manager: Manager,
    date: Date,
    today: Date,
    report: Report,
    kept: Option<Timestamp>,
    before: Option<Report>,
    letters: Vec<Business>,
}

async fn both(room: &Room, ctx: &Ctx, who: &Staff, which: &Which) -> Outcome<Both> {
    let (store, today) = (room.store(), day_of(ctx.now));
    let manager = day::chosen(room, who, which.hall.as_deref()).await?;
    let hall = &manager.hall().code;
    let asked = which.day.as_deref().unwrap_or(&today);
    let date: Date = asked.parse().map_err(|_| Refusal::not_found())?;
    let today: Date = today.parse().map_err(|_| Refusal::not_found())?;
    if date > today {
        return Err(Refusal::not_found().into());
    }
    let (report, kept) = verbs::report_of(store, hall, &date.to_string(), ctx.now).await?;
    let week = date.checked_sub(7.days()).map_err(|_| Refusal::not_found())?;
    let (before, _) = verbs::report_of(store, hall, &week.to_string(), ctx.now).await?;
    let before = Some(before).filter(|report| report.all.taken > 0);
    let letters = rows::businesses(store, hall).await?;
    Ok(Both { date, today, report, kept, before, letters, manager })
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Staff,
    Query(which): Query<Which>,
) -> Answer {
    let both = both(&room, &ctx, &who, &which).await?;
    let (w, hall) = (WORDS.say(ctx.lang), both.manager.hall());
    let at = |date: Date| format!("/desk/hall/report?hall={}&day={date}", hall.code);
    let day = |days: i64| both.date.checked_add(days.days()).ok();
    let names = Names { letters: &both.letters, ctx: &ctx, w };
    let page = ReportPage {
        shell: Shell::new(&ctx, w.t("report-title"))
            .desk()
            .crumb(w.t("day-title"), format!("/desk/hall/day?hall={}", hall.code)),
        w,
        name: hall.name.get(ctx.lang).to_owned(),
        date: format::date(ctx.lang, both.date),
        kept: both.kept.map(|at| format::moment(ctx.lang, at)),
        file: format!("/desk/hall/report.csv?hall={}&day={}", hall.code, both.date),
        earlier: day(-1).map(at).unwrap_or_default(),
        later: day(1).filter(|date| *date <= both.today).map(at),
        before_day: day(-7).map(|date| format::date(ctx.lang, date)).unwrap_or_default(),
        all: names.line(
            w.t("report-all").into_owned(),
            &both.report.all,
            both.before.as_ref().map(|b| &b.all),
        ),
        hours: names.hours(&both),
        businesses: names.businesses(&both),
        windows: names.windows(&both),
        pairs: names.pairs(&both),
        items: items(&room, &names, &both).await?,
        left: both.report.left.iter().take(LEFT_LISTED).map(|left| left_line(left, w)).collect(),
        paper: on_paper(&both.report.paper, w),
    };
    Ok(page::render(&page))
}

/// What lines are called.
struct Names<'a> {
    letters: &'a [Business],
    ctx: &'a Ctx,
    w: Say,
}

impl Names<'_> {
    fn line(&self, name: String, sum: &Sum, before: Option<&Sum>) -> Line {
        let w = self.w;
        let minutes = |spread: Option<Spread>| spread.map_or_else(|| "—".to_owned(), |s| view::spread(s, w));
        let before = before.map(|b| {
            let words = [("taken", b.taken.to_string()), ("served", b.served.to_string())];
            w.with("report-before", &words)
        });
        Line {
            name,
            wait: minutes(sum.wait),
            service: minutes(sum.service),
            sum: sum.clone(),
            before: before.unwrap_or_else(|| "—".to_owned()),
        }
    }

    fn business(&self, letter: crate::model::Letter) -> String {
        let found = self.letters.iter().find(|b| b.letter == letter);
        let name = found.map(|b| view::business(b, self.ctx.lang)).unwrap_or_default();
        format!("{letter} {name}")
    }

    fn window(&self, number: &str) -> String {
        self.w.with("window-number", &[("window", number.to_owned())])
    }

    fn hours(&self, both: &Both) -> Vec<Line> {
        let before = |hour: i8| {
            both.before.as_ref().and_then(|b| b.hours.iter().find(|(h, _)| *h == hour)).map(|(_, sum)| sum)
        };
        let line = |(hour, sum): &(i8, Sum)| self.line(format!("{hour:02}:00"), sum, before(*hour));
        both.report.hours.iter().map(line).collect()
    }

    fn businesses(&self, both: &Both) -> Vec<Line> {
        let before = |letter| {
            both.before
                .as_ref()
                .and_then(|b| b.businesses.iter().find(|(l, _)| *l == letter))
                .map(|(_, sum)| sum)
        };
        both.report.businesses.iter().map(|(l, sum)| self.line(self.business(*l), sum, before(*l))).collect()
    }

    fn windows(&self, both: &Both) -> Vec<WindowLine> {
        let before = |number: &str| {
            both.before
                .as_ref()
                .and_then(|b| b.windows.iter().find(|(n, ..)| n == number))
                .map(|(_, sum, _)| sum)
        };
        let line = |(number, sum, manned): &(String, Sum, Manned)| WindowLine {
            line: self.line(self.window(number), sum, before(number)),
            manned: manned.clone(),
        };
        both.report.windows.iter().map(line).collect()
    }

    fn pairs(&self, both: &Both) -> Vec<Line> {
        let name = |letter, number: &str| format!("{} · {}", self.business(letter), self.window(number));
        both.report.pairs.iter().map(|(l, n, sum)| self.line(name(*l, n), sum, None)).collect()
    }
}

/// Those who were served, by item.
async fn items(room: &Room, names: &Names<'_>, both: &Both) -> Outcome<Vec<Line>> {
    let mut lines = Vec::with_capacity(both.report.items.len());
    for (key, sum) in &both.report.items {
        let before = both.before.as_ref().and_then(|b| b.items.iter().find(|(k, _)| k == key));
        let name = view::item(room.store(), key, names.w).await?;
        lines.push(names.line(name, sum, before.map(|(_, sum)| sum)));
    }
    Ok(lines)
}

/// What of the day happened on paper, in a sentence.
fn on_paper(paper: &OnPaper, w: Say) -> Option<String> {
    let told = [
        ("slips", paper.slips.taken.to_string()),
        ("served", paper.slips.served.to_string()),
        ("forms", paper.forms.to_string()),
    ];
    (*paper != OnPaper::default()).then(|| w.with("report-paper", &told))
}

fn left_line(left: &Left, w: Say) -> LeftLine {
    let time = |at: i64| Timestamp::from_microsecond(at).map(format::time).unwrap_or_default();
    LeftLine {
        number: left.number.clone(),
        taken: time(left.taken_at),
        called: left.called_at.map(time).unwrap_or_default(),
        why: match left.why {
            Why::NeverCalled => w.t("why-never-called"),
            Why::NoShow => w.t("why-no-show"),
            Why::NotAgain => w.t("why-not-again"),
            Why::Open => w.t("why-open"),
            Why::LeftPaper => w.t("why-left-paper"),
        }
        .into_owned(),
    }
}

/// The columns of the file; times in seconds, of windows in minutes.
const HEAD: &str = "part,name,taken,called,served,lost,no_show,wait_p50,wait_p90,service_p50,service_p90,on_duty,busy,idle,week_before_taken,\
    week_before_served,why\r\n";

pub(super) async fn file(
    State(room): State<Room>,
    ctx: Ctx,
    who: Staff,
    Query(which): Query<Which>,
) -> Answer {
    let both = both(&room, &ctx, &who, &which).await?;
    let before = both.before.as_ref();
    let mut text = format!("\u{feff}{HEAD}");
    text.push_str(&record("day", &both.date.to_string(), &both.report.all, None, before.map(|b| &b.all)));
    for (hour, sum) in &both.report.hours {
        let was = before.and_then(|b| b.hours.iter().find(|(h, _)| h == hour)).map(|(_, sum)| sum);
        text.push_str(&record("hour", &format!("{hour:02}:00"), sum, None, was));
    }
    for (letter, sum) in &both.report.businesses {
        let was = before.and_then(|b| b.businesses.iter().find(|(l, _)| l == letter)).map(|(_, sum)| sum);
        text.push_str(&record("business", &letter.to_string(), sum, None, was));
    }
    for (number, sum, manned) in &both.report.windows {
        let was = before.and_then(|b| b.windows.iter().find(|(n, ..)| n == number)).map(|(_, sum, _)| sum);
        text.push_str(&record("window", number, sum, Some(manned), was));
    }
    for (letter, number, sum) in &both.report.pairs {
        text.push_str(&record("business_window", &format!("{letter} {number}"), sum, None, None));
    }
    for (key, sum) in &both.report.items {
        let was = before.and_then(|b| b.items.iter().find(|(k, _)| k == key)).map(|(_, sum)| sum);
        text.push_str(&record("item", key, sum, None, was));
    }
    if both.report.paper != OnPaper::default() {
        text.push_str(&record("paper", "slips", &both.report.paper.slips, None, None));
        text.push_str(&format!("paper,forms,,,{},,,,,,,,,,,,\r\n", both.report.paper.forms));
    }
    for left in &both.report.left {
        let at = Timestamp::from_microsecond(left.taken_at).map(|at| at.to_zoned(clock::legal_zone()));
        let taken = at.map(|at| at.strftime("%H:%M").to_string()).unwrap_or_default();
        let why = serde_json::to_value(left.why)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default();
        text.push_str(&format!("left,{} {taken},,,,,,,,,,,,,,,{why}\r\n", left.number));
    }
    let name = format!("attachment; filename=\"{}-{}.csv\"", both.manager.hall().code, both.date);
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, text).into_response())
}

/// A record of the file. Names here are times, letters, numbers of windows and keys of items: none needs quotes.
fn record(part: &str, name: &str, sum: &Sum, manned: Option<&Manned>, before: Option<&Sum>) -> String {
    let pair = |spread: Option<Spread>| {
        spread.map_or_else(|| ",".to_owned(), |(half, nine)| format!("{half},{nine}"))
    };
    let manned = manned.map_or_else(|| ",,".to_owned(), |m| format!("{},{},{}", m.on_duty, m.busy, m.idle));
    let before = before.map_or_else(|| ",".to_owned(), |b| format!("{},{}", b.taken, b.served));
    let Sum { taken, called, served, lost, no_show, .. } = sum;
    format!(
        "{part},{name},{taken},{called},{served},{lost},{no_show},{},{},{manned},{before},\r\n",
        pair(sum.wait),
        pair(sum.service)
    )
}
