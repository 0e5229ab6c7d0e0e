/**
 * When something is active: as a badge, as a line of a table, and as fields with what they mean in
 * the programme's zone and in the reader's.
 * @module
 */

import { useDesk } from "../shared.js";
import { OWN_ZONE, TIME_ZONES, stateAt, toInstant } from "../time.js";
import { html } from "../vendor/preact.js";
import { SelectField, TextField } from "./field.js";

/** @typedef {import("../time.js").Wall} Wall */

/**
 * @typedef {object} ScheduleDraft
 * @property {Wall} start
 * @property {Wall} end
 * @property {string} zone "" for the programme's
 */

/** @param {{ state: string, family?: string }} props */
export function StateBadge({ state, family = "state" }) {
  const { speech } = useDesk();
  return html`<span class=${`badge ${state}`}>${speech.term(family, state)}</span>`;
}

/**
 * From when to when, in the programme's zone.
 *
 * @param {{ start: string | null, end: string | null }} props
 */
export function Span({ start, end }) {
  const { speech, program } = useDesk();
  if (start === null && end === null) return html`<span>${speech.text("always_on")}</span>`;
  const show = (/** @type {string} */ at) => speech.instant(at, program.time_zone);
  return html`<span class="span">
    <span>${start === null ? speech.text("from_creation") : show(start)}</span>
    <span>– ${end === null ? speech.text("for_ever") : show(end)}</span>
  </span>`;
}

/**
 * @param {{ draft: ScheduleDraft, set: (change: Partial<ScheduleDraft>) => void,
 *   sides?: ("start" | "end")[], hasZone?: boolean, isState?: boolean }} props
 */
export function ScheduleFields({ draft, set, sides = ["start", "end"], hasZone = true,
  isState = true }) {
  const { speech, program } = useDesk();
  const zone = draft.zone || program.time_zone;
  const start = toInstant(draft.start, zone, "start");
  const end = toInstant(draft.end, zone, "end");
  const isEmpty = start !== null && end !== null && end <= start;
  /** @param {"start" | "end"} side @param {Partial<Wall>} change */
  const change = (side, change) => set({ [side]: { ...draft[side], ...change } });
  /** @type {[string, string][]} */
  const zones = [
    ["", speech.text("zone.program", { zone: program.time_zone })],
    ...TIME_ZONES.map((name) => /** @type {[string, string]} */ ([name, name])),
  ];
  return html`
    <div class="schedule">
      ${sides.map((side) => html`
        <${TextField} key=${`${side}-date`} type="date" label=${speech.term("date", side)}
          value=${draft[side].date} max="9999-12-31"
          error=${dateError(side, { start, end, isEmpty }, speech)}
          onInput=${(/** @type {string} */ date) => change(side, { date })} />
        <${TextField} key=${`${side}-time`} type="time" label=${speech.term("time", side)}
          value=${draft[side].time} disabled=${draft[side].date === ""}
          hint=${speech.term("time_hint", side)}
          onInput=${(/** @type {string} */ time) => change(side, { time })} />`)}
      ${hasZone && html`
        <${SelectField} label=${speech.text("time_zone")} value=${draft.zone} options=${zones}
          isWide=${true} hint=${speech.text("time_zone_hint")}
          onChange=${(/** @type {string} */ zone) => set({ zone })} />`}
      ${!isEmpty && !Number.isNaN(start) && !Number.isNaN(end) && html`
        <${Reading} ...${{ start, end, zone, isState }} />`}
    </div>`;
}

/**
 * @param {"start" | "end"} side
 * @param {{ start: number | null, end: number | null, isEmpty: boolean }} read
 * @param {import("../language.js").Speech} speech
 */
function dateError(side, read, speech) {
  if (Number.isNaN(read[side])) return speech.text("time_left_out");
  return side === "end" && read.isEmpty ? speech.text("ends_before_start") : "";
}

/** Whether a draft can be sent. @param {ScheduleDraft} draft @param {string} programZone */
export function isScheduleSound(draft, programZone) {
  const zone = draft.zone || programZone;
  const start = toInstant(draft.start, zone, "start");
  const end = toInstant(draft.end, zone, "end");
  if (Number.isNaN(start) || Number.isNaN(end)) return false;
  return start === null || end === null || start < end;
}

/**
 * What the fields come to, in every zone that matters.
 *
 * @param {{ start: number | null, end: number | null, zone: string, isState: boolean }} props
 */
function Reading({ start, end, zone, isState }) {
  const { speech, program } = useDesk();
  const zones = [...new Set([zone, program.time_zone, OWN_ZONE])];
  /** @param {string} name */
  const role = (name) => {
    const roles = [];
    if (name === program.time_zone) roles.push(speech.text("zone.of_program"));
    if (name === OWN_ZONE) roles.push(speech.text("zone.yours"));
    return roles.length > 0 ? speech.list(roles) : speech.text("zone.of_code");
  };
  /** @param {number | null} at @param {string} name @param {string} none */
  const show = (at, name, none) => (at === null ? none : speech.instant(at, name, true));
  return html`
    <div class="reading wide" role="group" aria-label=${speech.text("schedule")}>
      ${isState && html`<p><${StateBadge} state=${stateAt(start, end, Date.now())} />
        ${" "}<span>${sentence(start, end, speech)}</span></p>`}
      <dl>
        ${zones.map((name) => html`
          <div key=${name}>
            <dt><b>${name}</b> <span class="soft">${role(name)}</span></dt>
            <dd>${show(start, name, speech.text("from_creation"))}
              ${" – "}${show(end, name, speech.text("for_ever"))}</dd>
          </div>`)}
      </dl>
      <p class="hint">${speech.text("end_is_exclusive")}</p>
    </div>`;
}

/**
 * @param {number | null} start
 * @param {number | null} end
 * @param {import("../language.js").Speech} speech
 */
function sentence(start, end, speech) {
  const state = stateAt(start, end, Date.now());
  if (state === "pending") return speech.text("starts_when", { when: speech.ago(start ?? 0) });
  if (end === null) return speech.text("never_ends");
  return speech.text(state === "expired" ? "ended_when" : "ends_when", { when: speech.ago(end) });
}
