/**
 * A table that stays fast however long it is: of a long one only the rows in sight are drawn, and
 * further pages are fetched as they come near. On a phone its rows are cards.
 * @module
 */

import { useDesk } from "../shared.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor/preact.js";
import { ProblemNotice } from "./notice.js";

/**
 * @typedef {object} Column
 * @property {string} title
 * @property {(row: any) => any} cell
 * @property {"main" | "wide" | "narrow" | "number"} [size]
 */

/**
 * @typedef {object} Selection
 * @property {string} label of the box that selects all
 * @property {boolean} isAll
 * @property {(row: any) => boolean} has
 * @property {(row: any) => string} name
 * @property {(row: any) => void} toggle
 * @property {() => void} toggleAll
 */

/** Longer lists have rows of one height, and only some of them are drawn. */
const DRAWN_WHOLE = 150;

/** Rows drawn above and below those in sight, so that scrolling does not show their absence. */
const MARGIN = 12;

/** Browsers draw nothing beyond some 17 million pixels. */
const TALLEST_PX = 15_000_000;

/**
 * @param {{ label: string, columns: Column[], source: import("../source.js").Source<any>,
 *   empty: any, rowKey?: (row: any) => string, selection?: Selection }} props
 */
export function Listing({ label, columns, source, empty, rowKey = (row) => row.id, selection }) {
  const { speech } = useDesk();
  const body = useRef(/** @type {HTMLElement | null} */ (null));
  const { items, total } = source;
  const count = source.isComplete ? items.length : Math.max(total ?? 0, items.length + 1);
  const isLong = count > DRAWN_WHOLE;
  const sight = useSight(body, isLong, count);
  useEffect(() => {
    if (sight.end > items.length) source.reach(sight.end);
  }, [sight.end, items]);

  if (source.isComplete && items.length === 0) return html`<div class="empty">${empty}</div>`;
  const [first, last] = isLong ? [sight.start, Math.min(sight.end, count)] : [0, items.length];
  const rows = [];
  for (let index = first; index < last; index += 1) {
    const row = items[index];
    const key = row === undefined ? `at-${index}` : rowKey(row);
    rows.push(html`<${Row} key=${key} ...${{ row, index, columns, selection }} />`);
  }
  return html`
    <table role="table" class=${`listing${isLong ? " is-long" : ""}`} aria-label=${label}
      aria-rowcount=${count + 1} aria-busy=${source.isLoading ? "true" : undefined}
      onKeyDown=${moveBetweenRows}>
      <${Head} ...${{ columns, selection }} />
      <tbody role="rowgroup" ref=${body} style=${{ "--lines": columns.length }}>
        <${Space} height=${first * sight.rowHeight} isShown=${isLong} />
        ${rows}
        <${Space} height=${(count - last) * sight.rowHeight} isShown=${isLong} />
      </tbody>
    </table>
    ${!isLong && source.isLoading && html`<p class="soft loading">${speech.text("loading")}</p>`}
    <${ProblemNotice} problem=${source.problem} />`;
}

/**
 * Which rows are in sight of a body that the page scrolls past.
 *
 * @param {{ current: HTMLElement | null }} body
 * @param {boolean} isLong
 * @param {number} count
 */
function useSight(body, isLong, count) {
  const [sight, setSight] = useState({ start: 0, end: 60, rowHeight: 48 });
  const look = () => {
    const shown = body.current;
    if (!isLong || !shown) return;
    const row = shown.querySelector("tr.row")?.getBoundingClientRect().height ?? 48;
    const rowHeight = Math.min(row, TALLEST_PX / count);
    const top = -shown.getBoundingClientRect().top;
    const start = Math.max(0, Math.floor(top / rowHeight) - MARGIN);
    const end = Math.min(count, Math.ceil((top + innerHeight) / rowHeight) + MARGIN);
    setSight((old) => old.start === start && old.end === end && old.rowHeight === rowHeight
      ? old : { start, end: Math.max(end, start), rowHeight });
  };
  useLayoutEffect(() => {
    look();
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, [isLong, count]);
  return sight;
}

/** @param {{ columns: Column[], selection?: Selection }} props */
function Head({ columns, selection }) {
  return html`
    <thead role="rowgroup">
      <tr role="row" aria-rowindex="1">
        ${selection && html`
          <th role="columnheader" scope="col" class="select">
            <label class="tick"><span class="hidden">${selection.label}</span>
              <input type="checkbox" checked=${selection.isAll} onChange=${selection.toggleAll} />
            </label>
          </th>`}
        ${columns.map(({ title, size }) =>
          html`<th role="columnheader" scope="col" key=${title} class=${size ?? ""}>${title}</th>`)}
      </tr>
    </thead>`;
}

/** @param {{ row: any, index: number, columns: Column[], selection?: Selection }} props */
function Row({ row, index, columns, selection }) {
  const isSelected = row !== undefined && selection?.has(row);
  return html`
    <tr role="row" class=${`row${isSelected ? " is-selected" : ""}`} aria-rowindex=${index + 2}>
      ${selection && html`
        <td role="cell" class="select">${row && html`
          <label class="tick"><span class="hidden">${selection.name(row)}</span>
            <input type="checkbox" checked=${isSelected} disabled=${selection.isAll}
              onChange=${() => selection.toggle(row)} /></label>`}</td>`}
      ${columns.map(({ title, cell, size }) => html`
        <td role="cell" key=${title} class=${size ?? ""} data-title=${title}>
          ${row === undefined ? html`<span class="ghost"></span>` : html`
            <div class="cell">${cell(row)}</div>`}</td>`)}
    </tr>`;
}

/** @param {{ height: number, isShown: boolean }} props */
function Space({ height, isShown }) {
  if (!isShown || height <= 0) return null;
  const style = { height: `${height}px` };
  return html`<tr class="space" aria-hidden="true" style=${style}><td style=${style}></td></tr>`;
}

/**
 * The arrows go to the same control of the next row.
 *
 * @param {KeyboardEvent} event
 */
function moveBetweenRows(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const from = /** @type {HTMLElement} */ (event.target);
  const cell = from.closest("td");
  const row = cell?.closest("tr");
  if (!step || !cell || !row || !from.matches("a, button, input[type=checkbox]")) return;
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  const controls = next?.children[cell.cellIndex]?.querySelectorAll("a, button, input");
  const index = [...cell.querySelectorAll("a, button, input")].indexOf(from);
  const target = /** @type {HTMLElement | undefined} */ (controls?.[index]);
  if (!target) return;
  event.preventDefault();
  target.focus();
}
