/**
 * What the attributes of the field say, and the properties that stand for them: either may be set,
 * by markup, by a framework or by a script, before the element is defined or after.
 * @module
 */

/** @typedef {import("./client.js").Cart} Cart */

/** The attributes that a cart is read from. */
export const CART_ATTRIBUTES = ["currency", "subtotal-minor", "country", "event-type"];

/** The properties below, for which an attribute stands. */
const PROPERTIES = [
  "endpoint",
  "currency",
  "subtotalMinor",
  "country",
  "eventType",
  "maxCodes",
  "checkSymbol",
];

/** On a server there is nothing to extend, and importing this must do no harm. */
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (class {});

/** An element whose properties are its attributes. `null` takes an attribute away. */
export class ReflectingElement extends Base {
  /** The Worker's `/v1/validate`. */
  get endpoint() {
    return this.getAttribute("endpoint");
  }

  set endpoint(url) {
    this.#reflect("endpoint", url);
  }

  /** ISO 4217. */
  get currency() {
    return this.getAttribute("currency");
  }

  set currency(code) {
    this.#reflect("currency", code);
  }

  /** Sum of the lines before any discount, in the currency's minor unit. */
  get subtotalMinor() {
    return whole(this.getAttribute("subtotal-minor"), 0);
  }

  set subtotalMinor(amount) {
    this.#reflect("subtotal-minor", amount);
  }

  /** ISO 3166-1, where the order goes. */
  get country() {
    return this.getAttribute("country");
  }

  set country(code) {
    this.#reflect("country", code);
  }

  /** What kind of event the order will be, such as `SALE`. */
  get eventType() {
    return this.getAttribute("event-type");
  }

  set eventType(id) {
    this.#reflect("event-type", id);
  }

  /** How many codes the order may have: 1 unless said otherwise. */
  get maxCodes() {
    return whole(this.getAttribute("max-codes"), 1) ?? 1;
  }

  set maxCodes(count) {
    this.#reflect("max-codes", count);
  }

  /**
   * How codes begin that end in a check symbol, with spaces between: such a code is refused here
   * when it is mistyped. Empty: every code ends in one. The alphabet is that of `promo generate`.
   */
  get checkSymbol() {
    return this.getAttribute("check-symbol");
  }

  set checkSymbol(prefixes) {
    this.#reflect("check-symbol", prefixes);
  }

  /** @param {string} name @param {string | number | null | undefined} value */
  #reflect(name, value) {
    if (value === null || value === undefined) this.removeAttribute(name);
    else this.setAttribute(name, String(value));
  }
}

/**
 * Properties that were set before the element was defined shadow its own: they are set again.
 *
 * @param {HTMLElement} element
 * @param {string[]} others properties that stand for no attribute
 */
export function takeUp(element, others) {
  for (const name of [...PROPERTIES, ...others]) {
    if (!Object.hasOwn(element, name)) continue;
    const value = Reflect.get(element, name);
    Reflect.deleteProperty(element, name);
    Reflect.set(element, name, value);
  }
}

/**
 * @param {ReflectingElement} element
 * @param {Cart["items"]} items
 * @returns {Cart}
 */
export function readCart(element, items) {
  return {
    currency: element.currency ?? undefined,
    subtotal_minor: element.subtotalMinor ?? undefined,
    country: element.country ?? undefined,
    event_type: element.eventType ?? undefined,
    items,
  };
}

/** @param {ReflectingElement} element @returns {string[]} */
export function checkedPrefixes({ checkSymbol }) {
  if (checkSymbol === null) return [];
  const prefixes = checkSymbol.split(/\s+/).filter(Boolean);
  return prefixes.length > 0 ? prefixes : [""];
}

/**
 * A whole number of at least `least`, as an attribute has it.
 *
 * @param {string | null} text
 * @param {number} least
 * @returns {number | null}
 */
function whole(text, least) {
  const number = /^\s*\d+\s*$/.test(text ?? "") ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) && number >= least ? number : null;
}
