/**
 * Promo codes for a shop's own server: a client that asks with the merchant's token, receipts that
 * are checked without asking, and what a checkout behind the Worker is told.
 * @module
 */

export { clickPathOf, readDecision, requireSame } from "./checkout.js";
export { createPromoEdge, orThrow, PromoEdge } from "./client.js";
export { OrderDiffersError, PromoEdgeError } from "./errors.js";
export { receiptForRecord, receiptKeys, verifyReceipt } from "./receipt.js";

/** @typedef {import("./checkout.js").Arrival} Arrival */
/** @typedef {import("./checkout.js").CheckoutOptions} CheckoutOptions */
/** @typedef {import("./checkout.js").Verdict} Verdict */
/** @typedef {import("./client.js").AskOptions} AskOptions */
/** @typedef {import("./client.js").Settings} Settings */
/** @typedef {import("./receipt.js").Trust} Trust */
/** @typedef {import("./shapes.js").Cart} Cart */
/** @typedef {import("./shapes.js").Decision} Decision */
/** @typedef {import("./shapes.js").Order} Order */
/** @typedef {import("./shapes.js").OrderAnswer} OrderAnswer */
/** @typedef {import("./shapes.js").Problem} Problem */
/** @typedef {import("./shapes.js").TrustedFacts} TrustedFacts */
/** @typedef {import("./shapes.js").ValidateAnswer} ValidateAnswer */
