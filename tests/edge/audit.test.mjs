// `promo audit`, `erase` and `resend` against a running Worker: a ledger that agrees with itself,
// and then one that is broken in one way after another.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { ADMIN, CATALOG, MERCHANT, eventually, order, startLedger } from "./ledger.mjs";
import { complaints } from "./schema.mjs";
import { COMMAND, KEY } from "./snapshots.mjs";

/** @type {import("./worker.mjs").Worker} */
let worker;
/** @type {string} */
let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "promo-audit-"));
  writeFileSync(join(folder, "token"), "admin\n", { mode: 0o600 });
  writeFileSync(join(folder, "merchant"), "merchant\n", { mode: 0o600 });
  const keys = `program_key = ${KEY.text}\nreader_key = ${KEY.reader}\n`;
  writeFileSync(join(folder, "key"), keys, { mode: 0o600 });
  worker = await startLedger({ vars: { ORDER_SHARDS: "1 2", CAP_SHARDS: "1 2" } });
});
after(async () => {
  await worker?.close();
  rmSync(folder, { recursive: true });
});

/**
 * @param {string[]} args
 * @returns {Promise<{code: number, stdout: string, stderr: string}>}
 */
async function promo(...args) {
  const env = { ...process.env, PROMO_TOKEN_FILE: join(folder, "token") };
  try {
    return { code: 0, ...(await promisify(execFile)(COMMAND, args, { env })) };
  } catch (error) {
    return /** @type {any} */ (error);
  }
}

/** @param {string[]} more */
const audit = (...more) => promo("audit", "--url", worker.url, ...more);

/** @param {string[]} more */
async function found(...more) {
  const { code, stdout, stderr } = await audit("--json", ...more);
  assert.ok(code === 0 || code === 1, stderr);
  const report = JSON.parse(stdout);
  const isClean = Object.keys(report.differences).length === 0 && report.outdated_count === 0;
  assert.equal(code, isClean ? 0 : 1);
  return report;
}

/** @param {string} path */
const get = async (path) => (await worker.fetch(path, { headers: ADMIN })).body;

/**
 * Every object of a kind, with what it answers to a page.
 *
 * @param {"entries" | "uses"} kind
 * @returns {Promise<[string, any][]>}
 */
async function pages(kind) {
  const names = await get("/v1/ledger/objects");
  const objects = kind === "entries" ? names.orders : names.caps;
  const read = async (/** @type {string} */ object) => {
    const page = await get(`/v1/ledger/${kind}?object=${encodeURIComponent(object)}`);
    return /** @type {[string, any]} */ ([object, page]);
  };
  return Promise.all(objects.map(read));
}

/**
 * The object that has such an entry or use.
 *
 * @param {"entries" | "uses"} kind
 * @param {(it: any) => boolean} isWanted
 */
async function objectWith(kind, isWanted) {
  const all = await pages(kind);
  return all.find(([, page]) => page[kind].some(isWanted))?.[0] ?? "";
}

/** Waits until nothing is on its way. */
const settled = () => eventually(() => found(), ({ read, waiting }) =>
  read.on_its_way === 0 && waiting.length === 0);

test("a ledger that agrees with itself", async () => {
  const orders = [
    order("A1", { promo_codes: ["HUNDRED"] }),
    order("A2", { promo_codes: ["EACH"], customer_id: "ada" }),
    order("A3", { promo_codes: ["ONE"] }),
    order("A4", { promo_codes: ["ONE"] }),
    order("A5"),
  ];
  for (const claim of orders) assert.equal((await worker.record(claim, MERCHANT)).status, 201);
  const refund = { subtotal_minor: 5_000, reason: "one lamp" };
  await worker.post("/v1/orders/SALE/A1/adjust", refund, MERCHANT);
  const cart = { code: "HUNDRED", cart_id: "c1", ttl_s: 3_600 };
  await worker.post("/v1/reservations", cart, MERCHANT);
  const report = await settled();
  assert.deepEqual(report.findings, []);
  assert.deepEqual(report.read, { orders: 5, entries: 6, on_its_way: 0, rows: 6, uses: 4 });
  const { code, stdout } = await audit();
  assert.equal(code, 0);
  assert.match(stdout, /none/);
});

