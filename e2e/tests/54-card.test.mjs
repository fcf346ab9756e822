//! Somebody who is unknown and has no telephone comes to a window: the card registers them, what it takes is printed, and they go with one
//! complete notice, which the clerk sees the next time. Cards that are no good; pages in both languages, on a telephone, in big print.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { english, launch } from "../lib/browser.mjs";
import { at, press, text } from "../lib/desk.mjs";
import { PROOF_TYPED } from "../lib/filings.mjs";
import { reader } from "../lib/reader.mjs";
import { fill } from "../lib/walk.mjs";
import { expectUrl, until } from "../lib/wait.mjs";

const HALL = "nanjing-public";
const STRANGER = "999999194803120441";
let browser;
const kept = {};
before(async () => (browser = await launch()));
after(() => {
  kept.device?.away();
  return browser?.close();
});

/// A ticket is taken for somebody, and called.
async function called(page) {
  await page.goto("/desk/hall");
  await page.locator("main details", { hasText: "代为取号" }).locator("summary").click();
  await page.locator('main select[name="letter"]').selectOption("A");
  await press(page, page.locator('main form[action="/desk/hall/ticket"] button[type=submit]'));
  await page.goto("/desk/hall");
  await press(page, page.getByRole("button", { name: "叫下一位" }));
}

/// A card is laid on the reader, and the open page takes it.
const lay = ({ page }, who) => Promise.all([page.waitForNavigation({ waitUntil: "load" }), kept.device.put(who)]);

test("a reader is paired by the code of the window, and a card that has run out is refused with what to do", async () => {
  const clerk = (kept.clerk = await at(browser, "clerk", { who: "card-clerk" }));
  const { page } = clerk;
  await page.goto("/desk/hall");
  await page.locator(`main input[name=window][value="${HALL}/2"]`).check();
  await press(page, page.getByRole("button", { name: "上岗" }));
  kept.device = await reader(page);
  await clerk.look("card-paired");
  await called(page);
  await clerk.look("card-called");
  await lay(clerk, "陈建国");
  assert.match(await text(page), /不在有效期内/);
  await clerk.look("card-expired", { status: 422 });
  // The page goes on waiting for a good one.
  await lay(clerk, "赵桂芳");
  await expectUrl(page, (url) => /^\/desk\/window\/[0-9a-f-]+$/.test(url.pathname));
  kept.visit = new URL(page.url()).pathname;
  assert.match(await text(page), /赵桂芳/);
  await english(clerk, "card-chosen", ["赵桂芳"]);
});

test("what it takes is printed; what is missing is one notice that begins with the plan, and is remembered without a telephone", async () => {
  const { clerk } = kept;
  const { page } = clerk;
  await page.goto(`${kept.visit}?q=${encodeURIComponent("存量房交易确认")}`);
  await press(page, page.locator('main button[name="pick"][value="item:house-trade@seller"]'));
  await clerk.look("card-form");
  await english(clerk, "card-form", ["赵桂芳", "赵*芳", "苏(2018)宁玄不动产权第9999101号"]);
  await page.getByRole("link", { name: /办事清单/ }).click();
  await clerk.look("plan");
  await english(clerk, "plan");
  await page.goto(`${kept.visit}/missing`);
  assert.match(await page.locator('main textarea[name="lines"]').inputValue(), /存量房买卖合同/);
  await clerk.look("missing");
  await english(clerk, "missing", ["赵*芳", "存量房"]);
  await page.locator('main textarea[name="lines"]').fill("");
  await press(page, page.getByRole("button", { name: "开告知单，结束这个号" }));
  await clerk.look("missing-empty", { status: 422 });
  await page.locator('main textarea[name="lines"]').fill("存量房买卖合同（原件）");
  await press(page, page.getByRole("button", { name: "开告知单，结束这个号" }));
  await expectUrl(page, (url) => url.pathname.startsWith("/desk/hall/notices/"));
  kept.notice = new URL(page.url()).pathname.split("/").pop();
  await clerk.look("missing-notice");
  // The next day's clerk would ask for more: the page says what was asked for before.
  await called(page);
  await lay(clerk, "赵桂芳");
  await page.goto(`${new URL(page.url()).pathname}?q=${encodeURIComponent("存量房交易确认")}`);
  await press(page, page.locator('main button[name="pick"][value="item:house-trade@seller"]'));
  assert.ok((await text(page)).includes(kept.notice), await text(page));
});

test("without a reader whoever is unknown is registered by what the clerk sees; nothing typed is lost", async () => {
  const other = await at(browser, "clerk2", { who: "card-clerk2", viewport: { width: 390, height: 844 } });
  const { page } = other;
  await page.goto("/desk/window");
  // The one from the card is known by now; a slip of the finger is called one.
  await page.locator("main input[name=citizen_id]").fill("999999194803120442");
  await press(page, page.getByRole("button", { name: "查找" }));
  assert.match(await text(page), /校验码不对/);
  await page.locator("main input[name=citizen_id]").fill("999999195106150025");
  await press(page, page.getByRole("button", { name: "查找" }));
  await other.look("register", { status: 422 });
  await page.locator("main input[name=name]").fill("孙桂兰");
  await press(page, page.getByRole("button", { name: "登记并接着办" }));
  assert.equal(await page.locator("main input[name=name]").inputValue(), "孙桂兰");
  await other.look("register-errors", { status: 422 });
  await page.locator('main input[name="document"][value="户口簿"]').check();
  await press(page, page.getByRole("button", { name: "登记并接着办" }));
  await expectUrl(page, (url) => /^\/desk\/window\/[0-9a-f-]+$/.test(url.pathname));
  await other.context.close();

  // The first clerk ends the ticket in hand, and goes.
  const { page: desk } = kept.clerk;
  await desk.goto("/desk/hall");
  await desk.locator("main input[name=outcome][value=filed]").check();
  await desk.locator("main input[name=case]").fill("11999999000000115Y4320115002000202600001");
  await press(desk, desk.getByRole("button", { name: "办理结束" }));
  await kept.clerk.look("no-such-case", { status: 422 });

  // What is decided at once ends at the window: the result is printed there, and the ticket ends with it.
  await desk.goto("/desk/window");
  await lay(kept.clerk, "王秀英");
  await desk.goto(`${new URL(desk.url()).pathname}?q=${encodeURIComponent("购房证明")}`);
  await press(desk, desk.locator('main button[name="pick"][value="item:home-purchase-proof"]'));
  await fill(desk, PROOF_TYPED);
  await press(desk, desk.getByRole("button", { name: "核对无误，提交" }));
  await expectUrl(desk, (url) => url.pathname.endsWith("/receipt"));
  const receipt = desk.url();
  await until("the decision", async () => {
    await desk.goto(receipt);
    return (await desk.getByRole("link", { name: /当场打印结果/ }).count()) > 0;
  });
  await kept.clerk.look("instant-receipt");
  await english(kept.clerk, "instant-receipt", ["王*英"]);
  await desk.goto(receipt);
  await desk.getByRole("link", { name: /当场打印结果/ }).click();
  await until("the certificate", async () => {
    await desk.reload();
    return (await desk.locator('main select[name="print.what"]').count()) > 0;
  });
  await kept.clerk.look("instant-result");
  assert.doesNotMatch(await text(desk), /恢复有效/, "it was never out of force");
  await desk.goto(receipt);
  await press(desk, desk.getByRole("button", { name: "办结", exact: true }));
  await desk.locator("main details", { hasText: "离岗" }).locator("summary").click();
  await press(desk, desk.getByRole("button", { name: "离岗", exact: true }));
  await kept.clerk.context.close();
});
