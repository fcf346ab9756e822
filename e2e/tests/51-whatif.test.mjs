//! The head of a hall tries other windows: on a day that the hall itself recorded, and on a described hall; and a matter's steps side by side, with
//! queues; by the page and by the API.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { Api } from "../lib/api.mjs";
import { launch } from "../lib/browser.mjs";
import { at, press, text } from "../lib/desk.mjs";
import { Pages } from "../lib/pages.mjs";
import { BIN, ROOT, Server, minutesUntil } from "../lib/server.mjs";

/// Once is enough: the room's own tests run the same questions on both databases.
const ONCE = { skip: Boolean(process.env.YIMEN_DATABASE) };
/// Open day and night; but a queue's day ends at four in the morning, and the recorded one lasts half an hour of the server's clock.
const HALL = "nanjing-public";
/// What the sale of a flat is planned from.
const SALE = ["themes/stock-house", ...["mortgage-release", "house-trade", "house-tax", "house-registration", "house-funds"].map((i) => `nanjing/${i}`)];
const TICKETS = ["A", "A", "S", "A", "A", "S", "A", "A"];
const MINUTES = [9, 4, 13];
const DAY_MINUTES = 24 * 60;
/// When the recorded day begins, in China.
const BEGIN_HOUR = 10;

let browser;
let server;
const kept = {};
before(async () => {
  if (ONCE.skip) return;
  browser = await launch();
  server = await Server.make({ database: null, items: ["nanjing/home-purchase-proof", ...SALE] });
  server.aheadMinutes = minutesUntil(BEGIN_HOUR);
  await server.start();
});
after(async () => {
  await browser?.close();
  await server?.end();
});

const here = (more = {}) => ({ baseURL: server.url, ...more });

async function later(minutes) {
  await server.stop();
  server.aheadMinutes += minutes;
  await server.start();
}

/// A clerk's act at the window; every one of them leads on.
async function act(clerk, path, fields) {
  const desk = await clerk.get("/desk/hall");
  const done = await clerk.post(path, { _csrf: desk.hidden._csrf, ...fields });
  assert.equal(done.status, 303, `${path} ${JSON.stringify(fields)}: ${done.text}`);
}

test("a day is recorded: eight come, one window serves them", ONCE, async () => {
  const head = await Pages.signIn(server.url, "supervisor");
  const day = await head.get(`/desk/hall/day?hall=${HALL}`);
  const made = await head.post("/desk/hall/day/kiosk", { _csrf: day.hidden._csrf, hall: HALL, name: "一号机" });
  const secret = made.to.match(/kiosk=([0-9a-f]{32})/)[1];
  for (const letter of TICKETS) {
    const kiosk = new Pages(server.url);
    const form = await kiosk.get(`/kiosk/${HALL}?k=${secret}`);
    const taken = await kiosk.post(`/kiosk/${HALL}?k=${secret}`, { ...form.hidden, letter, priority: "ordinary" });
    assert.equal(taken.status, 303, taken.text);
  }
  const clerk = await Pages.signIn(server.url, "clerk");
  await act(clerk, "/desk/hall/duty", { window: `${HALL}/1` });
  for (const minutes of [...MINUTES, ...TICKETS.slice(MINUTES.length).map(() => 0)]) {
    await act(clerk, "/desk/hall/act", { act: "call" });
    await act(clerk, "/desk/hall/act", { act: "start" });
    if (minutes > 0) await later(minutes);
    await act(clerk, "/desk/hall/end", { outcome: "done", what: "办完" });
  }
  await act(clerk, "/desk/hall/duty", { leave: "yes" });
  await later(DAY_MINUTES);
});

