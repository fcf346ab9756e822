//! Papers under the document camera: page by page at the window with a (stand-in) camera and without a script, in order, turned, taken
//! again; and with a telephone into a draft. Chromium plays a moving picture as the camera.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "../lib/browser.mjs";
import { at, press, text } from "../lib/desk.mjs";
import { until } from "../lib/wait.mjs";
import { png } from "../lib/picture.mjs";

const SELLER = "999999198405127021";
const PHONE = { width: 390, height: 844 };

let browser;
before(async () => {
  browser = await launch(["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]);
});
after(() => browser?.close());

const pages = (page) => page.locator("#scan-pages li img").evaluateAll((all) => all.map((one) => new URL(one.src).pathname.split("/").pop()));

test("at the window pages are taken with the camera, put in order, and become one file of the form", async () => {
  const clerk = await at(browser, "clerk");
  const { page, look } = clerk;
  await page.goto("/desk/window");
  await page.locator("main input[name=citizen_id]").fill(SELLER);
  await press(page, "main form button.button-primary");
  await page.goto(`${page.url()}?q=${encodeURIComponent("交易")}`);
  await press(page, 'main button[name=pick][value="item:house-trade"]');
  await page.locator("main input[name=seller_name]").fill("许静怡");
  await press(page, "main button[name=_scan]");
  await look("scan-empty");
  const here = new URL(page.url()).pathname;
  assert.match(here, /^\/desk\/window\/[^/]+\/scan\/\w+$/);
  await page.locator("[data-scan-start]").click();
  const take = page.locator("[data-scan-take]");
  await take.waitFor({ state: "visible" });
  await until("the camera plays", () => page.locator("video").evaluate((video) => video.videoWidth > 0));
  for (const n of [1, 2]) {
    await take.press("Space");
    await until(`page ${n} is kept`, async () => (await pages(page)).length === n);
  }
  const [first, second] = await pages(page);
  await page.locator(`button[value="down:${first}"]`).click();
  await until("the order", async () => (await pages(page))[0] === second);
  await page.locator(`button[value="right:${first}"]`).click();
  await until("the turn", () => page.locator(`#scan-pages img[src*="${first}?turn=1"]`).count());
  await page.locator(`[data-scan-again="again:${second}"]`).click();
  await until("taken again", async () => !(await pages(page)).includes(second) && (await pages(page)).length === 2);
  // A file that is no picture is refused at its place, and what was taken stays.
  await page.locator("#f-chosen").setInputFiles([{ name: "notes.png", mimeType: "image/png", buffer: Buffer.from("no picture at all") }]);
  await page.locator("#error-summary").waitFor();
  assert.ok((await text(page)).includes("notes.png") && (await pages(page)).length === 2);
  await look("scan-two", { status: 422 });
  await page.goto(`${here}?lang=en`);
  assert.match(await text(page), /Pages so far: 2/);
  await page.goto(`${here}?lang=zh-CN`);
  await press(page, "main button[value=finish]");
  assert.match(page.url(), /\/form/);
  assert.ok((await page.locator(".files li").allInnerTexts()).some((name) => name.includes(".pdf")), await text(page));
  assert.equal(await page.locator("main input[name=seller_name]").inputValue(), "许静怡", "what was typed is there");
  await clerk.context.close();
});

test("without a script, on a telephone: an applicant photographs a paper into the draft", async () => {
  const firm = await at(browser, "firm", { javaScriptEnabled: false, viewport: PHONE, who: "firm-scan" });
  const { page, look } = firm;
  await page.goto("/apply/charter-bus-sticker");
  await press(page, "main form button.button-primary");
  const draft = new URL(page.url()).pathname.split("/")[2];
  await page.goto(`/drafts/${draft}/contract`);
  await press(page, "main button[name=_scan][value=contract_file]");
  await press(page, "main button[name=do][value=add]");
  await look("scan-nothing-chosen", { status: 422 });
  await page.locator("#f-pages").setInputFiles([
    { name: "a.png", mimeType: "image/png", buffer: png(400, 600) },
    { name: "b.png", mimeType: "image/png", buffer: png(600, 400) },
  ]);
  await press(page, "main button[name=do][value=add]");
  const two = await pages(page);
  assert.equal(two.length, 2, await text(page));
  await press(page, `main button[value="up:${two[1]}"]`);
  assert.deepEqual(await pages(page), [two[1], two[0]]);
  await press(page, `main button[value="delete:${two[0]}"]`);
  await look("scan-phone");
  await press(page, "main button[value=finish]");
  assert.equal(new URL(page.url()).pathname, `/drafts/${draft}/contract`);
  assert.match(await text(page), /\.pdf/);
  await firm.context.close();
});
