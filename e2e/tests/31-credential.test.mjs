//! The certificate in a wallet that others wrote: taken by OpenID4VCI, shown line by line, refused when tampered with, and when suspended.

import { Openid4vciClient, setGlobalConfig } from "@openid4vc/openid4vci";
import { clientAuthenticationNone } from "@openid4vc/oauth2";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
import { verifySDJWT } from "@meeco/sd-jwt";
import * as jose from "jose";
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { URL_BASE, launch, window } from "../lib/browser.mjs";
import { STICKER_TYPED } from "../lib/filings.mjs";
import { recall, remember } from "../lib/state.mjs";
import { expectUrl } from "../lib/wait.mjs";
import { primary, signIn } from "../lib/walk.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());
setGlobalConfig({ allowInsecureUrls: true });

const now = () => Math.floor(Date.now() / 1000);
const sha256 = (text, alg = "sha-256") => new Uint8Array(createHash(alg.replace("-", "")).update(text).digest());
const { publicKey, privateKey } = await jose.generateKeyPair("ES256", { extractable: true });
const holderKey = await jose.exportJWK(publicKey);
const utf8 = new TextEncoder();

/// The signature over `data` by the wallet's key, as base64url.
const signed = async (data) => Buffer.from(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, utf8.encode(data))).toString("base64url");
const good = async (key, data, signature) =>
  crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, Buffer.from(signature, "base64url"), utf8.encode(data));

/// The key that the issuer publishes for its tokens.
async function issuerKey() {
  const told = await (await fetch(`${URL_BASE}/.well-known/jwt-vc-issuer`)).json();
  assert.equal(told.issuer, URL_BASE);
  return { jwk: told.jwks.keys[0], key: await jose.importJWK(told.jwks.keys[0], "ES256") };
}

/// The first verifier: @sd-jwt/sd-jwt-vc, with signature, key binding, validity and status list.
async function verifier() {
  const { key } = await issuerKey();
  return new SDJwtVcInstance({
    hasher: sha256,
    hashAlg: "sha-256",
    saltGenerator: (length) => randomBytes(length).toString("base64url"),
    signAlg: "ES256",
    verifier: (data, signature) => good(key, data, signature),
    kbSigner: signed,
    kbSignAlg: "ES256",
    kbVerifier: async (data, signature, payload) => good(await jose.importJWK(payload.cnf.jwk, "ES256"), data, signature),
  });
}

/// The second, by other authors: @meeco/sd-jwt with jose.
async function second(presentation) {
  const { key } = await issuerKey();
  const hasher = async () => (data) => createHash("sha256").update(data).digest("base64url");
  return verifySDJWT(
    presentation,
    async (token) => jose.jwtVerify(token, key, { typ: "dc+sd-jwt", issuer: URL_BASE, algorithms: ["ES256"], clockTolerance: SKEW_SECONDS }).then(() => true),
    hasher,
    { kb: { verifier: async (token, jwk) => jose.jwtVerify(token, await jose.importJWK(jwk, "ES256"), { typ: "kb+jwt", audience: "https://shop.example" }).then(() => true) } },
  );
}

/// The sticker of the walk begins to hold some days from now: verifiers are told to look a week ahead, so that what is tried is the rest.
const SKEW_SECONDS = 7 * 86_400;
const shownTo = { kb: { payload: { iat: now(), aud: "https://shop.example", nonce: "n-0S6_WzA2Mj" } } };
const OPTIONS = { keyBindingNonce: "n-0S6_WzA2Mj", requiredClaimKeys: ["vct", "lines.plate"], skewSeconds: SKEW_SECONDS };

