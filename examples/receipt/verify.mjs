/**
 * How an origin checks a receipt, with the npm package `jose` and no call to the Worker but for its
 * keys, which are kept.
 * @module
 */

import { jwtVerify } from "jose";

/** What a receipt says of an order, and the shop knows as well. */
const ORDER_FIELDS = ["order_id", "event_type", "currency", "subtotal_minor", "discount_minor"];

/**
 * @typedef {object} Expected
 * @property {import("jose").JWTVerifyGetKey} keys such as
 *   `createRemoteJWKSet(new URL("https://shop.example/.well-known/jwks.json"))`
 * @property {string} issuer the setting RECEIPT_ISSUER, or the origin that was asked
 * @property {string} program the program's id
 * @property {Date} [now]
 */

/**
 * The claims of a receipt that is genuine, for this program and still good. What it is proof of is
 * in its claim `typ`, which is for the caller to look at.
 *
 * @param {string} receipt
 * @param {Expected} expected
 * @returns {Promise<Record<string, any>>}
 * @throws when it is not
 */
export async function readReceipt(receipt, { keys, issuer, program, now }) {
  const { payload } = await jwtVerify(receipt, keys, {
    algorithms: ["EdDSA"],
    typ: "promo-receipt+jwt",
    issuer,
    audience: program,
    requiredClaims: ["typ", "iat", "exp", "jti"],
    currentDate: now,
  });
  return payload;
}

/**
 * The claims of a receipt on which this order may be recorded as credited: a genuine one, of a
 * recorded decision, about this very order.
 *
 * @param {string} receipt
 * @param {Record<string, any>} order as it was sent to be credited
 * @param {Expected} expected
 * @throws when it is not
 */
export async function receiptForRecord(receipt, order, expected) {
  const claims = await readReceipt(receipt, expected);
  if (claims.typ !== "recorded") throw new Error(`a receipt of "${claims.typ}" records nothing`);
  /** @type {Record<string, any>} */
  const known = { ...order, discount_minor: order.discount_minor ?? 0 };
  const other = ORDER_FIELDS.find((field) => claims[field] !== known[field]);
  if (other) throw new Error(`the receipt is for another order: ${other} differs`);
  return claims;
}