test("only who administrates may read it, and only objects of the program", async () => {
  const asMerchant = { headers: MERCHANT };
  for (const path of ["objects", "entries", "uses", "reports"]) {
    assert.equal((await worker.fetch(`/v1/ledger/${path}`, asMerchant)).status, 403, path);
    assert.equal((await worker.fetch(`/v1/ledger/${path}`)).status, 401, path);
  }
  for (const path of ["/v1/ledger/resend", "/v1/customers/erase"]) {
    assert.equal((await worker.post(path, {}, MERCHANT)).status, 403, path);
  }
  for (const query of ["", "?object=1001/1/0", "?object=1000/1/0&after=x"]) {
    const answer = await worker.fetch(`/v1/ledger/entries${query}`, { headers: ADMIN });
    assert.equal(answer.status, 400, query);
  }
  const refused = await promo("audit", "--url", worker.url, "--token-file", `${folder}/merchant`);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /expected a token with the scope admin/);
  const elsewhere = await promo("audit", "--url", "http://shop.example");
  assert.equal(elsewhere.code, 2);
  assert.match(elsewhere.stderr, /expected https/);
});

test("what is read has the shape that is described", async () => {
  const file = new URL("../../www/openapi.json", import.meta.url);
  const description = JSON.parse(readFileSync(file, "utf8"));
  const entries = `?object=${await objectWith("entries", () => true)}`;
  const uses = `?object=${await objectWith("uses", () => true)}`;
  const queries = { objects: "", entries, uses, reports: "" };
  for (const [name, query] of Object.entries(queries)) {
    const described = description.paths[`/v1/ledger/${name}`].get.responses[200];
    const { schema } = described.content["application/json"];
    const answer = await get(`/v1/ledger/${name}${query}`);
    assert.deepEqual(complaints(description, schema, answer), [], name);
  }
});

/**
 * Breaks something, sees that it is found, and mends it.
 *
 * @param {string} difference
 * @param {() => Promise<unknown>} breaking
 * @param {() => Promise<unknown>} mending
 */
async function isFound(difference, breaking, mending) {
  await breaking();
  const { differences, findings } = await found();
  await mending();
  assert.deepEqual(Object.keys(differences), [difference], JSON.stringify(findings));
}

test("what differs between the ledger and the reports is found", async () => {
  const [row] = await worker.report("SELECT * FROM entries WHERE order_id = 'A5'");
  const columns = Object.keys(row);
  const values = columns.map((column) => row[column]);
  const insert = `INSERT INTO entries (${columns.join(", ")})
    VALUES (${columns.map(() => "?").join(", ")})`;
  const drop = (/** @type {string} */ id) =>
    worker.report("DELETE FROM entries WHERE id = ?", id);
  await isFound("not_in_reports", () => drop(row.id), () => worker.report(insert, ...values));
  const other = "0".repeat(64);
  const stray = values.with(columns.indexOf("id"), other);
  await isFound("not_in_ledger", () => worker.report(insert, ...stray), () => drop(other));
  const revise = (/** @type {number} */ to) =>
    worker.report("UPDATE entries SET revision = ? WHERE id = ?", to, row.id);
  await isFound("revision_differs", () => revise(7), () => revise(1));
});

test("a row that somebody edited is found by its column, and mended by sending it again",
  async () => {
    const edits = [
      ["A1", 1, "partner = 'eve'", 'partner "ana"', 'partner "eve"'],
      ["A1", 2, "payout_change_minor = 0", /^payout_change_minor -\d+$/, "payout_change_minor 0"],
      ["A2", 1, "customer = 'f00d'", "customer of the entry", "another customer"],
      ["A3", 1, "approve_at = NULL", /^approve_at \d+$/, "approve_at null"],
      ["A5", 1, "reason = 'x'", "reason null", 'reason "x"'],
    ];
    for (const [orderId, number, edit] of edits) {
      await worker.report(
        `UPDATE entries SET ${edit} WHERE order_id = ? AND number = ?`, orderId, number,
      );
    }
    const { differences, findings } = await found();
    assert.deepEqual(differences, { report_differs: edits.length });
    for (const [orderId, number, , expected, got] of edits) {
      const about = `SALE ${orderId} #${number}`;
      const finding = findings.find((/** @type {any} */ it) => it.about === about);
      if (expected instanceof RegExp) assert.match(finding.expected, expected, about);
      else assert.equal(finding.expected, expected, about);
      assert.equal(finding.got, got, about);
    }
    const resend = ["resend", "reports", "--since", "2020-01-01T00:00:00Z"];
    assert.equal((await promo(...resend, "--url", worker.url)).code, 0);
    assert.deepEqual((await settled()).differences, {});
  });

