//! A party without the platform gives their word at a window; and the pages of matters for everybody: one's own set of items, what one is
//! entitled to, what is filled in and wrong, what the linter and supervision read — in both languages, on a phone, without JavaScript.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Api } from "../lib/api.mjs";
import { launch } from "../lib/browser.mjs";
import { at, offered, press, refusedAt, send, text, unfold } from "../lib/desk.mjs";
import { ANSWERED, SALE, papers, promises } from "../lib/house.mjs";
import { recall, remember } from "../lib/state.mjs";
import { fill, primary, throughSections } from "../lib/walk.mjs";

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1, isMobile: true, hasTouch: true };
/// How a page looks does not depend on the database; once is enough.
const LOOKS = { skip: Boolean(process.env.YIMEN_DATABASE) };
const WAYS = [["desk", {}], ["phone", PHONE], ["english", { locale: "en-GB" }], ["english-phone", { ...PHONE, locale: "en-GB" }], ["no-script", { javaScriptEnabled: false }]];

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/// The same path in the language of the window.
const inLanguage = (path, options) => (options.locale?.startsWith("en") ? `${path}${path.includes("?") ? "&" : "?"}lang=en` : path);

/// Begins, or goes on with, what a theme's guide offers with these answers; where the draft is.
async function draftOf(page, guide) {
  await page.goto(guide);
  await press(page, primary(page));
  if (new URL(page.url()).pathname.startsWith("/apply/")) await press(page, primary(page));
  return new URL(page.url()).pathname.split("/").slice(0, 3).join("/");
}

test("what is filled in and wrong is said there, more than once, and taken back", async () => {
  const mother = await at(browser, "newborn");
  const { page, look } = mother;
  await page.goto(`${await draftOf(page, "/themes/newborn?register_here=yes")}/dispute`);
  await look("dispute");
  const entries = await page.locator('main input[name="path"]').evaluateAll((all) => all.map((e) => e.value));
  assert.ok(entries.length >= 2, `what is known can be wrong: ${entries}`);
  await press(page, page.locator("main form button.button-primary").last());
  await look("dispute-errors", { status: 422 });
  for (const [n, entry] of entries.slice(0, 2).entries()) {
    await page.locator(`main input[name="path"][value="${entry}"]`).check();
    await fill(page, { claim: "与登记不同" });
    await press(page, page.locator("main form button.button-primary").last());
    assert.equal(await page.locator('main button[name="undo"]').count(), n + 1, "each stands by itself");
  }
  await look("dispute-said");
  for (let left = 2; left > 0; left -= 1) {
    await press(page, page.locator('main button[name="undo"]').first());
    assert.equal(await page.locator('main button[name="undo"]').count(), left - 1);
  }
  await mother.context.close();
});