test("the firm puts its sticker into a wallet", async () => {
  const { page, look, context } = await window(browser, "firm-wallet");
  await signIn(page, "firm");
  await page.goto(`/certificates/${recall().certificate}`);
  await page.locator(`main a[href$="/wallet"]`).click();
  await look("wallet");
  await primary(page).click();
  await expectUrl(page, (url) => /\/wallet\/.+/.test(url.pathname));
  await look("wallet-offer");
  const offer = await page.locator('main a[href^="openid-credential-offer:"]').getAttribute("href");
  const pin = (await page.locator("main .big-word strong").innerText()).trim();
  assert.match(pin, /^\d{6}$/);

  const wallet = new Openid4vciClient({
    callbacks: {
      fetch,
      hash: sha256,
      generateRandom: (length) => new Uint8Array(randomBytes(length)),
      clientAuthentication: clientAuthenticationNone({ clientId: "wallet" }),
      signJwt: async (signer, { header, payload }) => {
        const jwt = await new jose.SignJWT(payload).setProtectedHeader(header).sign(privateKey);
        return { jwt, signerJwk: signer.publicJwk };
      },
      verifyJwt: async () => ({ verified: false }),
      encryptJwe: () => assert.fail("nothing is encrypted"),
      decryptJwe: () => assert.fail("nothing is encrypted"),
    },
  });
  const credentialOffer = await wallet.resolveCredentialOffer(offer);
  const issuerMetadata = await wallet.resolveIssuerMetadata(credentialOffer.credential_issuer);
  const wrong = wallet.retrievePreAuthorizedCodeAccessTokenFromOffer({ credentialOffer, issuerMetadata, txCode: pin === "000000" ? "000001" : "000000" });
  await assert.rejects(wrong, "a wrong transaction code");
  const { accessTokenResponse } = await wallet.retrievePreAuthorizedCodeAccessTokenFromOffer({ credentialOffer, issuerMetadata, txCode: pin });
  const [credentialConfigurationId] = credentialOffer.credential_configuration_ids;
  const { c_nonce: nonce } = await wallet.requestNonce({ issuerMetadata });
  const signer = { method: "jwk", alg: "ES256", publicJwk: holderKey };
  const { jwt } = await wallet.createCredentialRequestJwtProof({ issuerMetadata, credentialConfigurationId, signer, nonce });
  const asked = { issuerMetadata, credentialConfigurationId, accessToken: accessTokenResponse.access_token, proofs: { jwt: [jwt] } };
  const { credentialResponse } = await wallet.retrieveCredentials(asked);
  remember({ credential: credentialResponse.credentials[0].credential });
  await assert.rejects(wallet.retrieveCredentials(asked), "a token is good once");
  await page.reload();
  await look("wallet-taken");
  await context.close();
});

test("two verifiers of other authors see what was chosen, and nothing else", async () => {
  const verify = await verifier();
  const { credential } = recall();
  const presentation = await verify.present(credential, { lines: { plate: true }, issuer_name: true }, shownTo);
  const { payload, kb } = await verify.verify(presentation, OPTIONS);
  assert.equal(payload.lines.plate, STICKER_TYPED.plate);
  assert.ok(payload.issuer_name && payload.status.status_list.uri.startsWith(`${URL_BASE}/status/`));
  assert.equal(kb.payload.aud, "https://shop.example");
  for (const hidden of ["holder_name", "number"]) assert.equal(payload[hidden], undefined, `${hidden} was not chosen`);
  assert.deepEqual(Object.keys(payload.lines).filter((key) => !key.startsWith("_")), ["plate"]);
  const other = await second(presentation);
  assert.equal(other.lines.plate, STICKER_TYPED.plate);
  assert.equal(other.holder_name, undefined);
  assert.deepEqual(other.cnf.jwk, { kty: "EC", crv: "P-256", x: holderKey.x, y: holderKey.y });
});

test("the chain in the token leads to the authority that everybody can fetch", async () => {
  const { X509Certificate } = await import("node:crypto");
  const authority = new X509Certificate(await (await fetch(`${URL_BASE}/verify/ca.pem`)).text());
  const { x5c } = jose.decodeProtectedHeader(recall().credential.split("~")[0]);
  const leaf = new X509Certificate(Buffer.from(x5c[0], "base64"));
  assert.ok(leaf.verify(authority.publicKey) && leaf.checkIssued(authority));
  await jose.jwtVerify(recall().credential.split("~")[0], leaf.publicKey, { typ: "dc+sd-jwt", clockTolerance: SKEW_SECONDS });
});

