//! A licence in full: one filing, five bodies side by side, two of them by line systems, one opinion signed by two, a
//! certificate; every act with its sealed notice, and what each role sees of it.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Api } from "../lib/api.mjs";
import { launch, window } from "../lib/browser.mjs";
import { LARGE, permit, permitPapers, upload, visit } from "../lib/filings.mjs";
import { pause } from "../lib/server.mjs";
import { signIn } from "../lib/walk.mjs";

const URL_ = process.env.YIMEN_URL;
const WAIT_MS_MAX = 60_000;
let browser;
let number;
before(async () => (browser = await launch()));
after(() => browser?.close());

/// Does every task of the case that lies with an account, as soon as there is one.
async function doTasks(account, how) {
  const api = await Api.signIn(URL_, account);
  const until = performance.now() + WAIT_MS_MAX;
  for (;;) {
    const inbox = await api.get("/tasks?limit=100");
    const task = inbox.body.tasks?.find((t) => t.case === number);
    if (task) return how(api, task);
    if (performance.now() > until) throw new Error(`${account} waits in vain for a task of ${number}: ${inbox.text.slice(0, 300)}`);
    await pause(200);
  }
}

const approve = async (api, task) => {
  const done = await api.send("POST", `/tasks/${task.id}/outcome`, { outcome: "approve" });
  assert.equal(done.status, 200, done.text);
};

test("a restaurant files once, and promises a paper for later", async () => {
  const restaurant = await Api.signIn(URL_, "restaurant");
  const papers = await permitPapers(restaurant);
  const filed = await restaurant.file(randomUUID(), permit(papers, LARGE, { health_certificates: "health_file" }));
  assert.equal(filed.status, 201, filed.text);
  assert.equal(filed.body.state, "submitted", "a person of the body accepts a licence");
  number = filed.body.number;
});

test("the body accepts it in the page, and the applicant has the sealed notice", async () => {
  const staff = await window(browser, "inspector");
  await staff.page.goto("/login");
  await signIn(staff.page, "inspector");
  await staff.page.goto(`/desk/cases/${number}`);
  await staff.look("case-submitted");
  await staff.page.locator('main button[value="accept"]').first().click();
  await staff.page.waitForLoadState("load");
  await staff.look("case-accepted");
  await staff.context.close();
  const restaurant = await Api.signIn(URL_, "restaurant");
  const notices = await restaurant.get(`/cases/${number}/notices`);
  // A paper is still to come, so it is accepted on that condition.
  assert.ok(notices.body.some((n) => n.kind === "conditional" && n.seal), notices.text);
  for (const notice of notices.body) {
    const pdf = await restaurant.get(`/cases/${number}/notices/${notice.id}`);
    assert.ok(pdf.text.startsWith("%PDF-"), `${notice.name}: ${pdf.status}`);
  }
});

test("the time of a test does not count, and the page says so with both dates", async () => {
  const market = await Api.signIn(URL_, "inspector");
  const before = (await market.get(`/cases/${number}`)).body.terms.find((t) => t.kind === "statutory" || /法定/.test(t.name ?? ""));
  const stop = await market.send("POST", `/cases/${number}/suspend`, { kind: "testing", reason: "餐用水送检", expected: "10wd" });
  assert.equal(stop.status, 200, stop.text);
  const firm = await window(browser, "restaurant");
  await firm.page.goto("/login");
  await signIn(firm.page, "restaurant");
  await firm.page.goto(`/cases/${number}`);
  await firm.look("suspended");
  assert.match(await firm.page.locator("main").innerText(), /不计入办理期限/);
  const go = await market.send("POST", `/cases/${number}/resume`, { result: "检测合格" });
  assert.equal(go.status, 200, go.text);
  await firm.page.goto(`/cases/${number}`);
  await firm.look("resumed");
  assert.ok(before, "the statutory term stands in the case");
  await firm.context.close();
});

test("applicant and body write to each other", async () => {
  const firm = await window(browser, "restaurant");
  await firm.page.goto("/login");
  await signIn(firm.page, "restaurant");
  await firm.page.goto(`/cases/${number}/messages`);
  await firm.look("messages-empty");
  await firm.page.fill('textarea[name="text"]', "请问现场核查哪天来？");
  await firm.page.locator("main form button[type=submit]").click();
  await firm.page.waitForLoadState("load");
  await firm.look("messages");
  assert.match(await firm.page.locator("main").innerText(), /现场核查哪天来/);
  await firm.page.goto(`/cases/${number}/acts/keep-promise`);
  await firm.look("promise");
  await firm.page.goto(`/cases/${number}/acts/dispute`);
  await firm.look("dispute");
  await firm.page.locator("main form button[type=submit]").click();
  await firm.page.waitForLoadState("load");
  await firm.look("dispute-errors", { status: 422 });
  assert.match(await firm.page.locator("main").innerText(), /请选择有误的那一条信息/);
  for (const part of ["messages", "acts/keep-promise", "acts/dispute", "acts/want-person", "withdraw"]) {
    await firm.page.goto(`/cases/${number}/${part}?lang=en`);
    await firm.look(`${part.replace("/", "-")}-en`);
  }
  await firm.context.close();
  const market = await Api.signIn(URL_, "inspector");
  const answer = await market.send("POST", `/cases/${number}/messages`, { text: "周三上午，两位同志上门。" });
  assert.equal(answer.status, 201, answer.text);
});

test("a paper that was promised is handed in", async () => {
  const restaurant = await Api.signIn(URL_, "restaurant");
  const [{ file }] = await upload(restaurant, "健康证.pdf");
  const kept = await restaurant.send("POST", `/cases/${number}/keep_promise`, { materials: [{ demand: "health_certificates", file }] });
  assert.equal(kept.status, 200, kept.text);
});

test("five bodies examine side by side, line systems answer by themselves, two sign one opinion", async () => {
  await doTasks("signboard", approve);
  await doTasks("inspector", async (api, task) => {
    const seen = await api.send("POST", `/tasks/${task.id}/outcome`, { outcome: "record_visit", visit: visit() });
    assert.equal(seen.status, 200, seen.text);
    await approve(api, task);
  });
  await doTasks("signboard", approve);
  const staff = await window(browser, "head");
  await staff.page.goto("/login");
  await signIn(staff.page, "head");
  await staff.page.goto("/desk");
  await staff.look("head-inbox");
  await staff.page.goto(`/desk/cases/${number}`);
  await staff.look("head-case");
  await staff.context.close();
  await doTasks("inspector", approve);
  const restaurant = await Api.signIn(URL_, "restaurant");
  const closed = await restaurant.get(`/cases/${number}`);
  assert.equal(closed.body.state, "closed", closed.text.slice(0, 400));
  assert.equal(closed.body.certificates.length, 1);
});

test("the applicant sees the whole way, also in English and on a phone", async () => {
  for (const [name, options] of [["permit", {}], ["permit-phone", { viewport: { width: 390, height: 844 } }], ["permit-english", { locale: "en" }]]) {
    const { page, look, context } = await window(browser, name, options);
    await page.goto("/login");
    await signIn(page, "restaurant");
    await page.goto(`/cases/${number}${options.locale ? "?lang=en" : ""}`);
    await look("progress");
    await context.close();
  }
});

test("a sub-district examines, the publication runs, and others see nothing of it", async () => {
  const { page, look, context } = await window(browser, "town");
  await page.goto("/login");
  await signIn(page, "town");
  await page.goto("/desk");
  await look("town-inbox");
  await context.close();
  const town = await Api.signIn(URL_, "town");
  assert.equal((await town.get(`/cases/${number}`)).status, 404);
});
