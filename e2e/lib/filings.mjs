//! What the tests file: by hand in the browser and by the API.

import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const FIRM_NAME = "南京金陵旅行客运有限公司";
export const DRIVER_NUMBER = "99999919790401051X";
const DAY_MS = 86_400_000;
const BEIJING_MS = 8 * 3_600_000;

/// A date so many days from today (or from another moment), as Beijing counts days.
export const day = (ahead, from = Date.now()) => new Date(Number(from) + BEIJING_MS + ahead * DAY_MS).toISOString().slice(0, 10);

/// A small PDF that is one.
export const PAPER = Buffer.from(
  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n" +
    "0000000054 00000 n \n0000000105 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n172\n%%EOF\n",
  "latin1",
);

/// The check character of a citizen identity number (GB 11643).
function citizenNumber(first17) {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((all, weight, n) => all + weight * Number(first17[n]), 0);
  return first17 + "10X98765432"[sum % 11];
}

/// Identity numbers that stand nowhere but in what the tests type.
export const PLANTED = ["99999919791212001", "99999919640229017"].map(citizenNumber);

function paperOnDisk() {
  const folder = join(process.env.YIMEN_OUT ?? tmpdir(), "yimen-e2e-paper");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "包车合同.pdf");
  writeFileSync(path, PAPER);
  return path;
}

/// What is typed for a sticker, by the names of the fields.
export const STICKER_TYPED = {
  from: "江苏省南京市",
  to: "安徽省黄山市",
  via: "马鞍山市、芜湖市、宣城市",
  starts: day(3),
  ends: day(5),
  plate: "苏A90001",
  driver: DRIVER_NUMBER,
  contract_no: "JL-2026-1126",
  contract_file: paperOnDisk(),
  promise: true,
  declare: true,
};

/// What is typed by the second firm.
export const OTHER_STICKER_TYPED = { ...STICKER_TYPED, plate: "苏A90011", driver: "999999198110100577", contract_no: "ZF-1" };

/// What is typed for a home-purchase proof.
export const PROOF_TYPED = { kind: "new", project: "示范花园", district: "江苏省南京市江宁区", consent: true, declare: true };

/// A sticker as the API takes it.
export async function sticker(api, changes = {}) {
  const kept = await api.keep("包车合同.pdf", PAPER);
  if (!kept.ok) throw new Error(`keeping the contract: ${kept.status} ${kept.text}`);
  const { from, to, contract_file, declare, ...answers } = STICKER_TYPED;
  return {
    item: "charter-bus-sticker",
    parties: [{ subject: "organisation", role: "applicant", capacity: "self" }],
    answers: { ...answers, from: "320100", to: "341000", ...changes },
    materials: [{ demand: "contract", file: kept.body.id ?? kept.body.file }],
  };
}

/// A home-purchase proof as the API takes it.
export async function proof() {
  return {
    item: "home-purchase-proof",
    parties: [{ subject: "me", role: "applicant", capacity: "self" }],
    answers: { kind: "new", project: "示范花园", district: "320115", consent: true },
    materials: [],
  };
}

/// Uploads a paper; answers what a file field holds.
export async function upload(api, name) {
  const kept = await api.keep(name, PAPER);
  if (!kept.ok) throw new Error(`keeping ${name}: ${kept.status} ${kept.text}`);
  return [{ file: kept.body.id ?? kept.body.file, name }];
}

/// The papers of a restaurant, by their fields.
export async function permitPapers(api) {
  const names = { layout_file: "平面图.pdf", rules_file: "制度.pdf", health_file: "健康证.pdf", lease_file: "租赁合同.pdf" };
  const kept = await Promise.all(Object.values(names).map((name) => upload(api, name)));
  return Object.fromEntries(Object.keys(names).map((field, n) => [field, kept[n]]));
}

/// A restaurant with a fire check and a signboard; a small one needs neither.
export const LARGE = { area: 360, kitchen: 170, signboard: "yes", scope: ["hot", "cold"], special_room: "yes" };

/// The application for a restaurant as the API takes it; the papers of what is promised are left out.
export function permit(papers, changes = {}, promises = {}) {
  const kept = Object.entries(papers).filter(([field]) => !Object.values(promises).includes(field));
  return {
    item: "catering-permit",
    parties: [{ subject: "organisation", role: "applicant", capacity: "self" }],
    answers: {
      shop: "祖庙食养", town: "440604012", address: "佛山市禅城区祖庙街道示范路66号首层", area: 60, kitchen: 35, homes: "no", signboard: "no",
      scope: ["drinks"], safety: "冼志明", phone: "0757-99991003", promise: true, ...Object.fromEntries(kept), ...changes,
    },
    materials: [],
    promises: Object.keys(promises),
  };
}

/// What two officers write down on the spot.
export const visit = (now = new Date()) => ({ at: now.toISOString(), place: "示范路66号", officers: ["邓伟杰", "邝佩珊"], record: "与申报一致。" });
