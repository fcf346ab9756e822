//! A hall under load while its servers are killed: kiosks give tickets, windows call and serve. What everybody was told is written down with
//! the moments of asking and answer, what was cut off is looked up, and the whole must be explained by one queue.

import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contradiction, selfTest } from "./linear.mjs";
import { Pages } from "./pages.mjs";
import { pause } from "./server.mjs";

const HALL = "queue-hall";
const HEAD = "queuehead";
const LETTERS = { 1: "AB", 2: "AB", 3: "A", 4: "B" };
/// A kiosk gives twenty tickets in a minute.
const KIOSKS = 5;
const TAKES_PER_ROUND_MAX = 16;
/// Calls that find nobody change nothing: a few of them are enough.
const IN_VAIN_MAX = 4;
const KIOSK_MS = 60;
const WAIT_MS = 150;
const STEPS_MAX = 400;
/// A queue's day begins at four in the morning of the legal zone.
const DAY_AHEAD_MS = (8 - 4) * 3_600_000;
/// What tells that nobody waits.
const NOBODY = "现在没有您这个窗口能办的号在等候";

function wrong(say) {
  throw new Error(say);
}

/// The hall, its head and its clerks, written into the packs of a server before it starts.
export function foundHall(server) {
  const demo = join(server.packs, "demo");
  const windows = Object.entries(LETTERS).map(([n, letters]) => `${n}:comprehensive:${letters}`).join("|");
  appendFileSync(join(demo, "halls.csv"), `${HALL},town,320100,nanjing.gov.hall,排队大厅,Queue Hall,示范路,Road,12345,118.80,32.06,* 1-7 00:00-24:00,*,A:综合业务:General:*|B:社会保障:Insurance:*,${windows}\n`);
  const names = [...Object.keys(LETTERS).map((n) => `queue${n}`), HEAD];
  const persons = names.map((name) => `  - {id: ${name}, name: 排队${name}, documents: []}`);
  const accounts = names.map((name) => `  - {name: ${name}, person: ${name}, listed: false, note: {zh-CN: 排队, en: queue}, staff: [{role: clerk, agency: nanjing.gov.hall, head: ${name === HEAD}}]}`);
  const city = readFileSync(join(demo, "city.yaml"), "utf8");
  const more = (text, head, lines) => text.replace(new RegExp(`^${head}:$`, "m"), [`${head}:`, ...lines].join("\n"));
  writeFileSync(join(demo, "city.yaml"), more(more(city, "persons", persons), "accounts", accounts));
}

export class Queue {
  /// `urls` answers the addresses of the servers, `now` what their clock shows.
  constructor(urls, now) {
    selfTest();
    this.urls = urls;
    this.now = now;
    this.turn = 0;
    this.checked = 0;
    this.unknown = 0;
    this.begin();
  }

  /// A history begins while nobody waits; numbers go on until the day is over.
  begin(given = {}) {
    this.acts = [];
    this.given = given;
    this.day = this.dayNow();
  }

  dayNow() {
    return new Date(this.now().getTime() + DAY_AHEAD_MS).toISOString().slice(0, 10);
  }

  /// The next server by turns.
  url() {
    const urls = this.urls();
    return urls[this.turn++ % urls.length];
  }

  /// Signs everybody in and puts clerks at their windows; registers the kiosks at first.
  async gather() {
    if (this.acts.length === 0 && this.dayNow() !== this.day) this.begin();
    const url = this.url();
    if (!this.kiosks) {
      const head = await Pages.signIn(url, HEAD);
      this.kiosks = [];
      for (let n = 0; n < KIOSKS; n += 1) {
        const day = await head.get(`/desk/hall/day?hall=${HALL}`);
        const made = await head.post("/desk/hall/day/kiosk", { _csrf: day.hidden._csrf, hall: HALL, name: `机${n}` });
        this.kiosks.push({ secret: made.to?.match(/kiosk=([0-9a-f]{32})/)?.[1] ?? wrong(`no kiosk: ${made.status}`), pages: new Pages(url) });
      }
    }
    this.clerks = await Promise.all(Object.entries(LETTERS).map(async ([window, letters]) => {
      const clerk = { window, letters, pages: await Pages.signIn(url, `queue${window}`), open: null, vain: 0 };
      await this.onDuty(clerk);
      return clerk;
    }));
  }

