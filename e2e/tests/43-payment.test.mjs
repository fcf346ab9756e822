//! What was paid for the sale of a flat (35) is looked into afterwards: a clerk asks for a part of it to be given back, and the books
//! show it to whoever decides.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../lib/browser.mjs";
import { at, press, text } from "../lib/desk.mjs";
import { recall } from "../lib/state.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

test("a part is asked to be given back, for a second person to decide", async () => {
  const { page, look, context } = await at(browser, "clerk");
  await page.goto(recall().window);
  await page.locator('main select[name="order"]').selectOption({ index: 1 });
  await page.locator('main form[action$="/refund"] input[name="amount"]').fill("1");
  await page.locator('main textarea[name="reason"]').fill("多收一元");
  await press(page, 'main form[action$="/refund"] button[type=submit]');
  await look("cashier-refund-asked");
  // The whole matter at the window: nothing is open any more, and all receipts are printed in one go.
  await page.goto(`${recall().window}/matter`);
  await look("cashier-matter");
  assert.match(await text(page), /已经全部缴清/);
  await page.locator('main a[href$="/matter/receipts"]').click();
  await look("cashier-matter-receipts");
  assert.match(await text(page), /票据号码/);
  await page.goto("/desk/finance");
  await look("finance");
  await page.goto("/desk/finance?lang=en");
  await look("finance-english");
  await context.close();
});
