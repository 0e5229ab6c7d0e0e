/**
 * Codes that partners ask for: approved with a text and a policy, or declined with a reason.
 * @module
 */

import { nameOf, useDesk } from "../shared.js";
import { Confirm } from "../parts/dialog.js";
import { AreaField, Choice, SelectField, TextField } from "../parts/field.js";
import { Listing } from "../parts/listing.js";
import { ProblemNotice } from "../parts/notice.js";
import { PageHead } from "../parts/page_head.js";
import { Saved, useSaving } from "../parts/saving.js";
import { StateBadge } from "../parts/schedule.js";
import { href, replaceRoute } from "../route.js";
import { usePages } from "../source.js";
import { html, useState } from "../vendor/preact.js";

/** @typedef {import("../shapes.js").CodeRequest} CodeRequest */

const STATES = ["new", "approved", "completed", "declined"];

/** @param {{ route: import("../route.js").Route }} props */
export function RequestsPage({ route }) {
  const { api, base, speech, program } = useDesk();
  const [turn, setTurn] = useState(0);
  const [open, setOpen] = useState(
    /** @type {["approve" | "decline", CodeRequest] | null} */ (null));
  const saving = useSaving();
  const [said, setSaid] = useState("");
  const state = route.query.get("state") ?? "";
  const source = usePages(api, `${base}/requests`, { state }, turn);
  const decide = async (/** @type {object} */ body) => {
    if (!open) return;
    const [act, request] = open;
    const path = `${base}/requests/${encodeURIComponent(request.id)}/${act}`;
    const done = speech.term("request_done", act);
    setSaid(done);
    if (await saving.run(() => api.send("POST", path, body), done)) {
      setOpen(null);
      setTurn(turn + 1);
    }
  };
  const close = () => {
    setOpen(null);
    saving.clear();
  };
  return html`
    <${PageHead} title=${speech.term("page", "requests")} lead=${speech.text("requests.lead")} />
    <search class="filters">
      <${SelectField} label=${speech.text("state")} value=${state}
        options=${[["", speech.text("all")],
          ...STATES.map((name) => [name, speech.term("request_state", name)])]}
        onChange=${(/** @type {string} */ state) =>
          replaceRoute(href(program.id, "requests", "", { state }))} />
    </search>
    ${!open && html`<${Saved} saving=${saving} said=${said} />`}
    <${Listing} label=${speech.term("page", "requests")} source=${source}
      columns=${columnsOf(useDesk(), setOpen)} empty=${html`
        <p class="empty-title">${speech.text("requests.none")}</p>
        <p>${speech.text("requests.none_text")}</p>`} />
    ${open?.[0] === "approve" && html`
      <${Approve} request=${open[1]} ...${{ saving, close }} onConfirm=${decide} />`}
    ${open?.[0] === "decline" && html`
      <${Decline} request=${open[1]} ...${{ saving, close }} onConfirm=${decide} />`}`;
}

/**
 * @param {import("../shared.js").Desk} desk
 * @param {(open: ["approve" | "decline", CodeRequest]) => void} onOpen
 * @returns {import("../parts/listing.js").Column[]}
 */
function columnsOf({ speech, program, partners, deals }, onOpen) {
  return [
    { title: speech.text("request.codes"), size: "main", cell: (request) => html`
      <span class="code">${request.codes.join(" · ")}</span>` },
    { title: speech.text("partner"), cell: (request) => html`
      <span>${nameOf(partners, request.partner)}</span>` },
    { title: speech.text("deal"), cell: (request) => html`
      <span>${nameOf(deals, request.deal) || "–"}</span>` },
    { title: speech.text("request.needed_by"), cell: (request) => html`
      <span>${request.needed_by ? speech.instant(request.needed_by) : "–"}</span>` },
    { title: speech.text("request.note"), size: "wide",
      cell: (request) => html`<span>${request.answer || request.note || "–"}</span>` },
    { title: speech.text("state"), size: "narrow",
      cell: (request) => html`<${StateBadge} family="request_state" state=${request.state} />` },
    { title: speech.text("actions"), size: "wide", cell: (request) =>
      (request.state === "new" ? html`
        <span class="actions">
          <button type="button" class="small primary" onClick=${() => onOpen(["approve", request])}>
            ${speech.text("approve")}</button>
          <button type="button" class="small" onClick=${() => onOpen(["decline", request])}>
            ${speech.text("decline")}</button></span>` : request.code && html`
        <a href=${href(program.id, "codes", request.code)}>${speech.text("request.made")}</a>`) },
  ];
}

/**
 * @typedef {object} DecisionProps
 * @property {CodeRequest} request
 * @property {import("../parts/saving.js").Saving} saving
 * @property {() => void} close
 * @property {(body: object) => void} onConfirm
 */

/** @param {DecisionProps} props */
function Approve({ request, saving, close, onConfirm }) {
  const { speech, deals, partners } = useDesk();
  const [code, setCode] = useState(request.codes[0] ?? "");
  const [policy, setPolicy] = useState("always");
  const [deal, setDeal] = useState(request.deal ?? "");
  const body = {
    ...{ version: request.version, code: code.trim(), credit_policy: policy },
    ...{ match_type: "exact", deal: deal || null },
  };
  return html`
    <${Confirm} title=${speech.text("approve.title")} confirm=${speech.text("approve")}
      isBusy=${saving.isBusy} isReady=${code.trim() !== ""} onClose=${close}
      onConfirm=${() => onConfirm(body)}>
      <p>${speech.text("approve.text", { partner: nameOf(partners, request.partner) })}</p>
      <${TextField} label=${speech.text("code")} value=${code} class="code" spellcheck=${false}
        hint=${speech.text("request.suggested", { codes: speech.list(request.codes) })}
        onInput=${setCode} />
      <${SelectField} label=${speech.text("deal")} value=${deal} onChange=${setDeal}
        options=${[["", speech.text("no_deal")], ...deals.map(({ id, name }) => [id, name])]} />
      <${Choice} legend=${speech.text("credit_policy")} value=${policy} onChange=${setPolicy}
        options=${["always", "involved", "winner"].map((value) => ({
          value,
          label: speech.term("policy", value),
          hint: speech.term("policy_text", value),
        }))} />
      <${ProblemNotice} problem=${saving.problem} />
    <//>`;
}

/** @param {DecisionProps} props */
function Decline({ request, saving, close, onConfirm }) {
  const { speech, partners } = useDesk();
  const [note, setNote] = useState("");
  return html`
    <${Confirm} title=${speech.text("decline.title")} confirm=${speech.text("decline")}
      isDangerous=${true} isBusy=${saving.isBusy} isReady=${note.trim() !== ""} onClose=${close}
      onConfirm=${() => onConfirm({ version: request.version, note: note.trim() })}>
      <p>${speech.text("decline.text", { partner: nameOf(partners, request.partner) })}</p>
      <${AreaField} label=${speech.text("request.reason")} value=${note} rows=${3}
        onInput=${setNote} />
      <${ProblemNotice} problem=${saving.problem} />
    <//>`;
}
