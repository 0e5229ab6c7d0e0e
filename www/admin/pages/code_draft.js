/**
 * A code as its form has it, and how that is sent.
 * @module
 */

import { isScheduleSound } from "../parts/schedule.js";
import { NEVER, toText, toWall } from "../time.js";

/** @typedef {import("../language.js").TextKey} TextKey */
/** @typedef {import("../shapes.js").Code} Code */
/** @typedef {import("../shapes.js").Program} Program */

/**
 * A code as the form has it.
 *
 * @typedef {object} Draft
 * @property {string} kind
 * @property {string} code
 * @property {string} match_type
 * @property {string} credit_policy "" until one is chosen
 * @property {string} owner
 * @property {import("../time.js").Wall} start
 * @property {import("../time.js").Wall} end
 * @property {string} zone
 * @property {string} deal
 * @property {number | null} max_redemptions
 * @property {number | null} max_redemptions_per_customer
 * @property {boolean} public
 * @property {string} comments
 */

/** Longest code, in characters (rule 1.2 of the domain). */
const LONGEST_CODE = 64;

/** @param {Program} program @returns {Draft} */
export function emptyDraft(program) {
  return {
    ...{ kind: "tracking", code: "", match_type: "exact", owner: "", deal: "" },
    credit_policy: program.attribution?.default_credit_policy ?? "",
    ...{ start: NEVER, end: NEVER, zone: "", comments: "", public: false },
    ...{ max_redemptions: null, max_redemptions_per_customer: null },
  };
}

/** @param {Code} code @param {Program} program @returns {Draft} */
export function draftOf(code, program) {
  const zone = code.time_zone ?? program.time_zone;
  return {
    ...{ kind: code.kind, code: code.code, match_type: code.match_type },
    ...{ credit_policy: code.credit_policy ?? "", owner: code.owner ?? "" },
    start: toWall(code.start_at, zone, "start"),
    end: toWall(code.end_at, zone, "end"),
    ...{ zone: code.time_zone ?? "", deal: code.deal ?? "", public: code.public },
    ...{ max_redemptions: code.max_redemptions, comments: code.comments ?? "" },
    max_redemptions_per_customer: code.max_redemptions_per_customer,
  };
}

/** The body that creates it. @param {Draft} draft */
export function newCode(draft) {
  const isTracking = draft.kind === "tracking";
  return {
    ...{ code: draft.code.trim(), kind: draft.kind, match_type: draft.match_type },
    ...(isTracking ? { owner: draft.owner, credit_policy: draft.credit_policy } : {}),
    ...changeable(draft),
  };
}

/**
 * The fields that differ from what was read. Dates go together with the zone that they are read in.
 *
 * @param {Draft} draft
 * @param {Code} code
 * @param {Program} program
 */
export function patchOf(draft, code, program) {
  const before = changeable(draftOf(code, program));
  const after = changeable(draft);
  const changed = Object.entries(after).filter(([name, value]) =>
    JSON.stringify(value) !== JSON.stringify(/** @type {any} */ (before)[name]));
  const patch = Object.fromEntries(changed);
  const { start_at, end_at } = after;
  return "time_zone" in patch ? { ...patch, start_at, end_at } : patch;
}

/** @param {Draft} draft */
function changeable(draft) {
  return {
    ...{ start_at: toText(draft.start), end_at: toText(draft.end), time_zone: draft.zone || null },
    ...{ deal: draft.deal || null, max_redemptions: draft.max_redemptions },
    max_redemptions_per_customer: draft.max_redemptions_per_customer,
    ...{ public: draft.public, comments: draft.comments.trim() || null },
  };
}

/**
 * What is missing or cannot be, by field; the texts' names.
 *
 * @param {Draft} draft
 * @param {Program} program
 * @param {boolean} isStored its text, kind, owner and policy are settled
 * @returns {Record<string, TextKey>}
 */
export function faultsOf(draft, program, isStored) {
  /** @type {Record<string, TextKey>} */
  const faults = isStored ? {} : identityFaults(draft);
  if (!isCap(draft.max_redemptions)) faults.cap = "cap.wrong";
  if (!isCap(draft.max_redemptions_per_customer)) faults.customer_cap = "cap.wrong";
  if (!isScheduleSound(draft, program.time_zone)) faults.schedule = "ends_before_start";
  return faults;
}

/** @param {Draft} draft */
function identityFaults(draft) {
  /** @type {Record<string, TextKey>} */
  const faults = {};
  const text = draft.code.trim();
  if (text === "") faults.code = "code.needed";
  if (draft.match_type === "exact" && [...text].length > LONGEST_CODE) faults.code = "code.long";
  if (draft.kind === "tracking" && draft.owner === "") faults.owner = "owner.needed";
  if (draft.kind === "tracking" && !draft.credit_policy) faults.policy = "policy.needed";
  return faults;
}

/** @param {number | null} cap */
function isCap(cap) {
  return cap === null || (Number.isInteger(cap) && cap >= 1);
}
