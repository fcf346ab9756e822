//! A firm comes to the window: its administrator shows a card's number, the firm is chosen by one press, and the case, the sheet, the receipt and
//! the firm's own space say for whom it was and who stood there; a mother stands for her son.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { english, launch, window } from "../lib/browser.mjs";
import { at, press, text } from "../lib/desk.mjs";
import { FIRM_NAME, STICKER_TYPED } from "../lib/filings.mjs";
import { expectUrl } from "../lib/wait.mjs";
import { fill, signIn } from "../lib/walk.mjs";

/// The coach company's administrator, and a mother.
const ADMINISTRATOR = "999999198001170330";
const MOTHER = "999999198603121026";
/// Names are Chinese in either language.
const NAMES = [FIRM_NAME, "周明", "李国强", "李*强", "王秀英", "张子轩"];

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

async function comes(page, number) {
  await page.goto("/desk/window");
  await page.locator("main input[name=citizen_id]").fill(number);
  await press(page, "main button.button-primary");
  await expectUrl(page, (url) => /^\/desk\/window\/[0-9a-f-]{36}$/.test(url.pathname));
}

test("a firm is served at the window", async () => {
  const clerk = await at(browser, "clerk", { who: "behalf" });
  const { page } = clerk;
  await comes(page, ADMINISTRATOR);
  await clerk.look("behalf-oneself");
  await english(clerk, "behalf-oneself", NAMES);
  // What only firms apply for is told at once, with what to do.
  await page.locator("main input[type=search]").fill("包车");
  await press(page, page.locator("main form[method=get] button"));
  await press(page, page.locator('main button[name=pick][value="item:charter-bus-sticker"]'));
  await clerk.look("behalf-wrong", { status: 422 });
  assert.match(await text(page), /请先选“为谁办”/);
  await press(page, page.locator("main button[name=whom]", { hasText: FIRM_NAME }).first());
  await page.getByText("窗口经办人：李国强").waitFor();
  await clerk.look("behalf-firm");
  await english(clerk, "behalf-firm", NAMES);
  await page.locator("main input[type=search]").fill("包车");
  await press(page, page.locator("main form[method=get] button"));
  await press(page, page.locator('main button[name=pick][value="item:charter-bus-sticker"]'));
  const { declare, ...typed } = STICKER_TYPED;
  await fill(page, typed);
  await clerk.look("behalf-form");
  await press(page, page.getByRole("button", { name: "打印申请表，当场签字", exact: true }).first());
  await clerk.look("behalf-sheet");
  assert.match(await text(page), new RegExp(`申请人 ${FIRM_NAME}，由窗口经办人 李国强 签名`));
  await english(clerk, "behalf-sheet", [...NAMES, ...Object.values(STICKER_TYPED).map(String), "包车合同.pdf"]);
  await press(page, page.getByRole("button", { name: /已签字/ }).first());
  await expectUrl(page, (url) => url.pathname.endsWith("/receipt"));
  await clerk.look("behalf-receipt");
  const receipt = await text(page);
  assert.match(receipt, new RegExp(FIRM_NAME));
  assert.match(receipt, /李\*强/);
  assert.equal(await page.locator("main .receipt-picture svg").count(), 1, "where it stands, to scan");
  const number = (await page.locator("main .number").first().innerText()).trim();
  await english(clerk, "behalf-receipt", NAMES);

  // The firm has it in its own space.
  const firm = await window(browser, "behalf-firm", { viewport: { width: 390, height: 844 } });
  await firm.page.goto("/login");
  await signIn(firm.page, "firm");
  await firm.page.goto(`/cases/${number}`);
  await firm.page.getByText("包车").first().waitFor();
  await firm.look("behalf-case");
  for (const one of [clerk, firm]) await one.context.close();
});

test("a mother stands for her son, and the form is his", async () => {
  const clerk = await at(browser, "clerk", { who: "behalf-guardian", viewport: { width: 390, height: 844 } });
  const { page } = clerk;
  await comes(page, MOTHER);
  await press(page, page.locator("main button[name=whom][value^=under]", { hasText: "张子轩" }));
  await clerk.look("behalf-under");
  await english(clerk, "behalf-under", NAMES);
  assert.match(await text(page), /窗口经办人：王秀英/);
  await page.locator("main input[type=search]").fill("购房证明");
  await press(page, page.locator("main form[method=get] button"));
  await press(page, page.locator('main button[name=pick][value="item:home-purchase-proof"]'));
  assert.match(await text(page), /为张\*轩办理 · 窗口经办人：王\*英/);
  await clerk.context.close();
});
