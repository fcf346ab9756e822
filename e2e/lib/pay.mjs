//! What a payer and a clerk do with bills, found as people find them.

import assert from "node:assert/strict";
import { press, text } from "./desk.mjs";
import { until } from "./wait.mjs";

/// A bill's number, as it is printed.
export const CODE = /\d{4}( \d{4}){4}/;

/// Where somebody's bill of this name is that is still to be paid; cases tell what they owe by message, so it may take a moment.
export async function openBill(page, name) {
  const link = page.locator("main ul.rows li", { has: page.locator(".state-wait"), hasText: name }).locator('a[href^="/payments/"]').first();
  await until(`a bill over ${name}`, async () => {
    await page.goto("/space/payments");
    return (await link.count()) > 0;
  });
  return link.getAttribute("href");
}

/// The payer pays by one act: first comes back without having paid, then fails, then pays; each time told what is known.
export async function payOnLine({ page, look }, bill) {
  await page.goto(bill);
  await look("bill");
  assert.match(await text(page), CODE);
  await press(page, `main form[action="${bill}/pay"] button`);
  assert.match(new URL(page.url()).pathname, /^\/gateway-stand-in\/pay\//, "the stand-in's page");
  // Back without having paid: nothing is known, and that is what is said.
  await page.goto(`${bill}/result`);
  await look("payment-unknown");
  assert.match(await text(page), /还不知道有没有缴成/);
  await page.locator('main a[href^="/gateway-stand-in/pay/"]').first().click();
  await press(page, 'button[value="fail"]');
  await page.goto(`${bill}/result`);
  await look("payment-failed");
  await press(page, `main form[action="${bill}/again"] button`);
  await look("payment-closed");
  assert.match(await text(page), /没有缴成，也没有扣款/);
  await page.goto(bill);
  await press(page, `main form[action="${bill}/pay"] button`);
  await press(page, 'button[value="pay"]');
  await until("the payment", async () => {
    await page.goto(`${bill}/result`);
    return /已经缴清/.test(await text(page));
  });
  await look("payment-done");
  await page.goto(bill);
  await look("bill-settled");
}

/// A clerk finds a bill by the number of its case, which is all that stands on the payer's receipt, is told what is wrong with an amount,
/// and takes the right one in cash.
export async function payAtWindow({ page, look }, code, number) {
  await page.goto("/desk/cashier");
  await look("cashier");
  await page.locator('main input[name="number"]').fill(`${code.slice(0, -1)}x`);
  await press(page, "main form button[type=submit]");
  await look("cashier-none", { status: 404 });
  await page.locator('main input[name="number"]').fill(number);
  await press(page, "main form button[type=submit]");
  // All bills of the matter, what is open first.
  if (new URL(page.url()).pathname === "/desk/cashier") {
    await look("cashier-found");
    await press(page, page.locator("main ul.rows li", { has: page.locator(".state-wait"), hasText: number }).locator("a").first());
  }
  assert.ok((await text(page)).includes(code), "it is the bill of that number");
  await look("cashier-bill");
  const bill = new URL(page.url()).pathname;
  const take = 'main form[action$="/take"]';
  await page.locator(`${take} input[name="means"][value="cash"]`).check();
  await page.locator(`${take} input[name="amount"]`).fill("0.01");
  await press(page, `${take} button[type=submit]`);
  await look("cashier-wrong", { status: 422 });
  const owed = (await text(page)).match(/应收¥?\s*([\d,]+\.\d\d)/)[1];
  await page.locator(`${take} input[name="amount"]`).fill(owed);
  await press(page, `${take} button[type=submit]`);
  assert.equal(new URL(page.url()).pathname, bill);
  await look("cashier-taken");
  return bill;
}
