//! A grandmother without a telephone and without an account is served whole: she files at a comprehensive window of the hall, holds a printed
//! receipt with its query code, is asked for more by a letter that the courier brings, supplies it at the same window, collects a slip with
//! the code of what waits for her, and the decision is handed out for it. Another agency decides; the window sees what is its own.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Api } from "../lib/api.mjs";
import { english, launch, window } from "../lib/browser.mjs";
import { at, press, text } from "../lib/desk.mjs";
import { CASE_NUMBER, fill } from "../lib/walk.mjs";
import { until } from "../lib/wait.mjs";

/// 梁秀英, ninety years old.
const GRANDMOTHER = "999999193602081269";
const ANSWERS = {
  town: "440604012", address: "佛山市禅城区祖庙街道示范巷5号", living: "alone", relative_name: "梁志强", services: ["meals", "call"], truth: true,
};
const PHONE = { width: 390, height: 844 };
const CODE = /[0-9A-F]{5}-[0-9A-F]{5}/;
const COURIER_MS = 90_000;
/// What was written in Chinese and stays so.
const NAMED = ["梁*英", "居家养老", "李师傅", "请写明联系亲属与本人的关系", "示范银行", "佛山市"];
const kept = {};

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const signIn = (account) => Api.signIn(process.env.YIMEN_URL, account);

/// The parcel or letter that stands at the top of the filed case's page under this name.
async function parcel(page, named) {
  await page.goto(`/desk/filed/${kept.number}`);
  const link = page.locator("main a.row-title", { hasText: named }).last();
  return (await link.getAttribute("href")).split("/").pop();
}

/// Packs everything that goes.
async function pack(one, id, picture) {
  await one.page.goto(`/desk/parcels/${id}`);
  for (const paper of await one.page.locator('main input[name="paper"]').all()) await paper.check();
  if (picture) await one.look(picture);
  await press(one.page, 'main button[name="act"][value="pack"]');
}

test("she files at a window of the hall, without any telephone, and holds a receipt", async () => {
  const clerk = await at(browser, "clerk2", { who: "phoneless-clerk" });
  const { page } = clerk;
  await page.goto("/desk/window");
  await page.locator("main input[name=citizen_id]").fill(GRANDMOTHER);
  await press(page, "main button.button-primary");
  await page.locator("main input[type=search]").fill("居家养老服务");
  await press(page, "main form.toolbar button");
  await press(page, 'main button[name="pick"][value$="elderly-home-care"]');
  await fill(page, ANSWERS);
  assert.equal(await page.locator('main [name="phone"]').inputValue(), "", "she has no telephone");
  await page.waitForLoadState("networkidle");
  await clerk.look("form");
  await page.locator("main form[data-upload] button.button-primary").click();
  await page.waitForURL(/\/receipt/);
  await clerk.look("receipt");
  const said = await text(page);
  [kept.number, kept.code] = [said.match(CASE_NUMBER)[0], said.match(CODE)[0]];

  // It is another agency's: the page of whoever examines it stays closed, the window's own opens by the code on the receipt.
  assert.equal((await clerk.context.request.get(`/desk/cases/${kept.number}`)).status(), 404);
  await page.goto("/desk/filed");
  await clerk.look("filed");
  await english(clerk, "filed", NAMED);
  await page.goto("/desk/filed?lang=zh-CN");
  await page.locator('main input[name="q"]').fill("12345-67890");
  await press(page, "main form button.button-primary");
  await clerk.look("filed-none", { status: 404 });
  await page.locator('main input[name="q"]').fill(kept.code);
  await press(page, "main form button.button-primary");
  assert.equal(new URL(page.url()).pathname, `/desk/filed/${kept.number}`);

  // How the results reach her is chosen here: by courier to her door, who has no number to call.
  await press(page, `main a[href="/desk/parcels/case/${kept.number}"]`);
  await page.locator('main input[name="how"][value="electronic"]').check();
  await press(page, "main form button[type=submit]");
  await page.locator("main details.more > summary").first().click();
  await page.locator('main select[name="division"]').selectOption("440604");
  await page.locator('main input[name="street"]').fill("祖庙街道示范巷5号");
  await page.locator('main input[name="recipient"]').fill("梁秀英");
  await press(page, 'main button[name="act"][value="write"]');
  assert.match(await text(page), /无电话，请送上门|快递到地址/);
  await clerk.look("address");
  await clerk.context.close();
});

