// The admin page says at once what a date means, and the interface has the last word: both read
// alike, on every day of two years, in zones whose clocks do unusual things.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { startDesk } from "../../www/admin/desk.js";
import { NEVER, stateAt, toInstant, toText, toWall } from "../../www/admin/time.js";

/** Clocks that leave an hour out by day, at midnight, by half an hour, or never. */
const ZONES = [
  "America/New_York",
  "Europe/Berlin",
  "America/Santiago",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Pacific/Kiritimati",
  "UTC",
];
const TIMES = ["", "00:00", "00:30", "01:45", "02:15", "02:45", "23:59"];
const DAYS = Array.from({ length: 730 }, (_, day) =>
  new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10));
const SIDES = /** @type {const} */ (["start", "end"]);

const wasm = readFileSync(new URL("../../www/admin/wasm/desk/desk_bg.wasm", import.meta.url));
const desk = startDesk(wasm);

for (const zone of ZONES) {
  test(`dates are read as the interface reads them: ${zone}`, () => {
    for (const side of SIDES) {
      for (const date of DAYS) {
        for (const time of TIMES) {
          const wall = { date, time };
          const read = desk.readDate(toText(wall) ?? "", { program: zone }, side, "json");
          const expected = read.error ? NaN : read.at_ms;
          assert.equal(toInstant(wall, zone, side), expected, `${side} ${date} ${time}`);
        }
      }
    }
  });

  test(`what a form shows means the same instant again: ${zone}`, () => {
    for (const side of SIDES) {
      for (const date of DAYS) {
        const instant = toInstant({ date, time: "13:30" }, zone, side);
        const text = new Date(instant ?? NaN).toISOString();
        assert.deepEqual(toWall(text, zone, side), { date, time: "13:30" });
        const whole = toInstant({ date, time: "" }, zone, side);
        const shown = toWall(new Date(whole ?? NaN).toISOString(), zone, side);
        assert.equal(toInstant(shown, zone, side), whole, `${side} ${date}`);
      }
    }
  });
}

test("no date is no instant, and shown as none", () => {
  assert.equal(toInstant(NEVER, "UTC", "end"), null);
  assert.deepEqual(toWall(null, "UTC", "end"), NEVER);
  assert.equal(toText(NEVER), null);
});

test("the last day of a schedule is shown, and not the day after it", () => {
  const zone = "America/Los_Angeles";
  assert.deepEqual(toWall("2026-08-01T07:00:00Z", zone, "end"), { date: "2026-07-31", time: "" });
  assert.deepEqual(toWall("2026-08-01T07:00:00Z", zone, "start"), { date: "2026-08-01", time: "" });
});

test("a schedule includes its start and not its end", () => {
  assert.equal(stateAt(10, 20, 9), "pending");
  assert.equal(stateAt(10, 20, 10), "active");
  assert.equal(stateAt(10, 20, 19), "active");
  assert.equal(stateAt(10, 20, 20), "expired");
  assert.equal(stateAt(null, null, 0), "active");
});
