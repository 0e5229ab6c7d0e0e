/**
 * The wasm module on a thread of its own: a pattern may take a second to compile, and the page is
 * to stay awake.
 * @module
 */

import { loadDesk } from "../desk.js";

/** @typedef {import("../desk.js").OtherCode} OtherCode */
/** @typedef {import("../desk.js").OtherCodes} OtherCodes */
/** @typedef {import("./thread.js").Call} Call */

/** How long codes are compared before others may ask. */
const STRETCH_MS = 25;
/** How many are compared before the clock is looked at. */
const CODES_AT_ONCE = 8;

/** @type {OtherCodes | undefined} */
let others;

/** @type {{ [Name in Call["name"]]: (desk: import("../desk.js").Desk, args: any) => unknown }} */
const CALLS = {
  explain: (desk, { pattern, lang }) => ({
    explained: desk.explain(pattern, lang),
    form: desk.recognise(pattern) ?? null,
  }),
  build: (desk, { form }) => desk.build(form) ?? "",
  test: (desk, { pattern, typed }) => desk.test(pattern, typed) ?? [],
  know: (desk, { codes, folding, isFirst }) => {
    if (isFirst || !others) {
      others?.free();
      others = desk.others(folding);
    }
    others.add(codes);
  },
  overlaps: (_, { pattern, first }) => {
    const all = others?.size ?? 0;
    const until = performance.now() + STRETCH_MS;
    /** @type {import("../desk.js").Overlap[]} */
    const found = [];
    let done = first;
    do {
      found.push(...(others?.overlaps(pattern, done, CODES_AT_ONCE) ?? []));
      done += CODES_AT_ONCE;
    } while (done < all && performance.now() < until);
    return { found, done: Math.min(done, all), all };
  },
};

addEventListener("message", async ({ data }) => {
  const { id, name, args } = /** @type {Call} */ (data);
  try {
    postMessage({ id, answer: CALLS[name](await loadDesk(), args) });
  } catch (error) {
    postMessage({ id, failure: String(error) });
  }
});
