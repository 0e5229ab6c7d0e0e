/**
 * The fields of a code: what it is once and for all, and what may change.
 * @module
 */

import { useDesk } from "../shared.js";
import { AreaField, Check, Choice, NumberField, SelectField, TextField } from "../parts/field.js";
import { FixedPattern, PatternField } from "../parts/pattern_field.js";
import { ScheduleFields } from "../parts/schedule.js";
import { html } from "../vendor/preact.js";

/** @typedef {import("./code_draft.js").Draft} Draft */
/** @typedef {{ draft: Draft, set: (change: Partial<Draft>) => void,
 *    error: (field: string) => string }} FieldsProps */

/** @param {FieldsProps} props */
export function NewCodeFields(props) {
  return html`<${Identity} ...${props} /><${CommonFields} ...${props} />`;
}

/** @param {FieldsProps} props */
export function PatternCodeFields(props) {
  return html`
    <${FixedPattern} value=${props.draft.code} />
    <${CommonFields} ...${props} />`;
}

/** What may change. @param {FieldsProps} props */
export function CommonFields({ draft, set, error }) {
  const { speech, deals } = useDesk();
  return html`
    <fieldset class="group"><legend>${speech.text("schedule")}</legend>
      <${ScheduleFields} draft=${draft} set=${set} /></fieldset>
    <fieldset class="group"><legend>${speech.text("code.deal_and_caps")}</legend>
      <div class="fields">
        <${SelectField} label=${speech.text("deal")} value=${draft.deal}
          hint=${speech.text("deal_hint")}
          options=${[["", speech.text("no_deal")],
            ...deals.map(({ id, name }) => /** @type {[string, string]} */ ([id, name]))]}
          onChange=${(/** @type {string} */ deal) => set({ deal })} />
        <${NumberField} label=${speech.text("max_redemptions")} value=${draft.max_redemptions}
          min=${1} hint=${speech.text("max_redemptions_hint")} error=${error("cap")}
          onInput=${(/** @type {number | null} */ max_redemptions) => set({ max_redemptions })} />
        <${NumberField} label=${speech.text("max_per_customer")} min=${1}
          value=${draft.max_redemptions_per_customer} hint=${speech.text("max_per_customer_hint")}
          error=${error("customer_cap")} onInput=${(/** @type {number | null} */ cap) =>
            set({ max_redemptions_per_customer: cap })} />
      </div></fieldset>
    <fieldset class="group"><legend>${speech.text("code.more")}</legend>
      <div class="fields">
        <${Check} label=${speech.text("public")} hint=${speech.text("public_hint")}
          checked=${draft.public} onChange=${(/** @type {boolean} */ is) => set({ public: is })} />
        <${AreaField} label=${speech.text("comments")} value=${draft.comments} rows=${3}
          hint=${speech.text("comments_hint")} maxlength="1000"
          onInput=${(/** @type {string} */ comments) => set({ comments })} />
      </div></fieldset>`;
}

/**
 * What a code is once and for all.
 *
 * @param {FieldsProps} props
 */
function Identity({ draft, set, error }) {
  const { speech, partners } = useDesk();
  /** @param {string} family @param {string[]} names */
  const options = (family, names) => names.map((value) => ({
    value,
    label: speech.term(family, value),
    hint: speech.term(`${family}_text`, value),
  }));
  /** @type {[string, string][]} */
  const owners = [
    ["", speech.text("choose")],
    ...partners.map(({ id, name }) => /** @type {[string, string]} */ ([id, name])),
  ];
  const isRegex = draft.match_type === "regex";
  return html`
    <fieldset class="group"><legend>${speech.text("code.what")}</legend>
      <div class="fields">
        <${Choice} legend=${speech.text("match_type")} value=${draft.match_type} isWide=${true}
          options=${options("match", ["exact", "regex"])}
          onChange=${(/** @type {string} */ match_type) => set({ match_type })} />
        ${isRegex ? html`
          <${PatternField} value=${draft.code} error=${error("code")}
            onInput=${(/** @type {string} */ code) => set({ code })} />`
        : html`<${TextField} label=${speech.text("code")} value=${draft.code} isWide=${true}
            class="code" spellcheck=${false} hint=${speech.text("code_hint")}
            error=${error("code")}
            onInput=${(/** @type {string} */ code) => set({ code })} />`}
        <${Choice} legend=${speech.text("kind")} value=${draft.kind} isWide=${true}
          options=${options("kind", ["tracking", "restricted"])}
          onChange=${(/** @type {string} */ kind) => set({ kind })} />
        ${draft.kind === "tracking" && html`
          <${SelectField} label=${speech.text("owner")} value=${draft.owner} options=${owners}
            hint=${speech.text("owner_hint")} error=${error("owner")}
            onChange=${(/** @type {string} */ owner) => set({ owner })} />
          <${Choice} legend=${speech.text("credit_policy")} value=${draft.credit_policy}
            hint=${error("policy") || undefined} isWide=${true}
            options=${options("policy", ["always", "involved", "winner"])}
            onChange=${(/** @type {string} */ credit_policy) => set({ credit_policy })} />`}
      </div></fieldset>`;
}
