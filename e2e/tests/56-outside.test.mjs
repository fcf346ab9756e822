//! The gateway and the courier as programs elsewhere: all that is said goes over sockets, signed. Either is cut off in the middle; what is not
//! known is not told as failed, what was heard late, twice or never takes effect once, and a statement finds what nobody said.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Api } from "../lib/api.mjs";
import { launch } from "../lib/browser.mjs";
import { at, press, text } from "../lib/desk.mjs";
import { day, proof } from "../lib/filings.mjs";
import { ANSWERED, SALE, STAFF, cases, papers, promises, unpaid, work } from "../lib/house.mjs";
import { Line, Partner } from "../lib/partner.mjs";
import { openBill } from "../lib/pay.mjs";
import { Server } from "../lib/server.mjs";
import { until } from "../lib/wait.mjs";
import { fill, primary, throughSections } from "../lib/walk.mjs";

/// Once is enough: the rooms' own tests run the same protocol on both databases.
const ONCE = { skip: Boolean(process.env.YIMEN_DATABASE) };
const ITEMS = ["house-trade", "house-tax", "house-registration", "house-funds", "mortgage-release", "home-purchase-proof"].map((item) => `nanjing/${item}`);
const PHONE = { viewport: { width: 390, height: 844 } };
const TAX = "存量房转移纳税";
/// The latest moment of a call-back: later than a payer waits, and sooner than the platform asks by itself. With this seed both come after half of it.
const LATE_MS = 8_000;
/// The courier's legs; with more delay than that its call-backs come out of order.
const LEG_MS = 2_000;
/// After an answer that did not come the courier is asked again within a minute, and once more within two.
const COURIER_MS = 240_000;
const UNKNOWN = /还不知道有没有缴成/;
const FAILED = /没有缴成，|失败|没有扣款/;

let browser;
let server;
let gateway;
let courier;
let line;
const kept = {};
before(async () => {
  if (ONCE.skip) return;
  browser = await launch();
  [gateway, courier, line] = [await Partner.make("gateway"), await Partner.make("courier"), await Line.make()];
  const settings = () => gateway.settings() + courier.settings();
  server = await Server.make({ database: null, items: [...ITEMS, "themes/stock-house"], settings });
  line.platform = server.url;
  await server.start();
});
after(async () => {
  await browser?.close();
  if (server?.runs()) await server.kill();
  for (const partner of [gateway, courier]) await partner?.clear();
  line?.close();
  server?.clear();
});

const someone = (account, options = {}) => at(browser, account, { baseURL: server.url, ...options });

/// Chooses the courier for what a case yields; the parcel's address and number.
async function byCourier(one, number, recipient) {
  await one.page.goto("/space/addresses");
  await one.page.locator('main select[name="division"]').selectOption("320102");
  await fill(one.page, { street: "示范路1号2幢301室", recipient, phone: "13900000073" });
  await press(one.page, "main form button[type=submit]");
  await one.page.goto(`/space/deliveries/case/${number}`);
  await one.page.locator('main input[name="how"][value="courier"]').check();
  await one.page.locator('main select[name="address"]').selectOption({ index: 1 });
  await press(one.page, "main form button[type=submit]");
  return { at: new URL(one.page.url()).pathname, label: (await text(one.page)).match(/K\d{11,}/)[0] };
}

async function pack(parcel) {
  const clerk = await someone("clerk");
  await clerk.page.goto(`/desk/parcels/${parcel.at.split("/").pop()}`);
  for (const paper of await clerk.page.locator('main input[name="paper"]').all()) await paper.check();
  await press(clerk.page, 'main button[name="act"][value="pack"]');
  await clerk.context.close();
}

/// Sets out to pay a bill; answers where the gateway takes it.
async function setOut({ page }, bill, form = `${bill}/pay`) {
  await page.goto(form.replace(/\/pay$/, ""));
  await press(page, `main form[action="${form}"] button`);
  const on = page.locator(`main a[href^="${gateway.url}/pay/"]`);
  await until("the way to the gateway", async () => (await on.count()) > 0 || (await page.reload(), false));
  return on.getAttribute("href");
}

