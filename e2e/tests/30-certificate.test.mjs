//! The firm prints the sticker, and anybody can verify it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { OUT, URL_BASE, launch, window } from "../lib/browser.mjs";
import { DRIVER_NUMBER, STICKER_TYPED } from "../lib/filings.mjs";
import { BIN, ROOT } from "../lib/server.mjs";
import { recall, remember } from "../lib/state.mjs";
import { until } from "../lib/wait.mjs";
import { signIn } from "../lib/walk.mjs";

let browser;
const paper = join(OUT, "sticker.pdf");
before(async () => (browser = await launch()));
after(() => browser?.close());

function said(program, ...words) {
  const done = spawnSync(program, words, { encoding: "utf8" });
  assert.ok(!done.error, `${program}: ${done.error}`);
  return done.stdout + done.stderr;
}

test("the firm finds its certificate and prints it", async () => {
  const { page, look, context } = await window(browser, "firm");
  await signIn(page, "firm");
  const link = page.locator('main a[href^="/certificates/"]:not([href$="/pdf"])').first();
  await until("the certificate in the firm's space", async () => {
    await page.goto("/space");
    return (await link.count()) > 0;
  });
  await look("space-with-certificate");
  await link.click();
  await page.waitForURL(/\/certificates\//);
  await look("certificate");
  const id = new URL(page.url()).pathname.split("/")[2];
  const pdf = await until("the printed sticker", async () => {
    const answer = await context.request.get(`/certificates/${id}/pdf`, { failOnStatusCode: false });
    return answer.ok() && (answer.headers()["content-type"] ?? "").includes("pdf") ? answer : null;
  });
  writeFileSync(paper, await pdf.body());
  for (const [shape, file] of [["ofd", "sticker.ofd"], ["picture", "sticker.png"]]) {
    const answer = await context.request.get(`/certificates/${id}/${shape}`);
    writeFileSync(join(OUT, file), await answer.body());
  }
  const verify = await page.locator('a[href*="/verify/"]').first().getAttribute("href");
  assert.ok(verify, "the certificate page shows where it can be verified");
  remember({ certificate: id, verify: new URL(verify, page.url()).pathname });
  await page.goto(`/renew/${id}`);
  await look("renew-nowhere", { status: 409 });
  assert.match(await page.locator("main").innerText(), /还不能在网上办理/);
  await context.close();
});

test("the paper holds what the plate must show", () => {
  const text = said("pdftotext", "-layout", paper, "-");
  for (const shown of [STICKER_TYPED.plate, "南京", "金陵"]) assert.ok(text.replace(/[\s·]/g, "").includes(shown), `${shown} in:\n${text}`);
  assert.ok(!text.includes(DRIVER_NUMBER), "no identity number is printed");
});

test("poppler and pyHanko say that the signature is valid", async () => {
  const poppler = said("pdfsig", paper);
  assert.match(poppler, /Signature is Valid/);
  assert.match(poppler, /Total document signed/);
  const trust = join(OUT, "authority.pem");
  writeFileSync(trust, await (await fetch(`${URL_BASE}/verify/ca.pem`)).text());
  const hanko = said(process.env.YIMEN_PYHANKO ?? join(ROOT, "target/venv/bin/pyhanko"), "sign", "validate", "--pretty-print", "--no-revocation-check", "--trust", trust, paper);
  assert.match(hanko, /VALID/, hanko);
  assert.match(hanko, /The signature is judged VALID/, hanko);
});

test("the same certificate as OFD is whole, signed and text, and the picture shows its code", () => {
  const [ofd, picture, trust] = ["sticker.ofd", "sticker.png", "authority.pem"].map((name) => join(OUT, name));
  assert.match(said("unzip", "-t", ofd), /No errors detected/);
  const page = said("unzip", "-p", ofd, "Doc_0/Pages/Page_0/Content.xml");
  const text = [...page.matchAll(/<ofd:TextCode [^>]*>([^<]*)</g)].map((found) => found[1]).join("");
  for (const shown of [STICKER_TYPED.plate, "南京", "金陵"]) assert.ok(text.replace(/[\s·]/g, "").includes(shown), `${shown} in: ${text}`);
  assert.ok(!text.includes(DRIVER_NUMBER), "no identity number is printed");
  for (const file of [ofd, paper]) {
    const found = said(BIN, "verify", file, "--trust", trust);
    assert.match(found, /^sound: 1\.2\.156\.3005\.2/);
    const uri = found.match(/\n {2}status\.uri: (http\S+)/)?.[1];
    assert.ok(uri, `the data for machines lies inside: ${found}`);
    const told = said(BIN, "verify", file, "--trust", trust, "--status", `${URL_BASE}${new URL(uri).pathname}`);
    assert.match(told, /\nstatus: VALID by the list of /);
  }
  const [list, value] = ["list.xml", "value.der"].map((name) => join(OUT, name));
  for (const [inside, file] of [["Signature.xml", list], ["SignedValue.dat", value]]) {
    writeFileSync(file, spawnSync("unzip", ["-p", ofd, `Doc_0/Signs/Sign_0/${inside}`]).stdout);
  }
  const openssl = said("openssl", "cms", "-verify", "-binary", "-purpose", "any", "-inform", "DER", "-in", value, "-content", list, "-CAfile", trust, "-out", "/dev/null");
  assert.match(openssl, /successful/i, openssl);
  const png = readFileSync(picture);
  assert.ok(png.subarray(1, 4).toString() === "PNG" && png.readUInt32BE(16) === 1600, "a picture 1,600 pixels across");
});

/// What ofd.js, a reader that others wrote, makes of a file: how many pages of which size, the text on them, and what is drawn.
async function opened(page, ofd) {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    const [document_] = await new Promise((success, fail) =>
      window.ofd.parseOfdDocument({ ofd: new File([bytes], "a.ofd"), success, fail: (error) => fail(new Error(String(error))) }));
    const sheet = document.getElementById("sheet");
    sheet.replaceChildren(...window.ofd.renderOfd(1200, document_));
    const [first] = sheet.children;
    const drawn = sheet.querySelectorAll("svg, img, canvas").length;
    return { pages: sheet.children.length, text: sheet.textContent, wide: parseFloat(first.style.width), high: parseFloat(first.style.height), drawn };
  }, ofd.toString("base64"));
}

