//! Two hundred tasks are no more work than two: views that are kept, many tasks at once with a report of each, and times away.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Api } from "../lib/api.mjs";
import { URL_BASE, launch } from "../lib/browser.mjs";
import { at, press, text } from "../lib/desk.mjs";
import { day, sticker } from "../lib/filings.mjs";
import { fill } from "../lib/walk.mjs";

let browser;
const numbers = [];
before(async () => {
  browser = await launch();
  const firm = await Api.signIn(URL_BASE, "firm");
  const filing = await sticker(firm);
  for (let n = 0; n < 3; n += 1) {
    const filed = await firm.file(randomUUID(), filing);
    assert.equal(filed.status, 201, filed.text);
    numbers.push(filed.body.number);
  }
});
after(() => browser?.close());

async function tick(page, some = numbers) {
  for (const number of some) await page.locator("main tbody tr", { hasText: number }).locator('input[name="task"]').check();
}

test("a view is kept under a name, starred and dropped", async () => {
  const desk = await at(browser, "examiner");
  await desk.page.goto("/desk?urgency=soon&col=due&col=step&col=subject&col=state");
  await press(desk.page, 'main form[action="/desk/views"] button[type=submit]:not([name])');
  await desk.look("view-errors", { status: 422 });
  assert.ok(await desk.page.locator('main [name="name"]').first().isVisible(), "the form stays unfolded");
  await fill(desk.page, { name: "快到期的", star: true });
  await press(desk.page, 'main form[action="/desk/views"] button[type=submit]:not([name])');
  await desk.page.goto("/desk");
  await desk.look("view-kept");
  assert.ok(await desk.page.locator('nav.views a[aria-current="true"]', { hasText: "快到期的" }).isVisible(), "the starred view is the start");
  await press(desk.page, 'main form[action="/desk/views"] button[value="drop"]');
  assert.equal(await desk.page.locator("nav.views").count(), 0);
  await desk.context.close();
});

test("what waits can be chosen by item and step, and what lies with a part of the agency is read", async () => {
  const desk = await at(browser, "examiner");
  await desk.page.goto("/desk?urgency=overdue&text=nobody");
  const offered = await desk.page.locator("#q-step option").allInnerTexts();
  assert.ok(offered.length > 1, "the steps are those that wait, not those that the filter left");
  await desk.context.close();
  for (const [who, options, lang] of [["desktop", {}, ""], ["phone-en", { viewport: { width: 390, height: 844 } }, "&lang=en"]]) {
    const bureau = await at(browser, "housing-clerk", { ...options, who: `bureau-${who}` });
    await bureau.page.goto(`/desk?all=1${lang}`);
    await bureau.look("inbox-filters");
    await bureau.page.goto("/desk?unit=nanjing.housing.market");
    await bureau.look("inbox-of-a-part");
    assert.equal(await bureau.page.locator('main button[value="claim"]').count(), 0, "what lies with a part is done there");
    await bureau.context.close();
  }
});

test("many tasks are claimed, handed over and approved together, each with its answer", async () => {
  const desk = await at(browser, "examiner");
  await desk.page.goto("/desk?all=1&lines=200&col=number&col=due&col=step&col=subject&col=holder");
  await press(desk.page, 'main button[name="act"][value="claim"]');
  await desk.look("bulk-errors", { status: 422 });
  await tick(desk.page);
  await press(desk.page, 'main button[name="act"][value="claim"]');
  await desk.look("bulk-claimed");
  assert.equal(await desk.page.locator("main tbody tr").count(), numbers.length);
  await desk.page.locator("main a.button-primary").click();
  await tick(desk.page, numbers.slice(0, 1));
  await press(desk.page, 'main button[name="act"][value="hand_over"]');
  await desk.look("bulk-hand-over-errors", { status: 422 });
  await fill(desk.page, { to: { label: "孟庆华" }, note: "请你看一下" });
  await press(desk.page, 'main button[name="act"][value="hand_over"]');
  await desk.look("bulk-handed-over");
  await desk.page.goto("/desk?all=1&lines=200&col=number&col=due&col=step&col=subject&col=holder");
  await tick(desk.page);
  await press(desk.page, 'main button[name="act"][value="approve"]');
  await desk.look("bulk-approve");
  await press(desk.page, "main form button.button-primary");
  await desk.look("bulk-report");
  const rows = await desk.page.locator("main tbody tr").allInnerTexts();
  assert.ok(rows.length >= 2, rows.join(" | "));
  const firm = await Api.signIn(URL_BASE, "firm");
  for (const number of numbers.slice(1)) assert.equal((await firm.get(`/cases/${number}`)).body.state, "closed");
  await desk.context.close();
});

test("whoever is away names who stands in, and that one sees the tasks", async () => {
  const desk = await at(browser, "examiner");
  await desk.page.goto("/account/away");
  await desk.look("away");
  await press(desk.page, 'main form[action="/account/away"] button[type=submit]');
  await desk.look("away-errors", { status: 422 });
  await fill(desk.page, { to: { index: 1 }, from: day(0), until: day(2) });
  await press(desk.page, 'main form[action="/account/away"] button[type=submit]');
  await desk.look("away-named");
  assert.match(await text(desk.page), /孟庆华/);
  const head = await at(browser, "examiner-head", { locale: "en" });
  await head.page.goto("/account/away?lang=en");
  await head.look("standing-in");
  assert.match(await text(head.page), /吴涛/);
  await head.context.close();
  await press(desk.page, 'main form[action$="/end"] button[type=submit]');
  await desk.context.close();
});
