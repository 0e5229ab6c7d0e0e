/**
 * What the platform charges a month, by its published prices and by what an order uses: makes the
 * tables of docs/costs.md of docs/costs.json.
 *
 *     node tools/bill.mjs              prints them
 *     node tools/bill.mjs --write      puts them into docs/costs.md
 * @module
 */

import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

const COSTS = new URL("../docs/costs.json", import.meta.url);
const DOCUMENT = new URL("../docs/costs.md", import.meta.url);
const BEGIN = "<!-- made by tools/bill.mjs: begin -->\n";
const END = "<!-- made by tools/bill.mjs: end -->\n";

const MILLION = 1e6;
const GB = 1e9;
const SITE = "https://developers.cloudflare.com/";

/**
 * @typedef {object} Meter
 * @property {string} id
 * @property {string} name
 * @property {number} included in the plan, a month
 * @property {number} usd for so many more as `per` says
 * @property {number} per
 * @property {boolean} [in_whole] a begun `per` counts as a whole one, as in the platform's examples
 * @property {string} page where the price is published
 */
/**
 * @typedef {object} Input
 * @property {number} value
 * @property {boolean | null} measured false for an estimate; null for a setting or an assumption,
 *   which nobody can measure
 * @property {string} unit what it is the value for
 * @property {string} from what it is made of
 */
/**
 * @typedef {object} Costs
 * @property {{ read_on: string, base_usd: number, meters: Meter[], month_s: number,
 *   object_memory_gb: number, object_idle_s: number, object_gb_max: number,
 *   d1_gb_max: number, log_days: number }} prices
 * @property {{ orders: number[], shards: number[], shown_shards: number }} scenarios
 * @property {Record<string, Input>} inputs
 */
/** @typedef {{ orders: number, shards: number, isCapped: boolean }} Scenario */
/**
 * @typedef {object} Bill
 * @property {Record<string, number>} used by meter
 * @property {Record<string, number>} usd by meter
 * @property {number} totalUsd with the plan itself
 */

/** @returns {Costs} */
export function readCosts() {
  return JSON.parse(readFileSync(COSTS, "utf8"));
}

/** What is charged for an amount, in USD. @param {Meter} meter @param {number} amount */
export function charge({ included, usd, per, in_whole: inWhole }, amount) {
  const units = Math.max(amount - included, 0) / per;
  return (inWhole ? Math.ceil(units) : units) * usd;
}

/**
 * What a month's orders use of each meter.
 *
 * @param {Costs} costs
 * @param {Scenario} scenario
 * @returns {Record<string, number>}
 */
export function usage({ prices, inputs }, { orders, shards, isCapped }) {
  const of = (/** @type {string} */ name) => inputs[name].value;
  const capped = (/** @type {string} */ name) => (isCapped ? of(name) : 0);
  const batches = batchCount({ prices, inputs }, orders, shards);
  const calls =
    orders * (of("object_requests") + capped("cap_object_requests")) +
    batches * of("batch_object_requests");
  const alarms = batches * of("batch_alarms");
  const busyMs = calls * of("object_busy_ms") + alarms * of("batch_busy_ms");
  // A delivery may have several messages: one of each is the most that it can be.
  const workerRequests = orders * of("worker_requests") + batches;
  const kept = (orders * of("months_kept")) / GB;
  const logGb = (orders * of("log_bytes")) / GB;
  const looks = (of("isolates") * prices.month_s) / of("kv_refresh_s");
  return {
    worker_requests: workerRequests,
    worker_cpu_ms: workerRequests * of("worker_cpu_ms"),
    object_requests: calls + alarms,
    object_gb_s: (busyMs / 1000) * prices.object_memory_gb,
    object_rows_read: orders * (of("object_rows_read") + capped("cap_rows_read")),
    // An alarm that is set is a row that is written.
    object_rows_written:
      orders * (of("object_rows_written") + capped("cap_rows_written")) +
      batches * of("batch_alarms_set"),
    object_gb: kept * (of("object_bytes") + capped("cap_bytes")),
    // Nothing is read unless somebody asks, and the root no more often than it is looked at.
    kv_reads: Math.min(orders * of("kv_reads_cold"), looks),
    kv_writes: of("kv_writes"),
    queue_operations: batches * of("queue_operations"),
    d1_rows_read: orders * of("d1_rows_read"),
    d1_rows_written: orders * of("d1_rows_written"),
    d1_gb: kept * of("d1_bytes"),
    log_gb: logGb,
    log_gb_month: (logGb * prices.log_days * 86_400) / prices.month_s,
  };
}

/**
 * How often a month objects send entries on, when orders come evenly: with peaks there are fewer
 * batches, and larger ones. Each is one message.
 *
 * @param {Pick<Costs, "prices" | "inputs">} costs
 * @param {number} orders
 * @param {number} shards
 */
function batchCount({ prices, inputs }, orders, shards) {
  const { batch_wait_s: wait, batch_size_max: most } = inputs;
  const gathered = (orders / shards / prices.month_s) * wait.value;
  return orders / Math.min(Math.max(gathered, 1), most.value);
}

/** @param {Costs} costs @param {Scenario} scenario @returns {Bill} */
export function bill(costs, scenario) {
  const used = usage(costs, scenario);
  const { meters, base_usd: base } = costs.prices;
  const usd = Object.fromEntries(meters.map((meter) => [meter.id, charge(meter, used[meter.id])]));
  const totalUsd = Object.values(usd).reduce((sum, part) => sum + part, base);
  return { used, usd, totalUsd };
}

/**
 * What objects' duration would cost if they were charged for until they leave memory, some seconds
 * after each request: the most that it can cost, in USD.
 *
 * @param {Costs} costs
 * @param {Scenario} scenario
 */
