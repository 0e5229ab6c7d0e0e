/**
 * Deals: what codes stand for.
 * @module
 */

import { amountStep } from "../amounts.js";
import { useDesk } from "../shared.js";
import { Confirm } from "../parts/dialog.js";
import { Editor, comparedFields } from "../parts/editor.js";
import { AreaField, Check, NumberField, SelectField, TextField } from "../parts/field.js";
import { Listing } from "../parts/listing.js";
import { PageHead } from "../parts/page_head.js";
import { ScheduleFields, Span, StateBadge } from "../parts/schedule.js";
import { Saved, useSaving } from "../parts/saving.js";
import { href } from "../route.js";
import { wholeList } from "../source.js";
import { stateAt } from "../time.js";
import { html, useState } from "../vendor/preact.js";
import { IdField, Unknown } from "../parts/entity.js";
import { DISCOUNTS, dealBody, dealDraft, dealFaults, dealInWords } from "./deal_draft.js";

/** @typedef {import("../shapes.js").Deal} Deal */
/** @typedef {import("./deal_draft.js").DealDraft} DealDraft */
/** @typedef {{ draft: DealDraft, set: (change: Partial<DealDraft>) => void,
 *    error: (field: string) => string }} FieldsProps */

const TYPES = ["general_sale", "free_shipping", "gift_with_purchase", "rebate", "bogo"];

export function DealsPage() {
  const { speech, program, deals } = useDesk();
  const create = html`<a class="button primary" href=${href(program.id, "deals", "new")}>
    ${speech.text("deals.create")}</a>`;
  /** @type {import("../parts/listing.js").Column[]} */
  const columns = [
    { title: speech.text("name"), size: "main",
      cell: (deal) => html`<a href=${href(program.id, "deals", deal.id)}>${deal.name}</a>` },
    { title: speech.text("deal.gives"), size: "wide",
      cell: (deal) => html`<span>${dealInWords(deal, speech, program)}</span>` },
    { title: speech.text("state"), size: "narrow",
      cell: (deal) => html`<${StateBadge} state=${stateOf(deal)} />` },
    { title: speech.text("schedule"), size: "wide",
      cell: (deal) => html`<${Span} start=${deal.start_at ?? null} end=${deal.end_at ?? null} />` },
    { title: speech.text("deal.syncs"),
      cell: (deal) => speech.text(deal.sync_codes ? "yes" : "no") },
  ];
  return html`
    <${PageHead} title=${speech.term("page", "deals")} actions=${create}
      lead=${speech.text("deals.lead")} />
    <${Listing} label=${speech.term("page", "deals")} columns=${columns} source=${wholeList(deals)}
      empty=${html`<p class="empty-title">${speech.text("deals.none")}</p>
        <p>${speech.text("deals.none_text")}</p><p class="actions">${create}</p>`} />`;
}

/** @param {Deal} deal */
function stateOf({ start_at, end_at }) {
  const instant = (/** @type {string | null | undefined} */ at) => (at ? Date.parse(at) : null);
  return stateAt(instant(start_at), instant(end_at), Date.now());
}

/** @param {{ route: import("../route.js").Route }} props */
export function DealPage({ route }) {
  const { base, speech, program, deals, reload } = useDesk();
  const isNew = route.id === "new";
  const deal = isNew ? null : deals.find(({ id }) => id === route.id);
  if (deal === undefined) return html`<${Unknown} page="deals" />`;
  const done = async (/** @type {any} */ answer) => {
    await reload();
    if (isNew) location.hash = href(program.id, "deals", answer.id);
  };
  const compared = comparedFields([
    ["name", speech.text("name")],
    ["type", speech.text("deal.type"), (type) => speech.term("deal_type", type ?? "")],
    ["discount", speech.text("deal.discount")],
    ["start_at", speech.term("date", "start")],
    ["end_at", speech.term("date", "end")],
    ["sync_codes", speech.text("deal.syncs"), (is) => speech.text(is ? "yes" : "no")],
    ["minimum_purchase_minor", speech.text("deal.minimum")],
    ["maximum_savings_minor", speech.text("deal.savings")],
    ["countries", speech.text("countries")],
  ]);
  return html`
    <${PageHead} title=${deal?.name ?? speech.text("deals.create")}
      back=${[href(program.id, "deals"), speech.term("page", "deals")]}
      lead=${deal && dealInWords(deal, speech, program)} />
    ${deal && stateOf(deal) !== "expired" && html`<${ExpireDeal} deal=${deal} />`}
    <${Editor} read=${deal} path=${`${base}/deals`} fields=${DealFields} compared=${compared}
      toDraft=${(/** @type {Deal | null} */ read) => dealDraft(read, program)}
      toBody=${(/** @type {DealDraft} */ draft) => dealBody(draft, program, isNew)}
      faultsOf=${(/** @type {DealDraft} */ draft) => dealFaults(draft, program)}
      cancel=${href(program.id, "deals")} onDone=${done} />`;
}

