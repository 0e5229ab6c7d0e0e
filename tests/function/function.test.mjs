// The function as a platform runs it: in node:wasi, and in wasmtime with a budget.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { seeded } from "../../benches/statistics.mjs";
import { assertAnswers } from "./query.mjs";
import { MODULE, runInNode } from "./wasi.mjs";

const ROOT = new URL("../../", import.meta.url).pathname;
const COMMAND = join(ROOT, "target/release/promo");
const PYTHON = process.env.WASMTIME_PYTHON ?? join(ROOT, ".tools/wasmtime/bin/python");
const BUDGET = 11_000_000;
/** Platforms say 256 kB, and not which of the two they mean. */
const SIZE_MAX = 256_000;

const folder = mkdtempSync(join(tmpdir(), "promo-edge-"));
after(() => rmSync(folder, { recursive: true }));
const [keyFile, snapshot, bundle] = ["key", "snapshot", "bundle"].map((it) => join(folder, it));
const catalog = join(ROOT, "plugins/shopify/catalog.example.json");
const how = ["--out", snapshot, "--bundle", bundle, "--key-file", keyFile];
execFileSync(COMMAND, ["build", catalog, ...how], { stdio: "ignore" });
const metafield = JSON.parse(String(makeMetafield("--utc-offset=-300").stdout));

/** @param {string[]} args */
function makeMetafield(...args) {
  const maker = join(ROOT, "plugins/shopify/metafield.mjs");
  return spawnSync(process.execPath, [maker, bundle, "--key-file", keyFile, ...args]);
}

const LINES = [
  { sku: "MUG-1", type: "Mugs", quantity: 2, minor: 1250 },
  { sku: "SOX", type: "Socks", quantity: 1, minor: 1500 },
];

const DELIVERIES = [
  { id: "gid://shopify/CartDeliveryGroup/0", deliveryAddress: { countryCode: "US" } },
];
/** What the query for deliveries asks for besides. */
const ON_DELIVERIES = { delivery: { deliveryGroups: DELIVERIES.map(({ id }) => ({ id })) } };

/** @param {typeof LINES} lines @param {string | null} code @param {object} [rest] */
function inputOf(lines, code, rest = {}) {
  return {
    cart: {
      buyerIdentity: null,
      deliveryGroups: DELIVERIES,
      lines: lines.map(({ sku, type, quantity, minor }, index) => ({
        id: `gid://shopify/CartLine/${index}`,
        quantity,
        cost: { amountPerQuantity: { amount: (minor / 100).toFixed(2), currencyCode: "USD" } },
        merchandise: { sku, product: { productType: type } },
      })),
    },
    discount: {
      discountClasses: ["ORDER", "PRODUCT", "SHIPPING"],
      metafield: { jsonValue: metafield },
    },
    triggeringDiscountCode: code,
    localization: { country: { isoCode: "US" } },
    shop: { localTime: { date: "2026-07-01" } },
    ...rest,
  };
}

/** @param {unknown} input JSON, or a text as it stands */
function metered(input) {
  const file = join(folder, "input.json");
  writeFileSync(file, typeof input === "string" ? input : JSON.stringify(input));
  const meter = join(ROOT, "tests/function/meter.py");
  const said = spawnSync(PYTHON, [meter, MODULE, file, String(BUDGET)]);
  assert.equal(said.status, 0, said.stderr.toString());
  return JSON.parse(said.stdout.toString());
}

/** @param {object} input @returns {any[]} */
function operations(input) {
  const { code, stdout, stderr, trap } = metered(input);
  assert.deepEqual([code, trap, stderr], [0, null, ""]);
  return JSON.parse(stdout).operations;
}

test("the module is small enough", () => {
  const size = statSync(MODULE).size;
  console.log(`promo-function.wasm: ${size} bytes of ${SIZE_MAX}`);
  assert.ok(size < SIZE_MAX);
});

test("what it takes off is what promo check says", () => {
  const codes = ["SUMMER10", "SOCKS3", "VIP-1234", "MUGS"];
  const items = LINES.map(({ sku, type, quantity, minor }) => ({
    sku,
    category: type,
    quantity,
    unit_price_minor: minor,
  }));
  const order = { order_id: "1", event_type: "SALE", placed_at: "2026-07-01T05:00:00Z" };
  const file = join(folder, "order.json");
  const money = { currency: "USD", subtotal_minor: 4000 };
  writeFileSync(file, JSON.stringify({ ...order, ...money, items }));
  const args = ["check", "--snapshot", snapshot, "--key-file", keyFile, "--order", file, "--json"];
  const said = JSON.parse(execFileSync(COMMAND, [...args, ...codes]).toString());
  for (const [index, code] of codes.entries()) {
    const [operation] = operations(inputOf(LINES, code));
    const { candidates } = operation.orderDiscountsAdd ?? operation.productDiscountsAdd;
    const cents = candidates.map((/** @type {any} */ it) =>
      Math.round(Number(it.value.fixedAmount.amount) * 100),
    );
    let total = 0;
    for (const amount of cents) total += amount;
    assert.equal(total, said[index].quote.amount_minor, code);
    assert.equal(candidates[0].associatedDiscountCode.code, code);
  }
});

test("a code that is unknown, over, not checkable or no sum of money gives nothing", () => {
  for (const code of ["NOTHING", "", "VIP-12345", "WELCOME20", "UPTO30", "FREEPOST"]) {
    const input = inputOf(LINES, code);
    assert.deepEqual(operations(input), [], code);
  }
  const shop = { localTime: { date: "2026-09-02" } };
  const over = inputOf(LINES, "SUMMER10", { shop });
  assert.deepEqual(operations(over), []);
});

