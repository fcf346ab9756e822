//! `/space/looks`: who looked at my data, when, at what, on which ground and for which case; filtered by the address, also as CSV.

use super::Room;
use crate::WORDS;
use crate::shelf::Shelf;
use crate::view::LookLine;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use futures::TryStreamExt as _;
use identity::Applicant;
use jiff::civil::Date;
use kernel::{AgencyCode, Failure, Lang, PersonId, Timestamp, clock};
use page::{Answer, Ctx, FormState, Say, Shell};
use std::sync::Arc;
use supervision::csv;
use supervision::plain::{self, Agents, Names};
use trace::{LookFilter, LookRow};

/// How many looks stand on a page.
const LINES: i64 = 50;
/// How many are read at once for a file.
const AT_ONCE: i64 = 200;

#[derive(askama::Template)]
#[template(path = "looks.html")]
pub(crate) struct LooksPage {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    pub(crate) form: FormState,
    pub(crate) agencies: Vec<(String, String)>,
    pub(crate) grounds: Vec<(String, String)>,
    pub(crate) filtered: bool,
    pub(crate) file: String,
    pub(crate) looks: Vec<LookLine>,
    pub(crate) newest: Option<String>,
    pub(crate) older: Option<String>,
}

/// What is asked for, as the address says it.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    before: Option<i64>,
    agency: String,
    ground: String,
    from: String,
    until: String,
    stray: String,
}

impl Asked {
    fn fields(&self) -> [(&'static str, &str); 5] {
        [
            ("agency", &self.agency),
            ("ground", &self.ground),
            ("from", &self.from),
            ("until", &self.until),
            ("stray", &self.stray),
        ]
    }

    fn form(&self) -> FormState {
        self.fields().into_iter().fold(FormState::new(), |form, (name, value)| form.with(name, value))
    }

    /// The query of this list, without the place in it; values that can be none are left out.
    fn query(&self) -> String {
        let fine = |(_, value): &(&str, &str)| !value.is_empty() && value.len() <= 100;
        let pairs = self.fields().into_iter().filter(fine);
        pairs.map(|(name, value)| format!("{name}={}", escaped(value))).collect::<Vec<_>>().join("&")
    }

    /// As the query takes it; days are those of legal time, the last one whole. What is wrong is said at its field.
    fn filter(&self, form: &mut FormState) -> LookFilter {
        let mut day = |name: &str, text: &str, next: bool| {
            let start = start_of(text, next);
            if start.is_none() && !text.is_empty() {
                form.fail(name, "请写成2026-11-22这样的日期。", "Write the day as 2026-11-22.");
            }
            start
        };
        LookFilter {
            from: day("from", &self.from, false),
            until: day("until", &self.until, true),
            agency: AgencyCode::parse(&self.agency),
            ground: Some(self.ground.clone()).filter(|g| !g.is_empty()),
            stray: self.stray == "yes",
        }
    }
}

/// The first moment of a day, or of the one after it.
fn start_of(text: &str, next: bool) -> Option<Timestamp> {
    let day: Date = text.parse().ok()?;
    let day = if next { day.tomorrow().ok()? } else { day };
    Some(day.to_zoned(clock::legal_zone()).ok()?.timestamp())
}

fn escaped(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn address(query: &str, more: Option<i64>) -> String {
    let more = more.map(|id| format!("before={id}"));
    let parts: Vec<&str> =
        [Some(query).filter(|q| !q.is_empty()), more.as_deref()].into_iter().flatten().collect();
    if parts.is_empty() { "/space/looks".to_owned() } else { format!("/space/looks?{}", parts.join("&")) }
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Query(asked): Query<Asked>,
) -> Answer {
    let (say, store) = (WORDS.say(ctx.lang), &room.house.ground.store);
    let shelf = room.shelves.get(&room.house).await?;
    let mut form = asked.form();
    let filter = asked.filter(&mut form);
    let status = if form.ok() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let rows = trace::looks(store, who.data_subject(), &filter, ctx.now, asked.before, LINES).await?;
    let full = i64::try_from(rows.len()).unwrap_or(0) == LINES;
    let agents = Agents::of(store, who.data_subject(), &rows).await?;
    let agencies = trace::lookers(store, who.data_subject(), ctx.now).await?;
    let grounds = trace::grounds(store, who.data_subject(), ctx.now).await?;
    let query = asked.query();
    let page = LooksPage {
        shell: Shell::new(&ctx, say.t("looks-title")).crumb(say.t("space-title"), "/space"),
        w: say,
        form,
        agencies: agencies.iter().map(|a| (a.to_string(), names(&shelf).agency(a, ctx.lang))).collect(),
        grounds: grounds.into_iter().map(|g| (g.clone(), plain::ground_of(ctx.lang, &g))).collect(),
        filtered: !query.is_empty(),
        file: format!("/space/looks/file?{query}"),
        looks: rows.iter().map(|row| line(row, who.data_subject(), &shelf, &agents, say)).collect(),
        newest: asked.before.map(|_| address(&query, None)),
        older: rows.last().filter(|_| full).map(|row| address(&query, Some(row.id))),
    };
    Ok(page::render_with(status, &page))
}

fn names(shelf: &Shelf) -> Names<'_> {
    Names { agencies: &shelf.agencies, words: &shelf.words }
}

/// A look in plain words.
pub(super) fn line(row: &LookRow, me: PersonId, shelf: &Shelf, agents: &Agents, say: Say) -> LookLine {
    plain::line(row, me, agents, names(shelf), say.lang)
}

/// What is read for a file.
struct Source {
    store: ::store::Store,
    person: PersonId,
    filter: LookFilter,
    now: Timestamp,
    shelf: Arc<Shelf>,
    lang: Lang,
}

/// `/space/looks/file`: the same list as CSV, sent while it is read.
pub(super) async fn file(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Query(asked): Query<Asked>,
) -> Answer {
    let say = WORDS.say(ctx.lang);
    let source = Arc::new(Source {
        store: room.house.ground.store.clone(),
        person: who.data_subject(),
        filter: asked.filter(&mut asked.form()),
        now: ctx.now,
        shelf: room.shelves.get(&room.house).await?,
        lang: ctx.lang,
    });
    let mut head = csv::MARK.as_bytes().to_vec();
    let titles = ["looks-when", "looks-who", "looks-what", "looks-why", "looks-law", "looks-case"]
        .map(|key| say.t(key));
    csv::row(&mut head, titles.iter().map(AsRef::as_ref));
    let parts = futures::stream::try_unfold((Some(head), Some(None)), move |(head, place)| {
        let source = Arc::clone(&source);
        async move {
            let Some(before) = place else { return Ok(None) };
            source.part(head.unwrap_or_default(), before).await.map(Some)
        }
    });
    let request = ctx.request_id.clone();
    let body = Body::from_stream(parts.map_err(move |failure: Failure| {
        tracing::error!(request, %failure, "a list of looks could not be written to its end");
        std::io::Error::other("the list could not be written to its end")
    }));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"looks.csv\""),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, body).into_response())
}

