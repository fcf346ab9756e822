//! Kills the server with SIGKILL at random moments under load, starts it again, and counts: every case that was answered
//! 201 and every act that was answered 200 is there exactly once, its trace verifies, its waiting messages go out. Licences are
//! led through their whole lives over the kills; now and then the clock leaps a month, the server is killed while it writes down
//! what passed, and every term must be written down once, in order, at its own moment. Kiosks and windows of a hall go on all the
//! while: their numbers stay one queue. `node kill.mjs --kills 20`

import { Api } from "./lib/api.mjs";
import { day, proof, sticker } from "./lib/filings.mjs";
import { Ledger } from "./lib/ledger.mjs";
import { ITEMS, Lives } from "./lib/lives.mjs";
import { Queue, foundHall } from "./lib/queue.mjs";
import { Server, pause } from "./lib/server.mjs";
import { afterSilence, beforeSilence } from "./lib/silence.mjs";

const at = process.argv.indexOf("--kills");
const KILLS = at > 0 ? Number(process.argv[at + 1]) : 20;
const CALLERS = 4;
const LEADERS = 4;
const KILL_AFTER_MS_MAX = 1500;
const CASES_PER_ROUND_MAX = 16;
const LIVES_PER_ROUND_MAX = 8;
/// The demonstration's clock may run 366 days ahead.
const LEAPS_MAX = 11;
const LEAP_MINUTES = 30 * 24 * 60;
const LEAP_EVERY = Math.max(5, Math.ceil(KILLS / LEAPS_MAX));
/// A job whose server was killed is free again after a minute.
const LEASE_MINUTES = 2;
/// The sweeper begins when the program is ready, and takes about so long.
const SWEEP_MS_MAX = 500;
const STICKERS_WATCHED = 20;

const server = await Server.make({ items: ITEMS });
const ledger = new Ledger(server.folder);
const backend = server.database ? "postgres" : "sqlite";
const signIn = (name) => Api.signIn(server.url, name);
const lives = new Lives(ledger, signIn, () => server.now());
foundHall(server);
const queue = new Queue(() => [server.url], () => server.now());
process.on("SIGTERM", async () => {
  await server.kill();
  server.clear();
  process.exit(143);
});

let people = [];
let examiner;
let passed = 0;
let failed = 0;
let ends = 0;
let leaps = 0;

/// Signs everybody in, at first and when the clock has leaped over the end of every session.
async function gather() {
  const [firm, citizen, other] = await Promise.all([signIn("firm"), signIn("citizen"), signIn("examiner"), lives.gather(), queue.gather()]);
  examiner = other;
  const now = server.now();
  people = [
    { api: firm, filing: await sticker(firm, { starts: day(3, now), ends: day(5, now) }), instant: false },
    { api: citizen, filing: await proof(citizen), instant: true },
  ];
  for (const entry of ledger.sent.values()) if (!entry.life) entry.api = entry.instant ? citizen : firm;
}

/// Files cases until the server is gone.
async function call(who, round) {
  while (round.alive && round.keys.length < CASES_PER_ROUND_MAX) round.keys.push(await ledger.file(who));
}

/// Approves what waits in the inbox until the server is gone.
async function examineInbox(round) {
  while (round.alive) {
    const inbox = await examiner.get("/tasks?limit=5").catch(() => null);
    for (const task of inbox?.body.tasks ?? []) {
      if (await ledger.approve(examiner, task)) round.approved.push(task.case);
      if (!round.alive) return;
    }
    await pause(20);
  }
}

