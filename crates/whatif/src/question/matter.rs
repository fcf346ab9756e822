//! The same for a matter: its description with what is asked, and the run aside.

use super::{STEPS_MAX, Turn, cannot_run, too_large, turn};
use crate::asked::AskedMatter;
use crate::described::{Described, aside};
use crate::desks::{Desked, desked_within};
use crate::engine::Allowance;
use crate::file::{File, Matter};
use crate::matter::{Planned, Worked, worked};
use kernel::{Fault, Outcome};

/// A matter that may be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct MatterInput {
    /// The description with what is asked.
    pub matter: Matter,
    /// Its plan.
    pub planned: Planned,
}

/// What a matter came to.
#[derive(Debug, Clone, PartialEq)]
pub struct MatterFound {
    /// Working time only.
    pub worked: Worked,
    /// At desks, where they are described.
    pub desked: Option<Desked>,
}

/// The described matter with what is asked.
///
/// # Errors
/// Not found for a description that is none; `whatif.wrong` with the fields.
pub async fn matter_input(described: &Described, id: &str, asked: &AskedMatter) -> Outcome<MatterInput> {
    let (matter, planned) = described.matter(id).await?;
    let matter = asked.put(matter, &planned)?;
    Ok(MatterInput { matter, planned })
}

/// Runs seeds 1 to `seeds`, aside, and one question at a time.
///
/// # Errors
/// As [`super::answer`].
pub async fn answer_matter(input: MatterInput, seeds: u64) -> Outcome<MatterFound> {
    answer_matter_within(turn().await?, input, seeds, STEPS_MAX).await
}

/// The same in a turn that is held, as long as it is not more steps than these.
///
/// # Errors
/// `whatif.too-large` for more work, `whatif.cannot-run` for a description that cannot be run.
pub async fn answer_matter_within(
    turn: Turn,
    input: MatterInput,
    seeds: u64,
    steps: u64,
) -> Outcome<MatterFound> {
    let done = aside(move || {
        // Held until the work is over, also when nobody waits for the answer any more.
        let _turn = turn;
        found(&input, seeds, &mut Allowance::of(steps))
    });
    match done.await? {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Err(too_large().into()),
        Err(fault) => Err(cannot_run(&fault, "seeds").into()),
    }
}

fn found(input: &MatterInput, seeds: u64, allowance: &mut Allowance) -> Result<Option<MatterFound>, Fault> {
    let MatterInput { matter, planned } = input;
    // Counted before it is done: a step of a plan is drawn and laid out once in a row and once side by side.
    let drawn = matter.matters.saturating_mul(planned.steps.len()).saturating_mul(2);
    if !allowance.spend(drawn.saturating_mul(usize::try_from(seeds).unwrap_or(usize::MAX))) {
        return Ok(None);
    }
    let worked = worked(matter, &planned.steps, seeds)?;
    let Some(desks) = &matter.desks else { return Ok(Some(MatterFound { worked, desked: None })) };
    let desked = desked_within(desks, planned, seeds, allowance)?;
    Ok(desked.map(|desked| MatterFound { worked, desked: Some(desked) }))
}

/// The description as a file that `yimen whatif` reads, with the seeds in its first line.
///
/// # Errors
/// A [`Fault`] when it cannot be written.
pub fn matter_as_file(matter: &Matter, seeds: u64) -> Result<String, Fault> {
    let file = File { hall: None, matter: Some(matter.clone()) };
    super::written(&file, seeds)
}