  async onDuty(clerk) {
    const desk = await clerk.pages.at(this.url()).get("/desk/hall");
    if (!desk.text.includes("/desk/hall/duty")) wrong(`${clerk.window}: ${desk.status}`);
    if (desk.text.includes('value="call"') || desk.text.includes("big-number")) return;
    const done = await clerk.pages.at(this.url()).post("/desk/hall/duty", { _csrf: desk.hidden._csrf, window: `${HALL}/${clerk.window}` });
    if (done.status !== 303) wrong(`on duty at ${clerk.window}: ${done.status}`);
  }

  note(act) {
    const written = { id: this.acts.length, asked: performance.now(), answered: null, ...act };
    this.acts.push(written);
    return written;
  }

  /// Everybody works until `round.alive` says no.
  work(round) {
    round.takes = 0;
    return [...this.kiosks.map((kiosk, n) => this.give(kiosk, n, round)), ...this.clerks.map((clerk) => this.serve(clerk, round))];
  }

  /// A kiosk gives tickets, every third of them to somebody with priority.
  async give(kiosk, n, round) {
    for (let m = n; round.alive && round.takes < TAKES_PER_ROUND_MAX; m += 1) {
      round.takes += 1;
      const pages = kiosk.pages.at(this.url());
      const form = await pages.get(`/kiosk/${HALL}?k=${kiosk.secret}`).catch(() => null);
      if (form?.status === 200) {
        const [letter, first] = [m % 3 === 0 ? "B" : "A", m % 3 === 2];
        const token = form.hidden.token;
        const act = this.note({ did: "took", letter, first, number: null, token, pages });
        const fields = { ...form.hidden, letter, priority: first ? "soldier" : "ordinary" };
        const answer = await pages.post(`/kiosk/${HALL}?k=${kiosk.secret}`, fields).catch(() => null);
        this.told(act, answer, [409, 429]);
      }
      await pause(KIOSK_MS);
    }
  }

  /// Writes down how an act was answered: done, refused and therefore nothing, or unknown.
  told(act, answer, refusals) {
    if (answer?.status === 303) act.answered = performance.now();
    else if (answer && refusals.includes(answer.status)) act.void = true;
    else if (answer && answer.status < 500) wrong(`${act.did}: ${answer.status} ${answer.text.slice(0, 300)}`);
    else this.unknown += 1;
  }

  async serve(clerk, round) {
    while (round.alive) {
      const step = await this.step(clerk).catch((error) => (error.cause || error.name === "TypeError" ? "cut" : Promise.reject(error)));
      if (step !== "went") await pause(WAIT_MS);
    }
  }

  /// The clerk's next step by what the window's page shows: call, begin, or end. Answers `went`, `nobody` or `cut`.
  async step(clerk) {
    const pages = clerk.pages.at(this.url());
    const desk = await pages.get("/desk/hall");
    if (desk.status >= 500) return "cut";
    const hand = desk.text.match(/class="big-number num">([A-Z]\d+)</)?.[1];
    if (hand && clerk.open) {
      // A call whose answer was cut off had been carried out; a call that was answered is known by its number now.
      clerk.open.number = hand;
      clerk.open.answered ??= performance.now();
      clerk.open = null;
    }
    const csrf = desk.hidden._csrf;
    if (hand && desk.text.includes('value="start"')) return this.went(await pages.post("/desk/hall/act", { _csrf: csrf, act: "start" }));
    if (hand) return this.went(await pages.post("/desk/hall/end", { _csrf: csrf, outcome: "done", what: "办完" }));
    if (!desk.text.includes('value="call"')) {
      // Sent home, because a new day has begun.
      await this.onDuty(clerk);
      return "cut";
    }
    return this.call(clerk, pages, csrf);
  }

