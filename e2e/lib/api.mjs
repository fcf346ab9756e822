//! A small client of `/api/v1`, as a line system or a script would write one.

/// Somebody signed in at the API.
export class Api {
  constructor(url, token = null) {
    this.url = url;
    this.token = token;
    this.patient = false;
  }

  static async signIn(url, account, password = "yimen-demo") {
    const answer = await new Api(url).send("POST", "/sessions", { account, password });
    if (!answer.ok) throw new Error(`signing in as ${account}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return new Api(url, answer.body.token);
  }

  /// Sends JSON (or a ready body) and answers `{ok, status, body, headers}`; never throws for a status.
  async send(method, path, body, headers = {}) {
    const ready = body === undefined || typeof body === "string" || body instanceof Uint8Array || body instanceof FormData;
    const ask = () => fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(ready ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: ready ? body : JSON.stringify(body),
    });
    // A refused upload ends its connection, which may just then be taken for the next request.
    const gone = (error) => ["EPIPE", "ECONNRESET", "UND_ERR_SOCKET"].includes(error.cause?.code);
    const answer = await ask().catch((error) => {
      if (this.patient && gone(error)) return ask();
      throw error;
    });
    const text = await answer.text();
    let parsed = text;
    try {
      parsed = JSON.parse(text);
    } catch {
      // Not everything is JSON: traces are lines, certificates are PDF.
    }
    return { ok: answer.ok, status: answer.status, body: parsed, text, headers: answer.headers };
  }

  get(path) {
    return this.send("GET", path);
  }

  /// Keeps a file; answers its id.
  async keep(name, bytes, type = "application/pdf") {
    const form = new FormData();
    form.append("file", new Blob([bytes], { type }), name);
    return this.send("POST", "/files", form);
  }

  /// Files a case under a key.
  file(key, filing) {
    return this.send("POST", "/cases", filing, { "idempotency-key": key });
  }
}
