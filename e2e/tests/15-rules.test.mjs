//! The pack's rules decide on the registers' facts: what is in order goes to the examiner, what is not is refused at once
//! and told why and what can be done.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Api } from "../lib/api.mjs";
import { URL_BASE } from "../lib/browser.mjs";
import { proof, sticker } from "../lib/filings.mjs";

const OUTCOMES = [
  ["苏A90006", "accepted", null],
  ["苏A90002", "closed", /检验/],
  ["苏A90004", "closed", /道路运输证/],
  ["苏A90005", "closed", /经营范围/],
  ["苏A90011", "closed", /不在申请单位名下/],
];

test("a sticker is refused by the rule that fails, and by no other", async () => {
  const firm = await Api.signIn(URL_BASE, "firm");
  for (const [plate, state, reason] of OUTCOMES) {
    const filed = await firm.file(randomUUID(), await sticker(firm, { plate }));
    assert.equal(filed.status, 201, filed.text);
    const { body } = await firm.get(`/cases/${filed.body.number}`);
    assert.equal(body.state, state, plate);
    if (!reason) continue;
    assert.match(body.decision.reason["zh-CN"], reason);
    assert.ok(body.decision.remedies.length >= 2, "reconsideration and suit are told");
    assert.deepEqual(body.certificates, []);
  }
});

test("a home-purchase proof is decided per family", async () => {
  for (const [account, certificates] of [["citizen", 1], ["spouse", 1], ["citizen2", 0], ["citizen3", 0], ["citizen4", 1]]) {
    const citizen = await Api.signIn(URL_BASE, account);
    const filed = await citizen.file(randomUUID(), await proof(citizen));
    assert.equal(filed.status, 201, filed.text);
    const { body } = await citizen.get(`/cases/${filed.body.number}`);
    assert.equal(body.state, "closed", account);
    assert.equal(body.certificates.length, certificates, account);
  }
});

test("the same key is the same case, and another content under it is refused", async () => {
  const firm = await Api.signIn(URL_BASE, "firm");
  const [key, filing] = [randomUUID(), await sticker(firm)];
  const [one, two] = await Promise.all([firm.file(key, filing), firm.file(key, filing)]);
  assert.deepEqual([one.status, two.status], [201, 201], one.text + two.text);
  assert.equal(one.body.number, two.body.number);
  const other = await firm.file(key, { ...filing, answers: { ...filing.answers, plate: "苏A90006" } });
  assert.equal(other.status, 409, other.text);
});
