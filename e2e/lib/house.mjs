//! The sale of a flat as its seller fills it in, and as six agencies work it off.

import assert from "node:assert/strict";
import { Api } from "./api.mjs";
import { URL_BASE } from "./browser.mjs";
import { at, press } from "./desk.mjs";
import { PAPER, day } from "./filings.mjs";
import { pause } from "./server.mjs";

/// Who works on it, and for which agency.
export const STAFF = { marriage: "civil affairs", police: "police", "housing-clerk": "housing", "tax-nj": "tax", land: "natural resources", finance: "finance" };
/// So many times nobody may have anything to do.
const IDLE_MAX = 12;

export const SITUATIONS = { mortgage: "no", only_home: "yes", buyer_home: "first", buyer_married: "yes" };
export const SALE = {
  ...SITUATIONS,
  seller_name: "许静怡", seller_citizen_id: "999999198405127021", seller_phone: "13900000071",
  buyer_name: "林子豪", buyer_citizen_id: "999999199203187055", buyer_phone: "13900000073",
  house_title_no: "苏(2018)宁玄不动产权第9999101号", trade_price: "2600000", trade_contract_date: day(-4), trade_payment: "once",
  trade_handover: day(38), registration_sharing: "sole",
};
export const GUIDE = "/themes/stock-house";
export const ANSWERED = `${GUIDE}?${new URLSearchParams(SITUATIONS)}`;

/// Fills what no list can name: a file for every paper that is asked for.
export async function papers(page) {
  for (const input of await page.locator('main input[type="file"]:visible').all()) {
    await input.setInputFiles({ name: "材料.pdf", mimeType: "application/pdf", buffer: PAPER });
  }
}

/// Every declaration of a section.
export async function promises(page) {
  for (const box of await page.locator('main input[type="checkbox"]:visible').all()) {
    const alone = await box.evaluate((e) => e.form.querySelectorAll(`[name="${e.name}"]`).length === 1);
    if (alone) await box.check();
  }
}

/// Does in the page what lies on somebody's desk of these cases; answers how much that was.
async function workOff(one, api, numbers, seen) {
  const tasks = (await api.get("/tasks?limit=100")).body.tasks.filter((task) => numbers.includes(task.case));
  for (const task of tasks) {
    const step = `${task.item} ${task.step}`;
    await one.page.goto(`/desk/cases/${task.case}`);
    if (!seen.has(step)) await one.look(`house-${task.step}`);
    seen.add(step);
    const accept = one.page.locator('main button[name="verb"][value="precheck"], main button[name="verb"][value="accept"]');
    const approve = one.page.locator('main button[name="verb"][value="approve"]');
    await press(one.page, (await approve.count()) ? approve.first() : accept.first());
    // A sibling's result may just have arrived: then what was pressed is not taken, and is pressed again on the new version.
    const others = one.broken.splice(0).filter((line) => !line.includes("status of 409"));
    assert.deepEqual(others, [], step);
    const wrong = await one.page.locator("#error-summary").count();
    assert.equal(wrong, 0, `${step}: ${wrong && (await one.page.locator("#error-summary").innerText())}`);
  }
  return tasks.length;
}

/// Everybody works off what lies on their desks of these cases until `over` says so, or nobody has had anything to do for a while. Who did
/// something is added to `did`, each kind of step to `seen`; what is in `seen` before is not looked at. `url`: at which server.
export async function work(browser, { houses, did, seen, url = URL_BASE }, over) {
  const [windows, apis] = [{}, {}];
  for (const account of Object.keys(STAFF)) {
    [windows[account], apis[account]] = [await at(browser, account, { baseURL: url }), await Api.signIn(url, account)];
  }
  // Results of one case come to the next by message: as long as something happens there is somebody with something to do.
  for (let idle = 0; idle < IDLE_MAX && !(await over()); idle += 1) {
    for (const account of Object.keys(STAFF)) {
      if ((await workOff(windows[account], apis[account], houses, seen)) === 0) continue;
      did.add(account);
      idle = 0;
    }
    await pause(100 * idle);
  }
  for (const one of Object.values(windows)) await one.context.close();
}

/// These cases as a party sees them.
export async function cases(party, houses) {
  return Promise.all(houses.map(async (number) => (await party.get(`/cases/${number}`)).body));
}

/// The item of the case of a matter that waits for nothing but a payment, if one does.
export async function unpaid(party, matter) {
  const { body } = await party.get(`/matters/${matter.split("/").pop()}`);
  return body.members.find((member) => member.waits_for_payment)?.item ?? null;
}
