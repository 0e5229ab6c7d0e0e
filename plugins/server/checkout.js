/**
 * What a checkout brings when the Worker stands in front of the shop, believed only with a receipt;
 * and orders recorded without anybody having to wait for it. The faces of frameworks are made of
 * this.
 * @module
 */

import { verifyReceipt } from "./receipt.js";

/** @typedef {import("./client.js").PromoEdge} PromoEdge */
/** @typedef {import("./errors.js").PromoEdgeError} PromoEdgeError */
/** @typedef {import("./receipt.js").Trust} Trust */
/** @typedef {import("./shapes.js").Claims} Claims */
/** @typedef {import("./shapes.js").Decision} Decision */
/** @typedef {import("./shapes.js").Order} Order */
/** @typedef {import("./shapes.js").OrderAnswer} OrderAnswer */

/** @typedef {Headers | Record<string, string | string[] | undefined>} AnyHeaders lower case */
/**
 * @typedef {object} Verdict
 * @property {Decision | null} decision null when the request came undecided
 * @property {Claims | null} claims of the receipt; null when it is not to be believed
 * @property {string | null} doubt why it is not
 */
/**
 * @typedef {object} CheckoutOptions
 * @property {(order: Order, error: PromoEdgeError) => unknown} onUnrecorded takes an order that was
 *   not recorded, to be sent again as it is until it is; an `OrderDiffersError` it stays for good
 * @property {number} [patienceMs] how long a shopper waits for an order to be recorded; 2,000 by
 *   default
 */
/**
 * @typedef {object} Arrival what a request brings, and what can be done for it
 * @property {Decision | null} decision null unless the receipt proves it, as far as
 *   {@link requireSame} says
 * @property {Claims | null} claims of the proxy receipt
 * @property {string | null} doubt why a decision that came was not believed
 * @property {string | undefined} clickPath the cookie of clicks, which only the Worker can read
 * @property {(order: Order) => Promise<OrderAnswer | null>} record an order that has been placed;
 *   never rejects. Null: it was handed to `onUnrecorded`
 */

const CLICKS_COOKIE = "__Host-promo-clicks";
const PATIENCE_MS = 2000;

/**
 * What the Worker says of a checkout. The header `Promo-Decision` comes from the Worker or from
 * anybody: only with `claims` beside it it is the Worker's.
 *
 * @param {AnyHeaders} headers of the request
 * @param {Trust} trust
 * @returns {Promise<Verdict>}
 */
export async function readDecision(headers, trust) {
  const decision = parse(valueOf(headers, "promo-decision"));
  if (!decision) return { decision: null, claims: null, doubt: null };
  try {
    const claims = await verifyReceipt(valueOf(headers, "promo-receipt"), trust);
    requireSame(claims, decision, "proxy");
    return { decision, claims, doubt: null };
  } catch (error) {
    return { decision, claims: null, doubt: /** @type {Error} */ (error).message };
  }
}

/**
 * Only the receipt is signed: the decision is what it says where the two say the same, which is in
 * its event type, its code's id, whom it credits on what basis, and its snapshot. What it says
 * beside them (the code as it was typed, reasons, unused codes, the trace) explains and proves
 * nothing.
 *
 * @param {Claims} claims
 * @param {Pick<Decision, "code" | "credited" | "event_type" | "snapshot">} decision
 * @param {Claims["typ"]} typ
 * @throws when they do not
 */
export function requireSame(claims, { code, credited, event_type, snapshot }, typ) {
  const said = {
    typ,
    event_type,
    code_id: code?.id ?? null,
    partner: credited?.partner ?? null,
    basis: credited?.basis ?? null,
    snapshot_id: snapshot?.id,
  };
  const names = /** @type {(keyof typeof said)[]} */ (Object.keys(said));
  const other = names.find((name) => claims[name] !== said[name]);
  if (other) throw new Error(`the receipt says otherwise: ${other}`);
}

/**
 * The cookie of clicks, to be handed on with the order.
 *
 * @param {AnyHeaders} headers of the request
 */
export function clickPathOf(headers) {
  const start = `${CLICKS_COOKIE}=`;
  const pairs = valueOf(headers, "cookie").split("; ");
  return pairs.find((pair) => pair.startsWith(start))?.slice(start.length);
}

/** Whether a header is one that only the Worker may set. @param {string} name */
export function isOurs(name) {
  return /^promo[-_]/i.test(name);
}

/**
 * What the faces do with each request.
 *
 * @param {PromoEdge} promo
 * @param {CheckoutOptions} options
 * @returns {(headers: AnyHeaders) => Promise<Arrival>}
 */
export function arrivals(promo, { onUnrecorded, patienceMs = PATIENCE_MS }) {
  return async (headers) => {
    const { decision, claims, doubt } = await readDecision(headers, promo.trust);
    const clickPath = clickPathOf(headers);
    return {
      decision: claims && decision,
      claims,
      doubt,
      clickPath,
      async record(order) {
        const whole = { click_path: clickPath, ...order };
        const signal = AbortSignal.timeout(patienceMs);
        const { answer, error } = await promo.record(whole, { signal });
        if (error) await handOver(onUnrecorded, whole, error);
        return answer;
      },
    };
  };
}

/**
 * The app's own queue may fail, too. The order is in its log then, and the shopper has bought.
 *
 * @param {CheckoutOptions["onUnrecorded"]} onUnrecorded
 * @param {Order} order
 * @param {PromoEdgeError} error
 */
async function handOver(onUnrecorded, order, error) {
  try {
    await onUnrecorded(order, error);
  } catch (cause) {
    console.error("promo-edge: an order was neither recorded nor queued", order, error, cause);
  }
}

/** @param {AnyHeaders} headers @param {string} name @returns {string} empty when it is missing */
function valueOf(headers, name) {
  return String((headers instanceof Headers ? headers.get(name) : headers[name]) ?? "");
}

/** A server does not fall over a text. @param {string} header @returns {Decision | null} */
function parse(header) {
  try {
    const value = JSON.parse(header);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
