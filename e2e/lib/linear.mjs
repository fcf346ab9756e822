//! Whether what everybody was told of a queue is what one queue would have told them, one after the other, each at some moment between
//! asking and answer (linearizability; Wing and Gong 1993). The acts are gone through as they were asked and answered, with every
//! state the queue may be in kept beside the acts that are under way (Lowe, "Testing for linearizability", 2017).

/// How many with priority may go past somebody without.
const OVERTAKINGS = 2;
/// Each pair of tickets for two businesses that were taken at the same time doubles the orders until one of them is called: whoever
/// lets the queue grow for long cannot compare them all.
const STATES_MAX = 500_000;

const number = (letter, serial) => `${letter}${String(serial).padStart(3, "0")}`;

/// The queue after an act, when the act could have had its answer there; null otherwise.
function after(queue, act) {
  if (act.did === "took") {
    const serial = (queue.given[act.letter] ?? 0) + 1;
    if (act.number !== number(act.letter, serial)) return null;
    const one = { number: act.number, letter: act.letter, first: act.first, overtaken: 0 };
    return { given: { ...queue.given, [act.letter]: serial }, waiting: [...queue.waiting, one] };
  }
  const mine = queue.waiting.filter((one) => act.letters.includes(one.letter));
  const priority = mine.find((one) => one.first) ?? mine[0];
  const before = mine.slice(0, mine.indexOf(priority));
  const chosen = before.find((one) => !one.first && one.overtaken >= OVERTAKINGS) ?? priority;
  if ((chosen?.number ?? null) !== act.number) return null;
  if (!chosen) return queue;
  const passes = (one) => chosen.first && !one.first && before.includes(one);
  const waiting = queue.waiting.filter((one) => one !== chosen).map((one) => (passes(one) ? { ...one, overtaken: one.overtaken + 1 } : one));
  return { ...queue, waiting };
}

/// Whether an act leaves the queue as it was: it may be told at the first moment at which its answer is true, for no other act feels it.
const looks = (act) => act.did === "called" && act.number === null;

/// The states in which `must` is done, and any others that are under way may be.
function reached(states, open, must) {
  const found = new Map();
  const todo = [...states.values()];
  const seen = new Set(states.keys());
  while (todo.length > 0) {
    const state = todo.pop();
    if (state.done.has(must)) {
      found.set(state.key, state);
      continue;
    }
    const possible = [...open].filter((act) => !state.done.has(act)).map((act) => ({ act, queue: after(state.queue, act) })).filter(({ queue }) => queue);
    const atOnce = possible.find(({ act }) => looks(act));
    for (const { act, queue } of atOnce ? [atOnce] : possible) {
      const next = keyed(queue, new Set([...state.done, act]));
      if (seen.has(next.key)) continue;
      if (seen.size >= STATES_MAX) throw new Error(`${open.size} acts at once leave more than ${STATES_MAX} orders to compare`);
      seen.add(next.key);
      todo.push(next);
    }
  }
  return found;
}

/// Two states are the same when the same acts are done and the same people wait in the same order with the same rights; how many
/// numbers were given follows from the acts.
function keyed(queue, done) {
  const acts = [...done].map((act) => act.id).sort((a, b) => a - b);
  return { queue, done, key: `${acts.join()};${queue.waiting.map((one) => one.number + ".".repeat(one.overtaken)).join()}` };
}

/// The acts that no order explains, up to the first answer that contradicts; null when there is an order. An act is `{id, asked, answered, did:
/// "took" | "called", …}`; `took` has letter, first and number, `called` has letters and number, null when nobody waited. `answered` is
/// Infinity for an act that is known to be done, but not when. `given` says how many numbers of each letter were given before, when nobody waited.
export function contradiction(acts, given = {}) {
  const moments = acts.flatMap((act) => [{ at: act.asked, act, asks: true }, { at: act.answered, act, asks: false }]);
  moments.sort((a, b) => a.at - b.at || Number(b.asks) - Number(a.asks));
  const start = keyed({ given, waiting: [] }, new Set());
  let states = new Map([[start.key, start]]);
  const open = new Set();
  for (const { act, asks } of moments) {
    if (asks) {
      open.add(act);
      continue;
    }
    const reach = reached(states, open, act);
    if (reach.size === 0) return [...open];
    open.delete(act);
    states = new Map();
    for (const state of reach.values()) {
      const left = new Set(state.done);
      left.delete(act);
      const next = keyed(state.queue, left);
      states.set(next.key, next);
    }
  }
  return null;
}

/// The checker must know a wrong history when it sees one.
export function selfTest() {
  let id = 0;
  const took = (asked, answered, n, first = false) => ({ id: id++, asked, answered, did: "took", letter: "A", first, number: number("A", n) });
  const called = (asked, answered, n) => ({ id: id++, asked, answered, did: "called", letters: "A", number: n && number("A", n) });
  const right = {
    "two at once": [took(0, 3, 1), took(1, 2, 2), called(4, 5, 1)],
    "not there yet": [took(0, 3, 1), called(1, 2, null)],
    "done, but nobody knows when": [took(0, Infinity, 1), called(4, 5, null), called(6, 7, 1)],
    "priority first": [took(0, 1, 1), took(2, 3, 2, true), called(4, 5, 2), called(6, 7, 1)],
  };
  const wrong = {
    "numbers against the order of coming": [took(0, 1, 2), took(2, 3, 1)],
    "called twice": [took(0, 1, 1), called(2, 3, 1), called(4, 5, 1)],
    "called twice at once": [took(0, 1, 1), called(2, 5, 1), called(3, 4, 1)],
    "somebody forgotten": [took(0, 1, 1), called(2, 3, null)],
    "past the first": [took(0, 1, 1), took(2, 3, 2), called(4, 5, 2)],
    "a number left out": [took(0, 1, 1), took(2, 3, 3)],
    "three past the same": [took(0, 1, 1), ...[2, 3, 4].flatMap((n) => [took(10 * n, 10 * n + 1, n, true), called(10 * n + 2, 10 * n + 3, n)])],
  };
  for (const [name, acts] of Object.entries(right)) if (contradiction(acts)) throw new Error(`the checker refuses: ${name}`);
  for (const [name, acts] of Object.entries(wrong)) if (!contradiction(acts)) throw new Error(`the checker lets pass: ${name}`);
}
