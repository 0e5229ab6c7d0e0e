// What a pattern has in common with the catalogue: other patterns, and exact codes as the programme
// folds them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { CATALOG, Desk } from "./admin.mjs";

/** @type {Desk} */
let desk;
before(async () => {
  const folding = { separators: true, lookalikes: true };
  const base = { match_type: "exact", credit_policy: "always", owner: "ben" };
  const codes = [
    { ...base, id: "e1", code: "Summer-25" },
    { ...base, id: "e2", code: "WINTER" },
    { ...base, id: "p1", code: "^(SUMMER).*", match_type: "regex", owner: "cara" },
    { ...base, id: "p2", code: "[0-9]{4}", match_type: "regex" },
  ];
  const program = { ...CATALOG.program, folding };
  desk = await Desk.start({ ...CATALOG, program, codes: [...CATALOG.codes, ...codes] });
});
after(() => desk.close());

/** @param {string} pattern @param {object} [more] */
async function overlaps(pattern, more = {}) {
  const { status, body } = await desk.ask("POST", "/patterns/overlaps", { pattern, ...more });
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** @param {{ id: string }[]} items */
const ids = (items) => items.map((item) => item.id);

test("patterns are named with a code that both match, codes with their owner", async () => {
  assert.deepEqual(await overlaps("^.*25$"), {
    patterns: [
      { id: "p1", code: "^(SUMMER).*", owner: "cara", example: "SUMMER25" },
      { id: "p2", code: "[0-9]{4}", owner: "ben", example: "0025" },
    ],
    codes: [{ id: "e1", code: "Summer-25", owner: "ben" }],
    is_complete: true,
  });
});

test("exact codes are matched as the programme folds them", async () => {
  // In any case, without separators, and with O for 0.
  assert.deepEqual(ids((await overlaps("^SAVE1O$")).codes), ["c1"]);
  assert.deepEqual(ids((await overlaps("^sa-ve-10$")).codes), ["c1"]);
  assert.deepEqual(await overlaps("AUTUMN"), { patterns: [], codes: [], is_complete: true });
});

test("what is over answers to nothing, what is to come does", async () => {
  const { id } = await desk.code("OVER-SOON");
  const later = await desk.code("OVER-LATER", { start_at: "2090-01-01T00:00:00Z" });
  const pattern = await desk.code("OVER.*", { match_type: "regex" });
  assert.deepEqual(ids((await overlaps("OVER.+")).codes).sort(), [id, later.id].sort());
  await desk.ask("POST", "/codes/expire", { ids: [id, pattern.id] });
  const { codes, patterns } = await overlaps("OVER.+");
  assert.deepEqual([ids(codes), patterns], [[later.id], []]);
});

test("there are as many as are asked for, and whether that is all", async () => {
  for (let index = 0; index < 5; index += 1) await desk.code(`LIMIT-${index}`);
  const some = await overlaps("LIMIT.*", { limit: 3 });
  assert.deepEqual([some.codes.length, some.is_complete], [3, false]);
  const all = await overlaps("LIMIT.*", { limit: 5 });
  assert.deepEqual([all.codes.length, all.is_complete], [5, true]);
});

test("what is no pattern is refused as a code would be", async () => {
  for (const pattern of ["^(?=SUMMER).*", "(SUM)\\1", "SUMMER)|(?:WINTER", "", "["]) {
    const asked = await desk.ask("POST", "/patterns/overlaps", { pattern });
    const created = await desk.ask("POST", "/codes", {
      code: pattern, match_type: "regex", credit_policy: "always", owner: "ana",
    });
    assert.deepEqual([asked.status, asked.body.path], [400, "pattern"]);
    const { expected, got, remedy } = created.body;
    const { body } = asked;
    assert.deepEqual([body.expected, body.got, body.remedy], [expected, got, remedy]);
  }
  for (const limit of [0, 501, 1.5, "5"]) {
    const { status, body } = await desk.ask("POST", "/patterns/overlaps", { pattern: "A", limit });
    assert.deepEqual([status, body.path], [400, "limit"]);
  }
  assert.equal((await desk.ask("GET", "/patterns/overlaps")).status, 405);
});

test("of a large catalogue a part is looked at, and the answer says so", async () => {
  const insert = `
    WITH RECURSIVE n(i) AS (SELECT 10000 UNION ALL SELECT i + 1 FROM n WHERE i < 34999)
    INSERT INTO codes (program, id, text, folded, folding, hash, match_type, kind, credit_policy,
      owner, public, created_at, upload, revision, created_revision)
    SELECT '1000', 'bulk' || i, 'BULK' || i, 'bu1k' || i, 3, CAST('h' || i AS BLOB), 'exact',
      'tracking', 'always', 'ben', 0, i, 'u1', 1, 1 FROM n`;
  await desk.rows(insert);
  const { codes, is_complete } = await overlaps("NEVER-THERE");
  assert.deepEqual([codes, is_complete], [[], false]);
  const answer = await desk.ask("POST", "/patterns/overlaps", { pattern: "NEVER-THERE" });
  const rows = Number(answer.headers.get("server-timing")?.match(/d1-rows;desc="(\d+)"/)?.[1]);
  assert.ok(rows < 21_000, `${rows} rows`);
});

test("a programme has 2,000 patterns, which are published, and no more", async (t) => {
  const full = await Desk.start();
  t.after(() => full.close());
  const { database } = full;
  await database.batch([
    database.prepare("UPDATE programs SET revision = revision + 1, edited_how = 'upload'"),
    database.prepare(`
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1999)
      INSERT INTO codes (program, id, text, folded, folding, match_type, kind, credit_policy,
        owner, public, created_at, revision, created_revision)
      SELECT id, 'm' || i, '^MANY' || i || '[A-Z]{4,8}$', 'many' || i, folding, 'regex',
        'tracking', 'always', 'ben', 0, 5, revision, revision FROM n, programs`),
  ]);
  await full.code("^LAST$", { match_type: "regex" });
  const [last] = await full.live();
  assert.equal(last.kind, "base");
  await full.answers("MANY1999SPRING", "valid");
  const own = { match_type: "regex", credit_policy: "always", owner: "ana" };
  const more = await full.ask("POST", "/codes", { code: "^MORE$", ...own });
  assert.deepEqual([more.status, more.body.type], [409, "/problems/too-many-patterns"]);
  assert.match(more.body.remedy, /reactivate/);
});
