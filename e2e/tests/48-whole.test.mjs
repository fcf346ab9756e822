//! The whole sale of a flat in the hall: one number, one window, six agencies, one payment for tax, fee and courier, one parcel, and what the seller
//! thinks of it — with the calling screen beside it. What the clerk at the window does by hand is counted.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Api } from "../lib/api.mjs";
import { URL_BASE, launch, window } from "../lib/browser.mjs";
import { at, press, text } from "../lib/desk.mjs";
import { PAPER } from "../lib/filings.mjs";
import { SALE, SITUATIONS, STAFF, cases, unpaid, work } from "../lib/house.mjs";
import { openBill } from "../lib/pay.mjs";
import { expectUrl, until } from "../lib/wait.mjs";
import { reader } from "../lib/reader.mjs";
import { fill } from "../lib/walk.mjs";

const HALL = "nanjing-public";
/// A sale of two people takes a clerk no more acts than these, from the call to the receipt: presses, choices, ticks, files and cards.
const ACTS_MAX = 12;
const MOVES = { timeout: 5_000 };
/// The courier is spoken to every ten seconds, twice until it moves.
const COURIER_MS = 60_000;

let browser;
const kept = {};
before(async () => (browser = await launch()));
after(() => {
  kept.device?.away();
  return browser?.close();
});

/// Everything that a clerk does at the window, counted: each press, each choice, each tick, each file and each card; and, by itself, each
/// field that is typed into.
function counted(page) {
  const did = [];
  let typed = 0;
  const act = (what) => did.push(what);
  return {
    press: async (what) => (act(`press ${what}`), press(page, page.getByRole("button", { name: what, exact: true }).first())),
    pick: async (selector) => (act(`pick ${selector}`), press(page, page.locator(selector))),
    check: async (name, value) => (act(`choose ${name}`), page.locator(`main input[name="${name}"][value="${value}"]`).check()),
    upload: async (files) => (act("files, chosen at once"), page.locator('main input[type="file"][name="_files"]').setInputFiles(files)),
    card: async (device, who) => (act(`card of ${who}`), Promise.all([page.waitForNavigation({ waitUntil: "load" }), device.put(who)])),
    type: async (name, value) => ((typed += 1), page.locator(`main [name="${name}"]`).fill(value)),
    did,
    typed: () => typed,
  };
}

/// Other tests have left people in the queue; they are served first, as they came.
async function whoeverWaits(page) {
  for (;;) {
    await press(page, page.getByRole("button", { name: "叫下一位" }));
    if ((await page.getByRole("button", { name: "开始办理" }).count()) === 0) return;
    await press(page, page.getByRole("button", { name: "开始办理" }));
    await page.locator("main input[name=outcome][value=done]").check();
    await page.locator("main input[name=what]").fill("咨询");
    await press(page, page.getByRole("button", { name: "办理结束" }));
  }
}

/// The window's tablet, paired by the code that the clerk's page shows.
async function tabletOf(page) {
  await press(page, page.locator('main form[action="/desk/hall/tablet"] button'));
  const code = await page.locator("main details .big-number").innerText();
  const tablet = await window(browser, "whole-tablet", { viewport: { width: 1024, height: 768 } });
  await tablet.page.goto("/tablet");
  await tablet.page.locator("main input[name=code]").fill(code);
  await press(tablet.page, tablet.page.getByRole("button", { name: "配对" }));
  return tablet;
}

