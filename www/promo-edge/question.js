/**
 * The one question that a field has: what it is about, and whether its answer is still wanted.
 * @module
 */

/** @typedef {import("./client.js").Cart} Cart */

/** So that a shopper who steps a quantity up five times asks once. */
const RECHECK_DELAY_MS = 250;

/** Its answer counts while nothing newer was asked. */
export class Question {
  /** @type {string | null} the text that it is about; `null` when there is none */
  text = null;
  /** Whether a reply is wanted; one that a move in the page cut off is asked for again. */
  isOpen = false;
  /** The cart that it is about, as JSON. */
  #cart = "";
  #turn = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {string} text
   * @param {Cart} cart
   * @returns {() => boolean} whether it is still the newest
   */
  ask(text, cart) {
    this.text = text;
    this.#cart = JSON.stringify(cart);
    const turn = this.#turn;
    return () => turn === this.#turn;
  }

  /** Gives up what is under way or about to be asked. */
  withdraw() {
    clearTimeout(this.#timer);
    this.#turn += 1;
  }

  /** What was asked is no longer about what stands in the input. */
  forget() {
    this.text = null;
    this.isOpen = false;
  }

  /** Whether it was asked, and of another cart. @param {Cart} cart */
  isOutdated(cart) {
    return this.text !== null && this.#cart !== JSON.stringify(cart);
  }

  /** Does something once the cart has come to rest. @param {() => void} work */
  soon(work) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(work, RECHECK_DELAY_MS);
  }
}