test("a program verifies number, code and file without signing in", async () => {
  const api = `${URL_BASE}/api/v1/verifications`;
  const ask = async (path, init) => {
    const answer = await fetch(`${api}${path}`, init);
    return { status: answer.status, body: await answer.json() };
  };
  const sent = (bytes) => {
    const body = new FormData();
    body.set("file", new Blob([bytes]), "sticker.pdf");
    return { method: "POST", body };
  };
  const byCode = await ask(`/${recall().verify.split("/").pop()}`);
  assert.equal(byCode.status, 200);
  assert.equal(byCode.body.fields.find((line) => line.key === "plate").value, STICKER_TYPED.plate);
  const byNumber = await ask(`?number=${byCode.body.identifier}`);
  assert.deepEqual([byNumber.status, byNumber.body.state, byNumber.body.fields, byNumber.body.holder], [200, "valid", [], undefined]);
  for (const name of ["sticker.pdf", "sticker.ofd"]) {
    const { status, body } = await ask("", sent(readFileSync(join(OUT, name))));
    assert.equal(status, 200, `${name}: ${JSON.stringify(body)}`);
    assert.deepEqual([body.identifier, body.file.differs], [byCode.body.identifier, []]);
  }
  const cut = await ask("", sent(readFileSync(paper).subarray(0, -300)));
  assert.equal(cut.status, 422);
  assert.match(cut.body.code, /^certificates\.file-/);
});

test("a reader that others wrote opens the OFD and shows the same plate", async () => {
  const { page, context } = await window(browser, "ofd-reader");
  await context.route("**", (route) => route.abort());
  await page.setContent("<div id=sheet></div>");
  await page.addScriptTag({ path: join(ROOT, "e2e/node_modules/ofd.js/lib/ofd.umd.min.js") });
  const ofd = readFileSync(join(OUT, "sticker.ofd"));
  const { pages, text, wide, high, drawn } = await opened(page, ofd);
  for (const shown of [STICKER_TYPED.plate, "南京", "金陵", "扫码核验真伪"]) assert.ok(text.replace(/[\s·]/g, "").includes(shown), `${shown} in: ${text}`);
  assert.ok(!text.includes(DRIVER_NUMBER), "no identity number is shown");
  assert.equal(pages, 1);
  assert.ok(Math.abs(wide / high - 297 / 210) < 0.01, `A4 across, and not ${wide} by ${high}`);
  assert.ok(drawn > 20, `text, lines and the code are drawn: ${drawn}`);
  await assert.rejects(opened(page, ofd.subarray(0, ofd.length - 2_000)), "half a package is none");
  await context.close();
});

test("anybody sees that it is valid, and no more than is public", async () => {
  const { page, look, context } = await window(browser, "passer-by");
  await page.goto(recall().verify);
  await look("verify-valid");
  const shown = await page.locator("main").innerText();
  assert.ok(shown.includes("有效"), shown);
  assert.ok(shown.includes(STICKER_TYPED.plate), shown);
  assert.ok(!/\d{17}[\dX]/.test(shown.replace(/1\.2\.156\.3005\.2[0-9A-Z.]*/g, "").replace(/[0-9A-Z]{31}\d{12,}/g, "")), "no whole number is shown");
  await page.goto("/verify");
  await look("verify-form");
  await page.goto("/verify/no-such-token");
  await look("verify-unknown", { status: 404 });
  assert.ok((await page.locator("main").innerText()).includes("查无此证"));
  await context.close();
});
