/**
 * What is edited goes out: by one root at a time, as a delta where that is enough, and comes back
 * when somebody wants it back.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { CATALOG, Desk } from "./admin.mjs";
import { KEY, buildSnapshot, encodeRoot, parts } from "./snapshots.mjs";

/** @type {Desk} */
let desk;
/** More codes than the inline delta has room for, and fewer than an object. */
const SERIES_COUNT = 600;
const series = Array.from({ length: SERIES_COUNT }, (_, number) => `SERIES-${number}`);

before(async () => {
  const more = series.map((code, number) => ({
    id: `s${number}`, code, match_type: "exact", credit_policy: "always", owner: "ben",
    created_at: "2026-01-01T00:00:00Z",
  }));
  const program = { ...CATALOG.program, public_reasons: "detailed" };
  desk = await Desk.start({ ...CATALOG, program, codes: [...CATALOG.codes, ...more] });
});
after(() => desk.close());

test("a catalogue is published as it comes in", async () => {
  const [first] = await desk.live();
  assert.equal(first.kind, "base");
  assert.equal(first.by, "Maria");
  assert.equal(first.revision, 1);
  await desk.answers("SAVE10", "valid");
  await desk.answers("SERIES-7", "valid");
  await desk.answers("NOPE", "unknown_code");
});

test("a code that is created, expired and reactivated costs one write each", async () => {
  const { id } = await desk.code("SPRING", { owner: "cara" });
  let [last] = await desk.live();
  assert.deepEqual([last.kind, last.put_count], ["delta", 1]);
  await desk.answers("spring", "valid");
  await done(desk.ask("POST", "/codes/expire", { ids: [id] }));
  [last] = await desk.live();
  assert.deepEqual([last.kind, last.put_count], ["delta", 1]);
  await desk.answers("spring", "expired");
  await done(desk.ask("POST", "/codes/reactivate", { ids: [id] }));
  await desk.live();
  await desk.answers("spring", "valid");
  await desk.answers("SAVE10", "valid");
});

test("a pattern goes out as a delta, too", async () => {
  const { id } = await desk.code("^(SUMMER).*", { match_type: "regex" });
  const [last] = await desk.live();
  assert.deepEqual([last.kind, last.put_count], ["delta", 1]);
  await desk.answers("SUMMER25", "valid");
  await desk.answers("summer25", "unknown_code");
  await done(desk.ask("DELETE", `/codes/${id}`));
  await desk.live();
  await desk.answers("SUMMER25", "expired");
});

test("edits of one second go out together", async () => {
  const [before] = await desk.live();
  const codes = Array.from({ length: 25 }, (_, number) => `TOGETHER-${number}`);
  for (const code of codes) await desk.code(code);
  const [last] = await desk.live();
  assert.equal(last.revision, before.revision + codes.length);
  const { items } = (await desk.ask("GET", "/snapshots")).body;
  const since = items.filter((/** @type {any} */ item) => item.generation > before.generation);
  assert.ok(since.length < codes.length, `${since.length} publications of ${codes.length} edits`);
  for (let index = 1; index < since.length; index += 1) {
    const apart = Date.parse(since[index - 1].at) - Date.parse(since[index].at);
    assert.ok(apart >= 1000, `${apart} ms between two roots`);
  }
  await desk.answers("together-24", "valid");
});

test("more changes than a root has room for become an object", async () => {
  const filter = { text: "^SERIES-" };
  const { body } = await done(desk.ask("POST", "/codes/expire", { filter }));
  assert.equal(body.changed, SERIES_COUNT);
  const [last] = await desk.live();
  assert.deepEqual([last.kind, last.put_count], ["delta", 2]);
  await desk.answers("series-599", "expired");
  await desk.answers("SAVE10", "valid");
  await desk.code("AFTERWARDS");
  await desk.live();
  await desk.answers("afterwards", "valid");
  await desk.answers("series-0", "expired");
});

test("what shoppers' browsers may know is theirs no longer when it is not public", async () => {
  const { id, version } = await desk.code("OPEN", { public: true });
  let [last] = await desk.live();
  assert.equal(last.kind, "refresh", "the manifest holds the public codes");
  await isPublic(true);
  await done(desk.ask("PATCH", `/codes/${id}`, { version, public: false }));
  [last] = await desk.live();
  assert.deepEqual([last.kind, last.put_count], ["refresh", 2]);
  await isPublic(false);
  await desk.answers("open", "valid");
});

test("settings, deals and partners go out at once", async () => {
  const { version } = (await desk.ask("GET", "")).body;
  const { body } = await done(desk.ask("PATCH", "", { version, tracking: false }));
  let [last] = await desk.live();
  assert.deepEqual([last.kind, last.put_count], ["refresh", 2]);
  await desk.answers("SAVE10", "tracking_disabled");
  await done(desk.ask("PATCH", "", { version: body.version, tracking: true }));
  await desk.live();
  await desk.answers("SAVE10", "valid");
  const deal = (await desk.ask("GET", "/deals/d10")).body;
  const ended = { version: deal.version, sync_codes: true, end_at: "2026-01-01T00:00:00Z" };
  await done(desk.ask("PATCH", "/deals/d10", ended));
  [last] = await desk.live();
  // Rule 44: a code that goes with its deal ends with it.
  await desk.answers("SAVE10", "expired");
});

