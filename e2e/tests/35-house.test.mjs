//! A seller and a buyer sell a flat in one matter, with six agencies on their desks: one form, one set of papers, each side
//! confirms for itself, each agency does its own task in its own time, and the results come together.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Api } from "../lib/api.mjs";
import { URL_BASE, launch } from "../lib/browser.mjs";
import { at, press, text } from "../lib/desk.mjs";
import { ANSWERED, GUIDE, SALE, SITUATIONS, papers, promises } from "../lib/house.mjs";
import { pause } from "../lib/server.mjs";
import { recall, remember } from "../lib/state.mjs";
import { until } from "../lib/wait.mjs";
import { fill, primary, throughSections } from "../lib/walk.mjs";

/// Who works on it, and for which agency.
const STAFF = { marriage: "civil affairs", police: "police", "housing-clerk": "housing", "tax-nj": "tax", land: "natural resources", finance: "finance" };
/// So many times nobody may have anything to do.
const IDLE_MAX = 12;

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

/// Does in the page what lies on somebody's desk of these cases; answers how much that was.
async function workOff(one, api, numbers, seen) {
  const tasks = (await api.get("/tasks?limit=100")).body.tasks.filter((task) => numbers.includes(task.case));
  for (const task of tasks) {
    const step = `${task.item} ${task.step}`;
    await one.page.goto(`/desk/cases/${task.case}`);
    if (!seen.has(step)) await one.look(`house-${task.step}`);
    seen.add(step);
    const accept = one.page.locator('main button[name="verb"][value="precheck"], main button[name="verb"][value="accept"]');
    const approve = one.page.locator('main button[name="verb"][value="approve"]');
    await press(one.page, (await approve.count()) ? approve.first() : accept.first());
    // A sibling's result may just have arrived: then what was pressed is not taken, and is pressed again on the new version.
    const others = one.broken.splice(0).filter((line) => !line.includes("status of 409"));
    assert.deepEqual(others, [], step);
    const wrong = await one.page.locator("#error-summary").count();
    assert.equal(wrong, 0, `${step}: ${wrong && (await one.page.locator("#error-summary").innerText())}`);
  }
  return tasks.length;
}

test("six agencies have it on their desks, each does its own part, and the results come together", async () => {
  const { houses, matter } = recall();
  const seller = await Api.signIn(URL_BASE, "seller");
  const [windows, apis, did, seen] = [{}, {}, new Set(), new Set()];
  for (const account of Object.keys(STAFF)) [windows[account], apis[account]] = [await at(browser, account), await Api.signIn(URL_BASE, account)];
  const open = async () => {
    const cases = await Promise.all(houses.map(async (number) => (await seller.get(`/cases/${number}`)).body));
    const steps = (one) => one.steps.map((step) => `${step.id} ${step.state.state}`).join(", ");
    return cases.filter((one) => one.state !== "closed").map((one) => `${one.item} ${one.state}: ${steps(one)}`);
  };
  // Results of one case come to the next by message: as long as something happens there is somebody with something to do.
  for (let idle = 0; idle < IDLE_MAX && (await open()).length > 0; idle += 1) {
    for (const account of Object.keys(STAFF)) {
      if ((await workOff(windows[account], apis[account], houses, seen)) === 0) continue;
      did.add(account);
      idle = 0;
    }
    await pause(100 * idle);
  }
  assert.deepEqual(await open(), [], `every case is closed; done: ${[...seen].join(", ")}`);
  assert.deepEqual([...did].sort(), Object.keys(STAFF).sort(), `six agencies have worked on it: ${[...seen].join(", ")}`);
  for (const one of Object.values(windows)) await one.context.close();
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
