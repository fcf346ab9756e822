//! A villager without a telephone goes to the station of her village: the agent there gives her a number, calls it, sees who she is by her
//! identity number, files for her what the district decides, and prints the receipt. The town visits, the district decides, and the agent
//! sees how it stands, hands the decision to her, and sees no more of it. Station and town keep hours, so that the clock is set into them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Api } from "../lib/api.mjs";
import { english, launch, window } from "../lib/browser.mjs";
import { at, press, text } from "../lib/desk.mjs";
import { Server, minutesUntil } from "../lib/server.mjs";
import { until } from "../lib/wait.mjs";
import { CASE_NUMBER, fill } from "../lib/walk.mjs";

/// Once is enough: the rooms' own tests run the same on both databases.
const ONCE = { skip: Boolean(process.env.YIMEN_DATABASE) };
const STATION = "shifan-village";
const TOWN = "nanzhuang-hall";
/// 何带娣, eighty-five years old, of that village.
const VILLAGER = "99999919410815122X";
const ANSWERS = {
  town: "440604100", address: "佛山市禅城区南庄镇示范村三巷6号", living: "alone", relative_name: "何志强", services: ["meals", "doctor"], truth: true,
};
const PHONE = { viewport: { width: 390, height: 844 } };
const CODE = /[0-9A-F]{5}-[0-9A-F]{5}/;
/// What was written in Chinese and stays so.
const NAMED = ["何带娣", "何*娣", "居家养老", "佛山市禅城区南庄镇示范村三巷6号", "助餐"];
const MINUTE_MS = 60_000;
/// When station and town are open, in China.
const OPEN_HOUR = 10;

let browser;
let server;
const kept = {};

before(async () => {
  if (ONCE.skip) return;
  browser = await launch();
  server = await Server.make({ database: null, items: ["foshan/civil-affairs", "foshan/elderly-allowance", "nanjing/home-purchase-proof"] });
  server.aheadMinutes = minutesUntil(OPEN_HOUR);
  await server.start();
});
after(async () => {
  await browser?.close();
  await server?.end();
});

const here = (more = {}) => ({ baseURL: server.url, ...more });

test("the station and the town's hall are found, with what they do", ONCE, async () => {
  const one = await window(browser, "village-halls", here(PHONE));
  await one.page.goto("/halls?q=居家养老服务&near=440604");
  for (const hall of [STATION, TOWN]) await one.page.locator(`main a[href^="/halls/${hall}"]`).first().waitFor();
  await one.look("found");
  await one.page.goto(`/halls/${STATION}`);
  assert.match(await text(one.page), /示范村/);
  await one.look("station");
  await english(one, "station");
  // What the village does not do is not looked for there.
  await one.page.goto("/halls?q=购房证明&near=440604");
  assert.equal(await one.page.locator(`main a[href^="/halls/${STATION}"], main a[href^="/halls/${TOWN}"]`).count(), 0);
  await one.context.close();
});

test("the agent gives her a number and calls it, and the station's screen shows it", ONCE, async () => {
  const agent = (kept.agent = await at(browser, "village-agent", here({ who: "village-agent" })));
  const { page } = agent;
  await page.goto("/desk/hall");
  assert.equal(await page.locator("main input[name=window]").count(), 1, "one window, and none of another hall");
  await page.locator(`main input[name=window][value="${STATION}/1"]`).check();
  await agent.look("off-duty");
  await press(page, page.getByRole("button", { name: "上岗" }));
  const screen = await window(browser, "village-screen", here({ viewport: { width: 1920, height: 1080 } }));
  await screen.page.goto(`/screen/${STATION}`);
  await page.locator("main details", { hasText: "代为取号" }).locator("summary").click();
  await page.locator('main select[name="letter"]').selectOption("A");
  await press(page, page.locator('main form[action="/desk/hall/ticket"] button[type=submit]'));
  kept.number = (await text(page)).match(/A\d{3}/)[0];
  // She takes it along on paper; the code on it leads to her number.
  kept.slip = (await page.locator("main .paper-code").innerText()).trim();
  await agent.look("number");
  await page.goto("/desk/hall");
  await press(page, page.getByRole("button", { name: "叫下一位" }));
  assert.ok((await text(page)).includes(kept.number), await text(page));
  await agent.look("called");
  await screen.page.locator("main .hall-called", { hasText: kept.number }).waitFor();
  await screen.look("screen");
  await screen.context.close();
});

test("she is known by her number, and nothing is taken that the place does not take", ONCE, async () => {
  const { page, look } = kept.agent;
  await page.locator("main form.identify input[name=citizen_id]").fill(VILLAGER);
  await press(page, page.getByRole("button", { name: "受理", exact: true }));
  kept.visit = new URL(page.url()).pathname;
  assert.match(kept.visit, /^\/desk\/window\/[0-9a-f-]{36}$/);
  assert.match(await text(page), /何带娣/);
  await look("known");
  await english(kept.agent, "known", NAMED);
  await page.goto(`${kept.visit}?q=${encodeURIComponent("购房证明")}`);
  await press(page, page.locator('main button[name="pick"][value$="home-purchase-proof"]'));
  assert.match(await text(page), /由外地办理，本单位没有代收它的协议/);
  assert.match(await text(page), /网上申请，或者到办理地的大厅/, "what to tell her");
  await look("not-here", { status: 422 });
});