test("what is missing is asked for by a letter, and the time begins with her signature", async () => {
  const civil = await signIn("civil");
  const asked = await civil.send("POST", `/cases/${kept.number}/ask_supplement`, {
    demands: [{ field: "relative_name", say: "请写明联系亲属与本人的关系" }],
  });
  assert.equal(asked.status, 200, asked.text);
  const clerk = await at(browser, "clerk2", { who: "phoneless-letter" });
  const { page } = clerk;
  await until("the letter", async () => {
    await page.goto(`/desk/parcels/${await parcel(page, "文书信函")}`);
    return /补正告知书/.test(await text(page));
  });
  await page.goto(`/desk/filed/${kept.number}`);
  assert.match(await text(page), /自收到告知书之日起10个工作日内/);
  await clerk.look("asked");
  await english(clerk, "asked", NAMED);
  const letter = await parcel(page, /文书信函|Letter with notices/);
  await pack(clerk, letter, "letter");
  const label = (await text(page)).match(/K\d{11,}/)[0];
  await page.goto("/desk/handovers");
  await press(page, "main form button[type=submit]");
  await page.locator('main textarea[name="numbers"]').fill(label);
  await press(page, 'main button[name="act"][value="scan"]');
  await page.locator('main input[name="courier"]').fill("李师傅");
  await press(page, 'main button[name="act"][value="close"]');
  await until("the signature", async () => {
    await page.goto(`/desk/filed/${kept.number}?lang=zh-CN`);
    const said = await text(page);
    return /邮寄送达 · 梁\*英/.test(said) && /期限：10个工作日，至/.test(said);
  }, COURIER_MS);
  await clerk.look("served");

  // Whoever holds the receipt asks with its code.
  const anybody = await window(browser, "phoneless-query", { viewport: PHONE });
  await anybody.page.goto(`/query?number=${kept.number}&code=${kept.code}`);
  await press(anybody.page, "main form button.button-primary");
  assert.match(await text(anybody.page), /补正|等申请人/);
  await anybody.look("query");
  await anybody.context.close();
  await clerk.context.close();
});

test("she supplies it at the same window", async () => {
  const clerk = await at(browser, "clerk2", { viewport: PHONE, who: "phoneless-supply" });
  const { page } = clerk;
  await page.goto(`/desk/filed/${kept.number}`);
  await clerk.look("case-phone");
  await press(page, `main a[href="/desk/filed/${kept.number}/supplement"]`);
  await page.locator('main input[name="relative_name"]').fill("梁志强（侄子）");
  await page.locator('main input[name="citizen_id"]').fill(GRANDMOTHER);
  await page.locator('main input[name="ground"]').fill("没有电话");
  await page.locator('main input[name="reference"]').fill("收件登记簿第9页");
  await clerk.look("supplement");
  await press(page, "main form button.button-primary");
  assert.match(await text(page), /补正材料已经提交/);
  await clerk.context.close();
});

test("what is decided waits for her with a code that the window prints, and is handed out for it", async () => {
  const [town, civil] = [await signIn("town"), await signIn("civil")];
  const task = async (api, agency, step, outcome) => {
    const seat = await until(`${step}`, async () => {
      const steps = (await api.get(`/cases/${kept.number}`)).body.steps;
      return steps?.find((s) => s.id === step)?.state.seats?.find((s) => s.agency === agency);
    });
    const done = await api.send("POST", `/tasks/${seat.task}/outcome`, outcome);
    assert.equal(done.status, 200, done.text);
  };
  const visit = { at: new Date(Date.now() - 60_000).toISOString(), place: "家中", officers: ["霍丽华", "招志明"], record: "独居，需要助餐", evidence: [] };
  await task(town, "chancheng.zumiao.civil-affairs", "visit", { outcome: "record_visit", visit });
  await task(town, "chancheng.zumiao.civil-affairs", "visit", { outcome: "approve" });
  await task(civil, "chancheng.civil-affairs", "decide", { outcome: "approve" });

  const clerk = await at(browser, "clerk2", { who: "phoneless-result" });
  const { page } = clerk;
  await until("the parcel", async () => {
    await page.goto("/desk/filed?lang=zh-CN");
    const id = await parcel(page, "结果快件");
    await page.goto(`/desk/parcels/${id}`);
    return /待封装/.test(await text(page));
  });
  const id = await parcel(page, "结果快件");
  // She comes by anyway, and wants to take it here.
  await page.goto(`/desk/parcels/${id}`);
  await page.locator('main input[name="how"][value="collect"]').check();
  await page.locator('main select[name="place"]').selectOption("chancheng-hall");
  await press(page, 'main button[name="act"][value="choose"]');
  await pack(clerk, id, "decision");
  await page.goto(`/desk/filed/${kept.number}`);
  await clerk.look("waits");
  await english(clerk, "waits", NAMED);
  await page.goto(`/desk/filed/${kept.number}?lang=zh-CN`);
  await page.locator('main input[name="slip.citizen_id"]').fill("999999194306101151");
  await press(page, 'main form[action$="/slip"] button');
  await clerk.look("slip-wrong", { status: 422 });
  await page.locator('main input[name="slip.citizen_id"]').fill(GRANDMOTHER);
  await press(page, 'main form[action$="/slip"] button');
  assert.match(await text(page), CODE);
  await clerk.look("slip");
  await page.emulateMedia({ media: "print" });
  await clerk.look("slip-printed");
  await page.emulateMedia({ media: "screen" });
  const code = (await page.locator("[data-code]").innerText()).replace(/\D/g, "");
  assert.equal(code.length, 8);
  await page.goto("/desk/collect");
  await page.locator('main input[name="code"]').fill(code);
  await press(page, "main form button.button-primary");
  await clerk.look("collect");
  const seen = page.locator('main input[name="seen"]');
  if ((await seen.count()) > 0) await seen.first().check();
  await page.locator('main input[name="name"]').fill("梁秀英");
  await press(page, "main form button.button-primary");
  await until("the service", async () => {
    await page.goto(`/desk/filed/${kept.number}`);
    return /已办结|准予/.test(await text(page)) && !/待送达/.test(await text(page));
  });
  await clerk.look("closed");
  await page.setViewportSize(PHONE);
  await page.goto(`/desk/filed/${kept.number}`);
  await clerk.look("closed-phone");
  await page.goto("/desk/filed");
  await clerk.look("filed-phone");
  await clerk.context.close();
});