const digest = (disclosure) => createHash("sha256").update(disclosure).digest("base64url");

/// A token with one part written anew, and the old signature.
function changed(token, part, change) {
  const parts = token.split(".");
  const value = JSON.parse(Buffer.from(parts[part], "base64url"));
  parts[part] = Buffer.from(JSON.stringify(change(value))).toString("base64url");
  return parts.join(".");
}

test("what was tampered with is refused by both", async () => {
  const verify = await verifier();
  const { credential } = recall();
  const shown = await verify.present(credential, { lines: { plate: true } }, shownTo);
  const more = await verify.present(credential, { lines: { plate: true }, issuer_name: true }, shownTo);
  const [token, disclosure, kb] = shown.split("~");
  const salted = JSON.parse(Buffer.from(disclosure, "base64url"));
  const forged = Buffer.from(JSON.stringify([salted[0], "plate", "苏A·00001"])).toString("base64url");
  const { privateKey: thief } = await jose.generateKeyPair("ES256");
  const stolen = await new jose.SignJWT(jose.decodeJwt(kb)).setProtectedHeader({ alg: "ES256", typ: "kb+jwt" }).sign(thief);
  const own = await new jose.SignJWT(jose.decodeJwt(token)).setProtectedHeader({ ...jose.decodeProtectedHeader(token) }).sign(thief);
  const tampered = {
    "a value in the token": [changed(token, 1, (p) => ({ ...p, exp: p.exp + 86_400 })), disclosure, kb],
    "another key bound": [changed(token, 1, (p) => ({ ...p, cnf: { jwk: { ...holderKey, x: holderKey.y } } })), disclosure, kb],
    "another place in the list": [changed(token, 1, (p) => ({ ...p, status: { status_list: { ...p.status.status_list, idx: 0 } } })), disclosure, kb],
    "no algorithm": [`${changed(token, 0, (h) => ({ ...h, alg: "none" })).split(".").slice(0, 2).join(".")}.`, disclosure, kb],
    "signed by somebody else": [own, disclosure, kb],
    "shown by somebody else": [token, disclosure, stolen],
    "a line and its digest": [changed(token, 1, (p) => ({ ...p, lines: { ...p.lines, _sd: [digest(forged)] } })), forged, kb],
    "another issuer": [changed(token, 1, (p) => ({ ...p, iss: "https://other.example" })), disclosure, kb],
    "another hash function": [changed(token, 1, (p) => ({ ...p, _sd_alg: "sha-512" })), disclosure, kb],
    "a letter of the signature": [`${token.slice(0, -4)}${token.at(-4) === "A" ? "B" : "A"}${token.slice(-3)}`, disclosure, kb],
    "shown to another shop": [token, disclosure, changed(kb, 1, (p) => ({ ...p, aud: "https://other.example" }))],
    "no proof of the wallet's key": [token, disclosure, ""],
    "a broken line": [token, disclosure.slice(0, -5), kb],
  };
  for (const [what, parts] of Object.entries(tampered)) {
    await assert.rejects(verify.verify(parts.join("~"), OPTIONS), `@sd-jwt/sd-jwt-vc: ${what}`);
    await assert.rejects(second(parts.join("~")), `@meeco/sd-jwt: ${what}`);
  }
  // the proof names what was shown with it; the second does not look at that
  await assert.rejects(verify.verify([token, disclosure, more.split("~").at(-1)].join("~"), OPTIONS), "the proof of another showing");
  await assert.rejects(verify.verify([token, disclosure, disclosure, kb].join("~"), OPTIONS), "a line twice");
  // a forged or missing line is not believed: the first refuses it, the second leaves it out
  await assert.rejects(verify.verify([token, forged, kb].join("~"), OPTIONS), "a forged line");
  const left = await second([token, forged, kb].join("~")).catch(() => ({}));
  assert.equal(left.lines?.plate, undefined, "a forged line is no line");
  await assert.rejects(verify.verify([token, kb].join("~"), OPTIONS), "a line that is missing");
  await assert.rejects(verify.verify(shown, { ...OPTIONS, keyBindingNonce: "another" }), "shown to somebody else before");
  await assert.rejects(verify.verify(shown, { ...OPTIONS, currentDate: now() - 400 * 86_400 }), "before its time");
  await assert.rejects(verify.verify(shown, { ...OPTIONS, skewSeconds: 0, currentDate: jose.decodeJwt(token).nbf - 1 }), "a second before it");
  await assert.rejects(verify.verify(shown, { ...OPTIONS, currentDate: now() + 400 * 86_400 }), "after its time");
});

