//! A reader of identity cards at a clerk's window: the stand-in's page, the program beside it, and the platform, as they run in a hall.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { URL_BASE } from "./browser.mjs";
import { press } from "./desk.mjs";
import { BIN, ROOT } from "./server.mjs";

const HERE = /http:\/\/127\.0\.0\.1:\d+/;

/// What a program says, as soon as it fits.
function says(stream, pattern) {
  return new Promise((found, gone) => {
    let text = "";
    stream.on("data", (part) => {
      text += part;
      const hit = text.match(pattern);
      if (hit) found(hit[0]);
    });
    stream.on("end", () => gone(new Error(`it ended and said: ${text}`)));
  });
}

/// Pairs a reader with the window where the clerk of `page` (`/desk/hall`) is on duty. `put` lays a person's card on it.
export async function reader(page) {
  const devices = page.locator("main details", { hasText: "评价器和读卡器" });
  await press(page, page.locator("main form[action=\"/desk/hall/tablet\"] button"));
  const code = (await devices.innerText()).match(/--pair ([^\s，]+)/)[1];
  const folder = mkdtempSync(join(tmpdir(), "reader-"));
  const device = spawn(BIN, ["reader-stand-in", "--listen", "127.0.0.1:0"], { cwd: ROOT });
  const program = spawn(BIN, ["reader", "--platform", URL_BASE, "--pair", code, "--keep", join(folder, "secret")], { cwd: ROOT });
  device.stdout.pipe(program.stdin);
  program.stderr.on("data", (part) => process.stderr.write(part));
  const [at] = await Promise.all([says(device.stderr, HERE), says(program.stdout, /ready/)]);
  return {
    put: async (name) => {
      const shown = await (await fetch(at)).text();
      const place = shown.match(new RegExp(`action=/put/(\\d+)><button>${name}`));
      assert.ok(place, `no card of ${name}: ${shown}`);
      await fetch(`${at}/put/${place[1]}`, { method: "POST" });
    },
    away: () => {
      device.kill();
      program.kill();
      rmSync(folder, { recursive: true });
    },
  };
}
