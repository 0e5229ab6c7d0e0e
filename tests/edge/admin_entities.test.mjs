// Settings, partners, deals, exception lists, requests and the history over HTTP; who may ask; and
// what the database keeps true by itself.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { CATALOG, Desk } from "./admin.mjs";

/** @type {Desk} */
let desk;
before(async () => void (desk = await Desk.start()));
after(() => desk.close());

test("programmes are those that the token opens", async () => {
  const { status, body } = await desk.fetch("GET", "/v1/programs");
  assert.equal(status, 200);
  assert.deepEqual(body.items, [{ id: "1000", name: "Acme" }, { id: "1001", name: null }]);
  assert.equal((await desk.fetch("GET", "/v1/programs", undefined, "till")).status, 401);
  assert.equal((await desk.fetch("GET", "/v1/programs/1001")).status, 404);
});

test("who has no token for it is told nothing", async () => {
  for (const [who, status] of [[null, 401], ["guess", 401], ["till", 403], ["ana", 403]]) {
    const answer = await desk.ask("GET", "/codes", undefined, /** @type {any} */ (who));
    assert.equal(answer.status, status);
    assert.match(answer.headers.get("content-type") ?? "", /problem\+json/);
  }
  assert.equal((await desk.fetch("GET", "/v1/programs/9/codes")).status, 401);
});

test("paths and methods that there are not", async () => {
  assert.equal((await desk.ask("GET", "/colours")).status, 404);
  assert.equal((await desk.ask("GET", "/deals/d10/more")).status, 404);
  assert.equal((await desk.ask("GET", "/%ff")).status, 404);
  for (const path of ["", "/codes", "/codes/c1", "/deals", "/deals/d10", "/audit", "/requests"]) {
    const answer = await desk.ask("PUT", path, {});
    assert.equal(answer.status, 405, path);
    assert.ok(answer.headers.get("allow"));
  }
});

test("a catalogue comes out as it went in, and only goes in once", async () => {
  const { body } = await desk.ask("GET", "/catalog");
  assert.equal(body.program.attribution.preset, "impact");
  assert.deepEqual(body.codes[0].code, "SAVE10");
  assert.deepEqual(body.partners.map((/** @type {any} */ it) => it.id), ["ana", "ben", "cara"]);
  const again = await desk.ask("PUT", "/catalog", CATALOG);
  assert.deepEqual([again.status, again.body.type], [409, "/problems/not-empty"]);
  const other = { ...CATALOG, program: { ...CATALOG.program, id: "1001" } };
  assert.equal((await desk.ask("PUT", "/catalog", other)).body.path, "program.id");
  const twins = {
    ...other, codes: [CATALOG.codes[0], { ...CATALOG.codes[0], id: "c2", code: "save10" }],
  };
  const refused = await desk.fetch("PUT", "/v1/programs/1001/catalog", twins);
  assert.deepEqual([refused.status, refused.body.path], [400, "codes[1].code"]);
  assert.equal((await desk.fetch("PUT", "/v1/programs/1001/catalog", other)).status, 201);
});

test("settings are patched, and what contracts cover stays", async () => {
  const { body } = await desk.ask("GET", "");
  assert.deepEqual(body.event_types[0], { id: "SALE", promo_codes: true });
  const attribution = { fallback_to_click: true };
  const patch = { version: body.version, tracking: false, attribution };
  const done = await desk.ask("PATCH", "", patch);
  assert.equal(done.status, 200);
  assert.equal(done.body.tracking, false);
  assert.equal(done.body.attribution.preset, "impact", "merged, not replaced");
  assert.equal((await desk.ask("PATCH", "", patch)).status, 409);
  const version = done.body.version;
  const gone = await desk.ask("PATCH", "", { version, event_types: [{ id: "LEAD" }] });
  assert.deepEqual([gone.status, gone.body.path], [400, "event_types"]);
  const folding = await desk.ask("PATCH", "", { version, folding: { separators: true } });
  assert.deepEqual([folding.status, folding.body.type], [409, "/problems/folding-fixed"]);
});

