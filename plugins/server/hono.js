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
    if (theirs.length < all.length) c.req.raw = await withHeaders(c.req, theirs);
    await next();
  };
}

/**
 * The same request with other headers. A body that somebody has read can be had from Hono alone,
 * which keeps it.
 *
 * @param {import("hono").HonoRequest} request
 * @param {[string, string][]} headers
 */
async function withHeaders(request, headers) {
  const { raw } = request;
  if (!raw.bodyUsed) return new Request(raw, { headers });
  const { url, method, signal } = raw;
  return new Request(url, { method, signal, headers, body: await request.arrayBuffer() });
}
