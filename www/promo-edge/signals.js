/**
 * How codes come into the field. A script that tries one code after another into a shopper's cart
 * looks otherwise than a shopper; what is noticed is told to the Worker with the question, for the
 * merchant's monitoring. It is a hint and no proof: it is counted, and changes no answer.
 * @module
 */

/**
 * @typedef {object} ReportedSignals
 * @property {number} [distinct_codes] how many codes this field was asked about of late
 * @property {number} [window_s] how long "of late" is, in seconds
 * @property {number} [untrusted_inputs] how many of the questions so far were about a text that no
 *   key, paste or autofill of a shopper's put there
 */

/** Nobody types codes faster than this for long; a script tries dozens in it. */
const WINDOW_S = 10;
/** A shopper who mistypes a code three times asks about four. */
const MANY = 5;

/** What one field has noticed. */
export class Signals {
  /** What the shopper, or the page before we came, has put there. */
  #own = "";
  #untrustedInputs = 0;
  /** @type {{ code: string, at: number }[]} */
  #asked = [];

  /** The text is no script's. @param {string} text */
  trust(text) {
    this.#own = text;
  }

  /**
   * @param {string} code
   * @param {number} nowMs any clock that does not go back
   * @returns {ReportedSignals | undefined} nothing when there is nothing to report
   */
  report(code, nowMs) {
    if (code !== this.#own) this.#untrustedInputs += 1;
    const recent = this.#asked.filter(({ at }) => nowMs - at < WINDOW_S * 1000);
    this.#asked = [...recent.filter((one) => one.code !== code), { code, at: nowMs }];
    const distinct = this.#asked.length;
    if (distinct < MANY && this.#untrustedInputs === 0) return undefined;
    return {
      ...(distinct < MANY ? {} : { distinct_codes: distinct, window_s: WINDOW_S }),
      ...(this.#untrustedInputs === 0 ? {} : { untrusted_inputs: this.#untrustedInputs }),
    };
  }
}
