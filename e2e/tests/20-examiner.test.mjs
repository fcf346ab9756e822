//! The examiner's way: from the inbox to a decision.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, window } from "../lib/browser.mjs";
import { recall } from "../lib/state.mjs";
import { signIn } from "../lib/walk.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

test("the examiner finds the case, reads it on one page and approves it", async () => {
  const { page, look, context } = await window(browser, "examiner");
  const number = recall().sticker;
  await page.goto("/login");
  await signIn(page, "examiner");
  await page.goto("/desk");
  await look("inbox");
  await page.locator(`main a[href*="/desk/cases/${number}"]`).first().click();
  await page.waitForURL((url) => url.pathname.includes(number));
  await look("case");
  const accept = page.locator('main button[value="accept"]');
  if (await accept.count()) {
    await accept.click();
    await page.waitForLoadState("load");
  }
  await page.locator('main button[value="approve"]').click();
  await page.waitForLoadState("load");
  await look("decided");
  await page.goto(`/desk/cases/${number}`);
  await look("case-after");
  assert.ok(!(await page.locator('main [value="approve"]').count()), "nothing is left to decide");
  await context.close();
});

test("the other staff see their own desk", async () => {
  for (const account of ["clerk", "supervisor", "operator", "examiner2"]) {
    const { page, look, context } = await window(browser, account);
    await signIn(page, account);
    await page.goto("/desk");
    await look("desk");
    assert.ok(!(await page.content()).includes(recall().sticker) || account === "supervisor" || account === "clerk", `${account} sees only what is theirs`);
    await context.close();
  }
});
