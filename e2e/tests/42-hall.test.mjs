//! The hall: a ticket at the kiosk, the calling screen beside it, the window, and one complete notice of what is missing.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { english, launch, window } from "../lib/browser.mjs";
import { at } from "../lib/desk.mjs";
import { signIn } from "../lib/walk.mjs";
import { expectUrl } from "../lib/wait.mjs";

/// Open day and night, so that the machine's clock does not matter.
const HALL = "nanjing-public";
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/// What the clerk writes on the notice: the matter and what is missing, Chinese in either language.
const TYPED = ["存量房交易", "身份证", "婚姻证明"];

/// Names in the list of changes, in a sentence of either language.
const NAMES = ["何静", "汤慧敏", "金凤仪"];

/// What a screen shows within the time of a poll and its way here.
const MOVES = { timeout: 5_000 };

test("kiosk, screen, window, notice", async () => {
  const head = await at(browser, "hall-head");
  await head.page.goto(`/desk/hall/day?hall=${HALL}`);
  await head.look("hall-day");
  await head.page.locator('main form[action="/desk/hall/day/kiosk"] input[name=name]').fill("一楼1号机");
  await head.page.getByRole("button", { name: "登记取号机" }).click();
  const kioskAt = await head.page.locator(`main a[href^="/kiosk/${HALL}"]`).getAttribute("href");

  const kiosk = await window(browser, "kiosk", { viewport: { width: 1080, height: 1920 } });
  await kiosk.page.goto(kioskAt);
  await kiosk.look("kiosk");
  await english(kiosk, "kiosk");
  await kiosk.page.locator('main input[name=priority][value=elder]').check();
  await kiosk.page.locator('main button[name=letter][value=A]').click();
  await expectUrl(kiosk.page, (url) => url.pathname.startsWith("/tickets/"));
  await kiosk.look("ticket-at-kiosk");
  await english(kiosk, "ticket-at-kiosk");
  const number = (await kiosk.page.locator("main .hall-number").innerText()).trim();
  assert.match(number, /^A\d{3,}$/);
  const mine = new URL(kiosk.page.url()).pathname;

  const phone = await window(browser, "hall-phone", { viewport: { width: 390, height: 844 } });
  await phone.page.goto(mine);
  await phone.page.getByText("等候中").first().waitFor();
  await phone.look("ticket-waiting");
  await english(phone, "ticket-waiting");
  const plain = await window(browser, "hall-plain", { javaScriptEnabled: false });
  await plain.page.goto(mine);
  assert.ok((await plain.page.content()).includes('http-equiv="refresh"'));
  const screen = await window(browser, "screen", { viewport: { width: 1920, height: 1080 } });
  await screen.page.goto(`/screen/${HALL}`);
  await screen.look("screen-before");
  await english(screen, "screen-before");

  const clerk = await at(browser, "clerk");
  await clerk.page.goto("/desk/hall");
  await clerk.look("hall-off-duty");
  await clerk.page.locator(`main input[name=window][value="${HALL}/1"]`).check();
  await clerk.page.getByRole("button", { name: "上岗" }).click();
  await clerk.page.getByRole("button", { name: "叫下一位" }).click();
  await clerk.page.getByText(number).first().waitFor();
  await clerk.look("hall-called");
  await screen.page.locator("main .hall-called", { hasText: number }).waitFor(MOVES);
  await screen.page.getByText(`请${number}号到1号窗口办理`).waitFor(MOVES);
  await screen.look("screen");
  await phone.page.getByText("请到1号窗口").waitFor(MOVES);
  await phone.look("ticket-called");
  await english(phone, "ticket-called");

  // The network goes away and comes back: the telephone is right again by itself.
  await phone.context.setOffline(true);
  await clerk.page.getByRole("button", { name: "开始办理" }).click();
  await clerk.look("hall-serving");
  await phone.context.setOffline(false);
  phone.broken.splice(0); // that the network was away is said on the console
  await phone.page.locator("main .hall-state", { hasText: "办理中" }).waitFor({ timeout: 15_000 });

  // The tablet at the window, paired by a code; there it is rated, too.
  const tablet = await window(browser, "tablet", { viewport: { width: 1024, height: 768 } });
  await clerk.page.locator("main details", { hasText: "评价器和读卡器" }).locator("summary").click();
  await clerk.page.getByRole("button", { name: "显示配对码" }).click();
  const code = await clerk.page.locator("main details .big-number").innerText();
  await tablet.page.goto("/tablet");
  await tablet.look("tablet-pair");
  await english(tablet, "tablet-pair");
  await tablet.page.locator("main input[name=code]").fill(code);
  await tablet.page.getByRole("button", { name: "配对" }).click();
  await tablet.page.locator("main .hall-number", { hasText: number }).waitFor(MOVES);
  await english(tablet, "tablet-serving");

  // Nobody leaves empty-handed: without an outcome it does not end.
  await clerk.page.getByRole("button", { name: "办理结束" }).click();
  await clerk.page.locator("#error-summary").waitFor();
  await clerk.look("hall-no-outcome", { status: 422 });
  await clerk.page.locator('main input[name=outcome][value=missing]').check();
  await clerk.page.locator("main input[name=matter]").fill(TYPED[0]);
  await clerk.page.locator("main textarea[name=lines]").fill(TYPED.slice(1).join("\n"));
  await clerk.page.getByRole("button", { name: "办理结束" }).click();
  await clerk.page.getByRole("link", { name: "打印告知单" }).click();
  await clerk.page.getByText("婚姻证明").waitFor();
  await clerk.look("hall-notice");

  await phone.page.getByText("婚姻证明").waitFor(MOVES);
  await phone.look("ticket-notice");
  await english(phone, "ticket-notice", TYPED);
  await tablet.page.getByRole("link", { name: "评价这次服务" }).waitFor(MOVES);
  await tablet.look("tablet");
  await english(tablet, "tablet", TYPED);
  await tablet.page.getByRole("link", { name: "评价这次服务" }).click();
  await tablet.look("rate-at-tablet");
  await english(tablet, "rate-at-tablet");
  await phone.page.getByRole("button", { name: /一键反映/ }).click();
  await phone.page.getByText("已反映给大厅负责人").waitFor();
  // Whoever has the ticket rates the visit, once.
  await phone.page.getByRole("link", { name: "评价这次服务" }).click();
  await phone.page.locator('main input[name=level][value="4"]').check();
  await phone.look("rate-visit");
  await english(phone, "rate-visit");
  await phone.page.locator('main input[name=level][value="4"]').check();
  await phone.page.locator("main button.button-primary").click();
  await phone.page.getByText("谢谢您的评价").waitFor();
  await phone.look("visit-rated");
  await english(phone, "visit-rated");
  assert.equal(await phone.page.locator("main input[name=level]").count(), 0, "it is rated once");
  await head.page.goto(`/desk/hall/day?hall=${HALL}`);
  await head.page.locator('main a[href^="/desk/hall/notices/"]').first().waitFor();
  await head.look("hall-day-after");
  await head.page.goto(`/desk/hall/report?hall=${HALL}`);
  await head.look("hall-report");
  await head.page.setViewportSize({ width: 1920, height: 1080 });
  await head.page.goto(`/desk/hall/board?hall=${HALL}`);
  await head.page.locator("main .board-counts").waitFor();
  await head.look("hall-board");
  await clerk.page.goto("/desk/hall");
  await clerk.page.locator("main details", { hasText: "离岗" }).locator("summary").click();
  await clerk.page.getByRole("button", { name: "离岗", exact: true }).click();
  for (const one of [head, kiosk, phone, plain, screen, clerk, tablet]) await one.context.close();
});

