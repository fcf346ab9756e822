//! A seller and a buyer sell a flat in one matter, with six agencies on their desks: one form, one set of papers, each side
//! confirms for itself, each agency does its own task in its own time, tax and fee are paid on the way — first the tax, then the
//! certificate — and the results come together.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Api } from "../lib/api.mjs";
import { URL_BASE, launch } from "../lib/browser.mjs";
import { at, press, text } from "../lib/desk.mjs";
import { ANSWERED, GUIDE, SALE, SITUATIONS, STAFF, cases, papers, promises, unpaid, work } from "../lib/house.mjs";
import { CODE, openBill, payAtWindow, payOnLine } from "../lib/pay.mjs";
import { recall, remember } from "../lib/state.mjs";
import { until } from "../lib/wait.mjs";
import { fill, primary, throughSections } from "../lib/walk.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

test("the guide asks plain questions and counts with every answer, in both languages", async () => {
  const one = await at(browser, "seller");
  await one.page.goto("/themes");
  await one.look("themes");
  await one.page.locator(`main a[href^="${GUIDE}"]`).first().click();
  await one.page.waitForURL((url) => url.pathname === GUIDE);
  await one.look("house-guide");
  const before = await one.page.locator("#guide-count").innerText();
  for (const [id, value] of Object.entries(SITUATIONS)) await one.page.locator(`main input[name="${id}"][value="${value}"]`).check();
  await until("the live count", async () => (await one.page.locator("#guide-count").innerText()) !== before);
  await one.page.goto(ANSWERED);
  await one.look("house-guide-answered");
  assert.match(await text(one.page), /房产|住房/);
  await one.page.goto(`${ANSWERED}&lang=en`);
  await one.look("house-guide-english");
  assert.ok(!/[\u4e00-\u9fff]/.test(await one.page.locator("#guide-count").innerText()));
  await one.context.close();
});

