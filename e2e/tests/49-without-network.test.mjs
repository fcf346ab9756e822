//! The hall without network: numbers issued and printed, a day on which nobody reaches the server, and everything recorded as it was.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, window } from "../lib/browser.mjs";
import { at, press, text } from "../lib/desk.mjs";
import { Server } from "../lib/server.mjs";
import { CASE_NUMBER, fill } from "../lib/walk.mjs";

/// Once is enough: the room's own tests run the same day on both databases.
const ONCE = { skip: Boolean(process.env.YIMEN_DATABASE) };
const HALL = "nanjing-public";
const DAY_MINUTES = 24 * 60;
const HOURS_AFTER_CUT = 3;
const ELDER = "999999194306101151";
const ANSWERS = { phone: "13900000035", town: "440604012", address: "祖庙街道示范巷3号", bank: "示范银行", card: "6200009999990000041", other: "no", consent: true };

let browser;
let server;
const kept = {};
before(async () => {
  if (ONCE.skip) return;
  browser = await launch();
  server = await Server.make({ database: null });
  await server.start();
});
after(async () => {
  await browser?.close();
  await server?.end();
});

const here = (more = {}) => ({ baseURL: server.url, ...more });

/// A moment in Beijing as it is written by hand and typed: `2026-11-24T10:15`.
const written = (date) => new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 16);

/// The same day as pages say it.
function day(moment) {
  const [year, month, date] = moment.slice(0, 10).split("-").map(Number);
  return `${year}年${month}月${date}日`;
}

test("while there is network: a block is issued and printed", ONCE, async () => {
  const head = await at(browser, "hall-head", here({ who: "paper-head" }));
  const { page } = head;
  await page.goto(`/desk/hall/paper?hall=${HALL}`);
  await head.look("papers-none");
  await page.locator('main input[name="for"][value="stock"]').check();
  await page.locator('main input[name="forms"]').fill("2");
  await page.locator('main input[name="slips.A"]').fill("2");
  await press(page, "main form:has(input[name=forms]) button.button-primary");
  await head.look("papers-wrong", { status: 422 });
  assert.match(await text(page), /请选择本大厅的一名窗口人员/);
  await page.locator('main select[name="keeper"]').selectOption({ index: 1 });
  await press(page, "main form:has(input[name=forms]) button.button-primary");
  kept.block = new URL(page.url()).pathname;
  await head.look("paper-block");
  await press(page, 'main button[name="act"][value="print"]');
  assert.equal(new URL(page.url()).pathname, `${kept.block}/print`);
  await head.look("paper-print");
  const form = page.locator("main article.paper-page").first();
  kept.number = await form.getAttribute("aria-label");
  kept.code = (await form.locator(".paper-number").nth(1).innerText()).trim();
  assert.match(kept.number, /^YJ\d{15,}[0-9A-Z]$/);
  assert.match(kept.code, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  assert.equal(await form.locator("svg.qr-code").count(), 2, "a code on each copy");
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator(".site-head").isHidden(), "only the forms are printed");
  await head.context.close();
});

test("a day without network: nobody is reached, and the clock goes on", ONCE, async () => {
  const clerk = await at(browser, "clerk", here({ who: "paper-cut" }));
  await clerk.context.setOffline(true);
  await assert.rejects(clerk.page.goto("/desk/window"), "the browser is cut off");
  await clerk.context.close();
  kept.received = written(new Date(server.now().getTime() + HOURS_AFTER_CUT * 3_600_000));
  await server.stop();
  await assert.rejects(fetch(`${server.url}/readyz`), "nobody is there");
  server.aheadMinutes += DAY_MINUTES;
  await server.start();
});

test("when it is back, whoever holds the paper is told that it counts", ONCE, async () => {
  const phone = await window(browser, "paper-phone", here({ viewport: { width: 390, height: 844 } }));
  // What the code on the paper leads to.
  await phone.page.goto(`/query?number=${kept.number}&code=${kept.code}`);
  await press(phone.page, "main form button.button-primary");
  assert.match(await text(phone.page), /已收下您的材料，还没有录入系统/);
  await phone.look("query-paper-out");
  await phone.context.close();
});

test("it is recorded as the paper says, and the paper leads to the case", ONCE, async () => {
  const clerk = await at(browser, "clerk", here({ who: "paper-clerk" }));
  const { page } = clerk;
  await page.goto(kept.block);
  await press(page, page.locator(`main a[href$="paper=${kept.number}"]`));
  await page.locator("main input[name=citizen_id]").fill(ELDER);
  await press(page, "main button.button-primary");
  await clerk.look("window-paper-wrong", { status: 422 });
  await page.locator("main input[name=paper_at]").fill(kept.received);
  await press(page, "main button.button-primary");
  await page.locator("main input[type=search]").fill("津贴");
  await press(page, "main form.toolbar button");
  await press(page, 'main button[name="pick"][value$="elderly-allowance"]');
  await fill(page, ANSWERS);
  await page.waitForLoadState("networkidle");
  assert.equal(await page.locator("main input[name=late_at]").inputValue(), kept.received);
  await clerk.look("window-paper-form");
  await page.locator("main form[data-upload] button.button-primary").click();
  await page.waitForURL(/\/receipt/);
  const number = (await text(page)).match(CASE_NUMBER)[0];

  // The slip that came with it, and nothing of the sheet is lost by a mistake.
  await page.goto(kept.block);
  // The sheet is of a queue's day: before four in the morning it is still the day before.
  const queue = written(new Date(new Date(`${kept.received}:00+08:00`).getTime() - 4 * 3_600_000)).slice(0, 10);
  await page.locator("main input[name=date]").fill(queue);
  await page.locator('main select[name="how.YA001"]').selectOption("filed");
  await page.locator('main input[name="time.YA001"]').fill(kept.received.slice(11));
  await press(page, 'main button[name="act"][value="slips"]');
  await clerk.look("paper-sheet-wrong", { status: 422 });
  await page.locator('main input[name="what.YA001"]').fill(kept.number);
  await press(page, 'main button[name="act"][value="slips"]');
  assert.match(await text(page), /已用1，作废0，未登记1/);

  const phone = await window(browser, "paper-found", here({ viewport: { width: 390, height: 844 } }));
  await phone.page.goto(`/query?number=${kept.number}&code=${kept.code}`);
  await press(phone.page, "main form button.button-primary");
  const found = await text(phone.page);
  assert.ok(found.includes(number), found);
  assert.ok(found.includes(day(kept.received)), `received on the day of the paper, ${kept.received}: ${found}`);
  await phone.look("query-paper-found");
  await phone.context.close();

  const head = await at(browser, "hall-head", here({ who: "paper-report" }));
  await head.page.goto(`/desk/hall/report?hall=${HALL}&day=${queue}`);
  assert.match(await text(head.page), /纸质号1人、办结1人/);
  await head.page.goto(`${kept.block}?lang=en`);
  await head.look("paper-block-english");
  await head.page.goto(`${kept.block}?lang=zh-CN`);
  await head.page.locator("main summary", { hasText: "交回号段" }).click();
  await head.page.locator("main input[name=return_sure]").check();
  await head.page.locator("main input[name=return_why]").fill("没有使用");
  await press(head.page, 'main button[name="act"][value="return"]');
  assert.match(await text(head.page), /已交回/);
  await head.context.close();
  await clerk.context.close();
});
