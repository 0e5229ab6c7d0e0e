/**
 * A partner and its contracts as their form has them, and how that is sent.
 * @module
 */

import { idOf, toAmount, toBps, toMinor, toPercent } from "../amounts.js";
import { isScheduleSound } from "../parts/schedule.js";
import { readRules } from "../payout.js";
import { NEVER, toText, toWall } from "../time.js";

/** @typedef {import("../language.js").TextKey} TextKey */
/** @typedef {import("../shapes.js").Contract} Contract */
/** @typedef {import("../shapes.js").Partner} Partner */
/** @typedef {import("../shapes.js").Program} Program */

/** @param {Partner | null} partner @param {Program} program */
export function partnerDraft(partner, program) {
  return {
    ...{ id: partner?.id ?? "", name: partner?.name ?? "", kind: partner?.kind ?? "partner" },
    ...{ active: partner?.active ?? true, group: partner?.credit_group ?? "preferred" },
    contracts: (partner?.contracts ?? []).map((contract) => contractDraft(contract, program)),
  };
}

/** @typedef {ReturnType<typeof partnerDraft>} PartnerDraft */
/** @typedef {ReturnType<typeof contractDraft>} ContractDraft */

/** @param {Contract} contract @param {Program} program */
function contractDraft(contract, program) {
  const { groups = [], restrictions = [] } = contract.payout ?? {};
  const rate = contract.payout?.default ?? null;
  const hasRules = groups.length + restrictions.length > 0;
  return {
    ...{ id: contract.id, window: contract.referral_window_days ?? null, zone: "" },
    start: toWall(contract.start_at ?? null, program.time_zone, "start"),
    end: toWall(contract.end_at ?? null, program.time_zone, "end"),
    events: contract.event_types ?? [],
    rateKind: rate?.amount_minor != null ? "fixed" : rate?.rate_bps != null ? "percent" : "none",
    percent: toPercent(rate?.rate_bps),
    amount: toAmount(rate?.amount_minor, rate?.currency ?? program.currency),
    currency: rate?.currency ?? null,
    rules: hasRules ? JSON.stringify({ groups, restrictions }, null, 2) : "",
  };
}

/** A contract that begins now, for every event type. @param {Program} program @param {string} id */
export function newContract(program, id) {
  return {
    ...{ id, window: null, zone: "", start: NEVER, end: NEVER, rules: "" },
    events: program.event_types.map((event) => event.id),
    ...{ rateKind: "percent", percent: null, amount: null, currency: null },
  };
}

/** @param {PartnerDraft} draft @param {Program} program @param {boolean} isNew */
export function partnerBody(draft, program, isNew) {
  return {
    ...(isNew ? { id: idOf(draft) } : {}),
    ...{ name: draft.name.trim(), kind: draft.kind, active: draft.active },
    credit_group: draft.group,
    contracts: draft.contracts.map((contract) => contractBody(contract, program)),
  };
}

/** @param {ContractDraft} draft @param {Program} program */
function contractBody(draft, program) {
  const rules = readRules(draft.rules).value ?? {};
  const amount = { amount_minor: toMinor(draft.amount, draft.currency ?? program.currency) };
  /** @type {Record<string, import("../shapes.js").Rate | null>} */
  const rates = {
    none: null,
    percent: { rate_bps: toBps(draft.percent) },
    fixed: { ...amount, ...(draft.currency ? { currency: draft.currency } : {}) },
  };
  return {
    id: draft.id.trim(),
    ...{ start_at: toText(draft.start), end_at: toText(draft.end) },
    ...{ referral_window_days: draft.window, event_types: draft.events },
    payout: {
      groups: rules.groups ?? [],
      default: rates[draft.rateKind],
      restrictions: rules.restrictions ?? [],
    },
  };
}

/** @param {PartnerDraft} draft @param {Program} program @returns {Record<string, TextKey>} */
export function partnerFaults(draft, program) {
  /** @type {Record<string, TextKey>} */
  const faults = {};
  if (idOf(draft) === "") faults.id = "id.needed";
  if (draft.name.trim() === "") faults.name = "name.needed";
  draft.contracts.forEach((contract, index) => {
    if (contract.id.trim() === "") faults[`id-${index}`] = "id.needed";
    if (contract.events.length === 0) faults[`events-${index}`] = "events.needed";
    if (contract.rateKind === "percent" && contract.percent === null) {
      faults[`rate-${index}`] = "percent.needed";
    }
    if (contract.rateKind === "fixed" && contract.amount === null) {
      faults[`rate-${index}`] = "amount.needed";
    }
    if (readRules(contract.rules).complaints.length > 0) faults[`rules-${index}`] = "rules.wrong";
    if (!isScheduleSound(contract, program.time_zone)) {
      faults[`schedule-${index}`] = "ends_before_start";
    }
  });
  return faults;
}
