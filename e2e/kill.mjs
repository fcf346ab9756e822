//! Kills the server with SIGKILL at random moments under load, starts it again, and counts: every case that was answered
//! 201 is there exactly once, its trace verifies, its waiting messages go out. `node kill.mjs --kills 20`

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { Api } from "./lib/api.mjs";
import { proof, sticker } from "./lib/filings.mjs";
import { BIN, ROOT, Server, pause } from "./lib/server.mjs";

const at = process.argv.indexOf("--kills");
const KILLS = at > 0 ? Number(process.argv[at + 1]) : 20;
const CALLERS = 8;
const KILL_AFTER_MS_MAX = 1500;
const CASES_PER_ROUND_MAX = 40;
const MESSAGE_MS_MAX = 60_000;

const server = await Server.make();
const backend = server.database ? "postgres" : "sqlite";
process.on("SIGTERM", async () => {
  await server.kill();
  server.clear();
  process.exit(143);
});

/// Case numbers whose approval was answered 200.
const approved = new Set();
/// Every filing ever sent: key → {api, filing, number (when answered 201)}.
const sent = new Map();
const numbers = new Map();
let passed = 0;
let failed = 0;
let checked = 0;
let unknown = 0;

function wrong(say) {
  throw new Error(say);
}

/// Files cases until the server is gone.
async function call(who, round) {
  while (round.alive && round.keys.length < CASES_PER_ROUND_MAX) {
    const key = randomUUID();
    const entry = { ...who, key, number: null };
    sent.set(key, entry);
    round.keys.push(key);
    const answer = await entry.api.file(key, entry.filing).catch(() => null);
    if (answer?.status === 201) entry.number = answer.body.number;
    else if (answer && answer.status < 500 && answer.status !== 429) wrong(`filing was refused: ${answer.status} ${answer.text}`);
  }
}

/// Approves what waits in the inbox until the server is gone.
async function examineInbox(round) {
  while (round.alive) {
    const inbox = await examiner.get("/tasks?limit=5").catch(() => null);
    for (const task of inbox?.body.tasks ?? []) {
      const done = await examiner.send("POST", `/tasks/${task.id}/outcome`, { outcome: "approve" }).catch(() => null);
      if (done?.status === 200) {
        approved.add(task.case);
        round.approved.push(task.case);
      } else if (done && done.status < 500 && done.status !== 409) wrong(`approving ${task.case}: ${done.status} ${done.text}`);
      if (!round.alive) return;
    }
    await pause(20);
  }
}

/// An approval that was answered stands, with its one certificate.
async function checkApproved(number) {
  const { body } = await examiner.get(`/cases/${number}`);
  if (body.state !== "closed" || body.certificates?.length !== 1) wrong(`${number} was approved and is ${JSON.stringify(body).slice(0, 400)}`);
}

/// What was answered is there, once; what was not answered can be sent again and is then there, once.
async function check(key) {
  const entry = sent.get(key);
  const answered = entry.number;
  const again = await entry.api.file(key, entry.filing);
  if (again.status !== 201 && again.status !== 200) wrong(`sending ${key} again: ${again.status} ${again.text}`);
  entry.number = again.body.number;
  if (answered && answered !== entry.number) wrong(`${key} was answered ${answered} and is now ${entry.number}: filed twice`);
  const owner = numbers.get(entry.number);
  if (owner && owner !== key) wrong(`${entry.number} was given to two filings`);
  numbers.set(entry.number, key);
  const found = await entry.api.get(`/cases/${entry.number}`);
  if (found.status !== 200) wrong(`${entry.number} was answered 201 and is lost: ${found.status} ${found.text}`);
  const trace = await entry.api.get(`/cases/${entry.number}/trace`);
  if (trace.status !== 200) wrong(`the trace of ${entry.number}: ${trace.status}`);
  const file = join(server.folder, `${key}.jsonl`);
  writeFileSync(file, trace.text);
  const verified = spawnSync(BIN, ["verify", file], { cwd: ROOT, encoding: "utf8" });
  if (verified.status !== 0) wrong(`the trace of ${entry.number} does not verify: ${verified.stdout}${verified.stderr}`);
  if (!answered) unknown += 1;
  checked += 1;
}

/// After the last start: certificates of instant and of approved cases are printed.
async function messages() {
  const instant = [...sent.values()].filter((entry) => entry.instant || approved.has(entry.number));
  const until = performance.now() + MESSAGE_MS_MAX;
  for (const entry of instant) {
    for (;;) {
      const found = await entry.api.get(`/cases/${entry.number}`);
      const id = certificateOf(found.body);
      const pdf = id ? await entry.api.get(`/certificates/${id}/pdf`) : null;
      if (pdf?.status === 200 && pdf.text.startsWith("%PDF-")) break;
      if (performance.now() > until) wrong(`the certificate of ${entry.number} is not printed: ${JSON.stringify(found.body).slice(0, 200)}`);
      await pause(200);
    }
  }
  return instant.length;
}

/// No message is dead, and the rows of every case agree with its events.
function examine() {
  const { stdout, stderr } = server.run("doctor", "--replay");
  const bad = stdout.split("\n").filter((line) => /BAD/.test(line) && /message|rows/.test(line));
  if (bad.length > 0 || !/agree with their events/.test(stdout)) wrong(`doctor finds something wrong:\n${stdout}${stderr}`);
}

function certificateOf(body) {
  const first = body.certificates?.[0];
  return typeof first === "string" ? first : first?.id;
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
  for (const key of state.keys) await check(key);
  for (const number of state.approved) await checkApproved(number);
  await server.kill();
  const told = `kill ${number}: after ${Math.round(after)} ms, ${state.keys.length} filings and ${state.approved.length} approvals checked, ready in ${Math.round(ready)} and ${Math.round(start)} ms`;
  console.log(told);
}

let people = [];
let examiner;
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
  console.log(`${await messages()} certificates are printed`);
  await server.stop();
  examine();
  passed += 1;
} catch (error) {
  failed += 1;
  console.log(`${error.message}\n${server.lastWords()}`);
}
if (server.child?.exitCode === null && server.child.signalCode === null) await server.kill();
server.clear();
console.log(`${backend}: ${checked} cases and ${approved.size} approvals checked after ${KILLS} kills, ${unknown} of them had been cut off before the answer`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