test("the seller hands a sale in, and the buyer has no telephone", async () => {
  const seller = await at(browser, "seller");
  const { page } = seller;
  await page.goto(await draftOf(page, ANSWERED));
  await throughSections(page, SALE, async (page) => {
    await papers(page);
    await promises(page);
  });
  await fill(page, { declare: true });
  await press(page, page.locator("main form button.button-primary").last());
  assert.match(new URL(page.url()).pathname, /^\/matters\//, await text(page));
  const links = await page.locator('main th a[href^="/cases/"]').evaluateAll((all) => all.map((a) => a.getAttribute("href").split("/").pop()));
  remember({ word: new URL(page.url()).pathname, worded: links });
  await seller.look("matter-waits");
  await seller.context.close();
});

test("what was asked for is brought to the window, where a clerk hands it in", async () => {
  const clerk = await at(browser, "housing-window");
  const { page } = clerk;
  const bureau = await Api.signIn(process.env.YIMEN_URL, "housing-window");
  let trade = null;
  for (const number of recall().worded) {
    const asked = await bureau.send("POST", `/cases/${number}/ask_supplement`, { demands: [{ field: "trade_price", say: "与合同写的不一致" }] });
    if (asked.status === 200) trade = number;
  }
  assert.ok(trade, "the housing bureau has the trade");
  await page.goto(`/desk/cases/${trade}`);
  await clerk.look("asked");
  await page.getByRole("link", { name: "当事人到窗口补正" }).click();
  await clerk.look("supplement");
  assert.equal(await page.locator('[name="trade_handover"]').count(), 0, "only what was asked for");
  await page.fill('[name="trade_price"]', "2580000");
  await page.fill('[name="citizen_id"]', SALE.seller_citizen_id);
  await page.fill('[name="ground"]', "不会上网");
  await press(page, page.locator("main form button.button-primary"));
  await clerk.look("supplement-unsigned", { status: 422 });
  assert.equal(await page.inputValue('[name="ground"]'), "不会上网", "what was typed stays");
  await page.fill('[name="reference"]', "补正书2026-3");
  await press(page, page.locator("main form button.button-primary"));
  assert.equal(new URL(page.url()).pathname, `/desk/cases/${trade}`, await text(page));
  assert.match(await text(page), /当事人到窗口办理/);
  await unfold(page, "for_party");
  await clerk.look("for-party");
  await clerk.context.close();
});

test("a clerk writes down the word of the buyer who stands at the window", async () => {
  const clerk = await at(browser, "housing-window");
  const { page } = clerk;
  let trade = null;
  for (const number of recall().worded) {
    const answer = await page.goto(`/desk/cases/${number}`);
    if (answer.status() === 200 && (await offered(page, "confirm_party"))) trade = number;
    clerk.broken.splice(0);
  }
  assert.ok(trade, "the housing bureau has the trade");
  await page.goto(`/desk/cases/${trade}`);
  await clerk.look("word");
  assert.ok(!(await page.content()).includes(SALE.buyer_citizen_id), "the number is not shown beforehand");
  await refusedAt(clerk, "confirm_party", ["citizen_id", "ground"]);
  const said = { role: "buyer", citizen_id: SALE.seller_citizen_id, ground: "没有智能手机", reference: "确认书2026-7" };
  await send(page, "confirm_party", said);
  await clerk.look("word-wrong", { status: 422 });
  assert.match(await page.locator("#error-summary").innerText(), /身份证/);
  await send(page, "confirm_party", { ...said, citizen_id: SALE.buyer_citizen_id });
  await clerk.look("word-taken");
  assert.ok(!(await offered(page, "confirm_party")), "said once");
  assert.match(await text(page), /在窗口确认/);
  await clerk.context.close();
});

test("both parties see that it was at a window, and by whom", async () => {
  for (const account of ["buyer", "seller"]) {
    for (const [who, options] of WAYS) {
      const one = await at(browser, account, { ...options, who: `${account}-${who}` });
      await one.page.goto(inLanguage(recall().word, options));
      await one.look("matter");
      assert.equal(await one.page.locator(`main form[action$="/confirm"]`).count(), 0, "nothing is left to confirm");
      assert.match(await text(one.page), options.locale ? /recorded by staff member/ : /号工作人员记录/);
      await one.context.close();
    }
  }
});

test("one's own set of items, what one is entitled to, and what is wrong in a form, for everybody", LOOKS, async () => {
  for (const [who, options] of WAYS) {
    const one = await at(browser, "newborn", { ...options, who: `matters-${who}` });
    const paths = ["/plan/choose", "/plan/choose?nothing=1", "/plan/choose?q=%E8%A1%A5%E8%B4%B4", "/plan?item=elderly-card&item=temporary-relief", "/themes/newborn", "/due"];
    for (const path of paths) {
      await one.page.goto(inLanguage(path, options));
      await one.look(path.replace(/\W+/g, "-").replace(/^-|-$/g, ""));
    }
    const draft = await draftOf(one.page, inLanguage("/themes/newborn?register_here=yes", options));
    await one.page.goto(inLanguage(`${draft}/dispute`, options));
    await one.look("draft-dispute");
    await one.context.close();
  }
});

test("what the linter finds and what supervision reads, for everybody", LOOKS, async () => {
  for (const [who, options] of WAYS) {
    const operator = await at(browser, "operator", { ...options, who: `operator-${who}` });
    for (const path of ["/desk/lint", "/desk/lint?rule=circular"]) {
      await operator.page.goto(inLanguage(path, options));
      await operator.look(path.replace(/\W+/g, "-").replace(/^-|-$/g, ""));
    }
    await operator.context.close();
    const supervisor = await at(browser, "supervisor", { ...options, who: `supervisor-${who}` });
    for (const kind of ["deviation", "late", "dispute"]) {
      await supervisor.page.goto(inLanguage(`/desk/watch?kind=${kind}`, options));
      await supervisor.look(`watch-${kind}`);
    }
    await supervisor.context.close();
  }
});
