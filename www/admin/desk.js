/**
 * What the admin page works out by itself, in wasm: patterns in words, built, tried and compared,
 * and dates as the interface reads them.
 * @module
 */

import * as glue from "./wasm/desk/desk.js";

/**
 * A pattern in words, or why a text is none; `at` is a character, counted from one.
 *
 * @typedef {{ ok: true, sentences: string[], matching: string[], not_matching: string[],
 *   warnings: string[] }} Explained
 * @typedef {{ ok: false, fault: string, at: number | null, reason: string,
 *   remedy: string }} Refused
 */
/** @typedef {"empty" | "too_long" | "control_character"} Malformed */
/**
 * What becomes of a typed text.
 *
 * @typedef {{ code: string, matches: boolean, malformed?: undefined }
 *   | { code?: undefined, matches?: undefined, malformed: Malformed }} Tried
 */
/** @typedef {"starts_with" | "ends_with" | "contains" | "exactly"} FormKind */
/**
 * What most patterns say. Without `most` there may be any number of digits.
 *
 * @typedef {object} Form
 * @property {FormKind} kind
 * @property {string[]} texts
 * @property {boolean} any_case
 * @property {{ least: number, most?: number }} [digits]
 */
/** @typedef {{ id: string, code: string, match_type: "exact" | "regex" }} OtherCode */
/**
 * A code with a text in common; `example` is null when comparing would take too long.
 *
 * @typedef {{ id: string, example: string | null }} Overlap
 */
/**
 * Codes that patterns are compared with. `free` gives their memory back.
 *
 * @typedef {object} OtherCodes
 * @property {(codes: OtherCode[]) => void} add
 * @property {number} size
 * @property {(pattern: string, first: number, count: number) => Overlap[] | undefined} overlaps
 * @property {() => void} free
 */
/** @typedef {{ separators?: boolean, lookalikes?: boolean }} Folding */
/** @typedef {"unreadable" | "nonexistent" | "out_of_range" | "unknown_zone"} DateError */
/**
 * The instant that a date means, and the one that its offset would have meant where a zone's name
 * replaced it.
 *
 * @typedef {{ at_ms: number, overridden_ms?: number, error?: undefined }
 *   | { at_ms?: undefined, error: DateError }} ReadDate
 */
/**
 * The module at work.
 *
 * @typedef {object} Desk
 * @property {(pattern: string, lang: string) => Explained | Refused} explain
 * @property {(pattern: string, typed: string[]) => Tried[] | undefined} test nothing for no pattern
 * @property {(form: Form) => string | undefined} build nothing for a form that says nothing
 * @property {(pattern: string) => Form | undefined} recognise nothing for other patterns
 * @property {(folding?: Folding) => OtherCodes} others
 * @property {(text: string, folding?: Folding) =>
 *   { code: string, folded: string, malformed?: undefined }
 *   | { code?: undefined, malformed: Malformed }} foldCode
 * @property {(text: string, zones: { own?: string, program: string }, boundary: "start" | "end",
 *   notation?: "json" | "sheet") => ReadDate} readDate as in a form unless it says `json`
 */

/**
 * Starts the module. A second call returns the same one.
 *
 * @param {WebAssembly.Module | BufferSource} wasm `wasm/desk/desk_bg.wasm`
 * @returns {Desk}
 */
export function startDesk(wasm) {
  glue.initSync({ module: wasm });
  const { OtherCodes, buildPattern, explainPattern, recognisePattern, testPattern } = glue;
  return /** @type {Desk} */ ({
    explain: explainPattern,
    test: testPattern,
    build: buildPattern,
    recognise: recognisePattern,
    others: ({ separators = false, lookalikes = false } = {}) =>
      new OtherCodes(separators, lookalikes),
    foldCode: (text, { separators = false, lookalikes = false } = {}) =>
      glue.foldCode(text, separators, lookalikes),
    readDate: (text, { own, program }, boundary, notation = "sheet") =>
      glue.readDate(text, own, program, boundary, notation),
  });
}

/** @type {Promise<Desk> | undefined} */
let loading;

/**
 * Fetches and starts the module. Where that fails the next call tries again.
 *
 * @returns {Promise<Desk>}
 */
export function loadDesk() {
  loading ??= fetchWasm()
    .then(startDesk)
    .catch((error) => {
      loading = undefined;
      throw error;
    });
  return loading;
}

async function fetchWasm() {
  const url = new URL("./wasm/desk/desk_bg.wasm", import.meta.url);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  // Some servers do not know the type `application/wasm`, which streaming insists on.
  return WebAssembly.compile(await response.arrayBuffer());
}
