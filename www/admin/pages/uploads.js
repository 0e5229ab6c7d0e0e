/**
 * Bulk uploads: a file is given, checked, looked over, and taken as a whole or not at all.
 * @module
 */

import { useDesk } from "../shared.js";
import { Listing } from "../parts/listing.js";
import { Notice, ProblemNotice } from "../parts/notice.js";
import { PageHead } from "../parts/page_head.js";
import { StateBadge } from "../parts/schedule.js";
import { href } from "../route.js";
import { usePages } from "../source.js";
import { html, useId, useState } from "../vendor/preact.js";

/** @typedef {import("../shapes.js").Upload} Upload */

/** Largest files that the interface takes (section 2.2 of the contract), in bytes. */
const LIMITS = { csv: 5_000_000, xlsx: 1_000_000 };

export function UploadsPage() {
  const { api, base, speech } = useDesk();
  /** @type {import("../source.js").Source<Upload>} */
  const source = usePages(api, `${base}/uploads`, {});
  return html`
    <${PageHead} title=${speech.term("page", "uploads")} lead=${speech.text("uploads.lead")} />
    <${Drop} />
    <h2>${speech.text("uploads.past")}</h2>
    <${Listing} label=${speech.text("uploads.past")} columns=${columnsOf(useDesk())}
      source=${source} empty=${html`
        <p class="empty-title">${speech.text("uploads.none")}</p>
        <p>${speech.text("uploads.none_text")}</p>`} />`;
}

/** @param {import("../shared.js").Desk} desk @returns {import("../parts/listing.js").Column[]} */
function columnsOf({ speech, program }) {
  return [
    { title: speech.text("file"), size: "main", cell: (upload) => html`
      <a href=${href(program.id, "uploads", upload.id)}>${upload.name}</a>` },
    { title: speech.text("state"),
      cell: (upload) => html`<${StateBadge} family="upload_state" state=${upload.state} />` },
    { title: speech.text("rows"), size: "number", cell: (upload) => html`
      <span>${upload.rows_total === null ? "–" : speech.number(upload.rows_total)}</span>` },
    { title: speech.text("rows.bad"), size: "number",
      cell: (upload) => html`<span>${speech.number(upload.rows_bad)}</span>` },
    { title: speech.text("put.size"), size: "number",
      cell: (upload) => html`<span>${speech.size(upload.size)}</span>` },
    { title: speech.text("who"), cell: (upload) => html`<span>${upload.by}</span>` },
    { title: speech.text("when"), size: "wide",
      cell: (upload) => html`<span>${speech.instant(upload.at)}</span>` },
  ];
}

/** Where a file is dropped or picked. */
function Drop() {
  const { api, base, speech, program } = useDesk();
  const id = useId();
  const [isOver, setOver] = useState(false);
  const [sent, setSent] = useState(/** @type {number | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [fault, setFault] = useState("");
  const send = async (/** @type {File | undefined} */ file) => {
    setOver(false);
    if (!file) return;
    setProblem(null);
    const found = faultOf(file, speech);
    setFault(found);
    if (found) return;
    setSent(0);
    try {
      const upload = await api.upload(`${base}/uploads`, file, setSent);
      location.hash = href(program.id, "uploads", upload.id);
    } catch (refused) {
      setProblem(refused);
      setSent(null);
    }
  };
  const limits = { csv: speech.size(LIMITS.csv), xlsx: speech.size(LIMITS.xlsx) };
  const over = (/** @type {boolean} */ is) => (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(is);
  };
  return html`
    <div class=${`drop${isOver ? " is-over" : ""}`} onDragOver=${over(true)}
      onDragLeave=${over(false)} onDrop=${(/** @type {DragEvent} */ event) => {
        event.preventDefault();
        send(event.dataTransfer?.files[0]);
      }}>
      ${sent === null ? html`
        <p class="drop-title">${speech.text("drop.here")}</p>
        <p><label class="button primary" for=${id}>${speech.text("drop.pick")}</label>
          <input id=${id} type="file" class="hidden file" accept=".csv,.xlsx"
            aria-describedby=${`${id}-limits`}
            onChange=${(/** @type {any} */ event) => send(event.currentTarget.files[0])} /></p>
        <p class="hint" id=${`${id}-limits`}>${speech.text("drop.limits", limits)}</p>
        <p class="templates">${speech.text("drop.template")}
          ${" "}<a href="template.csv" download>CSV</a> · <a href="template.xlsx" download>XLSX</a>
        </p>` : html`
        <p role="status">${speech.text("drop.sending", {
          percent: speech.percent(Math.floor(sent * 100) * 100) })}</p>
        <progress value=${sent} max="1" aria-label=${speech.text("drop.progress")}></progress>`}
    </div>
    ${fault && html`<${Notice} kind="bad" title=${fault} />`}
    <${ProblemNotice} problem=${problem} />`;
}

/** @param {File} file @param {import("../language.js").Speech} speech */
function faultOf(file, speech) {
  const ending = /** @type {keyof typeof LIMITS} */ (file.name.toLowerCase().split(".").at(-1));
  const limit = LIMITS[ending];
  if (limit === undefined) return speech.text("drop.wrong_kind", { name: file.name });
  if (file.size > limit) {
    return speech.text("drop.too_large",
      { name: file.name, size: speech.size(file.size), limit: speech.size(limit) });
  }
  return file.size === 0 ? speech.text("drop.empty", { name: file.name }) : "";
}
