//! A list that opens what persons said or what was written of them leaves a look at each of them, before a line of it is shown.

use cases::WatchRow;
use kernel::codes::CaseNumber;
use kernel::{ActorRef, Failure, Lang, Outcome, clock};
use page::House;
use trace::{Look, Purpose};

/// Records that whoever acts reads these lines, on this ground: one look for each person and case.
///
/// # Errors
/// A fault when it cannot be recorded; then nothing may be shown.
pub(crate) async fn leave(
    house: &House,
    lang: Lang,
    actor: &ActorRef,
    ground: &str,
    rows: &[WatchRow],
) -> Outcome<()> {
    let numbers: Vec<CaseNumber> = rows.iter().map(|row| row.number.clone()).collect();
    let people = cases::concerned(&house.ground.store, &numbers).await?;
    if people.is_empty() {
        return Ok(());
    }
    ::store::command!(house.ground, lang, actor, |cx| {
        let now = cx.now.as_microsecond();
        (0..).zip(&people).try_for_each(|(nth, (number, person))| {
            // A look's place is its moment, and one person may stand in many lines: each has a microsecond of its own.
            cx.now = clock::from_micros(now.saturating_add(nth));
            let purpose = Purpose::in_case(ground, number);
            let look = Look { person: *person, fields: vec!["case".to_owned()], purpose };
            trace::look(&mut cx, &look).map_err(Failure::from)
        })
    })
}