test("the head tries one window more on the recorded day", ONCE, async () => {
  const head = await at(browser, "supervisor", here({ who: "whatif" }));
  const { page } = head;
  await page.goto(`/desk/hall/day?hall=${HALL}`);
  await press(page, page.locator('main a[href^="/desk/hall/whatif"]'));
  await head.look("choose");
  await page.locator("main input[name=day]").fill("昨天");
  await press(page, "main button.button-primary");
  await head.look("choose-wrong", { status: 422 });
  assert.equal(await page.locator("main input[name=day]").inputValue(), "昨天");
  await press(page, page.locator("main a[href*='day=20']").first());
  await head.look("ask");
  assert.match(await text(page), /记录：8个号/);

  // What was typed is kept, beside what is wrong with it.
  const units = page.locator('main input[name="windows[1].units"]');
  await units.fill("A Z");
  await page.locator('main input[name="windows[1].count"]').fill("1");
  await page.locator("main input[name=seeds]").fill("5000");
  await press(page, "main button.button-primary");
  await head.look("ask-wrong", { status: 422 });
  assert.equal(await page.locator("main input[name=seeds]").inputValue(), "5000");
  assert.equal(await page.locator("main input[name=seeds]").getAttribute("aria-invalid"), "true");
  assert.equal(await units.inputValue(), "A Z");
  assert.equal(await units.getAttribute("aria-invalid"), "true");
  await units.fill("A");
  await page.locator("main input[name=seeds]").fill("20");
  await press(page, "main button.button-primary");
  await head.look("result");
  assert.match(await text(page), /改动后的窗口：平均等候[\d.]+ ± [\d.]+分钟，少/);
  const figures = page.locator("main section", { has: page.locator("#figures") }).locator("table");
  const shown = await figures.innerText();
  kept.address = new URL(page.url());
  await page.reload();
  assert.equal(await figures.innerText(), shown, "the same seeds give the same figures");

  const phone = await at(browser, "supervisor", here({ who: "whatif-phone", viewport: { width: 390, height: 844 } }));
  await phone.page.goto(kept.address.pathname + kept.address.search);
  await phone.look("result");
  await phone.page.goto(`/desk/hall/whatif${kept.address.search}`);
  await phone.look("ask");
  await phone.context.close();
  await page.goto(`${kept.address.pathname}${kept.address.search}&lang=en`);
  await head.look("result-english");
  await head.context.close();
});

test("the input as it was used gives the same on the command line, and the API the same figures", ONCE, async () => {
  const pages = await Pages.signIn(server.url, "supervisor");
  const input = await pages.get(`/desk/hall/whatif/input.yaml${kept.address.search}`);
  assert.equal(input.status, 200);
  const file = join(server.folder, "input.yaml");
  writeFileSync(file, input.text);
  assert.match(readFileSync(file, "utf8"), /recorded:/);
  const told = spawnSync(BIN, ["whatif", file, "--seeds", "20", "--csv"], { encoding: "utf8" });
  assert.equal(told.status, 0, told.stderr);
  const api = await Api.signIn(server.url, "supervisor");
  const inputs = await api.get(`/halls/${HALL}/whatif`);
  assert.deepEqual(inputs.body.days.map((d) => d.tickets), [TICKETS.length]);
  assert.deepEqual(inputs.body.files.map((f) => f.id), ["hall-27"]);
  const { day } = inputs.body.days[0];
  const question = { day, seeds: 20, windows: [{ units: ["AS"], count: 1 }, { units: ["A"], count: 1 }] };
  const answer = await api.send("POST", `/halls/${HALL}/whatif`, question);
  assert.equal(answer.status, 200, answer.text);
  for (const one of answer.body.arrangements) {
    const { mean, half } = one.figures.wait;
    const line = told.stdout.split("\n").find((row) => row.startsWith(`level,,${one.id},wait,`));
    const printed = line.split(",").slice(-2).map(Number);
    // Six places are printed, and what lies just between two of them is rounded either way.
    for (const [n, figure] of [mean, half].entries()) assert.ok(Math.abs(printed[n] - figure) < 1e-6, `${line}: ${mean}, ${half}`);
  }
  assert.ok(answer.body.arrangements[1].change.wait.mean < 0);
  const wrong = await api.send("POST", `/halls/${HALL}/whatif`, { ...question, seeds: 1 });
  assert.deepEqual([wrong.status, wrong.body.fields[0].field], [422, "seeds"]);
  const clerk = await Api.signIn(server.url, "clerk");
  assert.equal((await clerk.send("POST", `/halls/${HALL}/whatif`, question)).status, 403);
});

