/**
 * The filters of the codes' table. They are in the address, so that a link or a reload finds the
 * same rows.
 * @module
 */

import { useDesk } from "../shared.js";
import { SelectField, TextField } from "../parts/field.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";

const NAMES = ["text", "owner", "state", "deal", "kind", "credit_policy", "match_type", "upload"];
const ORDERS = ["created", "code", "start", "end"];
const TYPING_MS = 250;

/**
 * What the interface is asked with. Codes that are active are asked for unless others are.
 *
 * @param {URLSearchParams} query
 * @returns {Record<string, string>}
 */
export function filterOf(query) {
  /** @type {Record<string, string>} */
  const filter = { state: "active" };
  for (const name of [...NAMES, "sort", "desc"]) {
    const value = query.get(name);
    if (value) filter[name] = value;
  }
  return filter;
}

/**
 * @param {{ filter: Record<string, string>, query: URLSearchParams,
 *   onChange: (filter: Record<string, string>) => void }} props
 */
export function CodeFilters({ filter, onChange }) {
  const { speech, partners, deals } = useDesk();
  const set = (/** @type {Record<string, string>} */ change) => onChange({ ...filter, ...change });
  /** @param {string} family @param {string[]} literals @returns {[string, string][]} */
  const terms = (family, literals) => [
    ["", speech.text("all")],
    ...literals.map((name) => /** @type {[string, string]} */ ([name, speech.term(family, name)])),
  ];
  /** @param {{ id: string, name: string }[]} entities @returns {[string, string][]} */
  const named = (entities) => [
    ["", speech.text("all")],
    ...entities.map(({ id, name }) => /** @type {[string, string]} */ ([id, name])),
  ];
  /** @param {string} name @param {string} label @param {[string, string][]} options */
  const select = (name, label, options) => html`
    <${SelectField} label=${label} value=${filter[name] ?? ""} options=${options}
      onChange=${(/** @type {string} */ value) => set({ [name]: value })} />`;
  const states = terms("state", ["pending", "active", "expired"]);
  states[0][0] = "all";
  const rest = ["owner", "deal", "kind", "credit_policy", "match_type", "upload", "sort"];
  return html`
    <search class="filters">
      <${TextFilter} value=${filter.text ?? ""} onChange=${(/** @type {string} */ text) =>
        set({ text })} />
      ${select("state", speech.text("schedule"), states)}
      <details open=${rest.some((name) => filter[name])}>
        <summary>${speech.text("codes.more_filters")}</summary>
        <div class="filters">
          ${select("owner", speech.text("owner"), named(partners))}
          ${select("deal", speech.text("deal"), named(deals))}
          ${select("kind", speech.text("kind"), terms("kind", ["tracking", "restricted"]))}
          ${select("credit_policy", speech.text("credit_policy"),
            terms("policy_short", ["always", "involved", "winner"]))}
          ${select("match_type", speech.text("match_type"),
            terms("match_short", ["exact", "regex"]))}
          <${Order} filter=${filter} set=${set} />
        </div>
      </details>
      ${filter.upload && html`
        <p class="wide"><span class="tag">${speech.text("codes.of_upload")}</span>
          <button type="button" class="quiet" onClick=${() => set({ upload: "" })}>
            ${speech.text("clear")}</button></p>`}
    </search>`;
}

/** @param {{ filter: Record<string, string>, set: (change: any) => void }} props */
function Order({ filter, set }) {
  const { speech } = useDesk();
  const options = ORDERS.flatMap((name) => [name, `${name}-desc`]);
  const value = filter.sort ? `${filter.sort}${filter.desc ? "-desc" : ""}` : "";
  return html`
    <${SelectField} label=${speech.text("sort")} value=${value}
      options=${[["", speech.text("sort.default")],
        ...options.map((name) => [name, speech.term("sort", name)])]}
      onChange=${(/** @type {string} */ chosen) => {
        const [sort, desc] = chosen.split("-");
        set({ sort, desc: desc ? "true" : "" });
      }} />`;
}

/**
 * Asks when typing pauses, not at every letter.
 *
 * @param {{ value: string, onChange: (text: string) => void }} props
 */
function TextFilter({ value, onChange }) {
  const { speech } = useDesk();
  const [text, setText] = useState(value);
  const timer = useRef(/** @type {any} */ (null));
  useEffect(() => setText(value), [value]);
  const type = (/** @type {string} */ typed) => {
    setText(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(typed), TYPING_MS);
  };
  return html`<${TextField} label=${speech.text("codes.find")} type="search" value=${text}
    spellcheck=${false} hint=${speech.text("codes.find_hint")} onInput=${type} />`;
}