test("partners keep their contracts, and those do not overlap", async () => {
  const contract = { id: "k2", end_at: "2090-01-01", event_types: ["SALE"] };
  const partner = { id: "dora", name: "Dora", kind: "partner", contracts: [contract] };
  const made = await desk.ask("POST", "/partners", partner);
  assert.equal(made.status, 201);
  assert.equal(made.body.contracts[0].end_at, "2090-01-02T08:00:00Z");
  assert.equal((await desk.ask("POST", "/partners", partner)).body.type, "/problems/id-taken");
  const two = { version: 1, contracts: [contract, { id: "k3", event_types: ["SAIL"] }] };
  const refused = await desk.ask("PATCH", "/partners/dora", two);
  const paths = refused.body.errors.map((/** @type {any} */ it) => it.path);
  assert.deepEqual(paths, ["contracts[1].event_types[0]", "contracts[1]"]);
  const list = await desk.ask("GET", "/partners?limit=2");
  assert.equal(list.body.items.length, 2);
  const next = await desk.ask("GET", `/partners?limit=2&cursor=${list.body.next_cursor}`);
  assert.deepEqual(next.body.items.map((/** @type {any} */ it) => it.id), ["cara", "dora"]);
  const [row] = await desk.rows("SELECT partner, event_types FROM contracts WHERE id = 'k2'");
  assert.deepEqual(row, { partner: "dora", event_types: '["SALE"]' });
});

test("deals and exception lists are checked as a catalogue's are", async () => {
  const deal = { id: "d20", name: "20 % off", type: "general_sale" };
  const refused = await desk.ask("POST", "/deals", deal);
  assert.deepEqual([refused.status, refused.body.path], [400, "discount"]);
  const discount = { kind: "percent", bps: 2000 };
  const made = await desk.ask("POST", "/deals", { ...deal, discount });
  assert.deepEqual([made.status, made.body.state], [201, "active"]);
  const list = { id: "x2", name: "two", match_expression: "^(A)(B)$", rate_bps: 100 };
  const lists = await desk.ask("POST", "/exception-lists", list);
  assert.deepEqual([lists.status, lists.body.path], [400, "match_expression"]);
  const id = await desk.ask("PATCH", "/exception-lists/x1", { version: 1, id: "x9" });
  assert.deepEqual([id.status, id.body.path], [400, "id"]);
});

test("a partner asks for a code, and a manager makes it", async () => {
  const asked = { codes: ["ANA-SUMMER", "ANA2"], deal: "d10", note: "for my channel" };
  const made = await desk.ask("POST", "/requests", asked, "ana");
  assert.deepEqual([made.status, made.body.partner, made.body.state], [201, "ana", "new"]);
  assert.equal((await desk.ask("POST", "/requests", asked, "nobody")).status, 409);
  const path = `/requests/${made.body.id}`;
  const approval = {
    version: 1, code: "ANA-SUMMER", credit_policy: "always", match_type: "exact", note: "enjoy",
  };
  const done = await desk.ask("POST", `${path}/approve`, approval);
  assert.deepEqual([done.status, done.body.state], [200, "completed"]);
  const { body: code } = await desk.ask("GET", `/codes/${done.body.code}`);
  assert.deepEqual([code.owner, code.deal], ["ana", "d10"]);
  assert.equal((await desk.ask("POST", `${path}/decline`, { version: 2 })).status, 409);
  const taken = await desk.ask("POST", "/requests", { codes: ["ANA-SUMMER"] }, "ana");
  const again = `/requests/${taken.body.id}`;
  const conflict = await desk.ask("POST", `${again}/approve`, approval);
  assert.equal(conflict.body.type, "/problems/code-conflict");
  const declined = await desk.ask("POST", `${again}/decline`, { version: 1, note: "you have it" });
  assert.deepEqual([declined.body.state, declined.body.answer], ["declined", "you have it"]);
  const { body } = await desk.ask("GET", "/requests?state=declined");
  assert.equal(body.items.length, 1);
});

