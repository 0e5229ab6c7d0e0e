/**
 * A programme without a catalogue: begun with its settings, or with a whole catalogue from a file.
 * @module
 */

import { NumberField, SelectField, TextField } from "../parts/field.js";
import { Notice } from "../parts/notice.js";
import { PageHead } from "../parts/page_head.js";
import { Saved, useSaving } from "../parts/saving.js";
import { useDesk } from "../shared.js";
import { OWN_ZONE, TIME_ZONES } from "../time.js";
import { html, useId, useState } from "../vendor/preact.js";

const APPROVAL_DAYS = 30;

export function NewProgram() {
  const { api, base, speech, program, reload } = useDesk();
  const id = useId();
  const saving = useSaving();
  const [unread, setUnread] = useState("");
  const [draft, setDraft] = useState(
    { name: "", currency: "USD", zone: OWN_ZONE, days: /** @type {number | null} */ (30) });
  const set = (/** @type {Partial<typeof draft>} */ change) => setDraft({ ...draft, ...change });
  const put = async (/** @type {unknown} */ catalog) => {
    const made = await saving.run(() => api.send("PUT", `${base}/catalog`, catalog));
    if (made !== null) await reload();
  };
  const begin = (/** @type {Event} */ event) => {
    event.preventDefault();
    const { name, currency, zone, days } = draft;
    const settings = { currency: currency.trim(), time_zone: zone };
    return put({
      program: {
        ...{ id: program.id, name: name.trim() || program.id, ...settings },
        approval_days: days ?? APPROVAL_DAYS,
      },
      event_types: [{ id: "SALE", promo_codes: true }],
    });
  };
  const take = async (/** @type {File | undefined} */ file) => {
    setUnread("");
    const text = (await file?.text()) ?? "";
    try {
      await put(JSON.parse(text));
    } catch {
      setUnread(file?.name ?? "");
    }
  };
  return html`
    <${PageHead} title=${speech.text("begin")} lead=${speech.text("begin.lead")} />
    <form class="editor" onSubmit=${begin} noValidate>
      <fieldset class="group"><legend>${speech.text("settings.general")}</legend>
        <div class="fields">
          <${TextField} label=${speech.text("name")} value=${draft.name}
            placeholder=${program.id} onInput=${(/** @type {string} */ name) => set({ name })} />
          <${TextField} label=${speech.text("currency")} value=${draft.currency} maxlength="3"
            hint=${speech.text("begin.currency")}
            onInput=${(/** @type {string} */ text) => set({ currency: text.toUpperCase() })} />
          <${SelectField} label=${speech.text("time_zone")} value=${draft.zone}
            options=${[...new Set([draft.zone, ...TIME_ZONES])].map((zone) => [zone, zone])}
            hint=${speech.text("program_zone_hint")}
            onChange=${(/** @type {string} */ zone) => set({ zone })} />
          <${NumberField} label=${speech.text("approval_days")} value=${draft.days}
            hint=${speech.text("approval_days_hint")}
            onInput=${(/** @type {number | null} */ days) => set({ days })} />
        </div></fieldset>
      <${Saved} saving=${saving} />
      ${unread && html`<${Notice} kind="bad" title=${speech.text("begin.unread",
        { name: unread })} />`}
      <div class="actions end">
        <label class="button" for=${id}>${speech.text("begin.file")}</label>
        <input id=${id} type="file" class="hidden file" accept=".json"
          onChange=${(/** @type {any} */ event) => take(event.currentTarget.files[0])} />
        <button class="primary" disabled=${saving.isBusy}>${speech.text("begin.empty")}</button>
      </div>
    </form>`;
}
