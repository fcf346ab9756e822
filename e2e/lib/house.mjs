//! The sale of a flat as its seller fills it in.

import { PAPER, day } from "./filings.mjs";

export const SITUATIONS = { mortgage: "no", only_home: "yes", buyer_home: "first", buyer_married: "yes" };
export const SALE = {
  ...SITUATIONS,
  seller_name: "许静怡", seller_citizen_id: "999999198405127021", seller_phone: "13900000071",
  buyer_name: "林子豪", buyer_citizen_id: "999999199203187055", buyer_phone: "13900000073",
  house_title_no: "苏(2018)宁玄不动产权第9999101号", trade_price: "2600000", trade_contract_date: day(-4), trade_payment: "once",
  trade_handover: day(38), registration_sharing: "sole",
};
export const GUIDE = "/themes/stock-house";
export const ANSWERED = `${GUIDE}?${new URLSearchParams(SITUATIONS)}`;

/// Fills what no list can name: a file for every paper that is asked for.
export async function papers(page) {
  for (const input of await page.locator('main input[type="file"]:visible').all()) {
    await input.setInputFiles({ name: "材料.pdf", mimeType: "application/pdf", buffer: PAPER });
  }
}

/// Every declaration of a section.
export async function promises(page) {
  for (const box of await page.locator('main input[type="checkbox"]:visible').all()) {
    const alone = await box.evaluate((e) => e.form.querySelectorAll(`[name="${e.name}"]`).length === 1);
    if (alone) await box.check();
  }
}