test("the history says who did what, before and after", async () => {
  const { id } = await desk.code("WATCHED");
  await desk.ask("DELETE", `/codes/${id}`, undefined, "otto");
  const { body } = await desk.ask("GET", `/audit?entity=code&id=${id}`);
  assert.deepEqual(
    body.items.map((/** @type {any} */ it) => [it.who, it.action, it.before?.expired_at]),
    [["Otto", "expire", null], ["Maria", "create", undefined]],
  );
  assert.equal(typeof body.items[0].after.expired_at, "number");
  const page = await desk.ask("GET", "/audit?limit=1");
  const next = await desk.ask("GET", `/audit?limit=1&cursor=${page.body.next_cursor}`);
  assert.ok(next.body.items[0].id < page.body.items[0].id);
});

test("bodies that are no JSON, or too much of it", async () => {
  for (const body of ["", "{", "[]", "null", '{"a":', `{"code":"${"x".repeat(300_000)}"}`]) {
    const { status } = await desk.ask("POST", "/codes", body);
    assert.ok(status === 400 || status === 413, `${body.slice(0, 9)}: ${status}`);
  }
  const deep = "[".repeat(100_000);
  assert.equal((await desk.ask("POST", "/deals", deep)).status, 400);
});

test("the database refuses what no Worker may do", async () => {
  const refused = async (/** @type {string} */ sql, /** @type {RegExp} */ why) =>
    assert.rejects(desk.rows(sql), why);
  await refused("UPDATE audit SET who = 'nobody'", /append_only/);
  await refused("DELETE FROM audit", /append_only/);
  await refused("DELETE FROM codes", /never_deleted/);
  await refused("UPDATE codes SET public = 1", /version_conflict/);
  await refused("UPDATE codes SET owner = 'ben', version = version + 1", /code_identity/);
  await refused("UPDATE deals SET document = '{}'", /version_conflict/);
  const copy = (/** @type {string} */ id, /** @type {string} */ start, /** @type {string} */ end) =>
    `INSERT INTO codes (program, id, text, folded, folding, hash, match_type, kind, credit_policy,
      owner, start_at, end_at, public, created_at, revision, created_revision)
     SELECT program, '${id}', text, folded, folding, hash, match_type, kind, credit_policy, owner,
      ${start}, ${end}, public, created_at, revision, created_revision FROM codes WHERE id = 'c1'`;
  await refused(copy("c8", "NULL", "5"), /code_conflict/);
  await refused(copy("c9", "5", "NULL"), /code_conflict/);
  await desk.rows(copy("never", "5", "5"));
});

test("codes do not meet by their own schedules, and so not by a deal that grows", async () => {
  const narrow = { start_at: "2030-01-01T00:00:00Z", end_at: "2030-02-01T00:00:00Z" };
  const deal = (/** @type {string} */ id) => ({
    id, name: id, type: "general_sale", discount: { kind: "percent", bps: 500 },
    sync_codes: true, ...narrow,
  });
  assert.equal((await desk.ask("POST", "/deals", deal("wide1"))).status, 201);
  const early = { deal: "wide1", end_at: "2029-01-01T00:00:00Z" };
  await desk.code("WIDER", early);
  // Neither is ever active while the deal is as it is; by itself the second would meet the first.
  const code = { code: "wider", match_type: "exact", credit_policy: "always", owner: "ben" };
  const meeting = await desk.ask("POST", "/codes", { ...code, start_at: "2028-01-01T00:00:00Z" });
  assert.equal(meeting.status, 409);
  const later = await desk.ask("POST", "/codes", { ...code, start_at: early.end_at });
  assert.equal(later.status, 201, JSON.stringify(later.body));
  const { version } = (await desk.ask("GET", "/deals/wide1")).body;
  const wider = { version, start_at: null, end_at: null };
  assert.equal((await desk.ask("PATCH", "/deals/wide1", wider)).status, 200);
});