test("what is wrong inside an object is found", async () => {
  const object = await objectWith("entries", (it) => it.order_id === "A1");
  const run = (/** @type {string} */ query) => worker.stored("ORDERS", object, query);
  const set = (/** @type {string} */ body) =>
    run(`UPDATE entries SET body = ${body} WHERE order_id = 'A1' AND number = 2`);
  await isFound(
    "unreadable",
    () => set("json_remove(body, '$.reason')"),
    () => set("json_set(body, '$.reason', 'one lamp')"),
  );
  await run("UPDATE entries SET number = 3 WHERE order_id = 'A1' AND number = 2");
  const { differences } = await found();
  await run("UPDATE entries SET number = 2 WHERE order_id = 'A1' AND number = 3");
  assert.deepEqual(differences, { entry_missing: 1, not_in_reports: 1, not_in_ledger: 1 });
});

test("what differs between the ledger and the caps is found", async () => {
  const object = await objectWith("uses", (it) => it.code_id === "hundred");
  const run = (/** @type {string} */ query) => worker.stored("CAPS", object, query);
  const isA1 = "holder LIKE '%A1' AND code_id = 'hundred'";
  const [use] = await run(`SELECT * FROM uses WHERE ${isA1}`);
  const token = (/** @type {number} */ to) => run(`UPDATE uses SET token = ${to} WHERE ${isA1}`);
  await isFound("use_differs", () => token(99), () => token(use.token));
  const count = (/** @type {string} */ by) =>
    run(`UPDATE codes SET taken = taken ${by} WHERE code_id = 'hundred'`);
  await isFound("miscounted", () => count("+ 1"), () => count("- 1"));
  const rename = (/** @type {string} */ from, /** @type {string} */ to) =>
    run(`UPDATE uses SET holder = replace(holder, '${from}', '${to}'), expires_at = NULL
         WHERE holder LIKE '%${from}' AND code_id = 'hundred'`);
  await rename("A1", "Z9");
  const { differences } = await found();
  await rename("Z9", "A1");
  assert.deepEqual(differences, { use_missing: 1, use_without_order: 1 });
  assert.deepEqual((await found()).differences, {});
});

test("orders that the catalogue of today would decide otherwise are listed", async () => {
  const [ana, ben] = structuredClone(CATALOG.partners);
  ana.contracts[0].payout.default.rate_bps = 2_000;
  const codes = CATALOG.codes.map((code) =>
    code.id === "hundred" ? { ...code, max_redemptions: 1 } : code);
  writeFileSync(
    join(folder, "catalog.json"),
    JSON.stringify({ ...CATALOG, partners: [ana, ben], codes }),
  );
  const keyFile = ["--key-file", join(folder, "key")];
  const out = join(folder, "snapshot");
  await promo("build", join(folder, "catalog.json"), "--out", out, ...keyFile);
  const report = await found("--snapshot", out, ...keyFile);
  assert.deepEqual(report.differences, { cap_exceeded: 1 });
  const listed = report.outdated.map((/** @type {any} */ it) =>
    [it.order_id, it.differs, it.recorded.payout_minor, it.would_be.payout_minor]);
  assert.deepEqual(listed.sort(), [
    ["A1", ["payout"], 1_000, 2_000],
    ["A2", ["payout"], 1_000, 2_000],
    ["A3", ["payout"], 1_000, 2_000],
  ], "A4 found no use left, which no catalogue changes");
  assert.equal(report.redecided, 5);
  assert.equal(report.outdated.every((/** @type {any} */ it) => it.snapshot !== report.snapshot),
    true);
});

