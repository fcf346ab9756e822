//! What time does to cases, on a server whose clock leaps: a hearing is held when its day has come, what is late is shown as
//! late, and silence accepts, ends and decides.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Api } from "../lib/api.mjs";
import { launch } from "../lib/browser.mjs";
import { at, send, text } from "../lib/desk.mjs";
import { STICKER_TYPED, permit, permitPapers, visit } from "../lib/filings.mjs";
import { Server } from "../lib/server.mjs";
import { until } from "../lib/wait.mjs";

/// The rules of time do not depend on the database; `kill.mjs` compares both.
const ONCE = { skip: Boolean(process.env.YIMEN_DATABASE) };
const WEEKS_MINUTES = 26 * 24 * 60;
const DAY_MS = 86_400_000;

let browser;
let server;
const numbers = {};
before(async () => {
  if (ONCE.skip) return;
  browser = await launch();
  server = await Server.make({ database: null });
  await server.start();
});
after(async () => {
  await browser?.close();
  await server?.end();
});

const here = () => ({ baseURL: server.url });
const signIn = (account) => Api.signIn(server.url, account);

async function post(api, path, body = {}) {
  const done = await api.send("POST", path, body);
  assert.equal(done.status, 200, `${path}: ${done.text}`);
}

/// Does the task of a step once it is open; several agencies sit there.
async function task(api, agency, number, step, ...outcomes) {
  for (const outcome of outcomes) {
    const seat = await until(`${step} of ${number}`, async () => {
      const steps = (await api.get(`/cases/${number}`)).body.steps;
      return steps?.find((s) => s.id === step)?.state.seats?.find((s) => s.agency === agency);
    });
    await post(api, `/tasks/${seat.task}/outcome`, outcome);
  }
}

test("before: a hearing is announced; others are left to silence", ONCE, async () => {
  const [restaurant, inspector, signboard] = [await signIn("restaurant"), await signIn("inspector"), await signIn("signboard")];
  const papers = await permitPapers(restaurant);
  for (const [name, changes, promises] of [["heard", { homes: "yes" }], ["silent", {}], ["unsupplied", {}], ["late", {}], ["unpromised", {}, { health_certificates: "health_file" }]]) {
    const filed = await restaurant.file(randomUUID(), permit(papers, changes, promises));
    assert.equal(filed.status, 201, filed.text);
    numbers[name] = filed.body.number;
  }
  for (const name of ["heard", "late", "unpromised"]) await post(inspector, `/cases/${numbers[name]}/accept`);
  await post(inspector, `/cases/${numbers.unsupplied}/ask_supplement`, { demands: [{ field: "safety", say: "请写明全名" }] });
  const [number, approve] = [numbers.heard, { outcome: "approve" }];
  await task(inspector, "chancheng.market", number, "inspect", { outcome: "record_visit", visit: visit() }, approve);
  await task(signboard, "chancheng.urban-management", number, "review", approve);
  await task(inspector, "chancheng.market", number, "review", approve);
  await post(restaurant, `/cases/${number}/request_hearing`);
  const chair = (await inspector.get("/colleagues")).body.find((one) => one.name === "邝佩珊").account;
  const day = new Date(Date.now() + 21 * DAY_MS).toISOString().slice(0, 10);
  await post(inspector, `/cases/${number}/set_hearing`, { at: `${day}T01:30:00Z`, place: "二楼会议室", chair });
});

test("after: its record is written in the page, and the case is decided by it", ONCE, async () => {
  await server.stop();
  server.aheadMinutes = WEEKS_MINUTES;
  await server.start();
  const desk = await at(browser, "inspector", here());
  await desk.page.goto(`/desk/cases/${numbers.heard}`);
  await desk.look("hearing-to-record");
  await send(desk.page, "record_hearing", { record: "" });
  await desk.look("record_hearing-errors", { status: 422 });
  await send(desk.page, "record_hearing", { record: "住户代表发言，经营者答辩，各方签字。", evidence: STICKER_TYPED.contract_file });
  await desk.page.goto(`/desk/cases/${numbers.heard}`);
  await desk.look("heard");
  const restaurant = await signIn("restaurant");
  const { body } = await restaurant.get(`/cases/${numbers.heard}`);
  assert.equal(body.state, "closed");
  assert.equal(body.certificates.length, 1);
  await desk.context.close();
});

test("after: a certificate leads to the item that renews it, and says where there is none", ONCE, async () => {
  const restaurant = await signIn("restaurant");
  const [permit] = (await restaurant.get(`/cases/${numbers.heard}`)).body.certificates;
  const firm = await at(browser, "restaurant", { ...here(), viewport: { width: 390, height: 844 }, who: "restaurant-phone" });
  await firm.page.goto(`/renew/${permit.id ?? permit}`);
  assert.match(firm.page.url(), /\/items\/catering-renewal$/);
  await firm.look("renew");
  await firm.page.goto(`${firm.page.url()}?lang=en`);
  await firm.look("renew-en");
  await firm.context.close();
});

test("after: what is late stands first and is marked, for those who do it and for those who watch", ONCE, async () => {
  const restaurant = await signIn("restaurant");
  await until("the sweeper", async () => (await restaurant.get(`/cases/${numbers.unpromised}`)).body.state === "closed");
  const desk = await at(browser, "inspector", here());
  await desk.page.goto("/desk?urgency=overdue");
  await desk.look("late");
  assert.ok((await desk.page.locator("main tr.row-late").count()) >= 2, await text(desk.page));
  await desk.page.goto(`/desk/cases/${numbers.late}`);
  await desk.look("late-case");
  await desk.context.close();
  const watch = await at(browser, "supervisor2", here());
  await watch.page.goto("/desk?list=late");
  await watch.look("late");
  assert.ok((await watch.page.content()).includes(numbers.late), "supervision sees what is late");
  await watch.context.close();
});

test("after: the applicant is told what silence has done, and what can be done about it", ONCE, async () => {
  const firm = await at(browser, "restaurant", here());
  for (const [name, state, say] of [["silent", "accepted", /受理期限/], ["unsupplied", "lapsed", /未在规定期限内补正/], ["unpromised", "closed", /逾期未交/]]) {
    const api = await signIn("restaurant");
    assert.equal((await api.get(`/cases/${numbers[name]}`)).body.state, state, name);
    await firm.page.goto(`/cases/${numbers[name]}`);
    await firm.look(name);
    assert.match(await text(firm.page), say, name);
  }
  await firm.context.close();
});
