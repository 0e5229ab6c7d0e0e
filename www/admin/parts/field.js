/**
 * The fields of forms: a label, what it means, the control, and what is wrong with it.
 * @module
 */

import { html, useId } from "../vendor/preact.js";

/**
 * @typedef {object} FieldProps
 * @property {string} label
 * @property {string} [hint]
 * @property {string} [error]
 * @property {boolean} [isWide] over the whole width of its form
 * @property {any} [children]
 * @property {any} [rest]
 */

/**
 * @param {FieldProps & { control: (ids: Record<string, any>) => any }} props
 */
function Field({ label, hint, error, isWide, control }) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const ids = {
    id,
    "aria-describedby": described || undefined,
    "aria-invalid": error ? "true" : undefined,
  };
  return html`
    <div class=${`field${isWide ? " wide" : ""}`}>
      <label for=${id}>${label}</label>
      ${control(ids)}
      ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
      ${error && html`<p class="error" id=${`${id}-error`}>${error}</p>`}
    </div>`;
}

/**
 * @param {FieldProps & { value: string, onInput: (value: string) => void, [more: string]: any }}
 *   props
 */
export function TextField({ label, hint, error, isWide, value, onInput, ...rest }) {
  return html`<${Field} ...${{ label, hint, error, isWide }} control=${(/** @type {any} */ ids) =>
    html`<input ...${{ type: "text", autocomplete: "off", ...rest, ...ids }} value=${value}
      onInput=${(/** @type {any} */ event) => onInput(event.currentTarget.value)} />`} />`;
}

/**
 * @param {FieldProps & { value: string, onInput: (value: string) => void, [more: string]: any }}
 *   props
 */
export function AreaField({ label, hint, error, isWide = true, value, onInput, ...rest }) {
  return html`<${Field} ...${{ label, hint, error, isWide }} control=${(/** @type {any} */ ids) =>
    html`<textarea ...${{ rows: 4, ...rest, ...ids }} value=${value}
      onInput=${(/** @type {any} */ event) => onInput(event.currentTarget.value)}></textarea>`} />`;
}

/**
 * @param {FieldProps & { value: string, options: [string, string][],
 *   onChange: (value: string) => void, [more: string]: any }} props
 */
export function SelectField({ label, hint, error, isWide, value, options, onChange, ...rest }) {
  return html`<${Field} ...${{ label, hint, error, isWide }} control=${(/** @type {any} */ ids) =>
    html`<select ...${{ ...rest, ...ids }} value=${value}
      onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.value)}>
      ${options.map(([key, name]) =>
        html`<option key=${key} value=${key} selected=${key === value}>${name}</option>`)}
    </select>`} />`;
}

/**
 * A few choices, each with a sentence that says what it means.
 *
 * @param {{ legend: string, hint?: string, value: string, isWide?: boolean,
 *   options: { value: string, label: string, hint?: string }[],
 *   onChange: (value: string) => void }} props
 */
export function Choice({ legend, hint, value, isWide, options, onChange }) {
  const name = useId();
  return html`
    <fieldset class=${`choice${isWide ? " wide" : ""}`}>
      <legend>${legend}</legend>
      ${hint && html`<p class="hint">${hint}</p>`}
      <div class="choices">
        ${options.map((option) => html`
          <label key=${option.value} class="option">
            <input type="radio" name=${name} value=${option.value}
              checked=${option.value === value} onChange=${() => onChange(option.value)} />
            <span><b>${option.label}</b>${option.hint && html`<small>${option.hint}</small>`}</span>
          </label>`)}
      </div>
    </fieldset>`;
}

/**
 * @param {{ label: string, hint?: string, checked: boolean, isWide?: boolean,
 *   onChange: (checked: boolean) => void }} props
 */
export function Check({ label, hint, checked, isWide = true, onChange }) {
  return html`
    <label class=${`option check${isWide ? " wide" : ""}`}>
      <input type="checkbox" checked=${checked}
        onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.checked)} />
      <span><b>${label}</b>${hint && html`<small>${hint}</small>`}</span>
    </label>`;
}

/**
 * A whole number that may be left out.
 *
 * @param {FieldProps & { value: number | null | undefined, min?: number, max?: number,
 *   onInput: (value: number | null) => void, [more: string]: any }} props
 */
export function NumberField({ value, onInput, min = 0, ...rest }) {
  return html`<${TextField} ...${rest} type="number" inputmode="numeric" min=${min} step="1"
    value=${value ?? ""}
    onInput=${(/** @type {string} */ text) => onInput(text === "" ? null : Number(text))} />`;
}
