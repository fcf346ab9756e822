//! `/desk/watch`: what supervision reads of cases — deviations from standards with their reasons, what was recorded late, entries of
//! registers that are disputed; `/desk/watch/file` is the same list as CSV. Read only; whoever is concerned sees that it was read.

use crate::asked::escape;
use crate::{Room, WORDS, seen, table};
use axum::extract::{Query, State};
use cases::show::Names;
use cases::{Scope, Watch, WatchFilter, WatchRow};
use identity::Supervisor;
use jiff::civil::Date;
use kernel::{AgencyCode, FieldError, Lang, Outcome, Refusal, RefusalKind, Timestamp, clock};
use page::{Answer, Ctx, FormState, Say, Shell, format};
use records::Selection;
use std::sync::Arc;

/// How many lines a page has.
const LINES: i64 = 50;
/// Why supervision reads: the looks that it leaves say so.
const GROUND: &str = "supervise";
/// The longest word of a filter, in characters.
const LONG: usize = 100;

struct Line {
    href: String,
    item: String,
    number: String,
    agency: String,
    at: String,
    recorded: String,
    step: String,
    what: String,
    reason: String,
    evidence: String,
    outcome: String,
}

#[derive(askama::Template)]
#[template(path = "watch.html")]
struct Page {
    shell: Shell,
    w: Say,
    form: FormState,
    who: String,
    kind: &'static str,
    tabs: Vec<(&'static str, String, bool)>,
    text: String,
    items: Vec<(String, String)>,
    agencies: Vec<(String, String)>,
    lines: Vec<Line>,
    filtered: bool,
    file: String,
    older: Option<String>,
    newer: Option<String>,
}

/// What is asked for, as the address says it.
struct Asked {
    kind: Watch,
    agency: String,
    item: String,
    from: String,
    until: String,
    open: String,
    after: Option<String>,
}

impl Asked {
    fn read(pairs: &[(String, String)]) -> Self {
        let get = |name: &str| {
            let value = pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim());
            value.chars().take(LONG).collect::<String>()
        };
        Self {
            kind: Watch::from_word(&get("kind")).unwrap_or(Watch::Deviations),
            agency: get("agency"),
            item: get("item"),
            from: get("from"),
            until: get("until"),
            open: Some(get("open")).filter(|o| o == "yes" || o == "no").unwrap_or_default(),
            after: Some(get("after")).filter(|a| !a.is_empty()),
        }
    }

    fn fields(&self) -> [(&'static str, &str); 5] {
        [
            ("agency", &self.agency),
            ("item", &self.item),
            ("from", &self.from),
            ("until", &self.until),
            ("open", &self.open),
        ]
    }

    /// The query of this list, without the place in it.
    fn query(&self) -> String {
        let mut out = format!("kind={}", self.kind.word());
        for (name, value) in self.fields().into_iter().filter(|(_, v)| !v.is_empty()) {
            out.push_str(&format!("&{name}={}", escape(value)));
        }
        out
    }

    fn filters(&self) -> bool {
        self.fields().iter().any(|(_, v)| !v.is_empty())
    }

    fn form(&self) -> FormState {
        self.fields().into_iter().fold(FormState::new(), |form, (name, value)| form.with(name, value))
    }

    /// As the query takes it; days are those of legal time, the last one whole.
    fn filter(&self) -> Result<WatchFilter, Refusal> {
        let mut wrong = Vec::new();
        let mut day = |name: &str, text: &str, next: bool| -> Option<Timestamp> {
            if text.is_empty() {
                return None;
            }
            let start = day_start(text, next);
            if start.is_none() {
                wrong.push(FieldError { field: name.to_owned(), say: bad_day(text).say });
            }
            start
        };
        let (from, until) = (day("from", &self.from, false), day("until", &self.until, true));
        let agency = match self.agency.as_str() {
            "" => None,
            code => Some(
                AgencyCode::parse(code).ok_or_else(|| bad("agency", "没有这个机关。", "No such agency."))?,
            ),
        };
        if !wrong.is_empty() {
            return Err(Refusal { fields: wrong, ..bad_day("") });
        }
        let open = match self.open.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        let item = Some(self.item.clone()).filter(|i| !i.is_empty());
        Ok(WatchFilter { agency, item, from, until, open })
    }
}

/// The first moment of a day, or of the one after it.
fn day_start(text: &str, next: bool) -> Option<Timestamp> {
    let day: Date = text.parse().ok()?;
    let day = if next { day.tomorrow().ok()? } else { day };
    Some(day.to_zoned(clock::legal_zone()).ok()?.timestamp())
}

fn bad_day(text: &str) -> Refusal {
    let zh = format!("“{text}”不是日期，请写成2026-11-22。");
    let en = format!("\"{text}\" is no day: write it as 2026-11-22.");
    Refusal::new(RefusalKind::Invalid, "desk.watch-day", zh, en)
}

fn bad(field: &str, zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Invalid, "desk.watch-filter", zh, en).field(field, zh, en)
}

