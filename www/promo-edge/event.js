/**
 * What the field tells the page.
 * @module
 */

/** @typedef {import("./client.js").Answer} Answer */

/**
 * - `promo-code-validating`: the Worker is being asked;
 * - `promo-code-validated`: yes, `provisional` while it is only this page's;
 * - `promo-code-refused`: no, and `answer.reason` says why;
 * - `promo-code-error`: nobody could say, and `failure` says why not;
 * - `promo-code-cleared`: a code that applied does so no longer, because it was taken back.
 *
 * @typedef {"promo-code-validating" | "promo-code-validated" | "promo-code-refused"
 *   | "promo-code-error" | "promo-code-cleared"} PromoCodeEventType
 */
/**
 * Why there is no answer.
 *
 * @typedef {{ outcome: "offline" }
 *   | { outcome: "failed", status: number, retryAfterS: number | null }} Failure
 */

/** Something has happened to a code. */
export class PromoCodeEvent extends Event {
  /**
   * @param {PromoCodeEventType} type
   * @param {string} code as it was typed; its normal form once it has been accepted
   * @param {object} [details]
   * @param {Answer | null} [details.answer] the one that stands, if one does
   * @param {boolean} [details.provisional] this page's own yes: the Worker's comes later
   * @param {Failure | null} [details.failure]
   */
  constructor(type, code, { answer = null, provisional = false, failure = null } = {}) {
    super(type, { bubbles: true, composed: true });
    this.code = code;
    this.answer = answer;
    this.provisional = provisional;
    this.failure = failure;
  }
}
