//! Other ways in than a password: by the national identity service (its stand-in is a program of its own), and by a passkey that
//! Chromium's own authenticator makes; and the letters that tell of it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { launch, window } from "../lib/browser.mjs";
import { BIN, ROOT, Server } from "../lib/server.mjs";
import { until } from "../lib/wait.mjs";

/// The rooms' own tests go these ways on both databases; how they look does not depend on it.
const LOOKS = { skip: Boolean(process.env.YIMEN_DATABASE) };
/// The same address in the browser as the name that passkeys are made for.
const site = (server) => `http://localhost:${server.port}`;
let provider;
let issuer;
let server;
let browser;

before(async () => {
  if (LOOKS.skip) return;
  provider = spawn(join(dirname(BIN), "identity-provider"), ["127.0.0.1:0", join(ROOT, "packs/demo/city.yaml")], { stdio: ["ignore", "pipe", "inherit"] });
  [issuer] = await once(createInterface({ input: provider.stdout }), "line");
  server = await Server.make({
    database: null,
    items: ["nanjing/charter-bus-sticker"],
    settings: (own) => `[site]
base_url = "${site(own)}"
[national]
name = { "zh-CN" = "国家身份认证", en = "the national identity service" }
issuer = "${issuer}"
client_id = "yimen"
client_secret = "stand-in secret: known to everybody"
assurance = ["high"]
`,
  });
  await server.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
  server?.clear();
  provider?.kill();
});

const letters = () => {
  const folder = join(server.data, "letters");
  // The first letter makes it.
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith(".txt")).map((name) => readFileSync(join(folder, name), "utf8"));
};

async function leave(page) {
  await page.getByRole("button", { name: "退出" }).click();
}

test("whom the national service vouches for is in; who cancels is told; both find what they came for", LOOKS, async () => {
  const { page, look } = await window(browser, "national", { baseURL: site(server) });
  await page.goto("/space/mandates");
  await look("login");
  await page.getByRole("link", { name: "用国家身份认证登录" }).click();
  assert.ok(page.url().startsWith(`${issuer}/authorize?`), page.url());
  await page.getByRole("link", { name: "取消" }).click();
  await page.getByText("您没有完成身份认证").waitFor();
  await look("cancelled", { status: 422 });
  await page.getByRole("link", { name: "用国家身份认证登录" }).click();
  await page.getByRole("link", { name: "王秀英" }).click();
  assert.ok(page.url().startsWith(`${site(server)}/space/mandates`), page.url());
  await page.goto("/account/security");
  await page.getByText("关联国家身份认证").waitFor();
  await until("the letter that an account was joined", () => letters().some((text) => text.includes("关联国家身份认证服务")));
  assert.ok(letters().every((text) => !/139\d{8}/.test(text)), "a letter's file shows no whole number");
});

/// An authenticator inside of the machine, as a telephone has one, whose finger always fits.
async function authenticator(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options });
  return { verified: (isUserVerified) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }) };
}

test("somebody new comes by the service, makes a passkey, signs in with it alone, and removes it", LOOKS, async () => {
  const { page, look } = await window(browser, "passkey", { baseURL: site(server), viewport: { width: 390, height: 844 } });
  const own = await authenticator(page);
  await page.goto("/login?next=/account/security");
  await look("login");
  await page.getByRole("link", { name: "用国家身份认证登录" }).click();
  // Whoever was still signed in there is in, and shows who they are before what matters; a new account has no password to do it with.
  const chosen = await page.getByRole("link", { name: "欧阳·一鸣" }).getAttribute("href");
  await page.goto(`${issuer}${chosen}&ago=3600`);
  await look("gate");
  await page.getByRole("link", { name: "改用国家身份认证确认" }).click();
  await page.getByRole("link", { name: "欧阳·一鸣" }).click();
  await page.getByRole("button", { name: "登记通行密钥" }).click();
  await page.getByRole("link", { name: "请起个名字" }).waitFor();
  await look("unnamed", { status: 422 });
  await page.getByLabel("名称").fill("我的手机");
  await page.getByRole("button", { name: "登记通行密钥" }).click();
  await page.getByRole("rowheader", { name: "我的手机" }).waitFor();
  await look("made");
  await leave(page);
  await page.goto("/login?next=/account");
  await own.verified(false);
  await page.getByRole("button", { name: "用通行密钥登录" }).click();
  await page.getByText("没有完成。可以再试一次").waitFor();
  await own.verified(true);
  await page.getByRole("button", { name: "用通行密钥登录" }).click();
  await page.waitForURL(/\/account$/);
  await page.getByText(/欧.*·一/).first().waitFor();
  await page.goto("/account/security?lang=en");
  await page.getByRole("rowheader", { name: "我的手机" }).waitFor();
  await look("used-en");
  await page.goto("/account/security?lang=zh-CN");
  await look("used");
  await page.getByRole("button", { name: "删除 我的手机" }).click();
  await page.getByRole("rowheader", { name: "我的手机" }).waitFor({ state: "detached" });
  await until("the letter that a way in was added", () => letters().some((text) => text.includes("修改了登录方式")));
});

test("in English the same words are there", LOOKS, async () => {
  const { page, look } = await window(browser, "ways-en", { baseURL: site(server), locale: "en-GB" });
  await page.goto("/login?lang=en");
  await page.getByRole("link", { name: "the national identity service" }).waitFor();
  await page.getByRole("button", { name: "passkey" }).waitFor();
  await look("login");
});
