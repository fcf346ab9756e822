//! What a person does: sign in, fill in what is asked, go on. Fields are found by their names, buttons by their rank.

import { expectUrl } from "./wait.mjs";

export const CASE_NUMBER = /[0-9A-HJ-NPQRTUWXY]{18}[1-6][0-9]{12}[0-9]{8}[0-9]{4,}/;
const SECTIONS_MAX = 20;
const SHOWN_MS_MAX = 3_000;

/// Signs in on the page that asks for it, or on /login.
export async function signIn(page, account, password = "yimen-demo") {
  if (!new URL(page.url(), "http://x").pathname.startsWith("/login")) await page.goto("/login");
  const form = page.locator("main form", { has: page.locator("input[type=password]") });
  await form.locator("input[name=account]").fill(account);
  await form.locator("input[name=password]").fill(password);
  await form.locator("button[type=submit]").click();
  await expectUrl(page, (url) => !url.pathname.startsWith("/login"));
}

/// From an item's guide page to the first section of its draft; somebody must be signed in.
export async function begin(page, item) {
  await page.goto(`/items/${item}`);
  await page.locator(`main a[href^="/apply/${item}"]`).first().click();
  await expectUrl(page, (url) => url.pathname === `/apply/${item}`);
  await primary(page).click();
  await expectUrl(page, (url) => url.pathname.startsWith("/drafts/"));
}

/// The button that leads on: the one primary button of the main part.
export function primary(page) {
  return page.locator("main button.button-primary, main a.button-primary, main input.button-primary").first();
}

/// Whether a field is shown, or will be once the server has answered what was typed before it.
async function shown(input) {
  try {
    await input.waitFor({ state: "visible", timeout: SHOWN_MS_MAX });
    return true;
  } catch {
    return false;
  }
}

/// Fills the fields of the open page that `values` names; answers the names it found.
export async function fill(page, values) {
  const found = [];
  for (const [name, value] of Object.entries(values)) {
    const inputs = page.locator(`main [name="${name}"]`);
    const first = inputs.first();
    if ((await inputs.count()) === 0) continue;
    const kind = await first.evaluate((e) => (e.tagName === "INPUT" ? e.type : e.tagName.toLowerCase()));
    if (kind === "hidden" || !(await shown(first))) continue;
    found.push(name);
    if (kind === "radio" || kind === "checkbox") {
      for (const one of [value].flat()) {
        const box = value === true ? first : page.locator(`main [name="${name}"][value="${one}"]`);
        await box.check();
      }
    } else if (kind === "select") {
      await first.selectOption(value);
    } else if (kind === "file") {
      await first.setInputFiles(value);
    } else {
      await first.fill(String(value));
    }
  }
  return found;
}

/// Goes through the sections of a draft until its check page; `each` sees every section before it is filled in.
export async function throughSections(page, values, each = async () => {}) {
  const found = new Set();
  for (let n = 0; n < SECTIONS_MAX; n += 1) {
    const before = new URL(page.url()).pathname;
    if (before.endsWith("/check")) return found;
    await each(page, before);
    for (const name of await fill(page, values)) found.add(name);
    // A refused upload is shown in the open page, without another one.
    const next = page.waitForNavigation({ waitUntil: "load" }).catch(() => null);
    await Promise.all([next, primary(page).click()]);
    const complaint = page.locator("#error-summary");
    if (new URL(page.url()).pathname === before && (await complaint.count()) > 0) {
      throw new Error(`the section ${before} is not accepted: ${await complaint.innerText()}`);
    }
  }
  throw new Error(`no check page after ${SECTIONS_MAX} sections; at ${page.url()}`);
}
