//! Two servers on one database work as one, on PostgreSQL or on one file of SQLite: either is killed at random under load while the other
//! goes on, people change from one to the other in the middle of their work and of whole licences, and a hall's numbers stay one queue.
//! `node two.mjs --kills 10`, or with `YIMEN_DATABASE=…` on PostgreSQL

import { Api } from "./lib/api.mjs";
import { proof, sticker } from "./lib/filings.mjs";
import { Ledger } from "./lib/ledger.mjs";
import { ITEMS, Lives } from "./lib/lives.mjs";
import { Queue, foundHall } from "./lib/queue.mjs";
import { Server, freePort, pause } from "./lib/server.mjs";

const at = process.argv.indexOf("--kills");
const KILLS = at > 0 ? Number(process.argv[at + 1]) : 10;
const CALLERS = 4;
const KILL_AFTER_MS_MAX = 1200;
const LEADERS = 4;
const CASES_PER_ROUND_MAX = 16;
const LIVES_PER_ROUND_MAX = 8;

const first = await Server.make({ items: ITEMS });
const second = Object.assign(new Server(), first, { port: await freePort() });
second.url = `http://127.0.0.1:${second.port}`;
const servers = [first, second];
const ledger = new Ledger(first.folder);
const lives = new Lives(ledger, (name) => Api.signIn(first.url, name), () => first.now());
foundHall(first);
const queue = new Queue(() => servers.map((server) => server.url), () => first.now());
let passed = 0;
let failed = 0;

const alive = (server) => server.child && server.child.exitCode === null && server.child.signalCode === null;

async function killAll() {
  for (const server of servers) if (alive(server)) await server.kill();
}

process.on("SIGTERM", async () => {
  await killAll();
  first.clear();
  process.exit(143);
});

/// The same session at the other server: a token is worth the same everywhere.
const elsewhere = (api, server) => new Api(server.url, api.token);

/// Every act of a life at the other server than the one before.
let turns = 0;
const inTurn = (api) => elsewhere(api, servers[turns++ % 2]);

/// Files at either server in turn.
async function call(who, round) {
  for (let turn = 0; round.alive && round.keys.length < CASES_PER_ROUND_MAX; turn += 1) {
    round.keys.push(await ledger.file(who, elsewhere(who.api, servers[turn % 2])));
  }
}

/// Two windows of one examiner, one at each server, reach for the same tasks.
async function examine(examiner, round) {
  while (round.alive) {
    const inbox = await examiner.get("/tasks?limit=5").catch(() => null);
    for (const task of inbox?.body?.tasks ?? []) {
      if (await ledger.approve(examiner, task)) {
        if (round.approved.has(task.case)) throw new Error(`${task.case} was approved twice`);
        round.approved.add(task.case);
      }
      if (!round.alive) return;
    }
    await pause(20);
  }
}

async function round(number, people, examiner) {
  const state = { alive: true, keys: [], approved: new Set(), lives: LIVES_PER_ROUND_MAX };
  const work = [
    ...servers.map((server) => examine(elsewhere(examiner, server), state)),
    ...people.flatMap((who) => Array.from({ length: CALLERS / people.length }, () => call(who, state))),
    ...Array.from({ length: LEADERS }, () => lives.lead(state, inTurn)),
    ...queue.work(state),
  ];
  const all = Promise.allSettled(work);
  await pause(Math.random() * KILL_AFTER_MS_MAX);
  const victim = servers[number % 2];
  await victim.kill();
  await pause(400);
  state.alive = false;
  for (const done of await all) if (done.status === "rejected") throw done.reason;
  const survivor = servers[(number + 1) % 2];
  for (const key of state.keys) await ledger.check(key, elsewhere(ledger.sent.get(key).api, survivor));
  for (const number of state.approved) await ledger.checkApproved(elsewhere(examiner, survivor), number);
  const led = await lives.check((api) => elsewhere(api, survivor));
  const ready = await victim.start();
  // While the queue is short: who waits long may have come in too many orders.
  await queue.check();
  console.log(`kill ${number}: ${state.keys.length} filings, ${state.approved.size} approvals and ${led} lives checked at the other server, ready again in ${Math.round(ready)} ms`);
}

try {
  await first.start();
  await second.start();
  const [firm, citizen] = [await Api.signIn(first.url, "firm"), await Api.signIn(second.url, "citizen")];
  await lives.gather();
  await queue.gather();
  const examiner = await Api.signIn(second.url, "examiner");
  const people = [
    { api: firm, filing: await sticker(firm), instant: false },
    { api: citizen, filing: await proof(citizen), instant: true },
  ];
  for (let number = 1; number <= KILLS; number += 1) {
    await round(number, people, examiner);
    passed += 1;
  }
  console.log(`${queue.checked} takings and callings of a hall are explained by one queue; ${queue.unknown} had been cut off before the answer`);
  console.log(`${await ledger.printed()} certificates are printed`);
  await ledger.drained(first);
  for (const server of servers) await server.stop();
  ledger.examine(first);
  passed += 1;
} catch (error) {
  failed += 1;
  console.log(`${error.message}\n${first.lastWords()}`);
}
await killAll();
first.clear();
console.log(`two servers: ${ledger.checked} checks of cases, ${ledger.approved.size} grants, ${lives.all.length} lives with ${lives.acts} acts after ${KILLS} kills; ${ledger.unknown} filings had been cut off before the answer`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
