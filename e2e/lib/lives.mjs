//! Whole lives of a licence, led through the API act by act. A life goes on over kills: what was answered must stand, once,
//! and what was not answered stands once or not at all.

import { LARGE, permit, permitPapers, visit as written } from "./filings.mjs";
import { pause } from "./server.mjs";

const WAIT_MS = 50;
/// What happens at most once in any of these lives.
const ONCE = ["filed", "accepted", "supplement_asked", "supplemented", "suspended", "resumed", "extended", "hearing_offered", "hearing_requested", "hearing_waived", "decided", "certified", "delivered", "closed", "withdrawn", "lapsed"];
/// What both sides of a step say of it.
const SIGNERS = { inspector: "chancheng.market", signboard: "chancheng.urban-management" };

const kind = (word, more = () => true) => (event, entry) => event.kind === word && more(event.body, entry);
const act = (who, verb, seen, more = {}) => ({ who, verb, seen, ...more });

const accept = act("inspector", "accept", kind("accepted"));
const askSupplement = act("inspector", "ask_supplement", kind("supplement_asked"), {
  body: () => ({ demands: [{ field: "safety", say: "请写明食品安全管理人员的全名" }] }),
});
const supplement = act("restaurant", "supplement", kind("supplemented"), { body: () => ({ answers: { safety: "冼志明、邝佩珊" } }) });
const suspend = act("inspector", "suspend", kind("suspended"), { body: () => ({ kind: "testing", reason: "餐用水送检", expected: "10wd" }) });
const resume = act("inspector", "resume", kind("resumed"), { body: () => ({ result: "检测合格" }) });
const extend = act("head", "extend", kind("extended"), {
  body: () => ({ reason: "需要补充检测", leave: { body: "佛山市禅城区人民政府", signer: "区长", number: "禅府批〔2026〕7号", on: "2026-11-20" } }),
});
const withdraw = act("restaurant", "withdraw", kind("withdrawn"), { body: () => ({ reason: "不开了" }) });
const requestHearing = act("restaurant", "request_hearing", kind("hearing_requested"));
const waiveHearing = act("restaurant", "waive_hearing", kind("hearing_waived"));
const keepPromise = act("restaurant", "keep_promise", kind("promise_kept"), {
  body: (life) => ({ materials: [{ demand: "health_certificates", file: life.paper }] }),
});
const visit = act("inspector", "record_visit", kind("visited"), {
  step: "inspect",
  body: (life) => ({ visit: written(life.now()) }),
});
const pass = (who, step) => act(who, "approve", kind("step_passed", (body) => body.step === step), { step });
const sign = (who) => act(who, "approve", kind("seat_signed", (body, entry) => body.task === entry.task), { step: "review" });
const INSPECTED = [visit, pass("inspector", "inspect")];
const SIGNED = [sign("signboard"), sign("inspector")];

const NEIGHBOURS = { homes: "yes" };
/// What is promised for later, with the field that then stays empty.
const LATER = { health_certificates: "health_file" };

/// The lives: what is filed, what is done, how it ends, and what a month's silence makes of it.
export const PLANS = [
  { name: "granted", answers: LARGE, acts: [accept, ...INSPECTED, pass("signboard", "signboard"), ...SIGNED], ends: "closed" },
  { name: "supplied", acts: [askSupplement, supplement, accept, ...INSPECTED, ...SIGNED], ends: "closed" },
  { name: "stopped", acts: [accept, suspend, resume, extend, ...INSPECTED, ...SIGNED], ends: "closed" },
  { name: "heard", answers: NEIGHBOURS, acts: [accept, ...INSPECTED, ...SIGNED, requestHearing, waiveHearing], ends: "closed" },
  { name: "kept", promises: LATER, acts: [accept, keepPromise, ...INSPECTED, ...SIGNED], ends: "closed" },
  { name: "withdrawn", acts: [accept, suspend, resume, withdraw], ends: "withdrawn" },
  { name: "silent", acts: [], ends: "submitted", silence: { state: "accepted", term: "acceptance", event: kind("accepted", (b) => b.how === "deemed") } },
  { name: "unsupplied", acts: [askSupplement], ends: "supplement", silence: { state: "lapsed", term: "supplement", event: kind("lapsed") } },
  {
    name: "unpromised", promises: LATER, acts: [accept], ends: "accepted",
    silence: { state: "closed", term: "promise", event: kind("decided", (b) => b.decision.outcome === "refused") },
  },
  {
    name: "unheard", answers: NEIGHBOURS, acts: [accept, ...INSPECTED, ...SIGNED], ends: "accepted",
    silence: { state: "closed", term: "hearing_request", event: kind("hearing_waived", (b) => b.lapsed) },
  },
  { name: "standing", acts: [accept, suspend], ends: "suspended", silence: { state: "suspended", still: ["statutory", "promised"] } },
];

function wrong(say) {
  throw new Error(say);
}

/// The items that are filed under the killer: these alone are offered, since every start reads all.
export const ITEMS = ["nanjing/charter-bus-sticker", "nanjing/home-purchase-proof", "foshan/catering-permit"];

/// Every life that was begun.
export class Lives {
  /// `now` tells the server's time; `sign` signs an account in.
  constructor(ledger, sign, now) {
    this.ledger = ledger;
    this.signIn = sign;
    this.now = now;
    this.all = [];
    this.turn = 0;
    this.acts = 0;
  }

  /// Everybody signs in (anew, after the clock has leaped) and uploads papers.
  async gather() {
    const names = ["restaurant", "inspector", "signboard", "head"];
    const apis = await Promise.all(names.map((name) => this.signIn(name)));
    this.api = Object.fromEntries(names.map((name, n) => [name, apis[n]]));
    this.files = await permitPapers(this.api.restaurant);
    for (const life of this.all) this.ledger.sent.get(life.key).api = this.api.restaurant;
  }

