/**
 * Receipts, checked with the npm package `jose` and no call to the Worker but for its keys, which
 * are kept.
 * @module
 */

import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify } from "jose";

/** @typedef {import("./shapes.js").Claims} Claims */
/** @typedef {import("./shapes.js").Order} Order */

/** What a receipt says of an order, and the shop knows as well. */
const ORDER_FIELDS = /** @type {const} */ ([
  "order_id", "event_type", "currency", "subtotal_minor", "discount_minor",
]);

/** A checkout waits for the keys no longer than this. */
const KEYS_TIMEOUT_MS = 2000;

/**
 * @typedef {object} Trust whose receipts are believed
 * @property {import("jose").JWTVerifyGetKey} keys of {@link receiptKeys}, or any others of `jose`
 * @property {string} issuer the setting RECEIPT_ISSUER, or the origin that was asked
 * @property {string} program the program's id
 * @property {Date} [now]
 */

/**
 * The keys that a Worker publishes: fetched when the first receipt comes and after that every ten
 * minutes, or when a receipt names another. While the Worker does not answer, those that it
 * published last are still good.
 *
 * @param {string | URL} url of the Worker
 * @returns {import("jose").JWTVerifyGetKey}
 */
export function receiptKeys(url) {
  const address = new URL("/.well-known/jwks.json", url);
  const published = createRemoteJWKSet(address, { timeoutDuration: KEYS_TIMEOUT_MS });
  return async (header, token) => {
    try {
      return await published(header, token);
    } catch (error) {
      const last = published.jwks();
      if (!last || error instanceof errors.JWKSNoMatchingKey) throw error;
      return createLocalJWKSet(last)(header, token);
    }
  };
}

/**
 * The claims of a receipt that is genuine, for this program and still good. What it is proof of is
 * in its claim `typ`, which is for the caller to look at: before anything is recorded, ask
 * {@link receiptForRecord}.
 *
 * @param {string} receipt
 * @param {Trust} trust
 * @returns {Promise<Claims>}
 * @throws when it is not
 */
export async function verifyReceipt(receipt, { keys, issuer, program, now }) {
  const { payload } = await jwtVerify(receipt, keys, {
    algorithms: ["EdDSA"],
    typ: "promo-receipt+jwt",
    issuer,
    audience: program,
    requiredClaims: ["typ", "iat", "exp", "jti"],
    currentDate: now,
  });
  return /** @type {Claims} */ (/** @type {unknown} */ (payload));
}

/**
 * The claims of a receipt on which this order may be recorded as credited: a genuine one, of a
 * recorded decision, about this very order.
 *
 * @param {string} receipt
 * @param {Pick<Order, "order_id" | "event_type" | "currency" | "subtotal_minor" | "discount_minor">
 *   } order as it was sent to be credited
 * @param {Trust} trust
 * @throws when it is not
 */
export async function receiptForRecord(receipt, order, trust) {
  const claims = await verifyReceipt(receipt, trust);
  if (claims.typ !== "recorded") throw new Error(`a receipt of "${claims.typ}" records nothing`);
  const known = { ...order, discount_minor: order.discount_minor ?? 0 };
  const other = ORDER_FIELDS.find((field) => claims[field] !== known[field]);
  if (other) throw new Error(`the receipt is for another order: ${other} differs`);
  return claims;
}
