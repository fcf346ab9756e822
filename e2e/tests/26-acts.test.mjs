//! Every act of the desk by its form: what is missing is said at its field, what is done stands in the case, and what somebody may
//! not do is not offered to them.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Api } from "../lib/api.mjs";
import { URL_BASE, launch } from "../lib/browser.mjs";
import { at, offered, press, refusedAt, send, text, unfold } from "../lib/desk.mjs";
import { permit, permitPapers, visit } from "../lib/filings.mjs";
import { until } from "../lib/wait.mjs";
import { fill } from "../lib/walk.mjs";

let browser;
let restaurant;
let papers;
const staff = {};
before(async () => {
  browser = await launch();
  restaurant = await Api.signIn(URL_BASE, "restaurant");
  papers = await permitPapers(restaurant);
  for (const name of ["inspector", "signboard", "head"]) staff[name] = await Api.signIn(URL_BASE, name);
});
after(() => browser?.close());

async function filed(changes = {}) {
  const answer = await restaurant.file(randomUUID(), permit(papers, changes));
  assert.equal(answer.status, 201, answer.text);
  return answer.body.number;
}

async function act(api, number, verb, body = {}) {
  const done = await api.send("POST", `/cases/${number}/${verb}`, body);
  assert.equal(done.status, 200, done.text);
}

/// Does the task of a step by the API, once it is open.
async function task(api, agency, number, step, ...outcomes) {
  for (const outcome of outcomes) {
    const seat = await until(`${step} of ${number} at ${agency}`, async () => {
      const seats = (await api.get(`/cases/${number}`)).body.steps?.find((s) => s.id === step)?.state.seats;
      return seats?.find((s) => s.agency === agency);
    });
    const done = await api.send("POST", `/tasks/${seat.task}/outcome`, outcome);
    assert.equal(done.status, 200, done.text);
  }
}

const approve = { outcome: "approve" };
const inspected = (number) => task(staff.inspector, "chancheng.market", number, "inspect", { outcome: "record_visit", visit: visit() }, approve);
const countersign = (number) => task(staff.signboard, "chancheng.urban-management", number, "review", approve);
/// A moment so many days ahead, as a page takes it.
const moment = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10) + "T09:30";

test("what is missing is marked in the page, and supplied without JavaScript", async () => {
  const number = await filed();
  const desk = await at(browser, "inspector");
  await desk.page.goto(`/desk/cases/${number}`);
  await unfold(desk.page, "ask_supplement");
  await desk.page.locator('main input[name="ask_supplement.mark"][value="safety"]').check();
  await press(desk.page, desk.page.locator('main button[name="verb"][value="ask_supplement"]'));
  await desk.look("ask_supplement-errors", { status: 422 });
  await unfold(desk.page, "ask_supplement");
  await desk.page.locator('main input[name="ask_supplement.mark"][value="layout_file"]').check();
  await send(desk.page, "ask_supplement", { "ask_supplement.say.safety": "请写明全名", "ask_supplement.say.layout_file": "平面图没有标明水池" });
  await desk.context.close();
  const looked = await at(browser, "restaurant");
  await looked.page.goto(`/cases/${number}/supplement`);
  await looked.look("supplement");
  await looked.page.goto(`/cases/${number}/supplement?lang=en`);
  await looked.look("supplement-en");
  await looked.page.goto(`/cases/${number}/supplement?lang=zh-CN`);
  await looked.context.close();
  const firm = await at(browser, "restaurant", { javaScriptEnabled: false, who: "restaurant-no-script" });
  await firm.page.goto(`/cases/${number}/supplement`);
  assert.match(await text(firm.page), /平面图没有标明水池/);
  assert.equal(await firm.page.locator('main [name="area"]').count(), 0, "only what was asked for is shown");
  await fill(firm.page, { safety: "冼志明、邝佩珊" });
  await press(firm.page, firm.page.locator("main form button[type=submit]").last());
  const { body } = await restaurant.get(`/cases/${number}`);
  assert.equal(body.state, "submitted", `${firm.page.url()}: ${(await text(firm.page)).slice(0, 300)}`);
  assert.equal(body.answers.safety, "冼志明、邝佩珊");
  await firm.context.close();
});

