//! `yimen pack lint DIR`: what no single pack shows, each finding with its place, why, and what to do.

use catalog::Pack;
use kernel::{AgencyCode, Fault, Lang};
use linter::{Finding, Severity, Stock};
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::Path;

/// A finding and where it stands: file, line, column.
type Placed = (Finding, Option<(String, usize, usize)>);

/// Lints the folder; answers whether there is no error.
///
/// # Errors
/// A [`Fault`] when the city beside the packs cannot be read.
pub fn run(dir: &Path, lang: Lang, as_json: bool) -> Result<bool, Fault> {
    let pack = match catalog::pack::load(dir) {
        Ok(pack) => pack,
        Err(complaints) => {
            complaints.iter().for_each(|complaint| eprintln!("{}", complaint.line(lang)));
            return Ok(false);
        }
    };
    let found = look(&pack, agencies(dir)?.as_deref());
    let counted = |s: Severity| found.iter().filter(|(f, _)| f.severity == s).count();
    let counts = [Severity::Error, Severity::Warning, Severity::Note].map(counted);
    if as_json {
        println!("{:#}", in_json(&found, counts));
    } else {
        found.iter().for_each(|placed| print(placed, lang));
        println!("{}", summary(dir, &pack, counts, lang));
    }
    Ok(counts[0] == 0)
}

/// What the linter finds in a pack, with places.
pub fn look(pack: &Pack, agencies: Option<&[(AgencyCode, Option<String>)]>) -> Vec<Placed> {
    let found = linter::lint(&Stock {
        items: &pack.items,
        themes: &pack.themes,
        knowledge: &pack.shared.knowledge,
        registers: &pack.shared.registers,
        elements: &pack.shared.elements,
        agencies,
    });
    let placed = |finding: Finding| {
        let place = pack.locate(&finding.item, &finding.path);
        (finding, place)
    };
    found.into_iter().map(placed).collect()
}

fn print((finding, place): &Placed, lang: Lang) {
    let place = match place {
        Some((file, line, column)) => format!("{file}:{line}:{column}"),
        None => format!("{} {}", finding.item, finding.path),
    };
    println!("{place}: {}", finding.line(lang));
    if !finding.circle.is_empty() {
        println!("    {}", finding.circle.join(" → "));
    }
}

fn summary(dir: &Path, pack: &Pack, [errors, warnings, notes]: [usize; 3], lang: Lang) -> String {
    let (items, themes, dir) = (pack.items.len(), pack.themes.len(), dir.display());
    match lang {
        Lang::ZhCn => {
            format!("{dir}：{items}个事项、{themes}个主题；错误{errors}，警告{warnings}，提示{notes}")
        }
        Lang::En => {
            format!(
                "{dir}: {items} items, {themes} themes; {errors} errors, {warnings} warnings, {notes} notes"
            )
        }
    }
}

fn in_json(found: &[Placed], [errors, warnings, notes]: [usize; 3]) -> Value {
    let findings: Vec<Value> = found
        .iter()
        .map(|(finding, place)| {
            let mut out = json!(finding);
            if let (Some(object), Some((file, line, column))) = (out.as_object_mut(), place) {
                object.insert("file".to_owned(), json!(file));
                object.insert("line".to_owned(), json!(line));
                object.insert("column".to_owned(), json!(column));
            }
            out
        })
        .collect();
    json!({ "errors": errors, "warnings": warnings, "notes": notes, "findings": findings })
}

/// As much of a city as says who is responsible for what.
#[derive(Deserialize)]
struct City {
    #[serde(default)]
    agencies: Vec<CityAgency>,
}

#[derive(Deserialize)]
struct CityAgency {
    code: AgencyCode,
    #[serde(default)]
    function: Option<String>,
}

/// Agencies by code, each with its function where it has one.
pub type Agencies = Vec<(AgencyCode, Option<String>)>;

/// The agencies of the city that lies beside the packs; none when there is no city.
///
/// # Errors
/// A [`Fault`] when there is one that cannot be read.
pub fn agencies(dir: &Path) -> Result<Option<Agencies>, Fault> {
    let path = dir.join("demo/city.yaml");
    let Ok(text) = std::fs::read_to_string(&path) else { return Ok(None) };
    let city: City = serde_saphyr::from_str(&text)
        .map_err(|e| Fault::from(format!("reading the agencies in {}", path.display()), e))?;
    let agencies: Agencies = city.agencies.into_iter().map(|a| (a.code, a.function)).collect();
    Ok(Some(agencies).filter(|a| !a.is_empty()))
}
