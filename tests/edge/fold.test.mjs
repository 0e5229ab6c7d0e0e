/**
 * When there are more changes than fit beside what is published they are folded into a new base:
 * the bytes are those of the catalogue built as a whole, and what nothing touched stays.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { CATALOG, Desk } from "./admin.mjs";
import { insertCodes, manyCodes } from "./many_codes.mjs";
import { buildSnapshot, parts } from "./snapshots.mjs";

/** Three shards' worth, of which a few may expire without another number of buckets. */
const MANY = 133_000;
/** More than the root has room for. */
const BATCH = 850;

/** @type {Desk} */
let desk;
/** What the interface hands out of the catalogue, before there are many codes. @type {any} */
let authored;
const rows = manyCodes(MANY);

before(async () => {
  const program = { ...CATALOG.program, public_reasons: "detailed" };
  const pattern = { ...CATALOG.codes[0], id: "p1", code: "^SUMMER[0-9]{2}$", match_type: "regex" };
  const open = { ...CATALOG.codes[0], id: "c2", code: "OPEN", public: true };
  const codes = [...CATALOG.codes, pattern, open];
  desk = await Desk.start({ ...CATALOG, program, codes });
});
after(() => desk.close());

test("the first publication has the bytes of the whole catalogue", async () => {
  const [first] = await desk.live();
  assert.deepEqual([first.kind, first.put_count], ["base", 3]);
  authored = (await desk.ask("GET", "/catalog")).body;
  await isBuiltOf(first, authored);
});

test("an upload is folded, and its progress is seen", async () => {
  await insertCodes(desk.database, rows);
  await desk.ask("POST", "/snapshots/publish");
  const folding = await desk.until(async () => (await state()).folding);
  assert.equal(folding.total, 100);
  assert.ok(folding.is_awaited && folding.done < folding.total, JSON.stringify(folding));
  const [base] = await desk.live();
  assert.equal(base.kind, "base");
  assert.equal((await state()).folding, null);
  await isBuiltOf(base, { ...authored, codes: [...authored.codes, ...(await manyAuthored())] });
  await desk.answers(rows[7].text, "valid");
  await desk.answers("SUMMER25", "valid");
});

test("edits go out while a fold of earlier ones is under way, and neither loses any", async () => {
  const [before] = (await desk.ask("GET", "/snapshots")).body.items;
  // All of the first shard, and yet well spread.
  const some = rows.filter((_, index) => index % 20 === 0).slice(0, 2 * BATCH);
  const ids = some.map(({ id }) => id);
  await expire(ids.slice(0, BATCH));
  await desk.live();
  await expire(ids.slice(BATCH));
  // What the fold is of, before anything else is changed.
  const folded = { ...authored, codes: [...authored.codes, ...(await manyAuthored())] };
  await desk.until(async () => (await state()).folding);
  const late = await desk.code("MEANWHILE", { owner: "cara" });
  await done(desk.ask("DELETE", "/codes/p1"));
  await expire([rows[MANY - 1].id]);
  await done(desk.ask("PATCH", "/codes/c2", { version: 1, public: false }));
  await desk.answers("MEANWHILE", "valid");
  const base = await desk.until(async () => {
    const { items } = (await desk.ask("GET", "/snapshots")).body;
    return items.find((/** @type {any} */ item) =>
      item.kind === "base" && item.generation > before.generation);
  });
  const items = await desk.live();
  const out = items.filter((/** @type {any} */ item) => item.revision >= late.revision);
  assert.ok(out.at(-1).generation < base.generation, "an edit did not wait for the fold");
  // Of three shards of the campaign one changed; the expired ones and all others share one.
  const shards = await shardsOf(base.generation);
  assert.equal(shards.length, 4);
  const kept = new Set(await shardsOf(before.generation));
  assert.equal(shards.filter((id) => kept.has(id)).length, 2);
  assert.equal(base.put_count, 2 + 2, "two shards, the manifest and the root");
  const codes = buildSnapshot(folded);
  assert.deepEqual(new Set(shards.map((id) => `s/${id}`)), new Set(codes.shards.keys()));
  for (const { text } of [some[0], some[2 * BATCH - 1]]) await desk.answers(text, "expired");
  await desk.answers(rows[MANY - 1].text, "expired");
  await desk.answers(rows[MANY - 2].text, "valid");
  await desk.answers("SUMMER25", "expired");
  await desk.answers("OPEN", "valid");
  await desk.answers("SAVE10", "valid");
});

/** The many codes as they would be authored now. */
async function manyAuthored() {
  const sql = "SELECT id, expired_at FROM codes WHERE expired_at IS NOT NULL AND upload = 'u1'";
  const ends = new Map((await desk.rows(sql)).map(({ id, expired_at }) => [id, expired_at]));
  return rows.map(({ id, text }) => {
    const end = ends.get(id);
    return {
      id, code: text, match_type: "exact", credit_policy: "always", owner: "ben",
      created_at: new Date(5).toISOString(), end_at: end && new Date(end).toISOString(),
    };
  });
}

/** @returns {Promise<any>} */
async function state() {
  const { state } = (await desk.ask("GET", "/snapshots")).body;
  assert.equal(state.trouble, null);
  return state;
}

/** @param {string[]} ids */
async function expire(ids) {
  const { body } = await done(desk.ask("POST", "/codes/expire", { ids }));
  assert.equal(body.changed, ids.length);
}

/** @param {number} generation @returns {Promise<string[]>} */
async function shardsOf(generation) {
  const sql = "SELECT shards FROM publications WHERE program = '1000' AND generation = ?";
  return JSON.parse((await desk.rows(sql, generation))[0].shards);
}

/**
 * Compares what is published with what `promo build` makes of a catalogue.
 *
 * @param {any} publication
 * @param {any} catalog
 */
async function isBuiltOf(publication, catalog) {
  const built = buildSnapshot(catalog);
  assert.equal(publication.manifest, built.id);
  for (const [key, bytes] of parts(built)) {
    const there = await desk.object(key);
    assert.ok(there && Buffer.compare(there, Buffer.from(bytes)) === 0, key);
  }
}

/** @param {Promise<import("./admin.mjs").Answer>} asked */
async function done(asked) {
  const answer = await asked;
  assert.ok(answer.status < 300, JSON.stringify(answer.body));
  return answer;
}