test("a customer is forgotten everywhere, and orders go on", async () => {
  const [{ customer }] = await worker.report("SELECT customer FROM entries WHERE order_id = 'A2'");
  assert.match(customer, /^[0-9a-f]{64}$/);
  const other = await worker.record(
    order("E1", { promo_codes: ["EACH"], customer_id: "ada" }), MERCHANT,
  );
  assert.deepEqual(other.body.reasons, [{ partner: "ana", reason: "MAX_RECURRENCES_REACHED" }]);
  const unsure = await promo("erase", "ada", "--url", worker.url);
  assert.equal(unsure.code, 2);
  assert.match(unsure.stderr, /add --yes/);
  const erased = await promo("erase", "ada", "--yes", "--json", "--url", worker.url);
  assert.deepEqual(JSON.parse(erased.stdout), { orders: 2, uses: 1 }, erased.stderr);
  const again = await promo("erase", "ada", "--yes", "--json", "--url", worker.url);
  assert.deepEqual(JSON.parse(again.stdout), { orders: 0, uses: 0 });
  assert.deepEqual((await settled()).differences, {});
  for (const [object] of await pages("entries")) {
    const rows = await worker.stored("ORDERS", object, "SELECT body FROM entries");
    assert.ok(rows.every(({ body }) => !body.includes(customer)));
  }
  for (const [object] of await pages("uses")) {
    const rows = await worker.stored("CAPS", object, "SELECT customer FROM uses");
    assert.ok(rows.every((row) => row.customer !== customer));
  }
  const copies = await worker.report(
    "SELECT 1 FROM entries WHERE customer = ?", customer,
  );
  assert.deepEqual(copies, []);
  const retried = order("A2", { promo_codes: ["EACH"], customer_id: "ada" });
  const retry = await worker.record(retried, MERCHANT);
  assert.deepEqual([retry.status, retry.body.outcome], [200, "already_recorded"]);
  const anew = await worker.record(
    order("E2", { promo_codes: ["EACH"], customer_id: "ada" }), MERCHANT,
  );
  assert.equal(anew.body.credited.partner, "ana", "nobody knows that ada has had a use");
});

test("what was lost on the way is sent again", async () => {
  await settled();
  await worker.report("DELETE FROM entries");
  const { differences, read } = await found();
  assert.deepEqual(differences, { not_in_reports: read.entries });
  const nothing = await promo("resend", "reports", "--json", "--url", worker.url);
  assert.deepEqual(JSON.parse(nothing.stdout), { entries: 0 });
  const since = ["--since", "2020-01-01T00:00:00Z"];
  const all = await promo("resend", "reports", ...since, "--json", "--url", worker.url);
  assert.deepEqual(JSON.parse(all.stdout), { entries: read.entries });
  const { differences: left, read: now } = await settled();
  assert.deepEqual([left, now.rows], [{}, read.entries]);
  const nowhere = await promo("resend", "webhook", "--url", worker.url);
  assert.equal(nowhere.code, 2);
  assert.match(nowhere.stderr, /WEBHOOK_URL/);
});

test("an object is looked through in batches, and read in pages of a bounded size", async () => {
  assert.equal((await worker.record(order("F1", { customer_id: "bob" }), MERCHANT)).status, 201);
  await settled();
  const [{ customer }] = await worker.report("SELECT customer FROM entries WHERE order_id = 'F1'");
  const { orders: objects } = await get("/v1/ledger/objects");
  const run = (/** @type {string} */ query, /** @type {string[]} */ ...values) =>
    worker.stored("ORDERS", objects[0], query, ...values);
  const insert = `INSERT INTO entries
    SELECT 'SALE', value, 1, 'recorded', 0, 1, ? FROM json_each(?)`;
  const ids = Array.from({ length: 4_500 }, (_, index) => `X${index}`);
  await run(insert, JSON.stringify({ order: { customer_id: customer } }), JSON.stringify(ids));
  const erased = await promo("erase", "bob", "--yes", "--json", "--url", worker.url);
  assert.deepEqual(JSON.parse(erased.stdout), { orders: ids.length + 1, uses: 0 }, erased.stderr);
  let all = 0;
  for (const object of objects) {
    all += (await worker.stored("ORDERS", object, "SELECT COUNT(*) AS n FROM entries"))[0].n;
  }
  const since = ["--since", "1970-01-01T00:00:00Z"];
  const sent = await promo("resend", "reports", ...since, "--json", "--url", worker.url);
  assert.deepEqual(JSON.parse(sent.stdout), { entries: all }, sent.stderr);

  await run("DELETE FROM entries WHERE order_id LIKE 'X%'");
  const large = ["Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7"];
  await run(insert, JSON.stringify({ text: "x".repeat(300_000) }), JSON.stringify(large));
  const seen = [];
  let next = "";
  do {
    const after = next && `&after=${next}`;
    const page = await get(`/v1/ledger/entries?object=${encodeURIComponent(objects[0])}${after}`);
    const sizes = page.entries.map((/** @type {any} */ it) => JSON.stringify(it.body).length);
    const size = sizes.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0);
    assert.ok(size <= 1 << 20, `${size} bytes`);
    seen.push(...page.entries.map((/** @type {any} */ it) => it.order_id));
    next = page.next;
  } while (next);
  assert.deepEqual(seen.filter((id) => large.includes(id)), large);
});