test("a case stands still and goes on, and both dates are shown", async () => {
  const number = await filed();
  await act(staff.inspector, number, "accept");
  const desk = await at(browser, "inspector");
  await desk.page.goto(`/desk/cases/${number}`);
  await refusedAt(desk, "suspend", ["kind", "reason"], { days: "十" });
  await send(desk.page, "suspend", { kind: "testing", reason: "餐用水送检", days: "10" });
  await desk.page.goto(`/desk/cases/${number}`);
  await desk.look("suspended");
  assert.equal((await restaurant.get(`/cases/${number}`)).body.state, "suspended");
  await send(desk.page, "resume", { result: "检测合格" });
  await desk.page.goto(`/desk/cases/${number}`);
  await desk.look("resumed");
  assert.equal((await restaurant.get(`/cases/${number}`)).body.state, "accepted");
  assert.ok(!(await offered(desk.page, "extend")), "more time is for the head alone");
  assert.ok(!(await offered(desk.page, "void")), "and so is striking it out");
  await desk.context.close();
});

test("a hearing is asked for without JavaScript, and announced in the page", async () => {
  const number = await filed({ homes: "yes" });
  await act(staff.inspector, number, "accept");
  await inspected(number);
  await countersign(number);
  await task(staff.inspector, "chancheng.market", number, "review", approve);
  const firm = await at(browser, "restaurant");
  await firm.page.goto(`/cases/${number}`);
  await firm.look("hearing-offered");
  await firm.page.goto(`/cases/${number}/acts/request-hearing`);
  await firm.look("request-hearing");
  await firm.page.goto(`/cases/${number}/acts/request-hearing?lang=en`);
  await firm.look("request-hearing-en");
  await firm.page.goto(`/cases/${number}/acts/request-hearing?lang=zh-CN`);
  await firm.context.close();
  const plain = await at(browser, "restaurant", { javaScriptEnabled: false, who: "restaurant-no-script" });
  await plain.page.goto(`/cases/${number}/acts/request-hearing`);
  await plain.page.locator("main form button[type=submit]").last().click();
  await plain.page.waitForURL((url) => url.pathname === `/cases/${number}`);
  await plain.context.close();
  const desk = await at(browser, "inspector");
  await desk.page.goto(`/desk/cases/${number}`);
  await refusedAt(desk, "set_hearing", ["at", "place", "chair"]);
  await send(desk.page, "set_hearing", { at: moment(2), place: "二楼会议室", chair: { label: "邝佩珊" } });
  await desk.look("hearing-too-soon", { status: 422 });
  assert.match(await text(desk.page), /7个工作日/);
  await send(desk.page, "set_hearing", { at: moment(21), place: "二楼会议室", chair: { label: "邝佩珊" } });
  await desk.page.goto(`/desk/cases/${number}`);
  await desk.look("hearing-set");
  assert.equal((await restaurant.get(`/cases/${number}`)).body.hearing.stage.stage, "set");
  await desk.context.close();
});

test("a neighbour is told of a hearing, served on paper, and asks for it in writing", async () => {
  const number = await filed({ homes: "no" });
  await act(staff.inspector, number, "accept");
  const desk = await at(browser, "inspector");
  await desk.page.goto(`/desk/cases/${number}`);
  await refusedAt(desk, "find_interested", ["name", "interest"]);
  await send(desk.page, "find_interested", { name: "翟翊宸", interest: "油烟井紧邻其住宅窗户" });
  await desk.page.goto(`/desk/cases/${number}`);
  await desk.look("interested-found");
  assert.match(await text(desk.page), /翟\*宸 · 油烟井/, "names stand masked on the way of a case");
  const firm = await at(browser, "restaurant");
  await firm.page.goto(`/cases/${number}`);
  await firm.look("hearing-with-others");
  await firm.page.goto(`/cases/${number}/acts/waive-hearing`);
  await press(firm.page, firm.page.locator("main form button[type=submit]").last());
  await firm.look("waits-for-others");
  assert.match(await text(firm.page), /另有利害关系人/);
  await refusedAt(desk, "tell_interested", ["served", "proof"], { who: { label: "翟翊宸" } });
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  await send(desk.page, "tell_interested", { who: { label: "翟翊宸" }, served: `${today}T00:00`, proof: "回证第12号，本人签收" });
  await desk.page.goto(`/desk/cases/${number}`);
  await send(desk.page, "answer_of_interested", { who: { label: "翟翊宸" }, asks: "yes", proof: "卷内第12页" });
  await desk.page.goto(`/desk/cases/${number}`);
  await desk.look("interested-asked");
  assert.equal((await restaurant.get(`/cases/${number}`)).body.hearing.stage.stage, "requested");
  await firm.context.close();
  await desk.context.close();
});

