// The process is killed in the middle of a load, several times. What was answered stands, what was
// not can be sent again, and in the end orders, caps and reports agree to the last use.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import { test } from "node:test";

import { seeded, shuffled } from "../../benches/statistics.mjs";
import { Bare, Client, newFolder } from "./bare.mjs";
import { eventually, order } from "./ledger.mjs";

const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 32);
const KILLS = 4;
const ORDERS = 2_000;
/** Requests that are under way when the process is killed. */
const LANES = 32;
const PROCESS = new URL("bare_process.mjs", import.meta.url).pathname;
/** Short, so that what a kill leaves behind is settled while the test runs. */
const VARS = { HOLD_TTL_MS: "2000", OUTBOX_RESEND_MS: "1000" };
const CAPS = /** @type {const} */ ({ hundred: 100, one: 1, both: 2 });

/** Half of them with capped codes, of which most come too late. */
function orders() {
  return Array.from({ length: ORDERS }, (_, index) => {
    const code = ["OPEN", "HUNDRED", "OPEN", "BOTH", "OPEN", "EACH", "HUNDRED", "ONE"][index % 8];
    return order(`K${index}`, { promo_codes: [code], customer_id: `customer-${index % 50}` });
  });
}

/** @param {string} folder */
async function startProcess(folder) {
  const args = [PROCESS, folder, JSON.stringify(VARS)];
  // Its own group: killing only Node would leave workerd serving.
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [url] = await once(createInterface({ input: child.stdout }), "line");
  const client = new Client(new URL(url));
  const kill = async () => {
    const gone = once(child, "close");
    process.kill(-(/** @type {number} */ (child.pid)), "SIGKILL");
    await gone;
    client.close();
  };
  return { client, kill };
}

/**
 * Sends orders until so many are answered, and then kills whoever answers.
 *
 * @param {string} folder
 * @param {object[]} load
 * @param {number} count
 * @returns {Promise<Map<string, any>>} what was answered, by order
 */
async function killAfter(folder, load, count) {
  const { client, kill } = await startProcess(folder);
  const answers = new Map();
  /** @type {Promise<void> | undefined} */
  let killing;
  const waiting = [...load];
  const lane = async () => {
    while (!killing && waiting.length > 0) {
      const next = /** @type {object} */ (waiting.pop());
      // Cut off in the middle: whether it is recorded only the ledger knows.
      const answer = await client.ask("POST", "/v1/credit", next).catch(() => null);
      if (!answer) continue;
      assert.ok([200, 201].includes(answer.status), JSON.stringify(answer.body));
      answers.set(answer.body.order_id, answer.body);
      if (answers.size === count) killing = kill();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  await killing;
  return answers;
}

/** @param {any} answer what of it never changes */
const decided = ({ outcome, state, ...rest }) => rest;

test(`killed ${KILLS} times, orders, caps and reports agree (SEED=${SEED})`, async (t) => {
  const random = seeded(SEED);
  const folder = newFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const first = await Bare.on({ folder, vars: VARS });
  await first.prepare();
  await first.close();
  const load = orders();
  /** @type {Map<string, any>} */
  const answered = new Map();
  for (let kill = 0; kill < KILLS; kill += 1) {
    const count = 150 + Math.floor(random() * 300);
    const answers = await killAfter(folder, shuffled(load, random), count);
    for (const [id, answer] of answers) {
      const earlier = answered.get(id);
      if (earlier) assert.deepEqual(decided(answer), decided(earlier), "an answer stands");
      answered.set(id, answer);
    }
  }
  const worker = await Bare.on({ folder, vars: VARS });
  t.after(() => worker.close());
  const again = await Promise.all(load.map((claim) => worker.record(claim)));
  for (const { status, body } of again) {
    const earlier = answered.get(body.order_id);
    if (!earlier) assert.ok([200, 201].includes(status), JSON.stringify(body));
    else assert.deepEqual([status, decided(body)], [200, decided(earlier)]);
  }
  await compare(worker);
});

/** Compares what all three keep. @param {Bare} worker */
async function compare(worker) {
  const entries = await worker.stored(
    "OrderObject",
    `SELECT order_id, body ->> '$.decision.credited.partner' AS partner,
       body ->> '$.order.customer_id' AS customer,
       body ->> '$.hold.code_id' AS code_id, body ->> '$.hold.token' AS token FROM entries`,
  );
  assert.equal(entries.length, ORDERS);
  assert.equal(new Set(entries.map(({ order_id }) => order_id)).size, ORDERS);
  const spelt = (/** @type {any[]} */ ...parts) => parts.join(" ");
  const consumed = entries
    .filter(({ code_id }) => code_id !== null)
    .map((entry) => spelt("SALE", entry.order_id, entry.code_id, entry.token))
    .sort();
  const uses = () => worker.stored("CapObject", "SELECT * FROM uses");
  const settled = await eventually(uses, (rows) => rows.every((row) => row.expires_at === null));
  const used = settled.map(({ holder, code_id, token }) => {
    const [kind, event_type, order_id] = holder.split("\u001f");
    assert.equal(kind, "order");
    return spelt(event_type, order_id, code_id, token);
  });
  assert.deepEqual(used.sort(), consumed);
  await compareCaps(worker, entries, settled);

  const arrived = () => worker.report("SELECT order_id, partner FROM entries");
  await worker.delivered();
  const named = (/** @type {any} */ { order_id, partner }) => spelt(order_id, partner);
  assert.deepEqual((await arrived()).map(named).sort(), entries.map(named).sort());
}

/** @param {Bare} worker @param {any[]} entries @param {any[]} uses */
async function compareCaps(worker, entries, uses) {
  const codes = await worker.stored("CapObject", "SELECT code_id, taken FROM codes");
  for (const { code_id, taken } of codes) {
    assert.equal(taken, uses.filter((use) => use.code_id === code_id).length, code_id);
    const cap = /** @type {Record<string, number>} */ (CAPS)[code_id];
    if (cap !== undefined) assert.equal(taken, cap, `${code_id} is used up, and no more`);
  }
  const capped = entries.filter(({ code_id }) => code_id !== null);
  assert.ok(capped.every(({ partner }) => partner === "ana"), "whoever consumes a use is credited");
  const customers = capped.filter(({ code_id }) => code_id === "each" || code_id === "both");
  const pairs = customers.map(({ customer, code_id }) => `${customer} ${code_id}`);
  assert.equal(new Set(pairs).size, pairs.length, "one use a customer");
}