  went(answer) {
    return answer.status === 303 ? "went" : "cut";
  }

  async call(clerk, pages, csrf) {
    if (clerk.open?.answered) wrong(`window ${clerk.window} was answered that somebody is called, and has nobody`);
    // Cut off and not carried out so far: the database may still do it, so it stays under way.
    const act = clerk.open ?? this.note({ did: "called", letters: clerk.letters, window: clerk.window, number: null });
    clerk.open = act;
    const answer = await pages.post("/desk/hall/act", { _csrf: csrf, act: "call" }).catch(() => null);
    if (answer?.status === 303) {
      act.answered = performance.now();
      return "went";
    }
    if (answer?.status === 409 && answer.text.includes(NOBODY)) {
      // What was cut off before is not carried out any more: whom it had chosen was called by others since.
      clerk.open = null;
      act.answered = performance.now();
      act.void = act.cut || ++clerk.vain > IN_VAIN_MAX;
      return "nobody";
    }
    // Busy; or what was cut off has been carried out meanwhile, and the page shows it.
    if (answer?.status === 409) return "cut";
    if (answer && answer.status < 500) wrong(`calling at ${clerk.window}: ${answer.status}`);
    act.cut = true;
    this.unknown += 1;
    return "cut";
  }

  /// Looks up what was cut off, calls until nobody waits any more, and compares the whole day with one queue; answers how many acts.
  async check() {
    for (const clerk of this.clerks) {
      // That nobody waits in the end belongs to the history.
      clerk.vain = 0;
      await this.empty(clerk);
    }
    for (const act of this.acts.filter((one) => one.did === "took" && !one.void && !one.number)) await this.find(act);
    const acts = this.acts.filter((act) => !act.void && !(act.did === "called" && act.answered === null));
    for (const act of acts) act.answered ??= Infinity;
    if (this.dayNow() !== this.day) {
      console.log("the queue's day has changed in the middle: its history is not compared");
      this.begin();
      return 0;
    }
    const called = acts.filter((act) => act.did === "called" && act.number).map((act) => act.number);
    const taken = acts.filter((act) => act.did === "took").map((act) => act.number);
    if (new Set(called).size !== called.length) wrong(`called twice: ${called.filter((n, i) => called.indexOf(n) !== i)}`);
    const lost = taken.filter((n) => !called.includes(n));
    if (lost.length > 0) wrong(`taken and never called: ${lost}`);
    const against = contradiction(acts, this.given);
    if (against) wrong(`no order of one queue explains: ${JSON.stringify(against.map(({ pages, ...act }) => act))}`);
    this.checked += acts.length;
    this.begin(acts.filter((act) => act.did === "took").reduce((given, { letter }) => ({ ...given, [letter]: (given[letter] ?? 0) + 1 }), this.given));
    return acts.length;
  }

  async empty(clerk) {
    for (let turn = 0; turn < STEPS_MAX; turn += 1) {
      const step = await this.step(clerk);
      if (step === "nobody") return;
      if (step === "cut") await pause(WAIT_MS);
    }
    wrong(`window ${clerk.window} finds no end`);
  }

  /// The number of a ticket by its address; a taking that was cut off and made none is nothing.
  async find(act) {
    const page = await act.pages.at(this.url()).get(`/tickets/${act.token}`);
    act.number = page.text.match(/class="hall-number num">([A-Z]\d+)</)?.[1] ?? null;
    if (!act.number && act.answered !== null) wrong(`a ticket was given and is lost: ${act.token} ${page.status}`);
    if (!act.number) act.void = true;
  }
}
