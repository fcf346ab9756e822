//! Debian's Chromium, and what is looked at on every page that a test reaches: axe, the HTML for the W3C checker, a
//! picture.

import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

/// The engine without the browser around it first: it needs half of the time.
const PROGRAMS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
export const OUT = process.env.YIMEN_OUT ?? join(process.cwd(), "target/e2e");
export const URL_BASE = process.env.YIMEN_URL;
/// How a page looks does not depend on the database: pictures and axe on SQLite only.
const LOOKS = !process.env.YIMEN_DATABASE;
/// YIMEN_PICTURES=png (or jpeg, which is made twice as fast) for whoever looks at them.
const PICTURES = process.env.YIMEN_PICTURES;
/// The skeletons that axe had nothing to say of, by whatever file of tests; each file is a program of its own.
const CLEAN = join(OUT, "axe-clean.txt");
const PATIENCE_MS = 15_000;
const HAN = /\p{Script=Han}/u;
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
let pictures = 0;

/// The browser; `more` are options of its command line.
export function launch(more = []) {
  const executablePath = process.env.YIMEN_CHROMIUM ?? PROGRAMS.find(existsSync);
  return chromium.launch({ executablePath, args: [...QUIET, ...more] });
}

/// Somebody's window. `who` names the pictures; the rest are playwright's context options.
export async function window(browser, who, options = {}) {
  const context = await browser.newContext({ locale: "zh-CN", viewport: { width: 1366, height: 768 }, baseURL: URL_BASE, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const broken = [];
  page.on("pageerror", (error) => broken.push(`script: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && broken.push(`console: ${message.text()}`));
  page.on("response", (answer) => answer.status() >= 500 && broken.push(`${answer.status()} ${answer.url()}`));
  // axe is a script, and waits for ever where none runs; the same pages are looked at with scripts on.
  const axe = options.javaScriptEnabled !== false;
  return { context, page, who, broken, look: (name, also) => look(page, who, name, broken, { axe, ...also }) };
}

/// Looks at the page that is open: nothing broken, no finding of axe, no sideways scrolling; keeps HTML and a picture.
async function look(page, who, name, broken, { axe = true, status = null } = {}) {
  await page.waitForLoadState("load");
  const file = `${String(++pictures).padStart(2, "0")}-${who}-${name}`;
  mkdirSync(join(OUT, "pages"), { recursive: true });
  if (LOOKS && PICTURES) await page.screenshot({ path: join(OUT, "pictures", `${file}.${PICTURES}`), type: PICTURES, fullPage: true });
  await keepHtml(page, file);
  const expected = (line) => status !== null && line.includes(`status of ${status}`);
  const wrong = broken.splice(0).filter((line) => !expected(line));
  assert.deepEqual(wrong, [], `${name}: something broke on ${page.url()}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${name}: ${wide} px wider than the window at ${page.url()}`);
  if (axe && LOOKS) await findings(page, name);
}

/// The open page in English, looked at, and back in Chinese. Nothing in its main part is Chinese but what is
/// marked as that, and `typed`.
export async function english({ page, look: see }, name, typed = []) {
  const here = new URL(page.url());
  const turn = (lang) => {
    here.searchParams.set("lang", lang);
    return page.goto(here.href);
  };
  await turn("en");
  await see(`${name}-en`);
  assert.equal(await page.locator("html").getAttribute("lang"), "en", name);
  const rest = (said) => typed.reduce((text, word) => text.replaceAll(word, ""), said);
  const chinese = (await page.evaluate(inOwn)).filter((said) => HAN.test(rest(said)));
  assert.deepEqual(chinese, [], `${name}: Chinese on the English page ${page.url()}`);
  await turn("zh-CN");
}

/// What the main part says in the page's own language. Runs in the page.
function inOwn() {
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (text.parentElement.closest("[lang]").lang === "en") found.push(text.data.trim());
  }
  return found;
}

/// The page as the server sends it, asked for again with the same cookies, since scripts may have changed the open one.
async function keepHtml(page, file) {
  const answer = await page.context().request.get(page.url(), { maxRedirects: 5 });
  if ((answer.headers()["content-type"] ?? "").startsWith("text/html")) {
    writeFileSync(join(OUT, "pages", `${process.pid}-${file}.html`), await answer.body());
  }
}

async function findings(page, name) {
  const print = createHash("sha256").update(await page.evaluate(skeleton)).digest("hex");
  if (existsSync(CLEAN) && readFileSync(CLEAN, "utf8").includes(print)) return;
  // No page has frames, so that axe needs no second page to put its findings together: twice as fast.
  const seen = await new AxeBuilder({ page }).setLegacyMode(true).withTags(TAGS).analyze();
  const told = seen.violations.map((v) => `${v.id}: ${v.help}; ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(" | ")}`);
  assert.deepEqual(told, [], `${name}: axe complains about ${page.url()}`);
  appendFileSync(CLEAN, `${print}\n`);
}

/// What axe judges a page by, without its words: which kinds of elements stand in which, whether they say anything, the order of
/// the headings, and how it is shown (width, colours, size of print, language known or not). Runs in the page.
function skeleton() {
  const SAID = new Set(["class", "role", "type", "scope", "tabindex", "hidden", "open", "disabled", "checked", "colspan", "autocomplete"]);
  const kind = (e) => {
    const marks = [...e.attributes].map((a) => (SAID.has(a.name) ? `${a.name}=${a.value}` : a.name)).sort();
    return `${e.tagName}[${marks}]${e.textContent.trim() === "" ? "" : "t"}`;
  };
  const kinds = new Set();
  for (const e of document.documentElement.querySelectorAll("*")) kinds.add(`${kind(e.parentElement)}>${kind(e)}`);
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  const headings = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map((e) => e.tagName).filter((h, n, all) => h !== all[n - 1]);
  const shown = [innerWidth, matchMedia("(prefers-color-scheme: dark)").matches, getComputedStyle(document.body).fontSize, ids.length - new Set(ids).size];
  return JSON.stringify([[...kinds].sort(), headings, shown]);
}
