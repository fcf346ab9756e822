//! What staff do on the desk, found as people find it: by the button of the act, which may lie folded away.

import assert from "node:assert/strict";
import { signIn, fill } from "./walk.mjs";
import { window } from "./browser.mjs";

/// A window in which somebody is signed in.
export async function at(browser, account, options = {}) {
  const one = await window(browser, options.who ?? account, options);
  await one.page.goto("/login");
  await signIn(one.page, account);
  return one;
}

/// Presses a button, unfolding what it lies in, and waits for the page that follows.
export async function press(page, button) {
  const one = typeof button === "string" ? page.locator(button).first() : button;
  const folded = one.locator("xpath=ancestor::details[not(@open)]");
  while ((await folded.count()) > 0) await folded.first().locator("> summary").click();
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), one.click()]);
}

/// The button of an act, with everything unfolded that it lies in.
export async function unfold(page, verb) {
  const button = page.locator(`main button[name="verb"][value="${verb}"]`).first();
  const folded = button.locator("xpath=ancestor::details[not(@open)]");
  while ((await folded.count()) > 0) await folded.first().locator("> summary").click();
  return button;
}

/// Whether an act is offered on the open page.
export const offered = async (page, verb) => (await page.locator(`main button[name="verb"][value="${verb}"]`).count()) > 0;

/// Sends an act from the open page of a case; fields are named without their verb.
export async function send(page, verb, values = {}) {
  const button = await unfold(page, verb);
  const named = Object.fromEntries(Object.entries(values).map(([name, value]) => [name.includes(".") ? name : `${verb}.${name}`, value]));
  const found = await fill(page, named);
  assert.deepEqual(Object.keys(named).filter((name) => !found.includes(name)), [], `fields of ${verb} at ${page.url()}`);
  await press(page, button);
}

/// Sends an act as it is, empty: what is missing is said at each of these fields, and the form stays unfolded.
export async function refusedAt(one, verb, fields, values = {}) {
  await send(one.page, verb, values);
  await one.look(`${verb}-errors`, { status: 422 });
  const summary = one.page.locator("#error-summary");
  assert.ok(await summary.isVisible(), `${verb}: what is missing is said`);
  for (const field of fields) {
    const input = one.page.locator(`main [name="${verb}.${field}"]`).first();
    assert.ok(await input.isVisible(), `${verb}.${field} is unfolded`);
    assert.equal(await input.getAttribute("aria-invalid"), "true", `${verb}.${field}`);
  }
}

/// The text of the main part.
export const text = (page) => page.locator("main").innerText();
