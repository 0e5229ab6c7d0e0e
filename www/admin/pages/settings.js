/**
 * The programme's settings.
 * @module
 */

import { useDesk } from "../shared.js";
import { Editor, comparedFields } from "../parts/editor.js";
import { Check, Choice, NumberField, SelectField, TextField } from "../parts/field.js";
import { PageHead } from "../parts/page_head.js";
import { TIME_ZONES } from "../time.js";
import { html } from "../vendor/preact.js";

/** @typedef {import("../language.js").TextKey} TextKey */
/** @typedef {import("../shapes.js").Program} Program */

const PRESETS = [
  "impact",
  "awin",
  "partnerize",
  "commission_factory",
  "everflow_code",
  "rakuten",
  "everflow_click",
];

/** @param {Program} program */
function draftOf(program) {
  const { attribution, folding } = program;
  return {
    ...{ name: program.name, zone: program.time_zone, tracking: program.tracking },
    ...{ events: program.event_types, preset: attribution.preset ?? "impact" },
    ...{ model: attribution.click_model ?? "", precedence: attribution.precedence ?? "" },
    fallback: attribution.fallback_to_click == null ? "" : String(attribution.fallback_to_click),
    window: attribution.referral_window_days ?? null,
    policy: attribution.default_credit_policy ?? "",
    basis: attribution.owner_also_click_winner ?? "",
    ...{ separators: folding.separators, lookalikes: folding.lookalikes },
    ...{ reasons: program.public_reasons, days: program.approval_days },
  };
}

/** @typedef {ReturnType<typeof draftOf>} SettingsDraft */

/** @param {SettingsDraft} draft */
function bodyOf(draft) {
  const attribution = {
    preset: draft.preset,
    ...(draft.model ? { click_model: draft.model } : {}),
    ...(draft.precedence ? { precedence: draft.precedence } : {}),
    ...(draft.fallback ? { fallback_to_click: draft.fallback === "true" } : {}),
    ...(draft.window === null ? {} : { referral_window_days: draft.window }),
    ...(draft.policy ? { default_credit_policy: draft.policy } : {}),
    ...(draft.basis ? { owner_also_click_winner: draft.basis } : {}),
  };
  return {
    ...{ name: draft.name.trim(), time_zone: draft.zone, tracking: draft.tracking },
    ...{ event_types: draft.events, attribution },
    folding: { separators: draft.separators, lookalikes: draft.lookalikes },
    ...{ public_reasons: draft.reasons, approval_days: draft.days },
  };
}

/** @param {SettingsDraft} draft @returns {Record<string, TextKey>} */
function faultsOf(draft) {
  /** @type {Record<string, TextKey>} */
  const faults = {};
  if (draft.name.trim() === "") faults.name = "name.needed";
  if (draft.days === null) faults.days = "days.needed";
  return faults;
}

export function SettingsPage() {
  const { speech, program, reload } = useDesk();
  const compared = comparedFields([
    ["name", speech.text("name")],
    ["time_zone", speech.text("time_zone")],
    ["tracking", speech.text("tracking"), (is) => speech.text(is ? "yes" : "no")],
    ["event_types", speech.text("event_types")],
    ["attribution", speech.text("attribution")],
    ["folding", speech.text("folding")],
    ["public_reasons", speech.text("public_reasons"),
      (reasons) => speech.term("reasons", reasons ?? "")],
    ["approval_days", speech.text("approval_days")],
  ]);
  return html`
    <${PageHead} title=${speech.term("page", "settings")} lead=${speech.text("settings.lead")} />
    <${Editor} read=${program} path="" fields=${SettingsFields} compared=${compared}
      toDraft=${draftOf} toBody=${bodyOf} faultsOf=${faultsOf} onDone=${reload} />`;
}

/**
 * @param {{ draft: SettingsDraft, set: (change: Partial<SettingsDraft>) => void,
 *   error: (field: string) => string }} props
 */
