//! Every page of staff, as the table of rights lists them: axe in both languages, and a telephone's width without sideways scrolling. A
//! new route is looked at as soon as it stands in the table; one with a placeholder must be linked from somewhere staff come by, or said
//! here where it is looked at.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Api } from "../lib/api.mjs";
import { URL_BASE, launch, window } from "../lib/browser.mjs";
import { press } from "../lib/desk.mjs";
import { ROOT } from "../lib/server.mjs";
import { fill, signIn } from "../lib/walk.mjs";

/// The accounts of the table's columns that are staff, in its order.
const ROLES = ["clerk", "examiner", "supervisor", "operator"];
const FIRST_ROLE = 3;
/// Files, which are no pages, and the one page that a fresh town cannot have: a case becomes a package a month after its end.
const ELSEWHERE = ["/desk/corrections/{number}/{seq}/proof", "/desk/cases/{number}/files/{file}", "/desk/cases/{number}/notices/{id}", "/desk/cases/{number}/supplement", "/desk/records/archive/{id}", "/desk/objections/{id}/papers/{nth}", "/desk/hall/notices/{notice}", "/desk/hall/paper/{block}", "/desk/hall/paper/{block}/print", "/desk/appointments/{appointment}", "/desk/cashier/{id}", "/desk/cashier/{id}/receipts/{number}", "/desk/parcels/case/{number}", "/desk/parcels/{id}", "/desk/handovers/{id}", "/desk/bags/{id}", "/desk/cases/{number}/supplement/scan/{field}", "/desk/cases/{number}/supplement/scan/{field}/{page}", "/desk/window/{visit}/scan/{field}", "/desk/window/{visit}/scan/{field}/{page}", "/desk/cashier/{id}/matter", "/desk/cashier/{id}/matter/receipts", "/desk/filed/{number}/notices/{id}", "/desk/filed/{number}/supplement", "/desk/filed/{number}/supplement/scan/{field}", "/desk/filed/{number}/supplement/scan/{field}/{page}", "/desk/window/{visit}/missing", "/desk/window/{visit}/plan", "/desk/window/{visit}/sheet"];
const PHONE = { width: 390, height: 844 };

/// The pages of staff: what a visitor may not see and some member of staff may.
function routes() {
  const lines = readFileSync(join(ROOT, "crates/app/tests/rights/table.txt"), "utf8").split("\n");
  const read = (line) => {
    const [route, answers] = line.split(" | ");
    return { path: route.slice("GET ".length), answers: answers.split(" ") };
  };
  const all = lines.filter((line) => line.startsWith("GET ")).map(read);
  const staff = ({ path, answers }) =>
    !path.startsWith("/api/") && answers[0] !== "200" &&
    (path.includes("{") ? path.startsWith("/desk/") : answers.slice(FIRST_ROLE).some((a) => a === "200" || a === "422"));
  return all.filter(staff);
}

/// Looks like a route: `/desk/seals/{id}`.
const pattern = (path) => new RegExp(`^${path.replace(/[.]/g, "\\.").replace(/\{[^}]+\}/g, "[^/?#]+")}$`);
const name = (path) => path.replace(/\W+/g, "-").replace(/^-|-$/g, "");

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/// How a page looks does not depend on the database; once is enough.
const LOOKS = { skip: Boolean(process.env.YIMEN_DATABASE) };

/// Opens the page in one language at both widths; `axe` looks at it once.
async function both(one, path, lang, status) {
  const answer = await one.page.goto(`${path}${path.includes("?") ? "&" : "?"}lang=${lang}`);
  if (!(answer.headers()["content-type"] ?? "").includes("html")) return;
  assert.equal(answer.status(), status, path);
  const expected = status === 200 ? {} : { status };
  await one.look(`${name(path)}-${lang}`, expected);
  await one.page.setViewportSize(PHONE);
  const wide = await one.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wide <= 0, `${path} in ${lang}: ${wide} px wider than a telephone`);
  await one.page.setViewportSize({ width: 1366, height: 768 });
}

