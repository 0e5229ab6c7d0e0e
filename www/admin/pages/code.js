/**
 * One code: made, looked at, changed.
 * @module
 */

import { nameOf, useAnswer, useDesk } from "../shared.js";
import { Editor, comparedFields } from "../parts/editor.js";
import { ProblemNotice, Warnings } from "../parts/notice.js";
import { PageHead } from "../parts/page_head.js";
import { StateBadge } from "../parts/schedule.js";
import { href } from "../route.js";
import { html, useState } from "../vendor/preact.js";
import { OneCodeActions } from "./code_actions.js";
import { draftOf, emptyDraft, faultsOf, newCode, patchOf } from "./code_draft.js";
import { CommonFields, NewCodeFields, PatternCodeFields } from "./code_fields.js";

/** @typedef {import("../shapes.js").Code} Code */

/** @param {{ route: import("../route.js").Route }} props */
export function CodePage({ route }) {
  return route.id === "new" ? html`<${NewCode} />` : html`<${StoredCode} id=${route.id} />`;
}

function NewCode() {
  const { base, speech, program, partners } = useDesk();
  return html`
    <${PageHead} title=${speech.text("codes.create")}
      back=${[href(program.id, "codes"), speech.term("page", "codes")]} />
    ${partners.length === 0 && html`
      <p class="notice warn">${speech.text("code.no_partners")}
        ${" "}<a href=${href(program.id, "partners", "new")}>${speech.text("partners.create")}</a>
      </p>`}
    <${Editor} ...${shared({ program, base })} read=${null} fields=${NewCodeFields} compared=${[]}
      faultsOf=${(/** @type {any} */ draft) => faultsOf(draft, program, false)}
      cancel=${href(program.id, "codes")}
      onDone=${(/** @type {any} */ made) => {
        carried = made;
        location.hash = href(program.id, "codes", made.id);
      }} />`;
}

/** @param {Pick<import("../shared.js").Desk, "program" | "base">} desk */
function shared({ program, base }) {
  return {
    path: `${base}/codes`,
    toDraft: (/** @type {Code | null} */ code) =>
      (code ? draftOf(code, program) : emptyDraft(program)),
    toBody: newCode,
    toPatch: (/** @type {any} */ draft, /** @type {Code} */ code) => patchOf(draft, code, program),
  };
}

/**
 * The answer to a creation, which may hold warnings, goes along to the code's own page.
 *
 * @type {any}
 */
let carried = null;

/** @param {{ id: string }} props */
function StoredCode({ id }) {
  const { api, base, speech, program } = useDesk();
  const path = `${base}/codes/${encodeURIComponent(id)}`;
  /** @type {{ value: Code | null, problem: any, reload: () => void, set: (code: Code) => void }} */
  const { value, problem, reload } = useAnswer(() => api.get(path), id);
  const [made] = useState(() => (carried?.id === id ? carried : null));
  const back = /** @type {[string, string]} */ (
    [href(program.id, "codes"), speech.term("page", "codes")]);
  if (!value) {
    return html`
      <${PageHead} title=${speech.text("code")} back=${back} />
      ${problem ? html`<${ProblemNotice} problem=${problem} />`
        : html`<p class="soft">${speech.text("loading")}</p>`}`;
  }
  return html`
    <${PageHead} title=${html`<code class="title-code">${value.code}</code>`} back=${back}
      name=${value.code} />
    ${made && html`
      <p class="notice good" role="status">${speech.text("code.created", { code: value.code })}</p>
      <${Warnings} warnings=${made.warnings} />`}
    <${Facts} code=${value} />
    <${OneCodeActions} code=${value} onDone=${reload} />
    <${ChangeCode} code=${value} onDone=${reload} />`;
}

/** What cannot be changed, and where the code stands. @param {{ code: Code }} props */
function Facts({ code }) {
  const { speech, program, partners } = useDesk();
  /** @type {[string, any][]} */
  const facts = [
    [speech.text("state"), html`<${StateBadge} state=${code.state} />`],
    [speech.text("kind"), speech.term("kind", code.kind)],
    [speech.text("match_type"), speech.term("match_short", code.match_type)],
    [speech.text("owner"), code.owner === null ? "–" : html`
      <a href=${href(program.id, "partners", code.owner)}>${nameOf(partners, code.owner)}</a>`],
    [speech.text("credit_policy"),
      code.credit_policy ? speech.term("policy_short", code.credit_policy) : "–"],
    [speech.text("created"), speech.instant(code.created_at)],
  ];
  if (code.expired_at) facts.push([speech.text("expired_at"), speech.instant(code.expired_at)]);
  return html`
    <section class="panel" aria-label=${speech.text("code.facts")}>
      <dl class="facts">${facts.map(([name, value]) =>
        html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
      <p class="hint">${speech.text("code.fixed")}
        ${" "}<a href=${href(program.id, "audit", "", { entity: "code", id: code.id })}>
          ${speech.text("code.history")}</a></p>
    </section>`;
}

/** @param {{ code: Code, onDone: () => void }} props */
function ChangeCode({ code, onDone }) {
  const { base, speech, program, deals } = useDesk();
  const compared = comparedFields([
    ["start_at", speech.term("date", "start")],
    ["end_at", speech.term("date", "end")],
    ["time_zone", speech.text("time_zone")],
    ["deal", speech.text("deal"), (id) => nameOf(deals, id) || speech.text("no_deal")],
    ["max_redemptions", speech.text("max_redemptions")],
    ["max_redemptions_per_customer", speech.text("max_per_customer")],
    ["public", speech.text("public"), (is) => speech.text(is ? "yes" : "no")],
    ["comments", speech.text("comments")],
  ]);
  const fields = code.match_type === "regex" ? PatternCodeFields : CommonFields;
  return html`
    <h2>${speech.text("code.change")}</h2>
    <${Editor} ...${{ ...shared({ program, base }), read: code, fields, compared, onDone }}
      faultsOf=${(/** @type {any} */ draft) => faultsOf(draft, program, true)} />`;
}
