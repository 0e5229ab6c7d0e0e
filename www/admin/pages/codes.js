/**
 * The codes: found by filters that the address keeps, chosen, and changed many at a time.
 * @module
 */

import { nameOf, useDesk } from "../shared.js";
import { Listing } from "../parts/listing.js";
import { PageHead } from "../parts/page_head.js";
import { Span, StateBadge } from "../parts/schedule.js";
import { href, replaceRoute } from "../route.js";
import { usePages } from "../source.js";
import { html, useState } from "../vendor/preact.js";
import { CodeActions } from "./code_actions.js";
import { CodeFilters, filterOf } from "./code_filters.js";

/** @typedef {import("../shapes.js").Code} Code */

/** @param {{ route: import("../route.js").Route }} props */
export function CodesPage({ route }) {
  const desk = useDesk();
  const { api, base, speech, program } = desk;
  const [turn, setTurn] = useState(0);
  const filter = filterOf(route.query);
  /** @type {import("../source.js").Source<Code>} */
  const source = usePages(api, `${base}/codes`, filter, turn);
  const chosen = useChosen(JSON.stringify(filter));
  const setFilter = (/** @type {Record<string, string>} */ next) =>
    replaceRoute(href(program.id, "codes", "", next));
  const actions = html`
    <a class="button" href=${href(program.id, "uploads")}>${speech.text("codes.upload")}</a>
    <a class="button primary" href=${href(program.id, "codes", "new")}>
      ${speech.text("codes.create")}</a>`;
  const count = source.total ?? (source.isComplete ? source.items.length : null);
  return html`
    <${PageHead} title=${speech.term("page", "codes")} actions=${actions} />
    <${CodeFilters} filter=${filter} query=${route.query} onChange=${setFilter} />
    <p class="count" role="status">${count === null
      ? speech.text(source.isLoading ? "loading" : "codes.some")
      : speech.text("codes.count", { n: count })}</p>
    <${CodeActions} chosen=${chosen} filter=${filter} total=${count}
      onDone=${() => setTurn(turn + 1)} />
    <${Listing} label=${speech.term("page", "codes")} columns=${columnsOf(desk)} source=${source}
      selection=${selectionOf(chosen, speech, count)}
      empty=${html`<${NoCodes} filter=${filter} />`} />`;
}

/**
 * Which codes are chosen: some by their ids, or all that match the filter.
 *
 * @typedef {object} Chosen
 * @property {boolean} isAll
 * @property {Set<string>} ids
 * @property {(isAll: boolean, ids?: Set<string>) => void} set
 */

/**
 * A choice belongs to the filter that it was made under.
 *
 * @param {string} filter
 * @returns {Chosen}
 */
function useChosen(filter) {
  const [state, setState] = useState({ filter, isAll: false, ids: new Set() });
  const current = state.filter === filter ? state : { filter, isAll: false, ids: new Set() };
  return {
    isAll: current.isAll,
    ids: current.ids,
    set: (isAll, ids = new Set()) => setState({ filter, isAll, ids }),
  };
}

/**
 * @param {Chosen} chosen
 * @param {import("../language.js").Speech} speech
 * @param {number | null} count
 */
function selectionOf(chosen, speech, count) {
  return {
    label: speech.text("codes.select_all", { n: count ?? 0 }),
    isAll: chosen.isAll,
    has: (/** @type {Code} */ { id }) => chosen.isAll || chosen.ids.has(id),
    name: (/** @type {Code} */ { code }) => speech.text("codes.select", { code }),
    toggle: (/** @type {Code} */ { id }) => {
      const ids = new Set(chosen.ids);
      if (!ids.delete(id)) ids.add(id);
      chosen.set(false, ids);
    },
    toggleAll: () => chosen.set(!chosen.isAll),
  };
}

/** @param {import("../shared.js").Desk} desk @returns {import("../parts/listing.js").Column[]} */
function columnsOf({ speech, program, partners, deals }) {
  return [
    {
      title: speech.text("code"),
      size: "main",
      cell: (code) => html`
        <a class="code" href=${href(program.id, "codes", code.id)}>${code.code}</a>
        ${code.match_type === "regex" && html`
          <span class="tag">${speech.term("match_short", "regex")}</span>`}
        ${code.public && html`<span class="tag">${speech.text("public")}</span>`}`,
    },
    {
      title: speech.text("owner"),
      size: "wide",
      cell: (code) => (code.kind === "restricted"
        ? html`<span class="soft">${speech.term("kind", "restricted")}</span>`
        : html`<span>${nameOf(partners, code.owner)}</span>`),
    },
    {
      title: speech.text("credit_policy"),
      cell: (code) => html`<span>${code.credit_policy
        ? speech.term("policy_short", code.credit_policy) : "–"}</span>`,
    },
    {
      title: speech.text("state"),
      size: "narrow",
      cell: (code) => html`<${StateBadge} state=${code.state} />`,
    },
    {
      title: speech.text("schedule"),
      size: "wide",
      cell: (code) => html`<${Span} start=${code.start_at} end=${effectiveEnd(code)} />`,
    },
    { title: speech.text("deal"), size: "wide",
      cell: (code) => html`<span>${nameOf(deals, code.deal) || "–"}</span>` },
  ];
}

/** The end that counts: the authored one, or the expiry when that is sooner. @param {Code} code */
export function effectiveEnd({ end_at, expired_at }) {
  if (end_at === null || expired_at === null) return end_at ?? expired_at;
  return Date.parse(expired_at) < Date.parse(end_at) ? expired_at : end_at;
}

/** @param {{ filter: Record<string, string> }} props */
function NoCodes({ filter }) {
  const { speech, program } = useDesk();
  const isNarrow = Object.keys(filter).some((name) => name !== "state") || filter.state !== "all";
  if (!isNarrow) {
    return html`
      <p class="empty-title">${speech.text("codes.none")}</p>
      <p>${speech.text("codes.none_text")}</p>
      <p class="actions">
        <a class="button primary" href=${href(program.id, "codes", "new")}>
          ${speech.text("codes.create")}</a>
        <a class="button" href=${href(program.id, "uploads")}>${speech.text("codes.upload")}</a>
      </p>`;
  }
  return html`
    <p class="empty-title">${speech.text("codes.no_match")}</p>
    <p>${speech.text("codes.no_match_text")}</p>
    <p class="actions"><a class="button" href=${href(program.id, "codes", "", { state: "all" })}>
      ${speech.text("codes.show_all")}</a></p>`;
}
