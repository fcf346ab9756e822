//! Many takings and callings at the same moment, on two servers: what everybody was told must be what one queue would have told them, one
//! after the other, each at some moment between asking and answer. Checked as Wing and Gong do ("Testing and verifying concurrent
//! objects", 1993), with the states that were met remembered (Lowe 2017).

use crate::act;
use crate::town::{ROOMS, Town, call_at, take_at};
use hall::model::{Letter, Letters, Priority, number};
use hall::rules::turn::{self, SPACING, Waiting, Window};
use hall::verbs::{Ending, Taking};
use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

#[derive(Debug, Clone)]
enum Did {
    Took { letter: Letter, first: bool, number: String },
    Called { window: String, letters: Letters, number: Option<String> },
}

/// An act with the moments of asking and of the answer.
#[derive(Debug, Clone)]
struct Act {
    asked: u64,
    answered: u64,
    did: Did,
}

/// The queue as one after the other sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Model {
    waiting: Vec<(String, Letter, bool, i64)>,
    given: Vec<Letter>,
}

impl Model {
    /// The queue after the act, when the act could have had its answer here.
    fn after(&self, did: &Did) -> Option<Self> {
        let mut next = self.clone();
        match did {
            Did::Took { letter, first, number: told } => {
                next.given.push(*letter);
                next.given.sort_unstable();
                let serial = next.given.iter().filter(|l| *l == letter).count();
                let right = number(*letter, i64::try_from(serial).unwrap());
                next.waiting.push((right.clone(), *letter, *first, 0));
                (right == *told).then_some(next)
            }
            Did::Called { window, letters, number: told } => {
                let window = Window { number: window.clone(), letters: letters.clone() };
                let waiting: Vec<Waiting> = (1..)
                    .zip(&self.waiting)
                    .map(|(n, (_, letter, first, overtaken))| Waiting {
                        place: n * SPACING,
                        letter: *letter,
                        first: *first,
                        reserved: None,
                        overtaken: *overtaken,
                    })
                    .collect();
                let nobody = BTreeSet::new();
                let chosen = turn::next(&waiting, &window, &nobody, 2);
                if chosen.map(|c| &self.waiting[c].0) != told.as_ref() {
                    return None;
                }
                if let Some(chosen) = chosen {
                    for past in turn::overtaken(&waiting, &waiting[chosen], &window, &nobody) {
                        next.waiting[past].3 += 1;
                    }
                    next.waiting.remove(chosen);
                }
                Some(next)
            }
        }
    }
}

/// Whether there is an order of the acts that one queue could have had.
fn linearizable(acts: &[Act]) -> bool {
    fn go(acts: &[Act], done: u128, model: &Model, met: &mut HashSet<(u128, Model)>) -> bool {
        if done.count_ones() as usize == acts.len() {
            return true;
        }
        if !met.insert((done, model.clone())) {
            return false;
        }
        let left = || acts.iter().enumerate().filter(|(n, _)| done & (1 << n) == 0);
        let first_answer = left().map(|(_, a)| a.answered).min().unwrap();
        left()
            .filter(|(_, a)| a.asked < first_answer)
            .any(|(n, act)| model.after(&act.did).is_some_and(|next| go(acts, done | (1 << n), &next, met)))
    }
    assert!(acts.len() <= 128);
    go(acts, 0, &Model::default(), &mut HashSet::new())
}

struct History {
    clock: AtomicU64,
    acts: Mutex<Vec<Act>>,
}

impl History {
    fn tick(&self) -> u64 {
        self.clock.fetch_add(1, Ordering::SeqCst)
    }

    fn note(&self, asked: u64, did: Did) {
        let answered = self.tick();
        self.acts.lock().unwrap().push(Act { asked, answered, did });
    }
}

/// So many take tickets, so many each.
const TAKERS: u8 = 4;
const EACH: u8 = 6;
const TAKEN: u64 = TAKERS as u64 * EACH as u64;

