//! Runs the tests of `tests/` against a fresh demonstration city, on SQLite or on the database of YIMEN_DATABASE.
//! `node run.mjs [part of a file name …]`

import { copyFileSync, readdirSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { ROOT, Server } from "./lib/server.mjs";

const FILE_MS_MAX = 600_000;
const wanted = process.argv.slice(2);
const folder = join(ROOT, "e2e/tests");
const files = readdirSync(folder).filter((f) => f.endsWith(".test.mjs")).sort();
const chosen = files.filter((f) => wanted.length === 0 || wanted.some((w) => f.includes(w)));

// The nearest slot may be booked, and reported for at once: nobody waits for half an hour here.
const settings = () => "[appointments]\nlatest_minutes = 0\nearly_minutes = 120\n";
const server = await Server.make({ settings });
const backend = server.database ? "postgres" : "sqlite";
const out = join(ROOT, "target/e2e", backend);
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
Object.assign(process.env, {
  YIMEN_URL: server.url, YIMEN_DATA: server.data, YIMEN_LOG_FILE: server.logFile, YIMEN_CONFIG_FILE: server.config, YIMEN_OUT: out,
});

let stopping = false;
async function end(code) {
  if (stopping) return;
  stopping = true;
  if (server.child && server.child.exitCode === null && server.child.signalCode === null) await server.kill();
  copyFileSync(server.logFile, join(out, "server.log"));
  server.clear();
  process.exit(code);
}
process.on("SIGTERM", () => end(143)).on("SIGINT", () => end(130));

let passed = 0;
let failed = 0;
try {
  console.log(`${backend}: first ready after ${Math.round(await server.start())} ms, pictures in ${out}`);
  const tests = run({ files: chosen.map((f) => join(folder, f)), concurrency: 1, timeout: FILE_MS_MAX });
  const leaf = (event) => event.details?.type !== "suite" && !event.skip;
  tests.on("test:pass", (event) => leaf(event) && (passed += 1));
  tests.on("test:fail", (event) => leaf(event) && (failed += 1));
  const told = tests.compose(new spec());
  told.pipe(process.stdout);
  await new Promise((done) => told.on("end", done));
  if (server.child.exitCode !== null || server.child.signalCode !== null) {
    const { code, signal } = await server.ended;
    throw new Error(`the server ended in the middle (${code ?? signal}):\n${server.lastWords()}`);
  }
  const { code } = await server.stop();
  if (code !== 0) throw new Error(`the server should stop with 0 when asked, and ended with ${code}`);
  const panics = server.log().split("\n").filter((line) => /panicked|RUST_BACKTRACE/.test(line));
  if (panics.length > 0) throw new Error(`the log holds a panic:\n${panics.join("\n")}`);
} catch (error) {
  failed += 1;
  console.log(String(error));
}
console.log(`${passed} passed, ${failed} failed`);
await end(failed === 0 && passed > 0 ? 0 : 1);
