//! One day of each role: what they find when they come, what they do, and what they leave; one page of each in English.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Api } from "../lib/api.mjs";
import { URL_BASE, launch } from "../lib/browser.mjs";
import { at, offered, press, refusedAt, send, text } from "../lib/desk.mjs";
import { PAPER } from "../lib/filings.mjs";
import { fill } from "../lib/walk.mjs";

let browser;
let published;
before(async () => (browser = await launch()));
after(() => browser?.close());

/// Pages that somebody passes on their way, each looked at; the last once more in English.
async function walk(one, paths) {
  for (const path of paths) {
    const answer = await one.page.goto(path);
    assert.equal(answer.status(), 200, path);
    await one.look(path.replace(/\W+/g, "-").replace(/^-|-$/g, ""));
  }
}

async function inEnglish(one, path) {
  await one.page.goto(`${path}${path.includes("?") ? "&" : "?"}lang=en`);
  await one.look("english");
  assert.equal(await one.page.locator("html").getAttribute("lang"), "en");
  const frame = `${await one.page.locator("nav").first().innerText()} ${await one.page.locator("h1").innerText()}`;
  assert.ok(!/[\u4e00-\u9fff]/.test(frame), frame);
}

async function filed(account, filing) {
  const api = await Api.signIn(URL_BASE, account);
  const answer = await api.file(randomUUID(), filing);
  assert.equal(answer.status, 201, answer.text);
  return { api, number: answer.body.number };
}

test("the window clerk: a firm in arrears stands at the window, and a person decides what the rule did not", async () => {
  const { api, number } = await filed("studio", { item: "tax-clearance", parties: [{ subject: "organisation" }], answers: { for: "firm", purpose: "tender" }, materials: [] });
  const clerk = await at(browser, "tax-clerk");
  await walk(clerk, ["/desk", `/desk/cases/${number}`]);
  assert.ok(await offered(clerk.page, "refuse"));
  await press(clerk.page, clerk.page.locator('main button[name="verb"][value="refuse"]'));
  await clerk.look("refuse-errors", { status: 422 });
  assert.equal(await clerk.page.locator('main [name="reason"]').getAttribute("aria-invalid"), "true");
  await fill(clerk.page, { reason: "所欠税款和滞纳金已在窗口当场缴清。" });
  await press(clerk.page, clerk.page.locator('main button[name="verb"][value="approve"]'));
  assert.equal((await api.get(`/cases/${number}`)).body.decision?.outcome, "approved", await text(clerk.page));
  await inEnglish(clerk, `/desk/cases/${number}`);
  await clerk.context.close();
});

test("the sub-district: a visit is written down and an old person's allowance goes on", async () => {
  const { api, number } = await filed("elder", {
    item: "elderly-allowance", parties: [{ subject: "me" }], materials: [],
    answers: { phone: "13900000051", town: "440604012", address: "祖庙街道示范巷3号", bank: "示范银行禅城支行", card: "6200000000000000051", other: "no", consent: true },
  });
  const town = await at(browser, "town");
  await walk(town, ["/desk", `/desk/cases/${number}`]);
  const seen = new Date(Date.now() + 8 * 3_600_000 - 60_000).toISOString().slice(0, 16);
  await send(town.page, "record_visit", { at: seen, place: "示范巷3号", officers: "霍丽华、陈润生", record: "本人健在，身份和住址一致。" });
  await town.page.goto(`/desk/cases/${number}`);
  await send(town.page, "approve");
  await inEnglish(town, "/desk");
  const { body } = await api.get(`/cases/${number}`);
  assert.equal(body.steps.find((s) => s.id === "visit").state.state, "passed");
  assert.equal(body.steps.find((s) => s.id === "publish").state.state, "open", "the publication runs by itself");
  await town.context.close();
  const elder = await at(browser, "elder", { javaScriptEnabled: false, who: "elder-no-script", viewport: { width: 390, height: 844 } });
  await elder.page.goto(`/cases/${number}`);
  await elder.look("published");
  assert.match(await text(elder.page), /公示/);
  await elder.context.close();
  published = number;
});

test("a neighbour reads on a phone what is public, and objects to it", async () => {
  const one = await at(browser, "citizen", { viewport: { width: 390, height: 844 }, who: "citizen-phone" });
  await one.page.goto("/publicity");
  await one.look("publicity");
  await Promise.all([one.page.waitForNavigation(), one.page.locator(`main a[href^="/publicity/${published}/"]`).click()]);
  await one.look("publicity-object");
  const address = new URL(one.page.url()).pathname;
  await one.page.goto(`${address}?lang=en`);
  await one.look("publicity-object-en");
  await press(one.page, "main form button[type=submit]");
  await one.look("publicity-object-errors-en", { status: 422 });
  assert.ok(await one.page.locator("#f-reason-error").isVisible());
  await one.page.goto(`${address}?lang=zh-CN`);
  await fill(one.page, { reason: "申请人的户籍已经迁到外地。" });
  await press(one.page, "main form button[type=submit]");
  await one.look("publicity-objected");
  assert.match(await text(one.page), /异议/);
  await one.context.close();
});

