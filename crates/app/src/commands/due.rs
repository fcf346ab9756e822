//! `yimen due 2026-02-09 5wd`: the due date and its reckoning, for whoever doubts it.

use kernel::{Calendar, Fault, Lang, Term};

/// Prints when a term that starts on `from` ends, and why.
///
/// # Errors
/// A [`Fault`] that says how dates and terms are written.
pub fn run(from: &str, term: &str, lang: Lang) -> Result<(), Fault> {
    let from: jiff::civil::Date =
        from.parse().map_err(|e| Fault::from(format!("{from:?} is no date; write it as 2026-02-09"), e))?;
    let term: Term = term.parse().map_err(|e| {
        Fault::from(
            format!("{term:?} is no term; write 5wd (working days), 4wh (office hours) or 30d (days)"),
            e,
        )
    })?;
    let nine = from
        .at(9, 0, 0, 0)
        .to_zoned(kernel::clock::legal_zone())
        .map_err(|e| Fault::from("placing the date in the legal zone", e))?;
    let due = Calendar::official().due(nine.timestamp(), term);
    println!("{}{}", due.date, if due.provisional { " (provisional)" } else { "" });
    for line in due.explain(lang) {
        println!("  {line}");
    }
    Ok(())
}
