//! Which natural persons a list of cases is about.

use kernel::{Fault, SubjectId};
use store::{Store, Value};

/// The parties of these cases, by number.
pub(crate) async fn parties(store: &Store, numbers: &[String]) -> Result<Vec<(String, SubjectId)>, Fault> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let marks: Vec<String> = (1..=numbers.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT c.number, p.subject FROM cases_case c JOIN cases_party p ON p.case_id = c.id WHERE c.number IN ({})",
        marks.join(", ")
    );
    store.rows(&sql, numbers.iter().map(|n| Value::Text(n.clone())).collect()).await
}