export function durationAtMostUsd(costs, scenario) {
  const { month_s: month, object_idle_s: idle, object_memory_gb: gb, meters } = costs.prices;
  const objects = scenario.shards * (scenario.isCapped ? 2 : 1);
  const used = usage(costs, scenario);
  const seconds = Math.min(used.object_requests * idle + used.object_gb_s / gb, objects * month);
  const meter = meters.find(({ id }) => id === "object_gb_s");
  return meter ? charge(meter, seconds * gb) : 0;
}

/** All tables, as docs/costs.md has them. @param {Costs} costs */
export function tables(costs) {
  const parts = [
    ["### The bill, in USD a month", billTable(costs)],
    ["### What is used in a month", usageTable(costs)],
    ["### By the number of objects", shardTable(costs)],
    ["### What an order uses", inputTable(costs)],
    ["### The prices", priceTable(costs)],
  ];
  return `${parts.map((part) => part.join("\n\n")).join("\n\n")}\n`;
}

/** @param {Costs} costs */
function shown({ scenarios: { orders, shown_shards: shards } }) {
  return orders.flatMap((count) =>
    [false, true].map((isCapped) => ({ orders: count, shards, isCapped })),
  );
}

/** @param {Costs} costs */
function scenarioHeads(costs) {
  return shown(costs).map(({ orders, isCapped }) => short(orders) + (isCapped ? ", capped" : ""));
}

/** @param {Costs} costs */
function billTable(costs) {
  const bills = shown(costs).map((scenario) => ({ ...bill(costs, scenario), scenario }));
  const base = bills.map(() => money(costs.prices.base_usd));
  const rows = costs.prices.meters.map(({ id, name }) => [
    name,
    ...bills.map(({ usd }) => money(usd[id])),
  ]);
  const totals = bills.map(({ totalUsd }) => `**${money(totalUsd)}**`);
  const each = bills.map(({ totalUsd, scenario }) => short((totalUsd / scenario.orders) * 1000));
  return table(
    ["orders a month", ...scenarioHeads(costs)],
    [["Workers Paid", ...base], ...rows, ["**in all**", ...totals], ["for 1,000 orders", ...each]],
  );
}

/** @param {Costs} costs */
function usageTable(costs) {
  const used = shown(costs).map((scenario) => usage(costs, scenario));
  const rows = costs.prices.meters.map(({ id, name }) => [
    name,
    ...used.map((amounts) => short(amounts[id])),
  ]);
  return table(["orders a month", ...scenarioHeads(costs)], rows);
}

/** @param {Costs} costs */
function shardTable(costs) {
  const { prices, scenarios, inputs } = costs;
  const rows = scenarios.orders.flatMap((orders) =>
    scenarios.shards.map((shards) => {
      const plain = { orders, shards, isCapped: false };
      const capped = { ...plain, isCapped: true };
      const perSecond = usage(costs, plain).object_requests / prices.month_s / shards;
      const gbAMonth = (orders * inputs.object_bytes.value) / GB;
      return [
        short(orders),
        String(shards),
        money(bill(costs, plain).totalUsd),
        money(bill(costs, capped).totalUsd),
        money(durationAtMostUsd(costs, capped)),
        short(perSecond * inputs.peak.value),
        time((prices.object_gb_max * shards) / gbAMonth),
        time((prices.d1_gb_max * GB) / (orders * inputs.d1_bytes.value)),
      ];
    }),
  );
  const heads = [
    "orders a month", "objects", "in all", "in all, capped", "duration, capped, at most",
    "requests a second to each, at the peak", "objects full after", "D1 full after",
  ];
  return table(heads, rows);
}

/** @param {Costs} costs */
function inputTable({ inputs }) {
  const rows = Object.entries(inputs).map(([name, { value, measured, unit, from }]) => [
    `\`${name}\``,
    short(value),
    unit,
    measured === null ? "assumed" : measured ? "measured" : "estimate",
    from,
  ]);
  return table(["input", "value", "for", "", "that is"], rows);
}

/** @param {Costs} costs */
function priceTable({ prices: { meters, read_on: readOn } }) {
  const rows = meters.map(({ name, included, usd, per, in_whole: inWhole, page }) => [
    name,
    short(included),
    `${usd} for ${per === 1 ? "each" : `each ${short(per)}${inWhole ? " begun" : ""}`}`,
    `[${page}](${SITE}${page})`,
  ]);
  return table(["meter", "included", "beyond that, in USD", `page, as of ${readOn}`], rows);
}

/** @param {string[]} heads @param {string[][]} rows */
function table(heads, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(heads), `|${heads.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}

/** @param {number} usd */
function money(usd) {
  return usd.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** Three digits, and a thousand, a million or a milliard by its letter. @param {number} amount */
function short(amount) {
  const [size, letter] =
    amount >= 1000 * MILLION ? [1000 * MILLION, " G"]
    : amount >= MILLION ? [MILLION, " M"]
    : amount >= 1000 ? [1000, " k"]
    : [1, ""];
  return Number((amount / size).toPrecision(3)).toString() + letter;
}

/** @param {number} months of 30 days */
function time(months) {
  if (months > 120) return "more than 10 years";
  return months < 2 ? `${Math.floor(months * 30)} days` : `${Math.floor(months)} months`;
}

/** The part of the document between the marks. @param {string} text */
export function madePart(text) {
  return text.split(BEGIN)[1]?.split(END)[0]?.trim() ?? "";
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = tables(readCosts());
  if (process.argv.includes("--write")) {
    const [before, rest] = readFileSync(DOCUMENT, "utf8").split(BEGIN);
    writeFileSync(DOCUMENT, `${before}${BEGIN}\n${made}\n${END}${rest.split(END)[1]}`);
  } else {
    process.stdout.write(made);
  }
}
