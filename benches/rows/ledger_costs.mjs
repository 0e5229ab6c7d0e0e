/**
 * What an order uses of everything that the platform charges for, as counted on workerd.
 * @module
 */

import { Bare } from "../../tests/edge/bare.mjs";
import { order } from "../../tests/edge/ledger.mjs";
import { information } from "../row.mjs";

/** @typedef {import("../row.mjs").Row} Row */

/** Orders that arrive together. */
const TOGETHER = 50;
/** A message is written, read and deleted. */
const OPERATIONS_A_MESSAGE = 3;

const CASES = [
  { id: "uncapped", what: "an uncapped order", code: "OPEN" },
  { id: "capped", what: "a capped order", code: "HUNDRED" },
];

/** @returns {Promise<Row[]>} */
export async function ledgerCosts() {
  const worker = await Bare.start({
    main: "benches/workerd/counting.js",
    // Long enough for an entry to arrive, and short enough to wait for what comes after.
    vars: { HOLD_TTL_MS: "500", OUTBOX_RESEND_MS: "3000" },
  });
  try {
    // What an object does only once.
    for (const { code } of CASES) await countsOf(worker, "first", code, 20);
    const rows = [];
    for (const { id, what, code } of CASES) {
      const alone = await countsOf(worker, `${id}-alone`, code, 1);
      const together = await countsOf(worker, `${id}-together`, code, TOGETHER);
      rows.push(costRow(`${id}-alone`, `${what} that comes alone`, alone));
      rows.push(costRow(`${id}-together`, `${what}, ${TOGETHER} at once`, together));
    }
    return rows;
  } finally {
    await worker.close();
  }
}

/**
 * What one of some orders costs, until nothing is left to do for them.
 *
 * @param {Bare} worker
 * @param {string} name
 * @param {string} code
 * @param {number} count
 * @returns {Promise<Record<string, number>>}
 */
async function countsOf(worker, name, code, count) {
  await worker.client.ask("GET", "/test/counts");
  const orders = Array.from({ length: count }, (_, index) =>
    worker.record(orderOf(`${name}-${code}-${index}`, code)),
  );
  for (const { status, body } of await Promise.all(orders)) {
    if (status !== 201 || body.credited === null) throw new Error(JSON.stringify(body));
  }
  await worker.idle();
  const { body } = await worker.client.ask("GET", "/test/counts");
  const each = Object.entries(body).map(([what, times]) => [what, times / count]);
  return Object.fromEntries(each);
}

/** An order by a customer who has not bought before. @param {string} id @param {string} code */
function orderOf(id, code) {
  return order(id, { promo_codes: [code], customer_id: `customer of ${id}` });
}

/** @param {string} id @param {string} what @param {Record<string, number>} counts @returns {Row} */
function costRow(id, what, counts) {
  const of = (/** @type {string[]} */ ...names) =>
    names.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
  const figures = {
    worker_requests: of("worker_requests"),
    object_requests: of("order_requests", "order_alarms"),
    cap_object_requests: of("cap_requests", "cap_alarms"),
    // An alarm that is set is a row that is written.
    object_rows_written: of("order_rows_written", "order_alarms_set"),
    cap_rows_written: of("cap_rows_written", "cap_alarms_set"),
    object_rows_read: of("order_rows_read"),
    cap_rows_read: of("cap_rows_read"),
    kv_reads: of("kv_reads"),
    queue_operations: of("queue_messages") * OPERATIONS_A_MESSAGE,
    d1_rows_written: of("d1_rows_written"),
    d1_rows_read: of("d1_rows_read"),
    counted: counts,
  };
  const { object_requests, cap_object_requests, kv_reads, queue_operations } = figures;
  const written = figures.object_rows_written + figures.cap_rows_written;
  const read = figures.object_rows_read + figures.cap_rows_read;
  const spelt = (/** @type {number} */ times) => String(Number(times.toFixed(2)));
  return information({
    id: `ledger-cost-${id}`,
    what: `object requests / rows written / read; queue operations; D1 rows written: ${what}`,
    usual: "",
    measured:
      `${spelt(object_requests + cap_object_requests)} / ${spelt(written)} / ${spelt(read)}; ` +
      `${spelt(queue_operations)}; ${spelt(figures.d1_rows_written)}`,
    note: `KV reads: ${spelt(kv_reads)}, warm`,
    figures,
  });
}
