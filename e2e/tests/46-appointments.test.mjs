//! An appointment: booked on a telephone, reported at the kiosk, called at a window before those who came without one.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { english, launch, window } from "../lib/browser.mjs";
import { at, press, text } from "../lib/desk.mjs";
import { day } from "../lib/filings.mjs";
import { fill, signIn } from "../lib/walk.mjs";
import { expectUrl, until } from "../lib/wait.mjs";

/// Open day and night, so that the machine's clock does not matter.
const HALL = "nanjing-public";
const ITEM = "home-purchase-proof";
/// `citizen-chancheng` and `citizen`: names are Chinese in either language.
const [GUEST, CALLER] = ["黄婉仪", "王秀英"];
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

test("book on a telephone, report at the kiosk, called at a window", async () => {
  const phone = await window(browser, "appointment-phone", { viewport: { width: 390, height: 844 } });
  await phone.page.goto("/appointments/new");
  await phone.page.locator("main input[name=q]").fill("购房证明");
  await phone.page.locator("main button.button-primary").click();
  await phone.look("appointment-items");
  await english(phone, "appointment-items");
  await phone.page.getByRole("link", { name: "购房证明", exact: true }).click();
  await phone.page.locator(`main a[href*="hall=${HALL}"]`).first().click();
  await phone.look("appointment-times-visitor");
  await english(phone, "appointment-times-visitor");
  await phone.page.getByRole("link", { name: "登录", exact: true }).last().click();
  await signIn(phone.page, "citizen-chancheng");
  // The nearest time: one tap books it. Late in the evening that is tomorrow's first.
  const nearest = phone.page.locator("main .slots button[name=at]").first();
  const booked = day(0, Number(await nearest.getAttribute("value")) / 1_000);
  await nearest.click();
  await expectUrl(phone.page, (url) => /^\/appointments\/[0-9a-f-]{36}$/.test(url.pathname));
  await phone.page.getByText("预约成功").waitFor();
  await phone.look("appointment-booked");
  await english(phone, "appointment-booked", [GUEST]);
  const mine = new URL(phone.page.url()).pathname;
  const code = (await phone.page.locator("main .booking-code .num").innerText()).trim();
  assert.match(code, /^\d{3} \d{3}$/);

  const head = await at(browser, "hall-head");
  await head.page.goto(`/desk/hall/day?hall=${HALL}`);
  await head.page.locator('main form[action="/desk/hall/day/kiosk"] input[name=name]').fill("预约取号机");
  await head.page.getByRole("button", { name: "登记取号机" }).click();
  const kioskAt = await head.page.locator(`main a[href^="/kiosk/${HALL}"]`).getAttribute("href");
  await head.page.goto(`/desk/appointments/plan?hall=${HALL}`);
  await head.look("appointment-plan");

  const kiosk = await window(browser, "appointment-kiosk", { viewport: { width: 1080, height: 1920 } });
  await kiosk.page.goto(kioskAt);
  await kiosk.page.getByRole("link", { name: "我有预约，报到取号" }).click();
  await kiosk.page.locator("main input[name=code]").waitFor();
  await english(kiosk, "appointment-kiosk");
  await kiosk.page.locator("main input[name=code]").fill(code);
  await kiosk.look("appointment-kiosk");
  await kiosk.page.getByRole("button", { name: "报到取号", exact: true }).click();
  await expectUrl(kiosk.page, (url) => url.pathname.startsWith("/tickets/"));
  const number = (await kiosk.page.locator("main .hall-number").innerText()).trim();
  assert.match(number, /^A\d{3,}$/);

  const clerk = await at(browser, "clerk");
  await clerk.page.goto(`/desk/appointments?hall=${HALL}&day=${booked}`);
  await clerk.page.getByText(code).first().waitFor();
  await clerk.look("appointment-list");
  await clerk.page.locator("main tr", { hasText: code }).locator("a").first().click();
  await clerk.look("appointment-one");
  await clerk.page.goto("/desk/hall");
  await clerk.page.locator(`main input[name=window][value="${HALL}/1"]`).check();
  await clerk.page.getByRole("button", { name: "上岗" }).click();
  await clerk.page.getByRole("button", { name: "叫下一位" }).click();
  await clerk.page.getByText(number).first().waitFor();
  await clerk.page.locator("main", { hasText: "预约" }).waitFor();
  await phone.page.goto(mine);
  await phone.page.getByText("已报到").first().waitFor();
  await phone.page.getByText(number).first().waitFor();
  await english(phone, "appointment-reported", [GUEST]);

  // The window is left as it was found.
  await clerk.page.getByRole("button", { name: "开始办理" }).click();
  await clerk.page.locator("main input[name=outcome][value=done]").check();
  await clerk.page.locator("main input[name=what]").fill("购房证明");
  await clerk.page.getByRole("button", { name: "办理结束" }).click();
  await clerk.page.locator("main details", { hasText: "离岗" }).locator("summary").click();
  await clerk.page.getByRole("button", { name: "离岗", exact: true }).click();
  for (const one of [phone, head, kiosk, clerk]) await one.context.close();
});