/// Bytes of a file, and where it goes on.
type Written = (Vec<u8>, (Option<Vec<u8>>, Option<Option<i64>>));

impl Source {
    async fn part(&self, mut out: Vec<u8>, before: Option<i64>) -> Result<Written, Failure> {
        let rows = trace::looks(&self.store, self.person, &self.filter, self.now, before, AT_ONCE).await?;
        let none = WORDS.say(self.lang).t("looks-stray");
        let agents = Agents::of(&self.store, self.person, &rows).await?;
        for row in &rows {
            let line = plain::line(row, self.person, &agents, names(&self.shelf), self.lang);
            let case = if line.stray { none.as_ref() } else { line.case.as_str() };
            let at = csv::moment(row.at);
            csv::row(&mut out, [&*at, &*line.who, &*line.what, &*line.why, &*line.law, case]);
        }
        let full = i64::try_from(rows.len()).is_ok_and(|n| n == AT_ONCE);
        let next = rows.last().filter(|_| full).map(|row| Some(row.id));
        Ok((out, (None, next)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_its_address() {
        let asked = Asked { agency: "nanjing.transport".into(), stray: "yes".into(), ..Asked::default() };
        assert_eq!(
            address(&asked.query(), Some(7)),
            "/space/looks?agency=nanjing.transport&stray=yes&before=7"
        );
        let mut form = FormState::new();
        let filter =
            Asked { until: "2026-11-22".into(), from: "x".into(), ..Asked::default() }.filter(&mut form);
        assert_eq!(filter.until.unwrap().to_string(), "2026-11-22T16:00:00Z");
        assert_eq!(form.errors.len(), 1);
    }
}