test("a described hall of 27 units", ONCE, async () => {
  const head = await at(browser, "supervisor", here({ who: "whatif-described" }));
  const { page } = head;
  await page.goto(`/desk/hall/whatif?hall=${HALL}`);
  await press(page, page.locator('main a[href$="file=hall-27"]'));
  await head.look("ask");
  await page.locator("main input[name=seeds]").fill("5");
  await page.locator('main input[name=with][value=merged]').uncheck();
  await press(page, "main button.button-primary");
  await head.look("result");
  assert.match(await text(page), /综合窗口逐项办：平均等候/);
  assert.match(await text(page), /本结果不是对它的复现/);
  await head.context.close();
});

test("a matter with queues at examiners' desks: the page, the command line and the API say the same", ONCE, async () => {
  const head = await at(browser, "supervisor", here({ who: "whatif-matter" }));
  const { page } = head;
  await page.goto(`/desk/hall/whatif?hall=${HALL}`);
  await press(page, page.locator('main a[href$="matter=stock-house-desks"]'));
  await head.look("ask");
  await page.locator("main input[name=seeds]").fill("5");
  await page.locator("main input[name=starts]").fill("6");
  await page.locator("main input[name=others]").fill("10");
  const registry = page.locator('main input[name="examiners.registry"]');
  await registry.fill("0");
  await press(page, "main button.button-primary");
  await head.look("ask-wrong", { status: 422 });
  assert.equal(await registry.getAttribute("aria-invalid"), "true");
  assert.equal(await registry.inputValue(), "0");
  await registry.fill("2");
  await press(page, "main button.button-primary");
  await head.look("result");
  assert.match(await text(page), /并联平均要[\d.]+ ± [\d.]+个工作日，串联要[\d.]+ ± [\d.]+个：-/);
  const address = new URL(page.url());
  await page.goto(`${address.pathname}${address.search}&lang=en`);
  await head.look("result-english");
  await head.context.close();
  const phone = await at(browser, "supervisor", here({ who: "whatif-matter-phone", viewport: { width: 390, height: 844 } }));
  await phone.page.goto(address.pathname + address.search);
  await phone.look("result");
  await phone.page.goto(`/desk/hall/whatif${address.search}`);
  await phone.look("ask");
  await phone.context.close();

  const pages = await Pages.signIn(server.url, "supervisor");
  const input = await pages.get(`/desk/hall/whatif/input.yaml${address.search}`);
  assert.equal(input.status, 200);
  const file = join(server.folder, "matter.yaml");
  writeFileSync(file, input.text);
  const told = spawnSync(BIN, ["whatif", file, "--seeds", "5", "--csv", "--packs", join(ROOT, "packs")], { encoding: "utf8" });
  assert.equal(told.status, 0, told.stderr);
  const api = await Api.signIn(server.url, "supervisor");
  const inputs = await api.get(`/halls/${HALL}/whatif`);
  assert.deepEqual(inputs.body.matters.map((m) => [m.id, m.units.length]), [["stock-house", 0], ["stock-house-desks", 6]]);
  const question = { matter: "stock-house-desks", seeds: 5, starts: 6, others: 10, examiners: { registry: 2 } };
  const answer = await api.send("POST", `/halls/${HALL}/whatif`, question);
  assert.equal(answer.status, 200, answer.text);
  for (const [arrangement, { days }] of Object.entries(answer.body.desks.figures)) {
    const line = `level,desks,${arrangement},days,${days.mean.toFixed(6)},${days.half.toFixed(6)}`;
    assert.ok(told.stdout.includes(line), `${line}\n${told.stdout}`);
  }
  assert.ok(answer.body.desks.relative.days.mean < 0);
  const refused = async (more, field) => {
    const wrong = await api.send("POST", `/halls/${HALL}/whatif`, { ...question, ...more });
    assert.deepEqual([wrong.status, wrong.body.fields[0].field], [422, field], wrong.text);
  };
  await refused({ starts: 50 }, "examiners.registry");
  await refused({ examiners: { nobody: 2 } }, "examiners.nobody");
  await refused({ windows: [{ units: ["A"], count: 1 }] }, "windows");
  await refused({ file: "hall-27" }, "day");
  const unknown = await api.send("POST", `/halls/${HALL}/whatif`, { ...question, matter: "hall-27" });
  assert.equal(unknown.status, 404);
});
