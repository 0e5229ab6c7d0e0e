/**
 * promo-edge in Vendure.
 */

export { couponError } from "./errors.js";
export type { ProgramOptions, PromoEdgeOptions } from "./options.js";
export { PromoEdgePlugin } from "./plugin.js";
