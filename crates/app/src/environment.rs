//! Every key of the configuration file by environment: `YIMEN__IDENTITY__IDLE_MINUTES=30` is `[identity] idle_minutes`.

use kernel::Fault;
use toml::{Table, Value};

/// What names of such variables begin with.
pub const PREFIX: &str = "YIMEN__";

/// Lays the variables over the file's keys; answers whether there were any.
///
/// # Errors
/// A [`Fault`] that names the variable whose place is taken by something that is no section.
pub fn overlay(table: &mut Table, variables: impl Iterator<Item = (String, String)>) -> Result<bool, Fault> {
    let mut sorted: Vec<(String, String)> =
        variables.filter(|(name, _)| name.starts_with(PREFIX) && name.len() > PREFIX.len()).collect();
    sorted.sort();
    for (name, text) in &sorted {
        let path = name.trim_start_matches(PREFIX).to_ascii_lowercase();
        let mut keys: Vec<&str> = path.split("__").collect();
        let Some(last) = keys.pop() else { continue };
        let mut place = &mut *table;
        for key in keys {
            let section = place.entry(key).or_insert_with(|| Value::Table(Table::new()));
            place = section
                .as_table_mut()
                .ok_or_else(|| Fault::new(format!("the variable {name}: {key} is no section")))?;
        }
        place.insert(last.to_owned(), value(text));
    }
    Ok(!sorted.is_empty())
}

/// As TOML writes it (`30`, `true`, `["10.0.0.0/8"]`); everything else is text.
fn value(text: &str) -> Value {
    let read = toml::from_str::<Table>(&format!("it = {text}\n")).ok();
    read.filter(|table| table.len() == 1)
        .and_then(|mut table| table.remove("it"))
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid(file: &str, variables: &[(&str, &str)]) -> Result<Table, String> {
        let mut table: Table = toml::from_str(file).unwrap();
        let variables = variables.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        overlay(&mut table, variables).map_err(|fault| fault.to_string())?;
        Ok(table)
    }

    #[test]
    fn a_variable_wins_over_the_file() {
        let file = "pool = 3\n[identity]\nidle_minutes = 60\n";
        let variables = [
            ("YIMEN__POOL", "7"),
            ("YIMEN__IDENTITY__IDLE_MINUTES", "30"),
            ("YIMEN__TRUSTED_PROXIES", "[\"10.0.0.0/8\"]"),
            ("YIMEN__SITE__PHONE", "0535-12345"),
            ("YIMEN_DATA", "elsewhere"),
            ("PATH", "/bin"),
        ];
        let wanted = "pool = 7\ntrusted_proxies = [\"10.0.0.0/8\"]\n[identity]\nidle_minutes = 30\n\
                      [site]\nphone = \"0535-12345\"\n";
        assert_eq!(laid(file, &variables).unwrap(), toml::from_str(wanted).unwrap());
        assert!(laid("pool = 3\n", &[("YIMEN__POOL__SIZE", "1")]).unwrap_err().contains("YIMEN__POOL__SIZE"));
    }
}
