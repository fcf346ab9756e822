//! Fields of an item's form as columns of the inbox and of its file: within one item, few at once, secrets masked, and cut to what the
//! step needs. Showing them is a look at the data of whoever takes part; it is recorded before anything is shown.

use crate::Room;
use crate::asked::Asked;
use cases::{Answered, FIELDS_MAX, InboxRow};
use forms::{Field, FieldType};
use kernel::{ActorRef, Failure, Lang, Outcome, Refusal, RefusalKind};
use page::format;
use std::collections::BTreeMap;
use trace::{Look, Purpose};

/// The fields that are columns, in the order of the form.
pub(crate) async fn columns(room: &Room, asked: &Asked) -> Outcome<Vec<Field>> {
    if asked.fields.is_empty() {
        return Ok(Vec::new());
    }
    if asked.item.is_empty() {
        return Err(
            no("先选择一个事项，再选择表单字段作列。", "Choose one item before fields of its form.").into()
        );
    }
    if asked.fields.len() > FIELDS_MAX {
        let zh = format!("表单字段最多选{FIELDS_MAX}个作列。");
        return Err(no(&zh, &format!("At most {FIELDS_MAX} fields of a form can be columns.")).into());
    }
    let published = catalog::find(&room.house.ground.store, &asked.item).await?;
    let fields: Vec<Field> = published.iter().flat_map(|p| p.item.form.fields()).cloned().collect();
    let known = |id: &&String| fields.iter().all(|f| f.id != **id || !tells(f));
    if let Some(id) = asked.fields.iter().find(known) {
        let zh = format!("事项的表单里没有可作列的字段“{id}”。");
        return Err(no(&zh, &format!("The item's form has no field `{id}` that can be a column.")).into());
    }
    Ok(fields.into_iter().filter(|f| asked.fields.contains(&f.id)).collect())
}

/// Whether a field says something in a table.
fn tells(field: &Field) -> bool {
    !matches!(field.kind(), FieldType::File | FieldType::Declaration)
}

fn no(zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Invalid, "desk.field-column", zh, en)
}

/// What one case says in each of these columns.
pub(crate) struct Cells {
    all: BTreeMap<cases::CaseId, Answered>,
    columns: Vec<Field>,
    lang: Lang,
    /// Whether it leaves the house: names are masked then.
    leaves: bool,
}

impl Cells {
    /// Opens what these lines say in these columns, after the look at everybody who takes part is recorded.
    ///
    /// # Errors
    /// A fault, also when the look cannot be recorded: then nothing is shown.
    pub async fn open(
        room: &Room,
        handler: &cases::Handler,
        (columns, rows): (&[Field], &[InboxRow]),
        (lang, leaves): (Lang, bool),
    ) -> Outcome<Self> {
        let mut all = BTreeMap::new();
        if !columns.is_empty() {
            all = cases::answered(&room.house.ground.store, handler, rows).await?;
            look(room, handler.actor_ref(), columns, rows, &all).await?;
        }
        Ok(Self { all, columns: columns.to_vec(), lang, leaves })
    }

    /// The cells of a line; empty where the case says nothing, or nothing for these eyes.
    pub fn of(&self, row: &InboxRow) -> Vec<String> {
        let answered = self.all.get(&row.case);
        let cell = |column: &Field| {
            let answered = answered?;
            // As the form was when it was filed: a later version may print it otherwise.
            let field = answered.item.item.form.field(&column.id).unwrap_or(column);
            Some(self.print(field, answered.answers.get(&column.id)?))
        };
        self.columns.iter().map(|column| cell(column).unwrap_or_default()).collect()
    }

    fn print(&self, field: &Field, value: &serde_json::Value) -> String {
        if let (FieldType::Group, Some(rows)) = (field.kind(), value.as_array()) {
            let cell = |row: &serde_json::Value, f: &Field| Some(self.print(f, row.get(&f.id)?));
            let rows = rows
                .iter()
                .map(|row| field.fields.iter().filter_map(|f| cell(row, f)).collect::<Vec<_>>().join(" "));
            return rows.collect::<Vec<_>>().join("; ");
        }
        let printed = forms::print_masked(field, value, self.lang);
        let name =
            field.element.as_deref().is_some_and(|e| e.ends_with(".name") && !e.starts_with("organisation"));
        if self.leaves && name && !field.secret { format::mask_name(&printed) } else { printed }
    }
}

async fn look(
    room: &Room,
    actor: ActorRef,
    columns: &[Field],
    rows: &[InboxRow],
    all: &BTreeMap<cases::CaseId, Answered>,
) -> Outcome<()> {
    let fields: Vec<String> =
        columns.iter().map(|f| f.element.clone().unwrap_or_else(|| "case".to_owned())).collect();
    let numbers: BTreeMap<cases::CaseId, &InboxRow> = rows.iter().map(|row| (row.case, row)).collect();
    if all.values().all(|a| a.people.is_empty()) {
        return Ok(());
    }
    ::store::command!(room.house.ground, Lang::default(), actor, |cx| {
        for (case, answered) in all {
            for person in &answered.people {
                let Some(row) = numbers.get(case) else { continue };
                let purpose = Purpose::in_case("examine", &row.number);
                trace::look(&mut cx, &Look { person: *person, fields: fields.clone(), purpose })?;
            }
        }
        Ok::<(), Failure>(())
    })
}