pub(super) async fn get(
    State(room): State<Room>,
    Query(query): Query<Vec<(String, String)>>,
    ctx: Ctx,
    who: Supervisor,
) -> Answer {
    let store = &room.house.ground.store;
    let asked = Asked::read(&query);
    let mut form = asked.form();
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let scope = Scope::from(&who);
    let mut status = axum::http::StatusCode::OK;
    let page = match asked.filter() {
        Ok(filter) => {
            let page =
                cases::watch_list(store, &scope, asked.kind, &filter, asked.after.as_deref(), LINES).await?;
            seen::leave(&room.house, lang, &who.actor_ref(), GROUND, &page.rows).await?;
            page
        }
        Err(refusal) => {
            form.refuse(&refusal);
            status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            cases::Paged { rows: Vec::new(), next: None }
        }
    };
    let names = Names::load(store).await?;
    let here = asked.query();
    let kinds = Watch::ALL.map(|k| {
        let name = w.t(&format!("watch-{}", k.word())).into_owned();
        (k.word(), name, k == asked.kind)
    });
    let shown = Page {
        shell: Shell::new(&ctx, w.t("watch-title")).desk(),
        w,
        who: format!("{} · {}", names.of(who.agency(), lang), who.name()),
        kind: asked.kind.word(),
        tabs: kinds.into(),
        text: w.t(&format!("watch-{}-text", asked.kind.word())).into_owned(),
        items: items(&room, lang).await?,
        agencies: agencies(&room, &who, lang).await?,
        lines: page.rows.iter().map(|row| line(row, &names, lang)).collect(),
        filtered: asked.filters(),
        file: format!("/desk/watch/file?{here}"),
        older: page.next.map(|next| format!("/desk/watch?{here}&after={}", escape(&next))),
        newer: asked.after.as_ref().map(|_| format!("/desk/watch?{here}")),
        form,
    };
    Ok(page::render_with(status, &shown))
}

async fn items(room: &Room, lang: Lang) -> Outcome<Vec<(String, String)>> {
    let filter = catalog::Filter { limit: 500, ..catalog::Filter::default() };
    let listed = catalog::list(&room.house.ground.store, &filter).await?;
    Ok(listed.into_iter().map(|i| (i.key, i.name.get(lang).to_owned())).collect())
}

/// The agencies of the supervisor's divisions.
async fn agencies(room: &Room, who: &Supervisor, lang: Lang) -> Outcome<Vec<(String, String)>> {
    let mut prefix = who.division();
    // The codes of GB/T 2260 go in pairs; pairs of noughts at the end mean all below.
    while let Some(shorter) = prefix.strip_suffix("00").filter(|p| p.len() % 2 == 0) {
        prefix = shorter;
    }
    let all = identity::directory(&room.house.ground.store).await?;
    let here = all.agencies().filter(|a| !prefix.is_empty() && a.division.starts_with(prefix));
    Ok(here.map(|a| (a.code.to_string(), a.name.get(lang).to_owned())).collect())
}

fn line(row: &WatchRow, names: &Names, lang: Lang) -> Line {
    Line {
        href: format!("/desk/cases/{}", row.number),
        item: row.item_name.get(lang).to_owned(),
        number: row.number.to_string(),
        agency: names.of(&row.agency, lang),
        at: format::moment(lang, row.at),
        recorded: format::moment(lang, row.recorded_at),
        step: row.step.as_ref().map(|s| s.get(lang).to_owned()).unwrap_or_default(),
        what: row.what.get(lang).to_owned(),
        reason: row.reason.clone(),
        evidence: row.evidence.clone().unwrap_or_default(),
        outcome: row.outcome.as_ref().map(|o| o.get(lang).to_owned()).unwrap_or_default(),
    }
}