test("the examiner suspends it: verifiers learn it from the list, and when it is given back", async () => {
  const { page, look, context } = await window(browser, "examiner-office");
  const public_ = await window(browser, "passer-by-office");
  await public_.page.goto(recall().verify);
  const number = (await public_.page.locator("main").innerText()).match(/1\.2\.156\.3005\.2\.[0-9A-Z.]+/)[0];
  await public_.context.close();
  await signIn(page, "examiner");
  await page.goto("/desk/certificates");
  await look("office-find");
  await page.locator("main input[name=number]").fill(number);
  await primary(page).click();
  await expectUrl(page, (url) => /\/desk\/certificates\/.+/.test(url.pathname));
  await look("office");
  const act = async (word, ground) => {
    await page.locator(`main a[href*="do=${word}"]`).click();
    await page.locator(`main input[name=ground][value=${ground}]`).check();
    await page.locator("main textarea[name=why]").fill("年度检查");
    await look(`office-${word}`);
    await primary(page).click();
    await expectUrl(page, (url) => url.search === "");
  };
  const verify = await verifier();
  const shown = await verify.present(recall().credential, { lines: { plate: true } }, shownTo);
  await act("suspend", "penalty");
  await assert.rejects(verify.verify(shown, OPTIONS), /Status is not valid/);
  await act("restore", "suspension-over");
  await verify.verify(shown, OPTIONS);
  await look("office-history");
  await context.close();
});

test("lines are shown on the phone once, and an annotated copy is handed on and withdrawn", async () => {
  const { page, look, context } = await window(browser, "firm-phone", { viewport: { width: 390, height: 844 } });
  await signIn(page, "firm");
  const here = `/certificates/${recall().certificate}`;
  await page.goto(`${here}/present`);
  await look("present-choose");
  await primary(page).click();
  await expectUrl(page, (url) => /\/present\/.+/.test(url.pathname));
  await look("present-code");
  const code = (await page.locator("main .big-word strong").innerText()).trim();
  const there = await window(browser, "shop", { viewport: { width: 390, height: 844 } });
  const type = async () => {
    await there.page.goto("/present");
    await there.page.locator("main input[name=code]").fill(code.toLowerCase());
    await primary(there.page).click();
  };
  await there.page.goto("/present");
  await there.look("present-type");
  await type();
  const seen = await there.page.locator("main").innerText();
  assert.ok(seen.includes("有效") && seen.includes(STICKER_TYPED.plate), seen);
  await type();
  assert.ok((await there.page.locator("main").innerText()).includes("只能查看一次"));
  await there.look("present-once", { status: 409 });
  await page.goto(here);
  await look("certificate-shown");
  await page.goto(`${here}/copies`);
  await page.locator("main input[name=whom]").fill("黄山风景区停车场");
  await page.locator("main input[name=purpose]").fill("入场登记");
  await primary(page).click();
  await page.locator("main table a[href^='/verify/']").waitFor({ timeout: 60_000 });
  await look("copies");
  const public_ = await page.locator("main table a[href^='/verify/']").getAttribute("href");
  await there.page.goto(public_);
  await there.look("verify-copy");
  assert.ok((await there.page.locator("main").innerText()).includes("黄山风景区停车场"));
  const pdf = await context.request.get(await page.locator("main table a[href*='/copies/']").first().getAttribute("href"));
  assert.ok((await pdf.body()).subarray(0, 5).toString() === "%PDF-");
  await page.locator("main table form button").click();
  await there.page.goto(public_);
  assert.ok((await there.page.locator("main").innerText()).includes("加注件已收回"));
  await there.context.close();
  await context.close();
});
