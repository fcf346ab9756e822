//! Ten thousand random matters of three cases: whatever happens to one, in whatever order it is told, late or twice, the others do
//! what the theme says and nothing else.

use super::lives::*;
use super::sample::*;
use super::tries::{KINDS, account, command};
use crate::CaseEvent;
use crate::model::*;
use crate::rules::{Act, Command, Doer, fold, news};
use catalog::Item;
use kernel::Text;
use proptest::prelude::*;

/// The matter: `b` needs what `a` makes, `c` comes after `b`; what follows from a refusal is chosen.
struct Matter {
    lives: Vec<Life>,
    /// What is not told yet: to whom, of which item, what.
    told: Vec<(usize, String, SiblingNews)>,
}

const KEYS: [&str; 3] = ["a", "b", "c"];

pub(super) fn awaited(on: &str, step: &str, demand: bool, then: Then) -> Awaited {
    Awaited {
        item: on.to_owned(),
        name: Text::same(on),
        demand: demand.then(|| "lease".to_owned()),
        certificate: demand.then(|| "sample".to_owned()),
        step: Some(step.to_owned()),
        then,
        say: Text::same("须先办好前一项。"),
        came: None,
        billed: None,
        failed: None,
    }
}

fn then(n: u8) -> Then {
    [Then::Alone, Then::Waits, Then::Ends][usize::from(n % 3)]
}

/// The last step of the item: everything before it goes on meanwhile.
fn last(item: &Item) -> String {
    item.process.last().unwrap().id.clone()
}

impl Matter {
    fn new(shapes: [(u8, u8, u8, u8); 3], thens: (u8, u8)) -> Self {
        let [a, b, c] = shapes;
        let lives = vec![
            life_awaiting(a, |_| Vec::new()),
            life_awaiting(b, |item| vec![awaited("a", &last(item), true, then(thens.0))]),
            life_awaiting(c, |item| vec![awaited("b", &last(item), false, then(thens.1))]),
        ];
        Self { lives, told: Vec::new() }
    }

    /// What has happened to a case is told to the one that waits for it.
    fn tell(&mut self, of: usize, events: &[CaseEvent]) {
        if of == 2 {
            return;
        }
        let life = &self.lives[of];
        for event in events {
            if let Some(news) = news(&life.item, life.case(), event) {
                self.told.push((of + 1, KEYS[of].to_owned(), news));
            }
        }
    }

    /// Something happens to a case, and what is decided is completed.
    fn happens(&mut self, of: usize, act: Act) {
        let life = &mut self.lives[of];
        let before = life.case().clone();
        let from = life.events.len();
        if life.act_at(act).is_err() {
            assert_eq!(&before, life.case(), "a refusal changes nothing");
        }
        complete(life);
        check(life, Some(&before));
        waiting(life);
        let events = life.events[from..].to_vec();
        self.tell(of, &events);
    }

    fn sweep(&mut self, of: usize) {
        let from = self.lives[of].events.len();
        self.lives[of].sweep();
        complete(&mut self.lives[of]);
        let events = self.lives[of].events[from..].to_vec();
        self.tell(of, &events);
    }

    /// The oldest message arrives, perhaps twice.
    fn deliver(&mut self, twice: bool) {
        if self.told.is_empty() {
            return;
        }
        let (to, item, news) = self.told.remove(0);
        let command = || Command::Sibling { item: item.clone(), news: news.clone() };
        let before = self.lives[to].case().clone();
        let ends = before.awaits.iter().any(|a| a.item == item && a.then == Then::Ends && a.came.is_none());
        let now = self.lives[to].now;
        self.happens(to, Act::now(command(), now));
        let after = self.lives[to].case().clone();
        if !before.state.ended() && matches!(after.state, CaseState::Returned { .. }) {
            assert!(ends && matches!(news, SiblingNews::Ended { .. }), "sunk by one it does not depend on");
        }
        if twice {
            let events = self.lives[to].events.len();
            self.happens(to, Act::now(command(), now));
            assert_eq!(self.lives[to].events.len(), events, "told twice is told once");
        }
    }
}

/// A step whose result is awaited has not begun, and the body's time to accept has not either.
fn waiting(life: &Life) {
    let case = life.case();
    for awaited in case.awaits.iter().filter(|a| a.open()) {
        let step = awaited.step.as_deref().and_then(|id| case.step(id)).unwrap();
        assert!(matches!(step.state, StepState::Waiting), "begun without what it waits for: {step:?}");
        if matches!(case.state, CaseState::Submitted { .. }) {
            assert!(case.running(&procedure::TermKind::Acceptance).is_none(), "a clock runs against nobody");
        }
    }
}

type Shape = (u8, u8, u8, u8);

fn shape() -> impl Strategy<Value = Shape> {
    (0u8..6, 0u8..4, 0u8..60, 0u8..8)
}

type MatterTry = (usize, u8, u8, u8, u8, u8);

/// Plays what is tried, tells everything that is to be told, and looks at what must hold in the end.
fn play(shapes: [Shape; 3], thens: (u8, u8), tries: Vec<MatterTry>) {
    let mut matter = Matter::new(shapes, thens);
    for of in 0..3 {
        complete(&mut matter.lives[of]);
        let events = matter.lives[of].events.clone();
        matter.tell(of, &events);
        waiting(&matter.lives[of]);
    }
    for (of, kind, a, b, c, wait) in tries {
        for life in &mut matter.lives {
            life.now += jiff::SignedDuration::from_hours([0, 0, 1, 5, 24, 72, 200, 0][usize::from(wait)]);
        }
        matter.sweep(of);
        let command = command(&matter.lives[of], (kind, a, b, c));
        let by = Doer { head: a % 2 == 0, ..Doer::head(account(c)) };
        let now = matter.lives[of].now;
        matter.happens(of, Act::now(command, now).by(by));
        if wait % 2 == 0 {
            matter.deliver(b % 3 == 0);
        }
    }
    while !matter.told.is_empty() {
        matter.deliver(false);
    }
    for life in &matter.lives {
        check_history(life);
        let folded = fold(life.stamped.iter().map(|(e, at)| (e, *at))).unwrap();
        assert_eq!(&folded, life.case(), "the fold of the events is the case");
    }
    // Whatever `a` came to is known to `b` in the end, unless `b` had ended or was decided before.
    let (a, b) = (matter.lives[0].case(), matter.lives[1].case());
    if a.state.ended() && b.state.works() {
        assert!(b.awaits.iter().all(|x| !x.open()), "{:?} {:?}", a.state, b.awaits);
    }
}

/// What is told to a case that has ended is known when a court has it examined again.
#[test]
fn a_case_taken_up_again_knows_what_was_told_while_it_was_over() {
    let tries = vec![(0, 0, 0, 0, 0, 6), (1, 42, 1, 1, 85, 6), (0, 0, 0, 0, 0, 0), (1, 43, 77, 0, 61, 0)];
    play([(0, 2, 0, 1), (0, 2, 0, 1), (0, 0, 0, 0)], (0, 0), tries);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_case_moves_another_only_as_the_theme_says(
        shapes in [shape(), shape(), shape()],
        thens in (0u8..3, 0u8..3),
        tries in proptest::collection::vec((0usize..3, 0..KINDS, any::<u8>(), any::<u8>(), any::<u8>(), 0u8..8), 0..18),
    ) {
        play(shapes, thens, tries);
    }
}