pub(super) async fn file(
    State(room): State<Room>,
    Query(query): Query<Vec<(String, String)>>,
    ctx: Ctx,
    who: Supervisor,
) -> Answer {
    let asked = Asked::read(&query);
    let filter = asked.filter()?;
    let (kind, lang, w) = (asked.kind, ctx.lang, WORDS.say(ctx.lang));
    let selection =
        Selection { item: filter.item.clone(), agency: filter.agency.clone(), ..Selection::default() };
    let left: Outcome<()> = ::store::command!(room.house.ground, lang, who.actor_ref(), |cx| {
        records::leave(&mut cx, "watch", &selection, &[kind.word()]).map(|_| ())
    });
    left?;
    let names = Arc::new(Names::load(&room.house.ground.store).await?);
    let context = Arc::new((room.house.clone(), Scope::from(&who), filter, who.actor_ref()));
    let body = table::body(head(kind, w), ctx.request_id.clone(), move |after| {
        let (context, names) = (context.clone(), names.clone());
        async move {
            let (house, scope, filter, actor) = context.as_ref();
            let (store, after) = (&house.ground.store, after.as_deref());
            let page = cases::watch_list(store, scope, kind, filter, after, table::LINES).await?;
            seen::leave(house, lang, actor, GROUND, &page.rows).await?;
            let cells = page.rows.iter().map(|row| cells(kind, row, &names, lang)).collect();
            Ok(table::Lines { cells, next: page.next })
        }
    });
    let name = table::file_name(&format!("watch-{}", kind.word()), ctx.now);
    Ok(records::sent("text/csv; charset=utf-8", &name, body))
}

fn head(kind: Watch, w: Say) -> Vec<String> {
    let mut keys = vec!["col-number", "col-item", "watch-agency", "watch-at"];
    keys.extend(match kind {
        Watch::Deviations => ["col-step", "watch-standard", "watch-given", "watch-reason"].as_slice(),
        Watch::Late => ["watch-recorded", "watch-act", "watch-reason", "watch-evidence"].as_slice(),
        Watch::Disputes => ["watch-entry", "watch-claim", "watch-settled"].as_slice(),
    });
    keys.into_iter().map(|key| w.t(key).into_owned()).collect()
}

fn cells(kind: Watch, row: &WatchRow, names: &Names, lang: Lang) -> Vec<String> {
    let line = line(row, names, lang);
    let mut cells = vec![line.number, line.item, line.agency, table::moment(row.at)];
    cells.extend(match kind {
        Watch::Deviations => vec![line.step, line.what, line.outcome, line.reason],
        Watch::Late => vec![table::moment(row.recorded_at), line.what, line.reason, line.evidence],
        Watch::Disputes => vec![line.what, line.reason, line.outcome],
    });
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&str, &str)]) -> Asked {
        Asked::read(&pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect::<Vec<_>>())
    }

    #[test]
    fn days_are_whole_and_in_legal_time() {
        let filter =
            asked(&[("from", "2026-11-22"), ("until", "2026-11-22"), ("open", "yes")]).filter().unwrap();
        assert_eq!(filter.from.unwrap().to_string(), "2026-11-21T16:00:00Z");
        assert_eq!(filter.until.unwrap().to_string(), "2026-11-22T16:00:00Z");
        assert_eq!(filter.open, Some(true));
        let wrong = asked(&[("from", "22.11."), ("until", "x")]).filter().unwrap_err();
        let fields: Vec<&str> = wrong.fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["from", "until"]);
        assert!(asked(&[("agency", "no agency!")]).filter().is_err());
    }

    #[test]
    fn a_list_is_its_address() {
        let asked = asked(&[("kind", "late"), ("item", "a b"), ("open", "maybe"), ("hack", "1")]);
        assert_eq!(asked.query(), "kind=late&item=a%20b");
        assert!(asked.filters());
        assert_eq!(Asked::read(&[("kind".to_owned(), "<script>".to_owned())]).query(), "kind=deviation");
    }
}
