//! An hour of ordinary load on one server, with its memory beside it: it may not grow. `node soak.mjs --minutes 60`

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Api } from "./lib/api.mjs";
import { proof, sticker } from "./lib/filings.mjs";
import { Server, pause } from "./lib/server.mjs";

const MINUTES = wordAfter("--minutes", 60);
const ROUNDS_PER_SECOND = wordAfter("--rate", 4);
const IDLE_MB_MAX = 80;
const GROWTH_MB_MAX = 8;
const SAMPLE_MS = 5_000;
const PAGES = ["/", "/items", "/items/charter-bus-sticker", "/search?q=包车", "/verify"];

function wordAfter(flag, usual) {
  const at = process.argv.indexOf(flag);
  return at > 0 ? Number(process.argv[at + 1]) : usual;
}

const server = await Server.make();
process.on("SIGTERM", async () => {
  await server.kill();
  server.clear();
  process.exit(143);
});

/// The resident memory of the server, in MB (10^6 bytes).
function resident() {
  const line = readFileSync(`/proc/${server.child.pid}/status`, "utf8").match(/VmRSS:\s+(\d+) kB/);
  return (Number(line[1]) * 1024) / 1e6;
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/// One round: two filings, what waits at the examiner's desk, and the pages that people read meanwhile.
async function round(who, number) {
  const filed = await Promise.all([
    who.firm.file(randomUUID(), who.sticker),
    who.citizen.file(randomUUID(), who.proof),
  ]);
  for (const answer of filed) if (answer.status !== 201) throw new Error(`filing: ${answer.status} ${answer.text}`);
  const inbox = await who.examiner.get("/tasks?limit=3");
  for (const task of inbox.body.tasks) await who.examiner.send("POST", `/tasks/${task.id}/outcome`, { outcome: "approve" });
  await who.citizen.get(`/cases/${filed[1].body.number}`);
  await who.firm.get(`/cases/${filed[0].body.number}/trace`);
  const page = await fetch(server.url + PAGES[number % PAGES.length]);
  if (!page.ok) throw new Error(`${page.url}: ${page.status}`);
  await page.arrayBuffer();
}

/// Loads the server for the whole time; answers its memory at each sample.
async function load(who) {
  const samples = [];
  const begun = performance.now();
  const until = begun + MINUTES * 60_000;
  let rounds = 0;
  let sampled = 0;
  while (performance.now() < until) {
    const due = begun + (rounds / ROUNDS_PER_SECOND) * 1000;
    await pause(Math.max(0, due - performance.now()));
    await round(who, rounds);
    rounds += 1;
    if (performance.now() - sampled < SAMPLE_MS) continue;
    sampled = performance.now();
    samples.push(resident());
    if (samples.length % 60 === 0) console.log(`${Math.round((sampled - begun) / 60_000)} min: ${median(samples.slice(-60)).toFixed(1)} MB, ${rounds * 2} cases`);
  }
  return { samples, cases: rounds * 2 };
}

let good = false;
try {
  await server.start();
  await pause(3000);
  const idle = resident();
  const [firm, citizen, examiner] = await Promise.all(["firm", "citizen", "examiner"].map((name) => Api.signIn(server.url, name)));
  const { samples, cases } = await load({ firm, citizen, examiner, sticker: await sticker(firm), proof: await proof(citizen) });
  // The first sixth is warming up: caches, fonts, the database's page cache.
  const sixth = Math.floor(samples.length / 6);
  const [early, late] = [median(samples.slice(sixth, 2 * sixth)), median(samples.slice(-sixth))];
  const told = [`idle ${idle.toFixed(1)} MB`, `second sixth ${early.toFixed(1)} MB`, `last sixth ${late.toFixed(1)} MB`];
  console.log(`${server.database ? "postgres" : "sqlite"}: ${cases} cases in ${MINUTES} min; ${told.join(", ")}`);
  good = idle < IDLE_MB_MAX && late - early < GROWTH_MB_MAX;
} catch (error) {
  console.log(`${error.stack}\n${server.lastWords()}`);
}
await server.kill();
server.clear();
console.log(good ? "1 passed, 0 failed" : "0 passed, 1 failed");
process.exit(good ? 0 : 1);
