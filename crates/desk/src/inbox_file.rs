//! `/desk/file`: the inbox as it is filtered, with the columns that are shown, as CSV.

use crate::asked::{Asked, Col};
use crate::fields::{self, Cells};
use crate::who::{self, Who};
use crate::{Room, WORDS, inbox, table};
use axum::extract::{Query, State};
use cases::{Handler, InboxFilter, InboxRow};
use forms::Field;
use identity::Staff;
use kernel::{AccountId, Failure, Lang, Outcome, Timestamp};
use page::{Answer, Ctx, Say, format};
use records::Selection;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) async fn get(
    State(room): State<Room>,
    Query(query): Query<Vec<(String, String)>>,
    ctx: Ctx,
    staff: Staff,
) -> Answer {
    let who = who::must_handle(&room, &staff, ctx.now).await?;
    let asked = Asked::read(&query);
    let unit = asked.unit();
    if unit.is_some_and(|unit| !who.handler.agency().contains(&unit)) {
        return Err(kernel::Refusal::not_found().into());
    }
    let columns = fields::columns(&room, &asked).await?;
    left(&room, &ctx, &who, &asked).await?;
    let people = identity::colleagues(&room.house.ground.store, who.handler.agency()).await?;
    let file = Arc::new(InboxFile {
        people: people.into_iter().map(|c| (c.account, c.name)).collect(),
        filter: asked.filter(),
        handler: who.handler,
        lang: ctx.lang,
        now: ctx.now,
        columns,
        asked,
        room,
    });
    let head = file.head();
    let body = table::body(head, ctx.request_id.clone(), move |after| {
        let file = file.clone();
        async move { file.page(after.as_deref()).await }
    });
    let name = table::file_name("inbox", ctx.now);
    Ok(records::sent("text/csv; charset=utf-8", &name, body))
}

/// What leaves is written down before its first byte. A name that was searched for stays out of it.
async fn left(room: &Room, ctx: &Ctx, who: &Who, asked: &Asked) -> Outcome<()> {
    let some = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
    let selection = Selection {
        item: some(&asked.item),
        agency: Some(asked.unit().unwrap_or_else(|| who.handler.agency().clone())),
        state: some(&asked.state),
        ..Selection::default()
    };
    let fields: Vec<String> = asked.fields.iter().map(|f| format!("form.{f}")).collect();
    let columns = Col::ALL.iter().filter(|c| asked.shows(*c)).map(|c| c.word());
    let columns: Vec<&str> = columns.chain(fields.iter().map(String::as_str)).collect();
    ::store::command!(room.house.ground, ctx.lang, who.handler.actor_ref(), |cx| {
        records::leave(&mut cx, "inbox", &selection, &columns).map(|_| ())
    })
}

struct InboxFile {
    room: Room,
    handler: Handler,
    asked: Asked,
    filter: InboxFilter,
    people: BTreeMap<AccountId, String>,
    /// The fields of the form that are columns too.
    columns: Vec<Field>,
    lang: Lang,
    now: Timestamp,
}

impl InboxFile {
    fn w(&self) -> Say {
        WORDS.say(self.lang)
    }

    fn shown(&self) -> impl Iterator<Item = Col> {
        Col::ALL.into_iter().filter(|col| self.asked.shows(*col))
    }

    /// The item stands always, as on the page.
    fn head(&self) -> Vec<String> {
        let w = self.w();
        let first = [w.t("col-item").into_owned()];
        let rest = self.shown().map(|col| match col {
            Col::Due => w.t("file-due").into_owned(),
            col => w.t(&format!("col-{}", col.word())).into_owned(),
        });
        let fields = self.columns.iter().map(|f| f.label.get(self.lang).to_owned());
        first.into_iter().chain(rest).chain(fields).collect()
    }

    async fn page(&self, after: Option<&str>) -> Outcome<table::Lines> {
        let store = &self.room.house.ground.store;
        let page =
            cases::inbox_at(store, &self.handler, &self.filter, Some(self.now), after, table::LINES).await?;
        let divisions = inbox::divisions(&self.room, &self.asked, &page.rows, self.lang).await?;
        let columns = (self.columns.as_slice(), page.rows.as_slice());
        let fields = Cells::open(&self.room, &self.handler, columns, (self.lang, true)).await?;
        let line = |row: &InboxRow| {
            let mut cells = self.line(row, &divisions);
            cells.extend(fields.of(row));
            cells
        };
        let cells = page.rows.iter().map(line).collect();
        Ok::<_, Failure>(table::Lines { cells, next: page.next })
    }

    fn line(&self, row: &InboxRow, divisions: &BTreeMap<String, String>) -> Vec<String> {
        let first = [row.item_name.get(self.lang).to_owned()];
        first.into_iter().chain(self.shown().map(|col| self.cell(col, row, divisions))).collect()
    }

    fn cell(&self, col: Col, row: &InboxRow, divisions: &BTreeMap<String, String>) -> String {
        let (lang, w) = (self.lang, self.w());
        match col {
            Col::Due => row.due_at.map(table::moment).unwrap_or_default(),
            Col::Number => row.number.to_string(),
            Col::Step => row.title.get(lang).to_owned(),
            // A file goes further than a page: names are masked in it.
            Col::Subject => format::mask_name(&row.subject_name),
            Col::State => cases::state_name(&row.state).get(lang).to_owned(),
            Col::Division => divisions.get(&row.division).cloned().unwrap_or_else(|| row.division.clone()),
            Col::Filed => table::moment(row.filed_at),
            Col::Opened => table::moment(row.opened_at),
            Col::Holder => row
                .holder
                .map(|h| self.people.get(&h).cloned().unwrap_or_else(|| w.t("someone").into_owned()))
                .unwrap_or_default(),
            Col::Absent => row.absent.to_string(),
            Col::External => row.external.as_ref().map(|id| self.room.system(id, lang)).unwrap_or_default(),
        }
    }
}