test("an earlier publication comes back and stays until edits are wanted again", async () => {
  const items = (await desk.ask("GET", "/snapshots")).body.items;
  const wanted = items.find((/** @type {any} */ item) => item.revision === 1);
  const asked = await desk.ask("POST", "/snapshots/rollback", { generation: wanted.generation });
  assert.equal(asked.status, 202);
  const held = await desk.until(async () => {
    const { state } = (await desk.ask("GET", "/snapshots")).body;
    return state.held && state;
  });
  assert.equal(held.held.by, "Maria");
  assert.ok(held.generation > items[0].generation, "a way back is a step forward");
  assert.equal(held.manifest, wanted.manifest);
  await desk.answers("SAVE10", "valid");
  await desk.answers("afterwards", "unknown_code");
  await desk.code("HELD");
  const { state } = (await desk.ask("POST", "/snapshots/publish")).body ?? {};
  assert.equal(state, undefined);
  await desk.answers("held", "unknown_code");
  assert.equal((await desk.ask("POST", "/snapshots/resume")).status, 202);
  await desk.live();
  await desk.answers("held", "valid");
  await desk.answers("SAVE10", "expired");
  const { items: history } = (await desk.ask("GET", "/audit?entity=publication")).body;
  assert.deepEqual(history.map((/** @type {any} */ entry) => entry.action), ["resume", "rollback"]);
});

test("a catalogue that is more than the database hands over at once is published", async () => {
  const contracts = Array.from({ length: 8 }, (_, index) => ({
    id: `k${index}`, start_at: `20${30 + index}-01-01`, end_at: `20${30 + index}-12-31`,
    event_types: ["SALE"], payout: { default: { rate_bps: 1000 } },
  }));
  const partners = Array.from({ length: 2_500 }, (_, index) => ({
    id: `p${index}`, name: `Partner ${index}`, kind: "partner", contracts,
  }));
  const large = await Desk.start({ ...CATALOG, partners: [...CATALOG.partners, ...partners] });
  try {
    const sql = "SELECT sum(length(document)) AS size FROM partners";
    const [{ size }] = await large.rows(sql);
    assert.ok(size > 2_000_000, String(size));
    await large.live();
    await large.answers("SAVE10", "valid");
  } finally {
    await large.close();
  }
});

test("a generation that never was is not found", async () => {
  const { status } = await desk.ask("POST", "/snapshots/rollback", { generation: 999_999 });
  assert.equal(status, 404);
});

test("a root that was noted and not written is written", async () => {
  const [last] = await desk.live();
  await desk.rows("UPDATE publications SET is_put = 0 WHERE generation = ?", last.generation);
  await done(desk.ask("POST", "/snapshots/publish"));
  const [again] = await desk.live();
  assert.equal(again.generation, last.generation);
});

test("what was resumed with nothing to publish can be held again", async () => {
  const [{ generation }] = await desk.live();
  for (const isHeld of [true, false, true, false]) {
    const path = isHeld ? "/snapshots/rollback" : "/snapshots/resume";
    await done(desk.ask("POST", path, isHeld ? { generation } : undefined));
    await desk.until(async () => {
      const { state } = (await desk.ask("GET", "/snapshots")).body;
      return Boolean(state.held) === isHeld;
    });
  }
});

test("a root of somebody else's stays until somebody wants the catalogue's", async () => {
  const [last] = await desk.live();
  const program = { ...CATALOG.program, public_reasons: "detailed" };
  const other = buildSnapshot({ ...CATALOG, program, codes: [] });
  for (const [name, bytes] of parts(other)) await desk.snapshots.put(name, bytes);
  await desk.snapshots.put("r/1000", encodeRoot(other, last.generation + 5, KEY));
  await desk.answers("SAVE10", "unknown_code");
  await done(desk.ask("POST", "/snapshots/publish"));
  const [again] = await desk.live();
  assert.deepEqual([again.generation, again.manifest], [last.generation + 6, last.manifest]);
  await desk.answers("SAVE10", "expired");
});

/** Asks until there is something public, or nothing. @param {boolean} expected */
function isPublic(expected) {
  return desk.until(async () => {
    const { body } = await desk.fetch("GET", "/v1/public", undefined, null);
    return (body !== "") === expected;
  });
}

/** @param {Promise<import("./admin.mjs").Answer>} asked */
async function done(asked) {
  const answer = await asked;
  assert.ok(answer.status < 300, JSON.stringify(answer.body));
  return answer;
}
