/**
 * Exception lists: codes that are paid otherwise, or not at all.
 * @module
 */

import { amountStep, idOf, toAmount, toBps, toMinor, toPercent, wordsOf } from "../amounts.js";
import { useAnswer, useDesk } from "../shared.js";
import { Editor, comparedFields } from "../parts/editor.js";
import { IdField } from "../parts/entity.js";
import { AreaField, NumberField, SelectField, TextField } from "../parts/field.js";
import { Listing } from "../parts/listing.js";
import { ProblemNotice } from "../parts/notice.js";
import { PageHead } from "../parts/page_head.js";
import { rateInWords } from "../payout.js";
import { href } from "../route.js";
import { usePages } from "../source.js";
import { html } from "../vendor/preact.js";

/** @typedef {import("../language.js").TextKey} TextKey */

export function ListsPage() {
  const { api, base, speech, program } = useDesk();
  const source = usePages(api, `${base}/exception-lists`, {});
  const create = html`<a class="button primary" href=${href(program.id, "lists", "new")}>
    ${speech.text("lists.create")}</a>`;
  /** @type {import("../parts/listing.js").Column[]} */
  const columns = [
    { title: speech.text("name"), size: "main",
      cell: (list) => html`<a href=${href(program.id, "lists", list.id)}>${list.name}</a>` },
    { title: speech.text("list.items"), size: "number",
      cell: (list) => html`<span>${speech.number(list.items?.length ?? 0)}</span>` },
    { title: speech.text("list.expression"), size: "wide",
      cell: (list) => (list.match_expression
        ? html`<code>${list.match_expression}</code>` : html`<span>–</span>`) },
    { title: speech.text("list.rate"),
      cell: (list) => html`<span>${rateInWords(list, speech, program.currency)}</span>` },
  ];
  return html`
    <${PageHead} title=${speech.term("page", "lists")} actions=${create}
      lead=${speech.text("lists.lead")} />
    <${Listing} label=${speech.term("page", "lists")} columns=${columns} source=${source}
      empty=${html`<p class="empty-title">${speech.text("lists.none")}</p>
        <p>${speech.text("lists.none_text")}</p><p class="actions">${create}</p>`} />`;
}

/** @param {any} list @param {string} currency the programme's */
function listDraft(list, currency) {
  const kind = list?.amount_minor != null ? "fixed" : list?.rate_bps != null ? "percent" : "none";
  return {
    ...{ id: list?.id ?? "", name: list?.name ?? "", expression: list?.match_expression ?? "" },
    items: (list?.items ?? []).join("\n"),
    ...{ kind: list ? kind : "percent", percent: list ? toPercent(list.rate_bps) : 0 },
    ...{ amount: toAmount(list?.amount_minor, list?.currency ?? currency) },
    currency: list?.currency ?? null,
  };
}

/** @typedef {ReturnType<typeof listDraft>} ListDraft */

/** @param {ListDraft} draft @param {string} currency @param {boolean} isNew */
function listBody(draft, currency, isNew) {
  const isFixed = draft.kind === "fixed";
  return {
    ...(isNew ? { id: idOf(draft) } : {}),
    ...{ name: draft.name.trim(), match_expression: draft.expression || null },
    items: wordsOf(draft.items),
    rate_bps: draft.kind === "percent" ? toBps(draft.percent) : null,
    amount_minor: isFixed ? toMinor(draft.amount, draft.currency ?? currency) : null,
    ...(isFixed && draft.currency ? { currency: draft.currency } : {}),
  };
}

/** @param {ListDraft} draft @returns {Record<string, TextKey>} */
function listFaults(draft) {
  /** @type {Record<string, TextKey>} */
  const faults = {};
  if (idOf(draft) === "") faults.id = "id.needed";
  if (draft.name.trim() === "") faults.name = "name.needed";
  if (wordsOf(draft.items).length === 0) faults.items = "list.needed";
  if (draft.kind === "percent" && draft.percent === null) faults.rate = "percent.needed";
  if (draft.kind === "fixed" && draft.amount === null) faults.rate = "amount.needed";
  return faults;
}