async function links(page) {
  const hrefs = await page.locator("a[href^='/']").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  return hrefs.map((href) => href.split(/[?#]/)[0]);
}

async function filed(account, filing) {
  const api = await Api.signIn(URL_BASE, account);
  const answer = await api.file(randomUUID(), filing);
  assert.equal(answer.status, 201, answer.text);
  return answer.body.number;
}

/// The routes with a placeholder that were opened: a case, many tasks at once, a visit at the window, an objection to a look, a disputed
/// entry, a certificate.
const opened = new Map();

test("what has to be made first is looked at with whoever has it", LOOKS, async () => {
  const see = async (one, route, path = new URL(one.page.url()).pathname) => {
    assert.match(path, pattern(route), `this should be ${route}`);
    for (const lang of ["zh-CN", "en"]) await both(one, path, lang, 200);
    opened.set(route, path);
  };
  const enter = async (account) => {
    const one = await window(browser, account);
    await signIn(one.page, account);
    return one;
  };
  const behind = async (one, list, route) => {
    await one.page.goto(list);
    const href = (await links(one.page)).find((link) => pattern(route).test(link));
    assert.ok(href, `${list} leads to no ${route}`);
    await see(one, route, href);
  };
  const studio = await filed("studio", { item: "tax-clearance", parties: [{ subject: "organisation" }], answers: { for: "firm", purpose: "tender" }, materials: [] });
  const elder = await filed("elder", {
    item: "elderly-allowance", parties: [{ subject: "me", share: "1/1" }], materials: [],
    answers: { phone: "13900000051", town: "440604012", address: "祖庙街道示范巷3号", bank: "示范银行禅城支行", card: "6200000000000000051", other: "no", consent: true },
  });
  const entry = { path: "household.birth_date", claim: "户口簿上是1943年6月11日" };
  const disputed = await (await Api.signIn(URL_BASE, "elder")).send("POST", `/cases/${elder}/dispute`, entry);
  assert.equal(disputed.status, 200, disputed.text);

  const tax = await enter("tax-clerk");
  await see(tax, "/desk/cases/{number}", `/desk/cases/${studio}`);
  for (const lang of ["zh-CN", "en"]) await both(tax, "/desk?item=tax-clearance&field=purpose&field=firm_name", lang, 200);
  await tax.page.goto("/desk?all=1");
  await tax.page.locator("main input[name=task]").first().check();
  await press(tax.page, 'main button[name="act"][value="claim"]');
  await see(tax, "/desk/bulk/{id}");
  await tax.context.close();

  const town = await enter("town");
  await see(town, "/desk/cases/{number}", `/desk/cases/${elder}`);
  await town.context.close();
  const police = await enter("police");
  await behind(police, "/desk/corrections", "/desk/corrections/{number}/{seq}");
  await police.context.close();

  const hall = await enter("clerk2");
  await hall.page.goto("/desk/window");
  await hall.page.locator("main input[name=citizen_id]").fill("999999193602081269");
  await press(hall.page, "main button.button-primary");
  await see(hall, "/desk/window/{visit}");
  await hall.page.goto(`${new URL(hall.page.url()).pathname}?lang=zh-CN`);
  await press(hall.page, 'main button[name="pick"][value="elderly-allowance"], main button[name="pick"][value$="elderly-allowance"]');
  await see(hall, "/desk/window/{visit}/form");
  await fill(hall.page, { phone: "13900000035", town: "440604010", address: "石湾镇街道示范巷5号", bank: "示范银行", card: "6200009999990000041", other: "no", consent: true });
  // Handed in while what was typed is still being saved: the form waits for that, and goes.
  await hall.page.locator("main form[data-upload] button.button-primary").click();
  await hall.page.waitForURL(/\/receipt/);
  await see(hall, "/desk/window/{visit}/receipt");
  await hall.context.close();

  const old = await enter("elder");
  await old.page.goto("/space/looks");
  const look = (await links(old.page)).find((link) => /^\/space\/looks\/[^/]+\/object$/.test(link));
  await old.page.goto(look);
  await fill(old.page, { text: "我没有请他们看" });
  await press(old.page, "main form button.button-primary");
  await old.context.close();
  // The last who looked were the police of Nanjing.
  const watch = await enter("supervisor");
  await behind(watch, "/desk/objections", "/desk/objections/{id}");
  await watch.context.close();

  const proof = await filed("citizen", { item: "home-purchase-proof", parties: [], answers: { kind: "stock", district: "320105", consent: true }, materials: [] });
  const own = await (await Api.signIn(URL_BASE, "citizen")).get(`/cases/${proof}`);
  const office = await enter("housing-clerk");
  await see(office, "/desk/certificates/{id}", `/desk/certificates/${own.body.certificates[0]}`);
  await office.context.close();
});

test("every route of staff that the table names is looked at, in both languages and on a telephone", LOOKS, async () => {
  const found = new Map();
  const all = routes();
  const placed = all.filter(({ path }) => path.includes("{"));
  for (const [n, role] of ROLES.entries()) {
    const one = await window(browser, role);
    await signIn(one.page, role);
    const mine = all.filter(({ path, answers }) => !path.includes("{") && ["200", "422"].includes(answers[FIRST_ROLE + n]));
    for (const { path, answers } of mine) {
      const status = Number(answers[FIRST_ROLE + n]);
      // A file cannot be opened as a page; that its refusal can, is seen where it has one.
      const kind = await one.page.context().request.get(path, { failOnStatusCode: false, maxRedirects: 0 });
      if (!(kind.headers()["content-type"] ?? "").includes("html")) continue;
      await both(one, path, "zh-CN", status);
      for (const href of await links(one.page)) {
        const route = placed.find((r) => pattern(r.path).test(href));
        if (route && !found.has(`${role} ${route.path}`)) found.set(`${role} ${route.path}`, href);
      }
      await both(one, path, "en", status);
    }
    // Pages behind those pages, each kind once for each role.
    for (const [key, href] of found) {
      const [whose, route] = key.split(" ");
      if (whose !== role) continue;
      const answer = await one.page.context().request.get(href, { failOnStatusCode: false });
      if (!answer.ok() || !(answer.headers()["content-type"] ?? "").includes("html")) continue;
      await both(one, href, "zh-CN", 200);
      await both(one, href, "en", 200);
      found.set(`seen ${route}`, href);
    }
    await one.context.close();
  }
  for (const [route, path] of opened) found.set(`seen ${route}`, path);
  const forgotten = placed.filter(({ path }) => !found.has(`seen ${path}`) && !ELSEWHERE.includes(path));
  assert.deepEqual(forgotten.map((r) => r.path), [], "nothing leads to these routes of staff, and no test is named that opens them");
  const gone = ELSEWHERE.filter((path) => !placed.some((r) => r.path === path));
  assert.deepEqual(gone, [], "these are no routes any more");
});
