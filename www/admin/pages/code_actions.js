/**
 * What can be done with the chosen codes. Each act says first how many codes it is about and what
 * will happen, and afterwards what did.
 * @module
 */

import { useDesk } from "../shared.js";
import { Confirm, Dialog } from "../parts/dialog.js";
import { SelectField } from "../parts/field.js";
import { Notice, ProblemNotice } from "../parts/notice.js";
import { ScheduleFields, isScheduleSound } from "../parts/schedule.js";
import { useSaving } from "../parts/saving.js";
import { href } from "../route.js";
import { NEVER, toText } from "../time.js";
import { html, useState } from "../vendor/preact.js";

/** @typedef {"expire" | "reactivate" | "dates" | "deal"} Act */
/** @typedef {{ changed: number, unchanged: { id: string, reason: string }[] }} Outcome */

const ACTS = /** @type {const} */ (["expire", "reactivate", "dates", "deal"]);

/** As many ids as the interface takes in one call. */
const IDS_A_CALL = 1000;

/**
 * @param {{ chosen: import("./codes.js").Chosen, filter: Record<string, string>,
 *   total: number | null, onDone: () => void }} props
 */
export function CodeActions({ chosen, filter, total, onDone }) {
  const { api, base, speech, program } = useDesk();
  const [act, setAct] = useState(/** @type {Act | null} */ (null));
  const [outcome, setOutcome] = useState(/** @type {[Act, Outcome] | null} */ (null));
  const saving = useSaving();
  const count = chosen.isAll ? total : chosen.ids.size;
  const isChosen = chosen.isAll || chosen.ids.size > 0;
  const finish = (/** @type {Act} */ done, /** @type {Outcome} */ result) => {
    setAct(null);
    setOutcome([done, result]);
    chosen.set(false);
    onDone();
  };
  const download = () =>
    saving.run(() =>
      api.save(`${base}/codes.csv`, withoutOrder(filter), `codes-${program.id}.csv`));
  return html`
    <div class=${`bar${isChosen ? " is-chosen" : ""}`} role="group"
      aria-label=${speech.text("actions")}>
      <p role="status">${isChosen
        ? count === null ? speech.text("codes.all_chosen")
          : speech.text("codes.chosen", { n: count })
        : speech.text("codes.none_chosen")}</p>
      <div class="actions">
        ${ACTS.map((name) => html`
          <button key=${name} type="button" class="act" disabled=${!isChosen} onClick=${() => {
            setOutcome(null);
            setAct(name);
          }}>${speech.term("act", name)}</button>`)}
        <button type="button" onClick=${download} disabled=${saving.isBusy}
          title=${speech.text("codes.download_hint")}>${speech.text("codes.download")}</button>
        ${isChosen && html`<button type="button" class="quiet" onClick=${() => chosen.set(false)}>
          ${speech.text("clear")}</button>`}
      </div>
    </div>
    <${ProblemNotice} problem=${saving.problem} />
    ${outcome && html`<${Result} act=${outcome[0]} outcome=${outcome[1]} />`}
    ${act && html`<${ActDialog} ...${{ act, chosen, filter, count }}
      onDone=${(/** @type {Outcome} */ result) => finish(act, result)}
      onClose=${() => setAct(null)} />`}`;
}

/** @param {Record<string, string>} filter */
function withoutOrder({ sort, desc, ...filter }) {
  return filter;
}

/**
 * @param {{ act: Act, chosen: import("./codes.js").Chosen, filter: Record<string, string>,
 *   count: number | null, onDone: (outcome: Outcome) => void, onClose: () => void }} props
 */