test("one number: the seller is called from a ticket, and the screen shows it", async () => {
  kept.clerk = await at(browser, "clerk", { who: "whole-clerk" });
  kept.hand = counted(kept.clerk.page);
  const { page } = kept.clerk;
  await page.goto("/desk/hall");
  await page.locator(`main input[name=window][value="${HALL}/2"]`).check();
  await press(page, page.getByRole("button", { name: "上岗" }));
  kept.device = await reader(page);
  kept.tablet = await tabletOf(page);
  await whoeverWaits(page);
  kept.clerk.broken.splice(0); // that nobody waits any more is said with a status

  const seller = await at(browser, "seller", { viewport: { width: 390, height: 844 }, who: "whole-seller" });
  await seller.page.goto(`/halls/${HALL}`);
  await seller.page.getByRole("link", { name: "取号", exact: true }).click();
  await seller.page.locator("main input[name=letter][value=A]").check();
  await press(seller.page, seller.page.getByRole("button", { name: "取号" }));
  await expectUrl(seller.page, (url) => url.pathname.startsWith("/tickets/"));
  kept.ticket = new URL(seller.page.url()).pathname;
  kept.number = (await seller.page.locator("main .hall-number").innerText()).trim();
  const screen = await window(browser, "whole-screen", { viewport: { width: 1920, height: 1080 } });
  await screen.page.goto(`/screen/${HALL}`);

  await kept.hand.press("叫下一位");
  await page.getByText(kept.number).first().waitFor();
  await screen.page.locator("main .hall-called", { hasText: kept.number }).waitFor(MOVES);
  await seller.page.getByText("请到2号窗口").waitFor(MOVES);
  await kept.clerk.look("window-called");
  await seller.context.close();
  await screen.context.close();
});

test("one window: two cards, what registers know is answered, one sheet is signed, and a case for each agency is filed", async () => {
  const { clerk, hand, device } = kept;
  const { page } = clerk;
  // The seller's card on the reader: serving begins, and the page goes on by itself.
  await hand.card(device, "许静怡");
  await expectUrl(page, (url) => url.pathname.startsWith("/desk/window/"));
  await clerk.look("window-found");
  await hand.pick('main button[name="pick"][value="theme:stock-house@seller"]');
  const saved = () => page.waitForLoadState("networkidle");
  assert.equal(await page.locator('main [name="seller_name"]').inputValue(), "许静怡", "what is known is not typed");
  await hand.type("house_title_no", SALE.house_title_no);
  // The property registry has answered before the clerk comes to its question.
  await page.locator('main input[name="mortgage"][value="no"]:checked').waitFor();
  await hand.check("only_home", SITUATIONS.only_home);
  await hand.check("buyer_home", SITUATIONS.buyer_home);
  await saved();
  await hand.card(device, "林子豪");
  await page.getByText("已读卡").waitFor();
  await page.locator('main input[name="buyer_married"][value="yes"]:checked').waitFor();
  assert.equal(await page.locator('main [name="buyer_name"]').inputValue(), "林子豪");
  for (const name of ["trade_price", "trade_contract_date", "trade_handover"]) await hand.type(name, SALE[name]);
  await hand.check("trade_payment", SALE.trade_payment);
  await hand.check("registration_sharing", SALE.registration_sharing);
  const scanned = (name) => ({ name: `${name}.pdf`, mimeType: "application/pdf", buffer: PAPER });
  await hand.upload(["存量房买卖合同", "同意出售的声明", "原房屋权属证书"].map(scanned));
  await saved();
  await clerk.look("window-form");
  await hand.press("打印申请表，当场签字");
  assert.equal(await page.locator("#error-summary").count(), 0, await text(page));
  await clerk.look("window-sheet");
  await hand.press("已签字、原件已核对，收件");
  await expectUrl(page, (url) => url.pathname.endsWith("/receipt"));
  await clerk.look("window-receipt");
  const told = await text(page);
  kept.houses = [...new Set(told.match(/[0-9A-HJ-NPQRTUWXY]{18}[1-6][0-9]{12}[0-9]{8}[0-9]{4,}/g))];
  assert.equal(kept.houses.length, 4, told);
  console.log(`from the call to the receipt: ${hand.did.length} acts (${hand.did.join(", ")}) and ${hand.typed()} fields typed`);
  assert.ok(hand.did.length <= ACTS_MAX, `${hand.did.length} acts of the clerk: ${hand.did.join(", ")}`);

  // What was filed is the outcome of the visit, and the press that ends it calls whoever is next.
  await press(page, page.getByRole("button", { name: "办结，叫下一位" }));
  await expectUrl(page, (url) => url.pathname === "/desk/hall");
  assert.equal(await page.getByText(kept.number).count(), 0, "the ticket has ended");
  clerk.broken.splice(0);
});