test("a task is taken, handed over, called back and sent back", async () => {
  const number = await filed({ signboard: "yes" });
  await act(staff.inspector, number, "accept");
  const desk = await at(browser, "inspector");
  await desk.page.goto(`/desk/cases/${number}`);
  await send(desk.page, "claim");
  await refusedAt(desk, "hand_over", ["to"]);
  await send(desk.page, "hand_over", { to: { label: "邝佩珊" }, note: "请你去现场" });
  assert.match(await text(desk.page), /转办/, "it is said what was done");
  const head = await at(browser, "head");
  await head.page.goto(`/desk/cases/${number}`);
  await head.look("handed-over");
  assert.ok(await offered(head.page, "release"));
  await send(head.page, "release");
  const town = await at(browser, "signboard");
  await town.page.goto(`/desk/cases/${number}`);
  await send(town.page, "approve");
  await town.page.goto(`/desk/cases/${number}`);
  await town.look("recall");
  await send(town.page, "recall");
  const open = (await restaurant.get(`/cases/${number}`)).body.steps.find((s) => s.id === "signboard").state.state;
  assert.equal(open, "open", "what was called back is to be done again");
  await task(staff.signboard, "chancheng.urban-management", number, "signboard", approve);
  await inspected(number);
  await town.page.goto(`/desk/cases/${number}`);
  await refusedAt(town, "send_back", ["to_step", "reason"]);
  await send(town.page, "send_back", { to_step: "inspect", reason: "现场记录缺少专间照片" });
  const { steps } = (await restaurant.get(`/cases/${number}`)).body;
  assert.equal(steps.find((s) => s.id === "inspect").state.state, "open");
  await desk.page.goto(`/desk/cases/${number}`);
  await refusedAt(desk, "record_visit", ["at", "place", "officers", "record"]);
  await desk.look("sent-back");
  for (const one of [desk, head, town]) await one.context.close();
});

test("more time, service of a paper, a remedy opened and ended", async () => {
  const number = await filed();
  await act(staff.inspector, number, "accept");
  const head = await at(browser, "head");
  await head.page.goto(`/desk/cases/${number}`);
  await refusedAt(head, "extend", ["reason"]);
  await refusedAt(head, "extend", ["leave_body", "leave_signer", "leave_number", "leave_on"], { reason: "需要补充检测" });
  await send(head.page, "extend", { leave_body: "佛山市禅城区人民政府", leave_signer: "区长", leave_number: "禅府批〔2026〕7号", leave_on: "2026-11-20" });
  await head.page.goto(`/desk/cases/${number}`);
  await head.look("extended");
  assert.equal((await restaurant.get(`/cases/${number}`)).body.terms.find((t) => t.kind === "statutory").earlier.length, 1);
  await task(staff.inspector, "chancheng.market", number, "inspect", { outcome: "record_visit", visit: visit() }, { outcome: "refuse", reason: "洗消设施不足", deviation: "现场与申报不一致" });
  await head.page.goto(`/desk/cases/${number}`);
  await refusedAt(head, "serve", ["way"]);
  await refusedAt(head, "serve", ["proof"], { way: "post" });
  await send(head.page, "serve", { notice: { index: 1 }, way: "post", proof: "EMS 1234567890123" });
  await head.page.goto(`/desk/cases/${number}`);
  await refusedAt(head, "open_remedy", ["kind", "body", "ground"]);
  await send(head.page, "open_remedy", { kind: "reconsideration", body: "禅城区人民政府", ground: "事实认定错误" });
  await head.page.goto(`/desk/cases/${number}`);
  await head.look("remedy-open");
  await refusedAt(head, "end_remedy", ["remedy", "outcome", "text"]);
  await send(head.page, "end_remedy", { remedy: { index: 1 }, outcome: "annulled-redo", text: "撤销原决定，责令重新作出。" });
  await head.page.goto(`/desk/cases/${number}`);
  await head.look("remedy-ended");
  assert.equal((await restaurant.get(`/cases/${number}`)).body.state, "accepted", "it is examined anew");
  await head.context.close();
  const firm = await at(browser, "restaurant", { locale: "en", who: "restaurant-english" });
  await firm.page.goto(`/cases/${number}?lang=en`);
  await firm.look("reopened");
  await firm.context.close();
});

test("the applicant takes it back without JavaScript, and the desk has nothing left to do", async () => {
  const number = await filed();
  const firm = await at(browser, "restaurant", { javaScriptEnabled: false, who: "restaurant-no-script" });
  await firm.page.goto(`/cases/${number}/withdraw`);
  await firm.look("withdraw");
  await fill(firm.page, { reason: "不开了" });
  await press(firm.page, firm.page.locator("main form button[type=submit]").last());
  assert.equal((await restaurant.get(`/cases/${number}`)).body.state, "withdrawn");
  await firm.context.close();
  const desk = await at(browser, "inspector", { locale: "en", who: "inspector-english" });
  await desk.page.goto(`/desk/cases/${number}?lang=en`);
  await desk.look("withdrawn");
  assert.ok(!(await offered(desk.page, "approve")));
  await desk.context.close();
});
