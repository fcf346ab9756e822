//! Kills the server with SIGKILL at random moments under load, starts it again, and counts: every case that was answered
//! 201 is there exactly once, its trace verifies, its waiting messages go out. `node kill.mjs --kills 20`

import { Api } from "./lib/api.mjs";
import { proof, sticker } from "./lib/filings.mjs";
import { Ledger } from "./lib/ledger.mjs";
import { Server, pause } from "./lib/server.mjs";

const at = process.argv.indexOf("--kills");
const KILLS = at > 0 ? Number(process.argv[at + 1]) : 20;
const CALLERS = 8;
const KILL_AFTER_MS_MAX = 1500;
const CASES_PER_ROUND_MAX = 40;

const server = await Server.make();
const ledger = new Ledger(server.folder);
const backend = server.database ? "postgres" : "sqlite";
process.on("SIGTERM", async () => {
  await server.kill();
  server.clear();
  process.exit(143);
});

let people = [];
let examiner;
let passed = 0;
let failed = 0;

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

async function round(number) {
  const ready = await server.start();
  const state = { alive: true, keys: [], approved: [] };
  const inbox = examineInbox(state);
  const callers = people.flatMap((who) => Array.from({ length: CALLERS / people.length }, () => call(who, state)));
  const all = Promise.allSettled([inbox, ...callers]);
  const after = Math.random() * KILL_AFTER_MS_MAX;
  await pause(after);
  state.alive = false;
  await server.kill();
  for (const done of await all) if (done.status === "rejected") throw done.reason;
  const start = await server.start();
  for (const key of state.keys) await ledger.check(key);
  for (const number of state.approved) await ledger.checkApproved(examiner, number);
  await server.kill();
  const told = `kill ${number}: after ${Math.round(after)} ms, ${state.keys.length} filings and ${state.approved.length} approvals checked, ready in ${Math.round(ready)} and ${Math.round(start)} ms`;
  console.log(told);
}

try {
  await server.start();
  const [firm, citizen] = [await Api.signIn(server.url, "firm"), await Api.signIn(server.url, "citizen")];
  examiner = await Api.signIn(server.url, "examiner");
  people = [
    { api: firm, filing: await sticker(firm), instant: false },
    { api: citizen, filing: await proof(citizen), instant: true },
  ];
  await server.kill();
  for (let number = 1; number <= KILLS; number += 1) {
    try {
      await round(number);
      passed += 1;
    } catch (error) {
      failed += 1;
      console.log(`kill ${number}: ${error.message}\n${server.lastWords()}`);
      if (server.child.exitCode === null && server.child.signalCode === null) await server.kill();
      if (failed >= 3) break;
    }
  }
  await server.start();
  console.log(`${await ledger.printed()} certificates are printed`);
  await server.stop();
  ledger.examine(server);
  passed += 1;
} catch (error) {
  failed += 1;
  console.log(`${error.message}\n${server.lastWords()}`);
}
if (server.child?.exitCode === null && server.child.signalCode === null) await server.kill();
server.clear();
console.log(`${backend}: ${ledger.checked} cases and ${ledger.approved.size} approvals checked after ${KILLS} kills, ${ledger.unknown} of them had been cut off before the answer`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
