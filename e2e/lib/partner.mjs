//! A payment gateway or a courier as what it is: a program elsewhere, which speaks with the platform over sockets only, goes down and comes back.

import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BIN, ROOT, freePort, pause } from "./server.mjs";

const READY_MS_MAX = 20_000;
const SECRET = "a secret of these tests, of 32 bytes and more";

/// Whether somebody listens there.
function listens(port) {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => (socket.destroy(), done(true))).once("error", () => done(false));
  });
}

/// The stand-in for a `gateway` or a `courier`, each in a process of its own. It keeps its book over every end.
export class Partner {
  static async make(kind) {
    const one = new Partner();
    one.kind = kind;
    one.folder = mkdtempSync(join(tmpdir(), `yimen-${kind}-`));
    one.secret = join(one.folder, "secret");
    one.book = join(one.folder, "book.json");
    one.port = await freePort();
    one.url = `http://127.0.0.1:${one.port}`;
    writeFileSync(one.secret, SECRET);
    return one;
  }

  /// What the platform's configuration says of it.
  settings() {
    const section = { gateway: "payment", courier: "delivery" }[this.kind];
    return `[${section}]\n${this.kind} = "${this.url}"\nkey_id = "e2e"\nsecret_file = "${this.secret}"\n`;
  }

  /// Starts it; it calls back to `platform`, in a `mood`: `{lose: 100}` is `--lose 100`.
  async start(platform, mood = {}) {
    const words = [`${this.kind}-stand-in`, "--listen", `127.0.0.1:${this.port}`, "--platform", platform, "--key-id", "e2e"];
    words.push("--secret-file", this.secret, "--book", this.book);
    for (const [name, value] of Object.entries(mood)) words.push(`--${name.replace("_", "-")}`, String(value));
    const log = openSync(join(this.folder, "log"), "a");
    this.child = spawn(BIN, words, { cwd: ROOT, stdio: ["ignore", log, log] });
    closeSync(log);
    this.ended = new Promise((done) => this.child.once("exit", done));
    const end = performance.now() + READY_MS_MAX;
    while (!(await listens(this.port))) {
      if (this.child.exitCode !== null || performance.now() > end) throw new Error(`the ${this.kind} is not there:\n${this.log()}`);
      await pause(20);
    }
  }

  /// Cuts it off in the middle of whatever it does; whatever it meant to say is not said.
  async kill() {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill("SIGKILL");
    await this.ended;
  }

  log() {
    return readFileSync(join(this.folder, "log"), "utf8");
  }

  /// What it has written down.
  kept() {
    return JSON.parse(readFileSync(this.book, "utf8"));
  }

  /// Stops it and removes its folder.
  async clear() {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/// The line between partners and the platform: everything is passed on, and each call-back is kept with the answer that it got.
export class Line {
  static async make() {
    const line = new Line();
    line.heard = [];
    line.platform = null;
    line.server = createServer((asked, answer) => line.pass(asked, answer).catch((error) => answer.writeHead(502).end(String(error))));
    await new Promise((done) => line.server.listen(0, "127.0.0.1", done));
    line.url = `http://127.0.0.1:${line.server.address().port}`;
    return line;
  }

  async pass(asked, answer) {
    const parts = [];
    for await (const part of asked) parts.push(part);
    const body = Buffer.concat(parts);
    const headers = Object.fromEntries(Object.entries(asked.headers).filter(([name]) => name.startsWith("x-yimen") || name === "content-type"));
    const got = await this.say(asked.url, headers, body);
    this.heard.push({ path: asked.url, headers, body, news: JSON.parse(body), ...got });
    answer.writeHead(got.status, { "content-type": "application/json" }).end(got.text);
  }

  /// Says to the platform what a partner said, or what somebody made of it.
  async say(path, headers, body) {
    const got = await fetch(`${this.platform}${path}`, { method: "POST", headers, body });
    return { status: got.status, text: await got.text() };
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
