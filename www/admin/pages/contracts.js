/**
 * The contracts of a partner: when it takes part, in what, and what it earns.
 * @module
 */

import { amountStep, idOf } from "../amounts.js";
import { useDesk } from "../shared.js";
import { AreaField, Check, NumberField, SelectField, TextField } from "../parts/field.js";
import { Complaints } from "../parts/notice.js";
import { ScheduleFields } from "../parts/schedule.js";
import { criteriaInWords, rateInWords, readRules } from "../payout.js";
import { html } from "../vendor/preact.js";
import { newContract } from "./partner_draft.js";

/** @typedef {import("./partner_draft.js").ContractDraft} ContractDraft */

/** What the field shows as long as nothing is in it. */
const EXAMPLE = `{
  "groups": [
    { "name": "first orders", "when": { "first_order": true }, "rate_bps": 1200 }
  ],
  "restrictions": []
}`;

/** @param {import("./partners.js").FieldsProps} props */
export function ContractsFields({ draft, set, error }) {
  const { speech, program } = useDesk();
  const { contracts } = draft;
  /** @param {number} index @param {Partial<ContractDraft>} change */
  const change = (index, change) =>
    set({ contracts: contracts.map((old, at) => (at === index ? { ...old, ...change } : old)) });
  const add = () => {
    const id = `${idOf(draft) || "contract"}-${contracts.length + 1}`;
    set({ contracts: [...contracts, newContract(program, id)] });
  };
  return html`
    <section aria-labelledby="contracts-title" class="contracts">
      <h2 id="contracts-title">${speech.text("contracts")}</h2>
      <p class="hint">${speech.text("contracts_hint")}</p>
      ${contracts.length === 0 && html`<p>${speech.text("contracts.none")}</p>`}
      ${contracts.map((contract, index) => html`
        <${ContractFields} key=${index} ...${{ contract }}
          error=${(/** @type {string} */ field) => error(`${field}-${index}`)}
          set=${(/** @type {Partial<ContractDraft>} */ some) => change(index, some)}
          onRemove=${() => set({ contracts: contracts.filter((_, at) => at !== index) })} />`)}
      <p><button type="button" onClick=${add}>${speech.text("contracts.add")}</button></p>
    </section>`;
}

/**
 * @param {{ contract: ContractDraft, set: (change: Partial<ContractDraft>) => void,
 *   error: (field: string) => string, onRemove: () => void }} props
 */
function ContractFields({ contract, set, error, onRemove }) {
  const { speech, program } = useDesk();
  const toggle = (/** @type {string} */ id, /** @type {boolean} */ is) => {
    const others = contract.events.filter((event) => event !== id);
    set({ events: is ? [...others, id] : others });
  };
  return html`
    <fieldset class="group"><legend>${speech.text("contract")} <code>${contract.id}</code></legend>
      <div class="fields">
        <${TextField} label=${speech.text("id")} value=${contract.id} error=${error("id")}
          class="code" maxlength="64" onInput=${(/** @type {string} */ id) => set({ id })} />
        <${NumberField} label=${speech.text("referral_window")} value=${contract.window}
          placeholder=${program.attribution?.referral_window_days ?? 30}
          hint=${speech.text("referral_window_hint")}
          onInput=${(/** @type {number | null} */ window) => set({ window })} />
      </div>
      <${ScheduleFields} draft=${contract} set=${set} hasZone=${false} />
      <fieldset class="choice"><legend>${speech.text("event_types")}</legend>
        ${error("events") && html`<p class="error" role="alert">${error("events")}</p>`}
        <div class="choices">
          ${program.event_types.map(({ id }) => html`
            <${Check} key=${id} label=${id} checked=${contract.events.includes(id)}
              isWide=${false} onChange=${(/** @type {boolean} */ is) => toggle(id, is)} />`)}
        </div></fieldset>
      <${RateFields} ...${{ contract, set, error }} />
      <${RulesFields} ...${{ contract, set, error }} />
      <p class="actions end"><button type="button" class="quiet danger" onClick=${onRemove}>
        ${speech.text("contract.remove")}</button></p>
    </fieldset>`;
}

/**
 * @param {{ contract: ContractDraft, set: (change: Partial<ContractDraft>) => void,
 *   error: (field: string) => string }} props
 */
function RateFields({ contract, set, error }) {
  const { speech, program } = useDesk();
  const currency = contract.currency ?? program.currency;
  return html`
    <div class="fields">
      <${SelectField} label=${speech.text("rate.default")} value=${contract.rateKind}
        options=${["percent", "fixed", "none"].map((kind) =>
          [kind, speech.term("rate_kind", kind)])}
        hint=${speech.text("rate_hint")}
        onChange=${(/** @type {string} */ rateKind) => set({ rateKind })} />
      ${contract.rateKind === "percent" && html`
        <${NumberField} label=${speech.text("percent")} value=${contract.percent} max=${100}
          step="0.01" inputmode="decimal" error=${error("rate")}
          onInput=${(/** @type {number | null} */ percent) => set({ percent })} />`}
      ${contract.rateKind === "fixed" && html`
        <${NumberField} label=${speech.text("amount_in", { currency })} value=${contract.amount}
          step=${amountStep(currency)} inputmode="decimal" error=${error("rate")}
          onInput=${(/** @type {number | null} */ amount) => set({ amount })} />`}
    </div>`;
}

/**
 * @param {{ contract: ContractDraft, set: (change: Partial<ContractDraft>) => void,
 *   error: (field: string) => string }} props
 */
function RulesFields({ contract, set, error }) {
  const { speech } = useDesk();
  const { value, complaints } = readRules(contract.rules);
  return html`
    <div class="rules">
      ${value && html`<${RulesInWords} rules=${value} />`}
      <details open=${complaints.length > 0 || undefined}>
        <summary>${speech.text("rules.edit")}</summary>
        <${AreaField} label=${speech.text("rules")} value=${contract.rules} rows=${10}
          class="code" spellcheck=${false} placeholder=${EXAMPLE} error=${error("rules")}
          hint=${speech.text("rules_hint")}
          onInput=${(/** @type {string} */ rules) => set({ rules })} />
        <${Complaints} complaints=${complaints} />
      </details>
    </div>`;
}

/** @param {{ rules: Pick<import("../shapes.js").Payout, "groups" | "restrictions"> }} props */
function RulesInWords({ rules }) {
  const { speech, program } = useDesk();
  const { currency } = program;
  const { groups = [], restrictions = [] } = rules;
  if (groups.length + restrictions.length === 0) return null;
  return html`
    ${groups.length > 0 && html`
      <h3>${speech.text("rules.groups")}</h3>
      <p class="hint">${speech.text("rules.groups_hint")}</p>
      <ol class="in-words">
        ${groups.map((group, index) => html`
          <li key=${index}><b>${group.name}</b>
            <span>${criteriaInWords(group.when, speech, currency)}</span>
            <strong>${rateInWords(group, speech, currency)}</strong></li>`)}
      </ol>`}
    ${restrictions.length > 0 && html`
      <h3>${speech.text("rules.restrictions")}</h3>
      <p class="hint">${speech.text("rules.restrictions_hint")}</p>
      <ul class="in-words">
        ${restrictions.map((rule, index) => html`
          <li key=${index}><b>${rule.name}</b>
            <span>${criteriaInWords(rule.when, speech, currency)}</span></li>`)}
      </ul>`}`;
}
