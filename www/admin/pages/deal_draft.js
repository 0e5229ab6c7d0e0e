/**
 * A deal as its form has it, how that is sent, and a deal in one line.
 * @module
 */

import { idOf, toAmount, toBps, toMinor, toPercent, wordsOf } from "../amounts.js";
import { isScheduleSound } from "../parts/schedule.js";
import { toText, toWall } from "../time.js";

/** @typedef {import("../language.js").Speech} Speech */
/** @typedef {import("../language.js").TextKey} TextKey */
/** @typedef {import("../shapes.js").Deal} Deal */
/** @typedef {import("../shapes.js").Program} Program */

/** What is off in each kind of discount. */
export const DISCOUNTS = ["percent", "fixed", "percent_range", "percent_maximum"];

/** @param {Deal | null} deal @param {Program} program */
export function dealDraft(deal, program) {
  const read = deal ?? /** @type {any} */ ({ start_at: null, end_at: null });
  const currency = read.currency ?? program.currency;
  const { discount, bogo } = read;
  return {
    ...{ id: read.id ?? "", name: read.name ?? "", type: read.type ?? "general_sale" },
    ...{ scope: read.scope ?? "entire_store", currency: read.currency ?? "" },
    ...{ discount: discount?.kind ?? "percent", percent: toPercent(discount?.bps) },
    ...{ low: toPercent(discount?.low_bps), high: toPercent(discount?.high_bps) },
    amount: toAmount(discount?.amount_minor, currency),
    ...{ bogo: bogo?.kind ?? "free", buy: bogo?.buy ?? 1, get: bogo?.get ?? 1 },
    ...{ bogoPercent: toPercent(bogo?.bps), bogoAmount: toAmount(bogo?.amount_minor, currency) },
    minimum: toAmount(read.minimum_purchase_minor || null, currency),
    savings: toAmount(read.maximum_savings_minor, currency),
    ...{ quantity: read.minimum_quantity ?? null, limit: read.purchase_limit_quantity ?? null },
    ...{ categories: (read.categories ?? []).join("\n"), skus: (read.skus ?? []).join("\n") },
    ...{ countries: (read.countries ?? []).join(", "), segments: (read.segments ?? []).join(", ") },
    ...{ first: read.first_order_only ?? false, sync: read.sync_codes ?? false, zone: "" },
    start: toWall(read.start_at ?? null, program.time_zone, "start"),
    end: toWall(read.end_at ?? null, program.time_zone, "end"),
  };
}

/** @typedef {ReturnType<typeof dealDraft>} DealDraft */

/** @param {DealDraft} draft @param {Program} program @param {boolean} isNew */
export function dealBody(draft, program, isNew) {
  const currency = draft.currency || program.currency;
  return {
    ...(isNew ? { id: idOf(draft) } : {}),
    ...{ name: draft.name.trim(), type: draft.type, scope: draft.scope },
    discount: draft.type === "general_sale" ? discountOf(draft, currency) : null,
    bogo: draft.type === "bogo" ? bogoOf(draft, currency) : null,
    currency: draft.currency || null,
    minimum_purchase_minor: toMinor(draft.minimum, currency),
    maximum_savings_minor: toMinor(draft.savings, currency),
    ...{ minimum_quantity: draft.quantity, purchase_limit_quantity: draft.limit },
    categories: draft.scope === "category" ? wordsOf(draft.categories) : [],
    skus: draft.scope === "product" ? wordsOf(draft.skus) : [],
    countries: wordsOf(draft.countries.toUpperCase()),
    ...{ segments: wordsOf(draft.segments), first_order_only: draft.first },
    ...{ start_at: toText(draft.start), end_at: toText(draft.end), sync_codes: draft.sync },
  };
}

/** @param {DealDraft} draft @param {string} currency */
function discountOf(draft, currency) {
  const kind = draft.discount;
  if (kind === "fixed") return { kind, amount_minor: toMinor(draft.amount ?? 0, currency) };
  if (kind === "percent_range") {
    return { kind, low_bps: toBps(draft.low ?? 0), high_bps: toBps(draft.high ?? 0) };
  }
  return { kind, bps: toBps(draft.percent ?? 0) };
}

/** @param {DealDraft} draft @param {string} currency */
function bogoOf({ bogo: kind, buy, get, bogoPercent, bogoAmount }, currency) {
  const units = { kind, buy: buy ?? 0, get: get ?? 0 };
  if (kind === "percent") return { ...units, bps: toBps(bogoPercent ?? 0) };
  if (kind === "amount") return { ...units, amount_minor: toMinor(bogoAmount ?? 0, currency) };
  return units;
}

/** @param {DealDraft} draft @param {Program} program @returns {Record<string, TextKey>} */
export function dealFaults(draft, program) {
  /** @type {Record<string, TextKey>} */
  const faults = {};
  if (idOf(draft) === "") faults.id = "id.needed";
  if (draft.name.trim() === "") faults.name = "name.needed";
  const isOff = (/** @type {number | null} */ share) => share !== null && share > 0 && share <= 100;
  if (draft.type === "general_sale") {
    const { discount } = draft;
    if (discount === "fixed" && !((draft.amount ?? 0) > 0)) faults.amount = "amount.needed";
    if (discount === "percent_range") {
      if (!isOff(draft.high) || (draft.low ?? 0) > (draft.high ?? 0)) faults.high = "range.wrong";
    } else if (discount !== "fixed" && !isOff(draft.percent)) faults.percent = "percent.needed";
  }
  if (draft.type === "bogo" && draft.bogo === "percent" && !isOff(draft.bogoPercent)) {
    faults.bogoPercent = "percent.needed";
  }
  if (draft.scope === "category" && wordsOf(draft.categories).length === 0) {
    faults.categories = "list.needed";
  }
  if (draft.scope === "product" && wordsOf(draft.skus).length === 0) faults.skus = "list.needed";
  if (!isScheduleSound(draft, program.time_zone)) faults.schedule = "ends_before_start";
  return faults;
}

/** What a deal gives. @param {Deal} deal @param {Speech} speech @param {Program} program */
export function dealInWords(deal, speech, program) {
  const currency = deal.currency ?? program.currency;
  const { discount, bogo } = deal;
  if (discount) {
    return speech.term("gives", discount.kind, {
      percent: speech.percent(discount.bps ?? 0),
      low: speech.percent(discount.low_bps ?? 0),
      high: speech.percent(discount.high_bps ?? 0),
      amount: speech.money(discount.amount_minor ?? 0, currency),
    });
  }
  if (bogo) {
    return speech.term("gives_bogo", bogo.kind, {
      ...{ buy: bogo.buy, get: bogo.get, percent: speech.percent(bogo.bps ?? 0) },
      amount: speech.money(bogo.amount_minor ?? 0, currency),
    });
  }
  return speech.term("deal_type", deal.type);
}
