/**
 * Questions to the wasm module on its own thread.
 * @module
 */

/** @typedef {import("../desk.js").Explained} Explained */
/** @typedef {import("../desk.js").Folding} Folding */
/** @typedef {import("../desk.js").Form} Form */
/** @typedef {import("../desk.js").OtherCode} OtherCode */
/** @typedef {import("../desk.js").Overlap} Overlap */
/** @typedef {import("../desk.js").Refused} Refused */
/** @typedef {import("../desk.js").Tried} Tried */
/** @typedef {"explain" | "build" | "test" | "know" | "overlaps"} CallName */
/** @typedef {{ id: number, name: CallName, args: object }} Call */

export class Thread {
  #worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  /** @type {Map<number, { resolve: (answer: any) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();
  #count = 0;

  constructor() {
    this.#worker.addEventListener("message", ({ data: { id, answer, failure } }) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (failure === undefined) waiting?.resolve(answer);
      else waiting?.reject(new Error(failure));
    });
    // The script itself could not be fetched.
    this.#worker.addEventListener("error", () => this.#give(new Error("no worker")));
  }

  /**
   * @param {string} pattern
   * @param {string} lang
   * @returns {Promise<{ explained: Explained | Refused, form: Form | null }>}
   */
  explain(pattern, lang) {
    return this.#ask("explain", { pattern, lang });
  }

  /** The pattern of a form; empty for a form that says nothing. @param {Form} form */
  build(form) {
    return /** @type {Promise<string>} */ (this.#ask("build", { form }));
  }

  /**
   * @param {string} pattern
   * @param {string[]} typed
   * @returns {Promise<Tried[]>}
   */
  test(pattern, typed) {
    return this.#ask("test", { pattern, typed });
  }

  /**
   * Takes in codes that patterns are compared with.
   *
   * @param {OtherCode[]} codes
   * @param {{ folding: Folding, isFirst: boolean }} how the programme's folding, and whether these
   *   are the first, in place of all before
   * @returns {Promise<void>}
   */
  know(codes, how) {
    return this.#ask("know", { codes, ...how });
  }

  /**
   * Compares some of the codes, from one on, with a pattern.
   *
   * @param {string} pattern
   * @param {number} first
   * @returns {Promise<{ found: Overlap[], done: number, all: number }>}
   */
  overlaps(pattern, first) {
    return this.#ask("overlaps", { pattern, first });
  }

  /** Ends the thread. What was asked is never answered. */
  end() {
    this.#worker.terminate();
    this.#waiting.clear();
  }

  /**
   * @param {CallName} name
   * @param {object} args
   * @returns {Promise<any>}
   */
  #ask(name, args) {
    this.#count += 1;
    const id = this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, name, args });
    });
  }

  /** @param {Error} error */
  #give(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
