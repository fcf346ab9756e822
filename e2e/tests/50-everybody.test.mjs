//! The same pages for everybody: phone, English, dark, big print, without JavaScript, and by keyboard alone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, window } from "../lib/browser.mjs";
import { OTHER_STICKER_TYPED } from "../lib/filings.mjs";
import { ROOT } from "../lib/server.mjs";
import { recall } from "../lib/state.mjs";
import { CASE_NUMBER, begin, fill, signIn, throughSections } from "../lib/walk.mjs";

const PUBLIC = ["/", "/items", "/items/charter-bus-sticker", "/items/home-purchase-proof", "/search?q=zm", "/search?q=nothing-of-the-kind", "/login", "/verify", "/about", "/sitemap", "/accessibility", "/help", "/feedback-site", "/kit", "/publicity", "/query", "/openness/ratings", "/halls", "/halls/nanjing-public", "/screen/nanjing-public"];

/// How a page looks does not depend on the database; once is enough.
const LOOKS = { skip: Boolean(process.env.YIMEN_DATABASE) };
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

async function visitAll(who, options, prepare = async () => {}) {
  const one = await window(browser, who, options);
  await prepare(one.page);
  for (const path of PUBLIC) {
    const answer = await one.page.goto(path);
    assert.equal(answer.status(), 200, path);
    await one.look(path.replace(/\W+/g, "-").replace(/^-|-$/g, "") || "home");
  }
  const lost = await one.page.goto("/no/such/page");
  assert.equal(lost.status(), 404);
  await one.look("lost", { status: 404 });
  await signIn(one.page, "firm");
  for (const path of ["/space", `/cases/${recall().sticker}`, `/certificates/${recall().certificate}`, recall().verify, "/account", "/acting"]) {
    await one.page.goto(path);
    await one.look(path.split("/").slice(1, 3).join("-"));
  }
  return one;
}

/// The pages that need somebody signed in and nothing of theirs in the address, as the table of rights lists them.
function ownPages() {
  const lines = readFileSync(join(ROOT, "crates/app/tests/rights/table.txt"), "utf8").split("\n").filter((line) => line.startsWith("GET "));
  const read = (line) => {
    const [route, answers] = line.split(" | ");
    return { path: route.slice("GET ".length), answers: answers.split(" ") };
  };
  const page = ({ path, answers }) => !/^\/api\/|[{]|\/file$/.test(path) && answers[0] === "303" && answers[1] === "200";
  return lines.map(read).filter(page).map(({ path }) => path);
}

test("every page of one's own, in both languages", LOOKS, async () => {
  const pages = ownPages();
  assert.ok(pages.length > 12, pages.join(" "));
  for (const lang of ["zh-CN", "en"]) {
    const one = await window(browser, `own-${lang}`, { viewport: { width: 390, height: 844 } });
    await one.page.goto(`/login?lang=${lang}`);
    await signIn(one.page, "citizen");
    for (const path of pages) {
      const answer = await one.page.goto(path);
      assert.equal(answer.status(), 200, path);
      assert.equal(await one.page.locator("html").getAttribute("lang"), lang, path);
      await one.look(path.replace(/\W+/g, "-").replace(/^-|-$/g, ""));
    }
    await one.context.close();
  }
});

test("every public page on a desk", LOOKS, async () => {
  const { context } = await visitAll("desk", {});
  await context.close();
});

test("on a phone of 390 px", LOOKS, async () => {
  const { context } = await visitAll("phone", { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1, isMobile: true, hasTouch: true });
  await context.close();
});

test("on a tablet of 768 px in the dark", LOOKS, async () => {
  const { context } = await visitAll("dark", { viewport: { width: 768, height: 1024 }, colorScheme: "dark" });
  await context.close();
});

test("in English, with no Chinese left in the frame", LOOKS, async () => {
  const { page, context } = await visitAll("english", { locale: "en-GB" }, async (page) => {
    await page.goto("/?lang=en");
  });
  await page.goto("/items/charter-bus-sticker");
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  const frame = `${await page.locator("nav").first().innerText()} ${await page.locator("h1").innerText()} ${await page.locator("h2").allInnerTexts()}`;
  assert.ok(!/[\u4e00-\u9fff]/.test(frame), frame);
  await context.close();
});

test("in big print", LOOKS, async () => {
  const { page, context } = await visitAll("big", {}, async (page) => {
    await page.goto("/");
    await page.locator('button[name="print"][value="big"]').click();
    await page.waitForLoadState("load");
  });
  await page.goto("/");
  const size = await page.evaluate(() => parseFloat(getComputedStyle(document.querySelector("main p, main a")).fontSize));
  assert.ok(size >= 20, `${size} px`);
  assert.ok(await page.locator('main a[href^="tel:"], aside a[href^="tel:"]').first().isVisible(), "a telephone number on every page");
  await context.close();
});

test("without JavaScript the whole way can be gone", async () => {
  const { page, look, context } = await window(browser, "no-script", { javaScriptEnabled: false });
  await signIn(page, "firm2");
  await begin(page, "charter-bus-sticker");
  const own = OTHER_STICKER_TYPED;
  await throughSections(page, own, async (_, path) => look(`section-${path.split("/").pop()}`));
  await fill(page, own);
  await look("check");
  await page.locator("main form button.button-primary").last().click();
  await page.waitForURL((url) => !url.pathname.endsWith("/check"));
  assert.match(await page.locator("main").innerText(), CASE_NUMBER);
  await look("filed");
  await context.close();
});

test("what is wrong is said at the field and in a summary, and what was typed stays", async () => {
  const { page, look, context } = await window(browser, "mistakes", { javaScriptEnabled: false });
  await signIn(page, "firm");
  await begin(page, "charter-bus-sticker");
  const draft = new URL(page.url()).pathname.split("/").slice(0, 3).join("/");
  await page.goto(`${draft}/vehicle`);
  await fill(page, { plate: "苏A9", driver: "999999197904010511" });
  await page.locator("main button.button-primary").first().click();
  await page.waitForLoadState("load");
  assert.ok(await page.locator("#error-summary").isVisible());
  assert.equal(await page.locator("#error-summary a").count(), 2, "both are named at once");
  assert.equal(await page.locator('main [name="plate"]').inputValue(), "苏A9");
  assert.equal(await page.locator('main [name="plate"]').getAttribute("aria-invalid"), "true");
  await look("errors", { status: 422 });
  await context.close();
});

test("by keyboard alone one comes from the home page to a guide", async () => {
  const { page, context } = await window(browser, "keyboard");
  await page.goto("/");
  await page.keyboard.press("Tab");
  const skip = await page.evaluate(() => document.activeElement?.getAttribute("href"));
  assert.equal(skip, "#main", "the first stop leads to the content");
  await page.keyboard.press("Enter");
  for (let n = 0; n < 60; n += 1) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const e = document.activeElement;
      const style = e && getComputedStyle(e);
      return { href: e?.getAttribute("href") ?? "", ring: style ? style.outlineStyle !== "none" || style.boxShadow !== "none" : false };
    });
    if (!here.href.startsWith("/items/")) continue;
    assert.ok(here.ring, "the focus can be seen");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/items\//);
    return context.close();
  }
  assert.fail("no guide within 60 stops");
});