/** @param {{ deal: Deal }} props */
function ExpireDeal({ deal }) {
  const { api, base, speech, reload } = useDesk();
  const [isAsking, setAsking] = useState(false);
  const saving = useSaving();
  const expire = async () => {
    const path = `${base}/deals/${encodeURIComponent(deal.id)}/expire`;
    const edit = () => api.send("POST", path);
    const isDone = await saving.run(edit, speech.text("deal.expired"));
    setAsking(false);
    if (isDone) await reload();
  };
  return html`
    <div class="actions one-code">
      <button type="button" class="danger" onClick=${() => setAsking(true)}>
        ${speech.term("act", "expire")}</button></div>
    <${Saved} saving=${saving} said=${speech.text("deal.expired")} />
    ${isAsking && html`
      <${Confirm} title=${speech.text("deal.expire")} confirm=${speech.term("act", "expire")}
        isDangerous=${true} isBusy=${saving.isBusy} onConfirm=${expire}
        onClose=${() => setAsking(false)}>
        <p>${speech.text(deal.sync_codes ? "deal.expire_synced" : "deal.expire_text")}</p>
      <//>`}`;
}

/** @param {FieldsProps} props */
function DealFields(props) {
  const { speech } = useDesk();
  const { draft, set, error } = props;
  return html`
    <fieldset class="group"><legend>${speech.text("deal.what")}</legend>
      <div class="fields">
        <${TextField} label=${speech.text("name")} value=${draft.name} error=${error("name")}
          onInput=${(/** @type {string} */ name) => set({ name })} />
        <${IdField} ...${{ draft, set, error }} />
        <${SelectField} label=${speech.text("deal.type")} value=${draft.type}
          options=${TYPES.map((type) => [type, speech.term("deal_type", type)])}
          onChange=${(/** @type {string} */ type) => set({ type })} />
        ${draft.type === "general_sale" && html`<${DiscountFields} ...${props} />`}
        ${draft.type === "bogo" && html`<${BogoFields} ...${props} />`}
      </div></fieldset>
    <fieldset class="group"><legend>${speech.text("schedule")}</legend>
      <${ScheduleFields} draft=${draft} set=${set} hasZone=${false} />
      <${Check} label=${speech.text("deal.syncs")} hint=${speech.text("deal.syncs_hint")}
        checked=${draft.sync} onChange=${(/** @type {boolean} */ sync) => set({ sync })} />
    </fieldset>
    <${ConditionFields} ...${props} />`;
}

/** @param {FieldsProps} props */
function DiscountFields({ draft, set, error }) {
  const { speech, program } = useDesk();
  /** @param {"percent" | "low" | "high"} name @param {import("../language.js").TextKey} label */
  const percent = (name, label) => html`
    <${NumberField} label=${speech.text(label)} value=${draft[name]} max=${100} step="0.01"
      inputmode="decimal" error=${error(name)}
      onInput=${(/** @type {number | null} */ value) => set({ [name]: value })} />`;
  const currency = draft.currency || program.currency;
  return html`
    <${SelectField} label=${speech.text("deal.discount")} value=${draft.discount}
      options=${DISCOUNTS.map((kind) => [kind, speech.term("discount", kind)])}
      onChange=${(/** @type {string} */ discount) => set({ discount })} />
    ${draft.discount === "fixed" && html`
      <${NumberField} label=${speech.text("amount_in", { currency })} value=${draft.amount}
        step=${amountStep(currency)} inputmode="decimal" error=${error("amount")}
        onInput=${(/** @type {number | null} */ amount) => set({ amount })} />`}
    ${draft.discount === "percent_range" && html`${percent("low", "percent.low")}
      ${percent("high", "percent.high")}`}
    ${["percent", "percent_maximum"].includes(draft.discount) && percent("percent", "percent")}`;
}

