//! Starts, stops and kills the program, as an operator would: by its command line, from outside.

import { spawn, spawnSync } from "node:child_process";
import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const BIN = process.env.YIMEN_BIN ?? join(ROOT, "target/debug/yimen");
const READY_MS_MAX = 60_000;
const STOP_MS_MAX = 20_000;

/// A port that nobody listens on at this moment.
export function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer().on("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/// A folder of packs with these items only: every start reads all of it.
function someItems(folder, items) {
  const packs = join(folder, "packs");
  const shared = readdirSync(join(ROOT, "packs")).filter((name) => name === "demo" || name.endsWith(".yaml"));
  for (const name of [...shared, ...items]) cpSync(join(ROOT, "packs", name), join(packs, name), { recursive: true });
  return packs;
}

/// So many minutes until it is next `hour` o'clock in China, for what must not cross the end of a day.
export function minutesUntil(hour) {
  const then = new Date();
  then.setUTCHours(hour - 8, 0, 0, 0);
  while (then <= new Date()) then.setUTCDate(then.getUTCDate() + 1);
  return Math.ceil((then - Date.now()) / 60_000);
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/// A server of the demonstration city in a folder of its own; `start` it, `stop` or `kill` it, `start` it again.
export class Server {
  /// `items` names the folders of the items that are offered; all of them, and the joint matters, when absent. `settings` answers
  /// what else stands in the configuration.
  static async make({ database = process.env.YIMEN_DATABASE, items = null, settings = () => "" } = {}) {
    const server = new Server();
    server.folder = mkdtempSync(join(tmpdir(), "yimen-e2e-"));
    server.data = join(server.folder, "data");
    server.logFile = join(server.folder, "log");
    server.config = join(server.folder, "yimen.toml");
    server.database = database || null;
    server.aheadMinutes = 0;
    server.packs = items ? someItems(server.folder, items) : join(ROOT, "packs");
    server.port = await freePort();
    server.url = `http://127.0.0.1:${server.port}`;
    mkdirSync(server.data);
    writeFileSync(server.config, `shared_files = true\n${settings(server)}`);
    return server;
  }

  /// The options that say which installation is meant.
  where() {
    const words = ["--config", this.config, "--demo", "--data", this.data, "--packs", this.packs];
    if (this.aheadMinutes > 0) words.push("--demo-ahead", `${this.aheadMinutes}m`);
    return this.database ? [...words, "--database", this.database] : words;
  }

  /// What the server's clock shows.
  now() {
    return new Date(Date.now() + this.aheadMinutes * 60_000);
  }

  /// Starts the program and does not wait for it.
  launch() {
    const log = openSync(this.logFile, "a");
    const words = ["serve", ...this.where(), "--listen", `127.0.0.1:${this.port}`];
    const env = { ...process.env, YIMEN_LOG: "info", NO_COLOR: "1" };
    // A server that shall have its own database inside takes none from outside.
    if (!this.database) delete env.YIMEN_DATABASE;
    this.child = spawn(BIN, words, { cwd: ROOT, stdio: ["ignore", log, log], env });
    closeSync(log);
    this.ended = new Promise((done) => this.child.once("exit", (code, signal) => done({ code, signal })));
    this.early = null;
    this.ended.then((how) => (this.early = how));
  }

  /// Starts the program and waits until it is ready; answers how many milliseconds that took.
  async start() {
    const begun = performance.now();
    this.launch();
    while (performance.now() - begun < READY_MS_MAX) {
      if (this.early) throw new Error(`the server ended at once: ${JSON.stringify(this.early)}\n${this.lastWords()}`);
      const ready = await fetch(`${this.url}/readyz`).catch(() => null);
      if (ready?.ok) return performance.now() - begun;
      await pause(20);
    }
    throw new Error(`the server is not ready after ${READY_MS_MAX} ms\n${this.lastWords()}`);
  }

  lastWords() {
    return this.log().split("\n").slice(-12).map((line) => line.slice(0, 300)).join("\n");
  }

  log() {
    return readFileSync(this.logFile, "utf8");
  }

  /// Asks it to stop, as an operator does; answers its exit code.
  async stop() {
    this.child.kill("SIGTERM");
    const late = pause(STOP_MS_MAX).then(() => ({ code: null, signal: "did not stop" }));
    const how = await Promise.race([this.ended, late]);
    if (how.signal === "did not stop") await this.kill();
    return how;
  }

  /// Cuts it off in the middle of whatever it does.
  async kill() {
    this.child.kill("SIGKILL");
    await this.ended;
  }

  /// Whether the program runs.
  runs() {
    return Boolean(this.child) && this.child.exitCode === null && this.child.signalCode === null;
  }

  /// The end of a test: cut off if it still runs, and nothing left behind.
  async end() {
    if (this.runs()) await this.kill();
    this.clear();
  }

  /// Runs another command of the program on the same installation.
  run(command, ...words) {
    return spawnSync(BIN, [command, ...this.where(), ...words], { cwd: ROOT, encoding: "utf8" });
  }

  /// Removes the folder.
  clear() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/// Runs a command of the program on the installation that `run.mjs` serves.
export function operator(command, ...words) {
  const { YIMEN_CONFIG_FILE, YIMEN_DATA, YIMEN_DATABASE } = process.env;
  const where = ["--config", YIMEN_CONFIG_FILE, "--demo", "--data", YIMEN_DATA, "--packs", join(ROOT, "packs")];
  if (YIMEN_DATABASE) where.push("--database", YIMEN_DATABASE);
  return spawnSync(BIN, [command, ...where, ...words], { cwd: ROOT, encoding: "utf8" });
}
