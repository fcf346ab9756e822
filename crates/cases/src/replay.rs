//! Compares the rows of cases with their histories, for `yimen doctor --replay`.

use crate::event::CaseEvent;
use crate::model::CaseId;
use crate::projection::project;
use crate::scope::Scope;
use crate::store as rows;
use crate::verbs;
use ::store::Store;
use kernel::Fault;

/// What a stretch of the comparison found.
#[derive(Debug, Clone, Default)]
pub struct Compared {
    /// How many cases were compared.
    pub cases: usize,
    /// One line for each case whose rows say something else than its events.
    pub differences: Vec<String>,
    /// Where the next stretch begins; none at the end.
    pub next: Option<String>,
}

/// Compares the cases after `from` (empty: from the first), so many at a time.
///
/// # Errors
/// A [`Fault`] when the database does not answer or a chain is broken.
pub async fn compare(store: &Store, from: &str, limit: i64) -> Result<Compared, Fault> {
    let lines = rows::cases_after(store, &Scope::program(), from, limit).await?;
    let mut found = Compared { cases: lines.len(), ..Compared::default() };
    found.next = lines.last().map(|l| l.id.to_string());
    for line in lines {
        let number = line.number.clone();
        if let Err(why) = one(store, line).await {
            found.differences.push(format!("{number}: {why}"));
        }
    }
    Ok(found)
}

async fn one(store: &Store, line: rows::CaseLine) -> Result<(), String> {
    let said = |f: Fault| f.to_string();
    let item = verbs::item_version(store, line.item_version).await.map_err(said)?;
    let (_, events) = trace::history::<CaseEvent>(store, &verbs::subject_of(line.id)).await.map_err(said)?;
    let history: Vec<_> = events.into_iter().map(|e| (e.event, e.occurred_at)).collect();
    let (_, should) = project(&history, &item.item).map_err(said)?;
    let holder = should.holder.as_ref().map(|a| a.as_str());
    let same = [
        ("rev", line.rev == should.rev),
        ("number", line.number == should.number),
        ("state", line.state == should.state),
        ("running", line.running == should.running),
        ("outcome", line.outcome.as_deref() == should.outcome),
        ("holder", line.holder.as_deref() == holder),
        ("absent", line.absent == should.absent),
        ("filed_at", line.filed_at == should.filed_at),
        ("due_at", line.due_at == should.due_at),
        ("closed_at", line.closed_at == should.closed_at),
        ("next_at", line.next_at == should.next_at),
        ("item_version", line.item_version == should.item_version),
        ("subject_name", line.subject_name == should.subject_name),
        ("agency", line.agency == should.agency.as_str()),
    ];
    let wrong: Vec<&str> = same.iter().filter(|(_, same)| !same).map(|(name, _)| *name).collect();
    if !wrong.is_empty() {
        return Err(format!("the row differs from the events in {}", wrong.join(", ")));
    }
    tasks(store, line.id, &should).await?;
    duties(store, line.id, &should).await?;
    outstanding(store, line.id, &should).await
}

async fn duties(store: &Store, case: CaseId, should: &crate::projection::Projection) -> Result<(), String> {
    let lines = rows::duties_of(store, case).await.map_err(|f| f.to_string())?;
    let mut are: Vec<String> = lines.into_iter().map(|d| d.kind).collect();
    let mut shall: Vec<String> = should.duties.iter().map(|d| d.kind.word().to_owned()).collect();
    are.sort();
    shall.sort();
    // Rows of a case that has not moved since duties are kept come with its next event.
    if are == shall || are.is_empty() { Ok(()) } else { Err("the duties differ from the events".to_owned()) }
}

async fn outstanding(
    store: &Store,
    case: CaseId,
    should: &crate::projection::Projection,
) -> Result<(), String> {
    let mut are = rows::outstanding_in(store, case).await.map_err(|f| f.to_string())?;
    let shall = should.outstanding.iter().map(|a| (a.subject, a.kind.word().to_owned(), a.what.clone()));
    let mut shall: Vec<_> = shall.collect();
    are.sort();
    shall.sort();
    // As with duties.
    if are == shall || are.is_empty() {
        Ok(())
    } else {
        Err("what is outstanding differs from the events".to_owned())
    }
}

async fn tasks(store: &Store, case: CaseId, should: &crate::projection::Projection) -> Result<(), String> {
    let lines = rows::tasks_of(store, case).await.map_err(|f| f.to_string())?;
    let mut are: Vec<_> = lines
        .iter()
        .map(|t| (t.id.to_string(), t.state.clone(), t.agency.clone(), t.due_at, t.done_at, t.holder.clone()))
        .collect();
    let mut shall: Vec<_> = should
        .tasks
        .iter()
        .map(|t| {
            (
                t.id.to_string(),
                t.state.to_owned(),
                t.agency.to_string(),
                t.due_at,
                t.done_at,
                t.holder.clone(),
            )
        })
        .collect();
    are.sort();
    shall.sort();
    if are == shall { Ok(()) } else { Err("the tasks differ from the events".to_owned()) }
}
