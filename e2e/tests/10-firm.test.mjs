//! The stranger's way: from the home page to a filed case, without ever having seen the site.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, window } from "../lib/browser.mjs";
import { FIRM_NAME, STICKER_TYPED } from "../lib/filings.mjs";
import { remember } from "../lib/state.mjs";
import { CASE_NUMBER, begin, fill, primary, signIn, throughSections } from "../lib/walk.mjs";
import { expectUrl } from "../lib/wait.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

test("a wrong password is refused in words, and what was typed stays", async () => {
  const { page, look, context } = await window(browser, "firm");
  await page.goto("/login");
  await fill(page, { account: "firm", password: "wrong" });
  await primary(page).click();
  await page.waitForLoadState("load");
  await look("login-wrong", { status: 422 });
  assert.equal(await page.locator("main input[name=account]:visible").inputValue(), "firm");
  assert.ok(await page.locator("#error-summary").isVisible());
  await context.close();
});

test("a stranger applies for a charter-bus sticker", async () => {
  const { page, look, context } = await window(browser, "firm");
  const begun = performance.now();

  await page.goto("/");
  await look("home");
  await page.locator("main input[name=q]").first().fill("包车");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=/);
  await look("search");
  await page.locator('main a[href^="/items/charter-bus-sticker"]').first().click();
  await expectUrl(page, (url) => url.pathname === "/items/charter-bus-sticker");
  await look("guide");
  await page.locator('main a[href^="/apply/charter-bus-sticker"]').first().click();

  await expectUrl(page, (url) => url.pathname === "/login");
  await look("login");
  await signIn(page, "firm");
  await expectUrl(page, (url) => url.pathname === "/apply/charter-bus-sticker");
  await look("apply");
  await primary(page).click();
  await expectUrl(page, (url) => url.pathname.startsWith("/drafts/"));
  assert.ok((await page.locator("header").innerText()).includes(FIRM_NAME), "whom one acts for stands at the top");

  const filled = await throughSections(page, STICKER_TYPED, async (_, path) => look(`section-${path.split("/").pop()}`));
  assert.ok(filled.has("plate"), `fields found: ${[...filled]}`);
  await look("check");
  const shown = await page.locator("main").innerText();
  assert.ok(shown.includes(FIRM_NAME), "the firm's name was filled in from the register");
  assert.ok(shown.includes(STICKER_TYPED.plate), "what was typed stands on the check page");
  await fill(page, STICKER_TYPED);
  await page.locator("main form button.button-primary").last().click();
  await page.waitForURL((url) => !url.pathname.endsWith("/check"));
  await look("filed");
  const number = (await page.locator("main").innerText()).match(CASE_NUMBER)?.[0];
  assert.ok(number, `a case number stands on the confirmation page ${page.url()}`);
  console.log(`    from the home page to ${number} in ${Math.round(performance.now() - begun)} ms of clicking`);

  await page.goto(`/cases/${number}`);
  await look("progress");
  await page.goto("/space");
  await look("space");
  assert.ok((await page.content()).includes(number), "the case stands in one's own space");
  remember({ sticker: number });
  await context.close();
});

test("starting twice finds the first draft, on another device too", async () => {
  const one = await window(browser, "firm");
  await signIn(one.page, "firm");
  const draft = async ({ page }) => {
    await begin(page, "charter-bus-sticker");
    return new URL(page.url()).pathname.split("/")[2];
  };
  const first = await draft(one);
  await fill(one.page, { signatory: "周小明" });
  await primary(one.page).click();
  await one.page.waitForLoadState("load");
  const other = await window(browser, "firm-phone", { viewport: { width: 390, height: 844 } });
  await signIn(other.page, "firm");
  assert.equal(await draft(other), first);
  await other.page.goto(`/drafts/${first}/firm`);
  assert.equal(await other.page.locator('main [name="signatory"]').inputValue(), "周小明", "what was typed there is here");
  await one.context.close();
  await other.context.close();
});