/// Pays at the gateway, and never comes back: the window is gone.
async function payAndLeave({ context }, there) {
  const paid = await context.request.post(there, { form: { do: "pay" }, maxRedirects: 0 });
  assert.equal(paid.status(), 303);
}

const receipts = (page) => page.locator('main a[href^="/space/payments/receipts/"]').count();

/// The call-backs of a payment that went over the line so far.
const calls = (there) => line.heard.filter((call) => call.path === "/payments/callback" && call.news.trade === there.split("/").pop());

test("a matter with three orders is due, and the gateway is away: nothing is known, and that is said", ONCE, async () => {
  await courier.start(line.url);
  const seller = await someone("seller");
  await seller.page.goto(ANSWERED);
  await press(seller.page, primary(seller.page));
  if (new URL(seller.page.url()).pathname.startsWith("/apply/")) await press(seller.page, primary(seller.page));
  await throughSections(seller.page, SALE, async (page) => {
    await papers(page);
    await promises(page);
  });
  await fill(seller.page, { declare: true });
  await press(seller.page, seller.page.locator("main form button.button-primary").last());
  kept.matter = new URL(seller.page.url()).pathname;
  assert.match(kept.matter, /^\/matters\//, await text(seller.page));
  const links = await seller.page.locator('main th a[href^="/cases/"]').evaluateAll((all) => all.map((a) => a.getAttribute("href").split("/").pop()));
  kept.houses = links;
  await seller.context.close();
  const buyer = await someone("buyer", { ...PHONE, who: "outside-buyer" });
  await buyer.page.goto(kept.matter);
  await press(buyer.page, `main form[action="${kept.matter}/confirm"] button[type=submit]`);
  kept.parcel = await byCourier(buyer, kept.houses[0], "林子豪");

  const api = await Api.signIn(server.url, "seller");
  const seen = { has: () => true, add: () => {} };
  kept.work = (over) => work(browser, { houses: kept.houses, did: new Set(), seen, url: server.url }, over);
  await kept.work(async () => (await unpaid(api, kept.matter)) !== null);
  const bill = await openBill(buyer.page, TAX);
  await until("three bills of one matter", async () => {
    await buyer.page.goto(`${bill}/matter`);
    return (await text(buyer.page)).includes("有3张缴款单待缴");
  });
  // One act for all three, and nobody answers.
  await press(buyer.page, `main form[action="${bill}/matter/pay"] button`);
  kept.result = new URL(buyer.page.url()).pathname;
  assert.match(kept.result, /\/result$/);
  const said = await text(buyer.page);
  assert.match(said, UNKNOWN);
  assert.match(said, /渠道没有回应/);
  assert.doesNotMatch(said, FAILED);
  assert.equal(await buyer.page.locator('main a[href*="/pay/"]').count(), 0, "nowhere to pay");
  await buyer.look("away");
  kept.buyer = buyer;
});

test("it is paid there, the gateway dies before it says so, and comes back: all three are paid, once", ONCE, async () => {
  const { buyer } = kept;
  const { page } = buyer;
  await gateway.start(line.url, { lose: 100 });
  await page.reload();
  const on = page.locator(`main a[href^="${gateway.url}/pay/"]`);
  const there = await on.getAttribute("href");
  await on.click();
  assert.match(await text(page), /\+2 · .*3 笔/, "the gateway is told of one payment with a part for each account");
  await payAndLeave(buyer, there);
  await gateway.kill();
  for (const again of [false, true]) {
    await page.goto(kept.result);
    // Closing it in order to pay anew is no way out either while nobody answers.
    if (again) await press(page, 'main form[action$="/again"] button');
    const said = await text(page);
    assert.match(said, UNKNOWN);
    assert.match(said, /渠道没有回应/);
    assert.doesNotMatch(said, FAILED);
  }
  await buyer.look("died");
  await page.goto(`${kept.result}?lang=en`);
  assert.match(await text(page), /not known/i);
  await buyer.look("died-english");
  await page.goto(`${kept.result}?lang=zh-CN`);

  await gateway.start(line.url, { lose: 100 });
  await press(page, 'main form[action$="/check"] button');
  assert.match(await text(page), /已经缴清/);
  assert.equal(await receipts(page), 3, "tax, fee and courier: a receipt of each kind");
  assert.equal(calls(there).length, 0, "it never called back");
  await buyer.look("paid");
  await page.reload();
  assert.equal(await receipts(page), 3);
  await page.goto("/space/payments");
  assert.equal(await page.locator("main ul.rows li .state-wait").count(), 0, await text(page));
  const trades = Object.values(gateway.kept().trades).filter((trade) => trade.state === "done");
  assert.equal(trades.length, 1, "one payment at the gateway");
});

test("the courier is away when the parcel is handed over", ONCE, async () => {
  const api = await Api.signIn(server.url, "seller");
  const done = (one) => one.decision?.outcome === "approved" && one.certificates.length === 1;
  await kept.work(async () => (await cases(api, kept.houses)).every(done));
  assert.ok((await cases(api, kept.houses)).every(done), `granted by ${Object.keys(STAFF)}`);
  await courier.kill();
  await pack(kept.parcel);
  const clerk = await someone("clerk");
  await clerk.page.goto("/desk/handovers");
  await press(clerk.page, "main form button[type=submit]");
  await clerk.page.locator('main textarea[name="numbers"]').fill(kept.parcel.label);
  await press(clerk.page, 'main button[name="act"][value="scan"]');
  await clerk.page.locator('main input[name="courier"]').fill("李师傅");
  await press(clerk.page, 'main button[name="act"][value="close"]');
  await clerk.context.close();
  const { page, look } = kept.buyer;
  await page.goto(kept.parcel.at);
  assert.match(await text(page), /已交寄/);
  assert.doesNotMatch(await text(page), /送达时间|自此时送达|退回/);
  await look("handed-over");
  await courier.start(line.url, { pace_ms: LEG_MS, delay_ms: 3 * LEG_MS, double: 100 });
});

test("a call-back that comes late and twice takes effect once, and nobody else's word counts", ONCE, async () => {
  await gateway.kill();
  await gateway.start(line.url, { delay_ms: LATE_MS, double: 100, seed: 7 });
  const api = await Api.signIn(server.url, "citizen");
  const me = await someone("citizen", { ...PHONE, who: "outside-citizen" });
  const filed = await api.file("outside-1", await proof());
  assert.ok(filed.ok, filed.text);
  await pack(await byCourier(me, filed.body.number, "王秀英"));
  const bill = await openBill(me.page, "寄递");
  const there = await setOut(me, bill);
  await payAndLeave(me, there);
  await me.page.goto(bill);
  assert.match(await text(me.page), /有一笔缴款正在进行/, "nothing is known before it was said");
  await me.look("underway");
  await until("both call-backs", () => calls(there).length === 2, 3 * LATE_MS);
  assert.deepEqual(calls(there).map((call) => call.status), [200, 200]);
  assert.notEqual(calls(there)[0].headers["x-yimen-nonce"], calls(there)[1].headers["x-yimen-nonce"], "said twice, not copied");
  await me.page.reload();
  assert.equal(await receipts(me.page), 1);
  assert.match(await text(me.page), /已缴清/);
  await me.look("late");

  // The very same once more changes nothing; with one letter changed it is nobody's word.
  const [{ path, headers, body }] = calls(there);
  assert.equal((await line.say(path, headers, body)).status, 200);
  const forged = await line.say(path, headers, Buffer.from(body.toString().replace('"done"', '"failed"')));
  assert.ok(forged.status >= 400 && forged.status < 500, `${forged.status} ${forged.text}`);
  await me.page.reload();
  assert.equal(await receipts(me.page), 1);
  kept.me = me;
});

/// The gateway's statement of a day, as its own book has it.
function statement(of) {
  const held = Object.values(gateway.kept().trades).filter((one) => one.state === "done" && day(0, new Date(one.at)) === of);
  const parts = held.flatMap((one) => one.new.parts.map((part) => ({ ...part, one })));
  const rows = parts.map(({ order, account, amount, one }) => ["pay", one.gateway_no, one.new.trade, order, "", account, amount, "done", one.at].join(","));
  const paid = parts.reduce((sum, part) => sum + part.amount, 0);
  const columns = "kind,gateway_no,trade,line,refund,account,amount,state,at";
  const file = join(server.folder, "statement.csv");
  writeFileSync(file, [`yimen-statement,1,${of}`, columns, ...rows, `end,${rows.length},${paid},0`, ""].join("\n"));
  return { file, lines: rows.length };
}

test("a call-back that is lost, of a gateway that is gone, is found by its statement", ONCE, async () => {
  await gateway.kill();
  await gateway.start(line.url, { lose: 100 });
  const { me } = kept;
  const api = await Api.signIn(server.url, "citizen");
  const filed = await api.file("outside-2", { ...(await proof()), answers: { ...(await proof()).answers, project: "示范苑" } });
  assert.ok(filed.ok, filed.text);
  await pack(await byCourier(me, filed.body.number, "王秀英"));
  const bill = await openBill(me.page, "寄递");
  const there = await setOut(me, bill);
  await payAndLeave(me, there);
  await gateway.kill();
  await me.page.goto(`${bill}/result`);
  assert.match(await text(me.page), UNKNOWN);
  assert.doesNotMatch(await text(me.page), FAILED);

  const at = gateway.kept().trades[there.split("/").pop()].at;
  const { file, lines } = statement(day(0, new Date(at)));
  const first = server.run("payment", "reconcile", file);
  assert.equal(first.status, 1, `a difference is named: ${first.stdout}${first.stderr}`);
  assert.ok(first.stdout.includes(there.split("/").pop()), first.stdout);
  const second = server.run("payment", "reconcile", file);
  assert.equal(second.status, 0, `${second.stdout}${second.stderr}`);
  assert.match(second.stdout, new RegExp(`共${lines}行，相符${lines}行，差异0处`));
  await me.page.goto(bill);
  assert.match(await text(me.page), /已缴清/);
  assert.equal(await receipts(me.page), 1);
  // The gateway is back and says the same: nothing is paid a second time.
  await gateway.start(line.url, { lose: 100 });
  await me.page.goto(`${bill}/result`);
  assert.match(await text(me.page), /已经缴清/);
  await me.look("found");
  assert.equal(calls(there).length, 0);
  assert.equal(server.run("payment", "reconcile", file).status, 0);
  await me.context.close();
});

test("the courier is told once it is back, is cut off on the way, and the parcel is signed for once", ONCE, async () => {
  const { page, look } = kept.buyer;
  const news = () => line.heard.filter((call) => call.path === "/couriers/callback");
  await until("the courier under way", () => news().length > 0, COURIER_MS);
  await courier.kill();
  await page.goto(kept.parcel.at);
  assert.match(await text(page), /运送中|派送中|已揽收/);
  assert.doesNotMatch(await text(page), /自此时送达/);
  await look("cut-off");
  // It comes back, remembers what it carried, and calls nobody: it is asked.
  await courier.start(line.url, { lose: 100 });
  await until("the signature", async () => {
    await page.goto(kept.parcel.at);
    return /自此时送达/.test(await text(page));
  }, COURIER_MS);
  assert.equal((await text(page)).match(/自此时送达/g).length, 1);
  await look("signed");
  assert.ok(news().every((call) => call.status === 200), JSON.stringify(news().map((call) => [call.status, call.text])));
  const again = news()[0];
  assert.equal((await line.say(again.path, again.headers, again.body)).status, 200, "an old word changes nothing");
  await page.reload();
  assert.match(await text(page), /自此时送达/);
  await kept.buyer.context.close();
  assert.doesNotMatch(server.log(), /panicked/);
});
