/**
 * The face for Hono: `c.get("promo")`.
 * @module
 */

import { arrivals, isOurs } from "./checkout.js";

/** @typedef {import("./checkout.js").Arrival} Arrival */
/** @typedef {import("./checkout.js").CheckoutOptions} CheckoutOptions */
/** @typedef {import("./client.js").PromoEdge} PromoEdge */

/**
 * Takes what the Worker says of a request from its headers, which nobody after this can be misled
 * by, and sets it as `promo`.
 *
 * @param {PromoEdge} promo
 * @param {CheckoutOptions} options
 * @returns {import("hono").MiddlewareHandler<{Variables: {promo: Arrival}}>}
 */
export function promoEdge(promo, options) {
  const arrive = arrivals(promo, options);
  return async (c, next) => {
    const { raw } = c.req;
    c.set("promo", await arrive(raw.headers));
    const all = [...raw.headers];
    const theirs = all.filter(([name]) => !isOurs(name));
    if (theirs.length < all.length) c.req.raw = new Request(raw, { headers: theirs });
    await next();
  };
}
