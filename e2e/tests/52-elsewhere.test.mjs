//! Accepted here, decided there: the hall nearby is found, its window files, both ends follow the papers, and the result comes back to be
//! collected where it was handed in. The pages of both ends as staff and applicants see them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { english, launch, window } from "../lib/browser.mjs";
import { at, press, text } from "../lib/desk.mjs";
import { CASE_NUMBER, fill } from "../lib/walk.mjs";

/// Of Nanjing: its family may buy a dwelling there. Whoever is signed in as `citizen`.
const BUYER = "999999198603121026";
const ANSWERS = { phone: "13900000001", kind: "new", project: "示范花园", district: "江苏省南京市江宁区", consent: true };
const PHONE = { width: 390, height: 844 };
const CODE = /[0-9A-F]{5}-[0-9A-F]{5}/;
/// What was written in Chinese and stays so: in a bag's list, in a name that is covered, for the carrier.
const NAMED = ["快件", "王*英", "机要通信"];
const kept = {};

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

test("the hall nearby accepts it for the place that decides", async () => {
  const one = await window(browser, "elsewhere", { viewport: PHONE });
  await one.page.goto("/halls?q=购房证明&near=440604");
  assert.match(await text(one.page), /为南京市住房保障和房产局代收；由该机关决定/);
  await one.look("halls-elsewhere");
  await one.page.goto("/halls?q=购房证明&near=440604&lang=en");
  await one.look("halls-elsewhere-en");
  await one.page.goto("/halls/chancheng-hall?lang=zh-CN");
  assert.match(await text(one.page), /代收的异地事项/);
  await one.look("hall-elsewhere");
  await one.page.goto("/items/home-purchase-proof");
  assert.match(await text(one.page), /外地也可以交件/);
  await one.look("guide-elsewhere");
  await one.context.close();
});

test("it is handed in there, and everybody concerned is told where", async () => {
  const clerk = await at(browser, "clerk2", { who: "elsewhere-clerk" });
  const { page } = clerk;
  await page.goto("/desk/window");
  await page.locator("main input[name=citizen_id]").fill(BUYER);
  await press(page, "main button.button-primary");
  await page.locator("main input[type=search]").fill("购房证明");
  await press(page, "main form.toolbar button");
  await clerk.look("choose");
  await press(page, 'main button[name="pick"][value$="home-purchase-proof"]');
  await fill(page, ANSWERS);
  await page.waitForLoadState("networkidle");
  await clerk.look("form");
  await page.locator("main form[data-upload] button.button-primary").click();
  await page.waitForURL(/\/receipt/);
  const said = await text(page);
  assert.match(said, /交给禅城区行政服务中心；由南京市住房保障和房产局决定/);
  await clerk.look("receipt");
  [kept.number, kept.code] = [said.match(CASE_NUMBER)[0], said.match(CODE)[0]];

  const anybody = await window(browser, "elsewhere-query", { viewport: PHONE });
  await anybody.page.goto(`/query?number=${kept.number}&code=${kept.code}`);
  await press(anybody.page, "main form button.button-primary");
  assert.match(await text(anybody.page), /交给禅城区行政服务中心/);
  await anybody.look("query");
  await anybody.context.close();

  const me = await at(browser, "citizen", { viewport: PHONE, who: "elsewhere-citizen" });
  await me.page.goto(`/cases/${kept.number}`);
  assert.match(await text(me.page), /交给禅城区行政服务中心；由南京市住房保障和房产局决定/);
  await me.look("progress");
  await press(me.page, `main a[href="/space/deliveries/case/${kept.number}"]`);
  await me.page.locator('main input[name="how"][value="collect"]').check();
  await me.page.locator('main select[name="place"]').selectOption("chancheng-hall");
  await me.look("collect-there");
  await press(me.page, "main form button[type=submit]");
  kept.parcel = new URL(me.page.url()).pathname.split("/").pop();

  await page.goto("/desk/received");
  assert.match(await text(page), new RegExp(kept.number));
  for (const [name, options] of [["zh", {}], ["phone", { viewport: PHONE }], ["dark", { viewport: PHONE, colorScheme: "dark" }]]) {
    const other = await at(browser, "clerk2", { ...options, who: `received-${name}` });
    await other.page.goto("/desk/received");
    await other.look("list");
    await english(other, "list");
    if (name === "phone") {
      await other.page.goto("/accessibility");
      await other.page.locator('button[name="print"][value="big"]').first().click();
      await other.page.goto("/desk/received");
      await other.look("list-big");
    }
    await other.context.close();
  }
  for (const one of [me, clerk]) await one.context.close();
});

test("the result comes back in a bag and is collected where it was handed in", async () => {
  const sends = await at(browser, "clerk", { who: "bag-sends" });
  await sends.page.goto(`/desk/parcels/${kept.parcel}`);
  for (const paper of await sends.page.locator('main input[name="paper"]').all()) await paper.check();
  await press(sends.page, 'main button[name="act"][value="pack"]');
  await sends.look("packed");
  await english(sends, "packed", NAMED);
  await press(sends.page, 'main a[href^="/desk/bags?receiver=chancheng.gov.hall"]');
  await sends.page.locator('main input[name="seal"]').fill("FQ-2026-0001");
  await sends.look("bag-new");
  await english(sends, "bag-new", NAMED);
  await sends.page.locator('main input[name="seal"]').fill("FQ-2026-0001");
  await press(sends.page, "main form button[type=submit]");
  await sends.page.locator('main input[name="carrier"]').fill("机要通信");
  await press(sends.page, 'main button[name="act"][value="send"]');
  await sends.look("bag-sent");
  await english(sends, "bag-sent", NAMED);
  const bag = new URL(sends.page.url()).pathname;

  const me = await at(browser, "citizen", { viewport: PHONE, who: "bag-citizen" });
  await me.page.goto(`/space/deliveries/${kept.parcel}`);
  assert.match(await text(me.page), /由封袋送到/);
  await me.look("travels");

  const opens = await at(browser, "clerk2", { viewport: PHONE, who: "bag-opens" });
  await opens.page.goto("/desk/bags");
  await opens.look("bags");
  await english(opens, "bags");
  await opens.page.goto(bag);
  await english(opens, "bag", NAMED);
  await opens.page.locator('main input[name="there"]').check();
  await opens.page.locator('main input[name="seal"][value="whole"]').check();
  await opens.look("bag-open");
  await press(opens.page, 'main button[name="act"][value="open"]');
  assert.match(await text(opens.page), /已收，相符/);
  await opens.look("bag-opened");
  await opens.page.goto("/desk/received");
  await opens.look("received-after");
  await english(opens, "received-after", NAMED);

  await me.page.goto(`/space/deliveries/${kept.parcel}`);
  const code = (await me.page.locator("#code").innerText()).trim();
  await me.look("code");
  await english(me, "code", NAMED);
  await opens.page.goto("/desk/collect");
  await opens.page.locator('main input[name="code"]').fill(code);
  await press(opens.page, 'main button[name="act"][value="find"]');
  await opens.look("found");
  await opens.page.locator('main input[name="name"]').fill("王秀英");
  await opens.page.locator('main input[name="seen"]').check();
  await press(opens.page, 'main button[name="act"][value="hand-out"]');
  await me.page.goto(`/space/deliveries/${kept.parcel}`);
  assert.match(await text(me.page), /已经领取，材料自领取时送达/);
  await me.look("collected");
  await english(me, "collected", NAMED);
  for (const one of [sends, opens, me]) await one.context.close();
});
