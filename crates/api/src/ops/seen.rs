//! What staff see of a case through the API: secret fields masked as on their pages, and the look recorded before anything is shown.

use crate::input::Caller;
use crate::problem::Answer;
use cases::{CaseView, Scope};
use forms::{Field, FieldType, Form};
use kernel::{Failure, Lang, SubjectId};
use page::House;
use serde_json::{Map, Value};
use store::command;
use trace::{Look, Purpose};

/// What this caller may reach: the cases of their agency, or their own.
pub(crate) fn scope_of(caller: &Caller) -> Answer<Scope> {
    Ok(match caller.session.staff() {
        Ok(staff) => Scope::from(&staff),
        Err(_) => Scope::from(&caller.applicant()?),
    })
}

/// Whether the caller reads as staff.
pub(crate) fn is_staff(caller: &Caller) -> bool {
    caller.session.staff().is_ok()
}

/// Records that a member of staff looks at the data of every natural person in these cases; a party's own reading is no look.
///
/// # Errors
/// A fault when it cannot be recorded: then nothing is shown.
pub(crate) async fn record(house: &House, caller: &Caller, views: &[&CaseView]) -> Answer<()> {
    let Ok(staff) = caller.session.staff() else { return Ok(()) };
    let people = |view: &CaseView| {
        let person = |p: &cases::Party| match p.subject {
            SubjectId::Person(person) => Some(person),
            SubjectId::Organisation(_) => None,
        };
        view.case.parties.iter().filter_map(person).collect::<Vec<_>>()
    };
    if views.iter().all(|view| people(view).is_empty()) {
        return Ok(());
    }
    Ok(command!(house.ground, Lang::default(), staff.actor_ref(), |cx| {
        for view in views {
            for person in people(view) {
                let purpose = Purpose::in_case("examine", &view.case.number);
                trace::look(&mut cx, &Look { person, fields: vec!["case".to_owned()], purpose })?;
            }
        }
        Ok::<_, Failure>(())
    })?)
}

/// The answers as this reader sees them.
pub(crate) fn answers(view: &CaseView, staff: bool, lang: Lang) -> Value {
    let mut all = view.case.answers.clone();
    if staff {
        mask(&view.item.item.form, &mut all, lang);
    }
    Value::Object(all)
}

fn mask(form: &Form, answers: &mut Map<String, Value>, lang: Lang) {
    for field in form.fields() {
        let Some(answer) = answers.get_mut(&field.id) else { continue };
        match (field.kind(), answer) {
            (FieldType::Group, Value::Array(rows)) => {
                for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                    for child in field.fields.iter() {
                        row.get_mut(&child.id).into_iter().for_each(|value| hide(child, value, lang));
                    }
                }
            }
            (_, value) => hide(field, value, lang),
        }
    }
}

fn hide(field: &Field, value: &mut Value, lang: Lang) {
    if field.secret {
        *value = Value::String(forms::print_masked(field, value, lang));
    }
}
