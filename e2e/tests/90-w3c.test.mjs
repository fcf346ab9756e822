//! The W3C checker finds no error in the HTML of any page that a test reached.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { OUT } from "../lib/browser.mjs";
import { ROOT } from "../lib/server.mjs";

test("every page is valid HTML", () => {
  const folder = join(OUT, "pages");
  const pages = existsSync(folder) ? readdirSync(folder) : [];
  assert.ok(pages.length >= 10, `${pages.length} pages were kept`);
  const jar = join(ROOT, "e2e/node_modules/vnu-jar/build/dist/vnu.jar");
  const checked = spawnSync("java", ["-Xss8m", "-jar", jar, "--format", "json", "--stdout", "--errors-only", folder], { encoding: "utf8", maxBuffer: 1 << 28 });
  // Choosing a folder is of the File and Directory Entries API, which every browser knows and the checker does not.
  const known = (m) => m.message.includes("“webkitdirectory” not allowed");
  const messages = JSON.parse(checked.stdout || checked.stderr).messages.filter((m) => !known(m));
  const told = messages.map((m) => `${m.url?.split("/").pop()}:${m.lastLine}: ${m.message}  ${m.extract ?? ""}`);
  assert.deepEqual([...new Set(told)], [], `${messages.length} errors in ${pages.length} pages`);
  console.log(`    ${pages.length} pages`);
});
