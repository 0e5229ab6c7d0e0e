/**
 * Dates as forms have them, in a time zone: a day, and a time of day where one is given. A day
 * alone means all of it, so a schedule that ends at a midnight is shown with the day before.
 * @module
 */

/** @typedef {{ date: string, time: string }} Wall `time` is "" for the whole day */

/** @type {Wall} */
export const NEVER = { date: "", time: "" };

/** The time zones that the browser knows, for lists. */
export const TIME_ZONES = Intl.supportedValuesOf("timeZone");

/** The zone of the person who looks. */
export const OWN_ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;

const DAY_MS = 86_400_000;

/**
 * What a form shows of an instant.
 *
 * @param {string | null} at RFC 3339
 * @param {string} zone
 * @param {"start" | "end"} side
 * @returns {Wall}
 */
export function toWall(at, zone, side) {
  if (at === null) return NEVER;
  const wall = wallMillis(Date.parse(at), zone);
  const isMidnight = wall % DAY_MS === 0;
  const text = new Date(isMidnight && side === "end" ? wall - DAY_MS : wall).toISOString();
  return { date: text.slice(0, 10), time: isMidnight ? "" : text.slice(11, 16) };
}

/**
 * The text that the interface reads in the zone given beside it; null where there is no date.
 *
 * @param {Wall} wall
 */
export function toText({ date, time }) {
  if (date === "") return null;
  return time === "" ? date : `${date}T${time}:00`;
}

/**
 * The instant that a form's date means; null for none, NaN for a time that the zone leaves out.
 * Of a time that comes twice it is the earlier.
 *
 * @param {Wall} wall
 * @param {string} zone
 * @param {"start" | "end"} side
 * @returns {number | null}
 */
export function toInstant({ date, time }, zone, side) {
  if (date === "") return null;
  if (time !== "") return atWall(Date.parse(`${date}T${time}:00Z`), zone);
  const midnight = Date.parse(`${date}T00:00:00Z`) + (side === "end" ? DAY_MS : 0);
  return firstOfDay(midnight, zone);
}

/**
 * Where a schedule stands.
 *
 * @param {number | null} start
 * @param {number | null} end
 * @param {number} now
 * @returns {"pending" | "active" | "expired"}
 */
export function stateAt(start, end, now) {
  if (end !== null && end <= now) return "expired";
  return start !== null && now < start ? "pending" : "active";
}

/** @param {number} wall a wall clock as if it were UTC @param {string} zone */
function atWall(wall, zone) {
  const offsets = [wall - DAY_MS, wall + DAY_MS].map((near) => wallMillis(near, zone) - near);
  const instants = offsets.map((offset) => wall - offset).sort((a, b) => a - b);
  return instants.find((instant) => wallMillis(instant, zone) === wall) ?? NaN;
}

/** A day whose clock leaves midnight out begins later. @param {number} day @param {string} zone */
function firstOfDay(day, zone) {
  const quarter = 900_000;
  for (let wall = day; wall < day + DAY_MS; wall += quarter) {
    const instant = atWall(wall, zone);
    if (!Number.isNaN(instant)) return instant;
  }
  return NaN;
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** The wall clock at an instant, as if it were UTC. @param {number} at @param {string} zone */
function wallMillis(at, zone) {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en", {
      ...{ timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
      ...{ hour: "numeric", minute: "numeric", second: "numeric" },
    });
    formats.set(zone, format);
  }
  const parts = format.formatToParts(at).map(({ type, value }) => [type, Number(value)]);
  const { year, month, day, hour, minute, second } = Object.fromEntries(parts);
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((at % 1000) + 1000) % 1000);
}
