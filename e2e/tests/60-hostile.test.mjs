//! Whatever is thrown at the program, it answers with a clear refusal: no 5xx, no panic, nothing of what was sent runs.

import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { request } from "node:http";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { Api } from "../lib/api.mjs";
import { URL_BASE, launch, window } from "../lib/browser.mjs";
import { forms, crawl } from "../lib/crawl.mjs";
import { PAPER, proof, sticker } from "../lib/filings.mjs";
import { signIn } from "../lib/walk.mjs";

const BAIT = "yimen-bait";
const METACHARACTERS = [
  `' OR '1'='1'; DROP TABLE cases_case; -- ${BAIT}`,
  `"><script>document.title="${BAIT}"</script>{{7*7}}{% include "layout.html" %}\${7*7}#{7*7}`,
  `\u0000\u202e\ud83d\ude00\u0007../../../../etc/passwd\r\nSet-Cookie: ${BAIT}=1`,
  `$1 %s %00 %n \\x00 ; ' " \` | & < > ( ) [ ] ~ ${"9".repeat(400)}`,
];
const SERVER_ERROR = 500;

let browser;
let firm;
let number;
let certificate;
before(async () => {
  const api = await Api.signIn(URL_BASE, "citizen");
  number = (await api.file(randomUUID(), await proof(api))).body.number;
  certificate = (await api.get(`/cases/${number}`)).body.certificates[0];

  browser = await launch();
  firm = await window(browser, "hostile");
  await signIn(firm.page, "firm");
});
after(() => browser?.close());

function clear(answer, what) {
  assert.ok(answer.status < SERVER_ERROR, `${what}: ${answer.status} ${String(answer.text ?? "").slice(0, 300)}`);
}

/// Sends 25 MB on a connection of its own, which the server may close before it has read everything.
function tooLarge(token) {
  const head = '--x\r\ncontent-disposition: form-data; name="file"; filename="large.pdf"\r\n\r\n';
  const body = Buffer.concat([Buffer.from(head), PAPER, Buffer.alloc(25 << 20, 0x20), Buffer.from("\r\n--x--\r\n")]);
  const headers = { authorization: `Bearer ${token}`, "content-type": "multipart/form-data; boundary=x", "content-length": body.length };
  return new Promise((done, failed) => {
    const sent = request(`${URL_BASE}/api/v1/files`, { method: "POST", headers, agent: false });
    sent.on("response", (answer) => done(answer.statusCode)).on("error", failed).end(body);
  });
}

