//! Makes the pictures of the READMEs anew: `cargo xtask screenshots`.

import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./lib/browser.mjs";
import { ROOT, Server } from "./lib/server.mjs";

const FOLDER = join(ROOT, "docs/images");
const SIZE = { width: 1100, height: 720 };

const server = await Server.make({ database: null });
const browser = await launch();
let good = true;
try {
  await server.start();
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, locale] of [["guide-zh", "zh-CN"], ["guide-en", "en-GB"]]) {
    const context = await browser.newContext({ locale, viewport: SIZE, baseURL: server.url });
    const page = await context.newPage();
    await page.goto("/items/charter-bus-sticker");
    const path = join(FOLDER, `${name}.png`);
    await page.screenshot({ path });
    console.log(`${path}: ${Math.round(statSync(path).size / 1024)} kB`);
    await context.close();
  }
} catch (error) {
  good = false;
  console.log(`${error.message}\n${server.lastWords()}`);
}
await browser.close();
if (server.child?.exitCode === null) await server.stop();
server.clear();
process.exit(good ? 0 : 1);
