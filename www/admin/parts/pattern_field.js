/**
 * The field for a regular expression.
 * @module
 */

import { useDesk } from "../shared.js";
import { html } from "../vendor/preact.js";
import { TextField } from "./field.js";

/**
 * @param {{ value: string, error?: string, isFixed?: boolean,
 *   onInput: (pattern: string) => void }} props
 */
export function PatternField({ value, error, isFixed, onInput }) {
  const { speech } = useDesk();
  return html`<${TextField} label=${speech.text("pattern")} value=${value} error=${error}
    class="code" isWide=${true} spellcheck=${false} readonly=${isFixed} onInput=${onInput}
    hint=${speech.text("pattern_hint")} />`;
}