/** @param {{ route: import("../route.js").Route }} props */
export function ListPage({ route }) {
  const { api, base, speech, program } = useDesk();
  const isNew = route.id === "new";
  const path = `${base}/exception-lists`;
  const { value, problem, reload } = useAnswer(
    async () => (isNew ? null : api.get(`${path}/${encodeURIComponent(route.id)}`)), route.id);
  const back = [href(program.id, "lists"), speech.term("page", "lists")];
  if (!isNew && !value) {
    return html`<${PageHead} title=${speech.term("page", "lists")} back=${back} />
      <${ProblemNotice} problem=${problem} />`;
  }
  const done = (/** @type {any} */ answer) => {
    if (isNew) location.hash = href(program.id, "lists", answer.id);
    else reload();
  };
  const compared = comparedFields([
    ["name", speech.text("name")],
    ["items", speech.text("list.items"), (items) => (items ?? []).join(", ")],
    ["match_expression", speech.text("list.expression")],
    ["rate_bps", speech.text("percent"), (bps) => (bps === null ? "–" : speech.percent(bps))],
    ["amount_minor", speech.text("amount")],
  ]);
  return html`
    <${PageHead} title=${value?.name ?? speech.text("lists.create")} back=${back} />
    <${Editor} read=${value} path=${path} fields=${ListFields} compared=${compared}
      toDraft=${(/** @type {any} */ read) => listDraft(read, program.currency)}
      toBody=${(/** @type {ListDraft} */ draft) => listBody(draft, program.currency, isNew)}
      faultsOf=${listFaults} 
      cancel=${href(program.id, "lists")} onDone=${done} />`;
}

/**
 * @param {{ draft: ListDraft, set: (change: Partial<ListDraft>) => void,
 *   error: (field: string) => string }} props
 */
function ListFields({ draft, set, error }) {
  const { speech, program } = useDesk();
  const currency = draft.currency ?? program.currency;
  return html`
    <fieldset class="group"><legend>${speech.text("list.what")}</legend>
      <div class="fields">
        <${TextField} label=${speech.text("name")} value=${draft.name} error=${error("name")}
          hint=${speech.text("list.name_hint")}
          onInput=${(/** @type {string} */ name) => set({ name })} />
        <${IdField} ...${{ draft, set, error }} />
        <${AreaField} label=${speech.text("list.items")} value=${draft.items} rows=${8}
          class="code" spellcheck=${false} error=${error("items")}
          hint=${speech.text("list.items_hint")}
          onInput=${(/** @type {string} */ items) => set({ items })} />
        <${TextField} label=${speech.text("list.expression")} value=${draft.expression}
          isWide=${true} class="code" spellcheck=${false} placeholder="^(\\w{3})\\d{5}$"
          hint=${speech.text("list.expression_hint")}
          onInput=${(/** @type {string} */ expression) => set({ expression })} />
        <${SelectField} label=${speech.text("list.rate")} value=${draft.kind}
          options=${["percent", "fixed", "none"].map((kind) =>
            [kind, speech.term("rate_kind", kind)])}
          hint=${speech.text("list.rate_hint")}
          onChange=${(/** @type {string} */ kind) => set({ kind })} />
        ${draft.kind === "percent" && html`
          <${NumberField} label=${speech.text("percent")} value=${draft.percent} max=${100}
            step="0.01" inputmode="decimal" error=${error("rate")}
            onInput=${(/** @type {number | null} */ percent) => set({ percent })} />`}
        ${draft.kind === "fixed" && html`
          <${NumberField} label=${speech.text("amount_in", { currency })} value=${draft.amount}
            step=${amountStep(currency)} inputmode="decimal" error=${error("rate")}
            onInput=${(/** @type {number | null} */ amount) => set({ amount })} />`}
      </div></fieldset>`;
}