test("a department's clerk is admitted, trained for one business, and calls only that", async () => {
  const head = await at(browser, "hall-head");
  await head.page.goto(`/desk/hall/staff?hall=${HALL}`);
  await head.look("hall-staff");
  await english(head, "hall-staff");
  await head.page.locator("main select[name=agency]").selectOption("nanjing.housing");
  await head.page.getByRole("button", { name: "看这个单位的窗口人员" }).click();
  await head.page.locator("main input[name=clerk]").first().check();
  await head.page.locator("main input[name=letters][value=S]").check();
  await head.look("hall-admit");
  await head.page.getByRole("button", { name: "接纳", exact: true }).click();
  await head.page.getByText("来自").first().waitFor();
  await head.look("hall-staff-guest");
  await head.page.setViewportSize({ width: 390, height: 844 });
  await head.look("hall-staff-phone");
  await english(head, "hall-staff-phone", NAMES);
  const guest = await at(browser, "housing-window");
  await guest.page.goto("/desk/hall");
  await guest.page.locator(`main input[name=window][value="${HALL}/3"]`).check();
  await guest.page.getByRole("button", { name: "上岗" }).click();
  await guest.page.getByRole("button", { name: "叫下一位" }).waitFor();
  await guest.look("hall-guest");
  await guest.page.locator("main details", { hasText: "离岗" }).locator("summary").click();
  await guest.page.getByRole("button", { name: "离岗", exact: true }).click();
  await guest.page.locator(`main input[name=window][value="${HALL}/1"]`).waitFor();
  await head.page.locator("main a", { hasText: "金凤仪" }).first().click();
  await head.page.getByRole("button", { name: "结束接纳" }).click();
  await head.page.getByText("结束了对").waitFor();
  for (const one of [head, guest]) await one.context.close();
});