function ActDialog({ act, chosen, filter, count, onDone, onClose }) {
  const { api, base, speech, program, deals } = useDesk();
  const saving = useSaving();
  const [dates, setDates] = useState({ start: NEVER, end: NEVER, zone: "" });
  const [deal, setDeal] = useState("");
  const [isEndless, setEndless] = useState("keep");
  const body = {
    expire: {},
    reactivate: isEndless === "keep" ? {} : { end_at: toText(dates.end) },
    dates: {
      start_at: toText(dates.start),
      end_at: toText(dates.end),
      time_zone: dates.zone || null,
    },
    deal: { deal: deal || null },
  }[act];
  const confirm = async () => {
    const calls = chosen.isAll ? [{ filter: withoutOrder(filter) }] : idsInCalls(chosen.ids);
    const outcome = await saving.run(async () => {
      /** @type {Outcome & { revision: number }} */
      const sum = { changed: 0, unchanged: [], revision: 0 };
      for (const which of calls) {
        const answer = await api.send("POST", `${base}/codes/${act}`, { ...which, ...body });
        sum.changed += answer.changed;
        sum.unchanged.push(...answer.unchanged);
        sum.revision = answer.revision;
      }
      return sum;
    });
    if (outcome) onDone(outcome);
  };
  const isReady = act === "deal" || act === "expire" || isScheduleSound(dates, program.time_zone);
  return html`
    <${Confirm} title=${speech.term("act", act)} isDangerous=${act === "expire"}
      confirm=${count === null ? speech.term("act", act)
        : speech.term("act_confirm", act, { n: count })}
      isBusy=${saving.isBusy} isReady=${isReady} onConfirm=${confirm} onClose=${onClose}>
      <p>${count === null ? speech.text("codes.all_chosen")
        : speech.text("codes.chosen", { n: count })}</p>
      <p>${speech.term("act_text", act)}</p>
      ${act === "reactivate" && html`
        <${SelectField} label=${speech.text("reactivate.end")} value=${isEndless}
          options=${["keep", "new"].map((end) => [end, speech.term("reactivate", end)])}
          hint=${speech.text("reactivate.hint")} onChange=${setEndless} />`}
      ${(act === "dates" || (act === "reactivate" && isEndless === "new")) && html`
        <${ScheduleFields} draft=${dates} isState=${act === "dates"} hasZone=${act === "dates"}
          sides=${act === "dates" ? ["start", "end"] : ["end"]}
          set=${(/** @type {any} */ change) => setDates({ ...dates, ...change })} />`}
      ${act === "deal" && html`
        <${SelectField} label=${speech.text("deal")} value=${deal} onChange=${setDeal}
          options=${[["", speech.text("no_deal")],
            ...deals.map(({ id, name }) => /** @type {[string, string]} */ ([id, name]))]} />`}
      <${ProblemNotice} problem=${saving.problem} />
    <//>`;
}

/**
 * The same acts for one code, on its own page.
 *
 * @param {{ code: import("../shapes.js").Code, onDone: () => void }} props
 */
export function OneCodeActions({ code, onDone }) {
  const { speech } = useDesk();
  const [act, setAct] = useState(/** @type {Act | null} */ (null));
  const [outcome, setOutcome] = useState(/** @type {[Act, Outcome] | null} */ (null));
  const fitting = code.state === "expired" ? "reactivate" : "expire";
  const chosen = { isAll: false, ids: new Set([code.id]), set: () => {} };
  return html`
    <div class="actions one-code">
      <button type="button" class=${fitting === "expire" ? "danger" : ""} onClick=${() => {
        setOutcome(null);
        setAct(fitting);
      }}>${speech.term("act", fitting)}</button>
    </div>
    ${outcome && html`<${Result} act=${outcome[0]} outcome=${outcome[1]} />`}
    ${act && html`<${ActDialog} ...${{ act, chosen, filter: {}, count: 1 }}
      onClose=${() => setAct(null)} onDone=${(/** @type {Outcome} */ result) => {
        setAct(null);
        setOutcome([act, result]);
        onDone();
      }} />`}`;
}

/** @param {Set<string>} ids */
function idsInCalls(ids) {
  const all = [...ids];
  const calls = Math.ceil(all.length / IDS_A_CALL);
  return Array.from({ length: calls }, (_, index) =>
    ({ ids: all.slice(index * IDS_A_CALL, (index + 1) * IDS_A_CALL) }));
}

/** @param {{ act: Act, outcome: Outcome }} props */
function Result({ act, outcome }) {
  const { speech, program } = useDesk();
  const [isOpen, setOpen] = useState(false);
  const { changed, unchanged } = outcome;
  const list = html`
    <ul class="complaints">
      ${unchanged.slice(0, 500).map(({ id, reason }) => html`
        <li key=${id}><a href=${href(program.id, "codes", id)}><code>${id}</code></a>
          ${" "}${speech.term("unchanged", reason)}</li>`)}
    </ul>`;
  return html`
    <${Notice} kind=${changed === 0 ? "warn" : "good"}
      title=${speech.term("act_done", act, { n: changed })}>
      ${unchanged.length > 0 && html`
        <p>${speech.text("codes.unchanged", { n: unchanged.length })}
          ${" "}<button type="button" class="link" onClick=${() => setOpen(true)}>
            ${speech.text("codes.why")}</button></p>`}
    <//>
    ${isOpen && html`
      <${Dialog} title=${speech.text("codes.unchanged", { n: unchanged.length })}
        onClose=${() => setOpen(false)} actions=${html`
          <button type="button" onClick=${() => setOpen(false)}>${speech.text("close")}</button>`}>
        ${list}<//>`}`;
}