test("the seller rates the visit on the window's tablet, once, and the head of the hall sees who served", async () => {
  const { tablet } = kept;
  const { page } = tablet;
  await page.locator("main .hall-number", { hasText: kept.number }).waitFor(MOVES);
  await page.getByText(new RegExp(kept.houses.join("|"))).first().waitFor(MOVES);
  const mine = page.url();
  const clerk = (await text(page)).match(/工号(\S+)/)[1];
  await page.getByRole("link", { name: "评价这次服务" }).click();
  const levels = page.locator("main input[name=level]");
  await levels.first().waitFor();
  assert.deepEqual(await levels.evaluateAll((all) => all.map((one) => one.value)), ["1", "2", "3", "4", "5"]);
  const send = () => press(page, page.getByRole("button", { name: "提交评价" }));
  await send();
  assert.equal(await page.locator("#error-summary").count(), 1, "without a level nothing is sent");
  await tablet.look("rate-none", { status: 422 });
  // The same page once more, as of somebody who pressed twice.
  const twice = await tablet.context.newPage();
  await twice.goto(page.url());
  await page.locator('main label', { hasText: /^\s*不满意/ }).click();
  await page.locator('main input[name=reasons][value="visits"]').check();
  await tablet.look("rate");
  await send();
  assert.match(await text(page), /谢谢您的评价/);
  assert.match(await text(page), /很抱歉没有让您满意/);
  await tablet.look("rated");
  await twice.locator('main input[name=level][value="1"]').check();
  await press(twice, twice.getByRole("button", { name: "提交评价" }));
  assert.equal(await twice.locator("main input[name=level]").count(), 0, "it is not asked again");
  const said = await text(twice);
  assert.ok(/不满意/.test(said) && !/非常满意/.test(said), `what was said first stands: ${said}`);
  await twice.close();
  // The tablet goes back by itself, for whoever comes next.
  await expectUrl(page, (url) => url.href === mine);
  await page.goto(`${kept.ticket}/rate`);
  assert.match(await text(page), /谢谢您的评价/, "the ticket on her telephone leads to the same rating");
  assert.equal(await page.locator("main input[name=level]").count(), 0);
  await tablet.context.close();

  const head = await at(browser, "hall-head", { who: "whole-head" });
  await head.page.goto("/desk/ratings");
  const links = await head.page.locator('main a[href^="/desk/ratings/0"]').evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  const ours = [];
  for (const link of links) {
    await head.page.goto(link);
    if ((await text(head.page)).includes("2号窗口")) ours.push(await text(head.page));
    if (ours.length === 1) await head.look("rated-head");
  }
  assert.equal(ours.length, 1, "one rating of one visit");
  assert.ok(ours[0].includes(clerk), `the number of whoever served, ${clerk}: ${ours[0]}`);
  assert.doesNotMatch(ours[0], /许静怡|许\*怡/, "and not who was served");
  await head.context.close();
});

test("one courier is chosen beforehand, and nothing is asked for it yet", async () => {
  const buyer = await at(browser, "buyer", { viewport: { width: 390, height: 844 }, who: "whole-buyer-phone" });
  const { page } = buyer;
  await page.goto("/space/addresses");
  await page.locator('main select[name="division"]').selectOption("320102");
  await fill(page, { street: "示范路1号2幢301室", recipient: "林子豪", phone: "13900000073" });
  await press(page, "main form button[type=submit]");
  await page.goto(`/space/deliveries/case/${kept.houses[0]}`);
  await buyer.look("whole-choose");
  await page.locator('main input[name="how"][value="courier"]').check();
  await page.locator('main select[name="address"]').selectOption({ index: 1 });
  await press(page, "main form button[type=submit]");
  kept.parcel = new URL(page.url()).pathname;
  kept.label = (await text(page)).match(/K\d{11,}/)[0];
  await page.goto("/space/payments");
  assert.equal(await page.locator("main ul.rows li .state-wait").count(), 0, await text(page));
  await buyer.context.close();
});