function SettingsFields(props) {
  const { speech, program } = useDesk();
  const { draft, set, error } = props;
  const enable = (/** @type {string} */ id, /** @type {boolean} */ promo_codes) =>
    set({ events: draft.events.map((event) => (event.id === id ? { id, promo_codes } : event)) });
  return html`
    <fieldset class="group"><legend>${speech.text("tracking")}</legend>
      <${Check} label=${speech.text("tracking.on")} hint=${speech.text("tracking_hint")}
        checked=${draft.tracking}
        onChange=${(/** @type {boolean} */ tracking) => set({ tracking })} />
      <h2 class="minor">${speech.text("event_types")}</h2>
      <p class="hint">${speech.text("event_types_hint")}</p>
      <div class="choices">
        ${draft.events.map(({ id, promo_codes }) => html`
          <${Check} key=${id} label=${id} checked=${promo_codes} isWide=${false}
            hint=${speech.text(promo_codes ? "event.on" : "event.off")}
            onChange=${(/** @type {boolean} */ is) => enable(id, is)} />`)}
      </div></fieldset>
    <fieldset class="group"><legend>${speech.text("settings.general")}</legend>
      <div class="fields">
        <${TextField} label=${speech.text("name")} value=${draft.name} error=${error("name")}
          onInput=${(/** @type {string} */ name) => set({ name })} />
        <${TextField} label=${speech.text("currency")} value=${program.currency} readonly
          hint=${speech.text("currency_hint")} onInput=${() => {}} />
        <${SelectField} label=${speech.text("time_zone")} value=${draft.zone}
          options=${zonesWith(draft.zone)} hint=${speech.text("program_zone_hint")}
          onChange=${(/** @type {string} */ zone) => set({ zone })} />
        <${NumberField} label=${speech.text("approval_days")} value=${draft.days}
          error=${error("days")} hint=${speech.text("approval_days_hint")}
          onInput=${(/** @type {number} */ days) => set({ days })} />
      </div></fieldset>
    <${AttributionFields} ...${props} />
    <${AnswerFields} ...${props} />`;
}

/** @param {string} own @returns {[string, string][]} */
function zonesWith(own) {
  return [...new Set([own, ...TIME_ZONES])].map((zone) => [zone, zone]);
}

/** @param {{ draft: SettingsDraft, set: (change: Partial<SettingsDraft>) => void }} props */
function AttributionFields({ draft, set }) {
  const { speech } = useDesk();
  /** @param {string} family @param {string[]} names @returns {[string, string][]} */
  const presetOr = (family, names) => [
    ["", speech.text("by_preset")],
    ...names.map((name) => /** @type {[string, string]} */ ([name, speech.term(family, name)])),
  ];
  /**
   * @param {"model" | "precedence" | "fallback" | "policy" | "basis"} field
   * @param {string} label
   * @param {string} hint
   * @param {[string, string][]} options
   */
  const select = (field, label, hint, options) => html`
    <${SelectField} label=${label} hint=${hint} value=${draft[field]} options=${options}
      onChange=${(/** @type {string} */ value) => set({ [field]: value })} />`;
  return html`
    <fieldset class="group"><legend>${speech.text("attribution")}</legend>
      <p class="hint">${speech.text("attribution_hint")}</p>
      <div class="fields">
        <${SelectField} label=${speech.text("preset")} value=${draft.preset}
          options=${PRESETS.map((name) => [name, speech.term("preset", name)])}
          hint=${speech.term("preset_text", draft.preset)}
          onChange=${(/** @type {string} */ preset) => set({ preset })} />
        ${select("precedence", speech.text("precedence"), speech.text("precedence_hint"),
          presetOr("precedence", ["code_first", "click_first"]))}
        ${select("model", speech.text("click_model"), speech.text("click_model_hint"),
          presetOr("click_model", ["last_click", "first_click"]))}
        ${select("fallback", speech.text("fallback"), speech.text("fallback_hint"),
          presetOr("fallback", ["true", "false"]))}
        <${NumberField} label=${speech.text("referral_window")} value=${draft.window}
          placeholder="30" hint=${speech.text("program_window_hint")}
          onInput=${(/** @type {number | null} */ window) => set({ window })} />
        ${select("policy", speech.text("default_policy"), speech.text("default_policy_hint"),
          presetOr("policy", ["always", "involved", "winner"]))}
        ${select("basis", speech.text("owner_basis"), speech.text("owner_basis_hint"),
          presetOr("owner_basis", ["promo_code", "click"]))}
      </div></fieldset>`;
}

/** @param {{ draft: SettingsDraft, set: (change: Partial<SettingsDraft>) => void }} props */
function AnswerFields({ draft, set }) {
  const { speech } = useDesk();
  return html`
    <fieldset class="group"><legend>${speech.text("folding")}</legend>
      <p class="hint">${speech.text("folding_hint")}</p>
      <${Check} label=${speech.text("separators")} hint=${speech.text("separators_hint")}
        checked=${draft.separators}
        onChange=${(/** @type {boolean} */ separators) => set({ separators })} />
      <${Check} label=${speech.text("lookalikes")} hint=${speech.text("lookalikes_hint")}
        checked=${draft.lookalikes}
        onChange=${(/** @type {boolean} */ lookalikes) => set({ lookalikes })} />
    </fieldset>
    <fieldset class="group"><legend>${speech.text("public_reasons")}</legend>
      <${Choice} legend=${speech.text("public_reasons_hint")} value=${draft.reasons}
        options=${["collapsed", "detailed"].map((value) => ({
          value,
          label: speech.term("reasons", value),
          hint: speech.term("reasons_text", value),
        }))}
        onChange=${(/** @type {any} */ reasons) => set({ reasons })} />
    </fieldset>`;
}
