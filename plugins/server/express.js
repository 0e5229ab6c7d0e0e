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
    takeOff(req);
    next();
  };
}

/**
 * Node has the headers of a request in three places.
 *
 * @param {Request} req
 */
function takeOff({ headers, headersDistinct, rawHeaders }) {
  for (const all of [headers, headersDistinct]) {
    for (const name of Object.keys(all).filter(isOurs)) delete all[name];
  }
  // Names and values, one after another.
  const isKept = rawHeaders.map((_, index) => !isOurs(rawHeaders[index - (index % 2)]));
  rawHeaders.splice(0, Infinity, ...rawHeaders.filter((_, index) => isKept[index]));
}
