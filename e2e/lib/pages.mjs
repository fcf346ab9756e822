//! The pages as a browser without JavaScript asks for them: cookies, hidden fields, and no redirect followed.

/// Somebody at a browser.
export class Pages {
  constructor(url) {
    this.url = url;
    this.jar = new Map();
  }

  /// The same somebody at another server: cookies are worth the same everywhere.
  at(url) {
    return Object.assign(new Pages(url), { jar: this.jar });
  }

  static async signIn(url, account, password = "yimen-demo") {
    const pages = new Pages(url);
    const form = await pages.get("/login");
    const answer = await pages.post("/login", { ...form.hidden, account, password });
    if (answer.status !== 303) throw new Error(`signing in as ${account}: ${answer.status}`);
    return pages;
  }

  get(path) {
    return this.send(path, {});
  }

  post(path, fields) {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return this.send(path, { method: "POST", headers, body: new URLSearchParams(fields).toString() });
  }

  async send(path, ask) {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(`${this.url}${path}`, { ...ask, headers: { ...ask.headers, cookie }, redirect: "manual" });
    for (const set of answer.headers.getSetCookie()) {
      const [name, value] = set.split(";")[0].split("=");
      this.jar.set(name, value);
    }
    const text = await answer.text();
    const field = (tag, word) => tag.match(new RegExp(`${word}="([^"]*)"`))?.[1];
    const tags = [...text.matchAll(/<input type="hidden"[^>]*>/g)].map(([tag]) => [field(tag, "name"), field(tag, "value")]);
    return { status: answer.status, to: answer.headers.get("location"), text, hidden: Object.fromEntries(tags) };
  }
}