test("it is filed for her, and the receipt is printed and ends the number", ONCE, async () => {
  const { page, look } = kept.agent;
  await page.goto(`${kept.visit}?q=${encodeURIComponent("居家养老服务")}`);
  await press(page, page.locator('main button[name="pick"][value$="elderly-home-care"]'));
  await fill(page, ANSWERS);
  assert.equal(await page.locator('main [name="phone"]').inputValue(), "", "she has no telephone");
  await page.waitForLoadState("networkidle");
  await look("form");
  await page.locator("main form[data-upload] button.button-primary").click();
  await page.waitForURL(/\/receipt/);
  const said = await text(page);
  [kept.case, kept.code] = [said.match(CASE_NUMBER)[0], said.match(CODE)[0]];
  assert.match(said, /禅城区民政局/, "who decides");
  assert.match(said, /南庄镇示范村便民服务站/, "where it was handed in");
  assert.ok(await page.getByRole("button", { name: "打印回执" }).isVisible());
  await look("receipt");
  await page.emulateMedia({ media: "print" });
  await look("receipt-printed");
  assert.ok(await page.getByText(kept.code).first().isVisible(), "what she asks with is on the paper");
  assert.ok(await page.getByRole("button", { name: "打印回执" }).isHidden());
  await page.emulateMedia({ media: "screen" });
  await press(page, page.getByRole("button", { name: "办结", exact: true }));
  await page.goto("/desk/hall");
  assert.equal(await page.getByText(kept.number).count(), 0, "the number has ended");

  // The agent's own page of it opens, the page of whoever examines it does not.
  assert.equal((await page.context().request.get(`/desk/cases/${kept.case}`)).status(), 404);
  await page.goto("/desk/filed");
  assert.ok((await text(page)).includes(kept.case));
  await look("filed");
  await english(kept.agent, "filed", NAMED);
  const other = await at(browser, "town-clerk", here({ who: "town-clerk" }));
  await other.page.goto("/desk/filed");
  assert.ok(!(await text(other.page)).includes(kept.case), "it is the station's, not every window's");
  await other.context.close();
});

/// Does what lies with an agency of this case.
async function outcome(api, step, agency, ...outcomes) {
  for (const one of outcomes) {
    const seat = await until(step, async () => {
      const steps = (await api.get(`/cases/${kept.case}`)).body.steps;
      return steps?.find((s) => s.id === step)?.state.seats?.find((s) => s.agency === agency);
    });
    const done = await api.send("POST", `/tasks/${seat.task}/outcome`, one);
    assert.equal(done.status, 200, done.text);
  }
}

test("the town visits, the district decides, and the station hands it to her", ONCE, async () => {
  const [town, civil] = [await Api.signIn(server.url, "town2"), await Api.signIn(server.url, "civil")];
  const visit = { at: new Date(server.now() - MINUTE_MS).toISOString(), place: "示范村三巷6号", officers: ["陈润生", "霍丽华"], record: "独居，需要助餐", evidence: [] };
  await outcome(town, "visit", "chancheng.nanzhuang.civil-affairs", { outcome: "record_visit", visit }, { outcome: "approve" });
  const { page, look } = kept.agent;
  await page.goto(`/desk/filed/${kept.case}`);
  assert.doesNotMatch(await text(page), /已办结|准予/);
  await look("under-way");
  await outcome(civil, "decide", "chancheng.civil-affairs", { outcome: "approve" });
  await until("the decision", async () => {
    await page.reload();
    return /准予|待送达|已办结/.test(await text(page));
  });
  assert.doesNotMatch(await text(page), /独居，需要助餐/, "what the town wrote of her home is not the station's");
  await look("decided");
  await english(kept.agent, "decided", NAMED);

  // She asks her grandson, who asks with what stands on the receipt.
  const anybody = await window(browser, "village-query", here(PHONE));
  await anybody.page.goto(`/query?number=${kept.case}&code=${kept.code}`);
  await press(anybody.page, "main form button.button-primary");
  assert.match(await text(anybody.page), /已决定/);
  await anybody.look("query");
  // The code on the slip of her number leads to where the visit is rated, once.
  await anybody.page.goto("/halls");
  await anybody.page.locator("main input[name=code]").fill(kept.slip);
  await press(anybody.page, anybody.page.getByRole("button", { name: "查看我的号" }));
  await anybody.page.getByRole("link", { name: "评价这次服务" }).click();
  await anybody.page.locator('main input[name=level][value="1"]').check();
  await press(anybody.page, anybody.page.getByRole("button", { name: "提交评价" }));
  assert.match(await text(anybody.page), /谢谢您的评价/);
  await anybody.look("rated");
  await anybody.page.reload();
  assert.equal(await anybody.page.locator("main input[name=level]").count(), 0, "it is rated once");
  await anybody.context.close();

  // She comes by again, and holds the decision in her hand: only now has it reached her.
  await page.goto(`/desk/filed/${kept.case}?lang=zh-CN`);
  assert.match(await text(page), /待送达/);
  await page.locator("main summary", { hasText: "当面送达文书" }).click();
  await page.locator('main select[name="hand.what"]').selectOption({ index: 1 });
  await page.locator('main input[name="hand.citizen_id"]').fill(VILLAGER);
  await page.locator('main input[name="hand.kept"]').fill("送达回证第1号");
  await press(page, 'main form[action$="/hand-over"] button[type=submit]');
  await until("the service", async () => {
    await page.goto(`/desk/filed/${kept.case}`);
    return /已办结/.test(await text(page)) && !/待送达/.test(await text(page));
  });
  await look("handed-over");
  // What else is sent is seen and chosen at the same window, although the district packs it.
  await press(page, page.getByRole("link", { name: "结果快件" }).first());
  assert.match(new URL(page.url()).pathname, /^\/desk\/parcels\/[0-9a-f-]{36}$/);
  await look("parcel");
  await page.goto("/desk/hall");
  await page.locator("main details", { hasText: "离岗" }).locator("summary").click();
  await press(page, page.getByRole("button", { name: "离岗", exact: true }));
  await kept.agent.context.close();
  assert.doesNotMatch(server.log(), /panicked/);
});
