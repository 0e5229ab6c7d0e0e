/**
 * What went well or wrong, with what to do about it.
 * @module
 */

import { useDesk } from "../shared.js";
import { href } from "../route.js";
import { html } from "../vendor/preact.js";

/**
 * @param {{ kind: "good" | "warn" | "bad", title?: string, children?: any }} props
 */
export function Notice({ kind, title, children }) {
  return html`
    <div class=${`notice ${kind}`} role=${kind === "bad" ? "alert" : "status"}>
      ${title && html`<p class="notice-title">${title}</p>`}
      ${children}
    </div>`;
}

/**
 * A problem of the interface: what, where, and the remedy.
 *
 * @param {{ problem: any }} props
 */
export function ProblemNotice({ problem }) {
  const { speech } = useDesk();
  if (!problem) return null;
  const { document = {}, status = 0 } = problem;
  if (problem.kind === "version-conflict") return null;
  const complaints = document.errors ?? (document.remedy ? [document] : []);
  return html`
    <${Notice} kind="bad" title=${titleOf(problem, speech)}>
      ${status > 0 && document.detail && complaints.length === 0 && html`
        <p lang="en">${document.detail}</p>`}
      <${Complaints} complaints=${complaints} />
      <${Conflicts} conflicts=${document.conflicts ?? []} />
      ${status === 0 && html`<p>${speech.text("problem.offline_remedy")}</p>`}
      ${status >= 500 && html`<p>${speech.text("problem.server_remedy")}</p>`}
    <//>`;
}

/** @param {any} problem @param {import("../language.js").Speech} speech */
function titleOf(problem, speech) {
  if (problem.document === undefined) return String(problem.message ?? problem);
  if (problem.document.conflicts?.length) {
    return speech.text("problem.conflicts", { n: problem.document.conflicts.length });
  }
  if (problem.status === 0) return speech.text("problem.offline");
  if (problem.status === 401) return speech.text("problem.unauthenticated");
  if (problem.status === 403) return speech.text("problem.forbidden");
  if (problem.status === 404) return speech.text("problem.missing");
  if (problem.status === 429) return speech.text("problem.too_many");
  return speech.text(problem.status >= 500 ? "problem.server" : "problem.refused");
}

/** @param {{ complaints: any[] }} props */
export function Complaints({ complaints }) {
  const { speech } = useDesk();
  if (complaints.length === 0) return null;
  return html`
    <ul class="complaints">
      ${complaints.map((complaint, index) => html`
        <li key=${index}>
          ${complaint.path && html`<code>${complaint.path}</code> `}
          <span>${complaint.expected === undefined ? complaint.detail
            : speech.text("complaint", { expected: complaint.expected, got: complaint.got })}</span>
          ${complaint.remedy && html` <span class="remedy">${complaint.remedy}</span>`}
        </li>`)}
    </ul>`;
}

/** @param {{ conflicts: import("../shapes.js").Conflict[] }} props */
function Conflicts({ conflicts }) {
  const { speech, program, partners } = useDesk();
  if (conflicts.length === 0) return null;
  return html`
    <ul class="conflicts">
      ${conflicts.map((conflict) => {
        const owner = partners.find(({ id }) => id === conflict.owner)?.name ?? conflict.owner;
        const dates = [conflict.start_at, conflict.end_at].map((at) =>
          at === null ? "" : speech.instant(at, program.time_zone));
        return html`
          <li key=${conflict.id}>
            <a href=${href(program.id, "codes", conflict.id)}><code>${conflict.code}</code></a>
            ${" "}${owner && html`<span>${owner}</span> `}
            <span class="soft">${dates[0] || speech.text("from_creation")} –
              ${" "}${dates[1] || speech.text("for_ever")}</span>
          </li>`;
      })}
    </ul>`;
}

/** @param {{ warnings: any[] | null | undefined }} props */
export function Warnings({ warnings }) {
  const { speech } = useDesk();
  if (!warnings?.length) return null;
  return html`
    <${Notice} kind="warn" title=${speech.text("warnings", { n: warnings.length })}>
      <${Complaints} complaints=${warnings} />
    <//>`;
}
