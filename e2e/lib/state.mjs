//! What one test file leaves for the next: the numbers of the cases it filed.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OUT } from "./browser.mjs";

const file = join(OUT, "state.json");

export function recall() {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

export function remember(more) {
  writeFileSync(file, JSON.stringify({ ...recall(), ...more }, null, 2));
}
