/**
 * The place of the pattern editor in a form. It is an element of its own, which is loaded when a
 * pattern is first looked at.
 * @module
 */

import { PAGE_LIMIT } from "../api.js";
import { useDesk } from "../shared.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { TextField } from "./field.js";

/** As many codes are compared with a pattern as arrive in a moment; patterns come first. */
const OTHERS_COUNT_MAX = 5000;

/**
 * @param {{ value: string, error?: string, onInput: (pattern: string) => void }} props
 */
export function PatternField({ value, error, onInput }) {
  return html`
    <div class="wide pattern-place">
      ${error && html`<p class="error" role="alert">${error}</p>`}
      <${PatternEditor} pattern=${value} onInput=${onInput} />
    </div>`;
}

/**
 * A pattern that stands: what it means, and a place to try others.
 *
 * @param {{ value: string }} props
 */
export function FixedPattern({ value }) {
  const { speech } = useDesk();
  const [isOpen, setOpen] = useState(false);
  const toggle = (/** @type {any} */ event) => setOpen(event.currentTarget.open);
  return html`
    <fieldset class="group"><legend>${speech.text("pattern")}</legend>
      <${TextField} label=${speech.text("pattern")} value=${value} class="code" isWide=${true}
        readonly onInput=${() => {}} />
      <details onToggle=${toggle}>
        <summary>${speech.text("pattern.words")}</summary>
        ${isOpen && html`<${PatternEditor} pattern=${value} onInput=${() => {}} />`}
      </details></fieldset>`;
}

/** @param {{ pattern: string, onInput: (pattern: string) => void }} props */
function PatternEditor({ pattern, onInput }) {
  const { api, base, program, speech } = useDesk();
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const heard = useRef(onInput);
  heard.current = onInput;
  const editor = useRef(/** @type {any} */ (null));
  useEffect(() => {
    let isGone = false;
    import("../pattern/pattern.js").then(async ({ mountPattern }) => {
      if (isGone || !place.current) return;
      editor.current = await mountPattern(place.current, {
        ...{ lang: speech.language, pattern, folding: program.folding, level: 2 },
        onChange: (text) => heard.current(text),
        loadOthers: () => loadOthers(api, base),
      });
      if (isGone) editor.current.destroy();
    });
    return () => {
      isGone = true;
      editor.current?.destroy();
    };
  }, []);
  useEffect(() => {
    editor.current?.setLang(speech.language);
  }, [speech.language]);
  return html`<div ref=${place}></div>`;
}

/**
 * The codes that a pattern is compared with: every pattern that is not over, and then exact codes.
 *
 * @param {import("../api.js").Api} api
 * @param {string} base
 */
async function loadOthers(api, base) {
  /** @type {import("../desk.js").OtherCode[]} */
  const others = [];
  for (const match_type of /** @type {const} */ (["regex", "exact"])) {
    /** @type {string | null} */
    let cursor = null;
    do {
      const query = { match_type, state: "active", limit: PAGE_LIMIT, cursor };
      const page = await api.get(`${base}/codes`, query);
      for (const { id, code } of page.items) others.push({ id, code, match_type });
      cursor = page.next_cursor;
    } while (cursor !== null && others.length < OTHERS_COUNT_MAX);
  }
  return others;
}
