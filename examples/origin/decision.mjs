/**
 * What the Worker says of a checkout: read from the request's headers, and believed only with a
 * receipt.
 * @module
 */

import { readReceipt } from "../receipt/verify.mjs";

/** @typedef {import("../../www/promo-edge/explain.js").Decision} Explained */
/** @typedef {import("../receipt/verify.mjs").Expected} Trust whose receipts are believed */
/**
 * @typedef {Explained & {
 *   code: {id: string, typed: string} | null,
 *   snapshot: {id: string},
 * }} Decision
 */
/**
 * @typedef {object} Verdict
 * @property {Decision | null} decision null when the checkout came undecided
 * @property {Record<string, any> | null} claims of the receipt; null when it is not to be believed
 * @property {string | null} doubt why it is not
 */

/**
 * @param {import("node:http").IncomingHttpHeaders} headers
 * @param {Trust} trust
 * @returns {Promise<Verdict>}
 */
export async function readVerdict(headers, trust) {
  const decision = parse(headers["promo-decision"]);
  if (!decision) return { decision: null, claims: null, doubt: null };
  try {
    const claims = await readReceipt(String(headers["promo-receipt"] ?? ""), trust);
    requireSame(claims, decision, "proxy");
    return { decision, claims, doubt: null };
  } catch (error) {
    return { decision, claims: null, doubt: /** @type {Error} */ (error).message };
  }
}

/** The header comes from the Worker or from nobody: but a server does not fall over a text. */
function parse(/** @type {string | string[] | undefined} */ header) {
  try {
    return /** @type {Decision | null} */ (JSON.parse(String(header ?? "null")));
  } catch {
    return null;
  }
}

/**
 * Only the receipt is signed: the decision is what it says where the two say the same.
 *
 * @param {Record<string, any>} claims
 * @param {Decision} decision
 * @param {"proxy" | "recorded"} typ
 * @throws when they do not
 */
export function requireSame(claims, { code, credited, snapshot }, typ) {
  const said = {
    typ,
    code_id: code?.id ?? null,
    partner: credited?.partner ?? null,
    basis: credited?.basis ?? null,
    snapshot_id: snapshot.id,
  };
  const other = Object.entries(said).find(([name, value]) => claims[name] !== value);
  if (other) throw new Error(`the receipt says otherwise: ${other[0]}`);
}
