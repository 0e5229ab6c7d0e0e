/**
 * A programme whose codes are capped, and what tests of the ledger share.
 * @module
 */

import { createHash, generateKeyPairSync } from "node:crypto";

import { buildSnapshot } from "./snapshots.mjs";
import { startWorker } from "./worker.mjs";

/** @typedef {import("./worker.mjs").Worker} Worker */

const CODES = [
  { id: "open", code: "OPEN" },
  { id: "one", code: "ONE", max_redemptions: 1 },
  { id: "hundred", code: "HUNDRED", max_redemptions: 100 },
  { id: "each", code: "EACH", max_redemptions_per_customer: 1 },
  { id: "both", code: "BOTH", max_redemptions: 2, max_redemptions_per_customer: 1 },
];

/** Ana owns every code and earns ten per cent; Ben drives clicks. */
export const CATALOG = {
  program: {
    id: "1000",
    name: "Acme",
    currency: "USD",
    time_zone: "UTC",
    tracking: true,
    approval_days: 30,
  },
  event_types: [{ id: "SALE", promo_codes: true }, { id: "LEAD", promo_codes: true }],
  partners: ["ana", "ben"].map((id) => ({
    id,
    name: id,
    kind: "partner",
    contracts: [
      { id: "k", event_types: ["SALE", "LEAD"], payout: { default: { rate_bps: 1000 } } },
    ],
  })),
  codes: CODES.map((code) => ({
    match_type: "exact",
    credit_policy: "always",
    owner: "ana",
    ...code,
  })),
};

const token = (/** @type {string} */ token, /** @type {string[]} */ ...scopes) => ({
  sha256: createHash("sha256").update(token).digest("hex"),
  scopes,
});

/** Bearer of the scope `credit`. */
export const MERCHANT = { authorization: "Bearer merchant" };
/** Bearer of the scope `admin`. */
export const ADMIN = { authorization: "Bearer admin" };

export const SETTINGS = {
  TOKENS: JSON.stringify({ 1000: [token("merchant", "credit"), token("admin", "admin")] }),
  RECEIPT_KEYS: JSON.stringify({
    keys: [generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" })],
  }),
};

/** @param {Parameters<typeof startWorker>[0]} [options] */
export async function startLedger(options = {}) {
  const vars = { ...SETTINGS, ...options.vars };
  const worker = await startWorker({ main: "tests/edge/watched.js", ...options, vars });
  await worker.publish(buildSnapshot(CATALOG));
  return worker;
}

/**
 * An order of 100.00 that was placed just now.
 *
 * @param {string} order_id
 * @param {object} [more]
 */
export function order(order_id, more = {}) {
  return {
    order_id,
    event_type: "SALE",
    placed_at: PLACED_AT,
    currency: "USD",
    subtotal_minor: 10_000,
    ...more,
  };
}

const PLACED_AT = new Date().toISOString();

/**
 * Asks until the answer is as wanted, for as long as a test may take.
 *
 * @template T
 * @param {() => Promise<T>} ask
 * @param {(answer: T) => boolean} isWanted
 * @returns {Promise<T>}
 */
export async function eventually(ask, isWanted) {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (performance.now() > deadline) {
      throw new Error(`still not as wanted: ${JSON.stringify(answer)}`);
    }
    // What is asked may be this process itself, which has to come to it.
    await new Promise((next) => setImmediate(next));
  }
}
