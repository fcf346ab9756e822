//! Work at desks on a virtual clock: a piece begins to wait when everything it waits for is done, and is taken by the first free examiner
//! of its unit, first come, first served.

use crate::engine::{Agenda, Allowance, Ms};
use kernel::Fault;
use std::collections::{BTreeSet, VecDeque};

/// A part of a piece of work that one unit takes in hand once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The unit whose examiner takes it; none for what needs nobody.
    pub unit: Option<usize>,
    /// The pieces that must be done before, by number.
    pub after: Vec<usize>,
}

/// Something that is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// When.
    pub came: Ms,
    /// Its pieces are those of the kind with this number.
    pub kind: usize,
    /// How long each piece is in hand.
    pub hands: Vec<Ms>,
}

/// A piece of a job, done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// Whose.
    pub job: usize,
    /// Which.
    pub piece: usize,
    /// When it began to wait.
    pub ready: Ms,
    /// When it was taken in hand.
    pub begun: Ms,
    /// When it was done.
    pub done: Ms,
    /// The examiner of its unit, by number; none where nobody is needed or nobody has to be waited for.
    pub examiner: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Come { job: usize },
    Finish { job: usize, piece: usize, examiner: Option<u32> },
}

/// A unit as it goes.
struct Unit {
    /// The free examiners by how long they have been free; none where there are as many as are needed.
    free: Option<BTreeSet<(Ms, u32)>>,
    /// Job, piece, since when.
    waiting: VecDeque<(usize, usize, Ms)>,
}

struct Run<'a> {
    kinds: &'a [Vec<Piece>],
    jobs: &'a [Job],
    /// By kind and piece, what waits for it.
    then: Vec<Vec<Vec<usize>>>,
    units: Vec<Unit>,
    agenda: Agenda<What>,
    /// By job that is under way and piece, how many pieces it still waits for.
    open: Vec<Vec<usize>>,
    /// By job and piece, since when it waited, and when it was begun.
    under_way: Vec<Vec<(Ms, Ms)>>,
    done: Vec<Done>,
}

/// Runs `jobs` through units with so many examiners each (none: as many as are needed) until all is done; every piece, in the order in
/// which they ended. `None` when it was more work than allowed: one for each event and each piece that is looked at.
///
/// # Errors
/// A [`Fault`] when pieces wait for each other in a ring, so that they never begin.
pub fn run_within(
    examiners: &[Option<u32>],
    kinds: &[Vec<Piece>],
    jobs: &[Job],
    allowance: &mut Allowance,
) -> Result<Option<Vec<Done>>, Fault> {
    let free = |n: u32| (0..n).map(|e| (Ms::MIN, e)).collect();
    let unit = |n: &Option<u32>| Unit { free: n.map(free), waiting: VecDeque::new() };
    let pieces: usize = jobs.iter().map(|j| j.hands.len()).sum();
    let mut run = Run {
        kinds,
        jobs,
        then: kinds.iter().map(|kind| then(kind)).collect(),
        units: examiners.iter().map(unit).collect(),
        agenda: Agenda::new(),
        open: vec![Vec::new(); jobs.len()],
        under_way: vec![Vec::new(); jobs.len()],
        done: Vec::with_capacity(pieces),
    };
    for (job, one) in jobs.iter().enumerate() {
        run.agenda.plan(one.came, What::Come { job });
    }
    while let Some((now, what)) = run.agenda.next() {
        if !allowance.spend(run.effort(what)) {
            return Ok(None);
        }
        match what {
            What::Come { job } => run.come(now, job),
            What::Finish { job, piece, examiner } => run.finish(now, job, piece, examiner),
        }
    }
    if run.done.len() < pieces {
        return Err(Fault::new("steps wait for each other in a ring, so that they never begin"));
    }
    Ok(Some(run.done))
}

/// By piece, what waits for it.
fn then(kind: &[Piece]) -> Vec<Vec<usize>> {
    let mut then = vec![Vec::new(); kind.len()];
    for (number, piece) in kind.iter().enumerate() {
        piece.after.iter().for_each(|before| then[*before].push(number));
    }
    then
}

impl Run<'_> {
    fn effort(&self, what: What) -> usize {
        match what {
            What::Come { job } => 1 + self.jobs[job].hands.len(),
            What::Finish { job, piece, .. } => 1 + self.then[self.jobs[job].kind][piece].len(),
        }
    }

    /// A job is handed in: what waits for nothing begins to wait for an examiner.
    fn come(&mut self, now: Ms, job: usize) {
        let kind = &self.kinds[self.jobs[job].kind];
        self.open[job] = kind.iter().map(|p| p.after.len()).collect();
        self.under_way[job] = vec![(now, now); kind.len()];
        for piece in (0..kind.len()).filter(|p| kind[*p].after.is_empty()) {
            self.ready(now, job, piece);
        }
    }

    /// It is a piece's turn as far as other pieces go.
    fn ready(&mut self, now: Ms, job: usize, piece: usize) {
        let unit = self.kinds[self.jobs[job].kind][piece].unit.map(|u| &mut self.units[u]);
        let Some(Unit { free: Some(free), waiting }) = unit else {
            return self.begin(now, job, piece, now, None);
        };
        match free.pop_first() {
            Some((_, examiner)) => self.begin(now, job, piece, now, Some(examiner)),
            None => waiting.push_back((job, piece, now)),
        }
    }

    fn begin(&mut self, now: Ms, job: usize, piece: usize, ready: Ms, examiner: Option<u32>) {
        self.under_way[job][piece] = (ready, now);
        let done = now + self.jobs[job].hands[piece];
        self.agenda.plan(done, What::Finish { job, piece, examiner });
    }

    /// A piece is done: its examiner takes the next that waits, and what waited for it may go on.
    fn finish(&mut self, now: Ms, job: usize, piece: usize, examiner: Option<u32>) {
        let (ready, begun) = self.under_way[job][piece];
        self.done.push(Done { job, piece, ready, begun, done: now, examiner });
        let kind = self.jobs[job].kind;
        if let (Some(examiner), Some(unit)) = (examiner, self.kinds[kind][piece].unit) {
            let unit = &mut self.units[unit];
            match unit.waiting.pop_front() {
                Some((job, piece, since)) => self.begin(now, job, piece, since, Some(examiner)),
                None => unit.free.iter_mut().for_each(|free| {
                    free.insert((now, examiner));
                }),
            }
        }
        for at in 0..self.then[kind][piece].len() {
            let next = self.then[kind][piece][at];
            self.open[job][next] -= 1;
            if self.open[job][next] == 0 {
                self.ready(now, job, next);
            }
        }
    }
}