test("a free delivery is given where deliveries are discounted", () => {
  const input = inputOf(LINES, "FREEPOST", ON_DELIVERIES);
  const [operation] = operations(input);
  const [candidate] = operation.deliveryDiscountsAdd.candidates;
  assert.deepEqual(candidate.value, { percentage: { value: "100" } });
  assert.deepEqual(candidate.targets, [{ deliveryGroup: { id: DELIVERIES[0]?.id } }]);
  input.cart.deliveryGroups = [];
  assert.deepEqual(operations(input), [], "no delivery yet: a candidate must have a target");
});

test("a schedule begins and ends on the shop's own days", () => {
  const days = { "2026-05-31": 0, "2026-06-01": 1, "2026-08-31": 1, "2026-09-01": 0 };
  for (const [date, count] of Object.entries(days)) {
    const input = inputOf(LINES, "SUMMER10", { shop: { localTime: { date } } });
    assert.equal(operations(input).length, count, date);
  }
});

test("no metafield is made without the shop's offset, and none is read", () => {
  const wrong = ["", "841", "-841", "1.5", "EST"].map((it) => `--utc-offset=${it}`);
  for (const args of [[], ...wrong.map((it) => [it])]) {
    const { status, stdout, stderr } = makeMetafield(...args);
    assert.deepEqual([status, String(stdout)], [1, ""], args.join());
    assert.match(String(stderr), /expected --utc-offset=MINUTES/);
  }
  for (const minutes of [-840, 0, 840]) {
    const { stdout } = makeMetafield(`--utc-offset=${minutes}`);
    assert.equal(JSON.parse(String(stdout)).utc_offset_minutes, minutes);
  }
  const { utc_offset_minutes, ...jsonValue } = metafield;
  const discount = { discountClasses: ["ORDER"], metafield: { jsonValue } };
  const { code, stderr } = metered(inputOf(LINES, "SUMMER10", { discount }));
  assert.equal(code, 1);
  assert.match(stderr, /utc_offset_minutes/);
});

test("the inputs here are what the queries ask for", () => {
  const customer = { buyerIdentity: { customer: { numberOfOrders: 0 } } };
  const input = inputOf(LINES, "SUMMER10");
  const full = { ...input, cart: { ...input.cart, ...customer } };
  assertAnswers("plugins/shopify/cart_lines.graphql", full);
  assertAnswers("plugins/shopify/delivery_options.graphql", { ...full, ...ON_DELIVERIES });
});

test("only the code that the discount is run for is judged", () => {
  const entered = { enteredDiscountCodes: ["SUMMER10"] };
  assert.deepEqual(operations(inputOf(LINES, null, entered)), []);
  assert.equal(operations(inputOf(LINES, "VIP-1234", entered)).length, 1);
});

test("200 lines stay within the budget, whatever kind of code it is", () => {
  const lines = Array.from({ length: 200 }, (_, index) => ({
    sku: `SKU-${index}`,
    type: index % 2 === 0 ? "Socks" : "Mugs",
    quantity: (index % 4) + 1,
    minor: 999 + 13 * index,
  }));
  /** @type {[string, number][]} exact, on half of the lines, a pattern, a miss */
  const codes = [["SUMMER10", 1], ["SOCKS3", 1], ["VIP-1234", 1], ["NOTHING", 0]];
  for (const [typed, count] of codes) {
    const { code, instructions, stdout } = metered(inputOf(lines, typed));
    console.log(`200 lines, ${typed}: ${instructions} of ${BUDGET} instructions`);
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).operations.length, count, typed);
  }
});

test("what is no input is said so, and nothing panics", () => {
  const good = JSON.stringify(inputOf(LINES, "SUMMER10"));
  for (let cut = 0; cut < good.length; cut += Math.ceil(good.length / 12)) {
    const { code, trap, stdout, stderr } = metered(good.slice(0, cut));
    assert.deepEqual([code, trap, stdout], [1, null, ""], String(cut));
    assert.match(stderr, /input is not what the input query asks for/);
  }
  const broken = inputOf(LINES, "SUMMER10", {
    discount: { discountClasses: [], metafield: { jsonValue: { ...metafield, bundle: "AAAA" } } },
  });
  assert.match(metered(broken).stderr, /metafield's bundle/);
});

test("whatever is in a byte of the input, it ends by itself", () => {
  const good = Buffer.from(JSON.stringify(inputOf(LINES, "VIP-1234")));
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 32);
  console.log(`seed: ${seed}`);
  const random = seeded(seed);
  const files = Array.from({ length: 300 }, (_, index) => {
    const bytes = Buffer.from(good);
    for (let flips = 1 + Math.floor(random() * 4); flips > 0; flips -= 1) {
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    }
    const file = join(folder, `mutated-${index}.json`);
    writeFileSync(file, bytes);
    return file;
  });
  const { status, stdout, stderr } = runInNode(...files);
  assert.doesNotMatch(stderr, /RuntimeError|unreachable|at .*wasm/);
  assert.ok(status === 0 || status === 1, `${status}: ${stderr.slice(0, 500)}`);
  const answers = (stdout.match(/\{"operations":/g) ?? []).length;
  const complaints = stderr.trim().split("\n").filter(Boolean).length;
  assert.equal(answers + complaints, files.length, "an answer or an error for each");
});

test("it says the same in Node", () => {
  const input = join(folder, "node.json");
  writeFileSync(input, JSON.stringify(inputOf(LINES, "VIP-1234")));
  const { stdout } = runInNode(input);
  assert.deepEqual(JSON.parse(stdout), JSON.parse(metered(readFileSync(input, "utf8")).stdout));
});