test("an applicant can act no more: what is still to do stands still, and the body settles who does", async () => {
  const { api, number } = await filed("elder", {
    item: "elderly-allowance", parties: [{ subject: "me" }], materials: [],
    answers: { phone: "13900000051", town: "440604012", address: "祖庙街道示范巷5号", bank: "示范银行禅城支行", card: "6200000000000000069", other: "no", consent: true },
  });
  const civil = await at(browser, "civil");
  await civil.page.goto(`/desk/cases/${number}`);
  const party = await civil.page.locator('main [name="halt_party.party"] option:not([value=""])').first().getAttribute("value");
  await refusedAt(civil, "halt_party", ["text"], { party, cause: "incapacity" });
  await send(civil.page, "halt_party", { party, cause: "incapacity", text: "人民法院判决书〔2026〕18号" });
  await civil.page.goto("/desk/duties");
  await civil.look("duty");
  assert.match(await text(civil.page), /了结当事人中止/);
  await civil.page.goto(`/desk/cases/${number}?lang=en`);
  await civil.look("halted-english");
  await civil.page.goto(`/desk/cases/${number}?lang=zh-CN`);
  const elder = await at(browser, "elder", { who: "elder-halted", viewport: { width: 390, height: 844 } });
  await elder.page.goto(`/cases/${number}`);
  await elder.look("halted");
  const refused = await api.send("POST", `/cases/${number}/withdraw`, {});
  assert.equal(refused.body.code, "cases.party-halted", refused.text);
  await refusedAt(civil, "end_halt", ["text"], { party, how: "goes-on" });
  await send(civil.page, "end_halt", { party, how: "goes-on", text: "由新的监护人办理" });
  assert.equal((await api.get(`/cases/${number}`)).body.halts, undefined);
  for (const one of [civil, elder]) await one.context.close();
});

test("the head: what waits, who is away, and the seals of the agency", async () => {
  const head = await at(browser, "head");
  await walk(head, ["/desk", "/account", "/account/away"]);
  await inEnglish(head, "/desk");
  await head.context.close();
});

test("the supervisor: what runs, what is late, what hangs at a line system, and what may be taken out", async () => {
  const watch = await at(browser, "supervisor2");
  await walk(watch, ["/desk", "/desk?list=late", "/desk?list=stuck", "/desk/records"]);
  await watch.page.goto("/desk/records/file?format=pdf");
  await watch.look("records-errors", { status: 422 });
  assert.ok(await watch.page.locator("#error-summary").isVisible());
  assert.ok(!(await offered(watch.page, "approve")));
  await inEnglish(watch, "/desk");
  await watch.context.close();
});

test("the operator: packs, messages, line systems, registers, seals and what is taken over", async () => {
  const operator = await at(browser, "operator");
  await walk(operator, ["/desk", "/desk/packs", "/desk/messages", "/desk/lines", "/desk/sources", "/desk/seals", "/desk/records"]);
  await operator.page.goto("/desk/sources");
  await press(operator.page, 'main form[action="/desk/sources/vehicle"] button');
  await operator.look("source-off");
  await press(operator.page, 'main form[action="/desk/sources/vehicle"] button');
  await operator.page.goto("/desk/seals");
  await press(operator.page, 'main table a[href^="/desk/seals/"]');
  await operator.look("seal");
  const suspend = operator.page.locator('main button[name="act"][value="suspend"]');
  if (await suspend.count()) {
    await press(operator.page, suspend.first());
    await operator.look("seal-right-suspended");
    await press(operator.page, 'main button[name="act"][value="grant"]');
  }
  await operator.page.goto("/desk/records/import");
  await fill(operator.page, { mapping: { name: "m.yaml", mimeType: "text/yaml", buffer: Buffer.from("nonsense: [") }, file: { name: "a.csv", mimeType: "text/csv", buffer: PAPER } });
  await press(operator.page, "main form[data-upload] button[type=submit]");
  await operator.look("import-errors", { status: 422 });
  await inEnglish(operator, "/desk/sources");
  await operator.context.close();
});

test("a firm and a citizen: their space, their papers, who has looked, in both languages", async () => {
  for (const account of ["firm", "citizen"]) {
    const one = await at(browser, account);
    await walk(one, ["/space", "/space/looks", "/account"]);
    await inEnglish(one, "/space");
    await one.context.close();
    const plain = await at(browser, account, { javaScriptEnabled: false, who: `${account}-no-script` });
    for (const path of ["/space", "/space/looks"]) assert.equal((await plain.page.goto(path)).status(), 200, path);
    await plain.context.close();
  }
});
