//! What was sent to a server that is killed under it, and what must be true afterwards.

import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BIN, ROOT, pause } from "./server.mjs";

const MESSAGE_MS_MAX = 120_000;

function wrong(say) {
  throw new Error(say);
}

function certificateOf(body) {
  const first = body.certificates?.[0];
  return typeof first === "string" ? first : first?.id;
}

/// Every filing ever sent and every approval that was answered.
export class Ledger {
  constructor(folder) {
    this.folder = folder;
    /// Every filing ever sent: key → {api, filing, instant, number (when it is known)}.
    this.sent = new Map();
    this.owners = new Map();
    this.approved = new Set();
    this.checked = 0;
    this.unknown = 0;
  }

  /// Files once under a new key; answers the key.
  async file(who, api = who.api) {
    const key = randomUUID();
    const entry = { ...who, key, number: null };
    this.sent.set(key, entry);
    const answer = await api.file(key, who.filing).catch(() => null);
    if (answer?.status === 201) entry.number = answer.body.number;
    else if (answer && answer.status < 500 && answer.status !== 429) wrong(`filing was refused: ${answer.status} ${answer.text}`);
    return key;
  }

  /// Approves a task; answers whether that was confirmed.
  async approve(examiner, task) {
    const done = await examiner.send("POST", `/tasks/${task.id}/outcome`, { outcome: "approve" }).catch(() => null);
    if (done?.status === 200) this.approved.add(task.case);
    else if (done && done.status < 500 && done.status !== 409) wrong(`approving ${task.case}: ${done.status} ${done.text}`);
    return done?.status === 200;
  }

  /// An approval that was answered stands, with its one certificate.
  async checkApproved(examiner, number) {
    const { body } = await examiner.get(`/cases/${number}`);
    if (body.state !== "closed" || body.certificates?.length !== 1) wrong(`${number} was approved and is ${JSON.stringify(body).slice(0, 400)}`);
  }

  /// What was answered is there, once; what was not answered can be sent again and is then there, once. Answers its number
  /// and its events.
  async check(key, api = null) {
    const entry = this.sent.get(key);
    const client = api ?? entry.api;
    const answered = entry.number;
    const again = await client.file(key, entry.filing);
    if (again.status !== 201 && again.status !== 200) wrong(`sending ${key} again: ${again.status} ${again.text}`);
    entry.number = again.body.number;
    if (answered && answered !== entry.number) wrong(`${key} was answered ${answered} and is now ${entry.number}: filed twice`);
    const owner = this.owners.get(entry.number);
    if (owner && owner !== key) wrong(`${entry.number} was given to two filings`);
    this.owners.set(entry.number, key);
    const found = await client.get(`/cases/${entry.number}`);
    if (found.status !== 200) wrong(`${entry.number} was answered 201 and is lost: ${found.status} ${found.text}`);
    const trace = await client.get(`/cases/${entry.number}/trace`);
    if (trace.status !== 200) wrong(`the trace of ${entry.number}: ${trace.status}`);
    const file = join(this.folder, `${key}.jsonl`);
    writeFileSync(file, trace.text);
    const verified = spawnSync(BIN, ["verify", file], { cwd: ROOT, encoding: "utf8" });
    if (verified.status !== 0) wrong(`the trace of ${entry.number} does not verify: ${verified.stdout}${verified.stderr}`);
    if (!answered) this.unknown += 1;
    this.checked += 1;
    const events = trace.text.trim().split("\n").map((line) => JSON.parse(line)).filter((line) => line.kind);
    return { number: entry.number, events };
  }

  /// Certificates of instant and of approved cases are printed; answers how many.
  async printed() {
    const instant = [...this.sent.values()].filter((entry) => entry.instant || this.approved.has(entry.number));
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

  /// Waits until no message is late: what was written before the clock leaped counts as old, and leaves within seconds.
  async drained(server) {
    const until = performance.now() + MESSAGE_MS_MAX;
    while (/BAD .*messages wait/.test(server.run("doctor").stdout)) {
      if (performance.now() > until) wrong(`messages wait for ever:\n${server.run("doctor").stdout}`);
      await pause(500);
    }
  }

  /// No message is dead, and the rows of every case agree with its events.
  examine(server) {
    const { stdout, stderr } = server.run("doctor", "--replay");
    const bad = stdout.split("\n").filter((line) => /BAD/.test(line) && /message|rows/.test(line));
    if (bad.length > 0 || !/agree with their events/.test(stdout)) wrong(`doctor finds something wrong:\n${stdout}${stderr}`);
  }
}
