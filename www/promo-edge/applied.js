/**
 * The codes of one order, where a shop takes several: asked about again when the cart changes, one
 * after another and on a line of their own, so that typing the next one disturbs none of them.
 * @module
 */

import { dependsOnCart, isSameAnswer } from "./client.js";
import { PromoCodeEvent } from "./event.js";

/** @typedef {import("./client.js").Answer} Answer */
/** @typedef {import("./client.js").Cart} Cart */
/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./client.js").RefusedAnswer} RefusedAnswer */
/** @typedef {import("./client.js").ValidAnswer} ValidAnswer */

/**
 * One of them. It stays in sight when it is refused later, so that the shopper sees which, and
 * comes back to life with the cart that it needs.
 *
 * @typedef {object} AppliedCode
 * @property {string} code in its normal form
 * @property {Answer} answer
 * @property {boolean} provisional not confirmed by the Worker
 */

/**
 * @typedef {object} AppliedListener
 * @property {(event: PromoCodeEvent) => unknown} tell for the page
 * @property {() => void} onChange the list is another
 * @property {(code: AppliedCode) => void} onAnswer one of it is answered otherwise than before
 */

/** How two spellings of a code are compared: as a shopper would. @param {string} code */
const spelled = (code) => code.trim().toLowerCase();

/** The codes that are applied, in the order in which they came. */
export class AppliedCodes {
  /** @type {AppliedCode[]} */
  #codes = [];
  /** @type {Client | null} */
  #line = null;
  #turn = 0;
  #listener;

  /** @param {AppliedListener} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  get all() {
    return this.#codes;
  }

  /** Those that the order has. @returns {(AppliedCode & { answer: ValidAnswer })[]} */
  get valid() {
    return this.#codes.filter(
      /** @returns {one is AppliedCode & { answer: ValidAnswer }} */
      (one) => one.answer.valid,
    );
  }

  /** @param {string} code in any spelling */
  has(code) {
    return this.#codes.some((one) => spelled(one.code) === spelled(code));
  }

  /**
   * Why another code need not be asked about.
   *
   * @param {string} typed
   * @param {number} limit how many an order may have
   * @returns {RefusedAnswer | undefined}
   */
  refusal(typed, limit) {
    if (this.has(typed)) return { valid: false, reason: "already_applied" };
    const isFull = this.#codes.length >= limit;
    return isFull ? { valid: false, reason: "too_many_codes", limit } : undefined;
  }

  /**
   * What a form submits, as it would of several inputs of one name; and what it keeps for the
   * shopper who comes back.
   *
   * @param {string} name
   * @returns {[FormData, FormData]}
   */
  asFormValue(name) {
    const [value, state] = [new FormData(), new FormData()];
    for (const { code } of this.valid) value.append(name, code);
    for (const { code } of this.#codes) state.append(name, code);
    return [value, state];
  }

  /**
   * @param {ValidAnswer} answer
   * @param {boolean} provisional
   */
  add(answer, provisional) {
    this.#codes = [...this.#codes, { code: answer.code, answer, provisional }];
    this.#listener.onChange();
  }

  /** Takes one back. @param {string} code in any spelling */
  remove(code) {
    const [removed] = this.#codes.filter((one) => spelled(one.code) === spelled(code));
    if (removed) this.#takeBack([removed]);
  }

  /** Takes all back. */
  clear() {
    this.stop();
    this.#takeBack(this.#codes);
  }

  /**
   * Brings codes back that the Worker has yet to confirm.
   *
   * @param {unknown[]} codes
   */
  restore(codes) {
    for (const code of codes.map(String).filter((one) => !this.has(one))) {
      this.add({ valid: true, code, deal: null, quote: null, unchecked: [] }, true);
    }
  }

  /** Gives up what is being asked. */
  stop() {
    this.#turn += 1;
    this.#line?.abort();
  }

  /**
   * Asks again about the codes that another cart may change, and those that wait to be confirmed.
   *
   * @param {Client} client
   * @param {Cart} cart
   */
  async recheck(client, cart) {
    this.stop();
    const turn = this.#turn;
    const line = (this.#line = client.sibling());
    const open = this.#codes.filter(({ answer, provisional }) =>
      provisional || dependsOnCart(answer));
    for (const one of open) {
      const reply = await line.validate(one.code, cart);
      if (turn !== this.#turn) return;
      if (reply.outcome === "answered") this.#replace(one, reply.answer, false);
      else this.#replace(one, one.answer, true);
    }
  }

  /** @param {AppliedCode[]} removed */
  #takeBack(removed) {
    this.#codes = this.#codes.filter((one) => !removed.includes(one));
    this.#listener.onChange();
    for (const { code } of removed) {
      this.#listener.tell(new PromoCodeEvent("promo-code-cleared", code));
    }
  }

  /**
   * @param {AppliedCode} old
   * @param {Answer} answer
   * @param {boolean} provisional
   */
  #replace(old, answer, provisional) {
    const isSame = old.provisional === provisional && isSameAnswer(old.answer, answer);
    if (isSame || !this.#codes.includes(old)) return;
    const now = { code: old.code, answer, provisional };
    this.#codes = this.#codes.map((one) => (one === old ? now : one));
    this.#listener.onChange();
    const type = answer.valid ? "promo-code-validated" : "promo-code-refused";
    this.#listener.tell(new PromoCodeEvent(type, now.code, { answer, provisional }));
    this.#listener.onAnswer(now);
  }
}
