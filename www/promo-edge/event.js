/**
 * What the field tells the page.
 * @module
 */

/** @typedef {import("./client.js").Answer} Answer */

/** There is an answer (`promo-code-validated`), or no longer is one (`promo-code-cleared`). */
export class PromoCodeEvent extends Event {
  /**
   * @param {"promo-code-validated" | "promo-code-cleared"} type
   * @param {Answer | null} [answer]
   * @param {boolean} [provisional] this browser's own yes: the Worker's comes later
   */
  constructor(type, answer = null, provisional = false) {
    super(type, { bubbles: true, composed: true });
    this.answer = answer;
    this.provisional = provisional;
  }
}
