/**
 * Bulk files: every row is checked and shown before anything is created, and then all of them are
 * codes or none is.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { CATALOG, Desk } from "./admin.mjs";
import { HEADERS, accept, csv, row, rowsOf, send, settled } from "./uploads.mjs";

const MANY = 100_000;

/** @type {Desk} */
let desk;

before(async () => {
  const program = { ...CATALOG.program, public_reasons: "detailed" };
  desk = await Desk.start({ ...CATALOG, program });
});
after(() => desk.close());

test("a sound file becomes codes, once it is accepted", async () => {
  const before = await codeCount();
  const file = csv([
    row("BULK-1"),
    row("BULK-2", { "Deal Id": "d10", "Active Start Date": "2026-01-01", Timezone: "Asia/Tokyo" }),
    row("BULK-3", { Type: "RESTRICTED", "Media Id": "", "Credit Rule": "" }),
    row("^BULK[0-9]{3}$", { "Match Mode": "RE", "Media Id": "ben", "Credit Rule": "WINNER" }),
  ]);
  const given = await send(desk, file, "spring%20codes.csv");
  assert.deepEqual([given.name, given.state, given.by], ["spring codes.csv", "checking", "Maria"]);
  assert.equal(given.size, file.length);
  const previewed = await settled(desk, given.id);
  assert.deepEqual(
    [previewed.state, previewed.rows_total, previewed.rows_ok, previewed.rows_bad],
    ["previewed", 4, 4, 0],
  );
  assert.ok(Date.parse(previewed.kept_until) > Date.now());
  assert.equal(await codeCount(), before, "nothing is created before it is accepted");
  const rows = await rowsOf(desk, given.id);
  assert.deepEqual(rows.map(({ line }) => line), [2, 3, 4, 5]);
  assert.deepEqual(rows[1].cells.map((/** @type {string[]} */ [header]) => header), HEADERS);
  const { revision } = (await desk.ask("GET", "")).body;

  const accepted = await accept(desk, given.id);
  assert.deepEqual([accepted.state, accepted.decided_by], ["accepted", "Maria"]);
  assert.equal(accepted.kept_until, null);
  const { items } = (await desk.ask("GET", `/codes?upload=${given.id}&sort=code`)).body;
  const texts = items.map((/** @type {any} */ { code }) => code);
  assert.deepEqual(texts, ["^BULK[0-9]{3}$", "BULK-1", "BULK-2", "BULK-3"]);
  const tokyo = items[2];
  assert.equal(tokyo.start_at, "2025-12-31T15:00:00Z");
  assert.deepEqual([tokyo.time_zone, tokyo.deal, tokyo.owner], ["Asia/Tokyo", "d10", "ana"]);
  assert.equal(tokyo.created_at, given.at);
  assert.equal((await desk.ask("GET", "")).body.revision, revision + 1, "one edit");
  const { items: [entry] } = (await desk.ask("GET", `/audit?entity=upload&id=${given.id}`)).body;
  assert.deepEqual([entry.who, entry.action, entry.after.codes], ["Maria", "accept", 4]);
  for (const code of ["BULK-1", "bulk-2", "BULK123"]) await desk.answers(code, "valid");
  const again = await desk.ask("POST", `/uploads/${given.id}/accept`);
  assert.deepEqual([again.status, again.body.state], [200, "accepted"]);
  await desk.until(async () => (await rowsOf(desk, given.id)).length === 0);
});

