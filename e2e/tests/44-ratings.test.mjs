//! A firm rates what was done for it, a person in charge answers, the firm reads the answer, everybody reads the counts.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, window } from "../lib/browser.mjs";
import { recall } from "../lib/state.mjs";
import { primary, signIn } from "../lib/walk.mjs";

const PHONE = { viewport: { width: 390, height: 844 } };
const TEXT = "来问过三次，每次说的材料都不一样。";
const ANSWER = "核实属实：窗口没有用同一张清单。已改用系统生成的一次性告知书。";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const main = (page) => page.locator("main").innerText();

test("a bad rating is given on a phone, answered at a desk, and read in English", async () => {
  const { sticker } = recall();
  const firm = await window(browser, "rater", PHONE);
  await signIn(firm.page, "firm");
  await firm.page.goto(`/cases/${sticker}`);
  await firm.page.locator('main a[href$="/rate"]').click();
  await primary(firm.page).click();
  await firm.page.waitForLoadState("load");
  await firm.look("rate-wrong", { status: 422 });
  await firm.page.locator('input[name="level"][value="5"]').check();
  await firm.page.locator('input[name="reasons"][value="piecemeal"]').check();
  await firm.page.locator('textarea[name="text"]').fill(TEXT);
  await firm.look("rate");
  await primary(firm.page).click();
  await firm.page.waitForURL((url) => url.pathname.startsWith("/space/ratings/"));
  await firm.look("rated");
  const rating = new URL(firm.page.url()).pathname;
  assert.ok((await main(firm.page)).includes(TEXT));

  const head = await window(browser, "rated-head");
  await signIn(head.page, "examiner-head");
  await head.page.goto("/desk/ratings");
  await head.look("ratings");
  await head.page.locator('main a[href^="/desk/ratings/0"]').first().click();
  const shown = await main(head.page);
  assert.ok(shown.includes(TEXT) && !shown.includes(sticker), `what, and not who: ${shown}`);
  await primary(head.page).click();
  await head.page.waitForLoadState("load");
  await head.look("answer-wrong", { status: 422 });
  await head.page.locator('textarea[name="text"]').fill(ANSWER);
  await primary(head.page).click();
  await head.page.waitForLoadState("load");
  await head.look("answered");
  await head.page.goto("/openness/ratings");
  await head.look("counts");

  await firm.page.goto("/space/ratings?lang=en");
  await firm.look("ratings-en");
  await firm.page.goto(rating);
  await firm.look("rating-en");
  assert.ok((await main(firm.page)).includes(ANSWER));
  for (const one of [firm, head]) await one.context.close();
});
