//! The situations of an item as the first section of its form: one required choice for each, so that rules read
//! `form.<id>` and everything that fills in a form fills in these too.

use super::check::Found;
use crate::Item;
use crate::merged::{SITUATION, situation_field, situation_section};
use kernel::rules::Schema;

/// Puts the section in front of the form, once.
pub(super) fn insert(item: &mut Item, found: &mut Found<'_>) {
    if item.situations.is_empty() {
        return;
    }
    if let Some(s) = item.form.sections.iter().position(|s| s.id == SITUATION) {
        found.say(
            &format!("form[{s}].id"),
            "“situation”留给 situations 里的问题，请换一个标识。",
            "`situation` is the section of the questions in `situations`; take another id.",
        );
        return;
    }
    let fields = item.situations.iter().map(situation_field).collect();
    item.form.sections.insert(0, situation_section(fields));
    found.situations = true;
}

/// Compiles the rules by which registers answer: they read no form, or an answer could hang on itself.
pub(super) fn known(item: &mut Item, schema: &Schema, found: &mut Found<'_>) {
    for (s, situation) in item.situations.iter_mut().enumerate() {
        if let Some(rule) = &mut situation.known {
            found.rule(&format!("situations[{s}].known"), rule.compile_value(schema));
        }
    }
}

/// The path as it is written in the pack: the form there has no section of situations yet.
pub(super) fn written(path: &str, situations: bool) -> String {
    let Some(rest) = path.strip_prefix("form[").filter(|_| situations) else { return path.to_owned() };
    let Some((section, rest)) = rest.split_once(']') else { return path.to_owned() };
    match section.parse::<usize>() {
        Ok(0) => format!("situations{}", rest.strip_prefix(".fields").unwrap_or("")),
        Ok(n) => format!("form[{}]{rest}", n - 1),
        Err(_) => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn places_are_those_of_the_file() {
        for (path, there) in [
            ("form[0].fields[2].label", "situations[2].label"),
            ("form[0]", "situations"),
            ("form[1].fields[0]", "form[0].fields[0]"),
            ("materials[1]", "materials[1]"),
        ] {
            assert_eq!(written(path, true), there);
            assert_eq!(written(path, false), path);
        }
    }
}