test("six agencies, one payment: tax, fee and courier are due together and taken by one act, the tax before its certificate", async () => {
  const { houses } = kept;
  const seller = await Api.signIn(URL_BASE, "seller");
  const [did, seen] = [new Set(), new Set()];
  // What its steps look like was seen on line.
  const known = { has: () => true, add: (step) => seen.add(step) };
  // Granted and certified; what somebody wants on paper is still to be served.
  const done = (one) => one.decision?.outcome === "approved" && one.certificates.length === 1;
  const open = async () => (await cases(seller, houses)).filter((one) => !done(one));
  const buyer = await at(browser, "buyer", { who: "whole-buyer" });
  await buyer.page.goto(`/cases/${houses[0]}`);
  const matter = new URL(await buyer.page.locator('main a[href^="/matters/"]').first().getAttribute("href"), URL_BASE).pathname;
  await work(browser, { houses, did, seen: known }, async () => (await open()).length === 0 || (await unpaid(seller, matter)) !== null);
  assert.equal(await unpaid(seller, matter), "house-tax", [...seen].join(", "));
  const bill = await openBill(buyer.page, "存量房转移纳税");
  await until("three bills of one matter", async () => {
    await buyer.page.goto(`${bill}/matter`);
    return (await text(buyer.page)).includes("有3张缴款单待缴");
  });
  await buyer.look("whole-owed");
  for (const what of ["契税", "不动产登记费", "寄递费"]) assert.ok((await text(buyer.page)).includes(what), what);
  // One act of the payer for all three, at the gateway.
  await press(buyer.page, `main form[action="${bill}/matter/pay"] button`);
  await press(buyer.page, 'button[value="pay"]');
  await until("the payment of all three", async () => {
    await buyer.page.goto(`${bill}/matter`);
    return /没有待缴的费用了/.test(await text(buyer.page));
  });
  await buyer.look("whole-paid");
  // From here nobody asks for money any more.
  await work(browser, { houses, did, seen: known }, async () => (await open()).length === 0 || (await unpaid(seller, matter)) !== null);
  assert.deepEqual((await open()).map((one) => `${one.item} ${one.state}`), [], [...seen].join(", "));
  assert.deepEqual([...did].sort(), Object.keys(STAFF).sort(), "six agencies had their part");
  await buyer.page.goto("/space/payments");
  assert.equal(await buyer.page.locator("main ul.rows li .state-wait").count(), 0, await text(buyer.page));
  await buyer.context.close();
});

test("one parcel: the buyer's papers of all cases come together", async () => {
  const buyer = await at(browser, "buyer", { viewport: { width: 390, height: 844 }, who: "whole-buyer-phone" });
  const { page } = buyer;
  const { parcel, label } = kept;
  await page.goto(parcel);
  await buyer.look("whole-parcel");

  const desk = kept.clerk.page;
  await desk.goto(`/desk/parcels/${parcel.split("/").pop()}`);
  const found = await desk.locator('main input[name="paper"]').all();
  assert.ok(found.length >= 2, `the papers of several cases lie in one parcel: ${found.length}`);
  for (const paper of found) await paper.check();
  await press(desk, 'main button[name="act"][value="pack"]');
  await desk.goto("/desk/handovers");
  await press(desk, "main form button[type=submit]");
  await desk.locator('main textarea[name="numbers"]').fill(label);
  await press(desk, 'main button[name="act"][value="scan"]');
  await desk.locator('main input[name="courier"]').fill("李师傅");
  await press(desk, 'main button[name="act"][value="close"]');
  await until("the signature", async () => {
    await page.goto(parcel);
    return /已签收|自此时送达/.test(await text(page));
  }, COURIER_MS);
  await buyer.look("whole-signed");
  await buyer.context.close();

  await desk.goto("/desk/hall");
  await desk.locator("main details", { hasText: "离岗" }).locator("summary").click();
  await press(desk, desk.getByRole("button", { name: "离岗", exact: true }));
  await kept.clerk.context.close();
});
