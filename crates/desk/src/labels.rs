//! Entries by their names: a path of the rules (`vehicle.inspection_until`, `form.plate`) as people call it.

use catalog::Published;
use kernel::Lang;

/// The name of what stands at a path: of a field of the form, of an entry of a register with the register's name, of a data element; the
/// last part of the path where nobody named it.
pub(crate) fn entry(item: &Published, path: &str, lang: Lang) -> String {
    let mut parts = path.split(['.', '[']);
    let (root, leaf) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if root == "form" {
        let field = item.item.form.field(leaf);
        return field.map_or_else(|| leaf.to_owned(), |f| f.label.get(lang).to_owned());
    }
    let register = item.item.sources.iter().find(|s| s.id == root);
    if let Some(register) = register.and_then(|s| item.shared.register(&s.source)) {
        let field = register.fields.get(leaf).map(|f| f.name.get(lang));
        return match field {
            Some(name) => name.to_owned(),
            None if leaf.is_empty() => register.name.get(lang).to_owned(),
            None => leaf.to_owned(),
        };
    }
    match item.shared.elements.get(path) {
        Some(element) => element.name.get(lang).to_owned(),
        None if leaf.is_empty() => root.to_owned(),
        None => leaf.to_owned(),
    }
}
