/**
 * What has been out of force for long enough is deleted and can no longer come back; what anything
 * that is kept names stays, whoever named it.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { CATALOG, Desk } from "./admin.mjs";
import { KEY, buildSnapshot, encodeRoot, key, parts } from "./snapshots.mjs";

/** Instead of a day. */
const WINDOW_MS = 3_000;

/** @type {Desk} */
let desk;
const many = Array.from({ length: 300 }, (_, number) => ({
  ...CATALOG.codes[0], id: `s${number}`, code: `SERIES-${number}`,
}));
const program = { ...CATALOG.program, public_reasons: "detailed" };
const catalog = { ...CATALOG, program, codes: [...CATALOG.codes, ...many] };

before(async () => {
  desk = await Desk.start(catalog, { ROLLBACK_WINDOW_MS: String(WINDOW_MS) });
});
after(() => desk.close());

test("what was in force before and can be wanted back is kept, the rest is deleted", async () => {
  const [first] = await desk.live();
  // The same codes under the same key: the two share their shards.
  const other = { ...catalog, program: { ...catalog.program, id: "1001" } };
  assert.equal((await desk.fetch("PUT", "/v1/programs/1001/catalog", other)).status, 201);
  const [elsewhere] = await desk.until(async () => {
    const { items } = (await desk.fetch("GET", "/v1/programs/1001/snapshots")).body;
    return items.length > 0 && items;
  });
  const shards = await shardsOf(1001, elsewhere.generation);
  assert.deepEqual(shards, await shardsOf(1000, first.generation));

  const ids = many.map(({ id }) => id);
  assert.equal((await desk.ask("POST", "/codes/expire", { ids })).body.changed, ids.length);
  const [sealed] = await desk.live();
  assert.equal(sealed.put_count, 2, "a delta as an object");
  const [{ deltas }] = await desk.rows(
    "SELECT deltas FROM publications WHERE program = '1000' AND generation = ?", sealed.generation);
  const delta = `d/${JSON.parse(deltas)[0].id}`;
  assert.ok(await desk.object(delta));

  await desk.code("INLINE");
  assert.equal((await desk.live())[0].put_count, 1, "a delta in the root");
  await edit({ name: "Acme 2" });
  const [second] = await desk.live();
  assert.equal(second.kind, "refresh");
  await edit({ name: "Acme 3" });
  const [third] = await desk.live();
  await desk.until(async () => !(await desk.object(`m/${first.manifest}`)));
  assert.ok(await desk.object(`m/${second.manifest}`), "the one before the one in force");
  assert.ok(await desk.object(`m/${third.manifest}`));
  assert.ok(await desk.object(delta), "the root in force names it");
  for (const id of shards) assert.ok(await desk.object(`s/${id}`), "both programmes name it");
  await desk.answers("SAVE10", "valid");
  await desk.answers("SERIES-7", "expired");

  const back = await desk.ask("POST", "/snapshots/rollback", { generation: first.generation });
  assert.deepEqual([back.status, back.body.type.split("/").at(-1)], [409, "publication-not-kept"]);
  assert.match(back.body.remedy, /roll back to a later one/);
  const { items } = (await desk.ask("GET", "/snapshots")).body;
  const kept = items.filter((/** @type {any} */ item) => item.is_kept);
  assert.deepEqual(kept.map((/** @type {any} */ item) => item.generation),
    [third.generation, second.generation]);
});

test("what a root of elsewhere names stays, and where one cannot be read all does", async () => {
  const [last] = await desk.live();
  const shared = buildSnapshot({ ...catalog, program: { ...catalog.program, id: "1001" } });
  for (const [name, bytes] of parts(shared)) await desk.snapshots.put(name, bytes);
  await desk.snapshots.put("r/2000", encodeRoot({ ...shared, program: "2000" }, 1, key(9)));
  await edit({ name: "Acme 4" });
  await edit({ name: "Acme 5" });
  await desk.until(async () => {
    const sql = `SELECT keeping FROM publications WHERE program = '1000' AND generation = ?`;
    return (await desk.rows(sql, last.generation))[0].keeping === "given_up";
  });
  assert.ok(await desk.object(`m/${last.manifest}`), "somebody else's root may name it");
  await desk.snapshots.put("r/2000", encodeRoot({ ...shared, program: "2000" }, 2, KEY));
  await desk.until(async () => !(await desk.object(`m/${last.manifest}`)));
  for (const name of parts(shared).keys()) assert.ok(await desk.object(name), name);
});

test("what a fold of another programme puts stays, what one that ended put does not", async () => {
  const [last] = await desk.live();
  const claim = "INSERT INTO object_claims (program, claim, name) VALUES (?, 'put', ?)";
  await desk.rows(claim, "1001", `m/${last.manifest}`);
  await desk.rows(claim, "1000", "s/left");
  await desk.snapshots.put("s/left", "of a fold that came to no end");
  await edit({ name: "Acme 6" });
  await edit({ name: "Acme 7" });
  await desk.until(async () => {
    const sql = `SELECT keeping FROM publications WHERE program = '1000' AND generation = ?`;
    return (await desk.rows(sql, last.generation))[0].keeping === "swept";
  });
  assert.ok(await desk.object(`m/${last.manifest}`), "somebody is about to name it");
  assert.equal(await desk.object("s/left"), null);
  assert.deepEqual(await desk.rows("SELECT * FROM object_claims WHERE program = '1000'"), []);
  const swept = await desk.rows("SELECT inline FROM publications WHERE keeping = 'swept'");
  assert.ok(swept.length > 3 && swept.every(({ inline }) => inline.length === 0));
});

/** @param {object} settings */
async function edit(settings) {
  const { version } = (await desk.ask("GET", "")).body;
  const { status, body } = await desk.ask("PATCH", "", { version, ...settings });
  assert.equal(status, 200, JSON.stringify(body));
  await desk.live();
}

/** @param {number} program @param {number} generation @returns {Promise<string[]>} */
async function shardsOf(program, generation) {
  const sql = "SELECT shards FROM publications WHERE program = ? AND generation = ?";
  return JSON.parse((await desk.rows(sql, String(program), generation))[0].shards);
}
