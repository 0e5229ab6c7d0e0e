/**
 * The audit: who changed what, when, from what to what.
 * @module
 */

import { differences } from "../difference.js";
import { useDesk } from "../shared.js";
import { Dialog } from "../parts/dialog.js";
import { SelectField, TextField } from "../parts/field.js";
import { Listing } from "../parts/listing.js";
import { PageHead } from "../parts/page_head.js";
import { href, replaceRoute } from "../route.js";
import { usePages } from "../source.js";
import { toInstant } from "../time.js";
import { html, useState } from "../vendor/preact.js";

const ENTITIES = [
  "code",
  "deal",
  "partner",
  "exception_list",
  "program",
  "upload",
  "request",
  "publication",
];

/** The pages that show an entity. @type {Record<string, string>} */
const PAGE_OF = {
  ...{ code: "codes", deal: "deals", partner: "partners", exception_list: "lists" },
  ...{ upload: "uploads" },
};

/** @param {{ route: import("../route.js").Route }} props */
export function AuditPage({ route }) {
  const { api, base, speech, program } = useDesk();
  const [shown, setShown] = useState(/** @type {any} */ (null));
  const filter = Object.fromEntries(["entity", "id", "who", "since", "until"].map((name) =>
    [name, route.query.get(name) ?? ""]));
  const set = (/** @type {Record<string, string>} */ change) =>
    replaceRoute(href(program.id, "audit", "", { ...filter, ...change }));
  const source = usePages(api, `${base}/audit`, {
    ...filter,
    since: instantOf(filter.since, program.time_zone, "start"),
    until: instantOf(filter.until, program.time_zone, "end"),
  });
  const isNarrow = Object.values(filter).some((value) => value !== "");
  return html`
    <${PageHead} title=${speech.term("page", "audit")} lead=${speech.text("audit.lead")} />
    <${AuditFilters} filter=${filter} set=${set} />
    <${Listing} label=${speech.term("page", "audit")} columns=${columnsOf(speech, setShown)}
      source=${source} rowKey=${(/** @type {any} */ row) => String(row.id)} empty=${html`
        <p class="empty-title">${speech.text(isNarrow ? "audit.no_match" : "audit.none")}</p>
        ${isNarrow && html`<p class="actions"><a class="button" href=${href(program.id, "audit")}>
          ${speech.text("clear")}</a></p>`}`} />
    ${shown && html`<${Entry} entry=${shown} onClose=${() => setShown(null)} />`}`;
}

/**
 * The first instant of a day, or the first after it, in the programme's zone.
 *
 * @param {string} date "" for none
 * @param {string} zone
 * @param {"start" | "end"} side
 */
function instantOf(date, zone, side) {
  const instant = toInstant({ date, time: "" }, zone, side);
  return instant === null || Number.isNaN(instant) ? "" : new Date(instant).toISOString();
}

/** @param {{ filter: Record<string, string>, set: (change: any) => void }} props */
function AuditFilters({ filter, set }) {
  const { speech } = useDesk();
  const options = [["", speech.text("all")],
    ...ENTITIES.map((entity) => [entity, speech.term("entity", entity)])];
  /** @param {string} name @param {string} label @param {string} [type] */
  const field = (name, label, type = "text") => html`
    <${TextField} label=${label} value=${filter[name]} type=${type} spellcheck=${false}
      onInput=${() => {}} onChange=${(/** @type {any} */ event) =>
        set({ [name]: event.currentTarget.value })} />`;
  return html`
    <search class="filters">
      <${SelectField} label=${speech.text("audit.entity")} value=${filter.entity} options=${options}
        onChange=${(/** @type {string} */ entity) => set({ entity })} />
      ${field("id", speech.text("id"))}
      ${field("who", speech.text("who"))}
      ${field("since", speech.text("since"), "date")}
      ${field("until", speech.text("until"), "date")}
    </search>`;
}

/**
 * @param {import("../language.js").Speech} speech
 * @param {(entry: any) => void} onShow
 * @returns {import("../parts/listing.js").Column[]}
 */
function columnsOf(speech, onShow) {
  return [
    { title: speech.text("when"), size: "wide",
      cell: (entry) => html`<span>${speech.instant(entry.at)}</span>` },
    { title: speech.text("who"), cell: (entry) => html`<span>${entry.who}</span>` },
    { title: speech.text("audit.action"), cell: (entry) => html`
      <span>${speech.term("action", entry.action)}</span>` },
    { title: speech.text("audit.entity"), size: "main", cell: (entry) => html`
      <span><span class="soft">${speech.term("entity", entry.entity)}</span>
        ${" "}${nameIn(entry)}</span>` },
    { title: speech.text("audit.changes"), size: "wide", cell: (entry) => html`
      <button type="button" class="link" onClick=${() => onShow(entry)}>
        ${speech.text("audit.fields", { n: differences(entry.before, entry.after).length })}
      </button>` },
  ];
}

/** What an entry is about, as people call it. @param {any} entry */
function nameIn({ before, after, entity_id }) {
  const known = after ?? before ?? {};
  return known.code ?? known.name ?? entity_id;
}

/** @param {{ entry: any, onClose: () => void }} props */
function Entry({ entry, onClose }) {
  const { speech, program } = useDesk();
  const page = PAGE_OF[entry.entity];
  const rows = differences(entry.before, entry.after);
  const actions = html`
    ${page && html`<a class="button" href=${href(program.id, page, entry.entity_id)}
      onClick=${onClose}>${speech.text("audit.open")}</a>`}
    <button type="button" class="primary" onClick=${onClose}>${speech.text("close")}</button>`;
  /** The history has instants of codes in milliseconds. @param {string} path @param {any} value */
  const show = (path, value) => {
    if (typeof value === "number" && path.endsWith("_at")) return speech.instant(value);
    return typeof value === "string" ? value : JSON.stringify(value);
  };
  const title = `${speech.term("action", entry.action)}: ${nameIn(entry)}`;
  return html`
    <${Dialog} ...${{ title, onClose, actions, isWide: true }}>
      <p class="soft">${speech.instant(entry.at, undefined, true)} · ${entry.who} ·
        ${" "}${speech.text("revision")} ${entry.revision}</p>
      ${rows.length === 0 ? html`<p>${speech.text("audit.nothing")}</p>` : html`
        <dl class="differences">
          ${rows.map(({ path, before, after }) => html`
            <div key=${path}>
              <dt><code>${path}</code></dt>
              <dd>
                ${before !== undefined && html`<del><span class="hidden">${speech.text("before")}
                  ${" "}</span>${show(path, before)}</del>`}
                ${after !== undefined && html`<ins><span class="hidden">${speech.text("after")}
                  ${" "}</span>${show(path, after)}</ins>`}
              </dd>
            </div>`)}
        </dl>`}
    <//>`;
}
