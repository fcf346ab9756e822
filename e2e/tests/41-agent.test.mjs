//! An agent acts for a firm under a mandate, and a parent for a child: each sees what is theirs to see, both sides see every use, and the end
//! of a mandate holds at once.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, window } from "../lib/browser.mjs";
import { FIRM_NAME, STICKER_TYPED } from "../lib/filings.mjs";
import { CASE_NUMBER, begin, fill, primary, signIn, throughSections } from "../lib/walk.mjs";
import { expectUrl } from "../lib/wait.mjs";

const PHONE = { viewport: { width: 390, height: 844 } };
const ITEM = "charter-bus-sticker";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/// Chooses for whom one acts, by the words of the choice.
async function actFor(page, words) {
  await page.goto("/acting?next=/space");
  await page.locator("main label", { hasText: words }).first().click();
  await primary(page).click();
  await expectUrl(page, (url) => url.pathname === "/space");
}

/// What a mandate's page says of its uses.
const uses = (page) => page.locator("main").innerText();

test("an agent firm's clerk files for the firm, within the mandate", async () => {
  const { page, look, context } = await window(browser, "agent", PHONE);
  await signIn(page, "agent");
  await page.goto("/acting");
  await look("acting");
  await actFor(page, FIRM_NAME);
  assert.ok((await page.locator("header").innerText()).includes(FIRM_NAME), "whom one acts for stands at the top");
  await look("space");
  const own = await page.locator("main").innerText();
  assert.ok(!own.includes("电子标贴"), "an agent for one service sees no certificates of the firm");
  const other = await page.goto("/space/certificates");
  assert.equal(other.status(), 403);
  await look("not-for-agents", { status: 403 });
  await begin(page, ITEM);
  await throughSections(page, { ...STICKER_TYPED, contract_no: "DB-1" });
  await fill(page, STICKER_TYPED);
  await page.locator("main form button.button-primary").last().click();
  await page.waitForURL((url) => !url.pathname.endsWith("/check"));
  const number = (await page.locator("main").innerText()).match(CASE_NUMBER)?.[0];
  assert.ok(number, `a case number on ${page.url()}`);
  await page.goto(`/cases/${number}`);
  await look("progress");
  await page.goto("/apply/catering-permit");
  assert.ok(!page.url().includes("/drafts/"), "no other service");
  await context.close();
});

test("both sides see every use, and an end holds at once", async () => {
  const firm = await window(browser, "principal");
  await signIn(firm.page, "firm");
  await firm.page.goto("/space/mandates");
  await firm.look("mandates");
  await firm.page.locator('main a[href^="/space/mandates/0"]').first().click();
  await firm.look("mandate");
  const mandate = new URL(firm.page.url()).pathname;
  const seen = await uses(firm.page);
  assert.ok(/严晓雨|颜小雨|小雨/.test(seen) && CASE_NUMBER.test(seen), `who used it, for which case: ${seen}`);
  const agent = await window(browser, "agent-en", PHONE);
  await agent.page.goto("/login?lang=en");
  await signIn(agent.page, "agent");
  await agent.page.goto(mandate);
  await agent.look("mandate");
  assert.ok(CASE_NUMBER.test(await uses(agent.page)), "the agent sees the same");
  await actFor(agent.page, FIRM_NAME);
  await firm.page.locator('main button[name="do"][value="revoke"]').click();
  await firm.page.waitForLoadState("load");
  if ((await firm.page.locator("main input[name=confirm]").count()) > 0) {
    await firm.page.locator("main input[name=confirm]").fill("yimen-demo");
    await firm.page.locator('main button[name="do"][value="revoke"]').click();
    await firm.page.waitForLoadState("load");
  }
  await firm.page.goto(mandate);
  await firm.look("mandate-ended");
  await agent.page.goto("/space");
  await expectUrl(agent.page, (url) => url.pathname === "/acting");
  await agent.look("ended");
  await firm.context.close();
  await agent.context.close();
});

test("a mother acts for her son, and what is his stays his", async () => {
  const { page, look, context } = await window(browser, "parent", PHONE);
  await signIn(page, "citizen");
  await page.goto("/space/mandates?side=held");
  await look("held");
  await actFor(page, "张子轩");
  await look("child-space");
  assert.ok((await page.locator("main").innerText()).includes("张子轩"));
  await begin(page, "home-purchase-proof");
  await look("child-draft");
  const draft = new URL(page.url()).pathname;
  await page.goto("/space");
  assert.equal(await page.locator(`main a[href^="${draft.split("/").slice(0, 3).join("/")}"]`).count() > 0, true, "the draft is in the child's space");
  await actFor(page, "王秀英");
  assert.equal(await page.locator(`main a[href^="${draft.split("/").slice(0, 3).join("/")}"]`).count(), 0, "and not in the mother's");
  await context.close();
});

test("a firm's manager goes into a branch and back, and keeps its people", async () => {
  const { page, look, context } = await window(browser, "manager", PHONE);
  await page.goto("/login?lang=en");
  await signIn(page, "firm");
  await page.goto("/space/branches");
  await look("branches");
  await page.locator("main button", { hasText: "Go in" }).first().click();
  await expectUrl(page, (url) => url.pathname === "/space");
  assert.ok((await page.locator("header").innerText()).includes("分公司"));
  await look("branch-space");
  await page.goto("/space/staff");
  await look("staff");
  await actFor(page, FIRM_NAME);
  await page.goto("/space/staff");
  await look("staff-head");
  await page.goto("/space/facts");
  await page.locator("main form button").first().click();
  await page.waitForLoadState("load");
  await look("facts-asked");
  await context.close();
});
