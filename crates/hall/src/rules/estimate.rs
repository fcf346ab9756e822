//! How long one will wait, as an honest range: the queue ahead is played through many times with the serving times that this business
//! really had, and the range holds eight of ten outcomes. With too few serving times the answer is that nobody knows.

/// Serving times needed before anything is said.
pub const SAMPLES_MIN: usize = 8;
/// Serving times that are looked at: the latest.
pub const SAMPLES_MAX: usize = 120;
/// How often the queue is played through.
const RUNS: usize = 200;
/// More people ahead than this are not played through one by one.
const AHEAD_MAX: usize = 400;

/// What one will wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Nobody is on duty at a window that takes the business.
    NoWindow,
    /// Too little is known of how long it takes.
    Unknown,
    /// From so many to so many minutes; eight of ten waits lie within.
    Minutes(i64, i64),
}

/// The queue as the estimate sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Queue {
    /// How many are called before.
    pub ahead: usize,
    /// Windows on duty that take the business: how many seconds each has been busy with somebody; `None` when free.
    pub windows: Vec<Option<i64>>,
    /// Serving times of this business in seconds, the latest first.
    pub samples: Vec<i64>,
}

/// Estimates the wait; the same queue has always the same answer.
pub fn wait(queue: &Queue) -> Wait {
    if queue.windows.is_empty() {
        return Wait::NoWindow;
    }
    let mut samples: Vec<i64> = queue.samples.iter().copied().filter(|s| *s >= 0).take(SAMPLES_MAX).collect();
    if samples.len() < SAMPLES_MIN {
        return Wait::Unknown;
    }
    samples.sort_unstable();
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let mut waits: Vec<i64> = (0..RUNS).map(|_| play(queue, &samples, &mut chance)).collect();
    waits.sort_unstable();
    let at = |tenth: usize| waits.get((RUNS - 1) * tenth / 10).copied().unwrap_or(0);
    Wait::Minutes(at(1) / 60, (at(9) + 59) / 60)
}

/// One way the queue may go: the seconds until it is one's turn.
fn play(queue: &Queue, samples: &[i64], chance: &mut Chance) -> i64 {
    let mut free: Vec<i64> = queue.windows.iter().map(|busy| rest(*busy, samples, chance)).collect();
    let mut turn = 0;
    for _ in 0..=queue.ahead.min(AHEAD_MAX) {
        let Some(window) = free.iter_mut().min() else { return turn };
        turn = *window;
        *window += chance.one_of(samples);
    }
    let beyond = i64::try_from(queue.ahead.saturating_sub(AHEAD_MAX)).unwrap_or(0);
    let sum: i64 = samples.iter().sum();
    let windows = i64::try_from(free.len() * samples.len()).unwrap_or(1).max(1);
    turn + beyond.saturating_mul(sum) / windows
}

/// What is left of a service that has lasted for `busy` seconds: of those that lasted longer, one by chance.
fn rest(busy: Option<i64>, sorted: &[i64], chance: &mut Chance) -> i64 {
    let Some(busy) = busy else { return 0 };
    let longer = sorted.get(sorted.partition_point(|s| *s <= busy)..).unwrap_or_default();
    if longer.is_empty() {
        return sorted.get(sorted.len() / 2).map_or(0, |median| median / 2);
    }
    chance.one_of(longer) - busy
}

/// SplitMix64: repeatable, and enough for drawing from a list.
struct Chance(u64);

impl Chance {
    fn one_of(&mut self, list: &[i64]) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        let length = u64::try_from(list.len()).unwrap_or(1).max(1);
        let index = usize::try_from(z % length).unwrap_or(0);
        list.get(index).copied().unwrap_or(0)
    }
}