test("booked at the hall's telephone: it is the account's, and told to the number", async () => {
  const book = `/desk/appointments/book?hall=${HALL}&letter=A&day=${day(1)}`;
  const clerk = await at(browser, "clerk", { who: "clerk-telephone" });
  const slot = () => press(clerk.page, clerk.page.locator("main .slots button[name=at]").first());
  await clerk.page.goto(`${book}&lang=en`);
  await clerk.look("appointment-book-english");
  await fill(clerk.page, { name: CALLER, phone: "12", number: "999999198603121027" });
  await slot();
  await clerk.look("appointment-book-wrong-english", { status: 422 });
  await fill(clerk.page, { phone: "13900000001" });
  await slot();
  await clerk.look("appointment-book-number-english", { status: 422 });
  assert.match(await text(clerk.page), /That is no identity number/);
  await clerk.page.goto(`${book}&lang=zh-CN`);
  await fill(clerk.page, { name: CALLER, phone: "13900000001" });
  await slot();
  await clerk.look("appointment-called");
  const called = new URL(clerk.page.url()).pathname;
  assert.match(await text(clerk.page), /来人如有账号/);
  const code = (await text(clerk.page)).match(/\d{3} \d{3}/)[0];
  // Told under another name, the same number is the same visitor, and nobody is named.
  await clerk.page.goto(book);
  await fill(clerk.page, { name: "旁人", phone: "13900000001" });
  await slot();
  await clerk.look("appointment-called-twice", { status: 409 });
  assert.match(await text(clerk.page), /当天已约了同样的业务/);
  assert.doesNotMatch(await text(clerk.page), /王/);

  const mine = await at(browser, "citizen", { who: "citizen-called", viewport: { width: 390, height: 844 } });
  await mine.page.goto("/appointments");
  await mine.look("appointments-called");
  await english(mine, "appointments-called", [CALLER]);
  await mine.page.locator("main a.card").first().click();
  await mine.page.getByText(code).first().waitFor();
  await mine.look("appointment-of-mine");
  await english(mine, "appointment-of-mine", [CALLER]);
  assert.equal(new URL(mine.page.url()).pathname.split("/").pop(), called.split("/").pop());
  await clerk.page.goto(called);
  await press(clerk.page, 'main button[name="act"][value="cancel"]');
  await mine.page.reload();
  await mine.page.getByText("已取消").first().waitFor();
  const folder = join(process.env.YIMEN_DATA, "letters");
  const told = () => readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8")).filter((letter) => letter.includes("在大厅的预约已经取消"));
  await until("a short message that it was cancelled", () => told().length === 1);
  assert.ok(told()[0].includes("to: 139****0001") && !told()[0].includes("王"), told()[0]);
  // That it left is written down after it has left.
  await until("that it was sent", async () => {
    await clerk.page.goto(called);
    return (await text(clerk.page)).includes("已发短信");
  });
  for (const one of [clerk, mine]) await one.context.close();
});
