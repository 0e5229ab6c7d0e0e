/**
 * Publications: what the edge answers by, what was put there before, and the way back.
 * @module
 */

import { useDesk } from "../shared.js";
import { liveState } from "../live.js";
import { Confirm } from "../parts/dialog.js";
import { Listing } from "../parts/listing.js";
import { Notice } from "../parts/notice.js";
import { PageHead } from "../parts/page_head.js";
import { Saved, useSaving } from "../parts/saving.js";
import { usePages } from "../source.js";
import { html, useEffect, useState } from "../vendor/preact.js";

/** @typedef {import("../shapes.js").Put} Put */

export function PublicationsPage() {
  const { api, base, speech, live } = useDesk();
  const [turn, setTurn] = useState(0);
  const [target, setTarget] = useState(/** @type {Put | null} */ (null));
  const saving = useSaving();
  const [said, setSaid] = useState("");
  /** @type {import("../source.js").Source<Put>} */
  const source = usePages(api, `${base}/snapshots`, {}, turn, null);
  const generation = live.publication?.generation ?? null;
  useEffect(() => setTurn((turn) => turn + 1), [generation]);
  useEffect(() => {
    live.look();
  }, []);
  /** @param {string} act @param {object} body @param {string} done */
  const send = async (act, body, done) => {
    setSaid(done);
    const answer = await saving.run(
      () => api.send("POST", `${base}/snapshots/${act}`, body), done);
    setTarget(null);
    if (answer !== null) await live.look();
    setTurn((turn) => turn + 1);
  };
  return html`
    <${PageHead} title=${speech.term("page", "publications")}
      lead=${speech.text("publications.lead")} />
    <${State} isBusy=${saving.isBusy}
      onPublish=${() => send("publish", {}, speech.text("publish.asked"))}
      onResume=${() => send("resume", {}, speech.text("resume.done"))} />
    <${Saved} saving=${saving} said=${said} />
    <h2>${speech.text("publications.past")}</h2>
    <${Listing} label=${speech.text("publications.past")} source=${source}
      rowKey=${(/** @type {Put} */ put) => String(put.generation)}
      columns=${columnsOf({ speech, generation, onBack: setTarget })}
      empty=${html`<p class="empty-title">${speech.text("publications.none")}</p>
        <p>${speech.text("publications.none_text")}</p>`} />
    ${target && html`
      <${Confirm} title=${speech.text("rollback.title", { generation: target.generation })}
        confirm=${speech.text("rollback")} isDangerous=${true} isBusy=${saving.isBusy}
        onConfirm=${() => send("rollback", { generation: target.generation },
          speech.text("rollback.done"))}
        onClose=${() => setTarget(null)}>
        <p>${speech.text("rollback.text", { when: speech.instant(target.at) })}</p>
        <p>${speech.text("rollback.holds")}</p>
      <//>`}`;
}

/**
 * Where the newest edit and the edge are.
 *
 * @param {{ isBusy: boolean, onPublish: () => void, onResume: () => void }} props
 */
function State({ isBusy, onPublish, onResume }) {
  const { speech, live } = useDesk();
  const { publication } = live;
  if (publication === null) return html`<p class="soft">${speech.text("loading")}</p>`;
  const { held, folding, trouble } = publication;
  const state = liveState(live);
  return html`
    ${held && html`
      <${Notice} kind="warn" title=${speech.text("held")}>
        <p>${speech.text("held.text", { by: held.by, when: speech.instant(held.at),
          generation: held.generation })}</p>
        <p class="actions"><button type="button" class="primary" disabled=${isBusy}
          onClick=${onResume}>${speech.text("resume")}</button></p>
      <//>`}
    ${trouble && html`
      <${Notice} kind="bad" title=${speech.text("trouble")}>
        <p lang="en">${trouble}</p><p>${speech.text("trouble.text")}</p><//>`}
    <section class="panel" aria-label=${speech.text("publications.state")}>
      <dl class="facts">
        <div><dt>${speech.text("state")}</dt>
          <dd><span class=${`badge ${state}`}>${speech.term("live", state)}</span></dd></div>
        <div><dt>${speech.text("revision.newest")}</dt>
          <dd>${speech.number(publication.revision)}</dd></div>
        <div><dt>${speech.text("revision.live")}</dt>
          <dd>${publication.live_revision === null ? "–"
            : speech.number(publication.live_revision)}</dd></div>
        <div><dt>${speech.text("generation")}</dt>
          <dd>${publication.generation === null ? "–"
            : speech.number(publication.generation)}</dd></div>
        <div><dt>${speech.text("age")}</dt>
          <dd>${publication.age_ms === null ? "–"
            : speech.ago(-publication.age_ms, 0)}</dd></div>
        <div><dt>${speech.text("manifest")}</dt>
          <dd><code title=${publication.manifest ?? ""}>
            ${(publication.manifest ?? "–").slice(0, 12)}</code></dd></div>
      </dl>
      ${folding && html`
        <p>${speech.text("folding_now", { done: folding.done, total: folding.total })}
          <progress value=${folding.done} max=${folding.total}
            aria-label=${speech.text("folding_now",
              { done: folding.done, total: folding.total })}></progress></p>
        ${folding.is_awaited && html`<p class="hint">${speech.text("folding_now.awaited")}</p>`}`}
      <p class="hint">${speech.term("live_hint", state)}</p>
      <p class="actions"><button type="button" disabled=${isBusy || held !== null}
        onClick=${onPublish}>${speech.text("publish")}</button></p>
    </section>`;
}

/**
 * @param {{ speech: import("../language.js").Speech, generation: number | null,
 *   onBack: (put: Put) => void }} what
 * @returns {import("../parts/listing.js").Column[]}
 */
function columnsOf({ speech, generation, onBack }) {
  const isLive = (/** @type {Put} */ put) => put.generation === generation;
  return [
    { title: speech.text("generation"), size: "number",
      cell: (put) => html`<b>${speech.number(put.generation)}</b>` },
    { title: speech.text("when"), size: "wide", cell: (put) => html`
      <span title=${speech.ago(put.at)}>${speech.instant(put.at)}</span>` },
    { title: speech.text("put.kind"), size: "wide", cell: (put) => html`
      <span title=${speech.term("put_text", put.kind)}>${speech.term("put", put.kind)}</span>` },
    { title: speech.text("put.size"), size: "number", cell: (put) => html`
      <span>${speech.size(put.size)}</span>` },
    { title: speech.text("put.count"), size: "number",
      cell: (put) => html`<span>${speech.number(put.put_count)}</span>` },
    { title: speech.text("who"), cell: (put) => html`<span>${put.by}</span>` },
    { title: speech.text("rollback"), cell: (put) => {
      if (isLive(put)) return html`<span class="badge live">${speech.text("live_now")}</span>`;
      if (!put.is_kept) {
        return html`<span class="soft" title=${speech.text("rollback.not_kept_text")}>
          ${speech.text("rollback.not_kept")}</span>`;
      }
      return html`<button type="button" class="small"
          aria-label=${`${speech.text("rollback")}: ${put.generation}`}
          onClick=${() => onBack(put)}>
          ${speech.text("rollback")}</button>`;
    } },
  ];
}
