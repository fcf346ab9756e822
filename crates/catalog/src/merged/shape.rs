//! Whether two fields ask for the same thing in the same shape, so that one answer does for both.

use forms::{Field, FieldType};
use serde_json::{Map, Value};

/// Whether one answer fits both fields: same type, same options, same precision; for groups, columns that do not
/// contradict each other.
pub(super) fn same(a: &Field, b: &Field) -> bool {
    let plain =
        a.kind() == b.kind() && a.decimals == b.decimals && a.level == b.level && a.within == b.within;
    if !plain || !same_options(a, b) {
        return false;
    }
    a.kind() != FieldType::Group || columns_agree(a, b)
}

/// The same words to choose from, in whatever order.
fn same_options(a: &Field, b: &Field) -> bool {
    let has = |f: &Field, value: &str| f.options.iter().any(|o| o.value == value);
    a.options.len() == b.options.len() && a.options.iter().all(|o| has(b, &o.value))
}

/// What a column of a group is known by in a merged group: its element, else its own id.
pub(super) fn column(field: &Field) -> String {
    field.element.as_ref().map_or_else(|| field.id.clone(), |e| e.replace('.', "_"))
}

fn columns_agree(a: &Field, b: &Field) -> bool {
    let names = |f: &Field| f.fields.iter().map(column).collect::<Vec<_>>();
    let (of_a, of_b) = (names(a), names(b));
    let once =
        |names: &[String]| names.iter().enumerate().all(|(i, n)| !names.iter().take(i).any(|m| m == n));
    let agree = |x: &Field, name: &String| {
        let other = of_b.iter().position(|n| n == name).and_then(|i| b.fields.get(i));
        other.is_none_or(|y| x.element == y.element && same(x, y))
    };
    once(&of_a) && once(&of_b) && a.fields.iter().zip(&of_a).all(|(x, name)| agree(x, name))
}

/// The columns of a member's group: own id and name in the merged group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns(Vec<(String, String)>);

/// The columns of a member's own group.
pub(super) fn columns(field: &Field) -> Columns {
    Columns(field.fields.iter().map(|f| (f.id.clone(), column(f))).collect())
}

impl Columns {
    /// The rows as the member has them; columns that are not the member's stay away.
    pub fn down(&self, value: &Value) -> Value {
        self.rename(value, |(own, merged)| (merged, own))
    }

    /// The rows as the merged group has them.
    pub fn up(&self, value: &Value) -> Value {
        self.rename(value, |(own, merged)| (own, merged))
    }

    /// What stands behind the group in a path of the member, `[1].name`, as in the merged group; and the other way.
    pub fn path(&self, rest: &str, up: bool) -> String {
        let Some((row, name)) = rest.split_once('.') else { return rest.to_owned() };
        let pair = self.0.iter().find(|(own, merged)| if up { own == name } else { merged == name });
        let other = pair.map_or(name, |(own, merged)| if up { merged } else { own });
        format!("{row}.{other}")
    }

    fn rename<'c>(
        &'c self,
        value: &Value,
        way: impl Fn(&'c (String, String)) -> (&'c String, &'c String),
    ) -> Value {
        let Value::Array(rows) = value else { return value.clone() };
        let row = |row: &Value| {
            let Value::Object(row) = row else { return row.clone() };
            let cells = self.0.iter().filter_map(|pair| {
                let (from, to) = way(pair);
                Some((to.clone(), row.get(from)?.clone()))
            });
            Value::Object(cells.collect::<Map<_, _>>())
        };
        Value::Array(rows.iter().map(row).collect())
    }
}
