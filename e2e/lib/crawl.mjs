//! Finds the pages that one can reach by links, and the forms on them.

const PAGES_MAX = 40;
const SEEDS = ["/", "/items", "/verify", "/login", "/space", "/desk", "/account", "/acting", "/search?q=a", "/items/charter-bus-sticker", "/items/home-purchase-proof"];
/// Addresses that differ only in a number are one kind of page.
const kind = (path) => path.replace(/[0-9A-Za-z-]{20,}/g, "*").replace(/[?&](next|back|after)=[^&]*/g, "");
const NEVER = /^\/(logout|assets|healthz|readyz|metrics|kit\/problem)/;

/// One address for each kind of page that `page` can reach.
export async function crawl(page) {
  const asked = new Set();
  const pages = [];
  const waiting = [...SEEDS];
  while (waiting.length > 0 && pages.length < PAGES_MAX) {
    const path = waiting.shift();
    if (asked.has(kind(path)) || NEVER.test(path)) continue;
    asked.add(kind(path));
    const answer = await page.context().request.get(path, { failOnStatusCode: false });
    if (!answer.ok() || !(answer.headers()["content-type"] ?? "").includes("html")) continue;
    pages.push(path);
    const links = [...(await answer.text()).matchAll(/<a\b[^>]*\shref="(\/[^"#]*)/g)].map((m) => m[1].replaceAll("&amp;", "&"));
    waiting.push(...links.filter((link) => !asked.has(kind(link))));
  }
  return pages;
}

/// The forms of the open page; each can be sent with one text in all its text fields.
export async function forms(page) {
  const found = await page.evaluate(() =>
    [...document.forms].map((form) => ({
      action: new URL(form.getAttribute("action") || location.href, location.href).pathname + new URL(form.getAttribute("action") || location.href, location.href).search,
      method: (form.method || "get").toUpperCase(),
      many: form.enctype === "multipart/form-data",
      fields: [...form.elements].filter((e) => e.name).map((e) => ({ name: e.name, type: e.type, value: e.value })),
    })),
  );
  return found.filter((form) => !NEVER.test(form.action)).map((form) => ({ ...form, texts: texts(form).length, send: (request, text) => send(request, form, text) }));
}

const texts = (form) => form.fields.filter((f) => f.name !== "_csrf" && f.type !== "file");

function send(request, form, text) {
  const data = {};
  for (const field of form.fields) {
    if (field.type === "file") {
      if (form.many) data[field.name] = { name: "a.pdf", mimeType: "application/pdf", buffer: Buffer.from(text) };
    } else {
      data[field.name] = field.name === "_csrf" ? field.value : text;
    }
  }
  const common = { failOnStatusCode: false, maxRedirects: 0 };
  if (form.method === "GET") return request.get(form.action, { ...common, params: data });
  return request.post(form.action, { ...common, ...(form.many ? { multipart: data } : { form: data }) });
}