test("which hall can do it, and a ticket on the telephone", async () => {
  const one = await window(browser, "halls", { viewport: { width: 390, height: 844 } });
  await one.page.goto("/halls");
  await one.look("halls");
  await one.page.locator("#f-q").fill("购房证明");
  await one.page.locator("main button.button-primary").click();
  await one.look("halls-found");
  await english(one, "halls-found");
  await one.page.locator("main details summary").click();
  await one.page.locator("main input[name=with][value=sign-language]").check();
  await one.page.locator("#f-place").fill("没有这个地方");
  await one.page.locator("main button.button-primary").click();
  await one.page.getByText("没有找到这个地方").first().waitFor();
  await one.look("halls-with");
  assert.equal(await one.page.locator(`main a[href="/halls/${HALL}"]`).count(), 0, "nobody signs there");

  // Where one is, as the browser says: asked for when the button is pressed, and in no address afterwards.
  await one.page.goto("/halls?q=购房证明");
  await one.page.getByRole("button", { name: "用我现在的位置查找" }).click();
  await one.page.getByText("浏览器没有给出位置").waitFor();
  await one.context.grantPermissions(["geolocation"]);
  await one.context.setGeolocation({ latitude: 32.0617, longitude: 118.7978 });
  await one.page.getByRole("button", { name: "用我现在的位置查找" }).click();
  await one.page.getByText("从您现在的位置算起").waitFor();
  assert.ok(!one.page.url().includes("32.06") && !(await one.page.content()).includes("118.79"), "the position is kept nowhere");
  await one.look("halls-here");
  const big = await window(browser, "halls-big", { viewport: { width: 768, height: 1024 } });
  await big.page.goto("/halls?q=购房证明");
  await big.page.locator('button[name="print"][value="big"]').click();
  await big.page.waitForLoadState("load");
  await big.look("halls-found-big");
  await big.context.close();
  const noScript = await window(browser, "halls-plain", { javaScriptEnabled: false });
  await noScript.page.goto("/halls?q=购房证明&near=320100");
  assert.equal(await noScript.page.getByRole("button", { name: "用我现在的位置查找" }).isVisible(), false, "nothing without a script that would not work");
  await noScript.page.getByText("现在开放").waitFor();
  await noScript.context.close();
  await one.page.goto("/halls?q=购房证明");
  await one.page.locator(`main a[href="/halls/${HALL}"]`).click();
  await one.look("hall");
  await one.page.getByRole("link", { name: "取号", exact: true }).click();
  await one.look("take-visitor");
  await english(one, "take-visitor");
  await one.page.getByRole("link", { name: "登录", exact: true }).last().click();
  await signIn(one.page, "citizen");
  await one.look("take");
  await english(one, "take");
  await one.page.locator("main input[name=letter][value=A]").check();
  await one.page.getByRole("button", { name: "取号" }).click();
  await expectUrl(one.page, (url) => url.pathname.startsWith("/tickets/"));
  await one.look("ticket");
  await english(one, "ticket");
  await one.context.close();
});
