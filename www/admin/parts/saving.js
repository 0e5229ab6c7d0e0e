/**
 * Sending an edit: while it is under way, what came of it, and what to do when somebody else was
 * quicker.
 * @module
 */

import { useDesk } from "../shared.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { Notice, ProblemNotice, Warnings } from "./notice.js";

/**
 * @typedef {object} Saving
 * @property {boolean} isBusy
 * @property {any} problem
 * @property {any} answer of the last edit that was made
 * @property {(edit: () => Promise<any>, said?: string) => Promise<any>} run null when it failed
 * @property {() => void} clear
 */

/** @returns {Saving} */
export function useSaving() {
  const { live, announce } = useDesk();
  const [state, setState] = useState({ isBusy: false, problem: null, answer: null });
  return {
    ...state,
    run: async (edit, said = "") => {
      setState({ isBusy: true, problem: null, answer: null });
      try {
        const answer = await edit();
        setState({ isBusy: false, problem: null, answer });
        if (typeof answer?.revision === "number") live.follow(answer.revision);
        if (said) announce(said);
        return answer;
      } catch (problem) {
        setState({ isBusy: false, problem: /** @type {any} */ (problem), answer: null });
        return null;
      }
    },
    clear: () => setState({ isBusy: false, problem: null, answer: null }),
  };
}

/**
 * What came of an edit.
 *
 * @param {{ saving: Saving, said?: string }} props
 */
export function Saved({ saving, said }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const isTold = saving.problem || saving.answer;
  useEffect(() => {
    if (isTold) place.current?.scrollIntoView({ block: "nearest" });
  }, [isTold]);
  return html`
    <div class="told" ref=${place}>
      <${ProblemNotice} problem=${saving.problem} />
      ${saving.answer && said && html`<${Notice} kind="good" title=${said} />`}
      <${Warnings} warnings=${saving.answer?.warnings} />
    </div>`;
}

/**
 * @typedef {object} ComparedField
 * @property {string} name
 * @property {string} label
 * @property {(value: any) => string} show
 */

/**
 * Somebody changed the same thing meanwhile: both values, and a choice for each that differs.
 * Fields that only one side changed are kept as that side has them.
 *
 * @param {{ saving: Saving, read: Record<string, any>, patch: Record<string, any>,
 *   fields: ComparedField[], onResolve: (current: any, patch: Record<string, any>) => void }} props
 */
export function Meanwhile({ saving, read, patch, fields, onResolve }) {
  const { speech } = useDesk();
  const [theirs, setTheirs] = useState(/** @type {Set<string>} */ (new Set()));
  if (saving.problem?.kind !== "version-conflict") return null;
  const current = saving.problem.document.current ?? {};
  const isSame = (/** @type {any} */ a, /** @type {any} */ b) =>
    JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  const changed = fields.filter(
    ({ name }) => name in patch || !isSame(read[name], current[name]));
  /** @param {string} name @param {boolean} isTheirs */
  const choose = (name, isTheirs) => {
    const next = new Set(theirs);
    if (isTheirs) next.add(name);
    else next.delete(name);
    setTheirs(next);
  };
  const resolve = () => {
    const kept = Object.entries(patch).filter(([name]) => !theirs.has(name));
    setTheirs(new Set());
    onResolve(current, Object.fromEntries(kept));
  };
  return html`
    <${Notice} kind="warn" title=${speech.text("meanwhile")}>
      <p>${speech.text("meanwhile.text")}</p>
      <div class="meanwhile">
        ${changed.map(({ name, label, show }) => html`
          <fieldset key=${name}>
            <legend>${label}</legend>
            ${name in patch && html`
              <label class="option"><input type="radio" name=${`meanwhile-${name}`}
                checked=${!theirs.has(name)} onChange=${() => choose(name, false)} />
                <span><small>${speech.text("meanwhile.yours")}</small>
                  <b>${show(patch[name])}</b></span></label>`}
            <label class="option"><input type="radio" name=${`meanwhile-${name}`}
              checked=${!(name in patch) || theirs.has(name)}
              onChange=${() => choose(name, true)} />
              <span><small>${speech.text("meanwhile.theirs")}</small>
                <b>${show(current[name])}</b></span></label>
          </fieldset>`)}
      </div>
      <div class="actions">
        <button type="button" class="primary" disabled=${saving.isBusy} onClick=${resolve}>
          ${speech.text("meanwhile.save")}</button>
      </div>
    <//>`;
}