  /// Begins a life of the next plan, unless one is half led.
  async begin(at) {
    const half = this.all.find((life) => !life.left && !life.taken && life.number && life.at < life.plan.acts.length);
    if (half) return Object.assign(half, { taken: true, touched: true });
    const plan = PLANS[this.turn++ % PLANS.length];
    const life = { plan, number: null, at: 0, entries: [], taken: true, left: false, touched: true, now: this.now, paper: this.files.health_file[0].file };
    this.all.push(life);
    life.key = await this.ledger.file({ api: this.api.restaurant, filing: permit(this.files, plan.answers, plan.promises), life: true }, at(this.api.restaurant));
    life.number = this.ledger.sent.get(life.key).number;
    return life;
  }

  /// Leads lives, one after another, until `round.alive` says no; `at` chooses the server that is asked.
  async lead(round, at = (api) => api) {
    while (round.alive && round.lives > 0) {
      const life = await this.begin(at);
      if (life.entries.length === 0) round.lives -= 1;
      while (round.alive && life.number && life.at < life.plan.acts.length) {
        if (!(await this.step(life, at))) break;
      }
      life.taken = false;
      if (life.entries.some((entry) => entry.doubt)) return;
    }
  }

  /// Does the next act; answers whether one may go on.
  async step(life, at) {
    const next = life.plan.acts[life.at];
    const api = at(this.api[next.who]);
    const entry = (life.entries[life.at] ??= { act: next, task: null, acked: null, doubt: false });
    if (next.step) {
      entry.task ??= await this.task(api, life.number, next);
      if (!entry.task) return pause(WAIT_MS).then(() => true);
    }
    const path = next.step ? `/tasks/${entry.task}/outcome` : `/cases/${life.number}/${next.verb}`;
    // Sent again, it is the same, as a form is that its sender got no answer to.
    const body = (entry.body ??= { ...(next.step ? { outcome: next.verb } : {}), ...next.body?.(life) });
    const answer = await api.send("POST", path, body).catch(() => null);
    if (answer?.status === 200) {
      entry.acked = answer.body;
      // Whoever took the life up again was answered: nothing of it is in doubt any more, and the next act is not skipped.
      entry.doubt = false;
      life.at += 1;
      this.acts += 1;
      return true;
    }
    // The database may commit what a killed server had sent after everybody has looked: then it is done, and the next look must find it.
    entry.done = entry.cut && answer?.status === 409 ? answer.text : null;
    if (answer && !entry.done && answer.status < 500 && answer.status !== 429) wrong(`${life.plan.name} ${life.number} ${next.verb}: ${answer.status} ${answer.text}`);
    entry.doubt = entry.cut = true;
    return false;
  }

  /// The open task of a step that lies with the agency of whoever asks.
  async task(api, number, next) {
    const found = await api.get(`/cases/${number}`).catch(() => null);
    const step = found?.body?.steps?.find((s) => s.id === next.step);
    const seats = step?.state.state === "open" ? step.state.seats : [];
    return seats.find((s) => s.agency === SIGNERS[next.who] && !s.opinion)?.task ?? null;
  }

  /// Compares the lives that were touched since the last time with what is there.
  async check(at = (api) => api) {
    let checked = 0;
    for (const life of this.all.filter((one) => one.touched)) {
      const { number, events } = await this.ledger.check(life.key, at(this.api.restaurant));
      life.number = number;
      this.compare(life, events);
      if (life.at === life.plan.acts.length && !life.left) await this.arrived(life, at);
      life.touched = false;
      checked += 1;
    }
    return checked;
  }

  compare(life, events) {
    const name = `${life.plan.name} ${life.number}`;
    for (const entry of life.entries.filter(Boolean)) {
      const found = events.filter((event) => entry.act.seen(event, entry));
      if (entry.acked && found.length === 0) wrong(`${name}: ${entry.act.verb} was answered and is lost`);
      if (found.length > 1) wrong(`${name}: ${entry.act.verb} stands ${found.length} times`);
      if (entry.acked && (events.length < entry.acked.rev || found[0].seq > entry.acked.rev)) wrong(`${name}: ${entry.act.verb} was answered as version ${entry.acked.rev}, and stands at ${found[0].seq} of ${events.length}`);
      if (entry.done && found.length === 0) wrong(`${name}: ${entry.act.verb} was cut off, is not there, and sent again refused: ${entry.done}`);
      if (entry.doubt && found.length === 1) life.at += 1;
      entry.doubt = false;
    }
    for (const word of ONCE) {
      const times = events.filter((event) => event.kind === word).length;
      if (times > 1) wrong(`${name}: ${word} stands ${times} times`);
    }
    const notices = events.filter((event) => event.kind === "notice_issued").map((event) => event.body.kind);
    if (new Set(notices).size !== notices.length) wrong(`${name}: a notice was issued twice: ${notices.join(" ")}`);
  }

  /// A life that was led to its end is there, with everything that follows from it.
  async arrived(life, at) {
    const { body } = await at(this.api.restaurant).get(`/cases/${life.number}`);
    if (body.state !== life.plan.ends) wrong(`${life.plan.name} ${life.number} is ${body.state} and not ${life.plan.ends}`);
    if (life.plan.ends !== "closed") return;
    if (body.certificates.length !== 1) wrong(`${life.number} has ${body.certificates.length} certificates`);
    this.ledger.approved.add(life.number);
  }
}