test("every wrong row is shown with its line, column, value and remedy", async () => {
  const file = csv([
    row("GOOD-1"),
    row("GOOD-2", { "Media Id": "anna" }),
    row("GOOD-3", { "Credit Rule": "SOMETIMES", "Match Mode": "XX" }),
    row("GOOD-1"),
    row("SAVE10"),
    row("=cmd()", { "Match Mode": "RE", "Program Id": "7" }),
    row("(", { "Match Mode": "RE" }),
    row("GOOD-4", { "Active Start Date": "2026-02-30" }),
    "only,three,values",
    row("GOOD-5", { "Active End Date": "2026-06-01T00:00:00+09:00", Timezone: "Europe/Paris" }),
  ]);
  const { id } = await send(desk, file);
  const upload = await settled(desk, id);
  assert.deepEqual(
    [upload.state, upload.rows_ok, upload.warnings, upload.rows_bad], ["previewed", 2, 1, 8],
  );
  const bad = await rowsOf(desk, id, "bad");
  const kindOf = (/** @type {any} */ { path, kind }) => `${path}: ${kind}`;
  const said = bad.map(({ line, complaints }) => [line, ...complaints.map(kindOf)]);
  assert.deepEqual(said, [
    [3, "Media Id: unknown_reference"],
    [4, "Match Mode: literal", "Credit Rule: literal"],
    [5, "Promo Code: conflict"],
    [6, "Promo Code: conflict"],
    [7, "Program Id: other_program"],
    [8, "Promo Code: pattern"],
    [9, "Active Start Date: date"],
    [10, "$: syntax"],
  ]);
  assert.match(bad[0].complaints[0].remedy, /did you mean "ana"/);
  assert.match(bad[2].complaints[0].got, /as on line 2/);
  assert.match(bad[3].complaints[0].got, /of "ana"/);
  assert.deepEqual((await rowsOf(desk, id, "warned")).map(({ line }) => line), [11]);
  assert.deepEqual((await rowsOf(desk, id, "ok")).map(({ line }) => line), [2]);

  const refused = await desk.ask("POST", `/uploads/${id}/accept`);
  assert.equal(refused.status, 409);
  assert.match(refused.body.type, /upload-unsound/);
  assert.match(refused.body.remedy, /errors\.csv/);
  const report = await desk.ask("GET", `/uploads/${id}/errors.csv`);
  assert.match(report.headers.get("content-type") ?? "", /text\/csv/);
  const lines = report.body.trim().split("\n");
  assert.equal(lines[0], "Line,Promo Code,Column,Expected,Got,Remedy");
  assert.equal(lines.length, 1 + 9, "a line for each complaint");
  assert.ok(lines.some((/** @type {string} */ line) => line.startsWith("7,'=cmd(),")), report.body);
  const discarded = await desk.ask("POST", `/uploads/${id}/discard`);
  assert.deepEqual([discarded.status, discarded.body.state], [202, "discarded"]);
  assert.equal((await desk.ask("POST", `/uploads/${id}/accept`)).status, 409);
});

test("a wrong header refuses the file and is named", async () => {
  const { id } = await send(desk, csv([row("X1")]).replace("Credit Rule", "Credit rule"));
  const upload = await settled(desk, id);
  assert.equal(upload.state, "refused");
  const paths = upload.problems.map((/** @type {any} */ problem) => problem.path);
  assert.deepEqual(paths, ["Credit Rule", "Credit rule"]);
  assert.match(upload.problems[0].remedy, /did you mean it by "Credit rule"/);
});

test("older headers are taken, and said to be old", async () => {
  const file = csv([row("OLD-1")]).replace("Program Id", "Campaign Id");
  const { id } = await send(desk, file);
  const upload = await settled(desk, id);
  assert.equal(upload.state, "previewed");
  assert.deepEqual(upload.notices.map((/** @type {any} */ one) => one.path), ["Campaign Id"]);
});

test("files that are none are refused with a remedy", async () => {
  const cases = [
    ["", 400, /template\.csv/],
    ["x".repeat(5_000_001), 413, /5000000 bytes/],
    [Uint8Array.from({ length: 1_000_001 }, (_, at) => [80, 75, 3, 4][at] ?? 0), 413, /1000000/],
  ];
  for (const [file, status, said] of cases) {
    const answer = await desk.ask("POST", "/uploads?name=x", file);
    assert.equal(answer.status, status);
    assert.match(JSON.stringify(answer.body), /** @type {RegExp} */ (said));
  }
  for (const file of ["\0\u0001\u0002", HEADERS.join(","), "PK\u0003\u0004nothing", "\"open"]) {
    const { id } = await send(desk, file);
    const upload = await settled(desk, id);
    assert.equal(upload.state, "refused", JSON.stringify(file));
    assert.ok(upload.problems[0].remedy, JSON.stringify(upload.problems));
  }
  const { status } = await desk.ask("POST", "/uploads", csv([row("X")]));
  assert.equal(status, 400, "a file has a name");
});

test("a text that was another code's begins anew", async () => {
  const old = await desk.code("AGAIN", { owner: "ben" });
  await desk.ask("DELETE", `/codes/${old.id}`);
  const { id } = await send(desk, csv([row("AGAIN")]));
  assert.equal((await settled(desk, id)).rows_bad, 0);
  await accept(desk, id);
  const { items } = (await desk.ask("GET", "/codes?text=AGAIN&state=all&sort=start")).body;
  assert.deepEqual(items.map((/** @type {any} */ { owner }) => owner), ["ben", "ana"]);
  assert.ok(Date.parse(items[1].start_at) >= Date.parse(items[0].expired_at));
  assert.notEqual(items[0].id, items[1].id);
});

test("what comes between the preview and the acceptance is found", async () => {
  const { id } = await send(desk, csv([row("BETWEEN-1"), row("BETWEEN-2")]));
  assert.equal((await settled(desk, id)).rows_ok, 2);
  await desk.code("BETWEEN-2", { owner: "cara" });
  const before = await codeCount();
  const upload = await accept(desk, id);
  assert.deepEqual([upload.state, upload.rows_ok, upload.rows_bad], ["previewed", 1, 1]);
  const [bad] = await rowsOf(desk, id, "bad");
  assert.match(bad.complaints[0].got, /of "cara"/);
  assert.equal(await codeCount(), before);
});

