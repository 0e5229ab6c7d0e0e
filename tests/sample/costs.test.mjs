// The bill: the platform's own examples come out as it says, what orders use is added up right, and
// the document has what the program prints.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import {
  bill, charge, durationAtMostUsd, madePart, readCosts, tables, usage,
} from "../../tools/bill.mjs";

/** @typedef {import("../../tools/bill.mjs").Costs} Costs */

const costs = readCosts();
const document = readFileSync(new URL("../../docs/costs.md", import.meta.url), "utf8");

/** What an amount costs, to the cent. @param {string} id of the meter @param {number} amount */
function price(id, amount) {
  const meter = costs.prices.meters.find((candidate) => candidate.id === id);
  assert.ok(meter, id);
  return Number(charge(meter, amount).toFixed(2));
}

test("the platform's own examples", () => {
  const examples = /** @type {const} */ ([
    // Workers: examples 1 and 4.
    ["worker_requests", 15e6, 1.5],
    ["worker_requests", 100e6, 27],
    ["worker_cpu_ms", 15e6 * 7, 1.5],
    ["worker_cpu_ms", 100e6 * 7, 13.4],
    // Durable Objects: examples 1 to 4.
    ["object_requests", 1.5e6, 0.15],
    ["object_requests", 3.75e6, 0.45],
    ["object_requests", 12_960_100, 1.8],
    ["object_requests", 21_610_000, 3.15],
    ["object_gb_s", 128_000, 0],
    ["object_gb_s", 11_059_200, 137.5],
    ["object_gb_s", 33_177_600, 412.5],
    ["object_gb_s", 552_960, 12.5],
    // Queues: both.
    ["queue_operations", 3 * 30 * 1e6, 35.6],
    ["queue_operations", 2 * 3 * 100 * 1e6, 239.6],
    // Observability.
    ["log_gb", 75, 6.25],
    ["log_gb_month", 20, 0.8],
  ]);
  for (const [id, amount, usd] of examples) assert.equal(price(id, amount), usd, `${id} ${amount}`);
});

test("prices for which the platform has no example", () => {
  const prices = /** @type {const} */ ([
    ["object_rows_read", 25e9, 1e9, 1],
    ["object_rows_written", 50e6, 1e6, 1],
    ["object_gb", 5, 10, 2],
    ["kv_reads", 10e6, 1e6, 0.5],
    ["kv_writes", 1e6, 1e6, 5],
    ["d1_rows_read", 25e9, 1e9, 1],
    ["d1_rows_written", 50e6, 1e6, 1],
    ["d1_gb", 5, 10, 7.5],
  ]);
  for (const [id, included, more, usd] of prices) {
    assert.equal(price(id, included), 0, id);
    assert.equal(price(id, included + more), usd, id);
  }
});

/** The real prices, and inputs with which one can do sums in one's head. @returns {Costs} */
function simple() {
  const values = {
    worker_requests: 1, worker_cpu_ms: 2, object_requests: 1, object_busy_ms: 10,
    object_rows_written: 3, object_rows_read: 2, object_bytes: 1000, cap_object_requests: 2,
    cap_rows_written: 4, cap_rows_read: 5, cap_bytes: 500, batch_wait_s: 10, batch_size_max: 100,
    batch_alarms: 2, batch_alarms_set: 2, batch_object_requests: 1, batch_busy_ms: 100,
    queue_operations: 3, d1_rows_written: 3, d1_rows_read: 1,
    d1_bytes: 500, log_bytes: 2000, kv_reads_cold: 3, kv_refresh_s: 30, isolates: 10, kv_writes: 7,
    months_kept: 10, peak: 10,
  };
  assert.deepEqual(Object.keys(values).sort(), Object.keys(costs.inputs).sort());
  const input = (/** @type {number} */ value) => ({ value, measured: true, unit: "", from: "" });
  const entries = Object.entries(values).map(([name, value]) => [name, input(value)]);
  return { ...costs, inputs: Object.fromEntries(entries) };
}

const SECONDS = costs.prices.month_s;

