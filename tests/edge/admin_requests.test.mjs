// Partners ask for codes, and managers answer: who may, what is decided once, and what is noted.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Desk } from "./admin.mjs";

/** @type {Desk} */
let desk;
before(async () => void (desk = await Desk.start()));
after(() => desk.close());

const APPROVAL = { version: 1, credit_policy: "always", match_type: "exact" };

/** @param {object} asked @param {string} [who] */
async function request(asked, who = "ana") {
  const { status, body } = await desk.ask("POST", "/requests", asked, who);
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

/** @param {string} id */
const historyOf = async (id) =>
  (await desk.ask("GET", `/audit?entity=request&id=${id}`)).body.items;

test("a request says what is wanted, and by when", async () => {
  const asked = { codes: ["ANA-1", "ana_1"], deal: "d10", needed_by: "2090-05-01", note: "soon" };
  const made = await request(asked);
  assert.deepEqual(
    [made.partner, made.state, made.codes, made.deal, made.note, made.version],
    ["ana", "new", asked.codes, "d10", "soon", 1],
  );
  assert.equal(made.needed_by, "2090-05-02T07:00:00Z", "through the end of that day");
  const [entry] = await historyOf(made.id);
  assert.deepEqual([entry.who, entry.action, entry.before], ["Ana", "request", null]);
  assert.deepEqual([entry.after.codes, entry.after.state], [asked.codes, "new"]);
});

test("what cannot be asked for is refused", async () => {
  const bad = { codes: ["", "x".repeat(65)], deal: "d99", needed_by: "soon", partner: "ben" };
  const { status, body } = await desk.ask("POST", "/requests", bad, "ana");
  assert.deepEqual([status, body.path], [400, "partner"], "a request is the token's partner's");
  const again = await desk.ask("POST", "/requests", { ...bad, partner: undefined }, "ana");
  const paths = again.body.errors.map((/** @type {any} */ it) => it.path).sort();
  assert.deepEqual(paths, ["codes[0]", "codes[1]", "deal", "needed_by"]);
  const none = await desk.ask("POST", "/requests", { codes: [] }, "ana");
  assert.deepEqual([none.status, none.body.path], [400, "codes"]);
});

test("a partner asks for itself and sees its own", async () => {
  const own = await request({ codes: ["OWN-ANA"] });
  const other = await request({ codes: ["OWN-BEN"] }, "ben");
  const seen = async (/** @type {string} */ who, /** @type {string} */ query) => {
    const { status, body } = await desk.ask("GET", `/requests${query}`, undefined, who);
    return [status, body.items?.map((/** @type {any} */ it) => it.partner)];
  };
  const [status, partners] = await seen("ben", "");
  assert.deepEqual([status, new Set(partners)], [200, new Set(["ben"])]);
  assert.deepEqual(await seen("ben", "?partner=ben&state=declined"), [200, []]);
  assert.deepEqual(await seen("ben", "?partner=ana"), [403, undefined]);
  const all = (await desk.ask("GET", "/requests")).body.items;
  const ids = all.map((/** @type {any} */ it) => it.id);
  assert.ok(ids.includes(own.id) && ids.includes(other.id), "a manager sees all");
  assert.equal((await desk.ask("GET", "/requests?state=gone")).status, 400);
});

test("who is no partner's, or a partner's that there is not, cannot ask", async () => {
  for (const who of ["nobody", "ghost"]) {
    const { status, body } = await desk.ask("POST", "/requests", { codes: ["A"] }, who);
    assert.deepEqual([status, body.type], [409, "/problems/no-partner"], who);
  }
  assert.equal((await desk.ask("POST", "/requests", { codes: ["A"] }, "maria")).status, 403);
  assert.equal((await desk.ask("GET", "/requests", undefined, "nobody")).status, 409);
  assert.equal((await desk.ask("GET", "/requests", undefined, "till")).status, 403);
});

test("a partner decides nothing", async () => {
  const { id } = await request({ codes: ["MINE"] });
  const approval = { ...APPROVAL, code: "MINE" };
  for (const [verb, body] of [["approve", approval], ["decline", { version: 1 }]]) {
    const answer = await desk.ask("POST", `/requests/${id}/${verb}`, body, "ana");
    assert.equal(answer.status, 403);
  }
  assert.equal((await desk.ask("GET", "/codes?text=mine")).body.total, 0);
});

test("approving makes the code and notes both, or does nothing", async () => {
  const { id } = await request({ codes: ["ATOMIC"], deal: "d10" });
  const path = `/requests/${id}`;
  const taken = await desk.ask("POST", `${path}/approve`, { ...APPROVAL, code: "save10" });
  assert.deepEqual([taken.status, taken.body.type], [409, "/problems/code-conflict"]);
  assert.deepEqual(taken.body.conflicts.map((/** @type {any} */ it) => it.id), ["c1"]);
  const [still] = await historyOf(id);
  assert.equal(still.after.state, "new");
  const approval = { ...APPROVAL, code: "ATOMIC", note: "enjoy" };
  const done = await desk.ask("POST", `${path}/approve`, approval);
  assert.deepEqual([done.status, done.body.state, done.body.answer], [200, "completed", "enjoy"]);
  const { body: code } = await desk.ask("GET", `/codes/${done.body.code}`);
  assert.deepEqual([code.code, code.owner, code.deal], ["ATOMIC", "ana", "d10"]);
  assert.equal(code.revision, done.body.revision, "in one edit");
  const [entry] = await historyOf(id);
  assert.deepEqual([entry.who, entry.action], ["Maria", "approve"]);
  assert.deepEqual([entry.before.state, entry.after.state], ["new", "approved"]);
  const codes = (await desk.ask("GET", `/audit?entity=code&id=${code.id}`)).body.items;
  assert.deepEqual(
    codes.map((/** @type {any} */ it) => [it.action, it.revision]), [["approve", entry.revision]],
  );
});

test("a code that has yet to begin is approved, not completed", async () => {
  const { id } = await request({ codes: ["LATER"] });
  const approval = { ...APPROVAL, code: "LATER", start_at: "2090-01-01T00:00:00Z" };
  const { body } = await desk.ask("POST", `/requests/${id}/approve`, approval);
  assert.equal(body.state, "approved");
});

test("of many who decide at once one does", async () => {
  const { id } = await request({ codes: ["ONCE"] });
  const decide = (/** @type {number} */ index) => index % 2
    ? desk.ask("POST", `/requests/${id}/decline`, { version: 1, note: `no ${index}` }, "otto")
    : desk.ask("POST", `/requests/${id}/approve`, { ...APPROVAL, code: `ONCE-${index}` });
  const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => decide(index)));
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, ...Array(11).fill(409)]);
  const [{ codes }] = await desk.rows(
    "SELECT count(*) AS codes FROM codes WHERE text LIKE 'ONCE-%'",
  );
  const { state } = answers.find(({ status }) => status === 200)?.body;
  assert.equal(codes, state === "declined" ? 0 : 1, "no code of a request that was decided before");
  assert.equal((await historyOf(id)).length, 2);
});

test("declining tells why", async () => {
  const { id } = await request({ codes: ["NEVER"] });
  const path = `/requests/${id}/decline`;
  const long = await desk.ask("POST", path, { version: 1, note: "x".repeat(2_001) });
  assert.deepEqual([long.status, long.body.path], [400, "note"]);
  const stale = await desk.ask("POST", path, { version: 7 });
  assert.deepEqual([stale.status, stale.body.type], [409, "/problems/decided"]);
  const done = await desk.ask("POST", path, { version: 1, note: "not this month" }, "otto");
  assert.deepEqual(
    [done.body.state, done.body.answer, done.body.decided_by, done.body.code],
    ["declined", "not this month", "Otto", null],
  );
  assert.equal((await desk.ask("POST", path, { version: 2 })).status, 409);
  assert.equal((await desk.ask("POST", "/requests/none/decline", { version: 1 })).status, 404);
});
