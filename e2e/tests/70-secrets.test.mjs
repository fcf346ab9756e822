//! No identity number stands in plain in the database, in files, in the log or in a backup.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Api } from "../lib/api.mjs";
import { URL_BASE } from "../lib/browser.mjs";
import { PLANTED, proof, sticker } from "../lib/filings.mjs";
import { ROOT, operator } from "../lib/server.mjs";

/// The numbers of everybody in the demonstration city, and those that only the tests typed in. What stands in the
/// examples of a pack is public text, and is kept with the pack.
function numbers() {
  const found = (text) => text.match(/999999\d{11}[\dX]/g) ?? [];
  const city = found(readFileSync(join(ROOT, "packs/demo/city.yaml"), "utf8"));
  const folder = join(ROOT, "packs");
  const items = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith("item.yaml"));
  const told = items.flatMap((path) => found(readFileSync(join(folder, path), "utf8")));
  const secret = [...new Set([...city, ...PLANTED])].filter((number) => !told.includes(number));
  assert.ok(secret.length > 15, `${secret.length} numbers are looked for`);
  return secret;
}

/// The files under `folder` in which one of the numbers stands: as text, or as the hexadecimal text of a dump.
function grep(folder) {
  const patterns = numbers().flatMap((n) => [n, Buffer.from(n).toString("hex"), Buffer.from(n).toString("base64").slice(0, 22)]);
  const found = spawnSync("grep", ["-r", "-l", "-a", "-F", ...patterns.flatMap((p) => ["-e", p]), folder], { encoding: "utf8" });
  assert.ok(found.status === 0 || found.status === 1, found.stderr);
  return found.stdout.split("\n").filter(Boolean);
}

test("the search would find a number", () => {
  const folder = mkdtempSync(join(tmpdir(), "yimen-grep-"));
  writeFileSync(join(folder, "plain"), `x${PLANTED[0]}y`);
  writeFileSync(join(folder, "hex"), Buffer.from(PLANTED[0]).toString("hex"));
  assert.equal(grep(folder).length, 2);
  rmSync(folder, { recursive: true });
});

test("planted numbers are nowhere in plain", async () => {
  const firm = await Api.signIn(URL_BASE, "firm");
  const [citizen, citizen2] = [await Api.signIn(URL_BASE, "citizen"), await Api.signIn(URL_BASE, "citizen2")];
  for (const driver of PLANTED) assert.equal((await firm.file(randomUUID(), await sticker(firm, { driver }))).status, 201);
  assert.equal((await citizen.file(randomUUID(), await proof(citizen))).status, 201);
  assert.equal((await citizen2.file(randomUUID(), await proof(citizen2))).status, 201);
  const data = process.env.YIMEN_DATA;
  assert.ok(existsSync(data) && readdirSync(data).length > 0, "there is a data folder to search");
  assert.deepEqual(grep(data), [], "data folder");
  assert.deepEqual(grep(process.env.YIMEN_LOG_FILE), [], "log");
});

test("a backup holds none either, and can be taken while the server runs", () => {
  const folder = mkdtempSync(join(tmpdir(), "yimen-backup-"));
  const done = operator("backup", join(folder, "copy"));
  assert.equal(done.status, 0, done.stdout + done.stderr);
  assert.ok(readdirSync(join(folder, "copy")).length > 0);
  assert.deepEqual(grep(folder), [], "backup");
  rmSync(folder, { recursive: true });
});

test("a dump of PostgreSQL holds none either", { skip: !process.env.YIMEN_DATABASE }, () => {
  const folder = mkdtempSync(join(tmpdir(), "yimen-dump-"));
  const dump = spawnSync("pg_dump", ["--file", join(folder, "dump.sql"), process.env.YIMEN_DATABASE], { encoding: "utf8" });
  assert.equal(dump.status, 0, dump.stderr);
  assert.ok(readFileSync(join(folder, "dump.sql"), "utf8").includes("cases_case"), "the dump holds the cases");
  assert.deepEqual(grep(folder), [], "dump");
  rmSync(folder, { recursive: true });
});
