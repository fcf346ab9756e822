//! From what somebody may look at to an answer, for the page and the programs' door alike: the input, what is asked of it, and the run
//! that keeps the server free.

mod matter;

pub use matter::{
    MatterFound, MatterInput, answer_matter, answer_matter_within, matter_as_file, matter_input,
};

use crate::asked::Asked;
use crate::compare::{Compared, compare_within};
use crate::described::{Described, aside};
use crate::engine::Allowance;
use crate::file::{File, Hall};
use crate::replay::{Replay, replay};
use ::hall::Settings;
use ::hall::verbs::Manager;
use jiff::civil::Date;
use kernel::{Fault, FieldError, Outcome, Refusal, RefusalKind};
use page::House;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// One at a time on a server: whoever serves people goes first.
static RUNNING: Semaphore = Semaphore::const_new(1);
/// Who comes meanwhile waits so long before being told to try again.
const PATIENCE: Duration = Duration::from_secs(3);
/// How much a run may be: a few seconds of one core. The largest question about a hall of 27 units fits.
pub const STEPS_MAX: u64 = 100_000_000;

/// What is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// A past day of the hall itself.
    Day(Date),
    /// A description by its id.
    File(String),
}

/// An input that may be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The description.
    pub hall: Hall,
    /// What the record said, for a recorded day.
    pub replay: Option<Replay>,
}

/// Reads the input. `training` is that of windows which take more than they did on a recorded day, in per cent.
///
/// # Errors
/// A refusal at the field `day` for a day that is not over or on which nobody came, or was served; not found for a description that is none.
pub async fn input(
    house: &House,
    described: &Described,
    who: &Manager,
    basis: &Basis,
    asked: &Asked,
) -> Outcome<Input> {
    let day = match basis {
        Basis::File(id) => return Ok(Input { hall: described.one(id).await?, replay: None }),
        Basis::Day(day) => *day,
    };
    let ground = &house.ground;
    let found = ::hall::recorded_day(&ground.store, &house.calendar, who, day, ground.clock.now()).await?;
    let found = found.ok_or_else(no_such_day)?;
    let replay = replay(&who.hall().name, &found, Settings::default().overtakings, asked.factor())?;
    Ok(Input { hall: replay.hall.clone(), replay: Some(replay) })
}

/// That a day cannot be tried, at its field.
pub fn no_such_day() -> Refusal {
    let (zh, en) = (
        "这一天没有取号记录，或者还没有过完。请选择列出的日子。",
        "No tickets were taken on this day, or it is not over. Choose one of the days listed.",
    );
    Refusal::new(RefusalKind::Invalid, "whatif.no-day", zh, en).field("day", zh, en)
}

/// The description with what is asked, or what is wrong at its field.
///
/// # Errors
/// `whatif.wrong` with the fields.
pub fn arranged(asked: &Asked, hall: Hall) -> Result<Hall, Refusal> {
    asked.put(hall).map_err(wrong)
}

/// What is wrong with fields, as a refusal of the whole.
pub(crate) fn wrong(fields: Vec<FieldError>) -> Refusal {
    let (zh, en) = ("推演的设置有误。", "Something in the question is wrong.");
    Refusal { fields, ..Refusal::new(RefusalKind::Invalid, "whatif.wrong", zh, en) }
}

/// The server's turn to work on a question, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    _permit: SemaphorePermit<'static>,
}

/// Waits for the server's turn, a little while.
///
/// # Errors
/// `whatif.busy` while another question is worked on.
pub async fn turn() -> Outcome<Turn> {
    let permit = tokio::time::timeout(PATIENCE, RUNNING.acquire()).await.map_err(|_| busy())?;
    Ok(Turn { _permit: permit.map_err(|e| Fault::from("waiting for a turn", e))? })
}

/// Runs the days of seeds 1 to `seeds`, aside, and one question at a time.
///
/// # Errors
/// As [`turn`] and [`answer_within`].
pub async fn answer(hall: Hall, seeds: u64) -> Outcome<Compared> {
    answer_within(turn().await?, hall, seeds, STEPS_MAX).await
}

/// The same in a turn that is held, as long as it is not more steps than these.
///
/// # Errors
/// `whatif.too-large` for more work, `whatif.cannot-run` for a description that cannot be run.
pub async fn answer_within(turn: Turn, hall: Hall, seeds: u64, steps: u64) -> Outcome<Compared> {
    let done = aside(move || {
        // Held until the work is over, also when nobody waits for the answer any more.
        let _turn = turn;
        compare_within(&hall, seeds, Allowance::of(steps))
    });
    match done.await? {
        Ok(Some(compared)) => Ok(compared),
        Ok(None) => Err(too_large().into()),
        Err(fault) => Err(cannot_run(&fault, "windows").into()),
    }
}

/// The description as a file that `yimen whatif` reads, with the seeds in its first line.
///
/// # Errors
/// A [`Fault`] when it cannot be written.
pub fn as_file(hall: &Hall, seeds: u64) -> Result<String, Fault> {
    let file = File { hall: Some(hall.clone()), matter: None };
    written(&file, seeds)
}

fn written(file: &File, seeds: u64) -> Result<String, Fault> {
    let text = serde_saphyr::to_string(file).map_err(|e| Fault::from("writing a description", e))?;
    Ok(format!("# yimen whatif THIS-FILE --seeds {seeds}\n{text}"))
}

fn busy() -> Refusal {
    Refusal::new(
        RefusalKind::Unavailable,
        "whatif.busy",
        "另一个推演正在进行。",
        "Another question is being worked on.",
    )
    .next("请稍等几秒再试，您填的内容还在。", "Try again in a few seconds; what you filled in is still here.")
}

fn too_large() -> Refusal {
    let (zh, en) = (
        "这个推演太大，没有做完就停下了。请减少天数（种子数）或对比方案；窗口太少、队伍太长时也会这样。",
        "This is too large and was stopped before its end. Ask for fewer days (seeds) or arrangements; too few windows with a very long \
         queue are too large as well.",
    );
    Refusal::new(RefusalKind::Invalid, "whatif.too-large", zh, en).field("seeds", zh, en)
}

fn cannot_run(fault: &Fault, field: &str) -> Refusal {
    let (zh, en) = (format!("这样的安排无法推演：{fault}。"), format!("This cannot be run: {fault}."));
    Refusal::new(RefusalKind::Invalid, "whatif.cannot-run", zh.clone(), en.clone()).field(field, zh, en)
}
