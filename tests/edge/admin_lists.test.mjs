// Lists of a hundred thousand codes: what a page costs, in rows that the database has to read.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { CATALOG, Desk } from "./admin.mjs";

const COUNT = 100_000;

/** @type {Desk} */
let desk;
before(async () => {
  desk = await Desk.start();
  // Every second one is over: a page has to pass over as many as it shows.
  const insert = `
    WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1 + 10000)
    INSERT INTO codes (program, id, text, folded, folding, hash, match_type, kind, credit_policy,
      owner, expired_at, public, created_at, upload, revision, created_revision)
    SELECT '1000', 'bulk' || i, 'BULK' || i, 'bulk' || i, 0, CAST('h' || i AS BLOB), 'exact',
      'tracking', 'always', 'ben', iif(i % 2, 5, NULL), 0, i, 'u1', 1, 1 FROM n`;
  for (let start = 0; start < COUNT; start += 10_000) await desk.rows(insert, start);
});
after(() => desk.close());

/** @param {string} query */
async function page(query) {
  const { status, headers, body } = await desk.ask("GET", `/codes?${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  const said = headers.get("server-timing")?.match(/d1-rows;desc="(\d+)"/);
  return { body, rows: Number(said?.[1]) };
}

for (const sort of ["created", "code", "start", "end"]) {
  for (const filter of ["", "&owner=ben", "&upload=u1"]) {
    for (const desc of ["true", "false"]) {
      if (filter !== "" && sort !== "created") continue;
      test(`a page by ${sort}, ${desc}, ${filter}: no more than what it shows`, async () => {
        const query = `sort=${sort}&desc=${desc}${filter}`;
        const first = await page(query);
        assert.equal(first.body.items.length, 100);
        assert.equal(first.body.total, null, "more than are counted");
        const next = await page(`${query}&cursor=${first.body.next_cursor}`);
        assert.equal(next.body.items.length, 100);
        assert.ok(next.rows <= 500, `${next.rows} rows`);
      });
    }
  }
}

test("the codes of a prefix are found by their text", async () => {
  const { body, rows } = await page("text=%5Ebulk9999&sort=code&state=all");
  assert.equal(body.total, 11);
  assert.ok(rows < 200, `${rows} rows`);
});

test("a hundred thousand are handed out as a file and as a catalogue, each once", async () => {
  const { status, headers, body } = await desk.ask("GET", "/codes.csv?state=all&owner=ben");
  assert.equal(status, 200);
  assert.equal(headers.get("content-length"), null, "it is sent while it is read");
  const [header, ...lines] = body.trimEnd().split("\n");
  assert.ok(header.startsWith("Promo Code,"));
  const texts = new Set(lines.map((/** @type {string} */ line) => line.split(",", 1)[0]));
  assert.deepEqual([lines.length, texts.size], [COUNT, COUNT]);
  const catalog = await desk.ask("GET", "/catalog");
  assert.equal(catalog.status, 200);
  const ids = new Set(catalog.body.codes.map((/** @type {any} */ code) => code.id));
  assert.equal(catalog.body.codes.length, ids.size);
  assert.equal(ids.size, COUNT + CATALOG.codes.length);
});

test("fifty thousand are edited by a filter", async () => {
  const filter = { text: "^bulk", state: "active" };
  const { status, body } = await desk.ask("POST", "/codes/expire", { filter });
  assert.deepEqual([status, body.changed, body.unchanged.length], [200, COUNT / 2, 0]);
  const expiries = "SELECT count(*) AS count FROM audit WHERE action = 'expire'";
  const [{ count }] = await desk.rows(expiries);
  assert.equal(count, COUNT / 2);
});

test("of fifty thousand entries of the history those of one thing cost what they are", async () => {
  const cost = async (/** @type {string} */ query) => {
    const { status, headers, body } = await desk.ask("GET", `/audit?${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    const rows = Number(headers.get("server-timing")?.match(/d1-rows;desc="(\d+)"/)?.[1]);
    return { rows, items: body.items };
  };
  const [{ entity_id }] = await desk.rows("SELECT entity_id FROM audit WHERE action = 'expire'");
  const one = await cost(`entity=code&id=${entity_id}`);
  assert.ok(one.items.length === 1 && one.rows <= 3, `${one.rows} rows`);
  const kind = await cost("entity=program");
  assert.ok(kind.items.length === 1 && kind.rows <= 3, `the oldest there is: ${kind.rows} rows`);
  const page = await cost("entity=code&limit=10");
  assert.ok(page.items.length === 10 && page.rows <= 11, `${page.rows} rows`);
});