harness::both!(two_windows_never_call_the_same_ticket, ROOMS, |t| async move {
    let town = Arc::new(Town::new(t).await);
    let second = town.second().await;
    let history = Arc::new(History { clock: AtomicU64::new(0), acts: Mutex::new(Vec::new()) });
    let served = Arc::new(AtomicU64::new(0));
    let mut tasks = Vec::new();
    let mut clerks = Vec::new();
    for (account, window, letters) in
        [("c1", "1", "AB"), ("c2", "2", "AB"), ("c3", "3", "A"), ("c4", "4", "B")]
    {
        clerks.push((town.on_duty(account, window).await, window, letters));
    }
    for (clerk, window, letters) in clerks {
        let history = Arc::clone(&history);
        let ground = if window == "1" || window == "3" { second.clone() } else { town.t.ground.clone() };
        let served = Arc::clone(&served);
        tasks.push(tokio::spawn(async move {
            let mut in_vain = 0;
            // However slow the machine: until everybody was called.
            while served.load(Ordering::SeqCst) < TAKEN {
                let asked = history.tick();
                let number = match call_at(&ground, &clerk).await {
                    Ok(taken) => Some(taken.number),
                    Err(kernel::Failure::Refused(refusal)) if refusal.code == "hall.nobody" => None,
                    Err(other) => panic!("{other}"),
                };
                let (window, letters) = (window.to_owned(), letters.parse().unwrap());
                // A call that found nobody changed nothing: a few of them are enough for the checker.
                if number.is_some() || in_vain < 6 {
                    history.note(asked, Did::Called { window, letters, number: number.clone() });
                }
                if number.is_some() {
                    served.fetch_add(1, Ordering::SeqCst);
                    act!(ground, clerk, start).unwrap();
                    act!(ground, clerk, end, &Ending::Done("办完".to_owned())).unwrap();
                } else {
                    in_vain += 1;
                    tokio::time::sleep(std::time::Duration::from_millis(25)).await;
                }
            }
        }));
    }
    for n in 0..TAKERS {
        let (town, history) = (Arc::clone(&town), Arc::clone(&history));
        let ground = if n % 2 == 0 { town.t.ground.clone() } else { second.clone() };
        tasks.push(tokio::spawn(async move {
            for m in 0..EACH {
                let letter = if (n + m) % 3 == 0 { "B" } else { "A" };
                let priority = if m % 3 == 2 { Priority::Soldier } else { Priority::Ordinary };
                let taking = Taking { priority, ..town.taking(letter) };
                let asked = history.tick();
                let taken = take_at(&ground, &town.calendar, &taking).await.unwrap();
                let first = priority != Priority::Ordinary;
                history.note(asked, Did::Took { letter: taking.letter, first, number: taken.number });
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let acts = history.acts.lock().unwrap().clone();
    let called: Vec<&String> = acts
        .iter()
        .filter_map(|a| match &a.did {
            Did::Called { number, .. } => number.as_ref(),
            Did::Took { .. } => None,
        })
        .collect();
    assert_eq!(called.iter().collect::<BTreeSet<_>>().len(), called.len(), "a ticket was called twice");
    assert_eq!(called.len() as u64, TAKEN, "everybody is called");
    assert!(linearizable(&acts), "no order explains this: {acts:#?}");
});

#[test]
fn the_checker_knows_a_wrong_history() {
    let letter: Letter = "A".parse().unwrap();
    let took = |asked, answered, n: i64| Act {
        asked,
        answered,
        did: Did::Took { letter, first: false, number: number(letter, n) },
    };
    let called = |asked, answered, n: Option<i64>| Act {
        asked,
        answered,
        did: Did::Called {
            window: "1".to_owned(),
            letters: "A".parse().unwrap(),
            number: n.map(|n| number(letter, n)),
        },
    };
    assert!(linearizable(&[took(0, 3, 1), took(1, 2, 2), called(4, 5, Some(1))]), "two at once");
    assert!(!linearizable(&[took(0, 1, 2), took(2, 3, 1)]), "numbers against the order of coming");
    assert!(!linearizable(&[took(0, 1, 1), called(2, 3, Some(1)), called(4, 5, Some(1))]), "called twice");
    assert!(!linearizable(&[took(0, 1, 1), called(2, 3, None)]), "somebody forgotten");
    assert!(linearizable(&[took(0, 3, 1), called(1, 2, None)]), "not there yet");
    assert!(!linearizable(&[took(0, 1, 1), took(2, 3, 2), called(4, 5, Some(2))]), "past the first");
}