async function raw(path, options) {
  const answer = await fetch(URL_BASE + path, { redirect: "manual", ...options });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

test("a form that no page of ours sent is refused", async () => {
  const cookies = (await firm.context.cookies()).map((c) => `${c.name}=${c.value}`).join("; ");
  const form = { "content-type": "application/x-www-form-urlencoded", cookie: cookies };
  for (const [what, headers, body] of [
    ["no token", form, "next=/"],
    ["a made-up token", form, "_csrf=0123456789abcdef0123456789abcdef&next=/"],
    ["another site", { ...form, origin: "https://evil.example" }, "_csrf=x&next=/"],
    ["another site, as the browser says", { ...form, "sec-fetch-site": "cross-site" }, "_csrf=x&next=/"],
  ]) {
    const answer = await raw("/logout", { method: "POST", headers, body });
    assert.equal(answer.status, 403, `${what}: ${answer.status}`);
  }
  await firm.page.goto("/space");
  assert.ok(!firm.page.url().includes("/login"), "the session has outlived the forged requests");
});

test("signing in sends nobody to another site", async () => {
  for (const next of ["//evil.example", "https://evil.example/", "/\\evil.example", "%0d%0aLocation:%20https://evil.example"]) {
    const other = await window(browser, "next");
    await other.page.goto(`/login?next=${encodeURIComponent(next)}`);
    await signIn(other.page, "citizen");
    assert.equal(new URL(other.page.url()).origin, URL_BASE, next);
    await other.context.close();
  }
});

test("what is no UTF-8 is told so", async () => {
  const bad = Buffer.concat([Buffer.from("account=%ff%fe&password="), Buffer.from([0xff, 0xc0, 0x80])]);
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await raw("/login", { method: "POST", headers: form, body: bad });
  assert.ok(answer.status >= 400 && answer.status < SERVER_ERROR, `form: ${answer.status}`);
  for (const path of ["/search?q=%ff%fe", "/items/%ff%c0", "/verify/%ff", "/cases/%c0%80", "/items?after=%ff", "/?lang=%ff"]) {
    clear(await raw(path), path);
  }
  const api = await Api.signIn(URL_BASE, "firm");
  const json = Buffer.concat([Buffer.from('{"item":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
  const filed = await api.send("POST", "/cases", json, { "idempotency-key": randomUUID(), "content-type": "application/json" });
  assert.ok(filed.status >= 400 && filed.status < SERVER_ERROR, `JSON: ${filed.status}`);
});

test("files that are too large, cut off or not what they say are refused by name", async () => {
  const api = await Api.signIn(URL_BASE, "firm");
  api.patient = true;
  assert.equal(await tooLarge(api.token), 413, "25 MB");
  const program = await api.keep("paper.pdf", Buffer.from("\x7fELF\x02\x01\x01 this is a program"));
  assert.ok([400, 415, 422].includes(program.status), `a program called paper.pdf: ${program.status}`);
  const page = await api.keep("paper.pdf", Buffer.from("<!doctype html><script>alert(1)</script>"));
  assert.ok([400, 415, 422].includes(page.status), `a page called paper.pdf: ${page.status}`);
  const empty = await api.keep("empty.pdf", Buffer.alloc(0));
  assert.ok([400, 415, 422].includes(empty.status), `an empty file: ${empty.status}`);
  for (const name of ["../../../../etc/passwd", "a/b\\c.pdf", "\u0000.pdf", "名".repeat(400) + ".pdf", "x\r\ny.pdf"]) {
    clear(await api.keep(name, PAPER), `a file called ${JSON.stringify(name.slice(0, 40))}`);
  }
  clear(await api.keep("noise.png", Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), randomBytes(2000)]), "image/png"), "a broken picture");
  const boundary = { "content-type": "multipart/form-data; boundary=x" };
  const cut = await api.send("POST", "/files", '--x\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7', boundary);
  assert.ok(cut.status >= 400 && cut.status < SERVER_ERROR, `a form cut off: ${cut.status}`);
});

test("a request that is cut off or no HTTP leaves the server standing", async () => {
  const { hostname, port } = new URL(URL_BASE);
  for (const bytes of [
    "POST /login HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\naccount=",
    "GET / HTTP/1.1\r\nhost: x\r\nx: " + "a".repeat(200_000) + "\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "GET /../../etc/passwd HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
  ]) {
    await new Promise((done) => {
      const socket = connect(Number(port), hostname, () => socket.write(bytes, "latin1", () => setTimeout(() => socket.destroy(), 200)));
      socket.on("error", () => {}).on("close", done);
    });
  }
  assert.equal((await raw("/healthz")).status, 200);
});

test("forms of any size are answered", async () => {
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const large = await raw("/login", { method: "POST", headers: form, body: "account=" + "a".repeat(3 << 20) }).catch(() => ({ status: 413 }));
  assert.equal(large.status, 413);
  const many = await raw("/login", { method: "POST", headers: form, body: Array.from({ length: 5000 }, (_, n) => `f${n}=1`).join("&") });
  assert.ok(many.status >= 400 && many.status < SERVER_ERROR, `5000 fields: ${many.status}`);
  const api = await Api.signIn(URL_BASE, "firm");
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  for (const body of [deep, "{", "null", "[]", '"x"', `{"item":${"9".repeat(400)}}`]) {
    const answer = await api.send("POST", "/cases", body, { "content-type": "application/json", "idempotency-key": randomUUID() });
    assert.ok(answer.status >= 400 && answer.status < SERVER_ERROR, `${body.slice(0, 20)}: ${answer.status}`);
  }
});

test("nobody uses another's token, and nobody comes near another's case", async () => {
  assert.ok(number && certificate, "there is a case to reach for");
  const stranger = await Api.signIn(URL_BASE, "citizen2");
  for (const token of [null, "", "x", "Bearer", "0".repeat(64), `${stranger.token}x`]) {
    const answer = await new Api(URL_BASE, token).get(`/cases/${number}`);
    assert.equal(answer.status, 401, `token ${JSON.stringify(token)}`);
  }
  for (const path of [`/cases/${number}`, `/cases/${number}/trace`, `/certificates/${certificate}`, `/certificates/${certificate}/pdf`]) {
    const answer = await stranger.get(path);
    assert.equal(answer.status, 404, `${path}: another's must look like none`);
  }
  const tasks = await stranger.get("/tasks");
  assert.equal(tasks.status, 403, "a citizen has no tasks");
  const other = await window(browser, "stranger");
  await signIn(other.page, "citizen2");
  for (const path of [`/cases/${number}`, `/certificates/${certificate}`, `/desk`, `/desk/cases/${number}`]) {
    const answer = await other.page.goto(path);
    assert.ok([403, 404].includes(answer.status()), `${path}: ${answer.status()}`);
  }
  await other.context.close();
});

test("wrong types in every field of a filing are named", async () => {
  const api = await Api.signIn(URL_BASE, "firm");
  const good = await sticker(api);
  for (const field of Object.keys(good)) {
    for (const value of [null, 1, true, [], {}, [[]], METACHARACTERS[0], { a: [null] }]) {
      const answer = await api.file(randomUUID(), { ...good, [field]: value });
      clear(answer, `${field} = ${JSON.stringify(value)}`);
    }
  }
  for (const field of Object.keys(good.answers)) {
    for (const value of [null, -1, {}, [[]], ...METACHARACTERS]) {
      clear(await api.file(randomUUID(), { ...good, answers: { ...good.answers, [field]: value } }), `answers.${field}`);
    }
  }
});

/// Sends every text in every form that somebody can reach.
async function provoke(account, sent) {
  const who = await window(browser, account ?? "visitor");
  if (account) await signIn(who.page, account);
  for (const path of await crawl(who.page)) {
    await who.page.goto(path, { waitUntil: "domcontentloaded" });
    for (const form of await forms(who.page)) {
      for (const text of METACHARACTERS) {
        const answer = await form.send(who.context.request, text);
        sent.forms += 1;
        sent.fields += form.texts;
        assert.ok(answer.status() < SERVER_ERROR, `${account ?? "visitor"}: ${form.method} ${form.action}: ${answer.status()}`);
        const body = await answer.text().catch(() => "");
        assert.ok(!body.includes("<script>document.title"), `${form.action}: what was typed came back as a script`);
      }
    }
  }
  assert.ok(!(await who.context.cookies()).some((c) => c.name === BAIT), "a header was smuggled in");
  await who.context.close();
}

test("metacharacters in every field of every form are only text", async () => {
  const sent = { forms: 0, fields: 0 };
  const accounts = [null, "firm", "citizen", "examiner", "clerk", "supervisor", "operator"];
  await Promise.all(accounts.map((account) => provoke(account, sent)));
  console.log(`    ${sent.forms} forms sent, ${sent.fields} fields`);
  assert.ok(sent.forms > 40, "the crawl has found the forms");
});
