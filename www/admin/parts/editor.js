/**
 * The form of one entity, to make it or to change it: what is missing, what came of sending it, and
 * what to do when somebody else changed it meanwhile. Only what was changed is sent.
 * @module
 */

import { useDesk } from "../shared.js";
import { html, useEffect, useState } from "../vendor/preact.js";
import { Meanwhile, Saved, useSaving } from "./saving.js";

/** @typedef {Record<string, any>} Body */
/** @typedef {import("../language.js").TextKey} TextKey */

/**
 * @typedef {object} EditorProps
 * @property {any} read the entity as it was read; null to make one
 * @property {string} path of the list, for calls
 * @property {(read: any) => any} toDraft the form's own shape; of null that of a new one
 * @property {(draft: any) => Body} toBody what is sent to make it
 * @property {(draft: any, read: any) => Body} [toPatch] default: the fields of the body that differ
 * @property {(draft: any) => Record<string, TextKey>} faultsOf texts by field; empty when sound
 * @property {(props: { draft: any, set: (change: any) => void,
 *   error: (field: string) => string }) => any} fields
 * @property {import("./saving.js").ComparedField[]} compared
 * @property {string} [cancel] where giving up leads
 * @property {(answer: any) => void} onDone
 */

/** @param {EditorProps} props */
export function Editor(props) {
  const { read, toDraft, faultsOf, fields: Fields, compared, onDone } = props;
  const { speech } = useDesk();
  const { draft, set, reset } = useDraft(read, toDraft);
  const [isTried, setTried] = useState(false);
  const saving = useSaving();
  const faults = faultsOf(draft);
  const patch = read === null ? null : patchOf(props, draft);
  const isChanged = patch === null || Object.keys(patch).length > 0;
  const send = async (/** @type {() => Promise<any>} */ edit) => {
    const answer = await saving.run(edit, speech.text("saved"));
    if (answer) onDone(answer);
  };
  const calls = useCalls(props);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(faults).length > 0) return focusFirstError(event);
    return send(() => (patch === null ? calls.create(draft) : calls.change(read.version, patch)));
  };
  const error = (/** @type {string} */ field) =>
    (isTried && faults[field] ? speech.text(faults[field]) : "");
  return html`
    <form class="editor" onSubmit=${submit} noValidate>
      <${Fields} ...${{ draft, set, error }} />
      <${Saved} saving=${saving} said=${read && !isChanged ? speech.text("saved") : ""} />
      ${patch && html`<${Meanwhile} ...${{ saving, read, patch }} fields=${compared}
        onResolve=${(/** @type {any} */ current, /** @type {Body} */ kept) => {
          if (Object.keys(kept).length > 0) return send(() => calls.change(current.version, kept));
          reset();
          saving.clear();
          return onDone(current);
        }} />`}
      <${Buttons} ...${{ ...props, isChanged, isBusy: saving.isBusy }} onReset=${() => {
        reset();
        saving.clear();
      }} />
    </form>`;
}

/** @param {EditorProps} props */
function useCalls({ read, path, toBody }) {
  const { api } = useDesk();
  return {
    create: (/** @type {any} */ draft) => api.send("POST", path, toBody(draft)),
    /** @param {number} version @param {Body} patch */
    change: (version, patch) => {
      const id = encodeURIComponent(read.id);
      return api.send("PATCH", `${path}/${id}`, { version, ...patch });
    },
  };
}

/** @param {EditorProps & { isChanged: boolean, isBusy: boolean, onReset: () => void }} props */
function Buttons({ read, cancel, isChanged, isBusy, onReset }) {
  const { speech } = useDesk();
  return html`
    <div class="actions end">
      ${read === null
        ? cancel && html`<a class="button" href=${cancel}>${speech.text("cancel")}</a>`
        : html`<button type="button" disabled=${!isChanged || isBusy} onClick=${onReset}>
            ${speech.text("undo")}</button>`}
      <button class="primary" disabled=${!isChanged || isBusy}>
        ${speech.text(read === null ? "create" : "save")}</button>
    </div>`;
}

/** @param {EditorProps} props @param {any} draft @returns {Body} */
function patchOf({ read, toDraft, toBody, toPatch }, draft) {
  if (toPatch) return toPatch(draft, read);
  const before = toBody(toDraft(read));
  const changed = Object.entries(toBody(draft)).filter(([name, value]) =>
    JSON.stringify(value) !== JSON.stringify(before[name]));
  return Object.fromEntries(changed);
}

/**
 * What is being edited. When the entity is read again, what was edited stays and the rest is the
 * newer one's.
 *
 * @param {any} read
 * @param {(read: any) => any} toDraft
 */
function useDraft(read, toDraft) {
  const [state, setState] = useState(() => ({ read, draft: toDraft(read) }));
  useEffect(() => {
    if (read?.version === state.read?.version) return;
    const before = toDraft(state.read);
    const edited = Object.entries(state.draft).filter(([name, value]) =>
      JSON.stringify(value) !== JSON.stringify(before[name]));
    setState({ read, draft: { ...toDraft(read), ...Object.fromEntries(edited) } });
  }, [read]);
  return {
    draft: state.draft,
    set: (/** @type {any} */ change) =>
      setState((old) => ({ ...old, draft: { ...old.draft, ...change } })),
    reset: () => setState((old) => ({ ...old, draft: toDraft(old.read) })),
  };
}

/** @param {Event} event */
function focusFirstError(event) {
  const form = /** @type {HTMLElement} */ (event.currentTarget);
  const first = () =>
    /** @type {HTMLElement | null} */ (form.querySelector("[aria-invalid]"))?.focus();
  setTimeout(first);
}

/**
 * Fields for comparing, from names and labels.
 *
 * @param {[string, string, ((value: any) => string)?][]} rows
 * @returns {import("./saving.js").ComparedField[]}
 */
export function comparedFields(rows) {
  const plain = (/** @type {any} */ value) =>
    (value === null || value === undefined ? "–"
      : typeof value === "object" ? JSON.stringify(value, null, 1) : String(value));
  return rows.map(([name, label, show = plain]) => ({ name, label, show }));
}