/** @param {FieldsProps} props */
function BogoFields({ draft, set, error }) {
  const { speech, program } = useDesk();
  const currency = draft.currency || program.currency;
  /** @param {"buy" | "get"} name @param {import("../language.js").TextKey} label */
  const units = (name, label) => html`
    <${NumberField} label=${speech.text(label)} value=${draft[name]} min=${1}
      onInput=${(/** @type {number | null} */ value) => set({ [name]: value ?? 1 })} />`;
  return html`
    ${units("buy", "bogo.buy")} ${units("get", "bogo.get")}
    <${SelectField} label=${speech.text("bogo.for")} value=${draft.bogo}
      options=${["free", "percent", "amount"].map((kind) => [kind, speech.term("bogo_kind", kind)])}
      onChange=${(/** @type {string} */ bogo) => set({ bogo })} />
    ${draft.bogo === "percent" && html`
      <${NumberField} label=${speech.text("percent")} value=${draft.bogoPercent} max=${100}
        step="0.01" inputmode="decimal" error=${error("bogoPercent")}
        onInput=${(/** @type {number | null} */ value) => set({ bogoPercent: value })} />`}
    ${draft.bogo === "amount" && html`
      <${NumberField} label=${speech.text("amount_in", { currency })} value=${draft.bogoAmount}
        step=${amountStep(currency)} inputmode="decimal"
        onInput=${(/** @type {number | null} */ value) => set({ bogoAmount: value })} />`}`;
}

/** @param {FieldsProps} props */
function ConditionFields({ draft, set, error }) {
  const { speech, program } = useDesk();
  const currency = draft.currency || program.currency;
  /**
   * @param {"minimum" | "savings" | "quantity" | "limit"} name
   * @param {string} label
   * @param {string} [step]
   */
  const number = (name, label, step = "1") => html`
    <${NumberField} label=${label} value=${draft[name]} step=${step}
      inputmode=${step === "1" ? "numeric" : "decimal"}
      onInput=${(/** @type {number | null} */ value) => set({ [name]: value })} />`;
  const step = amountStep(currency);
  return html`
    <fieldset class="group"><legend>${speech.text("deal.conditions")}</legend>
      <div class="fields">
        <${SelectField} label=${speech.text("deal.scope")} value=${draft.scope}
          options=${["entire_store", "category", "product"].map((scope) =>
            [scope, speech.term("scope", scope)])}
          onChange=${(/** @type {string} */ scope) => set({ scope })} />
        ${draft.scope === "category" && html`
          <${AreaField} label=${speech.text("categories")} value=${draft.categories} rows=${3}
            hint=${speech.text("one_a_line")} error=${error("categories")}
            onInput=${(/** @type {string} */ categories) => set({ categories })} />`}
        ${draft.scope === "product" && html`
          <${AreaField} label=${speech.text("skus")} value=${draft.skus} rows=${3}
            hint=${speech.text("one_a_line")} error=${error("skus")}
            onInput=${(/** @type {string} */ skus) => set({ skus })} />`}
        <${TextField} label=${speech.text("currency")} value=${draft.currency} maxlength="3"
          placeholder=${program.currency} hint=${speech.text("deal.currency_hint")}
          onInput=${(/** @type {string} */ text) => set({ currency: text.toUpperCase() })} />
        ${number("minimum", `${speech.text("deal.minimum")} (${currency})`, step)}
        ${number("quantity", speech.text("deal.quantity"))}
        ${number("savings", `${speech.text("deal.savings")} (${currency})`, step)}
        ${number("limit", speech.text("deal.limit"))}
        <${TextField} label=${speech.text("countries")} value=${draft.countries}
          placeholder="US, CA" hint=${speech.text("countries_hint")}
          onInput=${(/** @type {string} */ countries) => set({ countries })} />
        <${TextField} label=${speech.text("segments")} value=${draft.segments}
          hint=${speech.text("segments_hint")}
          onInput=${(/** @type {string} */ segments) => set({ segments })} />
        <${Check} label=${speech.text("deal.first")} checked=${draft.first}
          onChange=${(/** @type {boolean} */ first) => set({ first })} />
      </div>
      <p class="hint">${speech.text("deal.conditions_hint")}</p></fieldset>`;
}