test("the seller fills in one form for all of them", async () => {
  const seller = await at(browser, "seller");
  await seller.page.goto(ANSWERED);
  await press(seller.page, primary(seller.page));
  if (new URL(seller.page.url()).pathname.startsWith("/apply/")) {
    await seller.look("house-apply");
    await press(seller.page, primary(seller.page));
  }
  assert.match(new URL(seller.page.url()).pathname, /^\/drafts\//);
  await throughSections(seller.page, SALE, async (page, path) => {
    await seller.look(`house-${path.split("/").pop()}`);
    await papers(page);
    await promises(page);
  });
  await seller.look("house-check");
  assert.ok((await text(seller.page)).includes(SALE.house_title_no));
  remember({ house: new URL(seller.page.url()).pathname });
  await seller.context.close();
});

test("the seller hands it in without JavaScript, and one matter with a case for each agency stands", async () => {
  const seller = await at(browser, "seller", { javaScriptEnabled: false, who: "seller-no-script" });
  await seller.page.goto(ANSWERED);
  await seller.look("house-guide");
  await press(seller.page, primary(seller.page));
  if (new URL(seller.page.url()).pathname.startsWith("/apply/")) await press(seller.page, primary(seller.page));
  await throughSections(seller.page, SALE, promises);
  assert.equal(new URL(seller.page.url()).pathname, recall().house, "the draft of the other device is found");
  await fill(seller.page, { declare: true });
  await press(seller.page, seller.page.locator("main form button.button-primary").last());
  assert.match(new URL(seller.page.url()).pathname, /^\/matters\//, await text(seller.page));
  await seller.look("matter-filed");
  const links = await seller.page.locator('main th a[href^="/cases/"]').evaluateAll((all) => all.map((a) => a.getAttribute("href").split("/").pop()));
  assert.equal(links.length, 4, `trade, tax, registration and fund: ${links}`);
  remember({ matter: new URL(seller.page.url()).pathname, houses: links });
  await seller.context.close();
});

test("the buyer confirms on their own account", async () => {
  const { matter, houses } = recall();
  const stranger = await at(browser, "citizen");
  assert.equal((await stranger.page.goto(matter)).status(), 404, "nobody else sees it");
  await stranger.context.close();
  const buyer = await at(browser, "buyer", { viewport: { width: 390, height: 844 }, who: "buyer-phone" });
  await buyer.page.goto("/space");
  await buyer.look("buyer-space");
  const html = await buyer.page.content();
  assert.ok(html.includes(matter) || houses.some((number) => html.includes(number)), "the matter stands in the buyer's space");
  await buyer.page.goto(matter);
  await buyer.look("matter-to-confirm");
  await press(buyer.page, `main form[action="${matter}/confirm"] button[type=submit]`);
  assert.equal(await buyer.page.locator(`main form[action="${matter}/confirm"]`).count(), 0, "what is confirmed is not asked again");
  await buyer.look("matter-confirmed");
  await buyer.context.close();
});

test("the tax is assessed, and nothing is certified before it is paid", async () => {
  const seller = await Api.signIn(URL_BASE, "seller");
  const [did, seen] = [new Set(), new Set()];
  await work(browser, { houses: recall().houses, did, seen }, async () => (await unpaid(seller, recall().matter)) === "house-tax");
  assert.equal(await unpaid(seller, recall().matter), "house-tax", `done: ${[...seen].join(", ")}`);
  const tax = (await cases(seller, recall().houses)).find((one) => one.item === "house-tax");
  assert.equal(tax.certificates.length, 0, "no certificate before the tax");
  remember({ did: [...did], tax: tax.number });
  const buyer = await at(browser, "buyer");
  for (const [name, path] of [["matter-unpaid", recall().matter], ["case-unpaid", `/cases/${tax.number}`]]) {
    await until(`${name}: the way to the bill`, async () => {
      await buyer.page.goto(path);
      return (await buyer.page.locator('main a[href^="/payments/"]').count()) > 0;
    });
    await buyer.look(name);
    assert.match(await text(buyer.page), /等待缴费/);
  }
  await buyer.context.close();
  const desk = await at(browser, "tax-nj");
  await desk.page.goto(`/desk/cases/${tax.number}`);
  await desk.look("desk-unpaid");
  assert.match(await text(desk.page), /等待缴费/);
  await desk.context.close();
  const tasks = (await (await Api.signIn(URL_BASE, "tax-nj")).get("/tasks?limit=100")).body.tasks;
  assert.ok(!tasks.some((task) => task.case === tax.number), "it is nobody's task in the agency");
});

test("the buyer pays the tax by one act, and is told what is known", async () => {
  const buyer = await at(browser, "buyer", { viewport: { width: 390, height: 844 }, who: "buyer-phone" });
  const bill = await openBill(buyer.page, "存量房转移纳税");
  await buyer.look("payments");
  await payOnLine(buyer, bill);
  await buyer.page.locator('main a[href^="/space/payments/receipts/"]').first().click();
  await buyer.look("receipt");
  await buyer.page.goto(`${new URL(buyer.page.url()).pathname}?lang=en`);
  await buyer.look("receipt-english");
  assert.match(await text(buyer.page), /Tax receipt/);
  await buyer.context.close();
  const seller = await Api.signIn(URL_BASE, "seller");
  await until("the certificate of the tax", async () => (await seller.get(`/cases/${recall().tax}`)).body.certificates.length === 1);
});

test("the fee of the registration is paid at a window, and nobody else sees the bill", async () => {
  const seller = await Api.signIn(URL_BASE, "seller");
  const did = new Set(recall().did);
  await work(browser, { houses: recall().houses, did, seen: new Set() }, async () => (await unpaid(seller, recall().matter)) === "house-registration");
  assert.equal(await unpaid(seller, recall().matter), "house-registration", "the register is not written before its fee is paid");
  remember({ did: [...did] });
  const buyer = await at(browser, "buyer");
  const bill = await openBill(buyer.page, "不动产转移登记");
  await buyer.page.goto(`${bill}/matter`);
  await buyer.look("payments-matter");
  assert.equal(await buyer.page.locator(`main form[action="${bill}/matter/pay"] button`).count(), 1, "one act for all that is open");
  await buyer.page.goto(bill);
  const code = (await text(buyer.page)).match(CODE)[0];
  const stranger = await at(browser, "citizen");
  assert.equal((await stranger.page.goto(bill)).status(), 404, "nobody else sees it");
  await stranger.context.close();
  const clerk = await at(browser, "clerk");
  const registration = (await cases(seller, recall().houses)).find((one) => one.item === "house-registration");
  const taken = await payAtWindow(clerk, code, registration.number);
  remember({ window: taken });
  await clerk.page.locator(`main a[href^="${taken}/receipts/"]`).first().click();
  await clerk.look("cashier-receipt");
  assert.match(await text(clerk.page), /林子豪/, "the payer's own receipt says the payer's name");
  await clerk.context.close();
  await buyer.context.close();
});

test("six agencies have had it on their desks, each has done its own part, and the results come together", async () => {
  const { houses, matter } = recall();
  const seller = await Api.signIn(URL_BASE, "seller");
  const [did, seen] = [new Set(recall().did), new Set()];
  const open = async () => {
    const steps = (one) => one.steps.map((step) => `${step.id} ${step.state.state}`).join(", ");
    const running = (await cases(seller, recall().houses)).filter((one) => one.state !== "closed");
    return running.map((one) => `${one.item} ${one.state}: ${steps(one)}`);
  };
  await work(browser, { houses: recall().houses, did, seen }, async () => (await open()).length === 0);
  assert.deepEqual(await open(), [], `every case is closed; done: ${[...seen].join(", ")}`);
  assert.deepEqual([...did].sort(), Object.keys(STAFF).sort(), "six agencies have worked on it");
  for (const number of houses) {
    const { body } = await seller.get(`/cases/${number}`);
    assert.equal(body.decision.outcome, "approved", number);
    assert.equal(body.certificates.length, 1, number);
  }
  for (const [account, options] of [["buyer", {}], ["seller", { locale: "en", who: "seller-english" }]]) {
    const one = await at(browser, account, options);
    await one.page.goto(`${matter}${options.locale ? "?lang=en" : ""}`);
    await one.look("matter-done");
    assert.ok((await one.page.locator('main a[href^="/certificates/"]').count()) > 0, `${account} finds the results together`);
    await one.context.close();
  }
});

test("what was handed in stays the seller's: looked at, refused a copy without a purpose, kept as the law says", async () => {
  const seller = await at(browser, "seller");
  const { page, look } = seller;
  await page.goto("/space/papers");
  await look("papers");
  const papers = await page.locator('main a[href^="/space/papers/"]').evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  // What a register said is kept without pages, and nothing of it can be copied.
  let paper = null;
  for (const one of papers) {
    await page.goto(one);
    if ((await page.locator(`main form[action="${one}/copy"] select, main form[action="${one}/copy"] button`).count()) > 0) paper ??= one;
  }
  assert.ok(paper, papers.join());
  const stranger = await at(browser, "citizen");
  assert.equal((await stranger.page.goto(paper)).status(), 404, "nobody else sees it");
  await stranger.context.close();
  await page.goto(paper);
  await look("paper");
  await press(page, `main form[action="${paper}/copy"] button[type=submit]`);
  await look("paper-copy-errors", { status: 422 });
  await page.goto(paper);
  assert.equal(await page.locator(`main form[action="${paper}/withdraw"]`).count(), 0, "its case is kept thirty years");
  assert.match(await page.locator("main").innerText(), /依法须保存/);
  await seller.context.close();
});
