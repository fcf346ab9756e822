//! The clock leaps while the server is down: every term that passed is written down once, at its own moment, in order, also when
//! the server is killed while it writes.

import { pause } from "./server.mjs";

const SETTLED_MS_MAX = 90_000;
/// Below this age an end may still be waiting for the sweeper's next round.
const FRESH_MS = 2_000;

function wrong(say) {
  throw new Error(say);
}

const micros = (text) => text.replace(/(\.\d*?)0*Z$/, "$1Z").replace(/\.Z$/, "Z");
const words = (kind) => `${kind.kind}${kind.of ? `:${kind.of}` : ""}`;
const passes = (events) => events.filter((event) => event.kind === "term_passed");
const running = (terms) => terms.filter((t) => t.state.state === "running" && !t.paused && t.kind !== "remedy");

/// The terms that have ended, and of which nothing is written.
function unswept({ terms, events }, now) {
  const told = new Set(passes(events).map((e) => `${words(e.body.kind)} ${micros(e.body.due)}`));
  return running(terms).filter((t) => new Date(t.due_at) < now - FRESH_MS && !told.has(`${words(t)} ${micros(t.due_at)}`));
}

/// Case and events as a party sees them.
async function seen(entry) {
  const [found, trace] = [await entry.api.get(`/cases/${entry.number}`), await entry.api.get(`/cases/${entry.number}/trace`)];
  if (found.status !== 200 || trace.status !== 200) wrong(`${entry.number}: ${found.status} and ${trace.status}`);
  const events = trace.text.trim().split("\n").map((line) => JSON.parse(line)).filter((line) => line.kind);
  return { state: found.body.state, terms: found.body.terms, events };
}

/// What runs in every case now, to be compared after the leap.
export async function beforeSilence(entries) {
  const before = new Map();
  for (const entry of entries) before.set(entry, await seen(entry));
  return before;
}

/// Waits until the sweeper has nothing left to write down, and answers what stands in every case then.
async function settled(before, now) {
  const end = performance.now() + SETTLED_MS_MAX;
  const after = new Map();
  for (const entry of before.keys()) {
    for (;;) {
      const state = await seen(entry);
      after.set(entry, state);
      const late = unswept(state, now());
      if (late.length === 0) break;
      if (performance.now() > end) wrong(`${entry.number}: nobody has written down that ${late.map((t) => `${words(t)} ended ${t.due_at}`)}`);
      await pause(200);
    }
  }
  return after;
}

/// Compares each case with what ran before the clock leaped; answers how many ends were written down, and how many of them
/// before the moment of `killed`.
export async function afterSilence(before, now, killed) {
  let [ends, early] = [0, 0];
  for (const [entry, after] of await settled(before, now)) {
    const earlier = before.get(entry);
    inOrder(entry.number, after.events, now());
    complete(entry.number, earlier, after, now());
    const written = passes(after.events).slice(passes(earlier.events).length);
    ends += written.length;
    early += written.filter((event) => new Date(event.recorded_at) <= killed).length;
    if (entry.silence) asTold(entry, earlier, after);
  }
  return { ends, early };
}

function inOrder(number, events, now) {
  const told = new Set();
  let last = "";
  for (const event of passes(events)) {
    const [what, due] = [words(event.body.kind), event.body.due];
    if (told.has(`${what} ${due}`)) wrong(`${number}: the end of ${what} is written down twice`);
    told.add(`${what} ${due}`);
    if (micros(event.occurred_at) !== micros(due)) wrong(`${number}: ${what} ended ${due} and is written down at ${event.occurred_at}`);
    if (new Date(due) > now) wrong(`${number}: ${what} is written down before its end ${due}`);
    if (due < last) wrong(`${number}: ${what}, ended ${due}, stands after the end of ${last}`);
    last = due;
  }
}

/// What ran before the leap and ended in it is written down, unless the case ended before or somebody was quicker.
function complete(number, earlier, after, now) {
  const told = passes(after.events).map((e) => `${words(e.body.kind)} ${micros(e.body.due)}`);
  const due = running(earlier.terms).filter((t) => new Date(t.due_at) < now).sort((a, b) => (a.due_at < b.due_at ? -1 : 1));
  due.forEach((term, n) => {
    const name = `${words(term)} ${micros(term.due_at)}`;
    const gone = after.terms.some((t) => words(t) === words(term) && t.from === term.from && t.state.state !== "running");
    // The first end of all is passed by silence itself: nobody was there to be quicker, but a line system's report.
    if (!told.includes(name) && (!gone || (n === 0 && term.kind !== "step"))) wrong(`${number}: ${name} passed in silence and is not written down`);
  });
}

/// What silence makes of a case, at the moment the law says.
function asTold({ number, silence }, earlier, after) {
  if (after.state !== silence.state) wrong(`${number} is ${after.state} after a month's silence, and not ${silence.state}`);
  for (const term of silence.still ?? []) {
    if (passes(after.events).some((e) => e.body.kind.kind === term)) wrong(`${number}: ${term} passed while it stood still`);
  }
  if (!silence.event) return;
  const term = earlier.terms.find((t) => t.kind === silence.term && t.state.state === "running");
  const found = after.events.filter((event) => silence.event(event));
  if (!term || found.length !== 1) wrong(`${number}: ${silence.term} passed, and what follows stands ${found.length} times`);
  if (micros(found[0].occurred_at) !== micros(term.due_at)) wrong(`${number}: what follows from ${silence.term} happened ${found[0].occurred_at} and not ${term.due_at}`);
}