/** As text, for sums of fractions. @param {Record<string, number>} amounts */
const rounded = (amounts) =>
  Object.fromEntries(Object.entries(amounts).map(([id, n]) => [id, Number(n.toPrecision(9))]));

test("orders one by one: every entry travels alone", () => {
  const used = usage(simple(), { orders: 1000, shards: 4, isCapped: false });
  assert.deepEqual(rounded(used), {
    worker_requests: 2000, // and the queue's deliveries
    worker_cpu_ms: 4000,
    object_requests: 4000, // record, confirm, two alarms
    object_gb_s: (2000 * 0.01 + 2000 * 0.1) * 0.128,
    object_rows_read: 2000,
    object_rows_written: 5000, // two alarms are set
    object_gb: 0.01,
    kv_reads: 3000,
    kv_writes: 7,
    queue_operations: 3000,
    d1_rows_read: 1000,
    d1_rows_written: 3000,
    d1_gb: 0.005,
    log_gb: 0.002,
    log_gb_month: Number(((0.002 * 7) / 30).toPrecision(9)),
  });
});

test("eight orders a second, four objects: twenty go together", () => {
  const orders = 8 * SECONDS;
  const used = usage(simple(), { orders, shards: 4, isCapped: true });
  const batches = orders / 20;
  const alarms = batches * 2;
  assert.equal(used.worker_requests, orders + batches);
  assert.equal(used.object_requests, 3 * orders + batches + alarms);
  assert.equal(used.queue_operations, 3 * batches);
  assert.equal(used.object_rows_read, 7 * orders);
  assert.equal(used.object_rows_written, 7 * orders + alarms);
  assert.equal(rounded(used).object_gb, Number(((orders * 1500 * 10) / 1e9).toPrecision(9)));
  assert.equal(used.kv_reads, (10 * SECONDS) / 30);
});

test("the bill is the plan and each meter's part", () => {
  const { usd, totalUsd } = bill(simple(), { orders: 1e8, shards: 4, isCapped: true });
  const parts = Object.values(usd);
  assert.equal(parts.length, costs.prices.meters.length);
  assert.ok(parts.every((part) => Number.isFinite(part) && part >= 0));
  assert.equal(totalUsd, parts.reduce((sum, part) => sum + part, 5));
  assert.equal(bill(simple(), { orders: 1000, shards: 1, isCapped: false }).totalUsd, 5);
});

test("duration at most: every object all month, or ten seconds for each request", () => {
  const busy = { orders: 1e8, isCapped: false };
  // 331,776 GB-s each, of which 400,000 are included, in begun millions.
  assert.equal(durationAtMostUsd(simple(), { ...busy, shards: 1 }), 0);
  assert.equal(durationAtMostUsd(simple(), { ...busy, shards: 4 }), 12.5);
  assert.equal(durationAtMostUsd(simple(), { ...busy, shards: 16 }), 62.5);
  assert.equal(durationAtMostUsd(simple(), { ...busy, shards: 2, isCapped: true }), 12.5);
  const quiet = { orders: 1000, shards: 16, isCapped: false };
  assert.equal(durationAtMostUsd(simple(), quiet), 0);
});

test("every input says whether it was measured, every price where it stands", () => {
  for (const [name, { value, measured, unit, from }] of Object.entries(costs.inputs)) {
    assert.ok(Number.isFinite(value) && value > 0, name);
    assert.ok([true, false, null].includes(measured), name);
    assert.ok(unit && from, name);
    const word = measured === null ? "assumed" : measured ? "measured" : "estimate";
    assert.match(tables(costs), new RegExp(`^\\| \`${name}\` \\|.*\\| ${word} \\|`, "m"));
  }
  for (const { page } of costs.prices.meters) assert.match(page, /^[a-z0-9-]+\/.*pricing\/$/);
  assert.match(costs.prices.read_on, /^\d{4}-\d\d-\d\d$/);
});

test("the document has what the program prints: node tools/bill.mjs --write", () => {
  const program = fileURLToPath(new URL("../../tools/bill.mjs", import.meta.url));
  const printed = String(execFileSync(process.execPath, [program]));
  assert.ok(printed.length > 1000);
  assert.equal(madePart(document), printed.trim());
});
