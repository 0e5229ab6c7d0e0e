/**
 * The face for Express: `req.promo`.
 * @module
 */

import { arrivals, isOurs } from "./checkout.js";

/** @typedef {import("./checkout.js").Arrival} Arrival */
/** @typedef {import("./checkout.js").CheckoutOptions} CheckoutOptions */
/** @typedef {import("./client.js").PromoEdge} PromoEdge */
/** @typedef {import("node:http").IncomingMessage & {promo?: Arrival}} Request */

/**
 * Takes what the Worker says of a request from its headers, which nobody after this can be misled
 * by, and puts it on `req.promo`.
 *
 * @param {PromoEdge} promo
 * @param {CheckoutOptions} options
 * @returns {(req: Request, res: import("node:http").ServerResponse, next: () => void) =>
 *   Promise<void>}
 */
export function promoEdge(promo, options) {
  const arrive = arrivals(promo, options);
  return async (req, _res, next) => {
    req.promo = await arrive(req.headers);
    for (const name of Object.keys(req.headers).filter(isOurs)) delete req.headers[name];
    next();
  };
}
