/**
 * One upload: how far its check is, what every row will become, and taking or dropping it. It is
 * all read from the interface, so that a reload finds it as it was.
 * @module
 */

import { useAnswer, useDesk } from "../shared.js";
import { Confirm, Dialog } from "../parts/dialog.js";
import { SelectField } from "../parts/field.js";
import { Listing } from "../parts/listing.js";
import { Complaints, Notice, ProblemNotice } from "../parts/notice.js";
import { PageHead } from "../parts/page_head.js";
import { StateBadge } from "../parts/schedule.js";
import { useSaving } from "../parts/saving.js";
import { href, replaceRoute } from "../route.js";
import { usePages } from "../source.js";
import { html, useEffect, useState } from "../vendor/preact.js";

/** @typedef {import("../shapes.js").Upload} Upload */
/** @typedef {import("../shapes.js").UploadRow} UploadRow */

const BETWEEN_LOOKS_MS = 700;
/** Once it is decided its rows are codes, or nothing. */
const WITH_ROWS = ["previewed", "accepting"];
const OUTCOMES = ["all", "ok", "warned", "bad"];

/** @param {{ route: import("../route.js").Route }} props */
export function UploadPage({ route }) {
  const { api, base, speech, program, live } = useDesk();
  const path = `${base}/uploads/${encodeURIComponent(route.id)}`;
  /** @type {{ value: Upload | null, problem: any, reload: () => void,
   *    set: (upload: Upload) => void }} */
  const { value: upload, problem, reload, set } = useAnswer(() => api.get(path), route.id);
  const isMoving = upload?.state === "checking" || upload?.state === "accepting";
  useEffect(() => {
    if (!isMoving) return;
    // After each answer, however long it took.
    const timer = setTimeout(reload, BETWEEN_LOOKS_MS);
    return () => clearTimeout(timer);
  }, [upload, problem]);
  useEffect(() => {
    if (upload?.state === "accepted") live.look();
  }, [upload?.state]);
  const back = [href(program.id, "uploads"), speech.term("page", "uploads")];
  if (!upload) {
    return html`<${PageHead} title=${speech.term("page", "uploads")} back=${back} />
      ${problem ? html`<${ProblemNotice} problem=${problem} />`
        : html`<p class="soft">${speech.text("loading")}</p>`}`;
  }
  return html`
    <${PageHead} title=${upload.name} back=${back} />
    <${Summary} upload=${upload} />
    ${isMoving && html`<${Progress} upload=${upload} />`}
    ${upload.problems.length > 0 && html`
      <${Notice} kind="bad" title=${speech.text("upload.refused")}>
        <${Complaints} complaints=${upload.problems} /><//>`}
    ${upload.notices.length > 0 && html`
      <${Notice} kind="warn" title=${speech.text("upload.notices")}>
        <${Complaints} complaints=${upload.notices} /><//>`}
    <${Decision} upload=${upload} path=${path} onDone=${(/** @type {Upload} */ next) =>
      (next?.state ? set(next) : reload())} />
    ${WITH_ROWS.includes(upload.state) && html`
      <${Rows} upload=${upload} path=${path} route=${route} />`}`;
}

/** @param {{ upload: Upload }} props */
function Summary({ upload }) {
  const { speech } = useDesk();
  return html`
    <section class="panel" aria-label=${speech.text("upload.summary")}>
      <dl class="facts">
        <div><dt>${speech.text("state")}</dt>
          <dd><${StateBadge} family="upload_state" state=${upload.state} /></dd></div>
        <div><dt>${speech.text("rows")}</dt>
          <dd>${upload.rows_total === null ? "–" : speech.number(upload.rows_total)}</dd></div>
        <div><dt>${speech.term("outcome", "ok")}</dt><dd>${speech.number(upload.rows_ok)}</dd></div>
        <div><dt>${speech.term("outcome", "bad")}</dt>
          <dd>${speech.number(upload.rows_bad)}</dd></div>
        <div><dt>${speech.term("outcome", "warned")}</dt>
          <dd>${speech.number(upload.warnings)}</dd></div>
        <div><dt>${speech.text("put.size")}</dt><dd>${speech.size(upload.size)}</dd></div>
        <div><dt>${speech.text("who")}</dt><dd>${upload.by}, ${speech.instant(upload.at)}</dd></div>
      </dl>
    </section>`;
}

/** @param {{ upload: Upload }} props */
function Progress({ upload }) {
  const { speech } = useDesk();
  const total = upload.state === "checking" ? upload.rows_total ?? 0 : 0;
  const values = { done: upload.rows_done, total };
  const text = total > 0
    ? speech.term("progress", upload.state, values)
    : speech.term("progress_start", upload.state);
  return html`
    <div class="progress">
      <p role="status">${text}</p>
      <progress value=${total > 0 ? upload.rows_done : undefined} max=${total || undefined}
        aria-label=${speech.term("upload_state", upload.state)}></progress>
      <p class="hint">${speech.text("progress.leave")}</p>
    </div>`;
}

/** @param {{ upload: Upload, path: string, onDone: (upload: Upload) => void }} props */
function Decision({ upload, path, onDone }) {
  const { api, speech, program } = useDesk();
  const [asked, setAsked] = useState(/** @type {"accept" | "discard" | null} */ (null));
  const saving = useSaving();
  const isSound = upload.rows_bad === 0 && (upload.rows_total ?? 0) > 0;
  const decide = async () => {
    const answer = await saving.run(() => api.send("POST", `${path}/${asked}`, {}));
    setAsked(null);
    if (answer !== null) onDone(answer);
  };
  const report = () =>
    saving.run(() => api.save(`${path}/errors.csv`, {}, `${upload.name}-errors.csv`));
  return html`
    ${upload.state === "previewed" && html`
      <${Notice} kind=${isSound ? "good" : "warn"} title=${isSound
        ? speech.text("upload.sound", { n: upload.rows_ok })
        : speech.text("upload.unsound", { n: upload.rows_bad })}>
        <p>${speech.text(isSound ? "upload.sound_text" : "upload.unsound_text")}
          ${upload.kept_until && html`${" "}${speech.text("upload.kept", {
            when: speech.instant(upload.kept_until) })}`}</p>
        <p class="actions">
          ${isSound && html`<button type="button" class="primary" disabled=${saving.isBusy}
            onClick=${() => setAsked("accept")}>
            ${speech.text("upload.accept", { n: upload.rows_ok })}</button>`}
          ${!isSound && html`<button type="button" class="primary" onClick=${report}>
            ${speech.text("upload.errors")}</button>`}
          <button type="button" disabled=${saving.isBusy} onClick=${() => setAsked("discard")}>
            ${speech.text("upload.discard")}</button>
        </p>
      <//>`}
    ${upload.state === "accepted" && html`
      <${Notice} kind="good" title=${speech.text("upload.accepted", { n: upload.rows_ok })}>
        <p><a href=${href(program.id, "codes", "", { upload: upload.id, state: "all" })}>
          ${speech.text("upload.show")}</a></p><//>`}
    <${ProblemNotice} problem=${saving.problem} />
    ${asked && html`
      <${Confirm} title=${speech.term("upload_act", asked)} isBusy=${saving.isBusy}
        confirm=${asked === "accept" ? speech.text("upload.accept", { n: upload.rows_ok })
          : speech.text("upload.discard")}
        isDangerous=${asked === "discard"} onConfirm=${decide} onClose=${() => setAsked(null)}>
        <p>${speech.term("upload_act_text", asked, { n: upload.rows_ok })}</p><//>`}`;
}

/** @param {{ upload: Upload, path: string, route: import("../route.js").Route }} props */
function Rows({ upload, path, route }) {
  const { api, speech, program } = useDesk();
  const [shown, setShown] = useState(/** @type {UploadRow | null} */ (null));
  const outcome = route.query.get("outcome") ?? (upload.rows_bad > 0 ? "bad" : "all");
  const source = usePages(api, `${path}/rows`, { outcome });
  const close = () => setShown(null);
  /** @type {import("../parts/listing.js").Column[]} */
  const columns = [
    { title: speech.text("line"), size: "number",
      cell: (row) => html`<span>${speech.number(row.line)}</span>` },
    { title: speech.text("code"), size: "main",
      cell: (row) => html`<span class="code">${row.code}</span>` },
    { title: speech.text("outcome"), size: "narrow",
      cell: (row) => html`<${StateBadge} family="outcome" state=${row.outcome} />` },
    { title: speech.text("complaints"), size: "wide", cell: (row) => (row.complaints.length === 0
      ? html`<span class="soft">–</span>`
      : html`<button type="button" class="link" onClick=${() => setShown(row)}>
          ${row.complaints[0].path}: ${row.complaints[0].expected}
          ${row.complaints.length > 1 ? ` (+${row.complaints.length - 1})` : ""}</button>`) },
  ];
  return html`
    <h2>${speech.text("upload.rows")}</h2>
    <search class="filters">
      <${SelectField} label=${speech.text("outcome")} value=${outcome}
        options=${OUTCOMES.map((name) => [name, speech.term("outcome", name)])}
        onChange=${(/** @type {string} */ outcome) =>
          replaceRoute(href(program.id, "uploads", upload.id, { outcome }))} />
    </search>
    <${Listing} label=${speech.text("upload.rows")} columns=${columns} source=${source}
      rowKey=${(/** @type {any} */ row) => String(row.line)}
      empty=${html`<p>${speech.text("upload.no_rows")}</p>`} />
    ${shown && html`
      <${Dialog} title=${speech.text("upload.line", { line: shown.line })} onClose=${close}
        isWide=${true} actions=${html`<button type="button" class="primary" onClick=${close}>
          ${speech.text("close")}</button>`}>
        <${Complaints} complaints=${shown.complaints} />
        <dl class="facts">${shown.cells.map(([name, value]) => html`
          <div key=${name}><dt>${name}</dt><dd><code>${value}</code></dd></div>`)}</dl>
      <//>`}`;
}
