//! What a citizen was granted comes by courier: chosen on a telephone, packed and handed over by a clerk, signed for, and served by that.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../lib/browser.mjs";
import { at, press, text } from "../lib/desk.mjs";
import { until } from "../lib/wait.mjs";

const LABEL = /K\d{11,}/;
/// The courier is spoken to every ten seconds, twice until it moves.
const COURIER_MS = 60_000;

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/// A case of theirs that ended with a certificate.
async function granted(page) {
  await page.goto("/space");
  const all = await page.locator('main a[href^="/cases/"]').evaluateAll((links) => links.map((a) => a.getAttribute("href")));
  for (const href of new Set(all.filter((href) => /^\/cases\/[0-9A-Z]+$/.test(href)))) {
    await page.goto(href);
    if ((await page.locator('main a[href^="/certificates/"]').count()) > 0) return href;
  }
  throw new Error("nothing was granted to them");
}

test("what was granted is sent by courier, signed for and served", async () => {
  const me = await at(browser, "citizen", { viewport: { width: 390, height: 844 }, who: "citizen-phone" });
  await me.page.goto("/space/addresses");
  await me.page.locator('main select[name="division"]').selectOption("320102");
  await me.page.locator('main input[name="street"]').fill("示范路1号2幢301室");
  await me.page.locator('main input[name="recipient"]').fill("王秀英");
  await me.page.locator('main input[name="phone"]').fill("12");
  await press(me.page, "main form button[type=submit]");
  await me.look("address-wrong", { status: 422 });
  await me.page.locator('main input[name="phone"]').fill("13900000001");
  await press(me.page, "main form button[type=submit]");
  assert.equal(new URL(me.page.url()).pathname, "/space/addresses");

  const granted_ = await granted(me.page);
  await press(me.page, `main a[href="/space/deliveries/case/${granted_.split("/").pop()}"]`);
  await me.look("delivery-start");
  await me.page.locator('main input[name="how"][value="courier"]').check();
  await me.page.locator('main select[name="address"]').selectOption({ index: 1 });
  await press(me.page, "main form button[type=submit]");
  const parcel = new URL(me.page.url()).pathname;
  assert.match(parcel, /^\/space\/deliveries\/[^/]+$/, await text(me.page));
  const label = (await text(me.page)).match(LABEL)[0];
  const id = parcel.split("/").pop();

  const clerk = await at(browser, "clerk");
  await clerk.page.goto("/desk/parcels");
  await press(clerk.page, `main a[href="/desk/parcels/${id}"]`);
  await clerk.look("packing");
  await press(clerk.page, 'main button[name="act"][value="pack"]');
  assert.match(await text(clerk.page), /还缺/, "what is missing is named");
  for (const paper of await clerk.page.locator('main input[name="paper"]').all()) await paper.check();
  await press(clerk.page, 'main button[name="act"][value="pack"]');
  await clerk.page.goto("/desk/handovers");
  await press(clerk.page, "main form button[type=submit]");
  await clerk.page.locator('main textarea[name="numbers"]').fill(`${label}\nK20260000001`);
  await press(clerk.page, 'main button[name="act"][value="scan"]');
  await clerk.look("handover", { status: 422 });
  await clerk.page.locator('main input[name="courier"]').fill("李师傅");
  await press(clerk.page, 'main button[name="act"][value="close"]');
  assert.match(await text(clerk.page), /李师傅/);

  await until("the signature", async () => {
    await me.page.goto(parcel);
    return /自此时送达/.test(await text(me.page));
  }, COURIER_MS);
  await me.look("parcel-signed");
  await me.page.goto(`${parcel}?lang=en`);
  await me.look("parcel-english");
  assert.match(await text(me.page), /Served from this moment/);
  await clerk.context.close();
  await me.context.close();
});