/// Everybody works until the server is killed; then what was answered is compared with what is there.
async function round(number) {
  const ready = await server.start();
  const state = { alive: true, keys: [], approved: [], lives: LIVES_PER_ROUND_MAX };
  const callers = people.flatMap((who) => Array.from({ length: CALLERS / people.length }, () => call(who, state)));
  const leaders = Array.from({ length: LEADERS }, () => lives.lead(state));
  const all = Promise.allSettled([examineInbox(state), ...callers, ...leaders, ...queue.work(state)]);
  const after = Math.random() * KILL_AFTER_MS_MAX;
  await pause(after);
  state.alive = false;
  await server.kill();
  for (const done of await all) if (done.status === "rejected") throw done.reason;
  const start = await server.start();
  for (const key of state.keys) await ledger.check(key);
  for (const number of state.approved) await ledger.checkApproved(examiner, number);
  const led = await lives.check();
  // While the queue is short: who waits long may have come in too many orders.
  await queue.check();
  await server.kill();
  console.log(`kill ${number}: after ${Math.round(after)} ms, ${state.keys.length} filings, ${state.approved.length} approvals and ${led} lives checked, ready in ${Math.round(ready)} and ${Math.round(start)} ms`);
}

/// The cases in which something still runs.
function waiting() {
  const led = lives.all.filter((life) => !life.left && life.number);
  const silence = (life) => (life.at === life.plan.acts.length ? life.plan.silence : undefined);
  const stickers = [...ledger.sent.values()].filter((entry) => !entry.life && !entry.instant && !entry.left && entry.number && !ledger.approved.has(entry.number));
  return [
    ...led.map((life) => ({ number: life.number, api: lives.api.restaurant, silence: silence(life), of: life })),
    ...stickers.slice(-STICKERS_WATCHED).map((entry) => ({ number: entry.number, api: entry.api, of: entry })),
  ];
}

/// A month passes while the server is down; it is killed while it writes down what passed meanwhile.
async function silence(number) {
  await server.start();
  // The queue of a day is compared before the day is over.
  await queue.check();
  const entries = waiting();
  const before = await beforeSilence(entries);
  await server.kill();
  server.aheadMinutes += LEAP_MINUTES;
  leaps += 1;
  await server.start();
  const after = Math.random() * SWEEP_MS_MAX;
  await pause(after);
  await server.kill();
  const killed = server.now();
  server.aheadMinutes += LEASE_MINUTES;
  await server.start();
  await gather();
  for (const entry of entries) {
    entry.api = entry.of.plan ? lives.api.restaurant : entry.of.api;
    entry.of.left = true;
  }
  const written = await afterSilence(before, () => server.now(), killed);
  ends += written.ends;
  await server.kill();
  console.log(`kill ${number}: a month passed; killed ${Math.round(after)} ms into it, with ${written.early} of ${written.ends} ends in ${entries.length} cases written down; all are there once`);
}

async function kills() {
  await server.start();
  await gather();
  await server.kill();
  for (let number = 1; number <= KILLS; number += 1) {
    try {
      await (number % LEAP_EVERY === 0 && leaps < LEAPS_MAX ? silence(number) : round(number));
      passed += 1;
    } catch (error) {
      failed += 1;
      console.log(`kill ${number}: ${error.message}\n${server.lastWords()}`);
      if (server.child.exitCode === null && server.child.signalCode === null) await server.kill();
      if (failed >= 3) return;
    }
  }
}

try {
  await kills();
  await server.start();
  console.log(`${queue.checked} takings and callings of a hall are explained by one queue; ${queue.unknown} had been cut off before the answer`);
  console.log(`${await ledger.printed()} certificates are printed`);
  await ledger.drained(server);
  await server.stop();
  ledger.examine(server);
  passed += 1;
} catch (error) {
  failed += 1;
  console.log(`${error.message}\n${server.lastWords()}`);
}
if (server.child?.exitCode === null && server.child.signalCode === null) await server.kill();
server.clear();
console.log(`${backend}: ${ledger.checked} checks of cases, ${ledger.approved.size} grants, ${lives.all.length} lives with ${lives.acts} acts and ${ends} ends of terms after ${KILLS} kills; ${ledger.unknown} filings had been cut off before the answer`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