test("a pattern that another code has is worth a warning (rule 48)", async () => {
  await desk.code("^WARM[0-9]$", { match_type: "regex", owner: "ben" });
  const { id } = await send(desk, csv([row("^WARM[0-9]$", { "Match Mode": "RE" })]));
  const upload = await settled(desk, id);
  assert.deepEqual([upload.rows_ok, upload.warnings, upload.rows_bad], [1, 1, 0]);
  const [{ complaints: [complaint] }] = await rowsOf(desk, id, "warned");
  assert.equal(complaint.kind, "equal_patterns");
  assert.match(complaint.got, /of "ben"/);
});

test("accepted twice at once, and discarded: one decision counts", async () => {
  const { id } = await send(desk, csv([row("ONCE-1"), row("ONCE-2")]));
  await settled(desk, id);
  const verbs = ["accept", "discard", "accept", "discard"];
  const answers = await Promise.all(verbs.map((verb) =>
    desk.ask("POST", `/uploads/${id}/${verb}`)));
  const upload = await settled(desk, id);
  const counted = upload.state === "accepted" ? "accept" : "discard";
  for (const [index, { status, body }] of answers.entries()) {
    const expected = verbs[index] === counted ? [200, 202] : [409];
    assert.ok(expected.includes(status), `${verbs[index]}: ${status} ${JSON.stringify(body)}`);
  }
  const { total } = (await desk.ask("GET", `/codes?upload=${id}&state=all`)).body;
  assert.equal(total, upload.state === "accepted" ? 2 : 0);
});

test("an acceptance that fails again and again is somebody's to decide", async () => {
  await desk.rows(`CREATE TRIGGER poisoned BEFORE INSERT ON codes WHEN NEW.text = 'POISON-2'
    BEGIN SELECT RAISE(ABORT, 'poisoned'); END`);
  const { id } = await send(desk, csv([row("POISON-1"), row("POISON-2")]));
  await settled(desk, id);
  const upload = await accept(desk, id);
  assert.equal(upload.state, "previewed");
  assert.match(upload.notices[0].got, /poisoned/);
  assert.match(upload.notices[0].remedy, /try again/);
  const sql = "SELECT count(*) AS count FROM codes WHERE text LIKE 'POISON%'";
  assert.equal((await desk.rows(sql))[0].count, 0);
  await desk.rows("DROP TRIGGER poisoned");
  assert.equal((await accept(desk, id)).state, "accepted");
  await desk.answers("POISON-2", "valid");
});

test(`${MANY} rows become codes, all at once`, async () => {
  const rows = Array.from({ length: MANY }, (_, index) =>
    row(`M${String(index).padStart(6, "0")}`));
  const file = csv(rows);
  assert.ok(file.length <= 5_000_000, String(file.length));
  const { id } = await send(desk, file);
  const seen = new Set();
  const previewed = await settled(desk, id, ({ rows_done }) => seen.add(rows_done));
  assert.deepEqual([previewed.state, previewed.rows_ok], ["previewed", MANY]);
  assert.ok(seen.size > 3, `its progress is seen: ${[...seen]}`);
  const counts = new Set();
  await desk.ask("POST", `/uploads/${id}/accept`);
  await settled(desk, id);
  for (let look = 0; look < 3; look += 1) {
    const sql = "SELECT count(*) AS count FROM codes WHERE program = '1000' AND upload = ?";
    counts.add((await desk.rows(sql, id))[0].count);
  }
  assert.deepEqual([...counts], [MANY]);
  await desk.answers("M099999", "valid");
  await desk.answers("M100000", "unknown_code");
});

test("uploads are listed, the latest first", async () => {
  const { body } = await desk.ask("GET", "/uploads?limit=2");
  assert.equal(body.items.length, 2);
  const [first, last] = body.items.map(moment);
  assert.ok(first >= last);
  const next = await desk.ask("GET", `/uploads?limit=500&cursor=${body.next_cursor}`);
  assert.ok(next.body.items.map(moment).every((/** @type {number} */ at) => at <= last));
  assert.equal((await desk.ask("GET", "/uploads/none")).status, 404);
  assert.equal((await desk.ask("GET", "/uploads/none/rows")).status, 404);
});

/** @param {{at: string}} upload */
function moment({ at }) {
  return Date.parse(at);
}

async function codeCount() {
  const [{ count }] = await desk.rows("SELECT count(*) AS count FROM codes");
  return count;
}
